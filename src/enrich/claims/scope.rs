//! What a license reaches: elements, goods, places, buyers, term, and when it happened.
//!
//! A stretch of one sentence in, what it says out. A holder is never a buyer, and
//! the day on which a term ends or a rule began is never the day of an event.

use std::ops::Range;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::document::Sentence;
use super::names::{Mention, Names};
use super::rules::Rules;
use crate::enrich::dates;
use crate::lexicon::{Lexicon, Name};
use crate::model::article::Element;
use crate::model::license::{DateBasis, LicenseAction, PartialDate};
use crate::text;

/// What one stretch of text says of a license's reach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) elements: Vec<Element>,
    pub(super) items: Vec<String>,
    pub(super) destinations: Vec<String>,
    pub(super) buyers: Vec<String>,
    pub(super) share: Option<&'static str>,
    pub(super) conditions: Vec<String>,
    pub(super) months: Option<u32>,
}

impl Reach {
    /// Adds what another stretch says.
    pub(super) fn join(&mut self, other: &Reach) {
        let add = |mine: &mut Vec<String>, theirs: &[String]| {
            for value in theirs {
                if !mine.contains(value) {
                    mine.push(value.clone());
                }
            }
        };
        for element in &other.elements {
            if !self.elements.contains(element) {
                self.elements.push(element.clone());
            }
        }
        add(&mut self.items, &other.items);
        add(&mut self.destinations, &other.destinations);
        add(&mut self.buyers, &other.buyers);
        add(&mut self.conditions, &other.conditions);
        self.share = self.share.or(other.share);
        self.months = self.months.or(other.months);
    }
}

/// Reads a stretch of a sentence. `holders` are never buyers.
pub(super) fn reach(
    sentence: &Sentence<'_>,
    at: Range<usize>,
    holders: &[usize],
    mentions: &[Mention],
    names: &Names,
    lexicon: &Lexicon,
    rules: &Rules,
) -> Reach {
    let (text, low) = (sentence.cut(at.clone()), &sentence.low[at.clone()]);
    let mut found = Reach { months: months(low, rules), ..Reach::default() };
    for hit in lexicon.names(text) {
        for element in elements_of(&hit.what, &text[hit.at], lexicon) {
            if !found.elements.contains(&element) {
                found.elements.push(element);
            }
        }
    }
    // `nearly all in one case, part in the other`: whose is which is not said plainly enough.
    let split = rules.scope.reach_all.is_match(low)
        && (rules.scope.reach_some.is_match(low) || low.contains("part of them"));
    found.share = if split {
        None
    } else if rules.scope.reach_all.is_match(low) {
        Some("nearly all customers")
    } else if rules.scope.reach_some.is_match(low) {
        Some("some customers")
    } else {
        None
    };
    for item in &rules.scope.items {
        let whole = low.match_indices(item.as_str()).any(|(i, _)| {
            let word = |c: char| c.is_alphanumeric() && !text::is_han(c);
            !low[..i].chars().next_back().is_some_and(word)
                && !low[i + item.len()..].chars().next().is_some_and(word)
        });
        if whole && !found.items.contains(item) {
            found.items.push(item.clone());
        }
    }
    for m in rules.scope.conditions.find_iter(low) {
        found.conditions.push(text.get(m.range()).unwrap_or_default().trim().to_owned());
    }
    let mut last: Option<usize> = None;
    for mention in mentions.iter().filter(|m| at.start <= m.at.start && m.at.end <= at.end) {
        let entity = &names.entities[mention.entity];
        if holders.contains(&mention.entity) || entity.country.as_deref() == Some("CN") {
            continue;
        }
        static JOINT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: in [a-z ]{3,20}| \([^)]{1,30}\))?\s*(?:,|、)?\s*(?:and|和|及|与|та|і|й)?\s*$").expect("a constant pattern")
        });
        let joined = last.is_some_and(|end: usize| {
            end <= mention.at.start && JOINT.is_match(&sentence.low[end..mention.at.start])
        });
        let buyer = joined || buyer_at(&sentence.low, &mention.at, rules);
        if buyer {
            last = Some(mention.at.end);
        }
        if buyer {
            if !found.buyers.contains(&entity.name) {
                found.buyers.push(entity.name.clone());
            }
            let place =
                super::names::place_after(&sentence.low[mention.at.end..], rules).or_else(|| {
                    entity
                        .country
                        .clone()
                        .filter(|c| {
                            rules.places.iter().any(|p| p.name == *c || p.nouns.is_match(c))
                        })
                        .filter(|_| place_stands_before(&sentence.low, &mention.at, rules))
                });
            if let Some(place) = place.map(|place| english_name(&place, rules)) {
                add(&mut found.destinations, place);
            }
        }
    }
    for place in destinations(low, rules) {
        add(&mut found.destinations, place);
    }
    found
}

