//! The command line: what can be asked of the program, and how help describes it.
//!
//! Only names and forms stand here; what they do is in their neighbors.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

/// Daily rare-earth briefings for Discord, Telegram and the terminal.
#[derive(Parser)]
#[command(name = "monazite", version, about, max_term_width = 100)]
pub(super) struct Cli {
    /// Folder of the configuration; a file missing there falls back to the built-in copy.
    #[arg(
        long,
        value_name = "DIR",
        global = true,
        env = "MONAZITE_CONFIG",
        default_value = "config"
    )]
    pub(super) config: PathBuf,
    #[command(subcommand)]
    pub(super) what: What,
}

#[derive(Subcommand)]
pub(super) enum What {
    /// Run the service: gather, publish, deliver, answer.
    Run,
    /// Show everything offline, over a bundled sample web, in this terminal.
    Demo {
        /// Print the brief and end.
        #[arg(long)]
        once: bool,
    },
    /// Check configuration, tokens and permissions, and print all problems.
    Check {
        /// Also try every source and print a table.
        #[arg(long)]
        sources: bool,
    },
    /// Poll every source once and print what came of it.
    Gather,
    /// Print an edition: the latest, or the one of a day (2026-11-22).
    Brief {
        /// The day; without it the latest edition, or a preview when none was published yet.
        date: Option<String>,
        /// How it is printed.
        #[arg(long, value_enum, default_value_t = BriefFormat::Text)]
        format: BriefFormat,
    },
    /// Answer a command that reads, as a chat would: monazite ask "/latest dysprosium".
    Ask {
        /// The command, with or without its slash.
        line: String,
        /// How the answer is printed.
        #[arg(long, value_enum, default_value_t = AskFormat::Text)]
        format: AskFormat,
    },
    /// Make the search index anew from everything that is remembered.
    Reindex,
    /// List new license claims that somebody should look at: low certainty or unknown holders.
    Review,
    /// Say that a claim was looked at and stands.
    Accept {
        /// The claim's id, as `review` and `export --what claims` print it.
        claim: String,
        /// Why, if there is something to say.
        #[arg(long, default_value = "")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Say that a claim does not count; it stays rejected when the same story comes again.
    Reject {
        /// The claim's id.
        claim: String,
        /// Why; shown beside the claim.
        #[arg(long)]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Say that a provisional holder (x-…) is a known one.
    Merge {
        /// The provisional id.
        provisional: String,
        /// The known holder, by id or any name.
        holder: String,
        /// Why, if there is something to say.
        #[arg(long, default_value = "")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Add a correction to a claim, for example of its field `date` to 2025-12-02.
    Correct {
        /// The claim's id.
        claim: String,
        /// The field, as exported.
        field: String,
        /// What it should say; lists are separated by commas, an empty text clears.
        value: String,
        /// Why; shown beside the claim.
        #[arg(long)]
        why: String,
        #[command(flatten)]
        who: Who,
    },
    /// Look at deliveries, try some again, or give some up.
    Outbox {
        #[command(subcommand)]
        what: OutboxWhat,
    },
    /// Print all records of one kind, one a line.
    Export {
        /// The kind.
        #[arg(long, value_enum)]
        what: Kind,
        /// How records are printed.
        #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
        format: ExportFormat,
    },
}

#[derive(Subcommand)]
pub(super) enum OutboxWhat {
    /// List deliveries that are not done: those that wait, and those that were given up.
    List {
        /// Only those that were given up.
        #[arg(long, conflicts_with = "waiting")]
        dead: bool,
        /// Only those that wait.
        #[arg(long)]
        waiting: bool,
    },
    /// Try a delivery again at once: one that waits or was given up.
    Retry {
        /// The delivery's id, as `list` prints it.
        #[arg(required_unless_present = "all_dead")]
        id: Option<String>,
        /// All that were given up.
        #[arg(long, conflicts_with = "id")]
        all_dead: bool,
    },
    /// Give a delivery up.
    Drop {
        /// The delivery's id.
        id: String,
        /// Why; kept with it.
        #[arg(long, default_value = "")]
        why: String,
        #[command(flatten)]
        who: Who,
    },
}

/// Who decides.
#[derive(clap::Args)]
pub(super) struct Who {
    /// Your name, kept with the decision; without it the system user's.
    #[arg(long, value_name = "NAME")]
    pub(super) by: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum BriefFormat {
    /// For a terminal.
    Text,
    /// A page for browsers and mail.
    Html,
    /// Markdown.
    Markdown,
    /// The stored edition, every field.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AskFormat {
    /// For a terminal.
    Text,
    /// The answer's blocks.
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    Articles,
    Stories,
    /// License claims, each as it was read.
    Claims,
    /// The register's rows as of now, without their claims' texts.
    Licenses,
    /// What was decided about claims, by whom, when and why.
    Decisions,
    Editions,
    Subscriptions,
    Deliveries,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ExportFormat {
    /// One JSON object a line.
    Jsonl,
    /// Comma-separated, with a head line; lists are joined by semicolons.
    Csv,
}
