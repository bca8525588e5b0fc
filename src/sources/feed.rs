//! Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed, as they really are.
//!
//! A feed that breaks a rule of XML is mended and read again; one that breaks
//! off keeps the items that are whole. Dates are read by our own rules, since
//! `CST` means China as often as Chicago.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use feed_rs::model::{Entry, Feed as Parsed};
use regex::{Captures, Regex};
use url::Url;

use crate::extract;
use crate::model::article::RawItem;
use crate::model::source::SourceState;
use crate::sources::http::Web;
use crate::sources::{FetchError, Polled, Source, SourceSpec, fetch, listed, unchanged};
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
        _now: DateTime<Utc>,
    ) -> Result<Polled, FetchError> {
        let (answer, state) = fetch(web, &self.spec, state).await?;
        let Some(answer) = answer else { return Ok(unchanged(state)) };
        let (items, problems) =
            self.read(&answer.body, answer.content_type.as_deref(), &answer.final_url)?;
        Ok(listed(items, problems, state))
    }
}

impl Feed {
    fn read(
        &self,
        body: &[u8],
        content_type: Option<&str>,
        base: &str,
    ) -> Result<(Vec<RawItem>, Vec<String>), FetchError> {
        let (parsed, problem) = parse(body, content_type, base, self.spec.zone)?;
        let base = Url::parse(base).ok();
        let mut problems: Vec<String> = problem.into_iter().collect();
        let mut items = Vec::new();
        for (i, entry) in parsed.entries.into_iter().take(self.spec.max_items).enumerate() {
            match item(entry, base.as_ref()) {
                Some(item) => items.push(item),
                None => problems.push(format!("item {} has neither a title nor a link", i + 1)),
            }
        }
        Ok((items, problems))
    }
}

/// Parses bytes as they came; failing that, the same text mended; failing that, the items that
/// are whole. The second value says what had to be done.
fn parse(
    body: &[u8],
    content_type: Option<&str>,
    base: &str,
    zone: Option<chrono_tz::Tz>,
) -> Result<(Parsed, Option<String>), FetchError> {
    let wide = body.starts_with(&[0xfe, 0xff])
        || body.starts_with(&[0xff, 0xfe])
        || body.starts_with(&[0, b'<']);
    // UTF-16 makes the parser panic; it gets decoded text instead of bytes.
    let first = if wide { Err("it is not in UTF-8".to_owned()) } else { attempt(body, base, zone) };
    let why = match first {
        Ok(parsed) => return Ok((parsed, None)),
        Err(why) => why,
    };
    let text = extract::decode(body, content_type);
    let lower = text
        .trim_start()
        .get(..200.min(text.trim_start().len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Err(FetchError::Malformed("the answer is a web page, not a feed".to_owned()));
    }
    let mended = mend(&text);
    if let Ok(parsed) = attempt(mended.as_bytes(), base, zone) {
        let note = (!wide)
            .then(|| format!("the feed breaks the rules of XML ({why}); it was mended and read"));
        return Ok((parsed, note));
    }
    let whole = whole_items(&mended);
    match attempt(whole.as_bytes(), base, zone) {
        Ok(parsed) if !parsed.entries.is_empty() => {
            let note = format!(
                "the feed is damaged ({why}); its {} whole items were read",
                parsed.entries.len()
            );
            Ok((parsed, Some(note)))
        }
        _ => Err(FetchError::Malformed(format!("the feed cannot be read: {why}"))),
    }
}

fn attempt(body: &[u8], base: &str, zone: Option<chrono_tz::Tz>) -> Result<Parsed, String> {
    feed_rs::parser::Builder::new()
        .base_uri(Some(base))
        .timestamp_parser(move |date| date_of(date, zone))
        .build()
        .parse(body)
        .map_err(|error| text::cut(&text::one_line(&error.to_string()), 160))
}

fn date_of(date: &str, zone: Option<chrono_tz::Tz>) -> Option<DateTime<Utc>> {
    extract::parse_date(date, zone)
}

/// An ampersand that begins no entity.
static LOOSE_AMPERSAND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(#\d+;|#x[0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]{1,30};)?").expect("a constant pattern")
});

