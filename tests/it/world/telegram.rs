//! A strict fake of Telegram's Bot API on the loopback interface.
//!
//! It refuses what Telegram refuses, and some things Telegram drops in silence
//! (unknown fields, marks within code, a hundred-and-first mark), so that a test
//! which sends nonsense fails. It never sleeps longer than a poll asked for.
//!
//! A test makes chats (`private`, `group`, `forum`, `channel`), pushes updates
//! (`push_text`, `press`, `my_chat_member`, `migrate`), orders faults (`fail`) and
//! reads what came (`messages`, `calls`, `menu`).

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use monazite::chat::{Connection, Platform};
use monazite::clock::Clock as _;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::world::clock::HandClock;

/// The only token the fake knows.
pub(crate) const TOKEN: &str = "7000000001:AAEfakeFakefakeFakefakeFakefakeFake0";

/// The bot's name, without `@`.
pub(crate) const BOT: &str = "monazite_bot";

/// The bot's own id.
pub(crate) const ME: i64 = 7_000_000_001;

/// A fault ordered for one answer.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// 429 with `retry_after`; the request has no effect.
    Flood(u64),
    /// A refusal in Telegram's form; the request has no effect.
    Refuse(u16, &'static str),
    /// Any status with a body that is not Telegram's; the request has no effect.
    Garbage(u16, &'static str),
    /// The connection breaks; the request has no effect.
    ResetBefore,
    /// The connection breaks once the request has had its effect.
    ResetAfter,
    /// No answer ever.
    Silence,
    /// No answer until this is told.
    Held(Arc<Notify>),
}

/// A message of the bot's as it stands in a chat.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    /// Its id.
    pub(crate) id: i64,
    /// The topic it stands in.
    pub(crate) thread: Option<i64>,
    /// Its text after parsing.
    pub(crate) text: String,
    /// Its marks.
    pub(crate) entities: Vec<Entity>,
    /// The rows of its keyboard.
    pub(crate) keyboard: Value,
    /// Whether it made no sound.
    pub(crate) silent: bool,
    /// The message it answers.
    pub(crate) answers: Option<i64>,
    /// How often it was edited.
    pub(crate) edits: usize,
}

/// A mark in a text, counted in UTF-16 units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entity {
    /// `bold`, `italic`, `code`, `pre`, `blockquote`, `text_link`.
    pub(crate) kind: &'static str,
    /// Where it begins.
    pub(crate) offset: usize,
    /// How long it is.
    pub(crate) length: usize,
    /// Where a link leads.
    pub(crate) url: Option<String>,
}

/// Telegram, for one test.
pub(crate) struct FakeTelegram {
    /// Its address, without a slash at the end.
    pub(crate) url: String,
    shared: Arc<Shared>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    world: Mutex<World>,
    changed: Notify,
}

#[derive(Default)]
struct World {
    chats: BTreeMap<i64, Chat>,
    updates: VecDeque<(u32, Value)>,
    last_update: u32,
    last_message: i64,
    allowed: Option<Vec<String>>,
    poll: u64,
    open_taps: HashSet<String>,
    open_inline: HashSet<String>,
    calls: Vec<(String, Value)>,
    arrivals: Vec<DateTime<Utc>>,
    faults: HashMap<String, VecDeque<Fault>>,
    menus: BTreeMap<String, Vec<(String, String)>>,
    webhook: String,
    gate: Option<Gate>,
    /// What posts to the webhook carry.
    secret: String,
    /// Why the last post failed, and when.
    last_error: Option<(i64, &'static str)>,
}

/// Says of a message to a chat how many seconds it has to wait, if it has to.
type Gate = Box<dyn FnMut(i64) -> Option<u64> + Send>;

#[derive(Default)]
struct Chat {
    kind: &'static str,
    title: String,
    /// Topics, and whether each is closed.
    topics: HashMap<i64, bool>,
    admins: HashSet<i64>,
    /// Administrators who may not post.
    mute: HashSet<i64>,
    /// Its public name, in lower case.
    name: Option<String>,
    refuses: Option<(u16, &'static str)>,
    moved: Option<i64>,
    messages: Vec<Sent>,
}

/// A refusal: status, words, parameters.
struct Refusal(u16, String, Value);

type Answer = Result<Value, Refusal>;

impl Drop for FakeTelegram {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl FakeTelegram {
    /// Starts it on a free port.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared::default());
        let app = axum::Router::new().fallback(serve).with_state(shared.clone());
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, shared, server }
    }

    /// The real client, connected to this fake.
    pub(crate) fn platform(&self) -> Arc<dyn Platform> {
        let connection = Connection {
            api_url: self.url.clone(),
            token: SecretString::from(TOKEN.to_owned()),
            application: None,
            webhook: None,
            clock: Arc::new(HandClock::at("2026-11-23T12:00:00Z")),
        };
        monazite::chat::telegram::connect(connection).unwrap()
    }

