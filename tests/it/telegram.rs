//! Telegram: messages within every limit, errors by what to do next, updates as events.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use expect_test::{Expect, expect};
use monazite::chat::telegram::connect;
use monazite::chat::{Connection, ListenError, MenuItem, Part, Platform, SendError, Webhook};
use monazite::clock::Clock;
use monazite::model::event::{Event, Target};
use monazite::model::message::{Action, Block, Button, Cards, Choice, Choose, Line, Message, Span};
use monazite::model::subscription::{Destination, PlatformName};
use monazite::text;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::world::clock::{HandClock, StillClock};
use crate::world::home::{Home, subscription};
use crate::world::telegram::{BOT, FakeTelegram, Fault, ME, TOKEN, parse_html};

const MENU: &[MenuItem] = &[
    item("start", "Begin here", false),
    item("help", "What I can do", false),
    item("brief", "The latest edition", false),
    item("licenses", "Export licenses", false),
    item("subscribe", "Receive editions here", true),
];

const fn item(name: &'static str, summary: &'static str, manage: bool) -> MenuItem {
    MenuItem { name, summary, usage: "", manage, completes: false }
}

fn clock() -> HandClock {
    HandClock::at("2026-11-23T12:00:00Z")
}

fn platform_at(url: &str, token: &str, clock: &HandClock) -> Arc<dyn Platform> {
    connect(Connection {
        api_url: url.to_owned(),
        token: token.to_owned().into(),
        application: None,
        webhook: None,
        clock: Arc::new(clock.clone()),
    })
    .unwrap()
}

fn platform(fake: &FakeTelegram) -> Arc<dyn Platform> {
    platform_at(&fake.url, TOKEN, &clock())
}

fn render(message: &Message) -> Vec<Part> {
    platform_at("http://127.0.0.1:9", TOKEN, &clock()).render(message)
}

fn chat(chat: i64, thread: Option<i64>) -> Destination {
    Destination { platform: PlatformName::Telegram, chat, thread }
}

fn to(chat_id: i64) -> Target {
    Target::Chat(chat(chat_id, None))
}

fn html(part: &Part) -> &str {
    part.0["text"].as_str().unwrap()
}

fn plain(part: &Part) -> String {
    parse_html(html(part)).unwrap().0
}

fn blocks(blocks: Vec<Block>) -> Message {
    Message { blocks, ..Message::default() }
}

fn check_html(message: &Message, expect: &Expect) {
    let parts = render(message);
    parts.iter().for_each(within_limits);
    let texts: Vec<&str> = parts.iter().map(html).collect();
    // What nobody sees is shown here.
    expect.assert_eq(&texts.join("\n=====\n").replace('\u{2060}', "[joiner]"));
}

fn within_limits(part: &Part) {
    let (text, entities) = parse_html(html(part)).unwrap();
    assert!(html(part).len() <= 9000, "{} bytes", html(part).len());
    assert!(text.encode_utf16().count() <= 4096, "{} units", text.encode_utf16().count());
    assert!(entities.len() <= 100, "{} entities", entities.len());
    assert!(!text.trim().is_empty(), "an empty part");
    assert_eq!(text, text.trim(), "white space around a part");
}

// Rendering.

fn link(text: &str, url: &str) -> Span {
    Span::Link { text: text.to_owned(), url: url.to_owned() }
}

