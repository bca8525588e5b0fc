//! What it costs to poll 500 feeds of 30 items: the first time, with news, and without.
//!
//! The web runs in a process of its own (this binary, asked to `serve`), so
//! that only Monazite is measured. `cargo bench --bench poll`.
#![expect(clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should fail loudly")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use monazite::clock::Clock;
use monazite::enrich::claims::{self, Rules};
use monazite::ingest::Ingest;
use monazite::lexicon::Lexicon;
use monazite::sources::http::{FetchSettings, Lookup, Web};
use monazite::sources::{KINDS, Source, SourceSpec};
use monazite::store::{Store, StoreSettings};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const FEEDS: usize = 500;
const ITEMS: usize = 30;
const CONCURRENCY: usize = 64;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    match std::env::args().nth(1).as_deref() {
        Some("serve") => runtime.block_on(serve()),
        _ => runtime.block_on(measure()),
    }
}

// The measured side.

struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

async fn measure() {
    let mut server = Command::new(std::env::current_exe().unwrap())
        .arg("serve")
        .stdout(Stdio::piped())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address: SocketAddr = line.trim().parse().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
    let lexicon = Arc::new(Lexicon::parse(include_str!("../config/lexicon.toml")).unwrap());
    let ingest = Ingest::open(
        store.clone(),
        lexicon,
        Arc::new(Rules::parse(claims::BUILT_IN).unwrap()),
        Utc::now(),
    )
    .unwrap();
    let sources: Vec<(SourceSpec, Box<dyn Source>)> = (0..FEEDS).map(source).collect();
    let lookup: Lookup = Arc::new(move |_| Box::pin(std::future::ready(Ok(vec![address]))));
    let settings = FetchSettings {
        concurrency: CONCURRENCY,
        per_host_interval: Duration::ZERO,
        allow_private: (0..FEEDS).map(|i| format!("feed{i}.example:80")).collect(),
        ..FetchSettings::default()
    };
    let web = Web::with_lookup(settings, Arc::new(RealClock), lookup).unwrap();

    println!("{FEEDS} feeds of {ITEMS} items, {CONCURRENCY} at once");
    println!("{:<28}{:>8}{:>9}{:>9}{:>8}{:>8}", "", "wall s", "CPU s", "peak MB", "new", "aside");
    let rounds = [
        ("first poll", 0, 0),
        ("nothing new", 0, 0),
        ("one new item in each", 1, 0),
        ("nothing new", 1, 0),
        ("nothing new, 200 ms away", 1, 200),
    ];
    for (name, generation, delay) in rounds {
        control(address, generation, delay).await;
        round(name, &ingest, &sources, &web).await;
    }
    println!(
        "{} articles in {} stories, {} MB on disk",
        store.counts().articles,
        store.counts().stories,
        store.size_on_disk().unwrap() >> 20
    );
    drop(server.stdin.take());
    server.wait().unwrap();
    article_page();
}

/// What one article page of 150 KB costs: it is read on the thread that polls.
fn article_page() {
    let mut dice = Dice(7);
    let menu = "<li class=\"menu-item\"><a href=\"/section/page\"><span>Section</span></a></li>\n"
        .repeat(800);
    let text: String = (0..60).map(|_| format!("<p>{}</p>\n", sentence(&mut dice))).collect();
    let script =
        format!("<script>var state = {{{}}};</script>", "\"key\": [1, 2, 3],".repeat(3_500));
    let html = format!(
        "<html lang=en><head><title>T</title>{script}</head><body><ul>{menu}</ul><article>{text}</article></body></html>"
    );
    let (began, times) = (Instant::now(), 50);
    for _ in 0..times {
        assert!(monazite::extract::page(&html, "http://a.example/1", None).text.len() > 5_000);
    }
    let each = began.elapsed().as_secs_f64() * 1000.0 / f64::from(times);
    println!("an article page of {} KB: {each:.1} ms", html.len() / 1024);
}

fn source(i: usize) -> (SourceSpec, Box<dyn Source>) {
    let url = format!("http://feed{i}.example/feed");
    let block = format!("id = 'feed{i}'\nname = 'Feed {i}'\nkind = 'feed'\nurl = '{url}'");
    let spec: SourceSpec = toml::from_str(&block).unwrap();
    let source = (KINDS[0].build)(&spec).unwrap();
    (spec, source)
}

async fn round(name: &str, ingest: &Ingest, sources: &[(SourceSpec, Box<dyn Source>)], web: &Web) {
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let now = Utc::now();
    let polls = sources.iter().map(|(spec, source)| ingest.poll(spec, &**source, web, now));
    let reports: Vec<_> =
        futures::stream::iter(polls).buffer_unordered(CONCURRENCY).collect().await;
    let (mut new, mut aside) = (0, 0);
    for report in reports {
        let report = report.unwrap();
        assert_eq!(report.error, None);
        new += report.new;
        aside += report.set_aside;
    }
    println!(
        "{name:<28}{:>8.2}{:>9.2}{:>9}{new:>8}{aside:>8}",
        began.elapsed().as_secs_f64(),
        cpu_seconds() - cpu,
        peak_megabytes()
    );
}

