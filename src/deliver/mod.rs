//! The flow from the outbox to chats: one part at a time, each remembered before the next is sent.
//!
//! A delivery never moves back and is never dropped in silence: it ends as
//! sent, merged into another, or dead with its reason. Nothing here loops,
//! waits or reads the clock.

mod alert;
mod chats;
mod hand;
mod line;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Context as _;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::chat::{Part, Platform, Posting, SendError};
use crate::compose::missed::{self, Unseen};
use crate::compose::phrase::{self, View};
use crate::lexicon::Lexicon;
use crate::model::alert::{Posting as Place, Stand};
use crate::model::brief::EditionId;
use crate::model::delivery::{Cause, Delivery, DeliveryId, Receipt, State};
use crate::model::message::{Block, Line as Words, Message, Span};
use crate::model::subscription::{Destination, PlatformName, Subscription};
use crate::pace::{Lesson, Pace};
use crate::store::{Changes, Store, Wanted};

use chats::to_pause;
use hand::{dropped_meanwhile, given_up};

pub use chats::{follow, paused};
pub use hand::{again, dropped};
pub use line::{Line, Turn};

/// How long a claimed delivery is ours before another may take it, should its sender be lost.
pub const LEASE: std::time::Duration = std::time::Duration::from_secs(120);

/// The first wait after a failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::seconds(5);
/// No wait is longer.
const LONGEST_WAIT: Duration = Duration::minutes(15);
/// What could not be delivered for this long is given up. An edition does not come to that as long
/// as newer ones follow it: they stand for it.
const GIVE_UP: Duration = Duration::days(7);
/// How long a rendered message serves all chats that see it alike.
const FRESH: Duration = Duration::minutes(5);
/// Rendered messages kept.
const RENDERED: usize = 128;
/// Who can mend a missing right is told so again after this at the earliest.
const TELL_AGAIN: Duration = Duration::days(7);

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
    pace: Mutex<Pace>,
    rendered: Mutex<Rendered>,
}

/// What makes two chats see the same message.
type Look = (PlatformName, String);

/// Messages as they were rendered, and when.
type Rendered = HashMap<Look, (DateTime<Utc>, Arc<Ready>)>;

/// A delivery as it goes to a platform.
struct Ready {
    parts: Vec<Part>,
    title: String,
    topics: Vec<String>,
    publish: bool,
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

/// What came of sending a part, not remembered yet.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The delivery, as it was before.
    pub delivery: Delivery,
    came: Came,
    lessons: Vec<Lesson>,
    /// Where alerts stand in the chat now.
    places: Vec<Place>,
    /// What is to follow it.
    more: Vec<Delivery>,
}

#[derive(Clone, Debug)]
enum Came {
    /// The part is in the chat; whether it was the last.
    Accepted {
        receipt: Option<Receipt>,
        last: bool,
    },
    Failed(SendError),
    /// There is nothing to send, for this reason.
    Void(String),
    /// It was not its turn.
    Back {
        due: DateTime<Utc>,
        reason: String,
    },
}

/// Something to tell a person who can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Where.
    pub platform: PlatformName,
    /// The person's id there.
    pub person: i64,
    /// What.
    pub message: Message,
}

/// What was remembered of outcomes.
#[derive(Debug, Default)]
pub struct Recorded {
    /// Each delivery as it was before, and how it goes on.
    pub steps: Vec<(Delivery, Step)>,
    /// Who is to be told what; that they are is remembered.
    pub notices: Vec<Notice>,
}

impl Deliverer {
    /// With the limits as published and nothing learned yet.
    #[must_use]
    pub fn new(
        store: Store,
        lexicon: Arc<Lexicon>,
        platforms: BTreeMap<PlatformName, Arc<dyn Platform>>,
        zone: Tz,
    ) -> Self {
        let (pace, rendered) = (Mutex::new(Pace::new()), Mutex::default());
        Self { store, lexicon, platforms, zone, pace, rendered }
    }

    /// The limits, and what was learned of them.
    pub fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing goes out on a platform: its token is refused.
    #[must_use]
    pub fn troubles(&self) -> Vec<(PlatformName, String)> {
        let pace = self.pace();
        pace.refused().into_iter().map(|(name, reason)| (name, reason.to_owned())).collect()
    }

