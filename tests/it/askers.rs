//! The guard against askers that are too fast: who is answered, told once, passed over, forgotten.

use chrono::TimeDelta;
use monazite::askers::{Askers, Verdict};

use crate::world::home::at;

fn askers() -> Askers<u32> {
    Askers::new(3, TimeDelta::seconds(10))
}

#[test]
fn who_is_too_fast_is_told_once_until_there_is_room_again() {
    let mut askers = askers();
    let start = at("2026-11-23T12:00:00Z");
    let ask =
        |askers: &mut Askers<u32>, seconds| askers.ask(1, start + TimeDelta::seconds(seconds));
    let verdicts: Vec<Verdict> =
        [0, 1, 2, 3, 4, 9, 10, 10, 11, 12, 12].map(|second| ask(&mut askers, second)).into();
    use Verdict::{Answer, Ignore, SlowDown};
    assert_eq!(
        verdicts,
        [
            Answer, Answer, Answer, SlowDown, Ignore, Ignore, Answer, SlowDown, Answer, Answer,
            SlowDown
        ]
    );
}

#[test]
fn one_asker_costs_another_nothing() {
    let mut askers = askers();
    let now = at("2026-11-23T12:00:00Z");
    for _ in 0..10_000 {
        askers.ask(1, now);
    }
    assert_eq!(askers.ask(2, now), Verdict::Answer);
    assert_eq!(askers.ask(1, now), Verdict::Ignore);
}

#[test]
fn a_clock_that_is_set_back_locks_nobody_out() {
    let mut askers = askers();
    let now = at("2026-11-23T12:00:00Z");
    for _ in 0..4 {
        askers.ask(1, now);
    }
    assert_eq!(askers.ask(1, now - TimeDelta::hours(1)), Verdict::Answer);
}

#[test]
fn many_askers_are_not_remembered_for_good() {
    let mut askers = askers();
    let start = at("2026-11-23T12:00:00Z");
    for asker in 0..100_000 {
        let now = start + TimeDelta::milliseconds(i64::from(asker));
        assert_eq!(askers.ask(asker, now), Verdict::Answer);
    }
    assert!(askers.remembered() <= 4_096, "{}", askers.remembered());
}
