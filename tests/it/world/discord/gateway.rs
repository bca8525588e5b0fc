//! The fake's gateway side: sessions, heartbeats and events.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use futures::{SinkExt, StreamExt};
use monazite::clock::Clock;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::{APPLICATION, CHANNEL, FakeDiscord, GUILD, Inner, Open, TOKEN};

/// The sessions, one for each shard, and what was said in them.
pub(super) struct Wire {
    shards: Mutex<BTreeMap<u64, Shard>>,
    state: watch::Sender<Counts>,
    /// Whether connections are left without an answer for now.
    held: watch::Sender<bool>,
    /// Closes sessions instead of greeting them: the next one, or all.
    refusal: Mutex<Option<(u16, bool)>>,
    /// Whether connections are answered, but with silence.
    mute: AtomicBool,
    /// Whether heartbeats go without an answer, and how often they are asked for.
    deaf: AtomicBool,
    beat: AtomicU64,
    /// Whether sessions cannot be taken up again.
    forgetful: AtomicBool,
    /// Who identified, of how many, when.
    identities: Mutex<Vec<(u64, u64, tokio::time::Instant)>>,
}

#[derive(Default)]
struct Shard {
    /// Every event so far; a resumed session gets those it missed.
    said: Vec<Value>,
    /// To the connection that is up.
    line: Option<mpsc::UnboundedSender<Out>>,
}

/// What happened on the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Connections made, answered or not.
    pub(crate) connected: usize,
    /// Sessions begun.
    pub(crate) identified: usize,
    /// Sessions resumed.
    pub(crate) resumed: usize,
    /// Heartbeats answered.
    pub(crate) heartbeats: usize,
    /// Connections the bot closed with code 1000.
    pub(crate) closed: usize,
}

enum Out {
    Event(Value),
    Raw(Message),
    Close(u16),
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            shards: Mutex::default(),
            state: watch::channel(Counts::default()).0,
            held: watch::channel(false).0,
            refusal: Mutex::default(),
            mute: AtomicBool::new(false),
            deaf: AtomicBool::new(false),
            beat: AtomicU64::new(41_250),
            forgetful: AtomicBool::new(false),
            identities: Mutex::default(),
        }
    }
}

/// What an administrator and what a member may do.
const MANAGER: u64 = 1 << 5 | 1 << 11;
const MEMBER: u64 = 1 << 11;

impl FakeDiscord {
    /// Waits until what happened on the gateway satisfies `reached`.
    pub(crate) async fn gateway(&self, reached: impl Fn(&Counts) -> bool) {
        self.inner.wire.state.subscribe().wait_for(|counts| reached(counts)).await.unwrap();
    }

    /// Leaves connections to the gateway without an answer, or answers them from now on.
    pub(crate) fn hold_gateway(&self, held: bool) {
        self.inner.wire.held.send_replace(held);
    }

    /// Closes the next session with `code` instead of greeting it.
    pub(crate) fn refuse_session(&self, code: u16) {
        *self.inner.wire.refusal.lock().unwrap() = Some((code, false));
    }

    /// Closes every session with `code` from now on, or none.
    pub(crate) fn refuse_sessions(&self, code: Option<u16>) {
        *self.inner.wire.refusal.lock().unwrap() = code.map(|code| (code, true));
    }

    /// Answers connections with silence from now on.
    pub(crate) fn mute_gateway(&self) {
        self.inner.wire.mute.store(true, Ordering::SeqCst);
    }

    /// Leaves heartbeats without an answer, or answers them.
    pub(crate) fn deafen_gateway(&self, deaf: bool) {
        self.inner.wire.deaf.store(deaf, Ordering::SeqCst);
    }

    /// How often later connections are to send a heartbeat, in milliseconds.
    pub(crate) fn beat(&self, milliseconds: u64) {
        self.inner.wire.beat.store(milliseconds, Ordering::SeqCst);
    }

    /// Lets no session be taken up again from now on.
    pub(crate) fn forget_sessions(&self) {
        self.inner.wire.forgetful.store(true, Ordering::SeqCst);
    }

