//! From bytes and markup to plain text: encodings, HTML, article pages, dates, URLs, languages.
//!
//! Pure: bytes or text in, text out. Nothing here fails or panics on bad
//! input; what cannot be read comes out empty.

pub mod date;
pub mod encoding;
pub mod html;
pub mod language;
pub mod link;
pub mod page;

pub use date::parse_date;
pub use encoding::decode;
pub use html::{bounded, escaped, html_to_text, plain_title};
pub use language::language;
pub use link::canonical_url;
pub use page::{PageText, page};

/// Runs a parser that is not ours: `None` when it panics, so that one page never ends a poll.
pub fn guarded<T>(parse: impl FnOnce() -> T) -> Option<T> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse)).ok()
}
