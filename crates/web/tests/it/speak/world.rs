//! A county whose offices have keys, and forms as a browser without scripts sends them.

use axum::body::Body;
use axum::http::Request;
use registry::actions::holder_keys;
use registry::actions::office_keys::{self, OfficeName};
use registry::actions::reports::acts;
use registry::blobs::Blobs;
use registry::log::seal_key;
use registry::queries::accounts;
use registry::queries::reports::{self as lists, Filter};
use registry::queries::seats::seats;
use registry::reports::texts::Words;
use registry::reports::{Counter, MachineKeys};
use registry::sealer::Age;
use registry::{By, Tx};

use crate::county::{Answer, COUNTY, County, TOWNSHIP, VILLAGE, now};

const KEYED: [(&str, &str); 5] =
    [("TG", TOWNSHIP), ("TDI", TOWNSHIP), ("CX", COUNTY), ("CL1", COUNTY), ("CB-AG", COUNTY)];

pub const TEXT: &str = "修路的钱少了三千";

/// Offices with keys, and a village secretary to report.
pub async fn county() -> County {
    let county = County::new(None).await;
    keyed(&county).await;
    county
}

pub async fn keyed(county: &County) {
    county.appoint(VILLAGE, "VPS").await;
    let mut recovery = Vec::new();
    for _ in 0..3 {
        let person = county.person().await;
        enrol(county, &person).await;
        recovery.push(person);
    }
    for (role, place) in KEYED {
        county.appoint(place, role).await;
        let holder = holder(county, role, place).await;
        enrol(county, &holder).await;
        let office = OfficeName { role: role.to_owned(), place: place.to_owned() };
        let mut tx = county.begin().await;
        let made = office_keys::make(&mut tx, &Age::quick(), &office, &[holder], &recovery).await;
        tx.commit(made.unwrap()).await.unwrap();
    }
}

async fn holder(county: &County, role: &str, place: &str) -> String {
    let held = seats(&county.app.setup.registry.db, place, now().day).await.unwrap();
    held.into_iter().find(|seat| seat.role == role).expect("a post").person
}

async fn enrol(county: &County, person: &str) {
    let mut tx = county.begin().await;
    let made = holder_keys::enrol(&mut tx, &Age::quick(), person, "a passphrase for tests").await;
    tx.commit(made.unwrap()).await.unwrap();
}

/// The office's side, until a test needs a page of it.
pub struct Desk {
    keys: MachineKeys,
    blobs: Blobs,
}

impl Desk {
    pub fn of(county: &County) -> Self {
        let key = |name: &str| seal_key(&county.app.setup.keys.join(name)).unwrap();
        let keys =
            MachineKeys { facts: key("reports-facts.key"), receipts: key("reports-receipts.key") };
        Self { keys, blobs: Blobs::at(&county.app.setup.blobs) }
    }

    pub fn counter<'a>(&'a self, county: &'a County) -> Counter<'a> {
        static AGE: Age = Age::quick();
        Counter {
            law: county.law(),
            keys: &self.keys,
            sealer: &AGE,
            blobs: &self.blobs,
            channels: &county.app.ways,
        }
    }

    pub async fn by(&self, county: &County, role: &str, place: &str) -> By {
        let (person, day) = (holder(county, role, place).await, county.app.now().day);
        let asker = accounts::holder(&county.app.setup.registry.db, &person, day).await.unwrap();
        By::holder(&county.law().access, asker, role).unwrap()
    }

    pub async fn begin(&self, county: &County, role: &str, place: &str) -> Tx {
        let by = self.by(county, role, place).await;
        county.app.setup.registry.begin(by, county.app.now(), "").await.unwrap()
    }

    /// Numbers of the reports that an office sees.
    pub async fn numbers(&self, county: &County, role: &str, place: &str) -> Vec<String> {
        let by = self.by(county, role, place).await;
        let (db, day) = (&county.app.setup.registry.db, county.app.now().day);
        let counter = self.counter(county);
        let list = lists::list(db, &counter, &by, day, &Filter::default()).await.unwrap();
        list.into_iter().map(|line| line.number).collect()
    }

    /// Accepts and answers the one report of the township's discipline office.
    pub async fn answer(&self, county: &County, text: &str) {
        let number = self.numbers(county, "TDI", TOWNSHIP).await.remove(0);
        let counter = self.counter(county);
        let mut tx = self.begin(county, "TDI", TOWNSHIP).await;
        let accepted = acts::accept(&mut tx, &counter, &number, &Words::of("已受理")).await;
        tx.commit(accepted.unwrap().entry).await.unwrap();
        self.reply(county, text).await;
    }

