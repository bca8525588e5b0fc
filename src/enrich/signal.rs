//! Which way an article points for supply, and the words that say so.
//!
//! Cues only: a text that says neither is neutral. A cue that a negation
//! precedes counts for the other side.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use crate::lexicon::{Cue, Lexicon};
use crate::model::article::Language;
use crate::model::story::{Direction, Signal};
use crate::text;

/// How much of a body is read, in bytes: the news stands at the top.
const READ_BYTES: usize = 2_500;

/// One side outweighs the other when it has this many times its points.
const CLEAR: f32 = 2.0;

/// Reads title and the top of the body.
#[must_use]
pub fn signal(title: &str, body: &str, _language: &Language, lexicon: &Lexicon) -> Signal {
    let mut sides = Sides::default();
    sides.read(title, 2.0, lexicon);
    let mut read = 0;
    for sentence in text::sentences(body) {
        if read > READ_BYTES {
            break;
        }
        read += sentence.len();
        sides.read(sentence, 1.0, lexicon);
    }
    sides.decide()
}

#[derive(Default)]
struct Sides {
    easing: f32,
    tightening: f32,
    words: Vec<(Direction, String)>,
}

impl Sides {
    fn read(&mut self, sentence: &str, weight: f32, lexicon: &Lexicon) {
        let (rules, licenses, given) = match worth_reading(sentence) {
            true => (rules_lifted(sentence), licenses_lost(sentence), places(&GIVEN, sentence)),
            false => Default::default(),
        };
        let spans =
            rules.iter().chain(&licenses).chain(&given).cloned().collect::<Vec<Range<usize>>>();
        for at in rules {
            self.add(Direction::Easing, weight, text::one_line(&sentence[at]));
        }
        for at in given {
            if !lexicon.is_negated(&sentence[..at.start]) {
                self.add(Direction::Easing, weight, text::one_line(&sentence[at]));
            }
        }
        for at in licenses {
            self.add(Direction::Tightening, weight, text::one_line(&sentence[at]));
        }
        for hit in lexicon.cues(sentence) {
            let side = match hit.what {
                Cue::Easing => Direction::Easing,
                Cue::Tightening => Direction::Tightening,
                _ => continue,
            };
            // "Suspends its curbs" says one thing, and "curbs" alone is not another.
            if spans.iter().any(|span| hit.at.start < span.end && span.start < hit.at.end) {
                continue;
            }
            let negated = lexicon.is_negated(&sentence[..hit.at.start]);
            let side = match (side, negated) {
                (Direction::Easing, false) | (Direction::Tightening, true) => Direction::Easing,
                _ => Direction::Tightening,
            };
            self.add(side, weight, quoted(sentence, hit.at, negated, lexicon));
        }
    }

    fn add(&mut self, side: Direction, weight: f32, words: String) {
        if side == Direction::Easing {
            self.easing += weight;
        } else {
            self.tightening += weight;
        }
        if !self.words.iter().any(|(_, known)| known.eq_ignore_ascii_case(&words)) {
            self.words.push((side, words));
        }
    }

    fn decide(self) -> Signal {
        let direction = if self.easing == 0.0 && self.tightening == 0.0 {
            Direction::Neutral
        } else if self.easing >= self.tightening * CLEAR {
            Direction::Easing
        } else if self.tightening >= self.easing * CLEAR {
            Direction::Tightening
        } else {
            Direction::Mixed
        };
        let fits = |side: Direction| direction == Direction::Mixed || side == direction;
        let words = self.words.into_iter().filter(|(side, _)| fits(*side)).map(|(_, words)| words);
        Signal { direction, words: words.take(4).collect() }
    }
}

/// The cue as it stands, from the word on that turns it around if one does.
fn quoted(sentence: &str, at: Range<usize>, negated: bool, lexicon: &Lexicon) -> String {
    let mut start = at.start;
    if negated {
        // The nearest start from which the words hold the negation.
        let starts = sentence[..at.start].char_indices().rev().map(|(i, _)| i);
        let begins = |i: &usize| {
            *i == 0
                || sentence[..*i].ends_with(|c: char| c.is_whitespace() || text::is_han(c))
                || sentence[*i..].starts_with(text::is_han)
        };
        let holds = |i: &usize| lexicon.is_negated(&sentence[*i..at.start]);
        start = starts.filter(begins).take(6).find(holds).unwrap_or(start);
    }
    text::one_line(&sentence[start..at.end])
}

