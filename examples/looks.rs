//! Writes one brief as every platform shows it: what the pictures in `docs/images` are drawn from.
//!
//! `cargo run --example looks FOLDER` gathers the bundled sample web, publishes
//! the edition of 23 November 2026 and writes `discord.json`, `telegram.json`,
//! `console.json`, `brief.html`, `brief.md` and `brief.txt` into the folder. It
//! never reaches a network beyond this machine, sends nothing to any chat and
//! holds no real token.
#![expect(clippy::disallowed_methods, reason = "an example has no wiring to hand it a clock")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use monazite::app::SampleWeb;
use monazite::chat::console::{self, Console, Look};
use monazite::chat::{Connection, Platform, discord, telegram};
use monazite::clock::Clock;
use monazite::compose::page;
use monazite::compose::phrase::{self, View};
use monazite::config::{self, BUILT_IN, Config};
use monazite::ingest::Ingest;
use monazite::model::brief::Edition;
use monazite::model::message::Message;
use monazite::model::subscription::Series;
use monazite::publish::Publisher;
use monazite::sources::KINDS;
use monazite::sources::http::Web;
use monazite::store::{Store, StoreSettings};
use secrecy::SecretString;

/// The sources that read the sample web.
const SOURCES: &str = include_str!("../config/sample/sources.toml");
/// Before the sample was read, a minute before the edition closes, and when it does.
const MOMENTS: [&str; 3] = ["2026-11-23T11:58:00Z", "2026-11-23T11:59:00Z", "2026-11-23T12:00:00Z"];

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        return ended(2, "Name one folder to write into: cargo run --example looks FOLDER");
    };
    match write_all(&PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ended(1, &format!("{error:#}")),
    }
}

fn ended(code: u8, why: &str) -> ExitCode {
    drop(writeln!(std::io::stderr(), "{why}"));
    ExitCode::from(code)
}

fn write_all(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("no folder {}", folder.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (config, edition) = runtime.block_on(edition())?;
    let view = View::of(None, &config.lexicon, config.zone);
    let brief = phrase::brief(&edition, &view);
    for platform in platforms()? {
        let file = format!("{}.json", platform.name().as_str());
        write(folder, &file, &parts(platform.as_ref(), &brief)?)?;
    }
    write(folder, "brief.html", &page::html(&edition, &view))?;
    write(folder, "brief.md", &page::markdown(&brief))?;
    write(folder, "brief.txt", &format!("{}\n", console::text(&brief, &Look::PLAIN)))
}

fn write(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The message's parts, as one list of what would be sent.
fn parts(platform: &dyn Platform, message: &Message) -> anyhow::Result<String> {
    let parts: Vec<_> = platform.render(message).into_iter().map(|part| part.0).collect();
    Ok(serde_json::to_string_pretty(&parts)? + "\n")
}

/// The real renderers. Connecting opens no connection, so any token will do.
fn platforms() -> anyhow::Result<[Arc<dyn Platform>; 3]> {
    let connection = || Connection {
        api_url: "http://127.0.0.1:9".to_owned(),
        token: SecretString::from("1:none"),
        application: None,
        webhook: None,
        clock: Arc::new(Wall),
    };
    Ok([
        discord::connect(connection()).map_err(anyhow::Error::msg)?,
        telegram::connect(connection()).map_err(anyhow::Error::msg)?,
        Arc::new(Console::new(Box::new(std::io::sink()), Look::PLAIN)),
    ])
}

/// The sample's edition, and the configuration it was made with.
async fn edition() -> anyhow::Result<(Config, Edition)> {
    let [start, read, closes] = MOMENTS;
    let server = SampleWeb::serve().await?;
    let config = config(&server)?;
    let home = tempfile::tempdir()?;
    let store = Store::open(home.path(), &StoreSettings::default())?;
    let publisher = publisher(&config, &store);
    // The first step only sets the time from which editions are due.
    publisher.step(start.parse()?)?;
    gather(&config, &store, &server, read.parse()?).await?;
    publisher.step(closes.parse()?)?;
    let edition = store.latest_edition(Series::Daily)?.context("no edition was published")?;
    Ok((config, edition))
}

fn config(server: &SampleWeb) -> anyhow::Result<Config> {
    let texts =
        BUILT_IN.map(
            |(name, text)| {
                if name == "sources.toml" { SOURCES.to_owned() } else { text.to_owned() }
            },
        );
    let mut config =
        config::parse(&texts).map_err(|problems| anyhow::anyhow!(problems.join("; ")))?;
    config.fetch.per_host_interval = Duration::ZERO;
    config.fetch.allow_private =
        server.hosts().into_iter().map(|host| format!("{host}:80")).collect();
    Ok(config)
}

fn publisher(config: &Config, store: &Store) -> Publisher {
    Publisher {
        store: store.clone(),
        lexicon: config.lexicon.clone(),
        curated: Arc::new(config.curated.clone()),
        zone: config.zone,
        brief: config.brief.clone(),
        weekly: config.weekly.clone(),
        sources: config.sources.iter().map(|source| source.id.clone()).collect(),
    }
}

async fn gather(
    config: &Config,
    store: &Store,
    server: &SampleWeb,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let web = Web::with_lookup(config.fetch.clone(), Arc::new(Wall), server.lookup())?;
    let ingest = Ingest::open(store.clone(), config.lexicon.clone(), config.rules.clone(), now)?;
    for spec in &config.sources {
        let kind = KINDS.iter().find(|kind| kind.name == spec.kind).context("an unknown kind")?;
        let source = (kind.build)(spec)
            .map_err(|problems| anyhow::anyhow!("{}: {}", spec.id, problems.join("; ")))?;
        ingest.poll(spec, source.as_ref(), &web, now).await?;
    }
    Ok(())
}

/// The real clock, for the timeouts of reading the sample.
struct Wall;

impl Clock for Wall {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}
