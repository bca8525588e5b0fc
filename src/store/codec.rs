//! Records to bytes and back: a version byte, then JSON.
//!
//! A version byte greater than ours is refused, never guessed at; a smaller
//! one is brought up to date here when there is one.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::store::StoreError;

/// The version written.
pub(super) const VERSION: u8 = 1;

pub(super) fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    let mut bytes = vec![VERSION];
    serde_json::to_writer(&mut bytes, value)
        .map_err(|error| StoreError::Disk(format!("a record cannot be written: {error}")))?;
    Ok(bytes)
}

pub(super) fn decode<T: DeserializeOwned>(
    bytes: &[u8],
    path: &std::path::Path,
) -> Result<T, StoreError> {
    let damaged = |reason: String| StoreError::Damaged { path: path.to_owned(), reason };
    match bytes.split_first() {
        Some((&VERSION, json)) => serde_json::from_slice(json)
            .map_err(|error| damaged(format!("a record cannot be read ({error})"))),
        Some((&version, _)) if version > VERSION => Err(StoreError::Newer(version)),
        _ => Err(damaged("a record has no version".to_owned())),
    }
}
