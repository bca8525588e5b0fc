//! Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, as they really are.
//!
//! A feed that breaks a rule of XML is mended and read again; one that breaks
//! off keeps the items that are whole. Dates are read by our own rules, since
//! `CST` means China as often as Chicago.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed as Parsed};
use feed_rs::parser::{ParseErrorKind, ParseFeedError};
use regex::{Captures, Regex};
use url::Url;

use crate::extract;
use crate::model::article::RawItem;
use crate::model::source::SourceState;
use crate::sources::http::{Answer, Web};
use crate::sources::{FetchError, Polled, Source, SourceSpec, json_feed, poll};
use crate::text;

struct Feed {
    spec: SourceSpec,
}

/// Makes the source, or says everything that is wrong with its block.
pub(crate) fn build(spec: &SourceSpec) -> Result<Box<dyn Source>, Vec<String>> {
    let mut problems = Vec::new();
    let keys = [
        ("item", spec.item.is_some()),
        ("items", spec.items.is_some()),
        ("link", spec.link.is_some()),
        ("title", spec.title.is_some()),
        ("date", spec.date.is_some()),
        ("summary", spec.summary.is_some()),
        ("comments_close", spec.comments_close.is_some()),
        ("guid", spec.guid.is_some()),
    ];
    spec.refuse(&keys, &mut problems);
    if let Some(body) = spec.body.as_deref().filter(|body| scraper::Selector::parse(body).is_err())
    {
        problems.push(format!("body: {body:?} is no CSS selector"));
    }
    if problems.is_empty() { Ok(Box::new(Feed { spec: spec.clone() })) } else { Err(problems) }
}

#[async_trait::async_trait]
impl Source for Feed {
    async fn poll(
        &self,
        web: &Web,
        state: &SourceState,
        now: DateTime<Utc>,
    ) -> Result<Polled, FetchError> {
        let read = |answer: &Answer| {
            self.read(&answer.body, answer.content_type.as_deref(), &answer.final_url)
        };
        poll(web, &self.spec, state, now, read).await
    }
}

impl Feed {
    fn read(
        &self,
        body: &[u8],
        content_type: Option<&str>,
        base: &str,
    ) -> Result<(Vec<RawItem>, Vec<String>), FetchError> {
        let zone = self.spec.zone;
        let text = extract::decode(body, content_type);
        let url = Url::parse(base).ok();
        let mut problems = Vec::new();
        let found = if text.trim_start().starts_with('{') {
            json_feed::read(&text, |date| date_of(date, zone)).map_err(FetchError::Malformed)?
        } else {
            let (parsed, problem) = parse(&text, base, zone)?;
            problems.extend(problem);
            parsed.entries.into_iter().map(item).collect()
        };
        let mut items = Vec::new();
        for (i, item) in found.into_iter().take(self.spec.max_items).enumerate() {
            match usable(item, url.as_ref()) {
                Some(item) => items.push(item),
                None => problems.push(format!("item {} has neither a title nor a link", i + 1)),
            }
        }
        Ok((items, problems))
    }
}

/// Parses the text as it is; failing that, mended; failing that, the items that are whole. The
/// second value says what had to be done.
///
/// The parser gets text that was decoded before and says nothing of its encoding: it would
/// believe a declaration that lies, and it panics on UTF-16.
fn parse(
    text: &str,
    base: &str,
    zone: Option<chrono_tz::Tz>,
) -> Result<(Parsed, Option<String>), FetchError> {
    let document = undeclared(text);
    let why = match attempt(&document, base, zone) {
        Ok(parsed) => return Ok((parsed, None)),
        Err(why) => why,
    };
    if is_web_page(&document) {
        return Err(FetchError::Malformed("the answer is a web page, not a feed".to_owned()));
    }
    let mended = mend(&document);
    if let Ok(parsed) = attempt(&mended, base, zone) {
        let note = format!("the feed breaks the rules of XML ({why}); it was mended and read");
        return Ok((parsed, Some(note)));
    }
    match attempt(&whole_items(&mended), base, zone) {
        Ok(parsed) if !parsed.entries.is_empty() => {
            let count = parsed.entries.len();
            let note =
                format!("the feed is damaged ({why}); the items that are whole were read: {count}");
            Ok((parsed, Some(note)))
        }
        _ => Err(FetchError::Malformed(format!("the feed cannot be read: {why}"))),
    }
}

