//! Who is told at once of what an article brings: alerts, their places in chats, deliveries.
//!
//! It adds to the set of changes that holds the article, so that an alert is
//! never told twice and never lost. It decides who is told and when, not how it
//! is said; what is old is never announced as new.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, Timelike as _, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};

use crate::alert::watches::Index;
use crate::alert::{self, Brought, Event, Known, Raised, Rules};
use crate::calendar::{self, Calendar};
use crate::enrich::claims::Found;
use crate::lexicon::{Hit, Lexicon, Name};
use crate::model::alert::{Alert, AlertId, Happening, Held, Posting, Severity, Stand};
use crate::model::article::{Article, CompanyId, Topic};
use crate::model::delivery::{Cause, Delivery};
use crate::model::license::{Claim, RegimeEvent, Restriction};
use crate::model::source::SourceState;
use crate::model::story::{Story, StoryId};
use crate::model::subscription::{Destination, Series, Subscription};
use crate::model::watch::Watch;
use crate::query::{self, Facts, Kind, Matter};
use crate::register::{self, Coming, ComingKind, Curated, Register};
use crate::sources::SourceSpec;
use crate::store::{Asked, Changes, Store, StoreError};

/// Another story's news of the same subject joins an alert that is no older than this.
const FOLLOWED: Duration = Duration::days(8);
/// The hour of the operator's day from which reminders go out.
const MORNING: u32 = 7;
/// The topic of what concerns licenses and controls.
const LICENSING: &str = "licensing";

/// What telling at once needs besides the store and the time.
pub struct Alarms {
    /// Names.
    pub lexicon: Arc<Lexicon>,
    /// The curated history.
    pub curated: Arc<Curated>,
    /// Days to come.
    pub calendar: Arc<Calendar>,
    /// What is an alert.
    pub rules: Arc<Rules>,
    /// The operator's zone, for chats without a subscription.
    pub zone: Tz,
    /// The operator's chats.
    pub operator: Vec<Destination>,
    /// What chats asked for, as far as it is known in memory.
    pub asked: AskedFor,
}

/// Watches and subscriptions in memory, kept in step with the store.
#[derive(Default)]
pub struct AskedFor(Mutex<Option<Wishes>>);

#[derive(Default)]
struct Wishes {
    index: Index<(Destination, u32)>,
    watches: HashMap<(Destination, u32), Watch>,
    /// Subscriptions to alerts.
    alerts: BTreeMap<Destination, Subscription>,
}

/// An article that was placed in its story, and what it says.
pub(super) struct Heard {
    /// The article with its body.
    pub(super) article: Article,
    /// What it says of licenses and controls.
    pub(super) said: Found,
    /// Claims of its earlier version that it no longer makes.
    pub(super) withdrawn: Vec<Claim>,
    /// The title it had before, where that was another.
    pub(super) retitled: Option<String>,
    /// Whether it was not known before.
    pub(super) new: bool,
}

/// Alerts in the making: what one set of changes brings sees what it brought before.
struct Work<'a> {
    store: &'a Store,
    now: DateTime<Utc>,
    alerts: BTreeMap<AlertId, Alert>,
    claims: Vec<Claim>,
    postings: Vec<Posting>,
    /// Where in `postings` those of a chat stand.
    of_chat: HashMap<Destination, Vec<usize>>,
    deliveries: Vec<Delivery>,
}

/// Why a chat is told.
#[derive(Default)]
struct Reason {
    watches: Vec<u32>,
    why: String,
}

