//! Composing and wording: stories in; an edition, a message, a page or a terminal's text out.

use std::collections::HashMap;
use std::io::Write;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use expect_test::{Expect, expect};
use monazite::chat::console::{Console, Links, Look, completions, text};
use monazite::chat::{MenuItem, Platform};
use monazite::compose::phrase::{View, brief, headlines};
use monazite::compose::{Material, Window, compose, page};
use monazite::lexicon::Lexicon;
use monazite::model::article::{ArticleId, CompanyId, Element, Language, SourceId, Tier, Topic};
use monazite::model::brief::{Correction, Edition, EditionId, PriceLine, Upcoming};
use monazite::model::event::Target;
use monazite::model::license::{DeskEntry, DeskKind, DeskLink};
use monazite::model::message::{Action, Block, Button, Line, Message, Span};
use monazite::model::story::{Direction, Highlight, Signal, Story, StoryId, Telling};
use monazite::model::subscription::{Destination, Length, PlatformName, Series};
use proptest::prelude::*;

// ---------------------------------------------------------------- material

fn lexicon() -> Arc<Lexicon> {
    static LEXICON: std::sync::OnceLock<Arc<Lexicon>> = std::sync::OnceLock::new();
    LEXICON
        .get_or_init(|| {
            Arc::new(Lexicon::parse(include_str!("../../config/lexicon.toml")).unwrap())
        })
        .clone()
}

fn at(time: &str) -> DateTime<Utc> {
    time.parse().unwrap()
}

fn day(date: &str) -> NaiveDate {
    date.parse().unwrap()
}

/// The day of Monday, 23 November 2026, New York.
fn window() -> Window {
    Window {
        series: Series::Daily,
        number: 12,
        opens: at("2026-11-22T12:00:00Z"),
        closes: at("2026-11-23T12:00:00Z"),
        next: Some(at("2026-11-24T12:00:00Z")),
        zone: chrono_tz::America::New_York,
    }
}

/// A story of one article, published in the window.
fn story(id: &str, title: &str, topics: &[&str], sentences: &[&str]) -> Story {
    let published = at("2026-11-23T03:00:00Z");
    let telling = telling(id, title, "Reuters", 2, published);
    let highlights = sentences
        .iter()
        .map(|text| Highlight {
            text: (*text).to_owned(),
            url: telling.url.clone(),
            publisher: telling.publisher.clone(),
        })
        .collect();
    Story {
        id: StoryId(format!("s{id}")),
        title: title.to_owned(),
        tellings: vec![telling],
        first_seen: published + TimeDelta::minutes(10),
        updated: published + TimeDelta::minutes(10),
        published,
        topics: topics.iter().map(|topic| Topic::from(*topic)).collect(),
        elements: Vec::new(),
        companies: Vec::new(),
        highlights,
        signal: Signal::default(),
        relevance: 0.8,
    }
}

fn telling(id: &str, title: &str, publisher: &str, tier: u8, published: DateTime<Utc>) -> Telling {
    Telling {
        article: ArticleId::from(id),
        url: format!("https://{}.example/{id}", publisher.to_lowercase().replace(' ', "-")),
        title: title.to_owned(),
        source: SourceId::from("source"),
        publisher: publisher.to_owned(),
        tier: Tier(tier),
        published,
        first_seen: published + TimeDelta::minutes(10),
        language: Language::from("en"),
    }
}

trait About: Sized {
    fn about(self, elements: &[&str], companies: &[&str]) -> Self;
    fn points(self, direction: Direction, words: &[&str]) -> Self;
    fn also(self, publisher: &str, title: &str) -> Self;
    fn relevant(self, relevance: f32) -> Self;
}

impl About for Story {
    fn about(mut self, elements: &[&str], companies: &[&str]) -> Self {
        self.elements = elements.iter().map(|e| Element::from(*e)).collect();
        self.companies = companies.iter().map(|c| CompanyId::from(*c)).collect();
        self
    }

    fn points(mut self, direction: Direction, words: &[&str]) -> Self {
        self.signal =
            Signal { direction, words: words.iter().map(|word| (*word).to_owned()).collect() };
        self
    }

    fn also(mut self, publisher: &str, title: &str) -> Self {
        let id = format!("{}-{}", self.tellings[0].article, self.tellings.len());
        self.tellings.push(telling(&id, title, publisher, 3, self.published));
        self
    }

    fn relevant(mut self, relevance: f32) -> Self {
        self.relevance = relevance;
        self
    }
}

const GRANTED: &str = "China grants JL MAG a general license for dysprosium magnets";

/// A day on which much happens.
fn busy() -> Material {
    let granted = story(
        "0001",
        GRANTED,
        &["licensing", "magnets"],
        &[
            "China's commerce ministry granted JL MAG a one-year general license on Friday that covers dysprosium and terbium magnets for customers in Europe, three people said.",
            "Shipments to two German carmakers are to resume in December, after a wait of seven months.",
            "The license counts against an annual quota of 2,400 tonnes that the ministry sets for each exporter.",
        ],
    )
    .about(&["Dy", "Tb"], &["jl-mag"])
    .points(Direction::Easing, &["granted", "resume"])
    .also("Nikkei Asia", "JL MAG gets general license")
    .also("MINING.com", "Magnet maker cleared to export")
    .relevant(0.97);
    let listed = story(
        "0002",
        "Beijing adds twelve US defense firms to its control list",
        &["licensing", "geopolitics"],
        &[
            "China added 12 US defense contractors to its export control list on Sunday, barring shipments of dual-use items including samarium magnets to them.",
            "Exporters with goods on the water must apply for each consignment by 30 November.",
        ],
    )
    .about(&["Sm"], &[])
    .points(Direction::Tightening, &["barring", "control list"])
    .relevant(0.9);
    let mut prices = story(
        "0003",
        "氧化镨钕价格继续上涨",
        &["pricing"],
        &["11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。"],
    )
    .about(&["Nd", "Pr"], &[])
    .relevant(0.8);
    prices.tellings[0].language = Language::from("zh-Hans");
    prices.tellings[0].publisher = "SMM".to_owned();
    prices.tellings[0].url = "https://smm.example/0003".to_owned();
    prices.highlights[0].url = "https://smm.example/0003".to_owned();
    prices.highlights[0].publisher = "SMM".to_owned();
    let plant = story(
        "0004",
        "Lynas starts heavy rare-earth separation at Gebeng",
        &["separation", "mining"],
        &[
            "Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng plant in Malaysia, the company said on Monday.",
        ],
    )
    .about(&["Tb"], &["lynas"])
    .points(Direction::Easing, &["first production"])
    .relevant(0.7);
    let court = story("0005", "Court clears Greenland deposit's owner to appeal", &["mining"], &[])
        .relevant(0.5);
    let loan = story(
        "0006",
        "MP Materials draws on Pentagon loan for magnet plant",
        &["finance", "magnets"],
        &["MP Materials drew USD 150 million of its Pentagon loan to widen its magnet plant in Texas, a filing showed."],
    )
    .about(&[], &["mp-materials"])
    .relevant(0.45);
    let iluka = story("0007", "Iluka delays Eneabba start by a quarter", &["separation"], &[])
        .about(&[], &["iluka"])
        .relevant(0.3);
    let bodies = HashMap::from([
        (
            ArticleId::from("0001"),
            "China's commerce ministry granted JL MAG a one-year general license on Friday. The ministry did not disclose the customers, volumes or destinations. Controls on dysprosium metal remain in force. JL MAG declined to comment. It remains unclear if others follow".to_owned(),
        ),
        (
            ArticleId::from("0003"),
            "11月23日,氧化镨钕报价上涨。企业未披露成交量,具体数量不得而知。".to_owned(),
        ),
    ]);
    Material {
        stories: vec![granted, listed, prices, plant, court, loan, iluka],
        told: HashMap::new(),
        bodies,
        prices: vec![
            PriceLine {
                product: "Tb oxide".to_owned(),
                low: 1020.0,
                high: 1020.5,
                unit: "USD/kg".to_owned(),
                tax: String::new(),
                market: "Rotterdam".to_owned(),
                as_of: day("2026-11-09"),
                change: None,
                publisher: "Argus".to_owned(),
                url: "https://argus.example/tb".to_owned(),
            },
            PriceLine {
                product: "NdPr oxide".to_owned(),
                low: 545_000.0,
                high: 550_000.0,
                unit: "yuan/t".to_owned(),
                tax: "incl. 13% VAT".to_owned(),
                market: "China, ex works".to_owned(),
                as_of: day("2026-11-23"),
                change: Some("up 2%".to_owned()),
                publisher: "SMM".to_owned(),
                url: "https://smm.example/0003".to_owned(),
            },
        ],
        desk: vec![
            DeskEntry {
                kind: DeskKind::Due,
                text: "The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026."
                    .to_owned(),
                quote: String::new(),
                publisher: "Clark Hill".to_owned(),
                url: "https://www.clarkhill.com/".to_owned(),
                days: Some(4),
                place: 1,
                links: Vec::new(),
        rows: Vec::new(),
            },
            DeskEntry {
                kind: DeskKind::New,
                text: "JL MAG (金力永磁): general license reported granted, for dysprosium and terbium magnets."
                    .to_owned(),
                quote: "公司已获得通用许可证。".to_owned(),
                publisher: "Reuters".to_owned(),
                url: "https://reuters.example/0001".to_owned(),
                days: None,
                place: 0,
                links: Vec::new(),
        rows: Vec::new(),
            },
        ],
        watch_next: vec![
            Upcoming {
                date: day("2026-12-07"),
                what: "China's customs publish headline export volumes for November".to_owned(),
                url: None,
            },
            Upcoming {
                date: day("2026-11-27"),
                what: "Suspension of MOFCOM No. 46 of 2024 ends, unless extended".to_owned(),
                url: Some("https://www.clarkhill.com/".to_owned()),
            },
            Upcoming {
                date: day("2026-11-20"),
                what: "A day that has passed".to_owned(),
                url: None,
            },
        ],
        corrections: vec![Correction {
            what: "The quota of the license is 2,400 tonnes, not 24,000".to_owned(),
            edition: EditionId::from("2026-11-22T12:00Z"),
            url: "https://reuters.example/correction".to_owned(),
        }],
        sources_ok: (31, 34),
    }
}

