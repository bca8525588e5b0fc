//! English sentences: which firm a verb is about, and whether it is told as a fact.
//!
//! No parser: a verb's auxiliaries tell voice and mood, and holders are taken
//! from the places its frame allows. What is not plain yields nothing.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::{Sentence, Speaker};
use super::groups::{groups, references, with_others};
use super::names::Names;
use super::parts::{self, Article, Chunk, Group, Hit, Holder, Naming, Theme, ThemeKind};
use super::rules::{Form, Frame, Rules, Tongue};
use super::talk::{Event, Mood, Talk, firm};
use crate::model::license::{LicenseAction, LicenseType, Role};

/// A sentence under reading.
pub(super) struct Reader<'a> {
    pub(super) sentence: &'a Sentence<'a>,
    pub(super) index: usize,
    pub(super) names: &'a Names,
    pub(super) rules: &'a Rules,
    pub(super) chunks: Vec<Chunk>,
    pub(super) themes: Vec<Theme>,
    pub(super) hits: Vec<Hit>,
    /// Ends of hard boundaries.
    walls: Vec<usize>,
}

/// What the words left of a verb say.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing the words say, and they combine freely"
)]
struct Chain {
    start: usize,
    modal: bool,
    infinitive: bool,
    negated: bool,
    perfect: bool,
    passive: bool,
    present_be: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        sentence: &'a Sentence<'a>,
        index: usize,
        names: &'a Names,
        rules: &'a Rules,
        talk: &Talk,
    ) -> Self {
        let mut chunks = parts::lists(&sentence.low, &names.mentions[index], names);
        groups(sentence, &mut chunks, names, rules, talk);
        references(sentence, &mut chunks, names, rules, talk);
        chunks.sort_by_key(|chunk| chunk.at.start);
        with_others(&mut chunks, &sentence.low);
        let themes = parts::themes(sentence, &chunks, rules);
        let mut hits = parts::hits(&sentence.low, sentence.tongue, rules, sentence.item);
        // `approved exporters`, `an expired license`: words of a noun phrase.
        hits.retain(|hit| {
            let within = |at: &Range<usize>| at.start <= hit.at.start && hit.at.end <= at.end;
            !chunks.iter().any(|chunk| within(&chunk.at))
                && !themes
                    .iter()
                    .any(|theme: &Theme| theme.kind != ThemeKind::Stand && within(&theme.at))
        });
        let walls = walls(sentence);
        Self { sentence, index, names, rules, chunks, themes, hits, walls }
    }

    /// The events of the sentence, and what the talk learns from it.
    pub(super) fn read(&self, talk: &mut Talk) -> Vec<Event> {
        let mut events = Vec::new();
        let undecided =
            self.rules.mood.undecided.iter().any(|pattern| pattern.is_match(&self.sentence.low));
        let mut shared: Option<usize> = None;
        let mut subject: Option<Vec<Holder>> = None;
        for (i, hit) in self.hits.iter().enumerate() {
            if undecided {
                break;
            }
            let Some(reading) = self.event(i, hit, shared, subject.as_ref(), talk) else {
                continue;
            };
            shared = reading.theme.or(shared);
            subject = Some(reading.holders.clone());
            talk.last.clone_from(&reading.holders);
            self.push(reading, hit, talk, &mut events);
        }
        self.respectively(&mut events);
        self.learn(talk);
        events
    }

    fn push(&self, reading: Reading, hit: &Hit, talk: &mut Talk, events: &mut Vec<Event>) {
        let theme = reading.theme.map(|i| &self.themes[i]);
        let mut action = reading.action;
        let window = self.window(hit);
        static RENEWAL: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:renewals?|extension|prolongation)\b").expect("a constant pattern")
        });
        if action == LicenseAction::Granted && RENEWAL.is_match(&self.sentence.low[window]) {
            action = LicenseAction::Renewed;
        }
        let new = theme.is_some_and(|theme| {
            theme.article == Article::Indefinite || theme.kind == ThemeKind::Stand || {
                let words = &self.sentence.low[theme.at.clone()];
                words.contains("fresh") || words.contains("new ")
            }
        });
        let stand = theme.is_some_and(|theme| theme.kind == ThemeKind::Stand);
        for holder in reading.holders {
            let mut license = theme.map_or(LicenseType::Unspecified, |theme| theme.license);
            if license == LicenseType::Unspecified && stand {
                license = talk.license;
            }
            if license == LicenseType::Unspecified
                && theme.is_none()
                && self.sentence.item
                && let Some(words) = self.rules.license(Tongue::En)
            {
                license = parts::kind_of(&self.sentence.low, &words.general, &words.individual);
            }
            let (permit, kind) = talk.permit(&holder, license, new);
            events.push(Event {
                holder,
                action,
                license: kind,
                mood: reading.mood,
                sentence: self.index,
                at: hit.at.clone(),
                permit,
                counted: reading.counted,
                import: theme.is_some_and(|theme| theme.import),
                identifies: reading.identifies,
            });
        }
    }

    /// From the trigger to the next one or wall, both ways.
    fn window(&self, hit: &Hit) -> Range<usize> {
        let lo = self.walls.iter().copied().filter(|wall| *wall <= hit.at.start).max().unwrap_or(0);
        let next = self.hits.iter().map(|h| h.at.start).filter(|at| *at >= hit.at.end);
        let hi = self
            .walls
            .iter()
            .copied()
            .filter(|wall| *wall > hit.at.end)
            .chain(next)
            .min()
            .unwrap_or(self.sentence.low.len());
        lo..hi
    }

    fn event(
        &self,
        i: usize,
        hit: &Hit,
        shared: Option<usize>,
        subject: Option<&Vec<Holder>>,
        talk: &Talk,
    ) -> Option<Reading> {
        let low = &self.sentence.low;
        let rule = &self.rules.triggers[hit.trigger];
        let declines = matches!(rule.form, Form::Past | Form::Present | Form::Base | Form::Gerund)
            && low[hit.at.end..].starts_with(" to ");
        if rule.action == LicenseAction::Refused && declines {
            return None;
        }
        if rule.action == LicenseAction::Refused && denial_of_talk(&low[hit.at.end..]) {
            return None;
        }
        let chain = self.chain(hit.at.start);
        let lo = self.window(hit).start;
        let hi = self.window(hit).end;
        let before = self.theme_before(lo, hit.at.start);
        let close = before.is_some_and(|theme| {
            let between = low[self.themes[theme].at.end..hit.at.start].trim();
            let follows = between == ","
                && self
                    .theme_after(hit, hi)
                    .is_none_or(|t| self.themes[t].at.start - hit.at.end > 20);
            between.is_empty() || between == "was" || between == "were" || follows
        });
        let last_chunk = self.last_chunk(lo, hit.at.start);
        let after_noun = close || chain.passive;
        let participle = matches!(rule.form, Form::Past | Form::Participle);
        // `X granted licence`: firms grant none.
        let headline = participle
            && !chain.perfect
            && last_chunk.is_some_and(|chunk| {
                self.chunks[chunk].at.end <= chain.start
                    && low[self.chunks[chunk].at.end..chain.start].trim().is_empty()
                    && self.holder_like(chunk)
            });
        let give = matches!(rule.frame, Frame::Give);
        let progressive =
            rule.form == Form::Gerund && !low[chain.start..hit.at.start].contains("being");
        let passive =
            give && participle && (after_noun || headline) || chain.passive && !progressive;
        if rule.action == LicenseAction::Granted && give && self.describes(i, chain, before) {
            return None;
        }
        let mood = self.mood(hit, rule.form, rule.frame, chain, passive)?;
        if rule.frame == Frame::Noun && !self.told_noun(hit) {
            return None;
        }
        if rule.frame == Frame::Hold && !self.holds(hit, i) {
            return None;
        }
        let mut theme = if passive || matches!(rule.frame, Frame::End | Frame::Reach | Frame::Wait)
        {
            before.or_else(|| self.theme_after(hit, hi))
        } else {
            // `the license that the ministry revoked`, not `lost its license, halts exports`.
            let relative = before.filter(|i| {
                !low[self.themes[*i].at.end..chain.start.max(self.themes[*i].at.end)]
                    .contains([',', ':'])
            });
            self.theme_after(hit, hi).or(relative)
        };
        if let Some(found) = theme {
            let filed = self.themes[found].kind == ThemeKind::Application;
            let renewal = low[self.themes[found].at.clone()].contains("renewal");
            if filed && matches!(rule.action, LicenseAction::Revoked | LicenseAction::Expired)
                || filed
                    && !renewal
                    && matches!(rule.frame, Frame::Receive | Frame::Hold)
                    && rule.action == LicenseAction::Granted
                    && !passive
            {
                return None;
            }
            let adjoining = last_chunk.is_some_and(|chunk| {
                self.chunks[chunk].at.start >= self.themes[found].at.end
                    && low[self.chunks[chunk].at.end..chain.start.max(self.chunks[chunk].at.end)]
                        .trim()
                        .is_empty()
            });
            if self.themes[found].other
                || rule.frame != Frame::Wait
                    && self.blocked(found, hit, give && !passive)
                    && !(passive && (adjoining || self.under(theme, hit)))
            {
                return None;
            }
        }
        if give
            && !passive
            && (theme.is_none_or(|t| !self.themes[t].import)
                || importers_own(&low[lo..chain.start.max(lo)]))
            && foreign_issuer(&low[lo..chain.start.max(lo)])
        {
            return None;
        }
        let pronoun_subject = low[lo..chain.start].trim_end().ends_with("it")
            || low[lo..chain.start].trim_end().ends_with("they");
        // `It reapplied in August and was issued with a new licence`
        let goes_on = passive
            && lo == 0
            && (low.starts_with("it ") || low.starts_with("they "))
            && low[..chain.start].trim_end().ends_with(" and")
            && self.last_chunk(0, chain.start).is_none();
        let elliptic = theme.is_none()
            && talk.since <= 2
            && !talk.other
            && last_chunk.is_some_and(|chunk| {
                let after =
                    &low[self.chunks[chunk].at.end..chain.start.max(self.chunks[chunk].at.end)];
                matches!(after.trim(), "'s" | "’s" | "'" | "’")
            });
        if theme.is_none() {
            // `suspended X's license and halts magnets`: the second verb has an object of its own.
            let objectless = passive || !give || self.next_chunk(hit.at.end, hi, 3).is_some();
            if let Some(shared) = shared.filter(|_| objectless) {
                theme = Some(shared);
            } else if talk.other && talk.since <= 2 && pronoun_subject {
                return None;
            }
        }
        let definite = theme.is_some_and(|t| {
            self.themes[t].article == Article::Definite || self.themes[t].kind == ThemeKind::Stand
        });
        if definite
            && talk.other
            && talk.since <= 3
            && theme.is_some_and(|t| {
                let t = &self.themes[t];
                t.owner.is_none()
                    && !t.pronoun
                    && t.license == LicenseType::Unspecified
                    && !low[t.at.clone()].contains("export")
            })
        {
            return None;
        }
        if theme.is_none()
            && !elliptic
            && !self.may_lack_theme(hit, rule.frame, rule.action, passive, pronoun_subject, talk)
        {
            return None;
        }
        let mut identifies = false;
        let mut counted = false;
        let mut holders =
            self.holders(hit, rule.frame, chain, passive, headline, theme, lo, hi, talk);
        if let Some(chunk) = last_chunk.filter(|_| elliptic) {
            holders.clone_from(&self.chunks[chunk].holders);
        }
        if holders.is_empty() && theme.is_none_or(|t| Some(t) == shared) {
            holders = subject.cloned().unwrap_or_default();
        }
        let it = low[hit.at.clone()].contains(" it ");
        if holders.is_empty()
            && (it || definite || pronoun_subject && theme.is_none())
            && (talk.since <= 4 || self.spoken_before(hit))
        {
            let stands = theme.is_none_or(|t| {
                let t = &self.themes[t];
                t.article == Article::Definite && t.owner.is_none()
            });
            if stands {
                holders = self
                    .subject(lo, hit.at.start, None)
                    .map(|i| self.chunks[i].holders.clone())
                    .unwrap_or_default();
                let stand = theme.is_some_and(|t| self.themes[t].kind == ThemeKind::Stand);
                if holders.is_empty() {
                    holders.clone_from(if stand && !talk.last.is_empty() {
                        &talk.last
                    } else {
                        &talk.licensed
                    });
                }
                if holders.is_empty() {
                    holders = talk.one(self.names).map(Holder::Firm).into_iter().collect();
                }
            }
        }
        let renewed_request = theme.is_some_and(|t| {
            let t = &self.themes[t];
            let words = &low[t.at.clone()];
            t.article == Article::Indefinite
                && t.kind == ThemeKind::Application
                && ["new", "fresh", "second", "another", "further"]
                    .iter()
                    .any(|word| words.contains(word))
        });
        if holders.is_empty() && goes_on {
            holders = talk.one(self.names).map(Holder::Firm).into_iter().collect();
        }
        if holders.is_empty() && self.under(theme, hit) {
            let at = theme.map_or(lo, |t| self.themes[t].at.start);
            holders = self
                .subject(lo, at, None)
                .map(|i| self.chunks[i].holders.clone())
                .unwrap_or_default();
        }
        if holders.is_empty() && renewed_request && talk.since <= 2 {
            holders = talk.one(self.names).map(Holder::Firm).into_iter().collect();
        }
        if holders.is_empty() && low.starts_with("among ") {
            static ARE: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:are|were|is)\s*(?:the )?$").expect("a constant pattern")
            });
            let listed = self.chunks.iter().find(|chunk| {
                chunk.naming == Naming::Named
                    && chunk.at.start >= hit.at.end
                    && ARE.is_match(&low[..chunk.at.start])
            });
            if let Some(chunk) = listed {
                holders.clone_from(&chunk.holders);
            }
        }
        if holders.is_empty() {
            let light =
                ["light", "ahead", "nod"].iter().any(|word| low[hit.at.clone()].ends_with(word));
            if let Some(group) = talk.group.clone().filter(|_| light) {
                holders = vec![Holder::Group(group)];
            } else {
                let (found, by_count) = self.unnamed(hit, theme, passive)?;
                counted = by_count;
                holders = vec![found];
            }
        }
        if let Some(listed) =
            self.list_after(hit, &holders).or_else(|| self.list_among(hit, &holders))
        {
            identifies = true;
            holders = listed;
        }
        if holders.iter().any(|holder| self.negative_holder(holder)) && mood == Mood::Fact {
            return None;
        }
        let negative = theme.is_some_and(|t| self.themes[t].negative);
        let mood = match mood {
            Mood::Fact if negative => Mood::Negated,
            other => other,
        };
        Some(Reading { action: rule.action, holders, theme, mood, counted, identifies })
    }

    /// `licences issued to X in March expired`: the participle only says which licenses ended.
    fn describes(&self, i: usize, chain: Chain, before: Option<usize>) -> bool {
        let low = &self.sentence.low;
        let hit = &self.hits[i];
        let bare = !chain.passive
            && !chain.perfect
            && before.is_some_and(|t| low[self.themes[t].at.end..hit.at.start].trim().is_empty());
        let later = self.hits[i + 1..]
            .iter()
            .find(|next| self.rules.triggers[next.trigger].frame != Frame::Hold);
        bare && later.is_some_and(|next| {
            let between = &low[hit.at.end..next.at.start];
            let ends = matches!(
                self.rules.triggers[next.trigger].action,
                LicenseAction::Expired
                    | LicenseAction::Revoked
                    | LicenseAction::Suspended
                    | LicenseAction::Renewed
            );
            ends && !between.contains([',', ';', ':']) && !between.contains(" and its ")
        })
    }

    /// `ships under permits granted in June`: a participle that only describes the license used.
    fn under(&self, theme: Option<usize>, hit: &Hit) -> bool {
        let Some(theme) = theme.map(|i| &self.themes[i]) else { return false };
        static USES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:ships?|exports?|sells?|deliver(?:s|ed|ing)?|shipped|exported|suppl(?:y|ies|ied)|works?)\b[^,;.]{0,60} under (?:(?:an?|the|its|their|several|two|three) )?(?:[\w-]+ ){0,4}$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        theme.at.end <= hit.at.start
            && low[theme.at.end..hit.at.start].trim().is_empty()
            && USES.is_match(&low[..theme.at.start])
    }

    /// Whether the sentence itself has spoken of a license before the verb.
    fn spoken_before(&self, hit: &Hit) -> bool {
        self.themes.iter().any(|theme| {
            theme.at.end <= hit.at.start && theme.kind != ThemeKind::Stand && !theme.other
        })
    }

    fn negative_holder(&self, holder: &Holder) -> bool {
        self.chunks.iter().any(|chunk| chunk.negative && chunk.holders.contains(holder))
    }

    fn holder_like(&self, chunk: usize) -> bool {
        !self.chunks[chunk].holders.is_empty()
    }

    /// `the suspension of X's license took effect`: a noun told as something that happened.
    fn told_noun(&self, hit: &Hit) -> bool {
        static AFTER: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^ of [^,;]{0,90}").expect("a constant pattern"));
        static TOLD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:took effect|takes effect|came|announc\w+|confirm\w+|disclos\w+|report\w+|follow\w*|after|since|because of|due to|despite|cost|forced|meant|led|halted|stopped|received|got|notice of|news of|notified|informed|said|was told)\b").expect("a constant pattern")
        });
        static UNTOLD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:no|not|never|without|threat\w*|possible|potential|avoid\w*|risk\w*|fear\w*|delay\w*|deny|denie[sd]|rumou?r\w*|lift\w*|end(?:ed|s)? the|revers\w*|overturn\w*|could|would|may|might|if|question\w*|whether|against|demand\w*|call\w*)\b").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        AFTER.is_match(&low[hit.at.end..])
            && TOLD.is_match(low)
            && !UNTOLD.is_match(low)
            && !self.sentence.title
    }

    /// `X has a general license`: the license follows at once, and `has` is no auxiliary.
    fn holds(&self, hit: &Hit, i: usize) -> bool {
        let next = self.hits.get(i + 1).map_or(usize::MAX, |next| next.at.start);
        self.themes.iter().any(|theme| {
            let gap = theme.at.start >= hit.at.end
                && theme.at.start - hit.at.end <= 30
                && theme.at.start < next;
            gap && theme.kind != ThemeKind::Application && {
                let between = &self.sentence.low[hit.at.end..theme.at.start];
                // `has had its license pulled`
                let causative = self.hits.iter().any(|other| {
                    let gap = other.at.start >= theme.at.end && {
                        let between = &self.sentence.low[theme.at.end..other.at.start];
                        between.split_whitespace().count() <= 4
                            && !between.contains([',', ';'])
                            && !between.contains(" that ")
                            && !between.contains(" and ")
                    };
                    gap && !self.sentence.low[theme.at.end..other.at.start].contains(" was ")
                        && matches!(
                            self.rules.triggers[other.trigger].form,
                            Form::Past | Form::Participle
                        )
                });
                !causative
                    && between.split_whitespace().all(|word| {
                        matches!(
                            word,
                            "now"
                                | "already"
                                | "since"
                                | "the"
                                | "their"
                                | "its"
                                | "a"
                                | "an"
                                | "valid"
                                | "both"
                                | "china's"
                                | "china’s"
                                | "country's"
                                | "country’s"
                                | "first"
                                | "been"
                        )
                    })
                    && !between.contains("been")
                    && !between.contains("valid")
                    && !self.sentence.low[..hit.at.start].ends_with("still ")
            }
        })
    }

    /// Events whose license goes without saying.
    fn may_lack_theme(
        &self,
        hit: &Hit,
        frame: Frame,
        action: LicenseAction,
        passive: bool,
        pronoun: bool,
        talk: &Talk,
    ) -> bool {
        let word = &self.sentence.low[hit.at.clone()];
        let light = ["light", "ahead", "nod"].iter().any(|ending| word.ends_with(ending));
        let spoken = talk.since <= 1 && !talk.other || self.sentence.title;
        if light && spoken {
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
                spoken
                    && (self
                        .last_chunk(0, hit.at.start)
                        .is_some_and(|i| self.chunks[i].naming != Naming::Group)
                        || about
                        || row
                        || self.sentence.low.contains("reuters"))
            }
            Frame::Give if word.contains(" it ") && !talk.licensed.is_empty() => spoken,
            Frame::Give => row || passive && pronoun && spoken && !talk.licensed.is_empty(),
            Frame::End => row || pronoun && spoken && !talk.licensed.is_empty(),
            Frame::File | Frame::Wait => row,
            Frame::Receive => hit_is_self_contained(word) || spoken && word.ends_with("covered"),
            _ => false,
        }
    }

    /// A theme that is not the verb's object: something else stands between, or a preposition before.
    fn blocked(&self, theme: usize, hit: &Hit, active: bool) -> bool {
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
                Regex::new(r"\b(?:number|some|part|portion|handful|batch|several|many|few|half|majority|series|one|two|three|four|five) of\b").expect("a constant pattern")
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

    fn theme_before(&self, lo: usize, end: usize) -> Option<usize> {
        let (i, theme) = self
            .themes
            .iter()
            .enumerate()
            .rfind(|(_, theme)| theme.at.start >= lo && theme.at.end <= end)?;
        // Another verb has used it up when that verb stands between, unless it is joined by `and`.
        let between = &self.sentence.low[theme.at.end..end];
        (between.split_whitespace().count() <= 28).then_some(i)
    }

    fn theme_after(&self, hit: &Hit, hi: usize) -> Option<usize> {
        let inside = hit.at.start..hi;
        self.themes.iter().position(|theme| {
            inside.contains(&theme.at.start)
                && theme.at.start >= hit.at.start
                && theme.at.end > hit.at.start
        })
    }

    fn last_chunk(&self, lo: usize, end: usize) -> Option<usize> {
        self.chunks.iter().rposition(|chunk| chunk.at.start >= lo && chunk.at.end <= end)
    }

    /// The auxiliaries left of a verb.
    fn chain(&self, at: usize) -> Chain {
        let low = &self.sentence.low;
        let mut chain = Chain { start: at, ..Chain::default() };
        let mut end = at;
        for _ in 0..8 {
            let before = low[..end].trim_end_matches([' ', '"', '“', '”']);
            let from = before
                .rfind(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '('))
                .map_or(0, |i| i + before[i..].chars().next().map_or(1, char::len_utf8));
            let word = &before[from..];
            if word.is_empty() || word.ends_with([',', ';', ':', ')']) {
                break;
            }
            let adverb = word.ends_with("ly") && word != "apply" && word != "supply"
                || matches!(
                    word,
                    "already"
                        | "now"
                        | "also"
                        | "just"
                        | "since"
                        | "all"
                        | "both"
                        | "each"
                        | "only"
                        | "first"
                        | "finally"
                        | "again"
                        | "yet"
                        | "still"
                        | "so"
                        | "far"
                        | "thus"
                        | "then"
                        | "indeed"
                        | "ever"
                        | "likewise"
                        | "in"
                        | "turn"
                        | "instead"
                        | "later"
                        | "longer"
                );
            let contracted = word.strip_suffix("n't").or_else(|| word.strip_suffix("n’t"));
            let plain = contracted.unwrap_or(word);
            chain.negated |= contracted.is_some()
                || self.rules.mood.en_negators.iter().any(|negator| negator == word);
            if self.rules.mood.en_modals.iter().any(|modal| modal == plain)
                || matches!(plain, "wo" | "ca")
            {
                chain.modal = true;
            } else if plain == "to" {
                chain.infinitive = true;
                chain.start = from;
                break;
            } else if matches!(plain, "has" | "have" | "had" | "having" | "'ve") {
                chain.perfect = true;
            } else if matches!(
                plain,
                "was" | "were" | "been" | "being" | "be" | "is" | "are" | "am"
            ) {
                chain.passive = true;
                chain.present_be |= matches!(plain, "is" | "are" | "be");
            } else if matches!(plain, "got" | "gets" | "getting" | "did" | "does" | "do") {
                chain.passive |= plain.starts_with('g');
            } else if !adverb && !chain.negated_word(word, &self.rules.mood.en_negators) {
                break;
            }
            chain.start = from;
            end = from;
        }
        chain
    }

    fn mood(
        &self,
        hit: &Hit,
        form: Form,
        frame: Frame,
        chain: Chain,
        passive: bool,
    ) -> Option<Mood> {
        let low = &self.sentence.low;
        let title = self.sentence.title;
        if chain.modal {
            return None;
        }
        if chain.infinitive {
            let head = low[..chain.start + 2].trim_end();
            if !self.rules.mood.en_factual_to.is_match(head) {
                return None;
            }
        }
        let factual = match form {
            Form::Past | Form::Participle | Form::Fixed => true,
            Form::Present => {
                title || self.sentence.item || frame == Frame::Hold || frame == Frame::Wait
            }
            Form::Base => {
                chain.infinitive
                    || frame == Frame::Hold && !chain.modal
                    || title && frame != Frame::File
                    || chain.negated
            }
            Form::Gerund => {
                let word = low[..chain.start]
                    .trim_end()
                    .rsplit(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                chain.passive
                    || chain.perfect
                    || matches!(word.as_str(), "after" | "since" | "despite" | "upon" | "following")
            }
        };
        if !factual {
            return None;
        }
        // `is granted` tells of practice, `is being granted` of now.
        let habitual = chain.present_be
            && !chain.perfect
            && form != Form::Gerund
            && passive
            && !low[chain.start..hit.at.start].contains("being")
            && matches!(frame, Frame::Give | Frame::Receive);
        let row = self.sentence.item
            || title
            || chain.infinitive
            || low[chain.start..hit.at.start].contains("now");
        let named = self
            .chunks
            .iter()
            .any(|chunk| chunk.naming == Naming::Named && chunk.at.end <= hit.at.start);
        if habitual && !row && !named && frame != Frame::Wait {
            let word = &low[hit.at.clone()];
            if !matches!(word, "suspended" | "frozen" | "revoked")
                || low[..hit.at.start].contains(" when ")
            {
                return None;
            }
        }
        let clause = low[..hit.at.start]
            .rfind([',', ';', ':', '—'])
            .map_or(0, |i| i + low[i..].chars().next().map_or(1, char::len_utf8));
        let clause = low[clause..chain.start.max(clause)]
            .rfind(" and that ")
            .map_or(clause, |i| clause + i + 10);
        let unreal =
            self.rules.mood.en_unreal.find_iter(&low[clause..chain.start.max(clause)]).any(|m| {
                !(m.as_str().starts_with("before") || m.as_str().starts_with("until"))
                    || !low[clause..].starts_with(" until")
            });
        if unreal {
            return None;
        }
        if left_out(&low[..chain.start]) {
            return None;
        }
        if chain.negated || self.negated_before(clause, chain.start) {
            return Some(Mood::Negated);
        }
        // `was denied a license` denies no talk.
        let denies = self.rules.voice.denies.find_iter(low).any(|m| {
            let before = low[..m.start()].trim_end();
            m.end() <= hit.at.end
                && ![" was", " were", " been", " being"].iter().any(|be| before.ends_with(be))
        });
        if denies {
            return Some(Mood::Denied);
        }
        // `a message that claimed its license had been revoked`
        let claimed = self.rules.voice.claimed.find_iter(&low[..hit.at.start]).last();
        let near = claimed.is_some_and(|m| {
            hit.at.start - m.end() <= 110 && !low[m.end()..hit.at.start].contains([';', '”'])
        });
        if near && !low[..hit.at.start].ends_with("claimed its ") {
            return Some(Mood::Claimed);
        }
        Some(Mood::Fact)
    }

    /// `neither`, `no one`, `nobody` in the clause before.
    fn negated_before(&self, clause: usize, end: usize) -> bool {
        static NOBODY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:neither|nobody|no one|none of|no (?:company|firm|exporter|supplier|producer|manufacturer|maker)s?|never|far from)\b").expect("a constant pattern")
        });
        NOBODY.is_match(&self.sentence.low[clause.min(end)..end])
            || self.sentence.low.starts_with("no company")
            || self.sentence.low.starts_with("no firm")
    }

    #[expect(clippy::too_many_arguments, reason = "one verb's whole surroundings")]
    fn holders(
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
                if bound.is_empty() {
                    of(self.next_chunk_of(hit.at.end))
                } else {
                    bound
                }
            }
            Frame::Wait | Frame::End => {
                if bound.is_empty() {
                    of(subject())
                } else {
                    bound
                }
            }
            Frame::Reach => {
                let to = of(self.next_chunk(hit.at.end, hi, 5));
                if to.is_empty() { if bound.is_empty() { of(weak()) } else { bound } } else { to }
            }
            Frame::Give => {
                if !bound.is_empty() {
                    return bound;
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
                of(subject().filter(|i| !granter && self.home(*i)))
            }
        }
    }

    /// The chunk after `of` right past a noun.
    fn next_chunk_of(&self, end: usize) -> Option<usize> {
        self.chunks.iter().position(|chunk| {
            chunk.at.start >= end
                && self.sentence.low[end..chunk.at.start].trim_start().starts_with("of")
                && chunk.at.start - end <= 40
        })
    }

    /// Whether firms of the chunk may be given a license after `to` or `for`: not the places of delivery.
    fn recipient(&self, chunk: usize) -> bool {
        let chunk = &self.chunks[chunk];
        let before = self.sentence.low[..chunk.at.start].trim_end();
        static SENDS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:ships?|shipped|shipping|sells?|sold|selling|sends?|sent|exports?|exported|exporting|deliver\w*|supplie[sd]|supply|supplying|sales|shipments?|under which|which|for [a-z -]{1,40}) (?:[a-z0-9-]+ ){0,5}?to$").expect("a constant pattern")
        });
        !SENDS.is_match(before)
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

    fn home(&self, chunk: usize) -> bool {
        self.chunks[chunk]
            .holders
            .iter()
            .all(|holder| firm(holder).is_none_or(|i| !self.names.entities[i].foreign()))
    }

    /// The chunk that `its` means: the nearest named before, the subject rather than another.
    fn antecedent(&self, start: usize) -> Option<usize> {
        let before: Vec<usize> = self
            .chunks
            .iter()
            .enumerate()
            .filter(|(_, chunk)| chunk.at.end <= start && !chunk.holders.is_empty())
            .map(|(i, _)| i)
            .collect();
        let single = self.sentence.low[start..].starts_with("its")
            || self.sentence.low[start..].starts_with("whose");
        let firms = before.iter().rev().copied().find(|i| {
            single
                && self.chunks[*i].naming != Naming::Group
                && self.may_be_subject(*i)
                && self.home(*i)
        });
        let subject =
            firms.or_else(|| before.iter().rev().copied().find(|i| self.may_be_subject(*i)));
        subject.or_else(|| before.last().copied())
    }

    /// A row of a list or table speaks of the firm it begins with.
    fn row_holder(&self) -> Option<usize> {
        let first = self
            .chunks
            .iter()
            .position(|chunk| chunk.naming == Naming::Named && chunk.at.start < 3)?;
        let after = self.sentence.low[self.chunks[first].at.end..].trim_start();
        let dashed = after.starts_with(['–', '—', '|', ':']) || after.starts_with("- ");
        (self.sentence.item || dashed).then_some(first)
    }

    /// The subject before a verb.
    fn subject(&self, lo: usize, end: usize, theme: Option<&Theme>) -> Option<usize> {
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
        if relative && !self.home(last) || aside {
            return candidates.last().copied();
        }
        if self.chunks[last].doubtful {
            return candidates.into_iter().rev().find(|i| !self.chunks[*i].doubtful);
        }
        Some(last)
    }

    /// Not after a preposition.
    fn may_be_subject(&self, chunk: usize) -> bool {
        let chunk = &self.chunks[chunk];
        if chunk.negative && chunk.naming == Naming::Named {
            return !self.sentence.low[..chunk.at.start].trim_end().ends_with("unlike");
        }
        let before = self.sentence.low[..chunk.at.start].trim_end();
        let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
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
    fn in_phrase(&self, before: &str) -> bool {
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
    fn possessor(&self, chunk: &Chunk) -> bool {
        let after = &self.sentence.low[chunk.at.end..];
        after.starts_with("'s ")
            || after.starts_with("’s ")
            || after.starts_with("' ")
            || after.starts_with("’ ")
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
                    let mut tail: Vec<&str> = before.split_whitespace().rev().take(5).collect();
                    if let Some(place) = tail.iter().position(|word| words.contains(word)) {
                        tail.truncate(place);
                        // Descriptive words only: `to magnet maker X`.
                        tail.iter()
                            .all(|word| word.chars().all(|c| c.is_alphanumeric() || c == '-'))
                            && !tail.iter().any(|word| {
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
                                )
                            })
                    } else {
                        false
                    }
                }
        })
    }

    /// The chunk that follows within some words.
    fn next_chunk(&self, from: usize, hi: usize, words: usize) -> Option<usize> {
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

    /// `among them X and Y`, `including X`: names for the group before.
    fn list_after(&self, hit: &Hit, holders: &[Holder]) -> Option<Vec<Holder>> {
        if !holders.iter().any(|holder| matches!(holder, Holder::Group(_))) {
            return None;
        }
        static NAMELY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:among them|including|included|namely|such as|among which|:|\bare|\bwere|\bas|they are|—|–|which are)\s*(?:the )?$").expect("a constant pattern")
        });
        let (_, chunk) = self.chunks.iter().enumerate().find(|(_, chunk)| {
            chunk.at.start >= hit.at.end
                && chunk.naming == Naming::Named
                && NAMELY.is_match(&self.sentence.low[hit.at.end..chunk.at.start])
        })?;
        Some(chunk.holders.clone())
    }

    /// `…, X and Y among them` after a group.
    fn list_among(&self, hit: &Hit, holders: &[Holder]) -> Option<Vec<Holder>> {
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
    fn unnamed(&self, hit: &Hit, theme: Option<usize>, passive: bool) -> Option<(Holder, bool)> {
        let theme = theme.map(|i| &self.themes[i])?;
        let low = &self.sentence.low;
        let phrase = if theme.at.end <= hit.at.start && passive {
            let head = low[..theme.at.end].rfind([',', ';', ':']).map_or(0, |i| i + 1);
            let that = low[head..theme.at.end].rfind(" that ").map_or(head, |i| head + i + 6);
            low[that..theme.at.end].trim()
        } else if theme.at.start >= hit.at.end && !passive {
            low[hit.at.end..theme.at.end].trim()
        } else {
            return None;
        };
        static GENERIC: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:all|every|each|any|compliant|qualified|qualifying|eligible|civilian|civil|lawful)\b").expect("a constant pattern")
        });
        if GENERIC.is_match(phrase) {
            return None;
        }
        static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(some|several|a (?:certain |small |large )?number of|certain|a few|part of|a handful of|an? (?:(?:first|initial|second|third|new|further|small|fresh) )?(?:batch|group|tranche|round|set|wave) of|a portion of|\d+|two|three|four|five|six|seven|eight|nine|ten|half)\b[^,;]*$").expect("a constant pattern")
        });
        // `licences are now being issued, officials said`
        let going = low[..hit.at.start].ends_with("being ") && theme.article != Article::Definite
            || phrase.starts_with("the first ");
        if going && super::voice::official(low, self.rules) {
            return Some((
                Holder::Group(Group { words: quantity_phrase(phrase), ..Group::default() }),
                true,
            ));
        }
        if let Some(group) = self.examination(hit) {
            return Some((Holder::Group(group), true));
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

    /// A stop in examining applications for a place.
    fn examination(&self, hit: &Hit) -> Option<Group> {
        static EXAMINES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:review|examin|process|accept|approv|issu)\w*")
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

    /// `X and Y were renewed and suspended, respectively`.
    fn respectively(&self, events: &mut Vec<Event>) {
        if !self.sentence.low.contains("respectively") {
            return;
        }
        let mut holders: Vec<Holder> = Vec::new();
        let mut actions: Vec<(LicenseAction, Range<usize>)> = Vec::new();
        for event in events.iter() {
            if !holders.contains(&event.holder) {
                holders.push(event.holder.clone());
            }
            if !actions.iter().any(|(action, _)| *action == event.action) {
                actions.push((event.action, event.at.clone()));
            }
        }
        if holders.len() == actions.len() && holders.len() > 1 {
            events.retain(|event| {
                let holder = holders.iter().position(|h| *h == event.holder);
                let action = actions.iter().position(|(a, _)| *a == event.action);
                holder == action
            });
        } else if holders.len() == self.themes.len() && actions.len() == 1 {
            for event in events {
                if let Some(i) = holders.iter().position(|h| *h == event.holder) {
                    event.license = self.themes[i].license;
                }
            }
        }
    }

    /// What later references may mean.
    fn learn(&self, talk: &mut Talk) {
        for chunk in
            self.chunks.iter().filter(|chunk| chunk.naming == Naming::Named && !chunk.doubtful)
        {
            talk.attend(chunk, self.names);
        }
        let named = self.chunks.iter().enumerate().filter(|(_, chunk)| {
            chunk.naming != Naming::Group && !chunk.holders.is_empty() && !chunk.doubtful
        });
        let subject =
            named.clone().find(|(i, _)| self.may_be_subject(*i) && self.home(*i)).or_else(|| {
                named.clone().find(|(i, _)| self.home(*i)).or_else(|| named.clone().next())
            });
        if let Some((_, chunk)) = subject {
            let firms: Vec<usize> = chunk.holders.iter().filter_map(firm).collect();
            if !firms.is_empty() {
                talk.focus = firms;
            }
        }
        if let Some(group) =
            self.chunks.iter().flat_map(|chunk| &chunk.holders).find_map(|holder| match holder {
                Holder::Group(group) => Some(group.clone()),
                Holder::Firm(_) => None,
            })
        {
            talk.buyer = group.buyers.last().copied().or(talk.buyer);
            talk.group = Some(group);
        }
        self.remember_license(talk);
    }

    fn remember_license(&self, talk: &mut Talk) {
        talk.since += 1;
        let Some(theme) = self.themes.iter().find(|theme| theme.kind != ThemeKind::Stand) else {
            return;
        };
        talk.since = 0;
        talk.other = theme.other;
        let owner = theme.owner.map(|i| self.chunks[i].holders.clone()).or_else(|| {
            theme
                .pronoun
                .then(|| self.antecedent(theme.at.start).map(|i| self.chunks[i].holders.clone()))
                .flatten()
        });
        if let Some(owner) = owner.filter(|owner| !owner.is_empty()) {
            talk.licensed = owner;
        } else if theme.article != Article::Definite || talk.licensed.is_empty() {
            let focus: Vec<Holder> = talk.focus.iter().copied().map(Holder::Firm).collect();
            if !focus.is_empty() {
                talk.licensed = focus;
            }
        }
        if theme.license != LicenseType::Unspecified {
            talk.license = theme.license;
        }
    }
}

