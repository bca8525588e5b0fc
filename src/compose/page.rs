//! An edition as a page of HTML, and any message as Markdown.
//!
//! The page stands alone: no script, no image, nothing from another place, one
//! column, and plain enough for a mail client. Whatever a source wrote is text
//! there, never markup, and an address is a link only when it is a web page's.

use std::fmt::Write;

use crate::compose::phrase::{self, Body, Section, StoryWords, View};
use crate::compose::tongue::tongue;
use crate::model::brief::Edition;
use crate::model::message::{Action, Block, Line, Message, Span};
use crate::text::is_invisible;

/// Looks for screens light and dark, wide and narrow. No variables, no nesting: mail clients
/// know neither.
const STYLE: &str = include_str!("page.css");

/// The edition as a whole page.
#[must_use]
pub fn html(edition: &Edition, view: &View<'_>) -> String {
    let words = phrase::words(edition, view);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{} · {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header>\n<p class=\"name\">{}</p>\n<h1>{}</h1>\n<p class=\"covers\">{}</p>\n",
        escaped(&words.name),
        escaped(&words.date),
        escaped(&words.name),
        escaped(&words.date),
        line(&words.covers),
    );
    for notice in &words.notices {
        push(&mut page, format_args!("<p class=\"notice\">{}</p>\n", line(notice)));
    }
    page.push_str("</header>\n");
    for section in &words.sections {
        page.push_str(&section_html(section));
    }
    page.push_str("<footer>\n");
    for small in &words.footer {
        push(&mut page, format_args!("<p>{}</p>\n", line(small)));
    }
    page.push_str("</footer>\n</main>\n</body>\n</html>\n");
    page
}

fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    page.write_fmt(text).unwrap_or_default();
}

fn section_html(section: &Section) -> String {
    let mut html =
        format!("<section class=\"{}\">\n<h2>{}</h2>\n", section.id, escaped(section.heading));
    if let Some(lead) = &section.lead {
        push(&mut html, format_args!("<p>{}</p>\n", line(lead)));
    }
    match &section.body {
        Body::Words(words) => push(&mut html, format_args!("<p>{}</p>\n", line(words))),
        Body::Lines(lines) => html.push_str(&list(lines)),
        Body::Stories(stories) => {
            for story in stories {
                html.push_str(&article(story));
            }
        }
    }
    if let Some(more) = &section.more {
        push(&mut html, format_args!("<p class=\"more\">{}</p>\n", line(more)));
    }
    html.push_str("</section>\n");
    html
}

fn list(lines: &[Line]) -> String {
    let items: String =
        lines.iter().map(|item| format!("<li dir=\"auto\">{}</li>\n", line(item))).collect();
    format!("<ul>\n{items}</ul>\n")
}

fn article(story: &StoryWords) -> String {
    format!(
        "<article class=\"{}\">\n<h3 dir=\"auto\">{}</h3>\n{}</article>\n",
        story.direction.word(),
        line(&story.title),
        list(&story.points)
    )
}

/// A line's spans as inline elements; a dash stays with the words it leads to.
fn line(line: &Line) -> String {
    line.0.iter().map(span).collect::<String>().replace(" — ", " —&nbsp;")
}

fn span(span: &Span) -> String {
    match span {
        Span::Bold(text) => format!("<strong>{}</strong>", escaped(text)),
        Span::Italic(text) => format!("<em>{}</em>", in_its_language(text)),
        Span::Code(text) | Span::Command(text) => format!("<code>{}</code>", escaped(text)),
        Span::Link { text, url } if phrase::is_web(url) => {
            format!("<a href=\"{}\">{}</a>", escaped(url), in_its_language(text))
        }
        Span::Link { text, .. } | Span::Ask { text, .. } | Span::Text(text) => {
            in_its_language(text)
        }
        Span::Time { at, text } => {
            format!("<time datetime=\"{}\">{}</time>", at.format("%Y-%m-%dT%H:%MZ"), escaped(text))
        }
    }
}

/// Text with a `lang` attribute where it is not English, so that it is set and read aloud right.
fn in_its_language(text: &str) -> String {
    match tongue(text) {
        Some(tongue) => {
            format!("<span lang=\"{}\" dir=\"auto\">{}</span>", tongue.tag, escaped(text))
        }
        None => escaped(text),
    }
}

/// Text without any character that means something in HTML, in content and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_invisible(c) && !c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

// ---------------------------------------------------------------- Markdown

