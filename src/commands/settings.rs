//! `/settings`: what this chat receives and when, in one message whose buttons change it in place.
//!
//! Every change is one command line (`settings length short`), so it can be
//! typed as well as tapped; each answer shows the whole state and the next
//! delivery's local time.

use chrono::{DateTime, Utc, Weekday};

use crate::commands::{Command, CommandError, Desk, ask, paragraph, plain, subscribe, time};
use crate::model::event::Invocation;
use crate::model::message::{Action, Block, Button, Line, Message, Span};
use crate::model::subscription::{Length, Subscription};
use crate::schedule;
use crate::store::Changes;
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "settings",
    summary: "Hour, zone, days, topics, elements, companies and length of this chat's brief",
    usage: "[what] [value]",
    manage: true,
    completes: false,
    run,
};

const WORKDAYS: [Weekday; 5] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

/// Topics, elements or companies one chat may choose, at most.
const MOST_WISHES: usize = 30;

/// The word kept as the reason when a chat asked for the pause itself.
const ASKED: &str = "paused in settings";

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let Some(before) = desk.subscription(asked.reply.destination())? else {
        let text = "This chat receives no briefs yet, so there is nothing to set. One tap begins:";
        let buttons = vec![vec![ask("Subscribe", "subscribe")]];
        return Ok(Message { buttons, private: true, ..Message::text(text) });
    };
    let mut subscription = before.clone();
    let note = change(desk, &mut subscription, asked.args.trim())?;
    if subscription != before {
        desk.store
            .commit(Changes { subscriptions: vec![subscription.clone()], ..Changes::default() })?;
    }
    Ok(show(desk, &subscription, note, now))
}

/// Applies one change; empty text changes nothing. The note is shown with the state.
fn change(desk: &Desk, to: &mut Subscription, line: &str) -> Result<Option<String>, CommandError> {
    let (what, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let value = value.trim();
    match what.to_lowercase().as_str() {
        "" => Ok(None),
        "time" | "hour" if matches!(value, "main" | "usual") => {
            to.at = None;
            Ok(None)
        }
        "time" | "hour" => subscribe::set_time(to, value),
        "zone" | "timezone" => {
            to.zone = schedule::parse_zone(value).map_err(CommandError::User)?;
            Ok(None)
        }
        "days" | "weekdays" => {
            to.weekdays = days(value)?;
            Ok(None)
        }
        "length" => {
            to.length = match value {
                "short" => Length::Short,
                "full" => Length::Full,
                _ => return Err(user("Length is short or full: settings length short.")),
            };
            Ok(None)
        }
        "topic" | "topics" => wish(&mut to.topics, value, |name| {
            desk.lexicon.find_topic(name).map(|topic| topic.id.clone())
        }),
        "element" | "elements" => wish(&mut to.elements, value, |name| {
            desk.lexicon
                .find_element(name)
                .map(|element| crate::model::article::Element(element.symbol.clone()))
        }),
        "company" | "companies" => wish(&mut to.companies, value, |name| {
            desk.lexicon.find_company(name).map(|company| company.id.clone())
        }),
        "pause" => {
            to.paused = Some(ASKED.to_owned());
            Ok(None)
        }
        "resume" => {
            to.paused = None;
            Ok(None)
        }
        _ => Err(user(
            "I can set time, zone, days, length, topics, elements and companies, or pause and resume. \
             Examples: /settings time 7:30 Berlin, /settings days mon-fri, /settings elements Dy, Tb.",
        )),
    }
}

fn user(text: &str) -> CommandError {
    CommandError::User(text.to_owned())
}

/// `mon-fri`, `mon wed`, `every`.
fn days(value: &str) -> Result<Vec<Weekday>, CommandError> {
    let wrong = || user("Write days as mon-fri, as mon, wed, fri, or as every.");
    let lower = value.to_lowercase();
    if matches!(lower.as_str(), "every" | "all" | "daily" | "every day") {
        return Ok(Vec::new());
    }
    if lower == "weekdays" {
        return Ok(WORKDAYS.to_vec());
    }
    let mut chosen = Vec::new();
    for part in lower.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
        let first: Weekday = first.parse().map_err(|_| wrong())?;
        let last: Weekday = last.parse().map_err(|_| wrong())?;
        let mut day = first;
        loop {
            if !chosen.contains(&day) {
                chosen.push(day);
            }
            if day == last {
                break;
            }
            day = day.succ();
        }
    }
    if chosen.is_empty() {
        return Err(wrong());
    }
    chosen.sort_by_key(Weekday::num_days_from_monday);
    Ok(if chosen.len() == 7 { Vec::new() } else { chosen })
}

