//! The rules of a row: what is data, what is refused, what is kept without one of its values.

use std::borrow::Cow;

use domain::facts::{ColumnSpec, Kind};
use domain::ids::{self, IdNumber, IdQuality};
use domain::name;
use domain::problem::masked;
use domain::text;

use crate::block::{Block, Column, NONE, RowProblem, Texts};
use crate::passed::{self, Passed};
use crate::recognise::Plan;
use crate::value;

/// Reads rows one after another into a block.
pub struct RowReader<'p> {
    plan: &'p Plan,
    block: Block,
    /// For each column of the table the column of the file.
    from: Vec<Option<usize>>,
    key: Option<usize>,
    name: Option<usize>,
    money: Option<usize>,
    period: Option<usize>,
    day: Option<usize>,
    /// Columns of the table that the file or a default fills, or that must not be missing.
    active: Vec<(usize, &'static ColumnSpec)>,
    /// Cells that a text row must at least have.
    needed: usize,
    is_text: bool,
    lossy: Vec<usize>,
}

/// What became of a row while its cells were read.
struct Outcome {
    refused: bool,
}

impl<'p> RowReader<'p> {
    /// A reader for about so many rows.
    pub fn new(plan: &'p Plan, rows: usize, is_text: bool) -> Self {
        let table = plan.table;
        let position = |name: Option<&str>| table.columns.iter().position(|c| Some(c.name) == name);
        let from: Vec<Option<usize>> = (0..table.columns.len())
            .map(|target| plan.columns.iter().position(|c| c.target == Some(target)))
            .collect();
        let required = table.columns.iter().zip(&from).filter(|(spec, _)| spec.required);
        let needed = required.filter_map(|(_, from)| *from).max().map_or(0, |last| last + 1);
        let columns = table.columns.iter().zip(&from);
        let columns = columns.map(|(spec, from)| empty_column(spec, from.is_some(), plan, rows));
        let columns: Vec<Column> = columns.collect();
        let active = table.columns.iter().zip(&columns).enumerate();
        let active = active.filter(|(_, (spec, c))| spec.required || !matches!(c, Column::Absent));
        let is_payments = table.name == "payments";
        let money = table.columns.iter().position(|c| c.required && c.kind == Kind::Fen);
        Self {
            active: active.map(|(target, (spec, _))| (target, spec)).collect(),
            block: Block { columns, ..Block::default() },
            key: position(table.key),
            name: table.columns.iter().position(|c| c.kind == Kind::Name && c.name == "name"),
            money,
            period: position(Some("period")).filter(|_| is_payments),
            day: position(table.day),
            plan,
            from,
            needed,
            is_text,
            lossy: Vec::new(),
        }
    }

    /// Counts rows without any cell.
    pub fn blank(&mut self, rows: u64) {
        self.block.tally.blank += rows;
    }

    /// Adds a problem that is not about one column.
    pub fn note(&mut self, problem: RowProblem) {
        self.block.problems.push(problem);
    }

    /// The block of all rows read.
    pub fn finish(self) -> Block {
        self.block
    }

