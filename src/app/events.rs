//! What people do in chats, handled: commands answered, chats that are gone paused.
//!
//! One chat's commands are handled in their order, many chats at once. An answer
//! goes before any delivery, and waits only where its platform asks for it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::app::service::{Shared, wait};
use crate::askers::Verdict;
use crate::chat::{Platform, SendError};
use crate::commands;
use crate::deliver;
use crate::lanes::Lanes;
use crate::model::event::{Event, Invocation, Target};
use crate::model::message::Message;
use crate::model::subscription::{Destination, PlatformName};
use crate::store::Store;

/// Events being handled at once; an answer waits for its platform's limits meanwhile.
const HANDLED: usize = 256;
/// A command that takes longer than this is answered with "working on it" first.
const QUICK: Duration = Duration::from_millis(1_500);

/// Handles what comes in: one chat's commands in their order, many chats at once.
pub(super) async fn handle_events(shared: Arc<Shared>, mut events: mpsc::Receiver<Event>) {
    let mut lanes = Lanes::default();
    let mut running = JoinSet::new();
    loop {
        let next = tokio::select! {
            () = shared.stop.cancelled() => break,
            // While too much waits, the listeners wait as well.
            event = events.recv(), if running.len() + lanes.waiting() < HANDLED => match event {
                None => break,
                // Who asks too often takes nobody's place.
                Some(event) => match verdict(&shared, &event) {
                    Verdict::Ignore => None,
                    Verdict::SlowDown => Some((None, Work::SlowDown(event))),
                    Verdict::Answer => match lane(&event) {
                        None => Some((None, Work::Whole(event))),
                        Some(at) => {
                            lanes.enter(at, Work::Whole(event)).map(|work| (Some(at), work))
                        }
                    },
                },
            },
            Some(ended) = running.join_next() => match ended {
                Ok(Some(at)) => lanes.leave(&at).map(|work| (Some(at), work)),
                Ok(None) | Err(_) => None,
            },
        };
        if let Some((at, work)) = next {
            running.spawn(in_lane(shared.clone(), at, work));
        }
    }
    // What was taken from a platform is answered before the end, as far as the time allows.
    while let Some(ended) = running.join_next().await {
        if let Ok(Some(at)) = ended
            && let Some(work) = lanes.leave(&at)
        {
            running.spawn(in_lane(shared.clone(), Some(at), work));
        }
    }
}

/// What is done about an event.
enum Work {
    /// It is handled.
    Whole(Event),
    /// Who asked is told that this is too fast.
    SlowDown(Event),
}

/// Does the work and gives its lane. A panic in one answer does not close its chat's lane.
async fn in_lane<L>(shared: Arc<Shared>, at: L, work: Work) -> L {
    if AssertUnwindSafe(handle(shared, work)).catch_unwind().await.is_err() {
        tracing::error!("handling an event panicked");
    }
    at
}

/// The chat whose order an event keeps; suggestions to half-typed text wait for nothing.
fn lane(event: &Event) -> Option<(PlatformName, i64)> {
    match event {
        Event::Asked(asked) => {
            let to = asked.reply.destination();
            Some((to.platform, to.chat))
        }
        Event::Completing { .. } | Event::Sharing { .. } => None,
        Event::Lost { at, .. } => Some((at.platform, at.chat)),
        Event::Moved { platform, from, .. } => Some((*platform, *from)),
    }
}

async fn handle(shared: Arc<Shared>, work: Work) {
    let result = match work {
        Work::SlowDown(Event::Asked(asked)) => slow_down(&shared, asked.reply).await,
        Work::SlowDown(_) => Ok(()),
        Work::Whole(event) => handle_event(&shared, event).await,
    };
    if let Err(error) = result {
        tracing::warn!(error = format!("{error:#}"), "an event could not be handled");
    }
}

async fn slow_down(shared: &Shared, to: Target) -> anyhow::Result<()> {
    let Some(platform) = shared.deliverer.platforms.get(&to.destination().platform) else {
        return Ok(());
    };
    let message = Message::text("That is faster than I can answer. Give me ten seconds.");
    reply(shared, platform.as_ref(), to, &message).await
}

async fn handle_event(shared: &Arc<Shared>, event: Event) -> anyhow::Result<()> {
    match event {
        Event::Asked(asked) => answer(shared, asked).await,
        Event::Completing { name, partial, reply } => {
            suggest(shared, &name, &partial, &reply).await
        }
        Event::Sharing { platform, query, typed, from } => {
            share(shared, platform, &query, typed, from).await
        }
        Event::Lost { at, reason } => lost(shared, &at, &reason),
        Event::Moved { platform, from, to } => moved(shared, platform, from, to),
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

/// Whether the asker, or the chat where nobody in particular asks, is too fast.
fn verdict(shared: &Shared, event: &Event) -> Verdict {
    let Event::Asked(asked) = event else { return Verdict::Answer };
    let now = shared.parts.clock.now();
    let at = asked.reply.destination();
    let asker = (at.platform, asked.asker.unwrap_or(at.chat));
    shared.askers.lock().unwrap_or_else(PoisonError::into_inner).ask(asker, now)
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
            if !turn(shared, &target).await {
                return Ok(());
            }
            let sent = platform.send(&target, &part, None).await;
            shared.deliverer.heed(platform, shared.parts.clock.now());
            match sent {
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

/// Waits until an answer may go, which is before any delivery; `false` when asked to stop meanwhile.
async fn turn(shared: &Shared, target: &Target) -> bool {
    let changes = match target {
        // The answer to an interaction is outside all limits.
        Target::Interaction { .. } => return true,
        Target::Edit { .. } => true,
        Target::Chat(_) | Target::Reply { .. } => false,
    };
    let now = shared.parts.clock.now();
    let at = shared.deliverer.pace().book(target.destination(), changes, now);
    match (at - now).to_std() {
        Ok(pause) if !pause.is_zero() => wait(shared, pause).await,
        _ => true,
    }
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
    from: usize,
) -> anyhow::Result<()> {
    let Some(platform) = shared.deliverer.platforms.get(&platform) else { return Ok(()) };
    let (desk, now) = (shared.parts.desk.clone(), shared.parts.clock.now());
    let find = move || commands::share(&desk, &typed, from, now);
    let cards = tokio::task::spawn_blocking(find).await?;
    platform.share(query, &cards).await.context("nothing could be offered for sharing")
}

fn lost(shared: &Shared, at: &Destination, reason: &str) -> anyhow::Result<()> {
    let gone = shared.parts.store.change(|store| {
        let changes = deliver::paused(store, at, reason)?;
        let gone = !(changes.paused.is_empty() && changes.watches.is_empty());
        anyhow::Ok((changes, gone))
    })?;
    if gone {
        tracing::info!(chat = %at, %reason, "a chat is gone; its subscription is paused");
    }
    Ok(())
}

fn moved(shared: &Shared, platform: PlatformName, from: i64, to: i64) -> anyhow::Result<()> {
    let at = |chat| Destination { platform, chat, thread: None };
    let follow = |store: &Store| Ok((deliver::follow(store, &at(from), &at(to))?, ()));
    shared.parts.store.change(follow)
}
