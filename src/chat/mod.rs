//! Chat platforms: each renders a message, sends its parts, publishes the command menu, listens.
//!
//! A platform knows markup and limits; it never decides what is said or who
//! receives it, and no error or log of it holds a token.

pub mod console;
pub mod discord;
pub mod telegram;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::model::delivery::Receipt;
use crate::model::event::{Event, Target};
use crate::model::message::{Cards, Message};
use crate::model::subscription::{Destination, PlatformName};
use crate::pace::Lesson;

/// One part of a message, within the platform's limits: the JSON body to send, less its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part(pub serde_json::Value);

/// One part of a delivery on its way.
pub struct Posting<'a> {
    /// The chat.
    pub to: &'a Destination,
    /// The part.
    pub part: &'a Part,
    /// The part's key, as for `send`.
    pub nonce: &'a str,
    /// What the parts before it gave.
    pub sent: &'a [Receipt],
    /// Whether no part follows.
    pub last: bool,
    /// What the delivery is called, in one line.
    pub title: &'a str,
    /// What it is about: names of topics, the main one first.
    pub topics: &'a [String],
    /// Whether it may be passed on to the channel's followers.
    pub publish: bool,
    /// Whether a thread to discuss it is wanted.
    pub discuss: bool,
}

/// A command as a platform's menu shows it; made from the command table's row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// `[a-z0-9_]{1,32}`.
    pub name: &'static str,
    /// At most 100 characters.
    pub summary: &'static str,
    /// What to type after the name (`[time] [zone]`); empty when nothing is taken.
    pub usage: &'static str,
    /// Only for those who may manage the chat.
    pub manage: bool,
    /// Whether the argument is completed as it is typed (Discord).
    pub completes: bool,
}

/// Why a part did not arrive, by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again: after `after` where the platform said so.
    #[error("{reason}")]
    Retry {
        /// What the platform asked for.
        after: Option<Duration>,
        /// One plain sentence.
        reason: String,
    },
    /// The chat has a new id.
    #[error("the chat moved to {to}")]
    Moved {
        /// The new id.
        to: i64,
    },
    /// The chat is gone or the bot was removed or blocked: pause it, keep its settings.
    #[error("{0}")]
    ChatGone(String),
    /// The bot may not write there: pause, and tell whoever can mend it.
    #[error("{0}")]
    Forbidden(String),
    /// The platform will never take this part.
    #[error("{0}")]
    Rejected(String),
    /// The bot's token is refused: nothing goes out on this platform until that is mended.
    #[error("{0}")]
    Token(String),
}

/// Why a message of ours could not be changed, by what the caller does next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// It was deleted in the chat.
    #[error("{0}")]
    Gone(String),
    /// The platform lets nobody change it any more: a new message must say so.
    #[error("{0}")]
    TooOld(String),
    /// Anything that can happen to a new message too.
    #[error(transparent)]
    Send(#[from] SendError),
}

/// Why listening ended before it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListenError {
    /// The token is wrong or was revoked: do not try again.
    #[error("{0}")]
    Unauthorized(String),
    /// Another process uses the same token.
    #[error("{0}")]
    Conflict(String),
    /// Anything else: try again after a while.
    #[error("{0}")]
    Lost(String),
}

/// A chat platform.
#[async_trait]
pub trait Platform: Send + Sync {
    /// Which one.
    fn name(&self) -> PlatformName;

    /// The message in parts, each within the platform's limits, none of it able to ping, to break
    /// the markup or to carry a secret. Never empty. Buttons stand under the last part.
    fn render(&self, message: &Message) -> Vec<Part>;

    /// Sends one part. With a `nonce` (at most 25 characters) the platform, where it can, takes
    /// the same part only once.
    ///
    /// # Errors
    ///
    /// By what to do next; no error text holds a token or a token-bearing URL.
    async fn send(
        &self,
        to: &Target,
        part: &Part,
        nonce: Option<&str>,
    ) -> Result<Receipt, SendError>;

    /// Changes a message of ours, without a sound. What stands there already is no failure.
    ///
    /// # Errors
    ///
    /// By what to do next; no error text holds a token or a token-bearing URL.
    async fn edit(
        &self,
        to: &Destination,
        message: i64,
        part: &Part,
    ) -> Result<Receipt, EditError> {
        let target = Target::Edit { to: to.clone(), message, callback: None };
        Ok(self.send(&target, part, None).await?)
    }

