//! From sources to stories: nothing twice, nothing lost, one poll one commit.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use expect_test::expect;
use monazite::clock::Clock as _;
use monazite::enrich::claims::{self, Rules};
use monazite::ingest::{Ingest, PollReport, article_id};
use monazite::lexicon::Lexicon;
use monazite::model::article::{Article, SourceId};
use monazite::model::source::SourceState;
use monazite::model::story::Story;
use monazite::sources::http::Web;
use monazite::sources::{FetchError, KINDS, Polled, Source, SourceSpec};
use monazite::store::{Store, StoreSettings};
use tempfile::TempDir;
use tokio::sync::Semaphore;

use crate::world::clock::HandClock;
use crate::world::web::{FakeWeb, Reply, ok, redirect, status};

/// A store, a clock and a web with nothing in them yet.
struct World {
    folder: TempDir,
    fake: FakeWeb,
    clock: HandClock,
    ingest: Option<Ingest>,
    store: Option<Store>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (fake, clock) = (FakeWeb::start().await, HandClock::at("2026-11-24T08:00:00Z"));
        let mut world = Self { folder, fake, clock, ingest: None, store: None };
        world.restart();
        world
    }

    /// The program ends and starts again.
    fn restart(&mut self) {
        (self.ingest, self.store) = (None, None);
        let store = Store::open(self.folder.path(), &StoreSettings::default()).unwrap();
        let ingest = Ingest::open(
            store.clone(),
            lexicon(),
            Arc::new(Rules::parse(claims::BUILT_IN).unwrap()),
            self.clock.now(),
        )
        .unwrap();
        (self.ingest, self.store) = (Some(ingest), Some(store));
    }

    fn store(&self) -> &Store {
        self.store.as_ref().unwrap()
    }

    /// Polls a source now, with a client that knows every host scripted so far.
    async fn poll(&self, spec: &SourceSpec) -> PollReport {
        self.poll_by(spec, &self.fake.client(&self.clock)).await
    }

    async fn poll_by(&self, spec: &SourceSpec, web: &Web) -> PollReport {
        let kind = KINDS.iter().find(|kind| kind.name == spec.kind).unwrap();
        let source = (kind.build)(spec).unwrap();
        let ingest = self.ingest.as_ref().unwrap();
        ingest.poll(spec, &*source, web, self.clock.now()).await.unwrap()
    }

    /// New articles, then those set aside.
    async fn counts(&self, spec: &SourceSpec) -> (usize, usize) {
        let report = self.poll(spec).await;
        assert_eq!(report.error, None);
        (report.new, report.set_aside)
    }

    fn articles(&self) -> Vec<Article> {
        self.store().articles().map(Result::unwrap).collect()
    }

    fn stories(&self) -> Vec<Story> {
        self.store().stories().map(Result::unwrap).collect()
    }

    fn state(&self, spec: &SourceSpec) -> SourceState {
        self.store().source_state(&spec.id).unwrap().unwrap()
    }
}

fn lexicon() -> Arc<Lexicon> {
    Arc::new(Lexicon::parse(include_str!("../../config/lexicon.toml")).unwrap())
}

fn spec(id: &str, keys: &str) -> SourceSpec {
    let url = format!("http://{id}.example/feed");
    toml::from_str(&format!("id = '{id}'\nname = 'The {id}'\nkind = 'feed'\nurl = '{url}'\n{keys}"))
        .unwrap()
}

const BODY: &str = "China's Ministry of Commerce granted JL Mag a general license to export dysprosium and terbium \
    magnets to customers in Germany, the company said on Friday. The license is valid for one year and covers 1,200 \
    tonnes of sintered neodymium magnets. Shipments are expected to resume in December after a pause of six months. \
    Buyers in the automotive industry had warned of production stops. The ministry did not comment on further \
    applications that are pending. Analysts expect prices of dysprosium oxide outside China to ease in the coming \
    weeks as supply improves, although customs checks remain strict at several ports of the country.";

const OTHER: &str = "Lynas Rare Earths reported record output of neodymium and praseodymium oxide for the quarter at \
    its plant in Kalgoorlie, Western Australia. The producer said that production reached 2,080 tonnes, up 22 percent \
    from a year before, and that sales revenue rose to 200 million Australian dollars. Lynas plans to expand its heavy \
    rare earth separation in Malaysia, where it makes dysprosium and terbium. The chief executive said that demand from \
    magnet makers in Japan was strong, and that the company would decide on a new plant in Texas before July. Inventories fell for the third quarter in a row, and the order book is full until the end of next year.";

