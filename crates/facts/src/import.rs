//! A file into a batch: one thread takes its digest while the others read it.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crossbeam_channel::Sender;
use domain::benefit::Benefits;
use domain::problem::{Failure, Fault, Place, Problem};
use domain::time::Day;
use exchange::progress::Progress;
use exchange::read::{self, Chunk};
use exchange::recognise::Plan;
use exchange::source::Source;
use sha2::{Digest, Sha256};

use crate::batch::{self, Batch};
use crate::build;
use crate::collect::Collector;
use crate::disk::{self, Staged};
use crate::folder::Folder;
use crate::keys::{Keys, hex};
use crate::manifest::{Manifest, SCHEMA_VERSION, SheetManifest, Waiting};
use crate::problems;

/// Chunks that may wait for a thread. They are large, so few are enough.
const CHUNKS_WAITING: usize = 3;
const DAY_MS: i64 = 86_400_000;

/// Number of a plan, the plan, and a chunk to be read by it.
type Piece<'p> = (usize, &'p Plan, Chunk);

/// How a file is imported.
#[derive(Clone, Copy)]
pub struct ImportOptions<'a> {
    /// Import a file that was imported before.
    pub again: bool,
    /// Do everything but keep the result.
    pub dry_run: bool,
    /// The present, milliseconds since 1970 UTC.
    pub now_ms: i64,
    /// Whom to tell how far it has come.
    pub progress: &'a dyn Progress,
    /// Threads that parse.
    pub threads: usize,
}

/// What becomes of the result.
#[derive(Debug, Clone, Copy)]
pub enum How<'a> {
    /// In use at once.
    Final,
    /// It waits until somebody accepts it.
    Waits(&'a Waiting),
    /// Nothing is kept but the list of problems, here.
    Look(&'a Path),
}

/// A programme as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProgramme {
    /// Name in the file.
    pub name: String,
    /// Code in the catalogue; none where nobody knows the name.
    pub code: Option<String>,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The batch.
    pub manifest: Manifest,
    /// Name of its folder: `000007-payments`.
    pub name: String,
    /// Programmes that the file names, in the order of their names.
    pub programmes: Vec<NamedProgramme>,
    /// Rows of its problems file.
    pub problems: u64,
    /// Nothing was kept.
    pub dry_run: bool,
}

/// Imports a file. The caller holds the writers' lock.
pub fn import(
    folder: &Folder,
    source: &Source,
    plans: &[Plan],
    benefits: &Benefits,
    options: &ImportOptions<'_>,
    how: How<'_>,
) -> Result<Imported, Failure> {
    let batches = folder.all_batches()?;
    batches.iter().try_for_each(batch::erase_withdrawn)?;
    let before = stamp(source.path())?;
    // A file that may be known is not read in vain.
    let known = batches.iter().any(|b| b.manifest.bytes == source.bytes());
    let known = known.then(|| digest(source.path())).transpose()?;
    let refuse = |digest: &[u8; 32]| refuse_known(source, &batches, &hex(digest), options.again);
    known.as_ref().map_or(Ok(()), refuse)?;
    let number = batches.last().map_or(1, |last| last.manifest.batch + 1);

    let (digest, collectors) = collect(&folder.keys, known, source, plans, options)?;
    refuse(&digest)?;
    if stamp(source.path())? != before {
        return Err(Problem::new("file-changed", Place::file(source.name())).into());
    }
    let mut manifest = Manifest {
        batch: number,
        source_name: source.name().to_owned(),
        source_sha256: hex(&digest),
        bytes: source.bytes(),
        imported_at_ms: options.now_ms,
        schema_version: SCHEMA_VERSION,
        ..Manifest::default()
    };
    manifest.sheets = sheets(plans, &collectors);
    if manifest.sheets.iter().all(|sheet| sheet.tally.read == 0) {
        return Err(Problem::new("no-rows", Place::file(source.name())).into());
    }
    let staged = Staged::new(&folder.staging(), &batch_name(number, plans))?;
    let mut batch = Batch { dir: staged.path().to_owned(), manifest };
    let built = build::build(
        &mut batch,
        collectors,
        build::Into { source, benefits, keys: &folder.keys, known: folder.dictionaries()? },
        options.threads,
    )?;
    batch.write()?;
    let name = batch.name();
    match how {
        How::Look(to) => problems::keep(&batch.dir, to)?,
        How::Waits(whose) => batch.hold(whose)?,
        How::Final => {}
    }
    if !options.dry_run {
        staged.publish(&folder.batches_dir())?;
    }
    let (problems, programmes) = built;
    Ok(Imported { manifest: batch.manifest, name, programmes, problems, dry_run: options.dry_run })
}

