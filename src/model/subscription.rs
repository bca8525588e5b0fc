//! Where editions go: destinations and what each of them asked for.
//!
//! A subscription is never deleted by a failing chat: it is paused with its settings kept.

use chrono::{DateTime, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::model::alert::Severity;
use crate::model::article::{CompanyId, Element, Language, Topic};

/// A chat platform, by the name it has in configuration and stored keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlatformName {
    /// Discord.
    Discord,
    /// Telegram.
    Telegram,
    /// The terminal.
    Console,
}

impl PlatformName {
    /// The lower-case name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discord => "discord",
            Self::Telegram => "telegram",
            Self::Console => "console",
        }
    }
}

/// A place messages can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Destination {
    /// The platform.
    pub platform: PlatformName,
    /// Discord: the channel (or thread) id. Telegram: the chat id. Console: 0.
    pub chat: i64,
    /// Telegram's topic (`message_thread_id`); Discord threads are chats of their own.
    pub thread: Option<i64>,
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.platform.as_str(), self.chat)?;
        match self.thread {
            Some(thread) => write!(f, ":{thread}"),
            None => Ok(()),
        }
    }
}

/// Which editions a destination receives.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Series {
    /// Every day.
    #[default]
    Daily,
    /// Once a week.
    Weekly,
    /// Alerts only, no editions.
    Alerts,
}

/// How much of an edition is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// Header, Highlights, license desk, links.
    Short,
    /// Everything.
    #[default]
    Full,
}

/// Hours of the day, in the chat's zone, in which nothing makes a sound there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// When they begin; after `until` when they reach over midnight.
    pub from: NaiveTime,
    /// When they end, and what was held goes out as one message.
    pub until: NaiveTime,
    /// Whether critical alerts pass.
    pub critical_passes: bool,
}

/// What a destination asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where it goes.
    pub to: Destination,
    /// Which editions.
    pub series: Series,
    /// Local hour, rounded to 15 minutes; `None` follows the operator's main edition.
    pub at: Option<NaiveTime>,
    /// The zone of `at` and of every time shown; the operator's unless asked otherwise.
    pub zone: Tz,
    /// Local weekdays on which editions go out; empty means every day.
    pub weekdays: Vec<Weekday>,
    /// Topics wanted; empty means all. The same for elements and companies.
    pub topics: Vec<Topic>,
    /// Elements wanted.
    pub elements: Vec<Element>,
    /// Companies wanted.
    pub companies: Vec<CompanyId>,
    /// The least severity of alerts.
    #[serde(default)]
    pub least: Severity,
    /// Hours without alerts; `None` when there are none. Editions come at the hour asked for.
    #[serde(default)]
    pub quiet: Option<Quiet>,
    /// How much.
    pub length: Length,
    /// The language wanted; `None` is English, the only one there is so far.
    #[serde(default)]
    pub language: Option<Language>,
    /// Whether each edition gets a thread for its discussion, where the platform has threads.
    #[serde(default)]
    pub discuss: bool,
    /// The platform's id of the person who asked for it: who can mend what the bot may not do.
    #[serde(default)]
    pub by: Option<i64>,
    /// Why nothing is sent at present: asked for, or the chat is gone; `None` when active.
    pub paused: Option<String>,
    /// When it began: with its series as it is, and after the last pause.
    pub since: DateTime<Utc>,
    /// What to call the chat, to an operator and to who asked for it; nobody else sees it.
    pub label: String,
}

impl Subscription {
    /// What a chat that asks for nothing in particular receives: every main edition, whole.
    #[must_use]
    pub fn new(to: Destination, zone: Tz, since: DateTime<Utc>, label: String) -> Self {
        Self {
            to,
            series: Series::Daily,
            at: None,
            zone,
            weekdays: Vec::new(),
            topics: Vec::new(),
            elements: Vec::new(),
            companies: Vec::new(),
            least: Severity::default(),
            quiet: None,
            length: Length::Full,
            language: None,
            discuss: false,
            by: None,
            paused: None,
            since,
            label,
        }
    }
}
