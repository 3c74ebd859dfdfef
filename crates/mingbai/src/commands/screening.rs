//! `mingbai run-screening`: a screening that was started on the site, as a process of its own, so that its
//! memory and its mistakes end with it and pages stay quick. Whoever does it holds a lock that the system
//! lets go of when the process dies: that is how a killed one is known.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, TryLockError};
use std::path::Path;

use domain::finding::{Evidence, Finding};
use domain::model::Bilingual;
use domain::problem::{Failure, Fault};
use facts::Folder;
use locale::{Language, Text};
use registry::actions::supervision::findings::{Found, Taken, fill_programmes, take_in_all};
use registry::actions::supervision::models::NewModel;
use registry::actions::supervision::screenings::{self, End};
use registry::jobs::Progress;
use registry::queries::supervision::months::without_programme;
use registry::{By, Now};
use screening::model::Model;
use screening::run::{ModelRun, Params, Run};

use crate::cli::RunScreening;
use crate::commands::screen;
use crate::commands::supervised::entered;
use crate::office::{Office, present};
use crate::say;
use crate::setting::{Ending, Outcome, Setting};

/// File that is locked while a screening runs.
const LOCK: &str = "screening.lock";
/// Findings without a programme that are read, and those that are filled in, at once.
const AT_ONCE: i64 = 500;
const FILLED: usize = 250;

/// The lock of a data folder's screening; none while somebody holds it.
///
/// # Errors
/// When the disk refuses.
pub fn lock(dir: &Path) -> Result<Option<File>, Failure> {
    let path = dir.join(LOCK);
    let fault = |e: std::io::Error| Fault::new("take lock", format!("{}: {e}", path.display()));
    let file = File::create(&path).map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(fault(e).into()),
    }
}

/// Does one that was asked for, and writes down how it ended.
///
/// # Errors
/// When the register cannot be read or written.
pub fn run(setting: &Setting, args: &RunScreening) -> Outcome {
    let Some(_lock) = lock(&args.desk.dir)? else { return Ok(Ending::Refused) };
    let office = Office::open(setting, &args.desk)?;
    let begun = &args.id;
    act(&office, args, async |tx| screenings::begin(tx, begun).await)?;
    let end = match screened(setting, &office, args) {
        Ok(end) => end,
        Err(failure) => {
            say::note(&setting.text.failure(&failure));
            End::Failed(sentence(&failure))
        }
    };
    act(&office, args, async |tx| screenings::end(tx, begun, &end).await)?;
    Ok(if matches!(end, End::Failed(_)) { Ending::Refused } else { Ending::Done })
}

fn act(
    office: &Office,
    args: &RunScreening,
    act: impl AsyncFnOnce(&mut registry::Tx) -> Result<registry::Entry, Failure>,
) -> Result<(), Failure> {
    office.wait(async {
        let mut tx = office.registry.begin(By::system(), now(office, args), "screening").await?;
        let entry = act(&mut tx).await?;
        tx.commit(entry).await?;
        Ok(())
    })
}

/// The present moment, or noon of the day that was given.
fn now(office: &Office, args: &RunScreening) -> Now {
    if args.desk.day.is_some() { office.now } else { present() }
}

/// One sentence that says why, in both languages. Of our own mistakes the page says no inside.
fn sentence(failure: &Failure) -> Bilingual {
    let say = |language: Language| {
        let text = Text::load(language);
        match failure {
            Failure::Fault(_) => text.get("ui-screening-fault"),
            other => text.failure(other),
        }
    };
    Bilingual { zh: say(Language::Chinese), en: say(Language::English) }
}

/// Runs all models, and takes what they found into the register.
fn screened(setting: &Setting, office: &Office, args: &RunScreening) -> Result<End, Failure> {
    let models = setting.models()?;
    let all: Vec<&Model> = models.models.iter().collect();
    let folder = setting.folder(&args.desk.dir)?;
    let told =
        |at: &Progress<'_>| office.wait(office.registry.screening_at(&args.id, at, present()));
    told(&Progress { stage: "models", whole: all.len(), ..Progress::default() })?;
    let (done, found) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let each = |model: &ModelRun| {
        done.set(done.get() + 1);
        found.set(found.get() + model.findings);
        let (done, found, whole) = (done.get(), found.get(), all.len());
        let at = Progress { stage: "models", model: &model.id, done, whole, found };
        // A page that does not know how far it is is no reason to stop.
        let _shown = told(&at);
    };
    let (number, run) = screen::screen(setting, &folder, &all, (&Params::default(), false), &each)?;
    let whole = run.findings.len();
    told(&Progress { stage: "findings", whole, found: whole, ..Progress::default() })?;
    let taken = office.wait(taken_in(office, args, (&folder, number), (&all, &run)))?;
    Ok(End::Done {
        run: number,
        models: all.len(),
        unanswered: run.troubles.len(),
        found: whole,
        taken,
    })
}

