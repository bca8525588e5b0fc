//! All wording of briefs and headlines: an edition's values as the lines of a message.
//!
//! Plain words, short lines. Titles and sentences of sources pass unchanged but
//! for invisible characters and a length limit; what follows them says where
//! they are from. Chat, terminal, Markdown and HTML share these lines.

use std::collections::HashSet;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;

use crate::clock;
use crate::compose::choice::{self, Choice};
use crate::compose::tongue::tongue;
use crate::compose::{desk, price};
use crate::lexicon::Lexicon;
use crate::model::article::{CompanyId, Element, Topic};
use crate::model::brief::{
    Analysis, CompanyLine, Correction, Edition, EditionId, Headline, SourceLink, Upcoming,
};
use crate::model::message::{Action, Block, Button, Line, Message, Span};
use crate::model::story::{Direction, Highlight, Signal, Story};
use crate::model::subscription::{Length, Series, Subscription};
use crate::text;

/// Whose eyes an edition is seen with.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Names of topics, elements and companies.
    pub lexicon: &'a Lexicon,
    /// The zone of every time shown.
    pub zone: Tz,
    /// How much is shown.
    pub length: Length,
    /// Topics wanted; empty, as the other two, when everything is.
    pub topics: &'a [Topic],
    /// Elements wanted.
    pub elements: &'a [Element],
    /// Companies wanted.
    pub companies: &'a [CompanyId],
}

impl<'a> View<'a> {
    /// A subscriber's view; without a subscription, everything in the operator's zone.
    #[must_use]
    pub fn of(subscription: Option<&'a Subscription>, lexicon: &'a Lexicon, zone: Tz) -> Self {
        match subscription {
            Some(to) => Self {
                lexicon,
                zone: to.zone,
                length: to.length,
                topics: &to.topics,
                elements: &to.elements,
                companies: &to.companies,
            },
            None => Self {
                lexicon,
                zone,
                length: Length::Full,
                topics: &[],
                elements: &[],
                companies: &[],
            },
        }
    }
}

/// Longest title shown, in characters.
const TITLE: usize = 160;
/// Longest sentence shown.
pub(super) const SENTENCE: usize = 420;
/// Most buttons to rows that the license desk names, and how many stand side by side: on a phone
/// a third would cut the names of companies.
const ROWS: usize = 6;
const ABREAST: usize = 2;
/// Longest name of a publisher shown.
pub(super) const NAME: usize = 40;
/// Most publishers named after the first.
const ALSO: usize = 4;
/// Most elements named in a signal's line.
const ELEMENTS: usize = 5;
/// Most dated events shown.
const EVENTS: usize = 6;

/// An edition in words, before it becomes a message or a page.
pub(super) struct Words {
    /// `Monazite daily brief No. 12`.
    pub(super) name: String,
    /// `Monday, 23 November 2026`.
    pub(super) date: String,
    /// The window covered and the next edition.
    pub(super) covers: Line,
    /// What a reader must know first: a quiet day, sources that did not answer, wishes applied.
    pub(super) notices: Vec<Line>,
    /// In the edition's order; empty ones are left out.
    pub(super) sections: Vec<Section>,
    /// Small print.
    pub(super) footer: Vec<Line>,
}

/// A section and its heading.
pub(super) struct Section {
    /// For anchors and styles: lower case, no spaces.
    pub(super) id: &'static str,
    /// The heading.
    pub(super) heading: &'static str,
    /// What must be known before it is read, if anything must.
    pub(super) lead: Option<Line>,
    /// What stands under it.
    pub(super) body: Body,
    /// What is not shown, counted.
    pub(super) more: Option<Line>,
}

/// What stands under a heading.
pub(super) enum Body {
    /// One sentence instead of a list.
    Words(Line),
    /// A bullet each.
    Lines(Vec<Line>),
    /// Stories with points under each.
    Stories(Vec<StoryWords>),
}

/// A story analyzed, in words.
pub(super) struct StoryWords {
    /// Linked title, with its number.
    pub(super) title: Line,
    /// Which way it points.
    pub(super) direction: Direction,
    /// One bullet each.
    pub(super) points: Vec<Line>,
}

