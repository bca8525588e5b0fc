//! Faults of sending: whatever a platform, the disk or the clock does, nothing is lost in silence.
//!
//! `Home::carry` sends as the service does, by line, limits and outbox, with a
//! clock that jumps to whatever is waited for.

use std::sync::{Arc, Mutex};

use expect_test::expect;
use monazite::chat::{Connection, Platform};
use monazite::clock::Clock as _;
use monazite::deliver::Line;
use monazite::model::subscription::PlatformName;
use monazite::store::{Store, StoreError, StoreSettings};
use serde_json::{Value, json};

use crate::power;
use crate::world::clock::HandClock;
use crate::world::discord::{CHANNEL, FakeDiscord, Fault as DiscordFault, Pace};
use crate::world::home::{Home, at, chat, subscription};
use crate::world::limits::Limits;
use crate::world::telegram::{FakeTelegram, Fault, TOKEN};

const NOON: &str = "2026-11-23T12:00:00Z";

/// A home on these platforms whose edition of noon is published for these chats.
fn published(platforms: Vec<Arc<dyn Platform>>, chats: &[String]) -> Home {
    let home = Home::with(&[], platforms);
    home.publish("2026-11-23T00:00:00Z");
    for chat in chats {
        home.subscribe(subscription(chat, "2026-11-22T00:00:00Z"));
    }
    home.tell("Ministry explains the suspension of No. 57", "2026-11-23T08:00:00Z");
    home.publish(NOON);
    home
}

fn on_telegram(fake: &FakeTelegram, chats: &[i64]) -> Home {
    for id in chats.iter().filter(|id| **id > 0) {
        fake.private(*id, "Reader");
    }
    let chats: Vec<String> = chats.iter().map(|id| format!("telegram:{id}")).collect();
    published(vec![fake.platform()], &chats)
}

fn discord(fake: &FakeDiscord) -> Vec<Arc<dyn Platform>> {
    vec![monazite::chat::discord::connect(fake.connection()).unwrap()]
}

fn on_discord(fake: &FakeDiscord, channels: u64) -> Home {
    let chats: Vec<String> = (0..channels)
        .map(|n| {
            fake.add_channel(CHANNEL + n);
            format!("discord:{}", CHANNEL + n)
        })
        .collect();
    published(discord(fake), &chats)
}

/// Nobody is refused for haste, and it takes hardly longer than the limits ask for.
#[tokio::test]
async fn a_fan_out_keeps_every_limit_and_wastes_no_time() {
    let (telegram, discord) = (FakeTelegram::start().await, FakeDiscord::start().await);
    let groups: Vec<i64> = (1..=20).map(|id| -id).collect();
    for id in &groups {
        telegram.group(*id, "Team");
    }
    let readers: Vec<i64> = (1..=280).collect();
    for id in &readers {
        telegram.private(*id, "Reader");
    }
    let channels: Vec<u64> = (0..400).map(|n| CHANNEL + n).collect();
    for channel in &channels {
        discord.add_channel(*channel);
    }
    let chats: Vec<String> = groups
        .iter()
        .chain(&readers)
        .map(|id| format!("telegram:{id}"))
        .chain(channels.iter().map(|channel| format!("discord:{channel}")))
        .collect();
    let platforms: Vec<Arc<dyn Platform>> =
        vec![telegram.platform(), monazite::chat::discord::connect(discord.connection()).unwrap()];
    let home = published(platforms, &chats);
    let tallies =
        [Limits::telegram(), Limits::discord()].map(|limits| Arc::new(Mutex::new(limits)));
    let (clock, tally) = (home.clock.clone(), tallies[0].clone());
    telegram.gate(move |chat| match tally.lock().unwrap().ask(chat, clock.now()) {
        Pace::Fine { .. } => None,
        Pace::TooFast { .. } => Some(1),
    });
    let (clock, tally) = (home.clock.clone(), tallies[1].clone());
    discord.gate(move |channel| {
        tally.lock().unwrap().ask(i64::try_from(channel).unwrap(), clock.now())
    });
    let ended = home.carry(NOON, "2026-11-23T13:00:00Z").await;
    for limits in &tallies {
        assert_eq!(limits.lock().unwrap().refused(), 0);
    }
    let missing = readers.iter().chain(&groups).filter(|id| telegram.messages(**id).len() != 1);
    assert_eq!(missing.count(), 0);
    assert_eq!(copies(&discord, 400), [1]);
    // 300 messages at 30 a second; Discord's 400 at 50 a second go beside them.
    let took = (ended - at(NOON)).as_seconds_f64();
    assert!(took <= 9.0 * 1.05 + 1.0, "{took} s for what needs nine or ten");
}