    /// A private chat; the person's id is the chat's.
    pub(crate) fn private(&self, id: i64, name: &str) {
        self.chat(id, "private", name);
    }

    /// A basic group.
    pub(crate) fn group(&self, id: i64, title: &str) {
        self.chat(id, "group", title);
    }

    /// A supergroup with topics; each with whether it is closed.
    pub(crate) fn forum(&self, id: i64, title: &str, topics: &[(i64, bool)]) {
        self.chat(id, "supergroup", title);
        self.world().chats.get_mut(&id).unwrap().topics = topics.iter().copied().collect();
    }

    /// A channel.
    pub(crate) fn channel(&self, id: i64, title: &str) {
        self.chat(id, "channel", title);
    }

    /// Makes a user an administrator of a chat.
    pub(crate) fn admin(&self, chat: i64, user: i64) {
        self.world().chats.get_mut(&chat).unwrap().admins.insert(user);
    }

    /// An administrator who may not post.
    pub(crate) fn mute_admin(&self, chat: i64, user: i64) {
        self.world().chats.get_mut(&chat).unwrap().mute.insert(user);
    }

    /// Gives a chat a public name.
    pub(crate) fn name(&self, chat: i64, name: &str) {
        self.world().chats.get_mut(&chat).unwrap().name = Some(name.to_lowercase());
    }

