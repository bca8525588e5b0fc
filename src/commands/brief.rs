//! `/brief`: the latest edition, or one of an earlier day, as it was published.
//!
//! Editions are read, never recomposed: what stands in the chat, in files and
//! in this answer is the same.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::commands::{Command, CommandError, Desk, ask};
use crate::compose::phrase::{self, View};
use crate::model::brief::Edition;
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::model::subscription::{Length, Series, Subscription};
use crate::schedule;

/// The row.
pub(super) const ROW: Command = Command {
    name: "brief",
    summary: "The latest daily brief, the one of a day, or the week's",
    usage: "[date|weekly]",
    manage: false,
    completes: false,
    run,
};

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let subscription = desk.subscription(asked.reply.destination())?;
    let (wanted, length) = match asked.args.trim() {
        "full" => ("", Some(Length::Full)),
        "short" => ("", Some(Length::Short)),
        "weekly" | "week" => return weekly(desk, subscription.as_ref(), None, now),
        "weekly full" => return weekly(desk, subscription.as_ref(), Some(Length::Full), now),
        other => match other.strip_suffix(" full") {
            Some(date) => (date, Some(Length::Full)),
            None => (other, None),
        },
    };
    let edition = if wanted.is_empty() {
        desk.store.latest_edition(Series::Daily)?.ok_or_else(|| none_yet(desk, now))?
    } else {
        of_day(desk, wanted, now)?
    };
    let view = View::of(subscription.as_ref(), &desk.lexicon, desk.zone);
    let view = View { length: length.unwrap_or(view.length), ..view };
    let mut message = phrase::brief(&edition, &view);
    message.buttons.extend(neighbors(desk, &edition)?);
    Ok(message)
}

/// The newest edition of the weekly series.
fn weekly(
    desk: &Desk,
    subscription: Option<&Subscription>,
    length: Option<Length>,
    now: DateTime<Utc>,
) -> Result<Message, CommandError> {
    let Some(edition) = desk.store.latest_edition(Series::Weekly)? else {
        let next = desk.weekly.next(desk.zone, now).map(|at| schedule::spoken(at, desk.zone));
        let first = next.map_or(String::new(), |next| format!(" The first comes {next}."));
        return Err(CommandError::User(format!(
            "No weekly brief has been published yet.{first} /brief is the daily one."
        )));
    };
    let view = View::of(subscription, &desk.lexicon, desk.zone);
    Ok(phrase::brief(&edition, &View { length: length.unwrap_or(view.length), ..view }))
}

fn of_day(desk: &Desk, wanted: &str, now: DateTime<Utc>) -> Result<Edition, CommandError> {
    let today = now.with_timezone(&desk.zone).date_naive();
    let day = match wanted.to_lowercase().as_str() {
        "today" => today,
        "yesterday" => today - Duration::days(1),
        text => text.parse::<NaiveDate>().map_err(|_| {
            CommandError::User(format!(
                "{:?} is no date. Write it as 2026-11-22, or yesterday.",
                crate::text::cut(&crate::text::one_line(wanted), 40)
            ))
        })?,
    };
    if let Some(edition) = desk.store.edition_on(Series::Daily, day)? {
        return Ok(edition);
    }
    let newest = desk.store.latest_edition(Series::Daily)?.ok_or_else(|| none_yet(desk, now))?;
    Err(CommandError::User(format!(
        "There is no brief of {day}. The newest is of {}: /brief.",
        newest.date
    )))
}

fn none_yet(desk: &Desk, now: DateTime<Utc>) -> CommandError {
    let next = desk.brief.next(desk.zone, now).map(|at| schedule::spoken(at, desk.zone));
    CommandError::User(match next {
        Some(next) => format!(
            "No brief has been published yet. The first comes {next}; /latest shows what is there."
        ),
        None => "No brief has been published yet; /latest shows what is there.".to_owned(),
    })
}

/// Buttons to the editions before and after.
fn neighbors(
    desk: &Desk,
    edition: &Edition,
) -> Result<Option<Vec<crate::model::message::Button>>, CommandError> {
    let mut row = Vec::new();
    let (mut before, mut after) = (None, None);
    for other in desk.store.editions(Series::Daily).take(400) {
        let date = other?.date;
        if date < edition.date {
            before = Some(date);
            break;
        }
        if date > edition.date {
            after = Some(date);
        }
    }
    row.extend(
        before.map(|date| ask(&format!("‹ {}", date.format("%-d %b")), &format!("brief {date}"))),
    );
    row.extend(
        after.map(|date| ask(&format!("{} ›", date.format("%-d %b")), &format!("brief {date}"))),
    );
    Ok((!row.is_empty()).then_some(row))
}
