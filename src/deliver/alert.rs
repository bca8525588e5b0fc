//! Carrying alerts: a new message, the change of an earlier one, or several held ones together.
//!
//! What is said is read when it is sent, so a message always shows the latest
//! revision; where it stands is written in the commit that ends the delivery.
//! One alert has one message in a chat, for as long as the chat keeps it.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::chat::{EditError, Part, Platform};
use crate::compose::alert::{self, Shown};
use crate::deliver::{Deliverer, Step, nonce};
use crate::model::alert::{Alert, AlertId, Held, Posting, Stand};
use crate::model::delivery::{Cause, Delivery, DeliveryId, Receipt, State};
use crate::model::event::Target;
use crate::model::message::{Block, Line, Message};
use crate::model::subscription::Destination;
use crate::store::Changes;

/// Alerts in one digest, at most; what is left comes in a further one.
const DIGEST: usize = 10;
/// Updates shown, fewer where the message would not fit into one part.
const UPDATES: [usize; 4] = [6, 3, 1, 0];
/// No digest gathers from longer ago than this before it is due.
const GATHERED: Duration = Duration::hours(30);

impl Deliverer {
    /// Carries an alert as it stands now.
    pub(super) async fn alert(
        &self,
        delivery: Delivery,
        id: &AlertId,
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let (alert, posting) = (self.store.alert(id)?, self.store.posting(id, &delivery.to)?);
        let (Some(alert), Some(posting)) = (alert, posting) else {
            return self.dead(delivery, format!("the alert {id} is not in the store"), now);
        };
        if let Some(reason) = self.silence(&delivery.to)? {
            return self.dead(delivery, reason, now);
        }
        let graver = alert.severity > posting.severity;
        match posting.stand {
            Stand::Due => self.say(delivery, &alert, posting, None, platform, now).await,
            Stand::Gone if graver => self.say(delivery, &alert, posting, None, platform, now).await,
            Stand::Posted { revision, .. } if revision >= alert.revision => {
                // A change that came later was shown already.
                self.sent(delivery, now)
            }
            Stand::Posted { message, digest, .. } => {
                self.amend(delivery, &alert, posting, (message, digest), platform, now).await
            }
            // The digest shows it as it stands then.
            Stand::Held { .. } => self.sent(delivery, now),
            Stand::Gone => {
                self.dead(delivery, "its message was deleted in the chat".to_owned(), now)
            }
            Stand::Dismissed => {
                self.dead(delivery, "the chat wants to hear no more of it".to_owned(), now)
            }
        }
    }

    /// Sends the alert as a new message; as an answer to `earlier` where that cannot be changed.
    async fn say(
        &self,
        mut delivery: Delivery,
        alert: &Alert,
        posting: Posting,
        earlier: Option<i64>,
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let zone = self.zone_of(&delivery.to)?;
        let mut intro = Vec::new();
        if earlier.is_some() {
            intro.push(Block::Paragraph(Line::text(
                "An earlier message on this is too old to be changed. As it stands now:",
            )));
        }
        let part = one_part(alert, &posting, zone, &intro, platform);
        let to = delivery.to.clone();
        let target = match earlier {
            Some(message) => Target::Reply { to, message },
            None => Target::Chat(to),
        };
        match platform.send(&target, &part, Some(&nonce(&delivery.id, 0))).await {
            Ok(receipt) => {
                delivery.sent.push(receipt.clone());
                let stand = Stand::Posted {
                    message: receipt.message,
                    revision: alert.revision,
                    digest: None,
                };
                self.told(delivery, &[(alert, posting)], &stand, now)
            }
            Err(error) => self.failed(delivery, &error, now),
        }
    }

