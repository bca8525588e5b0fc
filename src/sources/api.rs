//! JSON APIs: items by JSON pointers.
//!
//! A pointer that leads nowhere is an error for the list and a set-aside item
//! for an item; strings may hold HTML.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use crate::extract;
use crate::model::article::RawItem;
use crate::model::source::SourceState;
use crate::sources::http::{Answer, Web};
use crate::sources::{FetchError, Polled, Source, SourceSpec, poll};

struct Api {
    spec: SourceSpec,
}

/// Makes the source, or says everything that is wrong with its block.
pub(crate) fn build(spec: &SourceSpec) -> Result<Box<dyn Source>, Vec<String>> {
    let mut problems = Vec::new();
    spec.refuse(&[("item", spec.item.is_some())], &mut problems);
    let pointers = [
        ("items", &spec.items),
        ("title", &spec.title),
        ("link", &spec.link),
        ("date", &spec.date),
        ("summary", &spec.summary),
        ("body", &spec.body),
        ("guid", &spec.guid),
        ("comments_close", &spec.comments_close),
    ];
    for (key, pointer) in pointers {
        match pointer {
            Some(pointer) if !pointer.is_empty() && !pointer.starts_with('/') => {
                problems
                    .push(format!("{key}: {pointer:?} is no JSON pointer; it begins with a slash"));
            }
            None if matches!(key, "items" | "title" | "link") => {
                problems.push(format!("{key}: a source of kind \"api\" needs this JSON pointer"));
            }
            _ => {}
        }
    }
    if problems.is_empty() { Ok(Box::new(Api { spec: spec.clone() })) } else { Err(problems) }
}

#[async_trait::async_trait]
impl Source for Api {
    async fn poll(
        &self,
        web: &Web,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<Polled, FetchError> {
        let read = |answer: &Answer| {
            let text = extract::decode(&answer.body, answer.content_type.as_deref());
            self.read(&text, &answer.final_url)
        };
        poll(web, &self.spec, state, now, read).await
    }
}

impl Api {
    fn read(&self, text: &str, base: &str) -> Result<(Vec<RawItem>, Vec<String>), FetchError> {
        let document: Value = serde_json::from_str(text)
            .map_err(|error| FetchError::Malformed(format!("the answer is no JSON: {error}")))?;
        let pointer = self.spec.items.as_deref().unwrap_or_default();
        let list = document.pointer(pointer).and_then(Value::as_array).ok_or_else(|| {
            FetchError::Malformed(format!(
                "the answer has no list at {pointer:?}; the API may have changed"
            ))
        })?;
        let base = Url::parse(base).map_err(|error| FetchError::Malformed(error.to_string()))?;
        let (mut items, mut problems) = (Vec::new(), Vec::new());
        for (i, value) in list.iter().take(self.spec.max_items).enumerate() {
            match self.item(value, &base) {
                Some(item) => items.push(item),
                None => {
                    problems.push(format!("item {} of the list has no title or no link", i + 1));
                }
            }
        }
        Ok((items, problems))
    }

    fn item(&self, value: &Value, base: &Url) -> Option<RawItem> {
        let text = |pointer: &Option<String>| value.pointer(pointer.as_deref()?).and_then(as_text);
        let title = extract::plain_title(&text(&self.spec.title)?);
        let url = base.join(text(&self.spec.link)?.trim()).ok()?;
        if title.is_empty() || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(RawItem {
            guid: text(&self.spec.guid),
            url: Some(url.into()),
            title,
            summary: text(&self.spec.summary).unwrap_or_default(),
            content: text(&self.spec.body),
            published: text(&self.spec.date)
                .and_then(|date| extract::parse_date(&date, self.spec.zone)),
            comments_close: text(&self.spec.comments_close).and_then(|day| day.trim().parse().ok()),
            ..RawItem::default()
        })
    }
}

/// Strings as they are, numbers as written; anything else is not text.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
