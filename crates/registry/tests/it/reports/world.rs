//! A county with three townships in two areas. The secretary of the village is the cousin of the clerk
//! of its township.

use std::collections::BTreeMap;
use std::path::Path;

use domain::problem::Failure;
use domain::recusal::{Relation, Tie};
use domain::report::{Channel, Facts, Form, Identity};
use domain::time::Day;
use registry::actions::holder_keys::{self, Unlocked};
use registry::actions::office_keys::{self, OfficeName};
use registry::actions::outbox::ON_DESK;
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::reports::file::{self, Filed, Handed};
use registry::actions::{Refusal, posts};
use registry::blobs::Blobs;
use registry::queries::accounts;
use registry::reports::{Counter, MachineKeys};
use registry::sealer::Age;
use registry::{By, Committed, Entry, Law, Registry, Tx};

use crate::support::{at, by};

pub const COUNTY: &str = "990001";
pub const TOWN: &str = "990001101";
pub const NEAR: &str = "990001102";
pub const FAR: &str = "990001103";
pub const VILLAGE: &str = "990001101201";
pub const START: &str = "2026-03-02";

/// Name, role and place of everybody with a post.
const POSTS: [(&str, &str, &str); 16] = [
    ("secretary", "VPS", VILLAGE),
    ("clerk", "TG", TOWN),
    ("helper", "TG", FAR),
    ("party", "TP", TOWN),
    ("d1", "TDI", TOWN),
    ("d2", "TDI", NEAR),
    ("d3", "TDI", FAR),
    ("d3b", "TDI", FAR),
    ("cx", "CX", COUNTY),
    ("cj", "CJ", COUNTY),
    ("cg", "CG", COUNTY),
    ("ca", "CA", COUNTY),
    ("cl1", "CL1", COUNTY),
    ("cl2", "CL2", COUNTY),
    ("civil", "CB-CA", COUNTY),
    ("farm", "CB-AG", COUNTY),
];
/// Without a post.
const OTHERS: [&str; 6] = ["father", "uncle", "r1", "r2", "r3", "new"];

pub struct World {
    pub registry: Registry,
    pub law: Law,
    pub keys: MachineKeys,
    pub blobs: Blobs,
    pub people: BTreeMap<String, String>,
}

pub fn passphrase(name: &str) -> String {
    format!("a passphrase of {name}")
}

fn law() -> Law {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") {
                let name = path.strip_prefix(&root).unwrap().display().to_string();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    let (law, problems) = Law::new(&files, None).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    law
}

impl World {
    pub async fn new(address: &str, dir: &Path) -> Self {
        Self::over(Registry::open(address).await.unwrap(), dir).await
    }

    /// The same in a register that may have some of the places already.
    pub async fn over(registry: Registry, dir: &Path) -> Self {
        let blobs = Blobs::at(&dir.join("blobs"));
        let keys = MachineKeys { facts: [7; 32], receipts: [9; 32] };
        let mut world = Self { registry, law: law(), keys, blobs, people: BTreeMap::new() };
        world.places().await;
        world.persons().await;
        world.offices().await;
        world
    }

    async fn places(&self) {
        for (code, parent, level, name, area) in [
            (COUNTY, None, "county", "明水县", None),
            (TOWN, Some(COUNTY), "township", "柳溪镇", Some("east")),
            (NEAR, Some(COUNTY), "township", "桑园镇", Some("east")),
            (FAR, Some(COUNTY), "township", "石桥乡", Some("west")),
            (VILLAGE, Some(TOWN), "village", "青石村", None),
        ] {
            let new = NewPlace {
                code: code.to_owned(),
                parent: parent.map(str::to_owned),
                level: level.to_owned(),
                name: name.to_owned(),
                area: area.map(str::to_owned),
            };
            let mut tx = self.registry.begin(by("SYS"), at(START), "set up").await.unwrap();
            let Ok(entry) = places::add(&mut tx, &new).await else { continue };
            tx.commit(entry).await.unwrap();
        }
    }

    async fn persons(&mut self) {
        let names = POSTS.iter().map(|(name, _, _)| *name).chain(OTHERS);
        for (at_home, name) in names.enumerate() {
            let new = NewPerson {
                name: format!("人{at_home}"),
                household: Some((VILLAGE.to_owned(), (100 + at_home).to_string())),
                ..NewPerson::default()
            };
            let mut tx = self.registry.begin(by("SYS"), at(START), "set up").await.unwrap();
            let (id, entry) = people::add(&mut tx, &new).await.unwrap();
            tx.commit(entry).await.unwrap();
            self.people.insert(name.to_owned(), id);
        }
        // Cousins: their fathers are brothers.
        for (first, second, tie) in [
            ("father", "uncle", Tie::Sibling),
            ("father", "secretary", Tie::Parent),
            ("uncle", "clerk", Tie::Parent),
        ] {
            self.relate(first, second, tie).await;
        }
        for (name, role, place) in POSTS {
            self.post(name, role, place).await;
        }
    }

    pub async fn relate(&self, first: &str, second: &str, tie: Tie) {
        let (first, second) = (self.id(first), self.id(second));
        let mut tx = self.registry.begin(by("SYS"), at(START), "set up").await.unwrap();
        let entry = people::relate(&mut tx, &Relation { first, second, tie }).await.unwrap();
        tx.commit(entry).await.unwrap();
    }

