//! Which rows belong to one group, where the rows of one person follow each other.
//!
//! A person has a dozen rows a year, so the groups of a person are told apart by looking at those
//! already met: no table of hashes, and nothing is kept of a person who is done.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};

/// Rows of one person up to which groups are looked for one by one; more are sorted.
const LOOKED_THROUGH: usize = 48;
/// Bits of a packed key.
const BITS: u32 = 128;

/// The groups of some rows.
#[derive(Debug, Default)]
pub struct Groups {
    /// The group of each row, numbered from 0.
    pub of_row: Vec<usize>,
    /// The first row of each group.
    pub firsts: Vec<u32>,
}

impl Groups {
    /// Finds the groups of rows that have the same key and the same rest. Rows of one key follow
    /// each other; `rest` is empty when the key alone makes the group.
    pub fn find(keys: &[u64], rest: &[u128]) -> Self {
        let mut groups =
            Self { of_row: Vec::with_capacity(keys.len()), firsts: Vec::with_capacity(keys.len()) };
        let mut left = rest;
        let mut met = Vec::new();
        for run in keys.chunk_by(|a, b| a == b) {
            let (now, later) = left.split_at(run.len().min(left.len()));
            left = later;
            match now {
                [] => groups.one(run.len()),
                [_] => groups.one(1),
                few if few.len() <= LOOKED_THROUGH => groups.few(few, &mut met),
                many => groups.many(many),
            }
        }
        groups
    }

    /// A group of all rows of a run.
    fn one(&mut self, rows: usize) {
        let group = self.new_group(self.of_row.len());
        self.of_row.extend(std::iter::repeat_n(group, rows));
    }

    fn few(&mut self, rest: &[u128], met: &mut Vec<(u128, usize)>) {
        met.clear();
        for key in rest {
            let known = met.iter().find(|(known, _)| known == key).map(|(_, group)| *group);
            let group = known.unwrap_or_else(|| {
                let group = self.new_group(self.of_row.len());
                met.push((*key, group));
                group
            });
            self.of_row.push(group);
        }
    }

    fn many(&mut self, rest: &[u128]) {
        let start = self.of_row.len();
        let mut sorted: Vec<(u128, usize)> = rest.iter().copied().zip(start..).collect();
        sorted.sort_unstable();
        self.of_row.resize(start + rest.len(), 0);
        for group in sorted.chunk_by(|a, b| a.0 == b.0) {
            let number = self.new_group(group.first().map_or(start, |(_, at)| *at));
            for (_, at) in group {
                if let Some(of_row) = self.of_row.get_mut(*at) {
                    *of_row = number;
                }
            }
        }
    }

    fn new_group(&mut self, first: usize) -> usize {
        self.firsts.push(first as u32);
        self.firsts.len() - 1
    }
}

/// Bits that a value of a type takes in a packed key, one of them for a missing value; none for
/// types that cannot be packed.
fn width(kind: &DataType) -> Option<u32> {
    use DataType::{Boolean, Date32, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64};
    let bits = match kind {
        Boolean => 1,
        Int8 | UInt8 => 8,
        Int16 | UInt16 => 16,
        Int32 | UInt32 | Date32 => 32,
        Int64 | UInt64 => 64,
        _ => return None,
    };
    Some(bits + 1)
}

/// Whether values of these types fit into one packed key.
pub fn fit<'a>(kinds: impl Iterator<Item = &'a DataType>) -> bool {
    kinds.map(width).sum::<Option<u32>>().is_some_and(|bits| bits <= BITS)
}

/// Columns whose types [`fit`] packed into one key a row: equal keys for equal rows.
pub fn packed<'a>(columns: impl Iterator<Item = &'a ArrayRef>, rows: usize) -> Vec<u128> {
    let mut keys = Vec::new();
    for column in columns {
        keys.resize(rows, 0);
        pack(&mut keys, column);
    }
    keys
}

fn pack(keys: &mut [u128], column: &ArrayRef) {
    match column.data_type() {
        DataType::Boolean => {
            for (key, value) in keys.iter_mut().zip(column.as_boolean()) {
                let bits = value.map_or(2, u128::from);
                *key = *key << 2 | bits;
            }
        }
        DataType::Int8 => add::<Int8Type>(keys, column, 8, |v| v.cast_unsigned().into()),
        DataType::Int16 => add::<Int16Type>(keys, column, 16, |v| v.cast_unsigned().into()),
        DataType::Int32 => add::<Int32Type>(keys, column, 32, |v| v.cast_unsigned().into()),
        DataType::Date32 => add::<Date32Type>(keys, column, 32, |v| v.cast_unsigned().into()),
        DataType::Int64 => add::<Int64Type>(keys, column, 64, |v| v.cast_unsigned().into()),
        DataType::UInt8 => add::<UInt8Type>(keys, column, 8, u128::from),
        DataType::UInt16 => add::<UInt16Type>(keys, column, 16, u128::from),
        DataType::UInt32 => add::<UInt32Type>(keys, column, 32, u128::from),
        DataType::UInt64 => add::<UInt64Type>(keys, column, 64, u128::from),
        _ => {}
    }
}

