//! Alerts: what an article brings that somebody must be told at once, and what becomes of it.
//!
//! Pure: a story, the register before and after, and rules in; events and an
//! alert's next revision out. Nothing here knows a chat, a clock or a store, and
//! nothing is announced as new that is not.

mod events;
mod hold;
mod life;
mod rules;
pub mod watches;

pub use events::{Brought, Event, Known, events, reminder};
pub use hold::{Recent, held};
pub use life::{Raised, advance, corrections, remind};
pub use rules::{Limits, Rule, Rules, What};
