//! One line of a message in Discord's markdown, split when it alone is too long.
//!
//! Looks never leak: each is closed on the line it was opened on, and links,
//! times and commands are never cut.

use std::collections::HashMap;

use crate::chat::discord::escape::{address, bound, clean, cut_anywhere, cut_at, escape};
use crate::model::message::{Line, Span};

/// Command names and the ids Discord gave them, for mentions that can be clicked.
pub(super) type CommandIds = HashMap<String, u64>;

/// The most characters a mention of a time or a command's id takes.
const MENTION: usize = 32;

/// The line in markdown.
pub(super) fn markdown(line: &Line, ids: &CommandIds) -> String {
    let spans = tidy(line);
    let bold = |i: Option<usize>| matches!(i.and_then(|i| spans.get(i)), Some(Span::Bold(_)));
    let mut out = String::new();
    for (i, span) in spans.iter().enumerate() {
        let start = out.trim().is_empty();
        let shown = match span {
            Span::Text(text) | Span::Ask { text, .. } => escape(text, start),
            Span::Bold(text) => wrapped(text, "**", start),
            // Three stars in a row would be read as the end of both looks, and `_` only works
            // between words.
            Span::Italic(text) if bold(i.checked_sub(1)) || bold(Some(i + 1)) => {
                escape(text, start)
            }
            Span::Italic(text) => wrapped(text, "*", start),
            Span::Code(text) => code(text, start),
            Span::Link { text, url } => link(text, url, start),
            Span::Time { at, text } => time(at.timestamp(), text, start),
            Span::Command(text) => command(text, ids),
        };
        out.push_str(&shown);
    }
    out
}

/// The whole line in bold; `None` when it is blank.
pub(super) fn strong(line: &Line, ids: &CommandIds) -> Option<String> {
    // Looks inside a look would end it early.
    let even = line.0.iter().map(|span| match span {
        Span::Bold(text) | Span::Italic(text) => Span::Text(text.clone()),
        other => other.clone(),
    });
    let whole = markdown(&Line(even.collect()), ids);
    let inner = whole.trim();
    (!inner.is_empty()).then(|| format!("**{inner}**"))
}

/// The line as plain text, for places without markdown.
pub(super) fn plain(line: &Line) -> String {
    line.0.iter().map(|span| own_text(&cleaned(span))).collect()
}

/// The line as lines that each take at most `room` in markdown.
pub(super) fn split(line: &Line, room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut current = Line::default();
    let mut used = 0;
    for span in tidy(line) {
        let mut rest = Some(span);
        while let Some(span) = rest.take() {
            let weight = weight(&span);
            if used + weight <= room {
                used += weight;
                current.0.push(span);
            } else if let Some((head, tail)) = divided(&span, room - used) {
                current.0.push(head);
                lines.push(std::mem::take(&mut current));
                used = 0;
                rest = Some(tail);
            } else if used > 0 {
                lines.push(std::mem::take(&mut current));
                used = 0;
                rest = Some(span);
            } else {
                // Alone on its line and still too long: only its text can be shown.
                let text = own_text(&span);
                let at = cut_at(&text, room).unwrap_or_else(|| cut_anywhere(&text, room));
                lines.push(Line::text(&text[..at]));
                rest = (at < text.len()).then(|| Span::Text(text[at..].to_owned()));
            }
        }
    }
    if !current.0.is_empty() {
        lines.push(current);
    }
    lines
}

/// The spans cleaned, neighbors of one look made one, empty ones gone.
fn tidy(line: &Line) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(line.0.len());
    for span in &line.0 {
        let span = cleaned(span);
        match (out.last_mut(), &span) {
            (_, Span::Text(text) | Span::Bold(text) | Span::Italic(text) | Span::Code(text))
                if text.is_empty() => {}
            (Some(Span::Text(before)), Span::Text(text))
            | (Some(Span::Bold(before)), Span::Bold(text))
            | (Some(Span::Italic(before)), Span::Italic(text))
            | (Some(Span::Code(before)), Span::Code(text)) => before.push_str(text),
            _ => out.push(span),
        }
    }
    out
}

/// The span without invisible characters. Looks that markdown cannot give become plain text.
fn cleaned(span: &Span) -> Span {
    match span {
        // No link of Discord's asks the bot anything.
        Span::Text(text) | Span::Ask { text, .. } => Span::Text(clean(text)),
        Span::Bold(text) | Span::Italic(text) | Span::Code(text) if text.trim().is_empty() => {
            Span::Text(clean(text))
        }
        // Nothing can be escaped inside code.
        Span::Code(text) if text.contains('`') => Span::Text(clean(text)),
        Span::Bold(text) => Span::Bold(clean(text)),
        Span::Italic(text) => Span::Italic(clean(text)),
        Span::Code(text) => Span::Code(clean(text)),
        Span::Link { text, url } => match address(url) {
            Some(url) if !text.trim().is_empty() => Span::Link { text: clean(text), url },
            _ => Span::Text(clean(text)),
        },
        Span::Time { at, text } => Span::Time { at: *at, text: clean(text) },
        Span::Command(text) => Span::Command(clean(text.trim())),
    }
}

