//! One value of an answer, whatever its Arrow type.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, UInt64Type};
use arrow::error::ArrowError;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// No value.
    Missing,
    /// Person, account or household.
    Key(u64),
    /// Village, programme, period or another number of 32 bits.
    Small(i32),
    /// Money, area, count.
    Large(i64),
    /// Days since 1970-01-01.
    Day(i32),
    /// Yes or no.
    Flag(bool),
    /// Text.
    Text(String),
    /// Keys of people.
    Keys(Vec<u64>),
    /// Villages or programmes.
    Smalls(Vec<i32>),
    /// Origins of rows.
    Larges(Vec<i64>),
}

/// The type in which a column is read, `None` when an answer may not have such a column.
#[must_use]
pub fn read_as(given: &DataType) -> Option<DataType> {
    use DataType::{
        Boolean, Date32, Int8, Int16, Int32, Int64, LargeList, LargeUtf8, List, UInt8, UInt16,
        UInt32, UInt64, Utf8, Utf8View,
    };
    match given {
        UInt64 | Int32 | Int64 | Date32 | Boolean | Utf8View => Some(given.clone()),
        Int8 | Int16 | UInt8 | UInt16 => Some(Int32),
        UInt32 => Some(Int64),
        Utf8 | LargeUtf8 => Some(Utf8View),
        List(field) | LargeList(field) => {
            let item = read_as(field.data_type())?;
            matches!(item, UInt64 | Int32 | Int64).then(|| DataType::new_list(item, true))
        }
        _ => None,
    }
}

/// The column in the type in which it is read.
///
/// # Errors
/// When the column has a type that no answer may have.
pub fn readable(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let wanted = read_as(column.data_type())
        .ok_or_else(|| ArrowError::CastError(format!("{} in an answer", column.data_type())))?;
    cast(column, &wanted)
}

impl Cell {
    /// The value of a [`readable`] column in a row.
    #[must_use]
    pub fn at(column: &ArrayRef, row: usize) -> Self {
        if column.is_null(row) {
            return Self::Missing;
        }
        match column.data_type() {
            DataType::UInt64 => Self::Key(column.as_primitive::<UInt64Type>().value(row)),
            DataType::Int32 => Self::Small(column.as_primitive::<Int32Type>().value(row)),
            DataType::Int64 => Self::Large(column.as_primitive::<Int64Type>().value(row)),
            DataType::Date32 => Self::Day(column.as_primitive::<Date32Type>().value(row)),
            DataType::Boolean => Self::Flag(column.as_boolean().value(row)),
            DataType::Utf8View => Self::Text(column.as_string_view().value(row).to_owned()),
            DataType::List(_) => Self::list(&column.as_list::<i32>().value(row)),
            _ => Self::Missing,
        }
    }

    /// Items of a list, ascending, each once, without nulls.
    fn list(items: &ArrayRef) -> Self {
        fn sorted<T: Ord>(items: impl Iterator<Item = Option<T>>) -> Vec<T> {
            let mut items: Vec<T> = items.flatten().collect();
            items.sort_unstable();
            items.dedup();
            items
        }
        match items.data_type() {
            DataType::UInt64 => Self::Keys(sorted(items.as_primitive::<UInt64Type>().iter())),
            DataType::Int32 => Self::Smalls(sorted(items.as_primitive::<Int32Type>().iter())),
            DataType::Int64 => Self::Larges(sorted(items.as_primitive::<Int64Type>().iter())),
            _ => Self::Missing,
        }
    }
}
