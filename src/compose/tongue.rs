//! The language of one sentence as it stands in a brief, to say so where it is not English.
//!
//! Script decides where it can. A Latin sentence is held to be English unless it
//! has none of English's commonest words and statistics are sure of another.

use crate::text;

/// A language other than English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tongue {
    /// BCP 47, for a `lang` attribute.
    pub(crate) tag: &'static str,
    /// Its English name.
    pub(crate) name: &'static str,
}

/// Words that hardly any English sentence does without.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "in", "is", "for", "on", "with", "has", "have", "was", "by", "that",
    "will", "from", "are", "its", "it", "at", "as",
];

/// The sentence's language; `None` for English and for what cannot be told.
pub(crate) fn tongue(sentence: &str) -> Option<Tongue> {
    let letters = sentence.chars().filter(|c| c.is_alphabetic()).count();
    let share = |test: fn(char) -> bool, of: usize| {
        let found = sentence.chars().filter(|c| test(*c)).count();
        found > 0 && found * of >= letters
    };
    if share(|c| matches!(c, '\u{3040}'..='\u{30ff}'), 8) {
        return Some(Tongue { tag: "ja", name: "Japanese" });
    }
    if share(|c| matches!(c, '\u{ac00}'..='\u{d7af}'), 4) {
        return Some(Tongue { tag: "ko", name: "Korean" });
    }
    if share(text::is_han, 4) {
        let tag = if text::simplified(sentence) == sentence { "zh-Hans" } else { "zh-Hant" };
        return Some(Tongue { tag, name: "Chinese" });
    }
    if share(|c| matches!(c, '\u{400}'..='\u{4ff}'), 2) {
        return Some(cyrillic(sentence));
    }
    if share(|c| matches!(c, '\u{600}'..='\u{6ff}'), 2) {
        let persian = sentence.contains(['پ', 'چ', 'ژ', 'گ', 'ی', 'ک']);
        return Some(if persian {
            Tongue { tag: "fa", name: "Persian" }
        } else {
            Tongue { tag: "ar", name: "Arabic" }
        });
    }
    if share(|c| matches!(c, '\u{590}'..='\u{5ff}'), 2) {
        return Some(Tongue { tag: "he", name: "Hebrew" });
    }
    latin(sentence, letters)
}

fn cyrillic(sentence: &str) -> Tongue {
    let lower = sentence.to_lowercase();
    if lower.contains(['і', 'ї', 'є', 'ґ']) {
        Tongue { tag: "uk", name: "Ukrainian" }
    } else if lower.contains(['ы', 'э', 'ё', 'ъ']) {
        Tongue { tag: "ru", name: "Russian" }
    } else {
        Tongue { tag: "und-Cyrl", name: "the original language" }
    }
}

fn latin(sentence: &str, letters: usize) -> Option<Tongue> {
    let lower = sentence.to_lowercase();
    let english = lower.split(|c: char| !c.is_alphabetic()).any(|word| ENGLISH.contains(&word));
    // `in`, `is`, `was` and `at` are words of Dutch, German and others too: only a sentence
    // without any is given to statistics, unless it has letters that English does not have.
    let marked = lower.contains(['ä', 'ö', 'ü', 'ß', 'ñ', 'ç', 'é', 'è', 'ã', 'ł', 'å', 'ø', 'ı']);
    if letters < 40 || (english && !marked) {
        return None;
    }
    let found = whatlang::detect(sentence).filter(whatlang::Info::is_reliable)?;
    let (tag, name) = match found.lang().code() {
        "deu" => ("de", "German"),
        "fra" => ("fr", "French"),
        "spa" => ("es", "Spanish"),
        "por" => ("pt", "Portuguese"),
        "ita" => ("it", "Italian"),
        "nld" => ("nl", "Dutch"),
        "pol" => ("pl", "Polish"),
        "swe" => ("sv", "Swedish"),
        "dan" => ("da", "Danish"),
        "nob" => ("no", "Norwegian"),
        "fin" => ("fi", "Finnish"),
        "tur" => ("tr", "Turkish"),
        "vie" => ("vi", "Vietnamese"),
        "ind" => ("id", "Indonesian"),
        _ => return None,
    };
    Some(Tongue { tag, name })
}
