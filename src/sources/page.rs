//! Listing pages: items by CSS selectors.
//!
//! A page on which the selector matches nothing is an error, never an empty
//! listing: the site was redesigned, and the operator must know.

use chrono::{DateTime, Utc};
use scraper::{ElementRef, Html, Selector};
use url::Url;

use crate::extract;
use crate::model::article::RawItem;
use crate::model::source::SourceState;
use crate::sources::http::{Answer, Web};
use crate::sources::{FetchError, Polled, Source, SourceSpec, poll};
use crate::text;

struct Page {
    spec: SourceSpec,
    item: Selector,
    link: Option<Selector>,
    title: Option<Selector>,
    date: Option<Selector>,
    summary: Option<Selector>,
}

/// Makes the source, or says everything that is wrong with its block.
pub(crate) fn build(spec: &SourceSpec) -> Result<Box<dyn Source>, Vec<String>> {
    let mut problems = Vec::new();
    let keys = [
        ("items", spec.items.is_some()),
        ("guid", spec.guid.is_some()),
        ("comments_close", spec.comments_close.is_some()),
    ];
    spec.refuse(&keys, &mut problems);
    if spec.item.is_none() {
        problems.push(
            "item: a source of kind \"page\" needs the CSS selector of one listed item".to_owned(),
        );
    }
    let mut read = |key: &str, text: &Option<String>| match text.as_deref().map(Selector::parse) {
        Some(Ok(selector)) => Some(selector),
        Some(Err(_)) => {
            problems.push(format!(
                "{key}: {:?} is no CSS selector",
                text.as_deref().unwrap_or_default()
            ));
            None
        }
        None => None,
    };
    let item = read("item", &spec.item);
    let (link, title) = (read("link", &spec.link), read("title", &spec.title));
    let (date, summary) = (read("date", &spec.date), read("summary", &spec.summary));
    read("body", &spec.body);
    match item {
        Some(item) if problems.is_empty() => {
            Ok(Box::new(Page { spec: spec.clone(), item, link, title, date, summary }))
        }
        _ => Err(problems),
    }
}

#[async_trait::async_trait]
impl Source for Page {
    async fn poll(
        &self,
        web: &Web,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<Polled, FetchError> {
        let read = |answer: &Answer| {
            let html = extract::decode(&answer.body, answer.content_type.as_deref());
            self.read(&html, &answer.final_url)
        };
        poll(web, &self.spec, state, now, read).await
    }
}

impl Page {
    fn read(&self, html: &str, base: &str) -> Result<(Vec<RawItem>, Vec<String>), FetchError> {
        let document = Html::parse_document(extract::bounded(html));
        let base = Url::parse(base).map_err(|error| FetchError::Malformed(error.to_string()))?;
        let base = own_base(&document).and_then(|own| base.join(&own).ok()).unwrap_or(base);
        let (mut items, mut problems) = (Vec::new(), Vec::new());
        let mut matched = 0;
        for element in document.select(&self.item).take(self.spec.max_items) {
            matched += 1;
            match self.item(element, &base) {
                Some(item) => items.push(item),
                None => {
                    problems.push(format!("item {matched} of the listing has no link or no title"));
                }
            }
        }
        if matched == 0 {
            let selector = self.spec.item.as_deref().unwrap_or_default();
            let reason = format!(
                "the selector {selector:?} matches nothing on the page; it may have been redesigned"
            );
            return Err(FetchError::Malformed(reason));
        }
        if items.is_empty() {
            let reason =
                "no item of the listing has both a link and a title; it may have been redesigned";
            return Err(FetchError::Malformed(reason.to_owned()));
        }
        Ok((items, problems))
    }

    fn item(&self, element: ElementRef<'_>, base: &Url) -> Option<RawItem> {
        let anchor = match &self.link {
            Some(selector) => element.select(selector).next(),
            None if element.value().name() == "a" => Some(element),
            None => Selector::parse("a[href]").ok().and_then(|any| element.select(&any).next()),
        }?;
        let url = base.join(anchor.value().attr("href")?.trim()).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let named = self
            .title
            .as_ref()
            .and_then(|selector| element.select(selector).next())
            .unwrap_or(anchor);
        let words = words(named);
        // Listings cut long titles and keep the whole one in the attribute.
        let whole =
            named.value().attr("title").or(anchor.value().attr("title")).map(text::one_line);
        let title =
            whole.filter(|whole| whole.chars().count() > words.chars().count()).unwrap_or(words);
        if title.is_empty() {
            return None;
        }
        let dated = self.date.as_ref().and_then(|selector| element.select(selector).next());
        let published = dated.and_then(|found| {
            let stamp = found.value().attr("datetime").map(ToOwned::to_owned);
            extract::parse_date(&stamp.unwrap_or_else(|| found.text().collect()), self.spec.zone)
        });
        let summary = self.summary.as_ref().and_then(|selector| element.select(selector).next());
        Some(RawItem {
            url: Some(url.into()),
            title,
            summary: summary.map(|found| found.inner_html()).unwrap_or_default(),
            published,
            ..RawItem::default()
        })
    }
}

/// What the page says its links are relative to (`<base href>`).
fn own_base(document: &Html) -> Option<String> {
    let selector = Selector::parse("base[href]").ok()?;
    document.select(&selector).next()?.value().attr("href").map(ToOwned::to_owned)
}

fn words(element: ElementRef<'_>) -> String {
    text::one_line(&element.text().collect::<String>())
}