/// The element a name stands for, or those that a product's name spells out (`gadolinium oxide`).
fn elements_of(name: &Name, words: &str, lexicon: &Lexicon) -> Vec<Element> {
    match name {
        Name::Element(i) => vec![Element(lexicon.elements()[*i].symbol.clone())],
        Name::Product(i) => {
            let low = super::document::folded(words);
            let spelled = |element: &&Element| {
                lexicon.elements().iter().any(|entry| {
                    entry.symbol == element.0
                        && entry.names.iter().any(|name| {
                            name.chars().count() > 2 && low.contains(&name.to_lowercase())
                                || text::simplified(name) == entry.chinese
                                    && low.contains(&entry.chinese)
                        })
                })
            };
            lexicon.products()[*i].elements.iter().filter(spelled).cloned().collect()
        }
        Name::Company(_) | Name::Agency(_) => Vec::new(),
    }
}

fn add(list: &mut Vec<String>, value: String) {
    if !list.contains(&value) {
        list.push(value);
    }
}

/// A place in English short form.
fn english_name(place: &str, rules: &Rules) -> String {
    rules
        .places
        .iter()
        .find(|known| {
            known.name == place || known.nouns.find(place).is_some_and(|m| m.len() == place.len())
        })
        .map_or_else(|| place.to_owned(), |known| known.name.clone())
}

/// `挪威的X`: the place stands right before the buyer.
fn place_stands_before(low: &str, at: &Range<usize>, rules: &Rules) -> bool {
    let before = low[..at.start].trim_end_matches('的');
    rules
        .places
        .iter()
        .any(|place| place.nouns.find_iter(before).last().is_some_and(|m| m.end() == before.len()))
}

/// Whether what stands around a name makes it a buyer.
fn buyer_at(low: &str, at: &Range<usize>, rules: &Rules) -> bool {
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:to|for|buyers?|customers?|clients?|importers?|end.users?|supply|supplying|serve|serving|covers|covering|such as|including)(?: only| just| both)?|客户|买家|用户|供应|供给|供货给|卖给|销往|(?:客户|买家|用户)(?:为|是|系)[^，。；]{0,8}|给|向|为|для|клієнт\p{L}*|покупц\p{L}+|покупець|постача\p{L}+|замовник\p{L}*)(?: (?:the|its|motor|car|automaker|carmaker|maker|part|supplier|компанії|німецько\p{L}+|японсько\p{L}+|[a-z]+n|[a-z]+se))*\s*[«“:：（(]?\s*$")
            .expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: \([^)]*\)| in [a-z ]+)? (?:buys|bought|orders|uses|is the (?:buyer|customer)|as (?:the )?(?:buyer|customer|end.user))|^(?:供货|的订单|采购|发货)").expect("a constant pattern")
    });
    // `向德国X公司出口`, `客户为挪威的X`
    let mut head = low[..at.start].trim_end_matches('的');
    for place in &rules.places {
        if let Some(m) = place
            .nouns
            .find_iter(head)
            .last()
            .filter(|m| m.end() == head.len() && m.as_str().chars().any(text::is_han))
        {
            head = &head[..m.start()];
            break;
        }
    }
    let before = super::parts::before_chars(head, 40);
    BEFORE.is_match(before) || AFTER.is_match(&low[at.end..])
}

