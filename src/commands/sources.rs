//! `/sources`: where the news comes from, and which sources fail and why.
//!
//! Failing ones stand first. No address is shown that could hold a secret:
//! only the site's own page for people.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, bold, page_buttons, paged, plain, time};
use crate::model::event::Invocation;
use crate::model::message::{Block, Line, Message, Span};
use crate::model::source::SourceState;
use crate::sources::SourceSpec;

/// The row.
pub(super) const ROW: Command = Command {
    name: "sources",
    summary: "Where the news comes from, and which sources fail",
    usage: "",
    manage: false,
    completes: false,
    run,
};

/// Sources on a page.
const PAGE: usize = 15;

fn run(desk: &Desk, asked: &Invocation, _: DateTime<Utc>) -> Result<Message, CommandError> {
    let (_, page) = paged(asked.args.trim());
    let mut all = Vec::new();
    for spec in &desk.sources {
        all.push((spec, desk.store.source_state(&spec.id)?.unwrap_or_default()));
    }
    let good = all.iter().filter(|(_, state)| is_good(state)).count();
    // Failing ones first, then by trust and name.
    all.sort_by(|(a, x), (b, y)| (!fails(x), a.tier, &a.name).cmp(&(!fails(y), b.tier, &b.name)));
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = page.min(pages);
    let place = if pages > 1 { format!("Page {page} of {pages}. ") } else { String::new() };
    let zone = desk.zone;
    let lines = all
        .iter()
        .skip((page - 1) * PAGE)
        .take(PAGE)
        .map(|(spec, state)| line(spec, state, zone))
        .collect();
    let blocks = vec![
        Block::Title(Line::text("Sources")),
        Block::Paragraph(Line::text(format!(
            "{good} of {} answered at their last poll.",
            all.len()
        ))),
        Block::List(lines),
        Block::Footer(Line::text(format!(
            "{place}Trust: 1 the authority or issuer itself, 2 established press, 3 trade press, 4 rewrites."
        ))),
    ];
    Ok(Message { blocks, buttons: page_buttons("sources", page, pages), ..Message::default() })
}

fn is_good(state: &SourceState) -> bool {
    state.last_ok.is_some() && !fails(state)
}

fn fails(state: &SourceState) -> bool {
    state.failures > 0 || state.retired
}

fn line(spec: &SourceSpec, state: &SourceState, zone: chrono_tz::Tz) -> Line {
    let name = match &spec.homepage {
        Some(url) => Span::Link { text: spec.name.clone(), url: url.clone() },
        None => bold(spec.name.clone()),
    };
    let language = spec.language.as_deref().unwrap_or("any language");
    let mut spans = vec![name, plain(format!(" ({language}, trust {}): ", spec.tier.0))];
    if state.retired {
        spans.push(plain("gone for good, no longer asked."));
    } else if let Some(reason) = &state.last_error {
        let times = if state.failures == 1 {
            "once".to_owned()
        } else {
            format!("{} times", state.failures)
        };
        spans.push(plain(format!("fails ({times}): {reason}")));
        if let Some(next) = state.next_poll {
            spans.extend([plain("; asked again "), time(next, zone)]);
        }
    } else if let Some(last) = state.last_ok {
        spans.extend([plain("read "), time(last, zone)]);
    } else {
        spans.push(plain("not asked yet."));
    }
    Line(spans)
}
