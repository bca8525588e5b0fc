//! Listening by long polls: updates in, events out, each handed over before it is confirmed.
//!
//! One update is handled after the other and none is lost: what was not
//! handed over stays with Telegram, what was is confirmed by the next poll or,
//! at the end, by a last one.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use teloxide::payloads::{DeleteWebhookSetters, GetUpdatesSetters};
use teloxide::requests::Requester;
use teloxide::types::{AllowedUpdate, Update, UpdateKind};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::telegram::api::{Api, Failure, GetChatMember, GetMe};
use crate::chat::telegram::send::acknowledge;
use crate::chat::telegram::update::{self, Asker, Found};
use crate::chat::{ListenError, MenuItem};
use crate::clock::Clock;
use crate::model::event::{Event, Invocation};

/// Seconds Telegram may hold a poll open; well below the client's own limit.
const POLL: u32 = 10;

/// Seconds between tries, at most.
const LONGEST_PAUSE: u64 = 30;

/// A conflict that lasts longer than this many tries is not a predecessor shutting down.
const CONFLICTS: u32 = 5;

/// How long the last poll may take.
const FAREWELL: Duration = Duration::from_millis(800);

/// How long it may take to learn whether somebody is an administrator.
const RIGHTS: Duration = Duration::from_secs(5);

/// Update ids remembered. Ids may start anew at random after a quiet week, so a duplicate is
/// known by its id, never by the order of ids.
const REMEMBERED: usize = 256;

/// What was handed over so far; outlives one `listen`, so a second one repeats nothing.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The next update wanted; zero before the first.
    next: AtomicI32,
    /// Updates handed over, the latest at the end.
    recent: Mutex<VecDeque<u32>>,
}

/// One listening, from start to stop.
pub(super) struct Listener<'a> {
    pub(super) api: &'a Api,
    pub(super) clock: &'a dyn Clock,
    pub(super) menu: &'a [MenuItem],
    pub(super) events: mpsc::Sender<Event>,
    pub(super) progress: &'a Progress,
    /// The bot's name; unknown until Telegram said it.
    pub(super) name: Option<String>,
}

impl Progress {
    fn is_new(&self, id: u32) -> bool {
        !self.recent().contains(&id)
    }

    fn handed_over(&self, id: u32) {
        let mut recent = self.recent();
        recent.push_back(id);
        if recent.len() > REMEMBERED {
            recent.pop_front();
        }
        self.next.store(i32::try_from(id).unwrap_or(0).saturating_add(1), Ordering::Relaxed);
    }

    fn recent(&self) -> std::sync::MutexGuard<'_, VecDeque<u32>> {
        self.recent.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Listener<'_> {
    /// Listens until `stop`, or until nobody takes the events any more.
    ///
    /// # Errors
    ///
    /// When the token is refused, or another process keeps polling with it.
    pub(super) async fn run(mut self, stop: CancellationToken) -> Result<(), ListenError> {
        let ended = stop.run_until_cancelled(Box::pin(self.work())).await;
        if let None | Some(Ok(())) = ended {
            self.farewell().await;
        }
        ended.unwrap_or(Ok(()))
    }

    async fn work(&mut self) -> Result<(), ListenError> {
        let mut failures = 0;
        let mut conflicts = 0;
        let mut free = false;
        loop {
            match self.step(&mut free).await {
                Ok(true) => {
                    if failures > 0 {
                        tracing::info!("Telegram answers again");
                    }
                    (failures, conflicts) = (0, 0);
                }
                Ok(false) => return Ok(()),
                Err(Failure::Token) => {
                    return Err(ListenError::Unauthorized(Failure::Token.to_string()));
                }
                Err(failure) => {
                    if is_conflict(&failure) {
                        conflicts += 1;
                        free = false;
                    }
                    if conflicts >= CONFLICTS {
                        return Err(ListenError::Conflict(format!(
                            "another program listens with the same Telegram token: {failure}"
                        )));
                    }
                    let pause = pause(&failure, failures);
                    tracing::warn!(%failure, tries = failures + 1, "Telegram is not listened to");
                    failures += 1;
                    self.clock.sleep(pause).await;
                }
            }
        }
    }

