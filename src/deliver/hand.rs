//! What an operator does with a delivery by hand, also while its sender has it in hand.
//!
//! What has arrived stays arrived; what was dropped is not sent any more, and
//! what of it was on its way is remembered.

use chrono::{DateTime, Utc};

use crate::deliver::{Came, Outcome, Step, accepted, ended};
use crate::model::delivery::{Delivery, State};

/// The delivery, to be tried again at once because an operator says so.
///
/// # Errors
///
/// One plain sentence, when there is nothing to try.
pub fn again(mut delivery: Delivery, now: DateTime<Utc>) -> Result<Delivery, String> {
    refuse_done(&delivery)?;
    if matches!(delivery.state, State::Claimed { .. }) {
        return Err(format!("{} is being sent just now", delivery.id));
    }
    if let State::Dead { reason, .. } = &delivery.state {
        delivery.last_error.clone_from(reason);
    }
    delivery.state = State::Pending { due: now };
    delivery.attempts = 0;
    Ok(delivery)
}

/// The delivery, given up because an operator says so.
///
/// # Errors
///
/// One plain sentence, when there is nothing to give up.
pub fn dropped(
    delivery: Delivery,
    by: &str,
    why: &str,
    now: DateTime<Utc>,
) -> Result<Delivery, String> {
    refuse_done(&delivery)?;
    let why = if why.trim().is_empty() { String::new() } else { format!(": {}", why.trim()) };
    Ok(ended(delivery, format!("dropped by {by}{why}"), now))
}

fn refuse_done(delivery: &Delivery) -> Result<(), String> {
    match &delivery.state {
        State::Sent { .. } => Err(format!("{} has arrived", delivery.id)),
        State::Merged { into, .. } => Err(format!("{into} stands for {}", delivery.id)),
        State::Pending { .. } | State::Claimed { .. } | State::Dead { .. } => Ok(()),
    }
}

/// Why a delivery is given up that its sender still has in hand: an operator dropped it.
pub(super) fn dropped_meanwhile(known: &Delivery) -> Option<String> {
    match &known.state {
        State::Dead { reason, .. } => Some(reason.clone()),
        State::Pending { .. }
        | State::Claimed { .. }
        | State::Sent { .. }
        | State::Merged { .. } => None,
    }
}

/// What is left of a delivery that was dropped while it was being sent: what has arrived of it.
pub(super) fn given_up(outcome: &Outcome, reason: String, now: DateTime<Utc>) -> (Delivery, Step) {
    let delivery = outcome.delivery.clone();
    match &outcome.came {
        Came::Accepted { receipt, last } => {
            let (delivery, step) = accepted(delivery, receipt.clone(), *last, now);
            if *last { (delivery, step) } else { (ended(delivery, reason, now), Step::Ended) }
        }
        Came::Failed(_) | Came::Void(_) | Came::Back { .. } => {
            (ended(delivery, reason, now), Step::Ended)
        }
    }
}
