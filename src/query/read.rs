//! Reading a line into a query.
//!
//! A line is read, printed and read again until it stays the same, so that
//! whatever a line means, its printed form means the same. Names are found
//! first, then words that only hold a sentence together are dropped. A line
//! that held such words is talk: in it `license` is the topic, not the word.

use crate::lexicon::{self, Cue, Lexicon, Name, TopicEntry};
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::license::{LicenseAction, LicenseType};
use crate::model::story::Direction;
use crate::query::{Clause, Kind, LONGEST, MOST_TERMS, Note, Query, Term, When, facts};
use crate::query::{days, kin, places, print, slips, words};

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

/// How often a line is read at most until it stays the same.
const ROUNDS: usize = 6;

/// A part of a line as it is typed.
enum Piece {
    Plain { text: String, not: bool },
    Quoted { text: String, not: bool },
    Prefixed { key: Key, value: String, quoted: bool, not: bool },
    Or,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
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

const KEYS: &[(&str, Key)] = &[
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

/// A part of a line as it is understood.
enum Part {
    Term(Term),
    Filler(String),
    Since(When),
}

pub(super) fn parse(line: &str, lexicon: &Lexicon) -> Query {
    let short: String = line.chars().take(LONGEST).collect();
    let mut query = once(&short, lexicon);
    if short.len() < line.len() {
        query.notes.push(Note::TooLong);
    }
    for _ in 0..ROUNDS {
        shorten(&mut query);
        let mut again = once(&query.to_string(), lexicon);
        shorten(&mut again);
        if again == query {
            return query;
        }
        again.notes = std::mem::take(&mut query.notes);
        query = again;
    }
    // Words that keep turning into something else are taken as they stand.
    for term in query.clauses.iter_mut().flat_map(|clause| &mut clause.any) {
        if let Term::Word(word) = term {
            *term = Term::Phrase(std::mem::take(word));
        }
    }
    tidy(&mut query);
    shorten(&mut query);
    query
}

/// Reads what a query printed. It is what it was, so one look suffices.
pub(super) fn reread(line: &str, lexicon: &Lexicon) -> Query {
    once(line, lexicon)
}

/// Leaves out the end until the query has no more terms and prints no longer than is read.
fn shorten(query: &mut Query) {
    let too_long = |query: &Query| {
        query.clauses.iter().map(|clause| clause.any.len()).sum::<usize>() > MOST_TERMS
            || query.to_string().chars().count() > LONGEST
    };
    while too_long(query) {
        match query.clauses.last_mut() {
            Some(clause) if clause.any.len() > 1 => {
                clause.any.pop();
            }
            _ => {
                query.clauses.pop();
            }
        }
        if !query.notes.contains(&Note::TooLong) {
            query.notes.push(Note::TooLong);
        }
    }
}

fn once(line: &str, lexicon: &Lexicon) -> Query {
    let pieces = pieces(line);
    let talk = pieces.iter().all(|piece| matches!(piece, Piece::Plain { not: false, .. }));
    let mut reader =
        Reader { lexicon, talk, query: Query::default(), parts: Vec::new(), or: false };
    let mut run: Vec<String> = Vec::new();
    for piece in pieces {
        if let Piece::Plain { text, not: false } = piece {
            run.push(text);
            continue;
        }
        reader.run(&std::mem::take(&mut run));
        match piece {
            Piece::Or => reader.or = true,
            Piece::Plain { text, .. } => reader.excluded(&text),
            Piece::Quoted { text, not } => {
                let text = words::canonical(&text);
                if !words::sought(&text).is_empty() {
                    reader.clause(Clause { not, any: vec![Term::Phrase(text)] });
                }
            }
            Piece::Prefixed { key, value, quoted, not } => {
                reader.prefixed(key, &value, quoted, not);
            }
        }
    }
    reader.run(&run);
    reader.finish()
}

/// What stands in a line, in order: terms in clauses, and fillers at their places.
struct Reader<'a> {
    lexicon: &'a Lexicon,
    /// Whether nothing but words stands in the line.
    talk: bool,
    query: Query,
    /// Clauses, or a filler until it is known whether the line holds anything else.
    parts: Vec<Result<Clause, String>>,
    /// Whether `OR` was read last.
    or: bool,
}

impl Reader<'_> {
    /// Words one after the other: names in them may be of several words.
    fn run(&mut self, run: &[String]) {
        if run.is_empty() {
            return;
        }
        for part in understood(&run.join(" "), self.lexicon, &mut self.query.notes) {
            match part {
                Part::Term(term) => self.clause(Clause { not: false, any: vec![term] }),
                Part::Filler(word) => self.parts.push(Err(word)),
                Part::Since(when) => self.query.since = Some(when),
            }
        }
    }

