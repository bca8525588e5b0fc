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
use monazite::model::license::{DeskEntry, DeskKind};
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
                text: "MOFCOM No. 46 of 2024: its suspension ends in 4 days, on 27 Nov 2026."
                    .to_owned(),
                quote: String::new(),
                publisher: "Clark Hill".to_owned(),
                url: "https://www.clarkhill.com/".to_owned(),
                days: Some(4),
            },
            DeskEntry {
                kind: DeskKind::New,
                text: "JL MAG (金力永磁): general license reported granted, for dysprosium and terbium magnets."
                    .to_owned(),
                quote: "公司已获得通用许可证。".to_owned(),
                publisher: "Reuters".to_owned(),
                url: "https://reuters.example/0001".to_owned(),
                days: None,
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
fn check(material: Material, expected: Expect) {
    let shown = seen(|view| set(&brief(&edition(material), &view)));
    expected.assert_eq(&shown);
}

// ---------------------------------------------------------------- editions

#[test]
fn a_full_edition_on_a_terminal() {
    check(
        busy(),
        expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 07:00 EST to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov
        07:00 EST.

        ── Highlights ──────────────────────────────────────────────────────────────────
        • China's commerce ministry granted JL MAG a one-year general license on Friday
          that covers dysprosium and terbium magnets for customers in Europe, three
          people said. — Reuters[1]
        • China added 12 US defense contractors to its export control list on Sunday,
          barring shipments of dual-use items including samarium magnets to them. —
          Reuters[2]
        • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
          plant in Malaysia, the company said on Monday. — Reuters[3]
        • 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。
          (in Chinese) — SMM[4]

        ── License & controls desk ─────────────────────────────────────────────────────
        • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
          terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
        • Due: MOFCOM No. 46 of 2024: its suspension ends in 4 days, on 27 Nov 2026. —
          Clark Hill[5]

        ── Prices ──────────────────────────────────────────────────────────────────────
        • NdPr oxide 545,000–550,000 yuan/t · incl. 13% VAT · China, ex works · 23 Nov
          2026 · up 2% · SMM[4]
        • Tb oxide 1,020–1,020.5 USD/kg · tax basis not stated · Rotterdam · 9 Nov 2026
          (14 days old) · Argus[6]

        ── Analysis ────────────────────────────────────────────────────────────────────
        1. China grants JL MAG a general license for dysprosium magnets[1]
        • Shipments to two German carmakers are to resume in December, after a wait of
          seven months.
        • The license counts against an annual quota of 2,400 tonnes that the ministry
          sets for each exporter.
        • Undisclosed: The ministry did not disclose the customers, volumes or
          destinations.
        • Unchanged: Controls on dysprosium metal remain in force.
        • Why it matters: Availability: the wording points to easier access outside
          China; a license covers its exporter and the end users named in it, not every
          buyer. China put dysprosium and terbium under export license on 4 April 2025
          (No. 18). China publishes no list of license holders: what is said of a
          company rests on the sources named here.
        • Signal: easing (“granted”, “resume”) · Licensing & controls · Magnets ·
          dysprosium · terbium
        • Source: Reuters[1]; also reported by Nikkei Asia[7], MINING.com[8]

        2. Beijing adds twelve US defense firms to its control list[2]
        • Exporters with goods on the water must apply for each consignment by 30
          November.
        • Why it matters: Availability: the wording points to harder access outside
          China; goods under control do not leave without a license. China put samarium
          under export license on 4 April 2025 (No. 18). Geopolitics: the wording points
          to more friction in trade.
        • Signal: tightening (“barring”, “control list”) · Licensing & controls ·
          Geopolitics & trade · samarium
        • Source: Reuters[2]

        3. Lynas starts heavy rare-earth separation at Gebeng[3]
        • Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng
          plant in Malaysia, the company said on Monday.
        • Why it matters: Availability: the wording points to more supply. China put
          terbium under export license on 4 April 2025 (No. 18).
        • Signal: easing (“first production”) · Separation & refining · Mining · terbium
        • Source: Reuters[3]

        4. 氧化镨钕价格继续上涨[4]
        • 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。
          (in Chinese)
        • Undisclosed: 企业未披露成交量,具体数量不得而知。 (in Chinese)
        • Why it matters: China's license list of April 2025 (No. 18) does not name
          neodymium or praseodymium; magnets that hold dysprosium or terbium are on it.
          Price: a figure holds only for its own day, place and tax basis; prices inside
          China usually include 13% VAT.
        • Signal: neutral · Prices · neodymium · praseodymium
        • Source: SMM[4]

        5. MP Materials draws on Pentagon loan for magnet plant[9]
        • MP Materials drew USD 150 million of its Pentagon loan to widen its magnet
          plant in Texas, a filing showed.
        • Signal: neutral · Finance & deals · Magnets
        • Source: Reuters[9]

        ── Companies & projects ────────────────────────────────────────────────────────
        • Iluka: Iluka delays Eneabba start by a quarter[10] — Reuters

        ── Watch next ──────────────────────────────────────────────────────────────────
        • Fri 27 Nov 2026: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
          source[5]
        • Mon 7 Dec 2026: China's customs publish headline export volumes for November.

        ── Updates & corrections ───────────────────────────────────────────────────────
        • The quota of the license is 2,400 tonnes, not 24,000. (Edition
          2026-11-22T12:00Z) source[11]

        ── Recent news ─────────────────────────────────────────────────────────────────
        • Court clears Greenland deposit's owner to appeal[12] — Reuters

        ────────────────────────────────────────────────────────────────────────────────
        More: /latest /settings /help
        Sources OK: 31/34. Summaries are extracts: sentences of the sources themselves.
        Latest: /latest Settings: /settings

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

        Covers Sun 22 Nov 07:00 EST to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov 07:00 EST.

        ## Highlights

        - China's commerce ministry granted JL MAG a one-year general license on Friday that covers dysprosium and terbium magnets for customers in Europe, three people said. — [Reuters](https://reuters.example/0001)
        - China added 12 US defense contractors to its export control list on Sunday, barring shipments of dual-use items including samarium magnets to them. — [Reuters](https://reuters.example/0002)
        - Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng plant in Malaysia, the company said on Monday. — [Reuters](https://reuters.example/0004)
        - 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。 (in Chinese) — [SMM](https://smm.example/0003)

        ## License &amp; controls desk

        - **New:** JL MAG (金力永磁): general license reported granted, for dysprosium and terbium magnets. *“公司已获得通用许可证。”* (in Chinese) — [Reuters](https://reuters.example/0001)
        - **Due:** MOFCOM No. 46 of 2024: its suspension ends in 4 days, on 27 Nov 2026. — [Clark Hill](https://www.clarkhill.com/)

        ## Prices

        - **NdPr oxide** **545,000–550,000 yuan/t** · incl. 13% VAT · China, ex works · 23 Nov 2026 · up 2% · [SMM](https://smm.example/0003)
        - **Tb oxide** **1,020–1,020.5 USD/kg** · tax basis not stated · Rotterdam · 9 Nov 2026 (14 days old) · [Argus](https://argus.example/tb)

        ## Analysis

        **1.** [China grants JL MAG a general license for dysprosium magnets](https://reuters.example/0001)

        - Shipments to two German carmakers are to resume in December, after a wait of seven months.
        - The license counts against an annual quota of 2,400 tonnes that the ministry sets for each exporter.
        - **Undisclosed:** The ministry did not disclose the customers, volumes or destinations.
        - **Unchanged:** Controls on dysprosium metal remain in force.
        - **Why it matters:** Availability: the wording points to easier access outside China; a license covers its exporter and the end users named in it, not every buyer. China put dysprosium and terbium under export license on 4 April 2025 (No. 18). China publishes no list of license holders: what is said of a company rests on the sources named here.
        - **Signal:** easing (“granted”, “resume”) · Licensing &amp; controls · Magnets · dysprosium · terbium
        - **Source:** [Reuters](https://reuters.example/0001); also reported by [Nikkei Asia](https://nikkei-asia.example/0001-1), [MINING.com](https://mining.com.example/0001-2)

        **2.** [Beijing adds twelve US defense firms to its control list](https://reuters.example/0002)

        - Exporters with goods on the water must apply for each consignment by 30 November.
        - **Why it matters:** Availability: the wording points to harder access outside China; goods under control do not leave without a license. China put samarium under export license on 4 April 2025 (No. 18). Geopolitics: the wording points to more friction in trade.
        - **Signal:** tightening (“barring”, “control list”) · Licensing &amp; controls · Geopolitics &amp; trade · samarium
        - **Source:** [Reuters](https://reuters.example/0002)

        **3.** [Lynas starts heavy rare-earth separation at Gebeng](https://reuters.example/0004)

        - Lynas Rare Earths produced its first 5 tonnes of terbium oxide at its Gebeng plant in Malaysia, the company said on Monday.
        - **Why it matters:** Availability: the wording points to more supply. China put terbium under export license on 4 April 2025 (No. 18).
        - **Signal:** easing (“first production”) · Separation &amp; refining · Mining · terbium
        - **Source:** [Reuters](https://reuters.example/0004)

        **4.** [氧化镨钕价格继续上涨](https://smm.example/0003)

        - 11月23日,氧化镨钕报价为54.5万元至55万元/吨,较上周五上涨2%,下游磁材厂采购增加。 (in Chinese)
        - **Undisclosed:** 企业未披露成交量,具体数量不得而知。 (in Chinese)
        - **Why it matters:** China's license list of April 2025 (No. 18) does not name neodymium or praseodymium; magnets that hold dysprosium or terbium are on it. Price: a figure holds only for its own day, place and tax basis; prices inside China usually include 13% VAT.
        - **Signal:** neutral · Prices · neodymium · praseodymium
        - **Source:** [SMM](https://smm.example/0003)

        **5.** [MP Materials draws on Pentagon loan for magnet plant](https://reuters.example/0006)

        - MP Materials drew USD 150 million of its Pentagon loan to widen its magnet plant in Texas, a filing showed.
        - **Signal:** neutral · Finance &amp; deals · Magnets
        - **Source:** [Reuters](https://reuters.example/0006)

        ## Companies &amp; projects

        - **Iluka:** [Iluka delays Eneabba start by a quarter](https://reuters.example/0007) — Reuters

        ## Watch next

        - **Fri 27 Nov 2026:** Suspension of MOFCOM No. 46 of 2024 ends, unless extended. [source](https://www.clarkhill.com/)
        - **Mon 7 Dec 2026:** China's customs publish headline export volumes for November.

        ## Updates &amp; corrections

        - The quota of the license is 2,400 tonnes, not 24,000. (Edition 2026-11-22T12:00Z) [source](https://reuters.example/correction)

        ## Recent news

        - [Court clears Greenland deposit's owner to appeal](https://reuters.example/0005) — Reuters

        ---

        More: `/latest` `/settings` `/help`

        Sources OK: 31/34. Summaries are extracts: sentences of the sources themselves.
    "#]].assert_eq(&shown);
}

#[test]
fn a_quiet_day_is_short_and_says_so() {
    check(
        quiet(),
        expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 07:00 EST to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov
        07:00 EST.

        A quiet day: nothing new on rare earths was found in this window.

        ── License & controls desk ─────────────────────────────────────────────────────
        • New: JL MAG (金力永磁): general license reported granted, for dysprosium and
          terbium magnets. “公司已获得通用许可证。” (in Chinese) — Reuters[1]
        • Due: MOFCOM No. 46 of 2024: its suspension ends in 4 days, on 27 Nov 2026. —
          Clark Hill[2]

        ── Watch next ──────────────────────────────────────────────────────────────────
        • Fri 27 Nov 2026: Suspension of MOFCOM No. 46 of 2024 ends, unless extended.
          source[2]
        • Mon 7 Dec 2026: China's customs publish headline export volumes for November.

        ────────────────────────────────────────────────────────────────────────────────
        More: /latest /settings /help
        Sources OK: 34/34. Summaries are extracts: sentences of the sources themselves.
        Latest: /latest Settings: /settings

        [1] https://reuters.example/0001
        [2] https://www.clarkhill.com/"#]],
    );
}

#[test]
fn an_empty_desk_says_no_change() {
    let material = Material { sources_ok: (3, 34), ..Material::default() };
    check(
        material,
        expect![[r#"
        Monazite daily brief No. 12 · Monday, 23 November 2026
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Covers Sun 22 Nov 07:00 EST to Mon 23 Nov 07:00 EST. Next edition: Tue 24 Nov
        07:00 EST.

        A quiet day: nothing new on rare earths was found in this window.

        Only 3 of 34 sources answered at their last poll: news may be missing here.

        ── License & controls desk ─────────────────────────────────────────────────────
        No change.

        ────────────────────────────────────────────────────────────────────────────────
        More: /latest /settings /help
        Sources OK: 3/34. Summaries are extracts: sentences of the sources themselves.
        Latest: /latest Settings: /settings"#]],
    );
}
#[test]
fn zz_dump() {
    if let Ok(p) = std::env::var("PAGE") {
        std::fs::write(p, seen(|view| page::html(&edition(busy()), &view))).unwrap();
    }
}
