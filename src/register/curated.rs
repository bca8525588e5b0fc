//! The curated history as it is shipped: claims, listings, announcements and days to watch.
//!
//! Its claims are claims like any other. It is checked whole, so that one look
//! shows all problems; a wrong record never hides another.

use std::collections::HashSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::lexicon::Lexicon;
use crate::model::article::{CompanyId, Element, Language, Tier};
use crate::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, PartialDate, RegimeEvent,
    Restriction, Role,
};
use crate::text;

/// The curated history.
#[derive(Clone, Debug, Default)]
pub struct Curated {
    /// Claims.
    pub claims: Vec<Claim>,
    /// Entity and country listings.
    pub restrictions: Vec<Restriction>,
    /// Announcements, and events of the regime. One that has force has a day on which it took it.
    pub regime: Vec<RegimeEvent>,
    /// Days to watch.
    pub watch: Vec<Watch>,
}

/// A day to watch.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// The day.
    pub date: NaiveDate,
    /// What is expected, one sentence without a full stop.
    pub what: String,
    /// Where that is said.
    #[serde(default)]
    pub url: Option<String>,
    /// Whether the desk counts down to it.
    pub countdown: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// The day on which the records were last compared with their sources.
    checked: NaiveDate,
    #[serde(default)]
    claim: Vec<toml::Value>,
    #[serde(default)]
    restriction: Vec<toml::Value>,
    #[serde(default)]
    regime: Vec<toml::Value>,
    #[serde(default)]
    watch: Vec<toml::Value>,
}

/// A claim as it is written; what is left out is not said by the source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    #[serde(default)]
    holder: Option<CompanyId>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    description: String,
    #[serde(default)]
    role: Role,
    action: LicenseAction,
    #[serde(default)]
    license_type: LicenseType,
    #[serde(default)]
    elements: Vec<Element>,
    #[serde(default)]
    items: Vec<String>,
    #[serde(default)]
    destinations: Vec<String>,
    #[serde(default)]
    customers: Vec<String>,
    #[serde(default)]
    conditions: Vec<String>,
    #[serde(default)]
    validity_months: Option<u32>,
    #[serde(default)]
    count: Option<u32>,
    #[serde(default)]
    date: Option<PartialDate>,
    #[serde(default)]
    date_basis: Option<DateBasis>,
    certainty: Certainty,
    #[serde(default)]
    origin: Option<String>,
    publisher: String,
    tier: u8,
    url: String,
    published: NaiveDate,
    language: Language,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    note: String,
}

/// Reads `licenses.toml`; holders and elements must be known to the lexicon, where there is one.
///
/// # Errors
///
/// Every problem found, each one sentence.
pub fn curated(toml: &str, lexicon: Option<&Lexicon>) -> Result<Curated, Vec<String>> {
    let file: File = toml::from_str(toml).map_err(|error| {
        let line = error.span().map_or(1, |span| text::line_of(toml, span.start));
        vec![format!("line {line}: {}", text::one_line(error.message()))]
    })?;
    let mut problems = Vec::new();
    let checked = midnight(file.checked);
    let written: Vec<Written> = read("claim", file.claim, &mut problems);
    let curated = Curated {
        claims: written.into_iter().map(|written| written.claim(checked)).collect(),
        restrictions: read("restriction", file.restriction, &mut problems),
        regime: read("regime", file.regime, &mut problems),
        watch: read("watch", file.watch, &mut problems),
    };
    let mut ids = HashSet::new();
    for claim in &curated.claims {
        let place = format!("claim {}", claim.id);
        check_id(&place, &mut ids, &mut problems);
        check_url(&place, &claim.url, &claim.note, &mut problems);
        problems
            .extend(claim_problems(claim, file.checked).iter().map(|p| format!("{place}: {p}")));
    }
    for restriction in &curated.restrictions {
        let place = format!("restriction {}", restriction.id);
        check_id(&place, &mut ids, &mut problems);
        check_url(&place, &restriction.url, &restriction.note, &mut problems);
    }
    for event in &curated.regime {
        let place = format!("regime {}", event.id);
        check_id(&place, &mut ids, &mut problems);
        check_url(&place, &event.url, &event.note, &mut problems);
        problems.extend(event_problems(event, &curated).iter().map(|p| format!("{place}: {p}")));
    }
    if let Some(lexicon) = lexicon {
        unknown_names(&curated, lexicon, &mut problems);
    }
    if problems.is_empty() { Ok(curated) } else { Err(problems) }
}

