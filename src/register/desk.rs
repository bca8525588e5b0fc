//! The brief's license desk: what changed in a window, and what comes to its end.
//!
//! What was known before and after the window is folded on the same day, so time
//! alone is no news here; the countdowns are time's. Lines stand in the order in
//! which they matter to a buyer, so that whoever shows a few shows those.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::lexicon::Lexicon;
use crate::model::article::{CompanyId, Element};
use crate::model::brief::Upcoming;
use crate::model::license::{
    Certainty, Claim, DeskEntry, DeskKind, DeskRow, LicenseType, RegimeEvent, Restriction,
    RestrictionKind,
};
use crate::register::comments::closing;
use crate::register::fold::{Register, fold};
use crate::register::handle::argument;
use crate::register::news::{news, oldest};
use crate::register::origin::{Trust, trust};
use crate::register::regime::{Status, Suspension, numbers_of, status, suspended_by, suspensions};
use crate::register::row::{Ends, Row};
use crate::register::{Curated, Evidence, Noted, Watch, words};

/// The days before an end at which the desk says so; the last week it says so daily.
const MARKS: [i64; 2] = [60, 30];
/// From here on, every day.
const LAST_DAYS: i64 = 7;
/// And once on the day after, that what came then was not seen.
const AFTER: i64 = -1;
/// How far ahead "Watch next" looks, in days.
const AHEAD: i64 = 60;

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
    let mut lines = news(&before, &known, opens, lexicon);
    lines.extend(withdrawn(&before, &known, lexicon));
    lines.extend(found(curated, &after, opens));
    let span = Span { yesterday, today };
    lines.extend(suspended(curated, &span));
    lines.extend(licenses(&known, &span, lexicon));
    lines.extend(watched(curated, &span));
    in_order(lines)
}

/// How much a line of the desk matters to a buyer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// A named holder's license is in question or gone.
    Grave,
    /// A named holder has one that it was not known to have.
    Granted,
    /// Something ends within a week.
    Soon,
    /// The rules changed.
    Regime,
    /// Something ends later.
    Later,
    /// What else is new.
    Rest,
    /// What is no news, in one line.
    Summary,
}

/// A line and what gives it its place: its rank, then who stands behind it and how far they are
/// trusted, then the days until it matters.
pub(super) struct Line {
    pub(super) rank: Rank,
    pub(super) within: (Certainty, Trust, i64),
    pub(super) entry: DeskEntry,
}

/// Lines of one rank that are not about trust.
const PLAIN: (Certainty, Trust, i64) = (Certainty::Reported, Trust(8), i64::MAX);

fn in_order(mut lines: Vec<Line>) -> Vec<DeskEntry> {
    let key = |line: &Line| {
        let DeskEntry { text, url, .. } = &line.entry;
        (line.rank, line.within, text.clone(), url.clone())
    };
    lines.sort_by_key(key);
    let placed = lines.into_iter().zip(0..);
    placed.map(|(line, place)| DeskEntry { place, ..line.entry }).collect()
}

/// Dated events of the coming weeks, soonest first.
#[must_use]
pub fn upcoming(curated: &Curated, register: &Register, lexicon: &Lexicon) -> Vec<Upcoming> {
    let dates = dates(curated, &Evidence::default(), register, lexicon, AHEAD);
    let event = |c: Coming| Upcoming { date: c.date, what: c.what, url: web(&c.url) };
    dates.into_iter().map(event).collect()
}

/// A day to come, why it matters, and whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// What it goes by, the same as long as its date stands.
    pub key: String,
    /// The day.
    pub date: NaiveDate,
    /// What is expected, one sentence without a full stop.
    pub what: String,
    /// What kind of day it is.
    pub kind: ComingKind,
    /// Who says so.
    pub publisher: String,
    /// Where; empty when at no page.
    pub url: String,
    /// Elements it concerns; none where it is not about some in particular.
    pub elements: Vec<Element>,
    /// Companies it concerns; none likewise.
    pub companies: Vec<CompanyId>,
    /// The sentence that says so, in its own language; empty where none is at hand.
    pub quote: String,
}

/// What kind of day is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComingKind {
    /// The reported term of a license ends.
    License,
    /// A suspension ends.
    Suspension,
    /// An announcement takes effect.
    Announcement,
    /// Comments on something are taken until then.
    Comments,
    /// A day of a calendar.
    Calendar,
}

