//! English sentences: which firm a verb is about, and whether it is told as a fact.
//!
//! No parser: a verb's auxiliaries tell voice and mood, and holders are taken
//! from the places its frame allows. What is not plain yields nothing.

mod event;
mod holders;
mod memory;
mod object;
mod subject;
mod unnamed;
mod verb;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use self::event::{Reading, takes_it};
use self::object::walls;

use crate::enrich::claims::document::Sentence;
use crate::enrich::claims::groups::{groups, with_others};
use crate::enrich::claims::names::Names;
use crate::enrich::claims::parts::{self, Article, Chunk, Hit, Holder, Naming, Theme, ThemeKind};
use crate::enrich::claims::references::references;
use crate::enrich::claims::rules::{Rules, Tongue};
use crate::enrich::claims::talk::{Event, Mood, Talk};
use crate::enrich::claims::themes;
use crate::model::license::{LicenseAction, LicenseType};

/// A sentence under reading.
pub(super) struct Reader<'a> {
    pub(super) sentence: &'a Sentence<'a>,
    pub(super) index: usize,
    pub(super) names: &'a Names,
    pub(super) rules: &'a Rules,
    pub(super) chunks: Vec<Chunk>,
    pub(super) themes: Vec<Theme>,
    pub(super) hits: Vec<Hit>,
    /// Ends of hard boundaries.
    walls: Vec<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        sentence: &'a Sentence<'a>,
        index: usize,
        names: &'a Names,
        rules: &'a Rules,
        talk: &Talk,
    ) -> Self {
        let mut chunks = parts::lists(&sentence.low, &names.mentions[index], names);
        for chunk in &mut chunks {
            with_plant(chunk, &sentence.low, names);
        }
        groups(sentence, &mut chunks, names, rules, talk);
        references(sentence, &mut chunks, names, rules, talk);
        chunks.sort_by_key(|chunk| chunk.at.start);
        with_others(&mut chunks, &sentence.low);
        chunks.retain(|chunk| {
            chunk.naming != Naming::Named || !only_names(&sentence.low[chunk.at.end..])
        });
        let themes = themes::themes(sentence, &chunks, rules);
        let mut hits = parts::hits(&sentence.low, sentence.tongue, rules, sentence.item);
        // `approved exporters`, `an expired license`: words of a noun phrase.
        hits.retain(|hit| {
            let within = |at: &Range<usize>| at.start <= hit.at.start && hit.at.end <= at.end;
            !chunks.iter().any(|chunk| within(&chunk.at))
                && !themes
                    .iter()
                    .any(|theme: &Theme| theme.kind != ThemeKind::Stand && within(&theme.at))
        });
        let walls = walls(sentence);
        Self { sentence, index, names, rules, chunks, themes, hits, walls }
    }

    /// The events of the sentence, and what the talk learns from it.
    pub(super) fn read(&self, talk: &mut Talk) -> Vec<Event> {
        let mut events = Vec::new();
        let undecided =
            self.rules.mood.undecided.iter().any(|pattern| pattern.is_match(&self.sentence.low));
        let mut shared: Option<usize> = None;
        let mut subject: Option<Vec<Holder>> = None;
        for (i, hit) in self.hits.iter().enumerate() {
            if undecided {
                break;
            }
            let Some(reading) = self.event(i, hit, shared, subject.as_ref(), talk) else {
                continue;
            };
            let reading = self.not_approved(reading, hit);
            shared = reading.theme.or(shared);
            subject = Some(reading.holders.clone());
            talk.last.clone_from(&reading.holders);
            self.push(reading, hit, talk, &mut events);
        }
        self.respectively(&mut events);
        self.gapped(&mut events, talk);
        self.fronted(&mut events, talk);
        self.headed(&mut events, talk);
        self.learn(talk);
        events
    }

    /// `A few applications were not approved`: that is a refusal, where it is no `not yet`.
    fn not_approved(&self, mut reading: Reading, hit: &Hit) -> Reading {
        static REFUSED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\b(?:was|were) not $").expect("a constant pattern"));
        let low = &self.sentence.low;
        let limited = reading.counted
            || matches!(reading.holders.as_slice(), [Holder::Group(group)] if group.limited);
        if reading.mood == Mood::Negated
            && reading.action == LicenseAction::Granted
            && limited
            && REFUSED.is_match(&low[..hit.at.start])
            && !low.contains(" yet")
        {
            reading.mood = Mood::Fact;
            reading.action = LicenseAction::Refused;
        }
        reading
    }

    fn push(&self, reading: Reading, hit: &Hit, talk: &mut Talk, events: &mut Vec<Event>) {
        let theme = reading.theme.map(|i| &self.themes[i]);
        let mut action = reading.action;
        let window = self.window(hit);
        static RENEWAL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:renewals?|extension|prolongation|(?:second|third|further|another|new) term)\b").expect("a constant pattern")
        });
        if action == LicenseAction::Granted && RENEWAL.is_match(&self.sentence.low[window]) {
            action = LicenseAction::Renewed;
        }
        let new = theme.is_some_and(|theme| {
            theme.article == Article::Indefinite || theme.kind == ThemeKind::Stand || {
                let words = &self.sentence.low[theme.at.clone()];
                words.contains("fresh") || words.contains("new ")
            }
        });
        let stand = theme.is_some_and(|theme| theme.kind == ThemeKind::Stand);
        for holder in reading.holders {
            let mut license = theme.map_or(LicenseType::Unspecified, |theme| theme.license);
            if license == LicenseType::Unspecified && stand {
                license = talk.license;
            }
            if license == LicenseType::Unspecified
                && theme.is_none()
                && self.sentence.item
                && let Some(words) = self.rules.license(Tongue::En)
            {
                license = themes::kind_of(&self.sentence.low, &words.general, &words.individual);
            }
            let (permit, kind) = talk.permit(&holder, license, new);
            events.push(Event {
                holder,
                action,
                license: kind,
                mood: reading.mood,
                sentence: self.index,
                at: hit.at.clone(),
                permit,
                counted: reading.counted,
                import: theme.is_some_and(|theme| theme.import),
                identifies: reading.identifies,
            });
        }
    }

    /// From the trigger to the next one or wall, both ways.
    fn window(&self, hit: &Hit) -> Range<usize> {
        let lo = self.walls.iter().copied().filter(|wall| *wall <= hit.at.start).max().unwrap_or(0);
        let next = self.hits.iter().map(|h| h.at.start).filter(|at| *at >= hit.at.end);
        let hi = self
            .walls
            .iter()
            .copied()
            .filter(|wall| *wall > hit.at.end)
            .chain(next)
            .min()
            .unwrap_or(self.sentence.low.len());
        lo..hi
    }
}