    /// From now on, everything written to the chat is refused like this; `None` mends it.
    pub(crate) fn refuse(&self, chat: i64, how: Option<(u16, &'static str)>) {
        self.world().chats.get_mut(&chat).unwrap().refuses = how;
    }

    /// Sets a webhook, as another program would.
    pub(crate) fn set_webhook(&self, url: &str) {
        url.clone_into(&mut self.world().webhook);
    }

    /// The webhook that is set; empty when none is.
    pub(crate) fn webhook(&self) -> String {
        self.world().webhook.clone()
    }

    /// Telegram says that it could not bring an update.
    pub(crate) fn could_not_bring(&self, when: i64, why: &'static str) {
        self.world().last_error = Some((when, why));
    }

    /// Posts every update that waits to the webhook, all at once; what is answered 200 is gone.
    /// Gives the answers' statuses.
    pub(crate) async fn bring(&self) -> Vec<u16> {
        let updates = self.world().updates.clone();
        self.post(updates).await
    }

    /// The same, the newest first.
    pub(crate) async fn bring_backwards(&self) -> Vec<u16> {
        let updates = self.world().updates.iter().rev().cloned().collect();
        self.post(updates).await
    }

    async fn post(&self, updates: VecDeque<(u32, Value)>) -> Vec<u16> {
        let (url, secret) = {
            let world = self.world();
            (world.webhook.clone(), world.secret.clone())
        };
        let client = reqwest::Client::new();
        let posts = updates.iter().map(|update| {
            let post = client.post(&url).header("X-Telegram-Bot-Api-Secret-Token", &secret);
            let post = post.header("content-type", "application/json");
            post.body(numbered(update).to_string()).send()
        });
        let answers = futures::future::join_all(posts).await;
        let statuses: Vec<u16> =
            answers.into_iter().map(|answer| answer.unwrap().status().as_u16()).collect();
        let taken: HashSet<u32> = updates
            .iter()
            .zip(&statuses)
            .filter(|(_, status)| **status == 200)
            .map(|((id, _), _)| *id)
            .collect();
        self.world().updates.retain(|(id, _)| !taken.contains(id));
        statuses
    }

    /// Orders a fault for the next call of a method that has none ordered before it.
    pub(crate) fn fail(&self, method: &str, fault: Fault) {
        self.world().faults.entry(method.to_lowercase()).or_default().push_back(fault);
    }

    /// How many faults are ordered for a method and have not happened yet.
    pub(crate) fn ordered(&self, method: &str) -> usize {
        self.world().faults.get(&method.to_lowercase()).map_or(0, VecDeque::len)
    }

    /// From now on, `gate` says of every new message whether it came too fast.
    pub(crate) fn gate(&self, gate: impl FnMut(i64) -> Option<u64> + Send + 'static) {
        self.world().gate = Some(Box::new(gate));
    }

    /// A user writes in a chat; gives the message's id.
    pub(crate) fn push_text(&self, chat: i64, user: i64, text: &str) -> i64 {
        self.push_message(chat, user, json!({ "text": text }))
    }

    /// A message with any fields; they go over the usual ones.
    pub(crate) fn push_message(&self, chat: i64, user: i64, fields: Value) -> i64 {
        let mut world = self.world();
        world.last_message += 1;
        let id = world.last_message;
        let place = world.describe(chat);
        let kind = if place["type"] == "channel" { "channel_post" } else { "message" };
        let mut message = json!({ "message_id": id, "date": 1_800_000_000, "chat": place });
        if kind == "message" {
            message["from"] = person(user);
        } else {
            message["sender_chat"] = message["chat"].clone();
        }
        merge(&mut message, fields);
        drop(world);
        self.push(json!({ kind: message }));
        id
    }

    /// A user taps a button; gives the tap's id.
    pub(crate) fn press(&self, chat: i64, message: i64, user: i64, data: &str) -> String {
        let mut world = self.world();
        let id = format!("tap{}", world.last_update + 1);
        world.open_taps.insert(id.clone());
        let place = world.describe(chat);
        let sent = world.chats[&chat].messages.iter().find(|sent| sent.id == message);
        let mut under = json!({ "message_id": message, "date": 1_800_000_000, "chat": place });
        match sent {
            Some(sent) => merge(&mut under, sent.describe()),
            None => under["date"] = json!(0),
        }
        drop(world);
        self.push(json!({ "callback_query": {
            "id": id, "from": person(user), "chat_instance": "1", "data": data, "message": under,
        }}));
        id
    }

    /// A user writes the bot's name and some words in any chat; gives the query's id.
    pub(crate) fn push_inline(&self, user: i64, typed: &str) -> String {
        self.push_inline_from(user, typed, "")
    }

    /// The same, scrolled to where an answer said that more begins.
    pub(crate) fn push_inline_from(&self, user: i64, typed: &str, offset: &str) -> String {
        let id = format!("inline{}", self.world().last_update + 1);
        self.world().open_inline.insert(id.clone());
        self.push(json!({ "inline_query": {
            "id": id, "from": person(user), "query": typed, "offset": offset, "chat_type": "group",
        }}));
        id
    }

    /// The bot's own standing in a chat changes: `member`, `left`, `kicked`.
    pub(crate) fn my_chat_member(&self, chat: i64, status: &str) {
        let place = self.world().describe(chat);
        self.push(json!({ "my_chat_member": {
            "chat": place, "from": person(1), "date": 1_800_000_000,
            "old_chat_member": { "user": me(), "status": "left" },
            "new_chat_member": { "user": me(), "status": status, "until_date": 0 },
        }}));
    }

    /// A group becomes a supergroup: a service message comes, and the old id is refused.
    pub(crate) fn migrate(&self, chat: i64, to: i64) {
        self.push_message(chat, 1, json!({ "migrate_to_chat_id": to }));
        let title = self.world().chats[&chat].title.clone();
        self.chat(to, "supergroup", &title);
        self.world().chats.get_mut(&chat).unwrap().moved = Some(to);
    }

    /// An update of any content; gives its id.
    pub(crate) fn push(&self, content: Value) -> u32 {
        let mut world = self.world();
        world.last_update += 1;
        let id = world.last_update;
        world.updates.push_back((id, content));
        drop(world);
        self.shared.changed.notify_waiters();
        id
    }

    /// Passes over so many ids of updates.
    pub(crate) fn skip_updates(&self, ids: u32) {
        self.world().last_update += ids;
    }

    /// The last update once more, with the same id.
    pub(crate) fn repeat_last_update(&self) {
        let mut world = self.world();
        let again = world.updates.back().unwrap().clone();
        world.updates.push_back(again);
    }

    /// Somebody deletes a message of the bot's.
    pub(crate) fn delete(&self, chat: i64, message: i64) {
        let mut world = self.world();
        world.chats.get_mut(&chat).unwrap().messages.retain(|sent| sent.id != message);
    }

    /// What stands in a chat.
    pub(crate) fn messages(&self, chat: i64) -> Vec<Sent> {
        self.world().chats[&chat].messages.clone()
    }

    /// The bodies a method was called with, in order.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let world = self.world();
        let calls = world.calls.iter().filter(|(name, _)| *name == method.to_lowercase());
        calls.map(|(_, body)| body.clone()).collect()
    }

    /// When each `sendMessage` arrived.
    pub(crate) fn arrivals(&self) -> Vec<DateTime<Utc>> {
        self.world().arrivals.clone()
    }

    /// The commands shown in a scope, each with its description.
    pub(crate) fn menu(&self, scope: &str) -> Vec<(String, String)> {
        self.world().menus.get(scope).cloned().unwrap_or_default()
    }

    /// Taps nobody acknowledged.
    pub(crate) fn open_taps(&self) -> usize {
        self.world().open_taps.len()
    }

    /// Updates not yet confirmed.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.world().updates.len()
    }

    /// Returns once a method has been called so often.
    pub(crate) async fn called(&self, method: &str, times: usize) {
        self.until(|fake| fake.calls(method).len() >= times).await;
    }

    /// Returns once something holds.
    pub(crate) async fn until(&self, reached: impl Fn(&Self) -> bool) {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if reached(self) {
                return;
            }
            changed.await;
        }
    }

    fn chat(&self, id: i64, kind: &'static str, title: &str) {
        let chat = Chat { kind, title: title.to_owned(), ..Chat::default() };
        self.world().chats.insert(id, chat);
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap()
    }
}

