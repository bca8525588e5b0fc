//! What an edition says of earlier ones that a chat has not seen and for which it stands.
//!
//! They could not be delivered, or came on days that the chat does not take. It
//! adds their days and highlights and leaves the edition itself as it is.

use crate::compose::choice::Choice;
use crate::compose::phrase::{View, edition_day, sentence};
use crate::model::brief::Edition;
use crate::model::message::{Block, Line, Message, Span};

/// Editions whose highlights are repeated, the newest ones; of the others only the day is said.
const REPEATED: usize = 7;
/// Highlights repeated of each.
const HIGHLIGHTS: usize = 4;
/// Days named one by one.
const NAMED: usize = 7;

/// Editions that a chat has not seen, each list oldest first.
#[derive(Clone, Debug, Default)]
pub struct Unseen {
    /// Those that could not be delivered.
    pub missed: Vec<Edition>,
    /// Those of days that the chat does not take.
    pub skipped: Vec<Edition>,
}

/// The message of an edition, with what those before it had to say that the chat has not seen.
#[must_use]
pub fn with_unseen(mut message: Message, unseen: &Unseen, view: &View<'_>) -> Message {
    let Unseen { missed, skipped } = unseen;
    let mut all: Vec<&Edition> = missed.iter().chain(skipped).collect();
    if all.is_empty() {
        return message;
    }
    all.sort_by_key(|edition| edition.closes);
    let heading = if missed.is_empty() { "On the days between" } else { "Missed before" };
    let mut section = vec![Block::Heading(Line::text(heading))];
    for edition in all.iter().skip(all.len().saturating_sub(REPEATED)) {
        let day = edition_day(&edition.id, view.zone);
        section.push(Block::Subheading(Line::text(format!("{day} (No. {})", edition.number))));
        let choice = Choice::of(edition, view);
        let mut lines: Vec<Line> = choice
            .highlights
            .iter()
            .take(HIGHLIGHTS)
            .map(|highlight| sentence(highlight))
            .collect();
        lines.push(
            Line::text("All of it: ").with(Span::Command(format!("/brief {}", edition.date))),
        );
        section.push(Block::List(lines));
    }
    let is_footer = |block: &Block| matches!(block, Block::Footer(_));
    let end = message.blocks.iter().position(is_footer).unwrap_or(message.blocks.len());
    message.blocks.splice(end..end, section);
    // Behind title and window.
    let head = message.blocks.len().min(2);
    let told = [not_delivered(missed, view), not_taken(skipped, view)].into_iter().flatten();
    let told = told.map(|notice| Block::Paragraph(Line::text(notice)));
    message.blocks.splice(head..head, told.collect::<Vec<_>>());
    message
}

/// Which editions did not arrive, in one sentence.
fn not_delivered(editions: &[Edition], view: &View<'_>) -> Option<String> {
    let days = days(editions, view)?;
    Some(match editions.len() {
        1 => {
            format!("The edition of {days} could not be delivered here; its highlights are below.")
        }
        _ => format!(
            "The editions of {days} could not be delivered here; this one stands for them, and their highlights are below."
        ),
    })
}

/// Which editions were not meant to arrive, in one sentence.
fn not_taken(editions: &[Edition], view: &View<'_>) -> Option<String> {
    let days = days(editions, view)?;
    Some(match editions.len() {
        1 => format!(
            "The edition of {days} came on a day without a brief here; its highlights are below."
        ),
        _ => format!(
            "The editions of {days} came on days without a brief here; their highlights are below."
        ),
    })
}

/// The days of editions: `23 Nov 2026 and 24 Nov 2026`; `None` of none.
fn days(editions: &[Edition], view: &View<'_>) -> Option<String> {
    let mut days: Vec<String> =
        editions.iter().map(|edition| edition_day(&edition.id, view.zone)).collect();
    days.dedup();
    let more = days.len().saturating_sub(NAMED);
    let mut named = days.split_off(more);
    if more > 0 {
        named.insert(0, format!("{more} earlier days"));
    }
    let last = named.pop()?;
    Some(if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) })
}
