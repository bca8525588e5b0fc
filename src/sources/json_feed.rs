//! JSON Feed 1.0 and 1.1, read leniently: an item is as good as what it has.
//!
//! Only the document's shape is understood here; links stay as written.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::extract;
use crate::model::article::RawItem;
use crate::text;

/// The items of a JSON Feed, or why the text is none.
pub(crate) fn read(
    json: &str,
    date: impl Fn(&str) -> Option<DateTime<Utc>>,
) -> Result<Vec<RawItem>, String> {
    let feed: Value =
        serde_json::from_str(json).map_err(|error| format!("the answer is no JSON: {error}"))?;
    let version = feed["version"].as_str().unwrap_or_default();
    if !version.contains("jsonfeed.org/version/1") {
        return Err("the answer is JSON but no JSON Feed".to_owned());
    }
    let items = feed["items"].as_array().ok_or("the JSON Feed has no list of items")?;
    Ok(items.iter().map(|item| of(item, &feed, &date)).collect())
}

fn of(item: &Value, feed: &Value, date: &impl Fn(&str) -> Option<DateTime<Utc>>) -> RawItem {
    let text = |key: &str| item[key].as_str().filter(|text| !text.trim().is_empty());
    let plain = text("content_text").map(extract::escaped);
    let dated = text("date_published").or(text("date_modified"));
    let own = authors(item);
    RawItem {
        guid: match &item["id"] {
            Value::String(id) => Some(id.clone()),
            Value::Number(id) => Some(id.to_string()),
            _ => None,
        },
        // `external_url` is what a link blog points at; the item's own page is `url`.
        url: text("url").or(text("external_url")).map(ToOwned::to_owned),
        title: text("title").map(extract::plain_title).unwrap_or_default(),
        summary: text("summary").map(extract::escaped).unwrap_or_default(),
        content: text("content_html").map(ToOwned::to_owned).or(plain),
        published: dated.and_then(date),
        authors: if own.is_empty() { authors(feed) } else { own },
        ..RawItem::default()
    }
}

/// `authors` of version 1.1, `author` of 1.0.
fn authors(of: &Value) -> Vec<String> {
    let many = of["authors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = many.iter().chain([&of["author"]]).filter_map(|author| author["name"].as_str());
    let mut list: Vec<String> = names.map(text::one_line).filter(|name| !name.is_empty()).collect();
    list.dedup();
    list
}
