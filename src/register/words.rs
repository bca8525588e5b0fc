//! Short phrases for claims, states and dates: one wording for desk and commands.
//!
//! Plain words over the record's own facts; nothing is said that no claim says.

use chrono::NaiveDate;

use crate::lexicon::Lexicon;
use crate::model::article::Element;
use crate::model::license::{
    Certainty, Claim, DateBasis, DeskRow, LicenseAction, LicenseType, PartialDate, RegimeEvent,
    Role,
};
use crate::register::handle::argument;
use crate::register::origin::{Trust, trust};
use crate::register::row::{Ends, Row, State};
use crate::text;

/// `2 Dec 2025`, `Dec 2025`.
#[must_use]
pub fn date(date: PartialDate) -> String {
    match date {
        PartialDate::Day(day) => self::day(day),
        PartialDate::Month(..) => date.first_day().format("%b %Y").to_string(),
    }
}

/// `2 Dec 2025`.
#[must_use]
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `today`, `tomorrow`, `in 9 days`, `2 days ago`.
#[must_use]
pub fn left(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if days < 0 => format!("{} days ago", -days),
        _ => format!("in {days} days"),
    }
}

/// What happened, as a participle.
#[must_use]
pub fn action(action: LicenseAction) -> &'static str {
    match action {
        LicenseAction::Granted => "granted",
        LicenseAction::Applied => "applied for",
        LicenseAction::Refused => "refused",
        LicenseAction::Revoked => "revoked",
        LicenseAction::Suspended => "suspended",
        LicenseAction::Expired => "expired",
        LicenseAction::Renewed => "renewed",
        LicenseAction::Pending => "pending",
    }
}

/// Who stands behind a claim.
#[must_use]
pub fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Official => "official",
        Certainty::CompanyConfirmed => "confirmed by the company",
        Certainty::CustomerConfirmed => "confirmed by the customer",
        Certainty::Reported => "reported",
        Certainty::Rumored => "rumored",
        Certainty::Denied => "denied",
    }
}

/// The kind of license.
#[must_use]
pub fn kind(license_type: LicenseType) -> &'static str {
    match license_type {
        LicenseType::General => "general license",
        LicenseType::Individual => "individual license",
        LicenseType::Unspecified => "license, type not said",
    }
}

/// A term.
#[must_use]
pub fn lasts(months: u32) -> String {
    match months {
        12 => "one-year".to_owned(),
        6 => "six-month".to_owned(),
        _ if months.is_multiple_of(12) => format!("{}-year", months / 12),
        _ => format!("{months}-month"),
    }
}

/// `1 origin, 7 articles`.
#[must_use]
pub fn origins(row: &Row) -> String {
    let count = |n: usize, one: &str| {
        if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
    };
    format!("{}, {}", count(row.origins, "origin"), count(row.articles, "article"))
}

/// Who stands behind the state of a row: `official (MOFCOM)`, `reported`.
#[must_use]
pub fn backing(row: &Row) -> String {
    let said = certainty(row.certainty);
    let origin = row.best().and_then(|claim| claim.origin.as_deref());
    match (row.certainty, origin) {
        (Certainty::Official, Some(origin)) => format!("{said} ({origin})"),
        _ => said.to_owned(),
    }
}

/// The state in words.
#[must_use]
pub fn state(row: &Row) -> String {
    let said = backing(row);
    match row.state {
        State::Rumored
        | State::Reported
        | State::CustomerConfirmed
        | State::CompanyConfirmed
        | State::Official => format!("granted, {said}"),
        State::Disputed if row.certainty == Certainty::Denied => {
            format!("said to be {}, denied", action(row.action))
        }
        State::Disputed => format!("disputed ({}, {said})", action(row.action)),
        State::Due => format!("{}, {said}; due", action(row.action)),
        State::PastDue => format!("{}, {said}; past due", action(row.action)),
        State::Expired
        | State::Renewed
        | State::Suspended
        | State::Revoked
        | State::Refused
        | State::Applied
        | State::Pending => format!("{}, {said}", action(row.action)),
    }
}

/// The date of the state, and what it is of.
#[must_use]
pub fn since(date: PartialDate, basis: DateBasis) -> String {
    match (date, basis) {
        (PartialDate::Day(day), DateBasis::Article) => {
            format!("on or before {} (date of the report)", self::day(day))
        }
        (date, DateBasis::Article) => format!("by {}", self::date(date)),
        (PartialDate::Day(day), DateBasis::Statement) => format!("said on {}", self::day(day)),
        (date, DateBasis::Statement) => format!("said in {}", self::date(date)),
        (date, DateBasis::Event) => self::date(date),
    }
}

