//! The service: loops that poll, publish, deliver and listen until they are asked to stop.
//!
//! Every loop is a thin shell around a step that a test can call by hand. One
//! failing source, chat or platform never holds up another.

use std::collections::{BTreeMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures::FutureExt as _;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::{Parts, SystemClock};
use crate::chat::{self, ListenError, Platform, SendError};
use crate::commands;
use crate::config::{self, Config, Secrets};
use crate::deliver::{self, Deliverer, Step};
use crate::model::delivery::Delivery;
use crate::model::event::{Event, Invocation, Target};
use crate::model::message::Message;
use crate::model::subscription::{Destination, PlatformName, Subscription};
use crate::sources::http::Web;
use crate::sources::{KINDS, SourceSpec};
use crate::store::Changes;

/// How long a stop may take before what still runs is cut off.
const GRACE: Duration = Duration::from_secs(4);
/// How long the last sync may take.
const LAST_SYNC: Duration = Duration::from_millis(800);
/// Deliveries under way at once; the platforms' own limits are far below what this could send.
const DELIVERIES: usize = 24;
/// Events waiting to be handled; past it a platform's listener waits.
const EVENTS: usize = 256;
/// The longest an edition waits at start for the first gathering.
const FIRST_ROUND: Duration = Duration::from_secs(45);
/// The longest wait between two looks at the schedule, so that a clock set anew is noticed.
const TICK: Duration = Duration::from_secs(15);
/// Between two looks at what the search index has yet to read.
const INDEX: Duration = Duration::from_secs(2);
/// A command that takes longer than this is answered with "working on it" first.
const QUICK: Duration = Duration::from_millis(1_500);

/// Runs until SIGTERM or Ctrl-C.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let secrets = config::secrets(|name| std::env::var(name).ok())
        .map_err(|all| anyhow::anyhow!(all.join("; ")))?;
    let clock: Arc<SystemClock> = Arc::new(SystemClock);
    let platforms = platforms(&config, &secrets)?;
    if platforms.is_empty() {
        anyhow::bail!(
            "neither MONAZITE_DISCORD_TOKEN nor MONAZITE_TELEGRAM_TOKEN is set, so there is no chat to serve; \
             `monazite demo` needs none"
        );
    }
    let web = Web::new(config.fetch.clone(), clock.clone())?;
    let parts = Parts::new(config, clock, web)?;
    let stop = CancellationToken::new();
    let signals = tokio::spawn(wait_for_signal(stop.clone()));
    let served = serve(parts, platforms, stop).await;
    signals.abort();
    served
}

async fn wait_for_signal(stop: CancellationToken) {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
    tracing::info!("asked to stop");
    stop.cancel();
}

/// The platforms whose tokens are there.
pub(super) fn platforms(
    config: &Config,
    secrets: &Secrets,
) -> anyhow::Result<BTreeMap<PlatformName, Arc<dyn Platform>>> {
    let mut connected = BTreeMap::new();
    for kind in chat::PLATFORMS {
        let (token, api_url, application) = match kind.name {
            PlatformName::Discord => {
                (&secrets.discord, &config.discord_api, config.discord_application)
            }
            PlatformName::Telegram => (&secrets.telegram, &config.telegram_api, None),
            PlatformName::Console => continue,
        };
        let Some(token) = token.clone() else { continue };
        let connection = chat::Connection {
            api_url: api_url.clone(),
            token,
            application,
            clock: Arc::new(SystemClock),
        };
        let platform = (kind.connect)(connection).map_err(|problem| anyhow::anyhow!(problem))?;
        connected.insert(kind.name, platform);
    }
    Ok(connected)
}

/// What the loops share.
struct Shared {
    parts: Parts,
    deliverer: Deliverer,
    /// Told when there is something new to deliver.
    wake: Notify,
    /// Sources not yet polled since the start.
    unread: AtomicUsize,
    /// Told when all have been.
    all_read: Notify,
    stop: CancellationToken,
}

