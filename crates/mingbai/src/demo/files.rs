//! Payment files: rows of a department and its months, in the spelling of that department.

use std::collections::BTreeMap;
use std::path::Path;

use domain::time::Day;

use super::books::{BOOKS, Book, Column, TITLED};
use super::people::{Class, LAST, YEARS, card, month_of};
use super::programmes::{self, Every};
use super::rng::Rng;
use super::sheet::{Coding, Sheet};
use super::spelling::{self, Days};
use super::world::{Line, NOBODY, Spell, World};

/// Rows in workbooks, all together: reading them is slow.
const WORKBOOK_ROWS: usize = 45_000;
/// Townships that hand over their own workbooks of subsistence aid.
const OWN_WORKBOOKS: usize = 2;

/// Writes all payment files and tells how many payments stand in them.
pub fn write(world: &World, dir: &Path, progress: &mut dyn FnMut(u64)) -> anyhow::Result<u64> {
    let mut spells: BTreeMap<u8, Vec<&Spell>> = BTreeMap::new();
    for spell in &world.spells {
        spells.entry(spell.pay.programme).or_default().push(spell);
    }
    let mut lines: BTreeMap<(u8, u8), Vec<Line>> = BTreeMap::new();
    for line in &world.lines {
        let month = u8::try_from(month_of(line.paid)).unwrap_or(LAST).min(LAST);
        lines.entry((line.pay.programme, month)).or_default().push(*line);
    }
    let mut writer =
        Writer { world, dir, left: WORKBOOK_ROWS, written: 0, rng: Rng::new(world.seed, 70) };
    for start in 0..=LAST {
        for book in BOOKS.iter().filter(|b| start % b.months == 0) {
            let mut rows = Vec::new();
            for month in start..start + book.months {
                for programme in book.programmes {
                    rows_of(world, *programme, month, &spells, &lines, &mut rows);
                }
            }
            writer.hand_over(book, start, rows)?;
            progress(writer.written);
        }
    }
    Ok(writer.written)
}

fn rows_of(
    world: &World,
    number: u8,
    month: u8,
    spells: &BTreeMap<u8, Vec<&Spell>>,
    lines: &BTreeMap<(u8, u8), Vec<Line>>,
    rows: &mut Vec<Line>,
) {
    let Some(programme) = programmes::get(number) else { return };
    if programme.due(month) && programme.every != Every::Once {
        let active = spells.get(&number).into_iter().flatten();
        let active = active.filter(|s| s.from <= month && month <= s.until);
        rows.extend(active.map(|s| world.line_of(s.pay, month)));
    }
    rows.extend(lines.get(&(number, month)).into_iter().flatten());
}

struct Writer<'a> {
    world: &'a World,
    dir: &'a Path,
    left: usize,
    written: u64,
    rng: Rng,
}

