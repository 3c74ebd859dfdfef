//! One file per command.

mod batches;
mod demo;
#[cfg(feature = "screening")]
mod evaluate;
#[cfg(feature = "screening")]
mod findings;
mod handed_in;
mod import;
mod imported;
mod init;
#[cfg(feature = "screening")]
mod model;
mod person;
mod problems;
mod programmes;
mod purpose;
mod register;
#[cfg(feature = "screening")]
mod report;
#[cfg(feature = "screening")]
mod reveal;
#[cfg(feature = "screening")]
mod screen;
#[cfg(feature = "screening")]
mod screening;
#[cfg(feature = "screening")]
mod supervised;
mod withdraw;

use crate::cli::Command;
use crate::setting::{Outcome, Setting};

/// Runs a command.
///
/// # Errors
/// What the command could not do, in one of the three kinds.
pub fn run(setting: &Setting, command: Command) -> Outcome {
    match command {
        Command::Init(args) => init::run(setting, &args),
        Command::Import(args) => import::run(setting, &args),
        Command::Batches(args) => batches::run(setting, &args),
        Command::Withdraw(args) => withdraw::run(setting, &args),
        Command::Problems(args) => problems::run(setting, &args),
        Command::Programmes(args) => programmes::run(setting, &args),
        Command::Person(args) => person::run(setting, &args),
        Command::Catalogue(args) => register::catalogue::run(setting, args.act),
        Command::Flowchart(args) => register::flowchart::run(setting, &args),
        Command::Due(args) => register::due::run(setting, &args),
        Command::Place(args) => register::place::run(setting, args.act),
        Command::People(args) => register::people::run(setting, args.act),
        Command::Post(args) => register::post::run(setting, args.act),
        Command::User(args) => register::user::run(setting, args.act),
        Command::Matter(args) => register::matter::run(setting, args.act),
        Command::Notice(args) => register::notice::run(setting, args.act),
        Command::OfficeKey(args) => register::office_key::run(setting, args.act),
        Command::Reports(args) => register::reports::run(setting, args.act),
        Command::Checks(args) => register::supervision::checks::run(setting, args.act),
        Command::Clues(args) => register::supervision::clues::run(setting, args.act),
        Command::Rectify(args) => register::supervision::rectify::run(setting, args.act),
        Command::Cases(args) => register::supervision::cases::run(setting, args.act),
        Command::Stepped(args) => register::supervision::stepped::run(setting, args.act),
        Command::Areas(args) => register::supervision::joint::areas(setting, args.act),
        Command::Cooperate(args) => register::supervision::joint::cooperate(setting, args.act),
        Command::Campaigns(args) => register::supervision::joint::campaigns(setting, args.act),
        Command::Handovers(args) => register::supervision::handovers::run(setting, args.act),
        Command::Letters(args) => register::supervision::letters::run(setting, args.act),
        Command::Duties(args) => register::supervision::duties::run(setting, args.act),
        Command::Regulations(args) => register::supervision::regulations::run(setting, args.act),
        Command::Log(args) => register::log::run(setting, args.act),
        Command::Verify(args) => register::verify::run(setting, &args),
        Command::Audit(args) => register::audit::run(setting, &args),
        Command::Serve(args) => register::serve::run(setting, &args),
        Command::Worker(args) => register::worker::run(setting, &args),
        Command::Backup(args) => register::backup::run(setting, &args),
        Command::Restore(args) => register::backup::restore(setting, &args),
        #[cfg(feature = "screening")]
        Command::Model(args) => model::run(setting, args.act),
        #[cfg(feature = "screening")]
        Command::Screen(args) => screen::run(setting, &args),
        #[cfg(feature = "screening")]
        Command::RunScreening(args) => screening::run(setting, &args),
        #[cfg(feature = "screening")]
        Command::Findings(args) => findings::run(setting, &args),
        #[cfg(feature = "screening")]
        Command::Report(args) => report::run(setting, &args),
        #[cfg(feature = "screening")]
        Command::Evaluate(args) => evaluate::run(setting, &args),
        Command::Demo(args) => demo::run(setting, &args),
    }
}
