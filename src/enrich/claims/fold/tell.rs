//! A draft told as a claim: its kind, reach, term, quote and origin.
//!
//! Reads sentences again for what they say of the license's scope; never adds
//! or drops a holder.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::super::parts::{Article, Chunk, Group, Holder, Naming, ThemeKind};
use super::super::scope::{self, Reach};
use super::super::talk::{Mood, firm};
use super::drafts::Draft;
use super::{Reading, first_day};
use crate::model::license::{
    Certainty, Claim, ClaimId, DateBasis, LicenseAction, LicenseType, PartialDate, Role,
};
use crate::text;

impl Reading<'_> {
    /// What the text says of the license's reach where it speaks of it.
    pub(super) fn reach(&self, draft: &Draft) -> Reach {
        let mut reach = Reach::default();
        let holders: Vec<usize> =
            self.events.iter().filter_map(|event| firm(&event.holder)).collect();
        let permits: Vec<usize> = draft.spots.iter().map(|spot| spot.2).collect();
        for event in self.events.iter().filter(|event| {
            permits.contains(&event.permit)
                && event.holder == draft.holder
                && event.mood != Mood::Negated
                && (!draft.denied || event.action == draft.action)
        }) {
            let at = self.span(event);
            reach.join(&self.reach_at(event.sentence, at, &holders));
        }
        if draft.denied {
            return reach;
        }
        for i in 0..self.sentences.len() {
            if self.continues(i, draft) {
                let at = self.part_about(i, draft);
                let mut more = self.reach_at(i, at, &holders);
                if self.read[i].chunks.iter().all(|chunk| !chunk.holders.contains(&draft.holder)) {
                    more.share = None;
                }
                reach.join(&more);
            }
        }
        reach
    }

    fn reach_at(&self, i: usize, at: Range<usize>, holders: &[usize]) -> Reach {
        scope::reach(
            &self.sentences[i],
            at,
            holders,
            &self.names.mentions[i],
            &self.names,
            self.lexicon,
            self.rules,
        )
    }

    /// Whether a sentence without events of its own goes on about the draft's license.
    fn continues(&self, i: usize, draft: &Draft) -> bool {
        static REACHES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:ships?|shipped|export\w*|sends?|send|cover\w*|deliver\w*|uses?|sell|sells|supply|supplies|buys?|reach|included?|clearances?|consignments?)\b|覆盖|涵盖|出口|客户|供货|销往|运往|постача\p{L}+|експорт\p{L}*|поширю\p{L}+|охоплю\p{L}+|стосу\p{L}+")
                .expect("a constant pattern")
        });
        let sentence = &self.sentences[i];
        let read = &self.read[i];
        if sentence.question
            || sentence.title
            || self.events.iter().any(|event| event.sentence == i)
            || !REACHES.is_match(&sentence.low)
        {
            return false;
        }
        static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"\b(?:not affected|controls?|still good|another|different|would|will (?:apply|seek|file|need)|control list|customs (?:figures|data)|for the time being|competitors?|rules|lists? buyers|their websites|as a whole)\b|列管|管制|另有|海关|计划|将").expect("a constant pattern")
        });
        if ELSEWHERE.is_match(&sentence.low) {
            return false;
        }
        let strange = read.themes.iter().any(|theme| {
            theme.other
                || theme.negative
                || theme.article == Article::Indefinite
                || theme.license != LicenseType::Unspecified
                    && draft.license != LicenseType::Unspecified
                    && theme.license != draft.license
        });
        if strange {
            return false;
        }
        let about: Vec<&Holder> = read
            .chunks
            .iter()
            .flat_map(|chunk| &chunk.holders)
            .filter(|holder| firm(holder).is_some_and(|i| !self.names.entities[i].foreign()))
            .collect();
        let near = draft
            .spots
            .iter()
            .any(|spot| spot.0 < i && i - spot.0 <= 4 || spot.0 > i && spot.0 - i <= 2);
        let last =
            self.events.iter().rfind(|event| event.sentence < i && event.holder == draft.holder);
        let current =
            last.is_none_or(|event| draft.spots.iter().any(|spot| spot.2 == event.permit));
        match &draft.holder {
            Holder::Firm(_) if about.contains(&&draft.holder) => current,
            Holder::Firm(_) if about.is_empty() => {
                let plural = read.themes.iter().any(|theme| {
                    theme.kind == ThemeKind::License
                        && theme.article == Article::Definite
                        && sentence.low[theme.at.clone()].ends_with('s')
                });
                let only = plural
                    || self.events.iter().all(|event| {
                        event.holder == draft.holder || matches!(event.holder, Holder::Group(_))
                    });
                near && current && read.since <= 2 && only
            }
            _ => false,
        }
    }

    /// Of a sentence that names several holders, the stretch about this one.
    fn part_about(&self, i: usize, draft: &Draft) -> Range<usize> {
        let sentence = &self.sentences[i];
        let whole = 0..sentence.low.len();
        let chunks: Vec<&Chunk> = self.read[i]
            .chunks
            .iter()
            .filter(|chunk| {
                chunk.naming != Naming::Group
                    && chunk.holders.iter().any(|holder| {
                        firm(holder).is_some_and(|i| !self.names.entities[i].foreign())
                    })
            })
            .collect();
        if chunks.len() < 2 {
            return whole;
        }
        let Some(mine) = chunks.iter().position(|chunk| chunk.holders.contains(&draft.holder))
        else {
            return whole;
        };
        let start = if mine == 0 { 0 } else { chunks[mine].at.start };
        let end = chunks.get(mine + 1).map_or(sentence.low.len(), |next| next.at.start);
        start.min(end)..end
    }

    pub(super) fn role(&self, draft: &Draft) -> Role {
        match &draft.holder {
            Holder::Firm(i) => {
                let entity = &self.names.entities[*i];
                let home = entity.country.as_deref() == Some("CN");
                if entity.foreign() || draft.import && !home {
                    Role::EndUser
                } else {
                    Role::Exporter
                }
            }
            Holder::Group(group) => {
                if draft.import && group.buyers.is_empty() {
                    Role::EndUser
                } else {
                    group.role
                }
            }
        }
    }

    pub(super) fn claims(&self, drafts: Vec<Draft>) -> Vec<Claim> {
        let terms = self.terms();
        let kinds = self.kinds();
        let mut claims: Vec<Claim> = drafts
            .into_iter()
            .filter(|draft| {
                draft.date.is_none_or(|(date, _)| {
                    date.first_day() >= first_day() || matches!(date, PartialDate::Month(2025, 4))
                })
            })
            .map(|draft| self.claim(&draft, &terms, self.kinds_of(&draft, kinds)))
            .collect();
        // Two licenses of one holder told in one sentence differ by their kind only.
        for i in 1..claims.len() {
            let (before, rest) = claims.split_at_mut(i);
            if before.iter().any(|known| known.id == rest[0].id) {
                let kind = format!("{:?}", rest[0].license_type);
                rest[0].id = claim_id(self.article.url, &kind, rest[0].action, &rest[0].quote);
            }
        }
        claims
    }

    /// Terms that the text states, with the kind of license they are of.
    fn terms(&self) -> Vec<(LicenseType, u32)> {
        static UNSURE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"\b(?:would|could|might|may|probably|law|up to three)\b|估计|可能|可望|草案",
            )
            .expect("a constant pattern")
        });
        let mut found = Vec::new();
        for (sentence, read) in self.sentences.iter().zip(&self.read) {
            let themed = read.themes.iter().any(|theme| !theme.other);
            if sentence.question
                || UNSURE.is_match(&sentence.low)
                || !themed && read.since > 0
                || read.themes.iter().any(|theme| theme.other)
            {
                continue;
            }
            if let Some(months) = scope::months(&sentence.low, self.rules) {
                let kind = read
                    .themes
                    .iter()
                    .map(|theme| theme.license)
                    .find(|kind| *kind != LicenseType::Unspecified)
                    .unwrap_or_default();
                found.push((kind, months));
            }
        }
        found
    }

    /// Whether the text speaks of general, and of individual licenses.
    fn kinds(&self) -> (bool, bool) {
        let themes = || self.read.iter().flat_map(|read| &read.themes).filter(|theme| !theme.other);
        (
            themes().any(|t| t.license == LicenseType::General),
            themes().any(|t| t.license == LicenseType::Individual),
        )
    }

    /// The kinds a draft may take over: a tally takes none, and another firm's kind is not its own.
    fn kinds_of(&self, draft: &Draft, kinds: (bool, bool)) -> (bool, bool) {
        let ours = self.sentences.iter().zip(&self.read).any(|(sentence, read)| {
            let general = read
                .themes
                .iter()
                .any(|theme| !theme.other && theme.license == LicenseType::General);
            let mine = read.chunks.iter().any(|chunk| chunk.holders.contains(&draft.holder));
            let others = read.chunks.iter().any(|chunk| {
                chunk
                    .holders
                    .iter()
                    .any(|holder| firm(holder).is_some_and(|i| !self.names.entities[i].foreign()))
            });
            general && (sentence.tongue == super::Tongue::En || mine || !others)
        });
        (kinds.0 && ours && !draft.counted, kinds.1)
    }

    fn claim(&self, draft: &Draft, terms: &[(LicenseType, u32)], kinds: (bool, bool)) -> Claim {
        let role = self.role(draft);
        let mut reach = self.reach(draft);
        let own_share = reach.share;
        reach.join(&draft.inherited);
        reach.share = own_share.or(draft.inherited.share);
        let fresh = matches!(draft.action, LicenseAction::Granted | LicenseAction::Renewed);
        let mut license = draft.license;
        if license == LicenseType::Unspecified {
            let permits: Vec<usize> = draft.spots.iter().map(|spot| spot.2).collect();
            let known = self
                .events
                .iter()
                .filter(|event| permits.contains(&event.permit) && event.holder == draft.holder)
                .map(|event| event.license);
            license = known
                .into_iter()
                .find(|kind| *kind != LicenseType::Unspecified)
                .unwrap_or_default();
        }
        if license == LicenseType::Unspecified && fresh && !draft.denied && kinds == (true, false) {
            license = LicenseType::General;
        }
        let mut months = reach.months;
        if months.is_none() && fresh && !draft.denied {
            let fitting: Vec<u32> = terms
                .iter()
                .filter(|(kind, _)| {
                    *kind == license
                        || *kind == LicenseType::Unspecified
                        || license == LicenseType::Unspecified
                            && !draft.counted
                            && firm(&draft.holder).is_some()
                })
                .map(|(_, months)| *months)
                .collect();
            months =
                fitting.first().copied().filter(|first| fitting.iter().all(|other| other == first));
            if license == LicenseType::Unspecified
                && matches!(&draft.holder, Holder::Group(group) if group.buyers.is_empty() && group.described.is_empty())
            {
                months = None;
            }
        }
        if !fresh
            && draft.action != LicenseAction::Expired
            && draft.action != LicenseAction::Revoked
            && draft.action != LicenseAction::Suspended
        {
            months = None;
        }
        if !fresh {
            months = None;
        }
        if license == LicenseType::Unspecified && months == Some(6) && fresh {
            license = LicenseType::Individual;
        }
        let (name, holder, description, group_buyers) = match &draft.holder {
            Holder::Firm(i) => {
                let entity = &self.names.entities[*i];
                (
                    Some(text::one_line(&entity.name)),
                    Some(entity.id.clone()),
                    String::new(),
                    Vec::new(),
                )
            }
            Holder::Group(group) => (None, None, self.description(group), self.customers(group)),
        };
        let customers = customers_of(&reach, group_buyers, role);
        let destinations = self.destinations(draft, &reach, role);
        let quote = self.quote(draft);
        let (sentence, ..) = draft.spots.first().cloned().unwrap_or_default();
        let count = match &draft.holder {
            Holder::Group(group) => group.count,
            Holder::Firm(_) => None,
        };
        Claim {
            id: claim_id(
                self.article.url,
                name.as_deref().unwrap_or(&description),
                draft.action,
                &quote,
            ),
            name,
            holder,
            description,
            role,
            action: draft.action,
            license_type: license,
            elements: reach.elements,
            items: reach.items,
            destinations,
            customers,
            conditions: reach.conditions,
            validity_months: months,
            count,
            date: draft.date.map(|(date, _)| date),
            date_basis: draft.date.map_or(DateBasis::Article, |(_, basis)| basis),
            certainty: match (draft.weight.certainty, role) {
                (Certainty::CompanyConfirmed, Role::EndUser) => Certainty::CustomerConfirmed,
                (other, _) => other,
            },
            origin: self.origin(sentence),
            publisher: self.article.publisher.to_owned(),
            tier: self.article.tier,
            url: self.article.url.to_owned(),
            published: self.article.published.date_naive(),
            language: self.article.language.clone(),
            quote,
            note: String::new(),
            first_seen: self.article.now,
            last_checked: self.article.now,
        }
    }

    /// A short noun phrase of the text for holders without names, else fixed words.
    fn description(&self, group: &Group) -> String {
        static UNCLEAN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)\b(?:said|says|confirms?|confirmed|that|which|who|have|has|had|was|were|are|is|counted|approved|denied|on|as|than|when|while)\b|^(?:of|and|or|the following|that|but|its|their|his|её|його|її) |^\d+(?:件|份|宗|项|张|笔|个|起)|^其|因|以下|下列|[,，;；:：。]").expect("a constant pattern")
        });
        let words = text::one_line(&group.words);
        let words = words.trim_matches(['“', '”', '"', ' ', '‘', '’']);
        let clean = !words.is_empty() && words.chars().count() <= 60 && !UNCLEAN.is_match(words);
        // As the text spells it: what was matched may be folded.
        let folded = super::super::document::folded(words);
        let spelled = self.sentences.iter().find_map(|sentence| {
            let at = sentence.low.find(&folded).filter(|_| clean)?;
            Some(text::one_line(sentence.cut(at..at + folded.len())))
        });
        if let Some(spelled) = spelled {
            return spelled;
        }
        let buyers = self.customers(group);
        match (buyers.as_slice(), group.role) {
            ([], Role::Exporter) => "unnamed exporters".to_owned(),
            ([], Role::EndUser) => "unnamed buyers".to_owned(),
            ([only], _) => format!("suppliers of {only}"),
            ([first @ .., last], _) => format!("suppliers of {} and {last}", first.join(", ")),
        }
    }

    fn customers(&self, group: &Group) -> Vec<String> {
        let mut seen: Vec<&crate::model::article::CompanyId> = Vec::new();
        let named: Vec<String> = group
            .buyers
            .iter()
            .map(|i| &self.names.entities[*i])
            .filter(|entity| {
                let new = !seen.contains(&&entity.id);
                seen.push(&entity.id);
                new
            })
            .map(|entity| text::one_line(&entity.name))
            .collect();
        if named.is_empty() { group.described.clone() } else { named }
    }

    fn destinations(&self, draft: &Draft, reach: &Reach, role: Role) -> Vec<String> {
        if let (Holder::Group(group), LicenseAction::Suspended, true) =
            (&draft.holder, draft.action, draft.counted)
            && let Some(place) = &group.place
        {
            return vec![place.clone()];
        }
        if role == Role::Exporter {
            return reach.destinations.clone();
        }
        if !draft.inherited.destinations.is_empty() {
            return draft.inherited.destinations.clone();
        }
        if let Holder::Group(group) = &draft.holder
            && let Some(place) = &group.place
        {
            return vec![place.clone()];
        }
        let home = firm(&draft.holder)
            .and_then(|i| self.names.entities[i].country.clone())
            .map(|code| place_of(&code));
        if let Some(place) = home {
            let spoken =
                self.rules.places.iter().find(|known| known.name == place).is_some_and(|known| {
                    self.sentences.iter().any(|sentence| known.nouns.is_match(&sentence.low))
                });
            if spoken {
                return vec![place];
            }
        }
        reach.destinations.clone()
    }

    /// The first sentence of the body that proves it, else of the title.
    fn quote(&self, draft: &Draft) -> String {
        let spot = draft
            .spots
            .iter()
            .find(|spot| !self.sentences[spot.0].title)
            .or_else(|| draft.spots.first());
        spot.map_or_else(String::new, |spot| text::one_line(self.sentences[spot.0].text))
    }

    /// Whose report it is in the end: a wire or paper named in the sentence, or near it.
    fn origin(&self, sentence: usize) -> Option<String> {
        const ORIGINS: &[(&str, &str)] = &[
            ("reuters", "reuters"),
            ("路透", "reuters"),
            ("bloomberg", "bloomberg"),
            ("彭博", "bloomberg"),
            ("asian metal", "asian-metal"),
            ("wall street journal", "wsj"),
            ("华尔街日报", "wsj"),
            ("financial times", "ft"),
            ("金融时报", "ft"),
            ("nikkei", "nikkei"),
            ("日经", "nikkei"),
            ("caixin", "caixin"),
            ("财新", "caixin"),
            ("cailian", "cailian"),
            ("财联社", "cailian"),
            ("上海证券报", "shanghai-securities-news"),
            ("shanghai securities news", "shanghai-securities-news"),
            ("economic times", "economic-times"),
            ("kyodo", "kyodo"),
            ("共同社", "kyodo"),
            ("yonhap", "yonhap"),
            ("xinhua", "xinhua"),
            ("新华社", "xinhua"),
            ("界面新闻", "jiemian"),
            ("央视", "cctv"),
        ];
        let nearest = |i: usize| {
            ORIGINS
                .iter()
                .find(|(word, _)| self.sentences[i].low.contains(word))
                .map(|(_, id)| (*id).to_owned())
        };
        let from = sentence.saturating_sub(2);
        nearest(sentence)
            .or_else(|| (from..sentence).rev().find_map(nearest))
            .or_else(|| (0..self.sentences.len()).find_map(nearest))
    }
}

fn customers_of(reach: &Reach, group: Vec<String>, role: Role) -> Vec<String> {
    if !group.is_empty() {
        return group;
    }
    if role == Role::EndUser {
        return Vec::new();
    }
    if !reach.buyers.is_empty() {
        return reach.buyers.clone();
    }
    reach.share.map(str::to_owned).into_iter().collect()
}

fn place_of(code: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("US", "US"),
        ("IN", "India"),
        ("JP", "Japan"),
        ("KR", "South Korea"),
        ("DE", "Germany"),
        ("FR", "France"),
        ("GB", "UK"),
        ("EU", "EU"),
        ("CA", "Canada"),
        ("NO", "Norway"),
        ("SE", "Sweden"),
        ("NL", "Netherlands"),
        ("AU", "Australia"),
    ];
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(|| code.to_owned(), |(_, name)| (*name).to_owned())
}

/// The same words seen again are the same claim.
fn claim_id(url: &str, name: &str, action: LicenseAction, quote: &str) -> ClaimId {
    let mut hash = Sha256::new();
    for part in [url, name, &format!("{action:?}"), quote] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    ClaimId(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}
