//! Writing: one set of changes as one atomic batch, on the disk when it must last.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sled::Batch;

use crate::enrich::cluster::Placed;
use crate::model::article::Article;
use crate::model::brief::EditionId;
use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::model::story::Story;
use crate::model::subscription::{Series, Subscription};
use crate::query::Kind;
use crate::store::{Changes, Counts, Store, StoreError, codec, keys, trouble};

/// Most set-aside items remembered.
const SET_ASIDE_KEPT: u64 = 2_000;

/// How long placed articles are kept: longer than any story takes articles.
const PLACED_DAYS: i64 = 10;

impl Store {
    /// Makes the changes: all of them, or none. When it returns, deliveries, editions,
    /// subscriptions and notes among them outlast a power cut, and with them all that stands in
    /// the same set.
    ///
    /// # Errors
    ///
    /// When the disk refuses; then nothing has changed.
    pub fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        self.change(|_| Ok((changes, ())))
    }

    /// Reads and writes in one step: nobody else writes between what `make` reads and what it gives
    /// to be written, as `commit` would; with it, what the caller wants to know. It may look things
    /// up, but neither write nor ask for `counts` or who is due: those wait for whoever writes.
    ///
    /// # Errors
    ///
    /// What `make` says, or as `commit`; then nothing has changed.
    pub fn change<T, E: From<StoreError>>(
        &self,
        make: impl FnOnce(&Self) -> Result<(Changes, T), E>,
    ) -> Result<T, E> {
        let (must_last, made) = self.apply(make)?;
        if must_last {
            self.sync()?;
        }
        Ok(made)
    }

    /// As `change`, but hands what is made to the kernel only, so that it outlasts this process; that
    /// it outlasts a power cut is for a `sync` soon after. For what nobody is told of and what should
    /// be remembered at once: that a message has arrived.
    ///
    /// # Errors
    ///
    /// As `change`.
    pub fn change_soon<T, E: From<StoreError>>(
        &self,
        make: impl FnOnce(&Self) -> Result<(Changes, T), E>,
    ) -> Result<T, E> {
        let (_, made) = self.apply(make)?;
        self.0.state.flush().map_err(|error| trouble(&self.0.path, error))?;
        Ok(made)
    }

    /// Makes what is to be changed and applies it; whether that must outlast a power cut.
    fn apply<T, E: From<StoreError>>(
        &self,
        make: impl FnOnce(&Self) -> Result<(Changes, T), E>,
    ) -> Result<(bool, T), E> {
        self.check_space()?;
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let (changes, made) = make(self)?;
        let must_last = changes.must_last();
        let brings_evidence = changes.brings_evidence();
        let asked = changes.asked();
        let subscriptions = changes.subscriptions.clone();
        // Who is paused is as little due as who is gone.
        let paused = changes.paused.iter().map(|(to, _)| to);
        let gone: Vec<_> = paused.chain(&changes.unsubscribed).cloned().collect();
        self.write_bodies(&changes.articles)?;
        let mut pending = Pending::on(self, *counts);
        pending.add(changes)?;
        if !pending.is_empty() {
            *counts = pending.apply()?;
        }
        let mut agenda = self.0.agenda.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agenda) = agenda.as_mut() {
            subscriptions.iter().for_each(|subscription| agenda.put(subscription));
            gone.iter().for_each(|to| agenda.remove(to));
        }
        drop(agenda);
        self.tell_followers(asked);
        if brings_evidence {
            self.0.evidence.fetch_add(1, Ordering::Release);
        }
        Ok((must_last, made))
    }

    /// Refuses to begin what the disk may not hold: sled does not recover from a write that found no
    /// room, so it must not come to one.
    pub(super) fn check_space(&self) -> Result<(), StoreError> {
        let free = fs2::available_space(&self.0.path)
            .map_err(|error| StoreError::Disk(error.to_string()))?;
        if free < self.0.spare {
            let megabytes = free >> 20;
            return Err(StoreError::Disk(format!(
                "only {megabytes} MB are free where the store lies"
            )));
        }
        Ok(())
    }

    /// Waits until everything committed so far is on the disk. Those who wait for the same write of
    /// the disk share it.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn sync(&self) -> Result<(), StoreError> {
        let wanted = self.0.applied.load(Ordering::Acquire);
        let mut synced = self.0.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if *synced >= wanted {
            return Ok(());
        }
        let now = self.0.applied.load(Ordering::Acquire);
        let bodies = self.0.bodies_applied.load(Ordering::Acquire);
        for (db, file) in
            [&self.0.bodies, &self.0.state].into_iter().zip([&self.0.files[1], &self.0.files[0]])
        {
            db.flush().map_err(|error| trouble(&self.0.path, error))?;
            // sled's flush asks the kernel to write but not the disk to keep.
            file.sync_data().map_err(|error| StoreError::Disk(error.to_string()))?;
        }
        self.0.mark.put([now, bodies])?;
        *synced = now;
        Ok(())
    }

    fn write_bodies(&self, articles: &[Article]) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        let mut any = false;
        for article in articles.iter().filter(|article| !article.body.is_empty()) {
            batch.insert(article.id.as_str().as_bytes(), codec::encode(&article.body)?);
            any = true;
        }
        if !any {
            return Ok(());
        }
        // Whoever calls holds the writer's lock: this is the number of the state's next batch.
        let number = self.0.applied.load(Ordering::Acquire) + 1;
        batch.insert(keys::SEQUENCE, &number.to_be_bytes());
        self.0.bodies.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))?;
        self.0.bodies_applied.store(number, Ordering::Release);
        Ok(())
    }

    /// Forgets articles first seen before `before`, their bodies and the stories that have not
    /// changed since; at most `most` of each. That they were seen is remembered.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn sweep(&self, before: DateTime<Utc>, most: usize) -> Result<usize, StoreError> {
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending::on(self, *counts);
        let mut bodies = Batch::default();
        let mut gone = 0;
        for (index, prefix) in
            [(keys::ARTICLE_TIME, keys::ARTICLE), (keys::STORY_TIME, keys::STORY)]
        {
            let old = vec![index]..keys::timed(index, before, "");
            for entry in self.0.state.range(old).take(most) {
                let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
                let id = keys::id_of(&key);
                pending.remove(keys::key(prefix, id.as_bytes()));
                pending.remove(key.to_vec());
                if prefix == keys::ARTICLE {
                    bodies.remove(id.as_bytes());
                    pending.counts.articles = pending.counts.articles.saturating_sub(1);
                } else {
                    pending.remove(keys::key(keys::TOLD, id.as_bytes()));
                    pending.journal(Kind::Story, &id)?;
                    pending.counts.stories = pending.counts.stories.saturating_sub(1);
                }
                gone += 1;
            }
        }
        if gone > 0 {
            *counts = pending.apply()?;
            // Bodies last: one that is not named is swept again, one that is missing is lost.
            self.0.bodies.apply_batch(bodies).map_err(|error| trouble(&self.0.path, error))?;
        }
        Ok(gone)
    }
}

