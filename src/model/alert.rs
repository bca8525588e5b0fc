//! What is told at once: an alert, what became of it, and how much it matters.
//!
//! An alert belongs to one story and grows with it; nothing that was told is
//! ever taken out of its history. What makes an event matter is decided by rules
//! elsewhere; this is only what they come to.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{CompanyId, Element, Topic};
use crate::model::brief::SourceLink;
use crate::model::id;
use crate::model::story::StoryId;
use crate::model::subscription::Destination;

/// How much an event matters, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody asked for it by a watch.
    Notable,
    /// It changes what was believed or what is due soon.
    #[default]
    High,
    /// It changes who may export.
    Critical,
}

impl Severity {
    /// The lower-case name, as typed and as shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notable => "notable",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Notable, Self::High, Self::Critical].into_iter().find(|known| known.as_str() == name)
    }
}

id!(
    /// An alert's id: `a` and what follows the `s` of its story's id, or `d` and a hash of the day
    /// it reminds of.
    AlertId
);

impl AlertId {
    /// The id of a story's alert.
    #[must_use]
    pub fn of(story: &StoryId) -> Self {
        Self(format!("a{}", story.as_str().strip_prefix('s').unwrap_or(story.as_str())))
    }
}

/// What happened, of all that can.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// It was told for the first time, or something else happened in the same story.
    Told,
    /// Somebody else tells the same.
    Also,
    /// Somebody who must know says that it is so.
    Confirmed,
    /// Somebody who must know says that it is not so.
    Denied,
    /// Reports stand against each other.
    Disputed,
    /// Who told it takes it back or tells it otherwise.
    Corrected,
}

/// One event as it is told at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Identity.
    pub id: AlertId,
    /// The story it was raised by; `None` for a day that has come near.
    pub story: Option<StoryId>,
    /// Further stories that turned out to tell the same.
    #[serde(default)]
    pub joined: Vec<StoryId>,
    /// The greatest severity it ever had.
    pub severity: Severity,
    /// What it is about, as keys by which another story's news of the same is known
    /// (`license:jl-mag:granted`).
    pub subjects: Vec<String>,
    /// What happened, one line without a full stop.
    pub what: String,
    /// What kind of happening that was.
    pub first: Happening,
    /// Who stands behind it now, in words (`reported by Reuters`).
    pub certainty: String,
    /// The sentence that says so, in its own language; empty where there is none.
    pub quote: String,
    /// Who said it first, and where.
    pub source: SourceLink,
    /// When that was published.
    pub published: DateTime<Utc>,
    /// Topics, for those who want only some; the same for elements and companies.
    pub topics: Vec<Topic>,
    /// Elements.
    pub elements: Vec<Element>,
    /// Companies.
    pub companies: Vec<CompanyId>,
    /// What became of it, oldest first.
    pub updates: Vec<Update>,
    /// Grows with every change; a message shows one revision.
    pub revision: u32,
    /// When it was raised.
    pub raised: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
}

impl Alert {
    /// Whether it tells of a correction and of nothing else.
    #[must_use]
    pub fn is_correction(&self) -> bool {
        self.first == Happening::Corrected
    }
}

/// What became of an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// What kind of change it is.
    pub happening: Happening,
    /// What changed, one line without a full stop; empty for `Also`.
    pub what: String,
    /// Who stands behind it, in words; empty where that is not what changed.
    pub certainty: String,
    /// Who says so.
    pub sources: Vec<SourceLink>,
    /// When that was published.
    pub published: DateTime<Utc>,
}

/// An alert in one chat: there is one for each pair, whatever becomes of the alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The alert.
    pub alert: AlertId,
    /// The chat.
    pub to: Destination,
    /// Why the chat receives it, one sentence.
    pub why: String,
    /// The watches of the chat that asked for it, by number.
    pub watches: Vec<u32>,
    /// The severity it had when it was decided to send it.
    pub severity: Severity,
    /// Where it stands.
    pub stand: Stand,
    /// When it was decided to send it.
    pub decided: DateTime<Utc>,
}

/// Where an alert stands in a chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stand {
    /// Its own message is on its way.
    Due,
    /// It waits for a digest.
    Held {
        /// Until then.
        until: DateTime<Utc>,
        /// Why.
        held: Held,
    },
    /// It is in the chat.
    Posted {
        /// The message's id.
        message: i64,
        /// The revision it shows.
        revision: u32,
        /// The instant whose digest it stands in, if it stands in one.
        digest: Option<DateTime<Utc>>,
    },
    /// Its message was deleted in the chat.
    Gone,
    /// The chat wants to hear no more of it.
    Dismissed,
}

/// Why an alert waits for a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The chat has quiet hours.
    Quiet,
    /// Too many came at once.
    Burst,
}

/// What a chat does not want to be told of for a while.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The chat.
    pub to: Destination,
    /// What an alert is about, by its key.
    pub subject: String,
    /// Until then.
    pub until: DateTime<Utc>,
}
