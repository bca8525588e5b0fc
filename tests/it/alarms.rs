//! Alerts in the simulated world: from feeds to chats, across quiet hours, a restart and failed edits.

use expect_test::{Expect, expect};
use monazite::chat::console::{Look, text};
use monazite::chat::discord;
use monazite::ingest::{Alarms, AskedFor, Ingest};
use monazite::model::alert::Severity;
use monazite::model::message::{Action, Message};
use monazite::model::subscription::{Quiet, Series, Subscription};
use monazite::sources::KINDS;

use crate::world::clock::HandClock;
use crate::world::discord::{CHANNEL, FakeDiscord};
use crate::world::home::{Home, at, subscription};
use crate::world::telegram::{FakeTelegram, Fault};
use crate::world::web::{FakeWeb, ok, status};

/// Sources and their tiers.
const SOURCES: [(&str, u8); 9] = [
    ("wire", 2),
    ("metal", 3),
    ("ore", 3),
    ("mirror", 3),
    ("magnet", 3),
    ("pit", 3),
    ("filings", 1),
    ("ministry", 1),
    ("broken", 2),
];

/// A program with its sources, its chats, and the articles published so far.
pub(crate) struct Town {
    pub(crate) home: Home,
    ingest: Option<Ingest>,
    web: FakeWeb,
    pub(crate) telegram: FakeTelegram,
    pub(crate) discord: FakeDiscord,
}

impl Town {
    pub(crate) async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With other files of the operator.
    pub(crate) async fn with(others: &[(&str, &str)]) -> Self {
        let (web, telegram) = (FakeWeb::start().await, FakeTelegram::start().await);
        let discord = FakeDiscord::start().await;
        telegram.private(5, "Reader");
        telegram.private(6, "Watcher");
        telegram.private(9, "Operator");
        let mut sources = String::new();
        for (id, tier) in SOURCES {
            web.on(&format!("http://{id}.example/feed"), ok(feed("")));
            sources.push_str(&format!(
                "[[source]]\nid = '{id}'\nname = 'The {id}'\nkind = 'feed'\nurl = 'http://{id}.example/feed'\n\
                 every = '1h'\ntier = {tier}\n"
            ));
        }
        let settings = "[ops]\nchats = ['telegram:9']\n";
        let platforms = vec![telegram.platform(), discord::connect(discord.connection()).unwrap()];
        let mut files = vec![("sources.toml", sources.as_str()), ("monazite.toml", settings)];
        files.extend_from_slice(others);
        let home = Home::with(&files, platforms);
        let mut town = Self { home, ingest: None, web, telegram, discord };
        town.begin("2026-11-23T12:00:00Z");
        town
    }

    /// Gets ready, as at a start.
    fn begin(&mut self, now: &str) {
        let config = &self.home.config;
        let alarms = Alarms {
            lexicon: config.lexicon.clone(),
            curated: std::sync::Arc::new(config.curated.clone()),
            calendar: config.calendar.clone(),
            rules: config.alerts.clone(),
            zone: config.zone,
            operator: config.ops_chats.clone(),
            asked: AskedFor::default(),
        };
        let (lexicon, rules) = (config.lexicon.clone(), config.rules.clone());
        let ingest = Ingest::open(self.home.store.clone(), lexicon, rules, at(now)).unwrap();
        self.ingest = Some(ingest.alarming(alarms));
    }

    /// The flow, once begun.
    pub(crate) fn ingest(&self) -> &Ingest {
        self.ingest.as_ref().unwrap()
    }

    /// A crash and a start.
    pub(crate) fn restart(mut self, now: &str) -> Self {
        self.ingest = None;
        let mut town = Self { home: self.home.restart(), ..self };
        town.begin(now);
        town
    }

    /// A source publishes an article, is read at once, and what is due goes out.
    pub(crate) async fn publish(
        &self,
        source: &str,
        now: &str,
        title: &str,
        body: &str,
    ) -> Vec<String> {
        self.list(source, &item(title, &at(now).to_rfc2822(), title, body));
        self.poll(source, now).await;
        self.home.deliver(now).await
    }

    pub(crate) fn list(&self, source: &str, items: &str) {
        self.web.on(&format!("http://{source}.example/feed"), ok(feed(items)));
    }

    pub(crate) async fn poll(&self, source: &str, now: &str) {
        let spec = self.home.config.sources.iter().find(|spec| spec.id.0 == source).unwrap();
        let kind = KINDS.iter().find(|kind| kind.name == spec.kind).unwrap();
        let reader = (kind.build)(spec).unwrap();
        let client = self.web.client(&HandClock::at(now));
        self.ingest.as_ref().unwrap().poll(spec, &*reader, &client, at(now)).await.unwrap();
    }

    /// Saves a watch, as a person does: what it asks, then the button.
    pub(crate) fn watch(&self, chat: &str, words: &str, now: &str) {
        let shown = self.home.ask(chat, &format!("watch {words}"), true, now);
        let Action::Edit(save) = &shown.buttons[0][0].action else { panic!("{shown:?}") };
        self.home.ask(chat, save, true, now);
    }

    pub(crate) fn subscribe(&self, chat: &str, change: impl Fn(&mut Subscription)) {
        let mut subscription = subscription(chat, "2026-11-01T00:00:00Z");
        subscription.series = Series::Alerts;
        change(&mut subscription);
        self.home.subscribe(subscription);
    }

    /// A Telegram chat's messages as they read now, with the number of their edits.
    pub(crate) fn chat(&self, id: i64) -> String {
        let shown = self.telegram.messages(id).into_iter().map(|sent| {
            let sound = if sent.silent { ", silent" } else { "" };
            let answers = sent.answers.map(|_| ", an answer").unwrap_or_default();
            format!("— edited {}×{sound}{answers}\n{}\n", sent.edits, sent.text)
        });
        shown.collect()
    }
}