/// Changes in the making. Whatever is read while they are made is read through them, so that two
/// changes of one record in one set see each other; indexes and counters stay in step.
pub(super) struct Pending<'a> {
    store: &'a Store,
    /// What each key will hold; `None` where it will be gone.
    staged: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    pub(super) counts: Counts,
    /// The counters as they are stored.
    stored: Counts,
}

impl<'a> Pending<'a> {
    pub(super) fn on(store: &'a Store, counts: Counts) -> Self {
        Self { store, staged: BTreeMap::new(), counts, stored: counts }
    }

    /// Makes the changes at once and gives the counters as they stand then.
    pub(super) fn apply(mut self) -> Result<Counts, StoreError> {
        let counts = self.counts;
        if counts != self.stored {
            self.put(keys::COUNTS.to_vec(), &counts)?;
        }
        let mut batch = Batch::default();
        for (key, value) in self.staged {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        let inner = &self.store.0;
        let number = inner.applied.load(Ordering::Acquire) + 1;
        batch.insert(keys::SEQUENCE, &number.to_be_bytes());
        inner.state.apply_batch(batch).map_err(|error| trouble(&inner.path, error))?;
        inner.applied.store(number, Ordering::Release);
        Ok(counts)
    }

    pub(super) fn store(&self) -> &'a Store {
        self.store
    }

    /// Whether there is nothing to apply.
    pub(super) fn is_empty(&self) -> bool {
        self.staged.is_empty()
    }

