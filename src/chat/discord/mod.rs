//! Discord: messages as embeds, slash commands, buttons and completion.
//!
//! Nothing it sends can ping anybody, and nothing it returns or logs holds the
//! bot's token or an interaction's.

mod buckets;
mod escape;
mod gateway;
mod line;
mod menu;
mod place;
mod post;
mod render;
mod rest;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::{
    Connection, EditError, ListenError, MenuItem, Part, Platform, Posting, SendError,
};
use crate::model::delivery::Receipt;
use crate::model::event::{Event, Target};
use crate::model::message::Message;
use crate::model::subscription::{Destination, PlatformName};
use crate::pace::Lesson;
use crate::text;
use line::CommandIds;
use place::Places;
use post::{NO_TEXT_HERE, PassedOn};
use rest::{Call, Refused, Rest};

/// What a log filter must say about the library underneath: its spans and warnings hold whole
/// events, and an interaction's event holds its token.
pub const LOG_DIRECTIVE: &str = "serenity=error";

/// What the bot must be allowed to do in a server, as Discord's permission bits: see channels,
/// send messages, also in threads, embed links, read the history it answers in, open threads for
/// discussion.
const PERMISSIONS: u64 = 1 << 10 | 1 << 11 | 1 << 14 | 1 << 16 | 1 << 35 | 1 << 38;
/// Longest nonce Discord takes.
const NONCE: usize = 25;
/// Most suggestions under a half-typed argument, and the longest of them.
const CHOICES: usize = 25;
const CHOICE: usize = 100;
/// How many answered interactions are remembered. Each lives for 15 minutes at most.
const REMEMBERED: usize = 1024;
/// Discord's answer to a second answer.
const ALREADY_ANSWERED: i64 = 40060;

/// Makes the platform; connects to nothing yet.
///
/// # Errors
///
/// One plain sentence without the token.
pub fn connect(connection: Connection) -> Result<Arc<dyn Platform>, String> {
    Ok(Arc::new(Discord(Arc::new(State::new(connection)?))))
}

/// The link by which the bot is added to a server or an account, with just the permissions it
/// needs.
#[must_use]
pub fn invite_link(application: u64) -> String {
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}\
         &scope=bot+applications.commands&permissions={PERMISSIONS}"
    )
}

/// Discord's refusal of what is done in an archived thread.
const ARCHIVED: i64 = 50083;
/// Said of a message in a thread that can no longer be opened.
const LOCKED: &str = "The thread of the message is locked.";

struct Discord(Arc<State>);

/// What is known about the bot, shared by sending and listening.
struct State {
    rest: Rest,
    /// The application's id, once known.
    application: Mutex<Option<u64>>,
    menu: Mutex<Menu>,
    /// The bot's id as a user, once known.
    user: Mutex<Option<u64>>,
    places: Mutex<Places>,
    passed_on: Mutex<PassedOn>,
    /// Interactions whose first answer was sent: what follows is a follow-up message.
    answered: Mutex<VecDeque<u64>>,
}

/// The commands as Discord has them.
#[derive(Default)]
struct Menu {
    /// What was last registered by this process.
    registered: Option<Value>,
    ids: CommandIds,
}

impl State {
    fn new(connection: Connection) -> Result<Self, String> {
        let token = connection.token.expose_secret();
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err("The Discord token is empty or holds characters no token has.".to_owned());
        }
        let base = url::Url::parse(&connection.api_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if base.is_none() {
            return Err("discord.api_url is not an http or https address.".to_owned());
        }
        Ok(Self {
            rest: Rest::new(&connection.api_url, connection.token, connection.clock)?,
            application: Mutex::new(connection.application),
            menu: Mutex::default(),
            user: Mutex::default(),
            places: Mutex::default(),
            passed_on: Mutex::default(),
            answered: Mutex::default(),
        })
    }

    /// The application's id: configured, learned, or asked for.
    async fn application(&self) -> Result<u64, SendError> {
        if let Some(id) = *locked(&self.application) {
            return Ok(id);
        }
        let answer = self.rest.call(Call::new(Method::GET, "/applications/@me", None)).await?;
        let id = snowflake(&answer["id"]).ok_or_else(|| unreadable("its application"))?;
        *locked(&self.application) = Some(id);
        Ok(id)
    }

