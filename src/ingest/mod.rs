//! The flow from sources to stories and license claims: poll, extract, understand, commit.
//!
//! One commit holds all that one poll changed, so a crash between any two
//! steps loses nothing and takes no item twice. Nothing here loops, waits or
//! reads the clock; nothing here speaks to a chat.

mod alarm;

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use futures::FutureExt;
use sha2::{Digest, Sha256};

use self::alarm::Heard;
use crate::enrich;
use crate::enrich::claims::{self, Rules};
use crate::enrich::cluster::{ClusterIndex, Fingerprint, Placed, Told};
use crate::extract;
use crate::lexicon::Lexicon;
use crate::model::article::{Article, ArticleId, RawItem, SetAside, Tier};
use crate::model::comment::CommentPeriod;
use crate::model::license::Claim;
use crate::model::source::SourceState;
use crate::model::story::{Highlight, Story, StoryId, Telling};
use crate::register::{Decision, Noted, Verdict};
use crate::sources::http::{Answer, Get, Web};
use crate::sources::{self, FetchError, Polled, Source, SourceSpec};
use crate::store::{Changes, Seen, SeenKey, Store, StoreError};
use crate::text;

pub use self::alarm::{Alarms, AskedFor};

/// Stories older than this take no further articles: the same words then tell another event.
const STORY_DAYS: i64 = 8;

/// A listing's text shorter than this many characters is a teaser: the article's page is read.
const TEASER_CHARS: usize = 600;

/// Bytes of an article's text that are kept: several times a long report. What is longer is a
/// whole document, and its news stands at its top.
const LONGEST_BODY: usize = 48_000;

/// Items dated further ahead than this lie about their date.
const FUTURE_HOURS: i64 = 1;

/// What is said of something that made a parser panic.
const UNREADABLE: &str = "the program failed while reading it";

/// What gathering needs besides the clock.
pub struct Ingest {
    store: Store,
    lexicon: Arc<Lexicon>,
    rules: Arc<Rules>,
    clusters: Mutex<ClusterIndex>,
    alarms: Option<Alarms>,
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

/// An item that is not known yet, or has other words now, with its page where one was read.
struct NewItem {
    item: RawItem,
    /// Its identities.
    keys: Vec<SeenKey>,
    /// The canonical URL, or a stable stand-in for items without one.
    url: String,
    page: Option<extract::PageText>,
    /// Why the page could not be read, and whether it may be at the next poll.
    page_problem: Option<(String, Again)>,
    /// What is remembered of it, where it is known.
    known: Option<Seen>,
}

/// Whether something may go better the next time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    Yes,
    No,
}

/// What a listing came to.
#[derive(Default)]
struct Listing {
    new: Vec<NewItem>,
    /// Identities that known items have taken on, such as a rewritten guid.
    also: Vec<(SeenKey, Seen)>,
}

/// A new item, understood: an article to be placed, or the reason why it is none.
struct Understood {
    keys: Vec<SeenKey>,
    seen: Seen,
    known: Option<Seen>,
    outcome: Result<Read, SetAside>,
}

/// An article as it was read: what it is compared by, and what it says of licenses.
struct Read {
    article: Article,
    print: Fingerprint,
    said: claims::Found,
    /// Until when comments are taken on it, and the sentence that says so.
    closing: Option<enrich::Closing>,
}

/// The hash in the place of an item's words while its page is still to be read.
const PAGE_PENDING: u64 = 0;

/// A page that cannot be read for this long is not asked for again.
const PAGE_HOURS: i64 = 24;

/// Problems of one listing that are remembered.
const MOST_PROBLEMS: usize = 20;

