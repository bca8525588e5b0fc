//! The pages of `/settings`: the whole state, and one page for each thing that can be set.
//!
//! A page shows what is set, when the next delivery comes, and what can be
//! chosen. It changes nothing.

use chrono::{DateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;

use crate::clock::zone_name;
use crate::commands::settings::ASKED;
use crate::commands::{Desk, paragraph, plain, time};
use crate::model::alert::Severity;
use crate::model::message::{Action, Block, Button, Choice, Choose, Line, Message, Span};
use crate::model::subscription::{Length, PlatformName, Series, Subscription};
use crate::text;

/// Companies on one page.
const PER_PAGE: usize = 20;

/// Hours that can be chosen without typing.
const HOURS: &[&str] =
    &["05:00", "06:00", "07:00", "07:30", "08:00", "09:00", "12:00", "15:00", "18:00", "21:00"];

/// Zones that can be chosen without typing.
const ZONES: &[(&str, Tz)] = &[
    ("Los Angeles", Tz::America__Los_Angeles),
    ("Denver", Tz::America__Denver),
    ("Chicago", Tz::America__Chicago),
    ("New York", Tz::America__New_York),
    ("São Paulo", Tz::America__Sao_Paulo),
    ("London", Tz::Europe__London),
    ("Berlin, Paris", Tz::Europe__Berlin),
    ("Kyiv", Tz::Europe__Kyiv),
    ("Dubai", Tz::Asia__Dubai),
    ("India", Tz::Asia__Kolkata),
    ("Hanoi", Tz::Asia__Ho_Chi_Minh),
    ("China", Tz::Asia__Shanghai),
    ("Singapore", Tz::Asia__Singapore),
    ("Perth", Tz::Australia__Perth),
    ("Tokyo", Tz::Asia__Tokyo),
    ("Sydney", Tz::Australia__Sydney),
];

/// Quiet hours that can be chosen without typing.
const QUIET: &[(&str, u32, u32)] = &[
    ("21:00–06:00", 21, 6),
    ("22:00–07:00", 22, 7),
    ("23:00–08:00", 23, 8),
    ("20:00–09:00", 20, 9),
];

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// A page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Main,
    Series,
    Hour,
    Zone,
    Days,
    Wishes(List, usize),
    Quiet,
    Least,
    Length,
    Language,
    Discuss,
}

/// A list of which several may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Days,
    Topics,
    Elements,
    Companies,
}

/// An hour of the day.
pub(super) fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

impl List {
    const ALL: [Self; 4] = [Self::Days, Self::Topics, Self::Elements, Self::Companies];

    /// How a button names the list: few bytes are left beside a company's name.
    fn short(self) -> &'static str {
        match self {
            Self::Days => "da",
            Self::Topics => "to",
            Self::Elements => "el",
            Self::Companies => "co",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Topics => "topics",
            Self::Elements => "elements",
            Self::Companies => "companies",
        }
    }

    /// The list and page of a button (`co2`), and whether all chosen ones follow (`co2=`).
    pub(super) fn of_button(what: &str) -> Option<(Self, usize, bool)> {
        let list = Self::ALL.into_iter().find(|list| what.starts_with(list.short()))?;
        let rest = &what[list.short().len()..];
        let (number, many) = match rest.strip_suffix('=') {
            Some(number) => (number, true),
            None => (rest, false),
        };
        number.parse().ok().map(|page| (list, page, many))
    }

    pub(super) fn page(self, page: usize) -> Page {
        match self {
            Self::Days => Page::Days,
            list => Page::Wishes(list, page),
        }
    }

    /// The values chosen at present.
    pub(super) fn chosen(self, to: &Subscription) -> Vec<String> {
        match self {
            Self::Days => to.weekdays.iter().map(|day| day.to_string().to_lowercase()).collect(),
            Self::Topics => to.topics.iter().map(|topic| topic.as_str().to_owned()).collect(),
            Self::Elements => to.elements.iter().map(|element| element.0.clone()).collect(),
            Self::Companies => to.companies.iter().map(|id| id.as_str().to_owned()).collect(),
        }
    }

    fn all(self, desk: &Desk) -> Vec<(String, String)> {
        let lexicon = &desk.lexicon;
        let mut all: Vec<(String, String)> = match self {
            Self::Days => {
                return WEEK
                    .iter()
                    .map(|day| (day.to_string().to_lowercase(), day.to_string()))
                    .collect();
            }
            Self::Topics => {
                let topics = lexicon.topics().iter();
                return topics.map(|t| (t.id.as_str().to_owned(), t.label.clone())).collect();
            }
            Self::Elements => {
                let elements = lexicon.elements().iter();
                return elements
                    .map(|e| (e.symbol.clone(), format!("{} {}", e.symbol, e.english)))
                    .collect();
            }
            Self::Companies => lexicon
                .companies()
                .iter()
                .map(|c| (c.id.as_str().to_owned(), lexicon.company_name(&c.id).to_owned()))
                .collect(),
        };
        all.sort_by_key(|(_, label)| label.to_lowercase());
        all
    }

    fn pages(self, desk: &Desk) -> usize {
        self.all(desk).len().div_ceil(PER_PAGE).max(1)
    }

    /// What a page offers.
    pub(super) fn options(self, desk: &Desk, to: &Subscription, page: usize) -> Vec<Choice> {
        let chosen = self.chosen(to);
        let page = page.clamp(1, self.pages(desk));
        self.all(desk)
            .into_iter()
            .skip((page - 1) * PER_PAGE)
            .take(PER_PAGE)
            .map(|(value, label)| Choice {
                label: text::cut(&label, 40),
                chosen: chosen.contains(&value),
                note: String::new(),
                value,
            })
            .collect()
    }
}

