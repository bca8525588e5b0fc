//! The one polite HTTP client: everything Monazite reads from the web passes through here.
//!
//! It honors robots.txt, spaces requests to a host, bounds time, size and
//! redirects, and reaches no private address: addresses are checked where the
//! connection is made, so a name cannot change its mind in between. It never
//! retries (that is the caller's schedule) and its errors hold no query strings.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::StreamExt;
use futures::future::BoxFuture;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{Response, StatusCode};
use tokio::sync::{Semaphore, SemaphorePermit};
use url::Url;

use crate::clock::Clock;
use crate::extract;
use crate::sources::FetchError;
use crate::sources::address;

/// How pages are fetched. The defaults are those of the shipped configuration.
#[derive(Clone, Debug)]
pub struct FetchSettings {
    /// `User-Agent`, with a link to who is asking.
    pub user_agent: String,
    /// For a whole answer, body included.
    pub timeout: Duration,
    /// For making a connection.
    pub connect_timeout: Duration,
    /// Largest body in bytes after decompression.
    pub max_bytes: usize,
    /// Most redirects followed.
    pub max_redirects: usize,
    /// Most requests under way at once.
    pub concurrency: usize,
    /// Least time between two requests to one host.
    pub per_host_interval: Duration,
    /// `host:port` pairs that may resolve to private addresses.
    pub allow_private: Vec<String>,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            user_agent: "Monazite/0.1 (+https://github.com/monazite/monazite)".to_owned(),
            timeout: Duration::from_secs(20),
            connect_timeout: Duration::from_secs(5),
            max_bytes: 5_000_000,
            max_redirects: 5,
            concurrency: 16,
            per_host_interval: Duration::from_secs(2),
            allow_private: Vec::new(),
        }
    }
}

/// A request.
#[derive(Clone, Debug, Default)]
pub struct Get {
    /// Absolute http(s) URL.
    pub url: String,
    /// Sent as `If-None-Match`.
    pub etag: Option<String>,
    /// Sent as `If-Modified-Since`.
    pub last_modified: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// `304`: what is known still holds; the body is empty.
    pub not_modified: bool,
    /// Where it came from in the end.
    pub final_url: String,
    /// Where the page moved for good: set when every redirect on the way was permanent.
    pub moved_to: Option<String>,
    /// Validator for the next request.
    pub etag: Option<String>,
    /// Validator for the next request.
    pub last_modified: Option<String>,
    /// As sent.
    pub content_type: Option<String>,
    /// Decompressed.
    pub body: Vec<u8>,
}

/// Looks a host name up: the seam that lets tests play the DNS.
pub type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, std::io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// The client. Cheap to share behind an `Arc`.
pub struct Web {
    client: reqwest::Client,
    settings: FetchSettings,
    clock: Arc<dyn Clock>,
    slots: Semaphore,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

/// What is remembered of a host. Both locks are held while somebody waits for what they guard:
/// turns come in the order of asking, and one request brings a robots.txt for all who need it.
#[derive(Default)]
struct Host {
    /// Not before this may the next request go out.
    turn: tokio::sync::Mutex<Option<DateTime<Utc>>>,
    robots: tokio::sync::Mutex<Option<Robots>>,
}

/// A host's robots.txt, as remembered.
struct Robots {
    until: DateTime<Utc>,
    rules: Rules,
}

#[derive(Clone)]
enum Rules {
    Open,
    /// The file could not be had, and why: nothing may be fetched for now.
    Closed(FetchError),
    File(Arc<texting_robots::Robot>),
}

/// How long a robots.txt is believed (RFC 9309 allows a day).
const ROBOTS_HOURS: i64 = 24;
/// How long an old one serves on while the server fails, before it is asked for again.
const ROBOTS_STALE_HOURS: i64 = 1;
/// How long a failure to get one is an answer to all who ask.
const ROBOTS_FAILED_MINUTES: i64 = 1;
/// What must be read of a robots.txt (RFC 9309, 500 KiB).
const ROBOTS_BYTES: usize = 500 * 1024;
/// Hosts remembered; past it, those that nobody is using are forgotten.
const MOST_HOSTS: usize = 4_096;
/// A Crawl-delay of more than this is a mistake or a refusal; a minute is polite.
const LONGEST_CRAWL_DELAY: Duration = Duration::from_secs(60);
/// No server's wish to be left alone is heeded for longer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(30 * 24 * 3600);

impl Web {
    /// The client over the system's name lookup.
    ///
    /// # Errors
    ///
    /// When the settings cannot be used, such as a User-Agent with a line break.
    pub fn new(settings: FetchSettings, clock: Arc<dyn Clock>) -> Result<Self, FetchError> {
        Self::with_lookup(settings, clock, address::system_lookup())
    }

