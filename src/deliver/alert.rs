//! Carrying alerts: a new message, the change of an earlier one, or several held ones together.
//!
//! What is said is read when it is sent, so a message always shows the latest
//! revision; where it stands is written in the commit that ends the delivery.
//! One alert has one message in a chat, for as long as the chat keeps it.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::chat::{EditError, Part, Platform, Posting as Carried};
use crate::compose::alert::{self, Shown};
use crate::deliver::{Came, Deliverer, Outcome, nonce};
use crate::model::alert::{Alert, AlertId, Held, Posting, Stand};
use crate::model::delivery::{Cause, Delivery, DeliveryId, Receipt};
use crate::model::event::Target;
use crate::model::message::{Block, Line, Message};
use crate::model::subscription::Destination;
use crate::text;

/// Alerts in one digest, at most; what is left comes in a further one.
const DIGEST: usize = 10;
/// Longest name of a publisher in a title.
const NAME: usize = 30;
/// Longest title of a forum's post, without its day.
const TITLE: usize = 84;
/// Updates shown, fewer where the message would not fit into one part.
const UPDATES: [usize; 4] = [6, 3, 1, 0];
/// No digest gathers from longer ago than this before it is due.
const GATHERED: Duration = Duration::hours(30);

/// A message that shows an alert, and the digest it stands in, if it stands in one.
type Standing = (i64, Option<DateTime<Utc>>);

