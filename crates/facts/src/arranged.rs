//! The rows of a key range, read in segments, put in the order in which they are stored.

use std::borrow::Cow;

use domain::facts::TableSpec;
use domain::ids::IdQuality;

use crate::collect::{Rows, SEGMENT, key_column};
use crate::columns::{NONE_32, Values};

/// Rows that fall together by their keys before they are compared: few enough to stay in the
/// cache that is nearest to the processor.
const TOGETHER: usize = 128;
/// Bits of a key that tell its range, and are the same within one.
const RANGE_BITS: u32 = 4;

/// What rows are ordered by, and the address of the row: segment and place in one number.
type Ranked = (u64, i32, u32, u32);

/// All rows of the segments of a key range as one, with every column, ordered by key, day and row
/// number.
pub fn arranged(table: &TableSpec, segments: &[Rows]) -> Rows {
    let order = order(table, segments);
    let missing = IdQuality::Missing.index() as u8;
    let columns = table.stored().enumerate().map(|(at, spec)| {
        let parts: Vec<_> = segments.iter().map(|s| s.columns.get(at)?.as_ref()).collect();
        Some(Values::gathered(spec.kind, &parts, &order))
    });
    Rows {
        rows: gathered(segments.iter().map(|s| s.rows.as_slice()), &order, 0),
        quality: gathered(segments.iter().map(|s| s.quality.as_slice()), &order, missing),
        columns: columns.collect(),
    }
}

/// Segment and place in it.
pub fn place(address: u32) -> (usize, usize) {
    (address as usize / SEGMENT, address as usize % SEGMENT)
}

/// Values at addresses; `none` where a segment has none.
pub fn gathered<'a, V: Copy + 'a>(
    segments: impl Iterator<Item = &'a [V]>,
    order: &[u32],
    none: V,
) -> Vec<V> {
    let segments: Vec<&[V]> = segments.collect();
    let value = |address: &u32| {
        let (segment, at) = place(*address);
        segments.get(segment).and_then(|values| values.get(at)).copied().unwrap_or(none)
    };
    order.iter().map(value).collect()
}

/// Addresses of rows by key, day and row number.
fn order(table: &TableSpec, segments: &[Rows]) -> Vec<u32> {
    let day = table.day.and_then(|day| table.stored().position(|c| c.name == day));
    let key = key_column(table);
    let columns: Vec<_> = segments.iter().map(|s| (keys(s, key), days(s, day))).collect();
    let ranked =
        segments.iter().zip(&columns).zip(0..).flat_map(|((segment, (keys, days)), at)| {
            let rows = keys.iter().zip(days.iter()).zip(&segment.rows).zip(at * SEGMENT as u32..);
            rows.map(|(((key, day), row), address)| (*key, *day, *row, address))
        });
    let count = segments.iter().map(|segment| segment.rows.len()).sum();
    let ranked: Vec<Ranked> = sorted(count, ranked, |(key, ..)| *key, RANGE_BITS);
    ranked.into_iter().map(|(_, _, _, address)| address).collect()
}

/// Items in order, about `count` of them. Each begins with a key, and keys are spread evenly but for
/// their upper bits, which are the same for all: so items are dealt out by the bits that follow, and
/// only few of them are compared with each other.
pub fn sorted<T: Copy + Ord>(
    count: usize,
    items: impl Iterator<Item = T> + Clone,
    key: impl Fn(&T) -> u64,
    same_bits: u32,
) -> Vec<T> {
    let bits = usize::checked_ilog2(count / TOGETHER).unwrap_or(0);
    let pile = |item: &T| ((key(item) << same_bits) >> 1 >> (63 - bits)) as usize;
    let mut places = vec![0; 1 << bits];
    items.clone().for_each(|item| {
        places.get_mut(pile(&item)).into_iter().for_each(|count| *count += 1);
    });
    let mut start = 0;
    for place in &mut places {
        start += std::mem::replace(place, start);
    }
    let mut all: Vec<T> = items.clone().next().map_or_else(Vec::new, |first| vec![first; start]);
    items.for_each(|item| {
        let place = places.get_mut(pile(&item));
        let to = place.and_then(|next| all.get_mut(std::mem::replace(next, *next + 1)));
        to.into_iter().for_each(|to| *to = item);
    });
    // By now each place is where its pile ends.
    let mut start = 0;
    for end in places {
        all.get_mut(start..end).unwrap_or_default().sort_unstable();
        start = end;
    }
    all
}

/// The key of each row of a segment; 0 for rows of a table without one.
fn keys(segment: &Rows, column: Option<usize>) -> Cow<'_, [u64]> {
    match column.and_then(|at| segment.columns.get(at)) {
        Some(Some(Values::Keys(keys))) => Cow::Borrowed(keys),
        _ => Cow::Owned(vec![0; segment.rows.len()]),
    }
}

/// The day of each row of a segment.
fn days(segment: &Rows, column: Option<usize>) -> Cow<'_, [i32]> {
    match column.and_then(|at| segment.columns.get(at)) {
        Some(Some(Values::Narrow(days))) => Cow::Borrowed(days),
        _ => Cow::Owned(vec![NONE_32; segment.rows.len()]),
    }
}

#[cfg(test)]
mod tests {
    use domain::facts::TABLES;
    use proptest::prelude::*;

    use super::{arranged, key_column};
    use crate::collect::{Rows, SEGMENT};
    use crate::columns::Values;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn rows_lie_by_key_day_and_row(
            range in 0_u64..16,
            drawn in prop::collection::vec((0_u64..1 << 60, 0_i32..4), 1..3000),
            few in any::<bool>(),
        ) {
            let table = TABLES.iter().find(|t| t.name == "payments").expect("a table");
            let key = key_column(table).expect("a key");
            let day = table.stored().position(|c| Some(c.name) == table.day).expect("a day");
            let mut wanted: Vec<(u64, i32, u32)> = drawn
                .iter()
                .zip(0..)
                .map(|((bits, day), row)| {
                    let bits = if few { bits % 7 } else { *bits };
                    (range << 60 | bits, *day, row)
                })
                .collect();
            // Segments as threads leave them: neither is full, and the first has no days.
            let cut = drawn.len() / 3;
            let segments: Vec<Rows> = [&wanted[..cut], &wanted[cut..]]
                .iter()
                .enumerate()
                .map(|(number, part)| {
                    let mut columns = vec![None; table.stored().count()];
                    columns[key] = Some(Values::Keys(part.iter().map(|r| r.0).collect()));
                    let days = part.iter().map(|r| r.1).collect();
                    columns[day] = (number > 0).then_some(Values::Narrow(days));
                    let rows = part.iter().map(|r| r.2).collect();
                    Rows { rows, quality: vec![1; part.len()], columns }
                })
                .collect();
            prop_assert!(segments.iter().all(|s| s.rows.len() <= SEGMENT));
            wanted[..cut].iter_mut().for_each(|row| row.1 = super::NONE_32);
            wanted.sort_unstable();
            let found = arranged(table, &segments);
            let (Some(Values::Keys(keys)), Some(Values::Narrow(days))) =
                (&found.columns[key], &found.columns[day]) else { panic!("columns") };
            let found: Vec<_> = keys.iter().zip(days).zip(&found.rows)
                .map(|((key, day), row)| (*key, *day, *row)).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