    /// Changes the message that shows the alert.
    async fn amend(
        &self,
        mut delivery: Delivery,
        alert: &Alert,
        posting: Posting,
        (message, digest): (i64, Option<DateTime<Utc>>),
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let shown = Stand::Posted { message, revision: alert.revision, digest };
        let zone = self.zone_of(&delivery.to)?;
        let edits: Vec<(i64, Part)> = match digest {
            None => vec![(message, one_part(alert, &posting, zone, &[], platform))],
            Some(until) => self.digest_edits(&delivery.to, until, zone, platform)?,
        };
        for (message, part) in &edits {
            match platform.edit(&delivery.to, *message, part).await {
                Ok(receipt) => delivery.sent.push(receipt),
                Err(EditError::Gone(_)) if alert.severity > posting.severity => {
                    return self.say(delivery, alert, posting, None, platform, now).await;
                }
                Err(EditError::Gone(reason)) => {
                    let gone = Posting { stand: Stand::Gone, ..posting };
                    delivery.state = State::Dead { reason, at: now };
                    self.store.commit(Changes {
                        deliveries: vec![delivery],
                        postings: vec![gone],
                        ..Changes::default()
                    })?;
                    return Ok(Step::Ended);
                }
                Err(EditError::TooOld(_)) => {
                    return self.say(delivery, alert, posting, Some(*message), platform, now).await;
                }
                Err(EditError::Send(error)) => {
                    delivery.sent.clear();
                    return self.failed(delivery, &error, now);
                }
            }
        }
        self.told(delivery, &[(alert, posting)], &shown, now)
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
    pub(super) async fn digest(
        &self,
        mut delivery: Delivery,
        (until, held): (DateTime<Utc>, Held),
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        if let Some(reason) = self.silence(&delivery.to)? {
            return self.dead(delivery, reason, now);
        }
        let (mut gathered, left) = self.gathered(&delivery.to, until)?;
        if gathered.is_empty() {
            return self.sent(delivery, now);
        }
        gathered.sort_by_key(|(alert, _)| (std::cmp::Reverse(alert.severity), alert.raised));
        let zone = self.zone_of(&delivery.to)?;
        let alone = gathered.len() == 1;
        let parts = match gathered.as_slice() {
            [(alert, posting)] => vec![one_part(alert, posting, zone, &[], platform)],
            _ => {
                let alerts: Vec<Alert> = gathered.iter().map(|(alert, _)| alert.clone()).collect();
                platform.render(&together(held, &alerts, zone))
            }
        };
        let at = delivery.sent.len();
        if let Some(part) = parts.get(at) {
            let target = Target::Chat(delivery.to.clone());
            match platform.send(&target, part, Some(&nonce(&delivery.id, at))).await {
                Ok(receipt) => delivery.sent.push(receipt),
                Err(error) => return self.failed(delivery, &error, now),
            }
            if delivery.sent.len() < parts.len() {
                delivery.state = State::Claimed { lease: now + crate::deliver::LEASE };
                self.moved(delivery.clone())?;
                return Ok(Step::Again(Box::new(delivery)));
            }
        }
        let message = delivery.sent.first().map_or(0, |receipt| receipt.message);
        let digest = (!alone).then_some(until);
        let mut changes = Changes::default();
        for (alert, posting) in gathered {
            let stand = Stand::Posted { message, revision: alert.revision, digest };
            changes.postings.push(Posting { severity: alert.severity, stand, ..posting });
        }
        if left > 0 {
            let cause = Cause::Digest { until: until + Duration::seconds(1), held };
            changes.new_deliveries.push(Delivery::new(cause, delivery.to.clone(), now));
        }
        delivery.state = State::Sent { at: now };
        changes.deliveries.push(delivery);
        self.store.commit(changes)?;
        Ok(Step::Sent)
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
        Ok((gathered, left))
    }

    /// Ends a delivery, and writes where its alerts stand now.
    fn told(
        &self,
        mut delivery: Delivery,
        alerts: &[(&Alert, Posting)],
        stand: &Stand,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        delivery.state = State::Sent { at: now };
        let place = |(alert, posting): &(&Alert, Posting)| Posting {
            severity: alert.severity,
            stand: stand.clone(),
            ..posting.clone()
        };
        self.store.commit(Changes {
            deliveries: vec![delivery],
            postings: alerts.iter().map(place).collect(),
            ..Changes::default()
        })?;
        Ok(Step::Sent)
    }

    /// Sends the operator a notice.
    pub(super) async fn notice(
        &self,
        mut delivery: Delivery,
        text: &str,
        platform: &dyn Platform,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Step> {
        let parts = platform.render(&Message::text(text));
        let Some(part) = parts.get(delivery.sent.len()) else { return self.sent(delivery, now) };
        let target = Target::Chat(delivery.to.clone());
        match platform.send(&target, part, Some(&nonce(&delivery.id, delivery.sent.len()))).await {
            Ok(receipt) => {
                delivery.sent.push(receipt);
                self.sent(delivery, now)
            }
            Err(error) => self.failed(delivery, &error, now),
        }
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
        message.blocks.splice(0..0, intro.iter().cloned());
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
    let heading = match held {
        Held::Quiet => format!("While you slept: {count} alerts"),
        Held::Burst => format!("{count} alerts that came at once"),
    };
    let alerts: Vec<&Alert> = alerts.iter().collect();
    alert::digest(&heading, &alerts, zone)
}