/// Each record by itself, so that a bad one hides no other.
fn read<T: DeserializeOwned>(
    kind: &str,
    list: Vec<toml::Value>,
    problems: &mut Vec<String>,
) -> Vec<T> {
    let mut records = Vec::new();
    for (i, value) in list.into_iter().enumerate() {
        let id = value.get("id").and_then(toml::Value::as_str).unwrap_or("no id").to_owned();
        match value.try_into() {
            Ok(record) => records.push(record),
            Err(error) => {
                let error: toml::de::Error = error;
                problems.push(format!(
                    "{kind} {} ({id}): {}",
                    i + 1,
                    text::one_line(error.message())
                ));
            }
        }
    }
    records
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

impl Written {
    /// The claim. It counts as seen on the day it was published: history is no news.
    fn claim(self, checked: DateTime<Utc>) -> Claim {
        let basis = match (self.date, self.date_basis) {
            (_, Some(basis)) => basis,
            (Some(_), None) => DateBasis::Event,
            (None, None) => DateBasis::Article,
        };
        let first_seen = midnight(self.published);
        Claim {
            id: ClaimId(self.id),
            name: self.name,
            holder: self.holder,
            description: self.description,
            role: self.role,
            action: self.action,
            license_type: self.license_type,
            elements: self.elements,
            items: self.items,
            destinations: self.destinations,
            customers: self.customers,
            conditions: self.conditions,
            validity_months: self.validity_months,
            count: self.count,
            date: self.date,
            date_basis: basis,
            certainty: self.certainty,
            origin: self.origin,
            publisher: self.publisher,
            tier: Tier(self.tier),
            url: self.url,
            published: self.published,
            language: self.language,
            quote: self.quote,
            note: self.note,
            first_seen,
            last_checked: first_seen.max(checked),
        }
    }
}

fn check_id(place: &str, ids: &mut HashSet<String>, problems: &mut Vec<String>) {
    if !ids.insert(place.to_owned()) {
        problems.push(format!("{place}: the id stands twice"));
    }
}

fn check_url(place: &str, url: &str, note: &str, problems: &mut Vec<String>) {
    if url.is_empty() && note.is_empty() {
        problems.push(format!("{place}: url: without an address, note must say where it was seen"));
    } else if !url.is_empty() && !is_web(url) {
        problems.push(format!("{place}: url: a source's address is needed"));
    }
}

fn is_web(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn claim_problems(claim: &Claim, checked: NaiveDate) -> Vec<&'static str> {
    let mut problems = Vec::new();
    match (&claim.holder, claim.description.is_empty()) {
        (Some(_), false) => problems.push("a named holder has no description; leave one out"),
        (None, true) => problems.push("give a holder, or the description of an unnamed one"),
        _ => {}
    }
    if claim.holder.is_some() && claim.name.is_none() {
        problems.push("name: how the source spells the holder is needed");
    }
    if claim.holder.is_none() && claim.name.is_some() {
        problems.push("name: an unnamed holder has none");
    }
    if !(1..=4).contains(&claim.tier.0) {
        problems.push("tier: write 1 to 4");
    }
    if claim.validity_months.is_some_and(|months| !(1..=60).contains(&months)) {
        problems.push("validity_months: a term of 1 to 60 months is believable");
    }
    if claim.published.year() < 2025 {
        problems.push("published: the rules in force began on 2025-04-04");
    }
    if claim.published > checked {
        problems.push("published: lies after the day of `checked`");
    }
    if claim.date.is_some_and(|date| date.first_day() > claim.published) {
        problems.push("date: a report cannot be older than what it reports");
    }
    if claim.date.is_none() && claim.date_basis != DateBasis::Article {
        problems.push("date_basis: without a date it is the article's");
    }
    problems
}

fn event_problems(event: &RegimeEvent, curated: &Curated) -> Vec<String> {
    let mut problems = Vec::new();
    if let (Some(from), Some(until)) = (event.suspended_from, event.suspended_until)
        && from > until
    {
        problems.push("suspended_from lies after suspended_until".to_owned());
    }
    if !(2009..2100).contains(&event.announced.year()) {
        problems.push("announced: the year cannot be right".to_owned());
    }
    for other in &event.amends {
        if *other == event.id || !curated.regime.iter().any(|known| known.id == *other) {
            problems.push(format!("amends: {other:?} is no other record here"));
        }
    }
    problems
}

fn unknown_names(curated: &Curated, lexicon: &Lexicon, problems: &mut Vec<String>) {
    let element =
        |element: &Element| lexicon.elements().iter().any(|known| known.symbol == element.0);
    for claim in &curated.claims {
        if let Some(holder) = claim.holder.as_ref().filter(|id| lexicon.company(id).is_none()) {
            problems.push(format!("claim {}: holder: the lexicon has no {holder}", claim.id));
        }
        for unknown in claim.elements.iter().filter(|e| !element(e)) {
            problems.push(format!("claim {}: elements: {unknown} is none", claim.id));
        }
    }
    for restriction in &curated.restrictions {
        for unknown in restriction.companies.iter().filter(|id| lexicon.company(id).is_none()) {
            problems.push(format!(
                "restriction {}: companies: the lexicon has no {unknown}",
                restriction.id
            ));
        }
    }
    for event in &curated.regime {
        for unknown in event.elements.iter().filter(|e| !element(e)) {
            problems.push(format!("regime {}: elements: {unknown} is none", event.id));
        }
    }
}
