//! Announcements on a day: in force, suspended and until when, and what acts on what.
//!
//! Time never brings a suspended announcement back into force: after the last
//! known end of its suspension it is said that what came after was not seen.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::model::article::Element;
use crate::model::license::RegimeEvent;
use crate::register::Curated;

/// What an announcement is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Something that happened; it has no force of its own.
    Event,
    /// In force since a day.
    InForce(NaiveDate),
    /// In force from a day to come.
    From(NaiveDate),
    /// Suspended until a day.
    Suspended(NaiveDate),
    /// Its suspension was to end on a day that is past; what came after was not seen.
    Lapsed(NaiveDate),
}

/// A suspension: what suspends what until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension<'a> {
    /// The act that gives the date now known.
    pub by: &'a RegimeEvent,
    /// The last day.
    pub until: NaiveDate,
    /// The announcements suspended, in the order of the file.
    pub of: Vec<&'a RegimeEvent>,
}

/// What an announcement is on a day.
#[must_use]
pub fn status(curated: &Curated, event: &RegimeEvent, today: NaiveDate) -> Status {
    if let Some((_, until)) = suspended_by(curated, event, today) {
        return if until < today { Status::Lapsed(until) } else { Status::Suspended(until) };
    }
    match event.effective {
        None => Status::Event,
        Some(day) if day > today => Status::From(day),
        Some(day) => Status::InForce(day),
    }
}

/// The act that says until when an announcement is suspended: the latest known on a day.
pub(super) fn suspended_by<'a>(
    curated: &'a Curated,
    event: &'a RegimeEvent,
    today: NaiveDate,
) -> Option<(&'a RegimeEvent, NaiveDate)> {
    if is_act(event) {
        return None;
    }
    let own = event.suspended_until.map(|until| (event, until));
    let acts = acts_on(curated, &event.id).into_iter().filter(|act| act.announced <= today);
    let acts = acts.filter_map(|act| Some((act, act.suspended_until?)));
    own.into_iter().chain(acts).max_by_key(|(act, until)| (act.announced, *until))
}

/// Whether it suspends others: such an act is not suspended itself, whatever extends it.
fn is_act(event: &RegimeEvent) -> bool {
    event.suspended_until.is_some() && !event.amends.is_empty()
}

/// The acts that amend, suspend or extend an announcement, directly or by way of another,
/// oldest first.
#[must_use]
pub fn acts_on<'a>(curated: &'a Curated, id: &str) -> Vec<&'a RegimeEvent> {
    let mut reached: BTreeSet<&str> = BTreeSet::from([id]);
    let mut acts: Vec<&RegimeEvent> = Vec::new();
    loop {
        let next = curated.regime.iter().find(|event| {
            !reached.contains(event.id.as_str())
                && event.amends.iter().any(|other| reached.contains(other.as_str()))
        });
        let Some(act) = next else { break };
        reached.insert(&act.id);
        acts.push(act);
    }
    acts.sort_by(|a, b| (a.announced, &a.id).cmp(&(b.announced, &b.id)));
    acts
}

/// Every suspension whose end is known on a day, soonest end first.
#[must_use]
pub fn suspensions(curated: &Curated, today: NaiveDate) -> Vec<Suspension<'_>> {
    let mut found: Vec<Suspension<'_>> = Vec::new();
    for event in &curated.regime {
        let Some((by, until)) = suspended_by(curated, event, today) else { continue };
        match found.iter_mut().find(|s| s.by.id == by.id) {
            Some(known) => known.of.push(event),
            None => found.push(Suspension { by, until, of: vec![event] }),
        }
    }
    found.sort_by_key(|s| s.until);
    found
}

/// The announcements that control an element.
#[must_use]
pub fn controls_of<'a>(curated: &'a Curated, element: &Element) -> Vec<&'a RegimeEvent> {
    curated.regime.iter().filter(|event| event.elements.contains(element)).collect()
}

/// The announcements that a text names by number (`70`, `No. 70 of 2025`, `70/2025`) or by id,
/// newest first.
#[must_use]
pub fn announcements<'a>(curated: &'a Curated, text: &str) -> Vec<&'a RegimeEvent> {
    let wanted = crate::lexicon::fold(text);
    if let Some(event) =
        curated.regime.iter().find(|event| crate::lexicon::fold(&event.id) == wanted)
    {
        return vec![event];
    }
    let numbers: Vec<u32> = wanted
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let year = numbers.iter().copied().find(|number| (2000..2100).contains(number));
    let Some(number) = numbers.iter().copied().find(|number| Some(*number) != year) else {
        return Vec::new();
    };
    let mut found: Vec<&RegimeEvent> = curated
        .regime
        .iter()
        .filter(|event| numbers_of(event).contains(&number))
        .filter(|event| year.is_none_or(|year| event.announcement.ends_with(&format!("of {year}"))))
        .collect();
    found.sort_by_key(|event| std::cmp::Reverse(event.announced));
    found
}

/// The numbers in an announcement's name: what stands between "No." and the year.
pub(super) fn numbers_of(event: &RegimeEvent) -> Vec<u32> {
    let Some((_, name)) = event.announcement.split_once("No. ") else { return Vec::new() };
    let name = name.split_once(" of ").map_or(name, |(name, _)| name);
    name.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}
