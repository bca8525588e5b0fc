//! What kind of place a channel is: known from the gateway, or asked for once.
//!
//! Only what posting depends on is kept. A channel that nothing is known of is
//! taken for an ordinary one.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use serenity::all::{ChannelFlags, ChannelType, GuildChannel};

use crate::chat::discord::snowflake;

/// A channel, as far as posting there depends on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) guild: u64,
    /// The tags that posts of a forum may carry: id and name. Those only moderators give are left
    /// out.
    pub(super) tags: Vec<(u64, String)>,
    /// Whether a forum takes no post without a tag.
    pub(super) needs_tag: bool,
}

/// Kinds of channels that are posted to in different ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text channel of a server: threads can be opened under its messages.
    Text,
    /// One whose messages can be passed on to followers.
    Announcement,
    /// One that holds posts, each a thread.
    Forum,
    /// A thread, a private chat, the chat of a voice channel: messages and nothing else.
    #[default]
    Other,
}

/// All that is known of channels.
#[derive(Default)]
pub(super) struct Places {
    known: HashMap<u64, Place>,
    /// Servers that the gateway has named but not described yet; `None` before it named any.
    awaited: Option<HashSet<u64>>,
}

impl Places {
    /// The channel, if it is known; once the gateway has described every server, one that it did
    /// not mention is an ordinary one.
    pub(super) fn get(&self, channel: u64) -> Option<Place> {
        let known = self.known.get(&channel).cloned();
        known.or_else(|| self.awaited.as_ref()?.is_empty().then(Place::default))
    }

    pub(super) fn put(&mut self, channel: u64, place: Place) {
        self.known.insert(channel, place);
    }

    pub(super) fn forget(&mut self, channel: u64) {
        self.known.remove(&channel);
    }

    /// The gateway has named the servers it will describe.
    pub(super) fn await_servers(&mut self, servers: impl Iterator<Item = u64>) {
        self.awaited = Some(servers.collect());
    }

    /// The gateway has described a server.
    pub(super) fn described<'a>(
        &mut self,
        server: u64,
        channels: impl Iterator<Item = &'a GuildChannel>,
    ) {
        for channel in channels {
            self.known.insert(channel.id.get(), Place::of(channel));
        }
        if let Some(awaited) = &mut self.awaited {
            awaited.remove(&server);
        }
    }
}

impl Place {
    /// A channel as the gateway describes it.
    pub(super) fn of(channel: &GuildChannel) -> Self {
        let tags = channel.available_tags.iter().filter(|tag| !tag.moderated);
        Self {
            kind: Kind::of(u8::from(channel.kind)),
            guild: channel.guild_id.get(),
            tags: tags.map(|tag| (tag.id.get(), tag.name.clone())).collect(),
            needs_tag: channel.flags.contains(ChannelFlags::REQUIRE_TAG),
        }
    }

    /// A channel as the REST interface describes it.
    pub(super) fn read(channel: &Value) -> Self {
        let kind = channel["type"].as_u64().and_then(|kind| u8::try_from(kind).ok());
        let tags = channel["available_tags"].as_array().into_iter().flatten();
        let tag = |tag: &Value| Some((snowflake(&tag["id"])?, tag["name"].as_str()?.to_owned()));
        let flags = channel["flags"].as_u64().unwrap_or_default();
        Self {
            kind: kind.map_or(Kind::Other, Kind::of),
            guild: snowflake(&channel["guild_id"]).unwrap_or_default(),
            tags: tags.filter(|tag| tag["moderated"] != true).filter_map(tag).collect(),
            needs_tag: flags & ChannelFlags::REQUIRE_TAG.bits() != 0,
        }
    }

    /// The tags whose names are among the topics, in the topics' order; where one must be, the
    /// first when none matches.
    pub(super) fn matching(&self, topics: &[String], most: usize) -> Vec<String> {
        let same = |tag: &str, topic: &str| {
            let (tag, topic) = (tag.trim().to_lowercase(), topic.to_lowercase());
            // A tag "Licensing" is meant by the topic "Licensing & controls".
            tag == topic || topic.split(['&', ',']).any(|part| part.trim() == tag)
        };
        let mut chosen: Vec<u64> = Vec::new();
        for topic in topics {
            let tags = self.tags.iter().filter(|(_, name)| same(name, topic));
            chosen.extend(
                tags.map(|(id, _)| *id).filter(|id| !chosen.contains(id)).collect::<Vec<_>>(),
            );
        }
        if chosen.is_empty() && self.needs_tag {
            chosen.extend(self.tags.first().map(|(id, _)| *id));
        }
        chosen.iter().take(most).map(ToString::to_string).collect()
    }
}

impl Kind {
    fn of(number: u8) -> Self {
        match ChannelType::from(number) {
            ChannelType::Text => Self::Text,
            ChannelType::News => Self::Announcement,
            // Media channels (16) hold posts as forums do.
            ChannelType::Forum | ChannelType::Unknown(16) => Self::Forum,
            _ => Self::Other,
        }
    }
}
