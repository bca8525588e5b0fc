//! The search index beside the store: it keeps up, survives crashes and damage, and holds up nothing else.

use std::sync::Arc;

use monazite::model::license::{Certainty, Claim, ClaimId};
use monazite::query::{self, Kind};
use monazite::register::{Decision, Verdict};
use monazite::store::{Changes, Search, Store, StoreSettings};

use crate::search::{CHAT, NOW, home, shown, titles};
use crate::world::home::{Home, at};

/// A search over the home's store, as after a start.
fn anew(home: &Home) -> Search {
    let curated = Arc::new(home.config.curated.clone());
    Search::new(home.store.clone(), home.config.lexicon.clone(), curated)
}

#[test]
fn a_crash_leaves_the_index_behind_until_the_next_start() {
    let home = home();
    let search = anew(&home);
    assert!(search.find(&query::parse("镝", &home.config.lexicon), at(NOW), 0, 5).unwrap().unready);
    assert!(search.catch_up().unwrap() >= 6);
    assert_eq!(search.behind().unwrap(), 0);
    drop(search);
    // A commit of the store, and a crash before the index hears of it.
    home.tell("Solvay opens a line", "2026-11-23T10:00:00Z");
    let home = home.restart();
    let search = anew(&home);
    assert!(titles(&home, &search, "Solvay").is_empty());
    assert_eq!(search.behind().unwrap(), 1);
    assert_eq!(search.catch_up().unwrap(), 1);
    assert_eq!(titles(&home, &search, "Solvay"), ["Solvay opens a line"]);
    // It is told again, as a journal is that was not cut before a crash.
    home.tell("Solvay opens a line", "2026-11-23T10:05:00Z");
    assert_eq!(search.catch_up().unwrap(), 1);
    assert_eq!(titles(&home, &search, "Solvay").len(), 1, "a record stands in the index once");
    assert_eq!(search.catch_up().unwrap(), 0);
}

#[test]
fn an_index_that_is_none_of_ours_is_made_anew() {
    let home = home();
    let folder = home.folder().join("search");
    let count = anew(&home).catch_up().unwrap();
    assert_eq!(anew(&home).catch_up().unwrap(), 0, "what is there is used");
    for damage in [
        "{}".to_owned(),
        String::new(),
        std::fs::read_to_string(folder.join("meta.json"))
            .unwrap()
            .replace("\\\"version\\\":2", "\\\"version\\\":7"),
    ] {
        std::fs::write(folder.join("meta.json"), damage).unwrap();
        let search = anew(&home);
        assert!(
            search.find(&query::parse("镝", &home.config.lexicon), at(NOW), 0, 5).unwrap().unready
        );
        assert_eq!(search.catch_up().unwrap(), count);
        assert!(!titles(&home, &search, "镝").is_empty());
    }
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(anew(&home).catch_up().unwrap(), count);
    assert_eq!(anew(&home).rebuild().unwrap(), count);
}

#[test]
fn what_is_forgotten_is_not_found() {
    let home = home();
    let search = anew(&home);
    search.catch_up().unwrap();
    assert_eq!(titles(&home, &search, "record Rotterdam").len(), 1);
    home.store.sweep(at("2026-08-01T00:00:00Z"), 100).unwrap();
    search.catch_up().unwrap();
    assert!(titles(&home, &search, "record Rotterdam").is_empty());
    assert_eq!(titles(&home, &search, "镝").len(), 3);
}

#[test]
fn an_index_of_another_store_is_not_used() {
    let home = home();
    anew(&home).catch_up().unwrap();
    let other = tempfile::tempdir().unwrap();
    let store = Store::open(other.path(), &StoreSettings::default()).unwrap();
    let copy = other.path().join("search");
    std::fs::create_dir(&copy).unwrap();
    for file in std::fs::read_dir(home.folder().join("search")).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.join(file.file_name())).unwrap();
    }
    let curated = Arc::new(home.config.curated.clone());
    let search = Search::new(store, home.config.lexicon.clone(), curated);
    search.catch_up().unwrap();
    let query = query::parse("kind:story", &home.config.lexicon);
    assert_eq!(search.count(&query, at(NOW)).unwrap(), 0);
}

/// Ids of the claims that a line finds, and how many records it says there are.
fn claims(home: &Home, search: &Search, line: &str) -> (Vec<String>, usize) {
    search.catch_up().unwrap();
    let query = query::parse(line, &home.config.lexicon);
    let found = search.find(&query, at(NOW), 0, 50).unwrap();
    let claims = found.hits.iter().filter(|hit| hit.kind == Kind::Claim);
    (claims.map(|hit| hit.id.clone()).collect(), search.count(&query, at(NOW)).unwrap())
}

/// A claim of ours about a firm that the curated history does not know.
fn claim(home: &Home, id: &str, publisher: &str) -> Claim {
    let model = home.config.curated.claims.iter().find(|c| c.holder.is_some()).unwrap();
    Claim {
        id: ClaimId(id.to_owned()),
        holder: Some("x-made-up-magnets".into()),
        name: Some("Made Up Magnets".to_owned()),
        publisher: publisher.to_owned(),
        url: format!("https://{publisher}.example/{id}"),
        origin: None,
        certainty: Certainty::Reported,
        quote: format!("Made Up Magnets has a license, says {publisher}."),
        published: at(NOW).date_naive(),
        first_seen: at("2026-11-23T09:00:00Z"),
        last_checked: at("2026-11-23T09:00:00Z"),
        ..model.clone()
    }
}