fn feed(items: &str) -> String {
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

pub(crate) fn item(guid: &str, date: &str, title: &str, body: &str) -> String {
    let slug: String = guid.chars().filter(char::is_ascii_alphanumeric).collect();
    format!(
        "<item><title>{title}</title><link>/{slug}</link><guid isPermaLink='false'>{guid}</guid>\
         <pubDate>{date}</pubDate><description>{body}</description></item>"
    )
}

pub(crate) const TITLE: &str =
    "China grants Galaxy Magnets a general export license for rare-earth magnets";
pub(crate) const GRANTED: &str = "China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth \
    magnets, Reuters reported on Tuesday, citing a person familiar with the matter. The license covers sintered \
    neodymium magnets that hold dysprosium, and is valid for one year. Buyers in Germany had waited since the summer, \
    and analysts expect exports of magnets to grow once shipments clear customs in the coming weeks of the winter.";
pub(crate) const CONFIRMED: &str = "Galaxy Magnets confirmed on Tuesday that it has received a general export license for rare-earth \
    magnets from the Ministry of Commerce. The license covers sintered neodymium magnets that hold dysprosium, and is \
    valid for one year, the company said in answer to an investor. Buyers in Germany had waited since the summer.";
pub(crate) const DENIED: &str = "The Ministry of Commerce denied that it had granted Galaxy Magnets a general export license for \
    rare-earth magnets. A spokesperson said on Tuesday that applications for exports of magnets that hold dysprosium are \
    examined one by one under the law, and that reports on sintered neodymium magnets for Germany were not correct.";
const WEIGHED: &str = "China's Ministry of Commerce is weighing its export rules for rare-earth magnets, Reuters reported \
    on Tuesday, citing a person familiar with the matter. An earlier version of this report spoke of a license; that was \
    not correct. Buyers of sintered neodymium magnets that hold dysprosium in Germany have waited since the summer.";

#[tokio::test]
async fn one_message_in_each_chat_from_report_to_correction() {
    let town = Town::new().await;
    let quiet = Quiet {
        from: "22:00:00".parse().unwrap(),
        until: "07:00:00".parse().unwrap(),
        critical_passes: false,
    };
    town.subscribe("telegram:5", |to| to.quiet = Some(quiet));
    town.subscribe(&format!("discord:{CHANNEL}"), |to| to.least = Severity::Critical);
    town.watch("telegram:6", "\"galaxy magnets\" as Galaxy", "2026-11-24T03:00:00Z");
    // 23:00 in New York.
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    assert_eq!(town.chat(5), "", "quiet hours hold");
    let watched = town.chat(6);
    for (hour, site) in ["metal", "ore", "mirror", "magnet", "pit"].iter().enumerate() {
        let title = format!("Galaxy Magnets receives general export license: Reuters, {site}");
        town.publish(site, &format!("2026-11-24T0{}:00:00Z", 5 + hour), &title, GRANTED).await;
    }
    let town = town.restart("2026-11-24T11:00:00Z");
    town.publish(
        "filings",
        "2026-11-24T11:30:00Z",
        "Galaxy Magnets confirms general export license",
        CONFIRMED,
    )
    .await;
    town.home.deliver("2026-11-24T12:00:00Z").await;
    let morning = town.chat(5);
    // An edit that fails is tried again.
    for _ in 0..3 {
        town.telegram.fail("editMessageText", Fault::Garbage(502, "bad gateway"));
    }
    let first = town
        .publish(
            "ministry",
            "2026-11-24T13:00:00Z",
            "Ministry denies report on Galaxy Magnets license",
            DENIED,
        )
        .await;
    town.home.deliver("2026-11-24T13:10:00Z").await;
    let town = town.restart("2026-11-24T13:30:00Z");
    let corrected = item(
        TITLE,
        &at("2026-11-24T04:00:00Z").to_rfc2822(),
        "China weighs export rules for rare-earth magnets",
        WEIGHED,
    );
    town.list("wire", &corrected);
    town.poll("wire", "2026-11-24T14:00:00Z").await;
    town.home.deliver("2026-11-24T14:00:00Z").await;
    town.home.deliver("2026-11-24T15:00:00Z").await;
    expect![[r#"
        WATCHER, AT NIGHT
        — edited 0×
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Reported by Reuters. Source: The wire, Mon 23 Nov 23:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        You watch “Galaxy” here: /watches.

        SUBSCRIBER, IN THE MORNING
        — edited 0×
        Critical, confirmed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Confirmed by the company. First told by The wire, Mon 23 Nov 23:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        • Now also reported by The metal, The ore, The mirror, The magnet, The pit.
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted. The filings, Tue 24 Nov 06:30 EST.

        This chat receives high and critical alerts: /settings.

        A FAILED EDIT
        discord:1100000000000000100: sent
        telegram:5: later, in 4 s
        telegram:6: later, in 4 s

        WATCHER, IN THE END
        — edited 7×
        Critical, withdrawn: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Withdrawn by its source. First told by The wire, Mon 23 Nov 23:00 EST.

        • Now also reported by The metal, The ore, The mirror, The magnet, The pit.
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted. The filings, Tue 24 Nov 06:30 EST.
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general license said to be granted. The ministry, Tue 24 Nov 08:00 EST.
        • Corrected: The wire changed its page, which no longer says: Galaxy Magnets, general license granted. The wire, Tue 24 Nov 09:00 EST.

        You watch “Galaxy” here: /watches.

        SUBSCRIBER, IN THE END
        — edited 2×
        Critical, withdrawn: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Withdrawn by its source. First told by The wire, Mon 23 Nov 23:00 EST.

        • Now also reported by The metal, The ore, The mirror, The magnet, The pit.
        • Confirmed by the company: Galaxy Magnets (银河磁体): general license granted. The filings, Tue 24 Nov 06:30 EST.
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general license said to be granted. The ministry, Tue 24 Nov 08:00 EST.
        • Corrected: The wire changed its page, which no longer says: Galaxy Magnets, general license granted. The wire, Tue 24 Nov 09:00 EST.

        This chat receives high and critical alerts: /settings.
    "#]].assert_eq(&format!(
        "WATCHER, AT NIGHT\n{watched}\nSUBSCRIBER, IN THE MORNING\n{morning}\nA FAILED EDIT\n{}\n\nWATCHER, IN THE END\n{}\nSUBSCRIBER, IN THE END\n{}",
        first.join("\n"),
        town.chat(6),
        town.chat(5)
    ));
    assert_eq!(town.telegram.messages(5).len(), 1, "one message, edited");
    assert_eq!(town.telegram.messages(6).len(), 1, "one message, edited");
    let channel = town.discord.messages(CHANNEL);
    assert_eq!(channel.len(), 1, "one message, edited");
    assert!(channel[0].to_string().contains("Corrected"), "{}", channel[0]);
}

/// An article about something of its own, for a watch on dysprosium.
pub(crate) fn other(n: usize) -> (String, String) {
    let firms = [
        "Lynas",
        "Iluka",
        "Arafura",
        "Ucore",
        "Solvay",
        "Pensana",
        "Mkango",
        "Hastings",
        "Neo",
        "Energy Fuels",
    ];
    let places = [
        "Perth",
        "Eneabba",
        "Nolans",
        "Louisiana",
        "La Rochelle",
        "Longonjo",
        "Birmingham",
        "Yangibana",
        "Narva",
        "Utah",
    ];
    let (firm, place) = (firms[n], places[n]);
    let title = format!("{firm} sells {} tonnes of dysprosium oxide from {place}", 20 + 13 * n);
    let body = format!(
        "{firm} said that it sold {} tonnes of dysprosium oxide from its works in {place}, to a buyer it did not name. The \
         price was not disclosed. {firm} expects rare earth output there to grow by {} percent next year, its chief said.",
        20 + 13 * n,
        5 + n
    );
    (title, body)
}

#[tokio::test]
async fn a_burst_becomes_a_digest_and_changes_in_it_are_shown() {
    let town = Town::new().await;
    town.watch("telegram:6", "dysprosium", "2026-11-24T12:00:00Z");
    let mut items = String::new();
    for n in 0..9 {
        let (title, body) = other(n);
        items.push_str(&item(&title, "Tue, 24 Nov 2026 13:00:00 GMT", &title, &body));
    }
    town.list("wire", &items);
    town.poll("wire", "2026-11-24T13:05:00Z").await;
    town.home.deliver("2026-11-24T13:05:00Z").await;
    assert_eq!(town.telegram.messages(6).len(), 5, "five one by one");
    town.home.deliver("2026-11-24T13:15:00Z").await;
    let messages = town.telegram.messages(6);
    assert_eq!(messages.len(), 6, "and the rest in one");
    let digest = messages.last().unwrap().text.clone();
    // One of those in the digest is told by somebody else.
    let (title, body) = other(8);
    town.publish("metal", "2026-11-24T14:00:00Z", &title, &body).await;
    let messages = town.telegram.messages(6);
    assert_eq!(messages.len(), 6);
    expect![[r#"
        4 alerts that came at once

        • 1. Notable: Hastings sells 111 tonnes of dysprosium oxide from Yangibana. Reported by The wire, Tue 24 Nov 08:00 EST.
        • 2. Notable: Pensana sells 85 tonnes of dysprosium oxide from Longonjo. Reported by The wire, Tue 24 Nov 08:00 EST.
        • 3. Notable: Neo sells 124 tonnes of dysprosium oxide from Narva. Reported by The wire, Tue 24 Nov 08:00 EST.
        • 4. Notable: Mkango sells 98 tonnes of dysprosium oxide from Birmingham. Reported by The wire, Tue 24 Nov 08:00 EST.

        /watches shows what is watched here, /settings changes the hours.

        LATER
        4 alerts that came at once

        • 1. Notable: Hastings sells 111 tonnes of dysprosium oxide from Yangibana. Reported by The wire, Tue 24 Nov 08:00 EST.
        • 2. Notable: Pensana sells 85 tonnes of dysprosium oxide from Longonjo. Reported by The wire, Tue 24 Nov 08:00 EST.
        • 3. Notable: Neo sells 124 tonnes of dysprosium oxide from Narva. Reported by The wire, Tue 24 Nov 08:00 EST. Now also reported by The metal.
        • 4. Notable: Mkango sells 98 tonnes of dysprosium oxide from Birmingham. Reported by The wire, Tue 24 Nov 08:00 EST.

        /watches shows what is watched here, /settings changes the hours."#]].assert_eq(&format!("{digest}\n\nLATER\n{}", messages.last().unwrap().text));
}

#[tokio::test]
async fn what_is_old_is_never_announced_as_new() {
    let town = Town::new().await;
    town.watch("telegram:6", "dysprosium", "2026-11-24T12:00:00Z");
    town.subscribe("telegram:5", |_| {});
    town.list("wire", &item(TITLE, "Mon, 23 Nov 2026 10:00:00 GMT", TITLE, GRANTED));
    town.poll("wire", "2026-11-24T13:00:00Z").await;
    let (title, body) = other(1);
    town.list("metal", &item(&title, "", &title, &body));
    town.poll("metal", "2026-11-24T13:00:00Z").await;
    town.home.deliver("2026-11-24T13:00:00Z").await;
    assert_eq!(
        (town.chat(5), town.chat(6)),
        (String::new(), String::new()),
        "a day old, or undated at a first poll"
    );
    let (title, body) = other(2);
    town.list("metal", &item(&title, "", &title, &body));
    town.poll("metal", "2026-11-24T15:00:00Z").await;
    town.home.deliver("2026-11-24T15:00:00Z").await;
    assert_eq!(town.telegram.messages(6).len(), 1, "undated, but not there at the poll before");
}

#[tokio::test]
async fn the_operator_sets_the_limits() {
    let rules = "[limits]\nwatches = 2\noldest = '3h'\nburst = 1\nburst_within = '30m'\n";
    let town = Town::with(&[("alerts.toml", rules)]).await;
    town.watch("telegram:6", "dysprosium", "2026-11-24T12:00:00Z");
    town.watch("telegram:6", "helium", "2026-11-24T12:00:00Z");
    let refused = town.home.ask("telegram:6", "watch xenon", true, "2026-11-24T12:00:00Z");
    assert!(shown(&refused).contains("2 watches, the most it may have"), "{refused:?}");
    let mut items = String::new();
    for n in 0..3 {
        let (title, body) = other(n);
        items.push_str(&item(&title, "Tue, 24 Nov 2026 13:00:00 GMT", &title, &body));
    }
    // Older than the operator lets it be.
    let (title, body) = other(4);
    items.push_str(&item(&title, "Tue, 24 Nov 2026 09:30:00 GMT", &title, &body));
    town.list("wire", &items);
    town.poll("wire", "2026-11-24T13:00:00Z").await;
    town.home.deliver("2026-11-24T13:00:00Z").await;
    let at_once = town.telegram.messages(6).len();
    town.home.deliver("2026-11-24T13:30:00Z").await;
    let all = town.telegram.messages(6);
    assert_eq!((at_once, all.len()), (1, 2), "one at once, the rest together");
    assert!(all[1].text.starts_with("2 alerts that came at once"), "{}", all[1].text);
}

#[tokio::test]
async fn a_deleted_message_stays_deleted_unless_it_got_graver() {
    let town = Town::new().await;
    town.watch("telegram:6", "galaxy", "2026-11-24T12:00:00Z");
    let visit = "Galaxy Magnets received visitors from Germany who buy sintered neodymium magnets that hold dysprosium. They \
        spoke about deliveries of rare-earth magnets for the coming year and about export rules, the company said.";
    let title = "Galaxy Magnets meets German buyers of rare-earth magnets";
    town.publish("wire", "2026-11-24T13:00:00Z", title, visit).await;
    let first = town.telegram.messages(6)[0].clone();
    assert!(first.silent && first.text.starts_with("Notable"), "{}", first.text);
    town.telegram.delete(6, first.id);
    town.publish("metal", "2026-11-24T14:00:00Z", title, visit).await;
    assert_eq!(town.chat(6), "", "nothing is posted again for a copy");
    assert!(town.home.outbox().contains("message to edit not found"), "{}", town.home.outbox());

    let town = Town::new().await;
    town.watch("telegram:6", "galaxy", "2026-11-24T12:00:00Z");
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    town.telegram
        .fail("editMessageText", Fault::Refuse(400, "Bad Request: message can't be edited"));
    town.publish(
        "ministry",
        "2026-11-24T14:00:00Z",
        "Ministry denies report on Galaxy Magnets license",
        DENIED,
    )
    .await;
    expect![[r#"
        — edited 0×
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Reported by Reuters. Source: The wire, Tue 24 Nov 08:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        You watch “galaxy” here: /watches.
        — edited 0×, an answer
        Critical, disputed: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        An earlier message on this is too old to be changed; this is how it stands now.

        Disputed: reported by Reuters; denied by China's Ministry of Commerce. First told by The wire, Tue 24 Nov 08:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        • Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general license said to be granted. The ministry, Tue 24 Nov 09:00 EST.

        You watch “galaxy” here: /watches.
    "#]].assert_eq(&town.chat(6));
}

#[tokio::test]
async fn the_operator_hears_once_of_a_source_that_fails_and_once_of_its_return() {
    let town = Town::new().await;
    town.subscribe("telegram:5", |_| {});
    town.poll("broken", "2026-11-24T00:00:00Z").await;
    town.web.on("http://broken.example/feed", status(503));
    for hour in 1..12 {
        let now = format!("2026-11-24T{hour:02}:00:00Z");
        town.poll("broken", &now).await;
        town.home.deliver(&now).await;
    }
    town.list("broken", "");
    town.poll("broken", "2026-11-24T12:00:00Z").await;
    town.home.deliver("2026-11-24T12:00:00Z").await;
    town.poll("broken", "2026-11-24T13:00:00Z").await;
    town.home.deliver("2026-11-24T13:00:00Z").await;
    expect![[r#"
        — edited 0×
        Source The broken (broken) fails: the server answers 503 Service Unavailable. 6 polls failed in a row; it answered last on 24 Nov 2026, 00:00 UTC. /sources shows all.
        — edited 0×
        Source The broken (broken) answers again.
    "#]].assert_eq(&town.chat(9));
    assert_eq!(town.chat(5), "", "never readers");
}

#[tokio::test]
async fn days_that_come_near_are_told_a_week_before_and_on_the_day() {
    let town = Town::new().await;
    town.watch("telegram:6", "calendar as Days", "2026-11-20T12:00:00Z");
    town.subscribe("telegram:5", |_| {});
    let ingest = town.ingest.as_ref().unwrap();
    let mut days = Vec::new();
    for day in 20..=30 {
        for hour in ["05", "13", "14"] {
            let now = format!("2026-11-{day}T{hour}:00:00Z");
            days.push((now.clone(), ingest.remind(at(&now)).unwrap()));
            town.home.deliver(&now).await;
        }
    }
    expect![[r#"
        READER
        — edited 0×
        Critical: 27 Nov 2026, in 7 days: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended
        By the date last known; no extension was seen. Source: Clark Hill.

        This chat receives high and critical alerts: /settings.
        — edited 0×
        High: 2 Dec 2026, in 7 days: General licenses of JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless renewed
        By the reported term; no renewal was seen. Source: World Journal.

        This chat receives high and critical alerts: /settings.
        — edited 0×
        Critical: 27 Nov 2026, today: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended
        By the date last known; no extension was seen. Source: Clark Hill.

        This chat receives high and critical alerts: /settings.

        WATCHER
        — edited 0×
        Critical: 27 Nov 2026, in 7 days: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended
        By the date last known; no extension was seen. Source: Clark Hill.

        You watch “Days” here: /watches.
        — edited 0×, silent
        Notable: 20 Nov 2026, today: China's customs publish October exports by product and destination at about this day
        By the calendar. Source: China customs (GACC).

        You watch “Days” here: /watches.
        — edited 0×
        High: 2 Dec 2026, in 7 days: General licenses of JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless renewed
        By the reported term; no renewal was seen. Source: World Journal.

        You watch “Days” here: /watches.
        — edited 0×, silent
        Notable: 26 Nov 2026, today: Weekly press conference of China's commerce ministry, 15:00 in Beijing
        By the calendar. Source: MOFCOM.

        You watch “Days” here: /watches.
        — edited 0×, silent
        Notable: 26 Nov 2026, today: SMM publishes its weekly rare-earth review
        By the calendar. Source: SMM.

        You watch “Days” here: /watches.
        — edited 0×
        Critical: 27 Nov 2026, today: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended
        By the date last known; no extension was seen. Source: Clark Hill.

        You watch “Days” here: /watches.
        — edited 0×, silent
        Notable: 7 Dec 2026, in 7 days: China's customs publish headline export volumes for November at about this day
        By the calendar. Source: China customs (GACC).

        You watch “Days” here: /watches.
    "#]].assert_eq(&format!("READER\n{}\nWATCHER\n{}", town.chat(5), town.chat(6)));
}

// ---------------------------------------------------------------- commands

fn shown(message: &Message) -> String {
    let mut out = text(&Message { buttons: Vec::new(), ..message.clone() }, &Look::PLAIN);
    for row in &message.buttons {
        out.push('\n');
        for button in row {
            match &button.action {
                Action::Ask(line) | Action::Edit(line) => {
                    assert!(line.len() <= 62, "{line}");
                    out.push_str(&format!("[{}: {line}] ", button.label));
                }
                Action::Open(url) => out.push_str(&format!("[{} → {url}] ", button.label)),
                Action::Choose(_) | Action::Prompt { .. } => {
                    panic!("nothing here is chosen or typed: {button:?}");
                }
            }
        }
    }
    format!("{}\n", out.replace(" \n", "\n").trim_end())
}

fn asked(town: &Town, line: &str, expected: &Expect) {
    expected.assert_eq(&shown(&town.home.ask("telegram:6", line, true, "2026-11-24T15:00:00Z")));
}

#[tokio::test]
async fn a_watch_shows_what_it_would_have_caught_before_it_is_saved() {
    let town = Town::new().await;
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    let (title, body) = other(3);
    town.publish("metal", "2026-11-24T14:00:00Z", &title, &body).await;
    asked(
        &town,
        "watches",
        &expect![[r#"
        Nothing is watched here. Write what you want to be told of at once:
        • /watch license news on dysprosium for Europe
    "#]],
    );
    asked(
        &town,
        "watch",
        &expect![[r#"
        Watch what?
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • /watch license news on dysprosium for Europe: words as you would say them
        • /watch company:jl-mag topic:licensing: names and topics
        • /watch "price floor" -mining: words side by side, and none of those
        • /watch calendar: reminders of days to come, a week before and on the day
        • /watch Lynas critical as Lynas alarms: only what is critical, under a name of
          your own

        ────────────────────────────────────────────────────────────────────────────────
        You see what it would have caught before it is saved. /watches lists what is
        watched here.
    "#]],
    );
    asked(
        &town,
        "watch license news on Dysprosum high as Heavy ones",
        &expect![[r#"
            A new watch, not saved yet
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: Licensing & controls, dysprosium.

            Read “Dysprosum” as dysprosium.

            Told at once: what it finds that is high or critical (licenses, denials,
            announcements, listings).

            In the last 30 days it would have caught 1 story:
            • China grants Galaxy Magnets a general export license for rare-earth magnets[1]
              — The wire, 24 Nov

            Of these it tells only what is high or critical.

            [1] http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets
            [Save: watch save 803383047519] [Cancel: watch cancel 803383047519]
        "#]],
    );
    assert!(town.home.store.watches().next().is_none(), "nothing is saved yet");
    asked(
        &town,
        "watch -terbium",
        &expect![[r#"
        A watch needs at least one word or name to look for: /watch dysprosium license
        Europe.
    "#]],
    );
    town.watch(
        "telegram:6",
        "license news on Dysprosum high as Heavy ones",
        "2026-11-24T15:00:00Z",
    );
    asked(
        &town,
        "watch license news on dysprosium",
        &expect![[r#"
        Watch 1 asks for the same already: /watches 1.
    "#]],
    );
    asked(
        &town,
        "watches",
        &expect![[r#"
        Watched here
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • 1. Heavy ones: topic:licensing element:Dy; high and critical only

        ────────────────────────────────────────────────────────────────────────────────
        1 of 20. /watch adds one; a number below opens it.
        [1: watches 1]
    "#]],
    );
    asked(
        &town,
        "watches 1",
        &expect![[r#"
        Watch 1: Heavy ones
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Watches: topic:licensing element:Dy; high and critical only. Since 24 Nov 2026.
        [Last 30 days: watches 1 see] [Mute a week: watches 1 mute]
        [Change: watches 1 edit] [Delete: watches 1 delete] [All watches: watches]
    "#]],
    );
    asked(
        &town,
        "watches 1 see",
        &expect![[r#"
            Watch 1: Heavy ones
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: topic:licensing element:Dy; high and critical only. Since 24 Nov 2026.

            In the last 30 days it would have caught 1 story:
            • China grants Galaxy Magnets a general export license for rare-earth magnets[1]
              — The wire, 24 Nov

            Of these it tells only what is high or critical.

            [1] http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets
            [Last 30 days: watches 1 see] [Mute a week: watches 1 mute]
            [Change: watches 1 edit] [Delete: watches 1 delete] [All watches: watches]
        "#]],
    );
    asked(
        &town,
        "watches 1 mute",
        &expect![[r#"
        Watch 1: Heavy ones
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Watches: topic:licensing element:Dy; high and critical only; muted until 1 Dec.
        Since 24 Nov 2026.

        Muted for a week.
        [Last 30 days: watches 1 see] [Unmute: watches 1 unmute]
        [Change: watches 1 edit] [Delete: watches 1 delete] [All watches: watches]
    "#]],
    );
    asked(
        &town,
        "watches 1 delete",
        &expect![[r#"
        Delete watch 1, Heavy ones?
        [Delete it: watches 1 delete yes] [Keep it: watches 1]
    "#]],
    );
    asked(
        &town,
        "watches 1 delete yes",
        &expect![[r#"
        Nothing is watched here. Write what you want to be told of at once:
        • /watch license news on dysprosium for Europe
    "#]],
    );
    for n in 0..20 {
        town.watch("telegram:6", &format!("lynas word{n}"), "2026-11-24T15:00:00Z");
    }
    asked(
        &town,
        "watch one too many",
        &expect![[r#"
        This chat has 20 watches, the most it may have. /watches shows them; delete one
        first.
    "#]],
    );
    asked(
        &town,
        "unwatch 5",
        &expect![[r#"
            Watch 5 is ended: lynas word3.
        "#]],
    );
    let refused =
        town.home.ask("telegram:6", "watches 7 delete yes", false, "2026-11-24T15:00:00Z");
    assert!(shown(&refused).contains("only those who manage"), "{refused:?}");
}

#[tokio::test]
async fn a_watch_is_asked_for_in_words_people_use() {
    let town = Town::new().await;
    // A story of Germany is one of Europe.
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    for words in [
        "license news on dysprosium for Europe",
        "Tell me about dysprosium licences to the EU",
        "镝 欧洲 许可 消息",
        "关于镝的欧洲许可消息",
    ] {
        let shown = shown(&town.home.ask(
            "telegram:6",
            &format!("watch {words}"),
            true,
            "2026-11-24T15:00:00Z",
        ));
        let line = shown.lines().find(|line| line.starts_with("Watches: ")).unwrap();
        let understood = line.trim_start_matches("Watches: ").trim_end_matches('.');
        let mut understood: Vec<&str> = understood.split(", ").collect();
        understood.sort_unstable();
        assert_eq!(understood, ["Europe", "Licensing & controls", "dysprosium"], "{words}");
        assert!(shown.contains("it would have caught 1 story:"), "{words}: {shown}");
    }
    town.watch("telegram:6", "镝 欧洲 许可 消息", "2026-11-24T15:00:00Z");
    town.watch("telegram:5", "license news on dysprosium for Europe", "2026-11-24T15:00:00Z");
    let title = "法国买家的镝出口许可申请仍未获批";
    let body = "法国电机厂申请的镝出口许可仍未获批，部分货物在港口等待。一家法国采购商表示，许可证审批放缓，其库存只够使用到\
        明年二月。出口商称，商务部要求补充最终用户材料，许可审批时间可能延长到十二月以后。";
    town.publish("metal", "2026-11-24T16:00:00Z", title, body).await;
    expect![[r#"
        — edited 0×, silent
        Notable: 法国买家的镝出口许可申请仍未获批
        Reported by The metal, Tue 24 Nov 11:00 EST.
        “法国电机厂申请的镝出口许可仍未获批，部分货物在港口等待。” (in Chinese)
        You watch “license news on dysprosium for Europe” here: /watches.
        — edited 0×, silent
        Notable: 法国买家的镝出口许可申请仍未获批
        Reported by The metal, Tue 24 Nov 11:00 EST.
        “法国电机厂申请的镝出口许可仍未获批，部分货物在港口等待。” (in Chinese)
        You watch “镝 欧洲 许可 消息” here: /watches.
    "#]]
    .assert_eq(&format!("{}{}", town.chat(5), town.chat(6)));
}

#[tokio::test]
async fn a_preview_says_how_many_it_looked_at() {
    let town = Town::new().await;
    for n in 0..9 {
        let (title, body) = other(n);
        town.publish("wire", &format!("2026-11-{}T13:00:00Z", 15 + n), &title, &body).await;
    }
    // What was told longer ago does not count.
    town.publish("wire", "2026-10-20T13:00:00Z", TITLE, GRANTED).await;
    let confirms = "Galaxy Magnets confirms general export license";
    town.publish("filings", "2026-11-24T11:30:00Z", confirms, CONFIRMED).await;
    asked(
        &town,
        "watch dysprosium critical",
        &expect![[r#"
            A new watch, not saved yet
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: dysprosium.

            Told at once: what it finds that is critical (a named license granted, refused,
            suspended or revoked; an announcement; a listing).

            In the last 30 days it would have caught 10 stories, such as:
            • Neo sells 124 tonnes of dysprosium oxide from Narva[1] — The wire, 23 Nov
            • Hastings sells 111 tonnes of dysprosium oxide from Yangibana[2] — The wire, 22
              Nov
            • Mkango sells 98 tonnes of dysprosium oxide from Birmingham[3] — The wire, 21
              Nov
            • Pensana sells 85 tonnes of dysprosium oxide from Longonjo[4] — The wire, 20
              Nov
            • Solvay sells 72 tonnes of dysprosium oxide from La Rochelle[5] — The wire, 19
              Nov

            Of these it tells only what is critical.

            [1] http://wire.example/Neosells124tonnesofdysprosiumoxidefromNarva
            [2] http://wire.example/Hastingssells111tonnesofdysprosiumoxidefromYangibana
            [3] http://wire.example/Mkangosells98tonnesofdysprosiumoxidefromBirmingham
            [4] http://wire.example/Pensanasells85tonnesofdysprosiumoxidefromLongonjo
            [5] http://wire.example/Solvaysells72tonnesofdysprosiumoxidefromLaRochelle
            [Save: watch save cc37c2a38de3] [Cancel: watch cancel cc37c2a38de3]
        "#]],
    );
    asked(
        &town,
        "watch helium",
        &expect![[r#"
            A new watch, not saved yet
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: helium.

            Told at once: every new story that it finds.

            In the last 30 days it would have caught none of 10 stories. Fewer words, or a
            name instead of a phrase, find more.
            [Save: watch save e92d0c6a8747] [Cancel: watch cancel e92d0c6a8747]
        "#]],
    );
    asked(
        &town,
        "watch license:revoked",
        &expect![[r#"
            A new watch, not saved yet
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: license revoked.

            Told at once: every new story that it finds.

            In the last 30 days it would have caught none of 1 license claim. Fewer words,
            or a name instead of a phrase, find more.
            [Save: watch save f6e5a7e9ec4a] [Cancel: watch cancel f6e5a7e9ec4a]
        "#]],
    );
    asked(
        &town,
        "watch license:granted",
        &expect![[r#"
            A new watch, not saved yet
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: license granted.

            Told at once: every new story that it finds.

            In the last 30 days it would have caught 1 license claim:
            • Galaxy Magnets confirmed on Tuesday that it has received a general export
              license for rare-earth magnets from the Minis…[1] — The filings, 24 Nov

            [1] http://filings.example/GalaxyMagnetsconfirmsgeneralexportlicense
            [Save: watch save 6473b6d8168b] [Cancel: watch cancel 6473b6d8168b]
        "#]],
    );
}

#[tokio::test]
async fn an_alerts_buttons_show_it_whole_mute_it_and_put_it_away() {
    let town = Town::new().await;
    town.watch("telegram:6", "galaxy as Galaxy", "2026-11-24T12:00:00Z");
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    let keyboard = town.telegram.messages(6)[0].keyboard.to_string();
    let id = keyboard.split("alert a").nth(1).unwrap()[..16].to_owned();
    asked(
        &town,
        &format!("alert a{id}"),
        &expect![[r#"
            Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy;
            magnets; to Germany
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Reported by Reuters. Source: The wire[1], Tue 24 Nov 08:00 EST.

            │ “China's Ministry of Commerce has granted Galaxy Magnets a general export
            │ license for rare-earth magnets, Reuters reported on Tuesday, citing a person
            │ familiar with the matter.”

            ────────────────────────────────────────────────────────────────────────────────
            You watch “Galaxy” here: /watches.

            [1] http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets
            [Source → http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets]
            [Mute this for a week: alert mute a457d18234c665740] [Not relevant: alert no a457d18234c665740]
        "#]],
    );
    asked(
        &town,
        &format!("alert mute a{id}"),
        &expect![[r#"
        Muted here until 1 December: “Galaxy”. /watches unmutes.
    "#]],
    );
    asked(
        &town,
        &format!("alert no a{id}"),
        &expect![[r#"
        Noted: nothing more of this alert comes here. To narrow the watch that caught
        it: /watches 1.
    "#]],
    );
    asked(
        &town,
        "alert a0",
        &expect![[r#"
        I know no such alert. Alerts are kept for 60 days and carry a button that shows
        them whole.
    "#]],
    );
    town.publish(
        "ministry",
        "2026-11-24T14:00:00Z",
        "Ministry denies report on Galaxy Magnets license",
        DENIED,
    )
    .await;
    assert_eq!(town.telegram.messages(6)[0].edits, 0, "what was put away is left alone");
}

#[tokio::test]
async fn the_next_brief_tells_what_was_taken_back() {
    let town = Town::new().await;
    town.home.publish("2026-11-23T12:30:00Z");
    town.publish("wire", "2026-11-24T04:00:00Z", TITLE, GRANTED).await;
    town.home.publish("2026-11-24T12:00:00Z");
    let denial = "Ministry denies report on Galaxy Magnets license";
    town.publish("ministry", "2026-11-24T13:00:00Z", denial, DENIED).await;
    let date = at("2026-11-24T04:00:00Z").to_rfc2822();
    let corrected = item(TITLE, &date, "China weighs export rules for rare-earth magnets", WEIGHED);
    town.list("wire", &corrected);
    town.poll("wire", "2026-11-24T14:00:00Z").await;
    town.home.publish("2026-11-25T12:00:00Z");
    let edition = town.home.publisher.store.latest_edition(Series::Daily).unwrap().unwrap();
    let told: Vec<String> = edition
        .corrections
        .iter()
        .map(|c| format!("{} ({}, {})", c.what, c.edition, c.url))
        .collect();
    expect![[r#"
        Corrected: The wire changed its page, which no longer says: Galaxy Magnets, general license granted (2026-11-24T12:00Z, http://wire.example/ChinagrantsGalaxyMagnetsageneralexportlicenseforrareearthmagnets)
        Denied by China's Ministry of Commerce: Galaxy Magnets (银河磁体): general license said to be granted (2026-11-24T12:00Z, http://ministry.example/MinistrydeniesreportonGalaxyMagnetslicense)"#]].assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_chat_that_is_gone_keeps_its_watches_and_hears_nothing() {
    let town = Town::new().await;
    town.watch("telegram:6", "dysprosium", "2026-11-24T12:00:00Z");
    town.telegram.refuse(6, Some((403, "Forbidden: bot was blocked by the user")));
    let (title, body) = other(1);
    town.publish("wire", "2026-11-24T13:00:00Z", &title, &body).await;
    asked(
        &town,
        "watches 1",
        &expect![[r#"
            Watch 1: dysprosium
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Watches: element:Dy; stopped: Telegram refused: Forbidden: bot was blocked by
            the user. Since 24 Nov 2026.
            [Last 30 days: watches 1 see] [Unmute: watches 1 unmute]
            [Change: watches 1 edit] [Delete: watches 1 delete] [All watches: watches]
        "#]],
    );
    town.telegram.refuse(6, None);
    let (title, body) = other(2);
    town.publish("wire", "2026-11-24T14:00:00Z", &title, &body).await;
    assert_eq!(town.chat(6), "");
    town.home.ask("telegram:6", "watches 1 unmute", true, "2026-11-24T14:30:00Z");
    let (title, body) = other(3);
    town.publish("wire", "2026-11-24T15:00:00Z", &title, &body).await;
    assert_eq!(town.telegram.messages(6).len(), 1);
}

#[tokio::test]
async fn what_a_chat_muted_is_not_told_there() {
    let town = Town::new().await;
    town.subscribe("telegram:5", |to| to.least = Severity::Critical);
    let ingest = town.ingest.as_ref().unwrap();
    ingest.remind(at("2026-11-20T14:00:00Z")).unwrap();
    town.home.deliver("2026-11-20T14:00:00Z").await;
    let keyboard = town.telegram.messages(5)[0].keyboard.to_string();
    let id = keyboard.split("alert d").nth(1).unwrap()[..16].to_owned();
    let line = format!("alert mute d{id}");
    let said = town.home.ask("telegram:5", &line, true, "2026-11-20T15:00:00Z");
    expect![[r#"
        Muted here until 27 November: other news of the same matter.
    "#]]
    .assert_eq(&shown(&said));
    ingest.remind(at("2026-11-27T14:00:00Z")).unwrap();
    town.home.deliver("2026-11-27T14:00:00Z").await;
    assert_eq!(town.telegram.messages(5).len(), 1, "the day itself is muted");
    let early = at("2026-11-01T00:00:00Z");
    assert_eq!(town.home.store.sweep_alerts(at("2026-11-21T00:00:00Z"), 10).unwrap(), 1);
    assert!(town.home.store.alerts_since(early).unwrap().is_empty());
    let to = town.home.store.subscriptions().unwrap()[0].to.clone();
    assert!(town.home.store.postings_to(&to, early).unwrap().is_empty());
}

#[tokio::test]
async fn another_story_about_the_same_license_is_no_new_alert() {
    let town = Town::new().await;
    town.subscribe("telegram:5", |_| {});
    town.watch("telegram:6", "terbium", "2026-11-24T12:00:00Z");
    town.publish("wire", "2026-11-24T13:00:00Z", TITLE, GRANTED).await;
    // Four days later somebody else writes of it at length, in other words.
    let title = "What the export license of Galaxy Magnets changes for German carmakers";
    let body = "The general export license that China granted Galaxy Magnets opens a door for carmakers, engineers in Stuttgart \
        say. Galaxy Magnets received a general license for rare-earth magnets last week, and first orders were placed. Motors \
        for windows, seats and pumps need small magnets, and stocks had run low over the autumn at most plants.";
    town.publish("pit", "2026-11-28T13:00:00Z", title, body).await;
    // And a round-up names it among other things.
    let title = "Rare earths this week: terbium prices rise, Lynas ships, licenses trickle";
    let body = "Terbium oxide rose by four percent in a week, traders said. Lynas shipped its first samarium oxide to a buyer in \
        Japan. China granted Galaxy Magnets a general export license for rare-earth magnets, as was reported. In Vietnam a \
        court began to hear a case about rare-earth ore that was sold without permits for years.";
    town.publish("ore", "2026-11-29T13:00:00Z", title, body).await;
    expect![[r#"
        READER
        — edited 1×
        Critical, reported: Galaxy Magnets (银河磁体): general license granted; Nd, Dy; magnets; to Germany
        Reported by Reuters. Source: The wire, Tue 24 Nov 08:00 EST.
        “China's Ministry of Commerce has granted Galaxy Magnets a general export license for rare-earth magnets, Reuters reported on Tuesday, citing a person familiar with the matter.”
        • Now also reported by The pit.

        This chat receives high and critical alerts: /settings.

        WATCHER
        — edited 0×, silent
        Notable, reported: Rare earths this week: terbium prices rise, Lynas ships, licenses trickle
        Reported by The ore, Sun 29 Nov 08:00 EST.
        “Terbium oxide rose by four percent in a week, traders said.”
        You watch “terbium” here: /watches.
    "#]].assert_eq(&format!("READER\n{}\nWATCHER\n{}", town.chat(5), town.chat(6)));
}
