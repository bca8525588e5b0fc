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
    let mut taken = std::collections::HashSet::new();
    let mut lines = Vec::new();
    for figure in FIGURE.captures_iter(sentence) {
        let Some(whole) = figure.get(0) else { continue };
        // The nearest product named before the figure, each used once.
        let Some((_, i)) =
            products.iter().rev().find(|(end, i)| *end <= whole.start() && !taken.contains(i))
        else {
            continue;
        };
        let product = &lexicon.products()[*i];
        if let Some(line) = line(&figure, sentence, product, as_of, publisher, url) {
            taken.insert(*i);
            lines.push(line);
        }
    }
    lines
}

fn line(
    figure: &regex::Captures<'_>,
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
        market: market(sentence, unit).to_owned(),
        as_of,
        change: change(sentence),
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
