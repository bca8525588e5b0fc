//! What an article brings, judged against what was known: events, each with what it matters.
//!
//! A copy of what is known is no event of its own, and neither is what happened
//! long ago. Unnamed holders are never given names, a buyer is never a holder.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::alert::rules::{Rules, What};
use crate::lexicon::{Lexicon, Name};
use crate::model::alert::{Happening, Severity};
use crate::model::article::{Article, CompanyId, Element};
use crate::model::brief::SourceLink;
use crate::model::license::{
    Certainty, Claim, DateBasis, LicenseType, PartialDate, RegimeEvent, Restriction,
    RestrictionKind, Role,
};
use crate::register::{self, Coming, ComingKind, Register, Row};
use crate::text;

/// What a claim dates farther back than this is looked back at, in days.
const PAST: u64 = 30;
/// Two dates no farther apart than this are of one event, in days.
const SAME: i64 = 3;
/// Longest list of what a license covers.
const SCOPE: usize = 90;
/// Longest sentence of what happened.
const WHAT: usize = 240;
/// Differences that leave the license as it is.
const DETAILS: [&str; 2] = ["the day", "how long it runs"];

/// What an article brings that was not stored before.
#[derive(Clone, Copy)]
pub struct Brought<'a> {
    /// The article.
    pub article: &'a Article,
    /// Its claims.
    pub claims: &'a [Claim],
    /// Its listings.
    pub restrictions: &'a [Restriction],
    /// Its announcements.
    pub regime: &'a [RegimeEvent],
    /// Claims that its earlier version made and it does not.
    pub withdrawn: &'a [Claim],
    /// The title that its earlier version had, where it has another now.
    pub retitled: Option<&'a str>,
}

/// What an article is judged against.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// Names.
    pub lexicon: &'a Lexicon,
    /// The register of the holders concerned without the article.
    pub before: &'a Register,
    /// And with it.
    pub after: &'a Register,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// How much it matters; `None` when it is no alert by itself.
    pub severity: Option<Severity>,
    /// What kind of happening it is to those who were told before.
    pub happening: Happening,
    /// What it is about, as keys.
    pub subjects: Vec<String>,
    /// Who it is about; several with the same deed in one article stand together.
    who: Vec<String>,
    /// What they did or what was done to them; the whole sentence where nobody is named.
    deed: String,
    /// Who stands behind it, in words.
    pub certainty: String,
    /// The sentence that says so.
    pub quote: String,
    /// Who says so, and where.
    pub source: SourceLink,
    /// When that was published.
    pub published: DateTime<Utc>,
    /// Elements concerned.
    pub elements: Vec<Element>,
    /// Companies concerned.
    pub companies: Vec<CompanyId>,
}

impl Event {
    /// What happened, one line without a full stop.
    #[must_use]
    pub fn what(&self) -> String {
        let what = match self.who.as_slice() {
            [] => self.deed.clone(),
            [one] => format!("{one}: {}", self.deed),
            who => {
                let deed = self.deed.replacen("license ", "licenses ", 1);
                format!("{}: {deed}", register::listed(who))
            }
        };
        text::cut(&what, WHAT)
    }
}

/// The events that an article brings, gravest first; none when it only tells again.
#[must_use]
pub fn events(brought: &Brought<'_>, known: &Known<'_>, rules: &Rules) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let licenses = brought.claims.iter().filter_map(|claim| license(claim, brought, known, rules));
    for event in licenses {
        together(&mut events, event);
    }
    for claim in brought.withdrawn {
        together(&mut events, withdrawn(claim, brought.article, known, rules));
    }
    events.extend(brought.regime.iter().map(|event| announcement(event, brought.article, rules)));
    let listings = brought.restrictions.iter();
    events.extend(listings.map(|listing| restriction(listing, brought.article, rules)));
    if brought.withdrawn.is_empty() {
        events.extend(corrected(brought, rules));
    }
    events.sort_by_key(|event| std::cmp::Reverse(event.severity));
    events
}

/// Puts an event beside one of the same deed, or for itself.
fn together(events: &mut Vec<Event>, event: Event) {
    let same = |other: &&mut Event| {
        (other.happening, other.severity, &other.deed)
            == (event.happening, event.severity, &event.deed)
            || other.subjects == event.subjects && other.happening == event.happening
    };
    let Some(other) = events.iter_mut().find(same) else {
        events.push(event);
        return;
    };
    other.severity = other.severity.max(event.severity);
    add(&mut other.subjects, event.subjects);
    add(&mut other.who, event.who);
    add(&mut other.elements, event.elements);
    add(&mut other.companies, event.companies);
}