impl Sent {
    fn describe(&self) -> Value {
        let mut message = json!({ "text": self.text, "from": me() });
        if let Some(thread) = self.thread {
            message["message_thread_id"] = json!(thread);
            message["is_topic_message"] = json!(true);
        }
        message
    }
}

async fn serve(State(shared): State<Arc<Shared>>, uri: Uri, body: Bytes) -> Response {
    let Some((token, method)) = uri.path().strip_prefix("/bot").and_then(|p| p.split_once('/'))
    else {
        return refusal(404, "Not Found", Value::Null);
    };
    if token != TOKEN {
        let (id, secret) = token.split_once(':').unwrap_or_default();
        let formed = !id.is_empty() && secret.len() >= 35;
        return if formed {
            refusal(401, "Unauthorized", Value::Null)
        } else {
            refusal(404, "Not Found", Value::Null)
        };
    }
    let method = method.to_lowercase();
    let Ok(body) = read_body(&body) else {
        return refusal(400, "Bad Request: can't parse the request", Value::Null);
    };
    let fault = {
        let mut world = shared.world.lock().unwrap();
        world.calls.push((method.clone(), body.clone()));
        if method == "sendmessage" {
            world.arrivals.push(monazite::app::SystemClock.now());
        }
        world.faults.get_mut(&method).and_then(VecDeque::pop_front)
    };
    shared.changed.notify_waiters();
    match fault {
        None => answer(handle(&shared, &method, &body).await),
        Some(Fault::Flood(after)) => refusal(
            429,
            &format!("Too Many Requests: retry after {after}"),
            json!({ "retry_after": after }),
        ),
        Some(Fault::Refuse(status, words)) => refusal(status, words, Value::Null),
        Some(Fault::Garbage(status, body)) => {
            (StatusCode::from_u16(status).unwrap(), body).into_response()
        }
        Some(Fault::ResetBefore) => broken(),
        Some(Fault::ResetAfter) => {
            drop(handle(&shared, &method, &body).await);
            broken()
        }
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::Held(until)) => {
            until.notified().await;
            answer(handle(&shared, &method, &body).await)
        }
    }
}

fn read_body(body: &[u8]) -> Result<Value, serde_json::Error> {
    if body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(body) }
}

/// An answer whose connection breaks before its body is there.
fn broken() -> Response {
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    Body::from_stream(futures::stream::iter([Err::<Bytes, _>(reset)])).into_response()
}

fn answer(answer: Answer) -> Response {
    match answer {
        Ok(result) => json_body(200, &json!({ "ok": true, "result": result })),
        Err(Refusal(status, words, parameters)) => refusal(status, &words, parameters),
    }
}

fn refusal(status: u16, words: &str, parameters: Value) -> Response {
    let mut body = json!({ "ok": false, "error_code": status, "description": words });
    if !parameters.is_null() {
        body["parameters"] = parameters;
    }
    json_body(status, &body)
}

fn json_body(status: u16, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::from_u16(status).unwrap(), kind, body.to_string()).into_response()
}

fn bad(words: impl std::fmt::Display) -> Refusal {
    Refusal(400, format!("Bad Request: {words}"), Value::Null)
}

async fn handle(shared: &Shared, method: &str, body: &Value) -> Answer {
    if method == "getupdates" {
        return get_updates(shared, body).await;
    }
    let mut world = shared.world.lock().unwrap();
    let done = match method {
        "getme" => Ok(me()),
        "getwebhookinfo" => {
            let mut info = json!({
                "url": world.webhook, "has_custom_certificate": false,
                "pending_update_count": world.updates.len(),
            });
            if let Some((when, why)) = world.last_error {
                info["last_error_date"] = json!(when);
                info["last_error_message"] = json!(why);
            }
            Ok(info)
        }
        "setwebhook" => world.set_webhook(body),
        "deletewebhook" => {
            world.webhook.clear();
            if body["drop_pending_updates"] == true {
                world.updates.clear();
            }
            Ok(json!(true))
        }
        "setmycommands" => world.set_my_commands(body),
        "sendmessage" => world.send_message(body),
        "editmessagetext" => world.edit_message_text(body),
        "answerinlinequery" => world.answer_inline_query(body),
        "answercallbackquery" => world.answer_callback_query(body),
        "getchatmember" => world.get_chat_member(body),
        "getchat" => world.get_chat(body),
        _ => Err(Refusal(404, "Not Found".to_owned(), Value::Null)),
    };
    drop(world);
    shared.changed.notify_waiters();
    done
}

