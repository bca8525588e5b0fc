//! Dates inside sentences, resolved against the article's own date.
//!
//! English, Chinese and Ukrainian. A date that cannot be resolved is no date:
//! nothing is guessed past the nearest matching day.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc, Weekday};
use regex::{Captures, Regex};

use crate::model::license::PartialDate;

/// A date in a text and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The date.
    pub date: PartialDate,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

const EN_MONTHS: &str = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec";
const UK_MONTHS: [&str; 12] = [
    "січн",
    "лют",
    "берез",
    "квіт",
    "трав",
    "черв",
    "лип",
    "серп",
    "верес",
    "жовт",
    "листопад",
    "груд",
];

static EN_FULL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({EN_MONTHS})\b\.?(?:,?\s+(\d{{4}}))?|({EN_MONTHS})\b\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}})\b)?)"
    ))
});
static EN_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(last|this|in|since|of|by|early|late|mid|from|until)[\s-]+)({EN_MONTHS})\b\.?(?:,?\s+(\d{{4}})\b)?|\b({EN_MONTHS})\s+(\d{{4}})\b"
    ))
});
static EN_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"(?i)\b(today|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b")
});
static EN_NEAR: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\b(last month|earlier this month|this month)\b"));
static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(20\d{2})-(\d{2})(?:-(\d{2}))?\b"));
static ZH: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"第?(?:(\d{4}|今|去|明)年)?(?:(\d{1,2})月份?)?(?:(\d{1,2})[日号號]|[（(](\d{1,2})[)）]日)?",
    )
});
static ZH_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(今天|今日|今早|昨天|昨日|昨晚|前天|前日|(?:本周|本週|这周|這週|上周|上週|周|週|星期|礼拜|禮拜)[一二三四五六日天]|本月|上月|上个月|上個月)",
    )
});
static UK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:(\d{1,2})\s+)?\b(січ|лют|берез|квіт|трав|черв|лип|серп|верес|жовт|листопад|груд)\p{L}*(?:\s+(\d{4}))?",
    )
});
static UK_DAY: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:^|[^\p{L}])(сьогодні|вчора|учора|понеділ\p{L}*|вівтор\p{L}*|серед[уи]|четвер\p{L}*|п['’ʼ]ятниц\p{L}*|субот\p{L}*|неділ\p{L}*)",
    )
});

/// Every date in the sentence, in its order.
#[must_use]
pub fn all(sentence: &str, reference: NaiveDate) -> Vec<Found> {
    let mut found = Vec::new();
    let mut take = |regex: &Regex, read: &dyn Fn(&Captures<'_>) -> Option<PartialDate>| {
        for captures in regex.captures_iter(sentence) {
            let Some(whole) = captures.get(0).filter(|whole| !whole.is_empty()) else { continue };
            let free = |other: &Found| whole.end() <= other.start || whole.start() >= other.end;
            if let Some(date) = read(&captures).filter(|_| found.iter().all(free)) {
                found.push(Found { date, start: whole.start(), end: whole.end() });
            }
        }
    };
    take(&ISO, &iso);
    let (months, near, days) = english_words(sentence);
    if months {
        take(&EN_FULL, &|c| english(c, reference));
        take(&EN_MONTH, &|c| english_month(c, reference));
    }
    if near {
        take(&EN_NEAR, &|c| near_month(&c[1].to_lowercase(), reference));
    }
    if days {
        take(&EN_DAY, &|c| english_day(&c[1].to_lowercase(), reference));
    }
    if !sentence.is_ascii() {
        take(&ZH, &|c| chinese(c, reference));
        take(&ZH_WORD, &|c| chinese_word(&c[1], reference));
        take(&UK, &|c| ukrainian(c, reference));
        take(&UK_DAY, &|c| ukrainian_day(&c[1].to_lowercase(), reference));
    }
    found.sort_by_key(|date| date.start);
    found
}

