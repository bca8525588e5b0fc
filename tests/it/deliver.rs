//! Delivery: each edition once to each chat, across faults, restarts and chats that go away.

use crate::world::discord::{CHANNEL, FakeDiscord, Fault as DiscordFault};
use crate::world::home::{Home, at, chat, subscription};
use crate::world::telegram::{FakeTelegram, Fault};
use expect_test::expect;
use monazite::model::subscription::{Length, PlatformName};

/// A home whose edition of 12:00 is published for these chats.
fn published(fake: &FakeTelegram, chats: &[i64]) -> Home {
    let home = Home::with(&[], vec![fake.platform()]);
    home.publish("2026-11-23T00:00:00Z");
    for id in chats {
        fake.private(*id, "Reader");
        home.subscribe(subscription(&format!("telegram:{id}"), "2026-11-22T00:00:00Z"));
    }
    home.tell("Ministry explains the suspension of No. 57", "2026-11-23T08:00:00Z");
    home.publish("2026-11-23T12:00:00Z");
    home
}

/// The edition's messages in a chat.
fn heads(fake: &FakeTelegram, id: i64) -> Vec<String> {
    fake.messages(id).iter().map(|m| m.text.lines().next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn an_edition_reaches_each_chat_once() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1, 2]);
    let log = home.deliver("2026-11-23T12:00:01Z").await;
    expect![[r#"
        telegram:1: sent
        telegram:2: sent"#]]
    .assert_eq(&log.join("\n"));
    assert!(home.deliver("2026-11-23T12:10:00Z").await.is_empty(), "nothing is left to send");
    let home = home.restart();
    assert!(home.deliver("2026-11-24T11:00:00Z").await.is_empty(), "a restart resends nothing");
    assert_eq!((heads(&fake, 1).len(), heads(&fake, 2).len()), (1, 1));
    assert!(fake.messages(1)[0].silent, "a routine brief makes no sound");
}

#[tokio::test]
async fn a_limit_is_obeyed_to_the_second_and_holds_up_only_its_chat() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1, 2]);
    fake.fail("sendMessage", Fault::Flood(35));
    let log = home.deliver("2026-11-23T12:00:00Z").await;
    expect![[r#"
        telegram:1: later, in 35 s
        telegram:2: sent"#]]
    .assert_eq(&log.join("\n"));
    assert!(home.deliver("2026-11-23T12:00:34Z").await.is_empty(), "not before the time told");
    let log = home.deliver("2026-11-23T12:00:36Z").await;
    expect!["telegram:1: sent"].assert_eq(&log.join("\n"));
}

#[tokio::test]
async fn a_lost_connection_is_tried_again_ever_later_and_given_up_at_last() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1]);
    let mut log = Vec::new();
    let mut now = at("2026-11-23T12:00:00Z");
    for _ in 0..1_500 {
        fake.fail("sendMessage", Fault::ResetBefore);
        let Some(due) = home.store.next_due(&[PlatformName::Telegram]).unwrap() else { break };
        now = now.max(due);
        log.extend(home.deliver(&now.to_rfc3339()).await);
    }
    let waits: Vec<&str> = log.iter().take(9).map(String::as_str).collect();
    expect![[r#"
        telegram:1: later, in 3 s
        telegram:1: later, in 5 s
        telegram:1: later, in 16 s
        telegram:1: later, in 35 s
        telegram:1: later, in 45 s
        telegram:1: later, in 107 s
        telegram:1: later, in 195 s
        telegram:1: later, in 470 s
        telegram:1: later, in 451 s"#]]
    .assert_eq(&waits.join("\n"));
    expect![
        "2026-11-23T12:00Z@telegram:1 dead: given up after 7 days: the connection to Telegram broke"
    ]
    .assert_eq(&home.outbox());
    assert!(fake.messages(1).is_empty());
}

#[tokio::test]
async fn a_fault_that_passes_loses_nothing() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1]);
    fake.fail("sendMessage", Fault::ResetBefore);
    fake.fail("sendMessage", Fault::Garbage(200, "<html>"));
    let mut log = home.deliver("2026-11-23T12:00:00Z").await;
    log.extend(home.deliver("2026-11-23T12:00:20Z").await);
    log.extend(home.deliver("2026-11-23T12:01:00Z").await);
    expect![[r#"
        telegram:1: later, in 3 s
        telegram:1: later, in 5 s
        telegram:1: sent"#]]
    .assert_eq(&log.join("\n"));
    assert_eq!(heads(&fake, 1).len(), 1);
}

#[tokio::test]
async fn a_sender_that_dies_leaves_its_claim_to_the_next_one() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1]);
    let claimed = home.deliverer.claim_due(at("2026-11-23T12:00:00Z"), 10).unwrap();
    assert_eq!(claimed.len(), 1);
    assert!(home.deliver("2026-11-23T12:00:30Z").await.is_empty(), "the claim still holds");
    let home = home.restart();
    let log = home.deliver("2026-11-23T12:00:31Z").await;
    expect!["telegram:1: sent"].assert_eq(&log.join("\n"));
    assert_eq!(heads(&fake, 1).len(), 1);
}

