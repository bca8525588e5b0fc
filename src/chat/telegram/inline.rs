//! Inline mode: cards offered to somebody who writes the bot's name in any chat.
//!
//! What is typed is answered and forgotten; who typed it is never known here.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::chat::SendError;
use crate::chat::telegram::api::{AnswerInlineQuery, Api};
use crate::chat::telegram::{render, send};
use crate::model::message::{Card, Cards};
use crate::text;

/// Telegram takes no more results.
const MOST: usize = 50;

/// Seconds for which Telegram may give the same answer to others.
const FRESH: u32 = 60;

/// Answers the inline query `query`.
///
/// # Errors
///
/// By what to do next.
pub(super) async fn answer(
    api: &Api,
    query: &str,
    cards: &Cards,
    bot: Option<&str>,
) -> Result<(), SendError> {
    let body = json!({
        "inline_query_id": query,
        "results": results(&cards.cards, bot),
        "cache_time": FRESH,
        // The same words find the same for everybody.
        "is_personal": false,
        // Empty when there are no more.
        "next_offset": cards.more.map(|more| more.to_string()).unwrap_or_default(),
    });
    api.ask(api.request(AnswerInlineQuery(body))).await.map(drop).map_err(send::send_error)
}

/// The cards as Telegram takes them; one that it would refuse is left out, since it would take
/// all others with it.
fn results(cards: &[Card], bot: Option<&str>) -> Vec<Value> {
    let mut ids = HashSet::new();
    let mut list = Vec::new();
    for card in cards {
        let fits = (1..=64).contains(&card.id.len()) && !card.title.trim().is_empty();
        if fits && list.len() < MOST && ids.insert(card.id.as_str()) {
            list.extend(result(card, bot));
        }
    }
    list
}

fn result(card: &Card, bot: Option<&str>) -> Option<Value> {
    let part = render::render(&card.message, bot).into_iter().next()?;
    let words = part.0["text"].as_str().filter(|words| !words.trim().is_empty())?;
    let mut result = json!({
        "type": "article",
        "id": card.id,
        "title": text::cut(&card.title, 120),
        "input_message_content": {
            "message_text": words,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
        },
    });
    if !card.description.is_empty() {
        result["description"] = json!(text::cut(&card.description, 200));
    }
    if card.url.starts_with("https://") || card.url.starts_with("http://") {
        result["url"] = json!(card.url);
    }
    Some(result)
}
