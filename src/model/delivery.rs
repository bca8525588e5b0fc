//! One edition or answer on its way to one destination.
//!
//! A delivery is written in the same commit as its cause and only ever moves
//! forward: Pending → Sent, Merged or Dead. It resumes by part, so a restart
//! repeats at most the part in flight.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::alert::{AlertId, Held};
use crate::model::brief::EditionId;
use crate::model::id;
use crate::model::subscription::Destination;

id!(
    /// A delivery's id: the cause and the destination; the same pair is the same delivery.
    DeliveryId
);

/// What is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// An edition, by its series and id.
    Edition(EditionId),
    /// An alert as it stands when it is sent: a new message, or the change of an earlier one.
    Alert {
        /// The alert.
        alert: AlertId,
        /// The revision that changed it; 0 when the chat is told for the first time.
        revision: u32,
    },
    /// The alerts that were held in a chat, in one message.
    Digest {
        /// Until when.
        until: DateTime<Utc>,
        /// Why.
        held: Held,
    },
    /// Something that the operator is told.
    Notice {
        /// What it goes by.
        id: String,
        /// The words.
        text: String,
    },
    /// A test that somebody asked for, to see that messages arrive: the head of an edition.
    Test {
        /// The edition; `None` before the first.
        edition: Option<EditionId>,
        /// The minute it was asked for.
        at: DateTime<Utc>,
    },
}

/// Where a delivery stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To be sent at `due` or later.
    Pending {
        /// Not before this.
        due: DateTime<Utc>,
    },
    /// Claimed by a sender until `lease`; free again when the lease has run out.
    Claimed {
        /// The end of the claim.
        lease: DateTime<Utc>,
    },
    /// Every part is in the chat.
    Sent {
        /// When the last part was accepted.
        at: DateTime<Utc>,
    },
    /// Given up.
    Dead {
        /// One plain sentence.
        reason: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// Never sent: a later delivery to the same chat stands for it and says so.
    Merged {
        /// The one that stands for it.
        into: DeliveryId,
        /// When.
        at: DateTime<Utc>,
    },
}

/// One edition on its way to one destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Identity.
    pub id: DeliveryId,
    /// What.
    pub cause: Cause,
    /// Where to.
    pub to: Destination,
    /// Where it stands.
    pub state: State,
    /// Tries that failed since the last part was accepted.
    pub attempts: u32,
    /// Receipts of the parts already accepted, in order; the next part to send is `sent.len()`.
    pub sent: Vec<Receipt>,
    /// When its cause arose.
    pub created: DateTime<Utc>,
    /// The last failure in words, without secrets; empty when none.
    pub last_error: String,
    /// Editions that could not be delivered before and that this delivery stands for, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<EditionId>,
    /// Editions since the one before that came on days the chat does not take, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<EditionId>,
}

/// What a platform gave for one accepted part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The platform's message id.
    pub message: i64,
}

impl Cause {
    /// Whether it goes out before what is not urgent: an alert before a brief.
    #[must_use]
    pub fn urgent(&self) -> bool {
        match self {
            Self::Edition(_) => false,
            // Somebody is waiting for it.
            Self::Digest { .. } | Self::Notice { .. } | Self::Test { .. } => true,
            // What a message is changed to can wait.
            Self::Alert { revision, .. } => *revision == 0,
        }
    }

    /// The edition, if it is one.
    #[must_use]
    pub fn edition(&self) -> Option<&EditionId> {
        match self {
            Self::Edition(id) => Some(id),
            Self::Alert { .. } | Self::Digest { .. } | Self::Notice { .. } | Self::Test { .. } => {
                None
            }
        }
    }
}

impl Delivery {
    /// What arose now, for a chat that it has not been tried on yet.
    #[must_use]
    pub fn new(cause: Cause, to: Destination, now: DateTime<Utc>) -> Self {
        Self {
            id: DeliveryId::of(&cause, &to),
            cause,
            to,
            state: State::Pending { due: now },
            attempts: 0,
            sent: Vec::new(),
            created: now,
            last_error: String::new(),
            merged: Vec::new(),
            skipped: Vec::new(),
        }
    }
}

impl DeliveryId {
    /// The delivery of `cause` to `to`.
    #[must_use]
    pub fn of(cause: &Cause, to: &Destination) -> Self {
        match cause {
            Cause::Edition(id) => Self(format!("{}@{to}", id.as_str())),
            Cause::Alert { alert, revision } => Self(format!("alert/{alert}/{revision}@{to}")),
            Cause::Digest { until, held } => {
                let why = match held {
                    Held::Quiet => "quiet",
                    Held::Burst => "burst",
                };
                Self(format!("digest/{why}/{}@{to}", until.format("%Y-%m-%dT%H:%M:%SZ")))
            }
            Cause::Notice { id, .. } => Self(format!("notice/{id}@{to}")),
            Cause::Test { at, .. } => Self(format!("test/{}@{to}", at.format("%Y-%m-%dT%H:%MZ"))),
        }
    }
}
