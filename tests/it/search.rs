//! Search: what queries find in both scripts, how it is shown, and that the index keeps up.

use expect_test::expect;
use monazite::chat::console::{Look, text};
use monazite::ingest::article_id;
use monazite::model::article::{Article, Language, SourceId, Tier, Topic};
use monazite::model::message::{Action, Message};
use monazite::model::story::{Direction, Signal, Story, StoryId, Telling};
use monazite::query::{self, Facts, Kind, Matter};
use monazite::store::{Changes, Search};
use proptest::prelude::*;

use crate::world::home::{Home, at};

pub(crate) const NOW: &str = "2026-11-23T15:00:00Z";
pub(crate) const CHAT: &str = "telegram:5";

/// A story of one article: source, day, topic, title, body.
pub(crate) fn told(
    source: &str,
    day: &str,
    topic: &str,
    title: &str,
    body: &str,
) -> (Article, Story) {
    let url = format!("https://{source}.example/{day}/{}", title.len());
    let id = article_id(&format!("{url}{title}"));
    let when = at(&format!("{day}T08:00:00Z"));
    let chinese = title.chars().any(|c| c > '\u{4e00}');
    let article = Article {
        id: id.clone(),
        url: url.clone(),
        source: SourceId::from(source),
        publisher: format!("{}{} News", source[..1].to_uppercase(), &source[1..]),
        tier: Tier(2),
        title: title.to_owned(),
        published: when,
        dated: true,
        first_seen: when,
        language: Language::from(if chinese { "zh-Hans" } else { "en" }),
        body: body.to_owned(),
        highlights: Vec::new(),
        topics: vec![Topic::from(topic)],
        elements: Vec::new(),
        companies: Vec::new(),
        signal: Signal { direction: Direction::Tightening, words: Vec::new() },
        relevance: 0.8,
        story: StoryId(format!("s{id}")),
    };
    let story = Story {
        id: article.story.clone(),
        title: title.to_owned(),
        tellings: vec![Telling::of(&article)],
        first_seen: when,
        updated: when,
        published: when,
        topics: article.topics.clone(),
        elements: Vec::new(),
        companies: Vec::new(),
        highlights: Vec::new(),
        signal: article.signal.clone(),
        relevance: 0.8,
    };
    (article, story)
}

fn stories() -> Vec<(Article, Story)> {
    vec![
        told(
            "reuters",
            "2026-11-22",
            "licensing",
            "China grants first general license for magnet exports",
            "JL MAG said on Sunday that the ministry granted it a general license. It covers magnets with \
             dysprosium and terbium for customers in Europe.",
        ),
        told(
            "cnmn",
            "2026-11-21",
            "licensing",
            "商务部：依法审批稀土出口许可",
            "商务部发言人表示，对合规的民用稀土出口申请予以批准。含鏑、鋱的永磁材料仍需許可證。",
        ),
        told(
            "smm",
            "2026-11-20",
            "pricing",
            "氧化镝价格上涨",
            "本周氧化镝报价上涨百分之二，氧化镨钕持平。欧洲价格高于中国。",
        ),
        told(
            "miningweekly",
            "2026-10-02",
            "mining",
            "Lynas restricts output at Mt Weld",
            "Lynas Rare Earths is restricting production of neodymium after a power cut. Results follow in spring.",
        ),
        told(
            "reuters",
            "2026-06-11",
            "pricing",
            "Dysprosium oxide hits a record in Rotterdam",
            "Dysprosium oxide sold at a record price in Europe while licenses were outstanding.",
        ),
        told(
            "bloomberg",
            "2026-11-19",
            "geopolitics",
            "US and China talk about licences again",
            "Officials of the United States said that talks about export controls went well, and left for home.",
        ),
    ]
}

pub(crate) fn home() -> Home {
    let home = Home::new();
    for (article, story) in stories() {
        let changes =
            Changes { articles: vec![article], stories: vec![story], ..Changes::default() };
        home.store.commit(changes).unwrap();
    }
    home
}

