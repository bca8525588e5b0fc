//! The store: everything Monazite remembers, on sled, behind one `commit`.
//!
//! One commit is one atomic batch on one tree: cursors, seen-marks, stories,
//! claims, editions and deliveries become durable together or not at all.
//! Bodies, large and short-lived, lie in a second database and are written
//! before the commit that names them. No sled type leaves this folder, and no
//! read scans what it could look up.

mod alerts;
mod claims;
mod codec;
mod keys;
mod mark;
mod open;
mod outbox;
mod read;
mod search;
mod write;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::enrich::cluster::Placed;
use crate::model::alert::{Alert, Mute, Posting};
use crate::model::article::{Article, ArticleId, SetAside, SourceId};
use crate::model::brief::Edition;
use crate::model::comment::CommentPeriod;
use crate::model::delivery::Delivery;
use crate::model::license::{Claim, RegimeEvent, Restriction};
use crate::model::source::SourceState;
use crate::model::story::Story;
use crate::model::subscription::{Destination, Subscription};
use crate::model::watch::Watch;
use crate::register::{Decision, Noted};
use crate::schedule::Agenda;

pub use alerts::Asked;
pub use search::{Found, Hit, Search};

/// How the store is opened.
#[derive(Clone, Debug)]
pub struct StoreSettings {
    /// Memory for the cache, in bytes. sled uses up to about twice as much.
    pub cache_bytes: u64,
    /// A store smaller than this, in bytes, counts as one of this size.
    pub compact_above: u64,
    /// Compact when the files are this many times larger than at the last compaction's end.
    pub compact_grown: u64,
    /// Bytes that must be free on the disk before anything is written.
    pub spare_bytes: u64,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            cache_bytes: 16 << 20,
            compact_above: 64 << 20,
            compact_grown: 4,
            spare_bytes: 48 << 20,
        }
    }
}

pub use outbox::Wanted;

/// Everything Monazite remembers. Cheap to clone; safe to share between threads.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    /// Bytes that must be free before anything is written: several of sled's segments.
    spare: u64,
    /// Everything but bodies.
    state: sled::Db,
    /// Article bodies.
    bodies: sled::Db,
    /// Second handles on sled's data files: sled's own flush does not reach the disk.
    files: [std::fs::File; 2],
    /// Grows with every commit that brings claims, decisions, listings or announcements.
    evidence: std::sync::atomic::AtomicU64,
    /// What somebody who follows watches and subscriptions has not taken yet; `None` while
    /// nobody follows.
    asked: Mutex<Option<Vec<Asked>>>,
    /// Who is due when; made of the subscriptions when it is first asked for, in step from then on.
    agenda: Mutex<Option<Agenda>>,
    /// The number of the last batch applied to the state; changed under the writer's lock.
    applied: std::sync::atomic::AtomicU64,
    /// The number of the last one that brought bodies.
    bodies_applied: std::sync::atomic::AtomicU64,
    /// The number up to which all is known to be on the disk; held while the disk is waited for.
    synced: Mutex<u64>,
    /// Says the same to the next start.
    mark: mark::Mark,
    /// Locked as long as the store is open.
    _lock: std::fs::File,
    /// Held by whoever writes: counters and indexes are read, changed and written under it.
    writer: Mutex<Counts>,
}

/// How many of each there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: u64,
    /// Stories.
    pub stories: u64,
    /// Editions.
    pub editions: u64,
    /// Subscriptions.
    pub subscriptions: u64,
    /// Deliveries waiting or claimed.
    pub waiting: u64,
    /// Deliveries done.
    pub sent: u64,
    /// Deliveries given up.
    pub dead: u64,
    /// Deliveries that another one stands for.
    #[serde(default)]
    pub merged: u64,
    /// Items set aside since the beginning.
    pub set_aside: u64,
    /// Changes that the search index was told of since the beginning.
    #[serde(default)]
    pub journal: u64,
}

/// Why the store cannot do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("{} is in use by another Monazite; only one may run on a store", .0.display())]
    InUse(PathBuf),
    /// The data files do not hold what was written.
    #[error("the store in {} is damaged: {reason}. Move the folder away and restore a copy, or start anew", .path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// One plain sentence.
        reason: String,
    },
    /// Written by a newer version.
    #[error(
        "the store holds records of version {0}, newer than this program understands; use the newer program"
    )]
    Newer(u8),
    /// The disk.
    #[error("the disk refuses: {0}")]
    Disk(String),
}

/// The identity of an item: a hash of what it goes by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SeenKey([u8; 16]);

impl SeenKey {
    /// The key of an identity in parts, such as `["guid", source, guid]`.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut digest = Sha256::new();
        for part in parts {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&digest.finalize()[..16]);
        Self(key)
    }
}

/// The memory of having seen an item; it outlives the item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Who listed it first.
    pub source: SourceId,
    /// What became of it, if it became an article.
    pub article: Option<ArticleId>,
    /// A hash of its words.
    pub content: u64,
    /// When.
    pub at: DateTime<Utc>,
}

