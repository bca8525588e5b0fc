//! What is said in a chat, before any platform's markup: blocks of lines of spans, and buttons.
//!
//! Text in spans is plain text, always; renderers escape it. No value here can
//! carry markup, a mention or a control character into a chat.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One message, of any length; a renderer splits it between blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Top to bottom.
    pub blocks: Vec<Block>,
    /// Rows of buttons under the last part.
    pub buttons: Vec<Vec<Button>>,
    /// Shown only to who asked, where the platform can (settings, errors).
    pub private: bool,
    /// Delivered without a sound where the platform can.
    pub silent: bool,
}

/// A part that is never split unless it alone exceeds a platform's limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// The message's title.
    Title(Line),
    /// A section's heading.
    Heading(Line),
    /// A heading within a section, as of one story of several.
    Subheading(Line),
    /// A paragraph.
    Paragraph(Line),
    /// A bulleted list.
    List(Vec<Line>),
    /// Words quoted from a source.
    Quote(Line),
    /// A small table; every row as long as `head`.
    Table {
        /// Column headings.
        head: Vec<String>,
        /// Rows of cells.
        rows: Vec<Vec<Line>>,
    },
    /// Small print.
    Footer(Line),
}

/// A run of spans on one line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub Vec<Span>);

/// A piece of text with one look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Plain.
    Text(String),
    /// Bold.
    Bold(String),
    /// Italic.
    Italic(String),
    /// Fixed width.
    Code(String),
    /// A link; `url` is http or https.
    Link {
        /// What is shown.
        text: String,
        /// Where it leads.
        url: String,
    },
    /// An instant: Discord shows it in each reader's zone, others in the zone the text names.
    Time {
        /// The instant.
        at: DateTime<Utc>,
        /// What to show where the platform has no times of its own.
        text: String,
    },
    /// A command that can be tapped where the platform can (`/licenses dysprosium`).
    Command(String),
    /// Words that ask a command when they are tapped, where the platform has links for that;
    /// elsewhere the words alone.
    Ask {
        /// What is shown.
        text: String,
        /// The command line without its slash; one that `start_payload` takes.
        line: String,
    },
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// At most 40 characters.
    pub label: String,
    /// What it does.
    pub action: Action,
}

/// What a button does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Opens a page; http or https.
    Open(String),
    /// Runs a command line without its slash (`brief 2026-11-22`), and edits the message it
    /// stands under with the answer. At most 62 bytes: Telegram takes 64, and two say what a tap does.
    Edit(String),
    /// Runs a command line without its slash and answers with a new message. At most 62 bytes.
    Ask(String),
    /// One or several of a list, in a row of its own: a menu where the platform has menus, a
    /// button for each elsewhere. The button's label says what is chosen.
    Choose(Choose),
    /// Asks for a few typed words: a form where the platform has forms, nothing elsewhere, so the
    /// message's text says what to type. The button's label is the form's title as well.
    Prompt {
        /// The command line that the words are put behind. At most 62 bytes.
        command: String,
        /// An example of what to type; at most 30 characters.
        placeholder: String,
    },
}

/// A list to choose from. Each choice edits the message it stands under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choose {
    /// The command line that one value is put behind: it is taken, or, where several may be, it
    /// changes from chosen to not chosen and back.
    pub one: String,
    /// Where several may be chosen, the command line that all chosen ones are put behind, with
    /// commas between them; `none` stands for none.
    pub all: Option<String>,
    /// One to 25.
    pub options: Vec<Choice>,
}

/// A value that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// At most 40 characters.
    pub label: String,
    /// A word without commas or spaces, or a line where only one may be chosen.
    pub value: String,
    /// What to know about it; shown where there is room.
    pub note: String,
    /// Whether it is chosen at present.
    pub chosen: bool,
}

/// What a deep link's payload about a license begins with.
const LICENSE: &str = "lic_";
/// Telegram takes no more characters.
const LONGEST_PAYLOAD: usize = 64;

/// A command line as the payload of a deep link to the bot (`license jl-mag/general` is
/// `lic_jl-mag__general`); payloads are of letters, digits, `_` and `-`. `None` for a line that no
/// payload can hold.
#[must_use]
pub fn start_payload(line: &str) -> Option<String> {
    let payload = format!("{LICENSE}{}", line.strip_prefix("license ")?.replace('/', "__"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let holds = payload.len() <= LONGEST_PAYLOAD && payload.chars().all(plain);
    (holds && payload.len() > LICENSE.len()).then_some(payload)
}

/// What a deep link's payload asks `/license` for, if it is about a license.
#[must_use]
pub fn started_license(payload: &str) -> Option<String> {
    payload.strip_prefix(LICENSE).map(|id| id.replace("__", "/"))
}

/// A message that can be shared in a chat the bot is not in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Tells it from the others of one answer.
    pub id: String,
    /// One line.
    pub title: String,
    /// What stands under the title in the list; at most a few lines.
    pub description: String,
    /// Where it leads; http or https.
    pub url: String,
    /// What is shared.
    pub message: Message,
}

/// Cards to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cards {
    /// The cards, best first.
    pub cards: Vec<Card>,
    /// After how many the next ones begin; `None` when these are the last.
    pub more: Option<usize>,
}

impl Message {
    /// A message of one paragraph.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { blocks: vec![Block::Paragraph(Line::text(text))], ..Self::default() }
    }
}

impl Line {
    /// A line of plain text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self(vec![Span::Text(text.into())])
    }

    /// The line without its looks: what a screen reader would say.
    #[must_use]
    pub fn plain(&self) -> String {
        self.0
            .iter()
            .map(|span| match span {
                Span::Text(text)
                | Span::Bold(text)
                | Span::Italic(text)
                | Span::Code(text)
                | Span::Command(text)
                | Span::Link { text, .. }
                | Span::Time { text, .. }
                | Span::Ask { text, .. } => text.as_str(),
            })
            .collect()
    }

    /// The line with one more span.
    #[must_use]
    pub fn with(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
