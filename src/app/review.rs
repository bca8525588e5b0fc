//! What an operator decides about license claims: review, accept, reject, merge, correct.
//!
//! Every decision is added with who, when and why; nothing is changed or
//! deleted. What cannot be meant is refused before anything is written.

use anyhow::Context as _;

use crate::app::{SystemClock, open, show};
use crate::clock::Clock as _;
use crate::config::Config;
use crate::model::article::CompanyId;
use crate::model::license::{Claim, ClaimId};
use crate::ops;
use crate::register::{self, Decision, Evidence, Field, Verdict};
use crate::store::{Changes, Store};

/// `review`: prints the claims that somebody should look at.
pub(super) fn review(config: &Config) -> anyhow::Result<()> {
    let evidence = evidence(config, &open(config)?)?;
    let today = SystemClock.now().with_timezone(&config.zone).date_naive();
    let register = register::fold(&evidence.claims, &evidence.decisions, today);
    show::out(&ops::review(&register::to_review(&register, &config.curated)));
    Ok(())
}

/// `accept`.
pub(super) fn accept(
    config: &Config,
    id: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let store = open(config)?;
    let claim = find(&evidence(config, &store)?, id)?;
    decide(&store, Verdict::Accept { claim: claim.id }, why, by)
}

/// `reject`.
pub(super) fn reject(
    config: &Config,
    id: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let store = open(config)?;
    let claim = find(&evidence(config, &store)?, id)?;
    decide(&store, Verdict::Reject { claim: claim.id }, said(why)?, by)
}

/// `merge`.
pub(super) fn merge(
    config: &Config,
    provisional: &str,
    holder: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let store = open(config)?;
    let from = CompanyId::from(provisional);
    anyhow::ensure!(
        evidence(config, &store)?.claims.iter().any(|claim| claim.holder.as_ref() == Some(&from)),
        "no claim has the holder {provisional:?}; `monazite review` lists provisional ones"
    );
    let known = config.lexicon.find_company(holder);
    let to = known.with_context(|| format!("the lexicon knows no company {holder:?}"))?.id.clone();
    anyhow::ensure!(from != to, "{provisional:?} is that holder already");
    decide(&store, Verdict::Merge { from, to }, why, by)
}

/// `correct`.
pub(super) fn correct(
    config: &Config,
    id: &str,
    field: &str,
    value: &str,
    why: &str,
    by: Option<String>,
) -> anyhow::Result<()> {
    let store = open(config)?;
    let mut claim = find(&evidence(config, &store)?, id)?;
    let field: Field = field.parse().map_err(anyhow::Error::msg)?;
    let value = canonical(config, field, value)?;
    register::correct(&mut claim, field, &value).map_err(anyhow::Error::msg)?;
    decide(&store, Verdict::Correct { claim: claim.id, field, value }, said(why)?, by)
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

fn evidence(config: &Config, store: &Store) -> anyhow::Result<Evidence> {
    Ok(store.evidence()?.with(&config.curated, &config.lexicon))
}

fn find(evidence: &Evidence, id: &str) -> anyhow::Result<Claim> {
    let wanted = ClaimId::from(id);
    let claim = evidence.claims.iter().find(|claim| claim.id == wanted);
    claim.cloned().with_context(|| {
        format!("there is no claim {id:?}; `monazite review` and `monazite export --what claims` print ids")
    })
}

fn said(why: &str) -> anyhow::Result<&str> {
    anyhow::ensure!(!why.trim().is_empty(), "say why with --why: it is shown beside the claim");
    Ok(why.trim())
}

fn decide(store: &Store, verdict: Verdict, why: &str, by: Option<String>) -> anyhow::Result<()> {
    let by = named(by);
    let decision = Decision { verdict, why: why.to_owned(), by: by.clone(), at: SystemClock.now() };
    store.commit(Changes { decisions: vec![decision], ..Changes::default() })?;
    show::out(&format!("Noted, by {by}.\n"));
    Ok(())
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
