//! The prices of an edition in words: never without a basis, never without a day.
//!
//! Articles look back, too. What they tell of long ago stands here only where
//! nothing newer does, and then that is said.

use chrono::NaiveDate;

use crate::compose::phrase::{Body, NAME, Section, day, link, shown};
use crate::model::brief::PriceLine;
use crate::model::message::{Line, Span};

/// Most prices shown.
const PRICES: usize = 12;
/// A price older than this, in days, says so.
const OLD: i64 = 7;
/// An age from this on, in days, is told in months, and the price is history.
const MONTHS: i64 = 61;

/// The section of prices; none where there are none.
pub(super) fn section(prices: &[&PriceLine], today: NaiveDate) -> Option<Section> {
    let days = |price: &PriceLine| (today - price.as_of).num_days();
    let is_fresh = |price: &&&PriceLine| days(price) < MONTHS;
    let mut shown: Vec<&PriceLine> = prices.iter().filter(is_fresh).copied().collect();
    let lead = shown.is_empty().then(|| Line::text("The news names older prices only:"));
    if shown.is_empty() {
        shown = prices.to_vec();
    }
    let left = prices.len() - shown.len().min(PRICES);
    let lines: Vec<Line> = shown.iter().take(PRICES).map(|price| line(price, today)).collect();
    let some = !lines.is_empty();
    let section =
        Section { id: "prices", heading: "Prices", lead, body: Body::Lines(lines), more: None };
    some.then(|| section.and_more(left, "/latest pricing"))
}

/// What is paid for what, then on which basis and when, then who says so.
fn line(price: &PriceLine, today: NaiveDate) -> Line {
    let change = price.change.as_deref().map(|change| format!(", {}", shown(change, NAME)));
    Line(vec![
        Span::Bold(format!(
            "{}: {} {}",
            shown(&price.product, NAME),
            range(price.low, price.high),
            shown(&price.unit, NAME)
        )),
        Span::Text(format!(
            "{} · {}, {} · {}{} — ",
            change.unwrap_or_default(),
            shown(&price.market, NAME),
            shown(&price.tax, NAME),
            day(price.as_of, today),
            age((today - price.as_of).num_days()),
        )),
        link(&shown(&price.publisher, NAME), &price.url),
    ])
}

/// How old something is, where that is too old to go unsaid.
fn age(days: i64) -> String {
    if days <= OLD {
        String::new()
    } else if days < MONTHS {
        format!(" ({days} days old)")
    } else {
        format!(" ({} months old)", days * 12 / 365)
    }
}

/// `545,000–550,000`; one figure when both ends are equal.
fn range(low: f64, high: f64) -> String {
    if low.total_cmp(&high).is_eq() {
        figure(low)
    } else {
        format!("{}–{}", figure(low), figure(high))
    }
}

/// A figure with its thousands apart and no more decimals than it has, two at most.
fn figure(value: f64) -> String {
    let fixed = format!("{value:.2}");
    let (whole, decimals) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 && digits.chars().all(|c| c.is_ascii_digit()) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match decimals {
        "" | "00" => format!("{sign}{grouped}"),
        _ => format!("{sign}{grouped}.{}", decimals.trim_end_matches('0')),
    }
}