    /// The client over a name lookup of the caller's.
    ///
    /// # Errors
    ///
    /// As `new`.
    pub fn with_lookup(
        settings: FetchSettings,
        clock: Arc<dyn Clock>,
        lookup: Lookup,
    ) -> Result<Self, FetchError> {
        let guard = address::Guard::new(lookup, &settings.allow_private);
        let client = reqwest::Client::builder()
            .user_agent(settings.user_agent.clone())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .pool_max_idle_per_host(2)
            .dns_resolver(Arc::new(guard))
            .build()
            .map_err(|error| {
                FetchError::Refused(format!("the client cannot be set up: {}", error.without_url()))
            })?;
        let slots = Semaphore::new(settings.concurrency.max(1));
        Ok(Self { client, settings, clock, slots, hosts: Mutex::default() })
    }

    /// Fetches a page.
    ///
    /// # Errors
    ///
    /// By what to do next.
    pub async fn get(&self, get: Get) -> Result<Answer, FetchError> {
        let mut url = self.checked(&get.url)?;
        let mut permanent = true;
        let mut seen = vec![url.to_string()];
        loop {
            let delay = self.allowed_by_robots(&url).await?;
            let (response, slot) = self.request(&url, &get, delay).await?;
            let Some(next) = redirect_target(&response, &url)? else {
                let moved = (permanent && seen.len() > 1).then(|| url.to_string());
                let answer = self.answer(response, &url, moved).await?;
                if answer.not_modified && get.etag.is_none() && get.last_modified.is_none() {
                    let reason = "the server answers 304 to a request without conditions";
                    return Err(FetchError::Malformed(reason.to_owned()));
                }
                return Ok(answer);
            };
            permanent &= matches!(response.status().as_u16(), 301 | 308);
            drop((response, slot));
            url = self.checked(next.as_str())?;
            if seen.iter().any(|old| old == url.as_str()) {
                return Err(FetchError::Malformed("the page redirects in a circle".to_owned()));
            }
            seen.push(url.to_string());
            if seen.len() > self.settings.max_redirects + 1 {
                let most = self.settings.max_redirects;
                return Err(FetchError::Malformed(format!(
                    "the page redirects more than {most} times"
                )));
            }
        }
    }

