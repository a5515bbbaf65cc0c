//! Free ports on the loopback address.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::net::{Ipv4Addr, TcpListener};

const LOWEST: u16 = 12_000;

/// A port nobody listens on.
///
/// Taken from below the range the kernel uses for outgoing connections: otherwise, while a server is down, a client's own
/// connection could be given the server's port, and it could not come back on it. Another process may still take the port
/// before the server does; then the server says so and the caller tries the next one.
///
/// # Errors
/// No port is free.
pub fn free_port() -> io::Result<u16> {
    let ceiling = first_ephemeral_port();
    if ceiling > LOWEST.saturating_add(2_000) {
        let width = u64::from(ceiling - LOWEST);
        for _ in 0..64 {
            let offset = RandomState::new().build_hasher().finish() % width;
            let port = u16::try_from(offset).unwrap_or(0).saturating_add(LOWEST);
            if is_free(port) {
                return Ok(port);
            }
        }
    }
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// True when nobody listens on the port at this moment.
pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn first_ephemeral_port() -> u16 {
    std::fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| range.split_whitespace().next()?.parse().ok())
        .unwrap_or(32_768)
}
