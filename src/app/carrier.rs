//! The loop that carries deliveries to their chats: claims them, sends each when it may go, remembers.
//!
//! Whose turn it is and how fast it goes is decided in `deliver` and `pace`;
//! here is only what waits and runs. Everything that touches the disk runs on
//! threads that may block, so that answers to commands need not wait for it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::deliver::{Deliverer, Line, Outcome, Recorded, Step, Turn};
use crate::model::delivery::Delivery;
use crate::publish;

/// The longest wait between two looks at the outbox, so that a clock set anew is noticed.
const TICK: Duration = Duration::from_secs(15);
/// After a look that found nothing, the next one comes no sooner, unless something new is told of.
const PAUSE: chrono::Duration = chrono::Duration::milliseconds(250);
/// A clock this far behind what it showed was set back.
const SET_BACK: chrono::Duration = chrono::Duration::minutes(2);
/// How long remembering rests when the store refuses.
const REST: Duration = Duration::from_secs(1);
/// A delivery whose sending broke in a way that must not happen rests this long.
const BROKEN: chrono::Duration = chrono::Duration::minutes(5);

/// What the loop works with.
#[derive(Clone)]
pub(super) struct Carrier {
    pub(super) deliverer: Arc<Deliverer>,
    pub(super) clock: Arc<dyn Clock>,
    /// Told when there is something new to deliver.
    pub(super) wake: Arc<Notify>,
    pub(super) stop: CancellationToken,
}

impl Carrier {
    /// Runs until the stop; what is being sent then is finished and remembered.
    pub(super) async fn run(self) {
        let (outcomes, inbox) = unbounded_channel();
        let (recorded, mut settled) = unbounded_channel();
        let writer = self.clone();
        let writer = tokio::task::spawn_blocking(move || writer.remember(inbox, &recorded));
        let mut line = Line::new();
        let mut sends = JoinSet::new();
        let mut look_at = self.clock.now();
        let mut seen = publish::looked_until(&self.deliverer.store).unwrap_or(look_at);
        while !self.stop.is_cancelled() {
            let now = self.clock.now();
            if seen - now > SET_BACK {
                self.set_back(seen, now).await;
                look_at = now;
            }
            seen = now;
            if now >= look_at {
                look_at = self.claim(&mut line, now).await;
            }
            let next = self.dispatch(&mut line, &mut sends, &outcomes);
            let next = next.map_or(look_at, |next| next.min(look_at));
            let pause = (next - self.clock.now()).to_std().unwrap_or_default().min(TICK);
            tokio::select! {
                () = self.stop.cancelled() => {}
                () = self.wake.notified() => look_at = now,
                () = self.clock.sleep(pause) => {}
                Some(recorded) = settled.recv() => {
                    self.settle(recorded, &mut line);
                    while let Ok(more) = settled.try_recv() {
                        self.settle(more, &mut line);
                    }
                }
            }
            while sends.try_join_next().is_some() {}
        }
        // What is being sent now is finished and remembered, so that a restart does not repeat it.
        while sends.join_next().await.is_some() {}
        drop(outcomes);
        drop(writer.await);
    }

    /// Claims what the line has room for, and says when the outbox is worth another look.
    async fn claim(&self, line: &mut Line, now: DateTime<Utc>) -> DateTime<Utc> {
        let platforms: Vec<_> = self.deliverer.platforms.keys().copied().collect();
        let wanted = line.wanted(platforms.into_iter(), &mut self.deliverer.pace(), now);
        let held = line.held();
        let deliverer = self.deliverer.clone();
        let claim = tokio::task::spawn_blocking(move || {
            let claimed = deliverer.claim(now, &wanted, &|id| held.contains(id))?;
            anyhow::Ok((claimed, deliverer.next_due(now)?))
        });
        let (claimed, due) = match claim.await.unwrap_or_else(|error| Err(error.into())) {
            Ok(found) => found,
            Err(error) => {
                let error = format!("{error:#}");
                tracing::error!(error, "the outbox cannot be read; tried again soon");
                return now + chrono::Duration::seconds(1);
            }
        };
        let none = claimed.is_empty();
        claimed.into_iter().for_each(|delivery| line.add(delivery));
        let far = now + chrono::Duration::seconds(60);
        let due = due.unwrap_or(far).min(far);
        if none { due.max(now + PAUSE) } else { due.max(now) }
    }

