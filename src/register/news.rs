//! What articles of a window bring to the register, and how much of it a reader has to be told.
//!
//! A row is news when it was not there before the window or tells something else
//! than before it. One more article, one more origin and other words for the
//! same are none, and neither is what happened long ago: such rows share a line
//! at the end of the desk.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::lexicon::{Lexicon, fold as folded};
use crate::model::article::Element;
use crate::model::license::{
    Certainty, Claim, DateBasis, DeskEntry, DeskKind, DeskLink, LicenseAction, LicenseType,
    PartialDate, Role,
};
use crate::register::desk::{Line, Rank};
use crate::register::fold::Register;
use crate::register::origin::Trust;
use crate::register::place::QUANTITIES;
use crate::register::query::same_place;
use crate::register::row::{Contradiction, Entry, Row, State, last_day};
use crate::register::words;
use crate::text;

/// A claim published longer than this before the window is history that was found late, not news.
const FRESH_DAYS: u64 = 7;
/// What happened longer than this before the window is looked back at.
const PAST_DAYS: u64 = 60;
/// Two dates no farther apart than this are of one event.
const SAME_DAYS: i64 = 3;
/// Most rows that a summarizing line names.
const NAMED: usize = 8;
/// Longest list of buyers and places.
const SCOPE: usize = 80;
/// Differences that leave the license as it is.
const DETAILS: [&str; 2] = ["the day", "how long it runs"];

/// The day before which a claim of a window is history.
pub(super) fn oldest(opens: DateTime<Utc>) -> NaiveDate {
    opens.date_naive() - Days::new(FRESH_DAYS)
}

/// A row as the window found it and left it.
struct Change<'a> {
    row: &'a Row,
    old: Option<&'a Row>,
    /// The most trusted claim that the window brought.
    claim: &'a Claim,
}

/// What a change is to a reader.
enum News {
    /// A line of its own.
    Told(DeskKind),
    /// It happened long ago.
    Past,
    /// Somebody else says what was said before.
    Further,
    /// Nothing that was not known.
    Nothing,
}

/// The rows that the window made new or different, and at most two lines for the rest.
pub(super) fn news(
    before: &Register,
    after: &Register,
    opens: DateTime<Utc>,
    lexicon: &Lexicon,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut further, mut past) = (Vec::new(), Vec::new());
    let mut counted: Vec<LicenseAction> = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for change in changes(before, after, opens) {
        match change.news(before, opens, lexicon) {
            // Of several counts of the unnamed the first is enough.
            News::Told(DeskKind::New)
                if is_count(change.row) && counted.contains(&change.row.action) =>
            {
                further.push(change);
            }
            News::Told(kind) => {
                if is_count(change.row) {
                    counted.push(change.row.action);
                }
                told.extend(change.row.holder.as_ref().map(|_| change.short_name(lexicon)));
                lines.push(change.line(kind, after.today, lexicon));
            }
            News::Past => past.push(change),
            News::Further => further.push(change),
            News::Nothing => {}
        }
    }
    // Who has a line of their own needs no mention beside it. Nor do the unnamed: that somebody is spoken of again says nothing.
    for list in [&mut further, &mut past] {
        list.retain(|change| {
            change.row.holder.is_some() && !told.contains(&change.short_name(lexicon))
        });
    }
    lines.extend(summary("In the news again, nothing new:", &further, 0, |change| {
        change.short_name(lexicon)
    }));
    lines.extend(summary("Looked back at:", &past, 1, |change| {
        format!("{} ({})", change.short_name(lexicon), words::date(change.row.since))
    }));
    lines
}

/// Rows with something fresh in them.
fn changes<'a>(
    before: &'a Register,
    after: &'a Register,
    opens: DateTime<Utc>,
) -> impl Iterator<Item = Change<'a>> {
    let oldest = oldest(opens);
    let fresh = move |entry: &&Entry| {
        entry.claim.first_seen > opens && entry.claim.published >= oldest
            || entry.corrections.iter().any(|correction| correction.at > opens)
    };
    // What is dated after the day it is told on was misread.
    let rows = after.rows.iter().filter(|row| row.since.first_day() <= after.today);
    rows.filter_map(move |row| {
        let newest = row.history.iter().filter(fresh).min_by_key(|entry| entry.trust)?;
        Some(Change { row, old: same(before, row), claim: &newest.claim })
    })
}

