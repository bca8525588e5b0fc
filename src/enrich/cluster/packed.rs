//! Fingerprints as the index holds and compares them: all lists of one in one piece of memory.
//!
//! Thousands are held at once, and a new text is compared with dozens of them.
//! Nothing here says what a likeness means.

use super::print::{Fingerprint, Script};

/// How many lists a fingerprint has, its numbers taken together included.
const LISTS: usize = 21;

/// A fingerprint in one piece.
pub(super) struct Packed {
    codes: Box<[u32]>,
    /// Where each list ends.
    ends: [u32; LISTS],
    script: Script,
}

/// A fingerprint to look at.
#[derive(Clone, Copy)]
pub(super) struct Print<'a> {
    pub(super) words: &'a [u32],
    pub(super) title: &'a [u32],
    pub(super) proper: &'a [u32],
    pub(super) actors: &'a [u32],
    pub(super) counts: &'a [u32],
    pub(super) days: &'a [u32],
    pub(super) concepts: &'a [u32],
    pub(super) theme: &'a [u32],
    pub(super) elements: &'a [u32],
    pub(super) sounds: &'a [u32],
    pub(super) companies: &'a [u32],
    pub(super) lead: &'a [u32],
    pub(super) figures: &'a [u32],
    pub(super) marks: &'a [u32],
    /// Kinds of matter, and how far each has come.
    pub(super) stages: (&'a [u32], &'a [u32]),
    /// Figures, counts, days and months.
    pub(super) numbers: &'a [u32],
    /// Materials of the title.
    pub(super) focus: &'a [u32],
    /// Concepts of the title.
    pub(super) headline: &'a [u32],
    /// Sums of money, and those of the title.
    pub(super) worths: &'a [u32],
    pub(super) stakes: &'a [u32],
    pub(super) script: Script,
}

/// Lists by something that stands beside each of their codes: only those that are weighed.
#[derive(Clone, Copy)]
pub(super) struct Weighed<'a, T> {
    pub(super) words: &'a [T],
    pub(super) title: &'a [T],
    pub(super) proper: &'a [T],
    pub(super) actors: &'a [T],
    pub(super) counts: &'a [T],
    pub(super) days: &'a [T],
    pub(super) concepts: &'a [T],
    pub(super) theme: &'a [T],
    pub(super) elements: &'a [T],
    pub(super) sounds: &'a [T],
}

/// How many lists are weighed: the first ones.
const WEIGHED: usize = 10;

impl Packed {
    pub(super) fn of(print: &Fingerprint) -> Self {
        let (kinds, reached): (Vec<u32>, Vec<u32>) = print.stages.iter().copied().unzip();
        let numbers = print.numbers();
        let lists: [&[u32]; LISTS] = [
            &print.words,
            &print.title,
            &print.proper,
            &print.actors,
            &print.counts,
            &print.days,
            &print.concepts,
            &print.theme,
            &print.elements,
            &print.sounds,
            &print.companies,
            &print.lead,
            &print.figures,
            &print.marks,
            &kinds,
            &reached,
            &numbers,
            &print.focus,
            &print.worths,
            &print.stakes,
            &print.headline,
        ];
        let mut codes = Vec::with_capacity(lists.iter().map(|list| list.len()).sum());
        let ends = lists.map(|list| {
            codes.extend_from_slice(list);
            u32::try_from(codes.len()).unwrap_or(u32::MAX)
        });
        Self { codes: codes.into_boxed_slice(), ends, script: print.script }
    }

    fn list<'a, T>(&self, all: &'a [T], i: usize) -> &'a [T] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &all[start as usize..self.ends[i] as usize]
    }

    pub(super) fn print(&self) -> Print<'_> {
        let list = |i| self.list(&self.codes, i);
        let first = self.weighed(&self.codes);
        Print {
            words: first.words,
            title: first.title,
            proper: first.proper,
            actors: first.actors,
            counts: first.counts,
            days: first.days,
            concepts: first.concepts,
            theme: first.theme,
            elements: first.elements,
            sounds: first.sounds,
            companies: list(10),
            lead: list(11),
            figures: list(12),
            marks: list(13),
            stages: (list(14), list(15)),
            numbers: list(16),
            focus: list(17),
            worths: list(18),
            stakes: list(19),
            headline: list(20),
            script: self.script,
        }
    }

    /// The codes that are weighed.
    pub(super) fn to_weigh(&self) -> &[u32] {
        &self.codes[..self.ends[WEIGHED - 1] as usize]
    }

    /// What stands beside the codes that are weighed, by list.
    pub(super) fn weighed<'a, T>(&self, all: &'a [T]) -> Weighed<'a, T> {
        let list = |i| self.list(all, i);
        Weighed {
            words: list(0),
            title: list(1),
            proper: list(2),
            actors: list(3),
            counts: list(4),
            days: list(5),
            concepts: list(6),
            theme: list(7),
            elements: list(8),
            sounds: list(9),
        }
    }
}

impl Print<'_> {
    /// The features under which it can be found again, each once.
    pub(super) fn keys(&self) -> Vec<u32> {
        let lists = [
            self.words,
            self.proper,
            self.figures,
            self.actors,
            self.counts,
            self.days,
            self.concepts,
            self.elements,
            self.sounds,
        ];
        let mut keys = lists.concat();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Whether a concept is told of, by its code.
    pub(super) fn tells(&self, concept: u32) -> bool {
        self.concepts.binary_search(&concept).is_ok()
    }
}
