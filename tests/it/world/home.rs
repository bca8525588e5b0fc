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
use monazite::deliver::{Deliverer, Line, Step, Turn};
use monazite::model::article::{Article, Element, Language, SourceId, Tier, Topic};
use monazite::model::event::{About, Invocation, Target};
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

/// A command line asked in a chat by somebody who may manage it.
fn asked(to: &str, line: &str) -> Invocation {
    let (name, args) = line.split_once(' ').unwrap_or((line, ""));
    Invocation {
        name: name.to_owned(),
        args: args.to_owned(),
        reply: Target::Chat(chat(to)),
        may_manage: true,
        private_chat: false,
        asker: None,
        chat_label: "test".to_owned(),
        locale: None,
        about: None,
    }
}

/// Discord and Telegram, connected to nothing: enough to render.
pub(crate) fn platforms() -> Vec<Arc<dyn Platform>> {
    let connection = |token: &str| monazite::chat::Connection {
        api_url: "http://127.0.0.1:1".to_owned(),
        token: token.into(),
        application: None,
        clock: Arc::new(HandClock::at("2026-11-23T12:00:00Z")),
        webhook: None,
    };
    vec![
        monazite::chat::discord::connect(connection(crate::world::discord::TOKEN)).unwrap(),
        monazite::chat::telegram::connect(connection(crate::world::telegram::TOKEN)).unwrap(),
    ]
}

/// The store and the flows over it.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) publisher: Publisher,
    pub(crate) deliverer: Deliverer,
    pub(crate) desk: Desk,
    /// Shows the time that `carry` has come to.
    pub(crate) clock: HandClock,
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
            calendar: config.calendar.clone(),
            zone: config.zone,
            brief: config.brief.clone(),
            weekly: config.weekly.clone(),
            sources: config.sources.iter().map(|source| source.id.clone()).collect(),
        };
        let platforms: BTreeMap<_, _> =
            platforms.into_iter().map(|platform| (platform.name(), platform)).collect();
        let deliverer =
            Deliverer::new(store.clone(), config.lexicon.clone(), platforms, config.zone);
        let desk = Desk {
            store: store.clone(),
            lexicon: config.lexicon.clone(),
            sources: config.sources.clone(),
            zone: config.zone,
            brief: config.brief.clone(),
            weekly: config.weekly.clone(),
            started: at("2026-11-20T00:00:00Z"),
            curated: Arc::new(config.curated.clone()),
            calendar: config.calendar.clone(),
            alerts: config.alerts.clone(),
            known: commands::KnownCache::default(),
            search: Arc::new(Search::new(
                store.clone(),
                config.lexicon.clone(),
                Arc::new(config.curated.clone()),
            )),
        };
        Self {
            folder,
            config,
            store,
            publisher,
            deliverer,
            desk,
            clock: HandClock::at("2026-11-20T00:00:00Z"),
        }
    }

    /// The store's folder.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A crash and a start: nothing but what is on the disk is known.
    pub(crate) fn restart(self) -> Self {
        self.restart_with(&StoreSettings::default())
    }

    /// The same, the store opened in another way.
    pub(crate) fn restart_with(self, settings: &StoreSettings) -> Self {
        let platforms = self.deliverer.platforms.values().cloned().collect();
        self.started_with(settings, platforms)
    }

    /// The same, connected to other platforms.
    pub(crate) fn restart_on(self, platforms: Vec<Arc<dyn Platform>>) -> Self {
        self.started_with(&StoreSettings::default(), platforms)
    }

    fn started_with(self, settings: &StoreSettings, platforms: Vec<Arc<dyn Platform>>) -> Self {
        let Self { folder, config, store, publisher, deliverer, desk, .. } = self;
        drop((publisher, deliverer, desk));
        drop(store);
        let store = Store::open(folder.path(), settings).unwrap();
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

    /// Asks a command line in a chat about another one that the asker may manage.
    pub(crate) fn ask_about(&self, to: &str, other: &str, line: &str, now: &str) -> Message {
        let other = chat(other);
        let about =
            About { name: other.chat.to_string(), label: "Rare Desk".to_owned(), chat: Ok(other) };
        commands::answer(
            &self.desk,
            &Invocation { about: Some(Box::new(about)), ..asked(to, line) },
            at(now),
        )
    }

    /// Asks a command line in a chat, as somebody who may or may not manage it.
    pub(crate) fn ask(&self, to: &str, line: &str, may_manage: bool, now: &str) -> Message {
        if matches!(line.split(' ').next(), Some("search" | "watch" | "watches")) {
            self.desk.search.catch_up().unwrap();
        }
        commands::answer(&self.desk, &Invocation { may_manage, ..asked(to, line) }, at(now))
    }

    /// Claims and sends until nothing is due at `now`; how each delivery went on.
    pub(crate) async fn deliver(&self, now: &str) -> Vec<String> {
        let now = at(now);
        let mut log = Vec::new();
        loop {
            let claimed = self.deliverer.claim_due(now, 50).unwrap();
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

    /// Sends what falls due from `start` on, as the service does but one message at a time, by a clock
    /// that jumps to whatever is waited for; until nothing is open, or `until`. Gives when it ended.
    pub(crate) async fn carry(&self, start: &str, until: &str) -> DateTime<Utc> {
        let (mut now, until) = (at(start), at(until));
        let (deliverer, mut line) = (&self.deliverer, Line::new());
        while now < until {
            self.clock.set(now);
            let platforms: Vec<_> = deliverer.platforms.keys().copied().collect();
            let wanted = line.wanted(platforms.into_iter(), &mut deliverer.pace(), now);
            let held = line.held();
            let claimed = deliverer.claim(now, &wanted, &|id| held.contains(id)).unwrap();
            claimed.into_iter().for_each(|delivery| line.add(delivery));
            let (turn, back) = line.next(&mut deliverer.pace(), now);
            let mut outcomes: Vec<_> = back
                .into_iter()
                .map(|(delivery, due)| Deliverer::back(delivery, due, "waits".to_owned()))
                .collect();
            let waited = match turn {
                Turn::Go(delivery) => {
                    outcomes.push(deliverer.send(*delivery, now).await);
                    None
                }
                Turn::Wait(Some(next)) => Some(next),
                // What is due may yet not be wanted: it is looked at now and then.
                Turn::Wait(None) => {
                    let due = deliverer.next_due(now).unwrap().unwrap_or(until);
                    Some(due.max(now + chrono::Duration::milliseconds(250)))
                }
            };
            outcomes.iter().for_each(|outcome| deliverer.learn(outcome, now));
            let recorded = deliverer.record(&outcomes, now).unwrap();
            for (delivery, step) in recorded.steps {
                line.done(&delivery);
                if let Step::Again(more) = step {
                    line.add(*more);
                }
            }
            for notice in recorded.notices {
                deliverer.tell(&notice).await;
            }
            if self.store.counts().waiting == 0 {
                return now;
            }
            now = waited.unwrap_or(now);
        }
        // What is held is given back, as a stop and a start would.
        let left = line.held();
        for id in left {
            let delivery = self.store.delivery(&id).unwrap().unwrap();
            let back = Deliverer::back(delivery, now, "stopped".to_owned());
            deliverer.record(&[back], now).unwrap();
        }
        now
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
                    State::Merged { into, .. } => format!("merged into {into}"),
                };
                format!("{} {state}", delivery.id)
            })
            .collect();
        lines.sort();
        lines.join("\n")
    }
}

use crate::world::clock::HandClock;

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
    let telling = Telling::of(&article);
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
