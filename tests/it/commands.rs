//! Commands: every one asked as in a chat, read as the terminal shows it.

use expect_test::{Expect, expect};
use monazite::chat::console::{Look, text};
use monazite::commands;
use monazite::model::delivery::State;
use monazite::model::message::{Action, Message};
use monazite::model::source::SourceState;
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
            • /brief [date]: the latest daily brief, or the one of a day
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
            • /sources: where the news comes from, and which sources fail
            • /status: last and next edition, sources and queue

            ── Change what this chat receives ──────────────────────────────────────────────
            • /subscribe [time] [zone]: receive the daily brief here, at the usual hour or
              one of your own
            • /unsubscribe: stop the daily brief in this chat
            • /settings [what] [value]: hour, zone, days, topics, elements, companies and
              length of this chat's brief

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
            I know no topic, element or company "unobtainium". Topics are licensing,
            pricing, mining, separation, magnets, geopolitics, recycling, finance,
            technology, environment; elements go by name or symbol (dysprosium, Dy, 镝).
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
            This chat is subscribed already. The next brief comes Tue 24 Nov 2026, 07:00
            EST.
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
            CST means more than one zone. Write America/Chicago or Asia/Shanghai.
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
            "soon" is no time of day. Write it as 7:30, 07:30 or 7am, and a city if you
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
            • Hour: with the main edition, times shown in America/New_York
            • Days: every day
            • Length: full
            • Topics: all
            • Elements: all
            • Companies: all

            The next brief comes Tue 24 Nov 2026, 07:00 EST.

            ────────────────────────────────────────────────────────────────────────────────
            Anything else by typing: /settings time 7:30 Berlin, /settings elements Dy, Tb
            [06:00] edits: settings time 06:00  [07:00] edits: settings time 07:00  [08:00] edits: settings time 08:00  [18:00] edits: settings time 18:00  [✓ Main edition] edits: settings time main
            [Make it short] edits: settings length short  [Mon–Fri only] edits: settings days mon-fri  [Pause] edits: settings pause
            [Licensing & controls] edits: settings topics toggle licensing  [Prices] edits: settings topics toggle pricing  [Mining] edits: settings topics toggle mining  [Separation & refining] edits: settings topics toggle separation
            [Magnets] edits: settings topics toggle magnets  [Geopolitics & trade] edits: settings topics toggle geopolitics  [Recycling] edits: settings topics toggle recycling  [Finance & deals] edits: settings topics toggle finance
            [Technology] edits: settings topics toggle technology  [Environment] edits: settings topics toggle environment
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
            • Hour: 18:15 (Asia/Tokyo)
            • Days: Mon, Tue, Wed, Fri
            • Length: short
            • Topics: Prices
            • Elements: dysprosium, terbium
            • Companies: JL MAG

            Paused: nothing is sent until you resume.

            ────────────────────────────────────────────────────────────────────────────────
            Anything else by typing: /settings time 7:30 Berlin, /settings elements Dy, Tb
            [06:00] edits: settings time 06:00  [07:00] edits: settings time 07:00  [08:00] edits: settings time 08:00  [18:00] edits: settings time 18:00  [Main edition] edits: settings time main
            [Make it full] edits: settings length full  [Every day] edits: settings days every  [Resume] edits: settings resume
            [Licensing & controls] edits: settings topics toggle licensing  [✓ Prices] edits: settings topics toggle pricing  [Mining] edits: settings topics toggle mining  [Separation & refining] edits: settings topics toggle separation
            [Magnets] edits: settings topics toggle magnets  [Geopolitics & trade] edits: settings topics toggle geopolitics  [Recycling] edits: settings topics toggle recycling  [Finance & deals] edits: settings topics toggle finance
            [Technology] edits: settings topics toggle technology  [Environment] edits: settings topics toggle environment
        "#]],
    );
    check(
        &home,
        "settings resume",
        &expect![[r#"
            Settings of this chat
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Hour: 18:15 (Asia/Tokyo)
            • Days: Mon, Tue, Wed, Fri
            • Length: short
            • Topics: Prices
            • Elements: dysprosium, terbium
            • Companies: JL MAG

            The next brief comes Tue 24 Nov 2026, 18:15 JST.

            ────────────────────────────────────────────────────────────────────────────────
            Anything else by typing: /settings time 7:30 Berlin, /settings elements Dy, Tb
            [06:00] edits: settings time 06:00  [07:00] edits: settings time 07:00  [08:00] edits: settings time 08:00  [18:00] edits: settings time 18:00  [Main edition] edits: settings time main
            [Make it full] edits: settings length full  [Every day] edits: settings days every  [Pause] edits: settings pause
            [Licensing & controls] edits: settings topics toggle licensing  [✓ Prices] edits: settings topics toggle pricing  [Mining] edits: settings topics toggle mining  [Separation & refining] edits: settings topics toggle separation
            [Magnets] edits: settings topics toggle magnets  [Geopolitics & trade] edits: settings topics toggle geopolitics  [Recycling] edits: settings topics toggle recycling  [Finance & deals] edits: settings topics toggle finance
            [Technology] edits: settings topics toggle technology  [Environment] edits: settings topics toggle environment
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
        "settings topics",
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
          I can set time, zone, days, length, topics, elements and companies, or pause and
          resume. Examples: /settings time 7:30 Berlin, /settings days mon-fri, /settings
          elements Dy, Tb.
        settings days someday
          Write days as mon-fri, as mon, wed, fri, or as every.
        settings length long
          Length is short or full: settings length short.
        settings zone CST
          CST means more than one zone. Write America/Chicago or Asia/Shanghai.
        settings elements Xx
          I do not know "Xx", so nothing was changed.
        settings time 25:00
          "25:00" is no time of day. Write it as 7:30, 07:30 or 7am, and a city if you
          like: 7:30 Shanghai.
        settings topics
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
            • Sources: 0 of 48 well, 0 failing; /sources
            • Known: 3 stories in 3 articles, 1 editions, 0 items set aside
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
