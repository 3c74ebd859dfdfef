//! Values of rows in memory, between reading a file and writing a batch.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, PrimitiveArray, StringViewBuilder};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Date32Type, Int32Type, Int64Type, UInt64Type,
};
use domain::facts::Kind;
use exchange::block::{NONE, Texts};

/// A missing 32-bit value.
pub const NONE_32: i32 = i32::MIN;

/// Values of one stored column.
#[derive(Debug, Clone)]
pub enum Values {
    /// Keys; 0 where missing.
    Keys(Vec<u64>),
    /// Days, months, flags, numbers of places and programmes; [`NONE_32`] where missing.
    Narrow(Vec<i32>),
    /// Money, counts, areas; [`NONE`] where missing.
    Wide(Vec<i64>),
    /// Texts; empty where missing.
    Texts(Texts),
}

impl Values {
    /// No values yet, for a column of a kind.
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Person | Kind::Name | Kind::Account | Kind::Household => Self::Keys(Vec::new()),
            Kind::Village | Kind::Programme | Kind::Month | Kind::Day | Kind::Flag => {
                Self::Narrow(Vec::new())
            }
            Kind::Fen | Kind::Count | Kind::Mu | Kind::SquareMetres => Self::Wide(Vec::new()),
            Kind::Text | Kind::Township => Self::Texts(Texts::default()),
        }
    }

    /// Appends `count` missing values.
    pub fn push_missing(&mut self, count: usize) {
        match self {
            Self::Keys(values) => values.resize(values.len() + count, 0),
            Self::Narrow(values) => values.resize(values.len() + count, NONE_32),
            Self::Wide(values) => values.resize(values.len() + count, NONE),
            Self::Texts(texts) => (0..count).for_each(|_| texts.push("")),
        }
    }

    /// Appends all values of another column of the same kind.
    pub fn append(&mut self, other: &Self) {
        match (self, other) {
            (Self::Keys(to), Self::Keys(from)) => to.extend_from_slice(from),
            (Self::Narrow(to), Self::Narrow(from)) => to.extend_from_slice(from),
            (Self::Wide(to), Self::Wide(from)) => to.extend_from_slice(from),
            (Self::Texts(to), Self::Texts(from)) => from.iter().for_each(|t| to.push(t)),
            _ => {}
        }
    }

    /// No values yet, for a column like another, with room for so many.
    pub fn empty_like(&self, room: usize) -> Self {
        match self {
            Self::Keys(_) => Self::Keys(Vec::with_capacity(room)),
            Self::Narrow(_) => Self::Narrow(Vec::with_capacity(room)),
            Self::Wide(_) => Self::Wide(Vec::with_capacity(room)),
            Self::Texts(_) => Self::Texts(Texts::default()),
        }
    }

    /// Appends some values of another column of the same kind.
    pub fn extend_chosen(&mut self, other: &Self, chosen: &[u32]) {
        match (self, other) {
            (Self::Keys(to), Self::Keys(from)) => extend(to, from, chosen, 0),
            (Self::Narrow(to), Self::Narrow(from)) => extend(to, from, chosen, NONE_32),
            (Self::Wide(to), Self::Wide(from)) => extend(to, from, chosen, NONE),
            (Self::Texts(to), Self::Texts(from)) => {
                chosen.iter().for_each(|at| to.push(from.get(*at as usize)));
            }
            _ => {}
        }
    }

    /// The values in another order.
    pub fn in_order(&self, order: &[u32]) -> Self {
        let mut ordered = self.empty_like(order.len());
        ordered.extend_chosen(self, order);
        ordered
    }

    /// Some of the values as an Arrow array of a type.
    pub fn array(&self, rows: Range<usize>, data_type: &DataType) -> ArrayRef {
        match self {
            Self::Keys(values) => Arc::new(primitive::<UInt64Type>(values, rows, 0)),
            Self::Wide(values) => Arc::new(primitive::<Int64Type>(values, rows, NONE)),
            Self::Narrow(values) => match data_type {
                DataType::Boolean => flags(values, rows),
                DataType::Date32 => Arc::new(primitive::<Date32Type>(values, rows, NONE_32)),
                _ => Arc::new(primitive::<Int32Type>(values, rows, NONE_32)),
            },
            Self::Texts(texts) => {
                let mut builder = StringViewBuilder::with_capacity(rows.len());
                for text in rows.map(|at| texts.get(at)) {
                    builder.append_option((!text.is_empty()).then_some(text));
                }
                Arc::new(builder.finish())
            }
        }
    }
}

fn extend<V: Copy>(to: &mut Vec<V>, from: &[V], chosen: &[u32], none: V) {
    to.extend(chosen.iter().map(|at| from.get(*at as usize).copied().unwrap_or(none)));
}

fn primitive<T: ArrowPrimitiveType>(
    values: &[T::Native],
    rows: Range<usize>,
    none: T::Native,
) -> PrimitiveArray<T> {
    let values = values.get(rows).unwrap_or_default().to_vec();
    let missing = values.contains(&none);
    let nulls = missing.then(|| values.iter().map(|v| *v != none).collect::<NullBuffer>());
    PrimitiveArray::new(ScalarBuffer::from(values), nulls)
}

fn flags(values: &[i32], rows: Range<usize>) -> ArrayRef {
    let flag = |value: &i32| (*value != NONE_32).then_some(*value != 0);
    Arc::new(values.get(rows).unwrap_or_default().iter().map(flag).collect::<BooleanArray>())
}
