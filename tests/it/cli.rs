//! The program itself: what it prints, how it ends, and that it stops when asked to.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use expect_test::expect;

use crate::world::telegram::{self as fake, FakeTelegram};

fn monazite(args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monazite"));
    command.args(args).current_dir(folder).env_remove("RUST_LOG").env_remove("MONAZITE_CONFIG");
    for name in ["DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "TELEGRAM_TOKEN", "TELEGRAM_TOKEN_FILE"] {
        command.env_remove(format!("MONAZITE_{name}"));
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
fn config(files: &[(&str, &str)]) -> tempfile::TempDir {
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
fn a_service_without_tokens_says_so() {
    let folder = config(&[("sources.toml", "")]);
    let output = run(&["run"], folder.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("MONAZITE_TELEGRAM_TOKEN"), "{}", err(&output));
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
