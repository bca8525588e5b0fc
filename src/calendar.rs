//! What is coming: recurring and single days of a calendar file, and those that the register gives.
//!
//! Pure: a day and an instant's knowledge in, dated events out, soonest first.
//! A recurring day is what a publisher usually keeps to, never a promise; it
//! says "about" where the publisher does.

use std::collections::HashSet;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::Deserialize;

use crate::lexicon::Lexicon;
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::brief::Upcoming;
use crate::register::{self, Coming, ComingKind, Curated, Evidence, Register};
use crate::text;

/// How far ahead the brief's "Watch next" looks, in days.
const BRIEF: i64 = 60;

/// The days an operator lists.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

/// One day, or a rule for many.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Lower case, digits and hyphens.
    pub id: String,
    /// What is expected, one sentence without a full stop; `{month}` is the month before.
    pub what: String,
    /// When.
    pub when: When,
    /// Who publishes it, or says so.
    pub publisher: String,
    /// Where that is.
    pub url: String,
    /// Topics it belongs to.
    pub topics: Vec<Topic>,
    /// Elements it is about; none for all.
    pub elements: Vec<Element>,
    /// Companies it is about; none for all.
    pub companies: Vec<CompanyId>,
    /// Whether the brief's "Watch next" names it; the calendar always does.
    pub brief: bool,
}

/// When an entry falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// Once.
    Once(NaiveDate),
    /// On a day of each month but some; in a shorter month on its last day.
    Monthly {
        /// 1 to 31.
        day: u32,
        /// Months, 1 to 12, in which it does not happen.
        not_in: Vec<u32>,
    },
    /// Every week.
    Weekly(Weekday),
    /// Once a year.
    Yearly {
        /// 1 to 12.
        month: u32,
        /// 1 to 31; in a shorter month its last day.
        day: u32,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    entry: Vec<toml::Value>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    what: String,
    #[serde(default)]
    rule: Option<String>,
    #[serde(default)]
    date: Option<NaiveDate>,
    #[serde(default)]
    not_in: Vec<String>,
    publisher: String,
    url: String,
    #[serde(default)]
    topics: Vec<Topic>,
    #[serde(default)]
    elements: Vec<Element>,
    #[serde(default)]
    companies: Vec<CompanyId>,
    #[serde(default = "yes")]
    brief: bool,
}

fn yes() -> bool {
    true
}

impl Calendar {
    /// Reads `calendar.toml`; topics, elements and companies must be known to the lexicon, where
    /// there is one.
    ///
    /// # Errors
    ///
    /// Every problem found, each one sentence.
    pub fn parse(toml: &str, lexicon: Option<&Lexicon>) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(toml).map_err(|error| {
            let line = error.span().map_or(1, |span| text::line_of(toml, span.start));
            vec![format!("line {line}: {}", text::one_line(error.message()))]
        })?;
        let (mut entries, mut problems) = (Vec::new(), Vec::new());
        let mut ids = HashSet::new();
        for (i, value) in file.entry.into_iter().enumerate() {
            let id = value.get("id").and_then(toml::Value::as_str).unwrap_or("no id").to_owned();
            let place = format!("entry {} ({id})", i + 1);
            let written: Result<Written, toml::de::Error> = value.try_into();
            match written.map_err(|error| vec![text::one_line(error.message())]).and_then(entry) {
                Ok(entry) => {
                    if !ids.insert(entry.id.clone()) {
                        problems.push(format!("{place}: the id stands twice"));
                    }
                    let unknown = lexicon.map(|lexicon| unknown(&entry, lexicon));
                    problems.extend(
                        unknown.unwrap_or_default().iter().map(|p| format!("{place}: {p}")),
                    );
                    entries.push(entry);
                }
                Err(found) => problems.extend(found.iter().map(|p| format!("{place}: {p}"))),
            }
        }
        if problems.is_empty() { Ok(Self { entries }) } else { Err(problems) }
    }
}

fn entry(written: Written) -> Result<Entry, Vec<String>> {
    let mut problems = Vec::new();
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if written.id.is_empty() || !written.id.chars().all(good) {
        problems.push("id: write lower case, digits and hyphens".to_owned());
    }
    if written.what.trim().is_empty() || written.what.ends_with('.') {
        problems.push("what: one sentence without a full stop is needed".to_owned());
    }
    let is_web = url::Url::parse(&written.url)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !is_web {
        problems.push("url: the address of where that is said is needed".to_owned());
    }
    let when = when(&written).map_err(|problem| problems.push(problem)).ok();
    match when {
        Some(when) if problems.is_empty() => Ok(Entry {
            id: written.id,
            what: written.what,
            when,
            publisher: written.publisher,
            url: written.url,
            topics: written.topics,
            elements: written.elements,
            companies: written.companies,
            brief: written.brief,
        }),
        _ => Err(problems),
    }
}

/// Reads `date` or `rule`: `monthly on day 20`, `weekly on Thu`, `yearly on 31 Jan`.
fn when(written: &Written) -> Result<When, String> {
    const WRONG: &str =
        "rule: write \"monthly on day 20\", \"weekly on Thu\" or \"yearly on 31 Jan\"";
    let rule = match (&written.rule, written.date) {
        (None, Some(date)) => return Ok(When::Once(date)),
        (Some(rule), None) => rule.to_lowercase(),
        _ => return Err("give either date or rule".to_owned()),
    };
    let not_in: Option<Vec<u32>> = written.not_in.iter().map(|name| month(name)).collect();
    let not_in = not_in.ok_or("not_in: write months as \"Feb\"")?;
    let words: Vec<&str> = rule.split_whitespace().collect();
    let day = |text: &str| text.parse::<u32>().ok().filter(|day| (1..=31).contains(day));
    let when = match words.as_slice() {
        ["monthly", "on", "day", number] => {
            day(number).map(|day| When::Monthly { day, not_in: not_in.clone() })
        }
        ["weekly", "on", name] => name.parse().ok().map(When::Weekly),
        ["yearly", "on", number, name] => {
            day(number).zip(month(name)).map(|(day, month)| When::Yearly { month, day })
        }
        _ => None,
    };
    let monthly = matches!(when, Some(When::Monthly { .. }));
    if !not_in.is_empty() && !monthly {
        return Err("not_in: only a monthly rule leaves months out".to_owned());
    }
    when.ok_or_else(|| WRONG.to_owned())
}

