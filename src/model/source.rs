//! What Monazite remembers of a source between polls.
//!
//! A failing source keeps its reason; nothing here is a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A source's memory. The default is a source never polled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    /// Which configuration block the memory was made under, as a hash of what is asked and how
    /// it is read; a block that was changed since starts anew.
    #[serde(default)]
    pub block: Option<String>,
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
    /// What was wrong with the last listing that was read: told once, not at every poll.
    #[serde(default)]
    pub problems: Vec<String>,
}

impl SourceState {
    /// The memory as far as it holds for a block: all of it for the one it was made under (or
    /// when that is not known), else only the times and counts that people are shown.
    #[must_use]
    pub fn under(&self, block: &str) -> Self {
        let block = Some(block.to_owned());
        if self.block.is_none() || self.block == block {
            return Self { block, ..self.clone() };
        }
        Self {
            block,
            last_polled: self.last_polled,
            last_ok: self.last_ok,
            items: self.items,
            ..Self::default()
        }
    }

    /// Whether the source of a block is to be asked now.
    #[must_use]
    pub fn is_due(&self, block: &str, now: DateTime<Utc>) -> bool {
        let state = self.under(block);
        !state.retired && state.wait(now).is_zero()
    }

    /// How long the source is to be left alone; zero when it is to be asked now. A memory from a
    /// time that lies ahead was made by a clock that was wrong, and counts for nothing.
    #[must_use]
    pub fn wait(&self, now: DateTime<Utc>) -> std::time::Duration {
        let ahead = self.last_polled.is_some_and(|last| last > now + chrono::Duration::minutes(5));
        let next = self.next_poll.filter(|_| !ahead);
        next.and_then(|next| (next - now).to_std().ok()).unwrap_or_default()
    }
}

/// Reads a length of time: a whole number and `ms`, `s`, `m`, `h` or `d`.
///
/// # Errors
///
/// One sentence that says what to write instead.
pub fn parse_duration(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || {
        format!(
            "{text:?} is no length of time; write a number and ms, s, m, h or d, such as \"30m\""
        )
    };
    let digits = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return Err(wrong()),
    };
    Ok(std::time::Duration::from_millis(number.saturating_mul(millis)))
}
