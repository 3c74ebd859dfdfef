//! How many people the site can serve at once, over real connections on this machine.
//!
//! usage: load pages ADDRESS [SECONDS] [CONNECTIONS]
//!        load own ADDRESS ASKERS.csv [A_SECOND] [SECONDS]
//!
//! `pages` asks for each kind of public page as fast as answers come, and for all of them mixed; each
//! row goes round many villages, notices and matters. `own` lets people look up their own payments at
//! a fixed rate, whether those before are done or not; the file has a line for each: ID number, name,
//! last four digits. Only this machine's own address is taken.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads the clock and waits"
)]

mod http;
mod own;
mod pages;

use std::error::Error;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// Whatever goes wrong ends the run.
pub type Failed = Box<dyn Error + Send + Sync>;

/// Longest run, in seconds.
const LONGEST: usize = 120;

fn main() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let number = |text: Option<&&str>, or: usize| text.map_or(Ok(or), |text| text.parse());
    match args.as_slice() {
        ["pages", address, more @ ..] => {
            let (seconds, connections) = (number(more.first(), 5)?, number(more.get(1), 16)?);
            pages::run(&here(address)?, seconds.min(LONGEST), connections.min(256))
        }
        ["own", address, askers, more @ ..] => {
            let (rate, seconds) = (number(more.first(), 200)?, number(more.get(1), 30)?);
            own::run(&here(address)?, askers, rate.min(2000), seconds.min(LONGEST))
        }
        _ => Err("usage: load pages|own ADDRESS ...".into()),
    }
}

/// The address, if it is one of this machine alone.
fn here(address: &str) -> Result<String, Failed> {
    let found: Vec<SocketAddr> = address.to_socket_addrs()?.collect();
    if !found.is_empty() && found.iter().all(|one| one.ip().is_loopback()) {
        return Ok(address.to_owned());
    }
    Err("this tool puts load on this machine alone: 127.0.0.1:PORT".into())
}

/// The time that a share of a thousand was quicker than.
pub fn share(sorted: &[Duration], of_thousand: usize) -> String {
    let at = sorted.len() * of_thousand / 1000;
    let time = sorted.get(at.min(sorted.len().saturating_sub(1))).copied().unwrap_or_default();
    format!("{}.{:02} ms", time.as_millis(), time.as_micros() % 1000 / 10)
}
