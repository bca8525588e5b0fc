//! `/alert`: one alert with its whole history, and what its buttons do: mute, not relevant.

use chrono::{DateTime, Duration, Utc};

use crate::commands::{Command, CommandError, Desk, private};
use crate::compose::alert::{Shown, alert};
use crate::model::alert::{AlertId, Mute, Posting, Stand};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::model::watch::Watch;
use crate::store::Changes;

/// The row.
pub(super) const ROW: Command = Command {
    name: "alert",
    summary: "One alert with everything that became of it; alerts carry this as a button",
    usage: "id",
    manage: false,
    completes: false,
    run,
};

/// How long a mute lasts.
const WEEK: Duration = Duration::days(7);

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (verb, id) = match asked.args.trim().split_once(' ') {
        Some((verb, id)) => (verb, id.trim()),
        None => ("", asked.args.trim()),
    };
    let id = AlertId(id.to_owned());
    let Some(found) = desk.store.alert(&id)? else {
        return Err(CommandError::User(
            "I know no such alert. Alerts are kept for 60 days and carry a button that shows them whole.".to_owned(),
        ));
    };
    let to = asked.reply.destination();
    let posting = desk.store.posting(&id, to)?;
    if verb.is_empty() {
        let zone = desk.subscription(to)?.map_or(desk.zone, |subscription| subscription.zone);
        let why = posting.as_ref().map_or("", |posting| posting.why.as_str());
        return Ok(alert(&found, &Shown { zone, why, updates: usize::MAX }));
    }
    if !asked.may_manage {
        let text =
            "This changes what the chat receives, so only those who manage the chat may do it.";
        return Ok(private(text));
    }
    match verb {
        "mute" => mute(desk, &found.subjects, posting.as_ref(), asked, now),
        "no" => dismiss(desk, posting),
        _ => Err(CommandError::User("Write alert and its id, as its buttons do.".to_owned())),
    }
}

/// Mutes the watches that asked for it; without a watch, what it is about.
fn mute(
    desk: &Desk,
    subjects: &[String],
    posting: Option<&Posting>,
    asked: &Invocation,
    now: DateTime<Utc>,
) -> Result<Message, CommandError> {
    let to = asked.reply.destination();
    let until = now + WEEK;
    let day = until.format("%-d %B");
    let watches = desk.store.change::<_, CommandError>(|store| {
        let mut watches = Vec::new();
        for number in posting.iter().flat_map(|posting| &posting.watches) {
            watches.extend(store.watch(to, *number)?);
        }
        let muted = |watch: &Watch| Watch { muted_until: Some(until), ..watch.clone() };
        let muted = watches.iter().map(muted).collect();
        Ok((Changes { watches: muted, ..Changes::default() }, watches))
    })?;
    if watches.is_empty() {
        let mute = |subject: &String| Mute { to: to.clone(), subject: subject.clone(), until };
        let mutes: Vec<Mute> = subjects.iter().map(mute).collect();
        if mutes.is_empty() {
            return Err(CommandError::User(
                "It is about nothing that could come again; /settings sets what this chat receives.".to_owned(),
            ));
        }
        desk.store.commit(Changes { mutes, ..Changes::default() })?;
        return Ok(private(format!("Muted here until {day}: other news of the same matter.")));
    }
    let names: Vec<String> = watches.iter().map(|watch| format!("“{}”", watch.title())).collect();
    let names = crate::register::listed(&names);
    Ok(private(format!("Muted here until {day}: {names}. /watches unmutes.")))
}

fn dismiss(desk: &Desk, posting: Option<Posting>) -> Result<Message, CommandError> {
    let Some(posting) = posting else {
        return Err(CommandError::User("This alert was not sent to this chat.".to_owned()));
    };
    let narrow = posting
        .watches
        .first()
        .map(|number| format!(" To narrow the watch that caught it: /watches {number}."));
    let postings = vec![Posting { stand: Stand::Dismissed, ..posting }];
    desk.store.commit(Changes { postings, ..Changes::default() })?;
    let text = "Noted: nothing more of this alert comes here.";
    Ok(private(format!("{text}{}", narrow.unwrap_or_default())))
}
