//! When editions close: the operator's cron line and each chat's own hour, right over clock changes.
//!
//! Times are evaluated on the wall clock and mapped to instants here: a time
//! that does not exist happens at the first minute that does, one that exists
//! twice happens the first time. Nothing here reads a clock.

mod places;
mod typed;

use std::str::FromStr;

use chrono::offset::LocalResult;
use chrono::{
    DateTime, Datelike, Duration, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
    Weekday,
};
use chrono_tz::Tz;

pub use typed::{Unclear, parse_time, parse_zone, typed};

use crate::clock;

/// A parsed cron line.
#[derive(Clone, Debug)]
pub struct Cron(cron::Schedule);

impl Cron {
    /// Reads a line of six fields, seconds first, or of five without them.
    ///
    /// # Errors
    ///
    /// One sentence that says what to write instead.
    pub fn parse(line: &str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let whole = match fields.len() {
            5 => format!("0 {}", fields.join(" ")),
            6 => fields.join(" "),
            _ => {
                return Err(format!(
                    "{line:?} has {} fields; write six: second minute hour day month weekday, such as \"0 0 7 * * *\"",
                    fields.len()
                ));
            }
        };
        let weekday = fields.last().copied().unwrap_or_default();
        if weekday.chars().any(|c| c.is_ascii_digit()) && !weekday.starts_with("*/") {
            return Err(format!(
                "weekday {weekday:?}: write names (MON-FRI); numbers mean different days in different crons"
            ));
        }
        let schedule = cron::Schedule::from_str(&whole).map_err(|_| {
            format!("{line:?} is no cron line; an example is \"0 0 7 * * *\", every day at 7:00")
        })?;
        Ok(Self(schedule))
    }

    /// The first firing after an instant.
    #[must_use]
    pub fn next(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.from(zone, after).take(20_000).find(|at| *at > after)
    }

    /// The last firing at or before an instant, looking back eight days.
    #[must_use]
    pub fn previous(&self, zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // Lines that fire often would need many steps: look at the last minutes first.
        let spans = [90, 2 * 3600, 26 * 3600, 8 * 24 * 3600];
        spans.into_iter().find_map(|seconds| {
            let start = at - TimeDelta::seconds(seconds);
            self.from(zone, start).take_while(|fired| *fired <= at).last()
        })
    }

    /// The firings at wall-clock times after the one an instant shows, in order. Later times on
    /// the wall are never earlier instants here, and a wall-clock time is never later than the
    /// instant that shows it, so that none after `after` is missed. In an hour that comes twice
    /// the first few may lie before `after`.
    fn from(&self, zone: Tz, after: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> + '_ {
        let wall = after.with_timezone(&zone).naive_local();
        self.0.after_owned(wall.and_utc()).map(move |at| instant(zone, at.naive_utc()))
    }
}

/// The instant of a wall-clock time.
#[must_use]
pub fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.to_utc(),
        LocalResult::None => {
            // Gaps are at most a few hours long, and in one case a day: Samoa skipped one.
            let later = (1..=26 * 60).find_map(|minutes| {
                zone.from_local_datetime(&(wall + TimeDelta::minutes(minutes))).earliest()
            });
            later.map_or_else(|| wall.and_utc(), |at| at.to_utc())
        }
    }
}

/// The first instant after `after` at which it is `at` in `zone` on one of `weekdays` (empty:
/// any).
#[must_use]
pub fn next_slot(
    at: NaiveTime,
    zone: Tz,
    weekdays: &[Weekday],
    after: DateTime<Utc>,
) -> DateTime<Utc> {
    let today = after.with_timezone(&zone).date_naive() - Duration::days(1);
    let days = (0..10).map(|days| today + Duration::days(days));
    days.filter(|day| weekdays.is_empty() || weekdays.contains(&day.weekday()))
        .map(|day| instant(zone, day.and_time(at)))
        .find(|slot| *slot > after)
        .unwrap_or(after + Duration::days(1))
}

/// The latest instant at or before `at_most` and after `after` at which the slot fell, if it did.
#[must_use]
pub fn slot_between(
    at: NaiveTime,
    zone: Tz,
    weekdays: &[Weekday],
    after: DateTime<Utc>,
    at_most: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let mut found = None;
    let mut from = after.max(at_most - Duration::days(9));
    loop {
        let slot = next_slot(at, zone, weekdays, from);
        if slot > at_most {
            return found;
        }
        found = Some(slot);
        from = slot;
    }
}

/// A time rounded to the quarter of an hour.
#[must_use]
pub fn rounded(at: NaiveTime) -> NaiveTime {
    let quarters = (at.hour() * 60 + at.minute() + 7) / 15 % 96;
    NaiveTime::from_hms_opt(quarters / 4, quarters % 4 * 15, 0).unwrap_or(at)
}

/// An instant as people say it: `Tue 24 Nov 2026, 07:00 EST`.
#[must_use]
pub fn spoken(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M");
    format!("{local} {}", clock::zone_label(at, zone))
}
