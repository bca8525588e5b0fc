//! `/settings`: what this chat receives and when, in one message that changes itself.
//!
//! Every change is one command line (`settings length short`), so it can be
//! typed as well as tapped, and nothing changes without one. Each answer shows
//! the state and the next delivery's local time.

mod pages;

use chrono::{DateTime, NaiveTime, Timelike as _, Utc, Weekday};

use crate::commands::{Command, CommandError, Desk, ask, subscribe, unclear};
use crate::model::alert::Severity;
use crate::model::article::Element;
use crate::model::delivery::{Cause, Delivery};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::model::subscription::{Destination, Length, PlatformName, Quiet, Series, Subscription};
use crate::schedule;
use crate::store::Changes;
use crate::text;
use pages::{List, Page, View};

/// The row.
pub(super) const ROW: Command = Command {
    name: "settings",
    summary: "What this chat receives and when: series, hour, days, topics, quiet hours, length",
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
pub(super) const ASKED: &str = "paused in settings";

/// What comes of a line.
struct Change {
    /// The page shown after it.
    page: Page,
    /// What is said above the page, if more than the page itself says.
    note: Option<String>,
    /// A test to be sent.
    test: Option<Delivery>,
}

impl Change {
    /// Shows a page; what changed can be seen there.
    fn to(page: Page) -> Self {
        Self { page, note: None, test: None }
    }

    fn noted(page: Page, note: impl Into<String>) -> Self {
        Self { note: Some(note.into()), ..Self::to(page) }
    }
}

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let to = asked.subject();
    let lead = asked.about.as_ref().map_or(String::new(), |about| format!("{} ", about.name));
    let line = asked.args.trim();
    let Some((subscription, changed, change)) = set(desk, to, line, &lead, now)? else {
        let text = "This chat receives no briefs yet, so there is nothing to set. One tap begins:";
        let buttons = vec![vec![ask("Subscribe", format!("subscribe {lead}").trim_end())]];
        return Ok(Message { buttons, private: true, ..Message::text(text) });
    };
    let view = View {
        desk,
        to: &subscription,
        lead: &lead,
        label: asked.about.as_ref().map(|about| about.label.as_str()),
        threads: to.platform == PlatformName::Discord && !asked.private_chat,
        now,
    };
    Ok(view.message(change.page, changed, change.note))
}

/// Applies one line to a chat's subscription, read and written in one step; whether that changed it.
/// `None` where there is no subscription.
fn set(
    desk: &Desk,
    to: &Destination,
    line: &str,
    lead: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Subscription, bool, Change)>, CommandError> {
    desk.store.change(|_| {
        let Some(before) = desk.subscription(to)? else { return Ok((Changes::default(), None)) };
        let mut subscription = before.clone();
        let mut change = change(desk, &mut subscription, line, lead, now)?;
        let changed = subscription != before;
        let changes = Changes {
            subscriptions: changed.then(|| subscription.clone()).into_iter().collect(),
            new_deliveries: change.test.take().into_iter().collect(),
            ..Changes::default()
        };
        Ok((changes, Some((subscription, changed, change))))
    })
}

