//! The flow from sources to stories: poll, extract, understand, commit.
//!
//! One commit holds all that one poll changed, so a crash between any two
//! steps loses nothing and takes no item twice. Nothing here loops, waits or
//! reads the clock; nothing here speaks to a chat.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};

use crate::enrich;
use crate::enrich::cluster::{ClusterIndex, Fingerprint, Told};
use crate::extract;
use crate::lexicon::Lexicon;
use crate::model::article::{Article, ArticleId, RawItem, SetAside};
use crate::model::source::SourceState;
use crate::model::story::{Highlight, Story, StoryId, Telling};
use crate::sources::http::{Get, Web};
use crate::sources::{self, FetchError, Polled, Source, SourceSpec};
use crate::store::{Changes, Seen, SeenKey, Store, StoreError};
use crate::text;

/// Stories older than this take no further articles: the same words then tell another event.
const STORY_DAYS: i64 = 8;

/// A listing's text shorter than this many characters is a teaser: the article's page is read.
const TEASER_CHARS: usize = 600;

/// Items dated further ahead than this lie about their date.
const FUTURE_HOURS: i64 = 1;

/// What gathering needs besides the clock.
pub struct Ingest {
    store: Store,
    lexicon: Arc<Lexicon>,
    clusters: Mutex<ClusterIndex>,
}

/// What one poll of one source came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollReport {
    /// The source's id.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Items listed.
    pub listed: usize,
    /// Articles that are new.
    pub new: usize,
    /// New items set aside.
    pub set_aside: usize,
    /// Whether the source said that nothing changed.
    pub unchanged: bool,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// An item that is not known yet, with its page where one was read.
pub struct NewItem {
    /// The item.
    pub item: RawItem,
    /// Its identities.
    keys: Vec<SeenKey>,
    /// The canonical URL, or a stable stand-in for items without one.
    url: String,
    /// The article's page.
    pub page: Option<extract::PageText>,
    /// Why the page could not be read.
    pub page_problem: Option<String>,
    /// The article this item is a new version of.
    updates: Option<ArticleId>,
}

