//! `mingbai verify`: checks a proof without network and without the register.

use domain::problem::{Failure, Problem};
use journal::bundle::Bundle;
use journal::checkpoint::KeyRing;

use crate::cli::register::Verify;
use crate::office::file;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Verifies a proof bundle against a checkpoint and the log's public keys.
///
/// # Errors
/// When a file cannot be read, or something does not fit.
pub fn run(setting: &Setting, args: &Verify) -> Outcome {
    let read = |path: &std::path::Path| -> Result<String, Failure> {
        Ok(std::fs::read_to_string(path)
            .map_err(|_| Problem::new("file-not-readable", file(path)))?)
    };
    let refused = |error: journal::Refused| -> Failure {
        let detail = setting.text.get(&format!("ui-{}", error.code()));
        Problem::new("proof-refused", file(&args.file)).with("detail", detail).into()
    };
    let ring = KeyRing::parse(&read(&args.log_keys)?).map_err(refused)?;
    let bundle = Bundle::parse(&read(&args.file)?).map_err(refused)?;
    let kept = ring.open(&read(&args.checkpoint)?).map_err(refused)?;
    let verified = journal::verify::verify(&bundle, &ring).map_err(refused)?;
    if verified.checkpoint != kept {
        return Err(Problem::new("proof-other-checkpoint", file(&args.file)).into());
    }
    let (leaf, size) = (verified.index.to_string(), kept.size.to_string());
    let subject = verified.leaf.subject.clone();
    say::result(
        &setting
            .text
            .with("ui-verified", &[("number", &subject), ("leaf", &leaf), ("size", &size)]),
    );
    Ok(Ending::Done)
}
