//! What the office does with a report.

use domain::problem::{Failure, Place, Problem};
use domain::report::handling::Outcome as Decided;
use registry::actions::Refusal;
use registry::actions::reports::acts::{self, Done};
use registry::actions::reports::{objection, transfer};
use registry::reports::texts::Words;
use registry::{Entry, Tx};

use super::{Window, say_dues};
use crate::cli::register::{Desk, Who};
use crate::cli::reports::{Handling, ReportsAct};
use crate::commands::register::office_key::unlock;
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Acts of the office.
pub(super) fn run(setting: &Setting, act: ReportsAct) -> Outcome {
    match act {
        ReportsAct::Accept(args) => simple(setting, &args, Simple::Accept),
        ReportsAct::Refuse(args) => simple(setting, &args, Simple::Refuse),
        ReportsAct::Contest(args) => simple(setting, &args, Simple::Contest),
        ReportsAct::Extend(args) => simple(setting, &args, Simple::Extend),
        ReportsAct::Resume(args) => simple(setting, &args, Simple::Resume),
        ReportsAct::Conclude(args) => simple(setting, &args, Simple::Conclude),
        ReportsAct::Close(args) => simple(setting, &args, Simple::Close),
        ReportsAct::Note(args) => note(setting, &args),
        ReportsAct::Pause { handling, ground } => simple(setting, &handling, Simple::Pause(ground)),
        ReportsAct::Reason { desk, number, who } => reason(setting, &desk, &number, &who),
        ReportsAct::Settle { handling, back } => simple(setting, &handling, Simple::Settle(back)),
        ReportsAct::Merge { handling, into } => simple(setting, &handling, Simple::Merge(into)),
        ReportsAct::Reply { handling, outcome, facts, basis } => {
            reply(setting, &handling, &outcome, (facts, basis))
        }
        ReportsAct::Transfer { handling, to } => hand_on(setting, &handling, &to),
        ReportsAct::Name { handling, named } => name(setting, &handling, &named),
        _ => Ok(Ending::Done),
    }
}

/// An act without a passphrase.
enum Simple {
    Accept,
    Refuse,
    Contest,
    Extend,
    Resume,
    Conclude,
    Close,
    Pause(String),
    Settle(bool),
    Merge(String),
}

fn simple(setting: &Setting, args: &Handling, act: Simple) -> Outcome {
    let window = Window::open(setting, &args.desk)?;
    let (by, words) = (window.by(&args.who)?, Words::of(&args.text));
    let (counter, number) = (window.counter(), args.number.as_str());
    let dues = window.act(setting, by, async |tx: &mut Tx| {
        let done = match &act {
            Simple::Accept => acts::accept(tx, &counter, number, &words).await,
            Simple::Refuse => acts::refuse(tx, &counter, number, &words).await,
            Simple::Contest => acts::contest(tx, &counter, number, &words).await,
            Simple::Extend => acts::extend(tx, &counter, number, &words).await,
            Simple::Resume => acts::resume(tx, &counter, number).await,
            Simple::Conclude => acts::conclude(tx, &counter, number, &words).await,
            Simple::Close => acts::close(tx, &counter, number).await,
            Simple::Pause(ground) => acts::pause(tx, &counter, number, (ground, &words)).await,
            Simple::Settle(back) => objection::settle(tx, &counter, number, (*back, &words)).await,
            Simple::Merge(into) => acts::merge(tx, &counter, (number, into), &words).await,
        };
        split(done)
    })?;
    setting.remark("ui-matter-recorded", &[]);
    say_dues(setting, &dues);
    Ok(Ending::Done)
}

type Dues = Vec<(domain::report::handling::DueFor, domain::time::Day)>;

fn split(done: Result<Done, Refusal>) -> Result<(Dues, Entry), Refusal> {
    done.map(|done| (done.dues, done.entry))
}

fn note(setting: &Setting, args: &Handling) -> Outcome {
    let window = Window::open(setting, &args.desk)?;
    let (by, words) = (window.by(&args.who)?, Words::of(&args.text));
    let counter = window.counter();
    window.act(setting, by, async |tx: &mut Tx| {
        acts::jot(tx, &counter, &args.number, &words).await.map(|entry| ((), entry))
    })?;
    setting.remark("ui-matter-recorded", &[]);
    Ok(Ending::Done)
}

fn reply(
    setting: &Setting,
    args: &Handling,
    outcome: &str,
    (facts, basis): (String, String),
) -> Outcome {
    let window = Window::open(setting, &args.desk)?;
    let place = || Place { column: Some("--outcome".to_owned()), ..Place::default() };
    let outcome = Decided::named(outcome)
        .ok_or_else(|| Problem::new("value-not-allowed", place()).with("constraint", outcome))?;
    let (by, words) = (window.by(&args.who)?, Words { text: args.text.clone(), facts, basis });
    let counter = window.counter();
    let dues = window.act(setting, by, async |tx: &mut Tx| {
        split(acts::reply(tx, &counter, &args.number, (outcome, &words)).await)
    })?;
    setting.remark("ui-matter-recorded", &[]);
    say_dues(setting, &dues);
    Ok(Ending::Done)
}

fn hand_on(setting: &Setting, args: &Handling, to: &str) -> Outcome {
    let window = Window::open(setting, &args.desk)?;
    let (by, words) = (window.by(&args.who)?, Words::of(&args.text));
    let unlocked = unlock(setting, &window.office, &args.who.person)?;
    let counter = window.counter();
    let dues = window.act(setting, by, async |tx: &mut Tx| {
        split(transfer::transfer(tx, &counter, &args.number, (to, &words), &unlocked).await)
    })?;
    setting.remark("ui-matter-recorded", &[]);
    say_dues(setting, &dues);
    Ok(Ending::Done)
}

/// Shows why a transfer is objected to.
fn reason(setting: &Setting, desk: &Desk, number: &str, who: &Who) -> Outcome {
    let window = Window::open(setting, desk)?;
    let by = window.by(who)?;
    let unlocked = unlock(setting, &window.office, &who.person)?;
    let counter = window.counter();
    let words = window.act(setting, by, async |tx: &mut Tx| {
        Ok(objection::reason(tx, &counter, number, &unlocked).await?)
    })?;
    say::result(&words.unwrap_or_default().text);
    Ok(Ending::Done)
}

fn name(setting: &Setting, args: &Handling, named: &str) -> Result<Ending, Failure> {
    let window = Window::open(setting, &args.desk)?;
    let by = window.by(&args.who)?;
    let unlocked = unlock(setting, &window.office, &args.who.person)?;
    let counter = window.counter();
    let moved = window.act(setting, by, async |tx: &mut Tx| {
        transfer::name_person(tx, &counter, &args.number, named, &unlocked).await
    })?;
    setting.remark("ui-matter-recorded", &[]);
    if let Some(office) = moved {
        say::result(&office);
    }
    Ok(Ending::Done)
}
