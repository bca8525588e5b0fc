//! One Monazite's home: a store in a folder that goes away, and the flows over it.
//!
//! `restart` drops everything in memory and opens the store anew, as a crash
//! and a start would.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use monazite::chat::Platform;
use monazite::commands::{self, Desk};
use monazite::config::{self, BUILT_IN, Config};
use monazite::deliver::{Deliverer, Step};
use monazite::model::article::{Article, ArticleId, Element, Language, SourceId, Tier, Topic};
use monazite::model::event::{Invocation, Target};
use monazite::model::message::Message;
use monazite::model::story::{Highlight, Signal, Story, StoryId, Telling};
use monazite::model::subscription::{Destination, PlatformName, Subscription};
use monazite::publish::Publisher;
use monazite::store::{Changes, Search, Store, StoreSettings};

/// An instant from RFC 3339.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A destination by `telegram:12`, `discord:34` or `telegram:12:5`.
pub(crate) fn chat(text: &str) -> Destination {
    let mut parts = text.split(':');
    let platform = match parts.next().unwrap() {
        "discord" => PlatformName::Discord,
        "telegram" => PlatformName::Telegram,
        _ => PlatformName::Console,
    };
    let mut numbers = parts.map(|part| part.parse().unwrap());
    Destination { platform, chat: numbers.next().unwrap_or_default(), thread: numbers.next() }
}

/// A subscription with the defaults of `/subscribe`.
pub(crate) fn subscription(to: &str, since: &str) -> Subscription {
    Subscription::new(chat(to), chrono_tz::America::New_York, at(since), to.to_owned())
}

/// The store and the flows over it.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) publisher: Publisher,
    pub(crate) deliverer: Deliverer,
    pub(crate) desk: Desk,
}

impl Home {
    /// The built-in configuration over an empty store, without platforms.
    pub(crate) fn new() -> Self {
        Self::with(&[], Vec::new())
    }

    /// With other files than the built-in ones, and with platforms.
    pub(crate) fn with(files: &[(&str, &str)], platforms: Vec<Arc<dyn Platform>>) -> Self {
        let texts = BUILT_IN.map(|(name, text)| {
            let other = files.iter().find(|(other, _)| *other == name);
            other.map_or(text, |(_, text)| *text).to_owned()
        });
        let config = config::parse(&texts).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
        Self::over(folder, config, store, platforms)
    }

    fn over(
        folder: tempfile::TempDir,
        config: Config,
        store: Store,
        platforms: Vec<Arc<dyn Platform>>,
    ) -> Self {
        let publisher = Publisher {
            store: store.clone(),
            lexicon: config.lexicon.clone(),
            curated: Arc::new(config.curated.clone()),
            zone: config.zone,
            brief: config.brief.clone(),
            sources: config.sources.iter().map(|source| source.id.clone()).collect(),
        };
        let platforms: BTreeMap<_, _> =
            platforms.into_iter().map(|platform| (platform.name(), platform)).collect();
        let deliverer = Deliverer {
            store: store.clone(),
            lexicon: config.lexicon.clone(),
            platforms,
            zone: config.zone,
        };
        let desk = Desk {
            store: store.clone(),
            lexicon: config.lexicon.clone(),
            sources: config.sources.clone(),
            zone: config.zone,
            brief: config.brief.clone(),
            started: at("2026-11-20T00:00:00Z"),
            curated: Arc::new(config.curated.clone()),
            known: commands::KnownCache::default(),
            search: Arc::new(Search::new(
                store.clone(),
                config.lexicon.clone(),
                Arc::new(config.curated.clone()),
            )),
        };
        Self { folder, config, store, publisher, deliverer, desk }
    }

    /// The store's folder.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A crash and a start: nothing but what is on the disk is known.
    pub(crate) fn restart(self) -> Self {
        let Self { folder, config, store, publisher, deliverer, desk } = self;
        let platforms = deliverer.platforms.values().cloned().collect();
        drop((publisher, deliverer, desk));
        drop(store);
        let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
        Self::over(folder, config, store, platforms)
    }

    /// Remembers a story of one article with this title, first seen and published at `seen`.
    pub(crate) fn tell(&self, title: &str, seen: &str) -> StoryId {
        self.tell_of(title, seen, "licensing")
    }

    /// The same, of a topic.
    pub(crate) fn tell_of(&self, title: &str, seen: &str, topic: &str) -> StoryId {
        let (article, story) = told(title, at(seen), topic);
        let id = story.id.clone();
        self.store
            .commit(Changes { articles: vec![article], stories: vec![story], ..Changes::default() })
            .unwrap();
        id
    }

