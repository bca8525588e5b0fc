//! What a sentence leaves for the next ones, and `respectively`.

use std::ops::Range;

use super::Reader;
use crate::enrich::claims::parts::{Article, Holder, Naming, ThemeKind};
use crate::enrich::claims::talk::{Event, Talk, firm};
use crate::model::license::{LicenseAction, LicenseType};

impl Reader<'_> {
    /// `X and Y were renewed and suspended, respectively`.
    pub(super) fn respectively(&self, events: &mut Vec<Event>) {
        if !self.sentence.low.contains("respectively") {
            return;
        }
        let mut holders: Vec<Holder> = Vec::new();
        let mut actions: Vec<(LicenseAction, Range<usize>)> = Vec::new();
        for event in events.iter() {
            if !holders.contains(&event.holder) {
                holders.push(event.holder.clone());
            }
            if !actions.iter().any(|(action, _)| *action == event.action) {
                actions.push((event.action, event.at.clone()));
            }
        }
        if holders.len() == actions.len() && holders.len() > 1 {
            events.retain(|event| {
                let holder = holders.iter().position(|h| *h == event.holder);
                let action = actions.iter().position(|(a, _)| *a == event.action);
                holder == action
            });
        } else if holders.len() == self.themes.len() && actions.len() == 1 {
            for event in events {
                if let Some(i) = holders.iter().position(|h| *h == event.holder) {
                    event.license = self.themes[i].license;
                }
            }
        }
    }

    /// What later references may mean.
    pub(super) fn learn(&self, talk: &mut Talk) {
        for chunk in
            self.chunks.iter().filter(|chunk| chunk.naming == Naming::Named && !chunk.doubtful)
        {
            talk.attend(chunk, self.names);
        }
        let named = self.chunks.iter().enumerate().filter(|(_, chunk)| {
            chunk.naming != Naming::Group && !chunk.holders.is_empty() && !chunk.doubtful
        });
        let subject =
            named.clone().find(|(i, _)| self.may_be_subject(*i) && self.home(*i)).or_else(|| {
                named.clone().find(|(i, _)| self.home(*i)).or_else(|| {
                    // A buyer behind a preposition is nobody's subject.
                    named.clone().find(|(i, _)| self.may_be_subject(*i))
                })
            });
        if let Some((_, chunk)) = subject {
            let firms: Vec<usize> = chunk.holders.iter().filter_map(firm).collect();
            if !firms.is_empty() {
                talk.focus = firms;
            }
        }
        if let Some(group) =
            self.chunks.iter().flat_map(|chunk| &chunk.holders).find_map(|holder| match holder {
                Holder::Group(group) => Some(group.clone()),
                Holder::Firm(_) => None,
            })
        {
            talk.buyer = group.buyers.last().copied().or(talk.buyer);
            talk.group = Some(group);
        }
        self.remember_license(talk);
    }

    fn remember_license(&self, talk: &mut Talk) {
        talk.since += 1;
        let Some(theme) = self.themes.iter().find(|theme| theme.kind != ThemeKind::Stand) else {
            return;
        };
        talk.since = 0;
        talk.other = theme.other;
        let owner = theme.owner.map(|i| self.chunks[i].holders.clone()).or_else(|| {
            theme
                .pronoun
                .then(|| self.antecedent(theme.at.start).map(|i| self.chunks[i].holders.clone()))
                .flatten()
        });
        if let Some(owner) = owner.filter(|owner| !owner.is_empty()) {
            talk.licensed = owner;
        } else if theme.article != Article::Definite || talk.licensed.is_empty() {
            let focus: Vec<Holder> = talk.focus.iter().copied().map(Holder::Firm).collect();
            if !focus.is_empty() {
                talk.licensed = focus;
            }
        }
        if theme.license != LicenseType::Unspecified {
            talk.license = theme.license;
        }
    }
}
