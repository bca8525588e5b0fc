//! What of an edition one destination sees: its wishes and its length applied.
//!
//! A wish only ever leaves out; nothing is added, and no wish touches the license
//! desk: a control concerns whoever buys.

use std::collections::HashMap;

use crate::compose::phrase::View;
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::brief::{Analysis, CompanyLine, Edition, Headline, PriceLine};
use crate::model::story::{Highlight, Story};
use crate::model::subscription::Length;

/// Headlines shown as recent news.
const RECENT: usize = 8;

/// The parts of an edition that are shown.
pub(super) struct Choice<'a> {
    pub(super) highlights: Vec<&'a Highlight>,
    pub(super) prices: Vec<&'a PriceLine>,
    pub(super) analysis: Vec<&'a Analysis>,
    pub(super) companies: Vec<&'a CompanyLine>,
    /// Newest first.
    pub(super) recent: Vec<&'a Headline>,
    /// Headlines that match and are only counted.
    pub(super) more: usize,
    /// Whether any wish is set.
    pub(super) filtered: bool,
    /// Stories that no wish matches.
    pub(super) left_out: usize,
}

impl<'a> Choice<'a> {
    pub(super) fn of(edition: &'a Edition, view: &View<'_>) -> Self {
        let filtered = is_filtered(view);
        let all = edition.analysis.len() + edition.companies.len() + edition.recent.len();
        let tags = tags_by_url(edition);
        let highlights = edition
            .highlights
            .iter()
            // A sentence whose story has no tags in this edition is general and stays.
            .filter(|h| tags.get(h.url.as_str()).is_none_or(|tags| tags.match_wishes(view)))
            .collect();
        let analysis: Vec<&Analysis> =
            edition.analysis.iter().filter(|a| Tags::of_analysis(a).match_wishes(view)).collect();
        let companies: Vec<&CompanyLine> = edition
            .companies
            .iter()
            .filter(|line| Tags::of_headline(&line.headline).match_wishes(view))
            .collect();
        let mut recent: Vec<&Headline> = edition
            .recent
            .iter()
            .filter(|headline| Tags::of_headline(headline).match_wishes(view))
            .collect();
        let shown = analysis.len() + companies.len() + recent.len();
        let more = recent.len().saturating_sub(RECENT);
        recent.truncate(RECENT);
        recent.sort_by(|a, b| (b.published, &a.url).cmp(&(a.published, &b.url)));
        let choice = Self {
            highlights,
            prices: edition.prices.iter().filter(|price| wants_price(price, view)).collect(),
            analysis,
            companies,
            recent,
            more,
            filtered,
            left_out: all - shown,
        };
        if view.length == Length::Short { choice.shortened() } else { choice }
    }

    /// Whether wishes are set and no story is left.
    pub(super) fn nothing_matches(&self, edition: &Edition) -> bool {
        self.filtered && self.left_out > 0 && self.left_out == edition.stories.len()
    }

    fn shortened(self) -> Self {
        Self {
            prices: Vec::new(),
            analysis: Vec::new(),
            companies: Vec::new(),
            recent: Vec::new(),
            more: 0,
            ..self
        }
    }
}

/// Whether a view wants only some.
pub(super) fn is_filtered(view: &View<'_>) -> bool {
    !(view.topics.is_empty() && view.elements.is_empty() && view.companies.is_empty())
}

/// Whether a story matches the view's wishes.
pub(super) fn wants_story(story: &Story, view: &View<'_>) -> bool {
    let tags =
        Tags { topics: &story.topics, elements: &story.elements, companies: &story.companies };
    tags.match_wishes(view)
}

/// What a story is about.
#[derive(Clone, Copy)]
struct Tags<'a> {
    topics: &'a [Topic],
    elements: &'a [Element],
    companies: &'a [CompanyId],
}

impl<'a> Tags<'a> {
    fn of_analysis(analysis: &'a Analysis) -> Self {
        Self {
            topics: &analysis.topics,
            elements: &analysis.elements,
            companies: &analysis.companies,
        }
    }

    fn of_headline(headline: &'a Headline) -> Self {
        Self {
            topics: &headline.topics,
            elements: &headline.elements,
            companies: &headline.companies,
        }
    }

    /// Whether one of the wishes is met; no wishes want everything.
    fn match_wishes(self, view: &View<'_>) -> bool {
        !is_filtered(view)
            || self.topics.iter().any(|topic| view.topics.contains(topic))
            || self.elements.iter().any(|element| view.elements.contains(element))
            || self.companies.iter().any(|company| view.companies.contains(company))
    }
}

/// What the story at an address is about.
fn tags_by_url(edition: &Edition) -> HashMap<&str, Tags<'_>> {
    let mut tags = HashMap::new();
    for analysis in &edition.analysis {
        let urls = analysis.sources.iter().map(|source| source.url.as_str());
        for url in urls.chain([analysis.url.as_str()]) {
            tags.insert(url, Tags::of_analysis(analysis));
        }
    }
    let lines = edition.companies.iter().map(|line| &line.headline);
    for headline in lines.chain(&edition.recent) {
        tags.insert(headline.url.as_str(), Tags::of_headline(headline));
    }
    tags
}

/// Whether a price is wanted: by the topic of prices, or by an element in the product.
fn wants_price(price: &PriceLine, view: &View<'_>) -> bool {
    let product = view.lexicon.products().iter().find(|product| product.label == price.product);
    !is_filtered(view)
        || view.topics.iter().any(|topic| topic.as_str() == "pricing")
        || product.is_some_and(|product| {
            product.elements.iter().any(|element| view.elements.contains(element))
        })
}
