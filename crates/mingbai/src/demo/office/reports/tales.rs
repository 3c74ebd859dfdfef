//! What villagers report, in their own words, and how it goes on.

use domain::problem::{Failure, Fault};
use domain::receipt::Receipt;
use domain::report::handling::Outcome;
use domain::report::{Channel, Facts, Form, Identity};
use domain::time::Day;
use registry::actions::Refusal;
use registry::actions::reports::file::{self, Handed};
use registry::actions::reports::{acts, care, identity, reader};
use registry::reports::texts::Words;
use registry::{By, Entry, Tx};

use super::super::super::county::DIVISION;
use super::super::super::rng::Rng;
use super::{Hall, act_as};

/// How far one goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// It waits.
    Waits,
    /// Accepted after some days.
    Accepted,
    /// Accepted; the clock stands still.
    Paused,
    /// Answered in time.
    Answered,
    /// Answered, and rated as solved.
    Solved,
    /// Answered, came back, answered again, objected to, reviewed, solved.
    Reviewed,
    /// With a name that the office asks for.
    Asked,
    /// In the charge of a leader.
    InCharge,
}

/// Village, door, topic, kind of post, days ago, name, course, words.
type Tale = (usize, &'static str, &'static str, &'static str, i32, bool, Course, &'static str);
const TALES: [Tale; 14] = [
    (
        0,
        "accusation",
        "subsidy",
        "village_cadre",
        150,
        false,
        Course::Reviewed,
        "低保名额给了书记家的亲戚，真正困难的没评上。",
    ),
    (
        0,
        "accusation",
        "collective",
        "village_cadre",
        60,
        false,
        Course::Accepted,
        "鱼塘承包费少收了两年，没见进账。",
    ),
    (
        0,
        "accusation",
        "works",
        "village_cadre",
        9,
        false,
        Course::Waits,
        "修水渠的活都包给了同一个人，价格比邻村高。",
    ),
    (
        1,
        "accusation",
        "subsidy",
        "village_cadre",
        30,
        true,
        Course::Asked,
        "我家的地力补贴被别人领了，名单上不是我家的账号。",
    ),
    (
        1,
        "request",
        "house",
        "other",
        95,
        false,
        Course::InCharge,
        "老屋裂了缝，下雨不敢住，申请危房改造一直没有回音。",
    ),
    (
        2,
        "request",
        "medical",
        "other",
        40,
        false,
        Course::Waits,
        "老伴住院，医保报销的材料不知道该交到哪里。",
    ),
    (
        2,
        "complaint",
        "pension",
        "department",
        12,
        false,
        Course::Waits,
        "养老金认证窗口跑了三趟，每次说的材料都不一样。",
    ),
    (
        3,
        "complaint",
        "land",
        "department",
        75,
        true,
        Course::Paused,
        "宅基地证办了半年，问到谁都说再等等。",
    ),
    (
        3,
        "request",
        "school",
        "other",
        28,
        false,
        Course::Answered,
        "孩子的助学补助这学期没有到账。",
    ),
    (
        4,
        "accusation",
        "conduct",
        "township_staff",
        45,
        false,
        Course::Accepted,
        "办事员要先请客才给盖章。",
    ),
    (4, "request", "land", "other", 70, false, Course::Solved, "田边的排水沟堵了，一下雨就淹。"),
    (
        5,
        "accusation",
        "other",
        "county_leader",
        25,
        false,
        Course::Waits,
        "反映一位县领导的亲属插手工程。",
    ),
    (
        5,
        "accusation",
        "other",
        "discipline_head",
        18,
        false,
        Course::Waits,
        "反映本县纪委主要负责人的有关问题。",
    ),
    (
        6,
        "complaint",
        "subsidy",
        "department",
        50,
        false,
        Course::Answered,
        "临时救助的钱发得太慢，问不到进度。",
    ),
];
/// Requests and accusations that only the figures tell of, in each of the last two quarters.
const MANY: i32 = 9;

