//! The flow from the outbox to chats: one part at a time, each remembered before the next is sent.
//!
//! A delivery never moves back and is never dropped in silence: it ends as
//! sent, or dead with its reason. Nothing here loops, waits or reads the clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::chat::{Part, Platform, Posting, SendError};
use crate::compose::phrase::{self, View};
use crate::lexicon::Lexicon;
use crate::model::delivery::{Cause, Delivery, DeliveryId, State};
use crate::model::message::{Block, Message};
use crate::model::subscription::{Destination, PlatformName, Subscription};
use crate::store::{Changes, Store};

/// How long a claimed delivery is ours: longer than any one part takes.
pub const LEASE: std::time::Duration = std::time::Duration::from_secs(120);

/// The first wait after a failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::seconds(5);
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::minutes(15);
/// An edition that could not be delivered for this long is no longer news.
const GIVE_UP: Duration = Duration::hours(20);

/// What delivering needs besides the time.
pub struct Deliverer {
    /// Everything remembered.
    pub store: Store,
    /// Names and labels.
    pub lexicon: Arc<Lexicon>,
    /// The platforms that are connected.
    pub platforms: BTreeMap<PlatformName, Arc<dyn Platform>>,
    /// The operator's zone, for a chat without a subscription.
    pub zone: Tz,
}

/// A delivery as it goes to a platform.
struct Ready {
    parts: Vec<Part>,
    title: String,
    topics: Vec<String>,
    publish: bool,
    discuss: bool,
}

/// What became of a delivery in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A part was accepted and more follow: go on with this.
    Again(Box<Delivery>),
    /// All parts are in the chat.
    Sent,
    /// To be tried again at this instant.
    Later(DateTime<Utc>),
    /// Given up, or handed on to the chat's new address.
    Ended,
}

