//! Discord's gateway: what people do there, as events.
//!
//! It connects only where the configured API points, never to a default, and
//! asks for no message text. Reconnecting and resuming are the library's work.

use std::collections::{HashMap, HashSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{Either, select};
use reqwest::Method;
use serenity::Error;
use serenity::all::{
    ClientBuilder, CommandDataOption, CommandDataOptionValue, CommandInteraction,
    ComponentInteraction, Context, EventHandler, GatewayIntents, Guild, GuildChannel, GuildId,
    Http, HttpBuilder, Interaction, InteractionContext, Message, PartialChannel,
    PartialGuildChannel, Permissions, Ready, ShardManager, UnavailableGuild,
};
use serenity::gateway::{GatewayError, ShardRunnerMessage};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::discord::rest::Call;
use crate::chat::discord::{State, locked};
use crate::chat::{ListenError, SendError};
use crate::model::event::{Event, Invocation, Target};
use crate::model::subscription::{Destination, PlatformName};
use crate::text;

/// How long a stop waits for the gateway to say goodbye.
const CLOSING: Duration = Duration::from_millis(900);
/// The close code of a connection that ends as it should.
const NORMAL: u16 = 1000;
/// Longest label of a chat.
const LABEL: usize = 100;

/// Passes on events until `stop`.
pub(super) async fn listen(
    state: &Arc<State>,
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
) -> Result<(), ListenError> {
    let Some(address) = stop.run_until_cancelled(address(state)).await else {
        return Ok(());
    };
    let address = address?;
    let ears = Arc::new(Ears {
        state: Arc::downgrade(state),
        events,
        stop: stop.clone(),
        known: Mutex::default(),
        manager: OnceLock::new(),
    });
    let building = ClientBuilder::new_with_http(http(state), GatewayIntents::GUILDS)
        .event_handler_arc(ears.clone());
    let Some(client) = stop.run_until_cancelled(building.into_future()).await else {
        return Ok(());
    };
    let mut client = client.map_err(|error| ended(&error))?;
    // The library asks for the gateway's address once more and, when that fails, takes that of
    // the real Discord. The one we were given is the only one we may use.
    *client.ws_url.lock().await = address;
    let manager = client.shard_manager.clone();
    // Kept so that a connection made while stopping is closed by its own first event.
    drop(ears.manager.set(Arc::downgrade(&manager)));
    let outcome = {
        let running = Box::pin(client.start());
        match select(running, pin!(stop.cancelled())).await {
            Either::Left((result, _)) => Some(result),
            Either::Right(((), _)) => None,
        }
    };
    match outcome {
        None => {
            // The connection closes in its own task; a gateway that does not answer the close
            // must not hold us up.
            let deadline = state.rest.clock().sleep(CLOSING);
            drop(select(pin!(shut_down(&manager)), deadline).await);
            Ok(())
        }
        Some(_) if stop.is_cancelled() => Ok(()),
        Some(Err(error)) => Err(ended(&error)),
        Some(Ok(())) => {
            Err(ListenError::Lost("Discord's gateway ended the connection.".to_owned()))
        }
    }
}

/// Closes all connections. The manager alone does not always: after a session was lost it takes
/// the leftover notice of that for the answer, and forgets the connection before closing it.
async fn shut_down(manager: &ShardManager) {
    for (id, runner) in manager.runners.lock().await.iter() {
        runner.runner_tx.send_to_shard(ShardRunnerMessage::Shutdown(*id, NORMAL));
    }
    manager.shutdown_all().await;
}

/// Where the gateway is, by the API we were told to use.
async fn address(state: &State) -> Result<String, ListenError> {
    let answer = state.rest.call(Call::new(Method::GET, "/gateway", None)).await;
    let answer = answer.map_err(|refused| match refused.error {
        SendError::Forbidden(reason) | SendError::Token(reason) => {
            ListenError::Unauthorized(reason)
        }
        other => ListenError::Lost(format!("Discord's gateway cannot be found: {other}")),
    })?;
    let address = answer["url"].as_str().unwrap_or_default();
    if !address.starts_with("ws://") && !address.starts_with("wss://") {
        return Err(ListenError::Lost("Discord named no gateway to connect to.".to_owned()));
    }
    Ok(address.to_owned())
}

fn http(state: &State) -> Http {
    HttpBuilder::new(state.rest.token())
        .client(state.rest.client())
        // Its own limiter would go past the proxy to the real Discord.
        .proxy(state.rest.base())
        .ratelimiter_disabled(true)
        .build()
}

/// Why the gateway gave up, by what to do next. The library's own errors may hold addresses.
fn ended(error: &Error) -> ListenError {
    match error {
        Error::Gateway(GatewayError::InvalidAuthentication) => ListenError::Unauthorized(
            "Discord does not accept the bot's token: set MONAZITE_DISCORD_TOKEN to a valid one."
                .to_owned(),
        ),
        Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => ListenError::Lost(
            "Discord refuses the gateway intents asked for (GUILDS); look at the bot's page in \
             Discord's developer portal."
                .to_owned(),
        ),
        _ => ListenError::Lost("The connection to Discord's gateway failed.".to_owned()),
    }
}

/// Turns the library's events into ours.
struct Ears {
    state: Weak<State>,
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
    known: Mutex<HashMap<u64, Server>>,
    manager: OnceLock<Weak<ShardManager>>,
}

/// A server the bot is in, as far as the gateway has told.
#[derive(Default)]
struct Server {
    name: String,
    channels: HashSet<u64>,
}

impl Ears {
    async fn pass(&self, event: Event) {
        if self.stop.is_cancelled() {
            self.hang_up().await;
            return;
        }
        // A closed receiver means that nobody listens any more: `stop` follows.
        drop(self.stop.run_until_cancelled(self.events.send(event)).await);
    }

    /// Closes a connection that was still being made when `stop` came.
    async fn hang_up(&self) {
        if let Some(manager) = self.manager.get().and_then(Weak::upgrade) {
            shut_down(&manager).await;
        }
    }

    fn channel_seen(&self, guild: u64, channel: u64) {
        locked(&self.known).entry(guild).or_default().channels.insert(channel);
    }

    async fn lost(&self, guild: u64, channel: u64, reason: &str) {
        if let Some(server) = locked(&self.known).get_mut(&guild) {
            server.channels.remove(&channel);
        }
        self.pass(Event::Lost { at: place(channel), reason: reason.to_owned() }).await;
    }

    /// The channel's name and its server's, for an operator's list.
    fn label(&self, guild: Option<u64>, channel: Option<&PartialChannel>) -> String {
        let channel = channel.and_then(|channel| channel.name.as_deref());
        let known = locked(&self.known);
        let server = guild.and_then(|guild| known.get(&guild)).map(|server| server.name.as_str());
        let label = match (channel, server.filter(|name| !name.is_empty())) {
            (Some(channel), Some(server)) => format!("#{channel} in {server}"),
            (Some(channel), None) => format!("#{channel}"),
            (None, Some(server)) => server.to_owned(),
            (None, None) => "a private chat".to_owned(),
        };
        text::cut(&text::one_line(&label), LABEL)
    }

    /// What a slash command and a button have in common.
    fn invocation(&self, asked: &Asked<'_>, line: &str, edit: bool) -> Option<Invocation> {
        let line = text::one_line(line);
        let (name, args) = line.split_once(' ').unwrap_or((&line, ""));
        let private_chat =
            asked.guild.is_none() && asked.context != Some(InteractionContext::PrivateChannel);
        (!name.is_empty()).then(|| Invocation {
            name: name.to_lowercase(),
            args: args.to_owned(),
            reply: asked.reply(edit),
            // In somebody else's private chat there is nothing the bot could send later.
            may_manage: asked.member.map_or(private_chat, manages),
            asker: i64::try_from(asked.asker).ok(),
            private_chat,
            chat_label: self.label(asked.guild, asked.channel),
            locale: Some(asked.locale.to_owned()).filter(|locale| !locale.is_empty()),
        })
    }

    fn command(&self, command: &CommandInteraction) -> Option<Event> {
        let args = argument(&command.data.options);
        let line = format!("{} {args}", command.data.name);
        self.invocation(&Asked::by_command(command), &line, false).map(Event::Asked)
    }

    fn button(&self, button: &ComponentInteraction) -> Option<Event> {
        let (edit, line) = match button.data.custom_id.split_once(':')? {
            ("e", line) => (true, line),
            ("a", line) => (false, line),
            _ => return None,
        };
        self.invocation(&Asked::by_button(button), line, edit).map(Event::Asked)
    }
}

/// The fields that both kinds of interaction have.
struct Asked<'a> {
    id: u64,
    token: &'a str,
    at: u64,
    guild: Option<u64>,
    channel: Option<&'a PartialChannel>,
    context: Option<InteractionContext>,
    asker: u64,
    /// The asker's permissions in the channel; `None` outside servers.
    member: Option<Permissions>,
    locale: &'a str,
}

