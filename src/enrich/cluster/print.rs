//! A text's fingerprint: what it says, reduced to what tells one event from another.
//!
//! Words, names, figures, days and concepts become sets of numbers, comparable across scripts.
//! The numbers stay the same between runs and machines, so that fingerprints can be stored.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, Utc};
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use super::codes;
use super::keyed::Keyed;
use super::names::{han_sounds, proper, rough_sound, sound};
use super::numbers::{Figures, counts, with_digits, with_scaled_digits};
use super::tables::{
    self, CONCEPT_STEMS, MATERIAL_STEMS, PLACE_STEMS, PLANNED_STEMS, STAGE_STEMS, STOP, Stems,
};
use crate::enrich::classify::Understanding;
use crate::enrich::dates;
use crate::lexicon::{Lexicon, Name};
use crate::model::license::PartialDate;
use crate::text;

/// What a text says, reduced to what tells one event from another. Sets are sorted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fingerprint {
    /// Content words of the title and the top of the body.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) words: Vec<u32>,
    /// Words of the title alone.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) title: Vec<u32>,
    /// Capitalized names inside sentences.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) proper: Vec<u32>,
    /// Companies and agencies of the lexicon, countries and statesmen.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) actors: Vec<u32>,
    /// Companies alone.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) companies: Vec<u32>,
    /// Companies that the title names.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) lead: Vec<u32>,
    /// Figures with what they count, units made equal across scripts.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) figures: Vec<u32>,
    /// The title's figures, announcements, days and months.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) marks: Vec<u32>,
    /// Small numbers with what they count: three firms, six months.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) counts: Vec<u32>,
    /// Days named that are news.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) days: Vec<u32>,
    /// Months named, by themselves or with a day, and every day named.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) months: Vec<u32>,
    /// What is said to happen, and to what, in any language.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) concepts: Vec<u32>,
    /// Those of the title and the first sentence.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) theme: Vec<u32>,
    /// Those of the title alone.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) headline: Vec<u32>,
    /// How far a matter has come, by family: forecast or result, agreed or cleared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stages: Vec<(u32, u32)>,
    /// Elements and other materials.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) elements: Vec<u32>,
    /// Those of the title.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) focus: Vec<u32>,
    /// How the names of `proper` sound, the same in Latin and Cyrillic letters.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) sounds: Vec<u32>,
    /// Sums of money, in whatever currency.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) worths: Vec<u32>,
    /// Those of the title.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) stakes: Vec<u32>,
    /// What the words can be compared with.
    pub(super) script: Script,
}

/// Texts of one script share words; others share only names and figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Script {
    /// English.
    #[default]
    English,
    /// Chinese.
    Han,
    /// Any other.
    Other,
    /// Ukrainian and its like.
    Cyrillic,
    /// German.
    German,
    /// French, Spanish and their like.
    Romance,
    /// Japanese and Korean.
    Eastern,
}

impl Script {
    /// Whether thousands are parted by plain spaces.
    pub(super) fn parts_by_space(self) -> bool {
        matches!(self, Self::Cyrillic | Self::Romance | Self::Other)
    }

    /// Whether thousands are parted by points.
    pub(super) fn parts_by_point(self) -> bool {
        matches!(self, Self::German | Self::Romance | Self::Other)
    }
}

/// How far into a body the words count, in bytes.
const READ_BYTES: usize = 2_400;

/// How far into a body it says what it is about; further on everything of the field is mentioned.
const LEAD_BYTES: usize = 700;

/// From how many bytes an opening says what it is about.
const OPENING_BYTES: usize = 70;

/// A day that lies further back than this is what came before, and many later stories name it.
const BACKGROUND_DAYS: u64 = 120;

/// An announcement's number.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:\bno\.?\s?|\bnos\.?\s?|announcement\s+|order\s+|第)(\d{1,4})(?:号|號)?")
        .expect("a constant pattern")
});