fn add<T: ArrowPrimitiveType>(
    keys: &mut [u128],
    column: &ArrayRef,
    bits: u32,
    of: impl Fn(T::Native) -> u128,
) {
    let column = column.as_primitive::<T>();
    if column.null_count() == 0 {
        for (key, value) in keys.iter_mut().zip(column.values()) {
            *key = *key << (bits + 1) | of(*value);
        }
        return;
    }
    for (key, value) in keys.iter_mut().zip(column) {
        *key = *key << (bits + 1) | value.map_or(1 << bits, &of);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Date32Array, Int32Array, Int64Array, UInt64Array};
    use arrow::datatypes::DataType;

    use super::{Groups, fit, packed};

    /// Groups by a map, as a check.
    fn by_map(keys: &[u64], rest: &[u128]) -> BTreeMap<(u64, u128), Vec<usize>> {
        let mut groups: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (at, key) in keys.iter().enumerate() {
            groups.entry((*key, rest.get(at).copied().unwrap_or(0))).or_default().push(at);
        }
        groups
    }

    fn same(keys: &[u64], rest: &[u128]) {
        let found = Groups::find(keys, rest);
        let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, group) in found.of_row.iter().enumerate() {
            rows.entry(*group).or_default().push(at);
        }
        let mut rows: Vec<Vec<usize>> = rows.into_values().collect();
        rows.sort();
        let mut expected: Vec<Vec<usize>> = by_map(keys, rest).into_values().collect();
        expected.sort();
        assert_eq!(rows, expected);
        assert_eq!(found.firsts.len(), expected.len());
        for (group, first) in found.firsts.iter().enumerate() {
            let of_group = found.of_row.iter().position(|g| *g == group);
            assert_eq!(of_group, Some(*first as usize));
        }
    }

    #[test]
    fn groups_are_those_of_a_map() {
        same(&[], &[]);
        same(&[5, 5, 5, 7], &[]);
        same(&[1, 2, 3], &[9, 9, 9]);
        same(&[1, 1, 1, 1, 2, 2, 3], &[4, 5, 4, 4, 4, 4, 5]);
        // A person with more rows than are looked through, and one with few after.
        let keys: Vec<u64> = (0..500).map(|n| u64::from(n >= 490)).collect();
        let rest: Vec<u128> = (0..500).map(|n| n * n % 37).collect();
        same(&keys, &rest);
    }

    #[test]
    fn missing_and_extreme_values_are_keys_of_their_own() {
        let numbers: ArrayRef =
            Arc::new(Int32Array::from(vec![Some(0), None, Some(-1), Some(i32::MIN), Some(1)]));
        let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(-1), Some(0), None, None, None]));
        let flags: ArrayRef =
            Arc::new(BooleanArray::from(vec![None, Some(true), Some(false), None, None]));
        for columns in [vec![&numbers], vec![&days, &numbers], vec![&numbers, &days, &flags]] {
            let keys = packed(columns.into_iter(), 5);
            let different: std::collections::BTreeSet<_> = keys.iter().collect();
            assert_eq!(different.len(), 5, "{keys:x?}");
        }
        let large: ArrayRef = Arc::new(Int64Array::from(vec![Some(-1), None, Some(0)]));
        let key: ArrayRef = Arc::new(UInt64Array::from(vec![u64::MAX, 0, 1]));
        assert_eq!(packed([&large].into_iter(), 3), [u128::from(u64::MAX), 1 << 64, 0]);
        assert_eq!(packed([&key].into_iter(), 3), [u128::from(u64::MAX), 0, 1]);
    }

    #[test]
    fn what_does_not_fit_is_known_before() {
        use DataType::{Boolean, Date32, Int32, Int64, Utf8View};
        assert!(fit([].iter()));
        assert!(fit([Int32, Int32, Date32].iter()));
        assert!(fit([Int64, Int32].iter()));
        assert!(!fit([Int64, Int64].iter()));
        assert!(!fit([Boolean, Utf8View].iter()));
    }
}
