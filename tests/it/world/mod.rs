//! The simulated world: strict fakes of the web, Discord and Telegram, and a clock stepped by hand.
//!
//! The fakes refuse what the platforms refuse; a test that sends nonsense fails.

pub(crate) mod clock;
pub(crate) mod discord;
pub(crate) mod home;
pub(crate) mod limits;
pub(crate) mod telegram;
pub(crate) mod web;