/// Runs every loop until `stop`, then waits for what is under way.
pub(super) async fn serve(
    parts: Parts,
    platforms: BTreeMap<PlatformName, Arc<dyn Platform>>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    subscribe_configured(&parts)?;
    let deliverer = Deliverer {
        store: parts.store.clone(),
        lexicon: parts.config.lexicon.clone(),
        platforms: platforms.clone(),
        zone: parts.config.zone,
    };
    let unread = AtomicUsize::new(parts.config.sources.len());
    let (wake, all_read) = (Notify::new(), Notify::new());
    let shared = Arc::new(Shared { parts, deliverer, wake, unread, all_read, stop });
    let mut loops = JoinSet::new();
    for spec in shared.parts.config.sources.clone() {
        loops.spawn(gather(shared.clone(), spec));
    }
    loops.spawn(publish(shared.clone()));
    loops.spawn(deliver(shared.clone()));
    loops.spawn(sweep(shared.clone()));
    loops.spawn(index(shared.clone()));
    let (sender, events) = mpsc::channel(EVENTS);
    for platform in platforms.into_values() {
        loops.spawn(listen(shared.clone(), platform, sender.clone()));
    }
    drop(sender);
    loops.spawn(handle_events(shared.clone(), events));
    tracing::info!(sources = shared.parts.config.sources.len(), "running");
    shared.stop.cancelled().await;
    let ended =
        tokio::time::timeout(GRACE, async { while loops.join_next().await.is_some() {} }).await;
    if ended.is_err() {
        tracing::warn!("some work did not end in time and was cut off");
        loops.shutdown().await;
    }
    let store = shared.parts.store.clone();
    let synced = tokio::task::spawn_blocking(move || store.sync());
    match tokio::time::timeout(LAST_SYNC, synced).await {
        Ok(synced) => synced??,
        // A full disk can hold sled's threads for good; what was told is on the disk already.
        Err(_) => anyhow::bail!("the disk did not take the last changes in time"),
    }
    tracing::info!("stopped");
    Ok(())
}

/// Subscribes the chats that the configuration names, once each: who ends it in the chat is not
/// subscribed again at the next start.
fn subscribe_configured(parts: &Parts) -> anyhow::Result<()> {
    let discord = parts.config.discord_channels.iter().map(|chat| (PlatformName::Discord, *chat));
    let telegram = parts.config.telegram_chats.iter().map(|chat| (PlatformName::Telegram, *chat));
    for (platform, chat) in discord.chain(telegram) {
        let to = Destination { platform, chat, thread: None };
        let note = format!("configured:{to}");
        if parts.store.note(&note)?.is_some() || parts.store.subscription(&to)?.is_some() {
            continue;
        }
        let now = parts.clock.now();
        let subscription = Subscription::new(to, parts.config.zone, now, "configured".to_owned());
        let notes = vec![(note, now.to_rfc3339())];
        parts.store.commit(Changes {
            subscriptions: vec![subscription],
            notes,
            ..Changes::default()
        })?;
    }
    Ok(())
}

/// Waits; `false` when asked to stop meanwhile.
async fn wait(shared: &Shared, duration: Duration) -> bool {
    shared.stop.run_until_cancelled(shared.parts.clock.sleep(duration)).await.is_some()
}

/// Polls one source at its own pace.
async fn gather(shared: Arc<Shared>, spec: SourceSpec) {
    let Some(kind) = KINDS.iter().find(|kind| kind.name == spec.kind) else { return };
    let Ok(source) = (kind.build)(&spec) else { return };
    let mut first = true;
    loop {
        let state = shared.parts.store.source_state(&spec.id).ok().flatten().unwrap_or_default();
        let state = state.under(&spec.block(shared.parts.clock.now()));
        if state.retired {
            tracing::info!(source.id = %spec.id, "gone for good; not asked any more");
            read_once(&shared, &mut first);
            return;
        }
        let pause = state.wait(shared.parts.clock.now());
        if !pause.is_zero() {
            read_once(&shared, &mut first);
        }
        if !wait(&shared, pause).await {
            return;
        }
        let now = shared.parts.clock.now();
        let poll = shared.parts.ingest.poll(&spec, source.as_ref(), &shared.parts.web, now);
        // A panic in a parser is that source's failure, not the service's.
        let polled = shared.stop.run_until_cancelled(AssertUnwindSafe(poll).catch_unwind()).await;
        match polled {
            None => return,
            Some(Ok(Ok(report))) => log_poll(&report),
            Some(Ok(Err(error))) => {
                tracing::error!(source.id = %spec.id, %error, "a poll could not be stored");
                if !wait(&shared, spec.every).await {
                    return;
                }
            }
            Some(Err(_)) => {
                tracing::error!(source.id = %spec.id, "a poll panicked");
                if !wait(&shared, spec.every).await {
                    return;
                }
            }
        }
        read_once(&shared, &mut first);
    }
}