/// The edition as a message.
#[must_use]
pub fn brief(edition: &Edition, view: &View<'_>) -> Message {
    let words = words(edition, view);
    let title = Line::text(format!("{} · {}", words.name, words.date));
    let mut blocks = vec![Block::Title(title), Block::Paragraph(words.covers)];
    blocks.extend(words.notices.into_iter().map(Block::Paragraph));
    for section in words.sections {
        blocks.push(Block::Heading(Line::text(section.heading)));
        blocks.extend(section.lead.map(Block::Paragraph));
        match section.body {
            Body::Words(line) => blocks.push(Block::Paragraph(line)),
            Body::Lines(mut lines) => {
                lines.extend(section.more);
                blocks.push(Block::List(lines));
            }
            Body::Stories(stories) => {
                for story in stories {
                    blocks.push(Block::Subheading(story.title));
                    blocks.push(Block::List(story.points));
                }
            }
        }
    }
    blocks.extend(words.footer.into_iter().map(Block::Footer));
    let mut buttons = vec![buttons(edition.series, view.length)];
    buttons.extend(row_buttons(edition, view.length));
    Message { blocks, buttons, ..Message::default() }
}

/// A button to each of the first holders that the desk names.
fn row_buttons(edition: &Edition, length: Length) -> Vec<Vec<Button>> {
    let mut buttons: Vec<Button> = Vec::new();
    for row in edition.desk.iter().take(desk::lines(length)).flat_map(|entry| &entry.rows) {
        let label = shown(&row.label, 32);
        if buttons.len() < ROWS && buttons.iter().all(|button| button.label != label) {
            buttons.push(Button { label, action: Action::Ask(format!("license {}", row.row)) });
        }
    }
    buttons.chunks(ABREAST).map(<[Button]>::to_vec).collect()
}

/// What an edition is about: the topics of its stories, those of more stories first.
#[must_use]
pub fn topics(edition: &Edition) -> Vec<Topic> {
    let stories = edition.analysis.iter().map(|story| &story.topics);
    let all = stories.chain(edition.recent.iter().map(|news| &news.topics));
    let mut counted: Vec<(Topic, usize)> = Vec::new();
    for topic in all.flatten() {
        match counted.iter_mut().find(|(known, _)| known == topic) {
            Some((_, count)) => *count += 1,
            None => counted.push((topic.clone(), 1)),
        }
    }
    counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counted.into_iter().map(|(topic, _)| topic).collect()
}

/// A test message: that it arrived, and the head of the newest edition.
#[must_use]
pub fn test(edition: Option<&Edition>, view: &View<'_>) -> Message {
    let words = |text: &str| Block::Paragraph(Line::text(text));
    let mut blocks = vec![words("Test: this is how messages arrive here. Everything works.")];
    match edition {
        Some(edition) => {
            let title = format!("{} · {}", name(edition), date(edition));
            blocks.push(Block::Title(Line::text(title)));
            blocks.push(Block::Paragraph(covers(edition, view.zone)));
        }
        None => blocks.push(words("No edition has been published yet; the first will come here.")),
    }
    let ask = |label: &str, command: &str| Button {
        label: label.to_owned(),
        action: Action::Ask(command.to_owned()),
    };
    let buttons = vec![vec![ask("Settings", "settings"), ask("Latest brief", "brief")]];
    Message { blocks, buttons, ..Message::default() }
}

fn buttons(series: Series, length: Length) -> Vec<Button> {
    let ask = |label: &str, command: &str| Button {
        label: label.to_owned(),
        action: Action::Ask(command.to_owned()),
    };
    let full = (length == Length::Short).then(|| ask("Full brief", full_line(series)));
    full.into_iter()
        .chain([ask("Licenses", "licenses"), ask("Latest", "latest"), ask("Settings", "settings")])
        .collect()
}

/// What shows the whole of the newest edition.
fn full_line(series: Series) -> &'static str {
    match series {
        Series::Daily | Series::Alerts => "brief full",
        Series::Weekly => "brief weekly full",
    }
}

/// One line for each story: what `/latest` answers.
#[must_use]
pub fn headlines(title: &str, stories: &[Story], view: &View<'_>) -> Message {
    let lines: Vec<Line> = stories
        .iter()
        .filter(|story| choice::wants_story(story, view))
        .map(|story| story_line(story, view))
        .collect();
    let list = if lines.is_empty() {
        Block::Paragraph(Line::text("No stories here yet."))
    } else {
        Block::List(lines)
    };
    let blocks = vec![Block::Title(Line::text(text::cut(&text::one_line(title), TITLE))), list];
    Message { blocks, ..Message::default() }
}