impl Writer<'_> {
    fn hand_over(&mut self, book: &Book, start: u8, mut rows: Vec<Line>) -> anyhow::Result<()> {
        rows.sort_by_key(|l| (l.pay.village, l.pay.programme, l.period, l.pay.person, l.paid));
        let year = YEARS[0] + i32::from(start / 12);
        let when = match book.months {
            1 => format!("{year}年{}月", start % 12 + 1),
            3 => format!("{year}年第{}季度", start % 12 / 3 + 1),
            _ => format!("{year}年"),
        };
        if book.programmes.contains(&1) && start >= LAST - 11 {
            let (own, rest): (Vec<Line>, Vec<Line>) = rows.into_iter().partition(|l| {
                l.pay.programme == 1
                    && l.period == start
                    && self.township(l).is_some_and(|t| t < OWN_WORKBOOKS)
            });
            for township in 0..OWN_WORKBOOKS {
                let part: Vec<Line> =
                    own.iter().filter(|l| self.township(l) == Some(township)).copied().collect();
                let name = super::names::township(township);
                self.file(&TITLED, &format!("{when}{name}"), &part)?;
            }
            rows = rest;
        }
        self.file(book, &format!("{}{when}", book.department.title()), &rows)
    }

    fn township(&self, line: &Line) -> Option<usize> {
        self.world.places.get(usize::from(line.pay.village)).map(|p| p.township)
    }

    fn file(&mut self, book: &Book, prefix: &str, rows: &[Line]) -> anyhow::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let title = format!("{prefix}{}", book.name);
        let coding = match book.coding {
            None if rows.len() > self.left => Some(Coding::Utf8Bom),
            other => other,
        };
        let mut sheet = match coding {
            Some(coding) => {
                let ending = if coding == Coding::Utf16Tabs { "tsv" } else { "csv" };
                Sheet::text_file(&self.dir.join(format!("{title}.{ending}")), coding)?
            }
            None => {
                self.left -= rows.len();
                Sheet::workbook(&self.dir.join(format!("{title}.xlsx")), "发放表")?
            }
        };
        if book.framed {
            let columns = u16::try_from(book.columns.len())?;
            sheet.title(&title, columns)?;
        }
        let words: Vec<&str> = book.columns.iter().map(|(_, word)| *word).collect();
        sheet.row(&words)?;
        for (serial, line) in (1..).zip(rows) {
            self.row(&mut sheet, book, serial, line, &Slip::default())?;
            if let Some(slip) = self.slip(book, serial) {
                self.row(&mut sheet, book, serial, line, &slip)?;
            }
        }
        if book.framed {
            total(&mut sheet, book, rows)?;
        }
        self.written += rows.len() as u64;
        sheet.finish()
    }

    /// Now and then a row stands in a text file a second time, in a way that nobody can read.
    fn slip(&mut self, book: &Book, serial: i32) -> Option<Slip> {
        let unreadable = ["待核实", "#N/A", "—", "同上"];
        let due = book.coding.is_some() && serial % 4_001 == 77;
        due.then(|| Slip { amount: self.rng.pick(&unreadable).copied() })
    }

    fn row(
        &mut self,
        sheet: &mut Sheet,
        book: &Book,
        serial: i32,
        line: &Line,
        slip: &Slip,
    ) -> anyhow::Result<()> {
        for (column, _) in book.columns {
            match column {
                Column::Serial => sheet.whole(serial)?,
                Column::Amount => match slip.amount {
                    Some(text) => sheet.text(text)?,
                    None => amount(sheet, book, line.fen, &mut self.rng)?,
                },
                Column::Paid => self.paid(sheet, book, line)?,
                Column::Arrived => day(sheet, book, line.arrived)?,
                Column::Id => {
                    let text = self.id(line);
                    sheet.text(&text)?;
                }
                Column::Name => {
                    let text = self.name(line.pay.person);
                    sheet.text(&text)?;
                }
                other => sheet.text(&self.text(*other, line))?,
            }
        }
        sheet.end()
    }

    /// Slips of the pen happen to pensioners only: they are many, and no case hangs on one row.
    fn careless(&mut self, line: &Line, one_in: usize) -> bool {
        let home = self.world.people.get(line.pay.person).map_or(NOBODY, |p| p.household);
        let ordinary = self.world.people.household(home).is_some_and(|h| h.class != Class::Taken);
        line.pay.programme == 18 && ordinary && self.rng.below(one_in) == 0
    }

    fn id(&mut self, line: &Line) -> String {
        if self.careless(line, 9_000) {
            return String::new();
        }
        let Some(person) = self.world.people.get(line.pay.person) else { return String::new() };
        spelling::id(person, line.pay.untidy, &mut self.rng)
    }

    fn paid(&mut self, sheet: &mut Sheet, book: &Book, line: &Line) -> anyhow::Result<()> {
        if self.careless(line, 12_000) {
            return sheet.text("2024.2.30");
        }
        day(sheet, book, line.paid)
    }

    fn name(&mut self, person: u32) -> String {
        let Some(person) = self.world.people.get(person) else { return String::new() };
        spelling::name(person, &mut self.rng)
    }

    fn text(&self, column: Column, line: &Line) -> String {
        let pay = &line.pay;
        let place = self.world.places.get(usize::from(pay.village));
        let programme = programmes::get(pay.programme);
        let own = pay.payee == NOBODY && pay.account == pay.person;
        let payee = if own { pay.person } else { pay.payee };
        match column {
            Column::Township => place.map(|p| p.village.township.clone()).unwrap_or_default(),
            Column::Village => place.map(|p| p.village.name.clone()).unwrap_or_default(),
            Column::Path => place.map(|p| p.village.path()).unwrap_or_default(),
            Column::Household => self.world.household_number(pay.person),
            Column::Programme => programme.map(|p| p.title.to_owned()).unwrap_or_default(),
            Column::Period => period(line),
            Column::Account => card(pay.account, self.world.seed),
            Column::Payee => self.world.people.id(payee),
            Column::PayeeName => {
                let named = if pay.self_named { pay.person } else { payee };
                self.world.people.get(named).map(|p| p.name.text()).unwrap_or_default()
            }
            Column::Agent => if pay.agent { "是" } else { "否" }.to_owned(),
            Column::Area if pay.area == 0 => String::new(),
            Column::Area => spelling::mu(pay.area),
            Column::Standard => standard(pay.programme),
            Column::Result => if line.returned { "退回" } else { "成功" }.to_owned(),
            Column::Bank => "清源农村商业银行".to_owned(),
            _ => String::new(),
        }
    }
}

