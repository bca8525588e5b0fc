//! `/watch`: what a chat wants to be told of at once; what it would have caught is shown first.
//!
//! Nothing is saved before somebody says so. A watch is words and names of the
//! query language, never a pattern.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::alert::watches::can_watch;
use crate::commands::{Command, CommandError, Desk, bold, paragraph, plain, private};
use crate::model::alert::Severity;
use crate::model::event::Invocation;
use crate::model::license::ClaimId;
use crate::model::message::{Action, Block, Button, Line, Message, Span};
use crate::model::story::StoryId;
use crate::model::subscription::Destination;
use crate::model::watch::Watch;
use crate::query::{self, Clause, Kind, Note, Query, Term, When};
use crate::store::{Changes, Hit};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "watch",
    summary: "Be told at once: \"license news on dysprosium for Europe\", shown before it is saved",
    usage: "what [critical|high] [as name]",
    manage: true,
    completes: false,
    run,
};

/// How far back it is tried, in days.
const TRIED: u16 = 30;
/// Records shown of what it would have caught.
const SHOWN: usize = 5;
/// More than so many a day is worth a word.
const BUSY: f64 = 5.0;
/// Longest name of a watch.
const NAME: usize = 40;

/// A watch that waits to be saved.
#[derive(Serialize, Deserialize)]
struct Draft {
    query: String,
    name: String,
    least: Severity,
    /// The watch it changes, if it changes one.
    number: Option<u32>,
}

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let args = asked.args.trim();
    let to = asked.reply.destination();
    if let Some(handle) = args.strip_prefix("save ").filter(|handle| is_handle(handle)) {
        return save(desk, asked, handle, now);
    }
    if let Some(handle) = args.strip_prefix("cancel ").filter(|handle| is_handle(handle)) {
        let notes = vec![(draft_note(to, handle), String::new())];
        desk.store.commit(Changes { notes, ..Changes::default() })?;
        return Ok(private("Nothing was saved."));
    }
    let (number, args) = edited(args);
    if args.is_empty() {
        return Ok(how());
    }
    let (line, least, name) = read(args);
    let query = query::parse(&line, &desk.lexicon);
    if !can_watch(&query) {
        return Err(CommandError::User(
            "A watch needs at least one word or name to look for: /watch dysprosium license Europe.".to_owned(),
        ));
    }
    let existing = desk.store.watches_of(to)?;
    let printed = query.to_string();
    if let Some(number) = number
        && existing.iter().all(|watch| watch.number != number)
    {
        return Err(CommandError::User(format!(
            "There is no watch {number} here; /watches lists them."
        )));
    }
    if let Some(same) = existing.iter().find(|watch| watch.query == printed && number.is_none()) {
        return Err(CommandError::User(format!(
            "Watch {} asks for the same already: /watches {}.",
            same.number, same.number
        )));
    }
    if number.is_none() && existing.len() >= desk.alerts.limits.watches {
        return Err(CommandError::User(format!(
            "This chat has {} watches, the most it may have. /watches shows them; delete one first.",
            existing.len()
        )));
    }
    // Without a name of its own it goes by the words it was asked with, where they were right.
    let name = match name.as_str() {
        "" if query.notes.is_empty() && line != printed => text::cut(&text::one_line(&line), NAME),
        _ => name,
    };
    let draft = Draft { query: printed.clone(), name, least, number };
    let handle = handle(&draft);
    let json = serde_json::to_string(&draft).map_err(anyhow::Error::from)?;
    let notes = vec![(draft_note(to, &handle), json)];
    desk.store.commit(Changes { notes, ..Changes::default() })?;
    let zone = desk.subscription(to)?.map_or(desk.zone, |subscription| subscription.zone);
    let mut blocks = vec![
        Block::Title(Line::text("A new watch, not saved yet")),
        paragraph(vec![bold("Watches: "), plain(format!("{}.", query.spoken(&desk.lexicon)))]),
    ];
    if number.is_some() {
        blocks[0] = Block::Title(Line::text("A changed watch, not saved yet"));
    }
    blocks.extend(query.notes.iter().filter_map(said).map(|said| paragraph(vec![plain(said)])));
    blocks.push(paragraph(vec![plain(told(draft.least))]));
    blocks.extend(caught(desk, &query, draft.least, zone, now)?);
    let button =
        |label: &str, line: String| Button { label: label.to_owned(), action: Action::Edit(line) };
    let buttons = vec![vec![
        button("Save", format!("watch save {handle}")),
        button("Cancel", format!("watch cancel {handle}")),
    ]];
    Ok(Message { blocks, buttons, private: true, ..Message::default() })
}

