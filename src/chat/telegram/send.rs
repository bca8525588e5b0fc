//! Sending: a part as a new message, as a reply, or in place of a message with buttons.
//!
//! It tries once, and once more as plain text when Telegram cannot read the
//! marks; whether and when to try again is the caller's business.

use std::time::Duration;

use serde_json::{Value, json};
use teloxide::payloads::AnswerCallbackQuerySetters;
use teloxide::requests::Requester;
use teloxide::types::CallbackQueryId;

use crate::chat::telegram::api::{Api, EditMessageText, Failure, SendMessage};
use crate::chat::telegram::render::CONTINUES;
use crate::chat::telegram::rich::plain;
use crate::chat::{Part, SendError};
use crate::model::delivery::Receipt;
use crate::model::event::Target;
use crate::model::subscription::Destination;

/// The topic every forum has, which Telegram wants left unnamed.
const GENERAL: i64 = 1;

/// Acknowledging a tap only stops a spinner: not worth waiting long for.
const SPINNER: Duration = Duration::from_secs(3);

/// Words of refusals that mean nobody is there any more.
const GONE: &[&str] = &[
    "bot was blocked",
    "bot was kicked",
    "bot is not a member",
    "user is deactivated",
    "group chat was deleted",
    "group chat was deactivated",
    "group is deactivated",
    "group chat was upgraded",
    "chat not found",
    "peer_id_invalid",
    "can't initiate conversation",
    "message thread not found",
    "topic_deleted",
    "channel_private",
];

/// Words of refusals that mean the bot lacks the right to write.
const NO_RIGHT: &[&str] = &[
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "topic_closed",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "chat_send_plain_forbidden",
    "user_banned_in_channel",
];

/// Words of refusals that mean the message to be edited is no more, or no longer ours to edit.
const UNEDITABLE: &[&str] = &[
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message_edit_time_expired",
];

/// Sends one part. Of an answer that edits a message, only the first part edits; parts that
/// continue it follow as messages of their own.
pub(super) async fn send(api: &Api, to: &Target, part: &Part) -> Result<Receipt, SendError> {
    let Value::Object(body) = &part.0 else {
        return Err(SendError::Rejected("this is no part of a Telegram message".to_owned()));
    };
    let mut body = body.clone();
    let continues = body.remove(CONTINUES).is_some();
    let body = Value::Object(body);
    match to {
        Target::Chat(to) => post(api, addressed(body, to)).await,
        Target::Reply { to, message } => {
            let mut body = addressed(body, to);
            if !continues {
                body["reply_parameters"] =
                    json!({ "message_id": message, "allow_sending_without_reply": true });
            }
            post(api, body).await
        }
        Target::Edit { to, .. } if continues => post(api, addressed(body, to)).await,
        Target::Edit { to, message, callback } => {
            if let Some(callback) = callback {
                acknowledge(api, callback).await;
            }
            edit(api, to, *message, body).await
        }
        Target::Interaction { .. } => {
            Err(SendError::Rejected("Telegram has no interactions to answer".to_owned()))
        }
    }
}

/// Stops the spinner on a tapped button. A tap too old to be acknowledged is no harm.
pub(super) async fn acknowledge(api: &Api, callback: &str) {
    let id = CallbackQueryId(callback.to_owned());
    if let Err(failure) = api.ask_within(SPINNER, api.bot().answer_callback_query(id)).await {
        tracing::debug!(%failure, "a tap on a button could not be acknowledged");
    }
}

/// Tells only the one who tapped a button, in a small window; at most 200 characters.
pub(super) async fn alert(api: &Api, callback: &str, words: &str) {
    let id = CallbackQueryId(callback.to_owned());
    let request = api.bot().answer_callback_query(id).text(words).show_alert(true);
    if let Err(failure) = api.ask_within(SPINNER, request).await {
        tracing::debug!(%failure, "a refused tap could not be answered");
    }
}

fn addressed(mut body: Value, to: &Destination) -> Value {
    body["chat_id"] = json!(to.chat);
    if let Some(thread) = to.thread.filter(|thread| *thread != GENERAL) {
        body["message_thread_id"] = json!(thread);
    }
    body
}

async fn post(api: &Api, body: Value) -> Result<Receipt, SendError> {
    let sent = match api.ask(api.request(SendMessage(body.clone()))).await {
        Err(failure) if unreadable(&failure) => {
            api.ask(api.request(SendMessage(unmarked(body)))).await
        }
        sent => sent,
    };
    sent.map(|sent| Receipt { message: sent.message_id }).map_err(send_error)
}

async fn edit(
    api: &Api,
    to: &Destination,
    message: i64,
    part: Value,
) -> Result<Receipt, SendError> {
    let mut body = json!({ "chat_id": to.chat, "message_id": message });
    for field in ["text", "parse_mode", "link_preview_options", "reply_markup"] {
        if let Some(value) = part.get(field) {
            body[field] = value.clone();
        }
    }
    let edited = match api.ask(api.request(EditMessageText(body.clone()))).await {
        Err(failure) if unreadable(&failure) => {
            api.ask(api.request(EditMessageText(unmarked(body)))).await
        }
        edited => edited,
    };
    match edited {
        Err(failure) if refused_for(&failure, UNEDITABLE) => post(api, addressed(part, to)).await,
        // What was wanted is what stands there.
        Err(failure) if refused_for(&failure, &["message is not modified"]) => {
            Ok(Receipt { message })
        }
        edited => edited.map(|_| Receipt { message }).map_err(send_error),
    }
}

/// The body without its marks.
fn unmarked(mut body: Value) -> Value {
    let text = plain(body["text"].as_str().unwrap_or_default());
    body["text"] = json!(text);
    if let Some(body) = body.as_object_mut() {
        body.remove("parse_mode");
    }
    body
}

fn unreadable(failure: &Failure) -> bool {
    refused_for(failure, &["can't parse entities"])
}

fn refused_for(failure: &Failure, reasons: &[&str]) -> bool {
    let Failure::Refused(words) = failure else { return false };
    let words = words.to_lowercase();
    reasons.iter().any(|reason| words.contains(reason))
}

/// What a failure means for a delivery. A refused token says nothing about the chat: its
/// messages wait for a better one.
pub(super) fn send_error(failure: Failure) -> SendError {
    let reason = failure.to_string();
    match failure {
        Failure::Wait(after) => SendError::Retry { after: Some(after), reason },
        Failure::Moved(to) => SendError::Moved { to },
        Failure::Token => SendError::Token(reason),
        Failure::Unreachable(_) => SendError::Retry { after: None, reason },
        _ if refused_for(&failure, GONE) => SendError::ChatGone(reason),
        _ if refused_for(&failure, NO_RIGHT) => SendError::Forbidden(reason),
        Failure::Refused(words) if words.starts_with("Forbidden") => SendError::Forbidden(reason),
        Failure::Refused(words) if words.starts_with("Conflict") => {
            SendError::Retry { after: None, reason }
        }
        Failure::Refused(_) => SendError::Rejected(reason),
    }
}
