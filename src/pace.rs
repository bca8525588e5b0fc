//! When the next message may go: each platform's published limits, and what its answers teach.
//!
//! A state machine without a clock: `now` is an argument, nothing here waits,
//! sends or fails. A send is counted when it begins. A clock that is set back
//! takes what is remembered with it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Duration, Utc};

use crate::model::subscription::{Destination, PlatformName};

/// What a platform's answer says about its limits.
#[derive(Clone, Debug, PartialEq)]
pub enum Lesson {
    /// What is left of a chat's own limit, and when it renews.
    Left {
        /// The chat.
        chat: i64,
        /// Messages that may still go before it renews.
        messages: u32,
        /// In how long it renews.
        renews: Duration,
    },
    /// Too many messages to a chat: none for so long.
    Chat {
        /// The chat.
        chat: i64,
        /// How long.
        wait: Duration,
    },
    /// Too many messages altogether: none for so long.
    Everything {
        /// How long.
        wait: Duration,
    },
    /// The platform counts this answer as an invalid request (401, 403, 429).
    Invalid,
    /// The bot's token is refused; the reason.
    Token(String),
    /// The platform did not answer, or with nonsense.
    Silent,
    /// The platform took a message.
    Well,
}

/// Why a message cannot go yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// No message at all may go to the platform before this.
    Platform(DateTime<Utc>),
    /// None may go to this chat before this.
    Chat(DateTime<Utc>),
}

/// The limits of every platform.
#[derive(Default)]
pub struct Pace {
    platforms: BTreeMap<PlatformName, Limits>,
    /// The latest instant seen.
    seen: Option<DateTime<Utc>>,
}

/// At most so many within a span, and never closer than a gap.
#[derive(Clone, Debug, Default)]
struct Window {
    most: usize,
    span: Duration,
    gap: Duration,
    taken: VecDeque<DateTime<Utc>>,
}

/// One platform's.
#[derive(Default)]
struct Limits {
    overall: Option<Window>,
    chats: HashMap<i64, Chat>,
    /// Nothing goes before this.
    closed: Option<DateTime<Utc>>,
    /// Why the token is refused.
    refused: Option<String>,
    /// Answers in a row that did not come.
    silent: u32,
    /// When requests were counted as invalid.
    invalid: VecDeque<DateTime<Utc>>,
    /// Until when the bot's own limit is kept more slowly, and by how many tenths.
    slower: Option<(DateTime<Utc>, i32)>,
    /// The chat that was limited last, and until when.
    flood: Option<(i64, DateTime<Utc>)>,
}

/// One chat's.
#[derive(Default)]
struct Chat {
    window: Option<Window>,
    closed: Option<DateTime<Utc>>,
    /// What the platform said is left, and when it renews.
    left: Option<(u32, DateTime<Utc>)>,
}

/// Most messages under way at once to a platform.
const AT_ONCE: usize = 64;
/// Answers missing in a row from which on one message at a time finds out whether it is back.
const SILENT: u32 = 5;
/// The longest a silent platform is left alone.
const LONGEST_SILENCE: Duration = Duration::seconds(60);
/// How long a platform that refuses the token is left alone.
const REFUSED: Duration = Duration::minutes(5);
/// Discord bars an address after ten thousand invalid requests within ten minutes.
const INVALID: usize = 5_000;
/// The ten minutes.
const INVALID_SPAN: Duration = Duration::minutes(10);
/// Beyond what was asked for, so that two clocks need not agree.
const MARGIN: Duration = Duration::milliseconds(50);
/// A clock this far behind what was seen was set back.
const SET_BACK: Duration = Duration::seconds(2);
/// No chat's window is longer.
const LONGEST_SPAN: Duration = Duration::seconds(61);
/// After a limit of the whole bot was met all the same, it is kept to a tenth more slowly for this
/// long; and a tenth more each further time, up to half the rate.
const SLOWER: Duration = Duration::minutes(10);
/// Chats remembered before those at rest are forgotten.
const CHATS: usize = 4_096;

impl Pace {
    /// The limits as published, with nothing learned yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a message to a chat may go now.
    ///
    /// # Errors
    ///
    /// Until when it may not, and what holds it.
    pub fn ready(&mut self, to: &Destination, now: DateTime<Utc>) -> Result<(), Hold> {
        self.follow(now);
        let limits = self.limits(to.platform);
        let open = limits.open(now);
        if open > now {
            return Err(Hold::Platform(open));
        }
        let open = limits.chat(to).open(now);
        if open > now { Err(Hold::Chat(open)) } else { Ok(()) }
    }