fn own_text(span: &Span) -> String {
    match span {
        Span::Text(text)
        | Span::Bold(text)
        | Span::Italic(text)
        | Span::Code(text)
        | Span::Link { text, .. }
        | Span::Ask { text, .. }
        | Span::Time { text, .. } => text.clone(),
        Span::Command(text) => slashed(text),
    }
}

/// The most the span takes in markdown.
fn weight(span: &Span) -> usize {
    match span {
        Span::Text(text) | Span::Ask { text, .. } => bound(text),
        Span::Bold(text) => bound(text) + 4,
        Span::Italic(text) | Span::Code(text) => bound(text) + 2,
        Span::Link { text, url } => bound(text) + url.len() + 8,
        Span::Time { text, .. } => bound(text).max(MENTION),
        Span::Command(text) => bound(text) + MENTION,
    }
}

/// The span in two, the first taking at most `room`; `None` when it has no seam there.
fn divided(span: &Span, room: usize) -> Option<(Span, Span)> {
    let (text, extra, rebuild): (&str, usize, fn(String) -> Span) = match span {
        Span::Text(text) | Span::Ask { text, .. } => (text, 0, Span::Text),
        Span::Bold(text) => (text, 4, Span::Bold),
        Span::Italic(text) => (text, 2, Span::Italic),
        Span::Code(text) => (text, 2, Span::Code),
        Span::Link { .. } | Span::Time { .. } | Span::Command(_) => return None,
    };
    let at = cut_at(text, room.checked_sub(extra)?)?;
    (at < text.len()).then(|| (rebuild(text[..at].to_owned()), rebuild(text[at..].to_owned())))
}

/// Markers stand against the words, or Discord shows them instead of the look.
fn wrapped(text: &str, marker: &str, start: bool) -> String {
    let (lead, core, tail) = trimmed(text);
    let core = escape(core, start);
    format!("{lead}{marker}{core}{marker}{tail}")
}

fn trimmed(text: &str) -> (&str, &str, &str) {
    let begin = text.len() - text.trim_start().len();
    let end = text.trim_end().len().max(begin);
    (&text[..begin], &text[begin..end], &text[end..])
}

fn code(text: &str, start: bool) -> String {
    let (lead, core, tail) = trimmed(text);
    if core.is_empty() {
        return escape(text, start);
    }
    format!("{lead}`{core}`{tail}")
}

/// A link on its text. Brackets in the text would end it early and an address in the text makes
/// Discord refuse it, so then only a part of the text, or a mark behind it, carries the link.
fn link(text: &str, url: &str, start: bool) -> String {
    if text.contains("://") {
        return format!("{} [↗]({url})", escape(text, start));
    }
    let longest = text.split(['[', ']']).max_by_key(|part| part.trim().len()).unwrap_or_default();
    let (_, core, _) = trimmed(longest);
    if core.is_empty() {
        return format!("{} [↗]({url})", escape(text, start));
    }
    let begin = text.find(core).unwrap_or_default();
    let (before, after) = (&text[..begin], &text[begin + core.len()..]);
    let opens = start && before.trim().is_empty();
    format!("{}[{}]({url}){}", escape(before, start), escape(core, opens), escape(after, false))
}

/// An instant in each reader's own zone; beyond what Discord can show, the text.
fn time(unix: i64, text: &str, start: bool) -> String {
    if (0..=8_640_000_000_000).contains(&unix) {
        format!("<t:{unix}:f>")
    } else {
        escape(text, start)
    }
}

fn slashed(text: &str) -> String {
    format!("/{}", text.trim_start_matches('/'))
}

/// A command that can be clicked where its id is known, with what to type after it.
fn command(text: &str, ids: &CommandIds) -> String {
    let line = slashed(text);
    let (name, args) = line[1..].split_once(' ').unwrap_or((&line[1..], ""));
    match ids.get(name) {
        Some(id) if args.is_empty() => format!("</{name}:{id}>"),
        Some(id) => format!("</{name}:{id}> {}", escape(args, false)),
        None if line.contains('`') => escape(&line, false),
        None => format!("`{line}`"),
    }
}
