//! What is left of whoever reported: nothing in the database, in files, in the log or in an address.

use std::collections::BTreeMap;
use std::path::Path;

use registry::queries::reports::history;

use super::way::voice;
use super::world::{Desk, Page, TEXT, county, writing};
use crate::county::{TOWNSHIP, VILLAGE};
use crate::logs::logged;

const ADDRESS: &str = "203.0.113.77";
const DEVICE: &str = "Telefon-9981";
const NAMED: &str = "欧阳某村民";
const PHONE: &str = "13900001234";
const CARD: &str = "6217999900000000017";

/// Bytes of all files below a folder.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut folders) = (BTreeMap::new(), vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.display().to_string(), std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Files that hold a text in the clear.
pub fn holding(dir: &Path, secret: &str) -> Vec<String> {
    let has = |bytes: &[u8]| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
    files(dir).into_iter().filter(|(_, bytes)| has(bytes)).map(|(path, _)| path).collect()
}

#[test]
fn nothing_leads_from_a_report_to_whoever_made_it() {
    let mut secrets: Vec<String> =
        [ADDRESS, DEVICE, NAMED, PHONE, CARD, TEXT, "spoken in fear"].map(str::to_owned).to_vec();
    let mut folder = None;
    let log = logged(async {
        let county = county().await;
        county.hire(&["VC"]).await;
        // He has signed in, and the proxy tells where from: neither has a place beside a report.
        let session = county.sign_in("vc").await;
        let mut write = writing(&county, "accusation").await;
        let token = write.answer.token().to_owned();
        write.cookie = format!("{}; lang=zh-CN", write.cookie);
        let text = format!("{TEXT} {CARD}");
        let fields =
            [("text", text.as_str()), ("identity", "named"), ("name", NAMED), ("contact", PHONE)];
        let heads = [("x-forwarded-for", ADDRESS), ("x-real-ip", ADDRESS), ("user-agent", DEVICE)];
        let filed = write.send_with(&county, &fields, &[&voice()], &heads).await;
        let receipt = filed.receipt();
        assert_eq!(filed.answer.header("cache-control"), "no-store");
        let fields = [("receipt", receipt.as_str()), ("text", "spoken in fear again")];
        filed.post(&county, "/report/receipt/add", &fields).await;
        let signed = county.get("/report", &session).await;
        let page = Page { answer: signed, cookie: session.clone() };
        let fields = [("door", "request"), ("place", VILLAGE), ("topic", "other")];
        let write = page.post(&county, "/report/write", &fields).await;
        let own = write.send(&county, &[("text", "他登录了也一样")], &[]).await;
        assert_eq!(own.receipt().len(), 21);
        secrets.extend([
            receipt.clone(),
            receipt.replace('-', ""),
            "他登录了也一样".to_owned(),
            token,
        ]);
        // Both are acts of nobody: no account and no person stands beside them.
        let desk = Desk::of(&county);
        for (role, door) in [("TDI", "accusation"), ("TG", "request")] {
            let number = desk.numbers(&county, role, TOWNSHIP).await.remove(0);
            let by = desk.by(&county, role, TOWNSHIP).await;
            let (db, day) = (&county.app.setup.registry.db, county.app.now().day);
            let counter = desk.counter(&county);
            let (line, acts, _) = history(db, &counter, &by, day, &number).await.unwrap();
            assert_eq!(line.door.as_deref(), Some(door));
            assert!(acts.iter().all(|act| act.person.is_none() && act.role == "PUB"), "{acts:?}");
        }
        folder = Some(county);
    });
    let county = folder.unwrap();
    for secret in &secrets {
        assert_eq!(holding(county.folder.path(), secret), Vec::<String>::new(), "{secret}");
        assert!(!log.contains(secret.as_str()), "{secret} is in the log");
    }
    assert!(log.contains("/report/send"), "requests are counted under their route");
}
