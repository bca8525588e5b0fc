//! Which story an article tells: the same event across sites and languages.
//!
//! Words alone do not decide: who, how many, which announcement and when count
//! as much. Two texts are one story only on clear evidence, since a wrong
//! merge hides news while a missed one only repeats it.

mod codes;
mod events;
mod keyed;
mod names;
mod numbers;
mod packed;
mod places;
mod print;
mod tables;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::model::article::{ArticleId, SourceId};
use crate::model::story::StoryId;

use keyed::{Keyed, ln};
use numbers::{PERCENT, same_worth};
use packed::{Packed, Print, Weighed};
pub use print::Fingerprint;
use print::{BACKGROUND, hash};

/// Recent articles by what they say, so that a new one meets only those it may belong to.
#[derive(Default)]
pub struct ClusterIndex {
    entries: Keyed<Box<Entry>>,
    articles: HashMap<ArticleId, u32>,
    stories: HashMap<StoryId, Vec<u32>>,
    postings: Keyed<Posting>,
    next: u32,
    /// No entry has a smaller number.
    oldest: u32,
    /// What a text shares with each entry, while its candidates are looked for; all zero between.
    shared: RefCell<Vec<f64>>,
}

/// Who has a feature.
struct Posting {
    /// How many have it.
    seen: usize,
    /// How many of the texts that stand behind a young index have it.
    background: usize,
    /// Who they are; nobody once they are too many to be asked for.
    ids: Vec<u32>,
}

/// By whom and when an article was told, and when it came here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// By whom: one source seldom tells one story twice.
    pub source: SourceId,
    /// When it was published: what tells one event from a later one like it.
    pub published: DateTime<Utc>,
    /// When it was first seen: what decides how long it is kept here.
    pub seen: DateTime<Utc>,
}

/// An article in its story, with all that a later one is compared with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// The article.
    pub article: ArticleId,
    /// Its story.
    pub story: StoryId,
    /// By whom and when it was told.
    pub at: Told,
    /// What it says.
    pub print: Fingerprint,
}

/// An article as the index holds it.
struct Entry {
    article: ArticleId,
    story: StoryId,
    at: Told,
    print: Packed,
    /// What its features weighed when the index last held so many entries.
    weights: Cell<(usize, Weights)>,
}

/// A text as it is compared with many.
struct Text<'a> {
    print: Print<'a>,
    weights: Weights,
    /// What each of its features weighs.
    each: Weighed<'a, f64>,
}

/// What a list of features weighs.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// The sum of its weights.
    sum: f64,
    /// The square root of the sum of their squares.
    norm: f64,
}

/// What the lists of a fingerprint weigh.
#[derive(Clone, Copy, Debug, Default)]
struct Weights {
    words: Weight,
    title: Weight,
    proper: Weight,
    actors: Weight,
    counts: Weight,
    days: Weight,
    concepts: Weight,
    theme: Weight,
    elements: Weight,
    sounds: Weight,
}

/// Weights are taken anew once the index has grown or shrunk by a share of this.
const STALE: usize = 8;

/// A feature that more entries than this share finds nobody.
const TOO_COMMON: usize = 200;
/// Most candidates compared.
const MOST_CANDIDATES: usize = 40;
/// Stories told further apart than this, in days, are not the same event.
const FAR_APART: i64 = 45;
/// Points from which two texts tell one story.
const SAME: f64 = 2.4;
/// Evidence for two stories is even when it differs by no more than this.
const NEARLY: f64 = 0.75;
/// What speaks against one story when one source tells both.
const AGAIN: f64 = 3.0;
/// What the likest telling of a story weighs; the rest is the mean over its tellings, so that one
/// odd telling draws no other story in.
const LIKEST: f64 = 0.7;
/// Most tellings of a story compared.
const MOST_TELLINGS: usize = 12;

impl ClusterIndex {
    /// Adds an article. One that was added before is replaced.
    pub fn insert(&mut self, placed: Placed) {
        let id = self.next;
        self.next += 1;
        let print = Packed::of(&placed.print);
        self.post(id, &print);
        self.stories.entry(placed.story.clone()).or_default().push(id);
        if let Some(old) = self.articles.insert(placed.article.clone(), id) {
            self.forget(old);
        }
        let Placed { article, story, at, .. } = placed;
        let entry = Entry { article, story, at, print, weights: Cell::default() };
        self.entries.insert(id, Box::new(entry));
    }