struct Item<'a> {
    guid: Option<&'a str>,
    link: Option<&'a str>,
    title: &'a str,
    body: &'a str,
    date: &'a str,
}

const ITEM: Item<'static> = Item {
    guid: Some("g1"),
    link: Some("/1"),
    title: "China grants JL Mag a general license for rare earth magnets",
    body: BODY,
    date: "Tue, 24 Nov 2026 06:00:00 GMT",
};

const LYNAS: Item<'static> = Item {
    guid: Some("g2"),
    link: Some("/2"),
    title: "Lynas reports record output of rare earth oxides",
    body: OTHER,
    date: "Tue, 24 Nov 2026 07:00:00 GMT",
};

const SPORT: Item<'static> = Item {
    guid: Some("g3"),
    link: Some("/3"),
    title: "Local team wins the cup",
    body: "The match ended two to one after extra time, and the crowd went home happy.",
    date: "Tue, 24 Nov 2026 07:30:00 GMT",
};

fn feed(items: &[Item<'_>]) -> Reply {
    let one = |item: &Item<'_>| {
        let tag = |name: &str, value: Option<&str>| {
            value.map(|value| format!("<{name}>{value}</{name}>")).unwrap_or_default()
        };
        format!(
            "<item>{}{}{}{}{}</item>",
            tag("title", Some(item.title)),
            tag("link", item.link),
            item.guid
                .map(|guid| format!("<guid isPermaLink='false'>{guid}</guid>"))
                .unwrap_or_default(),
            tag("pubDate", Some(item.date)),
            tag("description", Some(item.body)),
        )
    };
    let items: String = items.iter().map(one).collect();
    ok(format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>"))
}

#[tokio::test]
async fn a_poll_makes_articles_sets_the_rest_aside_and_remembers_both() {
    let world = World::new().await;
    let wire = spec("wire", "tier = 2\nlanguage = 'en'");
    world.fake.on(&wire.url, feed(&[ITEM, LYNAS, SPORT]));
    assert_eq!(world.counts(&wire).await, (2, 1));
    let mut articles = world.articles();
    articles.sort_by(|a, b| a.title.cmp(&b.title));
    let jl_mag = &articles[0];
    assert_eq!(jl_mag.url, "http://wire.example/1");
    assert_eq!(jl_mag.id, article_id("http://wire.example/1"));
    assert_eq!((jl_mag.publisher.as_str(), jl_mag.language.as_str()), ("The wire", "en"));
    assert_eq!(jl_mag.published.to_rfc3339(), "2026-11-24T06:00:00+00:00");
    assert!(jl_mag.dated);
    assert_eq!(jl_mag.companies[0].as_str(), "jl-mag");
    assert_eq!(jl_mag.body, "", "bodies lie elsewhere");
    assert_eq!(world.store().body(&jl_mag.id).unwrap().unwrap(), BODY);
    let aside = &world.store().set_aside(9).unwrap()[0];
    assert_eq!(aside.what, "Local team wins the cup");
    assert_eq!(aside.reason, "it names no rare earth, critical mineral or company of the field");
    assert_eq!(world.stories().len(), 2);

    world.fake.on(&wire.url, feed(&[SPORT, LYNAS, ITEM]));
    assert_eq!(world.counts(&wire).await, (0, 0), "another order is no news");
}

#[tokio::test]
async fn feeds_that_lie_double_nothing() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(&wire.url, feed(&[ITEM, LYNAS]));
    assert_eq!(world.counts(&wire).await, (2, 0));
    for again in [
        // New ids, dates that move, pages that move, both one after the other.
        [Item { guid: Some("x1"), ..ITEM }, Item { guid: Some("x2"), ..LYNAS }],
        [Item { date: "Tue, 24 Nov 2026 09:00:00 GMT", ..ITEM }, Item { date: "soon", ..LYNAS }],
        [Item { link: Some("/moved/1"), guid: Some("x1"), ..ITEM }, Item { guid: None, ..LYNAS }],
        [Item { link: Some("/1?utm_source=rss#top"), guid: None, ..ITEM }, LYNAS],
        [Item { link: Some("/moved/1"), guid: None, ..ITEM }, LYNAS],
    ] {
        world.fake.on(&wire.url, feed(&again));
        assert_eq!(world.counts(&wire).await, (0, 0), "{:?} {:?}", again[0].link, again[0].guid);
    }
    assert_eq!((world.articles().len(), world.stories().len()), (2, 2));
}

