//! Days as people write them: after `since:`, and in the middle of a line.
//!
//! Nothing here knows what day it is: `monday` stays `monday` until a query is asked.

use std::ops::Range;

use chrono::{DateTime, Datelike, Duration, Months, NaiveDate, Utc, Weekday};

use crate::lexicon;
use crate::query::When;
use crate::text::MONTHS;

/// Days of the week, from Monday.
const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Times in a line that say how far back.
const TIMES: &[(&str, u16)] = &[
    ("today", 1),
    ("yesterday", 1),
    ("this week", 7),
    ("last week", 7),
    ("past week", 7),
    ("this month", 30),
    ("last month", 30),
    ("past month", 30),
    ("сьогодні", 1),
    ("вчора", 1),
    ("цього тижня", 7),
    ("минулого тижня", 7),
    ("цього місяця", 30),
];

/// The same in Chinese, longer ones first.
const DENSE_TIMES: &[(&str, u16)] = &[
    ("最近一周", 7),
    ("过去一周", 7),
    ("近一周", 7),
    ("最近一个月", 30),
    ("过去一个月", 30),
    ("近一个月", 30),
    ("今天", 1),
    ("今日", 1),
    ("昨天", 1),
    ("昨日", 1),
    ("本周", 7),
    ("这周", 7),
    ("上周", 7),
    ("本月", 30),
    ("这个月", 30),
    ("上个月", 30),
];

impl When {
    /// The day meant at `now`.
    #[must_use]
    pub fn day(self, now: DateTime<Utc>) -> NaiveDate {
        let today = now.date_naive();
        match self {
            Self::Day(day) => day,
            Self::DaysAgo(days) => (now - Duration::days(i64::from(days))).date_naive(),
            Self::Weekday(weekday) => weekday_before(today, weekday),
            Self::Month { month, last } => {
                let begun = month <= today.month();
                let year = if begun { today.year() } else { today.year() - 1 };
                let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(today);
                if last { end_of_month(first).unwrap_or(first) } else { first }
            }
        }
    }
}

/// The last such day, today included.
fn weekday_before(today: NaiveDate, weekday: Weekday) -> NaiveDate {
    let back = today.weekday().days_since(weekday);
    today.checked_sub_days(chrono::Days::new(u64::from(back))).unwrap_or(today)
}

fn end_of_month(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(1))?.pred_opt()
}

/// A day of the week by the word that `weekday` reads.
pub(super) fn weekday_word(weekday: Weekday) -> &'static str {
    WEEKDAYS[weekday.num_days_from_monday() as usize]
}

/// A month by the word that `month` reads.
pub(super) fn month_word(month: u32) -> &'static str {
    MONTHS.get((month as usize).wrapping_sub(1)).copied().unwrap_or_default()
}

/// The place of a word in a list that it begins a word of, by three letters or more.
fn place(word: &str, list: &[&str]) -> Option<usize> {
    let begins = |known: &&str| word.len() >= 3 && known.starts_with(word);
    list.iter().position(begins)
}

fn weekday(word: &str) -> Option<Weekday> {
    let dense = ["周", "星期", "礼拜"].iter().find_map(|prefix| word.strip_prefix(prefix));
    let number = match dense {
        Some("日" | "天") => Some(6),
        Some(digit) => {
            ["一", "二", "三", "四", "五", "六"].iter().position(|known| *known == digit)
        }
        None => place(word, &WEEKDAYS),
    };
    number.and_then(|number| Weekday::try_from(u8::try_from(number).ok()?).ok())
}

fn month(word: &str) -> Option<u32> {
    let dense = word.strip_suffix('月').and_then(|number| number.parse::<u32>().ok());
    let named = || u32::try_from(place(word, &MONTHS)? + 1).ok();
    dense.filter(|number| (1..=12).contains(number)).or_else(named)
}

/// A day, a month, a year, or a time back from now. `last` takes the end of what is meant.
pub(super) fn when(value: &str, last: bool) -> Option<When> {
    let word = lexicon::fold(value).replace([' ', '/', '.'], "-");
    match word.as_str() {
        "today" | "今天" | "今日" => return Some(When::DaysAgo(0)),
        "yesterday" | "昨天" | "昨日" => return Some(When::DaysAgo(1)),
        "week" => return Some(When::DaysAgo(7)),
        "month" => return Some(When::DaysAgo(30)),
        "year" => return Some(When::DaysAgo(365)),
        _ => {}
    }
    if let Some(weekday) = weekday(&word) {
        return Some(When::Weekday(weekday));
    }
    if let Some(month) = month(&word) {
        return Some(When::Month { month, last });
    }
    for (unit, days) in [("d", 1), ("w", 7), ("m", 30), ("y", 365), ("天", 1), ("周", 7)] {
        let count = word.strip_suffix(unit).and_then(|count| count.parse::<u16>().ok());
        if let Some(ago) = count.and_then(|count| count.checked_mul(days)) {
            return Some(When::DaysAgo(ago));
        }
    }
    let word = word.replace(['年', '月'], "-");
    let word = word.trim_end_matches(['-', '日', '号']);
    if let Ok(day) = word.parse::<NaiveDate>() {
        return plausible(day);
    }
    let mut numbers = word.splitn(2, '-');
    let year: i32 = numbers.next()?.parse().ok()?;
    let month: Option<u32> = numbers.next().map(str::parse).transpose().ok()?;
    let first = NaiveDate::from_ymd_opt(year, month.unwrap_or(1), 1)?;
    let months = Months::new(if month.is_some() { 1 } else { 12 });
    let day = if last { first.checked_add_months(months)?.pred_opt()? } else { first };
    plausible(day)
}

/// Days that print with four digits for the year.
fn plausible(day: NaiveDate) -> Option<When> {
    (1900..=2999).contains(&day.year()).then_some(When::Day(day))
}

/// A time at the beginning of some words, and how many of them it takes: `last week`, `past 10 days`.
pub(super) fn time(words: &[&str]) -> Option<(usize, When)> {
    let folded = |count: usize| {
        let bare = |word: &&str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        Some(words.get(..count)?.iter().map(bare).collect::<Vec<_>>())
    };
    if let Some([back, number, unit]) = folded(3).as_deref()
        && matches!(back.as_str(), "last" | "past" | "previous")
        && let Ok(number) = number.parse::<u16>()
    {
        let days = match unit.trim_end_matches('s') {
            "day" => number,
            "week" => number.checked_mul(7)?,
            "month" => number.checked_mul(30)?,
            _ => return None,
        };
        return Some((3, When::DaysAgo(days)));
    }
    [2, 1].into_iter().find_map(|count| {
        let text = folded(count)?.join(" ");
        let (_, days) = TIMES.iter().find(|(known, _)| *known == text)?;
        Some((count, When::DaysAgo(*days)))
    })
}

/// Where a Chinese text says a time.
pub(super) fn within(text: &str) -> Option<(Range<usize>, When)> {
    DENSE_TIMES.iter().find_map(|(known, days)| {
        let at = text.find(known)?;
        Some((at..at + known.len(), When::DaysAgo(*days)))
    })
}
