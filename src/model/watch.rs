//! What a chat asked to be told of as soon as it is known.
//!
//! A watch is one line of the query language and nothing else; it never holds a pattern.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::alert::Severity;
use crate::model::subscription::Destination;

/// A query that a chat keeps asking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// The chat.
    pub to: Destination,
    /// Its number in the chat, from 1; never given twice.
    pub number: u32,
    /// What is asked, as the query prints.
    pub query: String,
    /// What the chat calls it; empty when it has no name but its query.
    pub name: String,
    /// The least severity told.
    pub least: Severity,
    /// Nothing is told before this.
    pub muted_until: Option<DateTime<Utc>>,
    /// Why nothing is told at all: the chat is gone; `None` when it can be reached.
    #[serde(default)]
    pub paused: Option<String>,
    /// The platform's id of who asked.
    pub by: Option<i64>,
    /// When.
    pub since: DateTime<Utc>,
}

impl Watch {
    /// The name, or the query where it has none.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.query } else { &self.name }
    }

    /// Whether it is told anything at `now`.
    #[must_use]
    pub fn is_awake(&self, now: DateTime<Utc>) -> bool {
        self.paused.is_none() && self.muted_until.is_none_or(|until| until <= now)
    }
}
