//! Names in Latin or Cyrillic letters: runs of capitals that look like a firm, or act as one.
//!
//! A person, an office or a country is none, whatever its capitals.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::super::rules::{Rules, Tongue};
use super::ukrainian::cyrillic;
use super::{Candidate, Finder, WORD};
use crate::text;

impl Finder<'_> {
    /// `компанія «Сірий кінь»`: what stands in quotes after a word for a firm.
    pub(super) fn quoted(&self, sentence: &Sentence<'_>, into: &mut Vec<Candidate>) {
        static QUOTED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"[«“]([^«»“”]{3,60})[»”]").expect("a constant pattern"));
        for captures in
            QUOTED.captures_iter(sentence.text).filter(|_| sentence.tongue == Tongue::Uk)
        {
            let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
            let words: Vec<String> =
                name.as_str().split_whitespace().map(super::super::document::folded).collect();
            let capital = name.as_str().starts_with(char::is_uppercase);
            let all =
                name.as_str().split_whitespace().all(|word| word.starts_with(char::is_uppercase));
            let cue = words.iter().any(|word| {
                let whole = |m: regex::Match<'_>| m.len() == word.len();
                self.rules.names.uk_heads.find(word).is_some_and(whole)
                    || self.rules.names.uk_cues.find(word).is_some_and(whole)
            });
            let headed = self.headed(sentence.text, whole.start());
            let least = if headed && all { 1 } else { 2 };
            let known = words
                .iter()
                .any(|word| self.rules.names.uk_not.iter().any(|not| not.to_lowercase() == *word));
            if capital
                && (least..=5).contains(&words.len())
                && (headed || all || cue)
                && !known
                && !words.iter().any(|word| self.is_org(word) || PAPERS.contains(&word.as_str()))
            {
                into.push(Candidate {
                    words,
                    text: name.as_str().to_owned(),
                    sure: true,
                    chinese: None,
                    country: None,
                });
            }
        }
    }

    pub(super) fn speaker(&self, who: &str, into: &mut Vec<Candidate>) {
        for run in runs(who, &self.rules.names.calendar) {
            let at = run.at();
            let words = lower_of(who, &run);
            if words.len() >= 2 && !words.iter().any(|word| self.is_org(word)) {
                into.push(Candidate {
                    words,
                    text: who[at].to_owned(),
                    sure: true,
                    chinese: None,
                    country: None,
                });
            }
        }
        if let Some(name) = who.chars().any(text::is_han).then(|| self.chinese_name(who)).flatten()
        {
            into.push(name);
        }
    }

    pub(super) fn western(&self, sentence: &Sentence<'_>, mut run: Run) -> Option<Candidate> {
        let text = sentence.text;
        let uk = sentence.tongue == Tongue::Uk;
        let initial = text[..run.at().start].trim_matches(['"', '“', '«', '(', ' ']).is_empty();
        while let Some(first) = run.words.first() {
            let word = text[first.clone()].to_lowercase();
            let opener = self.rules.names.en_openers.contains(&word)
                || self.rules.names.uk_not.iter().any(|known| known.to_lowercase() == word) && uk
                || initial
                    && run.words.len() > 1
                    && self.lower.contains(&word)
                    && !self.is_cue(&word);
            let alone = initial
                && run.words.len() == 1
                && !acts_as_a_firm(text, &run.at())
                && (self.lower.contains(&word)
                    || !self.within.contains(&word) && !self.repeated(text, &word));
            let head = uk
                && run.words.len() > 1
                && self.rules.names.uk_heads.find(&word).is_some_and(|m| m.len() == word.len());
            let next_latin = run.words.get(1).is_some_and(|next| {
                text[next.clone()].starts_with(|c: char| c.is_ascii_uppercase())
            });
            let whence = uk && next_latin && self.whence(&word);
            let based = run.words.len() > 1
                && ["-based", "-listed", "-backed", "-owned"]
                    .iter()
                    .any(|tail| word.ends_with(tail));
            if opener || alone || head || whence || based {
                run.words.remove(0);
            } else {
                break;
            }
        }
        // `У Anhui Wanci Magnet 10 травня`: a day follows the name.
        while uk
            && run
                .words
                .last()
                .is_some_and(|last| text[last.clone()].chars().all(|c| c.is_ascii_digit()))
        {
            run.words.pop();
        }
        let words = lower_of(text, &run);
        if words.is_empty()
            || words.len() > 8
            || words.iter().any(|word| {
                [
                    "-based",
                    "-made",
                    "-bound",
                    "-owned",
                    "-backed",
                    "-led",
                    "-listed",
                    "-controlled",
                    "-invested",
                    "-registered",
                ]
                .iter()
                .any(|tail| word.ends_with(tail))
            })
            || words.iter().any(|word| self.is_org(word))
        {
            return None;
        }
        // `МОЗ`, `МЗС`: an office by its initials.
        let initials = |word: &Range<usize>| {
            let word = &text[word.clone()];
            cyrillic(word) && word.chars().count() <= 4 && word.chars().all(char::is_uppercase)
        };
        if run.words.iter().all(initials) {
            return None;
        }
        let joined = words.join(" ");
        if self.rules.not_a_name(&joined) || self.is_country(&joined) || joined.len() < 3 {
            return None;
        }
        // No firm's name ends in a nationality.
        if words.last().is_some_and(|word| {
            self.rules.places.iter().any(|p| {
                p.adjectives
                    .as_ref()
                    .is_some_and(|a| a.find(word).is_some_and(|m| m.len() == word.len()))
            }) || word == "chinese"
        }) {
            return None;
        }
        if words.iter().all(|word| {
            self.rules.not_a_name(word)
                || self.is_country(word)
                || self.is_place(word)
                || uk && self.place_in_case(word)
        }) {
            return None;
        }
        let distinct = words.iter().filter(|word| self.distinct(word)).count();
        let cue = words.iter().skip(1).any(|word| self.is_cue(word))
            || uk && self.rules.names.uk_cues.is_match(&joined);
        let place = self.is_place(&words[0]);
        let headed =
            uk && self.headed(text, run.at().start) || called_a_firm(&sentence.low, &run.at());
        let headed = headed
            || run.words.len() == 1
                && (sentence.tongue == Tongue::En)
                && acts_as_a_firm(text, &run.at());
        let sure = distinct > 0 && (cue || headed || place && words.len() > 1)
            || place && cue && words.len() > 1
            // `Advanced Magnetics of Dongguan Co., Ltd.`
            || uk
                && words.len() > 3
                && words.iter().any(|word| self.is_place(word))
                && words.last().is_some_and(|word| word.trim_end_matches('.') == "ltd");
        // `Murata Manufacturing` is the buyer known as `Murata`.
        let buyer = self.rules.names.buyers.iter().find(|(name, _)| {
            let name = name.to_lowercase();
            uk && joined.strip_prefix(&name).is_some_and(|rest| rest.starts_with(' '))
        });
        if let Some((_, country)) = buyer {
            let text = text[run.at()].to_owned();
            let country = Some(country.clone());
            return Some(Candidate { words, text, sure: true, chinese: None, country });
        }
        if !sure && (distinct == 0 || self.person(text, &run)) {
            return None;
        }
        let country = self.country_of(sentence, &run.at(), place);
        Some(Candidate { words, text: text[run.at()].to_owned(), sure, chinese: None, country })
    }

    /// Whether the word stands with a capital somewhere else than here.
    pub(super) fn repeated(&self, text: &str, word: &str) -> bool {
        text.to_lowercase().matches(word).count() > 1
            || self.entities.iter().any(|entity| entity.name.to_lowercase().contains(word))
    }

    pub(super) fn distinct(&self, word: &str) -> bool {
        word.chars().count() >= 2
            && !self.is_cue(word)
            && !self.is_place(word)
            && !self.is_country(word)
            && !self.rules.names.en_openers.iter().any(|opener| opener == word)
            && self.rules.names.uk_cues.find(word).is_none_or(|m| m.len() != word.len())
            && word.chars().any(char::is_alphabetic)
    }

    /// Whether a word for a firm stands right before.
    pub(super) fn headed(&self, text: &str, start: usize) -> bool {
        let before = text[..start].trim_end_matches(['«', '"', '“', ' ']).to_lowercase();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
        self.rules
            .names
            .uk_heads
            .find(word)
            .is_some_and(|m| m.len() == word.len() && !word.is_empty())
    }

    /// Whether what stands around the run says that it is a person.
    pub(super) fn person(&self, text: &str, run: &Run) -> bool {
        let before = text[..run.at().start].trim_end().to_lowercase();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        const TITLES: &[&str] = &[
            "minister",
            "president",
            "spokesperson",
            "spokesman",
            "spokeswoman",
            "analyst",
            "head",
            "boss",
            "founder",
            "owner",
            "manager",
            "director",
            "chief",
            "cfo",
            "ceo",
            "chairman",
            "chairwoman",
            "secretary",
            "mr",
            "ms",
            "mrs",
            "dr",
            "lawyer",
            "commissioner",
            "chancellor",
            "premier",
            "professor",
            "economist",
            "envoy",
            "ambassador",
            "officer",
            "речник",
            "речниця",
            "міністр",
            "президент",
            "аналітик",
            "директор",
            "посол",
            "експерт",
        ];
        if TITLES.contains(&word) {
            return true;
        }
        let after = text[run.at().end..].trim_start_matches(['.', ' ']);
        let after = after.trim_start_matches(',').trim_start().to_lowercase();
        let head: Vec<&str> =
            after.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(6).collect();
        head.iter().any(|word| TITLES.contains(word)) && text[run.at().end..].starts_with(',')
    }

    /// Where the text says a firm is: `Norwegian motor maker X`, `X in Norway`, `X (South Korea)`.
    pub(super) fn country_of(
        &self,
        sentence: &Sentence<'_>,
        at: &Range<usize>,
        chinese: bool,
    ) -> Option<String> {
        if chinese {
            return Some("CN".to_owned());
        }
        place_after(&sentence.low[at.end..], self.rules)
            .or_else(|| place_before(&sentence.low[..at.start], self.rules))
    }
}

