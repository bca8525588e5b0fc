//! Which way an article points for supply, and the words that say so.
//!
//! Cues only: a text that says neither is neutral. A cue that a negation
//! precedes counts for the other side.

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
        for hit in lexicon.cues(sentence) {
            let side = match hit.what {
                Cue::Easing => Direction::Easing,
                Cue::Tightening => Direction::Tightening,
                _ => continue,
            };
            let negated = lexicon.is_negated(&sentence[..hit.at.start]);
            let side = match (side, negated) {
                (Direction::Easing, false) | (Direction::Tightening, true) => Direction::Easing,
                _ => Direction::Tightening,
            };
            if side == Direction::Easing {
                self.easing += weight;
            } else {
                self.tightening += weight;
            }
            let words = quoted(sentence, hit.at, negated);
            if !self.words.iter().any(|(_, known)| known.eq_ignore_ascii_case(&words)) {
                self.words.push((side, words));
            }
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

/// The cue as it stands, with the word before it when that turns it around.
fn quoted(sentence: &str, at: std::ops::Range<usize>, negated: bool) -> String {
    let start = if negated {
        let before = sentence[..at.start].trim_end();
        before.rfind(char::is_whitespace).map_or(at.start, |space| space + 1)
    } else {
        at.start
    };
    text::one_line(&sentence[start..at.end])
}