impl Fingerprint {
    /// The fingerprint of a text.
    #[must_use]
    pub fn of(
        title: &str,
        body: &str,
        published: DateTime<Utc>,
        found: &Understanding,
        lexicon: &Lexicon,
    ) -> Self {
        let body = &*without_background(head(body, READ_BYTES));
        let whole = format!("{title}\n{body}");
        let simple = in_digits(&text::simplified(&whole));
        let lead = text::simplified(&format!("{title}\n{}", head(body, LEAD_BYTES))).to_lowercase();
        let heading = in_digits(&text::simplified(title));
        let script = script(&lead);
        let (figures, titled_figures) =
            (Figures::of(&simple, script), Figures::of(&heading, script));
        let dated = dates::all(&dates_in_english(&simple, script), published.date_naive());
        let day = published.date_naive();
        let oldest = day.checked_sub_days(Days::new(BACKGROUND_DAYS)).unwrap_or(day);
        let recent: Vec<dates::Found> =
            dated.iter().filter(|found| found.date.first_day() >= oldest).cloned().collect();
        let companies: Vec<u32> = found.companies.iter().map(|id| hash(id.as_str())).collect();
        let mut actors = companies.clone();
        actors.extend(named(&whole, lexicon).0);
        actors.extend(told(&lead, &PLACE_STEMS));
        let (_, firms, titled) = named(title, lexicon);
        let mut elements: Vec<u32> = found.elements.iter().map(|e| hash(e.as_str())).collect();
        elements.extend(told(&lead, &MATERIAL_STEMS));
        let mut focus = told(&heading.to_lowercase(), &MATERIAL_STEMS);
        focus.extend(titled);
        let theme = text::simplified(&format!("{title}\n{}", opening(body))).to_lowercase();
        let names = proper(title, body);
        let mut sounds: Vec<u32> = names.iter().filter_map(|name| sound(name)).collect();
        sounds.extend(names.iter().filter_map(|name| rough_sound(name)));
        if script == Script::Han {
            sounds.extend(han_sounds(&simple));
        }
        let proper = sorted(names.iter().map(|name| hash(stem(name))).collect());
        Self {
            words: sorted(words(&simple)),
            title: sorted(words(&heading)),
            proper,
            actors: sorted(actors),
            companies: sorted(companies),
            lead: sorted(firms),
            marks: sorted(marks(
                &dates_in_english(&heading, script),
                titled_figures.values,
                published,
            )),
            figures: sorted(figures.values),
            worths: sorted(figures.worths),
            stakes: sorted(titled_figures.worths),
            counts: sorted([numbered(&simple), counts(&lead)].concat()),
            days: sorted(days(&recent).0),
            months: sorted([months(&dated), days(&dated).0].concat()),
            concepts: sorted(told(&lead, &CONCEPT_STEMS)),
            theme: sorted(told(&theme, &CONCEPT_STEMS)),
            headline: sorted(told(&heading.to_lowercase(), &CONCEPT_STEMS)),
            stages: stages(title, body, published.year()),
            elements: sorted(elements),
            focus: sorted(focus),
            sounds: sorted(sounds),
            script,
        }
    }

    /// All its numbers, sorted: figures, counts, days and months.
    pub(super) fn numbers(&self) -> Vec<u32> {
        sorted([&self.figures[..], &self.counts, &self.days, &self.months].concat())
    }
}

/// A text with the weekdays and months of other languages in English, for the day they name.
fn dates_in_english(text: &str, script: Script) -> Cow<'_, str> {
    if !script.parts_by_point() {
        return Cow::Borrowed(text);
    }
    FOREIGN_DAY.replace_all(text, |found: &Captures<'_>| {
        let english = DAY_WORDS.get(found[2].to_lowercase().as_str()).copied().unwrap_or_default();
        let day = found.get(1).map_or("", |day| day.as_str());
        let space = if day.is_empty() { "" } else { " " };
        format!("{day}{space}{english}")
    })
}

/// Names of days and months, by word.
static DAY_WORDS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| tables::pairs(tables::DAYS).map(|(english, word)| (word, english)).collect());

/// A weekday or month of another language, and the day of the month before it.
static FOREIGN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = tables::pairs(tables::DAYS).map(|(_, word)| word).collect();
    Regex::new(&format!(r"(?i)\b(?:(\d{{1,2}})\.?\s+(?:de\s+)?)?({})\b", words.join("|")))
        .expect("a constant pattern")
});

/// The first `bytes` bytes, cut at a character.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Figures, announcements, days and months of a title.
fn marks(heading: &str, figures: Vec<u32>, published: DateTime<Utc>) -> Vec<u32> {
    let mut list = figures;
    list.extend(numbered(heading));
    let (days, months) = days(&dates::all(heading, published.date_naive()));
    list.extend(days);
    list.extend(months);
    list
}

