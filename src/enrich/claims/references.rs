//! References back: `the company`, `all three`, `it` mean firms that the text has named, or nobody.
//!
//! A buyer is no `exporter`, and a stranger is not the firm named last.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::names::Names;
use super::parts::{self, Chunk, Naming};
use super::rules::Rules;
use super::talk::{Talk, firm};

/// References back.
pub(super) fn references(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut add = |at: Range<usize>, firms: Vec<usize>, chunks: &[Chunk]| {
        parts::refer(&mut found, chunks, at, firms);
    };
    let nearest = |at: usize, foreign: bool| {
        parts::named_before(chunks, at, |i| {
            names.entities[i].foreign() == foreign && names.entities[i].sure
        })
    };
    if let Some(pattern) = rules.references.all.get("en") {
        for m in pattern.find_iter(low) {
            let count = ["three", "four", "five", "six", "trio", "quartet"]
                .iter()
                .zip([3, 4, 5, 6, 3, 4])
                .find(|(word, _)| m.as_str().contains(**word))
                .map_or(0, |(_, n)| n);
            let firms = if count > 0 {
                earlier(chunks, m.start(), count, talk, names)
            } else {
                talk.focus.clone()
            };
            add(m.range(), firms, chunks);
        }
    }
    if let Some(pattern) = rules.references.both.get("en") {
        for m in pattern.find_iter(low) {
            if m.as_str() == "both" && low[m.end()..].starts_with(" the ") {
                continue;
            }
            add(m.range(), earlier(chunks, m.start(), 2, talk, names), chunks);
        }
    }
    if let Some(pattern) = rules.references.one.get("en") {
        for m in pattern.find_iter(low) {
            let firm = nearest(m.start(), false).or_else(|| talk.one(names));
            // No buyer is `the exporter`, and `the exporter that serves it` is a stranger.
            let sells = [
                "exporter",
                "producer",
                "supplier",
                "vendor",
                "shipper",
                "seller",
                "smelter",
                "processor",
            ]
            .iter()
            .any(|noun| m.as_str().ends_with(noun));
            let described = [" that ", " which ", " who ", " of its "]
                .iter()
                .any(|word| low[m.end()..].starts_with(word));
            let firm = firm.filter(|i| !(sells && (described || names.entities[*i].foreign())));
            add(m.range(), firm.into_iter().collect(), chunks);
        }
    }
    for (word, last) in [("the former", false), ("the latter", true)] {
        for (at, _) in low.match_indices(word) {
            let pair = chunks.iter().rfind(|chunk| {
                chunk.at.end <= at && chunk.naming == Naming::Named && chunk.holders.len() == 2
            });
            let firm = pair
                .and_then(|chunk| if last { chunk.holders.last() } else { chunk.holders.first() })
                .and_then(firm)
                .or(match talk.focus.as_slice() {
                    [first, second] => Some(if last { *second } else { *first }),
                    _ => None,
                })
                .or_else(|| {
                    let here: Vec<usize> = chunks
                        .iter()
                        .filter(|chunk| chunk.at.end <= at && chunk.naming == Naming::Named)
                        .flat_map(|chunk| chunk.holders.iter().filter_map(firm))
                        .collect();
                    match here.as_slice() {
                        [first, second] => Some(if last { *second } else { *first }),
                        _ => None,
                    }
                });
            add(at..at + word.len(), firm.into_iter().collect(), chunks);
        }
    }
    static BUYER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\bthe (?:[\w.-]+ )?(?:carmaker|automaker|buyer|importer|customer)\b")
            .expect("a constant pattern")
    });
    for m in BUYER.find_iter(low) {
        let firm = nearest(m.start(), true).or(talk.buyer);
        add(m.range(), firm.into_iter().collect(), chunks);
    }
    static PRONOUN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(it|they|we)\b (?:has|have|had|was|were|is|are|did|does|do|also|now|still|already|received|obtained|got|secured|won|lost|applied|asked|lodged|sought|cleared|gained|landed|put|handed|sent|requested|reapplied|ships|sells|expects|filed|submitted|holds|held|hold|will|would|may|can)\b").expect("a constant pattern")
    });
    for captures in PRONOUN.captures_iter(low) {
        let Some(m) = captures.get(1) else { continue };
        // `we` speaks only where somebody is quoted; `it was another firm that` means nobody.
        static CLEFT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:is|was) (?:an?|the|another|not|only|too|also (?:an?|the)|unclear|expected|understood|believed|reported|possible|likely|the first)\b").expect("a constant pattern")
        });
        let quoted = talk.voice.is_some() || low.contains(['"', '“', '”']);
        if m.as_str() == "we" && !quoted || m.as_str() == "it" && CLEFT.is_match(&low[m.end()..]) {
            continue;
        }
        // `X says it is waiting`: it is X, at home or abroad.
        static SAYS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^,? (?:said|says|confirmed|confirms|told [\w ]{3,24}|announced|reported|wrote)(?: (?:on|in|late) \w+)?(?: that)? $").expect("a constant pattern")
        });
        let sayer = chunks.iter().find(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.end <= m.start()
                && SAYS.is_match(&low[chunk.at.end..m.start()])
        });
        let waits = low[m.end()..].starts_with(" is ") || low[m.end()..].starts_with(" was ");
        let abroad = sayer.is_some_and(|chunk| {
            chunk.holders.iter().filter_map(firm).all(|i| names.entities[i].foreign())
        });
        if abroad && waits {
            continue;
        }
        let firms = if m.as_str() == "they" {
            plural(chunks, m.start(), talk)
        } else {
            nearest(m.start(), false).or_else(|| talk.one(names)).into_iter().collect()
        };
        add(m.range(), firms, chunks);
    }
    // `It handed in its request`: whatever verb follows at the start.
    static OPENS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(it|they) [a-z]+").expect("a constant pattern"));
    if let Some(m) = OPENS.captures(low).and_then(|captures| captures.get(1)) {
        let firms = match m.as_str() {
            "they" => plural(chunks, 0, talk),
            _ => talk.one(names).into_iter().collect(),
        };
        add(m.range(), firms, chunks);
    }
    chunks.extend(found);
}

