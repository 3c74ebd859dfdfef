//! Make-up orders (补公开): the township tells a village to publish what is missing. The notice that
//! does so meets the order by itself.

use domain::access::Act;
use domain::problem::{Failure, RuleViolation};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::matters::Office;
use super::{dues, serial, unknown, write};
use crate::db::failure;
use crate::ids::public_number;
use crate::tx::{Entry, PublicEntry, Tx};

/// Why the township may tell a village to publish, and only what is missing.
const BASIS: &str = "《村民委员会组织法》（2018年修正）第三十一条";

/// An order to be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrder {
    /// Village.
    pub place: String,
    /// Code of the disclosure duty.
    pub duty: String,
    /// `2026-03`, `2026Q1`, `2026`, or the day of the event.
    pub period: String,
    /// Why.
    pub reason: String,
    /// By when.
    pub due: Day,
}

/// Gives an order. Returns its number.
///
/// # Errors
/// The rule that says no: a notice is there, or an order waits already; a problem when duty or village
/// is unknown, or the day has passed.
pub async fn give(
    tx: &mut Tx,
    office: Office<'_>,
    new: &NewOrder,
) -> Result<(String, Entry), Failure> {
    tx.may(Act::Create, "order", &new.place).await?;
    if !office.catalogue.duties.contains_key(&new.duty) {
        return Err(unknown("duty", &new.duty));
    }
    needed(tx, new).await?;
    let (year, _, _) = tx.now.day.ymd();
    let number = serial(tx, &format!("order/{}/{year}", new.place)).await?;
    let number = format!("O{}", public_number(&new.place, year, number));
    let (id, today, due) = (tx.new_id()?, tx.now.day, new.due.to_string());
    let text = "insert into orders (id, number, place, duty, period, reason, ordered_by, ordered_day, \
                due_day) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let query = sqlx::query(text).bind(id.clone()).bind(number.clone()).bind(new.place.clone());
    let query = query.bind(new.duty.clone()).bind(new.period.clone()).bind(new.reason.clone());
    let query = query.bind(tx.by.person.clone()).bind(today.to_string()).bind(due.clone());
    query.execute(tx.connection()).await.map_err(|error| failure("write order", error))?;
    tx.touch("orders", &id)?;
    let due_of = dues::Dated { from: today, due: new.due, provisional: false };
    dues::put(tx, &subject(&id), (&new.place, &new.duty), &due_of, office.digest).await?;
    let public = PublicEntry {
        subject: number.clone(),
        village: Some(new.place.clone()),
        payload: json!({ "duty": new.duty, "due": due }),
        period: Some(new.period.clone()),
        ..PublicEntry::default()
    };
    let entry = Entry::new("order-given", &number, json!({ "order": id })).public(public);
    Ok((number, entry))
}

/// Nothing is ordered that was published, or twice.
async fn needed(tx: &mut Tx, new: &NewOrder) -> Result<(), Failure> {
    let during = |error| failure("read orders", error);
    let texts = [
        (
            "order-needless",
            "select min(number) as number from notices where place = $1 and duty = $2 and period = $3",
        ),
        (
            "order-twice",
            "select min(number) as number from orders where place = $1 and duty = $2 and period = $3 \
                         and met_day is null",
        ),
    ];
    for (rule, text) in texts {
        let row = sqlx::query(text).bind(new.place.clone()).bind(new.duty.clone());
        let row = row.bind(new.period.clone()).fetch_one(tx.connection()).await.map_err(during)?;
        if let Some(number) = row.try_get::<Option<String>, _>("number").map_err(during)? {
            return Err(RuleViolation::new(rule, BASIS).with("number", number).into());
        }
    }
    Ok(())
}

fn subject(id: &str) -> String {
    format!("order/{id}")
}

/// Ends the orders that a notice of a duty and period meets.
pub(crate) async fn meet(
    tx: &mut Tx,
    (place, duty, period): (&str, &str, &str),
    notice: &str,
) -> Result<(), Failure> {
    let during = |error| failure("read orders", error);
    let text =
        "select id from orders where place = $1 and duty = $2 and period = $3 and met_day is null";
    let rows = sqlx::query(text).bind(place.to_owned()).bind(duty.to_owned());
    let rows = rows.bind(period.to_owned()).fetch_all(tx.connection()).await.map_err(during)?;
    for row in rows {
        let id: String = row.try_get("id").map_err(during)?;
        let day = tx.now.day.to_string();
        let text = "update orders set met_notice = $2, met_day = $3 where id = $1";
        write!(tx, text, id.clone(), notice.to_owned(), day)?;
        tx.touch("orders", &id)?;
        dues::clear(tx, &subject(&id)).await?;
    }
    Ok(())
}
