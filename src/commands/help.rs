//! `/help`: every command with what it takes, from the table.
//!
//! Nothing here is written by hand for a single command.

use chrono::{DateTime, Utc};

use crate::commands::{ALL, Command, CommandError, Desk, plain};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message, Span};

/// The row.
pub(super) const ROW: Command = Command {
    name: "help",
    summary: "Every command, with what it takes",
    usage: "",
    manage: false,
    completes: false,
    run,
};

fn run(_: &Desk, _: &Invocation, _: DateTime<Utc>) -> Result<Message, CommandError> {
    let (read, change): (Vec<&Command>, Vec<&Command>) =
        ALL.iter().partition(|command| !command.manage);
    let lines =
        |commands: &[&Command]| Block::List(commands.iter().map(|command| line(command)).collect());
    let blocks = vec![
        Block::Title(Line::text("What I can do")),
        Block::Heading(Line::text("Ask")),
        lines(&read),
        Block::Heading(Line::text("Change what this chat receives")),
        lines(&change),
        Block::Footer(Line::text(
            "In groups and channels only those who manage the chat may change it. Sentences are quoted from their sources.",
        )),
    ];
    Ok(Message { blocks, ..Message::default() })
}

fn line(command: &Command) -> Line {
    let mut spans = vec![Span::Command(format!("/{}", command.name))];
    if !command.usage.is_empty() {
        spans.push(Span::Code(format!(" {}", command.usage).trim().to_owned()));
        spans.insert(1, plain(" "));
    }
    spans.push(plain(format!(": {}", lower_first(command.summary))));
    Line(spans)
}

/// A summary inside a sentence, unless it begins with a name.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}
