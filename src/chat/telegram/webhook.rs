//! Listening by webhook: Telegram brings updates, several at once, and each is taken once, a
//! chat's in the order of their ids.
//!
//! A post is answered 200 only when its event was handed over; until then
//! Telegram keeps the update and brings it again. Posts without the secret are
//! refused before anything of them is read, and counted.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use futures::channel::{mpsc, oneshot};
use futures::future::{BoxFuture, Either, join, select};
use futures::{FutureExt as _, SinkExt as _, StreamExt as _};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use teloxide::payloads::DeleteWebhookSetters;
use teloxide::requests::Requester;
use teloxide::types::Update;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::chat::telegram::api::{Failure, GetWebhookInfo, SetWebhook};
use crate::chat::telegram::listen::{Claim, KINDS, Listener};
use crate::chat::{ListenError, Webhook};
use crate::text;

/// Updates Telegram may bring at once.
const AT_ONCE: usize = 40;

/// Bytes of one post. An update is a few kilobytes; a message's text at most 4,096 characters.
const LARGEST: usize = 1 << 20;

/// How long the body of a post may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// Between two looks whether Telegram still brings its updates here.
const LOOK: Duration = Duration::from_secs(300);

/// How long a stop waits for posts that are being answered, and for the webhook's removal.
const CLOSING: Duration = Duration::from_millis(800);

/// The header that carries the secret.
const SECRET: &str = "x-telegram-bot-api-secret-token";

/// An update and who waits for what becomes of it.
struct Post {
    update: Update,
    answer: oneshot::Sender<StatusCode>,
}

/// What the server knows.
#[derive(Clone)]
struct Door {
    path: String,
    secret: SecretString,
    inbox: mpsc::Sender<Post>,
    /// Posts refused so far.
    refused: Arc<AtomicU64>,
}

