//! What an edition says of earlier ones that could not be delivered and for which it stands.
//!
//! It adds their days and highlights and leaves the edition itself as it is.

use crate::compose::choice::Choice;
use crate::compose::phrase::{View, edition_day, sentence};
use crate::model::brief::Edition;
use crate::model::message::{Block, Line, Message, Span};

/// Editions whose highlights are repeated, the newest ones; of the others only the day is said.
const REPEATED: usize = 3;
/// Highlights repeated of each.
const HIGHLIGHTS: usize = 4;
/// Days named one by one.
const NAMED: usize = 7;

/// The message of an edition, with what the missed ones before it had to say. `missed` stands
/// oldest first.
#[must_use]
pub fn with_missed(mut message: Message, missed: &[Edition], view: &View<'_>) -> Message {
    if missed.is_empty() {
        return message;
    }
    let mut section = vec![Block::Heading(Line::text("Missed before"))];
    for edition in missed.iter().skip(missed.len().saturating_sub(REPEATED)) {
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
    message.blocks.insert(head, Block::Paragraph(Line::text(notice(missed, view))));
    message
}

/// Which editions did not arrive, in one sentence.
fn notice(missed: &[Edition], view: &View<'_>) -> String {
    let mut days: Vec<String> =
        missed.iter().map(|edition| edition_day(&edition.id, view.zone)).collect();
    days.dedup();
    let more = days.len().saturating_sub(NAMED);
    let mut named = days.split_off(more);
    if more > 0 {
        named.insert(0, format!("{more} earlier days"));
    }
    let last = named.pop().unwrap_or_default();
    let named = if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) };
    match missed.len() {
        1 => {
            format!("The edition of {named} could not be delivered here; its highlights are below.")
        }
        _ => format!(
            "The editions of {named} could not be delivered here; this one stands for them, and their highlights are below."
        ),
    }
}
