//! Reports that wait for the reader: door, number and day, never a word of what they say.

use domain::access::View;
use domain::report::handling::DueFor;
use registry::queries::report_desk::contested;
use registry::queries::reports::{self as lists, Filter, Line};

use super::Task;
use crate::error::Error;
use crate::office::reports::names::Names;
use crate::office::reports::{HERE, why};
use crate::office::room::Room;
use crate::office::topics;
use crate::routes::Right;

/// What waits of reports, looks at identities and topics of villagers.
pub async fn tasks(room: &Room) -> Result<Vec<Task>, Error> {
    let mut tasks = Vec::new();
    if let Right::Routed(acts, objects) = HERE
        && room.desk.may_routed(acts, objects).is_ok()
    {
        tasks.extend(reports(room).await?);
    }
    if room.desk.may_somewhere(topics::UPDATE, topics::TOPIC).is_ok() {
        tasks.extend(topic_tasks(room).await?);
    }
    Ok(tasks)
}

async fn reports(room: &Room) -> Result<Vec<Task>, Error> {
    let window = room.app.window()?;
    let counter = window.counter();
    let (by, day) = (room.desk.by(&[], "", "")?, room.desk.now.day);
    let places = room.app.places().await?;
    let names = Names { ui: &room.ui, places: &places, rules: counter.rules(day)?.1 };
    let mut tasks = Vec::new();
    for line in lists::list(room.db(), &counter, &by, day, &Filter::default()).await? {
        let Some(due) = line.next.clone().filter(|_| handles(room, &line)) else { continue };
        // A right that ends is nothing that anybody has to do; on a transfer another office decides.
        if due.is_right() || due.what == DueFor::DecideTransfer.code() {
            continue;
        }
        let mut task = task(&names, &line);
        task.due = Some(due.day.to_string());
        task.why = why(room, &counter, &due);
        tasks.push(task);
    }
    for one in contested(room.db(), &counter, &by, day).await? {
        let title = room.ui.with("web-task-contested", &[("number", &one.number)]);
        let place = names.office(&one.decides);
        let mut task = plain("contested", title, place, "/office/reports".to_owned());
        task.due = one.due.as_ref().map(|due| due.day.to_string());
        task.why = one.due.as_ref().map(|due| why(room, &counter, due)).unwrap_or_default();
        tasks.push(task);
    }
    for one in lists::asked(room.db(), &counter, &by, day).await? {
        let title = room.ui.with("web-task-identity", &[("number", &one.number)]);
        let address = "/office/reports/identities".to_owned();
        tasks.push(plain("identity", title, room.ui.role(&one.role), address));
    }
    Ok(tasks)
}

fn handles(room: &Room, line: &Line) -> bool {
    match &line.office {
        Some(office) => room.desk.works_in(office),
        None => line.view >= View::Sealed,
    }
}

fn task(names: &Names<'_>, line: &Line) -> Task {
    let door = line.door.as_deref().map(|door| names.door(door));
    let door = door.unwrap_or_else(|| names.ui.t("web-reports-sealed-one").to_owned());
    let title = names.ui.with("web-task-report", &[("door", &door), ("number", &line.number)]);
    let place = line.place.as_deref().map(|path| names.place(path)).unwrap_or_default();
    plain("report", title, place, format!("/office/reports/{}", line.number))
}

fn plain(kind: &'static str, title: String, place: String, address: String) -> Task {
    Task {
        kind,
        stage: "report".to_owned(),
        matter: None,
        due: None,
        why: Vec::new(),
        title,
        place,
        address,
    }
}

/// Topics that were chosen and wait for their answer.
async fn topic_tasks(room: &Room) -> Result<Vec<Task>, Error> {
    let places = room.app.places().await?;
    let (open, _) = topics::own(room).await?;
    let task = |topic: &registry::queries::public_reports::TopicRow| {
        let mut task = plain(
            "topic",
            topic.title.clone(),
            places.name(&topic.place).to_owned(),
            format!("/office/topics#{}", topic.number),
        );
        task.due.clone_from(&topic.due_day);
        let chosen = topic.chosen_day.as_deref().unwrap_or_default();
        task.why = room.ui.why(topics::ANSWER_RULE, chosen);
        task
    };
    Ok(open.iter().filter(|topic| topic.state == "chosen").map(task).collect())
}
