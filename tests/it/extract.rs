//! From bytes and markup to plain text: whatever comes in, nothing fails.

use chrono::Datelike as _;
use expect_test::{Expect, expect};
use monazite::extract::{
    bounded, canonical_url, decode, html_to_text, language, page, parse_date, plain_title,
};
use proptest::prelude::{ProptestConfig, any, proptest};

#[expect(clippy::needless_pass_by_value, reason = "an expectation is written in place")]
fn text(html: &str, expected: Expect) {
    expected.assert_eq(&html_to_text(html));
}

#[test]
fn markup_becomes_paragraphs() {
    text(
        "<h2>Title</h2><p>One\n line &amp; <b>bold</b>.</p><ul><li>a<li>b</ul><div>c<br>d</div>\
         <script>var x = '<p>no</p>';</script><style>p{}</style><nav>no</nav><!-- no --><figcaption>no</figcaption>",
        expect![[r#"
            Title

            One line & bold.

            a

            b

            c

            d"#]],
    );
    text(
        "<table><tr><td>Dy</td><td>1,350</td></tr></table>",
        expect![[r#"
        Dy

        1,350"#]],
    );
}

#[test]
fn escaped_markup_is_markup_and_text_keeps_its_lines() {
    text(
        "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two &amp;amp; three&lt;/p&gt;",
        expect![[r#"
        One

        Two & three"#]],
    );
    text(
        "R&D is up\n\n5 &lt; 6 &amp; 7 > 2",
        expect![[r#"
        R&D is up

        5 < 6 & 7 > 2"#]],
    );
    text(
        "plain\n\n\n text\tgoes on",
        expect![[r#"
        plain

        text goes on"#]],
    );
    text("", expect![[r#""#]]);
    assert_eq!(plain_title("AT&T &amp; <i>Lynas</i> &lt;3"), "AT&T & Lynas <3");
}

#[test]
fn invisible_characters_are_gone() {
    assert_eq!(html_to_text("a\u{202e}b\0c\u{feff}<p>\u{200b}d</p>"), "abc\n\nd");
}

#[test]
fn every_way_to_write_a_date() {
    let shanghai = Some(chrono_tz::Asia::Shanghai);
    for (written, meant) in [
        ("2026-11-22T08:30:00+08:00", "2026-11-22 00:30"),
        ("2026-11-22T08:30:00Z", "2026-11-22 08:30"),
        ("2026-11-22T08:30:00.123+0800", "2026-11-22 00:30"),
        ("2026-11-22 08:30", "2026-11-22 00:30"),
        ("2026-11-22 08:30:15", "2026-11-22 00:30"),
        ("2026/11/22 8:30", "2026-11-22 00:30"),
        ("2026.11.22", "2026-11-22 04:00"),
        ("[2026-11-22]", "2026-11-22 04:00"),
        ("发布时间：2026年11月22日 08:30", "2026-11-22 00:30"),
        ("2026年11月22日", "2026-11-22 04:00"),
        ("2026 年 11 月 22 日 8：30", "2026-11-22 00:30"),
        ("Sun, 22 Nov 2026 08:30:00 GMT", "2026-11-22 08:30"),
        ("Sun, 22 Nov 2026 08:30:00 EST", "2026-11-22 13:30"),
        ("Sun, 22 Nov 2026 08:30:00 CST", "2026-11-22 00:30"),
        ("22 Nov 26 08:30:00 GMT", "2026-11-22 08:30"),
        ("November 22, 2026", "2026-11-22 04:00"),
        ("Nov. 22nd, 2026 at 8:30 pm UTC", "2026-11-22 20:30"),
        ("22 November 2026, 12:05 am", "2026-11-21 16:05"),
        ("1795336200", "2026-11-22 08:30"),
        ("1795336200000", "2026-11-22 08:30"),
    ] {
        let found = parse_date(written, shanghai).map(|at| at.format("%F %R").to_string());
        assert_eq!(found.as_deref(), Some(meant), "{written}");
    }
    for nothing in [
        "",
        "soon",
        "2026",
        "2026-13-45",
        "0000-00-00 00:00:00",
        "1970-01-01",
        "31 Feb 2026",
        "9999-12-31",
        "12345",
    ] {
        assert_eq!(parse_date(nothing, shanghai), None, "{nothing}");
    }
}

#[test]
fn a_wall_clock_time_that_never_was_is_an_hour_later() {
    let zone = Some(chrono_tz::America::New_York);
    let at = |text: &str| parse_date(text, zone).unwrap().format("%d %R").to_string();
    assert_eq!(at("2026-03-08 02:30"), "08 07:30");
    assert_eq!(at("2026-11-01 01:30"), "01 05:30");
}

#[test]
fn one_page_has_one_address() {
    for (written, meant) in [
        ("HTTP://A.example:80/x?utm_source=r&id=5&fbclid=1#top", "http://a.example/x?id=5"),
        ("https://a.example/x?utm_medium=rss", "https://a.example/x"),
        ("https://a.example/x?", "https://a.example/x"),
        ("https://a.example/x?a=b%2Bc&d=%E9%92%95", "https://a.example/x?a=b%2Bc&d=%E9%92%95"),
        (" https://a.example ", "https://a.example/"),
        ("urn:x:y", "urn:x:y"),
        ("not an address", "not an address"),
    ] {
        assert_eq!(canonical_url(written), meant, "{written}");
        assert_eq!(canonical_url(meant), meant);
    }
}

#[test]
fn languages_are_told_by_their_characters_and_words() {
    for (written, hint, meant) in [
        (
            "China has approved export licenses for dysprosium and terbium magnets, officials said.",
            None,
            "en",
        ),
        ("商务部批准了部分稀土出口许可证申请。", None, "zh-Hans"),
        ("商務部批准了部分稀土出口許可證申請，價格上漲。", None, "zh-Hant"),
        ("レアアースの輸出管理について、経済産業省が発表しました。", None, "ja"),
        ("희토류 수출 통제에 대해 정부가 발표했다", None, "ko"),
        ("NdPr 2026", Some("de"), "de"),
        ("NdPr 2026", None, "und"),
        ("", None, "und"),
        (
            "Die Bundesregierung will die Abhängigkeit von seltenen Erden aus China verringern und fördert Projekte.",
            Some("en"),
            "de",
        ),
    ] {
        assert_eq!(language(written, hint).as_str(), meant, "{written}");
    }
}

fn article(extra: &str) -> String {
    let paragraph = "<p>The ministry said on Friday that it had approved general licenses for three magnet makers, \
                     and that shipments of dysprosium and terbium would resume within weeks, people familiar said.</p>";
    format!(
        "<!DOCTYPE html><html lang=en><head><title>Site | Licenses approved</title>{extra}</head><body>\
         <nav><a href=/>Home</a></nav><article><h1>Licenses approved</h1><div class=body>{}</div></article>\
         <footer>All rights reserved</footer></body></html>",
        paragraph.repeat(4)
    )
}

#[test]
fn a_page_gives_its_article() {
    let html = article(
        "<meta property='article:published_time' content='2026-11-22T08:00:00Z'><link rel=canonical href='/licenses'>",
    );
    let read = page(&html, "http://a.example/x?y", None);
    assert_eq!(read.title, "Licenses approved");
    assert!(
        read.text.starts_with("The ministry said") && !read.text.contains("rights"),
        "{}",
        read.text
    );
    assert_eq!(read.published.unwrap().to_rfc3339(), "2026-11-22T08:00:00+00:00");
    assert_eq!(read.canonical.as_deref(), Some("http://a.example/licenses"));
    assert_eq!(read.language.as_deref(), Some("en"));
    let selected = page(&html, "http://a.example/x", Some(".body"));
    assert_eq!(selected.text.split("\n\n").count(), 4);
    let other = page(&html, "http://a.example/x", Some(".not-there"));
    assert!(other.text.starts_with("The ministry said"), "readability steps in");
}

#[test]
fn pages_that_are_none_are_empty() {
    for html in [
        "",
        "\0\0",
        "<html>",
        "<p>",
        "%PDF-1.7 \u{fffd}\u{fffd}",
        "<frameset><frame src=x></frameset>",
    ] {
        let read = page(html, "http://a.example/", None);
        assert!(read.text.len() < 40, "{html:?}: {}", read.text);
    }
    drop(page("<p>text</p>", "not an address", Some(">>")));
}

#[test]
fn hostile_nesting_is_cut_and_sloppy_pages_are_not() {
    let deep = format!("<p>Words.</p>{}", "<div></p></x>".repeat(200_000));
    assert!(bounded(&deep).len() < 60_000);
    assert_eq!(html_to_text(&deep), "Words.");
    assert!(page(&deep, "http://a.example/", None).text.len() < 10);
    for tag in [
        "<b>",
        "<a href=x>",
        "<table>",
        "<DIV>",
        "<font color=red>",
        "<svg><g>",
        "<select><option>",
    ] {
        let deep = format!("<p>Words.</p>{}", tag.repeat(100_000));
        drop(page(&deep, "http://a.example/", None));
        drop(html_to_text(&deep));
    }
    let sloppy = format!(
        "<ul>{}</ul><script>{}</script>",
        "<li><p>x<br>".repeat(9_000),
        "a<b;".repeat(9_000)
    );
    assert_eq!(bounded(&sloppy), sloppy);
    let cut = "钕<".repeat(250_000);
    assert!(bounded(&cut).len() <= cut.len());
}

#[test]
fn encodings_fall_back_in_order() {
    let gbk =
        encoding_rs::GBK.encode("<html><meta charset=gb2312><p>氧化镨钕价格上涨").0.into_owned();
    assert!(decode(&gbk, None).contains("氧化镨钕"));
    assert!(decode(&gbk, Some("text/html; charset=ISO-8859-1")).contains("氧化镨钕"));
    assert!(decode(&gbk, Some("text/html; charset=utf-8")).contains("氧化镨钕"));
    let latin = b"<p>D\xfcsseldorf, \xa9 2026, caf\xe9 fa\xe7ade, Stra\xdfe</p>";
    assert!(decode(latin, Some("text/html; charset=iso-8859-1")).contains("Düsseldorf"));
    // One broken byte among many good ones does not change the encoding.
    let mut odd = "稀土出口".repeat(200).into_bytes();
    odd.insert(12, 0xff);
    assert!(decode(&odd, Some("text/html; charset=utf-8")).ends_with("稀土出口"));
    assert_eq!(decode(b"", Some("text/html; charset=")), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_some_text(bytes in any::<Vec<u8>>(), label in "[ -~]{0,20}") {
        let text = decode(&bytes, Some(&format!("text/html; charset={label}")));
        drop(html_to_text(&text));
        drop(plain_title(&text));
        drop(page(&text, "http://a.example/", Some("p")));
    }

    #[test]
    fn any_markup_is_some_text(html in "(<[a-z/!]{0,6}[ a-z='\"]{0,8}>?|&[a-z#0-9]{0,6};?|[a-z 钕\n]{0,5}){0,40}") {
        let text = html_to_text(&html);
        assert!(!text.contains("\n\n\n") && text.trim() == text);
        assert!(!plain_title(&html).contains('\n'));
        drop(page(&html, "http://a.example/", None));
    }

    #[test]
    fn any_text_may_be_asked_for_its_date(text in "[0-9a-zA-Z年月日:：./+ -]{0,40}") {
        let found = parse_date(&text, Some(chrono_tz::Asia::Shanghai));
        assert!(found.is_none_or(|at| (1989..=2100).contains(&at.year())));
    }
}