fn unknown(entry: &Entry, lexicon: &Lexicon) -> Vec<String> {
    let mut problems = Vec::new();
    for topic in &entry.topics {
        if lexicon.topics().iter().all(|known| known.id != *topic) {
            problems.push(format!("topics: the lexicon has no {topic}"));
        }
    }
    for element in &entry.elements {
        if lexicon.elements().iter().all(|known| known.symbol != element.0) {
            problems.push(format!("elements: {element} is none"));
        }
    }
    for company in entry.companies.iter().filter(|id| lexicon.company(id).is_none()) {
        problems.push(format!("companies: the lexicon has no {company}"));
    }
    problems
}

/// A month by its English name or the first letters of it, three at least.
#[must_use]
pub fn month(name: &str) -> Option<u32> {
    let name = name.to_lowercase();
    let found =
        text::MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(&name))?;
    u32::try_from(found + 1).ok()
}

impl When {
    /// The days from `from` to `until`, both included, in order.
    #[must_use]
    pub fn days(&self, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let months = || {
            let first = from.with_day(1).unwrap_or(from);
            (0..).map_while(move |n| first.checked_add_months(Months::new(n)))
        };
        let all: Vec<NaiveDate> = match self {
            Self::Once(day) => vec![*day],
            Self::Monthly { day, not_in } => months()
                .take_while(|first| *first <= until)
                .filter(|first| !not_in.contains(&first.month()))
                .map(|first| day_of(first, *day))
                .collect(),
            Self::Yearly { month, day } => months()
                .take_while(|first| *first <= until)
                .filter(|first| first.month() == *month)
                .map(|first| day_of(first, *day))
                .collect(),
            Self::Weekly(weekday) => from
                .iter_days()
                .take_while(|day| *day <= until)
                .filter(|day| day.weekday() == *weekday)
                .collect(),
        };
        all.into_iter().filter(|day| (from..=until).contains(day)).collect()
    }
}

/// A day of the month that begins with `first`, its last one where it is shorter.
fn day_of(first: NaiveDate, day: u32) -> NaiveDate {
    (0..4).find_map(|short| first.with_day(day.saturating_sub(short))).unwrap_or(first)
}

impl Entry {
    /// The entry's days from `from` to `until`.
    fn coming(&self, from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = Coming> + '_ {
        self.when.days(from, until).into_iter().map(|date| {
            let before = date.checked_sub_months(Months::new(1)).unwrap_or(date);
            Coming {
                key: format!("calendar:{}:{date}", self.id),
                date,
                what: self.what.replace("{month}", &before.format("%B").to_string()),
                kind: ComingKind::Calendar,
                publisher: self.publisher.clone(),
                url: self.url.clone(),
                elements: self.elements.clone(),
                companies: self.companies.clone(),
                quote: String::new(),
            }
        })
    }
}

/// All that is dated from `from` to `until`, soonest first. `register` is that of today: what is
/// past on its day is not to come.
#[must_use]
pub fn coming(
    calendar: &Calendar,
    curated: &Curated,
    evidence: &Evidence,
    register: &Register,
    lexicon: &Lexicon,
    (from, until): (NaiveDate, NaiveDate),
) -> Vec<Coming> {
    let from = from.max(register.today);
    let ahead = (until - register.today).num_days();
    let mut list = register::dates(curated, evidence, register, lexicon, ahead);
    list.retain(|coming| coming.date >= from);
    list.extend(calendar.entries.iter().flat_map(|entry| {
        // Of what comes every week the next time says all.
        let most = if matches!(entry.when, When::Weekly(_)) { 1 } else { usize::MAX };
        entry.coming(from, until).take(most)
    }));
    list.sort_by(|a, b| (a.date, &a.what).cmp(&(b.date, &b.what)));
    list.dedup_by(|a, b| (a.date, &a.what) == (b.date, &b.what));
    list
}

/// The brief's "Watch next": of what recurs only the next time, and only what the file names for it.
#[must_use]
pub fn watch_next(
    calendar: &Calendar,
    curated: &Curated,
    evidence: &Evidence,
    register: &Register,
    lexicon: &Lexicon,
) -> Vec<Upcoming> {
    let today = register.today;
    let until = today.checked_add_days(Days::new(BRIEF.unsigned_abs())).unwrap_or(today);
    let mut list = register::dates(curated, evidence, register, lexicon, BRIEF);
    let named = calendar.entries.iter().filter(|entry| entry.brief);
    list.extend(named.filter_map(|entry| entry.coming(today, until).next()));
    list.sort_by(|a, b| (a.date, &a.what).cmp(&(b.date, &b.what)));
    list.dedup_by(|a, b| (a.date, &a.what) == (b.date, &b.what));
    let event = |coming: Coming| Upcoming {
        date: coming.date,
        what: coming.what,
        url: (!coming.url.is_empty()).then_some(coming.url),
    };
    list.into_iter().map(event).collect()
}
