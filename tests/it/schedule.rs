//! When editions close: cron lines and local hours, over every kind of clock change.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use expect_test::expect;
use monazite::app::SystemClock;
use monazite::clock::Clock as _;
use monazite::model::subscription::{Destination, PlatformName, Subscription};
use monazite::schedule::{
    Agenda, Cron, Unclear, instant, next_slot, parse_time, parse_zone, rounded, slot_between, typed,
};
use proptest::prelude::*;

fn cron(line: &str) -> Cron {
    Cron::parse(line).unwrap()
}

/// A zone's local time, written `2026-03-08 02:30`, as an instant.
fn local(zone: Tz, text: &str) -> DateTime<Utc> {
    instant(zone, chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap())
}

/// The firings of a line from a local time on, in local time with their offset.
fn firings(line: &str, zone: Tz, from: &str, count: usize) -> String {
    let mut at = local(zone, from);
    let mut told = Vec::new();
    for _ in 0..count {
        at = cron(line).next(zone, at).unwrap();
        told.push(at.with_timezone(&zone).format("%a %m-%d %H:%M %Z").to_string());
    }
    told.join(", ")
}

#[test]
fn a_time_that_does_not_exist_happens_at_the_first_that_does() {
    let ny = Tz::America__New_York;
    expect!["Sat 03-07 02:30 EST, Sun 03-08 03:00 EDT, Mon 03-09 02:30 EDT"].assert_eq(&firings(
        "0 30 2 * * *",
        ny,
        "2026-03-06 12:00",
        3,
    ));
    // The hour a line fires at every half hour is skipped, not crowded together.
    expect!["Sun 03-08 01:30 EST, Sun 03-08 03:00 EDT, Sun 03-08 03:30 EDT"].assert_eq(&firings(
        "0 0,30 * * * *",
        ny,
        "2026-03-08 01:00",
        3,
    ));
    // Santiago's clock springs from 00:00 to 01:00: midnight is missing.
    expect!["Sat 09-05 00:00 -04, Sun 09-06 01:00 -03, Mon 09-07 00:00 -03"].assert_eq(&firings(
        "0 0 0 * * *",
        Tz::America__Santiago,
        "2026-09-04 12:00",
        3,
    ));
    // Lord Howe's springs by half an hour.
    expect!["Sun 10-04 02:30 +11, Mon 10-05 02:15 +11"].assert_eq(&firings(
        "0 15 2 * * *",
        Tz::Australia__Lord_Howe,
        "2026-10-03 12:00",
        2,
    ));
}

#[test]
fn a_time_that_exists_twice_happens_once() {
    let ny = Tz::America__New_York;
    expect!["Sat 10-31 01:30 EDT, Sun 11-01 01:30 EDT, Mon 11-02 01:30 EST"].assert_eq(&firings(
        "0 30 1 * * *",
        ny,
        "2026-10-30 12:00",
        3,
    ));
    expect!["Sun 04-05 01:45 +11, Mon 04-06 01:45 +1030"].assert_eq(&firings(
        "0 45 1 * * *",
        Tz::Australia__Lord_Howe,
        "2026-04-04 12:00",
        2,
    ));
    // In the second pass of the hour, nothing fires that fired in the first.
    let second_pass = "2026-11-01T06:10:00Z".parse().unwrap();
    let next = cron("0 30 1 * * *").next(ny, second_pass).unwrap();
    assert_eq!(next, local(ny, "2026-11-02 01:30"));
}

#[test]
fn five_fields_mean_no_seconds() {
    let noon = "2026-11-23T12:00:00Z".parse().unwrap();
    for zone in [Tz::UTC, Tz::Asia__Shanghai, Tz::America__New_York] {
        assert_eq!(cron("0 7 * * *").next(zone, noon), cron("0 0 7 * * *").next(zone, noon));
    }
    expect!["Sat 11-28 08:00 EST, Sat 12-05 08:00 EST"].assert_eq(&firings(
        "0 0 8 * * Sat",
        Tz::America__New_York,
        "2026-11-23 12:00",
        2,
    ));
    expect!["Tue 11-24 07:00 CST, Wed 11-25 07:00 CST, Thu 11-26 07:00 CST, Fri 11-27 07:00 CST, Mon 11-30 07:00 CST"]
        .assert_eq(&firings("0 0 7 * * MON-FRI", Tz::Asia__Shanghai, "2026-11-23 12:00", 5));
}