#[tokio::test]
async fn a_long_edition_resumes_at_the_part_that_is_missing() {
    let fake = FakeTelegram::start().await;
    let home = Home::with(&[], vec![fake.platform()]);
    fake.private(1, "Reader");
    home.publish("2026-11-23T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-22T00:00:00Z"));
    for n in 0..9 {
        let words = "with a long title that goes on about dysprosium and terbium ".repeat(2);
        home.tell_of(&format!("Story {n} {words}"), "2026-11-23T08:00:00Z", "pricing");
    }
    home.publish("2026-11-23T12:00:00Z");
    let delivery = home.deliverer.claim_due(at("2026-11-23T12:00:00Z"), 1).unwrap().remove(0);
    let step = home.deliverer.step(delivery, at("2026-11-23T12:00:00Z")).await.unwrap();
    assert!(
        matches!(step, monazite::deliver::Step::Again(_)),
        "the edition has more than one part"
    );
    let home = home.restart();
    home.deliver("2026-11-23T12:05:00Z").await;
    let heads = heads(&fake, 1);
    let firsts = heads.iter().filter(|head| head.contains("Monazite daily brief")).count();
    assert!(heads.len() > 1 && firsts == 1, "{heads:#?}");
    let calls = fake.calls("sendMessage").len();
    assert_eq!(calls, heads.len(), "no part was sent twice");
}

#[tokio::test]
async fn a_chat_that_blocked_the_bot_is_paused_with_its_settings_kept() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1, 2]);
    let mut wishes = home.store.subscription(&chat("telegram:1")).unwrap().unwrap();
    wishes.length = Length::Short;
    home.subscribe(wishes);
    fake.refuse(1, Some((403, "Forbidden: bot was blocked by the user")));
    let log = home.deliver("2026-11-23T12:00:00Z").await;
    expect![[r#"
        telegram:1: ended
        telegram:2: sent"#]]
    .assert_eq(&log.join("\n"));
    let kept = home.store.subscription(&chat("telegram:1")).unwrap().unwrap();
    expect![[r#"Short Some("Telegram refused: Forbidden: bot was blocked by the user")"#]]
        .assert_eq(&format!("{:?} {:?}", kept.length, kept.paused));
    assert_eq!(
        home.publish("2026-11-24T12:00:00Z"),
        "2026-11-24T12:00Z to 1",
        "the next one goes to the other only"
    );
}

#[tokio::test]
async fn a_group_that_became_a_supergroup_keeps_its_subscription_and_its_brief() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[]);
    fake.group(-10, "Buyers");
    fake.forum(-1_000_010, "Buyers", &[]);
    home.subscribe(subscription("telegram:-10", "2026-11-22T00:00:00Z"));
    fake.migrate(-10, -1_000_010);
    home.publish("2026-11-24T12:00:00Z");
    let log = home.deliver("2026-11-24T12:00:00Z").await;
    expect![[r#"
        telegram:-10: ended
        telegram:-1000010: sent"#]]
    .assert_eq(&log.join("\n"));
    assert_eq!(heads(&fake, -1_000_010).len(), 1);
    assert!(home.store.subscription(&chat("telegram:-10")).unwrap().is_none());
    assert!(home.store.subscription(&chat("telegram:-1000010")).unwrap().is_some());
}

#[tokio::test]
async fn what_the_platform_will_never_take_is_given_up_with_its_reason() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1]);
    fake.refuse(1, Some((400, "Bad Request: message text is odd")));
    home.deliver("2026-11-23T12:00:00Z").await;
    expect![
        "2026-11-23T12:00Z@telegram:1 dead: Telegram refused: Bad Request: message text is odd"
    ]
    .assert_eq(&home.outbox());
    assert_eq!(home.store.counts().dead, 1);
}

#[tokio::test]
async fn who_unsubscribes_before_the_sending_gets_nothing() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1]);
    home.ask("telegram:1", "unsubscribe", true, "2026-11-23T12:00:00Z");
    home.deliver("2026-11-23T12:00:01Z").await;
    expect!["2026-11-23T12:00Z@telegram:1 dead: the chat has unsubscribed"]
        .assert_eq(&home.outbox());
    assert!(fake.messages(1).is_empty());
}

