//! Listing pages by CSS selectors, JSON APIs by pointers.

use expect_test::expect;
use monazite::model::source::SourceState;
use monazite::sources::{FetchError, KINDS, Polled, SourceSpec};

use super::{clock, poll, source};
use crate::world::web::{FakeWeb, Reply, ok};

async fn polled(keys: &str, reply: Reply) -> Result<Polled, FetchError> {
    let fake = FakeWeb::start().await;
    fake.on("http://a.example/list/", reply);
    let block = format!("id = 'p'\nname = 'P'\nurl = 'http://a.example/list/'\n{keys}");
    let (_, source) = source(&block);
    poll(&*source, &fake.client(&clock()), &SourceState::default()).await
}

fn told(polled: Result<Polled, FetchError>) -> String {
    let polled = match polled {
        Ok(polled) => polled,
        Err(error) => return format!("{error:?}\n"),
    };
    let items = polled.items.iter().map(|item| {
        let date = item.published.map_or("no date".to_owned(), |at| at.format("%F %R").to_string());
        let url = item.url.as_deref().unwrap_or("no link");
        let guid = item.guid.as_deref().unwrap_or("-");
        let words =
            monazite::extract::html_to_text(item.content.as_deref().unwrap_or(&item.summary));
        format!("{date} | {} | {url} | {guid} | {words}\n", item.title)
    });
    items.chain(polled.problems.iter().map(|problem| format!("! {problem}\n"))).collect()
}

const PAGE: &str =
    "kind = 'page'\nitem = 'ul.list li'\nlink = 'a'\ndate = 'span'\nzone = 'Asia/Shanghai'";

#[tokio::test]
async fn a_listing_in_gbk_without_a_word_about_it() {
    let html = "<html><head><title>公告</title></head><body><ul class=list>\
        <li><a href=\"art/1.html\" title=\"商务部公告2026年第61号 关于稀土物项出口管制的决定\">商务部公告2026年第61号…</a>\
        <span>[2026-11-20]</span></li>\
        <li><a href='/art/2.html'>关于镝、铽出口许可的通知</a><span>2026年11月21日 09:30</span></li>\
        <li><a href='javascript:void(0)'>更多</a></li><li>无链接</li></ul><ul><li><a href=x>其他</a></ul>";
    let bytes = encoding_rs::GBK.encode(html).0.into_owned();
    expect![[r#"
        2026-11-20 04:00 | 商务部公告2026年第61号 关于稀土物项出口管制的决定 | http://a.example/list/art/1.html | - | 
        2026-11-21 01:30 | 关于镝、铽出口许可的通知 | http://a.example/art/2.html | - | 
        ! item 3 of the listing has no link or no title
        ! item 4 of the listing has no link or no title
    "#]].assert_eq(&told(
        polled(PAGE, ok(bytes).header("content-type", "text/html; charset=ISO-8859-1")).await,
    ));
}

