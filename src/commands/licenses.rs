//! `/licenses`: who is reported to hold, seek or have lost an export license, and how that is known.
//!
//! China publishes no list of holders, and every answer says so. Unnamed
//! holders stand in lines of their own and are never given names; end users
//! are covered by a supplier's license and hold none.

use chrono::{DateTime, Utc};

use crate::commands::{
    Command, CommandError, Desk, Known, ask, bold, controls, license, matching, page_buttons,
    paged, plain,
};
use crate::model::event::Invocation;
use crate::model::license::{DateBasis, LicenseType, Role};
use crate::model::message::{Block, Button, Line, Message, Span};
use crate::model::subscription::PlatformName;
use crate::register::{self, Filter, Row, State};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "licenses",
    summary: "Who is reported to hold an export license, and how that is known",
    usage: "[holder|element|type|status]",
    manage: false,
    completes: true,
    run,
};

/// Rows on a page of a chat.
const PAGE: usize = 10;
/// Rows on a page of a terminal, where they stand in a table.
const TABLE: usize = 20;
/// Most characters of what a row covers in a table.
const CELL: usize = 70;
/// Buttons side by side: on a phone a third would cut the names of companies.
const ABREAST: usize = 2;
/// Most characters of what a row covers.
const SCOPE: usize = 160;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    let known = desk.known(now)?;
    let filter = Filter::read(wanted, &desk.lexicon, &known.register)
        .map_err(|unknown| CommandError::User(format!("{unknown}.")))?;
    // A terminal has room for columns; on a phone they would break.
    let as_table = asked.reply.destination().platform == PlatformName::Console;
    let answer = Answer { desk, known: &known, filter: &filter, wanted, as_table };
    Ok(answer.message(page))
}

/// Suggestions for a half-typed argument.
pub(super) fn complete(desk: &Desk, partial: &str) -> Vec<String> {
    let known = desk.known_lately();
    let words = match &known {
        Some(known) => register::known_words(&desk.lexicon, &known.register),
        None => {
            let evidence = register::Evidence::default().with(&desk.curated, &desk.lexicon);
            let day = chrono::NaiveDate::MIN;
            let register = register::fold(&evidence.claims, &evidence.decisions, day);
            register::known_words(&desk.lexicon, &register)
        }
    };
    matching(&words, partial)
}

/// Where a row stands in the answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    General,
    Individual,
    Untyped,
    Applied,
    Ended,
    Unnamed,
    EndUsers,
    MayCover,
}

impl Section {
    fn of(row: &Row) -> Self {
        match (row.role, &row.holder, row.state) {
            (Role::EndUser, _, _) => Self::EndUsers,
            (_, None, _) => Self::Unnamed,
            (_, _, State::Applied | State::Pending) => Self::Applied,
            (_, _, State::Expired | State::Suspended | State::Revoked | State::Refused) => {
                Self::Ended
            }
            _ => match row.license_type {
                LicenseType::General => Self::General,
                LicenseType::Individual => Self::Individual,
                LicenseType::Unspecified => Self::Untyped,
            },
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::General => "General licenses",
            Self::Individual => "Individual licenses",
            Self::Untyped => "Licenses whose type is not said",
            Self::Applied => "Applied for, no grant seen",
            Self::Ended => "Ended, suspended or refused",
            Self::Unnamed => "Unnamed holders",
            Self::EndUsers => "End users, covered by a supplier's license",
            Self::MayCover => "Elements not said, so it may be covered",
        }
    }
}

impl Section {
    /// The heading with the type of license, as it stands over rows of a table.
    fn label(self, license_type: LicenseType) -> String {
        let kind = match license_type {
            LicenseType::General => "general licenses",
            LicenseType::Individual => "individual licenses",
            LicenseType::Unspecified => "type not said",
        };
        let heading = self.heading();
        if self.says_type() { heading.to_owned() } else { format!("{heading}: {kind}") }
    }

    /// Whether its heading says the type of license.
    fn says_type(self) -> bool {
        matches!(self, Self::General | Self::Individual | Self::Untyped)
    }
}

struct Answer<'a> {
    desk: &'a Desk,
    known: &'a Known,
    filter: &'a Filter,
    wanted: &'a str,
    /// Whether rows stand in a table; otherwise in lists.
    as_table: bool,
}