/// Places the goods may go.
fn destinations(low: &str, rules: &Rules) -> Vec<String> {
    static LEAD: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:to|into|reaching|bound for|destined for|(?:customers?|buyers?|clients?|users?|workshop|plant|factory|importers?|maker|company|firms?|one|shipments?) (?:in|to)|deliver(?:y|ies) (?:in|to)|for (?:use in|export to|delivery to|shipment to)|exports? for)|出口(?:至|到|往)?|销往|运往|发往|供应|输往|(?:出口|销售|产品|供货)(?:的)?(?:区域|地区|市场|国家|目的地|范围|对象|目标)?(?:包括|涵盖|覆盖|为|是)|面向|送往|目的地(?:包括|为|是|：|:)?|最终用户(?:为|是|系)|收货方(?:为|是|在)|对|往|输|向|(?:до|для|в|у|для клієнтів (?:в|у|з)|клієнтам (?:в|у)|покупцям (?:в|у|з)|клієнтів (?:в|у|з)|експорт\p{L}* (?:до|в|у)))\s*(?:the |both |customers in |buyers in )?$")
            .expect("a constant pattern")
    });
    static TAIL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:的)?(?:客户|买家|车企|用户|出口|市场|业务|工厂)")
            .expect("a constant pattern")
    });
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:,|、|，)?\s*(?:and|or|和|及|与|以及|та|і|й|as well as|to|до)?\s*(?:the |to |in |south )?(?:又)?$").expect("a constant pattern")
    });
    static PAIRED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(?:、|和|与|及)").expect("a constant pattern"));
    let mut spots: Vec<(Range<usize>, &str)> = Vec::new();
    for place in &rules.places {
        for m in place.nouns.find_iter(low) {
            if spots.iter().all(|(at, _)| at.end <= m.start() || m.end() <= at.start) {
                spots.push((m.range(), place.name.as_str()));
            } else if let Some(spot) =
                spots.iter_mut().find(|(at, _)| at.start >= m.start() && at.end <= m.end())
            {
                *spot = (m.range(), place.name.as_str());
            }
        }
    }
    spots.sort_by_key(|(at, _)| at.start);
    let mut found: Vec<String> = Vec::new();
    let mut last: Option<usize> = None;
    for (at, name) in spots {
        let before = &low[..at.start];
        let possessive = low[at.end..].starts_with("'s") || low[at.end..].starts_with("’s");
        // `the U.S. carmaker`: an adjective here.
        let next = low[at.end..]
            .strip_prefix(' ')
            .and_then(|rest| rest.split(|c: char| !c.is_alphabetic()).next())
            .unwrap_or_default();
        let adjective = matches!(name, "US" | "EU" | "UK")
            && next.is_ascii()
            && !next.is_empty()
            && !matches!(
                next,
                "and"
                    | "or"
                    | "to"
                    | "for"
                    | "in"
                    | "under"
                    | "after"
                    | "as"
                    | "by"
                    | "while"
                    | "is"
                    | "are"
                    | "was"
                    | "were"
                    | "has"
                    | "have"
                    | "which"
                    | "that"
                    | "from"
                    | "since"
                    | "on"
                    | "with"
                    | "at"
                    | "but"
                    | "had"
                    | "until"
                    | "last"
                    | "this"
                    | "over"
                    | "before"
                    | "when"
                    | "where"
                    | "customers"
                    | "buyers"
                    | "clients"
                    | "market"
            );
        if adjective {
            continue;
        }
        let person = low[at.end..].starts_with(" president") || low[at.end..].starts_with("-based");
        // `在匈牙利和墨西哥的工厂`
        let first_of_two = PAIRED.is_match(&low[at.end..])
            && rules.places.iter().any(|place| {
                place
                    .nouns
                    .find_iter(&low[at.end..])
                    .any(|m| m.start() <= 3 && TAIL.is_match(&low[at.end + m.end()..]))
            });
        let led = first_of_two
            || LEAD.is_match(before)
            || TAIL.is_match(&low[at.end..]) && !before.ends_with('对');
        let follows = last.is_some_and(|end| JOINT.is_match(&low[end..at.start]));
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:re-?export\w*|resale|resold|onward sale|sending the goods on|not|no exports?|except|banned?|barred|visit\w*|travel\w*|according|talks?|return\w*|转售|转口|不得)[^.;,]{0,30}$|(?:ruled out|forbids?)[^.;]{0,60}$").expect("a constant pattern")
        });
        if (led || follows) && !possessive && !person && !NOT.is_match(before) {
            last = Some(at.end);
            add(&mut found, name.to_owned());
        }
    }
    found
}

