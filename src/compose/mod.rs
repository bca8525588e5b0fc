//! From the stories of a window to an edition: what is told, where, and in which order.
//!
//! Pure: the same material gives the same edition, in whatever order it comes.
//! Nothing is reworded here and nothing is said that no source says; the words
//! of a brief are `phrase`'s, its looks `page`'s.

pub mod alert;
mod analysis;
mod choice;
mod desk;
mod highlights;
pub mod missed;
pub mod page;
pub mod phrase;
mod price;
mod rank;
mod tongue;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::lexicon::{Lexicon, Name};
use crate::model::article::ArticleId;
use crate::model::brief::{
    CompanyLine, Correction, Edition, EditionId, Headline, PriceLine, Upcoming,
};
use crate::model::license::{DeskEntry, DeskKind};
use crate::model::story::{Story, StoryId, Telling};
use crate::model::subscription::Series;
use crate::text;

/// Which edition, and the time it covers.
#[derive(Clone, Debug)]
pub struct Window {
    /// The series.
    pub series: Series,
    /// Its running number in the series.
    pub number: u32,
    /// First instant covered.
    pub opens: DateTime<Utc>,
    /// The instant it closes.
    pub closes: DateTime<Utc>,
    /// When the next one closes, if that is known.
    pub next: Option<DateTime<Utc>>,
    /// The operator's zone: it gives the edition its civil date.
    pub zone: Tz,
}

/// What an edition is made of.
#[derive(Clone, Debug, Default)]
pub struct Material {
    /// Stories that changed in the window, in any order.
    pub stories: Vec<Story>,
    /// The latest earlier edition that told a story, and when it closed.
    pub told: HashMap<StoryId, (EditionId, DateTime<Utc>)>,
    /// Bodies of articles: the primary ones, for what they say is undisclosed, and the English
    /// tellings of stories whose primary article is in another language.
    pub bodies: HashMap<ArticleId, String>,
    /// Price lines.
    pub prices: Vec<PriceLine>,
    /// The license desk's lines at the closing time.
    pub desk: Vec<DeskEntry>,
    /// Dated events to come.
    pub watch_next: Vec<Upcoming>,
    /// What earlier editions said and has changed.
    pub corrections: Vec<Correction>,
    /// Sources that answered at their last poll, and all of them.
    pub sources_ok: (u32, u32),
}

/// A story that is to be told, and what an edition has to know of it.
pub(crate) struct Candidate {
    /// The story.
    pub(crate) story: Story,
    /// Whether an earlier edition told it.
    pub(crate) update: bool,
    /// Whether all its articles are older than the window and the days before it.
    pub(crate) stale: bool,
    /// How much it deserves its place.
    pub(crate) score: f32,
}

/// Most stories analyzed.
const ANALYZED: usize = 5;
/// Another site's telling within this time of the first is a copy, later it is a development.
const COPIED_HOURS: i64 = 20;
/// Most companies given a line.
const COMPANIES: usize = 8;

/// Composes the edition.
#[must_use]
pub fn compose(window: &Window, material: Material, lexicon: &Lexicon) -> Edition {
    let Material { stories, told, bodies, prices, desk, watch_next, corrections, sources_ok } =
        material;
    let candidates = rank::rank(window, untold(window, stories, &told));
    // What lies back further is told only where there is too little that is new.
    let new = candidates.iter().take_while(|candidate| !candidate.stale).count();
    let enough = new >= 3;
    let pool = if enough { &candidates[..new] } else { &candidates[..] };
    let highlights = highlights::choose(pool, &bodies, lexicon);
    let analyzed: Vec<&Candidate> =
        pool.iter().filter(|c| !c.story.highlights.is_empty()).take(ANALYZED).collect();
    let analysis: Vec<_> = analyzed
        .iter()
        .map(|candidate| analysis::analyze(candidate, &bodies, &highlights, lexicon))
        .collect();
    let in_depth: HashSet<&StoryId> = analyzed.iter().map(|c| &c.story.id).collect();
    let rest: Vec<&Candidate> =
        candidates.iter().filter(|c| !in_depth.contains(&c.story.id)).collect();
    let (companies, recent) = lines(&rest, enough, lexicon);
    let date = window.closes.with_timezone(&window.zone).date_naive();
    Edition {
        id: EditionId::of(window.series, window.closes),
        series: window.series,
        number: window.number,
        date,
        opens: window.opens,
        closes: window.closes,
        next: window.next,
        stories: candidates.iter().map(|candidate| candidate.story.id.clone()).collect(),
        highlights,
        desk: in_order_of_desk(desk),
        prices: in_order_of_products(prices, lexicon),
        analysis,
        companies,
        watch_next: to_come(watch_next, date),
        corrections: sorted(corrections, |c| (c.edition.clone(), c.what.clone(), c.url.clone())),
        recent,
        sources_ok,
    }
}

/// The stories that belong to this window and are new, or have news since they were told; each
/// once, and whether it is an update.
fn untold(
    window: &Window,
    stories: Vec<Story>,
    told: &HashMap<StoryId, (EditionId, DateTime<Utc>)>,
) -> Vec<(Story, bool)> {
    let mut by_id: BTreeMap<StoryId, Story> = BTreeMap::new();
    for story in stories {
        if story.first_seen > window.closes {
            continue;
        }
        match by_id.get(&story.id) {
            Some(known) if known.updated >= story.updated => {}
            _ => {
                by_id.insert(story.id.clone(), story);
            }
        }
    }
    by_id
        .into_values()
        .filter_map(|story| match told.get(&story.id) {
            None => Some((story, false)),
            Some((_, closed)) => has_news(&story, *closed).then_some((story, true)),
        })
        .collect()
}

