//! Torture: the real program, killed again and again while it delivers, against strict fakes that also fail.
//!
//! One edition waits in the outbox for every destination. The program is started and killed with
//! SIGKILL at a random moment, over and over, while the platforms flood, break and cut connections;
//! then it may finish. Counted is what a reader would see: parts that never came, parts that stand
//! twice, settings that were confirmed and are gone, and stores that would not open again.
//!
//! `cargo test` runs it small. `cargo test --release --test torture -- --destinations 2000 --kills 100`
//! is the whole of it, in some minutes; `--seed` repeats a run's choices, though not its timing.
//! It measures real time, since killing a process cannot be stepped by hand.
#![expect(clippy::print_stdout, reason = "it reports to whoever runs it")]
#![expect(clippy::unwrap_used, reason = "a harness that fails should fail loudly")]
#![expect(dead_code, reason = "the fakes offer more than is used here")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DurationRound, NaiveTime, Utc};
use monazite::chat::Platform;
use monazite::compose::phrase::{self, View};
use monazite::model::brief::Edition;
use monazite::model::delivery::{Cause, Delivery};
use monazite::model::subscription::{Destination, PlatformName, Subscription};
use monazite::store::{Changes, Store, StoreSettings};

#[path = "../it/world/mod.rs"]
mod world;

use world::discord::{self as discord_fake, FakeDiscord};
use world::home::Home;
use world::telegram::{self as telegram_fake, FakeTelegram};

/// The chat whose settings are changed between kills.
const OWNER: i64 = 900_001;
/// Discord channels count from here.
const CHANNELS: u64 = 1_200_000_000_000_000_000;
/// How long everything may take to arrive once nothing is killed any more, at least.
const PATIENCE: Duration = Duration::from_secs(150);

/// How hard it is.
struct Plan {
    destinations: usize,
    kills: usize,
    seed: u64,
}

fn main() -> ExitCode {
    let Some(plan) = Plan::read(std::env::args().skip(1)) else { return ExitCode::SUCCESS };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let report = runtime.block_on(run(&plan));
    println!("{}", report.told());
    if report.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Plan {
    /// The arguments; `None` when a test's name was asked for, which is none of ours.
    fn read(arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut plan = Self { destinations: 120, kills: 6, seed: 1 };
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let mut number = || arguments.next().unwrap().parse::<u64>().unwrap();
            match argument.as_str() {
                "--destinations" => plan.destinations = usize::try_from(number()).unwrap(),
                "--kills" => plan.kills = usize::try_from(number()).unwrap(),
                "--seed" => plan.seed = number(),
                // What the standard test runner understands means nothing here.
                flag if flag.starts_with('-') => {}
                _ => return None,
            }
        }
        Some(plan)
    }
}

/// What a run came to.
#[derive(Default)]
struct Report {
    destinations: usize,
    parts: usize,
    kills: usize,
    faults: usize,
    lost: usize,
    doubled_discord: usize,
    doubled_telegram: usize,
    /// Messages that Telegram took before it cut the connection: it has no key against doubling.
    cut_after: usize,
    settings_lost: usize,
    confirmed: usize,
    not_reopened: usize,
    took: Duration,
    last_words: String,
}

impl Report {
    fn passed(&self) -> bool {
        self.lost == 0
            && self.doubled_discord == 0
            && self.doubled_telegram <= self.kills + self.cut_after
            && self.settings_lost == 0
            && self.not_reopened == 0
    }

    fn told(&self) -> String {
        format!(
            "torture: {} destinations, {} parts, {} kills, {} faults, {:.0} s\n\
             lost {} · doubled on Discord {} · doubled on Telegram {} (of them unavoidable: up to {} cut \
             after they were taken, and one for each kill) · settings confirmed {}, lost {} · stores not \
             reopened {}{}{}",
            self.destinations,
            self.parts,
            self.kills,
            self.faults,
            self.took.as_secs_f64(),
            self.lost,
            self.doubled_discord,
            self.doubled_telegram,
            self.cut_after,
            self.confirmed,
            self.settings_lost,
            self.not_reopened,
            if self.last_words.is_empty() { "" } else { "\n" },
            self.last_words,
        )
    }
}