/// `X's plant`, `the Ganzhou works of X`: what is X's own is X.
fn with_plant(chunk: &mut Chunk, low: &str, names: &Names) {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^['’]s? (?:[\w-]+ ){0,3}?(?:plant|factory|works|mill|facility|site|smelter)\b")
            .expect("a constant pattern")
    });
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:the|an?) (?:[\w-]+ ){0,2}?(?:plant|factory|works|mill|facility|site|smelter|export desk|sales desk) of (?:the )?$")
            .expect("a constant pattern")
    });
    let home = chunk.naming == Naming::Named
        && !chunk.doubtful
        && chunk
            .holders
            .iter()
            .all(|holder| matches!(holder, Holder::Firm(i) if !names.entities[*i].foreign()));
    if !home {
        return;
    }
    if let Some(own) = OWN.find(&low[chunk.at.end..]) {
        chunk.at.end += own.end();
    }
    if let Some(of) = OF.find(&low[..chunk.at.start]) {
        chunk.at.start = of.start();
    }
}

/// `Xiamen Tungsten unit`: the firm named is not the one meant.
fn only_names(after: &str) -> bool {
    static KIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:['’]s? (?:[\w-]+ ){0,2}(?:factory|factories|plants?|works)|(?:['’]s? (?:[\w-]+ ){0,2}| )unit|(?:['’]s? (?:[\w-]+ ){0,2}| )subsidiary|(?:['’]s? (?:[\w-]+ ){0,2}| )joint venture|['’]s? (?:[\w-]+ ){0,2}(?:arm|affiliate|division|offshoot|parent|rival)| (?:subsidiary|affiliate|arm|division|joint venture|spin-off|offshoot|rival|peer|parent|customer|client|partner|shares?|stock|investors?|shareholders?|executives?|workers|officials?))\b").expect("a constant pattern")
    });
    KIN.is_match(after)
}