impl Deliverer {
    /// Takes up to `most` due deliveries, none of them to a chat that `busy` names: a chat gets
    /// one message at a time. Deliveries to platforms that are not connected wait.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn claim(
        &self,
        now: DateTime<Utc>,
        most: usize,
        busy: &dyn Fn(&Destination) -> bool,
    ) -> anyhow::Result<Vec<Delivery>> {
        let mut taken = std::collections::HashSet::new();
        let taken = std::cell::RefCell::new(&mut taken);
        let skip = |delivery: &Delivery| {
            !self.platforms.contains_key(&delivery.to.platform)
                || busy(&delivery.to)
                || !taken.borrow_mut().insert(delivery.to.clone())
        };
        Ok(self.store.claim(now, LEASE, most, &skip)?)
    }

    /// Sends the next part of a claimed delivery and commits what came of it.
    ///
    /// # Errors
    ///
    /// When the store refuses. The claim then runs out, and the part is sent again: on Discord the
    /// nonce keeps it from standing there twice, on Telegram it may.
    pub async fn step(&self, delivery: Delivery, now: DateTime<Utc>) -> anyhow::Result<Step> {
        let Some(platform) = self.platforms.get(&delivery.to.platform) else {
            return self.later(delivery, now + LONGEST_WAIT, "the platform is not connected");
        };
        let ready = match self.ready(&delivery, platform.as_ref())? {
            Ok(ready) => ready,
            Err(reason) => return self.dead(delivery, reason, now),
        };
        let parts = &ready.parts;
        let at = delivery.sent.len();
        let Some(part) = parts.get(at) else { return self.sent(delivery, now) };
        let nonce = nonce(&delivery.id, at);
        let posting = Posting {
            to: &delivery.to,
            part,
            nonce: &nonce,
            sent: &delivery.sent,
            last: at + 1 == parts.len(),
            title: &ready.title,
            topics: &ready.topics,
            publish: ready.publish,
            discuss: ready.discuss,
        };
        match platform.deliver(&posting).await {
            Ok(receipt) => {
                let mut delivery = delivery;
                delivery.sent.push(receipt);
                delivery.attempts = 0;
                delivery.last_error = String::new();
                if delivery.sent.len() == parts.len() {
                    return self.sent(delivery, now);
                }
                delivery.state = State::Claimed { lease: now + LEASE };
                self.moved(delivery.clone())?;
                Ok(Step::Again(Box::new(delivery)))
            }
            Err(error) => self.failed(delivery, &error, now),
        }
    }

    /// A delivery ready to be sent, or why there is none.
    fn ready(
        &self,
        delivery: &Delivery,
        platform: &dyn Platform,
    ) -> anyhow::Result<Result<Ready, String>> {
        let (id, test) = match &delivery.cause {
            Cause::Edition(id) => (Some(id), false),
            Cause::Test { edition, .. } => (edition.as_ref(), true),
        };
        let edition = match id {
            Some(id) => self.store.edition_by_id(id)?,
            None => None,
        };
        let subscription = self.store.subscription(&delivery.to)?;
        match subscription.as_ref().map(|subscription| &subscription.paused) {
            None => return Ok(Err("the chat has unsubscribed".to_owned())),
            // A test is asked for to see whether a paused chat can be reached again.
            Some(Some(reason)) if !test => {
                return Ok(Err(format!("the subscription is paused: {reason}")));
            }
            Some(_) => {}
        }
        let view = View::of(subscription.as_ref(), &self.lexicon, self.zone);
        let message = match (&edition, test) {
            (edition, true) => phrase::test(edition.as_ref(), &view),
            (Some(edition), false) => phrase::brief(edition, &view),
            (None, false) => {
                let id = id.map(ToString::to_string).unwrap_or_default();
                return Ok(Err(format!("the edition {id} is not in the store")));
            }
        };
        let title = message.blocks.iter().find_map(|block| match block {
            Block::Title(line) => Some(line.plain()),
            _ => None,
        });
        let title = match (title, test) {
            (Some(title), false) => title,
            _ => format!("Test of {}", when(delivery)),
        };
        let wanted = edition.iter().flat_map(phrase::topics);
        Ok(Ok(Ready {
            parts: platform.render(&Message { silent: true, ..message }),
            title,
            topics: wanted.map(|topic| self.lexicon.topic_label(&topic).to_owned()).collect(),
            publish: !test,
            discuss: !test && subscription.is_some_and(|subscription| subscription.discuss),
        }))
    }

    fn failed(
        &self,
        delivery: Delivery,
        error: &SendError,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let reason = error.to_string();
        match *error {
            SendError::Retry { .. } if now - delivery.created > GIVE_UP => self.dead(
                delivery,
                format!("given up after {} hours: {reason}", GIVE_UP.num_hours()),
                now,
            ),
            SendError::Retry { after: Some(after), .. } => {
                // The platform's word is obeyed; it does not count as a failure of ours.
                self.later(delivery, now + after + Duration::milliseconds(50), &reason)
            }
            SendError::Retry { after: None, .. } => {
                let mut delivery = delivery;
                delivery.attempts = delivery.attempts.saturating_add(1);
                let due = now + wait(&delivery);
                self.later(delivery, due, &reason)
            }
            SendError::Moved { to } => self.follow(delivery, to, now),
            SendError::ChatGone(_) | SendError::Forbidden(_) => self.pause(delivery, reason, now),
            SendError::Rejected(_) => self.dead(delivery, reason, now),
        }
    }

    fn sent(&self, mut delivery: Delivery, now: DateTime<Utc>) -> anyhow::Result<Step> {
        delivery.state = State::Sent { at: now };
        self.moved(delivery)?;
        Ok(Step::Sent)
    }

    fn later(
        &self,
        mut delivery: Delivery,
        due: DateTime<Utc>,
        reason: &str,
    ) -> anyhow::Result<Step> {
        delivery.state = State::Pending { due };
        reason.clone_into(&mut delivery.last_error);
        self.moved(delivery)?;
        Ok(Step::Later(due))
    }

    fn dead(
        &self,
        mut delivery: Delivery,
        reason: String,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        tracing::warn!(delivery.id = %delivery.id, %reason, "a delivery was given up");
        delivery.state = State::Dead { reason, at: now };
        self.moved(delivery)?;
        Ok(Step::Ended)
    }

    fn moved(&self, delivery: Delivery) -> anyhow::Result<()> {
        let id = delivery.id.clone();
        let changes = Changes { deliveries: vec![delivery], ..Changes::default() };
        self.store.commit(changes).with_context(|| format!("the delivery {id} cannot be written"))
    }

    /// The chat cannot be reached: its delivery ends and its subscription pauses, settings kept.
    fn pause(
        &self,
        mut delivery: Delivery,
        reason: String,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        tracing::warn!(delivery.id = %delivery.id, %reason, "the chat cannot be reached; its subscription is paused");
        let paused = paused(&self.store, &delivery.to, &reason)?;
        delivery.state = State::Dead { reason, at: now };
        let changes = Changes {
            deliveries: vec![delivery],
            subscriptions: paused.into_iter().collect(),
            ..Changes::default()
        };
        self.store.commit(changes)?;
        Ok(Step::Ended)
    }

    /// The chat has a new address: the subscription and what is still to be sent move there.
    fn follow(
        &self,
        mut delivery: Delivery,
        chat: i64,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let new = Destination { chat, ..delivery.to.clone() };
        let mut changes = follow(&self.store, &delivery.to, &new)?;
        let onward = Delivery {
            id: DeliveryId::of(&delivery.cause, &new),
            to: new,
            state: State::Pending { due: now },
            ..delivery.clone()
        };
        delivery.state = State::Dead { reason: format!("the chat moved to {chat}"), at: now };
        changes.new_deliveries.push(onward);
        changes.deliveries.push(delivery);
        self.store.commit(changes)?;
        Ok(Step::Ended)
    }
}