/// A text with its numbers in digits, whatever they are written in.
fn in_digits(simple: &str) -> String {
    with_scaled_digits(&with_digits(simple)).into_owned()
}

/// Days named, and months named without a day.
fn days(found: &[dates::Found]) -> (Vec<u32>, Vec<u32>) {
    let (mut days, mut months) = (Vec::new(), Vec::new());
    for found in found {
        match &found.date {
            PartialDate::Day(day) => days.push(hash(&day.to_string())),
            month @ PartialDate::Month(..) => months.push(hash(&month.to_string())),
        }
    }
    (days, months)
}

/// Months in which a day is named, or that are named themselves.
fn months(found: &[dates::Found]) -> Vec<u32> {
    let month = |date: &PartialDate| date.first_day().format("%Y-%m").to_string();
    found.iter().map(|found| hash(&month(&found.date))).collect()
}

/// Announcements by number.
fn numbered(text: &str) -> Vec<u32> {
    NUMBERED.captures_iter(text).map(|found| hash(&format!("no{}", &found[1]))).collect()
}

pub(super) fn hash(text: &str) -> u32 {
    // FNV-1a, 32 bits. Stored fingerprints hold these numbers: another function would make them
    // strangers to new ones.
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn sorted(mut list: Vec<u32>) -> Vec<u32> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Runs of letters and digits, cut where the script changes: `阿拉弗拉Arafura` is two.
pub(super) fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'').flat_map(|run| {
        let mut rest = run;
        std::iter::from_fn(move || {
            let han = text::is_han(rest.chars().next()?);
            let end = rest.find(|c| text::is_han(c) != han).unwrap_or(rest.len());
            let (first, after) = rest.split_at(end);
            rest = after;
            Some(first)
        })
    })
}

fn words(simple: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for run in runs(simple) {
        if run.chars().any(text::is_han) {
            let chars: Vec<char> = run.chars().collect();
            list.extend(chars.windows(2).map(|pair| hash(&pair.iter().collect::<String>())));
        } else if run.chars().count() > 2 && !run.starts_with(|c: char| c.is_ascii_digit()) {
            let lower = run.to_lowercase();
            if !STOP_WORDS.contains(lower.as_str()) {
                list.push(hash(stem(&lower)));
            }
        }
    }
    list
}

/// English endings off, so that `licenses` and `licensed` meet.
fn stem(word: &str) -> &str {
    let word = match word {
        "licence" | "licences" | "licenced" | "licencing" => return "licens",
        "defence" => return "defens",
        "labour" => "labor",
        "aluminium" => "aluminum",
        _ => word,
    };
    for ending in [
        "ations", "ation", "ings", "ing", "ions", "ion", "ers", "ies", "ed", "es", "er", "ly",
        "'s", "s", "e",
    ] {
        if let Some(root) = word.strip_suffix(ending)
            && root.len() >= 4
        {
            return root;
        }
    }
    word
}

/// Agencies, companies and elements that a text names.
fn named(text: &str, lexicon: &Lexicon) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
    let (mut agencies, mut companies, mut elements) = (Vec::new(), Vec::new(), Vec::new());
    for hit in lexicon.names(text) {
        match hit.what {
            Name::Agency(i) => agencies.push(hash(&lexicon.agencies()[i].id)),
            Name::Company(i) => companies.push(hash(lexicon.companies()[i].id.as_str())),
            Name::Element(i) => elements.push(hash(lexicon.elements()[i].symbol.as_str())),
            Name::Product(i) => {
                let list = &lexicon.products()[i].elements;
                elements.extend(list.iter().map(|element| hash(element.as_str())));
            }
        }
    }
    (agencies, companies, elements)
}

/// `STOP`, by word.
pub(super) static STOP_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| STOP.split_whitespace().collect());

/// The names of a table that a text tells of.
fn told(lower: &str, table: &Stems) -> Vec<u32> {
    table.told(lower).into_iter().map(|i| hash(table.names[i])).collect()
}

/// A text without what it tells of an earlier event: `three weeks after it opened the mine`.
fn without_background(body: &str) -> Cow<'_, str> {
    BACKGROUND_CLAUSE.replace_all(body, "")
}

