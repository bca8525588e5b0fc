//! What an operator wants of the store: done here, or by the process that has it.
//!
//! Beside a running service the wish is left for it, and its answer waited for
//! and printed as if it had been done here.

use std::time::Duration;

use anyhow::Context as _;

use crate::app::spool::{self, Answer, Wish};
use crate::app::{SystemClock, open, outbox, review, show};
use crate::clock::Clock as _;
use crate::config::Config;
use crate::store::{Store, StoreError};

/// How long the answer of whoever has the store is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks for it.
const PAUSE: Duration = Duration::from_millis(100);
/// Looks for an answer between two tries to open the store, whose holder may have ended.
const LOOKS: u32 = 10;

/// Carries a wish out, here or by the process that has the store, and prints what came of it.
pub(super) async fn settle(config: &Config, wish: Wish) -> anyhow::Result<()> {
    match open(config) {
        Ok(store) => {
            take_up(config, &store)?;
            show::out(&answer(config, &store, &wish)?);
            Ok(())
        }
        Err(error) if is_in_use(&error) => hand_over(config, &wish).await,
        Err(error) => Err(error),
    }
}

fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::InUse(_)))
}

/// Leaves the wish to the process that has the store, and waits for its answer.
async fn hand_over(config: &Config, wish: &Wish) -> anyhow::Result<()> {
    let started = SystemClock.now();
    let left = spool::leave(&config.store, wish, started)
        .with_context(|| format!("nothing can be left in {}", config.store.display()))?;
    let waits = || (SystemClock.now() - started).to_std().unwrap_or_default() < PATIENCE;
    for look in 1.. {
        match left.answer()? {
            Some(Answer::Done(said)) => {
                show::out(&said);
                return Ok(());
            }
            Some(Answer::Refused(why)) => anyhow::bail!(why),
            None if !waits() => break,
            None => SystemClock.sleep(PAUSE).await,
        }
        if look % LOOKS == 0
            && let Ok(store) = open(config)
        {
            take_up(config, &store)?;
        }
    }
    if wish.only_asks() {
        left.take_back();
        anyhow::bail!(
            "{} is in use by another Monazite, and that one did not answer",
            config.store.display()
        );
    }
    show::out(&format!(
        "Not noted yet: another Monazite has the store and did not take it up in time. The decision lies in {} and \
         counts once the service has taken it up.\n",
        left.path().display()
    ));
    Ok(())
}

/// Takes up what was left for whoever has the store; how much that was.
pub(super) fn take_up(config: &Config, store: &Store) -> anyhow::Result<usize> {
    spool::take_up(&config.store, &|wish| answer(config, store, wish))
}

/// Does what is wished; the text to print.
fn answer(config: &Config, store: &Store, wish: &Wish) -> anyhow::Result<String> {
    match wish {
        Wish::Review => review::to_review(config, store),
        Wish::Decide(decision) => review::note(config, store, decision),
        Wish::List { dead, waiting } => outbox::list(store, *dead, *waiting),
        Wish::Retry { id } => outbox::retry(store, id.as_deref()),
        Wish::Drop { id, why, by } => outbox::give_up(store, id, why, by),
    }
}
