//! The language of a text, and which Chinese script it is in.
//!
//! Characters decide for Chinese, Japanese and Korean, small words for English; statistics for
//! the rest.
//! A source's own word is believed when the text is too short to tell.

use crate::model::article::Language;
use crate::text;

/// Texts with fewer letters than this are not judged by statistics.
const TOO_SHORT: usize = 40;

/// Characters from which statistics tell a language.
const FEW: usize = 400;

/// The language of `text`; `hint` is the source's (`en`, `zh`).
#[must_use]
pub fn language(text: &str, hint: Option<&str>) -> Language {
    let sample: String = text.chars().take(3000).collect();
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    let count = |test: fn(char) -> bool| sample.chars().filter(|c| test(*c)).count();
    let han = count(text::is_han);
    let kana = count(|c| matches!(c, '\u{3040}'..='\u{30ff}'));
    let hangul = count(|c| matches!(c, '\u{ac00}'..='\u{d7af}'));
    if kana * 10 > letters && kana > 3 {
        return Language::from("ja");
    }
    if hangul * 5 > letters && hangul > 3 {
        return Language::from("ko");
    }
    if han * 4 > letters && han > 0 {
        return Language::from(script(&sample));
    }
    let hinted = || Language::from(hint.filter(|hint| !hint.is_empty()).unwrap_or("und"));
    if letters < TOO_SHORT {
        return hinted();
    }
    if is_english(&sample) {
        return Language::from("en");
    }
    // A few hundred characters tell nearly every language; all of them are asked only in doubt.
    let few: String = sample.chars().take(FEW).collect();
    let reliable = |text: &str| whatlang::detect(text).filter(whatlang::Info::is_reliable);
    match reliable(&few).or_else(|| reliable(&sample)) {
        Some(found) => by_code(found.lang().code()).unwrap_or_else(hinted),
        None => hinted(),
    }
}

/// Whether a word is a small one of English that is no word elsewhere, or a rare one.
fn english(word: &str) -> bool {
    matches!(
        word,
        "the"
            | "of"
            | "and"
            | "to"
            | "in"
            | "for"
            | "that"
            | "with"
            | "from"
            | "by"
            | "on"
            | "as"
            | "at"
            | "is"
            | "are"
            | "was"
            | "were"
            | "has"
            | "have"
            | "its"
            | "which"
            | "said"
            | "will"
            | "would"
            | "an"
            | "a"
    )
}

/// Whether a word is a small one of a neighbor of English.
fn foreign(word: &str) -> bool {
    matches!(
        word,
        "de" | "la"
            | "le"
            | "les"
            | "des"
            | "du"
            | "et"
            | "el"
            | "los"
            | "las"
            | "y"
            | "del"
            | "que"
            | "una"
            | "un"
            | "en"
            | "il"
            | "di"
            | "che"
            | "e"
            | "o"
            | "da"
            | "do"
            | "os"
            | "der"
            | "die"
            | "das"
            | "und"
            | "von"
            | "den"
            | "het"
            | "een"
            | "van"
            | "dat"
            | "ein"
            | "og"
            | "och"
            | "att"
            | "det"
            | "som"
            | "av"
            | "på"
            | "yang"
            | "dan"
            | "ve"
            | "bir"
            | "w"
            | "z"
            | "na"
    )
}

/// Words from which small ones tell that a text is English.
const FIRST_WORDS: usize = 150;

/// Whether small words leave no doubt that a text is English: they are all over it, `the` among
/// them, and another language's are not.
fn is_english(sample: &str) -> bool {
    let (mut words, mut the, mut ours, mut others) = (0, 0, 0, 0);
    let mut lower = String::new();
    let all = sample.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    for word in all.take(FIRST_WORDS) {
        words += 1;
        if word.len() > 5 {
            continue;
        }
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        the += usize::from(lower == "the");
        ours += usize::from(english(&lower));
        others += usize::from(foreign(&lower));
    }
    the >= 2 && the * 50 >= words && ours * 10 >= words && ours >= others * 8
}

/// Simplified or traditional: whichever the characters that differ belong to.
fn script(sample: &str) -> &'static str {
    let folded = text::simplified(sample);
    let traditional = sample.chars().zip(folded.chars()).filter(|(a, b)| a != b).count();
    let han = sample.chars().filter(|c| text::is_han(*c)).count();
    if traditional * 12 > han { "zh-Hant" } else { "zh-Hans" }
}

/// ISO 639-3 as BCP 47, for the languages of the sources shipped.
fn by_code(code: &str) -> Option<Language> {
    let tag = match code {
        "eng" => "en",
        "deu" => "de",
        "fra" => "fr",
        "spa" => "es",
        "por" => "pt",
        "ita" => "it",
        "nld" => "nl",
        "ukr" => "uk",
        "rus" => "ru",
        "pol" => "pl",
        "swe" => "sv",
        "dan" => "da",
        "nob" => "no",
        "fin" => "fi",
        "tur" => "tr",
        "vie" => "vi",
        "ind" => "id",
        "hin" => "hi",
        "ara" => "ar",
        "afr" => "af",
        "tha" => "th",
        _ => return None,
    };
    Some(Language::from(tag))
}
