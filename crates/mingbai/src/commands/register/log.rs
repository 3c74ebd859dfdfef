//! `mingbai log`: the public log and the internal one.

use domain::problem::{Failure, Fault, Place, Problem};
use journal::audit::Difference;
use registry::queries::lists::last_leaf;
use registry::tx::{LOGS, PUBLIC};

use crate::cli::register::LogAct;
use crate::office::Office;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Signs, proves, verifies, or changes the key.
///
/// # Errors
/// When a log does not continue what was signed.
pub fn run(setting: &Setting, act: LogAct) -> Outcome {
    match act {
        LogAct::Checkpoint { desk } => {
            let office = Office::open(setting, &desk)?;
            for (name, kept) in office.checkpoint()? {
                let args = [kept.size.to_string(), kept.new.to_string()];
                let args = [("log", name), ("size", &*args[0]), ("new", &*args[1])];
                setting.remark("ui-log-signed", &args);
            }
            say::result(office.log(PUBLIC).checkpoint()?.trim_end());
            Ok(Ending::Done)
        }
        LogAct::Prove { desk, number, output } => {
            let office = Office::open(setting, &desk)?;
            let leaf = office.wait(last_leaf(&office.registry.db, PUBLIC, &number))?;
            let unknown = || {
                let place = Place { column: Some(number.clone()), ..Place::default() };
                Failure::from(Problem::new("not-in-log", place).with("number", &number))
            };
            let leaf = leaf.and_then(|leaf| u64::try_from(leaf).ok()).ok_or_else(unknown)?;
            let log = office.log(PUBLIC);
            let bundle = office.wait(log.bundle(&office.registry.db, leaf))?;
            let json = bundle.to_json().map_err(|e| Fault::new("write proof", e))?;
            std::fs::write(&output, json).map_err(|e| Fault::new("write proof", e))?;
            let (leaf, file) = (leaf.to_string(), output.display().to_string());
            setting.remark("ui-log-proved", &[("leaf", &leaf), ("file", &file)]);
            Ok(Ending::Done)
        }
        LogAct::Verify { desk } => verify(setting, &Office::open(setting, &desk)?),
        LogAct::Rotate { desk } => {
            let office = Office::open(setting, &desk)?;
            for name in LOGS {
                office.rotate(name)?;
            }
            setting.remark("ui-log-rotated", &[]);
            Ok(Ending::Done)
        }
    }
}

fn verify(setting: &Setting, office: &Office) -> Outcome {
    let mut ending = Ending::Done;
    for name in LOGS {
        let (checkpoint, found) = office.log(name).audit(&mut |_, _| {})?;
        let size = checkpoint.size.to_string();
        if found.is_clean() {
            setting.remark("ui-log-whole", &[("log", name), ("size", &size)]);
            continue;
        }
        ending = Ending::Altered;
        for difference in &found.differences {
            let what = told(setting, difference);
            say::result(&setting.text.with("ui-log-broken", &[("log", name), ("what", &what)]));
        }
    }
    Ok(ending)
}

/// What is wrong with a log, in a sentence.
fn told(setting: &Setting, difference: &Difference) -> String {
    let (key, leaf, file) = match difference {
        Difference::Missing(file) => ("ui-log-missing", 0, file.clone()),
        Difference::Bundle(file) => ("ui-log-bundle", 0, file.clone()),
        Difference::Entry(leaf, file) => ("ui-log-entry", *leaf, file.clone()),
        Difference::Tile(file) => ("ui-log-tile", 0, file.clone()),
        Difference::Root(root) => ("ui-log-root", 0, root.to_hex()),
    };
    setting.text.with(key, &[("leaf", &leaf.to_string()), ("file", &file)])
}
