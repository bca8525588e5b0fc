//! Listening by long polls: updates in, events out, each handed over before it is confirmed.
//!
//! One update is handled after the other and none is lost: what was not
//! handed over stays with Telegram, what was is confirmed by the next poll or,
//! at the end, by a last one. What an update becomes is the same for updates
//! that Telegram brings.

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use teloxide::payloads::{DeleteWebhookSetters, GetUpdatesSetters};
use teloxide::requests::Requester;
use teloxide::types::{AllowedUpdate, Update, UpdateKind};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::telegram::api::{Api, Failure, GetChat, GetChatMember, GetMe, Named};
use crate::chat::telegram::order::Turns;
use crate::chat::telegram::send::{acknowledge, alert};
use crate::chat::telegram::update::{self, Asker, Found};
use crate::chat::{ListenError, MenuItem};
use crate::clock::Clock;
use crate::model::event::{About, Event, Invocation, Target};
use crate::model::subscription::{Destination, PlatformName};
use crate::text;

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
const REMEMBERED: usize = 1024;

/// The kinds of updates asked for, by Telegram's names.
pub(super) const KINDS: [&str; 5] =
    ["message", "channel_post", "callback_query", "inline_query", "my_chat_member"];

/// What was handed over so far; outlives one `listen`, so a second one repeats nothing. Polls and
/// what Telegram brings share it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The next update wanted; zero before the first.
    next: AtomicI32,
    seen: Mutex<Seen>,
    /// The trouble told last, while it lasts.
    told: Mutex<Option<String>>,
    /// Posts without the right secret.
    pub(super) refused: Arc<AtomicU64>,
    /// Whose turn it is of those that are brought.
    pub(super) turns: Turns,
}

#[derive(Debug, Default)]
struct Seen {
    /// Updates handed over, the latest at the end.
    recent: VecDeque<u32>,
    /// Updates being handed over.
    open: HashSet<u32>,
}

/// How an update stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// It is the caller's to hand over.
    New,
    /// Somebody is handing it over.
    Open,
    /// It was handed over.
    Done,
}

/// One listening, from start to stop.
pub(super) struct Listener<'a> {
    pub(super) api: &'a Api,
    pub(super) clock: &'a dyn Clock,
    pub(super) menu: &'a [MenuItem],
    pub(super) events: mpsc::Sender<Event>,
    pub(super) progress: &'a Progress,
    /// The bot's name; unknown until Telegram said it.
    pub(super) name: &'a OnceLock<String>,
}

impl Progress {
    /// Claims an update, so that the same one is handed over only once.
    fn claim(&self, id: u32) -> Claim {
        let mut seen = locked(&self.seen);
        if seen.recent.contains(&id) {
            Claim::Done
        } else if seen.open.insert(id) {
            Claim::New
        } else {
            Claim::Open
        }
    }

    /// Gives a claimed update back: it was handed over, or it was not and may come again.
    fn settle(&self, id: u32, handed_over: bool) {
        let mut seen = locked(&self.seen);
        seen.open.remove(&id);
        if handed_over {
            seen.recent.push_back(id);
        }
        if seen.recent.len() > REMEMBERED {
            seen.recent.pop_front();
        }
    }

    fn confirm(&self, id: u32) {
        self.next.store(i32::try_from(id).unwrap_or(0).saturating_add(1), Ordering::Relaxed);
    }

    /// Logs a trouble, as a warning only when it was not the last one told.
    pub(super) fn trouble(&self, words: &str) {
        let mut told = locked(&self.told);
        if told.as_deref() == Some(words) {
            tracing::debug!(reason = words, "Telegram is still not listened to");
        } else {
            tracing::warn!(reason = words, "Telegram is not listened to; tried again");
            *told = Some(words.to_owned());
        }
    }

    /// Notes that listening works, and says so where it did not before.
    pub(super) fn works(&self) {
        if locked(&self.told).take().is_some() {
            tracing::info!("Telegram is listened to again");
        }
    }
}

