//! Discord's limits as its answers tell them: buckets that routes share, the bot as a whole, and how
//! many invalid requests an address may make.
//!
//! A state machine without a clock: `now` is an argument, and nothing here waits
//! or sends. A bucket counts for each channel, server or webhook by itself.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Duration, Utc};
use reqwest::Method;

/// Discord bars an address after ten thousand invalid requests within ten minutes; deliveries rest
/// long before this, and here everything does.
const INVALID: usize = 8_000;
/// The ten minutes.
const INVALID_SPAN: Duration = Duration::minutes(10);
/// Buckets that were used up, remembered before those that renewed are forgotten.
const CLOSED: usize = 1_024;

/// What of the answers so far is to be kept to.
#[derive(Default)]
pub(super) struct Buckets {
    /// The bucket each route was said to be in.
    names: HashMap<String, String>,
    /// When used-up buckets renew.
    closed: HashMap<(String, String), DateTime<Utc>>,
    /// When the bot as a whole may go on.
    everything: Option<DateTime<Utc>>,
    /// When requests were counted as invalid.
    invalid: VecDeque<DateTime<Utc>>,
}

/// A request by what its limits depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    /// Method and path, with `:id` for what buckets do not tell apart.
    kind: String,
    /// The channel, server or webhook.
    major: String,
}

/// What an answer says of limits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told<'a> {
    /// The bucket's name.
    pub(super) bucket: Option<&'a str>,
    /// In how long the bucket renews, if it is used up.
    pub(super) used_up: Option<Duration>,
    /// In how long the bot as a whole may go on, if it may not now.
    pub(super) everything: Option<Duration>,
    /// Whether Discord counts the request as invalid.
    pub(super) invalid: bool,
}

/// Posting a message: what a channel's own limit is told by.
const POSTING: &str = "POST /channels/:id/messages";

impl Route {
    /// The route of a request.
    pub(super) fn of(method: &Method, path: &str) -> Self {
        let path = path.split('?').next().unwrap_or_default();
        let segments: Vec<&str> = path.split('/').collect();
        let mut kind = method.to_string() + " ";
        let mut major = String::new();
        for (i, segment) in segments.iter().enumerate().skip(1) {
            let owner = segments[i - 1];
            let is_id = segment.bytes().all(|byte| byte.is_ascii_digit()) && !segment.is_empty();
            let first = i == 2 && matches!(owner, "channels" | "guilds" | "webhooks");
            if first {
                major = (*segment).to_owned();
            }
            kind.push('/');
            kind.push_str(if is_id || first { ":id" } else { segment });
        }
        Self { kind, major }
    }

    /// The channel that a message is posted to by this route.
    fn posts_to(&self) -> Option<i64> {
        (self.kind == POSTING).then(|| self.major.parse().ok()).flatten()
    }
}

impl Buckets {
    /// Until when a request by this route has to wait, if it has to.
    pub(super) fn until(&self, route: &Route) -> Option<DateTime<Utc>> {
        let own = self.closed.get(&self.key(route)).copied();
        own.into_iter().chain(self.everything).max()
    }

    /// Until when no request at all may be made, if that is so: too many were invalid.
    pub(super) fn barred(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = self.invalid.len().checked_sub(INVALID)?;
        self.invalid.get(first).map(|at| *at + INVALID_SPAN).filter(|until| *until > now)
    }

    /// Learns from the answer to a request.
    pub(super) fn learn(&mut self, route: &Route, told: &Told<'_>, now: DateTime<Utc>) {
        if let Some(bucket) = told.bucket
            && self.names.get(&route.kind).is_none_or(|known| known != bucket)
        {
            self.names.insert(route.kind.clone(), bucket.to_owned());
        }
        if told.invalid {
            self.invalid.push_back(now);
            while self.invalid.front().is_some_and(|at| now - *at > INVALID_SPAN) {
                self.invalid.pop_front();
            }
        }
        self.everything = self.everything.filter(|until| *until > now);
        if let Some(wait) = told.everything {
            self.everything = self.everything.max(Some(now + wait));
        }
        if let Some(wait) = told.used_up {
            if self.closed.len() >= CLOSED {
                self.closed.retain(|_, until| *until > now);
            }
            self.closed.insert(self.key(route), now + wait);
        }
    }

    /// The channel whose limit for messages an answer to this route tells of: the one that is posted
    /// to, also where what was done there is counted together with posting.
    pub(super) fn counts_for(&self, route: &Route) -> Option<i64> {
        let posting = self.names.get(POSTING);
        let shared = posting.is_some() && self.names.get(&route.kind) == posting;
        let in_channel = || route.kind.split('/').nth(1) == Some("channels");
        let shared = (shared && in_channel()).then(|| route.major.parse().ok()).flatten();
        route.posts_to().or(shared)
    }

    fn key(&self, route: &Route) -> (String, String) {
        let name = self.names.get(&route.kind).unwrap_or(&route.kind);
        (name.clone(), route.major.clone())
    }
}