    fn post(&mut self, id: u32, print: &Packed) {
        for key in print.print().keys() {
            let posting = self.postings.entry(key).or_insert_with(|| Posting {
                seen: 0,
                background: BACKGROUND.get(&key).copied().unwrap_or_default(),
                ids: Vec::new(),
            });
            posting.seen += 1;
            if posting.seen <= TOO_COMMON {
                posting.ids.push(id);
            } else {
                posting.ids = Vec::new();
            }
        }
    }

    /// The story the article tells, if a recent one clearly is it.
    #[must_use]
    pub fn find(&self, print: &Fingerprint, at: &Told) -> Option<StoryId> {
        let print = Packed::of(print);
        let each: Vec<f64> = print.to_weigh().iter().map(|key| self.rarity(*key)).collect();
        let each = print.weighed(&each);
        let text = Text { print: print.print(), weights: Weights::of(&each), each };
        // A story is looked at as a whole once one of its tellings is like enough.
        let mut stories: Vec<&StoryId> = Vec::new();
        for entry in self.candidates(&text.print).iter().filter_map(|id| self.entries.get(id)) {
            let gap = (entry.at.published - at.published).abs();
            if !stories.contains(&&entry.story) && self.likeness(&text, entry, days_of(gap)) >= SAME
            {
                stories.push(&entry.story);
            }
        }
        let clear: Vec<(f64, &StoryId)> = stories
            .into_iter()
            .map(|story| (self.story_evidence(&text, at, story), story))
            .filter(|(points, _)| *points >= SAME)
            .collect();
        let best = clear.iter().map(|(points, _)| *points).fold(f64::MIN, f64::max);
        // Tellings of one event that found each other late stand in two stories: the fuller and
        // older one grows, so that they do not stay even.
        let nearly = clear.into_iter().filter(|(points, _)| *points >= best - NEARLY);
        nearly.map(|(_, story)| story).min_by_key(|story| self.standing(story)).cloned()
    }

    /// Fuller stories first, then older ones.
    fn standing(&self, story: &StoryId) -> (std::cmp::Reverse<usize>, Option<u32>) {
        let ids = self.stories.get(story).map(Vec::as_slice).unwrap_or_default();
        (std::cmp::Reverse(ids.len()), ids.first().copied())
    }

    /// Entries that share the most of what is rare, those first.
    fn candidates(&self, print: &Print<'_>) -> Vec<u32> {
        let mut shared = self.shared.borrow_mut();
        shared.resize((self.next - self.oldest) as usize, 0.0);
        let mut met: Vec<u32> = Vec::new();
        for key in print.keys() {
            let Some(posting) = self.postings.get(&key).filter(|list| !list.ids.is_empty()) else {
                continue;
            };
            let weight = self.rarity_of(posting);
            for id in &posting.ids {
                let place = &mut shared[(id - self.oldest) as usize];
                if *place == 0.0 {
                    met.push(*id);
                }
                *place += weight;
            }
        }
        let most_first = |a: &u32, b: &u32| {
            let weight = |id: &u32| shared[(id - self.oldest) as usize];
            weight(b).total_cmp(&weight(a)).then(a.cmp(b))
        };
        let mut rest = Vec::new();
        if met.len() > MOST_CANDIDATES {
            met.select_nth_unstable_by(MOST_CANDIDATES, most_first);
            rest = met.split_off(MOST_CANDIDATES);
        }
        met.sort_unstable_by(most_first);
        for id in met.iter().chain(&rest) {
            shared[(id - self.oldest) as usize] = 0.0;
        }
        met
    }

