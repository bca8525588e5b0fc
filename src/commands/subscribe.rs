//! `/subscribe`: the daily brief for this chat, at the main hour or one of its own.
//!
//! One command with good defaults is enough. The latest edition follows at
//! once, through the outbox and never the backlog; asking again changes the
//! hour and keeps every other setting.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, ask, paragraph, plain, time};
use crate::model::delivery::{Cause, Delivery, DeliveryId, State};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message};
use crate::model::subscription::{Series, Subscription};
use crate::schedule;
use crate::store::Changes;

/// The row.
pub(super) const ROW: Command = Command {
    name: "subscribe",
    summary: "Receive the daily brief here, at the usual hour or one of your own",
    usage: "[time] [zone]",
    manage: true,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let to = asked.reply.destination().clone();
    let before = desk.subscription(&to)?;
    let mut subscription = before.clone().unwrap_or_else(|| fresh(desk, asked, now));
    subscription.paused = None;
    let mut rounded = None;
    if !asked.args.is_empty() {
        rounded = set_time(&mut subscription, &asked.args)?;
    }
    let delivery = first_delivery(desk, &subscription, now)?;
    let follows = delivery.is_some();
    let lead = match &before {
        None => "Subscribed. ",
        Some(before) if before.paused.is_some() => "Welcome back: the brief comes here again. ",
        Some(before) if *before == subscription => "This chat is subscribed already. ",
        Some(_) => "Changed. ",
    };
    let mut spans = vec![plain(lead)];
    match desk.next_for(&subscription, now) {
        Some(next) => spans.extend([
            plain("The next brief comes "),
            time(next, subscription.zone),
            plain("."),
        ]),
        None => spans.push(plain("The brief comes at the operator's hour.")),
    }
    spans.extend(rounded.map(plain));
    let mut blocks = vec![paragraph(spans)];
    if follows {
        blocks.push(Block::Paragraph(Line::text("Here is the latest edition to begin with.")));
    } else if desk.store.latest_edition(Series::Daily)?.is_none() {
        blocks.push(Block::Paragraph(Line::text(
            "No edition has been published yet; the first will come here.",
        )));
    }
    desk.store.commit(Changes {
        subscriptions: vec![subscription],
        // Not as a new one: one that died when the chat was gone begins anew.
        deliveries: delivery.into_iter().collect(),
        ..Changes::default()
    })?;
    Ok(Message {
        blocks,
        buttons: vec![vec![ask("Settings", "settings"), ask("Latest brief", "brief")]],
        ..Message::default()
    })
}

fn fresh(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Subscription {
    let label = crate::text::cut(&crate::text::one_line(&asked.chat_label), 100);
    let to = asked.reply.destination().clone();
    Subscription { by: asked.asker, ..Subscription::new(to, desk.zone, now, label) }
}

/// Sets hour and zone; says so when the hour was rounded.
pub(super) fn set_time(
    subscription: &mut Subscription,
    text: &str,
) -> Result<Option<String>, CommandError> {
    let (at, zone) = schedule::parse_time(text).map_err(CommandError::User)?;
    let rounded = schedule::rounded(at);
    subscription.at = Some(rounded);
    if let Some(zone) = zone {
        subscription.zone = zone;
    }
    Ok((rounded != at)
        .then(|| format!(" (Hours are rounded to the quarter: {}.)", rounded.format("%H:%M"))))
}

/// The delivery of the latest edition, unless this chat has received it.
fn first_delivery(
    desk: &Desk,
    subscription: &Subscription,
    now: DateTime<Utc>,
) -> Result<Option<Delivery>, CommandError> {
    let Some(edition) = desk.store.latest_edition(Series::Daily)? else { return Ok(None) };
    let cause = Cause::Edition(edition.id);
    let id = DeliveryId::of(&cause, &subscription.to);
    if desk.store.delivery(&id)?.is_some_and(|known| !matches!(known.state, State::Dead { .. })) {
        return Ok(None);
    }
    Ok(Some(Delivery::new(cause, subscription.to.clone(), now)))
}
