//! Dates as pages and feeds write them.
//!
//! A date without a zone is read in the zone given (the source's), and a day
//! without a time as noon there, so that it stays the same day almost anywhere.
//! `CST` and its like mean whatever the source's zone says.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use regex::Regex;

/// `2026-11-22`, `2026/11/22`, `2026.11.22`, `2026年11月22日`, with a time or without.
static NUMERIC: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (\d{4}) \s*[-/.年]\s* (\d{1,2}) \s*[-/.月]\s* (\d{1,2}) (?:\s*日)?
          (?: [T\s]+ (\d{1,2}) [:：] (\d{2}) (?: [:：] (\d{2}) )? (?:\.\d+)? \s* (Z|[+-]\d{2}:?\d{2})? )?",
    )
    .expect("a constant pattern")
});

/// `November 22, 2026`, `22 Nov 2026`, with a time or without.
static WORDED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (?: (\d{1,2}) (?:st|nd|rd|th)? \s+ )?
          (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec) [a-z]* \.? \s+
          (?: (\d{1,2}) (?:st|nd|rd|th)? ,? \s+ )? (\d{4})
          (?: [,\s]+ (?:at\s+)? (\d{1,2}) : (\d{2}) (?: : (\d{2}) )? \s* ([ap]m)? \s* (Z|GMT|UTC|[A-Z]{2,4}|[+-]\d{2}:?\d{2})? )?",
    )
    .expect("a constant pattern")
});

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The instant a text names, if it names one.
#[must_use]
pub fn parse_date(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return believable(at.to_utc());
    }
    if text.bytes().all(|b| b.is_ascii_digit()) && (9..=13).contains(&text.len()) {
        return epoch(text);
    }
    let found = numeric(text, zone).or_else(|| worded(text, zone));
    found.or_else(|| two_digit_year(text)).and_then(believable)
}

/// `Sat, 07 Sep 02 00:00:01 GMT`, as RSS 0.91 was dated.
fn two_digit_year(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.to_utc())
}

/// Seconds or milliseconds since 1970.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let number: i64 = text.parse().ok()?;
    let millis = if text.len() > 10 { number } else { number.checked_mul(1000)? };
    DateTime::from_timestamp_millis(millis).and_then(believable)
}

/// Between 1990 and 2100: anything else is a slip.
fn believable(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let year = chrono::Datelike::year(&at);
    (1990..2100).contains(&year).then_some(at)
}

fn numeric(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    let found = NUMERIC.captures(text)?;
    let number = |i: usize| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
    let day = NaiveDate::from_ymd_opt(number(1)?.try_into().ok()?, number(2)?, number(3)?)?;
    let time = match (number(4), number(5)) {
        (Some(hour), Some(minute)) => NaiveTime::from_hms_opt(hour, minute, number(6).unwrap_or(0)),
        _ => None,
    };
    settle(day, time, found.get(7).map(|m| m.as_str()), zone)
}

fn worded(text: &str, zone: Option<Tz>) -> Option<DateTime<Utc>> {
    let found = WORDED.captures(text)?;
    let number = |i: usize| found.get(i).and_then(|m| m.as_str().parse::<u32>().ok());
    let month = found.get(2)?.as_str().to_ascii_lowercase();
    let month = MONTHS.iter().position(|m| *m == month)?;
    let day = number(1).or(number(3))?;
    let date =
        NaiveDate::from_ymd_opt(number(4)?.try_into().ok()?, u32::try_from(month).ok()? + 1, day)?;
    let time = match (number(5), number(6)) {
        (Some(hour), Some(minute)) => {
            let hour = match found.get(8).map(|m| m.as_str().to_ascii_lowercase()).as_deref() {
                Some("pm") if hour < 12 => hour + 12,
                Some("am") if hour == 12 => 0,
                _ => hour,
            };
            NaiveTime::from_hms_opt(hour, minute, number(7).unwrap_or(0))
        }
        _ => None,
    };
    settle(date, time, found.get(9).map(|m| m.as_str()), zone)
}

/// Day, time and zone as one instant.
fn settle(
    day: NaiveDate,
    time: Option<NaiveTime>,
    offset: Option<&str>,
    zone: Option<Tz>,
) -> Option<DateTime<Utc>> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0)?;
    let wall = day.and_time(time.unwrap_or(noon));
    if let Some(fixed) = offset.and_then(fixed_offset) {
        return fixed.from_local_datetime(&wall).single().map(|at| at.to_utc());
    }
    Some(in_zone(wall, zone.unwrap_or(Tz::UTC)))
}

/// A wall-clock time in a zone; in the gap of a clock change an hour later, in the fold the first.
fn in_zone(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&wall).earliest();
    let found = found
        .or_else(|| zone.from_local_datetime(&(wall + chrono::TimeDelta::hours(1))).earliest());
    found.map_or_else(|| wall.and_utc(), |at| at.to_utc())
}

/// Offsets that mean one thing only. Abbreviations shared by several zones are left to the
/// source's zone.
fn fixed_offset(text: &str) -> Option<FixedOffset> {
    let hours = match text.to_ascii_uppercase().as_str() {
        "Z" | "GMT" | "UTC" | "UT" => 0,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "CET" => 1,
        "CEST" => 2,
        "JST" | "KST" => 9,
        "HKT" => 8,
        other => return numeric_offset(other),
    };
    FixedOffset::east_opt(hours * 3600)
}

fn numeric_offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let (hours, minutes) = digits.split_at_checked(2)?;
    let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().unwrap_or(0) * 60;
    FixedOffset::east_opt(sign * seconds)
}