/// The document without the declaration of an encoding it no longer has, and with a version of
/// RSS that the parser knows: 0.93, 0.94 and 2.0.1 read as 2.0, and so does none at all.
fn undeclared(text: &str) -> Cow<'_, str> {
    static ROOT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"<rss(\s[^>]*)?>"#).expect("a constant pattern"));
    static VERSION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"\sversion\s*=\s*("[^"]*"|'[^']*')"#).expect("a constant pattern")
    });
    let text = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let text = match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest.trim_start(),
        None => text,
    };
    let Some(root) = ROOT.captures(head(text)) else { return Cow::Borrowed(text) };
    let attributes = root.get(1).map_or("", |found| found.as_str());
    let version =
        VERSION.captures(attributes).map(|found| found[1].trim_matches(['"', '\'']).to_owned());
    if version.is_some_and(|version| ["2.0", "0.91", "0.92"].contains(&version.as_str())) {
        return Cow::Borrowed(text);
    }
    let (start, end) = root.get(0).map_or((0, 0), |found| (found.start(), found.end()));
    let others = VERSION.replace(attributes, "");
    Cow::Owned(format!("{}<rss version=\"2.0\"{others}>{}", &text[..start], &text[end..]))
}

/// The first few kilobytes: where a root element stands.
fn head(text: &str) -> &str {
    let mut end = text.len().min(4096);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn is_web_page(document: &str) -> bool {
    let start = head(document).trim_start().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

fn attempt(document: &str, base: &str, zone: Option<chrono_tz::Tz>) -> Result<Parsed, String> {
    let parser = feed_rs::parser::Builder::new()
        .base_uri(Some(base))
        // An item without an id has none: a made-up one would be another at the next poll.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(move |date| date_of(date, zone))
        .build();
    match extract::guarded(|| parser.parse(document.as_bytes())) {
        Some(Ok(parsed)) => Ok(parsed),
        Some(Err(ParseFeedError::ParseError(ParseErrorKind::NoFeedRoot))) => {
            Err("it is neither RSS, Atom nor JSON Feed".to_owned())
        }
        Some(Err(error)) => {
            let words = text::one_line(&error.to_string());
            let words = words.trim_start_matches("unable to parse XML: Parser error: ");
            Err(text::cut(words, 160))
        }
        None => Err("the parser fails on it".to_owned()),
    }
}

fn date_of(date: &str, zone: Option<chrono_tz::Tz>) -> Option<DateTime<Utc>> {
    extract::parse_date(date, zone)
}

/// A CDATA section, or an ampersand and the entity it begins, if it begins one.
static AMPERSAND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?s)<!\[CDATA\[.*?\]\]>|&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)?",
    )
    .expect("a constant pattern")
});

/// The text without what XML forbids: no control characters or references to them, no loose
/// ampersands, no entities that only HTML knows.
fn mend(text: &str) -> String {
    let clean: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
    let mended = AMPERSAND.replace_all(&clean, |found: &Captures<'_>| {
        match found.get(1).map(|m| m.as_str()) {
            None if found[0].starts_with('<') => found[0].to_owned(),
            None => "&amp;".to_owned(),
            Some("amp;" | "lt;" | "gt;" | "quot;" | "apos;") => found[0].to_owned(),
            Some(number) if number.starts_with('#') => {
                if is_character(number) {
                    found[0].to_owned()
                } else {
                    String::new()
                }
            }
            // An HTML entity: XML does not know it, the HTML reader behind it does.
            Some(name) => format!("&amp;{name}"),
        }
    });
    mended.into_owned()
}

/// Whether `#169;` or `#xA9;` stands for a character that XML allows.
fn is_character(number: &str) -> bool {
    let digits = number.trim_start_matches('#').trim_end_matches(';');
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    };
    let character = code.ok().and_then(char::from_u32);
    character.is_some_and(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}

