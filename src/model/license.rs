//! The license register's records: claims, restrictions and regime events, each with its source.
//!
//! China publishes no list of license holders, so a record here is what
//! somebody said, never an official entry. Unnamed holders stay unnamed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{ArticleId, CompanyId, Element, Language, Tier};
use crate::model::id;

id!(
    /// A claim's id: the first 16 hex digits of the SHA-256 over publisher URL, holder, action and quote.
    ClaimId
);

/// What is said to have happened to a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LicenseAction {
    /// Issued.
    Granted,
    /// Filed.
    Applied,
    /// Turned down.
    Refused,
    /// Taken away.
    Revoked,
    /// Put on hold.
    Suspended,
    /// Run out.
    Expired,
    /// Extended or issued again.
    Renewed,
    /// A decision is outstanding.
    Pending,
}

/// Exporter (the holder in law) or an end user whom a text calls licensed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The Chinese exporter.
    #[default]
    Exporter,
    /// A buyer covered by a supplier's license.
    EndUser,
}

/// The kind of license.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LicenseType {
    /// 通用许可.
    General,
    /// 单项许可: one end user, or one shipment.
    Individual,
    /// Not said.
    #[default]
    Unspecified,
}

/// How certain a claim is, by who says it. The order is that of strength, strongest first;
/// a denial stands apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// The authority or a government says so.
    Official,
    /// The holder says so.
    CompanyConfirmed,
    /// The buyer says so.
    CustomerConfirmed,
    /// Press or sources.
    Reported,
    /// The text itself treats it as talk.
    Rumored,
    /// Somebody claimed it and the firm or the authority denies it.
    Denied,
}

/// What `date` of a claim rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateBasis {
    /// The text dates the action.
    Action,
    /// The text dates the statement that confirms or denies it.
    Statement,
    /// Only the article's own date is known.
    Article,
}

/// Who a claim is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Holder {
    /// Canonical id where the gazetteer or an operator knows the firm; a provisional
    /// `new-…` id otherwise; `None` when the text gives no name.
    pub id: Option<CompanyId>,
    /// The name as the text spells it; for an unnamed one, how the text describes it
    /// (`suppliers of Ford`), or empty.
    pub name: String,
}

/// One sourced statement about a license.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Identity: the same statement read twice has the same id.
    pub id: ClaimId,
    /// Who holds it, is refused it, and so on.
    pub holder: Holder,
    /// Exporter or end user.
    pub role: Role,
    /// What happened.
    pub action: LicenseAction,
    /// Which kind.
    pub license: LicenseType,
    /// Elements the text ties to this license.
    pub elements: Vec<Element>,
    /// Items (`NdFeB magnets`), as the text names them.
    pub items: Vec<String>,
    /// Places the goods may go: English short forms (`US`, `EU`, `South Korea`).
    pub destinations: Vec<String>,
    /// Buyers, as named; `nearly all customers`, `some customers` for shares.
    pub customers: Vec<String>,
    /// Conditions, as the text words them.
    pub conditions: Vec<String>,
    /// Term in months, if stated.
    pub validity_months: Option<u32>,
    /// `2025-12-02`, or `2025-12` when only the month is given.
    pub date: Option<PartialDate>,
    /// What `date` rests on.
    pub date_basis: DateBasis,
    /// How certain.
    pub certainty: Certainty,
    /// Who the text says it has it from (`Reuters, citing one source`), or empty.
    pub attribution: String,
    /// Publisher's name.
    pub publisher: String,
    /// Publisher's trust tier.
    pub tier: Tier,
    /// The page.
    pub url: String,
    /// The article, if it was gathered; `None` for curated history.
    pub article: Option<ArticleId>,
    /// When the page was published.
    pub published: DateTime<Utc>,
    /// The sentence that proves it, in its own language.
    pub quote: String,
    /// The quote's language.
    pub language: Language,
    /// When Monazite first had it.
    pub first_seen: DateTime<Utc>,
    /// When the page was last seen to say so.
    pub last_checked: DateTime<Utc>,
    /// What a reader must know of its quality (`one site; conflicts with Reuters`), or empty.
    pub note: String,
}

/// A day, or a month of which the day is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartialDate {
    /// A month.
    Month(i32, u32),
    /// A day.
    Day(NaiveDate),
}

impl PartialDate {
    /// The first day it can mean.
    #[must_use]
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Month(year, month) => {
                NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(NaiveDate::MIN)
            }
        }
    }
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

impl std::str::FromStr for PartialDate {
    type Err = String;

    /// Reads `2025-12-02` or `2025-12`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is neither a day (2025-12-02) nor a month (2025-12)");
        if let Ok(day) = text.parse::<NaiveDate>() {
            return Ok(Self::Day(day));
        }
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let (year, month) =
            (year.parse::<i32>().map_err(|_| wrong())?, month.parse::<u32>().map_err(|_| wrong())?);
        NaiveDate::from_ymd_opt(year, month, 1).map(|_| Self::Month(year, month)).ok_or_else(wrong)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A listing that bars exports to a named party or country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Stable id (`cn-2026-23-mp-materials`).
    pub id: String,
    /// Who or which country is barred.
    pub party: String,
    /// Canonical company id, if it is one the gazetteer knows.
    pub company: Option<CompanyId>,
    /// `control list`, `watch list`, `country ban`.
    pub list: String,
    /// By which announcement (`MOFCOM No. 23 of 2026`).
    pub announcement: String,
    /// Since when.
    pub since: NaiveDate,
    /// Until when, where a text says so.
    pub until: Option<NaiveDate>,
    /// What it means, in one sentence.
    pub what: String,
    /// Who says so.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// What is not verified, or empty.
    pub note: String,
}

/// An announcement of the export-control regime and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegimeEvent {
    /// Stable id (`cn-2025-18`).
    pub id: String,
    /// `MOFCOM+GAC No. 18 of 2025`.
    pub announcement: String,
    /// One sentence.
    pub what: String,
    /// When it was announced.
    pub announced: NaiveDate,
    /// When it took or takes effect; `None` when not said.
    pub effective: Option<NaiveDate>,
    /// Suspended from.
    pub suspended_from: Option<NaiveDate>,
    /// Suspended until.
    pub suspended_until: Option<NaiveDate>,
    /// Ids of the events it amends, suspends or extends.
    pub amends: Vec<String>,
    /// Elements controlled by it.
    pub elements: Vec<Element>,
    /// Control codes (`1C904`).
    pub codes: Vec<String>,
    /// Who says so.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// What is not verified, or empty.
    pub note: String,
}

/// A line of the brief's license desk, already decided at the edition's closing time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskEntry {
    /// What kind of change it is.
    pub kind: DeskKind,
    /// One or two sentences: a template over the record's facts.
    pub text: String,
    /// The sentence that proves it, in its own language; empty for countdowns.
    pub quote: String,
    /// Who says so.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// Days until the date counted down to, if the entry is a countdown.
    pub days: Option<i64>,
}

/// Why a line stands on the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeskKind {
    /// First said since the last edition.
    New,
    /// Said differently than before.
    Changed,
    /// Claims stand against each other.
    Contradicted,
    /// A term or a suspension comes to its end.
    Due,
    /// An announcement or listing.
    Regime,
}
