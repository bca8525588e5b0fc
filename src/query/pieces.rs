//! A line cut into what is typed: words, quotes, prefixes with their values, `OR`.
//!
//! It knows marks and prefixes, never what a word stands for.

/// A part of a line as it is typed.
pub(super) enum Piece {
    Plain { text: String, not: bool },
    Quoted { text: String, not: bool },
    Prefixed { key: Key, value: String, quoted: bool, not: bool },
    Or,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Source,
    Element,
    Company,
    Topic,
    Since,
    Until,
    Signal,
    License,
    Place,
    Product,
    Agency,
    Kind,
}

pub(super) const KEYS: &[(&str, Key)] = &[
    ("source", Key::Source),
    ("element", Key::Element),
    ("company", Key::Company),
    ("topic", Key::Topic),
    ("since", Key::Since),
    ("until", Key::Until),
    ("signal", Key::Signal),
    ("license", Key::License),
    ("licence", Key::License),
    ("action", Key::License),
    ("place", Key::Place),
    ("product", Key::Product),
    ("agency", Key::Agency),
    ("kind", Key::Kind),
];

pub(super) fn pieces(line: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut not = false;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || is_furniture(c));
        let Some(first) = rest.chars().next() else { return found };
        let after = &rest[first.len_utf8()..];
        if matches!(first, '-' | '－' | '−') {
            not = after.starts_with(|c: char| c.is_alphanumeric() || closing(c).is_some());
            rest = after;
            continue;
        }
        if let Some(close) = closing(first) {
            let (text, left) = quoted(after, close);
            found.push(Piece::Quoted { text: text.to_owned(), not: std::mem::take(&mut not) });
            rest = left;
            continue;
        }
        if let Some((key, value, is_quoted, left)) = prefixed(rest) {
            let not = std::mem::take(&mut not);
            found.push(Piece::Prefixed { key, value: value.to_owned(), quoted: is_quoted, not });
            rest = left;
            continue;
        }
        let ends = |c: char| c.is_whitespace() || is_furniture(c) || closing(c).is_some();
        let end = rest.find(ends).unwrap_or(rest.len());
        let (word, left) = rest.split_at(end);
        rest = left;
        match word {
            "OR" | "|" | "||" => found.push(Piece::Or),
            "AND" | "&&" => {}
            "NOT" => {
                not = true;
                continue;
            }
            _ => found.push(Piece::Plain { text: word.to_owned(), not }),
        }
        not = false;
    }
}

/// Marks that separate and mean nothing else.
fn is_furniture(c: char) -> bool {
    matches!(c, '(' | ')' | '[' | ']' | '（' | '）' | ';' | '；' | '+' | '?' | '？' | '!' | '！')
}

/// The mark that ends what this one opens.
fn closing(c: char) -> Option<char> {
    Some(match c {
        '"' | '＂' => c,
        '“' | '„' | '”' => '”',
        '「' => '」',
        '『' => '』',
        '«' => '»',
        '《' => '》',
        _ => return None,
    })
}

/// What stands before the closing mark, or everything, and what is left behind it.
fn quoted(text: &str, close: char) -> (&str, &str) {
    let end = text.find(|c| c == close || close == '”' && c == '"');
    match end {
        Some(at) => {
            let mark = text[at..].chars().next().map_or(1, char::len_utf8);
            (&text[..at], &text[at + mark..])
        }
        None => (text, ""),
    }
}

/// A known prefix with its value, whether that is quoted, and the rest.
fn prefixed(text: &str) -> Option<(Key, &str, bool, &str)> {
    let at = text.find([':', '：'])?;
    let (name, rest) = text.split_at(at);
    let (_, key) = KEYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let rest = &rest[rest.chars().next().map_or(1, char::len_utf8)..];
    let first = rest.chars().next()?;
    if let Some(close) = closing(first) {
        let (value, left) = quoted(&rest[first.len_utf8()..], close);
        return (!value.trim().is_empty()).then_some((*key, value.trim(), true, left));
    }
    let ends = |c: char| c.is_whitespace() || is_furniture(c) || closing(c).is_some();
    let end = rest.find(ends).unwrap_or(rest.len());
    (end > 0).then(|| (*key, &rest[..end], false, &rest[end..]))
}
