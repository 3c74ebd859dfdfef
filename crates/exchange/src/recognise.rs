//! Which data set a sheet holds, and which column is which.

use domain::facts::{ColumnSpec, Kind, TABLES, TableSpec};
use domain::money::MoneyUnit;
use domain::problem::{Failure, Fault, Place, Problem, masked};
use domain::text;
use domain::time::Month;

use crate::header::{self, Match};
use crate::mapping::Mapping;
use crate::source::{HEAD_ROWS, SHEET_ROWS, Sheet, Source};
use crate::title::{self, Said};

/// The unit of numbers in a column of land or floor space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AreaUnit {
    /// The unit of the contract: mu for land, m2 for floors.
    #[default]
    Own,
    /// m2 in a column of land.
    SquareMetres,
    /// Hectares (公顷) in a column of land.
    Hectares,
}

impl AreaUnit {
    fn in_text(header: &str) -> Self {
        if header.contains("公顷") {
            Self::Hectares
        } else if ["平方米", "㎡", "m2", "m²"].iter().any(|unit| header.contains(unit)) {
            Self::SquareMetres
        } else {
            Self::Own
        }
    }
}

/// What one column of the file is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnPlan {
    /// Header as the file has it; two rows are joined by `/`.
    pub header: String,
    /// Index in the columns of the table, if it is read.
    pub target: Option<usize>,
    /// Unit of money.
    pub unit: MoneyUnit,
    /// Unit of area.
    pub area: AreaUnit,
}

/// Values for rows whose cell is empty or whose file has no such column, from title, sheet name,
/// file name or mapping. [`crate::read::parse`] fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Programme name.
    pub programme: Option<String>,
    /// Month.
    pub period: Option<Month>,
    /// Township name.
    pub township: Option<String>,
    /// Village name.
    pub village: Option<String>,
}

/// How a sheet is read.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The data set.
    pub table: &'static TableSpec,
    /// File name, for problems.
    pub file: String,
    /// Index of the sheet.
    pub sheet: usize,
    /// Name of the sheet; empty for text files.
    pub sheet_name: String,
    /// Row of the sheet, from 1, in which the header stands (the last of its rows).
    pub header_row: u32,
    /// Row of the sheet, from 1, after the header.
    pub first_data_row: u32,
    /// One per column of the file.
    pub columns: Vec<ColumnPlan>,
    /// Values for what no column says.
    pub defaults: Defaults,
    /// How sure the recognition is, in percent.
    pub confidence: u8,
    /// Worth knowing: columns ignored, guesses made.
    pub notes: Vec<Problem>,
    /// Added to row numbers of the sheet, so that numbers of two sheets never meet.
    pub row_offset: u32,
}

/// Finds data set and columns of a sheet. A mapping overrules what the header says.
///
/// # Errors
/// `no-header`, `header-only`, `wrong-delimiter`, `dataset-not-recognised`,
/// `required-column-missing`.
pub fn recognise(
    source: &Source,
    sheet: usize,
    forced: Option<&'static TableSpec>,
    mapping: Option<&Mapping>,
) -> Result<Plan, Failure> {
    let found = source.sheets().get(sheet);
    let found = found.ok_or_else(|| Fault::new("recognise", format!("no sheet {sheet}")))?;
    let place = Place {
        sheet: (!found.name.is_empty()).then(|| found.name.clone()),
        ..Place::file(source.name())
    };
    let search = Search { source, sheet: found, place, mapping };
    let forced = mapping.and_then(|m| m.dataset).or(forced);
    let best = search.best(forced)?;
    search.check_data_rows(&best)?;
    Ok(search.plan(sheet, &best))
}

/// A header row read for one table.
struct Candidate {
    table: &'static TableSpec,
    /// Index of the header's last row in the head.
    row: usize,
    headers: Vec<String>,
    matches: Vec<Option<Match>>,
    /// Pairs of columns that claimed the same target: loser and winner.
    losers: Vec<(usize, usize)>,
    /// In thousandths, so that no floating point decides.
    score: usize,
}

impl Candidate {
    fn matched(&self) -> usize {
        self.matches.iter().flatten().count()
    }

    fn has(&self, target: usize) -> bool {
        self.matches.iter().flatten().any(|m| m.target == target)
    }

