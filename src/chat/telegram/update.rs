//! An update from Telegram as what it asks for: pure, so every rule here is plain to see.
//!
//! It never decides what a command does, nor trusts a title or a name: all
//! text from outside is cleaned.

use teloxide::types::{
    CallbackQuery, Chat, ChatMemberUpdated, MaybeInaccessibleMessage, Message, UpdateKind, User,
};

use crate::chat::MenuItem;
use crate::model::event::{Event, Invocation, Target};
use crate::model::subscription::{Destination, PlatformName};
use crate::text;

/// What an update holds for us.
#[derive(Debug)]
pub(super) enum Found {
    /// Something that happened to a chat.
    Event(Event),
    /// A command, and who asked.
    Asked(Box<Invocation>, Asker),
    /// A tap on a button, to be acknowledged now, and what it asks for.
    Tapped {
        /// The tap's id.
        callback: String,
        /// The command and who asked; `None` when the button says nothing.
        asked: Option<(Box<Invocation>, Asker)>,
    },
}

/// Who asked, as far as their right to manage the chat goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asker {
    /// May manage: the chat is private, or the chat itself speaks.
    Manager,
    /// May not: a channel or a group speaking in another chat.
    Stranger,
    /// A user of a group: Telegram knows.
    User(u64),
}

/// What the update holds; `None` when nothing for us.
pub(super) fn read(update: UpdateKind, bot: &str, menu: &[MenuItem]) -> Option<Found> {
    match update {
        UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
            read_message(&message, bot, menu)
        }
        UpdateKind::CallbackQuery(query) => Some(read_tap(&query)),
        UpdateKind::InlineQuery(query) => Some(Found::Event(Event::Sharing {
            platform: PlatformName::Telegram,
            query: query.id.0,
            typed: text::one_line(&query.query),
            // Nothing but what our last answer said.
            from: query.offset.parse().unwrap_or_default(),
        })),
        UpdateKind::MyChatMember(change) => lost(&change).map(Found::Event),
        _ => None,
    }
}

fn read_message(message: &Message, bot: &str, menu: &[MenuItem]) -> Option<Found> {
    if let Some(to) = message.migrate_to_chat_id() {
        let (from, to) = (message.chat.id.0, to.0);
        let platform = PlatformName::Telegram;
        return Some(Found::Event(Event::Moved { platform, from, to }));
    }
    let (name, args) = command_of(message, bot, menu)?;
    let to = destination(message);
    let reply = if message.chat.is_group() || message.chat.is_supergroup() {
        Target::Reply { to, message: i64::from(message.id.0) }
    } else {
        Target::Chat(to)
    };
    let asked = invocation(name, args, reply, &message.chat, message.from.as_ref());
    Some(Found::Asked(Box::new(asked), asker_of(message)))
}

/// The command a message is. Captions and forwarded messages are none; in a private chat any
/// other text asks for help; in a group a command without the bot's name may be another bot's.
fn command_of(message: &Message, bot: &str, menu: &[MenuItem]) -> Option<(String, String)> {
    let text = message.text()?;
    let private = message.chat.is_private();
    let command = if message.forward_origin().is_some() { None } else { command(text, bot) };
    match command {
        Some((name, args, named)) => {
            let known = menu.iter().any(|item| item.name == name);
            (private || named || known).then_some((name, args))
        }
        None => private.then(|| ("help".to_owned(), String::new())),
    }
}

/// The name, the arguments, and whether the bot was called by its name.
fn command(text: &str, bot: &str) -> Option<(String, String, bool)> {
    let (word, args) = split_word(text.trim().strip_prefix('/')?);
    let (name, called) = match word.split_once('@') {
        Some((name, called)) => (name, Some(called)),
        None => (word, None),
    };
    if called.is_some_and(|called| !called.eq_ignore_ascii_case(bot)) {
        return None;
    }
    Some((command_name(name)?, args, called.is_some()))
}

fn split_word(line: &str) -> (&str, String) {
    let (word, args) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, text::one_line(args))
}

fn command_name(word: &str) -> Option<String> {
    let name = word.to_ascii_lowercase();
    let fits = (1..=32).contains(&name.len());
    let clean = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (fits && clean).then_some(name)
}

/// A tap: `e:` edits the message the button stands under, and is acknowledged when the edit is
/// sent; `a:` asks for a new message.
fn read_tap(query: &CallbackQuery) -> Found {
    let callback = query.id.0.clone();
    let asked = || {
        let message = query.message.as_ref()?;
        let (kind, line) = query.data.as_deref()?.split_once(':')?;
        let (name, args) = split_word(line.trim());
        let name = command_name(name)?;
        let chat = message.chat();
        let to = match message {
            MaybeInaccessibleMessage::Regular(message) => destination(message),
            MaybeInaccessibleMessage::Inaccessible(_) => place(chat, None),
        };
        let reply = match kind {
            "e" => Target::Edit {
                to,
                message: i64::from(message.id().0),
                callback: Some(callback.clone()),
            },
            "a" => Target::Chat(to),
            _ => return None,
        };
        let asker = if chat.is_private() { Asker::Manager } else { Asker::User(query.from.id.0) };
        let asked = invocation(name, args, reply, chat, Some(&query.from));
        Some((Box::new(asked), asker))
    };
    match asked() {
        Some((asked, asker)) if matches!(asked.reply, Target::Edit { .. }) => {
            Found::Asked(asked, asker)
        }
        asked => Found::Tapped { callback, asked },
    }
}

fn lost(change: &ChatMemberUpdated) -> Option<Event> {
    if change.new_chat_member.kind.is_present() {
        return None;
    }
    let reason = if change.chat.is_private() {
        "the bot was blocked"
    } else {
        "the bot was removed from the chat"
    };
    Some(Event::Lost { at: place(&change.chat, None), reason: reason.to_owned() })
}

fn asker_of(message: &Message) -> Asker {
    if message.chat.is_private() || message.chat.is_channel() {
        return Asker::Manager;
    }
    match (&message.sender_chat, &message.from) {
        // An administrator who stays anonymous speaks as the group itself.
        (Some(sender), _) if sender.id == message.chat.id => Asker::Manager,
        (None, Some(user)) => Asker::User(user.id.0),
        (Some(_), _) | (None, None) => Asker::Stranger,
    }
}

fn invocation(
    name: String,
    args: String,
    reply: Target,
    chat: &Chat,
    from: Option<&User>,
) -> Invocation {
    Invocation {
        name,
        args,
        reply,
        may_manage: false,
        asker: from.and_then(|user| i64::try_from(user.id.0).ok()),
        private_chat: chat.is_private(),
        chat_label: label(chat),
        locale: from.and_then(|user| user.language_code.clone()),
        about: None,
    }
}

fn destination(message: &Message) -> Destination {
    let thread = message.thread_id.filter(|_| message.is_topic_message);
    place(&message.chat, thread.map(|thread| i64::from(thread.0.0)))
}

fn place(chat: &Chat, thread: Option<i64>) -> Destination {
    Destination { platform: PlatformName::Telegram, chat: chat.id.0, thread }
}

fn label(chat: &Chat) -> String {
    let name = [chat.title(), chat.first_name(), chat.last_name()];
    let name = text::one_line(&name.into_iter().flatten().collect::<Vec<_>>().join(" "));
    match (name.is_empty(), chat.username()) {
        (true, Some(username)) => format!("@{username}"),
        _ => text::cut(&name, 100),
    }
}
