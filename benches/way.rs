//! How long an item takes from its feed to a chat: poll, understanding, edition, sending.
//!
//! The real client code runs against the tests' strict fakes on the loopback
//! interface; the wait for the next poll and for the edition's hour is left
//! out. `cargo bench --bench way`.
#![expect(clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should fail loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(dead_code, reason = "the fakes offer more than is used here")]

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use monazite::ingest::Ingest;
use monazite::sources::KINDS;

#[path = "../tests/it/world/mod.rs"]
mod world;

use world::clock::HandClock;
use world::home::{Home, at, subscription};
use world::telegram::FakeTelegram;
use world::web::{FakeWeb, ok};

const RUNS: usize = FIRMS.len();
/// A firm and what it does: each run tells a story of its own.
const FIRMS: [(&str, &str); 12] = [
    ("Lynas", "expands its cracking and leaching plant in Kalgoorlie"),
    ("Iluka", "borrows more for the refinery at Eneabba"),
    ("Arafura", "signs an offtake for neodymium from Nolans"),
    ("MP Materials", "casts its first alloy at Independence"),
    ("USA Rare Earth", "orders presses for sintered magnets in Stillwater"),
    ("Energy Fuels", "separates terbium at White Mesa"),
    ("Ucore", "moves its columns to Louisiana"),
    ("NioCorp", "drills for scandium at Elk Creek"),
    ("Solvay", "restarts separation at La Rochelle"),
    ("Pensana", "ships carbonate from Longonjo"),
    ("Mkango", "recycles swarf with hydrogen in Birmingham"),
    ("Hastings", "sells its stake in Yangibana"),
];
const FEED: &str = "http://wire.example/rss.xml";
const SOURCE: &str = "[[source]]\nid = \"wire\"\nname = \"Wire\"\nkind = \"feed\"\nurl = \"http://wire.example/rss.xml\"\n";

#[tokio::main]
async fn main() {
    let (web, telegram) = (FakeWeb::start().await, FakeTelegram::start().await);
    telegram.private(5, "Reader");
    let home = Home::with(&[("sources.toml", SOURCE)], vec![telegram.platform()]);
    let mut items = String::new();
    web.on(FEED, ok(feed(&items)));
    let client = web.client(&HandClock::at("2026-01-01T00:00:00Z"));
    let start = at("2026-01-01T12:00:00Z");
    let ingest = Ingest::open(
        home.store.clone(),
        home.config.lexicon.clone(),
        home.config.rules.clone(),
        start,
    )
    .unwrap();
    let spec = home.config.sources[0].clone();
    let source = (KINDS.iter().find(|kind| kind.name == spec.kind).unwrap().build)(&spec).unwrap();
    home.publish("2026-01-01T00:00:00Z");
    home.subscribe(subscription("telegram:5", "2026-01-01T00:00:00Z"));
    let mut took: Vec<Duration> = Vec::new();
    for run in 0..RUNS {
        let now = start + TimeDelta::days(i64::try_from(run).unwrap());
        items.insert_str(0, &item(run, &now.to_rfc2822()));
        web.on(FEED, ok(feed(&items)));
        let begun = Instant::now();
        ingest.poll(&spec, source.as_ref(), &client, now - TimeDelta::seconds(1)).await.unwrap();
        home.publish(&now.to_rfc3339());
        home.deliver(&now.to_rfc3339()).await;
        took.push(begun.elapsed());
        let told = telegram.messages(5).iter().any(|message| message.text.contains(&marker(run)));
        assert!(told, "the item of run {run} reached the chat");
    }
    took.sort();
    println!(
        "item in feed → message at the fake platform, {RUNS} runs: median {:.1} ms, 95 % {:.1} ms, worst {:.1} ms",
        millis(took[RUNS / 2]),
        millis(took[RUNS * 95 / 100]),
        millis(took[RUNS - 1]),
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn marker(run: usize) -> String {
    format!("{} tonnes", 1000 + run * 37)
}

fn feed(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Wire</title>{items}</channel></rss>"
    )
}

fn item(run: usize, date: &str) -> String {
    let (amount, (firm, does)) = (marker(run), FIRMS[run]);
    format!(
        "<item><guid>{run}</guid><link>http://wire.example/{run}</link><pubDate>{date}</pubDate>\
         <title>{firm} {does}, {amount} of rare earths a year</title>\
         <description>&lt;p&gt;{firm} {does}, which it said would bring {amount} of rare-earth oxides a year to \
         buyers of magnets outside China.&lt;/p&gt;</description></item>"
    )
}