async fn taken_in(
    office: &Office,
    args: &RunScreening,
    (folder, number): (&Folder, u32),
    (models, run): (&[&Model], &Run),
) -> Result<Taken, Failure> {
    let whole = run.findings.len();
    let by = (&By::system(), now(office, args));
    take_in(office, by, (folder, number), (models, &run.findings), async |done| {
        let at = Progress { stage: "findings", done, whole, found: whole, ..Progress::default() };
        office.registry.screening_at(&args.id, &at, present()).await
    })
    .await
}

/// Takes the findings of a run into the register, with the programmes that their rows name, and fills in
/// the programmes of those that were taken in before. The one way in: the command line, the site and the
/// demo county all come through here.
///
/// # Errors
/// When facts cannot be read, or the register refuses.
pub async fn take_in(
    office: &Office,
    (by, now): (&By, Now),
    (folder, run): (&Folder, u32),
    (models, findings): (&[&Model], &[Finding]),
    told: impl AsyncFnMut(usize) -> Result<(), Failure>,
) -> Result<Taken, Failure> {
    let asked = models.iter().filter(|m| findings.iter().any(|f| f.model == m.header.id));
    let entered: Vec<NewModel> = asked.map(|model| entered(model)).collect();
    let programmes = programmes(folder, findings)?;
    let found = Found { run, models: &entered, findings, programmes: &programmes };
    let taken = take_in_all(&office.registry, (by, now), &found, told).await?;
    backfill(office, (by, now), folder).await?;
    Ok(taken)
}

/// Programmes of findings by their keys: that of most of their payments, with the month of the last one.
///
/// # Errors
/// When facts cannot be read.
pub fn programmes(
    folder: &Folder,
    findings: &[Finding],
) -> Result<BTreeMap<String, (String, i64)>, Failure> {
    let rows = findings.iter().flat_map(|finding| finding.evidence.iter().copied());
    let known = folder.payments_of(rows)?;
    let named = findings
        .iter()
        .filter_map(|finding| Some((finding.key.clone(), most_named(&known, &finding.evidence)?)));
    Ok(named.collect())
}

/// The programme of most of some rows, the first by its code where two are even; and their last month.
fn most_named(
    known: &HashMap<Evidence, (String, i32)>,
    rows: &[Evidence],
) -> Option<(String, i64)> {
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    let mut last = 0;
    for (programme, month) in rows.iter().filter_map(|row| known.get(row)) {
        *counts.entry(programme).or_default() += 1;
        last = last.max(*month);
    }
    let most = counts.iter().map(|(name, count)| (*count, std::cmp::Reverse(*name))).max()?;
    Some((most.1.0.clone(), i64::from(last)))
}

/// Fills in the programmes of findings that were taken in without. Payments are read once for all of them.
async fn backfill(office: &Office, (by, now): (&By, Now), folder: &Folder) -> Result<(), Failure> {
    let mut without: Vec<(String, Vec<Evidence>)> = Vec::new();
    loop {
        let after = without.last().map_or("", |(id, _)| id.as_str());
        let part = without_programme(&office.registry.db, after, AT_ONCE).await?;
        if part.is_empty() {
            break;
        }
        for (id, text) in part {
            let rows = serde_json::from_str(&text).map_err(|e| Fault::new("read finding", e))?;
            without.push((id, rows));
        }
    }
    let known = folder.payments_of(without.iter().flat_map(|(_, rows)| rows.iter().copied()))?;
    let named = without
        .iter()
        .filter_map(|(id, rows)| most_named(&known, rows).map(|about| (id.clone(), about)));
    let named: Vec<(String, (String, i64))> = named.collect();
    for part in named.chunks(FILLED) {
        let mut tx = office.registry.begin(by.clone(), now, "programmes").await?;
        let entry = fill_programmes(&mut tx, part).await?;
        tx.commit(entry).await?;
    }
    Ok(())
}