    /// Posts the part as a new message in a channel or thread.
    async fn try_post(
        &self,
        channel: i64,
        part: &Part,
        nonce: Option<&str>,
    ) -> Result<Receipt, Refused> {
        let mut body = part.0.clone();
        // Only the answer to an interaction can be seen by one person alone.
        set_flags(&mut body, |flags| flags & !render::EPHEMERAL);
        if let Some(nonce) = nonce {
            body["nonce"] = json!(short_nonce(nonce));
            body["enforce_nonce"] = json!(true);
        }
        let path = format!("/channels/{channel}/messages");
        let answer = self.rest.call(Call::new(Method::POST, &path, Some(&body))).await?;
        Ok(standing(&answer)?)
    }

    async fn edit(&self, channel: i64, message: i64, part: &Part) -> Result<Receipt, Refused> {
        let path = format!("/channels/{channel}/messages/{message}");
        let body = replacing(part);
        let answer = self.rest.call(Call::new(Method::PATCH, &path, Some(&body))).await?;
        Ok(standing(&answer)?)
    }

    /// The same; a thread that was put away is opened again for it.
    async fn amend(&self, channel: i64, message: i64, part: &Part) -> Result<Receipt, Refused> {
        match self.edit(channel, message, part).await {
            Err(refused) if refused.code == ARCHIVED => {
                let body = json!({ "archived": false });
                let path = format!("/channels/{channel}");
                let opened = self.rest.call(Call::new(Method::PATCH, &path, Some(&body))).await;
                match opened.map_err(|refused| refused.error) {
                    Ok(_) => self.edit(channel, message, part).await,
                    // A moderator has locked it.
                    Err(SendError::Forbidden(_) | SendError::Rejected(_)) => Err(refused),
                    Err(error) => Err(error.into()),
                }
            }
            edited => edited,
        }
    }

    async fn answer(&self, to: &Ticket<'_>, part: &Part) -> Result<Receipt, SendError> {
        if locked(&self.answered).contains(&to.id) {
            return self.follow_up(to, part).await;
        }
        let receipt = match (to.deferred, to.edit) {
            (true, _) => self.fill_in(to, part).await?,
            (false, true) => self.call_back(to, 7, Some(replacing(part))).await?,
            (false, false) => self.call_back(to, 4, Some(part.0.clone())).await?,
        };
        let mut answered = locked(&self.answered);
        if answered.len() == REMEMBERED {
            answered.pop_front();
        }
        answered.push_back(to.id);
        Ok(receipt)
    }

    /// Gives the interaction its one immediate answer.
    async fn call_back(
        &self,
        to: &Ticket<'_>,
        kind: u8,
        data: Option<Value>,
    ) -> Result<Receipt, SendError> {
        let path = format!("/interactions/{}/{}/callback?with_response=true", to.id, to.token);
        let mut body = json!({ "type": kind });
        if let Some(data) = data {
            body["data"] = data;
        }
        let call =
            Call { method: Method::POST, path: &path, body: Some(&body), ticket: Some(to.token) };
        match self.rest.call(call).await {
            Ok(answer) => Ok(receipt(&answer["resource"]["message"])),
            // An earlier try arrived although its answer was lost on the way.
            Err(refused) if refused.code == ALREADY_ANSWERED => Ok(Receipt { message: 0 }),
            Err(refused) => Err(refused.error),
        }
    }

    /// Puts the part where a deferral said "thinking", or into the message the button is under.
    async fn fill_in(&self, to: &Ticket<'_>, part: &Part) -> Result<Receipt, SendError> {
        let application = self.application().await?;
        let path = format!("/webhooks/{application}/{}/messages/@original", to.token);
        let body = replacing(part);
        let call =
            Call { method: Method::PATCH, path: &path, body: Some(&body), ticket: Some(to.token) };
        Ok(receipt(&self.rest.call(call).await?))
    }

    async fn follow_up(&self, to: &Ticket<'_>, part: &Part) -> Result<Receipt, SendError> {
        let application = self.application().await?;
        let path = format!("/webhooks/{application}/{}?wait=true", to.token);
        let call =
            Call { method: Method::POST, path: &path, body: Some(&part.0), ticket: Some(to.token) };
        Ok(receipt(&self.rest.call(call).await?))
    }

