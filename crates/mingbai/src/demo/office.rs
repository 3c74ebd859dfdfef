//! The register of the invented county: places, officers, accounts of every role, two years of
//! monthly accounts (on time, late, missing, corrected, withdrawn), and matters at every stage.

use domain::catalogue::Role;
use domain::problem::Failure;
use domain::procedure::{Actor, Event, Meeting};
use domain::time::Day;
use registry::actions::matters::{self, NewMatter};
use registry::actions::notices::{self, NewNotice};
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::{accounts, posts};
use registry::{By, Entry, Now, Registry, Tx};
use serde_json::{Map, json};

use super::county::{COUNTY, DIVISION, Place};
use super::names;
use super::rng::Rng;
use registry::Law;

/// First month of the two years, as months since the year 0, and how many there are.
const FIRST_MONTH: i32 = 2024 * 12 + 6;
const MONTHS: i32 = 24;
/// Each so many villages have a matter.
const MATTER_EVERY: usize = 4;
/// What all accounts of the demo county sign in with. It is invented, like everything there.
const PASSWORD: &str = "mingbai-demo";
/// Duty of the monthly accounts: expenses.
const ACCOUNTS_DUTY: &str = "F3";

/// What was filled in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filled {
    /// Villages.
    pub villages: usize,
    /// Notices.
    pub notices: usize,
    /// Matters.
    pub matters: usize,
}

/// Officers of a village.
struct Officers {
    head: String,
    member: String,
    watcher: String,
    clerk: String,
    chair: String,
}

/// Officers of a township.
struct Township {
    agency: String,
}

/// Fills the register. The same seed gives the same county.
///
/// # Errors
/// A failure when the register refuses what the demo does: a fault of ours.
pub async fn fill(
    registry: &Registry,
    law: &Law,
    villages: &[Place],
    seed: u64,
) -> Result<Filled, Failure> {
    let roles: Vec<Role> = law.catalogue.roles.values().cloned().collect();
    let (mut filled, mut rng) = (Filled::default(), Rng::new(seed, 9));
    let mut tx = registry.begin(By::system(), noon(day(2024, 1, 2)), "demo county").await?;
    add_place(&mut tx, DIVISION, None, "county", COUNTY).await?;
    add_accounts(&mut tx, &roles).await?;
    tx.commit(done("county")).await?;
    let mut township: Option<(usize, Township)> = None;
    for (at, village) in villages.iter().enumerate() {
        let mut tx = registry.begin(By::system(), noon(day(2024, 1, 2)), "demo county").await?;
        let code = village.code.get(..9).unwrap_or(DIVISION);
        if township.as_ref().is_none_or(|(number, _)| *number != village.township) {
            let name = names::township(village.township);
            add_place(&mut tx, code, Some(DIVISION), "township", &name).await?;
            township = Some((village.township, staff(&mut tx, &roles, code, &mut rng).await?));
        }
        let Some((_, town)) = &township else { continue };
        add_place(&mut tx, &village.code, Some(code), "village", &village.village.name).await?;
        let officers = elect(&mut tx, &roles, &village.code, &mut rng).await?;
        filled.notices += monthly(&mut tx, law, &village.code, &officers, &mut rng).await?;
        if at % MATTER_EVERY == 0 {
            matter(&mut tx, law, &village.code, (&officers, town), at).await?;
            filled.matters += 1;
        }
        filled.villages += 1;
        tx.commit(done(&village.code)).await?;
    }
    Ok(filled)
}

fn done(place: &str) -> Entry {
    Entry::new("demo-filled", place, json!({}))
}

/// A day of the made-up years; they are all real days.
fn day(year: i32, month: u32, day: u32) -> Day {
    Day::from_ymd(year, month, day).unwrap_or(Day(0))
}

fn noon(day: Day) -> Now {
    Now { ms: i64::from(day.0) * 86_400_000 + 4 * 3_600_000, day }
}

