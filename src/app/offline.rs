//! What is done once and ends: check, gather, brief, ask, export.
//!
//! All but `check` open the store for themselves, so none of them runs beside
//! the service on the same store; that is said plainly.

use std::io::IsTerminal as _;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;
use futures::StreamExt as _;
use serde_json::Value;

use crate::app::cli::{AskFormat, BriefFormat, ExportFormat, Kind};
use crate::app::{
    DONE, FAILED, Parts, SystemClock, WRONG, answer_here, desk, open, publisher, service, show,
};
use crate::chat::console;
use crate::clock::Clock as _;
use crate::commands;
use crate::compose::page;
use crate::compose::phrase::{self, View};
use crate::config::{self, Config};
use crate::ingest::PollReport;
use crate::model::brief::Edition;
use crate::model::event::{Invocation, Target};
use crate::model::source::SourceState;
use crate::model::subscription::{Destination, PlatformName, Series};
use crate::ops;
use crate::register;
use crate::sources::http::Web;
use crate::sources::{KINDS, SourceSpec};
use crate::store::Store;

/// Sources waited for at once; the client's own limit says how many requests that makes.
const AT_ONCE: usize = 64;

/// `check`: configuration is right already when this runs; tokens, permissions and, if asked,
/// sources follow.
pub(super) async fn check(config: Config, sources: bool) -> u8 {
    show::out(&format!(
        "Configuration: good. {} sources, {} companies, edition at {}.\n",
        config.sources.len(),
        config.lexicon.companies().len(),
        next_edition(&config),
    ));
    let secrets = match config::secrets(|name| std::env::var(name).ok()) {
        Ok(secrets) => secrets,
        Err(problems) => {
            problems.iter().for_each(|problem| show::error(problem));
            return WRONG;
        }
    };
    let mut failed = false;
    match service::platforms(&config, &secrets) {
        Ok(platforms) if platforms.is_empty() => {
            show::out(
                "Chat: no token is set (MONAZITE_DISCORD_TOKEN, MONAZITE_TELEGRAM_TOKEN), so `run` has nothing to serve.\n",
            );
        }
        Ok(platforms) => {
            for platform in platforms.values() {
                match platform.check().await {
                    Ok(lines) => lines.iter().for_each(|line| show::out(&format!("{line}\n"))),
                    Err(problems) => {
                        failed = true;
                        problems.iter().for_each(|problem| show::error(problem));
                    }
                }
            }
        }
        Err(error) => {
            failed = true;
            show::error(&format!("{error:#}"));
        }
    }
    if sources {
        match check_sources(&config).await {
            Ok(all_good) => failed |= !all_good,
            Err(error) => {
                failed = true;
                show::error(&format!("{error:#}"));
            }
        }
    }
    if failed { FAILED } else { DONE }
}

fn next_edition(config: &Config) -> String {
    let next = config.brief.next(config.zone, SystemClock.now());
    next.map_or_else(|| "no time".to_owned(), |next| crate::schedule::spoken(next, config.zone))
}

/// Tries every source without remembering anything; whether all of them answered.
async fn check_sources(config: &Config) -> anyhow::Result<bool> {
    let web = Web::new(config.fetch.clone(), std::sync::Arc::new(SystemClock))?;
    let bar = progress(config.sources.len());
    let tried = futures::stream::iter(&config.sources).map(|spec| {
        let (web, bar) = (&web, &bar);
        async move {
            let row = try_source(spec, web).await;
            bar.inc(1);
            row
        }
    });
    let mut rows: Vec<(bool, Vec<String>)> = tried.buffer_unordered(AT_ONCE).collect().await;
    bar.finish_and_clear();
    rows.sort_by(|a, b| a.1.cmp(&b.1));
    let good = rows.iter().filter(|(good, _)| *good).count();
    let all: Vec<Vec<String>> = rows.iter().map(|(_, row)| row.clone()).collect();
    show::out(&ops::table(&["source", "kind", "items", "newest", "outcome"], &all));
    show::out(&format!("\n{good} of {} sources answered.\n", rows.len()));
    Ok(good == rows.len())
}

