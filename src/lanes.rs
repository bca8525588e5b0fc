//! Work in lanes: in order within a lane, lanes beside each other.
//!
//! What one chat asked first is done first, however many chats ask at once. It
//! only says what may begin; it runs nothing and holds no more than it was given.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// What waits behind the work under way in each lane. A lane without work under way takes no room.
#[derive(Debug)]
pub struct Lanes<K, W>(HashMap<K, VecDeque<W>>);

impl<K, W> Default for Lanes<K, W> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, W> Lanes<K, W> {
    /// Gives `work` back when it may begin at once; it is then under way in its lane.
    #[must_use]
    pub fn enter(&mut self, lane: K, work: W) -> Option<W> {
        if let Some(waiting) = self.0.get_mut(&lane) {
            waiting.push_back(work);
            return None;
        }
        self.0.insert(lane, VecDeque::new());
        Some(work)
    }

    /// Ends the work under way in a lane; gives what comes next there, which is then under way.
    #[must_use]
    pub fn leave(&mut self, lane: &K) -> Option<W> {
        let next = self.0.get_mut(lane)?.pop_front();
        if next.is_none() {
            self.0.remove(lane);
        }
        next
    }

    /// How much waits, over all lanes.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.values().map(VecDeque::len).sum()
    }
}
