//! The brief's license desk: what changed in a window, and what comes to its end.
//!
//! New, changed and contradicted rows are found by folding what was known before
//! and after the window on the same day, so time alone is no news here; the
//! countdowns are time's. Copies of a known story are no news either.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::lexicon::Lexicon;
use crate::model::brief::Upcoming;
use crate::model::license::{
    Claim, DeskEntry, DeskKind, LicenseType, PartialDate, RegimeEvent, Restriction, RestrictionKind,
};
use crate::register::fold::{Register, fold};
use crate::register::regime::suspensions;
use crate::register::row::{Entry, Row, State};
use crate::register::{Curated, Evidence, words};

/// The days before an end at which the desk says so; the last week it says so daily.
const MARKS: [i64; 2] = [60, 30];
/// From here on, every day.
const LAST_DAYS: i64 = 7;
/// And once on the day after, that what came then was not seen.
const AFTER: i64 = -1;
/// How far ahead "Watch next" looks, in days.
const AHEAD: i64 = 60;
/// A claim published longer than this before the window is history that was found late, not news.
const FRESH_DAYS: u64 = 7;

/// The desk of the window from `opens` to `closes`. `evidence` holds the curated claims too.
#[must_use]
pub fn desk(
    curated: &Curated,
    evidence: &Evidence,
    lexicon: &Lexicon,
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
    zone: Tz,
) -> Vec<DeskEntry> {
    let date = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
    let (yesterday, today) = (date(opens), date(closes));
    let (before, after) = (evidence.until(opens), evidence.until(closes));
    let before = fold(&before.claims, &before.decisions, today);
    let known = fold(&after.claims, &after.decisions, today);
    let mut entries = news(&before, &known, opens, lexicon);
    entries.extend(withdrawn(&before, &known, lexicon));
    entries.extend(found(&after, opens));
    let span = Span { yesterday, today };
    entries.extend(suspended(curated, &span));
    entries.extend(licenses(&known, &span, lexicon));
    entries.extend(watched(curated, &span));
    entries
}

/// Dated events of the coming weeks, soonest first.
#[must_use]
pub fn upcoming(curated: &Curated, register: &Register, lexicon: &Lexicon) -> Vec<Upcoming> {
    let today = register.today;
    let ahead = |day: NaiveDate| (0..=AHEAD).contains(&(day - today).num_days());
    let mut list = Vec::new();
    for suspension in suspensions(curated, today).into_iter().filter(|s| ahead(s.until)) {
        let what =
            format!("Suspension of {} ends, unless extended", words::numbers(&suspension.of));
        list.push(Upcoming { date: suspension.until, what, url: web(&suspension.by.url) });
    }
    for group in ending(register).into_iter().filter(|group| ahead(group.day)) {
        let verb = if group.rows.len() == 1 { "ends" } else { "end" };
        let what = format!("{} {verb} by the reported term", group.holders(lexicon));
        list.push(Upcoming {
            date: group.day,
            what: format!("{what}, unless renewed"),
            url: web(&group.claim.url),
        });
    }
    for watch in curated.watch.iter().filter(|watch| ahead(watch.date)) {
        let (what, url) = (watch.what.clone(), watch.url.clone());
        list.push(Upcoming { date: watch.date, what, url });
    }
    list.sort_by(|a, b| (a.date, &a.what).cmp(&(b.date, &b.what)));
    list
}

fn web(url: &str) -> Option<String> {
    (!url.is_empty()).then(|| url.to_owned())
}

// ---------------------------------------------------------------- news

/// Rows that are new or say something else than before the window.
fn news(
    before: &Register,
    after: &Register,
    opens: DateTime<Utc>,
    lexicon: &Lexicon,
) -> Vec<DeskEntry> {
    let oldest = opens.date_naive() - Days::new(FRESH_DAYS);
    let fresh = |entry: &&Entry| {
        entry.claim.first_seen > opens && entry.claim.published >= oldest
            || entry.corrections.iter().any(|correction| correction.at > opens)
    };
    let mut entries = Vec::new();
    for row in &after.rows {
        let Some(newest) = row.history.iter().filter(fresh).min_by_key(|entry| entry.trust) else {
            continue;
        };
        let old = before.rows.iter().find(|old| old.id == row.id);
        if let Some(kind) = change(old, row) {
            entries.push(said(kind, sentence(row, after.today, lexicon), &newest.claim));
        }
    }
    entries
}

