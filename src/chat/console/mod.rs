//! The terminal as a chat platform: a message set like a newsletter, written to a writer.
//!
//! It reads no input by itself: the app asks `Prompt` for lines and makes
//! events of them. No control character of a source reaches the terminal; the
//! only escape sequences are the ones `text` makes for looks and links.

mod prompt;
mod set;

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use prompt::{Prompt, completions};
pub use set::text;

use crate::chat::{ListenError, MenuItem, Part, Platform, SendError};
use crate::model::delivery::Receipt;
use crate::model::event::{Event, Target};
use crate::model::message::Message;
use crate::model::subscription::PlatformName;

/// How a message looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Bold, dim and colors.
    pub color: bool,
    /// Columns a line may take; at least 20 are used.
    pub width: usize,
    /// How links are shown.
    pub links: Links,
}

/// How links are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// As hyperlinks of the terminal (OSC 8).
    Hyperlinks,
    /// As `[1]`, with the addresses listed at the end.
    Footnotes,
    /// As `(address)` behind the words.
    Inline,
}

/// Longest line that reads well.
const WIDEST: usize = 100;

impl Look {
    /// For files, pipes and tests.
    pub const PLAIN: Self = Self { color: false, width: 80, links: Links::Footnotes };

    /// The look that suits an output: `terminal` says whether it is one, `columns` how wide it
    /// is, and `variable` reads the environment.
    #[must_use]
    pub fn suited(
        terminal: bool,
        columns: Option<usize>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let term = variable("TERM").unwrap_or_default();
        if !terminal || term == "dumb" {
            return Self::PLAIN;
        }
        Self {
            color: !set("NO_COLOR"),
            width: columns.unwrap_or(80).min(WIDEST),
            links: if knows_hyperlinks(&term, variable) {
                Links::Hyperlinks
            } else {
                Links::Footnotes
            },
        }
    }
}

/// Whether the terminal says by its name or its variables that it is one of those that show
/// hyperlinks.
fn knows_hyperlinks(term: &str, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    const TERMS: &[&str] = &["kitty", "alacritty", "foot", "wezterm", "ghostty", "contour"];
    const PROGRAMS: &[&str] = &["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby"];
    const VARIABLES: &[&str] = &["WT_SESSION", "KITTY_WINDOW_ID", "DOMTERM", "KONSOLE_VERSION"];
    let vte = variable("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
    TERMS.iter().any(|name| term.contains(name))
        || variable("TERM_PROGRAM").is_some_and(|program| PROGRAMS.contains(&program.as_str()))
        || VARIABLES.iter().any(|name| variable(name).is_some_and(|value| !value.is_empty()))
        || vte.is_some_and(|version| version >= 5000)
}

/// The terminal.
pub struct Console {
    look: Look,
    out: Mutex<Output>,
}

struct Output {
    writer: Box<dyn Write + Send>,
    written: i64,
}

impl Console {
    /// Writes messages to `out`.
    #[must_use]
    pub fn new(out: Box<dyn Write + Send>, look: Look) -> Self {
        Self { look, out: Mutex::new(Output { writer: out, written: 0 }) }
    }
}

#[async_trait]
impl Platform for Console {
    fn name(&self) -> PlatformName {
        PlatformName::Console
    }

    fn render(&self, message: &Message) -> Vec<Part> {
        vec![Part(json!({ "text": text(message, &self.look) }))]
    }

    async fn send(
        &self,
        _to: &Target,
        part: &Part,
        _nonce: Option<&str>,
    ) -> Result<Receipt, SendError> {
        let text = part.0.get("text").and_then(serde_json::Value::as_str).unwrap_or_default();
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let apart = if out.written > 0 { "\n" } else { "" };
        // In one piece, so that a prompt waiting below is redrawn once.
        let whole = format!("{apart}{text}\n");
        let written = out.writer.write_all(whole.as_bytes()).and_then(|()| out.writer.flush());
        match written {
            Ok(()) => {
                out.written += 1;
                Ok(Receipt { message: out.written })
            }
            Err(error) => {
                Err(SendError::ChatGone(format!("the terminal takes no more text: {error}")))
            }
        }
    }

    async fn publish_menu(&self, _menu: &[MenuItem]) -> Result<(), SendError> {
        Ok(())
    }

    async fn check(&self) -> Result<Vec<String>, Vec<String>> {
        Ok(vec!["console: ready".to_owned()])
    }

    async fn listen(
        &self,
        _menu: &[MenuItem],
        _events: mpsc::Sender<Event>,
        stop: CancellationToken,
    ) -> Result<(), ListenError> {
        stop.cancelled().await;
        Ok(())
    }
}
