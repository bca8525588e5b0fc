//! A text's fingerprint: what it says, reduced to what tells one event from another.
//!
//! Words, names, figures, days and concepts become sets of numbers, comparable across scripts.
//! The numbers stay the same between runs and machines, so that fingerprints can be stored.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::{Captures, Regex};
use serde::{Deserialize, Serialize};

use super::codes;
use super::keyed::Keyed;
use super::tables::{
    self, CONCEPT_STEMS, COUNTED_STEMS, DAYS_AND_MONTHS, MATERIAL_STEMS, OUTLETS, PLACE_STEMS,
    STAGE_STEMS, STOP, Stems,
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
    /// Days named.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) days: Vec<u32>,
    /// Months named, by themselves or with a day.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) months: Vec<u32>,
    /// What is said to happen, and to what, in any language.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) concepts: Vec<u32>,
    /// Those of the title and the first sentence.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) theme: Vec<u32>,
    /// How far a matter has come, by family: forecast or result, agreed or cleared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) stages: Vec<(u32, u32)>,
    /// Names in the title that no lexicon knows.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) key: Vec<u32>,
    /// Elements and other materials.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) elements: Vec<u32>,
    /// Those of the title.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) focus: Vec<u32>,
    /// How the names of `proper` sound, the same in Latin and Cyrillic letters.
    #[serde(with = "codes", skip_serializing_if = "Vec::is_empty")]
    pub(super) sounds: Vec<u32>,
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
}

/// How far into a body the words count, in bytes.
const READ_BYTES: usize = 2_400;

/// How far into a body it says what it is about; further on everything of the field is mentioned.
const LEAD_BYTES: usize = 700;

/// A number and the word that says what it counts.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (\d[\d,]*(?:\.\d+)?) \s* (billion|millionen|millions?|milliarden|milliards?|bn|mn|mio|mrd|m\b|k\b|万亿|亿|万|млн|млрд|мільйон\p{L}*|мільярд\p{L}*|тис)? \.? \s*
          (%|percent|per\s?cent|prozent|відсотк\p{L}*|tonn\p{L}*|tons?|metric\s+tons?|mt\b|t\b|公?吨|тонн?\p{L}*|公斤|kg|家|名|months?|个月|years?|年)?",
    )
    .expect("a constant pattern")
});

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
        let body = head(body, READ_BYTES);
        let whole = format!("{title}\n{body}");
        let simple = with_digits(&text::simplified(&whole)).into_owned();
        let lead = text::simplified(&format!("{title}\n{}", head(body, LEAD_BYTES))).to_lowercase();
        let heading = with_digits(&text::simplified(title)).into_owned();
        let script = script(&lead);
        let dated = dates::all(&dates_in_english(&simple, script), published.date_naive());
        let companies: Vec<u32> = found.companies.iter().map(|id| hash(id.as_str())).collect();
        let mut actors = companies.clone();
        actors.extend(named(&whole, lexicon).0);
        actors.extend(told(&lead, &PLACE_STEMS));
        let (_, firms, titled) = named(title, lexicon);
        let mut elements: Vec<u32> = found.elements.iter().map(|e| hash(e.as_str())).collect();
        elements.extend(told(&lead, &MATERIAL_STEMS));
        let mut focus = told(&heading.to_lowercase(), &MATERIAL_STEMS);
        focus.extend(titled);
        let first = text::sentences(body).first().copied().unwrap_or_default();
        let theme = text::simplified(&format!("{title}\n{first}")).to_lowercase();
        let names = proper(title, body);
        let sounds = names.iter().filter_map(|name| sound(name)).collect();
        let proper = sorted(names.iter().map(|name| hash(stem(name))).collect());
        let title_words = sorted(words(&heading));
        let key = proper.iter().copied().filter(|n| title_words.binary_search(n).is_ok());
        Self {
            words: sorted(words(&simple)),
            key: key.filter(|name| !BACKGROUND.contains_key(name)).collect(),
            title: title_words,
            proper,
            actors: sorted(actors),
            companies: sorted(companies),
            lead: sorted(firms),
            marks: sorted(marks(&dates_in_english(&heading, script), published)),
            figures: sorted(figures(&simple)),
            counts: sorted([numbered(&simple), counts(&lead)].concat()),
            days: sorted(days(&dated).0),
            months: sorted(months(&dated)),
            concepts: sorted(told(&lead, &CONCEPT_STEMS)),
            theme: sorted(told(&theme, &CONCEPT_STEMS)),
            stages: stages(title, body),
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

/// A text with the numbers that are written in Chinese characters in digits, so that `六億二千萬` and
/// `二日` are read where `6.2亿` and `2日` are.
fn with_digits(simple: &str) -> Cow<'_, str> {
    if !simple.contains(text::is_han) {
        return Cow::Borrowed(simple);
    }
    // Single characters are numbers before a day or a month only, and not as part of a weekday.
    HAN_NUMBER.replace_all(simple, |found: &Captures<'_>| {
        let (before, run) = (found.get(1).map_or("", |m| m.as_str()), &found[2]);
        let after = found.get(3).map_or("", |m| m.as_str());
        match han_number(run, !after.is_empty()).filter(|_| before.is_empty()) {
            Some(number) => format!("{number}{after}"),
            None => found[0].to_owned(),
        }
    })
}

