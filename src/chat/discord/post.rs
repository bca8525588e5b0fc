//! Delivering: a message in a channel, or a post in a forum, and what follows the last part.
//!
//! Passing on to followers and opening a thread come after the message and
//! never fail it; asked for twice, they happen once.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};

use crate::chat::discord::place::{Kind, Place};
use crate::chat::discord::rest::Call;
use crate::chat::discord::{State, locked, receipt, render, set_flags, snowflake, standing};
use crate::chat::{Posting, SendError};
use crate::model::delivery::Receipt;
use crate::text;

/// Longest name of a thread.
const NAME: usize = 100;
/// Most tags a post carries.
const TAGS: usize = 5;
/// Minutes without a word after which a thread is put away: three days.
const QUIET: u32 = 4320;
/// Messages of one channel that Discord passes on in an hour.
const PASSED_ON: usize = 10;
/// A wait that is longer than this is not worth it for what follows a message.
const PATIENCE: Duration = Duration::from_secs(5);
/// Discord's refusal of a message in a channel that holds none, as a forum.
pub(super) const NO_TEXT_HERE: i64 = 50008;
/// Its answers to what was done before: passed on, and with a thread.
const DONE: &[i64] = &[40033, 160_004];

/// When messages of each channel were passed on, in the last hour.
#[derive(Default)]
pub(super) struct PassedOn(HashMap<u64, VecDeque<DateTime<Utc>>>);

impl PassedOn {
    /// Whether one more may be passed on; if so, it is counted.
    fn one_more(&mut self, channel: u64, now: DateTime<Utc>) -> bool {
        let list = self.0.entry(channel).or_default();
        list.retain(|at| now - *at < chrono::Duration::hours(1));
        let room = list.len() < PASSED_ON;
        if room {
            list.push_back(now);
        }
        room
    }
}

impl State {
    /// Sends the part where it belongs, and after the last one does what the place allows.
    pub(super) async fn deliver(&self, posting: &Posting<'_>) -> Result<Receipt, SendError> {
        let channel = posting.to.chat;
        let known = locked(&self.places).get(number(channel));
        if known.as_ref().is_some_and(|place| place.kind == Kind::Forum) {
            return self.deliver_to_forum(posting, &known.unwrap_or_default()).await;
        }
        let nonce = Some(posting.nonce);
        let sent = match self.try_post(channel, posting.part, nonce).await {
            Ok(sent) => sent,
            // Nothing was known of it, and it holds posts.
            Err(refused) if refused.code == NO_TEXT_HERE && known.is_none() => {
                let place = self.place(channel).await.unwrap_or_default();
                if place.kind != Kind::Forum {
                    return Err(refused.error);
                }
                return self.deliver_to_forum(posting, &place).await;
            }
            Err(refused) => return Err(refused.error),
        };
        if posting.last && (posting.publish || posting.discuss) {
            self.follow_through(posting, &sent).await;
        }
        Ok(sent)
    }

    /// The first part opens a post, whose id is that of its first message; the others go there.
    async fn deliver_to_forum(
        &self,
        posting: &Posting<'_>,
        place: &Place,
    ) -> Result<Receipt, SendError> {
        if let Some(first) = posting.sent.first() {
            return Ok(self.try_post(first.message, posting.part, Some(posting.nonce)).await?);
        }
        let forum = posting.to.chat;
        let name = text::cut(&text::one_line(posting.title), NAME);
        // Discord has no key under which a post is opened only once: an earlier try may have been
        // carried out although its answer was lost.
        if let Some(post) = self.open_post(place, forum, &name).await? {
            return Ok(Receipt { message: post });
        }
        let mut message = posting.part.0.clone();
        set_flags(&mut message, |flags| flags & !render::EPHEMERAL);
        let tags = place.matching(posting.topics, TAGS);
        let mut body = json!({ "name": name, "auto_archive_duration": QUIET, "message": message });
        if !tags.is_empty() {
            body["applied_tags"] = json!(tags);
        }
        let path = format!("/channels/{forum}/threads");
        let answer = self.rest.call(Call::new(Method::POST, &path, Some(&body))).await?;
        standing(&answer)
    }