#[tokio::test]
async fn base_titles_times_and_summaries() {
    let keys = "kind = 'page'\nitem = 'article'\ntitle = 'h2'\ndate = 'time'\nsummary = '.teaser'\nmax_items = 2";
    let html = "<base href='http://b.example/deep/'><article><h2>Heavy rare earths</h2><a href='one'>Read more</a>\
        <time datetime='2026-11-22T07:00:00Z'>two days ago</time><p class=teaser>First <b>words</b>.</p></article>\
        <article><h2></h2><a href='two'>x</a></article><article><h2>Third</h2><a href='3'>x</a></article>";
    expect![[r#"
        2026-11-22 07:00 | Heavy rare earths | http://b.example/deep/one | - | First words.
        ! item 2 of the listing has no link or no title
    "#]]
    .assert_eq(&told(polled(keys, ok(html)).await));
    // The items themselves may be the links.
    let keys = "kind = 'page'\nitem = 'a.news'";
    let html = "<a class=news href='?p=1'> One\n two </a><a href=2>no</a>";
    expect![[r#"
        no date | One two | http://a.example/list/?p=1 | - | 
    "#]]
    .assert_eq(&told(polled(keys, ok(html)).await));
}

#[tokio::test]
async fn a_page_that_was_redesigned_is_an_error_not_an_empty_listing() {
    expect![[r#"
        Malformed("the selector \"ul.list li\" matches nothing on the page; it may have been redesigned")
    "#]].assert_eq(&told(polled(PAGE, ok("<ol><li><a href=1>One</a></ol>")).await));
    expect![[r#"
        Malformed("no item of the listing has both a link and a title; it may have been redesigned")
    "#]]
    .assert_eq(&told(polled(PAGE, ok("<ul class=list><li>One</ul>")).await));
    let deep = ok(format!("<ul class=list><li><a href=1>One</a>{}", "<div>".repeat(300_000)));
    expect![[r#"
        no date | One | http://a.example/list/1 | - | 
    "#]]
    .assert_eq(&told(polled(PAGE, deep).await));
}

const API: &str = "kind = 'api'\nitems = '/data/results'\ntitle = '/title'\nlink = '/links/0'\ndate = '/date'\n\
    summary = '/abstract'\nguid = '/number'";

#[tokio::test]
async fn an_api_by_pointers() {
    let json = r#"{"data": {"results": [
        {"title": "Export &amp; control", "links": ["/doc/1"], "date": "2026-11-20", "abstract": "R&D\n\nSecond", "number": 7},
        {"title": "Epoch", "links": ["http://b.example/2"], "date": 1795478400, "number": "x"},
        {"title": "No link", "links": []}, {"links": ["/3"]}, 5, null]}}"#;
    expect![[r#"
        2026-11-20 12:00 | Export & control | http://a.example/doc/1 | 7 | R&D

        Second
        2026-11-24 00:00 | Epoch | http://b.example/2 | x | 
        ! item 3 of the list has no title or no link
        ! item 4 of the list has no title or no link
        ! item 5 of the list has no title or no link
        ! item 6 of the list has no title or no link
    "#]]
    .assert_eq(&told(polled(API, ok(json)).await));
    let marked = [&[0xef, 0xbb, 0xbf], json.as_bytes()].concat();
    assert_eq!(polled(API, ok(marked)).await.unwrap().items.len(), 2);
    let keys = "kind = 'api'\nitems = '/results'\ntitle = '/title'\nlink = '/html_url'\ncomments_close = '/comments_close_on'";
    let json = r#"{"results": [
        {"title": "Notice", "html_url": "/1", "comments_close_on": "2026-12-15"},
        {"title": "Rule", "html_url": "/2", "comments_close_on": null},
        {"title": "Other", "html_url": "/3", "comments_close_on": "soon"}]}"#;
    let items = polled(keys, ok(json)).await.unwrap().items;
    let days: Vec<Option<String>> =
        items.iter().map(|item| item.comments_close.map(|day| day.to_string())).collect();
    assert_eq!(days, [Some("2026-12-15".to_owned()), None, None]);
    let whole = "kind = 'api'\nitems = ''\ntitle = '/t'\nlink = '/l'";
    expect![[r#"
        no date | Top | http://a.example/list/x | - | 
    "#]]
    .assert_eq(&told(polled(whole, ok(r#"[{"t": "Top", "l": "x"}]"#)).await));
}

#[tokio::test]
async fn an_api_that_changed_is_an_error() {
    for body in [
        r#"{"data": []}"#,
        r#"{"data": {"results": {}}}"#,
        "<html>",
        "",
        r#"{"data": {"results": ["#,
    ] {
        let error = polled(API, ok(body)).await.unwrap_err();
        assert!(matches!(error, FetchError::Malformed(_)), "{body}: {error:?}");
    }
    let deep = "[".repeat(500_000);
    assert!(matches!(polled(API, ok(deep)).await, Err(FetchError::Malformed(_))));
}

#[test]
fn a_wrong_block_is_told_everything_that_is_wrong_with_it() {
    let wrong = |block: &str| {
        let spec: SourceSpec = toml::from_str(block).unwrap();
        spec.validate().join("\n")
    };
    expect![[r#"
        id: write lower-case letters, digits and hyphens
        name: it is empty
        url: "ftp://a" is no http or https address
        tier: write 1 (the authority itself) to 4 (rewrites)
        every: less than a minute is not polite
        guid: a source of kind "page" has no such key
        item: a source of kind "page" needs the CSS selector of one listed item
        link: ">>" is no CSS selector"#]].assert_eq(&wrong(
        "id = 'No Good'\nname = ' '\nkind = 'page'\nurl = 'ftp://a'\nevery = '5s'\ntier = 9\nlink = '>>'\nguid = '/x'",
    ));
    expect![[r#"
        item: a source of kind "api" has no such key
        items: a source of kind "api" needs this JSON pointer
        title: "x" is no JSON pointer; it begins with a slash
        link: a source of kind "api" needs this JSON pointer"#]]
    .assert_eq(&wrong(
        "id = 'a'\nname = 'A'\nkind = 'api'\nurl = 'http://a.example/'\nitem = 'li'\ntitle = 'x'",
    ));
    expect![[r#"
        item: a source of kind "feed" has no such key
        body: "<" is no CSS selector"#]]
    .assert_eq(&wrong(
        "id = 'a'\nname = 'A'\nkind = 'feed'\nurl = 'http://a.example/'\nitem = 'li'\nbody = '<'",
    ));
    expect![[r#"kind: "gopher" is unknown; write one of feed, page, api"#]]
        .assert_eq(&wrong("id = 'a'\nname = 'A'\nkind = 'gopher'\nurl = 'http://a.example/'"));
    assert!(
        toml::from_str::<SourceSpec>("id = 'a'\nname = 'A'\nkind = 'feed'\nurl = 'u'\ncolour = 1")
            .is_err()
    );
    let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
    assert_eq!(names, ["feed", "page", "api"]);
}
