//! `/license`: everything said about one holder, claim by claim, with its proof and what is not known.
//!
//! Quotes stand in their own language. Claims that stand against each other are
//! shown side by side, the more trusted first; rejected ones with the reason.

use chrono::{DateTime, Utc};

use crate::commands::{
    Command, CommandError, Desk, Known, ask, bold, controls, page_buttons, paged, paragraph, plain,
};
use crate::lexicon::fold;
use crate::model::article::CompanyId;
use crate::model::event::Invocation;
use crate::model::license::{Certainty, Claim, DateBasis, LicenseType, PartialDate, Role};
use crate::model::message::{Block, Button, Line, Message, Span};
use crate::register::{self, Entry, Row, State};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "license",
    summary: "Everything reported about one license holder, with proof and doubts",
    usage: "holder",
    manage: false,
    completes: true,
    run,
};

/// Claims on a page.
const PAGE: usize = 10;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    answer(desk, wanted, page, now)
}

/// The history of what `wanted` names: a row, a holder in any spelling, or a claim.
pub(super) fn answer(
    desk: &Desk,
    wanted: &str,
    page: usize,
    now: DateTime<Utc>,
) -> Result<Message, CommandError> {
    let known = desk.known(now)?;
    if wanted.is_empty() {
        return Err(CommandError::User(format!(
            "Say whose license you mean, for example /license {}. /licenses lists all of them.",
            known.register.rows.first().map_or("JL Mag", |row| row.name.as_str())
        )));
    }
    let rows = find(desk, &known, wanted);
    if rows.is_empty() {
        return nothing(desk, &known, wanted);
    }
    Ok(History { desk, known: &known, rows: &rows }.message(page))
}

/// The command line that shows a row's holder, or the row itself when nobody is named.
pub(super) fn line(row: &Row) -> String {
    let about = row.holder.as_ref().map_or(row.id.as_str(), CompanyId::as_str);
    format!("license {}", register::argument(about))
}

/// The linked publisher of a claim.
pub(super) fn source(claim: &Claim) -> Span {
    let name = text::cut(&text::one_line(&claim.publisher), 40);
    if claim.url.is_empty() {
        plain(name)
    } else {
        Span::Link { text: name, url: claim.url.clone() }
    }
}

fn find<'a>(desk: &Desk, known: &'a Known, wanted: &str) -> Vec<&'a Row> {
    let rows = &known.register.rows;
    let of = |id: &CompanyId| rows.iter().filter(|row| row.holder.as_ref() == Some(id)).collect();
    let named = known.register.by_id(wanted);
    if !named.is_empty() {
        return named;
    }
    if let Some(company) = desk.lexicon.find_company(wanted) {
        return of(&company.id);
    }
    let holds = |row: &&Row| row.history.iter().any(|entry| entry.claim.id.as_str() == wanted);
    if let Some(row) = rows.iter().find(holds) {
        return vec![row];
    }
    let folded = fold(wanted);
    let named = |row: &&Row| {
        row.holder.as_ref().is_some_and(|id| fold(id.as_str()) == folded)
            || fold(&row.name) == folded
    };
    let exact: Vec<&Row> = rows.iter().filter(named).collect();
    if !exact.is_empty() {
        return exact;
    }
    // The beginning of one holder's name is enough.
    let begins = |row: &&Row| folded.chars().count() >= 3 && fold(&row.name).starts_with(&folded);
    let near: Vec<&Row> = rows.iter().filter(begins).collect();
    let one = near.iter().all(|row| row.holder == near[0].holder);
    if one { near } else { Vec::new() }
}

/// Claims about holders that were rejected or that their own page took back, each with its reason.
fn no_longer_counting(known: &Known, holders: &[&CompanyId]) -> Vec<Block> {
    let about = |claim: &Claim| claim.holder.as_ref().is_some_and(|id| holders.contains(&id));
    let lines: Vec<Line> = known
        .register
        .rejected
        .iter()
        .filter(|rejected| about(&rejected.claim))
        .map(|rejected| {
            let (claim, decision) = (&rejected.claim, &rejected.decision);
            let how = match decision.verdict {
                register::Verdict::Withdraw { .. } => "taken back",
                _ => "rejected by the operator",
            };
            let told = format!(
                ", {}: {}, {how}: {}",
                register::day(claim.published),
                register::action(claim.action),
                decision.why
            );
            Line(vec![source(claim), plain(told)])
        })
        .collect();
    if lines.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(Line::text("Claims that no longer count")), Block::List(lines)]
}

