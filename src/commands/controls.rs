//! `/controls`: what is controlled by which announcement, in force or suspended, and until when.
//!
//! Dates are those of the curated history; what articles brought since stands
//! apart. Time never brings a suspended announcement back into force here.

use chrono::{DateTime, NaiveDate, Utc};

use crate::commands::{
    Command, CommandError, Desk, Known, ask, bold, matching, page_buttons, paged, paragraph, plain,
};
use crate::lexicon::fold;
use crate::model::article::Element;
use crate::model::event::Invocation;
use crate::model::license::{RegimeEvent, Restriction, RestrictionKind};
use crate::model::message::{Block, Button, Line, Message, Span};
use crate::register::{self, Curated, Status};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "controls",
    summary: "What China's export controls cover, in force or suspended until when",
    usage: "[element|announcement]",
    manage: false,
    completes: true,
    run,
};

/// Lines on a page.
const PAGE: usize = 12;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    let known = desk.known(now)?;
    let today = known.register.today;
    if wanted.is_empty() {
        return Ok(overview(desk, &known, today, page));
    }
    if let Some(element) = desk.lexicon.find_element(wanted) {
        return Ok(of_element(desk, &Element(element.symbol.clone()), today));
    }
    let events = register::announcements(&desk.curated, wanted);
    let mut listings = listings_named(&desk.curated, wanted);
    listings.retain(|listing| events.iter().all(|event| event.id != listing.id));
    if events.is_empty() && listings.is_empty() {
        return Err(CommandError::User(format!(
            "I know no element or announcement “{}”. Ask for an element (Ho, holmium, 钬) or a number (18, or No. 70 of \
             2025); /controls alone lists all.",
            text::cut(&text::one_line(wanted), 60)
        )));
    }
    Ok(of_announcements(desk, &events, &listings, today))
}

/// Suggestions for a half-typed argument.
pub(super) fn complete(desk: &Desk, partial: &str) -> Vec<String> {
    let mut words: Vec<String> =
        desk.lexicon.elements().iter().map(|e| e.english.clone()).collect();
    let named = desk.curated.regime.iter().map(|event| event.announcement.clone());
    // Numbered ones only: `… No. 70 of 2025`.
    let year =
        |name: &str| name.rsplit_once(" of ").is_some_and(|(_, year)| year.parse::<u16>().is_ok());
    words.extend(named.filter(|name| year(name)));
    matching(&words, partial)
}

// ---------------------------------------------------------------- lines for /licenses

/// The controls in force on rare earths, in one line.
pub(super) fn in_force(curated: &Curated, today: NaiveDate) -> Vec<Line> {
    let events = curated.regime.iter().filter(|event| !event.elements.is_empty());
    events
        .filter_map(|event| match register::status(curated, event, today) {
            Status::InForce(since) => Some(Line(vec![
                bold(format!("{}: ", event.announcement)),
                plain(format!(
                    "in force since {}: {}. ",
                    register::day(since),
                    symbols(&event.elements)
                )),
                source(&event.publisher, &event.url),
            ])),
            _ => None,
        })
        .collect()
}

/// A line for each suspension.
pub(super) fn suspended(curated: &Curated, today: NaiveDate) -> Vec<Line> {
    let suspensions = register::suspensions(curated, today);
    suspensions
        .iter()
        .map(|suspension| {
            let mut line = Line(vec![
                bold(format!("{}: ", register::numbers(&suspension.of))),
                plain(format!("{}. ", until(suspension.until, today))),
            ]);
            let note = register::first_clause(&suspension.by.note);
            if !note.is_empty() {
                line.0.push(plain(format!("{}. ", capital(&note))));
            }
            line.0.push(source(&suspension.by.publisher, &suspension.by.url));
            line
        })
        .collect()
}

/// The countries and parties barred, in one line.
pub(super) fn barred(curated: &Curated) -> Option<Line> {
    let mut countries: Vec<(&str, Vec<String>)> = Vec::new();
    for restriction in &curated.restrictions {
        let said = short_listing(restriction);
        match countries.iter_mut().find(|(country, _)| *country == restriction.country) {
            Some((_, list)) => list.push(said),
            None => countries.push((&restriction.country, vec![said])),
        }
    }
    if countries.is_empty() {
        return None;
    }
    let said: Vec<String> =
        countries.iter().map(|(country, list)| format!("{country}: {}", list.join(", "))).collect();
    Some(Line(vec![bold("Barred: "), plain(format!("{}.", said.join("; ")))]))
}

