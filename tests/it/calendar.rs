//! What is coming: the calendar file's rules, and `/calendar` as it is asked.

use expect_test::{Expect, expect};
use monazite::calendar::{Calendar, When};
use monazite::chat::console::{Look, text};
use monazite::model::message::Message;
use proptest::prelude::*;

use crate::world::home::Home;

fn asked(line: &str, expected: &Expect) {
    let home = Home::new();
    let message = home.ask("telegram:5", line, true, "2026-11-24T15:00:00Z");
    let shown = text(&Message { buttons: Vec::new(), ..message }, &Look::PLAIN);
    expected.assert_eq(&format!("{shown}\n"));
}

#[test]
fn calendar_looks_two_months_ahead() {
    asked(
        "calendar",
        &expect![[r#"
            Coming up: the next 60 days
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Thu 26 Nov, in 2 days: SMM publishes its weekly rare-earth review. SMM[1]
            • Thu 26 Nov, in 2 days: Weekly press conference of China's commerce ministry,
              15:00 in Beijing. MOFCOM[2]
            • Fri 27 Nov, in 3 days: Suspension of Article 2 of MOFCOM No. 46 of 2024 ends,
              unless extended. Clark Hill[3]
            • Wed 2 Dec, in 8 days: General licenses of JL MAG (金力永磁), Ningbo Yunsheng
              (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless
              renewed. World Journal[4]
            • Mon 7 Dec, in 13 days: China's customs publish headline export volumes for
              November at about this day. China customs (GACC)[5]
            • Sun 20 Dec, in 26 days: China's customs publish November exports by product
              and destination at about this day. China customs (GACC)[6]
            • Fri 1 Jan 2027, in 38 days: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo
              magnets from defense goods, from the mine on. rareearthexchanges.com[7]
            • Thu 7 Jan 2027, in 44 days: China's customs publish headline export volumes
              for December at about this day. China customs (GACC)[5]
            • Sun 10 Jan 2027, in 47 days: Suspension of MOFCOM Nos. 55, 56, 57, 58, 61 and
              62 of 2025 ends, unless extended. MOFCOM, quoted second-hand[8]
            • Wed 20 Jan 2027, in 57 days: China's customs publish December exports by
              product and destination at about this day. China customs (GACC)[6]

            ────────────────────────────────────────────────────────────────────────────────
            As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
            either may be extended without notice.

            [1] https://news.metal.com/
            [2] https://www.mofcom.gov.cn/xwfb/xwlxfbh/index.html
            [3] https://www.clarkhill.com/
            [4] https://www.worldjournal.com/
            [5] http://www.customs.gov.cn/
            [6] http://stats.customs.gov.cn/
            [7] https://rareearthexchanges.com/?p=15576
            [8] https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html
        "#]],
    );
}

#[test]
fn calendar_takes_a_month_an_element_or_a_company() {
    asked(
        "calendar january",
        &expect![[r#"
            Coming up: January 2027
            ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
            • Fri 1 Jan 2027, in 38 days: US DFARS 252.225-7052 bars Chinese NdFeB and SmCo
              magnets from defense goods, from the mine on. rareearthexchanges.com[1]
            • Thu 7 Jan 2027, in 44 days: China's customs publish headline export volumes
              for December at about this day. China customs (GACC)[2]
            • Thu 7 Jan 2027, in 44 days: SMM publishes its weekly rare-earth review. SMM[3]
            • Thu 7 Jan 2027, in 44 days: Weekly press conference of China's commerce
              ministry, 15:00 in Beijing. MOFCOM[4]
            • Sun 10 Jan 2027, in 47 days: Suspension of MOFCOM Nos. 55, 56, 57, 58, 61 and
              62 of 2025 ends, unless extended. MOFCOM, quoted second-hand[5]
            • Wed 20 Jan 2027, in 57 days: China's customs publish December exports by
              product and destination at about this day. China customs (GACC)[6]

            ────────────────────────────────────────────────────────────────────────────────
            As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
            either may be extended without notice.

            [1] https://rareearthexchanges.com/?p=15576
            [2] http://www.customs.gov.cn/
            [3] https://news.metal.com/
            [4] https://www.mofcom.gov.cn/xwfb/xwlxfbh/index.html
            [5] https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html
            [6] http://stats.customs.gov.cn/
        "#]],
    );
    asked(
        "calendar holmium year",
        &expect![[r#"
        Coming up for holmium: the next 12 months
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • Sun 10 Jan 2027, in 47 days: Suspension of MOFCOM Nos. 55, 56, 57, 58, 61 and
          62 of 2025 ends, unless extended. MOFCOM, quoted second-hand[1]

        ────────────────────────────────────────────────────────────────────────────────
        As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
        either may be extended without notice.

        [1] https://www.mofcom.gov.cn/xwfb/sjfzrfb/art/2026/art_cd060e0649964da8ae13216c3bb1a645.html
    "#]],
    );
    asked(
        "calendar 金力永磁",
        &expect![[r#"
        Coming up for JL MAG: the next 60 days
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • Wed 2 Dec, in 8 days: General licenses of JL MAG (金力永磁), Ningbo Yunsheng
          (宁波韵升) and Zhong Ke San Huan (中科三环) end by the reported term, unless
          renewed. World Journal[1]

        ────────────────────────────────────────────────────────────────────────────────
        As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
        either may be extended without notice.

        [1] https://www.worldjournal.com/
    "#]],
    );
    asked(
        "calendar Lynas week",
        &expect![[r#"
        Coming up for Lynas: the next 7 days
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        Nothing is dated until 1 Dec 2026. /calendar year looks a year ahead.

        ────────────────────────────────────────────────────────────────────────────────
        As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
        either may be extended without notice.
    "#]],
    );
    asked(
        "calendar blue moon",
        &expect![[r#"
        I know no element, company or month “blue moon”. Write one of them (dysprosium,
        JL Mag, December, 2027-01), or week, month or year; /calendar alone shows the
        next 60 days.
    "#]],
    );
}

#[test]
fn pages_are_turned_with_the_same_words() {
    let home = Home::new();
    let message = home.ask("telegram:5", "calendar year", true, "2026-11-24T15:00:00Z");
    expect![[r#"[[Button { label: "More ›", action: Edit("calendar year page 2") }], [Button { label: "Licenses", action: Ask("licenses due") }, Button { label: "Controls", action: Ask("controls") }]]"#]].assert_eq(&format!("{:?}", message.buttons));
}

fn days(rule: &str, from: &str, until: &str) -> String {
    let toml = format!(
        "[[entry]]\nid = 'x'\nwhat = 'X'\n{rule}\npublisher = 'P'\nurl = 'https://p.example/'"
    );
    let calendar = Calendar::parse(&toml, None).unwrap();
    let days = calendar.entries[0].when.days(from.parse().unwrap(), until.parse().unwrap());
    days.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[test]
fn rules_give_their_days() {
    let all = [
        days("rule = 'monthly on day 31'", "2027-01-15", "2027-04-30"),
        days("rule = 'monthly on day 7'\nnot_in = ['Feb']", "2027-01-07", "2027-03-31"),
        days("rule = 'weekly on Thu'", "2026-11-24", "2026-12-10"),
        days("rule = 'yearly on 29 Feb'", "2027-01-01", "2028-12-31"),
        days("date = '2026-12-01'", "2026-11-24", "2026-12-10"),
        days("date = '2026-11-01'", "2026-11-24", "2026-12-10"),
    ];
    expect![[r#"
        2027-01-31 2027-02-28 2027-03-31 2027-04-30
        2027-01-07 2027-03-07
        2026-11-26 2026-12-03 2026-12-10
        2027-02-28 2028-02-29
        2026-12-01
    "#]]
    .assert_eq(&all.join("\n"));
}

#[test]
fn every_problem_of_the_file_is_told() {
    let toml = r#"
[[entry]]
id = "One"
what = "Ends with a stop."
rule = "monthly on day 32"
publisher = "P"
url = "nowhere"
[[entry]]
id = "two"
what = "Two"
rule = "weekly on Thu"
date = "2026-12-01"
publisher = "P"
url = "https://p.example/"
[[entry]]
id = "three"
what = "Three"
rule = "weekly on Thu"
not_in = ["Feb"]
publisher = "P"
url = "https://p.example/"
[[entry]]
id = "four"
what = "Four"
rule = "yearly on 31 Jan"
publisher = "P"
url = "https://p.example/"
colour = "red"
"#;
    let problems = Calendar::parse(toml, None).unwrap_err();
    expect![[r#"
        entry 1 (One): id: write lower case, digits and hyphens
        entry 1 (One): what: one sentence without a full stop is needed
        entry 1 (One): url: the address of where that is said is needed
        entry 1 (One): rule: write "monthly on day 20", "weekly on Thu" or "yearly on 31 Jan"
        entry 2 (two): give either date or rule
        entry 3 (three): not_in: only a monthly rule leaves months out
        entry 4 (four): unknown field `colour`, expected one of `id`, `what`, `rule`, `date`, `not_in`, `publisher`, `url`, `topics`, `elements`, `companies`, `brief`"#]].assert_eq(&problems.join("\n"));
}

proptest! {
    #[test]
    fn days_lie_in_their_span_and_in_order(day in 1u32..=31, month in 1u32..=12, from in 0i64..3000, span in 0i64..900) {
        let start = chrono::NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
        let (from, until) = (start + chrono::Duration::days(from), start + chrono::Duration::days(from + span));
        for when in [When::Monthly { day, not_in: vec![month] }, When::Yearly { month, day }, When::Weekly(chrono::Weekday::Thu)] {
            let days = when.days(from, until);
            prop_assert!(days.iter().all(|day| (from..=until).contains(day)));
            prop_assert!(days.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
