//! The program with its sources and chats, and what was taken down of what it said.
//!
//! Commands come in as the platforms bring them and answers go out as they are
//! sent; nothing is rendered here.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use monazite::app::SampleWeb;
use monazite::chat::Platform;
use monazite::commands;
use monazite::ingest::{Alarms, AskedFor, Ingest};
use monazite::model::event::Event;
use monazite::sources::KINDS;
use monazite::sources::http::{Lookup, Web};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::world::clock::HandClock;
use crate::world::discord::{CHANNEL, FakeDiscord};
use crate::world::home::{Home, at};
use crate::world::telegram::FakeTelegram;
use crate::world::web::{FakeWeb, ok};

/// The private chat on Telegram, and who speaks there.
pub(crate) const PERSON: i64 = 5;
/// Discord's forum, and its channel for alerts.
pub(crate) const FORUM: u64 = 400;
pub(crate) const ALERTS: u64 = 500;
/// Before the sample was read, a minute before the edition closes, and when it does.
pub(crate) const MOMENTS: [&str; 3] =
    ["2026-11-23T11:58:00Z", "2026-11-23T11:59:00Z", "2026-11-23T12:00:00Z"];

/// The sources that read the sample web.
const SOURCES: &str = include_str!("../../config/sample/sources.toml");
/// Feeds of a later day, written for alerts: their names and trust.
const LATER: [(&str, &str, u8); 3] = [
    ("later-wire", "Second Wire (sample)", 2),
    ("later-desk", "Trade Desk (sample)", 3),
    ("later-filings", "Filings (sample)", 1),
];

/// What one or several messages looked like to whoever received them.
#[derive(Serialize)]
pub(crate) struct Scene {
    /// What it shows, in a word or two: `settings-hour`.
    pub(crate) name: String,
    /// `discord`, `telegram`, `telegram-inline`, `discord-forum`.
    pub(crate) platform: &'static str,
    /// What was typed, if something was.
    pub(crate) asked: String,
    /// When, in UTC.
    pub(crate) at: DateTime<Utc>,
    /// The messages as they were taken, in order.
    pub(crate) parts: Vec<Value>,
}

/// The program and its surroundings.
pub(crate) struct Stage {
    pub(crate) home: Home,
    pub(crate) discord: FakeDiscord,
    pub(crate) telegram: FakeTelegram,
    pub(crate) scenes: Vec<Scene>,
    ingest: Ingest,
    sample: SampleWeb,
    later: FakeWeb,
    events: mpsc::Receiver<Event>,
}

impl Stage {
    /// Everything in place, the sample read and its edition published.
    pub(crate) async fn set() -> anyhow::Result<Self> {
        let (discord, telegram) = (FakeDiscord::start().await, FakeTelegram::start().await);
        telegram.private(PERSON, "Reader");
        discord.add_forum(FORUM, &["Licensing & controls", "Prices", "Mining"], false);
        discord.add_channel(ALERTS);
        let (sample, later) = (SampleWeb::serve().await?, FakeWeb::start().await);
        let mut sources = SOURCES.to_owned();
        for (id, name, tier) in LATER {
            let url = format!("http://{id}.example/feed");
            sources.push_str(&format!(
                "\n[[source]]\nid = '{id}'\nname = '{name}'\nkind = 'feed'\nurl = '{url}'\ntier = {tier}\n"
            ));
            later.on(&url, ok(feed("")));
        }
        let platforms: Vec<Arc<dyn Platform>> = vec![
            monazite::chat::discord::connect(discord.connection()).map_err(anyhow::Error::msg)?,
            telegram.platform(),
        ];
        let home = Home::with(&[("sources.toml", &sources)], platforms);
        let ingest = alarming(&home, at(MOMENTS[0]))?;
        let events = listening(&home, &discord).await;
        Ok(Self { home, discord, telegram, scenes: Vec::new(), ingest, sample, later, events })
    }

    /// Reads the sample's sources, or those of the later day.
    pub(crate) async fn gather(&self, later: bool, now: &str) -> anyhow::Result<()> {
        let names: Lookup = if later { self.later.lookup() } else { self.sample.lookup() };
        let mut settings = self.later.settings();
        settings.allow_private.extend(self.sample.hosts().iter().map(|host| format!("{host}:80")));
        let web = Web::with_lookup(settings, Arc::new(HandClock::at(now)), names)?;
        for spec in &self.home.config.sources {
            if LATER.iter().any(|(id, ..)| *id == spec.id.0) != later {
                continue;
            }
            let kind = KINDS.iter().find(|kind| kind.name == spec.kind).context("unknown kind")?;
            let source = (kind.build)(spec).map_err(|p| anyhow::anyhow!(p.join("; ")))?;
            self.ingest.poll(spec, source.as_ref(), &web, at(now)).await?;
        }
        Ok(())
    }