/// Papers that stand in quotes as firms do.
pub(super) const PAPERS: &[&str] =
    &["таймс", "пост", "джорнел", "ньюс", "вісник", "газета", "правда", "дейлі", "морнінг"];

/// `Ministry of Industry and` before `Trade`: the rest of an office's name.
pub(super) fn of_office(before: &str) -> bool {
    static OFFICE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:Ministry|Ministries|Department|Bureau|Agency|Commission|Council|Directorate|Secretary|Minister|Committee|Institute|Chamber|Association)(?: General)?(?: (?:of|for|on|and|the|in|[A-Z][\w'-]+)|,){1,8} $").expect("a constant pattern")
    });
    before.ends_with(' ') && OFFICE.is_match(before)
}

/// `magnet maker X`, `X, a producer of …`.
pub(super) fn called_a_firm(low: &str, at: &Range<usize>) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:maker|producer|exporter|manufacturer|supplier|company|firm|processor|smelter|trader|start-?up|carmaker|automaker|refiner|conglomerate|vendor) $").expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^, (?:an?|the|one of) (?:[\w'’.-]+ ){0,6}?(?:maker|producer|exporter|manufacturer|supplier|company|firm|processor|smelter|trader|unit|subsidiary)\b").expect("a constant pattern")
    });
    BEFORE.is_match(&low[..at.start]) || AFTER.is_match(&low[at.end..])
}

