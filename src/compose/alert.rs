//! An alert in words: one line that says what happened, who stands behind it, and what became of it.
//!
//! One wording for a message, an edited message and a digest, so that they cannot
//! disagree. Severity and certainty are words, never a color alone.

use chrono_tz::Tz;

use crate::compose::phrase::{capitalized, ended, link, shown, time};
use crate::compose::tongue::tongue;
use crate::model::alert::{Alert, Happening, Severity, Update};
use crate::model::brief::SourceLink;
use crate::model::message::{Action, Block, Button, Line, Message, Span};
use crate::text;

/// Longest line of what happened.
const WHAT: usize = 240;
/// Longest quote; it is cut where a clause ends.
const QUOTE: usize = 200;
/// Longest name of a publisher.
const NAME: usize = 40;
/// Most publishers named in one update.
const ALSO: usize = 5;

/// How much of an alert is shown, and to whom.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// The zone of every time shown.
    pub zone: Tz,
    /// Why the chat receives it, one sentence; empty when nothing is said.
    pub why: &'a str,
    /// How many of its updates are shown, the newest; all of them make the details.
    pub updates: usize,
}

/// The alert as a message with its buttons.
#[must_use]
pub fn alert(alert: &Alert, to: &Shown<'_>) -> Message {
    let mut blocks = vec![
        Block::Title(Line::text(format!("{}: {}", label(alert), shown(&alert.what, WHAT)))),
        Block::Paragraph(backing(alert, to.zone)),
    ];
    blocks.extend(quote(alert));
    let whole = to.updates == usize::MAX;
    let hidden = alert.updates.len().saturating_sub(to.updates);
    let mut lines: Vec<Line> =
        alert.updates.iter().skip(hidden).map(|u| update(u, to.zone)).collect();
    if hidden > 0 {
        lines.insert(0, Line::text(format!("{hidden} earlier: see the details.")));
    }
    if !lines.is_empty() {
        blocks.push(Block::List(lines));
    }
    if !to.why.is_empty() {
        blocks.push(Block::Footer(Line::text(to.why)));
    }
    Message {
        blocks,
        buttons: buttons(alert, whole),
        silent: alert.severity == Severity::Notable,
        ..Message::default()
    }
}

/// Several alerts in one message, each in a few lines.
#[must_use]
pub fn digest(heading: &str, alerts: &[&Alert], zone: Tz) -> Message {
    let mut blocks = vec![Block::Title(Line::text(heading))];
    // Numbered, as the buttons are.
    let lines = alerts.iter().enumerate().map(|(i, alert)| {
        let mut line = Line(vec![Span::Bold(format!("{}. {}: ", i + 1, label(alert)))]);
        line.0.push(Span::Text(ended(&shown(&alert.what, WHAT))));
        line.0.push(Span::Text(" ".to_owned()));
        line.0.extend(backing(alert, zone).0);
        for change in alert.updates.iter().filter(|update| update.happening != Happening::Told) {
            line.0.push(Span::Text(" ".to_owned()));
            line.0.extend(update(change, zone).0);
        }
        line
    });
    blocks.push(Block::List(lines.collect()));
    blocks.push(Block::Footer(Line(vec![
        Span::Command("/watches".to_owned()),
        Span::Text(" shows what is watched here, ".to_owned()),
        Span::Command("/settings".to_owned()),
        Span::Text(" changes the hours.".to_owned()),
    ])));
    let details = alerts.iter().enumerate().take(5).map(|(i, alert)| Button {
        label: format!("Details {}", i + 1),
        action: Action::Ask(format!("alert {}", alert.id)),
    });
    Message { blocks, buttons: vec![details.collect()], ..Message::default() }
}

/// The severity, and how certain it is by now: `Critical, reported`, `Critical, disputed`. Often it
/// is all that is read, so that nothing reported may stand there as a fact.
fn label(alert: &Alert) -> String {
    let now = match standing(alert) {
        Some(Happening::Confirmed) => Some("confirmed"),
        Some(Happening::Denied | Happening::Disputed) => Some("disputed"),
        Some(Happening::Corrected) => Some(match alert.certainty.starts_with("withdrawn") {
            true => "withdrawn",
            false => "corrected",
        }),
        Some(Happening::Told | Happening::Also) | None => claimed(alert),
    };
    let now = now.map(|now| format!(", {now}")).unwrap_or_default();
    format!("{}{now}", capitalized(alert.severity.as_str()))
}

/// How certain a claim is as it was told; nothing where an article is told by its title.
fn claimed(alert: &Alert) -> Option<&'static str> {
    let is_claim = alert.story.is_some()
        && alert.subjects.iter().any(|subject| subject.starts_with("license:"));
    let words = ["reported", "rumored", "confirmed", "official"];
    words.into_iter().find(|word| is_claim && alert.certainty.starts_with(word))
}

