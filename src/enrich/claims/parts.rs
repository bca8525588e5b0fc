//! The parts of a sentence that matter: who is named, licenses spoken of, and words that may be events.
//!
//! Parts only; what they say of each other is for `english` and `clauses`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::names::{Mention, Names};
use super::rules::{Form, Frame, Rules, Tongue};
use crate::model::license::{LicenseType, Role};

/// Who may hold a license.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A firm by index.
    Firm(usize),
    /// Some without a name.
    Group(Group),
}

/// Holders without names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    /// As the text says it.
    pub(super) words: String,
    /// The buyers they are known by: firms by index.
    pub(super) buyers: Vec<usize>,
    /// The buyers they are known by, described.
    pub(super) described: Vec<String>,
    /// Exporter or end user.
    pub(super) role: Role,
    /// Where they are, or their place in China.
    pub(super) place: Option<String>,
    /// How many.
    pub(super) count: Option<u32>,
    /// Whether it is one firm.
    pub(super) single: bool,
    /// Whether the words limit it (`some`, `a number of`), so that it is not everybody.
    pub(super) limited: bool,
}

/// How a chunk names its holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    Named,
    Reference,
    Group,
}

/// Holders that stand together.
#[derive(Clone, Debug)]
pub(super) struct Chunk {
    pub(super) at: Range<usize>,
    pub(super) holders: Vec<Holder>,
    pub(super) naming: Naming,
    /// `no company`, `neither X nor Y`.
    pub(super) negative: bool,
    /// Whether the grammar alone must show that these are firms.
    pub(super) doubtful: bool,
}

impl Chunk {
    /// A group that has no name of its own.
    pub(super) fn of_group(at: Range<usize>, group: Group) -> Self {
        Self {
            at,
            holders: vec![Holder::Group(group)],
            naming: Naming::Group,
            negative: false,
            doubtful: false,
        }
    }
}

/// Adds a reference back to firms, unless there are none or something else stands there.
pub(super) fn refer(found: &mut Vec<Chunk>, chunks: &[Chunk], at: Range<usize>, firms: Vec<usize>) {
    let clear = |chunk: &Chunk| chunk.at.end <= at.start || at.end <= chunk.at.start;
    if !firms.is_empty() && chunks.iter().all(clear) && found.iter().all(clear) {
        found.push(Chunk {
            at,
            holders: firms.into_iter().map(Holder::Firm).collect(),
            naming: Naming::Reference,
            negative: false,
            doubtful: false,
        });
    }
}

/// The nearest firm that stands by itself before a place and is such a one.
pub(super) fn named_before(
    chunks: &[Chunk],
    at: usize,
    is: impl Fn(usize) -> bool,
) -> Option<usize> {
    chunks
        .iter()
        .filter(|chunk| chunk.at.end <= at && chunk.naming == Naming::Named)
        .rev()
        .find_map(|chunk| match chunk.holders.as_slice() {
            [Holder::Firm(i)] if is(*i) => Some(*i),
            _ => None,
        })
}

/// What a theme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThemeKind {
    License,
    Application,
    /// `that of`, `the old one`.
    Stand,
}

/// How a theme is introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Article {
    Definite,
    Indefinite,
    Bare,
}

/// A license or application spoken of.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing the words say, and they combine freely"
)]
pub(super) struct Theme {
    pub(super) at: Range<usize>,
    pub(super) kind: ThemeKind,
    pub(super) license: LicenseType,
    /// A license of another sort.
    pub(super) other: bool,
    pub(super) article: Article,
    /// `its`, `their`, `whose`: the owner stands before.
    pub(super) pronoun: bool,
    /// `no licence`.
    pub(super) negative: bool,
    /// The chunk that owns it.
    pub(super) owner: Option<usize>,
    /// The chunk after `for`: an owner if an exporter.
    pub(super) weak_owner: Option<usize>,
    /// A license to buy or bring in.
    pub(super) import: bool,
}

/// A word that may be an event.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) trigger: usize,
    pub(super) at: Range<usize>,
}

