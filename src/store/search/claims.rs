//! Claims as the register counts them: a rejected or withdrawn one is not found, a corrected one as corrected.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::model::license::Claim;
use crate::register;
use crate::store::StoreError;
use crate::store::search::Search;

/// The claims that count, by id; folded when first needed.
#[derive(Default)]
pub(super) struct Counting(OnceCell<BTreeMap<String, Claim>>);

impl Search {
    /// The claims that count at present, with what was decided about them.
    pub(super) fn counting<'a>(
        &self,
        counting: &'a Counting,
    ) -> Result<&'a BTreeMap<String, Claim>, StoreError> {
        if let Some(known) = counting.0.get() {
            return Ok(known);
        }
        let evidence = self.store.evidence()?.with(&self.curated, &self.lexicon);
        // Which claims count does not depend on the day; only what a license has come to does.
        let today = evidence.claims.iter().map(|claim| claim.published).max();
        let today = today.unwrap_or(NaiveDate::MIN);
        let register = register::fold(&evidence.claims, &evidence.decisions, today);
        let entries = register.rows.into_iter().flat_map(|row| row.history);
        let claims = entries.map(|entry| (entry.claim.id.0.clone(), entry.claim)).collect();
        Ok(counting.0.get_or_init(|| claims))
    }
}
