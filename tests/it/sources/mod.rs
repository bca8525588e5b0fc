//! How the web is asked: politely, within bounds, and never where it must not go.

mod feeds;
mod listings;

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use monazite::clock::Clock;
use monazite::model::source::SourceState;
use monazite::sources::address::is_public;
use monazite::sources::http::{Answer, FetchSettings, Get, Lookup, Web};
use monazite::sources::{self, FetchError, KINDS, Polled, Source, SourceSpec};
use tokio::sync::Semaphore;

use crate::world::clock::HandClock;
use crate::world::web::{FakeWeb, Reply, ok, redirect, silence, status};

const NOW: &str = "2026-11-24T08:00:00Z";

fn clock() -> HandClock {
    HandClock::at(NOW)
}

fn get(url: &str) -> Get {
    Get { url: url.to_owned(), ..Get::default() }
}

async fn read(web: &Web, url: &str) -> Result<String, FetchError> {
    let answer = web.get(get(url)).await?;
    Ok(String::from_utf8(answer.body).unwrap())
}

/// One page that answers so; what reading it says.
async fn one(reply: Reply) -> Result<Answer, FetchError> {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/page", reply);
    fake.client(&clock()).get(get("http://a.example/page")).await
}

fn transient(error: &FetchError) -> (Option<Duration>, &str) {
    match error {
        FetchError::Transient { retry_after, reason } => (*retry_after, reason),
        other => panic!("{other:?} is not transient"),
    }
}

fn source(block: &str) -> (SourceSpec, Box<dyn Source>) {
    let spec: SourceSpec = toml::from_str(block).unwrap();
    let kind = KINDS.iter().find(|kind| kind.name == spec.kind).unwrap();
    let source = (kind.build)(&spec).unwrap();
    (spec, source)
}

fn feed(url: &str) -> (SourceSpec, Box<dyn Source>) {
    source(&format!("id = 'f'\nname = 'F'\nkind = 'feed'\nurl = '{url}'"))
}

const ONE_ITEM: &str = "<rss version='2.0'><channel><title>t</title><item><title>Neodymium up</title>\
    <link>http://a.example/1</link></item></channel></rss>";

async fn poll(source: &dyn Source, web: &Web, state: &SourceState) -> Result<Polled, FetchError> {
    source.poll(web, state, NOW.parse().unwrap()).await
}

// Robots.

#[tokio::test]
async fn robots_txt_is_read_once_and_obeyed() {
    let fake = FakeWeb::start().await;
    fake.on(
        "http://a.example/robots.txt",
        ok("User-agent: other\nDisallow: /\n\nUser-agent: Monazite\nDisallow: /private\n\nUser-agent: *\nDisallow: /"),
    );
    fake.on("http://a.example/open", ok("open"));
    fake.on("http://a.example/private/x", ok("private"));
    let web = fake.client(&clock());
    assert_eq!(read(&web, "http://a.example/open").await, Ok("open".to_owned()));
    let refused = read(&web, "http://a.example/private/x").await;
    assert_eq!(refused, Err(FetchError::Refused("the site's robots.txt forbids it".to_owned())));
    assert_eq!(fake.hits("http://a.example/robots.txt"), 1);
    assert_eq!(fake.asked(), ["http://a.example/open"]);
}

#[tokio::test]
async fn a_missing_robots_txt_forbids_nothing_and_a_failing_one_everything() {
    let clock = clock();
    let fake = FakeWeb::start().await;
    for host in ["gone", "failing", "limited"] {
        fake.on(&format!("http://{host}.example/page"), ok("page"));
    }
    fake.on("http://gone.example/robots.txt", status(404));
    fake.on_each(
        "http://failing.example/robots.txt",
        vec![status(503).header("retry-after", "600"), status(404)],
    );
    fake.on("http://limited.example/robots.txt", status(429));
    let web = fake.client(&clock);
    assert_eq!(read(&web, "http://gone.example/page").await, Ok("page".to_owned()));
    let error = read(&web, "http://failing.example/page").await.unwrap_err();
    assert_eq!(
        transient(&error),
        (
            Some(Duration::from_secs(600)),
            "the site's robots.txt cannot be had (503 Service Unavailable), so nothing is fetched from it for now"
        )
    );
    assert!(read(&web, "http://limited.example/page").await.is_err());
    assert_eq!(fake.asked(), ["http://gone.example/page"]);

    clock.advance(Duration::from_secs(3600));
    assert_eq!(read(&web, "http://failing.example/page").await, Ok("page".to_owned()));
}

