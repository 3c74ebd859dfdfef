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

use crate::arranged;

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

    /// Values of a column of a kind at addresses in its segments (see [`arranged::place`]).
    pub fn gathered(kind: Kind, segments: &[Option<&Self>], order: &[u32]) -> Self {
        match Self::new(kind) {
            Self::Keys(_) => Self::Keys(arranged::gathered(parts(segments, Self::keys), order, 0)),
            Self::Narrow(_) => {
                Self::Narrow(arranged::gathered(parts(segments, Self::narrow), order, NONE_32))
            }
            Self::Wide(_) => {
                Self::Wide(arranged::gathered(parts(segments, Self::wide), order, NONE))
            }
            Self::Texts(mut texts) => {
                for address in order {
                    let (segment, at) = arranged::place(*address);
                    let text = match segments.get(segment) {
                        Some(Some(Self::Texts(texts))) => texts.get(at),
                        _ => "",
                    };
                    texts.push(text);
                }
                Self::Texts(texts)
            }
        }
    }

    fn keys(&self) -> &[u64] {
        if let Self::Keys(values) = self { values } else { &[] }
    }

    fn narrow(&self) -> &[i32] {
        if let Self::Narrow(values) = self { values } else { &[] }
    }

    fn wide(&self) -> &[i64] {
        if let Self::Wide(values) = self { values } else { &[] }
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

/// The values of each segment; none of one that lacks the column.
fn parts<'a, V>(
    segments: &[Option<&'a Values>],
    of: fn(&'a Values) -> &'a [V],
) -> impl Iterator<Item = &'a [V]> {
    segments.iter().map(move |segment| segment.map(of).unwrap_or_default())
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
