//! Understanding: what an article is about, what it says, and which story it tells.
//!
//! Pure functions over text and the lexicon. Nothing is generated: highlights
//! are sentences of the article, a signal names the words it rests on, and a
//! figure without a unit is no price.

pub mod claims;
pub mod cluster;
mod classify;
mod comments;
pub mod dates;
mod prices;
mod signal;
mod summarize;

pub use classify::{Understanding, classify};
pub use comments::{Closing, closing};
pub use prices::prices;
pub use signal::signal;
pub use summarize::{stands_alone, summarize};

use crate::model::story::Telling;

/// Puts a story's primary telling first: the most trusted source, then the earliest, then by
/// address so that the order never depends on arrival.
pub fn order_tellings(tellings: &mut [Telling]) {
    tellings.sort_by(|a, b| (a.tier, a.published, &a.url).cmp(&(b.tier, b.published, &b.url)));
}
