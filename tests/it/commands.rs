//! Commands: every one asked as in a chat, read as the terminal shows it.

use expect_test::{Expect, expect};
use monazite::chat::console::{Look, text};
use monazite::commands;
use monazite::model::article::CompanyId;
use monazite::model::delivery::State;
use monazite::model::message::{Action, Choice, Message};
use monazite::model::source::SourceState;
use monazite::model::subscription::PlatformName;
use monazite::store::Changes;

use crate::world::home::{Home, at, chat, subscription};

const NOW: &str = "2026-11-23T15:00:00Z";
const CHAT: &str = "telegram:5";

/// The message as text, with its buttons' command lines under it.
fn shown(message: &Message) -> String {
    let mut out = text(&Message { buttons: Vec::new(), ..message.clone() }, &Look::PLAIN);
    out.push('\n');
    for row in &message.buttons {
        let labels: Vec<String> = row
            .iter()
            .map(|button| match &button.action {
                Action::Open(url) => format!("[{}] → {url}", button.label),
                Action::Edit(line) => format!("[{}] edits: {line}", button.label),
                Action::Ask(line) => format!("[{}] asks: {line}", button.label),
                Action::Prompt { command, placeholder } => {
                    format!("[{}] takes text ({placeholder}) for: {command}", button.label)
                }
                Action::Choose(choose) => {
                    let mark = |option: &Choice| if option.chosen { "✓" } else { "" };
                    let options: Vec<String> = choose
                        .options
                        .iter()
                        .map(|option| format!("{}{}={}", mark(option), option.value, option.label))
                        .collect();
                    let all =
                        choose.all.as_ref().map_or(String::new(), |all| format!(" ({all} …)"));
                    format!("[{}] {} …{all}: {}", button.label, choose.one, options.join(" | "))
                }
            })
            .collect();
        out.push_str(&labels.join("  "));
        out.push('\n');
    }
    out
}

fn check(home: &Home, line: &str, expected: &Expect) {
    expected.assert_eq(&shown(&home.ask(CHAT, line, true, NOW)));
}

/// A home with one edition and three stories.
fn home() -> Home {
    let home = Home::new();
    home.publish("2026-11-23T00:00:00Z");
    home.tell("Ministry explains the suspension of No. 57", "2026-11-23T08:00:00Z");
    home.tell_of("Dysprosium oxide in Rotterdam", "2026-11-23T09:00:00Z", "pricing");
    home.publish("2026-11-23T12:00:00Z");
    home.tell_of("Lynas opens a plant", "2026-11-23T14:00:00Z", "separation");
    home
}