fn story_line(story: &Story, view: &View<'_>) -> Line {
    let Some(primary) = story.primary() else { return Line::text(shown(&story.title, TITLE)) };
    let mut line = Line(vec![link(&shown(&story.title, TITLE), &primary.url)]);
    let mut others: Vec<&str> = Vec::new();
    for telling in story.tellings.iter().skip(1) {
        if telling.publisher != primary.publisher && !others.contains(&telling.publisher.as_str()) {
            others.push(&telling.publisher);
        }
    }
    let mut tail = format!(" — {}", shown(&primary.publisher, NAME));
    if !others.is_empty() {
        tail.push_str(&format!(", also reported by {}", names(&others)));
    }
    tail.push_str(" · ");
    line.0.push(Span::Text(tail));
    line.0.push(time(primary.published, view.zone));
    let mut labels: Vec<&str> = Vec::new();
    if story.signal.direction != Direction::Neutral {
        labels.push(story.signal.direction.word());
    }
    labels.extend(story.topics.iter().map(|topic| view.lexicon.topic_label(topic)));
    if !labels.is_empty() {
        line.0.push(Span::Text(format!(" · {}", labels.join(" · "))));
    }
    line
}

/// The edition in words.
pub(super) fn words(edition: &Edition, view: &View<'_>) -> Words {
    let choice = Choice::of(edition, view);
    Words {
        name: name(edition),
        date: date(edition),
        covers: covers(edition, view.zone),
        notices: notices(edition, &choice, view),
        sections: sections(edition, &choice, view),
        footer: footer(edition, view.length),
    }
}

fn name(edition: &Edition) -> String {
    let series = match edition.series {
        Series::Daily | Series::Alerts => "daily",
        Series::Weekly => "weekly",
    };
    format!("Monazite {series} brief No. {}", edition.number)
}

fn date(edition: &Edition) -> String {
    let date = edition.date.format("%A, %-d %B %Y");
    match edition.series {
        Series::Daily | Series::Alerts => date.to_string(),
        Series::Weekly => format!("week to {date}"),
    }
}

fn covers(edition: &Edition, zone: Tz) -> Line {
    let words = |text: &str| Span::Text(text.to_owned());
    // The zone is named once, unless a clock change lies between.
    let label = clock::zone_label(edition.closes, zone);
    let same = |at: DateTime<Utc>| clock::zone_label(at, zone) == label;
    let mut line = Line::text("Covers ").with(if same(edition.opens) {
        Span::Time { at: edition.opens, text: local(edition.opens, zone) }
    } else {
        time(edition.opens, zone)
    });
    line = line.with(words(" to ")).with(time(edition.closes, zone)).with(words("."));
    if let Some(next) = edition.next {
        line = line.with(words(" Next edition: "));
        line = line.with(if same(next) {
            Span::Time { at: next, text: local(next, zone) }
        } else {
            time(next, zone)
        });
        line = line.with(words("."));
    }
    line
}

fn notices(edition: &Edition, choice: &Choice<'_>, view: &View<'_>) -> Vec<Line> {
    let mut notices = Vec::new();
    let span = if edition.series == Series::Weekly { "week" } else { "day" };
    match edition.stories.len() {
        0 => notices.push(Line::text(format!(
            "A quiet {span}: nothing new on rare earths was found in this window."
        ))),
        1 => notices.push(Line::text(format!("A quiet {span}: one story."))),
        2 => notices.push(Line::text(format!("A quiet {span}: two stories."))),
        _ => {}
    }
    let (ok, all) = edition.sources_ok;
    if all > 0 && ok == 0 {
        notices.push(Line::text("No source answered at its last poll: news may be missing here."));
    } else if ok * 2 < all {
        notices.push(Line::text(format!(
            "Only {ok} of {all} sources answered at their last poll: news may be missing here."
        )));
    }
    if choice.nothing_matches(edition) {
        notices.push(
            Line::text(format!("Nothing in this edition matches your choice ({}). ", wishes(view)))
                .with(Span::Command("/latest".to_owned()))
                .with(Span::Text(" has all stories, ".to_owned()))
                .with(Span::Command("/settings".to_owned()))
                .with(Span::Text(" changes the choice.".to_owned())),
        );
    } else if choice.filtered {
        let left_out = match choice.left_out {
            0 => String::new(),
            1 => " One other story is left out: ".to_owned(),
            n => format!(" {n} other stories are left out: "),
        };
        let mut line = Line::text(format!("Your choice: {}.{left_out}", wishes(view)));
        if choice.left_out > 0 {
            line = line.with(Span::Command("/latest".to_owned())).with(Span::Text(".".to_owned()));
        }
        notices.push(line);
    }
    notices
}

