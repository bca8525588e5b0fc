//! Highlights: three to five whole sentences of the article, each able to stand alone.
//!
//! Nothing is rewritten. A sentence that leans on the one before it, asks,
//! advertises or breaks off is never taken; better two highlights than three
//! of which one says nothing.

use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::Lexicon;
use crate::model::article::Language;
use crate::text;

/// Most highlights taken.
const MOST: usize = 5;
/// A sentence below this share of the best one's points is not worth its place, past the third.
const WORTH: f32 = 0.45;
/// Two sentences that share more than this of their words say the same.
const SAME: f32 = 0.55;

/// The article's highlights, in its order.
#[must_use]
pub fn summarize(title: &str, body: &str, language: &Language, lexicon: &Lexicon) -> Vec<String> {
    let sentences: Vec<&str> = text::sentences(body).into_iter().map(without_dateline).collect();
    let title_words = words(title);
    let mut scored: Vec<(usize, f32)> = Vec::new();
    for (i, sentence) in sentences.iter().enumerate().take(60) {
        if stands_alone(sentence, language) && !lexicon.is_boilerplate(sentence) {
            scored.push((i, score(sentence, i, &title_words, language, lexicon)));
        }
    }
    scored.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let best = scored.first().map_or(0.0, |(_, points)| *points);
    let mut chosen: Vec<(usize, Vec<u64>)> = Vec::new();
    for (i, points) in scored {
        let enough = chosen.len() >= 3 && points < best * WORTH;
        if chosen.len() == MOST || enough {
            break;
        }
        let mine = words(sentences[i]);
        if chosen.iter().all(|(_, theirs)| overlap(&mine, theirs) < SAME) {
            chosen.push((i, mine));
        }
    }
    chosen.sort_by_key(|(i, _)| *i);
    chosen.into_iter().map(|(i, _)| text::one_line(sentences[i])).collect()
}

/// Openings with `the` that point back.
const POINTING: &[&str] = &[
    "the move",
    "the step",
    "the decision",
    "the company",
    "the firm",
    "the ministry said it",
    "the report",
    "the statement",
    "the latter",
    "the former",
    "the two",
    "the three",
    "the same",
    "the news",
    "the measure",
    "the pair",
    "the trio",
    "the deal",
    "the agreement",
    "the group",
    "the spokesperson",
    "the article",
];

/// Openings that lean on the sentence before, in Chinese.
const LEANING_HAN: &[&str] = &[
    "他", "她", "它", "这", "該", "该", "此", "其", "但", "而", "因此", "同时", "同時", "另外",
    "此外", "对此", "對此", "不过", "不過", "然而", "所以", "以及", "并", "上述", "前者", "后者",
    "在此", "在这", "在這", "据此", "那么", "从而", "首先", "其次", "最后",
];

/// Whether a sentence can be read by itself: whole, a statement, of a readable length, and not
/// leaning on another.
#[must_use]
pub fn stands_alone(sentence: &str, language: &Language) -> bool {
    let sentence = sentence.trim();
    let length = sentence.chars().count();
    if is_labelled(sentence) {
        return false;
    }
    let closed = sentence.trim_end_matches(['"', '\'', '”', '’', '」', ')', '）']);
    if language.is_chinese() || sentence.chars().filter(|c| text::is_han(*c)).count() * 3 > length {
        let whole = closed.ends_with(['。', '！', '.']);
        return whole
            && (14..=180).contains(&length)
            && !LEANING_HAN.iter().any(|opening| sentence.starts_with(opening));
    }
    if !(45..=420).contains(&length)
        || !closed.ends_with(['.', '!', '。'])
        || closed.ends_with("...")
    {
        return false;
    }
    if !sentence
        .starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '$' | '€'))
    {
        return false;
    }
    let quotes = sentence.matches(['“', '”']).count() + sentence.matches('"').count();
    if quotes % 2 == 1 {
        return false;
    }
    let lower = sentence.to_lowercase();
    !opens_with_a_pronoun(sentence)
        && !text::leans(sentence)
        && !POINTING.iter().any(|opening| lower.starts_with(opening))
}

