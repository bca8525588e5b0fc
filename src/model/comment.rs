//! Until when an authority takes comments on something, as its own page says.
//!
//! There is one only where a page names the day; nothing is counted from it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::article::{CompanyId, Element};

/// A comment period with its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentPeriod {
    /// What is commented on: the page's title.
    pub title: String,
    /// The last day.
    pub closes: NaiveDate,
    /// The sentence that says so, in its own language; empty where a field of the register does.
    pub quote: String,
    /// Who says so.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// Elements the page is about.
    pub elements: Vec<Element>,
    /// Companies the page is about.
    pub companies: Vec<CompanyId>,
}
