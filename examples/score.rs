//! Scores the claim extractor on a folder of labelled texts: precision, recall and what went wrong.
//!
//! `cargo run --example score FOLDER [RULES]` reads every JSON file of the folder
//! (the shape of `tests/data/licenses`) by the built-in rules, or by the rules of
//! the file given, and prints each wrong, missed or half-right claim and the
//! figures. It changes nothing.
#![expect(clippy::print_stdout, reason = "the figures are what a run is for")]
#![expect(clippy::unwrap_used, reason = "a folder that cannot be read should fail loudly")]

use std::collections::BTreeMap;
use std::path::Path;

use monazite::enrich::claims::{BUILT_IN, Rules};
use monazite::lexicon::Lexicon;

#[path = "../tests/it/score.rs"]
mod score;

use score::{Score, fields, line, paired, ratio, texts};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder of labelled texts");
    let rules = arguments.next().map(|file| std::fs::read_to_string(file).unwrap());
    let rules = Rules::parse(rules.as_deref().unwrap_or(BUILT_IN)).unwrap();
    let lexicon = Lexicon::parse(include_str!("../config/lexicon.toml")).unwrap();
    let mut sum = Score::default();
    let mut of_fields: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut negatives, mut fooled) = (0, 0);
    for text in texts(Path::new(&folder)) {
        let found = text.read(&lexicon, &rules);
        let (pairs, wrong, missed) = paired(&text.events, &found.claims);
        sum.add(Score { hit: pairs.len(), extra: wrong.len(), missed: missed.len() });
        negatives += usize::from(text.hard_negative);
        if text.hard_negative && !found.claims.is_empty() {
            fooled += 1;
            println!("{} FOOLED {}", text.id, text.story);
        }
        for claim in wrong {
            println!("{} WRONG  {} | {}", text.id, line(claim), claim.quote);
        }
        for label in missed {
            println!("{} MISSED {:?} {}", text.id, label.holder, label.action);
        }
        for (label, claim) in pairs {
            for (name, said, wanted) in fields(label, claim) {
                let entry = of_fields.entry(name).or_default();
                entry.1 += 1;
                entry.0 += usize::from(said == wanted);
                if said != wanted {
                    println!(
                        "{} field  {name}: {said:?}, labelled {wanted:?} ({:?} {})",
                        text.id, label.holder, label.action
                    );
                }
            }
        }
    }
    println!("{}", sum.line());
    for (name, (right, all)) in &of_fields {
        println!("{name:>13} {right}/{all} = {:.3}", ratio(*right, *all));
    }
    println!("hard negatives that produced a claim: {fooled}/{negatives}");
}