    pub async fn post(&self, name: &str, role: &str, place: &str) {
        let roles: Vec<_> = self.law.catalogue.roles.values().cloned().collect();
        let mut tx = self.registry.begin(by("SYS"), at(START), "set up").await.unwrap();
        let person = self.id(name);
        let given = posts::give(&mut tx, &roles, place, role, &person, at(START).day).await;
        tx.commit(given.unwrap().1).await.unwrap();
    }

    async fn offices(&self) {
        for name in POSTS.iter().map(|(name, _, _)| *name).chain(OTHERS) {
            self.enrol(name).await;
        }
        let mut offices: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
        for (name, role, place) in POSTS.iter().filter(|(_, role, _)| !["VPS", "TP"].contains(role))
        {
            offices.entry((*role, *place)).or_default().push(self.id(name));
        }
        let recovery = ["r1", "r2", "r3"].map(|name| self.id(name));
        for ((role, place), holders) in offices {
            let office = OfficeName { role: role.to_owned(), place: place.to_owned() };
            let mut tx = self.registry.begin(by("SEC"), at(START), "keys").await.unwrap();
            let made =
                office_keys::make(&mut tx, &Age::quick(), &office, &holders, &recovery).await;
            tx.commit(made.unwrap()).await.unwrap();
        }
    }

    pub async fn enrol(&self, name: &str) {
        let mut tx = self.registry.begin(by("SEC"), at(START), "keys").await.unwrap();
        let made =
            holder_keys::enrol(&mut tx, &Age::quick(), &self.id(name), &passphrase(name)).await;
        tx.commit(made.unwrap()).await.unwrap();
    }

    pub fn id(&self, name: &str) -> String {
        self.people[name].clone()
    }

    pub fn counter(&self) -> Counter<'_> {
        static AGE: Age = Age::quick();
        Counter {
            law: &self.law,
            keys: &self.keys,
            sealer: &AGE,
            blobs: &self.blobs,
            channels: ON_DESK,
        }
    }

    /// Somebody in his post, with the rights of the matrix.
    pub async fn by(&self, name: &str, role: &str, day: &str) -> By {
        let held =
            accounts::holder(&self.registry.db, &self.id(name), self.day(day)).await.unwrap();
        By::holder(&self.law.access, held, role).unwrap()
    }

    pub fn day(&self, day: &str) -> Day {
        Day::parse(day).unwrap()
    }

    pub async fn begin(&self, name: &str, role: &str, day: &str) -> Tx {
        let by = self.by(name, role, day).await;
        self.registry.begin(by, at(day), "").await.unwrap()
    }

    pub async fn visitor(&self, day: &str) -> Tx {
        self.registry.begin(By::public(&self.law.access), at(day), "").await.unwrap()
    }

    pub async fn unlock(&self, name: &str) -> Unlocked {
        let unlocked = self.registry.unlock(&Age::quick(), &self.id(name), &passphrase(name)).await;
        unlocked.unwrap()
    }

    pub async fn file(&self, form: Form, day: &str) -> Filed {
        self.try_file(form, day).await.unwrap()
    }

    pub async fn try_file(&self, form: Form, day: &str) -> Result<Filed, Refusal> {
        let mut tx = self.visitor(day).await;
        let handed = Handed::Clear(form);
        let (filed, entry) = file::file(&mut tx, &self.counter(), Channel::Web, handed).await?;
        tx.commit(entry).await.unwrap();
        Ok(filed)
    }

    /// The number behind a receipt, as staff sees it.
    pub async fn county(&self) -> By {
        self.by("ca", "CA", START).await
    }
}

pub fn facts(world: &World, door: &str, named: &[&str]) -> Facts {
    Facts {
        door: door.to_owned(),
        place: format!("{COUNTY}/{TOWN}/{VILLAGE}"),
        topic: "subsidy".to_owned(),
        posts: ["village_cadre".to_owned()].into(),
        named: named.iter().map(|name| world.id(name)).collect(),
    }
}

pub const VOICE: &[u8] = b"RIFF\x1a\0\0\0WAVEdata\x0e\0\0\0spoken in fear";

/// An anonymous voice report about the secretary.
pub fn voice(world: &World) -> Form {
    Form {
        facts: facts(world, "accusation", &["secretary"]),
        text: "低保名额给了亲戚".to_owned(),
        attachments: vec![("录音.wav".to_owned(), VOICE.to_vec())],
        ..Form::default()
    }
}

pub fn who() -> Identity {
    Identity {
        name: "某村民".to_owned(), contact: "13900001234".to_owned(), ..Identity::default()
    }
}

pub async fn commit(tx: Tx, entry: Entry) -> Committed {
    tx.commit(entry).await.unwrap()
}

/// Codes of the rules or the problem behind a refusal.
pub fn code(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Rules(rules) => rules[0].rule.to_owned(),
        Refusal::Other(Failure::Problem(problem)) => problem.code.to_owned(),
        Refusal::Other(Failure::Rule(rule)) => rule.rule.to_owned(),
        Refusal::Other(other) => panic!("{other}"),
    }
}

pub fn failed(failure: Failure) -> String {
    code(&Refusal::from(failure))
}
