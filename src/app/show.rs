//! Standard output, standard error and logs.
//!
//! A reader that went away (a closed pipe) is no failure of ours.

use std::io::{IsTerminal as _, Write as _};

use tracing_subscriber::EnvFilter;

use crate::chat::console::Look;
use crate::chat::discord;

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
    let columns = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    Look::suited(std::io::stdout().is_terminal(), columns, &|name| std::env::var(name).ok())
}

/// Logs to standard error at `level`, or as `RUST_LOG` says.
pub(super) fn logs(level: &str, json: bool) {
    let asked = std::env::var("RUST_LOG").unwrap_or_else(|_| level.to_owned());
    // Named after what was asked, so that it wins: a library's events may hold tokens.
    let filter = EnvFilter::try_new(format!("{asked},{}", discord::LOG_DIRECTIVE));
    let filter =
        filter.unwrap_or_else(|_| EnvFilter::new(format!("info,{}", discord::LOG_DIRECTIVE)));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if json { logs.json().try_init() } else { logs.with_target(false).try_init() };
    if let Err(problem) = started {
        error(&format!("logs cannot be written: {problem}"));
    }
}