impl Ingest {
    /// Gets ready: recent stories are looked up once, so that new articles find them in memory.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn open(
        store: Store,
        lexicon: Arc<Lexicon>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut clusters = ClusterIndex::default();
        for article in store.articles_between(now - Duration::days(STORY_DAYS), now)? {
            let body = store.body(&article.id)?.unwrap_or_default();
            let found = enrich::classify(&article.title, &body, &article.language, &lexicon);
            let print = Fingerprint::of(&article.title, &body, article.published, &found, &lexicon);
            let at = Told { published: article.published, seen: article.first_seen };
            clusters.insert(article.id, article.story, print, at);
        }
        Ok(Self { store, lexicon, clusters: Mutex::new(clusters) })
    }

    /// Polls one source and commits what came of it. A failure is committed too: as a reason to
    /// show and a time to come back.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written; a failing source is no error here.
    pub async fn poll(
        &self,
        spec: &SourceSpec,
        source: &dyn Source,
        web: &Web,
        now: DateTime<Utc>,
    ) -> Result<PollReport, StoreError> {
        let known = self.store.source_state(&spec.id)?;
        let asked = Some(spec.url.clone());
        let state = known.filter(|state| state.asked == asked).unwrap_or_default();
        let state = SourceState { asked, ..state };
        match source.poll(web, &state, now).await {
            Ok(polled) => self.take(spec, polled, web, now).await,
            Err(error) => self.failed(spec, &state, &error, now),
        }
    }

    fn failed(
        &self,
        spec: &SourceSpec,
        state: &SourceState,
        error: &FetchError,
        now: DateTime<Utc>,
    ) -> Result<PollReport, StoreError> {
        let state = sources::after_failure(state, error, spec.every, now);
        let report = PollReport {
            source: spec.id.0.clone(),
            name: spec.name.clone(),
            error: Some(error.to_string()),
            ..PollReport::default()
        };
        self.store
            .commit(Changes { sources: vec![(spec.id.clone(), state)], ..Changes::default() })?;
        Ok(report)
    }

    async fn take(
        &self,
        spec: &SourceSpec,
        polled: Polled,
        web: &Web,
        now: DateTime<Utc>,
    ) -> Result<PollReport, StoreError> {
        let mut report = PollReport {
            source: spec.id.0.clone(),
            name: spec.name.clone(),
            listed: polled.items.len(),
            unchanged: polled.unchanged,
            ..PollReport::default()
        };
        let mut new = self.unknown(spec, polled.items)?;
        for item in &mut new {
            self.read_page(spec, item, web).await;
        }
        let mut changes = self.absorb(spec, new, now)?;
        for problem in polled.problems {
            changes.set_aside.push(aside(spec, &spec.name, problem, now));
        }
        report.new = changes.articles.len();
        report.set_aside = changes.set_aside.len();
        let state = sources::after_success(&polled.state, spec.every, now);
        changes.sources.push((spec.id.clone(), state));
        self.store.commit(changes)?;
        Ok(report)
    }

    /// The items not seen before, or seen with other words.
    fn unknown(&self, spec: &SourceSpec, items: Vec<RawItem>) -> Result<Vec<NewItem>, StoreError> {
        let mut fresh = Vec::new();
        let mut taken = std::collections::HashSet::new();
        for item in items {
            let url = identity_url(spec, &item);
            let keys = keys(spec, &item, &url);
            if !keys.iter().all(|key| taken.insert(key.clone())) {
                continue;
            }
            let mut seen = None;
            for key in &keys {
                if let Some(found) = self.store.seen(key)? {
                    seen = Some(found);
                    break;
                }
            }
            match seen {
                None => fresh.push(NewItem {
                    item,
                    keys,
                    url,
                    page: None,
                    page_problem: None,
                    updates: None,
                }),
                Some(seen)
                    if seen.article.is_some()
                        && seen.source == spec.id
                        && seen.content != content_hash(&item) =>
                {
                    fresh.push(NewItem {
                        item,
                        keys,
                        url,
                        page: None,
                        page_problem: None,
                        updates: seen.article,
                    });
                }
                Some(_) => {}
            }
        }
        Ok(fresh)
    }

    /// Reads the article's page where the listing gives only a teaser of something that may matter.
    async fn read_page(&self, spec: &SourceSpec, new: &mut NewItem, web: &Web) {
        let Some(url) = new.item.url.clone() else { return };
        let listed = listing_text(&new.item);
        if !spec.wants_page(listed.chars().count() < TEASER_CHARS)
            || !self.lexicon.may_matter(&new.item.title, &listed)
        {
            return;
        }
        let get = Get { url: url.clone(), ..Get::default() };
        match web.get(get).await {
            Ok(answer) => {
                let html = extract::decode(&answer.body, answer.content_type.as_deref());
                new.page = Some(extract::page(&html, &answer.final_url, spec.body.as_deref()));
            }
            Err(error) => new.page_problem = Some(error.to_string()),
        }
    }

    /// Understands new items: the changes that one commit makes of them.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn absorb(
        &self,
        spec: &SourceSpec,
        items: Vec<NewItem>,
        now: DateTime<Utc>,
    ) -> Result<Changes, StoreError> {
        let mut changes = Changes::default();
        let mut stories: HashMap<StoryId, Story> = HashMap::new();
        for new in items {
            let seen = Seen {
                source: spec.id.clone(),
                article: None,
                content: content_hash(&new.item),
                at: now,
            };
            let keys = new.keys.clone();
            let article = match self.understand(spec, new, now) {
                Ok((article, print)) => Some(self.place(article, &print, &mut stories, now)?),
                Err(set_aside) => {
                    changes.set_aside.push(set_aside);
                    None
                }
            };
            let id = article.as_ref().map(|article| article.id.clone());
            changes.seen.extend(
                keys.into_iter().map(|key| (key, Seen { article: id.clone(), ..seen.clone() })),
            );
            if let Some(article) = article {
                changes.articles.push(article);
            }
        }
        changes.stories = stories.into_values().collect();
        changes.stories.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(changes)
    }

    /// An article, or the reason why the item is none.
    fn understand(
        &self,
        spec: &SourceSpec,
        new: NewItem,
        now: DateTime<Utc>,
    ) -> Result<(Article, Fingerprint), SetAside> {
        let title = title_of(&new);
        if title.is_empty() {
            return Err(aside(spec, &new.url, "it has no title".to_owned(), now));
        }
        let body = body_of(&new);
        let hint =
            new.page.as_ref().and_then(|page| page.language.clone()).or(spec.language.clone());
        let language = extract::language(&format!("{title}\n{body}"), hint.as_deref());
        let found = enrich::classify(&title, &body, &language, &self.lexicon);
        if let Some(reason) = found.set_aside {
            return Err(aside(spec, &title, reason, now));
        }
        let told = new.item.published.or(new.page.as_ref().and_then(|page| page.published));
        let (published, dated) = match told {
            Some(at) if at <= now + Duration::hours(FUTURE_HOURS) => (at.min(now), true),
            _ => (now, false),
        };
        let print = Fingerprint::of(&title, &body, published, &found, &self.lexicon);
        let id = new.updates.unwrap_or_else(|| article_id(&new.url));
        let article = Article {
            story: StoryId(format!("s{id}")),
            id,
            url: new.url,
            source: spec.id.clone(),
            publisher: spec.name.clone(),
            tier: spec.tier,
            highlights: enrich::summarize(&title, &body, &language, &self.lexicon),
            signal: enrich::signal(&title, &body, &language, &self.lexicon),
            title,
            published,
            dated,
            first_seen: now,
            language,
            body,
            topics: found.topics,
            elements: found.elements,
            companies: found.companies,
            relevance: found.relevance,
        };
        Ok((article, print))
    }

    /// Puts the article into the story it tells, or founds one.
    fn place(
        &self,
        mut article: Article,
        print: &Fingerprint,
        stories: &mut HashMap<StoryId, Story>,
        now: DateTime<Utc>,
    ) -> Result<Article, StoreError> {
        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.store.article(&article.id)?;
        if let Some(known) = &known {
            article.story = known.story.clone();
            article.first_seen = known.first_seen;
        } else if let Some(story) = clusters.find(print, article.published) {
            article.story = story;
        }
        let at = Told { published: article.published, seen: article.first_seen };
        clusters.insert(article.id.clone(), article.story.clone(), print.clone(), at);
        clusters.expire(now - Duration::days(STORY_DAYS));
        drop(clusters);
        let story = match stories.remove(&article.story) {
            Some(story) => Some(story),
            None => self.store.story(&article.story)?,
        };
        let story = joined(story, &article, now);
        stories.insert(story.id.clone(), story);
        Ok(article)
    }
}

