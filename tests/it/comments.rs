//! Comment periods: found where a notice names the day, told in the calendar, the brief and reminders.

use chrono::NaiveDate;
use expect_test::expect;
use monazite::chat::console::{Look, text};
use monazite::enrich::closing;
use monazite::model::message::Message;

use crate::alarms::{Town, item};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(sentence: &str) -> String {
    let found = closing(sentence, day("2026-11-24"));
    let day = found.map_or("none".to_owned(), |closing| closing.day.to_string());
    format!("{day}  {}\n", sentence.chars().take(90).collect::<String>())
}

#[test]
fn a_notice_that_names_the_day_is_read() {
    let all = [
        "DATES: Comments must be received by December 15, 2026.",
        "Written comments must be submitted on or before January 8, 2027.",
        "Comments on the proposed exclusions are due by 11:59 p.m. Eastern Time on Friday, December 18, 2026.",
        "Comments are due December 21, 2026, and rebuttal comments are due January 4, 2027.",
        "The public comment period closes on 12 January 2027.",
        "The public comment period, which opened on November 2, 2026, will end on December 17, 2026.",
        "BIS is extending the comment period for the interim final rule until January 20, 2027.",
        "Interested parties may submit comments on critical minerals, including rare earths, no later than December 30.",
        "The Commission invites stakeholders to provide feedback on the draft act by 19 January 2027.",
        "The deadline for written comments is 2026-12-11.",
        "We will accept comments through January 5.",
        "现向社会公开征求意见，意见反馈截止时间为2026年12月24日。",
        "公开征求意见期限为2026年11月24日至2026年12月23日。",
        "请于2026年12月20日前将书面意见反馈至工业和信息化部原材料工业司。",
        "如有修改意见，请在12月18日前通过电子邮件反馈，并注明单位名称和联系方式。",
        "意见反馈截止日期为2026年12月24日",
    ];
    expect![[r#"
        2026-12-15  DATES: Comments must be received by December 15, 2026.
        2027-01-08  Written comments must be submitted on or before January 8, 2027.
        2026-12-18  Comments on the proposed exclusions are due by 11:59 p.m. Eastern Time on Friday, December
        2026-12-21  Comments are due December 21, 2026, and rebuttal comments are due January 4, 2027.
        2027-01-12  The public comment period closes on 12 January 2027.
        2026-12-17  The public comment period, which opened on November 2, 2026, will end on December 17, 2026
        2027-01-20  BIS is extending the comment period for the interim final rule until January 20, 2027.
        2026-12-30  Interested parties may submit comments on critical minerals, including rare earths, no lat
        2027-01-19  The Commission invites stakeholders to provide feedback on the draft act by 19 January 202
        2026-12-11  The deadline for written comments is 2026-12-11.
        2027-01-05  We will accept comments through January 5.
        2026-12-24  现向社会公开征求意见，意见反馈截止时间为2026年12月24日。
        2026-12-23  公开征求意见期限为2026年11月24日至2026年12月23日。
        2026-12-20  请于2026年12月20日前将书面意见反馈至工业和信息化部原材料工业司。
        2026-12-18  如有修改意见，请在12月18日前通过电子邮件反馈，并注明单位名称和联系方式。
        2026-12-24  意见反馈截止日期为2026年12月24日
    "#]].assert_eq(&all.map(read).concat());
}

#[test]
fn what_only_looks_like_one_gives_nothing() {
    let all = [
        // No day, a day to be counted, a month.
        "Comments must be received within 60 days of publication in the Federal Register.",
        "Comments are due by the end of January 2027.",
        "The agency will announce when the comment period closes.",
        // Another day in the notice.
        "A public hearing will be held on December 9, 2026, and comments may be made there.",
        "Requests to appear at the hearing must be received by December 1, 2026.",
        "The rule takes effect on January 10, 2027; no comments were received.",
        "Comments are published at regulations.gov; the docket was opened on December 1, 2026.",
        // Other days altogether.
        "Register for our webinar on rare-earth export controls by December 3, 2026.",
        "MP Materials will report its fourth-quarter earnings on February 18, 2027, after the market closes.",
        "The chief executive will comment on the results on December 10, 2026.",
        "Applications are due by December 15, 2026.",
        "Quarterly reports must be filed by January 15, 2027.",
        // What is over.
        "Comments were due by September 30, 2026.",
        "The comment period closed on November 2, 2026.",
        "本公告自2026年12月1日起施行。",
        "请于2026年12月10日前报名参加稀土产业论坛。",
        "有关意见认为，出口许可将于2026年12月15日前恢复。",
        "公开征求意见期间收到建议320条，会议定于2026年12月12日举行。",
    ];
    expect![[r#"
        none  Comments must be received within 60 days of publication in the Federal Register.
        none  Comments are due by the end of January 2027.
        none  The agency will announce when the comment period closes.
        none  A public hearing will be held on December 9, 2026, and comments may be made there.
        none  Requests to appear at the hearing must be received by December 1, 2026.
        none  The rule takes effect on January 10, 2027; no comments were received.
        none  Comments are published at regulations.gov; the docket was opened on December 1, 2026.
        none  Register for our webinar on rare-earth export controls by December 3, 2026.
        none  MP Materials will report its fourth-quarter earnings on February 18, 2027, after the marke
        none  The chief executive will comment on the results on December 10, 2026.
        none  Applications are due by December 15, 2026.
        none  Quarterly reports must be filed by January 15, 2027.
        none  Comments were due by September 30, 2026.
        none  The comment period closed on November 2, 2026.
        none  本公告自2026年12月1日起施行。
        none  请于2026年12月10日前报名参加稀土产业论坛。
        none  有关意见认为，出口许可将于2026年12月15日前恢复。
        none  公开征求意见期间收到建议320条，会议定于2026年12月12日举行。
    "#]].assert_eq(&all.map(read).concat());
}

const NOTICE: &str = "The Bureau of Industry and Security asks for comments on the effects of imports of rare earth magnets and \
    the processed critical minerals in them, such as dysprosium and terbium, on national security. A public hearing will be \
    held on December 9, 2026. Comments must be received by December 15, 2026. Exporters of neodymium magnets, producers and \
    buyers are asked in particular for figures on export licenses, inventories and the time that a new supplier needs.";
const DRAFT: &str = "为加强稀土管理，工业和信息化部起草了《稀土产品信息追溯管理办法（征求意见稿）》，现向社会公开征求意见。意见反馈截止时间为\
    2026年12月20日。办法适用于镨钕、镝、铽等稀土产品的生产、流通和出口。企业应当如实记录稀土产品流向信息。";

#[tokio::test]
async fn a_period_is_in_the_calendar_and_its_end_is_told() {
    let town = Town::new().await;
    town.watch("telegram:6", "dysprosium as Dy", "2026-11-24T12:00:00Z");
    town.watch("telegram:5", "\"comment period\"", "2026-11-24T12:00:00Z");
    town.home.publish("2026-11-24T12:30:00Z");
    let title = "Notice of request for comments on imports of rare earth magnets";
    town.publish("ministry", "2026-11-24T13:00:00Z", title, NOTICE).await;
    town.publish("filings", "2026-11-24T13:00:00Z", "工信部公开征求稀土产品追溯办法意见", DRAFT)
        .await;
    // A newspaper's word is no notice.
    let other = NOTICE.replace("December 15", "December 14");
    town.publish("wire", "2026-11-24T14:00:00Z", "Commerce asks for views on magnets", &other)
        .await;
    let town = town.restart("2026-11-24T15:00:00Z");
    let asked = town.home.ask("telegram:6", "calendar dysprosium", true, "2026-11-24T15:00:00Z");
    let shown = text(&Message { buttons: Vec::new(), ..asked }, &Look::PLAIN);
    town.home.publish("2026-11-25T12:00:00Z");
    let edition = town
        .home
        .store
        .latest_edition(monazite::model::subscription::Series::Daily)
        .unwrap()
        .unwrap();
    let next = edition.watch_next.iter().filter(|next| next.what.starts_with("Comments"));
    let next: Vec<String> =
        next.map(|next| format!("{} {} {:?}", next.date, next.what, next.url)).collect();
    let before = (town.telegram.messages(5).len(), town.telegram.messages(6).len());
    let mut told = Vec::new();
    for day in 7..=16 {
        let now = format!("2026-12-{day:02}T14:00:00Z");
        told.push(format!(
            "{day}: {}",
            town.ingest().remind(crate::world::home::at(&now)).unwrap()
        ));
        town.home.deliver(&now).await;
    }
    let since = |chat: i64, from: usize| -> String {
        let messages = town.telegram.messages(chat).into_iter().skip(from);
        messages.map(|message| format!("{}\n", message.text)).collect()
    };
    expect![[r#"
        Coming up for dysprosium: the next 60 days
        ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
        • Tue 15 Dec, in 21 days: Comments close on “Notice of request for comments on
          imports of rare earth magnets”. The ministry[1]: “Comments must be received by
          December 15, 2026.”
        • Sun 20 Dec, in 26 days: Comments close on “工信部公开征求稀土产品追溯办法意
          见”. The filings[2]: “意见反馈截止时间为2026年12月20日。”

        ────────────────────────────────────────────────────────────────────────────────
        As of 24 Nov 2026. Terms are as reported and suspensions as last announced;
        either may be extended without notice.

        [1] http://ministry.example/Noticeofrequestforcommentsonimportsofrareearthmagnets
        [2] http://filings.example/

        WATCH NEXT
        2026-12-15 Comments close on “Notice of request for comments on imports of rare earth magnets” Some("http://ministry.example/Noticeofrequestforcommentsonimportsofrareearthmagnets")
        2026-12-20 Comments close on “工信部公开征求稀土产品追溯办法意见” Some("http://filings.example/")

        RAISED 7: 0, 8: 1, 9: 0, 10: 0, 11: 0, 12: 0, 13: 1, 14: 1, 15: 1, 16: 0

        WATCHER OF PERIODS
        Notable: 15 Dec 2026, in 7 days: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “"comment period"” here: /watches.
        Notable: 20 Dec 2026, in 7 days: Comments close on “工信部公开征求稀土产品追溯办法意见”
        By the notice's own date. Source: The filings.
        “意见反馈截止时间为2026年12月20日。” (in Chinese)
        You watch “"comment period"” here: /watches.
        Notable: 15 Dec 2026, tomorrow: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “"comment period"” here: /watches.
        Notable: 15 Dec 2026, today: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “"comment period"” here: /watches.

        WATCHER OF DYSPROSIUM
        Notable: 15 Dec 2026, in 7 days: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “Dy” here: /watches.
        Notable: 20 Dec 2026, in 7 days: Comments close on “工信部公开征求稀土产品追溯办法意见”
        By the notice's own date. Source: The filings.
        “意见反馈截止时间为2026年12月20日。” (in Chinese)
        You watch “Dy” here: /watches.
        Notable: 15 Dec 2026, tomorrow: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “Dy” here: /watches.
        Notable: 15 Dec 2026, today: Comments close on “Notice of request for comments on imports of rare earth magnets”
        By the notice's own date. Source: The ministry.
        “Comments must be received by December 15, 2026.”
        You watch “Dy” here: /watches.
    "#]].assert_eq(&format!(
        "{shown}\n\nWATCH NEXT\n{}\n\nRAISED {}\n\nWATCHER OF PERIODS\n{}\nWATCHER OF DYSPROSIUM\n{}",
        next.join("\n"),
        told.join(", "),
        since(5, before.0),
        since(6, before.1)
    ));
}

#[tokio::test]
async fn a_page_that_extends_its_period_is_believed() {
    let town = Town::new().await;
    let title = "Notice of request for comments on imports of rare earth magnets";
    town.publish("ministry", "2026-11-24T13:00:00Z", title, NOTICE).await;
    let later = NOTICE.replace("December 15", "December 29");
    let date = crate::world::home::at("2026-11-24T13:00:00Z").to_rfc2822();
    town.list("ministry", &item(title, &date, title, &later));
    town.poll("ministry", "2026-11-26T13:00:00Z").await;
    let periods = town.home.store.evidence().unwrap().comments;
    let days: Vec<String> = periods.iter().map(|noted| noted.record.closes.to_string()).collect();
    assert_eq!(days, ["2026-12-29"]);
}
