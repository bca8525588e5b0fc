//! The query language: what is asked of the search and of watches, read from a line of text.
//!
//! Reading never fails: what is not understood is a word, and what was left out
//! or corrected is said. A query prints as a line that reads back as the same
//! query. It is pure: the index answers queries, and `matches` answers for one
//! text; both see the same words and the same names.

mod days;
mod facts;
pub mod kin;
mod marks;
mod matter;
mod pieces;
mod places;
mod print;
mod read;
mod slips;
mod speech;
mod values;
pub mod words;

use facts::Sought;
pub use facts::{Facts, Keys, Kind, Matter};
pub(crate) use kin::kin;
pub use marks::Marker;

use chrono::{DateTime, NaiveDate, Utc, Weekday};

use crate::lexicon::Lexicon;
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::license::{LicenseAction, LicenseType};
use crate::model::story::Direction;

/// Characters of a line that are read.
pub const LONGEST: usize = 500;

/// Terms kept of a line.
pub const MOST_TERMS: usize = 32;

/// What is asked: every clause holds, within the dates.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// All of these.
    pub clauses: Vec<Clause>,
    /// Not before this day.
    pub since: Option<When>,
    /// Not after this day.
    pub until: Option<When>,
    /// What was corrected or left out when the line was read; no part of what is asked.
    pub notes: Vec<Note>,
}

/// One of several terms, or not this one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    /// Whether it must not hold; then there is one term.
    pub not: bool,
    /// Any of these.
    pub any: Vec<Term>,
}

/// One thing looked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A word, folded as `words::canonical` does, in whatever script it is said; of several words
    /// where these are one word of the field (`rare earth`).
    Word(String),
    /// Words side by side, folded alike.
    Phrase(String),
    /// An element by symbol.
    Element(Element),
    /// A company by id.
    Company(CompanyId),
    /// A topic by id.
    Topic(Topic),
    /// A product by its id in the lexicon.
    Product(String),
    /// An agency by its id in the lexicon.
    Agency(String),
    /// A place by its id.
    Place(&'static str),
    /// A source by words of its name or id, folded.
    Source(String),
    /// A direction of supply.
    Signal(Direction),
    /// What happened to a license, in a claim.
    Action(LicenseAction),
    /// A kind of license, in a claim.
    License(LicenseType),
    /// What kind of record.
    Kind(Kind),
}

/// A day, or one counted back from the day of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// A day.
    Day(NaiveDate),
    /// So many days ago.
    DaysAgo(u16),
    /// The last such day of the week, the day of asking included.
    Weekday(Weekday),
    /// The last such month that has begun: its first day, or its last.
    Month {
        /// From 1.
        month: u32,
        /// Whether its last day is meant.
        last: bool,
    },
}

/// What a reader should know about how the line was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A name was misspelled.
    Corrected {
        /// As typed.
        typed: String,
        /// As known.
        name: String,
    },
    /// A value of a prefix is not known, and was read as words or left out.
    Unknown {
        /// The prefix.
        what: &'static str,
        /// What stood behind it.
        value: String,
        /// Whether its words are looked for.
        words: bool,
    },
    /// More than is read; the rest was left out.
    TooLong,
}

/// A query whose words are taken apart, to be compared with many records.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// Whether it asks anything.
    asks: bool,
    since: Option<When>,
    until: Option<When>,
    clauses: Vec<Ready>,
}

/// A clause taken apart.
#[derive(Clone, Debug)]
struct Ready {
    not: bool,
    any: Vec<Sought>,
}

impl Prepared {
    /// As `Query::matches`.
    #[must_use]
    pub fn matches(&self, facts: &Facts, now: DateTime<Utc>) -> bool {
        let all_hold =
            |clause: &Ready| clause.any.iter().any(|sought| facts.holds(sought)) != clause.not;
        self.asks
            && self.clauses.iter().all(all_hold)
            && self.since.is_none_or(|since| facts.latest().date_naive() >= since.day(now))
            && self.until.is_none_or(|until| facts.at().date_naive() <= until.day(now))
    }
}

impl PartialEq for Query {
    /// Whether they ask the same.
    fn eq(&self, other: &Self) -> bool {
        self.clauses == other.clauses && self.since == other.since && self.until == other.until
    }
}

