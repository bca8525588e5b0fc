//! When a chat is told: at once, when its quiet hours end, or together with others.
//!
//! Nothing is dropped here; what waits is gathered into one message that says so.

use chrono::{DateTime, Duration, NaiveTime, SubsecRound as _, Utc};
use chrono_tz::Tz;

use crate::alert::rules::Limits;
use crate::model::alert::{Held, Severity};
use crate::model::subscription::Quiet;
use crate::schedule;

/// Something a chat was told lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recent {
    /// Its severity.
    pub severity: Severity,
    /// When that was decided.
    pub at: DateTime<Utc>,
    /// Until when it is held with others of a burst, if it is.
    pub held: Option<DateTime<Utc>>,
}

/// Until when an alert waits and why; `None` when it goes out at once. A burst is counted among
/// alerts that matter as much, so that what is grave never waits behind what is not.
#[must_use]
pub fn held(
    quiet: Option<(Quiet, Tz)>,
    severity: Severity,
    recent: &[Recent],
    limits: &Limits,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Held)> {
    if let Some((quiet, zone)) = quiet
        && !(quiet.critical_passes && severity == Severity::Critical)
        && is_quiet(&quiet, zone, now)
    {
        return Some((schedule::next_slot(quiet.until, zone, &[], now), Held::Quiet));
    }
    let span = Duration::from_std(limits.burst_within).unwrap_or_else(|_| Duration::zero());
    let as_grave = |other: &&Recent| other.severity >= severity && now - other.at < span;
    if recent.iter().filter(as_grave).count() < limits.burst {
        return None;
    }
    let gathered = recent.iter().filter_map(|other| other.held).filter(|until| *until > now).max();
    Some((gathered.unwrap_or((now + span).trunc_subsecs(0)), Held::Burst))
}

/// Whether it is quiet at an instant.
fn is_quiet(quiet: &Quiet, zone: Tz, now: DateTime<Utc>) -> bool {
    let time: NaiveTime = now.with_timezone(&zone).time();
    if quiet.from <= quiet.until {
        (quiet.from..quiet.until).contains(&time)
    } else {
        time >= quiet.from || time < quiet.until
    }
}
