//! What a sentence leaves for the next ones, and `respectively`.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Reader;
use crate::enrich::claims::parts::{Article, Holder, Naming, ThemeKind};
use crate::enrich::claims::talk::{Event, Mood, Talk, firm};
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

    /// `Armed with a new general license, X courts …`: what stands before the subject.
    pub(super) fn fronted(&self, events: &mut Vec<Event>, talk: &mut Talk) {
        static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:with|armed with|equipped with|having (?:just |finally |now )?(?:obtained|received|won|secured|got|gained|been (?:granted|given|issued|awarded))) (?:an?|its|the|their) (?:[\w-]+ ){0,4}?(?:licen[cs]e|permit)(?: [\w-]+){0,6}, (?:the |magnet maker |producer |exporter |maker |\w+-based )*$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let Some(chunk) = self.chunks.first().filter(|chunk| {
            chunk.naming != Naming::Group
                && !chunk.doubtful
                && BEFORE.is_match(&low[..chunk.at.start])
        }) else {
            return;
        };
        let held = !low.starts_with("with ")
            || low.contains(" in hand,")
            || low.contains(" in its pocket,")
            || low.contains(" under its belt,");
        let Some(theme) = self.themes.first().filter(|theme| {
            theme.kind == ThemeKind::License && !theme.other && theme.at.end <= chunk.at.start
        }) else {
            return;
        };
        let after = &low[chunk.at.end..];
        if !held || !events.is_empty() || after.starts_with(['\'', '’']) {
            return;
        }
        let at = theme.at.clone();
        for holder in &chunk.holders {
            let (permit, license) = talk.permit(holder, theme.license, false);
            events.push(Event {
                holder: holder.clone(),
                action: LicenseAction::Granted,
                license,
                mood: Mood::Fact,
                sentence: self.index,
                at: at.clone(),
                permit,
                counted: false,
                import: theme.import,
                identifies: false,
            });
        }
    }

    /// `Refused: X (to Spain), Y. `: a heading's word and the firms under it.
    pub(super) fn headed(&self, events: &mut Vec<Event>, talk: &mut Talk) {
        static HEADING: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:(?:new|newly|recently|just|still|and) )?(?:(?P<granted>approv(?:als?|ed)|cleared|granted|licen[cs]ed|permitted|permits? (?:granted|issued)|green light|winners?)|(?P<refused>refus(?:als?|ed)|reject(?:ions?|ed)|denied|denials?|turned down)|(?P<pending>undecided|pending|waiting|awaiting(?: a)? decision|outstanding|under review|in the queue)|(?P<revoked>revo(?:ked|cations?)|withdrawn|cancel(?:led|ed|lations?))|(?P<suspended>suspen(?:ded|sions?)|frozen)|(?P<renewed>renew(?:ed|als?)|extended|extensions?)|(?P<expired>expir(?:ed|ies|y)|lapsed))(?: (?:this|last|in|since|so far|for)(?: [\w-]+){0,3})?(?:: | - | – | — )$").expect("a constant pattern")
        });
        static BESIDE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\([^)]*\)").expect("a constant pattern"));
        let low = &self.sentence.low;
        let Some(first) = self.chunks.first().filter(|_| events.is_empty()) else { return };
        let spoken = talk.since <= 3 || talk.goods;
        let Some(heading) = HEADING.captures(&low[..first.at.start]).filter(|_| spoken) else {
            return;
        };
        let named: usize = self
            .chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named && !chunk.doubtful)
            .map(|chunk| BESIDE.replace_all(&low[chunk.at.clone()], "").len())
            .sum();
        let rest = BESIDE.replace_all(&low[first.at.start..], "").len();
        if named * 10 < rest * 7 {
            return;
        }
        let actions = [
            ("granted", LicenseAction::Granted),
            ("refused", LicenseAction::Refused),
            ("pending", LicenseAction::Pending),
            ("revoked", LicenseAction::Revoked),
            ("suspended", LicenseAction::Suspended),
            ("renewed", LicenseAction::Renewed),
            ("expired", LicenseAction::Expired),
        ];
        let Some((_, action)) = actions.into_iter().find(|(name, _)| heading.name(name).is_some())
        else {
            return;
        };
        for chunk in self
            .chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named && self.home_firms(chunk))
        {
            for holder in &chunk.holders {
                let (permit, license) = talk.permit(holder, LicenseType::Unspecified, false);
                events.push(Event {
                    holder: holder.clone(),
                    action,
                    license,
                    mood: Mood::Fact,
                    sentence: self.index,
                    at: chunk.at.clone(),
                    permit,
                    counted: false,
                    import: false,
                    identifies: false,
                });
            }
        }
    }

    /// `X got a license in May and Y in June`, `X has one, as does Y`: what the second clause leaves out.
    pub(super) fn gapped(&self, events: &mut Vec<Event>, talk: &mut Talk) {
        static ALSO: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:,| and|,? as|;|,? but) (?:so |as )?(?:does|do|did|has|have|had|is|are|was|were) (?:(?:its|the|local|fellow|nearby|bigger|smaller|rival) |(?:rivals?|peers?|neighbou?rs?|competitors?|firm|maker|magnet maker) )*$|(?:,| and|;|,? as) so (?:does|do|did|has|have|had|is|are|was|were) (?:[\w-]+ ){0,3}$").expect("a constant pattern")
        });
        static JOINS: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?:,|;|,? and|,? while) $").expect("a constant pattern"));
        static REST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:one|two|three|four|another(?: one)?|its own|theirs|(?:(?:one|two|three|the same)? ?(?:in|on|last|this|early in|late in) (?:early |late |mid-?)?[\w-]+(?: \d{1,2})?(?:, \d{4}| \d{4})?|a (?:day|week|month|year) (?:later|earlier|before)))(?:[.,;]|$)").expect("a constant pattern")
        });
        static MONTH: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:in|on|last|this) (?:early |late |mid-?)?(?:january|february|march|april|may|june|july|august|september|october|november|december|\w+day|week|month|year|spring|summer|autumn|winter|\d{4})\b|\bone\b|\btwo\b|\bthree\b|\blicen[cs]|\bpermit").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let mut found: Vec<Event> = Vec::new();
        for chunk in self
            .chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named && !chunk.doubtful && !chunk.negative)
        {
            let told = |events: &[Event]| events.iter().any(|e| chunk.holders.contains(&e.holder));
            let before = &low[..chunk.at.start];
            let Some(model) = events
                .iter()
                .rfind(|e| e.at.end <= chunk.at.start && firm(&e.holder).is_some())
                .filter(|e| e.mood == Mood::Fact && !e.counted)
            else {
                continue;
            };
            let after = &low[chunk.at.end..];
            let also = ALSO.is_match(before)
                && (after.is_empty() || after.starts_with(['.', ',', ';', ')']));
            let gap = JOINS.is_match(before)
                && REST.is_match(after)
                && MONTH.is_match(&low[model.at.end..chunk.at.start])
                && !low[model.at.end..chunk.at.start].contains(" not ");
            // `were issued to X and to Y`
            let to = before.ends_with(" and to ")
                && self.chunks.iter().any(|other| {
                    other.holders.contains(&model.holder)
                        && other.at.start >= model.at.end
                        && low[..other.at.start].ends_with(" to ")
                })
                && self.home_firms(chunk);
            if told(events) || told(&found) || !(also || gap || to) {
                continue;
            }
            for holder in &chunk.holders {
                let (permit, license) = talk.permit(holder, model.license, false);
                found.push(Event {
                    holder: holder.clone(),
                    license,
                    permit,
                    at: chunk.at.clone(),
                    ..model.clone()
                });
            }
        }
        events.extend(found);
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
