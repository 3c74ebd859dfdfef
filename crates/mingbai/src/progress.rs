//! How far a long step is: a bar with rows/s and time left on a terminal, plain lines otherwise,
//! nothing with `--quiet`.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::system;
use locale::Text;

/// How the program speaks while it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loudness {
    /// Bars on a terminal, a line now and then elsewhere.
    Normal,
    /// Nothing but results and problems.
    Quiet,
}

/// Milliseconds between plain lines when there is no terminal.
const LINE_EVERY_MS: u64 = 10_000;

/// Progress of one step whose size in bytes is known.
pub struct Step {
    bar: Option<ProgressBar>,
    plain: Option<PlainLines>,
    rows: Arc<AtomicU64>,
    bytes: AtomicU64,
}

struct PlainLines {
    name: String,
    text: &'static Text,
    total_bytes: u64,
    clock: Box<dyn Fn() -> u64 + Send + Sync>,
    last_ms: Mutex<u64>,
}

impl Step {
    /// Starts a step.
    #[must_use]
    pub fn start(loudness: Loudness, text: &'static Text, name: &str, total_bytes: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let shown = loudness == Loudness::Normal;
        let rows = Arc::new(AtomicU64::new(0));
        let bar = (shown && terminal).then(|| bar(text, name, total_bytes, &rows));
        let plain = (shown && !terminal).then(|| PlainLines {
            name: name.to_owned(),
            text,
            total_bytes,
            clock: Box::new(system::stopwatch()),
            last_ms: Mutex::new(0),
        });
        Self { bar, plain, rows, bytes: AtomicU64::new(0) }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl exchange::progress::Progress for Step {
    fn advance(&self, rows: u64, bytes: u64) {
        let rows = self.rows.fetch_add(rows, Ordering::Relaxed) + rows;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if let Some(bar) = &self.bar {
            bar.set_message(HumanCount(rows).to_string());
            bar.set_position(bytes);
        }
        if let Some(plain) = &self.plain {
            plain.advance(rows, bytes);
        }
    }
}

impl PlainLines {
    fn advance(&self, rows: u64, bytes: u64) {
        let now = (self.clock)();
        let Ok(mut last) = self.last_ms.lock() else { return };
        if now.saturating_sub(*last) >= LINE_EVERY_MS {
            *last = now;
            let percent = (bytes * 100).checked_div(self.total_bytes).unwrap_or(100).min(100);
            let (rows, percent) = (HumanCount(rows).to_string(), percent.to_string());
            let args = [("name", self.name.as_str()), ("rows", &rows), ("percent", &percent)];
            crate::say::note(&self.text.with("ui-progress-line", &args));
        }
    }
}

fn bar(text: &'static Text, name: &str, total_bytes: u64, rows: &Arc<AtomicU64>) -> ProgressBar {
    let bar = ProgressBar::new(total_bytes).with_prefix(name.to_owned());
    let rows = Arc::clone(rows);
    let rate = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let ms = u64::try_from(state.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let per_second = rows.load(Ordering::Relaxed).saturating_mul(1000) / ms;
        let _written = out.write_str(
            &text.with("ui-progress-rate", &[("rate", &HumanCount(per_second).to_string())]),
        );
    };
    let left = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
        let _written =
            out.write_str(&text.with(
                "ui-progress-left",
                &[("left", &format!("{:#}", HumanDuration(state.eta())))],
            ));
    };
    // The style is a constant of ours: where it cannot be read the bar is plain.
    if let Ok(style) = ProgressStyle::with_template(
        "{prefix:24!} [{bar:24}] {percent:>3}% {msg:>11} {rate} {left}",
    ) {
        bar.set_style(style.with_key("rate", rate).with_key("left", left).progress_chars("=> "));
    }
    bar
}
