//! One verb of a sentence: whether it tells of a license, and of whose.
//!
//! What else the verb might mean is ruled out here before anybody is taken for a holder.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use super::object::{foreign_issuer, importers_own};
use super::verb::denial_of_talk;
use crate::enrich::claims::parts::{Article, Hit, Holder, Naming, ThemeKind};
use crate::enrich::claims::rules::{Form, Frame};
use crate::enrich::claims::talk::{Mood, Talk};
use crate::model::license::{LicenseAction, LicenseType};

impl Reader<'_> {
    pub(super) fn event(
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
        // `X: general license since March`, in a list only.
        if low[hit.at.clone()].ends_with(" since") && self.row_holder().is_none() {
            return None;
        }
        // `accepted for examination` is the start of it.
        static TAKEN_IN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: [\w-]+){0,6}? for (?:examination|review|processing|consideration|handling)\b")
                .expect("a constant pattern")
        });
        if low[hit.at.clone()].starts_with("accept") && TAKEN_IN.is_match(&low[hit.at.end..]) {
            return None;
        }
        // `extended to cover a new alloy` is no longer term.
        static WIDER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: (?:its|the|their) [\w -]{3,40})? to (?:cover|include)\b")
                .expect("a constant pattern")
        });
        if rule.action == LicenseAction::Renewed && WIDER.is_match(&low[hit.at.end..]) {
            return None;
        }
        let chain = self.chain(hit.at.start);
        // `a license granted by X to Y` is of X's making.
        let from_firm = matches!(rule.frame, Frame::Give)
            && self.chunks.iter().any(|chunk| {
                chunk.naming == Naming::Named
                    && low.get(hit.at.end..chunk.at.start).is_some_and(|between| between == " by ")
            });
        if from_firm && rule.action == LicenseAction::Granted {
            return None;
        }
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
        // `had run out`: some participles look like the bare verb.
        let form = match rule.form {
            Form::Base if chain.perfect => Form::Participle,
            form => form,
        };
        let participle = matches!(form, Form::Past | Form::Participle);
        // `X granted licence`: firms grant none.
        // `X refused a request from a buyer` is a sentence: there the firm acts.
        static ACTS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: (?:an?|the|its|his|all|any|this|that|these|those|several|some|two|three|to)\b| (?:[\w-]+ ){0,3}(?:applications?|requests?|orders?)\b)").expect("a constant pattern")
        });
        let short = self.sentence.title || self.sentence.item;
        let is_apposed = last_chunk.is_some_and(|chunk| {
            let at = self.chunks[chunk].at.end;
            at <= chain.start && apposed(&low[at..chain.start], &low[hit.at.start..])
        });
        let headline = participle
            && !chain.perfect
            && (short || is_apposed || !ACTS.is_match(&low[hit.at.end..]))
            && last_chunk.is_some_and(|chunk| {
                self.chunks[chunk].at.end <= chain.start
                    && (low[self.chunks[chunk].at.end..chain.start].trim().is_empty() || is_apposed)
                    && self.holder_like(chunk)
            });
        let give = matches!(rule.frame, Frame::Give);
        let progressive =
            rule.form == Form::Gerund && !low[chain.start..hit.at.start].contains("being");
        let passive =
            give && participle && (after_noun || headline) || chain.passive && !progressive;
        let mood = self.mood(hit, form, rule.frame, chain, passive)?;
        if rule.frame == Frame::Noun && !self.told_noun(hit) {
            return None;
        }
        // `X says it is waiting`, and X buys: a buyer's wait is for others.
        let buyer_waits = matches!(rule.frame, Frame::Wait | Frame::File)
            && ["says it", "said it"]
                .iter()
                .any(|words| low[..chain.start].trim_end().ends_with(words))
            && last_chunk.is_some_and(|i| self.chunks[i].naming == Naming::Named && !self.home(i));
        if buyer_waits {
            return None;
        }
        // `got the permit it had been waiting for`
        let waited = rule.frame == Frame::Wait
            && before.is_some_and(|t| {
                matches!(
                    low[self.themes[t].at.end..chain.start.max(self.themes[t].at.end)].trim(),
                    "it" | "they" | "the company" | "the firm"
                ) && (low[hit.at.end..].starts_with(" for")
                    || low[hit.at.clone()].ends_with(" for"))
            });
        if waited {
            return None;
        }
        // `the permit that allowed X to sell`: the license, not its grant, is spoken of.
        let describes = rule.frame == Frame::Give
            && rule.action == LicenseAction::Granted
            && before.is_some_and(|t| {
                matches!(
                    low[self.themes[t].at.end..chain.start.max(self.themes[t].at.end)].trim(),
                    "that" | "which"
                )
            })
            && (low[hit.at.clone()].starts_with("allow")
                || low[hit.at.clone()].starts_with("permit"));
        if describes {
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
        let goods = self.goods_of(hit, passive);
        if goods.is_some() {
            theme = None;
        }
        if let Some(found) = theme {
            // `received notification that the licence …`
            let got = matches!(rule.frame, Frame::Receive | Frame::Lose) && !passive;
            let at = self.themes[found].at.start;
            // `got its license renewed` is no grant.
            let end = self.themes[found].at.end;
            let verb = &low[hit.at.clone()];
            let caused = (verb.starts_with('g') || verb.ends_with("to have"))
                && self.hits.get(i + 1).is_some_and(|next| {
                    let next_rule = &self.rules.triggers[next.trigger];
                    next.at.start >= end
                        && low[end..next.at.start].split_whitespace().count() <= 1
                        && !low[end..next.at.start].contains([',', ';', '.'])
                        && next_rule.frame == Frame::Give
                        && matches!(next_rule.form, Form::Past | Form::Participle)
                });
            if got && caused {
                return None;
            }
            if got && at > hit.at.end && of_something_else(&low[hit.at.end..at]) {
                return None;
            }
            // `won an order to be shipped once a license is granted`
            static ONCE: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:order|orders|contracts?|deals?|loans?)\b.*\b(?:once|if|when|after|until|pending|subject to|for which|under|provided)\b").expect("a constant pattern")
            });
            // `received magnets under a license`
            static UNDER: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"\b(?:under|about|over|against|despite|without)\b")
                    .expect("a constant pattern")
            });
            let between = low.get(hit.at.end..at).unwrap_or_default();
            if got && (ONCE.is_match(between) || UNDER.is_match(between)) {
                return None;
            }
            let given =
                rule.frame == Frame::Give && passive && rule.action == LicenseAction::Granted;
            if (got || given) && at > hit.at.end && beside_the_point(between) {
                return None;
            }
            let asks = rule.frame == Frame::File && low[hit.at.clone()].starts_with("asked");
            if asks && of_something_else(between) {
                return None;
            }
            // `works under licence rules`
            static COMPOUND: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"^ (?:regimes?|rules?|systems?|requirements?|procedures?|platforms?|audits?)\b")
                    .expect("a constant pattern")
            });
            if COMPOUND.is_match(&low[end..]) {
                return None;
            }
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
            let filed_with = filed && rule.frame == Frame::Reach;
            if self.themes[found].other
                || filed_with
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
            && (talk.since <= 2 && !talk.other || self.spoken_before(hit))
            && last_chunk.is_some_and(|chunk| {
                let after =
                    &low[self.chunks[chunk].at.end..chain.start.max(self.chunks[chunk].at.end)];
                matches!(after.trim(), "'s" | "’s" | "'" | "’")
            });
        // `X's license was renewed, Y's ran out`
        let own = last_chunk.is_some_and(|chunk| {
            let at = self.chunks[chunk].at.end;
            let bare = low.get(at..chain.start).map(str::trim);
            let before =
                theme.is_some_and(|t| self.themes[t].at.end <= self.chunks[chunk].at.start);
            matches!(bare, Some("'s" | "’s" | "'" | "’")) && before
        });
        let elliptic = elliptic || own;
        if own {
            theme = None;
        }
        let mut borrowed = false;
        if theme.is_none() && !own {
            // `suspended X's license and halts magnets`: the second verb has an object of its own.
            let objectless = passive || !give || self.next_chunk(hit.at.end, hi, 3).is_some();
            if let Some(shared) = shared.filter(|_| objectless) {
                theme = Some(shared);
                borrowed = true;
            } else if talk.other && talk.since <= 2 && pronoun_subject {
                return None;
            }
        }
        // `X's licence is for one customer; it was issued on May 12`
        if theme.is_none()
            && (pronoun_subject
                && low[lo..chain.start].trim_end().ends_with("it")
                && (passive || rule.frame == Frame::End)
                || give
                    && !passive
                    && (takes_it(&low[hit.at.end..]) || low[hit.at.clone()].contains(" it ")))
        {
            theme = self.themes.iter().rposition(|t| {
                t.at.end <= hit.at.start
                    && !t.other
                    && t.owner.is_some()
                    && t.kind != ThemeKind::Stand
            });
        }
        // `the firm that was refused is X`
        let identified = self.identified(hit, chain.start, passive).filter(|_| {
            let spoken = talk.since <= 2 || self.spoken_before(hit);
            let relative = [" that ", " which ", " who "]
                .iter()
                .any(|word| low[..chain.start].ends_with(word));
            chain.infinitive || relative || theme.is_none() && spoken
        });
        let identified = identified.or(goods);
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
            && identified.is_none()
            && !self.may_lack_theme(hit, rule.frame, rule.action, passive, pronoun_subject, talk)
        {
            return None;
        }
        let mut identifies = false;
        let mut counted = false;
        let mut holders =
            self.holders(hit, rule.frame, chain, passive, headline, theme, lo, hi, talk);
        if let Some(chunk) = identified {
            holders.clone_from(&self.chunks[chunk].holders);
        }
        // `X's application was approved; it was another firm that was turned down`
        if borrowed && passive {
            let own = self.subject(lo, chain.start, None).map(|i| self.chunks[i].holders.clone());
            holders = own.filter(|own| !own.is_empty()).unwrap_or(holders);
        }
        if let Some(chunk) = last_chunk.filter(|_| elliptic) {
            holders.clone_from(&self.chunks[chunk].holders);
        }
        if holders.is_empty() && theme.is_none_or(|t| Some(t) == shared) {
            holders = subject.cloned().unwrap_or_default();
        }
        let got_it = rule.frame == Frame::Receive && takes_it(&low[hit.at.end..]);
        let it =
            low[hit.at.clone()].contains(" it ") || takes_it(&low[hit.at.end..]) && give || got_it;
        if holders.is_empty()
            && (it
                || definite
                || pronoun_subject && theme.is_none()
                || rule.frame == Frame::Noun && theme.is_none())
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
                    // `It` is one, and `one of them` is none of them by name.
                    let single = low.starts_with("it ")
                        || stand && theme.is_some_and(|t| self.themes[t].at.start == 0);
                    if single && holders.len() > 1 {
                        return None;
                    }
                }
                if holders.is_empty() {
                    holders = talk.one(self.names).map(Holder::Firm).into_iter().collect();
                }
            }
        }
        let renewed_request = theme.is_some_and(|t| {
            let t = &self.themes[t];
            let words = &low[t.at.clone()];
            // `An application covering X's plants has been lying with the ministry`
            let opens = t.at.start == 0 && talk.focus.len() == 1;
            (t.article == Article::Indefinite || opens && t.article == Article::Bare)
                && t.kind == ThemeKind::Application
                && (opens
                    || [
                        "new",
                        "fresh",
                        "second",
                        "third",
                        "fourth",
                        "fifth",
                        "another",
                        "further",
                        "separate",
                        "additional",
                    ]
                    .iter()
                    .any(|word| words.contains(word)))
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
        // `X had one permit; a second application was under review`
        if holders.is_empty() && renewed_request {
            holders = subject.cloned().unwrap_or_default();
        }
        let unsaid = passive
            || pronoun_subject
            || theme.is_some_and(|t| self.themes[t].at.end <= chain.start);
        if holders.is_empty() && renewed_request && talk.since <= 2 && unsaid {
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
        // `At X, where the license was suspended`, `For X the wait is over: a license was issued`
        let topic = self.chunks.first().filter(|chunk| {
            matches!(low[..chunk.at.start].trim(), "at" | "for" | "over at" | "and for" | "but for")
                && chunk.naming == Naming::Named
                && !chunk.doubtful
                && chunk.at.end <= hit.at.start
                && self.home_firms(chunk)
        });
        let one = theme.is_some_and(|t| {
            let words = &low[self.themes[t].at.clone()];
            self.themes[t].article != Article::Bare && !words.ends_with('s')
        });
        if let Some(chunk) = topic.filter(|_| holders.is_empty() && one && passive) {
            holders.clone_from(&chunk.holders);
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
        if self.anybody(&holders, hit, chain.start) {
            return None;
        }
        if holders.iter().any(|holder| self.negative_holder(holder)) && mood == Mood::Fact {
            return None;
        }
        // `only a quarter have been granted`
        static SHARE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:(?:a|one) (?:quarter|third|half|fraction|fifth|tenth|handful|few|dozen)|half|some|several|few|two.thirds|three.quarters|(?:\d+|[a-z]+ty|[a-z]+teen) ?(?:%|percent|per cent)|\d+|two|three|four|five|six|seven|eight|nine|ten|a number)(?: of (?:them|these|those|the applications|its applications))?$").expect("a constant pattern")
        });
        if passive && SHARE.is_match(low[lo..chain.start.max(lo)].trim_end()) {
            for holder in &mut holders {
                if let Holder::Group(group) = holder {
                    group.limited = true;
                }
            }
        }
        let negative = theme.is_some_and(|t| self.themes[t].negative);
        let mood = match mood {
            Mood::Fact if negative => Mood::Negated,
            other => other,
        };
        Some(Reading { action: rule.action, holders, theme, mood, counted, identifies })
    }

    fn negative_holder(&self, holder: &Holder) -> bool {
        self.chunks.iter().any(|chunk| chunk.negative && chunk.holders.contains(holder))
    }

    fn holder_like(&self, chunk: usize) -> bool {
        !self.chunks[chunk].holders.is_empty()
    }
}