/// How often the edition stands in each of the channels: once in all of them, if all is well.
fn copies(fake: &FakeDiscord, channels: u64) -> Vec<usize> {
    let mut copies: Vec<usize> = (0..channels).map(|n| fake.messages(CHANNEL + n).len()).collect();
    copies.sort_unstable();
    copies.dedup();
    copies
}

#[tokio::test]
async fn a_limit_without_a_wait_is_tried_again_like_a_failure() {
    let fake = FakeTelegram::start().await;
    let home = on_telegram(&fake, &[1]);
    fake.refuse(1, Some((429, "Too Many Requests")));
    let log = home.deliver(NOON).await;
    expect!["telegram:1: later, in 3 s"].assert_eq(&log.join("\n"));
    fake.refuse(1, None);
    home.carry(NOON, "2026-11-23T13:00:00Z").await;
    assert_eq!(fake.messages(1).len(), 1);
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 1);
    fake.fail_next(DiscordFault::Status(429, json!({ "message": "slow down" })));
    home.carry(NOON, "2026-11-23T13:00:00Z").await;
    assert_eq!(copies(&fake, 1), [1]);
}

#[tokio::test]
async fn a_limit_of_the_whole_bot_holds_every_chat_and_costs_one_request() {
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 20);
    fake.fail_next(DiscordFault::Limited { retry_after: 8.0, global: true });
    let ended = home.carry(NOON, "2026-11-23T13:00:00Z").await;
    let messages = fake.requests().iter().filter(|r| r.ends_with("/messages")).count();
    assert_eq!(messages, 21);
    assert_eq!(copies(&fake, 20), [1]);
    let took = (ended - at(NOON)).num_milliseconds();
    assert!((8_050..9_000).contains(&took), "{took}");
}

/// Peers lost a quarter to a half of their messages to this.
#[tokio::test]
async fn a_burst_of_server_errors_loses_nothing_and_doubles_nothing() {
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 40);
    for status in [500, 502, 503, 504] {
        for _ in 0..10 {
            fake.fail_next(DiscordFault::Status(status, Value::Null));
        }
    }
    let ended = home.carry(NOON, "2026-11-24T11:00:00Z").await;
    assert_eq!(copies(&fake, 40), [1]);
    assert_eq!(home.store.counts().sent, 40);
    let minutes = (ended - at(NOON)).num_minutes();
    assert!(minutes < 45, "it went on soon after, in {minutes} minutes");
}

#[tokio::test]
async fn a_line_that_breaks_before_or_after_never_doubles_on_discord() {
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 10);
    for _ in 0..6 {
        fake.fail_next(DiscordFault::ResetAfter);
        fake.fail_next(DiscordFault::ResetBefore);
    }
    home.carry(NOON, "2026-11-24T11:00:00Z").await;
    assert_eq!(copies(&fake, 10), [1]);
}

/// Telegram has no key against doubles: the one message whose answer was lost stands there twice.
#[tokio::test]
async fn a_line_that_breaks_after_doubles_that_one_message_on_telegram() {
    let fake = FakeTelegram::start().await;
    let home = on_telegram(&fake, &[1, 2]);
    fake.fail("sendMessage", Fault::ResetAfter);
    home.carry(NOON, "2026-11-23T13:00:00Z").await;
    assert_eq!((fake.messages(1).len(), fake.messages(2).len()), (2, 1));
}

#[tokio::test]
async fn garbage_is_no_answer() {
    let fake = FakeTelegram::start().await;
    let home = on_telegram(&fake, &[1]);
    for words in ["", "<html>welcome to the hotel</html>", "{\"ok\":", "[]", "null"] {
        fake.fail("sendMessage", Fault::Garbage(200, words));
    }
    home.carry(NOON, "2026-11-23T14:00:00Z").await;
    assert_eq!(fake.messages(1).len(), 1);
    assert_eq!(home.store.counts().sent, 1);
    // Something on the way answers for Discord, with a smile.
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 1);
    for (status, body) in [
        (200, json!("welcome to the hotel")),
        (200, json!({ "status": "ok" })),
        (204, Value::Null),
        (403, Value::Null),
        (302, json!([])),
    ] {
        fake.fail_next(DiscordFault::Status(status, body));
    }
    home.carry(NOON, "2026-11-23T14:00:00Z").await;
    assert_eq!(copies(&fake, 1), [1]);
    assert_eq!(home.store.counts().sent, 1);
    assert!(home.store.subscriptions().unwrap()[0].paused.is_none());
}

