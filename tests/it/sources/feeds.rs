//! Feeds as they are: every dialect, and everything that is wrong with them.

use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_16BE, UTF_16LE};
use expect_test::{Expect, expect};
use monazite::model::article::RawItem;
use monazite::model::source::SourceState;
use monazite::sources::{FetchError, Polled};

use super::{clock, poll, source};
use crate::world::web::{FakeWeb, Reply, ok};

/// Polls a feed at `http://a.example/news/feed.xml` that answers so.
async fn polled(reply: Reply) -> Result<Polled, FetchError> {
    polled_by("", reply).await
}

/// The same with more keys in its block.
async fn polled_by(keys: &str, reply: Reply) -> Result<Polled, FetchError> {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/news/feed.xml", reply);
    let url = "http://a.example/news/feed.xml";
    let (_, feed) = source(&format!("id = 'f'\nname = 'F'\nkind = 'feed'\nurl = '{url}'\n{keys}"));
    poll(&*feed, &fake.client(&clock()), &SourceState::default()).await
}

async fn items(body: impl Into<Vec<u8>>) -> Vec<RawItem> {
    polled(ok(body)).await.unwrap().items
}

/// What a feed says, one line a fact.
async fn check(body: impl Into<Vec<u8>>, expected: Expect) {
    check_reply(ok(body), expected).await;
}

async fn check_reply(reply: Reply, expected: Expect) {
    let told = match polled(reply).await {
        Ok(polled) => told(&polled),
        Err(error) => format!("{error:?}\n"),
    };
    expected.assert_eq(&told);
}

fn told(polled: &Polled) -> String {
    let mut out = String::new();
    for item in &polled.items {
        out += &format!("{}\n", item.title);
        for (name, value) in [
            ("url", item.url.clone()),
            ("guid", item.guid.clone()),
            ("date", item.published.map(|at| at.to_rfc3339())),
            ("summary", Some(item.summary.clone()).filter(|text| !text.is_empty())),
            ("content", item.content.clone()),
            ("by", Some(item.authors.join(" | ")).filter(|text| !text.is_empty())),
        ] {
            if let Some(value) = value {
                out += &format!("  {name}: {value}\n");
            }
        }
    }
    for problem in &polled.problems {
        out += &format!("! {problem}\n");
    }
    out
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>T</title>{items}</channel></rss>"
    )
}

// Dialects.

#[tokio::test]
async fn rss_0_91_and_0_92_and_their_odd_cousins() {
    for version in [
        " version=\"0.91\"",
        " version='0.92'",
        " version=\"0.93\"",
        " version=\"2.0.1\"",
        " version=\"\"",
        "",
        " xmlns:x='http://x.example/' version = '0.94'",
    ] {
        let found = items(format!(
            "<?xml version=\"1.0\"?><!DOCTYPE rss PUBLIC \"-//Netscape//DTD\" \"http://n.example/rss.dtd\">\
             <rss{version}><channel><title>T</title><link>http://a.example/</link>\
             <item><title>One</title><link>http://a.example/1</link><description>Words</description></item>\
             </channel></rss>"
        ))
        .await;
        let (title, url) = (found[0].title.as_str(), found[0].url.as_deref());
        assert_eq!((title, url), ("One", Some("http://a.example/1")), "rss{version}");
    }
}

