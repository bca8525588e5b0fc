//! The search over 100,000 articles, a third of them Chinese: how long the index takes to make, how
//! large it is, and how long `/search` takes to answer.
//!
//! `cargo bench --bench search` fills a store in a folder of its own with made-up texts whose words
//! are as unevenly common as in a language, then asks as people do. It fails when the aim below is
//! missed.
#![expect(clippy::print_stdout, reason = "the figures are what a run is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should fail loudly")]
#![expect(dead_code, reason = "the home offers more than is used here")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use monazite::model::article::{Article, ArticleId, Language, SourceId, Tier};
use monazite::model::story::{Signal, Story, StoryId, Telling};
use monazite::store::Changes;

#[path = "../tests/it/world/mod.rs"]
mod world;

use world::home::Home;

/// How many articles, four of five of which tell a story of their own.
const ARTICLES: u64 = 100_000;
/// How long 99 of 100 answers may take.
const WITHIN: Duration = Duration::from_millis(30);
/// The moment of asking.
const NOW: &str = "2026-11-23T12:00:00Z";

const QUERIES: &[&str] = &[
    "dysprosium",
    "镝",
    "dysprosium license",
    "\"export license\"",
    "出口许可",
    "出口 管制 镝",
    "价格",
    "证",
    "JL MAG",
    "company:lynas since:30d",
    "lynas OR iluka OR arafura",
    "dysprosium -terbium price",
    "topic:licensing place:eu",
    "topic:pricing since:7d",
    "license news on dysprosium for Europe",
    "disprosium",
    "the ministry of commerce",
    "\"the ministry of\"",
    "source:wire-3 magnets",
    "signal:neutral since:2026-01",
    "-dysprosium since:90d",
    "kind:story",
    "rare earth magnets export price china",
    "稀土永磁材料出口价格",
    "wordthatisnowhere",
    "dysprosium wordthatisnowhere since:7d",
];

/// Words of the field among made-up ones.
const ENGLISH: &[&str] = &[
    "the",
    "of",
    "and",
    "to",
    "in",
    "a",
    "for",
    "said",
    "on",
    "export",
    "rare",
    "earth",
    "price",
    "China",
    "license",
    "magnets",
    "ministry",
    "of",
    "commerce",
    "Europe",
    "dysprosium",
    "the",
    "terbium",
    "Lynas",
    "neodymium",
    "oxide",
    "JL MAG",
    "general",
    "supply",
    "Iluka",
    "Arafura",
    "Japan",
    "United States",
    "praseodymium",
    "control",
    "Vietnam",
    "Solvay",
    "gadolinium",
    "samarium",
    "Shenghe",
];
const CHINESE: &[&str] = &[
    "的",
    "稀土",
    "出口",
    "价格",
    "企业",
    "市场",
    "永磁",
    "材料",
    "公司",
    "许可",
    "管制",
    "商务部",
    "氧化镨钕",
    "镝",
    "铽",
    "上涨",
    "金力永磁",
    "许可证",
    "欧洲",
    "产能",
    "分离",
    "冶炼",
    "钕铁硼",
    "日本",
    "审批",
];

/// A small generator: made-up texts need no better one.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    /// A rank, small ones far more often.
    fn rank(&mut self, count: u64) -> usize {
        let most = f64::from(u32::try_from(count).unwrap());
        let spread = f64::from(u32::try_from(self.next(1_000_000)).unwrap()) / 1_000_000.0;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to `count`")]
        let rank = (most.powf(spread) - 1.0) as usize;
        rank
    }
}

fn english(dice: &mut Dice, words: u64) -> String {
    let mut out = String::new();
    for i in 0..words {
        let rank = dice.rank(30_000);
        match ENGLISH.get(rank) {
            Some(word) => out.push_str(word),
            None => {
                for letter in format!("{:05}", rank * 7 + 13).bytes() {
                    out.push(char::from(b'a' + (letter - b'0')));
                    out.push(['a', 'e', 'i', 'o', 'u'][usize::from(letter) % 5]);
                }
            }
        }
        out.push_str(if i % 19 == 18 { ". " } else { " " });
    }
    out
}

fn chinese(dice: &mut Dice, words: u64) -> String {
    let mut out = String::new();
    for i in 0..words {
        let rank = dice.rank(20_000);
        match CHINESE.get(rank) {
            Some(word) => out.push_str(word),
            None => {
                let common = |n: usize| {
                    char::from_u32(0x4e00 + u32::try_from(n * 37 % 3_500).unwrap()).unwrap()
                };
                out.extend([common(rank), common(rank / 3 + 11)]);
            }
        }
        out.push_str(if i % 17 == 16 {
            "。"
        } else if i % 7 == 6 {
            "，"
        } else {
            ""
        });
    }
    out
}