/// A single word that sounds Chinese where a firm stands: `Tianhe's license`, `Tianhe said it`, `- Tianhe`.
pub(super) fn acts_as_a_firm(text: &str, at: &Range<usize>) -> bool {
    static SOUND: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?i:(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uan|uai|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|a|e|i|o|u)|e?an?|ao|er){2,4}$").expect("a constant pattern")
    });
    static WORDS: &[&str] = &[
        "china",
        "canada",
        "panama",
        "manila",
        "mining",
        "pending",
        "sending",
        "ruling",
        "rulings",
        "mailing",
        "women",
        "change",
        "range",
        "change",
        "here",
        "made",
        "take",
        "make",
        "like",
        "huge",
        "some",
        "same",
        "more",
        "there",
        "where",
        "none",
        "line",
        "note",
        "none",
        "gains",
        "rate",
        "rates",
        "siemens",
        "tokyo",
        "reuters",
        "people",
        "media",
        "japan",
        "taiwan",
        "seoul",
        "delhi",
        "nikkei",
        "xinhua",
        "caixin",
        "yonhap",
        "beijing",
        "shanghai",
        "shenzhen",
        "hanoi",
        "toyota",
        "honda",
        "mazda",
        "suzuki",
        "nidec",
        "while",
        "time",
        "hence",
        "lenders",
        "house",
        "guangdong",
        "jinping",
        "yadong",
        "wentao",
        "yongqian",
        "linjian",
        "lifeng",
        "keqiang",
        "xuetong",
        "yinan",
        "mainland",
        "nanjing",
    ];
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(?:(?:shares|stock|investors|stake) (?:in|of)|as (?:did|does|has|had)|so (?:did|does|has|had)|^like|,? (?:and|while)|licen[cs]es? (?:to|for)) $")
            .expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:['’]s? (?:[\w-]+ ){0,4}(?:licen[cs]es?|permits?|applications?|requests?|paperwork|approvals?|bid|plants?|factory|magnets?|shares|stock|exports?|shipments)\b|(?: said| says| told \w+| disclosed| confirmed| announced| reported)(?: (?:on|in|last|late|yesterday|today) ?\w*)?(?: that)? (?:it|its|the ministry|mofcom|beijing)\b|,? (?:now |also |finally |already |then )?(?:has|had|was|is|got|received|won|obtained|secured|holds|lost|applied|filed|submitted|lodged)\b|, (?:based|headquartered|an?|one of|which|whose)\b|\s*(?:–|—|-|\|) |\s*$)").expect("a constant pattern")
    });
    // `Grirem's export licence`: whoever owns one of these is a firm.
    static OWNS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^['’]s (?:general |individual |new |first |second )*export (?:licen[cs]es?|permits?)\b")
            .expect("a constant pattern")
    });
    if OWNS.is_match(&text[at.end..]) {
        return true;
    }
    let word = &text[at.clone()];
    let lower = word.to_lowercase();
    let item = at.start == 0 && text.len() == at.end;
    word.len() >= 5
        && SOUND.is_match(word)
        && !WORDS.contains(&lower.as_str())
        && (item
            || AFTER.is_match(&text[at.end..]) && text.len() > at.end
            || BEFORE.is_match(&text[..at.start]))
}