/// Whether a sentence holds a word without which none of the patterns holds: a cheap look.
fn worth_reading(sentence: &str) -> bool {
    const NOUNS: &[&str] = &[
        "control",
        "curb",
        "restriction",
        "ban",
        "rule",
        "measure",
        "announcement",
        "edict",
        "licen",
        "permit",
        "shipment",
        "deliveries",
        "exports",
    ];
    static NOUN: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(NOUNS)
            .expect("a constant table of short words")
    });
    NOUN.is_match(sentence) || sentence.chars().any(text::is_han)
}

/// Where a sentence says that controls, curbs or rules are lifted, suspended or put off.
fn rules_lifted(sentence: &str) -> Vec<Range<usize>> {
    static LIFTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?ix) \b(?:suspend\w*|paus\w*|lift\w*|eas(?:es|ed|ing)|relax\w*|loosen\w*|postpon\w*|delay\w*|
                shelv\w*|freez\w*|froze|scrap(?:s|ped)|set\w*\s+aside|put\w*\s+(?:on\s+hold|back|off|aside|on\s+ice)|stop(?:s|ped)\s+enforcing)
                [\s"“”‘’\-]+(?:[\w’'.\-]+[\s"“”‘’\-]+){0,6}? (?:control|curb|restriction|ban|rule|measure|announcement|edict)s?\b
            | \b(?:control|curb|restriction|ban|rule|measure|announcement|edict)s?\b [\s"“”‘’,()\-]+ (?:[\w’\'.\-]+[\s"“”‘’,()\-]+){0,6}?
                (?:suspended|suspension|paused|on\W{1,2}pause|lifted|eased|relaxed|loosened|postponed|shelved|frozen|scrapped|put\s+(?:back|off|aside)|on\s+hold|on\s+ice|will\s+not\s+apply|do(?:es)?\s+not\s+apply)
            | (?:暂停|中止|放宽|取消|解除|推迟)[^，。；]{0,10}(?:管制|限制|措施|禁令|公告)
            | (?:管制|限制|措施|禁令|公告)[^，。；]{0,8}(?:暂停|中止|放宽|取消|解除|推迟|停止执行)"#,
        )
        .expect("a constant pattern")
    });
    places(&LIFTED, sentence)
}

/// Where a sentence says that a license is suspended, revoked or refused, or deliveries stop.
fn licenses_lost(sentence: &str) -> Vec<Range<usize>> {
    static LOST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?ix) \b(?:suspend(?:s|ed|ing)?|withdraw(?:s|n)?|withdrew|cancel\w*) [\s"“”‘’,()\-]+ (?:[\w’\'.\-]+[\s"“”‘’,()\-]+){0,4}?
                (?:licen[cs]es?|permits?|shipments?|deliveries|exports)\b
            | \b(?:licen[cs]es?|permits?|shipments?|deliveries|exports) [\s"“”‘’\-]+ (?:was|were|is|are|has\s+been|have\s+been|had\s+been)? [\s]* (?:suspended|withdrawn|cancell?ed)\b
            | 暂停(?:出口|发货|供货|受理)"#,
        )
        .expect("a constant pattern")
    });
    places(&LOST, sentence)
}

/// Licenses handed out.
static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) \b(?:given|get|gets|got|obtain(?:s|ed)?|receiv(?:es|ed)|issu(?:es|ed)|grant(?:s|ed)|hand(?:s|ed|ing)\s+out|secured?|awarded)
            [\s’'-]+ (?:[\w’'“”\-]+\s+){0,5}? [“‘]?(?:licen[cs]es?|permits?)\b
        | \b(?:licen[cs]es?|permits?)[”’]? \s+ (?:[\w’'\-]+\s+){0,5}? (?:issued|granted|given|handed\s+out)\b
        | (?:拿到|获得|取得|颁发|下发)[^，。；]{0,10}许可",
    )
    .expect("a constant pattern")
});

/// Where a pattern holds in a sentence, found in its simplified form: both have the same
/// characters, so places are carried over by counting them.
fn places(pattern: &Regex, sentence: &str) -> Vec<Range<usize>> {
    let simple = text::simplified(sentence);
    let carried = |at: usize| {
        let count = simple[..at].chars().count();
        sentence.char_indices().nth(count).map_or(sentence.len(), |(i, _)| i)
    };
    pattern.find_iter(&simple).map(|found| carried(found.start())..carried(found.end())).collect()
}
