//! A row of the register: one holder, license type and scope, with its state and its history.
//!
//! Rows are values made by the fold and never changed afterwards.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

use crate::model::article::{CompanyId, Element};
use crate::model::license::{
    Certainty, Claim, DateBasis, LicenseAction, LicenseType, PartialDate, Role,
};
use crate::register::Decision;
use crate::register::origin::Trust;

/// What the claims of a row amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Said to be granted, as talk only.
    Rumored,
    /// Said to be granted by press or sources.
    Reported,
    /// A buyer says so.
    CustomerConfirmed,
    /// The holder says so.
    CompanyConfirmed,
    /// An authority says so.
    Official,
    /// Claims stand against each other, or only denials are known.
    Disputed,
    /// Its stated term ends within 60 days.
    Due,
    /// Its stated term is over; neither renewal nor expiry was seen.
    PastDue,
    /// A source says that it ended.
    Expired,
    /// A source says that a new term was granted.
    Renewed,
    /// A source says that it may not be used for now.
    Suspended,
    /// A source says that it was taken back.
    Revoked,
    /// A source says that it was refused.
    Refused,
    /// Applied for; no decision is known.
    Applied,
    /// A decision is said to be outstanding.
    Pending,
}

/// What the license covers, as far as claims say: the union of what they say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// Elements.
    pub elements: Vec<Element>,
    /// Goods.
    pub items: Vec<String>,
    /// Destinations.
    pub destinations: Vec<String>,
    /// Buyers, or how much of the client list.
    pub customers: Vec<String>,
    /// Conditions.
    pub conditions: Vec<String>,
}

/// Where a term ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Ends {
    /// The day, or the month when the start is known to the month only.
    pub date: PartialDate,
    /// What the start it is counted from is of: with `Article`, the term began on that day or
    /// before, so it may end earlier.
    pub basis: DateBasis,
    /// Months of the term, as stated.
    pub months: u32,
}

impl Ends {
    /// The end of a term of `months` from `start`.
    pub(super) fn after(start: PartialDate, months: u32, basis: DateBasis) -> Option<Self> {
        let first = start.first_day().checked_add_months(Months::new(months))?;
        let date = match start {
            PartialDate::Day(_) => PartialDate::Day(first),
            PartialDate::Month(..) => PartialDate::Month(first.year(), first.month()),
        };
        Some(Self { date, basis, months })
    }

    /// Days until the earliest day it can mean; negative when that is past.
    #[must_use]
    pub fn days(&self, today: NaiveDate) -> i64 {
        (self.date.first_day() - today).num_days()
    }

    /// Whether the latest day it can mean is past.
    #[must_use]
    pub fn is_past(&self, today: NaiveDate) -> bool {
        last_day(self.date) < today
    }
}

/// The last day a date can mean.
pub(super) fn last_day(date: PartialDate) -> NaiveDate {
    match date {
        PartialDate::Day(day) => day,
        PartialDate::Month(..) => {
            let next = date.first_day().checked_add_months(Months::new(1));
            next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(date.first_day())
        }
    }
}

/// A claim in a row's history, with the operator's corrections applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The claim.
    pub claim: Claim,
    /// Claims of one origin share this number; the row's numbers run from 0.
    pub origin: usize,
    /// How far it is trusted.
    #[serde(skip)]
    pub trust: Trust,
    /// The operator's acceptance, if any.
    pub accepted: Option<Decision>,
    /// Corrections applied, in their order.
    pub corrections: Vec<Decision>,
}

/// A claim that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rejected {
    /// The claim.
    pub claim: Claim,
    /// The decision, about it or about a copy of its story.
    pub decision: Decision,
}

/// Claims that stand against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contradiction {
    /// What they disagree about, one short phrase (`whether it was granted`).
    pub about: &'static str,
    /// The entries on each side by their place in the history, most trusted side first.
    pub sides: Vec<(String, Vec<usize>)>,
}

/// One holder × license type × scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// `jl-mag/general`; unnamed rows begin with `unnamed/`. Claims that come later leave it as it is.
    pub id: String,
    /// A short name for buttons and links, made from the id: ASCII letters, digits and `-`.
    pub key: String,
    /// The holder's canonical or provisional id; `None` when unnamed.
    pub holder: Option<CompanyId>,
    /// The name as the most trusted claim spells it, or how the unnamed holder is described.
    pub name: String,
    /// Exporter or end user.
    pub role: Role,
    /// The kind of license.
    pub license_type: LicenseType,
    /// What it covers.
    pub scope: Scope,
    /// What the claims amount to.
    pub state: State,
    /// The strongest certainty behind that state.
    pub certainty: Certainty,
    /// What was said to have happened last that made the state.
    pub action: LicenseAction,
    /// When that was.
    pub since: PartialDate,
    /// What `since` is of.
    pub since_basis: DateBasis,
    /// Where the current term ends, if a claim states a term.
    pub ends: Option<Ends>,
    /// Independent origins in the whole history.
    pub origins: usize,
    /// Articles in the whole history.
    pub articles: usize,
    /// Every claim, oldest event first.
    pub history: Vec<Entry>,
    /// What claims disagree about.
    pub contradictions: Vec<Contradiction>,
    /// Claims elsewhere that may concern this license, each one sentence without a full stop.
    pub doubts: Vec<String>,
}

impl Row {
    /// Whether the holder is said to hold it at present, disputed or not.
    #[must_use]
    pub fn is_held(&self) -> bool {
        use State::{
            Applied, CompanyConfirmed, CustomerConfirmed, Disputed, Due, Expired, Official,
            PastDue, Pending, Refused, Renewed, Reported, Revoked, Rumored, Suspended,
        };
        match self.state {
            Rumored | Reported | CustomerConfirmed | CompanyConfirmed | Official | Disputed
            | Due | PastDue | Renewed => true,
            Expired | Suspended | Revoked | Refused | Applied | Pending => false,
        }
    }

    /// The most trusted claim behind the state.
    #[must_use]
    pub fn best(&self) -> Option<&Claim> {
        let of_state = self.history.iter().filter(|entry| entry.claim.action == self.action);
        let best = of_state.min_by_key(|entry| {
            let claim = &entry.claim;
            let of_state = claim.certainty == self.certainty;
            (!of_state, entry.trust, std::cmp::Reverse(claim.published))
        });
        best.or(self.history.first()).map(|entry| &entry.claim)
    }

    /// The newest date of a statement in it.
    #[must_use]
    pub fn newest(&self) -> Option<NaiveDate> {
        self.history.iter().map(|entry| entry.claim.published).max()
    }
}
