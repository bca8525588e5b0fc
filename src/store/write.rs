//! Writing: one set of changes as one atomic batch, on the disk when it must last.

use std::collections::HashMap;
use std::sync::PoisonError;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sled::Batch;

use crate::model::article::Article;
use crate::model::story::Story;
use crate::store::{Changes, Counts, Store, StoreError, codec, keys, trouble};

/// Bytes that must be free before anything is written: several of sled's segments.
const SPARE: u64 = 48 << 20;

/// Most set-aside items remembered.
const SET_ASIDE_KEPT: u64 = 2_000;

impl Store {
    /// Makes the changes: all of them, or none. When it returns, deliveries, editions,
    /// subscriptions and notes among them outlast a power cut, and with them all that stands in
    /// the same set.
    ///
    /// # Errors
    ///
    /// When the disk refuses; then nothing has changed.
    pub fn commit(&self, changes: Changes) -> Result<(), StoreError> {
        self.check_space()?;
        let must_last = changes.must_last();
        self.write_bodies(&changes.articles)?;
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending {
            store: self,
            batch: Batch::default(),
            counts: *counts,
            fresh: HashMap::new(),
        };
        pending.add(changes)?;
        let Pending { mut batch, counts: changed, .. } = pending;
        batch.insert(keys::COUNTS, codec::encode(&changed)?);
        self.0.state.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))?;
        *counts = changed;
        drop(counts);
        if must_last { self.sync() } else { Ok(()) }
    }

    /// Refuses to begin what the disk may not hold: sled does not recover from a write that found no
    /// room, so it must not come to one.
    pub(super) fn check_space(&self) -> Result<(), StoreError> {
        let free = fs2::available_space(&self.0.path)
            .map_err(|error| StoreError::Disk(error.to_string()))?;
        if free < SPARE {
            let megabytes = free >> 20;
            return Err(StoreError::Disk(format!(
                "only {megabytes} MB are free where the store lies"
            )));
        }
        Ok(())
    }

    /// Waits until everything committed so far is on the disk.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn sync(&self) -> Result<(), StoreError> {
        for (db, file) in
            [&self.0.bodies, &self.0.state].into_iter().zip([&self.0.files[1], &self.0.files[0]])
        {
            db.flush().map_err(|error| trouble(&self.0.path, error))?;
            // sled's flush asks the kernel to write but not the disk to keep.
            file.sync_data().map_err(|error| StoreError::Disk(error.to_string()))?;
        }
        Ok(())
    }

    fn write_bodies(&self, articles: &[Article]) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        for article in articles.iter().filter(|article| !article.body.is_empty()) {
            batch.insert(article.id.as_str().as_bytes(), codec::encode(&article.body)?);
        }
        self.0.bodies.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))
    }

    /// Forgets articles first seen before `before`, their bodies and the stories that have not
    /// changed since; at most `most` of each. That they were seen is remembered.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn sweep(&self, before: DateTime<Utc>, most: usize) -> Result<usize, StoreError> {
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut batch, mut bodies) = (Batch::default(), Batch::default());
        let mut gone = 0;
        for (index, prefix) in
            [(keys::ARTICLE_TIME, keys::ARTICLE), (keys::STORY_TIME, keys::STORY)]
        {
            let old = keys::timed(index, DateTime::UNIX_EPOCH, "")..keys::timed(index, before, "");
            for entry in self.0.state.range(old).take(most) {
                let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
                let id = keys::id_of(&key);
                batch.remove(keys::key(prefix, id.as_bytes()));
                batch.remove(key);
                if prefix == keys::ARTICLE {
                    bodies.remove(id.as_bytes());
                    counts.articles = counts.articles.saturating_sub(1);
                } else {
                    batch.remove(keys::key(keys::TOLD, id.as_bytes()));
                    counts.stories = counts.stories.saturating_sub(1);
                }
                gone += 1;
            }
        }
        if gone > 0 {
            batch.insert(keys::COUNTS, codec::encode(&*counts)?);
            self.0.state.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))?;
            self.0.bodies.apply_batch(bodies).map_err(|error| trouble(&self.0.path, error))?;
        }
        Ok(gone)
    }
}

