//! Files of agencies over the site: handed in, looked at, taken, accepted by another.

use std::path::{Path, PathBuf};

use domain::benefit::Benefits;
use domain::ids::check_character;
use facts::intake::Intake;
use rust_xlsxwriter::Workbook;

use crate::county::{County, TOWNSHIP, VILLAGE, block_on, now};
use crate::logs::logged;

const LIST: &str = "/office/imports";

/// A made-up person: name, ID number, card.
fn person(n: usize) -> [String; 3] {
    let first = format!("9900011949{:02}{:02}{:03}", n % 12 + 1, n % 28 + 1, n);
    let check = check_character(first.as_bytes()).unwrap();
    [
        format!("欧阳{}", ["甲", "乙", "丙", "丁", "戊"][n % 5]),
        format!("{first}{}", char::from(check)),
        format!("629900{n:013}"),
    ]
}

const HEADER: [&str; 8] =
    ["姓名", "身份证号", "乡镇", "村", "项目名称", "发放日期", "金额", "银行账号"];

fn row(n: usize, yuan: &str) -> Vec<String> {
    let [name, id, card] = person(n);
    let rest = ["试验镇", "试验村", "农村低保", "2026-10-15", yuan];
    let mut row = vec![name, id];
    row.extend(rest.map(str::to_owned));
    row.push(card);
    row
}

