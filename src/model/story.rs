//! A story: one event as told by one or more articles.
//!
//! A story never forgets an article and never holds the same article twice;
//! its primary article stands first.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{
    Article, ArticleId, CompanyId, Element, Language, SourceId, Tier, Topic,
};
use crate::model::id;

id!(
    /// A story's id: `s` and the id of the article that founded it. Never changes.
    StoryId
);

/// Which way the news points for buyers of rare earths outside China.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Supply or access gets easier.
    Easing,
    /// Supply or access gets harder.
    Tightening,
    /// Both, in one text.
    Mixed,
    /// Neither is said.
    #[default]
    Neutral,
}

impl Direction {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Easing, Self::Tightening, Self::Mixed, Self::Neutral];

    /// The word shown to readers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Easing => "easing",
            Self::Tightening => "tightening",
            Self::Mixed => "mixed",
            Self::Neutral => "neutral",
        }
    }
}

/// A direction and the words of the text it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// The direction.
    pub direction: Direction,
    /// The words as they stand in the text, at most five; empty when neutral.
    pub words: Vec<String>,
}

/// One article's place in a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Telling {
    /// The article.
    pub article: ArticleId,
    /// Its canonical URL.
    pub url: String,
    /// Its title.
    pub title: String,
    /// Its source.
    pub source: SourceId,
    /// The source's name for readers.
    pub publisher: String,
    /// The source's trust tier.
    pub tier: Tier,
    /// When it was published.
    pub published: DateTime<Utc>,
    /// When Monazite first saw it.
    pub first_seen: DateTime<Utc>,
    /// Its language.
    pub language: Language,
}

impl Telling {
    /// The telling that an article is.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        Self {
            article: article.id.clone(),
            url: article.url.clone(),
            title: article.title.clone(),
            source: article.source.clone(),
            publisher: article.publisher.clone(),
            tier: article.tier,
            published: article.published,
            first_seen: article.first_seen,
            language: article.language.clone(),
        }
    }
}

/// A sentence that stands alone, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Highlight {
    /// One whole sentence, word for word from the article.
    pub text: String,
    /// The article's canonical URL.
    pub url: String,
    /// The publisher's name.
    pub publisher: String,
}

/// One event, told by one or more articles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// Identity; stays when articles join.
    pub id: StoryId,
    /// The primary article's title.
    pub title: String,
    /// The primary article first, then by time.
    pub tellings: Vec<Telling>,
    /// When the first article was seen.
    pub first_seen: DateTime<Utc>,
    /// When the last article joined or the content last changed.
    pub updated: DateTime<Utc>,
    /// Earliest publication time among its articles.
    pub published: DateTime<Utc>,
    /// Primary topic first.
    pub topics: Vec<Topic>,
    /// Elements named in any of its articles.
    pub elements: Vec<Element>,
    /// Companies named in any of its articles.
    pub companies: Vec<CompanyId>,
    /// Three to five sentences, mostly the primary article's.
    pub highlights: Vec<Highlight>,
    /// What it signals, from the primary article.
    pub signal: Signal,
    /// 0.0 to 1.0, the greatest of its articles.
    pub relevance: f32,
}

impl Story {
    /// The article that stands for the story.
    ///
    /// A story is founded by an article and never loses one, so there always is one;
    /// `None` only for a damaged record.
    #[must_use]
    pub fn primary(&self) -> Option<&Telling> {
        self.tellings.first()
    }
}