/// What a verb was found to say.
struct Reading {
    action: LicenseAction,
    holders: Vec<Holder>,
    theme: Option<usize>,
    mood: Mood,
    counted: bool,
    identifies: bool,
}

impl Chain {
    fn negated_word(self, word: &str, negators: &[String]) -> bool {
        negators.iter().any(|negator| negator == word)
    }
}

/// `Washington revoked`, `the German government refused`: no Chinese license.
fn foreign_issuer(before: &str) -> bool {
    static ISSUER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:washington|berlin|brussels|tokyo|seoul|london|paris|canberra|ottawa|new delhi|kuala lumpur|hanoi|india|japan|germany|malaysia|australia|greenland|vietnam|taiwan|canada|(?:u\.?s\.?|american|eu|european|german|malaysian|australian|japanese|british|indian|dutch|taiwanese|(?:india|japan|germany|malaysia|australia|greenland|vietnam|taiwan|canada|korea|thailand|brazil|europe|britain|america|washington|delhi|tokyo|seoul)['’]s) (?:[\w-]+ ){0,3}(?:directorate|customs|department|government|administration|authorit(?:y|ies)|ministry|regulators?|agency|board|officials?)|bis|united states|trump administration)(?: on \w+| has| have| had| also)* ?$").expect("a constant pattern")
    });
    let before = before.trim_end();
    ISSUER.is_match(before) && !before.contains("china") && !before.contains("beijing")
}

