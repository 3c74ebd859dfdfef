//! Topics of villagers with their answers, and visits of leaders.

use domain::problem::{Failure, Fault};
use domain::procedure::Actor;
use domain::time::Day;
use registry::actions::reports::care;
use registry::actions::{Refusal, topics};
use registry::{By, Tx};

use super::super::super::county::DIVISION;
use super::super::super::rng::Rng;
use super::{Hall, act_as};

/// What they want to be told about, and what they are told.
const TOPICS: [(&str, &str); 6] = [
    ("路灯电费一年多少钱，从哪里出", "去年电费6,820元，从集体经营收入列支，票据在村部可查。"),
    ("自来水为什么经常停", "水厂换管道，下月10日完工，期间每天早晚供水。"),
    ("村里的公益性岗位是怎么选的", "先公开报名，再由村民代表会议评议，名单公示七天。"),
    ("合作社分红什么时候发", "审计后发放，预计下个季度，方案会先公示。"),
    ("垃圾清运费收了用在哪里", "付清运公司和保洁员工资，每月收支在公开栏。"),
    ("活动广场什么时候开工", "资金批复后开工，进度每月公开。"),
];
/// What came of visits.
const VISITS: [&str; 3] = [
    "主要反映饮水、道路和补贴发放，当场答复三件，交办两件。",
    "主要反映危房改造进度，已交住建部门一周内上门核查。",
    "主要反映灌溉水渠淤堵，乡镇已安排清淤。",
];

/// Fills both.
pub async fn fill(tx: &mut Tx, hall: &Hall<'_>, rng: &mut Rng) -> Result<(), Failure> {
    for number in 0..hall.villages.len() {
        let code = hall.village(number).rsplit('/').next().unwrap_or_default().to_owned();
        for at in 0..3 {
            topic(tx, hall, rng, (&code, number + at, at)).await?;
        }
    }
    visits(tx, hall).await
}

async fn topic(
    tx: &mut Tx,
    hall: &Hall<'_>,
    rng: &mut Rng,
    (code, which, state): (&str, usize, usize),
) -> Result<(), Failure> {
    let Some((title, answer)) = TOPICS.get(which % TOPICS.len()) else { return Ok(()) };
    let day = hall.ago(10 + 25 * i32::try_from(state).unwrap_or_default());
    act_as(tx, By::public(&hall.counter.law.access), day);
    let (number, entry) = topics::propose(tx, code, title).await?;
    tx.record(entry).await?;
    for supporter in 0..rng.between(2, 12) {
        act_as(tx, By::public(&hall.counter.law.access), Day(day.0 + 1));
        let who = format!("{number} {supporter}");
        let entry = topics::support(tx, hall.counter, &number, &who).await?;
        tx.record(entry).await?;
    }
    if state == 0 {
        return Ok(());
    }
    let office = format!("VCH@{code}");
    let (office, role) = match hall.person(&office) {
        "" => (format!("VPS@{code}"), "VPS"),
        _ => (office, "VCH"),
    };
    act_as(tx, hall.by(&office), Day(day.0 + 2));
    let (_, entry) = topics::choose(tx, hall.counter, &number).await.map_err(ours)?;
    tx.record(entry).await?;
    if state == 2 {
        act_as(tx, hall.by(&office), Day(day.0 + 5));
        let actor = Actor { person: hall.person(&office).to_owned(), role: role.to_owned() };
        let entry = topics::answer(tx, &number, &actor, answer).await.map_err(ours)?;
        tx.record(entry).await?;
    }
    Ok(())
}

/// A rule that says no is a fault of ours.
fn ours(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Other(failure) => failure,
        Refusal::Rules(rules) => {
            let rules: Vec<&str> = rules.iter().map(|rule| rule.rule).collect();
            Fault::new("fill demo topics", rules.join(", ")).into()
        }
    }
}

async fn visits(tx: &mut Tx, hall: &Hall<'_>) -> Result<(), Failure> {
    let head = format!("CL1@{DIVISION}");
    for number in 0..5_usize {
        let code = hall.village(number * 2).rsplit('/').next().unwrap_or_default().to_owned();
        let days = 90 - 24 * i32::try_from(number).unwrap_or_default();
        let (announced, planned) = (hall.ago(days + 10), hall.ago(days));
        // The last ones are still to come.
        let announced = if announced > hall.today { hall.today } else { announced };
        act_as(tx, hall.by(&head), announced);
        let (visit, entry) = care::plan_visit(tx, (&code, hall.person(&head)), planned).await?;
        tx.record(entry).await?;
        if let Some(summary) = VISITS.get(number).filter(|_| planned <= hall.today) {
            act_as(tx, hall.by(&head), planned);
            let came = 7 + u32::try_from(number).unwrap_or_default() * 3;
            let entry = care::hold_visit(tx, &visit, (came, summary)).await?;
            tx.record(entry).await?;
        }
    }
    Ok(())
}
