//! The demo: the real pipeline over a bundled sample web, in this terminal, without a network.
//!
//! It pretends the morning of 23 November 2026, for which the sample was
//! written, and says so. It touches nothing outside a folder of its own that
//! goes away with it.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use include_dir::{Dir, include_dir};
use sha2::{Digest, Sha256};

use crate::app::clock::ShiftedClock;
use crate::app::offline::{here, invocation, pass};
use crate::app::{Parts, answer_here, show};
use crate::chat::Platform;
use crate::chat::console::{Console, Prompt};
use crate::commands;
use crate::config::{self, BUILT_IN, Config};
use crate::deliver::{Deliverer, Step};
use crate::model::event::Target;
use crate::model::message::{Block, Line, Message, Span};
use crate::model::subscription::PlatformName;
use crate::sources::http::{Lookup, Web};

/// The sample web: a folder per host, and the sources that read it.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config/sample");

/// A minute before the edition closes.
const OPENS: &str = "2026-11-23T11:59:00Z";
/// When it closes: 7:00 in New York.
const CLOSES: &str = "2026-11-23T12:00:00Z";

/// Runs the demo; with `once`, or without a terminal, it ends after the brief.
pub(super) async fn run(once: bool) -> anyhow::Result<()> {
    let home = tempfile::Builder::new()
        .prefix("monazite-demo-")
        .tempdir()
        .context("no folder for the demo")?;
    let server = SampleWeb::serve().await?;
    let clock = Arc::new(ShiftedClock::starting(OPENS.parse()?));
    let config = sample_config(home.path(), &server)?;
    let web = Web::with_lookup(config.fetch.clone(), clock.clone(), server.lookup())?;
    let parts = Parts::new(config, clock.clone(), web)?;
    let demo = Demo::new(parts);
    demo.first_edition(&clock).await?;
    if !once && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        demo.converse().await?;
    }
    server.stop();
    Ok(())
}

struct Demo {
    parts: Parts,
    deliverer: Deliverer,
    console: Arc<dyn Platform>,
}

impl Demo {
    fn new(parts: Parts) -> Self {
        let console: Arc<dyn Platform> =
            Arc::new(Console::new(Box::new(std::io::stdout()), show::look()));
        let platforms = BTreeMap::from([(PlatformName::Console, console.clone())]);
        let (lexicon, zone) = (parts.config.lexicon.clone(), parts.config.zone);
        let deliverer = Deliverer::new(parts.store.clone(), lexicon, platforms, zone);
        Self { parts, deliverer, console }
    }

    /// Subscribes this terminal, gathers, publishes at the hour and delivers.
    async fn first_edition(&self, clock: &ShiftedClock) -> anyhow::Result<()> {
        let now = self.parts.clock.now();
        self.parts.publisher.step(now)?;
        // The answer to subscribing would come before the brief that it announces.
        drop(commands::answer(&self.parts.desk, &invocation("subscribe"), now));
        let bar = indicatif::ProgressBar::hidden();
        // One after the other, so that two demos show the same.
        let reports = pass(&self.parts, 1, &bar).await?;
        let listed: usize = reports.iter().map(|report| report.listed).sum();
        let new: usize = reports.iter().map(|report| report.new).sum();
        self.say(&greeting(reports.len(), listed, new)).await?;
        clock.set(CLOSES.parse()?);
        self.parts.publisher.step(self.parts.clock.now())?;
        self.deliver().await
    }

    /// Delivers what is due.
    async fn deliver(&self) -> anyhow::Result<()> {
        let now = self.parts.clock.now() + chrono::Duration::seconds(1);
        for delivery in self.deliverer.claim_due(now, 8)? {
            let mut next = Some(delivery);
            while let Some(delivery) = next.take() {
                if let Step::Again(more) = self.deliverer.step(delivery, now).await? {
                    next = Some(*more);
                }
            }
        }
        Ok(())
    }

    /// Every topic, element and company, to be completed as it is typed; asked for by their first
    /// letters, since a platform's list of suggestions is short.
    fn names(&self) -> Vec<String> {
        let of = |letter: char| commands::complete(&self.parts.desk, "latest", &letter.to_string());
        let mut names: Vec<String> = ('a'..='z').flat_map(of).collect();
        names.sort_by_key(|name| name.to_lowercase());
        names.dedup();
        names
    }

    async fn say(&self, message: &Message) -> anyhow::Result<()> {
        for part in self.console.render(message) {
            self.console.send(&Target::Chat(here()), &part, None).await?;
        }
        Ok(())
    }