/// A run of Chinese numerals, with what makes a weekday of it before and a date of it behind.
static HAN_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(周|星期|礼拜|第|\d)?([〇○零一二两三四五六七八九十][〇○零一二两三四五六七八九十百千万亿]*)([日月号])?")
        .expect("a constant pattern")
});

/// The number that a run of numerals writes: with units, as the digits of a year, or short in a date.
fn han_number(run: &str, dated: bool) -> Option<u64> {
    let digit = |c: char| match c {
        '〇' | '○' | '零' => Some(0),
        '两' => Some(2),
        _ => "一二三四五六七八九".chars().position(|known| known == c).map(|i| i as u64 + 1),
    };
    if run.chars().all(|c| digit(c).is_some()) {
        let count = run.chars().count();
        let read = count == 4 || count == 1 && dated;
        return read.then(|| run.chars().filter_map(digit).fold(0, |sum, digit| sum * 10 + digit));
    }
    if run.chars().count() < 2 && !dated {
        return None;
    }
    let (mut sum, mut section, mut last) = (0_u64, 0_u64, None);
    for c in run.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => {
                last = digit(c);
                continue;
            }
        };
        let rest = section + last.unwrap_or(0);
        match unit {
            100_000_000 => (sum, section) = (sum.saturating_add(rest).saturating_mul(unit), 0),
            10_000 => (sum, section) = (sum.saturating_add(rest * unit), 0),
            _ => section += last.unwrap_or(1) * unit,
        }
        last = None;
    }
    Some(sum.saturating_add(section + last.unwrap_or(0)))
}

/// A text with the weekdays and months of other languages in English, for the day they name.
fn dates_in_english(text: &str, script: Script) -> Cow<'_, str> {
    if script != Script::Other {
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

/// How a name sounds: its first consonants in Latin letters, so that spellings, cases and
/// alphabets meet. Nothing when there are too few to tell names apart.
fn sound(name: &str) -> Option<u32> {
    let mut skeleton = String::from("~");
    for c in name.chars() {
        let Some(latin) = consonants(c) else { continue };
        if !skeleton.ends_with(latin) {
            skeleton.push_str(latin);
        }
    }
    let short: String = skeleton.chars().take(SOUND + 1).collect();
    (short.len() > 3).then(|| hash(&short))
}

/// Consonants by which a name is known.
const SOUND: usize = 4;

/// A letter's consonant; vowels, and what is written in many ways, have none.
fn consonants(letter: char) -> Option<&'static str> {
    Some(match letter {
        'b' | 'б' => "b",
        'c' | 'k' | 'q' | 'к' => "k",
        'd' | 'д' => "d",
        'f' | 'ф' => "f",
        'g' | 'г' | 'ґ' => "g",
        'j' | 'ж' => "j",
        'l' | 'л' => "l",
        'm' | 'м' => "m",
        'n' | 'н' => "n",
        'p' | 'п' => "p",
        'r' | 'р' => "r",
        's' | 'с' | 'ш' => "s",
        't' | 'т' => "t",
        'v' | 'w' | 'в' => "v",
        'z' | 'з' | 'ц' => "z",
        _ => return None,
    })
}

/// The first `bytes` bytes, cut at a character.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Figures, announcements, days and months of a title.
fn marks(heading: &str, published: DateTime<Utc>) -> Vec<u32> {
    let mut list = figures(heading);
    list.extend(numbered(heading));
    let (days, months) = days(&dates::all(heading, published.date_naive()));
    list.extend(days);
    list.extend(months);
    list
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
fn runs(text: &str) -> impl Iterator<Item = &str> {
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

/// Capitalized words inside sentences: names. A title counts unless it writes every word so.
fn proper(title: &str, body: &str) -> Vec<String> {
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let long = || title.split_whitespace().filter(|word| word.chars().count() > 3).skip(1);
    let titled = long().filter(|word| capital(word)).count() * 2 > long().count();
    let title = if titled { "" } else { title };
    let mut list = Vec::new();
    for sentence in text::sentences(title).into_iter().chain(text::sentences(body)) {
        if sentence.contains(text::is_han) {
            // Between Chinese characters whatever is written in other letters is a name.
            list.extend(runs(sentence).filter_map(name));
            continue;
        }
        let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || c == '/').collect();
        for (i, word) in words.iter().enumerate() {
            // Every sentence begins with a capital: its first word is a name if it goes on as one.
            if i > 0 || words.get(1).is_some_and(|next| capital(next)) {
                list.extend(name(word));
            }
        }
    }
    list
}

/// A word that is a name nobody else has a place for, in lower case.
fn name(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let word = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    if word.chars().count() < 3 || !word.starts_with(char::is_uppercase) {
        return None;
    }
    let lower = word.to_lowercase();
    let known = STOP_WORDS.contains(lower.as_str())
        || NO_NAMES.contains(lower.as_str())
        || PLACE_STEMS.tells(&lower);
    (!known).then_some(lower)
}

/// Capitalized words that are no names of an event's own, by word.
static NO_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    OUTLETS.split_whitespace().chain(DAYS_AND_MONTHS.split_whitespace()).collect()
});