/// The row as it was: the one that shares a claim with it, since scopes and types found later
/// change what a row is called.
fn same<'a>(before: &'a Register, row: &Row) -> Option<&'a Row> {
    let shares = |old: &&Row| {
        let known = |entry: &Entry| old.history.iter().any(|e| e.claim.id == entry.claim.id);
        row.history.iter().any(known)
    };
    let by_id = || before.rows.iter().find(|old| old.id == row.id);
    before
        .rows
        .iter()
        .find(|old| old.id == row.id && shares(old))
        .or_else(|| before.rows.iter().find(shares).or_else(by_id))
}

/// Whether it is a number of unnamed holders.
fn is_count(row: &Row) -> bool {
    row.holder.is_none()
        && (row.history.iter().any(|entry| entry.claim.count.is_some())
            || row.name.chars().any(|c| c.is_ascii_digit()))
}

impl Change<'_> {
    fn news(&self, before: &Register, opens: DateTime<Utc>, lexicon: &Lexicon) -> News {
        let (row, past) = (self.row, self.is_past(opens));
        let Some(old) = self.old else {
            return match row.state {
                _ if past => News::Past,
                _ if is_told(before, row, lexicon) => News::Further,
                State::Disputed => News::Told(DeskKind::Contradicted),
                _ => News::Told(DeskKind::New),
            };
        };
        // What time makes of a term is no news of the window.
        let standing = |row: &Row| Some(row.state).filter(|_| !row.is_held() || is_disputed(row));
        if disputes(row).count() > disputes(old).count()
            || (old.doubts.is_empty() && !row.doubts.is_empty())
        {
            News::Told(DeskKind::Contradicted)
        } else if standing(old) != standing(row) || old.action != row.action {
            News::Told(DeskKind::Changed)
        } else if old.certainty != row.certainty {
            let unnamed = row.holder.is_none();
            if past && unnamed { News::Past } else { News::Told(DeskKind::Changed) }
        } else if row.contradictions.len() > old.contradictions.len() {
            if past { News::Past } else { News::Told(DeskKind::Contradicted) }
        } else if differs(old, row) || !added(old, row, lexicon).is_empty() {
            if past { News::Past } else { News::Told(DeskKind::Changed) }
        } else if row.origins > old.origins {
            News::Further
        } else {
            News::Nothing
        }
    }

    /// Whether what the row tells happened long before the window. The date of a report says
    /// nothing of that.
    fn is_past(&self, opens: DateTime<Utc>) -> bool {
        let oldest = opens.date_naive() - Days::new(PAST_DAYS);
        self.row.since_basis != DateBasis::Article && last_day(self.row.since) < oldest
    }

    fn line(&self, kind: DeskKind, today: NaiveDate, lexicon: &Lexicon) -> Line {
        let row = self.row;
        let best = row.history.iter().map(|entry| entry.trust).min().unwrap_or(Trust(8));
        let due = row.ends.map_or(i64::MAX, |ends| ends.days(today));
        Line {
            rank: self.rank(kind),
            within: (row.certainty, best, due),
            entry: DeskEntry {
                kind,
                text: self.sentence(kind, today, lexicon),
                quote: self.claim.quote.clone(),
                publisher: self.claim.publisher.clone(),
                url: self.claim.url.clone(),
                days: None,
                place: 0,
                links: Vec::new(),
                rows: vec![words::desk_row(row, lexicon)],
            },
        }
    }

    fn rank(&self, kind: DeskKind) -> Rank {
        let row = self.row;
        let (named, exporter) = (row.holder.is_some(), row.role == Role::Exporter);
        let grave = match row.state {
            State::Disputed
            | State::Suspended
            | State::Revoked
            | State::Refused
            | State::Expired => true,
            _ => kind == DeskKind::Contradicted && disputes(row).next().is_some(),
        };
        let told = |row: &Row| (row.action, row.certainty);
        let anew = self.old.is_none_or(|old| told(old) != told(row));
        if named && grave {
            Rank::Grave
        } else if named && exporter && anew && row.is_held() {
            Rank::Granted
        } else {
            Rank::Rest
        }
    }

    fn sentence(&self, kind: DeskKind, today: NaiveDate, lexicon: &Lexicon) -> String {
        let row = self.row;
        let mut text = format!("{}: {}", words::named(row, lexicon), deed(row));
        if row.contradictions.is_empty() || row.state != State::Disputed {
            text.push_str(&format!(", {}", self.backing()));
            let scope = self.scope(kind, lexicon);
            if !scope.is_empty() {
                text.push_str(&format!("; {scope}"));
            }
            let ending = words::end_in_short(row, today);
            if !ending.is_empty() {
                text.push_str(&format!("; {ending}"));
            }
        }
        text.push('.');
        for contradiction in &row.contradictions {
            text.push_str(&format!(" {}.", sides(row, contradiction)));
        }
        text.extend(row.doubts.first().map(|doubt| format!(" Note: {doubt}.")));
        text
    }

    /// Who stands behind it and when, with `now` where that is what changed.
    fn backing(&self) -> String {
        let row = self.row;
        let is_surer =
            self.old.is_some_and(|old| old.action == row.action && old.certainty != row.certainty);
        let best = row.best().unwrap_or(self.claim);
        let said = words::backed_by(row.certainty, best);
        let now = if is_surer { "now " } else { "" };
        let when = match (row.since, row.since_basis) {
            (_, DateBasis::Event) => return format!("{now}{said}"),
            (PartialDate::Day(_), DateBasis::Statement) => "on",
            (PartialDate::Month(..), DateBasis::Statement) => "in",
            (_, DateBasis::Article) => "as of",
        };
        format!("{now}{said} {when} {}", words::date(row.since))
    }

    /// What it covers; of a row that covers more than before, what was added.
    fn scope(&self, kind: DeskKind, lexicon: &Lexicon) -> String {
        let added = self.old.map(|old| added(old, self.row, lexicon)).unwrap_or_default();
        if kind == DeskKind::Changed && !added.is_empty() {
            return format!("now also {}", text::cut(&added.join("; "), SCOPE));
        }
        let scope = &self.row.scope;
        let mut parts = Vec::new();
        parts.extend(
            (!scope.customers.is_empty())
                .then(|| format!("for {}", words::listed(&scope.customers))),
        );
        let symbols: Vec<&str> = scope.elements.iter().map(Element::as_str).collect();
        parts.extend((!symbols.is_empty()).then(|| symbols.join(", ")));
        parts.extend(
            (!scope.destinations.is_empty())
                .then(|| format!("to {}", words::listed(&scope.destinations))),
        );
        text::cut(&parts.join("; "), SCOPE)
    }

    /// A name for a list.
    fn short_name(&self, lexicon: &Lexicon) -> String {
        match &self.row.holder {
            Some(id) if lexicon.company(id).is_some() => lexicon.company_name(id).to_owned(),
            _ => self.row.name.clone(),
        }
    }
}