/// Applies one line to the subscription; an empty one, or one that names only a page, changes
/// nothing.
fn change(
    desk: &Desk,
    to: &mut Subscription,
    line: &str,
    lead: &str,
    now: DateTime<Utc>,
) -> Result<Change, CommandError> {
    let (what, value) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (what, value) = (what.to_lowercase(), value.trim());
    let lower = value.to_lowercase();
    if let Some((list, page, many)) = List::of_button(&what) {
        return tapped(desk, to, list, page, many.then_some(value), value);
    }
    let show = |page: Page| Ok(Change::to(page));
    match (what.as_str(), lower.as_str()) {
        ("", _) => show(Page::Main),
        ("series", "") => show(Page::Series),
        ("series", _) => {
            let before = to.series;
            to.series = match lower.as_str() {
                "daily" => Series::Daily,
                "weekly" => Series::Weekly,
                "alerts" | "alerts only" => Series::Alerts,
                _ => {
                    return Err(user("Series is daily, weekly or alerts: settings series weekly."));
                }
            };
            if to.series != before {
                to.since = now;
            }
            show(Page::Main)
        }
        ("time" | "hour", "") => show(Page::Hour),
        ("time" | "hour", "main" | "usual") => {
            to.at = None;
            show(Page::Main)
        }
        ("time" | "hour", _) => {
            let note =
                subscribe::set_time(to, value, &|said| format!("settings {lead}time {said}"))?;
            Ok(Change { note, ..Change::to(Page::Main) })
        }
        ("zone" | "timezone", "") => show(Page::Zone),
        ("zone" | "timezone", _) => {
            to.zone = schedule::parse_zone(value)
                .map_err(|error| unclear(&error, &|said| format!("settings {lead}zone {said}")))?;
            show(Page::Main)
        }
        ("days" | "weekdays", "") => show(Page::Days),
        ("days" | "weekdays", _) => {
            to.weekdays = days(&lower)?;
            show(Page::Main)
        }
        ("length", "") => show(Page::Length),
        ("length", _) => {
            to.length = match lower.as_str() {
                "short" => Length::Short,
                "full" => Length::Full,
                _ => return Err(user("Length is short or full: settings length short.")),
            };
            show(Page::Main)
        }
        ("topic" | "topics" | "element" | "elements" | "company" | "companies", _) => {
            let list = match what.as_str() {
                "topic" | "topics" => List::Topics,
                "element" | "elements" => List::Elements,
                _ => List::Companies,
            };
            if let Some(page) = page_of(&lower) {
                return show(Page::Wishes(list, page));
            }
            let typed = set_wishes(desk, to, list, value);
            typed.map(|()| Change::to(Page::Main))
        }
        ("quiet", _) => quiet(to, &lower).map(|()| Change::to(Page::Quiet)),
        ("least" | "severity" | "alerts", "") => show(Page::Least),
        ("least" | "severity" | "alerts", _) => {
            let all = [Severity::Notable, Severity::High, Severity::Critical];
            to.least = all.into_iter().find(|least| least.as_str() == lower).ok_or_else(|| {
                user("Alerts come from notable, high or critical on: settings least critical.")
            })?;
            show(Page::Main)
        }
        ("language", "" | "english" | "en") => show(Page::Language),
        ("language", _) => Err(user("Briefs are in English for now; more languages are to come.")),
        ("discuss" | "discussion", "") => show(Page::Discuss),
        ("discuss" | "discussion", "on" | "off") => {
            if lower == "on" && to.to.platform != PlatformName::Discord {
                return Err(user("Discussion threads exist on Discord only."));
            }
            to.discuss = lower == "on";
            show(Page::Main)
        }
        ("discuss" | "discussion", _) => {
            Err(user("A discussion thread is on or off: settings discuss on."))
        }
        ("pause", _) => {
            to.paused = Some(ASKED.to_owned());
            show(Page::Main)
        }
        ("resume", _) => {
            subscribe::resume(to, now);
            show(Page::Main)
        }
        ("test", _) => {
            let note = "A test message is on its way. If it does not come within a minute, I lack a right \
                        there, and /settings says which.";
            let test = Some(test(desk, to, now)?);
            Ok(Change { test, ..Change::noted(Page::Main, note) })
        }
        _ => Err(user(
            "I can set series, time, zone, days, topics, elements, companies, quiet, least, length and \
             discuss, or pause, resume and test. Examples: /settings time 7:30 Berlin, /settings days \
             mon-fri, /settings elements Dy, Tb, /settings quiet 22:00-07:00.",
        )),
    }
}

fn user(text: &str) -> CommandError {
    CommandError::User(text.to_owned())
}

/// The page that a line asks for: none typed, or `page 2`.
fn page_of(value: &str) -> Option<usize> {
    if value.is_empty() {
        return Some(1);
    }
    value.strip_prefix("page ")?.trim().parse().ok()
}

/// The delivery of a test: one a minute, however often it is asked for.
fn test(desk: &Desk, to: &Subscription, now: DateTime<Utc>) -> Result<Delivery, CommandError> {
    let series = if to.series == Series::Weekly { Series::Weekly } else { Series::Daily };
    let edition = match desk.store.latest_edition(series)? {
        None if series == Series::Weekly => desk.store.latest_edition(Series::Daily)?,
        found => found,
    };
    let at = now.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(now);
    let cause = Cause::Test { edition: edition.map(|edition| edition.id), at };
    Ok(Delivery::new(cause, to.to.clone(), now))
}