#[tokio::test]
async fn rss_1_0() {
    check(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="http://a.example/"><title>T</title><link>http://a.example/</link></channel>
<item rdf:about="http://a.example/1"><title>Terbium &amp; more</title><link>http://a.example/1</link>
<description>Short.</description><content:encoded><![CDATA[<p>Long.</p>]]></content:encoded>
<dc:date>2026-11-23T10:00:00+08:00</dc:date><dc:creator>A. Writer</dc:creator></item>
</rdf:RDF>"#,
        expect![[r#"
            Terbium & more
              url: http://a.example/1
              date: 2026-11-23T02:00:00+00:00
              summary: Short.
              content: <p>Long.</p>
              by: A. Writer
        "#]],
    )
    .await;
}

#[tokio::test]
async fn rss_2_0_with_everything() {
    check(
        r#"<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>http://a.example/</link>
<item><title>Dysprosium</title><link>http://a.example/1?utm_source=rss</link><guid isPermaLink="false">id-1</guid>
<pubDate>Mon, 23 Nov 2026 08:30:00 +0800</pubDate><description>Teaser.</description>
<content:encoded><![CDATA[<p>The <b>whole</b> text.</p>]]></content:encoded>
<dc:creator>A. Writer</dc:creator>
<enclosure url="http://a.example/1.mp3" length="1" type="audio/mpeg"/></item>
<item><title>No link but a permalink</title><guid>http://a.example/2</guid></item>
<item><title>Only an enclosure</title><guid isPermaLink="false">id-3</guid>
<enclosure url="http://a.example/3.mp3" length="1" type="audio/mpeg"/><description>Listen.</description></item>
</channel></rss>"#,
        expect![[r#"
            Dysprosium
              url: http://a.example/1?utm_source=rss
              guid: id-1
              date: 2026-11-23T00:30:00+00:00
              summary: Teaser.
              content: <p>The <b>whole</b> text.</p>
              by: A. Writer
            No link but a permalink
              url: http://a.example/2
              guid: http://a.example/2
            Only an enclosure
              guid: id-3
              summary: Listen.
        "#]],
    )
    .await;
}

#[tokio::test]
async fn atom() {
    check(
        r#"<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/base/"><title>T</title>
<entry><title type="html">Quota &amp;amp; &lt;b&gt;price&lt;/b&gt;</title><id>tag:a,1</id>
<link rel="self" href="http://a.example/self"/><link rel="enclosure" href="http://a.example/x.mp3"/>
<link rel="alternate" href="1.html"/><updated>2026-11-23T08:00:00Z</updated>
<summary>Short</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Long &amp; whole</p></div></content>
<author><name>A. Writer</name></author><author><name>B. Writer</name></author></entry>
<entry><title>Published wins</title><id>tag:a,2</id><link href="/2.html"/>
<published>2026-11-20T08:00:00+08:00</published><updated>2026-11-23T08:00:00Z</updated></entry>
</feed>"#,
        expect![[r#"
            Quota & price
              url: http://a.example/base/1.html
              guid: tag:a,1
              date: 2026-11-23T08:00:00+00:00
              summary: Short
              content: <p>Long &amp; whole</p>
              by: A. Writer | B. Writer
            Published wins
              url: http://a.example/2.html
              guid: tag:a,2
              date: 2026-11-20T00:00:00+00:00
        "#]],
    )
    .await;
}

#[tokio::test]
async fn json_feed_1_0_and_1_1() {
    check(
        r#"{"version": "https://jsonfeed.org/version/1", "title": "T", "author": {"name": "The desk"},
  "items": [{"id": 17, "url": "/1", "title": "Numbers &amp; ids", "content_html": "<p>Text</p>",
             "date_published": "2026-11-23T08:00:00+01:00"}]}"#,
        expect![[r#"
            Numbers & ids
              url: http://a.example/1
              guid: 17
              date: 2026-11-23T07:00:00+00:00
              content: <p>Text</p>
              by: The desk
        "#]],
    )
    .await;
    check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "items": [
  {"id": "a", "external_url": "http://b.example/2", "content_text": "First words. R&D < 5 % <b>",
   "date_modified": "2026-11-22T08:00:00Z", "authors": [{"name": "A. Writer"}, {"url": "x"}],
   "attachments": [{"url": "http://a.example/x"}]},
  {"id": "b"}, "nonsense", null]}"#,
        expect![[r#"
            First words.
              url: http://b.example/2
              guid: a
              date: 2026-11-22T08:00:00+00:00
              content: First words. R&amp;D &lt; 5 % &lt;b&gt;
              by: A. Writer
            ! item 2 has neither a title nor a link
            ! item 3 has neither a title nor a link
            ! item 4 has neither a title nor a link
        "#]],
    )
    .await;
    check(
        r#"{"items": []}"#,
        expect![[r#"
        Malformed("the answer is JSON but no JSON Feed")
    "#]],
    )
    .await;
    check(
        r#"{"version": "https://jsonfeed.org/version/1.1", "items": ["#,
        expect![[r#"
        Malformed("the answer is no JSON: EOF while parsing a list at line 1 column 58")
    "#]],
    )
    .await;
}

// What is left out.

#[tokio::test]
async fn links_are_made_absolute() {
    let found = items(rss(
        "<item><title>a</title><link>/a</link></item><item><title>b</title><link>b.html</link></item>\
         <item><title>c</title><link>//c.example/c</link></item>\
         <item><title>d</title><link>\n  http://a.example/d  \n</link></item>\
         <item><title>e</title><link>javascript:alert(1)</link><guid>mailto:x@a.example</guid><description>e</description></item>",
    ))
    .await;
    let urls: Vec<Option<&str>> = found.iter().map(|item| item.url.as_deref()).collect();
    assert_eq!(
        urls,
        [
            Some("http://a.example/a"),
            Some("http://a.example/news/b.html"),
            Some("http://c.example/c"),
            Some("http://a.example/d"),
            None
        ]
    );
}

#[tokio::test]
async fn an_item_without_id_gets_none_and_one_without_anything_is_reported() {
    check(
        rss("<item><title>Bare</title><description>No link, no id.</description></item>\
             <item><description>&lt;p&gt;First sentence. Second one.&lt;/p&gt;</description></item>\
             <item><link>http://a.example/3</link></item><item><title>Only a title</title></item><item/>"),
        expect![[r#"
            Bare
              summary: No link, no id.
            First sentence.
              summary: <p>First sentence. Second one.</p>
            ! item 3 has neither a title nor a link
            ! item 4 has neither a title nor a link
            ! item 5 has neither a title nor a link
        "#]],
    )
    .await;
}

#[tokio::test]
async fn dates_are_read_in_the_zone_of_the_source() {
    let body = rss(
        "<item><title>1</title><link>/1</link><pubDate>Mon, 23 Nov 2026 08:00:00 CST</pubDate></item>\
         <item><title>2</title><link>/2</link><pubDate>2026-11-23 08:00:00</pubDate></item>\
         <item><title>3</title><link>/3</link><pubDate>2026年11月23日 08:00</pubDate></item>\
         <item><title>4</title><link>/4</link><pubDate>Mon, 23 Nov 26 08:00:00 GMT</pubDate></item>\
         <item><title>5</title><link>/5</link><pubDate>yesterday</pubDate></item>\
         <item><title>6</title><link>/6</link><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item>\
         <item><title>7</title><link>/7</link></item>",
    );
    let polled = polled_by("zone = 'Asia/Shanghai'", ok(body)).await.unwrap();
    let dates: Vec<String> = polled
        .items
        .iter()
        .map(|item| item.published.map_or("-".to_owned(), |at| at.format("%dT%H:%M").to_string()))
        .collect();
    assert_eq!(dates, ["23T00:00", "23T00:00", "23T00:00", "23T08:00", "-", "-", "-"]);
}

#[tokio::test]
async fn titles_are_plain_text_whatever_they_were_wrapped_in() {
    let found = items(rss("<item><title><![CDATA[A & B &amp; C]]></title><link>/1</link></item>\
         <item><title>A &amp;amp; B &amp;#8217;s</title><link>/2</link></item>\
         <item><title>&lt;b&gt;Bold&lt;/b&gt; x &lt; y</title><link>/3</link></item>\
         <item><title><![CDATA[<em>One</em>\n two\u{200b}]]></title><link>/4</link></item>\
         <item><title>Q&#x26;A: 5 &gt; 3</title><link>/5</link></item>"))
    .await;
    let titles: Vec<&str> = found.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["A & B & C", "A & B ’s", "Bold x < y", "One two", "Q&A: 5 > 3"]);
}

#[tokio::test]
async fn no_more_items_than_wanted() {
    let many: String =
        (0..300).map(|i| format!("<item><title>{i}</title><link>/{i}</link></item>")).collect();
    assert_eq!(polled(ok(rss(&many))).await.unwrap().items.len(), 100);
    let few = polled_by("max_items = 3", ok(rss(&many))).await.unwrap();
    assert_eq!((few.items.len(), few.items[2].title.as_str()), (3, "2"));
}

// Encodings.

const CHINESE: &str = "商务部批准稀土出口许可证申请，镝、铽价格上涨";
const TRADITIONAL: &str = "商務部批准稀土出口許可證申請，鏑、鋱價格上漲";

fn encoded(text: &str, declared: Option<&str>, encoding: &'static Encoding) -> Vec<u8> {
    let declaration = declared.map(|name| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\n"));
    let text = format!(
        "{}<rss version=\"2.0\"><channel><title>T</title><item><title>{text}</title><link>http://a.example/1</link>\
         <description>{text}{text}</description></item></channel></rss>",
        declaration.unwrap_or_default()
    );
    if encoding == UTF_16LE {
        return text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    }
    if encoding == UTF_16BE {
        return text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    }
    encoding.encode(&text).0.into_owned()
}

#[tokio::test]
async fn every_way_to_say_an_encoding() {
    let utf8 = encoding_rs::UTF_8;
    let mark = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
    let cases: Vec<(&str, Vec<u8>, Option<&str>)> = vec![
        ("declared", encoded(CHINESE, Some("GB2312"), GBK), None),
        ("gb18030", encoded(CHINESE, Some("gb18030"), GB18030), None),
        ("header", encoded(CHINESE, None, GBK), Some("text/xml; charset=gbk")),
        ("quoted header", encoded(CHINESE, None, GBK), Some("text/xml; charset=\"GB2312\"")),
        ("undeclared", encoded(CHINESE, None, GBK), Some("text/xml")),
        ("lying Latin-1 header", encoded(CHINESE, None, GBK), Some("text/xml; charset=ISO-8859-1")),
        ("lying Latin-1 declaration", encoded(CHINESE, Some("ISO-8859-1"), GBK), None),
        ("lying utf-8 declaration", encoded(CHINESE, Some("utf-8"), GBK), None),
        (
            "header against declaration",
            encoded(CHINESE, Some("utf-8"), GBK),
            Some("text/xml; charset=gb18030"),
        ),
        ("lying gb2312 declaration", encoded(CHINESE, Some("gb2312"), utf8), None),
        ("lying gbk header", encoded(CHINESE, None, utf8), Some("text/xml; charset=gbk")),
        ("lying utf-16 declaration", encoded(CHINESE, Some("utf-16"), utf8), None),
        (
            "utf-8 mark",
            mark(&[0xef, 0xbb, 0xbf], encoded(CHINESE, None, utf8)),
            Some("text/xml; charset=gbk"),
        ),
        ("utf-16le mark", mark(&[0xff, 0xfe], encoded(CHINESE, Some("utf-16"), UTF_16LE)), None),
        ("utf-16be mark", mark(&[0xfe, 0xff], encoded(CHINESE, Some("utf-16"), UTF_16BE)), None),
        ("utf-16le", encoded(CHINESE, Some("utf-16"), UTF_16LE), None),
        ("utf-16be", encoded(CHINESE, None, UTF_16BE), None),
        (
            "no such encoding",
            encoded(CHINESE, Some("klingon"), GBK),
            Some("text/xml; charset=utf-99"),
        ),
    ];
    for (name, body, content_type) in cases {
        let reply =
            content_type.map_or(ok(&*body), |value| ok(&*body).header("content-type", value));
        let polled = polled(reply).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(polled.items[0].title, CHINESE, "{name}");
        assert_eq!(polled.problems, [""; 0], "{name}");
    }
    for declared in [Some("Big5"), None] {
        assert_eq!(items(encoded(TRADITIONAL, declared, BIG5)).await[0].title, TRADITIONAL);
    }
}

// Damage.

#[tokio::test]
async fn one_loose_ampersand_loses_nothing() {
    check(
        "<rss version='2.0'><channel><title>A & B</title><item><title>R&D at Q&amp;A &nbsp;&copy; &#0;&#x1f;x</title>\
         <link>http://a.example/?a=1&b=2</link></item>\
         <item><title>Two</title><link><![CDATA[http://a.example/?c=3&d=4]]></link>\
         <description><![CDATA[AT&T &amp; &nbsp;more]]></description></item></channel></rss>",
        expect![[r#"
            R&D at Q&A © x
              url: http://a.example/?a=1&b=2
            Two
              url: http://a.example/?c=3&d=4
              summary: AT&T &amp; &nbsp;more
            ! the feed breaks the rules of XML (ill-formed document: entity or character reference not closed: `;` not found before end of input); it was mended and read
        "#]],
    )
    .await;
}

#[tokio::test]
async fn what_is_whole_in_a_broken_feed_is_kept() {
    let item = |i: usize| format!("<item><title>N{i}</title><link>/{i}</link><x:y>z</x:y></item>");
    let broken = format!(
        "<rss version='2.0' xmlns:x='http://x.example/'><channel><title>T</title>{}<item><title>Bad <b>one</title>\
         <link>/x</link></item>{}<item><title>Cut o",
        item(1),
        item(2)
    );
    check(broken, expect![[r#"
        N1
          url: http://a.example/1
        N2
          url: http://a.example/2
        ! the feed is damaged (ill-formed document: expected `</b>`, but `</title>` was found); the items that are whole were read: 2
    "#]]).await;
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><title>Whole</title><link href='/1'/></entry><entry><id>2",
        expect![[r#"
            Whole
              url: http://a.example/1
              guid: 1
            ! the feed is damaged (syntax error: tag not closed: `>` not found before end of input); the items that are whole were read: 1
        "#]],
    )
    .await;
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
         <item rdf:about='/1'><title>Whole</title><link>/1</link></item><item rdf:about='/2'><tit",
        expect![[r#"
            Whole
              url: http://a.example/1
            ! the feed is damaged (syntax error: tag not closed: `>` not found before end of input); the items that are whole were read: 1
        "#]],
    )
    .await;
}

#[tokio::test]
async fn what_is_no_feed_is_said_to_be_none() {
    check(
        "<!DOCTYPE html><html><body>Log in</body></html>",
        expect![[r#"
        Malformed("the answer is a web page, not a feed")
    "#]],
    )
    .await;
    check(
        "",
        expect![[r#"
        Malformed("the feed cannot be read: it is neither RSS, Atom nor JSON Feed")
    "#]],
    )
    .await;
    check(
        "just words",
        expect![[r#"
        Malformed("the feed cannot be read: it is neither RSS, Atom nor JSON Feed")
    "#]],
    )
    .await;
    check(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(),
        expect![[r#"
        Malformed("the feed cannot be read: it is neither RSS, Atom nor JSON Feed")
    "#]],
    )
    .await;
    check(rss(""), expect![[r#""#]]).await;
}

#[tokio::test]
async fn bad_bytes_and_nul_characters_leave_the_rest() {
    let mut body = rss(
        "<item><title>Neodymium price rises again this week@ in Baotou and elsewhere\0</title>\
                        <link>/1</link><guid>g\u{1}1</guid></item>",
    )
    .into_bytes();
    let at = body.iter().position(|b| *b == b'@').unwrap();
    body[at] = 0xff;
    let found = items(body).await;
    assert!(
        found[0].title.starts_with("Neodymium price rises again this week"),
        "{}",
        found[0].title
    );
    assert!(!found[0].title.contains('\0'));
}

// Malice.

#[tokio::test]
async fn entities_are_not_expanded() {
    let mut laughs = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">".to_owned();
    for i in 1..10 {
        let last = if i == 1 { "lol".to_owned() } else { format!("lol{}", i - 1) };
        laughs += &format!("<!ENTITY lol{i} \"{}\">", format!("&{last};").repeat(10));
    }
    let laughs = format!(
        "<?xml version=\"1.0\"?>{laughs}]><rss version=\"2.0\"><channel><item><title>&lol9;</title>\
                          <link>/1</link></item></channel></rss>"
    );
    let quadratic = format!(
        "<!DOCTYPE q [<!ENTITY a \"{}\">]><rss version=\"2.0\"><channel><item><title>{}</title><link>/1</link></item></channel></rss>",
        "a".repeat(50_000),
        "&a;".repeat(50_000)
    );
    let outside = "<!DOCTYPE x [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]>\
         <rss version=\"2.0\"><channel><item><title>&xxe;</title><link>/1</link></item></channel></rss>";
    for body in [laughs, quadratic, outside.to_owned()] {
        if let Ok(polled) = polled(ok(body)).await {
            for item in polled.items {
                assert!(
                    item.title.len() < 200_000 && !item.title.contains("root:"),
                    "{}",
                    item.title.len()
                );
            }
        }
    }
}

#[tokio::test]
async fn deep_nesting_ends_nothing_but_itself() {
    let deep = |tag: &str| format!("<{tag}>").repeat(300_000);
    for body in [
        deep("a"),
        rss(&deep("item")),
        rss(&format!(
            "<item><title>x</title><link>/1</link><description>{}</description></item>",
            deep("b")
        )),
        format!(
            "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": {}",
            "[".repeat(300_000)
        ),
    ] {
        let error = polled(ok(body)).await.unwrap_err();
        assert!(matches!(error, FetchError::Malformed(_)), "{error:?}");
    }
    // Nested HTML inside an item is the item's own trouble: the text before it is read.
    let html = format!("<p>Words.</p>{}", deep("div")).replace('<', "&lt;");
    let found = items(rss(&format!(
        "<item><title>x</title><link>/1</link><description>{html}</description></item>"
    )))
    .await;
    assert_eq!(monazite::extract::html_to_text(&found[0].summary), "Words.");
}
