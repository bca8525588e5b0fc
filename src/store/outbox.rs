//! The outbox: deliveries in due order, claimed before they are sent.
//!
//! A delivery only moves forward. Pending ones stand in lanes, one for the
//! urgent and one for the other deliveries of each platform, so that what is
//! due is looked up and nothing is passed over; claimed ones stand apart.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::model::subscription::{Destination, PlatformName, Series};
use crate::store::write::Pending;
use crate::store::{Store, StoreError, keys, trouble};

/// How many deliveries of one lane are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The platform.
    pub platform: PlatformName,
    /// Whether urgent ones, or the others.
    pub urgent: bool,
    /// At most so many.
    pub most: usize,
}

impl Store {
    /// A delivery.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn delivery(&self, id: &DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.get(&keys::key(keys::DELIVERY, id.as_str().as_bytes()))
    }

    /// Whether there is a delivery of that id.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn has_delivery(&self, id: &DeliveryId) -> Result<bool, StoreError> {
        let key = keys::key(keys::DELIVERY, id.as_str().as_bytes());
        self.0.state.contains_key(key).map_err(|error| trouble(&self.0.path, error))
    }

    /// Every delivery, one at a time.
    pub fn deliveries(&self) -> impl Iterator<Item = Result<Delivery, StoreError>> {
        self.all(keys::DELIVERY)
    }

    /// The open deliveries to a destination.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn open_to(&self, to: &Destination) -> Result<Vec<Delivery>, StoreError> {
        let mut list = Vec::new();
        for id in self.open_ids(to)? {
            list.extend(self.delivery(&id)?);
        }
        Ok(list)
    }

    fn open_ids(&self, to: &Destination) -> Result<Vec<DeliveryId>, StoreError> {
        let prefix = keys::open_to(to, "");
        let mut list = Vec::new();
        for entry in self.0.state.scan_prefix(&prefix) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let id = String::from_utf8_lossy(key.get(prefix.len()..).unwrap_or_default());
            list.push(DeliveryId(id.into_owned()));
        }
        Ok(list)
    }

    /// When the next delivery of a platform falls due; a claim does so when it runs out.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn next_due(&self, of: &[PlatformName]) -> Result<Option<DateTime<Utc>>, StoreError> {
        let lanes = of.iter().flat_map(|name| [keys::lane(*name, true), keys::lane(*name, false)]);
        let prefixes = lanes.map(|lane| vec![keys::DUE, lane]).chain([vec![keys::HELD]]);
        let mut next = None;
        for prefix in prefixes {
            let Some(entry) = self.0.state.scan_prefix(&prefix).next() else { continue };
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let at = keys::instant(key.get(prefix.len()..).unwrap_or_default());
            next = match (next, at) {
                (Some(next), Some(at)) => Some(at.min(next)),
                (next, at) => next.or(at),
            };
        }
        Ok(next)
    }

    /// Takes deliveries that are due from the lanes asked for, each in due order. Each is claimed
    /// until `now + lease`: on the disk before this returns, so that no second sender takes it, and
    /// free again should this one die. A claim that ran out is taken up again, unless `held` says
    /// that its sender is still at it.
    ///
    /// Of several editions that wait for one chat only the newest is taken; the others are merged
    /// into it.
    ///
    /// # Errors
    ///
    /// When the disk refuses; then nothing is claimed.
    pub fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        wanted: &[Wanted],
        held: &dyn Fn(&DeliveryId) -> bool,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.check_space()?;
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lost = Pending::on(self, *counts);
        self.free_lost(&mut lost, now, held)?;
        if !lost.is_empty() {
            *counts = lost.apply()?;
        }
        let mut pending = Pending::on(self, *counts);
        let mut taken = Vec::new();
        let state = State::Claimed { lease: now + lease };
        for lane in wanted {
            let place = keys::lane(lane.platform, lane.urgent);
            let upto = keys::due(place, now + chrono::Duration::milliseconds(1), "");
            let before = taken.len();
            for entry in self.0.state.range(vec![keys::DUE, place]..upto) {
                if taken.len() - before >= lane.most {
                    break;
                }
                let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
                let Some(found) = pending.delivery(&DeliveryId(keys::due_id(&key)))? else {
                    pending.remove(key.to_vec());
                    continue;
                };
                // Taken or merged a moment ago, for another one of its chat.
                if !matches!(found.state, State::Pending { .. }) {
                    continue;
                }
                let mut delivery = pending.merged(found, now)?;
                let old = delivery.clone();
                delivery.state = state.clone();
                pending.place_delivery(Some(&old), &delivery)?;
                taken.push(delivery);
            }
        }
        if pending.is_empty() {
            return Ok(taken);
        }
        *counts = pending.apply()?;
        drop(counts);
        self.sync()?;
        Ok(taken)
    }

    /// Sets free what was claimed, ran out, and is in nobody's hands.
    fn free_lost(
        &self,
        pending: &mut Pending<'_>,
        now: DateTime<Utc>,
        held: &dyn Fn(&DeliveryId) -> bool,
    ) -> Result<(), StoreError> {
        let upto = keys::timed(keys::HELD, now + chrono::Duration::milliseconds(1), "");
        for entry in self.0.state.range(vec![keys::HELD]..upto) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let id = DeliveryId(keys::id_of(&key));
            if held(&id) {
                continue;
            }
            if let Some(old) = pending.delivery(&id)? {
                pending.place_delivery(Some(&old), &freed(&old))?;
            }
        }
        Ok(())
    }

    /// Sets every claim free: only one process opens a store, so whoever claimed is no more. Brings
    /// the indexes of an older version up to date.
    pub(super) fn free_claims(&self) -> Result<(), StoreError> {
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending::on(self, *counts);
        let old = self.0.state.range(vec![keys::DUE, keys::LANES]..vec![keys::DUE + 1]);
        for entry in self.0.state.scan_prefix([keys::HELD]).chain(old) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            pending.remove(key.to_vec());
            if let Some(old) = pending.delivery(&DeliveryId(keys::id_of(&key)))? {
                pending.place_delivery(Some(&old), &freed(&old))?;
            }
        }
        if !pending.is_empty() {
            *counts = pending.apply()?;
        }
        Ok(())
    }

    /// After the clock was set back from `was` to `now`: what was due already stays due, and what
    /// waits for another try waits no longer than it was to. Gives how many were moved.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn clock_set_back(
        &self,
        was: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        /// No try waits longer for the next one, unless a platform asked for it.
        const TRY: chrono::Duration = chrono::Duration::minutes(20);
        let mut counts = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pending = Pending::on(self, *counts);
        let mut moved = 0;
        for lane in 0..keys::LANES {
            let range = keys::due(lane, now, "")..keys::due(lane, was + TRY, "");
            for entry in self.0.state.range(range) {
                let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
                let Some(old) = pending.delivery(&DeliveryId(keys::due_id(&key)))? else {
                    continue;
                };
                let State::Pending { due } = old.state else { continue };
                let due = match due <= was {
                    true => now,
                    false if !old.last_error.is_empty() => due - (was - now),
                    false => continue,
                };
                let new = Delivery { state: State::Pending { due }, ..old.clone() };
                pending.place_delivery(Some(&old), &new)?;
                moved += 1;
            }
        }
        if moved > 0 {
            *counts = pending.apply()?;
        }
        Ok(moved)
    }
}