/// `mon-fri`, `mon wed`, `every`.
fn days(value: &str) -> Result<Vec<Weekday>, CommandError> {
    let wrong = || user("Write days as mon-fri, as mon, wed, fri, or as every.");
    if matches!(value, "every" | "all" | "daily" | "every day") {
        return Ok(Vec::new());
    }
    if matches!(value, "weekdays" | "workdays") {
        return Ok(WORKDAYS.to_vec());
    }
    let mut chosen = Vec::new();
    for part in value.split([',', ' ']).filter(|part| !part.is_empty()) {
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
    Ok(in_order(chosen))
}

/// The days in the week's order; all of them are the same as none.
fn in_order(mut chosen: Vec<Weekday>) -> Vec<Weekday> {
    chosen.sort_by_key(Weekday::num_days_from_monday);
    if chosen.len() == 7 { Vec::new() } else { chosen }
}

/// `off`, `hold`, `critical`, or hours as `22:00-07:00`.
fn quiet(to: &mut Subscription, value: &str) -> Result<(), CommandError> {
    let wrong = || {
        user("Write quiet hours as 22:00-07:00, and hold, critical or off: settings quiet hold.")
    };
    let usual = || Quiet { from: pages::hour(22), until: pages::hour(7), critical_passes: false };
    let value =
        ["hours ", "from "].into_iter().find_map(|word| value.strip_prefix(word)).unwrap_or(value);
    match value {
        "" => {}
        "off" | "none" => to.quiet = None,
        "hold" | "on" => to.quiet.get_or_insert_with(usual).critical_passes = false,
        "critical" | "critical only" => to.quiet.get_or_insert_with(usual).critical_passes = true,
        hours => {
            let (from, until) = hours
                .split_once(['-', '–'])
                .or_else(|| hours.split_once(" to "))
                .ok_or_else(wrong)?;
            let read = |text: &str| match schedule::parse_time(text) {
                Ok((at, None)) => Ok(at),
                _ => Err(wrong()),
            };
            let (from, until): (NaiveTime, NaiveTime) = (read(from)?, read(until)?);
            if from == until {
                return Err(user("Quiet hours that begin when they end would never be over."));
            }
            let quiet = to.quiet.get_or_insert_with(usual);
            (quiet.from, quiet.until) = (from, until);
        }
    }
    Ok(())
}

/// A choice made by a button or a menu: one value changed, or all that a page shows.
fn tapped(
    desk: &Desk,
    to: &mut Subscription,
    list: List,
    page: usize,
    all: Option<&str>,
    one: &str,
) -> Result<Change, CommandError> {
    let shown = list.options(desk, to, page);
    let mut chosen: Vec<String> = list.chosen(to);
    match all {
        Some(values) => {
            chosen.retain(|value| !shown.iter().any(|option| option.value == *value));
            let wanted = values.split(',').map(str::trim);
            chosen
                .extend(wanted.filter(|v| shown.iter().any(|o| o.value == *v)).map(str::to_owned));
        }
        None if one == "all" => chosen.clear(),
        None => match chosen.iter().position(|value| value == one) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(one.to_owned()),
        },
    }
    if chosen.len() > MOST_WISHES {
        let note = format!("At most {MOST_WISHES} can be chosen, so nothing was changed.");
        return Ok(Change::noted(list.page(page), note));
    }
    // No day at all is every day again: whoever wants none pauses.
    match list {
        List::Days => {
            to.weekdays = in_order(chosen.iter().filter_map(|day| day.parse().ok()).collect());
        }
        List::Topics => {
            to.topics = found(&chosen, |v| Some(desk.lexicon.find_topic(v)?.id.clone()));
        }
        List::Elements => {
            let element = |v: &str| Some(Element(desk.lexicon.find_element(v)?.symbol.clone()));
            to.elements = found(&chosen, element);
        }
        List::Companies => {
            to.companies = found(&chosen, |v| Some(desk.lexicon.find_company(v)?.id.clone()));
        }
    }
    Ok(Change::to(list.page(page)))
}

fn found<T>(values: &[String], find: impl Fn(&str) -> Option<T>) -> Vec<T> {
    values.iter().filter_map(|value| find(value)).collect()
}

fn set_wishes(
    desk: &Desk,
    to: &mut Subscription,
    list: List,
    value: &str,
) -> Result<(), CommandError> {
    match list {
        List::Topics => wish(&mut to.topics, value, |name| {
            desk.lexicon.find_topic(name).map(|topic| topic.id.clone())
        }),
        List::Elements => wish(&mut to.elements, value, |name| {
            desk.lexicon.find_element(name).map(|element| Element(element.symbol.clone()))
        }),
        List::Companies => wish(&mut to.companies, value, |name| {
            desk.lexicon.find_company(name).map(|company| company.id.clone())
        }),
        List::Days => Ok(()),
    }
}

/// Sets the list to the names given; `all` empties it, and `toggle NAME` adds or takes away one.
fn wish<T: PartialEq>(
    list: &mut Vec<T>,
    value: &str,
    find: impl Fn(&str) -> Option<T>,
) -> Result<(), CommandError> {
    if matches!(value.to_lowercase().as_str(), "all" | "any" | "everything") {
        list.clear();
        return Ok(());
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
        return Ok(());
    }
    for one in found {
        match list.iter().position(|known| *known == one) {
            Some(at) => drop(list.remove(at)),
            None => list.push(one),
        }
    }
    Ok(())
}