fn short_listing(restriction: &Restriction) -> String {
    let number = restriction.announcement.replace("MOFCOM ", "");
    let who = match (restriction.count, restriction.kind) {
        (Some(count), RestrictionKind::ControlList) => format!("{count} on the control list"),
        (Some(count), RestrictionKind::WatchList) => format!("{count} on the watch list"),
        _ => "military users and uses".to_owned(),
    };
    let parties = if restriction.parties.is_empty() {
        String::new()
    } else {
        format!(", {} among them", register::listed(&restriction.parties))
    };
    format!("{who} ({number}{parties})")
}

/// What controls an element on a day, in one line.
pub(super) fn element_line(desk: &Desk, element: &Element, today: NaiveDate) -> Line {
    let name = desk.lexicon.element_name(element);
    let events = register::controls_of(&desk.curated, element);
    let mut line = Line(vec![bold(format!("{}: ", capital(name)))]);
    if events.is_empty() {
        line.0.push(plain(format!(
            "no announcement seen controls {name} by itself; magnets with terbium, dysprosium or samarium are controlled."
        )));
        return line;
    }
    for (i, event) in events.iter().enumerate() {
        let code = code(event, element).map(|code| format!(", code {code}")).unwrap_or_default();
        if i > 0 {
            line.0.push(plain(" "));
        }
        line.0.push(plain(format!(
            "{}, {}{code}. ",
            event.announcement,
            said(&desk.curated, event, today)
        )));
        line.0.push(source(&event.publisher, &event.url));
    }
    line
}

// ---------------------------------------------------------------- the overview

fn overview(desk: &Desk, known: &Known, today: NaiveDate, page: usize) -> Message {
    let items = items(desk, known, today);
    let pages = items.len().div_ceil(PAGE).max(1);
    let page = page.min(pages);
    let mut blocks = vec![
        Block::Title(Line::text("China's export controls on rare earths")),
        Block::Paragraph(Line(vec![
            plain(format!(
                "As of {}, from public texts and reports; the ministry's own text decides. ",
                register::day(today)
            )),
            Span::Command("/controls Dy".to_owned()),
            plain(" or "),
            Span::Command("/controls 70".to_owned()),
            plain(" shows one."),
        ])),
    ];
    let shown: Vec<&(&str, Line)> = items.iter().skip((page - 1) * PAGE).take(PAGE).collect();
    for (i, (heading, line)) in shown.iter().enumerate() {
        if i == 0 || shown[i - 1].0 != *heading {
            blocks.push(Block::Heading(Line::text(*heading)));
            blocks.push(Block::List(Vec::new()));
        }
        if let Some(Block::List(lines)) = blocks.last_mut() {
            lines.push(line.clone());
        }
    }
    if pages > 1 {
        blocks.push(Block::Footer(Line::text(format!("Page {page} of {pages}."))));
    }
    let mut buttons = page_buttons("controls", page, pages);
    buttons.push(vec![ask("Licenses", "licenses")]);
    Message { blocks, buttons, ..Message::default() }
}

/// Every line of the overview under its heading.
fn items(desk: &Desk, known: &Known, today: NaiveDate) -> Vec<(&'static str, Line)> {
    let curated = &desk.curated;
    let mut items = Vec::new();
    let mut instruments: Vec<(&RegimeEvent, Status)> = curated
        .regime
        .iter()
        .map(|event| {
            // What suspends others stands under "Until when"; here it is something that happened.
            let acts = event.suspended_until.is_some() && !event.amends.is_empty();
            (event, if acts { Status::Event } else { register::status(curated, event, today) })
        })
        .collect();
    // What controls elements stands first, then the newest.
    instruments
        .sort_by_key(|(event, _)| (event.elements.is_empty(), std::cmp::Reverse(event.announced)));
    let with =
        |wanted: fn(&Status) -> bool| instruments.iter().filter(move |(_, status)| wanted(status));
    items.extend(suspended(curated, today).into_iter().map(|line| ("Until when", line)));
    let mut add = |heading: &'static str, wanted: fn(&Status) -> bool| {
        items.extend(
            with(wanted).map(|(event, status)| (heading, event_line(event, *status, today))),
        );
    };
    add("In force", |status| matches!(status, Status::InForce(_) | Status::From(_)));
    add("Suspended", |status| matches!(status, Status::Suspended(_)));
    add("Suspension past its date, what came after not seen", |status| {
        matches!(status, Status::Lapsed(_))
    });
    let mut listings: Vec<&Restriction> = curated.restrictions.iter().collect();
    listings.sort_by_key(|listing| std::cmp::Reverse(listing.effective));
    items.extend(
        listings.into_iter().map(|listing| ("Barred parties and countries", listing_line(listing))),
    );
    let found = found(curated, known);
    items.extend(
        found
            .into_iter()
            .map(|line| ("Found in the news, not yet compared with the ministry's text", line)),
    );
    let events = with(|status| matches!(status, Status::Event));
    items
        .extend(events.map(|(event, status)| ("What happened", event_line(event, *status, today))));
    items
}

