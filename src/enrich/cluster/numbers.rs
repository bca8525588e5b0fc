//! Numbers as texts tell them: figures, sums of money, small counts, numbers in words.
//!
//! A figure is one code whatever unit, scale, script or separator it is written with. A sum is kept
//! once more at about its worth in dollars, to meet the same sum told in another currency.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::print::{Script, hash};
use super::tables::{self, COUNTED_STEMS};
use crate::text;

/// The unit of percentages in a figure's code.
pub(super) const PERCENT: u32 = 1;

/// How far apart the worths of one sum told in two currencies may be, in steps of one percent:
/// rates move, and both are rounded.
const SAME_WORTH: u32 = 10;

/// The least sum, in dollars, that is one event's own.
const LEAST_WORTH: f64 = 1e5;

/// A number in digits, with what groups or parts them.
static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}(?:[\u{a0}\u{202f}\u{2009} ]\d{3}\b)+(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*")
        .expect("a constant pattern")
});

/// The figures of a text, and its sums of money at their worth.
#[derive(Default)]
pub(super) struct Figures {
    /// Units and values.
    pub(super) values: Vec<u32>,
    /// Currencies and worths.
    pub(super) worths: Vec<u32>,
}

impl Figures {
    /// The figures of a text in simplified script, with digits.
    pub(super) fn of(simple: &str, script: Script) -> Self {
        let mut list = Self::default();
        let mut read = 0;
        while let Some(found) = DIGITS.find_at(simple, read) {
            let mut end = found.end();
            // Only some languages part thousands by a plain space; in others two numbers meet.
            if !script.parts_by_space()
                && let Some(space) = found.as_str().find(' ')
            {
                end = found.start() + space;
            }
            let (before, number) = (&simple[..found.start()], &simple[found.start()..end]);
            read = end;
            if let Some(value) = value(number, script) {
                list.take(value, before, &simple[end..]);
            }
        }
        list
    }

    fn take(&mut self, value: f64, before: &str, after: &str) {
        let (before, sign) = currency_before(before);
        let mut rest = after;
        let scale = follows(&mut rest, &SCALES).unwrap_or(1.0);
        let sign = follows(&mut rest, &CURRENCIES).or(sign);
        let unit = follows(&mut rest, &UNITS);
        let (unit, factor) = match unit {
            Some((0, _)) => return,
            Some(unit) => unit,
            None => (0, 1.0),
        };
        let plain_year = scale == 1.0 && (1990.0..2040.0).contains(&value);
        let value = value * scale * factor;
        let tells =
            value >= 32.0 && !plain_year || unit != 0 || scale > 1.0 || value.fract() != 0.0;
        if !tells || value <= 0.0 {
            return;
        }
        let level = level(value);
        for step in roundings(before) {
            self.values.push(unit << 24 | level.saturating_add_signed(*step));
        }
        if let Some((currency, rate)) = sign
            && value * rate >= LEAST_WORTH
        {
            self.worths.push(currency << 24 | self::level(value * rate));
        }
    }
}

/// Whether two lists of sums hold one that was told in two currencies.
pub(super) fn same_worth(a: &[u32], b: &[u32]) -> bool {
    const WORTH: u32 = (1 << 24) - 1;
    a.iter().any(|x| {
        b.iter().any(|y| x >> 24 != y >> 24 && (x & WORTH).abs_diff(y & WORTH) <= SAME_WORTH)
    })
}

/// A number's value. A comma before three digits groups them, any other is a decimal one; so are
/// points, but in languages that part thousands by a point.
fn value(number: &str, script: Script) -> Option<f64> {
    let grouping = |c: char| {
        matches!(c, '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
            || c == ','
            || c == '.' && script.parts_by_point()
    };
    let mut plain = String::new();
    let mut rest = number;
    while let Some(at) = rest.find(|c: char| !c.is_ascii_digit()) {
        let (digits, tail) = rest.split_at(at);
        plain.push_str(digits);
        let sign = tail.chars().next()?;
        rest = &tail[sign.len_utf8()..];
        let group = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let grouped = grouping(sign) && group == 3 && !plain.trim_start_matches('0').is_empty();
        if !grouped {
            plain.push('.');
        }
    }
    plain.push_str(rest);
    plain.parse().ok()
}

/// What a word right behind a number says, if a table knows it; the word is then read.
fn follows<T: Copy>(rest: &mut &str, table: &HashMap<&'static str, T>) -> Option<T> {
    let start = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}', '-', '.', '\n']);
    if rest.len() - start.len() > 3 {
        return None;
    }
    let letters = |c: char| c.is_alphabetic() && !text::is_han(c) || c == '²' || c == '$';
    let len = start.find(|c| !letters(c)).unwrap_or(start.len());
    if len > 0 {
        let word = start[..len].to_lowercase();
        let known = table.get(word.as_str()).copied();
        if known.is_some() {
            *rest = &start[len..];
            return known;
        }
        // Two words: metric tons, per cent.
        let next = start[len..].trim_start_matches(' ');
        let more = next.find(|c| !letters(c)).unwrap_or(next.len());
        let known = table.get(format!("{word} {}", next[..more].to_lowercase()).as_str()).copied();
        if known.is_some() {
            *rest = &next[more..];
        }
        return known;
    }
    let first: Vec<usize> = start.char_indices().take(4).map(|(at, c)| at + c.len_utf8()).collect();
    first.into_iter().rev().find_map(|end| {
        let known = table.get(&start[..end]).copied()?;
        *rest = &start[end..];
        Some(known)
    })
}

