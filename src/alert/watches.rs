//! Which watches ask for an article, found from the article: inverted matching.
//!
//! Each query is filed under keys of which every text it matches has one, so
//! that an article is compared only with queries that share something rare with
//! it. The same query of many chats is compared once. No query can be slow: it
//! is a bounded list of words and names, never a pattern.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};

use crate::query::{Facts, Prepared, Query};

/// Watches by their queries. `K` is what a watch goes by.
#[derive(Debug)]
pub struct Index<K> {
    groups: Vec<Option<Group<K>>>,
    /// Places in `groups` that are free.
    free: Vec<usize>,
    /// A group by its query as it prints.
    by_query: HashMap<String, usize>,
    /// Groups by a key that what they match has.
    by_key: HashMap<String, Vec<usize>>,
    /// The group that a watch is in.
    of: HashMap<K, usize>,
}

/// Watches of one query.
#[derive(Debug)]
struct Group<K> {
    query: Prepared,
    printed: String,
    /// Where it is filed.
    keys: Vec<String>,
    watches: Vec<K>,
}

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            groups: Vec::new(),
            free: Vec::new(),
            by_query: HashMap::new(),
            by_key: HashMap::new(),
            of: HashMap::new(),
        }
    }
}

/// Whether a watch can have this query: it must name something that articles have.
#[must_use]
pub fn can_watch(query: &Query) -> bool {
    query.anchors().is_some_and(|keys| !keys.is_empty())
}

impl<K: Clone + Eq + Hash + Ord> Index<K> {
    /// How many watches there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.of.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Files a watch, in the place of what it asked before. A query that no article can be
    /// found by is not filed.
    pub fn insert(&mut self, watch: K, query: &Query) {
        self.remove(&watch);
        let printed = query.to_string();
        let at = match self.by_query.get(&printed) {
            Some(at) => *at,
            None => match self.file(query, printed) {
                Some(at) => at,
                None => return,
            },
        };
        if let Some(group) = self.groups[at].as_mut() {
            group.watches.push(watch.clone());
            self.of.insert(watch, at);
        }
    }

    fn file(&mut self, query: &Query, printed: String) -> Option<usize> {
        let keys = self.rarest(query)?;
        let at = self.free.pop().unwrap_or(self.groups.len());
        if at == self.groups.len() {
            self.groups.push(None);
        }
        for key in &keys {
            self.by_key.entry(key.clone()).or_default().push(at);
        }
        self.by_query.insert(printed.clone(), at);
        self.groups[at] =
            Some(Group { query: query.prepared(), printed, keys, watches: Vec::new() });
        Some(at)
    }

    /// The keys to file a query under: those of the clause under which the fewest stand so far.
    /// What many ask for is what many articles name.
    fn rarest(&self, query: &Query) -> Option<Vec<String>> {
        let likely = query.anchors()?;
        let crowd = |keys: &[String]| -> usize {
            keys.iter().map(|key| self.by_key.get(key).map_or(0, Vec::len)).sum()
        };
        let mut best = (crowd(&likely), likely);
        for (at, clause) in query.clauses.iter().enumerate().filter(|(_, clause)| !clause.not) {
            // A query of this clause alone gives its keys.
            let alone = Query { clauses: vec![query.clauses[at].clone()], ..Query::default() };
            let common = clause.any.iter().any(|term| term.spelled().is_none());
            let Some(keys) = alone.anchors().filter(|_| !common || best.0 > CROWD) else {
                continue;
            };
            let crowd = crowd(&keys);
            if crowd < best.0 {
                best = (crowd, keys);
            }
        }
        (!best.1.is_empty()).then_some(best.1)
    }

    /// Takes a watch out.
    pub fn remove(&mut self, watch: &K) {
        let Some(at) = self.of.remove(watch) else { return };
        let Some(group) = self.groups[at].as_mut() else { return };
        group.watches.retain(|other| other != watch);
        if !group.watches.is_empty() {
            return;
        }
        let Some(group) = self.groups[at].take() else { return };
        self.by_query.remove(&group.printed);
        for key in &group.keys {
            if let Some(list) = self.by_key.get_mut(key) {
                list.retain(|other| *other != at);
                if list.is_empty() {
                    self.by_key.remove(key);
                }
            }
        }
        self.free.push(at);
    }

    /// The watches that ask for a text, in order.
    #[must_use]
    pub fn matching(&self, facts: &Facts, now: DateTime<Utc>) -> Vec<K> {
        let mut candidates: Vec<usize> = facts
            .keys()
            .filter_map(|key| self.by_key.get(&key))
            .flat_map(|list| list.iter().copied())
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut found: Vec<K> = candidates
            .into_iter()
            .filter_map(|at| self.groups[at].as_ref())
            .filter(|group| group.query.matches(facts, now))
            .flat_map(|group| group.watches.iter().cloned())
            .collect();
        found.sort_unstable();
        found
    }
}

/// A key under which more queries stand than this is worth avoiding.
const CROWD: usize = 64;
