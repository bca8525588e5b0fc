//! The one polite HTTP client.

/// The client.
pub struct Web;
