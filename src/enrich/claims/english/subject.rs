//! The subject of a verb, and what a pronoun before a license means.
//!
//! Whoever stands behind a preposition, or only says so, is no subject.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::enrich::claims::parts::{Chunk, Holder, Naming, Theme};
use crate::enrich::claims::talk::firm;
use crate::model::license::Role;

impl Reader<'_> {
    /// The chunk that `its` means: the nearest named before, the subject rather than another.
    pub(super) fn antecedent(&self, start: usize) -> Option<usize> {
        let before: Vec<usize> = self
            .chunks
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.at.end <= start && !chunk.holders.is_empty())
            .map(|(i, _)| i)
            .collect();
        let single = self.sentence.low[start..].starts_with("its")
            || self.sentence.low[start..].starts_with("whose");
        // `X's supplier … its permit`: the supplier's, no buyer's.
        let vendor = before.iter().rev().copied().find(|i| {
            matches!(self.chunks[*i].holders.as_slice(), [Holder::Group(group)]
                if group.single
                    && group.role == Role::Exporter
                    && (!group.buyers.is_empty() || group.words.starts_with("its ")))
        });
        let firms = before.iter().rev().copied().find(|i| {
            single
                && self.chunks[*i].naming != Naming::Group
                && self.may_be_subject(*i)
                && self.home(*i)
        });
        let bought = |i: usize, vendor: usize| {
            let Some(Holder::Group(group)) = self.chunks[vendor].holders.first() else {
                return false;
            };
            i < vendor
                && self.chunks[i].holders.iter().all(|holder| {
                    group.buyers.is_empty()
                        || firm(holder).is_some_and(|known| group.buyers.contains(&known))
                })
        };
        if let Some(vendor) = vendor.filter(|v| single && firms.is_none_or(|i| bought(i, *v))) {
            return Some(vendor);
        }
        let subject =
            firms.or_else(|| before.iter().rev().copied().find(|i| self.may_be_subject(*i)));
        subject.or_else(|| before.last().copied())
    }

    /// A row of a list or table speaks of the firm it begins with.
    pub(super) fn row_holder(&self) -> Option<usize> {
        let first = self
            .chunks
            .iter()
            .position(|chunk| chunk.naming == Naming::Named && chunk.at.start < 3)?;
        let after = self.sentence.low[self.chunks[first].at.end..].trim_start();
        let dashed = after.starts_with(['–', '—', '|', ':']) || after.starts_with("- ");
        // `X: licence for our supplier has lapsed`: X speaks of another.
        let other = !self.sentence.item
            && self.themes.iter().any(|theme| {
                theme
                    .owner
                    .or(theme.weak_owner)
                    .is_some_and(|i| i != first && self.chunks[i].naming == Naming::Group)
            });
        // `Nidec: supplier in China has its permit`: what stands first is only the topic.
        let topic = !self.sentence.item
            && self.chunks.iter().any(|chunk| {
                chunk.at.start >= self.chunks[first].at.end
                    && chunk.naming == Naming::Group
                    && self.sentence.low[self.chunks[first].at.end..chunk.at.start].trim().len()
                        <= 2
            });
        (self.sentence.item || dashed && !topic && !other).then_some(first)
    }

    /// The subject before a verb.
    pub(super) fn subject(&self, lo: usize, end: usize, theme: Option<&Theme>) -> Option<usize> {
        let owner = theme.and_then(|theme| theme.owner);
        if let Some(first) = self.row_holder() {
            return Some(first);
        }
        let mut candidates: Vec<usize> = self
            .chunks
            .iter()
            .enumerate()
            .filter(|(i, chunk)| {
                chunk.at.start >= lo
                    && chunk.at.end <= end
                    && Some(*i) != owner
                    && self.may_be_subject(*i)
            })
            .map(|(i, _)| i)
            .collect();
        let last = candidates.pop()?;
        // A buyer inside `which supplies X` is not the subject.
        let before = &self.sentence.low[..self.chunks[last].at.start];
        let relative = candidates.last().is_some_and(|previous| {
            let between = &before[self.chunks[*previous].at.end.min(before.len())..];
            between.contains(" which ")
                || between.contains(" that ")
                || between.contains(" who ")
                || between.contains(" whose ")
        });
        let said = self.sentence.low[self.chunks[last].at.end..].trim_start();
        let aside = said.starts_with("said,")
            || said.starts_with("wrote,")
            || said.starts_with("reported,");
        // `two other firms, which it did not name, were`
        let closed = candidates.last().is_some_and(|previous| {
            let between = &before[self.chunks[*previous].at.end.min(before.len())..];
            between.starts_with(", which ") || between.starts_with(", who ")
        }) && self.sentence.low
            [self.chunks[last].at.end..end.max(self.chunks[last].at.end)]
            .contains(',');
        if relative && (closed || !self.home(last)) || aside {
            return candidates.last().copied();
        }
        if self.only_says(last, end) {
            // `X said … after it obtained`: `it` is a firm, and no other stands before.
            let itself = self.sentence.low[..end].trim_end().ends_with(" it")
                && self.chunks[last].doubtful
                && !self.chunks.iter().any(|chunk| chunk.at.end <= end && !chunk.doubtful);
            return itself.then_some(last);
        }
        if self.chunks[last].doubtful {
            return candidates.into_iter().rev().find(|i| !self.chunks[*i].doubtful);
        }
        Some(last)
    }

    /// `X said its source had obtained`: the verb belongs to whoever stands after the word of saying.
    pub(super) fn only_says(&self, chunk: usize, end: usize) -> bool {
        static SAYS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:said|says|confirmed|confirms|told(?: [\w'’-]+){1,3}|announced|announces|reported|reports|wrote|added|disclosed|believes?|expects?)(?: (?:on|in|late on|earlier on) \w+| yesterday| today| this week| last week| also)*(?: that)? ").expect("a constant pattern")
        });
        let between =
            &self.sentence.low[self.chunks[chunk].at.end..end.max(self.chunks[chunk].at.end)];
        let Some(said) = SAYS.find_iter(between).last() else { return false };
        let clause = between[said.end()..].trim();
        let before = between[..said.start()].trim();
        // `X, the trader said, has received`
        let aside = before.starts_with(',') || clause.contains(',');
        let itself = matches!(clause, "it" | "they" | "he" | "she" | "we" | "both" | "");
        !aside && !itself
    }

    /// Not after a preposition.
    pub(super) fn may_be_subject(&self, chunk: usize) -> bool {
        let chunk = &self.chunks[chunk];
        // `Like X, Y has one`: both have.
        if chunk.holders.len() > 1 && self.sentence.low[..chunk.at.start].trim() == "like" {
            return true;
        }
        if chunk.negative && chunk.naming == Naming::Named {
            return !self.sentence.low[..chunk.at.start].trim_end().ends_with("unlike");
        }
        let before = self.sentence.low[..chunk.at.start].trim_end();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        // `I am told X got it`: X is told of.
        let word = match word {
            "told"
                if [
                    "i'm told",
                    "i’m told",
                    "am told",
                    "are told",
                    "been told",
                    "was told",
                    "were told",
                ]
                .iter()
                .any(|words| before.ends_with(words)) =>
            {
                ""
            }
            other => other,
        };
        let preposition = before.ends_with(|c: char| c.is_alphanumeric())
            && matches!(
                word,
                "by" | "with"
                    | "than"
                    | "unlike"
                    | "like"
                    | "for"
                    | "to"
                    | "from"
                    | "in"
                    | "at"
                    | "against"
                    | "via"
                    | "through"
                    | "about"
                    | "on"
                    | "of"
                    | "supplies"
                    | "supply"
                    | "serves"
                    | "near"
                    | "into"
                    | "told"
                    | "behind"
                    | "under"
                    | "buyer"
                    | "customer"
                    | "client"
                    | "buyers"
                    | "customers"
            );
        !preposition && !self.possessor(chunk) && !self.in_phrase(before)
    }

    /// Whether a preposition stands before, past words that only describe: `of Japan's X`, `on its X`.
    pub(super) fn in_phrase(&self, before: &str) -> bool {
        const DESCRIBING: &[&str] = &[
            "the",
            "a",
            "an",
            "its",
            "their",
            "his",
            "her",
            "magnet",
            "maker",
            "producer",
            "supplier",
            "exporter",
            "company",
            "firm",
            "group",
            "carmaker",
            "automaker",
            "giant",
            "rival",
            "chinese",
            "rare",
            "earth",
            "rare-earth",
            "parent",
            "unit",
            "subsidiary",
            "buyer",
            "customer",
            "motor",
            "german",
            "japanese",
            "american",
            "indian",
            "korean",
            "norwegian",
            "european",
        ];
        for word in before.split_whitespace().rev().take(6) {
            let possessive = word.ends_with("'s") || word.ends_with("’s");
            if possessive || DESCRIBING.contains(&word) {
                continue;
            }
            return before.split_whitespace().next_back() != Some(word)
                && matches!(
                    word,
                    "of" | "by"
                        | "with"
                        | "for"
                        | "to"
                        | "from"
                        | "in"
                        | "at"
                        | "via"
                        | "through"
                        | "about"
                        | "on"
                        | "against"
                        | "than"
                        | "unlike"
                );
        }
        false
    }

    /// `X's` something that is no license.
    pub(super) fn possessor(&self, chunk: &Chunk) -> bool {
        let after = &self.sentence.low[chunk.at.end..];
        after.starts_with("'s ")
            || after.starts_with("’s ")
            || after.starts_with("' ")
            || after.starts_with("’ ")
    }
}
