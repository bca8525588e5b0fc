//! An edition as an HTML page and a message as Markdown.

use crate::compose::phrase::View;
use crate::model::brief::Edition;
use crate::model::message::Message;

/// A whole page.
#[must_use]
pub fn html(_edition: &Edition, _view: &View<'_>) -> String {
    String::new()
}

/// Markdown.
#[must_use]
pub fn markdown(_message: &Message) -> String {
    String::new()
}