/// A sentence without the place, day and agency that open a wire story.
fn without_dateline(sentence: &str) -> &str {
    static LATIN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x)^\(?(?:
                [A-Z][A-Z.'’\-]+(?:[\s/][A-Z][A-Z.'’\-]+){0,4} (?:,\s[^—–―:]{1,24}?)? \s*(?:\([^)]{1,20}\))?
                | (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2}(?:\s\([^)]{1,20}\))?
              )\)? (?: \s*[—–―]\s* | \s+--?\s+ | :\s+ )",
        )
        .expect("a constant pattern")
    });
    static HAN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[（(【]?[^，。；：\s]{0,20}[电電讯訊][）)】]|[^，。；：\s]{2,16}日[电電讯訊][\s　]|[【][^】]{2,20}[】])[\s　]*")
            .expect("a constant pattern")
    });
    for pattern in [&LATIN, &HAN] {
        if let Some(found) = pattern.find(sentence) {
            let rest = sentence[found.end()..].trim_start();
            if rest.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || text::is_han(c))
            {
                return rest;
            }
        }
    }
    sentence
}

/// Words for somebody or something named before.
const PRONOUNS: &[&str] =
    &["it", "they", "them", "he", "she", "this", "these", "those", "its", "their"];

/// Whether a sentence speaks of somebody in its first words before it has named anybody.
fn opens_with_a_pronoun(sentence: &str) -> bool {
    let words = sentence.split_whitespace().take(8).enumerate();
    for (i, word) in words {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if PRONOUNS.contains(&word.to_lowercase().as_str()) {
            return true;
        }
        if i > 0 && word.starts_with(char::is_uppercase) {
            return false;
        }
    }
    false
}

/// Labels of questions and answers, and of lists.
fn is_labelled(sentence: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?i:question|answer|q|a|note|source|editor)\s*[:.]|^[^，。：]{0,16}[问問答][：:]|^[（(]?[一二三四五六七八九十\d]{1,2}[）)、]")
            .expect("a constant pattern")
    });
    LABEL.is_match(sentence)
}

fn score(
    sentence: &str,
    place: usize,
    title: &[u64],
    language: &Language,
    lexicon: &Lexicon,
) -> f32 {
    let names = lexicon.names(sentence).len().min(4);
    let cues = lexicon.cues(sentence).len().min(5);
    let digits =
        sentence.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count().min(4);
    let about_title = overlap(title, &words(sentence));
    let length = sentence.chars().count();
    let short = if language.is_chinese() { length < 20 } else { length < 70 };
    let consequence = CONSEQUENCES.iter().any(|word| sentence.contains(word));
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let points =
        1.2 * names as f32 + 0.6 * cues as f32 + 0.9 * digits as f32 - 0.12 * place.min(20) as f32;
    let lead = if place == 0 { 2.5 } else { 0.0 };
    points + lead + 3.0 * about_title + if consequence { 0.8 } else { 0.0 }
        - if short { 1.0 } else { 0.0 }
}

/// Words that tie a fact to its consequence.
const CONSEQUENCES: [&str; 14] = [
    " so ",
    "meaning",
    "which means",
    "leaving",
    "allow",
    "because",
    "after ",
    "until",
    "unless",
    "therefore",
    "因此",
    "使",
    "导致",
    "意味着",
];

/// The words that carry meaning, by hash, sorted: long enough, or pairs of Chinese characters.
fn words(text: &str) -> Vec<u64> {
    let simple = text::simplified(text);
    let mut set = Vec::new();
    for run in simple.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        if run.chars().any(text::is_han) {
            let next = run.chars().skip(1);
            set.extend(run.chars().zip(next).map(|(a, b)| hash([a, b].into_iter())));
        } else if run.chars().count() > 3 || run.chars().any(|c| c.is_ascii_digit()) {
            set.push(hash(run.chars().flat_map(char::to_lowercase)));
        }
    }
    set.sort_unstable();
    set.dedup();
    set
}

/// FNV-1a over characters: it guards against nothing but chance.
fn hash(chars: impl Iterator<Item = char>) -> u64 {
    chars.fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The share of the smaller set that both have.
#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn overlap(a: &[u64], b: &[u64]) -> f32 {
    let smaller = a.len().min(b.len());
    if smaller == 0 {
        return 0.0;
    }
    a.iter().filter(|word| b.binary_search(word).is_ok()).count() as f32 / smaller as f32
}