/// A report that was taken in.
struct Filed {
    receipt: Receipt,
    number: String,
    office: String,
    day: Day,
}

/// Files them all and lets each go its way. Returns how many.
pub async fn tell(tx: &mut Tx, hall: &Hall<'_>, rng: &mut Rng) -> Result<usize, Failure> {
    let mut filed = 0;
    for tale in &TALES {
        one(tx, hall, tale).await?;
        filed += 1;
    }
    for (door, topic, post) in
        [("request", "house", "other"), ("accusation", "subsidy", "village_cadre")]
    {
        for number in 0..MANY * 2 {
            let ago = if number < MANY { 75 + number } else { 160 + number - MANY };
            let late = rng.per_mille(250);
            let village = 6 + usize::try_from(number).unwrap_or_default() % 6;
            let course = if late { Course::Waits } else { Course::Solved };
            let tale: Tale =
                (village, door, topic, post, ago, false, course, "同样的情况，希望尽快处理。");
            one(tx, hall, &tale).await?;
            filed += 1;
        }
    }
    Ok(filed)
}

async fn one(tx: &mut Tx, hall: &Hall<'_>, tale: &Tale) -> Result<(), Failure> {
    let filed = take_in(tx, hall, tale).await?;
    let (course, day) = (tale.6, filed.day);
    let later = |days: i32| Day(day.0 + days);
    if course == Course::Waits {
        return Ok(());
    }
    accept(tx, hall, &filed, later(6)).await?;
    match course {
        Course::Paused => pause(tx, hall, &filed, later(9)).await,
        Course::Asked => ask_who(tx, hall, &filed, later(8)).await,
        Course::InCharge => charge(tx, hall, &filed, later(20)).await,
        Course::Answered => answer(tx, hall, &filed, (&filed.office, later(20))).await,
        Course::Solved => {
            answer(tx, hall, &filed, (&filed.office, later(20))).await?;
            rate(tx, hall, &filed, (true, later(23))).await
        }
        Course::Reviewed => review(tx, hall, &filed).await,
        Course::Waits | Course::Accepted => Ok(()),
    }
}

/// A rule that says no is a fault of ours.
fn ours(refusal: Refusal) -> Failure {
    match refusal {
        Refusal::Other(failure) => failure,
        Refusal::Rules(rules) => {
            let rules: Vec<&str> = rules.iter().map(|rule| rule.rule).collect();
            Fault::new("fill demo reports", rules.join(", ")).into()
        }
    }
}

async fn record(tx: &mut Tx, entry: Entry) -> Result<(), Failure> {
    tx.record(entry).await.map(|_| ())
}

async fn take_in(tx: &mut Tx, hall: &Hall<'_>, tale: &Tale) -> Result<Filed, Failure> {
    let (village, door, topic, post, ago, named, _, text) = *tale;
    let day = hall.ago(ago);
    let facts = Facts {
        door: door.to_owned(),
        place: hall.village(village).to_owned(),
        topic: topic.to_owned(),
        posts: [post.to_owned()].into(),
        ..Facts::default()
    };
    let identity = named.then(|| Identity {
        name: "周试验".to_owned(),
        contact: "村东头第三家".to_owned(),
        ..Identity::default()
    });
    let form = Form { facts, text: text.to_owned(), identity, ..Form::default() };
    act_as(tx, By::public(&hall.counter.law.access), day);
    let taken = file::file(tx, hall.counter, Channel::Web, Handed::Clear(form)).await;
    let (filed, entry) = taken.map_err(ours)?;
    record(tx, entry).await?;
    Ok(Filed { receipt: filed.receipt, number: filed.number, office: filed.office, day })
}

async fn accept(tx: &mut Tx, hall: &Hall<'_>, filed: &Filed, day: Day) -> Result<(), Failure> {
    act_as(tx, hall.by(&filed.office), day);
    let words = Words::of("已经受理，按规定办理。");
    let done = acts::accept(tx, hall.counter, &filed.number, &words).await.map_err(ours)?;
    record(tx, done.entry).await
}

