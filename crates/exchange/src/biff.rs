//! How much the sheets of an XLS workbook will take in memory, from its records alone.
//!
//! A sheet is held as the rectangle between its outermost cells: two cells far apart cost as much
//! as all between them. The walk here is the reader library's own: from where the workbook says
//! that a sheet begins to the end record of its outermost level.

use crate::ole::{u16_at, u32_at};

/// XLS sheets have 256 columns; a cell beyond them is a lie.
const COLUMNS: u16 = 256;
const ROWS: u32 = 65_536;

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000a;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00bd;
/// Formula, number, label, error, short number, shared text, rich text.
const CELLS: [u16; 7] = [0x0006, 0x0203, 0x0204, 0x0205, 0x027e, 0x00fd, 0x00d6];
/// Formula cells stand in a second rectangle of their texts.
const RECTANGLES: u64 = 2;

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

fn records(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(stream, at)?, usize::from(u16_at(stream, at + 2)?));
        let data = stream.get(at + 4..at + 4 + length)?;
        at += 4 + length;
        Some(Record { kind, data })
    })
}

/// Cells of the rectangles of all sheets; `None` for what no XLS workbook can hold.
pub fn cells_to_hold(stream: &[u8]) -> Option<u64> {
    let head = records(stream, 0).take_while(|r| r.kind != END);
    let starts: Vec<usize> = head
        .filter(|r| r.kind == SHEET)
        .filter_map(|r| u32_at(r.data, 0).map(|start| start as usize))
        .collect();
    let (mut total, mut walked) = (0_u64, 0_usize);
    for start in starts {
        let (cells, bytes) = sheet(stream, start)?;
        total += cells;
        walked += bytes;
        // Sheets that lie in each other would be read over and over.
        if walked > stream.len() {
            return None;
        }
    }
    Some(total * RECTANGLES)
}

/// Cells of one sheet's rectangle, and the bytes of its records.
fn sheet(stream: &[u8], start: usize) -> Option<(u64, usize)> {
    let (mut depth, mut bytes) = (0_usize, 0_usize);
    let mut corners: Option<(u16, u16, u16, u16)> = None;
    for record in records(stream, start) {
        bytes += 4 + record.data.len();
        match record.kind {
            BEGIN => depth += 1,
            END if depth <= 1 => break,
            END => depth -= 1,
            _ if depth > 1 => {}
            DIMENSIONS if record.data.len() >= 14 => {
                let (top, bottom) = (u32_at(record.data, 0)?, u32_at(record.data, 4)?);
                if bottom > ROWS || top > bottom || u16_at(record.data, 10)? > COLUMNS {
                    return None;
                }
            }
            kind if kind == MANY_NUMBERS || CELLS.contains(&kind) => {
                let (row, first) = (u16_at(record.data, 0)?, u16_at(record.data, 2)?);
                let last = if kind == MANY_NUMBERS {
                    u16_at(record.data, record.data.len().checked_sub(2)?)?
                } else {
                    first
                };
                if first >= COLUMNS || last >= COLUMNS {
                    return None;
                }
                let (top, left, bottom, right) = corners.unwrap_or((row, first, row, last));
                corners = Some((top.min(row), left.min(first), bottom.max(row), right.max(last)));
            }
            _ => {}
        }
    }
    let Some((top, left, bottom, right)) = corners else { return Some((0, bytes)) };
    let rows = u64::from(bottom - top) + 1;
    Some((rows * (u64::from(right.max(left) - left) + 1), bytes))
}

#[cfg(test)]
mod tests {
    use super::cells_to_hold;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes()[..], data].concat()
    }

    fn book(sheets: &[Vec<u8>], starts: impl Fn(usize) -> u32) -> Vec<u8> {
        let mut head = record(0x0809, &[0; 16]);
        for at in 0..sheets.len() {
            head.extend(record(
                0x0085,
                &[&starts(at).to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat(),
            ));
        }
        head.extend(record(0x000a, &[]));
        [head, sheets.concat()].concat()
    }

    fn sheet(cells: &[(u16, u16)]) -> Vec<u8> {
        let mut out = record(0x0809, &[0; 16]);
        for (row, column) in cells {
            let place = [row.to_le_bytes(), column.to_le_bytes()].concat();
            out.extend(record(0x0203, &[&place[..], &[0; 10]].concat()));
        }
        out.extend(record(0x000a, &[]));
        out
    }

    #[test]
    fn far_cells_cost_what_lies_between_them() {
        let start = 20 + 13 + 4;
        let near = book(&[sheet(&[(5, 5), (6, 7)])], |_| start);
        assert_eq!(cells_to_hold(&near), Some(2 * 6));
        let far = book(&[sheet(&[(0, 0), (65_535, 255)])], |_| start);
        assert_eq!(cells_to_hold(&far), Some(2 * 65_536 * 256));
        let beyond = book(&[sheet(&[(0, 300)])], |_| start);
        assert_eq!(cells_to_hold(&beyond), None);
        let same = sheet(&[(0, 0); 40]);
        let twice = book(&[same, Vec::new(), Vec::new()], |_| start + 26);
        assert_eq!(cells_to_hold(&twice), None, "one sheet named three times");
    }
}