/// The claim to an update, given back however the handing over ends.
struct Held<'a> {
    progress: &'a Progress,
    id: u32,
    handed_over: bool,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.progress.settle(self.id, self.handed_over);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
                    self.progress.works();
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
                        return Err(rival(&failure));
                    }
                    let pause = pause(&failure, failures);
                    self.progress.trouble(&failure.to_string());
                    failures += 1;
                    self.clock.sleep(pause).await;
                }
            }
        }
    }

    /// Does what is next: learns the bot's name, frees polling from a webhook, polls. Says
    /// whether somebody still takes events.
    async fn step(&mut self, free: &mut bool) -> Result<bool, Failure> {
        self.learn_name().await?;
        if !*free {
            let request = self.api.bot().delete_webhook().drop_pending_updates(false);
            self.api.ask(request).await?;
            *free = true;
        }
        for update in self.poll(POLL, 100).await? {
            let id = update.id.0;
            match self.hand_over(update).await {
                Some(Claim::New | Claim::Done) => self.progress.confirm(id),
                // It comes again with the next poll.
                Some(Claim::Open) => return Ok(true),
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Asks who the bot is, unless that is known.
    pub(super) async fn learn_name(&self) -> Result<(), Failure> {
        if self.name.get().is_none() {
            let me = self.api.ask(self.api.request(GetMe {})).await?;
            self.name.get_or_init(|| me.username);
        }
        Ok(())
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

    /// Passes one update on, and says how it stood before; `None` when nobody takes events any
    /// more. Between the sending and the note that it was sent nothing can be interrupted.
    pub(super) async fn hand_over(&self, update: Update) -> Option<Claim> {
        let id = update.id.0;
        let claim = self.progress.claim(id);
        if claim == Claim::New {
            let mut held = Held { progress: self.progress, id, handed_over: false };
            if let Some(event) = self.event(update.kind).await
                && self.events.send(event).await.is_err()
            {
                return None;
            }
            held.handed_over = true;
        }
        Some(claim)
    }

    async fn event(&self, update: UpdateKind) -> Option<Event> {
        let name = self.name.get().map(String::as_str).unwrap_or_default();
        match update::read(update, name, self.menu)? {
            Found::Event(event) => Some(event),
            Found::Asked(asked, asker) => {
                let asked = self.authorized(*asked, asker).await;
                if let Target::Edit { callback: Some(callback), .. } = &asked.reply
                    && !asked.may_manage
                    && self.manages(&asked.name)
                {
                    // An answer would stand in place of the message for everybody in the chat.
                    alert(self.api, callback, "Only the chat's administrators can change this.")
                        .await;
                    return None;
                }
                Some(Event::Asked(asked))
            }
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
                let manages = self.manages(&asked.name);
                // A deep link can ask for what only administrators may do.
                let linked = asked.name == "start" && !asked.args.is_empty();
                (manages || linked)
                    && self.is_administrator(asked.reply.destination().chat, user).await
            }
        };
        if asked.private_chat
            && self.manages(&asked.name)
            && let Some((name, args)) = other_chat(&asked.args)
        {
            asked.about = Some(Box::new(self.about(name, asked.asker).await));
            asked.args = args;
        }
        asked
    }

    fn manages(&self, command: &str) -> bool {
        self.menu.iter().any(|item| item.name == command && item.manage)
    }

    /// Another chat that a command names, and whether bot and asker may do there what it takes.
    async fn about(&self, name: String, asker: Option<i64>) -> About {
        let nobody =
            "Telegram does not say who you are, so I cannot look up your rights.".to_owned();
        let asker = asker.and_then(|asker| u64::try_from(asker).ok()).ok_or(nobody);
        let request = self.api.request(GetChat { chat_id: name.clone() });
        let found = match self.api.ask_within(RIGHTS, request).await {
            Ok(found) => found,
            Err(failure) => {
                let chat = Err(match failure {
                    Failure::Refused(_) => format!(
                        "I find no channel {name}. Look at the spelling, and if the channel is private, add me \
                         to it as an administrator first."
                    ),
                    _ => UNKNOWN.to_owned(),
                });
                return About { label: name.clone(), name, chat };
            }
        };
        let label = text::cut(&text::one_line(&found.title), 100);
        let label = if label.is_empty() { name.clone() } else { label };
        let chat = match asker {
            Ok(asker) => self.both_may(&found, &label, asker).await,
            Err(nobody) => Err(nobody),
        };
        // From here on by its id: a name is longer, and may be given to another chat.
        About { name: found.id.to_string(), label, chat }
    }

    async fn both_may(
        &self,
        found: &Named,
        label: &str,
        asker: u64,
    ) -> Result<Destination, String> {
        if !matches!(found.kind.as_str(), "channel" | "supergroup" | "group") {
            return Err(format!(
                "{label} is a person, not a channel. There, send the command yourself."
            ));
        }
        let posts = if found.kind == "channel" { " with the right to post messages" } else { "" };
        let add = format!(
            "I am not an administrator of {label}{posts}. Make me one, then send this again."
        );
        let member = async |user_id| {
            let request = self.api.request(GetChatMember { chat_id: found.id, user_id });
            self.api.ask_within(RIGHTS, request).await
        };
        match member(self.api.id()).await {
            Ok(me) if me.manages() && (found.kind != "channel" || me.can_post_messages) => {}
            Ok(_) | Err(Failure::Refused(_)) => return Err(add),
            Err(_) => return Err(UNKNOWN.to_owned()),
        }
        match member(asker).await {
            Ok(asker) if asker.manages() => {
                Ok(Destination { platform: PlatformName::Telegram, chat: found.id, thread: None })
            }
            Ok(_) | Err(Failure::Refused(_)) => {
                Err(format!("Only administrators of {label} can change what it receives."))
            }
            Err(_) => Err(UNKNOWN.to_owned()),
        }
    }

    /// Whether the user manages the chat; no, when Telegram does not say.
    async fn is_administrator(&self, chat_id: i64, user_id: u64) -> bool {
        let request = self.api.request(GetChatMember { chat_id, user_id });
        match self.api.ask_within(RIGHTS, request).await {
            Ok(member) => member.manages(),
            Err(failure) => {
                tracing::warn!(%failure, "an asker's rights are not known");
                false
            }
        }
    }
}

/// Two programs with one token: what an operator can do about it.
fn rival(failure: &Failure) -> ListenError {
    ListenError::Conflict(format!(
        "another program listens with the same Telegram token; stop it, or give it a bot of its \
         own ({failure})"
    ))
}

/// Said when Telegram does not tell about a chat.
const UNKNOWN: &str =
    "Telegram does not answer about that chat just now. Send this again in a minute.";

/// The chat that a command's words begin with, and the other words: `@name`, `t.me/name`, or the id of
/// a group or channel.
fn other_chat(args: &str) -> Option<(String, String)> {
    let (word, rest) = args.split_once(' ').unwrap_or((args, ""));
    let link = ["https://t.me/", "t.me/"].into_iter().find_map(|lead| word.strip_prefix(lead));
    let name = link.or_else(|| word.strip_prefix('@'));
    let chat = match name {
        Some(name) => {
            let fits = (4..=32).contains(&name.len());
            let clean = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            (fits && clean).then(|| format!("@{name}"))?
        }
        None => word.parse::<i64>().ok().filter(|id| *id < -999)?.to_string(),
    };
    Some((chat, rest.trim().to_owned()))
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
