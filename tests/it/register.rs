//! The license register: the fold's promises, the curated history as it is asked, and the brief's desk.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use expect_test::{Expect, expect};
use monazite::chat::console::Look;
use monazite::compose::phrase::{self, View};
use monazite::config::BUILT_IN;
use monazite::lexicon::Lexicon;
use monazite::model::article::{CompanyId, Language, Tier};
use monazite::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, RegimeEvent, Role,
};
use monazite::model::message::{Action, Block, Line, Message, start_payload};
use monazite::register::{
    self, Curated, Decision, Evidence, Field, Noted, Register, Row, State, Verdict,
};
use monazite::store::Changes;
use monazite::text;
use proptest::prelude::*;

use crate::world::home::{Home, at};

// ---------------------------------------------------------------- what the tests are written in

fn built_in(file: &str) -> &'static str {
    BUILT_IN.iter().find(|(name, _)| *name == file).unwrap().1
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::parse(built_in("lexicon.toml")).unwrap_or_else(|_| panic!("lexicon"))
});

static CURATED: LazyLock<Curated> = LazyLock::new(|| {
    register::curated(built_in("licenses.toml"), Some(&LEXICON))
        .unwrap_or_else(|problems| panic!("{problems:#?}"))
});

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A claim in a few words: `id holder action type certainty published [key=value …]`.
fn claim(line: &str) -> Claim {
    let mut words = line.split_whitespace();
    let mut next = || words.next().unwrap().to_owned();
    let (id, holder, action, license_type, certainty) = (next(), next(), next(), next(), next());
    let published = day(&next());
    let named = holder != "-";
    let first_seen = published.and_time(chrono::NaiveTime::MIN).and_utc();
    let mut claim = Claim {
        id: ClaimId(id.clone()),
        name: named.then_some(holder.clone()),
        holder: named.then_some(CompanyId(holder)),
        description: if named { String::new() } else { "some exporters".to_owned() },
        role: Role::Exporter,
        action: LicenseAction::Granted,
        license_type: LicenseType::Unspecified,
        elements: Vec::new(),
        items: Vec::new(),
        destinations: Vec::new(),
        customers: Vec::new(),
        conditions: Vec::new(),
        validity_months: None,
        count: None,
        date: None,
        date_basis: DateBasis::Article,
        certainty: Certainty::Reported,
        origin: None,
        publisher: format!("publisher of {id}"),
        tier: Tier(2),
        url: format!("https://news.example/{id}"),
        published,
        language: Language::from("en"),
        quote: String::new(),
        note: String::new(),
        first_seen,
        last_checked: first_seen,
    };
    let mut set = |field, value: &str| register::correct(&mut claim, field, value).unwrap();
    set(Field::Action, &action);
    set(Field::LicenseType, &license_type);
    set(Field::Certainty, &certainty);
    for pair in words {
        let (key, value) = pair.split_once('=').unwrap();
        let value = value.replace('_', " ");
        match key {
            "tier" => claim.tier = Tier(value.parse().unwrap()),
            "quote" => claim.quote = value,
            "publisher" => claim.publisher = value,
            "months" => claim.validity_months = Some(value.parse().unwrap()),
            "seen" => claim.first_seen = day(&value).and_time(chrono::NaiveTime::MIN).and_utc(),
            "role" => claim.role = Role::EndUser,
            "description" => claim.description = value,
            field => {
                register::correct(&mut claim, field.parse().unwrap(), &value).unwrap();
            }
        }
    }
    claim
}

fn claims(lines: &str) -> Vec<Claim> {
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(claim).collect()
}

fn shown_row(row: &Row) -> String {
    let mut line = format!("{}: {:?} {:?} since {}", row.id, row.state, row.certainty, row.since);
    if let Some(ends) = row.ends {
        line.push_str(&format!(" until {}", ends.date));
    }
    let claims: Vec<&str> = row.history.iter().map(|entry| entry.claim.id.as_str()).collect();
    line.push_str(&format!(" [{}] {}/{}", claims.join(" "), row.origins, row.articles));
    for contradiction in &row.contradictions {
        let sides: Vec<&str> = contradiction.sides.iter().map(|(said, _)| said.as_str()).collect();
        line.push_str(&format!("\n  differ on {}: {}", contradiction.about, sides.join(" / ")));
    }
    for doubt in &row.doubts {
        line.push_str(&format!("\n  doubt: {doubt}"));
    }
    line
}

fn shown(register: &Register) -> String {
    let mut lines: Vec<String> = register.rows.iter().map(shown_row).collect();
    for rejected in &register.rejected {
        lines.push(format!("rejected: {} ({})", rejected.claim.id, rejected.decision.why));
    }
    lines.join("\n") + "\n"
}

fn check_fold(lines: &str, today: &str, expected: &Expect) {
    expected.assert_eq(&shown(&register::fold(&claims(lines), &[], day(today))));
}

fn plain(line: &Line) -> String {
    line.plain()
}

/// A message as text: enough to read it as a person would.
fn printed(message: &Message) -> String {
    let mut out = String::new();
    for block in &message.blocks {
        match block {
            Block::Title(line) => out.push_str(&format!("# {}\n", plain(line))),
            Block::Heading(line) => out.push_str(&format!("\n## {}\n", plain(line))),
            Block::Subheading(line) => out.push_str(&format!("### {}\n", plain(line))),
            Block::Paragraph(line) => out.push_str(&format!("{}\n", plain(line))),
            Block::List(lines) => {
                lines.iter().for_each(|line| out.push_str(&format!("- {}\n", plain(line))));
            }
            Block::Quote(line) => out.push_str(&format!("> {}\n", plain(line))),
            Block::Table { head, rows } => {
                out.push_str(&format!("| {}\n", head.join(" | ")));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(plain).collect();
                    out.push_str(&format!("| {}\n", cells.join(" | ")));
                }
            }
            Block::Footer(line) => out.push_str(&format!("({})\n", plain(line))),
        }
    }
    for row in &message.buttons {
        let buttons: Vec<String> = row
            .iter()
            .map(|button| {
                let does = match &button.action {
                    Action::Open(url) => url.clone(),
                    Action::Edit(line) => format!("edit {line}"),
                    Action::Ask(line) => line.clone(),
                    Action::Choose(_) | Action::Prompt { .. } => "something else".to_owned(),
                };
                assert!(does.len() <= 64, "{does}: too long for a button");
                assert!(button.label.chars().count() <= 40, "{}", button.label);
                format!("[{}: {does}]", button.label)
            })
            .collect();
        out.push_str(&format!("{}\n", buttons.join(" ")));
    }
    out
}

fn ask(home: &Home, line: &str, now: &str) -> String {
    printed(&home.ask("telegram:1", line, false, now))
}

fn check(line: &str, day: &str, expected: &Expect) {
    let home = Home::new();
    expected.assert_eq(&ask(&home, line, &format!("{day}T12:00:00Z")));
}

// ---------------------------------------------------------------- the fold