impl Eq for Query {}

/// The word of the field that a misspelled word of a query may stand for, to be offered.
#[must_use]
pub fn near_word(word: &str) -> Option<&'static str> {
    slips::word(word)
}

/// Reads a line. Never fails: what is not understood is a word.
#[must_use]
pub fn parse(line: &str, lexicon: &Lexicon) -> Query {
    read::parse(line, lexicon)
}

/// Reads a line that a query printed: the same query, without a look for what was misspelled.
#[must_use]
pub fn reread(line: &str, lexicon: &Lexicon) -> Query {
    read::reread(line, lexicon)
}

impl Query {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && self.since.is_none() && self.until.is_none()
    }

    /// Whether the record is one that is asked for at `now`. A query that asks nothing finds nothing.
    #[must_use]
    pub fn matches(&self, facts: &Facts, now: DateTime<Utc>) -> bool {
        self.prepared().matches(facts, now)
    }

    /// The query made ready to be compared with many records.
    #[must_use]
    pub fn prepared(&self) -> Prepared {
        let clause = |clause: &Clause| Ready {
            not: clause.not,
            any: clause.any.iter().map(Sought::of).collect(),
        };
        Prepared {
            asks: !self.is_empty(),
            since: self.since,
            until: self.until,
            clauses: self.clauses.iter().map(clause).collect(),
        }
    }

    /// Keys at least one of which is among the `Facts::keys` of whatever matches; of the clauses
    /// that could serve, the one likely to be rarest. `None` when no key is needed, as for a
    /// query of dates or exclusions alone.
    #[must_use]
    pub fn anchors(&self) -> Option<Vec<String>> {
        let needed = self.clauses.iter().filter(|clause| !clause.not);
        let best = needed.max_by_key(|clause| clause.rarity())?;
        Some(best.any.iter().flat_map(facts::anchors).collect())
    }

    /// The query without one of its clauses.
    #[must_use]
    pub fn without(&self, clause: usize) -> Self {
        let mut fewer = self.clone();
        if clause < fewer.clauses.len() {
            fewer.clauses.remove(clause);
        }
        fewer.notes.clear();
        fewer
    }

    /// The query without its dates.
    #[must_use]
    pub fn undated(&self) -> Self {
        Self { since: None, until: None, notes: Vec::new(), ..self.clone() }
    }

    /// How many of its clauses are about something that stands in texts.
    #[must_use]
    pub fn spoken_of(&self) -> usize {
        let apart = |term: &Term| {
            matches!(
                term,
                Term::Topic(_)
                    | Term::Source(_)
                    | Term::Signal(_)
                    | Term::Action(_)
                    | Term::License(_)
                    | Term::Kind(_)
            )
        };
        let asked = self.clauses.iter().filter(|clause| !clause.not);
        asked.filter(|clause| !clause.any.iter().all(apart)).count()
    }
}

impl Clause {
    /// How much it narrows, roughly: by the least of its terms, and by how few they are.
    #[must_use]
    pub fn rarity(&self) -> (u8, std::cmp::Reverse<usize>) {
        let least = self.any.iter().map(Term::rarity).min();
        (least.unwrap_or_default(), std::cmp::Reverse(self.any.len()))
    }
}

impl Term {
    /// How much it narrows, roughly: names of firms most, kinds of records least.
    fn rarity(&self) -> u8 {
        match self {
            Self::Company(_) | Self::Product(_) => 5,
            Self::Phrase(_) => 4,
            Self::Word(_) | Self::Agency(_) | Self::Source(_) => 3,
            Self::Element(_) | Self::Place(_) => 2,
            Self::Action(_) | Self::License(_) => 1,
            Self::Topic(_) | Self::Signal(_) | Self::Kind(_) => 0,
        }
    }

    /// The keys by which it is looked for without its text.
    #[must_use]
    pub fn keys(&self) -> Keys {
        facts::keys(self)
    }

    /// The words it consists of, if it is not a name.
    #[must_use]
    pub fn spelled(&self) -> Option<&str> {
        match self {
            Self::Word(text) | Self::Phrase(text) => Some(text),
            _ => None,
        }
    }
}