    fn cell<'a>(&self, fields: &'a [Cow<'_, str>], target: Option<usize>) -> &'a str {
        let at = target.and_then(|t| self.from.get(t).copied().flatten());
        at.and_then(|at| fields.get(at)).map_or("", |f| f.as_ref())
    }

    /// Reads a row. `lossy` names the cells whose number has lost digits.
    pub fn row(&mut self, row: u32, fields: &[Cow<'_, str>], lossy: &[usize]) {
        let key = self.cell(fields, self.key);
        // An ID number is what nearly all rows have there: no closer look at those.
        if !(key.len() >= 15 && key.starts_with(|c: char| c.is_ascii_digit())) {
            let is_header = || self.repeats_header(fields);
            match passed::judge(fields, key, self.key.is_some(), is_header) {
                Passed::Blank => {
                    self.block.tally.blank += 1;
                    return;
                }
                Passed::Note => {
                    self.block.tally.totals += 1;
                    return;
                }
                Passed::Total => {
                    self.block.tally.totals += 1;
                    let sum = self.amount(fields).unwrap_or(0);
                    let total = &mut self.block.tally.totals_fen;
                    *total = total.saturating_add(sum);
                    return;
                }
                Passed::Data => {}
            }
        }
        self.block.tally.read += 1;
        self.lossy.clear();
        self.lossy.extend_from_slice(lossy);
        let outcome = self.read_cells(row, fields);
        if outcome.refused {
            let amount = self.amount(fields).unwrap_or(0);
            let tally = &mut self.block.tally;
            tally.refused += 1;
            tally.refused_fen = tally.refused_fen.saturating_add(amount);
            let kept = self.block.rows.len();
            self.block.columns.iter_mut().for_each(|column| column.truncate(kept));
        } else {
            let amount = Some(self.last(self.money)).filter(|fen| *fen != NONE).unwrap_or(0);
            let kept = &mut self.block.tally.kept_fen;
            *kept = kept.saturating_add(amount);
            self.block.rows.push(row.saturating_add(self.plan.row_offset));
        }
    }

    fn amount(&self, fields: &[Cow<'_, str>]) -> Option<i64> {
        let column = self.plan.columns.get(self.from.get(self.money?).copied().flatten()?)?;
        value::number(Kind::Fen, self.cell(fields, self.money), column, "").ok()
    }

    /// Printed lists repeat their header on every page, and forms number their columns.
    fn repeats_header(&self, fields: &[Cow<'_, str>]) -> bool {
        let pairs = fields.iter().zip(&self.plan.columns);
        let filled = pairs.enumerate().filter(|(_, (f, _))| !f.trim().is_empty());
        let (mut all, mut same, mut numbered) = (0, 0, 0);
        for (at, (field, column)) in filled {
            let (field, header) = (text::folded(field), text::folded(&column.header));
            all += 1;
            same += usize::from(header == field || header.ends_with(&format!("/{field}")));
            let is_number = field.parse() == Ok(at + 1) || field.parse() == Ok(at);
            numbered +=
                usize::from(is_number || matches!(field.as_str(), "甲" | "乙" | "丙" | "丁"));
        }
        all > 1 && (same * 2 > all || numbered == all)
    }

    fn complain(
        &mut self,
        row: u32,
        target: Option<usize>,
        value: &str,
        code: &'static str,
        refused: bool,
    ) {
        let from = target.and_then(|t| self.from.get(t).copied().flatten());
        let column = match from.and_then(|at| self.plan.columns.get(at)) {
            Some(column) => column.header.clone(),
            None => target
                .and_then(|t| self.plan.table.columns.get(t))
                .map_or(String::new(), |spec| official(spec).to_owned()),
        };
        let row = row.saturating_add(self.plan.row_offset);
        let value = masked(value);
        self.block.problems.push(RowProblem { row, column, value, code, refused });
    }

    fn read_cells(&mut self, row: u32, fields: &[Cow<'_, str>]) -> Outcome {
        let mut refused = false;
        let extra = fields.get(self.plan.columns.len()..).unwrap_or_default();
        if self.is_text && fields.len() < self.needed {
            self.complain(row, None, "", "too-few-columns", true);
            return Outcome { refused: true };
        }
        // A separator inside a cell moves all that follows: nothing in such a row can be trusted.
        if self.is_text && extra.iter().any(|f| !f.trim().is_empty()) {
            self.complain(row, None, "", "too-many-columns", true);
            return Outcome { refused: true };
        }
        for at in 0..self.active.len() {
            let Some(&(target, spec)) = self.active.get(at) else { break };
            let raw = self.cell(fields, Some(target));
            let good = match spec.kind {
                Kind::Person => self.person(row, target, spec, raw, fields),
                Kind::Name
                | Kind::Account
                | Kind::Household
                | Kind::Township
                | Kind::Village
                | Kind::Programme
                | Kind::Text => self.text(row, target, spec, raw),
                _ => self.number(row, target, spec, raw),
            };
            refused |= !good;
        }
        if !refused && self.has_no_period() {
            self.complain(row, self.period, "", "period-missing", true);
            refused = true;
        }
        Outcome { refused }
    }

    fn has_no_period(&self) -> bool {
        self.period.is_some() && self.last(self.period) == NONE && self.last(self.day) == NONE
    }

    /// The number that was read last for a column.
    fn last(&self, target: Option<usize>) -> i64 {
        match target.and_then(|t| self.block.columns.get(t)) {
            Some(Column::Numbers(numbers)) => numbers.last().copied().unwrap_or(NONE),
            _ => NONE,
        }
    }

    fn is_lossy(&self, target: usize) -> bool {
        let from = self.from.get(target).copied().flatten();
        from.is_some_and(|at| self.lossy.contains(&at))
    }

    fn person(
        &mut self,
        row: u32,
        target: usize,
        spec: &ColumnSpec,
        raw: &str,
        fields: &[Cow<'_, str>],
    ) -> bool {
        if let Some(quality) = ids::plain_quality(raw)
            && quality == IdQuality::Ok
            && !self.is_lossy(target)
        {
            self.push_id(target, raw, quality);
            return true;
        }
        let is_key = self.key == Some(target);
        let mut id = IdNumber::read(raw);
        if !raw.bytes().any(|b| b.is_ascii_digit()) && !id.text.bytes().any(|b| b.is_ascii_digit())
        {
            id = IdNumber { text: String::new(), quality: IdQuality::Missing };
        }
        if self.is_lossy(target) {
            id.quality = IdQuality::FormError;
        }
        let mut good = true;
        let code = match id.quality {
            IdQuality::Ok | IdQuality::Upgraded15 => None,
            IdQuality::Missing if is_key => {
                let named = !text::clean(self.cell(fields, self.name)).is_empty();
                good = named;
                Some(if named { "id-missing" } else { "id-and-name-missing" })
            }
            IdQuality::Missing if spec.required => {
                good = false;
                Some("value-missing")
            }
            IdQuality::Missing => None,
            IdQuality::ChecksumError => Some("id-check-digit"),
            IdQuality::DateError => Some("id-date"),
            IdQuality::FormError if self.is_lossy(target) => Some("id-precision-lost"),
            IdQuality::FormError => Some("id-form"),
        };
        if let Some(code) = code {
            self.complain(row, Some(target), raw, code, !good);
        }
        self.push_id(target, &id.text, id.quality);
        good
    }

    fn push_id(&mut self, target: usize, id: &str, quality: IdQuality) {
        if let Some(Column::Ids(texts, qualities)) = self.block.columns.get_mut(target) {
            texts.push(id);
            qualities.push(quality);
        }
    }

    fn text(&mut self, row: u32, target: usize, spec: &ColumnSpec, raw: &str) -> bool {
        let mut code = None;
        let mut read = if raw.is_empty() { Cow::Borrowed("") } else { read_text(spec.kind, raw) };
        if value::is_cell_error(raw) {
            (read, code) = (Cow::Borrowed(""), Some("cell-error"));
        } else if spec.kind == Kind::Account && self.is_lossy(target) {
            (read, code) = (Cow::Borrowed(""), Some("account-precision-lost"));
        }
        let plan = self.plan;
        if read.is_empty()
            && let Some(default) = default_text(plan, spec.kind)
        {
            read = Cow::Borrowed(default);
        }
        if read.is_empty() && spec.required && code.is_none() {
            code = Some("value-missing");
        }
        if let Some(code) = code {
            self.complain(row, Some(target), raw, code, spec.required && read.is_empty());
        }
        if let Some(Column::Texts(texts)) = self.block.columns.get_mut(target) {
            texts.push(&read);
        }
        !(read.is_empty() && spec.required)
    }

    fn number(&mut self, row: u32, target: usize, spec: &ColumnSpec, raw: &str) -> bool {
        let plan = self.plan;
        let default = match spec.kind {
            Kind::Month if spec.name == "period" => plan.defaults.period.map(|m| i64::from(m.0)),
            _ => None,
        };
        let mut found = NONE;
        let mut code = None;
        let from = self.from.get(target).copied().flatten();
        if let Some(column) = from.and_then(|at| plan.columns.get(at)) {
            let blank =
                if spec.kind == Kind::Flag { raw.trim().is_empty() } else { value::is_blank(raw) };
            if !blank {
                match value::number(spec.kind, raw, column, spec.name) {
                    Ok(number) => found = number,
                    Err(_) if value::is_cell_error(raw) => code = Some("cell-error"),
                    Err(why) => code = Some(why),
                }
            }
        }
        if found == NONE && code.is_none() {
            found = default.unwrap_or(NONE);
        }
        let good = found != NONE || !spec.required;
        if !good {
            code = code.or(Some("value-missing"));
        }
        if let Some(code) = code {
            self.complain(row, Some(target), raw, code, !good);
        }
        if let Some(Column::Numbers(numbers)) = self.block.columns.get_mut(target) {
            numbers.push(found);
        }
        good
    }
}

fn official(spec: &ColumnSpec) -> &'static str {
    spec.synonyms.first().copied().unwrap_or(spec.name)
}

fn default_text(plan: &Plan, kind: Kind) -> Option<&str> {
    match kind {
        Kind::Programme => plan.defaults.programme.as_deref(),
        Kind::Township => plan.defaults.township.as_deref(),
        Kind::Village => plan.defaults.village.as_deref(),
        _ => None,
    }
}

fn read_text(kind: Kind, raw: &str) -> Cow<'_, str> {
    match kind {
        // Nothing to clean in what nearly all names of people and places are.
        kind if kind != Kind::Account && name::is_plain(raw) => Cow::Borrowed(raw),
        Kind::Name => Cow::Owned(name::normal(raw)),
        Kind::Account if raw.bytes().all(|b| b.is_ascii_digit()) => Cow::Borrowed(raw),
        Kind::Account => Cow::Owned(ids::read_account(raw).unwrap_or_default()),
        _ => text::clean(raw),
    }
}

/// An empty column as its kind asks; absent when neither the file nor a default fills it.
fn empty_column(spec: &ColumnSpec, in_file: bool, plan: &Plan, rows: usize) -> Column {
    let by_default = match spec.kind {
        Kind::Month => spec.name == "period" && plan.defaults.period.is_some(),
        kind => default_text(plan, kind).is_some(),
    };
    match spec.kind {
        _ if !in_file && !by_default => Column::Absent,
        Kind::Person => Column::Ids(Texts::with_capacity(rows, 18), Vec::with_capacity(rows)),
        Kind::Name
        | Kind::Account
        | Kind::Household
        | Kind::Township
        | Kind::Village
        | Kind::Programme
        | Kind::Text => Column::Texts(Texts::with_capacity(rows, 12)),
        _ => Column::Numbers(Vec::with_capacity(rows)),
    }
}