/// The triggers in a sentence, longest first where they overlap.
pub(super) fn hits(low: &str, tongue: Tongue, rules: &Rules, row: bool) -> Vec<Hit> {
    let mut found: Vec<Hit> = Vec::new();
    for (trigger, rule) in
        rules.triggers.iter().enumerate().filter(|(_, rule)| rule.tongue == tongue)
    {
        found.extend(rule.pattern.find_iter(low).map(|m| Hit { trigger, at: m.range() }));
    }
    if row {
        // A table's cell says `pending` without a verb.
        static WAITS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:pending|waiting|awaiting|undecided|in limbo|no (?:answer|decision|reply)(?: yet)?|(?:under|in) (?:review|examination|consideration)|without (?:answer|decision))\b").expect("a constant pattern")
        });
        let wait = rules.triggers.iter().position(|rule| {
            rule.tongue == tongue && rule.frame == Frame::Wait && rule.form == Form::Fixed
        });
        found.extend(
            wait.into_iter().flat_map(|trigger| {
                WAITS.find_iter(low).map(move |m| Hit { trigger, at: m.range() })
            }),
        );
    }
    found.sort_by(|a, b| {
        (a.at.start, std::cmp::Reverse(a.at.end)).cmp(&(b.at.start, std::cmp::Reverse(b.at.end)))
    });
    let mut kept: Vec<Hit> = Vec::new();
    for hit in found {
        match kept.last() {
            Some(last) if hit.at.start < last.at.end => {}
            _ => kept.push(hit),
        }
    }
    kept
}

/// Firms that stand together in a list.
pub(super) fn lists(low: &str, mentions: &[Mention], names: &Names) -> Vec<Chunk> {
    static JOINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^»?(?:\s*[(（][^)）]{0,60}[)）])*\s*(?:,|、|，)?\s*(?:and|&|as well as|along with|together with|和|及|与|以及|跟|та|і|й|а також)?\s*(?:the |its )?«?$")
            .expect("a constant pattern")
    });
    static NOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*(?:,\s*)?(?:or|nor|或)\s*$").expect("a constant pattern")
    });
    let mut found: Vec<Chunk> = Vec::new();
    for mention in mentions {
        let doubtful = !names.entities[mention.entity].sure;
        if let Some(last) = found.last_mut() {
            let between = &low[last.at.end..mention.at.start];
            // A ticker in brackets is the same firm again.
            let bracketed = between.trim_start().starts_with(['(', '（'])
                && !between.contains([')', '）'])
                || between.trim_start().starts_with(['(', '（'])
                    && between.trim_end().rfind(['(', '（']) > between.rfind([')', '）']);
            if bracketed && (doubtful || last.holders.contains(&Holder::Firm(mention.entity))) {
                continue;
            }
            let joint = !between.is_empty() && JOINT.is_match(between) || NOR.is_match(between);
            // `a supplier of Volkswagen, X`: a comma alone joins no buyer with an exporter.
            let foreign = |i: usize| names.entities[i].foreign();
            let mixed = matches!(between.trim(), "," | "，")
                && last.holders.iter().any(|holder| matches!(holder, Holder::Firm(i) if foreign(*i) != foreign(mention.entity)));
            if joint && !mixed {
                last.at.end = mention.at.end;
                let holder = Holder::Firm(mention.entity);
                if !last.holders.contains(&holder) {
                    last.holders.push(holder);
                }
                last.doubtful &= doubtful;
                continue;
            }
        }
        found.push(Chunk {
            at: mention.at.clone(),
            holders: vec![Holder::Firm(mention.entity)],
            naming: Naming::Named,
            negative: false,
            doubtful,
        });
    }
    for chunk in &mut found {
        let before = low[..chunk.at.start].trim_end();
        chunk.negative = before.ends_with("neither")
            || before.ends_with("unlike")
            || before.ends_with("not")
            || before.ends_with("ні")
            || before.ends_with("besides")
            || before.ends_with("except")
            || before.ends_with("but not")
            || before.ends_with("other than")
            || before.ends_with("除了")
            || before.ends_with("不同于");
    }
    found
}

/// The last `count` characters.
pub(super) fn before_chars(text: &str, count: usize) -> &str {
    let at = text.char_indices().rev().nth(count.saturating_sub(1)).map_or(0, |(i, _)| i);
    &text[at..]
}

/// The first `count` characters.
pub(super) fn after_chars(text: &str, count: usize) -> &str {
    let at = text.char_indices().nth(count).map_or(text.len(), |(i, _)| i);
    &text[..at]
}

/// `three` as 3.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const TENS: [(&str, u32); 8] = [
        ("twenty", 20),
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
    ];
    const WORDS: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    let ten = TENS.iter().find_map(|(name, ten)| word.strip_prefix(name).map(|rest| (rest, *ten)));
    if let Some((rest, ten)) = ten {
        let units = number_word(rest.trim_start_matches('-')).filter(|n| *n < 10);
        return if rest.is_empty() { Some(ten) } else { units.map(|n| ten + n) };
    }
    const HAN: [&str; 13] =
        ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];
    let at = WORDS
        .iter()
        .position(|known| *known == word)
        .or_else(|| HAN.iter().position(|known| *known == word));
    at.filter(|n| *n > 0)
        .and_then(|n| u32::try_from(n).ok())
        .or_else(|| matches!(word, "两" | "兩").then_some(2))
}
