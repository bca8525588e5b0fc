//! Standard output, standard error and logs.
//!
//! A reader that went away (a closed pipe) is no failure of ours.

use std::io::{IsTerminal as _, Write as _};

use tracing_subscriber::EnvFilter;

use crate::chat::console::{Links, Look};

/// One line on standard error.
pub(super) fn error(text: &str) {
    drop(writeln!(std::io::stderr(), "{}", crate::text::one_line(text)));
}

/// Text on standard output.
pub(super) fn out(text: &str) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(text.as_bytes()));
    drop(out.flush());
}

/// How text looks on standard output.
pub(super) fn look() -> Look {
    let terminal = std::io::stdout().is_terminal();
    let color = terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let width = if terminal { columns().clamp(40, 100) } else { 80 };
    let links = if color && knows_links() { Links::Hyperlinks } else { Links::Footnotes };
    Look { color, width, links }
}

/// The terminal's columns; 80 when it does not say.
fn columns() -> usize {
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

/// Terminals known to draw hyperlinks; others show the footnotes.
fn knows_links() -> bool {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let program = variable("TERM_PROGRAM");
    matches!(program.as_str(), "iTerm.app" | "WezTerm" | "vscode" | "ghostty" | "Hyper")
        || !variable("WT_SESSION").is_empty()
        || !variable("VTE_VERSION").is_empty()
        || !variable("KONSOLE_VERSION").is_empty()
        || variable("TERM").contains("kitty")
}

/// Logs to standard error at `level`, or as `RUST_LOG` says.
pub(super) fn logs(level: &str, json: bool) {
    let filter = EnvFilter::try_from_default_env().or_else(|_| EnvFilter::try_new(level));
    let filter = filter.unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { logs.json().try_init() } else { logs.with_target(false).try_init() };
    if let Err(problem) = started {
        error(&format!("logs cannot be written: {problem}"));
    }
}