impl Alarms {
    /// Files what chats asked for, where it is not filed yet; gives how many watches there are.
    pub(super) fn ready(&self, store: &Store) -> Result<usize, StoreError> {
        let mut kept = self.asked.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.up_to_date(store, &mut kept)?.index.len())
    }

    /// Adds to `changes` what chats are to be told of the articles heard. `first` says that their
    /// source was read for the first time: undated articles of it are of any age.
    pub(super) fn raise(
        &self,
        store: &Store,
        heard: &[Heard],
        stories: &HashMap<StoryId, Story>,
        first: bool,
        changes: &mut Changes,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut kept = self.asked.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wishes = self.up_to_date(store, &mut kept)?;
        let mut work = Work::on(store, now);
        for heard in heard {
            if let Some(story) = stories.get(&heard.article.story) {
                self.hear(&mut work, wishes, heard, story, first)?;
            }
        }
        work.into(changes);
        Ok(())
    }

    /// Tells of days that have come near, once each; gives how many alerts were raised.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written.
    pub fn remind(&self, store: &Store, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let local = now.with_timezone(&self.zone);
        if local.hour() < MORNING {
            return Ok(0);
        }
        let today = local.date_naive();
        let evidence = store.evidence()?.with(&self.curated, &self.lexicon);
        let known = register::fold(&evidence.claims, &evidence.decisions, today);
        let span = (today, today + Duration::days(62));
        let coming =
            calendar::coming(&self.calendar, &self.curated, &evidence, &known, &self.lexicon, span);
        let mut kept = self.asked.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wishes = self.up_to_date(store, &mut kept)?;
        let mut work = Work::on(store, now);
        for day in &coming {
            let Some(event) = alert::reminder(day, today, now, &self.rules) else { continue };
            let id = reminder_id(day, (day.date - today).num_days());
            if store.alert(&id)?.is_some() {
                continue;
            }
            let mut raised = alert::remind(id, &event, now);
            if !matches!(day.kind, ComingKind::Calendar | ComingKind::Comments) {
                raised.topics.push(Topic::from(LICENSING));
            }
            let matter = Matter {
                title: day.what.clone(),
                text: match day.kind {
                    ComingKind::Comments => format!("calendar comment period\n{}", day.quote),
                    _ => "calendar".to_owned(),
                },
                elements: day.elements.clone(),
                companies: day.companies.clone(),
                topics: raised.topics.clone(),
                sources: vec![day.publisher.clone()],
                ..Matter::new(Kind::Story, now)
            };
            let watchers = wishes.matching(&Facts::of(&matter, &self.lexicon), now);
            let told = self.told(&work, wishes, &raised, &watchers)?;
            if !told.is_empty() {
                self.post(&mut work, wishes, &raised, told)?;
                work.alerts.insert(raised.id.clone(), raised);
            }
        }
        let raised = work.alerts.len();
        let mut changes = Changes::default();
        work.into(&mut changes);
        if raised > 0 {
            store.commit(changes)?;
        }
        Ok(raised)
    }

    /// Tells the operator of a source that keeps failing, once, and once when it is back.
    pub(super) fn watch_source(
        &self,
        store: &Store,
        spec: &SourceSpec,
        state: &SourceState,
        changes: &mut Changes,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let name = format!("failing:{}", spec.id);
        let told = store.note(&name)?.is_some_and(|since| !since.is_empty());
        let limits = &self.rules.limits;
        let long = state.last_ok.is_none_or(|last| {
            (now - last).to_std().is_ok_and(|failing| failing >= limits.failing_for)
        });
        let fails = state.failures >= limits.failures && long || state.retired;
        let text = if fails && !told {
            let reason = state.last_error.as_deref().unwrap_or("it is gone for good");
            let reason = reason.trim_end_matches('.');
            let last = state.last_ok.map_or_else(
                || "it never answered".to_owned(),
                |last| format!("it answered last on {}", last.format("%-d %b %Y, %H:%M UTC")),
            );
            changes.notes.push((name, now.to_rfc3339()));
            format!(
                "Source {} ({}) fails: {reason}. {} polls failed in a row; {last}. /sources shows all.",
                spec.name, spec.id, state.failures
            )
        } else if !fails && told && state.failures == 0 {
            changes.notes.push((name, String::new()));
            format!("Source {} ({}) answers again.", spec.name, spec.id)
        } else {
            return Ok(());
        };
        let id = format!("{}/{}", spec.id, now.format("%Y-%m-%dT%H:%M:%SZ"));
        let cause = Cause::Notice { id, text };
        let notices = self.operator.iter().map(|to| Delivery::new(cause.clone(), to.clone(), now));
        changes.new_deliveries.extend(notices);
        Ok(())
    }

    /// The wishes as the store has them now.
    fn up_to_date<'a>(
        &self,
        store: &Store,
        kept: &'a mut Option<Wishes>,
    ) -> Result<&'a Wishes, StoreError> {
        // Asked before anything is read: what changes meanwhile is read again next time.
        let changed = store.asked_since();
        let wishes = match kept {
            Some(wishes) => {
                for asked in changed {
                    wishes.renew(store, &asked, &self.lexicon)?;
                }
                wishes
            }
            None => kept.insert(Wishes::read(store, &self.lexicon)?),
        };
        Ok(wishes)
    }

    fn hear(
        &self,
        work: &mut Work<'_>,
        wishes: &Wishes,
        heard: &Heard,
        story: &Story,
        first: bool,
    ) -> Result<(), StoreError> {
        let (article, now) = (&heard.article, work.now);
        let fresh = work.fresh(&heard.said.claims)?;
        let mut events = self.events(work, heard, &fresh)?;
        let age = (now - article.published).to_std().unwrap_or_default();
        let old = age > self.rules.limits.oldest || first && !article.dated;
        for event in &mut events {
            if old {
                event.severity = None;
            }
            if event.happening == Happening::Corrected {
                // A page that was changed still carries its first date.
                event.published = event.published.max(now);
            }
        }
        let watchers = if old || !heard.new {
            Vec::new()
        } else {
            let matter = Matter {
                action: fresh.first().map(|claim| claim.action),
                license: fresh.first().map(|claim| claim.license_type),
                ..Matter::article(article)
            };
            wishes.matching(&Facts::of(&matter, &self.lexicon), now)
        };
        let wished = !old
            && heard.new
            && wishes.alerts.values().any(|to| {
                to.least == Severity::Notable && chooses(to) && wants_article(to, article)
            });
        let known = work.known(story, &events, &self.about(article))?;
        let asked = !watchers.is_empty() || wished;
        let raised = Raised { story, article, events: &events, asked };
        work.claims.extend(fresh);
        let Some(next) = alert::advance(known.as_ref(), &raised, now) else {
            // Nothing new to say, but a chat may ask for it that was not told.
            if let Some(alert) = known.filter(|_| asked) {
                let told = self.told(work, wishes, &alert, &watchers)?;
                self.post(work, wishes, &alert, told)?;
            }
            return Ok(());
        };
        if known.is_some() {
            work.update(&next)?;
        }
        let told = self.told(work, wishes, &next, &watchers)?;
        // What the rules name is kept, though nobody is told: the brief tells what becomes of it.
        let ruled = events.iter().any(|event| event.severity.is_some());
        if known.is_some() || !told.is_empty() || ruled {
            self.post(work, wishes, &next, told)?;
            work.alerts.insert(next.id.clone(), next);
        }
        Ok(())
    }

    /// The companies that the article's title names: whom it is about.
    fn about(&self, article: &Article) -> Vec<CompanyId> {
        let hits = self.lexicon.names(&article.title).into_iter();
        let company = |hit: Hit<Name>| match hit.what {
            Name::Company(i) => Some(self.lexicon.companies()[i].id.clone()),
            Name::Element(_) | Name::Product(_) | Name::Agency(_) => None,
        };
        hits.filter_map(company).collect()
    }

    /// What the article brings, judged against what was known of the holders it names.
    fn events(
        &self,
        work: &Work<'_>,
        heard: &Heard,
        fresh: &[Claim],
    ) -> Result<Vec<Event>, StoreError> {
        let (store, now) = (work.store, work.now);
        let (before, after) = self.registers(work, fresh)?;
        let mut listings: Vec<Restriction> = Vec::new();
        if !heard.said.restrictions.is_empty() {
            let known = store.listings()?;
            let new =
                heard.said.restrictions.iter().filter(|listing| {
                    register::is_new_listing(&self.curated, &known, listing, now)
                });
            listings.extend(new.cloned());
        }
        let mut acts: Vec<RegimeEvent> = Vec::new();
        if !heard.said.regime.is_empty() {
            let known = store.announcements()?;
            let new = heard
                .said
                .regime
                .iter()
                .filter(|act| register::is_new_announcement(&self.curated, &known, act, now));
            acts.extend(new.cloned());
        }
        let brought = Brought {
            article: &heard.article,
            claims: fresh,
            restrictions: &listings,
            regime: &acts,
            withdrawn: &heard.withdrawn,
            retitled: heard.retitled.as_deref(),
        };
        let against = Known { lexicon: &self.lexicon, before: &before, after: &after };
        Ok(alert::events(&brought, &against, &self.rules))
    }

    /// The register of the holders that these claims name, without and with them. The unnamed are
    /// not told apart, so of them only the new claims are looked at.
    fn registers(
        &self,
        work: &Work<'_>,
        fresh: &[Claim],
    ) -> Result<(Register, Register), StoreError> {
        let today = work.now.with_timezone(&self.zone).date_naive();
        let mut holders: Vec<&CompanyId> =
            fresh.iter().filter_map(|claim| claim.holder.as_ref()).collect();
        holders.sort_unstable();
        holders.dedup();
        let concerned = |claim: &Claim| claim.holder.as_ref().is_some_and(|h| holders.contains(&h));
        let curated = self.curated.claims.iter().filter(|claim| concerned(claim));
        let mut known: Vec<Claim> = curated.cloned().collect();
        for holder in &holders {
            known.extend(work.store.license_claims_of(holder)?);
        }
        known.extend(work.claims.iter().filter(|claim| concerned(claim)).cloned());
        let decisions = if fresh.is_empty() { Vec::new() } else { work.store.decisions()? };
        let before = register::fold(&known, &decisions, today);
        known.extend(fresh.iter().cloned());
        Ok((before, register::fold(&known, &decisions, today)))
    }

    /// Who is told of an alert that was not told yet.
    fn told(
        &self,
        work: &Work<'_>,
        wishes: &Wishes,
        alert: &Alert,
        watchers: &[&Watch],
    ) -> Result<BTreeMap<Destination, Reason>, StoreError> {
        let mut told: BTreeMap<Destination, Reason> = BTreeMap::new();
        for watch in watchers.iter().filter(|watch| watch.least <= alert.severity) {
            let reason = told.entry(watch.to.clone()).or_default();
            if reason.why.is_empty() {
                reason.why = format!("You watch “{}” here: /watches.", watch.title());
            }
            reason.watches.push(watch.number);
        }
        for to in wishes.alerts.values().filter(|to| to.least <= alert.severity) {
            // What is notable was asked for by somebody: by this chat only if it chose.
            let own = alert.severity > Severity::Notable || chooses(to);
            if own && wants(to, alert) {
                told.entry(to.to.clone()).or_default();
            }
        }
        let mut left = BTreeMap::new();
        for (to, mut reason) in told {
            let paused = wishes.alerts.get(&to).is_some_and(|to| to.paused.is_some());
            if paused || work.has(&alert.id, &to)? || work.is_muted(alert, &to)? {
                continue;
            }
            if reason.why.is_empty() {
                let least = wishes.alerts.get(&to).map(|to| to.least).unwrap_or_default();
                reason.why = match least {
                    Severity::Critical => "This chat receives critical alerts: /settings.",
                    Severity::High => "This chat receives high and critical alerts: /settings.",
                    Severity::Notable => "This chat receives all alerts: /settings.",
                }
                .to_owned();
            }
            left.insert(to, reason);
        }
        Ok(left)
    }

    /// Decides when each chat is told, and writes it down with what carries it.
    fn post(
        &self,
        work: &mut Work<'_>,
        wishes: &Wishes,
        alert: &Alert,
        told: BTreeMap<Destination, Reason>,
    ) -> Result<(), StoreError> {
        for (to, reason) in told {
            let subscription = match wishes.alerts.get(&to) {
                Some(subscription) => Some(subscription.clone()),
                None => work.store.subscription(&to)?,
            };
            if subscription.as_ref().is_some_and(|subscription| subscription.paused.is_some()) {
                continue;
            }
            let recent = work.recent(&to, self.rules.limits.burst_within)?;
            let quiet = subscription.as_ref().and_then(|to| to.quiet.map(|quiet| (quiet, to.zone)));
            let held = alert::held(quiet, alert.severity, &recent, &self.rules.limits, work.now);
            let (stand, cause) = match held {
                Some((until, held)) => (Stand::Held { until, held }, Cause::Digest { until, held }),
                None => (Stand::Due, Cause::Alert { alert: alert.id.clone(), revision: 0 }),
            };
            let mut delivery = Delivery::new(cause, to.clone(), work.now);
            if let Some((until, _)) = held {
                delivery.state = crate::model::delivery::State::Pending { due: until };
            }
            work.deliveries.push(delivery);
            work.place(Posting {
                alert: alert.id.clone(),
                to,
                why: reason.why,
                watches: reason.watches,
                severity: alert.severity,
                stand,
                decided: work.now,
            });
        }
        Ok(())
    }
}

