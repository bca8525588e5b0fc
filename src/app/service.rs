//! The service: loops that poll, publish, deliver and listen until they are asked to stop.
//!
//! Every loop is a thin shell around a step that a test can call by hand. One
//! failing source, chat or platform never holds up another.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::app::carrier::Carrier;
use crate::app::events::handle_events;
use crate::app::{Parts, SystemClock, wishes};
use crate::askers::Askers;
use crate::chat::{self, ListenError, MenuItem, Platform, SendError};
use crate::commands;
use crate::config::{self, Config, Secrets};
use crate::deliver::Deliverer;
use crate::model::event::Event;
use crate::model::subscription::{Destination, PlatformName, Subscription};
use crate::sources::http::Web;
use crate::sources::{KINDS, SourceSpec};
use crate::store::Changes;

/// How long a stop may take before what still runs is cut off.
const GRACE: Duration = Duration::from_secs(4);
/// How long the last sync may take.
const LAST_SYNC: Duration = Duration::from_millis(800);
/// Events waiting to be handled; past it a platform's listener waits.
const EVENTS: usize = 256;
/// Commands of one asker that are answered within `ASKING`.
const ASKED: usize = 20;
/// The time in which `ASKED` commands are answered.
const ASKING: chrono::TimeDelta = chrono::TimeDelta::seconds(10);
/// The longest an edition waits at start for the first gathering.
const FIRST_ROUND: Duration = Duration::from_secs(45);
/// The longest wait between two looks at the schedule, so that a clock set anew is noticed.
const TICK: Duration = Duration::from_secs(15);
/// The wait between two looks at the days to come.
const REMINDERS: Duration = Duration::from_secs(600);
/// Days that alerts are kept: what they told is in the stories and the register.
const ALERTS_KEPT: i64 = 60;
/// How long registering the commands may take; at the start listening waits for it.
const MENU: Duration = Duration::from_secs(20);
/// After a failure to register them; doubled with each further one.
const MENU_AGAIN: Duration = Duration::from_secs(2);
/// No longer than this.
const LONGEST_MENU_PAUSE: Duration = Duration::from_secs(600);
/// Between two looks for decisions left on the command line.
const DECISIONS: Duration = Duration::from_secs(1);
/// Between two looks at what the search index has yet to read.
const INDEX: Duration = Duration::from_secs(2);
/// The longest wait for one that cannot be brought up to date.
const INDEX_TROUBLE: Duration = Duration::from_secs(64);

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
        let webhook = match kind.name {
            PlatformName::Telegram => webhook(config, secrets)?,
            PlatformName::Discord | PlatformName::Console => None,
        };
        let connection = chat::Connection {
            api_url: api_url.clone(),
            token,
            application,
            webhook,
            clock: Arc::new(SystemClock),
        };
        let platform = (kind.connect)(connection).map_err(|problem| anyhow::anyhow!(problem))?;
        connected.insert(kind.name, platform);
    }
    Ok(connected)
}

/// Where Telegram is to bring updates, with the secret that belongs to it.
fn webhook(config: &Config, secrets: &Secrets) -> anyhow::Result<Option<chat::Webhook>> {
    let Some(place) = &config.telegram_webhook else { return Ok(None) };
    let secret = secrets.telegram_webhook.clone().with_context(|| {
        format!("telegram.mode is \"webhook\", but {} is not set", config::WEBHOOK_SECRET)
    })?;
    Ok(Some(chat::Webhook { url: place.url.clone(), listen: place.listen, secret }))
}

/// What the loops share.
pub(super) struct Shared {
    pub(super) parts: Parts,
    pub(super) deliverer: Arc<Deliverer>,
    /// Told when there is something new to deliver.
    pub(super) wake: Arc<Notify>,
    /// Sources not yet polled since the start.
    unread: AtomicUsize,
    /// Told when all have been.
    all_read: Notify,
    /// Who asked how often.
    pub(super) askers: Mutex<Askers<(PlatformName, i64)>>,
    pub(super) stop: CancellationToken,
}

