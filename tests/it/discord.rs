//! Discord: how messages look there, what is sent, what refusals mean, what comes in.

use std::sync::Arc;
use std::time::Duration;

use expect_test::{Expect, expect};
use monazite::chat::{
    Connection, ListenError, MenuItem, Part, Platform, SendError, discord::connect,
    discord::invite_link,
};
use monazite::clock::Clock;
use monazite::model::event::{Event, Invocation, Target};
use monazite::model::message::{Action, Block, Button, Line, Message, Span};
use monazite::pace::Lesson;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_util::sync::CancellationToken;

use crate::world::discord::{APPLICATION, CHANNEL, FakeDiscord, Fault, TOKEN};
use crate::world::home::{Home, chat, subscription};

const MENU: &[MenuItem] = &[
    MenuItem {
        name: "brief",
        summary: "The latest brief",
        usage: "[date]",
        manage: false,
        completes: false,
    },
    MenuItem {
        name: "licenses",
        summary: "Export licenses",
        usage: "[holder|element|type|status]",
        manage: false,
        completes: true,
    },
    MenuItem { name: "status", summary: "How it runs", usage: "", manage: false, completes: false },
    MenuItem {
        name: "subscribe",
        summary: "Briefs in this chat",
        usage: "[time] [zone]",
        manage: true,
        completes: false,
    },
];

// ---- Rendering ----

/// A platform that is never connected.
fn offline() -> Arc<dyn Platform> {
    let clock = crate::world::clock::HandClock::at("2026-11-23T12:00:00Z");
    let connection = Connection {
        api_url: "http://127.0.0.1:1".to_owned(),
        token: TOKEN.into(),
        application: None,
        webhook: None,
        clock: Arc::new(clock),
    };
    connect(connection).unwrap()
}

