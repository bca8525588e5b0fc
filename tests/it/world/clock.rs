//! A clock that stands still until somebody waits on it: a wait moves it forward at once.
//!
//! It never really sleeps, so tests that back off for hours end in milliseconds.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use monazite::clock::Clock;

/// The time as the test has it.
#[derive(Clone)]
pub(crate) struct HandClock(Arc<Mutex<DateTime<Utc>>>);

impl HandClock {
    /// A clock that shows `start`, as RFC 3339.
    pub(crate) fn at(start: &str) -> Self {
        Self(Arc::new(Mutex::new(start.parse().unwrap())))
    }

    /// Sets the clock.
    pub(crate) fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap() = now;
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }
}