/// What a page is made of.
pub(super) struct View<'a> {
    pub(super) desk: &'a Desk,
    pub(super) to: &'a Subscription,
    /// The name of another chat than the one asked in, and a space, as a command line has it.
    pub(super) lead: &'a str,
    /// The title of that chat.
    pub(super) label: Option<&'a str>,
    /// Whether threads can be opened there.
    pub(super) threads: bool,
    pub(super) now: DateTime<Utc>,
}

impl View<'_> {
    /// The page as a message.
    pub(super) fn message(&self, page: Page, changed: bool, note: Option<String>) -> Message {
        let mut blocks = vec![Block::Title(Line::text(self.title(page)))];
        match page {
            Page::Main => blocks.push(Block::List(self.rows())),
            page => blocks.push(Block::Paragraph(Line::text(self.about(page)))),
        }
        let mut spans = Vec::new();
        if changed {
            spans.push(plain("Saved. "));
        }
        spans.extend(self.next());
        spans.extend(note.map(|note| plain(format!(" {}", note.trim_start()))));
        blocks.push(paragraph(spans));
        blocks.extend(self.hint(page));
        let buttons =
            if page == Page::Main { self.main_buttons() } else { self.page_buttons(page) };
        Message { blocks, buttons, private: true, ..Message::default() }
    }

    fn line(&self, rest: &str) -> String {
        format!("settings {}{rest}", self.lead).trim_end().to_owned()
    }

    fn title(&self, page: Page) -> String {
        let of = match self.label {
            Some(label) => text::cut(label, 60),
            None => "this chat".to_owned(),
        };
        let what = match page {
            Page::Main => return format!("Settings of {of}"),
            Page::Series => "what comes",
            Page::Hour => "hour",
            Page::Zone => "time zone",
            Page::Days => "days",
            Page::Wishes(list, _) => list.name(),
            Page::Quiet => "quiet hours",
            Page::Least => "alerts",
            Page::Length => "length",
            Page::Language => "language",
            Page::Discuss => "discussion",
        };
        format!("Settings of {of}: {what}")
    }

    /// When the next delivery comes, or why none does.
    fn next(&self) -> Vec<Span> {
        if let Some(reason) = &self.to.paused {
            return vec![plain(if reason == ASKED {
                "Paused: nothing is sent until you resume.".to_owned()
            } else {
                format!(
                    "Paused, because a message could not be delivered: {} Mend that, then resume.",
                    sentence(reason)
                )
            })];
        }
        let which = match self.to.series {
            Series::Daily => "The next brief comes ",
            Series::Weekly => "The next weekly brief comes ",
            Series::Alerts => return vec![plain("Only alerts come here, no briefs.")],
        };
        match self.desk.next_for(self.to, self.now) {
            Some(next) => vec![plain(which), time(next, self.to.zone), plain(".")],
            None => vec![plain("No next brief is planned: the operator's schedule holds none.")],
        }
    }

    fn rows(&self) -> Vec<Line> {
        let row = |(name, value): (&str, String)| {
            Line(vec![Span::Bold(format!("{name}: ")), plain(value)])
        };
        self.settings().into_iter().map(|(name, _, value)| row((name, value))).collect()
    }

    /// Everything that can be set: its name, the word that sets it, and how it is set.
    fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let (to, lexicon) = (self.to, &self.desk.lexicon);
        let or_all = |names: Vec<&str>| {
            if names.is_empty() { "all".to_owned() } else { names.join(", ") }
        };
        let mut rows = vec![("What comes", "series", series(to.series).to_owned())];
        match (to.series, to.at) {
            (Series::Daily, Some(at)) => {
                rows.push(("Hour", "time", at.format("%H:%M").to_string()));
            }
            (Series::Daily, None) => {
                rows.push(("Hour", "time", "with the main edition".to_owned()));
            }
            _ => {}
        }
        rows.push(("Zone", "zone", zone_name(to.zone)));
        if to.series == Series::Daily {
            rows.push(("Days", "days", day_names(&to.weekdays)));
        }
        let topics = to.topics.iter().map(|id| lexicon.topic_label(id)).collect();
        let elements = to.elements.iter().map(|id| lexicon.element_name(id)).collect();
        let companies = to.companies.iter().map(|id| lexicon.company_name(id)).collect();
        rows.push(("Topics", "topics", or_all(topics)));
        rows.push(("Elements", "elements", or_all(elements)));
        rows.push(("Companies", "companies", or_all(companies)));
        rows.push(("Alerts", "least", least(to.least).to_owned()));
        rows.push(("Quiet hours", "quiet", quiet_words(to)));
        if to.series != Series::Alerts {
            rows.push(("Length", "length", length(to.length).to_owned()));
        }
        rows.push(("Language", "language", "English; more to come".to_owned()));
        if self.threads {
            let discuss = if to.discuss { "a thread under each edition" } else { "off" };
            rows.push(("Discussion", "discuss", discuss.to_owned()));
        }
        rows
    }

    /// What a page says about its subject.
    fn about(&self, page: Page) -> String {
        let to = self.to;
        match page {
            Page::Main => String::new(),
            Page::Series => format!("What comes now: {}.", series(to.series)),
            Page::Hour => match to.at {
                Some(at) => format!("The brief comes at {} ({}).", at.format("%H:%M"), zone_name(to.zone)),
                None => "The brief comes with the main edition, at the operator's hour.".to_owned(),
            },
            Page::Zone => format!("Hours and times are those of {}.", zone_name(to.zone)),
            Page::Days => format!("The brief comes on these days: {}.", day_names(&to.weekdays)),
            Page::Wishes(list, page) => self.wishes(list, page),
            Page::Quiet => format!(
                "Quiet hours: {}. The brief itself comes at the hour you chose, whatever stands here.",
                quiet_words(to)
            ),
            Page::Least => format!("Alerts that come: {}.", least(to.least)),
            Page::Length => format!("Length: {}.", length(to.length)),
            Page::Language => {
                "Briefs are in English. Other languages are to come; this is where they will be chosen."
                    .to_owned()
            }
            Page::Discuss => {
                let now = if to.discuss { "is opened" } else { "is not opened" };
                format!("A thread for discussion {now} under each edition.")
            }
        }
    }

    fn wishes(&self, list: List, page: usize) -> String {
        let (_, _, value) = self
            .settings()
            .into_iter()
            .find(|(_, word, _)| *word == list.name())
            .unwrap_or(("", "", String::new()));
        let pages = list.pages(self.desk);
        let place = if pages > 1 {
            format!(" (Page {} of {pages}.)", page.clamp(1, pages))
        } else {
            String::new()
        };
        format!(
            "Chosen: {value}. Briefs show what has to do with any of your topics, elements and companies.{place}"
        )
    }

    /// What to type instead of tapping.
    fn hint(&self, page: Page) -> Vec<Block> {
        let code = |rest: &str| Span::Code(format!("/{}", self.line(rest)));
        if page == Page::Main && self.to.to.platform == PlatformName::Console {
            let typed = [
                ("series", "daily, weekly or alerts"),
                ("time 7:30 Berlin", "or 7am, 19h, noon Kyiv; main for the main edition"),
                ("zone Asia/Shanghai", "or a city, or UTC+8"),
                ("days mon-fri", "or mon, wed, fri; every"),
                ("topics pricing, licensing", "the same with elements and companies; all for all"),
                ("least critical", "the least severity of alerts: notable, high or critical"),
                ("quiet 22:00-07:00", "and quiet hold, critical or off"),
                ("length short", "or full"),
                ("pause", "and resume"),
                ("test", "sends a test message"),
            ];
            let line =
                |(rest, note): (&str, &str)| Line(vec![code(rest), plain(format!(": {note}"))]);
            return vec![
                Block::Paragraph("To change it, type:".into()),
                Block::List(typed.into_iter().map(line).collect()),
            ];
        }
        let example = match page {
            Page::Main | Page::Hour => "time 7:30 Berlin",
            Page::Zone => "zone Berlin",
            Page::Days => "days mon-fri",
            Page::Wishes(List::Topics, _) => "topics pricing, licensing",
            Page::Wishes(List::Elements, _) => "elements Dy, Tb",
            Page::Wishes(..) => "companies Lynas, JL Mag",
            Page::Quiet => "quiet 22:00-07:00",
            _ => return Vec::new(),
        };
        let lead =
            if page == Page::Main { "Everything can be typed, too: " } else { "Or type it: " };
        vec![Block::Footer(Line(vec![plain(lead), code(example)]))]
    }

    fn main_buttons(&self) -> Vec<Vec<Button>> {
        let options = self
            .settings()
            .into_iter()
            .map(|(name, word, value)| Choice {
                label: name.to_owned(),
                value: word.to_owned(),
                note: value,
                chosen: false,
            })
            .collect();
        let one = self.line("");
        let pause = if self.to.paused.is_some() {
            self.edit("Resume", "resume")
        } else {
            self.edit("Pause", "pause")
        };
        vec![
            vec![Button {
                label: "Change…".to_owned(),
                action: Action::Choose(Choose { one, all: None, options }),
            }],
            vec![pause, self.edit("Send me a test", "test")],
        ]
    }

    fn page_buttons(&self, page: Page) -> Vec<Vec<Button>> {
        let to = self.to;
        let mut last = vec![self.edit("‹ All settings", "")];
        let mut rows = match page {
            Page::Main | Page::Language => Vec::new(),
            Page::Series => {
                let all = [
                    (Series::Daily, "daily", "One brief a day"),
                    (Series::Weekly, "weekly", "One brief a week"),
                    (Series::Alerts, "alerts", "Alerts only"),
                ];
                let option = |(s, value, label): (Series, &str, &str)| {
                    choice(label, value, "", to.series == s)
                };
                vec![self.choose("What comes", "series", all.map(option).to_vec())]
            }
            Page::Hour => {
                let mut options = vec![choice("Main edition", "main", "", to.at.is_none())];
                let now = to.at.map(|at| at.format("%H:%M").to_string());
                options.extend(HOURS.iter().map(|h| choice(h, h, "", now.as_deref() == Some(*h))));
                last.insert(0, self.prompt("Type an hour", "time", "7:30 Shanghai"));
                last.insert(1, self.edit("Zone", "zone"));
                vec![self.choose("Hour", "time", options)]
            }
            Page::Zone => {
                let zones = ZONES
                    .iter()
                    .map(|(name, zone)| choice(name, zone.name(), "", *zone == to.zone));
                last.insert(0, self.prompt("Type a zone", "zone", "Shanghai, UTC+8"));
                vec![self.choose("Zone", "zone", zones.collect())]
            }
            Page::Days => {
                last.insert(0, self.edit("Mon–Fri", "days mon-fri"));
                last.insert(1, self.edit("Every day", "days every"));
                vec![self.list("Days", List::Days, 1)]
            }
            Page::Wishes(list, page) => {
                let pages = list.pages(self.desk);
                let page = page.clamp(1, pages);
                let mut turns = Vec::new();
                if page > 1 {
                    turns.push(self.edit("‹ Back", &format!("{} page {}", list.name(), page - 1)));
                }
                if page < pages {
                    turns.push(self.edit("More ›", &format!("{} page {}", list.name(), page + 1)));
                }
                if !list.chosen(to).is_empty() {
                    last.insert(
                        0,
                        self.edit("All, no choice", &format!("{}{page} all", list.short())),
                    );
                }
                let mut rows = vec![self.list("Choose any", list, page)];
                if !turns.is_empty() {
                    rows.push(turns);
                }
                rows
            }
            Page::Quiet => self.quiet_rows(&mut last),
            Page::Least => {
                let all = [Severity::Notable, Severity::High, Severity::Critical];
                let option = |s: Severity| choice(from(s), s.as_str(), about(s), to.least == s);
                vec![self.choose("Alerts", "least", all.map(option).to_vec())]
            }
            Page::Length => {
                let all = [(Length::Short, "short", "Short"), (Length::Full, "full", "Full")];
                let option = |(l, value, label): (Length, &str, &str)| {
                    choice(label, value, holds(l), to.length == l)
                };
                vec![self.choose("Length", "length", all.map(option).to_vec())]
            }
            Page::Discuss => {
                let options = vec![
                    choice("A thread under each edition", "on", "", to.discuss),
                    choice("Off", "off", "", !to.discuss),
                ];
                vec![self.choose("Discussion", "discuss", options)]
            }
        };
        rows.push(last);
        rows
    }

    fn quiet_rows(&self, last: &mut Vec<Button>) -> Vec<Vec<Button>> {
        let quiet = self.to.quiet;
        let passes = quiet.map(|quiet| quiet.critical_passes);
        let modes = vec![
            choice(
                "Hold until morning",
                "hold",
                "What was held comes as one message",
                passes == Some(false),
            ),
            choice(
                "Critical only",
                "critical",
                "Critical alerts come, others wait",
                passes == Some(true),
            ),
            choice("Off", "off", "Alerts come at any hour", quiet.is_none()),
        ];
        let mut rows = vec![self.choose("Quiet hours", "quiet", modes)];
        if let Some(quiet) = quiet {
            let hours = QUIET.iter().map(|(label, from, until)| {
                let chosen = (quiet.from, quiet.until) == (hour(*from), hour(*until));
                choice(label, &format!("{from:02}:00-{until:02}:00"), "", chosen)
            });
            // Not the line of the menu above: Discord takes no two menus of one name.
            rows.push(self.choose("From–to", "quiet hours", hours.collect()));
        }
        last.insert(0, self.prompt("Type the hours", "quiet", "22:00-07:00"));
        rows
    }

    fn edit(&self, label: &str, rest: &str) -> Button {
        Button { label: label.to_owned(), action: Action::Edit(self.line(rest)) }
    }

    fn prompt(&self, label: &str, rest: &str, placeholder: &str) -> Button {
        let (command, placeholder) = (self.line(rest), placeholder.to_owned());
        Button { label: label.to_owned(), action: Action::Prompt { command, placeholder } }
    }

    fn choose(&self, label: &str, word: &str, options: Vec<Choice>) -> Vec<Button> {
        let choose = Choose { one: self.line(word), all: None, options };
        vec![Button { label: label.to_owned(), action: Action::Choose(choose) }]
    }

    fn list(&self, label: &str, list: List, page: usize) -> Vec<Button> {
        let choose = Choose {
            one: self.line(&format!("{}{page}", list.short())),
            all: Some(self.line(&format!("{}{page}=", list.short()))),
            options: list.options(self.desk, self.to, page),
        };
        vec![Button { label: label.to_owned(), action: Action::Choose(choose) }]
    }
}

