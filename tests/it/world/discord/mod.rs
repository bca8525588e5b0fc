//! A strict Discord on the loopback interface: REST and gateway, refusing what Discord refuses.
//!
//! It keeps all that was sent for a test to read, stands on a clock stepped by
//! hand, and can be told to fail.

mod gateway;
mod rest;
mod rules;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use chrono::{DateTime, Utc};
use monazite::chat::Connection;
use monazite::clock::Clock as _;
use monazite::model::event::Target;
use monazite::model::subscription::{Destination, PlatformName};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::world::clock::HandClock;

/// The token the fake accepts.
pub(crate) const TOKEN: &str = "MTIzNDU2.fake-discord.token_of-the-bot";
/// The application the token belongs to.
pub(crate) const APPLICATION: u64 = 1_100_000_000_000_000_001;
/// The server all channels are in.
pub(crate) const GUILD: u64 = 1_100_000_000_000_000_002;
/// A channel that is there from the start.
pub(crate) const CHANNEL: u64 = 1_100_000_000_000_000_100;

/// The fake. Cheap to clone; all clones are one Discord.
#[derive(Clone)]
pub(crate) struct FakeDiscord {
    inner: Arc<Inner>,
    /// Its time; an interaction must be answered within 3 s of it.
    pub(crate) clock: HandClock,
}

/// What happens to a request instead of being carried out, or after it was.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Answers 429 with this wait in seconds.
    Limited { retry_after: f64, global: bool },
    /// Carries the request out, and says that the next one must wait so many seconds.
    LastOne { reset_after: f64 },
    /// Answers 429 with this wait in seconds, for a limit that others used up with the bot.
    Shared { retry_after: f64 },
    /// Answers this status with this body.
    Status(u16, Value),
    /// Never answers; nothing was done.
    Silence,
    /// Cuts the connection; nothing was done.
    ResetBefore,
    /// Cuts the connection; the request was carried out.
    ResetAfter,
}

/// What Discord says of a message's pace.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pace {
    /// Taken; so many of so many are left in the channel until so many seconds have passed.
    Fine { limit: usize, remaining: usize, reset_after: f64 },
    /// Too fast: to be tried again after so many seconds.
    TooFast { retry_after: f64, global: bool },
}

/// Says of a message to a channel whether it came too fast.
type Gate = Box<dyn FnMut(u64) -> Pace + Send>;

struct Inner {
    url: String,
    gateway_url: String,
    clock: HandClock,
    world: Mutex<World>,
    wire: gateway::Wire,
    /// How many requests were answered.
    answers: watch::Sender<usize>,
}

#[derive(Default)]
struct World {
    channels: BTreeMap<u64, Channel>,
    interactions: HashMap<u64, Open>,
    commands: Vec<Value>,
    registrations: usize,
    faults: VecDeque<Fault>,
    pings: Vec<String>,
    edits: Vec<Value>,
    requests: Vec<String>,
    last_id: u64,
    broken_gateway: bool,
    /// Whether the bot came to the server with a user, who installed it for themselves.
    absent: bool,
    gate: Option<Gate>,
    /// So many messages posted or edited within so many seconds, in each channel, and when they were.
    bucket: Option<(usize, f64)>,
    taken: HashMap<u64, VecDeque<DateTime<Utc>>>,
    /// Requests beyond the bucket.
    beyond: usize,
    /// Shards wanted.
    shards: u64,
    /// Sessions that may be begun until an instant, where that is limited.
    starts: Option<(u64, DateTime<Utc>)>,
}

#[derive(Default)]
struct Channel {
    /// Discord's number of its type.
    kind: u8,
    name: String,
    /// The forum it is a post of, or the channel it is a thread of.
    parent: Option<u64>,
    /// The tags of a forum, as Discord has them.
    tags: Vec<Value>,
    /// The tags of a post.
    applied: Vec<String>,
    needs_tag: bool,
    forbidden: bool,
    shelf: Shelf,
    messages: Vec<Value>,
    nonces: HashMap<String, u64>,
    /// Messages passed on to followers.
    passed_on: Vec<u64>,
}

