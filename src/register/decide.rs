//! What an operator decides about claims, or their page takes back: added records with who, when and why.
//!
//! A decision never changes or deletes a claim; the fold applies decisions in
//! the order of their instants, so a later one overrides an earlier one.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::article::{CompanyId, Element};
use crate::model::license::{Certainty, Claim, ClaimId, DateBasis, PartialDate};
use crate::register::{Curated, Entry, Register};

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// Why; may be empty where nothing is taken back.
    pub why: String,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// What can be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The claim was looked at and stands; an earlier rejection of it is lifted.
    Accept {
        /// The claim.
        claim: ClaimId,
    },
    /// The claim does not count, and neither do copies of its story.
    Reject {
        /// The claim.
        claim: ClaimId,
    },
    /// The page that made the claim was changed and makes it no longer. Said again later, the
    /// claim counts again; other pages' claims are not touched.
    Withdraw {
        /// The claim.
        claim: ClaimId,
    },
    /// A provisional holder is a known one.
    Merge {
        /// The provisional id.
        from: CompanyId,
        /// The canonical id.
        to: CompanyId,
    },
    /// A field of a claim was read wrongly, or its source corrected it.
    Correct {
        /// The claim.
        claim: ClaimId,
        /// The field.
        field: Field,
        /// What it should say, as it is typed; lists are separated by commas, empty clears.
        value: String,
    },
}

/// A field that can be corrected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The canonical holder.
    Holder,
    /// How an unnamed holder is described.
    Description,
    /// `exporter` or `end_user`.
    Role,
    /// `granted`, `applied` and so on.
    Action,
    /// `general`, `individual` or `unspecified`.
    LicenseType,
    /// Symbols.
    Elements,
    /// Goods.
    Items,
    /// Places.
    Destinations,
    /// Buyers.
    Customers,
    /// Conditions.
    Conditions,
    /// Months.
    ValidityMonths,
    /// A number.
    Count,
    /// A day or a month.
    Date,
    /// `official`, `reported` and so on.
    Certainty,
    /// Whose report it is.
    Origin,
}

impl Field {
    /// Every field by the name an operator types.
    pub const NAMES: [(&'static str, Self); 15] = [
        ("holder", Self::Holder),
        ("description", Self::Description),
        ("role", Self::Role),
        ("action", Self::Action),
        ("license_type", Self::LicenseType),
        ("elements", Self::Elements),
        ("items", Self::Items),
        ("destinations", Self::Destinations),
        ("customers", Self::Customers),
        ("conditions", Self::Conditions),
        ("validity_months", Self::ValidityMonths),
        ("count", Self::Count),
        ("date", Self::Date),
        ("certainty", Self::Certainty),
        ("origin", Self::Origin),
    ];

    /// The name an operator types.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

impl std::str::FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, field)| *field).ok_or_else(|| {
            let names: Vec<&str> = Self::NAMES.iter().map(|(name, _)| *name).collect();
            format!("a claim has no field {text:?}; the fields are {}", names.join(", "))
        })
    }
}

/// Puts `value` into a field of the claim.
///
/// # Errors
///
/// When the value is none for that field; then the claim is unchanged.
pub fn correct(claim: &mut Claim, field: Field, value: &str) -> Result<(), String> {
    let value = value.trim();
    match field {
        Field::Holder => {
            if value.is_empty() && claim.description.is_empty() {
                return Err("a claim without holder needs a description first".to_owned());
            }
            claim.holder = some(value).map(CompanyId);
        }
        Field::Description => value.clone_into(&mut claim.description),
        Field::Role => claim.role = word(value)?,
        Field::Action => claim.action = word(value)?,
        Field::LicenseType => claim.license_type = word(value)?,
        Field::Elements => claim.elements = list(value).into_iter().map(Element).collect(),
        Field::Items => claim.items = list(value),
        Field::Destinations => claim.destinations = list(value),
        Field::Customers => claim.customers = list(value),
        Field::Conditions => claim.conditions = list(value),
        Field::ValidityMonths => claim.validity_months = number(value)?,
        Field::Count => claim.count = number(value)?,
        Field::Date => {
            claim.date = some(value).map(|date| date.parse::<PartialDate>()).transpose()?;
            claim.date_basis =
                if claim.date.is_some() { DateBasis::Event } else { DateBasis::Article };
        }
        Field::Certainty => claim.certainty = word(value)?,
        Field::Origin => claim.origin = some(value),
    }
    Ok(())
}

/// New claims that somebody should look at, and why: low certainty, or a holder nobody knows. What
/// is curated, accepted or rejected is not asked again.
#[must_use]
pub fn to_review<'a>(
    register: &'a Register,
    curated: &Curated,
) -> Vec<(&'a Entry, Vec<&'static str>)> {
    let shipped: HashSet<&ClaimId> = curated.claims.iter().map(|claim| &claim.id).collect();
    let mut open: Vec<(&Entry, Vec<&'static str>)> = register
        .rows
        .iter()
        .flat_map(|row| &row.history)
        .filter(|entry| entry.accepted.is_none() && !shipped.contains(&entry.claim.id))
        .map(|entry| (entry, reasons(entry)))
        .filter(|(_, reasons)| !reasons.is_empty())
        .collect();
    open.sort_by_key(|(entry, _)| (std::cmp::Reverse(entry.claim.first_seen), &entry.claim.id));
    open
}

fn reasons(entry: &Entry) -> Vec<&'static str> {
    let claim = &entry.claim;
    let mut reasons = Vec::new();
    match claim.certainty {
        Certainty::Rumored => reasons.push("the source treats it as talk"),
        Certainty::Denied => reasons.push("it is denied"),
        _ if claim.tier.0 >= 4 => reasons.push("the publisher rewrites others"),
        _ => {}
    }
    if claim.holder.as_ref().is_some_and(|id| id.as_str().starts_with("x-")) {
        reasons.push("the holder is not known");
    }
    reasons
}

fn some(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn list(value: &str) -> Vec<String> {
    value.split([',', '，', '、']).map(str::trim).filter_map(some).collect()
}

fn number(value: &str) -> Result<Option<u32>, String> {
    some(value)
        .map(|text| text.parse().map_err(|_| format!("{text:?} is no whole number")))
        .transpose()
}

/// A value of an enumeration by its name in records; hyphens and spaces count as underscores.
fn word<T: DeserializeOwned>(value: &str) -> Result<T, String> {
    let name = value.to_lowercase().replace(['-', ' '], "_");
    serde_json::from_value(serde_json::Value::String(name)).map_err(|error| {
        let said = error.to_string();
        let expected = said.split_once("expected ").map_or(said.as_str(), |(_, rest)| rest);
        format!("{value:?} is not possible here; possible: {}", expected.replace('`', ""))
    })
}