    /// How strongly a text is a telling of a story: the likest telling counts most, but all of
    /// them must agree to it.
    fn story_evidence(&self, text: &Text<'_>, at: &Told, story: &StoryId) -> f64 {
        let ids = self.stories.get(story).map(Vec::as_slice).unwrap_or_default();
        let mut tellings = Vec::new();
        for entry in ids.iter().rev().filter_map(|id| self.entries.get(id)).take(MOST_TELLINGS) {
            let gap = (entry.at.published - at.published).abs();
            if gap <= Duration::days(FAR_APART) {
                let points = self.likeness(text, entry, days_of(gap));
                tellings.push((entry, days_of(gap), points));
            }
        }
        // What speaks against is not worth looking at where too little speaks for it.
        if tellings.iter().all(|(.., points)| *points < SAME) {
            return f64::MIN;
        }
        let (mut most, mut sum, mut count) = (f64::MIN, 0.0, 0);
        for (entry, days, points) in tellings {
            let again = if entry.at.source == at.source { AGAIN } else { 0.0 };
            let points = points - against(&text.print, &entry.print.print(), days) - again;
            most = most.max(points);
            sum += points;
            count += 1;
        }
        LIKEST * most + (1.0 - LIKEST) * sum / f64::from(count)
    }

    /// Forgets what was seen before `before`.
    pub fn expire(&mut self, before: DateTime<Utc>) {
        let old: Vec<u32> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.at.seen < before)
            .map(|(id, _)| *id)
            .collect();
        // Postings are cleaned in bulk, once enough has gone to be worth the walk.
        if old.len() < 64 || old.len() * 4 < self.entries.len() {
            return;
        }
        for id in old {
            self.forget(id);
        }
        self.postings = Keyed::default();
        let entries = std::mem::take(&mut self.entries);
        let mut ids: Vec<u32> = entries.keys().copied().collect();
        ids.sort_unstable();
        for id in &ids {
            self.post(*id, &entries[id].print);
        }
        self.entries = entries;
        self.oldest = ids.first().copied().unwrap_or(self.next);
        self.shared.get_mut().clear();
    }

    fn forget(&mut self, id: u32) {
        let Some(entry) = self.entries.remove(&id) else { return };
        if self.articles.get(&entry.article) == Some(&id) {
            self.articles.remove(&entry.article);
        }
        if let Some(ids) = self.stories.get_mut(&entry.story) {
            ids.retain(|other| *other != id);
            if ids.is_empty() {
                self.stories.remove(&entry.story);
            }
        }
    }

    /// How much sharing a feature says: much when few others have it.
    fn rarity(&self, key: u32) -> f64 {
        match self.postings.get(&key) {
            Some(posting) => self.rarity_of(posting),
            None => {
                let background = BACKGROUND.get(&key).copied().unwrap_or_default();
                ln(self.entries.len() + YOUNG) - ln(background + 1)
            }
        }
    }

    fn rarity_of(&self, posting: &Posting) -> f64 {
        ln(self.entries.len() + YOUNG) - ln(posting.seen + posting.background + 1)
    }

    /// What an entry's features weigh, or weighed when the index was nearly of this size.
    fn weights_of(&self, entry: &Entry) -> Weights {
        let size = self.entries.len() + YOUNG;
        let (then, weights) = entry.weights.get();
        if then.abs_diff(size) * STALE <= size {
            return weights;
        }
        let each: Vec<f64> = entry.print.to_weigh().iter().map(|key| self.rarity(*key)).collect();
        let weights = Weights::of(&entry.print.weighed(&each));
        entry.weights.set((size, weights));
        weights
    }

    /// How much speaks for two texts told `days` apart being the same story.
    ///
    /// The weights come from a logistic regression over labelled pairs, held near what a reader
    /// would guess; they are rounded, since more digits would only remember those texts.
    ///
    /// Sets are `alike` by weighted overlap, from 0 to 1: rare features count more, and a little
    /// shared by two sets of little says less than the same share of much. `enough` is the weight,
    /// in features of the rarest kind, that counts in half. They `agree` by plain overlap of sets
    /// of which every member says something.
    fn likeness(&self, text: &Text<'_>, entry: &Entry, days: f64) -> f64 {
        let (x, y, w) = (&text.weights, self.weights_of(entry), &text.each);
        let (a, b) = (text.print, entry.print.print());
        let actors = Shared::of(a.actors, b.actors, w.actors).alike(x.actors, y.actors, 0.7);
        let concepts = Shared::of(a.concepts, b.concepts, w.concepts);
        let agreed = concepts.agree(x.concepts, y.concepts);
        let theme = Shared::of(a.theme, b.theme, w.theme);
        let elements =
            Shared::of(a.elements, b.elements, w.elements).alike(x.elements, y.elements, 0.5);
        let proper = Shared::of(a.proper, b.proper, w.proper).alike(x.proper, y.proper, 1.0);
        let points = 4.3 * actors
            + 3.9 * Shared::of(a.counts, b.counts, w.counts).alike(x.counts, y.counts, 0.5)
            + 3.3 * Shared::of(a.days, b.days, w.days).alike(x.days, y.days, 0.4)
            + 2.6 * agreed
            + 3.2 * (actors * agreed).sqrt()
            + 1.3 * agreed * (-days / 2.0).exp()
            + 2.2 * theme.agree(x.theme, y.theme)
            + 1.5 * near(a.figures, b.figures).min(3.0)
            + 2.0 * elements;
        points
            + if a.script == b.script {
                7.7 * Shared::of(a.words, b.words, w.words).alike(x.words, y.words, 4.0)
                    + 2.9 * Shared::of(a.title, b.title, w.title).alike(x.title, y.title, 1.0)
                    + 2.4 * proper
            } else {
                // Words cannot be compared, so what can be counts for them.
                let sounds = Shared::of(a.sounds, b.sounds, w.sounds);
                2.4 * proper.max(sounds.alike(x.sounds, y.sounds, 1.0))
                    + 1.0 * concepts.alike(x.concepts, y.concepts, 0.3)
                    + 1.4 * actors
                    + 0.9 * elements
            }
    }
}

