//! The store: all or nothing, nothing twice, nothing lost in silence.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use expect_test::expect;
use monazite::enrich::cluster::{Fingerprint, Placed, Told};
use monazite::model::article::{Article, ArticleId, Language, SetAside, SourceId, Tier};
use monazite::model::brief::{Edition, EditionId};
use monazite::model::delivery::{Cause, Delivery, Receipt, State};
use monazite::model::source::SourceState;
use monazite::model::story::{Signal, Story, StoryId};
use monazite::model::subscription::{Destination, PlatformName, Series, Subscription};
use monazite::store::{Changes, Counts, Seen, SeenKey, Store, StoreError, StoreSettings, Wanted};
use proptest::prelude::*;

use crate::world::home::at;

/// Noon of the day everything here happens on.
const NOON: &str = "2026-11-23T12:00:00Z";

/// A store in a folder that goes away with it.
struct Shelf {
    folder: tempfile::TempDir,
}

impl Shelf {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    fn try_open(&self) -> Result<Store, StoreError> {
        Store::open(self.path(), &StoreSettings::default())
    }

    /// The sentence that opening it fails with, the folder named `STORE`.
    fn refusal(&self) -> String {
        let error = self.try_open().err().map(|error| error.to_string()).unwrap_or_default();
        error.replace(&self.path().display().to_string(), "STORE")
    }
}

fn minutes(count: i64) -> DateTime<Utc> {
    at(NOON) + TimeDelta::minutes(count)
}

fn article(id: &str, seen: DateTime<Utc>) -> Article {
    Article {
        id: ArticleId::from(id),
        url: format!("https://wire.example/{id}"),
        source: SourceId::from("wire"),
        publisher: "Wire".to_owned(),
        tier: Tier(2),
        title: format!("Title {id}"),
        published: seen,
        dated: true,
        first_seen: seen,
        language: Language::from("en"),
        body: format!("Body of {id}."),
        highlights: Vec::new(),
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        signal: Signal::default(),
        relevance: 0.5,
        story: StoryId(format!("s{id}")),
    }
}

fn story(id: &str, updated: DateTime<Utc>) -> Story {
    Story {
        id: StoryId::from(id),
        title: format!("Story {id}"),
        tellings: Vec::new(),
        first_seen: updated,
        updated,
        published: updated,
        topics: Vec::new(),
        elements: Vec::new(),
        companies: Vec::new(),
        highlights: Vec::new(),
        signal: Signal::default(),
        relevance: 0.5,
    }
}

fn edition(number: u32, closes: DateTime<Utc>, stories: &[&str]) -> Edition {
    Edition {
        id: EditionId::of(Series::Daily, closes),
        series: Series::Daily,
        number,
        date: closes.date_naive(),
        opens: closes - TimeDelta::days(1),
        closes,
        next: None,
        highlights: Vec::new(),
        desk: Vec::new(),
        prices: Vec::new(),
        analysis: Vec::new(),
        companies: Vec::new(),
        watch_next: Vec::new(),
        corrections: Vec::new(),
        recent: Vec::new(),
        sources_ok: (1, 1),
        stories: stories.iter().map(|id| StoryId::from(*id)).collect(),
    }
}

fn chat(number: i64) -> Destination {
    Destination { platform: PlatformName::Telegram, chat: number, thread: None }
}

fn subscription(number: i64) -> Subscription {
    Subscription::new(chat(number), chrono_tz::Tz::UTC, at(NOON), String::new())
}

fn delivery(number: i64, state: State) -> Delivery {
    let cause = Cause::Edition(EditionId::of(Series::Daily, at(NOON)));
    Delivery { state, ..Delivery::new(cause, chat(number), at(NOON)) }
}

/// So many of Telegram's that are not urgent.
fn up_to(most: usize) -> [Wanted; 1] {
    [Wanted { platform: PlatformName::Telegram, urgent: false, most }]
}

fn due(number: i64, minute: i64) -> Delivery {
    delivery(number, State::Pending { due: minutes(minute) })
}

fn seen(article: &str) -> Seen {
    Seen {
        source: SourceId::from("wire"),
        article: Some(ArticleId::from(article)),
        content: 7,
        at: at(NOON),
    }
}

fn placed(id: &str, first_seen: DateTime<Utc>) -> Placed {
    let source = SourceId::from("wire");
    Placed {
        article: ArticleId::from(id),
        story: StoryId(format!("s{id}")),
        at: Told { source, published: first_seen, seen: first_seen },
        print: Fingerprint::default(),
    }
}

