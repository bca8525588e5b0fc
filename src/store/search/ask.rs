//! Asking the index: a query as the index's own, and the order of what it finds.
//!
//! What is found is what `Query::matches` would take. How well it answers is a
//! matter of its words, weighed by how fresh it is.

use std::ops::Bound;

use chrono::{DateTime, Utc};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery,
    Query as IndexQuery, RangeQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value as _};
use tantivy::{DocId, Score, Searcher, SegmentReader, TantivyDocument, Term as IndexTerm};

use crate::query::{self, Query, Term, words};
use crate::store::search::schema::{Fields, day};
use crate::store::search::{Found, Hit, journal};

/// Days in which what freshness adds is halved.
const HALF_LIFE: f32 = 21.0;

/// How many times more the freshest counts than the oldest.
const FRESHNESS: f32 = 3.0;

/// What every match counts, so that a query of filters alone goes by date.
const LEAST: f32 = 0.5;

/// What a word in the title counts, against one in the text.
const TITLE: f32 = 3.0;

/// What a word counts in another script than it was typed in: where fewer texts are in that script,
/// its words are rarer without saying more.
const KIN: f32 = 0.7;

pub(super) fn find(
    searcher: &Searcher,
    fields: &Fields,
    query: &Query,
    now: DateTime<Utc>,
    skip: usize,
    most: usize,
) -> tantivy::Result<Found> {
    if query.is_empty() || most == 0 {
        return Ok(Found::default());
    }
    let now_seconds = now.timestamp();
    let order =
        TopDocs::with_limit(most).and_offset(skip).tweak_score(move |segment: &SegmentReader| {
            let fast = segment.fast_fields();
            let moment = fast.i64("moment").ok().map(|c| c.first_or_default_col(0));
            let weight = fast.u64("weight").ok().map(|c| c.first_or_default_col(100));
            let tie = fast.u64("tie").ok().map(|c| c.first_or_default_col(0));
            move |doc: DocId, score: Score| {
                let moment = moment.as_ref().map_or(0, |column| column.get_val(doc));
                let weight = weight.as_ref().map_or(100, |column| column.get_val(doc));
                let tie = tie.as_ref().map_or(0, |column| column.get_val(doc));
                (weighed(score, now_seconds - moment, weight), tie)
            }
        });
    let (total, best) = searcher.search(&index_query(fields, query, now), &(Count, order))?;
    let mut hits = Vec::with_capacity(best.len());
    for ((score, _), address) in best {
        let document: TantivyDocument = searcher.doc(address)?;
        let name = document.get_first(fields.name).and_then(|value| value.as_str());
        if let Some((kind, id)) = name.and_then(journal::named) {
            hits.push(Hit { kind, id: id.to_owned(), score });
        }
    }
    Ok(Found { unready: false, total, hits })
}

pub(super) fn count(
    searcher: &Searcher,
    fields: &Fields,
    query: &Query,
    now: DateTime<Utc>,
) -> tantivy::Result<usize> {
    if query.is_empty() {
        return Ok(0);
    }
    searcher.search(&index_query(fields, query, now), &Count)
}

/// A score with what freshness adds: much in the first weeks, then less and less.
#[expect(clippy::cast_precision_loss, reason = "hours and percents are small")]
fn weighed(score: Score, seconds: i64, weight: u64) -> Score {
    let age = (seconds / 3_600).clamp(0, 876_000) as f32 / 24.0;
    let fresh = 1.0 + (FRESHNESS - 1.0) * (-age / HALF_LIFE).exp2();
    (score + LEAST) * fresh * (weight as f32 / 100.0)
}