impl<'a> Work<'a> {
    fn on(store: &'a Store, now: DateTime<Utc>) -> Self {
        Self {
            store,
            now,
            alerts: BTreeMap::new(),
            claims: Vec::new(),
            postings: Vec::new(),
            of_chat: HashMap::new(),
            deliveries: Vec::new(),
        }
    }

    fn place(&mut self, posting: Posting) {
        self.of_chat.entry(posting.to.clone()).or_default().push(self.postings.len());
        self.postings.push(posting);
    }

    /// The places decided in a chat so far.
    fn placed(&self, to: &Destination) -> impl Iterator<Item = &Posting> {
        self.of_chat.get(to).into_iter().flatten().filter_map(|at| self.postings.get(*at))
    }

    fn into(self, changes: &mut Changes) {
        changes.alerts.extend(self.alerts.into_values());
        changes.postings.extend(self.postings);
        changes.new_deliveries.extend(self.deliveries);
    }

    /// The claims that nobody made before in these words.
    fn fresh(&self, said: &[Claim]) -> Result<Vec<Claim>, StoreError> {
        let mut fresh: Vec<Claim> = Vec::new();
        for claim in said {
            let known = self.claims.iter().chain(&fresh).any(|other| other.id == claim.id);
            if !known && self.store.license_claim(&claim.id)?.is_none() {
                fresh.push(claim.clone());
            }
        }
        Ok(fresh)
    }