/// Sets the list to the names given; `all` empties it, and `toggle NAME` adds or takes away one.
fn wish<T: PartialEq>(
    list: &mut Vec<T>,
    value: &str,
    find: impl Fn(&str) -> Option<T>,
) -> Result<Option<String>, CommandError> {
    if matches!(value.to_lowercase().as_str(), "all" | "any" | "everything") {
        list.clear();
        return Ok(None);
    }
    let (names, toggled) = match value.strip_prefix("toggle ") {
        Some(name) => (name, true),
        None => (value, false),
    };
    let mut found = Vec::new();
    for name in names.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty()) {
        let Some(one) = find(name) else {
            let shown = text::cut(&text::one_line(name), 40);
            return Err(CommandError::User(format!(
                "I do not know {shown:?}, so nothing was changed."
            )));
        };
        if !found.contains(&one) {
            found.push(one);
        }
    }
    if found.is_empty() {
        return Err(user("Name one or more, separated by commas, or write all."));
    }
    if found.len() > MOST_WISHES || toggled && list.len() >= MOST_WISHES {
        return Err(CommandError::User(format!("At most {MOST_WISHES} can be chosen.")));
    }
    if !toggled {
        *list = found;
        return Ok(None);
    }
    for one in found {
        match list.iter().position(|known| *known == one) {
            Some(at) => drop(list.remove(at)),
            None => list.push(one),
        }
    }
    Ok(None)
}

fn show(
    desk: &Desk,
    subscription: &Subscription,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Message {
    let lexicon = &desk.lexicon;
    let row = |name: &str, value: String| Line(vec![Span::Bold(format!("{name}: ")), plain(value)]);
    let hour = match subscription.at {
        Some(at) => format!("{} ({})", at.format("%H:%M"), subscription.zone),
        None => format!("with the main edition, times shown in {}", subscription.zone),
    };
    let days = if subscription.weekdays.is_empty() {
        "every day".to_owned()
    } else {
        subscription.weekdays.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let or_all =
        |names: Vec<&str>| if names.is_empty() { "all".to_owned() } else { names.join(", ") };
    let length = if subscription.length == Length::Full { "full" } else { "short" };
    let rows = vec![
        row("Hour", hour),
        row("Days", days),
        row("Length", length.to_owned()),
        row(
            "Topics",
            or_all(subscription.topics.iter().map(|id| lexicon.topic_label(id)).collect()),
        ),
        row(
            "Elements",
            or_all(subscription.elements.iter().map(|id| lexicon.element_name(id)).collect()),
        ),
        row(
            "Companies",
            or_all(subscription.companies.iter().map(|id| lexicon.company_name(id)).collect()),
        ),
    ];
    let mut spans = match desk.next_for(subscription, now) {
        Some(next) => {
            vec![plain("The next brief comes "), time(next, subscription.zone), plain(".")]
        }
        None => vec![plain("Paused: nothing is sent until you resume.")],
    };
    spans.extend(note.map(plain));
    let blocks = vec![
        Block::Title(Line::text("Settings of this chat")),
        Block::List(rows),
        paragraph(spans),
        Block::Footer(Line(vec![
            plain("Anything else by typing: "),
            Span::Code("/settings time 7:30 Berlin".to_owned()),
            plain(", "),
            Span::Code("/settings elements Dy, Tb".to_owned()),
        ])),
    ];
    Message { blocks, buttons: buttons(desk, subscription), private: true, ..Message::default() }
}

fn buttons(desk: &Desk, subscription: &Subscription) -> Vec<Vec<Button>> {
    let edit = |label: String, line: String| Button {
        label,
        action: Action::Edit(format!("settings {line}")),
    };
    let on =
        |chosen: bool, label: &str| if chosen { format!("✓ {label}") } else { label.to_owned() };
    let hours = ["06:00", "07:00", "08:00", "18:00"].map(|hour| {
        let chosen = subscription.at.is_some_and(|at| at.format("%H:%M").to_string() == hour);
        edit(on(chosen, hour), format!("time {hour}"))
    });
    let main = edit(on(subscription.at.is_none(), "Main edition"), "time main".to_owned());
    let (full, every) = (subscription.length == Length::Full, subscription.weekdays.is_empty());
    let mut rows = vec![hours.into_iter().chain([main]).collect()];
    rows.push(vec![
        if full {
            edit("Make it short".to_owned(), "length short".to_owned())
        } else {
            edit("Make it full".to_owned(), "length full".to_owned())
        },
        if every {
            edit("Mon–Fri only".to_owned(), "days mon-fri".to_owned())
        } else {
            edit("Every day".to_owned(), "days every".to_owned())
        },
        if subscription.paused.is_some() {
            edit("Resume".to_owned(), "resume".to_owned())
        } else {
            edit("Pause".to_owned(), "pause".to_owned())
        },
    ]);
    let topics: Vec<Button> = desk
        .lexicon
        .topics()
        .iter()
        .map(|topic| {
            edit(
                on(subscription.topics.contains(&topic.id), &topic.label),
                format!("topics toggle {}", topic.id),
            )
        })
        .collect();
    // Discord takes five rows of five.
    rows.extend(topics.chunks(4).take(3).map(<[Button]>::to_vec));
    rows
}