#[tokio::test]
async fn a_known_robots_txt_is_asked_for_again_after_a_day_and_outlives_a_failure() {
    let clock = clock();
    let fake = FakeWeb::start().await;
    fake.on_each(
        "http://a.example/robots.txt",
        vec![ok("User-agent: *\nDisallow: /no"), status(500), ok("User-agent: *\nDisallow: /yes")],
    );
    for path in ["yes", "no"] {
        fake.on(&format!("http://a.example/{path}"), ok("page"));
    }
    let web = fake.client(&clock);
    let mut seen = Vec::new();
    for hours in [0, 23, 2, 2] {
        clock.advance(Duration::from_secs(hours * 3600));
        seen.push((
            read(&web, "http://a.example/yes").await.is_ok(),
            read(&web, "http://a.example/no").await.is_ok(),
            fake.hits("http://a.example/robots.txt"),
        ));
    }
    assert_eq!(seen, [(true, false, 1), (true, false, 1), (true, false, 2), (false, true, 3)]);
}

#[tokio::test]
async fn a_robots_txt_may_be_elsewhere_and_a_redirected_page_is_asked_of_its_own_host() {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/robots.txt", redirect(301, "http://b.example/rules"));
    fake.on("http://b.example/rules", ok("User-agent: *\nDisallow: /no"));
    fake.on("http://a.example/no", ok("page"));
    fake.on("http://a.example/away", redirect(302, "http://c.example/no"));
    fake.on("http://c.example/robots.txt", ok("User-agent: *\nDisallow: /no"));
    fake.on("http://c.example/no", ok("page"));
    let web = fake.client(&clock());
    for url in ["http://a.example/no", "http://a.example/away"] {
        let refused = read(&web, url).await.unwrap_err();
        assert!(matches!(refused, FetchError::Refused(_)), "{url}: {refused}");
    }
    assert_eq!(fake.hits("http://c.example/no"), 0);
}

#[tokio::test]
async fn two_first_requests_share_one_robots_txt() {
    let gate = Arc::new(Semaphore::new(0));
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/robots.txt", status(404).held_by(&gate));
    fake.on("http://a.example/1", ok("1"));
    fake.on("http://a.example/2", ok("2"));
    let web = fake.client(&clock());
    let open = async {
        while fake.hits("http://a.example/robots.txt") == 0 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(10);
    };
    let (one, two, ()) =
        tokio::join!(read(&web, "http://a.example/1"), read(&web, "http://a.example/2"), open);
    assert_eq!((one, two), (Ok("1".to_owned()), Ok("2".to_owned())));
    assert_eq!(fake.hits("http://a.example/robots.txt"), 1);
}

// Pace.

/// A clock that notes how long it was asked to wait.
#[derive(Clone)]
struct Noting(HandClock, Arc<Mutex<Vec<u64>>>);

impl Clock for Noting {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.1.lock().unwrap().push(u64::try_from(duration.as_millis()).unwrap());
        self.0.sleep(duration)
    }
}

#[tokio::test]
async fn requests_to_one_host_are_spaced_and_other_hosts_do_not_wait() {
    let clock = Noting(clock(), Arc::default());
    let fake = FakeWeb::start().await;
    for url in ["http://a.example/1", "http://a.example/2", "http://b.example/1"] {
        fake.on(url, ok("page"));
    }
    let settings = FetchSettings { per_host_interval: Duration::from_secs(2), ..fake.settings() };
    let web = fake.client_with(settings, &clock);
    let waits = |clock: &Noting| std::mem::take(&mut *clock.1.lock().unwrap());
    read(&web, "http://a.example/1").await.unwrap();
    assert_eq!(waits(&clock), [2000], "robots.txt went first");
    read(&web, "http://a.example/2").await.unwrap();
    assert_eq!(waits(&clock), [2000]);
    clock.0.advance(Duration::from_secs(60));
    read(&web, "http://a.example/1").await.unwrap();
    assert_eq!(waits(&clock), [0; 0], "a host left alone long enough is asked at once");
    read(&web, "http://b.example/1").await.unwrap();
    assert_eq!(waits(&clock), [2000], "its own robots.txt went first, nothing else");
}

