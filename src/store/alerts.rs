//! Alerts, their places in chats, and watches.
//!
//! Who matches watches keeps them in memory and is told here which of them
//! changed; whatever else asks looks them up by chat.

use std::sync::PoisonError;

use chrono::{DateTime, Utc};

use crate::model::alert::{Alert, AlertId, Mute, Posting};
use crate::model::subscription::{Destination, PlatformName};
use crate::model::watch::Watch;
use crate::store::write::Pending;
use crate::store::{Changes, Store, StoreError, codec, keys, trouble};

/// What somebody asked for has changed and is to be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A watch, by chat and number.
    Watch(Destination, u32),
    /// A subscription.
    Subscription(Destination),
}

impl Changes {
    /// What these change of what chats asked for.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let watches = self.watches.iter().map(|watch| (watch.to.clone(), watch.number));
        let watches = watches.chain(self.unwatched.iter().cloned());
        let subscriptions = self.subscriptions.iter().map(|subscription| subscription.to.clone());
        let subscriptions = subscriptions.chain(self.unsubscribed.iter().cloned());
        let subscriptions = subscriptions.chain(self.paused.iter().map(|(to, _)| to.clone()));
        watches
            .map(|(to, number)| Asked::Watch(to, number))
            .chain(subscriptions.map(Asked::Subscription))
            .collect()
    }
}

impl Store {
    /// What changed of what chats asked for since the last call; the first call begins to follow.
    #[must_use]
    pub fn asked_since(&self) -> Vec<Asked> {
        let mut asked = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.replace(Vec::new()).unwrap_or_default()
    }

    pub(super) fn tell_followers(&self, asked: Vec<Asked>) {
        if asked.is_empty() {
            return;
        }
        let mut list = self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(list) = list.as_mut() {
            list.extend(asked);
        }
    }

    /// An alert.
    ///
    /// # Errors
    ///
    /// As all reads: when the store is damaged or the disk refuses.
    pub fn alert(&self, id: &AlertId) -> Result<Option<Alert>, StoreError> {
        self.get(&keys::key(keys::ALERT, id.as_str().as_bytes()))
    }

    /// The latest alert about a subject, and when it was raised.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn alert_about(
        &self,
        subject: &str,
    ) -> Result<Option<(AlertId, DateTime<Utc>)>, StoreError> {
        self.get(&keys::key(keys::SUBJECT, subject.as_bytes()))
    }

    /// Alerts raised since an instant, oldest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn alerts_since(&self, from: DateTime<Utc>) -> Result<Vec<Alert>, StoreError> {
        let mut list = Vec::new();
        let range = keys::timed(keys::ALERT_TIME, from, "")..vec![keys::ALERT_TIME + 1];
        for entry in self.0.state.range(range) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.extend(self.alert(&AlertId(keys::id_of(&key)))?);
        }
        Ok(list)
    }

    /// An alert's place in a chat.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn posting(
        &self,
        alert: &AlertId,
        to: &Destination,
    ) -> Result<Option<Posting>, StoreError> {
        self.get(&posting_key(alert, to))
    }

    /// An alert's places in all chats.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn postings_of(&self, alert: &AlertId) -> Result<Vec<Posting>, StoreError> {
        let mut prefix = keys::key(keys::POSTING, alert.as_str().as_bytes());
        prefix.push(0);
        let records = self.0.state.scan_prefix(prefix).map(|entry| {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            codec::decode(&bytes, &self.0.path)
        });
        records.collect()
    }

    /// A chat's alerts decided since an instant, oldest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn postings_to(
        &self,
        to: &Destination,
        from: DateTime<Utc>,
    ) -> Result<Vec<Posting>, StoreError> {
        let prefix = keys::of_destination(keys::POSTED_TO, to);
        let mut first = prefix.clone();
        first.extend_from_slice(&keys::millis(from));
        let mut list = Vec::new();
        for entry in self.0.state.range(first..) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let Some(rest) = key.strip_prefix(prefix.as_slice()) else { break };
            let id = String::from_utf8_lossy(rest.get(8..).unwrap_or_default()).into_owned();
            list.extend(self.posting(&AlertId(id), to)?);
        }
        Ok(list)
    }

    /// Every watch, one at a time.
    pub fn watches(&self) -> impl Iterator<Item = Result<Watch, StoreError>> {
        self.all(keys::WATCH)
    }

    /// A chat's watches, by number.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn watches_of(&self, to: &Destination) -> Result<Vec<Watch>, StoreError> {
        self.of_destination(keys::WATCH, to)
    }

    /// The watches of a chat and of all its topics.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn watches_in(&self, platform: PlatformName, chat: i64) -> Result<Vec<Watch>, StoreError> {
        let whole = Destination { platform, chat, thread: None };
        let mut list = self.watches_of(&whole)?;
        let prefix = keys::key(keys::WATCH, format!("{whole}:").as_bytes());
        for entry in self.0.state.scan_prefix(prefix) {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.push(codec::decode(&bytes, &self.0.path)?);
        }
        Ok(list)
    }

    /// One of a chat's watches.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn watch(&self, to: &Destination, number: u32) -> Result<Option<Watch>, StoreError> {
        self.get(&watch_key(to, number))
    }

    /// The number that a chat's next watch is to have: one that none ever had.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn next_watch(&self, to: &Destination) -> Result<u32, StoreError> {
        let last: Option<u32> = self.get(&keys::of_destination(keys::WATCH_LAST, to))?;
        Ok(last.unwrap_or_default().saturating_add(1))
    }

    /// What a chat does not want to be told of.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn mutes_of(&self, to: &Destination) -> Result<Vec<Mute>, StoreError> {
        self.of_destination(keys::MUTE, to)
    }

    fn of_destination<T: serde::de::DeserializeOwned>(
        &self,
        prefix: u8,
        to: &Destination,
    ) -> Result<Vec<T>, StoreError> {
        let records = self.0.state.scan_prefix(keys::of_destination(prefix, to)).map(|entry| {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            codec::decode(&bytes, &self.0.path)
        });
        records.collect()
    }

    /// Forgets alerts raised before `before` with their places in chats, at most `most` of them.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn sweep_alerts(&self, before: DateTime<Utc>, most: usize) -> Result<usize, StoreError> {
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending::on(self, *counts);
        let mut gone = 0;
        let old = vec![keys::ALERT_TIME]..keys::timed(keys::ALERT_TIME, before, "");
        for entry in self.0.state.range(old).take(most) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let id = AlertId(keys::id_of(&key));
            for posting in self.postings_of(&id)? {
                pending.remove(posting_key(&id, &posting.to));
                pending.remove(posted_key(&posting));
            }
            for subject in self.alert(&id)?.iter().flat_map(|alert| &alert.subjects) {
                if self.alert_about(subject)?.is_some_and(|(latest, _)| latest == id) {
                    pending.remove(keys::key(keys::SUBJECT, subject.as_bytes()));
                }
            }
            pending.remove(keys::key(keys::ALERT, id.as_str().as_bytes()));
            pending.remove(key.to_vec());
            gone += 1;
        }
        if gone > 0 {
            *counts = pending.apply()?;
        }
        Ok(gone)
    }
}