fn article(number: u64, now: DateTime<Utc>, dice: &mut Dice) -> (Article, Telling) {
    let is_chinese = number.is_multiple_of(3);
    let write = if is_chinese { chinese } else { english };
    let length = if is_chinese { 300 } else { 220 } + dice.next(160);
    let (title, body) = (write(dice, 10), write(dice, length));
    let seen = now - TimeDelta::minutes(i64::try_from((ARTICLES - number) * 10).unwrap());
    let article = Article {
        id: ArticleId(format!("{number:016x}")),
        url: format!("https://wire.example/{number}"),
        source: SourceId(format!("wire-{}", number % 40)),
        publisher: format!("Wire {}", number % 40),
        tier: Tier(2),
        title,
        published: seen,
        dated: true,
        first_seen: seen,
        language: Language::from(if is_chinese { "zh-Hans" } else { "en" }),
        body,
        highlights: Vec::new(),
        topics: vec![
            ["licensing", "pricing", "mining", "magnets"][usize::try_from(number % 4).unwrap()]
                .into(),
        ],
        elements: Vec::new(),
        companies: Vec::new(),
        signal: Signal::default(),
        relevance: 0.7,
        story: StoryId(format!("s{:016x}", number - number % 5)),
    };
    let telling = Telling::of(&article);
    (article, telling)
}

fn fill(home: &Home, now: DateTime<Utc>) -> usize {
    let mut dice = Dice(2_026);
    let mut changes = Changes::default();
    let mut bytes = 0;
    for number in 0..ARTICLES {
        let (mut article, telling) = article(number, now, &mut dice);
        bytes += article.title.len() + article.body.len();
        // The last of every five tells again what the first one told.
        match changes.stories.iter_mut().rev().nth(3).filter(|_| number % 5 == 4) {
            Some(story) => {
                article.story = story.id.clone();
                story.tellings.push(telling);
            }
            None => {
                article.story = StoryId(format!("s{number:016x}"));
                changes.stories.push(Story {
                    id: article.story.clone(),
                    title: article.title.clone(),
                    tellings: vec![telling],
                    first_seen: article.first_seen,
                    updated: article.first_seen,
                    published: article.published,
                    topics: article.topics.clone(),
                    elements: Vec::new(),
                    companies: Vec::new(),
                    highlights: Vec::new(),
                    signal: Signal::default(),
                    relevance: 0.7,
                });
            }
        }
        changes.articles.push(article);
        if changes.articles.len() == 500 {
            home.store.commit(std::mem::take(&mut changes)).unwrap();
        }
    }
    bytes
}

/// The process's memory in MB: now, or the most it was.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn main() -> ExitCode {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let home = Home::new();
    let begun = Instant::now();
    let bytes = fill(&home, now);
    println!(
        "{ARTICLES} articles, {} stories, {} MB of text, stored in {:.1} s; memory {} MB",
        home.store.counts().stories,
        bytes >> 20,
        begun.elapsed().as_secs_f64(),
        memory("VmRSS"),
    );
    let search = &home.desk.search;
    let begun = Instant::now();
    let records = search.rebuild().unwrap();
    println!(
        "index of {records} records made in {:.1} s, {} MB on the disk; memory {} MB, at most {} MB",
        begun.elapsed().as_secs_f64(),
        search.size_on_disk() >> 20,
        memory("VmRSS"),
        memory("VmHWM"),
    );
    let mut took: Vec<(Duration, &str)> = Vec::new();
    for round in 0..40 {
        for line in QUERIES {
            let begun = Instant::now();
            let answer = home.ask("telegram:5", &format!("search {line}"), false, NOW);
            // The first round warms the disk's cache.
            if round > 0 {
                took.push((begun.elapsed(), line));
            }
            assert!(!answer.blocks.is_empty());
        }
    }
    took.sort();
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "/search, {} answers to {} lines: median {:.1} ms, 99 % {:.1} ms, worst {:.1} ms ({:?})",
        took.len(),
        QUERIES.len(),
        millis(at(50).0),
        millis(at(99).0),
        millis(at(100).0),
        at(100).1,
    );
    let mut slowest: Vec<(Duration, &str)> = QUERIES
        .iter()
        .map(|line| took.iter().filter(|(_, of)| of == line).copied().max().unwrap())
        .collect();
    slowest.sort();
    for (time, line) in slowest.iter().rev().take(6) {
        println!("    {:.1} ms at most: {line}", millis(*time));
    }
    if at(99).0 <= WITHIN { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
