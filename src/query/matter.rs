//! What each kind of record says, put together for whoever looks for it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::lexicon::Lexicon;
use crate::model::article::Article;
use crate::model::brief::Edition;
use crate::model::license::{Claim, PartialDate, Restriction};
use crate::model::story::Story;
use crate::query::{Kind, Matter, print};

/// Articles of a story whose texts are read; of later ones only the titles.
const TEXTS: usize = 12;

impl Matter {
    /// One that says nothing yet.
    #[must_use]
    pub fn new(kind: Kind, at: DateTime<Utc>) -> Self {
        Self {
            kind,
            title: String::new(),
            text: String::new(),
            elements: Vec::new(),
            companies: Vec::new(),
            topics: Vec::new(),
            sources: Vec::new(),
            signal: None,
            action: None,
            license: None,
            at,
            latest: at,
        }
    }

    /// An article with its body.
    #[must_use]
    pub fn article(article: &Article) -> Self {
        Self {
            title: article.title.clone(),
            text: article.body.clone(),
            elements: article.elements.clone(),
            companies: article.companies.clone(),
            topics: article.topics.clone(),
            sources: vec![article.source.0.clone(), article.publisher.clone()],
            signal: Some(article.signal.direction),
            ..Self::new(Kind::Story, article.published)
        }
    }

    /// A story with the bodies of its articles, in their order; its highlights where there are none.
    #[must_use]
    pub fn story(story: &Story, bodies: impl IntoIterator<Item = String>) -> Self {
        let mut matter = Self {
            title: story.title.clone(),
            elements: story.elements.clone(),
            companies: story.companies.clone(),
            topics: story.topics.clone(),
            signal: Some(story.signal.direction),
            ..Self::new(Kind::Story, story.published)
        };
        for telling in &story.tellings {
            if telling.title != story.title {
                matter.title.push('\n');
                matter.title.push_str(&telling.title);
            }
            for name in [&telling.source.0, &telling.publisher] {
                if !matter.sources.contains(name) {
                    matter.sources.push(name.clone());
                }
            }
            matter.latest = matter.latest.max(telling.published);
        }
        let bodies: Vec<String> =
            bodies.into_iter().filter(|body| !body.is_empty()).take(TEXTS).collect();
        matter.text = if bodies.is_empty() {
            let texts: Vec<&str> = story.highlights.iter().map(|h| h.text.as_str()).collect();
            texts.join("\n\n")
        } else {
            bodies.join("\n\n")
        };
        matter
    }

    /// An edition, by what its lines say.
    #[must_use]
    pub fn edition(edition: &Edition) -> Self {
        let mut lines: Vec<&str> = Vec::new();
        lines.extend(edition.highlights.iter().map(|highlight| highlight.text.as_str()));
        lines.extend(edition.desk.iter().map(|entry| entry.text.as_str()));
        lines.extend(edition.prices.iter().map(|price| price.product.as_str()));
        for analysis in &edition.analysis {
            lines.push(&analysis.title);
            lines.extend(analysis.happened.iter().map(|sentence| sentence.text.as_str()));
        }
        lines.extend(edition.companies.iter().map(|line| line.headline.title.as_str()));
        lines.extend(edition.watch_next.iter().map(|event| event.what.as_str()));
        lines.extend(edition.corrections.iter().map(|correction| correction.what.as_str()));
        lines.extend(edition.recent.iter().map(|headline| headline.title.as_str()));
        Self {
            title: format!("Brief No. {} of {}", edition.number, edition.date),
            text: lines.join("\n\n"),
            ..Self::new(Kind::Edition, edition.closes)
        }
    }

    /// A license claim.
    #[must_use]
    pub fn claim(claim: &Claim, lexicon: &Lexicon) -> Self {
        let holder = claim.holder.as_ref().map(|id| match lexicon.company(id) {
            Some(company) => company.short.clone(),
            None => claim.name.clone().unwrap_or_default(),
        });
        let name = claim.name.as_deref().unwrap_or(&claim.description);
        let mut lines = vec![claim.quote.clone(), claim.note.clone()];
        for list in [&claim.items, &claim.destinations, &claim.customers, &claim.conditions] {
            lines.push(list.join(", "));
        }
        lines.retain(|line| !line.is_empty());
        Self {
            title: format!(
                "{} {name}: export license {}",
                holder.unwrap_or_default(),
                print::action_word(claim.action)
            ),
            text: lines.join("\n\n"),
            elements: claim.elements.clone(),
            companies: claim.holder.iter().cloned().collect(),
            topics: vec!["licensing".into()],
            sources: vec![claim.publisher.clone()],
            action: Some(claim.action),
            license: Some(claim.license_type),
            ..Self::new(Kind::Claim, start(claim.date, claim.published))
        }
    }

    /// A listing, first seen on a day where it does not say since when.
    #[must_use]
    pub fn restriction(listing: &Restriction, seen: NaiveDate) -> Self {
        let parties = listing.parties.join(", ");
        let lines = [&listing.what, &parties, &listing.country, &listing.quote, &listing.note];
        let lines: Vec<&str> =
            lines.into_iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
        Self {
            title: listing.announcement.clone(),
            text: lines.join("\n\n"),
            companies: listing.companies.clone(),
            topics: vec!["licensing".into()],
            sources: vec![listing.publisher.clone()],
            ..Self::new(Kind::Restriction, start(listing.effective, seen))
        }
    }
}

/// The start of a day, as an instant.
fn start(date: Option<PartialDate>, otherwise: NaiveDate) -> DateTime<Utc> {
    date.map_or(otherwise, PartialDate::first_day).and_time(chrono::NaiveTime::MIN).and_utc()
}
