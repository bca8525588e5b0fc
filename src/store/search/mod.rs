//! The search index: full text over stories, editions, claims and restrictions, on tantivy.
//!
//! The index is disposable: everything in it is read from the store, and a
//! folder that is missing, damaged or made by another version is made anew. A
//! commit of the store notes what changed in its own batch; `catch_up` reads
//! the notes, and forgets them once the index holds what they name, so a crash
//! leaves the two apart until the next `catch_up` and no longer. No tantivy
//! type leaves this folder.

mod ask;
mod claims;
mod journal;
mod schema;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy};

use crate::lexicon::Lexicon;
use crate::model::story::{Story, StoryId};
use crate::query::{Kind, Matter};
use crate::register::Curated;
use crate::store::{Store, StoreError};
use claims::Counting;
pub(super) use journal::ALL;
use schema::Fields;

/// Raised whenever documents are made otherwise.
const VERSION: u32 = 3;

/// Memory for texts on their way into the index: the least tantivy takes.
const MEMORY: usize = 15_000_000;

/// The same while the whole index is made: little memory makes many small segments, and merging
/// those costs more than reading the texts.
const BUILD_MEMORY: usize = 60_000_000;

/// Threads that make the whole index, sharing that memory.
const BUILD_THREADS: usize = 2;

/// Journal entries read between two commits of the index.
const BATCH: usize = 500;

/// Documents between two commits while the whole index is made.
const BUILD_BATCH: usize = 20_000;

/// The search index of a store. Cheap to make: the index is opened when first needed.
pub struct Search {
    store: Store,
    lexicon: Arc<Lexicon>,
    curated: Arc<Curated>,
    folder: PathBuf,
    open: RwLock<Option<Arc<Open>>>,
    /// Held by whoever brings the index up to date.
    writer: Mutex<Option<IndexWriter>>,
    /// Whether something in the index could not be read.
    broken: AtomicBool,
}

/// An open index.
struct Open {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

/// What an index says about itself in its last commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    version: u32,
    /// The store it was made from.
    store: String,
    /// A hash of the names that texts were read with, and of the curated history.
    names: String,
    /// The last journal entry it holds.
    journal: u64,
}

/// What a query finds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Whether there is no index yet to look into.
    pub unready: bool,
    /// How many records.
    pub total: usize,
    /// The best of them.
    pub hits: Vec<Hit>,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// What kind.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// How well it answers; compares within one answer only.
    pub score: f32,
}

impl Search {
    /// The index of `store`, in a folder beside it. Touches nothing yet.
    #[must_use]
    pub fn new(store: Store, lexicon: Arc<Lexicon>, curated: Arc<Curated>) -> Self {
        let folder = store.0.path.join("search");
        let (open, writer) = (RwLock::new(None), Mutex::new(None));
        Self { store, lexicon, curated, folder, open, writer, broken: AtomicBool::new(false) }
    }