/// What one poll and one edition leave behind, of every kind.
fn everything() -> Changes {
    Changes {
        sources: vec![(SourceId::from("wire"), SourceState { items: 3, ..SourceState::default() })],
        seen: vec![(SeenKey::of(&["url", "https://wire.example/a"]), seen("a"))],
        articles: vec![article("a", minutes(0))],
        placed: vec![placed("a", minutes(0))],
        stories: vec![story("sa", minutes(0))],
        editions: vec![edition(1, minutes(5), &["sa"])],
        subscriptions: vec![subscription(1)],
        unsubscribed: Vec::new(),
        new_deliveries: vec![due(1, 5)],
        deliveries: Vec::new(),
        set_aside: vec![SetAside {
            source: SourceId::from("wire"),
            what: "Cup tie".to_owned(),
            reason: "it is about football".to_owned(),
            at: minutes(0),
        }],
        notes: vec![("menu".to_owned(), "v1".to_owned())],
        ..Changes::default()
    }
}

/// Everything that can be read, in one text.
fn told(store: &Store) -> String {
    let wire = SourceId::from("wire");
    let key = SeenKey::of(&["url", "https://wire.example/a"]);
    let lines = [
        format!("source: {:?} items", store.source_state(&wire).unwrap().map(|s| s.items)),
        format!("seen: {:?}", store.seen(&key).unwrap().and_then(|seen| seen.article)),
        format!("articles: {:?}", store.articles().map(|a| a.unwrap().title).collect::<Vec<_>>()),
        format!("body: {:?}", store.body(&ArticleId::from("a")).unwrap()),
        format!("placed: {:?}", store.placed_since(minutes(-60)).unwrap().len()),
        format!("stories: {:?}", store.stories().map(|s| s.unwrap().title).collect::<Vec<_>>()),
        format!("told: {:?}", store.told(&StoryId::from("sa")).unwrap().map(|(id, _)| id.0)),
        format!("edition: {:?}", store.latest_edition(Series::Daily).unwrap().map(|e| e.number)),
        format!(
            "subscriptions: {:?}",
            store.subscriptions().unwrap().iter().map(|s| s.to.to_string()).collect::<Vec<_>>()
        ),
        format!("due: {:?}", store.next_due(&[PlatformName::Telegram]).unwrap()),
        format!(
            "set aside: {:?}",
            store.set_aside(9).unwrap().iter().map(|a| a.what.clone()).collect::<Vec<_>>()
        ),
        format!("note: {:?}", store.note("menu").unwrap()),
        format!("{:?}", store.counts()),
    ];
    lines.join("\n")
}