/// Where a thread is kept.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Shelf {
    #[default]
    Open,
    Archived,
    /// Archived, and locked by a moderator.
    Locked,
}

/// A thread as a test reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Thread {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) tags: Vec<String>,
}

/// An interaction.
struct Open {
    token: String,
    kind: u8,
    channel: u64,
    since: DateTime<Utc>,
    /// The type of the one immediate answer, once given.
    answered: Option<u8>,
    /// The message a button stands under, or the answer once it is a message.
    original: Option<u64>,
    private: bool,
    followups: Vec<Value>,
    choices: Option<Value>,
    /// The form that was opened.
    form: Option<Value>,
}

impl FakeDiscord {
    /// Starts it with one channel, `CHANNEL`.
    pub(crate) async fn start() -> Self {
        let clock = HandClock::at("2026-11-23T12:00:00Z");
        let rest = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sockets = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let inner = Arc::new(Inner {
            url: format!("http://{}", rest.local_addr().unwrap()),
            gateway_url: format!("ws://{}", sockets.local_addr().unwrap()),
            clock: clock.clone(),
            world: Mutex::new(World { last_id: APPLICATION + 1000, shards: 1, ..World::default() }),
            wire: gateway::Wire::default(),
            answers: watch::channel(0).0,
        });
        let router = Router::new().fallback(rest::answer).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(rest, router).await.unwrap() });
        tokio::spawn(gateway::serve(inner.clone(), sockets));
        let fake = Self { inner, clock };
        fake.add_channel(CHANNEL);
        fake
    }

    /// Waits until what the bot did over REST satisfies `reached`.
    pub(crate) async fn until(&self, reached: impl Fn(&Self) -> bool) {
        self.inner.answers.subscribe().wait_for(|_| reached(self)).await.unwrap();
    }

    /// How to reach it.
    pub(crate) fn connection(&self) -> Connection {
        Connection {
            api_url: self.inner.url.clone(),
            token: TOKEN.into(),
            application: None,
            webhook: None,
            clock: Arc::new(self.clock.clone()),
        }
    }

    /// A new message in `channel`.
    pub(crate) fn chat(channel: u64) -> Target {
        Target::Chat(Self::place(channel))
    }

    /// `channel` as a destination.
    pub(crate) fn place(channel: u64) -> Destination {
        let chat = i64::try_from(channel).unwrap();
        Destination { platform: PlatformName::Discord, chat, thread: None }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.inner.world.lock().unwrap()
    }

    /// Adds an empty channel.
    pub(crate) fn add_channel(&self, channel: u64) {
        self.world().channels.insert(channel, Channel::default());
    }

    /// Adds an announcement channel.
    pub(crate) fn add_announcements(&self, channel: u64) {
        let place = Channel { kind: 5, ..Channel::default() };
        self.world().channels.insert(channel, place);
    }

    /// Adds a forum with tags of these names, their ids counting from 1; `needs_tag` refuses posts
    /// without one.
    pub(crate) fn add_forum(&self, channel: u64, tags: &[&str], needs_tag: bool) {
        let tag = |(i, name): (usize, &&str)| {
            serde_json::json!({ "id": (i + 1).to_string(), "name": name, "moderated": false,
                "emoji_id": null, "emoji_name": null })
        };
        let tags = tags.iter().enumerate().map(tag).collect();
        let place = Channel { kind: 15, tags, needs_tag, ..Channel::default() };
        self.world().channels.insert(channel, place);
    }

    /// The threads under a channel, or the posts of a forum, oldest first.
    pub(crate) fn threads(&self, channel: u64) -> Vec<Thread> {
        let world = self.world();
        let ours = world.channels.iter().filter(|(_, thread)| thread.parent == Some(channel));
        let told = ours.map(|(id, thread)| Thread {
            id: *id,
            name: thread.name.clone(),
            tags: thread.applied.clone(),
        });
        told.collect()
    }

    /// The messages of a channel that were passed on to followers.
    pub(crate) fn passed_on(&self, channel: u64) -> Vec<u64> {
        self.world().channels[&channel].passed_on.clone()
    }

    /// The form that an interaction was answered with.
    pub(crate) fn form(&self, interaction: u64) -> Option<Value> {
        self.world().interactions[&interaction].form.clone()
    }

    /// The private channel with a person, which is there once the bot has opened it.
    pub(crate) fn private_with(person: u64) -> u64 {
        CHANNEL + 1_000_000 + person
    }

    /// Removes a channel without saying so on the gateway.
    pub(crate) fn remove_channel(&self, channel: u64) {
        self.world().channels.remove(&channel);
    }

    /// Takes the right to send in a channel from the bot.
    pub(crate) fn forbid(&self, channel: u64) {
        self.world().channels.get_mut(&channel).unwrap().forbidden = true;
    }

    /// Archives a channel, as a thread.
    pub(crate) fn archive(&self, channel: u64) {
        self.world().channels.get_mut(&channel).unwrap().shelf = Shelf::Archived;
    }

    /// Locks a thread and archives it, as a moderator.
    pub(crate) fn lock(&self, channel: u64) {
        self.world().channels.get_mut(&channel).unwrap().shelf = Shelf::Locked;
    }

    /// Deletes a message, as somebody in the channel.
    pub(crate) fn delete(&self, channel: u64, message: u64) {
        let id = message.to_string();
        let messages = &mut self.world();
        let messages = &mut messages.channels.get_mut(&channel).unwrap().messages;
        messages.retain(|message| message["id"] != id);
    }

    /// Wants so many shards from now on.
    pub(crate) fn want_shards(&self, shards: u64) {
        self.world().shards = shards;
    }

    /// Lets only so many sessions begin for a while.
    pub(crate) fn limit_starts(&self, remaining: u64, seconds: i64) {
        let until = self.clock.now() + chrono::Duration::seconds(seconds);
        self.world().starts = Some((remaining, until));
    }

    /// The bot is no member of the server: who asks there has installed it for themselves.
    pub(crate) fn leave_server(&self) {
        self.world().absent = true;
    }

    /// Makes `GET /gateway/bot` fail from now on.
    pub(crate) fn break_gateway(&self) {
        self.world().broken_gateway = true;
    }

    /// What happens to the next request, after those already waiting.
    pub(crate) fn fail_next(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// From now on, `gate` says of every new message whether it came too fast.
    pub(crate) fn gate(&self, gate: impl FnMut(u64) -> Pace + Send + 'static) {
        self.world().gate = Some(Box::new(gate));
    }

    /// From now on posting and editing share one bucket in each channel: so many within so many seconds.
    pub(crate) fn share_bucket(&self, limit: usize, seconds: f64) {
        self.world().bucket = Some((limit, seconds));
    }

    /// Requests that came beyond that bucket.
    pub(crate) fn beyond(&self) -> usize {
        self.world().beyond
    }

    /// How many faults are ordered and have not happened yet.
    pub(crate) fn ordered(&self) -> usize {
        self.world().faults.len()
    }

    /// All messages in a channel, in order, as they stand now.
    pub(crate) fn messages(&self, channel: u64) -> Vec<Value> {
        self.world().channels[&channel].messages.clone()
    }

    /// The bodies messages were edited with, in order.
    pub(crate) fn edits(&self) -> Vec<Value> {
        self.world().edits.clone()
    }

    /// The type of the immediate answer to an interaction.
    pub(crate) fn answered(&self, interaction: u64) -> Option<u8> {
        self.world().interactions[&interaction].answered
    }

    /// The follow-up messages to an interaction, in order.
    pub(crate) fn followups(&self, interaction: u64) -> Vec<Value> {
        self.world().interactions[&interaction].followups.clone()
    }

    /// The suggestions given to a completion.
    pub(crate) fn choices(&self, interaction: u64) -> Option<Value> {
        self.world().interactions[&interaction].choices.clone()
    }

    /// The commands as registered last.
    pub(crate) fn commands(&self) -> Vec<Value> {
        self.world().commands.clone()
    }

    /// How often commands were registered.
    pub(crate) fn registrations(&self) -> usize {
        self.world().registrations
    }

    /// Texts that pinged somebody.
    pub(crate) fn pings(&self) -> Vec<String> {
        self.world().pings.clone()
    }

    /// Every request so far, as method and path.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.world().requests.clone()
    }
}

impl World {
    fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}
