//! Discord's markdown from plain text: escaped, measured and cut, so that all text shows as written.
//!
//! Nothing that was text becomes markup, a mention, an emoji or a link, and a
//! cut never falls inside an escape.

use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use crate::text::is_invisible;

/// Longest address a link may have; a longer one is left out and its text stays.
const LONGEST_LINK: usize = 1024;

/// The text as Discord counts it, or a little more: UTF-16 units, never fewer than code points.
pub(super) fn size(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The text without what shows nothing, on one line.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some(if c == '\u{3000}' { c } else { ' ' }),
            c if is_invisible(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Text as markdown that shows it. `line_start` says whether it opens a line, where more
/// characters mean something.
pub(super) fn escape(text: &str, line_start: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut opening = if line_start { Opening::Blank } else { Opening::Over };
    for (i, &c) in chars.iter().enumerate() {
        let rest = &chars[i + 1..];
        let special = match c {
            '\\' | '*' | '_' | '~' | '|' | '`' | '<' | '[' | ']' => true,
            '@' => rest.first().is_some_and(|next| next.is_alphanumeric()),
            ':' => rest.starts_with(&['/', '/']) || is_shortcode(rest),
            '#' | '>' | '-' | '+' => opening == Opening::Blank,
            '.' | ')' => opening == Opening::Digits,
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        opening = opening.after(c);
    }
    out
}

/// How much of a line's opening has been read: lists, headings and quotes begin only there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening {
    Blank,
    Digits,
    Over,
}

impl Opening {
    fn after(self, c: char) -> Self {
        match self {
            Self::Blank if c.is_whitespace() => Self::Blank,
            Self::Blank | Self::Digits if c.is_ascii_digit() => Self::Digits,
            _ => Self::Over,
        }
    }
}

/// Whether `name:` follows a colon: Discord shows `:name:` as an emoji.
fn is_shortcode(rest: &[char]) -> bool {
    let name = rest
        .iter()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-'))
        .count();
    name > 0 && rest.get(name) == Some(&':')
}

/// The most characters the text can take once escaped: the measure by which it is cut.
pub(super) fn bound(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii_punctuation() { 2 } else { c.len_utf16() }).sum()
}

/// The address as it may stand in a link's parentheses: http or https, no space, parenthesis,
/// bracket or backslash. `None` when it can be no link.
pub(super) fn address(url: &str) -> Option<String> {
    let url = Url::parse(url.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return None;
    }
    let mut out = String::new();
    for c in url.as_str().chars() {
        match c {
            '(' | ')' | '\\' | '<' | '>' | '|' | '`' | '*' | ' ' | '"' | '\'' => {
                out.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    (out.len() <= LONGEST_LINK).then_some(out)
}

/// Where to cut the text so that what stands before takes at most `room` once escaped: after a
/// sentence, else after a word, else between graphemes. `None` when not even one fits.
pub(super) fn cut_at(text: &str, room: usize) -> Option<usize> {
    let mut used = 0;
    let (mut hard, mut word, mut sentence) = (0, 0, 0);
    let mut before = ' ';
    for (at, grapheme) in text.grapheme_indices(true) {
        let cost = bound(grapheme);
        if used + cost > room {
            break;
        }
        used += cost;
        hard = at + grapheme.len();
        if grapheme.chars().all(char::is_whitespace) {
            word = hard;
            if matches!(before, '.' | '!' | '?' | '…') {
                sentence = hard;
            }
        }
        before = grapheme.chars().last().unwrap_or(' ');
        if matches!(before, '。' | '！' | '？') {
            (word, sentence) = (hard, hard);
        }
    }
    // A boundary too near the beginning would leave a stub behind.
    [sentence, word, hard].into_iter().find(|&at| at > hard / 2 && at > 0)
}

/// Where to cut a text whose first grapheme alone is too long: between characters.
pub(super) fn cut_anywhere(text: &str, room: usize) -> usize {
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += if c.is_ascii_punctuation() { 2 } else { c.len_utf16() };
        used > room
    });
    let end = end.map_or(text.len(), |(at, _)| at);
    if end > 0 { end } else { text.chars().next().map_or(0, char::len_utf8) }
}