    fn excluded(&mut self, text: &str) {
        let mut parts = understood(text, self.lexicon, &mut self.query.notes);
        let term = match (parts.pop(), parts.is_empty()) {
            (Some(Part::Term(term)), true) => Some(term),
            _ => literal(text),
        };
        if let Some(term) = term {
            self.clause(Clause { not: true, any: vec![term] });
        }
    }

    fn clause(&mut self, clause: Clause) {
        let or = std::mem::take(&mut self.or);
        let last = self.parts.iter_mut().rev().find_map(|part| part.as_mut().ok());
        match last {
            Some(last) if or && !last.not && !clause.not => {
                last.any.extend(clause.any);
            }
            _ => self.parts.push(Ok(clause)),
        }
    }

    fn prefixed(&mut self, key: Key, value: &str, quoted: bool, not: bool) {
        if let Key::Since | Key::Until = key {
            match days::when(value, key == Key::Until) {
                Some(day) if key == Key::Since => self.query.since = Some(day),
                Some(day) => self.query.until = Some(day),
                None => self.unknown(key, value, false),
            }
            return;
        }
        let values: Vec<&str> = if quoted {
            vec![value]
        } else {
            value.split([',', '，', '、']).filter(|value| !value.is_empty()).collect()
        };
        let mut any = Vec::new();
        for value in values {
            any.extend(self.value(key, value));
        }
        if not {
            for term in any {
                self.clause(Clause { not, any: vec![term] });
            }
        } else if !any.is_empty() {
            self.clause(Clause { not, any });
        }
    }

    /// What the value of a prefix stands for; words where it is not known and words can help.
    fn value(&mut self, key: Key, value: &str) -> Vec<Term> {
        let known = known(key, value, self.lexicon);
        if !known.is_empty() {
            return known;
        }
        let fits = |term: &Term| match key {
            Key::Element => matches!(term, Term::Element(_)),
            Key::Company => matches!(term, Term::Company(_)),
            Key::Product => matches!(term, Term::Product(_)),
            Key::Agency => matches!(term, Term::Agency(_)),
            _ => false,
        };
        if let Some((term, name)) = slips::near(value, self.lexicon, fits) {
            self.query.notes.push(Note::Corrected { typed: value.to_owned(), name });
            return vec![term];
        }
        let words = !matches!(key, Key::Signal | Key::License | Key::Kind);
        let term = literal(value).filter(|_| words);
        self.unknown(key, value, term.is_some());
        term.into_iter().collect()
    }

    fn unknown(&mut self, key: Key, value: &str, words: bool) {
        let what = KEYS.iter().find(|(_, known)| *known == key).map_or("", |(name, _)| name);
        let value = crate::text::cut(value, 40);
        self.query.notes.push(Note::Unknown { what, value, words });
    }

    /// Drops the fillers, unless there is nothing else.
    fn finish(mut self) -> Query {
        let parts = std::mem::take(&mut self.parts);
        let rest = parts.iter().any(|part| part.as_ref().is_ok_and(|clause| !clause.not));
        let talk = self.talk && rest && parts.iter().any(Result::is_err);
        for part in parts {
            match part {
                Ok(mut clause) => {
                    if let ([Term::Word(word)], true) = (&clause.any[..], talk)
                        && let Some(topic) = topic(word, self.lexicon)
                    {
                        clause.any = vec![Term::Topic(topic)];
                    }
                    self.query.clauses.push(clause);
                }
                Err(_) if rest => {}
                Err(word) => {
                    let any = vec![Term::Word(word)];
                    self.query.clauses.push(Clause { not: false, any });
                }
            }
        }
        tidy(&mut self.query);
        self.query
    }
}

