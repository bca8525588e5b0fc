//! Names that no lexicon knows, and how they sound, so that spellings, cases and alphabets meet.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::print::{STOP_WORDS, hash, runs};
use super::tables::{self, DAYS_AND_MONTHS, OUTLETS, PLACE_STEMS};
use crate::text;

/// Capitalized words inside sentences: names. A title counts unless it writes every word so.
pub(super) fn proper(title: &str, body: &str) -> Vec<String> {
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let long = || title.split_whitespace().filter(|word| word.chars().count() > 3).skip(1);
    let titled = long().filter(|word| capital(word)).count() * 2 > long().count();
    let title = if titled { "" } else { title };
    let mut list = Vec::new();
    for sentence in text::sentences(title).into_iter().chain(text::sentences(body)) {
        if sentence.contains(text::is_han) {
            // Between Chinese characters whatever is written in other letters is a name.
            list.extend(runs(sentence).filter_map(name));
            continue;
        }
        let words: Vec<&str> = sentence.split(|c: char| c.is_whitespace() || c == '/').collect();
        for (i, word) in words.iter().enumerate() {
            // Every sentence begins with a capital: its first word is a name if it goes on as one.
            if i > 0 || words.get(1).is_some_and(|next| capital(next)) {
                list.extend(name(word));
            }
        }
    }
    list
}

/// A word that is a name nobody else has a place for, in lower case.
fn name(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    let word = word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word);
    if word.chars().count() < 3 || !word.starts_with(char::is_uppercase) {
        return None;
    }
    let lower = word.to_lowercase();
    let known = STOP_WORDS.contains(lower.as_str())
        || NO_NAMES.contains(lower.as_str())
        || PLACE_STEMS.tells(&lower);
    (!known).then_some(lower)
}

/// Capitalized words that are no names of an event's own, by word.
static NO_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    OUTLETS.split_whitespace().chain(DAYS_AND_MONTHS.split_whitespace()).collect()
});

/// How a name sounds: its first consonants in Latin letters, so that spellings, cases and
/// alphabets meet. Nothing when there are too few to tell names apart.
pub(super) fn sound(name: &str) -> Option<u32> {
    let mut skeleton = String::from("~");
    for c in name.chars() {
        let Some(latin) = consonants(c) else { continue };
        if !skeleton.ends_with(latin) {
            skeleton.push_str(latin);
        }
    }
    let short: String = skeleton.chars().take(SOUND + 1).collect();
    (short.len() > 3).then(|| hash(&short))
}

/// Consonants by which a name is known.
const SOUND: usize = 4;

/// A letter's consonant; vowels, and what is written in many ways, have none.
fn consonants(letter: char) -> Option<&'static str> {
    Some(match letter {
        'b' | 'б' => "b",
        'c' | 'k' | 'q' | 'к' => "k",
        'd' | 'д' => "d",
        'f' | 'ф' => "f",
        'g' | 'г' | 'ґ' => "g",
        'j' | 'ж' => "j",
        'l' | 'л' => "l",
        'm' | 'м' => "m",
        'n' | 'н' => "n",
        'p' | 'п' => "p",
        'r' | 'р' => "r",
        's' | 'с' | 'ш' => "s",
        't' | 'т' => "t",
        'v' | 'w' | 'в' => "v",
        'z' | 'з' | 'ц' => "z",
        _ => return None,
    })
}

/// How a name sounds to Chinese ears, which tell neither `r` from `l` nor `b` from `p`: the names
/// of Latin and Cyrillic letters meet what is written of them in characters. Nothing for names of
/// few sounds.
pub(super) fn rough_sound(name: &str) -> Option<u32> {
    let mut skeleton = String::from("^");
    // An `r` at the end is not heard.
    for c in name.trim_end_matches(['r', 'р']).chars() {
        let Some(latin) = consonants(c) else { continue };
        let rough = match latin {
            "b" => "p",
            "d" => "t",
            "g" => "k",
            "r" => "l",
            "v" => "f",
            "z" => "s",
            same => same,
        };
        if !skeleton.ends_with(rough) {
            skeleton.push_str(rough);
        }
    }
    (skeleton.len() > ROUGH).then(|| hash(&skeleton))
}

/// Sounds by which a name is known across characters and letters.
const ROUGH: usize = 3;

/// The sounds of foreign names written in Chinese characters: of every run of the characters that
/// such names are written in, and of what stays when its first one or two are words' ends.
pub(super) fn han_sounds(simple: &str) -> Vec<u32> {
    let mut list = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    for c in simple.chars().chain(['\n']) {
        match HAN_SOUNDS.get(&c) {
            Some(sounds) => run.push(sounds),
            None => {
                for start in 0..run.len().saturating_sub(2).min(3) {
                    let mut skeleton = String::from("^");
                    for sound in run[start..].iter().flat_map(|sounds| sounds.split("")) {
                        if !skeleton.ends_with(sound) {
                            skeleton.push_str(sound);
                        }
                    }
                    if skeleton.len() > ROUGH {
                        list.push(hash(&skeleton));
                    }
                }
                run.clear();
            }
        }
    }
    list
}

/// Consonants of the characters that foreign names are written in, by character.
static HAN_SOUNDS: LazyLock<HashMap<char, &str>> = LazyLock::new(|| {
    let pairs = tables::pairs(tables::TRANSCRIBED);
    pairs
        .flat_map(|(sounds, all)| {
            all.chars().map(move |c| (c, if sounds == "-" { "" } else { sounds }))
        })
        .collect()
});
