//! The outbox as a queue: who goes next and how fast, what is merged, what a restart finds.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use expect_test::expect;
use monazite::app::SystemClock;
use monazite::clock::Clock as _;
use monazite::deliver::{LEASE, Line, Turn};
use monazite::model::brief::EditionId;
use monazite::model::delivery::{Cause, Delivery, State};
use monazite::model::subscription::{Destination, PlatformName, Series, Subscription};
use monazite::pace::{Hold, Lesson, Pace};
use monazite::store::{Changes, Store, StoreSettings, Wanted};
use proptest::prelude::*;

use crate::world::home::{at, chat, subscription};

const NOON: &str = "2026-11-23T12:00:00Z";

fn delivery(to: &str, closes: &str) -> Delivery {
    let cause = Cause::Edition(EditionId::of(Series::Daily, at(closes)));
    Delivery::new(cause, chat(to), at(closes))
}

/// One delivery to each of so many private chats.
fn to_private(count: i64) -> impl Iterator<Item = Delivery> {
    (1..=count).map(|id| delivery(&format!("telegram:{id}"), NOON))
}

/// Sends all of it in a world where a message takes `latency`; when each began.
fn send_all(
    line: &mut Line,
    pace: &mut Pace,
    latency: Duration,
) -> Vec<(Destination, DateTime<Utc>)> {
    let mut now = at(NOON);
    let mut log = Vec::new();
    let mut under_way: BTreeMap<(DateTime<Utc>, usize), Delivery> = BTreeMap::new();
    while !line.is_empty() {
        let (turn, back) = line.next(pace, now);
        assert!(back.is_empty(), "nobody has to wait for long here");
        let free = match turn {
            Turn::Go(delivery) => {
                log.push((delivery.to.clone(), now));
                under_way.insert((now + latency, log.len()), *delivery);
                continue;
            }
            Turn::Wait(free) => free,
        };
        let answered = under_way.keys().next().map(|(at, _)| *at);
        now = free.into_iter().chain(answered).min().expect("somebody is waited for");
        while let Some(entry) = under_way.first_entry().filter(|entry| entry.key().0 <= now) {
            line.done(&entry.remove());
        }
    }
    log
}

/// Most messages within any `span`.
fn densest(log: &[(Destination, DateTime<Utc>)], span: Duration) -> usize {
    let within = |i: usize| log[i..].iter().take_while(|(_, at)| *at < log[i].1 + span).count();
    (0..log.len()).map(within).max().unwrap_or_default()
}

#[test]
fn ten_thousand_go_as_fast_as_telegram_allows_and_no_faster() {
    let (mut line, mut pace) = (Line::new(), Pace::new());
    let count = 3_000;
    to_private(count).for_each(|delivery| line.add(delivery));
    let log = send_all(&mut line, &mut pace, Duration::milliseconds(180));
    assert_eq!(log.len(), 3_000);
    assert_eq!(densest(&log, Duration::seconds(1)), 30);
    let took = (log[log.len() - 1].1 - log[0].1).num_milliseconds();
    let least = (count / 30 - 1) * 1_000;
    assert!(took * 100 <= least * 105, "{took} ms for {least} ms");
    let order: Vec<i64> = log.iter().map(|(to, _)| to.chat).collect();
    assert!(order.is_sorted(), "in the order they came");
}

#[test]
fn two_thousand_channels_go_as_fast_as_discord_allows() {
    let (mut line, mut pace) = (Line::new(), Pace::new());
    for id in 1..=2_000 {
        line.add(delivery(&format!("discord:{id}"), NOON));
    }
    let log = send_all(&mut line, &mut pace, Duration::milliseconds(120));
    assert_eq!(densest(&log, Duration::seconds(1)), 50);
    let took = (log[log.len() - 1].1 - log[0].1).num_milliseconds();
    let least = (2_000 / 50 - 1) * 1_000;
    assert!(took * 100 <= least * 105, "{took} ms for {least} ms");
}

