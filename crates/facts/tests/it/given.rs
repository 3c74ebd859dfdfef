//! Folders and files that tests start from. All people and cards are made up.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::facts::table;
use domain::ids::check_character;
use domain::problem::Failure;
use exchange::recognise::recognise;
use exchange::source::{Limits, Source};
use facts::{Folder, ImportOptions, Imported};
use tempfile::TempDir;

/// A temporary folder with an empty data folder in it.
pub struct Given {
    temp: TempDir,
    pub folder: Folder,
}

pub const NOW: i64 = 1_704_412_800_000;

pub fn folder() -> Given {
    let temp = tempfile::tempdir().unwrap();
    let folder = Folder::init(&temp.path().join("data"), None, "样县").unwrap();
    Given { temp, folder }
}

impl Given {
    pub fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn keys(&self) -> PathBuf {
        self.path("data-keys")
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    pub fn import(&self, name: &str, table: &str, text: &str) -> Imported {
        import(&self.folder, &self.file(name, text), table, false).unwrap()
    }
}

pub fn options(again: bool) -> ImportOptions<'static> {
    ImportOptions { again, dry_run: false, now_ms: NOW, progress: &(), threads: 2 }
}

pub fn import(folder: &Folder, path: &Path, name: &str, again: bool) -> Result<Imported, Failure> {
    let source = Source::open(path, Limits::default())?;
    let plan = recognise(&source, 0, table(name), None)?;
    folder.import(&source, &[plan], &Benefits::default(), &options(again))
}

pub fn code(failure: &Failure) -> &str {
    match failure {
        Failure::Problem(problem) => problem.code,
        Failure::Rule(rule) => rule.rule,
        Failure::Fault(fault) => fault.during,
    }
}

/// A made-up person.
pub fn id_number(n: usize) -> String {
    let first =
        format!("999999{}{:02}{:02}{:03}", 1940 + n % 60, n / 60 % 12 + 1, n % 28 + 1, n % 1000);
    let check = check_character(first.as_bytes()).unwrap();
    format!("{first}{}", char::from(check))
}

pub fn name(n: usize) -> String {
    let given = ["甲", "乙", "丙", "丁", "戊", "己", "庚"];
    format!("欧阳{}{}", given[n % 7], given[n / 7 % 7])
}

pub fn card(n: usize) -> String {
    format!("62179999{n:011}")
}

/// One payment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Payment {
    pub who: usize,
    pub day: String,
    pub fen: i64,
}

/// Payments of one file: every person several times, in the order of days, not of people.
pub fn payments(seed: usize, count: usize) -> Vec<Payment> {
    let pay = |n: usize| Payment {
        who: n.wrapping_mul(7919).wrapping_add(seed) % 97,
        day: format!("2024-{:02}-{:02}", n * 12 / count + 1, (n * 5 + seed) % 28 + 1),
        fen: (n as i64 * 137 + seed as i64) % 500_000 + 1,
    };
    (0..count).map(pay).collect()
}

pub fn payments_csv(payments: &[Payment]) -> String {
    let mut text = "姓名,身份证号,乡镇,村,项目名称,发放日期,金额,银行账号\n".to_owned();
    for p in payments {
        let village = ["青石村", "河口村", "上坪村"][p.who % 3];
        text += &format!(
            "{},{},柳溪镇,{village},慰问金,{},{}.{:02},{}\n",
            name(p.who),
            id_number(p.who),
            p.day,
            p.fen / 100,
            p.fen % 100,
            card(p.who)
        );
    }
    text
}

/// All files below a folder.
pub fn files(dir: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path);
        }
    }
    found
}
