//! Alerts where they stand: in Discord's channels and forums, and when a platform refuses an edit.

use chrono::NaiveTime;
use expect_test::expect;
use monazite::model::alert::Severity;
use monazite::model::subscription::Quiet;
use serde_json::{Value, json};

use crate::alarms::{CONFIRMED, DENIED, GRANTED, TITLE, Town, other};
use crate::world::discord::{CHANNEL, Fault};
use crate::world::telegram;

const CONFIRMS: &str = "Galaxy Magnets confirms general export license";
const DENIES: &str = "Ministry denies report on Galaxy Magnets license";
const FORUM: u64 = 400;

/// What a Discord message says: its title, and each line below.
fn said(message: &Value) -> String {
    let mut out = message["content"].as_str().unwrap_or_default().to_owned();
    texts(&message["components"], &mut out);
    for embed in message["embeds"].as_array().into_iter().flatten() {
        for part in ["title", "description"] {
            out.push_str(embed[part].as_str().unwrap_or_default());
            out.push('\n');
        }
    }
    out
}

fn texts(value: &Value, out: &mut String) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| texts(value, out)),
        Value::Object(map) => {
            if let Some(text) = map.get("content").and_then(Value::as_str) {
                out.push_str(text);
                out.push('\n');
            }
            map.get("components").into_iter().for_each(|value| texts(value, out));
        }
        _ => {}
    }
}

/// The first line, as a lock screen shows it.
fn first_line(message: &Value) -> String {
    said(message).lines().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned()
}

/// The posts of the forum: each name, how many messages, and what the first one says first.
fn posts(town: &Town) -> String {
    let threads = town.discord.threads(FORUM).into_iter();
    let told = threads.map(|thread| {
        let messages = town.discord.messages(thread.id);
        format!("{} ({}): {}\n", thread.name, messages.len(), first_line(&messages[0]))
    });
    told.collect()
}

async fn with_forum() -> Town {
    let town = Town::new().await;
    town.discord.add_forum(FORUM, &["Licensing & controls", "Mining"], false);
    town.subscribe(&format!("discord:{FORUM}"), |_| {});
    town
}

