//! Announcements of the control regime and lists of barred parties.
//!
//! Sentences in, records with the announcement's number out. What is threatened,
//! considered or lifted lists nobody, and a party is only who the sentence names.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::Told;
use super::document::Sentence;
use super::names;
use super::rules::Rules;
use super::scope;
use crate::lexicon::{Lexicon, Name};
use crate::model::article::Element;
use crate::model::license::{PartialDate, RegimeEvent, Restriction, RestrictionKind};

/// Whether the text names an announcement or a list at all.
pub(super) fn worth_reading(sentences: &[Sentence<'_>], rules: &Rules) -> bool {
    sentences.iter().any(|sentence| rules.regime.announcement.is_match(&sentence.low))
        && china_acts(sentences)
}

fn china_acts(sentences: &[Sentence<'_>]) -> bool {
    const AUTHORITIES: &[&str] = &[
        "mofcom",
        "ministry of commerce",
        "commerce ministry",
        "商务部",
        "мінторг",
        "міністерство торгівлі",
        "міністерства торгівлі",
    ];
    sentences.iter().any(|sentence| AUTHORITIES.iter().any(|name| sentence.low.contains(name)))
}

/// An announcement by its number and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    number: u32,
    year: i32,
}

impl Number {
    fn id(self) -> String {
        format!("cn-{}-{}", self.year, self.number)
    }

    fn name(self) -> String {
        format!("MOFCOM No. {} of {}", self.number, self.year)
    }
}

/// The restrictions and regime events of the text.
pub(super) fn read(
    article: &Told<'_>,
    sentences: &[Sentence<'_>],
    lexicon: &Lexicon,
    rules: &Rules,
) -> (Vec<Restriction>, Vec<RegimeEvent>) {
    let mut restrictions: Vec<Restriction> = Vec::new();
    let mut regime: Vec<RegimeEvent> = Vec::new();
    let mut last: Vec<Number> = Vec::new();
    for sentence in sentences {
        let numbers = numbers(&sentence.low, article.published.year());
        if sentence.question {
            continue;
        }
        if let Some(restriction) = restriction(article, sentence, &numbers, &last, lexicon, rules)
            && !restrictions.iter().any(|known| known.id == restriction.id)
        {
            restrictions.push(restriction);
        }
        for event in events(article, sentence, &numbers, &last, lexicon, rules) {
            match regime.iter_mut().find(|known| known.id == event.id) {
                Some(known) => complete(known, event),
                None => regime.push(event),
            }
        }
        if !numbers.is_empty() {
            last = numbers;
        }
    }
    // A listing is no announcement of rules.
    regime.retain(|event| !restrictions.iter().any(|listing| listing.id == event.id));
    (restrictions, regime)
}

fn complete(known: &mut RegimeEvent, more: RegimeEvent) {
    known.effective = known.effective.or(more.effective);
    known.suspended_from = known.suspended_from.or(more.suspended_from);
    known.suspended_until = known.suspended_until.or(more.suspended_until);
    for (mine, theirs) in [(&mut known.amends, more.amends), (&mut known.codes, more.codes)] {
        for value in theirs {
            if !mine.contains(&value) {
                mine.push(value);
            }
        }
    }
    for element in more.elements {
        if !known.elements.contains(&element) {
            known.elements.push(element);
        }
    }
}

/// `Announcement No. 70 of 2025`, `Announcements Nos. 55, 56 and 61`, `2025年第62号公告`.
fn numbers(low: &str, year: i32) -> Vec<Number> {
    static EN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:(?:announcements?|notices?)\s*\(?(?:nos?\.?\s*)?|nos?\.\s*)((?:\d{1,3}(?:\s*(?:,|and|&|to|–|-)\s*(?:and\s*)?(?:nos?\.\s*)?)*)+)(?:(?:\s*(?:of|\(|/|,)\s*)(20\d{2}))?").expect("a constant pattern")
    });
    static ZH: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(20\d{2})年)?(?:年度)?第((?:\d{1,3}(?:[、,，和及至-]|号、?|第)*)+)号")
            .expect("a constant pattern")
    });
    static UK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:оголошенн\p{L}+|наказ\p{L}*)\s*№\s*(\d{1,3})(?:\s*(?:від|за)?\s*(20\d{2}))?",
        )
        .expect("a constant pattern")
    });
    static DIGITS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d{1,3}").expect("a constant pattern"));
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"20\d{2}").expect("a constant pattern"));
    let mut found: Vec<Number> = Vec::new();
    let mut take = |digits: &str, given: Option<&str>| {
        let year = given
            .and_then(|y| y.parse().ok())
            .or_else(|| YEAR.find(low).and_then(|m| m.as_str().parse().ok()))
            .unwrap_or(year);
        for m in DIGITS.find_iter(digits) {
            if let Some(number) = m.as_str().parse().ok().filter(|n| (1..=120).contains(n)) {
                let number = Number { number, year };
                if !found.contains(&number) {
                    found.push(number);
                }
            }
        }
    };
    for captures in EN.captures_iter(low) {
        take(&captures[1], captures.get(2).map(|m| m.as_str()));
    }
    for captures in ZH.captures_iter(low) {
        take(&captures[2], captures.get(1).map(|m| m.as_str()));
    }
    for captures in UK.captures_iter(low) {
        take(&captures[1], captures.get(2).map(|m| m.as_str()));
    }
    found
}