    /// Until when nothing goes to a platform, if that is later than `now`.
    pub fn closed(&mut self, platform: PlatformName, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.follow(now);
        self.limits(platform).closed.filter(|until| *until > now)
    }

    /// Why a platform's token is refused, if it is.
    #[must_use]
    pub fn refused(&self) -> Vec<(PlatformName, &str)> {
        self.platforms
            .iter()
            .filter_map(|(name, limits)| Some((*name, limits.refused.as_deref()?)))
            .collect()
    }

    /// How many messages may be under way to a platform at once: one where it does not answer.
    #[must_use]
    pub fn at_once(&self, platform: PlatformName) -> usize {
        let silent = self.platforms.get(&platform).is_some_and(|limits| limits.silent >= SILENT);
        if silent { 1 } else { AT_ONCE }
    }

    /// A message to a chat begins to be sent.
    pub fn took(&mut self, to: &Destination, now: DateTime<Utc>) {
        self.follow(now);
        self.limits(to.platform).take(to, now);
    }

    /// Takes a place for an answer to somebody who waits for it, before all that nobody waits for,
    /// and gives when it may go. An answer that changes a message does not wait for its chat's
    /// own limit, only for the bot's.
    pub fn book(&mut self, to: &Destination, changes: bool, now: DateTime<Utc>) -> DateTime<Utc> {
        self.follow(now);
        let limits = self.limits(to.platform);
        let mut at = limits.open(now);
        if !changes {
            at = at.max(limits.chat(to).open(now));
        }
        // Who would wait longer than this had better try, and be told.
        let at = at.min(now + Duration::seconds(3));
        limits.take(to, at);
        at
    }

    /// Learns from an answer.
    pub fn learn(&mut self, platform: PlatformName, lesson: Lesson, now: DateTime<Utc>) {
        self.follow(now);
        self.limits(platform).learn(platform, lesson, now);
    }

    fn limits(&mut self, platform: PlatformName) -> &mut Limits {
        self.platforms
            .entry(platform)
            .or_insert_with(|| Limits { overall: overall(platform), ..Limits::default() })
    }

    /// Takes what is remembered along when the clock was set back.
    fn follow(&mut self, now: DateTime<Utc>) {
        let seen = self.seen.unwrap_or(now);
        if seen - now > SET_BACK {
            let back = seen - now;
            self.platforms.values_mut().for_each(|limits| limits.shift(back));
            self.seen = Some(now);
        } else {
            self.seen = Some(seen.max(now));
        }
    }
}

/// The published limit of all messages of a bot, evenly spaced, and below it by what messages may be
/// delayed on their way: 35 of a thousand, so that those of one second never arrive within less.
fn overall(platform: PlatformName) -> Option<Window> {
    let window = |most, span, gap| Window {
        most,
        span: Duration::milliseconds(span),
        gap: Duration::milliseconds(gap),
        taken: VecDeque::new(),
    };
    match platform {
        PlatformName::Telegram => Some(window(30, 1_035, 33)),
        PlatformName::Discord => Some(window(50, 1_022, 16)),
        PlatformName::Console => None,
    }
}

/// The published limit of one chat. Discord's is known from its answers only; five in five seconds
/// is what it usually says.
fn of_chat(to: &Destination) -> Option<Window> {
    let window = |most, span, gap| Window {
        most,
        span: Duration::milliseconds(span),
        gap: Duration::milliseconds(gap),
        taken: VecDeque::new(),
    };
    match to.platform {
        PlatformName::Telegram if to.chat > 0 => Some(window(1, 1_020, 0)),
        PlatformName::Telegram => Some(window(20, 60_500, 1_020)),
        PlatformName::Discord => Some(window(5, 5_050, 0)),
        PlatformName::Console => None,
    }
}

impl Limits {
    fn open(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let tenths = self.slower.filter(|(until, _)| *until > now).map_or(0, |(_, tenths)| tenths);
        let free = self.overall.as_ref().map_or(now, |window| window.free(now, tenths));
        self.closed.map_or(free, |closed| closed.max(free))
    }

    fn chat(&mut self, to: &Destination) -> &mut Chat {
        self.chats.entry(to.chat).or_insert_with(|| Chat { window: of_chat(to), ..Chat::default() })
    }