/// The stated term and its end on a day: `one-year term ends 2 Dec 2026, in 9 days`.
#[must_use]
pub fn term(ends: &Ends, today: NaiveDate) -> String {
    let days = ends.days(today);
    let reckoned = match ends.basis {
        DateBasis::Article => ", counted from the report's date",
        DateBasis::Statement => ", counted from the statement's date",
        DateBasis::Event => "",
    };
    let ends_at = if ends.is_past(today) { "was to end" } else { "ends" };
    let when = match ends.date {
        PartialDate::Day(_) => format!("{}, {}", date(ends.date), left(days)),
        PartialDate::Month(..) => format!("in {}", date(ends.date)),
    };
    format!("{} term {ends_at} {when}{reckoned}", lasts(ends.months))
}

/// The term of a row with what was not seen since; empty when no term is stated.
#[must_use]
pub fn ending(row: &Row, today: NaiveDate) -> String {
    let Some(ends) = &row.ends else { return String::new() };
    match row.state {
        State::Due | State::PastDue => {
            format!("{}; no renewal and no expiry seen", term(ends, today))
        }
        State::Expired | State::Suspended | State::Revoked | State::Refused => String::new(),
        _ => term(ends, today),
    }
}

/// The end of a term in a few words, for one row or several that end together: `one-year term ends
/// 2 Dec 2026, in 9 days`. Counted from a report or a statement, it is about that day.
#[must_use]
pub(super) fn term_in_short(ends: &Ends, rows: usize, today: NaiveDate) -> String {
    let s = if rows == 1 { "" } else { "s" };
    let verb = match (ends.is_past(today), rows) {
        (true, 1) => "was to end",
        (true, _) => "were to end",
        (false, 1) => "ends",
        (false, _) => "end",
    };
    let about = if ends.basis == DateBasis::Event { "" } else { "about " };
    let when = match ends.date {
        PartialDate::Day(day) => format!("{about}{}, {}", self::day(day), left(ends.days(today))),
        PartialDate::Month(..) => format!("in {}", date(ends.date)),
    };
    format!("{} term{s} {verb} {when}", lasts(ends.months))
}

/// The same for a row, with what was not seen since; empty where it no longer matters.
#[must_use]
pub(super) fn end_in_short(row: &Row, today: NaiveDate) -> String {
    let Some(ends) = &row.ends else { return String::new() };
    match row.state {
        State::Due | State::PastDue => {
            format!("{}; no renewal seen", term_in_short(ends, 1, today))
        }
        State::Expired | State::Suspended | State::Revoked | State::Refused => String::new(),
        _ => term_in_short(ends, 1, today),
    }
}

/// Who stands behind what a claim says, by name where a report does: `reported by Reuters`.
#[must_use]
pub(super) fn backed_by(class: Certainty, claim: &Claim) -> String {
    let by = reporter(claim);
    match class {
        Certainty::Reported if !by.is_empty() => format!("reported by {by}"),
        Certainty::Rumored if !by.is_empty() => format!("rumored, told by {by}"),
        // An authority elsewhere, or a wire that quotes one, is not the authority's name.
        Certainty::Official if trust(claim) == Trust(2) => format!("official ({by})"),
        other => certainty(other).to_owned(),
    }
}

/// Whose report it is: the wire that the text names, or else the publisher.
#[must_use]
pub fn reporter(claim: &Claim) -> String {
    let named = claim.origin.as_deref().filter(|origin| !origin.trim().is_empty());
    let Some(name) = named else { return claim.publisher.clone() };
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// One side of a contradiction in a few words: `Reuters: granted, 2 Dec 2025`.
#[must_use]
pub(super) fn side_in_short(claim: &Claim) -> String {
    let what = match claim.certainty {
        Certainty::Denied => "denied",
        _ => action(claim.action),
    };
    let months = claim.validity_months.map(|months| format!(", {}", lasts(months)));
    let when = date(claim.date.unwrap_or(PartialDate::Day(claim.published)));
    format!("{}: {what}{}, {when}", claim.publisher, months.unwrap_or_default())
}

/// What the claims say it covers: `for Volkswagen; magnets; to US, Europe`; empty when nothing.
#[must_use]
pub fn scope(row: &Row) -> String {
    let scope = &row.scope;
    let mut parts = Vec::new();
    if !scope.customers.is_empty() {
        parts.push(format!("for {}", listed(&scope.customers)));
    }
    if !scope.elements.is_empty() {
        let symbols: Vec<&str> = scope.elements.iter().map(Element::as_str).collect();
        parts.push(symbols.join(", "));
    }
    if !scope.items.is_empty() {
        parts.push(scope.items.join(", "));
    }
    if !scope.destinations.is_empty() {
        parts.push(format!("to {}", scope.destinations.join(", ")));
    }
    parts.join("; ")
}

/// `a, b and c`.
#[must_use]
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    match names {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", rest.join(", "), last.as_ref())
        }
    }
}