/// Waits for updates as long as asked; a second poll ends the first.
async fn get_updates(shared: &Shared, body: &Value) -> Answer {
    only(body, &["offset", "limit", "timeout", "allowed_updates"])?;
    let limit = body["limit"].as_u64().unwrap_or(100);
    let patience = body["timeout"].as_u64().unwrap_or(0);
    if !(1..=100).contains(&limit) {
        return Err(bad("limit must be between 1 and 100"));
    }
    let poll = {
        let mut world = shared.world.lock().unwrap();
        if !world.webhook.is_empty() {
            let words = "Conflict: can't use getUpdates method while webhook is active; \
                use deleteWebhook to delete the webhook first";
            return Err(Refusal(409, words.to_owned(), Value::Null));
        }
        if let Some(allowed) = body["allowed_updates"].as_array() {
            let allowed = allowed.iter().filter_map(|kind| kind.as_str().map(str::to_owned));
            world.allowed = Some(allowed.collect());
        }
        let offset = body["offset"].as_i64().unwrap_or(0);
        if offset > 0 {
            world.updates.retain(|(id, _)| i64::from(*id) >= offset);
        }
        world.poll += 1;
        world.poll
    };
    shared.changed.notify_waiters();
    let waiting = async {
        loop {
            let changed = shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(answer) = shared.world.lock().unwrap().waiting(poll, limit) {
                return answer;
            }
            changed.await;
        }
    };
    match tokio::time::timeout(Duration::from_secs(patience), waiting).await {
        Ok(answer) => answer,
        Err(_) => Ok(json!([])),
    }
}

impl World {
    /// What the poll gets now; `None` when it has to wait.
    fn waiting(&mut self, poll: u64, limit: u64) -> Option<Answer> {
        if poll != self.poll {
            let words = "Conflict: terminated by other getUpdates request; make sure that only \
                one bot instance is running";
            return Some(Err(Refusal(409, words.to_owned(), Value::Null)));
        }
        if let Some(allowed) = &self.allowed {
            self.updates.retain(|(_, content)| {
                let kind = content.as_object().and_then(|fields| fields.keys().next());
                let known = ["message", "channel_post", "edited_message", "poll", "inline_query"];
                let known = kind.is_some_and(|kind| known.contains(&kind.as_str()));
                !known || kind.is_some_and(|kind| allowed.contains(kind))
            });
        }
        let limit = usize::try_from(limit).unwrap();
        let updates: Vec<Value> = self.updates.iter().take(limit).map(numbered).collect();
        (!updates.is_empty()).then_some(Ok(json!(updates)))
    }

    fn describe(&self, id: i64) -> Value {
        let chat = &self.chats[&id];
        let mut place = json!({ "id": id, "type": chat.kind });
        place[if chat.kind == "private" { "first_name" } else { "title" }] = json!(chat.title);
        if !chat.topics.is_empty() {
            place["is_forum"] = json!(true);
        }
        place
    }

    /// The chat a body names, if the bot may write there.
    fn writable(&mut self, body: &Value) -> Result<i64, Refusal> {
        let id = body["chat_id"].as_i64().ok_or_else(|| bad("chat_id is empty"))?;
        let chat = self.chats.get(&id).ok_or_else(|| bad("chat not found"))?;
        if let Some(to) = chat.moved {
            let words = "Bad Request: group chat was upgraded to a supergroup chat".to_owned();
            return Err(Refusal(400, words, json!({ "migrate_to_chat_id": to })));
        }
        match chat.refuses {
            Some((status, words)) => Err(Refusal(status, words.to_owned(), Value::Null)),
            None => Ok(id),
        }
    }

    fn send_message(&mut self, body: &Value) -> Answer {
        only(
            body,
            &[
                "chat_id",
                "message_thread_id",
                "text",
                "parse_mode",
                "link_preview_options",
                "disable_notification",
                "reply_parameters",
                "reply_markup",
            ],
        )?;
        let id = self.writable(body)?;
        if let Some(after) = self.gate.as_mut().and_then(|gate| gate(id)) {
            let words = format!("Too Many Requests: retry after {after}");
            return Err(Refusal(429, words, json!({ "retry_after": after })));
        }
        let thread = body["message_thread_id"].as_i64();
        if let Some(thread) = thread {
            match self.chats[&id].topics.get(&thread) {
                Some(true) => return Err(bad("TOPIC_CLOSED")),
                // The general topic exists, but must not be named.
                Some(false) if thread != 1 => {}
                _ => return Err(bad("message thread not found")),
            }
        }
        let (text, entities) = content(body)?;
        let keyboard = keyboard(body)?;
        let answers = body["reply_parameters"]["message_id"].as_i64();
        let allowed = body["reply_parameters"]["allow_sending_without_reply"] == true;
        let exists = answers.is_none_or(|to| (1..=self.last_message).contains(&to));
        if !exists && !allowed {
            return Err(bad("message to be replied not found"));
        }
        self.last_message += 1;
        let sent = Sent {
            id: self.last_message,
            thread,
            text,
            entities,
            keyboard,
            silent: body["disable_notification"] == true,
            answers: answers.filter(|_| exists),
            edits: 0,
        };
        let place = self.describe(id);
        let mut message = json!({ "message_id": sent.id, "date": 1_800_000_000, "chat": place });
        merge(&mut message, sent.describe());
        self.chats.get_mut(&id).unwrap().messages.push(sent);
        Ok(message)
    }