/// Whether a story changed after it was told. That another site tells the same within a day, with
/// no more authority than those before it, is no news.
fn has_news(story: &Story, closed: DateTime<Utc>) -> bool {
    if story.updated <= closed {
        return false;
    }
    let (later, before): (Vec<_>, Vec<_>) =
        story.tellings.iter().partition(|telling| telling.first_seen > closed);
    let last_joined = later.iter().map(|telling| telling.first_seen).max();
    let known: HashSet<String> = before.iter().map(|telling| folded(&telling.title)).collect();
    let best = before.iter().map(|telling| telling.tier).min();
    let copies = |telling: &&Telling| {
        let soon = telling.published - story.published < TimeDelta::hours(COPIED_HOURS);
        known.contains(&folded(&telling.title))
            || (soon && best.is_some_and(|best| telling.tier >= best))
    };
    let only_copies = !later.is_empty() && later.iter().all(copies);
    !(only_copies && last_joined == Some(story.updated))
}

/// A title's letters and digits alone.
fn folded(title: &str) -> String {
    title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// One line for a company that a title names, and headlines for what is left: with `only_new`,
/// that is where everything stale goes.
fn lines(
    rest: &[&Candidate],
    only_new: bool,
    lexicon: &Lexicon,
) -> (Vec<CompanyLine>, Vec<Headline>) {
    let mut companies: Vec<CompanyLine> = Vec::new();
    let mut recent = Vec::new();
    for candidate in rest {
        let Some(headline) = headline(candidate) else { continue };
        let company =
            company_in_title(&candidate.story, lexicon).filter(|_| !(only_new && candidate.stale));
        match company {
            Some(company)
                if companies.len() < COMPANIES
                    && companies.iter().all(|line| line.company != company) =>
            {
                companies.push(CompanyLine { company, headline });
            }
            _ => recent.push(headline),
        }
    }
    companies.sort_by(|a, b| a.company.cmp(&b.company));
    (companies, recent)
}

fn company_in_title(story: &Story, lexicon: &Lexicon) -> Option<String> {
    lexicon.names(&story.title).into_iter().find_map(|hit| match hit.what {
        Name::Company(i) => Some(lexicon.companies()[i].short.clone()),
        Name::Element(_) | Name::Product(_) | Name::Agency(_) => None,
    })
}

fn headline(candidate: &Candidate) -> Option<Headline> {
    let story = &candidate.story;
    let primary = story.primary()?;
    Some(Headline {
        story: story.id.clone(),
        title: story.title.clone(),
        url: primary.url.clone(),
        publisher: primary.publisher.clone(),
        published: primary.published,
        update: candidate.update,
        topics: story.topics.clone(),
        elements: story.elements.clone(),
        companies: story.companies.clone(),
    })
}

/// By the place the register gave them; lines of one place by their kind, then what is due soonest.
fn in_order_of_desk(desk: Vec<DeskEntry>) -> Vec<DeskEntry> {
    let place = |kind: DeskKind| match kind {
        DeskKind::New => 0,
        DeskKind::Changed => 1,
        DeskKind::Contradicted => 2,
        DeskKind::Regime => 3,
        DeskKind::Due => 4,
    };
    sorted(desk, |entry| {
        let DeskEntry { text, url, quote, .. } = entry;
        (entry.place, place(entry.kind), entry.days, text.clone(), url.clone(), quote.clone())
    })
}

/// Prices in the order in which the lexicon lists its products, each once.
fn in_order_of_products(mut prices: Vec<PriceLine>, lexicon: &Lexicon) -> Vec<PriceLine> {
    let place = |label: &str| {
        let products = lexicon.products();
        products.iter().position(|product| product.label == label).unwrap_or(products.len())
    };
    for price in &mut prices {
        state_basis(&mut price.tax, "tax basis not stated");
        state_basis(&mut price.market, "market not stated");
    }
    prices.retain(|price| !price.unit.trim().is_empty());
    prices.sort_by(|a, b| {
        let words = |p: &PriceLine| {
            (
                place(&p.product),
                p.product.clone(),
                p.market.clone(),
                p.unit.clone(),
                p.tax.clone(),
                std::cmp::Reverse(p.as_of),
                p.publisher.clone(),
                p.url.clone(),
                p.change.clone(),
            )
        };
        words(a).cmp(&words(b)).then(a.low.total_cmp(&b.low)).then(a.high.total_cmp(&b.high))
    });
    prices.dedup();
    prices
}

/// A basis that nobody stated is said not to be stated.
fn state_basis(basis: &mut String, otherwise: &str) {
    if basis.trim().is_empty() {
        otherwise.clone_into(basis);
    }
}

fn to_come(events: Vec<Upcoming>, today: chrono::NaiveDate) -> Vec<Upcoming> {
    let ahead = events.into_iter().filter(|event| event.date >= today).collect();
    let mut events = sorted(ahead, |e: &Upcoming| (e.date, text::one_line(&e.what), e.url.clone()));
    events.dedup_by(|a, b| a.date == b.date && a.what == b.what);
    events
}

fn sorted<T, K: Ord>(mut list: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    list.sort_by_key(|item| key(item));
    list
}
