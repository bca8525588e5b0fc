//! The fold: claims, decisions and a day in, the register out.
//!
//! The result is a function of the set of claims: neither the order of arrival
//! nor seeing a claim twice changes it. Time makes a license due and past due;
//! only a claim makes it expired, renewed, suspended or revoked.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::lexicon::fold as folded;
use crate::model::article::CompanyId;
use crate::model::license::{Claim, LicenseAction, LicenseType, Role};
use crate::register::decide::Decision;
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
    make_ids_unique(&mut rows);
    rows.sort_by(|a, b| order(a).cmp(&order(b)));
    Register { today, rows, rejected, newest }
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
    let Group { license_type, mut entries, shares_type } = group;
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
    let kind = kind_in_id(license_type, role, holder.is_none().then_some(told.action));
    let id = row_id(holder.as_ref(), &kind, shares_type.then_some(&scope), &name);
    Some(Row {
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

/// `jl-mag/general`, `unnamed/general/ford`; a scope is part of it where it tells rows apart.
fn row_id(holder: Option<&CompanyId>, kind: &str, scope: Option<&Scope>, name: &str) -> String {
    let who = holder.map_or("unnamed", CompanyId::as_str);
    let Some(scope) = scope else { return format!("{who}/{kind}") };
    let told_apart = match (scope.customers.first(), scope.elements.first()) {
        (Some(customer), _) => slug(customer),
        (None, Some(element)) => slug(element.as_str()),
        (None, None) if holder.is_none() => slug(name),
        (None, None) => "other".to_owned(),
    };
    format!("{who}/{kind}/{told_apart}")
}

/// `general`, `end-user-license`; what is said of the unnamed is part of it, since each thing said
/// of them is a row of its own.
fn kind_in_id(license_type: LicenseType, role: Role, of_unnamed: Option<LicenseAction>) -> String {
    let kind = match license_type {
        LicenseType::General => "general",
        LicenseType::Individual => "individual",
        LicenseType::Unspecified => "license",
    };
    let role = if role == Role::EndUser { "end-user-" } else { "" };
    match of_unnamed {
        None | Some(LicenseAction::Granted) => format!("{role}{kind}"),
        Some(action) => format!("{role}{kind}-{}", slug(words::action(action))),
    }
}

/// Letters and digits of a name, short enough for a button.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for word in folded(name).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if slug.len() + word.len() > 24 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "other".to_owned() } else { slug }
}

fn make_ids_unique(rows: &mut [Row]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let count = seen.entry(row.id.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            row.id = format!("{}-{count}", row.id);
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