    /// Who identified so far: shard, of how many, when by tokio's clock.
    pub(crate) fn identities(&self) -> Vec<(u64, u64, tokio::time::Instant)> {
        self.inner.wire.identities.lock().unwrap().clone()
    }

    /// Closes the first shard's connection with `code`.
    pub(crate) fn close(&self, code: u16) {
        let line = self.shards().get_mut(&0).unwrap().line.take();
        line.unwrap().send(Out::Close(code)).unwrap_or_default();
    }

    /// Sends any frame to the first shard.
    pub(crate) fn send_raw(&self, frame: Message) {
        if let Some(line) = &self.shards()[&0].line {
            line.send(Out::Raw(frame)).unwrap_or_default();
        }
    }

    /// Says an event to the first shard, at once or when it resumes.
    pub(crate) fn say(&self, name: &str, data: &Value) {
        self.say_to(0, name, data);
    }

    /// Says an event to a shard, at once or when it resumes.
    pub(crate) fn say_to(&self, shard: u64, name: &str, data: &Value) {
        let mut shards = self.shards();
        let shard = shards.entry(shard).or_default();
        let event = json!({ "op": 0, "s": shard.said.len() + 2, "t": name, "d": data });
        shard.said.push(event.clone());
        if let Some(line) = &shard.line {
            line.send(Out::Event(event)).unwrap_or_default();
        }
    }

    /// The last event once more, to the first shard.
    pub(crate) fn say_again(&self) {
        let last = self.shards()[&0].said.last().unwrap().clone();
        self.say(last["t"].as_str().unwrap(), &last["d"]);
    }

