//! `/latest`: the newest stories, all of them or those of a topic, an element or a company.
//!
//! A name is understood in any spelling and script that the lexicon knows.

use chrono::{DateTime, Utc};

use crate::commands::{Command, CommandError, Desk, page_buttons, paged};
use crate::compose::phrase::{self, View};
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::event::Invocation;
use crate::model::message::Message;
use crate::model::story::Story;
use crate::model::subscription::Length;
use crate::query::{self, Clause, Term};
use crate::text;

/// The row.
pub(super) const ROW: Command = Command {
    name: "latest",
    summary: "The newest stories, of everything or of a topic, an element or a company",
    usage: "[topic|element|company]",
    manage: false,
    completes: true,
    run,
};

/// Stories on a page.
const PAGE: usize = 8;

fn run(desk: &Desk, asked: &Invocation, _: DateTime<Utc>) -> Result<Message, CommandError> {
    let (wanted, page) = paged(asked.args.trim());
    let filter = Filter::read(desk, wanted)?;
    let title = match &filter {
        Filter::All => "Latest".to_owned(),
        Filter::Topic(topic) => format!("Latest: {}", desk.lexicon.topic_label(topic)),
        Filter::Element(element) => format!("Latest: {}", desk.lexicon.element_name(element)),
        Filter::Company(company) => format!("Latest: {}", desk.lexicon.company_name(company)),
    };
    let found = desk.store.latest_stories(page * PAGE + 1, |story| filter.takes(story))?;
    let pages = if found.len() > page * PAGE { page + 1 } else { page };
    let shown: Vec<Story> = found.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
    if shown.is_empty() {
        let what = if page > 1 {
            "There is nothing further back."
        } else {
            "Nothing yet. New items are gathered all day."
        };
        return Ok(Message::text(format!("{title}. {what}")));
    }
    let zone = desk
        .subscription(asked.reply.destination())?
        .map_or(desk.zone, |subscription| subscription.zone);
    let view = View {
        lexicon: &desk.lexicon,
        zone,
        length: Length::Full,
        topics: &[],
        elements: &[],
        companies: &[],
    };
    let mut message = phrase::headlines(&title, &shown, &view);
    let line = if wanted.is_empty() {
        "latest".to_owned()
    } else {
        format!("latest {}", filter.short(wanted))
    };
    message.buttons = page_buttons(&line, page, pages);
    Ok(message)
}

/// Topics, elements and companies that begin with, or contain, what stands there.
pub(super) fn complete(desk: &Desk, partial: &str) -> Vec<String> {
    let wanted = partial.trim().to_lowercase();
    let topics = desk.lexicon.topics().iter().map(|topic| topic.id.0.clone());
    let elements = desk.lexicon.elements().iter().map(|element| element.english.clone());
    let companies = desk.lexicon.companies().iter().map(|company| company.short.clone());
    let all: Vec<String> = topics.chain(elements).chain(companies).collect();
    let begins = all.iter().filter(|name| name.to_lowercase().starts_with(&wanted));
    let contains = all.iter().filter(|name| {
        let lower = name.to_lowercase();
        !lower.starts_with(&wanted) && lower.contains(&wanted)
    });
    begins.chain(contains).take(25).cloned().collect()
}

enum Filter {
    All,
    Topic(Topic),
    Element(Element),
    Company(CompanyId),
}

impl Filter {
    fn read(desk: &Desk, wanted: &str) -> Result<Self, CommandError> {
        if wanted.is_empty() {
            return Ok(Self::All);
        }
        if let Some(element) = desk.lexicon.find_element(wanted) {
            return Ok(Self::Element(Element(element.symbol.clone())));
        }
        if let Some(company) = desk.lexicon.find_company(wanted) {
            return Ok(Self::Company(company.id.clone()));
        }
        if let Some(topic) = desk.lexicon.find_topic(wanted) {
            return Ok(Self::Topic(topic.id.clone()));
        }
        // Whatever `/search` would take for one of them: slips, `JL MAG Co., Ltd.`, `价格`.
        let meant = query::parse(wanted, &desk.lexicon);
        if let [Clause { not: false, any }] = &meant.clauses[..] {
            match &any[..] {
                [Term::Element(element)] => return Ok(Self::Element(element.clone())),
                [Term::Company(company)] => return Ok(Self::Company(company.clone())),
                [Term::Topic(topic)] => return Ok(Self::Topic(topic.clone())),
                _ => {}
            }
        }
        let topics: Vec<&str> =
            desk.lexicon.topics().iter().map(|topic| topic.id.as_str()).collect();
        Err(CommandError::User(format!(
            "I know no topic, element or company {:?}; /search looks for words. Topics are {}; elements go by name or symbol (dysprosium, Dy, 镝).",
            text::cut(&text::one_line(wanted), 60),
            topics.join(", ")
        )))
    }

    fn takes(&self, story: &Story) -> bool {
        match self {
            Self::All => true,
            Self::Topic(topic) => story.topics.contains(topic),
            Self::Element(element) => story.elements.contains(element),
            Self::Company(company) => story.companies.contains(company),
        }
    }

    /// The shortest name that finds the same, for a button's 64 bytes.
    fn short<'a>(&'a self, wanted: &'a str) -> &'a str {
        match self {
            Self::All => wanted,
            Self::Topic(topic) => topic.as_str(),
            Self::Element(element) => element.as_str(),
            Self::Company(company) => company.as_str(),
        }
    }
}
