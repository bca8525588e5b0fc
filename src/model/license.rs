//! License claims, restrictions and regime events, and the lines of the brief's license desk.
//!
//! China publishes no list of license holders, so whatever stands here is what
//! somebody said, with its source, never an official entry. Nothing here is a
//! state: states are folded from these records at an instant, by `register`.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{CompanyId, Element, Language, Tier};
use crate::model::id;

id!(
    /// A claim's id: a hash of source URL, holder as spelled, action and the sentence that proves it,
    /// so that the same words seen again are the same claim.
    ClaimId
);

/// What is said to have happened to a license.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenseAction {
    /// The authority granted it.
    Granted,
    /// An application was filed.
    Applied,
    /// The authority refused it.
    Refused,
    /// The authority took it back for good.
    Revoked,
    /// It may not be used for the time being, or its examination was stopped.
    Suspended,
    /// Its term ended without renewal, as a source says. Time alone never says so.
    Expired,
    /// A new term was granted.
    Renewed,
    /// A decision is outstanding.
    Pending,
}

/// The kind of license.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum LicenseType {
    /// One or several end users, many shipments, up to a year as issued since December 2025.
    General,
    /// Per customer, per shipment or single item; also the six-month permits of 2025.
    Individual,
    /// Not said.
    #[default]
    Unspecified,
}

/// In what capacity a firm is called licensed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The exporter, who is the holder in law.
    #[default]
    Exporter,
    /// A buyer whom the source itself calls licensed.
    EndUser,
}

/// Who stands behind a claim, strongest first; a denial stands apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// The authority or a government says so.
    Official,
    /// The holder says so.
    CompanyConfirmed,
    /// The buyer says so.
    CustomerConfirmed,
    /// Press or sources.
    Reported,
    /// The source itself treats it as talk.
    Rumored,
    /// Somebody claimed it, and the firm or the authority denies it.
    Denied,
}

/// Where a claim's date is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateBasis {
    /// The source dates the action itself.
    Event,
    /// The source dates the statement that confirms or denies it.
    Statement,
    /// The source gives neither; the article's own date is all there is.
    #[default]
    Article,
}

/// One statement that somebody holds, seeks or lost a license.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Identity.
    pub id: ClaimId,
    /// The holder's name exactly as the source spells it; `None` when the source gives no name.
    pub name: Option<String>,
    /// The holder's canonical id in the lexicon, or a provisional one (`x-` and a slug of the
    /// name) that an operator can merge; `None` when unnamed. Unnamed holders are never given
    /// names.
    pub holder: Option<CompanyId>,
    /// How the source describes an unnamed holder (`some exporters`); empty when named.
    pub description: String,
    /// Exporter or end user.
    pub role: Role,
    /// What happened.
    pub action: LicenseAction,
    /// The kind of license.
    pub license_type: LicenseType,
    /// Elements the source ties to this license.
    pub elements: Vec<Element>,
    /// Goods the source ties to it (`magnets`, `rotors`).
    pub items: Vec<String>,
    /// Where the goods may go, in English short form (`US`, `EU`, `South Korea`).
    pub destinations: Vec<String>,
    /// Buyers other than the holder, as named, or how much of the client list (`nearly all customers`).
    pub customers: Vec<String>,
    /// Conditions the source names.
    pub conditions: Vec<String>,
    /// The license's term in months, if stated.
    pub validity_months: Option<u32>,
    /// How many licenses or holders the source counts, if it does.
    pub count: Option<u32>,
    /// The day or month of the action, or of the statement; `None` when the source gives neither.
    pub date: Option<PartialDate>,
    /// What that date is of.
    pub date_basis: DateBasis,
    /// Who stands behind it.
    pub certainty: Certainty,
    /// Whose report it is in the end, where the text says so (`reuters`): copies share it.
    pub origin: Option<String>,
    /// The publisher read.
    pub publisher: String,
    /// How far the publisher is trusted.
    pub tier: Tier,
    /// The article.
    pub url: String,
    /// The article's date.
    pub published: NaiveDate,
    /// The language of the quote.
    pub language: Language,
    /// The sentence that proves it, in its own language.
    pub quote: String,
    /// What is not verified about it, or empty.
    pub note: String,
    /// When Monazite first saw it.
    pub first_seen: DateTime<Utc>,
    /// When its source was last read.
    pub last_checked: DateTime<Utc>,
}

/// How a restriction bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictionKind {
    /// Export control list: no dual-use exports to the party.
    ControlList,
    /// Watch list: no general license, stricter examination.
    WatchList,
    /// A country, or some users in it.
    Country,
}

/// Who is barred, and by which announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// Stable id (`cn-2026-23`).
    pub id: String,
    /// Which list.
    pub kind: RestrictionKind,
    /// The announcement (`MOFCOM No. 23 of 2026`).
    pub announcement: String,
    /// Parties named by the source, as it spells them.
    pub parties: Vec<String>,
    /// Their canonical ids where the lexicon knows them.
    pub companies: Vec<CompanyId>,
    /// Where they are, in English short form.
    pub country: String,
    /// How many parties the announcement lists, if said.
    pub count: Option<u32>,
    /// One sentence without a full stop.
    pub what: String,
    /// From when.
    pub effective: Option<PartialDate>,
    /// Who says so.
    pub publisher: String,
    /// Where.
    pub url: String,
    /// The sentence that proves it; empty in curated records.
    pub quote: String,
    /// What is not verified, or empty.
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
    /// Its place among the desk's lines; the least is told first.
    #[serde(default)]
    pub place: u16,
    /// What a summarizing line lists after its text, each with its article.
    #[serde(default)]
    pub links: Vec<DeskLink>,
    /// The register's rows that the text names, in its order.
    #[serde(default)]
    pub rows: Vec<DeskRow>,
}

/// A row of the register that a line of the desk is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskRow {
    /// The holder as the text spells it.
    pub name: String,
    /// The holder for a button.
    pub label: String,
    /// What `/license` takes for it: ASCII, at most 48 bytes.
    pub row: String,
}

/// One of those that a summarizing line of the desk lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskLink {
    /// Who, and of when where that matters.
    pub name: String,
    /// The article.
    pub url: String,
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