/// Whether a row that is new tells what another one told: of a holder the same deed, of no other
/// day, type, buyer or place; of the unnamed a count where there was one of the kind.
fn is_told(before: &Register, row: &Row, lexicon: &Lexicon) -> bool {
    let deed = |old: &Row, action| {
        old.history.iter().any(|entry| entry.claim.action == action && !entry.is_denied())
    };
    let mut same_party = before
        .rows
        .iter()
        .filter(|old| old.holder == row.holder && old.role == row.role && deed(old, row.action));
    if row.holder.is_none() {
        return is_count(row) && same_party.any(is_count);
    }
    let same_day = |old: &Row| {
        let apart = (old.since.first_day() - row.since.first_day()).num_days().abs();
        row.since_basis == DateBasis::Article || apart <= SAME_DAYS
    };
    let same_type =
        |old: &Row| [old.license_type, LicenseType::Unspecified].contains(&row.license_type);
    row.certainty != Certainty::Denied
        && same_party.any(|old| {
            same_day(old)
                && same_type(old)
                && row.certainty >= old.certainty
                && added(old, row, lexicon).is_empty()
        })
}

/// Contradictions that put the license itself in question.
fn disputes(row: &Row) -> impl Iterator<Item = &Contradiction> {
    row.contradictions.iter().filter(|contradiction| !DETAILS.contains(&contradiction.about))
}

fn is_disputed(row: &Row) -> bool {
    row.state == State::Disputed
}

/// Whether type or term changed.
fn differs(old: &Row, row: &Row) -> bool {
    let term = |row: &Row| row.ends.map(|ends| (ends.date, ends.months));
    old.license_type != row.license_type || term(old) != term(row)
}

