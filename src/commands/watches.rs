//! `/watches`: what this chat watches, each to be seen, muted, changed or deleted by a button.

use chrono::{DateTime, Duration, Utc};

use crate::commands::{Command, CommandError, Desk, bold, paragraph, plain, private, watch};
use crate::model::alert::Severity;
use crate::model::event::Invocation;
use crate::model::message::{Action, Block, Button, Line, Message, Span};
use crate::model::watch::Watch;
use crate::query;
use crate::store::Changes;
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "watches",
    summary: "What this chat watches; see, mute, change or delete each",
    usage: "[number]",
    manage: false,
    completes: false,
    run,
};

/// How long a mute lasts.
const WEEK: Duration = Duration::days(7);
/// Buttons in a row.
const ROW_LENGTH: usize = 5;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let to = asked.reply.destination();
    let (number, verb) = match asked.args.trim().split_once(' ') {
        Some((number, verb)) => (number, verb.trim()),
        None => (asked.args.trim(), ""),
    };
    if number.is_empty() {
        return list(desk, asked, now);
    }
    let watch = number.parse().ok().map(|number| desk.store.watch(to, number)).transpose()?;
    let Some(watch) = watch.flatten() else {
        return Err(CommandError::User(format!(
            "There is no watch {} here; /watches lists them.",
            text::cut(&text::one_line(number), 20)
        )));
    };
    if !matches!(verb, "" | "see") && !asked.may_manage {
        return Ok(private(
            "This changes what the chat receives, so only those who manage the chat may do it.",
        ));
    }
    match verb {
        "" => Ok(one(&watch, now, None)),
        "see" => see(desk, &watch, now),
        "mute" => {
            let muted = |watch: Watch| Watch { muted_until: Some(now + WEEK), ..watch };
            change(desk, &watch, now, "Muted for a week.", muted)
        }
        "unmute" => {
            let speaks = |watch: Watch| Watch { muted_until: None, paused: None, ..watch };
            change(desk, &watch, now, "It speaks again.", speaks)
        }
        "edit" => Ok(private(format!(
            "Type what it should be: /watch edit {} and the words, as now: {}",
            watch.number, watch.query
        ))),
        "delete" => Ok(confirm(&watch)),
        "delete yes" => {
            let unwatched = vec![(watch.to.clone(), watch.number)];
            desk.store.commit(Changes { unwatched, ..Changes::default() })?;
            list(desk, asked, now)
        }
        _ => Err(CommandError::User(
            "Write /watches and a number, and then see, mute, unmute, edit or delete.".to_owned(),
        )),
    }
}

fn list(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let watches = desk.store.watches_of(asked.reply.destination())?;
    if watches.is_empty() {
        let text = "Nothing is watched here. Write what you want to be told of at once:";
        let mut message = Message::text(text);
        message.blocks.push(Block::List(vec![Line(vec![Span::Command(
            "/watch license news on dysprosium for Europe".to_owned(),
        )])]));
        return Ok(message);
    }
    let lines = watches.iter().map(|watch| line(watch, now)).collect();
    let count = watches.len();
    let most = desk.alerts.limits.watches;
    let blocks = vec![
        Block::Title(Line::text("Watched here")),
        Block::List(lines),
        Block::Footer(Line::text(format!(
            "{count} of {most}. /watch adds one; a number below opens it."
        ))),
    ];
    let buttons: Vec<Button> = watches
        .iter()
        .map(|watch| button(&watch.number.to_string(), format!("watches {}", watch.number)))
        .collect();
    let buttons = buttons.chunks(ROW_LENGTH).map(<[Button]>::to_vec).collect();
    Ok(Message { blocks, buttons, ..Message::default() })
}

fn line(watch: &Watch, now: DateTime<Utc>) -> Line {
    let mut line = Line(vec![bold(format!("{}. {}", watch.number, watch.title()))]);
    if !watch.name.is_empty() {
        line.0.push(plain(format!(": {}", watch.query)));
    }
    line.0.push(plain(state(watch, now)));
    line
}

fn state(watch: &Watch, now: DateTime<Utc>) -> String {
    let mut state = match watch.least {
        Severity::Notable => String::new(),
        Severity::High => "; high and critical only".to_owned(),
        Severity::Critical => "; critical only".to_owned(),
    };
    if let Some(reason) = &watch.paused {
        state.push_str(&format!("; stopped: {}", text::cut(reason, 80)));
    } else if let Some(until) = watch.muted_until.filter(|until| *until > now) {
        state.push_str(&format!("; muted until {}", until.format("%-d %b")));
    }
    state
}

fn one(watch: &Watch, now: DateTime<Utc>, note: Option<&str>) -> Message {
    let number = watch.number;
    let mut blocks = vec![
        Block::Title(Line::text(format!("Watch {number}: {}", watch.title()))),
        paragraph(vec![
            bold("Watches: "),
            plain(format!("{}{}.", watch.query, state(watch, now))),
            plain(format!(" Since {}.", watch.since.format("%-d %b %Y"))),
        ]),
    ];
    blocks.extend(note.map(|note| paragraph(vec![plain(note)])));
    let silent = !watch.is_awake(now);
    let mute = match silent {
        true => button("Unmute", format!("watches {number} unmute")),
        false => button("Mute a week", format!("watches {number} mute")),
    };
    let buttons = vec![
        vec![button("Last 30 days", format!("watches {number} see")), mute],
        vec![
            button("Change", format!("watches {number} edit")),
            button("Delete", format!("watches {number} delete")),
            button("All watches", "watches".to_owned()),
        ],
    ];
    Message { blocks, buttons, ..Message::default() }
}

fn see(desk: &Desk, watch: &Watch, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let query = query::parse(&watch.query, &desk.lexicon);
    let zone = desk.subscription(&watch.to)?.map_or(desk.zone, |subscription| subscription.zone);
    let mut message = one(watch, now, None);
    message.blocks.extend(watch::caught(desk, &query, watch.least, zone, now)?);
    Ok(message)
}

/// Changes a watch, as it stands by now.
fn change(
    desk: &Desk,
    watch: &Watch,
    now: DateTime<Utc>,
    note: &str,
    to: impl FnOnce(Watch) -> Watch,
) -> Result<Message, CommandError> {
    let changed = desk.store.change::<_, CommandError>(|store| {
        let changed = store.watch(&watch.to, watch.number)?.map(to);
        let watches = changed.iter().cloned().collect();
        Ok((Changes { watches, ..Changes::default() }, changed))
    })?;
    Ok(match changed {
        Some(changed) => one(&changed, now, Some(note)),
        None => private("That watch was deleted meanwhile; /watches lists the others."),
    })
}

fn confirm(watch: &Watch) -> Message {
    let number = watch.number;
    let text = format!("Delete watch {number}, {}?", watch.title());
    let buttons = vec![vec![
        button("Delete it", format!("watches {number} delete yes")),
        button("Keep it", format!("watches {number}")),
    ]];
    Message { buttons, ..Message::text(text) }
}

fn button(label: &str, line: String) -> Button {
    Button { label: label.to_owned(), action: Action::Edit(line) }
}