/// The days of the next `ahead` days that claims, announcements and the curated days to watch
/// give, soonest first. Announcements found in articles count where they bring what is not curated.
#[must_use]
pub fn dates(
    curated: &Curated,
    evidence: &Evidence,
    register: &Register,
    lexicon: &Lexicon,
    ahead: i64,
) -> Vec<Coming> {
    let today = register.today;
    let mut list = Vec::new();
    for suspension in suspensions(curated, today) {
        let Suspension { by, until, of } = suspension;
        list.push(Coming {
            what: format!("Suspension of {} ends, unless extended", words::numbers(&of)),
            ..of_regime(ComingKind::Suspension, until, by, &of)
        });
    }
    for event in &curated.regime {
        if let Status::From(day) = status(curated, event, today) {
            list.push(Coming {
                what: format!("{} takes effect", event.announcement),
                ..of_regime(ComingKind::Announcement, day, event, &[event])
            });
        }
    }
    list.extend(ending(register).iter().map(|group| group.coming(lexicon)));
    for watch in &curated.watch {
        list.push(Coming {
            key: format!("watch:{}:{}", watch.date, watch.what),
            date: watch.date,
            what: watch.what.clone(),
            kind: ComingKind::Calendar,
            publisher: String::new(),
            url: watch.url.clone().unwrap_or_default(),
            elements: Vec::new(),
            companies: Vec::new(),
            quote: String::new(),
        });
    }
    list.extend(found_dates(curated, evidence, today));
    list.extend(evidence.comments.iter().map(|noted| closing(&noted.record)));
    list.retain(|coming| (0..=ahead).contains(&(coming.date - today).num_days()));
    list.sort_by(|a, b| (a.date, &a.what).cmp(&(b.date, &b.what)));
    list.dedup_by(|a, b| (a.date, &a.what) == (b.date, &b.what));
    list
}

/// A day that an announcement gives, for some of them, without its sentence.
fn of_regime(kind: ComingKind, date: NaiveDate, by: &RegimeEvent, of: &[&RegimeEvent]) -> Coming {
    let mut elements: Vec<Element> = of.iter().flat_map(|event| event.elements.clone()).collect();
    let mut seen = std::collections::HashSet::new();
    elements.retain(|element| seen.insert(element.clone()));
    let name = if kind == ComingKind::Suspension { "suspension" } else { "announcement" };
    Coming {
        key: format!("{name}:{}:{date}", by.id),
        date,
        what: String::new(),
        kind,
        publisher: by.publisher.clone(),
        url: by.url.clone(),
        elements,
        companies: Vec::new(),
        quote: String::new(),
    }
}

/// Days that announcements found in articles give, beyond what is curated.
fn found_dates(curated: &Curated, evidence: &Evidence, today: NaiveDate) -> Vec<Coming> {
    let mut list = Vec::new();
    for event in evidence.regime.iter().map(|noted| &noted.record) {
        if !brings_something(curated, std::iter::empty(), event, today) {
            continue;
        }
        let name = words::numbers(&[event]);
        if let Some(until) = event.suspended_until {
            list.push(Coming {
                what: format!("Suspension of {name} ends, as {} reports", event.publisher),
                ..of_regime(ComingKind::Suspension, until, event, &[event])
            });
        }
        if let Some(day) = event.effective {
            list.push(Coming {
                what: format!("{name} takes effect, as {} reports", event.publisher),
                ..of_regime(ComingKind::Announcement, day, event, &[event])
            });
        }
    }
    // Several articles give one date; the first stands for all.
    let mut seen = std::collections::HashSet::new();
    list.retain(|coming: &Coming| seen.insert(coming.key.clone()));
    list
}

fn web(url: &str) -> Option<String> {
    (!url.is_empty()).then(|| url.to_owned())
}

// ---------------------------------------------------------------- news

/// Rows whose every claim the operator rejected in the window.
fn withdrawn(before: &Register, after: &Register, lexicon: &Lexicon) -> Vec<Line> {
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
            let claim = row.best()?;
            let entry = DeskEntry {
                kind: DeskKind::Changed,
                text,
                quote: claim.quote.clone(),
                publisher: claim.publisher.clone(),
                url: claim.url.clone(),
                days: None,
                place: 0,
                links: Vec::new(),
                rows: history_of(row, lexicon).into_iter().collect(),
            };
            Some(Line { rank: Rank::Rest, within: PLAIN, entry })
        })
        .collect()
}

