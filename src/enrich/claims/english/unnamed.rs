//! Holders that a sentence counts or lists instead of naming them by the verb.
//!
//! What is true of every applicant is nobody's license.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::enrich::claims::parts::{Article, Group, Hit, Holder, Naming};
use crate::enrich::claims::{parts, voice};
use crate::model::license::LicenseAction;

impl Reader<'_> {
    /// `among them X and Y`, `including X`: names for the group before.
    pub(super) fn list_after(&self, hit: &Hit, holders: &[Holder]) -> Option<Vec<Holder>> {
        if !holders.iter().any(|holder| matches!(holder, Holder::Group(_))) {
            return None;
        }
        static NAMELY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:among them|including|included|namely|such as|among which|:|\bare|\bwere|\bas|they are|—|–|which are|\bis)\s*(?:the )?$").expect("a constant pattern")
        });
        let (_, chunk) = self.chunks.iter().enumerate().find(|(_, chunk)| {
            chunk.at.start >= hit.at.end
                && chunk.naming == Naming::Named
                && NAMELY.is_match(&self.sentence.low[hit.at.end..chunk.at.start])
        })?;
        Some(chunk.holders.clone())
    }

    /// `…, X and Y among them` after a group.
    pub(super) fn list_among(&self, hit: &Hit, holders: &[Holder]) -> Option<Vec<Holder>> {
        if !holders.iter().any(|holder| matches!(holder, Holder::Group(_))) {
            return None;
        }
        let low = &self.sentence.low;
        let chunk = self.chunks.iter().find(|chunk| {
            let after = low[chunk.at.end..].trim_start();
            chunk.at.start >= hit.at.end
                && chunk.naming == Naming::Named
                && (after.starts_with("among them")
                    || after.starts_with("included")
                    || after.starts_with("among others"))
        })?;
        Some(chunk.holders.clone())
    }

    /// Applications or licenses without holders: `some applications were approved`.
    pub(super) fn unnamed(
        &self,
        hit: &Hit,
        theme: Option<usize>,
        passive: bool,
    ) -> Option<(Holder, bool)> {
        if let Some(group) = self.examination(hit) {
            return Some((Holder::Group(group), true));
        }
        let theme = theme.map(|i| &self.themes[i])?;
        let low = &self.sentence.low;
        let phrase = if theme.at.end <= hit.at.start && passive {
            let head = low[..theme.at.end].rfind([',', ';', ':']).map_or(0, |i| i + 1);
            static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r" (?:that|as|after|because|since|when|where|although|and|but) ")
                    .expect("a constant pattern")
            });
            let that =
                CLAUSE.find_iter(&low[head..theme.at.end]).last().map_or(head, |m| head + m.end());
            low[that..theme.at.end].trim()
        } else if theme.at.start >= hit.at.end && !passive {
            low[hit.at.end..theme.at.end].trim()
        } else {
            return None;
        };
        static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:all|every|each|any|compliant|qualified|qualifying|eligible|civilian|civil|lawful)\b").expect("a constant pattern")
        });
        static EVERY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:all|every|each|any)\b").expect("a constant pattern")
        });
        static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(some|several|a (?:certain |small |large )?number of|certain|a few|part of|a handful of|an? (?:(?:first|initial|second|third|new|further|small|fresh) )?(?:batch|group|tranche|round|set|wave) of|a portion of|\d+|two|three|four|five|six|seven|eight|nine|ten|half)\b[^,;]*$").expect("a constant pattern")
        });
        // `some compliant applications`, but not `compliant applications`.
        if GENERIC.is_match(phrase) && (EVERY.is_match(phrase) || !LIMITED.is_match(phrase)) {
            return None;
        }
        // `licences are now being issued, officials said`
        let going = low[..hit.at.start].ends_with("being ") && theme.article != Article::Definite
            || phrase.starts_with("the first ");
        if going && voice::official(low, self.rules) {
            return Some((
                Holder::Group(Group { words: quantity_phrase(phrase), ..Group::default() }),
                true,
            ));
        }
        let captures = LIMITED.captures(phrase)?;
        static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"\b(\d+|one|two|three|four|five|six|seven|eight|nine|ten) (?:of them |more )?$",
            )
            .expect("a constant pattern")
        });
        let own = COUNTED
            .captures(&low[..self.chain(hit.at.start).start])
            .and_then(|c| c[1].parse().ok().or_else(|| parts::number_word(&c[1])));
        if let Some(count) = own {
            return Some((
                Holder::Group(Group {
                    words: quantity_phrase(phrase),
                    limited: true,
                    count: Some(count),
                    ..Group::default()
                }),
                true,
            ));
        }
        let number = captures[1].parse().ok().or_else(|| parts::number_word(&captures[1]));
        Some((
            Holder::Group(Group {
                words: quantity_phrase(phrase),
                limited: true,
                count: number,
                ..Group::default()
            }),
            true,
        ))
    }

    /// `An exporter whose license has been revoked cannot …`: the rule, not a firm.
    pub(super) fn anybody(&self, holders: &[Holder], hit: &Hit, start: usize) -> bool {
        static RELATIVE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:whose|that|which|who)\b").expect("a constant pattern")
        });
        static RULE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: [\w'’-]+){0,8}?,? (?:cannot|can|must|may|should|shall|will|would|has to|have to|needs? to|is not allowed|are not allowed|is required|are required)\b").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        self.chunks.iter().any(|chunk| {
            chunk.naming == Naming::Group
                && chunk.at.end <= start
                && chunk.holders.iter().any(|holder| holders.contains(holder))
                && chunk.holders.iter().all(|holder| {
                    matches!(holder, Holder::Group(group) if group.buyers.is_empty() && group.count.is_none())
                })
                && RELATIVE.is_match(&low[chunk.at.end..start])
                && RULE.is_match(&low[hit.at.end..])
        })
    }

    /// A stop in examining applications for a place.
    fn examination(&self, hit: &Hit) -> Option<Group> {
        static EXAMINES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:review|examin|process|accept|approv|issu|handl)\w*")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let rule = &self.rules.triggers[hit.trigger];
        if rule.action != LicenseAction::Suspended || !EXAMINES.is_match(low) {
            return None;
        }
        let place = self.rules.places.iter().find(|place| {
            place.nouns.is_match(low)
                || place.adjectives.as_ref().is_some_and(|adjectives| adjectives.is_match(low))
        })?;
        Some(Group {
            words: String::new(),
            place: Some(place.name.clone()),
            limited: true,
            ..Group::default()
        })
    }
}

/// `a certain number of applications` out of what stands before the verb.
fn quantity_phrase(phrase: &str) -> String {
    static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:some|several|a (?:certain |small |large )?number of|certain|a few|part of|a handful of|a batch of|half of|half) (?:[\w-]+ ){0,5}?(?:applications?|licen[cs]es?|permits?|approvals?)$").expect("a constant pattern")
    });
    QUANTITY.find(phrase).map_or_else(String::new, |m| m.as_str().to_owned())
}
