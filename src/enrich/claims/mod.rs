//! License claims, restrictions and regime events out of an article's text.
//!
//! Pure: the same text gives the same claims. A wrong claim is worse than a
//! missed one, so what the grammar leaves open yields nothing. Nothing here
//! knows a license holder by name; names are the lexicon's, words and patterns
//! stand in `config/claims.toml`.

mod clauses;
mod counts;
mod document;
mod english;
mod fold;
mod groups;
mod names;
mod ours;
mod parts;
mod references;
mod regime;
mod rules;
mod scope;
mod talk;
mod themes;
mod voice;

use chrono::{DateTime, Utc};

pub use rules::{BUILT_IN, Rules};

use crate::lexicon::Lexicon;
use crate::model::article::{Language, Tier};
use crate::model::license::{Claim, RegimeEvent, Restriction};

/// What an article says and who published it.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// One line.
    pub title: &'a str,
    /// Plain text.
    pub body: &'a str,
    /// The article's date.
    pub published: DateTime<Utc>,
    /// Whether that date is the source's own, and to the day.
    pub dated: bool,
    /// Its language.
    pub language: &'a Language,
    /// Who published it.
    pub publisher: &'a str,
    /// How far they are trusted.
    pub tier: Tier,
    /// Where.
    pub url: &'a str,
    /// When it is read.
    pub now: DateTime<Utc>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Claims, in the order of the text.
    pub claims: Vec<Claim>,
    /// Listings.
    pub restrictions: Vec<Restriction>,
    /// Announcements.
    pub regime: Vec<RegimeEvent>,
}

/// Reads an article.
#[must_use]
pub fn claims(article: &Told<'_>, lexicon: &Lexicon, rules: &Rules) -> Found {
    let sentences = document::sentences(article.title, article.body);
    let mut found = Found::default();
    if regime::worth_reading(&sentences, rules) {
        (found.restrictions, found.regime) = regime::read(article, &sentences, lexicon, rules);
    }
    if fold::worth_reading(&sentences, article, lexicon, rules) {
        found.claims = fold::read(article, &sentences, lexicon, rules);
    }
    found
}