    fn edit_message_text(&mut self, body: &Value) -> Answer {
        only(
            body,
            &[
                "chat_id",
                "message_id",
                "text",
                "parse_mode",
                "link_preview_options",
                "reply_markup",
            ],
        )?;
        let id = self.writable(body)?;
        let (text, entities) = content(body)?;
        let keyboard = keyboard(body)?;
        let place = self.describe(id);
        let messages = &mut self.chats.get_mut(&id).unwrap().messages;
        let wanted = body["message_id"].as_i64();
        let Some(sent) = messages.iter_mut().find(|sent| Some(sent.id) == wanted) else {
            return Err(bad("message to edit not found"));
        };
        if (&sent.text, &sent.entities, &sent.keyboard) == (&text, &entities, &keyboard) {
            return Err(bad(
                "message is not modified: specified new message content and reply markup are \
                 exactly the same as a current content and reply markup of the message",
            ));
        }
        (sent.text, sent.entities, sent.keyboard) = (text, entities, keyboard);
        sent.edits += 1;
        let mut message = json!({ "message_id": sent.id, "date": 1_800_000_000, "chat": place });
        merge(&mut message, sent.describe());
        Ok(message)
    }

    fn set_webhook(&mut self, body: &Value) -> Answer {
        only(
            body,
            &["url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"],
        )?;
        let url = body["url"].as_str().unwrap_or_default();
        // This one is a server of one's own, which takes http as well.
        if !url::Url::parse(url).is_ok_and(|url| url.has_host()) {
            return Err(bad("bad webhook: failed to parse the URL"));
        }
        let secret = body["secret_token"].as_str().unwrap_or_default();
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if secret.len() > 256 || !secret.chars().all(legal) {
            return Err(bad("secret token contains illegal characters"));
        }
        if !(1..=100).contains(&body["max_connections"].as_u64().unwrap_or(40)) {
            return Err(bad("max_connections must be between 1 and 100"));
        }
        if body["drop_pending_updates"] == true {
            self.updates.clear();
        }
        if let Some(allowed) = body["allowed_updates"].as_array() {
            let allowed = allowed.iter().filter_map(|kind| kind.as_str().map(str::to_owned));
            self.allowed = Some(allowed.collect());
        }
        url.clone_into(&mut self.webhook);
        secret.clone_into(&mut self.secret);
        // A poll that waits is ended by it.
        self.poll += 1;
        Ok(json!(true))
    }

    fn answer_inline_query(&mut self, body: &Value) -> Answer {
        only(
            body,
            &["inline_query_id", "results", "cache_time", "is_personal", "next_offset", "button"],
        )?;
        let results = body["results"].as_array().ok_or_else(|| bad("results is empty"))?;
        if results.len() > 50 {
            return Err(bad("RESULTS_TOO_MUCH"));
        }
        let mut ids = HashSet::new();
        for result in results {
            let fields = [
                "type",
                "id",
                "title",
                "description",
                "url",
                "input_message_content",
                "reply_markup",
            ];
            only(result, &fields)?;
            let id = result["id"].as_str().unwrap_or_default();
            if !(1..=64).contains(&id.len()) {
                return Err(bad("RESULT_ID_INVALID"));
            }
            if !ids.insert(id) {
                return Err(bad("RESULT_ID_DUPLICATE"));
            }
            if result["type"] != "article" {
                return Err(bad("RESULT_TYPE_INVALID"));
            }
            if result["title"].as_str().unwrap_or_default().trim().is_empty() {
                return Err(bad("ARTICLE_TITLE_EMPTY"));
            }
            if result["url"].as_str().is_some_and(|url| !is_web(url)) {
                return Err(bad("WEBDOCUMENT_URL_INVALID"));
            }
            keyboard(result)?;
            let message = &result["input_message_content"];
            only(message, &["message_text", "parse_mode", "link_preview_options"])?;
            content(
                &json!({ "text": message["message_text"], "parse_mode": message["parse_mode"] }),
            )?;
        }
        if body["next_offset"].as_str().is_some_and(|offset| offset.len() > 64) {
            return Err(bad("NEXT_OFFSET_INVALID"));
        }
        let id = body["inline_query_id"].as_str().unwrap_or_default();
        if self.open_inline.remove(id) {
            Ok(json!(true))
        } else {
            Err(bad("query is too old and response timeout expired or query ID is invalid"))
        }
    }

    fn answer_callback_query(&mut self, body: &Value) -> Answer {
        only(body, &["callback_query_id", "text", "show_alert"])?;
        if body["text"].as_str().is_some_and(|text| text.chars().count() > 200) {
            return Err(bad("MESSAGE_TOO_LONG"));
        }
        let id = body["callback_query_id"].as_str().unwrap_or_default();
        if self.open_taps.remove(id) {
            Ok(json!(true))
        } else {
            Err(bad("query is too old and response timeout expired or query ID is invalid"))
        }
    }

