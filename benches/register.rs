//! The register under load: 10,000 claims from 500 holders, and 1,000 articles read for claims.
//!
//! `cargo bench --bench register` measures what somebody who asks `/licenses` waits for, what folding
//! all of it takes when the evidence or the day changed, and how many articles a second the
//! extractor reads. It fails when the aim below is missed.
#![expect(clippy::print_stdout, reason = "the figures are what a run is for")]
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot be made should fail loudly")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use monazite::chat::console::{Look, text};
use monazite::commands::{self, Desk, KnownCache};
use monazite::config::{self, BUILT_IN, Config};
use monazite::enrich::claims::{self, Told};
use monazite::model::article::{Element, Language, Tier};
use monazite::model::event::{Invocation, Target};
use monazite::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, PartialDate, Role,
};
use monazite::model::subscription::{Destination, PlatformName};
use monazite::register;
use monazite::store::{Changes, Search, Store, StoreSettings};
use serde_json::Value;

/// Claims, and the holders that they are about; every twentieth names nobody.
const CLAIMS: usize = 10_000;
const HOLDERS: usize = 500;
/// Questions of each kind.
const QUESTIONS: usize = 100;
/// Articles read.
const ARTICLES: usize = 1_000;
/// What the slowest of a hundred questions may take.
const ASKED_WITHIN: Duration = Duration::from_millis(20);
/// The moment of asking.
const NOW: &str = "2026-11-23T12:00:00Z";