/// What a destination asked for, in words.
fn wishes(view: &View<'_>) -> String {
    let topics = view.topics.iter().map(|topic| view.lexicon.topic_label(topic).to_owned());
    let elements = view.elements.iter().map(|e| capitalized(view.lexicon.element_name(e)));
    let companies = view.companies.iter().map(|c| view.lexicon.company_name(c).to_owned());
    topics.chain(elements).chain(companies).collect::<Vec<_>>().join(", ")
}

fn sections(edition: &Edition, choice: &Choice<'_>, view: &View<'_>) -> Vec<Section> {
    let companies = choice.companies.iter().map(|line| company(line, edition, view)).collect();
    let recent = choice.recent.iter().map(|news| headline(news, edition, view)).collect();
    let full = view.length == Length::Full;
    let events = edition.watch_next.iter().take(if full { EVENTS } else { 0 });
    let events = events.map(|event| upcoming(event, edition.date)).collect();
    let corrections = edition.corrections.iter().take(if full { usize::MAX } else { 0 });
    let parts = [
        list("highlights", "Highlights", choice.highlights.iter().map(|h| sentence(h)).collect()),
        Some(desk::section(edition, view.length)),
        price::section(&choice.prices, edition.date),
        stories(&choice.analysis, view),
        list("companies", "Companies & projects", companies),
        list("watch", "Watch next", events),
        list(
            "corrections",
            "Updates & corrections",
            corrections.map(|c| correction(c, view.zone)).collect(),
        ),
        list("recent", "Recent news", recent).map(|s| s.and_more(choice.more, "/latest")),
    ];
    parts.into_iter().flatten().collect()
}

/// A section of bullets; none when there are none.
pub(super) fn list(id: &'static str, heading: &'static str, lines: Vec<Line>) -> Option<Section> {
    let some = !lines.is_empty();
    some.then_some(Section { id, heading, lead: None, body: Body::Lines(lines), more: None })
}

fn stories(analyzed: &[&Analysis], view: &View<'_>) -> Option<Section> {
    let mut told = HashSet::new();
    let stories: Vec<StoryWords> = analyzed
        .iter()
        .enumerate()
        .map(|(i, story)| analysis(i + 1, story, &fresh(&story.matters, &mut told), view))
        .collect();
    let (id, heading) = ("analysis", "Analysis");
    let some = !stories.is_empty();
    some.then_some(Section { id, heading, lead: None, body: Body::Stories(stories), more: None })
}

/// What matters in a story, less what a story before it has said: that holds for both.
fn fresh<'a>(matters: &'a [String], told: &mut HashSet<&'a str>) -> Vec<&'a str> {
    matters.iter().map(String::as_str).filter(|sentence| told.insert(sentence)).collect()
}

impl Section {
    /// The section with a last line that counts what is not shown.
    pub(super) fn and_more(mut self, n: usize, command: &str) -> Self {
        self.more = (n > 0)
            .then(|| Line::text(format!("and {n} more: ")).with(Span::Command(command.to_owned())));
        self
    }
}

/// A source's sentence and where it is from.
pub(super) fn sentence(highlight: &Highlight) -> Line {
    said(&highlight.text)
        .with(Span::Text(" — ".to_owned()))
        .with(link(&shown(&highlight.publisher, NAME), &highlight.url))
}

/// A source's sentence, and its language where that is not English.
fn said(sentence: &str) -> Line {
    let line = Line::text(shown(sentence, SENTENCE));
    match tongue(sentence) {
        Some(tongue) => line.with(Span::Text(format!(" (in {})", tongue.name))),
        None => line,
    }
}

/// `27 Nov`, or `1 Jan 2027` where the year is not the edition's.
pub(super) fn day(day: NaiveDate, today: NaiveDate) -> String {
    let year = if day.year() == today.year() { "" } else { " %Y" };
    day.format(&format!("%-d %b{year}")).to_string()
}

