//! What Monazite remembers of a source between polls.
//!
//! A failing source keeps its reason; nothing here is a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A source's memory. The default is a source never polled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// Where the source permanently moved to; polled instead of the configured URL.
    pub moved_to: Option<String>,
    /// The last answer's `ETag`, sent back as `If-None-Match`.
    pub etag: Option<String>,
    /// The last answer's `Last-Modified`, sent back as `If-Modified-Since`.
    pub last_modified: Option<String>,
    /// SHA-256 of the last body, hex: an equal body is not parsed again.
    pub content_hash: Option<String>,
    /// When it was last asked.
    pub last_polled: Option<DateTime<Utc>>,
    /// When it last answered well.
    pub last_ok: Option<DateTime<Utc>>,
    /// Not before this.
    pub next_poll: Option<DateTime<Utc>>,
    /// Polls that failed since the last good one.
    pub failures: u32,
    /// The last failure in one plain sentence; `None` when the last poll went well.
    pub last_error: Option<String>,
    /// The source is gone for good (`410`) and no longer polled.
    pub retired: bool,
    /// Items listed at the last good poll.
    pub items: u32,
}