#[test]
fn a_chat_that_has_to_wait_holds_up_only_itself() {
    let (mut line, mut pace) = (Line::new(), Pace::new());
    let now = at(NOON);
    let wait = Duration::seconds(4);
    pace.learn(PlatformName::Telegram, Lesson::Chat { chat: 1, wait }, now);
    pace.learn(PlatformName::Telegram, Lesson::Chat { chat: 2, wait: wait * 100 }, now + wait * 9);
    let (mut line_of_two, mut other) = (Line::new(), Pace::new());
    other.learn(PlatformName::Telegram, Lesson::Chat { chat: 2, wait: wait * 100 }, now);
    line_of_two.add(delivery("telegram:2", NOON));
    line_of_two.add(delivery("telegram:2", "2026-11-24T12:00:00Z"));
    line_of_two.add(delivery("telegram:3", NOON));
    let (turn, back) = line_of_two.next(&mut other, now);
    assert!(matches!(turn, Turn::Go(delivery) if delivery.to.chat == 3));
    let back: Vec<i64> = back.iter().map(|(_, due)| (*due - now).num_seconds()).collect();
    assert_eq!(back, [400, 403], "who waits for long goes back, one behind the other");
    for id in [1, 3, 4] {
        line.add(delivery(&format!("telegram:{id}"), NOON));
    }
    let mut pace = Pace::new();
    pace.learn(PlatformName::Telegram, Lesson::Chat { chat: 1, wait }, now);
    let log = send_all(&mut line, &mut pace, Duration::milliseconds(50));
    let order: Vec<(i64, i64)> =
        log.iter().map(|(to, at)| (to.chat, (*at - now).num_milliseconds())).collect();
    assert_eq!(order, [(3, 0), (4, 33), (1, 4_050)]);
}

#[test]
fn a_long_message_keeps_to_one_part_a_second_and_goes_before_new_ones() {
    let (mut line, mut pace) = (Line::new(), Pace::new());
    let now = at(NOON);
    to_private(2).for_each(|delivery| line.add(delivery));
    let (Turn::Go(first), _) = line.next(&mut pace, now) else { panic!("the first may go") };
    line.done(&first);
    line.add(Delivery {
        sent: vec![monazite::model::delivery::Receipt { message: 1 }],
        ..(*first).clone()
    });
    line.add(delivery("telegram:3", NOON));
    let log = send_all(&mut line, &mut pace, Duration::milliseconds(50));
    let order: Vec<(i64, i64)> =
        log.iter().map(|(to, at)| (to.chat, (*at - now).num_milliseconds())).collect();
    assert_eq!(order, [(2, 33), (3, 66), (1, 1_020)]);
}

#[test]
fn a_group_gets_twenty_a_minute() {
    let mut pace = Pace::new();
    let group = chat("telegram:-5");
    let mut now = at(NOON);
    for _ in 0..20 {
        while let Err(Hold::Chat(until) | Hold::Platform(until)) = pace.ready(&group, now) {
            now = until;
        }
        pace.took(&group, now);
    }
    let now = now + Duration::seconds(1);
    let Err(Hold::Chat(until)) = pace.ready(&group, now) else { panic!("the minute is full") };
    assert_eq!((until - at(NOON)).num_milliseconds(), 60_500);
    assert_eq!(pace.ready(&chat("telegram:6"), now), Ok(()));
}

#[test]
fn discord_tells_what_is_left_of_a_channel() {
    let mut pace = Pace::new();
    let (to, now) = (chat("discord:7"), at(NOON));
    let left = |messages| Lesson::Left { chat: 7, messages, renews: Duration::seconds(3) };
    pace.learn(PlatformName::Discord, left(1), now);
    assert_eq!(pace.ready(&to, now), Ok(()));
    pace.took(&to, now);
    let until = now + Duration::milliseconds(3_050);
    assert_eq!(pace.ready(&to, now + Duration::seconds(1)), Err(Hold::Chat(until)));
    assert_eq!(pace.ready(&to, until), Ok(()));
}

