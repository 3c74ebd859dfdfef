//! Just enough of the compound file format to see what an OLE file is before it is trusted:
//! which streams it has, and how far the cells of an XLS workbook reach.

use domain::problem::Failure;

use crate::source::Source;

const END: u32 = 0xffff_fffa;
/// XLS sheets have 256 columns; a cell beyond them is a lie that would cost memory.
const XLS_COLUMNS: u16 = 256;

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A compound file in memory.
struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
}

impl<'a> Compound<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let sector = 1_usize.checked_shl(u32::from(u16_at(bytes, 30)?))?;
        if !(sector == 512 || sector == 4096) {
            return None;
        }
        let mut file = Self { bytes, sector, fat: Vec::new() };
        let mut lists: Vec<u32> = (0..109).filter_map(|i| u32_at(bytes, 76 + 4 * i)).collect();
        let mut next = u32_at(bytes, 68)?;
        let most = bytes.len() / sector;
        for _ in 0..most {
            let Some(list) = (next < END).then(|| file.sector_at(next)).flatten() else { break };
            let entries = sector / 4 - 1;
            lists.extend((0..entries).filter_map(|i| u32_at(list, 4 * i)));
            next = u32_at(list, 4 * entries)?;
        }
        for id in lists.into_iter().filter(|id| *id < END).take(most) {
            let list = file.sector_at(id)?;
            let entries = (0..sector / 4).filter_map(|i| u32_at(list, 4 * i));
            file.fat.extend(entries);
        }
        Some(file)
    }

    fn sector_at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    fn chain(&self, first: u32) -> Vec<u8> {
        let (mut out, mut id) = (Vec::new(), first);
        // A chain cannot be longer than the file unless it bites its own tail.
        for _ in 0..=self.bytes.len() / self.sector {
            let Some(part) = (id < END).then(|| self.sector_at(id)).flatten() else { break };
            out.extend_from_slice(part);
            id = self.fat.get(id as usize).copied().unwrap_or(END);
        }
        out
    }

    /// Names, first sectors and sizes of all streams.
    fn entries(&self) -> Vec<(String, u32, usize)> {
        let directory = self.chain(u32_at(self.bytes, 48).unwrap_or(END));
        let entry = |e: &[u8]| {
            let length = usize::from(u16_at(e, 64)?).checked_sub(2)?.min(62);
            let units: Vec<u16> = (0..length / 2).filter_map(|i| u16_at(e, 2 * i)).collect();
            Some((String::from_utf16_lossy(&units), u32_at(e, 116)?, u32_at(e, 120)? as usize))
        };
        directory.chunks(128).filter_map(entry).collect()
    }
}

/// Checks an OLE file: a workbook, not encrypted, and not larger than the limits of its source.
pub fn check(source: &Source, bytes: &[u8]) -> Result<(), Failure> {
    let damaged = || Failure::from(source.problem("workbook-damaged"));
    let file = Compound::open(bytes).ok_or_else(damaged)?;
    let entries = file.entries();
    if !entries.iter().any(|(name, ..)| name == "Root Entry") {
        return Err(damaged());
    }
    let find = |name: &str| entries.iter().find(|(n, ..)| n.eq_ignore_ascii_case(name));
    if find("EncryptedPackage").is_some() {
        return Err(source.problem("workbook-encrypted").into());
    }
    let Some((_, first, size)) = find("Workbook").or_else(|| find("Book")) else {
        let kinds = [("WordDocument", "Word"), ("PowerPoint Document", "PowerPoint")];
        let kind = kinds.iter().find(|(name, _)| find(name).is_some()).map_or("OLE", |(_, k)| k);
        return Err(source.problem("not-a-table").with("kind", kind).into());
    };
    if *size < 4096 {
        // Such a small stream lies elsewhere in the file and cannot hold many cells.
        return Ok(());
    }
    let stream = file.chain(*first);
    let cells = dense_cells(stream.get(..*size).unwrap_or(&stream)).ok_or_else(damaged)?;
    if cells > source.limits.max_xls_cells {
        let limit = source.limits.max_xls_bytes >> 20;
        return Err(source.problem("workbook-too-large").with("limit_mib", limit).into());
    }
    Ok(())
}

/// Sum over sheets of the rectangle that spans their cells; `None` for impossible cells.
fn dense_cells(stream: &[u8]) -> Option<u64> {
    let (mut at, mut total) = (0, 0_u64);
    let mut corner: Option<(u16, u16)> = None;
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let cell = matches!(
            kind,
            0x0006 | 0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x027e | 0x00bd | 0x00be | 0x00fd | 0x00d6
        );
        if cell {
            let (row, column) = (u16_at(stream, at + 4)?, u16_at(stream, at + 6)?);
            // The last two bytes of a record of several cells name its last column.
            let many = matches!(kind, 0x00bd | 0x00be);
            let last = if many { u16_at(stream, at + 2 + usize::from(length))? } else { column };
            if column >= XLS_COLUMNS || last >= XLS_COLUMNS {
                return None;
            }
            let (rows, columns) = corner.unwrap_or((0, 0));
            corner = Some((rows.max(row), columns.max(last)));
        }
        // End of a sheet.
        if kind == 0x000a
            && let Some((row, column)) = corner.take()
        {
            total += (u64::from(row) + 1) * (u64::from(column) + 1);
        }
        at += 4 + usize::from(length);
    }
    let (row, column) = corner.unwrap_or((0, 0));
    Some(total + (u64::from(row) + 1) * (u64::from(column) + 1))
}
