//! A mapping file: what a person says about the columns of a source, in TOML.
//!
//! ```toml
//! dataset = "payments"
//! header_row = 3
//!
//! [columns]
//! "人员" = "name"
//! "备注" = "-"
//!
//! [units]
//! "金额" = "万元"
//!
//! [defaults]
//! programme = "农村低保"
//! period = "2024-03"
//! ```

use std::collections::BTreeMap;

use domain::facts::{TableSpec, table};
use domain::money::MoneyUnit;
use domain::problem::{Place, Problem};
use domain::text;
use domain::time::Month;
use serde::{Deserialize, Serialize};

use crate::recognise::{AreaUnit, ColumnPlan, Defaults, Plan};
use crate::source::Source;

/// Stands for a column that is not read.
const IGNORED: &str = "-";

/// The units that a mapping may name.
const UNITS: [(&str, Unit); 6] = [
    ("元", Unit::Money(MoneyUnit::Yuan)),
    ("万元", Unit::Money(MoneyUnit::WanYuan)),
    ("分", Unit::Money(MoneyUnit::Fen)),
    ("亩", Unit::Area(AreaUnit::Own)),
    ("平方米", Unit::Area(AreaUnit::SquareMetres)),
    ("公顷", Unit::Area(AreaUnit::Hectares)),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Money(MoneyUnit),
    Area(AreaUnit),
}

/// What a person says about the columns of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The data set.
    pub dataset: Option<&'static TableSpec>,
    /// Name of the sheet it is about; all sheets without it.
    pub sheet: Option<String>,
    /// Last row of the header, from 1.
    pub header_row: Option<u32>,
    /// Header as the file has it, and the column's name or `-`.
    columns: Vec<(String, String)>,
    /// Header, and the unit of its numbers.
    units: Vec<(String, Unit)>,
    /// Values for all rows.
    pub defaults: Defaults,
}

