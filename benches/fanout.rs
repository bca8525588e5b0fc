//! A morning: one edition to ten thousand private chats on Telegram and two thousand channels on Discord.
//!
//! The real program delivers to strict fakes that enforce the platforms' limits and
//! answer a little late, as over the network, while somebody keeps asking commands.
//! Reported: the time against the least the limits allow, refusals for haste, CPU
//! and memory of the program, and how long commands waited at the fake.
//! `cargo bench --bench fanout` takes six minutes; `-- --chats 600 --channels 200` less.
#![expect(clippy::print_stdout, reason = "a benchmark reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should fail loudly")]
#![expect(clippy::cast_precision_loss, reason = "counts and milliseconds are small")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(dead_code, reason = "the fakes offer more than is used here")]

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DurationRound, TimeDelta, Utc};
use monazite::model::brief::Edition;
use monazite::model::delivery::{Cause, Delivery};
use monazite::model::subscription::{Destination, PlatformName, Subscription};
use monazite::store::{Changes, Store, StoreSettings};

#[path = "../tests/it/world/mod.rs"]
mod world;

use world::discord::{self as discord_fake, FakeDiscord, Pace};
use world::home::Home;
use world::limits::Limits;
use world::telegram::{self as telegram_fake, FakeTelegram};

/// Who asks meanwhile: a chat on Telegram.
const ASKER: i64 = 900_001;
const CHANNELS: u64 = 1_200_000_000_000_000_000;
/// Between two commands: a private chat takes one message a second.
const EVERY: Duration = Duration::from_millis(1_200);

#[tokio::main]
async fn main() {
    let mut sizes = (10_000, 2_000);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--chats" => sizes.0 = arguments.next().unwrap().parse().unwrap(),
            "--channels" => sizes.1 = arguments.next().unwrap().parse().unwrap(),
            _ => {}
        }
    }
    run(sizes.0, sizes.1).await;
}

async fn run(chats: usize, channels: usize) {
    let (telegram, discord) = (Arc::new(FakeTelegram::start().await), FakeDiscord::start().await);
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path(), &telegram, &discord, chats, channels);
    let tallies = [Limits::telegram(), Limits::discord()]
        .map(|limits| Arc::new(Mutex::new(Tally::of(limits))));
    let tally = tallies[0].clone();
    telegram.gate(move |chat| match tally.lock().unwrap().ask(chat) {
        Pace::Fine { .. } => None,
        // Telegram speaks of whole seconds.
        Pace::TooFast { retry_after, .. } => Some(if retry_after > 1.0 { 60 } else { 1 }),
    });
    let tally = tallies[1].clone();
    discord.gate(move |channel| tally.lock().unwrap().ask(i64::try_from(channel).unwrap()));
    let mut child = start(folder.path());
    let mut waits = Vec::new();
    let mut usage = Usage::default();
    let begun = Instant::now();
    let limit = Duration::from_secs(60 + u64::try_from(chats / 10 + channels / 10).unwrap());
    loop {
        let counts = tallies.each_ref().map(|tally| tally.lock().unwrap().taken);
        // What was asked meanwhile was answered to one more chat.
        let asked = telegram.messages(ASKER).len();
        if counts[0] >= chats + asked && counts[1] >= channels {
            break;
        }
        assert!(
            begun.elapsed() < limit,
            "it takes too long: {counts:?} after {:?}",
            begun.elapsed()
        );
        let pause = Instant::now();
        waits.push((ask(&telegram).await, begun.elapsed()));
        usage = Usage::of(&child).unwrap_or(usage);
        tokio::time::sleep(EVERY.saturating_sub(pause.elapsed())).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    report("Telegram", &tallies[0].lock().unwrap(), chats, 30.0);
    report("Discord", &tallies[1].lock().unwrap(), channels, 50.0);
    waits.sort();
    println!(
        "commands meanwhile: {} asked, median {:.0} ms, 99 % {:.0} ms, slowest {:.0} ms at the fake",
        waits.len(),
        millis(waits[waits.len() / 2].0),
        millis(waits[(waits.len() * 99 / 100).min(waits.len() - 1)].0),
        millis(waits[waits.len() - 1].0),
    );
    for (wait, at) in waits.iter().rev().take(4) {
        println!("    {:.0} ms, answered {:.1} s after the start", millis(*wait), at.as_secs_f64());
    }
    println!("the program: {:.1} CPU s, {} MB at most", usage.cpu, usage.peak_kb / 1024);
}

