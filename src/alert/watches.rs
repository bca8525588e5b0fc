//! Which watches ask for an article, found from the article: inverted matching.
//!
//! Each query is filed under keys of which every text it matches has one, so
//! that an article is compared only with queries that share something rare with
//! it, and the same query of many chats once. Words and names are numbered: to
//! compare is to look into a set of numbers. No query can be slow: it is a
//! bounded list of words and names, never a pattern.

use std::collections::HashMap;
use std::hash::Hash;

use chrono::{DateTime, Utc};

use crate::query::{Clause, Facts, Prepared, Query, Term};

/// Watches by their queries. `K` is what a watch goes by.
#[derive(Debug)]
pub struct Index<K> {
    groups: Slab<Group<K>>,
    keys: Slab<Key>,
    /// A key's number.
    numbers: HashMap<String, usize>,
    /// A group by its query as it prints.
    by_query: HashMap<String, usize>,
    /// The group that a watch is in.
    of: HashMap<K, usize>,
}

/// A word or name that some query looks for.
#[derive(Debug)]
struct Key {
    name: String,
    /// In how many places queries name it.
    uses: usize,
    /// Groups filed under it, by the keys of which they need one besides; by none where they do not.
    groups: HashMap<Vec<usize>, Vec<usize>>,
    /// How many groups.
    crowd: usize,
}

/// Where a query is filed: under any of some keys, with others of which one is needed besides.
struct Place {
    keys: Vec<String>,
    besides: Vec<String>,
}

/// Watches of one query.
#[derive(Debug)]
struct Group<K> {
    clauses: Vec<Ready>,
    /// The query itself, where to hold every key is not enough: for words side by side, and for dates.
    closer: Option<Box<Prepared>>,
    printed: String,
    /// The keys under which it is filed, and those of which one is needed besides.
    filed: Vec<usize>,
    besides: Vec<usize>,
    watches: Vec<K>,
}

/// A clause by the numbers of its keys.
#[derive(Debug)]
struct Ready {
    not: bool,
    any: Vec<Sought>,
}

/// A term by the numbers of its keys: all of one of `any`, or all of one of each of `apart`.
#[derive(Debug)]
struct Sought {
    any: Vec<Vec<usize>>,
    apart: Vec<Vec<Vec<usize>>>,
}

/// Numbers in use, and those that are free again.
#[derive(Debug)]
struct Slab<T> {
    all: Vec<Option<T>>,
    free: Vec<usize>,
}

/// A set of numbers.
struct Bits(Vec<u64>);

/// A key under which more queries stand than this is worth avoiding, or a second one.
const CROWD: usize = 64;

