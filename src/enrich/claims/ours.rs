//! Whether the licenses a text speaks of are China's for rare-earth exports at all.
//!
//! Cars, beef, chips, arms, mines and software have licenses of their own, and
//! other states issue them; such a sentence holds no claim, nor do those after
//! it that only go on about it. English only; nothing here looks at holders.

use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::names::Names;
use super::rules::{Rules, Tongue};

/// For each sentence, whether its licenses are others'.
pub(super) fn alien(sentences: &[Sentence<'_>], names: &Names, rules: &Rules) -> Vec<bool> {
    let chinese = sentences.iter().any(|sentence| rules.ours.china.is_match(&sentence.low));
    // A text that names none of our goods must name no others either.
    let ours_named = sentences.iter().any(|sentence| {
        rules.ours.goods.is_match(&sentence.low) || rules.ours.kind.is_match(&sentence.low)
    }) || names.entities.iter().any(|entity| entity.known && !entity.foreign());
    let strange = !ours_named
        && sentences.iter().any(|sentence| {
            sentence.tongue == Tongue::En
                && rules.ours.others.find_iter(&sentence.low).any(|m| {
                    !matches!(m.as_str(), "business" | "work" | "operating")
                        && !names_a_buyer(&sentence.low[m.end()..])
                })
        });
    if strange {
        return sentences.iter().map(|sentence| sentence.tongue == Tongue::En).collect();
    }
    let mut ours: Option<bool> = None;
    let mut found: Vec<Option<bool>> = Vec::with_capacity(sentences.len());
    for (sentence, mentions) in sentences.iter().zip(&names.mentions) {
        if sentence.tongue == Tongue::Zh {
            ours = decided_zh(&sentence.low, rules).or(ours);
        }
        if sentence.tongue == Tongue::En {
            // A firm's name may hold other goods: Xiamen Tungsten.
            let mut bare = sentence.low.clone();
            for mention in mentions.iter().rev() {
                bare.replace_range(mention.at.clone(), "it");
            }
            ours = decided(&sentence.low, &bare, ours, chinese, rules).or(ours);
        }
        found.push(ours);
    }
    // What stands before the first telling sentence, a title mostly, is of the same licenses.
    let first = found.iter().flatten().next().copied();
    sentences
        .iter()
        .zip(found)
        .map(|(sentence, ours)| sentence.tongue != Tongue::Uk && ours.or(first) == Some(false))
        .collect()
}

/// What a Chinese sentence says of it: the goods that stand beside its licenses.
fn decided_zh(low: &str, rules: &Rules) -> Option<bool> {
    let words = &rules.ours;
    if words.zh_beside.is_match(low) {
        return Some(false);
    }
    if !words.zh_license.is_match(low) {
        return None;
    }
    if words.zh_goods.is_match(low) {
        return Some(true);
    }
    words.zh_others.is_match(low).then_some(false)
}

/// `drone` in `a license to ship to a drone maker` is no goods of the license.
pub(super) fn names_a_buyer(after: &str) -> bool {
    let after = after.trim_start_matches([' ', '-']);
    [
        "maker",
        "manufacturer",
        "producer",
        "supplier",
        "company",
        "companies",
        "firm",
        "industry",
        "customer",
        "buyer",
        "group",
        "giant",
        "operator",
        "builder",
        "plant",
        "motor",
        "partner",
    ]
    .iter()
    .any(|noun| after.starts_with(noun))
}

/// What a sentence says of it by itself; `bare` is the sentence without firms' names.
fn decided(
    low: &str,
    bare: &str,
    before: Option<bool>,
    chinese: bool,
    rules: &Rules,
) -> Option<bool> {
    let words = &rules.ours;
    if !words.license.is_match(low) {
        return None;
    }
    let beside = words.beside.find_iter(bare).any(|m| {
        // `a licence for its VW business`
        let dealings = m.as_str().ends_with("business") && m.as_str().contains(" for ");
        !dealings && !words.goods.is_match(m.as_str()) && !names_a_buyer(&bare[m.end()..])
    });
    if beside || words.foreign.is_match(low) {
        return Some(false);
    }
    if words.abroad.is_match(low) && !words.china.is_match(low) {
        return Some(false);
    }
    // An importer's permit is its own state's, unless the text says that it is China's.
    static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\bimport (?:licen[cs]es?|permits?|approvals?)\b").expect("a constant pattern")
    });
    if IMPORT.is_match(low) && !chinese {
        return Some(false);
    }
    // `a license to export umbrellas`
    static GOODS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:licen[cs]es?|permits?) (?:to|for) (?:the )?(?:export(?:ing)?|ship(?:ping)?|sell(?:ing)?|exports? of|shipments? of) (?:its |their |the |more |some )?(?:to\b|for\b|in\b|under\b|abroad|overseas|again|goods|products?|materials?|items?|oxides?|alloys?|powders?|metals?|targets?|motors?|rotors?|dual|controlled|heavy|light|medium|rare|permanent|sintered|bonded|it\b|them\b|[^a-z])").expect("a constant pattern")
    });
    static TO_EXPORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(?:licen[cs]es?|permits?) (?:to|for) (?:the )?(?:export(?:ing)?|ship(?:ping)?|sell(?:ing)?|exports? of|shipments? of) [a-z]").expect("a constant pattern")
    });
    let strange = before.is_none()
        && TO_EXPORT.is_match(bare)
        && !GOODS.is_match(bare)
        && !words.goods.is_match(low);
    if strange {
        return Some(false);
    }
    if words.goods.is_match(low) || words.kind.is_match(low) {
        return Some(true);
    }
    (before != Some(true) && words.others.is_match(bare)).then_some(false)
}
