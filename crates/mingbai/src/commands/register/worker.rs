//! `mingbai worker`: what must happen without anybody asking. Logs are signed, manifests written,
//! what is overdue is raised. Any number of workers may run at once, and each may die at any time.

use std::time::Duration;

use crate::cli::register::Worker;
use crate::office::Office;
use crate::setting::{Ending, Outcome, Setting};

/// Between two rounds: an act is in the signed log after this time at the latest, or a little more.
const ROUND: Duration = Duration::from_secs(2);

/// Works until it is ended, or for one round.
///
/// # Errors
/// When the register or a log cannot be read or written.
pub fn run(setting: &Setting, args: &Worker) -> Outcome {
    loop {
        let office = Office::open(setting, &args.desk)?;
        let raised = office.wait(office.registry.raise_overdue(office.now))?;
        let manifests = office.wait(office.registry.write_manifests(office.now))?;
        let signed: u64 = office.checkpoint()?.iter().map(|(_, kept)| kept.new).sum();
        if raised + manifests > 0 || signed > 0 || args.once {
            let figures = [signed.to_string(), raised.to_string(), manifests.to_string()];
            let [signed, raised, manifests] = figures.each_ref().map(String::as_str);
            let args = [("signed", signed), ("raised", raised), ("manifests", manifests)];
            setting.remark("ui-worker-round", &args);
        }
        if args.once {
            return Ok(Ending::Done);
        }
        std::thread::park_timeout(ROUND);
    }
}
