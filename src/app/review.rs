//! What an operator decides about license claims: review, accept, reject, merge, correct.
//!
//! Every decision is added with who, when and why; nothing is changed or
//! deleted. What cannot be meant is refused before anything is written. Beside
//! a running service the wish is handed to it, and its answer waited for.

use std::time::Duration;

use anyhow::Context as _;

use crate::app::spool::{self, Answer, Wish};
use crate::app::{SystemClock, open, show};
use crate::clock::Clock as _;
use crate::config::Config;
use crate::model::article::CompanyId;
use crate::model::license::{Claim, ClaimId};
use crate::ops;
use crate::register::{self, Decision, Evidence, Field, Verdict};
use crate::store::{Changes, Store, StoreError};

/// How long the answer of whoever has the store is waited for.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two looks for it.
const PAUSE: Duration = Duration::from_millis(100);
/// Looks for an answer between two tries to open the store, whose holder may have ended.
const LOOKS: u32 = 10;

/// `review`: prints the claims that somebody should look at.
pub(super) async fn review(config: &Config) -> anyhow::Result<()> {
    settle(config, Wish::Review).await
}

/// `accept`.
pub(super) async fn accept(
    config: &Config,
    id: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    decide(config, Verdict::Accept { claim: id.into() }, why, by).await
}

/// `reject`.
pub(super) async fn reject(
    config: &Config,
    id: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    decide(config, Verdict::Reject { claim: id.into() }, said(why)?, by).await
}

/// `merge`.
pub(super) async fn merge(
    config: &Config,
    provisional: &str,
    holder: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let from = CompanyId::from(provisional);
    let known = config.lexicon.find_company(holder);
    let to = known.with_context(|| format!("the lexicon knows no company {holder:?}"))?.id.clone();
    anyhow::ensure!(from != to, "{provisional:?} is that holder already");
    decide(config, Verdict::Merge { from, to }, why, by).await
}

/// `correct`.
pub(super) async fn correct(
    config: &Config,
    id: &str,
    field: &str,
    value: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let field: Field = field.parse().map_err(anyhow::Error::msg)?;
    let value = canonical(config, field, value)?;
    decide(config, Verdict::Correct { claim: id.into(), field, value }, said(why)?, by).await
}

/// Holders and elements by their ids, whatever they are called.
fn canonical(config: &Config, field: Field, value: &str) -> anyhow::Result<String> {
    let lexicon = &config.lexicon;
    match field {
        Field::Holder if !value.trim().is_empty() => {
            let known = lexicon.find_company(value);
            Ok(known
                .with_context(|| format!("the lexicon knows no company {value:?}"))?
                .id
                .0
                .clone())
        }
        Field::Elements => {
            let names =
                value.split([',', '，', '、']).map(str::trim).filter(|name| !name.is_empty());
            let symbols: anyhow::Result<Vec<&str>> = names
                .map(|name| {
                    let known = lexicon.find_element(name);
                    Ok(known.with_context(|| format!("{name:?} is no element"))?.symbol.as_str())
                })
                .collect();
            Ok(symbols?.join(", "))
        }
        _ => Ok(value.to_owned()),
    }
}

fn said(why: &str) -> anyhow::Result<&str> {
    anyhow::ensure!(!why.trim().is_empty(), "say why with --why: it is shown beside the claim");
    Ok(why.trim())
}

async fn decide(
    config: &Config,
    verdict: Verdict,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let by = named(by);
    let decision = Decision { verdict, why: why.to_owned(), by, at: SystemClock.now() };
    settle(config, Wish::Decide(decision)).await
}

/// Who decides: the name given, or the system user's.
pub(super) fn named(by: Option<String>) -> String {
    by.filter(|name| !name.trim().is_empty()).or_else(user).unwrap_or_else(|| "operator".to_owned())
}

/// The system user's name, where the system tells it.
fn user() -> Option<String> {
    let named =
        ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.into_iter().find(|name| !name.trim().is_empty())
}

// ---------------------------------------------------------------- carried out

/// Carries a wish out, here or by the process that has the store, and prints what came of it.
async fn settle(config: &Config, wish: Wish) -> anyhow::Result<()> {
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
    if *wish == Wish::Review {
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

/// Takes up what was left for whoever has the store.
pub(super) fn take_up(config: &Config, store: &Store) -> anyhow::Result<()> {
    spool::take_up(&config.store, &|wish| answer(config, store, wish))
}

/// Does what is wished; the text to print.
fn answer(config: &Config, store: &Store, wish: &Wish) -> anyhow::Result<String> {
    let evidence = store.evidence()?.with(&config.curated, &config.lexicon);
    match wish {
        Wish::Review => {
            let today = SystemClock.now().with_timezone(&config.zone).date_naive();
            let register = register::fold(&evidence.claims, &evidence.decisions, today);
            let open = register::to_review(&register, &config.curated);
            Ok(format!("{}{}", ops::review(&open), ops::decided_lately(&evidence.decisions)))
        }
        Wish::Decide(decision) => {
            sensible(&evidence, &decision.verdict)?;
            store.commit(Changes { decisions: vec![decision.clone()], ..Changes::default() })?;
            Ok(format!("Noted, by {}.\n", decision.by))
        }
    }
}

/// Refuses what is about no claim, or gives a field a value that it cannot have.
fn sensible(evidence: &Evidence, verdict: &Verdict) -> anyhow::Result<()> {
    match verdict {
        Verdict::Accept { claim } | Verdict::Reject { claim } | Verdict::Withdraw { claim } => {
            find(evidence, claim).map(drop)
        }
        Verdict::Merge { from, .. } => {
            let mut holders = evidence.claims.iter().filter_map(|claim| claim.holder.as_ref());
            anyhow::ensure!(
                holders.any(|holder| holder == from),
                "no claim has the holder {:?}; `monazite review` lists provisional ones",
                from.as_str()
            );
            Ok(())
        }
        Verdict::Correct { claim, field, value } => {
            let mut claim = find(evidence, claim)?.clone();
            register::correct(&mut claim, *field, value).map_err(anyhow::Error::msg)
        }
    }
}

fn find<'a>(evidence: &'a Evidence, id: &ClaimId) -> anyhow::Result<&'a Claim> {
    let claim = evidence.claims.iter().find(|claim| claim.id == *id);
    claim.with_context(|| {
        format!(
            "there is no claim {:?}; `monazite review` and `monazite export --what claims` print ids",
            id.as_str()
        )
    })
}
