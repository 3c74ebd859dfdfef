//! Answers of a model as findings.

use arrow::array::RecordBatch;
use domain::facts::split_ref;
use domain::finding::{Evidence, Finding, Period, score};
use domain::model::{Bilingual, Grain, Header};
use domain::money::Fen;
use domain::problem::Problem;
use sha2::{Digest, Sha256};

use crate::cell::{Cell, readable};
use crate::model::Model;
use crate::reason::{Names, filled};

/// Rows of evidence listed per finding; a village's finding may rest on thousands.
const EVIDENCE_KEPT: usize = 200;
/// Characters of a finding's key.
const KEY_LENGTH: usize = 16;
const KEY_ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    cells: Vec<(String, Cell)>,
}

impl Row {
    /// The value of a column.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Cell> {
        self.cells.iter().find(|(column, _)| column == name).map(|(_, cell)| cell)
    }

    fn small(&self, name: &str) -> Option<i32> {
        match self.get(name) {
            Some(Cell::Small(value)) => Some(*value),
            _ => None,
        }
    }

    fn amount(&self) -> Option<i64> {
        match self.get("amount_fen") {
            Some(Cell::Large(value)) => Some(*value),
            _ => None,
        }
    }

    fn people(&self) -> Vec<u64> {
        match self.get("people") {
            Some(Cell::Keys(people)) => people.clone(),
            _ => Vec::new(),
        }
    }
}

/// Rows of an answer, in the order in which the engine gave them.
///
/// # Errors
/// A problem when a column has a type that no answer may have.
pub fn rows(model: &Model, batches: &[RecordBatch]) -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for batch in batches {
        let columns: Result<Vec<_>, _> = batch.columns().iter().map(readable).collect();
        let columns = columns.map_err(|error| {
            Problem::new("model-run", model.place("model.sql")).with("detail", error)
        })?;
        let schema = batch.schema();
        rows.extend((0..batch.num_rows()).map(|row| {
            let named = schema.fields().iter().zip(&columns);
            Row { cells: named.map(|(f, c)| (f.name().clone(), Cell::at(c, row))).collect() }
        }));
    }
    Ok(rows)
}

/// Findings of a model, by key.
///
/// # Errors
/// A problem when a row has no subject, or two rows are about one subject and period.
pub fn findings(model: &Model, rows: &[Row], names: &Names<'_>) -> Result<Vec<Finding>, Problem> {
    let mut findings = Vec::with_capacity(rows.len());
    for row in rows {
        findings.push(finding(&model.header, row, names).ok_or_else(|| {
            Problem::new("model-no-subject", model.place("model.sql"))
                .with("model", &model.header.id)
        })?);
    }
    findings.sort_by(|a, b| a.key.cmp(&b.key));
    let twice = findings.windows(2).find(|pair| matches!(pair, [a, b] if a.key == b.key));
    match twice {
        Some([first, ..]) => {
            let problem = Problem::new("model-finding-twice", model.place("model.sql"));
            Err(problem
                .with("model", &model.header.id)
                .with("subject", &first.subject)
                .with("period", first.period))
        }
        _ => Ok(findings),
    }
}

fn finding(header: &Header, row: &Row, names: &Names<'_>) -> Option<Finding> {
    let (subject, people) = match (header.grain, row.get("subject")?) {
        (Grain::Village, Cell::Small(number)) => (names.village(*number), row.people()),
        (Grain::Person, Cell::Key(key)) => (format!("{key:016x}"), vec![*key]),
        (Grain::Household | Grain::Account, Cell::Key(key)) => {
            (format!("{key:016x}"), row.people())
        }
        _ => return None,
    };
    let village = match header.grain {
        Grain::Village => subject.clone(),
        _ => row.small("village").map(|number| names.village(number)).unwrap_or_default(),
    };
    let period = Period(row.small("period").unwrap_or_default());
    let amount = row.amount().map(Fen);
    let said = |template: &str, zh| filled(template, |name| row.get(name), names, zh);
    Some(Finding {
        key: key(&header.id, &subject, period),
        model: header.id.clone(),
        version: header.version,
        violation: header.violation,
        severity: header.severity,
        grain: header.grain,
        subject,
        people,
        village,
        period,
        amount,
        reason: Bilingual { zh: said(&header.reason.zh, true), en: said(&header.reason.en, false) },
        evidence_rows: origins(row).len(),
        evidence: evidence(row),
        score: score(header.severity, amount),
    })
}

fn origins(row: &Row) -> &[i64] {
    match row.get("evidence") {
        Some(Cell::Larges(origins)) => origins,
        _ => &[],
    }
}

fn evidence(row: &Row) -> Vec<Evidence> {
    let origin = |origin: &i64| {
        let (batch, row) = split_ref(*origin);
        Evidence { batch, row }
    };
    origins(row).iter().take(EVIDENCE_KEPT).map(origin).collect()
}

/// The same for the same model, subject and period, in every run.
fn key(model: &str, subject: &str, period: Period) -> String {
    let digest = Sha256::digest(format!("{model}|{subject}|{}", period.0));
    let bits = |at: usize| {
        // Five bits from `at`, over at most two bytes.
        let byte = |n: usize| u16::from(digest.get(n).copied().unwrap_or_default());
        let pair = byte(at / 8) << 8 | byte(at / 8 + 1);
        usize::from(pair >> (11 - at % 8) & 31)
    };
    let symbol = |n: usize| KEY_ALPHABET.get(bits(n * 5)).copied().map_or('a', char::from);
    (0..KEY_LENGTH).map(symbol).collect()
}

#[cfg(test)]
mod tests {
    use super::key;
    use domain::finding::Period;

    #[test]
    fn keys_are_stable_and_differ_by_each_part() {
        let one = key("benefit-after-death", "00000000000000ab", Period(2024));
        assert_eq!(one.len(), 16);
        assert_eq!(one, key("benefit-after-death", "00000000000000ab", Period(2024)));
        assert_ne!(one, key("benefit-after-death", "00000000000000ab", Period(2023)));
        assert_ne!(one, key("benefit-after-death", "00000000000000ac", Period(2024)));
        assert_ne!(one, key("cadre-on-aid", "00000000000000ab", Period(2024)));
    }
}
