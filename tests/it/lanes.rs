//! Order: what came first in a lane is done first, and nothing is lost between lanes.

use std::collections::BTreeMap;

use monazite::lanes::Lanes;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_lane_keeps_its_order_and_loses_nothing(steps in prop::collection::vec((0_u8..4, any::<bool>()), 0..80)) {
        let mut lanes = Lanes::default();
        let mut begun: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        let mut entered: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
        let mut under_way: BTreeMap<u8, usize> = BTreeMap::new();
        let mut begin = |lane: u8, work: Option<usize>, under_way: &mut BTreeMap<u8, usize>| {
            if let Some(work) = work {
                begun.entry(lane).or_default().push(work);
                assert!(under_way.insert(lane, work).is_none(), "one at a time");
            }
        };
        for (number, (lane, enters)) in steps.into_iter().enumerate() {
            if enters {
                entered.entry(lane).or_default().push(number);
                begin(lane, lanes.enter(lane, number), &mut under_way);
            } else if under_way.remove(&lane).is_some() {
                begin(lane, lanes.leave(&lane), &mut under_way);
            }
        }
        while let Some((lane, _)) = under_way.pop_first() {
            begin(lane, lanes.leave(&lane), &mut under_way);
        }
        prop_assert_eq!(lanes.waiting(), 0);
        prop_assert_eq!(begun, entered);
    }
}
