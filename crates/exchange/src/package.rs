//! A look through the ZIP package of an XLSX file before anybody trusts it.
//!
//! Every part is unpacked once and thrown away: sizes that the directory states can lie, and a
//! wrong checksum is found here and not in the middle of an import.

use std::io::Read;

use domain::problem::{Failure, Problem};
use memchr::{memchr, memmem, memrchr};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::source::{Source, Stream};

/// Parts below this size may be packed as tightly as they like.
const SMALL_PART: u64 = 1 << 20;
const MAX_PARTS: usize = 10_000;
/// Sheets with more merged ranges than this are read as if they had none.
const MAX_MERGED: usize = 400_000;

/// Checks a package against the limits of its source. Tells whether it pays to look for merged
/// cells.
pub fn check(source: &Source) -> Result<bool, Failure> {
    let damaged = || source.problem("workbook-damaged");
    let mut zip = ZipArchive::new(source.stream()?).map_err(|_| damaged())?;
    if zip.len() > MAX_PARTS {
        return Err(too_large(source).into());
    }
    let has = |zip: &ZipArchive<Stream>, end: &str| {
        zip.file_names().any(|n| n.is_ok_and(|n| n.to_ascii_lowercase().ends_with(end)))
    };
    if !has(&zip, "workbook.xml") {
        let kind = [
            ("document.xml", "Word"),
            ("presentation.xml", "PowerPoint"),
            ("workbook.bin", "XLSB"),
        ];
        let kind = kind.iter().find(|(end, _)| has(&zip, end)).map_or("ZIP", |(_, kind)| kind);
        return Err(source.problem("not-a-table").with("kind", kind).into());
    }
    let (mut left, mut merged) = (source.limits.max_unpacked_bytes, 0);
    for at in 0..zip.len() {
        let part = match zip.by_index(at) {
            Ok(part) => part,
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(source.problem("workbook-encrypted").into());
            }
            Err(_) => return Err(damaged().into()),
        };
        let (size, ranges) = check_part(source, part, left)?;
        left = left.saturating_sub(size);
        merged += ranges;
    }
    Ok((1..=MAX_MERGED).contains(&merged))
}

fn too_large(source: &Source) -> Problem {
    source.problem("workbook-too-large").with("limit_mib", source.limits.max_unpacked_bytes >> 20)
}

/// Unpacks one part and counts. Returns its size and about how many merged ranges it has.
fn check_part(
    source: &Source,
    mut part: zip::read::ZipFile<'_, Stream>,
    left: u64,
) -> Result<(u64, usize), Failure> {
    let name = part.name().map_err(|_| source.problem("workbook-damaged"))?.to_ascii_lowercase();
    let is_sheet = name.contains("/worksheets/");
    let most = if is_sheet { left } else { left.min(source.limits.max_held_bytes) };
    let packed = part.compressed_size().max(1);
    let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
    let (mut total, mut since_tag, mut start) = (0_u64, 0_usize, Vec::new());
    let mut merged = 0;
    let mut buffer = vec![0; 128 << 10];
    loop {
        let count = part.read(&mut buffer).map_err(|_| source.problem("workbook-damaged"))?;
        let bytes = buffer.get(..count).unwrap_or_default();
        if count == 0 {
            break;
        }
        total += count as u64;
        if total > most || (total > SMALL_PART && total / packed > source.limits.max_ratio) {
            return Err(too_large(source).into());
        }
        if is_sheet {
            merged += memmem::find_iter(bytes, b"mergeCell ").count();
        }
        if is_markup {
            let longest = since_tag + memchr(b'<', bytes).unwrap_or(count);
            if longest > source.limits.max_line_bytes {
                return Err(too_large(source).into());
            }
            since_tag = memrchr(b'<', bytes).map_or(longest, |last| count - last);
        }
        if start.is_empty() {
            start.extend_from_slice(bytes.get(..bytes.len().min(2048)).unwrap_or_default());
        }
    }
    // Whoever reads the shared texts makes room for as many as the part claims.
    if name.ends_with("sharedstrings.xml") && claimed_texts(&start) > total {
        return Err(source.problem("workbook-damaged").into());
    }
    Ok((total, merged))
}

fn claimed_texts(start: &[u8]) -> u64 {
    let attribute = b"uniqueCount=";
    let Some(at) = memmem::find(start, attribute) else { return 0 };
    let digits = start.iter().skip(at + attribute.len() + 1).take_while(|b| b.is_ascii_digit());
    digits.fold(0, |n: u64, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')))
}