async fn control(address: SocketAddr, generation: u64, delay: u64) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET /{generation}/{delay} HTTP/1.1\r\nhost: control\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; 16];
    assert!(stream.read(&mut answer).await.unwrap() > 0);
}

/// User and system time of this process.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

// The web.

#[derive(Default)]
struct Server {
    /// Bodies by generation and feed.
    bodies: [Vec<Vec<u8>>; 2],
    generation: AtomicU64,
    delay: AtomicU64,
}

async fn serve() {
    let now = Utc::now();
    let bodies = [0, 1].map(|generation| (0..FEEDS).map(|i| feed(i, generation, now)).collect());
    let server = Arc::new(Server { bodies, ..Server::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    std::thread::spawn(|| {
        // Ends with the process that is measured.
        let mut nothing = String::new();
        std::io::stdin().read_line(&mut nothing).unwrap();
        std::process::exit(0);
    });
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(answer_all(stream, Arc::clone(&server)));
    }
}

async fn answer_all(stream: TcpStream, server: Arc<Server>) {
    stream.set_nodelay(true).unwrap();
    let mut stream = tokio::io::BufReader::new(stream);
    while let Some((path, headers)) = read_request(&mut stream).await {
        let delay = Duration::from_millis(server.delay.load(Ordering::Relaxed));
        let reply = answer(&server, &path, &headers);
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if stream.write_all(&reply).await.is_err() {
            return;
        }
    }
}

async fn read_request(
    stream: &mut tokio::io::BufReader<TcpStream>,
) -> Option<(String, HashMap<String, String>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            words => lines.push(words.to_owned()),
        }
    }
    let path = lines.first()?.split(' ').nth(1)?.to_owned();
    let headers = lines.iter().skip(1).filter_map(|line| line.split_once(": "));
    Some((path, headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect()))
}

fn answer(server: &Server, path: &str, headers: &HashMap<String, String>) -> Vec<u8> {
    let host = headers.get("host").map(String::as_str).unwrap_or_default();
    if host == "control" {
        let (generation, delay) = path[1..].split_once('/').unwrap();
        server.generation.store(generation.parse().unwrap(), Ordering::Relaxed);
        server.delay.store(delay.parse().unwrap(), Ordering::Relaxed);
        return b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec();
    }
    if path != "/feed" {
        return b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_vec();
    }
    let i: usize = host.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap();
    let generation = server.generation.load(Ordering::Relaxed);
    let tag = format!("\"{i}-{generation}\"");
    if headers.get("if-none-match") == Some(&tag) {
        return format!("HTTP/1.1 304 Not Modified\r\netag: {tag}\r\n\r\n").into_bytes();
    }
    let body = &server.bodies[usize::try_from(generation).unwrap()][i];
    let kind = if i % 10 < 6 { "rss" } else { "atom" };
    let mut reply = format!(
        "HTTP/1.1 200 OK\r\netag: {tag}\r\ncontent-type: application/{kind}+xml\r\ncontent-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    reply.extend_from_slice(body);
    reply
}

// The texts: sentences of the trade, put together by a generator that always gives the same ones.

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }
}

const FIRMS: &[&str] = &[
    "Lynas Rare Earths",
    "MP Materials",
    "Iluka Resources",
    "JL Mag",
    "Northern Rare Earth",
    "Shenghe Resources",
    "Neo Performance Materials",
    "Energy Fuels",
    "Arafura",
    "Solvay",
    "Vacuumschmelze",
    "Shin-Etsu",
    "Proterial",
    "Blue Harbor Metals",
    "Stonefield Mining",
    "Kestrel Alloys",
    "Ridgeway Magnetics",
    "Pinecrest Minerals",
];
const METALS: &[&str] = &[
    "dysprosium",
    "terbium",
    "neodymium",
    "praseodymium",
    "samarium",
    "yttrium",
    "scandium",
    "gallium",
    "lutetium",
    "gadolinium",
    "cerium",
    "lanthanum",
];
const PLACES: &[&str] = &[
    "Baotou",
    "Ganzhou",
    "Kalgoorlie",
    "Texas",
    "Estonia",
    "Malaysia",
    "Greenland",
    "Brazil",
    "Vietnam",
    "Japan",
    "Norway",
    "Saskatchewan",
    "Myanmar",
    "Wyoming",
    "Germany",
    "Angola",
];
const ACTS: &[&str] = &[
    "won an export license for",
    "suspended shipments of",
    "raised its forecast for",
    "signed an offtake deal for",
    "opened a separation line for",
    "warned of a shortage of",
    "reported lower output of",
    "cut its price for",
    "applied for permits to mine",
    "expanded recycling of",
    "secured a loan to process",
    "postponed deliveries of",
];
const ENDS: &[&str] = &["ed", "ing", "al", "ment", "er", "ity", "ive", "ance", "or", "ly"];
const STARTS: &[&str] = &[
    "b", "br", "c", "cl", "d", "dr", "f", "g", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t",
    "tr", "v",
];
const MIDDLES: &[&str] = &["a", "e", "i", "o", "u", "an", "el", "in", "or", "un", "ar", "es"];

