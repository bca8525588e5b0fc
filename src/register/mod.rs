//! The license register: claims and an instant in, rows with their state and history out.
//!
//! Pure: no clock, no store, no wording beyond short phrases. China publishes no
//! list of license holders, so a row is what somebody said, never an official
//! entry. Time alone makes a license due; only a claim ends it. Nothing is ever
//! deleted: a denial, a correction and a rejection stand beside what they are
//! about. Unnamed holders are never given names, and a buyer is never a holder.

mod comments;
mod curated;
mod decide;
mod desk;
mod fold;
mod handle;
mod judge;
mod news;
mod origin;
mod place;
mod query;
mod regime;
mod row;
mod told;
mod words;

pub use curated::{Curated, Watch, curated};
pub use decide::{Decision, Field, Verdict, correct, to_review};
pub use desk::{Coming, ComingKind, dates, desk, is_new_announcement, is_new_listing, upcoming};
pub use fold::{Register, fold};
pub use handle::argument;
pub use origin::{Trust, trust};
pub use query::{Filter, UnknownWords, known_words};
pub use regime::{Status, Suspension, acts_on, announcements, controls_of, status, suspensions};
pub use row::{Contradiction, Ends, Entry, Rejected, Row, Scope, State};
pub use words::{
    action, backing, certainty, date, day, ending, first_clause, kind, lasts, left, listed, named,
    numbers, of_record, origins, reporter, scope, since, state, term,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::lexicon::Lexicon;
use crate::model::comment::CommentPeriod;
use crate::model::license::{Claim, RegimeEvent, Restriction, Role};

/// A record and when it was first seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted<T> {
    /// When.
    pub first_seen: DateTime<Utc>,
    /// The record.
    pub record: T,
}

/// Everything the register is folded from.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// Claims, in any order.
    pub claims: Vec<Claim>,
    /// What the operator decided, in any order.
    pub decisions: Vec<Decision>,
    /// Entity and country listings found in articles.
    pub restrictions: Vec<Noted<Restriction>>,
    /// Announcements found in articles.
    pub regime: Vec<Noted<RegimeEvent>>,
    /// Comment periods that authorities opened.
    pub comments: Vec<Noted<CommentPeriod>>,
}

impl Evidence {
    /// This evidence, and the claims of the curated history before it. A firm that the lexicon knows as a buyer
    /// is an end user, whatever a text made of it: a customer is never a holder.
    #[must_use]
    pub fn with(mut self, curated: &Curated, lexicon: &Lexicon) -> Self {
        let mut claims = curated.claims.clone();
        claims.append(&mut self.claims);
        for claim in &mut claims {
            let company = claim.holder.as_ref().and_then(|id| lexicon.company(id));
            if company.is_some_and(|company| company.sector == "buyer") {
                claim.role = Role::EndUser;
            }
        }
        Self { claims, ..self }
    }

    /// What was known at an instant.
    #[must_use]
    pub fn until(&self, at: DateTime<Utc>) -> Self {
        Self {
            claims: self.claims.iter().filter(|c| c.first_seen <= at).cloned().collect(),
            decisions: self.decisions.iter().filter(|d| d.at <= at).cloned().collect(),
            restrictions: known(&self.restrictions, at),
            regime: known(&self.regime, at),
            comments: known(&self.comments, at),
        }
    }
}

fn known<T: Clone>(list: &[Noted<T>], at: DateTime<Utc>) -> Vec<Noted<T>> {
    list.iter().filter(|noted| noted.first_seen <= at).cloned().collect()
}
