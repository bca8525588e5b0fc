//! Which claims belong to one row: the same holder, license type and scope.
//!
//! Rules, none of which depends on the order of arrival:
//! - Claims that name different buyers, or different elements, are different
//!   licenses. Destinations do not tell licenses apart: texts list regions
//!   loosely. A claim without scope joins the only scope there is, or else
//!   stands in a row of its own.
//! - A claim that does not say the type joins the type that other tellings of
//!   its story give; or that the only typed claims of the same action within
//!   two weeks give; or else stays in a row "type not said". Months apart it
//!   never joins: an individual license of June is no general one of December.
//! - A later ending (revoked, suspended, expired) or renewal whose type is not
//!   said joins the only license the holder is said to have; with several it
//!   stays apart, and each of them says that it may be meant.
//! - Unnamed holders share a row only when a type, an action and the buyers or
//!   the description are the same, or one text tells of both.

use std::collections::BTreeMap;

use crate::model::article::{CompanyId, Element};
use crate::model::license::{Certainty, Claim, LicenseAction, LicenseType, Role};
use crate::register::origin::{Print, described_alike};
use crate::register::row::{Entry, last_day};

/// Claims of one row, before their state is known.
pub(super) struct Group {
    pub(super) license_type: LicenseType,
    pub(super) entries: Vec<Entry>,
}

/// Days within which an untyped claim belongs to a typed one of the same action.
const NEAR_DAYS: i64 = 14;

/// Who is spoken of: a holder by id and role, or the unnamed of a role.
pub(super) type Party = (Option<CompanyId>, bool);

/// The party of a claim.
pub(super) fn party(holder: Option<&CompanyId>, role: Role) -> Party {
    (holder.cloned(), role == Role::EndUser)
}

/// Sets that grow together.
pub(super) struct Unions(Vec<usize>);

impl Unions {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    pub(super) fn root(&self, mut i: usize) -> usize {
        while self.0[i] != i {
            i = self.0[i];
        }
        i
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }

    /// Members of each set, in order.
    pub(super) fn sets(&self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..self.0.len() {
            sets.entry(self.root(i)).or_default().push(i);
        }
        sets.into_values().collect()
    }
}

/// Numbers the stories among the claims of one party: copies of one report share a number.
pub(super) fn number_stories(entries: &mut [Entry]) {
    let prints: Vec<Print> = entries.iter().map(|entry| Print::of(&entry.claim)).collect();
    let mut stories = Unions::new(entries.len());
    for b in 1..entries.len() {
        for a in 0..b {
            let (one, other) = (&entries[a].claim, &entries[b].claim);
            if one.action == other.action
                && stories.root(a) != stories.root(b)
                && prints[a].same_story(one, &prints[b], other)
            {
                stories.join(a, b);
            }
        }
    }
    for (i, entry) in entries.iter_mut().enumerate() {
        entry.origin = stories.root(i);
    }
}

/// The rows of one named holder.
pub(super) fn named(entries: Vec<Entry>) -> Vec<Group> {
    let types = settle_types(&entries);
    let mut by_type: BTreeMap<LicenseType, Vec<Entry>> = BTreeMap::new();
    let mut loose = Vec::new();
    for (entry, settled) in entries.into_iter().zip(types) {
        match settled {
            LicenseType::Unspecified if follows(entry.claim.action) => loose.push(entry),
            settled => by_type.entry(settled).or_default().push(entry),
        }
    }
    let mut groups: Vec<Group> =
        by_type.into_iter().flat_map(|(kind, entries)| scopes(kind, entries)).collect();
    for entry in loose {
        place_loose(entry, &mut groups);
    }
    groups
}

/// Whether an action says what became of a license that was granted before.
pub(super) fn follows(action: LicenseAction) -> bool {
    use LicenseAction::{Applied, Expired, Granted, Pending, Refused, Renewed, Revoked, Suspended};
    match action {
        Revoked | Suspended | Expired | Renewed => true,
        Granted | Applied | Refused | Pending => false,
    }
}

fn place_loose(entry: Entry, groups: &mut Vec<Group>) {
    let day = last_day(entry.day());
    let earlier: Vec<usize> = (0..groups.len())
        .filter(|i| {
            groups[*i].entries.iter().any(|other| other.grants() && other.day().first_day() <= day)
        })
        .collect();
    if let [only] = earlier[..] {
        groups[only].entries.push(entry);
        return;
    }
    let own = groups.iter().position(|group| {
        group.license_type == LicenseType::Unspecified && !group.entries.iter().any(Entry::grants)
    });
    match own {
        Some(i) => groups[i].entries.push(entry),
        None => groups.push(Group { license_type: LicenseType::Unspecified, entries: vec![entry] }),
    }
}