#[test]
fn a_wrong_line_is_refused_in_one_sentence() {
    let refused: Vec<String> =
        ["", "0 7 * *", "0 0 7 * * * * *", "0 0 25 * * *", "0 0 7 * * 1-5", "every day at 7"]
            .iter()
            .map(|line| Cron::parse(line).unwrap_err())
            .collect();
    expect![[r#"
        "" has 0 fields; write six: second minute hour day month weekday, such as "0 0 7 * * *"
        "0 7 * *" has 4 fields; write six: second minute hour day month weekday, such as "0 0 7 * * *"
        "0 0 7 * * * * *" has 8 fields; write six: second minute hour day month weekday, such as "0 0 7 * * *"
        "0 0 25 * * *" is no cron line; an example is "0 0 7 * * *", every day at 7:00
        weekday "1-5": write names (MON-FRI); numbers mean different days in different crons
        "every day at 7" has 4 fields; write six: second minute hour day month weekday, such as "0 0 7 * * *""#]]
    .assert_eq(&refused.join("\n"));
}

#[test]
fn the_previous_firing_is_found_for_lines_of_every_pace() {
    let zone = Tz::America__New_York;
    let now = local(zone, "2026-11-23 06:59");
    let previous = |line: &str| {
        let at = cron(line).previous(zone, now);
        at.map_or("none".to_owned(), |at| {
            at.with_timezone(&zone).format("%a %m-%d %H:%M:%S").to_string()
        })
    };
    let told = [
        "0 0 7 * * *",
        "0 59 6 * * *",
        "0 0 8 * * Sat",
        "0 */5 * * * *",
        "* * * * * *",
        "0 0 7 1 1 *",
    ]
    .map(|line| format!("{line}: {}", previous(line)));
    expect![[r#"
        0 0 7 * * *: Sun 11-22 07:00:00
        0 59 6 * * *: Mon 11-23 06:59:00
        0 0 8 * * Sat: Sat 11-21 08:00:00
        0 */5 * * * *: Mon 11-23 06:55:00
        * * * * * *: Mon 11-23 06:59:00
        0 0 7 1 1 *: none"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn a_chats_own_hour_comes_on_its_days() {
    let seven = NaiveTime::from_hms_opt(7, 30, 0).unwrap();
    let zone = Tz::Asia__Shanghai;
    let slot = |days: &[Weekday], after: &str| {
        let at = next_slot(seven, zone, days, local(zone, after)).with_timezone(&zone);
        at.format("%a %m-%d %H:%M").to_string()
    };
    assert_eq!(slot(&[], "2026-11-23 07:29"), "Mon 11-23 07:30");
    assert_eq!(slot(&[], "2026-11-23 07:30"), "Tue 11-24 07:30");
    assert_eq!(slot(&[Weekday::Mon], "2026-11-23 07:30"), "Mon 11-30 07:30");
    assert_eq!(slot(&[Weekday::Sat, Weekday::Sun], "2026-11-23 00:00"), "Sat 11-28 07:30");
    let between = |after: &str, upto: &str| {
        let slot = slot_between(seven, zone, &[], local(zone, after), local(zone, upto));
        slot.map(|at| at.with_timezone(&zone).format("%m-%d %H:%M").to_string())
    };
    assert_eq!(between("2026-11-23 07:30", "2026-11-23 23:00"), None);
    assert_eq!(between("2026-11-23 07:29", "2026-11-23 07:30").as_deref(), Some("11-23 07:30"));
    assert_eq!(between("2026-10-01 00:00", "2026-11-23 09:00").as_deref(), Some("11-23 07:30"));
}

#[test]
fn hours_are_rounded_to_the_quarter() {
    let round =
        |h, m| rounded(NaiveTime::from_hms_opt(h, m, 0).unwrap()).format("%H:%M").to_string();
    let told = [(7, 0), (7, 7), (7, 8), (7, 22), (7, 23), (7, 52), (7, 53), (23, 52), (23, 53)]
        .map(|(h, m)| round(h, m));
    assert_eq!(
        told,
        ["07:00", "07:00", "07:15", "07:15", "07:30", "07:45", "08:00", "23:45", "00:00"]
    );
}

#[test]
fn times_are_read_as_people_write_them() {
    let told: Vec<String> = [
        "7:30 Shanghai",
        "07:30 Asia/Shanghai",
        "7.30am CET",
        "7am",
        "7 pm",
        "12am",
        "12:15 pm Tokyo",
        "0730",
        "19:05",
        "8 in Berlin",
        "6:00 new york",
        "7:30 am, Shanghai",
        "7:30Z",
        "7:30 CST",
        "25:00",
        "7:60",
        "13pm",
        "0am",
        "noon",
        "",
        "7:30 Atlantis",
        "7:30:15",
        "-3",
        "７:30",
        "19h",
        "7h30 Paris",
        "noon Kyiv",
        "midnight",
        "730",
        "7:30 UTC+8",
        "7:30 UTC+5:30",
        "7:30 gmt-3",
        "7:30 +08:00",
        "7:30 UTC+12:45",
        "7:30 UTC+99",
        "24:00",
        "7:30 p.m. in San Francisco",
        "7 o'clock Washington",
        "7:30 São Paulo time",
        "7点30分 北京",
        "Shanghai 7:30",
        "7:30 Paris, France",
        "7:30 Portland, Maine",
        "7:30 EST",
        "7:30 EDT",
        "Shanghai",
        "7-8",
        "1930 Frankfurt",
        "7 amsterdam",
    ]
    .iter()
    .map(|text| match parse_time(text) {
        Ok((time, zone)) => {
            let zone = zone.map_or("no zone".to_owned(), |zone| zone.name().to_owned());
            format!("{text} = {} {zone}", time.format("%H:%M"))
        }
        Err(sentence) => format!("{text} ? {sentence}"),
    })
    .collect();
    expect![[r#"
        7:30 Shanghai = 07:30 Asia/Shanghai
        07:30 Asia/Shanghai = 07:30 Asia/Shanghai
        7.30am CET = 07:30 Europe/Berlin
        7am = 07:00 no zone
        7 pm = 19:00 no zone
        12am = 00:00 no zone
        12:15 pm Tokyo = 12:15 Asia/Tokyo
        0730 = 07:30 no zone
        19:05 = 19:05 no zone
        8 in Berlin = 08:00 Europe/Berlin
        6:00 new york = 06:00 America/New_York
        7:30 am, Shanghai = 07:30 Asia/Shanghai
        7:30Z = 07:30 UTC
        7:30 CST ? CST may mean China, US Central (Chicago) or Cuba.
        25:00 ? "25:00" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        7:60 ? "7:60" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        13pm ? "13pm" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        0am ? "0am" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        noon = 12:00 no zone
         ? "" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        7:30 Atlantis ? I read the hour as 07:30, but know no city or zone "atlantis". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.
        7:30:15 ? "7:30:15" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        -3 ? I read "-3" as the zone UTC-3, but find no hour. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        ７:30 = 07:30 no zone
        19h = 19:00 no zone
        7h30 Paris = 07:30 Europe/Paris
        noon Kyiv = 12:00 Europe/Kyiv
        midnight = 00:00 no zone
        730 = 07:30 no zone
        7:30 UTC+8 = 07:30 Etc/GMT-8
        7:30 UTC+5:30 = 07:30 Asia/Kolkata
        7:30 gmt-3 = 07:30 Etc/GMT+3
        7:30 +08:00 = 07:30 Etc/GMT-8
        7:30 UTC+12:45 ? I read the hour as 07:30, but know no city or zone "utc+12:45". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.
        7:30 UTC+99 ? I read the hour as 07:30, but know no city or zone "utc+99". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.
        24:00 = 00:00 no zone
        7:30 p.m. in San Francisco = 19:30 America/Los_Angeles
        7 o'clock Washington = 07:00 America/New_York
        7:30 São Paulo time = 07:30 America/Sao_Paulo
        7点30分 北京 = 07:30 Asia/Shanghai
        Shanghai 7:30 = 07:30 Asia/Shanghai
        7:30 Paris, France = 07:30 Europe/Paris
        7:30 Portland, Maine = 07:30 America/New_York
        7:30 EST ? EST may mean US Eastern (New York), UTC-5 all year (Panama) or Australia (Sydney).
        7:30 EDT = 07:30 America/New_York
        Shanghai ? I read "Shanghai" as the zone Asia/Shanghai, but find no hour. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        7-8 ? "7-8" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you like: 7:30 Shanghai.
        1930 Frankfurt = 19:30 Europe/Berlin
        7 amsterdam = 07:00 Europe/Amsterdam"#]].assert_eq(&told.join("\n"));
}

#[test]
fn zones_are_read_as_people_write_them() {
    let told: Vec<String> = [
        "Europe/Berlin",
        "europe/berlin",
        "America/New_York",
        "New York",
        "shanghai",
        "Beijing",
        "UTC",
        "gmt",
        "CET",
        "est",
        "PT",
        "cst",
        "IST",
        "Kyiv",
        "Ho Chi Minh",
        "Buenos Aires",
        "Zürich",
        "Kiev",
        "深圳",
        "Washington, D.C.",
        "St. John's",
        "eastern",
        "EST",
        "BST",
        "Portland",
        "north",
        "Port-au-Prince",
        "Etc/GMT-8",
        "",
        "Mars",
    ]
    .iter()
    .map(|text| match parse_zone(text) {
        Ok(zone) => format!("{text} = {}", zone.name()),
        Err(sentence) => format!("{text} ? {sentence}"),
    })
    .collect();
    expect![[r#"
        Europe/Berlin = Europe/Berlin
        europe/berlin = Europe/Berlin
        America/New_York = America/New_York
        New York = America/New_York
        shanghai = Asia/Shanghai
        Beijing = Asia/Shanghai
        UTC = UTC
        gmt = UTC
        CET = Europe/Berlin
        est ? EST may mean US Eastern (New York), UTC-5 all year (Panama) or Australia (Sydney).
        PT = America/Los_Angeles
        cst ? CST may mean China, US Central (Chicago) or Cuba.
        IST ? IST may mean India, Israel or Ireland.
        Kyiv = Europe/Kyiv
        Ho Chi Minh = Asia/Ho_Chi_Minh
        Buenos Aires = America/Argentina/Buenos_Aires
        Zürich = Europe/Zurich
        Kiev = Europe/Kyiv
        深圳 = Asia/Shanghai
        Washington, D.C. = America/New_York
        St. John's = America/St_Johns
        eastern = America/New_York
        EST ? EST may mean US Eastern (New York), UTC-5 all year (Panama) or Australia (Sydney).
        BST ? BST may mean Britain (London) or Bangladesh.
        Portland ? Portland may mean Portland, Oregon or Portland, Maine.
        north ? I know no city or zone "north". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.
        Port-au-Prince = America/Port-au-Prince
        Etc/GMT-8 = Etc/GMT-8
         ? I know no city or zone "". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8.
        Mars ? I know no city or zone "Mars". Write a large city (Shanghai), a name such as Europe/Berlin, or UTC+8."#]].assert_eq(&told.join("\n"));
}

/// Every zone that changes its clock in some odd way, and some that never do.
const ZONES: &[Tz] = &[
    Tz::UTC,
    Tz::America__New_York,
    Tz::America__Santiago,
    Tz::America__Havana,
    Tz::America__St_Johns,
    Tz::Australia__Lord_Howe,
    Tz::Australia__Sydney,
    Tz::Asia__Shanghai,
    Tz::Asia__Kathmandu,
    Tz::Asia__Beirut,
    Tz::Africa__Cairo,
    Tz::Africa__Casablanca,
    Tz::Europe__Berlin,
    Tz::Europe__London,
    Tz::Atlantic__Azores,
    Tz::Pacific__Chatham,
    Tz::Pacific__Auckland,
    Tz::Antarctica__Troll,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A daily line fires exactly once on every calendar day of its zone.
    #[test]
    fn a_daily_line_fires_once_a_day(
        zone in prop::sample::select(ZONES),
        start in 0..700_i64,
        hour in 0..24_u32,
        minute in 0..60_u32,
    ) {
        let cron = cron(&format!("0 {minute} {hour} * * *"));
        let first = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap() + TimeDelta::days(start);
        let mut at = instant(zone, first.and_hms_opt(0, 0, 0).unwrap()) - TimeDelta::seconds(1);
        for day in 0..40 {
            at = cron.next(zone, at).unwrap();
            let date = at.with_timezone(&zone).date_naive();
            prop_assert_eq!(date, first + TimeDelta::days(day));
        }
    }

    /// Between two neighboring firings, `previous` gives the one and `next` the other.
    #[test]
    fn previous_and_next_agree(
        zone in prop::sample::select(ZONES),
        line in prop::sample::select(vec!["0 0 7 * * *", "0 30 2 * * *", "0 30 1 * * *", "0 0 8 * * Sat", "0 0 */6 * * *", "0 15,45 * * * *"]),
        hours in 0..17_000_i64,
        step in 0..100_u32,
    ) {
        let cron = cron(line);
        let start = instant(zone, NaiveDate::from_ymd_opt(2026, 1, 2).unwrap().and_hms_opt(0, 0, 0).unwrap());
        let now = start + TimeDelta::hours(hours);
        let next = cron.next(zone, now).unwrap();
        prop_assert!(next > now);
        prop_assert_eq!(cron.previous(zone, next), Some(next));
        let before = next - TimeDelta::seconds(1);
        let previous = cron.previous(zone, before).unwrap();
        prop_assert!(previous <= before);
        prop_assert_eq!(cron.next(zone, previous), Some(next));
        let within = previous + (next - previous) * i32::try_from(step).unwrap() / 100;
        prop_assert_eq!(cron.previous(zone, within), Some(previous));
    }

    /// A chat's own hour comes once on every calendar day, whatever its zone's clock does.
    #[test]
    fn an_own_hour_comes_once_a_day(
        zone in prop::sample::select(ZONES),
        start in 0..700_i64,
        quarter in 0..96_u32,
    ) {
        let time = NaiveTime::from_hms_opt(quarter / 4, quarter % 4 * 15, 0).unwrap();
        let first = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap() + TimeDelta::days(start);
        let mut at = instant(zone, first.and_hms_opt(0, 0, 0).unwrap()) - TimeDelta::seconds(1);
        for day in 0..10 {
            let slot = next_slot(time, zone, &[], at);
            prop_assert_eq!(slot_between(time, zone, &[], at, slot), Some(slot));
            prop_assert_eq!(slot_between(time, zone, &[], at, slot - TimeDelta::seconds(1)), None);
            at = slot;
            prop_assert_eq!(at.with_timezone(&zone).date_naive(), first + TimeDelta::days(day));
        }
    }

    /// Anything typed is answered with a time or a sentence.
    #[test]
    fn whatever_is_typed_is_answered(text in "\\PC{0,20}") {
        match parse_time(&text) {
            Ok((time, _)) => prop_assert_eq!(time.second(), 0),
            Err(unclear) => prop_assert!(unclear.to_string().ends_with('.')),
        }
        if let Err(unclear) = parse_zone(&text) {
            prop_assert!(unclear.to_string().ends_with('.'));
        }
        if let Ok(cron) = Cron::parse(&text) {
            let now = "2026-11-23T12:00:00Z".parse::<DateTime<Utc>>().unwrap();
            let next = cron.next(Tz::UTC, now);
            prop_assert!(next.is_none_or(|next| next > now && next.year() >= 2026));
        }
    }
}

#[test]
fn an_ambiguous_word_names_all_that_it_may_mean_and_keeps_the_hour() {
    let Err(Unclear::Several { word, at, zones }) = parse_time("7:20 cst") else {
        panic!("a guess was made");
    };
    assert_eq!((word.as_str(), at), ("CST", NaiveTime::from_hms_opt(7, 20, 0)));
    let lines: Vec<String> =
        zones.iter().map(|(name, zone)| format!("{name}: {}", typed(at.unwrap(), *zone))).collect();
    expect![[r#"
        China: 07:20 Asia/Shanghai
        US Central (Chicago): 07:20 America/Chicago
        Cuba: 07:20 America/Havana"#]]
    .assert_eq(&lines.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_answered_in_a_sentence(text in prop_oneof![
        "\\PC{0,40}",
        "[0-9:.h apmnouti+-]{0,12}( [A-Za-z/_+:,.-]{0,16}){0,3}",
        "(7|07|19|25)[:.h]?(3|30|60)? ?(am|pm|noon|CST|UTC[+-][0-9:]{0,5}|北京)? ?\\PC{0,6}",
    ]) {
        match parse_time(&text) {
            Ok((at, zone)) => {
                let zone = zone.unwrap_or(Tz::UTC);
                prop_assert_eq!(parse_time(&typed(at, zone)), Ok((at, Some(zone))));
            }
            Err(error) => {
                let sentence = error.to_string();
                prop_assert!(sentence.ends_with('.') && sentence.chars().count() < 240, "{}", sentence);
            }
        }
    }

    #[test]
    fn what_is_said_is_read_back(
        minute in 0..24 * 60_u32,
        zone in proptest::sample::select(chrono_tz::TZ_VARIANTS.as_slice()),
    ) {
        let at = NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
        let read = parse_time(&typed(at, zone));
        // A few IANA names are words that mean several zones (EST, MST): those are asked.
        let several = matches!(read, Err(Unclear::Several { at: Some(hour), .. }) if hour == at);
        let same = matches!(&read, Ok((hour, Some(read))) if *hour == at
            && (*read == zone || !zone.name().contains('/')));
        prop_assert!(several && !zone.name().contains('/') || same, "{} became {:?}", zone, read);
    }
}

/// The slots of an hour in a zone after a local time, with their offsets.
fn slots(zone: Tz, hour: &str, days: &[Weekday], after: &str, count: usize) -> String {
    let at = NaiveTime::parse_from_str(hour, "%H:%M").unwrap();
    let mut from = local(zone, after);
    let mut told = Vec::new();
    for _ in 0..count {
        from = next_slot(at, zone, days, from);
        told.push(from.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z").to_string());
    }
    told.join(", ")
}

#[test]
fn a_chats_own_hour_holds_over_every_clock_change() {
    let ny = Tz::America__New_York;
    // 2:30 is skipped on 8 March and doubled (as 1:30 is) on 1 November.
    expect!["Sat 2026-03-07 02:30 EST, Sun 2026-03-08 03:00 EDT, Mon 2026-03-09 02:30 EDT"]
        .assert_eq(&slots(ny, "02:30", &[], "2026-03-06 12:00", 3));
    expect!["Sat 2026-10-31 01:30 EDT, Sun 2026-11-01 01:30 EDT, Mon 2026-11-02 01:30 EST"]
        .assert_eq(&slots(ny, "01:30", &[], "2026-10-30 12:00", 3));
    // The hour stays what the wall clock shows, whatever it is in UTC.
    expect!["Sat 2026-03-28 07:30 CET, Sun 2026-03-29 07:30 CEST, Mon 2026-03-30 07:30 CEST"]
        .assert_eq(&slots(Tz::Europe__Berlin, "07:30", &[], "2026-03-27 12:00", 3));
}

#[test]
fn a_zone_whose_rules_changed_is_followed() {
    // Samoa left out 30 December 2011 when it crossed the date line.
    expect!["Thu 2011-12-29 07:00 -10, Sat 2011-12-31 00:00 +14, Sat 2011-12-31 07:00 +14"]
        .assert_eq(&slots(Tz::Pacific__Apia, "07:00", &[], "2011-12-28 12:00", 3));
    // Turkey stayed on summer time in 2016, Mexico gave it up in 2022.
    expect!["Sat 2016-10-29 07:00 +03, Sun 2016-10-30 07:00 +03, Mon 2016-10-31 07:00 +03"]
        .assert_eq(&slots(Tz::Europe__Istanbul, "07:00", &[], "2016-10-28 12:00", 3));
    expect!["Sat 2023-04-01 07:00 CST, Sun 2023-04-02 07:00 CST, Mon 2023-04-03 07:00 CST"]
        .assert_eq(&slots(Tz::America__Mexico_City, "07:00", &[], "2023-03-31 12:00", 3));
    // Kazakhstan's east went from UTC+6 to UTC+5 on 1 March 2024: 0:00 came twice.
    expect!["Thu 2024-02-29 07:00 +06, Fri 2024-03-01 07:00 +05"].assert_eq(&slots(
        Tz::Asia__Almaty,
        "07:00",
        &[],
        "2024-02-28 12:00",
        2,
    ));
}

#[test]
fn the_leap_day_is_a_day_and_weekdays_are_the_zones_own() {
    expect!["Mon 2028-02-28 07:30 CST, Tue 2028-02-29 07:30 CST, Wed 2028-03-01 07:30 CST"]
        .assert_eq(&slots(Tz::Asia__Shanghai, "07:30", &[], "2028-02-28 00:00", 3));
    // Monday morning in Kiritimati is still Sunday in UTC; Sunday night in Honolulu is Monday there.
    let monday = [Weekday::Mon];
    let kiritimati = slots(Tz::Pacific__Kiritimati, "07:00", &monday, "2026-11-22 12:00", 1);
    let honolulu = slots(Tz::Pacific__Honolulu, "20:00", &[Weekday::Sun], "2026-11-22 12:00", 1);
    assert_eq!(kiritimati, "Mon 2026-11-23 07:00 +14");
    assert_eq!(honolulu, "Sun 2026-11-22 20:00 HST");
}

#[test]
fn zones_of_half_and_quarter_hours_have_their_slots_on_a_quarter_of_utc() {
    for (zone, utc) in [
        (Tz::Asia__Kolkata, "01:30"),
        (Tz::Asia__Kathmandu, "01:15"),
        (Tz::Australia__Eucla, "22:15"),
        (Tz::America__St_Johns, "10:30"),
        (Tz::Pacific__Chatham, "17:15"),
    ] {
        let at = NaiveTime::from_hms_opt(7, 0, 0).unwrap();
        let slot = next_slot(at, zone, &[], local(zone, "2026-11-23 00:00"));
        assert_eq!(slot.format("%H:%M").to_string(), utc, "{zone}");
    }
}

// ---- The agenda ----

/// A subscription with an hour of its own, or none, in some zone, on some days, paused or not.
fn asked_for() -> impl Strategy<Value = Subscription> {
    let zones = prop::sample::select(vec![
        Tz::America__New_York,
        Tz::Asia__Shanghai,
        Tz::Europe__Berlin,
        Tz::Australia__Lord_Howe,
        Tz::Asia__Kathmandu,
        Tz::America__Santiago,
        Tz::UTC,
    ]);
    let days = prop::collection::vec((0..7_u8).prop_map(|n| Weekday::try_from(n).unwrap()), 0..4);
    (1..30_i64, prop::option::of(0..96_u32), zones, days, prop::bool::weighted(0.1)).prop_map(
        |(chat, quarter, zone, weekdays, paused)| {
            let to = Destination { platform: PlatformName::Telegram, chat, thread: None };
            let at = quarter.and_then(|q| NaiveTime::from_hms_opt(q / 4, q % 4 * 15, 0));
            let new = Subscription::new(to, zone, DateTime::default(), String::new());
            let paused = paused.then(|| "asked for".to_owned());
            Subscription { at, weekdays, paused, ..new }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    /// Over clock changes, in whatever zones, with subscriptions that come, change and go, and a clock
    /// that is set back: the agenda names exactly those a look at each would find, on whatever days
    /// they take the brief.
    #[test]
    fn the_agenda_equals_a_look_at_every_subscription(
        rounds in prop::collection::vec(
            (prop::collection::vec((asked_for(), prop::bool::weighted(0.2)), 0..12), -300..2_000_i64, 0..3_000_i64),
            1..12,
        ),
        start in 0..700_i64,
    ) {
        let mut agenda = Agenda::default();
        let mut all = std::collections::BTreeMap::new();
        // From the middle of October 2026 on: clocks go back in Europe, then in America.
        let mut from = local(Tz::UTC, "2026-10-15 00:00") + chrono::Duration::hours(start);
        for (changes, shift, minutes) in rounds {
            for (subscription, gone) in changes {
                if gone {
                    agenda.remove(&subscription.to);
                    all.remove(&subscription.to);
                } else {
                    agenda.put(&subscription);
                    all.insert(subscription.to.clone(), subscription);
                }
            }
            from += chrono::Duration::minutes(shift);
            let now = from + chrono::Duration::minutes(minutes);
            let mut found = agenda.due(from, now);
            found.sort();
            let active = || all.values().filter(|subscription| subscription.paused.is_none());
            let due = |s: &&Subscription| s.at.is_some_and(|at| {
                slot_between(at, s.zone, &[], from, now).is_some()
            });
            let wanted: Vec<Destination> = active().filter(due).map(|s| s.to.clone()).collect();
            prop_assert_eq!(found, wanted);
            let followers: Vec<_> = agenda.followers().cloned().collect();
            let wanted: Vec<_> = active().filter(|s| s.at.is_none()).map(|s| s.to.clone()).collect();
            prop_assert_eq!(followers, wanted);
            from = now;
        }
    }
}

/// A hundred thousand chats in 24 zones: what is due is found minute by minute over a day, each chat
/// once, without looking at all of them each time.
#[test]
fn a_hundred_thousand_chats_are_looked_up_not_through() {
    let zones: Vec<Tz> = chrono_tz::TZ_VARIANTS.iter().copied().step_by(25).take(24).collect();
    let mut agenda = Agenda::default();
    for chat in 0..100_000_i64 {
        let to = Destination { platform: PlatformName::Telegram, chat, thread: None };
        let n = usize::try_from(chat).unwrap();
        let at = u32::try_from(chat)
            .ok()
            .and_then(|n| NaiveTime::from_hms_opt(n / 7 % 24, n % 4 * 15, 0));
        let new = Subscription::new(to, zones[n % 24], DateTime::default(), String::new());
        agenda.put(&Subscription { at, ..new });
    }
    let start = local(Tz::UTC, "2026-11-23 00:00");
    let minute = |n: i32| start + TimeDelta::minutes(n.into());
    agenda.due(start, start);
    let began = SystemClock.now();
    let found: usize = (0..1_440).map(|n| agenda.due(minute(n), minute(n + 1)).len()).sum();
    let each = (SystemClock.now() - began) / 1_440;
    assert_eq!(found, 100_000);
    assert!(each < TimeDelta::milliseconds(5), "{each} a minute");
}
