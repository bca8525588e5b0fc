//! Discord's REST interface: one request, one answer, and what its refusals mean.
//!
//! It never retries: refusals come back named by the caller's next action, with
//! the wait Discord asked for. No error holds a token or an address.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::chat::discord::buckets::{Buckets, Route, Told};
use crate::chat::{SendError, is_unresolved};
use crate::clock::Clock;
use crate::pace::Lesson;
use crate::text;

/// What a refused token is called, by REST and gateway alike.
pub(super) const TOKEN_REFUSED: &str =
    "Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one.";
const AGENT: &str =
    concat!("DiscordBot (https://github.com/monazite/monazite, ", env!("CARGO_PKG_VERSION"), ")");
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(15);
/// A used-up limit that renews sooner than this is waited for; a later one is the caller's.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Most lessons kept for who asks for them.
const LESSONS: usize = 512;
/// Most characters of Discord's own reason that an error repeats.
const REASON: usize = 240;

/// The interface under one token.
pub(super) struct Rest {
    client: reqwest::Client,
    base: String,
    token: SecretString,
    clock: Arc<dyn Clock>,
    /// What of earlier answers is to be kept to.
    buckets: Mutex<Buckets>,
    /// What answers taught about limits and nobody has asked for yet.
    lessons: Mutex<Vec<Lesson>>,
}

/// One request under `/api/v10`.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// With a leading slash; may hold an interaction's token.
    pub(super) path: &'a str,
    pub(super) body: Option<&'a Value>,
    /// The interaction's token in `path`. Such requests go without the bot's own token and
    /// outside its limits.
    pub(super) ticket: Option<&'a str>,
}

/// A refusal: what it means, and Discord's own code for it, 0 where it gave none.
pub(super) struct Refused {
    pub(super) code: i64,
    pub(super) error: SendError,
}

impl From<Refused> for SendError {
    fn from(refused: Refused) -> Self {
        refused.error
    }
}

impl From<SendError> for Refused {
    fn from(error: SendError) -> Self {
        Self { code: 0, error }
    }
}

impl<'a> Call<'a> {
    /// A request in the bot's own name.
    pub(super) fn new(method: Method, path: &'a str, body: Option<&'a Value>) -> Self {
        Self { method, path, body, ticket: None }
    }
}

