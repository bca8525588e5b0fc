//! Drafts of claims: events of one holder and action put together, with whose word they are.
//!
//! Denials come first, unnamed groups last, because a group that the text goes
//! on to name is not a holder of its own.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Speaker;
use super::super::parts::{Group, Holder};
use super::super::rules::Tongue;
use super::super::scope::{self, Reach};
use super::super::talk::{Event, Mood, firm};
use super::super::voice::{self, Weight};
use super::Reading;
use crate::model::license::{Certainty, DateBasis, LicenseAction, LicenseType, PartialDate, Role};

/// A claim in the making.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing the words say, and they combine freely"
)]
pub(super) struct Draft {
    pub(super) holder: Holder,
    pub(super) action: LicenseAction,
    pub(super) license: LicenseType,
    pub(super) denied: bool,
    pub(super) claimed: bool,
    /// Places: sentence and trigger, with the permit.
    pub(super) spots: Vec<(usize, Range<usize>, usize)>,
    pub(super) weight: Weight,
    pub(super) date: Option<(PartialDate, DateBasis)>,
    pub(super) counted: bool,
    pub(super) lead: bool,
    pub(super) import: bool,
    pub(super) identifies: bool,
    /// Reach taken over from the group that this holder was named for.
    pub(super) inherited: Reach,
}

