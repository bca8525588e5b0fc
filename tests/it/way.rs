//! The whole way: from sources on the web through stories and editions to every platform.

use std::sync::Arc;

use expect_test::expect;
use monazite::app::SampleWeb;
use monazite::chat::Platform;
use monazite::chat::console::{Look, text};
use monazite::compose::phrase::{View, brief};
use monazite::ingest::{Ingest, PollReport};
use monazite::model::event::Target;
use monazite::model::subscription::Series;
use monazite::sources::KINDS;
use monazite::sources::http::Web;

use crate::world::clock::HandClock;
use crate::world::discord::{CHANNEL, FakeDiscord};
use crate::world::home::{Home, at, chat, subscription};
use crate::world::telegram::FakeTelegram;

const SAMPLE: &str = include_str!("../../config/sample/sources.toml");

/// Gathers the bundled sample web into a home, at 6:59 in New York.
async fn gathered() -> (Home, Vec<PollReport>) {
    gathered_for(Vec::new()).await
}

/// The same, with platforms connected.
async fn gathered_for(platforms: Vec<Arc<dyn Platform>>) -> (Home, Vec<PollReport>) {
    let server = SampleWeb::serve().await.unwrap();
    let mut home = Home::with(&[("sources.toml", SAMPLE)], platforms);
    home.config.fetch.per_host_interval = std::time::Duration::ZERO;
    home.config.fetch.allow_private =
        server.hosts().iter().map(|host| format!("{host}:80")).collect();
    let clock = HandClock::at("2026-11-23T11:59:00Z");
    let web =
        Web::with_lookup(home.config.fetch.clone(), Arc::new(clock), server.lookup()).unwrap();
    let now = at("2026-11-23T11:59:00Z");
    let ingest = Ingest::open(
        home.store.clone(),
        home.config.lexicon.clone(),
        home.config.rules.clone(),
        now,
    )
    .unwrap();
    let mut reports = Vec::new();
    for spec in &home.config.sources {
        let kind = KINDS.iter().find(|kind| kind.name == spec.kind).unwrap();
        let source = (kind.build)(spec).unwrap_or_else(|problems| panic!("{problems:?}"));
        reports.push(ingest.poll(spec, source.as_ref(), &web, now).await.unwrap());
    }
    (home, reports)
}