/// Nothing twice.
fn tidy(query: &mut Query) {
    let mut clauses: Vec<Clause> = Vec::new();
    for mut clause in std::mem::take(&mut query.clauses) {
        let mut any = Vec::new();
        for term in clause.any {
            if !any.contains(&term) {
                any.push(term);
            }
        }
        clause.any = any;
        if !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    query.clauses = clauses;
    let mut notes: Vec<Note> = Vec::new();
    for note in std::mem::take(&mut query.notes) {
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
    query.notes = notes;
}

fn pieces(line: &str) -> Vec<Piece> {
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

/// The terms of words that stand one after the other.
fn understood(text: &str, lexicon: &Lexicon, notes: &mut Vec<Note>) -> Vec<Part> {
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
    while company {
        let word = rest.trim_start_matches([' ', ',', '.', '(', ')', '（', '）']);
        let end = word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len());
        let latin = FIRMS.contains(&word[..end].to_lowercase().as_str()).then_some(end);
        let dense = || DENSE_FIRMS.iter().find(|firm| word.starts_with(**firm)).map(|f| f.len());
        match latin.or_else(dense) {
            Some(length) => rest = word[length..].trim_start_matches('.'),
            None => break,
        }
    }
    text.len() - rest.len()
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
fn literal(text: &str) -> Option<Term> {
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

/// The topic a word in talk is about: a word of the topic's name, or a Chinese cue of it.
fn topic(word: &str, lexicon: &Lexicon) -> Option<Topic> {
    let stem = |word: &str| words::words(word).into_iter().next().map(|word| word.text);
    if word.chars().all(words::is_dense) {
        let whole = |hit: &lexicon::Hit<Cue>| match hit.what {
            Cue::Topic(i) if word.chars().count() <= 6 => Some(i),
            _ => None,
        };
        let tail = |count: usize| word.char_indices().rev().nth(count - 1).map_or(0, |(at, _)| at);
        // A cue of another kind may hide the topic's at the end.
        let looks = [word, &word[tail(3)..], &word[tail(2)..]];
        let topic = looks.iter().find_map(|part| lexicon.cues(part).iter().find_map(whole))?;
        return lexicon.topics().get(topic).map(|topic| topic.id.clone());
    }
    let wanted = stem(word)?;
    let named = |topic: &&TopicEntry| {
        let label = topic.label.split_whitespace().chain([topic.id.as_str()]);
        label.filter_map(stem).any(|known| known == wanted)
    };
    lexicon.topics().iter().find(named).map(|topic| topic.id.clone())
}

fn known(key: Key, value: &str, lexicon: &Lexicon) -> Vec<Term> {
    let word = lexicon::fold(value);
    let one = match key {
        Key::Source => {
            let text = words::canonical(value);
            (!words::sought(&text).is_empty()).then_some(Term::Source(text))
        }
        Key::Element => {
            let group: Vec<Term> = lexicon
                .elements()
                .iter()
                .filter(|element| element.group == word && word != "other")
                .map(|element| Term::Element(Element(element.symbol.clone())))
                .collect();
            if !group.is_empty() {
                return group;
            }
            lexicon.find_element(value).map(|e| Term::Element(Element(e.symbol.clone())))
        }
        Key::Company => company(value, lexicon).map(Term::Company),
        Key::Topic => lexicon
            .find_topic(value)
            .map(|topic| topic.id.clone())
            .or_else(|| topic(&words::canonical(value), lexicon))
            .map(Term::Topic),
        Key::Signal => Direction::ALL.into_iter().find(|d| d.word() == word).map(Term::Signal),
        Key::License => license(&word),
        Key::Place => {
            places::by_id(&value.to_lowercase()).or_else(|| places::place(value)).map(Term::Place)
        }
        Key::Product => lexicon
            .products()
            .iter()
            .find(|product| product.id == value)
            .map(|product| Term::Product(product.id.clone()))
            .or_else(|| named(value, lexicon).filter(|term| matches!(term, Term::Product(_)))),
        Key::Agency => lexicon
            .agencies()
            .iter()
            .find(|agency| agency.id == value)
            .map(|agency| Term::Agency(agency.id.clone()))
            .or_else(|| named(value, lexicon).filter(|term| matches!(term, Term::Agency(_)))),
        Key::Kind => Kind::ALL
            .into_iter()
            .find(|kind| kind.word() == word || kind.many() == word)
            .map(Term::Kind),
        Key::Since | Key::Until => None,
    };
    one.into_iter().collect()
}

fn named(value: &str, lexicon: &Lexicon) -> Option<Term> {
    lexicon.find(value).map(|name| facts::term(name, lexicon))
}

/// A company of the lexicon, or one that claims gave a provisional id.
fn company(value: &str, lexicon: &Lexicon) -> Option<CompanyId> {
    let slug = value.strip_prefix("x-").is_some_and(|rest| {
        !rest.is_empty()
            && rest.chars().all(|c| c == '-' || c.is_alphanumeric() && !c.is_uppercase())
    });
    let provisional = slug.then(|| CompanyId(value.to_owned()));
    lexicon.find_company(value).map(|company| company.id.clone()).or(provisional)
}

fn license(word: &str) -> Option<Term> {
    use LicenseAction::{Applied, Expired, Granted, Pending, Refused, Renewed, Revoked, Suspended};
    let actions = [Granted, Applied, Refused, Revoked, Suspended, Expired, Renewed, Pending];
    let kinds = [LicenseType::General, LicenseType::Individual, LicenseType::Unspecified];
    let action = actions.into_iter().find(|action| print::action_word(*action) == word);
    let kind = kinds.into_iter().find(|kind| print::license_word(*kind) == word);
    action.map(Term::Action).or(kind.map(Term::License))
}