#[test]
fn a_platform_that_says_wait_is_left_alone_as_a_whole() {
    let mut pace = Pace::new();
    let now = at(NOON);
    let wait = Duration::seconds(30);
    pace.learn(PlatformName::Discord, Lesson::Everything { wait }, now);
    let until = now + Duration::milliseconds(30_050);
    assert_eq!(pace.ready(&chat("discord:7"), now), Err(Hold::Platform(until)));
    assert_eq!(pace.ready(&chat("telegram:7"), now), Ok(()));
    // Telegram does not say whose limit it is: two chats at a time mean everybody's.
    for id in [1, 2] {
        assert_eq!(pace.ready(&chat("telegram:7"), now), Ok(()));
        pace.learn(PlatformName::Telegram, Lesson::Chat { chat: id, wait }, now);
    }
    assert_eq!(pace.ready(&chat("telegram:7"), now), Err(Hold::Platform(until)));
}

#[test]
fn a_limit_met_all_the_same_is_kept_more_slowly_for_a_while() {
    let mut pace = Pace::new();
    let mut now = at(NOON);
    let mut gaps = Vec::new();
    for n in 0..4 {
        pace.took(&chat(&format!("discord:{n}")), now);
        let Err(Hold::Platform(until)) = pace.ready(&chat("discord:9"), now) else {
            panic!("two never go at once")
        };
        gaps.push((until - now).num_microseconds().unwrap());
        let wait = Duration::seconds(1);
        pace.learn(PlatformName::Discord, Lesson::Everything { wait }, now);
        now += Duration::seconds(2);
    }
    now += Duration::minutes(10);
    pace.took(&chat("discord:5"), now);
    let Err(Hold::Platform(until)) = pace.ready(&chat("discord:9"), now) else {
        panic!("two never go at once")
    };
    gaps.push((until - now).num_microseconds().unwrap());
    assert_eq!(gaps, [16_000, 17_600, 19_200, 20_800, 16_000]);
}

#[test]
fn a_silent_platform_is_tried_with_one_message_at_a_time() {
    let mut pace = Pace::new();
    let (to, now) = (chat("telegram:7"), at(NOON));
    let mut waits = Vec::new();
    for _ in 0..12 {
        pace.learn(PlatformName::Telegram, Lesson::Silent, now);
        waits.push(match pace.ready(&to, now) {
            Ok(()) => 0,
            Err(Hold::Platform(until) | Hold::Chat(until)) => (until - now).num_seconds(),
        });
    }
    assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(pace.at_once(PlatformName::Telegram), 1);
    pace.learn(PlatformName::Telegram, Lesson::Well, now);
    assert_eq!(pace.ready(&to, now), Ok(()));
    assert_eq!(pace.at_once(PlatformName::Telegram), 64);
}

#[test]
fn invalid_requests_stop_long_before_discord_bars_the_address() {
    let mut pace = Pace::new();
    let (to, start) = (chat("discord:7"), at(NOON));
    let mut counted = 0;
    let mut now = start;
    while pace.ready(&to, now).is_ok() {
        pace.learn(PlatformName::Discord, Lesson::Invalid, now);
        counted += 1;
        now = start + Duration::milliseconds(20 * counted);
    }
    assert_eq!(counted, 5_000);
    assert_eq!(pace.ready(&to, now + Duration::minutes(10)), Ok(()));
}

#[test]
fn a_clock_set_back_an_hour_stops_nobody() {
    let mut pace = Pace::new();
    let (to, now) = (chat("telegram:7"), at(NOON));
    pace.took(&to, now);
    pace.learn(PlatformName::Telegram, Lesson::Chat { chat: 8, wait: Duration::seconds(5) }, now);
    let back = now - Duration::hours(1);
    assert_eq!(pace.ready(&to, back), Err(Hold::Platform(back + Duration::milliseconds(33))));
    let until = back + Duration::milliseconds(5_050);
    let later = back + Duration::milliseconds(40);
    assert_eq!(pace.ready(&chat("telegram:8"), later), Err(Hold::Chat(until)));
}