/// `Norwegian motor maker`, `Germany's` right before a name.
pub(super) fn place_before(before: &str, rules: &Rules) -> Option<String> {
    let tail: Vec<&str> = before.split_whitespace().rev().take(4).collect();
    // A comma or a verb-like break ends the noun phrase.
    for word in tail {
        if word.ends_with([',', ';', ':', '.'])
            || matches!(word, "and" | "to" | "for" | "by" | "of" | "from" | "said")
        {
            return None;
        }
        let word = word.trim_end_matches("'s").trim_end_matches("’s");
        let hit = rules.places.iter().find(|place| {
            place.adjectives.as_ref().is_some_and(|adjective| {
                adjective.find(word).is_some_and(|m| m.len() == word.len())
            })
        });
        if let Some(place) = hit {
            return Some(place.name.clone());
        }
    }
    None
}

pub(super) fn lower_of(text: &str, run: &Run) -> Vec<String> {
    run.words.iter().map(|word| text[word.clone()].trim_end_matches('.').to_lowercase()).collect()
}

pub(super) fn runs(text: &str, calendar: &[String]) -> Vec<Run> {
    let mut found = Vec::new();
    let mut current: Vec<Range<usize>> = Vec::new();
    let mut broken = false;
    for word in WORD.find_iter(text) {
        let mut at = word.range();
        let mut token = word.as_str();
        let mut ends = false;
        for tail in ["'s", "’s", "s'", "s’"] {
            if let Some(short) = token.strip_suffix(tail) {
                at.end -= tail.len();
                if tail.starts_with('s') {
                    at.end += 1;
                }
                token = short;
                ends = true;
                break;
            }
        }
        let lower = token.trim_end_matches('.').to_lowercase();
        let corporate = matches!(lower.as_str(), "co" | "ltd" | "inc" | "corp" | "bros" | "st");
        if token.ends_with('.') && !corporate {
            at.end -= 1;
            ends = true;
        }
        let previous = current.last().map(|last| last.end);
        let between = previous.map_or("", |end| &text[end..at.start]);
        let joined = between == " "
            || between == " & "
            || corporate && matches!(between, ", " | "., " | ".,");
        if previous.is_some() && (!joined || broken) {
            found.push(Run { words: std::mem::take(&mut current) });
        }
        broken = ends;
        let capital = token.starts_with(char::is_uppercase)
            || !current.is_empty() && token.starts_with(char::is_numeric) && token.len() < 4;
        if capital && !calendar.contains(&lower) && !token.chars().any(text::is_han) {
            current.push(at);
        } else if !current.is_empty() {
            found.push(Run { words: std::mem::take(&mut current) });
        }
    }
    if !current.is_empty() {
        found.push(Run { words: current });
    }
    found.retain(|run| !run.words.is_empty());
    found
}

/// `in Norway`, `(South Korea)`, `of Germany` right after a name.
pub(in crate::enrich::claims) fn place_after(after: &str, rules: &Rules) -> Option<String> {
    static APPOSED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^,? an? (?:[a-z-]+ ){0,4}?(?:maker|firm|company|producer|manufacturer|supplier|group|buyer|workshop) ").expect("a constant pattern")
    });
    let after = APPOSED.find(after).map_or(after, |m| &after[m.end()..]);
    let after = after.trim_start_matches(['.', ',']).trim_start();
    let rest = ["in ", "of ", "(", "（", "у ", "в ", "з ", "based in "]
        .iter()
        .find_map(|word| after.strip_prefix(word))?;
    rules
        .places
        .iter()
        .find(|place| place.nouns.find(rest).is_some_and(|m| m.start() == 0))
        .map(|place| place.name.clone())
}

/// Capitalized words that follow each other.
pub(super) struct Run {
    pub(super) words: Vec<Range<usize>>,
}

impl Run {
    pub(super) fn at(&self) -> Range<usize> {
        let start = self.words.first().map_or(0, |word| word.start);
        let end = self.words.last().map_or(start, |word| word.end);
        start..end
    }
}