/// The term in months, if the stretch states one.
pub(super) fn months(low: &str, rules: &Rules) -> Option<u32> {
    for pattern in &rules.scope.validity {
        for captures in pattern.captures_iter(low) {
            let Some(first) = captures.get(1) else { continue };
            let whole = captures.get(0).map_or("", |m| m.as_str());
            if whole.contains("ago")
                || whole.contains("wait")
                || whole.contains("since")
                || whole.contains("earlier")
            {
                continue;
            }
            let unit = captures.get(2).map_or("", |m| m.as_str());
            if let Some(months) = term(first.as_str(), unit, whole) {
                return Some(months);
            }
        }
    }
    None
}

fn term(number: &str, unit: &str, whole: &str) -> Option<u32> {
    let ukrainian = whole.chars().any(|c| ('а'..='я').contains(&c) || c == 'і');
    if ukrainian {
        if whole.contains("півр") || whole.contains("шестимісячн") || whole.contains("піврічн")
        {
            return Some(6);
        }
        if number.starts_with("річн") {
            return Some(12);
        }
        let n = match number {
            "два" => 2,
            "шість" | "шести" => 6,
            "дванадцять" => 12,
            digits => digits.parse().unwrap_or(1),
        };
        return if whole.contains("місяц") {
            (n > 1).then_some(n)
        } else {
            Some(n * 12).filter(|m| *m <= 60)
        };
    }
    if number == "year" || number.starts_with("twelve months") {
        return Some(12);
    }
    if number.starts_with("six months") {
        return Some(6);
    }
    if number == "半" {
        return Some(6);
    }
    let n = match number {
        "a" | "an" | "another" => 1,
        "eighteen" => 18,
        "twenty-four" => 24,
        word => word.parse().ok().or_else(|| super::parts::number_word(word))?,
    };
    let months = if unit.starts_with('y') || unit == "年" { n.checked_mul(12)? } else { n };
    (1..=60).contains(&months).then_some(months)
}