fn analysis(number: usize, analysis: &Analysis, matters: &[&str], view: &View<'_>) -> StoryWords {
    let mut title = Line(vec![Span::Bold(format!("{number}. "))]);
    if analysis.update {
        title.0.push(Span::Bold("Update: ".to_owned()));
    }
    title.0.push(link(&shown(&analysis.title, TITLE), &analysis.url));
    let mut points: Vec<Line> =
        analysis.happened.iter().map(|said| quoted("", said, &analysis.url)).collect();
    points.extend(analysis.undisclosed.iter().map(|said| {
        let unchanged = super::analysis::says_unchanged(&said.text);
        quoted(if unchanged { "Unchanged: " } else { "Undisclosed: " }, said, &analysis.url)
    }));
    if !matters.is_empty() {
        points.push(Line(vec![
            Span::Bold("Why it matters: ".to_owned()),
            Span::Text(shown(&matters.join(" "), 2 * SENTENCE)),
        ]));
    }
    points.push(signal(&analysis.signal, &analysis.topics, &analysis.elements, view));
    points.extend(sources(&analysis.sources));
    StoryWords { title, direction: analysis.signal.direction, points }
}

/// A sentence of the story's own article needs no publisher beside it; another's does.
fn quoted(label: &str, highlight: &Highlight, own: &str) -> Line {
    let mut line = if highlight.url == own { said(&highlight.text) } else { sentence(highlight) };
    if !label.is_empty() {
        line.0.insert(0, Span::Bold(label.to_owned()));
    }
    line
}

/// The signal with the words it rests on, and what the story is about.
fn signal(signal: &Signal, topics: &[Topic], elements: &[Element], view: &View<'_>) -> Line {
    let mut said = signal.direction.word().to_owned();
    let words = longest(&signal.words);
    if !words.is_empty() {
        let words: Vec<String> =
            words.iter().map(|word| format!("“{}”", shown(word, NAME))).collect();
        said.push_str(&format!(" ({})", words.join(", ")));
    }
    let points_to = super::analysis::points_to(signal.direction, topics);
    if !points_to.is_empty() {
        said.push_str(&format!(": points to {points_to}"));
    }
    let mut about: Vec<String> =
        topics.iter().map(|topic| view.lexicon.topic_label(topic).to_owned()).collect();
    // Symbols: whoever buys an element knows its own, and a line holds many.
    let named: Vec<String> =
        elements.iter().take(ELEMENTS).map(|element| shown(element.as_str(), NAME)).collect();
    let more = elements.len().saturating_sub(ELEMENTS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    about.extend((!named.is_empty()).then(|| format!("{}{more}", named.join(", "))));
    if !about.is_empty() {
        said.push_str(&format!(" · {}", about.join(" · ")));
    }
    Line(vec![Span::Bold("Signal: ".to_owned()), Span::Text(said)])
}

/// The words that stand in no other of them: `control list` says nothing beside `export control
/// list`.
fn longest(words: &[String]) -> Vec<&str> {
    let folded: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let within = |i: usize| {
        let mut others = folded.iter().enumerate().filter(|(j, _)| *j != i);
        others.any(|(j, other)| other.contains(&folded[i]) && (*other != folded[i] || j < i))
    };
    (0..words.len()).filter(|i| !within(*i)).map(|i| words[i].as_str()).collect()
}

fn sources(sources: &[SourceLink]) -> Option<Line> {
    let (first, others) = sources.split_first()?;
    let name = |source: &SourceLink| link(&shown(&source.publisher, NAME), &source.url);
    let mut line = Line(vec![Span::Bold("Source: ".to_owned()), name(first)]);
    for (i, source) in others.iter().take(ALSO).enumerate() {
        let between = if i == 0 { "; also reported by " } else { ", " };
        line.0.push(Span::Text(between.to_owned()));
        line.0.push(name(source));
    }
    if others.len() > ALSO {
        line.0.push(Span::Text(format!(" and {} more", others.len() - ALSO)));
    }
    Some(line)
}

/// A headline after the name of its company, unless it begins with that name.
fn company(line: &CompanyLine, edition: &Edition, view: &View<'_>) -> Line {
    let named = headline(&line.headline, edition, view);
    let title = shown(&line.headline.title, TITLE).to_lowercase();
    if !line.headline.update && title.starts_with(&line.company.to_lowercase()) {
        return named;
    }
    let mut said = Line(vec![Span::Bold(format!("{}: ", shown(&line.company, NAME)))]);
    said.0.extend(named.0);
    said
}

/// A linked title and its publisher, and the day where that lies before the window.
fn headline(headline: &Headline, edition: &Edition, view: &View<'_>) -> Line {
    let mut line = Line::default();
    if headline.update {
        line.0.push(Span::Bold("Update: ".to_owned()));
    }
    line.0.push(link(&shown(&headline.title, TITLE), &headline.url));
    let mut from = format!(" — {}", shown(&headline.publisher, NAME));
    if headline.published < edition.opens {
        let published = headline.published.with_timezone(&view.zone).date_naive();
        from.push_str(&format!(" · {}", day(published, edition.date)));
    }
    line.with(Span::Text(from))
}

fn upcoming(event: &Upcoming, today: NaiveDate) -> Line {
    let day = format!("{} {}", event.date.format("%a"), day(event.date, today));
    let what = shown(&event.what, SENTENCE);
    let line = Line(vec![Span::Bold(format!("{day}: ")), Span::Text(ended(&what))]);
    match &event.url {
        Some(url) => sited(line, url),
        None => line,
    }
}

/// The line with the site that says so, where its publisher's name is not known.
fn sited(line: Line, url: &str) -> Line {
    let page = url::Url::parse(url).ok().filter(|_| is_web(url));
    let Some(site) = page.as_ref().and_then(url::Url::host_str) else { return line };
    let site = site.strip_prefix("www.").unwrap_or(site);
    line.with(Span::Text(" — ".to_owned())).with(link(&shown(site, NAME), url))
}

fn correction(correction: &Correction, zone: Tz) -> Line {
    let said = ended(&shown(&correction.what, SENTENCE));
    let told = edition_day(&correction.edition, zone);
    sited(Line::text(format!("{said} Told in the edition of {told}.")), &correction.url)
}

/// The day an edition closed, as its readers call it; its id where that holds no time.
pub(super) fn edition_day(id: &EditionId, zone: Tz) -> String {
    let time = id.as_str().rsplit('/').next().unwrap_or_default();
    match NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%MZ") {
        Ok(closed) => closed.and_utc().with_timezone(&zone).format("%-d %b %Y").to_string(),
        Err(_) => shown(id.as_str(), NAME),
    }
}