/// The delivery, no longer claimed: due since it was made, so that it comes first.
fn freed(delivery: &Delivery) -> Delivery {
    let state = match delivery.state {
        State::Claimed { .. } => State::Pending { due: delivery.created },
        ref state => state.clone(),
    };
    Delivery { state, ..delivery.clone() }
}

impl Pending<'_> {
    /// The delivery to claim for one that is due: the newest edition that waits for its chat, in
    /// which the others that wait are merged. What has begun to arrive goes on as it is.
    fn merged(&mut self, found: Delivery, now: DateTime<Utc>) -> Result<Delivery, StoreError> {
        let Some(series) = waiting_series(&found) else { return Ok(found) };
        let mut waiting = Vec::new();
        for id in self.store().open_ids(&found.to)? {
            waiting.extend(
                self.delivery(&id)?.filter(|delivery| waiting_series(delivery) == Some(series)),
            );
        }
        waiting.sort_by(|a, b| a.cause.cmp(&b.cause));
        let Some(mut newest) = waiting.pop() else { return Ok(found) };
        if waiting.is_empty() {
            return Ok(newest);
        }
        for old in waiting {
            newest.merged.extend(old.merged.iter().cloned());
            newest.merged.extend(old.cause.edition().cloned());
            newest.skipped.extend(old.skipped.iter().cloned());
            let state = State::Merged { into: newest.id.clone(), at: now };
            self.place_delivery(Some(&old), &Delivery { state, ..old.clone() })?;
        }
        newest.merged.sort();
        newest.merged.dedup();
        newest.skipped.sort();
        newest.skipped.dedup();
        Ok(newest)
    }
}

/// The series of an edition that waits and of which nothing has arrived.
fn waiting_series(delivery: &Delivery) -> Option<Series> {
    let edition = delivery.cause.edition()?;
    let waits = matches!(delivery.state, State::Pending { .. }) && delivery.sent.is_empty();
    waits.then(|| edition.series())
}