/// The type of each claim, with those that do not say it settled by their story or neighbors. The
/// unnamed have no neighbors: who knows whether they are the same.
fn settle_types(entries: &[Entry]) -> Vec<LicenseType> {
    let scopes: Vec<ClaimScope> = entries.iter().map(ClaimScope::of).collect();
    let typed: Vec<usize> = (0..entries.len())
        .filter(|i| entries[*i].claim.license_type != LicenseType::Unspecified)
        .collect();
    let settle = |i: usize| {
        let entry = &entries[i];
        let others = || typed.iter().copied();
        let story = others().filter(|other| entries[*other].origin == entry.origin);
        let near = others().filter(|other| {
            let (one, two) = (entry.day().first_day(), entries[*other].day().first_day());
            entry.claim.holder.is_some()
                && entries[*other].claim.action == entry.claim.action
                && (one - two).num_days().abs() <= NEAR_DAYS
                && !scopes[i].is_apart_from(&scopes[*other])
        });
        only_type(entries, story).or_else(|| only_type(entries, near)).unwrap_or_default()
    };
    (0..entries.len())
        .map(|i| match entries[i].claim.license_type {
            LicenseType::Unspecified => settle(i),
            typed => typed,
        })
        .collect()
}

fn only_type(entries: &[Entry], of: impl Iterator<Item = usize>) -> Option<LicenseType> {
    let mut types = of.map(|i| entries[i].claim.license_type);
    let first = types.next()?;
    types.all(|other| other == first).then_some(first)
}

/// The claims of one holder and type, by scope.
fn scopes(license_type: LicenseType, entries: Vec<Entry>) -> Vec<Group> {
    let scopes: Vec<ClaimScope> = entries.iter().map(ClaimScope::of).collect();
    let mut unions = Unions::new(entries.len());
    for b in 1..entries.len() {
        for a in 0..b {
            if unions.root(a) == unions.root(b) {
                continue;
            }
            let copies = entries[a].origin == entries[b].origin;
            if scopes[a].is_of(&scopes[b]) || (copies && !scopes[a].is_apart_from(&scopes[b])) {
                unions.join(a, b);
            }
        }
    }
    let mut sets = unions.sets();
    // What names neither buyer nor element joins the only scope there is.
    let open = sets.iter().position(|set| set.iter().all(|i| scopes[*i].is_open()));
    if let Some(open) = open
        && sets.len() == 2
    {
        let joined = sets.remove(open);
        sets[0].extend(joined);
    }
    let mut entries: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut take = |set: Vec<usize>| set.into_iter().filter_map(|i| entries[i].take()).collect();
    sets.into_iter().map(|set| Group { license_type, entries: take(set) }).collect()
}

/// The rows of unnamed holders of one role.
pub(super) fn unnamed(entries: Vec<Entry>) -> Vec<Group> {
    let types = settle_types(&entries);
    let mut unions = Unions::new(entries.len());
    for b in 1..entries.len() {
        for a in 0..b {
            let (x, y) = (&entries[a].claim, &entries[b].claim);
            let together = described_alike(x, y) || entries[a].origin == entries[b].origin;
            if types[a] == types[b] && x.action == y.action && together {
                unions.join(a, b);
            }
        }
    }
    let sets = unions.sets();
    let mut entries: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut groups = Vec::new();
    for set in sets {
        let license_type = types[set[0]];
        let entries = set.into_iter().filter_map(|i| entries[i].take()).collect();
        groups.push(Group { license_type, entries });
    }
    groups
}

/// Words that say how much of a client list is meant, and so name no buyer.
pub(super) const QUANTITIES: [&str; 8] =
    ["customers", "clients", "buyers", "end users", "客户", "客戶", "用户", "用戶"];

/// The buyers that a claim names, folded.
pub(super) fn named_buyers(claim: &Claim) -> Vec<String> {
    let customers = claim.customers.iter().map(|name| crate::lexicon::fold(name));
    customers.filter(|name| !QUANTITIES.iter().any(|word| name.ends_with(word))).collect()
}

/// What of a claim tells one license of a holder from another.
struct ClaimScope {
    /// The buyers that it names, folded.
    customers: Vec<String>,
    /// The elements.
    elements: Vec<Element>,
}

impl ClaimScope {
    fn of(entry: &Entry) -> Self {
        Self { customers: named_buyers(&entry.claim), elements: entry.claim.elements.clone() }
    }

    fn is_open(&self) -> bool {
        self.customers.is_empty() && self.elements.is_empty()
    }

    /// Whether both name buyers, or elements, and share none.
    fn is_apart_from(&self, other: &Self) -> bool {
        fn disjoint<T: PartialEq>(x: &[T], y: &[T]) -> bool {
            !x.is_empty() && !y.is_empty() && !shares(x, y)
        }
        disjoint(&self.customers, &other.customers) || disjoint(&self.elements, &other.elements)
    }

    /// Whether both speak of the same: of buyers where both name some, else of elements, or of
    /// neither.
    fn is_of(&self, other: &Self) -> bool {
        if self.customers.is_empty() || other.customers.is_empty() {
            return shares(&self.elements, &other.elements) || (self.is_open() && other.is_open());
        }
        shares(&self.customers, &other.customers)
    }
}

fn shares<T: PartialEq>(x: &[T], y: &[T]) -> bool {
    x.iter().any(|value| y.contains(value))
}

impl Entry {
    /// Whether it says that a license was granted, or granted anew.
    pub(super) fn grants(&self) -> bool {
        matches!(self.claim.action, LicenseAction::Granted | LicenseAction::Renewed)
            && self.claim.certainty != Certainty::Denied
    }
}
