//! `/unsubscribe`: ends the daily brief for this chat.
//!
//! It ends only this chat's (or topic's) subscription and says how to begin
//! again.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, ask};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::store::Changes;

/// The row.
pub(super) const ROW: Command = Command {
    name: "unsubscribe",
    summary: "Stop the daily brief in this chat",
    usage: "",
    manage: true,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, _: DateTime<Utc>) -> Result<Message, CommandError> {
    let to = asked.subject().clone();
    if desk.subscription(&to)?.is_none() {
        return Ok(super::private("This chat receives no briefs, so there is nothing to stop."));
    }
    desk.store.commit(Changes { unsubscribed: vec![to], ..Changes::default() })?;
    let again = match &asked.about {
        None => "subscribe".to_owned(),
        Some(about) => format!("subscribe {}", about.name),
    };
    let text = match &asked.about {
        None => "Done: no more briefs come here. /brief still shows them when you ask, and /subscribe begins anew.".to_owned(),
        Some(about) => format!("Done: no more briefs go to {}.", about.label),
    };
    Ok(Message { buttons: vec![vec![ask("Subscribe again", &again)]], ..Message::text(text) })
}