/// A clause of what came before, in English.
static BACKGROUND_CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i),?\s*\b\w+\s+(?:days|weeks|months|years)\s+after\s[^.;,]*")
        .expect("a constant pattern")
});

/// The first sentence, and the next ones while that is short.
fn opening(body: &str) -> &str {
    let mut end = 0;
    for sentence in text::sentences(body) {
        if end >= OPENING_BYTES {
            break;
        }
        end = sentence.as_ptr() as usize + sentence.len() - body.as_ptr() as usize;
    }
    &body[..end]
}

/// The latest stage told in title and lead, for each kind of matter. What is planned is none.
fn stages(title: &str, body: &str, year: i32) -> Vec<(u32, u32)> {
    let lead: Vec<&str> = text::sentences(body).into_iter().take(2).collect();
    let lower = text::simplified(&format!("{title}\n{}", lead.join("\n"))).to_lowercase();
    let later = |part: &str| {
        let numbers = part.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 4);
        numbers.filter_map(|run| run.parse::<i32>().ok()).any(|n| n > year && n < year + 30)
    };
    let parts = lower.split([',', ';', '\n', '，', '、', '；', '。']);
    let told: Vec<&str> = parts.filter(|part| !PLANNED_STEMS.tells(part) && !later(part)).collect();
    let mut reached: Vec<(u32, u32)> = Vec::new();
    for i in STAGE_STEMS.told(&told.join("\n")) {
        let Some((what, rank)) = STAGE_STEMS.names[i].split_once(' ') else { continue };
        let (what, rank) = (hash(what), rank.parse().unwrap_or(1));
        match reached.iter_mut().find(|(known, _)| *known == what) {
            Some((_, most)) => *most = rank.max(*most),
            None => reached.push((what, rank)),
        }
    }
    reached
}

/// What the text's words can be compared with.
fn script(lower: &str) -> Script {
    let (mut letters, mut han, mut kana, mut cyrillic) = (0, 0, 0, 0);
    for c in lower.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        match c {
            '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}' => kana += 1,
            '\u{400}'..='\u{52f}' => cyrillic += 1,
            _ => han += usize::from(text::is_han(c)),
        }
    }
    if kana * 8 > letters {
        return Script::Eastern;
    }
    if han * 4 > letters {
        return Script::Han;
    }
    if cyrillic * 2 > letters {
        return Script::Cyrillic;
    }
    let count = |words: &[&str]| {
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| words.contains(word)).count()
    };
    let counted = LITTLE_WORDS.map(|(script, words)| (count(words), script));
    // Of languages that share as many words, the first.
    match counted.into_iter().rev().max_by_key(|(little, _)| *little) {
        Some((little, script)) if little > 0 => script,
        _ if lower.is_ascii() => Script::English,
        _ => Script::Other,
    }
}

/// Words that every text of a language is full of.
const LITTLE_WORDS: [(Script, &[&str]); 3] = [
    (
        Script::English,
        &[
            "the", "of", "and", "to", "in", "for", "by", "with", "a", "an", "on", "at", "is",
            "was", "are", "has", "have", "had", "its", "it", "from", "that", "will", "as", "be",
            "said", "after",
        ],
    ),
    (
        Script::German,
        &[
            "der", "die", "das", "und", "den", "von", "mit", "für", "im", "ist", "ein", "eine",
            "einen", "des", "dem", "in", "auf", "sich", "nicht", "wird", "zu", "aus", "het", "van",
            "vir", "en", "voor", "een", "de",
        ],
    ),
    (
        Script::Romance,
        &[
            "le", "la", "les", "des", "du", "et", "une", "un", "el", "los", "las", "del", "de",
            "en", "que", "y", "à", "au", "para", "por", "pour", "da", "dans", "sur", "con", "una",
            "se", "est",
        ],
    ),
];

/// How many of two hundred texts of the field hold a feature, for those that many hold.
pub(super) static BACKGROUND: LazyLock<Keyed<usize>> = LazyLock::new(|| {
    let mut table = Keyed::default();
    for (list, texts) in [(tables::COMMON, 15), (tables::VERY_COMMON, 60)] {
        for word in list.split_whitespace() {
            table.insert(hash(word), texts);
            table.insert(hash(stem(word)), texts);
        }
    }
    table
});
