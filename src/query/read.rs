//! Reading a line into a query.
//!
//! A line is read, printed and read again until it stays the same, so that
//! whatever a line means, its printed form means the same. Names are found
//! first, then words that only hold a sentence together are dropped. A line
//! that held such words is talk: in it `license` is the topic, not the word.

use crate::lexicon::Lexicon;
use crate::query::pieces::{KEYS, Key, Piece, pieces};
use crate::query::speech::{Part, literal, understood};
use crate::query::{Clause, LONGEST, MOST_TERMS, Note, Query, Term, days, slips, values, words};

/// How often a line is read at most until it stays the same.
const ROUNDS: usize = 6;

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
        let known = values::known(key, value, self.lexicon);
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
                        && let Some(topic) = values::topic(word, self.lexicon)
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