#[test]
fn one_commit_holds_everything_and_outlasts_a_restart() {
    let shelf = Shelf::new();
    let store = shelf.open();
    store.commit(everything()).unwrap();
    let before = told(&store);
    expect![[r#"
        source: Some(3) items
        seen: Some(ArticleId("a"))
        articles: ["Title a"]
        body: Some("Body of a.")
        placed: 1
        stories: ["Story sa"]
        told: Some("2026-11-23T12:05Z")
        edition: Some(1)
        subscriptions: ["telegram:1"]
        due: Some(2026-11-23T12:05:00Z)
        set aside: ["Cup tie"]
        note: Some("v1")
        Counts { articles: 1, stories: 1, editions: 1, subscriptions: 1, waiting: 1, sent: 0, dead: 0, merged: 0, set_aside: 1, journal: 2 }"#]]
    .assert_eq(&before);
    drop(store);
    assert_eq!(told(&shelf.open()), before);
}

/// The same changes again, as after a crash before the cursor moved, change nothing.
#[test]
fn the_same_commit_again_announces_nothing_twice() {
    let shelf = Shelf::new();
    let store = shelf.open();
    let mut first = everything();
    first.set_aside.clear();
    store.commit(first.clone()).unwrap();
    let claimed = store.claim(minutes(6), Duration::from_secs(60), &up_to(9), &|_| false).unwrap();
    let sent = Delivery { state: State::Sent { at: minutes(7) }, ..claimed[0].clone() };
    store.commit(Changes { deliveries: vec![sent], ..Changes::default() }).unwrap();
    let before = told(&store);
    store.commit(first).unwrap();
    assert_eq!(told(&store), before);
    assert_eq!(
        store.next_due(&[PlatformName::Telegram]).unwrap(),
        None,
        "what was sent is not due again"
    );
}

/// A process that dies after any of the steps finds, at its next start, that step whole.
#[test]
fn a_restart_between_any_two_steps_loses_nothing() {
    let shelf = Shelf::new();
    shelf.open().commit(everything()).unwrap();
    let claimed =
        shelf.open().claim(minutes(6), Duration::from_secs(60), &up_to(9), &|_| false).unwrap();
    assert_eq!(claimed.len(), 1);
    // The sender died holding the claim; only one process has a store, so it is free at once.
    let store = shelf.open();
    let again = store.claim(minutes(7), Duration::from_secs(60), &up_to(9), &|_| false).unwrap();
    assert_eq!(again.len(), 1);
    let mut part = again[0].clone();
    part.sent.push(Receipt { message: 11 });
    store.commit(Changes { deliveries: vec![part.clone()], ..Changes::default() }).unwrap();
    drop(store);
    let store = shelf.open();
    let found = store.delivery(&part.id).unwrap().unwrap();
    assert_eq!(found.sent, part.sent, "it resumes by part");
    assert_eq!(found.state, State::Pending { due: part.created });
    let sent = Delivery { state: State::Sent { at: minutes(8) }, ..part };
    store.commit(Changes { deliveries: vec![sent], ..Changes::default() }).unwrap();
    drop(store);
    let counts = shelf.open().counts();
    assert_eq!((counts.waiting, counts.sent, counts.dead), (0, 1, 0));
}

#[test]
fn a_second_process_is_told_plainly() {
    let shelf = Shelf::new();
    let _first = shelf.open();
    expect!["STORE is in use by another Monazite; only one may run on a store"]
        .assert_eq(&shelf.refusal());
}

#[test]
fn deleted_files_are_noticed() {
    for gone in ["state", "bodies"] {
        let shelf = Shelf::new();
        shelf.open().commit(everything()).unwrap();
        std::fs::remove_dir_all(shelf.path().join(gone)).unwrap();
        expect!["the store in STORE is damaged: its data files were deleted or replaced. To start anew on purpose, delete the whole folder. Move the folder away and restore a copy, or start anew"]
            .assert_eq(&shelf.refusal());
    }
    for gone in ["state/db", "bodies/db"] {
        let shelf = Shelf::new();
        shelf.open().commit(everything()).unwrap();
        std::fs::remove_file(shelf.path().join(gone)).unwrap();
        assert!(shelf.refusal().contains("damaged"), "{gone}: {}", shelf.refusal());
    }
}

#[test]
fn another_stores_files_are_noticed() {
    let (ours, theirs) = (Shelf::new(), Shelf::new());
    drop((ours.open(), theirs.open()));
    std::fs::remove_dir_all(ours.path().join("state")).unwrap();
    std::fs::rename(theirs.path().join("state"), ours.path().join("state")).unwrap();
    assert!(ours.refusal().contains("deleted or replaced"), "{}", ours.refusal());
}

#[test]
fn a_lost_generation_record_is_written_again() {
    let shelf = Shelf::new();
    shelf.open().commit(everything()).unwrap();
    std::fs::remove_file(shelf.path().join("GENERATION")).unwrap();
    let store = shelf.open();
    assert_eq!(store.counts().articles, 1);
    assert!(shelf.path().join("GENERATION").exists());
}

/// A torn write at the end of the file: the store opens with what was whole, or says that it is
/// damaged; it never panics and never mixes records up.
#[test]
fn a_damaged_tail_is_survived_or_named() {
    for cut in [1, 700, 5_000, 40_000] {
        let shelf = Shelf::new();
        let store = shelf.open();
        for i in 0..200 {
            let set = Changes {
                articles: vec![article(&format!("{i:04}"), minutes(i))],
                ..Changes::default()
            };
            store.commit(set).unwrap();
        }
        store.sync().unwrap();
        drop(store);
        let file = shelf.path().join("state/db");
        let bytes = std::fs::read(&file).unwrap();
        std::fs::write(&file, &bytes[..bytes.len().saturating_sub(cut)]).unwrap();
        match shelf.try_open() {
            Ok(store) => {
                for article in store.articles() {
                    let article = article.unwrap();
                    assert_eq!(article.title, format!("Title {}", article.id));
                }
            }
            Err(error) => assert!(matches!(error, StoreError::Damaged { .. }), "{error}"),
        }
    }
}

/// Puts raw bytes where the store keeps its records.
fn put_raw(path: &Path, db: &str, key: &[u8], value: &[u8]) {
    // As the store opens it: sled refuses another size of segments.
    let open = || sled::Config::new().path(path.join(db)).segment_size(4 << 20).open();
    // A process that another test is just starting may hold a copy of the lock for a moment.
    let opened = (0..100_000).find_map(|_| {
        std::thread::yield_now();
        open().ok()
    });
    let db = opened.expect("the lock is free in a moment");
    db.insert(key, value).unwrap();
    db.flush().unwrap();
}

#[test]
fn a_newer_store_is_refused() {
    let shelf = Shelf::new();
    drop(shelf.open());
    put_raw(shelf.path(), "state", b"#counts", b"\x02{}");
    expect!["the store holds records of version 2, newer than this program understands; use the newer program"]
        .assert_eq(&shelf.refusal());
}

/// A store as version 1 wrote it, record by record (`tests/data/store/v1.jsonl`).
#[test]
fn a_version_1_store_reads() {
    let shelf = Shelf::new();
    let fixture = std::fs::read_to_string("tests/data/store/v1.jsonl").unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for line in fixture.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let get = |name: &str| record[name].as_str().unwrap();
        let key: Vec<u8> = (0..get("key").len() / 2)
            .map(|i| u8::from_str_radix(&get("key")[2 * i..2 * i + 2], 16).unwrap())
            .collect();
        let value = match record["version"].as_u64() {
            Some(version) => [&[u8::try_from(version).unwrap()], get("value").as_bytes()].concat(),
            None => get("value").as_bytes().to_vec(),
        };
        kinds.insert((get("db").to_owned(), char::from(key[0])));
        put_raw(shelf.path(), get("db"), &key, &value);
    }
    let kinds: String = kinds.iter().filter(|(db, _)| db == "state").map(|(_, k)| *k).collect();
    // All but `j`, `o` and `p`, which only point at records that stand here.
    let every = "#ABCMNOPSWabcdefghklnqrstuvwx";
    assert_eq!(kinds, every, "every kind of record stands in the fixture");
    expect![[r#"
        source: Some(3) items
        seen: Some(ArticleId("a"))
        articles: ["Title a"]
        body: Some("Body of a.")
        placed: 1
        stories: ["Story sa"]
        told: Some("2026-11-23T12:05Z")
        edition: Some(1)
        subscriptions: ["telegram:1"]
        due: Some(2026-11-23T12:05:00Z)
        set aside: ["Cup tie"]
        note: Some("v1")
        Counts { articles: 1, stories: 1, editions: 1, subscriptions: 1, waiting: 1, sent: 0, dead: 0, merged: 0, set_aside: 1, journal: 0 }"#]]
    .assert_eq(&told(&shelf.open()));
    expect![[r#"
        of its holder: 1
        Claim { id: ClaimId("c1"), name: Some("金力永磁"), holder: Some(CompanyId("jl-mag")), description: "", role: Exporter, action: Granted, license_type: General, elements: [Element("Dy"), Element("Tb")], items: ["magnets"], destinations: ["EU"], customers: ["nearly all customers"], conditions: ["no military use"], validity_months: Some(12), count: None, date: Some(Month(2025, 12)), date_basis: Statement, certainty: CompanyConfirmed, origin: Some("reuters"), publisher: "Wire", tier: Tier(2), url: "https://wire.example/a", published: 2025-12-02, language: Language("zh"), quote: "公司已获得通用许可证。", note: "", first_seen: 2026-11-23T12:00:00Z, last_checked: 2026-11-23T12:00:00Z }
        Accept { claim: ClaimId("c1") } by Operator: 
        Reject { claim: ClaimId("c1") } by Operator: a hoax
        Withdraw { claim: ClaimId("c1") } by Operator: 
        Merge { from: CompanyId("x-jin"), to: CompanyId("jl-mag") } by Operator: 
        Correct { claim: ClaimId("c1"), field: ValidityMonths, value: "6" } by Operator: misread
        Noted { first_seen: 2026-11-23T12:00:00Z, record: Restriction { id: "cn-2026-23", kind: ControlList, announcement: "MOFCOM No. 23 of 2026", parties: ["MP Materials"], companies: [CompanyId("mp-materials")], country: "US", count: Some(10), what: "10 US entities", effective: Some(Day(2026-06-22)), publisher: "Wire", url: "https://wire.example/b", quote: "Ten firms.", note: "" } }
        Noted { first_seen: 2026-11-23T12:00:00Z, record: RegimeEvent { id: "cn-2025-70", announcement: "MOFCOM and GAC No. 70 of 2025", what: "Suspends others.", announced: 2025-11-07, effective: Some(2025-11-07), suspended_from: Some(2025-11-07), suspended_until: Some(2026-11-10), amends: ["cn-2025-55"], elements: [Element("Ho")], codes: ["1C909"], publisher: "Wire", url: "https://wire.example/c", note: "" } }
        DeskEntry { kind: New, text: "JL MAG: general license granted.", quote: "", publisher: "Wire", url: "https://wire.example/a", days: None, place: 0, links: [], rows: [] }"#]].assert_eq(&decided(&shelf.open()));
    expect![[r#"
        Alert { id: AlertId("aa"), story: Some(StoryId("sa")), joined: [StoryId("sb")], severity: Critical, subjects: ["license:jl-mag:granted:aa"], what: "JL MAG: general license granted", first: Told, certainty: "confirmed by the company", quote: "公司已获得通用许可证。", source: SourceLink { publisher: "Wire", url: "https://wire.example/a" }, published: 2026-11-23T12:00:00Z, topics: [Topic("licensing")], elements: [Element("Dy")], companies: [CompanyId("jl-mag")], updates: [Update { happening: Confirmed, what: "JL MAG: general license granted", certainty: "confirmed by the company", sources: [SourceLink { publisher: "Wire", url: "https://wire.example/a" }], published: 2026-11-23T12:00:00Z }], revision: 2, raised: 2026-11-23T12:00:00Z, updated: 2026-11-23T12:05:00Z }, found by its subject: true
          telegram:1: Posted { message: 7, revision: 2, digest: None } for [1]
          telegram:2: Held { until: 2026-11-23T13:00:00Z, held: Quiet } for [1]
          telegram:3: Gone for [1]
        Alert { id: AlertId("d0123"), story: None, joined: [StoryId("sb")], severity: Critical, subjects: ["license:jl-mag:granted:d0123"], what: "JL MAG: general license granted", first: Told, certainty: "confirmed by the company", quote: "公司已获得通用许可证。", source: SourceLink { publisher: "Wire", url: "https://wire.example/a" }, published: 2026-11-23T12:00:00Z, topics: [Topic("licensing")], elements: [Element("Dy")], companies: [CompanyId("jl-mag")], updates: [Update { happening: Confirmed, what: "JL MAG: general license granted", certainty: "confirmed by the company", sources: [SourceLink { publisher: "Wire", url: "https://wire.example/a" }], published: 2026-11-23T12:00:00Z }], revision: 2, raised: 2026-11-23T12:00:00Z, updated: 2026-11-23T12:05:00Z }, found by its subject: true
          telegram:1: Posted { message: 8, revision: 2, digest: Some(2026-11-23T13:00:00Z) } for [1]
          telegram:2: Dismissed for [1]
          telegram:3: Due for [1]
        alerts of chats: [2, 2, 2]
        Watch { to: Destination { platform: Telegram, chat: 1, thread: None }, number: 2, query: "topic:licensing element:Dy place:eu", name: "Dy", least: High, muted_until: Some(2026-11-23T22:00:00Z), paused: None, by: Some(5), since: 2026-11-23T12:00:00Z }
        next watch: 3
        [Mute { to: Destination { platform: Telegram, chat: 1, thread: None }, subject: "license:jl-mag:granted", until: 2026-11-23T22:00:00Z }]
        [Noted { first_seen: 2026-11-23T12:00:00Z, record: CommentPeriod { title: "Notice", closes: 2026-12-15, quote: "Comments must be received by December 15, 2026.", publisher: "Register", url: "https://register.example/1", elements: [Element("Dy")], companies: [] } }]"#]].assert_eq(&asked_and_told(&shelf.open()));
    let subscription = shelf.open().subscriptions().unwrap().remove(0);
    let anew = Subscription::new(
        subscription.to.clone(),
        subscription.zone,
        subscription.since,
        subscription.label.clone(),
    );
    assert_eq!(subscription, anew, "what version 1 did not know is as it is for a new one");
}

/// What the store holds of alerts, their places, watches, mutes and comment periods.
fn asked_and_told(store: &Store) -> String {
    let alerts = store.alerts_since(minutes(-1)).unwrap();
    let mut lines = Vec::new();
    for alert in &alerts {
        let subject = store.alert_about(&alert.subjects[0]).unwrap();
        lines.push(format!("{alert:?}, found by its subject: {}", subject.is_some()));
        for posting in store.postings_of(&alert.id).unwrap() {
            lines.push(format!("  {}: {:?} for {:?}", posting.to, posting.stand, posting.watches));
        }
    }
    let chats = [chat(1), chat(2), chat(3)];
    let of_chats = chats.map(|to| store.postings_to(&to, minutes(-1)).unwrap().len());
    lines.push(format!("alerts of chats: {of_chats:?}"));
    lines.extend(store.watches().map(|watch| format!("{:?}", watch.unwrap())));
    lines.push(format!("next watch: {}", store.next_watch(&chat(1)).unwrap()));
    lines.push(format!("{:?}", store.mutes_of(&chat(1)).unwrap()));
    lines.push(format!("{:?}", store.evidence().unwrap().comments));
    lines.join("\n")
}

/// What the store holds of licenses and controls, and what an edition says of them.
fn decided(store: &Store) -> String {
    let evidence = store.evidence().unwrap();
    let of_holder = store.license_claims_of(&"jl-mag".into()).unwrap();
    let mut lines: Vec<String> = vec![format!("of its holder: {}", of_holder.len())];
    lines.extend(evidence.claims.iter().map(|claim| format!("{claim:?}")));
    lines.extend(
        evidence.decisions.iter().map(|d| format!("{:?} by {}: {}", d.verdict, d.by, d.why)),
    );
    lines.extend(evidence.restrictions.iter().map(|noted| format!("{noted:?}")));
    lines.extend(evidence.regime.iter().map(|noted| format!("{noted:?}")));
    let edition = store.latest_edition(Series::Daily).unwrap().unwrap();
    lines.extend(edition.desk.iter().map(|entry| format!("{entry:?}")));
    lines.join("\n")
}

#[test]
fn deliveries_are_claimed_in_due_order_and_once() {
    let shelf = Shelf::new();
    let store = shelf.open();
    let deliveries = vec![due(1, 30), due(2, 10), due(3, 20), due(4, 90)];
    store.commit(Changes { new_deliveries: deliveries, ..Changes::default() }).unwrap();
    let lease = Duration::from_secs(120);
    let chats = |list: &[Delivery]| list.iter().map(|d| d.to.chat).collect::<Vec<_>>();
    assert_eq!(store.next_due(&[PlatformName::Telegram]).unwrap(), Some(minutes(10)));
    assert!(store.claim(minutes(9), lease, &up_to(9), &|_| false).unwrap().is_empty());
    assert_eq!(chats(&store.claim(minutes(30), lease, &up_to(1), &|_| false).unwrap()), [2]);
    assert_eq!(chats(&store.claim(minutes(30), lease, &up_to(9), &|_| false).unwrap()), [3, 1]);
    assert!(store.claim(minutes(31), lease, &up_to(9), &|_| false).unwrap().is_empty());
    assert!(store.claim(minutes(31), lease, &up_to(0), &|_| false).unwrap().is_empty());
    // Leases have run out: what no sender holds is free again, and is still counted as waiting.
    let held = due(3, 20).id;
    assert!(store.claim(minutes(32), lease, &[], &|_| true).unwrap().is_empty());
    let again = store.claim(minutes(32), lease, &up_to(9), &|id| *id == held).unwrap();
    assert_eq!(chats(&again), [1, 2]);
    assert_eq!(store.counts().waiting, 4);
}

#[test]
fn what_has_arrived_stays_arrived() {
    let shelf = Shelf::new();
    let store = shelf.open();
    let sent = delivery(1, State::Sent { at: minutes(1) });
    store.commit(Changes { new_deliveries: vec![due(1, 0)], ..Changes::default() }).unwrap();
    store.commit(Changes { deliveries: vec![sent.clone()], ..Changes::default() }).unwrap();
    let late = due(1, 3);
    store.commit(Changes { deliveries: vec![late], ..Changes::default() }).unwrap();
    assert_eq!(store.delivery(&sent.id).unwrap().unwrap().state, sent.state);
    assert_eq!((store.counts().waiting, store.counts().sent), (0, 1));
}

#[test]
fn an_edition_is_never_rewritten_and_the_latest_telling_stands() {
    let shelf = Shelf::new();
    let store = shelf.open();
    let first = edition(1, minutes(0), &["sa"]);
    let late = edition(2, minutes(60), &["sa"]);
    store.commit(Changes { editions: vec![late], ..Changes::default() }).unwrap();
    store.commit(Changes { editions: vec![first.clone()], ..Changes::default() }).unwrap();
    let rewritten = Edition { number: 9, ..first };
    store.commit(Changes { editions: vec![rewritten], ..Changes::default() }).unwrap();
    let numbers: Vec<u32> = store.editions(Series::Daily).map(|e| e.unwrap().number).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(store.told(&StoryId::from("sa")).unwrap().unwrap().1, minutes(60));
    assert_eq!(store.counts().editions, 2);
    let id = EditionId::of(Series::Daily, minutes(60));
    assert_eq!(store.edition_by_id(&id).unwrap().unwrap().number, 2);
}

#[test]
fn a_sweep_forgets_articles_but_not_that_they_were_seen() {
    let shelf = Shelf::new();
    let store = shelf.open();
    store.commit(everything()).unwrap();
    let young = Changes {
        articles: vec![article("young", minutes(600))],
        stories: vec![story("syoung", minutes(600))],
        ..Changes::default()
    };
    store.commit(young).unwrap();
    assert_eq!(store.sweep(minutes(60), 100).unwrap(), 2);
    assert_eq!(store.article(&ArticleId::from("a")).unwrap(), None);
    assert_eq!(store.body(&ArticleId::from("a")).unwrap(), None);
    assert_eq!(store.story(&StoryId::from("sa")).unwrap(), None);
    assert!(store.article(&ArticleId::from("young")).unwrap().is_some());
    assert!(store.body(&ArticleId::from("young")).unwrap().is_some());
    let key = SeenKey::of(&["url", "https://wire.example/a"]);
    assert!(store.seen(&key).unwrap().is_some(), "an old item must not return as news");
    assert_eq!(store.sweep(minutes(60), 100).unwrap(), 0);
    assert_eq!((store.counts().articles, store.counts().stories), (1, 1));
}

#[test]
fn what_articles_are_compared_with_is_kept_for_some_days_only() {
    let shelf = Shelf::new();
    let store = shelf.open();
    for day in 0..30 {
        let seen = minutes(day * 24 * 60);
        let set = Changes { placed: vec![placed(&format!("d{day}"), seen)], ..Changes::default() };
        store.commit(set).unwrap();
    }
    let kept = store.placed_since(DateTime::UNIX_EPOCH).unwrap();
    assert_eq!(kept.len(), 11, "ten days and the day itself");
    let last = store.placed_since(minutes(28 * 24 * 60)).unwrap();
    assert_eq!(last.iter().map(|p| p.article.as_str()).collect::<Vec<_>>(), ["d28", "d29"]);
}

#[test]
fn the_items_set_aside_last_are_kept_newest_first() {
    let shelf = Shelf::new();
    let store = shelf.open();
    for start in (0..2_100).step_by(100) {
        let set_aside = (start..start + 100)
            .map(|i| SetAside {
                source: SourceId::from("wire"),
                what: format!("item {i}"),
                reason: "it is about football".to_owned(),
                at: minutes(i),
            })
            .collect();
        store.commit(Changes { set_aside, ..Changes::default() }).unwrap();
    }
    let kept = store.set_aside(5_000).unwrap();
    assert_eq!((kept.len(), store.counts().set_aside), (2_000, 2_100));
    assert_eq!((kept[0].what.as_str(), kept[1_999].what.as_str()), ("item 2099", "item 100"));
}

#[test]
fn an_article_seen_anew_moves_in_the_index_and_keeps_one_place() {
    let shelf = Shelf::new();
    let store = shelf.open();
    for minute in [0, 30, 10] {
        let articles = vec![article("a", minutes(minute))];
        let stories = vec![story("sa", minutes(minute))];
        store.commit(Changes { articles, stories, ..Changes::default() }).unwrap();
    }
    let day = (minutes(-600), minutes(600));
    assert_eq!(store.articles_between(day.0, day.1).unwrap().len(), 1);
    assert_eq!(store.stories_between(minutes(10), minutes(11)).unwrap().len(), 1);
    assert_eq!(store.stories_between(minutes(11), day.1).unwrap().len(), 0);
    assert_eq!(store.latest_stories(5, |_| true).unwrap().len(), 1);
}

/// Compaction by export and import keeps every record and bounds the files.
#[test]
fn compaction_keeps_everything_and_bounds_the_files() {
    let shelf = Shelf::new();
    let settings =
        StoreSettings { compact_above: 1 << 19, compact_grown: 2, ..StoreSettings::default() };
    let store = Store::open(shelf.path(), &settings).unwrap();
    store.commit(everything()).unwrap();
    for round in 0..60 {
        let articles = (0..60).map(|i| {
            let mut article = article(&format!("r{i}"), minutes(round));
            // Text that does not compress away.
            article.body =
                (0..800).map(|k| format!("{} ", (k * 7919 + i * 31 + round) % 9973)).collect();
            article
        });
        let articles = articles.collect();
        store.commit(Changes { articles, ..Changes::default() }).unwrap();
        store.sync().unwrap();
    }
    let (before, size) = (told(&store), store.size_on_disk().unwrap());
    drop(store);
    let store = Store::open(shelf.path(), &settings).unwrap();
    let after = store.size_on_disk().unwrap();
    assert_eq!(told(&store), before);
    assert!(after < size, "{after} bytes after, {size} before");
    drop(store);
    assert_eq!(told(&shelf.open()), before, "and the next start finds the same");
}

/// A compaction that was cut short after its copy was whole is finished; an unfinished copy is
/// thrown away.
#[test]
fn a_compaction_cut_short_is_finished_or_forgotten() {
    let shelf = Shelf::new();
    shelf.open().commit(everything()).unwrap();
    let before = told(&shelf.open());
    std::fs::rename(shelf.path().join("state"), shelf.path().join("state.whole")).unwrap();
    std::fs::create_dir(shelf.path().join("state")).unwrap();
    std::fs::create_dir(shelf.path().join("bodies.new")).unwrap();
    assert_eq!(told(&shelf.open()), before);
    assert!(!shelf.path().join("state.whole").exists());
}

/// One random change.
fn change() -> impl Strategy<Value = Changes> {
    let ids = prop::sample::select(vec!["a", "b", "c"]);
    let state = prop_oneof![
        (0..50_i64).prop_map(|m| State::Pending { due: minutes(m) }),
        (0..50_i64).prop_map(|m| State::Claimed { lease: minutes(m) }),
        (0..50_i64).prop_map(|m| State::Sent { at: minutes(m) }),
        Just(State::Dead { reason: "the chat is gone".to_owned(), at: minutes(0) }),
    ];
    let none = Changes::default;
    prop_oneof![
        (ids.clone(), 0..50_i64)
            .prop_map(move |(id, m)| Changes { articles: vec![article(id, minutes(m))], ..none() }),
        (ids, 0..50_i64)
            .prop_map(move |(id, m)| Changes { stories: vec![story(id, minutes(m))], ..none() }),
        (0..3_i64).prop_map(move |n| Changes { subscriptions: vec![subscription(n)], ..none() }),
        (0..3_i64).prop_map(move |n| Changes { unsubscribed: vec![chat(n)], ..none() }),
        (0..3_u32, 0..3_i64).prop_map(move |(n, m)| Changes {
            editions: vec![edition(n, minutes(m), &["a"])],
            ..none()
        }),
        (0..4_i64, state.clone())
            .prop_map(move |(n, s)| Changes { new_deliveries: vec![delivery(n, s)], ..none() }),
        (0..4_i64, state)
            .prop_map(move |(n, s)| Changes { deliveries: vec![delivery(n, s)], ..none() }),
    ]
}

/// What the counters should say, counted by what anybody can read of the store.
fn recount(store: &Store) -> Counts {
    let mut counts = Counts {
        articles: store.articles().count() as u64,
        stories: store.stories().count() as u64,
        editions: store.editions(Series::Daily).count() as u64,
        subscriptions: store.subscriptions().unwrap().len() as u64,
        // It counts changes, not records.
        journal: store.counts().journal,
        ..Counts::default()
    };
    for delivery in store.deliveries() {
        match delivery.unwrap().state {
            State::Pending { .. } | State::Claimed { .. } => counts.waiting += 1,
            State::Sent { .. } => counts.sent += 1,
            State::Dead { .. } => counts.dead += 1,
            State::Merged { .. } => counts.merged += 1,
        }
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is committed, together or apart, claimed or swept: counters equal a recount, and
    /// every index points at each record once.
    #[test]
    fn counters_and_indexes_always_equal_a_recount(
        sets in prop::collection::vec(prop::collection::vec(change(), 1..6), 1..8),
        claim_at in 0..60_i64,
        sweep_at in 0..60_i64,
    ) {
        let shelf = Shelf::new();
        let store = shelf.open();
        for set in sets {
            let mut merged = Changes::default();
            set.into_iter().for_each(|change| merged.merge(change));
            store.commit(merged).unwrap();
            prop_assert_eq!(store.counts(), recount(&store));
        }
        let taken = store.claim(minutes(claim_at), Duration::from_secs(90), &up_to(2), &|_| false).unwrap();
        prop_assert!(taken.len() <= 2);
        store.sweep(minutes(sweep_at), 1).unwrap();
        prop_assert_eq!(store.counts(), recount(&store));
        let far = (minutes(-9_999), minutes(9_999));
        let listed = store.articles_between(far.0, far.1).unwrap().len() as u64;
        prop_assert_eq!(listed, store.counts().articles);
        let listed = store.stories_between(far.0, far.1).unwrap().len() as u64;
        prop_assert_eq!(listed, store.counts().stories);
        let open = store.claim(far.1, Duration::from_secs(1), &up_to(99), &|_| false).unwrap().len() as u64;
        prop_assert_eq!(open, store.counts().waiting, "each open delivery is due once");
        let counts = store.counts();
        drop(store);
        prop_assert_eq!(shelf.open().counts(), counts);
    }
}
