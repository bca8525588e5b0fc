//! The keys of the state tree: a prefix byte, then what orders the records of its kind.
//!
//! Instants stand big-endian, so that the tree's order is the order of time.

use chrono::{DateTime, Utc};

use crate::model::subscription::{Destination, PlatformName, Series};

pub(super) const SOURCE: u8 = b's';
pub(super) const SEEN: u8 = b'k';
pub(super) const ARTICLE: u8 = b'a';
/// By `first_seen`, then id.
pub(super) const ARTICLE_TIME: u8 = b'b';
/// What articles to come are compared with, by when it was first seen, then id; kept for some days.
pub(super) const PLACED: u8 = b'f';
pub(super) const STORY: u8 = b't';
/// By `updated`, then id.
pub(super) const STORY_TIME: u8 = b'v';
/// The latest edition that told a story.
pub(super) const TOLD: u8 = b'w';
/// By series, then closing time.
pub(super) const EDITION: u8 = b'e';
pub(super) const SUBSCRIPTION: u8 = b'u';
pub(super) const DELIVERY: u8 = b'd';
/// Pending deliveries by lane, then by when they are due, then id. Up to version 0.1.0 open ones
/// stood here without a lane.
pub(super) const DUE: u8 = b'q';
/// Claimed deliveries by the end of the claim, then id.
pub(super) const HELD: u8 = b'p';
/// Open deliveries by destination, then id.
pub(super) const OPEN_TO: u8 = b'o';
pub(super) const SET_ASIDE: u8 = b'x';
pub(super) const CLAIM: u8 = b'c';
/// By holder, then claim id.
pub(super) const CLAIM_HOLDER: u8 = b'h';
/// By instant, then a hash.
pub(super) const DECISION: u8 = b'r';
/// By id, then page.
pub(super) const RESTRICTION: u8 = b'l';
/// By id, then page.
pub(super) const REGIME: u8 = b'g';
/// By page.
pub(super) const COMMENT: u8 = b'C';
/// By id.
pub(super) const ALERT: u8 = b'A';
/// By when it was raised, then id.
pub(super) const ALERT_TIME: u8 = b'B';
/// The latest alert about a subject.
pub(super) const SUBJECT: u8 = b'S';
/// By alert, then destination.
pub(super) const POSTING: u8 = b'P';
/// By destination, then when it was decided, then alert.
pub(super) const POSTED_TO: u8 = b'O';
/// By destination, then number.
pub(super) const WATCH: u8 = b'W';
/// The last number given in a destination.
pub(super) const WATCH_LAST: u8 = b'N';
/// By destination, then subject.
pub(super) const MUTE: u8 = b'M';
pub(super) const NOTE: u8 = b'n';
/// What the search index has yet to read, by number.
pub(super) const JOURNAL: u8 = b'j';
pub(super) const COUNTS: &[u8] = b"#counts";
/// The number of the last batch, in both databases.
pub(super) const SEQUENCE: &[u8] = b"#sequence";
pub(super) const GENERATION: &[u8] = b"#generation";

pub(super) fn key(prefix: u8, rest: &[u8]) -> Vec<u8> {
    let mut key = Vec::with_capacity(1 + rest.len());
    key.push(prefix);
    key.extend_from_slice(rest);
    key
}

pub(super) fn timed(prefix: u8, at: DateTime<Utc>, id: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(9 + id.len());
    key.push(prefix);
    key.extend_from_slice(&millis(at));
    key.extend_from_slice(id.as_bytes());
    key
}

/// Milliseconds since 1970, with the sign flipped so that bytes order as numbers do.
pub(super) fn millis(at: DateTime<Utc>) -> [u8; 8] {
    (at.timestamp_millis() ^ i64::MIN).to_be_bytes()
}

/// The lane of a platform's urgent or other deliveries: a byte below any that an instant begins with.
pub(super) fn lane(platform: PlatformName, urgent: bool) -> u8 {
    let platform = match platform {
        PlatformName::Discord => 0,
        PlatformName::Telegram => 2,
        PlatformName::Console => 4,
    };
    platform + u8::from(!urgent)
}

/// Above the last lane.
pub(super) const LANES: u8 = 6;

/// The place of a pending delivery in its lane.
pub(super) fn due(lane: u8, at: DateTime<Utc>, id: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(10 + id.len());
    key.extend_from_slice(&[DUE, lane]);
    key.extend_from_slice(&millis(at));
    key.extend_from_slice(id.as_bytes());
    key
}

/// The id behind prefix, lane and time.
pub(super) fn due_id(key: &[u8]) -> String {
    String::from_utf8_lossy(key.get(10..).unwrap_or_default()).into_owned()
}

/// What all open deliveries to a destination, and no other's, begin with.
pub(super) fn open_to(to: &Destination, id: &str) -> Vec<u8> {
    let mut key = key(OPEN_TO, to.to_string().as_bytes());
    key.push(0);
    key.extend_from_slice(id.as_bytes());
    key
}

/// The instant that bytes begin with.
pub(super) fn instant(bytes: &[u8]) -> Option<DateTime<Utc>> {
    let millis = i64::from_be_bytes(bytes.get(..8)?.try_into().ok()?) ^ i64::MIN;
    DateTime::from_timestamp_millis(millis)
}

/// The id behind prefix and time.
pub(super) fn id_of(key: &[u8]) -> String {
    String::from_utf8_lossy(key.get(9..).unwrap_or_default()).into_owned()
}

pub(super) fn series(series: Series) -> u8 {
    match series {
        Series::Daily => b'd',
        Series::Weekly => b'w',
        Series::Alerts => b'a',
    }
}

pub(super) fn edition(of: Series, closes: DateTime<Utc>) -> Vec<u8> {
    let mut key = vec![EDITION, series(of)];
    key.extend_from_slice(&millis(closes));
    key
}

pub(super) fn destination(to: &Destination) -> Vec<u8> {
    key(SUBSCRIPTION, to.to_string().as_bytes())
}

/// What the records of a kind that belong to a destination, and to no other, begin with.
pub(super) fn of_destination(prefix: u8, to: &Destination) -> Vec<u8> {
    let mut key = key(prefix, to.to_string().as_bytes());
    key.push(0);
    key
}