    fn get_chat_member(&self, body: &Value) -> Answer {
        only(body, &["chat_id", "user_id"])?;
        let chat = body["chat_id"].as_i64().and_then(|id| self.chats.get(&id));
        let chat = chat.ok_or_else(|| bad("chat not found"))?;
        let user = body["user_id"].as_i64().ok_or_else(|| bad("invalid user_id specified"))?;
        let here = chat.admins.contains(&ME);
        if chat.kind == "channel" && !here && user != ME {
            return Err(bad("member list is inaccessible"));
        }
        let administers = chat.admins.contains(&user);
        let status = if administers { "administrator" } else { "member" };
        let mut member = json!({ "user": person(user), "status": status });
        if administers && chat.kind == "channel" {
            member["can_post_messages"] = json!(!chat.mute.contains(&user));
        }
        Ok(member)
    }

    /// A chat by its id or, if it is public, by its name.
    fn get_chat(&self, body: &Value) -> Answer {
        only(body, &["chat_id"])?;
        let wanted = body["chat_id"].as_str().ok_or_else(|| bad("chat_id is empty"))?;
        let named = wanted.strip_prefix('@').map(str::to_lowercase);
        let found = self.chats.iter().find(|(id, chat)| match &named {
            Some(name) => chat.name.as_deref() == Some(name),
            None => id.to_string() == wanted,
        });
        let (id, _) = found.ok_or_else(|| bad("chat not found"))?;
        Ok(self.describe(*id))
    }

    fn set_my_commands(&mut self, body: &Value) -> Answer {
        only(body, &["commands", "scope", "language_code"])?;
        let commands = body["commands"].as_array().ok_or_else(|| bad("commands is empty"))?;
        if commands.len() > 100 {
            return Err(bad("BOT_COMMANDS_TOO_MUCH"));
        }
        let mut menu = Vec::new();
        for command in commands {
            let name = command["command"].as_str().unwrap_or_default();
            let description = command["description"].as_str().unwrap_or_default();
            let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if !(1..=32).contains(&name.len()) || !name.chars().all(legal) {
                return Err(bad("BOT_COMMAND_INVALID"));
            }
            if !(1..=256).contains(&description.chars().count()) {
                return Err(bad("BOT_COMMAND_DESCRIPTION_INVALID"));
            }
            menu.push((name.to_owned(), description.to_owned()));
        }
        let scope = body["scope"]["type"].as_str().unwrap_or("default");
        self.menus.insert(scope.to_owned(), menu);
        Ok(json!(true))
    }
}

/// The text and marks of a body, within Telegram's limits.
fn content(body: &Value) -> Result<(String, Vec<Entity>), Refusal> {
    let raw = body["text"].as_str().unwrap_or_default();
    if raw.len() > 10_000 {
        return Err(bad("message is too long"));
    }
    let (text, entities) = match body["parse_mode"].as_str() {
        None => (raw.to_owned(), Vec::new()),
        Some("HTML") => {
            parse_html(raw).map_err(|why| bad(format!("can't parse entities: {why}")))?
        }
        Some(_) => return Err(bad("unsupported parse_mode")),
    };
    if text.trim().is_empty() {
        return Err(bad("message text is empty"));
    }
    if text.encode_utf16().count() > 4096 {
        return Err(bad("message is too long"));
    }
    if entities.len() > 100 {
        return Err(bad("too many entities"));
    }
    Ok((text.trim().to_owned(), entities))
}

/// The rows of a body's keyboard, within Telegram's rules.
fn keyboard(body: &Value) -> Result<Value, Refusal> {
    let Some(markup) = body.get("reply_markup") else { return Ok(json!([])) };
    let rows = markup["inline_keyboard"].as_array();
    let rows = rows.ok_or_else(|| bad("object expected as reply markup"))?;
    let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
    if buttons.len() > 100 {
        return Err(bad("REPLY_MARKUP_TOO_LONG"));
    }
    for button in buttons {
        if button["text"].as_str().unwrap_or_default().trim().is_empty() {
            return Err(bad("can't parse inline keyboard button: text is empty"));
        }
        match (button["url"].as_str(), button["callback_data"].as_str()) {
            (Some(url), None) if is_web(url) => {}
            (Some(url), None) => {
                return Err(bad(format!(
                    "inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
                )));
            }
            (None, Some(data)) if (1..=64).contains(&data.len()) => {}
            (None, Some(_)) => return Err(bad("BUTTON_DATA_INVALID")),
            _ => {
                return Err(bad(
                    "can't parse inline keyboard button: Text buttons are unallowed in the \
                     inline keyboard",
                ));
            }
        }
    }
    Ok(json!(rows))
}

fn is_web(url: &str) -> bool {
    let parsed = url::Url::parse(url).ok();
    parsed.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|h| h.contains('.'))
    })
}

