//! Sources: feeds, listing pages and JSON APIs, polled through one polite HTTP client.
//!
//! A source gives raw items or an error that names what to do next. It never
//! understands an item, writes to the store or decides when to be polled.

pub mod address;
mod api;
mod feed;
pub mod http;
mod json_feed;
mod page;
mod spec;

pub use spec::SourceSpec;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::model::article::RawItem;
use crate::model::source::SourceState;

/// What a poll brought.
#[derive(Clone, Debug, PartialEq)]
pub struct Polled {
    /// The items, in the source's order; empty when nothing changed.
    pub items: Vec<RawItem>,
    /// Items that could not be read, each with its reason.
    pub problems: Vec<String>,
    /// Whether the source answered that nothing changed (`304`, or an equal body).
    pub unchanged: bool,
    /// The memory to keep, with validators, hash and redirects brought up to date. Times and
    /// failure counts are the caller's.
    pub state: SourceState,
}

/// Why a fetch brought nothing, by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Try again later; not before `retry_after` where the server said so.
    #[error("{reason}")]
    Transient {
        /// What the server asked for.
        retry_after: Option<Duration>,
        /// One plain sentence.
        reason: String,
    },
    /// Not allowed: robots.txt, a private address, 401, 403.
    #[error("{0}")]
    Refused(String),
    /// Gone for good (`410`).
    #[error("the server says it is gone for good (410)")]
    Gone,
    /// The body is larger than the limit, in bytes after decompression.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// It answered, but with nothing that can be read.
    #[error("{0}")]
    Malformed(String),
}

/// Something that can be polled.
#[async_trait::async_trait]
pub trait Source: Send + Sync {
    /// Asks the source for its items.
    ///
    /// # Errors
    ///
    /// By what to do next; the state stays as it was.
    async fn poll(
        &self,
        web: &http::Web,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<Polled, FetchError>;
}

/// A source made from its block, or everything that is wrong with it.
pub type Built = Result<Box<dyn Source>, Vec<String>>;

/// A kind of source: its name in configuration, what it checks and how it is made.
pub struct Kind {
    /// `feed`, `page`, `api`.
    pub name: &'static str,
    /// Makes the source, or says everything that is wrong with its block.
    pub build: fn(&SourceSpec) -> Built,
}

/// Every kind. A new kind is one file and one row here.
pub const KINDS: &[Kind] = &[
    Kind { name: "feed", build: feed::build },
    Kind { name: "page", build: page::build },
    Kind { name: "api", build: api::build },
];

/// Backing off never waits longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);
/// No source is left alone for longer, whatever it or its block asks.
const LONGEST_PAUSE: Duration = Duration::from_secs(366 * 24 * 3600);
/// After this many failures in a row a remembered move is no longer believed.
const MOVE_FAILURES: u32 = 3;

/// The memory after a good poll.
#[must_use]
pub fn after_success(state: &SourceState, every: Duration, now: DateTime<Utc>) -> SourceState {
    SourceState {
        last_polled: Some(now),
        last_ok: Some(now),
        next_poll: Some(now + every.min(LONGEST_PAUSE)),
        failures: 0,
        last_error: None,
        retired: false,
        ..state.clone()
    }
}

/// The memory after a failed poll: the wait doubles with each failure, up to a day, and is never
/// shorter than the server asked for.
#[must_use]
pub fn after_failure(
    state: &SourceState,
    error: &FetchError,
    every: Duration,
    now: DateTime<Utc>,
) -> SourceState {
    let failures = state.failures.saturating_add(1);
    let every = every.min(LONGEST_PAUSE);
    let doubled = every.saturating_mul(1 << failures.min(10)).min(LONGEST_WAIT.max(every));
    // Servers that refuse may refuse the conditions; a move that fails may have been undone.
    let unconditional = !matches!(error, FetchError::Transient { .. });
    let moved = failures >= MOVE_FAILURES && !matches!(error, FetchError::Gone);
    let wait = match error {
        FetchError::Transient { retry_after: Some(asked), .. } => {
            doubled.max(*asked).min(LONGEST_PAUSE)
        }
        _ => doubled,
    };
    SourceState {
        last_polled: Some(now),
        next_poll: Some(now + wait),
        failures,
        last_error: Some(error.to_string()),
        retired: matches!(error, FetchError::Gone),
        etag: state.etag.clone().filter(|_| !unconditional),
        last_modified: state.last_modified.clone().filter(|_| !unconditional),
        moved_to: state.moved_to.clone().filter(|_| !moved),
        ..state.clone()
    }
}

/// One poll as every kind makes it: conditional request, memory of validators and moves, the hash
/// that tells an equal body; `read` takes the items from a new one, with what was wrong with some.
async fn poll(
    web: &http::Web,
    spec: &SourceSpec,
    state: &SourceState,
    now: DateTime<Utc>,
    read: impl FnOnce(&http::Answer) -> Result<(Vec<RawItem>, Vec<String>), FetchError>,
) -> Result<Polled, FetchError> {
    let (answer, state) = fetch(web, spec, state, now).await?;
    let Some(answer) = answer else { return Ok(unchanged(state)) };
    let (items, problems) = read(&answer)?;
    Ok(listed(items, problems, state))
}

/// The answer, if its body is new, and what is to be remembered of it.
async fn fetch(
    web: &http::Web,
    spec: &SourceSpec,
    state: &SourceState,
    now: DateTime<Utc>,
) -> Result<(Option<http::Answer>, SourceState), FetchError> {
    let mut state = state.under(&spec.block(now));
    let get = http::Get {
        url: state.moved_to.clone().unwrap_or_else(|| spec.address(now)),
        etag: state.etag.clone(),
        last_modified: state.last_modified.clone(),
    };
    let answer = web.get(get).await?;
    if let Some(moved) = &answer.moved_to {
        state.moved_to = Some(moved.clone());
    }
    if answer.not_modified {
        return Ok((None, state));
    }
    state.etag.clone_from(&answer.etag);
    state.last_modified.clone_from(&answer.last_modified);
    let hash = hash(&answer.body);
    if state.content_hash.as_deref() == Some(hash.as_str()) {
        return Ok((None, state));
    }
    state.content_hash = Some(hash);
    Ok((Some(answer), state))
}

fn hash(body: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A poll that brought nothing new.
fn unchanged(state: SourceState) -> Polled {
    Polled { items: Vec::new(), problems: Vec::new(), unchanged: true, state }
}

/// A poll that brought a listing.
fn listed(items: Vec<RawItem>, problems: Vec<String>, mut state: SourceState) -> Polled {
    state.items = u32::try_from(items.len()).unwrap_or(u32::MAX);
    Polled { items, problems, unchanged: false, state }
}
