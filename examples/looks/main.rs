//! Writes what the program says as every platform is sent it: what the pictures in `docs/images` are drawn from.
//!
//! `cargo run --example looks FOLDER` runs the program over the bundled sample
//! web, with the tests' strict fakes as Discord and Telegram: it subscribes,
//! publishes the edition of 23 November 2026, asks every command, and raises,
//! amends and corrects alerts. Into the folder it writes `scenes.json` (each
//! message as it was taken) and `brief.html`, `brief.md` and `brief.txt`. It
//! never reaches a network beyond this machine and holds no real token.
#![expect(clippy::unwrap_used, reason = "a fake that refuses should fail loudly")]
#![expect(dead_code, reason = "the fakes can do more than is wanted here")]

mod scenes;
mod stage;
#[path = "../../tests/it/world/mod.rs"]
mod world;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use monazite::chat::console::{self, Look};
use monazite::compose::page;
use monazite::compose::phrase::{self, View};
use monazite::model::subscription::Series;

use stage::Stage;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        return ended(2, "Name one folder to write into: cargo run --example looks FOLDER");
    };
    match write_all(&PathBuf::from(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ended(1, &format!("{error:#}")),
    }
}

fn ended(code: u8, why: &str) -> ExitCode {
    drop(writeln!(std::io::stderr(), "{why}"));
    ExitCode::from(code)
}

fn write_all(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("no folder {}", folder.display()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stage = runtime.block_on(async {
        let mut stage = Stage::set().await?;
        scenes::play(&mut stage).await?;
        anyhow::Ok(stage)
    })?;
    write(folder, "scenes.json", &(serde_json::to_string_pretty(&stage.scenes)? + "\n"))?;
    let edition = stage.home.store.latest_edition(Series::Daily)?.context("no edition")?;
    let view = View::of(None, &stage.home.config.lexicon, stage.home.config.zone);
    let brief = phrase::brief(&edition, &view);
    write(folder, "brief.html", &page::html(&edition, &view))?;
    write(folder, "brief.md", &page::markdown(&brief))?;
    write(folder, "brief.txt", &format!("{}\n", console::text(&brief, &Look::PLAIN)))
}

fn write(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}
