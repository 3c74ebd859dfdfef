//! The command line: names, flags and where their help comes from (`locales`, keys `cli-...`).

pub mod catalogue;
pub mod following;
pub mod register;
pub mod reports;
pub mod service;
pub mod stepped;
pub mod supervision;

use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use locale::Text;

/// Everything that can stand on the command line.
#[derive(Debug, Parser)]
#[command(name = "mingbai", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    #[arg(long, global = true)]
    pub lang: Option<String>,
    #[arg(long, short, global = true, action = ArgAction::SetTrue)]
    pub quiet: bool,
    #[arg(long, global = true, action = ArgAction::SetTrue)]
    pub json: bool,
    #[arg(long, global = true, value_name = "DIR", env = "MINGBAI_KEYS")]
    pub keys: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR", env = "MINGBAI_CATALOGUES")]
    pub catalogues: Option<PathBuf>,
    #[arg(long, global = true, value_name = "DIR", env = "MINGBAI_MODELS")]
    pub models: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(Init),
    Import(Import),
    Batches(InFolder),
    Withdraw(Withdraw),
    Problems(Problems),
    Programmes(Programmes),
    Person(Person),
    Catalogue(catalogue::Catalogue),
    Flowchart(catalogue::Flowchart),
    Due(catalogue::Due),
    Place(register::Place),
    People(register::People),
    Post(register::Post),
    User(register::User),
    Matter(register::Matter),
    Notice(register::Notice),
    OfficeKey(reports::OfficeKey),
    Reports(reports::Reports),
    Checks(supervision::Checks),
    Clues(supervision::Clues),
    Rectify(supervision::Rectify),
    Cases(supervision::Cases),
    Stepped(stepped::Stepped),
    Areas(stepped::Areas),
    Cooperate(stepped::Cooperate),
    Campaigns(stepped::Campaigns),
    Handovers(following::Handovers),
    Letters(following::Letters),
    Duties(following::Duties),
    Regulations(following::Regulations),
    Log(register::Log),
    Verify(register::Verify),
    Audit(service::Audit),
    Serve(service::Serve),
    Worker(service::Worker),
    Backup(service::Backup),
    Restore(service::Restore),
    #[cfg(feature = "screening")]
    Model(ModelCommand),
    #[cfg(feature = "screening")]
    Screen(Screen),
    #[cfg(feature = "screening")]
    #[command(hide = true)]
    RunScreening(RunScreening),
    #[cfg(feature = "screening")]
    Findings(Findings),
    #[cfg(feature = "screening")]
    Report(Report),
    #[cfg(feature = "screening")]
    Evaluate(Evaluate),
    Demo(Demo),
}

#[derive(Debug, Args)]
pub struct Init {
    pub dir: PathBuf,
    #[arg(long, default_value = "")]
    pub county: String,
}

#[derive(Debug, Args)]
pub struct Import {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long = "as", value_name = "DATASET")]
    pub dataset: Option<String>,
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub again: bool,
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct InFolder {
    #[arg(long)]
    pub dir: PathBuf,
}

#[derive(Debug, Args)]
pub struct Withdraw {
    #[arg(long)]
    pub dir: PathBuf,
    pub batch: u32,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub reason: String,
}

#[derive(Debug, Args)]
pub struct Problems {
    #[arg(long)]
    pub dir: PathBuf,
    pub batch: u32,
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Programmes {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long, num_args = 2, value_names = ["NAME", "CODE"])]
    pub map: Option<Vec<String>>,
}

#[derive(Debug, Args)]
pub struct Person {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long, value_name = "NUMBER")]
    pub id: String,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub purpose: String,
}

#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct ModelCommand {
    #[command(subcommand)]
    pub act: ModelAct,
}

#[cfg(feature = "screening")]
#[derive(Debug, Subcommand)]
pub enum ModelAct {
    List,
    New { id: String },
    Check { id: Vec<String> },
    Test { id: Vec<String> },
    Explain { id: String },
}

#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct Screen {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long = "model", value_name = "ID")]
    pub only: Vec<String>,
    #[arg(long = "param", value_name = "MODEL.NAME=VALUE")]
    pub params: Vec<String>,
    #[arg(long)]
    pub full: bool,
}

/// A screening that the worker starts; nobody types it.
#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct RunScreening {
    #[command(flatten)]
    pub desk: register::Desk,
    pub id: String,
}

