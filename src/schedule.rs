//! When editions close: the operator's cron line and each chat's own hour, right over clock changes.
//!
//! Times are evaluated on the wall clock and mapped to instants here: a time
//! that does not exist happens at the first minute that does, one that exists
//! twice happens the first time. Nothing here reads a clock.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use chrono::offset::LocalResult;
use chrono::{
    DateTime, Datelike, Duration, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike, Utc,
    Weekday,
};
use chrono_tz::Tz;

use crate::clock;
use crate::model::subscription::{Destination, Subscription};

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
/// come and not at every chat. The same chats as asking `slot_between` for each.
#[derive(Debug, Default)]
pub struct Agenda {
    /// Instants up to here are over.
    over: DateTime<Utc>,
    hours: Vec<Hour>,
    known: HashMap<(NaiveTime, Tz, u8), usize>,
    /// Hours that somebody asked for, by when they come next.
    next: BTreeSet<(DateTime<Utc>, usize)>,
    /// Who follows the main edition instead of having an hour.
    followers: BTreeSet<Destination>,
    /// Where each chat stands; none where it follows the main edition.
    places: HashMap<Destination, Option<usize>>,
}

/// An hour of the day in a zone, on some days.
#[derive(Debug)]
struct Hour {
    at: NaiveTime,
    zone: Tz,
    weekdays: Vec<Weekday>,
    next: DateTime<Utc>,
    chats: BTreeSet<Destination>,
}

impl Agenda {
    /// Takes up a subscription, or what has changed of it; one that is paused is never due.
    pub fn put(&mut self, subscription: &Subscription) {
        let to = &subscription.to;
        self.remove(to);
        if subscription.paused.is_some() {
            return;
        }
        let Some(at) = subscription.at else {
            self.followers.insert(to.clone());
            self.places.insert(to.clone(), None);
            return;
        };
        let (zone, over) = (subscription.zone, self.over);
        let days = |mask: u8, day: &Weekday| mask | 1 << day.num_days_from_monday();
        let key = (at, zone, subscription.weekdays.iter().fold(0, days));
        let place = *self.known.entry(key).or_insert_with(|| {
            let weekdays = subscription.weekdays.clone();
            self.hours.push(Hour { at, zone, weekdays, next: over, chats: BTreeSet::new() });
            self.hours.len() - 1
        });
        let hour = &mut self.hours[place];
        if hour.chats.is_empty() {
            hour.next = next_slot(at, zone, &hour.weekdays, over);
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
            hour.next = next_slot(hour.at, hour.zone, &hour.weekdays, from);
            self.next.insert((hour.next, place));
        }
        let due = self.next.iter().take_while(|(next, _)| *next <= now);
        due.flat_map(|(_, place)| self.hours[*place].chats.iter().cloned()).collect()
    }

