//! License claims and what belongs to them: written once, read whole.
//!
//! A claim seen again moves only when it was checked last; a decision, a listing
//! and an announcement are added, never replaced. Whoever folds them reads all
//! of them and may keep them until `evidence_generation` changes.

use std::sync::atomic::Ordering;

use crate::model::article::CompanyId;
use crate::model::comment::CommentPeriod;
use crate::model::license::{Claim, ClaimId, RegimeEvent, Restriction};
use crate::query::Kind;
use crate::register::{Decision, Evidence, Noted, Verdict};
use crate::store::search::ALL;
use crate::store::write::Pending;
use crate::store::{Changes, SeenKey, Store, StoreError, codec, keys, trouble};

impl Changes {
    /// Whether the register may look different afterwards.
    pub(super) fn brings_evidence(&self) -> bool {
        !(self.claims.is_empty()
            && self.decisions.is_empty()
            && self.restrictions.is_empty()
            && self.regime.is_empty()
            && self.comments.is_empty())
    }
}

impl Store {
    /// Everything stored that the register is folded from.
    ///
    /// # Errors
    ///
    /// As all reads: when the store is damaged or the disk refuses.
    pub fn evidence(&self) -> Result<Evidence, StoreError> {
        Ok(Evidence {
            claims: self.license_claims().collect::<Result<_, _>>()?,
            decisions: self.decisions()?,
            restrictions: self.all(keys::RESTRICTION).collect::<Result<_, _>>()?,
            regime: self.all(keys::REGIME).collect::<Result<_, _>>()?,
            comments: self.all(keys::COMMENT).collect::<Result<_, _>>()?,
        })
    }

    /// Listings found in articles.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn listings(&self) -> Result<Vec<Noted<Restriction>>, StoreError> {
        self.all(keys::RESTRICTION).collect()
    }

    /// Announcements found in articles.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn announcements(&self) -> Result<Vec<Noted<RegimeEvent>>, StoreError> {
        self.all(keys::REGIME).collect()
    }

    /// A number that changes whenever the evidence does, for as long as the store is open.
    #[must_use]
    pub fn evidence_generation(&self) -> u64 {
        self.0.evidence.load(Ordering::Acquire)
    }

    /// Every claim, by id.
    pub fn license_claims(&self) -> impl DoubleEndedIterator<Item = Result<Claim, StoreError>> {
        self.all(keys::CLAIM)
    }

    /// A claim by its id.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn license_claim(&self, id: &ClaimId) -> Result<Option<Claim>, StoreError> {
        self.get(&keys::key(keys::CLAIM, id.as_str().as_bytes()))
    }

    /// The claims about a holder, by id.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn license_claims_of(&self, holder: &CompanyId) -> Result<Vec<Claim>, StoreError> {
        let prefix = holder_key(holder, "");
        let mut list = Vec::new();
        for entry in self.0.state.scan_prefix(&prefix) {
            let (key, _) = entry.map_err(|error| trouble(&self.0.path, error))?;
            let id = String::from_utf8_lossy(&key[prefix.len()..]).into_owned();
            list.extend(self.license_claim(&ClaimId(id))?);
        }
        Ok(list)
    }

    /// What pages say of a listing, by page.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn restriction(&self, id: &str) -> Result<Vec<Noted<Restriction>>, StoreError> {
        let prefix = page_key(keys::RESTRICTION, id, "");
        let mut list = Vec::new();
        for entry in self.0.state.scan_prefix(&prefix) {
            let (_, bytes) = entry.map_err(|error| trouble(&self.0.path, error))?;
            list.push(codec::decode(&bytes, &self.0.path)?);
        }
        Ok(list)
    }

    /// Every decision, oldest first.
    ///
    /// # Errors
    ///
    /// As all reads.
    pub fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        self.all(keys::DECISION).collect()
    }
}

/// A holder's index: ids hold no zero byte, so no holder's keys begin another's.
fn holder_key(holder: &CompanyId, claim: &str) -> Vec<u8> {
    let mut key = keys::key(keys::CLAIM_HOLDER, holder.as_str().as_bytes());
    key.push(0);
    key.extend_from_slice(claim.as_bytes());
    key
}

/// A record's key: its id and the page that says it, so that each page's word is kept.
fn page_key(prefix: u8, id: &str, url: &str) -> Vec<u8> {
    let mut key = keys::key(prefix, id.as_bytes());
    key.push(0);
    key.extend_from_slice(url.as_bytes());
    key
}

impl Pending<'_> {
    pub(super) fn evidence(
        &mut self,
        claims: &[Claim],
        decisions: &[Decision],
        restrictions: &[Noted<Restriction>],
        regime: &[Noted<RegimeEvent>],
    ) -> Result<(), StoreError> {
        for claim in claims {
            let key = keys::key(keys::CLAIM, claim.id.as_str().as_bytes());
            let kept = match self.get::<Claim>(&key)? {
                Some(known) => {
                    if claim.last_checked > known.last_checked && self.is_withdrawn(&claim.id)? {
                        self.journal(Kind::Claim, ALL)?;
                    }
                    let last_checked = known.last_checked.max(claim.last_checked);
                    Claim { last_checked, ..known }
                }
                None => {
                    self.journal(Kind::Claim, claim.id.as_str())?;
                    claim.clone()
                }
            };
            self.put(key, &kept)?;
            if let Some(holder) = &kept.holder {
                self.mark(holder_key(holder, kept.id.as_str()));
            }
        }
        for decision in decisions {
            let hash = SeenKey::of(&[&format!("{decision:?}")]);
            let mut key = keys::timed(keys::DECISION, decision.at, "");
            key.extend_from_slice(&hash.0);
            self.put(key, decision)?;
            // It may be about any of them: copies of a story are rejected with it.
            self.journal(Kind::Claim, ALL)?;
        }
        for listing in restrictions {
            let key = page_key(keys::RESTRICTION, &listing.record.id, &listing.record.url);
            if !self.exists(&key)? {
                self.journal(Kind::Restriction, &listing.record.id)?;
            }
            self.put_new(key, listing)?;
        }
        for event in regime {
            self.put_new(page_key(keys::REGIME, &event.record.id, &event.record.url), event)?;
        }
        Ok(())
    }

    pub(super) fn comments(&mut self, comments: &[Noted<CommentPeriod>]) -> Result<(), StoreError> {
        for period in comments {
            let key = keys::key(keys::COMMENT, period.record.url.as_bytes());
            self.put(key, period)?;
        }
        Ok(())
    }

    /// Whether its page ever took a claim back; saying it again, it makes it count again.
    fn is_withdrawn(&self, id: &ClaimId) -> Result<bool, StoreError> {
        let decisions = self.store().decisions()?;
        Ok(decisions.iter().any(
            |decision| matches!(&decision.verdict, Verdict::Withdraw { claim } if *claim == *id),
        ))
    }

    /// Writes a record where there is none.
    fn put_new<T: serde::Serialize>(&mut self, key: Vec<u8>, record: &T) -> Result<(), StoreError> {
        if self.exists(&key)? { Ok(()) } else { self.put(key, record) }
    }
}
