//! Places, the people who hold their posts, and an account for each of them.

use std::collections::BTreeMap;

use domain::catalogue::RoleLevel;
use domain::problem::Failure;
use registry::Tx;
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::{accounts, posts};

use super::super::county::{COUNTY, DIVISION, Place};
use super::super::names;
use super::super::rng::Rng;
use super::{Desk, SignIn, said};

/// Posts of a village, a row for each person. Bodies are named by who presides over them.
const VILLAGE: [&[&str]; 13] = [
    &["VPS", "VPB", "TWO", "PM"],
    &["VCH", "VC", "VM"],
    &["VC"],
    &["VC"],
    &["VAC"],
    &["VSC"],
    &["VSC"],
    &["VSC"],
    &["VDI"],
    &["RB", "RM", "RRM"],
    &["RB"],
    &["RS"],
    &["VRM", "GRP"],
];
/// The same where the secretary is the head too (一肩挑).
const BOTH: &[&str] = &["VPS", "VPB", "TWO", "PM", "VCH", "VC", "VM"];
/// Each so many villages have such a secretary.
const BOTH_EVERY: usize = 4;
/// Posts of a township.
const TOWNSHIP: [&[&str]; 9] =
    [&["TP"], &["TG"], &["TG"], &["TG"], &["TAC"], &["TAC"], &["TDI"], &["TCA"], &["TAG"]];
/// Areas that townships belong to.
const AREAS: [&str; 3] = ["东片区", "西片区", "南片区"];
/// Beginning of the roles of county bureaus.
const BUREAU: &str = "CB-";
/// The role of villagers: they have an account, and no post.
const VILLAGER: &str = "PUB";

/// Who holds which role, in a place and above it.
#[derive(Debug, Clone, Default)]
pub struct Staff(BTreeMap<String, Vec<String>>);

impl Staff {
    /// Keys of the persons in a role.
    pub fn of(&self, role: &str) -> &[String] {
        self.0.get(role).map_or(&[], Vec::as_slice)
    }

    /// One of them.
    pub fn one(&self, role: &str, rng: &mut Rng) -> String {
        rng.pick(self.of(role)).cloned().unwrap_or_default()
    }

    /// Whether somebody holds both.
    pub fn holds_both(&self, first: &str, second: &str) -> Option<&String> {
        self.of(first).iter().find(|person| self.of(second).contains(person))
    }

    /// These and others.
    pub fn with(mut self, above: &Self) -> Self {
        for (role, persons) in &above.0 {
            self.0.entry(role.clone()).or_default().extend(persons.iter().cloned());
        }
        self
    }
}

/// The first account of each role.
#[derive(Debug, Default)]
pub struct SignIns(BTreeMap<String, (bool, SignIn)>);

impl SignIns {
    /// Notes an account; the first one for which the role is the main one stays.
    fn note(&mut self, (role, main): (&str, bool), login: &str, place: &str) {
        if self.0.get(role).is_some_and(|(known_main, _)| *known_main || !main) {
            return;
        }
        let (role, login, place) = (role.to_owned(), login.to_owned(), place.to_owned());
        self.0.insert(role.clone(), (main, SignIn { role, login, place }));
    }

    /// By role.
    pub fn list(self) -> Vec<SignIn> {
        self.0.into_values().map(|(_, sign_in)| sign_in).collect()
    }
}

/// A place whose posts are being given.
struct Seat<'a> {
    code: &'a str,
    /// As people say it.
    name: String,
    /// Ending of the names to sign in with.
    ending: String,
    /// Officers live in it.
    home: bool,
    held: Staff,
    /// How many accounts were named after a role.
    named: BTreeMap<String, usize>,
}

impl<'a> Seat<'a> {
    fn new(code: &'a str, name: String, home: bool) -> Self {
        let ending = code.get(DIVISION.len()..).filter(|rest| !rest.is_empty());
        let ending = ending.map_or(String::new(), |rest| format!("-{rest}"));
        let (held, named) = (Staff::default(), BTreeMap::new());
        Self { code, name, ending, home, held, named }
    }

    /// `vc-101201`, and `vc2-101201` for the second of them.
    fn login(&mut self, role: &str) -> String {
        let count = self.named.entry(role.to_owned()).or_default();
        *count += 1;
        let number = if *count > 1 { count.to_string() } else { String::new() };
        format!("{}{number}{}", role.to_lowercase(), self.ending)
    }
}

/// The county, with all roles of its level.
pub async fn county(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sign_ins: &mut SignIns,
    rng: &mut Rng,
) -> Result<Staff, Failure> {
    add_place(tx, (DIVISION, None), "county", COUNTY).await?;
    let mut seat = Seat::new(DIVISION, COUNTY.to_owned(), false);
    let above = desk.roles.iter().filter(|role| role.level >= RoleLevel::Area && !role.body);
    for role in above {
        // In a bureau one reviews and another decides.
        let persons = if role.code.starts_with(BUREAU) { 2 } else { 1 };
        for _ in 0..persons {
            hire(tx, desk, sign_ins, &mut seat, &[&role.code], rng).await?;
        }
    }
    Ok(seat.held)
}