#[derive(Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    dataset: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header_row: Option<u32>,
    #[serde(default)]
    columns: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    units: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    defaults: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Every problem at once, each with its key path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut complain = |code, key: String, value: &str| {
            let place = Place { column: Some(key), ..Place::file(file) };
            problems.push(Problem::new(code, place).with("value", value));
        };
        let read: File = match toml::from_str(text) {
            Ok(read) => read,
            Err(error) => {
                complain("mapping-not-toml", String::new(), error.message());
                return Err(problems);
            }
        };
        let dataset = read.dataset.as_deref().and_then(table);
        match (&read.dataset, dataset) {
            (None, _) => complain("mapping-dataset-missing", "dataset".to_owned(), ""),
            (Some(name), None) => {
                complain("mapping-dataset-unknown", "dataset".to_owned(), name);
            }
            _ => {}
        }
        if read.header_row == Some(0) {
            complain("mapping-value-wrong", "header_row".to_owned(), "0");
        }
        if let Some(table) = dataset {
            for (header, column) in &read.columns {
                if column != IGNORED && table.column(column).is_none() {
                    complain("mapping-column-unknown", format!("columns.{header}"), column);
                }
            }
        }
        let mut units = Vec::new();
        for (header, word) in &read.units {
            match UNITS.iter().find(|(known, _)| known == word) {
                Some((_, unit)) => units.push((header.clone(), *unit)),
                None => complain("mapping-value-wrong", format!("units.{header}"), word),
            }
        }
        let mut defaults = Defaults::default();
        for (key, value) in read.defaults {
            let good = set_default(&mut defaults, &key, &value);
            if !good {
                complain("mapping-value-wrong", format!("defaults.{key}"), &value);
            }
        }
        let columns = read.columns.into_iter().collect();
        let (sheet, header_row) = (read.sheet, read.header_row);
        let mapping = Self { dataset, sheet, header_row, columns, units, defaults };
        if problems.is_empty() { Ok(mapping) } else { Err(problems) }
    }

    /// What was recognised, as a mapping to edit or to remember.
    #[must_use]
    pub fn from_plan(plan: &Plan) -> Self {
        let mut mapping = Self { dataset: Some(plan.table), ..Self::default() };
        for column in plan.columns.iter().filter(|c| !c.header.is_empty()) {
            let spec = column.target.and_then(|at| plan.table.columns.get(at));
            let name = spec.map_or(IGNORED, |spec| spec.name);
            // The same header twice: the one that is read speaks for both.
            match mapping.columns.iter_mut().find(|(header, _)| *header == column.header) {
                Some(known) if known.1 == IGNORED => name.clone_into(&mut known.1),
                Some(_) => {}
                None => mapping.columns.push((column.header.clone(), name.to_owned())),
            }
            let unit = match (column.unit, column.area) {
                (MoneyUnit::Yuan, AreaUnit::Own) => continue,
                (MoneyUnit::Yuan, area) => Unit::Area(area),
                (money, _) => Unit::Money(money),
            };
            if spec.is_some() {
                mapping.units.push((column.header.clone(), unit));
            }
        }
        mapping
    }

    /// The text of the file.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let unit_word = |unit: &Unit| UNITS.iter().find(|(_, u)| u == unit).map_or("", |(w, _)| w);
        let defaults = [
            ("programme", self.defaults.programme.clone()),
            ("period", self.defaults.period.map(|m| m.to_string())),
            ("township", self.defaults.township.clone()),
            ("village", self.defaults.village.clone()),
        ];
        let stated = defaults.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?)));
        let units = self.units.iter().map(|(h, u)| (h.clone(), unit_word(u).to_owned()));
        let file = File {
            dataset: self.dataset.map(|t| t.name.to_owned()),
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            columns: self.columns.iter().cloned().collect(),
            units: units.collect(),
            defaults: stated.collect(),
        };
        toml::to_string(&file).unwrap_or_default()
    }

    /// What is said about a header: nothing, or that it is ignored, or its column.
    pub(crate) fn target(&self, table: &TableSpec, header: &str) -> Option<Option<usize>> {
        let header = text::folded(header);
        let (_, name) = self.columns.iter().find(|(known, _)| text::folded(known) == header)?;
        Some(table.columns.iter().position(|c| c.name == name))
    }

    pub(crate) fn set_units(&self, columns: &mut [ColumnPlan]) {
        for column in columns {
            let header = text::folded(&column.header);
            let said = self.units.iter().find(|(known, _)| text::folded(known) == header);
            match said {
                Some((_, Unit::Money(unit))) => column.unit = *unit,
                Some((_, Unit::Area(unit))) => column.area = *unit,
                None => {}
            }
        }
    }
}

/// Sets one default; false when the key or its value means nothing.
fn set_default(defaults: &mut Defaults, key: &str, value: &str) -> bool {
    let word = Some(text::clean(value).into_owned()).filter(|v| !v.is_empty());
    if word.is_none() {
        return false;
    }
    match key {
        "programme" => defaults.programme = word,
        "township" => defaults.township = word,
        "village" => defaults.village = word,
        "period" => {
            defaults.period = Month::parse(value);
            return defaults.period.is_some();
        }
        _ => return false,
    }
    true
}

/// A file name for the remembered mapping of a sheet: hex digest of its folded header words,
/// the same before and after recognition.
#[must_use]
pub fn fingerprint(source: &Source, sheet: usize) -> String {
    let head = source.sheets().get(sheet).map_or(&[][..], |s| s.head.as_slice());
    // The header is the first of the rows with the most different words that are no numbers.
    let words = |row: &Vec<String>| {
        let mut words: Vec<String> = row.iter().map(|c| text::folded(c)).collect();
        words.retain(|w| !w.is_empty() && !w.chars().any(|c| c.is_ascii_digit()));
        words.sort();
        words.dedup();
        words
    };
    let mut best = Vec::new();
    for row in head {
        let found = words(row);
        if found.len() > best.len() {
            best = found;
        }
    }
    // FNV-1a, 64 bits: stable over time and machines, and nothing secret depends on it.
    let bytes = best.iter().flat_map(|w| w.bytes().chain([0]));
    let digest = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    format!("{digest:016x}")
}