    /// Does what is next: learns the bot's name, frees polling from a webhook, polls. Says
    /// whether somebody still takes events.
    async fn step(&mut self, free: &mut bool) -> Result<bool, Failure> {
        if self.name.is_none() {
            let me = self.api.ask(self.api.request(GetMe {})).await?;
            self.name = Some(me.username);
        }
        if !*free {
            let request = self.api.bot().delete_webhook().drop_pending_updates(false);
            self.api.ask(request).await?;
            *free = true;
        }
        for update in self.poll(POLL, 100).await? {
            if !self.hand_over(update).await {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn poll(&self, seconds: u32, limit: u8) -> Result<Vec<Update>, Failure> {
        let mut request =
            self.api.bot().get_updates().timeout(seconds).limit(limit).allowed_updates([
                AllowedUpdate::Message,
                AllowedUpdate::ChannelPost,
                AllowedUpdate::CallbackQuery,
                AllowedUpdate::InlineQuery,
                AllowedUpdate::MyChatMember,
            ]);
        let next = self.progress.next.load(Ordering::Relaxed);
        if next != 0 {
            request = request.offset(next);
        }
        self.api.ask(request).await
    }

    /// Confirms what was handed over, so that a restart hears nothing twice.
    async fn farewell(&self) {
        if self.progress.next.load(Ordering::Relaxed) == 0 {
            return;
        }
        match tokio::time::timeout(FAREWELL, self.poll(0, 1)).await {
            Ok(Ok(_)) => {}
            Ok(Err(failure)) => tracing::warn!(%failure, "the last updates are not confirmed"),
            Err(_) => tracing::warn!("the last updates are not confirmed in time"),
        }
    }

    /// Passes one update on; false when nobody takes events any more. Between the sending and
    /// the note that it was sent nothing can be interrupted.
    async fn hand_over(&self, update: Update) -> bool {
        let id = update.id.0;
        if self.progress.is_new(id)
            && let Some(event) = self.event(update.kind).await
            && self.events.send(event).await.is_err()
        {
            return false;
        }
        self.progress.handed_over(id);
        true
    }

    async fn event(&self, update: UpdateKind) -> Option<Event> {
        let name = self.name.as_deref().unwrap_or_default();
        match update::read(update, name, self.menu)? {
            Found::Event(event) => Some(event),
            Found::Asked(asked, asker) => Some(Event::Asked(self.authorized(*asked, asker).await)),
            Found::Tapped { callback, asked } => {
                acknowledge(self.api, &callback).await;
                let (asked, asker) = asked?;
                Some(Event::Asked(self.authorized(*asked, asker).await))
            }
        }
    }

    /// The invocation with the asker's right to manage the chat, asked for only where it matters.
    async fn authorized(&self, mut asked: Invocation, asker: Asker) -> Invocation {
        asked.may_manage = match asker {
            Asker::Manager => true,
            Asker::Stranger => false,
            Asker::User(user) => {
                let manages = self.menu.iter().any(|item| item.name == asked.name && item.manage);
                manages && self.is_administrator(asked.reply.destination().chat, user).await
            }
        };
        asked
    }

    /// Whether the user manages the chat; no, when Telegram does not say.
    async fn is_administrator(&self, chat_id: i64, user_id: u64) -> bool {
        let request = self.api.request(GetChatMember { chat_id, user_id });
        match self.api.ask_within(RIGHTS, request).await {
            Ok(member) => matches!(member.status.as_str(), "creator" | "administrator"),
            Err(failure) => {
                tracing::warn!(%failure, "an asker's rights are not known");
                false
            }
        }
    }
}

fn is_conflict(failure: &Failure) -> bool {
    let Failure::Refused(words) = failure else { return false };
    let words = words.to_lowercase();
    words.contains("conflict") || words.contains("getupdates")
}

/// How long to wait after the failure that had `failures` before it.
fn pause(failure: &Failure, failures: u32) -> Duration {
    match failure {
        Failure::Wait(after) => *after,
        _ => Duration::from_secs(LONGEST_PAUSE.min(1 << failures.min(5))),
    }
}
