//! What a text has spoken of so far: the firms in focus and the license last named.
//!
//! References back (`the company`, `all three`, `该公司`, `its licence`) resolve
//! against this, and only against firms the text has named.

use super::names::Names;
use super::parts::{Chunk, Group, Holder};
use crate::model::license::{LicenseAction, LicenseType};

/// How a statement stands to the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Told as a fact.
    Fact,
    /// Told not to be so.
    Negated,
    /// Somebody's assertion, held at arm's length.
    Claimed,
    /// An assertion denied in the same breath.
    Denied,
}

/// One holder's event as one sentence tells it.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) holder: Holder,
    pub(super) action: LicenseAction,
    pub(super) license: LicenseType,
    pub(super) mood: Mood,
    /// The sentence.
    pub(super) sentence: usize,
    /// The trigger's place in it.
    pub(super) at: std::ops::Range<usize>,
    /// Which of the text's licenses.
    pub(super) permit: usize,
    /// The statement is of applications, or licenses, without their holders.
    pub(super) counted: bool,
    /// A license to import.
    pub(super) import: bool,
    /// The group is named in this sentence or later (`the recipients are`).
    pub(super) identifies: bool,
}

/// The state of the talk.
#[derive(Default)]
pub(super) struct Talk {
    /// The firms the last sentence was about.
    pub(super) focus: Vec<usize>,
    /// All firms that are not buyers, in order of last mention.
    pub(super) seen: Vec<usize>,
    /// The last foreign firm.
    pub(super) buyer: Option<usize>,
    /// The last unnamed group.
    pub(super) group: Option<Group>,
    /// Whose license was last spoken of.
    pub(super) licensed: Vec<Holder>,
    /// That license's kind.
    pub(super) license: LicenseType,
    /// Whether it is of another sort.
    pub(super) other: bool,
    /// Whether this sentence or one shortly before names our goods.
    pub(super) goods: bool,
    /// Sentences since a license was spoken of.
    pub(super) since: usize,
    /// The firm that answers questions or issues this text.
    pub(super) voice: Option<usize>,
    /// The holders of the last event.
    pub(super) last: Vec<Holder>,
    /// Permits numbered so far.
    pub(super) permits: usize,
    /// For each holder seen: its current permit and that permit's kind.
    pub(super) current: Vec<(Holder, usize, LicenseType)>,
}

impl Talk {
    /// Notes a chunk that a sentence is about.
    pub(super) fn attend(&mut self, chunk: &Chunk, names: &Names) {
        let firms: Vec<usize> = chunk.holders.iter().filter_map(firm).collect();
        for firm in &firms {
            if names.entities[*firm].foreign() {
                self.buyer = Some(*firm);
            }
            self.seen.retain(|known| known != firm);
            self.seen.push(*firm);
        }
    }

    /// One firm meant by `the company`.
    pub(super) fn one(&self, names: &Names) -> Option<usize> {
        if let Some(voice) = self.voice {
            return Some(voice);
        }
        if let [only] = self.focus.as_slice() {
            return Some(*only);
        }
        let mut home: Vec<usize> =
            self.seen.iter().copied().filter(|firm| !names.entities[*firm].foreign()).collect();
        home.dedup();
        match home.as_slice() {
            [only] => Some(*only),
            [.., last] if self.focus.is_empty() => Some(*last),
            _ => None,
        }
    }

    /// The last `count` firms.
    pub(super) fn several(&self, count: usize, names: &Names) -> Vec<usize> {
        if self.focus.len() == count {
            return self.focus.clone();
        }
        let home: Vec<usize> =
            self.seen.iter().copied().filter(|firm| !names.entities[*firm].foreign()).collect();
        let from = if home.len() >= count { home } else { self.seen.clone() };
        if from.len() < count { Vec::new() } else { from[from.len() - count..].to_vec() }
    }

    /// The permit an event is about: the holder's current one, or a new one.
    pub(super) fn permit(
        &mut self,
        holder: &Holder,
        license: LicenseType,
        new: bool,
    ) -> (usize, LicenseType) {
        let known = self.current.iter_mut().find(|(known, ..)| known == holder);
        if let Some((_, permit, kind)) = known {
            let fits = license == LicenseType::Unspecified
                || *kind == LicenseType::Unspecified
                || license == *kind;
            if fits && !new {
                if *kind == LicenseType::Unspecified {
                    *kind = license;
                }
                return (*permit, *kind);
            }
            self.permits += 1;
            *permit = self.permits;
            *kind = license;
            return (*permit, *kind);
        }
        self.permits += 1;
        self.current.push((holder.clone(), self.permits, license));
        (self.permits, license)
    }
}

/// The firm, if it is one.
pub(super) fn firm(holder: &Holder) -> Option<usize> {
    match holder {
        Holder::Firm(i) => Some(*i),
        Holder::Group(_) => None,
    }
}