impl Ingest {
    /// Gets ready: recent stories are looked up once, so that new articles find them in memory.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn open(
        store: Store,
        lexicon: Arc<Lexicon>,
        rules: Arc<Rules>,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let mut clusters = ClusterIndex::default();
        for placed in store.placed_since(now - Duration::days(STORY_DAYS))? {
            clusters.insert(placed);
        }
        Ok(Self { store, lexicon, rules, clusters: Mutex::new(clusters), alarms: None })
    }

    /// The same, telling chats at once of what they asked for.
    #[must_use]
    pub fn alarming(self, alarms: Alarms) -> Self {
        Self { alarms: Some(alarms), ..self }
    }

    /// Files the watches, so that no poll has to do it; gives how many there are. Without it the
    /// first poll does, and whoever polls meanwhile waits.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn ready(&self) -> Result<usize, StoreError> {
        self.alarms.as_ref().map_or(Ok(0), |alarms| alarms.ready(&self.store))
    }

    /// Tells of days that have come near; gives how many alerts that made.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    pub fn remind(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.alarms.as_ref().map_or(Ok(0), |alarms| alarms.remind(&self.store, now))
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
        let state = self.store.source_state(&spec.id)?.unwrap_or_default().under(&spec.block(now));
        // A panic in somebody's parser is a failure of that source and nobody else's.
        let polled = AssertUnwindSafe(source.poll(web, &state, now)).catch_unwind().await;
        match polled.unwrap_or_else(|_| Err(FetchError::Malformed(UNREADABLE.to_owned()))) {
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
        let mut changes = Changes::default();
        if let Some(alarms) = &self.alarms {
            alarms.watch_source(&self.store, spec, &state, &mut changes, now)?;
        }
        changes.sources.push((spec.id.clone(), state));
        self.store.commit(changes)?;
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
        let mut state = sources::after_success(&polled.state, spec.every, now);
        let mut changes = Changes::default();
        if !polled.unchanged {
            for problem in polled.problems.iter().filter(|new| !state.problems.contains(new)) {
                changes.set_aside.push(aside(spec, &spec.name, problem.clone(), now));
            }
            state.problems = polled.problems;
            state.problems.truncate(MOST_PROBLEMS);
        }
        let mut listing = self.unknown(spec, polled.items, now)?;
        for item in &mut listing.new {
            self.read_page(spec, item, web).await;
        }
        if listing.new.iter().any(NewItem::waits_for_its_page) {
            // The listing must come again, or nobody would ask for the page again.
            (state.etag, state.last_modified, state.content_hash) = (None, None, None);
        }
        changes.seen = listing.also;
        // Before this poll it had never answered.
        let first = self.store.source_state(&spec.id)?.is_none_or(|known| known.last_ok.is_none());
        if let Some(alarms) = &self.alarms {
            alarms.watch_source(&self.store, spec, &state, &mut changes, now)?;
        }
        changes.sources.push((spec.id.clone(), state));
        // An item that is known and still without its page has nothing new to say.
        let news = listing.new.into_iter().filter(|new| {
            new.known.as_ref().is_none_or(|seen| seen.content != PAGE_PENDING)
                || !new.waits_for_its_page()
        });
        let understood: Vec<Understood> = news.map(|new| self.understood(spec, new, now)).collect();
        self.settle(understood, changes, &mut report, first, now)?;
        Ok(report)
    }

    /// The items not seen before, or seen with other words.
    fn unknown(
        &self,
        spec: &SourceSpec,
        items: Vec<RawItem>,
        now: DateTime<Utc>,
    ) -> Result<Listing, StoreError> {
        let ambiguous = Ambiguous::of(&items);
        let mut listing = Listing::default();
        let mut taken = HashSet::new();
        for item in items {
            let (url, keys) = ambiguous.identity(spec, &item);
            if !keys.iter().all(|key| taken.insert(key.clone())) {
                continue;
            }
            let seen: Vec<Option<Seen>> =
                keys.iter().map(|key| self.store.seen(key)).collect::<Result<_, _>>()?;
            let by_url = seen.first().is_some_and(Option::is_some);
            let Some(known) = seen.iter().flatten().next().cloned() else {
                listing.new.push(NewItem::of(item, keys, url, None));
                continue;
            };
            if !by_url && self.is_another(&known, &item)? {
                // A guid that was another item's: only the URL tells them apart.
                let keys = keys.into_iter().take(1).collect();
                listing.new.push(NewItem::of(item, keys, url, None));
                continue;
            }
            if known.source == spec.id && has_news(&known, &item, now) {
                listing.new.push(NewItem::of(item, keys, url, Some(known)));
                continue;
            }
            let given_up = known.content == PAGE_PENDING && known.source == spec.id;
            let known = match given_up {
                true => Seen { content: content_hash(&item), ..known },
                false => known,
            };
            let missing = keys.into_iter().zip(seen).filter(|(_, seen)| given_up || seen.is_none());
            listing.also.extend(missing.map(|(key, _)| (key, known.clone())));
        }
        Ok(listing)
    }

    /// Whether an item known by its guid alone is really a different one: it has another title
    /// as well as another URL.
    fn is_another(&self, known: &Seen, item: &RawItem) -> Result<bool, StoreError> {
        let Some(id) = &known.article else { return Ok(false) };
        let title = text::one_line(&item.title);
        Ok(self.store.article(id)?.is_some_and(|article| article.title != title))
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
        let get = Get { url, ..Get::default() };
        match web.get(get).await {
            Ok(answer) => match page_of(&answer, spec) {
                Ok(page) => {
                    new.page = Some(page);
                    new.moved(answer.moved_to.as_deref());
                }
                Err(problem) => new.page_problem = Some((problem, Again::No)),
            },
            Err(error) => {
                let again = match error {
                    FetchError::Transient { .. } => Again::Yes,
                    _ => Again::No,
                };
                new.page_problem = Some((error.to_string(), again));
            }
        }
    }

    fn understood(&self, spec: &SourceSpec, new: NewItem, now: DateTime<Utc>) -> Understood {
        let pending = new.waits_for_its_page();
        let seen = Seen {
            source: spec.id.clone(),
            article: new.known.as_ref().and_then(|known| known.article.clone()),
            content: if pending { PAGE_PENDING } else { content_hash(&new.item) },
            // While its page is waited for, this says since when.
            at: match &new.known {
                Some(known) if !pending || known.content == PAGE_PENDING => known.at,
                _ => now,
            },
        };
        let (keys, known, title) = (new.keys.clone(), new.known.clone(), new.item.title.clone());
        let outcome = extract::guarded(|| self.understand(spec, new, now))
            .unwrap_or_else(|| Err(aside(spec, &title, UNREADABLE.to_owned(), now)));
        Understood { keys, seen, known, outcome }
    }

    /// Places what was understood and commits it with the rest. One at a time: a story read here
    /// is still the same when it is written, whichever sources tell it at once.
    fn settle(
        &self,
        understood: Vec<Understood>,
        mut changes: Changes,
        report: &mut PollReport,
        first: bool,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut heard = Vec::new();
        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        let mut stories = HashMap::new();
        for Understood { keys, mut seen, known, outcome } in understood {
            if known.is_none()
                && let Some(other) = self.first_seen(&keys)?
            {
                // Another source brought it while this one was reading.
                changes.seen.extend(keys.into_iter().map(|key| (key, other.clone())));
                continue;
            }
            match outcome {
                // Two items whose pages moved to one address.
                Ok(read) if changes.articles.iter().any(|other| other.id == read.article.id) => {
                    seen.article = Some(read.article.id);
                }
                Ok(Read { article, print, said, closing }) => {
                    report.new += usize::from(seen.article.is_none());
                    seen.article = Some(article.id.clone());
                    let known = self.store.article(&article.id)?;
                    let withdrawn = self.unsaid(&article, known.clone(), &said, now)?;
                    let withdraw = withdrawn.iter().map(|claim| withdrawal(claim, now));
                    changes.decisions.extend(withdraw);
                    let placed = self.place(article, print, &mut clusters, &mut stories, now)?;
                    if let Some((article, placed)) = placed {
                        if self.alarms.is_some() {
                            let retitled = known.as_ref().map(|known| known.title.clone());
                            heard.push(Heard {
                                retitled: retitled.filter(|title| *title != article.title),
                                article: article.clone(),
                                said: said.clone(),
                                withdrawn,
                                new: known.is_none(),
                            });
                        }
                        changes
                            .comments
                            .extend(closing.map(|closing| period(&article, closing, now)));
                        changes.articles.push(article);
                        changes.placed.push(placed);
                        note(&mut changes, said, now);
                    }
                }
                Err(set_aside) => changes.set_aside.push(set_aside),
            }
            changes.seen.extend(keys.into_iter().map(|key| (key, seen.clone())));
        }
        if let Some(alarms) = &self.alarms {
            alarms.raise(&self.store, &heard, &stories, first, &mut changes, now)?;
        }
        clusters.expire(now - Duration::days(STORY_DAYS));
        report.set_aside = changes.set_aside.len();
        changes.stories = stories.into_values().collect();
        changes.stories.sort_by(|a, b| a.id.cmp(&b.id));
        self.store.commit(changes)
    }

    fn first_seen(&self, keys: &[SeenKey]) -> Result<Option<Seen>, StoreError> {
        for key in keys {
            if let Some(seen) = self.store.seen(key)? {
                return Ok(Some(seen));
            }
        }
        Ok(None)
    }

    /// An article, or the reason why the item is none.
    fn understand(
        &self,
        spec: &SourceSpec,
        new: NewItem,
        now: DateTime<Utc>,
    ) -> Result<Read, SetAside> {
        let title = title_of(&new);
        if title.is_empty() {
            return Err(aside(spec, &new.url, "it has no title".to_owned(), now));
        }
        let body = body_of(&new);
        let hint =
            new.page.as_ref().and_then(|page| page.language.clone()).or(spec.language.clone());
        let language = extract::language(&format!("{title}\n{body}"), hint.as_deref());
        let found = enrich::classify(&title, &body, &language, &self.lexicon);
        if let Some(mut reason) = found.set_aside {
            if let Some((problem, _)) = &new.page_problem {
                reason = format!("{reason} (its page could not be read: {problem})");
            }
            return Err(aside(spec, &title, reason, now));
        }
        let told = new.item.published.or(new.page.as_ref().and_then(|page| page.published));
        let (published, dated) = match told {
            Some(at) if at <= now + Duration::hours(FUTURE_HOURS) => (at.min(now), true),
            _ => (now, false),
        };
        let print = Fingerprint::of(&title, &body, published, &found, &self.lexicon);
        let id = new.known.and_then(|known| known.article);
        let id = id.unwrap_or_else(|| article_id(&new.url));
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
        let said = self.said(&article, now);
        let closing = closing(&article, new.item.comments_close);
        Ok(Read { article, print, said, closing })
    }

    /// What the article says of licenses, listings and announcements.
    fn said(&self, article: &Article, now: DateTime<Utc>) -> claims::Found {
        let told = claims::Told {
            title: &article.title,
            body: &article.body,
            published: article.published,
            dated: article.dated,
            language: &article.language,
            publisher: &article.publisher,
            tier: article.tier,
            url: &article.url,
            now,
        };
        claims::claims(&told, &self.lexicon, &self.rules)
    }

    /// Claims that an earlier version of the article made and this one does not.
    fn unsaid(
        &self,
        article: &Article,
        known: Option<Article>,
        said: &claims::Found,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, StoreError> {
        let Some(mut known) = known else { return Ok(Vec::new()) };
        known.body = self.store.body(&known.id)?.unwrap_or_default();
        if known.title == article.title && known.body == article.body {
            return Ok(Vec::new());
        }
        let still = |claim: &Claim| said.claims.iter().any(|other| other.id == claim.id);
        let before = self.said(&known, now).claims;
        Ok(before.into_iter().filter(|claim| !still(claim)).collect())
    }

    /// Puts the article into the story it tells, or founds one. `None` when it is known and says
    /// what it said before.
    fn place(
        &self,
        mut article: Article,
        print: Fingerprint,
        clusters: &mut ClusterIndex,
        stories: &mut HashMap<StoryId, Story>,
        now: DateTime<Utc>,
    ) -> Result<Option<(Article, Placed)>, StoreError> {
        let known = self.store.article(&article.id)?;
        if let Some(known) = known {
            let body = self.store.body(&article.id)?.unwrap_or_default();
            if known.title == article.title && body == article.body {
                return Ok(None);
            }
            article.story = known.story;
            article.first_seen = known.first_seen;
            if known.dated {
                // A new version makes nothing younger, whatever its date says.
                article.published = article.published.min(known.published);
                article.dated = true;
            }
        } else if let Some(story) = clusters.find(&print, &told(&article)) {
            article.story = story;
        }
        let at = told(&article);
        let placed =
            Placed { article: article.id.clone(), story: article.story.clone(), at, print };
        clusters.insert(placed.clone());
        let story = match stories.remove(&article.story) {
            Some(story) => Some(story),
            None => self.store.story(&article.story)?,
        };
        let story = joined(story, &article, now);
        stories.insert(story.id.clone(), story);
        Ok(Some((article, placed)))
    }
}

