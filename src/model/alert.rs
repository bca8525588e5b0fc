//! How much an event matters to those who asked to be told.
//!
//! What makes an event matter is decided by rules elsewhere; this is only the scale.

use serde::{Deserialize, Serialize};

/// How much an event matters, least first.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Somebody asked for it by a watch.
    Notable,
    /// It changes what was believed or what is due soon.
    #[default]
    High,
    /// It changes who may export.
    Critical,
}

impl Severity {
    /// The lower-case name, as typed and as shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Notable => "notable",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