/// `they`: the last list named.
fn plural(chunks: &[Chunk], before: usize, talk: &Talk) -> Vec<usize> {
    let list = chunks.iter().rfind(|chunk| {
        chunk.at.end <= before && chunk.naming == Naming::Named && chunk.holders.len() > 1
    });
    match list {
        Some(chunk) => chunk.holders.iter().filter_map(firm).collect(),
        // `They have their license now.` In speech a firm is many.
        None if talk.focus.len() > 1 || before == 0 => talk.focus.clone(),
        None => Vec::new(),
    }
}

/// The last `count` firms before a place in the sentence, else of the talk.
fn earlier(
    chunks: &[Chunk],
    before: usize,
    count: usize,
    talk: &Talk,
    names: &Names,
) -> Vec<usize> {
    let list = chunks.iter().rfind(|chunk| chunk.at.end <= before && chunk.holders.len() == count);
    if let Some(chunk) = list {
        let firms: Vec<usize> = chunk.holders.iter().filter_map(firm).collect();
        if firms.len() == count {
            return firms;
        }
    }
    // `X's runs for a year, Y's for two, Z's for three; all three`
    let mut here: Vec<usize> = Vec::new();
    for chunk in chunks.iter().filter(|chunk| chunk.at.end <= before && !chunk.doubtful) {
        let firms = chunk.holders.iter().filter_map(firm);
        for firm in firms.filter(|i| !names.entities[*i].foreign()) {
            if !here.contains(&firm) {
                here.push(firm);
            }
        }
    }
    if here.len() == count {
        return here;
    }
    talk.several(count, names)
}