async fn add_place(
    tx: &mut Tx,
    code: &str,
    parent: Option<&str>,
    level: &str,
    name: &str,
) -> Result<(), Failure> {
    let new = NewPlace {
        code: code.to_owned(),
        parent: parent.map(str::to_owned),
        level: level.to_owned(),
        name: name.to_owned(),
        area: None,
    };
    let entry = places::add(tx, &new).await?;
    tx.record(entry).await?;
    Ok(())
}

/// One account for each role, named after it.
async fn add_accounts(tx: &mut Tx, roles: &[Role]) -> Result<(), Failure> {
    for role in roles.iter().filter(|role| !role.body) {
        let login = role.code.to_lowercase();
        let (_, entry) = accounts::add(tx, &login, None, PASSWORD).await?;
        tx.record(entry).await?;
        let from = tx.now.day;
        let entry = accounts::grant(tx, roles, &login, &role.code, DIVISION, from).await?;
        tx.record(entry).await?;
    }
    Ok(())
}

async fn officer(
    tx: &mut Tx,
    roles: &[Role],
    place: &str,
    codes: &[&str],
    rng: &mut Rng,
) -> Result<String, Failure> {
    let male = rng.per_mille(600);
    let name = names::Name::draw(rng, male, None).text();
    let new = NewPerson { name, ..NewPerson::default() };
    let (id, entry) = people::add(tx, &new).await?;
    tx.record(entry).await?;
    let from = tx.now.day;
    for code in codes {
        let (_, entry) = posts::give(tx, roles, place, code, &id, from).await?;
        tx.record(entry).await?;
    }
    Ok(id)
}

async fn staff(
    tx: &mut Tx,
    roles: &[Role],
    place: &str,
    rng: &mut Rng,
) -> Result<Township, Failure> {
    officer(tx, roles, place, &["TG"], rng).await?;
    Ok(Township { agency: officer(tx, roles, place, &["TAC"], rng).await? })
}

async fn elect(
    tx: &mut Tx,
    roles: &[Role],
    place: &str,
    rng: &mut Rng,
) -> Result<Officers, Failure> {
    officer(tx, roles, place, &["VPS"], rng).await?;
    Ok(Officers {
        head: officer(tx, roles, place, &["VC", "VCH"], rng).await?,
        member: officer(tx, roles, place, &["VC"], rng).await?,
        watcher: officer(tx, roles, place, &["VSC"], rng).await?,
        clerk: officer(tx, roles, place, &["VAC"], rng).await?,
        chair: officer(tx, roles, place, &["VRM"], rng).await?,
    })
}

/// Two years of monthly accounts. Of a hundred, about 80 come in time, 11 late, 6 never; 3 are
/// corrected later, 1 is withdrawn.
async fn monthly(
    tx: &mut Tx,
    law: &Law,
    place: &str,
    officers: &Officers,
    rng: &mut Rng,
) -> Result<usize, Failure> {
    let mut count = 0;
    for month in FIRST_MONTH..FIRST_MONTH + MONTHS {
        let luck = rng.below(100);
        if luck < 6 {
            continue;
        }
        let (year, number) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let next = month + 1;
        let due = day(next.div_euclid(12), next.rem_euclid(12).unsigned_abs() + 1, 10);
        let days = if luck < 17 { rng.between(1, 15) } else { -rng.between(0, 5) };
        tx.now = noon(Day(due.0 + days));
        let spent = i64::from(rng.between(20, 900)) * 10_000;
        let mut body = Map::new();
        body.insert("spent_fen".to_owned(), json!(spent));
        body.insert("vouchers".to_owned(), json!(rng.between(3, 40)));
        let new = NewNotice {
            place: place.to_owned(),
            duty: ACCOUNTS_DUTY.to_owned(),
            from: None,
            period: format!("{year}-{number:02}"),
            title: format!("{year}年{number}月财务支出"),
            body,
            personal: Vec::new(),
            prepared_by: Some(officers.clerk.clone()),
            checked_by: Some(officers.watcher.clone()),
            due: Some(due),
        };
        let (number, public) = notices::publish(tx, law.rules(), &new).await?;
        let entry = Entry::new("notice-published", &number, json!({})).public(public);
        tx.record(entry).await?;
        count += 1;
        let change = match luck {
            97 | 98 => Some(("更正一笔支出的金额", Some("更正后的支出明细"))),
            99 => Some(("含有个人信息", None)),
            _ => None,
        };
        if let Some((reason, text)) = change {
            tx.now = noon(Day(tx.now.day.0 + 4));
            let entry =
                notices::replace(tx, &number, reason, text.map(notices::new_text).as_ref()).await?;
            tx.record(entry).await?;
        }
    }
    Ok(count)
}

