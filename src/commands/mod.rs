//! Commands: what people ask in a chat, answered from the store as one message.
//!
//! A command is a value in a table: its file holds name, help, rights and the
//! function that answers. Menus, help, permissions and the README's table
//! derive from it. Commands are quick and synchronous; none speaks to a
//! platform or reads the clock.

mod alert;
mod brief;
mod calendar;
mod controls;
mod help;
mod latest;
mod license;
mod licenses;
mod search;
mod settings;
mod sources;
mod start;
mod status;
mod subscribe;
mod unsubscribe;
mod unwatch;
mod watch;
mod watches;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::alert::Rules;
use crate::calendar::Calendar;
use crate::chat::MenuItem;
use crate::lexicon::Lexicon;
use crate::model::event::{About, Invocation};
use crate::model::message::{Action, Block, Button, Cards, Line, Message, Span};
use crate::model::subscription::{Destination, Series, Subscription};
use crate::register::{self, Curated, Evidence, Register};
use crate::schedule::{self, Cron, Unclear};
use crate::sources::SourceSpec;
use crate::store::{Search, Store, StoreError};

/// Every command, in the order of help and menus.
pub const ALL: &[Command] = &[
    start::ROW,
    help::ROW,
    brief::ROW,
    latest::ROW,
    search::ROW,
    licenses::ROW,
    license::ROW,
    controls::ROW,
    calendar::ROW,
    alert::ROW,
    watch::ROW,
    watches::ROW,
    unwatch::ROW,
    subscribe::ROW,
    unsubscribe::ROW,
    settings::ROW,
    sources::ROW,
    status::ROW,
];

/// A command.
#[derive(Clone, Copy)]
pub struct Command {
    /// `[a-z0-9_]{1,32}`.
    pub name: &'static str,
    /// At most 100 characters, without a full stop.
    pub summary: &'static str,
    /// What to type after the name; empty when nothing is taken.
    pub usage: &'static str,
    /// Only for those who may manage the chat, since it changes what the chat receives.
    pub manage: bool,
    /// Whether the argument is completed as it is typed.
    pub completes: bool,
    /// Answers.
    run: fn(&Desk, &Invocation, DateTime<Utc>) -> Result<Message, CommandError>,
}

/// What commands answer from.
pub struct Desk {
    /// Everything remembered.
    pub store: Store,
    /// Names and labels.
    pub lexicon: Arc<Lexicon>,
    /// The sources polled.
    pub sources: Vec<SourceSpec>,
    /// The operator's zone.
    pub zone: Tz,
    /// When the main daily edition closes.
    pub brief: Cron,
    /// When the weekly edition closes.
    pub weekly: Cron,
    /// When this process started.
    pub started: DateTime<Utc>,
    /// The curated history of licenses and controls.
    pub curated: Arc<Curated>,
    /// Days to come.
    pub calendar: Arc<Calendar>,
    /// What is an alert, and limits of watches.
    pub alerts: Arc<Rules>,
    /// The register as it was folded last.
    pub known: KnownCache,
    /// The index over everything remembered.
    pub search: Arc<Search>,
}

/// The folded register, kept until the evidence or the day changes.
#[derive(Default)]
pub struct KnownCache(Mutex<Option<(u64, Known)>>);

/// The register of a day and what it was folded from.
#[derive(Clone)]
pub struct Known {
    /// All claims and decisions, the curated ones included.
    pub evidence: Arc<Evidence>,
    /// The register.
    pub register: Arc<Register>,
}

/// Why a command gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The asker can mend it: shown as it is, one or two plain sentences.
    #[error("{0}")]
    User(String),
    /// It means several things: the asker chooses, and until then nothing has happened.
    #[error("it is to be asked what was meant")]
    Choice(Box<Message>),
    /// Something of ours failed: logged, and the asker gets an apology.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::Internal(error.into())
    }
}

/// The commands as platforms' menus show them.
#[must_use]
pub fn menu() -> Vec<MenuItem> {
    let item = |command: &Command| MenuItem {
        name: command.name,
        summary: command.summary,
        usage: command.usage,
        manage: command.manage,
        completes: command.completes,
    };
    ALL.iter().map(item).collect()
}

