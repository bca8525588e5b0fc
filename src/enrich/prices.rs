//! Prices: product, range, unit, tax basis, market and day, from the sentence that states them.
//!
//! A figure without product and unit in its own clause is no price, and one
//! outside the product's believable range is a slip of units and left out.
//! Nothing is converted or averaged; what is not said is said not to be.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use regex::Regex;

use crate::enrich::dates;
use crate::lexicon::{Lexicon, Name, Product};
use crate::model::brief::PriceLine;
use crate::text;

/// A figure or a range, and its unit.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)
          (?P<cur>USD|US\$|\$|RMB|CNY|¥)? \s*
          (?P<low>\d[\d,]*(?:\.\d+)?) \s* (?P<lowk>million|k|万)? \s*
          (?: (?:-|–|—|~|to|and|至) \s* (?:USD|US\$|\$|RMB|CNY|¥)? \s* (?P<high>\d[\d,]*(?:\.\d+)?) \s* (?P<highk>million|k|万)? )? \s*
          (?P<unit> yuan\s*(?:/|per\s+)\s*(?:metric\s+)?(?:mt|tonnes?|tons?|t\b|kg|kilograms?|kilos?)
            | (?:(?:USD|dollars?)\s*)?(?:/|per\s+|a\s+)\s*(?:kg|kilograms?|kilos?|tonnes?|tons?|mt\b)
            | 元/吨 | 元/公斤 | 元/千克 | 元每吨 | 元每公斤 | 美元/公斤 | 美元/千克 )",
    )
    .expect("a constant pattern")
});

/// Prices stated in an article.
#[must_use]
pub fn prices(
    title: &str,
    body: &str,
    publisher: &str,
    url: &str,
    published: DateTime<Utc>,
    lexicon: &Lexicon,
) -> Vec<PriceLine> {
    let mut found: Vec<PriceLine> = Vec::new();
    for sentence in text::sentences(body).into_iter().chain([title]) {
        if !sentence.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        for price in in_sentence(sentence, publisher, url, published, lexicon) {
            if !found
                .iter()
                .any(|known| known.product == price.product && known.market == price.market)
            {
                found.push(price);
            }
        }
    }
    found
}

fn in_sentence(
    sentence: &str,
    publisher: &str,
    url: &str,
    published: DateTime<Utc>,
    lexicon: &Lexicon,
) -> Vec<PriceLine> {
    let products: Vec<(usize, usize)> = lexicon
        .names(sentence)
        .into_iter()
        .filter_map(|hit| match hit.what {
            Name::Product(i) => Some((hit.at.end, i)),
            _ => None,
        })
        .collect();
    let as_of = dates::first_day(sentence, published).unwrap_or_else(|| published.date_naive());
    let figures: Vec<regex::Captures<'_>> = FIGURE.captures_iter(sentence).collect();
    let mut lines: Vec<PriceLine> = Vec::new();
    for (k, figure) in figures.iter().enumerate() {
        let Some(whole) = figure.get(0) else { continue };
        let clause = clause(sentence, &figures, k);
        let Some(product) = product_of(whole.start(), k, &figures, &products) else { continue };
        let product = &lexicon.products()[product];
        let line = line(figure, clause, sentence, product, as_of, publisher, url);
        // A second figure of one product is a price only on another market.
        let line = line.filter(|line| {
            let same =
                |other: &PriceLine| other.product == line.product && other.market == line.market;
            !lines.iter().any(same)
        });
        lines.extend(line);
    }
    lines
}

