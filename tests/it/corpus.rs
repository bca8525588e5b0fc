//! Story grouping measured on labelled texts: precision, recall and F1 over pairs, with floors.
//!
//! The texts are of this project's own making (`tests/data/stories/`). What they hold is counted,
//! never quoted: a rule that knows one of them would only flatter these figures.

use std::path::Path;

use chrono::Datelike;
use monazite::lexicon::Lexicon;

use crate::pairs::{Pairs, Text, grouped, measured, noon};

fn lexicon() -> Lexicon {
    Lexicon::parse(include_str!("../../config/lexicon.toml")).unwrap()
}

fn texts() -> Vec<Text> {
    crate::pairs::texts(Path::new("tests/data/stories"))
}

fn plus(a: Pairs, b: Pairs) -> Pairs {
    Pairs { right: a.right + b.right, wrong: a.wrong + b.wrong, missed: a.missed + b.missed }
}

/// The same shuffle at every run.
fn shuffled<T>(list: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for i in (1..list.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let bound = u64::try_from(i + 1).unwrap();
        list.swap(i, usize::try_from(state % bound).unwrap());
    }
}

#[test]
fn stories_are_found_again_as_they_arrive() {
    let (texts, lexicon) = (texts(), lexicon());
    let mut order: Vec<&Text> = texts.iter().collect();
    order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let pairs = measured(&order, &lexicon);
    pairs.tell("in order of time");
    assert!(pairs.precision() >= 0.99, "precision {:.3}", pairs.precision());
    assert!(pairs.recall() >= 0.92, "recall {:.3}", pairs.recall());
}

#[test]
fn stories_are_found_in_any_order() {
    let (texts, lexicon) = (texts(), lexicon());
    let mut sum = Pairs::default();
    for seed in 1..=5 {
        let mut order: Vec<&Text> = texts.iter().collect();
        shuffled(&mut order, seed);
        sum = plus(sum, measured(&order, &lexicon));
    }
    sum.tell("in five shuffled orders");
    assert!(sum.precision() >= 0.99, "precision {:.3}", sum.precision());
    assert!(sum.recall() >= 0.94, "recall {:.3}", sum.recall());
}

/// A feed that knows only months dates everything to their first day.
#[test]
fn rough_dates_cost_recall_but_no_precision() {
    let (mut texts, lexicon) = (texts(), lexicon());
    for text in &mut texts {
        text.at = match text.date.len() {
            10 => text.at,
            7 => noon(&format!("{}-01", text.date)),
            _ => noon(&format!("{}-01-01", text.date)),
        };
    }
    let mut order: Vec<&Text> = texts.iter().collect();
    order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    let pairs = measured(&order, &lexicon);
    pairs.tell("dated to the first of the month");
    assert!(pairs.precision() >= 0.97, "precision {:.3}", pairs.precision());
    assert!(pairs.recall() >= 0.80, "recall {:.3}", pairs.recall());
}

/// Each half of the groups by itself: figures that hold for one half only are luck.
#[test]
fn both_halves_of_the_groups_hold_up() {
    let (texts, lexicon) = (texts(), lexicon());
    for half in [0, 1] {
        let mut order: Vec<&Text> = texts
            .iter()
            .filter(|text| {
                let number: u32 = text.group.bytes().map(u32::from).sum();
                number % 2 == half
            })
            .collect();
        order.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let pairs = measured(&order, &lexicon);
        pairs.tell(if half == 0 { "first half of the groups" } else { "second half" });
        assert!(pairs.precision() >= 0.97, "precision {:.3}", pairs.precision());
        assert!(pairs.recall() >= 0.85, "recall {:.3}", pairs.recall());
    }
}

/// A forecast of half a year's profit and the figures themselves are two stories.
#[test]
fn a_forecast_and_its_result_stay_apart() {
    let (texts, lexicon) = (texts(), lexicon());
    let order: Vec<&Text> =
        texts.iter().filter(|text| text.group == "G19" || text.group == "G20").collect();
    let stories = grouped(&order, &lexicon);
    for a in order.iter().filter(|text| text.group == "G19") {
        for b in order.iter().filter(|text| text.group == "G20") {
            assert!(stories[&a.id] != stories[&b.id], "{} and {} are one story", a.id, b.id);
        }
    }
}

#[test]
fn the_labels_are_all_there() {
    let texts = texts();
    let groups: std::collections::HashSet<&str> =
        texts.iter().filter(|text| text.group != text.id).map(|t| t.group.as_str()).collect();
    assert_eq!((texts.len(), groups.len()), (108, 27));
    assert!(texts.iter().all(|text| (2020..2027).contains(&text.at.year())));
}
