//! Requests to the Bot API, and what their failures mean to whoever asked.
//!
//! teloxide makes the requests. Its errors and its `Bot` can print the token,
//! so neither leaves this file: failures are put in words of our own here.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::requests::{JsonRequest, Payload};
use teloxide::{ApiError, Bot, RequestError};

use crate::chat::is_unresolved;
use crate::text;

/// How long a request may take. Longer than a long poll and than teloxide's own ten-second pause
/// after a server error, so that neither looks like silence.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a request came to nothing, by what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Too many requests: wait this long.
    Wait(Duration),
    /// The chat has this id now.
    Moved(i64),
    /// The token is not, or no longer, good.
    Token,
    /// Telegram understood and refused; its words.
    Refused(String),
    /// Telegram did not answer, or with nonsense; what went wrong.
    Unreachable(String),
}

/// The Bot API for one token.
#[derive(Clone)]
pub(super) struct Api {
    bot: Bot,
    token: SecretString,
}

impl Api {
    /// Makes the client; connects to nothing yet.
    ///
    /// # Errors
    ///
    /// When the address is none, as one plain sentence.
    pub(super) fn new(api_url: &str, token: SecretString) -> Result<Self, String> {
        // teloxide appends segments: a slash at the end would become two.
        let url = api_url.trim_end_matches('/');
        let url: url::Url =
            url.parse().map_err(|error| format!("[telegram] api_url is no address: {error}"))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err("[telegram] api_url must begin with http:// or https://".to_owned());
        }
        let client = teloxide::net::default_reqwest_settings()
            .build()
            .map_err(|_| "Telegram's client cannot be made: TLS is not available".to_owned())?;
        let bot = Bot::with_client(token.expose_secret(), client).set_api_url(url);
        Ok(Self { bot, token })
    }

    /// The bot's own id: its token begins with it.
    pub(super) fn id(&self) -> u64 {
        let id = self.token.expose_secret().split(':').next();
        id.and_then(|id| id.parse().ok()).unwrap_or_default()
    }

    /// teloxide's requests.
    pub(super) fn bot(&self) -> &Bot {
        &self.bot
    }

    /// A request of which only a few fields of the answer are read.
    pub(super) fn request<P: Payload>(&self, payload: P) -> JsonRequest<P> {
        JsonRequest::new(self.bot.clone(), payload)
    }

    /// Sends a request, within the time any request may take.
    ///
    /// # Errors
    ///
    /// By what the failure means; without secrets.
    pub(super) async fn ask<T, R>(&self, request: R) -> Result<T, Failure>
    where
        R: IntoFuture<Output = Result<T, RequestError>>,
    {
        self.ask_within(PATIENCE, request).await
    }

    /// Sends a request that is not worth waiting long for.
    ///
    /// # Errors
    ///
    /// As `ask`.
    pub(super) async fn ask_within<T, R>(
        &self,
        patience: Duration,
        request: R,
    ) -> Result<T, Failure>
    where
        R: IntoFuture<Output = Result<T, RequestError>>,
    {
        match tokio::time::timeout(patience, request.into_future()).await {
            Ok(answer) => answer.map_err(|error| self.failure(error)),
            Err(_) => Err(Failure::Unreachable("Telegram did not answer in time".to_owned())),
        }
    }

    fn failure(&self, error: RequestError) -> Failure {
        let unreachable = |words: &str| Failure::Unreachable(words.to_owned());
        match error {
            RequestError::RetryAfter(seconds) => Failure::Wait(seconds.duration()),
            RequestError::MigrateToChatId(to) => Failure::Moved(to.0),
            RequestError::Api(ApiError::InvalidToken) => Failure::Token,
            RequestError::Api(error) => self.refusal(error),
            RequestError::Network(error) if error.is_timeout() => {
                unreachable("Telegram did not answer in time")
            }
            RequestError::Network(error) if is_unresolved(&*error) => {
                unreachable("Telegram's address cannot be found: DNS does not resolve its name")
            }
            RequestError::Network(error) if error.is_connect() => {
                unreachable("Telegram cannot be reached")
            }
            RequestError::Network(_) | RequestError::Io(_) => {
                unreachable("the connection to Telegram broke")
            }
            RequestError::InvalidJson { .. } => {
                unreachable("Telegram answered with something that is not its own")
            }
        }
    }

    /// Telegram's words, if it was a refusal: server errors come in the same clothes.
    fn refusal(&self, error: ApiError) -> Failure {
        let words = match error {
            ApiError::Unknown(words) | ApiError::CantParseEntities(words) => words,
            known => known.to_string(),
        };
        let words = words.replace(self.token.expose_secret(), "[token]");
        let words = text::cut(&text::one_line(&words), 200);
        let lower = words.to_lowercase();
        let refusals = ["bad request", "forbidden", "unauthorized", "conflict", "request entity"];
        if refusals.iter().any(|kind| lower.starts_with(kind)) || lower.contains("getupdates") {
            Failure::Refused(words)
        } else {
            Failure::Unreachable(format!("Telegram answered: {words}"))
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Wait(after) => write!(f, "Telegram asks to wait {} s", after.as_secs()),
            Self::Moved(to) => write!(f, "the chat moved to {to}"),
            Self::Token => write!(
                f,
                "Telegram does not accept the bot's token: set MONAZITE_TELEGRAM_TOKEN to a valid one"
            ),
            Self::Refused(words) => write!(f, "Telegram refused: {words}"),
            Self::Unreachable(words) => write!(f, "{words}"),
        }
    }
}

