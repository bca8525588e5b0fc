//! Discord's gateway: what people do there, as events.
//!
//! It connects only where the configured API points, never to a default, with as
//! many shards as that asks for, and asks for no message text. Reconnecting,
//! resuming and pacing the shards are the library's work; a library that gets
//! nowhere is ended, before it has used up the day's sessions.

use std::collections::{HashMap, VecDeque};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use async_trait::async_trait;
use futures::future::{Either, select};
use reqwest::Method;
use serenity::Error;
use serenity::all::{
    ActionRowComponent, AuthorizingIntegrationOwner, AuthorizingIntegrationOwners, ButtonKind,
    ClientBuilder, CommandDataOption, CommandDataOptionValue, CommandInteraction,
    ComponentInteraction, ComponentInteractionDataKind, Context, EventHandler, GatewayIntents,
    Guild, GuildChannel, GuildId, Http, HttpBuilder, Interaction, InteractionContext, Message,
    ModalInteraction, PartialChannel, PartialGuildChannel, Permissions, Ready, ResumedEvent,
    ShardManager, UnavailableGuild,
};
use serenity::gateway::{ConnectionStage, GatewayError, ShardRunnerMessage};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::chat::discord::place::Place;
use crate::chat::discord::rest::{Call, TOKEN_REFUSED};
use crate::chat::discord::{State, Ticket, locked, render};
use crate::chat::{ListenError, SendError};
use crate::model::event::{About, Event, Invocation, Target};
use crate::model::subscription::{Destination, PlatformName};
use crate::text;

/// How long a stop waits for the gateway to say goodbye.
const CLOSING: Duration = Duration::from_millis(900);
/// How long it may take to close what is left of a gateway that failed.
const GIVING_UP: Duration = Duration::from_secs(15);
/// The close code of a connection that ends as it should.
const NORMAL: u16 = 1000;
/// Between two looks whether all shards have their sessions.
const LOOK: Duration = Duration::from_secs(5);
/// How many looks in a row may find a shard without one, and no new session meanwhile. Each such
/// look may have cost a session start.
const LOOKS: u32 = 9;
/// Session starts that are left to an operator; Discord resets a token that used up all of them.
const RESERVE: u64 = 10;
/// Interactions remembered, so that one told twice is handled once.
const REMEMBERED: usize = 1024;
/// Longest label of a chat.
const LABEL: usize = 100;