    fn shards(&self) -> MutexGuard<'_, BTreeMap<u64, Shard>> {
        self.inner.wire.shards.lock().unwrap()
    }

    /// Somebody types `/name args` in `CHANNEL`. The command must be registered, if any is.
    pub(crate) fn slash(&self, name: &str, args: &str, may_manage: bool) -> u64 {
        self.ask(2, CHANNEL, &self.typed(name, args, false), Some(may_manage), None)
    }

    /// Somebody types `/name args` in a private chat with the bot.
    pub(crate) fn slash_privately(&self, name: &str, args: &str) -> u64 {
        self.ask(2, CHANNEL, &self.typed(name, args, false), None, None)
    }

    /// Somebody has typed `partial` after `/name`.
    pub(crate) fn complete(&self, name: &str, partial: &str) -> u64 {
        self.ask(4, CHANNEL, &self.typed(name, partial, true), Some(false), None)
    }

    /// Somebody presses a button under a message in `CHANNEL`, which must be there.
    pub(crate) fn press(&self, custom_id: &str, message: u64) -> u64 {
        let data = json!({ "custom_id": custom_id, "component_type": 2 });
        self.touch(3, &data, message, false)
    }

    /// Somebody who manages the server chooses from a menu under a message in `CHANNEL`.
    pub(crate) fn choose(&self, custom_id: &str, values: &[&str], message: u64) -> u64 {
        let data = json!({ "custom_id": custom_id, "component_type": 3, "values": values });
        self.touch(3, &data, message, true)
    }

    /// Somebody who manages the server fills in the form that a button under a message opened.
    pub(crate) fn fill_in(&self, form: &Value, typed: &str, message: u64) -> u64 {
        let field = form["components"][0]["components"][0]["custom_id"].clone();
        let data = json!({ "custom_id": form["custom_id"], "components": [{ "type": 1,
            "components": [{ "type": 4, "custom_id": field, "value": typed }] }] });
        self.touch(5, &data, message, true)
    }

    fn touch(&self, kind: u8, data: &Value, message: u64, may_manage: bool) -> u64 {
        let custom_id = data["custom_id"].as_str().unwrap();
        let messages = self.messages(CHANNEL);
        let id = message.to_string();
        let under = messages.iter().find(|under| under["id"] == id).unwrap();
        if kind == 3 {
            assert!(under["components"].to_string().contains(&format!("\"{custom_id}\"")));
        }
        let under = json!({
            "id": id,
            "channel_id": CHANNEL.to_string(),
            "author": { "id": APPLICATION.to_string(), "username": "monazite", "avatar": null },
            "content": "",
            "timestamp": under["timestamp"],
            "edited_timestamp": null,
            "tts": false,
            "mention_everyone": false,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": false,
            "type": 0,
            "components": under["components"].as_array().cloned().unwrap_or_default(),
        });
        self.ask(kind, CHANNEL, data, Some(may_manage), Some(&under))
    }

    /// The bot sees its server, with `CHANNEL` in it.
    pub(crate) fn guild_create(&self) {
        self.say(
            "GUILD_CREATE",
            &json!({
                "id": GUILD.to_string(), "name": "Desk", "icon": null, "owner_id": "1",
                "verification_level": 0, "default_message_notifications": 0,
                "explicit_content_filter": 0, "roles": [], "emojis": [], "features": [],
                "mfa_level": 0, "application_id": null, "system_channel_id": null,
                "system_channel_flags": 0, "rules_channel_id": null, "vanity_url_code": null,
                "description": null, "banner": null, "premium_tier": 0,
                "preferred_locale": "en-US", "public_updates_channel_id": null, "nsfw_level": 0,
                "stickers": [], "premium_progress_bar_enabled": false,
                "joined_at": "2026-01-01T00:00:00Z", "large": false, "member_count": 2,
                "voice_states": [], "members": [], "threads": [], "presences": [],
                "stage_instances": [], "guild_scheduled_events": [], "afk_timeout": 300,
                "channels": self.described(),
            }),
        );
    }

    /// The channels of the server, less threads.
    fn described(&self) -> Vec<Value> {
        let world = self.inner.world.lock().unwrap();
        let channels = world.channels.iter().filter(|(_, channel)| channel.parent.is_none());
        let told = channels.map(|(id, channel)| {
            let name = if channel.name.is_empty() { "news" } else { &channel.name };
            json!({ "id": id.to_string(), "type": channel.kind, "name": name,
                "available_tags": channel.tags,
                "flags": if channel.needs_tag { 1 << 4 } else { 0 } })
        });
        told.collect()
    }

    /// The bot's server is gone, or only cannot be reached for now.
    pub(crate) fn guild_delete(&self, unavailable: bool) {
        self.say("GUILD_DELETE", &json!({ "id": GUILD.to_string(), "unavailable": unavailable }));
    }

    /// A channel was deleted.
    pub(crate) fn channel_delete(&self, channel: u64) {
        self.remove_channel(channel);
        let data = json!({ "id": channel.to_string(), "guild_id": GUILD.to_string(), "type": 0,
            "name": "news" });
        self.say("CHANNEL_DELETE", &data);
    }

    /// A thread was deleted.
    pub(crate) fn thread_delete(&self, thread: u64) {
        let data = json!({ "id": thread.to_string(), "guild_id": GUILD.to_string(), "type": 11,
            "parent_id": CHANNEL.to_string() });
        self.say("THREAD_DELETE", &data);
    }

    fn typed(&self, name: &str, value: &str, focused: bool) -> Value {
        let commands = self.commands();
        let command = commands.iter().find(|command| command["name"] == name);
        assert!(command.is_some() || commands.is_empty(), "/{name} is not registered");
        let option = command.map(|command| command["options"][0]["name"].clone());
        let option = option.unwrap_or_else(|| json!("text"));
        assert!(value.is_empty() || option.is_string(), "/{name} takes nothing");
        let mut typed = json!({ "name": option, "type": 3, "value": value });
        if focused {
            typed["focused"] = json!(true);
        }
        let options = if value.is_empty() && !focused { json!([]) } else { json!([typed]) };
        json!({ "id": "77", "name": name, "type": 1, "options": options })
    }

    fn ask(
        &self,
        kind: u8,
        channel: u64,
        data: &Value,
        may_manage: Option<bool>,
        message: Option<&Value>,
    ) -> u64 {
        let mut world = self.inner.world.lock().unwrap();
        let id = world.id();
        let token = format!("interaction-token-{id}");
        let user = json!({ "id": "42", "username": "reader", "avatar": null });
        let mut asked = json!({
            "id": id.to_string(), "application_id": APPLICATION.to_string(), "type": kind,
            "data": data, "channel_id": channel.to_string(), "token": token, "version": 1,
            "app_permissions": "274877991936", "locale": "zh-CN", "entitlements": [],
            "attachment_size_limit": 524_288,
        });
        match may_manage {
            Some(manages) => {
                let permissions = if manages { MANAGER } else { MEMBER };
                asked["guild_id"] = json!(GUILD.to_string());
                asked["context"] = json!(0);
                asked["authorizing_integration_owners"] = if world.absent {
                    json!({ "1": "42" })
                } else {
                    json!({ "0": GUILD.to_string() })
                };
                asked["channel"] = json!({ "id": channel.to_string(), "type": 0, "name": "news" });
                asked["member"] = json!({
                    "user": user, "roles": [], "joined_at": "2026-01-01T00:00:00Z",
                    "deaf": false, "mute": false, "flags": 0,
                    "permissions": permissions.to_string(),
                });
            }
            None => {
                asked["context"] = json!(1);
                asked["authorizing_integration_owners"] = json!({ "1": "42" });
                asked["channel"] = json!({ "id": channel.to_string(), "type": 1 });
                asked["user"] = user;
            }
        }
        let original = message.map(|message| message["id"].as_str().unwrap().parse().unwrap());
        if let Some(message) = message {
            asked["message"] = message.clone();
        }
        let open = Open {
            token,
            kind,
            channel,
            since: self.clock.now(),
            answered: None,
            original,
            private: false,
            followups: Vec::new(),
            choices: None,
            form: None,
        };
        world.interactions.insert(id, open);
        drop(world);
        self.say("INTERACTION_CREATE", &asked);
        id
    }
}