#[tokio::test]
async fn the_samples_stories_are_told_apart() {
    let (home, reports) = gathered().await;
    let told: Vec<String> = reports
        .iter()
        .map(|r| {
            format!("{}: {} listed, {} new, {} set aside", r.source, r.listed, r.new, r.set_aside)
        })
        .collect();
    expect![[r#"
        sample-wire: 13 listed, 10 new, 3 set aside
        magnet-journal: 11 listed, 10 new, 1 set aside
        project-letter: 10 listed, 9 new, 1 set aside
        oxide-desk: 9 listed, 9 new, 0 set aside
        sample-ministry: 9 listed, 9 new, 0 set aside
        sample-register: 6 listed, 6 new, 0 set aside"#]]
    .assert_eq(&told.join("\n"));
    let mut stories: Vec<_> = home.store.stories().map(Result::unwrap).collect();
    stories.sort_by(|a, b| a.title.cmp(&b.title));
    let grouped: Vec<String> = stories
        .iter()
        .filter(|story| story.tellings.len() > 1)
        .map(|story| {
            let tellings: Vec<String> = story
                .tellings
                .iter()
                .map(|telling| format!("- {}: {}", telling.publisher, telling.title))
                .collect();
            tellings.join("\n")
        })
        .collect();
    expect![[r#"
        - Sample Wire: China's 2025 rare-earth quota went to two groups without publication; imported ore and monazite now count
        - 样本部网站: 2025年首批稀土总量指标未公开：仅下达两大集团，进口矿和独居石计入总量

        - Sample Wire: China's October 2025 rare-earth rules stay on ice to January 10, 2027 by the ministry's word, with no notice seen that amends No. 70
        - 样本部网站: 商务部说明：吉隆坡安排延长至2027年1月10日，未见修改第70号公告的通知

        - Sample Register: Critical Minerals Stockpile (Project Vault): Summary of the Announcement of February 2, 2026
        - Project Letter (sample): Project Vault: the USD 12 billion US stockpile of February, and what is still not known of it

        - Sample Register: Fact Sheet of May 17, 2026: Yttrium, Scandium, Neodymium and Indium
        - Sample Wire: The yttrium question @everyone asks: what did Beijing promise in May?

        - Sample Wire: Five months on China's control list: what No. 23 of 2026 means for MP Materials and USA Rare Earth
        - 样本部网站: 10家美国实体列入管控名单五个月：MP材料公司、美国稀土公司仍在名单之中
        - Project Letter (sample): MP Materials and USA Rare Earth after five months on Beijing's control list

        - Sample Wire: General rare-earth licenses of three Chinese magnet makers fall due about December 2, with no renewal seen
        - 样本部网站: 稀土出口通用许可即将满一年：12月2日前后到期，未见续期消息
        - Magnet Journal (sample): JL MAG, Yunsheng, San Huan: three general licenses, one source, and a first year that ends about December 2

        - Sample Wire: Japan's rare-earth supply under No. 1 of 2026: civilian licenses trickle, 80 entities stand on two lists
        - Magnet Journal (sample): Eighty Japanese names on China's lists, half of heavy-element applications through: a buyer's digest of 2026

        - Sample Wire: No. 18 of 2025 has never been suspended: samarium, gadolinium, terbium, dysprosium, lutetium, scandium, yttrium and their codes
        - 样本部网站: 第18号公告七种元素与管制编码：钐、钆、铽、镝、镥、钪、钇出口须经许可

        - Sample Register: Note on the Suspension of Article 2 of China's Announcement No. 46 (Gallium, Germanium, Antimony) Through November 27, 2026
        - Sample Wire: Four days to November 27: China's relief on gallium, germanium and antimony for the US has a last day and no successor in sight
        - 样本部网站: 第72号公告暂停期限为11月27日：镓、锗、锑对美出口规定何去何从

        - Sample Register: Reminder: DFARS 252.225-7052 Restriction on Magnets Extends to Mining on January 1, 2027
        - Magnet Journal (sample): 39 days to the DFARS rule: from January 1, 2027 US defense goods must be free of Chinese NdFeB and SmCo from the mine on

        - Project Letter (sample): The floor under MP Materials: USD 110 per kilogram of NdPr since July 2025
        - Oxide Desk (sample): What USD 110 means: the Pentagon's NdPr price floor for MP Materials in one sum

        - Magnet Journal (sample): The yardstick: China shipped 6,149.95 tonnes of magnets in November 2025, 2,568.8 of them to the EU
        - Oxide Desk (sample): Chinese rare-earth exports: 5,493.9 tonnes and 6,149.95 tonnes of magnets are the November numbers to beat
        - 样本部网站: 一年前的11月：稀土永磁出口6149.95吨，对欧盟2568.8吨

        - Magnet Journal (sample): Two kinds of rare-earth license, one holder: how China's individual and general permits differ
        - 样本部网站: 两用物项出口许可的三种形式：单项许可、通用许可、登记填报凭证

        - Sample Wire: Who holds a Chinese rare-earth license? Of 141 applications an EU survey counted, 19 were approved
        - 样本部网站: 欧盟商会统计：141件稀土出口许可申请，19件获批，121件待审"#]].assert_eq(&grouped.join("\n\n"));
    let alone: Vec<&str> = stories
        .iter()
        .filter(|story| story.tellings.len() == 1)
        .map(|story| story.title.as_str())
        .collect();
    expect![[r#"
        Applied is not granted: what May 2025 left in the column of Northern Rare Earth and Rising Nonferrous
        Baotou first: the permits of April 2025 opened Europe and Vietnam, and nothing else
        Before you quote a rare-earth price: units, VAT and a monazite that cost five yuan
        Dysprosium's two prices: about USD 900 in Rotterdam, about USD 255 in China, and a license between them
        Energy Fuels and the monazite question: White Mesa in a world where China counts imported ore
        European Entities on China's Export Control List: Announcements No. 20 and No. 30 of 2026
        First general licenses reached Ford's suppliers and passed German carmakers by, December 2025 statements show
        From lanthanum to dysprosium: the anchor quotes of January 29, 2026
        Greenland's two deposits and their owners: Tanbreez and Kvanefjeld
        How much oxide is in a tonne of NdPr alloy? A sum from the last day of 2025
        India's four covered buyers, and the two conditions on their magnets: no re-export to the US, no military use
        Ngualla went to Shenghe: who owns the next African rare-earth mine
        Recyclers' row: Cyclic, HyProMag, Ionic, Caremag and Phoenix Tailings need scrap more than permits
        Six European names between ore and magnet, from La Rochelle to Narva
        Terbium at 7.4 million yuan: the mark of September 2025 that analysts still start from
        The one license confirmed by its holder: JL MAG's answer of June 2025
        Three Australians and their plants: Lynas, Iluka and Arafura at a glance
        Trade-Barrier Investigation Opened by China on March 27, 2026: Nine Months at Most
        Where rare-earth prices can be read for free, and what each page leaves out
        Why six months mattered: Detroit's permits of June 2025 and their short term
        Withdrawn: a terbium note whose source could not be found"#]].assert_eq(&alone.join("\n"));
    let aside: Vec<String> = home
        .store
        .set_aside(50)
        .unwrap()
        .iter()
        .map(|a| format!("{}: {}", a.what, a.reason))
        .collect();
    expect![[r#"
        开源办公套件改用GNU通用公共许可证第三版发布: it names no rare earth, critical mineral or company of the field
        Crowds and chrome: the classic car show returns to the lakeside: it names no rare earth, critical mineral or company of the field
        Harbor side beats the hill club 3-1 in the second round of the cup: it names no rare earth, critical mineral or company of the field
        Phone maker hires a new PR agency for its spring launch: it names no rare earth, critical mineral or company of the field
        Sample Wire: item 5 has neither a title nor a link"#]].assert_eq(&aside.join("\n"));
}

#[tokio::test]
async fn an_article_reaches_both_platforms_in_one_edition() {
    let (telegram, discord) = (FakeTelegram::start().await, FakeDiscord::start().await);
    telegram.private(5, "Reader");
    let discord_client = monazite::chat::discord::connect(discord.connection()).unwrap();
    let (home, _) = gathered_for(vec![telegram.platform(), discord_client]).await;
    home.publish("2026-11-23T11:59:30Z");
    home.subscribe(subscription("telegram:5", "2026-11-22T00:00:00Z"));
    home.subscribe(subscription(&format!("discord:{CHANNEL}"), "2026-11-22T00:00:00Z"));
    home.publish("2026-11-23T12:00:00Z");
    home.deliver("2026-11-23T12:00:00Z").await;
    let edition = home.store.latest_edition(Series::Daily).unwrap().unwrap();
    let told: String =
        telegram.messages(5).iter().map(|message| message.text.clone() + "\n").collect();
    let embeds = discord.messages(CHANNEL);
    let shown = serde_json::to_string(&embeds).unwrap();
    assert!(!edition.highlights.is_empty());
    for highlight in &edition.highlights {
        assert!(told.contains(&highlight.text), "Telegram tells: {}", highlight.text);
    }
    for analysis in &edition.analysis {
        let publisher = &analysis.sources[0].publisher;
        assert!(
            told.contains(publisher.as_str()) && shown.contains(publisher.as_str()),
            "{publisher}"
        );
    }
    assert!(discord.pings().is_empty(), "nobody is pinged");
    assert!(
        embeds.len() <= 3 && telegram.messages(5).len() <= 5,
        "{} and {}",
        embeds.len(),
        telegram.messages(5).len()
    );
    let first: Vec<&str> = told.lines().take(5).collect();
    expect![[r#"
        Monazite daily brief No. 1 · Monday, 23 November 2026
        Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

        ■ Highlights
        • China put 10 US entities on its export control list with MOFCOM's No. 23 of June 22, 2026, among them MP Materials and USA Rare Earth, and banned all dual-use exports to them. — Sample Wire"#]].assert_eq(&first.join("\n"));
}

#[tokio::test]
async fn the_samples_license_desk() {
    let (home, _) = gathered().await;
    let edition = home.publisher.preview(at("2026-11-23T12:00:00Z")).unwrap();
    let view = View::of(None, &home.config.lexicon, chrono_tz::America::New_York);
    let shown = text(&brief(&edition, &view), &Look::PLAIN);
    let from = shown.find("── License").unwrap();
    let desk = shown[from..].split("\n\n").next().unwrap();
    expect![[r#"
        ── License & controls desk ─────────────────────────────────────────────────────
        • Due: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 4
          days; no extension was seen. — Clark Hill[6]
        • In the news again, nothing new: JL MAG[3]."#]]
    .assert_eq(desk);
}

#[tokio::test]
async fn every_command_renders_on_every_platform() {
    let (telegram, discord) = (FakeTelegram::start().await, FakeDiscord::start().await);
    telegram.private(5, "Reader");
    let discord_client = monazite::chat::discord::connect(discord.connection()).unwrap();
    let platforms = vec![telegram.platform(), discord_client.clone()];
    let (home, _) = gathered_for(platforms.clone()).await;
    home.publish("2026-11-23T11:59:30Z");
    home.publish("2026-11-23T12:00:00Z");
    for command in monazite::commands::ALL {
        for (platform, to) in
            platforms.iter().zip([chat("telegram:5"), FakeDiscord::place(CHANNEL)])
        {
            let message = home.ask(&to.to_string(), command.name, true, "2026-11-23T13:00:00Z");
            for part in platform.render(&message) {
                // The fakes refuse what the platforms refuse.
                let sent = platform.send(&Target::Chat(to.clone()), &part, None).await;
                sent.unwrap_or_else(|error| {
                    panic!("/{} on {}: {error}", command.name, to.platform.as_str())
                });
            }
        }
    }
    assert!(discord.pings().is_empty());
}
