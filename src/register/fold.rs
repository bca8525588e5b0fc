//! The fold: claims, decisions and a day in, the register out.
//!
//! The result is a function of the set of claims: neither the order of arrival
//! nor seeing a claim twice changes it. Time makes a license due and past due;
//! only a claim makes it expired, renewed, suspended or revoked.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;

use crate::lexicon::fold as folded;
use crate::model::article::CompanyId;
use crate::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, PartialDate, Role,
};
use crate::register::decide::{Decision, Verdict, correct};
use crate::register::origin::{self, Trust, trust};
use crate::register::place::{self, Group, Party};
use crate::register::row::{Contradiction, Ends, Entry, Rejected, Row, Scope, State, last_day};
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

/// Days before its end from which a license is due.
const DUE_DAYS: i64 = 60;
/// Grants within this many days of each other are reports of one.
const TERM_DAYS: i64 = 30;
/// A grant and a refusal within this many days of each other contradict.
const CLASH_DAYS: i64 = 14;
/// An application that is better attested than a grant some days before it contradicts the grant.
const UNDECIDED_DAYS: i64 = 60;
/// A copy of a rejected story is one within this many days of it.
const REJECTED_DAYS: i64 = 45;

/// Folds claims into the register of a day. Every claim given is taken as known that day.
#[must_use]
pub fn fold(claims: &[Claim], decisions: &[Decision], today: NaiveDate) -> Register {
    let (entries, rejected) = judged(claims, decisions);
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

// ---------------------------------------------------------------- claims and decisions

/// The claims that count, each once, corrected and merged, in the order of their events; and
/// those that were rejected.
fn judged(claims: &[Claim], decisions: &[Decision]) -> (Vec<Entry>, Vec<Rejected>) {
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
        entries.iter().map(|entry| rejection(entry, &rejections)).collect()
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

fn event_order(entry: &Entry) -> (NaiveDate, NaiveDate, &ClaimId) {
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
                Verdict::Merge { .. } | Verdict::Correct { .. } => false,
            })?;
            let rejected = matches!(latest.verdict, Verdict::Reject { .. });
            rejected.then(|| (&entry.claim, (*latest).clone()))
        })
        .collect()
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

    fn basis(&self) -> DateBasis {
        if self.claim.date.is_some() { self.claim.date_basis } else { DateBasis::Article }
    }

    fn is_denied(&self) -> bool {
        self.claim.certainty == Certainty::Denied
    }

    /// Whether it is too little to end a license by itself.
    fn is_weak(&self) -> bool {
        self.trust >= Trust(7)
    }
}

// ---------------------------------------------------------------- one row

/// A thing said to have happened, as all claims of one story tell it.
struct Happening {
    action: LicenseAction,
    date: PartialDate,
    basis: DateBasis,
    entries: Vec<usize>,
}

impl Happening {
    fn first_day(&self) -> NaiveDate {
        self.date.first_day()
    }
}

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

/// What the claims of a row tell on a day.
struct Told {
    state: State,
    certainty: Certainty,
    action: LicenseAction,
    since: PartialDate,
    basis: DateBasis,
    ends: Option<Ends>,
    contradictions: Vec<Contradiction>,
    doubts: Vec<String>,
}

impl Told {
    fn of(entries: &[Entry], today: NaiveDate) -> Self {
        let happenings = happenings(entries);
        let term: Vec<&Happening> = current_term(entries, &happenings);
        let mut told = match term.first() {
            Some(start) => Self::held(entries, &happenings, &term, start, today),
            None => Self::not_held(entries, &happenings),
        };
        told.contradictions.extend(differences(entries, &happenings, &term));
        told
    }

    /// A license that was granted, whatever became of it.
    fn held(
        entries: &[Entry],
        happenings: &[Happening],
        term: &[&Happening],
        start: &Happening,
        today: NaiveDate,
    ) -> Self {
        let members: Vec<usize> = term.iter().flat_map(|h| h.entries.iter().copied()).collect();
        let begun = best_dated(entries, term).unwrap_or(start);
        let ends = end(entries, term);
        let renewed = term.iter().any(|h| h.action == LicenseAction::Renewed);
        let mut told = Self {
            state: state_of(certainty(entries, &members)),
            certainty: certainty(entries, &members),
            action: if renewed { LicenseAction::Renewed } else { LicenseAction::Granted },
            since: begun.date,
            basis: begun.basis,
            ends,
            contradictions: Vec::new(),
            doubts: ends.map(|ends| new_term_doubts(term, begun, ends)).unwrap_or_default(),
        };
        if renewed {
            told.state = State::Renewed;
        }
        if let Some(ends) = ends {
            if ends.is_past(today) {
                told.state = State::PastDue;
            } else if ends.days(today) <= DUE_DAYS {
                told.state = State::Due;
            }
        }
        told.apply_endings(entries, happenings, start.first_day(), &members);
        told.apply_refusals(entries, happenings, begun, &members);
        told.apply_denials(entries, start.first_day(), &members);
        told
    }