    fn take(&mut self, to: &Destination, at: DateTime<Utc>) {
        if let Some(window) = &mut self.overall {
            window.take(at);
        }
        if self.chats.len() >= CHATS {
            self.chats.retain(|_, chat| chat.open(at) > at || chat.used_since(at - LONGEST_SPAN));
        }
        let chat = self.chat(to);
        if let Some(window) = &mut chat.window {
            window.take(at);
        }
        if let Some((messages, _)) = &mut chat.left {
            *messages = messages.saturating_sub(1);
        }
    }

    fn close(&mut self, until: DateTime<Utc>) {
        self.closed = Some(self.closed.map_or(until, |closed| closed.max(until)));
    }

    fn slow_down(&mut self, now: DateTime<Utc>) {
        let tenths = self.slower.filter(|(until, _)| *until > now).map_or(0, |(_, tenths)| tenths);
        self.slower = Some((now + SLOWER, (tenths + 1).min(10)));
    }

    fn learn(&mut self, platform: PlatformName, lesson: Lesson, now: DateTime<Utc>) {
        match lesson {
            Lesson::Left { chat, messages, renews } => {
                let chat = self.chats.entry(chat).or_default();
                chat.left = Some((messages, now + renews + MARGIN));
                // What the platform says of itself is better than what is usual.
                chat.window = None;
            }
            Lesson::Chat { chat, wait } => {
                let until = now + wait + MARGIN;
                self.chats.entry(chat).or_default().closed = Some(until);
                // Telegram does not say whose limit it is: two chats at once mean everyone's.
                let other = self.flood.is_some_and(|(first, end)| first != chat && now < end);
                if platform == PlatformName::Telegram && other {
                    self.close(until);
                    self.slow_down(now);
                }
                self.flood = Some((chat, until));
            }
            Lesson::Everything { wait } => {
                self.close(now + wait + MARGIN);
                self.slow_down(now);
            }
            Lesson::Invalid => {
                self.invalid.push_back(now);
                while self.invalid.front().is_some_and(|at| now - *at > INVALID_SPAN) {
                    self.invalid.pop_front();
                }
                if self.invalid.len() >= INVALID {
                    self.close(now + INVALID_SPAN);
                }
            }
            Lesson::Token(reason) => {
                self.refused = Some(reason);
                self.close(now + REFUSED);
            }
            Lesson::Silent => {
                self.silent = self.silent.saturating_add(1);
                if self.silent >= SILENT {
                    let wait = Duration::seconds(1 << (self.silent - SILENT).min(6));
                    self.close(now + wait.min(LONGEST_SILENCE));
                }
            }
            Lesson::Well => {
                if self.silent >= SILENT || self.refused.is_some() {
                    self.closed = None;
                }
                self.silent = 0;
                self.refused = None;
            }
        }
    }

    fn shift(&mut self, back: Duration) {
        let windows = self.chats.values_mut().filter_map(|chat| chat.window.as_mut());
        for window in windows.chain(self.overall.as_mut()) {
            window.taken.iter_mut().for_each(|at| *at -= back);
        }
        for chat in self.chats.values_mut() {
            chat.closed = chat.closed.map(|until| until - back);
            chat.left = chat.left.map(|(messages, renews)| (messages, renews - back));
        }
        self.closed = self.closed.map(|until| until - back);
        self.flood = self.flood.map(|(chat, until)| (chat, until - back));
        self.slower = self.slower.map(|(until, tenths)| (until - back, tenths));
        self.invalid.iter_mut().for_each(|at| *at -= back);
    }
}

impl Chat {
    fn open(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut at = self.window.as_ref().map_or(now, |window| window.free(now, 0));
        if let Some(closed) = self.closed {
            at = at.max(closed);
        }
        if let Some((0, renews)) = self.left {
            at = at.max(renews);
        }
        at
    }

    fn used_since(&self, then: DateTime<Utc>) -> bool {
        self.window.as_ref().is_some_and(|window| window.taken.back().is_some_and(|at| *at > then))
    }
}

impl Window {
    /// The first instant from `now` on at which one more keeps to the limit, that much more slowly.
    fn free(&self, now: DateTime<Utc>, tenths: i32) -> DateTime<Utc> {
        let slower = |span: Duration| span + span * tenths / 10;
        let mut at = now;
        if let Some(last) = self.taken.back() {
            at = at.max(*last + slower(self.gap));
        }
        if let Some(first) = self.taken.len().checked_sub(self.most) {
            at = at.max(self.taken[first] + slower(self.span));
        }
        at
    }

    fn take(&mut self, at: DateTime<Utc>) {
        let last = self.taken.back().copied().unwrap_or(at);
        self.taken.push_back(at.max(last));
        while self.taken.len() > self.most {
            self.taken.pop_front();
        }
    }
}