    async fn register(&self, menu: &[MenuItem]) -> Result<(), SendError> {
        let body = menu::commands(menu);
        if locked(&self.menu).registered.as_ref() == Some(&body) {
            return Ok(());
        }
        let application = self.application().await?;
        let path = format!("/applications/{application}/commands");
        let answer = self.rest.call(Call::new(Method::PUT, &path, Some(&body))).await?;
        let ids = menu::ids(&answer);
        *locked(&self.menu) = Menu { registered: Some(body), ids };
        Ok(())
    }

    async fn report(&self) -> Result<Vec<String>, Vec<String>> {
        let user = self.rest.call(Call::new(Method::GET, "/users/@me", None)).await;
        let user = user.map_err(|refused| vec![format!("Discord: {}", refused.error)])?;
        let name = text::one_line(user["username"].as_str().unwrap_or("?"));
        let application = self.rest.call(Call::new(Method::GET, "/applications/@me", None)).await;
        let application =
            application.map_err(|refused| vec![format!("Discord: {}", refused.error)])?;
        let Some(id) = snowflake(&application["id"]) else {
            return Err(vec![format!("Discord: {}", unreadable("its application"))]);
        };
        let configured = *locked(&self.application);
        if let Some(configured) = configured.filter(|&configured| configured != id) {
            return Err(vec![format!(
                "Discord: discord.application_id is {configured}, but the token belongs to \
                 application {id}."
            )]);
        }
        Ok(vec![
            format!("Discord: connected as {name} (application {id})"),
            format!("Discord: add the bot to a server with {}", invite_link(id)),
        ])
    }
}

/// The open interaction an answer goes to.
struct Ticket<'a> {
    id: u64,
    token: &'a str,
    edit: bool,
    deferred: bool,
}

impl<'a> Ticket<'a> {
    fn of(target: &'a Target) -> Option<Self> {
        match target {
            Target::Interaction { id, token, edit, deferred, .. } => {
                Some(Self { id: *id, token, edit: *edit, deferred: *deferred })
            }
            Target::Chat(_) | Target::Reply { .. } | Target::Edit { .. } => None,
        }
    }
}

#[async_trait]
impl Platform for Discord {
    fn name(&self) -> PlatformName {
        PlatformName::Discord
    }

    fn render(&self, message: &Message) -> Vec<Part> {
        render::parts(message, &locked(&self.0.menu).ids)
    }

    async fn send(
        &self,
        to: &Target,
        part: &Part,
        nonce: Option<&str>,
    ) -> Result<Receipt, SendError> {
        match to {
            Target::Chat(to) => Ok(self.0.try_post(to.chat, part, nonce).await?),
            Target::Reply { to, message } => {
                match self.0.try_post(to.chat, part, nonce).await {
                    // In a forum the answer belongs into the post, which has its first message's id.
                    Err(refused) if refused.code == NO_TEXT_HERE => {
                        Ok(self.0.try_post(*message, part, nonce).await?)
                    }
                    sent => Ok(sent?),
                }
            }
            Target::Edit { to, message, .. } => Ok(self.0.edit(to.chat, *message, part).await?),
            Target::Interaction { id, token, edit, deferred, .. } => {
                let ticket = Ticket { id: *id, token, edit: *edit, deferred: *deferred };
                self.0.answer(&ticket, part).await
            }
        }
    }

    async fn edit(
        &self,
        to: &Destination,
        message: i64,
        part: &Part,
    ) -> Result<Receipt, EditError> {
        let is_gone = |error: &SendError| match error {
            SendError::Rejected(reason) => reason == rest::UNKNOWN_MESSAGE,
            _ => false,
        };
        let edited = match self.0.amend(to.chat, message, part).await {
            // The first message of a forum's post stands in the post, which has its id.
            Err(gone) if is_gone(&gone.error) => {
                let in_post = self.0.amend(message, message, part).await;
                in_post.map_err(|there| match there.error {
                    SendError::ChatGone(_) => gone,
                    _ => there,
                })
            }
            edited => edited,
        };
        edited.map_err(|refused| match refused.error {
            _ if refused.code == ARCHIVED => EditError::Gone(LOCKED.to_owned()),
            SendError::Rejected(reason) if reason == rest::UNKNOWN_MESSAGE => {
                EditError::Gone(reason)
            }
            SendError::Rejected(reason) if reason == rest::EDITED_OUT => EditError::TooOld(reason),
            error => EditError::Send(error),
        })
    }