impl Reading<'_> {
    /// Events by holder and action.
    pub(super) fn drafts(&self) -> Vec<Draft> {
        let mut drafts: Vec<Draft> = Vec::new();
        for event in &self.events {
            if event.mood == Mood::Negated {
                continue;
            }
            let draft = self.draft(event);
            let found = drafts.iter().position(|known| {
                known.action == event.action
                    && same(&known.holder, &event.holder)
                    && !self.apart(known, &draft)
            });
            match found {
                Some(i) => merge(&mut drafts[i], draft),
                None => drafts.push(draft),
            }
        }
        one_of_two(&mut drafts);
        decided(&mut drafts);
        self.decisions(&mut drafts);
        self.statements(&mut drafts);
        self.denials(&mut drafts);
        self.carry(&mut drafts);
        self.unnamed(drafts)
    }

    /// Whether two drafts tell of two licenses: a firm got a single one first and a general one later.
    fn apart(&self, a: &Draft, b: &Draft) -> bool {
        let english = |draft: &Draft| {
            draft.spots.iter().all(|spot| self.sentences[spot.0].tongue == Tongue::En)
        };
        let kinds =
            a.license != b.license && ![a.license, b.license].contains(&LicenseType::Unspecified);
        let sentences = a.spots.iter().all(|spot| b.spots.iter().all(|other| spot.0 != other.0));
        let days = matches!((&a.date, &b.date), (Some((a, _)), Some((b, _))) if a != b);
        let told = a.action == LicenseAction::Granted && sentences && days;
        firm(&a.holder).is_some() && kinds && (told || english(a) && english(b))
    }

    fn draft(&self, event: &Event) -> Draft {
        let sentence = &self.sentences[event.sentence];
        let read = &self.read[event.sentence];
        let mut weight = voice::weigh(
            sentence,
            &event.holder,
            &read.chunks,
            self.voice_at(event.sentence),
            self.authority,
            &self.names,
            self.rules,
        );
        if !weight.said {
            weight = self.continued(event, weight);
        }
        if event.mood == Mood::Claimed
            || weight.certainty == Certainty::Reported && self.rumored(event.sentence)
        {
            weight = Weight { certainty: Certainty::Rumored, said: true };
        }
        let span = self.span(event);
        let context = self.context(event.sentence);
        let exact = self.article.dated;
        let reference = self.article.published.date_naive();
        let crowded = self.events.iter().any(|other| {
            let between = event.at.end.min(other.at.end)..event.at.start.max(other.at.start);
            let apart = other.holder != event.holder
                && sentence.low.get(between).is_some_and(|words| {
                    [" while ", " whereas ", " but ", "而"].iter().any(|turn| words.contains(turn))
                });
            other.sentence == event.sentence
                && other.action != event.action
                && (other.holder == event.holder || apart)
        });
        let date =
            scope::date(sentence, &event.at, &span, event.action, reference, exact, &context)
                .or_else(|| {
                    self.edges(event.sentence)
                        .into_iter()
                        .skip(usize::from(crowded))
                        .find_map(|whole| {
                            scope::date(
                                sentence,
                                &event.at,
                                &whole,
                                event.action,
                                reference,
                                exact,
                                &context,
                            )
                        })
                        .filter(|(_, basis)| !crowded || *basis == DateBasis::Statement)
                });
        let body = self.sentences.iter().filter(|s| !s.title).count();
        let place = self.sentences[..event.sentence].iter().filter(|s| !s.title).count();
        Draft {
            holder: event.holder.clone(),
            action: event.action,
            license: event.license,
            denied: event.mood == Mood::Denied,
            claimed: event.mood == Mood::Claimed,
            spots: vec![(event.sentence, event.at.clone(), event.permit)],
            weight,
            date,
            counted: event.counted,
            lead: sentence.title || place < 2 || body <= 3,
            import: event.import,
            identifies: event.identifies,
            inherited: Reach::default(),
        }
    }

    /// `he wrote`, `他说`: the voice of the sentences before.
    fn continued(&self, event: &Event, weight: Weight) -> Weight {
        static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:he|she) (?:said|says|wrote|added|told|confirmed|explained)\b|^(?:他|她)(?:还|并|又)?(?:说|表示|称|指出|还说|并指出)|(?:за його|за її) словами|(?:додав|додала|зазначив|зазначила) (?:він|вона)").expect("a constant pattern")
        });
        if !GOES_ON.is_match(&self.sentences[event.sentence].low) {
            return weight;
        }
        for i in (event.sentence.saturating_sub(3)..event.sentence).rev() {
            let sentence = &self.sentences[i];
            if voice::official(&sentence.low, self.rules) {
                return Weight { certainty: Certainty::Official, said: true };
            }
            if voice::self_said(&sentence.low) && firm(&event.holder).is_some() {
                return Weight { certainty: Certainty::CompanyConfirmed, said: true };
            }
        }
        weight
    }

    /// Dates with their year in the title and the sentences up to this one.
    fn context(&self, i: usize) -> Vec<PartialDate> {
        let reference = self.article.published.date_naive();
        let from = i.saturating_sub(3);
        self.sentences
            .iter()
            .enumerate()
            .filter(|(at, sentence)| sentence.title || (from..=i).contains(at))
            .flat_map(|(_, sentence)| scope::dated(sentence, reference))
            .collect()
    }

    /// The stretches before the first and after the last event of a sentence: what stands there is
    /// said of all of them.
    fn edges(&self, i: usize) -> [Range<usize>; 2] {
        let here = || self.events.iter().filter(|event| event.sentence == i);
        let first = here().map(|event| event.at.start).min().unwrap_or(0);
        let last = here().map(|event| event.at.end).max().unwrap_or(0);
        [0..first, last..self.sentences[i].low.len()]
    }

    fn voice_at(&self, i: usize) -> Option<usize> {
        let sentence = &self.sentences[i];
        let answers = matches!(sentence.speaker, Speaker::Answer(_)) && !self.authority;
        (answers || voice::voice_text(&sentence.low)).then_some(self.voice).flatten()
    }

    /// Whether the text treats what the sentence says as talk.
    fn rumored(&self, i: usize) -> bool {
        let own = self.rules.voice.rumor.is_match(&self.sentences[i].low);
        let denied =
            self.sentences.iter().any(|sentence| self.rules.voice.denial.is_match(&sentence.low));
        // A row of a list is no talk because the list's head speaks of some.
        own || !denied
            && !self.sentences[i].item
            && self
                .sentences
                .iter()
                .take(3)
                .any(|sentence| self.rules.voice.rumor.is_match(&sentence.low))
    }

    /// The stretch of the event's sentence that is about it and no other.
    pub(super) fn span(&self, event: &Event) -> Range<usize> {
        let low = &self.sentences[event.sentence].low;
        let from = low[..event.at.start]
            .rfind([';', '；'])
            .map_or(0, |i| i + low[i..].chars().next().map_or(1, char::len_utf8));
        let upto = low[event.at.end..].find([';', '；']).map_or(low.len(), |i| event.at.end + i);
        let mut span = from..upto;
        for other in self.events.iter().filter(|other| {
            other.sentence == event.sentence
                && (other.holder != event.holder || other.action != event.action)
        }) {
            if other.at == event.at {
                continue;
            }
            let chunk = |event: &Event| {
                self.read[event.sentence]
                    .chunks
                    .iter()
                    .find(|chunk| chunk.holders.contains(&event.holder))
                    .map(|chunk| chunk.at.clone())
            };
            if other.at.start > event.at.start {
                let start = chunk(other)
                    .filter(|at| at.start >= event.at.end && at.start < other.at.start)
                    .map_or(other.at.start, |at| at.start);
                span.end = span.end.min(start.max(event.at.end));
            } else {
                let start = chunk(event)
                    .filter(|at| at.start >= other.at.end && at.start < event.at.start)
                    .map_or(event.at.start, |at| at.start);
                span.start = span.start.max(start.min(event.at.start));
            }
        }
        span.start.min(span.end)..span.end
    }

    /// `The decision is dated March 16`: the day of what the sentence before told.
    fn decisions(&self, drafts: &mut [Draft]) {
        static DATED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:decision|notice|order|ruling|letter|notification)s?\b[^.;]{0,24}\b(?:dated|took effect)\b|(?:决定|通知)(?:书)?(?:日期为|落款|于)").expect("a constant pattern")
        });
        let reference = self.article.published.date_naive();
        for (i, sentence) in self.sentences.iter().enumerate() {
            let Some(found) = DATED.find(&sentence.low) else { continue };
            let date = scope::found_dates(sentence, reference, self.article.dated)
                .into_iter()
                .find(|date| date.start >= found.start());
            let Some(date) = date else { continue };
            for draft in drafts.iter_mut() {
                let before = draft
                    .spots
                    .iter()
                    .any(|spot| spot.0 + 1 == i || spot.0 == i && spot.1.end <= found.start());
                if before && !matches!(draft.date, Some((_, DateBasis::Event))) {
                    draft.date = Some((date.date, DateBasis::Event));
                }
            }
        }
    }

    /// An undated official or buyer's word takes the day that the sentence beside it gives to the statement.
    fn statements(&self, drafts: &mut [Draft]) {
        let reference = self.article.published.date_naive();
        for draft in drafts.iter_mut().filter(|draft| draft.date.is_none()) {
            if !matches!(draft.weight.certainty, Certainty::Official | Certainty::CustomerConfirmed)
            {
                continue;
            }
            let Some((spot, ..)) = draft
                .spots
                .iter()
                .find(|spot| !self.sentences[spot.0].title)
                .or(draft.spots.first())
            else {
                continue;
            };
            for i in [spot + 1, spot.wrapping_sub(1)] {
                let Some(sentence) = self.sentences.get(i).filter(|sentence| !sentence.title)
                else {
                    continue;
                };
                let whole = 0..sentence.low.len();
                let date = scope::date(
                    sentence,
                    &(0..0),
                    &whole,
                    draft.action,
                    reference,
                    self.article.dated,
                    &self.context(i),
                );
                let spoken = voice::official(&sentence.low, self.rules)
                    || draft.weight.certainty == Certainty::CustomerConfirmed;
                if let Some((date, DateBasis::Statement)) = date.filter(|_| spoken) {
                    draft.date = Some((date, DateBasis::Statement));
                    break;
                }
            }
        }
    }

    /// Claims that the firm or the authority denies.
    fn denials(&self, drafts: &mut [Draft]) {
        let denying: Vec<usize> = (0..self.sentences.len())
            .filter(|i| self.rules.voice.denial.is_match(&self.sentences[*i].low))
            .collect();
        for draft in drafts.iter_mut() {
            let negated = self.events.iter().find(|event| {
                event.mood == Mood::Negated
                    && event.action == draft.action
                    && same(&event.holder, &draft.holder)
            });
            let first = draft.spots.first().map_or(0, |spot| spot.0);
            if draft.claimed && (negated.is_some() || !denying.is_empty()) {
                draft.denied = true;
            }
            // A report, and later in the text the firm's or authority's own word against it.
            if let Some(event) = negated.filter(|event| event.sentence > first && !self.correction)
            {
                let read = &self.read[event.sentence];
                let weight = voice::weigh(
                    &self.sentences[event.sentence],
                    &event.holder,
                    &read.chunks,
                    self.voice_at(event.sentence),
                    self.authority,
                    &self.names,
                    self.rules,
                );
                let strong =
                    matches!(weight.certainty, Certainty::Official | Certainty::CompanyConfirmed);
                let weak = !matches!(
                    draft.weight.certainty,
                    Certainty::Official | Certainty::CompanyConfirmed
                );
                draft.denied |= strong && weak;
            }
            if draft.denied {
                draft.weight = Weight { certainty: Certainty::Denied, said: true };
                if draft.date.is_none() {
                    draft.date = self.statement_date(&denying);
                }
            }
        }
    }

    /// The first day that a denying sentence, else any, gives.
    fn statement_date(&self, denying: &[usize]) -> Option<(PartialDate, DateBasis)> {
        let reference = self.article.published.date_naive();
        let days = |i: usize| {
            scope::found_dates(&self.sentences[i], reference, self.article.dated)
                .into_iter()
                .map(|found| found.date)
                .find(|date| matches!(date, PartialDate::Day(_)))
        };
        let own = denying.iter().find_map(|i| days(*i));
        own.or_else(|| (0..self.sentences.len()).find_map(days))
            .map(|date| (date, DateBasis::Statement))
    }

    /// An unattributed event of a holder has its neighbor's voice.
    fn carry(&self, drafts: &mut [Draft]) {
        for i in 0..drafts.len() {
            if drafts[i].weight.said || firm(&drafts[i].holder).is_none() {
                continue;
            }
            let strongest = drafts
                .iter()
                .filter(|other| {
                    other.holder == drafts[i].holder
                        && other.weight.said
                        && other.weight.certainty != Certainty::Denied
                })
                .map(|other| other.weight)
                .min_by_key(|weight| weight.certainty);
            if let Some(weight) = strongest {
                drafts[i].weight = weight;
            }
        }
    }

    /// Drops the groups that are nobody's license, or that the text goes on to name.
    fn unnamed(&self, drafts: Vec<Draft>) -> Vec<Draft> {
        let named: Vec<LicenseAction> = drafts
            .iter()
            .filter(|draft| firm(&draft.holder).is_some())
            .map(|draft| draft.action)
            .collect();
        let mut kept: Vec<Draft> = Vec::new();
        let mut absorbed: Vec<Draft> = Vec::new();
        let named_count =
            |action: LicenseAction| named.iter().filter(|known| **known == action).count();
        let identifies = |action: LicenseAction| {
            drafts.iter().any(|draft| draft.action == action && draft.identifies)
        };
        let decisions: Vec<(bool, bool)> = drafts
            .iter()
            .map(|draft| {
                let Holder::Group(group) = &draft.holder else { return (true, false) };
                if self.member_named(draft, group, &drafts) {
                    return (false, true);
                }
                // A headline's group is the one that the text goes on to tell of.
                let titled = draft.spots.iter().all(|spot| self.sentences[spot.0].title);
                let plain = group.buyers.is_empty() && group.described.is_empty();
                let told = |other: &Draft| {
                    other.action == draft.action
                        && !other.counted
                        && matches!(&other.holder, Holder::Group(known) if !known.buyers.is_empty())
                };
                let uncertain =
                    draft.spots.iter().any(|spot| self.sentences[spot.0].tongue == Tongue::En);
                if titled && plain && !uncertain && drafts.iter().any(told) {
                    return (false, false);
                }
                // What is only said of firms that nobody names is nobody's.
                if draft.claimed && !draft.denied {
                    return (false, false);
                }
                let official = draft.weight.certainty == Certainty::Official;
                let known_by = !group.buyers.is_empty() || !group.described.is_empty();
                let beside = named_count(draft.action);
                // A tally of many applications is not that of the few firms named beside it.
                let tallied =
                    draft.counted && group.count.is_some_and(|count| count as usize > beside);
                if beside > 0
                    && !known_by
                    && !tallied
                    && (!official
                        || identifies(draft.action)
                        || group.count.is_some_and(|n| n as usize == beside))
                {
                    let titled = draft.spots.iter().all(|spot| self.sentences[spot.0].title);
                    let single = group.single && group.place.is_some() && !titled;
                    return (single, !single);
                }
                let foreground = draft.lead && (group.limited || known_by || group.place.is_some());
                let company = self.events.iter().any(|event| {
                    event.sentence == draft.spots[0].0 && firm(&event.holder).is_some()
                });
                let counted = draft.counted || group.words.contains("applications");
                if draft.action == LicenseAction::Applied && draft.counted && !official {
                    return (false, false);
                }
                let waits = matches!(draft.action, LicenseAction::Pending | LicenseAction::Applied);
                if waits && !(draft.lead && group.limited) && group.buyers.is_empty() {
                    return (false, false);
                }
                let keep = official
                    || known_by
                    || foreground
                    || group.place.is_some() && group.role == Role::EndUser && !counted
                    || group.single && company;
                (keep, false)
            })
            .collect();
        for (draft, (keep, absorb)) in drafts.into_iter().zip(decisions) {
            if keep {
                kept.push(draft);
            } else if absorb {
                absorbed.push(draft);
            }
        }
        for group in absorbed {
            let reach = self.reach(&group);
            for draft in kept
                .iter_mut()
                .filter(|draft| draft.action == group.action && firm(&draft.holder).is_some())
            {
                draft.date = draft.date.or(group.date);
                draft.inherited.join(&reach);
                draft.import |= group.import;
                if draft.license == LicenseType::Unspecified {
                    draft.license = group.license;
                }
                if let Holder::Group(words) = &group.holder
                    && let Some(place) = words.place.clone().filter(|_| words.role == Role::EndUser)
                    && !draft.inherited.destinations.contains(&place)
                    && self.role(draft) == Role::EndUser
                {
                    draft.inherited.destinations = vec![place];
                }
            }
        }
        kept
    }

    /// Whether the text names the one supplier that a buyer's group stands for: a firm of the same
    /// action in a sentence that speaks of that buyer, under whichever of its names.
    fn member_named(&self, draft: &Draft, group: &Group, drafts: &[Draft]) -> bool {
        if group.buyers.is_empty() {
            return false;
        }
        let buys = |entity: usize| {
            group
                .buyers
                .iter()
                .any(|i| self.names.entities[*i].id == self.names.entities[entity].id)
        };
        let members = drafts
            .iter()
            .filter(|other| other.action == draft.action)
            .filter(|other| firm(&other.holder).is_some_and(|i| !buys(i)))
            .filter(|other| {
                other.spots.iter().any(|spot| {
                    self.names.mentions[spot.0].iter().any(|mention| buys(mention.entity))
                })
            })
            .count();
        let title = draft.spots.iter().all(|spot| self.sentences[spot.0].title);
        let one = group.single || group.count == Some(1);
        members > 0 && (one || title || group.count.is_some_and(|n| n as usize == members))
    }
}

