//! The program itself under load: a fan-out at the platform's pace, commands meanwhile, kills.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use chrono::Duration;
use monazite::app::SystemClock;
use monazite::clock::Clock as _;
use monazite::model::brief::EditionId;
use monazite::model::delivery::{Cause, Delivery, State};
use monazite::model::subscription::Series;
use monazite::store::{Changes, Store, StoreSettings};

use crate::cli::{config, monazite};
use crate::world::home::{Home, chat, subscription};
use crate::world::telegram::{self as fake, FakeTelegram};

/// A folder whose store has an edition on its way to so many private chats.
fn outbox(telegram: &FakeTelegram, chats: i64) -> tempfile::TempDir {
    let settings = format!("[telegram]\napi_url = \"{}\"\n", telegram.url);
    let folder = config(&[("sources.toml", ""), ("monazite.toml", &settings)]);
    let home = Home::new();
    home.publish("2026-11-23T00:00:00Z");
    home.publish("2026-11-23T12:00:00Z");
    let edition = home.store.latest_edition(Series::Daily).unwrap().unwrap();
    let mut changes = Changes { editions: vec![edition], ..Changes::default() };
    for id in 1..=chats {
        telegram.private(id, "Reader");
        let to = format!("telegram:{id}");
        changes.subscriptions.push(subscription(&to, "2026-11-22T00:00:00Z"));
        let cause = Cause::Edition(EditionId::from("2026-11-23T12:00Z"));
        // Made just now, so that it is not given up as too old.
        let made = SystemClock.now();
        changes.new_deliveries.push(Delivery::new(cause, chat(&to), made));
    }
    store(folder.path()).commit(changes).unwrap();
    folder
}

fn store(folder: &Path) -> Store {
    Store::open(&folder.join("data"), &StoreSettings::default()).unwrap()
}

fn service(folder: &Path) -> Child {
    monazite(&["run"], folder)
        .env("MONAZITE_TELEGRAM_TOKEN", fake::TOKEN)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Sends a signal and waits for the end.
async fn end(mut service: Child, signal: &str) {
    let id = service.id().to_string();
    assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    tokio::task::spawn_blocking(move || service.wait().unwrap()).await.unwrap();
}

fn done(folder: &Path) -> usize {
    let deliveries = store(folder).deliveries().map(Result::unwrap).collect::<Vec<_>>();
    deliveries.iter().filter(|delivery| matches!(delivery.state, State::Sent { .. })).count()
}

#[tokio::test]
async fn a_fan_out_keeps_the_pace_and_lets_a_command_pass() {
    let telegram = FakeTelegram::start().await;
    let folder = outbox(&telegram, 75);
    telegram.private(900, "Asker");
    let service = service(folder.path());
    telegram.called("sendMessage", 20).await;
    telegram.push_text(900, 900, "/help");
    telegram.called("sendMessage", 76).await;
    let calls = telegram.calls("sendMessage");
    let answered = calls.iter().position(|call| call["chat_id"] == 900).unwrap();
    assert!(answered < 60, "the answer went as number {answered}, and did not wait for the rest");
    end(service, "-TERM").await;
    assert_eq!(done(folder.path()), 75);
    // How dense they are within a second is measured where no other test takes the processor away.
    let arrivals = telegram.arrivals();
    let took = arrivals[arrivals.len() - 1] - arrivals[0];
    assert!(took > Duration::seconds(2), "{took:?} for what may take no less than two and a half");
}

#[tokio::test]
async fn a_kill_doubles_at_most_the_message_in_flight() {
    let telegram = FakeTelegram::start().await;
    let folder = outbox(&telegram, 60);
    let kills = 4;
    for kill in 1..=kills {
        let service = service(folder.path());
        telegram.called("sendMessage", kill * 10).await;
        end(service, "-KILL").await;
    }
    let service = service(folder.path());
    let all = |telegram: &FakeTelegram| (1..=60).all(|id| !telegram.messages(id).is_empty());
    let mut calls = 50;
    while !all(&telegram) {
        telegram.called("sendMessage", calls).await;
        calls += 1;
    }
    end(service, "-TERM").await;
    assert_eq!(done(folder.path()), 60, "nothing is lost");
    let doubled: usize = (1..=60).map(|id| telegram.messages(id).len() - 1).sum();
    assert!(doubled <= kills, "{doubled} doubled by {kills} kills");
    let twice = (1..=60).map(|id| telegram.messages(id).len()).max();
    assert!(twice <= Some(2));
}

/// An answer that never comes holds up its own chat alone, and that one goes out later.
#[tokio::test]
async fn an_answer_that_hangs_holds_up_nobody_else() {
    let telegram = FakeTelegram::start().await;
    let folder = outbox(&telegram, 12);
    let come = std::sync::Arc::new(tokio::sync::Notify::new());
    telegram.fail("sendMessage", fake::Fault::Held(come.clone()));
    let service = service(folder.path());
    let read =
        |telegram: &FakeTelegram| (1..=12).filter(|id| !telegram.messages(*id).is_empty()).count();
    telegram.until(|telegram| read(telegram) == 11).await;
    // It is slow, not lost: nothing is sent again.
    come.notify_one();
    telegram.until(|telegram| read(telegram) == 12).await;
    end(service, "-TERM").await;
    assert_eq!(done(folder.path()), 12);
    assert!((1..=12).all(|id| telegram.messages(id).len() == 1));
}
