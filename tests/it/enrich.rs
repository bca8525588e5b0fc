//! Understanding: what a text is about, its highlights, signal, prices and dates.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use expect_test::{Expect, expect};
use monazite::enrich::cluster::{ClusterIndex, Fingerprint, Placed, Told};
use monazite::enrich::{self, dates};
use monazite::extract;
use monazite::lexicon::Lexicon;
use monazite::model::article::{ArticleId, Language, SourceId};
use monazite::model::story::StoryId;
use monazite::text;
use proptest::prelude::*;

use crate::world::home::at;

fn lexicon() -> Lexicon {
    Lexicon::parse(include_str!("../../config/lexicon.toml")).unwrap()
}

fn language(text: &str) -> Language {
    extract::language(text, Some("en"))
}

/// What each text is understood to be about, a line each.
fn check_about(texts: &[(&str, &str)], expected: &Expect) {
    let lexicon = lexicon();
    let mut told = String::new();
    for (title, body) in texts {
        let found = enrich::classify(title, body, &language(&format!("{title} {body}")), &lexicon);
        let list = |ids: Vec<String>| if ids.is_empty() { "-".to_owned() } else { ids.join(" ") };
        let topics = list(found.topics.iter().map(|t| t.0.clone()).collect());
        let elements = list(found.elements.iter().map(|e| e.0.clone()).collect());
        let companies = list(found.companies.iter().map(|c| c.0.clone()).collect());
        let aside = found.set_aside.map(|why| format!(" | aside: {why}")).unwrap_or_default();
        writeln!(told, "{title}\n  {topics} | {elements} | {companies}{aside}").unwrap();
    }
    expected.assert_eq(&told);
}

fn check_highlights(title: &str, body: &str, expected: &Expect) {
    let highlights = enrich::summarize(title, body, &language(body), &lexicon());
    expected.assert_eq(&highlights.join("\n"));
}

fn check_signal(texts: &[&str], expected: &Expect) {
    let lexicon = lexicon();
    let told: Vec<String> = texts
        .iter()
        .map(|text| {
            let signal = enrich::signal("", text, &language(text), &lexicon);
            format!("{}: {} {:?}", text, signal.direction.word(), signal.words)
        })
        .collect();
    expected.assert_eq(&told.join("\n"));
}