/// An application that was filed and is undecided is one event, dated by its filing.
fn one_of_two(drafts: &mut Vec<Draft>) {
    let filed: Vec<Holder> = drafts
        .iter()
        .filter(|draft| draft.action == LicenseAction::Pending)
        .map(|draft| draft.holder.clone())
        .collect();
    for holder in filed {
        let Some(applied) = drafts.iter().position(|draft| {
            draft.action == LicenseAction::Applied && same(&draft.holder, &holder)
        }) else {
            continue;
        };
        let applied = drafts.remove(applied);
        if let Some(pending) = drafts
            .iter_mut()
            .find(|draft| draft.action == LicenseAction::Pending && same(&draft.holder, &holder))
        {
            pending.date = applied.date.or(pending.date);
            if pending.license == LicenseType::Unspecified {
                pending.license = applied.license;
            }
        }
    }
}

/// A filing told in the sentence that tells its outcome is no event of its own.
fn decided(drafts: &mut Vec<Draft>) {
    let outcomes: Vec<(Holder, usize, usize, usize, bool)> = drafts
        .iter()
        .filter(|draft| {
            matches!(
                draft.action,
                LicenseAction::Granted | LicenseAction::Refused | LicenseAction::Renewed
            )
        })
        .flat_map(|draft| {
            let refused = draft.action == LicenseAction::Refused;
            draft
                .spots
                .iter()
                .map(move |spot| (draft.holder.clone(), spot.0, spot.1.start, spot.2, refused))
        })
        .collect();
    drafts.retain(|draft| {
        draft.action != LicenseAction::Applied
            || !draft.spots.iter().all(|spot| {
                // What is filed after a refusal, or for another license, is another application.
                outcomes.iter().any(|(holder, sentence, at, permit, refused)| {
                    same(holder, &draft.holder)
                        && *sentence == spot.0
                        && !((*refused || *permit != spot.2) && *at < spot.1.start)
                })
            })
    });
}