/// Runs every loop until `stop`, then waits for what is under way.
pub(super) async fn serve(
    parts: Parts,
    platforms: BTreeMap<PlatformName, Arc<dyn Platform>>,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    subscribe_configured(&parts)?;
    let deliverer = Arc::new(Deliverer::new(
        parts.store.clone(),
        parts.config.lexicon.clone(),
        platforms.clone(),
        parts.config.zone,
    ));
    let unread = AtomicUsize::new(parts.config.sources.len());
    let (wake, all_read) = (Arc::new(Notify::new()), Notify::new());
    let askers = Mutex::new(Askers::new(ASKED, ASKING));
    let shared = Arc::new(Shared { parts, deliverer, wake, unread, all_read, askers, stop });
    let mut loops = JoinSet::new();
    loops.spawn(publish(shared.clone()));
    loops.spawn(carrier(&shared).run());
    loops.spawn(sweep(shared.clone()));
    loops.spawn(decisions(shared.clone()));
    loops.spawn(index(shared.clone()));
    let (sender, events) = mpsc::channel(EVENTS);
    for platform in platforms.into_values() {
        loops.spawn(listen(shared.clone(), platform, sender.clone()));
    }
    drop(sender);
    loops.spawn(handle_events(shared.clone(), events));
    file_watches(&shared).await;
    loops.spawn(remind(shared.clone()));
    for spec in shared.parts.config.sources.clone() {
        loops.spawn(gather(shared.clone(), spec));
    }
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

/// Files what chats asked for before anything is gathered; chats are answered meanwhile.
async fn file_watches(shared: &Shared) {
    let ingest = shared.parts.ingest.clone();
    match tokio::task::spawn_blocking(move || ingest.ready()).await {
        Ok(Ok(watches)) => tracing::debug!(watches, "watches are filed"),
        Ok(Err(error)) => tracing::error!(%error, "watches cannot be read; tried again at a poll"),
        Err(_) => tracing::error!("watches could not be filed; tried again at a poll"),
    }
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

fn carrier(shared: &Shared) -> Carrier {
    Carrier {
        deliverer: shared.deliverer.clone(),
        clock: shared.parts.clock.clone(),
        wake: shared.wake.clone(),
        stop: shared.stop.clone(),
    }
}

/// Waits; `false` when asked to stop meanwhile.
pub(super) async fn wait(shared: &Shared, duration: Duration) -> bool {
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
            Some(Ok(Ok(report))) => {
                log_poll(&report);
                // An alert does not wait for the next look at the outbox.
                shared.wake.notify_one();
            }
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
        // Composing and storing take a while: commands are answered meanwhile.
        let publisher = shared.parts.publisher.clone();
        let step = tokio::task::spawn_blocking(move || publisher.step(now)).await;
        match step.unwrap_or_else(|error| Err(error.into())) {
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

/// Tells of days that have come near.
async fn remind(shared: Arc<Shared>) {
    loop {
        match shared.parts.ingest.remind(shared.parts.clock.now()) {
            Ok(0) => {}
            Ok(alerts) => {
                tracing::info!(alerts, "days that have come near were told");
                shared.wake.notify_one();
            }
            Err(error) => tracing::error!(%error, "reminders failed; tried again soon"),
        }
        if !wait(&shared, REMINDERS).await {
            return;
        }
    }
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
        let before = shared.parts.clock.now() - chrono::Duration::days(ALERTS_KEPT);
        if let Err(error) = shared.parts.store.sweep_alerts(before, 2_000) {
            tracing::error!(%error, "old alerts cannot be forgotten");
        }
        if !wait(&shared, Duration::from_secs(3600)).await {
            return;
        }
    }
}

/// Takes up what the operator decided on the command line meanwhile.
async fn decisions(shared: Arc<Shared>) {
    loop {
        let (config, store) = (shared.parts.config.clone(), shared.parts.store.clone());
        let taken = tokio::task::spawn_blocking(move || wishes::take_up(&config, &store)).await;
        match taken {
            // It may have been a delivery to be tried again.
            Ok(Ok(1..)) => shared.wake.notify_one(),
            Ok(Ok(0)) | Err(_) => {}
            Ok(Err(error)) => {
                let error = format!("{error:#}");
                tracing::error!(error, "a decision cannot be taken up; tried again soon");
            }
        }
        if !wait(&shared, DECISIONS).await {
            return;
        }
    }
}

/// Brings the search index up to date: at the start, where it may be made first, and whenever
/// something has changed; after trouble less and less often.
async fn index(shared: Arc<Shared>) {
    let mut first = true;
    let mut pause = INDEX;
    loop {
        let search = shared.parts.desk.search.clone();
        let always = std::mem::take(&mut first);
        let caught_up = tokio::task::spawn_blocking(move || {
            let behind = always || search.is_doubted() || search.behind()? > 0;
            if behind { search.catch_up() } else { Ok(0) }
        });
        pause = match caught_up.await {
            Ok(Ok(0)) => INDEX,
            Ok(Ok(records)) => {
                tracing::debug!(records, "the search index is up to date");
                INDEX
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the search index is behind; tried again");
                (pause * 2).min(INDEX_TROUBLE)
            }
            Err(_) => {
                tracing::error!("reading into the search index panicked; it is made anew");
                shared.parts.desk.search.doubt();
                INDEX_TROUBLE
            }
        };
        if !wait(&shared, pause).await {
            return;
        }
    }
}

/// Offers a platform's commands and listens to it.
async fn listen(shared: Arc<Shared>, platform: Arc<dyn Platform>, events: mpsc::Sender<Event>) {
    let menu = commands::menu();
    // A network that is not up yet must not cost the menu; what waits for it meanwhile is listened to.
    let registered = register(&shared, platform.as_ref(), &menu).await;
    let again = async {
        let mut pause = MENU_AGAIN;
        let mut registered = registered;
        while !registered && wait(&shared, pause).await {
            registered = register(&shared, platform.as_ref(), &menu).await;
            pause = (pause * 2).min(LONGEST_MENU_PAUSE);
        }
    };
    futures::join!(again, hear(&shared, platform.as_ref(), &menu, &events));
}

/// Registers the commands; whether that need not be tried again.
async fn register(shared: &Shared, platform: &dyn Platform, menu: &[MenuItem]) -> bool {
    let registering = tokio::time::timeout(MENU, platform.publish_menu(menu));
    let problem = match shared.stop.run_until_cancelled(registering).await {
        None | Some(Ok(Ok(()))) => return true,
        Some(Ok(Err(problem))) => problem,
        Some(Err(_)) => {
            let reason = "there was no answer".to_owned();
            SendError::Retry { after: None, reason }
        }
    };
    let again = matches!(problem, SendError::Retry { .. });
    let platform = platform.name().as_str();
    tracing::warn!(platform, %problem, again, "the commands could not be registered");
    !again
}

/// Listens, and comes back after what reconnecting mends.
async fn hear(
    shared: &Shared,
    platform: &dyn Platform,
    menu: &[MenuItem],
    events: &mpsc::Sender<Event>,
) {
    let name = platform.name().as_str();
    let mut pause = Duration::from_secs(2);
    let mut told = String::new();
    while !shared.stop.is_cancelled() {
        let started = shared.parts.clock.now();
        match platform.listen(menu, events.clone(), shared.stop.clone()).await {
            Ok(()) => {}
            Err(ListenError::Unauthorized(reason)) => {
                tracing::error!(platform = name, %reason, "the token is refused; this platform stays silent until a restart");
                return;
            }
            // What lasts is told once, not at every try.
            Err(error @ (ListenError::Conflict(_) | ListenError::Lost(_))) => {
                let error = error.to_string();
                if error == told {
                    tracing::debug!(platform = name, %error, "the connection ended once more");
                } else {
                    tracing::warn!(platform = name, %error, "the connection ended; tried again");
                    told = error;
                }
            }
        }
        let lasted = (shared.parts.clock.now() - started).to_std().unwrap_or_default();
        pause = if lasted > Duration::from_secs(60) {
            told.clear();
            Duration::from_secs(2)
        } else {
            (pause * 2).min(Duration::from_secs(60))
        };
        if !wait(shared, pause).await {
            return;
        }
    }
}