impl Deliverer {
    /// Sends what is no edition.
    pub(super) async fn told(
        &self,
        delivery: Delivery,
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Outcome> {
        match delivery.cause.clone() {
            Cause::Notice { text, .. } => {
                let parts = platform.render(&Message::text(&text));
                let title = dated(&text, delivery.created, self.zone);
                Ok(next_part(delivery, &parts, &title, platform).await)
            }
            Cause::Alert { alert, .. } => self.alert(delivery, &alert, platform).await,
            Cause::Digest { until, held } => {
                self.digest(delivery, (until, held), platform, now).await
            }
            Cause::Edition(_) | Cause::Test { .. } => Ok(void(delivery, "it is an edition")),
        }
    }

    /// Carries an alert as it stands now.
    async fn alert(
        &self,
        delivery: Delivery,
        id: &AlertId,
        platform: &dyn Platform,
    ) -> anyhow::Result<Outcome> {
        let (alert, posting) = (self.store.alert(id)?, self.store.posting(id, &delivery.to)?);
        let (Some(alert), Some(posting)) = (alert, posting) else {
            return Ok(void(delivery, "the alert is not in the store"));
        };
        if let Some(reason) = self.silence(&delivery.to)? {
            return Ok(void(delivery, &reason));
        }
        let graver = alert.severity > posting.severity;
        match posting.stand {
            Stand::Due => self.say(delivery, &alert, posting, None, platform).await,
            Stand::Gone if graver => self.say(delivery, &alert, posting, None, platform).await,
            Stand::Posted { message, revision, digest } if revision < alert.revision => {
                self.amend(delivery, &alert, posting, (message, digest), platform).await
            }
            // A change that came later was shown already, or the digest will show it.
            Stand::Posted { .. } | Stand::Held { .. } => {
                Ok(Outcome::of(delivery, Came::Accepted { receipt: None, last: true }))
            }
            Stand::Gone => Ok(void(delivery, "its message was deleted in the chat")),
            Stand::Dismissed => Ok(void(delivery, "the chat wants to hear no more of it")),
        }
    }

    /// Sends the alert as a new message; as an answer to `earlier` where that cannot be changed.
    async fn say(
        &self,
        delivery: Delivery,
        alert: &Alert,
        posting: Posting,
        earlier: Option<i64>,
        platform: &dyn Platform,
    ) -> anyhow::Result<Outcome> {
        let zone = self.zone_of(&delivery.to)?;
        let too_old =
            "An earlier message on this is too old to be changed; this is how it stands now.";
        let intro = earlier.map(|_| Block::Paragraph(Line::text(too_old)));
        let part = one_part(alert, &posting, zone, intro.as_slice(), platform);
        let to = delivery.to.clone();
        let nonce = nonce(&delivery.id, usize::from(earlier.is_some()));
        let topics: Vec<String> =
            alert.topics.iter().map(|topic| self.lexicon.topic_label(topic).to_owned()).collect();
        let sent = match earlier {
            Some(message) => {
                platform.send(&Target::Reply { to, message }, &part, Some(&nonce)).await
            }
            None => {
                let carried = Carried {
                    to: &to,
                    part: &part,
                    nonce: &nonce,
                    sent: &[],
                    last: true,
                    title: &title(alert, zone),
                    topics: &topics,
                    publish: false,
                    discuss: false,
                };
                platform.deliver(&carried).await
            }
        };
        Ok(match sent {
            Ok(receipt) => {
                let place = placed(alert, posting, (receipt.message, None));
                let came = Came::Accepted { receipt: Some(receipt), last: true };
                Outcome { places: vec![place], ..Outcome::of(delivery, came) }
            }
            Err(error) => Outcome::of(delivery, Came::Failed(error)),
        })
    }

    /// Changes the message that shows the alert.
    async fn amend(
        &self,
        delivery: Delivery,
        alert: &Alert,
        posting: Posting,
        (message, digest): Standing,
        platform: &dyn Platform,
    ) -> anyhow::Result<Outcome> {
        let zone = self.zone_of(&delivery.to)?;
        let edits: Vec<(i64, Part)> = match digest {
            None => vec![(message, one_part(alert, &posting, zone, &[], platform))],
            Some(until) => self.digest_edits(&delivery.to, until, zone, platform)?,
        };
        let mut last = None;
        for (message, part) in &edits {
            match platform.edit(&delivery.to, *message, part).await {
                Ok(receipt) => last = Some(receipt),
                Err(EditError::Gone(_)) if alert.severity > posting.severity => {
                    return self.say(delivery, alert, posting, None, platform).await;
                }
                Err(EditError::Gone(reason)) => {
                    let places = vec![Posting { stand: Stand::Gone, ..posting }];
                    return Ok(Outcome { places, ..void(delivery, &reason) });
                }
                Err(EditError::TooOld(_)) => {
                    return self.say(delivery, alert, posting, Some(*message), platform).await;
                }
                Err(EditError::Send(error)) => {
                    return Ok(Outcome::of(delivery, Came::Failed(error)));
                }
            }
        }
        let places = vec![placed(alert, posting, (message, digest))];
        let came = Came::Accepted { receipt: last, last: true };
        Ok(Outcome { places, ..Outcome::of(delivery, came) })
    }

    /// The messages of a digest as they are to read now.
    fn digest_edits(
        &self,
        to: &Destination,
        until: DateTime<Utc>,
        zone: Tz,
        platform: &dyn Platform,
    ) -> anyhow::Result<Vec<(i64, Part)>> {
        let mut alerts = Vec::new();
        for posting in self.store.postings_to(to, until - GATHERED)? {
            if matches!(posting.stand, Stand::Posted { digest, .. } if digest == Some(until)) {
                alerts.extend(self.store.alert(&posting.alert)?);
            }
        }
        in_order(&mut alerts, |alert| alert);
        let sent = |held| {
            let cause = Cause::Digest { until, held };
            self.store.delivery(&DeliveryId::of(&cause, to))
        };
        let (held, delivery) = match sent(Held::Quiet)? {
            Some(delivery) => (Held::Quiet, Some(delivery)),
            None => (Held::Burst, sent(Held::Burst)?),
        };
        let receipts: Vec<Receipt> = delivery.map(|delivery| delivery.sent).unwrap_or_default();
        let parts = platform.render(&together(held, &alerts, zone));
        Ok(receipts.iter().map(|receipt| receipt.message).zip(parts).collect())
    }

    /// Sends what was held in a chat, in one message.
    async fn digest(
        &self,
        delivery: Delivery,
        (until, held): (DateTime<Utc>, Held),
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Outcome> {
        if let Some(reason) = self.silence(&delivery.to)? {
            return Ok(void(delivery, &reason));
        }
        let (gathered, left) = self.gathered(&delivery.to, until)?;
        let zone = self.zone_of(&delivery.to)?;
        let parts = match gathered.as_slice() {
            [] => Vec::new(),
            [(alert, posting)] => vec![one_part(alert, posting, zone, &[], platform)],
            _ => {
                let alerts: Vec<Alert> = gathered.iter().map(|(alert, _)| alert.clone()).collect();
                platform.render(&together(held, &alerts, zone))
            }
        };
        let first = delivery.sent.first().map(|receipt| receipt.message);
        let title = match gathered.as_slice() {
            [(alert, _)] => title(alert, zone),
            _ => dated(&heading(held, gathered.len()), until, zone),
        };
        let mut outcome = next_part(delivery, &parts, &title, platform).await;
        let Came::Accepted { receipt, last: true } = &outcome.came else { return Ok(outcome) };
        let message = first.or(receipt.as_ref().map(|receipt| receipt.message));
        let Some(message) = message else { return Ok(outcome) };
        let digest = (gathered.len() > 1).then_some(until);
        let place = |(alert, posting): (Alert, Posting)| placed(&alert, posting, (message, digest));
        outcome.places = gathered.into_iter().map(place).collect();
        if left > 0 {
            let cause = Cause::Digest { until: until + Duration::seconds(1), held };
            outcome.more.push(Delivery::new(cause, outcome.delivery.to.clone(), now));
        }
        Ok(outcome)
    }

    /// What is held in a chat until an instant, and how many more than one digest takes.
    fn gathered(
        &self,
        to: &Destination,
        until: DateTime<Utc>,
    ) -> anyhow::Result<(Vec<(Alert, Posting)>, usize)> {
        let mut gathered = Vec::new();
        for posting in self.store.postings_to(to, until - GATHERED)? {
            if matches!(posting.stand, Stand::Held { until: held, .. } if held <= until) {
                gathered.extend(self.store.alert(&posting.alert)?.map(|alert| (alert, posting)));
            }
        }
        let left = gathered.len().saturating_sub(DIGEST);
        gathered.truncate(DIGEST);
        in_order(&mut gathered, |(alert, _)| alert);
        Ok((gathered, left))
    }

    /// Why nothing is said in a chat, if nothing is. A chat without a subscription may watch.
    fn silence(&self, to: &Destination) -> anyhow::Result<Option<String>> {
        let paused = self.store.subscription(to)?.and_then(|subscription| subscription.paused);
        Ok(paused.map(|reason| format!("the subscription is paused: {reason}")))
    }

    fn zone_of(&self, to: &Destination) -> anyhow::Result<Tz> {
        Ok(self.store.subscription(to)?.map_or(self.zone, |subscription| subscription.zone))
    }
}

fn void(delivery: Delivery, reason: &str) -> Outcome {
    Outcome::of(delivery, Came::Void(reason.to_owned()))
}

/// Sends the part that is next; in a forum, under this title.
async fn next_part(
    delivery: Delivery,
    parts: &[Part],
    title: &str,
    platform: &dyn Platform,
) -> Outcome {
    let at = delivery.sent.len();
    let Some(part) = parts.get(at) else {
        return Outcome::of(delivery, Came::Accepted { receipt: None, last: true });
    };
    let last = at + 1 == parts.len();
    let carried = Carried {
        to: &delivery.to,
        part,
        nonce: &nonce(&delivery.id, at),
        sent: &delivery.sent,
        last,
        title,
        topics: &[],
        publish: false,
        discuss: false,
    };
    let came = match platform.deliver(&carried).await {
        Ok(receipt) => Came::Accepted { receipt: Some(receipt), last },
        Err(error) => Came::Failed(error),
    };
    Outcome::of(delivery, came)
}

/// An alert's title in a forum. It stays whatever becomes of the alert, so it says whose word it is.
fn title(alert: &Alert, zone: Tz) -> String {
    match &alert.story {
        Some(_) => {
            let name = text::cut(&alert.source.publisher, NAME);
            dated(&format!("{name}: {}", alert.what), alert.raised, zone)
        }
        None => dated(&alert.what, alert.raised, zone),
    }
}

/// A title with its day and hour: a forum's post of the same title is taken for the same.
fn dated(title: &str, at: DateTime<Utc>, zone: Tz) -> String {
    let day = at.with_timezone(&zone).format("%-d %b %H:%M");
    format!("{} · {day}", text::cut(&text::one_line(title), TITLE))
}

/// The alert's place in the chat, now that a message shows it.
fn placed(alert: &Alert, posting: Posting, (message, digest): Standing) -> Posting {
    let stand = Stand::Posted { message, revision: alert.revision, digest };
    Posting { severity: alert.severity, stand, ..posting }
}

/// Gravest first.
fn in_order<T>(list: &mut [T], alert: impl Fn(&T) -> &Alert) {
    list.sort_by_key(|one| {
        let alert = alert(one);
        (std::cmp::Reverse(alert.severity), alert.raised, alert.id.clone())
    });
}

/// The alert in one part: with fewer of its updates where it would not fit otherwise.
fn one_part(
    alert: &Alert,
    posting: &Posting,
    zone: Tz,
    intro: &[Block],
    platform: &dyn Platform,
) -> Part {
    let mut parts = Vec::new();
    for updates in UPDATES {
        let mut message = alert::alert(alert, &Shown { zone, why: &posting.why, updates });
        // What happened stands first, whatever else is said.
        message.blocks.splice(1..1, intro.iter().cloned());
        parts = platform.render(&message);
        if parts.len() == 1 {
            break;
        }
    }
    parts.swap_remove(0)
}

/// Held alerts in one message that says why they come together.
fn together(held: Held, alerts: &[Alert], zone: Tz) -> Message {
    let count = alerts.len();
    let alerts: Vec<&Alert> = alerts.iter().collect();
    alert::digest(&heading(held, count), &alerts, zone)
}

fn heading(held: Held, count: usize) -> String {
    match held {
        Held::Quiet => format!("While you slept: {count} alerts"),
        Held::Burst => format!("{count} alerts that came at once"),
    }
}