/// Passes on events until `stop`.
pub(super) async fn listen(
    state: &Arc<State>,
    events: mpsc::Sender<Event>,
    stop: CancellationToken,
) -> Result<(), ListenError> {
    let Some(gateway) = stop.run_until_cancelled(Box::pin(gateway(state))).await else {
        return Ok(());
    };
    let Gateway { address, shards, .. } = gateway?;
    // Whatever ends the listening: a connection that comes up later hangs up by itself.
    let over = stop.child_token();
    let _over = over.clone().drop_guard();
    let ears = Arc::new(Ears {
        state: Arc::downgrade(state),
        events,
        stop: over,
        known: Mutex::default(),
        heard: Mutex::default(),
        sessions: AtomicU64::new(0),
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
        let running = Box::pin(client.start_shards(shards));
        let running = watched(running, &ears, &manager, shards);
        match select(Box::pin(running), pin!(stop.cancelled())).await {
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
        Some(Err(error)) => {
            // The library would go on connecting in tasks of its own. Each connection begins by
            // reading the address: with that locked for good, none is made any more.
            std::mem::forget(client.ws_url.clone().lock_owned().await);
            let deadline = state.rest.clock().sleep(GIVING_UP);
            let closing = select(Box::pin(shut_down(&manager)), deadline);
            drop(stop.run_until_cancelled(closing).await);
            Err(error)
        }
        Some(Ok(())) => {
            Err(ListenError::Lost("Discord's gateway ended the connection.".to_owned()))
        }
    }
}

/// Runs the library until it ends, or until it gets nowhere: it begins sessions anew without end
/// where Discord closes each at once, because it wants more shards, or refuses them.
async fn watched(
    mut running: Pin<Box<impl Future<Output = Result<(), Error>>>>,
    ears: &Ears,
    manager: &ShardManager,
    shards: u32,
) -> Result<(), ListenError> {
    let (mut sessions, mut looks) = (0, 0);
    // The library's pauses are tokio's, so this one is as well.
    loop {
        if let Ok(result) = timeout(LOOK, &mut running).await {
            return result.map_err(|error| ended(&error));
        }
        let began = ears.sessions.load(Ordering::Relaxed);
        let up = manager.runners.lock().await;
        let up = up.values().filter(|runner| runner.stage == ConnectionStage::Connected).count();
        if began != sessions || u32::try_from(up).is_ok_and(|up| up >= shards) {
            (sessions, looks) = (began, 0);
            continue;
        }
        looks += 1;
        if looks == LOOKS {
            return Err(ListenError::Lost(format!(
                "Discord gave no session to {} of {shards} shards for {} s; the number of shards \
                 is asked for anew.",
                shards.saturating_sub(u32::try_from(up).unwrap_or(shards)),
                LOOK.as_secs() * u64::from(LOOKS),
            )));
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

/// What the API says of the gateway.
struct Gateway {
    address: String,
    /// Connections to make.
    shards: u32,
    /// Sessions that may still be begun, of how many.
    remaining: u64,
    total: u64,
    /// When there will be as many as ever again.
    renewed: Duration,
}

/// Where the gateway is, by the API we were told to use, once sessions may be begun there.
async fn gateway(state: &State) -> Result<Gateway, ListenError> {
    loop {
        let gateway = ask(state).await?;
        let wanted = (u64::from(gateway.shards) + RESERVE).min(gateway.total);
        if gateway.remaining >= wanted {
            if gateway.shards > 1 {
                tracing::info!(shards = gateway.shards, "Discord asks for shards");
            }
            return Ok(gateway);
        }
        tracing::error!(
            remaining = gateway.remaining,
            minutes = gateway.renewed.as_secs() / 60,
            "Discord's session starts for today are used up; listening waits until there are more"
        );
        state.rest.clock().sleep(gateway.renewed.max(LOOK)).await;
    }
}

async fn ask(state: &State) -> Result<Gateway, ListenError> {
    let answer = state.rest.call(Call::new(Method::GET, "/gateway/bot", None)).await;
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
    let shards = answer["shards"].as_u64().and_then(|shards| u32::try_from(shards).ok());
    let limit = &answer["session_start_limit"];
    Ok(Gateway {
        address: address.to_owned(),
        shards: shards.unwrap_or(1).max(1),
        remaining: limit["remaining"].as_u64().unwrap_or(u64::MAX),
        total: limit["total"].as_u64().unwrap_or(u64::MAX),
        renewed: Duration::from_millis(limit["reset_after"].as_u64().unwrap_or_default()),
    })
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
        Error::Gateway(GatewayError::InvalidAuthentication) => {
            ListenError::Unauthorized(TOKEN_REFUSED.to_owned())
        }
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
    /// The latest interactions, the newest at the end.
    heard: Mutex<VecDeque<u64>>,
    /// Sessions begun or taken up again.
    sessions: AtomicU64,
    manager: OnceLock<Weak<ShardManager>>,
}

/// A server the bot is in, as far as the gateway has told.
#[derive(Default)]
struct Server {
    name: String,
    /// Its channels and threads by id, with their names.
    channels: HashMap<u64, String>,
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

    /// Notes an interaction; false when it was noted before.
    fn is_new(&self, interaction: u64) -> bool {
        let mut heard = locked(&self.heard);
        if heard.contains(&interaction) {
            return false;
        }
        if heard.len() == REMEMBERED {
            heard.pop_front();
        }
        heard.push_back(interaction);
        true
    }

    /// Closes a connection that was still being made when `stop` came.
    async fn hang_up(&self) {
        if let Some(manager) = self.manager.get().and_then(Weak::upgrade) {
            shut_down(&manager).await;
        }
    }

    fn channel_seen(&self, channel: &GuildChannel) {
        let mut known = locked(&self.known);
        let server = known.entry(channel.guild_id.get()).or_default();
        server.channels.insert(channel.id.get(), channel.name.clone());
    }

    fn describe(&self, channel: &GuildChannel) {
        if let Some(state) = self.state.upgrade() {
            locked(&state.places).put(channel.id.get(), Place::of(channel));
        }
    }

    async fn lost(&self, guild: u64, channel: u64, reason: &str) {
        if let Some(state) = self.state.upgrade() {
            locked(&state.places).forget(channel);
        }
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

    /// Another chat than the one asked in that a command's words begin with (`<#123>`), and the
    /// other words; also why nothing can be sent to the one asked in.
    fn about<'a>(&self, asked: &Asked<'_>, args: &'a str) -> Option<(About, &'a str)> {
        if asked.absent {
            let reason = "I am not a member of this server, so I cannot write here by myself. Add me to the \
                          server, or send this to me in a private chat.";
            let about =
                About { name: String::new(), label: String::new(), chat: Err(reason.to_owned()) };
            return Some((about, args));
        }
        let (word, rest) = args.split_once(' ').unwrap_or((args, ""));
        let number = word.strip_prefix("<#")?.strip_suffix('>')?;
        let channel: u64 = number.parse().ok()?;
        let known = locked(&self.known);
        let server = asked.guild.and_then(|guild| known.get(&guild));
        let found = server.and_then(|server| Some((server.channels.get(&channel)?, &server.name)));
        let (label, chat) = match found {
            Some((channel_name, server)) => {
                let label = text::one_line(&format!("#{channel_name} in {server}"));
                (text::cut(&label, LABEL), Ok(place(channel)))
            }
            None => {
                let reason = "I do not see that channel in this server. Let me view it and write there, then send \
                              this again.";
                (String::new(), Err(reason.to_owned()))
            }
        };
        Some((About { name: word.to_owned(), label, chat }, rest))
    }

    /// What a slash command and a button have in common.
    fn invocation(&self, asked: &Asked<'_>, line: &str, edit: bool) -> Option<Invocation> {
        let line = text::one_line(line);
        let (name, args) = line.split_once(' ').unwrap_or((&line, ""));
        let about = self.about(asked, args);
        let args = about.as_ref().map_or(args, |(_, rest)| rest);
        let private_chat =
            asked.guild.is_none() && asked.context != Some(InteractionContext::PrivateChannel);
        (!name.is_empty()).then(|| Invocation {
            name: name.to_lowercase(),
            args: args.trim().to_owned(),
            reply: asked.reply(edit),
            // In somebody else's private chat there is nothing the bot could send later.
            may_manage: asked.member.map_or(private_chat, manages),
            asker: i64::try_from(asked.asker).ok(),
            private_chat,
            chat_label: self.label(asked.guild, asked.channel),
            locale: Some(asked.locale.to_owned()).filter(|locale| !locale.is_empty()),
            about: about.map(|(about, _)| Box::new(about)),
        })
    }

    fn command(&self, command: &CommandInteraction) -> Option<Event> {
        let args = argument(&command.data.options);
        let line = format!("{} {args}", command.data.name);
        self.invocation(&Asked::by_command(command), &line, false).map(Event::Asked)
    }

    fn button(&self, button: &ComponentInteraction) -> Option<Event> {
        let (kind, line) = button.data.custom_id.split_once(':')?;
        let chosen = match &button.data.kind {
            ComponentInteractionDataKind::StringSelect { values } => values.as_slice(),
            _ => &[],
        };
        let (edit, line) = match kind {
            "e" => (true, line.to_owned()),
            "a" => (false, line.to_owned()),
            "c" => (true, format!("{line} {}", chosen.first()?)),
            "m" if chosen.is_empty() => (true, format!("{line} none")),
            "m" => (true, format!("{line} {}", chosen.join(","))),
            _ => return None,
        };
        self.invocation(&Asked::by_button(button), &line, edit).map(Event::Asked)
    }

    /// A form that was filled in and sent. It edits the message whose button opened it.
    fn filled_in(&self, form: &ModalInteraction) -> Option<Event> {
        let line = form.data.custom_id.strip_prefix("f:")?;
        let typed = form.data.components.iter().flat_map(|row| &row.components);
        let typed = typed.into_iter().find_map(|field| match field {
            ActionRowComponent::InputText(field) => field.value.as_deref(),
            _ => None,
        });
        let line = format!("{line} {}", typed.unwrap_or_default());
        let edit = form.message.is_some();
        self.invocation(&Asked::by_form(form), &line, edit).map(Event::Asked)
    }

    /// Opens the form that a button asks for: at once and here, since a form can only be the first
    /// answer. Whether it did.
    async fn opens_form(&self, button: &ComponentInteraction) -> bool {
        let id = &button.data.custom_id;
        let Some(form) = render::form(id, label_of(button)) else { return false };
        if let Some(state) = self.state.upgrade() {
            let (token, edit) = (button.token.as_str(), true);
            let ticket = Ticket { id: button.id.get(), token, edit, deferred: false };
            if let Err(error) = state.call_back(&ticket, 9, Some(form)).await {
                tracing::warn!(%error, "a form could not be opened");
            }
        }
        true
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
    /// Whether only the asker brought the bot here: it cannot write by itself in this server.
    absent: bool,
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
            absent: absent(asked.guild_id, &asked.authorizing_integration_owners),
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
            absent: absent(asked.guild_id, &asked.authorizing_integration_owners),
        }
    }

    fn by_form(asked: &'a ModalInteraction) -> Self {
        Self {
            id: asked.id.get(),
            token: &asked.token,
            at: asked.channel_id.get(),
            guild: asked.guild_id.map(GuildId::get),
            channel: asked.channel.as_ref(),
            // The library does not say; the button under which the form was opened was allowed.
            context: None,
            asker: asked.user.id.get(),
            member: asked.member.as_ref().map(|member| member.permissions.unwrap_or_default()),
            locale: &asked.locale,
            absent: false,
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
        self.sessions.fetch_add(1, Ordering::Relaxed);
        if self.stop.is_cancelled() {
            return self.hang_up().await;
        }
        if let Some(state) = self.state.upgrade() {
            *locked(&state.application) = Some(ready.application.id.get());
            *locked(&state.user) = Some(ready.user.id.get());
            let servers = ready.guilds.iter().map(|guild| guild.id.get());
            locked(&state.places).await_servers(servers);
        }
        tracing::info!(servers = ready.guilds.len(), "Discord's gateway is connected");
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        self.sessions.fetch_add(1, Ordering::Relaxed);
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        if !self.is_new(interaction.id().get()) {
            return;
        }
        let event = match &interaction {
            Interaction::Command(command) => self.command(command),
            Interaction::Component(button) if self.opens_form(button).await => None,
            Interaction::Component(button) => self.button(button),
            Interaction::Modal(form) => self.filled_in(form),
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
        if let Some(state) = self.state.upgrade() {
            let channels = guild.channels.values().chain(&guild.threads);
            locked(&state.places).described(guild.id.get(), channels);
        }
        let channels = guild.channels.values().chain(&guild.threads);
        let channels = channels.map(|channel| (channel.id.get(), channel.name.clone())).collect();
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
        for channel in server.channels.into_keys() {
            let reason = "The bot was removed from the server.".to_owned();
            self.pass(Event::Lost { at: place(channel), reason }).await;
        }
    }

    async fn channel_create(&self, _: Context, channel: GuildChannel) {
        self.channel_seen(&channel);
        self.describe(&channel);
    }

    async fn channel_update(&self, _: Context, _: Option<GuildChannel>, channel: GuildChannel) {
        self.channel_seen(&channel);
        self.describe(&channel);
    }

    async fn thread_create(&self, _: Context, thread: GuildChannel) {
        self.channel_seen(&thread);
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

/// The label of the button that was pressed.
fn label_of(pressed: &ComponentInteraction) -> &str {
    let all = pressed.message.components.iter().flat_map(|row| &row.components);
    let label = all.into_iter().find_map(|component| match component {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } if *custom_id == pressed.data.custom_id => {
                button.label.as_deref()
            }
            _ => None,
        },
        _ => None,
    });
    label.unwrap_or_default()
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

/// Whether the command came into a server by the asker's own installation alone.
fn absent(guild: Option<GuildId>, owners: &AuthorizingIntegrationOwners) -> bool {
    let server = |owner: &AuthorizingIntegrationOwner| {
        matches!(owner, AuthorizingIntegrationOwner::GuildInstall(_))
    };
    guild.is_some() && !owners.0.is_empty() && !owners.0.iter().any(server)
}

fn manages(permissions: Permissions) -> bool {
    permissions.intersects(Permissions::MANAGE_GUILD | Permissions::ADMINISTRATOR)
}

/// A channel or thread. Discord's ids stay below 2⁶³ until the year 2084.
fn place(channel: u64) -> Destination {
    let chat = i64::try_from(channel).unwrap_or(i64::MAX);
    Destination { platform: PlatformName::Discord, chat, thread: None }
}
