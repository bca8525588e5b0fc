//! All tests, in one binary: features of Monazite, told as data in and text out.
//!
//! Nothing here sleeps, leaves the loopback interface or is ignored.
#![expect(clippy::unwrap_used, reason = "a test helper that fails should fail loudly")]

mod world;

mod alarms;
mod alerts;
mod asked;
mod askers;
mod calendar;
mod claims;
mod cli;
mod commands;
mod comments;
mod compose;
mod config;
mod corpus;
mod deliver;
mod discord;
mod enrich;
mod extract;
mod fanout;
mod faults;
mod index;
mod ingest;
mod lanes;
mod outbox;
mod pairs;
mod postings;
mod power;
mod publish;
mod query;
mod register;
mod score;
mod schedule;
mod search;
mod skipped;
mod sources;
mod store;
mod telegram;
mod tidy;
mod way;
