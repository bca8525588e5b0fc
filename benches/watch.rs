//! How long an article takes to find the watches that ask for it, of 50,000.
//!
//! Watches are made of the lexicon's names, topics, places and 3,000 ordinary
//! words; an article has 250 of these, and names two firms and two elements.
//! `cargo bench --bench watch`.
#![expect(clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should fail loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::time::Instant;

use chrono::{DateTime, Utc};
use monazite::alert::watches::Index;
use monazite::config::BUILT_IN;
use monazite::lexicon::Lexicon;
use monazite::query::{self, Facts, Kind, Matter};

const WATCHES: usize = 50_000;
const ARTICLES: usize = 400;

const PLACES: [&str; 8] =
    ["Europe", "Japan", "US", "India", "Korea", "Germany", "Vietnam", "Australia"];

/// A small generator, so that every run measures the same.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }

    /// One of 3,375 words that no language has.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 15] = [
            "ka", "lo", "mi", "nu", "pe", "ra", "so", "ti", "vu", "we", "xa", "zo", "bri", "clu",
            "dre",
        ];
        (0..3).map(|_| self.pick(&SYLLABLES)).collect()
    }
}

fn main() {
    let file = |name: &str| BUILT_IN.iter().find(|(file, _)| *file == name).unwrap().1;
    let lexicon = Lexicon::parse(file("lexicon.toml")).unwrap();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let lines: Vec<String> = (0..WATCHES).map(|_| line(&mut dice, &lexicon)).collect();
    let started = Instant::now();
    let typed: Vec<String> =
        lines.iter().map(|line| query::parse(line, &lexicon).to_string()).collect();
    let understood = started.elapsed();
    let started = Instant::now();
    let mut index = Index::default();
    for (i, line) in typed.iter().enumerate() {
        index.insert(i, &query::reread(line, &lexicon));
    }
    let built = started.elapsed();
    let now: DateTime<Utc> = "2026-11-24T12:00:00Z".parse().unwrap();
    let mut times = Vec::new();
    let (mut read, mut found, mut compared) = (0.0, 0, 0);
    for _ in 0..ARTICLES {
        let matter = article(&mut dice, &lexicon, now);
        let started = Instant::now();
        let facts = Facts::of(&matter, &lexicon);
        let looked = started.elapsed();
        compared += index.compared(&facts);
        let started = Instant::now();
        found += index.matching(&facts, now).len();
        times.push(started.elapsed().as_secs_f64() * 1e3);
        read += looked.as_secs_f64() * 1e3;
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!("{WATCHES} watches understood as they are typed in {:.2} s", understood.as_secs_f64());
    println!(
        "{WATCHES} filed as at a start in {:.2} s ({} kept)",
        built.as_secs_f64(),
        index.len()
    );
    println!("reading an article's words and names: {:.3} ms", read / ARTICLES as f64);
    println!(
        "finding its watches: p50 {:.3} ms, p99 {:.3} ms, most {:.3} ms; compared with {} queries, {:.0} watches found for each",
        at(50),
        at(99),
        at(100),
        compared / ARTICLES,
        found as f64 / ARTICLES as f64
    );
}

/// A watch as somebody may write it.
fn line(dice: &mut Dice, lexicon: &Lexicon) -> String {
    let company = &lexicon.companies()[dice.roll(lexicon.companies().len())].short;
    let element = &lexicon.elements()[dice.roll(17.min(lexicon.elements().len()))].english;
    let topic = &lexicon.topics()[dice.roll(lexicon.topics().len())].id;
    let place = dice.pick(&PLACES);
    let (word, other) = (dice.word(), dice.word());
    match dice.roll(9) {
        0 => format!("company:\"{company}\""),
        1 => format!("{company} {word}"),
        2 => format!("{element} {word} {place}"),
        3 => format!("license news on {element} for {place}"),
        4 => format!("topic:{topic} {element} {word}"),
        5 => format!("{word} OR {other} {element}"),
        6 => format!("{word} {other}"),
        7 => format!("\"{word} {other}\""),
        _ => format!("{company} {element} -{word}"),
    }
}

/// An article of some 600 words.
fn article(dice: &mut Dice, lexicon: &Lexicon, at: DateTime<Utc>) -> Matter {
    let mut text = String::new();
    for _ in 0..2 {
        let company = &lexicon.companies()[dice.roll(lexicon.companies().len())].short;
        let element = &lexicon.elements()[dice.roll(17)].english;
        let place = dice.pick(&PLACES);
        text.push_str(&format!(
            "{company} said that its {element} would go to buyers in {place}. "
        ));
    }
    for _ in 0..50 {
        let words: Vec<String> = (0..5).map(|_| dice.word()).collect();
        text.push_str(&format!("It was also said that {} may follow from it. ", words.join(" ")));
    }
    let mut matter = Matter::new(Kind::Story, at);
    matter.title = text.split('.').next().unwrap_or_default().to_owned();
    matter.topics = vec![lexicon.topics()[dice.roll(lexicon.topics().len())].id.clone()];
    matter.sources = vec!["The Wire".to_owned()];
    matter.text = text;
    matter
}
