//! The only place that reads the clock and the environment (the other crates are handed both).
#![expect(
    clippy::disallowed_methods,
    reason = "this module is where clock and environment come in"
)]

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC.
#[must_use]
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A clock that only moves forward, in milliseconds since its making.
pub fn stopwatch() -> impl Fn() -> u64 {
    let start = Instant::now();
    move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A variable of the environment, if set and not empty.
#[must_use]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The file of this very program.
///
/// # Errors
/// A fault when the system does not say.
#[cfg(feature = "screening")]
pub fn program() -> Result<std::path::PathBuf, domain::problem::Fault> {
    std::env::current_exe().map_err(|e| domain::problem::Fault::new("find own program", e))
}

/// Name of the operating-system account that runs the program, for the access log.
#[must_use]
pub fn user() -> String {
    variable("SUDO_USER")
        .or_else(|| variable("USER"))
        .or_else(|| variable("LOGNAME"))
        .unwrap_or_else(|| "unknown".into())
}
