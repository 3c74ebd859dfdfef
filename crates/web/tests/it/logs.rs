//! What the log says: enough to find a fault, and nothing about a person.

use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing_subscriber::fmt::MakeWriter;

use crate::county::{County, NAME, PASSWORD, block_on};

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything that is logged meanwhile, at every level.
pub fn logged(work: impl Future<Output = ()>) -> String {
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(kept.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || block_on(work));
    String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn a_fault_shows_its_number_and_nothing_of_its_inside() {
    let mut shown = String::new();
    let log = logged(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        // The disk refuses the key that seals how to reach an asker.
        let keys = county.folder.path().join("keys");
        std::fs::remove_dir_all(&keys).unwrap();
        std::fs::write(&keys, "").unwrap();
        let form = county.get(&format!("/notices/{number}"), "").await;
        let fields = format!("token={}&text=beans&contact=13900000000", form.token());
        let cookie = format!("lang=en; {}", form.cookie());
        let page = county.post(&format!("/notices/{number}/questions"), &cookie, &fields).await;
        assert_eq!(page.status.as_u16(), 500, "{}", page.body);
        assert_eq!(page.header("cache-control"), "no-store");
        for inside in ["contacts.key", "os error", "directory", "13900000000", "src/"] {
            assert!(!page.body.to_lowercase().contains(inside), "{inside}: {}", page.body);
        }
        shown = page.body;
    });
    let number = shown.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();
    assert_eq!(number.len(), 10, "{number}");
    let line = log.lines().find(|line| line.contains(number)).expect("the fault is in the log");
    assert!(line.contains("\"level\":\"ERROR\"") && line.contains("during"), "{line}");
    assert!(!line.contains("13900000000"), "{line}");
}

#[test]
fn no_line_of_the_log_tells_of_a_person() {
    const ID: &str = "990001199003072345";
    const PHONE: &str = "13900000000";
    let mut secrets = vec![PASSWORD.to_owned(), PASSWORD.replace(' ', "+"), ID.to_owned()];
    let log = logged(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let number = county.publish("公示", "内容").await;
        let cookie = county.sign_in("vc").await;
        let page = county.get(&format!("/notices/{number}"), "").await;
        let form = format!("token={}&text=how+many+beans&contact={PHONE}", page.token());
        let path = format!("/notices/{number}/questions");
        let asked = county.post(&path, &page.cookie(), &form).await;
        assert_eq!(asked.status.as_u16(), 303, "{}", asked.body);
        for path in [
            format!("/search?q={ID}"),
            format!("/places?q={ID}"),
            format!("/no-such-page/{ID}"),
            format!("/office/matters/{ID}"),
            "/office".to_owned(),
        ] {
            county.get(&path, &cookie).await;
        }
        let door = county.get("/sign-in", "").await;
        let wrong = format!("token={}&login={ID}&password=guess-of-mine", door.token());
        county.post("/sign-in", &door.cookie(), &wrong).await;
        let cookies = [cookie, page.cookie(), door.cookie()];
        secrets.extend(cookies.iter().map(|c| c.split('=').nth(1).unwrap().to_owned()));
    });
    secrets.extend(["guess-of-mine", "beans", PHONE, NAME].map(str::to_owned));
    let answered = log.lines().filter(|line| line.contains("answered")).count();
    assert!(answered >= 10, "{answered} requests are in the log");
    for secret in &secrets {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "{secret} is in the log");
    }
}
