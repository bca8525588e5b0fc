//! The outbox: deliveries in due order, claimed before they are sent.
//!
//! A delivery only moves forward. The index of open deliveries holds exactly
//! those that are pending or claimed, at the instant they are next of concern.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sled::Batch;

use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::store::{Counts, Store, StoreError, codec, keys, trouble};

impl Store {
    /// A delivery.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn delivery(&self, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.get(&keys::key(keys::DELIVERY, id.as_str().as_bytes()))
    }

    /// Every delivery, one at a time.
    pub fn deliveries(&self) -> impl Iterator<Item = Result<Delivery, StoreError>> {
        self.0.state.scan_prefix([keys::DELIVERY]).map(|entry| {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            codec::decode(&bytes, &self.0.path)
        })
    }

    /// When the next open delivery is of concern.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn next_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let first = self.0.state.scan_prefix([keys::DUE]).next().transpose();
        let Some((key, _)) = first.map_err(|error| trouble(&self.0.path, error))? else {
            return Ok(None);
        };
        let delivery = self.delivery(&DeliveryId(keys::id_of(&key)))?;
        Ok(delivery.and_then(|delivery| concern(&delivery)))
    }

    /// Takes up to `most` deliveries that are due, in due order, leaving out those `skip` names.
    /// Each is claimed until `now + lease`: on the disk before this returns, so that no second
    /// sender takes it, and free again by itself should this one die.
    ///
    /// # Errors
    ///
    /// When the disk refuses; then nothing is claimed.
    pub fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        most: usize,
        skip: &dyn Fn(&Delivery) -> bool,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.check_space()?;
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch::default();
        let mut taken = Vec::new();
        let upto = keys::timed(keys::DUE, now + chrono::Duration::milliseconds(1), "");
        for entry in self.0.state.range(vec![keys::DUE]..upto) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let Some(mut delivery) = self.delivery(&DeliveryId(keys::id_of(&key)))? else {
                batch.remove(key);
                continue;
            };
            if skip(&delivery) {
                continue;
            }
            let before = delivery.clone();
            delivery.state = State::Claimed { lease: now + lease };
            self.place_delivery(Some(&before), &delivery, &mut batch, &mut counts)?;
            taken.push(delivery);
            if taken.len() == most {
                break;
            }
        }
        if taken.is_empty() {
            return Ok(taken);
        }
        self.0.state.apply_batch(batch).map_err(|error| trouble(&self.0.path, error))?;
        drop(counts);
        self.sync()?;
        Ok(taken)
    }

    /// Adds a delivery's record, its place in the index and its count to a batch.
    pub(super) fn place_delivery(
        &self,
        before: Option<&Delivery>,
        delivery: &Delivery,
        batch: &mut Batch,
        counts: &mut Counts,
    ) -> Result<(), StoreError> {
        if let Some(before) = before {
            *count(counts, before) = count(counts, before).saturating_sub(1);
            if let Some(at) = concern(before) {
                batch.remove(keys::timed(keys::DUE, at, before.id.as_str()));
            }
        }
        *count(counts, delivery) += 1;
        if let Some(at) = concern(delivery) {
            batch.insert(keys::timed(keys::DUE, at, delivery.id.as_str()), &[][..]);
        }
        let key = keys::key(keys::DELIVERY, delivery.id.as_str().as_bytes());
        batch.insert(key, codec::encode(delivery)?);
        Ok(())
    }
}

/// When an open delivery is next of concern.
fn concern(delivery: &Delivery) -> Option<DateTime<Utc>> {
    match delivery.state {
        State::Pending { due } => Some(due),
        State::Claimed { lease } => Some(lease),
        State::Sent { .. } | State::Dead { .. } => None,
    }
}

fn count<'a>(counts: &'a mut Counts, delivery: &Delivery) -> &'a mut u64 {
    match delivery.state {
        State::Pending { .. } | State::Claimed { .. } => &mut counts.waiting,
        State::Sent { .. } => &mut counts.sent,
        State::Dead { .. } => &mut counts.dead,
    }
}
