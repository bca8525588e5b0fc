//! The flow from stories to editions: what is due, composed once, stored with its deliveries.
//!
//! One commit holds editions, deliveries and the instant up to which slots
//! were looked at, so a crash between any two steps neither loses an edition
//! nor makes one twice. Nothing here waits, sends or reads the clock.

mod skipped;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Datelike, Duration, TimeZone, Utc};
use chrono_tz::Tz;

use crate::alert;
use crate::calendar::{self, Calendar};
use crate::compose::{self, Material, Window};
use crate::enrich;
use crate::lexicon::Lexicon;
use crate::model::brief::{Correction, Edition, EditionId, PriceLine};
use crate::model::delivery::{Cause, Delivery};
use crate::model::story::{Story, Telling};
use crate::model::subscription::{Series, Subscription};
use crate::publish::skipped::Past;
use crate::register::{self, Curated};
use crate::schedule::{self, Cron};
use crate::store::{Changes, Store};

/// A slot met later than this was missed: its edition closes now instead, and covers all that was
/// missed.
const LATE: Duration = Duration::minutes(10);

/// The window of a daily edition.
const DAY: Duration = Duration::hours(24);

/// After downtime an edition reaches back this far at most: what is older is no longer news.
const FARTHEST: Duration = Duration::days(7);

/// The window of a weekly edition, and how far one reaches back after downtime.
const WEEK: Duration = Duration::days(7);
const FARTHEST_WEEKLY: Duration = Duration::days(14);

/// An article published longer than this before the window is no news in it.
const FRESH: Duration = Duration::hours(48);

/// A clock that stands this far before the last look was wrong then. One that stands less far before it
/// shows slots that were looked at already, by that or another time.
const SET_BACK: Duration = Duration::hours(2);

/// The note that holds the instant up to which slots were looked at.
const UNTIL: &str = "published_until";

/// Alerts take no further articles after this.
const CORRECTED: Duration = Duration::days(17);

/// Price lines in one edition, at most.
const MOST_PRICES: usize = 12;

/// What publishing needs besides the time.
pub struct Publisher {
    /// Everything remembered.
    pub store: Store,
    /// Names and labels.
    pub lexicon: Arc<Lexicon>,
    /// The regime's dated facts.
    pub curated: Arc<Curated>,
    /// Days to come.
    pub calendar: Arc<Calendar>,
    /// The operator's zone.
    pub zone: Tz,
    /// When the main daily edition closes.
    pub brief: Cron,
    /// When the weekly edition closes.
    pub weekly: Cron,
    /// How many sources are configured.
    pub sources: Vec<crate::model::article::SourceId>,
}

/// What one step published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// New editions.
    pub editions: Vec<EditionId>,
    /// New deliveries.
    pub deliveries: usize,
}

impl Publisher {
    /// Composes and stores every edition that is due at `now`, with a delivery for each
    /// destination that is to receive it. On the very first call nothing is due: an edition of a
    /// time before Monazite was there would be empty.
    ///
    /// # Errors
    ///
    /// When the store cannot be read or written; then nothing has changed.
    pub fn step(&self, now: DateTime<Utc>) -> anyhow::Result<Published> {
        let until = self.until()?;
        let Some(from) = until else {
            self.store.commit(note(now))?;
            return Ok(Published::default());
        };
        if now <= from {
            if from - now > SET_BACK {
                // The clock was wrong and was set back. Editions that exist stay as they are, and
                // their deliveries are known, so looking again doubles nothing.
                self.store.commit(note(now))?;
            }
            return Ok(Published::default());
        }
        let due = Due {
            main: self.brief.previous(self.zone, now).filter(|slot| *slot > from),
            weekly: self.weekly.previous(self.zone, now).filter(|slot| *slot > from),
        };
        if due == Due::default() && !crosses_quarter(from, now) {
            return Ok(Published::default());
        }
        self.publish(due, from, now)
    }