#[test]
fn an_answer_goes_before_a_fan_out_and_takes_its_place() {
    let (mut line, mut pace) = (Line::new(), Pace::new());
    let mut now = at(NOON);
    to_private(200).for_each(|delivery| line.add(delivery));
    let (mut slowest, mut sent) = (Duration::zero(), Vec::new());
    for n in 0..400_i64 {
        now += Duration::milliseconds(7);
        if n % 10 == 0 {
            let at = pace.book(&chat(&format!("telegram:{}", 9_000 + n)), false, now);
            slowest = slowest.max(at - now);
            sent.push((chat("telegram:1"), at));
        }
        if let (Turn::Go(delivery), _) = line.next(&mut pace, now) {
            line.done(&delivery);
            sent.push((delivery.to, now));
        }
    }
    sent.sort_by_key(|(_, at)| *at);
    assert!(slowest < Duration::milliseconds(150), "{slowest}");
    assert!((27..=30).contains(&densest(&sent, Duration::seconds(1))), "nor is a place left free");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever waits for whom and however long messages take, no limit is ever passed, and all
    /// is sent.
    #[test]
    fn no_limit_is_ever_passed(
        chats in prop::collection::vec(prop_oneof![1..40_i64, -4..-1_i64], 1..80),
        latency in 1..900_i64,
    ) {
        let (mut line, mut pace) = (Line::new(), Pace::new());
        let mut days: BTreeMap<i64, i64> = BTreeMap::new();
        for id in &chats {
            // Each chat gets an edition of another day each time; at most a few.
            let day = days.entry(*id).or_default();
            if *day < 6 {
                *day += 1;
                line.add(delivery(&format!("telegram:{id}"), &format!("2026-11-0{day}T12:00:00Z")));
            }
        }
        let log = send_all(&mut line, &mut pace, Duration::milliseconds(latency));
        prop_assert_eq!(log.len() as i64, days.values().sum::<i64>());
        prop_assert!(densest(&log, Duration::seconds(1)) <= 30);
        for id in days.keys() {
            let of: Vec<_> = log.iter().filter(|(to, _)| to.chat == *id).cloned().collect();
            prop_assert_eq!(densest(&of, Duration::seconds(1)), 1);
            let a_minute = if *id < 0 { 20 } else { 60 };
            prop_assert!(densest(&of, Duration::seconds(60)) <= a_minute);
        }
    }
}

// ---- The store ----

/// A store in a folder that goes away with it.
fn shelf() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    (folder, store)
}

fn open(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), &StoreSettings::default()).unwrap()
}

fn put(store: &Store, deliveries: Vec<Delivery>) {
    store.commit(Changes { new_deliveries: deliveries, ..Changes::default() }).unwrap();
}

fn claim(store: &Store, platform: PlatformName, now: &str) -> Vec<String> {
    let wanted = [Wanted { platform, urgent: false, most: 9 }];
    let claimed = store.claim(at(now), LEASE, &wanted, &|_| false).unwrap();
    claimed.iter().map(told).collect()
}

fn told(delivery: &Delivery) -> String {
    let state = match &delivery.state {
        State::Pending { due } => format!("due {}", due.format("%dT%H:%M")),
        State::Claimed { .. } => "claimed".to_owned(),
        State::Sent { .. } => "sent".to_owned(),
        State::Dead { reason, .. } => reason.clone(),
        State::Merged { into, .. } => format!("merged into {into}"),
    };
    let merged: Vec<&str> = delivery.merged.iter().map(EditionId::as_str).collect();
    format!("{} {state} {}", delivery.id, merged.join(" ")).trim_end().to_owned()
}