/// `STOP`, by word.
static STOP_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP.split_whitespace().collect());

/// Figures as a code that differs by one between neighbors of about one percent.
fn figures(simple: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for found in FIGURE.captures_iter(simple) {
        let Some(value) = value(&found[1]) else { continue };
        let scale = match found.get(2).map(|m| m.as_str().to_lowercase()).as_deref() {
            Some("billion" | "bn" | "mrd" | "млрд") => 1e9,
            Some("mn" | "m" | "mio" | "млн") => 1e6,
            Some("k" | "тис") => 1e3,
            Some("万亿") => 1e12,
            Some("亿") => 1e8,
            Some("万") => 1e4,
            Some(word) if word.starts_with("milliard") || word.starts_with("мільярд") => 1e9,
            Some(_) => 1e6,
            None => 1.0,
        };
        let unit: u32 = match found.get(3).map(|m| m.as_str().to_lowercase()).as_deref() {
            Some("%" | "percent" | "per cent" | "prozent") => PERCENT,
            Some(word) if word.starts_with("відсотк") => PERCENT,
            Some("t" | "mt" | "吨" | "公吨") => 2,
            Some(words) if words.contains("ton") || words.starts_with("тон") => 2,
            Some("年" | "year" | "years" | "个月" | "month" | "months" | "家" | "名") => {
                continue;
            }
            _ => 0,
        };
        let value = value * scale;
        let plain_year = scale == 1.0 && (1990.0..2040.0).contains(&value);
        if (value >= 32.0 && !plain_year || unit != 0 || scale > 1.0 || value.fract() != 0.0)
            && value > 0.0
        {
            list.push(unit << 24 | level(value));
        }
    }
    list
}

/// A number's value: a comma before three digits groups them, any other is a decimal one.
fn value(number: &str) -> Option<f64> {
    let grouped =
        number.split(',').skip(1).all(|part| part.split('.').next().map(str::len) == Some(3));
    let plain = if grouped { number.replace(',', "") } else { number.replace(',', ".") };
    plain.parse().ok()
}

/// The unit of percentages in a figure's code.
pub(super) const PERCENT: u32 = 1;

/// A value on a scale of steps of one percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "logarithms of finite figures are small, and shifted above zero"
)]
fn level(value: f64) -> u32 {
    ((value.ln() + 20.0) * 100.0).round() as u32
}

/// Small numbers with what they count.
fn counts(lower: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for found in SMALL.captures_iter(lower) {
        let number = NUMBER_WORDS.get(&found[1]).copied().unwrap_or(&found[1]);
        for what in COUNTED_STEMS.told(&found[2]) {
            list.push(hash(&format!("{number} {}", COUNTED_STEMS.names[what])));
        }
    }
    list
}

/// Words for small numbers, by word.
static NUMBER_WORDS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| tables::pairs(tables::NUMBERS).map(|(number, word)| (word, number)).collect());

/// A small number and what stands right behind it.
static SMALL: LazyLock<Regex> = LazyLock::new(|| {
    let words = tables::pairs(tables::NUMBERS).map(|(_, word)| word);
    let (han, latin): (Vec<&str>, Vec<&str>) =
        words.partition(|word| word.starts_with(text::is_han));
    Regex::new(&format!(
        r"(\b(?:{})\b|\b\d{{1,3}}\b|{}|\d{{1,3}})((?:[\s\-]+[\p{{L}}'’-]+){{1,5}}|\s?\p{{Han}}{{1,4}})",
        latin.join("|"),
        han.join("|")
    ))
    .expect("a constant pattern")
});

/// The names of a table that a text tells of.
fn told(lower: &str, table: &Stems) -> Vec<u32> {
    table.told(lower).into_iter().map(|i| hash(table.names[i])).collect()
}

/// The latest stage told in title and lead, for each kind of matter.
fn stages(title: &str, body: &str) -> Vec<(u32, u32)> {
    let lead: Vec<&str> = text::sentences(body).into_iter().take(2).collect();
    let lower = text::simplified(&format!("{title}\n{}", lead.join(" "))).to_lowercase();
    let mut reached: Vec<(u32, u32)> = Vec::new();
    for i in STAGE_STEMS.told(&lower) {
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
    let letters = lower.chars().filter(|c| c.is_alphabetic()).count();
    if lower.chars().filter(|c| text::is_han(*c)).count() * 4 > letters {
        return Script::Han;
    }
    let words = lower.split_whitespace().count();
    let plain = lower
        .split_whitespace()
        .filter(|word| matches!(*word, "the" | "of" | "and" | "to" | "in" | "for" | "by" | "with"))
        .count();
    if plain * 10 >= words { Script::English } else { Script::Other }
}

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