/// How a watch is written.
fn how() -> Message {
    let examples = [
        ("/watch license news on dysprosium for Europe", "words as you would say them"),
        ("/watch company:jl-mag topic:licensing", "names and topics"),
        ("/watch \"price floor\" -mining", "words side by side, and none of those"),
        ("/watch calendar", "reminders of days to come, a week before and on the day"),
        (
            "/watch Lynas critical as Lynas alarms",
            "only what is critical, under a name of your own",
        ),
    ];
    let line = |(command, why): &(&str, &str)| {
        Line(vec![Span::Command((*command).to_owned()), plain(format!(": {why}"))])
    };
    let blocks = vec![
        Block::Title(Line::text("Watch what?")),
        Block::List(examples.iter().map(line).collect()),
        Block::Footer(Line(vec![
            plain("You see what it would have caught before it is saved. "),
            Span::Command("/watches".to_owned()),
            plain(" lists what is watched here."),
        ])),
    ];
    Message { blocks, private: true, ..Message::default() }
}

/// Takes `edit N` off the beginning.
fn edited(args: &str) -> (Option<u32>, &str) {
    let Some(rest) = args.strip_prefix("edit ") else { return (None, args) };
    let rest = rest.trim_start();
    let (number, words) = rest.split_once(' ').unwrap_or((rest, ""));
    match number.parse() {
        Ok(number) => (Some(number), words.trim()),
        Err(_) => (None, args),
    }
}

/// Takes `as NAME` and the least severity off the end.
fn read(args: &str) -> (String, Severity, String) {
    let lower = args.to_lowercase();
    // A name is what stands behind the last "as", where that is not all there is.
    let (rest, name) = match lower.rfind(" as ").filter(|_| lower.len() == args.len()) {
        Some(at) if at > 0 => (&args[..at], text::one_line(&args[at + 4..])),
        _ => (args, String::new()),
    };
    let rest = rest.trim_end();
    let (line, least) = match rest.rsplit_once(char::is_whitespace) {
        Some((line, last)) => match Severity::parse(&last.to_lowercase()) {
            Some(least) => (line, least),
            None => (rest, Severity::Notable),
        },
        None => (rest, Severity::Notable),
    };
    let name = name.trim_matches(['"', '“', '”']).trim();
    (line.trim().to_owned(), least, text::cut(name, NAME))
}

/// `high or critical`.
fn graver(least: Severity) -> &'static str {
    match least {
        Severity::Notable => "notable, high or critical",
        Severity::High => "high or critical",
        Severity::Critical => "critical",
    }
}

/// When a watch of a least severity speaks.
fn told(least: Severity) -> String {
    match least {
        Severity::Notable => "Told at once: every new story that it finds.".to_owned(),
        Severity::High => {
            "Told at once: what it finds that is high or critical (licenses, denials, announcements, listings).".to_owned()
        }
        Severity::Critical => {
            "Told at once: what it finds that is critical (a named license granted, refused, suspended or revoked; an \
             announcement; a listing)."
                .to_owned()
        }
    }
}

fn said(note: &Note) -> Option<String> {
    match note {
        Note::Corrected { typed, name } => Some(format!("Read “{typed}” as {name}.")),
        Note::Unknown { what, value, words: true } => {
            Some(format!("No {what} “{value}” is known; its words are looked for instead."))
        }
        Note::Unknown { what, value, words: false } => {
            Some(format!("No {what} “{value}” is known; it was left out."))
        }
        Note::TooLong => Some("That was too long; the rest was left out.".to_owned()),
    }
}

/// What the query would have caught lately, from the search index.
pub(super) fn caught(
    desk: &Desk,
    query: &Query,
    least: Severity,
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) -> Result<Vec<Block>, CommandError> {
    let found = desk.search.find(&lately(query), now, 0, SHOWN)?;
    if found.unready {
        let text = "What it would have caught cannot be told yet: the search index is being made.";
        return Ok(vec![paragraph(vec![plain(text)])]);
    }
    let records = named(query, found.total);
    if found.total == 0 {
        let all = Query { clauses: vec![of_kind(query)], ..Query::default() };
        let text = match desk.search.count(&lately(&all), now)? {
            0 => format!(
                "Nothing like it was told in the last {TRIED} days, so it could not be tried."
            ),
            read => format!(
                "In the last {TRIED} days it would have caught none of {}. Fewer words, or a name instead of a phrase, find more.",
                named(query, read)
            ),
        };
        return Ok(vec![paragraph(vec![plain(text)])]);
    }
    let more = if found.total > SHOWN { ", such as" } else { "" };
    let count = format!("In the last {TRIED} days it would have caught {records}{more}:");
    let mut lines = Vec::new();
    for hit in &found.hits {
        lines.extend(line(desk, hit, zone)?);
    }
    let mut blocks = vec![paragraph(vec![plain(count)]), Block::List(lines)];
    let a_day = found.total as f64 / TRIED as f64;
    if least > Severity::Notable {
        let text = format!("Of these it tells only what is {}.", graver(least));
        blocks.push(paragraph(vec![plain(text)]));
    } else if a_day > BUSY {
        blocks.push(paragraph(vec![plain(format!(
            "That is about {a_day:.0} a day. One more word, or high or critical at its end, makes it fewer."
        ))]));
    }
    Ok(blocks)
}

