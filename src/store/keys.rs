//! The keys of the state tree: a prefix byte, then what orders the records of its kind.
//!
//! Instants stand big-endian, so that the tree's order is the order of time.

use chrono::{DateTime, Utc};

use crate::model::subscription::{Destination, Series};

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
/// Open deliveries by when they are due, then id.
pub(super) const DUE: u8 = b'q';
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
pub(super) const NOTE: u8 = b'n';
/// What the search index has yet to read, by number.
pub(super) const JOURNAL: u8 = b'j';
pub(super) const COUNTS: &[u8] = b"#counts";
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
