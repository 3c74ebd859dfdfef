//! Rows of one table and batch in records of one length, sorted by person: what is needed to show
//! people their own rows with one small read. Made from the batch's facts, and from nothing else,
//! so that the file may be deleted at any time.
//!
//! ```text
//! "MBROWS01"  batch u32  width u32  records u64  digest of facts and columns [8]
//! records     key u64, then the columns of [`SHOWN`]
//! index       key u64 of every 64th record
//! ```
//! Numbers are little-endian; a missing value is the least one of its width.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type, Int64Type, UInt64Type};
use domain::facts::{TableSpec, table};
use domain::problem::{Failure, Fault};
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use sha2::{Digest, Sha256};

use crate::batch::Batch;
use crate::disk;
use crate::encode::parquet_failure;
use crate::load::{FactsFile, RANGES};
use crate::schema::schema;

/// Tables and columns that people are shown of themselves.
pub const SHOWN: [(&str, &[&str]); 4] = [
    (
        "payments",
        &["village", "programme", "period", "paid_day", "amount_fen", "account", "returned", "ref"],
    ),
    ("people", &["village", "birth_day", "moved_out_day"]),
    ("deaths", &["death_day"]),
    ("disability_cards", &["category", "grade", "valid_until_day"]),
];

const MAGIC: &[u8; 8] = b"MBROWS01";
const HEAD: usize = 32;
/// Records between two entries of the index. A look reads two such blocks, whatever it finds.
const BLOCK: u64 = 64;

/// A row: the columns of [`SHOWN`] in their order; keys as the signed number of the same bits.
pub type Record = Vec<Option<i64>>;

/// An opened file of records.
#[derive(Debug)]
pub struct Records {
    path: PathBuf,
    file: File,
    widths: Vec<usize>,
    count: u64,
    index: Vec<u64>,
    reads: AtomicU64,
}

impl Records {
    /// Opens the records of a table in a batch, and makes them where they are not there yet.
    /// `None` where the batch has no such rows.
    pub fn of_batch(
        batch: &Batch,
        (name, columns): (&str, &[&str]),
    ) -> Result<Option<Self>, Failure> {
        let Some(spec) = table(name) else { return Ok(None) };
        let Some(facts) = batch.facts_of(spec) else { return Ok(None) };
        let stated = batch.manifest.tables.iter().find(|t| t.table == name);
        let dir = batch.own_rows();
        let path = dir.join(format!("{:06}-{name}.rows", batch.manifest.batch));
        let rows = stated.map_or(0, |t| t.rows);
        let sha256 = stated.map_or("", |t| t.sha256.as_str());
        let mut widths = Vec::with_capacity(columns.len());
        for column in columns {
            widths.push(width(spec, column)?);
        }
        let digest = Sha256::digest(format!("{sha256} {}", columns.join(" ")));
        let head = head(batch.manifest.batch, &widths, rows, &digest);
        if let Some(records) = Self::open(&path, &head, &widths, rows)? {
            return Ok(Some(records));
        }
        let _lock = lock(&dir)?;
        // Another program may have made it meanwhile.
        let mut records = Self::open(&path, &head, &widths, rows)?;
        if records.is_none() {
            let facts = FactsFile::open(facts, spec, ArrowReaderOptions::new())?;
            make(&path, &head, &facts, spec, columns)?;
            records = Self::open(&path, &head, &widths, rows)?;
        }
        if !Batch::is_live(&batch.dir) {
            erase(&dir, batch.manifest.batch)?;
        }
        Ok(records)
    }

