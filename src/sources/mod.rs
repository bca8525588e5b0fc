//! Sources: feeds, listing pages and JSON APIs, polled through one polite HTTP client.
//!
//! A source gives raw items or an error that names what to do next. It never
//! understands an item, writes to the store or decides when to be polled.

pub mod http;

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
