//! Which claims count: each once, as corrected, merged and not rejected.
//!
//! Decisions apply in the order of their instants. Nothing is dropped here:
//! what does not count is given back with the decision that says so.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::model::article::CompanyId;
use crate::model::license::{Certainty, Claim, ClaimId, DateBasis, PartialDate};
use crate::register::decide::{Decision, Verdict, correct};
use crate::register::origin::{self, Trust, trust};
use crate::register::row::{Entry, Rejected};

/// A copy of a rejected story is one within this many days of it.
const REJECTED_DAYS: i64 = 45;

/// The claims that count, each once, corrected and merged, in the order of their events; and
/// those that were rejected.
pub(super) fn judged(claims: &[Claim], decisions: &[Decision]) -> (Vec<Entry>, Vec<Rejected>) {
    let mut decisions: Vec<&Decision> = decisions.iter().collect();
    decisions.sort_by_cached_key(|decision| (decision.at, format!("{:?}", decision.verdict)));
    let mut entries: Vec<Entry> =
        once(claims).into_values().map(|claim| entry(claim, &decisions)).collect();
    let merges = merges(&decisions);
    for entry in &mut entries {
        entry.claim.holder = entry.claim.holder.take().map(|id| merged(id, &merges));
    }
    entries.sort_by(|a, b| event_order(a).cmp(&event_order(b)));
    let verdicts: Vec<Option<Decision>> = {
        let rejections = rejections(&entries, &decisions);
        let reason =
            |entry| withdrawal(entry, &decisions).or_else(|| rejection(entry, &rejections));
        entries.iter().map(reason).collect()
    };
    let (mut kept, mut rejected) = (Vec::new(), Vec::new());
    for (entry, verdict) in entries.into_iter().zip(verdicts) {
        match verdict {
            Some(decision) => rejected.push(Rejected { claim: entry.claim, decision }),
            None => kept.push(entry),
        }
    }
    (kept, rejected)
}

/// Claims in the order of their events.
pub(super) fn event_order(entry: &Entry) -> (NaiveDate, NaiveDate, &ClaimId) {
    (entry.day().first_day(), entry.claim.published, &entry.claim.id)
}

/// Each claim once. The same claim seen again is the one seen first, checked last.
fn once(claims: &[Claim]) -> BTreeMap<&ClaimId, Claim> {
    let mut found: BTreeMap<&ClaimId, Claim> = BTreeMap::new();
    for claim in claims {
        match found.get_mut(&claim.id) {
            None => {
                found.insert(&claim.id, claim.clone());
            }
            Some(known) => {
                let checked = known.last_checked.max(claim.last_checked);
                let text = |claim: &Claim| format!("{claim:?}");
                if (claim.first_seen, text(claim)) < (known.first_seen, text(known)) {
                    known.clone_from(claim);
                }
                known.last_checked = checked;
            }
        }
    }
    found
}

fn entry(mut claim: Claim, decisions: &[&Decision]) -> Entry {
    let mut corrections = Vec::new();
    let mut accepted = None;
    for decision in decisions {
        match &decision.verdict {
            Verdict::Correct { claim: id, field, value }
                if *id == claim.id && correct(&mut claim, *field, value).is_ok() =>
            {
                corrections.push((*decision).clone());
            }
            Verdict::Accept { claim: id } if *id == claim.id => {
                accepted = Some((*decision).clone());
            }
            Verdict::Reject { claim: id } if *id == claim.id => accepted = None,
            _ => {}
        }
    }
    let trust = trust(&claim);
    Entry { claim, origin: 0, trust, accepted, corrections }
}

fn merges<'a>(decisions: &[&'a Decision]) -> HashMap<&'a CompanyId, &'a CompanyId> {
    decisions
        .iter()
        .filter_map(|decision| match &decision.verdict {
            Verdict::Merge { from, to } => Some((from, to)),
            _ => None,
        })
        .collect()
}

/// Follows merges to their end; a circle ends where it began.
fn merged(id: CompanyId, merges: &HashMap<&CompanyId, &CompanyId>) -> CompanyId {
    let mut seen = HashSet::new();
    let mut at = &id;
    while let Some(to) = merges.get(at) {
        if !seen.insert(at) {
            return id;
        }
        at = to;
    }
    at.clone()
}

/// Claims whose latest verdict is a rejection, with it.
fn rejections<'a>(entries: &'a [Entry], decisions: &[&Decision]) -> Vec<(&'a Claim, Decision)> {
    entries
        .iter()
        .filter_map(|entry| {
            let latest = decisions.iter().rev().find(|decision| match &decision.verdict {
                Verdict::Accept { claim } | Verdict::Reject { claim } => *claim == entry.claim.id,
                Verdict::Merge { .. } | Verdict::Correct { .. } | Verdict::Withdraw { .. } => false,
            })?;
            let rejected = matches!(latest.verdict, Verdict::Reject { .. });
            rejected.then(|| (&entry.claim, (*latest).clone()))
        })
        .collect()
}

/// The decision by which a claim was withdrawn by its own page, unless it was accepted by itself
/// or its page has said it again since.
fn withdrawal(entry: &Entry, decisions: &[&Decision]) -> Option<Decision> {
    let withdrawn = |decision: &&&Decision| match &decision.verdict {
        Verdict::Withdraw { claim } => {
            *claim == entry.claim.id && decision.at > entry.claim.last_checked
        }
        _ => false,
    };
    let latest = decisions.iter().rev().find(withdrawn)?;
    entry.accepted.is_none().then(|| (**latest).clone())
}

/// Why a claim does not count: it, or a claim of the same story, was rejected, and nobody
/// accepted it by itself. What comes again after the decision is rejected whoever tells it; of
/// what was known then, a rewrite takes no better telling with it.
fn rejection(entry: &Entry, rejections: &[(&Claim, Decision)]) -> Option<Decision> {
    if entry.accepted.is_some() {
        return None;
    }
    let claim = &entry.claim;
    let same = |other: &Claim, decision: &Decision| {
        let covered = claim.first_seen > decision.at || entry.trust >= trust(other);
        claim.id == other.id
            || (covered
                && claim.holder == other.holder
                && (claim.holder.is_some() || origin::described_alike(claim, other))
                && claim.action == other.action
                && claim.license_type == other.license_type
                && (claim.published - other.published).num_days().abs() <= REJECTED_DAYS
                && origin::origin(claim) == origin::origin(other))
    };
    let rejected = rejections.iter().find(|(other, decision)| same(other, decision));
    rejected.map(|(_, decision)| decision.clone())
}

impl Entry {
    /// The day or month of the event as far as the claim tells; the article's date otherwise.
    pub(super) fn day(&self) -> PartialDate {
        self.claim.date.unwrap_or(PartialDate::Day(self.claim.published))
    }

    pub(super) fn basis(&self) -> DateBasis {
        if self.claim.date.is_some() { self.claim.date_basis } else { DateBasis::Article }
    }

    pub(super) fn is_denied(&self) -> bool {
        self.claim.certainty == Certainty::Denied
    }

    /// Whether it is too little to end a license by itself.
    pub(super) fn is_weak(&self) -> bool {
        self.trust >= Trust(7)
    }
}
