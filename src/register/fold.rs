//! The fold: claims, decisions and a day in, the register out.
//!
//! The result is a function of the set of claims: neither the order of arrival
//! nor seeing a claim twice changes it. Time makes a license due and past due;
//! only a claim makes it expired, renewed, suspended or revoked.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::lexicon::fold as folded;
use crate::model::license::{Claim, LicenseType, Role};
use crate::register::decide::Decision;
use crate::register::handle::{self, Index};
use crate::register::judge::{self, event_order};
use crate::register::place::{self, Group, Party};
use crate::register::row::{Entry, Rejected, Row, Scope, last_day};
use crate::register::told::Told;
use crate::register::words;

/// The register on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The day.
    pub today: NaiveDate,
    /// Rows: holders by id, then end users, then the unnamed; within a holder general licenses
    /// first.
    pub rows: Vec<Row>,
    /// Claims that the operator rejected, and copies of their stories.
    pub rejected: Vec<Rejected>,
    /// The newest date of a statement that counts.
    pub newest: Option<NaiveDate>,
    /// Rows by their ids and keys, and by those of their holders.
    index: Index,
}

impl Register {
    /// The rows that an id or a key names: one row, or all of a holder. Looked up, not searched.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Vec<&Row> {
        self.index.find(id).iter().filter_map(|at| self.rows.get(*at)).collect()
    }
}

/// Folds claims into the register of a day. Every claim given is taken as known that day.
#[must_use]
pub fn fold(claims: &[Claim], decisions: &[Decision], today: NaiveDate) -> Register {
    let (entries, rejected) = judge::judged(claims, decisions);
    let newest = entries.iter().map(|entry| entry.claim.published).max();
    let mut parties: BTreeMap<Party, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        let party = place::party(entry.claim.holder.as_ref(), entry.claim.role);
        parties.entry(party).or_default().push(entry);
    }
    let mut rows = Vec::new();
    for ((holder, _), mut entries) in parties {
        place::number_stories(&mut entries);
        let groups = match holder {
            Some(_) => place::named(entries),
            None => place::unnamed(entries),
        };
        let first = rows.len();
        rows.extend(groups.into_iter().filter_map(|group| row(group, today)));
        add_doubts(&mut rows[first..]);
    }
    handle::make_unique(&mut rows);
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    let index = Index::of(&rows, decisions);
    Register { today, rows, rejected, newest, index }
}

fn order(row: &Row) -> (u8, String, LicenseType, &str) {
    let place = match (&row.holder, row.role) {
        (Some(_), Role::Exporter) => 0,
        (Some(_), Role::EndUser) => 1,
        (None, _) => 2,
    };
    let who = row.holder.as_ref().map_or_else(|| folded(&row.name), |id| id.0.clone());
    (place, who, row.license_type, &row.id)
}

// ---------------------------------------------------------------- one row

fn row(group: Group, today: NaiveDate) -> Option<Row> {
    let Group { license_type, mut entries } = group;
    entries.sort_by(|a, b| event_order(a).cmp(&event_order(b)));
    let origins = renumber(&mut entries);
    let best = entries.iter().min_by_key(|entry| (entry.trust, event_order(entry)))?;
    let holder = best.claim.holder.clone();
    let role = best.claim.role;
    let name = best.claim.name.clone().filter(|_| holder.is_some());
    let name = name.or_else(|| holder.as_ref().map(|id| id.0.clone()));
    let name = name.unwrap_or_else(|| best.claim.description.clone());
    let scope = scope(&entries);
    let told = Told::of(&entries, today);
    let id = handle::id(license_type, handle::founding(license_type, &entries)?);
    Some(Row {
        key: handle::key(&id),
        id,
        holder,
        name,
        role,
        license_type,
        scope,
        state: told.state,
        certainty: told.certainty,
        action: told.action,
        since: told.since,
        since_basis: told.basis,
        ends: told.ends,
        origins,
        articles: articles(&entries),
        contradictions: told.contradictions,
        history: entries,
        doubts: told.doubts,
    })
}

/// Numbers origins from 0 in the order of the history; how many there are.
fn renumber(entries: &mut [Entry]) -> usize {
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    for entry in entries {
        let next = numbers.len();
        entry.origin = *numbers.entry(entry.origin).or_insert(next);
    }
    numbers.len()
}

/// Articles by address; a statement without one counts by itself.
fn articles(entries: &[Entry]) -> usize {
    let claims = entries.iter().map(|entry| &entry.claim);
    let place = |claim| -> &str {
        let claim: &Claim = claim;
        if claim.url.is_empty() { claim.id.as_str() } else { &claim.url }
    };
    claims.map(place).collect::<HashSet<_>>().len()
}

fn scope(entries: &[Entry]) -> Scope {
    let mut scope = Scope::default();
    for claim in entries.iter().filter(|entry| !entry.is_denied()).map(|entry| &entry.claim) {
        union(&mut scope.elements, &claim.elements);
        union(&mut scope.items, &claim.items);
        union(&mut scope.destinations, &claim.destinations);
        union(&mut scope.customers, &claim.customers);
        union(&mut scope.conditions, &claim.conditions);
    }
    scope
}

fn union<T: Clone + PartialEq>(into: &mut Vec<T>, from: &[T]) {
    for value in from {
        if !into.contains(value) {
            into.push(value.clone());
        }
    }
}

/// Endings told of the holder elsewhere that may mean this license.
fn add_doubts(rows: &mut [Row]) {
    let endings: Vec<(String, NaiveDate, String)> = rows
        .iter()
        .filter(|row| row.holder.is_some() && row.license_type == LicenseType::Unspecified)
        .filter(|row| place::follows(row.action) && !row.history.iter().any(Entry::grants))
        .map(|row| {
            let said = format!(
                "a license of this holder is said to be {} ({}); which one is not said",
                words::action(row.action),
                words::date(row.since)
            );
            (row.id.clone(), last_day(row.since), said)
        })
        .collect();
    for row in rows.iter_mut().filter(|row| row.history.iter().any(Entry::grants)) {
        for (id, day, said) in &endings {
            if *id != row.id && row.since.first_day() <= *day {
                row.doubts.push(said.clone());
            }
        }
    }
}