    fn alert(&self, id: &AlertId) -> Result<Option<Alert>, StoreError> {
        match self.alerts.get(id) {
            Some(alert) => Ok(Some(alert.clone())),
            None => self.store.alert(id),
        }
    }

    /// The alert of a story, or the one that another story raised about the same. A round-up that
    /// only mentions a firm, and is not about it, is no more of that firm's story.
    fn known(
        &self,
        story: &Story,
        events: &[Event],
        about: &[CompanyId],
    ) -> Result<Option<Alert>, StoreError> {
        if let Some(own) = self.alert(&AlertId::of(&story.id))? {
            return Ok(Some(own));
        }
        let told = events.iter().filter(|event| {
            event.companies.is_empty() || event.companies.iter().any(|c| about.contains(c))
        });
        for subject in told.flat_map(|event| &event.subjects) {
            if subject.starts_with("license:unnamed") {
                continue;
            }
            let here = self.alerts.values().find(|alert| alert.subjects.contains(subject));
            if let Some(alert) = here {
                return Ok(Some(alert.clone()));
            }
            let latest = self.store.alert_about(subject)?;
            if let Some((id, raised)) = latest
                && self.now - raised < FOLLOWED
                && let Some(alert) = self.alert(&id)?
            {
                return Ok(Some(alert));
            }
        }
        Ok(None)
    }

