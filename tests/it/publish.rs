//! Editions: when they are due, what window they cover, who receives them; across restarts and clock changes.

use chrono::NaiveTime;
use expect_test::expect;
use monazite::model::subscription::{Series, Subscription};

use crate::world::home::{Home, at, subscription};

const ZONE_AND_HOUR: &str =
    "[schedule]\ntimezone = \"America/New_York\"\nbrief = \"0 30 2 * * *\"\n";

/// Steps through instants and tells what each published.
fn steps(home: &Home, instants: &[&str]) -> String {
    instants.iter().map(|now| format!("{now}: {}\n", home.publish(now))).collect()
}

#[test]
fn the_first_start_publishes_nothing_of_the_past() {
    let home = Home::new();
    let log = steps(
        &home,
        &[
            "2026-11-23T13:00:00Z",
            "2026-11-23T13:15:00Z",
            "2026-11-24T11:59:59Z",
            "2026-11-24T12:00:00Z",
        ],
    );
    expect![[r#"
        2026-11-23T13:00:00Z: nothing
        2026-11-23T13:15:00Z: nothing
        2026-11-24T11:59:59Z: nothing
        2026-11-24T12:00:00Z: 2026-11-24T12:00Z to 0
    "#]]
    .assert_eq(&log);
}

#[test]
fn an_edition_is_made_once_and_goes_to_whoever_follows_it() {
    let home = Home::new();
    home.publish("2026-11-23T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-22T00:00:00Z"));
    home.subscribe(subscription("discord:2", "2026-11-22T00:00:00Z"));
    let mut paused = subscription("telegram:3", "2026-11-22T00:00:00Z");
    paused.paused = Some("paused in settings".to_owned());
    home.subscribe(paused);
    home.tell("China extends the suspension of its October controls", "2026-11-23T08:00:00Z");
    let log =
        steps(&home, &["2026-11-23T12:00:03Z", "2026-11-23T12:00:20Z", "2026-11-23T12:01:00Z"]);
    expect![[r#"
        2026-11-23T12:00:03Z: 2026-11-23T12:00Z to 2
        2026-11-23T12:00:20Z: nothing
        2026-11-23T12:01:00Z: nothing
    "#]]
    .assert_eq(&log);
    expect![[r#"
        2026-11-23T12:00Z@discord:2 pending
        2026-11-23T12:00Z@telegram:1 pending"#]]
    .assert_eq(&home.outbox());
}

#[test]
fn a_restart_after_the_commit_repeats_nothing() {
    let home = Home::new();
    home.publish("2026-11-23T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-22T00:00:00Z"));
    let before = home.publish("2026-11-23T12:00:00Z");
    let home = home.restart();
    let after =
        steps(&home, &["2026-11-23T12:00:00Z", "2026-11-23T12:00:30Z", "2026-11-23T12:20:00Z"]);
    expect![[r#"
        2026-11-23T12:00Z to 1
        2026-11-23T12:00:00Z: nothing
        2026-11-23T12:00:30Z: nothing
        2026-11-23T12:20:00Z: nothing
        2026-11-23T12:00Z@telegram:1 pending"#]]
    .assert_eq(&format!("{before}\n{after}{}", home.outbox()));
}

#[test]
fn what_was_missed_while_down_comes_as_one_edition_at_start() {
    let home = Home::new();
    home.publish("2026-11-19T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-18T00:00:00Z"));
    home.publish("2026-11-19T12:00:00Z");
    home.tell("A story of the twentieth", "2026-11-19T20:00:00Z");
    let home = home.restart();
    home.tell("A story read at the start", "2026-11-23T15:41:00Z");
    let log =
        steps(&home, &["2026-11-23T15:42:30Z", "2026-11-23T15:43:00Z", "2026-11-24T12:00:00Z"]);
    expect![[r#"
        2026-11-23T15:42:30Z: 2026-11-23T15:42Z, weekly/2026-11-23T15:42Z to 1
        2026-11-23T15:43:00Z: nothing
        2026-11-24T12:00:00Z: 2026-11-24T12:00Z to 1
    "#]]
    .assert_eq(&log);
    let missed = home.store.editions(Series::Daily).map(Result::unwrap).nth(1).unwrap();
    assert_eq!(
        (missed.opens, missed.closes),
        (at("2026-11-19T12:00:00Z"), at("2026-11-23T15:42:00Z"))
    );
    assert_eq!(missed.stories.len(), 2, "everything since the last edition is in it");
}

/// Hours of their own that passed meanwhile, once or several times, bring the same one edition.
#[test]
fn chats_with_hours_of_their_own_get_one_edition_after_downtime() {
    let home = Home::new();
    home.publish("2026-11-19T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-18T00:00:00Z"));
    for (to, hour, days) in [
        ("telegram:2", 3, vec![]),
        ("telegram:3", 19, vec![]),
        ("telegram:4", 9, vec![chrono::Weekday::Sat]),
        // Its day comes only after the downtime.
        ("telegram:5", 9, vec![chrono::Weekday::Wed]),
    ] {
        let new = subscription(to, "2026-11-18T00:00:00Z");
        let at = NaiveTime::from_hms_opt(hour, 0, 0);
        home.subscribe(Subscription { at, weekdays: days, ..new });
    }
    home.publish("2026-11-19T12:00:00Z");
    let home = home.restart();
    let log = steps(&home, &["2026-11-23T15:42:30Z", "2026-11-23T15:46:00Z"]);
    expect![[r#"
        2026-11-23T15:42:30Z: 2026-11-23T15:42Z, weekly/2026-11-23T15:42Z to 4
        2026-11-23T15:46:00Z: nothing
    "#]]
    .assert_eq(&log);
}

#[test]
fn a_time_that_does_not_exist_closes_at_the_first_that_does() {
    // New York skips from 2:00 to 3:00 on 8 March 2026.
    let home = Home::with(&[("monazite.toml", ZONE_AND_HOUR)], Vec::new());
    home.publish("2026-03-06T12:00:00Z");
    let log = steps(
        &home,
        &[
            "2026-03-07T07:30:00Z",
            "2026-03-08T06:59:00Z",
            "2026-03-08T07:00:00Z",
            "2026-03-08T07:30:00Z",
            "2026-03-08T08:30:00Z",
            "2026-03-09T06:30:00Z",
        ],
    );
    expect![[r#"
        2026-03-07T07:30:00Z: 2026-03-07T07:30Z to 0
        2026-03-08T06:59:00Z: weekly/2026-03-08T06:59Z to 0
        2026-03-08T07:00:00Z: 2026-03-08T07:00Z to 0
        2026-03-08T07:30:00Z: nothing
        2026-03-08T08:30:00Z: nothing
        2026-03-09T06:30:00Z: 2026-03-09T06:30Z to 0
    "#]]
    .assert_eq(&log);
}

#[test]
fn a_time_that_exists_twice_closes_once() {
    // New York repeats 1:00 to 2:00 on 1 November 2026.
    let settings = ZONE_AND_HOUR.replace("30 2", "30 1");
    let home = Home::with(&[("monazite.toml", &settings)], Vec::new());
    home.publish("2026-10-30T12:00:00Z");
    let log = steps(
        &home,
        &[
            "2026-10-31T05:30:00Z",
            "2026-11-01T05:30:00Z",
            "2026-11-01T06:30:00Z",
            "2026-11-01T07:30:00Z",
            "2026-11-02T06:30:00Z",
        ],
    );
    expect![[r#"
        2026-10-31T05:30:00Z: 2026-10-31T05:30Z to 0
        2026-11-01T05:30:00Z: 2026-11-01T05:30Z, weekly/2026-11-01T05:30Z to 0
        2026-11-01T06:30:00Z: nothing
        2026-11-01T07:30:00Z: nothing
        2026-11-02T06:30:00Z: 2026-11-02T06:30Z to 0
    "#]]
    .assert_eq(&log);
}

#[test]
fn a_chat_with_its_own_hour_gets_the_edition_that_closes_then() {
    let home = Home::new();
    home.publish("2026-11-23T05:55:00Z");
    for (to, hour) in [("telegram:1", 7), ("telegram:2", 7), ("telegram:3", 20)] {
        let mut own = subscription(to, "2026-11-21T00:00:00Z");
        own.at = NaiveTime::from_hms_opt(hour, 0, 0);
        own.zone = chrono_tz::Europe::Berlin;
        home.subscribe(own);
    }
    home.tell("A morning story", "2026-11-23T05:00:00Z");
    home.tell("An afternoon story", "2026-11-23T15:00:00Z");
    let log =
        steps(&home, &["2026-11-23T06:00:01Z", "2026-11-23T12:00:01Z", "2026-11-23T19:00:01Z"]);
    expect![[r#"
        2026-11-23T06:00:01Z: 2026-11-23T06:00Z to 2
        2026-11-23T12:00:01Z: 2026-11-23T12:00Z to 0
        2026-11-23T19:00:01Z: 2026-11-23T19:00Z to 1
    "#]]
    .assert_eq(&log);
    let editions: Vec<_> = home.store.editions(Series::Daily).map(Result::unwrap).collect();
    let told: Vec<String> = editions
        .iter()
        .map(|e| format!("{} No. {}: {} stories", e.id, e.number, e.stories.len()))
        .collect();
    expect![[r#"
        2026-11-23T19:00Z No. 1: 2 stories
        2026-11-23T12:00Z No. 1: 1 stories
        2026-11-23T06:00Z No. 1: 1 stories"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn weekdays_are_the_subscribers_own() {
    let home = Home::new();
    home.publish("2026-11-20T00:00:00Z");
    // 7:00 on Monday in Sydney is Sunday in New York.
    let mut own = subscription("telegram:1", "2026-11-19T00:00:00Z");
    own.at = NaiveTime::from_hms_opt(7, 0, 0);
    own.zone = chrono_tz::Australia::Sydney;
    own.weekdays = vec![chrono::Weekday::Mon];
    home.subscribe(own);
    let mut quarters = Vec::new();
    let mut now = at("2026-11-20T00:00:00Z");
    while now < at("2026-11-28T00:00:00Z") {
        now += chrono::Duration::minutes(15);
        let published = home.publish(&now.to_rfc3339());
        if published.ends_with("to 1") {
            quarters.push(published);
        }
    }
    expect!["2026-11-22T20:00Z to 1"].assert_eq(&quarters.join("\n"));
}

#[test]
fn a_story_comes_again_only_with_news_in_it() {
    let home = Home::new();
    home.publish("2026-11-21T00:00:00Z");
    let id = home.tell("Ministry answers on general licenses", "2026-11-21T08:00:00Z");
    home.tell("Another story that stays as it is", "2026-11-21T09:00:00Z");
    home.publish("2026-11-21T12:00:00Z");
    let mut story = home.store.story(&id).unwrap().unwrap();
    story.updated = at("2026-11-22T05:00:00Z");
    let mut later = story.tellings[0].clone();
    later.article = "another".into();
    later.url = "https://other.example/a".to_owned();
    later.title = "Ministry names the number of general licenses".to_owned();
    later.first_seen = at("2026-11-22T05:00:00Z");
    later.published = at("2026-11-22T05:00:00Z");
    story.tellings.push(later);
    home.store
        .commit(monazite::store::Changes { stories: vec![story], ..Default::default() })
        .unwrap();
    home.publish("2026-11-22T12:00:00Z");
    let edition = home.store.latest_edition(Series::Daily).unwrap().unwrap();
    let told: Vec<String> =
        edition.analysis.iter().map(|a| format!("{} update: {}", a.title, a.update)).collect();
    expect!["Ministry answers on general licenses update: true"].assert_eq(&told.join("\n"));
}

#[test]
fn what_a_source_lists_from_months_ago_is_not_told_as_news() {
    let home = Home::new();
    home.publish("2026-11-23T00:00:00Z");
    let (mut article, mut story) =
        crate::world::home::told("An old story", at("2026-11-23T03:00:00Z"), "mining");
    article.published = at("2026-06-01T00:00:00Z");
    story.tellings[0].published = article.published;
    story.published = article.published;
    home.store
        .commit(monazite::store::Changes {
            articles: vec![article],
            stories: vec![story],
            ..Default::default()
        })
        .unwrap();
    home.publish("2026-11-23T12:00:00Z");
    assert!(home.store.latest_edition(Series::Daily).unwrap().unwrap().stories.is_empty());
}

#[test]
fn a_clock_that_was_wrong_by_days_and_is_set_back_stops_nothing_and_doubles_nothing() {
    let home = Home::new();
    home.publish("2026-11-22T00:00:00Z");
    home.subscribe(subscription("telegram:1", "2026-11-21T00:00:00Z"));
    let log = steps(
        &home,
        &[
            "2026-11-22T12:00:00Z",
            "2026-11-29T12:00:00Z",
            "2026-11-22T11:30:00Z",
            "2026-11-22T12:00:01Z",
            "2026-11-23T12:00:00Z",
        ],
    );
    expect![[r#"
        2026-11-22T12:00:00Z: 2026-11-22T12:00Z to 1
        2026-11-29T12:00:00Z: 2026-11-29T12:00Z, weekly/2026-11-29T12:00Z to 1
        2026-11-22T11:30:00Z: nothing
        2026-11-22T12:00:01Z: 2026-11-22T12:00Z to 1
        2026-11-23T12:00:00Z: 2026-11-23T12:00Z to 1
    "#]]
    .assert_eq(&log);
    expect![[r#"
        2026-11-22T12:00Z@telegram:1 pending
        2026-11-23T12:00Z@telegram:1 pending
        2026-11-29T12:00Z@telegram:1 pending"#]]
    .assert_eq(&home.outbox());
}

#[test]
fn a_story_seen_at_the_very_instant_of_closing_is_in_the_next_edition() {
    let home = Home::new();
    home.publish("2026-11-21T00:00:00Z");
    home.tell("Seen as the first one closes", "2026-11-21T12:00:00Z");
    home.publish("2026-11-21T12:00:00Z");
    home.publish("2026-11-22T12:00:00Z");
    let told: Vec<usize> =
        home.store.editions(Series::Daily).map(|edition| edition.unwrap().stories.len()).collect();
    assert_eq!(told, [1, 0], "newest first");
}

#[test]
fn the_weeks_edition_goes_to_those_who_chose_it_and_alerts_bring_none() {
    let home = Home::new();
    home.publish("2026-11-20T00:00:00Z");
    home.publish("2026-11-21T13:00:00Z");
    let mut weekly = subscription("telegram:1", "2026-11-22T00:00:00Z");
    weekly.series = Series::Weekly;
    // The hour and the days of the daily brief do not move the week's.
    weekly.at = NaiveTime::from_hms_opt(3, 0, 0);
    weekly.weekdays = vec![chrono::Weekday::Mon];
    home.subscribe(weekly);
    let mut alerts = subscription("telegram:2", "2026-11-18T00:00:00Z");
    alerts.series = Series::Alerts;
    home.subscribe(alerts);
    home.subscribe(subscription("telegram:3", "2026-11-18T00:00:00Z"));
    home.tell("A story of Sunday", "2026-11-22T20:00:00Z");
    home.tell("A story of Friday", "2026-11-27T20:00:00Z");
    let log = steps(
        &home,
        &[
            "2026-11-27T12:00:00Z",
            "2026-11-28T12:00:00Z",
            "2026-11-28T13:00:00Z",
            "2026-11-28T13:00:30Z",
            "2026-11-29T12:00:00Z",
        ],
    );
    expect![[r#"
        2026-11-27T12:00:00Z: 2026-11-27T12:00Z to 1
        2026-11-28T12:00:00Z: 2026-11-28T12:00Z to 1
        2026-11-28T13:00:00Z: weekly/2026-11-28T13:00Z to 1
        2026-11-28T13:00:30Z: nothing
        2026-11-29T12:00:00Z: 2026-11-29T12:00Z to 1
    "#]]
    .assert_eq(&log);
    expect![[r#"
        2026-11-27T12:00Z@telegram:3 pending
        2026-11-28T12:00Z@telegram:3 pending
        2026-11-29T12:00Z@telegram:3 pending
        weekly/2026-11-28T13:00Z@telegram:1 pending"#]]
    .assert_eq(&home.outbox());
    let week = home.store.latest_edition(Series::Weekly).unwrap().unwrap();
    assert_eq!((week.opens, week.closes), (at("2026-11-21T13:00:00Z"), at("2026-11-28T13:00:00Z")));
    assert_eq!((week.number, week.stories.len()), (2, 2));
    assert_eq!(week.next, Some(at("2026-12-05T13:00:00Z")));
    // The week's edition tells nothing for the first time: no daily one calls its stories updates.
    let sunday = home.store.latest_edition(Series::Daily).unwrap().unwrap();
    assert!(sunday.recent.iter().all(|headline| !headline.update));
    let shown = monazite::chat::console::text(
        &home.ask("telegram:1", "brief weekly", true, "2026-11-28T14:00:00Z"),
        &monazite::chat::console::Look::PLAIN,
    );
    expect![[r#"
        Monazite weekly brief No. 2 · week to Saturday, 28 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sat 21 Nov 08:00 to Sat 28 Nov 08:00 EST. Next edition: Sat 5 Dec 08:00.
    "#]]
    .assert_eq(&shown.lines().take(4).collect::<Vec<_>>().join("\n"));
}

#[test]
fn weeks_missed_while_down_come_as_one_edition() {
    let home = Home::new();
    home.publish("2026-11-20T00:00:00Z");
    home.publish("2026-11-21T13:00:00Z");
    let log = steps(&home, &["2026-12-06T15:00:20Z", "2026-12-12T13:00:00Z"]);
    expect![[r#"
        2026-12-06T15:00:20Z: 2026-12-06T15:00Z, weekly/2026-12-06T15:00Z to 0
        2026-12-12T13:00:00Z: 2026-12-12T13:00Z, weekly/2026-12-12T13:00Z to 0
    "#]]
    .assert_eq(&log);
    let mut weeks = home.store.editions(Series::Weekly).map(Result::unwrap);
    let (last, missed) = (weeks.next().unwrap(), weeks.next().unwrap());
    assert_eq!(missed.opens, at("2026-11-22T15:00:00Z"), "no farther back than two weeks");
    assert_eq!(last.opens, at("2026-12-05T13:00:00Z"), "a week is the line's week");
}
