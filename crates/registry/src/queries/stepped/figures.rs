//! What the register knows of each village for its score.
//!
//! Deliberately absent: reports. Where a report is about is sealed with a key of the machine; what became a
//! clue counts, and what villagers asked openly.

use std::collections::BTreeMap;

use domain::problem::Failure;
use domain::supervision::rate::Checks;
use domain::supervision::rules::Version as CheckRules;
use domain::supervision::stepped::rules::Version;
use domain::supervision::stepped::score::{Figures, expected};
use domain::time::Day;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use crate::db::failure;

type Found = BTreeMap<String, Figures>;

/// Figures of all villages: what is counted over a time since a day, and posts as they are today.
pub(crate) async fn of_villages(
    connection: &mut AnyConnection,
    (rules, checks): (&Version, &CheckRules),
    (since, today): (Day, Day),
) -> Result<Found, Failure> {
    let since = since.to_string();
    let mut found = Found::new();
    let text = "select id as place from places where level = 'village' and until_day is null";
    for row in read(connection, text, &[]).await? {
        found.insert(row.text("place")?, Figures::default());
    }
    entered(connection, &mut found).await?;
    income(connection, (&rules.income_duty, &since), &mut found).await?;
    let text = "select place, power as code, count(*) as count from matters where opened_day >= $1 \
                group by place, power";
    for row in read(connection, text, &[&since]).await? {
        let count =
            if rules.project_powers.contains(&row.text("code")?) { row.count()? } else { 0 };
        change(&mut found, &row, |figures| figures.projects += count)?;
    }
    let text =
        "select place, count(*) as count from requests where opened_day >= $1 group by place";
    for row in read(connection, text, &[&since]).await? {
        let count = row.count()?;
        change(&mut found, &row, |figures| figures.complaints += count)?;
    }
    let text = "select place, source as code, count(*) as count from clues where received_day >= $1 \
                and merged_into is null group by place, source";
    for row in read(connection, text, &[&since]).await? {
        let count =
            if rules.complaint_sources.contains(&row.text("code")?) { row.count()? } else { 0 };
        change(&mut found, &row, |figures| figures.complaints += count)?;
    }
    findings(connection, checks, &since, &mut found).await?;
    concurrent(connection, rules, today, &mut found).await?;
    Ok(found)
}

/// Figures that were entered; those of the last year hold.
async fn entered(connection: &mut AnyConnection, found: &mut Found) -> Result<(), Failure> {
    let text =
        "select place, income_fen, funds_fen, residents from stepped_figures order by place, year";
    for row in read(connection, text, &[]).await? {
        let (income, funds) = (row.number("income_fen")?, row.number("funds_fen")?);
        let residents = row.number("residents")?;
        change(found, &row, |figures| {
            figures.income_fen = income.or(figures.income_fen);
            figures.funds_fen = funds.or(figures.funds_fen);
            figures.residents = residents.or(figures.residents);
        })?;
    }
    Ok(())
}

/// Income as villages disclosed it, where no figure was entered.
async fn income(
    connection: &mut AnyConnection,
    (duty, since): (&str, &str),
    found: &mut Found,
) -> Result<(), Failure> {
    let text = "select n.place, v.body from notices n join notice_versions v on v.notice = n.id \
                and v.version = (select max(x.version) from notice_versions x where x.notice = n.id) \
                where n.duty = $1 and v.published_day >= $2 and v.state <> 'withdrawn'";
    let mut told: BTreeMap<String, i64> = BTreeMap::new();
    for row in read(connection, text, &[duty, since]).await? {
        let body: serde_json::Value = serde_json::from_str(&row.text("body")?).unwrap_or_default();
        let total = body.get("total_fen").and_then(serde_json::Value::as_i64);
        *told.entry(row.text("place")?).or_default() += total.unwrap_or(0);
    }
    for (place, fen) in told {
        if let Some(figures) = found.get_mut(&place) {
            figures.income_fen = figures.income_fen.or(Some(fen));
        }
    }
    Ok(())
}

/// Findings: those that were confirmed count whole, those that nobody has checked for what their model was
/// worth, and those that were explained not at all.
async fn findings(
    connection: &mut AnyConnection,
    rules: &CheckRules,
    since: &str,
    found: &mut Found,
) -> Result<(), Failure> {
    let text = "select model as place, count(case when state = 'checked' then 1 end) as checked, \
                count(case when outcome in ('rectified', 'clue') then 1 end) as confirmed \
                from findings group by model";
    let mut worth: BTreeMap<String, i64> = BTreeMap::new();
    for row in read(connection, text, &[]).await? {
        let count = |column| row.number(column).map(|n| u32::try_from(n.unwrap_or(0)).unwrap_or(0));
        let checks = Checks { checked: count("checked")?, confirmed: count("confirmed")? };
        worth.insert(row.text("place")?, expected(checks, rules));
    }
    let text = "select place, model as code, \
                count(case when outcome in ('rectified', 'clue') then 1 end) as confirmed, \
                count(case when state in ('new', 'assigned', 'recorded') then 1 end) as count \
                from findings where last_day >= $1 group by place, model";
    for row in read(connection, text, &[since]).await? {
        let each = worth.get(&row.text("code")?).copied().unwrap_or(0);
        let sum = row.number("confirmed")?.unwrap_or(0) * 100 + row.count()? * each;
        change(found, &row, |figures| figures.findings += sum)?;
    }
    Ok(())
}

/// Villages in which one person holds both posts today.
async fn concurrent(
    connection: &mut AnyConnection,
    rules: &Version,
    today: Day,
    found: &mut Found,
) -> Result<(), Failure> {
    let [first, second] = &rules.concurrent_roles;
    let text = "select a.place from posts a join posts b on b.place = a.place and b.person = a.person \
                where a.role = $1 and b.role = $2 and a.from_day <= $3 and b.from_day <= $3 \
                and (a.until_day is null or a.until_day >= $3) \
                and (b.until_day is null or b.until_day >= $3)";
    for row in read(connection, text, &[first, second, &today.to_string()]).await? {
        change(found, &row, |figures| figures.concurrent = true)?;
    }
    Ok(())
}

/// A row with its failures in our words.
struct Line(AnyRow);

impl Line {
    fn text(&self, column: &str) -> Result<String, Failure> {
        self.0.try_get(column).map_err(|error| failure("read figures", error))
    }

    fn number(&self, column: &str) -> Result<Option<i64>, Failure> {
        self.0.try_get(column).map_err(|error| failure("read figures", error))
    }

    fn count(&self) -> Result<i64, Failure> {
        self.0.try_get("count").map_err(|error| failure("read figures", error))
    }
}

async fn read(
    connection: &mut AnyConnection,
    text: &'static str,
    with: &[&str],
) -> Result<Vec<Line>, Failure> {
    let mut query = sqlx::query(text);
    for value in with {
        query = query.bind((*value).to_owned());
    }
    let rows = query.fetch_all(connection).await.map_err(|error| failure("read figures", error))?;
    Ok(rows.into_iter().map(Line).collect())
}

/// Changes what is known of the village of a row; other places have no score.
fn change(found: &mut Found, row: &Line, with: impl FnOnce(&mut Figures)) -> Result<(), Failure> {
    if let Some(figures) = found.get_mut(&row.text("place")?) {
        with(figures);
    }
    Ok(())
}
