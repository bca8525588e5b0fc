//! Plain text: cleaning, sentences, Chinese script folding, widths and cuts.
//!
//! Every function takes text and gives text; none knows markup, a platform or
//! a language model, and none can fail.

use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Text on one line: control and invisible format characters gone, white space folded, trimmed.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = !out.is_empty();
        } else if !is_invisible(c) {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    out
}

/// Paragraphs, each on one line, separated by one blank line; empty ones gone.
#[must_use]
pub fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines().map(one_line).filter(|line| !line.is_empty()) {
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&line);
    }
    out
}

/// Characters that show nothing but change what is around them: controls, direction overrides,
/// zero-width marks, the byte-order mark, tags and private use. Joiners stay: emoji and Indic and
/// Persian text need them.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..='\u{10ffff}')
}

/// Whether the character is a Han ideograph.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

/// Traditional Chinese characters as simplified ones, one for one, so that positions in
/// characters stay the same. Other text passes unchanged.
#[must_use]
pub fn simplified(text: &str) -> String {
    if text.is_ascii() || !text.chars().any(is_han) {
        return text.to_owned();
    }
    text.chars().map(|c| if is_han(c) { simple(c) } else { c }).collect()
}

/// The first of the ideographs whose simple forms are kept at hand.
const FIRST_HAN: u32 = 0x3400;

/// The simple forms of nearly all ideographs there are texts with.
static SIMPLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let all = (FIRST_HAN..0xa000).map(|code| char::from_u32(code).unwrap_or_default());
    all.map(looked_up).collect()
});

fn simple(c: char) -> char {
    let place = u32::from(c).wrapping_sub(FIRST_HAN);
    let known = usize::try_from(place).ok().and_then(|place| SIMPLE.get(place));
    known.copied().unwrap_or_else(|| looked_up(c))
}

/// An ideograph's simple form, where it is one character too.
fn looked_up(c: char) -> char {
    let folded = fast2s::convert(c.encode_utf8(&mut [0; 4]));
    let mut folded = folded.chars();
    match (folded.next(), folded.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The number of the line, from 1, in which byte `at` of a text stands.
#[must_use]
pub fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// Columns the text takes in a terminal.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// The first `max` characters at most, cut between graphemes with `…` at the end when cut.
/// `max` counts Unicode scalar values, the `…` included.
#[must_use]
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let size = grapheme.chars().count();
        if used + size + 1 > max {
            break;
        }
        used += size;
        out.push_str(grapheme);
    }
    let mut out = out.trim_end().to_owned();
    out.push('…');
    out
}

/// The text up to the last clause that fits into `max` characters, with ` …` at the end when cut;
/// where no clause ends in its second half, at a word.
#[must_use]
pub fn clause(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let room: String = text.chars().take(max.saturating_sub(2)).collect();
    let ends = |c: char| matches!(c, ',' | ';' | ':' | '，' | '；' | '：' | '、' | '。');
    let half = room.len() / 2;
    // A comma within a figure ends nothing.
    let clause = room
        .char_indices()
        .rev()
        .find(|(at, c)| ends(*c) && (!c.is_ascii() || room[at + 1..].starts_with(' ')));
    let at = clause.map(|(at, _)| at).filter(|at| *at >= half);
    let at = at.or_else(|| room.rfind(' ').filter(|at| *at >= half)).unwrap_or(room.len());
    format!("{} …", room[..at].trim_end())
}

/// Abbreviations after which a full stop ends no sentence, lower case without the last stop.
const ABBREVIATIONS: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "gen", "sen", "rep", "gov", "lt", "col", "st", "jr", "sr",
    "no", "nos", "art", "arts", "vol", "fig", "pp", "ed", "inc", "corp", "co", "ltd", "plc",
    "bros", "vs", "approx", "est", "dept", "u.s", "u.k", "u.n", "e.u", "e.g", "i.e", "a.m", "p.m",
    "etc", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    "mt", "cf",
];