impl Weights {
    fn of(each: &Weighed<'_, f64>) -> Self {
        let of = |list: &[f64]| Weight {
            sum: list.iter().sum(),
            norm: list.iter().map(|weight| weight * weight).sum::<f64>().sqrt(),
        };
        Self {
            words: of(each.words),
            title: of(each.title),
            proper: of(each.proper),
            actors: of(each.actors),
            counts: of(each.counts),
            days: of(each.days),
            concepts: of(each.concepts),
            theme: of(each.theme),
            elements: of(each.elements),
            sounds: of(each.sounds),
        }
    }
}

/// The weights of what two sorted sets share.
#[derive(Clone, Copy, Default)]
struct Shared {
    /// Summed.
    sum: f64,
    /// Their squares summed.
    squares: f64,
}

impl Shared {
    /// What the sets share; the weights stand beside the first.
    fn of(a: &[u32], b: &[u32], weights: &[f64]) -> Self {
        let (mut i, mut k, mut shared) = (0, 0, Self::default());
        while let (Some(x), Some(y)) = (a.get(i), b.get(k)) {
            if x == y {
                shared.sum += weights[i];
                shared.squares += weights[i] * weights[i];
            }
            i += usize::from(x <= y);
            k += usize::from(y <= x);
        }
        shared
    }

    fn alike(self, x: Weight, y: Weight, enough: f64) -> f64 {
        self.squares / (x.norm * y.norm + enough * RAREST)
    }

    fn agree(self, x: Weight, y: Weight) -> f64 {
        self.sum / ((x.sum * y.sum).sqrt() + 4.0)
    }
}

/// Texts of the field that stand behind a young index, so that its first articles are not judged
/// by each other alone.
const YOUNG: usize = 200;

/// The weight of a feature that no other text has, in a young index.
const RAREST: f64 = 28.0;

/// The share of the smaller set that both have; nothing when one is empty.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn share(a: &[u32], b: &[u32]) -> f64 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.iter().filter(|key| b.binary_search(key).is_ok()).count() as f64 / smaller as f64
}

/// How many figures of one have a neighbor within about one percent in the other, which is sorted.
fn near(a: &[u32], b: &[u32]) -> f64 {
    let has_neighbor = |x: &&u32| {
        let place = b.partition_point(|y| *y < x.saturating_sub(1));
        b.get(place).is_some_and(|y| *y <= x.saturating_add(1))
    };
    let count = a.iter().filter(has_neighbor).count();
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn days_of(gap: Duration) -> f64 {
    f64::from(i32::try_from(gap.num_minutes()).unwrap_or(i32::MAX)) / (24.0 * 60.0)
}

/// The share of one set that the other lacks.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn unshared(a: &[u32], b: &[u32]) -> f64 {
    let lacking = a.iter().filter(|key| b.binary_search(key).is_err()).count();
    if a.is_empty() { 0.0 } else { lacking as f64 / a.len() as f64 }
}