/// Where a row that is gone can still be read of: at its holder, if that is a known one.
fn history_of(row: &Row, lexicon: &Lexicon) -> Option<DeskRow> {
    let holder = row.holder.as_ref().filter(|id| lexicon.company(id).is_some())?;
    Some(DeskRow { row: argument(holder.as_str()), ..words::desk_row(row, lexicon) })
}

/// Announcements and listings that articles of the window brought, those of one sentence together.
fn found(curated: &Curated, evidence: &Evidence, opens: DateTime<Utc>) -> Vec<Line> {
    let oldest = oldest(opens);
    let (earlier, new): (Vec<_>, Vec<_>) =
        evidence.regime.iter().partition(|noted| noted.first_seen <= opens);
    let mut together: Vec<Vec<&RegimeEvent>> = Vec::new();
    let new = new.into_iter().map(|noted| &noted.record);
    for event in new.filter(|event| event.announced >= oldest) {
        let earlier = earlier.iter().map(|noted| &noted.record);
        let known = together.iter().flatten().copied().chain(earlier);
        if !brings_something(curated, known, event, opens.date_naive()) {
            continue;
        }
        let same = together.iter_mut().find(|group| {
            (&group[0].url, &group[0].what) == (&event.url, &event.what)
                && group[0].suspended_until == event.suspended_until
        });
        match same {
            Some(group) => group.push(event),
            None => together.push(vec![event]),
        }
    }
    let mut lines: Vec<Line> = together.iter().map(|group| announcement(group)).collect();
    lines.extend(listed(curated, evidence, opens).into_iter().map(listing));
    lines
}

/// Whether an announcement is not known, or is said to be suspended for longer than is known.
fn brings_something<'a>(
    curated: &'a Curated,
    found: impl Iterator<Item = &'a RegimeEvent>,
    event: &RegimeEvent,
    today: NaiveDate,
) -> bool {
    let Some((_, year)) = event.announcement.rsplit_once(" of ") else { return false };
    let numbers = numbers_of(event);
    // A year that the sentence does not give beside the number was guessed.
    let spelled = numbers.iter().any(|n| {
        let ways = [
            format!("{n} of {year}"),
            format!("{n}/{year}"),
            format!("{n} ({year}"),
            format!("{year}年第{n}号"),
        ];
        ways.iter().any(|words| event.what.contains(words))
    });
    let known: Vec<&RegimeEvent> = curated
        .regime
        .iter()
        .filter(|known| !spelled || known.announcement.ends_with(&format!("of {year}")))
        .filter(|known| numbers_of(known).iter().any(|number| numbers.contains(number)))
        .chain(found.filter(|known| known.announcement == event.announcement))
        .collect();
    if known.is_empty() {
        // One of another year is looked back at, or misread.
        return event.announced.year().to_string() == year;
    }
    let until = |known: &RegimeEvent| {
        let curated = suspended_by(curated, known, today).map(|(_, until)| until);
        curated.max(known.suspended_until)
    };
    let longest = known.into_iter().filter_map(until).max();
    event.suspended_until.is_some_and(|until| until >= today && Some(until) > longest)
}

/// Whether an announcement found in an article at `now` is one that neither the curated history
/// nor the articles before tell, or is suspended for longer than they say.
#[must_use]
pub fn is_new_announcement(
    curated: &Curated,
    found: &[Noted<RegimeEvent>],
    event: &RegimeEvent,
    now: DateTime<Utc>,
) -> bool {
    let found = found.iter().map(|noted| &noted.record);
    event.announced >= oldest(now) && brings_something(curated, found, event, now.date_naive())
}

/// Whether a listing found in an article at `now` is one that neither the curated history nor the
/// articles before tell.
#[must_use]
pub fn is_new_listing(
    curated: &Curated,
    found: &[Noted<Restriction>],
    listing: &Restriction,
    now: DateTime<Utc>,
) -> bool {
    let same =
        |other: &Restriction| other.id == listing.id || other.announcement == listing.announcement;
    let known = found.iter().map(|noted| &noted.record).chain(&curated.restrictions).any(same);
    !known && listing.effective.is_none_or(|day| day.first_day() >= oldest(now))
}

