//! `mingbai` (明白): from agency files to explained findings.
//!
//! Exit codes: 0 done; 1 our own fault, or an audit found alterations; 2 something in the user's data or
//! command was refused.

mod cli;
mod commands;
mod data;
mod demo;
mod figures;
mod names;
mod office;
mod progress;
#[cfg(feature = "screening")]
mod report;
mod say;
mod setting;
mod system;

use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::OnceLock;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use domain::problem::Failure;

use crate::setting::{Ending, Setting};
use locale::{Language, Text};

static TEXT: OnceLock<Text> = OnceLock::new();

fn main() -> ExitCode {
    keep_reader_panics_quiet();
    let args: Vec<OsString> = std::env::args_os().collect();
    let text = TEXT.get_or_init(|| Text::load(wanted_language(&args)));
    let cli = match cli::parse(text, &args) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, text),
    };
    let setting = Setting { text, common: cli.common };
    match commands::run(&setting, cli.command) {
        Ok(Ending::Done) => ExitCode::SUCCESS,
        Ok(Ending::Refused) => ExitCode::from(2),
        Ok(Ending::Altered) => ExitCode::from(1),
        Err(failure) => {
            say::note(&text.failure(&failure));
            ExitCode::from(if matches!(failure, Failure::Fault(_)) { 1 } else { 2 })
        }
    }
}

/// A damaged workbook can make the reading library panic. `exchange` catches that and says so in a
/// sentence; the backtrace would only frighten the clerk.
fn keep_reader_panics_quiet() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let from_reader = panic.location().is_some_and(|at| at.file().contains("calamine"));
        if !from_reader {
            usual(panic);
        }
    }));
}

/// `--lang` before anything else is understood, so that even a mistake is explained in that
/// language.
fn wanted_language(args: &[OsString]) -> Language {
    let mut args = args.iter().filter_map(|arg| arg.to_str());
    let mut flag = None;
    while let Some(arg) = args.next() {
        if arg == "--lang" {
            flag = args.next();
        } else if let Some(value) = arg.strip_prefix("--lang=") {
            flag = Some(value);
        }
    }
    let variable = system::variable("LC_ALL").or_else(|| system::variable("LANG"));
    flag.and_then(Language::named)
        .or_else(|| variable.as_deref().filter(|_| flag.is_none()).and_then(Language::named))
        .unwrap_or_default()
}

fn usage(error: &clap::Error, text: &Text) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        say::result(error.render().to_string().trim_end());
        return ExitCode::SUCCESS;
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        say::note(error.render().to_string().trim_end());
        return ExitCode::from(2);
    }
    let context = |kind| error.get(kind).map(ContextValue::to_string).unwrap_or_default();
    let what = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand]
        .map(context)
        .into_iter()
        .find(|what| !what.is_empty())
        .unwrap_or_default();
    let value = context(ContextKind::InvalidValue);
    let args = [("what", what.as_str()), ("value", value.as_str())];
    let key = match error.kind() {
        ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand => "cli-error-unknown",
        ErrorKind::MissingRequiredArgument | ErrorKind::MissingSubcommand => "cli-error-missing",
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => "cli-error-value",
        _ => "cli-error-other",
    };
    say::note(&text.with(key, &args));
    let kinds =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let suggestion = kinds.map(context).into_iter().find(|s| !s.is_empty());
    if let Some(suggestion) = suggestion {
        say::note(&text.with("cli-error-did-you-mean", &[("what", &suggestion)]));
    }
    say::note(&text.get("cli-error-hint"));
    ExitCode::from(2)
}