    /// Whether a chat has the alert already, or will have it.
    fn has(&self, alert: &AlertId, to: &Destination) -> Result<bool, StoreError> {
        let here = self.placed(to).any(|posting| posting.alert == *alert);
        Ok(here || self.store.posting(alert, to)?.is_some())
    }

    fn is_muted(&self, alert: &Alert, to: &Destination) -> Result<bool, StoreError> {
        let mutes = self.store.mutes_of(to)?;
        Ok(mutes.iter().any(|mute| mute.until > self.now && alert.subjects.contains(&mute.subject)))
    }

    /// What the chat was told within the last `span`: severity, when, and until when it is held.
    fn recent(
        &self,
        to: &Destination,
        span: std::time::Duration,
    ) -> Result<Vec<alert::Recent>, StoreError> {
        let span = Duration::from_std(span).unwrap_or_else(|_| Duration::zero());
        let stored = self.store.postings_to(to, self.now - span)?;
        let here = self.placed(to).cloned();
        let recent = |posting: Posting| alert::Recent {
            severity: posting.severity,
            at: posting.decided,
            held: match posting.stand {
                Stand::Held { until, held: Held::Burst } => Some(until),
                _ => None,
            },
        };
        Ok(stored.into_iter().chain(here).map(recent).collect())
    }