/// One set of changes: all of it happens, or none.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Sources' memories.
    pub sources: Vec<(SourceId, SourceState)>,
    /// Items seen.
    pub seen: Vec<(SeenKey, Seen)>,
    /// Articles with their bodies.
    pub articles: Vec<Article>,
    /// What articles to come are compared with; forgotten after some days.
    pub placed: Vec<Placed>,
    /// Stories.
    pub stories: Vec<Story>,
    /// Editions; one that exists already stays as it is.
    pub editions: Vec<Edition>,
    /// Subscriptions, new or changed.
    pub subscriptions: Vec<Subscription>,
    /// Subscriptions to be paused, and why; whatever else was changed of them meanwhile is kept, and one
    /// that is paused already keeps its reason.
    pub paused: Vec<(Destination, String)>,
    /// Subscriptions ended.
    pub unsubscribed: Vec<Destination>,
    /// Deliveries; one that exists already stays as it is.
    pub new_deliveries: Vec<Delivery>,
    /// Deliveries that moved on; one that was given up meanwhile stays so, unless it has arrived.
    pub deliveries: Vec<Delivery>,
    /// Deliveries that begin anew, also after they were given up.
    pub revived: Vec<Delivery>,
    /// Items set aside.
    pub set_aside: Vec<SetAside>,
    /// Small values by name.
    pub notes: Vec<(String, String)>,
    /// License claims; one that exists already stays as it is, only when it was checked moves.
    pub claims: Vec<Claim>,
    /// What the operator decided about claims; none ever replaces another.
    pub decisions: Vec<Decision>,
    /// Listings found in articles; the first record of one page stays.
    pub restrictions: Vec<Noted<Restriction>>,
    /// Announcements found in articles; the first record of one page stays.
    pub regime: Vec<Noted<RegimeEvent>>,
    /// Comment periods found in articles; a later word of the same page takes the place of an earlier.
    pub comments: Vec<Noted<CommentPeriod>>,
    /// Alerts, new or changed; an older revision changes nothing.
    pub alerts: Vec<Alert>,
    /// Alerts' places in chats, new or changed.
    pub postings: Vec<Posting>,
    /// Watches, new or changed.
    pub watches: Vec<Watch>,
    /// Watches ended, by chat and number.
    pub unwatched: Vec<(Destination, u32)>,
    /// What chats do not want to be told of.
    pub mutes: Vec<Mute>,
}

impl Changes {
    /// Whether somebody is told that these happened, so that they must outlast a power cut.
    fn must_last(&self) -> bool {
        !(self.editions.is_empty()
            && self.subscriptions.is_empty()
            && self.paused.is_empty()
            && self.unsubscribed.is_empty()
            && self.new_deliveries.is_empty()
            && self.deliveries.is_empty()
            && self.revived.is_empty()
            && self.decisions.is_empty()
            && self.postings.is_empty()
            && self.watches.is_empty()
            && self.unwatched.is_empty()
            && self.mutes.is_empty()
            && self.notes.is_empty())
    }

    /// Adds the changes of `other` behind these.
    pub fn merge(&mut self, other: Self) {
        self.sources.extend(other.sources);
        self.seen.extend(other.seen);
        self.articles.extend(other.articles);
        self.placed.extend(other.placed);
        self.stories.extend(other.stories);
        self.editions.extend(other.editions);
        self.subscriptions.extend(other.subscriptions);
        self.paused.extend(other.paused);
        self.unsubscribed.extend(other.unsubscribed);
        self.new_deliveries.extend(other.new_deliveries);
        self.deliveries.extend(other.deliveries);
        self.revived.extend(other.revived);
        self.set_aside.extend(other.set_aside);
        self.notes.extend(other.notes);
        self.claims.extend(other.claims);
        self.decisions.extend(other.decisions);
        self.restrictions.extend(other.restrictions);
        self.regime.extend(other.regime);
        self.comments.extend(other.comments);
        self.alerts.extend(other.alerts);
        self.postings.extend(other.postings);
        self.watches.extend(other.watches);
        self.unwatched.extend(other.unwatched);
        self.mutes.extend(other.mutes);
    }
}

/// sled's complaints, by what to do about them.
fn trouble(path: &std::path::Path, error: sled::Error) -> StoreError {
    match error {
        sled::Error::Corruption { .. } => StoreError::Damaged {
            path: path.to_owned(),
            reason: "a record fails its checksum".to_owned(),
        },
        sled::Error::Unsupported(reason) | sled::Error::ReportableBug(reason) => {
            StoreError::Damaged { path: path.to_owned(), reason }
        }
        sled::Error::CollectionNotFound(_) => StoreError::Damaged {
            path: path.to_owned(),
            reason: "a part of it is missing".to_owned(),
        },
        sled::Error::Io(error) => StoreError::Disk(error.to_string()),
    }
}