fn announcement(events: &[&RegimeEvent]) -> Line {
    let event = events[0];
    let mut text = words::numbers(events);
    let effective = event.effective.map(|day| format!("in force from {}", words::day(day)));
    let until = event.suspended_until.map(|day| format!("suspended until {}", words::day(day)));
    let facts: Vec<String> = effective.into_iter().chain(until).collect();
    if !facts.is_empty() {
        text.push_str(&format!(": {}", facts.join("; ")));
    }
    text.push('.');
    // What an article says of it is the article's sentence.
    regime(text, event.what.clone(), &event.publisher, &event.url)
}

/// Listings of the window that are neither curated nor were found before.
fn listed<'a>(
    curated: &Curated,
    evidence: &'a Evidence,
    opens: DateTime<Utc>,
) -> Vec<&'a Restriction> {
    let oldest = oldest(opens);
    let mut new: Vec<&Restriction> = Vec::new();
    for noted in evidence.restrictions.iter().filter(|noted| noted.first_seen > opens) {
        let listing = &noted.record;
        let same = |other: &Restriction| {
            other.id == listing.id || other.announcement == listing.announcement
        };
        let earlier = evidence.restrictions.iter().filter(|other| other.first_seen <= opens);
        let known = curated.restrictions.iter().any(same)
            || earlier.map(|noted| &noted.record).any(same)
            || new.iter().any(|other| same(other));
        let is_old = listing.effective.is_some_and(|day| day.first_day() < oldest);
        if !known && !is_old {
            new.push(listing);
        }
    }
    new
}

fn listing(restriction: &Restriction) -> Line {
    let list = match restriction.kind {
        RestrictionKind::ControlList => "export control list",
        RestrictionKind::WatchList => "watch list",
        RestrictionKind::Country => "country restriction",
    };
    let what = restriction.what.trim_end_matches(['.', '。']);
    let text = format!("{} ({list}): {what}.", restriction.announcement);
    regime(text, restriction.quote.clone(), &restriction.publisher, &restriction.url)
}

fn regime(text: String, quote: String, publisher: &str, url: &str) -> Line {
    let entry = DeskEntry {
        kind: DeskKind::Regime,
        text,
        quote,
        publisher: publisher.to_owned(),
        url: url.to_owned(),
        days: None,
        place: 0,
        links: Vec::new(),
        rows: Vec::new(),
    };
    Line { rank: Rank::Regime, within: PLAIN, entry }
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

fn countdown(text: String, publisher: &str, url: &str, days: i64) -> Line {
    let entry = DeskEntry {
        kind: DeskKind::Due,
        text,
        quote: String::new(),
        publisher: publisher.to_owned(),
        url: url.to_owned(),
        days: Some(days),
        place: 0,
        links: Vec::new(),
        rows: Vec::new(),
    };
    let rank = if days <= LAST_DAYS { Rank::Soon } else { Rank::Later };
    Line { rank, within: (Certainty::Official, Trust(1), days), entry }
}

fn suspended(curated: &Curated, span: &Span) -> Vec<Line> {
    let line = |s: Suspension<'_>| {
        let days = span.mark(s.until)?;
        let verb = if days < 0 { "was to end" } else { "ends" };
        let note = words::first_clause(&s.by.note);
        let note = match note.as_str() {
            _ if days < 0 => "; what came after was not seen".to_owned(),
            "" => String::new(),
            note => format!("; {note}"),
        };
        let text = format!(
            "{}: suspension {verb} {}, {}{note}.",
            words::numbers(&s.of),
            words::day(s.until),
            words::left(days)
        );
        Some(countdown(text, &s.by.publisher, &s.by.url, days))
    };
    suspensions(curated, span.today).into_iter().filter_map(line).collect()
}

/// Licenses of one type whose reported terms end on one day.
struct Ending<'a> {
    day: NaiveDate,
    ends: Ends,
    license_type: LicenseType,
    /// The most trusted claim behind them.
    claim: &'a Claim,
    /// One of the unnamed at most: nobody knows whether they are the same.
    rows: Vec<&'a Row>,
}