    /// The URL, if it may be asked for at all.
    fn checked(&self, text: &str) -> Result<Url, FetchError> {
        let url = Url::parse(text)
            .map_err(|error| FetchError::Malformed(format!("not an address: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Refused(format!(
                "{}: addresses are not fetched",
                url.scheme()
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Refused(
                "addresses with a user name or password are not fetched".to_owned(),
            ));
        }
        address::check_literal(&url, &self.settings.allow_private)?;
        Ok(url)
    }

    /// One request, in its host's turn. The slot is kept by whoever reads the body.
    async fn request(
        &self,
        url: &Url,
        get: &Get,
        delay: Duration,
    ) -> Result<(Response, SemaphorePermit<'_>), FetchError> {
        let slot = self.turn(url, delay).await?;
        let mut headers = HeaderMap::new();
        for (name, value) in
            [(header::IF_NONE_MATCH, &get.etag), (header::IF_MODIFIED_SINCE, &get.last_modified)]
        {
            if let Some(value) =
                value.as_deref().and_then(|value| HeaderValue::from_str(value).ok())
            {
                headers.insert(name, value);
            }
        }
        headers.insert(
            header::ACCEPT,
            HeaderValue::from_static(
                "application/rss+xml, application/atom+xml, application/feed+json, application/json, text/html;q=0.9, \
                 */*;q=0.5",
            ),
        );
        let sent = self.client.get(url.clone()).headers(headers).send().await;
        Ok((sent.map_err(|error| sending_failed(&error))?, slot))
    }

    /// Waits for the host's turn, then for a slot. Who waits for a turn holds no slot, and the
    /// next in line may go no sooner than the interval after this one really went.
    async fn turn(&self, url: &Url, delay: Duration) -> Result<SemaphorePermit<'_>, FetchError> {
        let closed = |_| transient("the client is shutting down");
        let interval = self.settings.per_host_interval.max(delay);
        if interval.is_zero() {
            return self.slots.acquire().await.map_err(closed);
        }
        let host = self.host(url);
        let mut next = host.turn.lock().await;
        if let Some(wait) = next.and_then(|next| (next - self.clock.now()).to_std().ok()) {
            self.clock.sleep(wait).await;
        }
        let slot = self.slots.acquire().await.map_err(closed)?;
        *next = Some(self.clock.now() + interval);
        Ok(slot)
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST_HOSTS {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        Arc::clone(hosts.entry(host_key(url)).or_default())
    }

    /// The delay that the host's robots.txt asks for, if it lets the page be read at all.
    async fn allowed_by_robots(&self, url: &Url) -> Result<Duration, FetchError> {
        let robot = match self.rules(url).await {
            Rules::Open => return Ok(Duration::ZERO),
            Rules::Closed(why) => return Err(why),
            Rules::File(robot) => robot,
        };
        if extract::guarded(|| robot.allowed(url.as_str())) == Some(false) {
            return Err(FetchError::Refused("the site's robots.txt forbids it".to_owned()));
        }
        let delay = robot.delay.and_then(|delay| Duration::try_from_secs_f32(delay).ok());
        Ok(delay.unwrap_or_default().min(LONGEST_CRAWL_DELAY))
    }

    async fn rules(&self, url: &Url) -> Rules {
        let host = self.host(url);
        let mut known = host.robots.lock().await;
        if let Some(known) = known.as_ref().filter(|known| known.until > self.clock.now()) {
            return known.rules.clone();
        }
        let found = self.fetch_robots(url).await;
        let (rules, keep) = match (found, known.take()) {
            (Ok(rules), _) => (rules, chrono::Duration::hours(ROBOTS_HOURS)),
            (Err(_), Some(Robots { rules: old @ (Rules::Open | Rules::File(_)), .. })) => {
                (old, chrono::Duration::hours(ROBOTS_STALE_HOURS))
            }
            (Err(why), _) => (Rules::Closed(why), chrono::Duration::minutes(ROBOTS_FAILED_MINUTES)),
        };
        *known = Some(Robots { until: self.clock.now() + keep, rules: rules.clone() });
        rules
    }

    /// The host's rules; an error when the server failed (RFC 9309: then nothing is allowed).
    async fn fetch_robots(&self, url: &Url) -> Result<Rules, FetchError> {
        let mut place = url.clone();
        place.set_path("/robots.txt");
        place.set_query(None);
        place.set_fragment(None);
        for _ in 0..=self.settings.max_redirects {
            let (response, _slot) = self.request(&place, &Get::default(), Duration::ZERO).await?;
            let status = response.status();
            if let Some(next) = redirect_target(&response, &place)? {
                place = self.checked(next.as_str())?;
            } else if status.is_success() {
                let body = read_body(response, ROBOTS_BYTES, true).await?;
                let token = product_token(&self.settings.user_agent);
                let robot = extract::guarded(|| texting_robots::Robot::new(token, &body));
                let robot = robot.and_then(Result::ok);
                return Ok(robot.map_or(Rules::Open, |robot| Rules::File(Arc::new(robot))));
            } else if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
                return Ok(Rules::Open);
            } else {
                let retry_after = self.retry_after(response.headers());
                let words = status_words(status);
                let reason = format!(
                    "the site's robots.txt cannot be had ({words}), so nothing is fetched from it for now"
                );
                return Err(FetchError::Transient { retry_after, reason });
            }
        }
        Ok(Rules::Open)
    }