/// The story with the article in it. A telling that is there already is replaced in place.
fn joined(story: Option<Story>, article: &Article, now: DateTime<Utc>) -> Story {
    let telling = Telling {
        article: article.id.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        source: article.source.clone(),
        publisher: article.publisher.clone(),
        tier: article.tier,
        published: article.published,
        first_seen: article.first_seen,
        language: article.language.clone(),
    };
    let mut story = story.unwrap_or_else(|| Story {
        id: article.story.clone(),
        title: String::new(),
        tellings: Vec::new(),
        first_seen: now,
        updated: now,
        published: article.published,
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        highlights: Vec::new(),
        signal: article.signal.clone(),
        relevance: 0.0,
    });
    story.tellings.retain(|other| other.article != telling.article);
    story.tellings.push(telling);
    enrich::order_tellings(&mut story.tellings);
    story.updated = now;
    story.published = story.published.min(article.published);
    union(&mut story.elements, &article.elements);
    union(&mut story.companies, &article.companies);
    story.relevance = story.relevance.max(article.relevance);
    if story.primary().is_some_and(|primary| primary.article == article.id) {
        story.title.clone_from(&article.title);
        story.topics.clone_from(&article.topics);
        story.signal.clone_from(&article.signal);
        story.highlights = article
            .highlights
            .iter()
            .map(|text| Highlight {
                text: text.clone(),
                url: article.url.clone(),
                publisher: article.publisher.clone(),
            })
            .collect();
    }
    story
}

fn union<T: Clone + PartialEq>(into: &mut Vec<T>, from: &[T]) {
    for value in from {
        if !into.contains(value) {
            into.push(value.clone());
        }
    }
}

/// The item's canonical URL; a stand-in from source and guid, or title, when it has none.
fn identity_url(spec: &SourceSpec, item: &RawItem) -> String {
    match (&item.url, &item.guid) {
        (Some(url), _) => extract::canonical_url(url),
        (None, Some(guid)) => format!("urn:monazite:{}:{}", spec.id, short_hash(guid)),
        (None, None) => format!("urn:monazite:{}:{}", spec.id, short_hash(&item.title)),
    }
}

/// Every identity the item goes by: its URL, and its source's own id for it. Either suffices to
/// know it again, so a feed that rewrites its ids, or one that moves its pages, doubles nothing.
fn keys(spec: &SourceSpec, item: &RawItem, url: &str) -> Vec<SeenKey> {
    let mut keys = vec![SeenKey::of(&["url", url])];
    if let Some(guid) = item.guid.as_deref().filter(|guid| !guid.is_empty()) {
        keys.push(SeenKey::of(&["guid", spec.id.as_str(), guid]));
    }
    keys
}

/// A hash over the words of the item, so that a new version is noticed and a new date is not.
fn content_hash(item: &RawItem) -> u64 {
    let words = format!("{}\n{}", item.title, item.content.as_deref().unwrap_or(&item.summary));
    let digest = Sha256::digest(words.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

/// The first 16 hex digits of the SHA-256 of the canonical URL.
#[must_use]
pub fn article_id(url: &str) -> ArticleId {
    ArticleId(short_hash(url))
}

fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn title_of(new: &NewItem) -> String {
    let own = text::one_line(&new.item.title);
    match &new.page {
        Some(page) if own.is_empty() => text::one_line(&page.title),
        _ => own,
    }
}

/// The fuller of the page's text and the listing's.
fn body_of(new: &NewItem) -> String {
    let listed = listing_text(&new.item);
    match &new.page {
        Some(page) if page.text.chars().count() >= listed.chars().count() => page.text.clone(),
        _ => listed,
    }
}

fn listing_text(item: &RawItem) -> String {
    extract::html_to_text(item.content.as_deref().unwrap_or(&item.summary))
}

fn aside(spec: &SourceSpec, what: &str, reason: String, now: DateTime<Utc>) -> SetAside {
    SetAside {
        source: spec.id.clone(),
        what: text::cut(&text::one_line(what), 200),
        reason,
        at: now,
    }
}