impl<'a> Asked<'a> {
    fn by_command(asked: &'a CommandInteraction) -> Self {
        Self {
            id: asked.id.get(),
            token: &asked.token,
            at: asked.channel_id.get(),
            guild: asked.guild_id.map(GuildId::get),
            channel: asked.channel.as_ref(),
            context: asked.context,
            asker: asked.user.id.get(),
            member: asked.member.as_ref().map(|member| member.permissions.unwrap_or_default()),
            locale: &asked.locale,
        }
    }

    fn by_button(asked: &'a ComponentInteraction) -> Self {
        Self {
            id: asked.id.get(),
            token: &asked.token,
            at: asked.channel_id.get(),
            guild: asked.guild_id.map(GuildId::get),
            channel: asked.channel.as_ref(),
            context: asked.context,
            asker: asked.user.id.get(),
            member: asked.member.as_ref().map(|member| member.permissions.unwrap_or_default()),
            locale: &asked.locale,
        }
    }

    fn reply(&self, edit: bool) -> Target {
        Target::Interaction {
            to: place(self.at),
            id: self.id,
            token: self.token.to_owned(),
            edit,
            deferred: false,
        }
    }
}

#[async_trait]
impl EventHandler for Ears {
    async fn ready(&self, _: Context, ready: Ready) {
        if self.stop.is_cancelled() {
            return self.hang_up().await;
        }
        if let Some(state) = self.state.upgrade() {
            *locked(&state.application) = Some(ready.application.id.get());
        }
        tracing::info!(servers = ready.guilds.len(), "Discord's gateway is connected");
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        let event = match &interaction {
            Interaction::Command(command) => self.command(command),
            Interaction::Component(button) => self.button(button),
            Interaction::Autocomplete(typing) => Some(Event::Completing {
                name: typing.data.name.to_lowercase(),
                partial: argument(&typing.data.options),
                reply: Asked::by_command(typing).reply(false),
            }),
            _ => None,
        };
        if let Some(event) = event {
            self.pass(event).await;
        }
    }