/// Answers a command. There is always an answer: what cannot be done is said.
#[must_use]
pub fn answer(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Message {
    let Some(command) = ALL.iter().find(|command| command.name == asked.name) else {
        return private(unknown(&asked.name));
    };
    if let Some(About { chat: Err(reason), .. }) = asked.about.as_deref()
        && command.manage
    {
        return private(reason);
    }
    if command.manage && !asked.may_manage {
        return private(format!(
            "/{} changes what this chat receives, so only those who manage the chat may use it.",
            command.name
        ));
    }
    match (command.run)(desk, asked, now) {
        Ok(message) => message,
        Err(CommandError::User(reason)) => private(reason),
        Err(CommandError::Choice(question)) => *question,
        Err(CommandError::Internal(error)) => {
            tracing::error!(
                command = command.name,
                error = format!("{error:#}"),
                "a command failed"
            );
            private(
                "Sorry, that did not work. It is not your fault, and it has been noted for the operator.",
            )
        }
    }
}

/// What an hour or a zone may mean, to be asked: `line` makes the command line of one meaning.
fn unclear(error: &Unclear, line: &dyn Fn(&str) -> String) -> CommandError {
    let text = error.to_string();
    let Unclear::Several { at, zones, .. } = error else { return CommandError::User(text) };
    let button = |(name, zone): &(&str, Tz)| {
        let said = match at {
            Some(at) => schedule::typed(*at, *zone),
            None => crate::clock::zone_name(*zone),
        };
        vec![Button { label: (*name).to_owned(), action: Action::Edit(line(&said)) }]
    };
    let buttons = zones.iter().map(button).collect();
    let text = format!("{text} Which one is meant? Nothing changes until you choose.");
    CommandError::Choice(Box::new(Message { buttons, private: true, ..Message::text(text) }))
}

/// Suggestions for a half-typed argument, at most 25.
#[must_use]
pub fn complete(desk: &Desk, name: &str, partial: &str) -> Vec<String> {
    match name {
        "latest" => latest::complete(desk, partial),
        "search" => search::complete(desk, partial),
        "licenses" | "license" => licenses::complete(desk, partial),
        "controls" => controls::complete(desk, partial),
        "calendar" => calendar::complete(desk, partial),
        _ => Vec::new(),
    }
}

/// What can be shared in any chat for a half-typed line, ten at once from the place that the last
/// ten named; nothing when it cannot be looked up. Who asks is not known here.
#[must_use]
pub fn share(desk: &Desk, line: &str, from: usize, now: DateTime<Utc>) -> Cards {
    search::shared(desk, line, from, now).unwrap_or_else(|error| {
        tracing::error!(%error, "nothing can be offered for sharing");
        Cards::default()
    })
}

fn private(text: impl Into<String>) -> Message {
    Message {
        private: true,
        blocks: vec![Block::Paragraph(naming(&text.into()))],
        ..Message::default()
    }
}

/// Text in which commands, written as `/help`, can be tapped where the platform can.
fn naming(text: &str) -> Line {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((at, end)) = command_in(rest) {
        spans.extend((at > 0).then(|| plain(&rest[..at])));
        spans.push(Span::Command(rest[at..end].to_owned()));
        rest = &rest[end..];
    }
    spans.extend((!rest.is_empty()).then(|| plain(rest)));
    Line(spans)
}

/// Where a command's bare name stands: after a space, and before what ends a word. An example with
/// words of its own behind it is left as it is.
fn command_in(text: &str) -> Option<(usize, usize)> {
    text.match_indices('/').find_map(|(at, _)| {
        let letters = text[at + 1..].bytes().take_while(|c| c.is_ascii_lowercase() || *c == b'_');
        let end = at + 1 + letters.count();
        let before = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        let after = text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '/');
        let known = ALL.iter().any(|command| command.name == &text[at + 1..end]);
        (before && after && known).then_some((at, end))
    })
}

fn unknown(name: &str) -> String {
    let near = ALL.iter().find(|command| {
        let shared = command.name.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
        shared >= 3 || command.name.contains(name) && name.len() > 2
    });
    match near {
        Some(command) => {
            format!("I know no /{name}. Did you mean /{}? /help lists what I know.", command.name)
        }
        None => format!(
            "I know no /{}. /help lists what I know.",
            crate::text::cut(&crate::text::one_line(name), 40)
        ),
    }
}