/// What articles brought that the curated history does not have.
fn found(curated: &Curated, known: &Known) -> Vec<Line> {
    let mut lines = Vec::new();
    for noted in known.evidence.regime.iter().rev() {
        let event = &noted.record;
        let same = curated.regime.iter().find(|known| known.id == event.id);
        if same.is_some_and(|same| {
            event.suspended_until.is_none() || same.suspended_until == event.suspended_until
        }) {
            continue;
        }
        let until = event
            .suspended_until
            .map(|until| format!(" Suspended until {}.", register::day(until)));
        lines.push(Line(vec![
            bold(format!("{}: ", event.announcement)),
            plain(format!("{}.{} ", event.what.trim_end_matches('.'), until.unwrap_or_default())),
            source(&event.publisher, &event.url),
        ]));
    }
    for noted in known.evidence.restrictions.iter().rev() {
        if curated.restrictions.iter().all(|listing| listing.id != noted.record.id) {
            lines.push(listing_line(&noted.record));
        }
    }
    lines.dedup();
    lines
}

fn event_line(event: &RegimeEvent, status: Status, today: NaiveDate) -> Line {
    let mut line = Line(vec![bold(format!("{}: ", event.announcement))]);
    let when = match status {
        Status::Event => register::day(event.announced),
        other => words(other, today),
    };
    line.0.push(plain(format!("{when}. {}. ", event.what.trim_end_matches('.'))));
    line.0.push(source(&event.publisher, &event.url));
    line
}

pub(super) fn listing_line(listing: &Restriction) -> Line {
    let since =
        listing.effective.map(|day| format!("{}. ", register::date(day))).unwrap_or_default();
    Line(vec![
        bold(format!("{}: ", listing.announcement)),
        plain(format!("{since}{}. ", listing.what.trim_end_matches('.'))),
        source(&listing.publisher, &listing.url),
    ])
}

// ---------------------------------------------------------------- one element, one announcement

fn of_element(desk: &Desk, element: &Element, today: NaiveDate) -> Message {
    let curated = &desk.curated;
    let entry = desk.lexicon.elements().iter().find(|known| known.symbol == element.0);
    let title = entry.map_or_else(
        || element.0.clone(),
        |known| format!("{} ({}, {})", capital(&known.english), known.symbol, known.chinese),
    );
    let mut blocks =
        vec![Block::Title(Line::text(title)), Block::Paragraph(element_line(desk, element, today))];
    for event in register::controls_of(curated, element) {
        blocks.push(Block::Paragraph(Line::text(format!("{}.", event.what))));
        blocks.extend(lineage(curated, event));
        blocks.extend(note(&event.note));
    }
    blocks.push(as_of(today));
    let name = desk.lexicon.element_name(element);
    let row = vec![ask("Licenses", &format!("licenses {name}")), ask("All controls", "controls")];
    Message { blocks, buttons: vec![row], ..Message::default() }
}

fn of_announcements(
    desk: &Desk,
    events: &[&RegimeEvent],
    listings: &[&Restriction],
    today: NaiveDate,
) -> Message {
    let curated = &desk.curated;
    let mut blocks = Vec::new();
    for event in events {
        blocks.push(Block::Title(Line::text(event.announcement.clone())));
        blocks.push(paragraph(vec![
            bold(format!("{}. ", capital(&said(curated, event, today)))),
            plain(format!("{}. ", event.what.trim_end_matches('.'))),
            source(&event.publisher, &event.url),
        ]));
        let mut facts = vec![format!("Announced {}", register::day(event.announced))];
        facts.extend(event.effective.map(|day| format!("effective {}", register::day(day))));
        if !event.elements.is_empty() {
            facts.push(format!("elements: {}", symbols(&event.elements)));
        }
        if !event.codes.is_empty() {
            facts.push(format!("control codes: {}", event.codes.join(", ")));
        }
        blocks.push(Block::Paragraph(Line::text(format!("{}.", facts.join("; ")))));
        blocks.extend(lineage(curated, event));
        blocks.extend(note(&event.note));
    }
    for listing in listings {
        blocks.push(Block::Title(Line::text(listing.announcement.clone())));
        blocks.push(Block::Paragraph(listing_line(listing)));
        blocks.extend(note(&listing.note));
    }
    blocks.push(as_of(today));
    let row: Vec<Button> = vec![ask("All controls", "controls"), ask("Licenses", "licenses")];
    Message { blocks, buttons: vec![row], ..Message::default() }
}

