//! What is shown: every command, the brief, and alerts from their first word to their correction.
//!
//! The sample's texts retell public facts. The news of the later day is
//! invented, and so are the firms in it: no real one is said to hold a license.

use monazite::model::alert::Severity;
use monazite::model::subscription::Series;
use serde_json::Value;

use crate::stage::{ALERTS, FORUM, MOMENTS, PERSON, Stage};
use crate::world::discord::CHANNEL;
use crate::world::home::subscription;

/// Asked line by line on both platforms, after the edition is out.
const ASKED: &[(&str, &str)] = &[
    ("start", "start"),
    ("help", "help"),
    ("latest", "latest"),
    ("latest-dy", "latest dysprosium"),
    ("search", "search dysprosium"),
    ("search-nothing", "search dysprosium zirconium helium"),
    ("licenses", "licenses"),
    ("licenses-dy", "licenses dysprosium"),
    ("license", "license jl-mag"),
    ("controls", "controls"),
    ("controls-dy", "controls dysprosium"),
    ("calendar", "calendar"),
    ("watch", "watch license news on dysprosium for Europe"),
    ("watches-none", "watches"),
    ("settings", "settings"),
    ("settings-series", "settings series"),
    ("settings-hour", "settings time"),
    ("settings-zone", "settings zone"),
    ("settings-days", "settings days"),
    ("settings-topics", "settings topics"),
    ("settings-elements", "settings elements"),
    ("settings-companies", "settings companies"),
    ("settings-quiet", "settings quiet hold"),
    ("settings-alerts", "settings least"),
    ("settings-length", "settings length"),
    ("settings-language", "settings language"),
    ("error-topic", "latest unobtainium"),
    ("error-date", "brief someday"),
    ("error-hour", "subscribe 7:30 CST"),
    ("error-watch", "watch"),
    ("weekly", "brief weekly"),
    ("sources", "sources"),
    ("status", "status"),
    ("subscribe", "subscribe 7:30 Berlin"),
];

/// Plays all of it.
pub(crate) async fn play(stage: &mut Stage) -> anyhow::Result<()> {
    edition(stage).await?;
    for (name, line) in ASKED {
        stage.ask(name, line, MOMENTS[2]).await?;
    }
    stage.ask_discord("settings-discuss", "settings discuss", MOMENTS[2]).await?;
    stage.ask("unsubscribe", "unsubscribe", MOMENTS[2]).await?;
    watches(stage).await?;
    inline(stage).await?;
    alerts(stage).await?;
    digest(stage).await
}

/// Subscribes two chats and a forum, gathers, publishes at the hour and delivers.
async fn edition(stage: &mut Stage) -> anyhow::Result<()> {
    let [start, read, closes] = MOMENTS;
    for chat in
        [format!("discord:{CHANNEL}"), format!("discord:{FORUM}"), format!("telegram:{PERSON}")]
    {
        stage.home.subscribe(subscription(&chat, start));
    }
    stage.home.publish(start);
    stage.gather(false, read).await?;
    stage.gather(true, read).await?;
    let parts = stage.discord.messages(CHANNEL).len();
    let sent = stage.telegram.calls("sendMessage").len();
    stage.home.publish(closes);
    stage.home.deliver(closes).await;
    stage.take_discord("brief", "", CHANNEL, parts, closes);
    stage.take_telegram("brief", "", sent, closes);
    let post = &stage.discord.threads(FORUM)[0];
    let mut parts = stage.discord.messages(post.id);
    parts[0]["forum"] = serde_json::json!({ "name": post.name, "tags": post.tags });
    stage.take("forum", "discord", "", parts, closes);
    Ok(())
}

/// What Telegram offers to whoever writes the bot's name in another chat.
async fn inline(stage: &mut Stage) -> anyhow::Result<()> {
    stage.telegram.push_inline(PERSON, "dysprosium");
    stage.answer(MOMENTS[2]).await?;
    let answered = stage.telegram.calls("answerInlineQuery");
    stage.take("inline", "telegram", "@monazite_bot dysprosium", answered, MOMENTS[2]);
    Ok(())
}

/// Saves a watch in each chat, and shows what it looks like from then on.
async fn watches(stage: &mut Stage) -> anyhow::Result<()> {
    let now = MOMENTS[2];
    for line in ["watch Musterfeld critical as Musterfeld", "watch dysprosium"] {
        stage.ask("watch-new", line, now).await?;
        for scene in stage.scenes.split_off(stage.scenes.len() - 2) {
            let [save] =
                saves(&scene.parts).try_into().map_err(|_| anyhow::anyhow!("no button"))?;
            match scene.platform {
                "discord" => stage.ask_discord("watch-saved", &save, now).await?,
                _ => stage.ask_telegram("watch-saved", &save, now).await?,
            }
        }
    }
    stage.ask("watches", "watches", now).await?;
    stage.ask("watches-one", "watches 1", now).await
}