    pub(super) fn put<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), StoreError> {
        self.staged.insert(key, Some(codec::encode(value)?));
        Ok(())
    }

    pub(super) fn mark(&mut self, key: Vec<u8>) {
        self.staged.insert(key, Some(Vec::new()));
    }

    pub(super) fn remove(&mut self, key: Vec<u8>) {
        self.staged.insert(key, None);
    }

    pub(super) fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        match self.staged.get(key) {
            Some(Some(bytes)) => codec::decode(bytes, &self.store.0.path).map(Some),
            Some(None) => Ok(None),
            None => self.store.get(key),
        }
    }

    pub(super) fn exists(&self, key: &[u8]) -> Result<bool, StoreError> {
        match self.staged.get(key) {
            Some(value) => Ok(value.is_some()),
            None => {
                let state = &self.store.0.state;
                state.contains_key(key).map_err(|error| trouble(&self.store.0.path, error))
            }
        }
    }

    fn add(&mut self, changes: Changes) -> Result<(), StoreError> {
        for (id, state) in &changes.sources {
            self.put(keys::key(keys::SOURCE, id.as_str().as_bytes()), state)?;
        }
        for (key, seen) in &changes.seen {
            self.put(keys::key(keys::SEEN, &key.0), seen)?;
        }
        for article in changes.articles {
            self.article(article)?;
        }
        self.placed(&changes.placed)?;
        for story in &changes.stories {
            self.story(story)?;
        }
        self.publish(&changes.editions)?;
        for subscription in &changes.subscriptions {
            let key = keys::destination(&subscription.to);
            if !self.exists(&key)? {
                self.counts.subscriptions += 1;
            }
            self.put(key, subscription)?;
        }
        for (to, reason) in &changes.paused {
            let key = keys::destination(to);
            if let Some(mut subscription) = self.get::<Subscription>(&key)? {
                subscription.paused.get_or_insert_with(|| reason.clone());
                self.put(key, &subscription)?;
            }
        }
        for to in &changes.unsubscribed {
            let key = keys::destination(to);
            if self.exists(&key)? {
                self.counts.subscriptions = self.counts.subscriptions.saturating_sub(1);
            }
            self.remove(key);
        }
        self.outbox(changes.new_deliveries, changes.deliveries, changes.revived)?;
        self.evidence(&changes.claims, &changes.decisions, &changes.restrictions, &changes.regime)?;
        self.comments(&changes.comments)?;
        self.alerts(&changes.alerts, &changes.postings)?;
        self.watches(&changes.watches, &changes.unwatched, &changes.mutes)?;
        for aside in &changes.set_aside {
            let number = self.counts.set_aside;
            self.counts.set_aside += 1;
            self.put(keys::key(keys::SET_ASIDE, &number.to_be_bytes()), aside)?;
            if let Some(old) = number.checked_sub(SET_ASIDE_KEPT) {
                self.remove(keys::key(keys::SET_ASIDE, &old.to_be_bytes()));
            }
        }
        for (name, value) in &changes.notes {
            self.put(keys::key(keys::NOTE, name.as_bytes()), value)?;
        }
        Ok(())
    }

    /// Moves a record's place in a time index.
    fn index(&mut self, prefix: u8, id: &str, old: Option<DateTime<Utc>>, new: DateTime<Utc>) {
        if let Some(old) = old {
            self.remove(keys::timed(prefix, old, id));
        }
        self.mark(keys::timed(prefix, new, id));
    }

    fn article(&mut self, mut article: Article) -> Result<(), StoreError> {
        let key = keys::key(keys::ARTICLE, article.id.as_str().as_bytes());
        let known: Option<Article> = self.get(&key)?;
        if known.is_none() {
            self.counts.articles += 1;
        }
        let old = known.map(|known| known.first_seen);
        self.index(keys::ARTICLE_TIME, article.id.as_str(), old, article.first_seen);
        article.body = String::new();
        self.put(key, &article)
    }

    /// Adds what later articles are compared with, and forgets what is too old for that.
    fn placed(&mut self, placed: &[Placed]) -> Result<(), StoreError> {
        let Some(newest) = placed.iter().map(|placed| placed.at.seen).max() else { return Ok(()) };
        let before = keys::timed(keys::PLACED, newest - Duration::days(PLACED_DAYS), "");
        let state = &self.store.0.state;
        for entry in state.range(vec![keys::PLACED]..before).take(4 * placed.len() + 16) {
            let (key, _) = entry.map_err(|error| trouble(&self.store.0.path, error))?;
            self.remove(key.to_vec());
        }
        for placed in placed {
            let key = keys::timed(keys::PLACED, placed.at.seen, placed.article.as_str());
            self.put(key, placed)?;
        }
        Ok(())
    }

    fn story(&mut self, story: &Story) -> Result<(), StoreError> {
        let key = keys::key(keys::STORY, story.id.as_str().as_bytes());
        let known: Option<Story> = self.get(&key)?;
        if known.is_none() {
            self.counts.stories += 1;
        }
        let old = known.as_ref().map(|known| known.updated);
        self.index(keys::STORY_TIME, story.id.as_str(), old, story.updated);
        if known.as_ref() != Some(story) {
            self.journal(Kind::Story, story.id.as_str())?;
        }
        self.put(key, story)
    }

    fn publish(&mut self, editions: &[crate::model::brief::Edition]) -> Result<(), StoreError> {
        for edition in editions {
            let key = keys::edition(edition.series, edition.closes);
            if self.exists(&key)? {
                continue;
            }
            self.counts.editions += 1;
            // The week's edition sums up what the daily ones told; telling is theirs.
            let telling = if edition.series == Series::Weekly { &[] } else { &*edition.stories };
            for story in telling {
                let told = keys::key(keys::TOLD, story.as_str().as_bytes());
                let known: Option<(EditionId, DateTime<Utc>)> = self.get(&told)?;
                if known.is_none_or(|(_, closes)| closes <= edition.closes) {
                    self.put(told, &(&edition.id, edition.closes))?;
                }
            }
            self.journal(Kind::Edition, edition.id.as_str())?;
            self.put(key, edition)?;
        }
        Ok(())
    }

    fn outbox(
        &mut self,
        new: Vec<Delivery>,
        moved: Vec<Delivery>,
        revived: Vec<Delivery>,
    ) -> Result<(), StoreError> {
        for delivery in new {
            if self.delivery(&delivery.id)?.is_none() {
                self.place_delivery(None, &delivery)?;
            }
        }
        let moved = moved.into_iter().map(|delivery| (delivery, false));
        for (delivery, revived) in moved.chain(revived.into_iter().map(|delivery| (delivery, true)))
        {
            let known = self.delivery(&delivery.id)?;
            if known.as_ref().is_none_or(|known| goes_on(known, &delivery, revived)) {
                self.place_delivery(known.as_ref(), &delivery)?;
            }
        }
        Ok(())
    }

    pub(super) fn delivery(&self, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.get(&keys::key(keys::DELIVERY, id.as_str().as_bytes()))
    }

    /// A delivery's record, its places in the indexes of open ones, and its count.
    pub(super) fn place_delivery(
        &mut self,
        before: Option<&Delivery>,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        if let Some(before) = before {
            let count = self.counts.of(before);
            *count = count.saturating_sub(1);
            places(before).into_iter().for_each(|place| self.remove(place));
        }
        *self.counts.of(delivery) += 1;
        places(delivery).into_iter().for_each(|place| self.mark(place));
        self.put(keys::key(keys::DELIVERY, delivery.id.as_str().as_bytes()), delivery)
    }
}

