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
pub use html::{html_to_text, plain_title};
pub use language::language;
pub use link::canonical_url;
pub use page::{PageText, page};