    /// Subscribes a chat.
    pub(crate) fn subscribe(&self, subscription: Subscription) {
        self.store
            .commit(Changes { subscriptions: vec![subscription], ..Changes::default() })
            .unwrap();
    }

    /// Publishes what is due; the new editions' ids and the number of deliveries.
    pub(crate) fn publish(&self, now: &str) -> String {
        let published = self.publisher.step(at(now)).unwrap();
        let ids: Vec<&str> =
            published.editions.iter().map(monazite::model::brief::EditionId::as_str).collect();
        if ids.is_empty() {
            "nothing".to_owned()
        } else {
            format!("{} to {}", ids.join(", "), published.deliveries)
        }
    }

    /// Asks a command line in a chat, as somebody who may or may not manage it.
    pub(crate) fn ask(&self, to: &str, line: &str, may_manage: bool, now: &str) -> Message {
        let (name, args) = line.split_once(' ').unwrap_or((line, ""));
        let asked = Invocation {
            name: name.to_owned(),
            args: args.to_owned(),
            reply: Target::Chat(chat(to)),
            may_manage,
            private_chat: false,
            asker: None,
            chat_label: "test".to_owned(),
            locale: None,
        };
        if asked.name == "search" {
            self.desk.search.catch_up().unwrap();
        }
        commands::answer(&self.desk, &asked, at(now))
    }

    /// Claims and sends until nothing is due at `now`; how each delivery went on.
    pub(crate) async fn deliver(&self, now: &str) -> Vec<String> {
        let now = at(now);
        let mut log = Vec::new();
        loop {
            let claimed = self.deliverer.claim(now, 50, &|_| false).unwrap();
            if claimed.is_empty() {
                return log;
            }
            for delivery in claimed {
                let to = delivery.to.to_string();
                let mut next = Some(delivery);
                while let Some(delivery) = next.take() {
                    match self.deliverer.step(delivery, now).await.unwrap() {
                        Step::Again(more) => next = Some(*more),
                        Step::Sent => log.push(format!("{to}: sent")),
                        Step::Later(due) => {
                            log.push(format!("{to}: later, in {} s", (due - now).num_seconds()));
                        }
                        Step::Ended => log.push(format!("{to}: ended")),
                    }
                }
            }
        }
    }

    /// Every delivery with its state in a word.
    pub(crate) fn outbox(&self) -> String {
        use monazite::model::delivery::State;
        let mut lines: Vec<String> = self
            .store
            .deliveries()
            .map(|delivery| {
                let delivery = delivery.unwrap();
                let state = match &delivery.state {
                    State::Pending { .. } => "pending".to_owned(),
                    State::Claimed { .. } => "claimed".to_owned(),
                    State::Sent { .. } => format!("sent in {}", delivery.sent.len()),
                    State::Dead { reason, .. } => format!("dead: {reason}"),
                };
                format!("{} {state}", delivery.id)
            })
            .collect();
        lines.sort();
        lines.join("\n")
    }
}

/// An article and the story it tells.
pub(crate) fn told(title: &str, seen: DateTime<Utc>, topic: &str) -> (Article, Story) {
    let url = format!(
        "https://news.example/{}",
        title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-")
    );
    let id = monazite::ingest::article_id(&url);
    let elements: Vec<Element> =
        title.contains("Dysprosium").then(|| "Dy".into()).into_iter().collect();
    let sentence = format!(
        "{title}, and buyers of dysprosium and terbium outside China wait for what follows from it."
    );
    let article = Article {
        id: id.clone(),
        url: url.clone(),
        source: SourceId::from("test"),
        publisher: "Test Wire".to_owned(),
        tier: Tier(2),
        title: title.to_owned(),
        published: seen,
        dated: true,
        first_seen: seen,
        language: Language::from("en"),
        body: sentence.clone(),
        highlights: vec![sentence.clone()],
        topics: vec![Topic::from(topic)],
        elements: elements.clone(),
        companies: Vec::new(),
        signal: Signal::default(),
        relevance: 0.8,
        story: StoryId(format!("s{id}")),
    };
    let telling = Telling {
        article: ArticleId(id.0.clone()),
        url: url.clone(),
        title: title.to_owned(),
        source: SourceId::from("test"),
        publisher: "Test Wire".to_owned(),
        tier: Tier(2),
        published: seen,
        first_seen: seen,
        language: Language::from("en"),
    };
    let story = Story {
        id: article.story.clone(),
        title: title.to_owned(),
        tellings: vec![telling],
        first_seen: seen,
        updated: seen,
        published: seen,
        topics: vec![Topic::from(topic)],
        elements,
        companies: Vec::new(),
        highlights: vec![Highlight { text: sentence, url, publisher: "Test Wire".to_owned() }],
        signal: Signal::default(),
        relevance: 0.8,
    };
    (article, story)
}
