//! The program itself: what it prints, how it ends, and that it stops when asked to.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use expect_test::expect;
use monazite::model::delivery::{Cause, Delivery, State};
use monazite::store::Store;

use crate::world::discord::{self as discord_fake, FakeDiscord};
use crate::world::home::{at, chat};
use crate::world::telegram::{self as fake, FakeTelegram};

pub(crate) fn monazite(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monazite"));
    command.args(args).current_dir(folder).env_remove("RUST_LOG").env_remove("MONAZITE_CONFIG");
    for name in ["DISCORD_TOKEN", "TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"] {
        command.env_remove(format!("MONAZITE_{name}"));
        command.env_remove(format!("MONAZITE_{name}_FILE"));
    }
    command.stdin(Stdio::null());
    command
}

fn run(args: &[&str], folder: &Path) -> Output {
    monazite(args, folder).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A configuration folder with these files.
pub(crate) fn config(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("config")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join("config").join(name), text).unwrap();
    }
    folder
}

#[test]
fn the_demo_prints_the_brief_and_ends_well() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(&["demo"], folder.path());
    let text = out(&output);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    for part in [
        "Monazite daily brief No. 1",
        "Highlights",
        "License & controls desk",
        "Prices",
        "Analysis",
        "Recent news",
    ] {
        assert!(text.contains(part), "{part} is in the brief");
    }
    assert!(!text.contains('\u{1b}'), "no escape codes where there is no terminal");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "it leaves nothing behind");
}

