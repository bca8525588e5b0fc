//! Markup to plain text, for the pieces of HTML that feeds and APIs carry.
//!
//! The result holds paragraphs separated by one blank line and no markup at
//! all. Scripts, styles and page furniture are dropped. Never fails.

use ego_tree::iter::Edge;
use scraper::node::Node;

use crate::text;

/// Elements whose text is never an article's.
const DROPPED: [&str; 14] = [
    "script",
    "style",
    "noscript",
    "nav",
    "footer",
    "form",
    "button",
    "svg",
    "iframe",
    "select",
    "template",
    "aside",
    "figcaption",
    "head",
];

/// Elements that begin and end a paragraph.
const BLOCKS: [&str; 26] = [
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "article",
    "hr",
    "pre",
    "dd",
    "dt",
    "figure",
    "header",
    "main",
    "td",
    "th",
];

/// The text of a piece of HTML. Escaped HTML inside it (feeds escape twice) is read as HTML too.
#[must_use]
pub fn html_to_text(html: &str) -> String {
    if !html.contains(['<', '&']) {
        return text::paragraphs(html);
    }
    if !has_markup(html) {
        // Text with entities: its line breaks are its own.
        let lines: Vec<String> = html.lines().map(strip).collect();
        let plain = lines.join("\n");
        return if looks_like_html(&plain) {
            html_to_text_once(&plain)
        } else {
            text::paragraphs(&plain)
        };
    }
    let once = strip(html);
    if looks_like_html(&once) { html_to_text_once(&once) } else { text::paragraphs(&once) }
}

/// Plain text as HTML that reads the same.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn html_to_text_once(html: &str) -> String {
    text::paragraphs(&strip(html))
}

/// Whether there is anything that a browser would take for a tag or a comment.
fn has_markup(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text[at + 1..]
            .starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    })
}

/// Most tags that are read of one document.
const MOST_TAGS: usize = 200_000;

/// Deepest nesting that is read.
const DEEPEST: usize = 2_000;

/// The document up to where it stops being one that somebody wrote: browsers' rules take time
/// that grows with the square of the nesting, which a hostile page can use.
#[must_use]
pub fn bounded(html: &str) -> &str {
    let bytes = html.as_bytes();
    let mut open: Vec<(&[u8], usize)> = Vec::new();
    let (mut tags, mut depth, mut skipped_to) = (0, 0_usize, 0);
    for (at, _) in html.match_indices('<') {
        if at < skipped_to {
            continue;
        }
        let closes = bytes.get(at + 1) == Some(&b'/');
        let name = tag_name(&bytes[at + 1 + usize::from(closes)..]);
        if name.is_empty() || NOT_NESTING.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
            continue;
        }
        if !closes && [&b"script"[..], b"style"].iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
            skipped_to = html[at..].find("</").map_or(html.len(), |end| at + end);
            continue;
        }
        let known = open.iter_mut().find(|(other, _)| other.eq_ignore_ascii_case(name));
        match known {
            // An end tag of nothing ends nothing.
            Some((_, count)) if closes => {
                depth -= usize::from(*count > 0);
                *count = count.saturating_sub(1);
            }
            Some((_, count)) => (*count, depth) = (*count + 1, depth + 1),
            None if closes => {}
            None => {
                depth += 1;
                if open.len() < MOST_NAMES {
                    open.push((name, 1));
                }
            }
        }
        tags += 1;
        if tags > MOST_TAGS || depth > DEEPEST {
            return &html[..at];
        }
    }
    html
}

/// Different tag names followed; real pages have a few dozen.
const MOST_NAMES: usize = 100;

/// Elements with nothing in them, and those whose end tag is mostly left out.
const NOT_NESTING: [&[u8]; 14] = [
    b"br", b"img", b"hr", b"meta", b"link", b"input", b"source", b"wbr", b"p", b"li", b"td", b"tr",
    b"option", b"dd",
];

fn tag_name(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|c| !c.is_ascii_alphanumeric() && *c != b'-');
    &rest[..end.unwrap_or(rest.len())]
}

/// A title on one line, its markup and entities resolved.
///
/// Feeds say `&lt;b&gt;` both for bold type and for the characters themselves; bold type in a
/// title is furniture, so known tags vanish and everything else stays as written.
#[must_use]
pub fn plain_title(title: &str) -> String {
    if !title.contains(['<', '&']) {
        return text::one_line(title);
    }
    let once =
        if looks_like_html(title) || title.contains('&') { strip(title) } else { title.to_owned() };
    let twice = if looks_like_html(&once) || once.contains("&amp;") || once.contains("&#") {
        strip(&once)
    } else {
        once
    };
    text::one_line(&twice)
}

/// Whether text has a real tag in it, rather than a less-than sign.
fn looks_like_html(text: &str) -> bool {
    const TAGS: [&str; 24] = [
        "p",
        "br",
        "a",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "div",
        "span",
        "ul",
        "ol",
        "li",
        "img",
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "tr",
        "td",
        "blockquote",
        "figure",
        "section",
    ];
    text.match_indices('<').any(|(at, _)| {
        let tag = text[at + 1..].trim_start_matches('/');
        let end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        end < tag.len()
            && TAGS.contains(&tag[..end].to_ascii_lowercase().as_str())
            && tag[end..].contains('>')
    })
}

fn strip(html: &str) -> String {
    let fragment = scraper::Html::parse_fragment(bounded(html));
    let mut out = String::with_capacity(html.len() / 2);
    let mut skipped: Option<ego_tree::NodeId> = None;
    for edge in fragment.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) if skipped.is_none() => {
                    if DROPPED.contains(&element.name()) {
                        skipped = Some(node.id());
                    } else if BLOCKS.contains(&element.name()) {
                        out.push('\n');
                    }
                }
                Node::Text(words) if skipped.is_none() => push_words(words, &mut out),
                _ => {}
            },
            Edge::Close(node) => {
                if skipped == Some(node.id()) {
                    skipped = None;
                }
                if let Node::Element(element) = node.value()
                    && BLOCKS.contains(&element.name())
                {
                    out.push('\n');
                }
            }
        }
    }
    out
}

/// Line breaks in the source are spaces.
fn push_words(words: &str, out: &mut String) {
    for c in words.chars() {
        out.push(if c == '\n' || c == '\r' || c == '\t' { ' ' } else { c });
    }
}