    /// Opens a file if it is the one that is wanted, whole.
    fn open(
        path: &Path,
        head: &[u8; HEAD],
        widths: &[usize],
        count: u64,
    ) -> Result<Option<Self>, Failure> {
        let failure = |e: std::io::Error| disk::failure("open own rows", path, &e);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(failure(e)),
        };
        let body = count * (8 + widths.iter().sum::<usize>() as u64);
        let entries = count.div_ceil(BLOCK);
        let length = HEAD as u64 + body + entries * 8;
        let mut found = [0; HEAD];
        if file.metadata().map_err(failure)?.len() != length {
            return Ok(None);
        }
        file.read_exact_at(&mut found, 0).map_err(failure)?;
        if found != *head {
            return Ok(None);
        }
        let mut bytes = vec![0; usize::try_from(entries * 8).unwrap_or(usize::MAX)];
        file.read_exact_at(&mut bytes, HEAD as u64 + body).map_err(failure)?;
        let (eights, _) = bytes.as_chunks::<8>();
        let index = eights.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
        let (path, widths) = (path.to_owned(), widths.to_vec());
        Ok(Some(Self { path, file, widths, count, index, reads: AtomicU64::new(0) }))
    }

    /// Rows of a person within the two blocks where they begin, which is 64 rows at least: one
    /// read of the same length for everybody, known or not.
    pub fn near(&self, key: u64) -> Result<Vec<Record>, Failure> {
        let from = self.begin(key);
        Ok(self.read(from, 2 * BLOCK, key)?.0)
    }

    /// All rows of a person.
    pub fn all(&self, key: u64) -> Result<Vec<Record>, Failure> {
        let mut from = self.begin(key);
        let mut found = Vec::new();
        loop {
            let (rows, more) = self.read(from, 2 * BLOCK, key)?;
            found.extend(rows);
            from += 2 * BLOCK;
            if !more || from >= self.count {
                return Ok(found);
            }
        }
    }

    /// How often the file was read so far.
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// The record from which on a person's rows may stand.
    fn begin(&self, key: u64) -> u64 {
        let block = self.index.partition_point(|first| *first < key).saturating_sub(1) as u64;
        (block * BLOCK).min(self.count.saturating_sub(2 * BLOCK))
    }

    /// Reads some records; says also whether the last one is of the person.
    fn read(&self, from: u64, count: u64, key: u64) -> Result<(Vec<Record>, bool), Failure> {
        let width = 8 + self.widths.iter().sum::<usize>();
        self.reads.fetch_add(1, Ordering::Relaxed);
        let count = count.min(self.count.saturating_sub(from)) as usize;
        let mut bytes = vec![0; count * width];
        let read = self.file.read_exact_at(&mut bytes, HEAD as u64 + from * width as u64);
        read.map_err(|e| disk::failure("read own rows", &self.path, &e))?;
        let mut last = 0;
        let mut found = Vec::new();
        for record in bytes.chunks_exact(width) {
            let (of, cells) = record.split_at(8);
            last = number(of).cast_unsigned();
            if last == key {
                found.push(self.cells(cells));
            }
        }
        Ok((found, last == key))
    }

    fn cells(&self, mut bytes: &[u8]) -> Record {
        let mut take = |width: &usize| {
            let (cell, rest) = bytes.split_at_checked(*width).unwrap_or((bytes, &[]));
            bytes = rest;
            let value = number(cell);
            (value != missing(*width)).then_some(value)
        };
        self.widths.iter().map(&mut take).collect()
    }
}

/// A little-endian number of one, four or eight bytes, with its sign.
fn number(bytes: &[u8]) -> i64 {
    let empty = bytes.last().is_some_and(|b| *b >= 0x80);
    let mut wide = [if empty { 0xff } else { 0 }; 8];
    wide.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    i64::from_le_bytes(wide)
}

/// The least number of a width, which stands for a missing value.
fn missing(width: usize) -> i64 {
    i64::MIN >> (64 - 8 * width.clamp(1, 8))
}

fn width(spec: &TableSpec, column: &str) -> Result<usize, Fault> {
    match schema(spec).field_with_name(column).map(Field::data_type) {
        Ok(DataType::Boolean) => Ok(1),
        Ok(DataType::Int32 | DataType::Date32) => Ok(4),
        Ok(DataType::Int64 | DataType::UInt64) => Ok(8),
        _ => Err(Fault::new("make own rows", format!("{column} has no width"))),
    }
}

fn head(batch: u32, widths: &[usize], rows: u64, digest: &[u8]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let width = 8 + widths.iter().sum::<usize>() as u32;
    let numbers = batch.to_le_bytes().into_iter().chain(width.to_le_bytes());
    let numbers = numbers.chain(rows.to_le_bytes()).chain(digest.iter().copied());
    let bytes = MAGIC.iter().copied().chain(numbers);
    head.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    head
}

/// Waits until no other program makes records here.
fn lock(dir: &Path) -> Result<File, Failure> {
    disk::make_folder(dir)?;
    let path = dir.join("lock");
    let file = File::create(&path).and_then(|file| file.lock().map(|()| file));
    file.map_err(|e| disk::failure("take lock", &path, &e))
}