impl<K> Default for Index<K> {
    fn default() -> Self {
        Self {
            groups: Slab::default(),
            keys: Slab::default(),
            numbers: HashMap::new(),
            by_query: HashMap::new(),
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
        if let Some(group) = self.groups.get_mut(at) {
            group.watches.push(watch.clone());
            self.of.insert(watch, at);
        }
    }

    fn file(&mut self, query: &Query, printed: String) -> Option<usize> {
        let place = self.place(query)?;
        let clauses: Vec<Ready> = query.clauses.iter().map(|clause| self.ready(clause)).collect();
        let apart = query.since.is_some()
            || query.until.is_some()
            || clauses.iter().flat_map(|clause| &clause.any).any(|sought| !sought.is_exact());
        let filed: Vec<usize> = place.keys.iter().map(|key| self.number(key)).collect();
        let besides: Vec<usize> = place.besides.iter().map(|key| self.number(key)).collect();
        let at = self.groups.add(Group {
            clauses,
            closer: apart.then(|| Box::new(query.prepared())),
            printed: printed.clone(),
            filed: filed.clone(),
            besides: besides.clone(),
            watches: Vec::new(),
        });
        for key in filed {
            if let Some(key) = self.keys.get_mut(key) {
                key.groups.entry(besides.clone()).or_default().push(at);
                key.crowd += 1;
            }
        }
        self.by_query.insert(printed, at);
        Some(at)
    }

    fn ready(&mut self, clause: &Clause) -> Ready {
        let mut all = |any: &Vec<Vec<String>>| -> Vec<Vec<usize>> {
            any.iter().map(|keys| keys.iter().map(|key| self.number(key)).collect()).collect()
        };
        let mut sought = |term: &Term| {
            let keys = term.keys();
            Sought { any: all(&keys.any), apart: keys.apart.iter().map(&mut all).collect() }
        };
        Ready { not: clause.not, any: clause.any.iter().map(&mut sought).collect() }
    }

    /// The number of a key, which is used once more.
    fn number(&mut self, name: &str) -> usize {
        let known = self.numbers.get(name).copied();
        let at = known.unwrap_or_else(|| {
            let at = self.keys.add(Key {
                name: name.to_owned(),
                uses: 0,
                groups: HashMap::new(),
                crowd: 0,
            });
            self.numbers.insert(name.to_owned(), at);
            at
        });
        if let Some(key) = self.keys.get_mut(at) {
            key.uses += 1;
        }
        at
    }

    /// The place to file a query in: under the keys of the clause under which the fewest stand so
    /// far. What many ask for is what many articles name.
    fn place(&self, query: &Query) -> Option<Place> {
        let mut clauses: Vec<&Clause> = query.clauses.iter().filter(|clause| !clause.not).collect();
        clauses.sort_by_key(|clause| std::cmp::Reverse(clause.rarity()));
        let mut best: Option<(usize, &Clause, Vec<String>)> = None;
        for clause in &clauses {
            let keys: Vec<String> = clause.any.iter().flat_map(|term| self.rarest(term)).collect();
            let crowd = keys.iter().map(|key| self.crowd(key)).sum();
            let common = clause.any.iter().any(|term| term.spelled().is_none());
            let least = match &best {
                // A name is worth less than a word, unless that is crowded.
                Some((least, ..)) => crowd < *least && (!common || *least > CROWD),
                None => true,
            };
            if least {
                best = Some((crowd, clause, keys));
            }
        }
        let (crowd, clause, keys) = best.filter(|(.., keys)| !keys.is_empty())?;
        let others = clauses.iter().filter(|other| **other != clause);
        let others =
            others.map(|other| other.any.iter().flat_map(|term| self.rarest(term)).collect());
        let besides: Option<Vec<String>> = others.min_by_key(Vec::len);
        Some(Place { keys, besides: besides.filter(|_| crowd > CROWD).unwrap_or_default() })
    }

    /// The keys to file a term under: of words side by side the one under which the fewest queries
    /// stand, the longest of several.
    fn rarest(&self, term: &Term) -> Vec<String> {
        term.keys().anchors(|key| (self.crowd(key), std::cmp::Reverse(key.len())))
    }

    /// How many groups are filed under a key.
    fn crowd(&self, name: &str) -> usize {
        let key = self.numbers.get(name).and_then(|at| self.keys.get(*at));
        key.map_or(0, |key| key.crowd)
    }

    /// Takes a watch out.
    pub fn remove(&mut self, watch: &K) {
        let Some(at) = self.of.remove(watch) else { return };
        let Some(group) = self.groups.get_mut(at) else { return };
        group.watches.retain(|other| other != watch);
        if !group.watches.is_empty() {
            return;
        }
        let Some(group) = self.groups.take(at) else { return };
        self.by_query.remove(&group.printed);
        for key in &group.filed {
            if let Some(key) = self.keys.get_mut(*key)
                && let Some(groups) = key.groups.get_mut(&group.besides)
            {
                groups.retain(|other| *other != at);
                key.crowd -= 1;
                if groups.is_empty() {
                    key.groups.remove(&group.besides);
                }
            }
        }
        let sought = group.clauses.iter().flat_map(|clause| &clause.any).flat_map(Sought::numbers);
        for key in group.filed.iter().chain(&group.besides).chain(sought) {
            self.release(*key);
        }
    }

    /// A key is used once less; what nobody looks for is forgotten.
    fn release(&mut self, at: usize) {
        let Some(key) = self.keys.get_mut(at) else { return };
        key.uses -= 1;
        if key.uses == 0
            && let Some(key) = self.keys.take(at)
        {
            self.numbers.remove(&key.name);
        }
    }

    /// The watches that ask for a text, in order.
    #[must_use]
    pub fn matching(&self, facts: &Facts, now: DateTime<Utc>) -> Vec<K> {
        let (held, candidates, _) = self.candidates(facts);
        let mut found: Vec<K> = candidates
            .into_iter()
            .filter(|group| group.matches(&held, facts, now))
            .flat_map(|group| group.watches.iter().cloned())
            .collect();
        found.sort_unstable();
        found
    }

    /// How many queries and second keys a text is compared with: what finding its watches costs.
    #[must_use]
    pub fn compared(&self, facts: &Facts) -> usize {
        let (_, candidates, passed) = self.candidates(facts);
        candidates.len() + passed
    }

    /// The keys that a text has, the groups filed under any of them, and how many lists of groups
    /// were passed over.
    fn candidates(&self, facts: &Facts) -> (Bits, Vec<&Group<K>>, usize) {
        let mut held = Bits::up_to(self.keys.all.len());
        let known = facts.keys().filter_map(|key| self.numbers.get(&key).copied());
        let keys: Vec<usize> = known.filter(|key| held.insert(*key)).collect();
        let mut taken = Bits::up_to(self.groups.all.len());
        let (mut groups, mut passed) = (Vec::new(), 0);
        for key in keys.into_iter().filter_map(|key| self.keys.get(key)) {
            for (besides, list) in &key.groups {
                if !(besides.is_empty() || besides.iter().any(|key| held.has(*key))) {
                    passed += 1;
                    continue;
                }
                for group in list.iter().filter(|group| taken.insert(**group)) {
                    groups.extend(self.groups.get(*group));
                }
            }
        }
        (held, groups, passed)
    }
}

impl<K> Group<K> {
    /// Whether it asks for a text that has these keys. What its keys cannot rule out is looked at
    /// more closely.
    fn matches(&self, held: &Bits, facts: &Facts, now: DateTime<Utc>) -> bool {
        let possible = |clause: &Ready| match clause.not {
            true => !clause.any.iter().any(|sought| sought.is_exact() && sought.may_hold(held)),
            false => clause.any.iter().any(|sought| sought.may_hold(held)),
        };
        self.clauses.iter().all(possible)
            && self.closer.as_ref().is_none_or(|query| query.matches(facts, now))
    }
}

impl Sought {
    /// Whether to have the keys is to hold the term.
    fn is_exact(&self) -> bool {
        self.any.iter().chain(self.apart.iter().flatten()).all(|keys| keys.len() == 1)
    }

