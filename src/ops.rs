//! What an operator sees: tables of polls and checks, and records for export.
//!
//! Text in, text out: nothing here reads the store or prints. Exported records
//! name every field as the model does and hold no secrets.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::ingest::PollReport;
use crate::model::article::Article;
use crate::model::delivery::{Delivery, State};
use crate::model::story::Story;
use crate::register::{self, Decision, Entry, Row, Verdict};
use crate::text;

/// Decisions that a review shows.
const LATEST: usize = 5;

/// A table with a head, columns aligned by display width, the last one as long as it is.
#[must_use]
pub fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let columns = head.len();
    let mut widths: Vec<usize> = head.iter().map(|cell| text::width(cell)).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(cell));
        }
    }
    let mut out = String::new();
    let mut push = |cells: &mut dyn Iterator<Item = &str>| {
        for (i, cell) in cells.enumerate().take(columns) {
            out.push_str(cell);
            if i + 1 < columns {
                let gap = widths[i].saturating_sub(text::width(cell)) + 2;
                out.extend(std::iter::repeat_n(' ', gap));
            }
        }
        let end = out.trim_end().len();
        out.truncate(end);
        out.push('\n');
    };
    push(&mut head.iter().copied());
    let rules: Vec<String> = widths.iter().map(|width| "─".repeat((*width).min(60))).collect();
    push(&mut rules.iter().map(String::as_str));
    for row in rows {
        push(&mut row.iter().map(String::as_str));
    }
    out
}

/// What a gathering came to: a line per source and one for all.
#[must_use]
pub fn gathered(reports: &[PollReport], seconds: f64) -> String {
    let rows: Vec<Vec<String>> = reports
        .iter()
        .map(|report| {
            let outcome = match &report.error {
                Some(reason) => format!("failed: {reason}"),
                None if report.unchanged => "unchanged".to_owned(),
                None => "ok".to_owned(),
            };
            vec![
                report.source.clone(),
                report.listed.to_string(),
                report.new.to_string(),
                report.set_aside.to_string(),
                text::cut(&text::one_line(&outcome), 120),
            ]
        })
        .collect();
    let failed = reports.iter().filter(|report| report.error.is_some()).count();
    let new: usize = reports.iter().map(|report| report.new).sum();
    let aside: usize = reports.iter().map(|report| report.set_aside).sum();
    format!(
        "{}\n{} of {} sources answered; {new} new articles, {aside} items set aside, in {seconds:.1} s.\n",
        table(&["source", "listed", "new", "set aside", "outcome"], &rows),
        reports.len() - failed,
        reports.len(),
    )
}

/// Deliveries that are not done: where each stands and what failed last.
#[must_use]
pub fn outbox(deliveries: &[Delivery]) -> String {
    if deliveries.is_empty() {
        return "Nothing here.\n".to_owned();
    }
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%SZ").to_string();
    let row = |delivery: &Delivery| {
        let (state, at, reason) = match &delivery.state {
            State::Pending { due } => ("waiting", time(*due), delivery.last_error.clone()),
            State::Claimed { lease } => ("sending", time(*lease), delivery.last_error.clone()),
            State::Sent { at } => ("sent", time(*at), String::new()),
            State::Dead { reason, at } => ("dead", time(*at), reason.clone()),
            State::Merged { into, at } => ("merged", time(*at), format!("into {into}")),
        };
        let reason = text::cut(&text::one_line(&reason), 120);
        vec![
            delivery.id.to_string(),
            state.to_owned(),
            delivery.sent.len().to_string(),
            delivery.attempts.to_string(),
            at,
            reason,
        ]
    };
    let rows: Vec<Vec<String>> = deliveries.iter().map(row).collect();
    let head = ["delivery", "state", "parts sent", "attempts", "due or ended", "last error"];
    let dead = deliveries.iter().filter(|one| matches!(one.state, State::Dead { .. })).count();
    format!("{}\n{} waiting, {dead} dead.\n", table(&head, &rows), deliveries.len() - dead)
}

/// An article as it is exported: every field by the model's name.
#[must_use]
pub fn article(article: &Article, body: &str) -> Value {
    let mut record = fields(article);
    record.insert("body".to_owned(), json!(body));
    Value::Object(record)
}

/// A story as it is exported: its articles as their URLs, the primary one first.
#[must_use]
pub fn story(story: &Story) -> Value {
    let mut record = fields(story);
    record.remove("tellings");
    let urls: Vec<&str> = story.tellings.iter().map(|telling| telling.url.as_str()).collect();
    record.insert("articles".to_owned(), json!(urls));
    Value::Object(record)
}