#[tokio::test]
async fn items_without_link_or_id_are_known_by_what_they_have() {
    let world = World::new().await;
    let wire = spec("wire", "");
    let bare = || [Item { guid: None, link: None, ..ITEM }, Item { link: None, ..LYNAS }];
    world.fake.on(&wire.url, feed(&bare()));
    assert_eq!(world.counts(&wire).await, (2, 0));
    let [one, two] = bare();
    world.fake.on(&wire.url, feed(&[two, one]));
    assert_eq!(world.counts(&wire).await, (0, 0));
}

#[tokio::test]
async fn ids_and_links_shared_by_different_items_lose_none_of_them() {
    let world = World::new().await;
    let same_id = spec("id", "");
    world.fake.on(&same_id.url, feed(&[ITEM, Item { guid: ITEM.guid, ..LYNAS }]));
    assert_eq!(world.counts(&same_id).await, (2, 0));
    let same_link = spec("link", "");
    let lynas = Item { title: "Iluka starts its Eneabba refinery", link: ITEM.link, ..LYNAS };
    world.fake.on(&same_link.url, feed(&[ITEM, lynas]));
    assert_eq!(world.counts(&same_link).await, (2, 0));
    for source in [&same_id, &same_link] {
        world.fake.on(
            &source.url,
            feed(&[SPORT, ITEM, Item { guid: Some("n"), link: Some("/n"), ..LYNAS }]),
        );
    }
    // One item at a time, all under one id.
    let one = spec("one", "");
    world.fake.on(&one.url, feed(&[ITEM]));
    assert_eq!(world.counts(&one).await, (1, 0));
    world.fake.on(&one.url, feed(&[Item { guid: ITEM.guid, ..LYNAS }]));
    assert_eq!(world.counts(&one).await, (1, 0));
    assert_eq!(world.articles().len(), 6);
}

#[tokio::test]
async fn one_article_listed_by_two_sources_is_one_article() {
    let world = World::new().await;
    let (wire, digest) = (spec("wire", ""), spec("digest", ""));
    world.fake.on(&wire.url, feed(&[ITEM]));
    let link = Some("http://wire.example/1?utm_campaign=digest");
    world.fake.on(&digest.url, feed(&[Item { link, ..ITEM }]));
    assert_eq!(world.counts(&wire).await, (1, 0));
    assert_eq!(world.counts(&digest).await, (0, 0));
    assert_eq!(world.articles().len(), 1);
    assert_eq!(world.articles()[0].source, SourceId::from("wire"));
}

