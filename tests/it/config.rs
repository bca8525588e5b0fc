//! Configuration: the shipped files load, every key is shown, and bad ones report all problems at once.

use expect_test::expect;
use monazite::config::{self, BUILT_IN};
use secrecy::ExposeSecret as _;

fn parse_with(name: &str, text: &str) -> Result<config::Config, Vec<String>> {
    config::parse(
        &BUILT_IN.map(
            |(file, built_in)| if file == name { text.to_owned() } else { built_in.to_owned() },
        ),
    )
}

#[test]
fn the_shipped_configuration_is_good() {
    let config = config::parse(&BUILT_IN.map(|(_, text)| text.to_owned())).unwrap();
    assert!(config.sources.len() >= 25, "{} sources", config.sources.len());
    let chinese =
        config.sources.iter().filter(|source| source.language.as_deref() == Some("zh")).count();
    assert!(chinese >= 5, "{chinese} Chinese sources");
    assert!(
        config.sources.iter().all(|source| source.language.is_some()),
        "each source names its language"
    );
    for id in ["reex", "asian-metal"] {
        assert!(config.sources.iter().any(|source| source.id.as_str() == id), "{id} is there");
    }
    assert!(config.sources.iter().any(|source| source.id.as_str().starts_with("mofcom")));
}

#[test]
fn an_empty_file_means_the_defaults_that_the_shipped_one_shows() {
    let shipped = config::parse(&BUILT_IN.map(|(_, text)| text.to_owned())).unwrap();
    let empty = parse_with("monazite.toml", "").unwrap();
    assert_eq!(shipped.settings_shown(), empty.settings_shown());
}

#[test]
fn all_problems_are_reported_at_once() {
    let settings = r#"
[schedule]
timezone = "Mars/Olympus"
brief = "0 7 * * 1-5"
[fetch]
timeout = "soon"
concurrency = 0
[discord]
api_url = "discord"
[log]
format = "xml"
[store]
paht = "x"
cache = 3
keep_days = "many"
[discrod]
"#;
    let sources = r#"
[[source]]
id = "A B"
name = ""
kind = "feed"
url = "ftp://example.com/feed"
every = "1s"
tier = 9
[[source]]
id = "twice"
name = "Twice"
kind = "page"
url = "https://example.com/"
item = "li["
[[source]]
id = "twice"
name = "Twice"
kind = "api"
url = "https://example.com/"
items = "results"
[[source]]
id = "odd"
name = "Odd"
kind = "carrier-pigeon"
url = "https://example.com/"
colour = "red"
"#;
    let lexicon = "nonsense = true\n";
    let mut texts = BUILT_IN.map(|(_, text)| text.to_owned());
    for (text, wrong) in texts.iter_mut().zip([settings, sources, lexicon]) {
        wrong.clone_into(text);
    }
    let problems = config::parse(&texts).err().unwrap();
    expect![[r#"
        monazite.toml: unknown section [discrod]; there are store, schedule, fetch, discord, telegram, ops and log
        monazite.toml: store.cache: unknown field `cache`, expected one of `path`, `cache_bytes`, `keep_days`
        monazite.toml: store.keep_days: invalid type: string "many", expected u32
        monazite.toml: store.paht: unknown field `paht`, expected one of `path`, `cache_bytes`, `keep_days`
        monazite.toml: fetch.timeout: "soon" is no length of time; write a number and ms, s, m, h or d, such as "30m"
        monazite.toml: fetch.concurrency: must be at least 1
        monazite.toml: schedule.timezone: "Mars/Olympus" is no IANA time zone (such as "Europe/Berlin")
        monazite.toml: schedule.brief: weekday "1-5": write names (MON-FRI); numbers mean different days in different crons
        monazite.toml: discord.api_url: "discord" is no http or https address
        monazite.toml: log.format: write "text" or "json"
        sources.toml: source 1 (A B): id: write lower-case letters, digits and hyphens
        sources.toml: source 1 (A B): name: it is empty
        sources.toml: source 1 (A B): url: "ftp://example.com/feed" is no http or https address
        sources.toml: source 1 (A B): tier: write 1 (the authority itself) to 4 (rewrites)
        sources.toml: source 1 (A B): every: less than a minute is not polite
        sources.toml: source 2 (twice): item: "li[" is no CSS selector
        sources.toml: source 3 (twice): items: "results" is no JSON pointer; it begins with a slash
        sources.toml: source 3 (twice): title: a source of kind "api" needs this JSON pointer
        sources.toml: source 3 (twice): link: a source of kind "api" needs this JSON pointer
        sources.toml: source 3 (twice): the id is used twice
        sources.toml: source 4 (odd): unknown field `colour`, expected one of `id`, `name`, `kind`, `url`, `every`, `language`, `tier`, `homepage`, `zone`, `max_items`, `full_text`, `item`, `items`, `link`, `title`, `date`, `summary`, `body`, `guid`, `comments_close`
        lexicon.toml: line 1: unknown field `nonsense`, expected one of `element`, `product`, `company`, `agency`, `topic`, `subject`, `signal`, `boilerplate`"#]].assert_eq(&problems.join("\n"));
}

#[test]
fn an_unknown_key_is_refused_with_its_name() {
    let problems = parse_with("monazite.toml", "[store]\npaht = \"x\"\n").err().unwrap();
    expect!["monazite.toml: store.paht: unknown field `paht`, expected one of `path`, `cache_bytes`, `keep_days`"].assert_eq(&problems.join("\n"));
}

#[test]
fn a_token_in_the_configuration_is_refused() {
    let problems =
        parse_with("monazite.toml", "[telegram]\ntoken = \"123:abc\"\n").err().unwrap().join("\n");
    assert!(!problems.contains("123:abc"), "{problems}");
}

#[test]
fn secrets_come_from_the_environment_or_a_file_named_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, "from-a-file\n").unwrap();
    let path = file.to_string_lossy().into_owned();
    let secrets = config::secrets(|name| match name {
        "MONAZITE_DISCORD_TOKEN" => Some(" direct ".to_owned()),
        "MONAZITE_TELEGRAM_TOKEN_FILE" => Some(path.clone()),
        _ => None,
    })
    .unwrap();
    assert_eq!(secrets.discord.unwrap().expose_secret(), "direct");
    assert_eq!(secrets.telegram.unwrap().expose_secret(), "from-a-file");
}