/// Buyers, elements and places that a row names and did not name before, each with its preposition.
fn added(old: &Row, row: &Row, lexicon: &Lexicon) -> Vec<String> {
    let who = |name: &String| {
        let known = lexicon.find_company(name).map(|company| company.id.as_str().to_owned());
        known.unwrap_or_else(|| folded(name))
    };
    let is_name = |name: &&String| {
        let name = folded(name);
        !QUANTITIES.iter().any(|word| name.ends_with(word))
    };
    let mut parts = Vec::new();
    let buyers: Vec<&str> = row
        .scope
        .customers
        .iter()
        .filter(is_name)
        .filter(|name| !old.scope.customers.iter().any(|other| who(other) == who(name)))
        .map(String::as_str)
        .collect();
    parts.extend((!buyers.is_empty()).then(|| format!("for {}", words::listed(&buyers))));
    let elements = row.scope.elements.iter().filter(|e| !old.scope.elements.contains(e));
    let elements: Vec<&str> = elements.map(Element::as_str).collect();
    parts.extend((!elements.is_empty()).then(|| elements.join(", ")));
    let known =
        |place: &&String| old.scope.destinations.iter().any(|other| same_place(other, place));
    let places: Vec<&String> = row.scope.destinations.iter().filter(|p| !known(p)).collect();
    parts.extend((!places.is_empty()).then(|| format!("to {}", words::listed(&places))));
    parts
}

/// `general license granted on 20 Nov 2026`, `covered by a supplier's general license`.
fn deed(row: &Row) -> String {
    let action = words::action(row.action);
    let kind = match row.license_type {
        LicenseType::General => "general license",
        LicenseType::Individual => "individual license",
        LicenseType::Unspecified => "license",
    };
    let open = if row.license_type == LicenseType::Unspecified { " (type not said)" } else { "" };
    let on = match (row.since_basis, row.since) {
        (DateBasis::Event, PartialDate::Day(_)) => format!(" on {}", words::date(row.since)),
        (DateBasis::Event, PartialDate::Month(..)) => format!(" in {}", words::date(row.since)),
        (DateBasis::Statement | DateBasis::Article, _) => String::new(),
    };
    let said = match row.state {
        State::Disputed if row.certainty == Certainty::Denied => {
            return format!("{kind} said to be {action}{open}, and that is denied");
        }
        State::Disputed => return format!("{kind} {action}{open}, and that is disputed"),
        _ => format!("{kind} {action}{on}{open}"),
    };
    match (row.role, row.action) {
        (Role::EndUser, LicenseAction::Granted) => {
            let granted = if on.is_empty() { String::new() } else { format!(" granted{on}") };
            format!("covered by a supplier's {kind}{granted}{open}")
        }
        (Role::EndUser, _) => format!("a supplier's {said}"),
        (Role::Exporter, _) => said,
    }
}

/// `Claims differ on the day: Reuters: granted, 2 Dec 2025; Ford: granted, 9 Dec 2025`.
fn sides(row: &Row, contradiction: &Contradiction) -> String {
    let said = |(_, of): &(String, Vec<usize>)| {
        let entries = of.iter().filter_map(|i| row.history.get(*i));
        let best = entries.min_by_key(|entry| entry.trust)?;
        Some(words::side_in_short(&best.claim))
    };
    let sides: Vec<String> = contradiction.sides.iter().filter_map(said).collect();
    format!("Claims differ on {}: {}", contradiction.about, sides.join("; "))
}

/// One line for rows that are no news, each name once with the most trusted article.
fn summary(
    text: &str,
    of: &[Change<'_>],
    order: i64,
    name: impl Fn(&Change<'_>) -> String,
) -> Option<Line> {
    let mut links: Vec<DeskLink> = Vec::new();
    for change in of {
        let name = name(change);
        if !links.iter().any(|link| link.name == name) {
            links.push(DeskLink { name, url: change.claim.url.clone() });
        }
    }
    let more = links.len().saturating_sub(NAMED);
    links.truncate(NAMED);
    if more > 0 {
        links.push(DeskLink { name: format!("and {more} more"), url: String::new() });
    }
    let entry = DeskEntry {
        kind: DeskKind::New,
        text: text.to_owned(),
        quote: String::new(),
        publisher: String::new(),
        url: String::new(),
        days: None,
        place: 0,
        links,
        rows: Vec::new(),
    };
    let within = (Certainty::Denied, Trust(8), order);
    (!entry.links.is_empty()).then_some(Line { rank: Rank::Summary, within, entry })
}
