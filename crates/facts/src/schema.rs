//! The Arrow schema of a fact table.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use domain::facts::{COMMON, ColumnSpec, Kind, TableSpec};

/// The schema in which a table is loaded: its stored columns in the order of the contract, then
/// `id_quality` (`missing` in tables without a person) and `ref`.
#[must_use]
pub fn schema(table: &TableSpec) -> SchemaRef {
    let own = table.stored().map(|column| {
        let always = table.key == Some(column.name);
        Field::new(column.name, data_type(column), !always)
    });
    let common = COMMON.iter().map(|column| Field::new(column.name, data_type(column), false));
    Arc::new(Schema::new(own.chain(common).collect::<Vec<_>>()))
}

/// The Arrow type of a column.
pub fn data_type(column: &ColumnSpec) -> DataType {
    match column.kind {
        Kind::Person | Kind::Name | Kind::Account | Kind::Household => DataType::UInt64,
        Kind::Village | Kind::Programme | Kind::Month => DataType::Int32,
        Kind::Day => DataType::Date32,
        Kind::Fen | Kind::Count | Kind::Mu | Kind::SquareMetres => DataType::Int64,
        Kind::Flag => DataType::Boolean,
        Kind::Text | Kind::Township => DataType::Utf8View,
    }
}

#[cfg(test)]
mod tests {
    use super::schema;
    use domain::facts::TABLES;

    #[test]
    fn every_table_has_its_common_columns_and_no_township() {
        for table in TABLES {
            let schema = schema(table);
            assert!(schema.field_with_name("ref").is_ok(), "{}", table.name);
            assert!(schema.field_with_name("id_quality").is_ok(), "{}", table.name);
            assert!(schema.field_with_name("township").is_err(), "{}", table.name);
            assert!(table.key.is_none_or(|k| !schema.field_with_name(k).unwrap().is_nullable()));
        }
    }
}