#[tokio::test]
async fn a_forum_has_one_post_for_an_alert_whatever_becomes_of_it() {
    let town = with_forum().await;
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    let first = posts(&town);
    town.publish("filings", "2026-11-24T11:30:00Z", CONFIRMS, CONFIRMED).await;
    // Three days without a word, and the post is put away.
    let post = town.discord.threads(FORUM)[0].id;
    town.discord.archive(post);
    let town = town.restart("2026-11-28T12:00:00Z");
    let sent = town.publish("ministry", "2026-11-28T13:00:00Z", DENIES, DENIED).await;
    expect![[r#"
        The wire: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germa… · 23 Nov 23:00 (1): Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        ["discord:400: sent"]
        The wire: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germa… · 23 Nov 23:00 (1): Critical, disputed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
    "#]].assert_eq(&format!("{first}{sent:?}\n{}", posts(&town)));
    let message = said(&town.discord.messages(post)[0]);
    assert!(
        message.contains("Confirmed by the company") && message.contains("Denied by"),
        "{message}"
    );
    let subscription = town.home.store.subscriptions().unwrap().remove(0);
    assert_eq!(subscription.paused, None);
}

#[tokio::test]
async fn a_post_that_is_locked_ends_that_alert_and_nothing_else() {
    let town = with_forum().await;
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    town.discord.lock(town.discord.threads(FORUM)[0].id);
    town.publish("ministry", "2026-11-24T13:00:00Z", DENIES, DENIED).await;
    let subscription = town.home.store.subscriptions().unwrap().remove(0);
    assert_eq!(subscription.paused, None, "one locked post is not the forum");
    expect![[r#"
        The wire: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germa… · 23 Nov 23:00 (1): Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        alert/a457d18234c665740/0@discord:400 sent in 1
        alert/a457d18234c665740/2@discord:400 dead: The thread of the message is locked."#]].assert_eq(&format!("{}{}", posts(&town), town.home.outbox()));
}

#[tokio::test]
async fn what_a_forum_missed_at_night_is_a_post_of_its_own() {
    let town = Town::new().await;
    town.discord.add_forum(FORUM, &[], false);
    let time = |text: &str| text.parse::<NaiveTime>().unwrap();
    let quiet = Quiet { from: time("22:00:00"), until: time("07:00:00"), critical_passes: false };
    town.subscribe(&format!("discord:{FORUM}"), |to| {
        (to.quiet, to.least) = (Some(quiet), Severity::Notable);
        to.elements = vec!["Dy".into()];
    });
    for night in [24, 25] {
        for n in 0..2 {
            let (title, body) = other(n + 2 * (night - 24));
            town.publish("wire", &format!("2026-11-{night}T0{}:00:00Z", 5 + n), &title, &body)
                .await;
        }
        town.home.deliver(&format!("2026-11-{night}T12:00:00Z")).await;
    }
    expect![[r#"
        While you slept: 2 alerts · 24 Nov 07:00 (1): While you slept: 2 alerts
        While you slept: 2 alerts · 25 Nov 07:00 (1): While you slept: 2 alerts
    "#]]
    .assert_eq(&posts(&town));
}

#[tokio::test]
async fn a_forum_takes_what_an_old_post_no_longer_does() {
    let town = with_forum().await;
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    town.discord
        .fail_next(Fault::Status(404, json!({ "code": 10008, "message": "Unknown Message" })));
    town.discord.fail_next(Fault::Status(
        400,
        json!({ "code": 30046, "message": "Maximum number of edits to messages older than 1 hour reached" }),
    ));
    town.publish("ministry", "2026-11-24T13:00:00Z", DENIES, DENIED).await;
    let post = town.discord.threads(FORUM)[0].id;
    let messages: Vec<String> = town.discord.messages(post).iter().map(said).collect();
    expect![[r#"
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Reported by Reuters. Source: [The wire](http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets), <t:1795492800:f>.

        > “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”

        -# This chat receives high and critical alerts: /settings.

        ———
        Critical, disputed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        An earlier message on this is too old to be changed; this is how it stands now.

        Disputed: reported by Reuters; denied by China's Ministry of Commerce. First told by [The wire](http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets), <t:1795492800:f>.

        > “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”

        - **Denied by China's Ministry of Commerce:** Galaxy Magnets (银河磁体): general license said to be granted. [The ministry](http://ministry.example/MinistrydeniesreportonGalaxyMagnetslicense), <t:1795525200:f>.

        -# This chat receives high and critical alerts: /settings.
    "#]].assert_eq(&messages.join("\n———\n"));
}

#[tokio::test]
async fn a_discord_message_that_is_gone_stays_gone_unless_it_got_graver() {
    let town = Town::new().await;
    let chat = format!("discord:{CHANNEL}");
    town.watch(&chat, "galaxy", "2026-11-24T12:00:00Z");
    let title = "Galaxy Magnets meets German buyers of rare-earth magnets";
    let visit = "Galaxy Magnets received visitors from Germany who buy sintered neodymium magnets that hold dysprosium. They \
        spoke about deliveries of rare-earth magnets for the coming year and about export rules, the company said.";
    town.publish("wire", "2026-11-24T13:00:00Z", title, visit).await;
    let id = |n: usize| town.discord.messages(CHANNEL)[n]["id"].as_str().unwrap().parse().unwrap();
    town.discord.delete(CHANNEL, id(0));
    town.publish("metal", "2026-11-24T14:00:00Z", title, visit).await;
    assert!(town.discord.messages(CHANNEL).is_empty(), "nothing is posted again for a copy");
    assert!(town.home.outbox().contains("no longer in the channel"), "{}", town.home.outbox());
    // The same story turns out to be about a license.
    town.publish("pit", "2026-11-24T15:00:00Z", title, &format!("{visit} {GRANTED}")).await;
    let messages: Vec<String> = town.discord.messages(CHANNEL).iter().map(first_line).collect();
    expect!["Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany"].assert_eq(&messages.join("\n"));
}

#[tokio::test]
async fn what_telegram_says_is_not_modified_is_shown() {
    let town = Town::new().await;
    town.watch("telegram:6", "galaxy", "2026-11-24T12:00:00Z");
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    let same = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same";
    town.telegram.fail("editMessageText", telegram::Fault::Refuse(400, same));
    let first = town.publish("filings", "2026-11-24T13:30:00Z", CONFIRMS, CONFIRMED).await;
    assert_eq!(first, ["telegram:6: sent"], "it stands there already");
    town.publish("ministry", "2026-11-24T14:00:00Z", DENIES, DENIED).await;
    let messages = town.telegram.messages(6);
    assert_eq!((messages.len(), messages[0].edits), (1, 1));
    assert!(messages[0].text.contains("Confirmed by") && messages[0].text.contains("Denied by"));
}

#[tokio::test]
async fn one_message_on_both_platforms_across_failed_edits() {
    let town = Town::new().await;
    let chat = format!("discord:{CHANNEL}");
    town.watch("telegram:6", "\"galaxy magnets\"", "2026-11-24T03:00:00Z");
    town.watch(&chat, "\"galaxy magnets\"", "2026-11-24T03:00:00Z");
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    let town = town.restart("2026-11-24T05:00:00Z");
    for (hour, site) in ["metal", "ore", "mirror", "magnet", "pit"].iter().enumerate() {
        let title = format!("Galaxy Magnets receives general export license: Reuters, {site}");
        town.publish(site, &format!("2026-11-24T0{}:00:00Z", 5 + hour), &title, GRANTED).await;
    }
    // Discord fails once, and Telegram, and what they missed is shown a little later.
    for _ in 0..3 {
        town.telegram.fail("editMessageText", telegram::Fault::Garbage(500, "oops"));
        town.discord.fail_next(Fault::Status(500, Value::Null));
    }
    let failed = town.publish("filings", "2026-11-24T11:30:00Z", CONFIRMS, CONFIRMED).await;
    let town = town.restart("2026-11-24T11:40:00Z");
    town.home.deliver("2026-11-24T12:00:00Z").await;
    town.publish("ministry", "2026-11-24T13:00:00Z", DENIES, DENIED).await;
    let town = town.restart("2026-11-24T13:30:00Z");
    town.home.deliver("2026-11-24T14:00:00Z").await;
    let on_discord = town.discord.messages(CHANNEL);
    assert_eq!((on_discord.len(), town.telegram.messages(6).len()), (1, 1));
    expect![[r#"
        discord:1100000000000000100: later, in 3 s
        telegram:6: later, in 2 s

        DISCORD
        Critical, disputed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Disputed: confirmed by the company; denied by China's Ministry of Commerce. First told by [The wire](http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets), <t:1795492800:f>.

        > “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”

        - Now also reported by [The metal](http://metal.example/GalaxyMagnetsreceivesgeneralexportlicenseReutersmetal), [The ore](http://ore.example/GalaxyMagnetsreceivesgeneralexportlicenseReutersore), [The mirror](http://mirror.example/GalaxyMagnetsreceivesgeneralexportlicenseReutersmirror), [The magnet](http://magnet.example/GalaxyMagnetsreceivesgeneralexportlicenseReutersmagnet), [The pit](http://pit.example/GalaxyMagnetsreceivesgeneralexportlicenseReuterspit).
        - **Confirmed by the company:** Galaxy Magnets (银河磁体): general license granted. [The filings](http://filings.example/GalaxyMagnetsconfirmsgeneralexportlicense), <t:1795519800:f>.
        - **Denied by China's Ministry of Commerce:** Galaxy Magnets (银河磁体): general license said to be granted. [The ministry](http://ministry.example/MinistrydeniesreportonGalaxyMagnetslicense), <t:1795525200:f>.

        -# You watch “"galaxy magnets"” here: /watches.

        TELEGRAM
        — edited 6×
        Critical, disputed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Disputed: confirmed by the company; denied by China's Ministry of Commerce. First told by The wire, Mon 23 Nov 23:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        • Now also reported by The metal, The ore, The mirror, The magnet, The pit.
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted. The filings, Tue 24 Nov 06:30 EST.
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general license said to be granted. The ministry, Tue 24 Nov 08:00 EST.

        You watch “"galaxy magnets"” here: /watches.
    "#]].assert_eq(&format!(
        "{}\n\nDISCORD\n{}\nTELEGRAM\n{}",
        failed.join("\n"),
        said(&on_discord[0]),
        town.chat(6)
    ));
}