#[test]
fn wrong_secrets_are_told_all_at_once_and_never_shown() {
    let problems = config::secrets(|name| match name {
        "MONAZITE_DISCORD_TOKEN" | "MONAZITE_DISCORD_TOKEN_FILE" => Some("s3cret".to_owned()),
        "MONAZITE_TELEGRAM_TOKEN_FILE" => Some("no-such-file".to_owned()),
        _ => None,
    })
    .err()
    .unwrap();
    expect![[r#"
        MONAZITE_DISCORD_TOKEN and MONAZITE_DISCORD_TOKEN_FILE are both set; keep one
        MONAZITE_TELEGRAM_TOKEN_FILE: no-such-file: No such file or directory (os error 2)"#]]
    .assert_eq(&problems.join("\n"));
}

#[test]
fn a_folder_may_hold_only_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("monazite.toml"),
        "[schedule]\ntimezone = \"Asia/Shanghai\"\n",
    )
    .unwrap();
    let config = config::load(folder.path()).unwrap();
    assert_eq!(config.zone.name(), "Asia/Shanghai");
    assert!(config.sources.len() >= 25);
}

#[test]
fn a_webhook_is_told_where_and_checked() {
    let webhook = |lines: &str| {
        let parsed = parse_with("monazite.toml", &format!("[telegram]\n{lines}\n"));
        match parsed {
            Ok(config) => config
                .telegram_webhook
                .map_or("polling".to_owned(), |place| format!("{} at {}", place.url, place.listen)),
            Err(problems) => problems.join("\n"),
        }
    };
    let told: Vec<String> = [
        "",
        "mode = \"push\"",
        "webhook_url = \"https://bot.example.com/t\"",
        "mode = \"webhook\"",
        "mode = \"webhook\"\nwebhook_url = \"http://bot.example.com/t\"\nwebhook_listen = \"8443\"",
        "mode = \"webhook\"\nwebhook_url = \"https://bot.example.com:9000/t\"",
        "mode = \"webhook\"\nwebhook_url = \"https://bot.example.com/t?secret=1\"",
        "mode = \"webhook\"\nwebhook_url = \"bot.example.com\"",
        "mode = \"webhook\"\nwebhook_url = \"https://bot.example.com/t\"",
        "mode = \"webhook\"\nwebhook_url = \"http://bot:9000/t\"\napi_url = \"http://127.0.0.1:8081\"\nwebhook_listen = \"[::]:80\"",
        "mode = \"webhook\"\nwebhook_url = \"http://bot:9000/t\"\napi_url = \"http://api.example.com\"",
    ]
    .into_iter()
    .map(webhook)
    .collect();
    expect![[r#"
        polling
        monazite.toml: telegram.mode: write "polling" or "webhook"
        monazite.toml: telegram.webhook_url: it is for mode = "webhook"; take it out, or set that
        monazite.toml: telegram.webhook_url: mode = "webhook" needs the https address Telegram posts to
        monazite.toml: telegram.webhook_listen: write an address and a port, such as "127.0.0.1:8443"
        monazite.toml: telegram.webhook_url: Telegram posts to https addresses only
        monazite.toml: telegram.webhook_url: Telegram posts to the ports 443, 80, 88 and 8443 only
        monazite.toml: telegram.webhook_url: write it without ? and #
        monazite.toml: telegram.webhook_url: it is no address
        https://bot.example.com/t at 127.0.0.1:8443
        http://bot:9000/t at [::]:80
        monazite.toml: telegram.webhook_url: Telegram posts to https addresses only"#]].assert_eq(&told.join("\n"));
}

#[test]
fn the_webhook_s_secret_keeps_telegram_s_rules() {
    let secret = |value: &str| {
        let value = value.to_owned();
        config::secrets(move |name| {
            (name == "MONAZITE_TELEGRAM_WEBHOOK_SECRET").then(|| value.clone())
        })
    };
    let good = secret("aZ09_-").unwrap().telegram_webhook.unwrap();
    assert_eq!(good.expose_secret(), "aZ09_-");
    assert!(secret(&"x".repeat(256)).is_ok());
    for wrong in ["with space", "ümlaut", "a+b", &"x".repeat(257)] {
        let problems = secret(wrong).err().unwrap().join("\n");
        expect!["MONAZITE_TELEGRAM_WEBHOOK_SECRET: write 1 to 256 of the characters A-Z, a-z, 0-9, _ and -"].assert_eq(&problems);
    }
}
