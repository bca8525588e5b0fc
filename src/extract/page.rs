//! An article's page to its title, text, date, canonical address and language.
//!
//! A configured selector is asked first; where it finds nothing, or there is
//! none, readability decides. Never fails: a page without an article has an
//! empty text.

use chrono::{DateTime, Utc};
use scraper::{Html, Selector};

use crate::extract::{self, date, html};
use crate::text;

/// A page with more elements than this is not worth the time it takes; real articles have
/// hundreds to a few thousand.
const MAX_ELEMENTS: usize = 20_000;

/// A selector's text shorter than this is not the article (a paywall's note, a share bar).
const MIN_CHARS: usize = 80;

/// What a page says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageText {
    /// The headline, or empty.
    pub title: String,
    /// Paragraphs separated by one blank line, or empty.
    pub text: String,
    /// When the page says it was published.
    pub published: Option<DateTime<Utc>>,
    /// The address it calls its own.
    pub canonical: Option<String>,
    /// The language it declares (`en`, `zh-CN`).
    pub language: Option<String>,
}

/// Reads an article page. `selector` names the element that holds the body.
#[must_use]
pub fn page(source: &str, url: &str, selector: Option<&str>) -> PageText {
    let source = html::bounded(source);
    let document = Html::parse_document(source);
    let mut read = PageText {
        title: first_text(&document, &["h1", "meta[property='og:title']", "title"]),
        text: String::new(),
        published: published(&document),
        canonical: attribute(&document, "link[rel='canonical']", "href")
            .and_then(|href| url::Url::parse(url).ok()?.join(&href).ok())
            .map(String::from),
        language: attribute(&document, "html", "lang").filter(|lang| !lang.trim().is_empty()),
    };
    if let Some(found) = selector.and_then(|selector| selected(&document, selector)) {
        read.text = found;
        return read;
    }
    drop(document);
    readable(source, url, &mut read);
    read
}

fn selected(document: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let parts: Vec<String> = document
        .select(&selector)
        .map(|element| html::html_to_text(&element.inner_html()))
        .filter(|part| !part.is_empty())
        .collect();
    let text = parts.join("\n\n");
    (text.chars().count() >= MIN_CHARS).then_some(text)
}

fn readable(source: &str, url: &str, read: &mut PageText) {
    let config = dom_smoothie::Config {
        text_mode: dom_smoothie::TextMode::Formatted,
        max_elements_to_parse: MAX_ELEMENTS,
        ..dom_smoothie::Config::default()
    };
    let found = extract::guarded(|| {
        dom_smoothie::Readability::new(source, Some(url), Some(config))?.parse()
    });
    let Some(Ok(article)) = found else { return };
    read.text = text::paragraphs(&article.text_content);
    if read.title.is_empty() {
        read.title = text::one_line(&article.title);
    }
    if read.published.is_none() {
        read.published = article.published_time.and_then(|time| date::parse_date(&time, None));
    }
}

fn published(document: &Html) -> Option<DateTime<Utc>> {
    const PLACES: [(&str, &str); 7] = [
        ("meta[property='article:published_time']", "content"),
        ("meta[name='PubDate']", "content"),
        ("meta[name='pubdate']", "content"),
        ("meta[name='date']", "content"),
        ("meta[itemprop='datePublished']", "content"),
        ("time[itemprop='datePublished']", "datetime"),
        ("article time[datetime]", "datetime"),
    ];
    PLACES
        .iter()
        .find_map(|(selector, name)| date::parse_date(&attribute(document, selector, name)?, None))
}

fn attribute(document: &Html, selector: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    document.select(&selector).find_map(|element| element.value().attr(name)).map(ToOwned::to_owned)
}

fn first_text(document: &Html, selectors: &[&str]) -> String {
    for selector in selectors {
        let Ok(parsed) = Selector::parse(selector) else { continue };
        let Some(element) = document.select(&parsed).next() else { continue };
        let words = element
            .value()
            .attr("content")
            .map_or_else(|| element.text().collect(), ToOwned::to_owned);
        let words = text::one_line(&words);
        if !words.is_empty() {
            return words;
        }
    }
    String::new()
}