fn index_query(fields: &Fields, query: &Query, now: DateTime<Utc>) -> BooleanQuery {
    let mut parts: Vec<(Occur, Box<dyn IndexQuery>)> = Vec::new();
    for clause in &query.clauses {
        let mut any: Vec<Box<dyn IndexQuery>> =
            clause.any.iter().map(|term| term_query(fields, term)).collect();
        let one = match (any.pop(), any.is_empty()) {
            (Some(one), true) => one,
            (Some(last), false) => {
                any.push(last);
                Box::new(BooleanQuery::union(any))
            }
            (None, _) => continue,
        };
        parts.push((if clause.not { Occur::MustNot } else { Occur::Must }, one));
    }
    let range = |field: Field, from: Bound<i64>, to: Bound<i64>| {
        let term = |day| IndexTerm::from_field_i64(field, day);
        let range = RangeQuery::new(from.map(term), to.map(term));
        let quiet: Box<dyn IndexQuery> = Box::new(ConstScoreQuery::new(Box::new(range), 0.0));
        (Occur::Must, quiet)
    };
    if let Some(since) = query.since {
        parts.push(range(fields.last, Bound::Included(day(since.day(now))), Bound::Unbounded));
    }
    if let Some(until) = query.until {
        parts.push(range(fields.first, Bound::Unbounded, Bound::Included(day(until.day(now)))));
    }
    if parts.iter().all(|(occur, _)| *occur == Occur::MustNot) {
        let all: Box<dyn IndexQuery> = Box::new(ConstScoreQuery::new(Box::new(AllQuery), 0.0));
        parts.push((Occur::Must, all));
    }
    BooleanQuery::new(parts)
}

fn term_query(fields: &Fields, term: &Term) -> Box<dyn IndexQuery> {
    match term {
        Term::Phrase(text) => spelled(fields, text),
        Term::Word(text) => word(fields, text),
        Term::Source(text) => quiet(in_a_row(fields.source, &words::sought_begun(text))),
        Term::Topic(_) | Term::Signal(_) | Term::Action(_) | Term::License(_) | Term::Kind(_) => {
            quiet(exact(fields.names, term))
        }
        Term::Element(_)
        | Term::Company(_)
        | Term::Product(_)
        | Term::Agency(_)
        | Term::Place(_) => either(
            Box::new(BoostQuery::new(exact(fields.title_names, term), TITLE)),
            exact(fields.names, term),
        ),
    }
}

/// Words side by side, more in the title than in the text.
fn spelled(fields: &Fields, text: &str) -> Box<dyn IndexQuery> {
    either(
        Box::new(BoostQuery::new(side_by_side(fields.title, text), TITLE)),
        side_by_side(fields.text, text),
    )
}

/// A word in every script it is said in.
fn word(fields: &Fields, text: &str) -> Box<dyn IndexQuery> {
    let kin = query::kin(text);
    // A text that says it in two scripts says it no more than one that says it in one.
    let union = |words: &[String]| -> Box<dyn IndexQuery> {
        let one = |word: &String| -> Box<dyn IndexQuery> {
            let weight = if word == text { 1.0 } else { KIN };
            Box::new(BoostQuery::new(spelled(fields, word), weight))
        };
        let any = words.iter().map(one).collect();
        Box::new(DisjunctionMaxQuery::new(any))
    };
    if kin.apart.is_empty() {
        return if kin.any.len() == 1 { spelled(fields, text) } else { union(&kin.any) };
    }
    let parts = kin.apart.iter().map(|part| union(part)).collect();
    either(union(&kin.any), Box::new(BooleanQuery::intersection(parts)))
}

fn either(one: Box<dyn IndexQuery>, other: Box<dyn IndexQuery>) -> Box<dyn IndexQuery> {
    Box::new(BooleanQuery::union(vec![one, other]))
}

/// A part that only filters.
fn quiet(query: Box<dyn IndexQuery>) -> Box<dyn IndexQuery> {
    Box::new(ConstScoreQuery::new(query, 0.1))
}

fn exact(field: Field, term: &Term) -> Box<dyn IndexQuery> {
    let term = IndexTerm::from_field_text(field, &term.to_string());
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

fn side_by_side(field: Field, text: &str) -> Box<dyn IndexQuery> {
    in_a_row(field, &words::sought(text))
}

fn in_a_row(field: Field, sought: &[(u32, String)]) -> Box<dyn IndexQuery> {
    let lead = sought.first().map_or(0, |(place, _)| *place);
    let mut terms: Vec<(usize, IndexTerm)> = sought
        .iter()
        .map(|(place, word)| ((place - lead) as usize, IndexTerm::from_field_text(field, word)))
        .collect();
    match (terms.pop(), terms.is_empty()) {
        (Some((_, only)), true) => Box::new(TermQuery::new(only, IndexRecordOption::WithFreqs)),
        (Some(last), false) => {
            terms.push(last);
            Box::new(PhraseQuery::new_with_offset(terms))
        }
        (None, _) => Box::new(tantivy::query::EmptyQuery),
    }
}