#[test]
fn wrong_usage_and_wrong_configuration_end_with_two() {
    let folder =
        config(&[("monazite.toml", "[fetch]\ntimeout = \"soon\"\n[log]\nformat = \"xml\"\n")]);
    assert_eq!(run(&["brew"], folder.path()).status.code(), Some(2));
    let output = run(&["check"], folder.path());
    assert_eq!(output.status.code(), Some(2));
    expect![[r#"
        monazite.toml: fetch.timeout: "soon" is no length of time; write a number and ms, s, m, h or d, such as "30m"
        monazite.toml: log.format: write "text" or "json"
    "#]].assert_eq(&err(&output));
    let output = run(&["--config", "nowhere", "check"], folder.path());
    assert_eq!((output.status.code(), err(&output).lines().count()), (Some(2), 1));
}

#[test]
fn check_says_what_is_there() {
    let folder = config(&[("sources.toml", "")]);
    let output = run(&["check"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let text = out(&output);
    assert!(text.starts_with("Configuration: good. 0 sources"), "{text}");
    assert!(text.contains("no token is set"), "{text}");
}

#[test]
fn check_tries_sources_and_fails_when_one_does() {
    let sources = "[[source]]\nid = \"inside\"\nname = \"Inside\"\nkind = \"feed\"\nurl = \"http://127.0.0.1:9/feed\"\n";
    let folder = config(&[("sources.toml", sources)]);
    let output = run(&["check", "--sources"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(out(&output).contains("the address of 127.0.0.1 is private"), "{}", out(&output));
}

#[test]
fn asking_and_exporting_an_empty_store_is_answered() {
    let folder = config(&[("sources.toml", "")]);
    let output = run(&["ask", "/status"], folder.path());
    assert!(out(&output).contains("Last edition: none yet"), "{}{}", out(&output), err(&output));
    let output = run(&["ask", "latest", "--format", "json"], folder.path());
    assert!(serde_json::from_str::<serde_json::Value>(&out(&output)).unwrap()["blocks"].is_array());
    let output = run(&["ask", "/subscribe"], folder.path());
    assert_eq!(output.status.code(), Some(1), "a command that changes something is refused");
    let output = run(&["export", "--what", "articles"], folder.path());
    assert_eq!((output.status.code(), out(&output)), (Some(0), String::new()));
    let output = run(&["brief", "--format", "html"], folder.path());
    assert!(out(&output).starts_with("<!doctype html>"), "{}", out(&output));
    let output = run(&["brief", "2026-02-30"], folder.path());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_search_is_answered_and_its_index_made_anew() {
    let folder = config(&[("sources.toml", "")]);
    let output = run(&["ask", "/search JL MAG license:granted"], folder.path());
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).contains("not an official register"), "{}", out(&output));
    let output = run(&["reindex"], folder.path());
    assert!(output.status.success(), "{}", err(&output));
    assert!(out(&output).starts_with("The search index is made anew: "), "{}", out(&output));
}

#[test]
fn a_service_without_tokens_says_so() {
    let folder = config(&[("sources.toml", "")]);
    let output = run(&["run"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("MONAZITE_TELEGRAM_TOKEN"), "{}", err(&output));
}

#[tokio::test]
async fn the_service_answers_on_discord_in_time() {
    let discord = FakeDiscord::start().await;
    let settings = format!("[discord]\napi_url = \"{}\"\n", discord.connection().api_url);
    let folder = config(&[("sources.toml", ""), ("monazite.toml", &settings)]);
    let mut service = monazite(&["run"], folder.path())
        .env("MONAZITE_DISCORD_TOKEN", discord_fake::TOKEN)
        .env("RUST_LOG", "debug")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = service.stderr.take().unwrap();
    let log = tokio::task::spawn_blocking(move || {
        let mut log = String::new();
        std::io::Read::read_to_string(&mut pipe, &mut log).unwrap();
        log
    });
    discord.gateway(|counts| counts.identified > 0).await;
    let asked = discord.slash("licenses", "dysprosium", false);
    discord.until(|fake| fake.answered(asked).is_some()).await;
    let partial = discord.complete("latest", "dys");
    discord.until(|fake| fake.choices(partial).is_some()).await;
    let refused = discord.slash("subscribe", "", false);
    discord.until(|fake| fake.answered(refused).is_some()).await;
    let subscribed = discord.slash("subscribe", "7:30 Berlin", true);
    discord.until(|fake| fake.answered(subscribed).is_some()).await;
    assert!(
        Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success()
    );
    let ended = tokio::task::spawn_blocking(move || service.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(5), ended)
        .await
        .expect("it stops in time")
        .unwrap();
    let log = log.await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(
        !log.contains("interaction-token") && !log.contains("token_of-the-bot"),
        "no token in the log"
    );
    assert_eq!(discord.commands().len(), monazite::commands::ALL.len());
    assert!(discord.pings().is_empty());
    let output = run(&["export", "--what", "subscriptions"], folder.path());
    let line: serde_json::Value =
        serde_json::from_str(out(&output).lines().next().unwrap()).unwrap();
    assert_eq!(
        (&line["at"], &line["zone"]),
        (&"07:30:00".into(), &"Europe/Berlin".into()),
        "only the manager's was taken"
    );
}

#[tokio::test]
async fn the_service_answers_and_stops_when_asked() {
    let telegram = FakeTelegram::start().await;
    telegram.private(5, "Reader");
    let settings = format!("[telegram]\napi_url = \"{}\"\n", telegram.url);
    let folder = config(&[("sources.toml", ""), ("monazite.toml", &settings)]);
    let mut service = monazite(&["run"], folder.path())
        .env("MONAZITE_TELEGRAM_TOKEN", fake::TOKEN)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    telegram.push_text(5, 5, "/subscribe");
    telegram.called("sendMessage", 1).await;
    let answer = telegram.messages(5)[0].text.clone();
    assert!(answer.starts_with("Subscribed."), "{answer}");
    // A second one on the same store is told so.
    let second = run(&["ask", "/status"], folder.path());
    assert_eq!(second.status.code(), Some(1));
    assert!(err(&second).contains("in use by another Monazite"), "{}", err(&second));
    let id = service.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let output = tokio::task::spawn_blocking(move || {
        let status = service.wait().unwrap();
        let mut log = String::new();
        std::io::Read::read_to_string(&mut service.stderr.take().unwrap(), &mut log).unwrap();
        (status, log)
    });
    let ended = tokio::time::timeout(Duration::from_secs(5), output).await;
    let (status, log) = ended.expect("it stops within five seconds").unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains(fake::TOKEN) && !log.contains("AAEfake"), "no token in the log: {log}");
    // What it was told before is known after.
    let output = run(&["export", "--what", "subscriptions"], folder.path());
    assert_eq!(out(&output).lines().count(), 1, "{}", err(&output));
}

/// Ends a service that was started here, and waits for it.
async fn stop(mut service: std::process::Child) {
    let id = service.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || service.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(5), ended).await;
    assert_eq!(status.expect("it stops in time").unwrap().code(), Some(0));
}

/// A folder whose service would talk with this Telegram.
fn folder_on(telegram: &FakeTelegram) -> tempfile::TempDir {
    let settings = format!("[telegram]\napi_url = \"{}\"\n", telegram.url);
    config(&[("sources.toml", ""), ("monazite.toml", &settings)])
}

/// The service in such a folder.
fn service(dir: &Path) -> std::process::Child {
    monazite(&["run"], dir)
        .env("MONAZITE_TELEGRAM_TOKEN", fake::TOKEN)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn an_operator_decides_beside_the_running_service() {
    let telegram = FakeTelegram::start().await;
    telegram.private(5, "Reader");
    let folder = folder_on(&telegram);
    let dir = folder.path();
    let does = |args: &[&str]| {
        let output = run(args, dir);
        format!("{}: {}{}", output.status.code().unwrap(), out(&output), err(&output))
    };
    let lying = || {
        let files = std::fs::read_dir(dir.join("data/decisions")).unwrap();
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    let service = service(dir);
    telegram.push_text(5, 5, "/help");
    telegram.called("sendMessage", 1).await;
    let reject = ["reject", "zhenghai-2025-ft", "--why", "another firm", "--by", "Operator"];
    expect![[r#"
        0: Noted, by Operator.
    "#]]
    .assert_eq(&does(&reject));
    expect![[r#"
        1: there is no claim "nothing"; `monazite review` and `monazite export --what claims` print ids
    "#]].assert_eq(&does(&["accept", "nothing"]));
    expect![[r#"
        1: no claim has the holder "x-nobody"; `monazite review` lists provisional ones
    "#]]
    .assert_eq(&does(&["merge", "x-nobody", "jl-mag"]));
    let review = does(&["review"]);
    assert!(review.starts_with("0: Nothing to review.\n\nLatest decisions:\n"), "{review}");
    assert!(review.ends_with("  Operator rejected zhenghai-2025-ft (another firm)\n"), "{review}");
    assert_eq!(lying(), Vec::<String>::new(), "nothing is left behind");
    // The running service answers by it at once, without the operator's name.
    telegram.push_text(5, 5, "/license zhenghai");
    telegram.called("sendMessage", 2).await;
    let answer = telegram.messages(5).last().unwrap().text.clone();
    assert!(answer.contains("rejected by the operator: another firm"), "{answer}");
    assert!(!answer.contains("Operator"), "{answer}");
    stop(service).await;
    // What was left while nobody had the store is taken up by whoever opens it next for a decision;
    // what cannot be read is set aside.
    let wish = r#"{"decide":{"verdict":{"accept":{"claim":"zhenghai-2025-ft"}},"why":"","by":"Ada","at":"2026-11-24T00:00:00Z"}}"#;
    std::fs::write(dir.join("data/decisions/000000000000001-1.json"), wish).unwrap();
    std::fs::write(dir.join("data/decisions/000000000000002-1.json"), "{").unwrap();
    assert!(does(&["review"]).contains("2026-11-24 00:00 UTC  Ada accepted zhenghai-2025-ft"));
    let mut left = lying();
    left.sort();
    assert_eq!(left, ["000000000000001-1.answer", "000000000000002-1.unreadable"]);
    let csv = out(&run(&["export", "--what", "decisions", "--format", "csv"], dir));
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "at,by,claim,field,from,to,value,verdict,why");
    assert!(
        lines[1..]
            .iter()
            .any(|line| { line.ends_with(",Operator,zhenghai-2025-ft,,,,,reject,another firm") }),
        "{csv}"
    );
    let jsonl = out(&run(&["export", "--what", "decisions"], dir));
    assert_eq!(jsonl.lines().count(), 2, "{jsonl}");
}

#[tokio::test]
async fn the_service_takes_what_telegram_brings() {
    let telegram = FakeTelegram::start().await;
    telegram.private(5, "Reader");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = format!(
        "[telegram]\napi_url = \"{}\"\nmode = \"webhook\"\nwebhook_url = \"http://127.0.0.1:{port}/t\"\n\
         webhook_listen = \"127.0.0.1:{port}\"\n",
        telegram.url
    );
    let folder = config(&[("sources.toml", ""), ("monazite.toml", &settings)]);
    let without = monazite(&["check"], folder.path())
        .env("MONAZITE_TELEGRAM_TOKEN", fake::TOKEN)
        .output()
        .unwrap();
    assert_eq!(without.status.code(), Some(1));
    expect![[r#"
        telegram.mode is "webhook", but MONAZITE_TELEGRAM_WEBHOOK_SECRET is not set
    "#]]
    .assert_eq(&err(&without));
    let mut service = monazite(&["run"], folder.path())
        .env("MONAZITE_TELEGRAM_TOKEN", fake::TOKEN)
        .env("MONAZITE_TELEGRAM_WEBHOOK_SECRET", "only_Telegram-knows")
        .env("RUST_LOG", "debug")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = service.stderr.take().unwrap();
    let log = tokio::task::spawn_blocking(move || {
        let mut log = String::new();
        std::io::Read::read_to_string(&mut pipe, &mut log).unwrap();
        log
    });
    telegram.called("setWebhook", 1).await;
    // One asker is answered twenty times, told once that this is too fast, and then not at all.
    for _ in 0..30 {
        telegram.push_text(5, 5, "/help");
    }
    assert_eq!(telegram.bring().await, [200; 30]);
    telegram.called("sendMessage", 21).await;
    assert!(
        Command::new("kill").args(["-TERM", &service.id().to_string()]).status().unwrap().success()
    );
    let ended = tokio::task::spawn_blocking(move || service.wait().unwrap());
    let ended = tokio::time::timeout(Duration::from_secs(5), ended).await;
    let status = ended.expect("it stops within five seconds").unwrap();
    let log = log.await.unwrap();
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("only_Telegram-knows") && !log.contains("AAEfake"), "no secret: {log}");
    assert_eq!(telegram.webhook(), "", "the webhook is removed");
    let answers = telegram.messages(5);
    assert_eq!(answers.len(), 21);
    let slow = answers.iter().filter(|sent| sent.text.contains("faster than I can answer"));
    assert_eq!(slow.count(), 1);
}

#[test]
fn an_operator_decides_about_claims_and_nothing_is_deleted() {
    let folder = config(&[]);
    let dir = folder.path();
    let does = |args: &[&str]| {
        let output = run(args, dir);
        format!("{}: {}{}", output.status.code().unwrap(), out(&output), err(&output))
    };
    let id = "zhenghai-2025-ft";
    expect![[r#"
        0: Nothing to review.
    "#]]
    .assert_eq(&does(&["review"]));
    expect![[r#"
        0: Noted, by Operator.
    "#]]
    .assert_eq(&does(&["reject", id, "--why", "another firm", "--by", "Operator"]));
    assert!(does(&["ask", "/license zhenghai"]).contains("rejected by the operator: another firm"));
    expect![[r#"
        0: Noted, by Operator.
    "#]]
    .assert_eq(&does(&["accept", id, "--by", "Operator"]));
    assert!(!does(&["ask", "/license zhenghai"]).contains("rejected"));
    let correct =
        ["correct", id, "date", "2025-05", "--why", "the page says May", "--by", "Operator"];
    expect![[r#"
        0: Noted, by Operator.
    "#]]
    .assert_eq(&does(&correct));
    assert!(does(&["ask", "/license 正海磁材"]).contains("the page says May"));
    expect![[r#"
        1: "soon" is neither a day (2025-12-02) nor a month (2025-12)
    "#]]
    .assert_eq(&does(&["correct", id, "date", "soon", "--why", "x"]));
    expect![[r#"
        1: a claim has no field "color"; the fields are holder, description, role, action, license_type, elements, items, destinations, customers, conditions, validity_months, count, date, certainty, origin
    "#]].assert_eq(&does(&["correct", id, "color", "red", "--why", "x"]));
    expect![[r#"
        1: say why with --why: it is shown beside the claim
    "#]]
    .assert_eq(&does(&["reject", id, "--why", " "]));
    expect![[r#"
        1: there is no claim "nothing"; `monazite review` and `monazite export --what claims` print ids
    "#]].assert_eq(&does(&["reject", "nothing", "--why", "x"]));
    expect![[r#"
        1: no claim has the holder "x-new-magnets"; `monazite review` lists provisional ones
    "#]]
    .assert_eq(&does(&["merge", "x-new-magnets", "jl-mag"]));
    let claims = out(&run(&["export", "--what", "claims"], dir));
    assert_eq!(claims.lines().count(), 53, "a decision deletes no claim");
    let rows = out(&run(&["export", "--what", "licenses", "--format", "csv"], dir));
    assert!(rows.lines().next().unwrap().contains("license_type"), "{rows}");
    assert!(rows.contains("jl-mag/general"), "{rows}");
}

#[test]
fn an_operator_looks_at_the_outbox() {
    let folder = config(&[]);
    let dir = folder.path();
    {
        let store =
            Store::open(&dir.join("data"), &monazite::store::StoreSettings::default()).unwrap();
        let mut deliveries: Vec<Delivery> = ["telegram:1", "telegram:2", "discord:3"]
            .map(|to| {
                let cause = Cause::Edition("2026-11-23T12:00Z".into());
                Delivery::new(cause, chat(to), at("2026-11-23T12:00:00Z"))
            })
            .into();
        let words = "Telegram refused: message text is odd".to_owned();
        deliveries[0].state = State::Dead { reason: words, at: at("2026-11-23T12:00:07Z") };
        deliveries[1].attempts = 3;
        deliveries[1].last_error = "the connection to Telegram broke".to_owned();
        deliveries[2].state = State::Sent { at: at("2026-11-23T12:00:02Z") };
        let changes = monazite::store::Changes { new_deliveries: deliveries, ..Default::default() };
        store.commit(changes).unwrap();
    }
    let does = |args: &[&str]| {
        let output = run(&[&["outbox"], args].concat(), dir);
        format!("{}: {}{}", output.status.code().unwrap(), out(&output), err(&output))
    };
    expect![[r#"
        0: delivery                      state    parts sent  attempts  due or ended          last error
        ────────────────────────────  ───────  ──────────  ────────  ────────────────────  ─────────────────────────────────────
        2026-11-23T12:00Z@telegram:1  dead     0           0         2026-11-23 12:00:07Z  Telegram refused: message text is odd
        2026-11-23T12:00Z@telegram:2  waiting  0           3         2026-11-23 12:00:00Z  the connection to Telegram broke

        1 waiting, 1 dead.
    "#]].assert_eq(&does(&["list"]));
    assert!(does(&["list", "--dead"]).ends_with("\n0 waiting, 1 dead.\n"));
    assert!(does(&["list", "--waiting"]).ends_with("\n1 waiting, 0 dead.\n"));
    let (first, second) = ("2026-11-23T12:00Z@telegram:1", "2026-11-23T12:00Z@telegram:2");
    let mut said = String::new();
    for args in [
        &["retry", first][..],
        &["drop", second, "--why", "nobody reads there", "--by", "Operator"],
        &["retry", "--all-dead"],
        &["drop", "2026-11-23T12:00Z@discord:3"],
        &["retry", "nothing"],
        &["retry"],
    ] {
        said.push_str(&does(args));
        if args[0] == "drop" && args[1] == second {
            assert!(does(&["list"]).contains("dropped by Operator: nobody reads there"));
        }
    }
    expect![[r#"
        0: 1 delivery is due again; a running service sends it at once.
        0: Dropped, by Operator.
        0: 1 delivery is due again; a running service sends it at once.
        1: 2026-11-23T12:00Z@discord:3 has arrived
        1: there is no delivery "nothing"; `monazite outbox list` prints ids
        2: error: the following required arguments were not provided:
          <ID>

        Usage: monazite outbox retry <ID>

        For more information, try '--help'.
    "#]]
    .assert_eq(&said);
}

#[tokio::test]
async fn an_operator_looks_at_the_outbox_beside_the_running_service() {
    let telegram = FakeTelegram::start().await;
    telegram.private(1, "Reader");
    let folder = folder_on(&telegram);
    let dir = folder.path();
    {
        let store =
            Store::open(&dir.join("data"), &monazite::store::StoreSettings::default()).unwrap();
        let now = monazite::clock::Clock::now(&monazite::app::SystemClock);
        let notice = |id: &str, state: State| {
            let cause = Cause::Notice { id: id.to_owned(), text: format!("This is {id}.") };
            Delivery { state, ..Delivery::new(cause, chat("telegram:1"), now) }
        };
        let words = "Telegram refused: message text is odd".to_owned();
        let dead = State::Dead { reason: words, at: at("2026-11-23T12:00:07Z") };
        let waits = State::Pending { due: at("2199-11-23T12:00:07Z") };
        let new_deliveries = vec![notice("one", dead), notice("two", waits)];
        store.commit(monazite::store::Changes { new_deliveries, ..Default::default() }).unwrap();
    }
    let does = |args: &[&str]| {
        let output = run(&[&["outbox"], args].concat(), dir);
        format!("{}: {}{}", output.status.code().unwrap(), out(&output), err(&output))
    };
    let service = service(dir);
    telegram.called("getUpdates", 1).await;
    expect![[r#"
        0: delivery               state    parts sent  attempts  due or ended          last error
        ─────────────────────  ───────  ──────────  ────────  ────────────────────  ─────────────────────────────────────
        notice/one@telegram:1  dead     0           0         2026-11-23 12:00:07Z  Telegram refused: message text is odd
        notice/two@telegram:1  waiting  0           0         2199-11-23 12:00:07Z

        1 waiting, 1 dead.
    "#]].assert_eq(&does(&["list"]));
    let mut said = does(&["retry", "notice/one@telegram:1"]);
    telegram.called("sendMessage", 1).await;
    said += &does(&["drop", "notice/two@telegram:1", "--why", "it is old", "--by", "Operator"]);
    said += &does(&["drop", "nothing"]);
    // The answer to the message may still be on its way into the store.
    let arrived = "1: notice/one@telegram:1 has arrived\n";
    while does(&["drop", "notice/one@telegram:1"]) != arrived {}
    said += arrived;
    let dead = does(&["list", "--dead"]);
    assert!(dead.contains("dropped by Operator: it is old") && !dead.contains("one"), "{dead}");
    stop(service).await;
    expect![[r#"
        0: 1 delivery is due again; a running service sends it at once.
        0: Dropped, by Operator.
        1: there is no delivery "nothing"; `monazite outbox list` prints ids
        1: notice/one@telegram:1 has arrived
    "#]]
    .assert_eq(&said);
    assert_eq!(telegram.messages(1).len(), 1);
}

/// The network was not up when the service started: its commands are offered all the same, soon after.
#[tokio::test]
async fn commands_that_could_not_be_registered_are_registered_later() {
    let telegram = FakeTelegram::start().await;
    telegram.private(5, "Reader");
    telegram.fail("setMyCommands", fake::Fault::ResetBefore);
    let folder = folder_on(&telegram);
    let service = service(folder.path());
    // Listening does not wait for it.
    telegram.push_text(5, 5, "/help");
    telegram.called("sendMessage", 1).await;
    assert!(telegram.menu("default").is_empty());
    telegram.called("setMyCommands", 5).await;
    telegram.until(|telegram| !telegram.menu("all_chat_administrators").is_empty()).await;
    assert!(!telegram.menu("default").is_empty());
    stop(service).await;
}
