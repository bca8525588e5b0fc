//! A verb and what stands around it: voice, mood, and whether it tells of something done.
//!
//! Judges single words only; who holds the license is for `holders`.

use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::enrich::claims::parts::{Hit, Naming, ThemeKind};
use crate::enrich::claims::rules::{Form, Frame};
use crate::enrich::claims::talk::Mood;

/// What the words left of a verb say.
#[derive(Clone, Copy, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing the words say, and they combine freely"
)]
pub(super) struct Chain {
    pub(super) start: usize,
    pub(super) modal: bool,
    pub(super) infinitive: bool,
    pub(super) negated: bool,
    pub(super) perfect: bool,
    pub(super) passive: bool,
    pub(super) present_be: bool,
}

impl Reader<'_> {
    /// The auxiliaries left of a verb.
    pub(super) fn chain(&self, at: usize) -> Chain {
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
            // `Both were approved`: there it is the subject.
            let opens = low[..from].trim_end();
            let opens = opens.is_empty() || opens.ends_with([',', ';', ':', '"', '“']);
            if opens && matches!(word, "both" | "all" | "each") {
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
            // `on 2 May cancelled`
            let month = plain == "may" && self.sentence.cut(from..from + 1) == "M" && from > 0;
            if month {
                break;
            }
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

    pub(super) fn mood(
        &self,
        hit: &Hit,
        form: Form,
        frame: Frame,
        chain: Chain,
        passive: bool,
    ) -> Option<Mood> {
        let low = &self.sentence.low;
        let title = self.sentence.title;
        static TO_COME: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: (?:on|in|at the end of|at end|next|this|by|late|early|mid))?[ -](?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|week|month|year|summer|autumn|spring|winter|mon|tue|wed|thu|fri|sat|sun|tomorrow|soon)").expect("a constant pattern")
        });
        static LET: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\blet (?:its|their|the|an?|that) (?:[\w-]+ ){1,10}$")
                .expect("a constant pattern")
        });
        // `Had X obtained one, it would have …`
        if low.starts_with("had ") && low.contains(" would ") {
            return None;
        }
        if chain.modal {
            return None;
        }
        if chain.infinitive {
            let head = low[..chain.start + 2].trim_end();
            let unable = [
                "not able to",
                "n't able to",
                "not allowed to",
                "n't allowed to",
                "not managed to",
            ]
            .iter()
            .any(|words| head.ends_with(words));
            if unable || !self.rules.mood.en_factual_to.is_match(head) {
                return None;
            }
        }
        let factual = match form {
            Form::Past | Form::Participle | Form::Fixed => true,
            // `licence expires 31 July`
            Form::Present if frame == Frame::End && TO_COME.is_match(&low[hit.at.end..]) => false,
            Form::Present => {
                title || self.sentence.item || frame == Frame::Hold || frame == Frame::Wait
            }
            Form::Base => {
                chain.infinitive
                    || frame == Frame::Hold && !chain.modal
                    || title && frame != Frame::File
                    || chain.negated
                    || frame == Frame::End && LET.is_match(&low[..hit.at.start])
            }
            Form::Gerund => {
                let word = low[..chain.start]
                    .trim_end()
                    .rsplit(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                // `relented, granting X …`, `an order suspending X's license`
                let goes_on = frame == Frame::Give
                    && low[..chain.start].trim_end().ends_with(',')
                    && !low[..chain.start].contains("would ");
                let order = frame == Frame::Give
                    && matches!(
                        word.as_str(),
                        "order" | "notice" | "decision" | "ruling" | "letter"
                    );
                goes_on
                    || order
                    || chain.passive
                    || chain.perfect
                    || matches!(word.as_str(), "after" | "since" | "despite" | "upon" | "following")
                    || frame == Frame::Wait
                        && (self.sentence.item || title)
                        && !low[..chain.start].contains(". ")
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
                let head = &low[clause..chain.start.max(clause)];
                // `was asked for documents and received its license`
                let rejoined = matches!(form, Form::Past)
                    && head.trim_end().ends_with(" and")
                    && m.as_str().starts_with("ask");
                !rejoined
                    && (!(m.as_str().starts_with("before") || m.as_str().starts_with("until"))
                        || !low[clause..].starts_with(" until"))
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

    /// `ships under permits granted in June`: a participle that only describes the license used.
    pub(super) fn under(&self, theme: Option<usize>, hit: &Hit) -> bool {
        let Some(theme) = theme.map(|i| &self.themes[i]) else { return false };
        static USES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:\b(?:ships?|exports?|sells?|deliver(?:s|ed|ing)?|shipped|exported|suppl(?:y|ies|ied)|works?|left|leaves?|sailed|departed|went|arrived|moved|came)\b[^,;.]{0,60} under|\b(?:switched|moved|changed|gone over) to|\b(?:rely|relies|relied) on) (?:(?:an?|the|its|their|several|two|three) )?(?:[\w-]+ ){0,4}$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        theme.at.end <= hit.at.start
            && low[theme.at.end..hit.at.start].trim().is_empty()
            && USES.is_match(&low[..theme.at.start])
    }

    /// `the suspension of X's license took effect`: a noun told as something that happened.
    pub(super) fn told_noun(&self, hit: &Hit) -> bool {
        static AFTER: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^ of [^,;]{0,90}").expect("a constant pattern"));
        static TOLD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:took effect|takes effect|came|announc\w+|confirm\w+|disclos\w+|report\w+|follow\w*|after|since|because of|due to|despite|cost|forced|meant|led|halted|stopped|received|got|notice of|news of|notified|informed|said|was told|appeal\w*|sues?|sued|suing|gone to court|to court over|contest\w*|challeng\w*)\b").expect("a constant pattern")
        });
        static UNTOLD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:no|not|never|without|threat\w*|possible|potential|avoid\w*|risk\w*|fear\w*|delay\w*|deny|denie[sd]|rumou?r\w*|lift\w*|end(?:ed|s)? the|revers\w*|overturn\w*|could|would|may|might|if|question\w*|whether|against|demand\w*|call\w*)\b").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        // `The revocation took effect on April 30.`
        static BARE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:took effect|came into (?:force|effect)|was (?:announced|confirmed)|became (?:known|final)|follow(?:s|ed))\b").expect("a constant pattern")
        });
        // `a suit against the withdrawal` tells of it.
        static SUIT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:suit|lawsuit|appeal|case|complaint|claim|objection|protest)s?\b[^,;]{0,50} against (?:the|its)? ?$").expect("a constant pattern")
        });
        let contested = SUIT.find(&low[..hit.at.start]);
        let untold = match contested {
            Some(m) => UNTOLD.is_match(&low[..m.start()]) || UNTOLD.is_match(&low[hit.at.end..]),
            None => UNTOLD.is_match(low),
        };
        let bare = low[..hit.at.start].trim() == "the" && BARE.is_match(&low[hit.at.end..]);
        (AFTER.is_match(&low[hit.at.end..]) || bare)
            && (contested.is_some() || TOLD.is_match(low))
            && !untold
            && !self.sentence.title
    }

    /// `X has a general license`: the license follows at once, and `has` is no auxiliary.
    pub(super) fn holds(&self, hit: &Hit, i: usize) -> bool {
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
                            && !between.contains([',', ';', ':', '—'])
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
}