/// Takes connections one after the other.
pub(super) async fn serve(inner: Arc<Inner>, listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(session(inner.clone(), stream));
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn session(inner: Arc<Inner>, stream: TcpStream) -> Option<()> {
    inner.wire.state.send_modify(|counts| counts.connected += 1);
    inner.wire.held.subscribe().wait_for(|held| !held).await.ok()?;
    let mut socket = tokio_tungstenite::accept_async(stream).await.ok()?;
    let beat = inner.wire.beat.load(Ordering::SeqCst);
    if !inner.wire.mute.load(Ordering::SeqCst) {
        put(&mut socket, &json!({ "op": 10, "d": { "heartbeat_interval": beat } })).await?;
    }
    let (sender, mut out) = mpsc::unbounded_channel();
    loop {
        tokio::select! {
            came = socket.next() => match came?.ok()? {
                Message::Text(text) => {
                    let frame = serde_json::from_str(&text).ok()?;
                    take(&inner, &mut socket, &sender, &frame).await?;
                }
                Message::Close(Some(frame)) if u16::from(frame.code) == 1000 => {
                    inner.wire.state.send_modify(|counts| counts.closed += 1);
                }
                _ => {}
            },
            Some(said) = out.recv() => match said {
                Out::Event(event) => put(&mut socket, &event).await?,
                Out::Raw(frame) => socket.send(frame).await.ok()?,
                Out::Close(code) => return shut(&mut socket, code).await,
            },
        }
    }
}

/// Now, by the clock that the library's pauses are measured by.
#[expect(clippy::disallowed_methods, reason = "a test compares it with the library's own waits")]
fn instant() -> tokio::time::Instant {
    tokio::time::Instant::now()
}

/// Answers one frame of the bot's.
async fn take(
    inner: &Inner,
    socket: &mut Socket,
    sender: &mpsc::UnboundedSender<Out>,
    frame: &Value,
) -> Option<()> {
    let token = frame["d"]["token"].as_str().unwrap_or_default();
    let token = token.strip_prefix("Bot ").unwrap_or(token);
    match frame["op"].as_u64()? {
        1 => {
            if !inner.wire.deaf.load(Ordering::SeqCst) {
                put(socket, &json!({ "op": 11 })).await?;
                inner.wire.state.send_modify(|counts| counts.heartbeats += 1);
            }
        }
        2 => {
            let shard = frame["d"]["shard"].as_array().unwrap();
            let (id, total) = (shard[0].as_u64().unwrap(), shard[1].as_u64().unwrap());
            assert!(id < total, "shard {id} of {total}");
            inner.wire.identities.lock().unwrap().push((id, total, instant()));
            let refusal = {
                let mut refusal = inner.wire.refusal.lock().unwrap();
                let code = refusal.map(|(code, _)| code);
                *refusal = refusal.filter(|(_, always)| *always);
                code
            };
            if let Some(code) = refusal {
                return shut(socket, code).await;
            }
            if token != TOKEN {
                return shut(socket, 4004).await;
            }
            // Nothing but the servers: no members, no presences, no message text.
            if frame["d"]["intents"] != 1 {
                return shut(socket, 4014).await;
            }
            if total < inner.world.lock().unwrap().shards {
                return shut(socket, 4011).await;
            }
            let user = json!({ "id": APPLICATION.to_string(), "username": "monazite",
                "discriminator": "0000", "avatar": null, "bot": true, "mfa_enabled": false,
                "verified": true, "email": null, "flags": 0 });
            let ready = json!({ "op": 0, "s": 1, "t": "READY", "d": {
                "v": 10, "user": user, "session_id": format!("session-{id}"), "guilds": [
                    { "id": GUILD.to_string(), "unavailable": true }],
                "resume_gateway_url": inner.gateway_url, "shard": [id, total],
                "application": { "id": APPLICATION.to_string(), "flags": 0 },
            } });
            put(socket, &ready).await?;
            let shard = Shard { said: Vec::new(), line: Some(sender.clone()) };
            inner.wire.shards.lock().unwrap().insert(id, shard);
            inner.wire.state.send_modify(|counts| counts.identified += 1);
        }
        6 => {
            let session = frame["d"]["session_id"].as_str().unwrap_or_default();
            let id = session.strip_prefix("session-").and_then(|id| id.parse::<u64>().ok());
            let forgotten = inner.wire.forgetful.load(Ordering::SeqCst);
            let known = id.filter(|id| inner.wire.shards.lock().unwrap().contains_key(id));
            let Some(id) = known.filter(|_| token == TOKEN && !forgotten) else {
                return put(socket, &json!({ "op": 9, "d": false })).await;
            };
            let seen = frame["d"]["seq"].as_u64()?;
            let missed: Vec<Value> = {
                let mut shards = inner.wire.shards.lock().unwrap();
                let shard = shards.get_mut(&id).unwrap();
                shard.line = Some(sender.clone());
                let missed = shard.said.iter().filter(|event| event["s"].as_u64() > Some(seen));
                missed.cloned().collect()
            };
            let last = missed.last().map_or(seen, |event| event["s"].as_u64().unwrap());
            for event in missed {
                put(socket, &event).await?;
            }
            put(socket, &json!({ "op": 0, "s": last, "t": "RESUMED", "d": {} })).await?;
            inner.wire.state.send_modify(|counts| counts.resumed += 1);
        }
        _ => return shut(socket, 4001).await,
    }
    Some(())
}

async fn put(socket: &mut Socket, frame: &Value) -> Option<()> {
    socket.send(Message::Text(frame.to_string())).await.ok()
}

/// Ends the session's task with the connection.
async fn shut(socket: &mut Socket, code: u16) -> Option<()> {
    let frame = CloseFrame { code: code.into(), reason: "".into() };
    socket.close(Some(frame)).await.ok()?;
    None
}
