//! The curated regime: announcements, suspensions and days to watch, and what the desk says of them.
//!
//! Time alone makes a suspension due, never over: only a source can say what
//! came after. Nothing here says who holds a license.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::model::brief::Upcoming;
use crate::model::license::{DeskEntry, DeskKind, RegimeEvent};
use crate::text;

/// The curated history.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curated {
    /// Announcements.
    #[serde(default)]
    pub regime: Vec<RegimeEvent>,
    /// Days to watch.
    #[serde(default)]
    pub watch: Vec<Watch>,
}

/// A day to watch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The day.
    pub date: NaiveDate,
    /// What is expected, one sentence without a full stop.
    pub what: String,
    /// Where that is said.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether the desk counts down to it.
    pub countdown: bool,
}

/// The days before an end at which the desk says so; the last week it says so daily.
const MARKS: [i64; 2] = [60, 30];
/// From here on, every day.
const LAST_DAYS: i64 = 7;
/// How far ahead "Watch next" looks, in days.
const AHEAD: i64 = 60;

/// Reads `licenses.toml`.
///
/// # Errors
///
/// Every problem found, each one sentence.
pub fn curated(toml: &str) -> Result<Curated, Vec<String>> {
    let read: Curated = toml::from_str(toml).map_err(|error| {
        let line = error.span().map_or(1, |span| text::line_of(toml, span.start));
        vec![format!("line {line}: {}", text::one_line(error.message()))]
    })?;
    let mut problems = Vec::new();
    let mut ids = std::collections::HashSet::new();
    for event in &read.regime {
        if !ids.insert(event.id.as_str()) {
            problems.push(format!("regime {}: the id stands twice", event.id));
        }
        if let (Some(from), Some(until)) = (event.suspended_from, event.suspended_until)
            && from > until
        {
            problems
                .push(format!("regime {}: suspended_from lies after suspended_until", event.id));
        }
        if !(2009..2100).contains(&event.announced.year()) {
            problems.push(format!("regime {}: announced: the year cannot be right", event.id));
        }
        if !event.url.starts_with("http") {
            problems.push(format!("regime {}: url: a source's address is needed", event.id));
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// What the desk counts down to on `today`.
#[must_use]
pub fn countdowns(curated: &Curated, today: NaiveDate) -> Vec<DeskEntry> {
    let mut entries = Vec::new();
    for event in &curated.regime {
        let Some(until) = event.suspended_until else { continue };
        let days = (until - today).num_days();
        if !is_mark(days) {
            continue;
        }
        let note = if event.note.is_empty() {
            String::new()
        } else {
            format!(" Not verified: {}.", event.note)
        };
        let ends = match days {
            0 => "ends today".to_owned(),
            1 => "ends tomorrow".to_owned(),
            _ => format!("ends in {days} days"),
        };
        let text =
            format!("The suspension of {} {ends}, on {}.{note}", event.announcement, date(until));
        entries.push(entry(text, &event.publisher, &event.url, days));
    }
    for watch in curated.watch.iter().filter(|watch| watch.countdown) {
        let days = (watch.date - today).num_days();
        if is_mark(days) {
            let text = format!("{}: {}, {}.", date(watch.date), watch.what, left(days));
            entries.push(entry(
                text,
                "curated calendar",
                watch.url.as_deref().unwrap_or_default(),
                days,
            ));
        }
    }
    entries.sort_by_key(|entry| entry.days);
    entries
}

fn entry(text: String, publisher: &str, url: &str, days: i64) -> DeskEntry {
    DeskEntry {
        kind: DeskKind::Due,
        text,
        quote: String::new(),
        publisher: publisher.to_owned(),
        url: url.to_owned(),
        days: Some(days),
    }
}

/// Dated events of the coming weeks, soonest first.
#[must_use]
pub fn upcoming(curated: &Curated, today: NaiveDate) -> Vec<Upcoming> {
    let ahead = |day: NaiveDate| (0..=AHEAD).contains(&(day - today).num_days());
    let suspensions = curated.regime.iter().filter_map(|event| {
        let until = event.suspended_until.filter(|until| ahead(*until))?;
        let what = format!("Suspension of {} ends, unless extended", event.announcement);
        Some(Upcoming { date: until, what, url: Some(event.url.clone()) })
    });
    let watched = curated.watch.iter().filter(|watch| ahead(watch.date)).map(|watch| Upcoming {
        date: watch.date,
        what: watch.what.clone(),
        url: watch.url.clone(),
    });
    let mut list: Vec<Upcoming> = suspensions.chain(watched).collect();
    list.sort_by(|a, b| (a.date, &a.what).cmp(&(b.date, &b.what)));
    list
}

fn is_mark(days: i64) -> bool {
    MARKS.contains(&days) || (0..=LAST_DAYS).contains(&days)
}

fn left(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("in {days} days"),
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}