/// The date of an event: the one nearest to its trigger that is not a term's or a rule's.
pub(super) fn date(
    sentence: &Sentence<'_>,
    trigger: &Range<usize>,
    span: &Range<usize>,
    action: LicenseAction,
    reference: NaiveDate,
    exact: bool,
    context: &[PartialDate],
) -> Option<(PartialDate, DateBasis)> {
    static DATELINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^\p{Lu}[\p{Lu}/ ,.]{2,40}, \p{Lu}[a-z]+\.? \d{1,2} ?(?:\([^)]{1,30}\) ?)?[-–—―]",
        )
        .expect("a constant pattern")
    });
    let dateline = DATELINE.find(sentence.text).map_or(0, |m| m.end());
    let mut best: Option<(usize, PartialDate, DateBasis)> = None;
    for found in found_dates(sentence, reference, exact) {
        if found.start < span.start || found.end > span.end || found.end <= dateline {
            continue;
        }
        let low = &sentence.low;
        let before = super::parts::before_chars(&low[..found.start], 30);
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:since|until|till|to|through|before|not after|from|due|expires?|valid to|up to|next|ahead of|controls? (?:of|in|from)|came with|rules? (?:of|in)|announced (?:on|in)|自|直到|直至|截至|期限到|有效期至|至|延至|延长至|до|з|із|від|починаючи з)\s*(?:early |late |mid.|the end of )?(?:the )?$").expect("a constant pattern")
        });
        // `has been frozen since May 1`
        // `自5月22日起暂停`: from that day it holds.
        static FROM_THEN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^起[^，。；]{0,4}(?:暂停|中止|停用|冻结|失效|生效|吊销|撤销|有效|不再)")
                .expect("a constant pattern")
        });
        let from_then = before.ends_with('自') && FROM_THEN.is_match(&low[found.end..]);
        if from_then && found.date.first_day() > reference {
            continue;
        }
        let lasting = from_then
            || matches!(action, LicenseAction::Suspended | LicenseAction::Revoked)
                && before.trim_end().ends_with("since");
        if NOT.is_match(before) && !before.ends_with("截至") && !lasting
            || rule_before(&low[..found.start])
            || rule_after(&low[found.end..])
            || printed(&low[found.end..])
        {
            continue;
        }
        // `licences issued in March expired`: the date is of the issue.
        static ISSUED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:issued|granted|given|awarded)\b[^,;]*$").expect("a constant pattern")
        });
        let ends = !matches!(action, LicenseAction::Granted | LicenseAction::Refused);
        if ends && found.end <= trigger.start && ISSUED.is_match(&low[..found.start]) {
            continue;
        }
        let joined = found.end <= trigger.start && low[found.end..trigger.start].contains(" and ");
        let distance = if joined { 200 } else { 0 };
        let distance = distance
            + if found.start >= trigger.end {
                found.start - trigger.end
            } else {
                trigger.start.saturating_sub(found.end)
            };
        let Some(date) = past(sentence, &found, reference, exact, context) else { continue };
        let said = said_between(low, found.start..found.end);
        let basis = if said { DateBasis::Statement } else { DateBasis::Event };
        let penalty = if said { 1000 } else { 0 };
        if best.as_ref().is_none_or(|(known, ..)| distance + penalty < *known) {
            best = Some((distance + penalty, date, basis));
        }
    }
    best.map(|(_, date, basis)| (date, basis))
}

/// The date as that of something past: what has no year of its own takes the year in which the
/// text near it puts that month, and is never in the article's future; of several days the month is kept.
fn past(
    sentence: &Sentence<'_>,
    found: &dates::Found,
    reference: NaiveDate,
    exact: bool,
    context: &[PartialDate],
) -> Option<PartialDate> {
    static MORE_DAYS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:, | and | & |、|和)\d{1,2}(?:, | and |\b|日|号)")
            .expect("a constant pattern")
    });
    let low = &sentence.low;
    let listed = MORE_DAYS.is_match(&low[found.end..]) && !low[found.start..].starts_with("20");
    let (year, month) = month_of(found.date);
    let late = |year: i32, month: u32| (year, month) > (reference.year(), reference.month());
    let ahead = |date: PartialDate| {
        let (year, month) = month_of(date);
        if exact { date.first_day() > reference } else { late(year, month) }
    };
    if has_year(&low[found.start..found.end]) {
        return (!ahead(found.date)).then_some(found.date);
    }
    let near = context
        .iter()
        .rev()
        .map(|date| month_of(*date))
        .find(|(year, known)| *known == month && !late(*year, month));
    let year = match near {
        Some((year, _)) => year,
        None if ahead(found.date) => year - 1,
        None => year,
    };
    // `on June 7, 12 and 19`: the month is all that holds of each.
    let date = if listed { PartialDate::Month(year, month) } else { found.date };
    with_year(date, year)
}

fn month_of(date: PartialDate) -> (i32, u32) {
    let day = date.first_day();
    (day.year(), day.month())
}

fn with_year(date: PartialDate, year: i32) -> Option<PartialDate> {
    match date {
        PartialDate::Day(day) => day.with_year(year).map(PartialDate::Day),
        PartialDate::Month(_, month) => Some(PartialDate::Month(year, month)),
    }
}