/// The holder for readers: `JL MAG (金力永磁)`; unnamed ones as they are described.
#[must_use]
pub fn named(row: &Row, lexicon: &Lexicon) -> String {
    let Some(company) = row.holder.as_ref().and_then(|id| lexicon.company(id)) else {
        return row.name.clone();
    };
    let han = |name: &&String| name.chars().any(text::is_han);
    match company.names.iter().find(han) {
        Some(chinese) if row.role == Role::Exporter => format!("{} ({chinese})", company.short),
        _ => company.short.clone(),
    }
}

/// The row for a line of the desk.
#[must_use]
pub(super) fn desk_row(row: &Row, lexicon: &Lexicon) -> DeskRow {
    let known = row.holder.as_ref().and_then(|id| lexicon.company(id));
    DeskRow {
        name: named(row, lexicon),
        label: text::cut(known.map_or(&row.name, |company| &company.short), 32),
        row: argument(&row.id),
    }
}

/// What a note says of the record itself, without where else it was seen; empty when nothing.
#[must_use]
pub fn of_record(note: &str) -> String {
    let of_source = |clause: &&str| {
        let clause = clause.trim_start().to_lowercase();
        clause.starts_with("also ") || clause.starts_with("only the ")
    };
    // A full stop inside an address is followed by no space.
    let sentences = note.split(". ").map(|sentence| {
        let clauses: Vec<&str> = sentence.split("; ").filter(|clause| !of_source(clause)).collect();
        clauses.join("; ")
    });
    let said: Vec<String> = sentences.filter(|sentence| !sentence.is_empty()).collect();
    said.join(". ").trim_end_matches('.').to_owned()
}

/// A note's first clause that says something of the record itself, not of where it was seen; empty
/// when there is none.
#[must_use]
pub fn first_clause(note: &str) -> String {
    let of_source = |clause: &&str| clause.starts_with("also ") || clause.starts_with("only the ");
    let clause = note.split(';').map(str::trim).find(|clause| !of_source(clause));
    text::cut(clause.unwrap_or_default().trim_end_matches('.'), 240)
}

/// One side of a contradiction.
#[must_use]
pub(super) fn side(claim: &Claim) -> String {
    let months = claim.validity_months.map(|months| format!(", {}", lasts(months)));
    let what = match claim.certainty {
        Certainty::Denied => format!("denied that it was {}", action(claim.action)),
        other => format!("{}, {}", action(claim.action), certainty(other)),
    };
    let said = since(
        claim.date.unwrap_or(PartialDate::Day(claim.published)),
        if claim.date.is_some() { claim.date_basis } else { DateBasis::Article },
    );
    format!("{}: {what}{}, {said}", claim.publisher, months.unwrap_or_default())
}

/// `Nos. 55, 56 and 57 of 2025` for announcements of one authority and year; full names otherwise.
#[must_use]
pub fn numbers(events: &[&RegimeEvent]) -> String {
    let parts = |event: &RegimeEvent| {
        let (_, rest) = event.announcement.split_once("No. ")?;
        let (number, year) = rest.split_once(" of ")?;
        let plain = number.chars().all(|c| c.is_ascii_digit());
        plain.then(|| (number.to_owned(), year.to_owned()))
    };
    let all: Option<Vec<(String, String)>> = events.iter().map(|event| parts(event)).collect();
    match all {
        Some(all) if all.len() > 1 && all.iter().all(|(_, year)| *year == all[0].1) => {
            let numbers: Vec<&str> = all.iter().map(|(number, _)| number.as_str()).collect();
            format!("MOFCOM Nos. {} of {}", listed(&numbers), all[0].1)
        }
        _ => listed(&events.iter().map(|event| event.announcement.as_str()).collect::<Vec<_>>()),
    }
}