/// Makes the records of a table: beside their place, then renamed, so that they are whole or not
/// there.
fn make(
    path: &Path,
    head: &[u8; HEAD],
    facts: &FactsFile,
    spec: &TableSpec,
    columns: &[&str],
) -> Result<(), Failure> {
    let beside = path.with_extension("new");
    disk::remove_if_there(&beside)?;
    let failure = |e: std::io::Error| disk::failure("make own rows", &beside, &e);
    let mut out = BufWriter::with_capacity(1 << 18, disk::new_file(&beside)?);
    out.write_all(head).map_err(failure)?;
    let mut index = Vec::new();
    let mut written = 0_u64;
    let key = spec.key.unwrap_or_default();
    let wanted: Vec<&str> = std::iter::once(key).chain(columns.iter().copied()).collect();
    let schema = schema(spec);
    let fields = wanted.iter().map(|name| schema.field_with_name(name));
    let fields =
        fields.collect::<Result<Vec<_>, _>>().map_err(|e| Fault::new("make own rows", e))?;
    for range in 0..RANGES {
        let reader = facts.reader(range, &wanted)?.build();
        let reader = reader.map_err(|e| parquet_failure("make own rows", facts.path(), e))?;
        for rows in reader {
            let rows = rows.map_err(|e| Fault::new("make own rows", e))?;
            let cells: Vec<ArrayRef> = fields.iter().map(|field| cells_of(&rows, field)).collect();
            write_rows(&mut out, &cells, &mut written, &mut index).map_err(failure)?;
        }
    }
    out.write_all(&index).map_err(failure)?;
    let file = out.into_inner().map_err(|e| failure(e.into_error()))?;
    file.sync_all().map_err(failure)?;
    fs::rename(&beside, path).map_err(failure)?;
    disk::sync_folder(path.parent().unwrap_or(path))
}

/// A column of rows; nothing in one that the batch is too old to have.
fn cells_of(rows: &RecordBatch, field: &Field) -> ArrayRef {
    let stored = rows.column_by_name(field.name()).cloned();
    stored.unwrap_or_else(|| new_null_array(field.data_type(), rows.num_rows()))
}

fn write_rows(
    out: &mut impl Write,
    cells: &[ArrayRef],
    written: &mut u64,
    index: &mut Vec<u8>,
) -> std::io::Result<()> {
    for at in 0..cells.first().map_or(0, |keys| keys.len()) {
        if written.is_multiple_of(BLOCK)
            && let Some(key) = cells.first()
        {
            put(index, key, at)?;
        }
        for cell in cells {
            put(out, cell, at)?;
        }
        *written += 1;
    }
    Ok(())
}

fn put(out: &mut impl Write, column: &ArrayRef, at: usize) -> std::io::Result<()> {
    let there = column.is_valid(at);
    match column.data_type() {
        DataType::Boolean if there => out.write_all(&[u8::from(column.as_boolean().value(at))]),
        DataType::Boolean => out.write_all(&i8::MIN.to_le_bytes()),
        DataType::Int32 | DataType::Date32 => {
            let value = match column.as_primitive_opt::<Int32Type>() {
                Some(numbers) => numbers.value(at),
                None => column.as_primitive::<Date32Type>().value(at),
            };
            out.write_all(&(if there { value } else { i32::MIN }).to_le_bytes())
        }
        DataType::UInt64 => {
            let value = column.as_primitive::<UInt64Type>().value(at);
            out.write_all(&(if there { value.cast_signed() } else { i64::MIN }).to_le_bytes())
        }
        _ => {
            let value = column.as_primitive::<Int64Type>().value(at);
            out.write_all(&(if there { value } else { i64::MIN }).to_le_bytes())
        }
    }
}

/// Removes the records of a batch that was taken back.
pub fn erase(dir: &Path, batch: u32) -> Result<(), Failure> {
    for (name, _) in SHOWN {
        let path = dir.join(format!("{batch:06}-{name}.rows"));
        disk::remove_if_there(&path.with_extension("new"))?;
        disk::remove_if_there(&path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{missing, number};

    #[test]
    fn numbers_keep_their_sign_and_the_least_is_missing() {
        for (bytes, expect) in [
            (&[1_u8][..], 1),
            (&[0x80], -128),
            (&[0xfe, 0xff, 0xff, 0xff], -2),
            (&[0, 1, 0, 0], 256),
        ] {
            assert_eq!(number(bytes), expect);
        }
        assert_eq!(
            [missing(1), missing(4), missing(8)],
            [i64::from(i8::MIN), i64::from(i32::MIN), i64::MIN]
        );
    }
}
