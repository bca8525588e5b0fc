//! What the claims of one row tell on a day: its state, its term, and what they disagree about.
//!
//! Copies of one report are one happening. A denial takes nothing away: it makes
//! a row disputed until somebody at least as trusted says it again.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::license::{Certainty, DateBasis, LicenseAction, PartialDate};
use crate::register::judge::event_order;
use crate::register::origin::Trust;
use crate::register::row::{Contradiction, Ends, Entry, State, last_day};
use crate::register::words;

/// Days before its end from which a license is due.
const DUE_DAYS: i64 = 60;
/// Grants within this many days of each other are reports of one.
const TERM_DAYS: i64 = 30;
/// A grant and a refusal within this many days of each other contradict.
const CLASH_DAYS: i64 = 14;
/// An application that is better attested than a grant some days before it contradicts the grant.
const UNDECIDED_DAYS: i64 = 60;

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

/// What the claims of a row tell on a day.
pub(super) struct Told {
    pub(super) state: State,
    pub(super) certainty: Certainty,
    pub(super) action: LicenseAction,
    pub(super) since: PartialDate,
    pub(super) basis: DateBasis,
    pub(super) ends: Option<Ends>,
    pub(super) contradictions: Vec<Contradiction>,
    pub(super) doubts: Vec<String>,
}

impl Told {
    pub(super) fn of(entries: &[Entry], today: NaiveDate) -> Self {
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