fn events(
    article: &Told<'_>,
    sentence: &Sentence<'_>,
    numbers: &[Number],
    last: &[Number],
    lexicon: &Lexicon,
    rules: &Rules,
) -> Vec<RegimeEvent> {
    static SUSPENDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:suspend(?:s|ed|ing)?|suspension|on hold|put on ice|paus(?:e|es|ed)|not being applied|does not apply until|will not apply before)\b|暂停|停止执行|中止|призупин\p{L}+").expect("a constant pattern")
    });
    static EXTENDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:extend(?:s|ed)?|amend(?:s|ed)?|replac(?:es|ed))\b|延长|延期|修订|修改|продовж\p{L}+").expect("a constant pattern")
    });
    let low = &sentence.low;
    let suspends = SUSPENDS.is_match(low);
    let about = if numbers.is_empty() && suspends { last } else { numbers };
    if about.is_empty() || !(rules.regime.announcement.is_match(low) || suspends) {
        return Vec::new();
    }
    let reference = article.published.date_naive();
    let days: Vec<(usize, NaiveDate)> = scope::found_dates(sentence, reference, article.dated)
        .into_iter()
        .filter_map(|found| match found.date {
            PartialDate::Day(day) => Some((found.start, day)),
            PartialDate::Month(..) => None,
        })
        .collect();
    let until = days.iter().find(|(at, _)| until_before(low, *at)).map(|(_, day)| *day);
    let from = days
        .iter()
        .find(|(at, day)| Some(*day) != until && !until_before(low, *at))
        .map(|(_, day)| *day);
    let effective = days.iter().find(|(at, _)| effective_before(low, *at)).map(|(_, day)| *day);
    let elements = elements(sentence, lexicon);
    let codes: Vec<String> = rules
        .regime
        .code
        .find_iter(low)
        .map(|m| {
            m.as_str().to_uppercase().replace(".A", ".a").replace(".B", ".b").replace(".C", ".c")
        })
        .collect();
    let announced = from.filter(|day| *day <= reference).unwrap_or(reference);
    let base = |number: Number| RegimeEvent {
        id: number.id(),
        announcement: number.name(),
        what: crate::text::one_line(sentence.text),
        announced,
        effective,
        suspended_from: None,
        suspended_until: None,
        amends: Vec::new(),
        elements: elements.clone(),
        codes: codes.clone(),
        publisher: article.publisher.to_owned(),
        url: article.url.to_owned(),
        note: String::new(),
    };
    if !suspends {
        let alone = about.len() == 1;
        return about
            .iter()
            .map(|number| {
                let mut event = base(*number);
                if !alone {
                    event.elements.clear();
                    event.codes.clear();
                }
                if alone && EXTENDS.is_match(low) {
                    event.note = "the sentence speaks of an amendment".to_owned();
                }
                event
            })
            .collect();
    }
    // `Announcement No. 70 suspends Nos. 55, 56 and 61`: the first acts, the others are acted on.
    let (acting, acted) = match about {
        [first, rest @ ..] if !rest.is_empty() && first_acts(low, *first) => (Some(*first), rest),
        all => (None, all),
    };
    let mut found: Vec<RegimeEvent> = acted
        .iter()
        .map(|number| {
            let mut event = base(*number);
            event.suspended_until = until;
            event.suspended_from = until.and(from);
            event.elements.clear();
            event.codes.clear();
            event
        })
        .collect();
    if let Some(number) = acting {
        let mut event = base(number);
        event.amends = acted.iter().map(|number| number.id()).collect();
        found.insert(0, event);
    }
    found
}