/// How the message looks on Discord.
fn check(message: &Message, expected: &Expect) {
    let parts = offline().render(message);
    parts.iter().for_each(within_limits);
    expected.assert_eq(&parts.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

/// A part as text: cards with their titles, and buttons.
fn shown(part: &Part) -> String {
    let mut out = format!("--- flags {}\n", part.0["flags"].as_u64().unwrap_or_default());
    for embed in part.0["embeds"].as_array().unwrap() {
        if let Some(title) = embed["title"].as_str() {
            out.push_str(&format!("[{title}] {}\n", embed["url"].as_str().unwrap_or("")));
        }
        out.push_str(embed["description"].as_str().unwrap_or("(no text)"));
        out.push('\n');
    }
    for row in part.0["components"].as_array().into_iter().flatten() {
        for button in row["components"].as_array().unwrap() {
            let does = button["custom_id"].as_str().or(button["url"].as_str()).unwrap();
            let label = button["label"].as_str().or(button["placeholder"].as_str()).unwrap();
            out.push_str(&format!("({label} → {does}) "));
        }
        out.push('\n');
    }
    out
}

/// Discord's limits on a part, counted as strictly as its clients do.
fn within_limits(part: &Part) {
    let count = |value: &Value| value.as_str().unwrap_or_default().encode_utf16().count();
    let embeds = part.0["embeds"].as_array().unwrap();
    assert!((1..=10).contains(&embeds.len()));
    let mut total = 0;
    for embed in embeds {
        assert!(count(&embed["title"]) <= 256);
        assert!(count(&embed["description"]) <= 4096);
        let size = count(&embed["title"]) + count(&embed["description"]);
        assert!(size > 0);
        total += size;
    }
    assert!(total <= 6000, "{total} characters");
    assert_eq!(part.0["allowed_mentions"], json!({ "parse": [] }));
    let rows = part.0["components"].as_array().cloned().unwrap_or_default();
    assert!(rows.len() <= 5);
    for row in rows {
        assert!((1..=5).contains(&row["components"].as_array().unwrap().len()));
    }
}

fn paragraph(text: &str) -> Message {
    Message::text(text)
}

fn link(text: &str, url: &str) -> Span {
    Span::Link { text: text.to_owned(), url: url.to_owned() }
}

fn button(label: &str, action: Action) -> Button {
    Button { label: label.to_owned(), action }
}

/// A brief with a bit of everything.
fn brief() -> Message {
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    Message {
        blocks: vec![
            Block::Title("Rare Earth Brief No. 12 — November 23, 2026".into()),
            Block::Paragraph(
                Line::text("Next edition: ")
                    .with(Span::Time { at, text: "12:00 UTC".to_owned() })
                    .with(Span::Text(".".to_owned())),
            ),
            Block::Heading("Highlights".into()),
            Block::List(vec![
                Line::text("China granted a general license for dysprosium. ")
                    .with(link("MOFCOM", "https://www.mofcom.gov.cn/a_b/(1)?q=x y")),
                Line(vec![
                    Span::Bold("NdPr oxide".to_owned()),
                    Span::Text(" rose 2 %.".to_owned()),
                ]),
            ]),
            Block::Heading("Prices".into()),
            Block::Table {
                head: vec!["Product".into(), "USD/kg".into(), "Change".into()],
                rows: vec![
                    vec!["NdPr oxide".into(), "68.5".into(), "+2.0 %".into()],
                    vec!["Dy oxide".into(), "255".into(), "0.0 %".into()],
                ],
            },
            Block::Quote("We will resume shipments in December.".into()),
            Block::Footer(Line::text("Sources OK 12/13 · ").with(Span::Command("help".to_owned()))),
        ],
        buttons: vec![vec![
            button("Earlier", Action::Edit("brief 2026-11-22".to_owned())),
            button("Licenses", Action::Ask("licenses".to_owned())),
            button("Web", Action::Open("https://example.com/brief".to_owned())),
        ]],
        private: false,
        silent: true,
    }
}

#[test]
fn a_brief_is_one_card() {
    check(
        &brief(),
        &expect![[r#"
            --- flags 4096
            [Rare Earth Brief No. 12 — November 23, 2026] 
            Next edition: <t:1795521600:f>.
            ### Highlights
            - China granted a general license for dysprosium. [MOFCOM](https://www.mofcom.gov.cn/a_b/%281%29?q=x%20y)
            - **NdPr oxide** rose 2 %.
            ### Prices
            ```
            Product     USD/kg  Change
            ──────────────────────────
            NdPr oxide  68.5    +2.0 %
            Dy oxide    255     0.0 %
            ```

            > We will resume shipments in December.

            -# Sources OK 12/13 · `/help`
            (Earlier → e:brief 2026-11-22) (Licenses → a:licenses) (Web → https://example.com/brief) 
        "#]],
    );
}

#[test]
fn hostile_text_shows_as_written() {
    let lines = [
        "<b>bold</b> &amp; <script>",
        "@everyone and @here, <@123> <@&456> <#789> </brief:1> <t:0:R>",
        "[x](https://evil.example) ![y](z) [unclosed",
        "**bold** __under__ *it* _it_ ~~gone~~ ||spoiler|| `code` ```\nfence\n```",
        "# heading",
        "- item",
        "> quote",
        "-# small",
        "12. twelve",
        "  ### after spaces",
        "a \\ backslash \\",
        ":smile: <:pepe:123> <a:dance:4> at 12:30, ratio 1:2:3",
        "https://example.com/path_with_underscores_ and discord://x",
        "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 é",
        "שלום \u{202e}gnp.exe\u{202c} עולם",
        "\u{7}bell\u{0}null\u{200b}zero\ttab",
        "中国批准镝出口许可。全角＊＿",
        "¯\\_(ツ)_/¯",
    ];
    let blocks = lines.iter().map(|&line| Block::Paragraph(line.into())).collect();
    check(
        &Message { blocks, ..Message::default() },
        &expect![[r#"
        --- flags 0
        \<b>bold\</b> &amp; \<script>

        \@everyone and \@here, \<\@123> \<@&456> \<#789> \</brief:1> \<t\:0:R>

        \[x\](https\://evil.example) !\[y\](z) \[unclosed

        \*\*bold\*\* \_\_under\_\_ \*it\* \_it\_ \~\~gone\~\~ \|\|spoiler\|\| \`code\` \`\`\` fence \`\`\`

        \# heading

        \- item

        \> quote

        \-# small

        12\. twelve

          \### after spaces

        a \\ backslash \\

        \:smile: \<\:pepe:123> \<a\:dance:4> at 12:30, ratio 1\:2:3

        https\://example.com/path\_with\_underscores\_ and discord\://x

        👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 é

        שלום gnp.exe עולם

        bellnullzero tab

        中国批准镝出口许可。全角＊＿

        ¯\\\_(ツ)\_/¯
    "#]],
    );
}

#[test]
fn links_hold_whatever_their_text_and_address() {
    let links = [
        link("plain", "https://example.com/a(b)c\\d"),
        link("[Update] China] grants [it", "https://example.com/"),
        link("](https://evil.example)", "https://example.com/"),
        link("https://looks.like/an-address", "https://example.com/"),
        link("[]", "https://example.com/"),
        link("   ", "https://example.com/"),
        link("script", "javascript:alert(1)"),
        link("file", "file:///etc/passwd"),
        link("line\nbreak", "https://example.com/line\nbreak) @everyone"),
        link("no address", ""),
        link("long", &format!("https://example.com/{}", "x".repeat(3000))),
    ];
    let blocks = links.map(|link| Block::Paragraph(Line(vec![link]))).to_vec();
    check(
        &Message { blocks, ..Message::default() },
        &expect![[r#"
        --- flags 0
        [plain](https://example.com/a%28b%29c/d)

        \[Update\] China\] [grants](https://example.com/) \[it

        \](https\://evil.example) [↗](https://example.com/)

        https\://looks.like/an-address [↗](https://example.com/)

        \[\] [↗](https://example.com/)

        script

        file

        [line break](https://example.com/linebreak%29%20@everyone)

        no address

        long
    "#]],
    );
}

#[test]
fn looks_stand_beside_each_other() {
    let line = |spans: Vec<Span>| Block::Paragraph(Line(spans));
    let (bold, italic, code, text) = (
        |t: &str| Span::Bold(t.to_owned()),
        |t: &str| Span::Italic(t.to_owned()),
        |t: &str| Span::Code(t.to_owned()),
        |t: &str| Span::Text(t.to_owned()),
    );
    let blocks = vec![
        line(vec![bold("a"), bold("b"), italic("c"), text("d")]),
        line(vec![italic("c"), bold("b"), text(" and "), italic("e"), text("f")]),
        line(vec![bold(" spaced "), text("x"), italic(" y ")]),
        line(vec![code("a*b_c"), code("\\"), text("`"), code("tick`tock")]),
        line(vec![bold(""), italic("  "), text("1"), text(". one")]),
        line(vec![
            Span::Command("/brief 2026-11-22".to_owned()),
            text(" or "),
            Span::Command("help".to_owned()),
        ]),
    ];
    check(
        &Message { blocks, ..Message::default() },
        &expect![[r#"
            --- flags 0
            **ab**cd

            c**b** and *e*f

             **spaced** x *y* 

            `a*b_c\`\`tick\`tock

              1\. one

            `/brief 2026-11-22` or `/help`
        "#]],
    );
}

#[test]
fn titles_open_cards() {
    let blocks = vec![
        Block::Title(Line(vec![link("A *starred* title", "https://example.com/1")])),
        Block::Title("Second".into()),
        Block::Paragraph("With text.".into()),
        Block::Title("  ".into()),
        Block::Title(Line::text("long ".repeat(60))),
        Block::Paragraph("Under a long title.".into()),
    ];
    check(
        &Message { blocks, ..Message::default() },
        &expect![[r#"
        --- flags 0
        [A \*starred\* title] https://example.com/1
        (no text)
        [Second] 
        With text.
        ## long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long 
        Under a long title.
    "#]],
    );
}

#[test]
fn a_subheading_is_bold_and_stays_with_its_points() {
    let title = Line(vec![
        Span::Bold("1. ".to_owned()),
        link("Lynas *starts* [Gebeng]", "https://example.com/l"),
    ]);
    let story = |points: usize| {
        [
            Block::Subheading(title.clone()),
            Block::List(vec![Line::text("A point of some length. ".repeat(10)); points]),
        ]
    };
    let blocks = vec![Block::Subheading(title.clone()), Block::List(vec!["One.".into()])];
    check(
        &Message { blocks, ..Message::default() },
        &expect![[r#"
        --- flags 0
        **1\. [Lynas \*starts\*](https://example.com/l) \[Gebeng\]**
        - One.
    "#]],
    );
    let blocks = (0..12).flat_map(|_| story(6)).collect();
    for part in offline().render(&Message { blocks, ..Message::default() }) {
        for embed in part.0["embeds"].as_array().unwrap() {
            let last = embed["description"].as_str().unwrap().lines().next_back().unwrap();
            assert!(last.starts_with("- "), "{last}");
        }
    }
}

#[test]
fn wide_tables_become_lines() {
    let head = vec!["Holder".to_owned(), "Elements".to_owned(), "Source".to_owned()];
    let rows = vec![
        vec![
            "JL MAG".into(),
            "Dy, Tb".into(),
            Line(vec![link("Reuters", "https://example.com/r")]),
        ],
        vec!["中科三环".into(), "Dy".into(), "company".into()],
    ];
    let table = Block::Table { head, rows };
    check(
        &Message { blocks: vec![table], ..Message::default() },
        &expect![[r#"
            --- flags 0
            - **JL MAG** — Elements: Dy, Tb · Source: [Reuters](https://example.com/r)
            - **中科三环** — Elements: Dy · Source: company
        "#]],
    );
}

#[test]
fn buttons_keep_to_what_works() {
    let many = |n: usize| (0..n).map(|i| button(&format!("b{i}"), Action::Ask(format!("x {i}"))));
    let mut first: Vec<Button> = many(6).collect();
    first.push(button("same", Action::Ask("x 0".to_owned())));
    let odd = vec![
        button(&"long label ".repeat(10), Action::Edit("help".to_owned())),
        button("", Action::Ask("status".to_owned())),
        button("script", Action::Open("javascript:alert(1)".to_owned())),
        button("far", Action::Open(format!("https://example.com/{}", "x".repeat(600)))),
        button("nothing", Action::Ask(" ".to_owned())),
        button("too much", Action::Ask("x".repeat(120))),
    ];
    let message = Message { buttons: vec![first, odd], ..paragraph("Pick one.") };
    check(
        &message,
        &expect![[r#"
        --- flags 0
        Pick one.
        (b0 → a:x 0) (b1 → a:x 1) (b2 → a:x 2) (b3 → a:x 3) (b4 → a:x 4) 
        (b5 → a:x 5) 
        (long label long label long label long l… → e:help) (… → a:status) 
    "#]],
    );
}

#[test]
fn nothing_is_still_something() {
    let blank = Message {
        blocks: vec![
            Block::Title("".into()),
            Block::Paragraph(" \n ".into()),
            Block::List(vec![]),
            Block::Table { head: vec![], rows: vec![] },
        ],
        private: true,
        ..Message::default()
    };
    check(
        &blank,
        &expect![[r#"
        --- flags 64
        …
    "#]],
    );
    assert_eq!(offline().render(&Message::default()).len(), 1);
}

#[test]
fn blocks_stay_whole_until_one_alone_is_too_long() {
    let section = |i: usize| {
        let item = Line::text(format!("Item {i}: {}", "word ".repeat(180)));
        [Block::Heading(Line::text(format!("Section {i}"))), Block::List(vec![item; 2])]
    };
    let blocks = (0..7).flat_map(section).collect();
    let parts = offline().render(&Message { blocks, ..brief() });
    parts.iter().for_each(within_limits);
    assert_eq!(parts.len(), 3);
    for part in &parts {
        for embed in part.0["embeds"].as_array().unwrap() {
            let text = embed["description"].as_str().unwrap();
            assert!(text.starts_with("### Section"), "a heading left alone");
            assert!(text.trim_end().ends_with("word"));
        }
    }
    let buttons: Vec<bool> = parts.iter().map(|part| !part.0["components"].is_null()).collect();
    assert_eq!(buttons, [false, false, true]);

    let sentences = "A full sentence of some length stands here. ".repeat(300);
    let parts = offline().render(&paragraph(&sentences));
    assert_eq!(parts.len(), 3);
    for part in &parts {
        within_limits(part);
        for embed in part.0["embeds"].as_array().unwrap() {
            assert!(embed["description"].as_str().unwrap().trim_end().ends_with("here."));
        }
    }
}

#[test]
fn very_long_words_and_clusters_are_cut_somewhere() {
    for text in [
        "x".repeat(20_000),
        "👨‍👩‍👧‍👦".repeat(3000),
        format!("a{}", "\u{301}".repeat(9000)),
        "*".repeat(9000),
        "汉".repeat(9000),
    ] {
        let parts = offline().render(&paragraph(&text));
        parts.iter().for_each(within_limits);
        assert_eq!(parts.iter().map(visible).collect::<String>(), text);
    }
}

/// What a reader sees of a part's cards: markdown taken away, by a reading of its rules that knows
/// nothing of how it was written. White space is left out.
fn visible(part: &Part) -> String {
    let mut out = String::new();
    for embed in part.0["embeds"].as_array().unwrap() {
        out.push_str(&read_inline(embed["title"].as_str().unwrap_or_default()));
        for line in embed["description"].as_str().unwrap_or_default().lines() {
            let line = ["### ", "## ", "> ", "-# ", "- "]
                .iter()
                .find_map(|mark| line.strip_prefix(mark))
                .unwrap_or(line);
            out.push_str(&read_inline(line));
        }
    }
    out.chars().filter(|c| !c.is_whitespace()).collect()
}

fn read_inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.push(rest.next().unwrap()),
            '*' | '_' | '[' => {}
            '`' => out.extend(rest.by_ref().take_while(|&c| c != '`')),
            ']' => {
                assert_eq!(rest.next(), Some('('), "a bracket without a link in {text}");
                let url: String = rest.by_ref().take_while(|&c| c != ')').collect();
                assert!(url.starts_with("http") && !url.contains(char::is_whitespace), "{url}");
            }
            '<' => {
                let mention: String = rest.by_ref().take_while(|&c| c != '>').collect();
                assert!(mention.starts_with("t:"), "a mention: {mention}");
                out.push('⏱');
            }
            '~' | '|' => panic!("an open mark in {text}"),
            c => out.push(c),
        }
    }
    out
}

fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,12}",
        "[*_~|`\\\\<>@#:\\[\\]()/.! -]{0,12}",
        "\\PC{0,6}",
        Just("@everyone".to_owned()),
        Just("https://example.com/_x_".to_owned()),
        Just("```".to_owned()),
        Just("\n# heading\n- item\n1. one".to_owned()),
        Just("👩‍👩‍👧 ".to_owned()),
        Just("word ".repeat(300)),
        Just("中文。".repeat(500)),
        Just("x".repeat(5000)),
    ];
    proptest::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn hostile_span() -> impl Strategy<Value = Span> {
    let at = "2026-11-24T12:00:00Z".parse().unwrap();
    prop_oneof![
        4 => hostile_text().prop_map(Span::Text),
        1 => hostile_text().prop_map(Span::Bold),
        1 => hostile_text().prop_map(Span::Italic),
        1 => hostile_text().prop_map(Span::Code),
        1 => (hostile_text(), "[ -~]{0,20}").prop_map(|(text, path)| Span::Link {
            text,
            url: format!("https://example.com/{path}"),
        }),
        1 => Just(Span::Time { at, text: "noon".to_owned() }),
    ]
}

fn hostile_line() -> impl Strategy<Value = Line> {
    proptest::collection::vec(hostile_span(), 0..4).prop_map(Line)
}

fn hostile_block() -> impl Strategy<Value = Block> {
    prop_oneof![
        hostile_line().prop_map(Block::Title),
        hostile_line().prop_map(Block::Heading),
        hostile_line().prop_map(Block::Subheading),
        hostile_line().prop_map(Block::Paragraph),
        hostile_line().prop_map(Block::Quote),
        hostile_line().prop_map(Block::Footer),
        proptest::collection::vec(hostile_line(), 0..5).prop_map(Block::List),
    ]
}

/// What a message says, less white space and characters that show nothing. Times are a mark.
fn said(blocks: &[Block]) -> String {
    let line = |line: &Line| -> String {
        let said = |span: &Span| match span {
            Span::Time { .. } => "⏱".to_owned(),
            other => Line(vec![other.clone()]).plain(),
        };
        line.0.iter().map(said).collect()
    };
    let blocks = blocks.iter().map(|block| match block {
        Block::Title(one)
        | Block::Heading(one)
        | Block::Subheading(one)
        | Block::Paragraph(one)
        | Block::Quote(one)
        | Block::Footer(one) => line(one),
        Block::List(lines) => lines.iter().map(line).collect(),
        Block::Table { .. } => String::new(),
    });
    comparable(&blocks.collect::<String>())
}

/// Text without white space, and without what links and times change of it.
fn comparable(text: &str) -> String {
    let text = text.replace("noon", "⏱").replace('↗', "");
    text.chars().filter(|&c| !c.is_whitespace() && !monazite::text::is_invisible(c)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_message_keeps_every_limit_and_every_word(
        blocks in proptest::collection::vec(hostile_block(), 0..6)
    ) {
        let parts = offline().render(&Message { blocks: blocks.clone(), ..Message::default() });
        parts.iter().for_each(within_limits);
        let wanted = said(&blocks);
        let got = comparable(&parts.iter().map(visible).collect::<String>());
        let empty = wanted.is_empty() && got == "…";
        prop_assert!(empty || got == wanted, "{got}\n is not \n{wanted}");
    }

    #[test]
    fn any_table_keeps_every_limit(
        head in proptest::collection::vec("\\PC{0,10}", 0..4),
        rows in proptest::collection::vec(proptest::collection::vec(hostile_line(), 0..4), 0..6)
    ) {
        let blocks = vec![Block::Heading("Table".into()), Block::Table { head, rows }];
        let parts = offline().render(&Message { blocks, ..Message::default() });
        parts.iter().for_each(within_limits);
    }
}

#[test]
fn long_narrow_tables_keep_their_head_on_every_page() {
    let rows = (0..400).map(|i| vec![Line::text(format!("item {i}")), Line::text("9.99")]);
    let table = Block::Table { head: vec!["Name".into(), "USD".into()], rows: rows.collect() };
    let parts = offline().render(&Message { blocks: vec![table], ..Message::default() });
    let embeds = parts.iter().flat_map(|part| part.0["embeds"].as_array().unwrap());
    let texts: Vec<&str> = embeds.map(|embed| embed["description"].as_str().unwrap()).collect();
    assert!(texts.len() > 1);
    for text in texts {
        assert!(text.starts_with("```\nName") && text.ends_with("\n```"));
    }
}

// ---- Sending ----

fn part(text: &str) -> Part {
    offline().render(&paragraph(text)).remove(0)
}

async fn fake() -> (FakeDiscord, Arc<dyn Platform>) {
    let fake = FakeDiscord::start().await;
    let platform = connect(fake.connection()).unwrap();
    (fake, platform)
}

#[tokio::test]
async fn a_brief_arrives_and_pings_nobody() {
    let (fake, platform) = fake().await;
    let message = Message { private: true, ..brief() };
    let parts = platform.render(&message);
    let receipt = platform.send(&FakeDiscord::chat(CHANNEL), &parts[0], Some("d1")).await.unwrap();
    let ping = part("@everyone <@42>");
    platform.send(&FakeDiscord::chat(CHANNEL), &ping, None).await.unwrap();
    let messages = fake.messages(CHANNEL);
    assert_eq!(messages[0]["id"], receipt.message.to_string());
    // Silent stays, private means nothing in a channel.
    assert_eq!(messages[0]["flags"], 1 << 12);
    assert_eq!(messages.len(), 2);
    assert!(fake.pings().is_empty());
}

#[tokio::test]
async fn the_fake_notices_pings() {
    let (fake, platform) = fake().await;
    let open = Part(json!({ "embeds": [{ "description": "@everyone" }] }));
    platform.send(&FakeDiscord::chat(CHANNEL), &open, None).await.unwrap();
    assert_eq!(fake.pings().len(), 1);
}

#[tokio::test]
async fn the_same_nonce_posts_once() {
    let (fake, platform) = fake().await;
    let to = FakeDiscord::chat(CHANNEL);
    let long = "brief-2026-11-23T12:00Z@discord:1100000000000000100#0";
    for nonce in ["d1", long] {
        fake.fail_next(Fault::ResetAfter);
        let error = platform.send(&to, &part("once"), Some(nonce)).await.unwrap_err();
        assert!(matches!(error, SendError::Retry { after: None, .. }), "{error:?}");
        let receipt = platform.send(&to, &part("once"), Some(nonce)).await.unwrap();
        let last = fake.messages(CHANNEL).last().unwrap()["id"].clone();
        assert_eq!(last, receipt.message.to_string());
    }
    assert_eq!((fake.messages(CHANNEL).len(), fake.ordered()), (2, 0));
}

/// What the platform makes of a refusal.
async fn check_refusal(fault: Fault, expected: Expect) {
    let (fake, platform) = fake().await;
    fake.fail_next(fault);
    let error = platform.send(&FakeDiscord::chat(CHANNEL), &part("x"), None).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(TOKEN));
    expected.assert_eq(&format!("{error:?}"));
}

fn coded(status: u16, code: u64, message: &str) -> Fault {
    Fault::Status(status, json!({ "code": code, "message": message }))
}

#[tokio::test]
async fn refusals_say_what_to_do_next() {
    let wait = |global| Fault::Limited { retry_after: 1.5, global };
    check_refusal(wait(false), expect![[r#"Retry { after: Some(1.5s), reason: "Discord's rate limit for this chat is used up." }"#]]).await;
    check_refusal(wait(true), expect![[r#"Retry { after: Some(1.5s), reason: "Discord's rate limit for the bot as a whole is used up." }"#]]).await;
    check_refusal(
        Fault::Status(502, Value::Null),
        expect![[r#"Retry { after: None, reason: "Discord answered 502." }"#]],
    )
    .await;
    check_refusal(
        Fault::ResetBefore,
        expect![[r#"Retry { after: None, reason: "The connection to Discord was lost." }"#]],
    )
    .await;
    check_refusal(coded(401, 0, "401: Unauthorized"), expect![[r#"Token("Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one.")"#]]).await;
    check_refusal(
        coded(404, 10003, "Unknown Channel"),
        expect![[r#"ChatGone("Discord: Unknown Channel")"#]],
    )
    .await;
    check_refusal(
        coded(403, 50001, "Missing Access"),
        expect![[r#"Forbidden("The bot cannot see this channel (Discord: Missing Access).")"#]],
    )
    .await;
    check_refusal(
        coded(403, 50013, "Missing Permissions"),
        expect![[r#"Forbidden("The bot needs Send Messages and Embed Links here, in threads also Send Messages in Threads (Discord: Missing Permissions).")"#]],
    )
    .await;
    check_refusal(
        coded(403, 50007, "Cannot send messages to this user"),
        expect![[r#"ChatGone("Discord: Cannot send messages to this user")"#]],
    )
    .await;
    check_refusal(
        coded(400, 50083, "Thread is archived"),
        expect![[r#"Forbidden("Discord: Thread is archived")"#]],
    )
    .await;
    check_refusal(
        coded(400, 160_005, "Thread is locked"),
        expect![[r#"Forbidden("Discord: Thread is locked")"#]],
    )
    .await;
    // Not Discord's own answer: a wall on the way there says nothing about the chat.
    check_refusal(
        Fault::Status(403, Value::Null),
        expect![[r#"Retry { after: None, reason: "Discord answered 403." }"#]],
    )
    .await;
    check_refusal(
        Fault::Status(302, Value::Null),
        expect![[r#"Retry { after: None, reason: "Discord answered 302." }"#]],
    )
    .await;
    check_refusal(coded(400, 50035, &format!("{TOKEN} {}", "x".repeat(900))), expect![[r#"Rejected("Discord: … xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…")"#]]).await;
}

#[tokio::test]
async fn channels_that_are_gone_or_closed_are_told_apart() {
    let (fake, platform) = fake().await;
    fake.add_channel(201);
    fake.forbid(201);
    fake.add_channel(202);
    fake.archive(202);
    let send = async |channel| {
        let to = FakeDiscord::chat(channel);
        platform.send(&to, &part("x"), None).await.unwrap_err()
    };
    assert!(matches!(send(200).await, SendError::ChatGone(_)));
    assert!(matches!(send(201).await, SendError::Forbidden(_)));
    assert!(matches!(send(202).await, SendError::Forbidden(_)));
}

#[tokio::test]
async fn a_body_that_breaks_the_rules_is_rejected_with_the_reason() {
    let (_fake, platform) = fake().await;
    let long = Part(json!({ "embeds": [{ "title": "x".repeat(300), "description": "y" }] }));
    let error = platform.send(&FakeDiscord::chat(CHANNEL), &long, None).await.unwrap_err();
    expect!["Discord: Invalid Form Body (embeds.0.title: Must be 256 or fewer in length.)"]
        .assert_eq(&error.to_string());
}

/// What the fake says to a body.
async fn check_rules(body: Value, expected: Expect) {
    let (_fake, platform) = fake().await;
    let outcome = platform.send(&FakeDiscord::chat(CHANNEL), &Part(body), None).await;
    expected.assert_eq(&outcome.map_or_else(|error| error.to_string(), |_| "taken".to_owned()));
}

#[tokio::test]
async fn the_fake_refuses_what_discord_refuses() {
    let embed = |key: &str, length: usize| json!({ "embeds": [{ key: "x".repeat(length) }] });
    check_rules(embed("title", 256), expect!["taken"]).await;
    check_rules(
        embed("title", 257),
        expect!["Discord: Invalid Form Body (embeds.0.title: Must be 256 or fewer in length.)"],
    )
    .await;
    check_rules(
        embed("description", 4097),
        expect![
            "Discord: Invalid Form Body (embeds.0.description: Must be 4096 or fewer in length.)"
        ],
    )
    .await;
    check_rules(
        json!({ "content": "x".repeat(2001) }),
        expect!["Discord: Invalid Form Body (content: Must be 2000 or fewer in length.)"],
    )
    .await;
    check_rules(json!({ "content": " " }), expect!["Discord: Cannot send an empty message"]).await;
    check_rules(
        json!({ "embeds": [{ "color": 1 }] }),
        expect!["Discord: Invalid Form Body (embeds.0.description: This field is required)"],
    )
    .await;
    check_rules(
        json!({ "embeds": vec![json!({ "title": "x" }); 11] }),
        expect!["Discord: Invalid Form Body (embeds: Must be 10 or fewer in length.)"],
    )
    .await;
    let big = json!({ "description": "x".repeat(3001) });
    check_rules(
        json!({ "embeds": [big, big] }),
        expect!["Discord: Invalid Form Body (embeds: Embed size exceeds maximum size of 6000)"],
    )
    .await;
    check_rules(
        json!({ "content": "x", "flags": 1 << 7 }),
        expect!["Discord: Invalid Form Body (flags: Invalid flags.)"],
    )
    .await;
    check_rules(
        json!({ "content": "x", "parse_mode": "HTML" }),
        expect!["Discord: Invalid Form Body (parse_mode: This field has no place here.)"],
    )
    .await;
    let button = json!({ "type": 2, "style": 2, "label": "b", "custom_id": "e:x" });
    let row = |buttons: Value| {
        json!({ "content": "x", "components": [
        { "type": 1, "components": buttons }] })
    };
    check_rules(row(json!([button])), expect!["taken"]).await;
    check_rules(row(json!([button, button])), expect!["Discord: Invalid Form Body (components.0.components.1.custom_id: Component custom id cannot be duplicated)"]).await;
    check_rules(
        row(json!([])),
        expect!["Discord: Invalid Form Body (components.0: Must be a row of 1 to 5 buttons.)"],
    )
    .await;
}

#[tokio::test]
async fn a_discord_that_cannot_be_reached_is_tried_again() {
    let error = offline().send(&FakeDiscord::chat(CHANNEL), &part("x"), None).await.unwrap_err();
    expect![[r#"Retry { after: None, reason: "Discord cannot be reached." }"#]]
        .assert_eq(&format!("{error:?}"));
}

/// The clock runs until the request is there: a paused one would run out before it is.
#[tokio::test]
async fn no_answer_is_waited_for_a_quarter_of_a_minute() {
    let (fake, platform) = fake().await;
    fake.fail_next(Fault::Silence);
    let sending = tokio::spawn(async move {
        platform.send(&FakeDiscord::chat(CHANNEL), &part("x"), None).await.unwrap_err()
    });
    while fake.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    tokio::time::pause();
    let error = sending.await.unwrap();
    expect![[r#"Retry { after: None, reason: "Discord did not answer in time." }"#]]
        .assert_eq(&format!("{error:?}"));
}

#[tokio::test]
async fn a_wrong_token_is_told_plainly_and_never_repeated() {
    let fake = FakeDiscord::start().await;
    let wrong = "wrong.token.secret";
    let connection = Connection { token: wrong.into(), ..fake.connection() };
    let platform = connect(connection).unwrap();
    let to = FakeDiscord::chat(CHANNEL);
    let error = platform.send(&to, &part("x"), None).await.unwrap_err();
    assert!(matches!(error, SendError::Token(_)));
    let problems = platform.check().await.unwrap_err();
    expect!["Discord: Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one."].assert_eq(&problems.join("\n"));
    assert!(!format!("{error}{error:?}{problems:?}").contains("secret"));
    let stop = CancellationToken::new();
    let (events, _inbox) = mpsc::channel(8);
    let ended = platform.listen(MENU, events, stop).await.unwrap_err();
    assert!(matches!(ended, ListenError::Unauthorized(_)));
    assert!(!format!("{ended}{ended:?}").contains("secret"));
}

#[test]
fn tokens_and_addresses_are_looked_at_before_anything_is_sent() {
    let connection = |token: &str, url: &str| Connection {
        api_url: url.to_owned(),
        token: token.into(),
        application: None,
        webhook: None,
        clock: Arc::new(crate::world::clock::HandClock::at("2026-11-23T12:00:00Z")),
    };
    for (token, url) in
        [("", "https://discord.com"), ("sec\nret", "https://discord.com"), ("secret", "ftp://x")]
    {
        let problem = connect(connection(token, url)).err().unwrap();
        assert!(!problem.contains("sec"), "{problem}");
    }
}

#[tokio::test]
async fn a_used_up_limit_is_waited_for_or_handed_back() {
    let (fake, platform) = fake().await;
    let to = FakeDiscord::chat(CHANNEL);
    let start = fake.clock.now();
    fake.fail_next(Fault::Limited { retry_after: 2.5, global: false });
    platform.send(&to, &part("x"), None).await.unwrap_err();
    platform.send(&to, &part("x"), None).await.unwrap();
    assert_eq!(fake.clock.now() - start, chrono::Duration::milliseconds(2500));
    let start = fake.clock.now();
    fake.fail_next(Fault::LastOne { reset_after: 1.25 });
    for _ in 0..2 {
        platform.send(&to, &part("x"), None).await.unwrap();
    }
    assert_eq!(fake.clock.now() - start, chrono::Duration::milliseconds(1250));
    fake.fail_next(Fault::Limited { retry_after: 60.0, global: true });
    platform.send(&to, &part("x"), None).await.unwrap_err();
    let asked = fake.requests().len();
    let error = platform.send(&FakeDiscord::chat(7), &part("x"), None).await.unwrap_err();
    let after = Some(Duration::from_secs(60));
    assert!(matches!(error, SendError::Retry { after: a, .. } if a == after), "{error:?}");
    assert_eq!(fake.requests().len(), asked, "asked again while told to wait");
}

// ---- Commands ----

/// Posting and editing share a bucket, whatever the message; each channel has its own.
#[tokio::test]
async fn routes_that_share_a_bucket_are_held_together() {
    let (fake, platform) = fake().await;
    fake.add_channel(CHANNEL + 1);
    fake.share_bucket(3, 8.0);
    let began = fake.clock.now();
    let here = FakeDiscord::place(CHANNEL);
    let send = async |channel: u64| {
        platform.send(&FakeDiscord::chat(channel), &part("x"), None).await.unwrap().message
    };
    let (one, two) = (send(CHANNEL).await, send(CHANNEL).await);
    platform.edit(&here, one, &part("y")).await.unwrap();
    assert_eq!(fake.clock.now(), began, "there was room for three");
    // Who paces deliveries hears that an edit left no room in the channel.
    let lessons = platform.lessons();
    let chat = i64::try_from(CHANNEL).unwrap();
    let renews = chrono::Duration::seconds(8);
    assert_eq!(lessons.last(), Some(&Lesson::Left { chat, messages: 0, renews }));
    send(CHANNEL + 1).await;
    assert_eq!(fake.clock.now(), began, "another channel waits for nothing");
    platform.edit(&here, two, &part("z")).await.unwrap();
    assert_eq!((fake.clock.now() - began).num_seconds(), 8);
    for _ in 0..8 {
        let message = send(CHANNEL).await;
        platform.edit(&here, message, &part("y")).await.unwrap();
    }
    assert_eq!(fake.beyond(), 0, "nothing was asked in vain");
}

/// A limit that is shared with others holds what it is about, and is not held against the bot.
#[tokio::test]
async fn a_limit_shared_with_others_is_no_invalid_request() {
    let (fake, platform) = fake().await;
    fake.add_channel(CHANNEL + 1);
    fake.fail_next(Fault::Shared { retry_after: 30.0 });
    let to = |channel| FakeDiscord::chat(channel);
    let error = platform.send(&to(CHANNEL), &part("x"), None).await.unwrap_err();
    assert!(matches!(error, SendError::Retry { after: Some(_), .. }), "{error:?}");
    let lessons = platform.lessons();
    assert!(matches!(lessons[..], [Lesson::Chat { .. }]), "{lessons:?}");
    let requests = fake.requests().len();
    platform.send(&to(CHANNEL), &part("x"), None).await.unwrap_err();
    assert_eq!(fake.requests().len(), requests, "it is not asked again meanwhile");
    platform.send(&to(CHANNEL + 1), &part("x"), None).await.unwrap();
    fake.fail_next(Fault::Limited { retry_after: 1.0, global: false });
    platform.send(&to(CHANNEL + 1), &part("x"), None).await.unwrap_err();
    assert!(platform.lessons().contains(&Lesson::Invalid), "while this one is");
}

/// Whatever asks, and whoever paces: Discord bars an address after ten thousand refusals.
#[tokio::test]
async fn too_many_refusals_silence_everything_before_discord_does() {
    let (fake, platform) = fake().await;
    fake.add_channel(CHANNEL + 1);
    fake.forbid(CHANNEL);
    let mut made = 0;
    let wait = loop {
        match platform.send(&FakeDiscord::chat(CHANNEL), &part("x"), None).await.unwrap_err() {
            SendError::Forbidden(_) => made += 1,
            SendError::Retry { after, reason } => {
                expect!["Too much of what was asked of Discord was refused; it rests."]
                    .assert_eq(&reason);
                break after.unwrap();
            }
            other => panic!("{other:?}"),
        }
    };
    assert_eq!((made, wait.as_secs()), (8_000, 600));
    let asked = fake.requests().len();
    let open = Target::Interaction {
        id: 5,
        token: "t".to_owned(),
        to: FakeDiscord::place(CHANNEL),
        edit: false,
        deferred: false,
    };
    platform.send(&open, &part("x"), None).await.unwrap_err();
    platform.send(&FakeDiscord::chat(CHANNEL + 1), &part("x"), None).await.unwrap_err();
    assert_eq!(fake.requests().len(), asked);
    fake.clock.advance(wait);
    platform.send(&FakeDiscord::chat(CHANNEL + 1), &part("x"), None).await.unwrap();
}

#[tokio::test]
async fn the_menu_is_registered_once_and_commands_become_mentions() {
    let (fake, platform) = fake().await;
    platform.publish_menu(MENU).await.unwrap();
    platform.publish_menu(MENU).await.unwrap();
    assert_eq!(fake.registrations(), 1);
    platform.publish_menu(&MENU[..3]).await.unwrap();
    assert_eq!(fake.registrations(), 2);
    platform.publish_menu(MENU).await.unwrap();
    let mut commands = fake.commands();
    let ids: Vec<Value> = commands.iter_mut().map(|command| command["id"].take()).collect();
    expect![[r#"
        {
          "contexts": [
            0,
            1,
            2
          ],
          "description": "Export licenses",
          "id": null,
          "integration_types": [
            0,
            1
          ],
          "name": "licenses",
          "options": [
            {
              "autocomplete": true,
              "description": "[holder|element|type|status]",
              "name": "holder",
              "required": false,
              "type": 3
            }
          ],
          "type": 1
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&commands[1]).unwrap());
    let managed: Vec<&Value> =
        commands.iter().map(|command| &command["default_member_permissions"]).collect();
    assert_eq!(json!(managed), json!([null, null, null, "32"]));
    let line = Line(vec![
        Span::Command("brief".to_owned()),
        Span::Text(" ".to_owned()),
        Span::Command("licenses dys*".to_owned()),
    ]);
    let message = Message { blocks: vec![Block::Paragraph(line)], ..Message::default() };
    let text = platform.render(&message)[0].0["embeds"][0]["description"].clone();
    let (brief, licenses) = (ids[0].as_str().unwrap(), ids[1].as_str().unwrap());
    assert_eq!(text, format!("</brief:{brief}> </licenses:{licenses}> dys\\*"));
}

#[tokio::test]
async fn a_menu_discord_refuses_is_rejected() {
    let (_fake, platform) = fake().await;
    let bad = [MenuItem { name: "Not A Name", ..MENU[0] }];
    let error = platform.publish_menu(&bad).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected(_)), "{error:?}");
    // What failed is not taken for done.
    platform.publish_menu(&bad).await.unwrap_err();
}

#[tokio::test]
async fn the_check_says_who_the_bot_is() {
    let (fake, platform) = fake().await;
    expect![[r#"
        Discord: connected as monazite (application 1100000000000000001)
        Discord: add the bot to a server with https://discord.com/oauth2/authorize?client_id=1100000000000000001&scope=bot+applications.commands&permissions=309237730304"#]].assert_eq(&platform.check().await.unwrap().join("\n"));
    let connection = Connection { application: Some(7), ..fake.connection() };
    let problems = connect(connection).unwrap().check().await.unwrap_err();
    expect!["Discord: discord.application_id is 7, but the token belongs to application 1100000000000000001."].assert_eq(&problems.join("\n"));
    assert!(invite_link(APPLICATION).contains(&format!("client_id={APPLICATION}")));
}

// ---- Listening ----

/// A bot that listens.
struct Listening {
    fake: FakeDiscord,
    platform: Arc<dyn Platform>,
    inbox: mpsc::Receiver<Event>,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<Result<(), ListenError>>,
}

async fn listening() -> Listening {
    listening_to(FakeDiscord::start().await).await
}

async fn listening_to(fake: FakeDiscord) -> Listening {
    let platform = connect(fake.connection()).unwrap();
    platform.publish_menu(MENU).await.unwrap();
    listening_as(fake, platform, 1).await
}

/// Returns once so many sessions have begun.
async fn listening_as(
    fake: FakeDiscord,
    platform: Arc<dyn Platform>,
    sessions: usize,
) -> Listening {
    let stop = CancellationToken::new();
    let (events, inbox) = mpsc::channel(64);
    let task = tokio::spawn({
        let (platform, stop) = (platform.clone(), stop.clone());
        async move { platform.listen(MENU, events, stop).await }
    });
    fake.gateway(|counts| counts.identified == sessions).await;
    Listening { fake, platform, inbox, stop, task }
}

impl Listening {
    async fn asked(&mut self) -> Invocation {
        match self.inbox.recv().await.unwrap() {
            Event::Asked(asked) => asked,
            other => panic!("not a command: {other:?}"),
        }
    }

    async fn ends(self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(1), self.task).await;
        ended.unwrap().unwrap().unwrap();
        self.fake.gateway(|counts| counts.closed == 1).await;
    }
}

fn interaction(target: &Target) -> (u64, &str) {
    match target {
        Target::Interaction { id, token, .. } => (*id, token),
        other => panic!("not an interaction: {other:?}"),
    }
}

#[tokio::test]
async fn a_slash_command_is_answered_in_parts() {
    let mut bot = listening().await;
    let id = bot.fake.slash("licenses", "  dysprosium  oxide ", false);
    let asked = bot.asked().await;
    assert_eq!((asked.name.as_str(), asked.args.as_str()), ("licenses", "dysprosium oxide"));
    assert!(!asked.may_manage && !asked.private_chat);
    assert_eq!(asked.locale.as_deref(), Some("zh-CN"));
    assert_eq!(asked.chat_label, "#news");
    assert_eq!(asked.reply.destination(), &FakeDiscord::place(CHANNEL));
    let private = bot.platform.render(&Message { private: true, ..paragraph("one") }).remove(0);
    bot.platform.send(&asked.reply, &private, None).await.unwrap();
    bot.platform.send(&asked.reply, &part("two"), None).await.unwrap();
    assert_eq!(bot.fake.answered(id), Some(4));
    assert_eq!(bot.fake.messages(CHANNEL)[0]["flags"], 64);
    assert_eq!(bot.fake.followups(id).len(), 1);
    bot.ends().await;
}

#[tokio::test]
async fn a_slow_command_is_deferred_and_answered_late() {
    let mut bot = listening().await;
    let id = bot.fake.slash("brief", "", false);
    let asked = bot.asked().await;
    let reply = bot.platform.defer(&asked.reply, true).await.unwrap();
    bot.fake.clock.advance(Duration::from_secs(60));
    assert_eq!(bot.fake.answered(id), Some(5));
    assert!(bot.fake.messages(CHANNEL).is_empty());
    // A failed first part is tried again as the first part.
    bot.fake.fail_next(Fault::Status(500, Value::Null));
    bot.platform.send(&reply, &part("one"), None).await.unwrap_err();
    bot.platform.send(&reply, &part("one"), None).await.unwrap();
    bot.platform.send(&reply, &part("two"), None).await.unwrap();
    let messages = bot.fake.messages(CHANNEL);
    assert_eq!(messages.len(), 2);
    // Private as the deferral was.
    assert_eq!(messages[0]["flags"], 64);
    assert_eq!(bot.fake.followups(id).len(), 1);
    bot.ends().await;
}

#[tokio::test]
async fn an_answer_too_late_or_repeated_is_told_apart() {
    let mut bot = listening().await;
    bot.fake.slash("brief", "", false);
    let asked = bot.asked().await;
    bot.fake.clock.advance(Duration::from_secs(4));
    let error = bot.platform.send(&asked.reply, &part("late"), None).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected(_)), "{error:?}");
    let (_, token) = interaction(&asked.reply);
    assert!(!format!("{error:?}").contains(token));

    bot.fake.slash("brief", "", false);
    let asked = bot.asked().await;
    bot.fake.fail_next(Fault::ResetAfter);
    bot.platform.send(&asked.reply, &part("once"), None).await.unwrap_err();
    bot.platform.send(&asked.reply, &part("once"), None).await.unwrap();
    assert_eq!(bot.fake.messages(CHANNEL).len(), 1);

    bot.fake.slash("brief", "", false);
    let asked = bot.asked().await;
    let reply = bot.platform.defer(&asked.reply, false).await.unwrap();
    bot.fake.clock.advance(Duration::from_secs(16 * 60));
    let error = bot.platform.send(&reply, &part("expired"), None).await.unwrap_err();
    assert!(matches!(error, SendError::Rejected(_)), "{error:?}");
}

#[tokio::test]
async fn buttons_edit_the_message_or_answer_anew() {
    let mut bot = listening().await;
    let brief = bot.platform.render(&brief()).remove(0);
    let receipt = bot.platform.send(&FakeDiscord::chat(CHANNEL), &brief, None).await.unwrap();
    let message = u64::try_from(receipt.message).unwrap();

    let id = bot.fake.press("a:licenses", message);
    let asked = bot.asked().await;
    assert_eq!((asked.name.as_str(), asked.args.as_str()), ("licenses", ""));
    assert!(matches!(asked.reply, Target::Interaction { edit: false, .. }));
    bot.platform.send(&asked.reply, &part("anew"), None).await.unwrap();
    assert_eq!(bot.fake.answered(id), Some(4));

    let id = bot.fake.press("e:brief 2026-11-22", message);
    let asked = bot.asked().await;
    assert_eq!((asked.name.as_str(), asked.args.as_str()), ("brief", "2026-11-22"));
    let reply = bot.platform.defer(&asked.reply, true).await.unwrap();
    assert_eq!(bot.fake.answered(id), Some(6));
    bot.platform.send(&reply, &brief, None).await.unwrap();

    let id = bot.fake.press("e:brief 2026-11-22", message);
    let asked = bot.asked().await;
    bot.platform.send(&asked.reply, &part("edited"), None).await.unwrap();
    assert_eq!(bot.fake.answered(id), Some(7));
    let messages = bot.fake.messages(CHANNEL);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["embeds"][0]["description"], "edited");
    // Buttons the new text does not have are gone.
    assert_eq!(messages[0]["components"], json!([]));
    assert_eq!(bot.fake.edits().len(), 2);
    bot.ends().await;
}

#[tokio::test]
async fn half_typed_arguments_get_suggestions() {
    let mut bot = listening().await;
    let id = bot.fake.complete("licenses", "dys");
    let Event::Completing { name, partial, reply } = bot.inbox.recv().await.unwrap() else {
        panic!("not a completion");
    };
    assert_eq!((name.as_str(), partial.as_str()), ("licenses", "dys"));
    let mut suggestions: Vec<String> = (0..40).map(|i| format!("dysprosium {i}")).collect();
    suggestions[1] = "long ".repeat(50);
    suggestions[2] = " ".to_owned();
    bot.platform.suggest(&reply, &suggestions).await.unwrap();
    assert_eq!(bot.fake.choices(id).unwrap().as_array().unwrap().len(), 25);
    bot.ends().await;
}

#[tokio::test]
async fn managers_are_told_from_others() {
    let mut bot = listening().await;
    bot.fake.slash("subscribe", "07:30", true);
    assert!(bot.asked().await.may_manage);
    bot.fake.slash("subscribe", "07:30", false);
    assert!(!bot.asked().await.may_manage);
    bot.fake.slash_privately("subscribe", "07:30");
    let asked = bot.asked().await;
    assert!(asked.may_manage && asked.private_chat);
    assert_eq!(asked.chat_label, "a private chat");
    bot.ends().await;
}

#[tokio::test]
async fn lost_channels_and_servers_are_reported() {
    let mut bot = listening().await;
    bot.fake.thread_delete(CHANNEL + 1);
    let lost = bot.inbox.recv().await.unwrap();
    expect![[r#"Lost { at: Destination { platform: Discord, chat: 1100000000000000101, thread: None }, reason: "The thread was deleted." }"#]].assert_eq(&format!("{lost:?}"));

    bot.fake.guild_create();
    bot.fake.slash("status", "", false);
    assert_eq!(bot.asked().await.chat_label, "#news in Desk");
    // An outage is no farewell.
    bot.fake.guild_delete(true);
    bot.fake.slash("status", "", false);
    bot.asked().await;
    bot.fake.guild_delete(false);
    let lost = bot.inbox.recv().await.unwrap();
    expect![[r#"Lost { at: Destination { platform: Discord, chat: 1100000000000000100, thread: None }, reason: "The bot was removed from the server." }"#]].assert_eq(&format!("{lost:?}"));

    bot.fake.channel_delete(CHANNEL);
    let lost = bot.inbox.recv().await.unwrap();
    expect![[r#"Lost { at: Destination { platform: Discord, chat: 1100000000000000100, thread: None }, reason: "The channel was deleted." }"#]].assert_eq(&format!("{lost:?}"));
    bot.ends().await;
}

#[tokio::test]
async fn nothing_is_missed_over_a_reconnection() {
    let mut bot = listening().await;
    bot.fake.close(4000);
    bot.fake.slash("brief", "2026-11-22", false);
    assert_eq!(bot.asked().await.args, "2026-11-22");
    bot.fake.gateway(|counts| counts.resumed == 1).await;
    bot.fake.slash("brief", "2026-11-23", false);
    assert_eq!(bot.asked().await.args, "2026-11-23");
    bot.ends().await;
}

#[tokio::test]
async fn a_session_that_is_lost_begins_anew() {
    let bot = listening().await;
    bot.fake.close(4009);
    bot.fake.gateway(|counts| counts.identified == 2).await;
    bot.ends().await;
}

#[tokio::test]
async fn unknown_events_do_no_harm() {
    let mut bot = listening().await;
    bot.fake.say("SOMETHING_NEW", &json!({ "a": 1 }));
    bot.fake.say("INTERACTION_CREATE", &json!({ "type": 99 }));
    bot.fake.slash("status", "", false);
    assert_eq!(bot.asked().await.name, "status");
    bot.ends().await;
}

#[tokio::test]
async fn sessions_the_gateway_refuses_end_with_a_sentence() {
    for (code, expected) in [
        (
            4004,
            expect![[
                r#"Unauthorized("Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one.")"#
            ]],
        ),
        (
            4013,
            expect![[
                r#"Lost("Discord refuses the gateway intents asked for (GUILDS); look at the bot's page in Discord's developer portal.")"#
            ]],
        ),
        (
            4014,
            expect![[
                r#"Lost("Discord refuses the gateway intents asked for (GUILDS); look at the bot's page in Discord's developer portal.")"#
            ]],
        ),
    ] {
        let (fake, platform) = fake().await;
        fake.refuse_session(code);
        let (events, _inbox) = mpsc::channel(8);
        let stop = CancellationToken::new();
        let ended = platform.listen(MENU, events, stop).await.unwrap_err();
        expected.assert_eq(&format!("{ended:?}"));
    }
}

#[tokio::test]
async fn without_a_gateway_address_it_connects_nowhere() {
    let (fake, platform) = fake().await;
    fake.break_gateway();
    let (events, _inbox) = mpsc::channel(8);
    let ended = platform.listen(MENU, events, CancellationToken::new()).await.unwrap_err();
    assert!(matches!(ended, ListenError::Lost(_)), "{ended:?}");
    assert_eq!(fake.requests(), ["GET /api/v10/gateway/bot"]);
}

#[tokio::test]
async fn a_stop_while_connecting_leaves_no_connection_behind() {
    let (fake, platform) = fake().await;
    fake.hold_gateway(true);
    let stop = CancellationToken::new();
    let (events, _inbox) = mpsc::channel(8);
    let task = tokio::spawn({
        let (platform, stop) = (platform.clone(), stop.clone());
        async move { platform.listen(MENU, events, stop).await }
    });
    fake.gateway(|counts| counts.connected == 1).await;
    stop.cancel();
    task.await.unwrap().unwrap();
    fake.hold_gateway(false);
    fake.gateway(|counts| counts.closed == 1).await;
}

#[tokio::test]
async fn a_stop_before_the_start_is_a_stop() {
    let (_fake, platform) = fake().await;
    let stop = CancellationToken::new();
    stop.cancel();
    let (events, _inbox) = mpsc::channel(8);
    platform.listen(MENU, events, stop).await.unwrap();
}

// ---- Faults of listening. The library's pauses are tokio's: a paused clock skips them. ----

impl Listening {
    /// Asks something and hears it once; nothing else came before.
    async fn hears(&mut self, args: &str) {
        self.fake.slash("brief", args, false);
        assert_eq!(self.asked().await.args, args);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_cannot_be_resumed_begins_anew() {
    let mut bot = listening().await;
    bot.fake.forget_sessions();
    bot.fake.close(4000);
    bot.fake.gateway(|counts| counts.identified == 2).await;
    bot.hears("2026-11-23").await;
    bot.ends().await;
}

#[tokio::test(start_paused = true)]
async fn the_gateway_may_ask_to_come_again() {
    let mut bot = listening().await;
    // Reconnect; then an invalid session that can be taken up again.
    for (i, frame) in
        [json!({ "op": 7, "d": null }), json!({ "op": 9, "d": true })].into_iter().enumerate()
    {
        bot.fake.send_raw(Frame::Text(frame.to_string()));
        bot.fake.gateway(|counts| counts.resumed == i + 1).await;
        bot.hears("2026-11-23").await;
    }
    bot.fake.send_raw(Frame::Text(json!({ "op": 9, "d": false }).to_string()));
    bot.fake.gateway(|counts| counts.identified == 2).await;
    bot.hears("2026-11-23").await;
    bot.ends().await;
}

#[tokio::test(start_paused = true)]
async fn frames_that_are_garbage_are_passed_over() {
    let mut bot = listening().await;
    for frame in [
        Frame::Text("<html>".to_owned()),
        Frame::Text("{}".to_owned()),
        Frame::Text(json!({ "op": 99, "d": [] }).to_string()),
        Frame::Text(json!({ "op": 0, "t": "INTERACTION_CREATE", "s": "x", "d": 7 }).to_string()),
        Frame::Binary(vec![0x78, 0x9c, 1, 2, 3]),
    ] {
        bot.fake.send_raw(frame);
        bot.hears("2026-11-23").await;
    }
    bot.ends().await;
}

#[tokio::test(start_paused = true)]
async fn an_interaction_told_twice_is_handled_once() {
    let mut bot = listening().await;
    bot.hears("1").await;
    bot.fake.say_again();
    bot.hears("2").await;
    bot.ends().await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_only_looks_alive_is_made_anew() {
    let fake = FakeDiscord::start().await;
    fake.beat(50);
    let mut bot = listening_to(fake).await;
    bot.fake.gateway(|counts| counts.heartbeats > 0).await;
    bot.fake.deafen_gateway(true);
    bot.fake.gateway(|counts| counts.connected == 2).await;
    bot.fake.deafen_gateway(false);
    bot.fake.gateway(|counts| counts.identified == 2).await;
    bot.hears("2026-11-23").await;
    bot.stop.cancel();
    bot.task.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_token_revoked_while_listening_ends_it() {
    let bot = listening().await;
    bot.fake.close(4004);
    let ended = bot.task.await.unwrap().unwrap_err();
    assert!(matches!(ended, ListenError::Unauthorized(_)), "{ended:?}");
}

async fn listens(platform: &Arc<dyn Platform>) -> ListenError {
    let (events, _inbox) = mpsc::channel(8);
    platform.listen(MENU, events, CancellationToken::new()).await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_gateway_that_says_nothing_is_given_up() {
    let (fake, platform) = fake().await;
    fake.mute_gateway();
    expect![
        "Discord gave no session to 1 of 1 shards for 45 s; the number of shards is asked for anew."
    ]
    .assert_eq(&listens(&platform).await.to_string());
    assert!(fake.identities().is_empty());
}

#[tokio::test(start_paused = true)]
async fn too_few_shards_are_asked_for_anew_before_sessions_run_out() {
    let (fake, platform) = fake().await;
    // Closed like this, the library spins until its next heartbeat.
    fake.beat(20);
    fake.refuse_sessions(Some(4011));
    expect![
        "Discord gave no session to 1 of 1 shards for 45 s; the number of shards is asked for anew."
    ]
    .assert_eq(&listens(&platform).await.to_string());
    let spent = fake.identities().len();
    assert!((2..=10).contains(&spent), "{spent} sessions spent");
    fake.refuse_sessions(None);
    fake.want_shards(2);
    let bot = listening_as(fake, platform, 2).await;
    assert_eq!(
        bot.fake.identities()[spent..].iter().map(|i| (i.0, i.1)).collect::<Vec<_>>(),
        [(0, 2), (1, 2)]
    );
    bot.stop.cancel();
    bot.task.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn shards_are_as_many_as_wanted_and_begin_one_after_the_other() {
    let fake = FakeDiscord::start().await;
    fake.want_shards(3);
    let platform = connect(fake.connection()).unwrap();
    platform.publish_menu(MENU).await.unwrap();
    let mut bot = listening_as(fake, platform, 3).await;
    let begun = bot.fake.identities();
    assert_eq!(begun.iter().map(|i| (i.0, i.1)).collect::<Vec<_>>(), [(0, 3), (1, 3), (2, 3)]);
    for pair in begun.windows(2) {
        let apart = pair[1].2 - pair[0].2;
        // One in five seconds, which is right for every `max_concurrency`.
        assert!(apart >= Duration::from_millis(4_500), "{apart:?}");
    }
    // What any of them hears comes together.
    for shard in [2, 0, 1] {
        let gone = json!({ "id": (CHANNEL + shard).to_string(), "guild_id": "1", "type": 0,
            "name": "news" });
        bot.fake.say_to(shard, "CHANNEL_DELETE", &gone);
        let Event::Lost { at, .. } = bot.inbox.recv().await.unwrap() else { panic!("not lost") };
        assert_eq!(at, FakeDiscord::place(CHANNEL + shard));
    }
    bot.hears("2026-11-23").await;
    bot.stop.cancel();
    bot.task.await.unwrap().unwrap();
    bot.fake.gateway(|counts| counts.closed == 3).await;
}

#[tokio::test(start_paused = true)]
async fn used_up_session_starts_are_waited_for() {
    let (fake, platform) = fake().await;
    fake.limit_starts(0, 7_200);
    let before = fake.clock.now();
    let bot = listening_as(fake, platform, 1).await;
    assert!((bot.fake.clock.now() - before).num_seconds() >= 7_200);
    assert_eq!(bot.fake.identities().len(), 1);
    bot.stop.cancel();
    bot.task.await.unwrap().unwrap();
}

// ---- Menus and forms ----

const NOW: &str = "2026-11-23T15:00:00Z";

/// A subscriber's settings on Discord, as they stand in `CHANNEL`.
struct Settings {
    bot: Listening,
    home: Home,
    message: u64,
}

impl Settings {
    async fn open() -> Self {
        let bot = listening().await;
        let home = Home::new();
        home.subscribe(subscription(&here(), "2026-11-22T00:00:00Z"));
        let part = bot.platform.render(&home.ask(&here(), "settings", true, NOW)).remove(0);
        let sent = bot.platform.send(&FakeDiscord::chat(CHANNEL), &part, None).await.unwrap();
        Self { bot, home, message: u64::try_from(sent.message).unwrap() }
    }

    /// Answers what came in as the service does; gives the line that was asked.
    async fn answer(&mut self) -> String {
        let asked = self.bot.asked().await;
        assert!(asked.may_manage);
        let line = format!("{} {}", asked.name, asked.args);
        let part = self.bot.platform.render(&self.home.ask(&here(), &line, true, NOW)).remove(0);
        self.bot.platform.send(&asked.reply, &part, None).await.unwrap();
        line
    }

    async fn choose(&mut self, id: &str, values: &[&str]) -> String {
        self.bot.fake.choose(id, values, self.message);
        self.answer().await
    }

    /// The title and the first words that stand in the message now.
    fn shown(&self) -> String {
        let message = &self.bot.fake.messages(CHANNEL)[0];
        let embed = &message["embeds"][0];
        let text = embed["description"].as_str().unwrap_or_default();
        format!(
            "{} | {}",
            embed["title"].as_str().unwrap(),
            text.lines().next().unwrap_or_default()
        )
    }
}

fn here() -> String {
    format!("discord:{CHANNEL}")
}

#[tokio::test]
async fn settings_are_menus_that_edit_their_message() {
    let mut settings = Settings::open().await;
    let mut log = Vec::new();
    for (id, values) in [
        ("c:settings", &["days"][..]),
        ("m:settings da1=", &["mon", "fri"]),
        ("m:settings da1=", &[]),
        ("e:settings", &[]),
        ("c:settings", &["companies"]),
        ("m:settings co1=", &["arafura", "aclara"]),
        ("e:settings companies page 2", &[]),
        ("e:settings", &[]),
        ("c:settings", &["length"]),
        ("c:settings length", &["short"]),
        ("c:settings", &["quiet"]),
        ("c:settings quiet", &["hold"]),
        ("c:settings quiet hours", &["23:00-08:00"]),
        ("e:settings", &[]),
        ("c:settings", &["discuss"]),
        ("c:settings discuss", &["on"]),
    ] {
        let line = if id.starts_with("e:") {
            settings.bot.fake.choose(id, values, settings.message);
            settings.answer().await
        } else {
            settings.choose(id, values).await
        };
        log.push(format!("{id} {values:?}: {line}\n    {}", settings.shown()));
    }
    expect![[r#"
        c:settings ["days"]: settings days
            Settings of this chat: days | The brief comes on these days: every day.
        m:settings da1= ["mon", "fri"]: settings da1= mon,fri
            Settings of this chat: days | The brief comes on these days: Mon, Fri.
        m:settings da1= []: settings da1= none
            Settings of this chat: days | The brief comes on these days: every day.
        e:settings []: settings 
            Settings of this chat | - **What comes:** a brief every day, and alerts
        c:settings ["companies"]: settings companies
            Settings of this chat: companies | Chosen: all. Briefs show what has to do with any of your topics, elements and companies. (Page 1 of 5.)
        m:settings co1= ["arafura", "aclara"]: settings co1= arafura,aclara
            Settings of this chat: companies | Chosen: Arafura, Aclara. Briefs show what has to do with any of your topics, elements and companies. (Page 1 of 5.)
        e:settings companies page 2 []: settings companies page 2
            Settings of this chat: companies | Chosen: Arafura, Aclara. Briefs show what has to do with any of your topics, elements and companies. (Page 2 of 5.)
        e:settings []: settings 
            Settings of this chat | - **What comes:** a brief every day, and alerts
        c:settings ["length"]: settings length
            Settings of this chat: length | Length: full.
        c:settings length ["short"]: settings length short
            Settings of this chat | - **What comes:** a brief every day, and alerts
        c:settings ["quiet"]: settings quiet
            Settings of this chat: quiet hours | Quiet hours: off. The brief itself comes at the hour you chose, whatever stands here.
        c:settings quiet ["hold"]: settings quiet hold
            Settings of this chat: quiet hours | Quiet hours: 22:00–07:00, alerts wait until they end. The brief itself comes at the hour you chose, whatever stands here.
        c:settings quiet hours ["23:00-08:00"]: settings quiet hours 23:00-08:00
            Settings of this chat: quiet hours | Quiet hours: 23:00–08:00, alerts wait until they end. The brief itself comes at the hour you chose, whatever stands here.
        e:settings []: settings 
            Settings of this chat | - **What comes:** a brief every day, and alerts
        c:settings ["discuss"]: settings discuss
            Settings of this chat: discussion | A thread for discussion is not opened under each edition.
        c:settings discuss ["on"]: settings discuss on
            Settings of this chat | - **What comes:** a brief every day, and alerts"#]].assert_eq(&log.join("\n"));
    assert_eq!(settings.bot.fake.messages(CHANNEL).len(), 1, "it is one message");
    let to = settings.home.store.subscription(&chat(&here())).unwrap().unwrap();
    assert!(to.discuss && to.quiet.is_some() && to.companies.len() == 2);
    settings.bot.ends().await;
}

#[tokio::test]
async fn typed_words_come_from_a_form_that_survives_a_restart() {
    let mut settings = Settings::open().await;
    settings.choose("c:settings", &["time"]).await;
    let id = settings.bot.fake.press("p:settings time|7:30 Shanghai", settings.message);
    settings.bot.fake.until(|fake| fake.answered(id).is_some()).await;
    assert_eq!(settings.bot.fake.answered(id), Some(9));
    let form = settings.bot.fake.form(id).unwrap();
    expect![[r#"{"components":[{"components":[{"custom_id":"typed","label":"Type an hour","max_length":200,"placeholder":"7:30 Shanghai","required":true,"style":1,"type":4}],"type":1}],"custom_id":"f:settings time","title":"Type an hour"}"#]].assert_eq(&form.to_string());
    settings.bot.fake.fill_in(&form, " 7:30  CST ", settings.message);
    assert_eq!(settings.answer().await, "settings time 7:30 CST");
    expect![[r#"
        --- flags 0
        CST may mean China, US Central (Chicago) or Cuba. Which one is meant? Nothing changes until you choose.
        (China → e:settings time 07:30 Asia/Shanghai) 
        (US Central (Chicago) → e:settings time 07:30 America/Chicago) 
        (Cuba → e:settings time 07:30 America/Havana) 
    "#]].assert_eq(&shown(&Part(settings.bot.fake.messages(CHANNEL)[0].clone())));
    settings.bot.fake.press("e:settings time 07:30 Asia/Shanghai", settings.message);
    let asked = settings.bot.asked().await;
    assert!(!asked.may_manage, "a tap is as good as who taps");
    settings.bot.ends().await;
}

#[tokio::test]
async fn the_fake_refuses_menus_and_forms_that_discord_refuses() {
    let option = |value: &str| json!({ "label": "x", "value": value });
    let menu = |menu: Value| json!({ "content": "x", "components": [{ "type": 1, "components": [menu] }] });
    let many: Vec<Value> = (0..26).map(|i| option(&i.to_string())).collect();
    check_rules(menu(json!({ "type": 3, "custom_id": "c:x", "options": many })), expect!["Discord: Invalid Form Body (components.0.components.0.options: Must be between 1 and 25 in length.)"])
        .await;
    check_rules(
        menu(json!({ "type": 3, "custom_id": "c:x", "options": [option("a"), option("a")] })),
        expect!["Discord: Invalid Form Body (components.0.components.0.options.1.value: The specified option value is already used)"],
    )
    .await;
    check_rules(menu(json!({ "type": 3, "custom_id": "c:x", "options": [] })), expect!["Discord: Invalid Form Body (components.0.components.0.max_values: Must fit the options.)"])
        .await;
    check_rules(
        menu(json!({ "type": 3, "custom_id": "x".repeat(101), "options": [option("a")] })),
        expect!["Discord: Invalid Form Body (components.0.components.0.custom_id: Must be 100 or fewer in length.)"],
    )
    .await;
    check_rules(
        menu(json!({ "type": 3, "custom_id": "c:x", "max_values": 2, "options": [option("a")] })),
        expect!["Discord: Invalid Form Body (components.0.components.0.max_values: Must fit the options.)"],
    )
    .await;
}

// ---- Places ----

/// A home with one edition, delivered to `channel`.
async fn delivered(fake: &FakeDiscord, platform: &Arc<dyn Platform>, channel: u64) -> Home {
    let home = Home::with(&[], vec![platform.clone()]);
    home.publish("2026-11-23T00:00:00Z");
    let mut to = subscription(&format!("discord:{channel}"), "2026-11-22T00:00:00Z");
    to.discuss = true;
    home.subscribe(to);
    home.tell_of("Dysprosium oxide in Rotterdam", "2026-11-23T08:00:00Z", "pricing");
    home.publish("2026-11-23T12:00:00Z");
    assert_eq!(home.deliver("2026-11-23T12:00:01Z").await, [format!("discord:{channel}: sent")]);
    assert!(fake.pings().is_empty());
    home
}

#[tokio::test]
async fn a_thread_for_discussion_is_opened_once_under_the_last_part() {
    let (fake, platform) = fake().await;
    let home = delivered(&fake, &platform, CHANNEL).await;
    let thread = &fake.threads(CHANNEL)[0];
    let last = fake.messages(CHANNEL).last().unwrap()["id"].clone();
    assert_eq!(thread.id.to_string(), last.as_str().unwrap());
    expect!["Monazite daily brief No. 1 · Monday, 23 November 2026"].assert_eq(&thread.name);
    // The answer to the last part was lost: it is sent again under its key, and once is once.
    home.tell("A story of the next day", "2026-11-24T08:00:00Z");
    home.publish("2026-11-24T12:00:00Z");
    fake.fail_next(Fault::ResetAfter);
    expect!["discord:1100000000000000100: later, in 4 s"]
        .assert_eq(&home.deliver("2026-11-24T12:00:01Z").await.join("\n"));
    home.deliver("2026-11-24T12:01:00Z").await;
    assert_eq!(fake.messages(CHANNEL).len(), 2);
    assert_eq!(fake.threads(CHANNEL).len(), 2);
    home.publish("2026-11-25T12:00:00Z");
    let home = home.restart();
    let before = fake.requests().len();
    assert_eq!(home.deliver("2026-11-25T12:00:01Z").await.len(), 1);
    let asked: Vec<String> = fake.requests()[before..]
        .iter()
        .map(|r| r.rsplit('/').next().unwrap().to_owned())
        .collect();
    assert_eq!(asked, ["messages", "threads"], "what the channel is was asked once");
    // Without the right to open one, the edition still counts as sent.
    fake.fail_next(Fault::LastOne { reset_after: 0.0 });
    fake.fail_next(coded(403, 50013, "Missing Permissions"));
    home.publish("2026-11-26T12:00:00Z");
    assert_eq!(home.deliver("2026-11-26T12:00:01Z").await.len(), 1);
    assert_eq!((fake.messages(CHANNEL).len(), fake.threads(CHANNEL).len()), (4, 3));
}

#[tokio::test]
async fn an_announcement_is_passed_on_and_a_refusal_of_that_is_no_failure() {
    let (fake, platform) = fake().await;
    fake.add_announcements(300);
    let home = delivered(&fake, &platform, 300).await;
    let sent: Vec<u64> =
        fake.messages(300).iter().map(|m| m["id"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(fake.passed_on(300), sent);
    // A test is for this channel only.
    home.ask("discord:300", "settings test", true, "2026-11-23T13:00:00Z");
    home.deliver("2026-11-23T13:00:01Z").await;
    assert_eq!(fake.messages(300).len(), sent.len() + 1);
    assert_eq!(fake.passed_on(300), sent);
    assert_eq!(fake.threads(300).len(), 1);
    // More than ten an hour are not asked for.
    for day in 24..36 {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
            + chrono::Duration::days(day - 23);
        home.publish(&format!("{date}T12:00:00Z"));
        let done = home.deliver(&format!("{date}T12:00:01Z")).await;
        assert_eq!(done, ["discord:300: sent"]);
    }
    let asked = fake.requests().iter().filter(|request| request.ends_with("crosspost")).count();
    assert_eq!(asked, 10);
    fake.clock.advance(Duration::from_secs(3601));
    for fault in
        [Fault::Status(200, json!({ "id": "1" })), coded(403, 50013, "Missing Permissions")]
    {
        fake.fail_next(fault);
    }
    home.publish("2026-12-07T12:00:00Z");
    assert_eq!(home.deliver("2026-12-07T12:00:01Z").await, ["discord:300: sent"]);
}

#[tokio::test]
async fn a_forum_gets_a_post_for_each_edition_with_tags_that_match() {
    let (fake, platform) = fake().await;
    fake.add_forum(400, &["Mining", "prices", "Licensing"], false);
    let home = delivered(&fake, &platform, 400).await;
    let posts = fake.threads(400);
    expect![[r#"[Thread { id: 1100000000000001002, name: "Monazite daily brief No. 1 · Monday, 23 November 2026", tags: ["2"] }]"#]].assert_eq(&format!("{posts:?}"));
    assert_eq!(fake.messages(posts[0].id).len(), 1);
    // The answer is lost, or the process dies: the post that is there is found again.
    home.tell_of("Lynas opens a plant", "2026-11-24T08:00:00Z", "separation");
    home.publish("2026-11-24T12:00:00Z");
    for fault in [Fault::Status(200, json!({ "threads": [] })), Fault::ResetAfter] {
        fake.fail_next(fault);
    }
    home.deliver("2026-11-24T12:00:01Z").await;
    let home = home.restart();
    assert_eq!(home.deliver("2026-11-24T12:05:00Z").await, ["discord:400: sent"]);
    assert_eq!(fake.threads(400).len(), 2);
    // A test is a post of its own.
    home.ask("discord:400", "settings test", true, "2026-11-24T13:00:00Z");
    home.deliver("2026-11-24T13:00:01Z").await;
    expect!["Test of 24 Nov 2026, 13:00 UTC"].assert_eq(&fake.threads(400)[2].name);
}

#[tokio::test]
async fn a_forum_that_wants_a_tag_gets_one_and_a_long_edition_stays_in_its_post() {
    let (fake, platform) = fake().await;
    fake.add_forum(400, &["General", "Other"], true);
    let home = Home::with(&[], vec![platform]);
    home.publish("2026-11-23T00:00:00Z");
    home.subscribe(subscription("discord:400", "2026-11-22T00:00:00Z"));
    for n in 0..60 {
        let title = format!(
            "Story number {n} of a long day that brought more news than a message holds {}",
            "word ".repeat(12)
        );
        home.tell_of(&title, &format!("2026-11-23T08:{n:02}:00Z"), "mining");
    }
    home.publish("2026-11-23T12:00:00Z");
    assert_eq!(home.deliver("2026-11-23T12:00:01Z").await, ["discord:400: sent"]);
    let posts = fake.threads(400);
    assert_eq!((posts.len(), posts[0].tags.as_slice()), (1, &["1".to_owned()][..]));
    let parts = home.store.deliveries().next().unwrap().unwrap().sent.len();
    assert_eq!(fake.messages(posts[0].id).len(), parts);
}

#[tokio::test]
async fn what_the_gateway_told_of_channels_is_not_asked_for() {
    let bot = listening().await;
    bot.fake.add_announcements(300);
    bot.fake.guild_create();
    bot.fake.slash("status", "", false);
    let mut bot = bot;
    bot.asked().await;
    let before = bot.fake.requests().len();
    delivered(&bot.fake, &bot.platform, 300).await;
    let asked = bot.fake.requests().split_off(before);
    assert!(asked.iter().all(|request| request.starts_with("POST")), "{asked:?}");
    assert_eq!(bot.fake.passed_on(300).len(), 1);
    bot.ends().await;
}

#[tokio::test]
async fn another_channel_of_the_server_can_be_named() {
    let mut bot = listening().await;
    bot.fake.add_announcements(300);
    bot.fake.guild_create();
    let mut told = Vec::new();
    for words in ["<#300> 7:30 Berlin", "<#301> 7:30 Berlin", "7:30 Berlin"] {
        bot.fake.slash("subscribe", words, true);
        let asked = bot.asked().await;
        told.push(format!(
            "{words}: [{}] {:?}",
            asked.args,
            asked.about.map(|about| (about.label, about.chat.map(|to| to.chat)))
        ));
    }
    expect![[r##"
        <#300> 7:30 Berlin: [7:30 Berlin] Some(("#news in Desk", Ok(300)))
        <#301> 7:30 Berlin: [7:30 Berlin] Some(("", Err("I do not see that channel in this server. Let me view it and write there, then send this again.")))
        7:30 Berlin: [7:30 Berlin] None"##]].assert_eq(&told.join("\n"));
    bot.ends().await;
}

#[tokio::test]
async fn where_the_bot_is_no_member_it_says_so_and_subscribes_nothing() {
    let mut bot = listening().await;
    let home = Home::new();
    bot.fake.leave_server();
    let mut said = Vec::new();
    for (name, words) in [("subscribe", "7:30 Berlin"), ("status", "")] {
        bot.fake.slash(name, words, true);
        let asked = bot.asked().await;
        let answer = monazite::commands::answer(&home.desk, &asked, NOW.parse().unwrap());
        let text = monazite::chat::console::text(&answer, &monazite::chat::console::Look::PLAIN);
        said.push(text.lines().take(3).collect::<Vec<_>>().join("\n"));
    }
    expect![[r#"
        I am not a member of this server, so I cannot write here by myself. Add me to
        the server, or send this to me in a private chat.
        ---
        Status
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • Last edition: none yet"#]]
    .assert_eq(&said.join("\n---\n"));
    assert!(home.store.subscriptions().unwrap().is_empty());
    bot.ends().await;
}