/// `received notification that`, `received a letter about`: what is received is no license.
fn of_something_else(between: &str) -> bool {
    static ELSE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:that|whether|notification|notice|word|confirmation|letters?|news|calls?|questions?|complaints?|clarification|guidance|clarity|information|patience|documents?|data|requests? for|applications? for|advice|help)\b").expect("a constant pattern")
    });
    ELSE.is_match(between)
}

/// `won praise for its handling of licenses`: what was won stands before the preposition.
fn beside_the_point(between: &str) -> bool {
    const FITTING: &[&str] = &[
        "number",
        "handful",
        "batch",
        "series",
        "set",
        "couple",
        "pair",
        "part",
        "portion",
        "share",
        "round",
        "wave",
        "tranche",
        "group",
        "majority",
        "half",
        "dozens",
        "some",
        "most",
        "many",
        "all",
        "several",
        "few",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "each",
        "string",
        "slew",
        "extension",
        "renewal",
        "prolongation",
        "term",
        "approval",
        "approvals",
        "permission",
        "clearance",
        "nod",
        "light",
        "ahead",
        "battle",
        "fight",
        "race",
        "bid",
        "reinstatement",
        "version",
        "kind",
        "type",
        "form",
        "copy",
        "copies",
        "right",
        "year",
        "ministry",
        "department",
    ];
    let words: Vec<&str> = between.split_whitespace().collect();
    words.windows(2).any(|pair| {
        matches!(pair[1], "for" | "of") && !FITTING.contains(&pair[0]) && !pair[0].ends_with(',')
    })
}

/// `X, now licensed to export to Y, has`, `X, granted a license in May, said`.
fn apposed(between: &str, verb: &str) -> bool {
    static PARTICIPLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:(?:licen[cs]ed|cleared|approved|authori[sz]ed) (?:to (?:export|ship|sell|send|deliver)|in |on |last |since |earlier|already|(?:an?|one|two|three|four|five|six) (?:days?|weeks?|months?|years?) (?:earlier|later|before|ago))|(?:granted|given|issued|awarded|handed|denied|refused) (?:an?|its|the) )").expect("a constant pattern")
    });
    between.trim() == "," && PARTICIPLE.is_match(verb)
}

/// `renewed it`: the license spoken of before.
pub(super) fn takes_it(after: &str) -> bool {
    after.starts_with(" it ") || after.starts_with(" it,") || after == " it." || after == " it"
}

/// What a verb was found to say.
pub(super) struct Reading {
    pub(super) action: LicenseAction,
    pub(super) holders: Vec<Holder>,
    pub(super) theme: Option<usize>,
    pub(super) mood: Mood,
    pub(super) counted: bool,
    pub(super) identifies: bool,
}