#[tokio::test]
async fn one_story_told_by_three_sites_has_its_primary_source_first() {
    let mut world = World::new().await;
    let sites = [spec("blog", "tier = 4"), spec("press", "tier = 2"), spec("issuer", "tier = 1")];
    for (i, site) in sites.iter().enumerate() {
        let link = format!("http://{}.example/story", site.id);
        let title = [
            "JL Mag gets general license for rare earth magnets",
            ITEM.title,
            "JL Mag obtains general license",
        ][i];
        world.fake.on(
            &site.url,
            feed(&[Item { link: Some(&link), title, ..ITEM }, Item { link: None, ..LYNAS }]),
        );
        world.poll(site).await;
        // What is known of stories outlives the program.
        world.restart();
    }
    let stories = world.stories();
    let story = stories
        .iter()
        .find(|story| story.companies.iter().any(|c| c.as_str() == "jl-mag"))
        .unwrap();
    let told: Vec<&str> = story.tellings.iter().map(|telling| telling.source.as_str()).collect();
    assert_eq!(told, ["issuer", "press", "blog"]);
    assert_eq!(story.title, "JL Mag obtains general license");
    assert_eq!(story.id.as_str(), format!("s{}", article_id("http://blog.example/story")));
    assert!(
        story.highlights.iter().all(|highlight| highlight.url == "http://issuer.example/story")
    );
    assert_eq!(stories.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sources_polled_at_the_same_time_lose_no_telling() {
    let world = World::new().await;
    let gate = Arc::new(Semaphore::new(0));
    let sites: Vec<SourceSpec> = (0..12).map(|i| spec(&format!("site{i}"), "")).collect();
    for site in &sites {
        let link = format!("http://{}.example/story", site.id);
        let shared = Item { link: Some("http://wire.example/shared"), ..LYNAS };
        world
            .fake
            .on(&site.url, feed(&[Item { link: Some(&link), ..ITEM }, shared]).held_by(&gate));
    }
    gate.add_permits(sites.len());
    let world = Arc::new(world);
    let web = Arc::new(world.fake.client(&world.clock));
    let polls = sites.into_iter().map(|site| {
        let (world, web) = (Arc::clone(&world), Arc::clone(&web));
        tokio::spawn(async move { world.poll_by(&site, &web).await })
    });
    let reports = futures::future::join_all(polls).await;
    let new: usize = reports.into_iter().map(|report| report.unwrap().new).sum();
    let mut tellings: Vec<usize> =
        world.stories().iter().map(|story| story.tellings.len()).collect();
    tellings.sort_unstable();
    assert_eq!((new, world.articles().len(), tellings), (13, 13, vec![1, 12]));
}

#[tokio::test]
async fn a_new_version_replaces_the_article_and_keeps_its_age_and_place() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(&wire.url, feed(&[ITEM]));
    world.poll(&wire).await;
    let first = world.articles().pop().unwrap();
    let later = "China grants JL Mag two general licenses for rare earth magnets";
    world.clock.advance(Duration::from_secs(3600));
    world.fake.on(
        &wire.url,
        feed(&[Item { title: later, date: "Tue, 24 Nov 2026 08:59:00 GMT", ..ITEM }]),
    );
    assert_eq!(world.counts(&wire).await, (0, 0));
    let articles = world.articles();
    assert_eq!(articles.len(), 1);
    assert_eq!(articles[0].title, later);
    assert_eq!(
        (articles[0].first_seen, articles[0].published),
        (first.first_seen, first.published)
    );
    let story = world.stories().pop().unwrap();
    assert_eq!((story.title.as_str(), story.tellings.len()), (later, 1));
    assert_eq!((story.id, story.updated), (first.story, world.clock.now()));

    // Other markup around the same words is no new version.
    world.clock.advance(Duration::from_secs(3600));
    let marked = format!("<![CDATA[<p class='v3'>{BODY}</p>]]>");
    world.fake.on(&wire.url, feed(&[Item { title: later, body: &marked, ..ITEM }]));
    assert_eq!(world.counts(&wire).await, (0, 0));
    assert_eq!(
        world.clock.now() - world.stories().pop().unwrap().updated,
        chrono::Duration::hours(1)
    );
}

#[tokio::test]
async fn dates_ahead_of_the_clock_are_not_believed() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(
        &wire.url,
        feed(&[
            Item { date: "Fri, 24 Nov 2028 06:00:00 GMT", ..ITEM },
            Item { date: "Tue, 24 Nov 2026 08:20:00 GMT", ..LYNAS },
        ]),
    );
    world.poll(&wire).await;
    for article in world.articles() {
        assert_eq!(article.published, world.clock.now(), "{}", article.title);
        assert_eq!(article.dated, article.title == LYNAS.title);
    }
}

// Pages.

fn page() -> Reply {
    let paragraphs: String =
        BODY.split(". ").map(|sentence| format!("<p>{sentence}.</p>")).collect();
    ok(format!(
        "<html lang=en><title>x</title><article><h1>Other</h1>{paragraphs}</article></html>"
    ))
    .header("content-type", "text/html; charset=utf-8")
}

const TEASER: Item<'static> = Item { body: "China grants a license for magnets.", ..ITEM };

#[tokio::test]
async fn the_page_is_read_where_the_listing_has_only_a_teaser() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(&wire.url, feed(&[TEASER, LYNAS, SPORT]));
    world.fake.on("http://wire.example/1", page());
    assert_eq!(world.counts(&wire).await, (2, 1));
    assert_eq!(world.fake.asked(), ["http://wire.example/feed", "http://wire.example/1"]);
    let body = world.store().body(&article_id("http://wire.example/1")).unwrap().unwrap();
    assert!(body.contains("valid for one year"), "{body}");
}

