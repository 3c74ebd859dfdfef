//! A county whose offices have keys, for tests of reports.

use domain::report::{Channel, Facts, Form, Identity};
use registry::actions::holder_keys;
use registry::actions::office_keys::{self, OfficeName};
use registry::actions::outbox::ON_DESK;
use registry::actions::reports::file::{self, Filed, Handed};
use registry::blobs::Blobs;
use registry::log::seal_key;
use registry::queries::report_desk::post_holders;
use registry::reports::{Counter, MachineKeys};
use registry::sealer::{Age, Sealer};
use registry::{By, Tx};

use crate::county::{Answer, COUNTY, County, TOWNSHIP, now};

pub const PATH: &str = "990001/990001101/990001101201";
pub const TEXT: &str = "低保名额给了亲戚";
pub const CONTACT: &str = "村东头第三家";
pub const PASSPHRASE: &str = "a long passphrase";
pub const ROLES: [&str; 14] =
    ["VPS", "VCH", "TDI", "TG", "CX", "CJ", "CA", "CL1", "CL2", "CG", "SEC", "SYS", "AUD", "CB-CA"];
/// Roles whose offices get a key.
pub const KEYED: [&str; 8] = ["TDI", "TG", "CX", "CJ", "CL1", "CL2", "CG", "CB-CA"];

/// The county with its offices and their keys.
pub struct Hall {
    pub county: County,
    keys: MachineKeys,
    blobs: Blobs,
    sealer: Age,
}

impl Hall {
    pub async fn new() -> Self {
        let county = County::new(None).await;
        county.hire(&ROLES).await;
        let at = |name: &str| seal_key(&county.folder.path().join("keys").join(name)).unwrap();
        let keys =
            MachineKeys { facts: at("reports-facts.key"), receipts: at("reports-receipts.key") };
        let blobs = Blobs::at(&county.folder.path().join("blobs"));
        let hall = Self { keys, blobs, sealer: Age::quick(), county };
        for role in ROLES {
            let person = hall.person(role).await;
            let mut tx = hall.begin(By::operator(Some(&person), "SEC")).await;
            let made = holder_keys::enrol(&mut tx, &hall.sealer, &person, PASSPHRASE).await;
            tx.commit(made.unwrap()).await.unwrap();
        }
        let recovery = [hall.person("AUD").await, hall.person("SYS").await];
        for role in KEYED {
            let place = if ["TDI", "TG"].contains(&role) { TOWNSHIP } else { COUNTY };
            let office = OfficeName { role: role.to_owned(), place: place.to_owned() };
            let holders = [hall.person(role).await];
            let mut tx = hall.begin(By::system()).await;
            let made = office_keys::make(&mut tx, &hall.sealer, &office, &holders, &recovery).await;
            tx.commit(made.unwrap()).await.unwrap();
        }
        let mut tx = hall.begin(By::system()).await;
        let above = hall.sealer.new_key().unwrap().recipient;
        let noted = office_keys::note_outside(&mut tx, &hall.sealer, COUNTY, &above).await;
        tx.commit(noted.unwrap()).await.unwrap();
        hall
    }

    pub fn counter(&self) -> Counter<'_> {
        Counter {
            law: self.county.law(),
            keys: &self.keys,
            sealer: &self.sealer,
            blobs: &self.blobs,
            channels: ON_DESK,
        }
    }

    pub async fn begin(&self, by: By) -> Tx {
        self.county.app.setup.registry.begin(by, now(), "test").await.unwrap()
    }

    pub async fn person(&self, role: &str) -> String {
        let db = &self.county.app.setup.registry.db;
        let all = post_holders(db, &By::system(), PATH, now().day).await.unwrap();
        all.into_iter().find(|holder| holder.roles.iter().any(|held| held == role)).unwrap().person
    }

    /// Files a report as whoever came.
    pub async fn file(&self, post: &str, named: &[&str], identity: bool) -> Filed {
        let mut persons = std::collections::BTreeSet::new();
        for role in named {
            persons.insert(self.person(role).await);
        }
        let facts = Facts {
            door: "accusation".to_owned(),
            place: PATH.to_owned(),
            topic: "subsidy".to_owned(),
            posts: [post.to_owned()].into(),
            named: persons,
        };
        let (name, contact) = ("周试验".to_owned(), CONTACT.to_owned());
        let identity = identity.then(|| Identity { name, contact, ..Identity::default() });
        let sound = ("voice.wav".to_owned(), b"RIFF\x04\0\0\0WAVEfmt spoken".to_vec());
        let attachments = vec![sound];
        let form = Form { facts, text: TEXT.to_owned(), identity, attachments, ..Form::default() };
        let mut tx = self.begin(By::public(&self.county.law().access)).await;
        let filed = file::file(&mut tx, &self.counter(), Channel::Web, Handed::Clear(form)).await;
        let (filed, entry) = filed.unwrap();
        tx.commit(entry).await.unwrap();
        filed
    }

    /// Sends a form of the office with the token of the account page.
    pub async fn act(&self, cookie: &str, path: &str, form: &str) -> Answer {
        let page = self.county.get("/office/account", cookie).await;
        let form = format!("token={}&{form}", page.token());
        self.county.post(path, cookie, &form).await
    }
}

pub fn typed(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

pub fn opening(passphrase: &str) -> String {
    format!("purpose={}&passphrase={}", typed("初核"), typed(passphrase))
}

/// Every byte of every file below a folder.
pub fn bytes_below(dir: &std::path::Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes_below(&path));
        } else {
            all.extend(std::fs::read(&path).unwrap());
        }
    }
    all
}

pub fn holds(all: &[u8], secret: &str) -> bool {
    all.windows(secret.len()).any(|part| part == secret.as_bytes())
}
