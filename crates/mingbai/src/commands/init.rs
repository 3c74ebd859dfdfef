//! `mingbai init`: a data folder and its keys.

use facts::Folder;

use crate::cli::Init;
use crate::setting::{Ending, Outcome, Setting};

/// Makes the folder.
///
/// # Errors
/// When there is a folder already, or the disk refuses.
pub fn run(setting: &Setting, args: &Init) -> Outcome {
    let folder = Folder::init(&args.dir, setting.common.keys.as_deref(), &args.county)?;
    let (dir, keys) = (args.dir.display().to_string(), folder.keys_dir().display().to_string());
    if setting.common.json {
        return setting.print_json(&serde_json::json!({ "dir": dir, "keys": keys }));
    }
    setting.remark("ui-init-done", &[("dir", &dir), ("keys", &keys)]);
    Ok(Ending::Done)
}
