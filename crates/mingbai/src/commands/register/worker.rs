//! `mingbai worker`: what must happen without anybody asking. Logs are signed, manifests written,
//! what is overdue is raised. Any number of workers may run at once, and each may die at any time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::problem::Failure;

use crate::cli::register::{Desk, Worker};
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Between two rounds: an act is in the signed log after this time at the latest, or a little more.
const ROUND: Duration = Duration::from_secs(2);

/// Works until it is ended, or for one round.
///
/// # Errors
/// When the register or a log cannot be read or written.
pub fn run(setting: &Setting, args: &Worker) -> Outcome {
    loop {
        round(setting, &args.desk, args.once)?;
        if args.once {
            return Ok(Ending::Done);
        }
        std::thread::park_timeout(ROUND);
    }
}

/// Works beside the pages until `stop` is set. A round that fails is said, and tried again.
pub fn beside(setting: &Setting, desk: &Desk, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        if let Err(failure) = round(setting, desk, false) {
            say::note(&setting.text.failure(&failure));
        }
        std::thread::park_timeout(ROUND);
    }
}

/// One round; what it did is said when there was anything, or always.
fn round(setting: &Setting, desk: &Desk, always: bool) -> Result<(), Failure> {
    let office = Office::open(setting, desk)?;
    let raised = office.wait(office.registry.raise_overdue(office.now))?;
    let manifests = office.wait(office.registry.write_manifests(office.now))?;
    let signed: u64 = office.checkpoint()?.iter().map(|(_, kept)| kept.new).sum();
    if raised + manifests > 0 || signed > 0 || always {
        let figures = [signed.to_string(), raised.to_string(), manifests.to_string()];
        let [signed, raised, manifests] = figures.each_ref().map(String::as_str);
        let args = [("signed", signed), ("raised", raised), ("manifests", manifests)];
        setting.remark("ui-worker-round", &args);
    }
    Ok(())
}