async fn try_source(spec: &SourceSpec, web: &Web) -> (bool, Vec<String>) {
    let row = |items: String, newest: String, outcome: String| {
        vec![spec.id.0.clone(), spec.kind.clone(), items, newest, crate::text::cut(&outcome, 120)]
    };
    let Some(Ok(source)) =
        KINDS.iter().find(|kind| kind.name == spec.kind).map(|kind| (kind.build)(spec))
    else {
        return (false, row(String::new(), String::new(), "its block cannot be used".to_owned()));
    };
    match source.poll(web, &SourceState::default(), SystemClock.now()).await {
        Ok(polled) => {
            let newest = polled.items.iter().filter_map(|item| item.published).max();
            let newest =
                newest.map_or_else(|| "undated".to_owned(), |at| at.format("%Y-%m-%d").to_string());
            let outcome = match polled.problems.first() {
                None => "ok".to_owned(),
                Some(first) => format!("ok, with {} problems: {first}", polled.problems.len()),
            };
            (!polled.items.is_empty(), row(polled.items.len().to_string(), newest, outcome))
        }
        Err(error) => (false, row("0".to_owned(), String::new(), format!("failed: {error}"))),
    }
}

/// A progress bar on standard error, hidden where there is no terminal.
fn progress(length: usize) -> indicatif::ProgressBar {
    let bar = indicatif::ProgressBar::new(u64::try_from(length).unwrap_or(u64::MAX));
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    let style = indicatif::ProgressStyle::with_template("{bar:40} {pos}/{len} sources {wide_msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// `gather`: one pass over all sources, whatever their pace.
pub(super) async fn gather(config: Config) -> anyhow::Result<()> {
    let clock = std::sync::Arc::new(SystemClock);
    let web = Web::new(config.fetch.clone(), clock.clone())?;
    let parts = Parts::new(config, clock, web)?;
    let started = parts.clock.now();
    let reports = pass(&parts, AT_ONCE, &progress(parts.config.sources.len())).await?;
    let seconds = (parts.clock.now() - started).as_seconds_f64();
    show::out(&ops::gathered(&reports, seconds));
    parts.store.sync()?;
    Ok(())
}

/// Polls every source once, so many at a time; reports in the order of the configuration.
pub(super) async fn pass(
    parts: &Parts,
    at_once: usize,
    bar: &indicatif::ProgressBar,
) -> anyhow::Result<Vec<PollReport>> {
    let polls = futures::stream::iter(parts.config.sources.iter().enumerate()).map(
        |(i, spec)| async move {
            let kind = KINDS.iter().find(|kind| kind.name == spec.kind);
            let source = kind.and_then(|kind| (kind.build)(spec).ok());
            let source =
                source.with_context(|| format!("the source {} cannot be used", spec.id))?;
            let now = parts.clock.now();
            let report = parts.ingest.poll(spec, source.as_ref(), &parts.web, now).await?;
            bar.set_message(report.name.clone());
            bar.inc(1);
            anyhow::Ok((i, report))
        },
    );
    let all: Vec<anyhow::Result<(usize, PollReport)>> =
        polls.buffer_unordered(at_once).collect().await;
    bar.finish_and_clear();
    let mut reports = all.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    reports.sort_by_key(|(i, _)| *i);
    Ok(reports.into_iter().map(|(_, report)| report).collect())
}

/// `brief`.
pub(super) fn brief(
    config: &Config,
    date: Option<&str>,
    format: BriefFormat,
) -> anyhow::Result<()> {
    let store = open(config)?;
    let edition = match date {
        Some(date) => {
            let day: NaiveDate = date
                .parse()
                .with_context(|| format!("{date:?} is no date; write it as 2026-11-22"))?;
            store
                .edition_on(Series::Daily, day)?
                .with_context(|| format!("there is no edition of {day}"))?
        }
        None => match store.latest_edition(Series::Daily)? {
            Some(edition) => edition,
            None => {
                show::error(
                    "No edition was published yet; this is a preview of what one would hold now.",
                );
                publisher(config, store).preview(SystemClock.now())?
            }
        },
    };
    print_edition(config, &edition, format)
}

/// Prints an edition.
pub(super) fn print_edition(
    config: &Config,
    edition: &Edition,
    format: BriefFormat,
) -> anyhow::Result<()> {
    let view = View::of(None, &config.lexicon, config.zone);
    let text = match format {
        BriefFormat::Text => console::text(&phrase::brief(edition, &view), &show::look()),
        BriefFormat::Html => page::html(edition, &view),
        BriefFormat::Markdown => page::markdown(&phrase::brief(edition, &view)),
        BriefFormat::Json => serde_json::to_string_pretty(edition)?,
    };
    show::out(&text);
    if !text.ends_with('\n') {
        show::out("\n");
    }
    Ok(())
}

/// `ask`: a command that only reads, answered as the console would.
pub(super) fn ask(config: &Config, line: &str, format: AskFormat) -> anyhow::Result<()> {
    let asked = invocation(line);
    if commands::ALL.iter().any(|command| command.name == asked.name && command.manage) {
        anyhow::bail!(
            "/{} changes a chat's settings, so it can be asked in that chat only",
            asked.name
        );
    }
    let store = open(config)?;
    let now = SystemClock.now();
    let desk = desk(config, store, now);
    let message = answer_here(&desk, &asked, now)?;
    let text = match format {
        AskFormat::Text => console::text(&message, &show::look()),
        AskFormat::Json => serde_json::to_string_pretty(&message)?,
    };
    show::out(&format!("{}\n", text.trim_end_matches('\n')));
    Ok(())
}

/// `reindex`.
pub(super) fn reindex(config: &Config) -> anyhow::Result<()> {
    let desk = desk(config, open(config)?, SystemClock.now());
    let count = desk.search.rebuild()?;
    let kilobytes = desk.search.size_on_disk() / 1024;
    show::out(&format!("The search index is made anew: {count} records, {kilobytes} kB.\n"));
    Ok(())
}

/// The terminal as a chat.
pub(super) fn here() -> Destination {
    Destination { platform: PlatformName::Console, chat: 0, thread: None }
}

/// A typed line as a command from this terminal.
pub(super) fn invocation(line: &str) -> Invocation {
    let line = line.trim().trim_start_matches('/');
    let (name, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    Invocation {
        name: name.to_lowercase(),
        args: args.trim().to_owned(),
        reply: Target::Chat(here()),
        may_manage: true,
        asker: None,
        private_chat: true,
        chat_label: "this terminal".to_owned(),
        locale: None,
        about: None,
    }
}

/// `export`.
pub(super) fn export(config: &Config, what: Kind, format: ExportFormat) -> anyhow::Result<()> {
    let store = open(config)?;
    let records = records(config, &store, what)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let written = match format {
        ExportFormat::Jsonl => jsonl(records, &mut out),
        ExportFormat::Csv => csv(records, &mut out),
    };
    match written {
        // A reader that went away (`| head`) has what it wanted.
        Err(error) if is_broken_pipe(&error) => Ok(()),
        other => other,
    }
}

type Records<'a> = Box<dyn Iterator<Item = anyhow::Result<Value>> + 'a>;

fn records<'a>(config: &Config, store: &'a Store, what: Kind) -> anyhow::Result<Records<'a>> {
    Ok(match what {
        Kind::Articles => Box::new(store.articles().map(|article| {
            let article = article?;
            let body = store.body(&article.id)?.unwrap_or_default();
            Ok(ops::article(&article, &body))
        })),
        Kind::Stories => Box::new(store.stories().map(|story| Ok(ops::story(&story?)))),
        Kind::Claims => {
            let evidence = store.evidence()?.with(&config.curated, &config.lexicon);
            Box::new(evidence.claims.into_iter().map(|claim| Ok(ops::record(&claim))))
        }
        Kind::Licenses => {
            let evidence = store.evidence()?.with(&config.curated, &config.lexicon);
            let today = SystemClock.now().with_timezone(&config.zone).date_naive();
            let register = register::fold(&evidence.claims, &evidence.decisions, today);
            Box::new(register.rows.into_iter().map(|row| Ok(ops::license(&row))))
        }
        Kind::Decisions => {
            Box::new(store.decisions()?.into_iter().map(|decision| Ok(ops::decision(&decision))))
        }
        Kind::Editions => {
            let all = [Series::Daily, Series::Weekly].into_iter();
            Box::new(
                all.flat_map(|series| store.editions(series))
                    .map(|edition| Ok(ops::record(&edition?))),
            )
        }
        Kind::Subscriptions => Box::new(
            store.subscriptions()?.into_iter().map(|subscription| Ok(ops::record(&subscription))),
        ),
        Kind::Deliveries => {
            Box::new(store.deliveries().map(|delivery| Ok(ops::record(&delivery?))))
        }
    })
}

fn jsonl(records: Records<'_>, out: &mut dyn std::io::Write) -> anyhow::Result<()> {
    for record in records {
        writeln!(out, "{}", record?)?;
    }
    Ok(out.flush()?)
}

fn csv(records: Records<'_>, out: &mut dyn std::io::Write) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let mut head: Option<Vec<String>> = None;
    for record in records {
        let Value::Object(fields) = record? else { continue };
        if head.is_none() {
            let names: Vec<String> = fields.keys().cloned().collect();
            writer.write_record(&names)?;
            head = Some(names);
        }
        let names = head.as_deref().unwrap_or_default();
        writer.write_record(
            names.iter().map(|name| fields.get(name).map(ops::cell).unwrap_or_default()),
        )?;
    }
    Ok(writer.flush()?)
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
