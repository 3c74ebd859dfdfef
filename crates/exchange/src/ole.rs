//! Just enough of the compound file format to see what an OLE file is before the reader library
//! meets it: that library follows chains that bite their own tail, and makes room for any size
//! that a file claims.

use domain::problem::Failure;

use crate::biff;
use crate::source::Source;

const END_OF_CHAIN: u32 = 0xffff_fffe;
/// Sector numbers from here on are marks.
const MARKS: u32 = 0xffff_fffa;
const MINI_SECTOR: usize = 64;
/// Streams below this size lie in the mini stream.
const MINI_LIMIT: usize = 4096;
const DIRECTORY_ENTRY: usize = 128;

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A compound file in memory.
struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    first: u32,
    size: usize,
}

impl<'a> Compound<'a> {
    /// Opens a file; `None` when any structure of it cannot be right.
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, fat: Vec::new(), entries: Vec::new() };
        for id in file.fat_sectors()? {
            let list = file.sector_at(id)?;
            file.fat.extend((0..sector / 4).filter_map(|i| u32_at(list, 4 * i)));
        }
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX)?;
        let entries = directory.chunks_exact(DIRECTORY_ENTRY).map(|e| Entry::read(e, sector));
        file.entries = entries.collect::<Option<_>>()?;
        Some(file)
    }

    /// Numbers of the sectors of the allocation table; no more than the file has sectors.
    fn fat_sectors(&self) -> Option<Vec<u32>> {
        let most = self.bytes.len() / self.sector;
        let mut ids: Vec<u32> = (0..109).filter_map(|i| u32_at(self.bytes, 76 + 4 * i)).collect();
        let mut next = u32_at(self.bytes, 68)?;
        for _ in 0..=most {
            if next >= MARKS {
                break;
            }
            let list = self.sector_at(next)?;
            let entries = self.sector / 4 - 1;
            ids.extend((0..entries).filter_map(|i| u32_at(list, 4 * i)));
            next = u32_at(list, 4 * entries)?;
        }
        ids.retain(|id| *id < MARKS);
        (next >= MARKS && ids.len() <= most).then_some(ids)
    }

    fn sector_at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain, at most so many; `None` when it leaves the file or never ends.
    fn chain(&self, first: u32, size: usize) -> Option<Vec<u8>> {
        let (mut out, mut id) = (Vec::new(), first);
        for _ in 0..=self.bytes.len() / self.sector {
            if id == END_OF_CHAIN || out.len() >= size {
                out.truncate(size);
                return Some(out);
            }
            out.extend_from_slice(self.sector_at(id)?);
            id = *self.fat.get(id as usize)?;
        }
        None
    }

    /// The content of a stream.
    fn stream(&self, entry: &Entry) -> Option<Vec<u8>> {
        let root = self.entries.first()?;
        let table_size = (u32_at(self.bytes, 64)? as usize).checked_mul(self.sector)?;
        if [entry.size, root.size, table_size].iter().any(|size| *size > self.bytes.len()) {
            return None;
        }
        if entry.size >= MINI_LIMIT {
            return self.chain(entry.first, entry.size);
        }
        let mini = self.chain(root.first, root.size)?;
        let table = self.chain(u32_at(self.bytes, 60)?, table_size)?;
        let (mut out, mut id) = (Vec::new(), entry.first);
        for _ in 0..=MINI_LIMIT / MINI_SECTOR {
            if id == END_OF_CHAIN || out.len() >= entry.size {
                break;
            }
            let start = (id as usize).checked_mul(MINI_SECTOR)?;
            out.extend_from_slice(mini.get(start..start.checked_add(MINI_SECTOR)?)?);
            id = u32_at(&table, (id as usize).checked_mul(4)?)?;
        }
        out.truncate(entry.size);
        Some(out)
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.name.eq_ignore_ascii_case(name))
    }
}

impl Entry {
    fn read(entry: &[u8], sector: usize) -> Option<Self> {
        let units = (0..32).filter_map(|i| u16_at(entry, 2 * i)).take_while(|unit| *unit != 0);
        let units: Vec<u16> = units.collect();
        let (low, high) = (u32_at(entry, 120)?, u32_at(entry, 124)?);
        // Files of small sectors leave rubbish in the upper half.
        let high = if sector == 512 { 0 } else { u64::from(high) << 32 };
        let size = usize::try_from(high | u64::from(low)).ok()?;
        Some(Self { name: String::from_utf16_lossy(&units), first: u32_at(entry, 116)?, size })
    }
}

/// Checks an OLE file: a workbook, not encrypted, sound in what the reader library relies on, and
/// not larger than the limits of its source.
pub fn check(source: &Source, bytes: &[u8]) -> Result<(), Failure> {
    let damaged = || Failure::from(source.problem("workbook-damaged"));
    let file = Compound::open(bytes).ok_or_else(damaged)?;
    if file.find("Root Entry").is_none() {
        return Err(damaged());
    }
    if file.find("EncryptedPackage").is_some() {
        return Err(source.problem("workbook-encrypted").into());
    }
    let Some(workbook) = file.find("Workbook").or_else(|| file.find("Book")) else {
        let kinds = [("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")];
        let kind = kinds.iter().find(|(name, _)| file.find(name).is_some());
        let kind = kind.map_or("OLE", |(_, kind)| kind);
        return Err(source.problem("not-a-table").with("kind", kind).into());
    };
    let stream = file.stream(workbook).ok_or_else(damaged)?;
    let cells = biff::cells_to_hold(&stream).ok_or_else(damaged)?;
    if cells > source.limits.max_xls_cells {
        let limit = source.limits.max_xls_bytes >> 20;
        return Err(source.problem("workbook-too-large").with("limit_mib", limit).into());
    }
    Ok(())
}