#[test]
fn every_block_and_span_has_its_mark() {
    let message = blocks(vec![
        Block::Title("Rare earths, 23 November".into()),
        Block::Heading("Highlights".into()),
        Block::List(vec![
            Line::text("Lynas ").with(link("opens a plant", "https://example.com/a?b=1&c=2")),
            Line::text("Prices ")
                .with(Span::Bold("rise".into()))
                .with(Span::Text(" by 3 %".into())),
        ]),
        Block::Quote("“No change”, it said.".into()),
        Block::Paragraph(
            Line::text("As of ")
                .with(Span::Time {
                    at: "2026-11-23T12:00:00Z".parse().unwrap(),
                    text: "07:00 New York".into(),
                })
                .with(Span::Text(", code ".into()))
                .with(Span::Code("1C902.a".into())),
        ),
        Block::Footer(
            Line::text("More: ")
                .with(Span::Command("/help".into()))
                .with(Span::Text(" or ".into()))
                .with(Span::Command("/licenses dysprosium".into())),
        ),
    ]);
    check_html(
        &message,
        &expect![[r#"
            <b>Rare earths, 23 November</b>

            <b>■ Highlights</b>
            • Lynas <a href="https://example.com/a?b=1&amp;c=2">opens a plant</a>
            • Prices <b>rise</b> by 3 %
            <blockquote>“No change”, it said.</blockquote>
            As of 07:00 New York, code <code>1C902.a</code>

            <i>More: /help or </i><code>/licenses dysprosium</code>"#]],
    );
}

#[test]
fn hostile_text_is_only_text() {
    let corpus = [
        "<b>bold?</b> <script>alert(1)</script>",
        "@everyone and @channel_name, mail to a@b.example",
        "[x](https://evil.example) *y* _z_ `q` ||s||",
        "family 👨‍👩‍👧‍👦 flag 🇨🇳 skin 👍🏽",
        "עברית and العربية with \u{202e}override\u{202c}",
        "controls \u{0}\u{7}\u{1b}[31m and\tlines\r\nbroken",
        "&amp; &lt; &#60; & \"quotes\"",
        "中国商务部公告：对中重稀土实施出口管制。",
        "\u{200b}\u{2060}\u{feff}",
        "   ",
    ];
    let lines: Vec<Line> = corpus.into_iter().map(Line::text).collect();
    check_html(
        &blocks(vec![Block::List(lines)]),
        &expect![[r#"
            • &lt;b&gt;bold?&lt;/b&gt; &lt;script&gt;alert(1)&lt;/script&gt;
            • @[joiner]everyone and @[joiner]channel_name, mail to a@b.example
            • [x](https://evil.example) *y* _z_ `q` ||s||
            • family 👨‍👩‍👧‍👦 flag 🇨🇳 skin 👍🏽
            • עברית and العربية with override
            • controls [31m and lines broken
            • &amp;amp; &amp;lt; &amp;#60; &amp; &quot;quotes&quot;
            • 中国商务部公告：对中重稀土实施出口管制。"#]],
    );
}

#[test]
fn hostile_marks_lead_nowhere() {
    let line = Line::default()
        .with(link("script ", "javascript:alert(1)"))
        .with(link("user ", "tg://user?id=1"))
        .with(link("quote ", "https://example.com/\"><b>&x=1"))
        .with(link("login ", "https://bank.example@evil.example/"))
        .with(link("host ", "http://localhost/"))
        .with(link("@some", "https://example.com"))
        .with(Span::Text("one".into()))
        .with(Span::Text(" @".into()))
        .with(Span::Bold("split".into()))
        .with(Span::Code(" </code> @kept".into()));
    check_html(
        &blocks(vec![Block::Title(line)]),
        &expect![[
            r#"<b>script user </b><a href="https://example.com/%22%3E%3Cb%3E&amp;x=1"><b>quote </b></a><b>login host </b><a href="https://example.com/"><b>@[joiner]some</b></a><b>one @[joiner]split</b><code> &lt;/code&gt; @kept</code>"#
        ]],
    );
}

#[test]
fn nothing_is_said_as_an_ellipsis() {
    for empty in [
        Message::default(),
        Message::text(""),
        Message::text(" \n\u{200b}"),
        blocks(vec![Block::List(vec![]), Block::Table { head: vec![], rows: vec![] }]),
        blocks(vec![Block::Heading("\u{200d}\u{200d}".into())]),
    ] {
        let parts = render(&empty);
        assert_eq!(parts.iter().map(plain).collect::<Vec<_>>(), ["…"], "{empty:?}");
    }
}

#[test]
fn a_narrow_table_is_aligned() {
    let table = |cells: [[&str; 3]; 3]| Block::Table {
        head: vec!["Product".into(), "CNY/kg".into(), "Week".into()],
        rows: cells.iter().map(|row| row.iter().map(|cell| Line::text(*cell)).collect()).collect(),
    };
    check_html(
        &blocks(vec![
            Block::Heading("Prices".into()),
            table([["氧化镝", "1 640", "+2 %"], ["NdPr & co", "412", ""], ["Tb", "5 900", "-1 %"]]),
            Block::Paragraph("After.".into()),
        ]),
        &expect![[r#"
            <b>■ Prices</b>
            <pre>Product    CNY/kg  Week
            ───────────────────────
            氧化镝     1 640   +2 %
            NdPr &amp; co  412
            Tb         5 900   -1 %</pre>
            After."#]],
    );
}

#[test]
fn long_items_stand_apart_and_points_close_to_their_subheading() {
    let long = "One of three long sentences that would run together on a phone. ".repeat(3);
    let story = Line(vec![Span::Bold("1. ".into()), link("Lynas starts", "https://example.com/l")]);
    let message = blocks(vec![
        Block::Title("Brief".into()),
        Block::Paragraph("Covers a day.".into()),
        Block::Heading("Highlights".into()),
        Block::List(vec![long.as_str().into(), long.as_str().into()]),
        Block::Heading("Analysis".into()),
        Block::Subheading(story),
        Block::List(vec![long.as_str().into(), "Signal: easing".into()]),
        Block::Footer("More: /help".into()),
        Block::Footer("Sources OK: 6/6.".into()),
    ]);
    check_html(
        &message,
        &expect![[r#"
        <b>Brief</b>
        Covers a day.

        <b>■ Highlights</b>
        • One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone.

        • One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone.

        <b>■ Analysis</b>
        <b>1. </b><a href="https://example.com/l"><b>Lynas starts</b></a>
        • One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone. One of three long sentences that would run together on a phone.
        • Signal: easing

        <i>More: /help</i>
        <i>Sources OK: 6/6.</i>"#]],
    );
}

#[test]
fn a_wide_or_linked_table_becomes_lines() {
    let head = vec!["Holder".to_owned(), "Source".to_owned(), String::new()];
    let rows = vec![
        vec![
            "JL MAG".into(),
            Line::default().with(link("Reuters", "https://example.com/r")),
            Line::text("new"),
        ],
        vec!["Ningbo Yunsheng".into(), "filing".into(), Line::text("")],
    ];
    check_html(
        &blocks(vec![Block::Table { head, rows }]),
        &expect![[r#"
            <b>Holder: JL MAG</b>
            Source: <a href="https://example.com/r">Reuters</a>
            new

            <b>Holder: Ningbo Yunsheng</b>
            Source: filing"#]],
    );
}

fn lengths(message: &Message) -> Vec<usize> {
    let parts = render(message);
    parts.iter().for_each(within_limits);
    parts.iter().map(|part| plain(part).encode_utf16().count()).collect()
}

#[test]
fn a_message_is_split_between_blocks() {
    let paragraph = |c: &str| Block::Paragraph(Line::text(c.repeat(1500)));
    let message = blocks(vec![
        paragraph("a"),
        paragraph("b"),
        Block::Heading("Kept with its text".into()),
        paragraph("c"),
        paragraph("d"),
    ]);
    expect!["[3002, 3023]"].assert_eq(&format!("{:?}", lengths(&message)));
    assert!(plain(&render(&message)[1]).starts_with("■ Kept with its text\nccc"));
}

#[test]
fn a_long_block_is_split_between_lines_then_sentences_then_words_then_graphemes() {
    let cuts = |block: Block| {
        let message = blocks(vec![block]);
        lengths(&message);
        let parts = render(&message);
        let edge = |part: &Part| {
            let text = plain(part);
            let start: String = text.chars().take(12).collect();
            let end: String =
                text.chars().rev().take(12).collect::<Vec<_>>().iter().rev().collect();
            format!("{start} … {end}")
        };
        parts.iter().map(edge).collect::<Vec<_>>().join("\n")
    };
    let lines = (1..=300).map(|i| Line::text(format!("line number {i:03}. yes"))).collect();
    expect![[r#"
        • line numbe … ber 178. yes
        • line numbe … ber 300. yes"#]]
    .assert_eq(&cuts(Block::List(lines)));
    let sentences: String = (1..=300).map(|i| format!("Sentence {i:03} ends. ")).collect();
    expect![[r#"
        Sentence 001 … ce 215 ends.
        Sentence 216 … ce 300 ends."#]]
    .assert_eq(&cuts(Block::Paragraph(Line::text(sentences))));
    let chinese: String =
        (1..=300).map(|i| format!("第{i:03}号公告对中重稀土实施出口管制。")).collect();
    expect![[r#"
        第001号公告对中重稀土 … 对中重稀土实施出口管制。
        第176号公告对中重稀土 … 对中重稀土实施出口管制。"#]]
    .assert_eq(&cuts(Block::Quote(Line::text(chinese))));
    let words: String = (1..=900).map(|i| format!("word{i:03} ")).collect();
    expect![[r#"
        word001 word … d511 word512
        word513 word … d899 word900"#]]
    .assert_eq(&cuts(Block::Footer(Line::text(words))));
    expect![[r#"
        👨‍👩‍👧‍👦👨‍👩‍👧 … 👩‍👧‍👦👨‍👩‍👧‍👦
        👨‍👩‍👧‍👦👨‍👩‍👧 … 👩‍👧‍👦👨‍👩‍👧‍👦"#]]
    .assert_eq(&cuts(Block::Title(Line::text("👨‍👩‍👧‍👦".repeat(600)))));
    let zalgo = format!("e{}", "\u{301}".repeat(9000));
    // What is left after the cut would be marks on nothing.
    assert_eq!(lengths(&Message::text(zalgo)), [4096]);
}

#[test]
fn a_cut_closes_and_reopens_marks() {
    let text = "All of it is bold and linked. ".repeat(200);
    let message = blocks(vec![Block::Title(Line(vec![link(&text, "https://example.com/x")]))]);
    let parts = render(&message);
    assert_eq!(parts.len(), 2);
    for part in &parts {
        let (text, entities) = parse_html(html(part)).unwrap();
        let whole = text.encode_utf16().count();
        let marks: Vec<_> = entities.iter().map(|e| (e.kind, e.offset, e.length)).collect();
        assert_eq!(marks, [("text_link", 0, whole), ("bold", 0, whole)]);
    }
}

#[test]
fn many_marks_or_long_addresses_make_more_parts() {
    let linked = |i: usize, tail: &str| {
        Line::default().with(link("x", &format!("https://example.com/{i}{tail}")))
    };
    let many = blocks(vec![Block::List((0..250).map(|i| linked(i, "")).collect())]);
    assert_eq!(render(&many).len(), 3);
    let tail = "y".repeat(1900);
    let long = blocks(vec![Block::List((0..10).map(|i| linked(i, &tail)).collect())]);
    render(&long).iter().for_each(within_limits);
    assert_eq!(render(&long).len(), 3);
    let monstrous = blocks(vec![Block::Paragraph(linked(1, &"y".repeat(3000)))]);
    check_html(&monstrous, &expect!["x"]);
}

#[test]
fn buttons_stand_under_the_last_part() {
    let button = |label: &str, action| Button { label: label.into(), action };
    let fits = "licenses ".to_owned() + &"x".repeat(53);
    let message = Message {
        blocks: vec![Block::Paragraph(Line::text("word ".repeat(1000)))],
        buttons: vec![
            vec![
                button("Earlier", Action::Edit("brief 2026-11-22".into())),
                button("Source", Action::Open("https://example.com/a?b=\"c\"".into())),
            ],
            vec![button("More", Action::Ask(fits.clone()))],
            vec![
                button("", Action::Ask("help".into())),
                button("Too long", Action::Ask(fits + "x")),
                button("Script", Action::Open("javascript:alert(1)".into())),
            ],
        ],
        private: false,
        silent: true,
    };
    let parts = render(&message);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[0].0.get("reply_markup"), None);
    assert_eq!(parts[0].0["disable_notification"], true);
    expect![[r#"
        {
          "inline_keyboard": [
            [
              {
                "callback_data": "e:brief 2026-11-22",
                "text": "Earlier"
              },
              {
                "text": "Source",
                "url": "https://example.com/a?b=%22c%22"
              }
            ],
            [
              {
                "callback_data": "a:licenses xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
                "text": "More"
              }
            ]
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&parts[1].0["reply_markup"]).unwrap());
}

#[test]
fn only_the_first_part_makes_a_sound_and_no_link_has_a_preview() {
    let parts = render(&Message::text("word ".repeat(1000)));
    let sounds: Vec<bool> =
        parts.iter().map(|part| part.0["disable_notification"] != true).collect();
    assert_eq!(sounds, [true, false]);
    assert!(parts.iter().all(|part| part.0["link_preview_options"]["is_disabled"] == true));
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        any::<String>(),
        "[a-z<>&\"@/ \n]{0,30}",
        "[中重稀土出口管制。，]{0,30}",
        Just("👨‍👩‍👧‍👦".repeat(40)),
        Just("longword".repeat(700)),
        Just("A sentence that ends here. ".repeat(300)),
        Just("<&>\"".repeat(900)),
    ]
}

fn spans() -> impl Strategy<Value = Span> {
    let url = prop_oneof![
        Just("https://example.com/a?b=1&c=\"2\"".to_owned()),
        Just("javascript:alert(1)".to_owned()),
        "https://[a-z]{1,9}\\.[a-z]{2,3}/[!-~]{0,80}",
        any::<String>(),
    ];
    prop_oneof![
        texts().prop_map(Span::Text),
        texts().prop_map(Span::Bold),
        texts().prop_map(Span::Italic),
        texts().prop_map(Span::Code),
        texts().prop_map(Span::Command),
        texts().prop_map(|text| Span::Ask { text, line: "license jl-mag/general".to_owned() }),
        (texts(), url).prop_map(|(text, url)| Span::Link { text, url }),
    ]
}

fn lines() -> impl Strategy<Value = Line> {
    proptest::collection::vec(spans(), 0..4).prop_map(Line)
}

fn some_blocks() -> impl Strategy<Value = Vec<Block>> {
    let many = || proptest::collection::vec(lines(), 0..6);
    let block = prop_oneof![
        lines().prop_map(Block::Title),
        lines().prop_map(Block::Heading),
        lines().prop_map(Block::Subheading),
        lines().prop_map(Block::Paragraph),
        lines().prop_map(Block::Quote),
        lines().prop_map(Block::Footer),
        many().prop_map(Block::List),
        (
            proptest::collection::vec("[a-z&<]{0,9}", 3),
            proptest::collection::vec(
                proptest::collection::vec(
                    prop_oneof![lines(), "[a-z]{0,6}".prop_map(Line::text)],
                    3
                ),
                0..4,
            )
        )
            .prop_map(|(head, rows)| Block::Table { head, rows }),
    ];
    proptest::collection::vec(block, 0..8)
}

fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{2060}').collect()
}

/// What a block says; of a table only its cells.
fn said(block: &Block) -> Vec<String> {
    let line = |line: &Line| text::one_line(&line.plain());
    let says = |text: &String| text::width(text.trim()) > 0;
    match block {
        Block::Title(l)
        | Block::Subheading(l)
        | Block::Paragraph(l)
        | Block::Quote(l)
        | Block::Footer(l) => vec![line(l)].into_iter().filter(says).collect(),
        Block::Heading(l) => {
            vec![line(l)].into_iter().filter(says).map(|text| format!("■ {text}")).collect()
        }
        Block::List(lines) => {
            lines.iter().map(line).filter(says).map(|text| format!("• {text}")).collect()
        }
        Block::Table { rows, .. } => rows.iter().flatten().map(line).filter(says).collect(),
    }
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_message_is_within_every_limit_and_says_all_it_says(blocks in some_blocks()) {
        let parts = render(&Message { blocks: blocks.clone(), ..Message::default() });
        assert!(!parts.is_empty());
        parts.iter().for_each(within_limits);
        let all = visible(&parts.iter().map(plain).collect::<String>());
        let expected: Vec<String> =
            blocks.iter().flat_map(said).map(|text| visible(&text)).collect();
        if blocks.iter().any(|block| matches!(block, Block::Table { .. })) {
            let mut rest = all.as_str();
            for text in expected {
                let at = rest.find(&text);
                assert!(at.is_some(), "{text:?} is not said in {rest:?}");
                rest = &rest[at.unwrap() + text.len()..];
            }
        } else if !expected.is_empty() {
            assert_eq!(all, expected.concat());
        }
    }
}

/// Words that ask a command lead to the bot once its name is known, and a message falls into the
/// same parts before and after.
#[tokio::test]
async fn words_that_ask_lead_to_the_bot() {
    let fake = FakeTelegram::start().await;
    let platform = platform(&fake);
    let ask = |text: &str, line: &str| Span::Ask { text: text.to_owned(), line: line.to_owned() };
    let line = Line::text("Due: ")
        .with(ask("JL MAG (金力永磁)", "license jl-mag/general"))
        .with(ask(" & a firm", "license k-0123456789ab"))
        .with(ask(", no link", "license 金力永磁"));
    let message = blocks(vec![Block::Paragraph(line.clone())]);
    expect!["Due: JL MAG (金力永磁) &amp; a firm, no link"]
        .assert_eq(html(&platform.render(&message)[0]));
    let long = blocks(vec![Block::Paragraph(line); 120]);
    let before = platform.render(&long);
    platform.check().await.unwrap();
    expect![[r#"Due: <a href="https://t.me/monazite_bot?start=lic_jl-mag__general">JL MAG (金力永磁)</a><a href="https://t.me/monazite_bot?start=lic_k-0123456789ab"> &amp; a firm</a>, no link"#]]
        .assert_eq(html(&platform.render(&message)[0]));
    let after = platform.render(&long);
    after.iter().for_each(within_limits);
    let texts = |parts: &[Part]| parts.iter().map(plain).collect::<Vec<_>>();
    assert_eq!(texts(&before), texts(&after));
}

// Sending.

async fn send(platform: &dyn Platform, to: &Target, message: &Message) -> Result<i64, SendError> {
    let mut last = 0;
    for part in platform.render(message) {
        last = platform.send(to, &part, None).await?.message;
    }
    Ok(last)
}

#[tokio::test]
async fn a_message_arrives_in_its_chat_and_topic() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.forum(-1007, "Metals", &[(1, false), (42, false), (43, true)]);
    let telegram = platform_at(&format!("{}/", fake.url), TOKEN, &clock());
    let hello = Message::text("Hello");
    send(&*telegram, &to(5), &hello).await.unwrap();
    send(&*telegram, &Target::Chat(chat(-1007, Some(42))), &hello).await.unwrap();
    send(&*telegram, &Target::Chat(chat(-1007, Some(1))), &hello).await.unwrap();
    let threads: Vec<_> = fake.messages(-1007).iter().map(|sent| sent.thread).collect();
    assert_eq!(threads, [Some(42), None]);
    assert_eq!(fake.messages(5)[0].text, "Hello");
    let closed = send(&*telegram, &Target::Chat(chat(-1007, Some(43))), &hello).await;
    assert_eq!(
        closed,
        Err(SendError::Forbidden("Telegram refused: Bad Request: TOPIC_CLOSED".to_owned()))
    );
    let gone = send(&*telegram, &Target::Chat(chat(-1007, Some(44))), &hello).await;
    assert!(matches!(gone, Err(SendError::ChatGone(_))), "{gone:?}");
}

#[tokio::test]
async fn every_hostile_message_is_taken() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let hostile = Message {
        blocks: vec![
            Block::Title(Line::text("T".repeat(600))),
            Block::Heading("<i>".into()),
            Block::Quote("&amp; @everyone </blockquote>".into()),
            Block::Paragraph(Line::text("稀土".repeat(3000))),
        ],
        buttons: vec![vec![Button { label: "…".into(), action: Action::Edit("brief".into()) }]],
        ..Message::default()
    };
    send(&*telegram, &to(5), &hostile).await.unwrap();
    let sent = fake.messages(5);
    assert_eq!(sent.len(), 3);
    assert_eq!(sent[2].keyboard, json!([[{ "text": "…", "callback_data": "e:brief" }]]));
    let silent: Vec<bool> = sent.iter().map(|sent| sent.silent).collect();
    assert_eq!(silent, [false, true, true]);
}

#[tokio::test]
async fn a_reply_names_what_it_answers_even_if_that_is_gone() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    let telegram = platform(&fake);
    let asked = fake.push_text(-7, 5, "/brief");
    for message in [asked, 999] {
        let reply = Target::Reply { to: chat(-7, None), message };
        send(&*telegram, &reply, &Message::text("word ".repeat(1000))).await.unwrap();
    }
    let answers: Vec<_> = fake.messages(-7).iter().map(|sent| sent.answers).collect();
    assert_eq!(answers, [Some(asked), None, None, None]);
}

fn edit(chat_id: i64, message: i64, callback: Option<String>) -> Target {
    Target::Edit { to: chat(chat_id, None), message, callback }
}

#[tokio::test]
async fn a_tapped_button_edits_its_message() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let first = send(&*telegram, &to(5), &Message::text("one")).await.unwrap();
    let tap = fake.press(5, first, 5, "e:brief");
    let target = edit(5, first, Some(tap));
    assert_eq!(send(&*telegram, &target, &Message::text("two")).await, Ok(first));
    assert_eq!(fake.open_taps(), 0);
    // The same once more: the tap is acknowledged already, the text stands there already.
    assert_eq!(send(&*telegram, &target, &Message::text("two")).await, Ok(first));
    let sent = fake.messages(5);
    assert_eq!((sent.len(), sent[0].text.as_str(), sent[0].edits), (1, "two", 1));
}

#[tokio::test]
async fn a_long_answer_edits_once_and_goes_on_in_new_messages() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let first = send(&*telegram, &to(5), &Message::text("one")).await.unwrap();
    let long = Message::text("word ".repeat(1000));
    send(&*telegram, &edit(5, first, None), &long).await.unwrap();
    send(&*telegram, &edit(5, first, None), &Message::text("short")).await.unwrap();
    let sent: Vec<_> = fake.messages(5).iter().map(|sent| (sent.text.len(), sent.edits)).collect();
    assert_eq!(sent, [(5, 2), (904, 0)]);
}

#[tokio::test]
async fn an_edit_of_a_deleted_message_becomes_a_new_one() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    send(&*telegram, &edit(5, 77, None), &Message::text("anew")).await.unwrap();
    assert_eq!(fake.messages(5)[0].text, "anew");
}

#[tokio::test]
async fn a_deferred_tap_stops_spinning_at_once() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let tap = fake.press(5, 1, 5, "e:brief");
    let later = telegram.defer(&edit(5, 1, Some(tap)), true).await.unwrap();
    assert_eq!(later, edit(5, 1, None));
    assert_eq!(fake.open_taps(), 0);
}

#[tokio::test]
async fn unreadable_marks_are_sent_again_as_plain_text() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let refusal = Fault::Refuse(400, "Bad Request: can't parse entities: at byte offset 3");
    let message = blocks(vec![Block::Title("A < B & \"C\"".into())]);
    fake.fail("sendMessage", refusal.clone());
    let first = send(&*telegram, &to(5), &message).await.unwrap();
    fake.fail("editMessageText", refusal.clone());
    let other = blocks(vec![Block::Title("&amp;".into())]);
    assert_eq!(fake.messages(5)[0].text, "A < B & \"C\"");
    assert_eq!(fake.messages(5)[0].entities, []);
    send(&*telegram, &edit(5, first, None), &other).await.unwrap();
    assert_eq!(fake.messages(5)[0].text, "&amp;");
    for _ in 0..2 {
        fake.fail("sendMessage", refusal.clone());
    }
    let twice = send(&*telegram, &to(5), &message).await;
    assert!(matches!(twice, Err(SendError::Rejected(_))), "{twice:?}");
}

#[tokio::test]
async fn every_refusal_says_what_to_do_next() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let mut lines = Vec::new();
    for (status, words) in [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (403, "Forbidden: bot is not a member of the channel chat"),
        (403, "Forbidden: the group chat was deleted"),
        (403, "Forbidden: bot can't initiate conversation with a user"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: group chat was deactivated"),
        (400, "Bad Request: message thread not found"),
        (400, "Bad Request: not enough rights to send text messages to the chat"),
        (400, "Bad Request: have no rights to send a message"),
        (400, "Bad Request: need administrator rights in the channel chat"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        (400, "Bad Request: TOPIC_CLOSED"),
        (403, "Forbidden: bot can't send messages to bots"),
        (400, "Bad Request: message is too long"),
        (400, "Bad Request: BUTTON_DATA_INVALID"),
        (413, "Request Entity Too Large"),
        (409, "Conflict: something else"),
        (401, "Unauthorized"),
        (404, "Not Found"),
        (429, "Too Many Requests"),
    ] {
        fake.refuse(5, Some((status, words)));
        let error = send(&*telegram, &to(5), &Message::text("x")).await.unwrap_err();
        let kind = format!("{error:?}");
        let kind = kind.split(['(', ' ']).next().unwrap();
        lines.push(format!("{kind:<9} {words}"));
    }
    expect![[r#"
        ChatGone  Forbidden: bot was blocked by the user
        ChatGone  Forbidden: user is deactivated
        ChatGone  Forbidden: bot was kicked from the supergroup chat
        ChatGone  Forbidden: bot was kicked from the group chat
        ChatGone  Forbidden: bot is not a member of the channel chat
        ChatGone  Forbidden: the group chat was deleted
        ChatGone  Forbidden: bot can't initiate conversation with a user
        ChatGone  Bad Request: chat not found
        ChatGone  Bad Request: group chat was deactivated
        ChatGone  Bad Request: message thread not found
        Forbidden Bad Request: not enough rights to send text messages to the chat
        Forbidden Bad Request: have no rights to send a message
        Forbidden Bad Request: need administrator rights in the channel chat
        Forbidden Bad Request: CHAT_WRITE_FORBIDDEN
        Forbidden Bad Request: TOPIC_CLOSED
        Forbidden Forbidden: bot can't send messages to bots
        Rejected  Bad Request: message is too long
        Rejected  Bad Request: BUTTON_DATA_INVALID
        Rejected  Request Entity Too Large
        Retry     Conflict: something else
        Token     Unauthorized
        Token     Not Found
        Retry     Too Many Requests"#]]
    .assert_eq(&lines.join("\n"));
}

#[tokio::test]
async fn a_flood_a_move_and_a_broken_line_are_told_apart() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    let telegram = platform(&fake);
    let hello = Message::text("Hello");
    let mut seen = Vec::new();
    for fault in [
        Fault::Flood(7),
        Fault::Garbage(200, "<html>captive portal</html>"),
        Fault::Garbage(200, ""),
        Fault::ResetBefore,
    ] {
        fake.fail("sendMessage", fault);
        seen.push(send(&*telegram, &to(-7), &hello).await.unwrap_err());
    }
    assert_eq!(fake.messages(-7), []);
    fake.fail("sendMessage", Fault::ResetAfter);
    seen.push(send(&*telegram, &to(-7), &hello).await.unwrap_err());
    assert_eq!(fake.messages(-7).len(), 1);
    assert_eq!(fake.ordered("sendMessage"), 0, "every fault happened");
    fake.migrate(-7, -1007);
    seen.push(send(&*telegram, &to(-7), &hello).await.unwrap_err());
    expect![[r#"
        [
            Retry {
                after: Some(
                    7s,
                ),
                reason: "Telegram asks to wait 7 s",
            },
            Retry {
                after: None,
                reason: "Telegram answered with something that is not its own",
            },
            Retry {
                after: None,
                reason: "Telegram answered with something that is not its own",
            },
            Retry {
                after: None,
                reason: "the connection to Telegram broke",
            },
            Retry {
                after: None,
                reason: "the connection to Telegram broke",
            },
            Moved {
                to: -1007,
            },
        ]
    "#]]
    .assert_debug_eq(&seen);
    send(&*telegram, &to(-1007), &hello).await.unwrap();
}

/// Sends while the fake misbehaves, and lets all waiting pass in no time once it was asked. The
/// clock runs until then: a paused one would run out before the loopback has answered.
async fn send_impatiently(fault: Fault) -> SendError {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    fake.fail("sendMessage", fault);
    let sending = tokio::spawn(async move { send(&*telegram, &to(5), &Message::text("x")).await });
    fake.called("sendMessage", 1).await;
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    sending.await.unwrap().unwrap_err()
}

#[tokio::test]
async fn server_errors_and_silence_are_tried_again() {
    let words = "{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error\"}";
    for fault in [Fault::Garbage(502, "<html>Bad Gateway</html>"), Fault::Garbage(500, words)] {
        let error = send_impatiently(fault).await;
        assert!(matches!(error, SendError::Retry { after: None, .. }), "{error:?}");
        tokio::time::resume();
    }
}

#[tokio::test]
async fn no_request_waits_forever() {
    let error = send_impatiently(Fault::Silence).await;
    assert_eq!(
        error,
        SendError::Retry { after: None, reason: "Telegram did not answer in time".to_owned() }
    );
}

#[tokio::test]
async fn nothing_says_the_token() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let leak: &'static str = Box::leak(format!("Bad Request: /bot{TOKEN}/x").into_boxed_str());
    fake.refuse(5, Some((400, leak)));
    let mut said = Vec::new();
    let wrong = TOKEN.replace("fake", "Fake");
    let unreachable = "http://127.0.0.1:1";
    for (url, token) in [(fake.url.as_str(), TOKEN), (&fake.url, &wrong), (unreachable, TOKEN)] {
        let telegram = platform_at(url, token, &clock());
        let error = send(&*telegram, &to(5), &Message::text("x")).await.unwrap_err();
        said.push(format!("{error} {error:?}"));
        said.push(format!("{:?}", telegram.publish_menu(MENU).await));
        said.push(format!("{:?}", telegram.check().await));
    }
    let secret = TOKEN.split_once(':').unwrap().1;
    for text in &said {
        let text = text.to_lowercase();
        assert!(!text.contains(&secret.to_lowercase()), "{text}");
    }
    expect![[r#"
        Telegram refused: Bad Request: /bot[token]/x Rejected("Telegram refused: Bad Request: /bot[token]/x")
        Ok(())
        Ok(["Telegram: connected as @monazite_bot", "Telegram: inline mode is off; /setinline at @BotFather turns it on"])
        Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one Token("Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one")
        Err(Token("Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one"))
        Err(["Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one"])
        Telegram cannot be reached Retry { after: None, reason: "Telegram cannot be reached" }
        Err(Retry { after: None, reason: "Telegram cannot be reached" })
        Err(["Telegram cannot be reached"])"#]].assert_eq(&said.join("\n"));
}

#[test]
fn an_address_that_is_none_is_refused() {
    let refusals: Vec<String> = ["", "api.telegram.org", "ftp://example.com", "data:x"]
        .into_iter()
        .map(|url| {
            let connection = Connection {
                api_url: url.to_owned(),
                token: TOKEN.to_owned().into(),
                application: None,
                webhook: None,
                clock: Arc::new(clock()),
            };
            connect(connection).err().unwrap()
        })
        .collect();
    expect![[r#"
        [telegram] api_url is no address: relative URL without a base
        [telegram] api_url is no address: relative URL without a base
        [telegram] api_url must begin with http:// or https://
        [telegram] api_url must begin with http:// or https://"#]]
    .assert_eq(&refusals.join("\n"));
}

#[tokio::test]
async fn the_fake_refuses_what_telegram_refuses() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let html = |text: &str| json!({ "text": text, "parse_mode": "HTML" });
    let button = |mut button: Value| {
        button["text"] = json!("x");
        json!({ "text": "x", "reply_markup": { "inline_keyboard": [[button]] } })
    };
    let mut lines = Vec::new();
    for body in [
        json!({ "text": " " }),
        html("<b></b>"),
        json!({ "text": "x".repeat(4097) }),
        html(&format!("{}<b>x</b>", "😀".repeat(2048))),
        json!({ "text": "x", "strange": 1 }),
        json!({ "text": "x", "parse_mode": "MarkdownV2" }),
        button(json!({ "callback_data": "x".repeat(65) })),
        button(json!({ "url": "http://localhost/" })),
        button(json!({ "url": "tg://user?id=1" })),
        button(json!({})),
    ] {
        lines.push(telegram.send(&to(5), &Part(body), None).await.unwrap_err().to_string());
    }
    // Marks that cannot be read are sent again without them, so the parser is asked directly.
    for text in [
        "a < b",
        "a & b",
        "a > b",
        "<h1>x</h1>",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "<a>x</a>",
        "<b class=\"x\">x</b>",
        "<code><b>x</b></code>",
        "&nbsp;",
    ] {
        lines.push(format!("{text}: {}", parse_html(text).unwrap_err()));
    }
    expect![[r#"
        Telegram refused: Bad Request: message text is empty
        Telegram refused: Bad Request: message text is empty
        Telegram refused: Bad Request: message is too long
        Telegram refused: Bad Request: message is too long
        Telegram refused: Bad Request: unknown field strange
        Telegram refused: Bad Request: unsupported parse_mode
        Telegram refused: Bad Request: BUTTON_DATA_INVALID
        Telegram refused: Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL
        Telegram refused: Bad Request: inline keyboard button URL 'tg://user?id=1' is invalid: Wrong HTTP URL
        Telegram refused: Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard
        a < b: Unclosed start tag at byte offset 2
        a & b: Unescaped "&" at byte offset 2
        a > b: Unescaped ">" at byte offset 2
        <h1>x</h1>: Unsupported start tag "h1" at byte offset 0
        <b>x: Can't find end tag corresponding to start tag "b"
        x</b>: Unexpected end tag at byte offset 1
        <b><i>x</b></i>: Unmatched end tag at byte offset 7, expected "</i>", found "</b>"
        <a>x</a>: Unexpected attribute at byte offset 0
        <b class="x">x</b>: Unexpected attribute at byte offset 0
        <code><b>x</b></code>: Nested tag "b" at byte offset 6
        &nbsp;: Unescaped "&" at byte offset 0"#]].assert_eq(&lines.join("\n"));
    let far = platform(&fake).send(&to(6), &Part(json!({ "text": "x" })), None).await;
    assert!(matches!(far, Err(SendError::ChatGone(_))), "{far:?}");
    assert_eq!(fake.messages(5), []);
    let menu = [item("Brief", "x", false)];
    assert!(matches!(telegram.publish_menu(&menu).await, Err(SendError::Rejected(_))));
    let menu = [item("brief", "", false)];
    assert!(matches!(telegram.publish_menu(&menu).await, Err(SendError::Rejected(_))));
}

// The menu and the check.

#[tokio::test]
async fn the_menu_is_published_by_scope_and_only_when_it_changed() {
    let fake = FakeTelegram::start().await;
    let telegram = platform(&fake);
    telegram.publish_menu(MENU).await.unwrap();
    let names = |scope| {
        let menu = fake.menu(scope).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        format!("{scope}: {}", menu.join(" "))
    };
    let scopes = ["default", "all_private_chats", "all_group_chats", "all_chat_administrators"];
    expect![[r#"
        default: start help brief licenses subscribe
        all_private_chats: start help brief licenses subscribe
        all_group_chats: start help brief licenses
        all_chat_administrators: start help brief licenses subscribe"#]]
    .assert_eq(&scopes.map(names).join("\n"));
    assert_eq!(fake.menu("default")[0].1, "Begin here");
    telegram.publish_menu(MENU).await.unwrap();
    assert_eq!(fake.calls("setMyCommands").len(), 4);
    fake.fail("setMyCommands", Fault::Flood(3));
    let flooded = telegram.publish_menu(&MENU[..2]).await;
    assert!(matches!(flooded, Err(SendError::Retry { after: Some(_), .. })), "{flooded:?}");
    telegram.publish_menu(&MENU[..2]).await.unwrap();
    assert_eq!(names("default"), "default: start help");
}

#[tokio::test]
async fn the_check_says_who_the_bot_is_and_what_is_in_the_way() {
    let fake = FakeTelegram::start().await;
    assert_eq!(
        platform(&fake).check().await,
        Ok(vec![
            "Telegram: connected as @monazite_bot".to_owned(),
            "Telegram: inline mode is off; /setinline at @BotFather turns it on".to_owned(),
        ])
    );
    fake.set_webhook("https://example.com/secret-path");
    expect![[r#"
        Telegram: connected as @monazite_bot
        Telegram: inline mode is off; /setinline at @BotFather turns it on
        Telegram: a webhook is set; polling will remove it"#]]
    .assert_eq(&platform(&fake).check().await.unwrap().join("\n"));
    let wrong = platform_at(&fake.url, "nonsense", &clock());
    assert_eq!(
        wrong.check().await,
        Err(vec![
            "Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one"
                .to_owned()
        ])
    );
}

// Listening.

/// A bot that listens.
struct Ear {
    events: mpsc::Receiver<Event>,
    stop: CancellationToken,
    listening: tokio::task::JoinHandle<Result<(), ListenError>>,
}

impl Ear {
    fn open(telegram: &Arc<dyn Platform>) -> Self {
        let (sender, events) = mpsc::channel(100);
        let stop = CancellationToken::new();
        let (telegram, token) = (telegram.clone(), stop.clone());
        let listening = tokio::spawn(async move { telegram.listen(MENU, sender, token).await });
        Self { events, stop, listening }
    }

    async fn next(&mut self) -> Event {
        tokio::time::timeout(Duration::from_secs(10), self.events.recv()).await.unwrap().unwrap()
    }

    /// Stops; gives what came in and was not taken yet.
    async fn close(mut self) -> Vec<Event> {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(5), self.listening)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        let mut rest = Vec::new();
        while let Some(event) = self.events.recv().await {
            rest.push(event);
        }
        rest
    }

    async fn failure(self) -> ListenError {
        tokio::time::timeout(Duration::from_secs(10), self.listening)
            .await
            .unwrap()
            .unwrap()
            .unwrap_err()
    }
}

/// What the bot hears of what was pushed; a last update marks the end.
async fn heard(fake: &FakeTelegram) -> Vec<Event> {
    fake.private(9_999, "End");
    fake.push_text(9_999, 9_999, "/end");
    let mut ear = Ear::open(&platform(fake));
    let mut events = Vec::new();
    loop {
        match ear.next().await {
            Event::Asked(asked) if asked.name == "end" => break,
            event => events.push(event),
        }
    }
    assert_eq!(ear.close().await, []);
    assert_eq!(fake.unconfirmed(), 0);
    events
}

fn tell(event: &Event) -> String {
    match event {
        Event::Asked(asked) => {
            let place = asked.reply.destination();
            let how = match &asked.reply {
                Target::Chat(_) => "new".to_owned(),
                Target::Reply { message, .. } => format!("reply to {message}"),
                Target::Edit { message, callback, .. } => format!("edit {message} {callback:?}"),
                Target::Interaction { .. } => "interaction".to_owned(),
            };
            let rights = if asked.may_manage { "manager" } else { "reader" };
            format!("{place} {rights}: {} [{}] -> {how}", asked.name, asked.args)
        }
        other => format!("{other:?}"),
    }
}

fn told(events: &[Event]) -> String {
    events.iter().map(tell).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn commands_in_a_private_chat() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    for text in [
        "/brief",
        "/Brief@Monazite_Bot  2026-11-22 ",
        "/brief@other_bot",
        "/start lic_jlmag",
        "/subscribe 7:00\nAsia/Shanghai",
        "/licenses \u{202e}dysprosium\u{0}",
        "/unknown thing",
        "/no-command",
        "/",
        "what is new?",
        "   /help",
    ] {
        fake.push_text(5, 5, text);
    }
    fake.push_message(5, 5, json!({ "photo": [], "caption": "/brief" }));
    let events = heard(&fake).await;
    expect![[r#"
        telegram:5 manager: brief [] -> new
        telegram:5 manager: brief [2026-11-22] -> new
        telegram:5 manager: help [] -> new
        telegram:5 manager: start [lic_jlmag] -> new
        telegram:5 manager: subscribe [7:00 Asia/Shanghai] -> new
        telegram:5 manager: licenses [dysprosium] -> new
        telegram:5 manager: unknown [thing] -> new
        telegram:5 manager: help [] -> new
        telegram:5 manager: help [] -> new
        telegram:5 manager: help [] -> new
        telegram:5 manager: help [] -> new"#]]
    .assert_eq(&told(&events));
    let Event::Asked(first) = &events[0] else { panic!("no command") };
    assert_eq!((first.chat_label.as_str(), first.locale.as_deref()), ("Ada", Some("en")));
    assert!(first.private_chat);
}

#[tokio::test]
async fn commands_in_groups_topics_and_channels() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    fake.forum(-1007, "Metals", &[(42, false)]);
    fake.channel(-1009, "News");
    fake.admin(-7, 1);
    fake.admin(-1007, 1);
    for user in [1, 2] {
        fake.push_text(-7, user, "/subscribe");
        fake.push_text(-7, user, "/brief");
    }
    let call = format!("/ban@{BOT} x");
    for text in ["/ban everyone", &call, "/brief@other_bot", "hello", "help"] {
        fake.push_text(-7, 1, text);
    }
    let topic = json!({ "message_thread_id": 42, "is_topic_message": true });
    let mut in_topic = topic.clone();
    in_topic["text"] = json!("/subscribe");
    fake.push_message(-1007, 1, in_topic);
    let thread = json!({ "text": "/brief", "message_thread_id": 17 });
    fake.push_message(-1007, 2, thread);
    let anonymous = |sender: i64| {
        json!({ "text": "/subscribe", "sender_chat":
            { "id": sender, "type": "supergroup", "title": "Metals" } })
    };
    fake.push_message(-1007, 1_087_968_824, anonymous(-1007));
    fake.push_message(-1007, 1, anonymous(-1009));
    let forwarded = json!({ "text": "/subscribe", "forward_origin":
        { "type": "hidden_user", "sender_user_name": "X", "date": 1 } });
    fake.push_message(-1007, 1, forwarded);
    fake.push_text(-1009, 0, "/subscribe");
    let events = heard(&fake).await;
    expect![[r#"
        telegram:-7 manager: subscribe [] -> reply to 1
        telegram:-7 reader: brief [] -> reply to 2
        telegram:-7 reader: subscribe [] -> reply to 3
        telegram:-7 reader: brief [] -> reply to 4
        telegram:-7 reader: ban [x] -> reply to 6
        telegram:-1007:42 manager: subscribe [] -> reply to 10
        telegram:-1007 reader: brief [] -> reply to 11
        telegram:-1007 manager: subscribe [] -> reply to 12
        telegram:-1007 reader: subscribe [] -> reply to 13
        telegram:-1009 manager: subscribe [] -> new"#]]
    .assert_eq(&told(&events));
    // Only what needs the right was asked for.
    assert_eq!(fake.calls("getChatMember").len(), 3);
}

#[tokio::test]
async fn taps_on_buttons() {
    let fake = FakeTelegram::start().await;
    fake.forum(-1007, "Metals", &[(42, false)]);
    fake.channel(-1009, "News");
    fake.admin(-1007, 1);
    let telegram = platform(&fake);
    let target = Target::Chat(chat(-1007, Some(42)));
    let message = send(&*telegram, &target, &Message::text("x")).await.unwrap();
    for (user, data) in [
        (1, "e:brief 2026-11-22"),
        (2, "a:licenses dysprosium"),
        (1, "a:subscribe 7:00"),
        (2, "e:subscribe"),
        (1, "nonsense"),
        (1, "e:"),
        (1, "x:brief"),
    ] {
        fake.press(-1007, message, user, data);
    }
    // A reader of a channel taps under a message that is too old to be shown.
    fake.press(-1009, 12, 3, "e:subscribe");
    let events = heard(&fake).await;
    expect![[r#"
        telegram:-1007:42 reader: brief [2026-11-22] -> edit 1 Some("tap1")
        telegram:-1007:42 reader: licenses [dysprosium] -> new
        telegram:-1007:42 manager: subscribe [7:00] -> new"#]]
    .assert_eq(&told(&events));
    // Edits are acknowledged when they are made; those that may not be made, at once.
    assert_eq!(fake.open_taps(), 1);
}

#[tokio::test]
async fn comings_goings_and_moves() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.group(-7, "Magnets");
    fake.my_chat_member(-7, "member");
    fake.my_chat_member(-7, "left");
    fake.my_chat_member(5, "kicked");
    fake.migrate(-7, -1007);
    expect![[r#"
        Lost { at: Destination { platform: Telegram, chat: -7, thread: None }, reason: "the bot was removed from the chat" }
        Lost { at: Destination { platform: Telegram, chat: 5, thread: None }, reason: "the bot was blocked" }
        Moved { platform: Telegram, from: -7, to: -1007 }"#]].assert_eq(&told(&heard(&fake).await));
}

#[tokio::test]
async fn repeated_and_unreadable_updates_are_passed_over() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.push(json!({ "message": { "strange": true } }));
    fake.push(json!({ "a_new_kind": { "x": 1 } }));
    fake.push_text(5, 5, "/brief");
    fake.repeat_last_update();
    fake.push(json!({ "poll": "nothing" }));
    assert_eq!(told(&heard(&fake).await), "telegram:5 manager: brief [] -> new");
}

#[tokio::test]
async fn polling_asks_for_what_it_reads_and_removes_a_webhook() {
    let fake = FakeTelegram::start().await;
    fake.set_webhook("https://example.com/hook");
    heard(&fake).await;
    let polls = fake.calls("getUpdates");
    expect![[r#"
        {"allowed_updates":["message","channel_post","callback_query","inline_query","my_chat_member"],"limit":100,"timeout":10}
        {"allowed_updates":["message","channel_post","callback_query","inline_query","my_chat_member"],"limit":100,"offset":2,"timeout":10}
        {"allowed_updates":["message","channel_post","callback_query","inline_query","my_chat_member"],"limit":1,"offset":2,"timeout":0}"#]].assert_eq(&polls.iter().map(Value::to_string).collect::<Vec<_>>().join("\n"));
}

#[tokio::test]
async fn a_stop_confirms_what_was_handed_over_and_nothing_else() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    for text in ["/one", "/two", "/three"] {
        fake.push_text(5, 5, text);
    }
    let telegram = platform(&fake);
    // Room for two: the third waits in hand and is not handed over.
    let (sender, mut events) = mpsc::channel(2);
    let stop = CancellationToken::new();
    let listening = tokio::spawn({
        let (telegram, stop) = (telegram.clone(), stop.clone());
        async move { telegram.listen(MENU, sender, stop).await }
    });
    while events.len() < 2 {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), listening).await.unwrap().unwrap().unwrap();
    let mut first = Vec::new();
    while let Some(event) = events.recv().await {
        first.push(event);
    }
    assert_eq!(first.len(), 2);
    assert_eq!(fake.unconfirmed(), 1);
    assert_eq!(told(&heard(&fake).await), "telegram:5 manager: three [] -> new");
}

#[tokio::test]
async fn a_second_listening_repeats_nothing_though_the_stop_could_not_confirm() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.push_text(5, 5, "/one");
    let telegram = platform(&fake);
    let mut ear = Ear::open(&telegram);
    ear.next().await;
    fake.called("getUpdates", 2).await;
    fake.fail("getUpdates", Fault::ResetBefore);
    assert_eq!(ear.close().await, []);
    fake.push_text(5, 5, "/two");
    let mut ear = Ear::open(&telegram);
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: two [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn listening_ends_when_nobody_takes_the_events() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.push_text(5, 5, "/one");
    let (sender, events) = mpsc::channel(1);
    drop(events);
    let telegram = platform(&fake);
    assert_eq!(telegram.listen(MENU, sender, CancellationToken::new()).await, Ok(()));
    assert_eq!(fake.unconfirmed(), 1);
}

#[tokio::test]
async fn trouble_passes_and_listening_goes_on() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let time = clock();
    let before = time.now();
    let telegram = platform_at(&fake.url, TOKEN, &time);
    fake.fail("getMe", Fault::ResetBefore);
    fake.fail("deleteWebhook", Fault::Flood(9));
    for fault in [
        Fault::Garbage(200, "<html>"),
        Fault::ResetBefore,
        Fault::Refuse(409, "Conflict: terminated by other getUpdates request"),
    ] {
        fake.fail("getUpdates", fault);
    }
    fake.push_text(5, 5, "/brief");
    let mut ear = Ear::open(&telegram);
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: brief [] -> new");
    assert_eq!(ear.close().await, []);
    // The 9 s were asked for; only a poll that works starts the count anew.
    assert_eq!((time.now() - before).num_seconds(), 1 + 9 + 4 + 8 + 16);
}

#[tokio::test]
async fn a_wrong_token_and_a_lasting_rival_end_the_listening() {
    let fake = FakeTelegram::start().await;
    let wrong = platform_at(&fake.url, &TOKEN.replace("fake", "Fake"), &clock());
    let mut said = vec![Ear::open(&wrong).failure().await];
    let nonsense = platform_at(&fake.url, "nonsense", &clock());
    said.push(Ear::open(&nonsense).failure().await);
    for _ in 0..5 {
        fake.fail("getUpdates", Fault::Refuse(409, "Conflict: terminated by other getUpdates"));
    }
    let time = clock();
    let before = time.now();
    said.push(Ear::open(&platform_at(&fake.url, TOKEN, &time)).failure().await);
    assert_eq!((time.now() - before).num_seconds(), 1 + 2 + 4 + 8);
    expect![[r#"
        [
            Unauthorized(
                "Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one",
            ),
            Unauthorized(
                "Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one",
            ),
            Conflict(
                "another program listens with the same Telegram token; stop it, or give it a bot of its own (Telegram refused: Conflict: terminated by other getUpdates)",
            ),
        ]
    "#]].assert_debug_eq(&said);
}

#[tokio::test]
async fn a_server_error_while_polling_is_waited_out_and_a_stop_is_heard_meanwhile() {
    let fake = FakeTelegram::start().await;
    let telegram = platform(&fake);
    fake.fail("getUpdates", Fault::Garbage(502, "<html>Bad Gateway</html>"));
    let ear = Ear::open(&telegram);
    fake.called("getUpdates", 1).await;
    for _ in 0..500 {
        tokio::task::yield_now().await;
    }
    // The pause after a server error is ten seconds long; `close` allows half of it.
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn rights_that_cannot_be_asked_for_are_none() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    fake.admin(-7, 1);
    fake.fail("getChatMember", Fault::Refuse(400, "Bad Request: member list is inaccessible"));
    fake.push_text(-7, 1, "/subscribe");
    assert_eq!(told(&heard(&fake).await), "telegram:-7 reader: subscribe [] -> reply to 1");
}

#[tokio::test]
async fn a_token_revoked_while_listening_ends_it() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let mut ear = Ear::open(&platform(&fake));
    fake.push_text(5, 5, "/brief");
    ear.next().await;
    fake.fail("getUpdates", Fault::Refuse(401, "Unauthorized"));
    fake.push_text(5, 5, "/brief");
    assert!(matches!(ear.failure().await, ListenError::Unauthorized(_)));
}

#[tokio::test]
async fn a_poll_that_hangs_is_given_up_and_made_again() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let mut ear = Ear::open(&platform(&fake));
    fake.called("getUpdates", 1).await;
    fake.fail("getUpdates", Fault::Silence);
    fake.push_text(5, 5, "/one");
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: one [] -> new");
    fake.called("getUpdates", 2).await;
    tokio::time::pause();
    fake.called("getUpdates", 3).await;
    tokio::time::resume();
    fake.push_text(5, 5, "/two");
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: two [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn a_topic_that_closes_says_nothing_of_the_chat() {
    let fake = FakeTelegram::start().await;
    fake.forum(-1007, "Metals", &[(42, true)]);
    let closed = json!({ "message_thread_id": 42, "is_topic_message": true,
        "forum_topic_closed": {} });
    fake.push_message(-1007, 1, closed);
    assert_eq!(told(&heard(&fake).await), "");
}

// The webhook.

const SECRET: &str = "a-Secret_0f-many-l3tters";

/// A bot that Telegram brings its updates to.
struct Hooked {
    fake: FakeTelegram,
    telegram: Arc<dyn Platform>,
    url: String,
    clock: StillClock,
}

impl Hooked {
    async fn new() -> Self {
        let fake = FakeTelegram::start().await;
        fake.private(5, "Ada");
        // The system picks a free port, which the bot then takes.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        drop(listener);
        let url = format!("http://{listen}/hook/telegram");
        let clock = StillClock::at("2026-11-23T12:00:00Z");
        let telegram = connect(Connection {
            api_url: fake.url.clone(),
            token: TOKEN.to_owned().into(),
            application: None,
            webhook: Some(Webhook {
                url: url.parse().unwrap(),
                listen,
                secret: SECRET.to_owned().into(),
            }),
            clock: Arc::new(clock.clone()),
        })
        .unwrap();
        Self { fake, telegram, url, clock }
    }

    async fn open(&self) -> Ear {
        let ear = Ear::open(&self.telegram);
        self.fake.called("setWebhook", 1).await;
        ear
    }

    async fn post(&self, secret: Option<&str>, body: String) -> u16 {
        let mut post = reqwest::Client::new().post(&self.url).body(body);
        if let Some(secret) = secret {
            post = post.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        post.send().await.unwrap().status().as_u16()
    }
}

#[tokio::test]
async fn a_webhook_is_set_takes_updates_and_is_removed() {
    let hooked = Hooked::new().await;
    let mut ear = hooked.open().await;
    let call = hooked.fake.calls("setWebhook").remove(0);
    assert_eq!(call["url"], hooked.url);
    assert_eq!(call["secret_token"], SECRET);
    assert_eq!(call["drop_pending_updates"], false);
    expect![[r#"["message","channel_post","callback_query","inline_query","my_chat_member"] 40"#]]
        .assert_eq(&format!("{} {}", call["allowed_updates"], call["max_connections"]));
    for i in 0..30 {
        hooked.fake.push_text(5, 5, &format!("/brief {i}"));
    }
    assert_eq!(hooked.fake.bring().await, [200; 30]);
    assert_eq!(hooked.fake.unconfirmed(), 0);
    let mut args = Vec::new();
    for _ in 0..30 {
        let Event::Asked(asked) = ear.next().await else { panic!("no command") };
        args.push(asked.args.parse::<u32>().unwrap());
    }
    args.sort_unstable();
    assert_eq!(args, (0..30).collect::<Vec<_>>());
    assert_eq!(ear.close().await, []);
    assert_eq!(hooked.fake.webhook(), "");
    assert_eq!(hooked.fake.calls("getUpdates"), Vec::<Value>::new());
}

/// What is asked first is handled first, also where the first answer of Telegram's is slow; other
/// chats do not wait for that.
#[tokio::test]
async fn a_chats_updates_are_taken_in_their_order_and_chats_beside_each_other() {
    let hooked = Hooked::new().await;
    hooked.fake.group(-10, "Buyers");
    hooked.fake.private(5, "Reader");
    let mut ear = hooked.open().await;
    let answered = Arc::new(tokio::sync::Notify::new());
    // Whether the asker may change settings.
    hooked.fake.fail("getChatMember", Fault::Held(answered.clone()));
    hooked.fake.push_text(-10, 1, "/subscribe");
    hooked.fake.push_text(-10, 2, "/brief");
    hooked.fake.push_text(5, 5, "/brief");
    let fake = Arc::new(hooked.fake);
    let bringing = tokio::spawn({
        let fake = fake.clone();
        async move { fake.bring_backwards().await }
    });
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: brief [] -> new");
    fake.called("getChatMember", 1).await;
    answered.notify_one();
    assert_eq!(tell(&ear.next().await), "telegram:-10 reader: subscribe [] -> reply to 1");
    assert_eq!(tell(&ear.next().await), "telegram:-10 reader: brief [] -> reply to 2");
    assert_eq!(bringing.await.unwrap(), [200; 3]);
    // As many as Telegram brings at once.
    for n in 0..20 {
        fake.push_text(5, 5, &format!("/brief {n}"));
        fake.push_text(-10, 5, &format!("/brief {n}"));
    }
    fake.bring_backwards().await;
    let mut heard = std::collections::BTreeMap::<i64, Vec<u32>>::new();
    for _ in 0..40 {
        let Event::Asked(asked) = ear.next().await else { panic!("no command") };
        let chat = asked.reply.destination().chat;
        heard.entry(chat).or_default().push(asked.args.parse().unwrap());
    }
    assert_eq!(heard[&5], (0..20).collect::<Vec<_>>());
    assert_eq!(heard[&-10], heard[&5]);
    // After a quiet week ids begin anew, and what came before one may never come.
    fake.skip_updates(1_000);
    fake.push_text(5, 5, "/two");
    assert_eq!(fake.bring().await, [200]);
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: two [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn posts_without_the_secret_are_refused_and_counted() {
    let hooked = Hooked::new().await;
    let ear = hooked.open().await;
    let update = json!({ "update_id": 1, "message": {} }).to_string();
    let almost = &SECRET[..SECRET.len() - 1];
    let longer = format!("{SECRET}x");
    for secret in [None, Some(""), Some("wrong"), Some(almost), Some(longer.as_str())] {
        assert_eq!(hooked.post(secret, update.clone()).await, 401, "{secret:?}");
    }
    assert_eq!(hooked.telegram.counts(), [("refused_posts", 5)]);
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn posts_that_are_no_updates_do_no_harm() {
    let hooked = Hooked::new().await;
    let mut ear = hooked.open().await;
    let some = Some(SECRET);
    assert_eq!(hooked.post(some, "<html>".to_owned()).await, 400);
    assert_eq!(hooked.post(some, "{}".to_owned()).await, 400);
    assert_eq!(hooked.post(some, " ".repeat((1 << 20) + 1)).await, 413);
    let strange = json!({ "update_id": 7, "a_new_kind": { "x": 1 } });
    assert_eq!(hooked.post(some, strange.to_string()).await, 200);
    let elsewhere = hooked.url.replace("/hook", "/other");
    let client = reqwest::Client::new();
    let secret = ("X-Telegram-Bot-Api-Secret-Token", SECRET);
    let other = client.post(elsewhere).header(secret.0, secret.1).send().await.unwrap();
    assert_eq!(other.status().as_u16(), 404);
    let read = client.get(&hooked.url).header(secret.0, secret.1).send().await.unwrap();
    assert_eq!(read.status().as_u16(), 405);
    hooked.fake.push_text(5, 5, "/brief");
    assert_eq!(hooked.fake.bring().await, [200]);
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: brief [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn an_update_brought_twice_is_handled_once() {
    let hooked = Hooked::new().await;
    let mut ear = hooked.open().await;
    hooked.fake.push_text(5, 5, "/brief");
    hooked.fake.repeat_last_update();
    let mut answers = hooked.fake.bring().await;
    // Both at once: the second is taken when the first was, or told to come again.
    answers.sort_unstable();
    assert!(matches!(answers[..], [200, 200 | 503]), "{answers:?}");
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: brief [] -> new");
    hooked.fake.push_text(5, 5, "/two");
    hooked.fake.repeat_last_update();
    hooked.fake.bring().await;
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: two [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn an_update_that_nobody_took_comes_again() {
    let hooked = Hooked::new().await;
    // Room for one: the second post waits, unanswered, until the stop refuses it.
    let (sender, mut events) = mpsc::channel(1);
    let stop = CancellationToken::new();
    let listening = tokio::spawn({
        let (telegram, stop) = (hooked.telegram.clone(), stop.clone());
        async move { telegram.listen(MENU, sender, stop).await }
    });
    hooked.fake.called("setWebhook", 1).await;
    hooked.fake.push_text(5, 5, "/one");
    assert_eq!(hooked.fake.bring().await, [200]);
    hooked.fake.push_text(5, 5, "/two");
    let fake = Arc::new(hooked.fake);
    let bringing = tokio::spawn({
        let fake = fake.clone();
        async move { fake.bring().await }
    });
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), listening).await.unwrap().unwrap().unwrap();
    bringing.abort();
    assert_eq!(fake.unconfirmed(), 1);
    assert_eq!(tell(&events.recv().await.unwrap()), "telegram:5 manager: one [] -> new");
    assert!(events.recv().await.is_none());
    // Polling, by the next start, gets what was not taken, and frees itself from the webhook.
    let mut ear = Ear::open(&platform(&fake));
    assert_eq!(tell(&ear.next().await), "telegram:5 manager: two [] -> new");
    assert_eq!(ear.close().await, []);
}

#[tokio::test]
async fn a_webhook_set_elsewhere_is_told_with_what_to_do() {
    let hooked = Hooked::new().await;
    let ear = hooked.open().await;
    hooked.fake.could_not_bring(1, "Connection refused");
    while hooked.fake.calls("getWebhookInfo").is_empty() {
        hooked.clock.advance(Duration::from_secs(300));
        tokio::task::yield_now().await;
    }
    hooked.fake.set_webhook("https://example.com/other");
    while !ear.listening.is_finished() {
        hooked.clock.advance(Duration::from_secs(300));
        tokio::task::yield_now().await;
    }
    expect!["another program changed the webhook of the same Telegram token; stop it, or give it a bot of its own"].assert_eq(&ear.failure().await.to_string());
    // It is not ours to remove.
    assert_eq!(hooked.fake.webhook(), "https://example.com/other");
}

#[tokio::test]
async fn a_webhook_that_cannot_be_set_says_why() {
    let hooked = Hooked::new().await;
    hooked.fake.fail(
        "setWebhook",
        Fault::Refuse(
            400,
            "Bad Request: bad webhook: Failed to resolve host: Name or service not known",
        ),
    );
    let refused = Ear::open(&hooked.telegram).failure().await;
    expect!["Telegram refused: Bad Request: bad webhook: Failed to resolve host: Name or service not known"].assert_eq(&refused.to_string());
    let address = hooked.url.split('/').nth(2).unwrap();
    let _taken = std::net::TcpListener::bind(address).unwrap();
    let taken = Ear::open(&hooked.telegram).failure().await.to_string();
    expect![
        "telegram.webhook_listen: ADDRESS cannot be used: Address already in use (os error 98)"
    ]
    .assert_eq(&taken.replace(address, "ADDRESS"));
}

#[tokio::test]
async fn the_check_says_where_updates_go() {
    let hooked = Hooked::new().await;
    hooked.fake.set_webhook("https://example.com/other");
    let lines = hooked.telegram.check().await.unwrap();
    expect![[r#"
        Telegram: connected as @monazite_bot
        Telegram: inline mode is off; /setinline at @BotFather turns it on
        Telegram: another webhook is set; ours will replace it"#]]
    .assert_eq(&lines.join("\n"));
    // The check asked for the bot's name already; setting the webhook is what is refused now.
    hooked.fake.fail("setWebhook", Fault::Refuse(401, "Unauthorized"));
    assert!(matches!(Ear::open(&hooked.telegram).failure().await, ListenError::Unauthorized(_)));
}

/// What came of a command that names another chat, in a private chat with user 5.
async fn about(fake: &FakeTelegram, line: &str) -> String {
    fake.push_text(5, 5, line);
    let heard = heard(fake).await;
    let [Event::Asked(asked)] = heard.as_slice() else { panic!("{heard:?}") };
    let about = asked.about.as_ref().map_or("this chat".to_owned(), |about| match &about.chat {
        Ok(chat) => format!("{} {:?} at {chat}", about.name, about.label),
        Err(reason) => reason.clone(),
    });
    format!("{line}: [{}] {about}", asked.args)
}

#[tokio::test]
async fn a_channel_is_managed_from_a_private_chat_by_those_who_administer_it() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    fake.channel(-1009, "Magnet news");
    fake.name(-1009, "magnet_news");
    let mut told = vec![
        about(&fake, "/subscribe @nowhere 7:30 Berlin").await,
        about(&fake, "/subscribe @magnet_news 7:30 Berlin").await,
    ];
    fake.admin(-1009, ME);
    fake.mute_admin(-1009, ME);
    told.push(about(&fake, "/subscribe @magnet_news 7:30 Berlin").await);
    fake.channel(-1008, "Oxide news");
    fake.name(-1008, "oxide_news");
    fake.admin(-1008, ME);
    told.push(about(&fake, "/subscribe @oxide_news 7:30 Berlin").await);
    fake.admin(-1008, 5);
    told.push(about(&fake, "/subscribe @Oxide_News 7:30 Berlin").await);
    told.push(about(&fake, "/subscribe https://t.me/oxide_news").await);
    told.push(about(&fake, "/subscribe -1008 time 7:30 Berlin").await);
    told.push(about(&fake, "/subscribe 7:30 Berlin").await);
    // Only what changes a chat names one.
    told.push(about(&fake, "/licenses @oxide_news").await);
    fake.fail("getChat", Fault::Garbage(502, "<html>"));
    told.push(about(&fake, "/subscribe @oxide_news").await);
    expect![[r#"
        /subscribe @nowhere 7:30 Berlin: [7:30 Berlin] I find no channel @nowhere. Look at the spelling, and if the channel is private, add me to it as an administrator first.
        /subscribe @magnet_news 7:30 Berlin: [7:30 Berlin] I am not an administrator of Magnet news with the right to post messages. Make me one, then send this again.
        /subscribe @magnet_news 7:30 Berlin: [7:30 Berlin] I am not an administrator of Magnet news with the right to post messages. Make me one, then send this again.
        /subscribe @oxide_news 7:30 Berlin: [7:30 Berlin] Only administrators of Oxide news can change what it receives.
        /subscribe @Oxide_News 7:30 Berlin: [7:30 Berlin] -1008 "Oxide news" at telegram:-1008
        /subscribe https://t.me/oxide_news: [] -1008 "Oxide news" at telegram:-1008
        /subscribe -1008 time 7:30 Berlin: [time 7:30 Berlin] -1008 "Oxide news" at telegram:-1008
        /subscribe 7:30 Berlin: [7:30 Berlin] this chat
        /licenses @oxide_news: [@oxide_news] this chat
        /subscribe @oxide_news: [] Telegram does not answer about that chat just now. Send this again in a minute."#]].assert_eq(&told.join("\n"));
}

#[tokio::test]
async fn a_deep_link_to_a_group_says_whether_the_one_who_followed_it_manages_it() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    fake.admin(-7, 1);
    fake.push_text(-7, 1, "/start@monazite_bot subscribe_0730_Berlin");
    fake.push_text(-7, 2, "/start@monazite_bot subscribe_0730_Berlin");
    expect![[r#"
        telegram:-7 manager: start [subscribe_0730_Berlin] -> reply to 1
        telegram:-7 reader: start [subscribe_0730_Berlin] -> reply to 2"#]]
    .assert_eq(&told(&heard(&fake).await));
}

#[test]
fn a_list_to_choose_from_is_a_button_each() {
    let choose = Choose {
        one: "settings topics1".to_owned(),
        all: Some("settings topics1=".to_owned()),
        options: ["pricing", "licensing", "mining"]
            .map(|value| Choice {
                label: value.to_owned(),
                value: value.to_owned(),
                note: "not shown".to_owned(),
                chosen: value == "mining",
            })
            .to_vec(),
    };
    let button = |label: &str, action: Action| Button { label: label.to_owned(), action };
    let prompt =
        Action::Prompt { command: "settings time".to_owned(), placeholder: "7:30".to_owned() };
    let buttons = vec![
        vec![button("Topics", Action::Choose(choose))],
        vec![button("Type it", prompt), button("Back", Action::Edit("settings".to_owned()))],
    ];
    let part = render(&Message { buttons, ..Message::text("x") }).remove(0);
    expect![[r#"{"inline_keyboard":[[{"callback_data":"e:settings topics1 pricing","text":"pricing"},{"callback_data":"e:settings topics1 licensing","text":"licensing"},{"callback_data":"e:settings topics1 mining","text":"✓ mining"}],[{"callback_data":"e:settings","text":"Back"}]]}"#]].assert_eq(&part.0["reply_markup"].to_string());
}

#[tokio::test]
async fn a_tap_of_somebody_who_may_not_is_told_to_that_one_alone() {
    let fake = FakeTelegram::start().await;
    fake.group(-7, "Magnets");
    fake.admin(-7, 1);
    let telegram = platform(&fake);
    let buttons = vec![vec![Button {
        label: "7:00".to_owned(),
        action: Action::Edit("subscribe 07:00".to_owned()),
    }]];
    let message = Message { buttons, ..Message::text("Hour?") };
    let sent = send(&*telegram, &to(-7), &message).await.unwrap();
    let refused = fake.press(-7, sent, 2, "e:subscribe 07:00");
    fake.press(-7, sent, 1, "e:subscribe 07:00");
    let heard = heard(&fake).await;
    assert_eq!(heard.len(), 1, "{}", told(&heard));
    assert!(matches!(&heard[0], Event::Asked(asked) if asked.may_manage));
    expect![[r#"[{"callback_query_id":"tap","show_alert":true,"text":"Only the chat's administrators can change this."}]"#]]
        .assert_eq(&json!(fake.calls("answerCallbackQuery")).to_string().replace(&refused, "tap"));
}

#[tokio::test]
async fn settings_are_buttons_that_edit_their_message() {
    let fake = FakeTelegram::start().await;
    fake.private(5, "Ada");
    let telegram = platform(&fake);
    let home = Home::new();
    home.subscribe(subscription("telegram:5", "2026-11-22T00:00:00Z"));
    let now = "2026-11-23T15:00:00Z";
    let main = home.ask("telegram:5", "settings", true, now);
    let sent = send(&*telegram, &to(5), &main).await.unwrap();
    let mut log = Vec::new();
    for line in [
        "settings days",
        "settings da1 mon",
        "settings da1 sun",
        "settings",
        "settings elements",
        "settings el1 Dy",
        "settings",
        "settings companies",
        "settings companies page 2",
        "settings companies page 3",
        "settings companies page 4",
        "settings companies page 5",
        "settings co5 ucore",
        "settings",
        "settings pause",
    ] {
        let before = &fake.messages(5)[0];
        let data = format!("e:{line}");
        assert!(
            before.keyboard.to_string().contains(&format!("\"{data}\"")),
            "{line} is no button"
        );
        send(&*telegram, &edit(5, sent, None), &home.ask("telegram:5", line, true, now))
            .await
            .unwrap();
        let after = &fake.messages(5)[0];
        let mut lines = after.text.lines();
        log.push(format!("{line}: {} | {}", lines.next().unwrap(), lines.next().unwrap()));
    }
    expect![[r#"
        settings days: Settings of this chat: days | The brief comes on these days: every day.
        settings da1 mon: Settings of this chat: days | The brief comes on these days: Mon.
        settings da1 sun: Settings of this chat: days | The brief comes on these days: Mon, Sun.
        settings: Settings of this chat | 
        settings elements: Settings of this chat: elements | Chosen: all. Briefs show what has to do with any of your topics, elements and companies.
        settings el1 Dy: Settings of this chat: elements | Chosen: dysprosium. Briefs show what has to do with any of your topics, elements and companies.
        settings: Settings of this chat | 
        settings companies: Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 1 of 5.)
        settings companies page 2: Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 2 of 5.)
        settings companies page 3: Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 3 of 5.)
        settings companies page 4: Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 4 of 5.)
        settings companies page 5: Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 5 of 5.)
        settings co5 ucore: Settings of this chat: companies | Chosen: Ucore. Briefs show what has to do with any of your topics, elements and companies. (Page 5 of 5.)
        settings: Settings of this chat | 
        settings pause: Settings of this chat | "#]].assert_eq(&log.join("\n"));
    assert_eq!(fake.messages(5).len(), 1);
}

#[tokio::test]
async fn cards_are_shared_in_any_chat() {
    let fake = FakeTelegram::start().await;
    let query = fake.push_inline(5, " dysprosium\u{202e}  license");
    let empty = fake.push_inline(6, "");
    let events = heard(&fake).await;
    let typed = |event: &Event| match event {
        Event::Sharing { query, typed, .. } => (query.clone(), typed.clone()),
        other => panic!("{other:?}"),
    };
    let heard: Vec<(String, String)> = events.iter().map(typed).collect();
    assert_eq!(heard, [(query, "dysprosium license".to_owned()), (empty, String::new())]);

    let home = Home::new();
    home.tell("Dysprosium <oxide> & terbium", "2026-11-23T08:00:00Z");
    home.tell("Lynas opens a plant", "2026-11-23T09:00:00Z");
    home.desk.search.catch_up().unwrap();
    let now = crate::world::home::at("2026-11-23T15:00:00Z");
    let platform = platform(&fake);
    for (query, typed) in &heard {
        let cards = monazite::commands::share(&home.desk, &typed.replace(" license", ""), 0, now);
        platform.share(query, &cards).await.unwrap();
    }
    let answers = fake.calls("answerInlineQuery");
    expect![[r#"
        {
          "cache_time": 60,
          "inline_query_id": "inline1",
          "is_personal": false,
          "next_offset": "",
          "results": [
            {
              "description": "Test Wire · 23 Nov 2026 · Dysprosium <oxide> & terbium, and buyers of dysprosium and terbium outside China wait for what follows from it.",
              "id": "s67d390445cf704b2",
              "input_message_content": {
                "link_preview_options": {
                  "is_disabled": true
                },
                "message_text": "<a href=\"https://news.example/dysprosium--oxide----terbium\">Dysprosium &lt;oxide&gt; &amp; terbium</a> — Test Wire · Mon 23 Nov 2026, 03:00 EST\n<blockquote><b>Dysprosium</b> &lt;oxide&gt; &amp; terbium, and buyers of <b>dysprosium</b> and terbium outside China wait for what follows from it.</blockquote>",
                "parse_mode": "HTML"
              },
              "title": "Dysprosium <oxide> & terbium",
              "type": "article",
              "url": "https://news.example/dysprosium--oxide----terbium"
            },
            {
              "description": "Test Wire · 23 Nov 2026 · Lynas opens a plant, and buyers of dysprosium and terbium outside China wait for what follows from it.",
              "id": "scde887cf9efc7be9",
              "input_message_content": {
                "link_preview_options": {
                  "is_disabled": true
                },
                "message_text": "<a href=\"https://news.example/lynas-opens-a-plant\">Lynas opens a plant</a> — Test Wire · Mon 23 Nov 2026, 04:00 EST\n<blockquote>Lynas opens a plant, and buyers of <b>dysprosium</b> and terbium outside China wait for what follows from it.</blockquote>",
                "parse_mode": "HTML"
              },
              "title": "Lynas opens a plant",
              "type": "article",
              "url": "https://news.example/lynas-opens-a-plant"
            }
          ]
        }"#]].assert_eq(&serde_json::to_string_pretty(&answers[0]).unwrap());
    let titles: Vec<&str> = answers[1]["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Lynas opens a plant", "Dysprosium <oxide> & terbium"], "the latest");
    let twice = platform.share(&heard[0].0, &Cards::default()).await.unwrap_err();
    assert!(matches!(twice, SendError::Rejected(_)), "{twice:?}");

    // What Telegram would refuse is left out rather than refused with all the rest.
    let again = fake.push_inline(5, "x");
    let card = |id: &str| monazite::model::message::Card {
        id: id.to_owned(),
        title: "A title".to_owned(),
        description: String::new(),
        url: "javascript:alert(1)".to_owned(),
        message: Message::text("Words"),
    };
    let mut cards: Vec<_> = (0..70).map(|n| card(&format!("c{n}"))).collect();
    cards.extend([card("c1"), card(""), card(&"x".repeat(65))]);
    platform.share(&again, &Cards { cards, more: None }).await.unwrap();
}

#[tokio::test]
async fn more_cards_come_as_the_list_is_scrolled() {
    let fake = FakeTelegram::start().await;
    let home = Home::new();
    for n in 0..23 {
        home.tell(&format!("Lynas opens plant {n}"), &format!("2026-11-22T{n:02}:00:00Z"));
    }
    home.desk.search.catch_up().unwrap();
    let now = crate::world::home::at("2026-11-23T15:00:00Z");
    for typed in ["", "lynas"] {
        let mut offset = String::new();
        let mut seen = HashSet::new();
        for count in [10, 10, 3] {
            fake.push_inline_from(5, typed, &offset);
            let events = heard(&fake).await;
            let Some(Event::Sharing { query, typed, from, .. }) = events.last() else {
                panic!("{events:?}")
            };
            let cards = monazite::commands::share(&home.desk, typed, *from, now);
            assert_eq!(cards.cards.len(), count);
            seen.extend(cards.cards.iter().map(|card| card.id.clone()));
            platform(&fake).share(query, &cards).await.unwrap();
            let answer = fake.calls("answerInlineQuery").pop().unwrap();
            answer["next_offset"].as_str().unwrap().clone_into(&mut offset);
        }
        assert_eq!((seen.len(), offset.as_str()), (23, ""), "{typed:?}");
    }
    fake.push_inline_from(5, "lynas", "no number");
    let events = heard(&fake).await;
    assert!(matches!(events.last(), Some(Event::Sharing { from: 0, .. })), "{events:?}");
}