    /// The latest ending after the term began. One that rests on talk alone ends nothing.
    fn apply_endings(
        &mut self,
        entries: &[Entry],
        happenings: &[Happening],
        start: NaiveDate,
        term: &[usize],
    ) {
        use LicenseAction::{Expired, Revoked, Suspended};
        let mut endings: Vec<&Happening> = happenings
            .iter()
            .filter(|h| {
                matches!(h.action, Suspended | Expired | Revoked) && last_day(h.date) >= start
            })
            .collect();
        endings.sort_by_key(|h| (h.first_day(), severity(h.action)));
        let strong = |h: &&&Happening| h.entries.iter().any(|i| !entries[*i].is_weak());
        for weak in endings.iter().filter(|h| !strong(h)) {
            self.dispute(entries, "whether it still runs", term, &weak.entries);
        }
        if let Some(ending) = endings.iter().rfind(|h| strong(h)) {
            self.action = ending.action;
            self.state = state_after(ending.action);
            self.certainty = certainty(entries, &ending.entries);
            (self.since, self.basis) = (ending.date, ending.basis);
        }
    }

    /// A refusal at the time of the grant contradicts it; one after the term's end refuses more.
    fn apply_refusals(
        &mut self,
        entries: &[Entry],
        happenings: &[Happening],
        begun: &Happening,
        term: &[usize],
    ) {
        let refusals = happenings.iter().filter(|h| h.action == LicenseAction::Refused);
        for refusal in refusals {
            let after = (refusal.first_day() - begun.first_day()).num_days();
            if after.abs() <= CLASH_DAYS {
                self.dispute(entries, "whether it was granted or refused", term, &refusal.entries);
            } else if self.state == State::PastDue
                && self.ends.is_some_and(|ends| ends.days(refusal.first_day()) <= 0)
            {
                self.state = State::Refused;
                self.action = LicenseAction::Refused;
                (self.since, self.basis) = (refusal.date, refusal.basis);
                self.certainty = certainty(entries, &refusal.entries);
            }
        }
    }

    /// Denials that nobody at least as trusted has answered since.
    fn apply_denials(&mut self, entries: &[Entry], start: NaiveDate, term: &[usize]) {
        let denials = entries.iter().enumerate().filter(|(_, entry)| entry.is_denied());
        for (i, denial) in denials {
            let grants = is_grant(denial.claim.action);
            let denied: Vec<usize> = if grants {
                term.to_vec()
            } else {
                let same = |j: &usize| {
                    entries[*j].claim.action == denial.claim.action && !entries[*j].is_denied()
                };
                (0..entries.len()).filter(same).collect()
            };
            let concerns_term = denial.claim.published >= start;
            if denied.is_empty() || !concerns_term || is_answered(entries, denial, &denied) {
                continue;
            }
            let about = if grants { "whether it was granted" } else { "what became of it" };
            self.dispute(entries, about, &denied, &[i]);
        }
    }

    fn dispute(&mut self, entries: &[Entry], about: &'static str, one: &[usize], other: &[usize]) {
        self.state = State::Disputed;
        self.contradictions.push(contradiction(about, sides(entries, &[one, other])));
    }

    /// No grant is known: what was said last is the state.
    fn not_held(entries: &[Entry], happenings: &[Happening]) -> Self {
        let latest = happenings.iter().max_by_key(|h| (h.first_day(), severity(h.action)));
        if let Some(latest) = latest {
            let mut told = Self {
                state: state_after(latest.action),
                certainty: certainty(entries, &latest.entries),
                action: latest.action,
                since: latest.date,
                basis: latest.basis,
                ends: None,
                contradictions: Vec::new(),
                doubts: Vec::new(),
            };
            told.apply_denials(entries, NaiveDate::MIN, &[]);
            return told;
        }
        // Only denials are known: somebody claimed it, and it was denied.
        let last = entries.last();
        let claim = last.map(|entry| &entry.claim);
        Self {
            state: State::Disputed,
            certainty: Certainty::Denied,
            action: claim.map_or(LicenseAction::Granted, |claim| claim.action),
            since: last.map_or(PartialDate::Day(NaiveDate::MIN), Entry::day),
            basis: last.map_or(DateBasis::Article, Entry::basis),
            ends: None,
            contradictions: Vec::new(),
            doubts: Vec::new(),
        }
    }
}