fn check_prices(texts: &[&str], expected: &Expect) {
    let lexicon = lexicon();
    let now = at("2026-11-23T12:00:00Z");
    let mut told = String::new();
    for body in texts {
        writeln!(told, "{body}").unwrap();
        for p in enrich::prices("", body, "Desk", "https://desk.example/1", now, &lexicon) {
            let change = p.change.unwrap_or_else(|| "-".to_owned());
            writeln!(
                told,
                "  {}: {}–{} {} | {} | {} | {} | {change}",
                p.product, p.low, p.high, p.unit, p.tax, p.market, p.as_of
            )
            .unwrap();
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn element_symbols_need_chemistry_beside_them() {
    check_about(
        &[
            ("Rare earth PR campaign", "Er, ho, la la: the PR agency wrote Y and Nd on the wall."),
            ("Rare earth prices: Dy2O3 and Tb4O7", "Dealers quoted Dy2O3."),
            ("Rare earth alloy NdPr", "NdPr metal was sold."),
            ("Rare earth controls", "The list names Sm, Gd, Tb, Dy, Lu, Sc and Y."),
            ("稀土管制清单", "清单列出 Sm、Gd、Tb、Dy。"),
            ("Rare earth notes", "Section Y, part La and Pr are in annex Ho."),
            ("Rare earth oxides", "Nd oxide, Pr-metal and Y (oxide) were traded."),
        ],
        &expect![[r#"
            Rare earth PR campaign
              - | - | -
            Rare earth prices: Dy2O3 and Tb4O7
              pricing | Dy Tb | -
            Rare earth alloy NdPr
              - | Nd Pr | -
            Rare earth controls
              - | Sm Gd Tb Dy Lu Sc Y | -
            稀土管制清单
              - | Sm Gd Tb Dy | -
            Rare earth notes
              - | - | -
            Rare earth oxides
              - | Nd Pr Y | -
        "#]],
    );
}

#[test]
fn companies_are_known_by_any_name_and_not_by_half_of_one() {
    check_about(
        &[
            ("JL MAG, Ningbo Yunsheng and Beijing Zhong Ke San Huan hold licenses", "Magnets."),
            ("金力永磁、宁波韵升、中科三环取得许可", "稀土永磁。"),
            ("金力永磁、寧波韻升取得許可", "稀土永磁出口。"),
            ("Shares: 300748.SZ, 600111.SH and ASX: LYC rose", "Rare earth stocks."),
            (
                "China Rare Earth Holdings reports a loss",
                "China Rare Earth Holdings (00769.HK) said so.",
            ),
            ("China Rare Earth Resources and Technology reports a profit", "It mines rare earths."),
            ("中国稀土集团资源科技发布年报", "中国稀土集团资源科技股份有限公司营收增长。"),
            (
                "Continental drift of rare earth ores",
                "The continental crust holds rare earth ores.",
            ),
            (
                "Lynas and Iluka agree on rare earth feed",
                "Lynas’s plant takes Iluka's concentrate.",
            ),
        ],
        &expect![[r#"
            JL MAG, Ningbo Yunsheng and Beijing Zhong Ke San Huan hold licenses
              licensing geopolitics | - | jl-mag ningbo-yunsheng zhong-ke-san-huan
            金力永磁、宁波韵升、中科三环取得许可
              licensing magnets | - | jl-mag ningbo-yunsheng zhong-ke-san-huan
            金力永磁、寧波韻升取得許可
              licensing magnets | - | jl-mag ningbo-yunsheng
            Shares: 300748.SZ, 600111.SH and ASX: LYC rose
              finance | - | jl-mag northern-rare-earth lynas
            China Rare Earth Holdings reports a loss
              - | - | china-rare-earth-holdings
            China Rare Earth Resources and Technology reports a profit
              finance mining | - | china-rare-earth-resources
            中国稀土集团资源科技发布年报
              finance | - | china-rare-earth-resources
            Continental drift of rare earth ores
              mining | - | continental
            Lynas and Iluka agree on rare earth feed
              mining | - | lynas iluka
        "#]],
    );
}

#[test]
fn what_is_not_ours_is_set_aside_with_a_reason() {
    check_about(
        &[
            (
                "开源软件改用GNU通用许可证",
                "项目改用GNU通用公共许可证第三版发布，许可证文本随代码提供。",
            ),
            ("Harbor side beats the hill club 3-1", "The captain scored twice in the cup tie."),
            (
                "Classic car show returns",
                "Chrome, engines and a parade of electric motors drew crowds.",
            ),
            ("Phone maker hires a PR agency", "The PR firm will run the spring launch in LA."),
            ("Mineral water maker raises prices", "The mineral water brand exports to Asia."),
            (
                "City renews taxi licenses",
                "The license fee stays, the council said of the permits.",
            ),
            (
                "Washington tightens chip export controls",
                "The export control rule adds firms to the entity list.",
            ),
            ("Minister visits port", "She spoke of trade, tourism and, once, of rare earths."),
            ("", ""),
        ],
        &expect![[r#"
            开源软件改用GNU通用许可证
              licensing | - | - | aside: it names no rare earth, critical mineral or company of the field
            Harbor side beats the hill club 3-1
              - | - | - | aside: it names no rare earth, critical mineral or company of the field
            Classic car show returns
              magnets | - | - | aside: it names no rare earth, critical mineral or company of the field
            Phone maker hires a PR agency
              - | - | - | aside: it names no rare earth, critical mineral or company of the field
            Mineral water maker raises prices
              pricing | - | - | aside: it names no rare earth, critical mineral or company of the field
            City renews taxi licenses
              licensing | - | - | aside: it names no rare earth, critical mineral or company of the field
            Washington tightens chip export controls
              licensing geopolitics | - | - | aside: it names no rare earth, critical mineral or company of the field
            Minister visits port
              - | - | - | aside: it mentions the subject only in passing

              - | - | - | aside: it names no rare earth, critical mineral or company of the field
        "#]],
    );
}

#[test]
fn critical_minerals_and_magnet_licenses_are_ours() {
    check_about(
        &[
            (
                "Project Vault: a mineral reserve for industry",
                "A stockpile of critical minerals is built.",
            ),
            ("China bans gallium and germanium exports", "Antimony is on the list too."),
            ("Licence of a Ningbo magnet maker suspended", "Its magnets for motors stay in port."),
            (
                "Beijing lifts curbs on rare metals",
                "The Ministry of Commerce suspends several controls.",
            ),
            ("部分通用许可申请已获批准", "何亚东说，稀土相关物项的申请已经批准。"),
        ],
        &expect![[r#"
            Project Vault: a mineral reserve for industry
              geopolitics | - | -
            China bans gallium and germanium exports
              - | - | -
            Licence of a Ningbo magnet maker suspended
              magnets licensing | - | -
            Beijing lifts curbs on rare metals
              geopolitics | - | -
            部分通用许可申请已获批准
              - | - | -
        "#]],
    );
}

#[test]
fn topics_are_ranked_by_what_the_text_dwells_on() {
    check_about(
        &[
            (
                "Dysprosium oxide price rises",
                "Dysprosium oxide was quoted at 1.5 million yuan per tonne. Prices of terbium rose.",
            ),
            (
                "Lynas drills at Mt Weld",
                "Drilling extends the deposit, and ore grade reached 9% TREO.",
            ),
            (
                "MP Materials posts profit",
                "Revenue grew, the company said in its results; shares rose.",
            ),
            (
                "Recycler opens plant for magnet scrap",
                "End-of-life magnets and swarf are recycled.",
            ),
            (
                "Thorium tailings of a rare earth mine leak",
                "Radioactive wastewater reached a river.",
            ),
            (
                "Summit eases tariff dispute on rare earths",
                "Trump and Xi Jinping agreed on a truce.",
            ),
        ],
        &expect![[r#"
            Dysprosium oxide price rises
              pricing | Dy Tb | -
            Lynas drills at Mt Weld
              mining | - | lynas
            MP Materials posts profit
              finance | - | mp-materials
            Recycler opens plant for magnet scrap
              recycling magnets | - | -
            Thorium tailings of a rare earth mine leak
              environment mining | - | -
            Summit eases tariff dispute on rare earths
              geopolitics | - | -
        "#]],
    );
}

/// Three to five whole sentences, in the article's order, each able to stand alone.
#[test]
fn highlights_are_whole_sentences_in_order() {
    check_highlights(
        "Plant in Perth starts separation of heavy rare earths",
        "PERTH, Nov 20 (Wire) - Halcyon Metals started its separation plant near Perth on Friday, the first in Australia for heavy rare earths.\n\n\
         It cost A$180 million. The U.S. Department of Defense lent $45.5 million, i.e. a quarter of the sum, in return for 200 tonnes of dysprosium and terbium oxides a year.\n\n\
         “We shall ship in March,” Ann Lee said. But how much is it worth? Subscribe to our newsletter for more rare earth news.\n\n\
         Output of 1,250.5 tonnes of oxides is planned for 2027, which would cover about a tenth of demand outside China. \
         This website uses cookies to count visits to rare earth pages. \
         Dysprosium oxide from the plant goes to magnet makers in Japan, Germany and South Korea under contracts of five years. \
         They had bought all of it from China until now. Read more about rare earths on our site. \
         The ministry expects a second line, for samarium, to follow in 2028 because defense contractors asked for it.",
        &expect![[r#"
            Halcyon Metals started its separation plant near Perth on Friday, the first in Australia for heavy rare earths.
            The U.S. Department of Defense lent $45.5 million, i.e. a quarter of the sum, in return for 200 tonnes of dysprosium and terbium oxides a year.
            Output of 1,250.5 tonnes of oxides is planned for 2027, which would cover about a tenth of demand outside China."#]],
    );
}

#[test]
fn chinese_highlights_leave_openings_and_furniture_out() {
    check_highlights(
        "两家企业获得稀土出口通用许可",
        "新华社北京11月20日电 商务部20日表示，已批准两家企业的稀土出口通用许可申请，有效期为一年。\n\n\
         此外，有关部门还将简化流程。（一）许可证不得转让给其他企业使用。\n\n\
         问：为什么是两家？答：因为只有两家企业符合申请条件。\n\n\
         获得许可的企业可以向德国和日本的客户出口含镝、铽的磁体，数量上限为每年500吨。责任编辑：张三。\
         据海关统计，10月稀土永磁出口5473吨，环比下降5.2%，其中对欧盟出口2100吨。扫码关注我们的公众号获取稀土资讯。",
        &expect![[r#"
            商务部20日表示，已批准两家企业的稀土出口通用许可申请，有效期为一年。
            获得许可的企业可以向德国和日本的客户出口含镝、铽的磁体，数量上限为每年500吨。
            据海关统计，10月稀土永磁出口5473吨，环比下降5.2%，其中对欧盟出口2100吨。"#]],
    );
}

#[test]
fn a_short_article_has_few_highlights_and_an_empty_one_none() {
    check_highlights(
        "Terbium up",
        "Terbium oxide rose 3.5% to 7.4 million yuan per tonne in China on Friday.",
        &expect!["Terbium oxide rose 3.5% to 7.4 million yuan per tonne in China on Friday."],
    );
    check_highlights("Nothing", "", &expect![[""]]);
    check_highlights("Teaser", "Rare earth makers in China have been told that", &expect![[""]]);
    check_highlights(
        "Furniture",
        "Sign up for rare earth news now! All rights reserved by Rare Earth Daily in 2026. Click here to read the rare earth report of the year.",
        &expect![[""]],
    );
}

#[test]
fn only_sentences_that_stand_alone_are_taken() {
    let told: Vec<String> = [
        "China approved three general licenses for rare earth magnets on Tuesday.",
        "It approved three general licenses for rare earth magnets on Tuesday.",
        "After that, they approved three licenses for rare earth magnet makers.",
        "In Baotou, it is said, a general license for magnets was approved on Tuesday.",
        "The company said its general license for rare earth magnets was approved.",
        "Was the general license for rare earth magnets approved on Tuesday at all?",
        "“The general license was approved on Tuesday, the ministry told us.",
        "“The general license was approved on Tuesday,” Lynas said in a statement.",
        "approved three general licenses for rare earth magnets on Tuesday.",
        "China approved three general licenses for rare earth magnets on...",
        "Answer: The ministry approved three general licenses for rare earth magnets.",
        "Too short to say much.",
        "$12 billion will go into a stockpile of critical minerals for car makers.",
        "商务部批准了三家企业的稀土出口通用许可申请。",
        "上述企业的稀土出口通用许可申请已经获得批准。",
        "三、企业应当在许可有效期届满前申请续期。",
        "这意味着企业不必再为每一批货物单独申请许可。",
    ]
    .iter()
    .map(|sentence| {
        let alone = enrich::stands_alone(sentence, &language(sentence));
        format!("{} {sentence}", if alone { "yes" } else { "no " })
    })
    .collect();
    expect![[r#"
        yes China approved three general licenses for rare earth magnets on Tuesday.
        no  It approved three general licenses for rare earth magnets on Tuesday.
        no  After that, they approved three licenses for rare earth magnet makers.
        yes In Baotou, it is said, a general license for magnets was approved on Tuesday.
        no  The company said its general license for rare earth magnets was approved.
        no  Was the general license for rare earth magnets approved on Tuesday at all?
        no  “The general license was approved on Tuesday, the ministry told us.
        no  “The general license was approved on Tuesday,” Lynas said in a statement.
        no  approved three general licenses for rare earth magnets on Tuesday.
        no  China approved three general licenses for rare earth magnets on...
        no  Answer: The ministry approved three general licenses for rare earth magnets.
        no  Too short to say much.
        yes $12 billion will go into a stockpile of critical minerals for car makers.
        yes 商务部批准了三家企业的稀土出口通用许可申请。
        no  上述企业的稀土出口通用许可申请已经获得批准。
        no  三、企业应当在许可有效期届满前申请续期。
        no  这意味着企业不必再为每一批货物单独申请许可。"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn signals_name_the_words_they_rest_on() {
    check_signal(
        &[
            "China suspends its October export controls for a year.",
            "The restrictions announced in October are on hold until November 2026.",
            "The ministry suspended the export licence of a Baotou magnet maker.",
            "Three magnet makers were given general licenses.",
            "Beijing tightens controls, and ten firms are barred.",
            "No license has been granted so far.",
            "The licence was not revoked, the company said.",
            "China bans exports to the US but clears shipments to Europe.",
            "The plant treats 5,000 tonnes of ore a year.",
            "商务部暂停实施第61号公告。",
            "商务部批准部分通用许可申请。",
            "许可证没有被吊销。",
            "中国收紧稀土出口，十家企业被列入管控名单。",
            "Urban banks and bankers met in Bangkok.",
            "",
        ],
        &expect![[r#"
            China suspends its October export controls for a year.: easing ["suspends its October export controls"]
            The restrictions announced in October are on hold until November 2026.: easing ["restrictions announced in October are on hold"]
            The ministry suspended the export licence of a Baotou magnet maker.: tightening ["suspended the export licence"]
            Three magnet makers were given general licenses.: easing ["given general licenses"]
            Beijing tightens controls, and ten firms are barred.: tightening ["tightens", "barred"]
            No license has been granted so far.: neutral []
            The licence was not revoked, the company said.: easing ["not revoked"]
            China bans exports to the US but clears shipments to Europe.: mixed ["bans", "clears"]
            The plant treats 5,000 tonnes of ore a year.: neutral []
            商务部暂停实施第61号公告。: easing ["暂停实施第61号公告"]
            商务部批准部分通用许可申请。: easing ["批准"]
            许可证没有被吊销。: easing ["没有被吊销"]
            中国收紧稀土出口，十家企业被列入管控名单。: tightening ["收紧", "管控名单"]
            Urban banks and bankers met in Bangkok.: neutral []
            : neutral []"#]],
    );
}

#[test]
fn prices_keep_their_unit_basis_and_market() {
    check_prices(
        &[
            "NdPr oxide was quoted at 545,000-550,000 yuan/mt, including 13% VAT, on November 20, up 1.2%.",
            "Dysprosium oxide fell 2% to 1.55 million yuan per tonne in China.",
            "Dy oxide costs $900/kg in Rotterdam and $255/kg fob China.",
            "氧化镨钕价格为54.5万-55万元/吨（含税），较昨日上涨0.5%。",
            "氧化铽报740-745万元/吨。",
            "Terbium oxide stood at 7.4 to 7.46 million yuan/t, excluding VAT.",
            "Monazite concentrate cost five yuan.",
            "Monazite was put at 5 yuan/mt by mistake.",
            "NdPr oxide at 545 yuan/t is a slip, and so is 54,500,000 yuan/t.",
            "Prices of NdPr oxide rose by 5,000 yuan/t.",
            "A floor of USD 110 per kilogram of NdPr oxide was agreed in 2025.",
            "Praseodymium-neodymium oxide costs some 44,000 yuan less, or 7.36%.",
            "Yttrium oxide: 126 USD/kg; lanthanum oxide: 0.6 USD/kg.",
            "The company paid 545,000 yuan for a car.",
            "NdPr oxide and dysprosium oxide cost 545,000 yuan/t and 1.55 million yuan/t.",
        ],
        &expect![[r#"
            NdPr oxide was quoted at 545,000-550,000 yuan/mt, including 13% VAT, on November 20, up 1.2%.
              NdPr oxide: 545000–550000 yuan/t | incl. 13% VAT | China | 2026-11-20 | up 1.2%
            Dysprosium oxide fell 2% to 1.55 million yuan per tonne in China.
              Dy oxide: 1550000–1550000 yuan/t | tax basis not stated | China | 2026-11-23 | fell 2%
            Dy oxide costs $900/kg in Rotterdam and $255/kg fob China.
              Dy oxide: 900–900 USD/kg | tax basis not stated | Rotterdam | 2026-11-23 | -
              Dy oxide: 255–255 USD/kg | tax basis not stated | fob China | 2026-11-23 | -
            氧化镨钕价格为54.5万-55万元/吨（含税），较昨日上涨0.5%。
              NdPr oxide: 545000–550000 yuan/t | incl. VAT | China | 2026-11-22 | 上涨0.5%
            氧化铽报740-745万元/吨。
              Tb oxide: 7400000–7450000 yuan/t | tax basis not stated | China | 2026-11-23 | -
            Terbium oxide stood at 7.4 to 7.46 million yuan/t, excluding VAT.
              Tb oxide: 7400000–7460000 yuan/t | excl. VAT | China | 2026-11-23 | -
            Monazite concentrate cost five yuan.
            Monazite was put at 5 yuan/mt by mistake.
            NdPr oxide at 545 yuan/t is a slip, and so is 54,500,000 yuan/t.
            Prices of NdPr oxide rose by 5,000 yuan/t.
            A floor of USD 110 per kilogram of NdPr oxide was agreed in 2025.
            Praseodymium-neodymium oxide costs some 44,000 yuan less, or 7.36%.
            Yttrium oxide: 126 USD/kg; lanthanum oxide: 0.6 USD/kg.
              Y oxide: 126–126 USD/kg | tax basis not stated | market not stated | 2026-11-23 | -
              La oxide: 0.6–0.6 USD/kg | tax basis not stated | market not stated | 2026-11-23 | -
            The company paid 545,000 yuan for a car.
            NdPr oxide and dysprosium oxide cost 545,000 yuan/t and 1.55 million yuan/t.
              Dy oxide: 1550000–1550000 yuan/t | tax basis not stated | China | 2026-11-23 | -
        "#]],
    );
}

#[test]
fn dates_are_resolved_against_the_articles_day() {
    // A Monday.
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let told: Vec<String> = [
        "issued on December 2, 2025",
        "on 2 Dec",
        "on Dec. 18 and in January 2027",
        "on Friday, and today",
        "last month",
        "in May, as may be",
        "it may 5 times",
        "2026-11-20 and 2026-10",
        "2025年12月18日",
        "12月2日前后",
        "18日在记者会上",
        "上周五公布，昨日生效",
        "去年10月",
        "9 листопада 2025 року",
        "у вівторок",
        "February 30, 2026",
        "2026-13-45",
        "第18号公告",
    ]
    .iter()
    .map(|text| {
        let found: Vec<String> =
            dates::all(text, day).iter().map(|found| found.date.to_string()).collect();
        format!("{text}: {}", if found.is_empty() { "-".to_owned() } else { found.join(", ") })
    })
    .collect();
    expect![[r#"
        issued on December 2, 2025: 2025-12-02
        on 2 Dec: 2026-12-02
        on Dec. 18 and in January 2027: 2026-12-18, 2027-01
        on Friday, and today: 2026-11-20, 2026-11-23
        last month: 2026-10
        in May, as may be: 2026-05
        it may 5 times: -
        2026-11-20 and 2026-10: 2026-11-20, 2026-10
        2025年12月18日: 2025-12-18
        12月2日前后: 2026-12-02
        18日在记者会上: 2026-11-18
        上周五公布，昨日生效: 2026-11-20, 2026-11-22
        去年10月: 2025-10
        9 листопада 2025 року: 2025-11-09
        у вівторок: 2026-11-17
        February 30, 2026: -
        2026-13-45: -
        第18号公告: -"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn languages_are_told_by_their_letters() {
    let told: Vec<String> = [
        "The ministry has approved the first applications for general export licenses this week.",
        "商务部批准了第一批通用出口许可证的申请，有效期为一年。",
        "商務部批准了第一批通用出口許可證的申請，有效期為一年。",
        "中国商務省はレアアースの輸出許可を承認したと発表した。",
        "중국 상무부가 희토류 수출 허가를 승인했다고 발표했다.",
        "Міністерство торгівлі Китаю схвалило перші ліцензії на експорт рідкісноземельних магнітів.",
        "Das Ministerium hat die ersten allgemeinen Ausfuhrgenehmigungen für Magnete erteilt.",
        "稀土",
        "NdPr 545,000",
        "",
    ]
    .iter()
    .map(|text| format!("{}: {text}", extract::language(text, None)))
    .collect();
    expect![[r#"
        en: The ministry has approved the first applications for general export licenses this week.
        zh-Hans: 商务部批准了第一批通用出口许可证的申请，有效期为一年。
        zh-Hant: 商務部批准了第一批通用出口許可證的申請，有效期為一年。
        ja: 中国商務省はレアアースの輸出許可を承認したと発表した。
        ko: 중국 상무부가 희토류 수출 허가를 승인했다고 발표했다.
        uk: Міністерство торгівлі Китаю схвалило перші ліцензії на експорт рідкісноземельних магнітів.
        de: Das Ministerium hat die ersten allgemeinen Ausfuhrgenehmigungen für Magnete erteilt.
        zh-Hans: 稀土
        und: NdPr 545,000
        und: "#]].assert_eq(&told.join("\n"));
}

#[test]
fn sentences_end_where_they_end() {
    let told: Vec<String> = [
        "Output rose 3.5%. The U.S. bought 2.4 tonnes.",
        "Lynas Rare Earths Ltd. said so. JL MAG Co., Ltd. did not.",
        "He met Dr. Li of the U.S. The talks failed.",
        "It closed at 5 p.m. on Friday. See No. 61 and Art. 2.",
        "“We ship.” Then he left! Did he?",
        "商务部表示，已批准。许可有效期一年！真的吗？是的。",
        "“已经批准。”他说。价格为3.5万元。",
        "One line\nand another. And a third",
        "…",
        "Visit example.com. It is free.",
        "Prices fell in Sept. 2025. Exports rose.",
    ]
    .iter()
    .map(|text| text::sentences(text).join(" | "))
    .collect();
    expect![[r#"
        Output rose 3.5%. | The U.S. bought 2.4 tonnes.
        Lynas Rare Earths Ltd. said so. | JL MAG Co., Ltd. did not.
        He met Dr. Li of the U.S. | The talks failed.
        It closed at 5 p.m. on Friday. | See No. 61 and Art. 2.
        “We ship.” | Then he left! | Did he?
        商务部表示，已批准。 | 许可有效期一年！ | 真的吗？ | 是的。
        “已经批准。” | 他说。 | 价格为3.5万元。
        One line | and another. | And a third

        Visit example.com. | It is free.
        Prices fell in Sept. 2025. | Exports rose."#]]
    .assert_eq(&told.join("\n"));
}

/// The story that a text is put into beside another told `hours` earlier by another source.
fn same_story(a: (&str, &str), b: (&str, &str), hours: i64) -> bool {
    let lexicon = lexicon();
    let print = |(title, body): (&str, &str), at: DateTime<Utc>| {
        let found = enrich::classify(title, body, &language(body), &lexicon);
        Fingerprint::of(title, body, at, &found, &lexicon)
    };
    let first = at("2026-11-20T08:00:00Z");
    let second = first + TimeDelta::hours(hours);
    let told = |source: &str, at| Told { source: SourceId::from(source), published: at, seen: at };
    let mut index = ClusterIndex::default();
    index.insert(Placed {
        article: ArticleId::from("a"),
        story: StoryId::from("sa"),
        at: told("one", first),
        print: print(a, first),
    });
    index.find(&print(b, second), &told("two", second)).is_some()
}

#[test]
fn reports_that_return_with_other_figures_are_other_stories() {
    let week = |price: &str, change: &str, day: &str| {
        let title = "Rare earth prices in China: weekly review".to_owned();
        let body = format!(
            "NdPr oxide ended the week at {price} yuan/mt, {change}% lower than a week before, as buyers held back. The review covers the week to {day}. Terbium oxide and dysprosium oxide moved with it."
        );
        (title, body)
    };
    let (a, b) = (week("545,000", "1.2", "November 13"), week("531,000", "2.6", "November 20"));
    assert!(!same_story((&a.0, &a.1), (&b.0, &b.1), 7 * 24), "another week");
    let copy = (a.0.as_str(), a.1.as_str());
    assert!(same_story(copy, copy, 3), "the same review elsewhere");
}

#[test]
fn the_same_event_is_found_across_languages() {
    let english = (
        "China approves general licenses of two magnet makers",
        "China's Ministry of Commerce approved general export licenses of JL MAG and Ningbo Yunsheng on November 19, valid for one year. Exports of 500 tonnes of magnets to Germany are covered.",
    );
    let chinese = (
        "商务部批准金力永磁、宁波韵升通用许可",
        "商务部11月19日批准金力永磁和宁波韵升两家企业的稀土出口通用许可，有效期一年，可向德国出口500吨磁体。",
    );
    let other = (
        "盛和资源收购坦桑尼亚稀土项目",
        "盛和资源11月19日公告，拟以1.5亿美元收购坦桑尼亚一处稀土矿项目的全部股权，交易尚需监管批准。",
    );
    assert!(same_story(english, chinese, 5));
    assert!(same_story(chinese, english, 5));
    assert!(!same_story(english, other, 5));
}

#[test]
fn numbers_in_words_and_names_in_other_letters_are_met() {
    let english = (
        "Kharlanov opens $350 million magnet plant in Poland",
        "Governor Petro Kharlanov opened a magnet plant in Poland on November 18. It cost $350 million and makes 2,500 tonnes a year.",
    );
    let ukrainian = (
        "У Польщі відкрито завод магнітів за 350 млн доларів",
        "Губернатор Петро Харланов 18 листопада відкрив завод магнітів у Польщі потужністю 2500 тонн на рік. Він коштував 350 млн доларів.",
    );
    let chinese = (
        "波蘭磁鐵工廠投產 耗資三億五千萬美元",
        "波蘭一座磁鐵工廠十八日正式投產，耗資三億五千萬美元，年產磁鐵二千五百公噸。",
    );
    assert!(same_story(english, ukrainian, 5));
    assert!(same_story(english, chinese, 5));
    assert!(same_story(ukrainian, chinese, 5));
}

#[test]
fn figures_meet_in_other_units_currencies_and_words() {
    let english = (
        "Loan of half a billion dollars for Norwegian rare earth mine",
        "The government in Oslo lends $500 million to the rare earth mine at Fen, where 14,000 tonnes of ore a year will be dug from a depth of two kilometers, the ministry said on Friday.",
    );
    let german = (
        "Halbe Milliarde Dollar für Bergwerk in Norwegen",
        "Die norwegische Regierung gibt dem Bergwerk für Seltene Erden ein Darlehen von 500 Millionen Dollar, wie das Ministerium am Freitag mitteilte. 14.000 Tonnen Erz im Jahr sollen gefördert werden.",
    );
    let in_euros = (
        "Norway backs rare earth mine with 450 million euros",
        "A state loan of some 450 million euros goes to the rare earth mine at Fen in Norway, the ministry said on Friday. It will dig 14 kt of ore a year.",
    );
    let other_sum = (
        "Norwegian rare earth mine raises $35 million",
        "The owner of the rare earth mine at Fen in Norway has sold shares for $35 million, it said on Monday, to pay for drilling and permits.",
    );
    assert!(same_story(english, german, 5), "thousands parted by points, numbers in words");
    assert!(same_story(english, in_euros, 5), "the sum in another currency");
    assert!(!same_story(english, other_sum, 72), "another sum");
}

#[test]
fn names_written_in_characters_meet_their_letters() {
    let english = (
        "Talmadge shuts rare earth recycling plant in Scotland",
        "Recycler Talmadge is closing its plant for magnet scrap in Scotland with the loss of 60 jobs, the company said on November 19.",
    );
    let chinese = (
        "塔尔马奇关闭苏格兰稀土回收厂",
        "磁体废料回收企业塔尔马奇11月19日称将关闭其位于苏格兰的工厂，裁减60个岗位。",
    );
    assert!(same_story(english, chinese, 20));
}

#[test]
fn a_planned_opening_is_told_where_the_opening_is_not() {
    let plan = (
        "Rare earth plant planned in Quebec for $90 million",
        "A separation plant for rare earths is to be built in Quebec for $90 million. It will start production in 2029 and make 1,200 tonnes a year.",
    );
    let chinese = (
        "加拿大魁北克拟建稀土分离厂 投资9000万美元",
        "加拿大魁北克省将投资9000万美元建设稀土分离厂，计划2029年投产，年产1200吨。",
    );
    assert!(same_story(plan, chinese, 20), "planned production is no production");
}

#[test]
fn what_follows_from_an_event_is_a_story_of_its_own() {
    let approval = (
        "Malawi clears Kangankunde rare earth mine",
        "Malawi's government has granted an environmental permit to the Kangankunde rare earth mine, subject to 24 conditions on water and resettlement, its owner said on Tuesday.",
    );
    let financing = (
        "Kangankunde owner hires two banks to raise loans",
        "The owner of the Kangankunde rare earth mine in Malawi has mandated two banks to arrange project debt of $200 million, three days after it received its permit.",
    );
    assert!(!same_story(approval, financing, 72));
}

#[test]
fn titles_of_two_materials_are_two_stories() {
    let notice = |metal: &str| {
        let title = format!("China puts {metal} under export licenses");
        let body = format!(
            "China's Ministry of Commerce said on November 19 that exporters of {metal} need a license from December 1. It named national security as the reason."
        );
        (title, body)
    };
    let (a, b) = (notice("antimony"), notice("tungsten"));
    assert!(!same_story((&a.0, &a.1), (&b.0, &b.1), 5), "another metal");
    assert!(same_story((&a.0, &a.1), (&a.0, &a.1), 5), "the same metal");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// No text makes a stage panic; highlights are the body's own words; sentences lose no letter.
    #[test]
    fn any_text_is_understood_somehow(
        title in "(\\PC|[。！？“”（）a-zA-Z0-9 .]){0,60}",
        body in "(\\PC|[。！？“”（）\n]|[A-Z][a-z]{2,7} |[0-9]{1,6}[万亿%年月日]?| yuan/mt|NdPr oxide |Dy2O3 |許可證|not |suspend |controls ){0,80}",
    ) {
        let lexicon = lexicon();
        let now = at("2026-11-23T12:00:00Z");
        let language = extract::language(&body, None);
        let found = enrich::classify(&title, &body, &language, &lexicon);
        prop_assert!((0.0..=1.0).contains(&found.relevance));
        prop_assert!(found.topics.len() <= 2);
        let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let whole = squeezed(&text::paragraphs(&body));
        let highlights = enrich::summarize(&title, &body, &language, &lexicon);
        prop_assert!(highlights.len() <= 5);
        for highlight in &highlights {
            prop_assert!(whole.contains(&squeezed(highlight)), "{highlight:?} is not of the body");
        }
        let signal = enrich::signal(&title, &body, &language, &lexicon);
        prop_assert!(signal.words.len() <= 5);
        for price in enrich::prices(&title, &body, "Desk", "https://desk.example", now, &lexicon) {
            prop_assert!(price.low <= price.high && price.low.is_finite());
        }
        for sentence in [&title, &body] {
            for found in dates::all(sentence, now.date_naive()) {
                prop_assert!(sentence.get(found.start..found.end).is_some());
            }
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let kept: String = text::sentences(&body).iter().map(|sentence| letters(sentence)).collect();
        prop_assert_eq!(kept, letters(&body));
        let found = enrich::classify(&title, &body, &language, &lexicon);
        let print = Fingerprint::of(&title, &body, now, &found, &lexicon);
        let json = serde_json::to_string(&print).unwrap();
        prop_assert_eq!(serde_json::from_str::<Fingerprint>(&json).unwrap(), print);
    }
}