/// A matter that has come so far: proposed, reviewed, decided, disclosed, archived in turn.
async fn matter(
    tx: &mut Tx,
    law: &Law,
    place: &str,
    (village, town): (&Officers, &Township),
    at: usize,
) -> Result<(), Failure> {
    let start = day(2026, 1, 5).0 + i32::try_from(at % 120).unwrap_or(0);
    tx.now = noon(Day(start));
    let new = NewMatter {
        power: "H38".to_owned(),
        place: place.to_owned(),
        title: "人居环境整治".to_owned(),
        subject: None,
        amount_fen: Some(5_000_000),
    };
    let (number, entry) = matters::open(tx, law.rules(), &new).await?;
    tx.record(entry).await?;
    let depth = at / MATTER_EVERY % 5;
    let steps = events(village, town, start);
    let reached = [4, 6, 10, 12, steps.len()].get(depth).copied().unwrap_or(steps.len());
    for event in steps.into_iter().take(reached) {
        tx.now = noon(event.day());
        let recorded = matters::record(tx, law.rules(), &number, &event, "按计划实施").await?;
        tx.record(recorded.entry).await?;
    }
    Ok(())
}

/// The life of a matter of the six steps, from proposal to archive.
fn events(village: &Officers, town: &Township, start: i32) -> Vec<Event> {
    let on = |after: i32| Day(start + after);
    let who = |person: &String, role: &str| Actor { person: person.clone(), role: role.to_owned() };
    let paper = |code: &str, after| Event::Document { code: code.to_owned(), day: on(after) };
    let step = |code: &str, person: &String, role: &str, after| Event::Step {
        code: code.to_owned(),
        actor: who(person, role),
        day: on(after),
        amount_fen: None,
        meeting: None,
    };
    let sign = |code: &str, person: &String, role: &str, after| Event::Sign {
        step: code.to_owned(),
        actor: who(person, role),
        day: on(after),
    };
    let meeting = Meeting {
        body: "VRM".to_owned(),
        called_on: Some(on(4)),
        held_on: on(8),
        should_attend: 30,
        present: 26,
        households_total: None,
        households_present: None,
        votes_for: 23,
        votes_against: 2,
        abstentions: 1,
        head_spoke_last: true,
        ballots_recorded: true,
        attendees: Vec::new(),
    };
    vec![
        paper("proposal", 0),
        paper("budget_estimate", 0),
        paper("interest_declaration", 0),
        step("propose", &village.member, "VC", 0),
        paper("review_opinion", 3),
        step("review", &village.watcher, "VSC", 3),
        paper("minutes", 8),
        Event::Meeting { step: "decide".to_owned(), day: on(8), meeting: Box::new(meeting) },
        sign("decide", &town.agency, "TAC", 8),
        step("decide", &village.chair, "VRM", 8),
        Event::Check {
            step: "disclose".to_owned(),
            actor: who(&village.watcher, "VSC"),
            day: on(9),
            agreed: true,
        },
        step("disclose", &village.head, "VC", 9),
        step("answer", &village.head, "VC", 20),
        paper("board_photo", 20),
        sign("archive", &village.watcher, "VSC", 21),
        step("archive", &village.clerk, "VAC", 21),
    ]
}
