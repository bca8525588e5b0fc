//! Telegram: HTML messages with buttons, commands by long polling or webhook, menus by scope.
//!
//! It knows Telegram's limits, ids and moods; it never paces or repeats a
//! delivery by itself, and the bot's token stays inside.

mod api;
mod inline;
mod listen;
mod order;
mod render;
mod rich;
mod send;
mod update;
mod webhook;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use teloxide::payloads::SetMyCommandsSetters;
use teloxide::requests::Requester;
use teloxide::types::{BotCommand, BotCommandScope};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::chat::telegram::api::{Api, Failure, GetMe, GetWebhookInfo};
use crate::chat::telegram::listen::{Listener, Progress};
use crate::chat::{
    Connection, EditError, ListenError, MenuItem, Part, Platform, SendError, Webhook,
};
use crate::clock::Clock;
use crate::model::delivery::Receipt;
use crate::model::event::{Event, Target};
use crate::model::message::{Cards, Message};
use crate::model::subscription::{Destination, PlatformName};
use crate::text;

/// A menu holds no more commands.
const LONGEST_MENU: usize = 100;

/// A bot on Telegram.
struct Telegram {
    api: Api,
    clock: Arc<dyn Clock>,
    /// Where updates are brought; `None` when they are asked for.
    webhook: Option<Webhook>,
    /// The menu published last; empty before the first.
    published: Mutex<Vec<MenuItem>>,
    progress: Progress,
    /// The bot's name, once Telegram said it.
    name: OnceLock<String>,
}

/// The platform for a token; connects to nothing yet.
///
/// # Errors
///
/// When the API's address is none: one plain sentence without secrets.
pub fn connect(connection: Connection) -> Result<Arc<dyn Platform>, String> {
    Ok(Arc::new(Telegram {
        api: Api::new(&connection.api_url, connection.token)?,
        clock: connection.clock,
        webhook: connection.webhook,
        published: Mutex::default(),
        progress: Progress::default(),
        name: OnceLock::new(),
    }))
}

#[async_trait]
impl Platform for Telegram {
    fn name(&self) -> PlatformName {
        PlatformName::Telegram
    }

    fn render(&self, message: &Message) -> Vec<Part> {
        render::render(message, self.name.get().map(String::as_str))
    }

    /// Telegram has no key for "only once": `nonce` goes unused, and a part whose answer was
    /// lost may stand there twice.
    async fn send(
        &self,
        to: &Target,
        part: &Part,
        _nonce: Option<&str>,
    ) -> Result<Receipt, SendError> {
        send::send(&self.api, to, part).await
    }

    async fn edit(
        &self,
        to: &Destination,
        message: i64,
        part: &Part,
    ) -> Result<Receipt, EditError> {
        send::amend(&self.api, to, message, part).await
    }

    async fn defer(&self, to: &Target, _private: bool) -> Result<Target, SendError> {
        let Target::Edit { to, message, callback: Some(callback) } = to else {
            return Ok(to.clone());
        };
        send::acknowledge(&self.api, callback).await;
        Ok(Target::Edit { to: to.clone(), message: *message, callback: None })
    }

    async fn share(&self, query: &str, cards: &Cards) -> Result<(), SendError> {
        inline::answer(&self.api, query, cards, self.name.get().map(String::as_str)).await
    }

    async fn publish_menu(&self, menu: &[MenuItem]) -> Result<(), SendError> {
        if *self.published() == menu {
            return Ok(());
        }
        for (scope, reading) in [
            (BotCommandScope::Default, false),
            (BotCommandScope::AllPrivateChats, false),
            (BotCommandScope::AllGroupChats, true),
            (BotCommandScope::AllChatAdministrators, false),
        ] {
            let items = menu.iter().filter(|item| !(reading && item.manage));
            let commands: Vec<_> = items.take(LONGEST_MENU).map(command).collect();
            let request = self.api.bot().set_my_commands(commands).scope(scope);
            self.api.ask(request).await.map_err(send::send_error)?;
        }
        *self.published() = menu.to_vec();
        Ok(())
    }

    async fn check(&self) -> Result<Vec<String>, Vec<String>> {
        let problem = |failure: Failure| vec![failure.to_string()];
        let me = self.api.ask(self.api.request(GetMe {})).await.map_err(problem)?;
        self.name.get_or_init(|| me.username.clone());
        let mut lines = vec![format!("Telegram: connected as @{}", text::one_line(&me.username))];
        let inline = if me.supports_inline_queries {
            "on"
        } else {
            "off; /setinline at @BotFather turns it on"
        };
        lines.push(format!("Telegram: inline mode is {inline}"));
        let webhook = self.api.ask(self.api.request(GetWebhookInfo {})).await.map_err(problem)?;
        // The address itself may hold a secret path.
        let set = (!webhook.url.is_empty(), &self.webhook);
        match set {
            (true, None) => {
                lines.push("Telegram: a webhook is set; polling will remove it".to_owned());
            }
            (true, Some(ours)) if ours.url.as_str() != webhook.url => {
                lines.push("Telegram: another webhook is set; ours will replace it".to_owned());
            }
            (_, Some(ours)) => {
                lines.push(format!("Telegram: updates are brought to {}", ours.listen));
            }
            (false, None) => {}
        }
        Ok(lines)
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![("refused_posts", self.progress.refused.load(Ordering::Relaxed))]
    }

    async fn listen(
        &self,
        menu: &[MenuItem],
        events: mpsc::Sender<Event>,
        stop: CancellationToken,
    ) -> Result<(), ListenError> {
        let listener = Listener {
            api: &self.api,
            clock: &*self.clock,
            menu,
            events,
            progress: &self.progress,
            name: &self.name,
        };
        match &self.webhook {
            Some(webhook) => listener.serve(webhook, stop).await,
            None => listener.run(stop).await,
        }
    }
}

impl Telegram {
    fn published(&self) -> std::sync::MutexGuard<'_, Vec<MenuItem>> {
        self.published.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn command(item: &MenuItem) -> BotCommand {
    BotCommand::new(item.name, text::cut(item.summary, 256))
}