    pub async fn reply(&self, county: &County, text: &str) {
        let number = self.numbers(county, "TDI", TOWNSHIP).await.remove(0);
        let words =
            Words { facts: "核对了账".into(), basis: "条例".into(), ..Words::of(text) };
        let outcome = domain::report::handling::Outcome::Support;
        let counter = self.counter(county);
        let mut tx = self.begin(county, "TDI", TOWNSHIP).await;
        let replied = acts::reply(&mut tx, &counter, &number, (outcome, &words)).await;
        tx.commit(replied.unwrap().entry).await.unwrap();
    }
}

/// A page with the cookie of its visitor.
pub struct Page {
    pub answer: Answer,
    pub cookie: String,
}

impl Page {
    /// The first page.
    pub async fn first(county: &County, path: &str) -> Self {
        let answer = county.get(path, "").await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.body);
        let cookie = answer.cookie();
        Self { answer, cookie }
    }

    /// Sends a form from it.
    pub async fn post(&self, county: &County, path: &str, fields: &[(&str, &str)]) -> Self {
        let mut form = format!("token={}", self.answer.token());
        for (name, value) in fields {
            form.push_str(&format!("&{name}={}", encoded(value)));
        }
        let answer = county.post(path, &self.cookie, &form).await;
        Self { answer, cookie: self.cookie.clone() }
    }

    /// Sends the form that is on it, with all its hidden fields, as a browser does.
    pub async fn send(&self, county: &County, fields: &[(&str, &str)], files: &[&[u8]]) -> Self {
        self.send_with(county, fields, files, &[]).await
    }

    pub async fn send_with(
        &self,
        county: &County,
        fields: &[(&str, &str)],
        files: &[&[u8]],
        headers: &[(&str, &str)],
    ) -> Self {
        let mut body = Vec::new();
        let hidden = self.hidden("/report/send");
        let left = hidden.iter().filter(|(key, _)| !fields.iter().any(|(name, _)| name == key));
        let all = left.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in all.chain(fields.iter().copied()) {
            let head = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(format!("{head}{value}\r\n").as_bytes());
        }
        for bytes in files {
            let head = "--edge\r\nContent-Disposition: form-data; name=\"files\"; \
                        filename=\"IMG_20261124_081200.jpg\"\r\n\r\n";
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let mut request = Request::post("/report/send")
            .header("host", "mb.test")
            .header("cookie", &self.cookie)
            .header("content-type", "multipart/form-data; boundary=edge");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = county.send(request.body(Body::from(body)).unwrap()).await;
        Self { answer, cookie: self.cookie.clone() }
    }

    /// Hidden fields of the form that goes to an address.
    pub fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let form = self.answer.body.split(&format!("action=\"{action}\"")).nth(1).expect("a form");
        let form = form.split("</form>").next().unwrap();
        let inputs = form.split("<input type=\"hidden\" name=\"").skip(1);
        let field = |input: &str| {
            let (name, rest) = input.split_once("\" value=\"").unwrap();
            (name.to_owned(), rest.split('"').next().unwrap().to_owned())
        };
        inputs.map(field).collect()
    }

    /// The receipt that the page shows.
    pub fn receipt(&self) -> String {
        let body = &self.answer.body;
        let rest = body.split("data-receipt>").nth(1);
        let shown = rest.unwrap_or_else(|| panic!("no receipt: {body}"));
        shown.split('<').next().unwrap().to_owned()
    }

    pub fn has(&self, text: &str) -> bool {
        self.answer.body.contains(text)
    }
}

pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric();
    let code =
        |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(code).collect()
}

/// Goes through the pages to the one that is written on: an accusation of the first post of the village.
pub async fn writing(county: &County, door: &str) -> Page {
    let first = Page::first(county, &format!("/report?place={VILLAGE}")).await;
    let about = first.post(county, "/report/about", &[("door", door), ("place", VILLAGE)]).await;
    assert_eq!(about.answer.status.as_u16(), 200, "{}", about.answer.body);
    let seat = about.answer.body.split("name=\"seat\" value=\"").nth(1).expect("a post").split('"');
    let seat = seat.clone().next().unwrap().to_owned();
    let fields = [("door", door), ("place", VILLAGE), ("topic", "collective"), ("seat", &seat)];
    let write = about.post(county, "/report/write", &fields).await;
    assert_eq!(write.answer.status.as_u16(), 200, "{}", write.answer.body);
    write
}