/// The query among what was told in the days it is tried on.
fn lately(query: &Query) -> Query {
    let since = query.since.filter(|since| matches!(since, When::DaysAgo(days) if *days < TRIED));
    let mut query = Query { since: since.or(Some(When::DaysAgo(TRIED))), ..query.clone() };
    query.clauses.push(of_kind(&query));
    query
}

/// Only stories; only claims, where it asks for what only claims say.
fn of_kind(query: &Query) -> Clause {
    let kind = if of_claims(query) { Kind::Claim } else { Kind::Story };
    Clause { not: false, any: vec![Term::Kind(kind)] }
}

fn of_claims(query: &Query) -> bool {
    let mut terms = query.clauses.iter().filter(|clause| !clause.not).flat_map(|c| &c.any);
    terms.any(|term| matches!(term, Term::Action(_) | Term::License(_) | Term::Kind(Kind::Claim)))
}

/// `1 story`, `1,204 stories`, `2 license claims`.
fn named(query: &Query, count: usize) -> String {
    let what = match (of_claims(query), count) {
        (true, 1) => "license claim",
        (true, _) => "license claims",
        (false, 1) => "story",
        (false, _) => "stories",
    };
    format!("{count} {what}")
}

/// A record that was found, in one line: of a claim its sentence.
fn line(desk: &Desk, hit: &Hit, zone: chrono_tz::Tz) -> Result<Option<Line>, CommandError> {
    let found = match hit.kind {
        Kind::Claim => desk
            .store
            .license_claim(&ClaimId(hit.id.clone()))?
            .map(|claim| (claim.quote, claim.url, claim.publisher, claim.published)),
        _ => desk.store.story(&StoryId(hit.id.clone()))?.and_then(|story| {
            let first = story.primary()?.clone();
            Some((
                story.title,
                first.url,
                first.publisher,
                first.published.with_timezone(&zone).date_naive(),
            ))
        }),
    };
    Ok(found.map(|(title, url, publisher, day)| {
        let title = text::cut(&text::one_line(&title), 120);
        let publisher = text::cut(&publisher, 40);
        Line(vec![
            Span::Link { text: title, url },
            plain(format!(" — {publisher}, {}", day.format("%-d %b"))),
        ])
    }))
}

fn save(
    desk: &Desk,
    asked: &Invocation,
    handle: &str,
    now: DateTime<Utc>,
) -> Result<Message, CommandError> {
    let to = asked.reply.destination();
    let saved = desk.store.change(|_| keep(desk, asked, &draft_note(to, handle), now))?;
    let Some((number, title)) = saved else {
        return Ok(private(
            "That was saved or cancelled already. /watches lists what is watched here.",
        ));
    };
    let button =
        Button { label: "All watches".to_owned(), action: Action::Edit("watches".to_owned()) };
    let text = format!(
        "Saved as watch {number}: {title}. You will be told here as soon as it finds something."
    );
    Ok(Message { buttons: vec![vec![button]], private: true, ..Message::text(text) })
}

/// The watch that a draft becomes, with its number and title; `None` once the draft is gone.
fn keep(
    desk: &Desk,
    asked: &Invocation,
    note: &str,
    now: DateTime<Utc>,
) -> Result<(Changes, Option<(u32, String)>), CommandError> {
    let to = asked.reply.destination();
    let Some(draft) = desk.store.note(note)?.filter(|draft| !draft.is_empty()) else {
        return Ok((Changes::default(), None));
    };
    let draft: Draft = serde_json::from_str(&draft).map_err(anyhow::Error::from)?;
    let known = match draft.number {
        Some(number) => desk.store.watch(to, number)?,
        None => None,
    };
    if known.is_none() && desk.store.watches_of(to)?.len() >= desk.alerts.limits.watches {
        return Err(CommandError::User("This chat has as many watches as it may have.".to_owned()));
    }
    let number = match &known {
        Some(known) => known.number,
        None => desk.store.next_watch(to)?,
    };
    let watch = Watch {
        to: to.clone(),
        number,
        query: draft.query,
        name: draft.name,
        least: draft.least,
        muted_until: None,
        paused: None,
        by: asked.asker,
        since: known.map_or(now, |known| known.since),
    };
    let saved = Some((number, watch.title().to_owned()));
    let notes = vec![(note.to_owned(), String::new())];
    Ok((Changes { watches: vec![watch], notes, ..Changes::default() }, saved))
}

fn draft_note(to: &Destination, handle: &str) -> String {
    format!("watch:{to}:{handle}")
}

fn handle(draft: &Draft) -> String {
    let words = format!("{}|{}|{:?}|{:?}", draft.query, draft.name, draft.least, draft.number);
    Sha256::digest(words.as_bytes()).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

fn is_handle(text: &str) -> bool {
    text.len() == 12 && text.chars().all(|c| c.is_ascii_hexdigit())
}
