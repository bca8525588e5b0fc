//! The wiring: the only place that loops, spawns and reads the clock.
//!
//! It connects flows to edges and decides nothing about news, wording or
//! delivery. Standard output carries what was asked for; errors and logs go to
//! standard error, one plain sentence each.

mod carrier;
mod cli;
mod clock;
mod demo;
mod events;
mod offline;
mod outbox;
mod review;
mod service;
mod show;
mod spool;
mod wishes;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use crate::clock::Clock;
use crate::commands::{self, Desk, KnownCache};
use crate::config::{self, Config};
use crate::ingest::{Alarms, AskedFor, Ingest};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::publish::Publisher;
use crate::sources::http::Web;
use crate::store::{Search, Store, StoreSettings};

pub use clock::SystemClock;
pub use demo::SampleWeb;

/// Done.
const DONE: u8 = 0;
/// It failed.
const FAILED: u8 = 1;
/// Wrong usage or configuration.
const WRONG: u8 = 2;

/// Runs the command line and gives the exit code: 0 done, 1 failed, 2 wrong usage or
/// configuration.
#[must_use]
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    // Two threads at least: one task that keeps a thread busy must not stop all others.
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2));
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = match builder.worker_threads(threads).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            show::error(&format!("the runtime cannot start: {error}"));
            return ExitCode::from(FAILED);
        }
    };
    let code = runtime.block_on(dispatch(cli));
    // What still runs (a prompt that waits for a key) must not hold up the end.
    runtime.shutdown_background();
    ExitCode::from(code)
}

async fn dispatch(cli: cli::Cli) -> u8 {
    if let cli::What::Demo { once } = cli.what {
        show::logs("error", false);
        return finish(demo::run(once).await);
    }
    let config = match load(&cli) {
        Ok(config) => config,
        Err(code) => return code,
    };
    let level = if matches!(cli.what, cli::What::Run) { config.log_level.as_str() } else { "warn" };
    show::logs(level, config.log_json);
    match cli.what {
        cli::What::Run => finish(service::run(config).await),
        cli::What::Check { sources } => offline::check(config, sources).await,
        cli::What::Gather => finish(offline::gather(config).await),
        cli::What::Brief { date, format } => {
            finish(offline::brief(&config, date.as_deref(), format))
        }
        cli::What::Ask { line, format } => finish(offline::ask(&config, &line, format)),
        cli::What::Reindex => finish(offline::reindex(&config)),
        cli::What::Review => finish(review::review(&config).await),
        cli::What::Accept { claim, why, who } => {
            finish(review::accept(&config, &claim, &why, who.by).await)
        }
        cli::What::Reject { claim, why, who } => {
            finish(review::reject(&config, &claim, &why, who.by).await)
        }
        cli::What::Merge { provisional, holder, why, who } => {
            finish(review::merge(&config, &provisional, &holder, &why, who.by).await)
        }
        cli::What::Correct { claim, field, value, why, who } => {
            finish(review::correct(&config, &claim, &field, &value, &why, who.by).await)
        }
        cli::What::Outbox { what } => finish(outbox::run(&config, what).await),
        cli::What::Export { what, format } => finish(offline::export(&config, what, format)),
        cli::What::Demo { .. } => DONE,
    }
}

fn load(cli: &cli::Cli) -> Result<Config, u8> {
    if !cli.config.is_dir() && cli.config != Path::new("config") {
        show::error(&format!("there is no configuration folder {}", cli.config.display()));
        return Err(WRONG);
    }
    config::load(&cli.config).map_err(|problems| {
        problems.iter().for_each(|problem| show::error(problem));
        WRONG
    })
}

/// An error as one line on standard error, and the exit code.
fn finish(result: anyhow::Result<()>) -> u8 {
    match result {
        Ok(()) => DONE,
        Err(error) => {
            show::error(&format!("{error:#}"));
            FAILED
        }
    }
}

/// Everything that one store and one configuration make.
#[derive(Clone)]
struct Parts {
    config: Arc<Config>,
    clock: Arc<dyn Clock>,
    store: Store,
    web: Arc<Web>,
    ingest: Arc<Ingest>,
    publisher: Arc<Publisher>,
    desk: Arc<Desk>,
}

impl Parts {
    fn new(config: Config, clock: Arc<dyn Clock>, web: Web) -> anyhow::Result<Self> {
        let now = clock.now();
        let store = open(&config)?;
        let ingest =
            Ingest::open(store.clone(), config.lexicon.clone(), config.rules.clone(), now)?
                .alarming(alarms(&config));
        let publisher = publisher(&config, store.clone());
        let desk = desk(&config, store.clone(), now);
        Ok(Self {
            config: Arc::new(config),
            clock,
            store,
            web: Arc::new(web),
            ingest: Arc::new(ingest),
            publisher: Arc::new(publisher),
            desk: Arc::new(desk),
        })
    }
}

fn open(config: &Config) -> anyhow::Result<Store> {
    Ok(Store::open(
        &config.store,
        &StoreSettings { cache_bytes: config.cache_bytes, ..StoreSettings::default() },
    )?)
}

fn alarms(config: &Config) -> Alarms {
    Alarms {
        lexicon: config.lexicon.clone(),
        curated: Arc::new(config.curated.clone()),
        calendar: config.calendar.clone(),
        rules: config.alerts.clone(),
        zone: config.zone,
        operator: config.ops_chats.clone(),
        asked: AskedFor::default(),
    }
}

fn publisher(config: &Config, store: Store) -> Publisher {
    Publisher {
        store,
        lexicon: config.lexicon.clone(),
        curated: Arc::new(config.curated.clone()),
        calendar: config.calendar.clone(),
        zone: config.zone,
        brief: config.brief.clone(),
        weekly: config.weekly.clone(),
        sources: config.sources.iter().map(|source| source.id.clone()).collect(),
    }
}

fn desk(config: &Config, store: Store, now: chrono::DateTime<chrono::Utc>) -> Desk {
    let curated = Arc::new(config.curated.clone());
    let search = Search::new(store.clone(), config.lexicon.clone(), curated.clone());
    Desk {
        store,
        lexicon: config.lexicon.clone(),
        sources: config.sources.clone(),
        zone: config.zone,
        brief: config.brief.clone(),
        weekly: config.weekly.clone(),
        started: now,
        curated,
        calendar: config.calendar.clone(),
        alerts: config.alerts.clone(),
        known: KnownCache::default(),
        search: Arc::new(search),
    }
}

/// Answers a command of this terminal, where nothing else brings the search index up to date.
fn answer_here(
    desk: &Desk,
    asked: &Invocation,
    now: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<Message> {
    if matches!(asked.name.as_str(), "search" | "watch" | "watches") {
        desk.search.catch_up()?;
    }
    Ok(commands::answer(desk, asked, now))
}
