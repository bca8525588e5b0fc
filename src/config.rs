//! What an operator sets: TOML files from one folder, secrets from the environment.
//!
//! A file that is missing in the folder falls back to the copy built in. Every
//! problem is collected, so that one look shows all of them. Secrets are never
//! read from TOML, never printed and never part of an error.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::enrich::claims::{self, Rules};
use crate::lexicon::Lexicon;
use crate::model::source::parse_duration;
use crate::register::Curated;
use crate::schedule::Cron;
use crate::sources::SourceSpec;
use crate::sources::http::FetchSettings;

/// The files as shipped.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("monazite.toml", include_str!("../config/monazite.toml")),
    ("sources.toml", include_str!("../config/sources.toml")),
    ("lexicon.toml", include_str!("../config/lexicon.toml")),
    ("licenses.toml", include_str!("../config/licenses.toml")),
    ("claims.toml", claims::BUILT_IN),
];

/// Everything set, checked.
pub struct Config {
    /// Where the store lies.
    pub store: PathBuf,
    /// Bytes of cache.
    pub cache_bytes: u64,
    /// Days articles are kept.
    pub keep_days: u32,
    /// The operator's zone.
    pub zone: Tz,
    /// When the daily edition closes.
    pub brief: Cron,
    /// When the weekly edition closes.
    pub weekly: Cron,
    /// How pages are fetched.
    pub fetch: FetchSettings,
    /// Discord's base address.
    pub discord_api: String,
    /// Discord's application id, if set.
    pub discord_application: Option<u64>,
    /// Channels subscribed by the operator.
    pub discord_channels: Vec<i64>,
    /// Telegram's base address.
    pub telegram_api: String,
    /// Chats subscribed by the operator.
    pub telegram_chats: Vec<i64>,
    /// Where Telegram brings updates; `None` when it is asked for them.
    pub telegram_webhook: Option<WebhookPlace>,
    /// The log filter.
    pub log_level: String,
    /// Whether logs are JSON.
    pub log_json: bool,
    /// The sources to poll.
    pub sources: Vec<SourceSpec>,
    /// Names and cues.
    pub lexicon: Arc<Lexicon>,
    /// How license claims are read.
    pub rules: Arc<Rules>,
    /// The curated history of the controls.
    pub curated: Curated,
}

/// Where Telegram brings updates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookPlace {
    /// The public address.
    pub url: url::Url,
    /// Where this process takes what is posted there.
    pub listen: SocketAddr,
}

/// Tokens from the environment.
#[derive(Default)]
pub struct Secrets {
    /// Discord's bot token.
    pub discord: Option<SecretString>,
    /// Telegram's bot token.
    pub telegram: Option<SecretString>,
    /// What Telegram's posts to the webhook carry.
    pub telegram_webhook: Option<SecretString>,
}

