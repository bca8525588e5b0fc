//! When editions close: the operator's cron line and each chat's own hour, right over clock changes.
//!
//! Times are evaluated on the wall clock and mapped to instants here: a time
//! that does not exist happens at the first minute that does, one that exists
//! twice happens the first time. Nothing here reads a clock.

mod places;
mod typed;

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use chrono::offset::LocalResult;
use chrono::{
    DateTime, Datelike, Duration, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
    Weekday,
};
use chrono_tz::Tz;

pub use typed::{Unclear, parse_time, parse_zone, typed};

use crate::clock;
use crate::model::subscription::{Destination, Series, Subscription};

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

/// Who is due when: chats by the hour they asked for, so that finding who is due looks at hours that
/// come and not at every chat. The same chats as asking `slot_between` for each, on every day of the
/// week: a day that a chat does not take is looked at, too.
#[derive(Debug, Default)]
pub struct Agenda {
    /// Instants up to here are over.
    over: DateTime<Utc>,
    hours: Vec<Hour>,
    known: HashMap<(NaiveTime, Tz), usize>,
    /// Hours that somebody asked for, by when they come next.
    next: BTreeSet<(DateTime<Utc>, usize)>,
    /// Who follows the main or the weekly edition instead of having an hour.
    followers: BTreeSet<Destination>,
    /// Where each chat stands; none where it follows the main edition.
    places: HashMap<Destination, Option<usize>>,
}

/// An hour of the day in a zone.
#[derive(Debug)]
struct Hour {
    at: NaiveTime,
    zone: Tz,
    next: DateTime<Utc>,
    chats: BTreeSet<Destination>,
}

impl Agenda {
    /// Takes up a subscription, or what has changed of it; one that is paused, or wants alerts only, is
    /// never due.
    pub fn put(&mut self, subscription: &Subscription) {
        let to = &subscription.to;
        self.remove(to);
        if subscription.paused.is_some() || subscription.series == Series::Alerts {
            return;
        }
        let own = subscription.at.filter(|_| subscription.series == Series::Daily);
        let Some(at) = own else {
            self.followers.insert(to.clone());
            self.places.insert(to.clone(), None);
            return;
        };
        let (zone, over) = (subscription.zone, self.over);
        let place = *self.known.entry((at, zone)).or_insert_with(|| {
            self.hours.push(Hour { at, zone, next: over, chats: BTreeSet::new() });
            self.hours.len() - 1
        });
        let hour = &mut self.hours[place];
        if hour.chats.is_empty() {
            hour.next = next_slot(at, zone, &[], over);
            self.next.insert((hour.next, place));
        }
        hour.chats.insert(to.clone());
        self.places.insert(to.clone(), Some(place));
    }

    /// Forgets a chat.
    pub fn remove(&mut self, to: &Destination) {
        match self.places.remove(to) {
            None => {}
            Some(None) => {
                self.followers.remove(to);
            }
            Some(Some(place)) => {
                let hour = &mut self.hours[place];
                hour.chats.remove(to);
                if hour.chats.is_empty() {
                    self.next.remove(&(hour.next, place));
                }
            }
        }
    }

    /// The chats whose hour comes after `from` and not after `now`. Asking again for the same or a
    /// later time is quick; asking for an earlier one looks at every hour anew.
    pub fn due(&mut self, from: DateTime<Utc>, now: DateTime<Utc>) -> Vec<Destination> {
        let before: Vec<_> = if from < self.over {
            std::mem::take(&mut self.next).into_iter().collect()
        } else {
            let later = self.next.split_off(&(from + TimeDelta::nanoseconds(1), 0));
            std::mem::replace(&mut self.next, later).into_iter().collect()
        };
        self.over = from;
        for (_, place) in before {
            let hour = &mut self.hours[place];
            hour.next = next_slot(hour.at, hour.zone, &[], from);
            self.next.insert((hour.next, place));
        }
        let due = self.next.iter().take_while(|(next, _)| *next <= now);
        due.flat_map(|(_, place)| self.hours[*place].chats.iter().cloned()).collect()
    }

    /// The chats that follow the main or the weekly edition.
    pub fn followers(&self) -> impl Iterator<Item = &Destination> {
        self.followers.iter()
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
