//! Scores the grouping of articles into stories on a folder of labelled texts.
//!
//! `cargo run --example stories FOLDER` reads every JSON file of the folder (the shape of
//! `tests/data/stories`) in order of time, as gathering would, and prints each pair that was put
//! together wrongly or left apart wrongly, then the figures. It changes nothing.
#![expect(clippy::unwrap_used, reason = "a folder that cannot be read should fail loudly")]

use std::path::Path;

use monazite::lexicon::Lexicon;

#[path = "../tests/it/pairs.rs"]
mod pairs;

use pairs::{Text, measured, texts};

fn main() {
    let folder = std::env::args().nth(1).expect("a folder of labelled texts");
    let lexicon = Lexicon::parse(include_str!("../config/lexicon.toml")).unwrap();
    let texts = texts(Path::new(&folder));
    let mut order: Vec<&Text> = texts.iter().collect();
    order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    measured(&order, &lexicon).tell("in order of time");
}
