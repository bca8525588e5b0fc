//! Items as sources give them, and articles as Monazite understands them.
//!
//! A `RawItem` is what a source said; an `Article` is that item with its text
//! extracted and understood. Neither holds markup: bodies are plain text.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::id;
use crate::model::story::{Signal, StoryId};

id!(
    /// A source's id as configured: lower case, digits and hyphens (`mofcom-policy`).
    SourceId
);
id!(
    /// An article's id: the first 16 hex digits of the SHA-256 of its canonical URL.
    ArticleId
);
id!(
    /// A company's canonical id in the lexicon (`jl-mag`).
    CompanyId
);
id!(
    /// A topic's id in the lexicon (`licensing`).
    Topic
);
id!(
    /// A chemical element by its symbol (`Dy`).
    Element
);
id!(
    /// A language as a BCP 47 tag: `en`, `zh-Hans`, `zh-Hant`, `ja`, `uk` …; `und` when unknown.
    Language
);

impl Language {
    /// Whether the text is Chinese in either script.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.0 == "zh" || self.0.starts_with("zh-")
    }
}

/// How far a source is trusted, from 1 (the authority or issuer itself) to 4 (rewrites, forums).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tier(pub u8);

/// One item as a source listed it, before extraction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RawItem {
    /// The source's own id for the item (guid, Atom id), if it gave one. May lie or change.
    pub guid: Option<String>,
    /// Absolute URL, resolved against the source, not yet canonical.
    pub url: Option<String>,
    /// Plain text, entities decoded, one line.
    pub title: String,
    /// HTML or text of the listing's summary; empty when there is none.
    pub summary: String,
    /// Full HTML of the article where the source carries it (`content:encoded`, `content_html`).
    pub content: Option<String>,
    /// When the source says it was published; never trusted for being new.
    pub published: Option<DateTime<Utc>>,
    /// Bylines as given.
    pub authors: Vec<String>,
    /// The last day on which comments on it are taken, where the source has a field for that.
    pub comments_close: Option<chrono::NaiveDate>,
}

/// An article, understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Identity, from the canonical URL (or source and guid when there is no URL).
    pub id: ArticleId,
    /// Canonical URL: https where the host redirected so, no tracking parameters, no fragment.
    pub url: String,
    /// The configured source it came from.
    pub source: SourceId,
    /// The source's name for readers.
    pub publisher: String,
    /// The source's trust tier.
    pub tier: Tier,
    /// One line of plain text.
    pub title: String,
    /// Publication time: the page's or feed's, never later than `first_seen`.
    pub published: DateTime<Utc>,
    /// Whether `published` came from the source, or is only `first_seen` for want of better.
    pub dated: bool,
    /// When Monazite first saw the item.
    pub first_seen: DateTime<Utc>,
    /// Detected language.
    pub language: Language,
    /// Plain text, paragraphs separated by one blank line. Empty when read without its body.
    pub body: String,
    /// Three to five whole sentences of the body, in its order (fewer when it is short).
    pub highlights: Vec<String>,
    /// Primary topic first, at most one secondary.
    pub topics: Vec<Topic>,
    /// Elements named, in order of first mention.
    pub elements: Vec<Element>,
    /// Companies named, in order of first mention.
    pub companies: Vec<CompanyId>,
    /// What it signals for supply.
    pub signal: Signal,
    /// 0.0 to 1.0: how much this is about rare earths or critical minerals.
    pub relevance: f32,
    /// The story it belongs to.
    pub story: StoryId,
}

/// Why an item did not become an article: kept, counted and shown, never lost in silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The source.
    pub source: SourceId,
    /// The item's title or URL, for people.
    pub what: String,
    /// One plain sentence.
    pub reason: String,
    /// When it was set aside.
    pub at: DateTime<Utc>,
}
