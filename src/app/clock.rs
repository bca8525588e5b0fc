//! The real clock, and one that pretends another start.
//!
//! Nothing else in the program reads the time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use crate::clock::Clock;

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        system_now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// A clock that runs on from an instant of its own.
pub(super) struct ShiftedClock(Mutex<chrono::Duration>);

impl ShiftedClock {
    /// A clock that shows `start` now.
    pub(super) fn starting(start: DateTime<Utc>) -> Self {
        Self(Mutex::new(start - system_now()))
    }

    /// Sets the clock to an instant.
    pub(super) fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at - system_now();
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        system_now() + *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
