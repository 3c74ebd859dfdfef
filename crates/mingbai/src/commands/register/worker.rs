//! `mingbai worker`: what must happen without anybody asking. Logs are signed, manifests written,
//! what is overdue is raised. Any number of workers may run at once and share these duties: each is
//! one row of the queue, claimed for a while. Each worker may die at any time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::problem::{Failure, Fault};
use registry::Law;
use registry::actions::outbox::{Channel, DESK, Notice};
use registry::actions::supervision::screenings::JOB as SCREENING;
use registry::jobs::Job;

use super::reports::Window;
use crate::cli::register::Desk;
use crate::cli::service::Worker;
use crate::office::{Office, law, present};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// Between two rounds: an act is in the signed log after this time at the latest, or a little more.
const ROUND_MS: u16 = 2000;
const ROUND: Duration = Duration::from_millis(ROUND_MS as u64);

/// An hour: figures are counted anew, and not more often.
const HOUR_MS: u32 = 3_600_000;

/// A lasting duty: name, its place in a round, and how long after the end of one it comes again.
type Duty = (&'static str, i64, u32);
/// In the order in which they fall due: what the first ones write is signed by the last.
const DUTIES: [Duty; 9] = [
    ("RaiseFollowing", -8, ROUND_MS as u32),
    ("RaiseOverdue", -7, ROUND_MS as u32),
    ("RaiseReports", -6, ROUND_MS as u32),
    ("EndLooks", -5, ROUND_MS as u32),
    ("CountReports", -4, HOUR_MS),
    ("DeliverNotices", -3, ROUND_MS as u32),
    ("WriteFilings", -2, ROUND_MS as u32),
    ("WriteManifests", -1, ROUND_MS as u32),
    ("SignLogs", 0, ROUND_MS as u32),
];

/// The list that an office sees when it signs in: what lies in the database has arrived.
struct OnDesk;

impl Channel for OnDesk {
    fn code(&self) -> &str {
        DESK
    }

    fn deliver(&self, _notices: &[Notice]) -> Result<(), Fault> {
        Ok(())
    }
}

/// What a worker does in other processes.
#[derive(Default)]
struct Beside {
    #[cfg(feature = "screening")]
    screener: super::screener::Screener,
}

#[cfg(feature = "screening")]
impl Beside {
    fn begin(
        &mut self,
        setting: &Setting,
        desk: &Desk,
        office: &Office,
        job: Job,
    ) -> Result<(), Failure> {
        self.screener.begin(setting, desk, office, job)
    }

    fn look(&mut self, desk: &Desk, office: &Office) -> Result<(), Failure> {
        self.screener.look(desk, office)
    }

    fn stop(&mut self, setting: &Setting, desk: &Desk) -> Result<(), Failure> {
        self.screener.stop(desk, &Office::open(setting, desk)?)
    }
}

/// Without the models nobody can screen: a job of another program's is left to that.
#[cfg(not(feature = "screening"))]
#[allow(clippy::unnecessary_wraps, clippy::unused_self, reason = "the other one does something")]
impl Beside {
    fn begin(&mut self, _: &Setting, _: &Desk, _: &Office, _: Job) -> Result<(), Failure> {
        Ok(())
    }

    fn look(&mut self, _: &Desk, _: &Office) -> Result<(), Failure> {
        Ok(())
    }

    fn stop(&mut self, _: &Setting, _: &Desk) -> Result<(), Failure> {
        Ok(())
    }
}

/// What was done in a round.
#[derive(Default)]
struct Done {
    raised: usize,
    manifests: usize,
    signed: u64,
}

/// Works until it is ended, or for one round.
///
/// # Errors
/// When the register or a log cannot be read or written.
pub fn run(setting: &Setting, args: &Worker) -> Outcome {
    let law = Arc::new(law(setting)?);
    make_due(setting, &args.desk)?;
    let mut beside = Beside::default();
    loop {
        round(setting, &args.desk, (&law, &mut beside), args.once)?;
        if args.once {
            return Ok(Ending::Done);
        }
        std::thread::park_timeout(ROUND);
    }
}

/// Works beside the pages until `stop` is set. A round that fails is said, and tried again.
pub fn beside(setting: &Setting, desk: &Desk, stop: &AtomicBool) {
    let say = |failure: Failure| say::note(&setting.text.failure(&failure));
    let law = match law(setting) {
        Ok(law) => Arc::new(law),
        Err(failure) => return say(failure),
    };
    make_due(setting, desk).unwrap_or_else(say);
    let mut beside = Beside::default();
    while !stop.load(Ordering::Relaxed) {
        round(setting, desk, (&law, &mut beside), false).unwrap_or_else(say);
        std::thread::park_timeout(ROUND);
    }
    beside.stop(setting, desk).unwrap_or_else(say);
}

/// Puts the duties into the queue, due now.
fn make_due(setting: &Setting, desk: &Desk) -> Result<(), Failure> {
    let office = Office::open(setting, desk)?;
    for (name, order, _) in DUTIES {
        office.wait(office.registry.schedule(name, present().ms + order))?;
    }
    Ok(())
}

/// One round: the duties that are due and that nobody else has claimed. What it did is said when
/// there was anything, or always.
fn round(
    setting: &Setting,
    desk: &Desk,
    (law, beside): (&Arc<Law>, &mut Beside),
    always: bool,
) -> Result<(), Failure> {
    let window = Window::with(setting, desk, Arc::clone(law))?;
    let office = &window.office;
    // Claims run out by the real time, also where the civil day was given.
    let (registry, now) = (&office.registry, present());
    let worker = std::process::id().to_string();
    let mut done = Done::default();
    beside.look(desk, office)?;
    while let Some(job) = office.wait(registry.claim(&worker, now))? {
        if job.name == SCREENING {
            beside.begin(setting, desk, office, job)?;
            continue;
        }
        if let Err(failure) = duty(&window, &job.name, &mut done) {
            let fault = Fault::new("do duty", &failure);
            office.wait(registry.finish(&job, Err(fault), now))?;
            return Err(failure);
        }
        let known = DUTIES.iter().find(|(name, ..)| *name == job.name);
        let (_, order, every) = known.unwrap_or(&("", 0, ROUND_MS as u32));
        office.wait(registry.again(&job, now.ms + i64::from(*every) + order))?;
    }
    if done.raised + done.manifests > 0 || done.signed > 0 || always {
        let figures =
            [done.signed.to_string(), done.raised.to_string(), done.manifests.to_string()];
        let [signed, raised, manifests] = figures.each_ref().map(String::as_str);
        let args = [("signed", signed), ("raised", raised), ("manifests", manifests)];
        setting.remark("ui-worker-round", &args);
    }
    Ok(())
}

fn duty(window: &Window, name: &str, done: &mut Done) -> Result<(), Failure> {
    let (office, counter) = (&window.office, window.counter());
    let (registry, now) = (&office.registry, office.now);
    match name {
        "RaiseOverdue" => done.raised += office.wait(registry.raise_overdue(now))?,
        "RaiseReports" => {
            done.raised += office.wait(registry.raise_reports(counter.channels, now))?
        }
        "RaiseFollowing" => {
            done.raised += office.wait(registry.raise_following(counter.channels, now))?
        }
        "EndLooks" => {
            office.wait(registry.end_looks(now))?;
            office.wait(registry.end_objections(&counter, now))?;
        }
        "CountReports" => {
            office.wait(registry.count_reports(&counter, now))?;
        }
        "DeliverNotices" => {
            let bots = window.bots.channels();
            let channels: Vec<&dyn Channel> =
                [&OnDesk as &dyn Channel].into_iter().chain(bots).collect();
            office.wait(registry.deliver(&channels, now, present().ms))?;
        }
        "WriteFilings" => {
            office.wait(registry.write_filings(counter.rules(now.day)?.1, now))?;
        }
        "WriteManifests" => done.manifests += office.wait(registry.write_manifests(now))?,
        "SignLogs" => {
            done.signed += office.checkpoint()?.iter().map(|(_, kept)| kept.new).sum::<u64>();
        }
        other => return Err(Fault::new("do duty", format!("{other} is none")).into()),
    }
    Ok(())
}