/// The text as XML that says it is UTF-8: no declaration of another encoding, no characters that
/// XML forbids, no loose ampersands, no entities that only HTML knows.
fn mend(text: &str) -> String {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let text = match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    };
    let clean: String =
        text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect();
    LOOSE_AMPERSAND
        .replace_all(&clean, |found: &Captures<'_>| match found.get(1).map(|m| m.as_str()) {
            None => "&amp;".to_owned(),
            Some("amp;" | "lt;" | "gt;" | "quot;" | "apos;") => found[0].to_owned(),
            Some(number) if number.starts_with('#') => found[0].to_owned(),
            // An HTML entity: XML does not know it, the HTML reader behind it does.
            Some(name) => format!("&amp;{name}"),
        })
        .into_owned()
}

/// The opening of the document and its complete items, closed properly.
fn whole_items(text: &str) -> String {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)<item[\s>].*?</item>|<entry[\s>].*?</entry>").expect("a constant pattern")
    });
    let items: Vec<&str> = ITEM.find_iter(text).map(|found| found.as_str()).collect();
    let sound = items.iter().filter(|item| sound(item)).copied().collect::<String>();
    if text.contains("<feed") {
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{sound}</feed>")
    } else {
        format!(
            "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
             xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\" xmlns:wfw=\"http://wellformedweb.org/CommentAPI/\" \
             xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>-</title>{sound}</channel></rss>"
        )
    }
}

/// Whether one item by itself can be read.
fn sound(item: &str) -> bool {
    let alone = if item.starts_with("<entry") {
        format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{item}</feed>")
    } else {
        format!("<rss version=\"2.0\"><channel><title>-</title>{item}</channel></rss>")
    };
    feed_rs::parser::parse(alone.as_bytes()).is_ok_and(|feed| feed.entries.len() == 1)
}

fn item(entry: Entry, base: Option<&Url>) -> Option<RawItem> {
    let title = entry.title.map(|title| extract::plain_title(&title.content)).unwrap_or_default();
    let content =
        entry.content.and_then(|content| content.body).filter(|body| !body.trim().is_empty());
    let summary = entry.summary.map(|summary| summary.content).unwrap_or_default();
    let url = link(&entry.links, base).or_else(|| link_in_id(&entry.id));
    let media =
        entry.media.iter().find_map(|media| media.description.as_ref()).map(|d| d.content.clone());
    let summary = if summary.is_empty() { media.unwrap_or_default() } else { summary };
    let title =
        if title.is_empty() { first_words(content.as_deref().unwrap_or(&summary)) } else { title };
    if title.is_empty() || (url.is_none() && summary.is_empty() && content.is_none()) {
        return None;
    }
    Some(RawItem {
        guid: Some(entry.id).filter(|id| !id.is_empty()),
        url,
        title,
        summary,
        content,
        published: entry.published.or(entry.updated),
        authors: entry
            .authors
            .into_iter()
            .filter_map(|author| author.name)
            .map(|name| text::one_line(&name))
            .collect(),
    })
}

/// The link to the article: the alternate one, else the first that is no enclosure.
fn link(links: &[feed_rs::model::Link], base: Option<&Url>) -> Option<String> {
    let page = |link: &&feed_rs::model::Link| {
        !matches!(
            link.rel.as_deref(),
            Some("enclosure" | "self" | "replies" | "edit" | "related" | "via")
        )
    };
    let best = links.iter().find(|link| link.rel.as_deref() == Some("alternate"));
    let best = best.or_else(|| links.iter().find(page))?;
    let href = best.href.trim();
    let url =
        Url::parse(href).or_else(|error| base.map_or(Err(error), |base| base.join(href))).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// A guid that is a permalink stands in for a missing link.
fn link_in_id(id: &str) -> Option<String> {
    let url = Url::parse(id.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.into())
}

/// The opening words of an item without a title (RSS allows it).
fn first_words(html: &str) -> String {
    let text = extract::html_to_text(html);
    let first = text::sentences(&text).first().copied().unwrap_or_default();
    text::cut(first, 120)
}