#[test]
fn only_a_claim_ends_a_license_and_time_makes_it_due() {
    let granted = "a jl-mag granted general reported 2025-12-02 months=12";
    check_fold(
        granted,
        "2026-09-01",
        &expect![[r#"
        jl-mag/general: Reported Reported since 2025-12-02 until 2026-12-02 [a] 1/1
    "#]],
    );
    check_fold(
        granted,
        "2026-10-03",
        &expect![[r#"
        jl-mag/general: Due Reported since 2025-12-02 until 2026-12-02 [a] 1/1
    "#]],
    );
    check_fold(
        granted,
        "2026-12-02",
        &expect![[r#"
        jl-mag/general: Due Reported since 2025-12-02 until 2026-12-02 [a] 1/1
    "#]],
    );
    check_fold(
        granted,
        "2026-12-03",
        &expect![[r#"
        jl-mag/general: PastDue Reported since 2025-12-02 until 2026-12-02 [a] 1/1
    "#]],
    );
    check_fold(
        granted,
        "2036-12-03",
        &expect![[r#"
        jl-mag/general: PastDue Reported since 2025-12-02 until 2026-12-02 [a] 1/1
    "#]],
    );
    check_fold(
        "a jl-mag granted general reported 2025-12-02 months=12
         b jl-mag expired general reported 2026-12-20 date=2026-12-02",
        "2027-01-01",
        &expect![[r#"
            jl-mag/general: Expired Reported since 2026-12-02 until 2026-12-02 [a b] 2/2
        "#]],
    );
    check_fold(
        "a jl-mag granted general reported 2025-12-02 months=12
         b jl-mag renewed general company_confirmed 2026-12-10 date=2026-12-02 months=12",
        "2027-01-01",
        &expect![[r#"
            jl-mag/general: Renewed CompanyConfirmed since 2026-12-02 until 2027-12-02 [a b] 2/2
        "#]],
    );
}

#[test]
fn months_without_a_day_stay_months() {
    check_fold(
        "a jl-mag granted general reported 2026-01-05 date=2025-12 months=12",
        "2026-12-15",
        &expect![[r#"
            jl-mag/general: Due Reported since 2025-12 until 2026-12 [a] 1/1
        "#]],
    );
    check_fold(
        "a jl-mag granted general reported 2026-01-05 date=2025-12 months=12",
        "2027-01-01",
        &expect![[r#"
            jl-mag/general: PastDue Reported since 2025-12 until 2026-12 [a] 1/1
        "#]],
    );
}

#[test]
fn copies_of_one_report_are_one_origin() {
    check_fold(
        "a jl-mag granted general reported 2025-12-02 origin=Reuters
         b jl-mag granted general reported 2025-12-03 origin=reuters tier=4
         c jl-mag granted general reported 2025-12-05 origin=路透社
         d jl-mag granted general reported 2025-12-04 quote=JL_Mag_obtained_a_general_export_license_for_nearly_all_of_its_customers
         e jl-mag granted general reported 2025-12-04 quote=JL_Mag_obtained_a_general_export_license_for_nearly_all_its_customers.
         f jl-mag granted general company_confirmed 2025-12-09
         g jl-mag granted general reported 2026-06-05 origin=Reuters
         h jl-mag granted general reported 2026-06-06 origin=reuters date=2025-12-02 tier=3",
        "2026-06-10",
        &expect![[r#"
            jl-mag/general: CompanyConfirmed CompanyConfirmed since 2025-12-02 [a h b d e c f g] 3/8
        "#]],
    );
}

#[test]
fn types_and_scopes_tell_licenses_apart() {
    // An individual license of May and a general one of December, and a word between them that
    // does not say the type.
    check_fold(
        "a jl-mag granted individual reported 2025-05-18
         b jl-mag granted unspecified company_confirmed 2025-08-11
         c jl-mag granted general reported 2025-12-02 months=12
         d jl-mag granted unspecified reported 2025-12-04",
        "2026-01-01",
        &expect![[r#"
            jl-mag/general: Reported Reported since 2025-12-02 until 2026-12-02 [c d] 2/2
            jl-mag/individual: Reported Reported since 2025-05-18 [a] 1/1
            jl-mag/license: CompanyConfirmed CompanyConfirmed since 2025-08-11 [b] 1/1
        "#]],
    );
    // Other buyers are other licenses; what names no buyer belongs to neither.
    check_fold(
        "a zhenghai granted individual reported 2025-05-18 customers=Volkswagen
         b zhenghai granted individual reported 2025-09-18 customers=Bosch
         c zhenghai granted individual reported 2026-01-18",
        "2026-02-01",
        &expect![[r#"
            zhenghai/individual: Reported Reported since 2026-01-18 [c] 1/1
            zhenghai/individual/bosch: Reported Reported since 2025-09-18 [b] 1/1
            zhenghai/individual/volkswagen: Reported Reported since 2025-05-18 [a] 1/1
        "#]],
    );
    check_fold(
        "a zhenghai granted individual reported 2025-05-18 customers=Volkswagen
         c zhenghai granted individual reported 2025-06-18",
        "2026-02-01",
        &expect![[r#"
            zhenghai/individual/volkswagen: Reported Reported since 2025-05-18 [a c] 2/2
        "#]],
    );
}

/// Another license of the holder, a better source or a copy leave a row's id as it is.
#[test]
fn a_rows_id_stays() {
    let ids = |lines: &str| -> Vec<String> {
        let register = register::fold(&claims(lines), &[], day("2026-02-01"));
        register.rows.into_iter().map(|row| row.id).collect()
    };
    let one = "a zhenghai granted individual reported 2025-05-18 customers=Volkswagen";
    assert_eq!(ids(one), ["zhenghai/individual/volkswagen"]);
    let two = format!("{one}\nb zhenghai granted individual reported 2025-09-18 customers=Bosch");
    assert_eq!(ids(&two), ["zhenghai/individual/bosch", "zhenghai/individual/volkswagen"]);
    // Told of an earlier day by somebody better, but found later, with another buyer first.
    let better = format!(
        "{one}\nc zhenghai granted individual official 2025-05-02 customers=Audi,Volkswagen seen=2025-10-01"
    );
    assert_eq!(ids(&better), ["zhenghai/individual/volkswagen"]);
    let open = "a zhenghai granted general reported 2025-12-02";
    assert_eq!(ids(open), ["zhenghai/general"]);
    let more = format!("{open}\nb zhenghai granted general reported 2025-12-10 customers=Ford");
    assert_eq!(ids(&more), ["zhenghai/general"]);
    let apart = format!("{more}\nc zhenghai granted general reported 2025-12-20 customers=Bosch");
    assert_eq!(
        ids(&apart),
        ["zhenghai/general", "zhenghai/general/bosch", "zhenghai/general/ford"]
    );
    let unnamed = "a - granted general reported 2025-12-02 description=some_suppliers";
    let named_better = format!(
        "{unnamed}\nb - granted general official 2025-12-03 description=some_suppliers customers=Ford"
    );
    assert_eq!(ids(unnamed), ["unnamed/general/some-suppliers"]);
    assert!(ids(&named_better).contains(&"unnamed/general/some-suppliers".to_owned()));
}

#[test]
fn an_ending_without_a_type_is_never_lost() {
    check_fold(
        "a jl-mag granted general reported 2025-12-02 months=12
         b jl-mag revoked unspecified official 2026-03-02 origin=MOFCOM tier=1",
        "2026-04-01",
        &expect![[r#"
            jl-mag/general: Revoked Official since 2026-03-02 until 2026-12-02 [a b] 2/2
        "#]],
    );
    check_fold(
        "a jl-mag granted individual reported 2025-05-02
         b jl-mag granted general reported 2025-12-02 months=12
         c jl-mag revoked unspecified official 2026-03-02 origin=MOFCOM tier=1",
        "2026-04-01",
        &expect![[r#"
            jl-mag/general: Reported Reported since 2025-12-02 until 2026-12-02 [b] 1/1
              doubt: a license of this holder is said to be revoked (2 Mar 2026); which one is not said
            jl-mag/individual: Reported Reported since 2025-05-02 [a] 1/1
              doubt: a license of this holder is said to be revoked (2 Mar 2026); which one is not said
            jl-mag/license: Revoked Official since 2026-03-02 [c] 1/1
        "#]],
    );
}

#[test]
fn claims_that_stand_against_each_other_stand_side_by_side() {
    check_fold(
        "a jl-mag granted general reported 2025-12-02 origin=Reuters
         b jl-mag granted general denied 2025-12-04 publisher=JL_Mag tier=1",
        "2026-01-01",
        &expect![[r#"
            jl-mag/general: Disputed Reported since 2025-12-02 [a b] 2/2
              differ on whether it was granted: JL Mag: denied that it was granted, on or before 4 Dec 2025 (date of the report) / publisher of a: granted, reported, on or before 2 Dec 2025 (date of the report)
        "#]],
    );
    // The firm itself says so later: the denial stays in the history and is answered.
    check_fold(
        "a jl-mag granted general reported 2025-12-02 origin=Reuters
         b jl-mag granted general denied 2025-12-04 publisher=JL_Mag tier=1
         c jl-mag granted general company_confirmed 2026-02-04 publisher=JL_Mag tier=1",
        "2026-03-01",
        &expect![[r#"
            jl-mag/general: CompanyConfirmed CompanyConfirmed since 2025-12-02 [a b c] 3/3
        "#]],
    );
    // A denial of what nobody else claims here.
    check_fold(
        "a jl-mag revoked general denied 2026-02-04",
        "2026-03-01",
        &expect![[r#"
        jl-mag/general: Disputed Denied since 2026-02-04 [a] 1/1
    "#]],
    );
    // Talk ends nothing.
    check_fold(
        "a jl-mag granted general reported 2025-12-02 months=12
         b jl-mag revoked general rumored 2026-02-04 tier=4",
        "2026-03-01",
        &expect![[r#"
            jl-mag/general: Disputed Reported since 2025-12-02 until 2026-12-02 [a b] 2/2
              differ on whether it still runs: publisher of a: granted, reported, one-year, on or before 2 Dec 2025 (date of the report) / publisher of b: revoked, rumored, on or before 4 Feb 2026 (date of the report)
        "#]],
    );
    check_fold(
        "a jl-mag granted individual reported 2026-02-02 months=12
         b jl-mag granted individual reported 2026-02-03 months=6 tier=3
         c jl-mag refused individual reported 2026-02-10 tier=3",
        "2026-03-01",
        &expect![[r#"
            jl-mag/individual: Disputed Reported since 2026-02-02 until 2027-02-02 [a b c] 3/3
              differ on whether it was granted or refused: publisher of a: granted, reported, one-year, on or before 2 Feb 2026 (date of the report) / publisher of c: refused, reported, on or before 10 Feb 2026 (date of the report)
              differ on how long it runs: publisher of a: granted, reported, one-year, on or before 2 Feb 2026 (date of the report) / publisher of b: granted, reported, six-month, on or before 3 Feb 2026 (date of the report)
        "#]],
    );
}

#[test]
fn a_rejected_story_stays_rejected_and_nothing_is_deleted() {
    let known = claims(
        "a jl-mag granted general reported 2025-12-02 origin=Reuters
         b jl-mag granted general reported 2025-12-09 origin=Reuters tier=4
         c jl-mag granted general reported 2026-05-09 origin=Reuters
         d x-jl-magnet granted general reported 2025-12-04
         e zhenghai granted general reported 2025-12-02 origin=Reuters
         f zhenghai granted general reported 2025-12-03 origin=Reuters tier=4
         g zhenghai granted general reported 2026-01-05 origin=Reuters",
    );
    let decide = |verdict, why: &str, at: &str| Decision {
        verdict,
        why: why.to_owned(),
        by: "operator".to_owned(),
        at: at.parse::<DateTime<Utc>>().unwrap(),
    };
    let a = || ClaimId::from("a");
    let reject = decide(Verdict::Reject { claim: a() }, "misread", "2026-01-01T00:00:00Z");
    let merge = decide(
        Verdict::Merge { from: "x-jl-magnet".into(), to: "jl-mag".into() },
        "",
        "2026-01-02T00:00:00Z",
    );
    let months = Verdict::Correct {
        claim: ClaimId::from("c"),
        field: Field::ValidityMonths,
        value: "12".to_owned(),
    };
    let correct = decide(months, "the paper corrected itself", "2026-01-03T00:00:00Z");
    let accept = decide(Verdict::Accept { claim: a() }, "", "2026-01-04T00:00:00Z");
    // A rewrite takes no better telling with it, but what comes again later stays rejected.
    let rewrite = Verdict::Reject { claim: ClaimId::from("f") };
    let rewrite = decide(rewrite, "a rewrite's slip", "2026-01-01T00:00:00Z");
    let fold = |decisions: &[&Decision]| {
        let decisions: Vec<Decision> = decisions.iter().map(|d| (*d).clone()).collect();
        shown(&register::fold(&known, &decisions, day("2026-06-01")))
    };
    expect![[r#"
        jl-mag/general: Reported Reported since 2026-05-09 [c] 1/1
        x-jl-magnet/general: Reported Reported since 2025-12-04 [d] 1/1
        zhenghai/general: Reported Reported since 2025-12-02 [e f g] 2/3
        rejected: a (misread)
        rejected: b (misread)
    "#]]
    .assert_eq(&fold(&[&reject]));
    expect![[r#"
        jl-mag/general: Reported Reported since 2025-12-04 until 2026-12-04 [d c] 2/2
        zhenghai/general: Reported Reported since 2025-12-02 [e f g] 2/3
        rejected: a (misread)
        rejected: b (misread)
    "#]]
    .assert_eq(&fold(&[&correct, &merge, &reject]));
    expect![[r#"
        jl-mag/general: Reported Reported since 2025-12-02 [a b c] 2/3
        x-jl-magnet/general: Reported Reported since 2025-12-04 [d] 1/1
        zhenghai/general: Reported Reported since 2025-12-02 [e f g] 2/3
    "#]]
    .assert_eq(&fold(&[&accept, &reject]));
    expect![[r#"
        jl-mag/general: Reported Reported since 2025-12-02 [a b c] 2/3
        x-jl-magnet/general: Reported Reported since 2025-12-04 [d] 1/1
        zhenghai/general: Reported Reported since 2025-12-02 [e] 1/1
        rejected: f (a rewrite's slip)
        rejected: g (a rewrite's slip)
    "#]]
    .assert_eq(&fold(&[&rewrite]));
}

#[test]
fn unnamed_holders_stay_apart_and_end_users_hold_nothing() {
    let mut known = claims(
        "a - granted unspecified official 2025-06-07 origin=MOFCOM
         b - granted unspecified official 2025-06-12 origin=MOFCOM
         c - granted general official 2025-12-18 origin=MOFCOM
         d - granted general reported 2025-12-18 origin=MOFCOM description=suppliers_of_Ford customers=Ford
         e ford granted general reported 2025-12-19",
    );
    let evidence = Evidence { claims: std::mem::take(&mut known), ..Evidence::default() };
    let evidence = evidence.with(&Curated::default(), &LEXICON);
    let register = register::fold(&evidence.claims, &[], day("2026-01-01"));
    expect![[r#"
        ford/end-user-general: Reported Reported since 2025-12-19 [e] 1/1
        unnamed/general/some-exporters: Official Official since 2025-12-18 [c] 1/1
        unnamed/license/some-exporters: Official Official since 2025-06-07 [a b] 1/2
        unnamed/general/ford: Reported Reported since 2025-12-18 [d] 1/1
    "#]]
    .assert_eq(&shown(&register));
    assert!(register.rows.iter().all(|row| row.holder.is_none() || row.role == Role::EndUser));
}

// ---------------------------------------------------------------- properties

fn any_claim() -> impl Strategy<Value = Claim> {
    let one_of = |words: &'static [&'static str]| prop::sample::select(words);
    let holder = one_of(&["jl-mag", "zhenghai", "-"]);
    let action = one_of(&[
        "granted",
        "granted",
        "granted",
        "granted",
        "applied",
        "refused",
        "revoked",
        "suspended",
        "expired",
        "renewed",
        "pending",
    ]);
    let kind = one_of(&["general", "individual", "unspecified"]);
    let certainty = one_of(&[
        "official",
        "company_confirmed",
        "customer_confirmed",
        "reported",
        "reported",
        "reported",
        "rumored",
        "denied",
    ]);
    let scope = one_of(&["", "", " customers=Ford", " customers=Bosch", " elements=Dy"]);
    let term = one_of(&["", " months=6", " months=12"]);
    let origin = one_of(&["", " origin=Reuters"]);
    (0..10_000u32, holder, action, kind, certainty, 0..700i64, (scope, term, origin, 1..5u8)).prop_map(
        |(id, holder, action, kind, certainty, days, (scope, term, origin, tier))| {
            let published = day("2025-04-04") + chrono::Duration::days(days);
            claim(&format!(
                "c{id} {holder} {action} {kind} {certainty} {published} tier={tier}{scope}{term}{origin}"
            ))
        },
    )
}

fn unique(mut claims: Vec<Claim>) -> Vec<Claim> {
    let mut seen = std::collections::HashSet::new();
    claims.retain(|claim| seen.insert(claim.id.clone()));
    claims
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (claims, shuffled) in prop::collection::vec(any_claim(), 0..14)
            .prop_map(unique)
            .prop_flat_map(|claims| (Just(claims.clone()), Just(claims).prop_shuffle())),
        later in 0..900i64,
    ) {
        let today = day("2025-04-04") + chrono::Duration::days(later);
        prop_assert_eq!(register::fold(&claims, &[], today), register::fold(&shuffled, &[], today));
    }

    #[test]
    fn the_same_claim_twice_changes_nothing(
        claims in prop::collection::vec(any_claim(), 1..10).prop_map(unique),
        again in any::<prop::sample::Index>(),
    ) {
        let today = day("2026-12-01");
        let mut twice = claims.clone();
        twice.push(claims[again.index(claims.len())].clone());
        prop_assert_eq!(register::fold(&claims, &[], today), register::fold(&twice, &[], today));
    }

    #[test]
    fn a_denial_never_deletes(
        claims in prop::collection::vec(any_claim(), 0..12).prop_map(unique),
        mut denial in any_claim(),
    ) {
        let today = day("2026-12-01");
        denial.id = ClaimId::from("denial");
        denial.certainty = Certainty::Denied;
        let ids = |claims: &[Claim]| {
            let register = register::fold(claims, &[], today);
            let mut ids: Vec<String> = register
                .rows
                .iter()
                .flat_map(|row| &row.history)
                .map(|entry| entry.claim.id.0.clone())
                .collect();
            ids.sort();
            ids
        };
        let before = ids(&claims);
        prop_assert_eq!(before.len(), claims.len());
        let mut with = claims;
        with.push(denial);
        let after = ids(&with);
        prop_assert!(before.iter().all(|id| after.contains(id)));
        prop_assert_eq!(after.len(), with.len());
    }

    #[test]
    fn an_id_leads_to_its_holder_whatever_comes_later(
        claims in prop::collection::vec(any_claim(), 1..12).prop_map(unique),
        mut later in any_claim(),
    ) {
        let today = day("2027-03-01");
        later.id = ClaimId::from("later");
        later.first_seen = at("2027-02-01T00:00:00Z");
        let before = register::fold(&claims, &[], today);
        let mut with = claims;
        with.push(later);
        let after = register::fold(&with, &[], today);
        let mut ids: Vec<&str> = after.rows.iter().map(|row| row.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), after.rows.len(), "two rows of one id");
        for row in &before.rows {
            // Whatever became of a row, its id and key lead to what there is of its holder.
            for name in [&row.id, &row.key] {
                let now = after.by_id(name);
                prop_assert!(now.iter().any(|now| now.holder == row.holder), "{name} is lost: {ids:?}");
            }
        }
    }

    #[test]
    fn no_grants_and_no_time_make_a_license_expired(
        mut claims in prop::collection::vec(any_claim(), 1..12).prop_map(unique),
        later in 0..40_000i64,
    ) {
        for claim in &mut claims {
            claim.action = LicenseAction::Granted;
        }
        let today = day("2025-04-04") + chrono::Duration::days(later);
        for row in register::fold(&claims, &[], today).rows {
            prop_assert!(row.is_held(), "{:?}", row.state);
        }
    }

    #[test]
    fn time_alone_moves_only_to_due_and_past_due(
        claims in prop::collection::vec(any_claim(), 1..12).prop_map(unique),
        (early, later) in (0..900i64, 0..3_000i64),
    ) {
        let early = day("2025-04-04") + chrono::Duration::days(early);
        let before = register::fold(&claims, &[], early);
        let after = register::fold(&claims, &[], early + chrono::Duration::days(later));
        for row in &after.rows {
            let old = before.rows.iter().find(|old| old.id == row.id).unwrap();
            let by_time = matches!(row.state, State::Due | State::PastDue | State::Refused);
            prop_assert!(by_time || row.state == old.state, "{:?} to {:?}", old.state, row.state);
        }
    }
}

// ---------------------------------------------------------------- names

#[test]
fn a_holder_is_found_by_any_name() {
    let home = Home::new();
    let now = "2026-11-23T12:00:00Z";
    let whole = ask(&home, "license jl-mag", now);
    assert!(whole.contains("300748.SZ"), "{whole}");
    for name in
        ["金力永磁", "JL Mag", "300748", "6680.HK", "jl mag", "江西金力永磁科技股份有限公司"]
    {
        assert_eq!(ask(&home, &format!("license {name}"), now), whole, "{name}");
    }
    let listed = ask(&home, "licenses jl-mag", now);
    for name in ["金力永磁", "JL Mag", "300748", "6680.HK", "寧波韻升"] {
        let one = ask(&home, &format!("licenses {name}"), now);
        assert!(one.contains("1. "), "{one}");
        if name != "寧波韻升" {
            assert_eq!(
                one.lines().skip(1).collect::<Vec<_>>(),
                listed.lines().skip(1).collect::<Vec<_>>()
            );
        }
    }
    // A company that is often confused with another stays another.
    let find = |name: &str| LEXICON.find_company(name).map(|company| company.id.0.clone());
    assert_eq!(find("China Rare Earth Resources").as_deref(), Some("china-rare-earth-resources"));
    assert_eq!(find("China Rare Earth Holdings").as_deref(), Some("china-rare-earth-holdings"));
    assert_eq!(find("000831.SZ").as_deref(), Some("china-rare-earth-resources"));
    assert_eq!(find("00769.HK").as_deref(), Some("china-rare-earth-holdings"));
    check(
        "license China Rare Earth Holdings",
        "2026-11-23",
        &expect![[r#"
        # China Rare Earth Holdings
        No claim says that China Rare Earth Holdings holds, seeks or lost an export license. That is not proof that it has none: China publishes no list of holders.
        [All licenses: licenses]
    "#]],
    );
}

/// Names in Han characters have ASCII keys, which fit buttons and links, outlast a restart, and
/// still lead to the row when the holder was merged into a known one.
#[test]
fn a_key_leads_to_a_row_whatever_its_name() {
    let home = Home::new();
    let now = "2026-11-23T12:00:00Z";
    let new = claim(
        "a x-赣州某某稀土永磁材料股份有限公司 granted general reported 2026-11-20 customers=某某汽车股份有限公司",
    );
    home.store.commit(Changes { claims: vec![new], ..Changes::default() }).unwrap();
    let rows = |home: &Home| {
        let known = home.desk.known(at(now)).unwrap();
        let row = known.register.rows.iter().find(|row| row.id.starts_with("x-赣州")).cloned();
        row.map(|row| (row.id, row.key))
    };
    let (id, key) = rows(&home).unwrap();
    expect!["x-赣州某某稀土永磁材料股份有限公司/general/某某汽车股份有限公司"].assert_eq(&id);
    assert_eq!(register::argument(&id), key);
    let payload = start_payload(&format!("license {key}")).unwrap();
    assert!(payload.is_ascii() && payload.len() <= 64, "{payload}");
    let whole = ask(&home, &format!("license {id}"), now);
    assert!(whole.contains("General license: granted, reported"), "{whole}");
    assert_eq!(ask(&home, &format!("license {key}"), now), whole);
    assert_eq!(ask(&home, &format!("start {payload}"), now), whole);
    assert!(
        ask(&home, "licenses since 2026-11-20", now)
            .contains(&register::argument("x-赣州某某稀土永磁材料股份有限公司"))
    );
    let home = home.restart();
    assert_eq!(rows(&home), Some((id, key.clone())));
    let merge = Decision {
        verdict: Verdict::Merge {
            from: "x-赣州某某稀土永磁材料股份有限公司".into(),
            to: "zhenghai".into(),
        },
        why: String::new(),
        by: "operator".to_owned(),
        at: at(now),
    };
    home.store.commit(Changes { decisions: vec![merge], ..Changes::default() }).unwrap();
    assert_eq!(rows(&home), None);
    let merged = ask(&home, &format!("license {key}"), now);
    assert!(merged.starts_with("# Zhenghai Magnetic"), "{merged}");
}

/// Every name that a firm of the trade goes by: legal, short, old, misspelled, traditional, a ticker,
/// a mine.
#[test]
fn the_trades_firms_are_found_by_their_names() {
    let names = "
        china-rare-earth-group: China Rare Earth Group | 中国稀土集团
        china-rare-earth-resources: China Rare Earth Resources and Technology | 中国稀土 | 000831.SZ | Minmetals Rare Earth
        china-rare-earth-holdings: China Rare Earth Holdings | 00769.HK
        northern-rare-earth: China Northern Rare Earth | 600111 | Northern Rare Earth | NRE | REHT | 中国北方稀土(集团)高科技股份有限公司 | China Northern Rare Earth (Group) High-Tech Co., Ltd.
        baogang: Baogang | Baotou Steel | 包钢股份 | 600010
        shenghe: Shenghe Resources | 盛和资源 | 600392
        peak: Peak | Ngualla
        rising-nonferrous: Rising Nonferrous | Guangsheng | 600259 | 中稀有色 | 广晟有色金属股份有限公司 | Guangsheng Nonferrous | Rising Nonferrous Metals Share Co., Ltd.
        xiamen-tungsten: Xiamen Tungsten | 厦门钨业 | 600549
        guangdong-rare-earth: Guangdong Rare Earth
        china-southern: Southern Rare Earth
        chinalco-rare-earth: Chinalco Rare Earth
        dmegc: Hengdian DMEGC | 横店东磁 | 002056
        galaxy-magnets: Galaxy Magnets | 银河磁体 | 300127
        atm: Advanced Technology & Materials | AT&M | 安泰科技 | 000969
        jingci: Beijing Jingci | 京磁
        mp-materials: MP Materials | NYSE: MP | Mountain Pass | Independence | 10X
        usa-rare-earth: USA Rare Earth | USAR | Round Top | Stillwater
        lcm: Less Common Metals | LCM
        energy-fuels: Energy Fuels | UUUU | TSX: EFR | White Mesa
        ucore: Ucore | TSXV: UCU
        niocorp: NioCorp | NB
        ramaco: Ramaco | METC
        reelement: American Resources | ReElement | AREC
        vulcan-elements: Vulcan Elements
        noveon: Noveon Magnetics
        evac: eVAC
        permag: Permag
        niron: Niron Magnetics
        phoenix-tailings: Phoenix Tailings
        realloys: REalloys | ALOY
        rare-element: Rare Element Resources | REEMF
        us-critical-materials: US Critical Materials
        american-rare-earths: American Rare Earths | ASX: ARR
        critical-metals: Critical Metals | CRML | Tanbreez
        aclara: Aclara | TSX: ARA
        cyclic: Cyclic
        hypromag: HyProMag USA | HyProMag
        lynas: Lynas | ASX: LYC | LYC | Mt Weld | Kuantan | Gebeng | Kalgoorlie
        iluka: Iluka | ILU | Eneabba
        arafura: Arafura | ARU | Nolans
        asm: Australian Strategic Materials | ASM
        northern-minerals: Northern Minerals | NTU | Browns Range
        hastings: Hastings | HAS | Yangibana
        meteoric: Meteoric | MEI
        brazilian-rare-earths: Brazilian Rare Earths | BRE
        viridis: Viridis | VMM
        ionic: Ionic Rare Earths | IXR
        vhm: VHM
        victory-metals: Victory Metals | VTM
        etm: Energy Transition Minerals | ETM | Greenland Minerals | GGG | Kvanefjeld | Kuannersuit
        neo: Neo Performance Materials | TSX: NEO | Narva | Silmet
        solvay: Solvay | La Rochelle
        carester: Carester | Caremag
        vac: VAC | Vacuumschmelze
        mkango: Mkango | MKA
        pensana: Pensana | PRE
        rainbow: Rainbow | RBW
        serra-verde: Serra Verde | Mineracao Serra Verde | Pela Ema
        lkab: LKAB
        reetec: REEtec
        rare-earths-norway: Rare Earths Norway | Fen
        irel: IREL | Indian Rare Earths
        toyotsu: Toyotsu
        shin-etsu: Shin-Etsu | 信越
        proterial: Proterial | Hitachi Metals
        tdk: TDK
        daido: Daido
        sojitz: Sojitz
        iwatani: Iwatani
        posco-international: POSCO International
        ls-eco-energy: LS
        star-group: Star Group | 성림첨단산업
        maaden: Maaden
        vines: VinES
        remx: REMX
        jl-mag: JL MAG Rare-Earth Co., Ltd. | 江西金力永磁科技股份有限公司 | 金力永磁 | 300748.SZ | 6680.HK | JMREY | JL Mag | JL MAG Rare Earth | Jin Li
        ningbo-yunsheng: Ningbo Yunsheng Co., Ltd. | 宁波韵升股份有限公司 | 寧波韻升 | 600366.SH | Yunsheng
        zhong-ke-san-huan: Beijing Zhong Ke San Huan High-Tech Co., Ltd. | 北京中科三环高技术股份有限公司 | 中科三環 | 000970.SZ | Zhongke Sanhuan | San Huan | Zhong Ke San Huan Hi-Tech
        tianhe-magnetics: Baotou Tianhe Magnetics Technology Co., Ltd. | 包头天和磁材科技股份有限公司 | 天和磁材 | 603072.SH | Tianhe Magnetic Material
        inst-magnetic: Baotou INST Magnetic New Materials Co., Ltd. | 包头市英思特稀磁新材料股份有限公司 | 英思特 | 301622.SZ | INST | Instar
        earth-panda: Earth-Panda Advanced Magnetic Material Co., Ltd. | 安徽大地熊新材料股份有限公司 | 大地熊 | 688077.SH | Earth Panda
        zhenghai: Yantai Zhenghai Magnetic Material Co., Ltd. | 烟台正海磁性材料股份有限公司 | 正海磁材 | 300224.SZ | Zhenghai
        innuovo: Innuovo Technology Co., Ltd. | 英洛华科技股份有限公司 | 英洛华 | 000795.SZ | Innuvo | 英諾沃科技 | Yinluo Hua
    ";
    for line in names.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (id, names) = line.split_once(": ").unwrap();
        for name in names.split(" | ") {
            let found = LEXICON.find_company(name).map(|company| company.id.as_str());
            assert_eq!(found, Some(id), "{name}");
        }
    }
    // Asked for, these mean a firm; in a text they mean other things as well, and none is read there.
    for text in [
        "Jin Li said that Independence Day is near.",
        "Hastings and St Ives: the inst. of the NRE",
        "中国稀土出口许可证",
        "a vines license; LS, Fen and PRE",
    ] {
        assert_eq!(LEXICON.names(text).len(), 0, "{text}");
    }
}

// ---------------------------------------------------------------- the curated history

/// The console's table; chats get lists.
#[test]
fn licenses_on_a_terminal() {
    let home = Home::new();
    let table = home.ask("console:0", "licenses", false, "2026-11-23T12:00:00Z");
    let set = monazite::chat::console::text(&table, &Look::PLAIN);
    assert!(set.lines().all(|line| line.trim_start().starts_with('[') || text::width(line) <= 80));
    expect![[r#"
        Export licenses for rare earths, as reported
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported, not an official register. China publishes no list of license holders;
        each line is a claim with its source. As of 23 Nov 2026. The newest evidence is
        of 8 Feb 2026.

        ── Due ─────────────────────────────────────────────────────────────────────────
        • JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三
          环): general license, one-year term ends 2 Dec 2026, in 9 days, counted from
          the report's date; no renewal and no expiry seen.
        • suppliers of GM, Ford and Stellantis: individual license, six-month term was
          to end 2 Dec 2025, 356 days ago; no renewal and no expiry seen.

        ── Licenses ────────────────────────────────────────────────────────────────────
        Holder        Scope         State         Certainty     Since, due      Origins

        General licenses
        JL MAG        for nearly    due           reported[1]   by 2 Dec 2025,  1 (3)
         (金力永磁)   all                                       due 2 Dec 2026
                      customers
        Ningbo        for some      due           reported[1]   by 2 Dec 2025,  1 (3)
         Yunsheng     customers                                 due 2 Dec 2026
         (宁波韵升)
        Zhong Ke San  for some      due           reported[1]   by 2 Dec 2025,  1 (3)
         Huan         customers                                 due 2 Dec 2026
         (中科三环)

        Individual licenses
        Baotou        for           granted       reported[2]   Apr 2025        1 (1)
         Tianhe       Volkswagen;
         (天和磁材)   to Europe,
                      Vietnam
        Earth-Panda   to Europe,    granted       reported[2]   by 13 May 2025  1 (1)
         (大地熊)     Vietnam
        INST          to Europe,    granted       reported[2]   by 13 May 2025  1 (1)
         Magnetic     Vietnam
         (英思特)
        Ningbo                      granted       reported[3]   by 18 May 2025  1 (1)
         Yunsheng
         (宁波韵升)
        Zhenghai                    granted       confirmed by  by 18 May 2025  2 (2)
         Magnetic                                 company[4]
         (正海磁材)
        Zhong Ke San  to Europe,    granted       reported[2]   by 13 May 2025  1 (1)
         Huan         Vietnam
         (中科三环)

        Licenses whose type is not said
        Innuovo                     granted;      confirmed by  said            3 (3)
         (英洛华)                   claims        company       6 Jun 2025
                                    differ
        JL MAG        magnets,      granted       confirmed by  said Jun 2025   1 (3)
         (金力永磁)   magnet                      company[5]
                      assemblies,
                      rotors; to
                      US, Europe,
                      Southeast
                      Asia

        Applied for, no grant seen: type not said
        China                       applied for   reported[3]   by 18 May 2025  1 (1)
         Northern
         Rare Earth
         (北方稀土)
        Rising                      applied for   reported[3]   by 18 May 2025  1 (1)
         Nonferrous
         (广晟有色)

        Unnamed holders: general licenses
        some                        granted       official      said            1 (3)
         exporters                                (MOFCOM)[6]   18 Dec 2025
        suppliers of  for Ford      granted       confirmed by  said            1 (1)
         Ford                                     customer[7]   10 Dec 2025

        Unnamed holders: individual licenses
        suppliers of  for GM, Ford  past due;     reported[8]   2 Jun 2025,     1 (2)
         GM, Ford and and           claims                      due 2 Dec 2025
         Stellantis   Stellantis    differ

        Unnamed holders: type not said
        exporters to  to Japan      disputed:     reported[9]   by 10 Jan 2026  2 (2)
         Japan                      suspended
        some                        granted       official      said            1 (4)
         exporters                                (MOFCOM)[10]  7 Jun 2025
        suppliers of  121 by the    pending       reported      said Sep 2025   1 (1)
         members of   source's
         the EU       count
         Chamber in
         China
        suppliers of  1 by the      refused       reported      said Sep 2025   1 (1)
         members of   source's
         the EU       count
         Chamber in
         China

        ── Controls and restrictions ───────────────────────────────────────────────────
        • MOFCOM and GAC No. 18 of 2025: in force since 4 Apr 2025: Sm, Gd, Tb, Dy, Lu,
          Sc, Y. CIRS Group[11]
        • Article 2 of MOFCOM No. 46 of 2024: suspended until 27 Nov 2026, 4 days left.
          No extension was seen. Clark Hill[12]
        • MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspended until 10 Jan 2027, 48
          days left. The date is the ministry's explanation, an amending notice was not
          seen. MOFCOM, quoted second-hand[13]
        • Barred: US: military users and uses (No. 46 of 2024, article 1), 10 on the
          control list (No. 23 of 2026, MP Materials and USA Rare Earth among them);
          Japan: military users and uses (No. 1 of 2026), 20 on the control list (No. 11
          of 2026), 20 on the watch list (No. 12 of 2026), 20 on the control list (No.
          27 of 2026), 20 on the watch list (No. 28 of 2026); EU: 7 on the control list
          (No. 20 of 2026), 14 on the control list (No. 30 of 2026).

        ────────────────────────────────────────────────────────────────────────────────
        Page 1 of 2. An origin is who reported it first; copies of one report count
        once, and the articles stand in brackets. After “by” stands the report's date,
        and the license may be older; after “said” the statement's. /license with a name
        shows every claim and its proof, /controls the rules.
        More ›: /licenses page 2

         [1] https://www.worldjournal.com/
         [2] https://tradeinnews.com/
         [3] https://news.metal.com/newscontent/103332869
         [4] https://metallurgprom.org/
         [5] https://www.caixinglobal.com/
         [6] https://www.astroawani.com/
         [7] https://www.kitco.com/
         [8] https://prchief.com/
         [9] https://japannews.yomiuri.co.jp/
        [10] https://www.globaltimes.cn/page/202506/1337037.shtml
        [11] https://hgt.cirs-group.com/
        [12] https://www.clarkhill.com/
        [13] https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html
    "#]].assert_eq(&(set + "\n"));
    let narrow = Look { width: 40, ..Look::PLAIN };
    let due = home.ask("console:0", "licenses due general", false, "2026-11-23T12:00:00Z");
    expect![[r#"
        Export licenses, as reported: due
        general
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Reported, not an official register.
        China publishes no list of license
        holders; each line is a claim with its
        source. As of 23 Nov 2026. The newest
        evidence is of 8 Feb 2026.

        ── Due ─────────────────────────────────
        • JL MAG (金力永磁), Ningbo Yunsheng (宁
          波韵升) and Zhong Ke San Huan (中科三
          环): general license, one-year term
          ends 2 Dec 2026, in 9 days, counted
          from the report's date; no renewal and
          no expiry seen.

        ── Licenses ────────────────────────────

        General licenses
        • Holder: JL MAG (金力永磁)
          Scope: for nearly all customers
          State: due
          Certainty: reported[1]
          Since, due: by 2 Dec 2025,
          due 2 Dec 2026
          Origins: 1 (3)
        • Holder: Ningbo Yunsheng (宁波韵升)
          Scope: for some customers
          State: due
          Certainty: reported[1]
          Since, due: by 2 Dec 2025,
          due 2 Dec 2026
          Origins: 1 (3)
        • Holder: Zhong Ke San Huan (中科三环)
          Scope: for some customers
          State: due
          Certainty: reported[1]
          Since, due: by 2 Dec 2025,
          due 2 Dec 2026
          Origins: 1 (3)

        ────────────────────────────────────────
        An origin is who reported it first;
        copies of one report count once, and the
        articles stand in brackets. After “by”
        stands the report's date, and the
        license may be older; after “said” the
        statement's. /license with a name shows
        every claim and its proof, /controls the
        rules.

        [1] https://www.worldjournal.com/
    "#]]
    .assert_eq(&(monazite::chat::console::text(&due, &narrow) + "\n"));
}

/// The README shows what a terminal shows, without the words around it.
#[test]
fn the_readme_shows_the_table() {
    let home = Home::new();
    let answer = home.ask("console:0", "licenses general", false, "2026-11-23T12:00:00Z");
    let set = monazite::chat::console::text(&answer, &Look::PLAIN);
    let table = &set[set.find("── Due").unwrap()..set.find("\n\n────").unwrap()];
    let readme = std::fs::read_to_string("README.md").unwrap();
    let (before, rest) = readme.split_once("<!-- licenses:console -->").unwrap();
    let (_, after) = rest.split_once("<!-- /licenses:console -->").unwrap();
    let shown =
        format!("<!-- licenses:console -->\n```text\n{table}\n```\n<!-- /licenses:console -->");
    expect_test::expect_file!["../../README.md"].assert_eq(&format!("{before}{shown}{after}"));
}

#[test]
fn licenses_on_the_23rd_of_november() {
    check(
        "licenses",
        "2026-11-23",
        &expect![[r#"
            # Export licenses for rare earths, as reported
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term ends 2 Dec 2026, in 9 days, counted from the report's date; no renewal and no expiry seen.
            - suppliers of GM, Ford and Stellantis: individual license, six-month term was to end 2 Dec 2025, 356 days ago; no renewal and no expiry seen.

            ## General licenses
            - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 2. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 3. Zhong Ke San Huan (中科三环): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal

            ## Individual licenses
            - 4. Baotou Tianhe (天和磁材): granted, reported, Apr 2025; for Volkswagen; to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 5. Earth-Panda (大地熊): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 6. INST Magnetic (英思特): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 7. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM
            - 8. Zhenghai Magnetic (正海磁材): granted, confirmed by the company, on or before 18 May 2025 (date of the report) (2 origins, 2 articles). metallurgprom
            - 9. Zhong Ke San Huan (中科三环): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com

            ## Licenses whose type is not said
            - 10. Innuovo (英洛华): granted, confirmed by the company, said on 6 Jun 2025; claims differ (3 origins, 3 articles). Innuovo

            ## Controls and restrictions
            - MOFCOM and GAC No. 18 of 2025: in force since 4 Apr 2025: Sm, Gd, Tb, Dy, Lu, Sc, Y. CIRS Group
            - Article 2 of MOFCOM No. 46 of 2024: suspended until 27 Nov 2026, 4 days left. No extension was seen. Clark Hill
            - MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspended until 10 Jan 2027, 48 days left. The date is the ministry's explanation, an amending notice was not seen. MOFCOM, quoted second-hand
            - Barred: US: military users and uses (No. 46 of 2024, article 1), 10 on the control list (No. 23 of 2026, MP Materials and USA Rare Earth among them); Japan: military users and uses (No. 1 of 2026), 20 on the control list (No. 11 of 2026), 20 on the watch list (No. 12 of 2026), 20 on the control list (No. 27 of 2026), 20 on the watch list (No. 28 of 2026); EU: 7 on the control list (No. 20 of 2026), 14 on the control list (No. 30 of 2026).
            (Page 1 of 4. An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhong Ke San Huan: license zhong-ke-san-huan] [Baotou Tianhe: license tianhe-magnetics]
            [Earth-Panda: license earth-panda] [INST Magnetic: license inst-magnetic]
            [Zhenghai Magnetic: license zhenghai] [Innuovo: license innuovo]
            [More ›: edit licenses page 2]
        "#]],
    );
}

#[test]
fn licenses_second_page() {
    check(
        "licenses page 2",
        "2026-11-23",
        &expect![[r#"
            # Export licenses for rare earths, as reported
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Licenses whose type is not said
            - 11. JL MAG (金力永磁): granted, confirmed by the company, said in Jun 2025; magnets, magnet assemblies, rotors; to US, Europe, Southeast Asia (1 origin, 3 articles). Caixin

            ## Applied for, no grant seen
            - 12. China Northern Rare Earth (北方稀土): license, type not said, applied for, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM
            - 13. Rising Nonferrous (广晟有色): license, type not said, applied for, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM

            ## Unnamed holders
            - 14. exporters to Japan: license, type not said, disputed (suspended, reported), on or before 10 Jan 2026 (date of the report); to Japan; claims differ (2 origins, 2 articles). The Japan News
            - 15. some exporters: general license, granted, official (MOFCOM), said on 18 Dec 2025 (1 origin, 3 articles). Astro Awani
            - 16. some exporters: license, type not said, granted, official (MOFCOM), said on 7 Jun 2025 (1 origin, 4 articles). Global Times
            - 17. suppliers of Ford: general license, granted, confirmed by the customer, said on 10 Dec 2025; for Ford (1 origin, 1 article). Kitco
            - 18. suppliers of GM, Ford and Stellantis: individual license, granted, reported, 2 Jun 2025; for GM, Ford and Stellantis; past due since 2 Dec 2025; claims differ (1 origin, 2 articles). prchief.com
            - 19. suppliers of members of the EU Chamber in China: license, type not said, pending, reported, said in Sep 2025; 121 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China
            - 20. suppliers of members of the EU Chamber in China: license, type not said, refused, reported, said in Sep 2025; 1 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China
            (Page 2 of 4. An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [China Northern Rare Earth: license northern-rare-earth]
            [Rising Nonferrous: license rising-nonferrous] [exporters to Japan: license unnamed/license-suspended/exporters-to-japan]
            [General: some exporters: license unnamed/general/some-exporters] [some exporters: license unnamed/license/some-exporters]
            [General: suppliers of Ford: license unnamed/general/ford] [Individual: suppliers of GM, Fo…: license unnamed/individual/gm]
            [suppliers of members of the EU…: license unnamed/license-pending/suppliers-of-members-of] [suppliers of members of the EU…: license unnamed/license-refused/suppliers-of-members-of]
            [‹ Back: edit licenses page 1] [More ›: edit licenses page 3]
        "#]],
    );
}

#[test]
fn licenses_last_pages() {
    check(
        "licenses page 3",
        "2026-11-23",
        &expect![[r#"
            # Export licenses for rare earths, as reported
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Unnamed holders
            - 21. suppliers of members of the EU Chamber in China: license, type not said, granted, reported, said in Sep 2025; 19 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China

            ## End users, covered by a supplier's license
            - 22. Continental India: license, type not said, granted, reported, on or before 30 Oct 2025 (date of the report) (1 origin, 1 article). Economic Times
            - 23. DE Diamond: license, type not said, granted, reported, on or before 30 Oct 2025 (date of the report) (1 origin, 1 article). Economic Times
            - 24. Hitachi: license, type not said, granted, reported, on or before 30 Oct 2025 (date of the report) (1 origin, 1 article). Economic Times
            - 25. Jay Ushin: license, type not said, granted, reported, on or before 30 Oct 2025 (date of the report) (1 origin, 1 article). Economic Times
            - 26. several Korean firms: license, type not said, granted, reported, May 2025 (1 origin, 1 article). source not noted
            - 27. some EU firms: general license, granted, official (European Commission), said on 15 Dec 2025 (1 origin, 1 article). Longbridge
            - 28. some EU firms: license, type not said, granted, reported, Jun 2025 (1 origin, 1 article). source not noted
            - 29. some Indian firms: license, type not said, granted, official (India's Ministry of External Affairs), said on 30 Oct 2025 (3 origins, 3 articles). Economic Times
            - 30. some Japanese firms: license, type not said, granted, reported, on or before 8 Feb 2026 (date of the report); to Japan (2 origins, 2 articles). reportify.cn
            (Page 3 of 4. An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [suppliers of members of the EU…: license unnamed/license/suppliers-of-members-of] [Continental India: license continental]
            [DE Diamond: license de-diamond] [Hitachi: license hitachi]
            [Jay Ushin: license jay-ushin] [several Korean firms: license unnamed/end-user-license/several-korean-firms]
            [General: some EU firms: license unnamed/end-user-general/some-eu-firms] [some EU firms: license unnamed/end-user-license/some-eu-firms]
            [some Indian firms: license unnamed/end-user-license/some-indian-firms] [some Japanese firms: license unnamed/end-user-license/some-japanese-firms]
            [‹ Back: edit licenses page 2] [More ›: edit licenses page 4]
        "#]],
    );
    check(
        "licenses page 4",
        "2026-11-23",
        &expect![[r#"
        # Export licenses for rare earths, as reported
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

        ## End users, covered by a supplier's license
        - 31. suppliers of Mahindra, Maruti Suzuki and Honda Motorcycle & Scooter: license, type not said, pending, reported, Dec 2025; for Mahindra, Maruti Suzuki and Honda Motorcycle & Scooter (1 origin, 1 article). source not noted
        - 32. Volkswagen: individual license, granted, reported, Apr 2025 (1 origin, 1 article). tradeinnews.com
        (Page 4 of 4. An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
        [suppliers of Mahindra, Maruti S…: license unnamed/end-user-license-pending/mahindra] [Volkswagen: license volkswagen]
        [‹ Back: edit licenses page 3]
    "#]],
    );
}

#[test]
fn licenses_after_the_terms_end() {
    check(
        "licenses general",
        "2026-12-01",
        &expect![[r#"
            # Export licenses, as reported: general
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 1 Dec 2026. The newest evidence is of 8 Feb 2026.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term ends 2 Dec 2026, tomorrow, counted from the report's date; no renewal and no expiry seen.

            ## General licenses
            - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; due 2 Dec 2026, tomorrow (1 origin, 3 articles). World Journal
            - 2. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, tomorrow (1 origin, 3 articles). World Journal
            - 3. Zhong Ke San Huan (中科三环): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, tomorrow (1 origin, 3 articles). World Journal

            ## Unnamed holders
            - 4. some exporters: general license, granted, official (MOFCOM), said on 18 Dec 2025 (1 origin, 3 articles). Astro Awani
            - 5. suppliers of Ford: general license, granted, confirmed by the customer, said on 10 Dec 2025; for Ford (1 origin, 1 article). Kitco

            ## End users, covered by a supplier's license
            - 6. some EU firms: general license, granted, official (European Commission), said on 15 Dec 2025 (1 origin, 1 article). Longbridge
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhong Ke San Huan: license zhong-ke-san-huan] [General: some exporters: license unnamed/general/some-exporters]
            [General: suppliers of Ford: license unnamed/general/ford] [General: some EU firms: license unnamed/end-user-general/some-eu-firms]
        "#]],
    );
    check(
        "licenses general",
        "2026-12-10",
        &expect![[r#"
            # Export licenses, as reported: general
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 10 Dec 2026. The newest evidence is of 8 Feb 2026.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term was to end 2 Dec 2026, 8 days ago, counted from the report's date; no renewal and no expiry seen.

            ## General licenses
            - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal
            - 2. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal
            - 3. Zhong Ke San Huan (中科三环): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal

            ## Unnamed holders
            - 4. some exporters: general license, granted, official (MOFCOM), said on 18 Dec 2025 (1 origin, 3 articles). Astro Awani
            - 5. suppliers of Ford: general license, granted, confirmed by the customer, said on 10 Dec 2025; for Ford (1 origin, 1 article). Kitco

            ## End users, covered by a supplier's license
            - 6. some EU firms: general license, granted, official (European Commission), said on 15 Dec 2025 (1 origin, 1 article). Longbridge
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhong Ke San Huan: license zhong-ke-san-huan] [General: some exporters: license unnamed/general/some-exporters]
            [General: suppliers of Ford: license unnamed/general/ford] [General: some EU firms: license unnamed/end-user-general/some-eu-firms]
        "#]],
    );
}

#[test]
fn licenses_by_element() {
    check(
        "licenses dysprosium",
        "2026-11-23",
        &expect![[r#"
            # Export licenses, as reported: dysprosium
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.
            Dysprosium: MOFCOM and GAC No. 18 of 2025, in force since 4 Apr 2025, code 1C905. CIRS Group
            No claim names dysprosium.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term ends 2 Dec 2026, in 9 days, counted from the report's date; no renewal and no expiry seen.

            ## Elements not said, so it may be covered
            - 1. Baotou Tianhe (天和磁材): individual license, granted, reported, Apr 2025; for Volkswagen; to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 2. Earth-Panda (大地熊): individual license, granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 3. Innuovo (英洛华): license, type not said, granted, confirmed by the company, said on 6 Jun 2025; claims differ (3 origins, 3 articles). Innuovo
            - 4. INST Magnetic (英思特): individual license, granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 5. JL MAG (金力永磁): general license, granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 6. JL MAG (金力永磁): license, type not said, granted, confirmed by the company, said in Jun 2025; magnets, magnet assemblies, rotors; to US, Europe, Southeast Asia (1 origin, 3 articles). Caixin
            - 7. Ningbo Yunsheng (宁波韵升): general license, granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 8. Ningbo Yunsheng (宁波韵升): individual license, granted, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM
            - 9. Zhenghai Magnetic (正海磁材): individual license, granted, confirmed by the company, on or before 18 May 2025 (date of the report) (2 origins, 2 articles). metallurgprom
            - 10. Zhong Ke San Huan (中科三环): general license, granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            (Page 1 of 2. An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [Baotou Tianhe: license tianhe-magnetics] [Earth-Panda: license earth-panda]
            [Innuovo: license innuovo] [INST Magnetic: license inst-magnetic]
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhenghai Magnetic: license zhenghai] [Zhong Ke San Huan: license zhong-ke-san-huan]
            [More ›: edit licenses dysprosium page 2]
        "#]],
    );
}

/// Filters in any wording and script; what means nothing, or more than one firm, is said back.
#[test]
fn a_wish_is_understood_in_any_wording() {
    let known = register::fold(&CURATED.claims, &[], day("2026-11-23"));
    let read = |line: &str| register::Filter::read(line, &LEXICON, &known);
    for line in "since 2025-12 | since Dec 2025 | Since december 2025 | from 2025年12月 | 自2025年12月以来 | 自 2025-12 | від 2025-12
                 since 2025-12-02 general | 通用 自2025年12月2日
                 Japan | to Japan | 日本 | japanese | японія
                 EU general | 欧盟通用许可证 | 歐盟 通用
                 Dy | dysprosium | 镝 | 鏑
                 JL | JL MAG | 金力 | 300748 | Jin Li
                 Ford | 福特 | customer Ford
                 magnets | the magnets"
        .lines()
    {
        let mut wishes = line.split(" | ").map(str::trim);
        let first = wishes.next().unwrap();
        for wish in wishes {
            assert_eq!(read(wish), read(first), "{wish}");
        }
        assert!(read(first).is_ok_and(|filter| !filter.is_empty()), "{first}");
    }
    for line in ["中国", "稀土", "China Rare", "nonsense", "since when", "since 13 2025", "高盛"]
    {
        assert!(read(line).is_err(), "{line}");
    }
    let since = |line: &str| read(line).unwrap().since.map(|date| date.to_string());
    assert_eq!(since("since 2025").as_deref(), Some("2025-01"));
}

#[test]
fn licenses_by_filters() {
    check(
        "licenses due",
        "2026-11-23",
        &expect![[r#"
            # Export licenses, as reported: due
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term ends 2 Dec 2026, in 9 days, counted from the report's date; no renewal and no expiry seen.
            - suppliers of GM, Ford and Stellantis: individual license, six-month term was to end 2 Dec 2025, 356 days ago; no renewal and no expiry seen.

            ## General licenses
            - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 2. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
            - 3. Zhong Ke San Huan (中科三环): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal

            ## Unnamed holders
            - 4. suppliers of GM, Ford and Stellantis: individual license, granted, reported, 2 Jun 2025; for GM, Ford and Stellantis; past due since 2 Dec 2025; claims differ (1 origin, 2 articles). prchief.com
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhong Ke San Huan: license zhong-ke-san-huan] [Individual: suppliers of GM, Fo…: license unnamed/individual/gm]
        "#]],
    );
    check(
        "licenses due",
        "2027-02-01",
        &expect![[r#"
            # Export licenses, as reported: due
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 1 Feb 2027. The newest evidence is of 8 Feb 2026.

            ## Due
            - JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general license, one-year term was to end 2 Dec 2026, 61 days ago, counted from the report's date; no renewal and no expiry seen.
            - suppliers of GM, Ford and Stellantis: individual license, six-month term was to end 2 Dec 2025, 426 days ago; no renewal and no expiry seen.

            ## General licenses
            - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal
            - 2. Ningbo Yunsheng (宁波韵升): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal
            - 3. Zhong Ke San Huan (中科三环): granted, reported, on or before 2 Dec 2025 (date of the report); for some customers; past due since 2 Dec 2026 (1 origin, 3 articles). World Journal

            ## Unnamed holders
            - 4. suppliers of GM, Ford and Stellantis: individual license, granted, reported, 2 Jun 2025; for GM, Ford and Stellantis; past due since 2 Dec 2025; claims differ (1 origin, 2 articles). prchief.com
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [JL MAG: license jl-mag] [Ningbo Yunsheng: license ningbo-yunsheng]
            [Zhong Ke San Huan: license zhong-ke-san-huan] [Individual: suppliers of GM, Fo…: license unnamed/individual/gm]
        "#]],
    );
    check(
        "licenses 通用 Ford",
        "2026-11-23",
        &expect![[r#"
        # Export licenses, as reported: 通用 Ford
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

        ## Unnamed holders
        - 1. suppliers of Ford: general license, granted, confirmed by the customer, said on 10 Dec 2025; for Ford (1 origin, 1 article). Kitco
        (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
        [General: suppliers of Ford: license unnamed/general/ford]
    "#]],
    );
    check(
        "licenses 金力永磁通用许可证",
        "2026-11-23",
        &expect![[r#"
        # Export licenses, as reported: 金力永磁通用许可证
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

        ## Due
        - JL MAG (金力永磁): general license, one-year term ends 2 Dec 2026, in 9 days, counted from the report's date; no renewal and no expiry seen.

        ## General licenses
        - 1. JL MAG (金力永磁): granted, reported, on or before 2 Dec 2025 (date of the report); for nearly all customers; due 2 Dec 2026, in 9 days (1 origin, 3 articles). World Journal
        (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
        [JL MAG: license jl-mag]
    "#]],
    );
    check(
        "licenses applied",
        "2026-11-23",
        &expect![[r#"
        # Export licenses, as reported: applied
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

        ## Applied for, no grant seen
        - 1. China Northern Rare Earth (北方稀土): license, type not said, applied for, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM
        - 2. Rising Nonferrous (广晟有色): license, type not said, applied for, reported, on or before 18 May 2025 (date of the report) (1 origin, 1 article). SMM
        (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
        [China Northern Rare Earth: license northern-rare-earth] [Rising Nonferrous: license rising-nonferrous]
    "#]],
    );
    check(
        "licenses Europe individual",
        "2026-11-23",
        &expect![[r#"
            # Export licenses, as reported: Europe individual
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Individual licenses
            - 1. Baotou Tianhe (天和磁材): granted, reported, Apr 2025; for Volkswagen; to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 2. Earth-Panda (大地熊): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 3. INST Magnetic (英思特): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 4. Zhong Ke San Huan (中科三环): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [Baotou Tianhe: license tianhe-magnetics] [Earth-Panda: license earth-panda]
            [INST Magnetic: license inst-magnetic] [Zhong Ke San Huan: license zhong-ke-san-huan]
        "#]],
    );
    check(
        "licenses since 2026-01",
        "2026-11-23",
        &expect![[r#"
        # Export licenses, as reported: since 2026-01
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

        ## Unnamed holders
        - 1. exporters to Japan: license, type not said, disputed (suspended, reported), on or before 10 Jan 2026 (date of the report); to Japan; claims differ (2 origins, 2 articles). The Japan News

        ## End users, covered by a supplier's license
        - 2. some Japanese firms: license, type not said, granted, reported, on or before 8 Feb 2026 (date of the report); to Japan (2 origins, 2 articles). reportify.cn
        (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
        [exporters to Japan: license unnamed/license-suspended/exporters-to-japan] [some Japanese firms: license unnamed/end-user-license/some-japanese-firms]
    "#]],
    );
    check(
        "licenses EU",
        "2026-11-23",
        &expect![[r#"
            # Export licenses, as reported: EU
            Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.

            ## Individual licenses
            - 1. Baotou Tianhe (天和磁材): granted, reported, Apr 2025; for Volkswagen; to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 2. Earth-Panda (大地熊): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 3. INST Magnetic (英思特): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com
            - 4. Zhong Ke San Huan (中科三环): granted, reported, on or before 13 May 2025 (date of the report); to Europe, Vietnam (1 origin, 1 article). tradeinnews.com

            ## Licenses whose type is not said
            - 5. JL MAG (金力永磁): granted, confirmed by the company, said in Jun 2025; magnets, magnet assemblies, rotors; to US, Europe, Southeast Asia (1 origin, 3 articles). Caixin

            ## Unnamed holders
            - 6. suppliers of members of the EU Chamber in China: license, type not said, pending, reported, said in Sep 2025; 121 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China
            - 7. suppliers of members of the EU Chamber in China: license, type not said, refused, reported, said in Sep 2025; 1 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China
            - 8. suppliers of members of the EU Chamber in China: license, type not said, granted, reported, said in Sep 2025; 19 by the source's count (1 origin, 1 article). EU Chamber of Commerce in China

            ## End users, covered by a supplier's license
            - 9. some EU firms: general license, granted, official (European Commission), said on 15 Dec 2025 (1 origin, 1 article). Longbridge
            - 10. some EU firms: license, type not said, granted, reported, Jun 2025 (1 origin, 1 article). source not noted

            ## Restrictions: EU
            - MOFCOM No. 20 of 2026: 24 Apr 2026. Puts 7 EU entities on the export control list. MOFCOM
            - MOFCOM No. 30 of 2026: 24 Jul 2026. Puts 14 EU entities on the export control list. MOFCOM
            (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
            [Baotou Tianhe: license tianhe-magnetics] [Earth-Panda: license earth-panda]
            [INST Magnetic: license inst-magnetic] [Zhong Ke San Huan: license zhong-ke-san-huan]
            [JL MAG: license jl-mag] [suppliers of members of the EU…: license unnamed/license-pending/suppliers-of-members-of]
            [suppliers of members of the EU…: license unnamed/license-refused/suppliers-of-members-of] [suppliers of members of the EU…: license unnamed/license/suppliers-of-members-of]
            [General: some EU firms: license unnamed/end-user-general/some-eu-firms] [some EU firms: license unnamed/end-user-license/some-eu-firms]
        "#]],
    );
    check(
        "licenses Eu",
        "2026-11-23",
        &expect![[r#"
        # Export licenses, as reported: Eu
        Reported, not an official register. China publishes no list of license holders; each line is a claim with its source. As of 23 Nov 2026. The newest evidence is of 8 Feb 2026.
        Europium: MOFCOM and GAC No. 57 of 2025, suspended until 10 Jan 2027, 48 days left, code 1C912. Pillsbury
        No claim names europium.
        No claim matches this.
        (An origin is who reported it first; copies of one report count once. /license with a name shows every claim and its proof, /controls the rules.)
    "#]],
    );
    check(
        "licenses purple unicorns",
        "2026-11-23",
        &expect![[r#"
        I know no “purple”, “unicorns” here. Possible are a holder (JL Mag, 金力永磁, 300748), an element (dysprosium, Dy, 镝), a type (general, individual), a state (granted, official, confirmed, reported, disputed, due, applied, pending, refused, revoked, suspended, expired, renewed), a place (Europe, 日本), a customer (Ford), unnamed, end users, or since 2025-12.
    "#]],
    );
}

#[test]
fn license_of_jl_mag() {
    check(
        "license jl-mag",
        "2026-11-23",
        &expect![[r#"
            # JL MAG
            JL MAG Rare-Earth Co., Ltd. · 江西金力永磁科技股份有限公司 · 300748.SZ, 6680.HK, JMREY

            ## General license: granted, reported; due
            Granted, on or before 2 Dec 2025 (date of the report); for nearly all customers; one-year term ends 2 Dec 2026, in 9 days, counted from the report's date; no renewal and no expiry seen (1 origin, 3 articles).
            2 Dec 2025: granted, general license, one-year, reported — timesofindia.tv, after Reuters. Note: Reuters on one source; no other named general license has been seen, and no renewal or expiry. The day of the grant is not known. Only the site is known, not the page.
            2 Dec 2025: granted, general license, one-year, reported — Tom's Hardware, after Reuters. Note: as above.
            2 Dec 2025: granted, general license, one-year, reported — World Journal, after Reuters. Note: as above.
            Not known: the elements; the destinations; the day itself; the words of the source, which are not at hand; whether holder or ministry confirm it; whether it was renewed or lapsed.

            ## License, type not said: granted, confirmed by the company
            Granted, said in Jun 2025; magnets, magnet assemblies, rotors; to US, Europe, Southeast Asia (1 origin, 3 articles).
            Jun 2025: granted, license, type not said, confirmed by the company — Caixin, published 11 Jun 2025. Note: said by the company on the Shenzhen exchange's investor platform on 10 or 11 June; the type of license is not said. Only the site is known, not the page.
            Jun 2025: granted, license, type not said, confirmed by the company — Oriental Daily, published 11 Jun 2025. Note: as above.
            Jun 2025: granted, license, type not said, confirmed by the company — Rare Earth Exchanges, published 11 Jun 2025. Note: said by the company on the Shenzhen exchange's investor platform on 10 or 11 June; the type of license is not said.
            Not known: the type of license; the elements; the day itself; how long it runs; the words of the source, which are not at hand.
            (Reported, not an official register. As of 23 Nov 2026. Sources last read 23 Nov 2026.)
            [All licenses: licenses] [Controls: controls]
        "#]],
    );
    check(
        "license jl-mag",
        "2026-12-10",
        &expect![[r#"
            # JL MAG
            JL MAG Rare-Earth Co., Ltd. · 江西金力永磁科技股份有限公司 · 300748.SZ, 6680.HK, JMREY

            ## General license: granted, reported; past due
            Granted, on or before 2 Dec 2025 (date of the report); for nearly all customers; one-year term was to end 2 Dec 2026, 8 days ago, counted from the report's date; no renewal and no expiry seen (1 origin, 3 articles).
            2 Dec 2025: granted, general license, one-year, reported — timesofindia.tv, after Reuters. Note: Reuters on one source; no other named general license has been seen, and no renewal or expiry. The day of the grant is not known. Only the site is known, not the page.
            2 Dec 2025: granted, general license, one-year, reported — Tom's Hardware, after Reuters. Note: as above.
            2 Dec 2025: granted, general license, one-year, reported — World Journal, after Reuters. Note: as above.
            Not known: the elements; the destinations; the day itself; the words of the source, which are not at hand; whether holder or ministry confirm it; whether it was renewed or lapsed.

            ## License, type not said: granted, confirmed by the company
            Granted, said in Jun 2025; magnets, magnet assemblies, rotors; to US, Europe, Southeast Asia (1 origin, 3 articles).
            Jun 2025: granted, license, type not said, confirmed by the company — Caixin, published 11 Jun 2025. Note: said by the company on the Shenzhen exchange's investor platform on 10 or 11 June; the type of license is not said. Only the site is known, not the page.
            Jun 2025: granted, license, type not said, confirmed by the company — Oriental Daily, published 11 Jun 2025. Note: as above.
            Jun 2025: granted, license, type not said, confirmed by the company — Rare Earth Exchanges, published 11 Jun 2025. Note: said by the company on the Shenzhen exchange's investor platform on 10 or 11 June; the type of license is not said.
            Not known: the type of license; the elements; the day itself; how long it runs; the words of the source, which are not at hand.
            (Reported, not an official register. As of 10 Dec 2026. Sources last read 23 Nov 2026.)
            [All licenses: licenses] [Controls: controls]
        "#]],
    );
}

#[test]
fn license_of_others() {
    check(
        "license Innuovo",
        "2026-11-23",
        &expect![[r#"
        # Innuovo
        Innuovo Technology Co., Ltd. · 英洛华科技股份有限公司 · 000795.SZ

        ## License, type not said: granted, confirmed by the company
        Granted, said on 6 Jun 2025 (3 origins, 3 articles).
        Claims differ on whether it was granted by then: SMM: applied for, reported, on or before 18 May 2025 (date of the report) / source not noted: granted, reported, Apr 2025. The more trusted stands first.
        Apr 2025: granted, license, type not said, reported — source not noted, published 13 May 2025 (origin 1). Note: one site names it in the April batch, against Reuters, which names four others; low trust. The name is a translation back into Chinese, and neither the address nor the day was noted.
        18 May 2025: applied for, license, type not said, reported — SMM, after Cailian Press (origin 2). Note: no decision on this application is told here; the address stands without its last part.
        6 Jun 2025: granted, license, type not said, confirmed by the company — Innuovo, published 6 Jun 2025 (origin 3). Note: a small number of licenses; the address of the statement is not at hand.
        Not known: the type of license; the elements; the destinations; the day itself; how long it runs; the words of the source, which are not at hand.
        (Reported, not an official register. As of 23 Nov 2026. Sources last read 23 Nov 2026.)
        [All licenses: licenses] [Controls: controls]
    "#]],
    );
    check(
        "license 天和磁材",
        "2026-11-23",
        &expect![[r#"
        # Baotou Tianhe
        Baotou Tianhe Magnetics Technology Co., Ltd. · 包头天和磁材科技股份有限公司 · 603072.SH

        ## Individual license: granted, reported
        Granted, Apr 2025; for Volkswagen; to Europe, Vietnam (1 origin, 1 article).
        Apr 2025: granted, individual license, reported — tradeinnews.com, published 13 May 2025, after Reuters. Note: Three sources; Volkswagen half-confirms; the first batch, of late April, went to four magnet makers, for customers in Europe and Vietnam only. Only the site is known, not the page.
        Not known: the elements; how long it runs; the words of the source, which are not at hand; whether holder or ministry confirm it.
        (Reported, not an official register. As of 23 Nov 2026. Sources last read 23 Nov 2026.)
        [All licenses: licenses] [Controls: controls]
    "#]],
    );
    check(
        "license Hitachi",
        "2026-11-23",
        &expect![[r##"
        # Hitachi
        Hitachi (India)
        An end user: what is called its license is a supplier's license to sell to it. The holder in law is the Chinese exporter.

        ## License, type not said: granted, reported
        Granted, on or before 30 Oct 2025 (date of the report) (1 origin, 1 article).
        30 Oct 2025: granted, license, type not said, reported — Economic Times. Note: called licensed; the holder in law is its Chinese supplier. Only the paper names it; the Indian foreign ministry confirms "some" firms. Only the site is known, not the page.
        Not known: the type of license; the elements; the destinations; the day itself; how long it runs; the words of the source, which are not at hand; whether holder or ministry confirm it.
        (Reported, not an official register. As of 23 Nov 2026. Sources last read 23 Nov 2026.)
        [All licenses: licenses] [Controls: controls]
    "##]],
    );
    check(
        "license japan-2026-01-halt-wsj",
        "2026-11-23",
        &expect![[r#"
        # Unnamed: exporters to Japan
        The sources name nobody, so no name stands here.

        ## License, type not said: disputed (suspended, reported)
        Suspended, on or before 10 Jan 2026 (date of the report); to Japan (2 origins, 2 articles).
        Claims differ on what became of it: ttm.financial: denied that it was suspended, on or before 10 Jan 2026 (date of the report) / The Japan News: suspended, reported, on or before 10 Jan 2026 (date of the report). The more trusted stands first.
        10 Jan 2026: denied that it was suspended, license, type not said — ttm.financial, after MOFCOM (origin 1). Note: the ministry says that civilian users are not affected; Kyodo, against that, has state firms refuse new contracts. Only the site is known, not the page (1172451455), and which of the two reports it carries is not certain.
        10 Jan 2026: suspended, license, type not said, reported — The Japan News, after Wall Street Journal (origin 2). Note: said to be a halt of the review of licenses for all Japanese industry; the reports are of 6 to 10 January. Only the site is known, not the page (20260110).
        Not known: who it is; the type of license; the elements; the day itself; the words of the source, which are not at hand; whether holder or ministry confirm it.
        (Reported, not an official register. As of 23 Nov 2026. Sources last read 23 Nov 2026.)
        [All licenses: licenses] [Controls: controls]
    "#]],
    );
    check(
        "license MP Materials",
        "2026-11-23",
        &expect![[r#"
        # MP Materials
        No claim says that MP Materials holds, seeks or lost an export license. That is not proof that it has none: China publishes no list of holders.

        ## Barred from Chinese exports
        - MOFCOM No. 23 of 2026: 22 Jun 2026. Puts 10 US entities on the export control list, MP Materials and USA Rare Earth among them: no dual-use exports to them, by third parties neither. Benchmark
        [All licenses: licenses]
    "#]],
    );
    check(
        "license Nobody Ltd",
        "2026-11-23",
        &expect![[r#"
        I know no holder “Nobody Ltd”. /licenses lists all of them; names work in English and Chinese, and so do tickers.
    "#]],
    );
    check(
        "license",
        "2026-11-23",
        &expect![[r#"
        Say whose license you mean, for example /license Earth-Panda. /licenses lists all of them.
    "#]],
    );
}

#[test]
fn half_typed_words_are_completed() {
    let home = Home::new();
    let complete = |name: &str, partial: &str| {
        monazite::commands::complete(&home.desk, name, partial).join(", ")
    };
    expect!["JL MAG"].assert_eq(&complete("licenses", "jl"));
    expect!["Ningbo Yunsheng"].assert_eq(&complete("license", "ningbo"));
    expect!["dysprosium"].assert_eq(&complete("licenses", "dys"));
    expect!["MOFCOM and GAC No. 70 of 2025, MOFCOM No. 72 of 2025"]
        .assert_eq(&complete("controls", "no. 7"));
}

#[test]
fn a_deep_link_answers_as_the_command() {
    let home = Home::new();
    let now = "2026-11-23T12:00:00Z";
    assert_eq!(start_payload("license jl-mag/general").as_deref(), Some("lic_jl-mag__general"));
    assert_eq!(ask(&home, "start lic_jl-mag", now), ask(&home, "license jl-mag", now));
    assert_eq!(
        ask(&home, "start lic_jl-mag__general", now),
        ask(&home, "license jl-mag/general", now)
    );
    assert!(ask(&home, "start something", now).starts_with("# Monazite"));
}

#[test]
fn controls_overview() {
    check(
        "controls",
        "2026-11-23",
        &expect![[r#"
            # China's export controls on rare earths
            As of 23 Nov 2026, from public texts and reports; the ministry's own text decides. /controls Dy or /controls 70 shows one.

            ## Until when
            - Article 2 of MOFCOM No. 46 of 2024: suspended until 27 Nov 2026, 4 days left. No extension was seen. Clark Hill
            - MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspended until 10 Jan 2027, 48 days left. The date is the ministry's explanation, an amending notice was not seen. MOFCOM, quoted second-hand

            ## In force
            - MOFCOM and GAC No. 18 of 2025: in force since 4 Apr 2025. Requires licenses for samarium, gadolinium, terbium, dysprosium, lutetium, scandium and yttrium as metals, alloys, targets, oxides and compounds, for SmCo magnets and for NdFeB magnets with terbium or dysprosium; not for neodymium or praseodymium. CIRS Group
            - Interim measures on total-quantity control: in force since 22 Aug 2025. MIIT, NDRC and MNR: imported ore and monazite count toward quotas; monthly reports by the 10th. anews.com.tr
            - MOFCOM No. 46 of 2024: in force since 3 Dec 2024. Bars dual-use exports to US military users (article 1). Clark Hill
            - State Council Order 792: in force since 1 Dec 2024. Regulations on the export control of dual-use items: single and general licenses and certificates by registration, exporter registration abolished; watch list (article 26), control list (28 to 30), end-user commitments (24). Shine
            - Rare Earth Administration Regulation: in force since 1 Oct 2024. State ownership of resources, total-quantity control, traceability. Yicai
            - Export Control Law: in force since 1 Dec 2020. Framework: licensing and catch-all (article 12), factors of a decision (13), control list of importers and end users (18). Hogan Lovells

            ## Suspended
            - MOFCOM and GAC No. 57 of 2025: suspended until 10 Jan 2027, 48 days left. Would require licenses for holmium, erbium, thulium, europium and ytterbium as well. Pillsbury
            - MOFCOM and GAC No. 55 of 2025: suspended until 10 Jan 2027, 48 days left. Would require licenses for superhard materials. Pillsbury
            - MOFCOM and GAC No. 56 of 2025: suspended until 10 Jan 2027, 48 days left. Would require licenses for rare-earth equipment and for raw and auxiliary materials. Pillsbury
            - MOFCOM and GAC No. 58 of 2025: suspended until 10 Jan 2027, 48 days left. Would require licenses for lithium batteries and graphite anodes. Pillsbury
            (Page 1 of 5.)
            [More ›: edit controls page 2]
            [Licenses: licenses]
        "#]],
    );
    check(
        "controls page 2",
        "2026-11-23",
        &expect![[r#"
        # China's export controls on rare earths
        As of 23 Nov 2026, from public texts and reports; the ministry's own text decides. /controls Dy or /controls 70 shows one.

        ## Suspended
        - MOFCOM No. 61 of 2025: suspended until 10 Jan 2027, 48 days left. Would reach goods made abroad with at least 0.1% by value of listed Chinese items or made with Chinese technology (both from 1 December 2025), and Chinese items re-exported (at once); refused in principle for military users and listed parties, case by case for logic of 14 nm or less, memory of 256 layers or more, and military AI. Pillsbury
        - MOFCOM No. 62 of 2025: suspended until 10 Jan 2027, 48 days left. Would require licenses for rare-earth technology, and bar unlicensed help abroad by Chinese persons. Pillsbury
        - Article 2 of MOFCOM No. 46 of 2024: suspended until 27 Nov 2026, 4 days left. Exports of gallium, germanium, antimony and superhard materials to the US are in principle not licensed, graphite is examined more strictly. Clark Hill

        ## Barred parties and countries
        - MOFCOM No. 30 of 2026: 24 Jul 2026. Puts 14 EU entities on the export control list. MOFCOM
        - MOFCOM No. 27 of 2026: 29 Jun 2026. Puts 20 Japanese entities on the export control list. MOFCOM
        - MOFCOM No. 28 of 2026: 29 Jun 2026. Puts 20 Japanese entities on the watch list. MOFCOM
        - MOFCOM No. 23 of 2026: 22 Jun 2026. Puts 10 US entities on the export control list, MP Materials and USA Rare Earth among them: no dual-use exports to them, by third parties neither. Benchmark
        - MOFCOM No. 20 of 2026: 24 Apr 2026. Puts 7 EU entities on the export control list. MOFCOM
        - MOFCOM No. 11 of 2026: 24 Feb 2026. Puts 20 Japanese entities on the export control list. MOFCOM
        - MOFCOM No. 12 of 2026: 24 Feb 2026. Puts 20 Japanese entities on the watch list. MOFCOM
        - MOFCOM No. 1 of 2026: 6 Jan 2026. Bars dual-use exports to Japan for military users or uses, or for anything that lifts its military power; third parties are bound too. MOFCOM
        - MOFCOM No. 46 of 2024, article 1: 3 Dec 2024. Bars dual-use exports to US military users. Clark Hill
        (Page 2 of 5.)
        [‹ Back: edit controls page 1] [More ›: edit controls page 3]
        [Licenses: licenses]
    "#]],
    );
}

#[test]
fn controls_after_dates() {
    let home = Home::new();
    for (now, expected) in [
        (
            "2026-12-01",
            expect![[r#"
                # China's export controls on rare earths
                As of 1 Dec 2026, from public texts and reports; the ministry's own text decides. /controls Dy or /controls 70 shows one.

                ## Until when
                - Article 2 of MOFCOM No. 46 of 2024: suspension was to end 27 Nov 2026, 4 days ago; what came after was not seen. No extension was seen. Clark Hill
                - MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspended until 10 Jan 2027, 40 days left. The date is the ministry's explanation, an amending notice was not seen. MOFCOM, quoted second-hand

                ## In force
            "#]],
        ),
        (
            "2026-12-10",
            expect![[r#"
                # China's export controls on rare earths
                As of 10 Dec 2026, from public texts and reports; the ministry's own text decides. /controls Dy or /controls 70 shows one.

                ## Until when
                - Article 2 of MOFCOM No. 46 of 2024: suspension was to end 27 Nov 2026, 13 days ago; what came after was not seen. No extension was seen. Clark Hill
                - MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspended until 10 Jan 2027, 31 days left. The date is the ministry's explanation, an amending notice was not seen. MOFCOM, quoted second-hand

                ## In force
            "#]],
        ),
        (
            "2027-02-01",
            expect![[r#"
                # China's export controls on rare earths
                As of 1 Feb 2027, from public texts and reports; the ministry's own text decides. /controls Dy or /controls 70 shows one.

                ## Until when
                - Article 2 of MOFCOM No. 46 of 2024: suspension was to end 27 Nov 2026, 66 days ago; what came after was not seen. No extension was seen. Clark Hill
                - MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspension was to end 10 Jan 2027, 22 days ago; what came after was not seen. The date is the ministry's explanation, an amending notice was not seen. MOFCOM, quoted second-hand

                ## In force
            "#]],
        ),
    ] {
        let page = ask(&home, "controls", &format!("{now}T12:00:00Z"));
        expected
            .assert_eq(&page.lines().take(8).map(|line| format!("{line}\n")).collect::<String>());
    }
}

#[test]
fn controls_of_one() {
    check(
        "controls Ho",
        "2026-11-23",
        &expect![[r#"
            # Holmium (Ho, 钬)
            Holmium: MOFCOM and GAC No. 57 of 2025, suspended until 10 Jan 2027, 48 days left, code 1C909. Pillsbury
            Would require licenses for holmium, erbium, thulium, europium and ytterbium as well.

            ## Lineage
            - 7 Nov 2025: MOFCOM and GAC No. 70 of 2025, until 10 Nov 2026. Suspends Nos. 55, 56, 57, 58, 61 and 62 of 2025 from that day to 10 November 2026. resilinc.ai. Note: also uniteddaily.my 556cffc1 and okaz.com.sa 2221135; only the site is known, not the page.
            - 28 Sep 2026: Kuala Lumpur arrangement extended, until 10 Jan 2027. The ministry's Americas department explains that the Kuala Lumpur joint arrangement is extended to 10 January 2027 (item 8); the suspension in No. 70 rides on it. MOFCOM, quoted second-hand. Note: the date is the ministry's explanation, an amending notice was not seen; on 5 Oct 2026 a third party found none on the ministry's list. Also CNBC of 2026-09-24 by way of a secondary copy.
            (Note: code 1C913 is inferred.)
            (As of 23 Nov 2026; from public texts and reports, the ministry's own text decides.)
            [Licenses: licenses holmium] [All controls: controls]
        "#]],
    );
    check(
        "controls 镝",
        "2026-11-23",
        &expect![[r#"
            # Dysprosium (Dy, 镝)
            Dysprosium: MOFCOM and GAC No. 18 of 2025, in force since 4 Apr 2025, code 1C905. CIRS Group
            Requires licenses for samarium, gadolinium, terbium, dysprosium, lutetium, scandium and yttrium as metals, alloys, targets, oxides and compounds, for SmCo magnets and for NdFeB magnets with terbium or dysprosium; not for neodymium or praseodymium.
            (Note: in force and never suspended, as far as seen. Codes 1C905 to 1C908 are inferred from the order of the text; .a is metal, alloy, target or magnet, .b oxide, .c compound.)
            (As of 23 Nov 2026; from public texts and reports, the ministry's own text decides.)
            [Licenses: licenses dysprosium] [All controls: controls]
        "#]],
    );
    check(
        "controls neodymium",
        "2026-11-23",
        &expect![[r#"
        # Neodymium (Nd, 钕)
        Neodymium: no announcement seen controls neodymium by itself; magnets with terbium, dysprosium or samarium are controlled.
        (As of 23 Nov 2026; from public texts and reports, the ministry's own text decides.)
        [Licenses: licenses neodymium] [All controls: controls]
    "#]],
    );
    check(
        "controls 70",
        "2026-11-23",
        &expect![[r#"
            # Nominal end of No. 70
            Event of 10 Nov 2026. The suspension was to end that day by the text of No. 70; what happened was not found. (no source)
            Announced 10 Nov 2026.
            (Note: nothing dated after 8 October 2026 was found on licensing, so the state after this day is not verified.)
            # MOFCOM and GAC No. 70 of 2025
            Suspends others until 10 Jan 2027, 48 days left. Suspends Nos. 55, 56, 57, 58, 61 and 62 of 2025 from that day to 10 November 2026. resilinc.ai
            Announced 7 Nov 2025; effective 7 Nov 2025.

            ## Lineage
            - Acts on MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025.
            - 28 Sep 2026: Kuala Lumpur arrangement extended, until 10 Jan 2027. The ministry's Americas department explains that the Kuala Lumpur joint arrangement is extended to 10 January 2027 (item 8); the suspension in No. 70 rides on it. MOFCOM, quoted second-hand. Note: the date is the ministry's explanation, an amending notice was not seen; on 5 Oct 2026 a third party found none on the ministry's list. Also CNBC of 2026-09-24 by way of a secondary copy.
            (As of 23 Nov 2026; from public texts and reports, the ministry's own text decides.)
            [All controls: controls] [Licenses: licenses]
        "#]],
    );
    check(
        "controls 70",
        "2027-02-01",
        &expect![[r#"
            # Nominal end of No. 70
            Event of 10 Nov 2026. The suspension was to end that day by the text of No. 70; what happened was not found. (no source)
            Announced 10 Nov 2026.
            (Note: nothing dated after 8 October 2026 was found on licensing, so the state after this day is not verified.)
            # MOFCOM and GAC No. 70 of 2025
            Suspended others until 10 Jan 2027, 22 days ago; what came after was not seen. Suspends Nos. 55, 56, 57, 58, 61 and 62 of 2025 from that day to 10 November 2026. resilinc.ai
            Announced 7 Nov 2025; effective 7 Nov 2025.

            ## Lineage
            - Acts on MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025.
            - 28 Sep 2026: Kuala Lumpur arrangement extended, until 10 Jan 2027. The ministry's Americas department explains that the Kuala Lumpur joint arrangement is extended to 10 January 2027 (item 8); the suspension in No. 70 rides on it. MOFCOM, quoted second-hand. Note: the date is the ministry's explanation, an amending notice was not seen; on 5 Oct 2026 a third party found none on the ministry's list. Also CNBC of 2026-09-24 by way of a secondary copy.
            (As of 1 Feb 2027; from public texts and reports, the ministry's own text decides.)
            [All controls: controls] [Licenses: licenses]
        "#]],
    );
    check(
        "controls No. 23 of 2026",
        "2026-11-23",
        &expect![[r#"
            # MOFCOM No. 23 of 2026
            MOFCOM No. 23 of 2026: 22 Jun 2026. Puts 10 US entities on the export control list, MP Materials and USA Rare Earth among them: no dual-use exports to them, by third parties neither. Benchmark
            (Note: in force.)
            (As of 23 Nov 2026; from public texts and reports, the ministry's own text decides.)
            [All controls: controls] [Licenses: licenses]
        "#]],
    );
    check(
        "controls 46",
        "2026-12-01",
        &expect![[r#"
            # MOFCOM No. 46 of 2024
            In force since 3 Dec 2024. Bars dual-use exports to US military users (article 1). Clark Hill
            Announced 3 Dec 2024; effective 3 Dec 2024.
            (Note: article 1 was never suspended; article 2 stands apart here.)
            # Article 2 of MOFCOM No. 46 of 2024
            Suspension was to end 27 Nov 2026, 4 days ago; what came after was not seen. Exports of gallium, germanium, antimony and superhard materials to the US are in principle not licensed, graphite is examined more strictly. Clark Hill
            Announced 3 Dec 2024; effective 3 Dec 2024.

            ## Lineage
            - 9 Nov 2025: MOFCOM No. 72 of 2025, until 27 Nov 2026. Suspends article 2 of No. 46 of 2024 to 27 November 2026. Clark Hill. Note: no extension was seen; of November 2025; only the site is known, not the page.
            (Note: no rare earths.)
            (As of 1 Dec 2026; from public texts and reports, the ministry's own text decides.)
            [All controls: controls] [Licenses: licenses]
        "#]],
    );
    check(
        "controls 999",
        "2026-12-01",
        &expect![[r#"
        I know no element or announcement “999”. Ask for an element (Ho, holmium, 钬) or a number (18, or No. 70 of 2025); /controls alone lists all.
    "#]],
    );
}

// ---------------------------------------------------------------- the brief's desk

fn desk_of(evidence: &Evidence, opens: &str, closes: &str) -> String {
    let zone = chrono_tz::America::New_York;
    let entries = register::desk(&CURATED, evidence, &LEXICON, at(opens), at(closes), zone);
    let mut lines: Vec<String> = entries
        .iter()
        .map(|entry| {
            let days = entry.days.map(|days| format!(" T{:+}", -days)).unwrap_or_default();
            let quote = if entry.quote.is_empty() {
                String::new()
            } else {
                format!(" “{}”", entry.quote)
            };
            if !entry.links.is_empty() {
                let links = entry.links.iter();
                let links: Vec<String> =
                    links.map(|link| format!("{} <{}>", link.name, link.url)).collect();
                return format!("{} {}", entry.text, links.join(", "));
            }
            format!("{:?}{days}: {}{quote} — {}", entry.kind, entry.text, entry.publisher)
        })
        .collect();
    if lines.is_empty() {
        lines.push("no change".to_owned());
    }
    lines.join("\n") + "\n"
}

/// The desk of the edition that closes at noon UTC on a day, over the curated history and claims.
fn check_desk(lines: &str, day: &str, expected: &Expect) {
    let evidence =
        Evidence { claims: claims(lines), ..Evidence::default() }.with(&CURATED, &LEXICON);
    let closes = at(&format!("{day}T12:00:00Z"));
    let opens = closes - chrono::Duration::hours(24);
    expected.assert_eq(&desk_of(&evidence, &opens.to_rfc3339(), &closes.to_rfc3339()));
}

#[test]
fn the_desk_counts_down() {
    check_desk(
        "",
        "2026-10-02",
        &expect![[r#"
        no change
    "#]],
    );
    check_desk(
        "",
        "2026-10-03",
        &expect![[r#"
            Due T-60: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms end about 2 Dec 2026, in 60 days; no renewal seen. — World Journal
        "#]],
    );
    check_desk(
        "",
        "2026-11-11",
        &expect![[r#"
            Due T-60: MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspension ends 10 Jan 2027, in 60 days; the date is the ministry's explanation, an amending notice was not seen. — MOFCOM, quoted second-hand
        "#]],
    );
    check_desk(
        "",
        "2026-11-19",
        &expect![[r#"
        no change
    "#]],
    );
    check_desk(
        "",
        "2026-11-23",
        &expect![[r#"
            Due T-4: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 4 days; no extension was seen. — Clark Hill
        "#]],
    );
    check_desk(
        "",
        "2026-11-27",
        &expect![[r#"
            Due T+0: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, today; no extension was seen. — Clark Hill
            Due T-5: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms end about 2 Dec 2026, in 5 days; no renewal seen. — World Journal
        "#]],
    );
    check_desk(
        "",
        "2026-12-02",
        &expect![[r#"
            Due T+0: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms end about 2 Dec 2026, today; no renewal seen. — World Journal
            Due T-30: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo magnets from defense goods, from the mine on: 1 Jan 2027, in 30 days. — curated calendar
        "#]],
    );
    check_desk(
        "",
        "2026-12-03",
        &expect![[r#"
            Due T+1: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms were to end about 2 Dec 2026, yesterday; no renewal seen. — World Journal
        "#]],
    );
    check_desk(
        "",
        "2026-12-11",
        &expect![[r#"
            Due T-30: MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025: suspension ends 10 Jan 2027, in 30 days; the date is the ministry's explanation, an amending notice was not seen. — MOFCOM, quoted second-hand
        "#]],
    );
    // A window of several days counts for every day in it.
    let evidence = Evidence::default().with(&CURATED, &LEXICON);
    expect![[r#"
        Due T+2: JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms were to end about 2 Dec 2026, 2 days ago; no renewal seen. — World Journal
        Due T-28: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo magnets from defense goods, from the mine on: 1 Jan 2027, in 28 days. — curated calendar
    "#]].assert_eq(&desk_of(&evidence, "2026-12-01T12:00:00Z", "2026-12-04T12:00:00Z"));
}

#[test]
fn the_desk_tells_what_is_new_once() {
    let new = "n jl-mag renewed general company_confirmed 2026-11-23 seen=2026-11-24 date=2026-11-20 months=12 publisher=JL_MAG tier=1 quote=公司已取得新一年的通用许可证";
    check_desk(
        new,
        "2026-11-24",
        &expect![[r#"
            Changed: JL MAG (金力永磁): general license renewed on 20 Nov 2026, confirmed by the company; for nearly all customers; one-year term ends 20 Nov 2027, in 361 days. “公司已取得新一年的通用许可证” — JL MAG
            Due T-3: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 3 days; no extension was seen. — Clark Hill
        "#]],
    );
    check_desk(
        new,
        "2026-11-25",
        &expect![[r#"
            Due T-2: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 2 days; no extension was seen. — Clark Hill
            Due T-7: Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环): general licenses, reported by Reuters, one-year terms end about 2 Dec 2026, in 7 days; no renewal seen. — World Journal
        "#]],
    );
    // A copy is no news, and neither is what is found months late.
    check_desk(
        "n zhenghai granted general reported 2026-11-20 origin=Reuters
         m zhenghai granted general reported 2026-11-23 seen=2026-11-24 origin=Reuters tier=4
         o earth-panda granted general reported 2026-03-23 seen=2026-11-24",
        "2026-11-24",
        &expect![[r#"
            Due T-3: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 3 days; no extension was seen. — Clark Hill
        "#]],
    );
    check_desk(
        "n zhenghai granted general reported 2026-11-20 origin=Reuters
         m zhenghai granted general denied 2026-11-23 seen=2026-11-24 publisher=Zhenghai tier=1",
        "2026-11-24",
        &expect![[r#"
            Contradicted: Zhenghai Magnetic (正海磁材): general license granted, and that is disputed. Claims differ on whether it was granted: Zhenghai: denied, 23 Nov 2026; publisher of n: granted, 20 Nov 2026. — Zhenghai
            Due T-3: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 3 days; no extension was seen. — Clark Hill
        "#]],
    );
    check_desk(
        "n x-new-magnets applied general reported 2026-11-23 seen=2026-11-24",
        "2026-11-24",
        &expect![[r#"
            Due T-3: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 3 days; no extension was seen. — Clark Hill
            New: x-new-magnets: general license applied for, reported by publisher of n as of 23 Nov 2026. — publisher of n
        "#]],
    );
}

/// The desk over claims alone, on a day on which nothing curated comes to its end.
fn check_news(lines: &str, expected: &Expect) {
    let evidence = Evidence { claims: claims(lines), ..Evidence::default() };
    expected.assert_eq(&desk_of(&evidence, "2026-11-18T12:00:00Z", "2026-11-19T12:00:00Z"));
}

#[test]
fn repeating_a_claim_is_no_news() {
    // Five sites print the report of a wire again.
    check_news(
        "a jl-mag granted general reported 2026-10-02 date=2026-10-01 months=12 origin=Reuters
         b jl-mag granted general reported 2026-11-19 date=2026-10-01 months=12 origin=Reuters tier=4
         c jl-mag granted general reported 2026-11-19 date=2026-10-01 origin=Reuters tier=3
         d jl-mag granted general reported 2026-11-19 date=2026-10-01 origin=路透社 tier=3
         e jl-mag granted general reported 2026-11-19 date=2026-10-01 months=12 origin=Reuters tier=4
         f jl-mag granted general reported 2026-11-19 date=2026-10-01 origin=Reuters tier=2",
        &expect![[r#"
            no change
        "#]],
    );
    // Five papers have it from sources of their own; one says it of another holder, and one has a
    // license of no type and no day.
    check_news(
        "a jl-mag granted general reported 2026-10-02 date=2026-10-01 months=12 origin=Reuters
         b jl-mag granted general reported 2026-11-19 date=2026-10-01 customers=some_customers
         c jl-mag granted general reported 2026-11-19 date=2026-10-01 months=12 items=magnets
         d jl-mag granted general rumored 2026-11-19 date=2026-10-01
         e jl-mag granted unspecified reported 2026-11-19
         g ningbo-yunsheng granted general reported 2026-10-02 date=2026-10-01 origin=Reuters
         f ningbo-yunsheng granted general reported 2026-11-19 date=2026-10-01 origin=Bloomberg",
        &expect![[r#"
            In the news again, nothing new: JL MAG <https://news.example/b>, Ningbo Yunsheng <https://news.example/f>
        "#]],
    );
}

#[test]
fn what_a_row_tells_anew_is_a_change() {
    let known = "a jl-mag granted general reported 2026-10-02 date=2026-10-01 months=12 customers=Ford destinations=Europe";
    let check = |claim: &str, expected: &Expect| check_news(&format!("{known}\n{claim}"), expected);
    check(
        "b jl-mag granted general company_confirmed 2026-11-19 date=2026-10-01 publisher=JL_MAG",
        &expect![[r#"
            Changed: JL MAG (金力永磁): general license granted on 1 Oct 2026, now confirmed by the company; for Ford; to Europe; one-year term ends 1 Oct 2027, in 316 days. — JL MAG
        "#]],
    );
    check(
        "b jl-mag granted general reported 2026-11-19 date=2026-10-01 customers=Ford,Bosch",
        &expect![[r#"
            Changed: JL MAG (金力永磁): general license granted on 1 Oct 2026, reported by publisher of b; now also for Bosch; one-year term ends 1 Oct 2027, in 316 days. — publisher of b
        "#]],
    );
    // A country of a region is no new place, and another name of a buyer no new buyer.
    check(
        "b jl-mag granted general reported 2026-11-19 date=2026-10-01 customers=福特 destinations=Germany",
        &expect![[r#"
            In the news again, nothing new: JL MAG <https://news.example/b>
        "#]],
    );
    check(
        "b jl-mag granted general reported 2026-11-19 date=2026-10-01 customers=Ford destinations=Japan",
        &expect![[r#"
            Changed: JL MAG (金力永磁): general license granted on 1 Oct 2026, reported by publisher of b; now also to Japan; one-year term ends 1 Oct 2027, in 316 days. — publisher of b
        "#]],
    );
    check(
        "b jl-mag suspended general official 2026-11-19 date=2026-11-18 origin=MOFCOM customers=Ford",
        &expect![[r#"
            Changed: JL MAG (金力永磁): general license suspended on 18 Nov 2026, official (MOFCOM); for Ford; to Europe. — publisher of b
        "#]],
    );
    check(
        "b jl-mag granted general denied 2026-11-19 publisher=JL_MAG tier=1 customers=Ford",
        &expect![[r#"
            Contradicted: JL MAG (金力永磁): general license granted, and that is disputed. Claims differ on whether it was granted: JL MAG: denied, 19 Nov 2026; publisher of a: granted, one-year, 1 Oct 2026. — JL MAG
        "#]],
    );
    check(
        "b jl-mag granted general reported 2026-11-19 date=2026-10-01 months=6 customers=Ford",
        &expect![[r#"
            Contradicted: JL MAG (金力永磁): general license granted on 1 Oct 2026, reported by publisher of b; for Ford; to Europe; one-year term ends 1 Oct 2027, in 316 days. Claims differ on how long it runs: publisher of a: granted, one-year, 1 Oct 2026; publisher of b: granted, six-month, 1 Oct 2026. — publisher of b
        "#]],
    );
}

#[test]
fn the_desk_tells_first_what_matters_most() {
    check_news(
        "a zhenghai granted general reported 2026-11-10 date=2026-11-09 origin=Reuters
         b zhenghai granted general denied 2026-11-19 publisher=Zhenghai tier=1
         c jl-mag granted general company_confirmed 2026-11-19 date=2026-11-18 publisher=JL_MAG tier=1
         d ningbo-yunsheng granted general reported 2026-11-19 date=2026-11-18 origin=Reuters
         e zhong-ke-san-huan granted general reported 2026-11-19 date=2026-11-18 tier=4
         f northern-rare-earth applied unspecified reported 2026-11-19
         g x-new-magnets revoked individual official 2026-11-19 date=2026-11-17 origin=MOFCOM
         h - granted general official 2026-11-19 date=2026-11-19 origin=MOFCOM
         i ford granted general reported 2026-11-19 date=2026-11-18 role=end_user",
        &expect![[r#"
            New: x-new-magnets: individual license revoked on 17 Nov 2026, official (MOFCOM). — publisher of g
            Contradicted: Zhenghai Magnetic (正海磁材): general license granted, and that is disputed. Claims differ on whether it was granted: Zhenghai: denied, 19 Nov 2026; publisher of a: granted, 9 Nov 2026. — Zhenghai
            New: JL MAG (金力永磁): general license granted on 18 Nov 2026, confirmed by the company. — JL MAG
            New: Ningbo Yunsheng (宁波韵升): general license granted on 18 Nov 2026, reported by Reuters. — publisher of d
            New: Zhong Ke San Huan (中科三环): general license granted on 18 Nov 2026, reported by publisher of e. — publisher of e
            New: some exporters: general license granted on 19 Nov 2026, official (MOFCOM). — publisher of h
            New: China Northern Rare Earth (北方稀土): license applied for (type not said), reported by publisher of f as of 19 Nov 2026. — publisher of f
            New: Ford: covered by a supplier's general license granted on 18 Nov 2026, reported by publisher of i. — publisher of i
        "#]],
    );
}

#[test]
fn old_events_share_one_line() {
    check_news(
        "a jl-mag granted general reported 2026-11-19 date=2025-12-02 months=12
         b earth-panda applied unspecified reported 2026-11-19 date=2025-05
         c - granted general official 2026-11-19 date=2025-12-18 origin=MOFCOM
         d - refused unspecified reported 2026-11-19 date=2025-09 description=1_application
         e zhenghai granted general reported 2026-11-19 date=2026-11-18
         g zhenghai applied individual reported 2026-11-19 date=2025-05
         f x-late granted general reported 2026-12-15 seen=2026-11-19 date=2026-12-15",
        &expect![[r#"
            New: Zhenghai Magnetic (正海磁材): general license granted on 18 Nov 2026, reported by publisher of e. — publisher of e
            Looked back at: Earth-Panda (May 2025) <https://news.example/b>, JL MAG (2 Dec 2025) <https://news.example/a>
        "#]],
    );
}

#[test]
fn counts_of_the_unnamed_are_told_once() {
    check_news(
        "a - pending unspecified reported 2026-11-19 description=121_applications
         b - pending unspecified reported 2026-11-19 description=121件 origin=商会
         c - granted unspecified reported 2026-11-19 description=19_applications",
        &expect![[r#"
            New: 121 applications: license pending (type not said), reported by publisher of a as of 19 Nov 2026. — publisher of a
            New: 19 applications: license granted (type not said), reported by publisher of c as of 19 Nov 2026. — publisher of c
        "#]],
    );
    check_news(
        "a - pending unspecified reported 2026-10-19 description=140_applications
         b - pending unspecified reported 2026-11-19 description=121件 origin=商会",
        &expect![[r#"
            no change
        "#]],
    );
}

#[test]
fn announcements_that_are_known_are_no_news() {
    let event = |announcement: &str, what: &str, announced: &str, until: Option<&str>| Noted {
        first_seen: at("2026-11-19T08:00:00Z"),
        record: RegimeEvent {
            id: String::new(),
            announcement: announcement.to_owned(),
            what: what.to_owned(),
            announced: day(announced),
            effective: None,
            suspended_from: None,
            suspended_until: until.map(day),
            amends: Vec::new(),
            elements: Vec::new(),
            codes: Vec::new(),
            publisher: "Wire".to_owned(),
            url: "https://wire.example/1".to_owned(),
            note: String::new(),
        },
    };
    let two = "Announcements No. 80 of 2026 and No. 81 of 2026 add two elements";
    let extended = "No. 90 of 2026 keeps article 2 of No. 46 of 2024 suspended to 27 November 2027";
    let regime = vec![
        event("MOFCOM No. 18 of 2025", "No. 18 of 2025 was never suspended.", "2026-11-19", None),
        event("MOFCOM No. 18 of 2026", "第18号公告涉及七种元素。", "2026-11-19", None),
        event(
            "MOFCOM No. 72 of 2024",
            "China suspended article 2 of No. 46 of 2024 with No. 72 until 27 November 2026.",
            "2026-11-19",
            Some("2026-11-27"),
        ),
        event("MOFCOM No. 80 of 2026", two, "2026-11-19", None),
        event("MOFCOM No. 81 of 2026", two, "2026-11-19", None),
        event("MOFCOM No. 46 of 2024", extended, "2026-11-19", Some("2027-11-27")),
    ];
    let evidence = Evidence { regime, ..Evidence::default() };
    expect![[r#"
        Regime: MOFCOM No. 46 of 2024: suspended until 27 Nov 2027. “No. 90 of 2026 keeps article 2 of No. 46 of 2024 suspended to 27 November 2027” — Wire
        Regime: MOFCOM Nos. 80 and 81 of 2026. “Announcements No. 80 of 2026 and No. 81 of 2026 add two elements” — Wire
    "#]].assert_eq(&desk_of(&evidence, "2026-11-18T12:00:00Z", "2026-11-19T12:00:00Z"));
}

#[test]
fn the_desk_says_when_a_claim_is_withdrawn() {
    let claims = claims("n zhenghai granted general reported 2026-11-20 origin=Reuters");
    let decision = Decision {
        verdict: Verdict::Reject { claim: ClaimId::from("n") },
        why: "the paper took it back".to_owned(),
        by: "operator".to_owned(),
        at: at("2026-11-24T08:00:00Z"),
    };
    let evidence = Evidence { claims, decisions: vec![decision], ..Evidence::default() };
    let shown =
        desk_of(&evidence.with(&CURATED, &LEXICON), "2026-11-23T12:00:00Z", "2026-11-24T12:00:00Z");
    expect![[r#"
        Due T-3: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 3 days; no extension was seen. — Clark Hill
        Changed: Zhenghai Magnetic (正海磁材): general license no longer stands here; the claim was rejected: the paper took it back. — publisher of n
    "#]].assert_eq(&shown);
}

/// Each line about a holder leads to its row, by its name where a platform has such links and by
/// buttons under the brief.
#[test]
fn a_line_of_the_desk_leads_to_its_row() {
    let home = Home::new();
    let new = "n zhenghai granted general reported 2026-11-23
               m x-赣州某某稀土 granted general reported 2026-11-23
               o - granted general official 2026-11-23 description=three_exporters count=3";
    home.store.commit(Changes { claims: claims(new), ..Changes::default() }).unwrap();
    let now = "2026-12-02T12:00:00Z";
    let evidence = home.store.evidence().unwrap().with(&CURATED, &LEXICON);
    let zone = chrono_tz::America::New_York;
    let desk =
        register::desk(&CURATED, &evidence, &LEXICON, at("2026-11-22T12:00:00Z"), at(now), zone);
    let mut shown = String::new();
    for row in desk.iter().flat_map(|entry| entry.rows.iter().map(move |row| (entry, row))) {
        let (entry, row) = row;
        assert!(entry.text.contains(&row.name), "{} names {}", entry.text, row.name);
        let payload = start_payload(&format!("license {}", row.row)).unwrap();
        let answer = ask(&home, &format!("start {payload}"), now);
        let (title, heading) = (
            answer.lines().next().unwrap(),
            answer.lines().find(|l| l.starts_with("## ")).unwrap(),
        );
        shown.push_str(&format!("{} [{}] {payload}: {title} {heading}\n", row.name, row.label));
    }
    expect![[r#"
        Zhenghai Magnetic (正海磁材) [Zhenghai Magnetic] lic_zhenghai__general: # Zhenghai Magnetic ## General license: granted, reported
        x-赣州某某稀土 [x-赣州某某稀土] lic_k-mjvzb06g15s4: # x-赣州某某稀土 ## General license: granted, reported
        JL MAG (金力永磁) [JL MAG] lic_jl-mag__general: # JL MAG ## General license: granted, reported; due
        Ningbo Yunsheng (宁波韵升) [Ningbo Yunsheng] lic_ningbo-yunsheng__general: # Ningbo Yunsheng ## General license: granted, reported; due
        Zhong Ke San Huan (中科三环) [Zhong Ke San Huan] lic_zhong-ke-san-huan__general: # Zhong Ke San Huan ## General license: granted, reported; due
    "#]].assert_eq(&shown);
    let edition = home.publisher.preview(at("2026-11-23T12:00:00Z")).unwrap();
    let view = View::of(None, &LEXICON, zone);
    let brief = phrase::brief(&edition, &view);
    let buttons: Vec<String> = brief
        .buttons
        .iter()
        .map(|row| row.iter().map(|b| format!("[{}: {:?}]", b.label, b.action)).collect())
        .collect();
    expect![[r#"
        [Licenses: Ask("licenses")][Latest: Ask("latest")][Settings: Ask("settings")]
        [Zhenghai Magnetic: Ask("license zhenghai/general")][x-赣州某某稀土: Ask("license k-mjvzb06g15s4")]
    "#]].assert_eq(&(buttons.join("\n") + "\n"));
}

#[test]
fn an_edition_carries_the_desk() {
    let home = Home::new();
    let new = claim(
        "n zhenghai granted general reported 2026-11-23 quote=Zhenghai_received_a_general_license",
    );
    home.store.commit(Changes { claims: vec![new], ..Changes::default() }).unwrap();
    let edition = home.publisher.preview(at("2026-11-23T12:00:00Z")).unwrap();
    let desk: Vec<String> =
        edition.desk.iter().map(|entry| format!("{:?}: {}", entry.kind, entry.text)).collect();
    expect![[r#"
        New: Zhenghai Magnetic (正海磁材): general license granted, reported by publisher of n as of 23 Nov 2026.
        Due: Article 2 of MOFCOM No. 46 of 2024: suspension ends 27 Nov 2026, in 4 days; no extension was seen.
    "#]].assert_eq(&(desk.join("\n") + "\n"));
    let next: Vec<String> =
        edition.watch_next.iter().map(|event| format!("{}: {}", event.date, event.what)).collect();
    expect![[r#"
        2026-11-27: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends, unless extended
        2026-12-02: General licenses of JL MAG (金力永磁), Ningbo Yunsheng (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless renewed
        2026-12-07: China's customs publish headline export volumes for November at about this day
        2026-12-20: China's customs publish November exports by product and destination at about this day
        2027-01-01: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo magnets from defense goods, from the mine on
        2027-01-10: Suspension of MOFCOM Nos. 55, 56, 57, 58, 61 and 62 of 2025 ends, unless extended
    "#]].assert_eq(&(next.join("\n") + "\n"));
}

// ---------------------------------------------------------------- the store and the curated file

#[test]
fn a_claim_seen_again_moves_only_when_it_was_checked() {
    let home = Home::new();
    let first = claim("a jl-mag granted general reported 2026-11-20 months=12");
    let mut again = claim("a jl-mag granted general official 2026-11-21");
    again.last_checked = at("2026-11-22T00:00:00Z");
    let other = claim("b zhenghai granted general reported 2026-11-20");
    let commit = |claims: Vec<Claim>| {
        home.store.commit(Changes { claims, ..Changes::default() }).unwrap();
    };
    let before = home.store.evidence_generation();
    commit(vec![first.clone(), other.clone()]);
    assert_ne!(home.store.evidence_generation(), before);
    commit(vec![again.clone()]);
    let expected = Claim { last_checked: again.last_checked, ..first.clone() };
    assert_eq!(home.store.license_claim(&first.id).unwrap(), Some(expected.clone()));
    assert_eq!(home.store.license_claims_of(&"jl-mag".into()).unwrap(), vec![expected]);
    assert_eq!(home.store.license_claims_of(&"jl".into()).unwrap(), Vec::new());
    let home = home.restart();
    assert_eq!(home.store.evidence().unwrap().claims.len(), 2);
}

#[test]
fn decisions_are_added_and_answers_follow_them() {
    let home = Home::new();
    let now = "2026-11-23T12:00:00Z";
    let rumor = claim("a x-new-magnets granted general rumored 2026-11-20");
    home.store.commit(Changes { claims: vec![rumor], ..Changes::default() }).unwrap();
    let known = home.desk.known(at(now)).unwrap();
    let open = register::to_review(&known.register, &home.config.curated);
    expect![[r#"
        a  x-new-magnets [x-new-magnets]: granted, general license, rumored
            why: the source treats it as talk; the holder is not known
            publisher of a, 2026-11-20  https://news.example/a

        1 claim to review: accept, reject, merge or correct it by its id.
    "#]]
    .assert_eq(&monazite::ops::review(&open));
    assert!(ask(&home, "license x-new-magnets", now).contains("rumored"));
    let reject = |at| Decision {
        verdict: Verdict::Reject { claim: ClaimId::from("a") },
        why: "a hoax".to_owned(),
        by: "operator".to_owned(),
        at,
    };
    let decisions = vec![reject(at("2026-11-21T00:00:00Z")), reject(at("2026-11-22T00:00:00Z"))];
    home.store.commit(Changes { decisions, ..Changes::default() }).unwrap();
    assert_eq!(home.store.decisions().unwrap().len(), 2);
    assert!(ask(&home, "license x-new-magnets", now).starts_with("I know no holder"));
    let known = home.desk.known(at(now)).unwrap();
    assert!(register::to_review(&known.register, &home.config.curated).is_empty());
}

#[test]
fn every_problem_of_the_curated_file_is_told() {
    let wrong = r#"
        checked = "2026-11-23"
        [[claim]]
        id = "a"
        holder = "nobody"
        description = "some firm"
        action = "granted"
        certainty = "reported"
        publisher = "p"
        tier = 9
        url = "news.example"
        published = "2026-12-01"
        language = "en"
        elements = ["Xx"]
        [[claim]]
        id = "b"
        action = "given"
        [[claim]]
        id = "a"
        description = "some firms"
        action = "granted"
        certainty = "reported"
        publisher = "p"
        tier = 2
        url = ""
        published = "2025-05-01"
        date = "2025-06"
        language = "en"
        [[regime]]
        id = "r"
        announcement = "No. 1 of 2025"
        what = "w"
        announced = "1999-01-01"
        suspended_from = "2025-02-01"
        suspended_until = "2025-01-01"
        amends = ["q"]
        elements = []
        codes = []
        publisher = "p"
        url = "https://news.example/r"
        note = ""
    "#;
    let problems = register::curated(wrong, Some(&LEXICON)).unwrap_err();
    expect![[r#"
        claim 2 (b): unknown variant `given`, expected one of `granted`, `applied`, `refused`, `revoked`, `suspended`, `expired`, `renewed`, `pending`
        claim a: url: a source's address is needed
        claim a: a named holder has no description; leave one out
        claim a: name: how the source spells the holder is needed
        claim a: tier: write 1 to 4
        claim a: published: lies after the day of `checked`
        claim a: the id stands twice
        claim a: url: without an address, note must say where it was seen
        claim a: date: a report cannot be older than what it reports
        regime r: suspended_from lies after suspended_until
        regime r: announced: the year cannot be right
        regime r: amends: "q" is no other record here
        claim a: holder: the lexicon has no nobody
        claim a: elements: Xx is none
    "#]].assert_eq(&(problems.join("\n") + "\n"));
}

/// Every name of a firm and every number of an announcement in the curated file is one that an
/// analyst can look up: nothing is left without a source and nothing carries a quote we do not have.
#[test]
fn curated_claims_are_sourced() {
    assert_eq!(CURATED.claims.len(), 53);
    for claim in &CURATED.claims {
        assert!(!claim.publisher.is_empty(), "{}", claim.id);
        assert!(claim.quote.is_empty(), "{}: quotes are added with their page at hand", claim.id);
        let home_page =
            url::Url::parse(&claim.url).is_ok_and(|url| url.path() == "/" && url.query().is_none());
        if home_page || claim.url.is_empty() {
            assert!(!claim.note.is_empty(), "{}: says where it was seen", claim.id);
        }
    }
}
