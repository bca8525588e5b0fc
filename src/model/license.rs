//! The export-control regime's dated facts, and the lines of the brief's license desk.
//!
//! China publishes no list of license holders, so whatever stands here is what
//! somebody said, with its source, never an official entry. The register of
//! claims about single holders is not part of this module yet.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::article::Element;

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