fn posting_key(alert: &AlertId, to: &Destination) -> Vec<u8> {
    let mut key = keys::key(keys::POSTING, alert.as_str().as_bytes());
    key.push(0);
    key.extend_from_slice(to.to_string().as_bytes());
    key
}

fn posted_key(posting: &Posting) -> Vec<u8> {
    let mut key = keys::of_destination(keys::POSTED_TO, &posting.to);
    key.extend_from_slice(&keys::millis(posting.decided));
    key.extend_from_slice(posting.alert.as_str().as_bytes());
    key
}

fn watch_key(to: &Destination, number: u32) -> Vec<u8> {
    let mut key = keys::of_destination(keys::WATCH, to);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

impl Pending<'_> {
    pub(super) fn alerts(
        &mut self,
        alerts: &[Alert],
        postings: &[Posting],
    ) -> Result<(), StoreError> {
        for alert in alerts {
            let key = keys::key(keys::ALERT, alert.id.as_str().as_bytes());
            let known: Option<Alert> = self.get(&key)?;
            if known.is_some_and(|known| known.revision > alert.revision) {
                continue;
            }
            self.mark(keys::timed(keys::ALERT_TIME, alert.raised, alert.id.as_str()));
            for subject in &alert.subjects {
                let key = keys::key(keys::SUBJECT, subject.as_bytes());
                let latest: Option<(AlertId, DateTime<Utc>)> = self.get(&key)?;
                if latest.is_none_or(|(_, raised)| raised <= alert.raised) {
                    self.put(key, &(&alert.id, alert.raised))?;
                }
            }
            self.put(key, alert)?;
        }
        for posting in postings {
            let key = posting_key(&posting.alert, &posting.to);
            let known: Option<Posting> = self.get(&key)?;
            if let Some(known) = known {
                self.remove(posted_key(&known));
            }
            self.mark(posted_key(posting));
            self.put(key, posting)?;
        }
        Ok(())
    }

    pub(super) fn watches(
        &mut self,
        watches: &[Watch],
        unwatched: &[(Destination, u32)],
        mutes: &[Mute],
    ) -> Result<(), StoreError> {
        for watch in watches {
            let last = keys::of_destination(keys::WATCH_LAST, &watch.to);
            let given: Option<u32> = self.get(&last)?;
            self.put(last, &given.unwrap_or_default().max(watch.number))?;
            self.put(watch_key(&watch.to, watch.number), watch)?;
        }
        for (to, number) in unwatched {
            self.remove(watch_key(to, *number));
        }
        for mute in mutes {
            let mut key = keys::of_destination(keys::MUTE, &mute.to);
            key.extend_from_slice(mute.subject.as_bytes());
            self.put(key, mute)?;
        }
        Ok(())
    }
}