    /// The chats that follow the main edition.
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

/// Abbreviations that mean several zones, and what to write instead.
const AMBIGUOUS: &[(&str, &str)] = &[
    ("cst", "America/Chicago or Asia/Shanghai"),
    ("ist", "Asia/Kolkata, Europe/Dublin or Asia/Jerusalem"),
    ("bst", "Europe/London or Asia/Dhaka"),
    ("ast", "America/Halifax or Asia/Riyadh"),
    ("gst", "Asia/Dubai or Atlantic/South_Georgia"),
    ("sst", "Asia/Singapore or Pacific/Pago_Pago"),
];

/// Names people use that no IANA name ends in.
const NICKNAMES: &[(&str, Tz)] = &[
    ("beijing", Tz::Asia__Shanghai),
    ("shenzhen", Tz::Asia__Shanghai),
    ("ganzhou", Tz::Asia__Shanghai),
    ("china", Tz::Asia__Shanghai),
    ("frankfurt", Tz::Europe__Berlin),
    ("munich", Tz::Europe__Berlin),
    ("hamburg", Tz::Europe__Berlin),
    ("germany", Tz::Europe__Berlin),
    ("washington", Tz::America__New_York),
    ("boston", Tz::America__New_York),
    ("miami", Tz::America__New_York),
    ("houston", Tz::America__Chicago),
    ("dallas", Tz::America__Chicago),
    ("san francisco", Tz::America__Los_Angeles),
    ("seattle", Tz::America__Los_Angeles),
    ("mumbai", Tz::Asia__Kolkata),
    ("delhi", Tz::Asia__Kolkata),
    ("new delhi", Tz::Asia__Kolkata),
    ("india", Tz::Asia__Kolkata),
    ("osaka", Tz::Asia__Tokyo),
    ("japan", Tz::Asia__Tokyo),
    ("korea", Tz::Asia__Seoul),
    ("canberra", Tz::Australia__Sydney),
    ("geneva", Tz::Europe__Zurich),
    ("utc", Tz::UTC),
    ("gmt", Tz::UTC),
    ("cet", Tz::Europe__Berlin),
    ("cest", Tz::Europe__Berlin),
    ("eet", Tz::Europe__Kyiv),
    ("est", Tz::America__New_York),
    ("edt", Tz::America__New_York),
    ("et", Tz::America__New_York),
    ("cdt", Tz::America__Chicago),
    ("mst", Tz::America__Denver),
    ("mdt", Tz::America__Denver),
    ("pst", Tz::America__Los_Angeles),
    ("pdt", Tz::America__Los_Angeles),
    ("pt", Tz::America__Los_Angeles),
    ("jst", Tz::Asia__Tokyo),
    ("kst", Tz::Asia__Seoul),
    ("hkt", Tz::Asia__Hong_Kong),
    ("aest", Tz::Australia__Sydney),
    ("awst", Tz::Australia__Perth),
];

/// Reads a zone as people write it: an IANA name, a city, a common abbreviation.
///
/// # Errors
///
/// One sentence that says what to write instead.
pub fn parse_zone(text: &str) -> Result<Tz, String> {
    let wanted = text.trim().to_lowercase().replace('_', " ");
    if let Some((_, choices)) = AMBIGUOUS.iter().find(|(name, _)| *name == wanted) {
        return Err(format!(
            "{} means more than one zone. Write {choices}.",
            text.trim().to_uppercase()
        ));
    }
    if let Some((_, zone)) = NICKNAMES.iter().find(|(name, _)| *name == wanted) {
        return Ok(*zone);
    }
    let plain = |zone: &Tz| zone.name().to_lowercase().replace('_', " ");
    let whole = chrono_tz::TZ_VARIANTS.iter().find(|zone| plain(zone) == wanted);
    let city = || {
        chrono_tz::TZ_VARIANTS.iter().find(|zone| {
            zone.name().contains('/') && plain(zone).rsplit('/').next() == Some(wanted.as_str())
        })
    };
    whole.or_else(city).copied().ok_or_else(|| {
        format!("I know no time zone {:?}. Write a large city (Shanghai) or a name such as Europe/Berlin.", text.trim())
    })
}

/// Reads `7:30 Shanghai`, `07:30 Asia/Shanghai`, `7.30am CET`, `7am`, `0730`.
///
/// # Errors
///
/// One sentence that says what to write instead.
pub fn parse_time(text: &str) -> Result<(NaiveTime, Option<Tz>), String> {
    let lower = text.trim().to_lowercase();
    let end = lower
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.')))
        .unwrap_or(lower.len());
    let (digits, rest) = lower.split_at(end);
    let rest = rest.trim_start();
    let (half, zone) = match rest.get(..2) {
        Some(mark @ ("am" | "pm")) if !rest[2..].starts_with(char::is_alphabetic) => {
            (Some(mark), &rest[2..])
        }
        _ => (None, rest),
    };
    let wrong = || {
        format!(
            "{:?} is no time of day. Write it as 7:30, 07:30 or 7am, and a city if you like: 7:30 Shanghai.",
            text.trim()
        )
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) => (hour, minute),
        None if digits.len() == 4 => digits.split_at(2),
        None => (digits, "0"),
    };
    let hour: u32 = hour.parse().map_err(|_| wrong())?;
    let minute: u32 = minute.parse().map_err(|_| wrong())?;
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return Err(wrong()),
        Some("pm") if hour < 12 => hour + 12,
        Some("am") if hour == 12 => 0,
        _ => hour,
    };
    let time = NaiveTime::from_hms_opt(hour, minute, 0).ok_or_else(wrong)?;
    let zone = zone.trim().trim_start_matches([',', ' ']).trim_start_matches("in ").trim();
    let zone = if zone.is_empty() { None } else { Some(parse_zone(zone)?) };
    Ok((time, zone))
}

/// An instant as people say it: `Tue 24 Nov 2026, 07:00 EST`.
#[must_use]
pub fn spoken(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).format("%a %-d %b %Y, %H:%M");
    format!("{local} {}", clock::zone_label(at, zone))
}
