//! What comes in from a chat: commands, taps on buttons, joining and leaving.
//!
//! An event is already checked for form by its platform; it never holds a
//! platform's own types, so a flow treats all platforms alike.

use serde::{Deserialize, Serialize};

use crate::model::subscription::{Destination, PlatformName};

/// Where an answer goes and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A new message in a chat.
    Chat(Destination),
    /// A new message answering another (Telegram).
    Reply {
        /// The chat.
        to: Destination,
        /// The message answered.
        message: i64,
    },
    /// A message of ours to be edited (Telegram buttons).
    Edit {
        /// The chat.
        to: Destination,
        /// The message edited.
        message: i64,
        /// The callback query to be acknowledged, if one is open.
        callback: Option<String>,
    },
    /// A Discord interaction, to be answered within its time.
    Interaction {
        /// The channel it came from.
        to: Destination,
        /// The interaction's id.
        id: u64,
        /// Its token: a secret for 15 minutes, never logged.
        token: String,
        /// Whether the answer edits the message the button stands under.
        edit: bool,
        /// Whether a deferral was already sent.
        deferred: bool,
    },
}

impl Target {
    /// The chat the target is in.
    #[must_use]
    pub fn destination(&self) -> &Destination {
        match self {
            Self::Chat(to)
            | Self::Reply { to, .. }
            | Self::Edit { to, .. }
            | Self::Interaction { to, .. } => to,
        }
    }
}

/// A command asked by somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The command's name without slash, lower case.
    pub name: String,
    /// Everything after it, trimmed.
    pub args: String,
    /// Where the answer goes.
    pub reply: Target,
    /// Whether the asker may manage the chat: checked by the platform's own means.
    pub may_manage: bool,
    /// The platform's id of who asked; `None` where nobody in particular did.
    pub asker: Option<i64>,
    /// Whether this is a private chat with one person.
    pub private_chat: bool,
    /// The chat's title for an operator's list.
    pub chat_label: String,
    /// The asker's locale as the platform gives it (`zh-CN`), if it does.
    pub locale: Option<String>,
    /// The other chat that the command names, if it names one (`/subscribe @channel`).
    pub about: Option<Box<About>>,
}

/// A chat that a command asked elsewhere is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// How a command line names it.
    pub name: String,
    /// Its title.
    pub label: String,
    /// The chat, when bot and asker have the rights it takes there; otherwise what is missing, in
    /// one or two plain sentences.
    pub chat: Result<Destination, String>,
}

impl Invocation {
    /// The chat that the command is about: the one it names, or the one it was asked in.
    #[must_use]
    pub fn subject(&self) -> &Destination {
        let named = self.about.as_ref().and_then(|about| about.chat.as_ref().ok());
        named.unwrap_or_else(|| self.reply.destination())
    }
}

/// What comes in from a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A command, typed or tapped.
    Asked(Invocation),
    /// Half-typed text that wants suggestions (Discord's autocomplete).
    Completing {
        /// The command's name.
        name: String,
        /// What stands there so far.
        partial: String,
        /// Where suggestions go.
        reply: Target,
    },
    /// Half-typed text of somebody who wants to share something in a chat the bot may not be in
    /// (Telegram's inline mode). Who it is, is not passed on.
    Sharing {
        /// The platform.
        platform: PlatformName,
        /// The query's id, for the answer.
        query: String,
        /// What stands there so far.
        typed: String,
        /// How many cards were offered for it already.
        from: usize,
    },
    /// A chat can no longer be reached: the bot was removed or blocked, the channel deleted.
    Lost {
        /// The chat; `thread` is `None` when all its topics are meant.
        at: Destination,
        /// One plain sentence.
        reason: String,
    },
    /// A chat has a new id (a group became a supergroup).
    Moved {
        /// The platform.
        platform: PlatformName,
        /// The old chat id.
        from: i64,
        /// The new chat id.
        to: i64,
    },
}
