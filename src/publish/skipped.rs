//! What a chat that takes only some weekdays has not seen: the editions since its last one.
//!
//! Whether it was given an edition is looked up and not reckoned, so days,
//! hours and zones may have been changed meanwhile. A first edition never
//! brings any, and nothing reaches back more than seven days.

use chrono::{DateTime, Duration, Utc};

use crate::model::brief::EditionId;
use crate::model::delivery::{Cause, DeliveryId};
use crate::model::subscription::{Destination, Series, Subscription};
use crate::publish::Publisher;
use crate::schedule;
use crate::store::{Store, StoreError};

/// No edition is told of after this.
const FARTHEST: Duration = Duration::days(7);
/// The edition of the same hour a week before, whatever clocks did meanwhile.
const LOOKED_AT: Duration = Duration::hours(7 * 24 + 3);

/// The daily editions of the last days.
pub(super) struct Past {
    /// When they closed, oldest first.
    closings: Vec<DateTime<Utc>>,
    /// When the main ones were to close, oldest first.
    main: Vec<DateTime<Utc>>,
}

impl Past {
    /// Those before an instant.
    pub(super) fn before(publisher: &Publisher, now: DateTime<Utc>) -> Result<Self, StoreError> {
        // A slot that was missed may be served days later.
        let from = now - LOOKED_AT - Duration::days(9);
        let next = |at: &DateTime<Utc>| publisher.brief.next(publisher.zone, *at);
        let main = std::iter::successors(next(&from), next).take_while(|at| *at < now);
        let closings = publisher.store.closings(Series::Daily, from, now)?;
        Ok(Self { closings, main: main.collect() })
    }

    /// The editions that a chat has not been given since its last one, before that of `slot`.
    pub(super) fn skipped(
        &self,
        store: &Store,
        subscription: &Subscription,
        slot: DateTime<Utc>,
    ) -> Result<Vec<EditionId>, StoreError> {
        let to = &subscription.to;
        let slots = self.slots(subscription, slot);
        // Who takes every day was given the one before: that is all there is to look at.
        if let Some(last) = slots.last()
            && given(store, to, *last)?
        {
            return Ok(Vec::new());
        }
        let Some(last) = self.last_given(store, to, slot)? else { return Ok(Vec::new()) };
        let day = |at: DateTime<Utc>| at.with_timezone(&subscription.zone).date_naive();
        let since = last.max(subscription.since).max(slot - FARTHEST);
        let nexts = slots.iter().skip(1).copied().chain([slot]);
        let mut editions: Vec<DateTime<Utc>> = slots
            .iter()
            .zip(nexts)
            .filter_map(|(from, to)| self.edition_of(*from, to, &day))
            .filter(|closed| *closed > since && day(*closed) != day(last))
            .collect();
        editions.sort_unstable();
        editions.dedup();
        Ok(editions.into_iter().map(|closed| EditionId::of(Series::Daily, closed)).collect())
    }

    /// The instants before `slot` at which the chat's editions close, oldest first.
    fn slots(&self, subscription: &Subscription, slot: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let from = slot - LOOKED_AT;
        let Some(at) = subscription.at else {
            let within = |at: &&DateTime<Utc>| from < **at && **at < slot;
            return self.main.iter().filter(within).copied().collect();
        };
        let next =
            |after: &DateTime<Utc>| Some(schedule::next_slot(at, subscription.zone, &[], *after));
        std::iter::successors(next(&from), next).take_while(|at| *at < slot).collect()
    }

    /// When the chat's last edition before `slot` closed.
    fn last_given(
        &self,
        store: &Store,
        to: &Destination,
        slot: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let within = |at: &&DateTime<Utc>| slot - LOOKED_AT < **at && **at < slot;
        for closed in self.closings.iter().rev().filter(within) {
            if given(store, to, *closed)? {
                return Ok(Some(*closed));
            }
        }
        Ok(None)
    }

    /// When the edition of a slot closed: at the slot; or later, where that was missed, but before
    /// the next one; or where nobody had that hour, the last of its day.
    fn edition_of<D: PartialEq>(
        &self,
        slot: DateTime<Utc>,
        next: DateTime<Utc>,
        day: &dyn Fn(DateTime<Utc>) -> D,
    ) -> Option<DateTime<Utc>> {
        let from = self.closings.partition_point(|closed| *closed < slot);
        let later = self.closings.get(from).filter(|closed| **closed < next);
        later
            .filter(|closed| day(**closed) == day(slot))
            .or_else(|| {
                let same = self.closings.get(from.checked_sub(1)?);
                same.filter(|closed| day(**closed) == day(slot)).or(later)
            })
            .copied()
    }
}

/// Whether a daily edition was on its way to a chat, whatever came of it.
fn given(store: &Store, to: &Destination, closed: DateTime<Utc>) -> Result<bool, StoreError> {
    let cause = Cause::Edition(EditionId::of(Series::Daily, closed));
    store.has_delivery(&DeliveryId::of(&cause, to))
}
