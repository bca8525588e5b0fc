//! The query language: lines in, what was understood out, and which texts match.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use expect_test::expect;
use monazite::config::BUILT_IN;
use monazite::lexicon::Lexicon;
use monazite::query::{self, Facts, Kind, LONGEST, MOST_TERMS, Matter, Query};
use proptest::prelude::*;

use crate::world::home::at;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let (_, text) = BUILT_IN.iter().find(|(name, _)| *name == "lexicon.toml").unwrap();
    Lexicon::parse(text).unwrap()
});

fn parse(line: &str) -> Query {
    query::parse(line, &LEXICON)
}

fn now() -> DateTime<Utc> {
    at("2026-11-23T15:00:00Z")
}

/// Each line with what was understood and what is said about it.
fn understood(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let query = parse(line);
        out.push_str(&format!("{line}\n    {query}\n"));
        for note in &query.notes {
            out.push_str(&format!("    ! {note}\n"));
        }
    }
    out
}

#[test]
fn names_in_any_script_are_one() {
    expect![[r#"
        dysprosium
            element:Dy
        Dy
            element:Dy
        镝
            element:Dy
        鏑
            element:Dy
        DYSPROSIUM
            element:Dy
        NdPr oxide
            product:ndpr-oxide
        氧化镨钕
            product:ndpr-oxide
        镨钕
            element:Pr element:Nd
        JL MAG
            company:jl-mag
        金力永磁
            company:jl-mag
        300748
            company:jl-mag
        金力永磁镝出口
            company:jl-mag element:Dy 出口
        MP Materials Lynas
            company:mp-materials company:lynas
        商务部 欧盟
            agency:mofcom place:eu
        South Korea United States EU us
            place:south-korea place:us place:eu
        PR in Europe
            pr place:eu
        Chinese magnets
            place:china magnets
    "#]]
    .assert_eq(&understood(&[
        "dysprosium",
        "Dy",
        "镝",
        "鏑",
        "DYSPROSIUM",
        "NdPr oxide",
        "氧化镨钕",
        "镨钕",
        "JL MAG",
        "金力永磁",
        "300748",
        "金力永磁镝出口",
        "MP Materials Lynas",
        "商务部 欧盟",
        "South Korea United States EU us",
        "PR in Europe",
        "Chinese magnets",
    ]));
}

#[test]
fn operators_are_understood() {
    expect![[r#"
        export licence "general license"
            export licence "general license"
        “稀土 永磁” 「出口管制」
            "稀土 永磁" "出口管制"
        lynas -iluka -"heavy rare earths" -topic:pricing
            company:lynas -company:iluka -"heavy rare earths" -topic:pricing
        dysprosium OR terbium price
            element:Dy OR element:Tb price
        samples OR tests OR trials delayed
            samples OR tests OR trials delayed
        MP Materials OR Lynas results
            company:mp-materials OR company:lynas results
        element:Dy,Tb company:"JL MAG" topic:prices
            element:Dy OR element:Tb company:jl-mag topic:pricing
        element:heavy -element:Sm,Eu
            element:Y OR element:Tb OR element:Dy OR element:Ho OR element:Er OR element:Tm OR element:Yb OR element:Lu -element:Sm -element:Eu
        source:reuters source:"Mining News" source:mofcom-policy
            source:reuters source:"mining news" source:"mofcom policy"
        since:2026-11-01 until:2026-11
            since:2026-11-01 until:2026-11-30
        since:7d until:yesterday
            since:7d until:1d
        signal:tightening license:granted licence:general kind:claims
            signal:tightening license:granted license:general kind:claim
        place:Europe since：2026
            place:eu since:2026-01-01
        NOT lynas AND (iluka OR arafura)
            -company:lynas company:iluka OR company:arafura
        foo:bar https://example.com/a 12:30
            "foo bar" "https example com a" "12 30"
        OR -OR lynas OR
            company:lynas
        rare-earth U.S.-China 1C904.d No. 57
            rare-earth place:us place:china "1c904 d" no 57
    "#]].assert_eq(&understood(&[
        "export licence \"general license\"",
        "“稀土 永磁” 「出口管制」",
        "lynas -iluka -\"heavy rare earths\" -topic:pricing",
        "dysprosium OR terbium price",
        "samples OR tests OR trials delayed",
        "MP Materials OR Lynas results",
        "element:Dy,Tb company:\"JL MAG\" topic:prices",
        "element:heavy -element:Sm,Eu",
        "source:reuters source:\"Mining News\" source:mofcom-policy",
        "since:2026-11-01 until:2026-11",
        "since:7d until:yesterday",
        "signal:tightening license:granted licence:general kind:claims",
        "place:Europe since：2026",
        "NOT lynas AND (iluka OR arafura)",
        "foo:bar https://example.com/a 12:30",
        "OR -OR lynas OR",
        "rare-earth U.S.-China 1C904.d No. 57",
    ]));
}

#[test]
fn words_people_use_are_understood() {
    expect![[r#"
        license news on dysprosium for Europe
            topic:licensing element:Dy place:eu
        what is new about Lynas?
            company:lynas
        any news on magnet prices
            topic:magnets topic:pricing
        latest news from Beijing on export controls
            beijing export topic:licensing
        anything about licenses of JL MAG for the US
            topic:licensing company:jl-mag place:us
        关于镝的出口许可新闻
            element:Dy topic:licensing
        欧洲镝许可消息
            place:eu element:Dy topic:licensing
        news
            news
        the latest
            the latest
        -lynas news
            -company:lynas news
        license dysprosium
            license element:Dy
    "#]]
    .assert_eq(&understood(&[
        "license news on dysprosium for Europe",
        "what is new about Lynas?",
        "any news on magnet prices",
        "latest news from Beijing on export controls",
        "anything about licenses of JL MAG for the US",
        "关于镝的出口许可新闻",
        "欧洲镝许可消息",
        "news",
        "the latest",
        "-lynas news",
        "license dysprosium",
    ]));
}

#[test]
fn misspelled_names_are_found_and_said() {
    expect![[r#"
        dysprosum
            element:Dy
            ! Showing results for dysprosium; "dysprosum" in quotes looks for the word itself.
        disprosium terbum
            element:Dy element:Tb
            ! Showing results for dysprosium; "disprosium" in quotes looks for the word itself.
            ! Showing results for terbium; "terbum" in quotes looks for the word itself.
        praseodimyum
            element:Pr
            ! Showing results for praseodymium; "praseodimyum" in quotes looks for the word itself.
        neodynium magnets
            product:ndfeb
            ! Showing results for neodymium magnets; "neodynium magnets" in quotes looks for the word itself.
        Linas results
            company:lynas results
            ! Showing results for Lynas; "Linas" in quotes looks for the word itself.
        "dysprosum"
            "dysprosum"
        element:neodynium
            element:Nd
            ! Showing results for neodymium; "neodynium" in quotes looks for the word itself.
        company:"MP Materals"
            company:mp-materials
            ! Showing results for MP Materials; "MP Materals" in quotes looks for the word itself.
        company:Nobody
            nobody
            ! I know no company "Nobody", so I looked for the words.
        company:x-some-firm
            company:x-some-firm
        element:Xx topic:cooking signal:up since:soon license:maybe
            xx cooking
            ! I know no element "Xx", so I looked for the words.
            ! I know no topic "cooking", so I looked for the words.
            ! I do not understand signal:up, so I left it out.
            ! I do not understand since:soon, so I left it out.
            ! I do not understand license:maybe, so I left it out.
        continents stadium mines drill serum pirates
            continents stadium mines drill serum pirates
    "#]]
    .assert_eq(&understood(&[
        "dysprosum",
        "disprosium terbum",
        "praseodimyum",
        "neodynium magnets",
        "Linas results",
        "\"dysprosum\"",
        "element:neodynium",
        "company:\"MP Materals\"",
        "company:Nobody",
        "company:x-some-firm",
        "element:Xx topic:cooking signal:up since:soon license:maybe",
        "continents stadium mines drill serum pirates",
    ]));
}

#[test]
fn a_line_is_bounded() {
    let long = "word ".repeat(300);
    let query = parse(&long);
    assert_eq!(query.clauses.len(), 1, "a word said often is looked for once");
    let many: String = (0..200).map(|i| format!("w{i} ")).collect();
    let query = parse(&many);
    assert_eq!(query.clauses.len(), MOST_TERMS);
    assert_eq!(query.notes.len(), 1, "{:?}", query.notes);
    let firms: String = "盛和资源 横店东磁 银河磁体 ".repeat(3) + &"x".repeat(600);
    assert!(parse(&firms).to_string().chars().count() <= LONGEST);
}

/// A story with this title and text.
fn facts(title: &str, text: &str) -> Facts {
    let mut matter = Matter::new(Kind::Story, at("2026-11-20T08:00:00Z"));
    matter.title = title.to_owned();
    matter.text = text.to_owned();
    matter.topics = vec!["licensing".into()];
    matter.sources = vec!["reuters".to_owned(), "Reuters".to_owned()];
    Facts::of(&matter, &LEXICON)
}

#[test]
fn texts_match_by_words_and_names() {
    let english = facts(
        "China grants JL MAG a general license",
        "The ministry is granting exporters of dysprosium oxide licenses for European customers.",
    );
    let chinese = facts("金力永磁获得通用許可證", "公司表示，含鏑磁材可出口至欧洲。");
    let cases = [
        ("dysprosium", true, true),
        ("镝", true, true),
        ("JL MAG", true, true),
        ("金力永磁", true, true),
        ("grants", true, false),
        ("licences", true, true),
        ("\"general license\"", true, false),
        ("\"license general\"", false, false),
        ("许可证", true, true),
        ("許可", true, true),
        ("证", false, true),
        ("磁", false, true),
        ("license news on dysprosium for Europe", true, true),
        ("terbium", false, false),
        ("-dysprosium", false, false),
        ("dysprosium -grants", false, true),
        ("grants OR 磁材", true, true),
        ("source:reuters", true, true),
        ("source:bloomberg", false, false),
        ("since:2026-11-20 until:2026-11-20", true, true),
        ("since:2d", false, false),
        ("since:3d", true, true),
        ("until:2026-10", false, false),
        ("kind:claim", false, false),
        ("product:dy-oxide", true, false),
        ("", false, false),
    ];
    for (line, in_english, in_chinese) in cases {
        let query = parse(line);
        assert_eq!(query.matches(&english, now()), in_english, "{line:?} ({query}) in English");
        assert_eq!(query.matches(&chinese, now()), in_chinese, "{line:?} ({query}) in Chinese");
        for facts in [&english, &chinese] {
            let keys: Vec<String> = facts.keys().collect();
            let anchored = query
                .anchors()
                .is_none_or(|anchors| anchors.iter().any(|anchor| keys.contains(anchor)));
            assert!(anchored || !query.matches(facts, now()), "{line:?}: {:?}", query.anchors());
        }
    }
}

#[test]
fn a_word_of_the_field_has_one_meaning() {
    let mut known = std::collections::HashMap::new();
    for (i, row) in query::kin::rows().iter().enumerate() {
        for word in *row {
            let other = known.insert(query::kin::key(word), i);
            assert!(other.is_none_or(|other| other == i), "{word} stands in two rows");
            let query = parse(word);
            assert!(!query.is_empty(), "{word} is no word of a query");
        }
    }
}

/// Lines as people, tools and attackers write them.
fn line() -> impl Strategy<Value = String> {
    let token = prop_oneof![
        prop::sample::select(vec![
            "dysprosium",
            "Dy",
            "镝",
            "鏑",
            "disprosium",
            "JL MAG",
            "金力永磁",
            "MP",
            "Materials",
            "northern",
            "rare",
            "earth",
            "China",
            "South",
            "Korea",
            "US",
            "us",
            "欧洲",
            "license",
            "news",
            "on",
            "the",
            "关于",
            "新闻",
            "的",
            "OR",
            "AND",
            "NOT",
            "-",
            "--",
            "\"",
            "“",
            "”",
            "「",
            "」",
            "(",
            ")",
            "|",
            "element:",
            "element:Dy,Tb",
            "company:",
            "company:x-",
            "company:x-a",
            "topic:prices",
            "source:a-b",
            "source:\"",
            "since:7d",
            "since:2026-13",
            "until:9999-99-99",
            "until:2026",
            "signal:easing",
            "license:general",
            "place:us",
            "place:",
            "product:ndfeb",
            "agency:mofcom",
            "kind:claim",
            "：",
            "'s",
            "İstanbul",
            "ß",
            "ﬁ",
            "ⅷ",
            "Ａ",
            "\u{200b}",
            "\u{202e}",
            "\0",
            "é",
            "नमस्ते",
            "한국어",
            "カタカナ",
            "👩‍🔬",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,12}",
        "[a-z]{1,12}",
        "\\p{Han}{1,6}",
    ];
    prop::collection::vec((token, prop::bool::ANY), 0..24).prop_map(|tokens| {
        tokens.into_iter().map(|(token, space)| if space { token + " " } else { token }).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn what_was_understood_reads_back(line in line()) {
        let query = parse(&line);
        let printed = query.to_string();
        let again = parse(&printed);
        prop_assert_eq!(&again, &query, "{:?} printed as {:?}, then as {}", line, printed, again);
        prop_assert!(printed.chars().count() <= LONGEST);
        let terms: usize = query.clauses.iter().map(|clause| clause.any.len()).sum();
        prop_assert!(terms <= MOST_TERMS);
        prop_assert!(query.notes.len() <= 2 * MOST_TERMS);
        let _matches = query.matches(&facts("镝", &line), now());
        let _spoken = query.spoken(&LEXICON);
    }
}