impl Rest {
    pub(super) fn new(
        base: &str,
        token: SecretString,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .build()
            .map_err(|_| "Discord's connection cannot be set up on this system.".to_owned())?;
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self {
            client,
            base,
            token,
            clock,
            buckets: Mutex::default(),
            lessons: Mutex::default(),
        })
    }

    /// The client with its timeouts, for those who make their own requests.
    pub(super) fn client(&self) -> reqwest::Client {
        self.client.clone()
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    pub(super) fn token(&self) -> &str {
        self.token.expose_secret()
    }

    /// Makes the request and gives the answer's body, `null` when it has none.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Value, Refused> {
        let route = Route::of(&call.method, call.path);
        self.wait_for(&route, call.ticket.is_none()).await?;
        let mut request = self
            .client
            .request(call.method.clone(), format!("{}/api/v10{}", self.base, call.path))
            .header(USER_AGENT, AGENT);
        if call.ticket.is_none() {
            request = request.header(AUTHORIZATION, self.authorization()?);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.map_err(|error| lost(&error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(|error| lost(&error))?;
        let body = match body.as_ref() {
            [] => Ok(Value::Null),
            body => serde_json::from_slice::<Value>(body),
        };
        self.learn(&route, call.ticket.is_none(), status, &headers, body.as_ref().ok());
        if status.is_success() {
            // A body that cannot be read leaves open whether the request was carried out.
            return body.map_err(|_| retry("Discord's answer was cut short.").into());
        }
        let body = body.ok();
        let error = self.redacted(refusal(status, &headers, body.as_ref()), call.ticket);
        Err(Refused { code: code(body.as_ref()), error })
    }

    fn authorization(&self) -> Result<HeaderValue, SendError> {
        HeaderValue::from_str(&format!("Bot {}", self.token()))
            .map(|mut value| {
                value.set_sensitive(true);
                value
            })
            .map_err(|_| SendError::Forbidden("The Discord token is not a token.".to_owned()))
    }

    /// Waits until the route's limit renews, when that is soon. What answers an interaction is outside
    /// all limits but one: nothing goes out when too much was refused.
    async fn wait_for(&self, route: &Route, limited: bool) -> Result<(), SendError> {
        let now = self.clock.now();
        let (barred, until) = {
            let buckets = self.buckets();
            (buckets.barred(now), buckets.until(route).filter(|_| limited))
        };
        let Some(wait) = until.max(barred).and_then(|until| (until - now).to_std().ok()) else {
            return Ok(());
        };
        if wait > LONGEST_WAIT {
            let reason = match barred {
                Some(_) => "Too much of what was asked of Discord was refused; it rests.",
                None => "Discord's rate limit is used up.",
            };
            return Err(SendError::Retry { after: Some(wait), reason: reason.to_owned() });
        }
        self.clock.sleep(wait).await;
        Ok(())
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the answers since the last call taught.
    pub(super) fn lessons(&self) -> Vec<Lesson> {
        std::mem::take(&mut *self.lessons.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Learns from an answer: for requests to come, and for who paces deliveries.
    fn learn(
        &self,
        route: &Route,
        limited: bool,
        status: StatusCode,
        headers: &HeaderMap,
        body: Option<&Value>,
    ) {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let time = |seconds: Duration| chrono::Duration::from_std(seconds).ok();
        let refused = status == StatusCode::TOO_MANY_REQUESTS;
        let scope = text("x-ratelimit-scope");
        let global = headers.contains_key("x-ratelimit-global")
            || scope == Some("global")
            || body.is_some_and(|body| body["global"] == true);
        let asked = asked_wait(headers, body).and_then(time).filter(|_| refused);
        let renews = header(headers, "x-ratelimit-reset-after").and_then(seconds).and_then(time);
        let left = text("x-ratelimit-remaining").and_then(|left| left.trim().parse::<u32>().ok());
        // A limit that others used up on a resource that is shared is not held against the bot.
        let invalid = matches!(status.as_u16(), 401 | 403) || refused && scope != Some("shared");
        let told = Told {
            bucket: text("x-ratelimit-bucket").filter(|_| limited),
            used_up: match refused {
                true => asked.filter(|_| !global && limited),
                false => renews.filter(|_| left == Some(0) && limited),
            },
            everything: asked.filter(|_| global && limited),
            invalid,
        };
        let mut buckets = self.buckets();
        buckets.learn(route, &told, self.clock.now());
        let chat = buckets.counts_for(route).filter(|_| limited);
        drop(buckets);
        let lesson = match (chat, asked, left, renews) {
            (_, Some(wait), ..) if global && limited => Some(Lesson::Everything { wait }),
            (Some(chat), Some(wait), ..) => Some(Lesson::Chat { chat, wait }),
            (Some(chat), None, Some(messages), Some(renews)) if !refused => {
                Some(Lesson::Left { chat, messages, renews })
            }
            _ => None,
        };
        let mut lessons = self.lessons.lock().unwrap_or_else(PoisonError::into_inner);
        if lessons.len() >= LESSONS {
            lessons.retain(|lesson| *lesson == Lesson::Invalid);
        }
        lessons.extend(invalid.then_some(Lesson::Invalid));
        lessons.extend(lesson);
    }

    /// The error without the tokens, should an answer have repeated them.
    fn redacted(&self, error: SendError, ticket: Option<&str>) -> SendError {
        let hide = |reason: String| {
            let reason = reason.replace(self.token(), "…");
            ticket.map_or(reason.clone(), |ticket| reason.replace(ticket, "…"))
        };
        match error {
            SendError::Retry { after, reason } => SendError::Retry { after, reason: hide(reason) },
            SendError::ChatGone(reason) => SendError::ChatGone(hide(reason)),
            SendError::Forbidden(reason) => SendError::Forbidden(hide(reason)),
            SendError::Rejected(reason) => SendError::Rejected(hide(reason)),
            SendError::Token(reason) => SendError::Token(hide(reason)),
            moved @ SendError::Moved { .. } => moved,
        }
    }
}

fn retry(reason: &str) -> SendError {
    SendError::Retry { after: None, reason: reason.to_owned() }
}

/// What a failed connection means. The error itself names the address, and with it a token.
fn lost(error: &reqwest::Error) -> SendError {
    retry(if error.is_timeout() {
        "Discord did not answer in time."
    } else if is_unresolved(error) {
        "Discord's address cannot be found: DNS does not resolve its name."
    } else if error.is_connect() {
        "Discord cannot be reached."
    } else {
        "The connection to Discord was lost."
    })
}

fn header(headers: &HeaderMap, name: &str) -> Option<f64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

/// The wait Discord asked for: the body is exact, the header is in whole seconds.
fn asked_wait(headers: &HeaderMap, body: Option<&Value>) -> Option<Duration> {
    body.and_then(|body| body["retry_after"].as_f64())
        .or_else(|| header(headers, "retry-after"))
        .or_else(|| header(headers, "x-ratelimit-reset-after"))
        .and_then(seconds)
}

fn code(body: Option<&Value>) -> i64 {
    body.and_then(|body| body["code"].as_i64()).unwrap_or_default()
}

/// What a refusal means, by the caller's next action.
fn refusal(status: StatusCode, headers: &HeaderMap, body: Option<&Value>) -> SendError {
    let code = code(body);
    let reason = reason(status, body);
    match status.as_u16() {
        429 => {
            let global = body.is_some_and(|body| body["global"] == true);
            let whose = if global { "the bot as a whole" } else { "this chat" };
            SendError::Retry {
                after: asked_wait(headers, body),
                reason: format!("Discord's rate limit for {whose} is used up."),
            }
        }
        408 | 500.. => {
            SendError::Retry { after: header(headers, "retry-after").and_then(seconds), reason }
        }
        401 if code == 50027 => SendError::Rejected(reason),
        // Not the chat's fault: its subscription must outlive a token that was mistyped or renewed.
        401 => SendError::Token(
            "Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one."
                .to_owned(),
        ),
        // Without a code it was not Discord that answered but something on the way to it.
        403 | 300..=399 if code == 0 => SendError::Retry { after: None, reason },
        _ => by_code(code, status, reason),
    }
}

fn by_code(code: i64, status: StatusCode, reason: String) -> SendError {
    match code {
        // Unknown channel, unknown guild, a user who takes no messages, no common server left.
        10003 | 10004 | 50007 | 50278 => SendError::ChatGone(reason),
        // No access, no permission, a channel that takes no messages, an archived or locked thread.
        50001 => SendError::Forbidden(format!("The bot cannot see this channel ({reason}).")),
        50013 => SendError::Forbidden(format!(
            "The bot needs Send Messages and Embed Links here, in threads also Send Messages in \
             Threads ({reason})."
        )),
        10008 | 50005 => SendError::Rejected(UNKNOWN_MESSAGE.to_owned()),
        30046 => SendError::Rejected(EDITED_OUT.to_owned()),
        50008 | 50024 | 50083 | 160_005 => SendError::Forbidden(reason),
        _ if status == StatusCode::FORBIDDEN => SendError::Forbidden(reason),
        _ => SendError::Rejected(reason),
    }
}

/// Said of a message that is to be changed and is no more, or is not ours.
pub(super) const UNKNOWN_MESSAGE: &str = "The message is no longer in the channel.";

/// Said of an old message that was changed as often as Discord lets it be.
pub(super) const EDITED_OUT: &str = "Discord lets an old message be changed only so often.";

/// Discord's own words, cut short, or the status where it gave none.
fn reason(status: StatusCode, body: Option<&Value>) -> String {
    let Some(message) = body.and_then(|body| body["message"].as_str()) else {
        return format!("Discord answered {}.", status.as_u16());
    };
    let mut reason = format!("Discord: {}", text::one_line(message));
    if let Some(detail) = body.and_then(|body| first_detail("", &body["errors"])) {
        reason.push_str(&format!(" ({})", text::one_line(&detail)));
    }
    text::cut(&reason, REASON)
}

/// The first of the field errors, as `embeds.0.title: Must be 256 or fewer in length.`
fn first_detail(path: &str, errors: &Value) -> Option<String> {
    if let Some(message) = errors["_errors"][0]["message"].as_str() {
        return Some(format!("{path}: {message}"));
    }
    errors.as_object()?.iter().find_map(|(key, value)| {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        first_detail(&path, value)
    })
}