    fn missing(&self) -> Vec<&'static ColumnSpec> {
        let required = self.table.columns.iter().enumerate().filter(|(_, c)| c.required);
        required.filter(|(at, _)| !self.has(*at)).map(|(_, c)| c).collect()
    }
}

/// Difference of scores below which two tables are as good as each other.
const MARGIN: usize = 300;
/// Weights of matched columns; what many tables understand is divided among them.
const REQUIRED_WEIGHT: usize = 6000;
const OPTIONAL_WEIGHT: usize = 3000;
/// What a word of the table in a title, sheet or file name is worth, and each character of it.
const WORD_WEIGHT: usize = 1000;
const WORD_LETTER_WEIGHT: usize = 250;

struct Search<'a> {
    source: &'a Source,
    sheet: &'a Sheet,
    place: Place,
    mapping: Option<&'a Mapping>,
}

impl Search<'_> {
    fn problem(&self, code: &'static str) -> Problem {
        Problem::new(code, self.place.clone())
    }

    fn best(&self, forced: Option<&'static TableSpec>) -> Result<Candidate, Failure> {
        let tables = TABLES.iter().filter(|t| forced.is_none_or(|f| f.name == t.name));
        let mut all: Vec<Candidate> = tables.filter_map(|t| self.best_of(t)).collect();
        all.sort_by_key(|c| std::cmp::Reverse((c.missing().is_empty(), c.score)));
        let given = forced.is_some();
        let incomplete = all.iter().filter(|c| !c.missing().is_empty());
        let nearest = incomplete.max_by_key(|c| c.score).map(|c| (c.score, self.lacking(c)));
        let mut all = all.into_iter();
        let Some(best) = all.next() else { return Err(self.no_header().into()) };
        if !given && best.matched() < 2 {
            return Err(self.no_header().into());
        }
        if !best.missing().is_empty() {
            return Err(self.lacking(&best).into());
        }
        let rivals = all.filter(|c| c.missing().is_empty() && best.score - c.score < MARGIN);
        let rivals: Vec<&str> = rivals.map(|c| c.table.name).collect();
        if given || rivals.is_empty() {
            return Ok(best);
        }
        // Several tables would do, but one that lacks a column fits better than all of them.
        if let Some((_, lacking)) = nearest.filter(|(score, _)| *score > best.score) {
            return Err(lacking.into());
        }
        Err(self
            .problem("dataset-not-recognised")
            .with("candidates", [&[best.table.name], rivals.as_slice()].concat().join(", "))
            .with("found", found_words(&best.headers))
            .into())
    }

    fn lacking(&self, candidate: &Candidate) -> Problem {
        let missing = candidate.missing();
        let names = missing.iter().map(|c| c.synonyms.first().copied().unwrap_or(c.name));
        self.problem("required-column-missing")
            .with("dataset", candidate.table.name)
            .with("columns", names.collect::<Vec<_>>().join(", "))
            .with("found", found_words(&candidate.headers))
    }

    fn no_header(&self) -> Problem {
        let head = &self.sheet.head;
        if head.iter().all(|row| row.iter().all(String::is_empty)) {
            return self.problem("sheet-empty");
        }
        let mut widths = head.iter().map(|row| row.iter().filter(|c| !c.is_empty()).count());
        if !self.source.is_workbook() && head.len() > 1 && widths.all(|w| w <= 1) {
            return self.problem("wrong-delimiter");
        }
        let widest = head.iter().max_by_key(|row| row.iter().filter(|c| !c.is_empty()).count());
        self.problem("no-header").with("found", found_words(widest.map_or(&[], Vec::as_slice)))
    }

    /// The best header row for a table, if any cell of any row means something to it.
    fn best_of(&self, table: &'static TableSpec) -> Option<Candidate> {
        let rows = 0..self.sheet.head.len();
        let only = self.mapping.and_then(|m| m.header_row).map(|row| row as usize - 1);
        let mut best: Option<Candidate> = None;
        for row in rows.filter(|row| only.is_none_or(|only| only == *row)) {
            let lone = self.sheet.head.get(row).cloned().unwrap_or_default();
            for headers in [Some(lone), self.joined(row)].into_iter().flatten() {
                let candidate = self.candidate(table, row, headers);
                if candidate.matched() == 0 {
                    continue;
                }
                let complete = candidate.missing().is_empty();
                let better = best.as_ref().is_none_or(|b| {
                    (complete, candidate.score) > (b.missing().is_empty(), b.score)
                });
                if better {
                    best = Some(candidate);
                }
            }
        }
        best
    }

    /// Row and the row above it as one header, where they can be one.
    fn joined(&self, row: usize) -> Option<Vec<String>> {
        let upper = self.sheet.head.get(row.checked_sub(1)?)?;
        let lower = self.sheet.head.get(row)?;
        if lower.iter().any(|cell| cell.starts_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        let (mut headers, mut group) = (Vec::new(), "");
        for at in 0..upper.len().max(lower.len()) {
            let above = upper.get(at).map_or("", String::as_str);
            let below = lower.get(at).map_or("", String::as_str);
            // A merged cell above leaves blanks to its right.
            group = if above.is_empty() && !below.is_empty() { group } else { above };
            headers.push(match (group, below) {
                (group, "") => group.to_owned(),
                (group, below) if group.is_empty() || group == below => below.to_owned(),
                (group, below) => format!("{group}/{below}"),
            });
        }
        Some(headers)
    }

    fn candidate(&self, table: &'static TableSpec, row: usize, headers: Vec<String>) -> Candidate {
        let mut matches: Vec<Option<Match>> = Vec::with_capacity(headers.len());
        let mut losers = Vec::new();
        for (at, header) in headers.iter().enumerate() {
            let found = match self.mapping.and_then(|m| m.target(table, header)) {
                Some(said) => said.map(|target| Match { target, score: 101 }),
                None => header::understand(table, header),
            };
            matches.push(found);
            let Some(found) = found else { continue };
            let rival =
                matches.iter().take(at).position(|m| m.is_some_and(|m| m.target == found.target));
            let Some(rival) = rival else { continue };
            let rival_score = matches.get(rival).copied().flatten().map_or(0, |m| m.score);
            let (loser, winner) = if found.score > rival_score { (rival, at) } else { (at, rival) };
            if let Some(lost) = matches.get_mut(loser) {
                *lost = None;
            }
            losers.push((loser, winner));
        }
        let score = self.score(table, row, &headers, &matches);
        Candidate { table, row, headers, matches, losers, score }
    }

    fn score(
        &self,
        table: &TableSpec,
        row: usize,
        headers: &[String],
        matches: &[Option<Match>],
    ) -> usize {
        let mut score = 0;
        for (header, found) in headers.iter().zip(matches) {
            let Some(found) = found else { continue };
            let required = table.columns.get(found.target).is_some_and(|c| c.required);
            let weight = if required { REQUIRED_WEIGHT } else { OPTIONAL_WEIGHT };
            let tables = header::tables_that_understand(header);
            score += weight * found.score as usize / 100 / tables;
        }
        let titles = self.titles(row);
        let word = |text: &String| {
            let text = text::folded(text);
            let known = table.words.iter().filter(|w| text.contains(&text::folded(w)));
            known.map(|w| w.chars().count()).max()
        };
        let longest = titles.iter().filter_map(word).max();
        score + longest.map_or(0, |length| WORD_WEIGHT + WORD_LETTER_WEIGHT * length.min(8))
    }

    /// Texts that speak about all rows: title rows above the header, sheet name, file name.
    fn titles(&self, row: usize) -> Vec<String> {
        let mut titles = Vec::new();
        for cells in self.sheet.head.iter().take(row) {
            let mut texts: Vec<&String> = cells.iter().filter(|c| !c.is_empty()).collect();
            texts.dedup();
            // A row of many different texts is part of a header, not a title.
            if texts.len() <= 4 {
                titles.extend(texts.into_iter().cloned());
            }
        }
        titles.push(self.sheet.name.clone());
        let stem = self.source.name().rsplit_once('.').map_or(self.source.name(), |(s, _)| s);
        titles.push(stem.to_owned());
        titles
    }

    fn check_data_rows(&self, best: &Candidate) -> Result<(), Failure> {
        let mut below = self.sheet.head.iter().skip(best.row + 1);
        let none = below.all(|row| row.iter().all(String::is_empty));
        let more = self.sheet.rows.is_some_and(|rows| rows as usize > self.sheet.head.len())
            || self.sheet.head.len() >= HEAD_ROWS;
        if none && !more {
            let found = found_words(&best.headers);
            return Err(self.problem("header-only").with("found", found).into());
        }
        Ok(())
    }

    fn plan(&self, sheet: usize, best: &Candidate) -> Plan {
        let titles = self.titles(best.row);
        let money =
            titles.iter().filter(|t| t.contains("单位")).find_map(|t| MoneyUnit::in_text(t));
        let columns = best.headers.iter().zip(&best.matches).map(|(header, found)| ColumnPlan {
            header: header.clone(),
            target: found.map(|m| m.target),
            unit: MoneyUnit::in_text(header).or(money).unwrap_or_default(),
            area: AreaUnit::in_text(header),
        });
        let mut columns: Vec<ColumnPlan> = columns.collect();
        if let Some(mapping) = self.mapping {
            mapping.set_units(&mut columns);
        }
        let notes = best.losers.iter().map(|(loser, winner)| {
            let header = |at: &usize| best.headers.get(*at).cloned().unwrap_or_default();
            let place = Place { column: Some(header(loser)), ..self.place.clone() };
            Problem::note("column-claimed-twice", place).with("used", header(winner))
        });
        let scores: Vec<u32> = best.matches.iter().flatten().map(|m| m.score.min(100)).collect();
        let average = scores.iter().sum::<u32>() / u32::try_from(scores.len()).unwrap_or(1).max(1);
        let header_row = u32::try_from(best.row + 1).unwrap_or(u32::MAX);
        Plan {
            table: best.table,
            file: self.source.name().to_owned(),
            sheet,
            sheet_name: self.sheet.name.clone(),
            header_row,
            first_data_row: header_row + 1,
            defaults: self.defaults(best, &titles),
            columns,
            confidence: u8::try_from(average).unwrap_or(100),
            notes: notes.collect(),
            row_offset: u32::try_from(sheet).unwrap_or(0).saturating_mul(SHEET_ROWS),
        }
    }

    /// What titles say and no column does; a mapping's word goes before.
    fn defaults(&self, best: &Candidate, titles: &[String]) -> Defaults {
        let mut found = self.mapping.map(|m| m.defaults.clone()).unwrap_or_default();
        let open = |kind: Kind| {
            let at = best.table.columns.iter().position(|c| c.kind == kind);
            at.is_some_and(|at| !best.has(at))
        };
        let paid_day = best.table.columns.iter().position(|c| Some(c.name) == best.table.day);
        let has_day = paid_day.is_some_and(|at| best.has(at));
        let stated = titles.iter().flat_map(|t| said_in_pairs(best.table, t));
        for said in stated.chain(titles.iter().map(|t| title::read(t))) {
            let month = said.month.filter(|_| open(Kind::Month) && !(said.coarse && has_day));
            found.period = found.period.or(month);
            let set = |slot: &mut Option<String>, kind, value: Option<String>| {
                if slot.is_none() && open(kind) {
                    *slot = value;
                }
            };
            set(&mut found.township, Kind::Township, said.township);
            set(&mut found.village, Kind::Village, said.village);
            set(&mut found.programme, Kind::Programme, said.programme);
        }
        found
    }
}