fn is_grant(action: LicenseAction) -> bool {
    matches!(action, LicenseAction::Granted | LicenseAction::Renewed)
}

/// Reports of a grant shortly before the term's end, which may mean the next term.
fn new_term_doubts(term: &[&Happening], begun: &Happening, ends: Ends) -> Vec<String> {
    let late = term.iter().filter(|h| {
        let before = ends.days(h.first_day());
        h.basis != DateBasis::Event && h.date != begun.date && (0..=DUE_DAYS).contains(&before)
    });
    let said = |h: &&Happening| {
        format!(
            "a grant is reported by {}, and whether that is a new term is not said",
            words::date(h.date)
        )
    };
    late.map(said).collect()
}

/// Later in this order wins on one day.
fn severity(action: LicenseAction) -> u8 {
    use LicenseAction::{Applied, Expired, Granted, Pending, Refused, Renewed, Revoked, Suspended};
    match action {
        Applied => 0,
        Pending => 1,
        Granted => 2,
        Renewed => 3,
        Refused => 4,
        Suspended => 5,
        Expired => 6,
        Revoked => 7,
    }
}

fn state_after(action: LicenseAction) -> State {
    use LicenseAction::{Applied, Expired, Granted, Pending, Refused, Renewed, Revoked, Suspended};
    match action {
        Granted => State::Reported,
        Renewed => State::Renewed,
        Applied => State::Applied,
        Refused => State::Refused,
        Revoked => State::Revoked,
        Suspended => State::Suspended,
        Expired => State::Expired,
        Pending => State::Pending,
    }
}

fn state_of(certainty: Certainty) -> State {
    match certainty {
        Certainty::Official => State::Official,
        Certainty::CompanyConfirmed => State::CompanyConfirmed,
        Certainty::CustomerConfirmed => State::CustomerConfirmed,
        Certainty::Reported => State::Reported,
        Certainty::Rumored => State::Rumored,
        Certainty::Denied => State::Disputed,
    }
}

fn certainty(entries: &[Entry], of: &[usize]) -> Certainty {
    of.iter().map(|i| entries[*i].claim.certainty).min().unwrap_or(Certainty::Rumored)
}

/// What claims that are no denials tell, a story at a time, in the order of events.
fn happenings(entries: &[Entry]) -> Vec<Happening> {
    let mut stories: BTreeMap<(usize, LicenseAction), Vec<usize>> = BTreeMap::new();
    for (i, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.is_denied()) {
        stories.entry((entry.origin, entry.claim.action)).or_default().push(i);
    }
    let mut all: Vec<Happening> = stories
        .into_iter()
        .filter_map(|((_, action), members)| {
            // The story's date is the one its most trusted telling gives of the event itself.
            let best = members.iter().min_by_key(|i| {
                let entry = &entries[**i];
                (basis_rank(entry.basis()), entry.trust, event_order(entry))
            })?;
            let best = &entries[*best];
            Some(Happening { action, date: best.day(), basis: best.basis(), entries: members })
        })
        .collect();
    all.sort_by_key(|h| (h.first_day(), severity(h.action), h.entries[0]));
    all
}

fn basis_rank(basis: DateBasis) -> u8 {
    match basis {
        DateBasis::Event => 0,
        DateBasis::Statement => 1,
        DateBasis::Article => 2,
    }
}

/// The latest grants or renewals that tell of one term, oldest first.
///
/// A grant with a day of its own, a month or more after the term began, begins another; so does a
/// renewal. A report that only says that there is a license confirms the term there is, unless
/// that is over by its date.
fn current_term<'a>(entries: &[Entry], happenings: &'a [Happening]) -> Vec<&'a Happening> {
    let mut term: Vec<&Happening> = Vec::new();
    for grant in happenings.iter().filter(|h| is_grant(h.action)) {
        if begins_another(entries, &term, grant) {
            term.clear();
        }
        term.push(grant);
    }
    term
}