/// Abbreviations that often do end a sentence: they do so before a capital that starts a new one.
const MAY_END: &[&str] =
    &["inc", "corp", "co", "ltd", "plc", "etc", "u.s", "u.k", "u.n", "e.u", "a.m", "p.m"];

/// Words that open a sentence after an abbreviation that may end one.
const OPENERS: &[&str] = &[
    "The", "A", "An", "It", "Its", "He", "She", "They", "This", "That", "These", "Those", "In",
    "On", "At", "But", "And", "However", "For", "As", "If", "When", "While", "Some", "Many", "No",
    "Not",
];

/// The months in English, in small letters, from January.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Openings of an English sentence that leans on the one before it.
#[rustfmt::skip]
const LEANING: &[&str] = &[
    "he", "she", "they", "it", "this", "that", "these", "those", "his", "her", "their", "its",
    "but", "and", "or", "so", "however", "also", "meanwhile", "moreover", "furthermore",
    "additionally", "nevertheless", "still", "yet", "instead", "then", "therefore", "thus", "such",
    "both", "neither", "here", "there", "according", "for", "because", "which", "who", "what",
    "why", "how", "we", "i", "our", "you", "your", "another", "others", "similarly", "likewise",
    "consequently", "hence", "otherwise", "besides", "finally", "second", "third", "one", "some",
    "again", "even", "if", "see", "follow",
];

/// Whether an English sentence leans on the one before it, by its first word: a pronoun, a
/// conjunction, a number that counts things named before.
#[must_use]
pub fn leans(sentence: &str) -> bool {
    let first = sentence.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    LEANING.contains(&first.to_lowercase().as_str())
}

/// The text's sentences in order, trimmed, each on one line. English and Chinese stops count;
/// a line break ends a sentence, decimal points and common abbreviations do not.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for line in text.lines() {
        split_line(line, &mut found);
    }
    found
}

fn split_line<'a>(line: &'a str, found: &mut Vec<&'a str>) {
    let mut start = 0;
    let mut at = line.char_indices().peekable();
    while let Some((i, c)) = at.next() {
        let ends = match c {
            '。' | '！' | '？' | '!' | '?' => true,
            '.' => stop_ends(line, start, i),
            _ => false,
        };
        if !ends {
            continue;
        }
        let mut end = i + c.len_utf8();
        while let Some((j, closer)) = at.next_if(|(_, c)| {
            matches!(
                c,
                '"' | '\''
                    | '”'
                    | '’'
                    | '」'
                    | '』'
                    | '）'
                    | ')'
                    | ']'
                    | '。'
                    | '！'
                    | '？'
                    | '!'
                    | '?'
            )
        }) {
            end = j + closer.len_utf8();
        }
        push_trimmed(&line[start..end], found);
        start = end;
    }
    push_trimmed(&line[start..], found);
}

fn push_trimmed<'a>(part: &'a str, found: &mut Vec<&'a str>) {
    let part = part.trim();
    if part.chars().any(char::is_alphanumeric) {
        found.push(part);
    }
}

/// Whether the full stop at byte `i` ends the sentence that began at `start`.
fn stop_ends(line: &str, start: usize, i: usize) -> bool {
    let after = line[i + 1..].trim_start_matches(['"', '\'', '”', '’', ')', ']']);
    if after.is_empty() {
        return true;
    }
    if !after.starts_with(char::is_whitespace) {
        // 3.5, example.com, U.S.-China; a Chinese text may use the Latin stop without a space.
        return after.starts_with(is_han)
            && !line[start..i].ends_with(|c: char| c.is_ascii_digit());
    }
    let next = after.trim_start();
    if next.starts_with(char::is_lowercase) {
        return false;
    }
    let word =
        line[start..i].rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '“' | '"')).next();
    let word = word.unwrap_or_default().to_lowercase();
    if MAY_END.contains(&word.as_str()) {
        let first = next.split_whitespace().next().unwrap_or_default();
        return OPENERS.contains(&first);
    }
    let initial = word.chars().count() == 1 && word.chars().all(char::is_alphabetic);
    !initial && !ABBREVIATIONS.contains(&word.as_str())
}