fn all(store: &Store) -> String {
    store.deliveries().map(|delivery| told(&delivery.unwrap())).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_platform_that_is_not_asked_for_is_not_looked_at() {
    let (_folder, store) = shelf();
    put(&store, vec![delivery("telegram:1", NOON), delivery("discord:2", NOON)]);
    let later = "2026-11-23T12:01:00Z";
    assert_eq!(
        claim(&store, PlatformName::Discord, later),
        ["2026-11-23T12:00Z@discord:2 claimed"]
    );
    assert_eq!(store.next_due(&[PlatformName::Telegram]).unwrap(), Some(at(NOON)));
    let console = store.next_due(&[PlatformName::Console]).unwrap();
    assert_eq!(console, Some(at(later) + Duration::from_std(LEASE).unwrap()), "a claim runs out");
}

#[test]
fn of_several_editions_for_one_chat_the_newest_stands_for_all() {
    let (folder, store) = shelf();
    let mut begun = delivery("telegram:2", "2026-11-21T12:00:00Z");
    begun.sent.push(monazite::model::delivery::Receipt { message: 1 });
    put(
        &store,
        vec![
            delivery("telegram:1", "2026-11-21T12:00:00Z"),
            delivery("telegram:1", "2026-11-22T12:00:00Z"),
            delivery("telegram:1", NOON),
            begun,
            delivery("telegram:2", NOON),
        ],
    );
    assert_eq!(store.open_to(&chat("telegram:1")).unwrap().len(), 3);
    expect![[r#"
        2026-11-23T12:00Z@telegram:1 claimed 2026-11-21T12:00Z 2026-11-22T12:00Z
        2026-11-21T12:00Z@telegram:2 claimed
        2026-11-23T12:00Z@telegram:2 claimed"#]]
    .assert_eq(&claim(&store, PlatformName::Telegram, NOON).join("\n"));
    assert_eq!(store.open_to(&chat("telegram:1")).unwrap().len(), 1);
    let counts = store.counts();
    assert_eq!((counts.waiting, counts.merged), (3, 2));
    drop(store);
    let store = open(&folder);
    expect![[r#"
        2026-11-21T12:00Z@telegram:1 merged into 2026-11-23T12:00Z@telegram:1
        2026-11-21T12:00Z@telegram:2 due 21T12:00
        2026-11-22T12:00Z@telegram:1 merged into 2026-11-23T12:00Z@telegram:1
        2026-11-23T12:00Z@telegram:1 due 23T12:00 2026-11-21T12:00Z 2026-11-22T12:00Z
        2026-11-23T12:00Z@telegram:2 due 23T12:00"#]]
    .assert_eq(&all(&store));
    assert_eq!(store.counts(), counts);
}

#[test]
fn a_clock_set_back_keeps_due_what_was_due() {
    let (_folder, store) = shelf();
    let due = |id: &str, due: &str, error: &str| Delivery {
        state: State::Pending { due: at(due) },
        last_error: error.to_owned(),
        ..delivery(id, NOON)
    };
    put(
        &store,
        vec![
            due("telegram:1", "2026-11-23T12:00:00Z", ""),
            due("telegram:2", "2026-11-23T12:10:00Z", "the connection broke"),
            due("telegram:3", "2026-11-24T07:00:00Z", ""),
            due("discord:4", "2026-11-23T10:59:00Z", ""),
        ],
    );
    let moved = store.clock_set_back(at("2026-11-23T12:05:00Z"), at("2026-11-23T11:05:00Z"));
    assert_eq!(moved.unwrap(), 2);
    expect![[r#"
        2026-11-23T12:00Z@discord:4 due 23T10:59
        2026-11-23T12:00Z@telegram:1 due 23T11:05
        2026-11-23T12:00Z@telegram:2 due 23T11:10
        2026-11-23T12:00Z@telegram:3 due 24T07:00"#]]
    .assert_eq(&all(&store));
}

/// The index of who is due when is made at the first question and follows every commit from then on.
#[test]
fn who_is_due_follows_what_is_committed() {
    let (folder, store) = shelf();
    let subscribed = |id: i64, at: Option<(u32, u32)>| Subscription {
        at: at.and_then(|(hour, minute)| chrono::NaiveTime::from_hms_opt(hour, minute, 0)),
        ..subscription(&format!("telegram:{id}"), "2026-11-01T00:00:00Z")
    };
    let commit = |store: &Store, subscriptions: Vec<Subscription>, gone: &[i64]| {
        let unsubscribed = gone.iter().map(|id| chat(&format!("telegram:{id}"))).collect();
        store.commit(Changes { subscriptions, unsubscribed, ..Changes::default() }).unwrap();
    };
    let due = |store: &Store, from: &str, now: &str, followers: bool| {
        let due = store.subscriptions_due(at(from), at(now), followers).unwrap();
        let mut due: Vec<i64> = due.iter().map(|subscription| subscription.to.chat).collect();
        due.sort_unstable();
        due
    };
    commit(&store, vec![subscribed(1, Some((7, 30))), subscribed(2, None)], &[]);
    // Half past seven in New York.
    let (before, after) = ("2026-11-23T12:29:00Z", "2026-11-23T12:30:00Z");
    assert_eq!(due(&store, before, after, false), [1]);
    assert_eq!(due(&store, before, after, true), [1, 2]);
    assert!(due(&store, after, "2026-11-23T12:31:00Z", false).is_empty());
    commit(&store, vec![subscribed(3, Some((7, 30))), subscribed(1, Some((8, 0)))], &[2]);
    assert_eq!(due(&store, before, after, true), [3]);
    let paused = Subscription { paused: Some("asked for".to_owned()), ..subscribed(3, None) };
    commit(&store, vec![paused], &[]);
    assert!(due(&store, before, after, true).is_empty());
    assert_eq!(due(&store, before, "2026-11-23T13:00:00Z", true), [1]);
    drop(store);
    assert_eq!(due(&open(&folder), before, "2026-11-23T13:00:00Z", true), [1]);
}

/// Pausing a chat that is gone changes nothing else of its subscription, whatever was set meanwhile.
#[test]
fn pausing_keeps_what_was_set_meanwhile() {
    let (_folder, store) = shelf();
    let old = subscription("telegram:1", "2026-11-01T00:00:00Z");
    let set = Subscription { label: "set meanwhile".to_owned(), ..old };
    store.commit(Changes { subscriptions: vec![set], ..Changes::default() }).unwrap();
    for reason in ["the bot was blocked", "and again"] {
        let paused =
            vec![(chat("telegram:1"), reason.to_owned()), (chat("telegram:2"), reason.to_owned())];
        store.commit(Changes { paused, ..Changes::default() }).unwrap();
    }
    let kept = store.subscriptions().unwrap();
    let kept: Vec<_> =
        kept.iter().map(|kept| (kept.label.as_str(), kept.paused.as_deref())).collect();
    assert_eq!(kept, [("set meanwhile", Some("the bot was blocked"))]);
}

/// What is due is looked up: thousands that wait for a later hour, and thousands of a platform that
/// is not connected, are not passed over at each claim.
#[test]
fn a_claim_reads_no_more_than_it_takes() {
    let (_folder, store) = shelf();
    let many = (1..=4_000).map(|id| delivery(&format!("discord:{id}"), NOON));
    let later = (1..=4_000).map(|id| Delivery {
        state: State::Pending { due: at("2026-11-23T15:00:00Z") },
        ..delivery(&format!("telegram:{}", 10_000 + id), NOON)
    });
    put(&store, many.chain(later).collect());
    let started = SystemClock.now();
    for _ in 0..500 {
        assert!(claim(&store, PlatformName::Telegram, "2026-11-23T12:30:00Z").is_empty());
    }
    // A scan of eight thousand records would take seconds here even on a fast machine.
    let each = (SystemClock.now() - started) / 500;
    assert!(each < Duration::milliseconds(5), "{each}");
}
