//! Until when comments are taken, from the sentence of a notice that names the day.
//!
//! English and Chinese. Only a whole day counts, and only where the words before
//! it, or after it, make it the end of a comment period: the day of a hearing, a
//! webinar or a report in the same notice is none. Nothing is counted in days.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::enrich::dates;
use crate::model::license::PartialDate;
use crate::text;

/// A period that ends later than this many days after its notice is a misreading.
const LONGEST: i64 = 400;
/// A day without a year is meant within this many days.
const NEAR: i64 = 200;

/// The last day on which comments are taken, and the sentence that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The day.
    pub day: NaiveDate,
    /// The sentence.
    pub quote: String,
}

/// What may stand right before the day: an hour, a weekday.
const HOUR: &str = r"(?:(?:the\s+)?(?:close\s+of\s+business|midnight|noon|end\s+of\s+day|\d{1,2}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?))[^;!?]{0,28}?)?\s*(?:\bon\s+|,\s*)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*)?$";
/// By when.
const BY: &str = r"(?:by|before|until|till|through|no\s+later\s+than|not\s+later\s+than)";

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a constant pattern")
}

/// The words before a day that make it the last one for comments.
static ENGLISH: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let comments = r"(?i)\b(?:comments|submissions|feedback)\b";
    [
        // Comments must be received on or before, are due, will be accepted through.
        format!(
            r"{comments}[^;!?]{{0,160}}\b(?:received|submitted|filed|accepted|provided|sent|postmarked|made)\b[^;!?]{{0,60}}\b{BY}\s+{HOUR}"
        ),
        format!(r"{comments}[^;!?]{{0,60}}\b(?:is|are|were)?\s*due\s+(?:{BY}|on)?\s*{HOUR}"),
        format!(r"{comments}\s+{BY}\s+{HOUR}"),
        // The comment period closes on, ends, is open until, is extended to.
        format!(
            r"(?i)\bcomment(?:ing)?\s+(?:period|window)\b[^;!?]{{0,80}}\b(?:closes?|closing|ends?|ending|expires?|open|runs?|extended|extends|reopened)\b[^;!?]{{0,40}}?\b(?:on|{BY}|to)\s+{HOUR}"
        ),
        format!(
            r"(?i)\bextend\w*\s+the\s+(?:public\s+)?comment\s+period\b[^;!?]{{0,100}}\b(?:{BY}|to)\s+{HOUR}"
        ),
        format!(r"(?i)\bcomment\s+(?:period|window)\s+(?:closes|ends|expires):?\s*{HOUR}"),
        // Submit comments by; the deadline for comments is.
        format!(
            r"(?i)\b(?:submit|send|file|provide|invit\w+|seek\w*|welcom\w+|accept\w*|tak\w+)\b[^;!?]{{0,60}}\b(?:comments|feedback)\b[^;!?]{{0,100}}\b{BY}\s+{HOUR}"
        ),
        format!(
            r"(?i)\bdeadline\s+(?:for|to\s+submit)\b[^;!?]{{0,50}}\b(?:comments|feedback)\b[^;!?]{{0,30}}\b(?:is|was|to|until)\s+{HOUR}"
        ),
    ]
    .iter()
    .map(|text| pattern(text))
    .collect()
});
/// The same in Chinese: `意见反馈截止时间为`, `征求意见期限为2026年11月24日至`.
static CHINESE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:意见|建议)[^。；;]{0,24}(?:截止|截至|期限|期间|时间)[^。；;]{0,6}(?:[为是至到止：:]|日期为|至|[—–\-~～])\s*(?:(?:20\d\d年)?\d{1,2}月\d{1,2}日\s*(?:至|到|[—–\-~～])\s*)?$",
    )
});
/// `请于…前将意见反馈至`: what stands before the day, and after it.
static BEFORE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:于|在|请|应|可)\s*$"));
static AFTER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"{UNTIL}[^。；;]{{0,80}}?{SEND}[^。；;]{{0,40}}?(?:意见|建议)|{UNTIL}[^。；;]{{0,60}}?(?:意见|建议)[^。；;]{{0,30}}?{SEND}"
    ))
});
/// `如有意见，请在…前反馈`.
static BEFORE_SENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?:意见|建议)[^。；;]{0,24}请[^。；;]{0,6}(?:于|在)\s*$"));
static AFTER_SENT: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"{UNTIL}[^。；;]{{0,40}}?{SEND}")));
/// Right after the day, and what is done until then.
const UNTIL: &str = r"^[^。；;]{0,8}?(?:之前|以前|前)";
const SEND: &str = r"(?:提出|反馈|提交|报送|发送|寄送|反映|发至)";

/// When the comment period of a notice ends; `None` where it names no such day.
#[must_use]
pub fn closing(body: &str, published: NaiveDate) -> Option<Closing> {
    text::sentences(body).into_iter().find_map(|sentence| {
        let day = last_day(sentence, published)?;
        Some(Closing { day, quote: text::one_line(sentence) })
    })
}

/// The day in a sentence that ends a comment period. Of a span in Chinese it is the last one.
fn last_day(sentence: &str, published: NaiveDate) -> Option<NaiveDate> {
    if !may_tell(sentence) {
        return None;
    }
    let days = dates::all(sentence, published);
    let ends = |found: &dates::Found| {
        let (before, after) = (&sentence[..found.start], &sentence[found.end..]);
        ENGLISH.iter().any(|words| words.is_match(before))
            || CHINESE.is_match(before) && !continues(after)
            || BEFORE.is_match(before) && AFTER.is_match(after)
            || BEFORE_SENT.is_match(before) && AFTER_SENT.is_match(after)
    };
    let day = |found: &dates::Found| match found.date {
        PartialDate::Day(day) => meant(day, &sentence[found.start..found.end], published),
        PartialDate::Month(..) => None,
    };
    days.iter().filter(|found| ends(found)).find_map(day)
}

/// A cheap look before the patterns.
fn may_tell(sentence: &str) -> bool {
    let lower = sentence.to_ascii_lowercase();
    let words = ["comment", "submissions", "feedback", "意见", "建议"];
    words.iter().any(|word| lower.contains(word)) && sentence.contains(|c: char| c.is_ascii_digit())
}

/// Whether a day is the first one of a span.
fn continues(after: &str) -> bool {
    let after = after.trim_start();
    after.starts_with(['至', '到', '—', '–', '-', '~', '～'])
}

/// The day that is meant, if comments can still be made: a day without a year is the next one.
fn meant(day: NaiveDate, written: &str, published: NaiveDate) -> Option<NaiveDate> {
    let year = written.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit));
    let next =
        || day.with_year(day.year() + 1).filter(|next| (*next - published).num_days() <= NEAR);
    let day = if !year && day < published { next()? } else { day };
    (0..=LONGEST).contains(&(day - published).num_days()).then_some(day)
}