fn decide(home: &Home, verdict: Verdict, when: &str) {
    let decision =
        Decision { verdict, why: "misread".to_owned(), by: "desk".to_owned(), at: at(when) };
    home.store.commit(Changes { decisions: vec![decision], ..Changes::default() }).unwrap();
}

#[test]
fn a_claim_that_does_not_count_is_neither_shown_nor_counted() {
    let home = home();
    let search = anew(&home);
    let told = vec![claim(&home, "c1", "alpha"), claim(&home, "c2", "beta")];
    home.store.commit(Changes { claims: told, ..Changes::default() }).unwrap();
    let line = "\"made up magnets\"";
    let (found, total) = claims(&home, &search, line);
    assert_eq!((found.len(), total), (2, 2), "{found:?}");
    let c1 = || ClaimId("c1".to_owned());
    decide(&home, Verdict::Reject { claim: c1() }, "2026-11-23T10:00:00Z");
    assert_eq!(claims(&home, &search, line), (vec!["c2".to_owned()], 1));
    let answer = shown(&home.ask(CHAT, &format!("search {line}"), false, NOW));
    assert!(answer.contains("1 record found") && !answer.contains("alpha"), "{answer}");
    assert_eq!(claims(&home, &anew(&home), line).1, 1, "a new index reads decisions too");
    // Another decision lifts it.
    decide(&home, Verdict::Accept { claim: c1() }, "2026-11-23T11:00:00Z");
    assert_eq!(claims(&home, &search, line).1, 2);
    // Withdrawn by its page, then said again.
    decide(&home, Verdict::Withdraw { claim: ClaimId("c2".to_owned()) }, "2026-11-23T12:00:00Z");
    assert_eq!(claims(&home, &search, line), (vec!["c1".to_owned()], 1));
    let again = Claim { last_checked: at("2026-11-23T13:00:00Z"), ..claim(&home, "c2", "beta") };
    home.store.commit(Changes { claims: vec![again], ..Changes::default() }).unwrap();
    assert_eq!(claims(&home, &search, line).1, 2);
    // A holder found to be a known firm is found by that firm's name.
    let (from, to) = ("x-made-up-magnets".into(), "lynas".into());
    decide(&home, Verdict::Merge { from, to }, "2026-11-23T14:00:00Z");
    assert_eq!(claims(&home, &search, "company:lynas kind:claim").1, 2);
}

#[test]
fn a_damaged_file_of_the_index_is_noticed_and_the_index_made_anew() {
    let home = home();
    let folder = home.folder().join("search");
    let count = anew(&home).catch_up().unwrap();
    let files = || std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
    let kinds = ["idx", "pos", "term", "store", "fast", "fieldnorm"];
    type Harm = fn(&std::path::Path);
    let damage: [(&str, Harm); 3] = [
        ("gone", |file| std::fs::remove_file(file).unwrap()),
        ("empty", |file| std::fs::write(file, "").unwrap()),
        ("garbled", |file| {
            let length = std::fs::read(file).unwrap().len();
            std::fs::write(file, vec![0xa5; length]).unwrap();
        }),
    ];
    for (what, harm) in damage {
        for kind in kinds {
            let of_kind = |file: &std::path::PathBuf| file.extension().is_some_and(|e| e == kind);
            files().filter(of_kind).for_each(|file| harm(&file));
            let search = anew(&home);
            // Whatever a question meets, the next look at the journal mends it.
            let query = query::parse("dysprosium OR Lynas since:2026-01", &home.config.lexicon);
            let asked = search.find(&query, at(NOW), 0, 5);
            drop(search.catch_up());
            drop(search.catch_up());
            assert!(!titles(&home, &search, "镝").is_empty(), "{kind} {what}: {asked:?}");
            assert!(search.rebuild().unwrap() == count, "{kind} {what}");
        }
    }
}

#[test]
fn a_disk_that_refuses_the_index_holds_up_no_brief() {
    let home = home();
    let search = anew(&home);
    let folder = home.folder().join("search");
    // A file where the folder should be: nothing can be written there.
    std::fs::write(&folder, "").unwrap();
    home.publish("2026-11-23T00:00:00Z");
    home.tell("Solvay opens a line", "2026-11-23T10:00:00Z");
    for _ in 0..3 {
        search.catch_up().unwrap_err();
        let query = query::parse("Solvay", &home.config.lexicon);
        assert!(search.find(&query, at(NOW), 0, 5).unwrap().unready);
    }
    assert!(home.publish("2026-11-23T12:00:00Z").contains("2026-11-23T12:00Z"));
    std::fs::remove_file(&folder).unwrap();
    assert!(search.catch_up().unwrap() > 0);
    assert_eq!(titles(&home, &search, "Solvay"), ["Solvay opens a line"]);
    assert_eq!(search.behind().unwrap(), 0);
}
