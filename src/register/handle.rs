//! What a row is called: an id that people can read, and a short key for buttons and links.
//!
//! An id is made from holder, type and scope as the row's first seen claim gives
//! them, so that neither another row of the holder nor a later claim changes it.
//! What rows were called before they became one still leads to them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::lexicon::fold as folded;
use crate::model::license::{Claim, LicenseAction, LicenseType, Role};
use crate::register::decide::{Decision, Verdict};
use crate::register::place;
use crate::register::row::{Entry, Row};
use crate::register::words;

/// Longest id that stands in a button as it is; longer ones, and those that are not ASCII, by key.
const READABLE: usize = 48;
/// Letters of keys: none that is easily taken for another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters of a key after its mark: sixty bits of a hash.
const LENGTH: usize = 12;

/// What stands for an id in a command line that a button or a link carries: the id itself where it
/// is short and plain, its key otherwise. `/license` takes both.
#[must_use]
pub fn argument(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
    if id.len() <= READABLE && id.chars().all(plain) { id.to_owned() } else { key(id) }
}

/// The key of an id: the same after every start, on every machine.
pub(super) fn key(id: &str) -> String {
    let hash = Sha256::digest(id.as_bytes());
    let number = hash.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    let letter = |i: usize| char::from(LETTERS[(number >> (5 * i) & 31) as usize]);
    format!("k-{}", (0..LENGTH).map(letter).collect::<String>())
}

/// The claim that a row is called by: the first seen of those that are its own. One that does not say
/// the type may belong to another row once more is known, and one that tells of an ending above all.
pub(super) fn founding(license_type: LicenseType, entries: &[Entry]) -> Option<&Claim> {
    let claims = entries.iter().map(|entry| &entry.claim);
    claims.min_by_key(|claim| {
        let untyped = claim.license_type == LicenseType::Unspecified;
        let guest = claim.license_type != license_type;
        (guest, untyped && place::follows(claim.action), claim.first_seen, &claim.id)
    })
}

/// The id of a row that a claim founds: `jl-mag/general`, `tianhe-magnetics/individual/volkswagen`,
/// `unnamed/general/ford`.
pub(super) fn id(license_type: LicenseType, claim: &Claim) -> String {
    let kind = kind(license_type, claim);
    let buyer = place::named_buyers(claim).into_iter().next();
    let scope = buyer.or_else(|| claim.elements.first().map(|e| e.as_str().to_owned()));
    match (&claim.holder, scope) {
        (Some(holder), Some(scope)) => format!("{holder}/{kind}/{}", slug(&scope)),
        (Some(holder), None) => format!("{holder}/{kind}"),
        (None, Some(scope)) => format!("unnamed/{kind}/{}", slug(&scope)),
        (None, None) => format!("unnamed/{kind}/{}", slug(&claim.description)),
    }
}

/// `general`, `end-user-license`; what is said of the unnamed is part of it, since each thing said
/// of them is a row of its own.
fn kind(license_type: LicenseType, claim: &Claim) -> String {
    let kind = match license_type {
        LicenseType::General => "general",
        LicenseType::Individual => "individual",
        LicenseType::Unspecified => "license",
    };
    let role = if claim.role == Role::EndUser { "end-user-" } else { "" };
    match claim.action {
        action if claim.holder.is_none() && action != LicenseAction::Granted => {
            format!("{role}{kind}-{}", slug(words::action(action)))
        }
        _ => format!("{role}{kind}"),
    }
}

/// Letters and digits of a name, some words of it at most.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for word in folded(name).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if !slug.is_empty() && slug.len() + word.len() > 24 {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "other".to_owned() } else { slug }
}

/// Gives rows of one id different ones: the row founded first keeps it, others add letters of their
/// own founding claim.
pub(super) fn make_unique(rows: &mut [Row]) {
    let mut founded: Vec<_> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| {
            let claim = founding(row.license_type, &row.history)?;
            Some((row.id.clone(), claim.first_seen, claim.id.clone(), at))
        })
        .collect();
    founded.sort();
    for pair in founded.windows(2) {
        let ((before, ..), (id, _, claim, at)) = (&pair[0], &pair[1]);
        if before == id {
            rows[*at].id = lettered(id, claim.as_str());
            rows[*at].key = key(&rows[*at].id);
        }
    }
}

/// An id with letters of the claim that founds its row.
fn lettered(id: &str, claim: &str) -> String {
    format!("{id}-{}", &key(claim)[2..8])
}

/// Rows by everything that names them without doubt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Index(BTreeMap<String, Vec<usize>>);

impl Index {
    /// The index of `rows` in their order.
    pub(super) fn of(rows: &[Row], decisions: &[Decision]) -> Self {
        let mut index = Self::default();
        for (at, row) in rows.iter().enumerate() {
            index.add(&row.id, at);
            if let Some(holder) = &row.holder {
                index.add(holder.as_str(), at);
            }
        }
        let mut former = Self::default();
        for (at, row) in rows.iter().enumerate() {
            // By itself, each of its claims would have founded a row of its own or of the row's type.
            for claim in row.history.iter().map(|entry| &entry.claim) {
                for id in [row.license_type, claim.license_type].map(|kind| id(kind, claim)) {
                    // With letters, where another row had the id already.
                    for id in [lettered(&id, claim.id.as_str()), id] {
                        if id != row.id && !index.0.contains_key(&id) {
                            former.add(&id, at);
                        }
                    }
                }
            }
        }
        let merges = decisions.iter().filter_map(|decision| match &decision.verdict {
            Verdict::Merge { from, to } => Some((from, to)),
            _ => None,
        });
        for (from, to) in merges {
            for at in index.find(to.as_str()).to_vec() {
                let id = rows[at].id.replacen(to.as_str(), from.as_str(), 1);
                for id in [id.as_str(), from.as_str()] {
                    if !index.0.contains_key(id) {
                        former.add(id, at);
                    }
                }
            }
        }
        for (name, places) in former.0 {
            index.0.entry(name).or_insert(places);
        }
        index
    }

    fn add(&mut self, id: &str, at: usize) {
        for name in [id.to_owned(), key(id)] {
            let places = self.0.entry(name).or_default();
            if !places.contains(&at) {
                places.push(at);
            }
        }
    }

    /// The places of the rows that an id or key names.
    pub(super) fn find(&self, id: &str) -> &[usize] {
        self.0.get(id).map(Vec::as_slice).unwrap_or_default()
    }
}
