//! How fast the platforms take messages: sliding windows, strictly counted.
//!
//! Telegram: 30 a second overall, one a second in a private chat, 20 a minute in
//! a group (core.telegram.org/bots/faq, "My bot is hitting limits"). Discord: 50
//! requests a second overall, and per channel five in five seconds, as its
//! `X-RateLimit` headers say for the route (discord.com/developers/docs/topics/rate-limits).

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::world::discord::Pace;

/// One platform's count of what it took and when.
pub(crate) struct Limits {
    overall: Window,
    private: (usize, TimeDelta),
    group: (usize, TimeDelta),
    chats: HashMap<i64, Window>,
    /// Requests beyond a limit.
    refused: usize,
}

struct Window {
    most: usize,
    within: TimeDelta,
    taken: VecDeque<DateTime<Utc>>,
}

impl Limits {
    /// Telegram's.
    pub(crate) fn telegram() -> Self {
        Self::new(30, (1, TimeDelta::seconds(1)), (20, TimeDelta::minutes(1)))
    }

    /// Discord's.
    pub(crate) fn discord() -> Self {
        let channel = (5, TimeDelta::seconds(5));
        Self::new(50, channel, channel)
    }

    fn new(overall: usize, private: (usize, TimeDelta), group: (usize, TimeDelta)) -> Self {
        Self {
            overall: Window::new((overall, TimeDelta::seconds(1))),
            private,
            group,
            chats: HashMap::new(),
            refused: 0,
        }
    }

    /// A request for `chat` at `now`; groups and channels have negative numbers on Telegram.
    pub(crate) fn ask(&mut self, chat: i64, now: DateTime<Utc>) -> Pace {
        let limit = if chat < 0 { self.group } else { self.private };
        let window = self.chats.entry(chat).or_insert_with(|| Window::new(limit));
        let (overall, here) = (self.overall.wait(now), window.wait(now));
        if let Some(wait) = overall.max(here) {
            self.refused += 1;
            return Pace::TooFast { retry_after: seconds(wait), global: overall >= here };
        }
        self.overall.taken.push_back(now);
        window.taken.push_back(now);
        let oldest = window.taken.front().copied().unwrap_or(now);
        Pace::Fine {
            limit: window.most,
            remaining: window.most - window.taken.len(),
            reset_after: seconds(oldest + window.within - now),
        }
    }

    /// How many requests were beyond a limit.
    pub(crate) fn refused(&self) -> usize {
        self.refused
    }
}

impl Window {
    fn new((most, within): (usize, TimeDelta)) -> Self {
        Self { most, within, taken: VecDeque::new() }
    }

    /// How long until one more fits; `None` when it fits now.
    fn wait(&mut self, now: DateTime<Utc>) -> Option<TimeDelta> {
        while self.taken.front().is_some_and(|at| *at + self.within <= now) {
            self.taken.pop_front();
        }
        (self.taken.len() >= self.most).then(|| self.taken[0] + self.within - now)
    }
}

fn seconds(span: TimeDelta) -> f64 {
    span.num_milliseconds() as f64 / 1e3
}
