//! The fake's REST side: one function from a request to an answer.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;
use chrono::Duration;
use monazite::clock::Clock as _;
use serde_json::{Value, json};

use super::rules::{self, Use};
use super::{APPLICATION, Channel, FakeDiscord, Fault, GUILD, Inner, Pace, Shelf, TOKEN, World};

/// What a request comes to: a status and a body.
type Outcome = (u16, Value);

const EPHEMERAL: u64 = 1 << 6;

pub(super) async fn answer(
    State(inner): State<Arc<Inner>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let fault = {
        let mut world = inner.world.lock().unwrap();
        world.requests.push(format!("{method} {}", uri.path()));
        world.faults.pop_front()
    };
    let response = match fault {
        None => paced(&inner, &method, &uri, &headers, &body),
        Some(Fault::Silence) => std::future::pending().await,
        Some(Fault::ResetBefore) => cut_off(),
        Some(Fault::ResetAfter) => {
            handled(&inner, &method, &uri, &headers, &body);
            cut_off()
        }
        Some(Fault::LastOne { reset_after }) => {
            let mut response = respond(handled(&inner, &method, &uri, &headers, &body));
            let headers = response.headers_mut();
            headers.insert("x-ratelimit-remaining", "0".parse().unwrap());
            headers.insert("x-ratelimit-reset-after", reset_after.to_string().parse().unwrap());
            response
        }
        Some(Fault::Status(status, body)) => respond((status, body)),
        Some(Fault::Limited { retry_after, global }) => too_fast(retry_after, global),
        Some(Fault::Shared { retry_after }) => {
            let mut response = too_fast(retry_after, false);
            response.headers_mut().insert("x-ratelimit-scope", "shared".parse().unwrap());
            response
        }
    };
    inner.answers.send_modify(|answers| *answers += 1);
    response
}

/// Carries a request out unless the gate says that it came too fast.
fn paced(inner: &Inner, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
    let path: Vec<&str> = uri.path().trim_start_matches("/api/v10/").split('/').collect();
    let (posted, edited) = match (method.as_str(), &path[..]) {
        ("POST", ["channels", channel, "messages"]) => (channel.parse().ok(), None),
        ("PATCH", ["channels", channel, "messages", _]) => (None, channel.parse().ok()),
        _ => (None, None),
    };
    let in_bucket = posted.or(edited).and_then(|channel| bucket(inner, channel));
    let pace = in_bucket.or_else(|| {
        posted
            .and_then(|channel| inner.world.lock().unwrap().gate.as_mut().map(|gate| gate(channel)))
    });
    match pace {
        None => respond(handled(inner, method, uri, headers, body)),
        Some(Pace::TooFast { retry_after, global }) => too_fast(retry_after, global),
        Some(Pace::Fine { limit, remaining, reset_after }) => {
            let mut response = respond(handled(inner, method, uri, headers, body));
            for (name, value) in [
                ("x-ratelimit-limit", limit.to_string()),
                ("x-ratelimit-remaining", remaining.to_string()),
                ("x-ratelimit-reset-after", reset_after.to_string()),
                ("x-ratelimit-bucket", "messages".to_owned()),
            ] {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
    }
}

/// What the bucket of posting and editing says of one more request in a channel, if there is one.
fn bucket(inner: &Inner, channel: u64) -> Option<Pace> {
    let now = inner.clock.now();
    let mut world = inner.world.lock().unwrap();
    let world = &mut *world;
    let (limit, seconds) = world.bucket?;
    let taken = world.taken.entry(channel).or_default();
    let since = |at: &chrono::DateTime<chrono::Utc>| (now - *at).as_seconds_f64();
    while taken.front().is_some_and(|at| since(at) >= seconds) {
        taken.pop_front();
    }
    if taken.len() >= limit {
        world.beyond += 1;
        return Some(Pace::TooFast { retry_after: seconds - since(&taken[0]), global: false });
    }
    taken.push_back(now);
    let remaining = limit - taken.len();
    Some(Pace::Fine { limit, remaining, reset_after: seconds - since(&taken[0]) })
}

fn too_fast(retry_after: f64, global: bool) -> Response {
    let body = json!({
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": global,
    });
    let mut response = respond((429, body));
    let header = retry_after.ceil().to_string().parse().unwrap();
    response.headers_mut().insert("retry-after", header);
    let scope = if global { "global" } else { "user" };
    response.headers_mut().insert("x-ratelimit-scope", scope.parse().unwrap());
    response
}

fn respond((status, body): Outcome) -> Response {
    let content =
        if status == 204 || body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json")
        .body(content)
        .unwrap()
}

/// An answer whose connection ends before its body.
fn cut_off() -> Response {
    let broken = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("reset")) });
    Response::builder().header("content-length", "10").body(Body::from_stream(broken)).unwrap()
}