/// Whether an update changes what is to be thought of the alert.
fn changes(update: &Update) -> bool {
    !matches!(update.happening, Happening::Told | Happening::Also)
}

/// The last change of what is to be thought of it.
fn standing(alert: &Alert) -> Option<Happening> {
    let happenings = alert.updates.iter().rev().map(|update| update.happening);
    let first = std::iter::once(alert.first).filter(|first| *first != Happening::Confirmed);
    let mut all = happenings.chain(first);
    all.find(|happening| !matches!(happening, Happening::Told | Happening::Also))
}

/// `Reported by Reuters. Source: The Wire, Mon 23 Nov 07:00 EST`.
fn backing(alert: &Alert, zone: Tz) -> Line {
    let publisher = alert.source.publisher.as_str();
    if publisher.is_empty() {
        return Line::text(ended(&capitalized(&alert.certainty)));
    }
    // Who is named already is named once.
    let named = alert.certainty.strip_suffix(publisher).filter(|words| words.ends_with(" by "));
    let changed = standing(alert).is_some() && alert.updates.iter().any(changes);
    let mut line = Line::text(match named {
        Some(words) => capitalized(words),
        // Whoever confirmed or denied it is named in the update that says so.
        None if changed => format!("{} First told by ", ended(&capitalized(&alert.certainty))),
        None => format!("{} Source: ", ended(&capitalized(&alert.certainty))),
    });
    line.0.push(source(&alert.source));
    // A day that has come near was said at no hour.
    if alert.story.is_some() {
        line.0.push(Span::Text(", ".to_owned()));
        line.0.push(time(alert.published, zone));
    }
    line.with(Span::Text(".".to_owned()))
}

fn source(source: &SourceLink) -> Span {
    link(&shown(&source.publisher, NAME), &source.url)
}

fn quote(alert: &Alert) -> Option<Block> {
    let quote = text::clause(&text::one_line(&alert.quote), QUOTE);
    // What its source took back is not quoted any longer.
    if quote.is_empty() || standing(alert) == Some(Happening::Corrected) {
        return None;
    }
    let mut line = Line::text(format!("“{quote}”"));
    line.0.extend(tongue(&quote).map(|tongue| Span::Text(format!(" (in {})", tongue.name))));
    Some(Block::Quote(line))
}

/// What became of it, in one line.
fn update(update: &Update, zone: Tz) -> Line {
    let bold = |words: String| Span::Bold(words);
    let what = ended(&shown(&update.what, WHAT));
    let mut line = match update.happening {
        Happening::Also => {
            let mut line = Line::text("Now also reported by ");
            for (i, also) in update.sources.iter().take(ALSO).enumerate() {
                if i > 0 {
                    line.0.push(Span::Text(", ".to_owned()));
                }
                line.0.push(source(also));
            }
            let more = update.sources.len().saturating_sub(ALSO);
            let more = if more > 0 { format!(" and {more} more.") } else { ".".to_owned() };
            return line.with(Span::Text(more));
        }
        Happening::Told if update.what.starts_with("told before") => Line::text(capitalized(&what)),
        Happening::Told => Line(vec![bold("Further: ".to_owned()), Span::Text(what)]),
        Happening::Confirmed | Happening::Denied => {
            Line(vec![bold(format!("{}: ", capitalized(&update.certainty))), Span::Text(what)])
        }
        Happening::Disputed => Line(vec![bold("Disputed: ".to_owned()), Span::Text(what)]),
        Happening::Corrected => Line(vec![bold("Corrected: ".to_owned()), Span::Text(what)]),
    };
    if let Some(first) = update.sources.first() {
        line.0.push(Span::Text(" ".to_owned()));
        line.0.push(source(first));
        line.0.push(Span::Text(", ".to_owned()));
        line.0.push(time(update.published, zone));
        line.0.push(Span::Text(".".to_owned()));
    }
    line
}

fn buttons(alert: &Alert, whole: bool) -> Vec<Vec<Button>> {
    let ask =
        |label: &str, line: String| Button { label: label.to_owned(), action: Action::Ask(line) };
    let id = &alert.id;
    let mut first = Vec::new();
    if !whole {
        first.push(ask("Details", format!("alert {id}")));
    }
    if super::phrase::is_web(&alert.source.url) {
        let action = Action::Open(alert.source.url.clone());
        first.push(Button { label: "Source".to_owned(), action });
    }
    let second = vec![
        ask("Mute this for a week", format!("alert mute {id}")),
        ask("Not relevant", format!("alert no {id}")),
    ];
    [first, second].into_iter().filter(|row| !row.is_empty()).collect()
}