/// What kind of news a row is, compared with what it was.
fn change(old: Option<&Row>, new: &Row) -> Option<DeskKind> {
    let Some(old) = old else {
        return Some(if new.state == State::Disputed {
            DeskKind::Contradicted
        } else {
            DeskKind::New
        });
    };
    let told = |row: &Row| (row.state, row.certainty, row.action, row.ends);
    if new.contradictions.len() > old.contradictions.len() || new.doubts.len() > old.doubts.len() {
        return Some(DeskKind::Contradicted);
    }
    (told(old) != told(new) || new.origins > old.origins).then_some(DeskKind::Changed)
}

/// Rows whose every claim the operator rejected in the window.
fn withdrawn(before: &Register, after: &Register, lexicon: &Lexicon) -> Vec<DeskEntry> {
    let reason =
        |claim: &Claim| after.rejected.iter().find(|rejected| rejected.claim.id == claim.id);
    before
        .rows
        .iter()
        .filter_map(|row| {
            let all: Option<Vec<_>> =
                row.history.iter().map(|entry| reason(&entry.claim)).collect();
            let why = &all?.first()?.decision.why;
            let text = format!(
                "{}: {} no longer stands here; the claim was rejected: {why}.",
                words::named(row, lexicon),
                words::kind(row.license_type)
            );
            Some(said(DeskKind::Changed, text, row.best()?))
        })
        .collect()
}

fn sentence(row: &Row, today: NaiveDate, lexicon: &Lexicon) -> String {
    let covered = if row.role == crate::model::license::Role::EndUser {
        "covered by a supplier's license: "
    } else {
        ""
    };
    let mut parts = vec![
        format!(
            "{}: {covered}{}, {}",
            words::named(row, lexicon),
            words::kind(row.license_type),
            words::state(row)
        ),
        words::since(row.since, row.since_basis),
    ];
    parts.extend(Some(words::scope(row)).filter(|scope| !scope.is_empty()));
    parts.extend(Some(words::ending(row, today)).filter(|ending| !ending.is_empty()));
    let mut text = format!("{} ({}).", parts.join("; "), words::origins(row));
    for contradiction in &row.contradictions {
        let sides: Vec<&str> = contradiction.sides.iter().map(|(said, _)| said.as_str()).collect();
        text.push_str(&format!(
            " Claims differ on {}: {}.",
            contradiction.about,
            sides.join(" / ")
        ));
    }
    for doubt in &row.doubts {
        text.push_str(&format!(" Note: {doubt}."));
    }
    text
}

fn said(kind: DeskKind, text: String, claim: &Claim) -> DeskEntry {
    DeskEntry {
        kind,
        text,
        quote: claim.quote.clone(),
        publisher: claim.publisher.clone(),
        url: claim.url.clone(),
        days: None,
    }
}

/// Announcements and listings that articles of the window brought.
fn found(after: &Evidence, opens: DateTime<Utc>) -> Vec<DeskEntry> {
    let oldest = opens.date_naive() - Days::new(FRESH_DAYS);
    let regime = after.regime.iter().filter(|noted| noted.first_seen > opens);
    let regime = regime.map(|noted| &noted.record).filter(|event| event.announced >= oldest);
    let listed = after.restrictions.iter().filter(|noted| noted.first_seen > opens);
    let listed = listed.map(|noted| &noted.record).filter(|restriction| {
        restriction.effective.is_none_or(|effective| effective.first_day() >= oldest)
    });
    let mut entries: Vec<DeskEntry> = regime.map(announcement).chain(listed.map(listing)).collect();
    entries.dedup_by(|a, b| a.text == b.text);
    entries
}

fn announcement(event: &RegimeEvent) -> DeskEntry {
    let until = event.suspended_until.map(|until| format!(" Until {}.", words::day(until)));
    DeskEntry {
        kind: DeskKind::Regime,
        text: format!(
            "{}: {}.{}",
            event.announcement,
            event.what.trim_end_matches('.'),
            until.unwrap_or_default()
        ),
        quote: String::new(),
        publisher: event.publisher.clone(),
        url: event.url.clone(),
        days: None,
    }
}

fn listing(restriction: &Restriction) -> DeskEntry {
    let list = match restriction.kind {
        RestrictionKind::ControlList => "export control list",
        RestrictionKind::WatchList => "watch list",
        RestrictionKind::Country => "country restriction",
    };
    DeskEntry {
        kind: DeskKind::Regime,
        text: format!(
            "{} ({list}): {}.",
            restriction.announcement,
            restriction.what.trim_end_matches('.')
        ),
        quote: restriction.quote.clone(),
        publisher: restriction.publisher.clone(),
        url: restriction.url.clone(),
        days: None,
    }
}

// ---------------------------------------------------------------- countdowns

/// The civil days of a window's ends.
struct Span {
    yesterday: NaiveDate,
    today: NaiveDate,
}