fn begins_another(entries: &[Entry], term: &[&Happening], grant: &Happening) -> bool {
    let Some(last) = term.last() else { return false };
    let is_weak = grant.entries.iter().all(|i| entries[*i].is_weak());
    let renews = |h: &&Happening| h.action == LicenseAction::Renewed;
    if renews(&grant) && !term.iter().any(renews) {
        return true;
    }
    if grant.basis == DateBasis::Event {
        let dated = term.iter().rfind(|h| h.basis == DateBasis::Event).unwrap_or(last);
        return (grant.first_day() - last_day(dated.date)).num_days() > TERM_DAYS;
    }
    !is_weak && end(entries, term).is_some_and(|end| end.is_past(grant.first_day()))
}

/// Where a term ends, if somebody says how long it runs.
fn end(entries: &[Entry], term: &[&Happening]) -> Option<Ends> {
    let members: Vec<usize> = term.iter().flat_map(|h| h.entries.iter().copied()).collect();
    let begun = best_dated(entries, term)?;
    Ends::after(begun.date, months(entries, &members)?, begun.basis)
}

/// The telling that dates the term best; a weak one only where there is no other.
fn best_dated<'a>(entries: &[Entry], term: &[&'a Happening]) -> Option<&'a Happening> {
    let weak = |h: &Happening| h.entries.iter().all(|i| entries[*i].is_weak());
    term.iter().min_by_key(|h| (weak(h), basis_rank(h.basis), h.first_day())).copied()
}

/// The term in months as the most trusted claim states it.
fn months(entries: &[Entry], of: &[usize]) -> Option<u32> {
    let stating = of.iter().filter(|i| entries[**i].claim.validity_months.is_some());
    let best = stating.min_by_key(|i| (entries[**i].trust, event_order(&entries[**i])))?;
    entries[*best].claim.validity_months
}

/// Whether somebody at least as trusted has said it again after the denial.
fn is_answered(entries: &[Entry], denial: &Entry, denied: &[usize]) -> bool {
    denied
        .iter()
        .map(|i| &entries[*i])
        .any(|entry| entry.claim.published > denial.claim.published && entry.trust <= denial.trust)
}

// ---------------------------------------------------------------- contradictions

/// Terms and dates in which tellings of the current term differ.
fn differences(entries: &[Entry], all: &[Happening], term: &[&Happening]) -> Vec<Contradiction> {
    let mut found = Vec::new();
    let mut terms: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for i in term.iter().flat_map(|h| h.entries.iter().copied()) {
        if let Some(months) = entries[i].claim.validity_months {
            terms.entry(months).or_default().push(i);
        }
    }
    if terms.len() > 1 {
        let groups: Vec<&[usize]> = terms.values().map(Vec::as_slice).collect();
        found.push(contradiction("how long it runs", sides(entries, &groups)));
    }
    for grant in all.iter().filter(|h| is_grant(h.action)) {
        let trust = |h: &Happening| h.entries.iter().map(|i| entries[*i].trust).min();
        let later = all.iter().filter(|h| {
            let after = (h.first_day() - last_day(grant.date)).num_days();
            matches!(h.action, LicenseAction::Applied | LicenseAction::Pending)
                && (0..=UNDECIDED_DAYS).contains(&after)
                && trust(h) < trust(grant)
        });
        for undecided in later {
            let groups = [grant.entries.as_slice(), undecided.entries.as_slice()];
            found.push(contradiction("whether it was granted by then", sides(entries, &groups)));
        }
    }
    for happening in all {
        let mut days: BTreeMap<NaiveDate, Vec<usize>> = BTreeMap::new();
        for i in &happening.entries {
            if let (DateBasis::Event, PartialDate::Day(day)) =
                (entries[*i].basis(), entries[*i].day())
            {
                days.entry(day).or_default().push(*i);
            }
        }
        if days.len() > 1 {
            let groups: Vec<&[usize]> = days.values().map(Vec::as_slice).collect();
            found.push(contradiction("the day", sides(entries, &groups)));
        }
    }
    found
}

fn contradiction(
    about: &'static str,
    mut sides: Vec<(Trust, String, Vec<usize>)>,
) -> Contradiction {
    sides.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    sides.dedup();
    Contradiction { about, sides: sides.into_iter().map(|(_, said, of)| (said, of)).collect() }
}

/// Each side with its trust and what its most trusted claim says.
fn sides(entries: &[Entry], groups: &[&[usize]]) -> Vec<(Trust, String, Vec<usize>)> {
    let side = |group: &&[usize]| {
        let best = group.iter().min_by_key(|i| (entries[**i].trust, Reverse(**i)))?;
        let best = &entries[*best];
        Some((best.trust, words::side(&best.claim), group.to_vec()))
    };
    groups.iter().filter_map(side).collect()
}