impl Ending<'_> {
    /// `JL MAG and Ningbo Yunsheng`.
    fn holders(&self, lexicon: &Lexicon) -> String {
        let names: Vec<String> = self.rows.iter().map(|row| words::named(row, lexicon)).collect();
        words::listed(&names)
    }

    /// `general licenses`.
    fn licenses(&self) -> String {
        let kind = match self.license_type {
            LicenseType::General => "general license",
            LicenseType::Individual => "individual license",
            LicenseType::Unspecified => "license",
        };
        let s = if self.rows.len() == 1 { "" } else { "s" };
        format!("{kind}{s}")
    }

    /// Its day for those who look ahead.
    fn coming(&self, lexicon: &Lexicon) -> Coming {
        let verb = if self.rows.len() == 1 { "ends" } else { "end" };
        let licenses = self.licenses();
        let (first, rest) = licenses.split_at(1);
        let licenses = format!("{}{rest}", first.to_uppercase());
        let who = self.holders(lexicon);
        let companies: Vec<CompanyId> =
            self.rows.iter().filter_map(|row| row.holder.clone()).collect();
        let mut elements: Vec<Element> = Vec::new();
        for element in self.rows.iter().flat_map(|row| &row.scope.elements) {
            if !elements.contains(element) {
                elements.push(element.clone());
            }
        }
        let rows: Vec<&str> = self.rows.iter().map(|row| row.id.as_str()).collect();
        Coming {
            key: format!("license:{}:{}", self.day, rows.join(",")),
            date: self.day,
            what: format!("{licenses} of {who} {verb} by the reported term, unless renewed"),
            kind: ComingKind::License,
            publisher: self.claim.publisher.clone(),
            url: self.claim.url.clone(),
            elements,
            companies,
            quote: String::new(),
        }
    }

    fn takes(&self, row: &Row, ends: &Ends) -> bool {
        self.ends.date == ends.date
            && self.ends.months == ends.months
            && self.license_type == row.license_type
    }
}

/// The terms that run or ran out, soonest first.
fn ending(register: &Register) -> Vec<Ending<'_>> {
    let mut groups: Vec<Ending<'_>> = Vec::new();
    let running = register.rows.iter().filter(|row| row.is_held());
    for row in running {
        let (Some(ends), Some(claim)) = (row.ends, row.best()) else { continue };
        let Some(group) = groups.iter_mut().find(|group| group.takes(row, &ends)) else {
            let (day, license_type) = (ends.date.first_day(), row.license_type);
            groups.push(Ending { day, ends, license_type, claim, rows: vec![row] });
            continue;
        };
        let surer = trust(claim) < trust(group.claim);
        if surer {
            group.claim = claim;
        }
        let unnamed = group.rows.iter().position(|other| other.holder.is_none());
        match unnamed.filter(|_| row.holder.is_none()) {
            Some(at) if surer => group.rows[at] = row,
            Some(_) => {}
            None => group.rows.push(row),
        }
    }
    groups.sort_by_key(|group| group.day);
    groups
}

fn licenses(register: &Register, span: &Span, lexicon: &Lexicon) -> Vec<Line> {
    let line = |group: Ending<'_>| {
        let days = span.mark(group.day)?;
        let text = format!(
            "{}: {}, {}, {}; no renewal seen.",
            group.holders(lexicon),
            group.licenses(),
            words::backed_by(group.claim.certainty, group.claim),
            words::term_in_short(&group.ends, group.rows.len(), span.today)
        );
        let mut line = countdown(text, &group.claim.publisher, &group.claim.url, days);
        line.entry.rows = group.rows.iter().map(|row| words::desk_row(row, lexicon)).collect();
        Some(line)
    };
    ending(register).into_iter().filter_map(line).collect()
}

fn watched(curated: &Curated, span: &Span) -> Vec<Line> {
    let counted = curated.watch.iter().filter(|watch| watch.countdown);
    let line = |watch: &Watch| {
        let days = span.mark(watch.date)?;
        let text = format!("{}: {}, {}.", watch.what, words::day(watch.date), words::left(days));
        let url = watch.url.as_deref().unwrap_or_default();
        Some(countdown(text, "curated calendar", url, days))
    };
    counted.filter_map(line).collect()
}