fn footer(edition: &Edition, length: Length) -> Vec<Line> {
    let (ok, all) = edition.sources_ok;
    let command = |name: &str| Span::Command(name.to_owned());
    let words = |words: &str| Span::Text(words.to_owned());
    let mut commands = Vec::new();
    if length == Length::Short {
        let line = format!("/{}", full_line(edition.series));
        commands.extend([words("The full brief: "), command(&line), words(". ")]);
    }
    // Buttons lead to the others.
    commands.push(words("More: "));
    for name in ["/controls", "/calendar", "/search", "/watch"] {
        commands.extend([command(name), words(" · ")]);
    }
    commands.push(command("/help"));
    let made =
        format!("{ok} of {all} sources answered. News is told in its sources' own sentences.");
    vec![Line(commands), Line::text(made)]
}

// ---------------------------------------------------------------- small words

/// An instant for readers: `Mon 23 Nov 07:00 EST`.
pub(super) fn time(at: DateTime<Utc>, zone: Tz) -> Span {
    Span::Time { at, text: format!("{} {}", local(at, zone), clock::zone_label(at, zone)) }
}

/// The same without its zone.
fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%a %-d %b %H:%M").to_string()
}

/// A link, or plain text where the address is no page.
pub(super) fn link(shown: &str, url: &str) -> Span {
    if is_web(url) {
        Span::Link { text: shown.to_owned(), url: url.to_owned() }
    } else {
        Span::Text(shown.to_owned())
    }
}

/// Whether an address is a page's.
pub(super) fn is_web(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Text of a source on one line, without invisible characters, cut.
pub(super) fn shown(text: &str, most: usize) -> String {
    text::cut(&text::one_line(text), most)
}

/// A sentence with its full stop.
pub(super) fn ended(sentence: &str) -> String {
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?', '。', '…', '！', '？']) {
        sentence.to_owned()
    } else {
        format!("{sentence}.")
    }
}

/// A name with its first letter large.
pub(super) fn capitalized(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// `Reuters, SMM and 3 more`.
pub(super) fn names(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(ALSO).map(|name| shown(name, NAME)).collect();
    let more = names.len().saturating_sub(ALSO);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
