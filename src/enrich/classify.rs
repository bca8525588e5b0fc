//! What an article is about: topics, elements, companies, and whether it belongs here at all.
//!
//! Counts cues, the title's more than the body's. What is not about rare
//! earths or critical minerals is set aside with a reason, never dropped.

use crate::lexicon::{self, Cue, Lexicon, Name};
use crate::model::article::{CompanyId, Element, Language, Topic};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Understanding {
    /// Primary first, at most one more.
    pub topics: Vec<Topic>,
    /// In order of first mention.
    pub elements: Vec<Element>,
    /// In order of first mention.
    pub companies: Vec<CompanyId>,
    /// 0.0 to 1.0.
    pub relevance: f32,
    /// Why it does not belong here, if it does not.
    pub set_aside: Option<String>,
}

/// A hit in the title counts as much as this many in the body.
const TITLE: f32 = 3.0;

/// How far into a body it is read: news says what it is about early.
const READ_BYTES: usize = 6_000;

/// Points below which a text is not about our subject.
const ENOUGH: f32 = 2.0;

/// Points at which relevance is about 0.63.
const SCALE: f32 = 9.0;

/// Reads title and body.
#[must_use]
pub fn classify(title: &str, body: &str, _language: &Language, lexicon: &Lexicon) -> Understanding {
    let body = head(body, READ_BYTES);
    let mut tally = Tally::new(lexicon);
    tally.read(title, TITLE, lexicon);
    tally.read(body, 1.0, lexicon);
    tally.finish(lexicon)
}

/// The first `bytes` bytes, cut at a character.
fn head(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What magnets are worth in one text with licenses or recycling: such matters are ours, whoever
/// is concerned.
const MAGNETS: f32 = 2.0;

struct Tally {
    /// Whether magnets are named: with licenses or recycling in the same text they are our subject.
    magnets: bool,
    strong: f32,
    minerals: f32,
    weak: f32,
    topics: Vec<f32>,
    elements: Vec<usize>,
    companies: Vec<usize>,
}

impl Tally {
    fn new(lexicon: &Lexicon) -> Self {
        Self {
            magnets: false,
            strong: 0.0,
            minerals: 0.0,
            weak: 0.0,
            topics: vec![0.0; lexicon.topics().len()],
            elements: Vec::new(),
            companies: Vec::new(),
        }
    }

    fn read(&mut self, text: &str, weight: f32, lexicon: &Lexicon) {
        for hit in lexicon.names(text) {
            match hit.what {
                Name::Element(i) => {
                    add(&mut self.elements, i);
                    self.strong += weight;
                }
                Name::Product(i) => {
                    for element in &lexicon.products()[i].elements {
                        let place = lexicon.elements().iter().position(|e| e.symbol == element.0);
                        place.into_iter().for_each(|place| add(&mut self.elements, place));
                    }
                    self.strong += weight;
                }
                Name::Company(i) => {
                    add(&mut self.companies, i);
                    // A buyer such as a carmaker is named in much other news.
                    if lexicon.companies()[i].sector != "buyer" {
                        self.strong += weight;
                    }
                }
                Name::Agency(_) => {}
            }
        }
        for hit in lexicon.cues(text) {
            match hit.what {
                Cue::Strong => self.strong += 1.5 * weight,
                Cue::Mineral => self.minerals += 0.5 * weight,
                Cue::Weak => {
                    self.weak += 0.5 * weight;
                    self.magnets |= lexicon::fold(&text[hit.at.clone()]).starts_with("magnet");
                }
                // A cue said often says no more than one said three times.
                Cue::Topic(i) => {
                    self.topics[i] =
                        (self.topics[i] + weight * lexicon.topics()[i].weight).min(12.0);
                }
                Cue::Easing | Cue::Tightening | Cue::Other | Cue::Boilerplate => {}
            }
        }
    }

    fn finish(self, lexicon: &Lexicon) -> Understanding {
        let topics = lexicon.topics().iter().zip(&self.topics);
        let ours = topics
            .filter(|(topic, _)| matches!(topic.id.as_str(), "licensing" | "recycling"))
            .any(|(_, points)| *points > 0.0);
        let both = if self.magnets && ours { MAGNETS } else { 0.0 };
        // Licenses and controls are of many things: alone they say little.
        let most = if self.strong + both + self.minerals > 0.0 { 3.0 } else { 1.0 };
        let points = self.strong + both + self.minerals.min(3.0) + self.weak.min(most);
        let set_aside = (points < ENOUGH).then(|| {
            if self.strong + both + self.minerals == 0.0 {
                "it names no rare earth, critical mineral or company of the field".to_owned()
            } else {
                "it mentions the subject only in passing".to_owned()
            }
        });
        let mut ranked: Vec<(usize, f32)> =
            self.topics.iter().copied().enumerate().filter(|(_, points)| *points > 0.0).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let best = ranked.first().map_or(0.0, |(_, points)| *points);
        let topics = ranked
            .iter()
            .take(2)
            .filter(|(_, points)| *points * 3.0 >= best)
            .map(|(i, _)| lexicon.topics()[*i].id.clone())
            .collect();
        let symbol = |i: usize| Element(lexicon.elements()[i].symbol.clone());
        Understanding {
            topics,
            elements: self.elements.into_iter().map(symbol).collect(),
            companies: self
                .companies
                .into_iter()
                .map(|i| lexicon.companies()[i].id.clone())
                .collect(),
            relevance: 1.0 - (-points / SCALE).exp(),
            set_aside,
        }
    }
}

fn add(list: &mut Vec<usize>, value: usize) {
    if !list.contains(&value) {
        list.push(value);
    }
}