/// Form of the findings list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Csv,
    Json,
    Xlsx,
}

/// Whether names are shown, and why.
#[derive(Debug, Clone, Args)]
pub struct Reveal {
    #[arg(long)]
    pub reveal: bool,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub purpose: String,
}

#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct Findings {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    #[arg(long = "model", value_name = "ID")]
    pub only: Vec<String>,
    #[command(flatten)]
    pub reveal: Reveal,
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct Report {
    #[arg(long)]
    pub dir: PathBuf,
    #[command(flatten)]
    pub reveal: Reveal,
    #[arg(short, value_name = "FILE")]
    pub output: PathBuf,
}

#[cfg(feature = "screening")]
#[derive(Debug, Args)]
pub struct Evaluate {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub truth: PathBuf,
}

#[derive(Debug, Args)]
pub struct Demo {
    #[arg(long, default_value = "demo-county")]
    pub dir: PathBuf,
    #[arg(long, default_value_t = 60_000)]
    pub people: usize,
    #[arg(long, default_value_t = 800_000)]
    pub payments: usize,
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    #[arg(long)]
    pub no_serve: bool,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<String>,
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
}

/// The command tree with its help in a language.
#[must_use]
pub fn command(text: &Text) -> clap::Command {
    let version = clap::Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(text.get("cli-arg-version"))
        .help_heading(text.get("cli-heading-options"));
    localised(Cli::command(), "cli", text)
        .disable_version_flag(true)
        .arg(version)
        .subcommand_help_heading(text.get("cli-heading-commands"))
}

/// Reads the command line.
///
/// # Errors
/// clap's own error, which the caller words in the reader's language.
pub fn parse(text: &Text, args: &[std::ffi::OsString]) -> Result<Cli, clap::Error> {
    let matches = command(text).try_get_matches_from(args)?;
    Cli::from_arg_matches(&matches)
}

fn localised(command: clap::Command, key: &str, text: &Text) -> clap::Command {
    let template =
        format!("{{about}}\n\n{} {{usage}}\n\n{{all-args}}", text.get("cli-heading-usage"));
    let mut command = command.disable_help_flag(true).about(text.get(key)).help_template(template);
    let help = clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help(text.get("cli-arg-help"));
    command = command.arg(help);
    let arguments: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in arguments {
        let named = format!("{key}-arg-{}", id.replace('_', "-"));
        let shared = format!("cli-arg-{}", id.replace('_', "-"));
        let sentence = text.get(if text.has(&named) { &named } else { &shared });
        command = command.mut_arg(&id, |arg| described(arg, sentence, text));
    }
    let children: Vec<String> =
        command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for child in children {
        let child_key = format!("{key}-{child}");
        command = command.mut_subcommand(&child, |c| localised(c, &child_key, text));
    }
    command
}

fn described(arg: clap::Arg, sentence: String, text: &Text) -> clap::Arg {
    let heading = match (arg.is_positional(), arg.is_global_set()) {
        (true, _) => "cli-heading-arguments",
        (false, true) => "cli-heading-common",
        (false, false) => "cli-heading-options",
    };
    let valued = arg.get_action().takes_values();
    let arg = arg.help(sentence).help_heading(text.get(heading)).hide_env_values(true);
    // The sentence names values and defaults in the reader's language.
    if valued { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}

#[cfg(test)]
mod tests {
    use super::command;
    use locale::{Language, Text};

    #[test]
    fn the_version_is_told() {
        let told = command(&Text::load(Language::Chinese)).try_get_matches_from(["mingbai", "-V"]);
        let told = told.expect_err("nothing to run");
        assert_eq!(told.kind(), clap::error::ErrorKind::DisplayVersion);
        assert!(told.to_string().contains(env!("CARGO_PKG_VERSION")));
    }

    #[test]
    fn every_command_and_flag_has_help_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            let tree = command(&Text::load(language));
            tree.clone().debug_assert();
            let mut open = vec![tree];
            while let Some(next) = open.pop() {
                let about = next.get_about().map(ToString::to_string).unwrap_or_default();
                assert!(
                    !about.is_empty() && !about.starts_with("cli"),
                    "{} {about}",
                    next.get_name()
                );
                for arg in next.get_arguments() {
                    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                    assert!(
                        !help.is_empty() && !help.starts_with("cli-"),
                        "{} {help}",
                        arg.get_id()
                    );
                }
                open.extend(next.get_subcommands().cloned());
            }
        }
    }
}