/// Whether the words of a date name a year.
fn has_year(words: &str) -> bool {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"20\d\d|[今去明]年|last|yesterday|today|day\b|[昨今前]|周|週|星期|月[^\d]*$|this month").expect("a constant pattern")
    });
    static NUMBERED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d{1,2}月").expect("a constant pattern"));
    let relative = YEAR.is_match(words);
    relative && (words.contains("20") || !NUMBERED.is_match(words))
}

/// The dates of a text that name their year.
pub(super) fn dated(sentence: &Sentence<'_>, reference: NaiveDate) -> Vec<PartialDate> {
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"20\d\d").expect("a constant pattern"));
    dates::all(sentence.text, reference)
        .into_iter()
        .filter(|found| YEAR.is_match(&sentence.low[found.start..found.end]))
        .map(|found| found.date)
        .collect()
}

/// Whether the date is that of the rules: `since Beijing tightened controls in April`.
fn rule_before(before: &str) -> bool {
    static RULE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:tighten\w*|impos\w*|introduc\w*|curbs?|controls?|restrictions?|rules?|regime)\b[^,.;]{0,24}$|(?:管制|列管|实施)[^，。；]{0,6}$|\bsince [a-z]+(?: [a-z]+){1,5} (?:in|on) $").expect("a constant pattern")
    });
    RULE.is_match(super::parts::before_chars(before, 60))
}

/// `昨日A12版报道`: the day of a paper.
fn printed(after: &str) -> bool {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；]{0,8}(?:版|刊)(?:报道|报导|刊|文章|《|的|$)")
            .expect("a constant pattern")
    });
    PAGE.is_match(after)
}

/// `4月管制以来`, `the April curbs`: the date names the rules.
fn rule_after(after: &str) -> bool {
    static RULE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^\s*(?:的)?(?:管制|列管|新规|以来|curbs?\b|controls?\b|restrictions?\b|rules?\b)",
        )
        .expect("a constant pattern")
    });
    RULE.is_match(after)
}

/// Dates of a sentence; relative ones only when the article's own date is a day.
pub(super) fn found_dates(
    sentence: &Sentence<'_>,
    reference: NaiveDate,
    exact: bool,
) -> Vec<dates::Found> {
    let mut all = dates::all(sentence.text, reference);
    // `четверо` is four people, no Thursday.
    all.retain(|found| !sentence.low[found.start..].trim_start().starts_with("четверо"));
    // `第23号` is a number, not a day.
    all.retain(|found| {
        !sentence.low[..found.start].ends_with('第')
            && !sentence.low[..found.start].ends_with("年第")
    });
    if !exact {
        all.retain(|found| found.date_words(sentence.text));
    }
    all
}

/// Whether the date stands beside a verb of saying: then it dates the statement.
fn said_between(low: &str, at: Range<usize>) -> bool {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:said|says|told|confirmed|wrote|announced|reported|answered|disclosed|stated|rejected|denied)(?: [\w']+){0,3}? (?:on |in )?|表示|介绍|повідоми\p{L}+ |заяви\p{L}+ )(?:the )?\(?$").expect("a constant pattern")
    });
    static AFTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^ (?:statements?|filings?|reports?)\b|^[^，。；,]{0,12}(?:表示|说|称|介绍|引述|报道|证实|发布|回复|答复|在[^，。；]{0,8}(?:发布会|记者会|互动平台)|公告)").expect("a constant pattern")
    });
    SAID.is_match(super::parts::before_chars(&low[..at.start], 40))
        || AFTER.is_match(&low[at.end..])
}

impl dates::Found {
    /// Whether the date is spelled with its month, so that it does not lean on the article's day.
    fn date_words(&self, text: &str) -> bool {
        let words = text[self.start..self.end].to_lowercase();
        let relative = [
            "day",
            "today",
            "month",
            "今",
            "昨",
            "前",
            "周",
            "週",
            "星期",
            "本月",
            "上月",
            "上个月",
            "上個月",
            "礼拜",
            "сьогодні",
            "вчора",
            "учора",
        ];
        let weekday = relative.iter().any(|word| words.contains(word));
        !weekday || words.chars().any(|c| c.is_ascii_digit())
    }
}