/// The product whose price the figure at `k` is: the one named since the figure before, or else
/// the last one. Of two named side by side it could be either, so it is neither.
fn product_of(
    start: usize,
    k: usize,
    figures: &[regex::Captures<'_>],
    products: &[(usize, usize)],
) -> Option<usize> {
    let before = k.checked_sub(1).and_then(|k| figures.get(k)?.get(0)).map_or(0, |f| f.end());
    let since = |(end, _): &&(usize, usize)| *end > before && *end <= start;
    let mut named: Vec<usize> = products.iter().filter(since).map(|(_, i)| *i).collect();
    named.dedup();
    match named[..] {
        [one] => Some(one),
        [] => products.iter().rev().find(|(end, _)| *end <= start).map(|(_, i)| *i),
        _ => None,
    }
}

/// What is said of the figure at `k`: from the last comma or "and" before it to the last one
/// before the next figure.
fn clause<'a>(sentence: &'a str, figures: &[regex::Captures<'_>], k: usize) -> &'a str {
    let place = |k: usize| figures.get(k).and_then(|figure| figure.get(0));
    let cut = |from: usize, to: usize| {
        let between = &sentence[from..to];
        let marks = [" and ", ", ", "; ", "，", "；", "、"];
        let last = marks.iter().filter_map(|mark| between.rfind(mark)).max();
        last.map_or(to, |at| from + at)
    };
    let Some(here) = place(k) else { return sentence };
    let before = k.checked_sub(1).and_then(place);
    let start = before.map_or(0, |before| cut(before.end(), here.start()));
    let end = place(k + 1).map_or(sentence.len(), |next| cut(here.end(), next.start()));
    &sentence[start..end]
}

fn line(
    figure: &regex::Captures<'_>,
    clause: &str,
    sentence: &str,
    product: &Product,
    as_of: NaiveDate,
    publisher: &str,
    url: &str,
) -> Option<PriceLine> {
    let unit = unit(figure)?;
    let high_scale = figure.name("highk").map(|m| m.as_str());
    let low_scale = figure.name("lowk").map(|m| m.as_str()).or(high_scale);
    let low = number(figure.name("low")?.as_str(), low_scale)?;
    let high = match figure.name("high") {
        Some(high) => number(high.as_str(), high_scale)?,
        None => low,
    };
    let (low, high) = if low <= high { (low, high) } else { (high, low) };
    let [least, most] =
        if unit.starts_with("USD") { product.usd_per_kg } else { product.yuan_per_tonne };
    let factor = match unit {
        "yuan/kg" => 1_000.0,
        "USD/t" => 0.001,
        _ => 1.0,
    };
    if low * factor < least || high * factor > most {
        return None;
    }
    Some(PriceLine {
        product: product.label.clone(),
        low,
        high,
        unit: unit.to_owned(),
        tax: tax(sentence).to_owned(),
        market: market(clause, unit).to_owned(),
        as_of,
        change: change(clause).or_else(|| change(sentence).filter(|_| clause == sentence)),
        publisher: publisher.to_owned(),
        url: url.to_owned(),
    })
}

fn number(digits: &str, scale: Option<&str>) -> Option<f64> {
    let value: f64 = digits.replace(',', "").parse().ok()?;
    let scale = match scale.map(str::to_lowercase).as_deref() {
        Some("million") => 1_000_000.0,
        Some("k") => 1_000.0,
        Some("万") => 10_000.0,
        _ => 1.0,
    };
    Some(value * scale)
}

fn unit(figure: &regex::Captures<'_>) -> Option<&'static str> {
    let words = figure.name("unit")?.as_str().to_lowercase();
    let currency = figure.name("cur").map(|m| m.as_str().to_uppercase());
    let per_kg = words.contains("kg")
        || words.contains("kilo")
        || words.contains("公斤")
        || words.contains("千克");
    let dollars = words.contains("usd")
        || words.contains("dollar")
        || words.contains("美元")
        || matches!(currency.as_deref(), Some("USD" | "US$" | "$"));
    let yuan = !dollars
        && (words.contains("yuan")
            || words.contains('元')
            || matches!(currency.as_deref(), Some("RMB" | "CNY" | "¥")));
    match (dollars, yuan, per_kg) {
        (true, _, true) => Some("USD/kg"),
        (true, _, false) => Some("USD/t"),
        (_, true, true) => Some("yuan/kg"),
        (_, true, false) => Some("yuan/t"),
        _ => None,
    }
}

fn tax(sentence: &str) -> &'static str {
    let lower = sentence.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["excluding vat", "excl. vat", "without vat", "ex-vat", "before vat", "不含税"]) {
        "excl. VAT"
    } else if says(&[
        "including 13% vat",
        "incl. 13% vat",
        "including 13 % vat",
        "with 13% vat",
        "含13%增值税",
    ]) {
        "incl. 13% VAT"
    } else if says(&["including vat", "incl. vat", "vat included", "vat-inclusive", "含税"]) {
        "incl. VAT"
    } else {
        "tax basis not stated"
    }
}

fn market(sentence: &str, unit: &str) -> &'static str {
    let lower = sentence.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["rotterdam", "鹿特丹"]) {
        "Rotterdam"
    } else if says(&["fob"]) {
        "fob China"
    } else if says(&["ex works", "ex-works", "出厂"]) {
        "China, ex works"
    } else if unit.starts_with("yuan") || says(&["in china", "domestic", "国内"]) {
        "China"
    } else {
        "market not stated"
    }
}

/// `up 2%`, as the sentence says it.
fn change(sentence: &str) -> Option<String> {
    static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(up|down|rose|fell|gained|lost|rising|falling)\s+(?:by\s+)?(\d+(?:\.\d+)?\s?(?:%|percent|per cent))|(上涨|下跌|涨|跌)(\d+(?:\.\d+)?%)")
            .expect("a constant pattern")
    });
    CHANGE.find(sentence).map(|found| found.as_str().to_owned())
}
