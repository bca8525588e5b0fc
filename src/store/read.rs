//! Reading: look-ups and ranges, never a scan of everything for one thing.

use std::sync::PoisonError;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;

use crate::enrich::cluster::Placed;
use crate::model::article::{Article, ArticleId, SetAside, SourceId};
use crate::model::brief::{Edition, EditionId};
use crate::model::source::SourceState;
use crate::model::story::{Story, StoryId};
use crate::model::subscription::{Destination, PlatformName, Series, Subscription};
use crate::schedule::Agenda;
use crate::store::{Counts, Seen, SeenKey, Store, StoreError, codec, keys, trouble};

impl Store {
    pub(super) fn get<T: DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StoreError> {
        let bytes = self.0.state.get(key).map_err(|error| trouble(&self.0.path, error))?;
        bytes.map(|bytes| codec::decode(&bytes, &self.0.path)).transpose()
    }

    pub(super) fn all<T: DeserializeOwned>(
        &self,
        prefix: u8,
    ) -> impl DoubleEndedIterator<Item = Result<T, StoreError>> {
        self.0.state.scan_prefix([prefix]).map(|entry| {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            codec::decode(&bytes, &self.0.path)
        })
    }

    /// The ids behind a time index between two instants, the first included.
    fn ids_between(
        &self,
        prefix: u8,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> impl DoubleEndedIterator<Item = Result<String, StoreError>> {
        let range = keys::timed(prefix, from, "")..keys::timed(prefix, to, "");
        self.0.state.range(range).map(|entry| {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            Ok(keys::id_of(&key))
        })
    }

    /// What is remembered of a source.
    ///
    /// # Errors
    ///
    /// As all reads: when the store is damaged or the disk refuses.
    pub fn source_state(&self, id: &SourceId) -> Result<Option<SourceState>, StoreError> {
        self.get(&keys::key(keys::SOURCE, id.as_str().as_bytes()))
    }

    /// What is remembered of an item.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn seen(&self, key: &SeenKey) -> Result<Option<Seen>, StoreError> {
        self.get(&keys::key(keys::SEEN, &key.0))
    }