fn quiet() -> Material {
    let Material { desk, watch_next, .. } = busy();
    Material { desk, watch_next, sources_ok: (34, 34), ..Material::default() }
}

fn edition(material: Material) -> Edition {
    compose(&window(), material, &lexicon())
}

/// Runs `f` with a view of everything, in New York's time.
fn seen<T>(f: impl FnOnce(View<'_>) -> T) -> T {
    let lexicon = lexicon();
    f(View {
        lexicon: &lexicon,
        zone: chrono_tz::America::New_York,
        length: Length::Full,
        topics: &[],
        elements: &[],
        companies: &[],
    })
}

fn set(message: &Message) -> String {
    text(message, &Look::PLAIN)
}

/// What a terminal shows of the edition, in full.
fn check(material: Material, expected: &Expect) {
    let shown = seen(|view| set(&brief(&edition(material), &view)));
    expected.assert_eq(&shown);
}

// ---------------------------------------------------------------- editions

#[test]
fn a_full_edition_on_a_terminal() {
    check(
        busy(),
        &expect![[r#"
            Monazite daily brief No. 12 · Monday, 23 November 2026
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

            ── Highlights ──────────────────────────────────────────────────────────────────
            • China's commerce ministry granted JL MAG a one-year general license on Friday
              that covers dysprosium and terbium magnets for customers in Europe, three
              people said. — Reuters[1]
            • China added 12 US defense contractors to its export control list on Sunday,
              barring shipments of dual-use items including samarium magnets to them.
              — Reuters[2]
            • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
              plant in Malaysia, the company said on Monday. — Reuters[3]
            • 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。
              (in Chinese) — SMM[4]

            ── License & controls desk ─────────────────────────────────────────────────────
            • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
              terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
            • Due: The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026.
              — Clark Hill[5]

            ── Prices ──────────────────────────────────────────────────────────────────────
            • NdPr oxide: 545,000–550,000 yuan/t, up 2% · China, ex works, incl. 13% VAT ·
              23 Nov — SMM[4]
            • Tb oxide: 1,020–1,020.5 USD/kg · Rotterdam, tax basis not stated · 9 Nov (14
              days old) — Argus[6]

            ── Analysis ────────────────────────────────────────────────────────────────────
            1. China grants JL MAG a general license for dysprosium magnets[1]
            • Shipments to two German carmakers are to resume in December, after a wait of
              seven months.
            • The license counts against an annual quota of 2,400 tonnes that the ministry
              sets for each exporter.
            • Undisclosed: The ministry did not disclose the customers, volumes or
              destinations.
            • Unchanged: Controls on dysprosium metal remain in force.
            • Why it matters: A license covers its exporter and the end users named in it,
              not every buyer. China put dysprosium and terbium under export license on 4
              April 2025 (No. 18). China publishes no list of license holders: what is said
              of a company rests on the sources named here.
            • Signal: easing (“granted”, “resume”): points to easier access outside China ·
              Licensing & controls · Magnets · Dy, Tb
            • Source: Reuters[1]; also reported by Nikkei Asia[7], MINING.com[8]

            2. Beijing adds twelve US defense firms to its control list[2]
            • Exporters with goods on the water must apply for each consignment by 30
              November.
            • Why it matters: Goods under control do not leave without a license. China put
              samarium under export license on 4 April 2025 (No. 18).
            • Signal: tightening (“barring”, “control list”): points to harder access
              outside China, more friction in trade · Licensing & controls · Geopolitics &
              trade · Sm
            • Source: Reuters[2]

            3. Lynas starts heavy rare-earth separation at Gebeng[3]
            • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
              plant in Malaysia, the company said on Monday.
            • Why it matters: China put terbium under export license on 4 April 2025 (No.
              18).
            • Signal: easing (“first production”): points to more supply · Separation &
              refining · Mining · Tb
            • Source: Reuters[3]

            4. 氧化镨钕价格继续上涨[4]
            • 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。
              (in Chinese)
            • Undisclosed: 企业未披露成交量,具体数量不得而知。 (in Chinese)
            • Why it matters: China's license list of April 2025 (No. 18) does not name
              neodymium or praseodymium; magnets that hold dysprosium or terbium are on it.
              On price, a figure holds only for its own day, place and tax basis; prices
              inside China usually include 13% VAT.
            • Signal: neutral · Prices · Nd, Pr
            • Source: SMM[4]

            5. MP Materials draws on Pentagon loan for magnet plant[9]
            • MP Materials drew USD 150 million of its Pentagon loan to widen its magnet
              plant in Texas, a filing showed.
            • Signal: neutral · Finance & deals · Magnets
            • Source: Reuters[9]

            ── Companies & projects ────────────────────────────────────────────────────────
            • Iluka delays Eneabba start by a quarter[10] — Reuters

            ── Watch next ──────────────────────────────────────────────────────────────────
            • Fri 27 Nov: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
              — clarkhill.com[5]
            • Mon 7 Dec: China's customs publish headline export volumes for November.

            ── Updates & corrections ───────────────────────────────────────────────────────
            • The quota of the license is 2,400 tonnes, not 24,000. Told in the edition of
              22 Nov 2026. — reuters.example[11]

            ── Recent news ─────────────────────────────────────────────────────────────────
            • Court clears Greenland deposit's owner to appeal[12] — Reuters

            ────────────────────────────────────────────────────────────────────────────────
            More: /controls · /calendar · /search · /watch · /help
            31 of 34 sources answered. News is told in its sources' own sentences.
            Licenses: /licenses · Latest: /latest · Settings: /settings

             [1] https://reuters.example/0001
             [2] https://reuters.example/0002
             [3] https://reuters.example/0004
             [4] https://smm.example/0003
             [5] https://www.clarkhill.com/
             [6] https://argus.example/tb
             [7] https://nikkei-asia.example/0001-1
             [8] https://mining.com.example/0001-2
             [9] https://reuters.example/0006
            [10] https://reuters.example/0007
            [11] https://reuters.example/correction
            [12] https://reuters.example/0005"#]],
    );
}

#[test]
fn the_same_edition_as_markdown() {
    let shown = seen(|view| page::markdown(&brief(&edition(busy()), &view)));
    expect![[r#"
        # Monazite daily brief No. 12 · Monday, 23 November 2026

        Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

        ## Highlights

        - China's commerce ministry granted JL MAG a one-year general license on Friday that covers dysprosium and terbium magnets for customers in Europe, three people said. — [Reuters](https://reuters.example/0001)
        - China added 12 US defense contractors to its export control list on Sunday, barring shipments of dual-use items including samarium magnets to them. — [Reuters](https://reuters.example/0002)
        - Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng plant in Malaysia, the company said on Monday. — [Reuters](https://reuters.example/0004)
        - 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。 (in Chinese) — [SMM](https://smm.example/0003)

        ## License & controls desk

        - **New:** JL MAG (金力永磁): general license reported granted, for dysprosium and terbium magnets. *“公司已获得通用许可证。”* (in Chinese) — [Reuters](https://reuters.example/0001)
        - **Due:** The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026. — [Clark Hill](https://www.clarkhill.com/)

        ## Prices

        - **NdPr oxide: 545,000–550,000 yuan/t**, up 2% · China, ex works, incl. 13% VAT · 23 Nov — [SMM](https://smm.example/0003)
        - **Tb oxide: 1,020–1,020.5 USD/kg** · Rotterdam, tax basis not stated · 9 Nov (14 days old) — [Argus](https://argus.example/tb)

        ## Analysis

        ### **1.** [China grants JL MAG a general license for dysprosium magnets](https://reuters.example/0001)

        - Shipments to two German carmakers are to resume in December, after a wait of seven months.
        - The license counts against an annual quota of 2,400 tonnes that the ministry sets for each exporter.
        - **Undisclosed:** The ministry did not disclose the customers, volumes or destinations.
        - **Unchanged:** Controls on dysprosium metal remain in force.
        - **Why it matters:** A license covers its exporter and the end users named in it, not every buyer. China put dysprosium and terbium under export license on 4 April 2025 (No. 18). China publishes no list of license holders: what is said of a company rests on the sources named here.
        - **Signal:** easing (“granted”, “resume”): points to easier access outside China · Licensing & controls · Magnets · Dy, Tb
        - **Source:** [Reuters](https://reuters.example/0001); also reported by [Nikkei Asia](https://nikkei-asia.example/0001-1), [MINING.com](https://mining.com.example/0001-2)

        ### **2.** [Beijing adds twelve US defense firms to its control list](https://reuters.example/0002)

        - Exporters with goods on the water must apply for each consignment by 30 November.
        - **Why it matters:** Goods under control do not leave without a license. China put samarium under export license on 4 April 2025 (No. 18).
        - **Signal:** tightening (“barring”, “control list”): points to harder access outside China, more friction in trade · Licensing & controls · Geopolitics & trade · Sm
        - **Source:** [Reuters](https://reuters.example/0002)

        ### **3.** [Lynas starts heavy rare-earth separation at Gebeng](https://reuters.example/0004)

        - Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng plant in Malaysia, the company said on Monday.
        - **Why it matters:** China put terbium under export license on 4 April 2025 (No. 18).
        - **Signal:** easing (“first production”): points to more supply · Separation & refining · Mining · Tb
        - **Source:** [Reuters](https://reuters.example/0004)

        ### **4.** [氧化镨钕价格继续上涨](https://smm.example/0003)

        - 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。 (in Chinese)
        - **Undisclosed:** 企业未披露成交量,具体数量不得而知。 (in Chinese)
        - **Why it matters:** China's license list of April 2025 (No. 18) does not name neodymium or praseodymium; magnets that hold dysprosium or terbium are on it. On price, a figure holds only for its own day, place and tax basis; prices inside China usually include 13% VAT.
        - **Signal:** neutral · Prices · Nd, Pr
        - **Source:** [SMM](https://smm.example/0003)

        ### **5.** [MP Materials draws on Pentagon loan for magnet plant](https://reuters.example/0006)

        - MP Materials drew USD 150 million of its Pentagon loan to widen its magnet plant in Texas, a filing showed.
        - **Signal:** neutral · Finance & deals · Magnets
        - **Source:** [Reuters](https://reuters.example/0006)

        ## Companies & projects

        - [Iluka delays Eneabba start by a quarter](https://reuters.example/0007) — Reuters

        ## Watch next

        - **Fri 27 Nov:** Suspension of MOFCOM No. 46 of 2024 ends, unless extended. — [clarkhill.com](https://www.clarkhill.com/)
        - **Mon 7 Dec:** China's customs publish headline export volumes for November.

        ## Updates & corrections

        - The quota of the license is 2,400 tonnes, not 24,000. Told in the edition of 22 Nov 2026. — [reuters.example](https://reuters.example/correction)

        ## Recent news

        - [Court clears Greenland deposit's owner to appeal](https://reuters.example/0005) — Reuters

        ---

        More: `/controls` · `/calendar` · `/search` · `/watch` · `/help`

        31 of 34 sources answered. News is told in its sources' own sentences.
    "#]].assert_eq(&shown);
}

#[test]
fn a_quiet_day_is_short_and_says_so() {
    check(
        quiet(),
        &expect![[r#"
            Monazite daily brief No. 12 · Monday, 23 November 2026
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

            A quiet day: nothing new on rare earths was found in this window.

            ── License & controls desk ─────────────────────────────────────────────────────
            • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
              terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
            • Due: The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026.
              — Clark Hill[2]

            ── Watch next ──────────────────────────────────────────────────────────────────
            • Fri 27 Nov: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
              — clarkhill.com[2]
            • Mon 7 Dec: China's customs publish headline export volumes for November.

            ────────────────────────────────────────────────────────────────────────────────
            More: /controls · /calendar · /search · /watch · /help
            34 of 34 sources answered. News is told in its sources' own sentences.
            Licenses: /licenses · Latest: /latest · Settings: /settings

            [1] https://reuters.example/0001
            [2] https://www.clarkhill.com/"#]],
    );
}

#[test]
fn a_busy_desk_tells_what_matters_most_and_counts_the_rest() {
    let line = |place: u16| DeskEntry {
        kind: DeskKind::New,
        text: format!("Holder {place}: general license granted."),
        quote: if place == 0 { "第一条，".repeat(60) } else { String::new() },
        publisher: "Reuters".to_owned(),
        url: "https://reuters.example/0001".to_owned(),
        days: None,
        place,
        links: Vec::new(),
        rows: Vec::new(),
    };
    let link =
        |name: &str| DeskLink { name: name.to_owned(), url: format!("https://{name}.example/") };
    let mut desk: Vec<DeskEntry> = (0..5).map(line).collect();
    desk.push(DeskEntry {
        text: "Further reports, nothing new in them:".to_owned(),
        publisher: String::new(),
        links: vec![link("a"), link("b")],
        rows: Vec::new(),
        ..line(5)
    });
    desk.extend((6..9).map(line));
    let edition = edition(Material { desk, ..Material::default() });
    let desk_in = |length: Length| {
        let shown = seen(|view| set(&brief(&edition, &View { length, ..view })));
        let from = shown.find("── License").unwrap();
        shown[from..].split("\n\n").next().unwrap().to_owned() + "\n"
    };
    expect![[r#"
        ── License & controls desk ─────────────────────────────────────────────────────
        • New: Holder 0: general license granted. “第一条，第一条，第一条，第一条，第一
          条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第
          一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，
          第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一
          条，第一条，第一条，第一条，第一条，第一条 …” (in Chinese) — Reuters[1]
        • New: Holder 1: general license granted. — Reuters[1]
        • New: Holder 2: general license granted. — Reuters[1]
        • New: Holder 3: general license granted. — Reuters[1]
        • New: Holder 4: general license granted. — Reuters[1]
        • Further reports, nothing new in them: a[2], b[3].
        • and 3 more: /licenses
    "#]]
    .assert_eq(&desk_in(Length::Full));
    expect![[r#"
        ── License & controls desk ─────────────────────────────────────────────────────
        • New: Holder 0: general license granted. “第一条，第一条，第一条，第一条，第一
          条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第
          一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，
          第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一条，第一
          条，第一条，第一条，第一条，第一条，第一条 …” (in Chinese) — Reuters[1]
        • New: Holder 1: general license granted. — Reuters[1]
        • New: Holder 2: general license granted. — Reuters[1]
        • New: Holder 3: general license granted. — Reuters[1]
        • and 5 more: /licenses
    "#]]
    .assert_eq(&desk_in(Length::Short));
}

#[test]
fn an_empty_desk_says_no_change() {
    let material = Material { sources_ok: (3, 34), ..Material::default() };
    check(
        material,
        &expect![[r#"
            Monazite daily brief No. 12 · Monday, 23 November 2026
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

            A quiet day: nothing new on rare earths was found in this window.

            Only 3 of 34 sources answered at their last poll: news may be missing here.

            ── License & controls desk ─────────────────────────────────────────────────────
            No change.

            ────────────────────────────────────────────────────────────────────────────────
            More: /controls · /calendar · /search · /watch · /help
            3 of 34 sources answered. News is told in its sources' own sentences.
            Licenses: /licenses · Latest: /latest · Settings: /settings"#]],
    );
}

#[test]
fn the_same_edition_as_a_page() {
    let page = seen(|view| page::html(&edition(busy()), &view));
    let (head, body) = page.split_once("</style>").unwrap();
    assert!(head.starts_with("<!doctype html>\n<html lang=\"en\">"));
    assert!(head.contains("prefers-color-scheme: dark"));
    for outside in ["<script", "<img", "<link", "@import", "url(", "src="] {
        assert!(!page.contains(outside), "{outside}");
    }
    let shown: Vec<&str> = body
        .lines()
        .filter(|line| {
            ["<h", "<p ", "lang=", "<time", "<article", "<section"].iter().any(|x| line.contains(x))
        })
        .collect();
    expect![[r#"
        <header>
        <p class="name">Monazite daily brief No. 12</p>
        <h1>Monday, 23 November 2026</h1>
        <p class="covers">Covers <time datetime="2026-11-22T12:00Z">Sun 22 Nov 07:00</time> to <time datetime="2026-11-23T12:00Z">Mon 23 Nov 07:00 EST</time>. Next edition: <time datetime="2026-11-24T12:00Z">Tue 24 Nov 07:00</time>.</p>
        <section class="highlights">
        <h2>Highlights</h2>
        <li dir="auto"><span lang="zh-Hans" dir="auto">11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。</span> (in Chinese) —&nbsp;<a href="https://smm.example/0003">SMM</a></li>
        <section class="desk">
        <h2>License &amp; controls desk</h2>
        <li dir="auto"><strong>New: </strong>JL MAG (金力永磁): general license reported granted, for dysprosium and terbium magnets. <em><span lang="zh-Hans" dir="auto">“公司已获得通用许可证。”</span></em> (in Chinese) —&nbsp;<a href="https://reuters.example/0001">Reuters</a></li>
        <section class="prices">
        <h2>Prices</h2>
        <section class="analysis">
        <h2>Analysis</h2>
        <article class="easing">
        <h3 dir="auto"><strong>1. </strong><a href="https://reuters.example/0001">China grants JL MAG a general license for dysprosium magnets</a></h3>
        <article class="tightening">
        <h3 dir="auto"><strong>2. </strong><a href="https://reuters.example/0002">Beijing adds twelve US defense firms to its control list</a></h3>
        <article class="easing">
        <h3 dir="auto"><strong>3. </strong><a href="https://reuters.example/0004">Lynas starts heavy rare-earth separation at Gebeng</a></h3>
        <article class="neutral">
        <h3 dir="auto"><strong>4. </strong><a href="https://smm.example/0003"><span lang="zh-Hans" dir="auto">氧化镨钕价格继续上涨</span></a></h3>
        <li dir="auto"><span lang="zh-Hans" dir="auto">11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。</span> (in Chinese)</li>
        <li dir="auto"><strong>Undisclosed: </strong><span lang="zh-Hans" dir="auto">企业未披露成交量,具体数量不得而知。</span> (in Chinese)</li>
        <article class="neutral">
        <h3 dir="auto"><strong>5. </strong><a href="https://reuters.example/0006">MP Materials draws on Pentagon loan for magnet plant</a></h3>
        <section class="companies">
        <h2>Companies &amp; projects</h2>
        <section class="watch">
        <h2>Watch next</h2>
        <section class="corrections">
        <h2>Updates &amp; corrections</h2>
        <section class="recent">
        <h2>Recent news</h2>"#]].assert_eq(&shown.join("\n"));
}

#[test]
fn a_short_view_has_highlights_the_desk_and_a_way_to_the_rest() {
    let message = seen(|view| brief(&edition(busy()), &View { length: Length::Short, ..view }));
    expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

        ── Highlights ──────────────────────────────────────────────────────────────────
        • China's commerce ministry granted JL MAG a one-year general license on Friday
          that covers dysprosium and terbium magnets for customers in Europe, three
          people said. — Reuters[1]
        • China added 12 US defense contractors to its export control list on Sunday,
          barring shipments of dual-use items including samarium magnets to them.
          — Reuters[2]
        • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
          plant in Malaysia, the company said on Monday. — Reuters[3]
        • 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。
          (in Chinese) — SMM[4]

        ── License & controls desk ─────────────────────────────────────────────────────
        • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
          terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
        • Due: The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026.
          — Clark Hill[5]

        ────────────────────────────────────────────────────────────────────────────────
        The full brief: /brief full. More: /controls · /calendar · /search · /watch ·
        /help
        31 of 34 sources answered. News is told in its sources' own sentences.
        Licenses: /licenses · Latest: /latest · Settings: /settings

        [1] https://reuters.example/0001
        [2] https://reuters.example/0002
        [3] https://reuters.example/0004
        [4] https://smm.example/0003
        [5] https://www.clarkhill.com/"#]]
    .assert_eq(&set(&message));
    let asks: Vec<&Action> = message.buttons.iter().flatten().map(|b| &b.action).collect();
    let ask = |command: &str| Action::Ask(command.to_owned());
    assert_eq!(asks, [&ask("brief full"), &ask("licenses"), &ask("latest"), &ask("settings")]);
}

#[test]
fn wishes_leave_out_what_matches_none_of_them() {
    let lexicon = lexicon();
    let view = View {
        lexicon: &lexicon,
        zone: chrono_tz::Asia::Shanghai,
        length: Length::Full,
        topics: &[],
        elements: &[Element::from("Tb")],
        companies: &[CompanyId::from("iluka")],
    };
    expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 20:00 to Mon 23 Nov 20:00 Shanghai time. Next edition: Tue 24
        Nov 20:00.

        Your choice: Terbium, Iluka. 4 other stories are left out: /latest.

        ── Highlights ──────────────────────────────────────────────────────────────────
        • China's commerce ministry granted JL MAG a one-year general license on Friday
          that covers dysprosium and terbium magnets for customers in Europe, three
          people said. — Reuters[1]
        • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
          plant in Malaysia, the company said on Monday. — Reuters[2]

        ── License & controls desk ─────────────────────────────────────────────────────
        • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
          terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
        • Due: The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026.
          — Clark Hill[3]

        ── Prices ──────────────────────────────────────────────────────────────────────
        • Tb oxide: 1,020–1,020.5 USD/kg · Rotterdam, tax basis not stated · 9 Nov (14
          days old) — Argus[4]

        ── Analysis ────────────────────────────────────────────────────────────────────
        1. China grants JL MAG a general license for dysprosium magnets[1]
        • Shipments to two German carmakers are to resume in December, after a wait of
          seven months.
        • The license counts against an annual quota of 2,400 tonnes that the ministry
          sets for each exporter.
        • Undisclosed: The ministry did not disclose the customers, volumes or
          destinations.
        • Unchanged: Controls on dysprosium metal remain in force.
        • Why it matters: A license covers its exporter and the end users named in it,
          not every buyer. China put dysprosium and terbium under export license on 4
          April 2025 (No. 18). China publishes no list of license holders: what is said
          of a company rests on the sources named here.
        • Signal: easing (“granted”, “resume”): points to easier access outside China ·
          Licensing & controls · Magnets · Dy, Tb
        • Source: Reuters[1]; also reported by Nikkei Asia[5], MINING.com[6]

        2. Lynas starts heavy rare-earth separation at Gebeng[2]
        • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
          plant in Malaysia, the company said on Monday.
        • Why it matters: China put terbium under export license on 4 April 2025 (No.
          18).
        • Signal: easing (“first production”): points to more supply · Separation &
          refining · Mining · Tb
        • Source: Reuters[2]

        ── Companies & projects ────────────────────────────────────────────────────────
        • Iluka delays Eneabba start by a quarter[7] — Reuters

        ── Watch next ──────────────────────────────────────────────────────────────────
        • Fri 27 Nov: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
          — clarkhill.com[3]
        • Mon 7 Dec: China's customs publish headline export volumes for November.

        ── Updates & corrections ───────────────────────────────────────────────────────
        • The quota of the license is 2,400 tonnes, not 24,000. Told in the edition of
          22 Nov 2026. — reuters.example[8]

        ────────────────────────────────────────────────────────────────────────────────
        More: /controls · /calendar · /search · /watch · /help
        31 of 34 sources answered. News is told in its sources' own sentences.
        Licenses: /licenses · Settings: /settings

        [1] https://reuters.example/0001
        [2] https://reuters.example/0004
        [3] https://www.clarkhill.com/
        [4] https://argus.example/tb
        [5] https://nikkei-asia.example/0001-1
        [6] https://mining.com.example/0001-2
        [7] https://reuters.example/0007
        [8] https://reuters.example/correction"#]]
    .assert_eq(&set(&brief(&edition(busy()), &view)));
}

#[test]
fn wishes_that_nothing_matches_are_told_so_and_keep_the_desk() {
    let topics = [Topic::from("recycling")];
    let shown = seen(|view| set(&brief(&edition(busy()), &View { topics: &topics, ..view })));
    expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 07:00 to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00.

        Nothing in this edition matches your choice (Recycling). /latest has all
        stories, /settings changes the choice.

        ── License & controls desk ─────────────────────────────────────────────────────
        • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
          terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
        • Due: The suspension of MOFCOM No. 46 of 2024 ends in 4 days, on 27 Nov 2026.
          — Clark Hill[2]

        ── Watch next ──────────────────────────────────────────────────────────────────
        • Fri 27 Nov: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
          — clarkhill.com[2]
        • Mon 7 Dec: China's customs publish headline export volumes for November.

        ── Updates & corrections ───────────────────────────────────────────────────────
        • The quota of the license is 2,400 tonnes, not 24,000. Told in the edition of
          22 Nov 2026. — reuters.example[3]

        ────────────────────────────────────────────────────────────────────────────────
        More: /controls · /calendar · /search · /watch · /help
        31 of 34 sources answered. News is told in its sources' own sentences.
        Licenses: /licenses

        [1] https://reuters.example/0001
        [2] https://www.clarkhill.com/
        [3] https://reuters.example/correction"#]]
    .assert_eq(&shown);
}

#[test]
fn times_are_shown_in_the_readers_zone() {
    let covers = |zone: Tz| {
        let message = seen(|view| brief(&edition(quiet()), &View { zone, ..view }));
        let Block::Paragraph(line) = &message.blocks[1] else { panic!("no paragraph") };
        let instants = line.0.iter().filter(|span| matches!(span, Span::Time { .. })).count();
        assert_eq!(instants, 3);
        line.plain()
    };
    let zones =
        [chrono_tz::Asia::Shanghai, chrono_tz::Europe::Berlin, chrono_tz::America::Sao_Paulo];
    let shown: Vec<String> = zones.into_iter().map(covers).collect();
    expect![[r#"
        Covers Sun 22 Nov 20:00 to Mon 23 Nov 20:00 Shanghai time. Next edition: Tue 24 Nov 20:00.
        Covers Sun 22 Nov 13:00 to Mon 23 Nov 13:00 CET. Next edition: Tue 24 Nov 13:00.
        Covers Sun 22 Nov 09:00 to Mon 23 Nov 09:00 Sao Paulo time. Next edition: Tue 24 Nov 09:00."#]].assert_eq(&shown.join("\n"));
}

#[test]
fn a_weekly_edition_is_called_one() {
    let window = Window { series: Series::Weekly, number: 3, ..window() };
    let edition = compose(&window, Material::default(), &lexicon());
    assert_eq!(edition.id.as_str(), "weekly/2026-11-23T12:00Z");
    let shown = seen(|view| set(&brief(&edition, &view)));
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "Monazite weekly brief No. 3 · week to Monday, 23 November 2026");
    assert!(shown.contains("A quiet week: nothing new"), "{shown}");
}

#[test]
fn headlines_say_who_when_and_which_way() {
    let stories = busy().stories;
    let shown = seen(|view| set(&headlines("Latest stories", &stories[..3], &view)));
    expect![[r#"
        Latest stories
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • China grants JL MAG a general license for dysprosium magnets[1] — Reuters,
          also reported by Nikkei Asia, MINING.com · Sun 22 Nov 22:00 EST · easing ·
          Licensing & controls · Magnets
        • Beijing adds twelve US defense firms to its control list[2] — Reuters · Sun 22
          Nov 22:00 EST · tightening · Licensing & controls · Geopolitics & trade
        • 氧化镨钕价格继续上涨[3] — SMM · Sun 22 Nov 22:00 EST · Prices

        [1] https://reuters.example/0001
        [2] https://reuters.example/0002
        [3] https://smm.example/0003"#]]
    .assert_eq(&shown);
    let none = seen(|view| set(&headlines("Latest on recycling", &[], &view)));
    expect![[r#"
        Latest on recycling
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        No stories here yet."#]]
    .assert_eq(&none);
}

// ---------------------------------------------------------------- what is told, and where

/// `busy`, all of it told by the edition that closed at `closed`.
fn told_at(closed: &str) -> Material {
    let mut material = busy();
    let earlier = (EditionId::from("2026-11-22T12:00Z"), at(closed));
    material.told =
        material.stories.iter().map(|story| (story.id.clone(), earlier.clone())).collect();
    material
}

#[test]
fn a_story_told_before_returns_only_when_it_changed_and_says_update() {
    let closed = "2026-11-23T04:00:00Z";
    assert!(edition(told_at(closed)).stories.is_empty());
    let mut material = told_at(closed);
    material.stories[0].updated = at("2026-11-23T09:00:00Z");
    material.stories[6].updated = at("2026-11-23T09:00:00Z");
    material.stories[6].highlights.clear();
    let edition = edition(material);
    assert_eq!(edition.stories, [StoryId::from("s0001"), StoryId::from("s0007")]);
    let shown = seen(|view| set(&brief(&edition, &view)));
    assert!(shown.contains("1. Update: China grants JL MAG"), "{shown}");
    assert!(shown.contains("• Iluka: Update: Iluka delays"), "{shown}");
}

#[test]
fn a_copy_of_what_was_told_is_no_update_but_another_report_is() {
    let joins = |title: &str, tier: u8| {
        let mut material = told_at("2026-11-23T04:00:00Z");
        let mut telling = telling("0001-9", title, "Copyist", tier, at("2026-11-23T08:00:00Z"));
        telling.first_seen = at("2026-11-23T09:00:00Z");
        material.stories[0].updated = telling.first_seen;
        material.stories[0].tellings.push(telling);
        edition(material).stories.len()
    };
    assert_eq!(joins("China grants JL MAG a General License for dysprosium magnets!", 1), 0);
    assert_eq!(joins("Beijing lets JL MAG ship, report says", 4), 0, "the same told again");
    assert_eq!(
        joins("Ministry confirms the license of JL MAG", 1),
        1,
        "the authority itself says it"
    );
}

#[test]
fn a_story_first_seen_after_closing_waits_for_the_next_edition() {
    let mut material = busy();
    material.stories[0].first_seen = at("2026-11-23T12:00:01Z");
    assert!(!edition(material).stories.contains(&StoryId::from("s0001")));
}

#[test]
fn highlights_are_of_different_stories_and_say_different_things() {
    let mut material = busy();
    let copy = story(
        "0008",
        "JL MAG licensed",
        &["licensing"],
        &[
            "The commerce ministry of China granted JL MAG a one-year general license on Friday covering dysprosium and terbium magnets for customers in Europe.",
        ],
    );
    material.stories.push(copy.relevant(0.9));
    let edition = edition(material);
    let publishers: Vec<&str> =
        edition.highlights.iter().map(|highlight| highlight.url.as_str()).collect();
    expect![[r#"
        https://reuters.example/0001
        https://reuters.example/0002
        https://reuters.example/0004
        https://smm.example/0003"#]]
    .assert_eq(&publishers.join("\n"));
}

#[test]
fn with_fewer_than_three_stories_one_may_give_two_sentences() {
    let mut material = busy();
    material.stories.truncate(2);
    let edition = edition(material);
    let urls: Vec<&str> = edition.highlights.iter().map(|h| h.url.as_str()).collect();
    assert_eq!(
        urls,
        [
            "https://reuters.example/0001",
            "https://reuters.example/0002",
            "https://reuters.example/0001"
        ]
    );
}

#[test]
fn a_highlight_of_a_chinese_story_is_english_where_an_english_telling_has_a_sentence() {
    let mut material = busy();
    material.stories.drain(..2);
    let english = telling("0003-en", "NdPr prices rise", "Argus", 3, at("2026-11-23T05:00:00Z"));
    material.stories[0].tellings.push(english);
    let body = "It said so. NdPr oxide rose 2 percent to 545,000-550,000 yuan per tonne in China on Monday as magnet makers bought more. Subscribe to our newsletter to read all of the prices we publish.";
    material.bodies.insert(ArticleId::from("0003-en"), body.to_owned());
    let edition = edition(material);
    let of_prices = edition.highlights.iter().find(|h| h.publisher == "Argus").unwrap();
    assert_eq!(
        of_prices.text,
        "NdPr oxide rose 2 percent to 545,000-550,000 yuan per tonne in China on Monday as magnet makers bought more."
    );
}

#[test]
fn old_news_found_late_stands_behind_the_new() {
    let mut material = busy();
    for id in ["0010", "0011"] {
        let mut old =
            story(id, GRANTED, &["licensing"], &["China's ministry granted JL MAG a license."]);
        old.published = at("2026-08-01T00:00:00Z");
        old.tellings[0].published = old.published;
        material.stories.push(old.relevant(1.0));
    }
    let edition = edition(material);
    let old = |url: &str| url.ends_with("/0010") || url.ends_with("/0011");
    assert!(edition.highlights.iter().all(|highlight| !old(&highlight.url)));
    assert!(edition.analysis.iter().all(|analysis| !old(&analysis.url)));
    let message = seen(|view| brief(&edition, &view));
    let shown = page::markdown(&message);
    assert_eq!(shown.matches(" — Reuters · 31 Jul\n").count(), 2, "{shown}");
}

#[test]
fn what_was_said_is_not_said_again() {
    let mut material = busy();
    let words = ["control list", "export control list", "ban", "Banned", "ban"];
    let listed = |id: &str, what: &str| {
        let title = format!("Beijing adds {what} to its list");
        let told = format!("China added {what} to its export control list on Sunday, it said.");
        story(id, &title, &["licensing"], &[told.as_str()])
            .about(&["Sm"], &["jl-mag"])
            .points(Direction::Tightening, &words)
    };
    material.stories = vec![
        listed("0001", "twelve firms of the defense industry"),
        listed("0002", "two drone makers and their owners"),
    ];
    let shown = page::markdown(&seen(|view| brief(&edition(material), &view)));
    let said: Vec<&str> =
        shown.lines().filter(|l| l.contains("Why it") || l.contains("Signal")).collect();
    expect![[r#"
        - **Why it matters:** Goods under control do not leave without a license. China put samarium under export license on 4 April 2025 (No. 18). China publishes no list of license holders: what is said of a company rests on the sources named here.
        - **Signal:** tightening (“export control list”, “Banned”): points to harder access outside China · Licensing & controls · Sm
        - **Signal:** tightening (“export control list”, “Banned”): points to harder access outside China · Licensing & controls · Sm"#]].assert_eq(&said.join("\n"));
}

#[test]
fn a_price_says_its_age_in_the_unit_that_fits() {
    let aged = |as_of: &str| {
        let mut material = busy();
        material.prices.truncate(1);
        material.prices[0].as_of = day(as_of);
        let shown = page::markdown(&seen(|view| brief(&edition(material), &view)));
        let line = shown.lines().find(|line| line.contains("Tb oxide")).unwrap();
        line.split(" · ").last().unwrap().split(" — ").next().unwrap().to_owned()
    };
    let ages = ["2026-11-16", "2026-11-15", "2026-09-24", "2026-09-23", "2025-09-04"].map(aged);
    expect![[r#"
        16 Nov
        15 Nov (8 days old)
        24 Sep (60 days old)
        23 Sep (2 months old)
        4 Sep 2025 (14 months old)"#]]
    .assert_eq(&ages.join("\n"));
}

#[test]
fn prices_of_long_ago_stand_only_where_there_are_no_newer_ones() {
    let shown = |as_of: &dyn Fn(usize) -> &'static str| {
        let mut material = busy();
        for (i, price) in material.prices.iter_mut().enumerate() {
            price.as_of = day(as_of(i));
        }
        let shown = page::markdown(&seen(|view| brief(&edition(material), &view)));
        let prices = shown.split("## Prices").nth(1).unwrap().split("##").next().unwrap();
        prices.trim().to_owned()
    };
    let some_old = shown(&|i| if i == 0 { "2026-11-20" } else { "2026-01-29" });
    let all_old = shown(&|_| "2026-01-29");
    expect![[r#"
        - **Tb oxide: 1,020–1,020.5 USD/kg** · Rotterdam, tax basis not stated · 20 Nov — [Argus](https://argus.example/tb)
        - and 1 more: `/latest pricing`

        The news names older prices only:

        - **NdPr oxide: 545,000–550,000 yuan/t**, up 2% · China, ex works, incl. 13% VAT · 29 Jan (9 months old) — [SMM](https://smm.example/0003)
        - **Tb oxide: 1,020–1,020.5 USD/kg** · Rotterdam, tax basis not stated · 29 Jan (9 months old) — [Argus](https://argus.example/tb)"#]].assert_eq(&format!("{some_old}\n\n{all_old}"));
}

#[test]
fn a_long_list_of_headlines_is_counted_not_lost() {
    let mut material = Material::default();
    for i in 0..30 {
        material.stories.push(story(&format!("{i:04}"), &format!("Headline {i}"), &[], &[]));
    }
    let edition = edition(material);
    assert_eq!((edition.recent.len(), edition.stories.len()), (30, 30));
    let shown = seen(|view| set(&brief(&edition, &view)));
    assert_eq!(shown.matches("• Headline").count(), 8);
    assert!(shown.contains("• and 22 more: /latest"), "{shown}");
}

#[test]
fn a_full_brief_of_a_busy_day_fits_in_two_messages_of_telegram() {
    let message = seen(|view| brief(&edition(busy()), &view));
    let mut shown = 0;
    for block in &message.blocks {
        shown += match block {
            Block::List(lines) => lines.iter().map(|l| l.plain().chars().count() + 3).sum(),
            Block::Title(line)
            | Block::Heading(line)
            | Block::Subheading(line)
            | Block::Paragraph(line)
            | Block::Quote(line)
            | Block::Footer(line) => line.plain().chars().count() + 2,
            Block::Table { .. } => 0,
        };
    }
    assert!(shown < 2 * 4096, "{shown}");
}

fn sequence(seed: u64, n: usize) -> Vec<usize> {
    // A fixed walk over the numbers below n, another for every seed.
    let mut order: Vec<usize> = (0..n).collect();
    let mut state = seed | 1;
    for i in (1..n).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(i, usize::try_from((state >> 33) % (i as u64 + 1)).unwrap());
    }
    order
}

fn shuffled<T: Clone>(list: &[T], seed: u64) -> Vec<T> {
    sequence(seed, list.len()).into_iter().map(|i| list[i].clone()).collect()
}

proptest! {
    #[test]
    fn an_edition_does_not_depend_on_the_order_of_its_material(
        seed in any::<u64>(),
        relevance in proptest::collection::vec(0_u8..4, 7),
        topics in proptest::collection::vec(0_usize..4, 7),
    ) {
        let names = ["licensing", "pricing", "mining", "finance"];
        let mut material = busy();
        for (i, story) in material.stories.iter_mut().enumerate() {
            story.relevance = f32::from(relevance[i]) / 4.0;
            story.topics = vec![Topic::from(names[topics[i]])];
        }
        // The same story twice, as an older and a newer record.
        let mut older = material.stories[0].clone();
        older.updated -= TimeDelta::hours(1);
        older.title = "An older title".to_owned();
        material.stories.push(older);
        let mut other = Material { sources_ok: material.sources_ok, ..Material::default() };
        other.stories = shuffled(&material.stories, seed);
        other.prices = shuffled(&material.prices, seed);
        other.desk = shuffled(&material.desk, seed);
        other.watch_next = shuffled(&material.watch_next, seed);
        other.corrections = material.corrections.clone();
        other.bodies = material.bodies.clone();
        let (first, second) = (edition(material), edition(other));
        prop_assert!(!first.stories.is_empty());
        prop_assert_eq!(first, second);
    }
}

// ---------------------------------------------------------------- texts of strangers

/// What a page may write to do harm.
const HOSTILE: &str = "<script>alert('x')</script> \"quoted\" & @everyone \u{1b}[31mred\u{7} \u{202e}drowssap\u{202c} [x](javascript:alert) `code` *bold* | 👩🏽‍🔬\r\n# heading";

/// An edition of which every text is `hostile`.
fn hostile(hostile: &str) -> Edition {
    let mut material = busy();
    for story in &mut material.stories {
        hostile.clone_into(&mut story.title);
        for telling in &mut story.tellings {
            hostile.clone_into(&mut telling.publisher);
            hostile.clone_into(&mut telling.title);
        }
        for highlight in &mut story.highlights {
            highlight.text.push_str(hostile);
            hostile.clone_into(&mut highlight.publisher);
        }
        story.signal.words = vec![hostile.to_owned()];
    }
    material.stories[1].tellings[0].url = "javascript:alert('x')".to_owned();
    material.stories[2].tellings[0].url = format!("https://a.example/{hostile}");
    for price in &mut material.prices {
        price.change = Some(hostile.to_owned());
        hostile.clone_into(&mut price.publisher);
    }
    for entry in &mut material.desk {
        hostile.clone_into(&mut entry.text);
        hostile.clone_into(&mut entry.quote);
    }
    for event in &mut material.watch_next {
        hostile.clone_into(&mut event.what);
    }
    for correction in &mut material.corrections {
        hostile.clone_into(&mut correction.what);
    }
    edition(material)
}

#[test]
fn a_hostile_text_is_only_text_on_a_page() {
    let page = seen(|view| page::html(&hostile(HOSTILE), &view));
    assert!(!page.contains("<script") && !page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(!page.contains("href=\"javascript"));
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &quot;quoted&quot; &amp; @everyone [31mred drowssap"));
}

#[test]
fn a_hostile_text_is_only_text_in_markdown() {
    let message = Message {
        blocks: vec![
            Block::Title(Line::text(HOSTILE)),
            Block::Paragraph(Line::text("1. no list")),
            Block::Paragraph(Line::text("# no heading")),
            Block::List(vec![
                Line::text("- no list in a list").with(Span::Bold(" spaced ".to_owned())),
                Line(vec![Span::Code("a`b".to_owned()), Span::Command("/help".to_owned())]),
            ]),
            Block::Quote(Line(vec![Span::Link {
                text: "a ] b".to_owned(),
                url: "https://a.example/(x)|y".to_owned(),
            }])),
            Block::Paragraph(Line(vec![Span::Link {
                text: "no link".to_owned(),
                url: "javascript:alert(1)".to_owned(),
            }])),
            Block::Table {
                head: vec!["A|B".to_owned(), "C".to_owned()],
                rows: vec![vec![Line::text("1|2"), Line::text("3\n4")]],
            },
            Block::Footer(Line::text("small")),
        ],
        buttons: vec![vec![
            Button {
                label: "Page".to_owned(),
                action: Action::Open("https://a.example/".to_owned()),
            },
            Button { label: "Latest".to_owned(), action: Action::Ask("latest".to_owned()) },
        ]],
        ..Message::default()
    };
    expect![[r##"
        # &lt;script&gt;alert('x')&lt;/script&gt; "quoted" & @everyone \[31mred drowssap \[x\](javascript:alert) \`code\` \*bold\* \| 👩🏽‍🔬  # heading

        1\. no list

        \# no heading

        - \- no list in a list **spaced**
        - ``a`b`` `/help`

        > [a \] b](https://a.example/%28x%29%7Cy)

        no link

        | A\|B | C |
        | --- | --- |
        | 1\|2 | 3 4 |

        ---

        small

        [Page](https://a.example/)
    "##]].assert_eq(&page::markdown(&message));
}

#[test]
fn no_control_character_of_a_source_reaches_the_terminal() {
    for links in [Links::Footnotes, Links::Inline] {
        let look = Look { links, ..Look::PLAIN };
        let shown = seen(|view| text(&brief(&hostile(HOSTILE), &view), &look));
        let wrong = |c: &char| (c.is_control() && *c != '\n') || *c == '\u{202e}';
        assert_eq!(shown.chars().find(wrong), None);
        assert!(shown.contains("[31mred"), "the text itself stays: {shown}");
    }
    // With colors and hyperlinks, every escape sequence is one of ours.
    let look = Look { color: true, width: 80, links: Links::Hyperlinks };
    let mut rest = seen(|view| text(&brief(&hostile(HOSTILE), &view), &look));
    let ours = regex::Regex::new(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\").unwrap();
    rest = ours.replace_all(&rest, "").into_owned();
    assert!(!rest.contains('\u{1b}') && !rest.contains('\u{7}'));
}

#[test]
fn long_texts_are_cut_and_say_so() {
    let long = "Rare earths ".repeat(60);
    let shown = seen(|view| brief(&hostile(&long), &view));
    let titles: Vec<usize> = shown
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Subheading(line) if line.plain().contains(". Rare earths") => {
                Some(line.plain().chars().count())
            }
            _ => None,
        })
        .collect();
    assert!(!titles.is_empty() && titles.iter().all(|length| *length <= 164), "{titles:?}");
    assert!(set(&shown).contains('…'));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_page_shows_any_text_and_no_markup_of_it(
        text in r#"[<>&"'/a-z=! \-\u{1b}\u{202e}漢字]{1,40}"#
    ) {
        let marked = format!("Q{text}Q");
        let page = seen(|view| page::html(&hostile(&marked), &view));
        let parsed = scraper::Html::parse_document(&page);
        let known = ["html", "head", "meta", "title", "style", "body", "main", "header", "footer",
            "section", "article", "h1", "h2", "h3", "p", "ul", "li", "a", "strong", "em", "code",
            "span", "time"];
        for node in parsed.root_element().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            prop_assert!(known.contains(&element.name()), "{}", element.name());
            for (name, value) in element.attrs() {
                let fine = matches!(name, "class" | "lang" | "dir" | "datetime" | "charset"
                    | "name" | "content" | "http-equiv")
                    || (name == "href" && value.starts_with("https://"));
                prop_assert!(fine, "{name}={value}");
            }
        }
        let shown: String = parsed.root_element().text().collect();
        let shown = shown.replace('\u{a0}', " ");
        prop_assert!(shown.contains(&monazite::text::one_line(&marked)));
    }

    #[test]
    fn a_terminal_line_is_never_wider_than_asked(
        text in "[a-zA-Z0-9 ,.—“”（），。稀土镝👩🏽‍🔬é\u{300}\u{1b}\t]{0,200}",
        width in 20_usize..100,
    ) {
        let line = Line::text(text.as_str()).with(Span::Bold(text.clone()));
        let message = Message {
            blocks: vec![
                Block::Title(line.clone()),
                Block::Heading(line.clone()),
                Block::Subheading(line.clone()),
                Block::Paragraph(line.clone()),
                Block::List(vec![line.clone(), line.clone()]),
                Block::Quote(line.clone()),
                Block::Table { head: vec!["A".to_owned()], rows: vec![vec![line.clone()]] },
                Block::Footer(line),
            ],
            ..Message::default()
        };
        let look = Look { width, ..Look::PLAIN };
        let shown = monazite::chat::console::text(&message, &look);
        for row in shown.lines() {
            prop_assert!(monazite::text::width(row) <= width, "{row:?}");
        }
        // Nothing is lost in wrapping: all that is to be seen is there, in its order.
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let expected = letters(&text).repeat(2);
        prop_assert!(letters(&shown).starts_with(&expected.repeat(6)));
    }
}

// ---------------------------------------------------------------- the terminal

/// A message with everything a message can hold.
fn everything() -> Message {
    let link = |text: &str, url: &str| Span::Link { text: text.to_owned(), url: url.to_owned() };
    Message {
        blocks: vec![
            Block::Title(Line::text("Licenses 许可证")),
            Block::Paragraph(
                Line::text("See ")
                    .with(link("the notice", "https://mofcom.example/notice?a=1&b=稀土"))
                    .with(Span::Text(" of ".to_owned()))
                    .with(Span::Time { at: at("2026-11-23T12:00:00Z"), text: "Monday".to_owned() })
                    .with(Span::Text(", ".to_owned()))
                    .with(Span::Bold("at once".to_owned()))
                    .with(Span::Text(" or ask ".to_owned()))
                    .with(Span::Command("/help".to_owned())),
            ),
            Block::Heading(Line::text("Holders")),
            Block::Table {
                head: vec!["Holder".to_owned(), "Type".to_owned(), "Since".to_owned()],
                rows: vec![
                    vec![Line::text("金力永磁"), Line::text("general"), Line::text("2025-12")],
                    vec![
                        Line(vec![link("Yunsheng", "https://a.example/y")]),
                        Line::text("individual"),
                        Line::text("2025-05"),
                    ],
                ],
            },
            Block::Quote(Line::text(
                "公司已获得商务部颁发的通用出口许可证，可向多家海外客户持续供货，有效期一年，到期前可申请续期。",
            )),
            Block::List(vec![Line::text("one"), Line(vec![Span::Code("two".to_owned())])]),
            Block::Footer(Line::text("Small print.")),
        ],
        buttons: vec![vec![
            Button { label: "Help".to_owned(), action: Action::Ask("help".to_owned()) },
            Button { label: "Older".to_owned(), action: Action::Edit("licenses 2".to_owned()) },
            Button {
                label: "Page".to_owned(),
                action: Action::Open("https://a.example/y".to_owned()),
            },
        ]],
        ..Message::default()
    }
}

/// The widest columns give way, a label spans the table, and what continues a first cell is set in.
#[test]
fn a_wide_table_wraps_in_its_columns() {
    let row = |cells: [&str; 3]| cells.map(Line::text).to_vec();
    let table = Message {
        blocks: vec![Block::Table {
            head: ["Holder", "Scope", "Since"].map(str::to_owned).to_vec(),
            rows: vec![
                row(["General licenses, as reported", "", ""]),
                row(["JL MAG Rare-Earth (金力永磁)", "for nearly all customers", "2 Dec"]),
                row(["Zhenghai", "", "18\u{a0}May\u{a0}2025"]),
            ],
        }],
        ..Message::default()
    };
    let set = |width| text(&table, &Look { width, ..Look::PLAIN });
    for width in 20..80 {
        assert!(set(width).lines().all(|line| monazite::text::width(line) <= width), "{width}");
    }
    expect![[r#"
        Holder        Scope         Since

        General licenses, as reported
        JL MAG        for nearly    2 Dec
         Rare-Earth   all
         (金力永磁)   customers
        Zhenghai                    18 May 2025
    "#]]
    .assert_eq(&(set(40) + "\n"));
    expect![[r#"
        General licenses, as
        reported
        • Holder: JL MAG
          Rare-Earth (金力永磁)
          Scope: for nearly all
          customers
          Since: 2 Dec
        • Holder: Zhenghai
          Since: 18 May 2025
    "#]]
    .assert_eq(&(set(24) + "\n"));
}

#[test]
fn a_terminal_without_colors_or_links() {
    let look = Look { width: 46, ..Look::PLAIN };
    expect![[r#"
        Licenses 许可证
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        See the notice[1] of Monday, at once or ask
        /help

        ── Holders ───────────────────────────────────
        Holder       Type        Since
        金力永磁     general     2025-12
        Yunsheng[2]  individual  2025-05

        │ 公司已获得商务部颁发的通用出口许可证，可向多
        │ 家海外客户持续供货，有效期一年，到期前可申请
        │ 续期。

        • one
        • two

        ──────────────────────────────────────────────
        Small print.
        Older: /licenses 2 · Page[2]

        [1] https://mofcom.example/notice?a=1&b=%E7%A8%80%E5%9C%9F
        [2] https://a.example/y"#]]
    .assert_eq(&text(&everything(), &look));
}

#[test]
fn a_terminal_with_colors_and_hyperlinks() {
    let look = Look { color: true, width: 46, links: Links::Hyperlinks };
    let shown = text(&everything(), &look).replace('\u{1b}', "^");
    expect![[r#"
        ^[1mLicenses 许可证^[0m
        ^[2m━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━^[0m
        See ^]8;;https://mofcom.example/notice?a=1&b=%E7%A8%80%E5%9C%9F^\^[36mthe notice^[0m^]8;;^\ of Monday, ^[1mat once^[0m or ask ^[32m/help^[0m

        ^[2m── ^[0m^[1mHolders^[0m ^[2m───────────────────────────────────^[0m
        ^[1mHolder^[0m    ^[1mType^[0m        ^[1mSince^[0m
        金力永磁  general     2025-12
        ^]8;;https://a.example/y^\^[36mYunsheng^[0m^]8;;^\  individual  2025-05

        ^[2m│ ^[0m^[3m公司已获得商务部颁发的通用出口许可证，可向多^[0m
        ^[2m│ ^[0m^[3m家海外客户持续供货，有效期一年，到期前可申请^[0m
        ^[2m│ ^[0m^[3m续期。^[0m

        ^[2m• ^[0mone
        ^[2m• ^[0m^[32mtwo^[0m

        ^[2m──────────────────────────────────────────────^[0m
        ^[2mSmall print.^[0m
        ^[2mOlder: ^[0m^[2;32m/licenses 2^[0m^[2m · ^[0m^]8;;https://a.example/y^\^[2;36mPage^[0m^]8;;^\"#]].assert_eq(&shown);
}

#[test]
fn a_narrow_terminal_stacks_its_tables_and_shows_addresses_inline() {
    let look = Look { width: 24, links: Links::Inline, ..Look::PLAIN };
    expect![[r#"
        Licenses 许可证
        ━━━━━━━━━━━━━━━━━━━━━━━━
        See the notice
        (https://mofcom.example/
        notice?a=1&b=%E7%A8%80%E
        5%9C%9F) of Monday, at
        once or ask /help

        ── Holders ─────────────
        • Holder: 金力永磁
          Type: general
          Since: 2025-12
        • Holder: Yunsheng
          (https://a.example/y)
          Type: individual
          Since: 2025-05

        │ 公司已获得商务部颁发的
        │ 通用出口许可证，可向多
        │ 家海外客户持续供货，有
        │ 效期一年，到期前可申请
        │ 续期。

        • one
        • two

        ────────────────────────
        Small print.
        Older: /licenses 2 ·
        Page
        (https://a.example/y)"#]]
    .assert_eq(&text(&everything(), &look));
}

#[test]
fn a_look_suits_its_terminal() {
    let look = |terminal: bool, columns: Option<usize>, set: &[(&str, &str)]| {
        let variable = |name: &str| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Look::suited(terminal, columns, &variable)
    };
    assert_eq!(look(false, Some(200), &[("TERM", "xterm-kitty")]), Look::PLAIN);
    assert_eq!(look(true, Some(200), &[("TERM", "dumb")]), Look::PLAIN);
    let kitty = look(true, Some(200), &[("TERM", "xterm-kitty")]);
    assert_eq!(kitty, Look { color: true, width: 100, links: Links::Hyperlinks });
    let gnome = look(true, Some(72), &[("TERM", "xterm-256color"), ("VTE_VERSION", "7600")]);
    assert_eq!(gnome, Look { color: true, width: 72, links: Links::Hyperlinks });
    let plain = look(true, None, &[("TERM", "xterm"), ("NO_COLOR", "1")]);
    assert_eq!(plain, Look { color: false, width: 80, links: Links::Footnotes });
}

/// A writer that can be looked into.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_console_writes_what_it_renders_and_listens_until_stopped() {
    let paper = Paper::default();
    let console = Console::new(Box::new(paper.clone()), Look::PLAIN);
    assert_eq!(console.name(), PlatformName::Console);
    let menu =
        [MenuItem { name: "help", summary: "Help", usage: "", manage: false, completes: false }];
    console.publish_menu(&menu).await.unwrap();
    console.check().await.unwrap();
    let to = Target::Chat(Destination { platform: PlatformName::Console, chat: 0, thread: None });
    let parts = console.render(&Message::text("Good \u{1b}[2Jmorning."));
    assert_eq!(parts.len(), 1);
    let first = console.send(&to, &parts[0], Some("nonce")).await.unwrap();
    let second = console.send(&to, &parts[0], None).await.unwrap();
    assert_ne!(first, second);
    let written = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    assert_eq!(written, "Good [2Jmorning.\n\nGood [2Jmorning.\n");
    let (events, mut received) = tokio::sync::mpsc::channel(1);
    let stop = tokio_util::sync::CancellationToken::new();
    let listening = console.listen(&menu, events, stop.clone());
    tokio::pin!(listening);
    assert!(futures::poll!(listening.as_mut()).is_pending());
    stop.cancel();
    listening.await.unwrap();
    assert!(received.try_recv().is_err());
}

#[test]
fn commands_and_names_are_completed_as_they_are_typed() {
    let commands = ["brief", "help", "latest"].map(str::to_owned);
    let words = ["dysprosium", "JL MAG", "MP Materials"].map(str::to_owned);
    let complete = |line: &str| completions(&commands, &words, line, line.len());
    let found = |at: usize, list: &[&str]| (at, list.iter().map(|s| (*s).to_owned()).collect());
    assert_eq!(complete("/la"), found(0, &["/latest "]));
    assert_eq!(complete("BR"), found(0, &["/brief "]));
    assert_eq!(complete(""), found(0, &["/brief ", "/help ", "/latest "]));
    assert_eq!(complete("/latest jl m"), found(8, &["JL MAG"]));
    assert_eq!(complete("/latest jl mag m"), found(15, &["MP Materials"]));
    assert_eq!(complete("/latest x"), found(9, &[]));
    assert_eq!(complete("/latest "), found(8, &[]));
    assert_eq!(completions(&commands, &words, "é", 1), found(0, &[]));
}