fn choice(label: &str, value: &str, note: &str, chosen: bool) -> Choice {
    let text = |text: &str| text.to_owned();
    Choice { label: text(label), value: text(value), note: text(note), chosen }
}

fn series(series: Series) -> &'static str {
    match series {
        Series::Daily => "a brief every day, and alerts",
        Series::Weekly => "a brief every week, and alerts",
        Series::Alerts => "alerts only, no briefs",
    }
}

fn length(length: Length) -> &'static str {
    match length {
        Length::Short => "short (highlights, license desk, links)",
        Length::Full => "full",
    }
}

fn holds(length: Length) -> &'static str {
    match length {
        Length::Short => "Highlights, license desk, links",
        Length::Full => "Prices, analysis, companies, dates and all news, too",
    }
}

fn least(least: Severity) -> &'static str {
    match least {
        Severity::Notable => "all, down to what you watch",
        Severity::High => "high and critical",
        Severity::Critical => "critical ones only",
    }
}

fn about(least: Severity) -> &'static str {
    match least {
        Severity::Notable => "Smaller news of what is chosen here, too",
        Severity::High => "Denials, disputes, confirmations and terms that end, too",
        Severity::Critical => "A named license granted or refused, an announcement, a listing",
    }
}

fn from(least: Severity) -> &'static str {
    match least {
        Severity::Notable => "All",
        Severity::High => "High and critical",
        Severity::Critical => "Critical only",
    }
}

fn quiet_words(to: &Subscription) -> String {
    let Some(quiet) = to.quiet else { return "off".to_owned() };
    let what = if quiet.critical_passes {
        "only critical alerts come"
    } else {
        "alerts wait until they end"
    };
    format!("{}–{}, {what}", quiet.from.format("%H:%M"), quiet.until.format("%H:%M"))
}

fn day_names(days: &[Weekday]) -> String {
    match days {
        [] => "every day".to_owned(),
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri] => {
            "Mon–Fri".to_owned()
        }
        days => days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// The reason with one full stop at its end.
fn sentence(reason: &str) -> String {
    format!("{}.", reason.trim_end_matches('.'))
}
