//! A web of any hosts on one loopback port: scripted answers, and a log of what was asked.
//!
//! Names lead to it through `lookup`; a host whose robots.txt is not scripted
//! has none (404). Answers that never end or never come are part of it.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monazite::clock::Clock;
use monazite::sources::http::{FetchSettings, Lookup, Web};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// The web. Cheap to clone.
#[derive(Clone)]
pub(crate) struct FakeWeb {
    address: SocketAddr,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    /// Answers by `host` and path with query; the last one stays.
    pages: Mutex<HashMap<String, Vec<Reply>>>,
    hosts: Mutex<BTreeSet<String>>,
    log: Mutex<Vec<Hit>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

/// One request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// `http://host/path?query`.
    pub(crate) url: String,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
}

impl Hit {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// A scripted answer.
#[derive(Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    manner: Manner,
    gate: Option<Arc<Semaphore>>,
}

/// How a body is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    Whole,
    /// The request is read and never answered.
    Silent,
    /// Headers, then nothing more.
    HeadersOnly,
    /// Less than was promised, then the connection ends.
    BreaksOff,
    /// The body again and again.
    Endless,
}

/// An answer with status 200 and no type.
pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Reply {
    status(200).body(body)
}

/// An answer with a status and nothing in it.
pub(crate) fn status(status: u16) -> Reply {
    Reply { status, headers: Vec::new(), body: Vec::new(), manner: Manner::Whole, gate: None }
}

/// A redirect.
pub(crate) fn redirect(code: u16, to: &str) -> Reply {
    status(code).header("location", to)
}

/// A request that gets no answer.
pub(crate) fn silence() -> Reply {
    Reply { manner: Manner::Silent, ..status(200) }
}

impl Reply {
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn headers_only(mut self) -> Self {
        self.manner = Manner::HeadersOnly;
        self
    }

    pub(crate) fn breaks_off(mut self) -> Self {
        self.manner = Manner::BreaksOff;
        self
    }

    pub(crate) fn endless(mut self) -> Self {
        self.manner = Manner::Endless;
        self
    }

    /// Waits for a permit of the gate before it answers.
    pub(crate) fn held_by(mut self, gate: &Arc<Semaphore>) -> Self {
        self.gate = Some(Arc::clone(gate));
        self
    }

    pub(crate) fn gzip(mut self) -> Self {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&self.body).unwrap();
        self.body = packer.finish().unwrap();
        self.header("content-encoding", "gzip")
    }

    pub(crate) fn deflate(mut self) -> Self {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        packer.write_all(&self.body).unwrap();
        self.body = packer.finish().unwrap();
        self.header("content-encoding", "deflate")
    }

    /// One stored block of Brotli: enough for bodies up to 65,536 bytes.
    pub(crate) fn brotli(mut self) -> Self {
        let length = u32::try_from(self.body.len() - 1).unwrap();
        assert!(length < 0x1_0000, "one block holds no more");
        let mut packed = (length << 4 | 1 << 20).to_le_bytes()[..3].to_vec();
        packed.append(&mut self.body);
        packed.push(3);
        self.body = packed;
        self.header("content-encoding", "br")
    }

    /// Whether the request already has what would be sent.
    fn is_known(&self, hit: &Hit) -> bool {
        let same = |ours: &str, theirs: &str| {
            let ours = self.headers.iter().find(|(name, _)| name == ours);
            ours.is_some_and(|(_, value)| hit.header(theirs) == Some(value.as_str()))
        };
        self.status == 200
            && (same("etag", "if-none-match") || same("last-modified", "if-modified-since"))
    }
}

impl FakeWeb {
    /// Starts it with no page at all.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let state = Arc::clone(&web.state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        web
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Scripts what a URL (`http://host/path`) answers from now on.
    pub(crate) fn on(&self, url: &str, reply: Reply) {
        self.on_each(url, vec![reply]);
    }

    /// Scripts one answer after the other; the last one stays.
    pub(crate) fn on_each(&self, url: &str, replies: Vec<Reply>) {
        let url = url::Url::parse(url).unwrap();
        self.state.hosts.lock().unwrap().insert(url.host_str().unwrap().to_owned());
        self.state.pages.lock().unwrap().insert(url.to_string(), replies);
    }

