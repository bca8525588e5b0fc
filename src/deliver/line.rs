//! Deliveries that are claimed and wait for their turn: who goes next, and who waits for what.
//!
//! Urgent ones go first, the others in the order they came; a chat gets one
//! message at a time, and one that has to wait holds up nobody else. Pure:
//! `now` is an argument, and nothing here sends or stores.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};

use crate::model::delivery::{Delivery, DeliveryId};
use crate::model::subscription::PlatformName;
use crate::pace::{Hold, Pace};
use crate::store::Wanted;

/// Claimed deliveries held for one platform, at most; few enough to be looked through at each turn.
const MOST: usize = 128;
/// With fewer than this, more are claimed.
const FEW: usize = 64;
/// Urgent ones claimed beyond that.
const URGENT: usize = 64;
/// Who has to wait longer than this goes back into the outbox.
const PATIENCE: Duration = Duration::seconds(10);
/// How far apart those of one chat go back.
const APART: Duration = Duration::seconds(3);

/// What has not begun to arrive comes behind what has.
const BEHIND: u64 = 1 << 48;

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Send this one now.
    Go(Box<Delivery>),
    /// Nobody's before this instant, as far as is known.
    Wait(Option<DateTime<Utc>>),
}

/// The line of those that wait.
#[derive(Default)]
pub struct Line {
    /// By urgency, then by turn.
    waiting: BTreeMap<(bool, u64), Delivery>,
    /// All that are waiting or under way.
    held: HashSet<DeliveryId>,
    /// Chats with a message under way, and of which delivery.
    busy: HashMap<(PlatformName, i64), DeliveryId>,
    under_way: HashMap<PlatformName, usize>,
    turns: u64,
}

impl Line {
    /// Nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a delivery is here or under way.
    #[must_use]
    pub fn holds(&self, id: &DeliveryId) -> bool {
        self.held.contains(id)
    }

    /// All that are here or under way.
    #[must_use]
    pub fn held(&self) -> HashSet<DeliveryId> {
        self.held.clone()
    }

    /// How many are here or under way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether nobody is here or under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Adds a claimed delivery at the end; one that has begun to arrive before those that have not.
    pub fn add(&mut self, delivery: Delivery) {
        self.turns += 1;
        self.held.insert(delivery.id.clone());
        let begun = !delivery.sent.is_empty();
        let turn = self.turns + if begun { 0 } else { BEHIND };
        self.waiting.insert((!delivery.cause.urgent(), turn), delivery);
    }

    /// What should be claimed so that no platform runs dry: nothing of one that is closed.
    pub fn wanted(
        &self,
        platforms: impl Iterator<Item = PlatformName>,
        pace: &mut Pace,
        now: DateTime<Utc>,
    ) -> Vec<Wanted> {
        let mut wanted = Vec::new();
        for platform in platforms {
            if pace.closed(platform, now).is_some_and(|until| until - now > PATIENCE) {
                continue;
            }
            let waits = |urgent: bool| {
                let of = |(key, delivery): &(&(bool, u64), &Delivery)| {
                    key.0 != urgent && delivery.to.platform == platform
                };
                self.waiting.iter().filter(of).count()
            };
            let (urgent, others) = (waits(true), waits(false));
            if urgent < URGENT {
                wanted.push(Wanted { platform, urgent: true, most: URGENT - urgent });
            }
            if others < FEW {
                wanted.push(Wanted { platform, urgent: false, most: MOST - others });
            }
        }
        wanted
    }

    /// Whose turn it is, and who goes back into the outbox, with the instant to come again. Whoever
    /// goes is counted as under way until `done`.
    pub fn next(
        &mut self,
        pace: &mut Pace,
        now: DateTime<Utc>,
    ) -> (Turn, Vec<(Delivery, DateTime<Utc>)>) {
        let mut soonest: Option<DateTime<Utc>> = None;
        let mut shut: HashSet<PlatformName> = HashSet::new();
        let mut back: Vec<((bool, u64), DateTime<Utc>)> = Vec::new();
        let mut back_of: HashMap<(PlatformName, i64), i32> = HashMap::new();
        let mut go = None;
        for (turn, delivery) in &self.waiting {
            let platform = delivery.to.platform;
            let chat = (platform, delivery.to.chat);
            let full = self.under_way(platform) >= pace.at_once(platform);
            if full || shut.contains(&platform) || self.busy.contains_key(&chat) {
                continue;
            }
            let (until, whole) = match pace.ready(&delivery.to, now) {
                Ok(()) => {
                    go = Some(*turn);
                    break;
                }
                Err(Hold::Platform(until)) => (until, true),
                Err(Hold::Chat(until)) => (until, false),
            };
            if until - now > PATIENCE {
                let before = back_of.entry(chat).or_default();
                back.push((*turn, until + APART * *before));
                *before += 1;
            } else {
                soonest = Some(soonest.map_or(until, |soonest| soonest.min(until)));
                if whole {
                    shut.insert(platform);
                }
            }
        }
        let turn = go.and_then(|turn| self.waiting.remove(&turn));
        let turn = turn.map_or(Turn::Wait(soonest), |delivery| {
            pace.took(&delivery.to, now);
            self.busy.insert((delivery.to.platform, delivery.to.chat), delivery.id.clone());
            *self.under_way.entry(delivery.to.platform).or_default() += 1;
            Turn::Go(Box::new(delivery))
        });
        let mut gone = Vec::new();
        for (turn, due) in back {
            gone.extend(self.waiting.remove(&turn).map(|delivery| {
                self.held.remove(&delivery.id);
                (delivery, due)
            }));
        }
        (turn, gone)
    }

    fn under_way(&self, platform: PlatformName) -> usize {
        self.under_way.get(&platform).copied().unwrap_or_default()
    }

    /// What was under way has come to something, and that is remembered.
    pub fn done(&mut self, delivery: &Delivery) {
        let chat = (delivery.to.platform, delivery.to.chat);
        if self.busy.get(&chat) != Some(&delivery.id) {
            return;
        }
        self.busy.remove(&chat);
        self.held.remove(&delivery.id);
        if let Some(count) = self.under_way.get_mut(&delivery.to.platform) {
            *count = count.saturating_sub(1);
        }
    }
}