impl Chain {
    fn negated_word(self, word: &str, negators: &[String]) -> bool {
        negators.iter().any(|negator| negator == word)
    }
}

/// `X is not among the exporters that`: what the others got is not X's.
fn left_out(before: &str) -> bool {
    static OUT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:\b(?:not|never|neither|nor)|n['’]t) (?:[\w-]+ ){0,2}?(?:among|amongst|one of|on|in|part of|included|listed|named|make|made|appear\w*|feature\w*|figure\w*)\b[^,;:]{0,90}\b(?:that|who|which|whose|to have been|to have|to be|of those|firms|companies|exporters|makers|suppliers)$|\b(?:absent|missing|excluded|omitted|left (?:out|off)|dropped) (?:from|of|off)?[^,;:]{0,90}\b(?:that|who|which|to have been|to be|firms|companies|exporters|makers|suppliers)$").expect("a constant pattern")
    });
    OUT.is_match(before.trim_end())
}

/// `denied that …`, `rejected reports`: an answer to talk, no refusal of a license.
pub(super) fn denial_of_talk(after: &str) -> bool {
    static TALK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?: [\w-]+){0,3} (?:that|reports?|rumou?rs?|claims?|talk|suggestions?|speculation|having|allegations?|media)\b").expect("a constant pattern")
    });
    TALK.is_match(after)
}