#[tokio::test]
async fn a_topic_receives_what_it_subscribed() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[]);
    fake.forum(-1_000_020, "Desk", &[(7, false), (8, true)]);
    home.subscribe(subscription("telegram:-1000020:7", "2026-11-22T00:00:00Z"));
    home.subscribe(subscription("telegram:-1000020:8", "2026-11-22T00:00:00Z"));
    home.publish("2026-11-24T12:00:00Z");
    let log = home.deliver("2026-11-24T12:00:00Z").await;
    expect![[r#"
        telegram:-1000020:7: sent
        telegram:-1000020:8: ended"#]]
    .assert_eq(&log.join("\n"));
    let threads: Vec<Option<i64>> =
        fake.messages(-1_000_020).iter().map(|message| message.thread).collect();
    assert_eq!(threads, [Some(7)]);
}

/// A home whose edition of 12:00 is published for Discord's channel.
fn published_on(fake: &FakeDiscord) -> Home {
    let home = Home::with(&[], vec![monazite::chat::discord::connect(fake.connection()).unwrap()]);
    home.publish("2026-11-23T00:00:00Z");
    home.subscribe(subscription(&format!("discord:{CHANNEL}"), "2026-11-22T00:00:00Z"));
    home.tell("Ministry explains the suspension of No. 57", "2026-11-23T08:00:00Z");
    home.publish("2026-11-23T12:00:00Z");
    home
}

#[tokio::test]
async fn discord_takes_a_part_once_even_when_its_answer_was_lost() {
    let fake = FakeDiscord::start().await;
    let home = published_on(&fake);
    fake.fail_next(DiscordFault::ResetAfter);
    let mut log = home.deliver("2026-11-23T12:00:00Z").await;
    log.extend(home.deliver("2026-11-23T12:01:00Z").await);
    expect![[r#"
        discord:channel: later, in 2 s
        discord:channel: sent"#]]
    .assert_eq(&log.join("\n").replace(&CHANNEL.to_string(), "channel"));
    assert_eq!(fake.messages(CHANNEL).len(), 1, "the nonce kept the second one out");
}

#[tokio::test]
async fn a_crash_between_sending_and_remembering_doubles_nothing_on_discord() {
    let fake = FakeDiscord::start().await;
    let home = published_on(&fake);
    let delivery = home.deliverer.claim_due(at("2026-11-23T12:00:00Z"), 1).unwrap().remove(0);
    // It is accepted, and nothing of that is remembered.
    let lost = home.deliverer.send(delivery, at("2026-11-23T12:00:00Z")).await;
    assert_eq!((fake.messages(CHANNEL).len(), home.store.counts().sent), (1, 0), "{lost:?}");
    let home = home.restart();
    home.deliver("2026-11-23T12:05:00Z").await;
    assert_eq!(fake.messages(CHANNEL).len(), 1);
    assert_eq!(home.store.counts().sent, 1);
}

#[tokio::test]
async fn a_test_shows_that_messages_arrive_also_to_a_paused_chat() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let home = Home::with(&[], vec![fake.platform()]);
    let mut paused = subscription("telegram:5", "2026-11-22T00:00:00Z");
    paused.paused = Some("the bot was blocked".to_owned());
    home.subscribe(paused);
    home.ask("telegram:5", "settings test", true, "2026-11-23T11:00:00Z");
    assert_eq!(home.deliver("2026-11-23T11:00:01Z").await, ["telegram:5: sent"]);
    home.publish("2026-11-23T00:00:00Z");
    home.publish("2026-11-23T12:00:00Z");
    home.ask("telegram:5", "settings test", true, "2026-11-23T13:00:00Z");
    assert_eq!(home.deliver("2026-11-23T13:00:01Z").await, ["telegram:5: sent"]);
    let texts: Vec<String> = fake.messages(5).iter().map(|sent| sent.text.clone()).collect();
    expect![[r#"
        Test: this is how messages arrive here. Everything works.

        No edition has been published yet; the first will come here.
        ---
        Test: this is how messages arrive here. Everything works.

        Monazite daily brief No. 1 · Monday, 23 November 2026
        Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00."#]]
    .assert_eq(&texts.join("\n---\n"));
    // A chat that is still closed says so where it is asked.
    fake.refuse(5, Some((403, "Forbidden: bot was blocked by the user")));
    home.ask("telegram:5", "settings resume", true, "2026-11-23T14:00:00Z");
    home.ask("telegram:5", "settings test", true, "2026-11-23T14:00:00Z");
    assert_eq!(home.deliver("2026-11-23T14:00:01Z").await, ["telegram:5: ended"]);
    let shown = monazite::chat::console::text(
        &home.ask("telegram:5", "settings", true, "2026-11-23T14:01:00Z"),
        &monazite::chat::console::Look::PLAIN,
    );
    let said = shown.lines().find(|line| line.contains("Paused")).unwrap_or_default();
    expect!["Paused, because a message could not be delivered: Telegram refused: Forbidden:"]
        .assert_eq(said);
}

/// What an operator drops while its sender has it in hand is not sent any more; what of it was on its
/// way is remembered.
#[tokio::test]
async fn what_is_dropped_while_it_waits_or_is_sent_stays_dropped() {
    let fake = FakeTelegram::start().await;
    let home = published(&fake, &[1, 2]);
    let now = at("2026-11-23T12:00:00Z");
    let drop_it = |delivery: &monazite::model::delivery::Delivery| {
        let known = home.store.delivery(&delivery.id).unwrap().unwrap();
        let refused = monazite::deliver::again(known.clone(), now);
        assert_eq!(refused.unwrap_err(), format!("{} is being sent just now", known.id));
        let deliveries = vec![monazite::deliver::dropped(known, "Ada", "", now).unwrap()];
        let changes = monazite::store::Changes { deliveries, ..Default::default() };
        home.store.commit(changes).unwrap();
    };
    let mut claimed = home.deliverer.claim_due(now, 2).unwrap();
    let (waits, goes) = (claimed.remove(0), claimed.remove(0));
    drop_it(&waits);
    let outcome = home.deliverer.send(waits, now).await;
    let recorded = home.deliverer.record(&[outcome], now).unwrap();
    assert_eq!(recorded.steps[0].1, monazite::deliver::Step::Ended);
    assert!(fake.messages(1).is_empty());
    // The other one fails for the moment, and would be tried again.
    fake.fail("sendMessage", Fault::ResetBefore);
    let failed = home.deliverer.send(goes.clone(), now).await;
    drop_it(&goes);
    let recorded = home.deliverer.record(&[failed], now).unwrap();
    assert_eq!(recorded.steps[0].1, monazite::deliver::Step::Ended);
    expect![[r#"
        2026-11-23T12:00Z@telegram:1 dead: dropped by Ada
        2026-11-23T12:00Z@telegram:2 dead: dropped by Ada"#]]
    .assert_eq(&home.outbox());
    let counts = home.store.counts();
    assert_eq!((counts.waiting, counts.dead), (0, 2));
    // Had it arrived meanwhile, it would have arrived.
    let sent = home.deliverer.send(goes, now).await;
    home.deliverer.record(&[sent], now).unwrap();
    assert!(fake.messages(2).is_empty());
}

/// A chat that moves while it is being set stands at one address afterwards, with what was set last.
#[test]
fn what_is_read_and_then_written_is_one_step() {
    let home = Home::new();
    home.subscribe(subscription("telegram:1", "2026-11-22T00:00:00Z"));
    let count = |home: &Home| {
        home.store.change(|store| {
            let counted = store.note("counted")?.and_then(|text| text.parse().ok()).unwrap_or(0);
            let notes = vec![("counted".to_owned(), format!("{}", counted + 1))];
            let changes = monazite::store::Changes { notes, ..Default::default() };
            Ok::<_, monazite::store::StoreError>((changes, ()))
        })
    };
    std::thread::scope(|scope| {
        for id in [1, 2] {
            let home = &home;
            scope.spawn(move || {
                for n in 0..100 {
                    let line = format!("settings length {}", ["short", "full"][n % 2]);
                    home.ask(&format!("telegram:{id}"), &line, true, "2026-11-23T12:00:00Z");
                    count(home).unwrap();
                }
            });
        }
        for n in 0..100_i64 {
            let (from, to) = (1 + n % 2, 2 - n % 2);
            let place = |id: i64| chat(&format!("telegram:{id}"));
            let follow = |store: &monazite::store::Store| {
                Ok((monazite::deliver::follow(store, &place(from), &place(to))?, ()))
            };
            home.store.change::<(), anyhow::Error>(follow).unwrap();
            let stands = home.store.subscriptions().unwrap();
            assert!(stands.len() == 1 && stands[0].to == place(to), "{n}: {stands:?}");
        }
    });
    assert_eq!(home.store.note("counted").unwrap().as_deref(), Some("200"));
    assert_eq!(home.store.counts().subscriptions, 1);
}
