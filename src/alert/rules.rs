//! Which events are alerts and how much they matter: `config/alerts.toml`, compiled.
//!
//! The first rule that holds decides; an event that none names is told only to
//! those whose watch asks for it.

use std::time::Duration;

use serde::Deserialize;

use crate::model::alert::Severity;
use crate::model::license::LicenseAction;
use crate::model::source::parse_duration;
use crate::text;

/// What an event is, for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A license claim that says something new.
    License,
    /// A claim that was reported is now confirmed.
    Confirmed,
    /// A claim is denied.
    Denied,
    /// Claims stand against each other.
    Contradicted,
    /// A source takes a claim back.
    Corrected,
    /// An announcement that was not known, or a suspension that is longer than was known.
    Announcement,
    /// A listing of parties.
    Restriction,
    /// A license's reported term comes to its end.
    LicenseDue,
    /// A suspension comes to its end.
    SuspensionEnds,
    /// An announcement comes into force.
    TakesEffect,
    /// A comment period comes to its end, for those who watch for it.
    Comments,
    /// A day of the calendar comes near.
    Calendar,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What it is about.
    pub what: What,
    /// Only licenses with these actions; empty for all.
    #[serde(default)]
    pub actions: Vec<LicenseAction>,
    /// Only licenses whose exporter is named, or only those whose is not.
    #[serde(default)]
    pub named: Option<bool>,
    /// Only on these days before the date, for what comes near.
    #[serde(default)]
    pub days: Vec<i64>,
    /// How much it matters.
    pub severity: Severity,
}

/// How many and how old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What was published longer ago than this is not announced as new.
    pub oldest: Duration,
    /// Watches that one chat may have.
    pub watches: usize,
    /// Alerts a chat receives one by one within `burst_within`; further ones come as a digest.
    pub burst: usize,
    /// The span of a burst, and how long what exceeds it is gathered.
    pub burst_within: Duration,
    /// Polls that failed in a row before the operator is told of a source.
    pub failures: u32,
    /// And how long it must have failed.
    pub failing_for: Duration,
}

/// The rules and limits.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Beginnings of a title by which a correction is known, lower case.
    pub corrections: Vec<String>,
    /// How many and how old.
    pub limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    corrections: Vec<String>,
    #[serde(default)]
    limits: LimitsTable,
    #[serde(default)]
    rule: Vec<toml::Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LimitsTable {
    oldest: String,
    watches: usize,
    burst: usize,
    burst_within: String,
    failures: u32,
    failing_for: String,
}

impl Default for LimitsTable {
    fn default() -> Self {
        Self {
            oldest: "24h".to_owned(),
            watches: 20,
            burst: 5,
            burst_within: "10m".to_owned(),
            failures: 3,
            failing_for: "6h".to_owned(),
        }
    }
}

impl Rules {
    /// Reads `alerts.toml`.
    ///
    /// # Errors
    ///
    /// Every problem found, each one sentence.
    pub fn parse(toml: &str) -> Result<Self, Vec<String>> {
        let file: File = toml::from_str(toml).map_err(|error| {
            let line = error.span().map_or(1, |span| text::line_of(toml, span.start));
            vec![format!("line {line}: {}", text::one_line(error.message()))]
        })?;
        let (mut rules, mut problems) = (Vec::new(), Vec::new());
        for (i, value) in file.rule.into_iter().enumerate() {
            let read: Result<Rule, toml::de::Error> = value.try_into();
            let place = format!("rule {}", i + 1);
            match read {
                Ok(rule) => {
                    problems.extend(rule.problem().map(|problem| format!("{place}: {problem}")));
                    rules.push(rule);
                }
                Err(error) => {
                    problems.push(format!("{place}: {}", text::one_line(error.message())));
                }
            }
        }
        let mut duration = |key: &str, text: &str| {
            parse_duration(text).unwrap_or_else(|error| {
                problems.push(format!("limits.{key}: {error}"));
                Duration::ZERO
            })
        };
        let limits = Limits {
            oldest: duration("oldest", &file.limits.oldest),
            watches: file.limits.watches,
            burst: file.limits.burst,
            burst_within: duration("burst_within", &file.limits.burst_within),
            failures: file.limits.failures,
            failing_for: duration("failing_for", &file.limits.failing_for),
        };
        if limits.burst == 0 {
            problems.push("limits.burst: must be at least 1".to_owned());
        }
        let corrections = file.corrections.iter().map(|words| words.to_lowercase()).collect();
        if problems.is_empty() { Ok(Self { rules, corrections, limits }) } else { Err(problems) }
    }

    /// How much a license event matters, if it is an alert.
    #[must_use]
    pub fn of_license(&self, what: What, action: LicenseAction, named: bool) -> Option<Severity> {
        let holds = |rule: &&Rule| {
            rule.what == what
                && (rule.actions.is_empty() || rule.actions.contains(&action))
                && rule.named.is_none_or(|wanted| wanted == named)
        };
        self.rules.iter().find(holds).map(|rule| rule.severity)
    }

    /// How much an event that is about no license matters, if it is an alert.
    #[must_use]
    pub fn of(&self, what: What) -> Option<Severity> {
        self.rules.iter().find(|rule| rule.what == what).map(|rule| rule.severity)
    }

    /// How much it matters that a date is `days` away, if it is an alert.
    #[must_use]
    pub fn of_day(&self, what: What, days: i64) -> Option<Severity> {
        let holds = |rule: &&Rule| rule.what == what && rule.days.contains(&days);
        self.rules.iter().find(holds).map(|rule| rule.severity)
    }
}

impl Rule {
    fn problem(&self) -> Option<&'static str> {
        let dated = matches!(
            self.what,
            What::LicenseDue
                | What::SuspensionEnds
                | What::TakesEffect
                | What::Comments
                | What::Calendar
        );
        let of_license = matches!(
            self.what,
            What::License | What::Confirmed | What::Denied | What::Contradicted | What::Corrected
        );
        if dated && self.days.is_empty() {
            Some("days: name the days before the date, such as [7, 0]")
        } else if !dated && !self.days.is_empty() {
            Some("days: only what comes near has days")
        } else if !(of_license || self.actions.is_empty() && self.named.is_none()) {
            Some("actions and named are for licenses only")
        } else {
            None
        }
    }
}