/// What an announcement acts on, and what acts on it.
fn lineage(curated: &Curated, event: &RegimeEvent) -> Vec<Block> {
    let mut lines = Vec::new();
    if !event.amends.is_empty() {
        let named: Vec<&RegimeEvent> =
            curated.regime.iter().filter(|other| event.amends.contains(&other.id)).collect();
        lines.push(Line::text(format!("Acts on {}.", register::numbers(&named))));
    }
    for act in register::acts_on(curated, &event.id) {
        let until = act.suspended_until.map(|until| format!(", until {}", register::day(until)));
        lines.push(Line(vec![
            bold(format!("{}: ", register::day(act.announced))),
            plain(format!(
                "{}{}. {}. ",
                act.announcement,
                until.unwrap_or_default(),
                act.what.trim_end_matches('.')
            )),
            source(&act.publisher, &act.url),
            plain(if act.note.is_empty() {
                String::new()
            } else {
                format!(". Note: {}.", act.note.trim_end_matches('.'))
            }),
        ]));
    }
    if lines.is_empty() {
        return Vec::new();
    }
    vec![Block::Heading(Line::text("Lineage")), Block::List(lines)]
}

/// The status in words, an act's by what it suspends.
fn said(curated: &Curated, event: &RegimeEvent, today: NaiveDate) -> String {
    if let Some(own) = event.suspended_until.filter(|_| !event.amends.is_empty()) {
        let later =
            register::acts_on(curated, &event.id).into_iter().filter(|act| act.announced <= today);
        let last = later.filter_map(|act| act.suspended_until).max().unwrap_or(own).max(own);
        return if last < today {
            format!(
                "suspended others until {}, {}; what came after was not seen",
                register::day(last),
                left(last, today)
            )
        } else {
            format!("suspends others until {}, {}", register::day(last), left(last, today))
        };
    }
    match register::status(curated, event, today) {
        Status::Event => format!("event of {}", register::day(event.announced)),
        status => words(status, today),
    }
}

fn words(status: Status, today: NaiveDate) -> String {
    match status {
        Status::Event => "an event".to_owned(),
        Status::InForce(since) => format!("in force since {}", register::day(since)),
        Status::From(day) => format!("in force from {}, {}", register::day(day), left(day, today)),
        Status::Suspended(day) | Status::Lapsed(day) => until(day, today),
    }
}

fn until(day: NaiveDate, today: NaiveDate) -> String {
    if day < today {
        format!(
            "suspension was to end {}, {}; what came after was not seen",
            register::day(day),
            left(day, today)
        )
    } else {
        format!("suspended until {}, {}", register::day(day), left(day, today))
    }
}

fn left(day: NaiveDate, today: NaiveDate) -> String {
    let days = (day - today).num_days();
    match days {
        1.. => format!("{days} {} left", if days == 1 { "day" } else { "days" }),
        _ => register::left(days),
    }
}

fn listings_named<'a>(curated: &'a Curated, wanted: &str) -> Vec<&'a Restriction> {
    let wanted = fold(wanted);
    let digits: Vec<&str> =
        wanted.split(|c: char| !c.is_ascii_digit()).filter(|d| !d.is_empty()).collect();
    let year = digits.iter().find(|d| d.len() == 4);
    let number = digits.iter().find(|d| d.len() < 4);
    let matches = |listing: &&Restriction| {
        let folded = fold(&listing.announcement);
        fold(&listing.id) == wanted
            || number.is_some_and(|number| {
                folded.contains(&format!("no. {number} of "))
                    && year.is_none_or(|year| folded.contains(&format!("of {year}")))
            })
    };
    curated.restrictions.iter().filter(matches).collect()
}

/// The control code of one element, where the lists run side by side.
fn code<'a>(event: &'a RegimeEvent, element: &Element) -> Option<&'a str> {
    let place = event.elements.iter().position(|other| other == element)?;
    (event.codes.len() == event.elements.len()).then(|| event.codes[place].as_str())
}

fn symbols(elements: &[Element]) -> String {
    elements.iter().map(Element::as_str).collect::<Vec<_>>().join(", ")
}

fn note(note: &str) -> Option<Block> {
    let note = register::of_record(note);
    (!note.is_empty())
        .then(|| Block::Footer(Line::text(format!("Note: {}.", note.trim_end_matches('.')))))
}

fn as_of(today: NaiveDate) -> Block {
    Block::Footer(Line::text(format!(
        "As of {}; from public texts and reports, the ministry's own text decides.",
        register::day(today)
    )))
}

fn source(publisher: &str, url: &str) -> Span {
    let name = text::cut(&text::one_line(publisher), 40);
    if url.is_empty() {
        plain(format!("({name})"))
    } else {
        Span::Link { text: name, url: url.to_owned() }
    }
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
