//! Time as an argument for the edges that must wait: spacing requests, backing off.
//!
//! Everything else gets `now` as a value. The one clock that is real lives in
//! `app.rs`; tests step theirs by hand, so nothing in them sleeps.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

/// Something that knows the time and can wait.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
    /// Resolves once `duration` has passed.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}
