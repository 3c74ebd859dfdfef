//! Reads. One file a family of pages.

/// A struct from the columns of a row that are named like its fields.
macro_rules! from_row {
    ($name:ident { $($field:ident),* $(,)? }) => {
        pub(crate) fn from_row(row: &sqlx::any::AnyRow) -> Result<$name, sqlx::Error> {
            Ok($name { $($field: sqlx::Row::try_get(row, stringify!($field))?),* })
        }
    };
}

pub(crate) use from_row;

pub mod accounts;
pub mod acts;
pub mod admin;
pub mod board;
pub mod documents;
pub mod imports;
pub mod inquiries;
pub mod joint;
pub mod keys;
pub mod lists;
pub mod looks;
pub mod office;
pub mod organisation;
pub mod own_codes;
pub mod preparations;
pub mod public_cases;
pub mod public_feed;
pub mod public_matter;
pub mod public_notice;
pub mod public_reports;
pub mod public_search;
pub mod public_stepped;
pub mod public_village;
pub mod report_care;
pub mod report_desk;
pub mod reports;
pub mod seats;
pub mod sessions;
pub mod standing;
pub mod stepped;
pub mod supervision;
pub mod work;