/// The text before a number without the currency right before it, and that.
fn currency_before(before: &str) -> (&str, Option<(u32, f64)>) {
    let trimmed = before.trim_end_matches([' ', '\u{a0}']);
    let found = SIGNS.iter().find(|(sign, _)| {
        trimmed.strip_suffix(*sign).is_some_and(|rest| {
            !sign.starts_with(char::is_alphabetic) || !rest.ends_with(char::is_alphabetic)
        })
    });
    match found {
        Some((sign, what)) => (&trimmed[..trimmed.len() - sign.len()], Some(*what)),
        None => (before, None),
    }
}

/// How a figure may stand in another text, in steps of one percent from how it stands here:
/// `more than 80` is 82 elsewhere, and `nearly 7` is 6.9.
fn roundings(before: &str) -> &'static [i32] {
    let mut start = before.len().saturating_sub(24);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let near = before[start..].trim_end().to_lowercase();
    let says = |list: &[&str]| {
        list.iter().any(|word| {
            near.strip_suffix(word).is_some_and(|rest| {
                word.starts_with(text::is_han) || !rest.ends_with(char::is_alphabetic)
            })
        })
    };
    if says(&BELOW) {
        &[0, -2, -4]
    } else if says(&ABOVE) {
        &[0, 2, 4]
    } else if says(&ABOUT) {
        &[0, -2, 2]
    } else {
        &[0]
    }
}

/// Words behind which a figure is rounded up.
static BELOW: LazyLock<Vec<&str>> = LazyLock::new(|| listed(tables::BELOW));
/// Words behind which a figure is rounded down.
static ABOVE: LazyLock<Vec<&str>> = LazyLock::new(|| listed(tables::ABOVE));
/// Words behind which a figure is rounded either way.
static ABOUT: LazyLock<Vec<&str>> = LazyLock::new(|| listed(tables::ABOUT));

fn listed(list: &'static str) -> Vec<&'static str> {
    list.split(',').map(str::trim).collect()
}

/// What a number is multiplied by, by the word behind it.
static SCALES: LazyLock<HashMap<&str, f64>> = LazyLock::new(|| {
    tables::pairs(tables::SCALES)
        .filter_map(|(factor, word)| Some((word, factor.parse().ok()?)))
        .collect()
});

/// Units and their factors, by word. Unit 0 is of what is counted in small numbers.
static UNITS: LazyLock<HashMap<&str, (u32, f64)>> = LazyLock::new(|| {
    tables::pairs(tables::UNITS)
        .filter_map(|(unit, word)| {
            let (unit, factor) = unit.split_once(' ')?;
            Some((word, (unit.parse().ok()?, factor.parse().ok()?)))
        })
        .collect()
});

/// Currencies with their rough worth in dollars, by the word behind a sum.
static CURRENCIES: LazyLock<HashMap<&str, (u32, f64)>> =
    LazyLock::new(|| currencies(tables::CURRENCIES).collect());

/// Currencies with their rough worth in dollars, by the sign before a sum, the longest first.
static SIGNS: LazyLock<Vec<(&str, (u32, f64))>> =
    LazyLock::new(|| currencies(tables::SIGNS).collect());

fn currencies(table: &'static str) -> impl Iterator<Item = (&'static str, (u32, f64))> {
    tables::pairs(table).filter_map(|(name, word)| {
        let (code, rate) = name.split_once(' ')?;
        Some((word, (hash(code) & 0x7f, rate.parse().ok()?)))
    })
}

/// A value on a scale of steps of one percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "logarithms of finite figures are small, and shifted above zero"
)]
fn level(value: f64) -> u32 {
    ((value.ln() + 20.0) * 100.0).round() as u32
}

/// Small numbers with what they count.
pub(super) fn counts(lower: &str) -> Vec<u32> {
    let mut list = Vec::new();
    for found in SMALL.captures_iter(lower) {
        let number = NUMBER_WORDS.get(&found[1]).copied().unwrap_or(&found[1]);
        for what in COUNTED_STEMS.told(&found[2]) {
            list.push(hash(&format!("{number} {}", COUNTED_STEMS.names[what])));
        }
    }
    list
}