#[tokio::test]
async fn crawl_delay_is_kept_between_pages_asked_at_the_same_time() {
    let clock = Noting(clock(), Arc::default());
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/robots.txt", ok("User-agent: *\nCrawl-delay: 10\nDisallow: /no"));
    for url in ["http://a.example/1", "http://a.example/2", "http://a.example/3"] {
        fake.on(url, ok("page"));
    }
    let web = fake.client(&clock);
    let (one, two, three) = tokio::join!(
        read(&web, "http://a.example/1"),
        read(&web, "http://a.example/2"),
        read(&web, "http://a.example/3")
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(*clock.1.lock().unwrap(), [10_000, 10_000]);
}

#[tokio::test]
async fn no_more_requests_than_allowed_are_under_way_until_their_bodies_are_read() {
    let gate = Arc::new(Semaphore::new(0));
    let fake = FakeWeb::start().await;
    let urls: Vec<String> = (0..6).map(|i| format!("http://h{i}.example/")).collect();
    for url in &urls {
        fake.on(url, ok("page").held_by(&gate));
    }
    let settings = FetchSettings { concurrency: 2, ..fake.settings() };
    let web = fake.client_with(settings, &clock());
    let all = futures::future::join_all(urls.iter().map(|url| read(&web, url)));
    let open = async {
        while fake.asked().len() < 2 {
            tokio::task::yield_now().await;
        }
        gate.add_permits(10);
    };
    let (all, ()) = tokio::join!(all, open);
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(fake.most_at_once(), 2);
}

#[tokio::test]
async fn a_body_that_hangs_keeps_its_slot_and_gives_it_back_in_time() {
    let fake = FakeWeb::start().await;
    fake.on("http://slow.example/", ok("half").headers_only());
    fake.on("http://good.example/", ok("page"));
    let timeout = Duration::from_millis(300);
    let settings = FetchSettings { concurrency: 1, timeout, ..fake.settings() };
    let web = fake.client_with(settings, &clock());
    let slow = async {
        let error = read(&web, "http://slow.example/").await.unwrap_err();
        assert_eq!(fake.hits("http://good.example/"), 0, "the only slot was taken");
        error
    };
    let good = async {
        while fake.hits("http://slow.example/") == 0 {
            tokio::task::yield_now().await;
        }
        read(&web, "http://good.example/").await
    };
    let (slow, good) = tokio::join!(slow, good);
    assert_eq!(transient(&slow).0, None);
    assert_eq!(good, Ok("page".to_owned()));
}

#[tokio::test]
async fn different_hosts_are_read_at_the_same_time() {
    let gate = Arc::new(Semaphore::new(0));
    let fake = FakeWeb::start().await;
    fake.on("http://slow.example/", ok("slow").held_by(&gate));
    fake.on("http://good.example/", ok("good"));
    let settings = FetchSettings { per_host_interval: Duration::from_secs(2), ..fake.settings() };
    let web = fake.client_with(settings, &clock());
    let good = async {
        let answer = read(&web, "http://good.example/").await;
        gate.add_permits(1);
        answer
    };
    let (slow, good) = tokio::join!(read(&web, "http://slow.example/"), good);
    assert_eq!((slow, good), (Ok("slow".to_owned()), Ok("good".to_owned())));
}

// Bounds.

#[tokio::test]
async fn silence_and_half_answers_end_in_time() {
    for reply in [silence(), ok("half").headers_only()] {
        let fake = FakeWeb::start().await;
        fake.on("http://a.example/", reply);
        let settings = FetchSettings { timeout: Duration::from_millis(150), ..fake.settings() };
        let error =
            read(&fake.client_with(settings, &clock()), "http://a.example/").await.unwrap_err();
        assert!(transient(&error).1.starts_with("the server did not answer in time"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let error = one(ok("half").breaks_off()).await.unwrap_err();
    assert!(transient(&error).1.starts_with("the answer broke off"), "{error}");
    let error = one(ok("no gzip at all").header("content-encoding", "gzip")).await.unwrap_err();
    assert!(transient(&error).1.contains("cannot be decompressed"), "{error}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again_later() {
    let fake = FakeWeb::start().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let settings =
        FetchSettings { allow_private: vec!["a.example:80".to_owned()], ..fake.settings() };
    let lookup: Lookup = Arc::new(move |_| Box::pin(std::future::ready(Ok(vec![closed]))));
    let web = Web::with_lookup(settings.clone(), Arc::new(clock()), lookup).unwrap();
    let error = read(&web, "http://a.example/?token=secret").await.unwrap_err();
    assert!(transient(&error).1.starts_with("no connection could be made"), "{error}");
    assert!(!error.to_string().contains("secret"), "{error}");
    let lookup: Lookup =
        Arc::new(|_| Box::pin(std::future::ready(Err(std::io::Error::other("no such name")))));
    let web = Web::with_lookup(settings, Arc::new(clock()), lookup).unwrap();
    let error = read(&web, "http://a.example/").await.unwrap_err();
    assert_eq!(transient(&error).1, "no connection could be made (no such name)");
}

#[tokio::test]
async fn compressed_answers_are_read() {
    let text = "Neodymium, 钕, and praseodymium. ".repeat(100);
    for reply in [ok(&*text).gzip(), ok(&*text).deflate(), ok(&*text).brotli(), ok(&*text)] {
        assert_eq!(one(reply).await.unwrap().body, text.as_bytes());
    }
}

#[tokio::test]
async fn the_limit_counts_what_comes_out_of_the_packing() {
    let limit = FetchSettings::default().max_bytes;
    let bomb = ok(vec![b' '; limit + 1]).gzip();
    assert_eq!(one(bomb).await, Err(FetchError::TooLarge { limit }));
    let bomb = ok(vec![b' '; limit + 1]).deflate();
    assert_eq!(one(bomb).await, Err(FetchError::TooLarge { limit }));
    assert_eq!(one(ok(vec![b' '; limit]).gzip()).await.unwrap().body.len(), limit);
    assert_eq!(one(ok(vec![b' '; 10_000]).endless()).await, Err(FetchError::TooLarge { limit }));
}

// Redirects.

fn chain(fake: &FakeWeb, hops: usize, code: u16) {
    for i in 0..hops {
        fake.on(&format!("http://a.example/{i}"), redirect(code, &format!("/{}", i + 1)));
    }
    fake.on(&format!("http://a.example/{hops}"), ok("end"));
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let fake = FakeWeb::start().await;
    chain(&fake, 5, 302);
    let answer = fake.client(&clock()).get(get("http://a.example/0")).await.unwrap();
    assert_eq!((answer.final_url.as_str(), answer.moved_to), ("http://a.example/5", None));

    let fake = FakeWeb::start().await;
    chain(&fake, 6, 302);
    let error = read(&fake.client(&clock()), "http://a.example/0").await;
    let words = "the page redirects more than 5 times".to_owned();
    assert_eq!(error, Err(FetchError::Malformed(words)));
    assert_eq!(fake.asked().len(), 6);
}

#[tokio::test]
async fn only_permanent_redirects_are_moves() {
    for (codes, moved) in [
        ([301, 308], Some("http://a.example/2")),
        ([301, 302], None),
        ([307, 301], None),
        ([303, 303], None),
    ] {
        let fake = FakeWeb::start().await;
        chain(&fake, 2, codes[1]);
        fake.on("http://a.example/0", redirect(codes[0], "/1"));
        let answer = fake.client(&clock()).get(get("http://a.example/0")).await.unwrap();
        assert_eq!(answer.moved_to.as_deref(), moved, "{codes:?}");
    }
}

#[tokio::test]
async fn circles_and_redirects_to_nowhere_are_malformed() {
    for (reply, words) in [
        (redirect(301, "/page"), "the page redirects in a circle"),
        (status(302), "the page redirects to nowhere"),
        (redirect(302, "http://"), "the page redirects to something that is no address"),
    ] {
        assert_eq!(one(reply).await, Err(FetchError::Malformed(words.to_owned())));
    }
    for place in ["file:///etc/passwd", "ftp://a.example/", "http://user:pass@a.example/"] {
        let error = one(redirect(302, place)).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{place}: {error}");
        assert!(!error.to_string().contains("pass@"), "{error}");
    }
}

// What servers answer.

#[tokio::test]
async fn every_status_says_what_to_do_next() {
    let wait = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(one(status(410)).await, Err(FetchError::Gone));
    for code in [401, 403, 412, 451] {
        let error = one(status(code)).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{code}: {error}");
    }
    assert_eq!(
        one(status(404)).await,
        Err(FetchError::Malformed("the server answers 404 Not Found".to_owned()))
    );
    for (reply, after) in [
        (status(429).header("retry-after", "120"), wait(120)),
        (status(503).header("retry-after", "Tue, 24 Nov 2026 08:10:00 GMT"), wait(600)),
        (status(503).header("retry-after", "Tue, 24 Nov 2020 08:10:00 GMT"), wait(0)),
        (status(503).header("retry-after", "soon"), None),
        (status(429).header("retry-after", "99999999999999999"), wait(30 * 24 * 3600)),
        (status(500), None),
    ] {
        let error = one(reply).await.unwrap_err();
        assert_eq!(transient(&error).0, after);
    }
    let error = one(status(304)).await.unwrap_err();
    assert!(
        matches!(error, FetchError::Malformed(_)),
        "nothing was asked that 304 answers: {error}"
    );
}

#[tokio::test]
async fn the_client_names_itself_with_a_link() {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/", ok("page"));
    read(&fake.client(&clock()), "http://a.example/").await.unwrap();
    let log = fake.log();
    assert_eq!(log.len(), 2);
    for hit in log {
        let agent = hit.header("user-agent").unwrap();
        assert!(agent.starts_with("Monazite/") && agent.contains("+https://"), "{agent}");
        assert_eq!(hit.header("referer"), None);
        assert_eq!(hit.header("cookie"), None);
        assert!(hit.header("accept-encoding").unwrap().contains("br"));
    }
    let odd = FetchSettings { user_agent: "two\nlines".to_owned(), ..FetchSettings::default() };
    assert!(matches!(Web::new(odd, Arc::new(clock())), Err(FetchError::Refused(_))));
}

// Where it may not go.

#[test]
fn addresses_inside_are_told_from_those_outside() {
    let inside = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.0.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.9.9",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.5",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    for address in inside {
        assert!(!is_public(address.parse::<IpAddr>().unwrap()), "{address}");
    }
    for address in [
        "1.1.1.1",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "198.20.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
    ] {
        assert!(is_public(address.parse::<IpAddr>().unwrap()), "{address}");
    }
}

#[tokio::test]
async fn private_addresses_are_refused_however_they_are_written() {
    let fake = FakeWeb::start().await;
    let port = fake.address().port();
    let web = fake.client_with(FetchSettings::default(), &clock());
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "localhost",
        "inside.example",
        "10.0.0.1",
        "169.254.169.254",
        "[fd00::1]",
    ] {
        let error = read(&web, &format!("http://{host}:{port}/")).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{host}: {error:?}");
        assert!(error.to_string().contains("is private"), "{host}: {error}");
    }
    assert_eq!(fake.log().len(), 0);
}

#[tokio::test]
async fn a_redirect_leads_to_no_private_address() {
    let fake = FakeWeb::start().await;
    let inside = format!("http://{}/secret", fake.address());
    fake.on("http://a.example/number", redirect(301, &inside));
    fake.on("http://a.example/name", redirect(302, "http://inside.example/secret"));
    fake.on("http://b.example/robots.txt", redirect(302, &inside));
    fake.on("http://b.example/", ok("page"));
    let settings = fake.settings();
    fake.on("http://inside.example/secret", ok("secret"));
    let web = fake.client_with(settings, &clock());
    for url in ["http://a.example/number", "http://a.example/name", "http://b.example/"] {
        let error = read(&web, url).await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{url}: {error:?}");
    }
    assert!(fake.log().iter().all(|hit| !hit.url.contains("secret")));
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_caught_where_the_connection_is_made() {
    let fake = FakeWeb::start().await;
    let inside = fake.address();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    // No answer is trusted for the next connection: first there is no such name, then it leads
    // inside, and only the lookup that the connection itself makes counts.
    let lookup: Lookup = Arc::new(move |_| {
        let answer = match count.fetch_add(1, Ordering::SeqCst) {
            0 => Err(std::io::Error::other("no such name")),
            1 => Ok(vec![inside]),
            _ => Ok(vec![inside, SocketAddr::from(([10, 0, 0, 1], 80))]),
        };
        Box::pin(std::future::ready(answer))
    });
    let clock = clock();
    let web = Web::with_lookup(FetchSettings::default(), Arc::new(clock.clone()), lookup).unwrap();
    let error = read(&web, "http://rebind.example/").await.unwrap_err();
    assert!(matches!(error, FetchError::Transient { .. }), "{error:?}");
    for _ in 0..2 {
        clock.advance(Duration::from_secs(120));
        let error = read(&web, "http://rebind.example/").await.unwrap_err();
        assert!(matches!(error, FetchError::Refused(_)), "{error:?}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    assert_eq!(fake.log().len(), 0);
}

#[tokio::test]
async fn an_allowed_pair_is_that_host_and_that_port() {
    let fake = FakeWeb::start().await;
    let (address, port) = (fake.address(), fake.address().port());
    fake.on(&format!("http://{address}/"), ok("page"));
    fake.on(&format!("http://inside.example:{port}/"), ok("page"));
    let allow_private = vec![address.to_string(), format!("Inside.example:{port}")];
    let settings = FetchSettings { allow_private, ..fake.settings() };
    let web = fake.client_with(settings, &clock());
    for host in ["127.0.0.1", "inside.example", "INSIDE.example"] {
        assert_eq!(
            read(&web, &format!("http://{host}:{port}/")).await,
            Ok("page".to_owned()),
            "{host}"
        );
        let other = read(&web, &format!("http://{host}:{}/", port ^ 1)).await.unwrap_err();
        assert!(matches!(other, FetchError::Refused(_)), "{host}: {other:?}");
    }
    let error = read(&web, &format!("http://127.0.0.2:{port}/")).await.unwrap_err();
    assert!(matches!(error, FetchError::Refused(_)), "{error:?}");
}

// What a source remembers.

#[tokio::test]
async fn what_has_not_changed_is_not_read_again() {
    let fake = FakeWeb::start().await;
    fake.on(
        "http://a.example/feed",
        ok(ONE_ITEM)
            .header("etag", "\"one\"")
            .header("last-modified", "Mon, 23 Nov 2026 08:00:00 GMT"),
    );
    let web = fake.client(&clock());
    let (_, feed) = feed("http://a.example/feed");
    let first = poll(&*feed, &web, &SourceState::default()).await.unwrap();
    assert_eq!((first.items.len(), first.unchanged), (1, false));
    assert_eq!(first.state.items, 1);
    let second = poll(&*feed, &web, &first.state).await.unwrap();
    assert_eq!((second.items.len(), second.unchanged), (0, true));
    assert_eq!(second.state, first.state);
    let hit = fake.log().pop().unwrap();
    assert_eq!(hit.header("if-none-match"), Some("\"one\""));
    assert_eq!(hit.header("if-modified-since"), Some("Mon, 23 Nov 2026 08:00:00 GMT"));

    // The same bytes with a new tag: the hash behind it notices.
    fake.on("http://a.example/feed", ok(ONE_ITEM).header("etag", "\"two\""));
    let third = poll(&*feed, &web, &second.state).await.unwrap();
    assert_eq!((third.items.len(), third.unchanged), (0, true));
    assert_eq!(third.state.etag.as_deref(), Some("\"two\""));
    assert_eq!(third.state.last_modified, None);
}

#[tokio::test]
async fn a_source_that_moved_for_good_is_polled_where_it_went() {
    let fake = FakeWeb::start().await;
    fake.on("http://old.example/feed", redirect(301, "http://new.example/feed"));
    fake.on("http://new.example/feed", ok(ONE_ITEM));
    let web = fake.client(&clock());
    let (spec, feed) = feed("http://old.example/feed");
    let first = poll(&*feed, &web, &SourceState::default()).await.unwrap();
    assert_eq!(first.state.moved_to.as_deref(), Some("http://new.example/feed"));
    poll(&*feed, &web, &first.state).await.unwrap();
    assert_eq!(fake.hits("http://old.example/feed"), 1);

    // A move that keeps failing is no longer believed.
    let mut state = first.state.clone();
    let error = FetchError::Malformed("the server answers 404 Not Found".to_owned());
    for moved in [true, true, false] {
        state = sources::after_failure(&state, &error, spec.every, NOW.parse().unwrap());
        assert_eq!(state.moved_to.is_some(), moved, "{} failures", state.failures);
    }
}

#[tokio::test]
async fn a_changed_block_forgets_what_the_old_one_taught() {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/feed", ok(ONE_ITEM).header("etag", "\"one\""));
    let web = fake.client(&clock());
    let (_, old) = source("id = 'f'\nname = 'F'\nkind = 'feed'\nurl = 'http://gone.example/feed'");
    let (spec, new) = feed("http://a.example/feed");
    assert!(poll(&*old, &web, &SourceState::default()).await.is_err());
    let (other, _) = feed("http://gone.example/feed");
    let now = NOW.parse().unwrap();
    let retired = SourceState {
        block: Some(other.block(now)),
        moved_to: Some("http://nowhere.example/".to_owned()),
        etag: Some("\"one\"".to_owned()),
        retired: true,
        failures: 7,
        ..SourceState::default()
    };
    assert!(!retired.is_due(&other.block(now), now));
    assert!(retired.is_due(&spec.block(now), now));
    let polled = poll(&*new, &web, &retired).await.unwrap();
    assert_eq!(polled.items.len(), 1);
    assert_eq!((polled.state.retired, polled.state.moved_to), (false, None));
}

#[test]
fn failures_are_backed_off_and_kept_with_their_reason() {
    let (spec, _) = feed("http://a.example/feed");
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let failing = FetchError::Transient { retry_after: None, reason: "it is down".to_owned() };
    let mut state = SourceState { etag: Some("e".to_owned()), ..SourceState::default() };
    let mut waits = Vec::new();
    for _ in 0..8 {
        state = sources::after_failure(&state, &failing, spec.every, now);
        waits.push((state.next_poll.unwrap() - now).num_minutes());
    }
    assert_eq!(waits, [60, 120, 240, 480, 960, 1440, 1440, 1440]);
    assert_eq!(state.last_error.as_deref(), Some("it is down"));
    assert_eq!((state.failures, state.etag.as_deref()), (8, Some("e")));

    let asked = FetchError::Transient {
        retry_after: Some(Duration::from_secs(3 * 24 * 3600)),
        reason: "it is down".to_owned(),
    };
    let patient = sources::after_failure(&state, &asked, spec.every, now);
    assert_eq!((patient.next_poll.unwrap() - now).num_days(), 3);
    let endless = FetchError::Transient { retry_after: Some(Duration::MAX), reason: String::new() };
    assert!(sources::after_failure(&state, &endless, Duration::MAX, now).next_poll.is_some());

    let refused = FetchError::Refused("the server answers 412 Precondition Failed".to_owned());
    assert_eq!(sources::after_failure(&state, &refused, spec.every, now).etag, None);

    let gone = sources::after_failure(&state, &FetchError::Gone, spec.every, now);
    assert!(gone.retired && !gone.is_due(&spec.block(now), now + chrono::Duration::days(900)));

    let well = sources::after_success(&state, spec.every, now);
    assert_eq!((well.failures, well.last_error.clone()), (0, None));
    assert_eq!((well.next_poll.unwrap() - now).num_minutes(), 30);
}

#[test]
fn a_page_of_the_year_is_asked_by_the_year_where_the_source_is() {
    let (spec, _) = source(
        "id = 'y'\nname = 'Y'\nkind = 'feed'\nurl = 'http://a.example/{year}/feed'\nzone = 'Asia/Shanghai'",
    );
    let asked = ["2026-12-31T15:59:59Z", "2026-12-31T16:00:00Z"]
        .map(|now| spec.address(now.parse().unwrap()));
    assert_eq!(asked, ["http://a.example/2026/feed", "http://a.example/2027/feed"]);
    let blocks = ["2026-06-01T00:00:00Z", "2027-06-01T00:00:00Z"]
        .map(|now| spec.block(now.parse().unwrap()));
    assert_ne!(blocks[0], blocks[1], "the new year's page begins with a memory of its own");
}
