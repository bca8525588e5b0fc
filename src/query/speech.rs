//! What words in a row stand for: names, places, days, words of the field, and what only holds a sentence together.

use crate::lexicon::{self, Lexicon, Name};
use crate::model::article::Element;
use crate::query::{Note, Term, When, days, facts, kin, places, slips, words};

/// Words that hold a sentence together, and words for news itself.
const FILLERS: &[&str] = &[
    "a",
    "about",
    "all",
    "an",
    "and",
    "any",
    "anything",
    "are",
    "articles",
    "at",
    "be",
    "been",
    "by",
    "concerning",
    "coverage",
    "did",
    "do",
    "does",
    "everything",
    "find",
    "for",
    "from",
    "get",
    "give",
    "happen",
    "happened",
    "happening",
    "happens",
    "has",
    "have",
    "headlines",
    "how",
    "i",
    "in",
    "into",
    "is",
    "it",
    "its",
    "latest",
    "me",
    "my",
    "new",
    "news",
    "of",
    "on",
    "or",
    "our",
    "please",
    "recent",
    "regarding",
    "report",
    "reports",
    "search",
    "show",
    "stories",
    "story",
    "tell",
    "that",
    "the",
    "there",
    "this",
    "to",
    "today's",
    "update",
    "updates",
    "us",
    "was",
    "watch",
    "we",
    "week's",
    "were",
    "what",
    "what's",
    "when",
    "where",
    "which",
    "who",
    "with",
    "або",
    "в",
    "для",
    "до",
    "з",
    "за",
    "зі",
    "і",
    "й",
    "на",
    "новини",
    "про",
    "та",
    "у",
    "що",
];

/// The same in Chinese, where they begin a phrase.
const OPENING: &[&str] = &["关于", "有关", "对于", "最新", "所有", "的", "在", "与", "和"];

/// The same, where they end one.
const CLOSING: &[&str] = &["新闻", "消息", "动态", "报道", "资讯", "方面", "最新", "的"];

/// What kind of firm a name is followed by: no part of what is looked for.
const FIRMS: &[&str] = &[
    "ag",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "limited",
    "llc",
    "ltd",
    "nv",
    "plc",
    "pty",
    "sa",
];

/// The same in Chinese, longer ones first.
const DENSE_FIRMS: &[&str] = &["股份有限公司", "集团公司", "有限公司", "公司", "集团", "股份"];

/// A part of a line as it is understood.
pub(super) enum Part {
    Term(Term),
    Filler(String),
    Since(When),
}

/// The terms of words that stand one after the other.
pub(super) fn understood(text: &str, lexicon: &Lexicon, notes: &mut Vec<Note>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut from = 0;
    for hit in lexicon.names(text) {
        if hit.at.start < from {
            continue;
        }
        gap(&text[from..hit.at.start], lexicon, &mut parts, notes);
        parts.push(Part::Term(facts::term(hit.what, lexicon)));
        from = hit.at.end + ending(&text[hit.at.end..], matches!(hit.what, Name::Company(_)));
    }
    gap(&text[from..], lexicon, &mut parts, notes);
    parts
}

/// Bytes behind a name that belong to it: a plural's or a genitive's `s`, and what kind of firm it is.
fn ending(text: &str, company: bool) -> usize {
    let whole = |rest: &str| !rest.starts_with(char::is_alphanumeric);
    let s = ["'s", "’s", "s"].iter().find_map(|s| text.strip_prefix(s).filter(|rest| whole(rest)));
    let mut rest = s.unwrap_or(text);
    while let Some(length) = firm(rest).filter(|_| company) {
        rest = rest[length..].trim_start_matches('.');
    }
    text.len() - rest.len()
}

/// Bytes of the kind of firm that a text begins with.
fn firm(text: &str) -> Option<usize> {
    let word = text.trim_start_matches([' ', ',', '.', '(', ')', '（', '）']);
    let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
    let latin = FIRMS.contains(&word[..end].to_lowercase().as_str()).then_some(end);
    let dense = || DENSE_FIRMS.iter().find(|firm| word.starts_with(**firm)).map(|f| f.len());
    Some(text.len() - word.len() + latin.or_else(dense)?)
}

/// What stands between names.
fn gap(text: &str, lexicon: &Lexicon, parts: &mut Vec<Part>, notes: &mut Vec<Note>) {
    let raw: Vec<&str> = text.split_whitespace().collect();
    let mut i = 0;
    while i < raw.len() {
        if let Some(place) =
            raw.get(i + 1).and_then(|next| places::place(&format!("{} {next}", raw[i])))
        {
            parts.push(Part::Term(Term::Place(place)));
            i += 2;
            continue;
        }
        if let Some((count, when)) = days::time(&raw[i..]) {
            parts.push(Part::Since(when));
            i += count;
            continue;
        }
        if let Some((count, known)) = several(&raw[i..]) {
            parts.push(Part::Term(Term::Word(known)));
            i += count;
            continue;
        }
        if let Some((count, (term, name))) = slips::several(&raw[i..], lexicon) {
            notes.push(Note::Corrected { typed: raw[i..i + count].join(" "), name });
            parts.push(Part::Term(term));
            i += count;
            continue;
        }
        word(raw[i], lexicon, parts, notes);
        i += 1;
    }
}