    /// Reads into the index what changed in the store, making it first where there is none.
    /// Gives the number of records read.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or the disk refuses; nothing is lost then, and the next
    /// call tries again.
    pub fn catch_up(&self) -> Result<usize, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if self.broken.swap(false, Ordering::AcqRel) {
            tracing::warn!("the search index cannot be read; it is made anew");
            *writer = None;
            return self.fill(&*self.make()?, &mut writer);
        }
        if self.current().is_none() {
            *writer = None;
        }
        let result = self.catch_up_with(&mut writer);
        if result.is_err() {
            // Whatever is half done is dropped with the writer; the folder is looked at anew.
            *writer = None;
            self.close();
        }
        result
    }

    /// Makes the whole index anew. Gives the number of records read.
    ///
    /// # Errors
    ///
    /// As `catch_up`.
    pub fn rebuild(&self) -> Result<usize, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        *writer = None;
        let open = self.make()?;
        self.fill(&open, &mut writer)
    }

    /// Lets the next `catch_up` make the index anew: something in it could not be read.
    pub fn doubt(&self) {
        self.broken.store(true, Ordering::Release);
    }

    /// Whether the next `catch_up` makes the index anew.
    #[must_use]
    pub fn is_doubted(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// Bytes on the disk.
    #[must_use]
    pub fn size_on_disk(&self) -> u64 {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        files.filter_map(|file| file.metadata().ok()).map(|meta| meta.len()).sum()
    }

    /// How many changes of the store the index has yet to read, at most a thousand.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn behind(&self) -> Result<usize, StoreError> {
        Ok(self.store.journal_after(0, 1_000)?.len())
    }

    fn catch_up_with(&self, writer: &mut Option<IndexWriter>) -> Result<usize, StoreError> {
        let open = self.opened()?;
        let Some(mut done) = self.mark_of(&open.index)?.map(|mark| mark.journal) else {
            return self.fill(&open, writer);
        };
        let mut count = 0;
        loop {
            let entries = self.store.journal_after(done, BATCH)?;
            let Some((last, _)) = entries.last() else { break };
            done = *last;
            let mut names: BTreeSet<String> = entries.into_iter().map(|(_, name)| name).collect();
            let writer = self.writing(&open, writer)?;
            let counting = Counting::default();
            if names.remove(&journal::name(Kind::Claim, ALL)) {
                writer.delete_term(open.fields.by_kind(Kind::Claim));
                let all = self.counting(&counting)?.keys();
                names.extend(all.map(|id| journal::name(Kind::Claim, id)));
            }
            for name in names {
                writer.delete_term(open.fields.by_name(&name));
                if let Some((kind, id)) = journal::named(&name)
                    && let Some(matter) = self.matter(kind, id, &counting)?
                {
                    self.add(&open, writer, &name, &matter)?;
                    count += 1;
                }
            }
            self.commit(writer, Some(done))?;
            open.reader.reload().map_err(trouble)?;
        }
        // Only now: what the index holds need not be told again.
        self.store.trim_journal(done)?;
        Ok(count)
    }

    /// Reads every record of the store into an empty index.
    fn fill(&self, open: &Open, writer: &mut Option<IndexWriter>) -> Result<usize, StoreError> {
        // Whatever changes from here on is told after this number.
        let mark = self.store.counts().journal;
        *writer = None;
        let mut building = self.writer_of(open, BUILD_THREADS, BUILD_MEMORY)?;
        building.delete_all_documents().map_err(trouble)?;
        let mut count = 0;
        let counting = Counting::default();
        let claims = self.counting(&counting)?.keys().cloned().map(|id| (Kind::Claim, Ok(id)));
        for (kind, id) in self.everything().chain(claims) {
            let id = id?;
            let Some(matter) = self.matter(kind, &id, &counting)? else { continue };
            self.add(open, &building, &journal::name(kind, &id), &matter)?;
            count += 1;
            if count % BUILD_BATCH == 0 {
                // Unfinished, so without a mark: a crash begins again.
                self.commit(&mut building, None)?;
                open.reader.reload().map_err(trouble)?;
            }
        }
        self.commit(&mut building, Some(mark))?;
        building.wait_merging_threads().map_err(trouble)?;
        open.reader.reload().map_err(trouble)?;
        self.store.trim_journal(mark)?;
        Ok(count)
    }

    /// Every record but claims, by kind and id.
    fn everything(&self) -> impl Iterator<Item = (Kind, Result<String, StoreError>)> {
        use crate::model::subscription::Series;
        let stories = self.store.stories().map(|s| (Kind::Story, s.map(|story| story.id.0)));
        let editions = [Series::Daily, Series::Weekly]
            .into_iter()
            .flat_map(|series| self.store.editions(series))
            .map(|e| (Kind::Edition, e.map(|edition| edition.id.0)));
        let listed: BTreeSet<String> =
            self.curated.restrictions.iter().map(|r| r.id.clone()).collect();
        let stored: Result<BTreeSet<String>, StoreError> = self
            .store
            .evidence()
            .map(|evidence| evidence.restrictions.into_iter().map(|n| n.record.id).collect());
        let restrictions = match stored {
            Ok(stored) => listed.union(&stored).cloned().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        };
        let restrictions = restrictions.into_iter().map(|id| (Kind::Restriction, id));
        stories.chain(editions).chain(restrictions)
    }

    /// A record as the index reads it; `None` when it is gone.
    fn matter(
        &self,
        kind: Kind,
        id: &str,
        counting: &Counting,
    ) -> Result<Option<Matter>, StoreError> {
        Ok(match kind {
            Kind::Story => match self.store.story(&StoryId(id.to_owned()))? {
                Some(story) => Some(self.story(&story)?),
                None => None,
            },
            Kind::Edition => {
                let edition = self.store.edition_by_id(&id.into())?;
                edition.as_ref().map(Matter::edition)
            }
            Kind::Claim => {
                let claim = self.counting(counting)?.get(id);
                claim.map(|claim| Matter::claim(claim, &self.lexicon))
            }
            Kind::Restriction => {
                let curated = self.curated.restrictions.iter().find(|r| r.id == id).cloned();
                let stored = self.store.restriction(id)?.into_iter().next();
                let seen = stored.as_ref().map_or_else(DateTime::default, |n| n.first_seen);
                let listing = curated.or(stored.map(|noted| noted.record));
                listing.map(|listing| Matter::restriction(&listing, seen.date_naive()))
            }
        })
    }

    fn story(&self, story: &Story) -> Result<Matter, StoreError> {
        let mut bodies = Vec::new();
        for telling in story.tellings.iter().take(12) {
            bodies.extend(self.store.body(&telling.article)?);
        }
        Ok(Matter::story(story, bodies))
    }

    fn add(
        &self,
        open: &Open,
        writer: &IndexWriter,
        name: &str,
        matter: &Matter,
    ) -> Result<(), StoreError> {
        writer.add_document(open.fields.document(name, matter, &self.lexicon)).map_err(trouble)?;
        Ok(())
    }

    /// Makes durable what was added, with the mark of what it holds; without one the index
    /// counts as unfinished.
    fn commit(&self, writer: &mut IndexWriter, journal: Option<u64>) -> Result<(), StoreError> {
        let mut prepared = writer.prepare_commit().map_err(trouble)?;
        if let Some(journal) = journal {
            // The mark must not outlast a power cut that the journal does not.
            self.store.sync()?;
            let mark = Mark { journal, ..self.mark()? };
            let text = serde_json::to_string(&mark)
                .map_err(|error| StoreError::Disk(format!("the search index: {error}")))?;
            prepared.set_payload(&text);
        }
        prepared.commit().map_err(trouble)?;
        Ok(())
    }

    fn writing<'a>(
        &self,
        open: &Open,
        writer: &'a mut Option<IndexWriter>,
    ) -> Result<&'a mut IndexWriter, StoreError> {
        if writer.is_none() {
            *writer = Some(self.writer_of(open, 1, MEMORY)?);
        }
        writer.as_mut().ok_or_else(|| StoreError::Disk("the search index is closed".to_owned()))
    }

    fn writer_of(
        &self,
        open: &Open,
        threads: usize,
        memory: usize,
    ) -> Result<IndexWriter, StoreError> {
        self.store.check_space()?;
        open.index.writer_with_num_threads(threads, memory).map_err(trouble)
    }

    fn current(&self) -> Option<Arc<Open>> {
        self.open.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn close(&self) {
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The index for looking into it; `None` until there is one. Never makes one: only whoever
    /// holds the writer may.
    fn readable(&self) -> Option<Arc<Open>> {
        self.current().or_else(|| self.existing().ok().map(|open| self.keep(open)))
    }

    /// The open index: the one on the disk, or an empty one where that is none of ours.
    fn opened(&self) -> Result<Arc<Open>, StoreError> {
        if let Some(open) = self.current() {
            return Ok(open);
        }
        match self.existing() {
            Ok(open) => Ok(self.keep(open)),
            Err(reason) => {
                tracing::info!(%reason, "the search index is made anew");
                self.make()
            }
        }
    }

    fn keep(&self, open: Open) -> Arc<Open> {
        let open = Arc::new(open);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = Some(open.clone());
        open
    }

    /// The index on the disk, or why it cannot be used.
    fn existing(&self) -> Result<Open, String> {
        if !self.folder.join("meta.json").exists() {
            return Err("there is none".to_owned());
        }
        let index = Index::open_in_dir(&self.folder).map_err(|error| error.to_string())?;
        let (schema, fields) = schema::schema();
        if index.schema() != schema {
            return Err("it was made by another version".to_owned());
        }
        let mark = self.mark_of(&index).map_err(|error| error.to_string())?;
        let expected = self.mark().map_err(|error| error.to_string())?;
        match mark {
            None => return Err("it was not finished".to_owned()),
            Some(mark) if mark.version != VERSION => {
                return Err("it was made by another version".to_owned());
            }
            Some(mark) if mark.store != expected.store || mark.journal > expected.journal => {
                return Err("it is of another store".to_owned());
            }
            Some(mark) if mark.names != expected.names => {
                return Err("names or the curated history have changed".to_owned());
            }
            Some(_) => {}
        }
        ready(index, fields).map_err(|error| error.to_string())
    }

    /// An empty index in place of whatever is there.
    fn make(&self) -> Result<Arc<Open>, StoreError> {
        let disk =
            |error: std::io::Error| StoreError::Disk(format!("{}: {error}", self.folder.display()));
        self.close();
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder).map_err(disk)?;
        }
        std::fs::create_dir_all(&self.folder).map_err(disk)?;
        let (schema, fields) = schema::schema();
        let index = Index::create_in_dir(&self.folder, schema).map_err(trouble)?;
        Ok(self.keep(ready(index, fields).map_err(trouble)?))
    }

    /// What a whole index of this store would say now.
    fn mark(&self) -> Result<Mark, StoreError> {
        Ok(Mark {
            version: VERSION,
            store: self.store.generation()?,
            names: names_hash(&self.lexicon, &self.curated),
            journal: self.store.counts().journal,
        })
    }

    fn mark_of(&self, index: &Index) -> Result<Option<Mark>, StoreError> {
        let metas = index.load_metas().map_err(trouble)?;
        Ok(metas.payload.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// What the query finds at `now`, best first, `skip` left out and `most` at most. Looks only
    /// at what the index holds; an index that cannot be read is made anew by the next `catch_up`.
    ///
    /// # Errors
    ///
    /// When the index or the store cannot be read.
    pub fn find(
        &self,
        query: &crate::query::Query,
        now: DateTime<Utc>,
        skip: usize,
        most: usize,
    ) -> Result<Found, StoreError> {
        let Some(open) = self.readable() else {
            return Ok(Found { unready: true, ..Found::default() });
        };
        let found = ask::find(&open.reader.searcher(), &open.fields, query, now, skip, most);
        found.map_err(|error| self.unreadable(error))
    }

    /// How many records the query finds at `now`.
    ///
    /// # Errors
    ///
    /// As `find`.
    pub fn count(
        &self,
        query: &crate::query::Query,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let Some(open) = self.readable() else { return Ok(0) };
        let count = ask::count(&open.reader.searcher(), &open.fields, query, now);
        count.map_err(|error| self.unreadable(error))
    }

    fn unreadable(&self, error: tantivy::TantivyError) -> StoreError {
        self.doubt();
        trouble(error)
    }
}

fn ready(index: Index, fields: Fields) -> tantivy::Result<Open> {
    schema::register(&index);
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    Ok(Open { index, reader, fields })
}

fn names_hash(lexicon: &Lexicon, curated: &Curated) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update(text.as_bytes());
        digest.update([0]);
    };
    for element in lexicon.elements() {
        add(&element.symbol);
        element.names.iter().for_each(|name| add(name));
    }
    for product in lexicon.products() {
        add(&product.id);
        product.names.iter().for_each(|name| add(name));
        product.elements.iter().for_each(|element| add(element.as_str()));
    }
    for company in lexicon.companies() {
        add(company.id.as_str());
        add(&company.short);
        company.names.iter().for_each(|name| add(name));
    }
    for agency in lexicon.agencies() {
        add(&agency.id);
        agency.names.iter().for_each(|name| add(name));
    }
    curated.claims.iter().for_each(|claim| add(&format!("{claim:?}")));
    curated.restrictions.iter().for_each(|listing| add(&format!("{listing:?}")));
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn trouble(error: tantivy::TantivyError) -> StoreError {
    StoreError::Disk(format!("the search index: {error}"))
}