/// A connection to an address where no platform is.
fn nowhere(api_url: &str, token: &str) -> Connection {
    Connection {
        api_url: api_url.to_owned(),
        token: token.into(),
        application: None,
        clock: Arc::new(HandClock::at(NOON)),
        webhook: None,
    }
}

#[tokio::test]
async fn a_platform_that_cannot_be_reached_keeps_everything_waiting() {
    // Nobody listens there.
    let connection = nowhere("http://127.0.0.1:9", TOKEN);
    let telegram = monazite::chat::telegram::connect(connection).unwrap();
    let chats: Vec<String> = (1..=30).map(|id| format!("telegram:{id}")).collect();
    let home = published(vec![telegram], &chats);
    home.carry(NOON, "2026-11-23T18:00:00Z").await;
    assert_eq!((home.store.counts().waiting, home.store.counts().dead), (30, 0));
    let tries: u32 = home.store.deliveries().map(|delivery| delivery.unwrap().attempts).sum();
    assert!(tries < 400, "six hours of silence cost {tries} tries, about one a minute");
}

/// The names of both platforms are unknown for half a day. No label of a name is that long, so the
/// resolver says no without asking anybody.
#[tokio::test]
async fn names_that_dns_does_not_resolve_keep_everything_waiting() {
    let address = format!("http://{}.invalid", "x".repeat(64));
    let telegram = monazite::chat::telegram::connect(nowhere(&address, TOKEN)).unwrap();
    let second = nowhere(&address, crate::world::discord::TOKEN);
    let second = monazite::chat::discord::connect(second).unwrap();
    let mut chats: Vec<String> = (1..=5).map(|id| format!("telegram:{id}")).collect();
    chats.extend((0..5).map(|n| format!("discord:{}", CHANNEL + n)));
    let home = published(vec![telegram.clone(), second.clone()], &chats);
    home.carry(NOON, "2026-11-24T00:00:00Z").await;
    assert_eq!((home.store.counts().waiting, home.store.counts().dead), (10, 0));
    let mut reasons: Vec<String> =
        home.store.deliveries().map(|delivery| delivery.unwrap().last_error).collect();
    reasons.dedup();
    expect![[r#"
        Discord's address cannot be found: DNS does not resolve its name.
        Telegram's address cannot be found: DNS does not resolve its name"#]]
    .assert_eq(&reasons.join("\n"));
    assert!(home.store.subscriptions().unwrap().iter().all(|s| s.paused.is_none()));
    // Listening says the same, and may be tried again.
    let (events, _inbox) = tokio::sync::mpsc::channel(1);
    let ended = second.listen(&[], events, tokio_util::sync::CancellationToken::new()).await;
    expect!["Discord's gateway cannot be found: Discord's address cannot be found: DNS does not resolve its name."].assert_eq(&ended.unwrap_err().to_string());
    // The names are known again.
    let (fake, other) = (FakeTelegram::start().await, FakeDiscord::start().await);
    (1..=5).for_each(|id| fake.private(id, "Reader"));
    (0..5).for_each(|n| other.add_channel(CHANNEL + n));
    let mut platforms = discord(&other);
    platforms.push(fake.platform());
    let home = home.restart_on(platforms);
    home.carry("2026-11-24T00:00:00Z", "2026-11-24T01:00:00Z").await;
    assert_eq!((home.store.counts().waiting, home.store.counts().sent), (0, 10));
    assert!((1..=5).all(|id| fake.messages(id).len() == 1));
    assert_eq!(copies(&other, 5), [1]);
}

#[tokio::test]
async fn a_revoked_token_stops_its_platform_only_and_is_told() {
    let (telegram, second) = (FakeTelegram::start().await, FakeDiscord::start().await);
    telegram.private(1, "Reader");
    telegram.private(2, "Reader");
    let mut platforms = discord(&second);
    platforms.push(telegram.platform());
    let channel = format!("discord:{CHANNEL}");
    let home = published(platforms, &["telegram:1".into(), "telegram:2".into(), channel]);
    for id in [1, 2] {
        telegram.refuse(id, Some((401, "Unauthorized")));
    }
    home.carry(NOON, "2026-11-25T11:00:00Z").await;
    expect![[r#"[(Telegram, "Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one")]"#]]
        .assert_eq(&format!("{:?}", home.deliverer.troubles()));
    let counts = home.store.counts();
    assert_eq!((counts.waiting, counts.sent, counts.dead), (2, 1, 0), "nothing is given up");
    assert!(home.store.subscriptions().unwrap().iter().all(|s| s.paused.is_none()));
    let asked = telegram.calls("sendMessage").len();
    assert!(asked < 600, "two days cost {asked} requests, one in five minutes");
    for id in [1, 2] {
        telegram.refuse(id, None);
    }
    home.carry("2026-11-25T11:00:00Z", "2026-11-25T12:00:00Z").await;
    assert_eq!((telegram.messages(1).len(), telegram.messages(2).len()), (1, 1));
    assert!(home.deliverer.troubles().is_empty());
}

#[tokio::test]
async fn chats_that_are_gone_or_closed_are_paused_with_their_settings_kept() {
    let fake = FakeTelegram::start().await;
    let refusals = [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: the group chat was deleted"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        (400, "Bad Request: TOPIC_CLOSED"),
    ];
    let home = on_telegram(&fake, &[1, 2, 3, 4, 5, 6, 7, 8]);
    for (id, refusal) in (1..).zip(refusals) {
        fake.refuse(id, Some(refusal));
    }
    home.carry(NOON, "2026-11-23T13:00:00Z").await;
    let paused = |home: &Home| {
        let list = home.store.subscriptions().unwrap();
        let line = |s: &monazite::model::subscription::Subscription| {
            format!("{}: {}", s.to, s.paused.as_deref().unwrap_or("active"))
        };
        list.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        telegram:1: Telegram refused: Forbidden: bot was blocked by the user
        telegram:2: Telegram refused: Forbidden: bot was kicked from the supergroup chat
        telegram:3: Telegram refused: Forbidden: the group chat was deleted
        telegram:4: Telegram refused: Bad Request: chat not found
        telegram:5: Telegram refused: Bad Request: not enough rights to send text messages to the chat
        telegram:6: Telegram refused: Bad Request: CHAT_WRITE_FORBIDDEN
        telegram:7: Telegram refused: Bad Request: TOPIC_CLOSED
        telegram:8: active"#]].assert_eq(&paused(&home));
    let fake = FakeDiscord::start().await;
    let home = on_discord(&fake, 4);
    fake.remove_channel(CHANNEL);
    fake.archive(CHANNEL + 1);
    fake.forbid(CHANNEL + 2);
    home.carry(NOON, "2026-11-23T13:00:00Z").await;
    expect![[r#"
        discord:…0: Discord: Unknown Channel
        discord:…1: Discord: Thread is archived
        discord:…2: The bot needs Send Messages and Embed Links here, in threads also Send Messages in Threads (Discord: Missing Permissions).
        discord:…3: active"#]].assert_eq(&paused(&home).replace(&CHANNEL.to_string()[..18], "…"));
}

#[tokio::test]
async fn a_lost_right_is_told_once_to_who_asked_for_the_brief() {
    let (telegram, second) = (FakeTelegram::start().await, FakeDiscord::start().await);
    telegram.private(7, "Manager");
    telegram.group(-10, "Buyers");
    let mut platforms = discord(&second);
    platforms.push(telegram.platform());
    let home = published(platforms, &[]);
    for to in ["telegram:-10".to_owned(), format!("discord:{CHANNEL}")] {
        let mut wishes = subscription(&to, "2026-11-22T00:00:00Z");
        (wishes.by, wishes.label) = (Some(7), "Buyers".to_owned());
        home.subscribe(wishes);
    }
    let refusal = (400, "Bad Request: not enough rights to send text messages to the chat");
    telegram.refuse(-10, Some(refusal));
    second.forbid(CHANNEL);
    home.publish("2026-11-24T12:00:00Z");
    home.carry("2026-11-24T12:00:00Z", "2026-11-24T13:00:00Z").await;
    let told: Vec<String> = telegram.messages(7).iter().map(|m| m.text.clone()).collect();
    expect!["I may no longer write in Buyers, so its brief is paused; its settings are kept. Telegram refused: Bad Request: not enough rights to send text messages to the chat. Give me the right to write there again, then send /subscribe in that chat."].assert_eq(&told.join("\n"));
    let told = second.messages(FakeDiscord::private_with(7));
    expect!["I may no longer write in Buyers, so its brief is paused; its settings are kept. The bot needs Send Messages and Embed Links here, in threads also Send Messages in Threads (Discord: Missing Permissions). Give me the right to write there again, then send `/subscribe` in that chat."].assert_eq(told[0]["embeds"][0]["description"].as_str().unwrap_or_default());
    // It is asked for again though nothing was mended.
    for mut wishes in home.store.subscriptions().unwrap() {
        wishes.paused = None;
        home.subscribe(wishes);
    }
    home.publish("2026-11-25T12:00:00Z");
    home.carry("2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z").await;
    assert_eq!(telegram.messages(7).len(), 1);
    assert_eq!(second.messages(FakeDiscord::private_with(7)).len(), 1);
}

#[tokio::test]
async fn after_an_outage_of_two_days_one_message_says_what_was_missed() {
    let fake = FakeTelegram::start().await;
    let home = on_telegram(&fake, &[1]);
    fake.refuse(1, Some((429, "Too Many Requests")));
    home.carry(NOON, "2026-11-24T12:00:00Z").await;
    home.tell("Quota for the second half is out", "2026-11-24T08:00:00Z");
    home.publish("2026-11-24T12:00:00Z");
    home.carry("2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z").await;
    home.tell("A magnet plant opens in Texas", "2026-11-25T08:00:00Z");
    home.publish("2026-11-25T12:00:00Z");
    assert_eq!(home.store.counts().waiting + home.store.counts().merged, 3);
    fake.refuse(1, None);
    home.carry("2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z").await;
    let texts: Vec<String> = fake.messages(1).iter().map(|m| m.text.clone()).collect();
    let text = texts.join("\n---\n");
    expect![[r#"
        Monazite daily brief No. 3 · Wednesday, 25 November 2026
        Covers Tue 24 Nov 07:00 to Wed 25 Nov 07:00 EST. Next edition: Thu 26 Nov 07:00.

        The editions of 23 Nov 2026 and 24 Nov 2026 could not be delivered here; this one stands for them, and their highlights are below.

        A quiet day: one story.

        No source answered at its last poll: news may be missing here.

        ■ Highlights
        • A magnet plant opens in Texas, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire

        ■ License & controls desk
        • Due: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 2 days; no extension was seen. — Clark Hill

        • Due: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms end about 2 Dec 2026, in 7 days; no renewal seen. — World Journal

        ■ Analysis
        1. A magnet plant opens in Texas
        • A magnet plant opens in Texas, and buyers of dysprosium and terbium outside China wait for what follows from it.
        • Signal: neutral · Licensing & controls
        • Source: Test Wire

        ■ Watch next
        • Fri 27 Nov: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended. — clarkhill.com
        • Wed 2 Dec: General licenses of JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless renewed. — worldjournal.com
        • Mon 7 Dec: China's customs publish headline export volumes for November at about this day. — customs.gov.cn
        • Sun 20 Dec: China's customs publish November exports by product and destination at about this day. — stats.customs.gov.cn
        • Fri 1 Jan 2027: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo magnets from defense goods, from the mine on. — rareearthexchanges.com
        • Sun 10 Jan 2027: Suspension of MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025 ends, unless extended. — mofcom.gov.cn

        ■ Missed before
        23 Nov 2026 (No. 1)
        • Ministry explains the suspension of No. 57, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-23

        24 Nov 2026 (No. 2)
        • Quota for the second half is out, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-24

        More: /controls · /calendar · /search · /watch · /help
        0 of 48 sources answered. News is told in its sources' own sentences."#]].assert_eq(&text);
    expect![[r#"
        2026-11-23T12:00Z@telegram:1 merged into 2026-11-24T12:00Z@telegram:1
        2026-11-24T12:00Z@telegram:1 merged into 2026-11-25T12:00Z@telegram:1
        2026-11-25T12:00Z@telegram:1 sent in 1"#]]
    .assert_eq(&home.outbox());
}

/// What was sent while the disk was full is remembered once there is room: forgetting it would
/// send it twice.
#[tokio::test]
async fn a_full_disk_forgets_nothing_that_was_sent() {
    let fake = FakeTelegram::start().await;
    fake.private(1, "Reader");
    let home = on_telegram(&fake, &[1]);
    let delivery = home.deliverer.claim_due(at(NOON), 1).unwrap().remove(0);
    let outcome = home.deliverer.send(delivery, at(NOON)).await;
    let full = StoreSettings { spare_bytes: u64::MAX, ..StoreSettings::default() };
    let home = home.restart_with(&full);
    let refused = home.deliverer.record(std::slice::from_ref(&outcome), at(NOON));
    let error = format!("{:#}", refused.unwrap_err());
    assert!(error.contains("MB are free where the store lies"), "{error}");
    let claimed = home.deliverer.claim_due(at("2026-11-23T12:30:00Z"), 1);
    assert!(claimed.is_err(), "and nothing is sent meanwhile");
    let home = home.restart();
    home.deliverer.record(&[outcome], at(NOON)).unwrap();
    home.carry("2026-11-23T12:30:00Z", "2026-11-23T13:00:00Z").await;
    assert_eq!((fake.messages(1).len(), home.store.counts().sent), (1, 1));
}

/// The end of a data file is cut off, zeroed or scrambled, as a dying disk may leave it: the store
/// opens with all that was told to be kept, or says plainly that it is damaged and what can be done.
#[test]
fn a_store_damaged_at_its_tail_opens_whole_or_refuses_plainly() {
    type Spoil = fn(&mut Vec<u8>, usize);
    let spoilers: [(&str, Spoil); 3] = [
        ("cut", |bytes, from| bytes.truncate(from)),
        ("zeroed", |bytes, from| bytes[from..].fill(0)),
        ("scrambled", |bytes, from| bytes[from..].iter_mut().for_each(|byte| *byte ^= 0x5a)),
    ];
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
    for id in 1..=150 {
        let (article, story) =
            crate::world::home::told(&format!("Story {id}"), at(NOON), "pricing");
        let cause = monazite::model::delivery::Cause::Edition("2026-11-23T12:00Z".into());
        let to = chat(&format!("telegram:{id}"));
        let delivery = monazite::model::delivery::Delivery::new(cause, to, at(NOON));
        let changes = monazite::store::Changes {
            articles: vec![article],
            stories: vec![story],
            new_deliveries: vec![delivery],
            ..Default::default()
        };
        store.commit(changes).unwrap();
    }
    let whole = |store: &Store| {
        let bodies = store.articles().map(|article| store.body(&article.unwrap().id).unwrap());
        (store.deliveries().count(), bodies.flatten().count(), store.counts().waiting)
    };
    assert_eq!(whole(&store), (150, 150, 150));
    drop(store);
    let good = power::image(folder.path());
    let spoiled = |file: &str, spoil: Spoil, back: usize| {
        let mut image = good.clone();
        let bytes = image.get_mut(std::path::Path::new(file)).unwrap();
        let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
        spoil(bytes, end.saturating_sub(back));
        let folder = tempfile::tempdir().unwrap();
        power::write(&image, folder.path());
        folder
    };
    let (mut opened, mut less, mut unreadable) = (0, 0, 0);
    for file in ["state/db", "bodies/db"] {
        for (name, spoil) in spoilers {
            for back in [1, 40, 3_000, 30_000] {
                let folder = spoiled(file, spoil, back);
                match Store::open(folder.path(), &StoreSettings::default()) {
                    Ok(store) => {
                        assert_eq!(whole(&store), (150, 150, 150), "{file} {name} {back}");
                        opened += 1;
                    }
                    Err(error @ StoreError::Damaged { .. }) => {
                        let (told, path) = (error.to_string(), folder.path().display().to_string());
                        assert!(told.contains(&path) && told.contains("restore a copy"), "{told}");
                        *if told.contains("lost its end") { &mut less } else { &mut unreadable } +=
                            1;
                    }
                    Err(other) => panic!("{file} {name} {back}: {other}"),
                }
            }
        }
    }
    assert!(less > 0 && opened + less + unreadable == 24, "{opened} {less} {unreadable}");
}

/// An hour too early and back, or back by an hour and right again, a minute before noon or after it:
/// each chat gets the day's edition once.
#[tokio::test]
async fn a_clock_stepped_by_an_hour_sends_each_edition_once() {
    for clock in [
        // Set forward over noon, and right again.
        ["11:58", "12:58", "11:59", "12:00", "12:01", "12:15", "13:01", "13:15"],
        // Set back after noon, and right again.
        ["11:59", "12:01", "11:02", "12:00", "12:05", "12:15", "13:10", "13:15"],
        // It stays wrong.
        ["11:58", "12:58", "13:01", "13:15", "13:30", "13:45", "14:00", "14:15"],
        ["12:01", "11:02", "11:15", "11:30", "12:00", "12:02", "12:15", "12:30"],
    ] {
        let fake = FakeTelegram::start().await;
        let home = Home::with(&[], vec![fake.platform()]);
        home.publish("2026-11-23T00:00:00Z");
        for id in [1, 2] {
            fake.private(id, "Reader");
            let mut wishes = subscription(&format!("telegram:{id}"), "2026-11-22T00:00:00Z");
            // Noon in UTC is 7:00 in New York.
            wishes.at = (id == 2).then(|| chrono::NaiveTime::from_hms_opt(7, 0, 0)).flatten();
            home.subscribe(wishes);
        }
        home.tell("Ministry explains the suspension of No. 57", "2026-11-23T08:00:00Z");
        let mut was = at("2026-11-23T00:00:00Z");
        for time in clock {
            let shown = format!("2026-11-23T{time}:00Z");
            let now = at(&shown);
            if was > now {
                home.store.clock_set_back(was, now).unwrap();
            }
            was = now;
            home.publish(&shown);
            home.deliver(&shown).await;
        }
        let got = [1, 2].map(|id| fake.messages(id).len());
        assert_eq!(got, [1, 1], "{clock:?}: {}", home.outbox());
        assert_eq!(home.store.counts().waiting, 0, "{clock:?}");
        // The next day goes its way.
        home.publish("2026-11-24T12:00:00Z");
        home.deliver("2026-11-24T12:00:00Z").await;
        assert_eq!([1, 2].map(|id| fake.messages(id).len()), [2, 2], "{clock:?}");
    }
}

/// All leases seem to have run out, but the sender is still at it: nothing is sent twice.
#[tokio::test]
async fn a_clock_set_forward_takes_nothing_from_who_is_sending_it() {
    let fake = FakeTelegram::start().await;
    let home = on_telegram(&fake, &[1, 2]);
    let mut line = Line::new();
    let wanted =
        line.wanted([PlatformName::Telegram].into_iter(), &mut home.deliverer.pace(), at(NOON));
    let claim = |line: &Line, now: &str| {
        home.deliverer.claim(at(now), &wanted, &|id| line.holds(id)).unwrap()
    };
    let claimed = claim(&line, NOON);
    assert_eq!(claimed.len(), 2);
    claimed.into_iter().for_each(|delivery| line.add(delivery));
    assert!(claim(&line, "2026-11-23T13:00:00Z").is_empty());
    let nobody = Line::new();
    assert_eq!(claim(&nobody, "2026-11-23T13:00:00Z").len(), 2, "had the sender been lost");
}

/// The table of faults names tests that are there, and lines of the operator's page.
#[test]
fn every_fault_has_its_tests_and_its_line() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let (notes, operations) = (read("docs/notes/faults.md"), read("docs/OPERATIONS.md"));
    let rows = notes.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut named = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [fault, tests, line] = cells[..] else { panic!("{row}") };
        for test in tests.split(", ") {
            let (module, name) = test.trim_matches('`').split_once("::").unwrap();
            let file = read(&format!("tests/it/{module}.rs"));
            assert!(file.contains(&format!("fn {name}()")), "{fault}: there is no {test}");
            named += 1;
        }
        let told = operations.lines().any(|told| {
            let first = told.strip_prefix("| ").and_then(|told| told.split(" | ").next());
            first.is_some_and(|first| first.contains(line))
        });
        assert!(told, "{fault}: no line begins with {line:?}");
    }
    assert!(named > 60, "{named}");
}