/// Whether a sentence has the words that the English patterns need: a month's name, `month`, and
/// the end of a weekday's. One cheap look before four searches.
fn english_words(sentence: &str) -> (bool, bool, bool) {
    const OTHERS: [&str; 2] = ["month", "day"];
    static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            .build(OTHERS.into_iter().chain(EN_MONTHS.split('|')))
            .expect("a constant table of short words")
    });
    let (mut months, mut near, mut days) = (false, false, false);
    for found in WORDS.find_iter(sentence) {
        match found.pattern().as_usize() {
            0 => near = true,
            1 => days = true,
            _ => {
                let word = &sentence[found.range()];
                let inside = sentence[..found.start()].ends_with(char::is_alphanumeric)
                    || sentence[found.end()..].starts_with(char::is_alphabetic);
                // Written small they are a verb and an abbreviation of nothing.
                months |= !inside && word != "may" && word != "mar";
            }
        }
    }
    (months, near, days)
}

/// The first whole day in the sentence.
#[must_use]
pub fn first_day(sentence: &str, published: DateTime<Utc>) -> Option<NaiveDate> {
    all(sentence, published.date_naive()).into_iter().find_map(|found| match found.date {
        PartialDate::Day(day) => Some(day),
        PartialDate::Month(..) => None,
    })
}

fn number(captures: &Captures<'_>, i: usize) -> Option<u32> {
    captures.get(i)?.as_str().parse().ok()
}

fn iso(captures: &Captures<'_>) -> Option<PartialDate> {
    let (year, month) = (captures[1].parse().ok()?, number(captures, 2)?);
    match number(captures, 3) {
        Some(day) => NaiveDate::from_ymd_opt(year, month, day).map(PartialDate::Day),
        None => NaiveDate::from_ymd_opt(year, month, 1).map(|_| PartialDate::Month(year, month)),
    }
}

fn english_month_number(name: &str) -> Option<u32> {
    const STEMS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let stem = name.get(..3)?.to_lowercase();
    STEMS.iter().position(|known| *known == stem).and_then(|i| u32::try_from(i + 1).ok())
}

fn english(captures: &Captures<'_>, reference: NaiveDate) -> Option<PartialDate> {
    let (day, name, year) = if captures.get(1).is_some() { (1, 2, 3) } else { (5, 4, 6) };
    let name = captures.get(name)?.as_str();
    // "It may 5 times": a verb unless written as a name.
    if name == "may" || name == "mar" {
        return None;
    }
    let month = english_month_number(name)?;
    day_of(number(captures, year), month, number(captures, day)?, reference)
}

fn english_month(captures: &Captures<'_>, reference: NaiveDate) -> Option<PartialDate> {
    let name = captures.get(2).or(captures.get(4))?.as_str();
    // "may" after a preposition is the month only with its capital.
    if name == "may" || name == "mar" {
        return None;
    }
    let year = number(captures, 3).or(number(captures, 5));
    let month = english_month_number(name)?;
    // `last December`, said in December, is a year ago.
    let last = captures.get(1).is_some_and(|word| word.as_str().eq_ignore_ascii_case("last"));
    if last && year.is_none() && month >= reference.month() {
        return month_of(u32::try_from(reference.year() - 1).ok(), month, reference);
    }
    month_of(year, month, reference)
}

fn near_month(words: &str, reference: NaiveDate) -> Option<PartialDate> {
    let back = u32::from(words == "last month");
    let first = reference.with_day(1)?;
    let day = first.checked_sub_months(chrono::Months::new(back))?;
    Some(PartialDate::Month(day.year(), day.month()))
}

fn english_day(word: &str, reference: NaiveDate) -> Option<PartialDate> {
    match word {
        "today" => Some(PartialDate::Day(reference)),
        "yesterday" => reference.pred_opt().map(PartialDate::Day),
        day => day.parse::<Weekday>().ok().map(|weekday| last_weekday(weekday, reference)),
    }
}

/// The latest such weekday, the reference's own day included.
fn last_weekday(weekday: Weekday, reference: NaiveDate) -> PartialDate {
    let back = reference.weekday().days_since(weekday);
    PartialDate::Day(reference - Duration::days(i64::from(back)))
}

/// A day whose year may be missing: then the latest one that is not more than a month ahead.
fn day_of(year: Option<u32>, month: u32, day: u32, reference: NaiveDate) -> Option<PartialDate> {
    if let Some(year) = year {
        return NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
            .map(PartialDate::Day);
    }
    let this = NaiveDate::from_ymd_opt(reference.year(), month, day)?;
    let ahead = this > reference + Duration::days(31);
    if ahead {
        NaiveDate::from_ymd_opt(reference.year() - 1, month, day).map(PartialDate::Day)
    } else {
        Some(PartialDate::Day(this))
    }
}

