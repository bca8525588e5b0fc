//! The journal: which records the search index has yet to read, written in the commit that changes them.
//!
//! An entry names a record, never what it says: whoever reads it later reads
//! the record as it is then, so reading an entry twice does no harm.

use std::sync::PoisonError;

use sled::Batch;

use crate::query::Kind;
use crate::store::write::Pending;
use crate::store::{Store, StoreError, codec, keys, trouble};

/// Stands for all records of a kind.
pub(in crate::store) const ALL: &str = "*";

/// A record's name in the index and the journal: `story/s0123456789abcdef`.
pub(super) fn name(kind: Kind, id: &str) -> String {
    format!("{}/{id}", kind.word())
}

/// The record that a name stands for.
pub(super) fn named(name: &str) -> Option<(Kind, &str)> {
    let (word, id) = name.split_once('/')?;
    Kind::ALL.into_iter().find(|kind| kind.word() == word).map(|kind| (kind, id))
}

impl Pending<'_> {
    /// Says that a record is new, changed or gone.
    pub(in crate::store) fn journal(&mut self, kind: Kind, id: &str) -> Result<(), StoreError> {
        self.counts.journal += 1;
        let number = self.counts.journal;
        self.put(keys::key(keys::JOURNAL, &number.to_be_bytes()), &name(kind, id))
    }
}

impl Store {
    /// Entries behind a number, oldest first, at most `most`.
    pub(super) fn journal_after(
        &self,
        number: u64,
        most: usize,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        let from = keys::key(keys::JOURNAL, &number.saturating_add(1).to_be_bytes());
        let mut list = Vec::new();
        for entry in self.0.state.range(from..vec![keys::JOURNAL + 1]).take(most) {
            let (key, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let number = key[1..].try_into().map(u64::from_be_bytes).unwrap_or_default();
            list.push((number, codec::decode(&bytes, &self.0.path)?));
        }
        Ok(list)
    }

    /// Forgets entries up to a number.
    pub(super) fn trim_journal(&self, upto: u64) -> Result<(), StoreError> {
        let _writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let end = keys::key(keys::JOURNAL, &upto.saturating_add(1).to_be_bytes());
        loop {
            let mut batch = Batch::default();
            let mut count = 0;
            for entry in self.0.state.range(vec![keys::JOURNAL]..end.clone()).take(1_000) {
                let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
                batch.remove(key);
                count += 1;
            }
            if count == 0 {
                return Ok(());
            }
            self.0.state.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))?;
        }
    }

    /// A name that no other store has.
    pub(super) fn generation(&self) -> Result<String, StoreError> {
        let bytes =
            self.0.state.get(keys::GENERATION).map_err(|error| trouble(&self.0.path, error))?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()).unwrap_or_default())
    }
}
