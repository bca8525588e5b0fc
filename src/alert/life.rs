//! The life of an alert: raised once, then only ever amended.
//!
//! Pure, and the same for every chat: what was told stays in the history, a
//! later article either says something new about it or adds one publisher more.

use chrono::{DateTime, Utc};

use crate::alert::events::{Event, told_by};
use crate::model::alert::{Alert, AlertId, Happening, Severity, Update};
use crate::model::article::Article;
use crate::model::brief::SourceLink;
use crate::model::story::Story;

/// An article that joined a story, and what it brings.
#[derive(Clone, Copy)]
pub struct Raised<'a> {
    /// The story with the article in it.
    pub story: &'a Story,
    /// The article.
    pub article: &'a Article,
    /// What it brings, gravest first.
    pub events: &'a [Event],
    /// Whether a watch asks for the article.
    pub asked: bool,
}

/// The alert after an article joined its story; `None` when nobody needs to be told of a change.
/// Without an alert before, one is raised where an event or a watch asks for it.
#[must_use]
pub fn advance(alert: Option<&Alert>, raised: &Raised<'_>, now: DateTime<Utc>) -> Option<Alert> {
    match alert {
        None => raise(raised, now),
        Some(alert) => amend(alert, raised, now),
    }
}

/// What became of an alert in a window and takes back or disputes what it told: one sentence
/// without a full stop, and where that is said.
#[must_use]
pub fn corrections(
    alert: &Alert,
    opens: DateTime<Utc>,
    closes: DateTime<Utc>,
) -> Vec<(String, String)> {
    let within = |at: DateTime<Utc>| opens < at && at <= closes;
    let mut list = Vec::new();
    for update in alert.updates.iter().filter(|update| within(update.published)) {
        let what = match update.happening {
            Happening::Denied => format!("{}: {}", capital(&update.certainty), update.what),
            Happening::Disputed => format!("Disputed: {}", update.what),
            Happening::Corrected => format!("Corrected: {}", update.what),
            Happening::Told | Happening::Also | Happening::Confirmed => continue,
        };
        list.extend(update.sources.first().map(|source| (what, source.url.clone())));
    }
    if alert.is_correction() && within(alert.published) {
        list.push((format!("Corrected: {}", alert.what), alert.source.url.clone()));
    }
    list
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The alert of a day that has come near.
#[must_use]
pub fn remind(id: AlertId, event: &Event, now: DateTime<Utc>) -> Alert {
    let mut alert = blank(id, event.source.clone(), event.published, now);
    tell(&mut alert, event);
    alert
}

fn blank(id: AlertId, source: SourceLink, published: DateTime<Utc>, now: DateTime<Utc>) -> Alert {
    Alert {
        id,
        story: None,
        joined: Vec::new(),
        severity: Severity::Notable,
        subjects: Vec::new(),
        what: String::new(),
        first: Happening::Told,
        certainty: String::new(),
        quote: String::new(),
        source,
        published,
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        updates: Vec::new(),
        revision: 1,
        raised: now,
        updated: now,
    }
}

/// Makes an event what the alert says first.
fn tell(alert: &mut Alert, event: &Event) {
    alert.severity = alert.severity.max(event.severity.unwrap_or(Severity::Notable));
    alert.what = event.what();
    alert.first = event.happening;
    alert.certainty.clone_from(&event.certainty);
    alert.quote.clone_from(&event.quote);
    alert.source.clone_from(&event.source);
    alert.published = event.published;
    concern(alert, event);
}

fn concern(alert: &mut Alert, event: &Event) {
    union(&mut alert.subjects, &event.subjects);
    union(&mut alert.elements, &event.elements);
    union(&mut alert.companies, &event.companies);
}

fn raise(raised: &Raised<'_>, now: DateTime<Utc>) -> Option<Alert> {
    let Raised { story, article, events, asked } = *raised;
    let gravest = events.iter().find(|event| event.severity.is_some());
    if gravest.is_none() && !asked {
        return None;
    }
    let source = SourceLink { publisher: article.publisher.clone(), url: article.url.clone() };
    let mut alert = blank(AlertId::of(&story.id), source, article.published, now);
    alert.story = Some(story.id.clone());
    match gravest.or(events.first()) {
        Some(event) if event.happening != Happening::Also => tell(&mut alert, event),
        _ => {
            alert.what = article.title.trim_end_matches(['.', '。']).to_owned();
            alert.certainty = told_by(article);
            alert.quote = article.highlights.first().cloned().unwrap_or_default();
        }
    }
    for event in events {
        let also = event.happening == Happening::Told && event.what() != alert.what;
        if also && event.severity.is_some() {
            alert.updates.push(update(event));
        }
        concern(&mut alert, event);
    }
    // The story may have been told before, when nobody asked for it.
    for telling in &story.tellings {
        let source = SourceLink { publisher: telling.publisher.clone(), url: telling.url.clone() };
        also(&mut alert, source, telling.published);
    }
    about(&mut alert, story, article);
    Some(alert)
}

fn amend(alert: &Alert, raised: &Raised<'_>, now: DateTime<Utc>) -> Option<Alert> {
    let Raised { story, article, events, .. } = *raised;
    let mut next = alert.clone();
    let mut changed = false;
    for event in events.iter().filter(|event| event.happening != Happening::Also) {
        changed |= take(&mut next, event);
    }
    if next.story.as_ref() != Some(&story.id) && !next.joined.contains(&story.id) {
        next.joined.push(story.id.clone());
    }
    // Who makes no such claim and names none of those it is about does not tell the same.
    let claims = |event: &Event| event.subjects.iter().any(|s| alert.subjects.contains(s));
    let same = alert.companies.is_empty()
        || article.companies.iter().any(|company| alert.companies.contains(company))
        || events.iter().any(claims);
    if !changed && same {
        let source = SourceLink { publisher: article.publisher.clone(), url: article.url.clone() };
        changed = also(&mut next, source, article.published);
    }
    if !changed {
        return None;
    }
    for event in events {
        concern(&mut next, event);
    }
    about(&mut next, story, article);
    next.revision = alert.revision.saturating_add(1);
    next.updated = now;
    Some(next)
}

/// Takes an event into the history; whether that changes what is told.
fn take(alert: &mut Alert, event: &Event) -> bool {
    let told = |update: &Update| update.happening == event.happening && update.what == said(event);
    if alert.what == event.what() && event.happening == Happening::Told
        || alert.updates.iter().any(told)
    {
        return false;
    }
    let graver = event.severity.is_some_and(|severity| severity > alert.severity);
    match event.happening {
        Happening::Told if graver => {
            let before = std::mem::take(&mut alert.what);
            let sources = vec![alert.source.clone()];
            let published = alert.published;
            alert.updates.push(Update {
                happening: Happening::Told,
                what: format!("told before as “{before}”"),
                certainty: String::new(),
                sources,
                published,
            });
            tell(alert, event);
            return true;
        }
        Happening::Confirmed => alert.certainty.clone_from(&event.certainty),
        Happening::Denied | Happening::Disputed => {
            let first = alert.certainty.split("; ").next().unwrap_or_default().to_owned();
            alert.certainty = match event.happening {
                Happening::Denied => format!("disputed: {first}; {}", event.certainty),
                _ => format!("disputed: {first}"),
            };
            alert.certainty = alert.certainty.replacen("disputed: disputed: ", "disputed: ", 1);
        }
        Happening::Corrected => {
            let concerns = event.subjects.is_empty()
                || event.subjects.iter().any(|subject| alert.subjects.contains(subject));
            if concerns {
                alert.certainty.clone_from(&event.certainty);
            }
        }
        Happening::Told | Happening::Also => {}
    }
    alert.severity = alert.severity.max(event.severity.unwrap_or(Severity::Notable));
    alert.updates.push(update(event));
    true
}

fn update(event: &Event) -> Update {
    let certainty = match event.happening {
        Happening::Confirmed | Happening::Denied => event.certainty.clone(),
        _ => String::new(),
    };
    Update {
        happening: event.happening,
        what: said(event),
        certainty,
        sources: vec![event.source.clone()],
        published: event.published,
    }
}

/// What an update says beside who stands behind it.
fn said(event: &Event) -> String {
    event.what().trim_end_matches(", and that is denied").to_owned()
}

/// Adds a publisher who tells the same, unless it is known; whether it was added.
fn also(alert: &mut Alert, source: SourceLink, published: DateTime<Utc>) -> bool {
    let known = alert.source.publisher == source.publisher
        || alert
            .updates
            .iter()
            .flat_map(|update| &update.sources)
            .any(|other| other.publisher == source.publisher);
    if known {
        return false;
    }
    match alert.updates.last_mut() {
        Some(last) if last.happening == Happening::Also => last.sources.push(source),
        _ => alert.updates.push(Update {
            happening: Happening::Also,
            what: String::new(),
            certainty: String::new(),
            sources: vec![source],
            published,
        }),
    }
    true
}

/// What it is about, for those who want only some.
fn about(alert: &mut Alert, story: &Story, article: &Article) {
    union(&mut alert.topics, &story.topics);
    union(&mut alert.topics, &article.topics);
    union(&mut alert.elements, &article.elements);
    union(&mut alert.companies, &article.companies);
}

fn union<T: Clone + PartialEq>(into: &mut Vec<T>, from: &[T]) {
    for value in from {
        if !into.contains(value) {
            into.push(value.clone());
        }
    }
}
