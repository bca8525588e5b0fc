//! The line at which commands are typed: history, and completion of commands and names.
//!
//! It only reads lines; what they mean is the app's business.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, ExternalPrinter, Helper};

use crate::chat::MenuItem;

/// What stands before the line.
const SIGN: &str = "> ";
/// Lines remembered.
const REMEMBERED: usize = 500;
/// Most suggestions for one word.
const SUGGESTIONS: usize = 25;

/// Reads lines from the terminal, or from a pipe without any of the comforts.
pub struct Prompt {
    editor: Editor<Names, FileHistory>,
    history: Option<PathBuf>,
}

impl Prompt {
    /// A prompt that completes the menu's commands and remembers lines in the file `history`.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be used.
    pub fn new(menu: &[MenuItem], history: Option<&Path>) -> io::Result<Self> {
        let config = Config::builder()
            .max_history_size(REMEMBERED)
            .and_then(|config| config.history_ignore_dups(true))
            .map_err(as_io)?
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .build();
        let mut editor = Editor::with_config(config).map_err(as_io)?;
        let commands = menu.iter().map(|item| item.name.to_owned()).collect();
        editor.set_helper(Some(Names { commands, words: Vec::new() }));
        if let Some(path) = history {
            // The first run has no history yet, and a lost one is no reason not to start.
            editor.load_history(path).unwrap_or_default();
        }
        Ok(Self { editor, history: history.map(Path::to_owned) })
    }

    /// Names to complete after a command: elements, companies, topics.
    pub fn offer(&mut self, words: Vec<String>) {
        if let Some(names) = self.editor.helper_mut() {
            names.words = words;
        }
    }

    /// A writer that prints above the line being typed; `None` where there is no terminal.
    pub fn above(&mut self) -> Option<Box<dyn Write + Send>> {
        let printer = self.editor.create_external_printer().ok()?;
        Some(Box::new(Above(printer)))
    }

    /// The next line; `None` at the end of input or when interrupted.
    ///
    /// # Errors
    ///
    /// When the terminal fails.
    #[expect(clippy::should_implement_trait, reason = "lines end, they do not iterate")]
    pub fn next(&mut self) -> io::Result<Option<String>> {
        match self.editor.readline(SIGN) {
            Ok(line) => {
                self.remember(&line);
                Ok(Some(line))
            }
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
            Err(error) => Err(as_io(error)),
        }
    }

    fn remember(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let added = self.editor.add_history_entry(line).unwrap_or(false);
        if let (true, Some(path)) = (added, &self.history) {
            // A history that cannot be written is no reason to stop answering.
            self.editor.append_history(path).unwrap_or_default();
        }
    }
}

/// What can stand for the word before `at`: where that word begins, and the suggestions.
///
/// The first word completes to a command, with or without its slash; what follows to one of
/// `words`, which may themselves hold spaces.
#[must_use]
pub fn completions(
    commands: &[String],
    words: &[String],
    line: &str,
    at: usize,
) -> (usize, Vec<String>) {
    let typed = line.get(..at).unwrap_or(line);
    let Some(space) = typed.find(char::is_whitespace) else {
        let name = typed.strip_prefix('/').unwrap_or(typed).to_lowercase();
        let fits = commands.iter().filter(|command| command.starts_with(&name));
        return (0, fits.map(|command| format!("/{command} ")).collect());
    };
    let first = space + 1;
    let last = typed.rfind(char::is_whitespace).map_or(first, |space| space + 1);
    // `/latest jl m` means the name with the space before it means a name that begins with `m`.
    for start in [first, last] {
        let partial = typed.get(start..).unwrap_or_default().to_lowercase();
        let fits: Vec<String> = words
            .iter()
            .filter(|word| !partial.is_empty() && word.to_lowercase().starts_with(&partial))
            .take(SUGGESTIONS)
            .cloned()
            .collect();
        if !fits.is_empty() {
            return (start, fits);
        }
    }
    (typed.len(), Vec::new())
}

/// What is known to complete.
struct Names {
    commands: Vec<String>,
    words: Vec<String>,
}

impl Completer for Names {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(completions(&self.commands, &self.words, line, at))
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}

/// Prints above the prompt.
struct Above<P>(P);

impl<P: ExternalPrinter> Write for Above<P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        self.0.print(text).map_err(as_io)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn as_io(error: ReadlineError) -> io::Error {
    match error {
        ReadlineError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}