    async fn guild_create(&self, _: Context, guild: Guild, _: Option<bool>) {
        let threads = guild.threads.iter().map(|thread| thread.id.get());
        let channels = guild.channels.keys().map(|id| id.get()).chain(threads).collect();
        let server = Server { name: guild.name, channels };
        locked(&self.known).insert(guild.id.get(), server);
    }

    /// The bot was removed. Its channels are known from this connection's own events alone; of
    /// any other one, the next message sent there is refused, and that pauses it just the same.
    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        if guild.unavailable {
            return;
        }
        let Some(server) = locked(&self.known).remove(&guild.id.get()) else {
            return;
        };
        for channel in server.channels {
            let reason = "The bot was removed from the server.".to_owned();
            self.pass(Event::Lost { at: place(channel), reason }).await;
        }
    }

    async fn channel_create(&self, _: Context, channel: GuildChannel) {
        self.channel_seen(channel.guild_id.get(), channel.id.get());
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        self.channel_seen(thread.guild_id.get(), thread.id.get());
    }

    async fn channel_delete(&self, _: Context, channel: GuildChannel, _: Option<Vec<Message>>) {
        let (guild, id) = (channel.guild_id.get(), channel.id.get());
        self.lost(guild, id, "The channel was deleted.").await;
    }

    async fn thread_delete(
        &self,
        _: Context,
        thread: PartialGuildChannel,
        _: Option<GuildChannel>,
    ) {
        let (guild, id) = (thread.guild_id.get(), thread.id.get());
        self.lost(guild, id, "The thread was deleted.").await;
    }
}

/// The one argument, typed or being typed.
fn argument(options: &[CommandDataOption]) -> String {
    let value = options.iter().find_map(|option| match &option.value {
        CommandDataOptionValue::String(value)
        | CommandDataOptionValue::Autocomplete { value, .. } => Some(value.as_str()),
        _ => None,
    });
    text::one_line(value.unwrap_or_default())
}

fn manages(permissions: Permissions) -> bool {
    permissions.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
}

/// A channel or thread. Discord's ids stay below 2⁶³ until the year 2084.
fn place(channel: u64) -> Destination {
    let chat = i64::try_from(channel).unwrap_or(i64::MAX);
    Destination { platform: PlatformName::Discord, chat, thread: None }
}
