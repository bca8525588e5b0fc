//! Skipped weekdays: what came on days that a chat does not take, its next edition tells. Stepped by
//! hand, day by day.

use chrono::{DateTime, Duration, NaiveTime, Utc, Weekday};
use expect_test::expect;
use monazite::model::brief::EditionId;
use monazite::model::subscription::{Series, Subscription};

use crate::world::home::{Home, at, chat, subscription};
use crate::world::telegram::FakeTelegram;

const WORKDAYS: [Weekday; 5] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

/// A chat that takes these days.
fn on(days: &[Weekday]) -> Subscription {
    let weekdays = days.to_vec();
    Subscription { weekdays, ..subscription("telegram:1", "2026-11-18T00:00:00Z") }
}

/// A home whose first edition closes on Thursday, 19 November, at 12:00 UTC.
fn begun() -> Home {
    let home = Home::new();
    home.publish("2026-11-18T13:00:00Z");
    home
}

/// Steps quarter by quarter, as the service does, until an instant.
fn step(home: &Home, from: &str, until: &str) {
    let (mut now, until) = (at(from), at(until));
    while now < until {
        now += Duration::minutes(15);
        home.publisher.step(now).unwrap();
    }
}

/// Every delivery to the chat, with what it has of skipped days: `Mon 23 12:00 (Sat 21, Sun 22)`.
fn told(home: &Home) -> String {
    let day = |at: DateTime<Utc>| at.format("%a %-d").to_string();
    let closed = |id: &str| format!("{}:00Z", id.trim_end_matches('Z')).parse().unwrap();
    let mut lines = Vec::new();
    for delivery in home.store.deliveries() {
        let delivery = delivery.unwrap();
        let Some(id) = delivery.cause.edition().filter(|_| delivery.to == chat("telegram:1"))
        else {
            continue;
        };
        let skipped: Vec<String> =
            delivery.skipped.iter().map(|id| day(closed(id.as_str()))).collect();
        let at: DateTime<Utc> = closed(id.as_str().trim_start_matches("weekly/"));
        let skipped = if skipped.is_empty() { "-".to_owned() } else { skipped.join(", ") };
        lines.push(format!("{}: {skipped}", at.format("%a %-d %H:%M")));
    }
    lines.join("\n")
}

