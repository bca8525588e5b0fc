//! A `[[source]]` block of the configuration.
//!
//! Holds what an operator wrote and says everything that is wrong with it at
//! once; it opens nothing.

use std::time::Duration;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

use crate::model::article::{SourceId, Tier};
use crate::model::source::parse_duration;
use crate::sources::{KINDS, hash};

/// One configured source. Which of the optional keys are needed depends on the kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSpec {
    /// Lower case, digits, hyphens.
    pub id: SourceId,
    /// For readers.
    pub name: String,
    /// `feed`, `page` or `api`.
    pub kind: String,
    /// What is polled; `{year}` in it is the current year.
    pub url: String,
    /// How often.
    #[serde(deserialize_with = "duration", default = "half_an_hour")]
    pub every: Duration,
    /// The language it is written in (`en`, `zh`), for texts too short to tell.
    #[serde(default)]
    pub language: Option<String>,
    /// 1: the authority or issuer itself; 2: established press; 3: trade press, blogs; 4: rewrites.
    #[serde(default = "tier_three")]
    pub tier: Tier,
    /// The site for people, shown in `/sources`.
    #[serde(default)]
    pub homepage: Option<String>,
    /// The zone of dates that name none (`Asia/Shanghai`).
    #[serde(default)]
    pub zone: Option<Tz>,
    /// Most items taken of one poll.
    #[serde(default = "a_hundred")]
    pub max_items: usize,
    /// Whether article pages are read: `auto` where the listing has only a teaser, `always`, `never`.
    #[serde(default)]
    pub full_text: FullText,
    /// page: CSS selector of one listed item.
    #[serde(default)]
    pub item: Option<String>,
    /// api: JSON pointer to the list.
    #[serde(default)]
    pub items: Option<String>,
    /// page: selector of the link inside an item; api: pointer inside an item.
    #[serde(default)]
    pub link: Option<String>,
    /// page: selector; api: pointer.
    #[serde(default)]
    pub title: Option<String>,
    /// page: selector; api: pointer.
    #[serde(default)]
    pub date: Option<String>,
    /// page: selector; api: pointer.
    #[serde(default)]
    pub summary: Option<String>,
    /// feed and page: selector of the body on the article's page; api: pointer to the text.
    #[serde(default)]
    pub body: Option<String>,
    /// api: pointer to the item's own id.
    #[serde(default)]
    pub guid: Option<String>,
    /// api: pointer to the last day on which comments on the item are taken (`2026-12-15`).
    #[serde(default)]
    pub comments_close: Option<String>,
}

/// Whether article pages are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FullText {
    /// Where the listing has only a teaser.
    #[default]
    Auto,
    /// For every new item.
    Always,
    /// Never.
    Never,
}

/// Stands for the current year in a URL: ministries keep a page for each.
const YEAR: &str = "{year}";

fn half_an_hour() -> Duration {
    Duration::from_secs(1800)
}

fn tier_three() -> Tier {
    Tier(3)
}

fn a_hundred() -> usize {
    100
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse_duration(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

impl SourceSpec {
    /// Everything that is wrong with the block, each one sentence; empty when it is right.
    #[must_use]
    pub fn validate(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let good_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.0.is_empty() || !self.id.0.chars().all(good_id) {
            problems.push("id: write lower-case letters, digits and hyphens".to_owned());
        }
        if self.name.trim().is_empty() {
            problems.push("name: it is empty".to_owned());
        }
        let address =
            url::Url::parse(&self.url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        if address.is_none() {
            problems.push(format!("url: {:?} is no http or https address", self.url));
        }
        if !(1..=4).contains(&self.tier.0) {
            problems.push("tier: write 1 (the authority itself) to 4 (rewrites)".to_owned());
        }
        if self.every < Duration::from_secs(60) && !self.is_local() {
            problems.push("every: less than a minute is not polite".to_owned());
        }
        match KINDS.iter().find(|kind| kind.name == self.kind) {
            Some(kind) => problems.extend((kind.build)(self).err().unwrap_or_default()),
            None => {
                let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
                problems.push(format!(
                    "kind: {:?} is unknown; write one of {}",
                    self.kind,
                    known.join(", ")
                ));
            }
        }
        problems
    }

    /// What is polled at an instant: `{year}` in the URL is the year where the source is.
    #[must_use]
    pub fn address(&self, now: DateTime<Utc>) -> String {
        if !self.url.contains(YEAR) {
            return self.url.clone();
        }
        let year = now.with_timezone(&self.zone.unwrap_or(Tz::UTC)).year();
        self.url.replace(YEAR, &year.to_string())
    }

    /// A hash of what is asked and how it is read: a memory made under another one is not valid.
    #[must_use]
    pub fn block(&self, now: DateTime<Utc>) -> String {
        let how = [
            &self.item,
            &self.items,
            &self.link,
            &self.title,
            &self.date,
            &self.summary,
            &self.body,
            &self.guid,
        ];
        let zone = self.zone.map(Tz::name);
        let all =
            format!("{} {} {how:?} {zone:?} {}", self.kind, self.address(now), self.max_items);
        hash(all.as_bytes())[..16].to_owned()
    }

    /// Whether it is on this machine: the demo's and tests' sources may be polled at any pace.
    fn is_local(&self) -> bool {
        url::Url::parse(&self.url)
            .is_ok_and(|url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")))
    }

    /// Whether an article's page is read, given that the listing's text is only a teaser.
    #[must_use]
    pub fn wants_page(&self, teaser: bool) -> bool {
        match self.full_text {
            FullText::Always => true,
            FullText::Never => false,
            FullText::Auto => teaser,
        }
    }

    /// Complains of keys that the kind does not know.
    pub(crate) fn refuse(&self, keys: &[(&str, bool)], problems: &mut Vec<String>) {
        for (key, set) in keys {
            if *set {
                problems.push(format!("{key}: a source of kind {:?} has no such key", self.kind));
            }
        }
    }
}