    fn may_hold(&self, held: &Bits) -> bool {
        let all = |keys: &Vec<usize>| keys.iter().all(|key| held.has(*key));
        self.any.iter().any(all)
            || !self.apart.is_empty() && self.apart.iter().all(|any| any.iter().any(all))
    }

    /// Every number in it.
    fn numbers(&self) -> impl Iterator<Item = &usize> {
        self.any.iter().chain(self.apart.iter().flatten()).flatten()
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { all: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slab<T> {
    fn add(&mut self, one: T) -> usize {
        match self.free.pop() {
            Some(at) => {
                self.all[at] = Some(one);
                at
            }
            None => {
                self.all.push(Some(one));
                self.all.len() - 1
            }
        }
    }

    fn get(&self, at: usize) -> Option<&T> {
        self.all.get(at).and_then(Option::as_ref)
    }

    fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.all.get_mut(at).and_then(Option::as_mut)
    }

    fn take(&mut self, at: usize) -> Option<T> {
        let one = self.all.get_mut(at)?.take()?;
        self.free.push(at);
        Some(one)
    }
}

impl Bits {
    fn up_to(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn has(&self, at: usize) -> bool {
        self.0.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
    }

    /// Whether it was not there.
    fn insert(&mut self, at: usize) -> bool {
        let Some(word) = self.0.get_mut(at / 64) else { return false };
        let bit = 1 << (at % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }
}
