//! `/unwatch`: ends one watch of this chat by its number.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::store::Changes;

/// The row.
pub(super) const ROW: Command = Command {
    name: "unwatch",
    summary: "End one of this chat's watches by its number",
    usage: "number",
    manage: true,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, _: DateTime<Utc>) -> Result<Message, CommandError> {
    let to = asked.reply.destination();
    let typed = asked.args.trim();
    let number: Option<u32> = typed.parse().ok();
    let watch = number.map(|number| desk.store.watch(to, number)).transpose()?.flatten();
    let Some(watch) = watch else {
        return Err(CommandError::User(match number {
            Some(number) => format!("There is no watch {number} here; /watches lists them."),
            None => "Write the watch's number: /unwatch 2. /watches lists them with their numbers."
                .to_owned(),
        }));
    };
    let unwatched = vec![(watch.to.clone(), watch.number)];
    desk.store.commit(Changes { unwatched, ..Changes::default() })?;
    Ok(Message::text(format!("Watch {} is ended: {}.", watch.number, watch.title())))
}