    /// Takes due deliveries, as `Store::claim` does.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn claim(
        &self,
        now: DateTime<Utc>,
        wanted: &[Wanted],
        held: &dyn Fn(&DeliveryId) -> bool,
    ) -> anyhow::Result<Vec<Delivery>> {
        Ok(self.store.claim(now, LEASE, wanted, held)?)
    }

    /// Takes up to `most` due deliveries of each lane of the platforms that are connected.
    ///
    /// # Errors
    ///
    /// When the disk refuses.
    pub fn claim_due(&self, now: DateTime<Utc>, most: usize) -> anyhow::Result<Vec<Delivery>> {
        let lanes = self.platforms.keys().flat_map(|platform| {
            [true, false].map(|urgent| Wanted { platform: *platform, urgent, most })
        });
        self.claim(now, &lanes.collect::<Vec<_>>(), &|_| false)
    }

    /// When the outbox is worth the next look: when a delivery falls due whose platform takes any, or
    /// a platform does so again.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn next_due(&self, now: DateTime<Utc>) -> anyhow::Result<Option<DateTime<Utc>>> {
        let closed = |platform: &PlatformName| self.pace().closed(*platform, now);
        let open: Vec<PlatformName> =
            self.platforms.keys().copied().filter(|platform| closed(platform).is_none()).collect();
        let opens = self.platforms.keys().filter_map(closed).min();
        let due = self.store.next_due(&open)?;
        Ok(due.into_iter().chain(opens).min())
    }

    /// Sends the next part of a claimed delivery, remembers what came of it, and learns from it.
    ///
    /// # Errors
    ///
    /// When the store refuses. The claim then runs out, and the part is sent again: on Discord the
    /// nonce keeps it from standing there twice, on Telegram it may.
    pub async fn step(&self, delivery: Delivery, now: DateTime<Utc>) -> anyhow::Result<Step> {
        let outcome = self.send(delivery, now).await;
        self.learn(&outcome, now);
        let recorded = self.record(&[outcome], now)?;
        self.store.sync()?;
        for notice in recorded.notices {
            self.tell(&notice).await;
        }
        recorded.steps.into_iter().next().map(|(_, step)| step).context("nothing was sent")
    }

    /// Sends the next part of a claimed delivery. Nothing is remembered.
    pub async fn send(&self, delivery: Delivery, now: DateTime<Utc>) -> Outcome {
        let Some(platform) = self.platforms.get(&delivery.to.platform) else {
            let reason = "the platform is not connected".to_owned();
            return Self::back(delivery, now + LONGEST_WAIT, reason);
        };
        // It may have been dropped while it waited for its turn.
        match self
            .store
            .delivery(&delivery.id)
            .map(|known| known.as_ref().and_then(dropped_meanwhile))
        {
            Ok(None) => {}
            Ok(Some(reason)) => return Outcome::of(delivery, Came::Void(reason)),
            Err(error) => return Self::back(delivery, now + FIRST_WAIT, error.to_string()),
        }
        if matches!(
            delivery.cause,
            Cause::Alert { .. } | Cause::Digest { .. } | Cause::Notice { .. }
        ) {
            return match self.told(delivery.clone(), platform.as_ref(), now).await {
                Ok(outcome) => Outcome { lessons: platform.lessons(), ..outcome },
                Err(error) => Self::back(delivery, now + FIRST_WAIT, format!("{error:#}")),
            };
        }
        let (ready, discuss) = match self.ready(&delivery, platform.as_ref(), now) {
            Ok(Ok(ready)) => ready,
            Ok(Err(reason)) => return Outcome::of(delivery, Came::Void(reason)),
            Err(error) => {
                return Self::back(delivery, now + FIRST_WAIT, format!("{error:#}"));
            }
        };
        let at = delivery.sent.len();
        let Some(part) = ready.parts.get(at) else {
            return Outcome::of(delivery, Came::Accepted { receipt: None, last: true });
        };
        let last = at + 1 == ready.parts.len();
        let posting = Posting {
            to: &delivery.to,
            part,
            nonce: &nonce(&delivery.id, at),
            sent: &delivery.sent,
            last,
            title: &ready.title,
            topics: &ready.topics,
            publish: ready.publish,
            discuss: discuss && ready.publish,
        };
        let came = match platform.deliver(&posting).await {
            Ok(receipt) => Came::Accepted { receipt: Some(receipt), last },
            Err(error) => Came::Failed(error),
        };
        Outcome { lessons: platform.lessons(), ..Outcome::of(delivery, came) }
    }

    /// A claimed delivery whose turn does not come before `due`.
    #[must_use]
    pub fn back(delivery: Delivery, due: DateTime<Utc>, reason: String) -> Outcome {
        Outcome::of(delivery, Came::Back { due, reason })
    }

    /// Learns what the answers to anything but deliveries taught.
    pub fn heed(&self, platform: &dyn Platform, now: DateTime<Utc>) {
        let mut pace = self.pace();
        for lesson in platform.lessons() {
            pace.learn(platform.name(), lesson, now);
        }
    }

    /// Learns from an answer that came at `now`. When a token is refused it is said once.
    pub fn learn(&self, outcome: &Outcome, now: DateTime<Utc>) {
        let to = &outcome.delivery.to;
        let mut pace = self.pace();
        for lesson in &outcome.lessons {
            pace.learn(to.platform, lesson.clone(), now);
        }
        let lesson = match &outcome.came {
            Came::Failed(SendError::Retry { after: Some(after), .. }) => {
                let wait = Duration::from_std(*after).unwrap_or(LONGEST_WAIT);
                // Who named the limit in so many words said already whose it is.
                let said = |lesson: &Lesson| {
                    matches!(lesson, Lesson::Chat { .. } | Lesson::Everything { .. })
                };
                if outcome.lessons.iter().any(said) {
                    return;
                }
                Lesson::Chat { chat: to.chat, wait }
            }
            Came::Failed(SendError::Retry { after: None, .. }) => Lesson::Silent,
            Came::Failed(SendError::Token(reason)) => {
                if !pace.refused().iter().any(|(name, _)| *name == to.platform) {
                    tracing::error!(platform = to.platform.as_str(), %reason, "the token is refused; deliveries wait");
                }
                Lesson::Token(reason.clone())
            }
            // A refusal is an answer, too: the platform is there.
            Came::Accepted { receipt: Some(_), .. } | Came::Failed(_) => Lesson::Well,
            Came::Accepted { receipt: None, .. } | Came::Void(_) | Came::Back { .. } => return,
        };
        pace.learn(to.platform, lesson, now);
    }

    /// Remembers what came of sending, all in one commit: handed to the kernel before this returns,
    /// and on the disk after the next `Store::sync`.
    ///
    /// # Errors
    ///
    /// When the store refuses; then nothing is remembered, and the same outcomes can be tried again.
    pub fn record(&self, outcomes: &[Outcome], now: DateTime<Utc>) -> anyhow::Result<Recorded> {
        self.store
            .change_soon(|_| self.recorded(outcomes, now))
            .context("deliveries cannot be written")
    }

    /// What outcomes come to, by what the store holds now.
    fn recorded(
        &self,
        outcomes: &[Outcome],
        now: DateTime<Utc>,
    ) -> anyhow::Result<(Changes, Recorded)> {
        let mut changes = Changes::default();
        let mut recorded = Recorded::default();
        for outcome in outcomes {
            let known = self.store.delivery(&outcome.delivery.id)?;
            let (delivery, step) = match known.as_ref().and_then(dropped_meanwhile) {
                Some(reason) => given_up(outcome, reason, now),
                None => self.went_on(outcome, now, &mut changes, &mut recorded.notices)?,
            };
            changes.new_deliveries.extend(outcome.more.iter().cloned());
            for posting in &outcome.places {
                // What the chat said meanwhile holds.
                let known = self.store.posting(&posting.alert, &posting.to)?;
                if known.is_none_or(|known| known.stand != Stand::Dismissed) {
                    changes.postings.push(posting.clone());
                }
            }
            changes.deliveries.push(delivery);
            recorded.steps.push((outcome.delivery.clone(), step));
        }
        Ok((changes, recorded))
    }

    /// How a delivery goes on after an outcome.
    fn went_on(
        &self,
        outcome: &Outcome,
        now: DateTime<Utc>,
        changes: &mut Changes,
        notices: &mut Vec<Notice>,
    ) -> anyhow::Result<(Delivery, Step)> {
        let delivery = outcome.delivery.clone();
        Ok(match &outcome.came {
            Came::Accepted { receipt, last } => accepted(delivery, receipt.clone(), *last, now),
            Came::Void(reason) => dead(delivery, reason.clone(), now),
            Came::Back { due, reason } => later(delivery, *due, reason),
            Came::Failed(SendError::Moved { to }) => self.moved(delivery, *to, now, changes)?,
            Came::Failed(error @ (SendError::ChatGone(_) | SendError::Forbidden(_))) => {
                self.pause(delivery, error, now, changes, notices)?
            }
            Came::Failed(error) => failed(delivery, error, now),
        })
    }

    /// Tells a person what to mend, once and as well as it goes.
    pub async fn tell(&self, notice: &Notice) {
        let Some(platform) = self.platforms.get(&notice.platform) else { return };
        for part in platform.render(&notice.message) {
            if let Err(error) = platform.tell(notice.person, &part).await {
                let platform = notice.platform.as_str();
                tracing::info!(platform, %error, "who subscribed a chat could not be told what is wrong there");
                return;
            }
        }
    }

    /// A delivery ready to be sent and whether a thread to discuss it is wanted, or why there is none.
    fn ready(
        &self,
        delivery: &Delivery,
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Result<(Arc<Ready>, bool), String>> {
        let test = matches!(delivery.cause, Cause::Test { .. });
        let subscription = self.store.subscription(&delivery.to)?;
        match subscription.as_ref().map(|subscription| &subscription.paused) {
            None => return Ok(Err("the chat has unsubscribed".to_owned())),
            // A test is asked for to see whether a paused chat can be reached again.
            Some(Some(reason)) if !test => {
                return Ok(Err(format!("the subscription is paused: {reason}")));
            }
            Some(_) => {}
        }
        let discuss = subscription.as_ref().is_some_and(|subscription| subscription.discuss);
        let look = (platform.name(), look(delivery, subscription.as_ref()));
        let known = self.rendered().get(&look).cloned();
        if let Some((_, ready)) = known.filter(|(at, _)| (now - *at).abs() < FRESH) {
            return Ok(Ok((ready, discuss)));
        }
        let id = match &delivery.cause {
            Cause::Edition(id) => Some(id),
            Cause::Test { edition, .. } => edition.as_ref(),
            Cause::Alert { .. } | Cause::Digest { .. } | Cause::Notice { .. } => None,
        };
        let edition = match id {
            Some(id) => self.store.edition_by_id(id)?,
            None => None,
        };
        let editions = |ids: &[EditionId]| {
            let found = ids.iter().map(|id| self.store.edition_by_id(id));
            found.filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()
        };
        let unseen =
            Unseen { missed: editions(&delivery.merged)?, skipped: editions(&delivery.skipped)? };
        let view = View::of(subscription.as_ref(), &self.lexicon, self.zone);
        let message = match (&edition, test) {
            (edition, true) => phrase::test(edition.as_ref(), &view),
            (Some(edition), false) => {
                missed::with_unseen(phrase::brief(edition, &view), &unseen, &view)
            }
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
        let ready = Arc::new(Ready {
            parts: platform.render(&Message { silent: true, ..message }),
            title,
            topics: wanted.map(|topic| self.lexicon.topic_label(&topic).to_owned()).collect(),
            publish: !test,
        });
        let mut rendered = self.rendered();
        if rendered.len() >= RENDERED {
            rendered.clear();
        }
        rendered.insert(look, (now, ready.clone()));
        Ok(Ok((ready, discuss)))
    }

    fn rendered(&self) -> MutexGuard<'_, Rendered> {
        self.rendered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The chat cannot be reached: its delivery ends and its subscription pauses, settings kept. Who
    /// asked for it is told when a right is missing.
    fn pause(
        &self,
        delivery: Delivery,
        error: &SendError,
        now: DateTime<Utc>,
        changes: &mut Changes,
        notices: &mut Vec<Notice>,
    ) -> anyhow::Result<(Delivery, Step)> {
        let reason = error.to_string();
        tracing::warn!(delivery.id = %delivery.id, %reason, "the chat cannot be reached; its subscription is paused");
        if matches!(error, SendError::Forbidden(_)) {
            for subscription in &to_pause(&self.store, &delivery.to)? {
                if let Some(notice) = self.notice(subscription, &reason, now, changes)? {
                    notices.push(notice);
                }
            }
        }
        changes.merge(paused(&self.store, &delivery.to, &reason)?);
        Ok((ended(delivery, reason, now), Step::Ended))
    }

    fn notice(
        &self,
        subscription: &Subscription,
        reason: &str,
        now: DateTime<Utc>,
        changes: &mut Changes,
    ) -> anyhow::Result<Option<Notice>> {
        let Some(person) = subscription.by else { return Ok(None) };
        let name = format!("told:{}", subscription.to);
        let told = self.store.note(&name)?.and_then(|at| at.parse::<DateTime<Utc>>().ok());
        if told.is_some_and(|at| now - at < TELL_AGAIN) {
            return Ok(None);
        }
        changes.notes.push((name, now.to_rfc3339()));
        let platform = subscription.to.platform;
        let stop = if reason.ends_with('.') { "" } else { "." };
        let words = Words::text(format!(
            "I may no longer write in {}, so its brief is paused; its settings are kept. {reason}{stop} Give me the right to write there again, then send ",
            subscription.label,
        ));
        let words = words
            .with(Span::Command("/subscribe".to_owned()))
            .with(Span::Text(" in that chat.".to_owned()));
        let blocks = vec![Block::Paragraph(words)];
        Ok(Some(Notice { platform, person, message: Message { blocks, ..Message::default() } }))
    }

    /// The chat has a new address: the subscription and what is still to be sent move there.
    fn moved(
        &self,
        delivery: Delivery,
        chat: i64,
        now: DateTime<Utc>,
        changes: &mut Changes,
    ) -> anyhow::Result<(Delivery, Step)> {
        let new = Destination { chat, ..delivery.to.clone() };
        changes.merge(follow(&self.store, &delivery.to, &new)?);
        changes.new_deliveries.push(Delivery {
            id: DeliveryId::of(&delivery.cause, &new),
            to: new,
            state: State::Pending { due: now },
            ..delivery.clone()
        });
        Ok((ended(delivery, format!("the chat moved to {chat}"), now), Step::Ended))
    }
}

impl Outcome {
    fn of(delivery: Delivery, came: Came) -> Self {
        Self { delivery, came, lessons: Vec::new(), places: Vec::new(), more: Vec::new() }
    }
}

/// What of a delivery and its subscription is seen in the message.
fn look(delivery: &Delivery, subscription: Option<&Subscription>) -> String {
    let wishes =
        subscription.map(|s| (s.zone, s.length, &s.topics, &s.elements, &s.companies, &s.language));
    format!("{:?} {:?} {:?} {wishes:?}", delivery.cause, delivery.merged, delivery.skipped)
}

/// When a delivery's cause arose, for a name.
fn when(delivery: &Delivery) -> String {
    delivery.created.format("%-d %b %Y, %H:%M UTC").to_string()
}

fn accepted(
    mut delivery: Delivery,
    receipt: Option<Receipt>,
    last: bool,
    now: DateTime<Utc>,
) -> (Delivery, Step) {
    delivery.sent.extend(receipt);
    delivery.attempts = 0;
    delivery.last_error = String::new();
    if last {
        delivery.state = State::Sent { at: now };
        return (delivery, Step::Sent);
    }
    delivery.state = State::Claimed { lease: now + LEASE };
    (delivery.clone(), Step::Again(Box::new(delivery)))
}

fn failed(mut delivery: Delivery, error: &SendError, now: DateTime<Utc>) -> (Delivery, Step) {
    let reason = error.to_string();
    match error {
        SendError::Retry { .. } if now - delivery.created > GIVE_UP => {
            dead(delivery, format!("given up after {} days: {reason}", GIVE_UP.num_days()), now)
        }
        SendError::Retry { after: Some(after), .. } => {
            // The platform's word is obeyed; it does not count as a failure of ours.
            later(delivery, now + *after + Duration::milliseconds(50), &reason)
        }
        SendError::Retry { after: None, .. } => {
            delivery.attempts = delivery.attempts.saturating_add(1);
            let due = now + wait(&delivery);
            later(delivery, due, &reason)
        }
        // Not the delivery's fault; the platform as a whole is left alone for a while.
        SendError::Token(_) => later(delivery, now + FIRST_WAIT, &reason),
        SendError::Moved { .. }
        | SendError::ChatGone(_)
        | SendError::Forbidden(_)
        | SendError::Rejected(_) => dead(delivery, reason, now),
    }
}

fn later(mut delivery: Delivery, due: DateTime<Utc>, reason: &str) -> (Delivery, Step) {
    delivery.state = State::Pending { due };
    reason.clone_into(&mut delivery.last_error);
    (delivery, Step::Later(due))
}

fn dead(delivery: Delivery, reason: String, now: DateTime<Utc>) -> (Delivery, Step) {
    tracing::warn!(delivery.id = %delivery.id, %reason, "a delivery was given up");
    (ended(delivery, reason, now), Step::Ended)
}

fn ended(mut delivery: Delivery, reason: String, now: DateTime<Utc>) -> Delivery {
    delivery.state = State::Dead { reason, at: now };
    delivery
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