fn add<T: PartialEq>(list: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

// ---------------------------------------------------------------- licenses

fn license(
    claim: &Claim,
    brought: &Brought<'_>,
    known: &Known<'_>,
    rules: &Rules,
) -> Option<Event> {
    let has = |row: &&Row| row.history.iter().any(|entry| entry.claim.id == claim.id);
    let row = known.after.rows.iter().find(has)?;
    let (what, happening) = judged(claim, row, known);
    let named = claim.holder.is_some() && claim.role == Role::Exporter;
    let past = is_past(claim, known.after.today);
    let severity =
        what.filter(|_| !past).and_then(|what| rules.of_license(what, claim.action, named));
    Some(Event {
        severity,
        happening,
        subjects: vec![subject(claim)],
        who: vec![register::named(row, known.lexicon)],
        deed: deed(claim, what, row),
        certainty: certainty(claim, known.lexicon),
        quote: claim.quote.clone(),
        source: source(brought.article),
        published: brought.article.published,
        elements: claim.elements.clone(),
        companies: claim.holder.iter().cloned().collect(),
    })
}

/// What the claim is to those who knew the register before it.
fn judged(claim: &Claim, row: &Row, known: &Known<'_>) -> (Option<What>, Happening) {
    let party = |other: &&Row| other.holder == row.holder && other.role == row.role;
    let earlier = || known.before.rows.iter().filter(party).flat_map(|row| &row.history);
    let is_denied = |claim: &Claim| claim.certainty == Certainty::Denied;
    // A license whose type is not said may be any that is known; a general one is not the one
    // whose type nobody said.
    let same_type = |other: &Claim| {
        [other.license_type, LicenseType::Unspecified].contains(&claim.license_type)
    };
    let same: Vec<&Claim> = earlier()
        .map(|entry| &entry.claim)
        .filter(|other| other.action == claim.action && same_type(other))
        .collect();
    if is_denied(claim) {
        return match same.iter().any(|other| is_denied(other)) {
            true => (None, Happening::Also),
            false => (Some(What::Denied), Happening::Denied),
        };
    }
    let held: Vec<&&Claim> = same.iter().filter(|other| !is_denied(other)).collect();
    // A holder's own event of a later day is another one; reports only look back at the first.
    let later = claim.date.filter(|_| claim.date_basis == DateBasis::Event).is_some_and(|date| {
        held.iter().all(|other| {
            let day = other.date.map_or(other.published, PartialDate::first_day);
            (date.first_day() - day).num_days() > SAME
        })
    });
    if held.is_empty() || later {
        return (Some(What::License), Happening::Told);
    }
    let best = held.iter().map(|other| other.certainty).min();
    let sure = claim.certainty <= Certainty::CustomerConfirmed;
    if sure && best.is_some_and(|best| claim.certainty < best) {
        return (Some(What::Confirmed), Happening::Confirmed);
    }
    let disputes = |row: &Row| {
        row.contradictions.iter().filter(|found| !DETAILS.contains(&found.about)).count()
    };
    let before: usize = known.before.rows.iter().filter(party).map(disputes).sum();
    if disputes(row) > before {
        return (Some(What::Contradicted), Happening::Disputed);
    }
    (None, Happening::Also)
}

/// Whether the claim itself dates what it tells long before today.
fn is_past(claim: &Claim, today: NaiveDate) -> bool {
    let Some(date) = claim.date.filter(|_| claim.date_basis != DateBasis::Article) else {
        return false;
    };
    let last = match date {
        PartialDate::Day(day) => day,
        PartialDate::Month(..) => date.first_day() + Days::new(30),
    };
    last < today - Days::new(PAST)
}

fn subject(claim: &Claim) -> String {
    let who = claim.holder.as_ref().map_or("unnamed", CompanyId::as_str);
    let role = if claim.role == Role::EndUser { ":buyer" } else { "" };
    let action = register::action(claim.action).replace(' ', "-");
    format!("license:{who}{role}:{action}")
}

/// `general license granted for Volkswagen; Dy, Tb; to EU`.
fn deed(claim: &Claim, what: Option<What>, row: &Row) -> String {
    let kind = match claim.license_type {
        LicenseType::General => "general license",
        LicenseType::Individual => "individual license",
        LicenseType::Unspecified => "license",
    };
    let kind = match claim.role {
        Role::Exporter => kind.to_owned(),
        Role::EndUser => format!("a supplier's {kind}"),
    };
    let action = register::action(claim.action);
    match what {
        Some(What::Denied) => return format!("{kind} said to be {action}, and that is denied"),
        Some(What::Contradicted) => return format!("{kind} {action}, and that is disputed"),
        _ => {}
    }
    let on = match (claim.date_basis, claim.date) {
        (DateBasis::Event, Some(date @ PartialDate::Day(_))) => {
            format!(" on {}", register::date(date))
        }
        (DateBasis::Event, Some(date)) => format!(" in {}", register::date(date)),
        _ => String::new(),
    };
    let scope = match row.history.len() {
        1 => text::cut(&register::scope(row), SCOPE),
        _ => String::new(),
    };
    let scope = if scope.is_empty() { scope } else { format!("; {scope}") };
    format!("{kind} {action}{on}{scope}")
}

/// Who stands behind a claim: `reported by Reuters`, `denied by MOFCOM`, `confirmed by the company`.
fn certainty(claim: &Claim, lexicon: &Lexicon) -> String {
    let by = register::reporter(claim);
    match claim.certainty {
        Certainty::Reported => format!("reported by {by}"),
        Certainty::Rumored => format!("rumored, told by {by}"),
        Certainty::CompanyConfirmed => "confirmed by the company".to_owned(),
        Certainty::CustomerConfirmed => "confirmed by the customer".to_owned(),
        Certainty::Official => match agency(claim, lexicon) {
            Some(agency) => format!("official ({agency})"),
            None => format!("official ({by})"),
        },
        Certainty::Denied => match denier(claim, lexicon) {
            Some(denier) => format!("denied by {denier}"),
            None => format!("denied, as {by} reports"),
        },
    }
}

/// The first authority that the sentence names.
fn agency(claim: &Claim, lexicon: &Lexicon) -> Option<String> {
    lexicon.names(&claim.quote).into_iter().find_map(|hit| match hit.what {
        Name::Agency(i) => Some(lexicon.agencies()[i].name.clone()),
        Name::Company(_) | Name::Element(_) | Name::Product(_) => None,
    })
}

fn denier(claim: &Claim, lexicon: &Lexicon) -> Option<String> {
    let holder = claim.holder.as_ref();
    let is_holder = lexicon.names(&claim.quote).into_iter().any(|hit| match hit.what {
        Name::Company(i) => Some(&lexicon.companies()[i].id) == holder,
        Name::Agency(_) | Name::Element(_) | Name::Product(_) => false,
    });
    agency(claim, lexicon).or_else(|| is_holder.then(|| "the company".to_owned()))
}

// ---------------------------------------------------------------- corrections

/// A claim that its page no longer makes.
fn withdrawn(claim: &Claim, article: &Article, known: &Known<'_>, rules: &Rules) -> Event {
    let named = claim.holder.is_some() && claim.role == Role::Exporter;
    // A firm that the lexicon does not know goes by the name its source gives it.
    let company = claim.holder.as_ref().and_then(|id| known.lexicon.company(id));
    let who = company.map(|company| company.short.clone()).or(claim.name.clone());
    let who = who.unwrap_or_else(|| claim.description.clone());
    let kind = register::kind(claim.license_type);
    let action = register::action(claim.action);
    Event {
        severity: rules.of_license(What::Corrected, claim.action, named),
        happening: Happening::Corrected,
        subjects: vec![subject(claim)],
        who: Vec::new(),
        deed: format!(
            "{} changed its page, which no longer says: {who}, {kind} {action}",
            claim.publisher
        ),
        certainty: "withdrawn by its source".to_owned(),
        quote: String::new(),
        source: source(article),
        published: article.published,
        elements: claim.elements.clone(),
        companies: claim.holder.iter().cloned().collect(),
    }
}

/// An article that says that it is a correction, or a page that has another title now: that alone
/// takes nothing back.
fn corrected(brought: &Brought<'_>, rules: &Rules) -> Option<Event> {
    let article = brought.article;
    let title = article.title.to_lowercase();
    let says_so = rules.corrections.iter().any(|words| title.starts_with(words.as_str()));
    let (happening, deed, certainty) = match brought.retitled {
        _ if says_so => {
            (Happening::Corrected, article.title.clone(), "corrected by its source".to_owned())
        }
        Some(before) => {
            let deed = format!(
                "{} changed its title from “{}” to “{}”",
                article.publisher,
                text::cut(before, 90),
                text::cut(&article.title, 90)
            );
            (Happening::Told, deed, told_by(article))
        }
        None => return None,
    };
    Some(Event {
        severity: None,
        happening,
        subjects: Vec::new(),
        who: Vec::new(),
        deed,
        certainty,
        quote: String::new(),
        source: source(article),
        published: article.published,
        elements: Vec::new(),
        companies: Vec::new(),
    })
}

// ---------------------------------------------------------------- announcements and listings

fn announcement(event: &RegimeEvent, article: &Article, rules: &Rules) -> Event {
    let effective = event.effective.map(|day| format!("in force from {}", register::day(day)));
    let until = event.suspended_until;
    let until = until.map(|day| format!("suspended until {}", register::day(day)));
    let facts: Vec<String> = effective.into_iter().chain(until).collect();
    let facts = match facts.is_empty() {
        true => text::cut(event.what.trim_end_matches(['.', '。']), 160),
        false => facts.join("; "),
    };
    Event {
        severity: rules.of(What::Announcement),
        happening: Happening::Told,
        subjects: vec![format!("announcement:{}", event.announcement)],
        who: vec![event.announcement.clone()],
        deed: facts,
        certainty: told_by(article),
        quote: event.what.clone(),
        source: source(article),
        published: article.published,
        elements: event.elements.clone(),
        companies: Vec::new(),
    }
}

fn restriction(listing: &Restriction, article: &Article, rules: &Rules) -> Event {
    let list = match listing.kind {
        RestrictionKind::ControlList => "export control list",
        RestrictionKind::WatchList => "watch list",
        RestrictionKind::Country => "country restriction",
    };
    let what = listing.what.trim_end_matches(['.', '。']);
    Event {
        severity: rules.of(What::Restriction),
        happening: Happening::Told,
        subjects: vec![format!("restriction:{}", listing.announcement)],
        who: vec![format!("{} ({list})", listing.announcement)],
        deed: text::cut(what, 180),
        certainty: told_by(article),
        quote: listing.quote.clone(),
        source: source(article),
        published: article.published,
        elements: Vec::new(),
        companies: listing.companies.clone(),
    }
}

/// Who stands behind an article's own word.
pub(super) fn told_by(article: &Article) -> String {
    match article.tier.0 {
        0 | 1 => format!("published by {}", article.publisher),
        _ => format!("reported by {}", article.publisher),
    }
}

fn source(article: &Article) -> SourceLink {
    SourceLink { publisher: article.publisher.clone(), url: article.url.clone() }
}

// ---------------------------------------------------------------- days that come near

/// A day that is near enough to be told, as of `now` on the operator's day `today`.
#[must_use]
pub fn reminder(
    coming: &Coming,
    today: NaiveDate,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Option<Event> {
    let days = (coming.date - today).num_days();
    let what = match coming.kind {
        ComingKind::License => What::LicenseDue,
        ComingKind::Suspension => What::SuspensionEnds,
        ComingKind::Announcement => What::TakesEffect,
        ComingKind::Comments => What::Comments,
        ComingKind::Calendar => What::Calendar,
    };
    let severity = rules.of_day(what, days)?;
    let certainty = match coming.kind {
        ComingKind::License => "by the reported term; no renewal was seen",
        ComingKind::Suspension => "by the date last known; no extension was seen",
        ComingKind::Announcement => "by the text of the announcement",
        ComingKind::Comments => "by the notice's own date",
        ComingKind::Calendar => "by the calendar",
    };
    Some(Event {
        severity: Some(severity),
        happening: Happening::Told,
        subjects: vec![coming.key.clone()],
        who: Vec::new(),
        deed: format!("{}, {}: {}", register::day(coming.date), register::left(days), coming.what),
        certainty: certainty.to_owned(),
        quote: coming.quote.clone(),
        source: SourceLink { publisher: coming.publisher.clone(), url: coming.url.clone() },
        published: now,
        elements: coming.elements.clone(),
        companies: coming.companies.clone(),
    })
}