fn first_acts(low: &str, first: Number) -> bool {
    let at = low.find(&first.number.to_string()).unwrap_or(0);
    let after = &low[at..];
    let verb = ["suspend", "put", "pause", "暂停", "停止", "призупин"]
        .iter()
        .filter_map(|word| after.find(word))
        .min();
    verb.is_some_and(|verb| !after[..verb].contains(',') || after[..verb].len() < 40)
        && !low[..at].contains("suspend")
}

fn until_before(low: &str, at: usize) -> bool {
    let before = super::parts::before_chars(&low[..at], 24).trim_end().to_owned();
    ["until", "till", "to", "through", "before", "lasts to", "直至", "至", "到", "期限到", "до"]
        .iter()
        .any(|word| before.ends_with(word))
}

fn effective_before(low: &str, at: usize) -> bool {
    let before = super::parts::before_chars(&low[..at], 40);
    [
        "effective",
        "in force",
        "take effect",
        "takes effect",
        "took effect",
        "apply from",
        "applies from",
        "起施行",
        "自",
        "чинності",
    ]
    .iter()
    .any(|word| before.contains(word))
        || super::parts::after_chars(&low[at..], 16).contains("起")
}

fn elements(sentence: &Sentence<'_>, lexicon: &Lexicon) -> Vec<Element> {
    let mut found = Vec::new();
    for hit in lexicon.names(sentence.text) {
        if let Name::Element(i) = hit.what {
            let element = Element(lexicon.elements()[i].symbol.clone());
            if !found.contains(&element) {
                found.push(element);
            }
        }
    }
    found
}

fn restriction(
    article: &Told<'_>,
    sentence: &Sentence<'_>,
    numbers: &[Number],
    last: &[Number],
    lexicon: &Lexicon,
    rules: &Rules,
) -> Option<Restriction> {
    let low = &sentence.low;
    let watch = rules.regime.watch_list.is_match(low);
    let control = rules.regime.control_list.is_match(low);
    let listed = rules.regime.listed.is_match(low);
    let country = rules.regime.country_ban.is_match(low);
    let kind = match (watch && listed, control && listed, country) {
        (true, _, _) => RestrictionKind::WatchList,
        (_, true, _) => RestrictionKind::ControlList,
        (_, _, true) => RestrictionKind::Country,
        _ => return None,
    };
    static UNREAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:would|could|might|may|if|threat\w*|plans?|considers?|not|suspend\w*|lift\w*|remov\w*)\b|若|可能|考虑|暂停|移出|如果").expect("a constant pattern")
    });
    if UNREAL.is_match(low) {
        return None;
    }
    let number = match (numbers, last) {
        ([number], _) | ([], [number]) => *number,
        _ => return None,
    };
    let place = rules.places.iter().find(|place| {
        place.nouns.is_match(low)
            || place.adjectives.as_ref().is_some_and(|adjectives| adjectives.is_match(low))
    })?;
    static COUNT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|twelve)\b(?: [\w.]+){0,3}? (?:entities|companies|firms|organi[sz]ations)|(\d{1,3})家").expect("a constant pattern")
    });
    let count = COUNT.captures(low).and_then(|captures| {
        let word = captures.get(1).or(captures.get(2))?.as_str().to_owned();
        word.parse().ok().or_else(|| super::parts::number_word(&word))
    });
    let one = [Sentence {
        text: sentence.text,
        low: sentence.low.clone(),
        title: false,
        paragraph: 0,
        item: false,
        speaker: sentence.speaker.clone(),
        tongue: sentence.tongue,
        question: false,
    }];
    let parties = names::names(&one, lexicon, rules);
    let named: Vec<usize> = parties.mentions[0].iter().map(|mention| mention.entity).collect();
    let effective = scope::found_dates(sentence, article.published.date_naive(), article.dated)
        .first()
        .map(|found| found.date);
    Some(Restriction {
        id: number.id(),
        kind,
        announcement: number.name(),
        parties: named.iter().map(|i| parties.entities[*i].name.clone()).collect(),
        companies: named
            .iter()
            .map(|i| parties.entities[*i].id.clone())
            .filter(|id| !id.as_str().starts_with("x-"))
            .collect(),
        country: place.name.clone(),
        count,
        what: crate::text::one_line(sentence.text).trim_end_matches(['.', '。']).to_owned(),
        effective,
        publisher: article.publisher.to_owned(),
        url: article.url.to_owned(),
        quote: crate::text::one_line(sentence.text),
        note: String::new(),
    })
}
