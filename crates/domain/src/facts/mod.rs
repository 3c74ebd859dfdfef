//! The contract of every fact table: one source for import recognition, stored schema, fixture
//! headers and `docs/FACTS.md`.
//!
//! Header synonyms are data. The first synonym of a column is its official Chinese header, and the
//! column's own name is always understood too. Every stored table also carries the columns of
//! [`COMMON`], which no file contains.

mod cadre_kin;
mod cadres;
mod deaths;
mod disability_cards;
mod document;
mod firms;
mod houses;
mod land_contracts;
mod payments;
mod payroll;
mod people;
mod programmes;
mod vehicles;

pub use document::document;

/// What a column holds, in which unit, and so how it is read, keyed and stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Citizen ID number; stored as a 64-bit person key, the number itself only in the vault.
    Person,
    /// Name of a person; stored as a 64-bit key of its normal form, the name only in the vault.
    Name,
    /// Bank account or card; stored as a 64-bit account key, the number only in the vault.
    Account,
    /// Household number; stored as a 64-bit key, the number is not kept.
    Household,
    /// Township name; not stored by itself, joined to the village.
    Township,
    /// Village name, path or 12-digit code; stored as the county's place number (32 bits).
    Village,
    /// Programme name or code; stored as the catalogue's number, 1000 and up for unmatched names
    /// (32 bits).
    Programme,
    /// Civil day; stored as days since 1970-01-01.
    Day,
    /// Civil month; stored as the number `yyyymm` (32 bits). A year alone reads as its January.
    Month,
    /// Money; stored in fen (64 bits).
    Fen,
    /// Whole number (64 bits).
    Count,
    /// Land; stored in 1/10,000 mu (64 bits). Columns end in `_mu_e4`.
    Mu,
    /// Floor space; stored in 1/100 m2 (64 bits). Columns end in `_m2_e2`.
    SquareMetres,
    /// Yes or no.
    Flag,
    /// Text that names no person.
    Text,
}

/// Who may see a column's content (invariant I4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// May leave the office in lists whose field profile allows it.
    Public,
    /// Office only.
    Internal,
    /// Identifies a person: kept as a key, in clear only in the vault, every look is logged.
    Identity,
}

/// One column of a fact table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnSpec {
    /// Name in SQL, snake_case, unit last.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A row without it is refused.
    pub required: bool,
    /// Who may see it.
    pub visibility: Visibility,
    /// Meaning, for `docs/FACTS.md`.
    pub meaning: &'static str,
    /// Header words, official one first.
    pub synonyms: &'static [&'static str],
}

/// One fact table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableSpec {
    /// Name in SQL and on the command line (`--as`).
    pub name: &'static str,
    /// Meaning, for `docs/FACTS.md`.
    pub meaning: &'static str,
    /// Words in file names, sheet names and title rows that speak for this table, official one
    /// first.
    pub words: &'static [&'static str],
    /// The column by which rows are partitioned and sorted (its table's main person), if any.
    pub key: Option<&'static str>,
    /// The day column that orders rows of one person, if any.
    pub day: Option<&'static str>,
    /// Columns in stored order.
    pub columns: &'static [ColumnSpec],
}

impl TableSpec {
    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&'static ColumnSpec> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// Columns that are stored as they stand or as keys: all but the township, which joins the
    /// village.
    pub fn stored(&self) -> impl Iterator<Item = &'static ColumnSpec> {
        self.columns.iter().filter(|c| c.kind != Kind::Township)
    }
}

/// Columns that every stored table has beside its own.
///
/// * `id_quality`: code of [`crate::ids::IdQuality`] of the row's main person.
/// * `ref`: where the row came from, `batch << 32 | row`; see [`row_ref`].
pub const COMMON: &[ColumnSpec] = &[
    column(
        "id_quality",
        Kind::Text,
        Visibility::Internal,
        "quality of the ID number: ok, checksum_error, date_error, 15digit, form_error, missing",
        &[],
    ),
    column(
        "ref",
        Kind::Count,
        Visibility::Internal,
        "origin of the row: batch number * 2^32 + row number in the source",
        &[],
    ),
];