/// The root element, its prefixes and all, around the items that are whole and can be read.
fn whole_items(text: &str) -> String {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)<item[\s>].*?</item>|<entry[\s>].*?</entry>").expect("a constant pattern")
    });
    static ROOT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"<(rss|rdf:RDF|feed)(?:\s[^>]*)?>").expect("a constant pattern")
    });
    let (open, name) = match ROOT.captures(head(text)) {
        Some(root) => (root[0].to_owned(), root[1].to_owned()),
        None if text.contains("<entry") => {
            ("<feed xmlns=\"http://www.w3.org/2005/Atom\">".to_owned(), "feed".to_owned())
        }
        None => ("<rss version=\"2.0\">".to_owned(), "rss".to_owned()),
    };
    let wrap = |items: &str| match name.as_str() {
        "rss" => format!("{open}<channel>{items}</channel></rss>"),
        name => format!("{open}{items}</{name}>"),
    };
    let sound = |item: &&str| {
        let alone = extract::guarded(|| feed_rs::parser::parse(wrap(item).as_bytes()));
        matches!(alone, Some(Ok(feed)) if feed.entries.len() == 1)
    };
    let items = ITEM.find_iter(text).take(MOST_WHOLE).map(|found| found.as_str());
    wrap(&items.filter(sound).collect::<String>())
}

/// Items of a damaged feed tried one by one.
const MOST_WHOLE: usize = 1_000;

/// What the parser says of an entry, links as written.
fn item(entry: Entry) -> RawItem {
    let content =
        entry.content.and_then(|content| content.body).filter(|body| !body.trim().is_empty());
    let summary = entry.summary.map(|summary| summary.content).unwrap_or_default();
    let media =
        entry.media.iter().find_map(|media| media.description.as_ref()).map(|d| d.content.clone());
    RawItem {
        url: link(&entry.links),
        title: entry.title.map(|title| extract::plain_title(&title.content)).unwrap_or_default(),
        summary: if summary.is_empty() { media.unwrap_or_default() } else { summary },
        content,
        published: entry.published.or(entry.updated),
        authors: entry
            .authors
            .into_iter()
            .filter_map(|author| author.name)
            .map(|name| text::one_line(&name))
            .filter(|name| !name.is_empty())
            .collect(),
        guid: Some(entry.id).filter(|id| !id.trim().is_empty()),
        ..RawItem::default()
    }
}

/// The item with an absolute link and a title, if it has enough to be told.
fn usable(mut item: RawItem, base: Option<&Url>) -> Option<RawItem> {
    let own = item.url.as_deref().and_then(|href| absolute(href, base));
    // A guid that is a permalink stands in for a missing link.
    item.url = own.or_else(|| absolute(item.guid.as_deref()?, None));
    if item.title.is_empty() {
        item.title = first_words(item.content.as_deref().unwrap_or(&item.summary));
    }
    let empty = item.url.is_none() && item.summary.is_empty() && item.content.is_none();
    (!item.title.is_empty() && !empty).then_some(item)
}

/// The link to the article: the alternate one, else the first that is no enclosure.
fn link(links: &[feed_rs::model::Link]) -> Option<String> {
    let page = |link: &&feed_rs::model::Link| {
        !matches!(
            link.rel.as_deref(),
            Some("enclosure" | "self" | "replies" | "edit" | "related" | "via")
        )
    };
    let best = links.iter().find(|link| link.rel.as_deref() == Some("alternate"));
    Some(best.or_else(|| links.iter().find(page))?.href.clone())
}

fn absolute(href: &str, base: Option<&Url>) -> Option<String> {
    let href = href.trim();
    if href.is_empty() {
        return None;
    }
    let url =
        Url::parse(href).or_else(|error| base.map_or(Err(error), |base| base.join(href))).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// The opening words of an item without a title (RSS allows it).
fn first_words(html: &str) -> String {
    let text = extract::html_to_text(html);
    let first = text::sentences(&text).first().copied().unwrap_or_default();
    text::cut(first, 120)
}
