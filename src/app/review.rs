//! What an operator decides about license claims: review, accept, reject, merge, correct.
//!
//! Every decision is added with who, when and why; nothing is changed or
//! deleted. What cannot be meant is refused before anything is written.

use anyhow::Context as _;

use crate::app::SystemClock;
use crate::app::spool::Wish;
use crate::app::wishes::settle;
use crate::clock::Clock as _;
use crate::config::Config;
use crate::model::article::CompanyId;
use crate::model::license::{Claim, ClaimId};
use crate::ops;
use crate::register::{self, Decision, Evidence, Field, Verdict};
use crate::store::{Changes, Store};

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

/// The claims that somebody should look at, and what was decided lately.
pub(super) fn to_review(config: &Config, store: &Store) -> anyhow::Result<String> {
    let evidence = evidence(config, store)?;
    let today = SystemClock.now().with_timezone(&config.zone).date_naive();
    let register = register::fold(&evidence.claims, &evidence.decisions, today);
    let open = register::to_review(&register, &config.curated);
    Ok(format!("{}{}", ops::review(&open), ops::decided_lately(&evidence.decisions)))
}

/// Checks a decision and notes it; the text to print.
pub(super) fn note(config: &Config, store: &Store, decision: &Decision) -> anyhow::Result<String> {
    sensible(&evidence(config, store)?, &decision.verdict)?;
    store.commit(Changes { decisions: vec![decision.clone()], ..Changes::default() })?;
    Ok(format!("Noted, by {}.\n", decision.by))
}

fn evidence(config: &Config, store: &Store) -> anyhow::Result<Evidence> {
    Ok(store.evidence()?.with(&config.curated, &config.lexicon))
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
