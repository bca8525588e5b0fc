//! `/calendar`: what is coming, from the register and the operator's calendar, with countdowns.
//!
//! Dates that are counted from reports say so; nothing here is a promise.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, Utc};

use crate::calendar::{self, coming};
use crate::commands::{
    Command, CommandError, Desk, ask, bold, matching, page_buttons, paged, plain,
};
use crate::model::article::{CompanyId, Element};
use crate::model::event::Invocation;
use crate::model::license::PartialDate;
use crate::model::message::{Block, Line, Message, Span};
use crate::register::{self, Coming};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "calendar",
    summary: "What is coming: licenses due, suspensions ending, customs releases, with countdowns",
    usage: "[element|company|month]",
    manage: false,
    completes: true,
    run,
};

/// Lines on a page.
const PAGE: usize = 12;
/// Longest sentence shown.
const QUOTE: usize = 200;
/// Days looked ahead when nothing else is asked.
const AHEAD: u64 = 60;

fn run(desk: &Desk, asked: &Invocation, now: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    let known = desk.known(now)?;
    let today = known.register.today;
    let wish = Wish::read(desk, wanted, today)?;
    let mut list = coming(
        &desk.calendar,
        &desk.curated,
        &known.evidence,
        &known.register,
        &desk.lexicon,
        (wish.from, wish.until),
    );
    list.retain(|coming| wish.takes(coming));
    let pages = list.len().div_ceil(PAGE).max(1);
    let page = page.min(pages);
    let mut blocks = vec![Block::Title(Line::text(wish.title(desk)))];
    if list.is_empty() {
        let day = register::day(wish.until);
        blocks.push(Block::Paragraph(Line(vec![
            plain(format!("Nothing is dated until {day}. ")),
            Span::Command("/calendar year".to_owned()),
            plain(" looks a year ahead."),
        ])));
    } else {
        let shown = list.iter().skip((page - 1) * PAGE).take(PAGE);
        blocks.push(Block::List(shown.map(|coming| line(coming, today)).collect()));
    }
    blocks.push(Block::Footer(Line::text(format!(
        "As of {}. Terms are as reported and suspensions as last announced; either may be extended without notice.",
        register::day(today)
    ))));
    let asked = if wanted.is_empty() { String::new() } else { format!(" {}", short(wanted)) };
    let mut buttons = page_buttons(&format!("calendar{asked}"), page, pages);
    buttons.push(vec![ask("Licenses", "licenses due"), ask("Controls", "controls")]);
    Ok(Message { blocks, buttons, ..Message::default() })
}

/// Suggestions for a half-typed argument.
pub(super) fn complete(desk: &Desk, partial: &str) -> Vec<String> {
    let spans = ["week", "month", "year"].map(str::to_owned);
    let elements = desk.lexicon.elements().iter().map(|element| element.english.clone());
    let companies = desk.lexicon.companies().iter().map(|company| company.short.clone());
    let all: Vec<String> = spans.into_iter().chain(elements).chain(companies).collect();
    matching(&all, partial)
}

/// What is asked for: a span of days, and perhaps an element or a company.
struct Wish {
    from: NaiveDate,
    until: NaiveDate,
    span: String,
    element: Option<Element>,
    company: Option<CompanyId>,
}

impl Wish {
    fn read(desk: &Desk, wanted: &str, today: NaiveDate) -> Result<Self, CommandError> {
        let mut wish = Self {
            from: today,
            until: today + Days::new(AHEAD),
            span: format!("the next {AHEAD} days"),
            element: None,
            company: None,
        };
        let mut rest: Vec<&str> = Vec::new();
        for word in wanted.split_whitespace() {
            if !wish.takes_span(word, today) {
                rest.push(word);
            }
        }
        let rest = rest.join(" ");
        if rest.is_empty() {
            return Ok(wish);
        }
        if let Some(element) = desk.lexicon.find_element(&rest) {
            wish.element = Some(Element(element.symbol.clone()));
        } else if let Some(company) = desk.lexicon.find_company(&rest) {
            wish.company = Some(company.id.clone());
        } else {
            return Err(CommandError::User(format!(
                "I know no element, company or month “{}”. Write one of them (dysprosium, JL Mag, December, 2027-01), or week, \
                 month or year; /calendar alone shows the next {AHEAD} days.",
                text::cut(&text::one_line(&rest), 60)
            )));
        }
        Ok(wish)
    }

    /// Reads a word as a span of days, if it is one.
    fn takes_span(&mut self, word: &str, today: NaiveDate) -> bool {
        let lower = word.to_lowercase();
        let ahead = match lower.as_str() {
            "week" => Some((7, "the next 7 days")),
            "month" => Some((30, "the next 30 days")),
            "year" => Some((365, "the next 12 months")),
            _ => None,
        };
        if let Some((days, span)) = ahead {
            (self.from, self.until) = (today, today + Days::new(days));
            span.clone_into(&mut self.span);
            return true;
        }
        let first = match lower.parse() {
            Ok(date @ PartialDate::Month(..)) => Some(date.first_day()),
            Ok(PartialDate::Day(_)) => None,
            Err(_) => calendar::month(&lower).and_then(|month| {
                let year = today.year() + i32::from(month < today.month());
                NaiveDate::from_ymd_opt(year, month, 1)
            }),
        };
        let Some(first) = first else { return false };
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        (self.from, self.until) = (first, next.pred_opt().unwrap_or(next));
        self.span = first.format("%B %Y").to_string();
        true
    }

    fn takes(&self, coming: &Coming) -> bool {
        let element = self.element.as_ref().is_none_or(|wanted| coming.elements.contains(wanted));
        let company = self.company.as_ref().is_none_or(|wanted| coming.companies.contains(wanted));
        element && company
    }

    fn title(&self, desk: &Desk) -> String {
        let about = match (&self.element, &self.company) {
            (Some(element), _) => format!(" for {}", desk.lexicon.element_name(element)),
            (None, Some(company)) => format!(" for {}", desk.lexicon.company_name(company)),
            (None, None) => String::new(),
        };
        format!("Coming up{about}: {}", self.span)
    }
}

fn line(coming: &Coming, today: NaiveDate) -> Line {
    let days = (coming.date - today).num_days();
    let year = if coming.date.year() == today.year() { "" } else { " %Y" };
    let day = coming.date.format(&format!("%a %-d %b{year}")).to_string();
    let mut line = Line(vec![
        bold(format!("{day}, {}: ", register::left(days))),
        plain(format!("{}. ", coming.what.trim_end_matches('.'))),
    ]);
    let site = url::Url::parse(&coming.url).ok();
    let site = site.as_ref().and_then(url::Url::host_str).unwrap_or_default();
    let name = match coming.publisher.as_str() {
        "" => site.strip_prefix("www.").unwrap_or(site).to_owned(),
        publisher => text::cut(&text::one_line(publisher), 40),
    };
    if coming.url.is_empty() && !name.is_empty() {
        line.0.push(plain(format!("({name})")));
    } else if !name.is_empty() {
        line.0.push(Span::Link { text: name, url: coming.url.clone() });
    }
    if !coming.quote.is_empty() {
        let quote = text::clause(&text::one_line(&coming.quote), QUOTE);
        line.0.push(plain(format!(": “{quote}”")));
    }
    line
}

/// The wish short enough for a button.
fn short(wanted: &str) -> String {
    let mut end = wanted.len().min(40);
    while !wanted.is_char_boundary(end) {
        end -= 1;
    }
    wanted[..end].to_owned()
}