fn refused(status: u16, code: u64, message: &str) -> Outcome {
    (status, json!({ "code": code, "message": message }))
}

fn handled(
    inner: &Inner,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Outcome {
    let Some(path) = uri.path().strip_prefix("/api/v10/") else {
        return refused(404, 0, "404: Not Found");
    };
    let path: Vec<&str> = path.split('/').collect();
    let authorized = headers.get("authorization").is_some_and(|v| v == &format!("Bot {TOKEN}"));
    let open = matches!(path[..], ["gateway"] | ["interactions" | "webhooks", ..]);
    if !authorized && !open {
        return refused(401, 0, "401: Unauthorized");
    }
    let body: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let mut world = inner.world.lock().unwrap();
    let world = &mut *world;
    match (method.as_str(), &path[..]) {
        ("GET", ["gateway", "bot"]) if world.broken_gateway => (503, Value::Null),
        ("GET", ["gateway", "bot"]) => {
            let now = inner.clock.now();
            let limited = world.starts.filter(|(_, until)| now < *until);
            let remaining = limited.map_or(1000, |(remaining, _)| remaining);
            let reset = limited.map_or(0, |(_, until)| (until - now).num_milliseconds());
            let limit = json!({ "total": 1000, "remaining": remaining, "reset_after": reset,
                "max_concurrency": 1 });
            let url = &inner.gateway_url;
            (200, json!({ "url": url, "shards": world.shards, "session_start_limit": limit }))
        }
        ("GET", ["gateway"]) => (200, json!({ "url": inner.gateway_url })),
        ("GET", ["users", "@me"]) => {
            (200, json!({ "id": APPLICATION.to_string(), "username": "monazite", "bot": true }))
        }
        ("GET", ["applications", "@me"]) => {
            (200, json!({ "id": APPLICATION.to_string(), "name": "Monazite" }))
        }
        ("POST", ["users", "@me", "channels"]) => private_chat(world, &body),
        ("PUT", ["applications", id, "commands"]) => register(world, id, &body),
        ("PATCH", ["channels", channel]) => reopen(world, channel, &body),
        ("GET", ["channels", channel]) => channel_of(world, channel),
        ("GET", ["guilds", guild, "threads", "active"]) => active(world, guild),
        ("POST", ["channels", channel, "threads"]) => open_post(inner, world, channel, &body),
        ("POST", ["channels", channel, "messages", id, "threads"]) => {
            open_thread(world, channel, id, &body)
        }
        ("POST", ["channels", channel, "messages", id, "crosspost"]) => pass_on(world, channel, id),
        ("POST", ["channels", channel, "messages"]) => create(inner, world, channel, body),
        ("PATCH", ["channels", channel, "messages", id]) => edit(world, channel, id, &body),
        ("POST", ["interactions", id, token, "callback"]) => {
            call_back(inner, world, id, token, &body)
        }
        ("PATCH", ["webhooks", app, token, "messages", "@original"]) => {
            fill_in(inner, world, app, token, body)
        }
        ("POST", ["webhooks", app, token]) => follow_up(inner, world, app, token, body),
        _ => refused(404, 0, "404: Not Found"),
    }
}

fn private_chat(world: &mut World, body: &Value) -> Outcome {
    let Some(person) = body["recipient_id"].as_str().and_then(|id| id.parse().ok()) else {
        return refused(400, 50033, "Invalid Recipient(s)");
    };
    let channel = FakeDiscord::private_with(person);
    world.channels.entry(channel).or_default();
    (200, json!({ "id": channel.to_string(), "type": 1 }))
}

fn register(world: &mut World, application: &str, body: &Value) -> Outcome {
    if application != APPLICATION.to_string() {
        return refused(403, 20012, "You are not authorized to perform this action");
    }
    if let Err(error) = rules::commands(body) {
        return (400, error);
    }
    world.registrations += 1;
    let mut commands = body.as_array().unwrap().clone();
    for command in &mut commands {
        command["id"] = json!(world.id().to_string());
    }
    world.commands = commands;
    (200, json!(world.commands))
}

fn create(inner: &Inner, world: &mut World, channel: &str, mut body: Value) -> Outcome {
    let channel: u64 = channel.parse().unwrap_or_default();
    let Some(place) = world.channels.get(&channel) else {
        return refused(404, 10003, "Unknown Channel");
    };
    if place.forbidden {
        return refused(403, 50013, "Missing Permissions");
    }
    if place.shelf != Shelf::Open {
        return refused(400, 50083, "Thread is archived");
    }
    if place.kind == FORUM {
        return refused(400, 50008, "Cannot send messages in a non-text channel");
    }
    if let Err(error) = rules::message(&body, Use::Create) {
        return (400, error);
    }
    let nonce = body["nonce"].as_str().map(str::to_owned);
    let enforced = nonce.filter(|_| body["enforce_nonce"] == true);
    if let Some(id) = enforced.as_ref().and_then(|nonce| place.nonces.get(nonce)) {
        let id = id.to_string();
        let same = place.messages.iter().find(|message| message["id"] == id);
        return (200, same.unwrap().clone());
    }
    if let Some(body) = body.as_object_mut() {
        body.remove("enforce_nonce");
    }
    let message = posted(inner, world, channel, body);
    if let Some(nonce) = enforced {
        let id = message["id"].as_str().unwrap().parse().unwrap();
        world.channels.get_mut(&channel).unwrap().nonces.insert(nonce, id);
    }
    (200, message)
}

const FORUM: u8 = 15;

fn channel_of(world: &World, channel: &str) -> Outcome {
    let id: u64 = channel.parse().unwrap_or_default();
    let Some(place) = world.channels.get(&id) else {
        return refused(404, 10003, "Unknown Channel");
    };
    let flags = if place.needs_tag { 1 << 4 } else { 0 };
    let mut told = json!({ "id": channel, "type": place.kind, "guild_id": GUILD.to_string(),
        "name": place.name, "flags": flags });
    if place.kind == FORUM {
        told["available_tags"] = json!(place.tags);
    }
    (200, told)
}

fn active(world: &World, guild: &str) -> Outcome {
    if guild != GUILD.to_string() {
        return refused(404, 10004, "Unknown Guild");
    }
    let threads = world.channels.iter().filter(|(_, thread)| thread.shelf == Shelf::Open);
    let threads: Vec<Value> = threads
        .filter_map(|(id, thread)| {
            Some(json!({ "id": id.to_string(), "type": 11, "name": thread.name,
                "parent_id": thread.parent?.to_string(), "owner_id": APPLICATION.to_string() }))
        })
        .collect();
    (200, json!({ "threads": threads, "members": [] }))
}

/// A post in a forum: a thread whose first message has the thread's id.
fn open_post(inner: &Inner, world: &mut World, forum: &str, body: &Value) -> Outcome {
    let forum: u64 = forum.parse().unwrap_or_default();
    let Some(place) = world.channels.get(&forum) else {
        return refused(404, 10003, "Unknown Channel");
    };
    if place.forbidden {
        return refused(403, 50013, "Missing Permissions");
    }
    if let Err(error) = rules::post(body) {
        return (400, error);
    }
    let tags: Vec<String> =
        serde_json::from_value(body["applied_tags"].clone()).unwrap_or_default();
    if !tags.iter().all(|tag| place.tags.iter().any(|known| known["id"] == **tag)) {
        return refused(400, 10087, "Unknown tag");
    }
    if place.needs_tag && tags.is_empty() {
        return refused(400, 40067, "A tag is required to create a forum post in this channel");
    }
    let id = world.last_id + 1;
    posted(inner, world, id, body["message"].clone());
    let post = world.channels.get_mut(&id).unwrap();
    post.kind = 11;
    post.name = body["name"].as_str().unwrap().to_owned();
    (post.parent, post.applied) = (Some(forum), tags);
    (
        201,
        json!({ "id": id.to_string(), "type": 11, "name": body["name"],
        "parent_id": forum.to_string(), "owner_id": APPLICATION.to_string() }),
    )
}

fn message_of(world: &World, channel: &str, id: &str) -> Result<(u64, u64), Outcome> {
    let channel: u64 = channel.parse().unwrap_or_default();
    let place = world.channels.get(&channel).ok_or(refused(404, 10003, "Unknown Channel"))?;
    if place.forbidden {
        return Err(refused(403, 50013, "Missing Permissions"));
    }
    let there = place.messages.iter().any(|message| message["id"] == id);
    if !there {
        return Err(refused(404, 10008, "Unknown Message"));
    }
    Ok((channel, id.parse().unwrap_or_default()))
}

/// A thread under a message; it has the message's id.
fn open_thread(world: &mut World, channel: &str, id: &str, body: &Value) -> Outcome {
    let (channel, id) = match message_of(world, channel, id) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    if let Err(error) = rules::thread(body) {
        return (400, error);
    }
    if !matches!(world.channels[&channel].kind, 0 | 5) {
        return refused(400, 50024, "Cannot execute action on this channel type");
    }
    if world.channels.contains_key(&id) {
        return refused(400, 160_004, "A thread has already been created for this message");
    }
    let name = body["name"].as_str().unwrap().to_owned();
    let thread = Channel { kind: 11, name, parent: Some(channel), ..Channel::default() };
    world.channels.insert(id, thread);
    (201, json!({ "id": id.to_string(), "type": 11, "name": body["name"] }))
}

fn pass_on(world: &mut World, channel: &str, id: &str) -> Outcome {
    let (channel, id) = match message_of(world, channel, id) {
        Ok(found) => found,
        Err(refusal) => return refusal,
    };
    let place = world.channels.get_mut(&channel).unwrap();
    if place.kind != 5 {
        return refused(400, 50024, "Cannot execute action on this channel type");
    }
    if place.passed_on.contains(&id) {
        return refused(400, 40033, "This message has already been crossposted");
    }
    place.passed_on.push(id);
    (200, json!({ "id": id.to_string() }))
}

/// Puts a message that keeps the rules into a channel.
fn posted(inner: &Inner, world: &mut World, channel: u64, mut body: Value) -> Value {
    world.pings.extend(rules::pings(&body));
    if let Some(body) = body.as_object_mut() {
        body.remove("allowed_mentions");
    }
    body["id"] = json!(world.id().to_string());
    body["channel_id"] = json!(channel.to_string());
    body["timestamp"] = json!(monazite::clock::Clock::now(&inner.clock).to_rfc3339());
    world.channels.entry(channel).or_default().messages.push(body.clone());
    body
}

fn edit(world: &mut World, channel: &str, id: &str, body: &Value) -> Outcome {
    let channel: u64 = channel.parse().unwrap_or_default();
    if !world.channels.contains_key(&channel) {
        return refused(404, 10003, "Unknown Channel");
    }
    if world.channels[&channel].shelf != Shelf::Open {
        return refused(400, 50083, "Thread is archived");
    }
    if let Err(error) = rules::message(body, Use::Edit) {
        return (400, error);
    }
    changed(world, channel, id.parse().unwrap_or_default(), body)
}

/// Takes a thread out of the archive, unless a moderator locked it.
fn reopen(world: &mut World, channel: &str, body: &Value) -> Outcome {
    let channel: u64 = channel.parse().unwrap_or_default();
    let Some(thread) = world.channels.get_mut(&channel).filter(|place| place.kind == 11) else {
        return refused(404, 10003, "Unknown Channel");
    };
    if thread.shelf == Shelf::Locked {
        return refused(403, 50013, "Missing Permissions");
    }
    if *body != json!({ "archived": false }) {
        return refused(400, 50035, "Invalid Form Body");
    }
    thread.shelf = Shelf::Open;
    (200, json!({ "id": channel.to_string(), "type": 11 }))
}

/// Writes what the body holds over a message.
fn changed(world: &mut World, channel: u64, id: u64, body: &Value) -> Outcome {
    world.pings.extend(rules::pings(body));
    let messages = &mut world.channels.entry(channel).or_default().messages;
    let id = id.to_string();
    let found = messages.iter_mut().find(|message| message["id"] == id);
    let Some(message) = found else {
        return refused(404, 10008, "Unknown Message");
    };
    for (key, value) in body.as_object().unwrap() {
        if key != "allowed_mentions" {
            message[key] = value.clone();
        }
    }
    let message = message.clone();
    world.edits.push(body.clone());
    (200, message)
}

fn call_back(inner: &Inner, world: &mut World, id: &str, token: &str, body: &Value) -> Outcome {
    let id: u64 = id.parse().unwrap_or_default();
    let late = monazite::clock::Clock::now(&inner.clock) - Duration::seconds(3);
    let Some(open) = world.interactions.get(&id).filter(|open| open.token == token) else {
        return refused(404, 10062, "Unknown interaction");
    };
    if open.since < late {
        return refused(404, 10062, "Unknown interaction");
    }
    if open.answered.is_some() {
        return refused(400, 40060, "Interaction has already been acknowledged.");
    }
    let kind = u8::try_from(body["type"].as_u64().unwrap_or_default()).unwrap();
    let fits = match open.kind {
        // Commands, buttons and menus, forms, completions.
        2 => matches!(kind, 4 | 5 | 9),
        3 => matches!(kind, 4..=7 | 9),
        5 if open.original.is_some() => matches!(kind, 4..=7),
        5 => matches!(kind, 4 | 5),
        _ => kind == 8,
    };
    if !fits {
        let words = "Interaction callback type is invalid.".to_owned();
        return (400, rules::form_error(vec![("type".to_owned(), words)]));
    }
    let data = &body["data"];
    let checked = match kind {
        4 => rules::message(data, Use::Answer),
        7 => rules::message(data, Use::Edit),
        8 => rules::choices(data),
        9 => rules::form(data),
        _ => Ok(()),
    };
    if let Err(error) = checked {
        return (400, error);
    }
    let (channel, under) = (open.channel, open.original);
    let mut message = Value::Null;
    match kind {
        4 => message = posted(inner, world, channel, data.clone()),
        7 => match changed(world, channel, under.unwrap_or_default(), data) {
            (200, edited) => message = edited,
            other => return other,
        },
        _ => {}
    }
    let open = world.interactions.get_mut(&id).unwrap();
    open.answered = Some(kind);
    open.private = data["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0;
    match kind {
        4 => open.original = message["id"].as_str().map(|id| id.parse().unwrap()),
        // "Thinking": no message yet.
        5 => open.original = None,
        8 => open.choices = Some(data["choices"].clone()),
        9 => open.form = Some(data.clone()),
        _ => {}
    }
    (200, json!({ "interaction": { "id": id.to_string() }, "resource": { "message": message } }))
}

/// The interaction that a webhook token belongs to, if it is still open.
fn held(inner: &Inner, world: &World, app: &str, token: &str) -> Result<u64, Outcome> {
    if app != APPLICATION.to_string() {
        return Err(refused(404, 10015, "Unknown Webhook"));
    }
    let oldest = monazite::clock::Clock::now(&inner.clock) - Duration::minutes(15);
    let found = world.interactions.iter().find(|(_, open)| open.token == token);
    match found {
        Some((id, open)) if open.since >= oldest && open.answered.is_some() => Ok(*id),
        Some((_, open)) if open.answered.is_none() => Err(refused(404, 10015, "Unknown Webhook")),
        _ => Err(refused(401, 50027, "Invalid Webhook Token")),
    }
}

fn fill_in(inner: &Inner, world: &mut World, app: &str, token: &str, mut body: Value) -> Outcome {
    let id = match held(inner, world, app, token) {
        Ok(id) => id,
        Err(refusal) => return refusal,
    };
    if let Err(error) = rules::message(&body, Use::Edit) {
        return (400, error);
    }
    let open = &world.interactions[&id];
    let (channel, private) = (open.channel, open.private);
    if let Some(original) = open.original {
        return changed(world, channel, original, &body);
    }
    if private {
        body["flags"] = json!(EPHEMERAL);
    }
    let message = posted(inner, world, channel, body);
    let original = message["id"].as_str().map(|id| id.parse().unwrap());
    world.interactions.get_mut(&id).unwrap().original = original;
    (200, message)
}

fn follow_up(inner: &Inner, world: &mut World, app: &str, token: &str, body: Value) -> Outcome {
    let id = match held(inner, world, app, token) {
        Ok(id) => id,
        Err(refusal) => return refusal,
    };
    if let Err(error) = rules::message(&body, Use::FollowUp) {
        return (400, error);
    }
    let channel = world.interactions[&id].channel;
    let message = posted(inner, world, channel, body);
    world.interactions.get_mut(&id).unwrap().followups.push(message.clone());
    (200, message)
}