    /// Takes commands until the end of input.
    async fn converse(&self) -> anyhow::Result<()> {
        let hint = Line(vec![
            Span::Text("Ask me something: ".to_owned()),
            Span::Command("/latest dysprosium".to_owned()),
            Span::Text(", ".to_owned()),
            Span::Command("/sources".to_owned()),
            Span::Text(", ".to_owned()),
            Span::Command("/help".to_owned()),
            Span::Text("; Tab completes, Ctrl-D ends.".to_owned()),
        ]);
        self.say(&Message { blocks: vec![Block::Footer(hint)], ..Message::default() }).await?;
        let (lines, mut typed) = tokio::sync::mpsc::channel::<String>(1);
        let menu = commands::menu();
        let names = self.names();
        // The prompt blocks, so it has a thread; it asks for the next line when one was answered.
        let (ready, wanted) = std::sync::mpsc::channel::<()>();
        let prompt = tokio::task::spawn_blocking(move || -> std::io::Result<()> {
            let mut prompt = Prompt::new(&menu, None)?;
            prompt.offer(names);
            while wanted.recv().is_ok() {
                let Some(line) = prompt.next()? else { break };
                if lines.blocking_send(line).is_err() {
                    break;
                }
            }
            Ok(())
        });
        while ready.send(()).is_ok() {
            let Some(line) = typed.recv().await else { break };
            let word = line.trim().trim_start_matches('/').to_lowercase();
            if matches!(word.as_str(), "quit" | "exit" | "q") {
                break;
            }
            if word.is_empty() {
                continue;
            }
            let now = self.parts.clock.now();
            let answer = answer_here(&self.parts.desk, &invocation(&line), now)?;
            self.say(&answer).await?;
            self.deliver().await?;
        }
        drop(ready);
        match prompt.await {
            Ok(result) => Ok(result?),
            Err(_) => Ok(()),
        }
    }
}

fn greeting(sources: usize, listed: usize, new: usize) -> Message {
    let text = format!(
        "Demo: it pretends the morning of 23 November 2026. {sources} sample sources on this machine listed {listed} \
         items; {new} became articles, the rest were known already, off the subject or broken."
    );
    Message { blocks: vec![Block::Footer(Line::text(text))], ..Message::default() }
}

/// The built-in configuration over the sample's sources, with a store of its own.
fn sample_config(home: &std::path::Path, server: &SampleWeb) -> anyhow::Result<Config> {
    let sources =
        SAMPLE.get_file("sources.toml").and_then(|file| file.contents_utf8()).unwrap_or_default();
    let texts =
        BUILT_IN.map(
            |(name, text)| {
                if name == "sources.toml" { sources.to_owned() } else { text.to_owned() }
            },
        );
    let mut config =
        config::parse(&texts).map_err(|problems| anyhow::anyhow!(problems.join("; ")))?;
    config.store = home.join("store");
    config.fetch.per_host_interval = Duration::ZERO;
    config.fetch.allow_private =
        server.hosts().into_iter().map(|host| format!("{host}:80")).collect();
    Ok(config)
}

/// The sample web on loopback, answering by host name.
pub struct SampleWeb {
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl SampleWeb {
    /// Serves the bundled sample on a free port.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn serve() -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .context("no port for the sample web")?;
        let address = listener.local_addr()?;
        let site = SAMPLE.get_dir("web").context("the sample web is missing")?;
        let router = axum::Router::new().fallback(page).with_state(site);
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, task })
    }

    /// A name lookup under which every host of the sample is this server.
    #[must_use]
    pub fn lookup(&self) -> Lookup {
        let address = self.address;
        Arc::new(move |_| Box::pin(async move { Ok(vec![address]) }))
    }

    /// The sample's host names.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let folders = SAMPLE.get_dir("web").into_iter().flat_map(Dir::dirs);
        folders.filter_map(|folder| Some(folder.path().file_name()?.to_str()?.to_owned())).collect()
    }

    fn stop(self) {
        self.task.abort();
    }
}

/// A page of the sample: `/` ends mean `index.html`; conditional requests are honored.
async fn page(State(site): State<&'static Dir<'static>>, request: Request) -> Response {
    let value = |name| {
        request.headers().get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok())
    };
    let host = value(header::HOST).unwrap_or_default().split(':').next().unwrap_or_default();
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    let Some(file) = site.get_file(site.path().join(host).join(&path)) else {
        return (StatusCode::NOT_FOUND, "not found").into_response();
    };
    let etag = etag(file.contents());
    if value(header::IF_NONE_MATCH) == Some(etag.as_str()) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let kind = match path.rsplit('.').next() {
        Some("xml") => "application/xml",
        Some("json") => "application/json",
        // No charset: the pages say themselves, or must be understood without.
        _ => "text/html",
    };
    ([(header::CONTENT_TYPE, kind), (header::ETAG, etag.as_str())], file.contents()).into_response()
}

fn etag(contents: &[u8]) -> String {
    let digest = Sha256::digest(contents);
    format!("\"{}\"", digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>())
}