/// Whether two mentions are of one holder.
fn same(a: &Holder, b: &Holder) -> bool {
    match (a, b) {
        (Holder::Firm(a), Holder::Firm(b)) => a == b,
        (Holder::Group(a), Holder::Group(b)) => {
            let known = |group: &Group| !group.buyers.is_empty() || !group.described.is_empty();
            // `its supplier in Ganzhou` is `a Ganzhou magnet maker`.
            if a.single && b.single && a.role == b.role && a.place.is_some() && a.place == b.place {
                return true;
            }
            if known(a) != known(b) || a.role != b.role || a.single != b.single {
                return false;
            }
            if !a.buyers.is_empty()
                && !b.buyers.is_empty()
                && !a.buyers.iter().any(|i| b.buyers.contains(i))
            {
                return false;
            }
            match (&a.place, &b.place) {
                (Some(a), Some(b)) => a == b,
                (None, None) => true,
                _ => !a.single || !a.buyers.is_empty(),
            }
        }
        _ => false,
    }
}

fn merge(draft: &mut Draft, more: Draft) {
    draft.spots.extend(more.spots);
    if let (Holder::Group(mine), Holder::Group(theirs)) = (&mut draft.holder, &more.holder) {
        for buyer in &theirs.buyers {
            if !mine.buyers.contains(buyer) {
                mine.buyers.push(*buyer);
            }
        }
        let length = |list: &[String]| list.iter().map(String::len).sum::<usize>();
        if length(&mine.described) < length(&theirs.described) {
            mine.described.clone_from(&theirs.described);
        }
        mine.place = mine.place.take().or_else(|| theirs.place.clone());
        mine.count = mine.count.or(theirs.count);
        mine.limited |= theirs.limited;
    }
    if draft.license == LicenseType::Unspecified {
        draft.license = more.license;
    }
    let weaker =
        more.weight.said && (!draft.weight.said || more.weight.certainty < draft.weight.certainty);
    if weaker && draft.weight.certainty != Certainty::Denied {
        draft.weight = more.weight;
    }
    let event =
        |date: &Option<(PartialDate, DateBasis)>| matches!(date, Some((_, DateBasis::Event)));
    let exact =
        |date: &Option<(PartialDate, DateBasis)>| matches!(date, Some((PartialDate::Day(_), _)));
    if draft.date.is_none()
        || !event(&draft.date) && event(&more.date)
        || event(&draft.date) == event(&more.date) && !exact(&draft.date) && exact(&more.date)
    {
        draft.date = more.date.or(draft.date);
    }
    draft.claimed &= more.claimed;
    draft.denied |= more.denied;
    draft.counted &= more.counted;
    draft.lead |= more.lead;
    draft.import |= more.import;
    draft.identifies |= more.identifies;
}