/// A batch in the making. Indexes are kept in step with what they point to.
struct Pending<'a> {
    store: &'a Store,
    batch: Batch,
    counts: Counts,
    /// Times of records written twice in one set, by key.
    fresh: HashMap<Vec<u8>, DateTime<Utc>>,
}

impl Pending<'_> {
    fn put<T: Serialize>(&mut self, key: Vec<u8>, value: &T) -> Result<(), StoreError> {
        self.batch.insert(key, codec::encode(value)?);
        Ok(())
    }

    fn exists(&self, key: &[u8]) -> Result<bool, StoreError> {
        self.store.0.state.contains_key(key).map_err(|error| trouble(&self.store.0.path, error))
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
        for to in &changes.unsubscribed {
            let key = keys::destination(to);
            if self.exists(&key)? {
                self.counts.subscriptions = self.counts.subscriptions.saturating_sub(1);
            }
            self.batch.remove(key);
        }
        self.outbox(changes.new_deliveries, changes.deliveries)?;
        for aside in &changes.set_aside {
            let slot = self.counts.set_aside % SET_ASIDE_KEPT;
            self.counts.set_aside += 1;
            // A ring: the slot's old occupant is found by its number.
            let number = keys::key(keys::SET_ASIDE, &slot.to_be_bytes());
            self.put(number, aside)?;
        }
        for (name, value) in &changes.notes {
            self.put(keys::key(keys::NOTE, name.as_bytes()), value)?;
        }
        Ok(())
    }

    /// Moves a record's place in a time index.
    fn index(&mut self, prefix: u8, id: &str, old: Option<DateTime<Utc>>, new: DateTime<Utc>) {
        let name = keys::key(prefix, id.as_bytes());
        let old = self.fresh.insert(name, new).or(old);
        if let Some(old) = old.filter(|old| *old != new) {
            self.batch.remove(keys::timed(prefix, old, id));
        }
        self.batch.insert(keys::timed(prefix, new, id), &[][..]);
    }

    fn article(&mut self, mut article: Article) -> Result<(), StoreError> {
        let known = self.store.article(&article.id)?;
        let twice =
            self.fresh.contains_key(&keys::key(keys::ARTICLE_TIME, article.id.as_str().as_bytes()));
        if known.is_none() && !twice {
            self.counts.articles += 1;
        }
        self.index(
            keys::ARTICLE_TIME,
            article.id.as_str(),
            known.map(|known| known.first_seen),
            article.first_seen,
        );
        article.body = String::new();
        self.put(keys::key(keys::ARTICLE, article.id.as_str().as_bytes()), &article)
    }

    fn story(&mut self, story: &Story) -> Result<(), StoreError> {
        let known = self.store.story(&story.id)?;
        if known.is_none()
            && !self.fresh.contains_key(&keys::key(keys::STORY_TIME, story.id.as_str().as_bytes()))
        {
            self.counts.stories += 1;
        }
        self.index(
            keys::STORY_TIME,
            story.id.as_str(),
            known.map(|known| known.updated),
            story.updated,
        );
        self.put(keys::key(keys::STORY, story.id.as_str().as_bytes()), story)
    }

    fn publish(&mut self, editions: &[crate::model::brief::Edition]) -> Result<(), StoreError> {
        for edition in editions {
            let key = keys::edition(edition.series, edition.closes);
            if self.exists(&key)? {
                continue;
            }
            self.counts.editions += 1;
            for story in &edition.stories {
                self.put(
                    keys::key(keys::TOLD, story.as_str().as_bytes()),
                    &(&edition.id, edition.closes),
                )?;
            }
            self.put(key, edition)?;
        }
        Ok(())
    }

    fn outbox(
        &mut self,
        new: Vec<crate::model::delivery::Delivery>,
        moved: Vec<crate::model::delivery::Delivery>,
    ) -> Result<(), StoreError> {
        for delivery in new {
            let known = self.store.delivery(&delivery.id)?;
            if known.is_none() {
                self.store.place_delivery(None, &delivery, &mut self.batch, &mut self.counts)?;
            }
        }
        for delivery in moved {
            let known = self.store.delivery(&delivery.id)?;
            self.store.place_delivery(
                known.as_ref(),
                &delivery,
                &mut self.batch,
                &mut self.counts,
            )?;
        }
        Ok(())
    }
}