/// The township of a village.
pub async fn township(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sign_ins: &mut SignIns,
    village: &Place,
    rng: &mut Rng,
) -> Result<Staff, Failure> {
    let (code, name) = (township_code(village), names::township(village.township));
    add_place(tx, (code, Some(DIVISION)), "township", &name).await?;
    let mut seat = Seat::new(code, name, false);
    for codes in TOWNSHIP {
        hire(tx, desk, sign_ins, &mut seat, codes, rng).await?;
    }
    Ok(seat.held)
}

/// A village. Its first villager has an account.
pub async fn village(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sign_ins: &mut SignIns,
    place: &Place,
    rng: &mut Rng,
) -> Result<Staff, Failure> {
    let above = Some(township_code(place));
    add_place(tx, (&place.code, above), "village", &place.village.name).await?;
    let mut seat = Seat::new(&place.code, said(place), true);
    let both = place.code.bytes().fold(0, |sum, digit| sum + usize::from(digit)) % BOTH_EVERY == 0;
    for (number, codes) in VILLAGE.into_iter().enumerate() {
        match (both, number) {
            (true, 0) => hire(tx, desk, sign_ins, &mut seat, BOTH, rng).await?,
            (true, 1) => continue,
            _ => hire(tx, desk, sign_ins, &mut seat, codes, rng).await?,
        }
    }
    let person = settle(tx, &seat, rng).await?;
    open_account(tx, desk, sign_ins, &mut seat, (&person, &[VILLAGER])).await?;
    Ok(seat.held)
}

fn township_code(village: &Place) -> &str {
    village.code.get(..9).unwrap_or(DIVISION)
}

/// Area (片区) of a township, by its number.
fn area(code: &str, level: &str) -> Option<String> {
    let number: usize = code.get(DIVISION.len()..)?.parse().ok()?;
    (level == "township").then(|| AREAS.get(number % AREAS.len()).copied())?.map(str::to_owned)
}

async fn add_place(
    tx: &mut Tx,
    (code, parent): (&str, Option<&str>),
    level: &str,
    name: &str,
) -> Result<(), Failure> {
    let new = NewPlace {
        code: code.to_owned(),
        parent: parent.map(str::to_owned),
        level: level.to_owned(),
        name: name.to_owned(),
        area: area(code, level),
    };
    let entry = places::add(tx, &new).await?;
    tx.record(entry).await?;
    Ok(())
}

/// A person with posts and, unless he only presides over a body, an account.
async fn hire(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sign_ins: &mut SignIns,
    seat: &mut Seat<'_>,
    codes: &[&str],
    rng: &mut Rng,
) -> Result<(), Failure> {
    let person = settle(tx, seat, rng).await?;
    for code in codes {
        let from = tx.now.day;
        let (_, entry) = posts::give(tx, &desk.roles, seat.code, code, &person, from).await?;
        tx.record(entry).await?;
        seat.held.0.entry((*code).to_owned()).or_default().push(person.clone());
    }
    let body = |code: &str| desk.law.catalogue.roles.get(code).is_none_or(|role| role.body);
    let own: Vec<&str> = codes.iter().copied().filter(|code| !body(code)).collect();
    if own.is_empty() {
        return Ok(());
    }
    open_account(tx, desk, sign_ins, seat, (&person, &own)).await
}

async fn settle(tx: &mut Tx, seat: &Seat<'_>, rng: &mut Rng) -> Result<String, Failure> {
    let male = rng.per_mille(600);
    let name = names::Name::draw(rng, male, None).text();
    // Houses of officers are numbered from 900 on; villagers' houses are below.
    let household = format!("{:04}", 900 + seat.held.0.values().map(Vec::len).sum::<usize>());
    let household = seat.home.then(|| (seat.code.to_owned(), household));
    let (person, entry) =
        people::add(tx, &NewPerson { name, household, ..NewPerson::default() }).await?;
    tx.record(entry).await?;
    Ok(person)
}

async fn open_account(
    tx: &mut Tx,
    desk: &Desk<'_>,
    sign_ins: &mut SignIns,
    seat: &mut Seat<'_>,
    (person, codes): (&str, &[&str]),
) -> Result<(), Failure> {
    let login = seat.login(codes.first().copied().unwrap_or_default());
    let (_, entry) = accounts::add_hashed(tx, &login, Some(person), desk.hash.clone()).await?;
    tx.record(entry).await?;
    for (at, code) in codes.iter().enumerate() {
        let from = tx.now.day;
        let entry = accounts::grant(tx, &desk.roles, &login, code, seat.code, from).await?;
        tx.record(entry).await?;
        sign_ins.note((code, at == 0), &login, &seat.name);
    }
    Ok(())
}
