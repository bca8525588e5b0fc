//! The last days of comment periods, among the days to come.
//!
//! A period is told as its notice dates it; one that is longer than that is
//! another notice's word.

use crate::model::comment::CommentPeriod;
use crate::register::desk::{Coming, ComingKind};
use crate::text;

/// Longest title shown.
const TITLE: usize = 140;

/// The last day of a comment period.
pub(super) fn closing(period: &CommentPeriod) -> Coming {
    let title = text::cut(&text::one_line(&period.title), TITLE);
    Coming {
        key: format!("comments:{}:{}", period.url, period.closes),
        date: period.closes,
        what: format!("Comments close on “{}”", title.trim_end_matches(['.', '。'])),
        kind: ComingKind::Comments,
        publisher: period.publisher.clone(),
        url: period.url.clone(),
        elements: period.elements.clone(),
        companies: period.companies.clone(),
        quote: period.quote.clone(),
    }
}
