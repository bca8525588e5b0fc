//! An edition of the brief: composed once, stored, never recomposed.
//!
//! Chat, console and files render the same stored edition, so they cannot
//! disagree. It holds values, not wording: `compose::phrase` has the words.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{CompanyId, Element, Topic};
use crate::model::id;
use crate::model::license::DeskEntry;
use crate::model::story::{Highlight, Signal, StoryId};
use crate::model::subscription::Series;

id!(
    /// An edition's id: its series' mark and closing time in UTC. `2026-11-23T12:00Z` for a
    /// daily one, `weekly/2026-11-28T13:00Z` for a weekly one.
    EditionId
);

impl EditionId {
    /// The id of the edition of `series` that closes at `closes`.
    #[must_use]
    pub fn of(series: Series, closes: DateTime<Utc>) -> Self {
        let time = closes.format("%Y-%m-%dT%H:%MZ");
        match series {
            Series::Daily | Series::Alerts => Self(time.to_string()),
            Series::Weekly => Self(format!("weekly/{time}")),
        }
    }

    /// The series it is of.
    #[must_use]
    pub fn series(&self) -> Series {
        if self.0.starts_with("weekly/") { Series::Weekly } else { Series::Daily }
    }
}

/// One edition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edition {
    /// Identity.
    pub id: EditionId,
    /// The series.
    pub series: Series,
    /// Running number in its series, from 1.
    pub number: u32,
    /// The civil date it carries, in the operator's zone.
    pub date: NaiveDate,
    /// First instant of the window covered.
    pub opens: DateTime<Utc>,
    /// The instant it closes: stories first seen after it belong to the next edition.
    pub closes: DateTime<Utc>,
    /// When the next one closes, if that is known.
    pub next: Option<DateTime<Utc>>,
    /// Three to five sentences, each linked to the article it is from.
    pub highlights: Vec<Highlight>,
    /// The license and controls desk; empty means "no change".
    pub desk: Vec<DeskEntry>,
    /// Price lines.
    pub prices: Vec<PriceLine>,
    /// At most five stories, analyzed.
    pub analysis: Vec<Analysis>,
    /// Companies and projects, one line each.
    pub companies: Vec<CompanyLine>,
    /// Dated events to come, soonest first.
    pub watch_next: Vec<Upcoming>,
    /// Updates and corrections to earlier editions.
    pub corrections: Vec<Correction>,
    /// Other headlines.
    pub recent: Vec<Headline>,
    /// Sources that answered at their last poll, and all of them.
    pub sources_ok: (u32, u32),
    /// Every story told in this edition, so that a later one can mark updates.
    pub stories: Vec<StoryId>,
}

/// One price, never without its basis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceLine {
    /// `NdPr oxide`.
    pub product: String,
    /// The range as the source gave it; equal ends for a single figure.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// `yuan/t`, `USD/kg`.
    pub unit: String,
    /// `incl. 13% VAT`, `excl. VAT`, or `tax basis not stated`.
    pub tax: String,
    /// `China, ex works`, `fob China`, `cif Rotterdam`, or `market not stated`.
    pub market: String,
    /// The day the price is of.
    pub as_of: NaiveDate,
    /// Change as the source states it (`up 2%`), if it does.
    pub change: Option<String>,
    /// The publisher.
    pub publisher: String,
    /// The article.
    pub url: String,
}

/// A story, analyzed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The story.
    pub story: StoryId,
    /// Its title.
    pub title: String,
    /// Its primary article.
    pub url: String,
    /// Whether an earlier edition told it and there is news in it now.
    pub update: bool,
    /// What happened: sentences of the primary article.
    pub happened: Vec<Highlight>,
    /// What did not change or is undisclosed: sentences of a source that say so.
    pub undisclosed: Vec<Highlight>,
    /// Why it matters: a template over topics, elements and signal.
    pub matters: Vec<String>,
    /// The signal and its words.
    pub signal: Signal,
    /// Topics, primary first.
    pub topics: Vec<Topic>,
    /// Elements.
    pub elements: Vec<Element>,
    /// Companies.
    pub companies: Vec<CompanyId>,
    /// Who reported it: primary first.
    pub sources: Vec<SourceLink>,
}

/// A publisher and its article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLink {
    /// The publisher.
    pub publisher: String,
    /// The article.
    pub url: String,
}

/// A company or project in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompanyLine {
    /// The company's name for readers.
    pub company: String,
    /// What is said of it.
    pub headline: Headline,
}

/// A headline with its link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The story.
    pub story: StoryId,
    /// The title.
    pub title: String,
    /// The article.
    pub url: String,
    /// The publisher.
    pub publisher: String,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// Whether an earlier edition told the story.
    pub update: bool,
    /// Topics, elements and companies, for a destination that wants only some.
    pub topics: Vec<Topic>,
    /// Elements.
    pub elements: Vec<Element>,
    /// Companies.
    pub companies: Vec<CompanyId>,
}

/// A dated event to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upcoming {
    /// The day.
    pub date: NaiveDate,
    /// What is expected, in one sentence.
    pub what: String,
    /// Where that is said, if at a page.
    pub url: Option<String>,
}

/// Something an earlier edition said and that has changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What changed, in one sentence.
    pub what: String,
    /// The edition that said it.
    pub edition: EditionId,
    /// Where the change is said.
    pub url: String,
}