/// Takes `page N` off the end of an argument; pages count from 1.
fn paged(args: &str) -> (&str, usize) {
    let (rest, number) = args.rsplit_once(' ').unwrap_or(("", args));
    let before = rest.strip_suffix("page").map(str::trim_end);
    match (before, number.parse::<usize>()) {
        (Some(before), Ok(page)) if page > 0 => (before, page),
        _ => (args, 1),
    }
}

/// Buttons that turn pages of `line` (a command line) in place.
fn page_buttons(line: &str, page: usize, pages: usize) -> Vec<Vec<Button>> {
    let turn = |label: &str, to: usize| Button {
        label: label.to_owned(),
        action: Action::Edit(format!("{line} page {to}")),
    };
    let mut row = Vec::new();
    if page > 1 {
        row.push(turn("‹ Back", page - 1));
    }
    if page < pages {
        row.push(turn("More ›", page + 1));
    }
    if row.is_empty() { Vec::new() } else { vec![row] }
}

fn ask(label: &str, line: &str) -> Button {
    Button { label: label.to_owned(), action: Action::Ask(line.to_owned()) }
}

/// An instant, in the reader's own zone where the platform can.
fn time(at: DateTime<Utc>, zone: Tz) -> Span {
    Span::Time { at, text: schedule::spoken(at, zone) }
}

fn bold(text: impl Into<String>) -> Span {
    Span::Bold(text.into())
}

fn plain(text: impl Into<String>) -> Span {
    Span::Text(text.into())
}

fn paragraph(spans: Vec<Span>) -> Block {
    Block::Paragraph(Line(spans))
}

/// The first 25 of `words` that begin with, then that contain, what stands there.
fn matching(words: &[String], partial: &str) -> Vec<String> {
    let wanted = partial.trim().to_lowercase();
    let begins = words.iter().filter(|word| word.to_lowercase().starts_with(&wanted));
    let contains = words.iter().filter(|word| {
        let lower = word.to_lowercase();
        !lower.starts_with(&wanted) && lower.contains(&wanted)
    });
    begins.chain(contains).take(25).cloned().collect()
}

impl Desk {
    /// The register of the operator's day at `now`.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn known(&self, now: DateTime<Utc>) -> Result<Known, StoreError> {
        let today = now.with_timezone(&self.zone).date_naive();
        // Read before the evidence: what comes in between is read again next time.
        let generation = self.store.evidence_generation();
        let mut kept = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        let evidence = match kept.as_ref() {
            Some((of, known)) if *of == generation => {
                if known.register.today == today {
                    return Ok(known.clone());
                }
                known.evidence.clone()
            }
            _ => Arc::new(self.store.evidence()?.with(&self.curated, &self.lexicon)),
        };
        let register = register::fold(&evidence.claims, &evidence.decisions, today);
        let known = Known { evidence, register: Arc::new(register) };
        *kept = Some((generation, known.clone()));
        Ok(known)
    }

    /// The register as it was folded last, whatever the day: good enough for suggestions.
    fn known_lately(&self) -> Option<Known> {
        let kept = self.known.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map(|(_, known)| known.clone())
    }

    fn subscription(&self, to: &Destination) -> Result<Option<Subscription>, CommandError> {
        Ok(self.store.subscription(to)?)
    }

    /// When the next edition goes to a subscriber; `None` when paused, or when none does.
    fn next_for(&self, subscription: &Subscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if subscription.paused.is_some() {
            return None;
        }
        match (subscription.series, subscription.at) {
            (Series::Daily, Some(at)) => {
                Some(schedule::next_slot(at, subscription.zone, &subscription.weekdays, now))
            }
            (Series::Daily, None) => self.next_main(subscription, now),
            (Series::Weekly, _) => self.weekly.next(self.zone, now),
            (Series::Alerts, _) => None,
        }
    }

    /// The next main edition on one of the subscriber's days.
    fn next_main(&self, subscription: &Subscription, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        use chrono::Datelike;
        let mut from = now;
        for _ in 0..400 {
            from = self.brief.next(self.zone, from)?;
            let day = from.with_timezone(&subscription.zone).weekday();
            if subscription.weekdays.is_empty() || subscription.weekdays.contains(&day) {
                return Some(from);
            }
        }
        None
    }
}