pub(crate) fn titles(home: &Home, search: &Search, line: &str) -> Vec<String> {
    let query = query::parse(line, &home.config.lexicon);
    let found = search.find(&query, at(NOW), 0, 50).unwrap();
    let stories = found.hits.iter().filter(|hit| hit.kind == Kind::Story);
    stories.map(|hit| home.store.story(&StoryId(hit.id.clone())).unwrap().unwrap().title).collect()
}

const QUERIES: &[&str] = &[
    "dysprosium",
    "镝",
    "鏑",
    "Dy -price",
    "restriction",
    "restricting Lynas",
    "许可",
    "許可證",
    "价格",
    "证",
    "镨钕",
    "license",
    "licence OR 许可",
    "\"general license\"",
    "license general",
    "\"license general\"",
    "source:reuters",
    "source:reuters since:30d",
    "topic:pricing place:eu",
    "since:2026-11-20 until:2026-11-21",
    "signal:tightening neodymium",
    "signal:easing",
    "license news on dysprosium for Europe",
    "disprosium",
    "JL MAG",
    "金力永磁",
    "MOFCOM",
    "-dysprosium since:60d kind:story",
    "xyzzy",
];

#[test]
fn queries_find_what_they_must() {
    let home = home();
    home.desk.search.catch_up().unwrap();
    let mut out = String::new();
    for line in QUERIES {
        out.push_str(&format!("{line}\n"));
        for title in titles(&home, &home.desk.search, line) {
            out.push_str(&format!("    {title}\n"));
        }
    }
    expect![[r#"
        dysprosium
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
            China grants first general license for magnet exports
            商务部：依法审批稀土出口许可
        镝
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
            China grants first general license for magnet exports
            商务部：依法审批稀土出口许可
        鏑
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
            China grants first general license for magnet exports
            商务部：依法审批稀土出口许可
        Dy -price
            China grants first general license for magnet exports
            商务部：依法审批稀土出口许可
        restriction
            Lynas restricts output at Mt Weld
        restricting Lynas
            Lynas restricts output at Mt Weld
        许可
            商务部：依法审批稀土出口许可
            China grants first general license for magnet exports
            US and China talk about licences again
            Dysprosium oxide hits a record in Rotterdam
        許可證
            商务部：依法审批稀土出口许可
            China grants first general license for magnet exports
            US and China talk about licences again
            Dysprosium oxide hits a record in Rotterdam
        价格
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
        证
            商务部：依法审批稀土出口许可
        镨钕
            氧化镝价格上涨
        license
            商务部：依法审批稀土出口许可
            China grants first general license for magnet exports
            US and China talk about licences again
            Dysprosium oxide hits a record in Rotterdam
        licence OR 许可
            商务部：依法审批稀土出口许可
            China grants first general license for magnet exports
            US and China talk about licences again
            Dysprosium oxide hits a record in Rotterdam
        "general license"
            China grants first general license for magnet exports
        license general
            China grants first general license for magnet exports
        "license general"
        source:reuters
            China grants first general license for magnet exports
            Dysprosium oxide hits a record in Rotterdam
        source:reuters since:30d
            China grants first general license for magnet exports
        topic:pricing place:eu
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
        since:2026-11-20 until:2026-11-21
            商务部：依法审批稀土出口许可
            氧化镝价格上涨
        signal:tightening neodymium
            氧化镝价格上涨
            Lynas restricts output at Mt Weld
        signal:easing
        license news on dysprosium for Europe
            China grants first general license for magnet exports
        disprosium
            氧化镝价格上涨
            Dysprosium oxide hits a record in Rotterdam
            China grants first general license for magnet exports
            商务部：依法审批稀土出口许可
        JL MAG
            China grants first general license for magnet exports
        金力永磁
            China grants first general license for magnet exports
        MOFCOM
            商务部：依法审批稀土出口许可
        -dysprosium since:60d kind:story
            US and China talk about licences again
            Lynas restricts output at Mt Weld
        xyzzy
    "#]]
    .assert_eq(&out);
}

/// The index and `Query::matches` mean the same.
fn agree(home: &Home, facts: &[(String, Facts)], line: &str) -> Result<(), TestCaseError> {
    let query = query::parse(line, &home.config.lexicon);
    let mut found = titles(home, &home.desk.search, line);
    let matching = facts.iter().filter(|(_, facts)| query.matches(facts, at(NOW)));
    let mut expected: Vec<String> = matching.map(|(title, _)| title.clone()).collect();
    found.sort();
    expected.sort();
    prop_assert_eq!(found, expected, "{:?} as {}", line, query);
    Ok(())
}

#[test]
fn the_index_finds_what_a_watch_would_match() {
    let home = home();
    home.desk.search.catch_up().unwrap();
    let facts: Vec<(String, Facts)> = stories()
        .into_iter()
        .map(|(article, story)| {
            let matter = Matter::story(&story, [article.body]);
            (story.title, Facts::of(&matter, &home.config.lexicon))
        })
        .collect();
    for line in QUERIES {
        agree(&home, &facts, line).unwrap();
    }
    let word = prop::sample::select(vec![
        "dysprosium",
        "terbium",
        "OR",
        "-",
        "价格",
        "出口许可",
        "许",
        "records",
        "the",
        "Europe",
        "US",
        "\"first general\"",
        "since:2026-11-20",
        "until:30d",
        "source:reuters",
        "topic:licensing",
        "kind:story",
        "talks",
        "Lynas",
    ]);
    let lines = prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) };
    proptest::test_runner::TestRunner::new(config)
        .run(&lines, |line| agree(&home, &facts, &line))
        .unwrap();
}

