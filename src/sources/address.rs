//! Which addresses may be connected to: public ones, and pairs an operator allows by name.
//!
//! Checked in the name lookup of the connection itself, and for addresses
//! written as numbers before a connection is made. Nothing here connects.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::sources::FetchError;
use crate::sources::http::Lookup;

/// A host whose addresses are all private.
#[derive(Debug, thiserror::Error)]
#[error("the address of {0} is private, and fetch.allow_private does not name it")]
struct PrivateHost(String);

/// The name lookup that leaves out private addresses.
pub(crate) struct Guard {
    lookup: Lookup,
    /// Host names (without port) of the allowed pairs. The port is checked before connecting.
    allowed: Arc<HashSet<String>>,
}

impl Guard {
    pub(crate) fn new(lookup: Lookup, allow_private: &[String]) -> Self {
        let hosts = allow_private.iter().filter_map(|pair| pair.rsplit_once(':'));
        let allowed = hosts.map(|(host, _)| host.to_ascii_lowercase()).collect();
        Self { lookup, allowed: Arc::new(allowed) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_ascii_lowercase();
        let allowed = self.allowed.contains(&host);
        let found = (self.lookup)(host.clone());
        Box::pin(async move {
            let mut found = found.await?;
            if !allowed {
                found.retain(|address| is_public(address.ip()));
                if found.is_empty() {
                    return Err(PrivateHost(host).into());
                }
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The system's lookup.
pub(crate) fn system_lookup() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move { Ok(tokio::net::lookup_host((host.as_str(), 0)).await?.collect()) })
    })
}

/// Refuses addresses written as numbers that are private, and hosts whose pair with this very
/// port is not allowed though the host is with another.
pub(crate) fn check_literal(url: &Url, allow_private: &[String]) -> Result<(), FetchError> {
    let port = url.port_or_known_default().unwrap_or(0);
    let ip = match url.host() {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
        Some(Host::Domain(host)) => return check_port(host, port, allow_private),
        None => return Err(FetchError::Malformed("the address has no host".to_owned())),
    };
    let host = url.host_str().unwrap_or_default();
    let pair = format!("{host}:{port}");
    if is_public(ip) || allow_private.iter().any(|allowed| allowed.eq_ignore_ascii_case(&pair)) {
        return Ok(());
    }
    Err(FetchError::Refused(PrivateHost(host.to_owned()).to_string()))
}

fn check_port(host: &str, port: u16, allow_private: &[String]) -> Result<(), FetchError> {
    let ports: Vec<&str> = allow_private
        .iter()
        .filter_map(|pair| pair.rsplit_once(':'))
        .filter(|(allowed, _)| allowed.eq_ignore_ascii_case(host))
        .map(|(_, port)| port)
        .collect();
    if ports.is_empty() || ports.contains(&port.to_string().as_str()) {
        return Ok(());
    }
    Err(FetchError::Refused(format!("{host} is allowed with port {} only", ports.join(", "))))
}

/// The guard's refusal inside a failed request, if that is what failed it.
pub(crate) fn refusal(error: &reqwest::Error) -> Option<String> {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(private) = inner.downcast_ref::<PrivateHost>() {
            return Some(private.to_string());
        }
        cause = inner.source();
    }
    None
}

/// Whether an address is one of the public internet's.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// Everything but the special-purpose blocks of IANA's IPv4 registry.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !(ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Global unicast less the blocks that embed an IPv4 address or lead inside.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    // 2000::/3 leaves out mapped (::ffff:0:0/96), NAT64, loopback, unique-local, link-local, multicast.
    let global = s[0] & 0xe000 == 0x2000;
    let teredo_or_special = s[0] == 0x2001 && s[1] < 0x0200;
    let six_to_four = s[0] == 0x2002;
    let documentation = (s[0] == 0x2001 && s[1] == 0x0db8) || s[0] == 0x3fff;
    global && !teredo_or_special && !six_to_four && !documentation
}
