//! The license a verb acts on, and when it may go without saying.
//!
//! Picks the theme; what becomes of it is for the reader.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::enrich::claims::document::{Sentence, Speaker};
use crate::enrich::claims::parts::{Hit, Naming, ThemeKind};
use crate::enrich::claims::rules::Frame;
use crate::enrich::claims::talk::Talk;
use crate::model::license::LicenseAction;

impl Reader<'_> {
    /// A theme that is not the verb's object: something else stands between, or a preposition before.
    pub(super) fn blocked(&self, theme: usize, hit: &Hit, active: bool) -> bool {
        let low = &self.sentence.low;
        let theme = &self.themes[theme];
        if theme.at.start >= hit.at.end {
            let between = &low[hit.at.end..theme.at.start];
            if between.split_whitespace().count() > 14 {
                return true;
            }
            static PREPOSITION: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:under|on|of|with|from|in|at|about|over|against|after|before|because|until|since|by|without)\b").expect("a constant pattern")
            });
            static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:contracts?|orders?|deals?|work|talks|production|lines?|shipments?|deliver(?:y|ies)|exports?|agreements?|tariffs?|measures?|controls?|duties|funding|loan|that|which|who)\b").expect("a constant pattern")
            });
            static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:(?:(?:over|under|about) )?(?:half|(?:a|one) (?:third|quarter|fifth)|two.thirds|\d+ (?:percent|per cent))|number|some|part|portion|handful|batch|several|many|few|majority|series|one|two|three|four|five|first|second|third|last|none|all|most) of\b|\bfrom (?:the |china['’]s )?(?:ministry of commerce|commerce ministry|ministry|authorities)\b").expect("a constant pattern")
            });
            let quantities: Vec<Range<usize>> =
                QUANTITY.find_iter(between).map(|m| m.range()).collect();
            let examination = |range: &Range<usize>| {
                quantities.iter().any(|known| known.start <= range.start && range.end <= known.end)
            };
            let chunk_text = |range: &Range<usize>| {
                self.chunks
                    .iter()
                    .any(|chunk| chunk.at.start <= range.start && range.end <= chunk.at.end)
            };
            let stray = |regex: &Regex| {
                regex.find_iter(between).any(|m| {
                    !examination(&m.range())
                        && !chunk_text(&(hit.at.end + m.start()..hit.at.end + m.end()))
                })
            };
            let strips = low[hit.at.clone()].starts_with("strip");
            return active && !strips && (stray(&PREPOSITION) || stray(&OBJECT))
                || between.contains(';');
        }
        let before = low[..theme.at.start].trim_end();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        matches!(word, "under" | "with" | "without" | "against" | "about" | "on" | "despite")
            && hit.at.start > theme.at.end
            && theme.kind != ThemeKind::Stand
    }

    pub(super) fn theme_before(&self, lo: usize, end: usize) -> Option<usize> {
        let (i, theme) = self
            .themes
            .iter()
            .enumerate()
            .rfind(|(_, theme)| theme.at.start >= lo && theme.at.end <= end)?;
        // Another verb has used it up when that verb stands between, unless it is joined by `and`.
        let between = &self.sentence.low[theme.at.end..end];
        (between.split_whitespace().count() <= 28).then_some(i)
    }

    pub(super) fn theme_after(&self, hit: &Hit, hi: usize) -> Option<usize> {
        let inside = hit.at.start..hi;
        self.themes.iter().position(|theme| {
            inside.contains(&theme.at.start)
                && theme.at.start >= hit.at.start
                && theme.at.end > hit.at.start
        })
    }

    /// Events whose license goes without saying.
    pub(super) fn may_lack_theme(
        &self,
        hit: &Hit,
        frame: Frame,
        action: LicenseAction,
        passive: bool,
        pronoun: bool,
        talk: &Talk,
    ) -> bool {
        // `was cleared on May 22 to ship rare earth magnets`
        static TO_SHIP: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: (?:again|[\w-]+ly|(?:on|in|by|at|since|last|this) [\w'’ ]{2,40}?|by [\w'’ ]{2,40}?))?(?: by (?:china|beijing|the (?:commerce )?ministry))?(?: to (?:resume )?(?:export|ship|sell|send|deliver|supply|resum)| to (?:bring|import|buy|procure)\b[^.;]{0,60}\b(?:from china|rare.earths?|magnets?)| for (?:rare.earth |magnet )?(?:exports?|shipments?|deliver(?:y|ies))\b)").expect("a constant pattern")
        });
        let word = &self.sentence.low[hit.at.clone()];
        let light = ["light", "ahead", "nod", "clear"].iter().any(|ending| word.ends_with(ending));
        let spoken = talk.since <= 1 && !talk.other || self.sentence.title;
        let to_ship = TO_SHIP.is_match(&self.sentence.low[hit.at.end..]);
        if light && (spoken || to_ship) {
            return true;
        }
        let shipping = action == LicenseAction::Granted
            && frame == Frame::Give
            && TO_SHIP.is_match(&self.sentence.low[hit.at.end..])
            && (spoken || talk.goods);
        if shipping
            && (passive || self.next_chunk(hit.at.end, self.sentence.low.len(), 1).is_some())
        {
            return true;
        }
        // `stopped approving exports of yttrium to X`
        static EXAMINES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:approv|review|process|issu|examin|handl)\w*$")
                .expect("a constant pattern")
        });
        let stops = action == LicenseAction::Suspended
            && EXAMINES.is_match(word)
            && self.sentence.low[hit.at.end..].contains("exports to ");
        if stops && talk.goods {
            return true;
        }
        // `X's permit runs for a year, Y's for two; both were issued in May`
        let several = passive
            && self.spoken_before(hit)
            && self.chunks.iter().any(|chunk| {
                chunk.naming == Naming::Reference
                    && chunk.holders.len() > 1
                    && chunk.at.end <= hit.at.start
                    && self.sentence.low[chunk.at.end..hit.at.start].split_whitespace().count() <= 3
            });
        if several {
            return true;
        }
        // `Two smaller vendors were refused.`
        static NO_MORE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:[.,;)]|$| (?:in (?:the|\w+ \d{4}|january|february|march|april|may|june|july|august|september|october|november|december)|on \w+day|last|because|for lack|too|as well|twice)\b)").expect("a constant pattern")
        });
        let turned_away = passive
            && action == LicenseAction::Refused
            && spoken
            && !self.sentence.title
            && self.last_chunk(0, hit.at.start).is_some()
            && NO_MORE.is_match(&self.sentence.low[hit.at.end..]);
        if turned_away {
            return true;
        }
        let licensed = passive && word.starts_with("licen") && action == LicenseAction::Granted;
        if licensed && talk.goods {
            return true;
        }
        let row = self.sentence.item && !self.chunks.is_empty() || self.row_holder().is_some();
        let clears = passive
            && action == LicenseAction::Granted
            && (word.starts_with("approv")
                || word.starts_with("clear")
                || word.starts_with("authori")
                || word.starts_with("licen"));
        let direct = !passive
            && action == LicenseAction::Granted
            && (word.starts_with("licen") || word.starts_with("clear"))
            && self.last_chunk(0, hit.at.start).is_none()
            && self.next_chunk(hit.at.end, self.sentence.low.len(), 1).is_some();
        let about = self.sentence.low.contains("export")
            || self.sentence.low.contains("rules")
            || self.sentence.low.contains("ship");
        static GOODS_NAMED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"rare.earth|magnet").expect("a constant pattern"));
        if direct && GOODS_NAMED.is_match(&self.sentence.low) {
            return true;
        }
        match frame {
            Frame::Give if clears => {
                (spoken || self.spoken_before(hit))
                    && (self
                        .last_chunk(0, hit.at.start)
                        .is_some_and(|i| self.chunks[i].naming != Naming::Group)
                        || about
                        || row
                        || self.sentence.low.contains("reuters"))
            }
            Frame::Give
                if (word.contains(" it ") || super::takes_it(&self.sentence.low[hit.at.end..]))
                    && !talk.licensed.is_empty() =>
            {
                spoken
            }
            Frame::Give => row || passive && pronoun && spoken && !talk.licensed.is_empty(),
            Frame::End => row || pronoun && spoken && !talk.licensed.is_empty(),
            // `Another firm is still waiting.`
            Frame::Wait => {
                static ENDS: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"^(?:[.,;)]|$| for (?:an? |the )?(?:answer|decision|reply|response|word|verdict|theirs|its own|one)\b)").expect("a constant pattern")
                });
                row || pronoun && spoken && !talk.licensed.is_empty()
                    || spoken && (word.contains("heard") || word.contains("answer"))
                    || spoken
                        && word.ends_with("waiting")
                        && ENDS.is_match(&self.sentence.low[hit.at.end..])
            }
            // `It applied for a third`, `it filed the papers`
            Frame::File => {
                static ONE: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"^(?: for)? (?:(?:all |the |its |their )?(?:papers|paperwork|forms|documents|dossier|file)\b|(?:an?|the|its) (?:second|third|fourth|fifth|next|new one|fresh one|further one|extension|renewal)\b|(?:another|one|a new one|more)(?:[.,;]| for | in | on | last | this | to cover |$))").expect("a constant pattern")
                });
                row || (spoken || self.spoken_before(hit))
                    && !self.sentence.title
                    && (word.ends_with("another")
                        || word.ends_with("the next")
                        || ONE.is_match(&self.sentence.low[hit.at.end..]))
                    && (pronoun || self.last_chunk(0, hit.at.start).is_some())
            }
            Frame::Noun => spoken && !talk.licensed.is_empty(),
            // `On Monday X lost it.`
            Frame::Lose => {
                spoken
                    && !talk.licensed.is_empty()
                    && super::takes_it(&self.sentence.low[hit.at.end..])
            }
            Frame::Receive if super::takes_it(&self.sentence.low[hit.at.end..]) => {
                talk.since <= 1
                    && !talk.other
                    && (!talk.licensed.is_empty() || self.last_chunk(0, hit.at.start).is_some())
            }
            // `X can now ship to its clients`
            Frame::Receive if word.starts_with("can ") || word.starts_with("may ") => {
                (spoken || self.spoken_before(hit))
                    && !self.sentence.title
                    && self.last_chunk(0, hit.at.start).is_some_and(|i| {
                        self.chunks[i].naming == Naming::Named
                            && !self.chunks[i].doubtful
                            && self.sentence.low[self.chunks[i].at.end..hit.at.start]
                                .trim()
                                .is_empty()
                    })
            }
            Frame::Receive => hit_is_self_contained(word) || spoken && word.ends_with("covered"),
            _ => false,
        }
    }

    /// Whether the sentence itself has spoken of a license before the verb.
    pub(super) fn spoken_before(&self, hit: &Hit) -> bool {
        self.themes.iter().any(|theme| {
            theme.at.end <= hit.at.start && theme.kind != ThemeKind::Stand && !theme.other
        })
    }
}