    /// The bot's own post of this name that is open in the forum.
    async fn open_post(
        &self,
        place: &Place,
        forum: i64,
        name: &str,
    ) -> Result<Option<i64>, SendError> {
        let me = self.me().await?;
        let path = format!("/guilds/{}/threads/active", place.guild);
        let answer = self.rest.call(Call::new(Method::GET, &path, None)).await?;
        let ours = |thread: &&Value| {
            snowflake(&thread["parent_id"]) == Some(number(forum))
                && snowflake(&thread["owner_id"]) == Some(me)
                && thread["name"] == name
        };
        let found = answer["threads"].as_array().into_iter().flatten().find(ours);
        Ok(found.map(|thread| receipt(thread).message))
    }

    /// The bot's id as a user: learned from the gateway, or asked for once.
    async fn me(&self) -> Result<u64, SendError> {
        if let Some(id) = *locked(&self.user) {
            return Ok(id);
        }
        let answer = self.rest.call(Call::new(Method::GET, "/users/@me", None)).await?;
        let id = snowflake(&answer["id"]).ok_or_else(|| super::unreadable("itself"))?;
        *locked(&self.user) = Some(id);
        Ok(id)
    }

    /// What a channel is; asked for where the gateway has not told, and then remembered.
    async fn place(&self, channel: i64) -> Option<Place> {
        if let Some(place) = locked(&self.places).get(number(channel)) {
            return Some(place);
        }
        let path = format!("/channels/{channel}");
        match self.rest.call(Call::new(Method::GET, &path, None)).await {
            Ok(answer) => {
                let place = Place::read(&answer);
                locked(&self.places).put(number(channel), place.clone());
                Some(place)
            }
            Err(refused) => {
                tracing::debug!(error = %refused.error, "a channel's kind is not known");
                None
            }
        }
    }

    async fn follow_through(&self, posting: &Posting<'_>, last: &Receipt) {
        let channel = posting.to.chat;
        let Some(place) = self.place(channel).await else { return };
        if posting.publish && place.kind == Kind::Announcement {
            for part in posting.sent.iter().chain([last]) {
                self.pass_on(channel, part.message).await;
            }
        }
        if posting.discuss && matches!(place.kind, Kind::Text | Kind::Announcement) {
            let path = format!("/channels/{channel}/messages/{}/threads", last.message);
            let name = text::cut(&text::one_line(posting.title), NAME);
            let body = json!({ "name": name, "auto_archive_duration": QUIET });
            self.once_done(&path, Some(&body), "a thread for discussion could not be opened").await;
        }
    }

    /// Passes a message on to the channel's followers, within Discord's limit of an hour.
    async fn pass_on(&self, channel: i64, message: i64) {
        let now = self.rest.clock().now();
        if !locked(&self.passed_on).one_more(number(channel), now) {
            tracing::warn!(channel, "a message is not passed on: ten were in this hour");
            return;
        }
        let path = format!("/channels/{channel}/messages/{message}/crosspost");
        self.once_done(&path, None, "a message could not be passed on to followers").await;
    }

    /// Asks for something that follows a message; tries once more after a short failure. What was
    /// done before is done.
    async fn once_done(&self, path: &str, body: Option<&Value>, problem: &str) {
        for again in [true, false] {
            match self.rest.call(Call::new(Method::POST, path, body)).await {
                Ok(_) => return,
                Err(refused) if DONE.contains(&refused.code) => return,
                Err(refused) => match refused.error {
                    SendError::Retry { after, .. }
                        if again && after.is_none_or(|after| after <= PATIENCE) =>
                    {
                        let pause = after.unwrap_or(Duration::from_secs(1));
                        self.rest.clock().sleep(pause).await;
                    }
                    error => {
                        tracing::warn!(%error, "{problem}");
                        return;
                    }
                },
            }
        }
    }
}

/// A channel's id as Discord counts.
fn number(channel: i64) -> u64 {
    u64::try_from(channel).unwrap_or_default()
}