async fn answer(
    tx: &mut Tx,
    hall: &Hall<'_>,
    filed: &Filed,
    (office, day): (&str, Day),
) -> Result<(), Failure> {
    act_as(tx, hall.by(office), day);
    let words = Words {
        text: "已经核实处理，结果在村务公开栏公布。".to_owned(),
        facts: "核对了名单、会议记录和入户记录。".to_owned(),
        basis: "《信访工作条例》第三十二条".to_owned(),
    };
    let said = (Outcome::Support, &words);
    let done = acts::reply(tx, hall.counter, &filed.number, said).await.map_err(ours)?;
    record(tx, done.entry).await
}

async fn rate(
    tx: &mut Tx,
    hall: &Hall<'_>,
    filed: &Filed,
    (solved, day): (bool, Day),
) -> Result<(), Failure> {
    act_as(tx, By::public(&hall.counter.law.access), day);
    let text = if solved { "" } else { "还有一户没有查。" };
    let done = reader::rate(tx, hall.counter, &filed.receipt, (solved, text)).await;
    record(tx, done.map_err(ours)?.entry).await
}

async fn pause(tx: &mut Tx, hall: &Hall<'_>, filed: &Filed, day: Day) -> Result<(), Failure> {
    act_as(tx, hall.by(&filed.office), day);
    let words = Words::of("请补交宅基地四至图，收到后继续办理。");
    let said = ("supplement", &words);
    let done = acts::pause(tx, hall.counter, &filed.number, said).await.map_err(ours)?;
    record(tx, done.entry).await
}

async fn ask_who(tx: &mut Tx, hall: &Hall<'_>, filed: &Filed, day: Day) -> Result<(), Failure> {
    act_as(tx, hall.by(&filed.office), day);
    let (_, entry) = identity::ask(tx, hall.counter, &filed.number, "当面核实银行账号").await?;
    record(tx, entry).await
}

async fn charge(tx: &mut Tx, hall: &Hall<'_>, filed: &Filed, day: Day) -> Result<(), Failure> {
    let head = format!("CL1@{DIVISION}");
    act_as(tx, hall.by(&head), day);
    let of = (filed.number.as_str(), hall.person(&head));
    let (charge, entry) = care::take(tx, hall.counter, of).await?;
    record(tx, entry).await?;
    for (commitment, note) in
        [("contact", "每周打一次电话。"), ("investigation", "带住建人员入户看了房子，列为危房。")]
    {
        act_as(tx, hall.by(&head), Day(day.0 + 7));
        let step = care::follow_up(tx, hall.counter, &charge, (commitment, true, note)).await?;
        record(tx, step).await?;
    }
    act_as(tx, hall.by(&filed.office), day);
    let entry = acts::tag(tx, hall.counter, &filed.number, ("three_many", true)).await;
    record(tx, entry.map_err(ours)?).await
}

/// Not solved, answered again, objected to, reviewed by the county, solved.
async fn review(tx: &mut Tx, hall: &Hall<'_>, filed: &Filed) -> Result<(), Failure> {
    let later = |days: i32| Day(filed.day.0 + days);
    answer(tx, hall, filed, (&filed.office, later(20))).await?;
    rate(tx, hall, filed, (false, later(22))).await?;
    answer(tx, hall, filed, (&filed.office, later(30))).await?;
    act_as(tx, By::public(&hall.counter.law.access), later(33));
    let why = "处理不公，请上级复查。";
    let asked = reader::ask_review(tx, hall.counter, &filed.receipt, why).await;
    record(tx, asked.map_err(ours)?.entry).await?;
    let reviewer = format!("CX@{DIVISION}");
    answer(tx, hall, filed, (&reviewer, later(50))).await?;
    rate(tx, hall, filed, (true, later(55))).await
}
