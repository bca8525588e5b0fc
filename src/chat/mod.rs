//! Chat platforms: each renders a message, sends its parts, publishes the command menu, listens.
//!
//! A platform knows markup and limits; it never decides what is said or who
//! receives it, and no error or log of it holds a token.

pub mod console;
pub mod discord;
pub mod telegram;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::model::delivery::Receipt;
use crate::model::event::{Event, Target};
use crate::model::message::{Card, Message};
use crate::model::subscription::PlatformName;

/// One part of a message, within the platform's limits: the JSON body to send, less its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part(pub serde_json::Value);

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
    async fn share(&self, query: &str, cards: &[Card]) -> Result<(), SendError> {
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
    /// For waits between reconnections.
    pub clock: Arc<dyn Clock>,
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
