//! What stands behind the figures of a village, list by list, with what the township can do about each.

use askama::Template;
use axum::response::Response;
use domain::disclosure::State;
use domain::time::Day;
use registry::queries::office::{DueLine, OrderLine, QuestionLine, dues, orders, questions};
use registry::queries::public_village::{NoticeHead, PlaceHead, notices};
use registry::queries::work::Work;

use super::{ORDER, READ, waiting};
use crate::board::first_day;
use crate::error::Error;
use crate::office::orders::GIVE;
use crate::office::requests::{self, REQUEST};
use crate::office::room::Room;
use crate::places::Places;
use crate::session::Signed;
use crate::spans::Spans;
use crate::ui::{Ui, page};

/// A disclosure that is missing or came late.
struct Disclosure {
    duty: String,
    title: String,
    period: String,
    due: String,
    /// Number of the notice, and when it came.
    came: Option<(String, String)>,
    /// The order that waits for it.
    order: Option<String>,
}

/// An answer that is overdue: what was asked, by when, and where the reader may look at it.
struct Answer {
    title: String,
    due_day: String,
    address: Option<String>,
}

#[derive(Template)]
#[template(path = "office/board/one.html")]
struct One<'a> {
    ui: &'a Ui,
    desk: &'a Signed,
    place: &'a PlaceHead,
    above: Option<&'a PlaceHead>,
    today: String,
    matters: Vec<DueLine>,
    answers: Vec<Answer>,
    missing: Vec<Disclosure>,
    late: Vec<Disclosure>,
    waiting: Vec<(Work, String, Vec<String>)>,
    orders: Vec<OrderLine>,
    may_order: bool,
    may_open: bool,
}

impl One<'_> {
    /// Title of the rule that something is due by.
    fn rule<'a>(&'a self, code: &'a str) -> &'a str {
        rule(self.ui, code)
    }
}

/// Title of a rule by its code.
fn rule<'a>(ui: &'a Ui, code: &'a str) -> &'a str {
    let rule = ui.law().catalogue.deadlines.get(code);
    rule.map_or(code, |rule| ui.title(&rule.title))
}

/// What is overdue in words: a question, a topic of villagers, or a request, which not everybody may see.
fn answer(room: &Room, due: &DueLine, asked: &[QuestionLine]) -> Answer {
    let question =
        asked.iter().find(|one| due.subject.ends_with(&format!("question/{}", one.number)));
    let topic = due.subject.strip_prefix("topic/");
    let requests = room.desk.may_somewhere(requests::READ, REQUEST).is_ok();
    let address = match (question, topic) {
        (Some(one), _) => Some(format!("/office/questions#{}", one.number)),
        (None, Some(number)) => Some(format!("/villages/{}/topics#{number}", due.place)),
        (None, None) => requests.then(|| "/office/requests".to_owned()),
    };
    let title = question.map_or(rule(&room.ui, &due.by_rule), |one| &one.text).to_owned();
    Answer { title, due_day: due.due_day.clone(), address }
}

/// The page.
///
/// # Errors
/// A fault when the register cannot be read.
pub async fn show(room: &Room, places: &Places, place: &PlaceHead) -> Result<Response, Error> {
    let (db, by) = (room.db(), room.desk.by(READ, ORDER, &place.path)?);
    let today = room.today();
    let mut over = dues(db, &by, &place.path).await?;
    over.retain(|due| due.due_day < today && !due.subject.starts_with("order/"));
    let (matters, answers): (Vec<DueLine>, Vec<DueLine>) =
        over.into_iter().partition(|due| due.subject.contains("/step/"));
    let asked = questions(db, &by, &place.path).await?;
    let mut open = orders(db, &by, &place.path).await?;
    open.retain(|order| order.met_day.is_none());
    let (missing, late) = disclosures(room, place, &open).await?;
    let above = places.above(place);
    page(&One {
        answers: answers.iter().map(|due| answer(room, due, &asked)).collect(),
        waiting: waiting(room, &place.path).await?,
        may_order: room.desk.may_at(GIVE, ORDER, &place.path),
        may_open: room.desk.may_at(READ, "matter", &place.path),
        above: above.filter(|above| room.desk.may_at(READ, ORDER, &above.path)),
        ui: &room.ui,
        desk: &room.desk,
        orders: open,
        place,
        today,
        matters,
        missing,
        late,
    })
}

/// Disclosures of the last twelve months that are missing, and those that came late, the newest first.
async fn disclosures(
    room: &Room,
    place: &PlaceHead,
    open: &[OrderLine],
) -> Result<(Vec<Disclosure>, Vec<Disclosure>), Error> {
    let (ui, today) = (&room.ui, room.desk.now.day);
    let since = Day(first_day(today).0 - 120).to_string();
    let published = notices(room.db(), &place.id, &since).await?;
    let registered = Day::parse(&place.from_day).unwrap_or(Day(0));
    let spans = Spans::read(room.db(), ui.law()).await?;
    let mut expected = spans.expected(ui.law(), &place.id, (first_day(today), today));
    expected.retain(|one| one.due >= registered);
    expected.sort_by_key(|one| std::cmp::Reverse(one.due));
    let (mut missing, mut late) = (Vec::new(), Vec::new());
    for one in expected {
        let fits = |n: &&NoticeHead| n.duty == one.duty && n.period == one.period;
        let first =
            published.iter().filter(fits).min_by(|a, b| a.published_day.cmp(&b.published_day));
        let day = first.and_then(|notice| Day::parse(&notice.published_day));
        let list = match State::of(one.due, day, today) {
            State::Missing => &mut missing,
            State::Late => &mut late,
            _ => continue,
        };
        let order = open.iter().find(|o| o.duty == one.duty && o.period == one.period);
        list.push(Disclosure {
            title: ui.duty(&one.duty).to_owned(),
            order: order.map(|order| order.number.clone()),
            came: first.map(|notice| (notice.number.clone(), notice.published_day.clone())),
            due: one.due.to_string(),
            duty: one.duty,
            period: one.period,
        });
    }
    Ok((missing, late))
}