/// The subscriptions of a chat with a reason to send nothing; `thread` `None` means the whole
/// chat.
///
/// # Errors
///
/// When the store cannot be read.
pub fn paused(store: &Store, at: &Destination, reason: &str) -> anyhow::Result<Vec<Subscription>> {
    let mut list = Vec::new();
    for mut subscription in concerned(store, at)? {
        if subscription.paused.is_none() {
            subscription.paused = Some(reason.to_owned());
            list.push(subscription);
        }
    }
    Ok(list)
}

/// Moves every subscription of a chat to its new address. What is there already stays.
///
/// # Errors
///
/// When the store cannot be read.
pub fn follow(store: &Store, from: &Destination, to: &Destination) -> anyhow::Result<Changes> {
    let mut changes = Changes::default();
    let whole_chat = Destination { thread: None, ..from.clone() };
    for mut subscription in concerned(store, &whole_chat)? {
        changes.unsubscribed.push(subscription.to.clone());
        subscription.to = Destination { chat: to.chat, ..subscription.to };
        if store.subscription(&subscription.to)?.is_none() {
            changes.subscriptions.push(subscription);
        }
    }
    Ok(changes)
}

fn concerned(store: &Store, at: &Destination) -> anyhow::Result<Vec<Subscription>> {
    let mut list = store.subscriptions_of(at.platform, at.chat)?;
    list.retain(|subscription| at.thread.is_none() || subscription.to.thread == at.thread);
    Ok(list)
}

/// When a delivery's cause arose, for a name.
fn when(delivery: &Delivery) -> String {
    delivery.created.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// The key under which Discord takes a part only once; at most 25 characters.
fn nonce(id: &DeliveryId, part: usize) -> String {
    let digest = Sha256::digest(id.as_str().as_bytes());
    let hash: String = digest.iter().take(9).map(|byte| format!("{byte:02x}")).collect();
    format!("{hash}-{part}")
}

/// Doubles with each failure; spread over half of itself by the destination, so that chats that
/// failed together do not come back together.
fn wait(delivery: &Delivery) -> Duration {
    let doublings = delivery.attempts.saturating_sub(1).min(10);
    let full = (FIRST_WAIT * (1 << doublings)).min(LONGEST_WAIT);
    let digest = Sha256::digest(format!("{}#{}", delivery.id, delivery.attempts).as_bytes());
    let spread = full.num_milliseconds() / 2 * i64::from(digest[0]) / 255;
    full - Duration::milliseconds(spread)
}
