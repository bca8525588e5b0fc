//! Where in a text the words and names of a query stand.

use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::query::{Query, Term, facts, places, words};

/// The places in `text`, in bytes, of what the query looks for; in order, never overlapping, and
/// how many different terms they are of.
#[must_use]
pub fn marks(query: &Query, text: &str, lexicon: &Lexicon) -> (Vec<Range<usize>>, usize) {
    let all = words::words(text);
    let terms: Vec<&Term> =
        query.clauses.iter().filter(|c| !c.not).flat_map(|clause| &clause.any).collect();
    let names = if terms.iter().any(|term| term.spelled().is_none()) {
        lexicon.names(text)
    } else {
        Vec::new()
    };
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut count = 0;
    for term in terms {
        let before = found.len();
        match term {
            Term::Word(spelled) | Term::Phrase(spelled) => spelled_at(spelled, &all, &mut found),
            Term::Place(place) => place_at(place, text, &all, &mut found),
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
    found.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for at in found {
        match merged.last_mut() {
            Some(last) if at.start <= last.end => last.end = last.end.max(at.end),
            _ => merged.push(at),
        }
    }
    (merged, count)
}

fn spelled_at(spelled: &str, all: &[words::Word], found: &mut Vec<Range<usize>>) {
    let sought = words::sought(spelled);
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