impl Listener<'_> {
    /// Listens until `stop`, or until nobody takes the events any more. The webhook is set at
    /// the start and removed at the end: Telegram keeps what comes meanwhile, for a day.
    ///
    /// # Errors
    ///
    /// When the token is refused, the address is taken, Telegram refuses the webhook, or another
    /// program sets one of its own.
    pub(super) async fn serve(
        mut self,
        webhook: &Webhook,
        stop: CancellationToken,
    ) -> Result<(), ListenError> {
        let Some(begun) = stop.run_until_cancelled(Box::pin(self.begin(webhook))).await else {
            return Ok(());
        };
        let socket = begun?;
        self.progress.works();
        let result = Box::pin(self.attend(webhook, socket, &stop)).await;
        if !matches!(result, Err(ListenError::Conflict(_) | ListenError::Unauthorized(_))) {
            self.remove().await;
        }
        result
    }

    /// Takes the address and tells Telegram.
    async fn begin(&mut self, webhook: &Webhook) -> Result<TcpListener, ListenError> {
        // First the address: Telegram must find it open.
        let socket = TcpListener::bind(webhook.listen).await.map_err(|error| {
            let at = webhook.listen;
            ListenError::Lost(format!("telegram.webhook_listen: {at} cannot be used: {error}"))
        })?;
        self.learn_name().await.map_err(refusal)?;
        let request = self.api.request(SetWebhook {
            url: webhook.url.to_string(),
            secret_token: webhook.secret.expose_secret().to_owned(),
            allowed_updates: &KINDS,
            max_connections: AT_ONCE,
            drop_pending_updates: false,
        });
        self.api.ask(request).await.map_err(refusal)?;
        tracing::info!(at = %webhook.listen, "Telegram brings its updates");
        Ok(socket)
    }

    async fn attend(
        &self,
        webhook: &Webhook,
        socket: TcpListener,
        stop: &CancellationToken,
    ) -> Result<(), ListenError> {
        let (inbox, posts) = mpsc::channel(0);
        let door = Door {
            path: webhook.url.path().to_owned(),
            secret: webhook.secret.clone(),
            inbox,
            refused: self.progress.refused.clone(),
        };
        let closing = stop.child_token();
        let router = Router::new().fallback(knock).with_state(door);
        let serving = axum::serve(socket, router)
            .with_graceful_shutdown(closing.clone().cancelled_owned())
            .into_future();
        let working = self.take_all(posts);
        let mut open = pin!(join(serving, working));
        let away = async {
            let watching = pin!(self.watch(webhook));
            let unheard = pin!(self.events.closed());
            match stop.run_until_cancelled(select(watching, unheard)).await {
                Some(Either::Left((found, _))) => Err(found),
                Some(Either::Right(_)) | None => Ok(()),
            }
        };
        let ended = match select(&mut open, pin!(away)).await {
            Either::Left(_) => {
                return Err(ListenError::Lost("the webhook's server ended".to_owned()));
            }
            Either::Right((ended, _)) => ended,
        };
        closing.cancel();
        // What was posted already is handed over; a connection that idles does not hold us up.
        drop(tokio::time::timeout(CLOSING, open).await);
        ended
    }

    /// Takes what is posted, several at once.
    fn take_all<'a>(&'a self, posts: mpsc::Receiver<Post>) -> BoxFuture<'a, ()> {
        posts.for_each_concurrent(AT_ONCE, move |post| self.take(post)).boxed()
    }

    /// Hands one update over, when it is its turn in its chat, and answers its post.
    async fn take(&self, post: Post) {
        let (id, turns) = (post.update.id.0, &self.progress.turns);
        turns.came(id);
        let chat = post.update.chat().map(|chat| chat.id.0);
        let _turn = match chat {
            Some(chat) => Some(turns.of(chat, id).await),
            // What is typed in other chats is answered for itself.
            None => None,
        };
        let status = match self.hand_over(post.update).await {
            Some(Claim::New | Claim::Done) => StatusCode::OK,
            // The first post of this update may still fail; Telegram brings it again.
            Some(Claim::Open) | None => StatusCode::SERVICE_UNAVAILABLE,
        };
        // Who posted it may be gone; the update is handed over all the same.
        let _ = post.answer.send(status);
    }

    /// Looks now and then whether the webhook is still ours; ends when it is not.
    async fn watch(&self, webhook: &Webhook) -> ListenError {
        let mut told = None;
        loop {
            self.clock.sleep(LOOK).await;
            match self.api.ask(self.api.request(GetWebhookInfo {})).await {
                Err(Failure::Token) => return refusal(Failure::Token),
                // Updates may come all the same.
                Err(failure) => tracing::debug!(%failure, "the webhook was not looked at"),
                Ok(info) if info.url != webhook.url.as_str() => {
                    return ListenError::Conflict(
                        "another program changed the webhook of the same Telegram token; stop \
                         it, or give it a bot of its own"
                            .to_owned(),
                    );
                }
                Ok(info) => {
                    if info.last_error_date.is_some() && info.last_error_date != told {
                        let reason = info.last_error_message.unwrap_or_default();
                        let reason = text::cut(&text::one_line(&reason), 200);
                        tracing::warn!(%reason, "Telegram could not bring an update");
                        told = info.last_error_date;
                    }
                }
            }
        }
    }

    /// Removes the webhook, so that nothing is sent to an address that nobody attends.
    async fn remove(&self) {
        let request = self.api.bot().delete_webhook().drop_pending_updates(false);
        match self.api.ask_within(CLOSING, request).await {
            Ok(_) => {}
            Err(failure) => tracing::warn!(%failure, "the webhook was not removed"),
        }
    }
}

/// Answers one post. What does not carry the secret is not read.
async fn knock(State(mut door): State<Door>, request: Request) -> StatusCode {
    if !carries(request.headers(), &door.secret) {
        let count = door.refused.fetch_add(1, Ordering::Relaxed) + 1;
        // Told at 1, 2, 4, 8, …: whoever knocks must not be able to fill the log.
        if count.is_power_of_two() {
            tracing::warn!(count, "posts to the webhook without its secret were refused");
        }
        return StatusCode::UNAUTHORIZED;
    }
    if request.uri().path() != door.path {
        return StatusCode::NOT_FOUND;
    }
    if request.method() != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    let body = match tokio::time::timeout(ARRIVAL, to_bytes(request.into_body(), LARGEST)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let Ok(update) = serde_json::from_slice::<Update>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let (answer, answered) = oneshot::channel();
    if door.inbox.send(Post { update, answer }).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    answered.await.unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

/// Whether the secret is the right one, in a time that does not depend on how much of it is:
/// digests are compared, and all of them.
fn carries(headers: &HeaderMap, secret: &SecretString) -> bool {
    let carried = headers.get(SECRET).map_or(&b""[..], |value| value.as_bytes());
    let carried = Sha256::digest(carried);
    let wanted = Sha256::digest(secret.expose_secret().as_bytes());
    carried.iter().zip(wanted.iter()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

fn refusal(failure: Failure) -> ListenError {
    match failure {
        Failure::Token => ListenError::Unauthorized(Failure::Token.to_string()),
        other => ListenError::Lost(other.to_string()),
    }
}
