//! Arguments of the commands that run the register and keep it safe.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::register::Desk;

/// Largest file that clerks may hand in over the site, unless said otherwise.
pub const UPLOAD_MB: u64 = 256;

/// How long an own key stays unlocked on the site, unless said otherwise.
pub const UNLOCK_MINUTES: u64 = 15;

/// One-time codes are handed out at the counters of villages and townships, unless said otherwise.
pub const COUNTER: &str = "counter";

#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    pub desk: Desk,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub desk: Desk,
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<SocketAddr>,
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    #[arg(long, value_name = "MB", default_value_t = UPLOAD_MB)]
    pub upload_mb: u64,
    #[arg(long, value_name = "MINUTES", default_value_t = UNLOCK_MINUTES,
        value_parser = clap::value_parser!(u64).range(1..=60))]
    pub unlock_minutes: u64,
    #[arg(long, value_name = "CHANNEL", default_value = COUNTER, value_parser = [COUNTER, "none"])]
    pub codes: String,
}

#[derive(Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    pub desk: Desk,
    #[arg(long)]
    pub once: bool,
}

#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    pub desk: Desk,
    pub to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    pub desk: Desk,
    pub from: PathBuf,
}
