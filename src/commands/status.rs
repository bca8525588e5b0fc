//! `/status`: has today's edition run, when is the next, are the sources and the queue well.
//!
//! Counts are kept by the store; nothing is scanned to answer.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, bold, plain, time};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message, Span};
use crate::model::subscription::Series;

/// The row.
pub(super) const ROW: Command = Command {
    name: "status",
    summary: "Last and next edition, sources and queue",
    usage: "",
    manage: false,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let subscription = desk.subscription(asked.reply.destination())?;
    let zone = subscription.as_ref().map_or(desk.zone, |subscription| subscription.zone);
    let row = |name: &str, spans: Vec<Span>| {
        let mut all = vec![bold(format!("{name}: "))];
        all.extend(spans);
        Line(all)
    };
    let mut rows = Vec::new();
    rows.push(match desk.store.latest_edition(Series::Daily)? {
        Some(edition) => row(
            "Last edition",
            vec![plain(format!("No. {}, closed ", edition.number)), time(edition.closes, zone)],
        ),
        None => row("Last edition", vec![plain("none yet")]),
    });
    rows.push(match desk.brief.next(desk.zone, now) {
        Some(next) => row("Next edition", vec![time(next, zone)]),
        None => row("Next edition", vec![plain("the schedule names no further one")]),
    });
    rows.push(match &subscription {
        None => row("This chat", vec![plain("not subscribed")]),
        Some(subscription) => match desk.next_for(subscription, now) {
            Some(next) => {
                row("This chat", vec![plain("receives its next brief "), time(next, zone)])
            }
            None => {
                let reason =
                    subscription.paused.as_deref().unwrap_or("no further edition is scheduled");
                row("This chat", vec![plain(format!("nothing is sent: {reason}"))])
            }
        },
    });
    let (mut good, mut failing) = (0, 0);
    for spec in &desk.sources {
        let state = desk.store.source_state(&spec.id)?.unwrap_or_default();
        failing += u32::from(state.failures > 0 || state.retired);
        good += u32::from(state.failures == 0 && !state.retired && state.last_ok.is_some());
    }
    rows.push(row(
        "Sources",
        vec![
            plain(format!("{good} of {} answer, {failing} fail; ", desk.sources.len())),
            Span::Command("/sources".to_owned()),
        ],
    ));
    let counts = desk.store.counts();
    rows.push(row(
        "Known",
        vec![plain(format!(
            "{}, {}, {}, {} set aside",
            counted(counts.stories, "story", "stories"),
            counted(counts.articles, "article", "articles"),
            counted(counts.editions, "edition", "editions"),
            counted(counts.set_aside, "broken item", "broken items")
        ))],
    ));
    rows.push(row(
        "Queue",
        vec![plain(format!(
            "{} waiting, {} delivered, {} given up",
            counts.waiting, counts.sent, counts.dead
        ))],
    ));
    rows.push(row(
        "Running",
        vec![
            plain(format!("version {} since ", env!("CARGO_PKG_VERSION"))),
            time(desk.started, zone),
        ],
    ));
    let blocks = vec![Block::Title(Line::text("Status")), Block::List(rows)];
    Ok(Message { blocks, ..Message::default() })
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