/// No claim is about it: say what is known instead.
fn nothing(desk: &Desk, known: &Known, wanted: &str) -> Result<Message, CommandError> {
    let Some(company) = desk.lexicon.find_company(wanted) else {
        return Err(CommandError::User(format!(
            "I know no holder “{}”. /licenses lists all of them; names work in English and Chinese, and so do tickers.",
            text::cut(&text::one_line(wanted), 60)
        )));
    };
    let customer = |row: &&Row| {
        let mut named = row.scope.customers.iter();
        named.any(|name| desk.lexicon.find_company(name).is_some_and(|c| c.id == company.id))
    };
    let rows: Vec<&Row> = known.register.rows.iter().filter(customer).collect();
    let barred = desk.curated.restrictions.iter().filter(|r| r.companies.contains(&company.id));
    let barred: Vec<Line> = barred.map(controls::listing_line).collect();
    let mut blocks = vec![
        Block::Title(Line::text(company.short.clone())),
        Block::Paragraph(Line::text(format!(
            "No claim says that {} holds, seeks or lost an export license. That is not proof that it has none: China \
             publishes no list of holders.",
            company.short
        ))),
    ];
    if !barred.is_empty() {
        blocks.push(Block::Heading(Line::text("Barred from Chinese exports")));
        blocks.push(Block::List(barred));
    }
    if !rows.is_empty() {
        let lines = rows.iter().map(|row| {
            let name = register::named(row, &desk.lexicon);
            Line::text(format!(
                "{name}: {}, {}",
                register::kind(row.license_type),
                register::state(row)
            ))
        });
        blocks.push(Block::Heading(Line::text("Named as a customer of")));
        blocks.push(Block::List(lines.collect()));
    }
    blocks.extend(no_longer_counting(known, &[&company.id]));
    Ok(Message {
        blocks,
        buttons: vec![vec![ask("All licenses", "licenses")]],
        ..Message::default()
    })
}

struct History<'a> {
    desk: &'a Desk,
    known: &'a Known,
    rows: &'a [&'a Row],
}

