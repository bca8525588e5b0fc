//! Slips of the pen: which name, or which word of the field, a misspelled word stands for.
//!
//! Only names are corrected unasked, since a word may be a rare word; a near
//! word is at most offered.

use crate::lexicon::{self, Lexicon};
use crate::model::article::Element;
use crate::query::{Term, kin};

/// The name a misspelled word stands for.
pub(super) fn misspelled(word: &str, lexicon: &Lexicon) -> Option<(Term, String)> {
    let letters = word.len() >= 5 && word.chars().all(|c| c.is_ascii_alphabetic());
    // A word that is a cue is a word.
    if !letters || kin::is_known(word) || !lexicon.cues(word).is_empty() {
        return None;
    }
    nearest(word, names(lexicon).filter(|(_, name)| !name.contains(' ')))
}

/// The name of two or three words that as many of these stand for, one of them misspelled.
pub(super) fn several(words: &[&str], lexicon: &Lexicon) -> Option<(usize, (Term, String))> {
    (2..=words.len().min(3)).rev().find_map(|count| {
        let text = lexicon::fold(&words[..count].join(" "));
        let alike = |name: &str| name.len() >= 8 && name.split(' ').count() == count;
        if !text.is_ascii() || !alike(&text) {
            return None;
        }
        let found = nearest(&text, names(lexicon).filter(|(_, name)| alike(name)))?;
        Some((count, found))
    })
}

/// The same for a value of which the prefix says what it is; there names may be of several words.
pub(super) fn near(
    value: &str,
    lexicon: &Lexicon,
    fits: impl Fn(&Term) -> bool,
) -> Option<(Term, String)> {
    let word = lexicon::fold(value);
    if word.len() < 5 || !word.is_ascii() {
        return None;
    }
    nearest(&word, names(lexicon).filter(|(term, _)| fits(term)))
}

/// The word of the field that a misspelled word may stand for.
pub(super) fn word(word: &str) -> Option<&'static str> {
    if kin::is_known(word) {
        return None;
    }
    let near = kin::latin().filter(|known| is_near(word, known).is_some());
    near.min_by_key(|known| is_near(word, known))
}

/// Names in Latin letters with what they stand for, elements first.
fn names(lexicon: &Lexicon) -> impl Iterator<Item = (Term, String)> {
    let elements = lexicon
        .elements()
        .iter()
        .map(|element| (Term::Element(Element(element.symbol.clone())), element.english.clone()));
    let companies = lexicon.companies().iter().flat_map(|company| {
        let id = Term::Company(company.id.clone());
        company.names.iter().map(move |name| (id.clone(), name.clone()))
    });
    let products = lexicon.products().iter().flat_map(|product| {
        let id = Term::Product(product.id.clone());
        product.names.iter().map(move |name| (id.clone(), name.clone()))
    });
    let agencies = lexicon.agencies().iter().flat_map(|agency| {
        let id = Term::Agency(agency.id.clone());
        agency.names.iter().map(move |name| (id.clone(), name.clone()))
    });
    let all = elements.chain(companies).chain(products).chain(agencies);
    all.filter(|(_, name)| name.is_ascii() && name.len() >= 5 && !name.ends_with('*'))
}

fn nearest(word: &str, names: impl Iterator<Item = (Term, String)>) -> Option<(Term, String)> {
    let mut best: Option<(usize, (Term, String))> = None;
    for (term, name) in names {
        let distance = is_near(word, &lexicon::fold(&name));
        if let Some(distance) = distance
            && best.as_ref().is_none_or(|(least, _)| distance < *least)
        {
            best = Some((distance, (term, name)));
        }
    }
    best.map(|(_, found)| found)
}

/// How many letters are wrong, where so few are that the name may be meant.
fn is_near(word: &str, name: &str) -> Option<usize> {
    let distance = distance(word.as_bytes(), name.as_bytes());
    // The first letter is hardly ever wrong; with two letters wrong, the last one is right.
    let ends = word.as_bytes().last() == name.as_bytes().last();
    let begins = word.as_bytes().first() == name.as_bytes().first();
    let shorter = word.len().min(name.len());
    let near = distance == 1 && shorter >= 5 || distance == 2 && shorter >= 9 && ends;
    (begins && near).then_some(distance)
}

/// How many letters are wrong, missing, too many or swapped with their neighbor; 3 for three or more.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len().abs_diff(b.len()) > 2 {
        return 3;
    }
    let width = b.len() + 1;
    let mut before = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; width];
        for j in 1..width {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()].min(3)
}
