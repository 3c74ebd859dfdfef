//! What the threads have read, made into the files of a batch.

use std::fs::File;
use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::facts::{Kind, TABLES, TableSpec};
use domain::problem::{Failure, Fault};
use exchange::source::Source;

use crate::arranged;
use crate::batch::Batch;
use crate::collect::{Collector, Rows, Seen};
use crate::columns::{NONE_32, Values};
use crate::dictionary::{Dictionaries, Numbering};
use crate::disk;
use crate::encode::{self, Known};
use crate::import::NamedProgramme;
use crate::keys::{Keys, Sort};
use crate::manifest::{TableManifest, TallyManifest};
use crate::ordered;
use crate::problems;
use crate::quick::QuickMap;
use crate::vault::{self, Entry};

/// What a batch is built with.
pub struct Into<'a> {
    /// The file.
    pub source: &'a Source,
    /// The catalogue.
    pub benefits: &'a Benefits,
    /// The secrets.
    pub keys: &'a Keys,
    /// What the data folder knows already.
    pub known: Dictionaries,
}

/// Writes all files of a batch but its manifest, which is filled in. Returns the count of problems, and
/// the programmes that the file names.
pub fn build(
    batch: &mut Batch,
    mut collectors: Vec<Collector<'_>>,
    with: Into<'_>,
    threads: usize,
) -> Result<(u64, Vec<NamedProgramme>), Failure> {
    let logs: Vec<_> = collectors.iter_mut().map(|c| std::mem::take(&mut c.problems)).collect();
    let problems = problems::write(&batch.dir, &logs, with.source)?;
    drop(logs);
    let programmes = number(batch, &mut collectors, with.known, with.benefits);
    let mut known: Vec<Known> = Vec::new();
    let mut written: Vec<(PathBuf, File)> = Vec::new();
    for (at, table) in TABLES.iter().enumerate() {
        let tally = tally(batch, table);
        if tally.read == 0 {
            continue;
        }
        let ranges = ranges(&mut collectors, at);
        let path = batch.facts(table.name);
        let done = encode::write(table, batch.manifest.batch, ranges, path.clone(), threads)?;
        if done.rows != tally.read - tally.refused || done.sum_fen != tally.kept_fen {
            return Err(Fault::new("import", "rows or money do not reconcile").into());
        }
        known.extend(done.known);
        written.extend(done.file.map(|file| (path, file)));
        batch.manifest.tables.push(TableManifest {
            table: table.name.to_owned(),
            rows: done.rows,
            sum_fen: done.sum_fen,
            sha256: done.sha256,
            periods: table.column(encode::PERIOD).map(|_| done.periods.into_iter().collect()),
            tally,
        });
    }
    // The disk takes the facts up while the vault is being made.
    batch.manifest.vault_sha256 = std::thread::scope(|scope| {
        let synced = scope.spawn(|| written.iter().try_for_each(|(path, file)| synced(path, file)));
        let sealed = seal(batch, &collectors, known, with.keys, threads);
        synced.join().map_err(|_| Fault::new("write facts", "a thread failed"))??;
        sealed
    })?;
    Ok((problems, programmes))
}

fn synced(path: &Path, file: &File) -> Result<(), Failure> {
    file.sync_all().map_err(|e| disk::failure("write facts", path, &e))
}

fn tally(batch: &Batch, table: &TableSpec) -> TallyManifest {
    let mut tally = TallyManifest::default();
    for sheet in batch.manifest.sheets.iter().filter(|s| s.table == table.name) {
        tally.add(&sheet.tally);
    }
    tally
}