impl History<'_> {
    fn message(&self, page: usize) -> Message {
        let claims: Vec<(&Row, usize)> = self
            .rows
            .iter()
            .flat_map(|row| (0..row.history.len()).map(move |i| (*row, i)))
            .collect();
        let pages = claims.len().div_ceil(PAGE).max(1);
        let page = page.min(pages);
        let mut blocks = self.head();
        let mut last: Option<&Row> = None;
        let mut noted: &str = "";
        for (row, i) in claims.iter().skip((page - 1) * PAGE).take(PAGE) {
            if last.is_none_or(|last| last.id != row.id) {
                blocks.extend(self.row_head(row, *i > 0));
                last = Some(*row);
                noted = "";
            }
            let entry = &row.history[*i];
            let note = &entry.claim.note;
            let again = !note.is_empty() && without_address(note) == without_address(noted);
            noted = note;
            blocks.extend(claim_blocks(entry, row.origins > 1, again));
            if *i + 1 == row.history.len() {
                blocks.extend(self.row_end(row));
            }
        }
        blocks.extend(self.rejected().into_iter().filter(|_| page == pages));
        blocks.push(Block::Footer(self.footer(page, pages)));
        let mut buttons = page_buttons(&self.line(), page, pages);
        let mut more = vec![ask("All licenses", "licenses"), ask("Controls", "controls")];
        more.splice(0..0, self.rest());
        buttons.push(more);
        Message { blocks, buttons, ..Message::default() }
    }

    /// The command line that shows these rows.
    fn line(&self) -> String {
        match self.rows {
            [row] if self.rest().is_some() => {
                format!("license {}", register::argument(&row.id))
            }
            rows => line(rows[0]),
        }
    }

    /// A button to the holder's other rows, where these are not all of them.
    fn rest(&self) -> Option<Button> {
        let row = self.rows[0];
        let holder = row.holder.as_ref()?;
        let all = self.known.register.by_id(holder.as_str()).len();
        let name = self.desk.lexicon.company(holder).map_or(&row.name, |company| &company.short);
        let label = format!("All of {}", text::cut(name, 32));
        (all > self.rows.len()).then(|| ask(&label, &line(row)))
    }

    fn head(&self) -> Vec<Block> {
        let row = self.rows[0];
        let company = row.holder.as_ref().and_then(|id| self.desk.lexicon.company(id));
        let Some(company) = company else {
            let title = if row.holder.is_some() {
                row.name.clone()
            } else {
                format!("Unnamed: {}", row.name)
            };
            let said = if row.holder.is_some() {
                "This firm is known only by the name that claims give it."
            } else {
                "The sources name nobody, so no name stands here."
            };
            return vec![Block::Title(Line::text(title)), Block::Paragraph(Line::text(said))];
        };
        let mut facts: Vec<String> = vec![company.name.clone()];
        facts.extend(Some(company.chinese.clone()).filter(|name| !name.is_empty()));
        facts.extend(Some(company.tickers.join(", ")).filter(|tickers| !tickers.is_empty()));
        let mut blocks = vec![
            Block::Title(Line::text(company.short.clone())),
            Block::Paragraph(Line::text(facts.join(" · "))),
        ];
        if row.role == Role::EndUser {
            blocks.push(Block::Paragraph(Line::text(
                "An end user: what is called its license is a supplier's license to sell to it. The holder in law is \
                 the Chinese exporter.",
            )));
        }
        blocks
    }

    fn row_head(&self, row: &Row, continued: bool) -> Vec<Block> {
        let kind = match row.license_type {
            LicenseType::General => "General license",
            LicenseType::Individual => "Individual license",
            LicenseType::Unspecified => "License, type not said",
        };
        let more = if continued { " (continued)" } else { "" };
        let mut blocks =
            vec![Block::Heading(Line::text(format!("{kind}: {}{more}", register::state(row))))];
        if continued {
            return blocks;
        }
        let mut facts = vec![format!(
            "{}, {}",
            capital(register::action(row.action)),
            register::since(row.since, row.since_basis)
        )];
        facts.extend(Some(register::scope(row)).filter(|scope| !scope.is_empty()));
        if !row.scope.conditions.is_empty() {
            facts.push(format!("conditions: {}", row.scope.conditions.join(", ")));
        }
        facts.extend(
            Some(register::ending(row, self.known.register.today))
                .filter(|ending| !ending.is_empty()),
        );
        blocks.push(paragraph(vec![plain(format!(
            "{} ({}).",
            facts.join("; "),
            register::origins(row)
        ))]));
        for contradiction in &row.contradictions {
            let sides: Vec<&str> =
                contradiction.sides.iter().map(|(said, _)| said.as_str()).collect();
            blocks.push(paragraph(vec![
                bold(format!("Claims differ on {}: ", contradiction.about)),
                plain(format!("{}. The more trusted stands first.", sides.join(" / "))),
            ]));
        }
        for doubt in &row.doubts {
            blocks.push(paragraph(vec![bold("Note: "), plain(format!("{doubt}."))]));
        }
        blocks
    }

    fn row_end(&self, row: &Row) -> Vec<Block> {
        let unknown = unknowns(row);
        if unknown.is_empty() {
            return Vec::new();
        }
        vec![paragraph(vec![bold("Not known: "), plain(format!("{}.", unknown.join("; ")))])]
    }

    /// Claims about these holders that no longer count.
    fn rejected(&self) -> Vec<Block> {
        let holders = self.rows.iter().filter_map(|row| row.holder.as_ref());
        no_longer_counting(self.known, &holders.collect::<Vec<_>>())
    }

    fn footer(&self, page: usize, pages: usize) -> Line {
        let pages = if pages > 1 { format!("Page {page} of {pages}. ") } else { String::new() };
        let checked =
            self.rows.iter().flat_map(|row| &row.history).map(|e| e.claim.last_checked).max();
        let checked =
            checked.map(|at| format!(" Sources last read {}.", register::day(at.date_naive())));
        Line::text(format!(
            "{pages}Reported, not an official register. As of {}.{}",
            register::day(self.known.register.today),
            checked.unwrap_or_default()
        ))
    }
}