impl NewItem {
    fn of(item: RawItem, keys: Vec<SeenKey>, url: String, known: Option<Seen>) -> Self {
        Self { item, keys, url, page: None, page_problem: None, known }
    }

    fn waits_for_its_page(&self) -> bool {
        self.page_problem.as_ref().is_some_and(|(_, again)| *again == Again::Yes)
    }

    /// The page has moved for good: its new address is its own, and known wherever it is listed.
    /// A move to a site's front page is how sites say that something is gone.
    fn moved(&mut self, to: Option<&str>) {
        let Some(to) = to.map(extract::canonical_url) else { return };
        let is_front = url::Url::parse(&to).is_ok_and(|url| url.path() == "/");
        if !is_front && to != self.url {
            self.keys.push(SeenKey::of(&["url", &to]));
            self.url = to;
        }
    }
}

/// An item's page, if the answer is one.
fn page_of(answer: &Answer, spec: &SourceSpec) -> Result<extract::PageText, String> {
    let kind = answer.content_type.as_deref().unwrap_or("text/html").to_ascii_lowercase();
    let is_page = ["text/", "html", "xml"].iter().any(|good| kind.contains(good));
    if !is_page || answer.body.starts_with(b"%PDF") {
        return Err("it is no web page".to_owned());
    }
    extract::guarded(|| {
        let html = extract::decode(&answer.body, answer.content_type.as_deref());
        extract::page(&html, &answer.final_url, spec.body.as_deref())
    })
    .ok_or_else(|| UNREADABLE.to_owned())
}

