//! Which stories deserve their place most: by subject, source, tellings and freshness.
//!
//! The order is total: two runs over the same stories never disagree.

use chrono::{DateTime, TimeDelta, Utc};

use crate::compose::{Candidate, Window};
use crate::model::article::{Tier, Topic};
use crate::model::story::{Direction, Story};

/// How long before the window opens an article may have been published and still be news:
/// listings lag behind, and a site's first poll brings its whole archive.
const LAG_DAYS: i64 = 3;

/// Best first; what is stale stands behind all that is not.
pub(super) fn rank(window: &Window, stories: Vec<(Story, bool)>) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = stories
        .into_iter()
        .map(|(story, update)| Candidate {
            stale: last_published(&story) < window.opens - TimeDelta::days(LAG_DAYS),
            score: score(window, &story, update),
            story,
            update,
        })
        .collect();
    candidates.sort_by(|a, b| {
        a.stale
            .cmp(&b.stale)
            .then_with(|| b.score.total_cmp(&a.score))
            .then_with(|| last_published(&b.story).cmp(&last_published(&a.story)))
            .then_with(|| a.story.id.cmp(&b.story.id))
    });
    candidates
}

/// When the story's newest article was published.
fn last_published(story: &Story) -> DateTime<Utc> {
    story.tellings.iter().map(|telling| telling.published).max().unwrap_or(story.published)
}

fn score(window: &Window, story: &Story, update: bool) -> f32 {
    let subject = story.topics.first().map_or(0.0, weight)
        + story.topics.get(1).map_or(0.0, |topic| weight(topic) * 0.4);
    let tier = match story.tellings.iter().map(|telling| telling.tier).min() {
        Some(Tier(0 | 1)) => 1.0,
        Some(Tier(2)) => 0.7,
        Some(Tier(3)) => 0.4,
        _ => 0.0,
    };
    let told_by: std::collections::HashSet<&str> =
        story.tellings.iter().map(|telling| telling.publisher.as_str()).collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of publishers")]
    let echo = (0.6 * (told_by.len().max(1) as f32).ln()).min(1.5);
    let points_somewhere = if story.signal.direction == Direction::Neutral { 0.0 } else { 0.4 };
    let told_before = if update { -0.5 } else { 0.0 };
    2.0 * story.relevance.clamp(0.0, 1.0)
        + subject
        + tier
        + echo
        + points_somewhere
        + told_before
        + freshness(window, last_published(story))
}

/// From 0.6 at the closing time down to 0.0 at the opening.
fn freshness(window: &Window, published: DateTime<Utc>) -> f32 {
    let whole = (window.closes - window.opens).num_minutes().max(1);
    let age = (window.closes - published).num_minutes().clamp(0, whole);
    #[expect(clippy::cast_precision_loss, reason = "minutes of a window")]
    let share = age as f32 / whole as f32;
    0.6 * (1.0 - share)
}

/// What a story's subject is worth to a reader who buys rare earths.
fn weight(topic: &Topic) -> f32 {
    match topic.as_str() {
        "licensing" => 2.0,
        "pricing" => 1.2,
        "geopolitics" => 1.0,
        "magnets" => 0.9,
        "separation" => 0.8,
        "mining" => 0.6,
        "finance" | "recycling" => 0.5,
        "technology" => 0.4,
        _ => 0.3,
    }
}