/// What speaks against one story: other firms, another stage, other figures, days between.
fn against(a: &Print<'_>, b: &Print<'_>, days: f64) -> f64 {
    let said = |x: &[u32], y: &[u32]| !x.is_empty() && !y.is_empty();
    let absent = |x: &[u32], y: &[u32]| !x.is_empty() && share(x, y) == 0.0;
    let strange = |x: &[u32], y: &[u32]| said(x, y) && share(x, y) == 0.0;
    let percents = |list: &[u32]| {
        list.iter().copied().filter(|code| code >> 24 == PERCENT).collect::<Vec<_>>()
    };
    let (pa, pb) = (percents(a.figures), percents(b.figures));
    let many = |x: &[u32], y: &[u32]| x.len() > 1 && y.len() > 1;
    let mut points = 2.6 * (1.0 + (days - 1.0).max(0.0)).ln()
        + 1.2 * (days / 7.0).max(1.0).ln()
        + 0.8 * (unshared(a.headline, b.concepts) + unshared(b.headline, a.concepts));
    let mut blame = |holds: bool, weight: f64| {
        if holds {
            points += weight;
        }
    };
    blame(strange(a.companies, b.companies), 3.0);
    blame(absent(a.lead, b.companies), 1.2);
    blame(absent(b.lead, a.companies), 1.2);
    blame(strange(a.theme, b.theme), 1.8);
    blame(absent(a.theme, b.concepts), 0.2);
    blame(absent(b.theme, a.concepts), 0.2);
    blame(strange(a.headline, b.headline), 0.9);
    blame(strange(a.days, b.days), 1.1);
    blame(many(a.numbers, b.numbers) && near(a.numbers, b.numbers) == 0.0, 0.4);
    let unmatched = |x: &Print<'_>, y: &Print<'_>| {
        !x.marks.is_empty() && near(x.marks, y.numbers) == 0.0 && !same_worth(x.stakes, y.worths)
    };
    blame(unmatched(a, b), 2.0);
    blame(unmatched(b, a), 2.0);
    let other_marks = said(a.marks, b.marks) && near(a.marks, b.marks) == 0.0;
    blame(other_marks && !same_worth(a.stakes, b.stakes), 2.2);
    blame(said(&pa, &pb) && near(&pa, &pb) == 0.0, 0.6);
    // A title is of one material: who tells of another, tells another event.
    blame(strange(a.focus, b.focus), 2.0);
    blame(absent(a.focus, b.elements), 2.3);
    blame(absent(b.focus, a.elements), 2.3);
    let strangers = absent(a.focus, b.elements) && absent(b.focus, a.elements);
    blame(strangers, 6.0);
    // What a thing is and how it works is no event, though an event is what it mentions.
    let explains = |print: &Print<'_>| print.theme.contains(&hash("explain"));
    blame(explains(a) != explains(b), 0.5);
    let (differ, one) = stages_differ(a, b);
    blame(differ, 4.5);
    blame(one, 2.5);
    // A report that returns every day, week or month differs in nothing but its figures, however
    // alike its words.
    let series =
        ["price", "shipment"].map(hash).iter().any(|what| a.tells(*what) && b.tells(*what));
    let other_figures = many(a.figures, b.figures) && near(a.figures, b.figures) == 0.0;
    blame(series && other_figures && days > 0.7, 25.0);
    points
}

/// Whether two texts tell different stages of one kind of matter; and whether one tells a stage,
/// and the other of the matter only.
fn stages_differ(a: &Print<'_>, b: &Print<'_>) -> (bool, bool) {
    let reached = |print: &Print<'_>, what: u32| {
        let (kinds, ranks) = print.stages;
        kinds.iter().position(|known| *known == what).map(|i| ranks[i])
    };
    let (mut differ, mut one) = (false, false);
    for what in a.stages.0.iter().chain(b.stages.0) {
        match (reached(a, *what), reached(b, *what)) {
            (Some(x), Some(y)) => differ |= x != y,
            _ => one |= a.tells(*what) && b.tells(*what),
        }
    }
    (differ, one)
}
