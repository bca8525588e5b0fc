//! Where in a text the words and names of a query stand.

use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::query::facts::{self, SideBySide, Sought};
use crate::query::{Query, Term, places, words};

/// A query made ready to be looked for in many sentences.
pub struct Marker(Vec<(Term, Sought)>);

impl Marker {
    /// Of a query.
    #[must_use]
    pub fn of(query: &Query) -> Self {
        let clauses = query.clauses.iter().filter(|clause| !clause.not);
        let terms = clauses.flat_map(|clause| &clause.any);
        Self(terms.map(|term| (term.clone(), Sought::of(term))).collect())
    }

    /// The places in `text`, in bytes, of what the query looks for; in order, never overlapping,
    /// and how many different terms they are of.
    #[must_use]
    pub fn marks(&self, text: &str, lexicon: &Lexicon) -> (Vec<Range<usize>>, usize) {
        let all = words::words(text);
        let names = if self.0.iter().any(|(_, sought)| matches!(sought, Sought::Name(_))) {
            lexicon.names(text)
        } else {
            Vec::new()
        };
        let mut found: Vec<Range<usize>> = Vec::new();
        let mut count = 0;
        for (term, sought) in &self.0 {
            let before = found.len();
            match (sought, term) {
                (Sought::Words { any, apart }, _) => {
                    let spellings = any.iter().chain(apart.iter().flatten());
                    spellings.for_each(|words| side_by_side_at(words, &all, &mut found));
                }
                (_, Term::Place(place)) => place_at(place, text, &all, &mut found),
                _ => {
                    for hit in &names {
                        let mut stands = Vec::new();
                        facts::named(hit.what, lexicon, &mut stands);
                        if stands.contains(term) {
                            found.push(hit.at.clone());
                        }
                    }
                }
            }
            count += usize::from(found.len() > before);
        }
        (merged(found), count)
    }
}

fn merged(mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for at in found {
        match merged.last_mut() {
            Some(last) if at.start <= last.end => last.end = last.end.max(at.end),
            _ => merged.push(at),
        }
    }
    merged
}

fn side_by_side_at(sought: &SideBySide, all: &[words::Word], found: &mut Vec<Range<usize>>) {
    let Some(((lead, first), rest)) = sought.split_first() else { return };
    for word in all.iter().filter(|word| word.text == *first) {
        let others: Option<Vec<&words::Word>> = rest
            .iter()
            .map(|(place, text)| {
                let place = word.place + place - lead;
                all.iter().find(|other| other.place == place && other.text == *text)
            })
            .collect();
        if let Some(others) = others {
            let end = others.last().map_or(word.at.end, |last| last.at.end);
            found.push(word.at.start..end.max(word.at.end));
        }
    }
}

fn place_at(place: &str, text: &str, all: &[words::Word], found: &mut Vec<Range<usize>>) {
    for (i, word) in all.iter().enumerate() {
        let here = &text[word.at.clone()];
        if here.chars().count() > 1 && places::is_called(place, here) {
            found.push(word.at.clone());
        } else if let Some(next) = all.get(i + 1).filter(|next| next.at.start >= word.at.end) {
            let both = word.at.start..next.at.end;
            if places::is_called(place, &text[both.clone()]) {
                found.push(both);
            }
        }
    }
}
