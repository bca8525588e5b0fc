//! What an operator does with deliveries: list them, try some again, give some up.
//!
//! Nothing is deleted: what is dropped stays, with who and why. What is found is
//! changed in the same step, so that the service's sender is never overruled by
//! what was true a moment ago.

use anyhow::Context as _;

use crate::app::cli::OutboxWhat;
use crate::app::spool::Wish;
use crate::app::wishes::settle;
use crate::app::{SystemClock, review};
use crate::clock::Clock as _;
use crate::config::Config;
use crate::deliver;
use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::ops;
use crate::store::{Changes, Store};

/// `outbox`.
pub(super) async fn run(config: &Config, what: OutboxWhat) -> anyhow::Result<()> {
    let wish = match what {
        OutboxWhat::List { dead, waiting } => Wish::List { dead, waiting },
        OutboxWhat::Retry { id, all_dead } => Wish::Retry { id: id.filter(|_| !all_dead) },
        OutboxWhat::Drop { id, why, who } => Wish::Drop { id, why, by: review::named(who.by) },
    };
    settle(config, wish).await
}

/// The deliveries that are not done.
pub(super) fn list(store: &Store, dead: bool, waiting: bool) -> anyhow::Result<String> {
    let mut listed = Vec::new();
    for delivery in store.deliveries() {
        let delivery = delivery?;
        let wanted = match delivery.state {
            State::Pending { .. } | State::Claimed { .. } => !dead,
            State::Dead { .. } => !waiting,
            State::Sent { .. } | State::Merged { .. } => false,
        };
        if wanted {
            listed.push(delivery);
        }
    }
    Ok(ops::outbox(&listed))
}

/// Makes a delivery due at once, or without an id all that were given up.
pub(super) fn retry(store: &Store, id: Option<&str>) -> anyhow::Result<String> {
    let count = store.change(|store| {
        let now = SystemClock.now();
        let mut revived = Vec::new();
        if let Some(id) = id {
            revived.push(deliver::again(find(store, id)?, now).map_err(anyhow::Error::msg)?);
        } else {
            for delivery in store.deliveries() {
                let delivery = delivery?;
                if matches!(delivery.state, State::Dead { .. }) {
                    revived.extend(deliver::again(delivery, now).ok());
                }
            }
        }
        let count = revived.len();
        anyhow::Ok((Changes { revived, ..Changes::default() }, count))
    })?;
    Ok(match count {
        1 => "1 delivery is due again; a running service sends it at once.\n".to_owned(),
        n => format!("{n} deliveries are due again; a running service sends them at once.\n"),
    })
}

/// Gives a delivery up.
pub(super) fn give_up(store: &Store, id: &str, why: &str, by: &str) -> anyhow::Result<String> {
    store.change(|store| {
        let delivery = find(store, id)?;
        let dropped =
            deliver::dropped(delivery, by, why, SystemClock.now()).map_err(anyhow::Error::msg)?;
        anyhow::Ok((Changes { deliveries: vec![dropped], ..Changes::default() }, ()))
    })?;
    Ok(format!("Dropped, by {by}.\n"))
}

fn find(store: &Store, id: &str) -> anyhow::Result<Delivery> {
    let found = store.delivery(&DeliveryId::from(id))?;
    found.with_context(|| format!("there is no delivery {id:?}; `monazite outbox list` prints ids"))
}
