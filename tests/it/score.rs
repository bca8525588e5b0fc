//! Labelled texts and how claims found in them are scored: right, wrong, missed, field by field.
//!
//! Scores only; which texts must reach which figures is for the tests.

use std::path::Path;

use chrono::{DateTime, NaiveDate, Utc};
use monazite::enrich::claims::{self, Found, Rules, Told};
use monazite::lexicon::Lexicon;
use monazite::model::article::{Language, Tier};
use monazite::model::license::{Claim, Role};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Text {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) date: Option<String>,
    pub(crate) lang: String,
    pub(crate) text: String,
    pub(crate) events: Vec<Label>,
    pub(crate) hard_negative: bool,
    pub(crate) story: String,
}

#[derive(Deserialize)]
pub(crate) struct Label {
    pub(crate) holder: Option<String>,
    pub(crate) holder_id: Option<String>,
    pub(crate) role: String,
    pub(crate) action: String,
    pub(crate) license_type: String,
    pub(crate) elements: Vec<String>,
    pub(crate) destinations: Vec<String>,
    pub(crate) customers: Vec<String>,
    pub(crate) date: Option<String>,
    pub(crate) validity_months: Option<u32>,
    pub(crate) certainty: String,
}

/// The labelled texts of a folder, in order of their file names.
pub(crate) fn texts(folder: &Path) -> Vec<Text> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
        .collect()
}

impl Text {
    /// What is found in it.
    pub(crate) fn read(&self, lexicon: &Lexicon, rules: &Rules) -> Found {
        told(&self.title, &self.text, self.date.as_deref(), &self.lang, lexicon, rules)
    }
}

fn day(date: Option<&str>) -> (DateTime<Utc>, bool) {
    let (text, whole) = match date {
        Some(date) if date.len() == 10 => (date.to_owned(), true),
        Some(date) if date.len() == 7 => (format!("{date}-01"), false),
        Some(year) => (format!("{year}-01-01"), false),
        None => ("2026-11-01".to_owned(), false),
    };
    let day: NaiveDate = text.parse().unwrap();
    (day.and_hms_opt(12, 0, 0).unwrap().and_utc(), whole)
}

pub(crate) fn told(
    title: &str,
    body: &str,
    date: Option<&str>,
    language: &str,
    lexicon: &Lexicon,
    rules: &Rules,
) -> Found {
    let (published, dated) = day(date);
    let article = Told {
        title,
        body,
        published,
        dated,
        language: &Language(language.to_owned()),
        publisher: "A Paper",
        tier: Tier(2),
        url: "https://paper.example/1",
        now: published,
    };
    claims::claims(&article, lexicon, rules)
}

/// A value as the labels and the serialized model spell it.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap_or_default().replace('_', "-")
}

fn same_holder(label: &Label, claim: &Claim) -> bool {
    match (&label.holder, &claim.name) {
        (None, None) => true,
        (Some(spelled), Some(name)) => {
            let id = claim.holder.as_ref().map(ToString::to_string);
            let (spelled, name) = (monazite::lexicon::fold(spelled), monazite::lexicon::fold(name));
            id == label.holder_id
                || spelled == name
                || spelled.contains(&name) && name.chars().count() >= 3
                || name.contains(&spelled)
        }
        _ => false,
    }
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Score {
    pub(crate) hit: usize,
    pub(crate) extra: usize,
    pub(crate) missed: usize,
}

impl Score {
    pub(crate) fn add(&mut self, other: Score) {
        self.hit += other.hit;
        self.extra += other.extra;
        self.missed += other.missed;
    }

    pub(crate) fn precision(self) -> f64 {
        ratio(self.hit, self.hit + self.extra)
    }

    pub(crate) fn recall(self) -> f64 {
        ratio(self.hit, self.hit + self.missed)
    }

    pub(crate) fn line(self) -> String {
        let (p, r) = (self.precision(), self.recall());
        let f = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
        format!(
            "precision {p:.3}  recall {r:.3}  F1 {f:.3}  ({} right, {} wrong, {} missed)",
            self.hit, self.extra, self.missed
        )
    }
}

pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        1.0
    } else {
        f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
    }
}

/// Labels paired with claims of the same holder and action; what is left of either.
pub(crate) fn paired<'a>(
    labels: &'a [Label],
    claims: &'a [Claim],
) -> (Vec<(&'a Label, &'a Claim)>, Vec<&'a Claim>, Vec<&'a Label>) {
    let mut left: Vec<&Claim> = claims.iter().collect();
    let mut pairs = Vec::new();
    let mut missed = Vec::new();
    for label in labels {
        let fits =
            |claim: &&Claim| same_holder(label, claim) && word(&claim.action) == label.action;
        let shared =
            |claim: &Claim| claim.customers.iter().filter(|c| label.customers.contains(c)).count();
        let best =
            left.iter().enumerate().filter(|(_, claim)| fits(claim)).max_by_key(|(i, claim)| {
                (shared(claim), word(&claim.certainty) == label.certainty, usize::MAX - i)
            });
        match best.map(|(i, _)| i) {
            Some(i) => pairs.push((label, left.remove(i))),
            None => missed.push(label),
        }
    }
    (pairs, left, missed)
}

fn sorted(list: &[String]) -> Vec<String> {
    let mut list: Vec<String> = list.iter().map(|s| monazite::lexicon::fold(s)).collect();
    list.sort();
    list
}

/// Each field's name, what was said and what is labelled.
pub(crate) fn fields(label: &Label, claim: &Claim) -> Vec<(&'static str, String, String)> {
    let elements: Vec<String> = claim.elements.iter().map(|e| e.0.clone()).collect();
    let show = |list: Vec<String>| list.join(",");
    vec![
        ("role", word(&claim.role).replace('-', "_"), label.role.clone()),
        ("type", word(&claim.license_type), label.license_type.clone()),
        ("elements", show(sorted(&elements)), show(sorted(&label.elements))),
        ("destinations", show(sorted(&claim.destinations)), show(sorted(&label.destinations))),
        ("customers", show(sorted(&claim.customers)), show(sorted(&label.customers))),
        (
            "date",
            claim.date.map(|d| d.to_string()).unwrap_or_default(),
            label.date.clone().unwrap_or_default(),
        ),
        ("months", format!("{:?}", claim.validity_months), format!("{:?}", label.validity_months)),
        ("certainty", word(&claim.certainty), label.certainty.clone()),
    ]
}

/// A claim on one line: holder|action|type|certainty|date|months|destinations|customers.
pub(crate) fn line(claim: &Claim) -> String {
    let holder = match (&claim.name, claim.role) {
        (Some(name), Role::Exporter) => name.clone(),
        (Some(name), Role::EndUser) => format!("{name} (end user)"),
        (None, Role::Exporter) => format!("<{}>", claim.description),
        (None, Role::EndUser) => format!("<{}> (end user)", claim.description),
    };
    [
        holder,
        word(&claim.action),
        word(&claim.license_type),
        word(&claim.certainty),
        claim.date.map(|date| date.to_string()).unwrap_or_default(),
        claim.validity_months.map(|months| months.to_string()).unwrap_or_default(),
        claim.destinations.join(","),
        claim.customers.join(","),
    ]
    .join("|")
}
