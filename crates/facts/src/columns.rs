//! Values of rows in memory, between reading a file and writing a batch.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Array, Int32Array, Int64Array, PrimitiveArray,
    StringViewBuilder, UInt64Array,
};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowPrimitiveType, DataType};
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

    /// The values in another order, as an Arrow array of a type.
    pub fn ordered(&self, order: &[u32], data_type: &DataType) -> ArrayRef {
        match self {
            Self::Keys(values) => Arc::new(primitive::<_, u64>(values, order, 0) as UInt64Array),
            Self::Wide(values) => Arc::new(primitive::<_, i64>(values, order, NONE) as Int64Array),
            Self::Narrow(values) => match data_type {
                DataType::Boolean => flags(values, order),
                DataType::Date32 => {
                    Arc::new(primitive::<_, i32>(values, order, NONE_32) as Date32Array)
                }
                _ => Arc::new(primitive::<_, i32>(values, order, NONE_32) as Int32Array),
            },
            Self::Texts(texts) => {
                let mut builder = StringViewBuilder::with_capacity(order.len());
                for at in order {
                    let text = texts.get(*at as usize);
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

fn primitive<T, V>(values: &[V], order: &[u32], none: V) -> PrimitiveArray<T>
where
    T: ArrowPrimitiveType<Native = V>,
    V: Copy + PartialEq + arrow::datatypes::ArrowNativeType,
{
    let value = |at: &u32| values.get(*at as usize).copied().unwrap_or(none);
    let ordered: Vec<V> = order.iter().map(value).collect();
    let missing = ordered.iter().filter(|v| **v == none).count();
    let nulls = (missing > 0).then(|| ordered.iter().map(|v| *v != none).collect::<NullBuffer>());
    PrimitiveArray::new(ScalarBuffer::from(ordered), nulls)
}

fn flags(values: &[i32], order: &[u32]) -> ArrayRef {
    let mut builder = BooleanBuilder::with_capacity(order.len());
    for at in order {
        let value = values.get(*at as usize).copied().unwrap_or(NONE_32);
        builder.append_option((value != NONE_32).then_some(value != 0));
    }
    Arc::new(builder.finish())
}
