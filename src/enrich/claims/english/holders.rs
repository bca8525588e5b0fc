//! Whom a verb's frame makes the holder: its subject, its object, or the owner of the license.
//!
//! A firm behind a preposition, or that only buys, is never one by its place alone.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use super::verb::Chain;
use crate::enrich::claims::parts::{Chunk, Hit, Holder, Naming, Theme, ThemeKind};
use crate::enrich::claims::rules::{Form, Frame};
use crate::enrich::claims::talk::{Talk, firm};
use crate::model::license::{LicenseAction, Role};

impl Reader<'_> {
    #[expect(clippy::too_many_arguments, reason = "one verb's whole surroundings")]
    pub(super) fn holders(
        &self,
        hit: &Hit,
        frame: Frame,
        chain: Chain,
        passive: bool,
        headline: bool,
        theme: Option<usize>,
        lo: usize,
        hi: usize,
        talk: &Talk,
    ) -> Vec<Holder> {
        let theme = theme.map(|i| &self.themes[i]);
        let of = |chunk: Option<usize>| {
            chunk.map(|i| self.chunks[i].holders.clone()).unwrap_or_default()
        };
        let bound = theme.map_or_else(Vec::new, |theme| {
            if let Some(owner) = theme.owner {
                return of(Some(owner));
            }
            if theme.pronoun {
                return of(self.antecedent(theme.at.start))
                    .into_iter()
                    .chain(std::iter::empty())
                    .collect();
            }
            Vec::new()
        });
        // `our licence is suspended,` a manager at X said.
        let ours =
            theme.is_some_and(|theme| self.sentence.low[theme.at.clone()].starts_with("our "));
        let bound = if bound.is_empty() && ours && talk.voice.is_none() {
            self.chunks
                .iter()
                .find(|chunk| {
                    chunk.at.start >= hit.at.end
                        && chunk.naming == Naming::Named
                        && !chunk.doubtful
                        && self.sentence.low[hit.at.end..chunk.at.start].contains(['"', '”'])
                })
                .map(|chunk| chunk.holders.clone())
                .unwrap_or_default()
        } else {
            bound
        };
        let bound = if bound.is_empty() && theme.is_some_and(|theme| theme.pronoun) {
            talk.one(self.names).map(Holder::Firm).into_iter().collect()
        } else {
            bound
        };
        let weak = || theme.and_then(|theme| theme.weak_owner).filter(|i| self.exporterish(*i));
        let subject = || self.subject(lo, chain.start, theme);
        match frame {
            Frame::Receive
            | Frame::Hold
            | Frame::Lose
            | Frame::File
            | Frame::Barred
            | Frame::Cover => {
                if passive && frame != Frame::Hold {
                    let by = self.after_word(hit.at.end, hi, &["by"]);
                    if !bound.is_empty() {
                        return bound;
                    }
                    return of(by);
                }
                let before = of(subject());
                let owned =
                    theme.is_some_and(|theme| theme.at.end <= hit.at.start || theme.pronoun);
                if before.is_empty() && owned { bound } else { before }
            }
            Frame::Noun => {
                // `its appeal against the refusal of a license`
                static OWN: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"\bits (?:[\w-]+ )?(?:suit|lawsuit|appeal|case|complaint|objection|protest) against (?:the|its) $").expect("a constant pattern")
                });
                let contested = OWN.find(&self.sentence.low[..hit.at.start]);
                if let Some(m) = contested.filter(|_| bound.is_empty()) {
                    of(self.antecedent(m.start()).filter(|i| self.home(*i)))
                } else if bound.is_empty() {
                    of(self.next_chunk_of(hit.at.end))
                } else {
                    bound
                }
            }
            Frame::Wait | Frame::End => {
                // `X got its license, Y is still waiting`: what stands right before the verb waits.
                let nearer = theme.filter(|theme| theme.at.end <= chain.start).and_then(|theme| {
                    self.chunks.iter().position(|chunk| {
                        chunk.at.start >= theme.at.end
                            && chunk.at.end <= chain.start
                            && chunk.naming != Naming::Group
                            && !chunk.doubtful
                            && self.sentence.low[theme.at.end..chunk.at.start].contains(',')
                            && self.sentence.low[chunk.at.end..chain.start].trim().is_empty()
                    })
                });
                if let Some(nearer) =
                    nearer.filter(|i| frame == Frame::Wait && self.may_be_subject(*i))
                {
                    return of(Some(nearer));
                }
                if !bound.is_empty() {
                    return bound;
                }
                // `X: licence for our supplier has lapsed`, `X learned that the supplier's licence had`
                let vendor = |i: &usize| {
                    matches!(self.chunks[*i].holders.as_slice(), [Holder::Group(group)]
                        if !group.buyers.is_empty() && group.role == Role::Exporter)
                };
                if let Some(weak) = theme.and_then(|theme| theme.weak_owner).filter(vendor) {
                    return of(Some(weak));
                }
                if theme.is_some_and(|theme| self.of_another(theme)) {
                    let at = theme.map_or(lo, |theme| theme.at.start);
                    let known = (0..self.chunks.len())
                        .rev()
                        .find(|i| self.chunks[*i].at.end <= at && vendor(i));
                    return of(known);
                }
                let before = of(subject());
                if !before.is_empty() {
                    return before;
                }
                // `An application by X is pending.`
                let asker = theme.and_then(|theme| {
                    self.chunks.iter().position(|chunk| {
                        let between = self.sentence.low.get(theme.at.end..chunk.at.start);
                        chunk.naming != Naming::Group
                            && (matches!(between, Some(" by " | " from "))
                                || theme.at.start <= chunk.at.start && chunk.at.end <= theme.at.end)
                    })
                });
                if let Some(asker) = asker.filter(|i| frame == Frame::Wait && self.home(*i)) {
                    return of(Some(asker));
                }
                // `Licenses for X and Y lapsed.`
                let after = theme.and_then(|theme| theme.weak_owner);
                of(after.filter(|i| {
                    frame == Frame::End && self.chunks[*i].naming == Naming::Named && self.home(*i)
                }))
            }
            Frame::Reach => {
                let to = of(self.next_chunk(hit.at.end, hi, 5));
                if to.is_empty() { if bound.is_empty() { of(weak()) } else { bound } } else { to }
            }
            Frame::Give => {
                if !bound.is_empty() {
                    return bound;
                }
                // `has granted us a general licence`
                if !passive && self.sentence.low[hit.at.end..].starts_with(" us ") {
                    return self.speaker(hit.at.end, talk);
                }
                let to = self.after_word(hit.at.end, hi, &["to"]);
                let direct = self.next_chunk(hit.at.end, hi, 4);
                if let Some(first) = self.row_holder().filter(|_| passive) {
                    return of(Some(first));
                }
                if passive {
                    let theme_subject = theme.is_some_and(|theme| theme.at.end <= hit.at.start);
                    let between = theme.map_or(0, |theme| theme.at.end);
                    let adjoining = self.chunks.iter().any(|chunk| {
                        chunk.at.start >= between
                            && chunk.at.end <= chain.start
                            && self.sentence.low[chunk.at.end..chain.start].trim().is_empty()
                    });
                    if headline || !theme_subject || adjoining {
                        let before = of(subject());
                        if !before.is_empty() {
                            return before;
                        }
                    }
                    let given = of(to
                        .or_else(|| self.after_word(hit.at.end, hi, &["for"]))
                        .filter(|i| self.recipient(*i)));
                    if !given.is_empty() {
                        return given;
                    }
                    let buyers = theme
                        .and_then(|theme| theme.weak_owner)
                        .filter(|i| self.chunks[*i].naming == Naming::Group);
                    let weak = of(weak().or(buyers));
                    if !weak.is_empty() {
                        return weak;
                    }
                    // `the licence the company was granted`
                    let relative = self.last_chunk(
                        theme.map_or(lo, |theme| theme.at.end.min(hit.at.start)),
                        chain.start,
                    );
                    return of(relative.filter(|i| {
                        self.may_be_subject(*i)
                            && self.chunks[*i].at.end + 1 >= chain.start.saturating_sub(1)
                    }));
                }
                let direct = of(direct.filter(|i| {
                    theme.is_none_or(|theme| {
                        self.chunks[*i].at.start <= theme.at.start
                            || theme.at.end <= hit.at.start
                            || theme.kind == ThemeKind::Stand
                    })
                }));
                if !direct.is_empty() {
                    return direct;
                }
                let given = of(to.filter(|i| self.recipient(*i)));
                if !given.is_empty() {
                    return given;
                }
                let buyers = theme
                    .and_then(|theme| theme.weak_owner)
                    .filter(|i| self.chunks[*i].naming == Naming::Group);
                let weak = of(weak().or(buyers));
                if !weak.is_empty() {
                    return weak;
                }
                // No firm grants or refuses an export license.
                let rule = &self.rules.triggers[hit.trigger];
                let granter =
                    matches!(rule.action, LicenseAction::Granted | LicenseAction::Refused)
                        && matches!(rule.form, Form::Present | Form::Base | Form::Gerund);
                let decision =
                    matches!(rule.action, LicenseAction::Granted | LicenseAction::Refused);
                let acts = |i: usize| {
                    decision
                        && self.sentence.low[self.chunks[i].at.end..chain.start].trim().is_empty()
                };
                of(subject().filter(|i| !granter && !acts(*i) && self.home(*i)))
            }
        }
    }

    /// `the supplier's licence`: somebody owns it whom no chunk stands for.
    fn of_another(&self, theme: &Theme) -> bool {
        static OWNER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:the |that |this )?(?:supplier|vendor|exporter|producer|maker|seller|manufacturer|company|firm)['’]s ").expect("a constant pattern")
        });
        let from = self.sentence.low[..theme.at.start]
            .trim_end()
            .strip_suffix("the")
            .map_or(theme.at.start, str::len);
        theme.owner.is_none() && OWNER.is_match(&self.sentence.low[from..])
    }

    /// Whether firms of the chunk may be given a license after `to` or `for`: not the places of delivery.
    fn recipient(&self, chunk: usize) -> bool {
        let chunk = &self.chunks[chunk];
        let before = self.sentence.low[..chunk.at.start].trim_end();
        static SENDS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:ships?|shipped|shipping|sells?|sold|selling|sends?|sent|exports?|exported|exporting|deliver\w*|supplie[sd]|supply|supplying|sales|shipments?|under which|which|for [a-z -]{1,40}) (?:[a-z0-9-]+ ){0,5}?to$").expect("a constant pattern")
        });
        // `refused export licenses to suppliers of X` sends nothing.
        let licensed = [
            "licences to",
            "licenses to",
            "licence to",
            "license to",
            "permits to",
            "permit to",
            "approvals to",
            "granted to",
            "issued to",
            "given to",
            "awarded to",
            "handed to",
        ]
        .iter()
        .any(|words| before.ends_with(words));
        licensed
            || !SENDS.is_match(before)
                && !before.ends_with("ship to")
                && !before.ends_with("sell to")
                && !before.ends_with("export to")
                && !before.ends_with("deliver to")
                && !before.ends_with("sales to")
                && !before.ends_with("exports to")
                && !before.ends_with("shipments to")
                && !before.ends_with("deliveries to")
                && !before.ends_with("supply")
    }

    /// Whether the chunk is of exporters: unnamed suppliers, or firms not known to be foreign.
    fn exporterish(&self, chunk: usize) -> bool {
        self.chunks[chunk].holders.iter().all(|holder| match holder {
            Holder::Firm(i) => {
                let entity = &self.names.entities[*i];
                entity.country.as_deref() == Some("CN")
            }
            Holder::Group(group) => group.role == Role::Exporter,
        })
    }

    pub(super) fn home(&self, chunk: usize) -> bool {
        self.home_firms(&self.chunks[chunk])
    }

    /// Whether no firm of the chunk is foreign.
    pub(super) fn home_firms(&self, chunk: &Chunk) -> bool {
        chunk
            .holders
            .iter()
            .all(|holder| firm(holder).is_none_or(|i| !self.names.entities[i].foreign()))
    }

    /// A chunk right after one of the words, past the verb.
    fn after_word(&self, from: usize, hi: usize, words: &[&str]) -> Option<usize> {
        self.chunks.iter().position(|chunk| {
            chunk.at.start >= from
                && chunk.at.end <= hi.max(chunk.at.end)
                && chunk.at.start < hi
                && {
                    let before = self.sentence.low[from..chunk.at.start].trim_end();
                    if before.contains([',', ';']) && before.split_whitespace().count() > 2 {
                        return false;
                    }
                    let mut tail: Vec<&str> = before
                        .split_whitespace()
                        .rev()
                        .map(|word| word.trim_matches(['"', '“', '”']))
                        .take(5)
                        .collect();
                    if let Some(place) = tail.iter().position(|word| words.contains(word)) {
                        tail.truncate(place);
                        // Descriptive words only: `to magnet maker X`.
                        tail.iter().all(|word| {
                            word.chars()
                                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '\'' | '’'))
                        }) && !tail.iter().any(|word| {
                            matches!(
                                *word,
                                "ship"
                                    | "sell"
                                    | "export"
                                    | "supply"
                                    | "deliver"
                                    | "send"
                                    | "customers"
                                    | "buyers"
                                    | "in"
                                    | "at"
                                    | "on"
                                    | "near"
                                    | "from"
                                    | "by"
                            )
                        })
                    } else {
                        false
                    }
                }
        })
    }

    /// The chunk that follows within some words.
    pub(super) fn next_chunk(&self, from: usize, hi: usize, words: usize) -> Option<usize> {
        let (i, chunk) = self
            .chunks
            .iter()
            .enumerate()
            .find(|(_, chunk)| chunk.at.start >= from && chunk.at.start < hi)?;
        let between = &self.sentence.low[from..chunk.at.start];
        let plain =
            between.split_whitespace().count() <= words && !between.contains([',', ';', ':', '(']);
        let loose = between.split_whitespace().any(|word| {
            matches!(
                word,
                "in" | "of"
                    | "after"
                    | "when"
                    | "as"
                    | "by"
                    | "since"
                    | "with"
                    | "under"
                    | "at"
                    | "on"
            )
        });
        (plain && !loose).then_some(i)
    }

    /// Who says `us`: the firm named after the words, else the one the talk is of.
    fn speaker(&self, from: usize, talk: &Talk) -> Vec<Holder> {
        let named = self.chunks.iter().find(|chunk| {
            let after = self.sentence.low[chunk.at.end..].trim_start();
            chunk.at.start >= from
                && chunk.naming != Naming::Group
                && ["said", "wrote", "told", "says", "stated", "added", "announced", "replied"]
                    .iter()
                    .any(|verb| after.starts_with(verb))
        });
        named.map_or_else(
            || talk.one(self.names).map(Holder::Firm).into_iter().collect(),
            |chunk| chunk.holders.clone(),
        )
    }

    /// `approved exports of magnets by X`, `cleared X's shipments`: the chunk of X.
    pub(super) fn goods_of(&self, hit: &Hit, passive: bool) -> Option<usize> {
        static BY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:the |new |first |more |some )*(?:rare.earth |magnet )?(?:exports?|shipments?|deliver(?:y|ies)|sales?)\b[^,;.]{0,60} by (?:[\w-]+ ){0,3}$").expect("a constant pattern")
        });
        let rule = &self.rules.triggers[hit.trigger];
        let low = &self.sentence.low;
        let decides = matches!(rule.action, LicenseAction::Granted | LicenseAction::Refused)
            && rule.frame == Frame::Give;
        if passive || !decides || !self.rules.ours.goods.is_match(low) {
            return None;
        }
        self.chunks.iter().position(|chunk| {
            chunk.at.start >= hit.at.end
                && chunk.naming == Naming::Named
                && !chunk.doubtful
                && BY.is_match(&low[hit.at.end..chunk.at.start])
        })
    }

    /// `the firm that was refused is X`: the chunk of X.
    pub(super) fn identified(&self, hit: &Hit, start: usize, passive: bool) -> Option<usize> {
        static CLEFT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:the|only|first) (?:[\w-]+ ){0,3}(?:firms?|company|companies|exporters?|makers?|producers?|suppliers?|ones?|applicants?) (?:that|which|who)? ?$").expect("a constant pattern")
        });
        static IS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^,;:.]{0,50} (?:is|was|are|were) (?:the |in fact |actually )*$")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        // `the third firm to secure such a license was X`
        let next = low[start..].starts_with("to ") && CLEFT.is_match(&low[..start]);
        let relative =
            [" that ", " which ", " who "].iter().any(|word| low[..start].ends_with(word));
        if !(next || (passive || relative) && CLEFT.is_match(&low[..start])) {
            return None;
        }
        self.chunks.iter().position(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start >= hit.at.end
                && IS.is_match(&low[hit.at.end..chunk.at.start])
        })
    }

    /// The chunk after `of` right past a noun.
    fn next_chunk_of(&self, end: usize) -> Option<usize> {
        self.chunks.iter().position(|chunk| {
            chunk.at.start >= end
                && self.sentence.low[end..chunk.at.start].trim_start().starts_with("of")
                && !self.sentence.low[end..chunk.at.start].contains(" to ")
                && chunk.at.start - end <= 40
        })
    }

    pub(super) fn last_chunk(&self, lo: usize, end: usize) -> Option<usize> {
        self.chunks.iter().rposition(|chunk| chunk.at.start >= lo && chunk.at.end <= end)
    }
}
