//! `/subscribe`: the daily brief for this chat, at the main hour or one of its own.
//!
//! One command with good defaults is enough. The latest edition follows at
//! once, through the outbox and never the backlog; asking again changes the
//! hour and keeps every other setting. Another chat may be named before the
//! hour (`@channel`), where the platform has checked the asker's rights there.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, ask, paragraph, plain, time, unclear};
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

/// Subscribes the chat that the command is about.
pub(super) fn run(
    desk: &Desk,
    asked: &Invocation,
    now: DateTime<Utc>,
) -> Result<Message, CommandError> {
    let lead = asked.about.as_ref().map_or(String::new(), |about| format!("{} ", about.name));
    let begun = begin(desk, asked, &lead, now)?;
    let Begun { before, subscription, rounded, follows } = begun;
    let first = match &before {
        None => "Subscribed",
        Some(before) if before.paused.is_some() => "Welcome back: the brief comes again",
        Some(before) if *before == subscription => "Subscribed already",
        Some(_) => "Changed",
    };
    // Where it is not here, it is said where.
    let whose = asked.about.as_ref().map_or(String::new(), |about| format!(" ({})", about.label));
    let mut spans = vec![plain(format!("{first}{whose}. "))];
    match (desk.next_for(&subscription, now), subscription.series) {
        (Some(next), series) => spans.extend([
            plain(match series {
                Series::Weekly => "The next weekly brief comes ",
                Series::Daily | Series::Alerts => "The next brief comes ",
            }),
            time(next, subscription.zone),
            plain("."),
        ]),
        (None, Series::Alerts) => spans.push(plain("Only alerts come, as chosen in the settings.")),
        (None, _) => spans.push(plain("The brief comes at the operator's hour.")),
    }
    spans.extend(rounded.map(plain));
    let mut blocks = vec![paragraph(spans)];
    if follows {
        let text = match asked.about {
            None => "Here is the latest edition to begin with.",
            Some(_) => "The latest edition goes there to begin with.",
        };
        blocks.push(Block::Paragraph(Line::text(text)));
    } else if desk.store.latest_edition(Series::Daily)?.is_none()
        && subscription.series != Series::Alerts
    {
        let text = "No edition has been published yet; the first will come.";
        blocks.push(Block::Paragraph(Line::text(text)));
    }
    Ok(Message {
        blocks,
        buttons: vec![vec![
            ask("Settings", format!("settings {lead}").trim_end()),
            ask("Latest brief", "brief"),
        ]],
        ..Message::default()
    })
}

/// A subscription as it was and as it is now.
struct Begun {
    before: Option<Subscription>,
    subscription: Subscription,
    /// Said when the hour was rounded.
    rounded: Option<String>,
    /// Whether the latest edition follows.
    follows: bool,
}

/// Subscribes the chat, or changes what it receives, in one step.
fn begin(
    desk: &Desk,
    asked: &Invocation,
    lead: &str,
    now: DateTime<Utc>,
) -> Result<Begun, CommandError> {
    desk.store.change(|_| {
        let before = desk.subscription(asked.subject())?;
        let mut subscription = before.clone().unwrap_or_else(|| fresh(desk, asked, now));
        resume(&mut subscription, now);
        let mut rounded = None;
        if !asked.args.is_empty() {
            let line = |said: &str| format!("subscribe {lead}{said}");
            rounded = set_time(&mut subscription, &asked.args, &line)?;
        }
        let delivery = first_delivery(desk, &subscription, now)?;
        let follows = delivery.is_some();
        let changes = Changes {
            subscriptions: vec![subscription.clone()],
            // One that died when the chat was gone begins anew.
            revived: delivery.into_iter().collect(),
            ..Changes::default()
        };
        Ok((changes, Begun { before, subscription, rounded, follows }))
    })
}

/// Ends a pause; what was published meanwhile is not for the chat.
pub(super) fn resume(subscription: &mut Subscription, now: DateTime<Utc>) {
    if subscription.paused.take().is_some() {
        subscription.since = now;
    }
}

fn fresh(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Subscription {
    let label = asked.about.as_ref().map_or(&asked.chat_label, |about| &about.label);
    let label = crate::text::cut(&crate::text::one_line(label), 100);
    let to = asked.subject().clone();
    Subscription { by: asked.asker, ..Subscription::new(to, desk.zone, now, label) }
}

/// Sets hour and zone; says so when the hour was rounded. `line` makes the command line of one
/// meaning, should the zone have several.
pub(super) fn set_time(
    subscription: &mut Subscription,
    text: &str,
    line: &dyn Fn(&str) -> String,
) -> Result<Option<String>, CommandError> {
    let (at, zone) = schedule::parse_time(text).map_err(|error| unclear(&error, line))?;
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
    if subscription.series == Series::Alerts {
        return Ok(None);
    }
    let Some(edition) = desk.store.latest_edition(subscription.series)? else { return Ok(None) };
    let cause = Cause::Edition(edition.id);
    let id = DeliveryId::of(&cause, &subscription.to);
    if desk.store.delivery(&id)?.is_some_and(|known| !matches!(known.state, State::Dead { .. })) {
        return Ok(None);
    }
    Ok(Some(Delivery::new(cause, subscription.to.clone(), now)))
}
