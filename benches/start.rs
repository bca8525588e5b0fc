//! A cold start on a full store: 100,000 articles with bodies, 5,000 of them of the last week.
//!
//! `cargo bench --bench start` fills a store in a folder of its own, then starts itself anew and
//! measures what that fresh process needs until it could gather: the store opened, and what new
//! articles are compared with in memory. It fails when the aims below are missed.
#![expect(clippy::print_stdout, reason = "the figures are what a run is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should fail loudly")]

use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use monazite::enrich;
use monazite::enrich::claims::{self, Rules};
use monazite::enrich::cluster::{Fingerprint, Placed, Told};
use monazite::ingest::Ingest;
use monazite::lexicon::Lexicon;
use monazite::model::article::{Article, ArticleId, Language, SourceId, Tier};
use monazite::model::story::{Signal, Story, StoryId, Telling};
use monazite::store::{Changes, Seen, SeenKey, Store, StoreSettings};

/// How many articles there are, and how many of them are of the last week.
const ARTICLES: u64 = 100_000;
const RECENT: u64 = 5_000;
/// Until it is ready.
const START_WITHIN: Duration = Duration::from_secs(1);
/// Memory when idle, in MB.
const MEMORY_WITHIN: u64 = 100;
/// The moment the store is full.
const NOW: &str = "2026-11-23T12:00:00Z";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next() {
        Some(path) => measure(Path::new(&path)),
        None => {
            let folder = tempfile::tempdir().unwrap();
            let began = Instant::now();
            fill(folder.path());
            println!("filled in {:.1} s", began.elapsed().as_secs_f64());
            let this = std::env::current_exe().unwrap();
            let start = || Command::new(&this).arg(folder.path()).status().unwrap().success();
            // The first start after so much growth at once compacts the files; no other does.
            println!("first start, with compaction:");
            start();
            println!("cold starts:");
            if start() && start() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

fn measure(path: &Path) -> ExitCode {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let began = Instant::now();
    let lexicon = Arc::new(Lexicon::parse(include_str!("../config/lexicon.toml")).unwrap());
    let read = began.elapsed();
    let store = Store::open(path, &StoreSettings::default()).unwrap();
    let opened = began.elapsed();
    let ingest = Ingest::open(
        store.clone(),
        lexicon,
        Arc::new(Rules::parse(claims::BUILT_IN).unwrap()),
        now,
    )
    .unwrap();
    let ready = began.elapsed();
    let memory = resident_mb();
    println!(
        "lexicon {:.0?}, store {:.0?}, stories {:.0?}: ready after {ready:.0?} with {memory} MB; {} articles, {} MB on disk",
        read,
        opened - read,
        ready - opened,
        store.counts().articles,
        store.size_on_disk().unwrap() >> 20,
    );
    drop(ingest);
    if ready < START_WITHIN && memory < MEMORY_WITHIN {
        ExitCode::SUCCESS
    } else {
        println!("the aims are {START_WITHIN:?} and {MEMORY_WITHIN} MB");
        ExitCode::FAILURE
    }
}

/// This process's resident memory.
fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() >> 10
}

fn fill(path: &Path) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let lexicon = Lexicon::parse(include_str!("../config/lexicon.toml")).unwrap();
    let store = Store::open(path, &StoreSettings::default()).unwrap();
    let mut number = 0;
    while number < ARTICLES {
        let mut changes = Changes::default();
        for _ in 0..500 {
            let old = number < ARTICLES - RECENT;
            let minutes = if old { (ARTICLES - number) * 10 + 11_520 } else { ARTICLES - number };
            let seen = now - TimeDelta::minutes(i64::try_from(minutes).unwrap());
            add(&mut changes, number, seen, (!old).then_some(&lexicon));
            number += 1;
        }
        store.commit(changes).unwrap();
    }
    store.sync().unwrap();
}

/// Adds an article, its story and its marks; with a lexicon also what it is compared by.
fn add(changes: &mut Changes, number: u64, seen: DateTime<Utc>, lexicon: Option<&Lexicon>) {
    let article = article(number, seen);
    changes.stories.push(story(&article));
    for kind in ["url", "guid"] {
        let mark = Seen {
            source: article.source.clone(),
            article: Some(article.id.clone()),
            content: number,
            at: seen,
        };
        changes.seen.push((SeenKey::of(&[kind, &article.url]), mark));
    }
    if let Some(lexicon) = lexicon {
        let (title, body) = (&article.title, &article.body);
        let found = enrich::classify(title, body, &article.language, lexicon);
        changes.placed.push(Placed {
            article: article.id.clone(),
            story: article.story.clone(),
            at: Told { source: article.source.clone(), published: seen, seen },
            print: Fingerprint::of(title, body, seen, &found, lexicon),
        });
    }
    changes.articles.push(article);
}

/// Words that real articles are made of, and names that tell one from another.
const WORDS: &[&str] = &[
    "rare",
    "earth",
    "magnet",
    "export",
    "license",
    "China",
    "ministry",
    "approved",
    "shipment",
    "tonnes",
    "dysprosium",
    "terbium",
    "oxide",
    "price",
    "yuan",
    "plant",
    "mine",
    "Lynas",
    "supplier",
    "carmaker",
    "Japan",
    "Germany",
    "contract",
    "million",
    "percent",
    "the",
    "of",
    "and",
    "to",
    "in",
    "for",
    "that",
    "with",
    "was",
    "said",
    "has",
    "on",
    "by",
    "from",
    "market",
    "separation",
    "Baotou",
    "Ganzhou",
    "quota",
    "tariff",
    "talks",
    "deal",
    "stake",
    "profit",
];

fn sentence(number: u64, salt: u64) -> String {
    let mut state = (number * 1_000_003 + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut words = Vec::new();
    for _ in 0..18 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let word = match state % 9 {
            0 => format!("N{}", (state >> 8) % 50_000),
            1 => format!("{}", (state >> 8) % 10_000),
            _ => {
                let count = u64::try_from(WORDS.len()).unwrap();
                WORDS[usize::try_from((state >> 8) % count).unwrap()].to_owned()
            }
        };
        words.push(word);
    }
    format!("The {}.", words.join(" "))
}

fn article(number: u64, seen: DateTime<Utc>) -> Article {
    let id = format!("{number:016x}");
    Article {
        url: format!("https://site{}.example/{id}.html", number % 50),
        source: SourceId(format!("site-{}", number % 50)),
        publisher: format!("Site {}", number % 50),
        tier: Tier(3),
        title: sentence(number, 0),
        published: seen,
        dated: true,
        first_seen: seen,
        language: Language::from("en"),
        body: (1..25).map(|salt| sentence(number, salt)).collect::<Vec<_>>().join("\n\n"),
        highlights: (1..4).map(|salt| sentence(number, salt)).collect(),
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        signal: Signal::default(),
        relevance: 0.5,
        story: StoryId(format!("s{id}")),
        id: ArticleId(id),
    }
}

fn story(article: &Article) -> Story {
    Story {
        id: article.story.clone(),
        title: article.title.clone(),
        tellings: vec![Telling::of(article)],
        first_seen: article.first_seen,
        updated: article.first_seen,
        published: article.published,
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        highlights: Vec::new(),
        signal: Signal::default(),
        relevance: 0.5,
    }
}