/// What is wrong with a row that is written a second time.
#[derive(Default)]
struct Slip {
    amount: Option<&'static str>,
}

/// The year of programmes paid by the year, else the month.
fn period(line: &Line) -> String {
    let year = YEARS[0] + i32::from(line.period / 12);
    let month = line.period % 12 + 1;
    match programmes::get(line.pay.programme).map(|p| p.every) {
        Some(Every::Year(_)) => year.to_string(),
        Some(Every::Month) if line.pay.programme.is_multiple_of(2) => format!("{year}{month:02}"),
        Some(Every::Month) if line.pay.programme.is_multiple_of(3) => format!("{year}年{month}月"),
        _ => format!("{year}-{month:02}"),
    }
}

fn standard(programme: u8) -> String {
    match programmes::get(programme).map(|p| p.rate) {
        Some(programmes::Rate::PerMu(fen) | programmes::Rate::Fixed(fen, _)) => {
            spelling::money(fen, false, false)
        }
        _ => String::new(),
    }
}

fn day(sheet: &mut Sheet, book: &Book, date: Day) -> anyhow::Result<()> {
    if sheet.has_types() && book.days == Days::Serial {
        return sheet.day(date);
    }
    let days = if book.days == Days::Serial { Days::Slashes } else { book.days };
    sheet.text(&spelling::day(date, days))
}

fn amount(sheet: &mut Sheet, book: &Book, fen: i64, rng: &mut Rng) -> anyhow::Result<()> {
    let whole = i32::try_from(fen / 100).ok().filter(|_| fen % 100 == 0 && !book.wan);
    match whole {
        Some(yuan) if sheet.has_types() && !book.thousands => sheet.whole(yuan),
        _ if rng.below(1_500) == 0 => {
            sheet.text(&spelling::wide(&spelling::money(fen, false, book.wan)))
        }
        _ => sheet.text(&spelling::money(fen, book.thousands, book.wan)),
    }
}

fn total(sheet: &mut Sheet, book: &Book, rows: &[Line]) -> anyhow::Result<()> {
    let sum: i64 = rows.iter().map(|l| l.fen).sum();
    for (at, (column, _)) in book.columns.iter().enumerate() {
        match column {
            _ if at == 0 => sheet.text("合计")?,
            Column::Amount => sheet.text(&spelling::money(sum, book.thousands, book.wan))?,
            _ => sheet.text("")?,
        }
    }
    sheet.end()
}