/// Statements such as `乡镇：柳溪镇  村：青石村` in a title row.
fn said_in_pairs(table: &TableSpec, title: &str) -> Option<Said> {
    let mut said = Said::default();
    for pair in title.split([' ', '\t', ';', '；']) {
        let Some((key, value)) = pair.split_once([':', '：']) else { continue };
        let column = header::understand(table, key).filter(|m| m.score >= header::SURE);
        let value = text::clean(value).into_owned();
        if value.is_empty() {
            continue;
        }
        match column.and_then(|m| table.columns.get(m.target)).map(|c| c.kind) {
            Some(Kind::Township) => said.township = Some(value),
            Some(Kind::Village) => said.village = Some(value),
            Some(Kind::Programme) => said.programme = Some(value),
            Some(Kind::Month) => said.month = Month::parse(&value),
            _ => {}
        }
    }
    (said != Said::default()).then_some(said)
}

/// Header words for a message; masked, since what looks like a header may be a person.
fn found_words(headers: &[String]) -> String {
    let mut words: Vec<String> = Vec::new();
    for header in headers.iter().filter(|h| !h.is_empty()).take(12) {
        let known = TABLES.iter().any(|t| header::understand(t, header).is_some());
        words.push(if known { header.clone() } else { masked(header) });
    }
    words.dedup();
    words.join(", ")
}