fn main() -> ExitCode {
    let config = config::parse(&BUILT_IN.map(|(_, text)| text.to_owned())).unwrap();
    let now: DateTime<Utc> = NOW.parse().unwrap();
    read(&config, now);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), &StoreSettings::default()).unwrap();
    let claims: Vec<Claim> = (0..CLAIMS).map(|i| claim(i, &config, now)).collect();
    store.commit(Changes { claims, ..Changes::default() }).unwrap();
    fold(&config, &store, now);
    if ask(&config, &store, now) < ASKED_WITHIN { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A claim of a spread that a few years could bring: grants mostly, some of each other kind.
fn claim(i: usize, config: &Config, now: DateTime<Utc>) -> Claim {
    let companies = config.lexicon.companies();
    let number = i * 7 % HOLDERS;
    let (id, name) = match companies.get(number) {
        Some(company) => (company.id.clone(), company.short.clone()),
        None => (format!("x-firm-{number}").as_str().into(), format!("Firm {number} Magnets")),
    };
    let named = !i.is_multiple_of(20);
    let published = (now - TimeDelta::hours(i64::try_from(i).unwrap())).date_naive();
    let pick = |of: usize| i / 3 % of;
    let action = match pick(10) {
        0 => LicenseAction::Applied,
        1 => LicenseAction::Renewed,
        2 => LicenseAction::Suspended,
        _ => LicenseAction::Granted,
    };
    Claim {
        id: ClaimId(format!("claim-{i}")),
        name: named.then_some(name),
        holder: named.then_some(id),
        description: if named { String::new() } else { format!("{} exporters", pick(40)) },
        role: Role::Exporter,
        action,
        license_type: [LicenseType::General, LicenseType::Individual, LicenseType::Unspecified]
            [pick(3)],
        elements: if i.is_multiple_of(4) { vec![Element("Dy".to_owned())] } else { Vec::new() },
        items: vec!["magnets".to_owned()],
        destinations: vec![["US", "EU", "Japan", "India"][pick(4)].to_owned()],
        customers: if i.is_multiple_of(6) { vec!["Ford".to_owned()] } else { Vec::new() },
        conditions: Vec::new(),
        validity_months: i.is_multiple_of(5).then_some(12),
        count: None,
        date: Some(PartialDate::Day(published)),
        date_basis: DateBasis::Event,
        certainty: [Certainty::Reported, Certainty::CompanyConfirmed, Certainty::Rumored][pick(3)],
        origin: i.is_multiple_of(2).then(|| "Reuters".to_owned()),
        publisher: format!("Paper {}", pick(30)),
        tier: Tier(2),
        url: format!("https://paper-{}.example/{i}", pick(30)),
        published,
        language: Language::from("en"),
        quote: format!("Firm {number} received export license number {i} for its magnets."),
        note: String::new(),
        first_seen: published.and_time(chrono::NaiveTime::MIN).and_utc(),
        last_checked: now,
    }
}

// ---------------------------------------------------------------- what is measured

/// Folds everything, as the first question after a change does.
fn fold(config: &Config, store: &Store, now: DateTime<Utc>) {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..20 {
        let began = Instant::now();
        let evidence = store.evidence().unwrap().with(&config.curated, &config.lexicon);
        let known = register::fold(&evidence.claims, &evidence.decisions, now.date_naive());
        times.push(began.elapsed());
        rows = known.rows.len();
    }
    let (half, most) = percentiles(&mut times);
    println!(
        "fold of {CLAIMS} claims, read from the store, into {rows} rows: p50 {half:.1?}, slowest {most:.1?}"
    );
}

/// Asks as people do; the time that one question in a hundred takes at least.
fn ask(config: &Config, store: &Store, now: DateTime<Utc>) -> Duration {
    let desk = Desk {
        store: store.clone(),
        lexicon: config.lexicon.clone(),
        sources: Vec::new(),
        zone: config.zone,
        brief: config.brief.clone(),
        weekly: config.weekly.clone(),
        started: now,
        curated: Arc::new(config.curated.clone()),
        known: KnownCache::default(),
        search: Arc::new(Search::new(
            store.clone(),
            config.lexicon.clone(),
            Arc::new(config.curated.clone()),
        )),
    };
    let began = Instant::now();
    answer(&desk, PlatformName::Console, "", now);
    println!("first question after a change: {:.1?}", began.elapsed());
    let mut all = Vec::new();
    for platform in [PlatformName::Console, PlatformName::Telegram] {
        for line in [
            "",
            "page 3",
            "JL Mag",
            "dysprosium",
            "general",
            "due",
            "Firm 499",
            "欧盟 通用",
            "since 2026-06",
        ] {
            let mut times: Vec<Duration> = (0..QUESTIONS)
                .map(|_| {
                    let began = Instant::now();
                    answer(&desk, platform, line, now);
                    began.elapsed()
                })
                .collect();
            let (half, most) = percentiles(&mut times);
            println!("  {platform:?} /licenses {line}: p50 {half:.2?}, p99 {most:.2?}");
            all.extend(times);
        }
    }
    let (half, most) = percentiles(&mut all);
    println!(
        "{} questions: p50 {half:.2?}, p99 {most:.2?}, {:.0} % of the aim of {ASKED_WITHIN:.0?}",
        all.len(),
        100.0 * most.as_secs_f64() / ASKED_WITHIN.as_secs_f64()
    );
    most
}

fn answer(desk: &Desk, platform: PlatformName, args: &str, now: DateTime<Utc>) {
    let asked = Invocation {
        name: "licenses".to_owned(),
        args: args.to_owned(),
        reply: Target::Chat(Destination { platform, chat: 0, thread: None }),
        may_manage: false,
        asker: None,
        private_chat: true,
        chat_label: "bench".to_owned(),
        locale: None,
        about: None,
    };
    let message = commands::answer(desk, &asked, now);
    assert!(!text(&message, &Look::PLAIN).is_empty());
}

/// The median, and what one in a hundred takes at least.
fn percentiles(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// Reads the labelled texts again and again, a thousand in all.
fn read(config: &Config, now: DateTime<Utc>) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/licenses");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts: Vec<Value> = files
        .iter()
        .map(|file| serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap())
        .collect();
    let (mut found, mut bytes) = (0, 0);
    let began = Instant::now();
    for text in texts.iter().cycle().take(ARTICLES) {
        let of = |field: &str| text[field].as_str().unwrap_or_default();
        let language = Language::from(of("lang"));
        let told = Told {
            title: of("title"),
            body: of("text"),
            published: now,
            dated: true,
            language: &language,
            publisher: "Paper",
            tier: Tier(2),
            url: "https://paper.example/a",
            now,
        };
        bytes += told.body.len();
        found += claims::claims(&told, &config.lexicon, &config.rules).claims.len();
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{ARTICLES} articles of {} bytes on average: {:.0} a second, {found} claims",
        bytes / ARTICLES,
        f64::from(u32::try_from(ARTICLES).unwrap()) / seconds
    );
}
