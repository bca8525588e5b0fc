//! What was found becomes the firms of a text: the fullest spelling first, shorter ones as its aliases.
//!
//! A spelling that two firms could share is an alias of neither.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::super::rules::{Rules, Tongue};
use super::han::without_legal;
use super::ukrainian::{cyrillic, declined};
use super::{Candidate, ChineseName, Entity, Finder, Mention, stands_alone};
use crate::model::article::CompanyId;
use crate::text;

impl Finder<'_> {
    /// A spelling that two firms could share means neither.
    pub(super) fn distinguish(&mut self) {
        let shared: HashSet<String> = self
            .entities
            .iter()
            .enumerate()
            .flat_map(|(i, entity)| entity.aliases.iter().map(move |alias| (i, alias)))
            .filter(|(i, alias)| {
                alias.is_ascii()
                    && self.entities.iter().enumerate().any(|(other, entity)| {
                        other != *i && !entity.known && entity.aliases.contains(alias)
                    })
            })
            .map(|(_, alias)| alias.clone())
            .collect();
        for entity in self.entities.iter_mut().filter(|entity| !entity.known) {
            let full = entity.name.to_lowercase();
            entity.aliases.retain(|alias| !shared.contains(alias) || *alias == full);
        }
    }

    /// `Fuzhou Bellgrove Rare-Earth (BGR)`: what stands in brackets is short for it.
    pub(super) fn initials(&mut self, sentences: &[Sentence<'_>]) {
        static SHORT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r#"^(?:,? (?:Co|Ltd|Inc|Corp)\.?,?)* \((?:["“]|the ["“])?([A-Z][A-Z&]{1,5}|[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?)["”]?\)"#).expect("a constant pattern")
        });
        let places = |rules: &Rules, word: &str| rules.country.is_match(&word.to_lowercase());
        for entity in self.entities.iter_mut().filter(|entity| entity.sure && !entity.known) {
            for sentence in sentences.iter().filter(|sentence| sentence.tongue == Tongue::En) {
                let Some(at) = sentence.text.find(&entity.name) else { continue };
                let Some(short) = SHORT
                    .captures(&sentence.text[at + entity.name.len()..])
                    .map(|captures| captures[1].to_owned())
                else {
                    continue;
                };
                let lower = short.to_lowercase();
                // Of a ticker or an abbreviation the first letters are the name's.
                let letters = entity.name.to_lowercase();
                let fits = short.chars().all(char::is_uppercase)
                    && lower.chars().all(|c| letters.contains(c))
                    || letters.contains(&lower);
                if fits && !places(self.rules, &short) && !entity.aliases.contains(&lower) {
                    entity.aliases.push(lower);
                }
            }
        }
    }

    /// Makes entities of the candidates: the fullest spelling first, shorter ones as its aliases.
    pub(super) fn adopt(&mut self, candidates: Vec<Candidate>) {
        // Of one Ukrainian name in several cases the first is kept.
        let mut firsts: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            let again = candidate.chinese.is_none()
                && candidate.words.iter().all(|word| cyrillic(word))
                && firsts.iter().any(|known| declined(&known.words, &candidate.words));
            if !again {
                firsts.push(candidate);
            }
        }
        let mut candidates = firsts;
        candidates.sort_by(|a, b| {
            (b.sure, b.words.len(), b.text.len()).cmp(&(a.sure, a.words.len(), a.text.len()))
        });
        for candidate in candidates {
            match &candidate.chinese {
                Some(name) => self.adopt_chinese(name, &candidate),
                None => self.adopt_western(&candidate),
            }
        }
    }

    pub(super) fn adopt_western(&mut self, candidate: &Candidate) {
        let joined = candidate.words.join(" ");
        // `村田` after `村田制作所` is the same firm.
        if joined.chars().any(text::is_han)
            && let Some(entity) = self.entities.iter_mut().find(|entity| {
                !entity.known && entity.aliases.iter().any(|alias| alias.starts_with(&joined))
            })
        {
            entity.aliases.push(joined);
            return;
        }
        let known = self.entities.iter_mut().find(|entity| {
            entity.aliases.contains(&joined)
                || entity.known && entity.name.to_lowercase().contains(&joined)
        });
        if let Some(entity) = known {
            if entity.country.is_none() {
                entity.country.clone_from(&candidate.country);
            }
            return;
        }
        let mut aliases = vec![joined];
        let words = &candidate.words;
        for from in 0..words.len() {
            for upto in from + 1..=words.len() {
                let part = &words[from..upto];
                let telling =
                    part.iter().any(|word| self.distinct(word) && word.chars().count() >= 3);
                if telling && part.len() < words.len() {
                    aliases.push(part.join(" "));
                }
            }
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.len()));
        aliases.dedup();
        self.entities.push(Entity {
            name: candidate.text.trim_end_matches(['.', ',']).to_owned(),
            id: provisional(&candidate.text),
            country: candidate.country.clone(),
            sure: candidate.sure,
            aliases,
            known: false,
        });
    }

    pub(super) fn adopt_chinese(&mut self, name: &ChineseName, candidate: &Candidate) {
        let full = format!("{}{}{}", name.place, name.core, name.suffix);
        // Two full legal names are two firms: `丰瑞稀土集团有限公司`, `江西丰瑞磁业有限公司`.
        let legal = |words: &str| words.ends_with("有限公司");
        let other = |entity: &Entity| {
            legal(&full)
                && entity.aliases.iter().any(|alias| legal(alias) && *alias != full)
                && !entity.aliases.contains(&full)
        };
        let known = self.entities.iter_mut().filter(|entity| !other(entity)).find(|entity| {
            entity.aliases.iter().any(|alias| {
                *alias == full || name.core.chars().count() >= 2 && *alias == name.core
            })
        });
        if let Some(entity) = known {
            if entity.country.is_none() {
                entity.country.clone_from(&candidate.country);
            }
            if !entity.aliases.contains(&full) {
                entity.aliases.insert(0, full);
            }
            return;
        }
        let bare = without_legal(&full);
        let kind = without_legal(&name.suffix);
        let mut aliases = vec![full.clone(), bare.to_owned()];
        if name.core.chars().count() >= 2 && !self.ordinary(&name.core) {
            aliases.push(format!("{}{}", name.place, name.core));
            aliases.push(format!("{}{kind}", name.core));
            aliases.push(name.core.clone());
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.len()));
        aliases.dedup();
        let spelled = without_legal(&candidate.text);
        self.entities.push(Entity {
            name: spelled.to_owned(),
            id: provisional(spelled),
            country: candidate.country.clone(),
            sure: candidate.sure,
            aliases,
            known: false,
        });
    }

    /// Finds every spelling of the unknown firms in a sentence.
    pub(super) fn mentions(
        &self,
        sentence: &Sentence<'_>,
        offices: &[Range<usize>],
        found: &mut Vec<Mention>,
    ) {
        // A name may hold another's core: the longest spelling is the one meant.
        let mut spelled: Vec<(usize, &String)> = self
            .entities
            .iter()
            .enumerate()
            .filter(|(_, entity)| !entity.known)
            .flat_map(|(i, entity)| entity.aliases.iter().map(move |alias| (i, alias)))
            .collect();
        if sentence.tongue != Tongue::En {
            spelled.sort_by_key(|(_, alias)| std::cmp::Reverse(alias.len()));
        }
        for (i, alias) in spelled {
            for (at, _) in sentence.low.match_indices(alias.as_str()) {
                let range = at..at + alias.len();
                let free =
                    |other: &Range<usize>| range.end <= other.start || other.end <= range.start;
                if found.iter().all(|mention| free(&mention.at))
                    && offices.iter().all(free)
                    && stands_alone(sentence, &range)
                {
                    found.push(Mention { entity: i, at: range });
                }
            }
        }
        if sentence.tongue == Tongue::Uk {
            self.in_cases(sentence, found);
        }
        found.sort_by_key(|mention| mention.at.start);
    }
}

/// A provisional id: `x-` and the name with hyphens.
pub(super) fn provisional(name: &str) -> CompanyId {
    let mut slug = String::from("x-");
    let mut gap = false;
    for c in super::super::document::folded(name).chars() {
        if c.is_alphanumeric() {
            if gap && slug.len() > 2 {
                slug.push('-');
            }
            gap = false;
            slug.push(c);
        } else if c != '.' && c != '\'' {
            gap = true;
        }
    }
    CompanyId(slug)
}