    /// A name lookup that leads every name here.
    pub(crate) fn lookup(&self) -> Lookup {
        let address = self.address;
        Arc::new(move |_| Box::pin(std::future::ready(Ok(vec![address]))))
    }

    /// Settings that allow every scripted host, with no wait between requests.
    pub(crate) fn settings(&self) -> FetchSettings {
        let hosts = self.state.hosts.lock().unwrap();
        FetchSettings {
            per_host_interval: Duration::ZERO,
            timeout: Duration::from_secs(10),
            allow_private: hosts.iter().map(|host| format!("{host}:80")).collect(),
            ..FetchSettings::default()
        }
    }

    /// A client for the hosts scripted so far.
    pub(crate) fn client(&self, clock: &(impl Clock + Clone + 'static)) -> Web {
        self.client_with(self.settings(), clock)
    }

    pub(crate) fn client_with(
        &self,
        settings: FetchSettings,
        clock: &(impl Clock + Clone + 'static),
    ) -> Web {
        Web::with_lookup(settings, Arc::new(clock.clone()), self.lookup()).unwrap()
    }

    /// Every request so far, in order.
    pub(crate) fn log(&self) -> Vec<Hit> {
        self.state.log.lock().unwrap().clone()
    }

    /// The URLs asked for, in order, without those of robots.txt.
    pub(crate) fn asked(&self) -> Vec<String> {
        let urls = self.log().into_iter().map(|hit| hit.url);
        urls.filter(|url| !url.ends_with("/robots.txt")).collect()
    }

    /// How often a URL was asked for.
    pub(crate) fn hits(&self, url: &str) -> usize {
        self.log().iter().filter(|hit| hit.url == url).count()
    }

    /// The most requests that were under way at once.
    pub(crate) fn most_at_once(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) {
    while let Some(hit) = read_request(&mut stream).await {
        let reply = {
            state.log.lock().unwrap().push(hit.clone());
            let mut pages = state.pages.lock().unwrap();
            match pages.get_mut(&hit.url) {
                Some(replies) if replies.len() > 1 => replies.remove(0),
                Some(replies) => replies[0].clone(),
                None => status(404).body("no such page"),
            }
        };
        let now = state.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        state.most.fetch_max(now, Ordering::SeqCst);
        let goes_on = answer(&mut stream, reply, &hit).await;
        state.under_way.fetch_sub(1, Ordering::SeqCst);
        if !goes_on {
            return;
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<Hit> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let first: Vec<&str> = lines.next().unwrap().split(' ').collect();
    assert_eq!((first[0], first[2]), ("GET", "HTTP/1.1"), "only this is ever asked");
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    Some(Hit { url: format!("http://{}{}", headers["host"], first[1]), headers })
}

/// Sends the answer; whether the connection may be used again.
async fn answer(stream: &mut TcpStream, mut reply: Reply, hit: &Hit) -> bool {
    if let Some(gate) = &reply.gate {
        gate.acquire().await.unwrap().forget();
    }
    if reply.manner == Manner::Silent {
        return until_closed(stream).await;
    }
    if reply.is_known(hit) {
        reply.status = 304;
        reply.body.clear();
    }
    let length = match reply.manner {
        Manner::Endless => None,
        Manner::BreaksOff | Manner::HeadersOnly => Some(reply.body.len() + 1_000),
        Manner::Whole | Manner::Silent => Some(reply.body.len()),
    };
    let mut head = format!("HTTP/1.1 {} -\r\n", reply.status);
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(length) = length.filter(|_| reply.status != 304) {
        head.push_str(&format!("content-length: {length}\r\n"));
    }
    head.push_str("\r\n");
    if stream.write_all(head.as_bytes()).await.is_err() {
        return false;
    }
    match reply.manner {
        Manner::HeadersOnly => until_closed(stream).await,
        Manner::Endless => {
            while stream.write_all(&reply.body).await.is_ok() {}
            false
        }
        Manner::BreaksOff => {
            // Half a body, then a proper end of the connection: what a proxy does that gives up.
            let sent = stream.write_all(&reply.body).await;
            drop(sent);
            false
        }
        Manner::Whole | Manner::Silent => stream.write_all(&reply.body).await.is_ok(),
    }
}

async fn until_closed(stream: &mut TcpStream) -> bool {
    let mut rest = [0; 64];
    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
    false
}