fn month_of(year: Option<u32>, month: u32, reference: NaiveDate) -> Option<PartialDate> {
    if !(1..=12).contains(&month) {
        return None;
    }
    let year = match year {
        Some(year) => i32::try_from(year).ok()?,
        None if month > reference.month() + 1 => reference.year() - 1,
        None => reference.year(),
    };
    Some(PartialDate::Month(year, month))
}

fn chinese(captures: &Captures<'_>, reference: NaiveDate) -> Option<PartialDate> {
    // An announcement's number, not a day: 第18号.
    if captures.get(0).is_some_and(|whole| whole.as_str().starts_with('第')) {
        return None;
    }
    let year = match captures.get(1).map(|m| m.as_str()) {
        Some("今") => Some(reference.year().cast_unsigned()),
        Some("去") => Some((reference.year() - 1).cast_unsigned()),
        Some("明") => Some((reference.year() + 1).cast_unsigned()),
        Some(digits) => digits.parse().ok(),
        None => None,
    };
    let day = number(captures, 3).or(number(captures, 4));
    match (number(captures, 2), day) {
        (Some(month), Some(day)) => day_of(year, month, day, reference),
        (Some(month), None) => month_of(year, month, reference),
        (None, Some(day)) if year.is_none() => bare_day(day, reference),
        _ => None,
    }
}

/// `2日`: in this month, or the last when it would lie ahead.
fn bare_day(day: u32, reference: NaiveDate) -> Option<PartialDate> {
    let this = reference.with_day(day).filter(|date| *date <= reference);
    let last = || reference.with_day(1)?.pred_opt()?.with_day(day);
    this.or_else(last).map(PartialDate::Day)
}

fn chinese_word(word: &str, reference: NaiveDate) -> Option<PartialDate> {
    let days_back = match word {
        "今天" | "今日" | "今早" => 0,
        "昨天" | "昨日" | "昨晚" => 1,
        "前天" | "前日" => 2,
        "本月" => return near_month("this month", reference),
        "上月" | "上个月" | "上個月" => return near_month("last month", reference),
        other => {
            let weekday = match other.chars().last()? {
                '一' => Weekday::Mon,
                '二' => Weekday::Tue,
                '三' => Weekday::Wed,
                '四' => Weekday::Thu,
                '五' => Weekday::Fri,
                '六' => Weekday::Sat,
                _ => Weekday::Sun,
            };
            let PartialDate::Day(day) = last_weekday(weekday, reference) else { return None };
            let this_week = reference.iso_week();
            let back = if other.starts_with('上') && day.iso_week() == this_week { 7 } else { 0 };
            return Some(PartialDate::Day(day - Duration::days(back)));
        }
    };
    Some(PartialDate::Day(reference - Duration::days(days_back)))
}

fn ukrainian(captures: &Captures<'_>, reference: NaiveDate) -> Option<PartialDate> {
    let stem = captures[2].to_lowercase();
    let month =
        UK_MONTHS.iter().position(|known| known.starts_with(&stem) || stem.starts_with(known))?;
    let month = u32::try_from(month + 1).ok()?;
    match number(captures, 1) {
        Some(day) => day_of(number(captures, 3), month, day, reference),
        None => month_of(number(captures, 3), month, reference),
    }
}

fn ukrainian_day(word: &str, reference: NaiveDate) -> Option<PartialDate> {
    const STEMS: [(&str, Weekday); 7] = [
        ("понеділ", Weekday::Mon),
        ("вівтор", Weekday::Tue),
        ("серед", Weekday::Wed),
        ("четвер", Weekday::Thu),
        ("п", Weekday::Fri),
        ("субот", Weekday::Sat),
        ("неділ", Weekday::Sun),
    ];
    match word {
        "сьогодні" => Some(PartialDate::Day(reference)),
        "вчора" | "учора" => reference.pred_opt().map(PartialDate::Day),
        _ => STEMS
            .iter()
            .find(|(stem, _)| word.starts_with(stem))
            .map(|(_, weekday)| last_weekday(*weekday, reference)),
    }
}
