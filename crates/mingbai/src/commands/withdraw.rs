//! `mingbai withdraw`: takes a batch back and keeps the trace.

use crate::cli::Withdraw;
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// Takes the batch back.
///
/// # Errors
/// When there is no such batch, or it is withdrawn already.
pub fn run(setting: &Setting, args: &Withdraw) -> Outcome {
    let manifest =
        setting.folder(&args.dir)?.withdraw(args.batch, &args.reason, system::now_ms())?;
    if setting.common.json {
        return setting.print_json(&manifest);
    }
    let batch = args.batch.to_string();
    setting.remark("ui-withdraw-done", &[("batch", &batch), ("file", &manifest.source_name)]);
    Ok(Ending::Done)
}