    /// Sends the next part of something that the chat subscribed to, and with the last part what
    /// belongs to it on the platform: a post of a forum, passing it on, a thread to discuss it.
    ///
    /// # Errors
    ///
    /// As `send`. What comes after the last part never fails it.
    async fn deliver(&self, posting: &Posting<'_>) -> Result<Receipt, SendError> {
        self.send(&Target::Chat(posting.to.clone()), posting.part, Some(posting.nonce)).await
    }

    /// Sends one part to a person, in a chat of their own with the bot.
    ///
    /// # Errors
    ///
    /// As `send`; a person who has not spoken with the bot may be out of its reach.
    async fn tell(&self, person: i64, part: &Part) -> Result<Receipt, SendError> {
        let to = Destination { platform: self.name(), chat: person, thread: None };
        self.send(&Target::Chat(to), part, None).await
    }

    /// What the answers since the last call taught about the platform's limits.
    fn lessons(&self) -> Vec<Lesson> {
        Vec::new()
    }

    /// Says "working on it" where a platform wants an answer within seconds, and gives the target
    /// for the late answer. Elsewhere it gives the target back.
    ///
    /// # Errors
    ///
    /// As `send`.
    async fn defer(&self, to: &Target, private: bool) -> Result<Target, SendError> {
        let _ = private;
        Ok(to.clone())
    }

    /// Answers `Event::Completing` with at most 25 suggestions.
    ///
    /// # Errors
    ///
    /// As `send`.
    async fn suggest(&self, to: &Target, suggestions: &[String]) -> Result<(), SendError> {
        let _ = (to, suggestions);
        Ok(())
    }

    /// Answers `Event::Sharing` with cards to choose from.
    ///
    /// # Errors
    ///
    /// As `send`.
    async fn share(&self, query: &str, cards: &Cards) -> Result<(), SendError> {
        let _ = (query, cards);
        Ok(())
    }

    /// Registers the commands so that the platform offers them.
    ///
    /// # Errors
    ///
    /// As `send`.
    async fn publish_menu(&self, menu: &[MenuItem]) -> Result<(), SendError>;

    /// Asks the platform who the bot is and whether it can do its work there: lines for an
    /// operator to read.
    ///
    /// # Errors
    ///
    /// Every problem found, each one plain sentence without secrets.
    async fn check(&self) -> Result<Vec<String>, Vec<String>>;

    /// What was counted since the start, by names that say what: `refused_posts`.
    fn counts(&self) -> Vec<(&'static str, u64)> {
        Vec::new()
    }

    /// Passes on what comes in until `stop`; reconnects by itself.
    ///
    /// # Errors
    ///
    /// When it ended for a reason that reconnecting does not mend.
    async fn listen(
        &self,
        menu: &[MenuItem],
        events: mpsc::Sender<Event>,
        stop: CancellationToken,
    ) -> Result<(), ListenError>;
}

/// How a platform is reached.
#[derive(Clone)]
pub struct Connection {
    /// Base address of its API, without a trailing slash.
    pub api_url: String,
    /// The bot's token; never printed.
    pub token: SecretString,
    /// Discord's application id, where the operator set it.
    pub application: Option<u64>,
    /// Where Telegram brings its updates; `None` when it is asked for them.
    pub webhook: Option<Webhook>,
    /// For waits between reconnections.
    pub clock: Arc<dyn Clock>,
}

/// Where a platform brings what comes in, instead of being asked for it.
#[derive(Clone)]
pub struct Webhook {
    /// The address the platform posts to, as the world sees it.
    pub url: url::Url,
    /// Where this process takes what is posted there.
    pub listen: SocketAddr,
    /// What each post must carry; never printed.
    pub secret: SecretString,
}

/// Whether a request failed before it began, since the host's name is not known. The HTTP clients
/// have no question for it: it stands among the causes only.
pub(crate) fn is_unresolved(error: &(dyn std::error::Error + 'static)) -> bool {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.into_iter().any(|cause| cause.to_string() == "dns error")
}

/// A platform that needs a token: its name and how it is made.
pub struct Kind {
    /// Which one.
    pub name: PlatformName,
    /// Makes it; connects to nothing yet. The error is one plain sentence without secrets.
    pub connect: fn(Connection) -> Result<Arc<dyn Platform>, String>,
}

/// Every platform that needs a token. A new one is one file or folder and one row here.
pub const PLATFORMS: &[Kind] = &[
    Kind { name: PlatformName::Discord, connect: discord::connect },
    Kind { name: PlatformName::Telegram, connect: telegram::connect },
];