/// All fact tables, in the order in which they are listed.
pub const TABLES: &[TableSpec] = &[
    payments::TABLE,
    people::TABLE,
    deaths::TABLE,
    payroll::TABLE,
    cadres::TABLE,
    cadre_kin::TABLE,
    vehicles::TABLE,
    firms::TABLE,
    houses::TABLE,
    land_contracts::TABLE,
    disability_cards::TABLE,
    programmes::TABLE,
];

/// The table of a name.
#[must_use]
pub fn table(name: &str) -> Option<&'static TableSpec> {
    TABLES.iter().find(|t| t.name == name)
}

/// The origin of a row as one number: batch in the upper, row in the lower 32 bits.
#[must_use]
pub const fn row_ref(batch: u32, row: u32) -> i64 {
    ((batch as i64) << 32) | row as i64
}

/// Batch and row of a [`row_ref`].
#[must_use]
pub const fn split_ref(origin: i64) -> (u32, u32) {
    ((origin >> 32) as u32, (origin & 0xffff_ffff) as u32)
}

const fn column(
    name: &'static str,
    kind: Kind,
    visibility: Visibility,
    meaning: &'static str,
    synonyms: &'static [&'static str],
) -> ColumnSpec {
    ColumnSpec { name, kind, required: false, visibility, meaning, synonyms }
}

/// The same column, required.
const fn required(column: ColumnSpec) -> ColumnSpec {
    ColumnSpec { required: true, ..column }
}

const ID_WORDS: &[&str] = &[
    "身份证号码",
    "身份证号",
    "身份证",
    "公民身份号码",
    "公民身份证号码",
    "居民身份证号",
    "居民身份证号码",
    "证件号码",
    "证件号",
    "身份证件号",
    "身份证件号码",
    "有效证件号码",
    "身份号码",
    "id_number",
    "id",
    "idcard",
    "id_card",
    "sfzh",
    "sfzhm",
    "gmsfhm",
    "zjhm",
];
const NAME_WORDS: &[&str] =
    &["姓名", "名字", "人员姓名", "户主姓名", "居民姓名", "xm", "full_name"];
const TOWNSHIP_WORDS: &[&str] = &[
    "乡镇",
    "乡镇名称",
    "所属乡镇",
    "镇",
    "乡",
    "乡(镇)",
    "乡镇(街道)",
    "街道",
    "镇街",
    "镇(乡)",
    "所在乡镇",
    "town",
];
const VILLAGE_WORDS: &[&str] = &[
    "村",
    "村名",
    "村名称",
    "行政村",
    "所属村",
    "村(社区)",
    "村/社区",
    "村(居)",
    "村居",
    "所在村",
    "村委会",
    "村级",
    "村社区",
    "行政区划",
    "行政区划代码",
    "村代码",
    "区划",
    "village_code",
    "village_name",
    "cun",
];
const HOUSEHOLD_WORDS: &[&str] = &[
    "户号",
    "户编号",
    "家庭编号",
    "户籍编号",
    "家庭户号",
    "户口簿号",
    "户主编号",
    "household_no",
    "hh",
    "huhao",
];

#[cfg(test)]
mod tests {
    use super::{COMMON, TABLES, row_ref, split_ref};
    use crate::text::folded;
    use std::collections::HashSet;

    #[test]
    fn names_and_synonyms_are_unique_within_a_table() {
        for table in TABLES {
            let mut seen = HashSet::new();
            for column in table.columns.iter().chain(COMMON) {
                assert!(seen.insert(folded(column.name)), "{}.{}", table.name, column.name);
                for synonym in column.synonyms {
                    let word = folded(synonym);
                    assert!(
                        word == folded(column.name) || seen.insert(word),
                        "{}.{}: {synonym}",
                        table.name,
                        column.name
                    );
                }
            }
            assert!(table.key.is_none_or(|k| table.column(k).is_some()), "{}", table.name);
            assert!(table.day.is_none_or(|d| table.column(d).is_some()), "{}", table.name);
        }
    }

    #[test]
    fn refs_split_into_what_they_were_made_of() {
        assert_eq!(split_ref(row_ref(7, 4_000_000_000)), (7, 4_000_000_000));
    }
}