    /// Sends whoever may go now, and says when somebody else may.
    fn dispatch(
        &self,
        line: &mut Line,
        sends: &mut JoinSet<()>,
        outcomes: &UnboundedSender<Outcome>,
    ) -> Option<DateTime<Utc>> {
        loop {
            let now = self.clock.now();
            let (turn, back) = line.next(&mut self.deliverer.pace(), now);
            for (delivery, due) in back {
                let reason = "waits for the platform's limit".to_owned();
                drop(outcomes.send(Deliverer::back(delivery, due, reason)));
            }
            match turn {
                Turn::Wait(next) => return next,
                Turn::Go(delivery) => {
                    sends.spawn(self.clone().send(*delivery, now, outcomes.clone()));
                }
            }
        }
    }

    async fn send(
        self,
        delivery: Delivery,
        now: DateTime<Utc>,
        outcomes: UnboundedSender<Outcome>,
    ) {
        let sending = AssertUnwindSafe(self.deliverer.send(delivery.clone(), now)).catch_unwind();
        let outcome = sending.await.unwrap_or_else(|_| {
            tracing::error!(delivery.id = %delivery.id, "sending panicked");
            Deliverer::back(
                delivery,
                now + BROKEN,
                "sending failed in a way that is a fault of Monazite".to_owned(),
            )
        });
        self.deliverer.learn(&outcome, self.clock.now());
        drop(outcomes.send(outcome));
    }

    /// Takes note of what is remembered: who is done, who goes on, whom to tell what.
    fn settle(&self, recorded: Recorded, line: &mut Line) {
        for (delivery, step) in recorded.steps {
            line.done(&delivery);
            let id = &delivery.id;
            match step {
                Step::Again(more) => line.add(*more),
                Step::Sent => tracing::debug!(delivery.id = %id, "delivered"),
                Step::Later(due) => tracing::debug!(delivery.id = %id, %due, "a delivery waits"),
                Step::Ended => {}
            }
        }
        for notice in recorded.notices {
            let deliverer = self.deliverer.clone();
            tokio::spawn(async move { deliverer.tell(&notice).await });
        }
    }

    async fn set_back(&self, was: DateTime<Utc>, now: DateTime<Utc>) {
        let store = self.deliverer.store.clone();
        let moved = tokio::task::spawn_blocking(move || store.clock_set_back(was, now)).await;
        tracing::warn!(%was, %now, ?moved, "the clock was set back; what was due stays due");
    }

    /// Remembers what came of sending, as soon as it is known: whatever came meanwhile is written
    /// together. What the store refuses is kept and tried again, since forgetting would send twice.
    fn remember(
        &self,
        mut inbox: UnboundedReceiver<Outcome>,
        recorded: &UnboundedSender<Recorded>,
    ) {
        let (dirty, disk) = std::sync::mpsc::sync_channel::<()>(1);
        let store = self.deliverer.store.clone();
        // The disk is waited for elsewhere: a receipt must be out of this process's hands at once.
        let keeper = std::thread::spawn(move || {
            while disk.recv().is_ok() {
                if let Err(error) = store.sync() {
                    tracing::error!(%error, "the disk does not keep what was delivered");
                }
            }
        });
        while let Some(first) = inbox.blocking_recv() {
            let mut batch = vec![first];
            while let Ok(more) = inbox.try_recv() {
                batch.push(more);
            }
            self.record(batch, recorded);
            // A full channel means that a sync is to come anyway.
            let _full = dirty.try_send(());
        }
        drop(dirty);
        drop(keeper.join());
    }

    fn record(&self, mut batch: Vec<Outcome>, recorded: &UnboundedSender<Recorded>) {
        let mut told = false;
        loop {
            match self.deliverer.record(&batch, self.clock.now()) {
                Ok(done) => return drop(recorded.send(done)),
                Err(error) if !told => {
                    let error = format!("{error:#}");
                    tracing::error!(
                        error,
                        "deliveries cannot be stored; tried again until they are"
                    );
                    told = true;
                }
                Err(_) => {}
            }
            // One that cannot be stored holds up no other.
            batch.retain(|outcome| {
                let one = self.deliverer.record(std::slice::from_ref(outcome), self.clock.now());
                one.is_err() || recorded.send(one.unwrap_or_default()).is_err()
            });
            if batch.is_empty() || self.stop.is_cancelled() {
                return;
            }
            std::thread::sleep(REST);
        }
    }
}
