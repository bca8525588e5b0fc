//! Ukrainian names in their cases, and words that only tell whence a firm is.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::{Entity, Finder, Mention, stands_alone};

impl Finder<'_> {
    /// Ukrainian names in other cases than the one known.
    pub(super) fn in_cases(&self, sentence: &Sentence<'_>, found: &mut Vec<Mention>) {
        let named = |entity: &&Entity| {
            !entity.known && entity.aliases.first().is_some_and(|alias| cyrillic(alias))
        };
        if !self.entities.iter().any(|entity| named(&entity)) {
            return;
        }
        let tokens: Vec<Range<usize>> =
            CYRILLIC.find_iter(&sentence.low).map(|m| m.range()).collect();
        for (i, entity) in self.entities.iter().enumerate().filter(|(_, entity)| !entity.known) {
            let Some(alias) = entity.aliases.first().filter(|alias| alias.split(' ').all(cyrillic))
            else {
                continue;
            };
            let alias: Vec<String> = alias.split(' ').map(str::to_owned).collect();
            for window in tokens.windows(alias.len()) {
                let words: Vec<String> =
                    window.iter().map(|at| sentence.low[at.clone()].to_owned()).collect();
                let (Some(first), Some(last)) = (window.first(), window.last()) else { continue };
                let range = first.start..last.end;
                let free = found
                    .iter()
                    .all(|mention| range.end <= mention.at.start || mention.at.end <= range.start);
                let close = range.len() <= words.iter().map(|word| word.len() + 1).sum();
                if free && close && declined(&alias, &words) && stands_alone(sentence, &range) {
                    found.push(Mention { entity: i, at: range });
                }
            }
        }
    }

    /// Whether a word at a sentence's start tells whence the firm is: `Китайська`, `Хефейська`.
    pub(super) fn whence(&self, word: &str) -> bool {
        const TAILS: &[&str] = &[
            "ький",
            "ька",
            "ьке",
            "ького",
            "ької",
            "ькому",
            "ькій",
            "ькою",
            "ьким",
            "ькі",
            "ьких",
            "ьку",
        ];
        TAILS
            .iter()
            .any(|tail| word.strip_suffix(tail).is_some_and(|stem| stem.ends_with(['с', 'ц', 'з'])))
    }

    /// `Шеньчженя`, `Ганьчжоу`: a place of China in any case.
    pub(super) fn place_in_case(&self, word: &str) -> bool {
        let count = word.chars().count();
        self.rules.names.place_words.iter().any(|place| {
            let length = place.chars().count();
            length >= 5
                && cyrillic(place)
                && count <= length + 2
                && word.chars().zip(place.chars()).take_while(|(a, b)| a == b).count() + 1 >= length
        })
    }
}

static CYRILLIC: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[\p{Cyrillic}'’ʼ-]+").expect("a constant pattern"));

pub(super) fn cyrillic(word: &str) -> bool {
    word.chars().next().is_some_and(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Whether two names differ in their cases only: `Нінбоська магнітна фабрика`, `Нінбоської магнітної фабрики`.
pub(super) fn declined(a: &[String], b: &[String]) -> bool {
    a.len() == b.len()
        && !a.is_empty()
        && a.iter().zip(b).all(|(a, b)| {
            let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
            let longer = a.chars().count().max(b.chars().count());
            same >= 3 && same + 3 >= longer
        })
}