/// Where everything stands.
struct Stage {
    folder: tempfile::TempDir,
    telegram: Arc<FakeTelegram>,
    discord: FakeDiscord,
    /// Each destination with how many parts it is to receive.
    expected: Vec<(Destination, usize)>,
}

async fn run(plan: &Plan) -> Report {
    let begun = Instant::now();
    let stage = prepare(plan.destinations).await;
    let mut dice = Dice(plan.seed);
    let up = Arc::new(AtomicBool::new(false));
    let (faults, cut_after) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let trouble = tokio::spawn(trouble(
        stage.telegram.clone(),
        stage.discord.clone(),
        Dice(plan.seed ^ 0x5eed),
        up.clone(),
        faults.clone(),
        cut_after.clone(),
    ));
    let mut report = Report { destinations: plan.destinations, ..Report::default() };
    report.parts = stage.expected.iter().map(|(_, parts)| parts).sum();
    let mut asked = Vec::new();
    for kill in 0..plan.kills {
        let hour = NaiveTime::from_hms_opt(
            u32::try_from(kill / 4 % 24).unwrap(),
            15 * u32::try_from(kill % 4).unwrap(),
            0,
        )
        .unwrap();
        stage.telegram.push_text(OWNER, OWNER, &format!("/settings time {}", hour.format("%H:%M")));
        asked.push(hour);
        let mut child = start(&stage);
        up.store(true, Ordering::Release);
        tokio::time::sleep(Duration::from_millis(300 + dice.below(1_500))).await;
        if let Some(status) = child.try_wait().unwrap() {
            report.not_reopened += 1;
            report.last_words = format!("ended by itself ({status}): {}", words(&stage));
        }
        up.store(false, Ordering::Release);
        child.kill().unwrap();
        child.wait().unwrap();
        report.kills += 1;
    }
    trouble.abort();
    let mut child = start(&stage);
    let patience = PATIENCE + Duration::from_millis(80) * u32::try_from(report.parts).unwrap();
    let waiting = Instant::now();
    while waiting.elapsed() < patience && missing(&stage) > 0 {
        if let Some(status) = child.try_wait().unwrap() {
            report.not_reopened += 1;
            report.last_words = format!("ended by itself ({status}): {}", words(&stage));
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What is only now on its way again would be a double: time for it to show.
    tokio::time::sleep(Duration::from_secs(3)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    report.faults = faults.load(Ordering::Acquire);
    report.cut_after = cut_after.load(Ordering::Acquire);
    report.lost = missing(&stage);
    if report.lost > 0 && report.last_words.is_empty() {
        report.last_words = words(&stage);
    }
    (report.doubled_discord, report.doubled_telegram) = doubled(&stage);
    (report.confirmed, report.settings_lost) = settings(&stage, &asked, &mut report.not_reopened);
    report.took = begun.elapsed();
    report
}

/// A store with one edition on its way to everybody, and platforms that know everybody.
async fn prepare(destinations: usize) -> Stage {
    let folder = tempfile::tempdir().unwrap();
    let (telegram, discord) = (Arc::new(FakeTelegram::start().await), FakeDiscord::start().await);
    let config = folder.path().join("config");
    std::fs::create_dir(&config).unwrap();
    let connection = discord.connection();
    std::fs::write(
        config.join("monazite.toml"),
        format!(
            "[store]\npath = {:?}\n[schedule]\nbrief = \"0 0 0 1 1 *\"\n[discord]\napi_url = \"{}\"\n\
             [telegram]\napi_url = \"{}\"\n[log]\nlevel = \"warn\"\n",
            folder.path().join("data"),
            connection.api_url,
            telegram.url
        ),
    )
    .unwrap();
    let source = "[[source]]\nid = \"none\"\nname = \"None\"\nkind = \"feed\"\nurl = \"http://127.0.0.1:9/rss\"\nevery = \"30m\"\n";
    std::fs::write(config.join("sources.toml"), source).unwrap();
    let edition = edition();
    let home = Home::new();
    let store = Store::open(&folder.path().join("data"), &StoreSettings::default()).unwrap();
    let platforms: [Arc<dyn Platform>; 2] =
        [telegram.platform(), monazite::chat::discord::connect(discord.connection()).unwrap()];
    let now = Utc::now();
    let mut changes = Changes { editions: vec![edition.clone()], ..Changes::default() };
    let mut expected = Vec::new();
    for number in 0..destinations {
        let to = destination(number, &telegram, &discord);
        let subscription =
            Subscription::new(to.clone(), home.config.zone, now, format!("chat {number}"));
        let view = View::of(Some(&subscription), &home.config.lexicon, home.config.zone);
        let brief = phrase::brief(&edition, &view);
        let platform = platforms.iter().find(|platform| platform.name() == to.platform).unwrap();
        expected.push((to.clone(), platform.render(&brief).len()));
        changes.new_deliveries.push(delivery(&edition, to));
        changes.subscriptions.push(subscription);
    }
    telegram.private(OWNER, "Owner");
    let owner = Destination { platform: PlatformName::Telegram, chat: OWNER, thread: None };
    changes.subscriptions.push(Subscription::new(owner, home.config.zone, now, "owner".to_owned()));
    changes.notes.push(("published_until".to_owned(), now.to_rfc3339()));
    store.commit(changes).unwrap();
    Stage { folder, telegram, discord, expected }
}

/// An edition that takes several messages on Telegram.
fn edition() -> Edition {
    let home = Home::new();
    // Editions close on whole minutes.
    let now = Utc::now().duration_trunc(chrono::TimeDelta::minutes(1)).unwrap();
    home.publish(&(now - chrono::TimeDelta::days(2)).to_rfc3339());
    for (i, firm) in
        ["Lynas", "Iluka", "Arafura", "MP Materials", "Energy Fuels", "Ucore"].iter().enumerate()
    {
        let seen = now - chrono::TimeDelta::hours(3);
        for tonnes in 0..6 {
            let title = format!(
                "{firm} orders equipment for {} tonnes of magnet alloy a year",
                1000 + 97 * (6 * i + tonnes)
            );
            home.tell(&title, &seen.to_rfc3339());
        }
    }
    home.publisher.preview(now).unwrap()
}

fn destination(number: usize, telegram: &FakeTelegram, discord: &FakeDiscord) -> Destination {
    if number.is_multiple_of(2) {
        let chat = 10_000 + i64::try_from(number).unwrap();
        telegram.private(chat, "Reader");
        Destination { platform: PlatformName::Telegram, chat, thread: None }
    } else {
        let channel = CHANNELS + u64::try_from(number).unwrap();
        discord.add_channel(channel);
        FakeDiscord::place(channel)
    }
}

fn delivery(edition: &Edition, to: Destination) -> Delivery {
    Delivery::new(Cause::Edition(edition.id.clone()), to, Utc::now())
}

fn start(stage: &Stage) -> Child {
    let log = std::fs::File::create(stage.folder.path().join("log")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_monazite"))
        .arg("run")
        .current_dir(stage.folder.path())
        .env_remove("RUST_LOG")
        .env("MONAZITE_CONFIG", stage.folder.path().join("config"))
        .env("MONAZITE_TELEGRAM_TOKEN", telegram_fake::TOKEN)
        .env("MONAZITE_DISCORD_TOKEN", discord_fake::TOKEN)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// The last lines the program wrote.
fn words(stage: &Stage) -> String {
    let log = std::fs::read_to_string(stage.folder.path().join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(6)..].join("\n")
}

/// Orders faults of all kinds while the program runs.
async fn trouble(
    telegram: Arc<FakeTelegram>,
    discord: FakeDiscord,
    mut dice: Dice,
    up: Arc<AtomicBool>,
    faults: Arc<AtomicUsize>,
    cut_after: Arc<AtomicUsize>,
) {
    use discord_fake::Fault as D;
    use telegram_fake::Fault as T;
    loop {
        tokio::time::sleep(Duration::from_millis(60 + dice.below(240))).await;
        if !up.load(Ordering::Acquire) {
            continue;
        }
        let fault = match dice.below(6) {
            0 => T::Flood(1),
            1 => T::Refuse(500, "Internal Server Error"),
            2 => T::Garbage(502, "<html>bad gateway</html>"),
            3 => T::Garbage(200, "{"),
            4 => T::ResetBefore,
            _ => T::ResetAfter,
        };
        // An answer that cannot be read leaves open whether the message was taken, as a cut does.
        if telegram.ordered("sendMessage") == 0 {
            if matches!(fault, T::ResetAfter) {
                cut_after.fetch_add(1, Ordering::AcqRel);
            }
            telegram.fail("sendMessage", fault);
            faults.fetch_add(1, Ordering::AcqRel);
        }
        if discord.ordered() > 0 {
            continue;
        }
        discord.fail_next(match dice.below(6) {
            0 => D::Limited { retry_after: 0.4, global: false },
            1 => D::Limited { retry_after: 0.2, global: true },
            2 => D::Status(500, serde_json::Value::Null),
            3 => D::Status(503, serde_json::json!("upstream")),
            4 => D::ResetBefore,
            _ => D::ResetAfter,
        });
        faults.fetch_add(1, Ordering::AcqRel);
    }
}

/// How often each different part stands in a chat.
fn standing(stage: &Stage, to: &Destination) -> HashMap<String, usize> {
    let texts: Vec<String> = match to.platform {
        PlatformName::Telegram => {
            stage.telegram.messages(to.chat).into_iter().map(|sent| sent.text).collect()
        }
        _ => {
            let channel = u64::try_from(to.chat).unwrap();
            let bodies = stage.discord.messages(channel).into_iter();
            bodies.map(|body| format!("{}{}", body["content"], body["embeds"])).collect()
        }
    };
    let mut counts = HashMap::new();
    for text in texts {
        *counts.entry(text).or_insert(0) += 1;
    }
    counts
}

/// Parts that have not arrived.
fn missing(stage: &Stage) -> usize {
    let short =
        |(to, parts): &(Destination, usize)| parts.saturating_sub(standing(stage, to).len());
    stage.expected.iter().map(short).sum()
}

/// Copies beyond the first, on Discord and on Telegram.
fn doubled(stage: &Stage) -> (usize, usize) {
    let mut by_platform: BTreeMap<PlatformName, usize> = BTreeMap::new();
    for (to, _) in &stage.expected {
        let extra: usize = standing(stage, to).values().map(|count| count - 1).sum();
        *by_platform.entry(to.platform).or_default() += extra;
    }
    let of = |platform| by_platform.get(&platform).copied().unwrap_or_default();
    (of(PlatformName::Discord), of(PlatformName::Telegram))
}

/// How many changes of the owner's hour were confirmed in the chat, and whether the last of them was lost.
fn settings(stage: &Stage, asked: &[NaiveTime], not_reopened: &mut usize) -> (usize, usize) {
    let answers = stage.telegram.messages(OWNER);
    let confirms = |hour: &NaiveTime| {
        let shown = format!("Hour: {}", hour.format("%H:%M"));
        answers.iter().any(|answer| answer.text.contains(&shown))
    };
    let confirmed = asked.iter().filter(|hour| confirms(hour)).count();
    let Some(last) = asked.iter().rposition(confirms) else { return (0, 0) };
    let Ok(store) = reopened(stage.folder.path()) else {
        *not_reopened += 1;
        return (confirmed, 1);
    };
    let owner = Destination { platform: PlatformName::Telegram, chat: OWNER, thread: None };
    let kept = store.subscription(&owner).unwrap().and_then(|subscription| subscription.at);
    // A later change may have been stored without its answer having come.
    let fits = kept.is_some_and(|kept| asked[last..].contains(&kept));
    (confirmed, usize::from(!fits))
}

fn reopened(folder: &Path) -> Result<Store, monazite::store::StoreError> {
    Store::open(&folder.join("data"), &StoreSettings::default())
}

/// Random enough, and the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}