/// Counts a source's first poll since the start.
fn read_once(shared: &Shared, first: &mut bool) {
    if std::mem::take(first) && shared.unread.fetch_sub(1, Ordering::AcqRel) == 1 {
        shared.all_read.notify_one();
    }
}

fn log_poll(report: &crate::ingest::PollReport) {
    match &report.error {
        Some(reason) => tracing::warn!(source.id = %report.source, %reason, "a source failed"),
        None if report.new > 0 => {
            tracing::info!(source.id = %report.source, new = report.new, set_aside = report.set_aside, "gathered");
        }
        None => tracing::debug!(source.id = %report.source, "nothing new"),
    }
}

/// Publishes what is due. An edition that was missed waits for the first gathering, so that it
/// has the news in it.
async fn publish(shared: Arc<Shared>) {
    let first = tokio::time::timeout(FIRST_ROUND, shared.all_read.notified());
    if shared.stop.run_until_cancelled(first).await.is_none() {
        return;
    }
    loop {
        let now = shared.parts.clock.now();
        match shared.parts.publisher.step(now) {
            Ok(published) => {
                for edition in &published.editions {
                    tracing::info!(edition.id = %edition, deliveries = published.deliveries, "published");
                }
                if published.deliveries > 0 {
                    shared.wake.notify_one();
                }
            }
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "publishing failed; tried again soon"
                );
            }
        }
        let next = (shared.parts.publisher.next(now) - shared.parts.clock.now())
            .to_std()
            .unwrap_or_default();
        if !wait(&shared, next.clamp(Duration::from_millis(200), TICK)).await {
            return;
        }
    }
}

/// Carries deliveries to their chats, one at a time for each chat and many at once.
async fn deliver(shared: Arc<Shared>) {
    let busy: Arc<Mutex<HashSet<Destination>>> = Arc::default();
    let mut running = JoinSet::new();
    while !shared.stop.is_cancelled() {
        let is_busy =
            |to: &Destination| busy.lock().unwrap_or_else(PoisonError::into_inner).contains(to);
        let now = shared.parts.clock.now();
        let claimed = if running.len() < DELIVERIES {
            shared.deliverer.claim(now, DELIVERIES - running.len(), &is_busy)
        } else {
            Ok(Vec::new())
        };
        let claimed = claimed.unwrap_or_else(|error| {
            tracing::error!(
                error = format!("{error:#}"),
                "the outbox cannot be read; tried again soon"
            );
            Vec::new()
        });
        let idle = claimed.is_empty();
        for delivery in claimed {
            busy.lock().unwrap_or_else(PoisonError::into_inner).insert(delivery.to.clone());
            running.spawn(carry(shared.clone(), delivery, busy.clone()));
        }
        let due = if idle { next_look(&shared, now) } else { Duration::from_millis(5) };
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = shared.wake.notified() => {}
            () = shared.parts.clock.sleep(due) => {}
            Some(_) = running.join_next() => {}
        }
        while running.try_join_next().is_some() {}
    }
    // What is being sent now is finished and remembered, so that a restart does not repeat it.
    while running.join_next().await.is_some() {}
}

/// When the outbox is worth another look: when the next delivery falls due, within bounds.
fn next_look(shared: &Shared, now: DateTime<Utc>) -> Duration {
    let due = shared.parts.store.next_due().ok().flatten();
    let wait = due.map_or(TICK, |due| (due - now).to_std().unwrap_or_default());
    wait.clamp(Duration::from_millis(250), TICK)
}