/// A word of a language with tens of thousands of them, a few said far more often than the rest.
fn word(dice: &mut Dice) -> String {
    let often = dice.roll(3) > 0;
    let (starts, middles) = if often { (8, 6) } else { (STARTS.len(), MIDDLES.len()) };
    let (start, middle) = (STARTS[dice.roll(starts)], MIDDLES[dice.roll(middles)]);
    let (next, then) = (STARTS[dice.roll(starts / 2)], MIDDLES[dice.roll(middles / 2)]);
    format!("{start}{middle}{next}{then}{}", dice.pick(ENDS))
}

fn words(dice: &mut Dice, count: usize) -> String {
    (0..count).map(|_| word(dice)).collect::<Vec<_>>().join(" ")
}

/// A made-up name.
fn name(dice: &mut Dice) -> String {
    let mut name = word(dice);
    name[..1].make_ascii_uppercase();
    name
}

/// Every fourth sentence is about the trade, the others are about something.
fn sentence(dice: &mut Dice) -> String {
    if dice.roll(4) > 0 {
        let (who, place) = (name(dice), name(dice));
        return format!(
            "The {} {who} {} in {place} {}.",
            word(dice),
            words(dice, 7),
            words(dice, 5)
        );
    }
    let (tonnes, year) = (100 + dice.roll(9_000), 2025 + dice.roll(4));
    format!(
        "{} {} {tonnes} tonnes of {} {} oxide from {} in {year}, {}.",
        dice.pick(FIRMS),
        dice.pick(ACTS),
        word(dice),
        dice.pick(METALS),
        dice.pick(PLACES),
        words(dice, 6)
    )
}

fn feed(i: usize, generation: usize, now: DateTime<Utc>) -> Vec<u8> {
    // The newest item stands first; with the next generation the oldest makes room for it.
    let numbers = (generation..generation + ITEMS).rev();
    let items: String = numbers.map(|n| item(i, n, now)).collect();
    let feed = match i % 10 {
        0..6 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>Feed {i}</title>\
             <link>http://feed{i}.example/</link>{items}</channel></rss>"
        ),
        6..9 => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\
             <title>Feed {i}</title><id>urn:feed:{i}</id>{items}</feed>"
        ),
        _ => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF \
             xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
             xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel \
             rdf:about=\"http://feed{i}.example/\"><title>Feed {i}</title></channel>{items}</rdf:RDF>"
        ),
    };
    feed.into_bytes()
}

fn item(i: usize, n: usize, now: DateTime<Utc>) -> String {
    let mut dice = Dice(u64::try_from(i * 1_000 + n).unwrap() ^ 0x5eed);
    dice.roll(2);
    let firm = if dice.roll(3) == 0 { dice.pick(FIRMS).to_owned() } else { name(&mut dice) };
    let lead = format!("{firm} {} {}", dice.pick(ACTS), dice.pick(METALS));
    let title = format!("{lead} in {} {}", dice.pick(PLACES), words(&mut dice, 4));
    let summary = sentence(&mut dice);
    let mut body = format!("<p>{lead} in {}, {}.</p>\n", name(&mut dice), words(&mut dice, 8));
    for _ in 0..5 {
        body += &format!(
            "<p>{} {} {}</p>\n",
            sentence(&mut dice),
            sentence(&mut dice),
            sentence(&mut dice)
        );
    }
    let url = format!("http://feed{i}.example/{n}/{}", title.to_lowercase().replace(' ', "-"));
    let age = i64::try_from((ITEMS + 1 - n.min(ITEMS)) * 5 * 60 + i % 300).unwrap();
    let at = now - chrono::Duration::minutes(age);
    match i % 10 {
        0..6 => format!(
            "<item><title>{title}</title><link>{url}</link><guid>{url}</guid><pubDate>{}</pubDate>\
             <description>{summary}</description><content:encoded><![CDATA[{body}]]></content:encoded></item>",
            at.to_rfc2822()
        ),
        6..9 => format!(
            "<entry><title>{title}</title><id>urn:feed:{i}:{n}</id><link href=\"{url}\"/><updated>{}</updated>\
             <summary>{summary}</summary><content type=\"html\">{}</content></entry>",
            at.to_rfc3339(),
            body.replace('<', "&lt;")
        ),
        _ => format!(
            "<item rdf:about=\"{url}\"><title>{title}</title><link>{url}</link><dc:date>{}</dc:date>\
             <description>{summary}</description><content:encoded><![CDATA[{body}]]></content:encoded></item>",
            at.to_rfc3339()
        ),
    }
}