/// A row of the register as it is exported: its claims by their ids, its sources by their addresses.
#[must_use]
pub fn license(row: &Row) -> Value {
    let mut record = fields(row);
    record.remove("history");
    let claims = row.history.iter().map(|entry| &entry.claim);
    let ids: Vec<&str> = claims.clone().map(|claim| claim.id.as_str()).collect();
    let urls: Vec<&str> =
        claims.map(|claim| claim.url.as_str()).filter(|url| !url.is_empty()).collect();
    record.insert("claims".to_owned(), json!(ids));
    record.insert("urls".to_owned(), json!(urls));
    Value::Object(record)
}

/// Claims that somebody should look at, each with why and its proof.
#[must_use]
pub fn review(open: &[(&Entry, Vec<&'static str>)]) -> String {
    let mut out = String::new();
    for (entry, reasons) in open {
        let claim = &entry.claim;
        let holder = claim.name.as_deref().unwrap_or(&claim.description);
        let id = claim.holder.as_ref().map(|id| format!(" [{id}]")).unwrap_or_default();
        out.push_str(&format!(
            "{}  {}{id}: {}, {}, {}\n    why: {}\n    {}, {}  {}\n",
            claim.id,
            text::one_line(holder),
            register::action(claim.action),
            register::kind(claim.license_type),
            register::certainty(claim.certainty),
            reasons.join("; "),
            text::one_line(&claim.publisher),
            claim.published,
            claim.url,
        ));
        if !claim.quote.is_empty() {
            out.push_str(&format!("    “{}”\n", text::cut(&text::one_line(&claim.quote), 300)));
        }
    }
    match open.len() {
        0 => out.push_str("Nothing to review.\n"),
        1 => out.push_str("\n1 claim to review: accept, reject, merge or correct it by its id.\n"),
        n => out.push_str(&format!(
            "\n{n} claims to review: accept, reject, merge or correct each by its id.\n"
        )),
    }
    out
}

/// The latest decisions, each with who made it; empty when there is none.
#[must_use]
pub fn decided_lately(decisions: &[Decision]) -> String {
    let mut latest: Vec<&Decision> = decisions.iter().collect();
    latest.sort_by_key(|decision| std::cmp::Reverse(decision.at));
    let mut out = String::new();
    for decision in latest.into_iter().take(LATEST) {
        if out.is_empty() {
            out.push_str("\nLatest decisions:\n");
        }
        let what = match &decision.verdict {
            Verdict::Accept { claim } => format!("accepted {claim}"),
            Verdict::Reject { claim } => format!("rejected {claim}"),
            Verdict::Withdraw { claim } => format!("withdrew {claim}"),
            Verdict::Merge { from, to } => format!("merged {from} into {to}"),
            Verdict::Correct { claim, field, value } => {
                format!("corrected {claim}: {} is {value:?}", field.name())
            }
        };
        let why = text::one_line(&decision.why);
        let why = if why.is_empty() { why } else { format!(" ({why})") };
        let (at, by) = (decision.at.format("%Y-%m-%d %H:%M"), text::one_line(&decision.by));
        out.push_str(&format!("    {at} UTC  {by} {what}{why}\n"));
    }
    out
}

/// A decision as it is exported: one field for each thing that one can say, the others empty.
#[must_use]
pub fn decision(decision: &Decision) -> Value {
    let (mut claim, mut from, mut to, mut field, mut value) = (None, None, None, None, None);
    let verdict = match &decision.verdict {
        Verdict::Accept { claim: id } => (claim = Some(id), "accept").1,
        Verdict::Reject { claim: id } => (claim = Some(id), "reject").1,
        Verdict::Withdraw { claim: id } => (claim = Some(id), "withdraw").1,
        Verdict::Merge { from: one, to: other } => {
            (from, to) = (Some(one), Some(other));
            "merge"
        }
        Verdict::Correct { claim: id, field: of, value: said } => {
            (claim, field, value) = (Some(id), Some(of), Some(said));
            "correct"
        }
    };
    json!({
        "at": decision.at, "by": decision.by, "verdict": verdict, "claim": claim, "from": from,
        "to": to, "field": field, "value": value, "why": decision.why,
    })
}

/// Any other record.
#[must_use]
pub fn record<T: Serialize>(value: &T) -> Value {
    Value::Object(fields(value))
}

fn fields<T: Serialize>(value: &T) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// A value as one cell of CSV: lists joined by `; `, objects as JSON.
#[must_use]
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) if list.iter().all(|item| !item.is_object() && !item.is_array()) => {
            list.iter().map(cell).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
