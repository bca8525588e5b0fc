//! What an operator does with deliveries: list them, try some again, give some up.
//!
//! It opens the store itself and so does not work beside the service, which is
//! said plainly. Nothing is deleted: what is dropped stays, with who and why.

use anyhow::Context as _;

use crate::app::cli::OutboxWhat;
use crate::app::{SystemClock, open, review, show};
use crate::clock::Clock as _;
use crate::config::Config;
use crate::deliver;
use crate::model::delivery::{Delivery, DeliveryId, State};
use crate::ops;
use crate::store::{Changes, Store, StoreError};

/// `outbox`.
pub(super) fn run(config: &Config, what: OutboxWhat) -> anyhow::Result<()> {
    let store = open(config).map_err(|error| match error.downcast_ref() {
        Some(StoreError::InUse(_)) => error.context(
            "the service runs and holds the store: stop it to look at the outbox, or ask /status in a chat",
        ),
        _ => error,
    })?;
    match what {
        OutboxWhat::List { dead, waiting } => list(&store, dead, waiting),
        OutboxWhat::Retry { id, all_dead } => retry(&store, id, all_dead),
        OutboxWhat::Drop { id, why, who } => give_up(&store, &id, &why, who.by),
    }
}

fn list(store: &Store, dead: bool, waiting: bool) -> anyhow::Result<()> {
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
    show::out(&ops::outbox(&listed));
    Ok(())
}

fn retry(store: &Store, id: Option<String>, all_dead: bool) -> anyhow::Result<()> {
    let now = SystemClock.now();
    let mut again = Vec::new();
    if let Some(id) = id.filter(|_| !all_dead) {
        again.push(deliver::again(find(store, &id)?, now).map_err(anyhow::Error::msg)?);
    } else {
        for delivery in store.deliveries() {
            let delivery = delivery?;
            if matches!(delivery.state, State::Dead { .. }) {
                again.extend(deliver::again(delivery, now).ok());
            }
        }
    }
    let count = again.len();
    store.commit(Changes { deliveries: again, ..Changes::default() })?;
    show::out(&match count {
        1 => "1 delivery is due again; the service sends it when it runs.\n".to_owned(),
        n => format!("{n} deliveries are due again; the service sends them when it runs.\n"),
    });
    Ok(())
}

fn give_up(store: &Store, id: &str, why: &str, by: Option<String>) -> anyhow::Result<()> {
    let by = review::named(by);
    let delivery = find(store, id)?;
    let dropped =
        deliver::dropped(delivery, &by, why, SystemClock.now()).map_err(anyhow::Error::msg)?;
    store.commit(Changes { deliveries: vec![dropped], ..Changes::default() })?;
    show::out(&format!("Dropped, by {by}.\n"));
    Ok(())
}

fn find(store: &Store, id: &str) -> anyhow::Result<Delivery> {
    let found = store.delivery(&DeliveryId::from(id))?;
    found.with_context(|| format!("there is no delivery {id:?}; `monazite outbox list` prints ids"))
}