/// `sendMessage`, with a body that is ready.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct SendMessage(pub(super) Value);

/// `editMessageText`, with a body that is ready.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct EditMessageText(pub(super) Value);

/// `answerInlineQuery`, with a body that is ready.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct AnswerInlineQuery(pub(super) Value);

/// `getMe`.
#[derive(Serialize)]
pub(super) struct GetMe {}

/// `getChatMember`.
#[derive(Serialize)]
pub(super) struct GetChatMember {
    /// The chat.
    pub(super) chat_id: i64,
    /// The user.
    pub(super) user_id: u64,
}

/// `getChat`.
#[derive(Serialize)]
pub(super) struct GetChat {
    /// The chat's id, or `@` and its name.
    pub(super) chat_id: String,
}

/// `getWebhookInfo`.
#[derive(Serialize)]
pub(super) struct GetWebhookInfo {}

/// `setWebhook`; teloxide's own would go as a form.
#[derive(Serialize)]
pub(super) struct SetWebhook {
    /// Where updates go.
    pub(super) url: String,
    /// What each of them carries in its header.
    pub(super) secret_token: String,
    /// The kinds wanted.
    pub(super) allowed_updates: &'static [&'static str],
    /// Updates brought at once, at most.
    pub(super) max_connections: usize,
    /// Whether what waits is thrown away.
    pub(super) drop_pending_updates: bool,
}

/// What is read of a sent message. Were the whole of it read, one unknown field value would turn
/// a sent message into a failed one, to be sent again.
#[derive(Deserialize)]
pub(super) struct Sent {
    /// Its id.
    pub(super) message_id: i64,
}

/// What is read of the bot itself.
#[derive(Deserialize)]
pub(super) struct Me {
    /// Its name, without `@`.
    #[serde(default)]
    pub(super) username: String,
    /// Whether its name and some words in any chat ask it for cards.
    #[serde(default)]
    pub(super) supports_inline_queries: bool,
}

/// What is read of a chat's member.
#[derive(Deserialize)]
pub(super) struct Member {
    /// `creator`, `administrator`, `member`, `restricted`, `left` or `kicked`.
    pub(super) status: String,
    /// Whether an administrator of a channel may post there; elsewhere it is not said.
    #[serde(default)]
    pub(super) can_post_messages: bool,
}

impl Member {
    /// Whether this is an administrator.
    pub(super) fn manages(&self) -> bool {
        matches!(self.status.as_str(), "creator" | "administrator")
    }
}

/// What is read of a chat.
#[derive(Deserialize)]
pub(super) struct Named {
    /// Its id.
    pub(super) id: i64,
    /// `private`, `group`, `supergroup` or `channel`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    /// Its title.
    #[serde(default)]
    pub(super) title: String,
}

/// What is read of a webhook.
#[derive(Deserialize)]
pub(super) struct Webhook {
    /// Where updates go; empty when polling is free.
    #[serde(default)]
    pub(super) url: String,
    /// Why the last update could not be brought, if one could not.
    #[serde(default)]
    pub(super) last_error_message: Option<String>,
    /// When that was, in seconds since 1970.
    #[serde(default)]
    pub(super) last_error_date: Option<i64>,
}

impl Payload for SendMessage {
    type Output = Sent;
    const NAME: &'static str = "sendMessage";
}

impl Payload for EditMessageText {
    type Output = Value;
    const NAME: &'static str = "editMessageText";
}

impl Payload for AnswerInlineQuery {
    type Output = Value;
    const NAME: &'static str = "answerInlineQuery";
}

impl Payload for GetMe {
    type Output = Me;
    const NAME: &'static str = "getMe";
}

impl Payload for GetChatMember {
    type Output = Member;
    const NAME: &'static str = "getChatMember";
}

impl Payload for GetChat {
    type Output = Named;
    const NAME: &'static str = "getChat";
}

impl Payload for GetWebhookInfo {
    type Output = Webhook;
    const NAME: &'static str = "getWebhookInfo";
}

impl Payload for SetWebhook {
    type Output = bool;
    const NAME: &'static str = "setWebhook";
}
