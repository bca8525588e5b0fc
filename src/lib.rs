//! Monazite: daily rare-earth briefings for Discord, Telegram and the terminal.
//!
//! The modules stand in the order of their layers. A module imports only from
//! layers with a smaller number, never from its own and never from a larger
//! one; `tests/it/tidy.rs` holds the tree to that. The way of an article to a
//! chat reads from top to bottom: sources are polled, items extracted and
//! enriched into stories, stories composed into a brief, the brief phrased as
//! a message, the message delivered.

// Layer 0, vocabulary: values, text, time and order, no I/O, no clock.
pub mod clock;
pub mod lanes;
pub mod model;
pub mod text;

// Layer 1, names and measures: what words are called in any spelling and script, how often is too often.
pub mod askers;
pub mod lexicon;

// Layer 2, stages: pure functions between neighboring nouns.
pub mod compose;
pub mod enrich;
pub mod extract;
pub mod pace;
pub mod query;
pub mod register;
pub mod schedule;

// Layer 3, edges: the network, the disk and the chat platforms.
pub mod chat;
pub mod sources;
pub mod store;

// Layer 4, flows: read the edges, call stages, commit one set of changes.
pub mod commands;
pub mod deliver;
pub mod ingest;
pub mod publish;

// Layer 5, rim: what an operator sets and sees.
pub mod config;
pub mod ops;

// Layer 6, wiring: the only place that loops, spawns and reads the clock.
pub mod app;