#[tokio::test]
async fn a_page_that_cannot_be_read_now_is_asked_for_again_and_the_news_is_not_late() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(&wire.url, feed(&[TEASER]).header("etag", "\"one\""));
    world.fake.on_each("http://wire.example/1", vec![status(503), status(500), page()]);
    assert_eq!(world.counts(&wire).await, (1, 0));
    let id = article_id("http://wire.example/1");
    assert_eq!(world.store().body(&id).unwrap().as_deref(), Some(TEASER.body));
    let updated = world.stories().pop().unwrap().updated;
    world.clock.advance(Duration::from_secs(1800));
    assert_eq!(world.counts(&wire).await, (0, 0));
    assert_eq!(world.stories().pop().unwrap().updated, updated, "nothing new is no update");
    world.clock.advance(Duration::from_secs(1800));
    assert_eq!(world.counts(&wire).await, (0, 0));
    assert!(world.store().body(&id).unwrap().unwrap().contains("valid for one year"));
    assert_eq!(world.fake.hits("http://wire.example/1"), 3);
    assert!(world.poll(&wire).await.unchanged, "then it is quiet");
}

#[tokio::test]
async fn a_page_that_fails_for_a_day_is_let_be() {
    let world = World::new().await;
    let wire = spec("wire", "");
    world.fake.on(&wire.url, feed(&[TEASER]).header("etag", "\"one\""));
    world.fake.on("http://wire.example/1", status(503));
    world.poll(&wire).await;
    for _ in 0..3 {
        world.clock.advance(Duration::from_secs(25 * 3600));
        world.poll(&wire).await;
    }
    assert_eq!(world.fake.hits("http://wire.example/1"), 1);
    world.fake.on(
        &wire.url,
        feed(&[Item { title: "China grants JL Mag two licenses for magnets", ..ITEM }]),
    );
    world.poll(&wire).await;
    assert!(world.articles()[0].title.contains("two"), "a new version is still noticed");
}

#[tokio::test]
async fn pages_that_are_refused_or_no_pages_leave_the_teaser() {
    let world = World::new().await;
    let wire = spec("wire", "");
    for (i, reply) in [
        status(404),
        status(403),
        ok("%PDF-1.7 dysprosium"),
        ok("GIF89a").header("content-type", "image/gif"),
        redirect(302, "http://127.0.0.1:1/"),
    ]
    .into_iter()
    .enumerate()
    {
        let link = format!("http://wire.example/p{i}");
        world.fake.on(&link, reply);
        world.fake.on(&wire.url, feed(&[Item { link: Some(&link), guid: None, ..TEASER }]));
        assert_eq!(world.counts(&wire).await, (1, 0), "{i}");
        assert_eq!(world.store().body(&article_id(&link)).unwrap().as_deref(), Some(TEASER.body));
        assert!(world.poll(&wire).await.unchanged);
    }
}

#[tokio::test]
async fn a_page_that_moved_for_good_is_known_by_its_new_address() {
    let world = World::new().await;
    let (wire, other) = (spec("wire", ""), spec("other", ""));
    world.fake.on(&wire.url, feed(&[TEASER]));
    world.fake.on("http://wire.example/1", redirect(301, "http://wire.example/long/1"));
    world.fake.on("http://wire.example/long/1", page());
    assert_eq!(world.counts(&wire).await, (1, 0));
    assert_eq!(world.articles()[0].url, "http://wire.example/long/1");
    world.fake.on(&other.url, feed(&[Item { link: Some("http://wire.example/long/1"), ..ITEM }]));
    assert_eq!(world.counts(&other).await, (0, 0));
}

// Failures.

#[tokio::test]
async fn a_failing_source_keeps_its_reason_and_holds_up_nobody() {
    let world = World::new().await;
    let (bad, good) = (spec("bad", "every = '10m'"), spec("good", ""));
    world.fake.on(&bad.url, status(503).header("retry-after", "7200"));
    world.fake.on(&good.url, feed(&[ITEM]));
    let report = world.poll(&bad).await;
    assert_eq!(report.error.as_deref(), Some("the server answers 503 Service Unavailable"));
    let state = world.state(&bad);
    assert_eq!(state.last_error, report.error);
    assert_eq!((state.next_poll.unwrap() - world.clock.now()).num_minutes(), 120);
    assert_eq!(world.counts(&good).await, (1, 0));

    world.fake.on(&bad.url, status(410));
    world.poll(&bad).await;
    assert!(world.state(&bad).retired);
    let mut moved = bad.clone();
    moved.url = "http://good.example/feed".to_owned();
    assert!(
        world.state(&bad).is_due(&moved.block(world.clock.now()), world.clock.now()),
        "another address is another source"
    );

    world.fake.on(&bad.url, feed(&[LYNAS]));
    world.poll(&bad).await;
    let state = world.state(&bad);
    assert_eq!((state.failures, state.last_error, state.retired), (0, None, false));
}