/// Words for small numbers, by word.
static NUMBER_WORDS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| tables::pairs(tables::NUMBERS).map(|(number, word)| (word, number)).collect());

/// A small number and what stands right behind it.
static SMALL: LazyLock<Regex> = LazyLock::new(|| {
    let words = tables::pairs(tables::NUMBERS).map(|(_, word)| word);
    let (han, latin): (Vec<&str>, Vec<&str>) =
        words.partition(|word| word.starts_with(text::is_han));
    Regex::new(&format!(
        r"(\b(?:{})\b|\b\d{{1,3}}\b|{}|\d{{1,3}})((?:[\s\-]+[\p{{L}}'’-]+){{1,5}}|\s?\p{{Han}}{{1,4}})",
        latin.join("|"),
        han.join("|")
    ))
    .expect("a constant pattern")
});

/// A text with the numbers in digits that stand in words before a scale, so that `half a billion`
/// and `drei Milliarden` are read where `0.5 billion` and `3 Milliarden` are.
pub(super) fn with_scaled_digits(text: &str) -> Cow<'_, str> {
    SPELLED.replace_all(text, |found: &Captures<'_>| {
        let digits = SPELLED_WORDS.get(found[1].to_lowercase().as_str()).copied();
        format!("{} {}", digits.unwrap_or(&found[1]), &found[2])
    })
}

/// Numbers that stand before a scale, by word.
static SPELLED_WORDS: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| spelled().map(|(number, word)| (word, number)).collect());

/// Words of numbers, small ones as they are counted included.
fn spelled() -> impl Iterator<Item = (&'static str, &'static str)> {
    let small = tables::pairs(tables::NUMBERS)
        .filter(|(number, word)| *number != "0" && !word.starts_with(text::is_han));
    small.chain(tables::pairs(tables::SPELLED))
}

/// A number in words, and the scale behind it.
static SPELLED: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = spelled().map(|(_, word)| word).collect();
    let scales: Vec<&str> = SCALES
        .keys()
        .copied()
        .filter(|word| word.chars().count() > 3 && !word.starts_with(text::is_han))
        .collect();
    Regex::new(&format!(r"(?i)\b({})[\s-]({})\b", words.join("|"), scales.join("|")))
        .expect("a constant pattern")
});

/// A text with the numbers that are written in Chinese characters in digits, so that `六億二千萬` and
/// `二日` are read where `6.2亿` and `2日` are.
pub(super) fn with_digits(simple: &str) -> Cow<'_, str> {
    if !simple.contains(text::is_han) {
        return Cow::Borrowed(simple);
    }
    // Single characters are numbers before a day or a month only, and not as part of a weekday.
    HAN_NUMBER.replace_all(simple, |found: &Captures<'_>| {
        let (before, run) = (found.get(1).map_or("", |m| m.as_str()), &found[2]);
        let after = found.get(3).map_or("", |m| m.as_str());
        match han_number(run, !after.is_empty()).filter(|_| before.is_empty()) {
            Some(number) => format!("{number}{after}"),
            None => found[0].to_owned(),
        }
    })
}

/// A run of Chinese numerals, with what makes a weekday of it before and a date of it behind.
static HAN_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(周|星期|礼拜|第|\d)?([〇○零一二两三四五六七八九十][〇○零一二两三四五六七八九十百千万亿]*)([日月号])?")
        .expect("a constant pattern")
});

/// The number that a run of numerals writes: with units, as the digits of a year, or short in a date.
fn han_number(run: &str, dated: bool) -> Option<u64> {
    let digit = |c: char| match c {
        '〇' | '○' | '零' => Some(0),
        '两' => Some(2),
        _ => "一二三四五六七八九".chars().position(|known| known == c).map(|i| i as u64 + 1),
    };
    if run.chars().all(|c| digit(c).is_some()) {
        let count = run.chars().count();
        let read = count == 4 || count == 1 && dated;
        return read.then(|| run.chars().filter_map(digit).fold(0, |sum, digit| sum * 10 + digit));
    }
    if run.chars().count() < 2 && !dated {
        return None;
    }
    let (mut sum, mut section, mut last) = (0_u64, 0_u64, None);
    for c in run.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1_000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => {
                last = digit(c);
                continue;
            }
        };
        let rest = section + last.unwrap_or(0);
        match unit {
            100_000_000 => (sum, section) = (sum.saturating_add(rest).saturating_mul(unit), 0),
            10_000 => (sum, section) = (sum.saturating_add(rest * unit), 0),
            _ => section += last.unwrap_or(1) * unit,
        }
        last = None;
    }
    Some(sum.saturating_add(section + last.unwrap_or(0)))
}
