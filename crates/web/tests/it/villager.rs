//! A villager with payments in the facts. All people and cards are made up.

use std::path::Path;
use std::sync::Arc;

use domain::benefit::Benefits;
use domain::ids::check_character;
use exchange::recognise::recognise;
use exchange::source::{Limits, Source};
use facts::own::OwnReader;
use facts::{Folder, ImportOptions};
use sha2::{Digest, Sha256};

use crate::county::{Answer, County};

/// A made-up ID number.
pub fn id_number(n: usize) -> String {
    let first = format!("9990011980{:02}{:02}{:03}", n % 12 + 1, n % 28 + 1, n);
    let check = check_character(first.as_bytes()).unwrap();
    format!("{first}{}", char::from(check))
}

/// A made-up name.
pub fn name(n: usize) -> String {
    format!("欧阳{}", ["甲", "乙", "丙", "丁", "戊", "己", "庚"][n % 7])
}

/// A made-up card.
pub fn card(n: usize) -> String {
    format!("62179999{n:011}")
}

/// A county whose facts hold payments to some villagers.
pub async fn county(people: usize) -> County {
    let folder = tempfile::tempdir().unwrap();
    let own = Some(facts(folder.path(), people));
    County::with(folder, None, own).await
}

fn facts(dir: &Path, people: usize) -> Arc<OwnReader> {
    let folder = Folder::init(&dir.join("data"), None, "试验县").unwrap();
    let mut text = "姓名,身份证号,乡镇,村,项目名称,发放日期,金额,银行账号\n".to_owned();
    for n in 0..people {
        let (name, number, card) = (name(n), id_number(n), card(n));
        text +=
            &format!("{name},{number},试验镇,试验村,慰问金,2026-05-0{},{n}.50,{card}\n", n % 9 + 1);
    }
    let file = dir.join("payments.csv");
    std::fs::write(&file, text).unwrap();
    let source = Source::open(&file, Limits::default()).unwrap();
    let plan = recognise(&source, 0, domain::facts::table("payments"), None).unwrap();
    let options =
        ImportOptions { again: false, dry_run: false, now_ms: 1, progress: &(), threads: 1 };
    folder.import(&source, &[plan], &Benefits::default(), &options).unwrap();
    std::fs::remove_file(file).unwrap();
    Arc::new(OwnReader::open(&folder).unwrap())
}

/// A filled-in form of somebody, without work.
pub fn form(page: &Answer, n: usize) -> String {
    let four = &card(n)[card(n).len() - 4..];
    let (token, number, name) = (page.token(), id_number(n), name(n));
    format!("token={token}&id_number={number}&name={name}&last_four={four}")
}

/// The work that a form demands, as the script of the page does it.
pub fn work(page: &Answer) -> String {
    let value = |mark: &str| {
        page.body.split(mark).nth(1).expect("the form demands work").split('"').next().unwrap()
    };
    let challenge = value("name=\"challenge\" value=\"");
    let bits: u32 = value("data-work=\"").parse().unwrap();
    let zeros = |nonce: &u32| {
        let digest = Sha256::digest(format!("{challenge} {nonce}"));
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]).leading_zeros()
    };
    let nonce = (0..).find(|nonce| zeros(nonce) >= bits).unwrap();
    format!("challenge={challenge}&work={nonce}")
}

/// Looks somebody up; cookies of the visitor and of whoever was recognised.
pub async fn recognised(county: &County, n: usize) -> String {
    let page = county.get("/my", "").await;
    let visitor = page.cookie();
    let answer = county.post("/my", &visitor, &form(&page, n)).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    format!("{visitor}; {}", answer.cookie())
}