/// Sends a delivery's parts until it ends, has to wait, or a stop is asked for.
async fn carry(shared: Arc<Shared>, delivery: Delivery, busy: Arc<Mutex<HashSet<Destination>>>) {
    let to = delivery.to.clone();
    let mut next = Some(delivery);
    while let Some(delivery) = next.take() {
        let id = delivery.id.clone();
        match shared.deliverer.step(delivery, shared.parts.clock.now()).await {
            Ok(Step::Again(more)) if !shared.stop.is_cancelled() => next = Some(*more),
            Ok(Step::Later(due)) => tracing::info!(delivery.id = %id, %due, "a delivery waits"),
            Ok(Step::Sent) => tracing::debug!(delivery.id = %id, "delivered"),
            Ok(Step::Again(_) | Step::Ended) => {}
            Err(error) => {
                tracing::error!(delivery.id = %id, error = format!("{error:#}"), "a delivery cannot be stored");
            }
        }
    }
    busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&to);
}

/// Forgets what is older than the operator keeps, a little at a time.
async fn sweep(shared: Arc<Shared>) {
    loop {
        let keep = chrono::Duration::days(i64::from(shared.parts.config.keep_days));
        match shared.parts.store.sweep(shared.parts.clock.now() - keep, 2_000) {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, "old articles and stories forgotten"),
            Err(error) => tracing::error!(%error, "old articles cannot be forgotten"),
        }
        if !wait(&shared, Duration::from_secs(3600)).await {
            return;
        }
    }
}

/// Brings the search index up to date: at the start, where it may be made first, and whenever
/// something has changed.
async fn index(shared: Arc<Shared>) {
    let mut first = true;
    loop {
        let search = shared.parts.desk.search.clone();
        let always = std::mem::take(&mut first);
        let caught_up = tokio::task::spawn_blocking(move || {
            if always || search.behind()? > 0 { search.catch_up() } else { Ok(0) }
        });
        match caught_up.await {
            Ok(Ok(0)) => {}
            Ok(Ok(records)) => tracing::debug!(records, "the search index is up to date"),
            Ok(Err(error)) => tracing::error!(%error, "the search index is behind; tried again"),
            Err(_) => {
                tracing::error!("the search index cannot be brought up to date until a restart");
                return;
            }
        }
        if !wait(&shared, INDEX).await {
            return;
        }
    }
}

/// Listens to a platform, and comes back after what reconnecting mends.
async fn listen(shared: Arc<Shared>, platform: Arc<dyn Platform>, events: mpsc::Sender<Event>) {
    let menu = commands::menu();
    let name = platform.name().as_str();
    if let Err(problem) = platform.publish_menu(&menu).await {
        tracing::warn!(platform = name, %problem, "the commands could not be registered");
    }
    let mut pause = Duration::from_secs(2);
    while !shared.stop.is_cancelled() {
        let started = shared.parts.clock.now();
        match platform.listen(&menu, events.clone(), shared.stop.clone()).await {
            Ok(()) => {}
            Err(ListenError::Unauthorized(reason)) => {
                tracing::error!(platform = name, %reason, "the token is refused; this platform stays silent until a restart");
                return;
            }
            Err(error @ (ListenError::Conflict(_) | ListenError::Lost(_))) => {
                tracing::warn!(platform = name, %error, "the connection ended; tried again soon");
            }
        }
        let lasted = (shared.parts.clock.now() - started).to_std().unwrap_or_default();
        pause = if lasted > Duration::from_secs(60) {
            Duration::from_secs(2)
        } else {
            (pause * 2).min(Duration::from_secs(60))
        };
        if !wait(&shared, pause).await {
            return;
        }
    }
}

/// Handles what comes in, many at once.
async fn handle_events(shared: Arc<Shared>, mut events: mpsc::Receiver<Event>) {
    let mut running = JoinSet::new();
    while let Some(Some(event)) = shared.stop.run_until_cancelled(events.recv()).await {
        running.spawn(handle(shared.clone(), event));
        while running.try_join_next().is_some() {}
    }
    while running.join_next().await.is_some() {}
}

