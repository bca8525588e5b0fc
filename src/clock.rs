//! Time as an argument for the edges that must wait, and what an instant's zone is called.
//!
//! Everything else gets `now` as a value. The one clock that is real lives in
//! `app`; tests step theirs by hand, so nothing in them sleeps.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;

/// Something that knows the time and can wait.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
    /// Resolves once `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Abbreviations that stand for more than one zone.
const AMBIGUOUS: &[&str] = &["CST", "IST", "BST", "AST", "GST", "SST"];

/// What a zone is called at an instant: its abbreviation (`EST`), or its city where there is no
/// abbreviation or it means other zones as well (`Shanghai time`).
#[must_use]
pub fn zone_label(at: DateTime<Utc>, zone: Tz) -> String {
    if is_offset(zone) {
        return zone_name(zone);
    }
    let short = at.with_timezone(&zone).format("%Z").to_string();
    if short.chars().all(char::is_alphabetic) && !AMBIGUOUS.contains(&short.as_str()) {
        return short;
    }
    let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    format!("{city} time")
}

/// What a zone is called whatever the time of year: its IANA name, or `UTC+8` where it is nothing
/// but a distance from UTC.
#[must_use]
pub fn zone_name(zone: Tz) -> String {
    // The tz database counts these the other way round: Etc/GMT-8 is ahead of UTC.
    match zone.name().strip_prefix("Etc/GMT") {
        Some(rest) if is_offset(zone) => match rest.strip_prefix('-') {
            Some(ahead) => format!("UTC+{ahead}"),
            None => rest.replace('+', "UTC-"),
        },
        _ => zone.name().to_owned(),
    }
}

fn is_offset(zone: Tz) -> bool {
    let hours = zone.name().strip_prefix("Etc/GMT").and_then(|rest| rest.strip_prefix(['-', '+']));
    hours.is_some_and(|hours| hours != "0")
}