fn only(body: &Value, fields: &[&str]) -> Result<(), Refusal> {
    let strange = body.as_object().and_then(|body| body.keys().find(|k| !fields.contains(&&***k)));
    strange.map_or(Ok(()), |field| Err(bad(format!("unknown field {field}"))))
}

fn numbered((id, content): &(u32, Value)) -> Value {
    let mut update = json!({ "update_id": id });
    merge(&mut update, content.clone());
    update
}

fn merge(into: &mut Value, fields: Value) {
    if let Value::Object(fields) = fields {
        into.as_object_mut().unwrap().extend(fields);
    }
}

fn me() -> Value {
    json!({
        "id": ME, "is_bot": true, "first_name": "Monazite", "username": BOT,
        "can_join_groups": true, "can_read_all_group_messages": false,
        "supports_inline_queries": false, "can_connect_to_business": false,
        "has_main_web_app": false,
    })
}

fn person(id: i64) -> Value {
    json!({ "id": id, "is_bot": false, "first_name": "Ada", "language_code": "en" })
}

/// The marks Telegram's HTML has, by tag.
const TAGS: &[(&str, &str)] = &[
    ("b", "bold"),
    ("strong", "bold"),
    ("i", "italic"),
    ("em", "italic"),
    ("u", "underline"),
    ("ins", "underline"),
    ("s", "strikethrough"),
    ("del", "strikethrough"),
    ("strike", "strikethrough"),
    ("tg-spoiler", "spoiler"),
    ("code", "code"),
    ("pre", "pre"),
    ("blockquote", "blockquote"),
    ("a", "text_link"),
];

/// Telegram's HTML as plain text and marks. A mark within `code` or `pre` and a quotation within
/// a quotation are refused here; Telegram drops them.
pub(crate) fn parse_html(html: &str) -> Result<(String, Vec<Entity>), String> {
    let mut text = String::new();
    let mut entities: Vec<Entity> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let at = html.len() - rest.len();
        match c {
            '&' => {
                let (character, after) = character(rest)
                    .ok_or_else(|| format!("Unescaped \"&\" at byte offset {at}"))?;
                text.push(character);
                rest = after;
            }
            '>' => return Err(format!("Unescaped \">\" at byte offset {at}")),
            '<' => {
                let end =
                    rest.find('>').ok_or(format!("Unclosed start tag at byte offset {at}"))?;
                let tag = &rest[1..end];
                rest = &rest[end + 1..];
                if let Some(name) = tag.strip_prefix('/') {
                    close_tag(name, at, &mut open, &mut entities, &text)?;
                } else {
                    open_tag(tag, at, &mut open, &mut entities, &text)?;
                }
            }
            _ => {
                text.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    if let Some((name, _)) = open.last() {
        return Err(format!("Can't find end tag corresponding to start tag \"{name}\""));
    }
    entities.retain(|entity| entity.length > 0);
    Ok((text, entities))
}

fn character(rest: &str) -> Option<(char, &str)> {
    let (name, after) = rest[1..].split_once(';')?;
    let character = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        _ => char::from_u32(name.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((character, after))
}

fn open_tag<'a>(
    tag: &'a str,
    at: usize,
    open: &mut Vec<(&'a str, usize)>,
    entities: &mut Vec<Entity>,
    text: &str,
) -> Result<(), String> {
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let Some((_, kind)) = TAGS.iter().find(|(known, _)| *known == name) else {
        return Err(format!("Unsupported start tag \"{name}\" at byte offset {at}"));
    };
    let nested = open.iter().any(|(outer, _)| {
        matches!(*outer, "code" | "pre") || (*outer == "blockquote" && name == "blockquote")
    });
    if nested {
        return Err(format!("Nested tag \"{name}\" at byte offset {at}"));
    }
    let url = match (name, attributes.strip_prefix("href=\"").and_then(|a| a.strip_suffix('"'))) {
        ("a", Some(href)) => Some(unescaped(href).ok_or("Unescaped address")?),
        (_, None) if attributes.is_empty() && name != "a" => None,
        _ => return Err(format!("Unexpected attribute at byte offset {at}")),
    };
    open.push((name, entities.len()));
    let offset = text.encode_utf16().count();
    entities.push(Entity { kind, offset, length: 0, url });
    Ok(())
}

fn close_tag(
    name: &str,
    at: usize,
    open: &mut Vec<(&str, usize)>,
    entities: &mut [Entity],
    text: &str,
) -> Result<(), String> {
    let Some((expected, index)) = open.pop() else {
        return Err(format!("Unexpected end tag at byte offset {at}"));
    };
    if expected != name {
        return Err(format!(
            "Unmatched end tag at byte offset {at}, expected \"</{expected}>\", found \"</{name}>\""
        ));
    }
    entities[index].length = text.encode_utf16().count() - entities[index].offset;
    Ok(())
}

fn unescaped(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            '&' => {
                let (character, after) = character(rest)?;
                out.push(character);
                rest = after;
            }
            '<' | '>' | '"' => return None,
            _ => {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(out)
}