#[test]
fn start_says_what_this_is() {
    check(
        &home(),
        "start",
        &expect![[r#"
            Monazite: the daily rare-earth brief
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Every day I read rare-earth news, ministry pages and agencies' notices in
            English and Chinese, and send one brief: the highlights, export licenses and
            controls, prices, and what comes next, each with its source.

            To receive it here, send /subscribe, or with an hour of your own: /subscribe
            7:30 Berlin.

            ────────────────────────────────────────────────────────────────────────────────
            /help lists everything I can do.
            [Today's brief] asks: brief  [Latest news] asks: latest  [Licenses] asks: licenses
            [Subscribe] asks: subscribe
        "#]],
    );
}

#[test]
fn help_lists_every_command() {
    let home = home();
    check(
        &home,
        "help",
        &expect![[r#"
            What I can do
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

            ── Ask ─────────────────────────────────────────────────────────────────────────
            • /start: what Monazite is, and how to get the daily brief
            • /help: every command, with what it takes
            • /brief [date|weekly]: the latest daily brief, the one of a day, or the week's
            • /latest [topic|element|company]: the newest stories, of everything or of a
              topic, an element or a company
            • /search words: stories, licenses and restrictions by words, names and dates,
              in English and Chinese
            • /licenses [holder|element|type|status]: who is reported to hold an export
              license, and how that is known
            • /license holder: everything reported about one license holder, with proof and
              doubts
            • /controls [element|announcement]: what China's export controls cover, in force
              or suspended until when
            • /calendar [element|company|month]: what is coming: licenses due, suspensions
              ending, customs releases, with countdowns
            • /alert id: one alert with everything that became of it; alerts carry this as a
              button
            • /watches [number]: what this chat watches; see, mute, change or delete each
            • /sources: where the news comes from, and which sources fail
            • /status: last and next edition, sources and queue

            ── Change what this chat receives ──────────────────────────────────────────────
            • /watch what [critical|high] [as name]: be told at once: "license news on
              dysprosium for Europe", shown before it is saved
            • /unwatch number: end one of this chat's watches by its number
            • /subscribe [time] [zone]: receive the daily brief here, at the usual hour or
              one of your own
            • /unsubscribe: stop the daily brief in this chat
            • /settings [what] [value]: what this chat receives and when: series, hour,
              days, topics, quiet hours, length

            ────────────────────────────────────────────────────────────────────────────────
            In groups and channels only those who manage the chat may change it. Sentences
            are quoted from their sources.
        "#]],
    );
    let shown = shown(&home.ask(CHAT, "help", true, NOW));
    for command in commands::ALL {
        assert!(shown.contains(&format!("/{}", command.name)), "{} is listed", command.name);
    }
}

#[test]
fn brief_is_the_stored_edition() {
    let home = home();
    let first = shown(&home.ask(CHAT, "brief", true, NOW));
    assert!(first.contains("No. 1") && first.contains("Ministry explains"), "{first}");
    assert!(!first.contains("Lynas"), "what came after it closed is not in it");
    assert_eq!(first, shown(&home.ask(CHAT, "brief 2026-11-23", true, NOW)));
    check(
        &home,
        "brief 2026-11-20",
        &expect![[r#"
            There is no brief of 2026-11-20. The newest is of 2026-11-23: /brief.
        "#]],
    );
    check(
        &home,
        "brief tomorrow-ish",
        &expect![[r#"
            "tomorrow-ish" is no date. Write it as 2026-11-22, or yesterday.
        "#]],
    );
}

#[test]
fn brief_before_the_first_edition_says_when_it_comes() {
    check(
        &Home::new(),
        "brief",
        &expect![[r#"
            No brief has been published yet. The first comes Tue 24 Nov 2026, 07:00 EST;
            /latest shows what is there.
        "#]],
    );
}

#[test]
fn editions_lead_to_their_neighbors() {
    let home = home();
    home.publish("2026-11-24T12:00:00Z");
    home.publish("2026-11-25T12:00:00Z");
    let message = home.ask(CHAT, "brief 2026-11-24", true, "2026-11-25T13:00:00Z");
    let last = message.buttons.last().unwrap();
    let labels: Vec<&str> = last.iter().map(|button| button.label.as_str()).collect();
    assert_eq!(labels, ["‹ 23 Nov", "25 Nov ›"]);
}

#[test]
fn latest_takes_a_name_in_any_spelling() {
    let home = home();
    check(
        &home,
        "latest",
        &expect![[r#"
            Latest
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Lynas opens a plant[1] — Test Wire · Mon 23 Nov 09:00 EST · Separation &
              refining
            • Dysprosium oxide in Rotterdam[2] — Test Wire · Mon 23 Nov 04:00 EST · Prices
            • Ministry explains the suspension of No. 57[3] — Test Wire · Mon 23 Nov 03:00
              EST · Licensing & controls

            [1] https://news.example/lynas-opens-a-plant
            [2] https://news.example/dysprosium-oxide-in-rotterdam
            [3] https://news.example/ministry-explains-the-suspension-of-no--57
        "#]],
    );
    check(
        &home,
        "latest pricing",
        &expect![[r#"
            Latest: Prices
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Dysprosium oxide in Rotterdam[1] — Test Wire · Mon 23 Nov 04:00 EST · Prices

            [1] https://news.example/dysprosium-oxide-in-rotterdam
        "#]],
    );
    check(
        &home,
        "latest 镝",
        &expect![[r#"
            Latest: dysprosium
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Dysprosium oxide in Rotterdam[1] — Test Wire · Mon 23 Nov 04:00 EST · Prices

            [1] https://news.example/dysprosium-oxide-in-rotterdam
        "#]],
    );
    check(
        &home,
        "latest unobtainium",
        &expect![[r#"
            I know no topic, element or company "unobtainium"; /search looks for words.
            Topics are licensing, pricing, mining, separation, magnets, geopolitics,
            recycling, finance, technology, environment; elements go by name or symbol
            (dysprosium, Dy, 镝).
        "#]],
    );
}

#[test]
fn latest_turns_pages() {
    let home = home();
    for n in 0..20 {
        home.tell_of(
            &format!("Story number {n}"),
            &format!("2026-11-23T14:{:02}:00Z", n + 1),
            "mining",
        );
    }
    let buttons = |line: &str| {
        shown(&home.ask(CHAT, line, true, NOW)).lines().last().unwrap_or_default().to_owned()
    };
    expect![[r#"
        [More ›] edits: latest page 2
        [‹ Back] edits: latest mining page 1  [More ›] edits: latest mining page 3
        [‹ Back] edits: latest mining page 2"#]]
    .assert_eq(
        &[buttons("latest"), buttons("latest mining page 2"), buttons("latest mining page 3")]
            .join("\n"),
    );
}

#[test]
fn subscribing_takes_one_command_and_brings_the_latest_edition() {
    let home = home();
    check(
        &home,
        "subscribe",
        &expect![[r#"
            Subscribed. The next brief comes Tue 24 Nov 2026, 07:00 EST.

            Here is the latest edition to begin with.
            [Settings] asks: settings  [Latest brief] asks: brief
        "#]],
    );
    expect!["2026-11-23T12:00Z@telegram:5 pending"].assert_eq(&home.outbox());
    check(
        &home,
        "subscribe",
        &expect![[r#"
            Subscribed already. The next brief comes Tue 24 Nov 2026, 07:00 EST.
            [Settings] asks: settings  [Latest brief] asks: brief
        "#]],
    );
    check(
        &home,
        "subscribe 7:30 Shanghai",
        &expect![[r#"
            Changed. The next brief comes Tue 24 Nov 2026, 07:30 Shanghai time.
            [Settings] asks: settings  [Latest brief] asks: brief
        "#]],
    );
    check(
        &home,
        "subscribe 7.20am CST",
        &expect![[r#"
            CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing
            changes until you choose.
            [China] edits: subscribe 07:20 Asia/Shanghai
            [US Central (Chicago)] edits: subscribe 07:20 America/Chicago
            [Cuba] edits: subscribe 07:20 America/Havana
        "#]],
    );
    check(
        &home,
        "subscribe 7.20am berlin",
        &expect![[r#"
            Changed. The next brief comes Tue 24 Nov 2026, 07:15 CET. (Hours are rounded to
            the quarter: 07:15.)
            [Settings] asks: settings  [Latest brief] asks: brief
        "#]],
    );
    check(
        &home,
        "subscribe soon",
        &expect![[r#"
            "soon" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you
            like: 7:30 Shanghai.
        "#]],
    );
    assert_eq!(home.store.counts().waiting, 1, "asking again brings no second copy");
}

#[test]
fn unsubscribing_ends_it() {
    let home = home();
    check(
        &home,
        "unsubscribe",
        &expect![[r#"
            This chat receives no briefs, so there is nothing to stop.
        "#]],
    );
    home.ask(CHAT, "subscribe", true, NOW);
    check(
        &home,
        "unsubscribe",
        &expect![[r#"
            Done: no more briefs come here. /brief still shows them when you ask, and
            /subscribe begins anew.
            [Subscribe again] asks: subscribe
        "#]],
    );
    assert!(home.store.subscription(&chat(CHAT)).unwrap().is_none());
}

#[test]
fn settings_change_in_place() {
    let home = home();
    check(
        &home,
        "settings",
        &expect![[r#"
            This chat receives no briefs yet, so there is nothing to set. One tap begins:
            [Subscribe] asks: subscribe
        "#]],
    );
    home.subscribe(subscription(CHAT, "2026-11-22T00:00:00Z"));
    check(
        &home,
        "settings",
        &expect![[r#"
            Settings of this chat
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • What comes: a brief every day, and alerts
            • Hour: with the main edition
            • Zone: America/New_York
            • Days: every day
            • Topics: all
            • Elements: all
            • Companies: all
            • Alerts: high and critical
            • Quiet hours: off
            • Length: full
            • Language: English; more to come

            The next brief comes Tue 24 Nov 2026, 07:00 EST.

            ────────────────────────────────────────────────────────────────────────────────
            Everything can be typed, too: /settings time 7:30 Berlin
            [Change…] settings …: series=What comes | time=Hour | zone=Zone | days=Days | topics=Topics | elements=Elements | companies=Companies | least=Alerts | quiet=Quiet hours | length=Length | language=Language
            [Pause] edits: settings pause  [Send me a test] edits: settings test
        "#]],
    );
    for line in [
        "settings time 18:10",
        "settings zone Asia/Tokyo",
        "settings days mon-wed, fri",
        "settings length short",
        "settings elements 镝, Tb",
        "settings companies JL Mag, 300748",
        "settings topics pricing",
    ] {
        home.ask(CHAT, line, true, NOW);
    }
    check(
        &home,
        "settings pause",
        &expect![[r#"
            Settings of this chat
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • What comes: a brief every day, and alerts
            • Hour: 18:15
            • Zone: Asia/Tokyo
            • Days: Mon, Tue, Wed, Fri
            • Topics: Prices
            • Elements: dysprosium, terbium
            • Companies: JL MAG
            • Alerts: high and critical
            • Quiet hours: off
            • Length: short (highlights, license desk, links)
            • Language: English; more to come

            Saved. Paused: nothing is sent until you resume.

            ────────────────────────────────────────────────────────────────────────────────
            Everything can be typed, too: /settings time 7:30 Berlin
            [Change…] settings …: series=What comes | time=Hour | zone=Zone | days=Days | topics=Topics | elements=Elements | companies=Companies | least=Alerts | quiet=Quiet hours | length=Length | language=Language
            [Resume] edits: settings resume  [Send me a test] edits: settings test
        "#]],
    );
    check(
        &home,
        "settings resume",
        &expect![[r#"
            Settings of this chat
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • What comes: a brief every day, and alerts
            • Hour: 18:15
            • Zone: Asia/Tokyo
            • Days: Mon, Tue, Wed, Fri
            • Topics: Prices
            • Elements: dysprosium, terbium
            • Companies: JL MAG
            • Alerts: high and critical
            • Quiet hours: off
            • Length: short (highlights, license desk, links)
            • Language: English; more to come

            Saved. The next brief comes Tue 24 Nov 2026, 18:15 JST.

            ────────────────────────────────────────────────────────────────────────────────
            Everything can be typed, too: /settings time 7:30 Berlin
            [Change…] settings …: series=What comes | time=Hour | zone=Zone | days=Days | topics=Topics | elements=Elements | companies=Companies | least=Alerts | quiet=Quiet hours | length=Length | language=Language
            [Pause] edits: settings pause  [Send me a test] edits: settings test
        "#]],
    );
}

#[test]
fn wrong_settings_change_nothing_and_say_what_to_write() {
    let home = home();
    home.subscribe(subscription(CHAT, "2026-11-22T00:00:00Z"));
    let before = home.store.subscription(&chat(CHAT)).unwrap();
    let answers: Vec<String> = [
        "settings color blue",
        "settings days someday",
        "settings length long",
        "settings zone CST",
        "settings elements Xx",
        "settings time 25:00",
        "settings topics ,",
    ]
    .iter()
    .map(|line| {
        format!(
            "{line}\n  {}",
            shown(&home.ask(CHAT, line, true, NOW)).trim().replace('\n', "\n  ")
        )
    })
    .collect();
    expect![[r#"
        settings color blue
          I can set series, time, zone, days, topics, elements, companies, quiet, least,
          length and discuss, or pause, resume and test. Examples: /settings time 7:30
          Berlin, /settings days mon-fri, /settings elements Dy, Tb, /settings quiet
          22:00-07:00.
        settings days someday
          Write days as mon-fri, as mon, wed, fri, or as every.
        settings length long
          Length is short or full: settings length short.
        settings zone CST
          CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing
          changes until you choose.
          [China] edits: settings zone Asia/Shanghai
          [US Central (Chicago)] edits: settings zone America/Chicago
          [Cuba] edits: settings zone America/Havana
        settings elements Xx
          I do not know "Xx", so nothing was changed.
        settings time 25:00
          "25:00" is no time of day. Write it as 7:30, 19h, 7am or noon, and a city if you
          like: 7:30 Shanghai.
        settings topics ,
          Name one or more, separated by commas, or write all."#]]
    .assert_eq(&answers.join("\n"));
    assert_eq!(home.store.subscription(&chat(CHAT)).unwrap(), before);
}

#[test]
fn sources_show_what_fails_and_why() {
    let home = home();
    let good = SourceState {
        last_ok: Some(at("2026-11-23T14:30:00Z")),
        items: 20,
        ..SourceState::default()
    };
    let failing = SourceState {
        failures: 3,
        last_error: Some("the server answers 503 Service Unavailable".to_owned()),
        next_poll: Some(at("2026-11-23T16:00:00Z")),
        ..SourceState::default()
    };
    let gone = SourceState {
        failures: 1,
        retired: true,
        last_error: Some("gone".to_owned()),
        ..SourceState::default()
    };
    let ids: Vec<_> = home.config.sources.iter().map(|source| source.id.clone()).collect();
    let sources = vec![(ids[0].clone(), good), (ids[1].clone(), failing), (ids[2].clone(), gone)];
    home.store.commit(Changes { sources, ..Changes::default() }).unwrap();
    let all = shown(&home.ask(CHAT, "sources", true, NOW));
    let head: String = all.lines().take(13).map(|line| format!("{line}\n")).collect();
    expect![[r#"
        Sources
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        1 of 48 answered at their last poll.
        • MOFCOM: announcements of the year[1] (zh, trust 1): fails (3 times): the
          server answers 503 Service Unavailable; asked again Mon 23 Nov 2026, 11:00 EST
        • MOFCOM: spokesperson[2] (zh, trust 1): gone for good, no longer asked.
        • Arafura Rare Earths: news[3] (en, trust 1): not asked yet.
        • China customs: announcements[4] (zh, trust 1): not asked yet.
        • Energy Fuels: news releases[5] (en, trust 1): not asked yet.
        • European Commission: press corner[6] (en, trust 1): not asked yet.
        • Iluka Resources: news[7] (en, trust 1): not asked yet.
        • Lynas Rare Earths: announcements[8] (en, trust 1): not asked yet.
        • MIIT: notices[9] (zh, trust 1): not asked yet.
    "#]]
    .assert_eq(&head);
}

#[test]
fn status_answers_whether_all_is_well() {
    let home = home();
    home.subscribe(subscription(CHAT, "2026-11-22T00:00:00Z"));
    check(
        &home,
        "status",
        &expect![[r#"
            Status
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Last edition: No. 1, closed Mon 23 Nov 2026, 07:00 EST
            • Next edition: Tue 24 Nov 2026, 07:00 EST
            • This chat: receives its next brief Tue 24 Nov 2026, 07:00 EST
            • Sources: 0 of 48 answer, 0 fail; /sources
            • Known: 3 stories, 3 articles, 1 edition, 0 broken items set aside
            • Queue: 0 waiting, 0 delivered, 0 given up
            • Running: version 0.1.0 since Thu 19 Nov 2026, 19:00 EST
        "#]],
    );
}

#[test]
fn who_may_not_manage_the_chat_may_read_only() {
    let home = home();
    let answers: Vec<String> = commands::ALL
        .iter()
        .map(|command| {
            let answer = shown(&home.ask(CHAT, command.name, false, NOW));
            let refused = answer.contains("changes what this chat receives, so only those");
            assert_eq!(refused, command.manage, "{}", command.name);
            format!("{}: {}", command.name, if refused { "refused" } else { "answered" })
        })
        .collect();
    expect![[r#"
        start: answered
        help: answered
        brief: answered
        latest: answered
        search: answered
        licenses: answered
        license: answered
        controls: answered
        calendar: answered
        alert: answered
        watch: refused
        watches: answered
        unwatch: refused
        subscribe: refused
        unsubscribe: refused
        settings: refused
        sources: answered
        status: answered"#]]
    .assert_eq(&answers.join("\n"));
    assert!(home.store.subscription(&chat(CHAT)).unwrap().is_none(), "nothing was changed");
}

#[test]
fn an_unknown_command_is_told_what_is_near() {
    let home = home();
    check(
        &home,
        "subscrib",
        &expect![[r#"
            I know no /subscrib. Did you mean /subscribe? /help lists what I know.
        "#]],
    );
    check(
        &home,
        "frobnicate",
        &expect![[r#"
        I know no /frobnicate. /help lists what I know.
    "#]],
    );
}

#[test]
fn half_a_name_is_completed() {
    let home = home();
    expect!["dysprosium"].assert_eq(&commands::complete(&home.desk, "latest", "dys").join(", "));
    assert_eq!(commands::complete(&home.desk, "latest", "").len(), 25, "a platform takes 25");
}

#[test]
fn who_comes_back_receives_the_edition_that_could_not_be_delivered() {
    let home = home();
    home.ask(CHAT, "subscribe", true, NOW);
    let mut delivery = home.store.deliveries().next().unwrap().unwrap();
    delivery.state = State::Dead { reason: "the bot was blocked".to_owned(), at: at(NOW) };
    home.store.commit(Changes { deliveries: vec![delivery], ..Changes::default() }).unwrap();
    home.ask(CHAT, "unsubscribe", true, NOW);
    let answer = shown(&home.ask(CHAT, "subscribe", true, NOW));
    assert!(answer.contains("Here is the latest edition"), "{answer}");
    expect!["2026-11-23T12:00Z@telegram:5 pending"].assert_eq(&home.outbox());
    assert_eq!((home.store.counts().waiting, home.store.counts().dead), (1, 0));
}

/// The settings after each of some lines, shown as the last one answers.
fn set(home: &Home, lines: &[&str]) -> String {
    let answers = lines.iter().map(|line| home.ask(CHAT, line, true, NOW));
    shown(&answers.last().unwrap())
}

/// A home with a subscriber.
fn subscribed() -> Home {
    let home = home();
    home.subscribe(subscription(CHAT, "2026-11-22T00:00:00Z"));
    home
}

#[test]
fn each_setting_has_a_page_of_its_own() {
    let home = subscribed();
    let told: Vec<String> = [
        "settings series",
        "settings time",
        "settings zone",
        "settings days",
        "settings topics",
        "settings companies page 5",
        "settings quiet",
        "settings least",
        "settings length",
        "settings language",
    ]
    .iter()
    .map(|line| format!("# {line}\n{}", set(&home, &[line])))
    .collect();
    expect![[r#"
        # settings series
        Settings of this chat: what comes
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        What comes now: a brief every day, and alerts.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.
        [What comes] settings series …: ✓daily=One brief a day | weekly=One brief a week | alerts=Alerts only
        [‹ All settings] edits: settings

        # settings time
        Settings of this chat: hour
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        The brief comes with the main edition, at the operator's hour.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings time 7:30 Berlin
        [Hour] settings time …: ✓main=Main edition | 05:00=05:00 | 06:00=06:00 | 07:00=07:00 | 07:30=07:30 | 08:00=08:00 | 09:00=09:00 | 12:00=12:00 | 15:00=15:00 | 18:00=18:00 | 21:00=21:00
        [Type an hour] takes text (7:30 Shanghai) for: settings time  [Zone] edits: settings zone  [‹ All settings] edits: settings

        # settings zone
        Settings of this chat: time zone
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Hours and times are those of America/New_York.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings zone Berlin
        [Zone] settings zone …: America/Los_Angeles=Los Angeles | America/Denver=Denver | America/Chicago=Chicago | ✓America/New_York=New York | America/Sao_Paulo=São Paulo | Europe/London=London | Europe/Berlin=Berlin, Paris | Europe/Kyiv=Kyiv | Asia/Dubai=Dubai | Asia/Kolkata=India | Asia/Ho_Chi_Minh=Hanoi | Asia/Shanghai=China | Asia/Singapore=Singapore | Australia/Perth=Perth | Asia/Tokyo=Tokyo | Australia/Sydney=Sydney
        [Type a zone] takes text (Shanghai, UTC+8) for: settings zone  [‹ All settings] edits: settings

        # settings days
        Settings of this chat: days
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        The brief comes on these days: every day.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings days mon-fri
        [Days] settings da1 … (settings da1= …): mon=Mon | tue=Tue | wed=Wed | thu=Thu | fri=Fri | sat=Sat | sun=Sun
        [Mon–Fri] edits: settings days mon-fri  [Every day] edits: settings days every  [‹ All settings] edits: settings

        # settings topics
        Settings of this chat: topics
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Chosen: all. Briefs show what has to do with any of your topics, elements and
        companies.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings topics pricing, licensing
        [Choose any] settings to1 … (settings to1= …): licensing=Licensing & controls | pricing=Prices | mining=Mining | separation=Separation & refining | magnets=Magnets | geopolitics=Geopolitics & trade | recycling=Recycling | finance=Finance & deals | technology=Technology | environment=Environment
        [‹ All settings] edits: settings

        # settings companies page 5
        Settings of this chat: companies
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Chosen: all. Briefs show what has to do with any of your topics, elements and
        companies. (Page 5 of 5.)

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings companies Lynas, JL Mag
        [Choose any] settings co5 … (settings co5= …): stellantis=Stellantis | tdk=TDK | toyotsu=Toyota Tsusho | ucore=Ucore | us-critical-materials=US Critical Materials | usa-rare-earth=USA Rare Earth | vac=VAC | vhm=VHM | victory-metals=Victory Metals | vines=VinES | viridis=Viridis | volkswagen=Volkswagen | vulcan-elements=Vulcan Elements | xiamen-tungsten=Xiamen Tungsten | zhenghai=Zhenghai Magnetic | zhong-ke-san-huan=Zhong Ke San Huan
        [‹ Back] edits: settings companies page 4
        [‹ All settings] edits: settings

        # settings quiet
        Settings of this chat: quiet hours
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Quiet hours: off. The brief itself comes at the hour you chose, whatever stands
        here.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings quiet 22:00-07:00
        [Quiet hours] settings quiet …: hold=Hold until morning | critical=Critical only | ✓off=Off
        [Type the hours] takes text (22:00-07:00) for: settings quiet  [‹ All settings] edits: settings

        # settings least
        Settings of this chat: alerts
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Alerts that come: high and critical.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.
        [Alerts] settings least …: notable=All | ✓high=High and critical | critical=Critical only
        [‹ All settings] edits: settings

        # settings length
        Settings of this chat: length
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Length: full.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.
        [Length] settings length …: short=Short | ✓full=Full
        [‹ All settings] edits: settings

        # settings language
        Settings of this chat: language
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Briefs are in English. Other languages are to come; this is where they will be
        chosen.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.
        [‹ All settings] edits: settings
    "#]].assert_eq(&told.join("\n"));
}

#[test]
fn taps_change_one_choice_and_menus_all_that_they_show() {
    let home = subscribed();
    let wishes = || {
        let to = home.store.subscription(&chat(CHAT)).unwrap().unwrap();
        let days: Vec<String> = to.weekdays.iter().map(ToString::to_string).collect();
        let companies: Vec<&str> = to.companies.iter().map(CompanyId::as_str).collect();
        let elements: Vec<&str> = to.elements.iter().map(|e| e.0.as_str()).collect();
        format!("{days:?} {elements:?} {companies:?}")
    };
    let mut log = Vec::new();
    for line in [
        "settings da1 sat",
        "settings da1 mon",
        "settings da1 sat",
        "settings da1= mon,tue,wed,thu,fri",
        "settings da1= mon,tue,wed,thu,fri,sat,sun",
        "settings el1 Dy",
        "settings el1= Tb,Dy,Xx",
        "settings co4 lynas",
        "settings companies JL Mag, Lynas",
        // A menu speaks for what it shows, and for nothing on other pages.
        "settings co1= none",
        "settings co99 all",
        "settings elements all",
    ] {
        home.ask(CHAT, line, true, NOW);
        log.push(format!("{line}: {}", wishes()));
    }
    expect![[r#"
        settings da1 sat: ["Sat"] [] []
        settings da1 mon: ["Mon", "Sat"] [] []
        settings da1 sat: ["Mon"] [] []
        settings da1= mon,tue,wed,thu,fri: ["Mon", "Tue", "Wed", "Thu", "Fri"] [] []
        settings da1= mon,tue,wed,thu,fri,sat,sun: [] [] []
        settings el1 Dy: [] ["Dy"] []
        settings el1= Tb,Dy,Xx: [] ["Tb", "Dy"] []
        settings co4 lynas: [] ["Tb", "Dy"] ["lynas"]
        settings companies JL Mag, Lynas: [] ["Tb", "Dy"] ["jl-mag", "lynas"]
        settings co1= none: [] ["Tb", "Dy"] ["jl-mag", "lynas"]
        settings co99 all: [] ["Tb", "Dy"] []
        settings elements all: [] [] []"#]]
    .assert_eq(&log.join("\n"));
}

#[test]
fn every_change_is_confirmed_with_the_next_delivery() {
    let home = subscribed();
    let said = |line: &str| {
        let shown = set(&home, &[line]);
        let lines = shown.lines().filter(|line| line.contains("Saved") || line.contains("next"));
        format!("{line}: {}", lines.collect::<Vec<_>>().join(" "))
    };
    let told = [
        "settings time 7:40 Shanghai",
        "settings days sat",
        "settings zone UTC+8",
        "settings series weekly",
        "settings series alerts",
        "settings pause",
        "settings resume",
        "settings series daily",
        "settings time main",
        "settings days every",
        "settings quiet 23:00-6:30",
        "settings quiet critical",
        "settings",
    ]
    .map(said);
    expect![[r#"
        settings time 7:40 Shanghai: Saved. The next brief comes Tue 24 Nov 2026, 07:45 Shanghai time. (Hours are
        settings days sat: Saved. The next brief comes Sat 28 Nov 2026, 07:45 Shanghai time.
        settings zone UTC+8: Saved. The next brief comes Sat 28 Nov 2026, 07:45 UTC+8.
        settings series weekly: Saved. The next weekly brief comes Sat 28 Nov 2026, 21:00 UTC+8.
        settings series alerts: Saved. Only alerts come here, no briefs.
        settings pause: Saved. Paused: nothing is sent until you resume.
        settings resume: Saved. Only alerts come here, no briefs.
        settings series daily: Saved. The next brief comes Sat 28 Nov 2026, 07:45 UTC+8.
        settings time main: Saved. The next brief comes Sat 28 Nov 2026, 20:00 UTC+8.
        settings days every: Saved. The next brief comes Tue 24 Nov 2026, 20:00 UTC+8.
        settings quiet 23:00-6:30: Saved. The next brief comes Tue 24 Nov 2026, 20:00 UTC+8.
        settings quiet critical: Saved. The next brief comes Tue 24 Nov 2026, 20:00 UTC+8.
        settings: The next brief comes Tue 24 Nov 2026, 20:00 UTC+8."#]].assert_eq(&told.join("\n"));
    expect![[r#"
        Settings of this chat: quiet hours
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Quiet hours: 23:00–06:30, only critical alerts come. The brief itself comes at
        the hour you chose, whatever stands here.

        The next brief comes Tue 24 Nov 2026, 20:00 UTC+8.

        ────────────────────────────────────────────────────────────────────────────────
        Or type it: /settings quiet 22:00-07:00
        [Quiet hours] settings quiet …: hold=Hold until morning | ✓critical=Critical only | off=Off
        [From–to] settings quiet hours …: 21:00-06:00=21:00–06:00 | 22:00-07:00=22:00–07:00 | 23:00-08:00=23:00–08:00 | 20:00-09:00=20:00–09:00
        [Type the hours] takes text (22:00-07:00) for: settings quiet  [‹ All settings] edits: settings
    "#]].assert_eq(&set(&home, &["settings quiet"]));
}

#[test]
fn an_ambiguous_zone_is_asked_and_changes_nothing() {
    let home = subscribed();
    let before = home.store.subscription(&chat(CHAT)).unwrap();
    expect![[r#"
        CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing
        changes until you choose.
        [China] edits: settings time 07:30 Asia/Shanghai
        [US Central (Chicago)] edits: settings time 07:30 America/Chicago
        [Cuba] edits: settings time 07:30 America/Havana
    "#]]
    .assert_eq(&set(&home, &["settings time 7:30 CST"]));
    expect![[r#"
        IST may mean India, Israel or Ireland. Which one is meant? Nothing changes until
        you choose.
        [India] edits: settings zone Asia/Kolkata
        [Israel] edits: settings zone Asia/Jerusalem
        [Ireland] edits: settings zone Europe/Dublin
    "#]]
    .assert_eq(&set(&home, &["settings zone IST"]));
    assert_eq!(home.store.subscription(&chat(CHAT)).unwrap(), before);
}

#[test]
fn every_button_of_every_page_fits_its_platform() {
    const CHANNEL: &str = "telegram:-1009223372036";
    let platforms = crate::world::home::platforms();
    let home = subscribed();
    home.subscribe(subscription(CHANNEL, "2026-11-22T00:00:00Z"));
    home.ask(CHAT, "settings quiet hold", true, NOW);
    home.ask_about("telegram:6", CHANNEL, "settings quiet hold", NOW);
    let mut lines = vec!["settings".to_owned()];
    for page in ["series", "time", "zone", "days", "topics", "elements", "quiet", "least", "length"]
    {
        lines.push(format!("settings {page}"));
    }
    lines.extend((1..=5).map(|page| format!("settings companies page {page}")));
    for line in lines {
        for about in [false, true] {
            let message = if about {
                home.ask_about("telegram:6", CHANNEL, &line, NOW)
            } else {
                home.ask(CHAT, &line, true, NOW)
            };
            let mut options = 0;
            for button in message.buttons.iter().flatten() {
                assert!(button.label.chars().count() <= 40, "{}", button.label);
                match &button.action {
                    Action::Choose(choose) => {
                        assert!((1..=25).contains(&choose.options.len()));
                        options += choose.options.len();
                        for option in &choose.options {
                            let made = format!("{} {}", choose.one, option.value);
                            assert!(made.len() <= 62, "{made} is too long");
                        }
                    }
                    Action::Edit(made) => {
                        options += 1;
                        assert!(made.len() <= 62, "{made} is too long");
                    }
                    Action::Prompt { .. } => {}
                    other => panic!("{other:?}"),
                }
            }
            for platform in &platforms {
                let parts = platform.render(&message);
                assert_eq!(parts.len(), 1, "{line}");
                let body = parts[0].0.to_string();
                let made = match platform.name() {
                    PlatformName::Telegram => body.matches("callback_data").count(),
                    _ => body.matches("\"value\"").count() + body.matches("\"e:").count(),
                };
                assert_eq!(made, options, "{line}: every choice is there");
            }
        }
    }
}

#[test]
fn a_test_goes_through_the_outbox_once_a_minute() {
    let home = subscribed();
    let shown = set(&home, &["settings test", "settings test"]);
    assert!(shown.contains("on its way"), "{shown}");
    expect!["test/2026-11-23T15:00Z@telegram:5 pending"].assert_eq(&home.outbox());
    home.ask(CHAT, "settings test", true, "2026-11-23T15:01:10Z");
    expect![[r#"
        test/2026-11-23T15:00Z@telegram:5 pending
        test/2026-11-23T15:01Z@telegram:5 pending"#]]
    .assert_eq(&home.outbox());
}

#[test]
fn another_chat_is_set_from_here_when_the_platform_allows_it() {
    let home = home();
    let about = |line: &str| shown(&home.ask_about(CHAT, "telegram:-100123", line, NOW));
    let told = [
        "subscribe 7:30 Berlin",
        "settings",
        "settings length short",
        "settings time 7:30 CST",
        "unsubscribe",
        "unsubscribe",
    ]
    .map(|line| format!("# {line}\n{}", about(line)));
    expect![[r#"
        # subscribe 7:30 Berlin
        Subscribed (Rare Desk). The next brief comes Tue 24 Nov 2026, 07:30 CET.

        The latest edition goes there to begin with.
        [Settings] asks: settings -100123  [Latest brief] asks: brief

        # settings
        Settings of Rare Desk
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • What comes: a brief every day, and alerts
        • Hour: 07:30
        • Zone: Europe/Berlin
        • Days: every day
        • Topics: all
        • Elements: all
        • Companies: all
        • Alerts: high and critical
        • Quiet hours: off
        • Length: full
        • Language: English; more to come

        The next brief comes Tue 24 Nov 2026, 07:30 CET.

        ────────────────────────────────────────────────────────────────────────────────
        Everything can be typed, too: /settings -100123 time 7:30 Berlin
        [Change…] settings -100123 …: series=What comes | time=Hour | zone=Zone | days=Days | topics=Topics | elements=Elements | companies=Companies | least=Alerts | quiet=Quiet hours | length=Length | language=Language
        [Pause] edits: settings -100123 pause  [Send me a test] edits: settings -100123 test

        # settings length short
        Settings of Rare Desk
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • What comes: a brief every day, and alerts
        • Hour: 07:30
        • Zone: Europe/Berlin
        • Days: every day
        • Topics: all
        • Elements: all
        • Companies: all
        • Alerts: high and critical
        • Quiet hours: off
        • Length: short (highlights, license desk, links)
        • Language: English; more to come

        Saved. The next brief comes Tue 24 Nov 2026, 07:30 CET.

        ────────────────────────────────────────────────────────────────────────────────
        Everything can be typed, too: /settings -100123 time 7:30 Berlin
        [Change…] settings -100123 …: series=What comes | time=Hour | zone=Zone | days=Days | topics=Topics | elements=Elements | companies=Companies | least=Alerts | quiet=Quiet hours | length=Length | language=Language
        [Pause] edits: settings -100123 pause  [Send me a test] edits: settings -100123 test

        # settings time 7:30 CST
        CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing
        changes until you choose.
        [China] edits: settings -100123 time 07:30 Asia/Shanghai
        [US Central (Chicago)] edits: settings -100123 time 07:30 America/Chicago
        [Cuba] edits: settings -100123 time 07:30 America/Havana

        # unsubscribe
        Done: no more briefs go to Rare Desk.
        [Subscribe again] asks: subscribe -100123

        # unsubscribe
        This chat receives no briefs, so there is nothing to stop.
    "#]].assert_eq(&told.join("\n"));
    assert!(home.store.subscription(&chat(CHAT)).unwrap().is_none(), "nothing happened here");
}

#[test]
fn deep_links_subscribe_whom_they_may() {
    let home = home();
    let hour = |payload: &str| {
        home.ask(CHAT, &format!("start {payload}"), true, NOW);
        let to = home.store.subscription(&chat(CHAT)).unwrap().unwrap();
        to.at.map_or("main".to_owned(), |at| format!("{} {}", at.format("%H:%M"), to.zone))
    };
    let told = [
        "subscribe",
        "subscribe_0730_Berlin",
        "subscribe_7pm_New_York",
        "subscribe_8_Asia-Shanghai",
        "subscribe_soon",
    ]
    .map(|payload| format!("{payload}: {}", hour(payload)));
    expect![[r#"
        subscribe: main
        subscribe_0730_Berlin: 07:30 Europe/Berlin
        subscribe_7pm_New_York: 19:00 America/New_York
        subscribe_8_Asia-Shanghai: 08:00 Asia/Shanghai
        subscribe_soon: 08:00 Asia/Shanghai"#]]
    .assert_eq(&told.join("\n"));
    let refused = home.ask("telegram:6", "start subscribe_0730", false, NOW);
    expect![[r#"
        Only those who manage this chat can subscribe it.
    "#]]
    .assert_eq(&shown(&refused));
    assert!(home.store.subscription(&chat("telegram:6")).unwrap().is_none());
    let asked = home.ask("telegram:7", "start subscribe_0730_CST", true, NOW);
    expect![[r#"
        CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing
        changes until you choose.
        [China] edits: subscribe 07:30 Asia/Shanghai
        [US Central (Chicago)] edits: subscribe 07:30 America/Chicago
        [Cuba] edits: subscribe 07:30 America/Havana
    "#]]
    .assert_eq(&shown(&asked));
}

#[test]
fn the_terminal_is_told_what_to_type() {
    let home = home();
    home.subscribe(subscription("console", "2026-11-22T00:00:00Z"));
    let message = home.ask("console", "settings", true, NOW);
    expect![[r#"
        Settings of this chat
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • What comes: a brief every day, and alerts
        • Hour: with the main edition
        • Zone: America/New_York
        • Days: every day
        • Topics: all
        • Elements: all
        • Companies: all
        • Alerts: high and critical
        • Quiet hours: off
        • Length: full
        • Language: English; more to come

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        To change it, type:
        • /settings series: daily, weekly or alerts
        • /settings time 7:30 Berlin: or 7am, 19h, noon Kyiv; main for the main edition
        • /settings zone Asia/Shanghai: or a city, or UTC+8
        • /settings days mon-fri: or mon, wed, fri; every
        • /settings topics pricing, licensing: the same with elements and companies; all
          for all
        • /settings least critical: the least severity of alerts: notable, high or
          critical
        • /settings quiet 22:00-07:00: and quiet hold, critical or off
        • /settings length short: or full
        • /settings pause: and resume
        • /settings test: sends a test message

        Pause: /settings pause · Send me a test: /settings test"#]]
    .assert_eq(&text(&message, &Look::PLAIN));
    let message = home.ask("console", "settings length", true, NOW);
    expect![[r#"
        Settings of this chat: length
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Length: full.

        The next brief comes Tue 24 Nov 2026, 07:00 EST.

        /settings length: short, full (chosen)
        ‹ All settings: /settings"#]]
    .assert_eq(&text(&message, &Look::PLAIN));
}
