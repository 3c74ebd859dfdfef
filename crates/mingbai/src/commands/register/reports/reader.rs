//! What the reporter does with his receipt.

use domain::problem::{Failure, Fault, Place, Problem};
use domain::receipt::Receipt;
use registry::actions::reports::objection;
use registry::actions::reports::reader::{self, Standing};
use registry::reports::receipts;
use registry::tx::FILINGS;
use registry::{By, Tx};

use super::{Window, read_files, receipt, say_dues};
use crate::cli::reports::ReportsAct;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Acts behind a receipt.
pub(super) fn run(setting: &Setting, act: ReportsAct) -> Outcome {
    match act {
        ReportsAct::Receipt { shown, explain } => {
            let window = Window::open(setting, &shown.desk)?;
            look(setting, &window, &receipt(&shown.receipt)?, explain)
        }
        ReportsAct::Add { shown, text, attach } => {
            let window = Window::open(setting, &shown.desk)?;
            let (receipt, files) = (receipt(&shown.receipt)?, read_files(&attach)?);
            let files: Vec<Vec<u8>> = files.into_iter().map(|(_, bytes)| bytes).collect();
            let counter = window.counter();
            window.act(setting, visitor(&window), async |tx: &mut Tx| {
                Ok(((), reader::add(tx, &counter, &receipt, (&text, files)).await?))
            })?;
            said(setting)
        }
        ReportsAct::Rate { shown, solved, text } => {
            let window = Window::open(setting, &shown.desk)?;
            let (receipt, counter) = (receipt(&shown.receipt)?, window.counter());
            let dues = window.act(setting, visitor(&window), async |tx: &mut Tx| {
                let done = reader::rate(tx, &counter, &receipt, (solved, &text)).await?;
                Ok((done.dues, done.entry))
            })?;
            say_dues(setting, &dues);
            said(setting)
        }
        ReportsAct::Object { shown, text } => {
            let window = Window::open(setting, &shown.desk)?;
            let (receipt, counter) = (receipt(&shown.receipt)?, window.counter());
            let dues = window.act(setting, visitor(&window), async |tx: &mut Tx| {
                let done = reader::ask_review(tx, &counter, &receipt, &text).await?;
                Ok((done.dues, done.entry))
            })?;
            say_dues(setting, &dues);
            said(setting)
        }
        ReportsAct::ObjectTransfer { shown, text } => {
            let window = Window::open(setting, &shown.desk)?;
            let (receipt, counter) = (receipt(&shown.receipt)?, window.counter());
            let dues = window.act(setting, visitor(&window), async |tx: &mut Tx| {
                let done = objection::object(tx, &counter, &receipt, &text).await?;
                Ok((done.dues, done.entry))
            })?;
            say_dues(setting, &dues);
            said(setting)
        }
        ReportsAct::Forget { shown, reason } => {
            let window = Window::open(setting, &shown.desk)?;
            let (receipt, counter) = (receipt(&shown.receipt)?, window.counter());
            window.act(setting, visitor(&window), async |tx: &mut Tx| {
                Ok(((), reader::forget(tx, &counter, &receipt, &reason).await?))
            })?;
            setting.remark("ui-reports-forgotten", &[]);
            Ok(Ending::Done)
        }
        ReportsAct::Prove { shown, output } => {
            let window = Window::open(setting, &shown.desk)?;
            prove(setting, &window, &receipt(&shown.receipt)?, &output)
        }
        _ => Ok(Ending::Done),
    }
}

fn visitor(window: &Window) -> By {
    By::public(&window.law.access)
}

fn said(setting: &Setting) -> Outcome {
    setting.remark("ui-matter-recorded", &[]);
    Ok(Ending::Done)
}

fn look(setting: &Setting, window: &Window, receipt: &Receipt, explain: bool) -> Outcome {
    let (db, counter) = (&window.office.registry.db, window.counter());
    let standing = window.office.wait(reader::look(db, &counter, receipt))?;
    if setting.common.json {
        return setting.print_json(&standing);
    }
    let state = setting.text.get(&format!("ui-reports-state-{}", standing.state));
    let office = standing.office.clone().unwrap_or_default();
    say::result(&format!("{}  {state}  {office}", standing.filed));
    say_steps(setting, &standing);
    for due in &standing.dues {
        let what = setting.text.get(&format!("ui-reports-due-{}", due.what.replace('_', "-")));
        let day = due.day.to_string();
        say::result(&format!(
            "  {}",
            setting.text.with("ui-matter-due", &[("what", &what), ("day", &day)])
        ));
        if explain {
            for line in due.explain(&counter, window.office.now.day)?.explanation {
                let args: Vec<(&str, &str)> =
                    line.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let line = setting.text.with(&format!("rule-{}", line.says), &args);
                say::result(&format!("      {line}"));
            }
        }
    }
    for look in &standing.looks {
        let args = [("role", look.role.as_str()), ("purpose", look.purpose.as_str())];
        let key = if look.granted { "ui-reports-look" } else { "ui-reports-look-not" };
        say::result(&format!("  {}  {}", look.asked, setting.text.with(key, &args)));
    }
    Ok(Ending::Done)
}

fn say_steps(setting: &Setting, standing: &Standing) {
    for step in &standing.steps {
        let kind = setting.text.get(&format!("ui-reports-act-{}", step.kind.replace('_', "-")));
        say::result(&format!("  {}  {kind}  {}", step.day, step.role));
        if let Some(words) = &step.words {
            for text in [&words.text, &words.facts, &words.basis] {
                if !text.is_empty() {
                    say::result(&format!("      {text}"));
                }
            }
        }
    }
}

/// Writes the proof of filing: found in the log by the receipt alone.
fn prove(
    setting: &Setting,
    window: &Window,
    receipt: &Receipt,
    output: &std::path::Path,
) -> Result<Ending, Failure> {
    let log = window.office.log(FILINGS);
    let none = || Problem::new("filing-not-yet", Place::default());
    let leaf = receipts::find(&log, receipt)?.ok_or_else(none)?;
    let bundle = window.office.wait(log.bundle(&window.office.registry.db, leaf))?;
    let proof = receipts::prove(bundle, receipt);
    let json = proof.to_json().map_err(|e| Fault::new("write proof", e))?;
    std::fs::write(output, json).map_err(|e| Fault::new("write proof", e))?;
    let (leaf, file) = (leaf.to_string(), output.display().to_string());
    setting.remark("ui-log-proved", &[("leaf", &leaf), ("file", &file)]);
    Ok(Ending::Done)
}