    /// What the final response says.
    async fn answer(
        &self,
        response: Response,
        url: &Url,
        moved_to: Option<String>,
    ) -> Result<Answer, FetchError> {
        let status = response.status();
        let text = |name| {
            response
                .headers()
                .get(name)
                .and_then(|v: &HeaderValue| v.to_str().ok())
                .map(str::to_owned)
        };
        let mut answer = Answer {
            not_modified: status == StatusCode::NOT_MODIFIED,
            final_url: url.to_string(),
            moved_to,
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            content_type: text(header::CONTENT_TYPE),
            body: Vec::new(),
        };
        if answer.not_modified {
            return Ok(answer);
        }
        if !status.is_success() {
            return Err(self.refusal(status, response.headers()));
        }
        answer.body = read_body(response, self.settings.max_bytes, false).await?;
        Ok(answer)
    }

    /// A failing status as what to do next.
    fn refusal(&self, status: StatusCode, headers: &HeaderMap) -> FetchError {
        let retry_after = self.retry_after(headers);
        let reason = format!("the server answers {}", status_words(status));
        match status.as_u16() {
            410 => FetchError::Gone,
            401 | 403 | 407 | 412 | 451 => FetchError::Refused(reason),
            408 | 425 | 429 | 500..=599 => FetchError::Transient { retry_after, reason },
            _ => FetchError::Malformed(reason),
        }
    }

    fn retry_after(&self, headers: &HeaderMap) -> Option<Duration> {
        let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
        Some(retry_after(value, self.clock.now())?.min(LONGEST_RETRY_AFTER))
    }
}

/// The name a robots.txt calls us by: `Monazite` of `Monazite/0.1 (+https://…)`.
fn product_token(user_agent: &str) -> &str {
    let end = user_agent.find(|c: char| c == '/' || c.is_whitespace());
    &user_agent[..end.unwrap_or(user_agent.len())]
}

fn transient(reason: &str) -> FetchError {
    FetchError::Transient { retry_after: None, reason: reason.to_owned() }
}

/// `404 Not Found`.
fn status_words(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(words) => format!("{} {words}", status.as_u16()),
        None => status.as_u16().to_string(),
    }
}

/// Scheme, host and port: what has one robots.txt and one turn.
fn host_key(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn redirect_target(response: &Response, from: &Url) -> Result<Option<Url>, FetchError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let place = response.headers().get(header::LOCATION);
    let place = place.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    let place =
        place.ok_or_else(|| FetchError::Malformed("the page redirects to nowhere".to_owned()))?;
    from.join(place).map(Some).map_err(|_| {
        FetchError::Malformed("the page redirects to something that is no address".to_owned())
    })
}

/// Seconds, or a date.
fn retry_after(value: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(value.trim()).ok()?.to_utc();
    Some((at - now).to_std().unwrap_or_default())
}

/// The body, decompressed, up to `limit` bytes; past it either cut (`lenient`) or an error.
async fn read_body(response: Response, limit: usize, lenient: bool) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| sending_failed(&error))?;
        let room = limit - body.len();
        if chunk.len() > room {
            if lenient {
                body.extend_from_slice(&chunk[..room]);
                return Ok(body);
            }
            return Err(FetchError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// A failed request in plain words, without its URL.
fn sending_failed(error: &reqwest::Error) -> FetchError {
    if let Some(refused) = address::refusal(error) {
        return FetchError::Refused(refused);
    }
    let reason = if error.is_timeout() {
        "the server did not answer in time"
    } else if error.is_connect() {
        "no connection could be made"
    } else if error.is_decode() || error.is_body() {
        "the answer broke off or cannot be decompressed"
    } else {
        "the request failed"
    };
    let cause = innermost(error);
    let reason = if cause.is_empty() { reason.to_owned() } else { format!("{reason} ({cause})") };
    FetchError::Transient { retry_after: None, reason }
}

/// The innermost cause: reqwest's own words hold the URL, the causes below do not.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    let mut words = String::new();
    while let Some(inner) = cause {
        words = inner.to_string();
        cause = inner.source();
    }
    crate::text::cut(&crate::text::one_line(&words), 120)
}
