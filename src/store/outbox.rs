//! The outbox: deliveries in due order, claimed before they are sent.
//!
//! A delivery only moves forward. The index of open deliveries holds exactly
//! those that are pending or claimed, at the instant they are next of concern.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::store::write::{Pending, concern};
use crate::store::{Store, StoreError, codec, keys, trouble};

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
        for entry in self.0.state.scan_prefix([keys::DUE]) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let delivery = self.delivery(&DeliveryId(keys::id_of(&key)))?;
            if let Some(at) = delivery.as_ref().and_then(concern) {
                return Ok(Some(at));
            }
        }
        Ok(None)
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
        let mut pending = Pending::on(self, *counts);
        let mut taken = Vec::new();
        let upto = keys::timed(keys::DUE, now + chrono::Duration::milliseconds(1), "");
        for entry in self.0.state.range(vec![keys::DUE]..upto) {
            if taken.len() == most {
                break;
            }
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let Some(mut delivery) = self.delivery(&DeliveryId(keys::id_of(&key)))? else {
                pending.remove(key.to_vec());
                continue;
            };
            if skip(&delivery) {
                continue;
            }
            let before = delivery.clone();
            delivery.state = State::Claimed { lease: now + lease };
            pending.place_delivery(Some(&before), &delivery)?;
            taken.push(delivery);
        }
        if taken.is_empty() {
            return Ok(taken);
        }
        *counts = pending.apply()?;
        drop(counts);
        self.sync()?;
        Ok(taken)
    }
}