    /// An article without its body.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn article(&self, id: &ArticleId) -> Result<Option<Article>, StoreError> {
        self.get(&keys::key(keys::ARTICLE, id.as_str().as_bytes()))
    }

    /// An article's body; `None` once it was swept.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn body(&self, id: &ArticleId) -> Result<Option<String>, StoreError> {
        let bytes = self.0.bodies.get(id.as_str()).map_err(|error| trouble(&self.0.path, error))?;
        bytes.map(|bytes| codec::decode(&bytes, &self.0.path)).transpose()
    }

    /// What was placed in stories since an instant. A record this version cannot read is left out:
    /// it is a convenience, and a fact of nothing.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn placed_since(&self, from: DateTime<Utc>) -> Result<Vec<Placed>, StoreError> {
        let mut list = Vec::new();
        let range = keys::timed(keys::PLACED, from, "")..vec![keys::PLACED + 1];
        for entry in self.0.state.range(range) {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.extend(codec::decode::<Placed>(&bytes, &self.0.path).ok());
        }
        Ok(list)
    }

    /// Articles first seen between two instants, without bodies, oldest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn articles_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Article>, StoreError> {
        let mut list = Vec::new();
        for id in self.ids_between(keys::ARTICLE_TIME, from, to) {
            list.extend(self.article(&ArticleId(id?))?);
        }
        Ok(list)
    }

    /// Every article without its body, one at a time.
    pub fn articles(&self) -> impl Iterator<Item = Result<Article, StoreError>> {
        self.all(keys::ARTICLE)
    }

    /// A story.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn story(&self, id: &StoryId) -> Result<Option<Story>, StoreError> {
        self.get(&keys::key(keys::STORY, id.as_str().as_bytes()))
    }

    /// Every story, one at a time.
    pub fn stories(&self) -> impl Iterator<Item = Result<Story, StoreError>> {
        self.all(keys::STORY)
    }

    /// Stories changed between two instants, oldest change first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn stories_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Story>, StoreError> {
        let mut list = Vec::new();
        for id in self.ids_between(keys::STORY_TIME, from, to) {
            list.extend(self.story(&StoryId(id?))?);
        }
        Ok(list)
    }

    /// The stories changed last that `wanted` accepts, newest first, at most `most`, looking at
    /// no more than fifty times as many.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn latest_stories(
        &self,
        most: usize,
        wanted: impl Fn(&Story) -> bool,
    ) -> Result<Vec<Story>, StoreError> {
        let mut list = Vec::new();
        for entry in self.0.state.scan_prefix([keys::STORY_TIME]).rev().take(most * 50) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.extend(self.story(&StoryId(keys::id_of(&key)))?.filter(&wanted));
            if list.len() == most {
                break;
            }
        }
        Ok(list)
    }

    /// The latest edition that told a story.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn told(&self, id: &StoryId) -> Result<Option<(EditionId, DateTime<Utc>)>, StoreError> {
        self.get(&keys::key(keys::TOLD, id.as_str().as_bytes()))
    }

    /// The edition of a series that closed at an instant.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn edition(
        &self,
        series: Series,
        closes: DateTime<Utc>,
    ) -> Result<Option<Edition>, StoreError> {
        self.get(&keys::edition(series, closes))
    }

    /// An edition by its id.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn edition_by_id(&self, id: &EditionId) -> Result<Option<Edition>, StoreError> {
        let (series, time) = match id.as_str().strip_prefix("weekly/") {
            Some(time) => (Series::Weekly, time),
            None => (Series::Daily, id.as_str()),
        };
        match DateTime::parse_from_str(&time.replace('Z', "+0000"), "%Y-%m-%dT%H:%M%z") {
            Ok(closes) => self.edition(series, closes.to_utc()),
            Err(_) => Ok(None),
        }
    }

    /// The editions of a series, newest first.
    pub fn editions(&self, series: Series) -> impl Iterator<Item = Result<Edition, StoreError>> {
        self.0.state.scan_prefix([keys::EDITION, keys::series(series)]).rev().map(|entry| {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            codec::decode(&bytes, &self.0.path)
        })
    }

    /// When editions of a series closed between two instants, the first included, oldest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn closings(
        &self,
        series: Series,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<DateTime<Utc>>, StoreError> {
        let mut list = Vec::new();
        let prefix = [keys::EDITION, keys::series(series)];
        for entry in self.0.state.range(keys::edition(series, from)..keys::edition(series, to)) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.extend(key.strip_prefix(prefix.as_slice()).and_then(keys::instant));
        }
        Ok(list)
    }

    /// The newest edition of a series.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn latest_edition(&self, series: Series) -> Result<Option<Edition>, StoreError> {
        self.editions(series).next().transpose()
    }

    /// The newest edition of a series that carries a date.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn edition_on(
        &self,
        series: Series,
        date: NaiveDate,
    ) -> Result<Option<Edition>, StoreError> {
        // Editions of a date close within two days of its midnight, in whatever zone.
        let midnight = date.and_time(chrono::NaiveTime::MIN).and_utc();
        let from = keys::edition(series, midnight - chrono::Duration::days(2));
        let to = keys::edition(series, midnight + chrono::Duration::days(3));
        for entry in self.0.state.range(from..to).rev() {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let edition: Edition = codec::decode(&bytes, &self.0.path)?;
            if edition.date == date {
                return Ok(Some(edition));
            }
        }
        Ok(None)
    }

    /// A destination's subscription.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn subscription(&self, to: &Destination) -> Result<Option<Subscription>, StoreError> {
        self.get(&keys::destination(to))
    }

    /// Every subscription.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        self.all(keys::SUBSCRIPTION).collect()
    }

    /// The subscriptions whose hour comes after `from` and not after `now`, and with `followers`
    /// those that have none of their own. Who is paused is not among them.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn subscriptions_due(
        &self,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
        followers: bool,
    ) -> Result<Vec<Subscription>, StoreError> {
        let mut list = Vec::new();
        for to in self.chats_due(from, now, followers)? {
            list.extend(self.subscription(&to)?);
        }
        Ok(list)
    }

    /// As `subscriptions_due`, where they go only.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn chats_due(
        &self,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
        followers: bool,
    ) -> Result<Vec<Destination>, StoreError> {
        // Whoever commits holds this first, too: no change falls between reading all and keeping up.
        let writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut agenda = self.0.agenda.lock().unwrap_or_else(PoisonError::into_inner);
        if agenda.is_none() {
            let mut fresh = Agenda::default();
            for subscription in self.all::<Subscription>(keys::SUBSCRIPTION) {
                fresh.put(&subscription?);
            }
            *agenda = Some(fresh);
        }
        drop(writer);
        let Some(agenda) = agenda.as_mut() else { return Ok(Vec::new()) };
        let mut list = agenda.due(from, now);
        if followers {
            list.extend(agenda.followers().cloned());
        }
        Ok(list)
    }

    /// The subscriptions of one chat, its topics included.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn subscriptions_of(
        &self,
        platform: PlatformName,
        chat: i64,
    ) -> Result<Vec<Subscription>, StoreError> {
        let whole = Destination { platform, chat, thread: None };
        let mut list: Vec<Subscription> = self.subscription(&whole)?.into_iter().collect();
        // Topics stand behind their chat's name and a colon, so that chat 12 does not find 123.
        let mut prefix = keys::destination(&whole);
        prefix.push(b':');
        for entry in self.0.state.scan_prefix(prefix) {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.push(codec::decode(&bytes, &self.0.path)?);
        }
        Ok(list)
    }

    /// Items set aside last, newest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn set_aside(&self, most: usize) -> Result<Vec<SetAside>, StoreError> {
        self.all(keys::SET_ASIDE).rev().take(most).collect()
    }

    /// A small value by its name.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn note(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.get(&keys::key(keys::NOTE, name.as_bytes()))
    }

    /// How many of each there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        *self.0.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