/// `X is not among the exporters that`: what the others got is not X's.
fn left_out(before: &str) -> bool {
    static OUT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:not|never|neither|nor)|n['’]t) (?:[\w-]+ ){0,2}?(?:among|amongst|one of|on|in|part of|included|listed|named|make|made|appear\w*|feature\w*|figure\w*)\b[^,;:]{0,90}\b(?:that|who|which|whose|to have been|to have|to be|of those|firms|companies|exporters|makers|suppliers)$|\b(?:absent|missing|excluded|omitted|left (?:out|off)|dropped) (?:from|of|off)?[^,;:]{0,90}\b(?:that|who|which|to have been|to be|firms|companies|exporters|makers|suppliers)$").expect("a constant pattern")
    });
    OUT.is_match(before.trim_end())
}

/// `India's directorate granted`: an importer's permit from its own state.
fn importers_own(before: &str) -> bool {
    before.contains("directorate") || before.contains("customs") || before.contains("dgft")
}

/// `a certain number of applications` out of what stands before the verb.
fn quantity_phrase(phrase: &str) -> String {
    static QUANTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:some|several|a (?:certain |small |large )?number of|certain|a few|part of|a handful of|a batch of|half of|half) (?:[\w-]+ ){0,5}?(?:applications?|licen[cs]es?|permits?|approvals?)$").expect("a constant pattern")
    });
    QUANTITY.find(phrase).map_or_else(String::new, |m| m.as_str().to_owned())
}

/// `denied that …`, `rejected reports`: an answer to talk, no refusal of a license.
fn denial_of_talk(after: &str) -> bool {
    static TALK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: [\w-]+){0,3} (?:that|reports?|rumou?rs?|claims?|talk|suggestions?|speculation|having|allegations?|media)\b").expect("a constant pattern")
    });
    TALK.is_match(after)
}

fn hit_is_self_contained(word: &str) -> bool {
    word.contains("beneficiaries")
        || word.contains("holders")
        || word.contains("recipients")
        || word.contains(" the ")
}

fn walls(sentence: &Sentence<'_>) -> Vec<usize> {
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