async fn handle(shared: Arc<Shared>, event: Event) {
    let result = match event {
        Event::Asked(asked) => answer(&shared, asked).await,
        Event::Completing { name, partial, reply } => {
            suggest(&shared, &name, &partial, &reply).await
        }
        Event::Sharing { platform, query, typed } => share(&shared, platform, &query, typed).await,
        Event::Lost { at, reason } => lost(&shared, &at, &reason),
        Event::Moved { platform, from, to } => moved(&shared, platform, from, to),
    };
    if let Err(error) = result {
        tracing::warn!(error = format!("{error:#}"), "an event could not be handled");
    }
}

/// Answers a command: at once, or after a word that it takes longer.
async fn answer(shared: &Arc<Shared>, asked: Invocation) -> anyhow::Result<()> {
    let Some(platform) = shared.deliverer.platforms.get(&asked.reply.destination().platform) else {
        return Ok(());
    };
    let now = shared.parts.clock.now();
    let (desk, question) = (shared.parts.desk.clone(), asked.clone());
    let mut thinking = tokio::task::spawn_blocking(move || commands::answer(&desk, &question, now));
    let mut target = asked.reply.clone();
    let message = match tokio::time::timeout(QUICK, &mut thinking).await {
        Ok(message) => message?,
        Err(_) => {
            target = platform.defer(&target, false).await?;
            thinking.await?
        }
    };
    reply(shared, platform.as_ref(), target, &message).await?;
    shared.wake.notify_one();
    Ok(())
}

/// Sends an answer's parts, waiting where the platform asks for it.
async fn reply(
    shared: &Shared,
    platform: &dyn Platform,
    mut target: Target,
    message: &Message,
) -> anyhow::Result<()> {
    for part in platform.render(message) {
        let mut tries = 0;
        loop {
            tries += 1;
            match platform.send(&target, &part, None).await {
                Ok(_) => break,
                Err(SendError::Retry { after, .. }) if tries < 4 => {
                    let pause =
                        after.unwrap_or(Duration::from_secs(tries)).min(Duration::from_secs(30));
                    if !wait(shared, pause).await {
                        return Ok(());
                    }
                }
                Err(SendError::Moved { to }) if tries < 4 => {
                    target = Target::Chat(Destination { chat: to, ..target.destination().clone() });
                }
                Err(error) => return Err(error).context("an answer did not arrive"),
            }
        }
    }
    Ok(())
}

async fn suggest(shared: &Shared, name: &str, partial: &str, reply: &Target) -> anyhow::Result<()> {
    let Some(platform) = shared.deliverer.platforms.get(&reply.destination().platform) else {
        return Ok(());
    };
    let suggestions = commands::complete(&shared.parts.desk, name, partial);
    platform.suggest(reply, &suggestions).await.context("suggestions did not arrive")
}

/// Offers cards for sharing in another chat.
async fn share(
    shared: &Shared,
    platform: PlatformName,
    query: &str,
    typed: String,
) -> anyhow::Result<()> {
    let Some(platform) = shared.deliverer.platforms.get(&platform) else { return Ok(()) };
    let (desk, now) = (shared.parts.desk.clone(), shared.parts.clock.now());
    let cards = tokio::task::spawn_blocking(move || commands::share(&desk, &typed, now)).await?;
    platform.share(query, &cards).await.context("nothing could be offered for sharing")
}

fn lost(shared: &Shared, at: &Destination, reason: &str) -> anyhow::Result<()> {
    let subscriptions = deliver::paused(&shared.parts.store, at, reason)?;
    if !subscriptions.is_empty() {
        tracing::info!(chat = %at, %reason, "a chat is gone; its subscription is paused");
        shared.parts.store.commit(Changes { subscriptions, ..Changes::default() })?;
    }
    Ok(())
}

fn moved(shared: &Shared, platform: PlatformName, from: i64, to: i64) -> anyhow::Result<()> {
    let at = |chat| Destination { platform, chat, thread: None };
    let changes = deliver::follow(&shared.parts.store, &at(from), &at(to))?;
    shared.parts.store.commit(changes)?;
    Ok(())
}