/// Whether a known item says something else than before, or its page is still to be read.
fn has_news(known: &Seen, item: &RawItem, now: DateTime<Utc>) -> bool {
    if known.content == PAGE_PENDING {
        return now - known.at < Duration::hours(PAGE_HOURS);
    }
    known.article.is_some() && known.content != content_hash(item)
}

fn told(article: &Article) -> Told {
    Told { source: article.source.clone(), published: article.published, seen: article.first_seen }
}

/// The story with the article in it. A telling that is there already is replaced in place.
fn joined(story: Option<Story>, article: &Article, now: DateTime<Utc>) -> Story {
    let telling = Telling::of(article);
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

/// Ids and URLs that several different items of one listing go by, so that they identify none.
struct Ambiguous {
    guids: HashSet<String>,
    urls: HashSet<String>,
}

impl Ambiguous {
    fn of(items: &[RawItem]) -> Self {
        let mut by_guid: HashMap<&str, (&RawItem, bool)> = HashMap::new();
        let mut by_url: HashMap<&str, (&RawItem, bool)> = HashMap::new();
        for item in items {
            if let Some(guid) = item.guid.as_deref() {
                let (first, lies) = by_guid.entry(guid).or_insert((item, false));
                *lies |= first.url != item.url && first.title != item.title;
            }
            if let Some(url) = item.url.as_deref() {
                let (first, lies) = by_url.entry(url).or_insert((item, false));
                *lies |= first.guid != item.guid && first.title != item.title;
            }
        }
        let liars = |map: HashMap<&str, (&RawItem, bool)>| {
            map.into_iter().filter(|(_, (_, lies))| *lies).map(|(id, _)| id.to_owned()).collect()
        };
        Self { guids: liars(by_guid), urls: liars(by_url) }
    }

    /// What an item is known by: its canonical URL, or a stable stand-in when it has none of its
    /// own, and every key under which it is remembered, the URL's first. Either key suffices to
    /// know it again, so a feed that rewrites its ids, or one that moves its pages, doubles
    /// nothing.
    fn identity(&self, spec: &SourceSpec, item: &RawItem) -> (String, Vec<SeenKey>) {
        let guid =
            item.guid.as_deref().filter(|guid| !guid.is_empty() && !self.guids.contains(*guid));
        let own = guid.unwrap_or(&item.title);
        let url = match &item.url {
            Some(url) if self.urls.contains(url) => {
                format!("{}#{}", extract::canonical_url(url), short_hash(own))
            }
            Some(url) => extract::canonical_url(url),
            None => format!("urn:monazite:{}:{}", spec.id, short_hash(own)),
        };
        let mut keys = vec![SeenKey::of(&["url", &url])];
        keys.extend(guid.map(|guid| SeenKey::of(&["guid", spec.id.as_str(), guid])));
        (url, keys)
    }
}

/// A hash over the words of the item, so that a new version is noticed and a new date is not.
fn content_hash(item: &RawItem) -> u64 {
    let body = item.content.as_deref().unwrap_or(&item.summary);
    let words = item.title.bytes().chain([b'\n']).chain(body.bytes());
    // FNV-1a: it guards against nothing but chance.
    let hash = words.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash.max(PAGE_PENDING + 1)
}

/// The first 16 hex digits of the SHA-256 of the canonical URL.
#[must_use]
pub fn article_id(url: &str) -> ArticleId {
    ArticleId(short_hash(url))
}

/// Adds what an article says of licenses to the set that adds the article.
fn note(changes: &mut Changes, said: claims::Found, now: DateTime<Utc>) {
    changes.claims.extend(said.claims);
    let listings = said.restrictions.into_iter().map(|record| Noted { first_seen: now, record });
    changes.restrictions.extend(listings);
    changes.regime.extend(said.regime.into_iter().map(|record| Noted { first_seen: now, record }));
}

/// Until when comments are taken on what an article tells: an authority's own word alone counts.
fn closing(article: &Article, field: Option<NaiveDate>) -> Option<enrich::Closing> {
    if article.tier > Tier(1) {
        return None;
    }
    let told = enrich::closing(&article.body, article.published.date_naive());
    match field {
        Some(day) => {
            let quote = told.filter(|told| told.day == day).map(|told| told.quote);
            Some(enrich::Closing { day, quote: quote.unwrap_or_default() })
        }
        None => told,
    }
}

fn period(article: &Article, closing: enrich::Closing, now: DateTime<Utc>) -> Noted<CommentPeriod> {
    let record = CommentPeriod {
        title: article.title.clone(),
        closes: closing.day,
        quote: closing.quote,
        publisher: article.publisher.clone(),
        url: article.url.clone(),
        elements: article.elements.clone(),
        companies: article.companies.clone(),
    };
    Noted { first_seen: now, record }
}

/// The decision that takes back a claim which its page no longer makes: withdrawn, never deleted.
fn withdrawal(claim: &Claim, now: DateTime<Utc>) -> Decision {
    Decision {
        verdict: Verdict::Withdraw { claim: claim.id.clone() },
        why: "its page was changed and no longer says so".to_owned(),
        by: "the source".to_owned(),
        at: now,
    }
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
    let whole = match &new.page {
        Some(page) if page.text.chars().count() >= listed.chars().count() => page.text.clone(),
        _ => listed,
    };
    bounded(whole)
}

/// The paragraphs that fit into `LONGEST_BODY`.
fn bounded(text: String) -> String {
    if text.len() <= LONGEST_BODY {
        return text;
    }
    let mut end = LONGEST_BODY;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = text[..end].rfind("\n\n").unwrap_or(end);
    text[..cut].to_owned()
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
