//! How often somebody may ask: a guard that knows who asked when, and nothing else.
//!
//! It reads no clock and never waits; who is too fast is told once, and then not
//! answered until there is room again.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use chrono::{DateTime, TimeDelta, Utc};

/// Askers remembered at once; past it, those that have been quiet are forgotten.
const REMEMBERED: usize = 4_096;

/// What to do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Answer it.
    Answer,
    /// Say that this is too fast.
    SlowDown,
    /// Say nothing: that this is too fast was said already.
    Ignore,
}

/// So many questions in so long, for each asker.
#[derive(Debug)]
pub struct Askers<K> {
    most: usize,
    window: TimeDelta,
    known: HashMap<K, Asker>,
}

#[derive(Debug, Default)]
struct Asker {
    /// When questions were answered, the latest at the end.
    answered: VecDeque<DateTime<Utc>>,
    /// Whether it was said that this is too fast.
    told: bool,
}

impl Asker {
    /// Forgets what was before the window, or lies ahead because the clock was set back.
    fn forget(&mut self, now: DateTime<Utc>, window: TimeDelta) {
        self.answered.retain(|at| *at <= now && now - *at < window);
    }
}

impl<K: Eq + Hash> Askers<K> {
    /// Answers each asker `most` times within `window`.
    #[must_use]
    pub fn new(most: usize, window: TimeDelta) -> Self {
        Self { most, window, known: HashMap::new() }
    }

    /// What to do with a question of `asker`'s at `now`.
    pub fn ask(&mut self, asker: K, now: DateTime<Utc>) -> Verdict {
        if self.known.len() >= REMEMBERED && !self.known.contains_key(&asker) {
            self.make_room(now);
        }
        let this = self.known.entry(asker).or_default();
        this.forget(now, self.window);
        if this.answered.len() < self.most {
            this.answered.push_back(now);
            this.told = false;
            Verdict::Answer
        } else if this.told {
            Verdict::Ignore
        } else {
            this.told = true;
            Verdict::SlowDown
        }
    }

    /// Askers remembered now.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.known.len()
    }

    /// Forgets who was quiet for the window; should nobody have been, everybody.
    fn make_room(&mut self, now: DateTime<Utc>) {
        self.known.retain(|_, asker| {
            asker.forget(now, self.window);
            !asker.answered.is_empty()
        });
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
    }
}
