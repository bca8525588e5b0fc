//! `/start`: who Monazite is and the first step, in a few lines.
//!
//! A deep link to a license (`lic_` and its id) answers as `/license` does, one to subscribe
//! (`subscribe`, `subscribe_0730_Berlin`) as `/subscribe` does, for who may manage the chat.
//! An unknown payload is no error.

use chrono::{DateTime, Utc};

use crate::commands::{
    Command, CommandError, Desk, ask, bold, license, paragraph, plain, subscribe,
};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message, Span, started_license};
use crate::schedule;

/// The row.
pub(super) const ROW: Command = Command {
    name: "start",
    summary: "What Monazite is, and how to get the daily brief",
    usage: "",
    manage: false,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    if let Some(id) = started_license(asked.args.trim()) {
        return license::answer(desk, &id, 1, now);
    }
    if let Some(wanted) = asked.args.trim().strip_prefix("subscribe") {
        let args = subscription_asked(wanted);
        let asked = Invocation { name: "subscribe".to_owned(), args, ..asked.clone() };
        if !asked.may_manage {
            let text = "Only those who manage this chat can subscribe it.";
            return Err(CommandError::User(text.to_owned()));
        }
        return subscribe::run(desk, &asked, now);
    }
    let subscribed = desk.subscription(asked.reply.destination())?;
    let what = "Every day I read rare-earth news, ministry pages and agencies' notices in English and Chinese, and send \
                one brief: the highlights, export licenses and controls, prices, and what comes next, each with its source.";
    let mut blocks = vec![
        Block::Title(Line::text("Monazite: the daily rare-earth brief")),
        Block::Paragraph(what.into()),
    ];
    let mut buttons = vec![vec![
        ask("Today's brief", "brief"),
        ask("Latest news", "latest"),
        ask("Licenses", "licenses"),
    ]];
    if let Some(next) =
        subscribed.as_ref().and_then(|subscription| desk.next_for(subscription, now))
    {
        let zone = subscribed.as_ref().map_or(desk.zone, |subscription| subscription.zone);
        blocks.push(paragraph(vec![
            plain("This chat is subscribed; the next brief comes "),
            super::time(next, zone),
            plain("."),
        ]));
        buttons.push(vec![ask("Settings", "settings")]);
    } else {
        blocks.push(paragraph(vec![
            plain("To receive it here, send "),
            Span::Command("/subscribe".to_owned()),
            plain(", or with an hour of your own: "),
            bold("/subscribe 7:30 Berlin"),
            plain("."),
        ]));
        buttons.push(vec![ask("Subscribe", "subscribe")]);
    }
    blocks.push(Block::Footer(Line(vec![
        Span::Command("/help".to_owned()),
        plain(" lists everything I can do."),
    ])));
    Ok(Message { blocks, buttons, ..Message::default() })
}

/// The hour and zone in the rest of a payload, which can hold letters, digits, `_` and `-` only:
/// `_0730_New_York`, `_7_Europe-Berlin`. One that cannot be read subscribes at the usual hour.
fn subscription_asked(rest: &str) -> String {
    let spaced = rest.replace('_', " ").trim().to_owned();
    let named = spaced.replacen('-', "/", 1);
    let readable = [spaced, named]
        .into_iter()
        .find(|text| !matches!(schedule::parse_time(text), Err(schedule::Unclear::Unknown(_))));
    readable.unwrap_or_default()
}