/// The lines of the buttons that save.
fn saves(parts: &[Value]) -> Vec<String> {
    let text = serde_json::to_string(parts).unwrap_or_default();
    let lines = text.split('"').filter_map(|word| word.strip_prefix("e:"));
    lines.filter(|line| line.starts_with("watch save ")).map(str::to_owned).collect()
}

const TOWNS: &[&str] = &[
    "Musterfeld",
    "Probehausen",
    "Sampleton",
    "Beispielstadt",
    "Testford",
    "Modellby",
    "Exempla",
    "Vorlage",
    "Paradigma",
];
const FIRM: &str = "Musterfeld Magnetics";

fn granted(firm: &str) -> (String, String) {
    let title = format!("China grants {firm} a general export license for rare-earth magnets");
    let text = format!(
        "China's Ministry of Commerce has granted {firm} a general export license for rare-earth magnets, a person familiar \
         with the matter said on Tuesday. The license covers sintered neodymium magnets that hold dysprosium, and is valid \
         for one year. Buyers in Germany had waited since the summer, and expect shipments of magnets to clear customs soon."
    );
    (title, text)
}

fn confirmed(firm: &str) -> (String, String) {
    let title = format!("{firm} confirms general export license");
    let text = format!(
        "{firm} confirmed on Tuesday that it has received a general export license for rare-earth magnets from the Ministry \
         of Commerce. The license covers sintered neodymium magnets that hold dysprosium, and is valid for one year, the \
         company said. Buyers in Germany had waited since the summer."
    );
    (title, text)
}

fn withdrawn(firm: &str) -> (String, String) {
    let (title, _) = granted(firm);
    let text = format!(
        "China's Ministry of Commerce is weighing its export rules for rare-earth magnets, a person familiar with the matter \
         said on Tuesday. An earlier version of this report spoke of a license for {firm}; that was not correct. Buyers of \
         sintered neodymium magnets that hold dysprosium in Germany have waited since the summer."
    );
    (title, text)
}

/// One alert from its first report to its correction, in a chat that watches and one that subscribed.
async fn alerts(stage: &mut Stage) -> anyhow::Result<()> {
    let mut wanted = subscription(&format!("discord:{ALERTS}"), MOMENTS[2]);
    wanted.series = Series::Alerts;
    wanted.least = Severity::High;
    stage.home.subscribe(wanted);
    let night = "2026-11-24T13:00:00Z";
    stage.gather(true, "2026-11-24T12:55:00Z").await?;
    stage.list("later-wire", night, &[granted(FIRM)]);
    stage.gather(true, night).await?;
    show(stage, "alert", night).await;
    let (title, text) = granted(FIRM);
    let title = format!("{title}: report");
    stage.list("later-desk", "2026-11-24T13:20:00Z", &[(title, text)]);
    stage.gather(true, "2026-11-24T13:20:00Z").await?;
    stage.list("later-filings", "2026-11-24T13:30:00Z", &[confirmed(FIRM)]);
    stage.gather(true, "2026-11-24T13:30:00Z").await?;
    show(stage, "alert-amended", "2026-11-24T13:30:00Z").await;
    stage.list("later-wire", night, &[withdrawn(FIRM)]);
    stage.gather(true, "2026-11-24T15:00:00Z").await?;
    show(stage, "alert-corrected", "2026-11-24T15:00:00Z").await;
    Ok(())
}

/// The alert's message as it reads now, in the channel and in the private chat.
async fn show(stage: &mut Stage, name: &str, now: &str) {
    let edits = stage.telegram.calls("editMessageText").len();
    let sent = stage.telegram.calls("sendMessage").len();
    stage.home.deliver(now).await;
    stage.take_discord(name, "", ALERTS, 0, now);
    let mut parts = stage.telegram.calls("sendMessage").split_off(sent);
    parts.extend(stage.telegram.calls("editMessageText").into_iter().skip(edits));
    stage.take(name, "telegram", "", parts, now);
}

/// More at once than anybody wants one by one.
async fn digest(stage: &mut Stage) -> anyhow::Result<()> {
    let sold = |(i, town): (usize, &&str)| {
        let (tonnes, firm) = (20 + 13 * i, format!("{town} Oxides"));
        let title = format!("{firm} sells {tonnes} tonnes of dysprosium oxide");
        let text = format!(
            "{firm} said that it sold {tonnes} tonnes of dysprosium oxide from its works in {town}, to a buyer it did not \
             name. The price was not disclosed. {firm} expects rare earth output there to grow by {} percent next year.",
            5 + i
        );
        (title, text)
    };
    let items: Vec<_> = TOWNS.iter().enumerate().map(sold).collect();
    let [told, gathered] = ["2026-11-24T16:00:00Z", "2026-11-24T16:15:00Z"];
    stage.list("later-desk", told, &items);
    stage.gather(true, told).await?;
    stage.home.deliver(told).await;
    show(stage, "digest", gathered).await;
    Ok(())
}