/// `Washington revoked`, `the German government refused`: no Chinese license.
pub(super) fn foreign_issuer(before: &str) -> bool {
    static ISSUER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:washington|berlin|brussels|tokyo|seoul|london|paris|canberra|ottawa|new delhi|kuala lumpur|hanoi|india|japan|germany|malaysia|australia|greenland|vietnam|taiwan|canada|(?:u\.?s\.?|american|eu|european|german|malaysian|australian|japanese|british|indian|dutch|taiwanese|(?:india|japan|germany|malaysia|australia|greenland|vietnam|taiwan|canada|korea|thailand|brazil|europe|britain|america|washington|delhi|tokyo|seoul)['’]s) (?:[\w-]+ ){0,3}(?:directorate|customs|department|government|administration|authorit(?:y|ies)|ministry|regulators?|agency|board|officials?)|bis|united states|trump administration)(?: on \w+| has| have| had| also)* ?$").expect("a constant pattern")
    });
    let before = before.trim_end();
    ISSUER.is_match(before) && !before.contains("china") && !before.contains("beijing")
}

/// `India's directorate granted`: an importer's permit from its own state.
pub(super) fn importers_own(before: &str) -> bool {
    before.contains("directorate") || before.contains("customs") || before.contains("dgft")
}

fn hit_is_self_contained(word: &str) -> bool {
    word.contains("beneficiaries")
        || word.contains("holders")
        || word.contains("recipients")
        || word.contains(" the ")
}

pub(super) fn walls(sentence: &Sentence<'_>) -> Vec<usize> {
    static WALL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r";|\bwhile\b|\bwhereas\b|\bbut\b|\balthough\b|\bthough\b|—|--|\bbecause\b")
            .expect("a constant pattern")
    });
    static COLON: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r": ").expect("a constant pattern"));
    let mut found: Vec<usize> = WALL.find_iter(&sentence.low).map(|m| m.end()).collect();
    if !sentence.title && !sentence.item && sentence.speaker == Speaker::Text {
        found.extend(COLON.find_iter(&sentence.low).filter(|m| m.start() > 60).map(|m| m.end()));
    }
    found.sort_unstable();
    found
}