/// A note without the address that stands at its end, by which copies of one report differ.
fn without_address(note: &str) -> &str {
    let note = note.trim_end_matches('.');
    note.strip_suffix(')').and_then(|note| note.rsplit_once(" (")).map_or(note, |(note, _)| note)
}

/// One claim: what, when, who says so, its words and its doubts; of doubts that are those of the
/// claim above, that they are.
fn claim_blocks(entry: &Entry, several_origins: bool, noted_above: bool) -> Vec<Block> {
    let claim = &entry.claim;
    let date = claim.date.unwrap_or(PartialDate::Day(claim.published));
    let mut spans =
        vec![bold(format!("{}: ", register::date(date))), plain(what(claim)), source(claim)];
    let mut after = String::new();
    if claim.date.is_some() || claim.date_basis != DateBasis::Article {
        after.push_str(&format!(", published {}", register::day(claim.published)));
    }
    if let Some(origin) = &claim.origin
        && fold(origin) != fold(&claim.publisher)
    {
        after.push_str(&format!(", after {}", register::reporter(claim)));
    }
    if several_origins {
        after.push_str(&format!(" (origin {})", entry.origin + 1));
    }
    after.push('.');
    if noted_above {
        after.push_str(" Note: as above.");
    } else if !claim.note.is_empty() {
        after.push_str(&format!(" Note: {}.", claim.note.trim_end_matches('.')));
    }
    if let Some(accepted) = &entry.accepted {
        after.push_str(&format!(
            " Looked at by the operator on {}.",
            register::day(accepted.at.date_naive())
        ));
    }
    for decision in &entry.corrections {
        if let register::Verdict::Correct { field, value, .. } = &decision.verdict {
            after.push_str(&format!(
                " Corrected by the operator on {}: {} is {value} ({}).",
                register::day(decision.at.date_naive()),
                field.name().replace('_', " "),
                decision.why
            ));
        }
    }
    spans.push(plain(after));
    let mut blocks = vec![paragraph(spans)];
    if !claim.quote.is_empty() {
        blocks.push(Block::Quote(Line::text(text::one_line(&claim.quote))));
    }
    blocks
}

/// `granted, general license, one-year, reported by `.
fn what(claim: &Claim) -> String {
    let mut parts = Vec::new();
    if claim.certainty == Certainty::Denied {
        parts.push(format!("denied that it was {}", register::action(claim.action)));
    } else {
        parts.push(register::action(claim.action).to_owned());
    }
    parts.push(register::kind(claim.license_type).to_owned());
    parts.extend(claim.count.map(|count| format!("{count} of them")));
    parts.extend(claim.validity_months.map(register::lasts));
    if claim.certainty != Certainty::Denied {
        parts.push(register::certainty(claim.certainty).to_owned());
    }
    format!("{} — ", parts.join(", "))
}

/// What no claim of the row says, in short phrases.
fn unknowns(row: &Row) -> Vec<&'static str> {
    let claims = || row.history.iter().map(|entry| &entry.claim);
    let mut unknown = Vec::new();
    if row.holder.is_none() {
        unknown.push("who it is");
    }
    if row.license_type == LicenseType::Unspecified {
        unknown.push("the type of license");
    }
    if row.scope.elements.is_empty() {
        unknown.push("the elements");
    }
    if row.scope.destinations.is_empty() {
        unknown.push("the destinations");
    }
    if !matches!(row.since_basis, DateBasis::Event) {
        unknown.push("the day itself");
    }
    let granted =
        claims().any(|claim| claim.action == crate::model::license::LicenseAction::Granted);
    if granted && row.ends.is_none() {
        unknown.push("how long it runs");
    }
    if claims().all(|claim| claim.quote.is_empty()) {
        unknown.push("the words of the source, which are not at hand");
    }
    if !claims()
        .any(|claim| matches!(claim.certainty, Certainty::Official | Certainty::CompanyConfirmed))
    {
        unknown.push("whether holder or ministry confirm it");
    }
    if matches!(row.state, State::Due | State::PastDue) {
        unknown.push("whether it was renewed or lapsed");
    }
    unknown
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