    /// When something may be due next: the next main or weekly edition, or the next quarter of an
    /// hour.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let quarter = now + Duration::seconds(900 - now.timestamp().rem_euclid(900));
        let lines = [&self.brief, &self.weekly];
        let next = lines.into_iter().filter_map(|line| line.next(self.zone, now)).min();
        next.map_or(quarter, |next| next.min(quarter))
    }

    /// The edition that would be published if it closed now; nothing is stored.
    ///
    /// # Errors
    ///
    /// When the store cannot be read.
    pub fn preview(&self, now: DateTime<Utc>) -> anyhow::Result<Edition> {
        self.compose(Series::Daily, now - DAY, now)
    }

    fn until(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let note = self.store.note(UNTIL)?;
        note.map(|text| text.parse().with_context(|| format!("the note {UNTIL:?} holds {text:?}")))
            .transpose()
    }

    /// Everything due in `(from, now]`, in one commit.
    fn publish(
        &self,
        due: Due,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Published> {
        let mut receivers: BTreeMap<(Series, DateTime<Utc>), Vec<_>> = BTreeMap::new();
        for (series, slot) in [(Series::Daily, due.main), (Series::Weekly, due.weekly)] {
            if let Some(slot) = slot {
                receivers.entry((series, closing(slot, now))).or_default();
            }
        }
        let followers = due != Due::default();
        for subscription in self.store.subscriptions_due(from, now, followers)? {
            let Some((slot, takes)) = Self::slot(&subscription, due, from, now) else { continue };
            let edition = (subscription.series, closing(slot, now));
            // An edition of a day that is not taken is made all the same: the next one tells of it.
            let receivers = receivers.entry(edition).or_default();
            if takes {
                receivers.push((slot, subscription));
            }
        }
        let mut changes = note(now);
        let mut published = Published::default();
        let past = Past::before(self, now)?;
        for ((series, closes), subscriptions) in receivers {
            let edition = match self.store.edition(series, closes)? {
                Some(edition) => edition,
                None => self.compose(series, self.opens(series, closes, from)?, closes)?,
            };
            published.editions.push(edition.id.clone());
            for (slot, subscription) in subscriptions {
                let skipped = match series {
                    Series::Daily => past.skipped(&self.store, &subscription, slot)?,
                    Series::Weekly | Series::Alerts => Vec::new(),
                };
                let delivery = delivery(&edition.id, &subscription, now);
                changes.new_deliveries.push(Delivery { skipped, ..delivery });
            }
            changes.editions.push(edition);
        }
        published.deliveries = changes.new_deliveries.len();
        self.store.commit(changes)?;
        Ok(published)
    }

    /// The slot of a subscription in `(from, now]`, if it has one, and whether the chat takes the
    /// edition of that day.
    fn slot(
        subscription: &Subscription,
        due: Due,
        from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, bool)> {
        if subscription.paused.is_some() {
            return None;
        }
        let from = from.max(subscription.since);
        match (subscription.series, subscription.at) {
            (Series::Daily, Some(at)) => {
                let last = |days| schedule::slot_between(at, subscription.zone, days, from, now);
                let taken = last(&subscription.weekdays).map(|slot| (slot, true));
                taken.or_else(|| last(&[]).map(|slot| (slot, false)))
            }
            // Who follows the main edition may still have chosen days: those of their own zone.
            (Series::Daily, None) => {
                let slot = due.main.filter(|slot| *slot > from)?;
                Some((slot, on_day(subscription, slot)))
            }
            // The week's edition comes when the operator says, whatever hour the daily one had, and
            // on whatever days.
            (Series::Weekly, _) => due.weekly.filter(|slot| *slot > from).map(|slot| (slot, true)),
            (Series::Alerts, _) => None,
        }
    }

    /// Where the window of an edition begins: a day or a week before it closes, or farther back
    /// when slots were missed.
    fn opens(
        &self,
        series: Series,
        closes: DateTime<Utc>,
        from: DateTime<Utc>,
    ) -> anyhow::Result<DateTime<Utc>> {
        let (line, window, farthest) = match series {
            Series::Daily | Series::Alerts => (&self.brief, DAY, FARTHEST),
            Series::Weekly => (&self.weekly, WEEK, FARTHEST_WEEKLY),
        };
        let last = line.previous(self.zone, closes - Duration::seconds(1));
        // A main line that fires on weekdays only leaves a gap that its next edition covers.
        let regular = match last {
            Some(last) if line.next(self.zone, last) == Some(closes) => last,
            _ => closes - window,
        };
        let missed = if from < regular {
            let before = self.store.latest_edition(series)?;
            before.map_or(from, |edition| edition.closes.min(from))
        } else {
            regular
        };
        Ok(missed.min(regular).max(closes - farthest))
    }

    /// Gathers what an edition is made of, and composes it.
    fn compose(
        &self,
        series: Series,
        opens: DateTime<Utc>,
        closes: DateTime<Utc>,
    ) -> anyhow::Result<Edition> {
        let mut stories = self.store.stories_between(opens, closes)?;
        stories.retain(|story| is_news(story, opens));
        let date = closes.with_timezone(&self.zone).date_naive();
        let window = Window {
            series,
            number: self.number(series, date)?,
            opens,
            closes,
            next: match series {
                Series::Daily | Series::Alerts => self.brief.next(self.zone, closes),
                Series::Weekly => self.weekly.next(self.zone, closes),
            },
            zone: self.zone,
        };
        let mut told = HashMap::new();
        for story in stories.iter().filter(|story| story.first_seen < opens) {
            if let Some((edition, _)) = self.store.told(&story.id)? {
                told.insert(story.id.clone(), (edition, opens));
            }
        }
        let mut bodies = HashMap::new();
        let mut prices = Vec::new();
        for telling in stories.iter().flat_map(|story| Self::read(story, opens)) {
            let Some(body) = self.store.body(&telling.article)? else { continue };
            prices.extend(enrich::prices(
                &telling.title,
                &body,
                &telling.publisher,
                &telling.url,
                telling.published,
                &self.lexicon,
            ));
            bodies.insert(telling.article.clone(), body);
        }
        let evidence = self.store.evidence()?.with(&self.curated, &self.lexicon);
        let until = evidence.until(closes);
        let known = register::fold(&until.claims, &until.decisions, date);
        let material = Material {
            stories,
            told,
            bodies,
            prices: newest_prices(prices),
            desk: register::desk(&self.curated, &evidence, &self.lexicon, opens, closes, self.zone),
            watch_next: calendar::watch_next(
                &self.calendar,
                &self.curated,
                &until,
                &known,
                &self.lexicon,
            ),
            corrections: self.corrections(opens, closes)?,
            sources_ok: self.sources_ok()?,
        };
        Ok(compose::compose(&window, material, &self.lexicon))
    }

    /// What became in a window of what earlier editions told, where it takes that back.
    fn corrections(
        &self,
        opens: DateTime<Utc>,
        closes: DateTime<Utc>,
    ) -> anyhow::Result<Vec<Correction>> {
        let mut list = Vec::new();
        for alert in self.store.alerts_since(opens - CORRECTED)? {
            for (what, url) in alert::corrections(&alert, opens, closes) {
                for story in alert.story.iter().chain(&alert.joined) {
                    let told = self.store.told(story)?;
                    if let Some((edition, _)) = told.filter(|(_, closed)| *closed <= opens) {
                        list.push(Correction { what, edition, url });
                        break;
                    }
                }
            }
        }
        Ok(list)
    }

    /// The tellings whose texts an edition reads: the primary one, and all that are new in its
    /// window. They may hold prices that the primary one does not, or say in English what it says
    /// in Chinese.
    fn read(story: &Story, opens: DateTime<Utc>) -> impl Iterator<Item = &Telling> {
        let new = move |(i, telling): &(usize, &Telling)| *i == 0 || telling.first_seen >= opens;
        story.tellings.iter().enumerate().filter(new).map(|(_, telling)| telling)
    }

    /// Editions of one date share a number; each date counts one further.
    fn number(&self, series: Series, date: chrono::NaiveDate) -> anyhow::Result<u32> {
        Ok(match self.store.latest_edition(series)? {
            Some(last) if last.date >= date => last.number,
            Some(last) => last.number.saturating_add(1),
            None => 1,
        })
    }

    fn sources_ok(&self) -> anyhow::Result<(u32, u32)> {
        let mut good = 0;
        for id in &self.sources {
            let state = self.store.source_state(id)?;
            good += u32::from(
                state.is_some_and(|state| state.failures == 0 && state.last_ok.is_some()),
            );
        }
        Ok((good, u32::try_from(self.sources.len()).unwrap_or(u32::MAX)))
    }
}