/// What a platform took, and when.
struct Tally {
    limits: Limits,
    taken: usize,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Tally {
    fn of(limits: Limits) -> Self {
        Self { limits, taken: 0, first: None, last: None }
    }

    fn ask(&mut self, chat: i64) -> Pace {
        let pace = self.limits.ask(chat, Utc::now());
        if matches!(pace, Pace::Fine { .. }) {
            let now = Instant::now();
            self.taken += 1;
            self.first.get_or_insert(now);
            self.last = Some(now);
        }
        pace
    }
}

fn report(platform: &str, tally: &Tally, wanted: usize, per_second: f64) {
    let took = (tally.last.unwrap() - tally.first.unwrap()).as_secs_f64();
    // The first second's share goes at once.
    let least = ((tally.taken as f64 - per_second) / per_second).max(0.1);
    println!(
        "{platform}: {wanted} chats and {} answers in {took:.1} s, least possible {least:.1} s, ratio {:.3}; refused for haste {}",
        tally.taken - wanted,
        took / least,
        tally.limits.refused(),
    );
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Asks one command and gives how long its answer took to stand in the chat.
async fn ask(telegram: &FakeTelegram) -> Duration {
    let before = telegram.messages(ASKER).len();
    let begun = Instant::now();
    telegram.push_text(ASKER, ASKER, "/status");
    telegram.until(|fake| fake.messages(ASKER).len() > before).await;
    begun.elapsed()
}

fn prepare(
    folder: &std::path::Path,
    telegram: &FakeTelegram,
    discord: &FakeDiscord,
    chats: usize,
    channels: usize,
) {
    let config = folder.join("config");
    std::fs::create_dir(&config).unwrap();
    std::fs::write(
        config.join("monazite.toml"),
        format!(
            "[store]\npath = {:?}\n[schedule]\nbrief = \"0 0 0 1 1 *\"\n[discord]\napi_url = \"{}\"\n\
             [telegram]\napi_url = \"{}\"\n[log]\nlevel = \"warn\"\n",
            folder.join("data"),
            discord.connection().api_url,
            telegram.url
        ),
    )
    .unwrap();
    std::fs::write(config.join("sources.toml"), "").unwrap();
    let edition = edition();
    let zone = chrono_tz::Tz::UTC;
    let now = Utc::now();
    let mut changes = Changes { editions: vec![edition.clone()], ..Changes::default() };
    let mut add = |to: Destination| {
        changes.subscriptions.push(Subscription::new(to.clone(), zone, now, String::new()));
        changes.new_deliveries.push(Delivery::new(Cause::Edition(edition.id.clone()), to, now));
    };
    for number in 0..chats {
        let chat = 10_000 + i64::try_from(number).unwrap();
        telegram.private(chat, "Reader");
        add(Destination { platform: PlatformName::Telegram, chat, thread: None });
    }
    for number in 0..channels {
        let channel = CHANNELS + u64::try_from(number).unwrap();
        discord.add_channel(channel);
        add(FakeDiscord::place(channel));
    }
    telegram.private(ASKER, "Asker");
    let store = Store::open(&folder.join("data"), &StoreSettings::default()).unwrap();
    store.commit(changes).unwrap();
}

/// A quiet day's edition: one message.
fn edition() -> Edition {
    let home = Home::new();
    let now = Utc::now().duration_trunc(TimeDelta::minutes(1)).unwrap();
    home.publish(&(now - TimeDelta::days(2)).to_rfc3339());
    home.tell(
        "Lynas orders equipment for 1200 tonnes of magnet alloy",
        &(now - TimeDelta::hours(3)).to_rfc3339(),
    );
    home.publisher.preview(now).unwrap()
}

fn start(folder: &std::path::Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_monazite"))
        .arg("run")
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .env("MONAZITE_CONFIG", folder.join("config"))
        .env("MONAZITE_TELEGRAM_TOKEN", telegram_fake::TOKEN)
        .env("MONAZITE_DISCORD_TOKEN", discord_fake::TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the program has used so far.
#[derive(Clone, Copy, Default)]
struct Usage {
    /// Seconds of CPU.
    cpu: f64,
    /// Most memory held, in kB.
    peak_kb: u64,
}

impl Usage {
    /// As the kernel tells it (Linux).
    fn of(child: &Child) -> Option<Self> {
        let read =
            |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).ok();
        let stat = read("stat")?;
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        // Fields 14 and 15 of the whole line, in hundredths of a second.
        let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
        let status = read("status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(Self { cpu: ticks / 100.0, peak_kb: peak.split_whitespace().next()?.parse().ok()? })
    }
}
