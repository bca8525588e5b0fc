//! The order of updates that come at once: one after the other within a chat, chats beside each other.
//!
//! Telegram numbers updates without gaps, so one before which some are missing
//! is out of step: it waits for them a moment, and no longer, since they may never
//! come. Nothing is held or dropped here; whoever has an update asks for its turn.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

/// How long an update waits for those before it. Those that are posted at once are milliseconds
/// apart.
const MOMENT: Duration = Duration::from_millis(100);

/// An id so far below the last ones is no late one: after a quiet week Telegram begins anew at random.
const ANEW: u32 = 1024;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// Up to this id all have come, or are waited for no longer; `None` before the first.
    upto: Option<u32>,
    /// Those beyond it that came.
    came: BTreeSet<u32>,
    /// Who waits in each chat, by id; one that came twice waits twice.
    waiting: HashMap<i64, BTreeSet<(u32, u64)>>,
    /// Chats of which an update is being handled.
    busy: HashSet<i64>,
    tickets: u64,
}

/// A place in a chat's line, or the turn itself; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'a> {
    turns: &'a Turns,
    chat: i64,
    place: (u32, u64),
    taken: bool,
}

impl Turns {
    /// Notes that an update has come.
    pub(super) fn came(&self, id: u32) {
        self.state().come(id);
        self.changed.notify_waiters();
    }

    /// Waits until it is the turn of a chat's update.
    pub(super) async fn of(&self, chat: i64, id: u32) -> Turn<'_> {
        let mut turn = self.enter(chat, id);
        loop {
            let lowest = self.state().came.first().copied();
            // As long as earlier ones still come, more of them may.
            let more =
                |state: &mut State| state.is_settled(id) || state.came.first().copied() < lowest;
            if tokio::time::timeout(MOMENT, self.until(more)).await.is_err() {
                self.state().settle(id);
                self.changed.notify_waiters();
                break;
            }
            if self.state().is_settled(id) {
                break;
            }
        }
        let place = turn.place;
        self.until(|state| state.take(chat, place)).await;
        turn.taken = true;
        turn
    }

    fn enter(&self, chat: i64, id: u32) -> Turn<'_> {
        let mut state = self.state();
        state.tickets += 1;
        let place = (id, state.tickets);
        state.waiting.entry(chat).or_default().insert(place);
        Turn { turns: self, chat, place, taken: false }
    }

    async fn until(&self, mut reached: impl FnMut(&mut State) -> bool) {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            if reached(&mut self.state()) {
                return;
            }
            changed.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn come(&mut self, id: u32) {
        if self.upto.is_some_and(|upto| id.saturating_add(ANEW) < upto) {
            self.upto = None;
            self.came.clear();
        }
        match self.upto {
            Some(upto) if id <= upto => {}
            _ => drop(self.came.insert(id)),
        }
        self.settle(self.upto.unwrap_or_default());
    }

    /// Whether nothing before an id is waited for.
    fn is_settled(&self, id: u32) -> bool {
        self.upto.is_some_and(|upto| id <= upto)
    }

    /// Waits no longer for what comes before an id, and goes on from there as far as all have come.
    fn settle(&mut self, id: u32) {
        if self.upto.is_none() && !self.came.contains(&id) {
            return;
        }
        let mut upto = self.upto.unwrap_or_default().max(id);
        while self.came.contains(&upto.saturating_add(1)) {
            upto += 1;
        }
        self.came = self.came.split_off(&upto.saturating_add(1));
        self.upto = Some(upto);
    }

    /// Takes a chat's turn for who is first in its line.
    fn take(&mut self, chat: i64, place: (u32, u64)) -> bool {
        let first = self.waiting.get(&chat).and_then(BTreeSet::first) == Some(&place);
        if !first || self.busy.contains(&chat) {
            return false;
        }
        self.busy.insert(chat);
        self.leave(chat, place);
        true
    }

    fn leave(&mut self, chat: i64, place: (u32, u64)) {
        if let Some(line) = self.waiting.get_mut(&chat) {
            line.remove(&place);
            if line.is_empty() {
                self.waiting.remove(&chat);
            }
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.turns.state();
        if self.taken {
            state.busy.remove(&self.chat);
        } else {
            state.leave(self.chat, self.place);
        }
        drop(state);
        self.turns.changed.notify_waiters();
    }
}