    /// Carries a change of an alert to the chats that have it.
    fn update(&mut self, alert: &Alert) -> Result<(), StoreError> {
        for posting in self.store.postings_of(&alert.id)? {
            let behind = match posting.stand {
                Stand::Posted { revision, .. } => revision < alert.revision,
                // What was deleted comes back only when it got graver.
                Stand::Gone => alert.severity > posting.severity,
                Stand::Due | Stand::Held { .. } | Stand::Dismissed => false,
            };
            if behind {
                let cause = Cause::Alert { alert: alert.id.clone(), revision: alert.revision };
                self.deliveries.push(Delivery::new(cause, posting.to, self.now));
            }
        }
        Ok(())
    }
}

impl Wishes {
    fn read(store: &Store, lexicon: &Lexicon) -> Result<Self, StoreError> {
        let mut wishes = Self::default();
        for watch in store.watches() {
            wishes.add(watch?, lexicon);
        }
        for subscription in store.subscriptions()? {
            wishes.subscribe(subscription);
        }
        Ok(wishes)
    }

    fn add(&mut self, watch: Watch, lexicon: &Lexicon) {
        let key = (watch.to.clone(), watch.number);
        self.index.insert(key.clone(), &query::reread(&watch.query, lexicon));
        self.watches.insert(key, watch);
    }

    fn subscribe(&mut self, subscription: Subscription) {
        if subscription.series == Series::Alerts {
            self.alerts.insert(subscription.to.clone(), subscription);
        } else {
            self.alerts.remove(&subscription.to);
        }
    }

    fn renew(&mut self, store: &Store, asked: &Asked, lexicon: &Lexicon) -> Result<(), StoreError> {
        match asked {
            Asked::Watch(to, number) => match store.watch(to, *number)? {
                Some(watch) => self.add(watch, lexicon),
                None => {
                    let key = (to.clone(), *number);
                    self.index.remove(&key);
                    self.watches.remove(&key);
                }
            },
            Asked::Subscription(to) => match store.subscription(to)? {
                Some(subscription) => self.subscribe(subscription),
                None => drop(self.alerts.remove(to)),
            },
        }
        Ok(())
    }

    /// The watches that ask for a text and are not muted.
    fn matching(&self, facts: &Facts, now: DateTime<Utc>) -> Vec<&Watch> {
        let found = self.index.matching(facts, now);
        let awake = |watch: &&Watch| watch.is_awake(now);
        found.iter().filter_map(|key| self.watches.get(key)).filter(awake).collect()
    }
}

/// Whether a subscription wants only some topics, elements or companies.
fn chooses(to: &Subscription) -> bool {
    !(to.topics.is_empty() && to.elements.is_empty() && to.companies.is_empty())
}

fn wants(to: &Subscription, alert: &Alert) -> bool {
    !chooses(to)
        || to.topics.iter().any(|topic| alert.topics.contains(topic))
        || to.elements.iter().any(|element| alert.elements.contains(element))
        || to.companies.iter().any(|company| alert.companies.contains(company))
}

fn wants_article(to: &Subscription, article: &Article) -> bool {
    to.topics.iter().any(|topic| article.topics.contains(topic))
        || to.elements.iter().any(|element| article.elements.contains(element))
        || to.companies.iter().any(|company| article.companies.contains(company))
}

/// One reminder for each day told of and each distance from it.
fn reminder_id(coming: &Coming, days: i64) -> AlertId {
    let digest = Sha256::digest(format!("{}#{days}", coming.key).as_bytes());
    let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    AlertId(format!("d{hash}"))
}