#[derive(Default)]
struct File {
    store: StoreTable,
    schedule: ScheduleTable,
    fetch: FetchTable,
    discord: DiscordTable,
    telegram: TelegramTable,
    log: LogTable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct StoreTable {
    path: PathBuf,
    cache_bytes: u64,
    keep_days: u32,
}

impl Default for StoreTable {
    fn default() -> Self {
        Self { path: "data".into(), cache_bytes: 16 << 20, keep_days: 400 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ScheduleTable {
    timezone: String,
    brief: String,
    weekly: String,
}

impl Default for ScheduleTable {
    fn default() -> Self {
        Self {
            timezone: "America/New_York".to_owned(),
            brief: "0 0 7 * * *".to_owned(),
            weekly: "0 0 8 * * SAT".to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FetchTable {
    user_agent: String,
    timeout: String,
    connect_timeout: String,
    max_bytes: usize,
    max_redirects: usize,
    concurrency: usize,
    per_host_interval: String,
    allow_private: Vec<String>,
}

impl Default for FetchTable {
    fn default() -> Self {
        Self {
            user_agent: "Monazite/0.1 (+https://github.com/monazite/monazite)".to_owned(),
            timeout: "20s".to_owned(),
            connect_timeout: "5s".to_owned(),
            max_bytes: 5_000_000,
            max_redirects: 5,
            concurrency: 16,
            per_host_interval: "2s".to_owned(),
            allow_private: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DiscordTable {
    api_url: String,
    application_id: Option<u64>,
    channels: Vec<i64>,
}

impl Default for DiscordTable {
    fn default() -> Self {
        Self {
            api_url: "https://discord.com".to_owned(),
            application_id: None,
            channels: Vec::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TelegramTable {
    api_url: String,
    chats: Vec<i64>,
    mode: String,
    webhook_url: Option<String>,
    webhook_listen: String,
}

impl Default for TelegramTable {
    fn default() -> Self {
        Self {
            api_url: "https://api.telegram.org".to_owned(),
            chats: Vec::new(),
            mode: "polling".to_owned(),
            webhook_url: None,
            webhook_listen: "127.0.0.1:8443".to_owned(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LogTable {
    level: String,
    format: String,
}

impl Default for LogTable {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: "text".to_owned() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourcesFile {
    #[serde(default)]
    source: Vec<toml::Value>,
}

impl Config {
    /// The settings of `monazite.toml` in words, for an operator and for comparing.
    #[must_use]
    pub fn settings_shown(&self) -> String {
        format!(
            "store {} ({} bytes of cache, {} days), zone {}, {:?}, discord {} {:?} {:?}, telegram {} {:?} {:?}, log {} {}",
            self.store.display(),
            self.cache_bytes,
            self.keep_days,
            self.zone,
            self.fetch,
            self.discord_api,
            self.discord_application,
            self.discord_channels,
            self.telegram_api,
            self.telegram_chats,
            self.telegram_webhook,
            self.log_level,
            if self.log_json { "json" } else { "text" },
        )
    }
}

/// Loads the folder `dir`.
///
/// # Errors
///
/// Every problem found, each a plain sentence that names its file.
pub fn load(dir: &Path) -> Result<Config, Vec<String>> {
    let mut problems = Vec::new();
    let texts = BUILT_IN.map(|(name, built_in)| read(dir, name, built_in, &mut problems));
    match parse(&texts) {
        Ok(config) if problems.is_empty() => Ok(config),
        Ok(_) => Err(problems),
        Err(more) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// The folder's file, or the built-in copy when there is none.
fn read(dir: &Path, name: &str, built_in: &str, problems: &mut Vec<String>) -> String {
    match std::fs::read_to_string(dir.join(name)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => built_in.to_owned(),
        Err(error) => {
            problems.push(format!("{}: {error}", dir.join(name).display()));
            built_in.to_owned()
        }
    }
}

/// The settings from the five files' texts, in the order of `BUILT_IN`.
///
/// # Errors
///
/// Every problem found.
pub fn parse(texts: &[String; 5]) -> Result<Config, Vec<String>> {
    let [settings, sources, lexicon, licenses, rules] = texts;
    let mut problems = Vec::new();
    let file = sections(settings, &mut problems);
    let fetch = fetch_settings(&file.fetch, &mut problems);
    let zone = file.schedule.timezone.parse().unwrap_or_else(|_| {
        problems.push(format!(
            "monazite.toml: schedule.timezone: {:?} is no IANA time zone (such as \"Europe/Berlin\")",
            file.schedule.timezone
        ));
        Tz::UTC
    });
    let brief = Cron::parse(&file.schedule.brief)
        .map_err(|error| problems.push(format!("monazite.toml: schedule.brief: {error}")))
        .ok();
    let weekly = Cron::parse(&file.schedule.weekly)
        .map_err(|error| problems.push(format!("monazite.toml: schedule.weekly: {error}")))
        .ok();
    check_url("discord.api_url", &file.discord.api_url, &mut problems);
    check_url("telegram.api_url", &file.telegram.api_url, &mut problems);
    let telegram_webhook = webhook_place(&file.telegram, &mut problems);
    if !matches!(file.log.format.as_str(), "text" | "json") {
        problems.push("monazite.toml: log.format: write \"text\" or \"json\"".to_owned());
    }
    let sources = parse_sources(sources, &mut problems);
    let lexicon = Lexicon::parse(lexicon)
        .map_err(|found| problems.extend(found.iter().map(|p| format!("lexicon.toml: {p}"))))
        .ok();
    let curated = crate::register::curated(licenses, lexicon.as_ref())
        .map_err(|found| problems.extend(found.iter().map(|p| format!("licenses.toml: {p}"))))
        .ok();
    let rules = Rules::parse(rules)
        .map_err(|found| problems.extend(found.iter().map(|p| format!("claims.toml: {p}"))))
        .ok();
    match (brief.zip(weekly), lexicon, curated, rules) {
        (Some((brief, weekly)), Some(lexicon), Some(curated), Some(rules))
            if problems.is_empty() =>
        {
            Ok(Config {
                store: file.store.path,
                cache_bytes: file.store.cache_bytes,
                keep_days: file.store.keep_days,
                zone,
                brief,
                weekly,
                fetch,
                discord_api: file.discord.api_url.trim_end_matches('/').to_owned(),
                discord_application: file.discord.application_id,
                discord_channels: file.discord.channels,
                telegram_api: file.telegram.api_url.trim_end_matches('/').to_owned(),
                telegram_chats: file.telegram.chats,
                telegram_webhook,
                log_level: file.log.level,
                log_json: file.log.format == "json",
                sources,
                lexicon: Arc::new(lexicon),
                rules: Arc::new(rules),
                curated,
            })
        }
        _ => Err(problems),
    }
}

/// The tables of `monazite.toml`, each read by itself, so that one problem hides no other.
fn sections(text: &str, problems: &mut Vec<String>) -> File {
    let mut file = File::default();
    let whole: toml::Table = match toml::from_str(text) {
        Ok(whole) => whole,
        Err(error) => {
            problems.push(toml_problem("monazite.toml", text, &error));
            return file;
        }
    };
    for (name, value) in whole {
        match name.as_str() {
            "store" => file.store = section(&name, value, problems),
            "schedule" => file.schedule = section(&name, value, problems),
            "fetch" => file.fetch = section(&name, value, problems),
            "discord" => file.discord = section(&name, value, problems),
            "telegram" => file.telegram = section(&name, value, problems),
            "log" => file.log = section(&name, value, problems),
            _ => problems.push(format!(
                "monazite.toml: unknown section [{name}]; there are store, schedule, fetch, discord, telegram and log"
            )),
        }
    }
    file
}

/// One table. Each key is tried by itself, and a wrong one is told and left out.
fn section<T>(name: &str, value: toml::Value, problems: &mut Vec<String>) -> T
where
    T: Default + serde::de::DeserializeOwned,
{
    let toml::Value::Table(keys) = value else {
        problems.push(format!("monazite.toml: {name}: it is a section, written [{name}]"));
        return T::default();
    };
    let mut good = toml::Table::new();
    for (key, value) in keys {
        let alone = toml::Table::from_iter([(key.clone(), value.clone())]);
        match toml::Value::Table(alone).try_into::<T>() {
            Ok(_) => drop(good.insert(key, value)),
            Err(error) => {
                problems.push(format!(
                    "monazite.toml: {name}.{key}: {}",
                    crate::text::one_line(error.message())
                ));
            }
        }
    }
    toml::Value::Table(good).try_into().unwrap_or_default()
}

/// The parser's complaint with its line, but without the line's text: somebody may have put a
/// secret there.
fn toml_problem(place: &str, text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| crate::text::line_of(text, span.start));
    let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
    format!("{place}{line}: {}", crate::text::one_line(error.message()))
}

fn fetch_settings(table: &FetchTable, problems: &mut Vec<String>) -> FetchSettings {
    let mut duration = |key: &str, text: &str| {
        parse_duration(text).unwrap_or_else(|error| {
            problems.push(format!("monazite.toml: fetch.{key}: {error}"));
            Duration::ZERO
        })
    };
    let timeout = duration("timeout", &table.timeout);
    let connect_timeout = duration("connect_timeout", &table.connect_timeout);
    let per_host_interval = duration("per_host_interval", &table.per_host_interval);
    if table.concurrency == 0 {
        problems.push("monazite.toml: fetch.concurrency: must be at least 1".to_owned());
    }
    FetchSettings {
        user_agent: table.user_agent.clone(),
        timeout,
        connect_timeout,
        max_bytes: table.max_bytes,
        max_redirects: table.max_redirects,
        concurrency: table.concurrency,
        per_host_interval,
        allow_private: table.allow_private.clone(),
    }
}

fn check_url(key: &str, text: &str, problems: &mut Vec<String>) {
    let good = url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    if !good {
        problems.push(format!("monazite.toml: {key}: {text:?} is no http or https address"));
    }
}

/// Where Telegram is to bring updates, if it is to.
fn webhook_place(table: &TelegramTable, problems: &mut Vec<String>) -> Option<WebhookPlace> {
    let mut tell = |key: &str, words: &str| {
        problems.push(format!("monazite.toml: telegram.{key}: {words}"));
    };
    match table.mode.as_str() {
        "webhook" => {}
        "polling" if table.webhook_url.is_none() => return None,
        "polling" => {
            tell("webhook_url", "it is for mode = \"webhook\"; take it out, or set that");
            return None;
        }
        _ => {
            tell("mode", "write \"polling\" or \"webhook\"");
            return None;
        }
    }
    let listen = table.webhook_listen.parse().ok();
    if listen.is_none() {
        tell("webhook_listen", "write an address and a port, such as \"127.0.0.1:8443\"");
    }
    match webhook_url(table) {
        Ok(url) => Some(WebhookPlace { url, listen: listen? }),
        Err(words) => {
            tell("webhook_url", words);
            None
        }
    }
}

/// The address Telegram is to post to. Telegram's own servers take only certain ones; a Bot API
/// server of one's own at hand takes any.
fn webhook_url(table: &TelegramTable) -> Result<url::Url, &'static str> {
    let text = table.webhook_url.as_deref();
    let text = text.ok_or("mode = \"webhook\" needs the https address Telegram posts to")?;
    let url = url::Url::parse(text).map_err(|_| "it is no address")?;
    let at_hand = is_at_hand(&table.api_url);
    if url.scheme() != "https" && !(at_hand && url.scheme() == "http") {
        return Err("Telegram posts to https addresses only");
    }
    if !at_hand && !matches!(url.port_or_known_default(), Some(443 | 80 | 88 | 8443)) {
        return Err("Telegram posts to the ports 443, 80, 88 and 8443 only");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("write it without ? and #");
    }
    Ok(url)
}

/// Whether an API's address is on this machine or in a private network.
fn is_at_hand(api_url: &str) -> bool {
    let Ok(url) = url::Url::parse(api_url) else { return false };
    match url.host() {
        Some(url::Host::Domain(name)) => !name.contains('.'),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback() || ip.is_private(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unique_local(),
        None => false,
    }
}

/// Reads each block by itself, so that one bad block hides no other.
fn parse_sources(text: &str, problems: &mut Vec<String>) -> Vec<SourceSpec> {
    let file: SourcesFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            problems.push(toml_problem("sources.toml", text, &error));
            return Vec::new();
        }
    };
    let mut ids = HashSet::new();
    let mut specs = Vec::new();
    for (i, block) in file.source.into_iter().enumerate() {
        let id = block.get("id").and_then(toml::Value::as_str).unwrap_or("(no id)").to_owned();
        let place = format!("sources.toml: source {} ({id})", i + 1);
        match block.try_into::<SourceSpec>() {
            Ok(spec) => {
                problems.extend(spec.validate().iter().map(|p| format!("{place}: {p}")));
                if !ids.insert(id) {
                    problems.push(format!("{place}: the id is used twice"));
                }
                specs.push(spec);
            }
            Err(error) => {
                problems.push(format!("{place}: {}", crate::text::one_line(error.message())));
            }
        }
    }
    specs
}

/// The secrets, by a look-up of environment variables.
///
/// # Errors
///
/// Every problem found; none of them holds a secret.
pub fn secrets(variable: impl Fn(&str) -> Option<String>) -> Result<Secrets, Vec<String>> {
    let mut problems = Vec::new();
    let mut secret = |name: &str| match read_secret(name, &variable) {
        Ok(secret) => secret,
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let secrets = Secrets {
        discord: secret("MONAZITE_DISCORD_TOKEN"),
        telegram: secret("MONAZITE_TELEGRAM_TOKEN"),
        telegram_webhook: secret(WEBHOOK_SECRET),
    };
    if secrets.telegram_webhook.as_ref().is_some_and(|secret| !is_webhook_secret(secret)) {
        problems.push(format!(
            "{WEBHOOK_SECRET}: write 1 to 256 of the characters A-Z, a-z, 0-9, _ and -"
        ));
    }
    if problems.is_empty() { Ok(secrets) } else { Err(problems) }
}

/// The variable that holds what Telegram's posts carry.
pub const WEBHOOK_SECRET: &str = "MONAZITE_TELEGRAM_WEBHOOK_SECRET";

fn is_webhook_secret(secret: &SecretString) -> bool {
    let secret = secret.expose_secret();
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    (1..=256).contains(&secret.len()) && secret.bytes().all(legal)
}

fn read_secret(
    name: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<Option<SecretString>, String> {
    let file = format!("{name}_FILE");
    let direct = variable(name).filter(|value| !value.trim().is_empty());
    match (direct, variable(&file)) {
        (Some(_), Some(_)) => Err(format!("{name} and {file} are both set; keep one")),
        (Some(value), None) => Ok(Some(SecretString::from(value.trim().to_owned()))),
        (None, Some(path)) => match std::fs::read_to_string(&path) {
            Ok(value) if value.trim().is_empty() => Err(format!("{file}: {path} is empty")),
            Ok(value) => Ok(Some(SecretString::from(value.trim().to_owned()))),
            Err(error) => Err(format!("{file}: {path}: {error}")),
        },
        (None, None) => Ok(None),
    }
}