/// Whether a delivery may become what it is to be: what has arrived has arrived, and what was given
/// up is sent again only when somebody says so.
fn goes_on(known: &Delivery, new: &Delivery, revived: bool) -> bool {
    match known.state {
        State::Sent { .. } | State::Merged { .. } => false,
        State::Dead { .. } => {
            revived || matches!(new.state, State::Sent { .. } | State::Dead { .. })
        }
        State::Pending { .. } | State::Claimed { .. } => true,
    }
}

/// Where an open delivery stands: in its lane or among the claimed, and under its chat.
fn places(delivery: &Delivery) -> Vec<Vec<u8>> {
    let id = delivery.id.as_str();
    let place = match delivery.state {
        State::Pending { due } => {
            keys::due(keys::lane(delivery.to.platform, delivery.cause.urgent()), due, id)
        }
        State::Claimed { lease } => keys::timed(keys::HELD, lease, id),
        State::Sent { .. } | State::Dead { .. } | State::Merged { .. } => return Vec::new(),
    };
    vec![place, keys::open_to(&delivery.to, id)]
}

impl Counts {
    /// The counter a delivery belongs to.
    fn of(&mut self, delivery: &Delivery) -> &mut u64 {
        match delivery.state {
            State::Pending { .. } | State::Claimed { .. } => &mut self.waiting,
            State::Sent { .. } => &mut self.sent,
            State::Dead { .. } => &mut self.dead,
            State::Merged { .. } => &mut self.merged,
        }
    }
}