/// Segments of all threads by range.
fn ranges(collectors: &mut [Collector<'_>], table: usize) -> Vec<Vec<Rows>> {
    let mut all: Vec<Vec<Rows>> = Vec::new();
    for collector in collectors {
        let Some(rows) = collector.tables.get_mut(table) else { continue };
        let ranges = std::mem::take(&mut rows.ranges);
        all.resize_with(all.len().max(ranges.len()), Vec::new);
        for (to, from) in all.iter_mut().zip(ranges) {
            to.extend(from);
        }
    }
    all
}

/// Replaces the threads' own numbers of places and programmes by those of the data folder.
fn number(
    batch: &mut Batch,
    collectors: &mut [Collector<'_>],
    known: Dictionaries,
    benefits: &Benefits,
) -> Vec<NamedProgramme> {
    let mut numbering = Numbering::new(known);
    let mut villages: Vec<_> = collectors.iter().flat_map(|c| &c.villages.met).collect();
    villages.sort();
    villages.into_iter().for_each(|village| {
        numbering.village(village);
    });
    let mut names: Vec<_> = collectors.iter().flat_map(|c| &c.programmes.met).collect();
    names.sort();
    names.dedup();
    let mut unmatched: Vec<String> = Vec::new();
    let mut programmes = Vec::new();
    for name in names {
        let number = numbering.programme(name, benefits);
        unmatched.extend(numbering.unmatched(number).map(str::to_owned));
        let code = benefits.by_number(numbering.now(number)).map(|known| known.code.clone());
        programmes.push(NamedProgramme { name: name.clone(), code });
    }
    unmatched.sort();
    unmatched.dedup();
    batch.manifest.unmatched_programmes = unmatched;
    for collector in collectors {
        let villages: Vec<i32> =
            collector.villages.met.iter().map(|v| numbering.village(v)).collect();
        let names = collector.programmes.met.iter();
        let programmes: Vec<i32> = names.map(|n| numbering.programme(n, benefits)).collect();
        for (table, rows) in TABLES.iter().zip(&mut collector.tables) {
            for segment in rows.ranges.iter_mut().flatten() {
                renumber(table, segment, &villages, &programmes);
            }
        }
    }
    batch.manifest.new_villages = numbering.new_villages;
    batch.manifest.new_programmes = numbering.new_programmes;
    programmes
}

fn renumber(table: &TableSpec, rows: &mut Rows, villages: &[i32], programmes: &[i32]) {
    for (spec, column) in table.stored().zip(&mut rows.columns) {
        let numbers = match spec.kind {
            Kind::Village => villages,
            Kind::Programme => programmes,
            _ => continue,
        };
        if let Some(Values::Narrow(values)) = column {
            for value in values {
                let number = usize::try_from(*value).ok().and_then(|at| numbers.get(at));
                *value = number.copied().unwrap_or(NONE_32);
            }
        }
    }
}

/// What a collector has seen of one sort of identity.
type SeenOf = for<'c> fn(&'c Collector<'_>) -> &'c Seen;

/// Seals ID numbers, names and accounts, and who is known by which name.
fn seal(
    batch: &Batch,
    collectors: &[Collector<'_>],
    known: Vec<Known>,
    keys: &Keys,
    threads: usize,
) -> Result<String, Failure> {
    let gathered =
        |sort, seen: SeenOf| gather(sort, &collectors.iter().map(seen).collect::<Vec<_>>());
    let lost = |_| Fault::new("import", "a thread failed");
    let entries = std::thread::scope(|scope| {
        let people = scope.spawn(|| gathered(Sort::Person, |c| &c.people));
        let accounts = scope.spawn(|| gathered(Sort::Account, |c| &c.accounts));
        let names = gathered(Sort::Name, |c| &c.names)?;
        let pairs = pairs(&known, &names, threads)?;
        let (people, accounts) = (people.join().map_err(lost)??, accounts.join().map_err(lost)??);
        // In the order of sorts.
        Ok::<_, Failure>([people, names, accounts, pairs].concat())
    })?;
    vault::write(&batch.vault(), &entries, batch.manifest.batch, keys, threads)
}

/// Who is known by which name, in order, each pair once.
fn pairs<'c>(
    known: &[Known],
    names: &[Entry<'c>],
    threads: usize,
) -> Result<Vec<Entry<'c>>, Failure> {
    let texts: QuickMap<u64, &str> = names.iter().map(|name| (name.key, name.text)).collect();
    let entry =
        |(key, name): &Known| Some(Entry { sort: Sort::Known, key: *key, text: texts.get(name)? });
    let shares = known.chunks(known.len().div_ceil(threads.max(1)).max(1)).collect();
    let entries = |share: &[Known]| Ok(share.iter().filter_map(entry).collect::<Vec<_>>());
    let mut pairs = Vec::with_capacity(known.len());
    ordered::each("seal vault", shares, threads, entries, &mut |share| {
        pairs.extend(share);
        Ok(())
    })?;
    // They come in long stretches that are in order, which this way of sorting makes use of.
    pairs.sort();
    pairs.dedup();
    Ok(pairs)
}

/// Entries of all threads in order, each key once.
fn gather<'c>(sort: Sort, all: &[&'c Seen]) -> Result<Vec<Entry<'c>>, Fault> {
    let met = all.iter().zip(0_usize..).flat_map(|(seen, thread)| {
        seen.places.iter().map(move |(key, (_, place))| (*key, thread, *place))
    });
    let count = all.iter().map(|seen| seen.places.len()).sum();
    let met = arranged::sorted(count, met, |(key, ..)| *key, 0);
    let entry = |(key, thread, place): (u64, usize, u32)| {
        Some(Entry { sort, key, text: all.get(thread)?.texts.get(place as usize) })
    };
    let mut entries: Vec<Entry<'_>> = met.into_iter().filter_map(entry).collect();
    entries.dedup();
    let twice = entries.windows(2).any(|two| matches!(two, [a, b] if a.key == b.key));
    if twice || all.iter().any(|seen| seen.collided) {
        return Err(Fault::new("import", "two numbers or names share a key"));
    }
    Ok(entries)
}
