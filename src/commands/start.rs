//! `/start`: who Monazite is and the first step, in a few lines.
//!
//! A deep link to a license (`lic_` and its id) answers as `/license` does.
//! It changes nothing: an unknown payload is no error.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, ask, bold, license, paragraph, plain};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message, Span, started_license};

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