    /// What a feed of the later day lists from now on: titles and texts, published at `now`.
    pub(crate) fn list(&self, source: &str, now: &str, items: &[(String, String)]) {
        let date = at(now).to_rfc2822();
        let item = |(title, text): &(String, String)| {
            let slug: String = title.chars().filter(char::is_ascii_alphanumeric).collect();
            format!(
                "<item><title>{title}</title><link>/{slug}</link><guid>{slug}</guid>\
                 <pubDate>{date}</pubDate><description>{text}</description></item>"
            )
        };
        let items: String = items.iter().map(item).collect();
        self.later.on(&format!("http://{source}.example/feed"), ok(feed(&items)));
    }

    /// A person types a command on both platforms; the answers become scenes.
    pub(crate) async fn ask(&mut self, name: &str, line: &str, now: &str) -> anyhow::Result<()> {
        self.ask_discord(name, line, now).await?;
        self.ask_telegram(name, line, now).await
    }

    pub(crate) async fn ask_discord(
        &mut self,
        name: &str,
        line: &str,
        now: &str,
    ) -> anyhow::Result<()> {
        self.discord.clock.set(at(now));
        let before = self.discord.messages(CHANNEL).len();
        let (command, args) = line.split_once(' ').unwrap_or((line, ""));
        self.discord.slash(command, args, true);
        self.answer(now).await?;
        self.take_discord(name, line, CHANNEL, before, now);
        Ok(())
    }

    pub(crate) async fn ask_telegram(
        &mut self,
        name: &str,
        line: &str,
        now: &str,
    ) -> anyhow::Result<()> {
        let before = self.telegram.calls("sendMessage").len();
        self.telegram.push_text(PERSON, PERSON, &format!("/{line}"));
        self.answer(now).await?;
        self.take_telegram(name, line, before, now);
        Ok(())
    }

    /// Takes down what came to a channel since there were so many messages.
    pub(crate) fn take_discord(
        &mut self,
        name: &str,
        asked: &str,
        channel: u64,
        before: usize,
        now: &str,
    ) {
        let parts = self.discord.messages(channel).split_off(before);
        self.take(name, "discord", asked, parts, now);
    }

    /// Takes down what was sent to the person since so many were.
    pub(crate) fn take_telegram(&mut self, name: &str, asked: &str, before: usize, now: &str) {
        let parts = self.telegram.calls("sendMessage").split_off(before);
        self.take(name, "telegram", asked, parts, now);
    }

    pub(crate) fn take(
        &mut self,
        name: &str,
        platform: &'static str,
        asked: &str,
        parts: Vec<Value>,
        now: &str,
    ) {
        let (name, asked) = (name.to_owned(), asked.to_owned());
        self.scenes.push(Scene { name, platform, asked, at: at(now), parts });
    }

    /// Handles the next thing that comes in, as the service does.
    pub(crate) async fn answer(&mut self, now: &str) -> anyhow::Result<()> {
        let platforms = &self.home.deliverer.platforms;
        match self.events.recv().await.context("no event")? {
            Event::Asked(asked) => {
                self.home.desk.search.catch_up()?;
                let message = commands::answer(&self.home.desk, &asked, at(now));
                let platform = &platforms[&asked.reply.destination().platform];
                for part in platform.render(&message) {
                    platform.send(&asked.reply, &part, None).await?;
                }
            }
            Event::Sharing { platform, query, typed, from } => {
                self.home.desk.search.catch_up()?;
                let cards = commands::share(&self.home.desk, &typed, from, at(now));
                platforms[&platform].share(&query, &cards).await?;
            }
            other => anyhow::bail!("not expected here: {other:?}"),
        }
        Ok(())
    }
}

fn feed(items: &str) -> String {
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

fn alarming(home: &Home, now: DateTime<Utc>) -> anyhow::Result<Ingest> {
    let config = &home.config;
    let (lexicon, rules) = (config.lexicon.clone(), config.rules.clone());
    let ingest = Ingest::open(home.store.clone(), lexicon.clone(), rules, now)?;
    Ok(ingest.alarming(Alarms {
        lexicon,
        curated: Arc::new(config.curated.clone()),
        calendar: config.calendar.clone(),
        rules: config.alerts.clone(),
        zone: config.zone,
        operator: Vec::new(),
        asked: AskedFor::default(),
    }))
}

/// Registers the commands and listens to both platforms.
async fn listening(home: &Home, discord: &FakeDiscord) -> mpsc::Receiver<Event> {
    let (events, inbox) = mpsc::channel(64);
    for platform in home.deliverer.platforms.values() {
        platform.publish_menu(&commands::menu()).await.unwrap();
        let (platform, events) = (platform.clone(), events.clone());
        tokio::spawn(async move {
            let stop = CancellationToken::new();
            platform.listen(&commands::menu(), events, stop).await.unwrap();
        });
    }
    discord.gateway(|counts| counts.identified >= 1).await;
    discord.guild_create();
    inbox
}
