//! The license desk of an edition in words: what is new, changed, disputed or due, gravest first.

use crate::compose::phrase::{Body, NAME, SENTENCE, Section, link, shown};
use crate::compose::tongue::tongue;
use crate::model::brief::Edition;
use crate::model::license::{DeskEntry, DeskKind, DeskRow};
use crate::model::message::{Line, Span};
use crate::model::subscription::Length;
use crate::text;

/// Longest quote, in characters; it is cut where a clause ends.
const QUOTE: usize = 160;
/// Most lines shown.
const LINES: usize = 6;
/// And in a short brief.
const LINES_SHORT: usize = 4;

/// The section that is never left out. Its lines come in the order in which they matter.
pub(super) fn section(edition: &Edition, length: Length) -> Section {
    let most = lines(length);
    let body = if edition.desk.is_empty() {
        Body::Words(Line::text("No change."))
    } else {
        Body::Lines(edition.desk.iter().take(most).map(line).collect())
    };
    let heading = "License & controls desk";
    let section = Section { id: "desk", heading, lead: None, body, more: None };
    section.and_more(edition.desk.len().saturating_sub(most), "/licenses")
}

/// How many of its lines are shown.
pub(super) fn lines(length: Length) -> usize {
    match length {
        Length::Full => LINES,
        Length::Short => LINES_SHORT,
    }
}

fn line(entry: &DeskEntry) -> Line {
    if !entry.links.is_empty() {
        return summarized(entry);
    }
    let mark = match entry.kind {
        DeskKind::New => "New: ",
        DeskKind::Changed => "Changed: ",
        DeskKind::Contradicted => "Disputed: ",
        DeskKind::Due => "Due: ",
        DeskKind::Regime => "Controls: ",
    };
    let mut line = Line(vec![Span::Bold(mark.to_owned())]);
    line.0.extend(asking(&shown(&entry.text, SENTENCE), &entry.rows));
    let quote = text::clause(&text::one_line(&entry.quote), QUOTE);
    if !quote.is_empty() {
        line.0.push(Span::Text(" ".to_owned()));
        line.0.push(Span::Italic(format!("“{quote}”")));
        line.0.extend(tongue(&quote).map(|tongue| Span::Text(format!(" (in {})", tongue.name))));
    }
    if !entry.publisher.trim().is_empty() {
        line.0.push(Span::Text(" — ".to_owned()));
        line.0.push(link(&shown(&entry.publisher, NAME), &entry.url));
    }
    line
}

/// The text, its holders leading to their rows.
fn asking(text: &str, rows: &[DeskRow]) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest = text;
    for DeskRow { name, row, .. } in rows {
        let Some((before, after)) = rest.split_once(name.as_str()) else { continue };
        if !before.is_empty() {
            spans.push(Span::Text(before.to_owned()));
        }
        spans.push(Span::Ask { text: name.clone(), line: format!("license {row}") });
        rest = after;
    }
    spans.push(Span::Text(rest.to_owned()));
    spans
}

/// What is no news needs no mark: its words, and who it is about.
fn summarized(entry: &DeskEntry) -> Line {
    let mut line = Line::text(format!("{} ", shown(&entry.text, SENTENCE)));
    for (i, of) in entry.links.iter().enumerate() {
        if i > 0 {
            line.0.push(Span::Text(", ".to_owned()));
        }
        line.0.push(link(&shown(&of.name, NAME), &of.url));
    }
    line.with(Span::Text(".".to_owned()))
}