/// The message as text, with its buttons' command lines under it.
pub(crate) fn shown(message: &Message) -> String {
    let mut out = text(&Message { buttons: Vec::new(), ..message.clone() }, &Look::PLAIN);
    for button in message.buttons.iter().flatten() {
        let line = match &button.action {
            Action::Open(url) => url,
            Action::Edit(line) | Action::Ask(line) => line,
            other => panic!("no menu is expected here: {other:?}"),
        };
        assert!(line.len() <= 62, "{line}");
        out.push_str(&format!("\n[{}] {line}", button.label));
    }
    out
}

#[test]
fn an_answer_shows_one_card_for_each_story() {
    let home = home();
    let (other, _) = told(
        "bloomberg",
        "2026-11-22",
        "licensing",
        "JL MAG gets license",
        "The firm has a general license now.",
    );
    let (_, mut story) = stories().remove(0);
    let article = Article { story: story.id.clone(), ..other };
    story.tellings.push(Telling::of(&article));
    home.store
        .commit(Changes { articles: vec![article], stories: vec![story], ..Changes::default() })
        .unwrap();
    let answer = home.ask(CHAT, "search disprosium Europe kind:story", false, NOW);
    expect![[r#"
        Search: dysprosium, Europe, only stories
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Showing results for dysprosium; "disprosium" in quotes looks for the word
        itself.

        氧化镝价格上涨[1] — Smm News · Fri 20 Nov 2026, 03:00 EST

        │ 本周氧化镝报价上涨百分之二，氧化镨钕持平。

        China grants first general license for magnet exports[2] — Reuters News, also
        reported by Bloomberg News · Sun 22 Nov 2026, 03:00 EST

        │ It covers magnets with dysprosium and terbium for customers in Europe.

        Dysprosium oxide hits a record in Rotterdam[3] — Reuters News · Thu 11 Jun 2026,
        04:00 EDT

        │ Dysprosium oxide sold at a record price in Europe while licenses were
        │ outstanding.

        ────────────────────────────────────────────────────────────────────────────────
        3 records found. Read as: element:Dy place:eu kind:story

        [1] https://smm.example/2026-11-20/21
        [2] https://reuters.example/2026-11-22/53
        [3] https://reuters.example/2026-06-11/43"#]]
    .assert_eq(&shown(&answer));
}

#[test]
fn claims_are_shown_as_claims() {
    let home = home();
    let answer = home.ask(CHAT, "search JL MAG license:granted kind:claim", false, NOW);
    expect![[r#"
        Search: JL MAG, license granted, only claims
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        License claim — JL MAG (金力永磁): general license granted. Reported, not an
        official register. World Journal[1] · 2 Dec 2025 · /license jl-mag

        License claim — JL MAG (金力永磁): general license granted. Reported, not an
        official register. timesofindia.tv[2] · 2 Dec 2025 · /license jl-mag

        License claim — JL MAG (金力永磁): general license granted. Reported, not an
        official register. Tom's Hardware[3] · 2 Dec 2025 · /license jl-mag

        License claim — JL MAG (金力永磁): license granted, Jun 2025. Confirmed by the
        company, not an official register. Caixin[4] · 11 Jun 2025 · /license jl-mag

        License claim — JL MAG (金力永磁): license granted, Jun 2025. Confirmed by the
        company, not an official register. Rare Earth Exchanges[5] · 11 Jun 2025 ·
        /license jl-mag

        ────────────────────────────────────────────────────────────────────────────────
        6 records found, page 1 of 2. Read as: company:jl-mag license:granted kind:claim

        [1] https://www.worldjournal.com/
        [2] https://timesofindia.tv/
        [3] https://www.tomshardware.com/
        [4] https://www.caixinglobal.com/
        [5] https://rareearthexchanges.com/?p=6655
        [More ›] search company:jl-mag license:granted kind:claim page 2"#]]
    .assert_eq(&shown(&answer));
}

#[test]
fn nothing_found_offers_what_is_near() {
    let home = home();
    let answer = home.ask(CHAT, "search dysprosium xyzzy source:reuters since:7d", false, NOW);
    expect![[r#"
        Search: dysprosium, xyzzy, source reuters, of the last 7 days
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Nothing found. Near it:
        [Without xyzzy (1)] search element:Dy source:reuters since:7d
        [Only dysprosium (4)] search element:Dy"#]]
    .assert_eq(&shown(&answer));
    let answer = home.ask(CHAT, "search dyspro", false, NOW);
    expect![[r#"
        Search: dyspro
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Nothing found. Near it:
        [dysprosium (4)] search element:Dy"#]]
    .assert_eq(&shown(&answer));
    let answer = home.ask(CHAT, "search dysprosium xyzzy plugh", false, NOW);
    expect![[r#"
        Search: dysprosium, xyzzy, plugh
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Nothing found. Near it:
        [Only dysprosium (4)] search element:Dy"#]]
    .assert_eq(&shown(&answer));
}

#[test]
fn long_searches_turn_pages_by_a_short_handle() {
    let home = home();
    for n in 0..12 {
        let (article, story) = told(
            "reuters",
            "2026-11-18",
            "mining",
            &format!("Lynas and Iluka and Arafura talk, round {n:>width$}", width = n + 1),
            "They talk about rare earths in Australia.",
        );
        let changes =
            Changes { articles: vec![article], stories: vec![story], ..Changes::default() };
        home.store.commit(changes).unwrap();
    }
    let line =
        "search company:lynas company:iluka company:arafura place:australia since:2026-11-01";
    let first = home.ask(CHAT, line, false, NOW);
    let Action::Edit(next) = &first.buttons[0][0].action else { panic!("{first:?}") };
    assert!(next.starts_with("search ~") && next.ends_with(" page 2"), "{next}");
    let second = shown(&home.ask(CHAT, next, false, NOW));
    assert!(second.contains("12 records found, page 2 of 3"), "{second}");
    let gone = shown(&home.ask(CHAT, "search ~00000000 page 2", false, NOW));
    assert!(gone.contains("no longer remembered"), "{gone}");
    let short = home.ask(CHAT, "search Lynas since:2026-11-01", false, NOW);
    assert!(shown(&short).contains("search company:lynas since:2026-11-01 page 2"), "{short:?}");
}