impl Span {
    /// Days left until `day`, if the window met one of the marks on the way to it.
    fn mark(&self, day: NaiveDate) -> Option<i64> {
        let days = (day - self.today).num_days();
        // A window of several days counts for every day in it, its last one at least.
        let before = (day - self.yesterday).num_days().max(days + 1);
        let met = |mark: i64| days <= mark && mark < before;
        let marked = MARKS.into_iter().any(met) || (AFTER..=LAST_DAYS).any(met);
        marked.then_some(days)
    }
}

fn countdown(text: String, publisher: &str, url: &str, days: i64) -> DeskEntry {
    DeskEntry {
        kind: DeskKind::Due,
        text,
        quote: String::new(),
        publisher: publisher.to_owned(),
        url: url.to_owned(),
        days: Some(days),
    }
}

/// `ends` or `was to end`, with the distance and the day.
fn when(days: i64, day: NaiveDate) -> String {
    let verb = if days < 0 { "was to end" } else { "ends" };
    format!("{verb} {}, on {}", words::left(days), words::day(day))
}

fn suspended(curated: &Curated, span: &Span) -> Vec<DeskEntry> {
    let entry = |s: super::regime::Suspension<'_>| {
        let days = span.mark(s.until)?;
        let note = words::first_clause(&s.by.note);
        let note = if note.is_empty() { String::new() } else { format!(" Not verified: {note}.") };
        let after = if days < 0 { "; what came after was not seen" } else { "" };
        let text = format!(
            "The suspension of {} {}{after}.{note}",
            words::numbers(&s.of),
            when(days, s.until)
        );
        Some(countdown(text, &s.by.publisher, &s.by.url, days))
    };
    suspensions(curated, span.today).into_iter().filter_map(entry).collect()
}

/// Licenses whose reported terms end on one day, by one source.
struct Ending<'a> {
    day: NaiveDate,
    date: PartialDate,
    license_type: LicenseType,
    claim: &'a Claim,
    rows: Vec<&'a Row>,
}

impl Ending<'_> {
    /// `General licenses of JL MAG and Ningbo Yunsheng`.
    fn holders(&self, lexicon: &Lexicon) -> String {
        let names: Vec<String> = self.rows.iter().map(|row| words::named(row, lexicon)).collect();
        let kind = match self.license_type {
            LicenseType::General => "General license",
            LicenseType::Individual => "Individual license",
            LicenseType::Unspecified => "License",
        };
        let s = if names.len() == 1 { "" } else { "s" };
        format!("{kind}{s} of {}", words::listed(&names))
    }
}

fn ending(register: &Register) -> Vec<Ending<'_>> {
    let mut groups: Vec<Ending<'_>> = Vec::new();
    let running = register.rows.iter().filter(|row| row.is_held());
    for row in running {
        let (Some(ends), Some(claim)) = (row.ends, row.best()) else { continue };
        let day = ends.date.first_day();
        let same = groups.iter_mut().find(|group| {
            group.date == ends.date
                && group.license_type == row.license_type
                && group.claim.publisher == claim.publisher
        });
        match same {
            Some(group) => group.rows.push(row),
            None => groups.push(Ending {
                day,
                date: ends.date,
                license_type: row.license_type,
                claim,
                rows: vec![row],
            }),
        }
    }
    groups.sort_by_key(|group| group.day);
    groups
}

fn licenses(register: &Register, span: &Span, lexicon: &Lexicon) -> Vec<DeskEntry> {
    let entry = |group: Ending<'_>| {
        let days = span.mark(group.day)?;
        let day = match group.date {
            PartialDate::Day(day) => format!("{}, on {}", words::left(days), words::day(day)),
            PartialDate::Month(..) => format!("in {}", words::date(group.date)),
        };
        let verb = match (days < 0, group.rows.len()) {
            (true, 1) => "was to end",
            (true, _) => "were to end",
            (false, 1) => "ends",
            (false, _) => "end",
        };
        let text = format!(
            "{} {verb} {day}, by the reported term; no renewal and no expiry has been seen.",
            group.holders(lexicon)
        );
        Some(countdown(text, &group.claim.publisher, &group.claim.url, days))
    };
    ending(register).into_iter().filter_map(entry).collect()
}

fn watched(curated: &Curated, span: &Span) -> Vec<DeskEntry> {
    curated
        .watch
        .iter()
        .filter(|watch| watch.countdown)
        .filter_map(|watch| {
            let days = span.mark(watch.date)?;
            let text =
                format!("{}: {}, {}.", words::day(watch.date), watch.what, words::left(days));
            let url = watch.url.as_deref().unwrap_or_default();
            Some(countdown(text, "curated calendar", url, days))
        })
        .collect()
}