impl Answer<'_> {
    fn message(&self, page: usize) -> Message {
        let rows = self.rows();
        let most = if self.as_table { TABLE } else { PAGE };
        let pages = rows.len().div_ceil(most).max(1);
        let page = page.min(pages);
        let shown: Vec<(Section, &Row)> =
            rows.iter().skip((page - 1) * most).take(most).copied().collect();
        let mut blocks =
            vec![Block::Title(Line::text(self.title())), Block::Paragraph(self.intro())];
        blocks.extend(self.elements_first());
        if rows.is_empty() {
            blocks.push(Block::Paragraph(Line::text("No claim matches this.")));
        }
        if page == 1 {
            blocks.extend(self.due(&rows));
        }
        if self.as_table {
            blocks.extend(self.table(&shown));
        } else {
            blocks.extend(self.lists(&shown, (page - 1) * PAGE));
        }
        if page == 1 {
            blocks.extend(self.restrictions());
        }
        if page == 1 && self.filter.is_empty() {
            blocks.push(Block::Heading(Line::text("Controls and restrictions")));
            blocks.push(Block::List(self.controls()));
        }
        blocks.push(Block::Footer(self.footer(page, pages)));
        let line = if self.wanted.is_empty() {
            "licenses".to_owned()
        } else {
            format!("licenses {}", self.wanted)
        };
        let mut buttons = if self.as_table { Vec::new() } else { row_buttons(&shown, self.desk) };
        if line.len() <= 52 {
            buttons.extend(page_buttons(&line, page, pages));
        }
        Message { blocks, buttons, ..Message::default() }
    }

    /// What is asked for, section by section.
    fn rows(&self) -> Vec<(Section, &Row)> {
        let lexicon = &self.desk.lexicon;
        let all = &self.known.register.rows;
        let needed = self.licenses_are_needed();
        let mut rows: Vec<(Section, &Row)> = all
            .iter()
            .filter_map(|row| {
                if self.filter.takes(row, lexicon) {
                    Some((Section::of(row), row))
                } else {
                    let may = row.is_held() && row.role == Role::Exporter && row.holder.is_some();
                    (may && needed && self.filter.may_cover(row, lexicon))
                        .then_some((Section::MayCover, row))
                }
            })
            .collect();
        rows.sort_by_cached_key(|(section, row)| {
            let name = crate::lexicon::fold(&register::named(row, lexicon));
            (*section, self.as_table.then_some(row.license_type), name, row.license_type)
        });
        rows
    }

    /// Whether an element asked for is controlled at present.
    fn licenses_are_needed(&self) -> bool {
        let (curated, today) = (&self.desk.curated, self.known.register.today);
        let in_force = |event: &crate::model::license::RegimeEvent| {
            matches!(register::status(curated, event, today), register::Status::InForce(_))
        };
        let elements = &self.filter.elements;
        elements.iter().flat_map(|e| register::controls_of(curated, e)).any(in_force)
    }

    fn title(&self) -> String {
        if self.wanted.is_empty() {
            return "Export licenses for rare earths, as reported".to_owned();
        }
        format!("Export licenses, as reported: {}", text::cut(&text::one_line(self.wanted), 60))
    }

    fn intro(&self) -> Line {
        let register = &self.known.register;
        let newest = register.newest.map(register::day);
        let newest =
            newest.map(|day| format!(" The newest evidence is of {day}.")).unwrap_or_default();
        Line(vec![
            bold("Reported, not an official register."),
            plain(format!(
                " China publishes no list of license holders; each line is a claim with its source. As of {}.{newest}",
                register::day(register.today)
            )),
        ])
    }

    /// What must be known first about the elements asked for.
    fn elements_first(&self) -> Vec<Block> {
        let register = &self.known.register;
        let mut blocks = Vec::new();
        for element in &self.filter.elements {
            let name = self.desk.lexicon.element_name(element);
            let named = register.rows.iter().any(|row| row.scope.elements.contains(element));
            let line = controls::element_line(self.desk, element, register.today);
            blocks.push(Block::Paragraph(line));
            if !named {
                blocks.push(Block::Paragraph(Line::text(format!("No claim names {name}."))));
            }
        }
        blocks
    }

    fn due(&self, rows: &[(Section, &Row)]) -> Vec<Block> {
        let mut due: Vec<&Row> = rows
            .iter()
            .map(|(_, row)| *row)
            .filter(|row| matches!(row.state, State::Due | State::PastDue))
            .collect();
        if due.is_empty() {
            return Vec::new();
        }
        let today = self.known.register.today;
        // What is still to come first, soonest first; what is over after it, latest first.
        due.sort_by_key(|row| {
            let days = row.ends.map_or(0, |ends| ends.days(today));
            (row.state == State::PastDue, days.abs())
        });
        let mut groups: Vec<(String, Vec<String>, bool)> = Vec::new();
        for row in due {
            let name = register::named(row, &self.desk.lexicon);
            let unnamed = row.holder.is_none();
            let said =
                format!("{}, {}", register::kind(row.license_type), register::ending(row, today));
            match groups.iter_mut().find(|(other, ..)| *other == said) {
                // The same unnamed ones in the words of another source.
                Some((.., true)) if unnamed => {}
                Some((_, names, has_unnamed)) => {
                    names.push(name);
                    *has_unnamed |= unnamed;
                }
                None => groups.push((said, vec![name], unnamed)),
            }
        }
        let line = |(said, names, _): (String, Vec<String>, bool)| {
            Line(vec![bold(register::listed(&names)), plain(format!(": {said}."))])
        };
        let lines = groups.into_iter().map(line).collect();
        vec![Block::Heading(Line::text("Due")), Block::List(lines)]
    }

    /// Who is listed or barred in the places asked for.
    fn restrictions(&self) -> Vec<Block> {
        let places = &self.filter.destinations;
        let barred = self.desk.curated.restrictions.iter().filter(|r| places.contains(&r.country));
        let lines: Vec<Line> = barred.map(controls::listing_line).collect();
        if lines.is_empty() {
            return Vec::new();
        }
        let heading = format!("Restrictions: {}", register::listed(places));
        vec![Block::Heading(Line::text(heading)), Block::List(lines)]
    }

    fn lists(&self, shown: &[(Section, &Row)], before: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (i, (section, row)) in shown.iter().enumerate() {
            if i == 0 || shown[i - 1].0 != *section {
                blocks.push(Block::Heading(Line::text(section.heading())));
                blocks.push(Block::List(Vec::new()));
            }
            if let Some(Block::List(lines)) = blocks.last_mut() {
                lines.push(self.line(before + i + 1, *section, row));
            }
        }
        blocks
    }

    /// The rows in columns, each type under its own label, and what is doubtful about them.
    fn table(&self, shown: &[(Section, &Row)]) -> Vec<Block> {
        let head = ["Holder", "Scope", "State", "Certainty", "Since, due", "Origins"];
        let mut rows: Vec<Vec<Line>> = Vec::new();
        for (i, (section, row)) in shown.iter().enumerate() {
            let label = section.label(row.license_type);
            if i == 0 || shown[i - 1].0.label(shown[i - 1].1.license_type) != label {
                let mut cells = vec![Line(vec![bold(label)])];
                cells.resize(head.len(), Line::default());
                rows.push(cells);
            }
            rows.push(self.cells(row));
        }
        if rows.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![
            Block::Heading(Line::text("Licenses")),
            Block::Table { head: head.map(str::to_owned).to_vec(), rows },
        ];
        let doubts: Vec<Line> = shown
            .iter()
            .flat_map(|(_, row)| row.doubts.iter().map(move |doubt| (row, doubt)))
            .map(|(row, doubt)| {
                let name = register::named(row, &self.desk.lexicon);
                Line(vec![bold(name), plain(format!(": {doubt}."))])
            })
            .collect();
        if !doubts.is_empty() {
            blocks.push(Block::List(doubts));
        }
        blocks
    }

    fn cells(&self, row: &Row) -> Vec<Line> {
        let name = register::named(row, &self.desk.lexicon);
        let mut scope = text::cut(&register::scope(row), CELL);
        if let Some(count) = row.best().and_then(|claim| claim.count) {
            let apart = if scope.is_empty() { "" } else { "; " };
            scope.push_str(&format!("{apart}{count} by the source's count"));
        }
        let mut state = match row.state {
            State::Due => "due".to_owned(),
            State::PastDue => "past due".to_owned(),
            State::Disputed => format!("disputed: {}", register::action(row.action)),
            _ => register::action(row.action).to_owned(),
        };
        if !row.contradictions.is_empty() && row.state != State::Disputed {
            state.push_str("; claims differ");
        }
        let said = register::backing(row).replace(" by the ", " by ");
        let certainty = match row.best().filter(|claim| !claim.url.is_empty()) {
            Some(claim) => Span::Link { text: said, url: claim.url.clone() },
            None => plain(said),
        };
        // A date is one word to whoever breaks lines.
        let date = |date| register::date(date).replace(' ', "\u{a0}");
        let since = match row.since_basis {
            DateBasis::Event => date(row.since),
            DateBasis::Statement => format!("said {}", date(row.since)),
            DateBasis::Article => format!("by\u{a0}{}", date(row.since)),
        };
        let since = match (row.ends, row.state) {
            (Some(ends), State::Due | State::PastDue) => {
                format!("{since}, due\u{a0}{}", date(ends.date))
            }
            (Some(ends), _) if row.is_held() => format!("{since}, to\u{a0}{}", date(ends.date)),
            _ => since,
        };
        vec![
            Line::text(name),
            Line::text(scope),
            Line::text(state),
            Line(vec![certainty]),
            Line::text(since),
            Line::text(format!("{} ({})", row.origins, row.articles)),
        ]
    }

    fn line(&self, number: usize, section: Section, row: &Row) -> Line {
        let name = register::named(row, &self.desk.lexicon);
        let mut said = ": ".to_owned();
        if !section.says_type() {
            said.push_str(&format!("{}, ", register::kind(row.license_type)));
        }
        let state = match row.state {
            State::Due | State::PastDue => {
                format!("{}, {}", register::action(row.action), register::backing(row))
            }
            _ => register::state(row),
        };
        said.push_str(&format!("{state}, {}", register::since(row.since, row.since_basis)));
        let covers = register::scope(row);
        if !covers.is_empty() {
            said.push_str(&format!("; {}", text::cut(&covers, SCOPE)));
        }
        if let Some(count) = row.best().and_then(|claim| claim.count) {
            said.push_str(&format!("; {count} by the source's count"));
        }
        said.push_str(&self.end(row));
        if !row.contradictions.is_empty() {
            said.push_str("; claims differ");
        }
        for doubt in &row.doubts {
            said.push_str(&format!("; {doubt}"));
        }
        said.push_str(&format!(" ({}). ", register::origins(row)));
        let mut line = Line(vec![bold(format!("{number}. {name}")), plain(said)]);
        line.0.extend(row.best().map(license::source));
        line
    }

    /// The end of the term in a few words; what was not seen since stands under "Due".
    fn end(&self, row: &Row) -> String {
        let Some(ends) = row.ends else { return String::new() };
        let day = register::date(ends.date);
        match row.state {
            State::Due => {
                format!("; due {day}, {}", register::left(ends.days(self.known.register.today)))
            }
            State::PastDue => format!("; past due since {day}"),
            State::Expired | State::Suspended | State::Revoked | State::Refused => String::new(),
            _ => format!("; {} term to {day}", register::lasts(ends.months)),
        }
    }

    /// One line for the controls, one for suspensions, one for listings.
    fn controls(&self) -> Vec<Line> {
        let today = self.known.register.today;
        let mut lines = controls::in_force(&self.desk.curated, today);
        lines.extend(controls::suspended(&self.desk.curated, today));
        lines.extend(controls::barred(&self.desk.curated));
        lines
    }

    fn footer(&self, page: usize, pages: usize) -> Line {
        let mut line = Line::default();
        if pages > 1 {
            line.0.push(plain(format!("Page {page} of {pages}. ")));
        }
        line.0
            .extend([plain("An origin is who reported it first; copies of one report count once")]);
        line.0.push(plain(if self.as_table {
            ", and the articles stand in brackets. After “by” stands the report's date, and the license may be older; \
             after “said” the statement's. "
        } else {
            ". "
        }));
        line.0.extend([
            Span::Command("/license".to_owned()),
            plain(" with a name shows every claim and its proof, "),
            Span::Command("/controls".to_owned()),
            plain(" the rules."),
        ]);
        line
    }
}

/// A button to each holder's history, each once.
fn row_buttons(shown: &[(Section, &Row)], desk: &Desk) -> Vec<Vec<Button>> {
    let mut buttons: Vec<Button> = Vec::new();
    for (_, row) in shown {
        let line = license::line(row);
        let label = match (&row.holder, row.license_type) {
            (Some(id), _) => desk
                .lexicon
                .company(id)
                .map_or_else(|| row.name.clone(), |company| company.short.clone()),
            (None, LicenseType::General) => format!("General: {}", row.name),
            (None, LicenseType::Individual) => format!("Individual: {}", row.name),
            (None, LicenseType::Unspecified) => row.name.clone(),
        };
        let button = ask(&text::cut(&label, 32), &line);
        if !buttons.contains(&button) {
            buttons.push(button);
        }
    }
    buttons.chunks(ABREAST).map(<[Button]>::to_vec).collect()
}
