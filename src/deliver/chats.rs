//! Chats that are gone or moved: what of theirs is paused, and what follows them.
//!
//! Made of what the store holds, so it belongs into the step that writes it
//! (`Store::change`). Nothing is ever deleted for a chat's sake but its old address.

use crate::model::subscription::{Destination, Subscription};
use crate::model::watch::Watch;
use crate::store::{Changes, Store};

/// Pauses all that a chat asked for, since it is gone or closed; `thread` `None` means the whole chat.
/// Settings are kept.
///
/// # Errors
///
/// When the store cannot be read.
pub fn paused(store: &Store, at: &Destination, reason: &str) -> anyhow::Result<Changes> {
    let why = |subscription: Subscription| (subscription.to, reason.to_owned());
    Ok(Changes {
        paused: to_pause(store, at)?.into_iter().map(why).collect(),
        watches: watches(store, at, reason)?,
        ..Changes::default()
    })
}

/// The subscriptions of a chat that are to be paused; those that are paused already are not among
/// them.
pub(super) fn to_pause(store: &Store, at: &Destination) -> anyhow::Result<Vec<Subscription>> {
    let mut list = concerned(store, at)?;
    list.retain(|subscription| subscription.paused.is_none());
    Ok(list)
}

/// The watches that are to be paused.
fn watches(store: &Store, at: &Destination, reason: &str) -> anyhow::Result<Vec<Watch>> {
    let mut list = store.watches_in(at.platform, at.chat)?;
    list.retain(|watch| {
        watch.paused.is_none() && (at.thread.is_none() || watch.to.thread == at.thread)
    });
    for watch in &mut list {
        watch.paused = Some(reason.to_owned());
    }
    Ok(list)
}

/// Moves every subscription of a chat to its new address. What is there already stays.
///
/// # Errors
///
/// When the store cannot be read.
pub fn follow(store: &Store, from: &Destination, to: &Destination) -> anyhow::Result<Changes> {
    let mut changes = Changes::default();
    let whole_chat = Destination { thread: None, ..from.clone() };
    for mut subscription in concerned(store, &whole_chat)? {
        changes.unsubscribed.push(subscription.to.clone());
        subscription.to = Destination { chat: to.chat, ..subscription.to };
        if store.subscription(&subscription.to)?.is_none() {
            changes.subscriptions.push(subscription);
        }
    }
    for mut watch in store.watches_in(from.platform, from.chat)? {
        changes.unwatched.push((watch.to.clone(), watch.number));
        watch.to = Destination { chat: to.chat, ..watch.to };
        if store.watch(&watch.to, watch.number)?.is_none() {
            changes.watches.push(watch);
        }
    }
    Ok(changes)
}

fn concerned(store: &Store, at: &Destination) -> anyhow::Result<Vec<Subscription>> {
    let mut list = store.subscriptions_of(at.platform, at.chat)?;
    list.retain(|subscription| at.thread.is_none() || subscription.to.thread == at.thread);
    Ok(list)
}