#[tokio::test]
async fn what_is_wrong_with_a_listing_is_told_once() {
    let world = World::new().await;
    let wire = spec("wire", "");
    let broken = |n: usize| {
        ok(format!(
            "<rss version='2.0'><channel><title>A & B {n}</title><item><title>Neodymium</title></item></channel></rss>"
        ))
    };
    for (n, told) in [(1, 2), (2, 0), (3, 0)] {
        world.fake.on(&wire.url, broken(n));
        assert_eq!(world.counts(&wire).await, (0, told));
    }
}

struct Panics;

#[async_trait::async_trait]
impl Source for Panics {
    async fn poll(&self, _: &Web, _: &SourceState, _: DateTime<Utc>) -> Result<Polled, FetchError> {
        panic!("as a parser might")
    }
}

#[tokio::test]
async fn a_parser_that_panics_is_a_source_that_fails() {
    let world = World::new().await;
    let wire = spec("wire", "");
    let web = world.fake.client(&world.clock);
    let ingest = world.ingest.as_ref().unwrap();
    let report = ingest.poll(&wire, &Panics, &web, world.clock.now()).await.unwrap();
    assert_eq!(report.error.as_deref(), Some("the program failed while reading it"));
    assert_eq!(world.state(&wire).failures, 1);
}

#[tokio::test]
async fn a_poll_given_up_half_way_leaves_nothing_and_is_done_again_whole() {
    let mut world = World::new().await;
    let wire = spec("wire", "");
    let gate = Arc::new(Semaphore::new(0));
    world.fake.on(&wire.url, feed(&[LYNAS, TEASER]).header("etag", "\"one\""));
    world.fake.on("http://wire.example/1", page().held_by(&gate));
    {
        let poll = world.poll(&wire);
        let until_the_page = async {
            while world.fake.hits("http://wire.example/1") == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            _ = poll => panic!("the page was never answered"),
            () = until_the_page => {}
        }
    }
    world.restart();
    assert_eq!(world.articles().len(), 0);
    assert_eq!(world.store().source_state(&wire.id).unwrap(), None);
    gate.add_permits(10);
    assert_eq!(world.counts(&wire).await, (2, 0));
    world.restart();
    assert!(world.poll(&wire).await.unchanged);
    assert_eq!((world.articles().len(), world.stories().len()), (2, 2));
}

/// The claims that count, one a line.
fn counted(world: &World) -> String {
    let evidence = world.store().evidence().unwrap();
    let today = world.clock.now().date_naive();
    let register = monazite::register::fold(&evidence.claims, &evidence.decisions, today);
    let mut lines: Vec<String> = register
        .rows
        .iter()
        .flat_map(|row| &row.history)
        .map(|entry| {
            let claim = &entry.claim;
            format!(
                "{} {:?} {:?}",
                claim.name.as_deref().unwrap_or("-"),
                claim.action,
                claim.license_type
            )
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

#[tokio::test]
async fn a_claim_stands_until_its_page_takes_it_back() {
    let world = World::new().await;
    let spec = spec("wire", "");
    let url = "http://wire.example/feed";
    let item = |body: &str| {
        let description = body.replace('&', "&amp;").replace('<', "&lt;");
        ok(format!(
            "<rss version=\"2.0\"><channel><title>W</title><item><guid>1</guid><link>http://wire.example/1</link>\
             <title>JL Mag and the export of rare-earth magnets from China</title><description>{description}\
             </description></item></channel></rss>"
        ))
    };
    world.fake.on(url, item(BODY));
    world.poll(&spec).await;
    expect!["JL Mag Granted General"].assert_eq(&counted(&world));
    world.clock.advance(Duration::from_secs(3600));
    let corrected = BODY.replace(
        "granted JL Mag a general license to export dysprosium and terbium magnets to customers in Germany, the company said on Friday. The license is valid for one year and covers",
        "has granted no license to JL Mag, the company said on Friday. An earlier version of this article said otherwise. The application covers",
    );
    assert_ne!(corrected, BODY);
    world.fake.on(url, item(&corrected).header("etag", "\"2\""));
    world.poll(&spec).await;
    assert_eq!(counted(&world), "", "the page no longer says so");
    assert!(!world.store().evidence().unwrap().claims.is_empty(), "what it said is not forgotten");
    world.clock.advance(Duration::from_secs(3600));
    world.fake.on(url, item(BODY).header("etag", "\"3\""));
    world.poll(&spec).await;
    expect!["JL Mag Granted General"].assert_eq(&counted(&world));
}