/// Words that are one word of the field together, and how many: `rare earths`.
fn several(raw: &[&str]) -> Option<(usize, String)> {
    (2..=raw.len().min(3)).rev().find_map(|count| {
        let text = words::canonical(&raw[..count].join(" "));
        let whole = raw[..count].iter().all(|word| !word.contains(['-', ':', '/']));
        (whole && kin::is_known(&text)).then_some((count, text))
    })
}

fn word(raw: &str, lexicon: &Lexicon, parts: &mut Vec<Part>, notes: &mut Vec<Note>) {
    let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
    let folded = lexicon::fold(bare);
    if bare.is_empty() {
        return;
    }
    let place = places::place(bare).or_else(|| places::place(raw.trim_end_matches(',')));
    if let Some(place) = place {
        return parts.push(Part::Term(Term::Place(place)));
    }
    let sides: Option<Vec<&str>> = bare.split(['-', '/', '–']).map(places::place).collect();
    if let Some(sides) = sides {
        return parts.extend(sides.into_iter().map(|place| Part::Term(Term::Place(place))));
    }
    if let Some(element) = symbol(bare, lexicon) {
        return parts.push(Part::Term(Term::Element(element)));
    }
    if FILLERS.contains(&folded.as_str()) {
        return parts.push(Part::Filler(words::canonical(bare)));
    }
    if bare.chars().all(words::is_dense) {
        return dense(bare, parts);
    }
    let ticker = raw.replace(':', ": ");
    if let (true, Some(company)) = (raw.contains(':'), lexicon.find_company(&ticker)) {
        return parts.push(Part::Term(Term::Company(company.id.clone())));
    }
    let code = bare.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if let (true, Some(company)) = (code && bare.len() > 2, lexicon.find_company(bare)) {
        return parts.push(Part::Term(Term::Company(company.id.clone())));
    }
    if let Some((term, name)) = slips::misspelled(&folded, lexicon) {
        notes.push(Note::Corrected { typed: bare.to_owned(), name });
        return parts.push(Part::Term(term));
    }
    parts.extend(literal(raw).map(Part::Term));
}

/// A stretch of Chinese: places in it are places, and what holds it together is dropped.
fn dense(text: &str, parts: &mut Vec<Part>) {
    if let Some((at, place)) = places::within(&lexicon::fold(text)) {
        // Folding keeps the number of characters, though not always of bytes.
        let folded = lexicon::fold(text);
        let count = |part: &str| part.chars().count();
        let (skip, length) = (count(&folded[..at.start]), count(&folded[at.clone()]));
        let before: String = text.chars().take(skip).collect();
        let after: String = text.chars().skip(skip + length).collect();
        dense(&before, parts);
        parts.push(Part::Term(Term::Place(place)));
        dense(&after, parts);
        return;
    }
    if let Some((at, when)) = days::within(text) {
        dense(&text[..at.start], parts);
        parts.push(Part::Since(when));
        dense(&text[at.end..], parts);
        return;
    }
    let mut rest = text;
    let mut dropped = Vec::new();
    loop {
        let shorter = OPENING
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .or_else(|| CLOSING.iter().find_map(|word| rest.strip_suffix(word)));
        match shorter {
            Some(shorter) => {
                dropped.push(if rest.starts_with(shorter) && rest.len() > shorter.len() {
                    &rest[shorter.len()..]
                } else {
                    &rest[..rest.len() - shorter.len()]
                });
                rest = shorter;
            }
            None => break,
        }
    }
    if rest.is_empty() {
        parts.extend((!text.is_empty()).then(|| Part::Filler(words::canonical(text))));
        return;
    }
    parts.extend(dropped.into_iter().map(|word| Part::Filler(words::canonical(word))));
    parts.extend(literal(rest).map(Part::Term));
}

/// Words as they stand: one word, or several side by side.
pub(super) fn literal(text: &str) -> Option<Term> {
    let text = words::canonical(text);
    if words::sought(&text).is_empty() {
        None
    } else if text.contains(' ') && !kin::is_known(&text) {
        Some(Term::Phrase(text))
    } else {
        Some(Term::Word(text))
    }
}

/// Symbols that are no words however they are written.
const PLAIN_SYMBOLS: [&str; 6] = ["dy", "tb", "nd", "gd", "yb", "sm"];

/// The element whose symbol this is: written as chemists do, or unlike any word.
fn symbol(word: &str, lexicon: &Lexicon) -> Option<Element> {
    let element = lexicon.elements().iter().find(|e| e.symbol.eq_ignore_ascii_case(word))?;
    let lower = word.to_ascii_lowercase();
    let exact = element.symbol == word && word.len() > 1 && !matches!(word, "La" | "Ho" | "Er");
    (exact || PLAIN_SYMBOLS.contains(&lower.as_str())).then(|| Element(element.symbol.clone()))
}