    async fn deliver(&self, posting: &Posting<'_>) -> Result<Receipt, SendError> {
        self.0.deliver(posting).await
    }

    async fn tell(&self, person: i64, part: &Part) -> Result<Receipt, SendError> {
        let body = json!({ "recipient_id": person.to_string() });
        let call = Call::new(Method::POST, "/users/@me/channels", Some(&body));
        let channel = snowflake(&self.0.rest.call(call).await?["id"])
            .and_then(|id| i64::try_from(id).ok())
            .ok_or_else(|| unreadable("a private channel"))?;
        Ok(self.0.try_post(channel, part, None).await?)
    }

    fn lessons(&self) -> Vec<Lesson> {
        self.0.rest.lessons()
    }

    async fn defer(&self, to: &Target, private: bool) -> Result<Target, SendError> {
        let mut target = to.clone();
        let Some(ticket) = Ticket::of(to) else {
            return Ok(target);
        };
        if ticket.deferred || locked(&self.0.answered).contains(&ticket.id) {
            return Ok(target);
        }
        let kind = if ticket.edit { 6 } else { 5 };
        let data = (private && !ticket.edit).then(|| json!({ "flags": render::EPHEMERAL }));
        self.0.call_back(&ticket, kind, data).await?;
        if let Target::Interaction { deferred, .. } = &mut target {
            *deferred = true;
        }
        Ok(target)
    }

    async fn suggest(&self, to: &Target, suggestions: &[String]) -> Result<(), SendError> {
        let Some(ticket) = Ticket::of(to) else {
            return Ok(());
        };
        let choices: Vec<Value> = suggestions
            .iter()
            .map(|suggestion| text::one_line(suggestion))
            // A suggestion that was cut would not be what it stands for.
            .filter(|suggestion| (1..=CHOICE).contains(&suggestion.chars().count()))
            .take(CHOICES)
            .map(|suggestion| json!({ "name": suggestion, "value": suggestion }))
            .collect();
        self.0.call_back(&ticket, 8, Some(json!({ "choices": choices }))).await.map(|_| ())
    }

    async fn publish_menu(&self, menu: &[MenuItem]) -> Result<(), SendError> {
        self.0.register(menu).await
    }

    async fn check(&self) -> Result<Vec<String>, Vec<String>> {
        self.0.report().await
    }

    async fn listen(
        &self,
        _menu: &[MenuItem],
        events: mpsc::Sender<Event>,
        stop: CancellationToken,
    ) -> Result<(), ListenError> {
        gateway::listen(&self.0, events, stop).await
    }
}

/// The part as what a message is replaced by: what it does not hold is taken away. What a message
/// was sent with, private or silent, stays as it was.
fn replacing(part: &Part) -> Value {
    let mut body = part.0.clone();
    if body["components"].is_null() {
        body["components"] = json!([]);
    }
    set_flags(&mut body, |_| 0);
    body
}

fn set_flags(body: &mut Value, change: fn(u64) -> u64) {
    let flags = change(body["flags"].as_u64().unwrap_or_default());
    if let Some(body) = body.as_object_mut() {
        if flags == 0 {
            body.remove("flags");
        } else {
            body.insert("flags".to_owned(), json!(flags));
        }
    }
}

/// The nonce itself, or a digest of one that is too long for Discord.
fn short_nonce(nonce: &str) -> String {
    if nonce.chars().count() <= NONCE {
        return nonce.to_owned();
    }
    let digest = Sha256::digest(nonce.as_bytes());
    digest.iter().take(NONCE / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// The message that stands in a channel now. An answer without one is nobody's: something on the way
/// answers everything with a friendly page.
fn standing(message: &Value) -> Result<Receipt, SendError> {
    let id = snowflake(&message["id"]).and_then(|id| i64::try_from(id).ok());
    id.map(|message| Receipt { message }).ok_or_else(|| unreadable("the message"))
}

fn receipt(message: &Value) -> Receipt {
    let id = message["id"].as_str().and_then(|id| id.parse().ok());
    Receipt { message: id.unwrap_or_default() }
}

/// An id, which Discord writes as a string.
fn snowflake(value: &Value) -> Option<u64> {
    value.as_str()?.parse().ok()
}

fn unreadable(what: &str) -> SendError {
    SendError::Retry {
        after: None,
        reason: format!("Discord's answer about {what} is unreadable."),
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