/// `000007-payments`
fn batch_name(number: u32, plans: &[Plan]) -> String {
    let table = plans.first().map_or("", |plan| plan.table.name);
    format!("{number:06}-{table}")
}

fn refuse_known(
    source: &Source,
    batches: &[Batch],
    sha256: &str,
    again: bool,
) -> Result<(), Failure> {
    let same = |b: &&Batch| b.manifest.withdrawn.is_none() && b.manifest.source_sha256 == sha256;
    let Some(known) = batches.iter().find(same).filter(|_| !again) else { return Ok(()) };
    let day = known.manifest.imported_at_ms.div_euclid(DAY_MS);
    let problem = Problem::new("already-imported", Place::file(source.name()))
        .with("batch", known.manifest.batch)
        .with("day", Day(i32::try_from(day).unwrap_or(0)));
    Err(problem.into())
}

/// Length and time of the last change: whether a file stayed the same while it was read.
fn stamp(path: &Path) -> Result<(u64, Option<std::time::SystemTime>), Failure> {
    let meta = std::fs::metadata(path).map_err(|e| disk::failure("read file", path, &e))?;
    Ok((meta.len(), meta.modified().ok()))
}

fn digest(path: &Path) -> Result<[u8; 32], Failure> {
    let failure = |e: std::io::Error| disk::failure("read file", path, &e);
    let mut file = File::open(path).map_err(failure)?;
    let (mut digest, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut buffer).map_err(failure)?;
        if count == 0 {
            return Ok(digest.finalize().into());
        }
        digest.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Reads all sheets: one thread cuts chunks, the others turn them into keyed rows; one more takes
/// the digest of the file, unless it is known.
fn collect<'a>(
    keys: &'a Keys,
    known: Option<[u8; 32]>,
    source: &Source,
    plans: &[Plan],
    options: &ImportOptions<'_>,
) -> Result<([u8; 32], Vec<Collector<'a>>), Failure> {
    let (send, receive) = crossbeam_channel::bounded::<Piece<'_>>(CHUNKS_WAITING);
    let fault = |_| Failure::from(Fault::new("read rows", "a thread failed"));
    let (digest, mut collectors) = std::thread::scope(|scope| {
        let work = || {
            let receive = receive.clone();
            scope.spawn(move || {
                let mut collector = Collector::new(keys, plans.len());
                for (at, plan, chunk) in receive {
                    let block = read::parse(&chunk, plan);
                    collector.add(at, plan.table, &block);
                    options.progress.advance(chunk.rows(), chunk.bytes());
                }
                collector
            })
        };
        let digested = scope.spawn(|| known.map_or_else(|| digest(source.path()), Ok));
        let working: Vec<_> = (0..options.threads.max(1)).map(|_| work()).collect();
        let fed = feed(source, plans, &send);
        drop(send);
        let joined: Vec<_> = working.into_iter().map(|thread| thread.join()).collect();
        fed?;
        let collectors = joined.into_iter().map(|thread| thread.map_err(fault));
        let digest = digested.join().map_err(fault)??;
        Ok::<_, Failure>((digest, collectors.collect::<Result<Vec<_>, _>>()?))
    })?;
    std::thread::scope(|scope| {
        for collector in &mut collectors {
            scope.spawn(|| collector.place_unnamed(&digest));
        }
    });
    Ok((digest, collectors))
}

/// Cuts all sheets into chunks.
fn feed<'p>(source: &Source, plans: &'p [Plan], to: &Sender<Piece<'p>>) -> Result<(), Failure> {
    for (at, plan) in plans.iter().enumerate() {
        for chunk in read::chunks(source, plan)? {
            // Nobody listens any more when every thread has come to grief, and the caller says so.
            if to.send((at, plan, chunk?)).is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn sheets(plans: &[Plan], collectors: &[Collector<'_>]) -> Vec<SheetManifest> {
    let sheet = |(at, plan): (usize, &Plan)| {
        let mut sheet = SheetManifest {
            name: plan.sheet_name.clone(),
            table: plan.table.name.to_owned(),
            ..SheetManifest::default()
        };
        for tally in collectors.iter().filter_map(|c| c.tallies.get(at)) {
            sheet.tally.add(tally);
        }
        sheet
    };
    plans.iter().enumerate().map(sheet).collect()
}