/// The operator's lines that fired since the last look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Due {
    main: Option<DateTime<Utc>>,
    weekly: Option<DateTime<Utc>>,
}

/// The instant up to which a store's schedule was looked at last.
#[must_use]
pub fn looked_until(store: &Store) -> Option<DateTime<Utc>> {
    store.note(UNTIL).ok().flatten()?.parse().ok()
}

fn note(now: DateTime<Utc>) -> Changes {
    Changes { notes: vec![(UNTIL.to_owned(), now.to_rfc3339())], ..Changes::default() }
}

/// The instant an edition of `slot` closes: the slot, or this minute when the slot was missed.
fn closing(slot: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if now - slot <= LATE {
        return slot;
    }
    let minute = now.timestamp() - now.timestamp().rem_euclid(60);
    Utc.timestamp_opt(minute, 0).single().unwrap_or(slot)
}

/// Whether an article that is new to the window is also new to the world. A source's first poll
/// lists months; what it lists is remembered, but not told as news.
fn is_news(story: &Story, opens: DateTime<Utc>) -> bool {
    story
        .tellings
        .iter()
        .any(|telling| telling.first_seen >= opens && telling.published > opens - FRESH)
}

fn on_day(subscription: &Subscription, slot: DateTime<Utc>) -> bool {
    let day = slot.with_timezone(&subscription.zone).weekday();
    subscription.weekdays.is_empty() || subscription.weekdays.contains(&day)
}

/// Chats' own hours are rounded to quarters, and every zone's offset is a multiple of one.
fn crosses_quarter(from: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    from.timestamp().div_euclid(900) != now.timestamp().div_euclid(900)
}

/// The delivery of an edition to a subscriber.
fn delivery(edition: &EditionId, subscription: &Subscription, now: DateTime<Utc>) -> Delivery {
    Delivery::new(Cause::Edition(edition.clone()), subscription.to.clone(), now)
}

/// One line per product, market and publisher: the newest.
fn newest_prices(mut prices: Vec<PriceLine>) -> Vec<PriceLine> {
    prices.sort_by(|a, b| {
        (b.as_of, &a.product, &a.market, &a.url).cmp(&(a.as_of, &b.product, &b.market, &b.url))
    });
    let mut kept: Vec<PriceLine> = Vec::new();
    for price in prices {
        let known = kept.iter().any(|other| {
            other.product == price.product
                && other.market == price.market
                && other.unit == price.unit
                && other.tax == price.tax
        });
        if !known && kept.len() < MOST_PRICES {
            kept.push(price);
        }
    }
    kept
}