#[test]
fn the_weekend_is_told_on_monday() {
    let home = begun();
    home.subscribe(on(&WORKDAYS));
    step(&home, "2026-11-18T13:00:00Z", "2026-12-01T13:00:00Z");
    expect![[r#"
        Thu 19 12:00: -
        Fri 20 12:00: -
        Mon 23 12:00: Sat 21, Sun 22
        Tue 24 12:00: -
        Wed 25 12:00: -
        Thu 26 12:00: -
        Fri 27 12:00: -
        Mon 30 12:00: Sat 28, Sun 29
        Tue 1 12:00: -"#]]
    .assert_eq(&told(&home));
}

/// Their days are named and their highlights repeated, once.
#[tokio::test]
async fn what_is_told_reads_well() {
    let fake = FakeTelegram::start().await;
    fake.private(1, "Reader");
    let home = Home::with(&[], vec![fake.platform()]);
    home.publish("2026-11-18T13:00:00Z");
    home.subscribe(on(&[Weekday::Mon, Weekday::Wed]));
    for (day, title) in [
        (23, "Ministry explains the suspension of No. 57"),
        (24, "Quota for the second half is out"),
        (25, "A magnet plant opens in Texas"),
        (26, "Lynas ships heavy oxides"),
        (27, "A customs list grows"),
        (28, "Terbium is dear"),
        (29, "A mine is sold"),
        (30, "The suspension ends"),
    ] {
        home.tell(title, &format!("2026-11-{day}T08:00:00Z"));
        home.publish(&format!("2026-11-{day}T12:00:00Z"));
        home.deliver(&format!("2026-11-{day}T12:00:00Z")).await;
    }
    let shown: Vec<String> = fake.messages(1).iter().map(|sent| sent.text.clone()).collect();
    let shown = shown.join("\n");
    let lines = shown.lines().filter(|line| {
        let kept = ["Monazite daily", "The edition", "■ On the", "■ Missed", "All of it"];
        kept.iter().any(|words| line.contains(words))
            || line.contains("(No. ")
            || line.starts_with("• ") && line.ends_with("Test Wire")
    });
    expect![[r#"
        Monazite daily brief No. 1 · Monday, 23 November 2026
        • Ministry explains the suspension of No. 57, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • Source: Test Wire
        Monazite daily brief No. 3 · Wednesday, 25 November 2026
        The edition of 24 Nov 2026 came on a day without a brief here; its highlights are below.
        • A magnet plant opens in Texas, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • Source: Test Wire
        ■ On the days between
        24 Nov 2026 (No. 2)
        • Quota for the second half is out, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-24
        Monazite daily brief No. 8 · Monday, 30 November 2026
        The editions of 26 Nov 2026, 27 Nov 2026, 28 Nov 2026 and 29 Nov 2026 came on days without a brief here; their highlights are below.
        • The suspension ends, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • Source: Test Wire
        ■ On the days between
        26 Nov 2026 (No. 4)
        • Lynas ships heavy oxides, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-26
        27 Nov 2026 (No. 5)
        • A customs list grows, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-27
        28 Nov 2026 (No. 6)
        • Terbium is dear, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-28
        29 Nov 2026 (No. 7)
        • A mine is sold, and buyers of dysprosium and terbium outside China wait for what follows from it. — Test Wire
        • All of it: /brief 2026-11-29"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn once_a_week_never_reaches_back_more_than_seven_days() {
    let home = begun();
    home.subscribe(on(&[Weekday::Fri]));
    step(&home, "2026-11-18T13:00:00Z", "2026-12-05T00:00:00Z");
    expect![[r#"
        Fri 20 12:00: -
        Fri 27 12:00: Sat 21, Sun 22, Mon 23, Tue 24, Wed 25, Thu 26
        Fri 4 12:00: Sat 28, Sun 29, Mon 30, Tue 1, Wed 2, Thu 3"#]]
    .assert_eq(&told(&home));
}

#[test]
fn a_first_edition_brings_no_backlog() {
    let home = begun();
    step(&home, "2026-11-18T13:00:00Z", "2026-11-21T13:00:00Z");
    // On Saturday; days are chosen before anything is sent.
    home.subscribe(Subscription { since: at("2026-11-21T13:00:00Z"), ..on(&WORKDAYS) });
    step(&home, "2026-11-21T13:00:00Z", "2026-11-24T13:00:00Z");
    expect![[r#"
        Mon 23 12:00: -
        Tue 24 12:00: -"#]]
    .assert_eq(&told(&home));
    // Who subscribes gets the latest edition at once: what is skipped after it is told.
    let home = begun();
    step(&home, "2026-11-18T13:00:00Z", "2026-11-25T13:00:00Z");
    home.ask("telegram:1", "subscribe", true, "2026-11-25T13:00:00Z");
    home.ask("telegram:1", "settings days fri, sat", true, "2026-11-25T13:01:00Z");
    step(&home, "2026-11-25T13:00:00Z", "2026-11-29T13:00:00Z");
    expect![[r#"
        Wed 25 12:00: -
        Fri 27 12:00: Thu 26
        Sat 28 12:00: -"#]]
    .assert_eq(&told(&home));
}

#[test]
fn days_may_be_changed_meanwhile() {
    let home = begun();
    home.subscribe(on(&[]));
    step(&home, "2026-11-18T13:00:00Z", "2026-11-20T13:00:00Z");
    let set = |days: &str, from: &str, until: &str| {
        home.ask("telegram:1", &format!("settings days {days}"), true, from);
        step(&home, from, until);
    };
    // Every day until Friday, then two days, then another one, then every day again.
    set("tue, thu", "2026-11-20T13:00:00Z", "2026-11-24T13:00:00Z");
    set("fri", "2026-11-24T13:00:00Z", "2026-11-27T13:00:00Z");
    set("every", "2026-11-27T13:00:00Z", "2026-11-29T13:00:00Z");
    set("sun", "2026-11-29T13:00:00Z", "2026-11-30T13:00:00Z");
    // A day added after its edition had passed by.
    set("mon-fri", "2026-11-30T13:00:00Z", "2026-12-02T13:00:00Z");
    expect![[r#"
        Thu 19 12:00: -
        Fri 20 12:00: -
        Tue 24 12:00: Sat 21, Sun 22, Mon 23
        Fri 27 12:00: Wed 25, Thu 26
        Sat 28 12:00: -
        Sun 29 12:00: -
        Tue 1 12:00: Mon 30
        Wed 2 12:00: -"#]]
    .assert_eq(&told(&home));
}

/// At half past seven in Berlin, where nobody else has that hour: the editions of the days between are
/// made for the chat alone.
#[test]
fn a_chat_with_its_own_hour_is_told_of_editions_of_that_hour() {
    let home = begun();
    let mut own = on(&[Weekday::Mon, Weekday::Thu]);
    own.at = NaiveTime::from_hms_opt(7, 30, 0);
    own.zone = chrono_tz::Europe::Berlin;
    home.subscribe(own);
    step(&home, "2026-11-18T13:00:00Z", "2026-11-27T00:00:00Z");
    expect![[r#"
        Thu 19 06:30: -
        Mon 23 06:30: Fri 20, Sat 21, Sun 22
        Thu 26 06:30: Tue 24, Wed 25"#]]
    .assert_eq(&told(&home));
    let thursday = home.store.deliveries().map(Result::unwrap).last().unwrap();
    let skipped: Vec<&str> = thursday.skipped.iter().map(EditionId::as_str).collect();
    expect![[r#"["2026-11-24T06:30Z", "2026-11-25T06:30Z"]"#]].assert_eq(&format!("{skipped:?}"));
    // A later hour, then an earlier one: nothing is told that was sent.
    for (hour, from, until) in [
        ("09:00", "2026-11-27T00:00:00Z", "2026-11-30T12:00:00Z"),
        ("06:00", "2026-11-30T12:00:00Z", "2026-12-03T12:00:00Z"),
    ] {
        home.ask("telegram:1", &format!("settings time {hour}"), true, from);
        step(&home, from, until);
    }
    expect![[r#"
        Thu 19 06:30: -
        Mon 23 06:30: Fri 20, Sat 21, Sun 22
        Thu 26 06:30: Tue 24, Wed 25
        Mon 30 08:00: Fri 27, Sat 28, Sun 29
        Thu 3 05:00: Tue 1, Wed 2"#]]
    .assert_eq(&told(&home));
}

#[test]
fn a_pause_is_no_skipped_day_and_the_weekly_series_has_none() {
    let home = begun();
    home.subscribe(on(&WORKDAYS));
    step(&home, "2026-11-18T13:00:00Z", "2026-11-20T13:00:00Z");
    home.ask("telegram:1", "settings pause", true, "2026-11-20T13:00:00Z");
    step(&home, "2026-11-20T13:00:00Z", "2026-11-24T13:00:00Z");
    home.ask("telegram:1", "settings resume", true, "2026-11-24T13:00:00Z");
    step(&home, "2026-11-24T13:00:00Z", "2026-11-26T13:00:00Z");
    home.ask("telegram:1", "settings series weekly", true, "2026-11-26T13:00:00Z");
    step(&home, "2026-11-26T13:00:00Z", "2026-11-29T13:00:00Z");
    home.ask("telegram:1", "settings series daily", true, "2026-11-29T13:00:00Z");
    step(&home, "2026-11-29T13:00:00Z", "2026-11-30T13:00:00Z");
    expect![[r#"
        Thu 19 12:00: -
        Fri 20 12:00: -
        Wed 25 12:00: -
        Thu 26 12:00: -
        Mon 30 12:00: -
        Sat 28 13:00: -"#]]
    .assert_eq(&told(&home));
    let weekly = Subscription { series: Series::Weekly, ..on(&[Weekday::Mon]) };
    let home = begun();
    home.subscribe(weekly);
    step(&home, "2026-11-18T13:00:00Z", "2026-12-06T13:00:00Z");
    expect![[r#"
        Sat 21 13:00: -
        Sat 28 13:00: -
        Sat 5 13:00: -"#]]
    .assert_eq(&told(&home));
}

/// What was missed while the service was down stands in the edition that covers it, and no other.
#[test]
fn downtime_over_skipped_days_is_covered_by_the_edition_after_it() {
    let home = begun();
    home.subscribe(on(&WORKDAYS));
    step(&home, "2026-11-18T13:00:00Z", "2026-11-21T11:00:00Z");
    home.tell("Said on Saturday while nobody was up", "2026-11-21T18:00:00Z");
    // Down from Saturday morning until Sunday evening: the edition made then has Saturday in it.
    step(&home, "2026-11-22T20:07:00Z", "2026-11-23T13:00:00Z");
    expect![[r#"
        Thu 19 12:00: -
        Fri 20 12:00: -
        Mon 23 12:00: Sun 22"#]]
    .assert_eq(&told(&home));
    let sunday =
        home.store.closings(Series::Daily, at("2026-11-21T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    let sunday = sunday.unwrap();
    let sunday = home.store.edition(Series::Daily, sunday[0]).unwrap().unwrap();
    assert!(sunday.highlights[0].text.starts_with("Said on Saturday"), "{:?}", sunday.highlights);
}

/// Friday's could not be delivered, Saturday and Sunday were skipped: Monday's says which is which.
#[tokio::test]
async fn missed_and_skipped_days_are_told_apart() {
    let fake = FakeTelegram::start().await;
    fake.private(1, "Reader");
    let home = Home::with(&[], vec![fake.platform()]);
    home.publish("2026-11-18T13:00:00Z");
    home.subscribe(on(&WORKDAYS));
    home.publish("2026-11-19T12:00:00Z");
    home.carry("2026-11-19T12:00:00Z", "2026-11-19T13:00:00Z").await;
    fake.refuse(1, Some((429, "Too Many Requests")));
    for day in ["20", "21", "22", "23"] {
        home.tell(&format!("News of day {day}"), &format!("2026-11-{day}T08:00:00Z"));
        home.publish(&format!("2026-11-{day}T12:00:00Z"));
    }
    home.carry("2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z").await;
    home.publish("2026-11-24T12:00:00Z");
    fake.refuse(1, None);
    home.carry("2026-11-24T12:00:00Z", "2026-11-24T14:00:00Z").await;
    let shown: Vec<String> =
        fake.messages(1).iter().skip(1).map(|sent| sent.text.clone()).collect();
    let shown = shown.join("\n");
    let lines = shown.lines().filter(|line| {
        line.starts_with("The edition") || line.starts_with("■ Missed") || line.contains("(No. ")
    });
    expect![[r#"
        The editions of 20 Nov 2026 and 23 Nov 2026 could not be delivered here; this one stands for them, and their highlights are below.
        The editions of 21 Nov 2026 and 22 Nov 2026 came on days without a brief here; their highlights are below.
        ■ Missed before
        20 Nov 2026 (No. 2)
        21 Nov 2026 (No. 3)
        22 Nov 2026 (No. 4)
        23 Nov 2026 (No. 5)"#]].assert_eq(&lines.collect::<Vec<_>>().join("\n"));
}