/// Twenty payments of so much each, and a row that cannot be read.
fn csv(yuan: &str) -> String {
    let rows = (0..20).map(|n| row(n, yuan)).chain([row(21, "四百二十")]);
    let lines = rows.map(|row| row.join(",") + "\n").collect::<String>();
    HEADER.join(",") + "\n" + &lines
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("发放表").unwrap();
    for (column, word) in (0..).zip(HEADER) {
        sheet.write_string(0, column, word).unwrap();
    }
    for n in 0..3 {
        for (column, cell) in (0..).zip(row(n, "420")) {
            sheet.write_string(u32::try_from(n).unwrap() + 1, column, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn facts(county: &County) -> PathBuf {
    county.folder.path().join("data")
}

/// Files below a folder.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let entries = entries.map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Hands a file in; where the site leads to.
async fn hand_in(county: &County, cookie: &str, name: &str, bytes: &[u8]) -> String {
    let token = county.get(LIST, cookie).await.token().to_owned();
    let fields = [("token", token.as_str()), ("place", VILLAGE)];
    let answer = county.upload(LIST, cookie, &fields, &[(name, bytes)]).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Sends a form that stands on a page; where the site leads to.
pub async fn send(
    county: &County,
    page: &str,
    act: &str,
    cookie: &str,
    form: &str,
) -> (u16, String) {
    let token = county.get(page, cookie).await.token().to_owned();
    let answer = county.post(act, cookie, &format!("token={token}{form}")).await;
    let led = answer.header("location").to_owned();
    (answer.status.as_u16(), if led.is_empty() { answer.body } else { led })
}

#[test]
fn a_file_is_looked_at_taken_and_accepted_by_another() {
    let mut shown = String::new();
    let log = logged(async {
        let county = County::with_facts().await;
        county.hire(&["VAC", "TG", "VSC", "TAC"]).await;
        let (clerk, town) = (county.sign_in("vac").await, county.sign_in("tg").await);
        let text = csv("600.00");
        let bytes = encoding_rs::GB18030.encode(&text).0;
        let look = hand_in(&county, &clerk, "2026年10月低保发放表.csv", &bytes).await;
        let page = county.get(&look, &clerk).await;
        for word in ["发放明细", "农村低保", "12,000.00", "身份证号", "金额", "欧**"]
        {
            assert!(page.body.contains(word), "{word}: {}", page.body);
        }
        assert!(files(&facts(&county).join("batches")).is_empty(), "nothing was taken yet");
        let list = county.get(&format!("{look}/problems.csv"), &clerk).await;
        assert!(list.body.contains("四***") && list.body.contains("22"), "{}", list.body);
        let centre = county.sign_in("tac").await;
        assert_eq!(county.get(&look, &centre).await.status.as_u16(), 404, "it is the clerk's");
        let (status, one) =
            send(&county, &look, &format!("{look}/batch"), &clerk, "&dataset=").await;
        assert_eq!(status, 303, "{one}");
        assert!(files(&facts(&county).join("uploads")).is_empty(), "the file in clear is gone");
        let waiting = county.get(&one, &clerk).await;
        assert!(waiting.body.contains("等待确认") && waiting.body.contains("12,000.00"));
        assert!(!waiting.body.contains("/acceptance"), "above the sum another accepts");
        let (status, why) = send(&county, &one, &format!("{one}/acceptance"), &clerk, "").await;
        assert!(status == 409 && why.contains("上传人以外"), "{status} {why}");
        let watcher = county.sign_in("vsc").await;
        assert_eq!(county.get(&one, &watcher).await.status.as_u16(), 403);
        let (status, led) = send(&county, &one, &format!("{one}/acceptance"), &town, "").await;
        assert_eq!((status, &led), (303, &one));
        let accepted = county.get(&one, &town).await;
        assert!(accepted.body.contains("已确认") && !accepted.body.contains("稍后自动生效"));
        let problems = county.get(&format!("{one}/problems.csv"), &town).await;
        assert_eq!(problems.header("content-type"), "text/csv; charset=utf-8");
        let listed = county.get(LIST, &town).await;
        shown = [page, list, waiting, accepted, problems, listed].map(|page| page.body).concat();
        let own = county.app.setup.own.clone().unwrap();
        own.refresh().unwrap();
        let [name, id, card] = person(3);
        let four = &card[card.len() - 4..];
        assert!(own.identify(&id, &name, four).unwrap().is_some(), "it is in use");
        for path in files(county.folder.path()) {
            let bytes = std::fs::read(&path).unwrap();
            for secret in (0..22).flat_map(person) {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "somebody stands in {}", path.display());
            }
        }
    });
    for secret in (0..22).flat_map(person) {
        assert!(!shown.contains(&secret), "{secret} is on a page");
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
}

#[test]
fn up_to_the_sum_the_uploader_accepts_himself_and_may_take_it_back() {
    block_on(async {
        let county = County::with_facts().await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let book = workbook();
        let look = hand_in(&county, &clerk, "发放表.xlsx", &book).await;
        assert!(county.get(&look, &clerk).await.body.contains("1,260.00"));
        let (_, one) = send(&county, &look, &format!("{look}/batch"), &clerk, "&dataset=").await;
        let (status, _) = send(&county, &one, &format!("{one}/acceptance"), &clerk, "").await;
        assert_eq!(status, 303);
        assert!(county.get(&one, &clerk).await.body.contains("已确认"));
        let again = hand_in(&county, &clerk, "again.xlsx", &book).await;
        assert!(county.get(&again, &clerk).await.body.contains("收进来过"));
        // Another one is taken back: its facts are erased.
        let look = hand_in(&county, &clerk, "发放表.csv", csv("1.00").as_bytes()).await;
        let (_, one) = send(&county, &look, &format!("{look}/batch"), &clerk, "&dataset=").await;
        let act = format!("{one}/rejection");
        let (status, _) = send(&county, &one, &act, &clerk, "&reason=+").await;
        assert_eq!(status, 422, "a reason is needed");
        assert_eq!(send(&county, &one, &act, &clerk, "&reason=wrong").await.0, 303);
        assert!(county.get(&one, &clerk).await.body.contains("已退回"));
        let batch = facts(&county).join("batches/000002-payments");
        assert!(!batch.join("payments.parquet").exists() && batch.join("withdrawn.json").exists());
        let discarded = hand_in(&county, &clerk, "发放表.csv", csv("2.00").as_bytes()).await;
        let act = format!("{discarded}/discard");
        assert_eq!(send(&county, &discarded, &act, &clerk, "").await, (303, LIST.to_owned()));
        assert!(files(&facts(&county).join("uploads")).is_empty());
    });
}

#[test]
fn what_is_no_table_is_said_and_leaves_nothing() {
    block_on(async {
        let county = County::with_facts().await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let mut damaged = workbook();
        damaged.truncate(damaged.len() / 2);
        for (name, bytes) in [
            ("damaged.xlsx", damaged.as_slice()),
            ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        ] {
            let look = hand_in(&county, &clerk, name, bytes).await;
            let page = county.get(&look, &clerk).await;
            assert!(page.status.as_u16() == 200 && page.body.contains(name), "{}", page.body);
            assert!(page.body.contains("role=\"alert\"") && !page.body.contains("/batch"));
            assert_eq!(county.get(&look, &clerk).await.status.as_u16(), 404, "it is gone");
        }
        let token = county.get(LIST, &clerk).await.token().to_owned();
        let fields = [("token", token.as_str()), ("place", VILLAGE)];
        let large = vec![b'1'; 3 << 19];
        let refused = county.upload(LIST, &clerk, &fields, &[("large.csv", &large)]).await;
        assert!(
            refused.status.as_u16() == 422 && refused.body.contains("1 MB"),
            "{}",
            refused.body
        );
        let empty = county.upload(LIST, &clerk, &fields, &[("empty.csv", b"")]).await;
        assert_eq!(empty.status.as_u16(), 422, "{}", empty.body);
        let elsewhere = [("token", token.as_str()), ("place", TOWNSHIP)];
        let denied = county.upload(LIST, &clerk, &elsewhere, &[("a.csv", b"1")]).await;
        assert_eq!(denied.status.as_u16(), 403, "{}", denied.body);
        let late = [("place", VILLAGE), ("token", "0")];
        let stale = county.upload(LIST, &clerk, &late, &[("a.csv", b"1")]).await;
        assert_eq!(stale.status.as_u16(), 403, "a wrong token");
        let left: Vec<_> = files(&facts(&county).join("uploads"));
        assert!(
            left.iter().all(|path| !path.ends_with("large.csv")) && left.len() <= 2,
            "{left:?}"
        );
    });
}

#[test]
fn a_kind_of_data_is_chosen_where_none_was_recognised() {
    block_on(async {
        let county = County::with_facts().await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let [name, id, _] = person(1);
        let text = format!("姓名,身份证号,地址\n{name},{id},试验村12号\n");
        let look = hand_in(&county, &clerk, "名单.csv", text.as_bytes()).await;
        let unknown = county.get(&look, &clerk).await;
        assert!(unknown.body.contains("<details open>") && !unknown.body.contains("/batch"));
        assert!(!unknown.body.contains(&name), "{}", unknown.body);
        let wrong = county.get(&format!("{look}?dataset=payments"), &clerk).await;
        assert!(wrong.body.contains("缺少必需的列"), "{}", wrong.body);
        let right = county.get(&format!("{look}?dataset=people"), &clerk).await;
        assert!(right.body.contains("户籍人口") && right.body.contains("/batch"), "{}", right.body);
    });
}

#[test]
fn a_busy_folder_is_one_sentence_and_the_file_stays() {
    block_on(async {
        let county = County::with_facts().await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let look = hand_in(&county, &clerk, "发放表.csv", csv("2.00").as_bytes()).await;
        let lock = std::fs::File::open(facts(&county).join("lock")).unwrap();
        lock.lock().unwrap();
        let busy = county.get(&look, &clerk).await;
        assert!(busy.body.contains("有人正在导入数据") && !busy.body.contains("/batch"));
        drop(lock);
        assert!(county.get(&look, &clerk).await.body.contains("/batch"));
    });
}

/// The site stopped between the facts and the register.
#[test]
fn what_broke_off_half_way_is_brought_to_its_end() {
    block_on(async {
        let county = County::with_facts().await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let intake: &Intake = county.app.setup.intake.as_deref().unwrap();
        let account = clerk_account(&county).await;
        let earlier = now().ms - 120_000;
        let mut file = intake.receive((&account, VILLAGE), "发放表.csv", earlier).unwrap();
        file.write(csv("3.00").as_bytes()).unwrap();
        let (id, _) = file.finish().unwrap();
        let upload = intake.upload(&id, &account).unwrap().unwrap();
        intake.take(&upload, None, &Benefits::default(), earlier).unwrap();
        assert!(!county.get(LIST, &clerk).await.body.contains("发放表.csv"));
        web::settle_imports(&county.app).await.unwrap();
        let list = county.get(LIST, &clerk).await;
        assert!(
            list.body.contains("发放表.csv") && list.body.contains("等待确认"),
            "{}",
            list.body
        );
        web::settle_imports(&county.app).await.unwrap();
        assert_eq!(intake.waiting().unwrap().len(), 1, "only a decision ends the waiting");
    });
}

async fn clerk_account(county: &County) -> String {
    let db = &county.app.setup.registry.db;
    let all = registry::queries::accounts::list(db, &registry::By::system(), now().day).await;
    all.unwrap().into_iter().find(|line| line.login == "vac").unwrap().account
}