/// The message as Markdown, tables as GitHub writes them. Buttons that open a page become
/// links; those that ask something are left out, since nobody answers in a file.
#[must_use]
pub fn markdown(message: &Message) -> String {
    let mut parts: Vec<String> = message.blocks.iter().map(block).collect();
    let opens: Vec<String> = message
        .buttons
        .iter()
        .flatten()
        .filter_map(|button| match &button.action {
            Action::Open(url) => Some(link(&button.label, url)),
            Action::Edit(_) | Action::Ask(_) | Action::Choose(_) | Action::Prompt { .. } => None,
        })
        .collect();
    if !opens.is_empty() {
        parts.push(opens.join(" · "));
    }
    let first_footer = message.blocks.iter().position(|block| matches!(block, Block::Footer(_)));
    if let Some(at) = first_footer {
        parts.insert(at, "---".to_owned());
    }
    parts.retain(|part| !part.is_empty());
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(line) => format!("# {}", inline(line)),
        Block::Heading(line) => format!("## {}", inline(line)),
        Block::Subheading(line) => format!("### {}", inline(line)),
        Block::Paragraph(line) | Block::Footer(line) => at_line_start(&inline(line)),
        Block::List(lines) => {
            let items: Vec<String> =
                lines.iter().map(|item| format!("- {}", at_line_start(&inline(item)))).collect();
            items.join("\n")
        }
        Block::Quote(line) => format!("> {}", at_line_start(&inline(line))),
        Block::Table { head, rows } => table(head, rows),
    }
}

fn table(head: &[String], rows: &[Vec<Line>]) -> String {
    let row = |cells: Vec<String>| format!("| {} |", cells.join(" | "));
    let mut lines = vec![
        row(head.iter().map(|cell| plain(cell)).collect()),
        row(head.iter().map(|_| "---".to_owned()).collect()),
    ];
    lines.extend(rows.iter().map(|cells| row(cells.iter().map(inline).collect())));
    lines.join("\n")
}

fn inline(line: &Line) -> String {
    let mut out = String::new();
    for span in &line.0 {
        let next = match span {
            Span::Text(text) | Span::Time { text, .. } | Span::Ask { text, .. } => plain(text),
            Span::Bold(text) => wrapped(text, "**"),
            Span::Italic(text) => wrapped(text, "*"),
            Span::Code(text) | Span::Command(text) => code(text),
            Span::Link { text, url } => link(text, url),
        };
        // Marks that touch would be read as one longer mark.
        if out.ends_with(['*', '`']) && next.starts_with(['*', '`']) {
            out.push(' ');
        }
        out.push_str(&next);
    }
    out.trim_end().to_owned()
}

/// Marks around the words, never around the white space beside them: Markdown wants it so.
fn wrapped(text: &str, mark: &str) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return plain(text);
    }
    let before = if text.starts_with(char::is_whitespace) { " " } else { "" };
    let after = if text.ends_with(char::is_whitespace) { " " } else { "" };
    format!("{before}{mark}{}{mark}{after}", plain(inner))
}

fn code(text: &str) -> String {
    let text = one_row(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{room}{text}{room}{fence}")
}

fn link(text: &str, url: &str) -> String {
    if !phrase::is_web(url) {
        return plain(text);
    }
    let mut target = String::with_capacity(url.len());
    for c in url.chars() {
        match c {
            '(' => target.push_str("%28"),
            ')' => target.push_str("%29"),
            '<' => target.push_str("%3C"),
            '>' => target.push_str("%3E"),
            '\\' => target.push_str("%5C"),
            '|' => target.push_str("%7C"),
            c => target.push(c),
        }
    }
    format!("[{}]({target})", plain(text))
}

/// Text of which no character is markup.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let row = one_row(text);
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Only before these does it begin an entity.
            '&' if chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '#') => {
                out.push_str("&amp;");
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '|' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// White space turned into spaces, invisible characters gone; spaces at the ends stay.
fn one_row(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_whitespace() || !is_invisible(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect()
}

/// A row that would begin a heading, a list or a rule, with that first mark escaped.
fn at_line_start(row: &str) -> String {
    let row = row.trim_start();
    let digits = row.chars().take_while(char::is_ascii_digit).count();
    let after = &row[digits..];
    if digits > 0 && after.starts_with(['.', ')']) {
        return format!("{}\\{after}", &row[..digits]);
    }
    if row.starts_with(['#', '+', '-', '=']) {
        return format!("\\{row}");
    }
    row.to_owned()
}
