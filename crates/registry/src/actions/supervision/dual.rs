//! Dual check (一案双查): those who answered for it on the day are asked, answer, and are decided about.

use domain::access::Act;
use domain::problem::{Failure, RuleViolation};
use domain::supervision::dual::{self, Asked, Decision, OnDay, Verdict};
use domain::time::Day;
use serde_json::json;
use sqlx::Row;

use super::clues::{accused, load};
use super::dues::Of;
use super::{Bench, actor, conflict, dues};
use crate::actions::{Refusal, unknown, write};
use crate::db::failure;
use crate::tx::{Entry, Tx};

/// Asks everybody whose post on a day answers for a duty. Returns how many are asked.
///
/// # Errors
/// The rule that says no; a problem when nobody knows the clue, or nobody held such a post.
pub async fn open(
    tx: &mut Tx,
    bench: Bench<'_>,
    number: &str,
    (on_day, question): (Day, &str),
) -> Result<(usize, Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject("dual_check", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Create], &subject).await?;
    super::clues::out_of_it(tx, bench, &known, &me).await?;
    let version = bench.version(tx)?;
    let basis = domain::model::Basis::line(&version.basis);
    if question.trim().is_empty() {
        return Err(RuleViolation::new("dual-question", basis).into());
    }
    let posts = posts_on(tx, &known.around.path, on_day).await?;
    let asked = dual::responsible(&bench.rules.duties, &posts, &accused(&known));
    if asked.is_empty() {
        return Err(RuleViolation::new("dual-nobody", basis).with("day", on_day).into());
    }
    let by = (me.person.as_str(), version.dual_rule.as_str());
    for one in &asked {
        ask(tx, bench, &known.id, (one, None), (on_day, question), by).await?;
    }
    Ok((asked.len(), Entry::new("dual-opened", number, json!({ "asked": asked.len() }))))
}

/// Asks those, too, who took over a post after the day from one who is asked (责任倒查). Returns how many.
///
/// # Errors
/// The rule that says no, also where there is nobody; a problem when nobody knows the clue.
pub async fn trace(tx: &mut Tx, bench: Bench<'_>, number: &str) -> Result<(usize, Entry), Refusal> {
    let known = load(tx, number).await?;
    let subject = known.around.subject("dual_check", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Create], &subject).await?;
    super::clues::out_of_it(tx, bench, &known, &me).await?;
    let version = bench.version(tx)?;
    let (asked, on_day, question) = opened(tx, &known.id).await?;
    let later = posts_after(tx, &known.around.path, on_day).await?;
    let next = dual::successors(&asked, &later, on_day, &accused(&known));
    if next.is_empty() {
        let basis = domain::model::Basis::line(&version.basis);
        return Err(RuleViolation::new("dual-no-successor", basis).with("day", on_day).into());
    }
    let by = (me.person.as_str(), version.dual_rule.as_str());
    for (one, before) in &next {
        let since = (one.post.from, question.as_str());
        ask(tx, bench, &known.id, (one, Some(before)), since, by).await?;
    }
    Ok((next.len(), Entry::new("dual-traced", number, json!({ "asked": next.len() }))))
}

async fn ask(
    tx: &mut Tx,
    bench: Bench<'_>,
    clue: &str,
    (one, before): (&Asked, Option<&String>),
    (on_day, question): (Day, &str),
    (by, rule): (&str, &str),
) -> Result<(), Refusal> {
    let id = tx.new_id()?;
    let text = "insert into dual_checks (id, clue, duty, role, place, person, on_day, question, opened_by, \
                opened_day, successor_of) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let post = one.post.clone();
    write!(
        tx,
        text,
        id.clone(),
        clue.to_owned(),
        one.duty.clone(),
        post.role,
        post.place.clone(),
        post.person,
        on_day.to_string(),
        question.to_owned(),
        by.to_owned(),
        tx.now.day.to_string(),
        before.cloned(),
    )?;
    tx.touch("dual_checks", &id)?;
    let of = Of { kind: "dual", subject: &id, place: &post.place };
    dues::set(tx, bench, of, ("answer", rule), tx.now.day).await.map(|_| ())
}

/// Who was asked at first, about which day, and what. Nobody: there is nothing to trace.
async fn opened(tx: &mut Tx, clue: &str) -> Result<(Vec<Asked>, Day, String), Failure> {
    let during = |error| failure("read dual checks", error);
    let text = "select duty, role, place, person, on_day, question, successor_of from dual_checks \
                where clue = $1 order by duty, role, person";
    let rows = sqlx::query(text).bind(clue.to_owned()).fetch_all(tx.connection()).await;
    let (mut asked, mut on_day, mut question) = (Vec::new(), tx.now.day, String::new());
    for row in rows.map_err(during)? {
        let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
        let day = Day::parse(&get("on_day")?).unwrap_or(tx.now.day);
        let later: Option<String> = row.try_get("successor_of").map_err(during)?;
        if later.is_none() {
            (on_day, question) = (day, get("question")?);
        }
        let post =
            OnDay { role: get("role")?, person: get("person")?, place: get("place")?, from: day };
        asked.push(Asked { duty: get("duty")?, post });
    }
    Ok((asked, on_day, question))
}

/// Posts held on a day in a place and above it, once a person and duty.
async fn posts_on(tx: &mut Tx, path: &str, day: Day) -> Result<Vec<OnDay>, Failure> {
    let text = "select distinct s.role, s.person, s.place, s.from_day from posts s \
                join places p on p.id = s.place \
                where ($1 = p.path or $1 like p.path || '/%') and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) order by s.role, s.person, s.place";
    posts(tx, text, path, day).await
}

/// Posts that began after a day, the earlier ones first.
async fn posts_after(tx: &mut Tx, path: &str, day: Day) -> Result<Vec<OnDay>, Failure> {
    let text = "select distinct s.role, s.person, s.place, s.from_day from posts s \
                join places p on p.id = s.place \
                where ($1 = p.path or $1 like p.path || '/%') and s.from_day > $2 \
                order by s.from_day, s.role, s.person, s.place";
    posts(tx, text, path, day).await
}

async fn posts(
    tx: &mut Tx,
    text: &'static str,
    path: &str,
    day: Day,
) -> Result<Vec<OnDay>, Failure> {
    let during = |error| failure("read posts", error);
    let rows = sqlx::query(text).bind(path.to_owned()).bind(day.to_string());
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let post = |row: &sqlx::any::AnyRow| -> Result<OnDay, sqlx::Error> {
        let (role, person) = (row.try_get("role")?, row.try_get("person")?);
        let from: String = row.try_get("from_day")?;
        let from = Day::parse(&from).unwrap_or(day);
        Ok(OnDay { role, person, place: row.try_get("place")?, from })
    };
    let mut posts: Vec<OnDay> = rows.iter().map(post).collect::<Result<_, _>>().map_err(during)?;
    posts.dedup_by(|a, b| a.role == b.role && a.person == b.person);
    Ok(posts)
}

/// Whoever was asked answers.
///
/// # Errors
/// The rule that says no to anybody else; a problem when nobody knows it, or it is answered.
pub async fn answer(tx: &mut Tx, id: &str, text: &str) -> Result<Entry, Failure> {
    let during = |error| failure("read dual check", error);
    let row = sqlx::query("select person from dual_checks where id = $1 and decided_day is null");
    let row = row.bind(id.to_owned()).fetch_optional(tx.connection()).await.map_err(during)?;
    let person: String =
        row.ok_or_else(|| unknown("dual-check", id))?.try_get("person").map_err(during)?;
    if tx.by.person.as_ref() != Some(&person) {
        return Err(RuleViolation::new("deny-another", "roles.toml").into());
    }
    let update = "update dual_checks set answer = $2, answered_day = $3 where id = $1";
    write!(tx, update, id.to_owned(), text.to_owned(), tx.now.day.to_string())?;
    tx.touch("dual_checks", id)?;
    dues::clear(tx, id, None).await?;
    Ok(Entry::new("dual-answered", id, json!({})))
}

/// What is decided about somebody who was asked.
///
/// # Errors
/// Every rule that says no; a problem when nobody knows it, or it is decided.
pub async fn decide(
    tx: &mut Tx,
    bench: Bench<'_>,
    id: &str,
    (verdict, measure, reason): (Verdict, &str, &str),
) -> Result<Entry, Refusal> {
    let during = |error| Refusal::from(failure("read dual check", error));
    let text = "select c.number, d.person, d.opened_by, d.answered_day, u.due_day from dual_checks d \
                join clues c on c.id = d.clue left join supervision_dues u on u.subject = d.id \
                where d.id = $1 and d.decided_day is null";
    let row = sqlx::query(text).bind(id.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| unknown("dual-check", id))?;
    let number: String = row.try_get("number").map_err(during)?;
    let asked: String = row.try_get("person").map_err(during)?;
    let opened: Option<String> = row.try_get("opened_by").map_err(during)?;
    let answered: Option<String> = row.try_get("answered_day").map_err(during)?;
    let due: Option<String> = row.try_get("due_day").map_err(during)?;
    let known = load(tx, &number).await?;
    let subject = known.around.subject("dual_check", &known.id, Some(&known.office));
    let me = actor(tx, &known.around, &[Act::Approve], &subject).await?;
    let against = conflict(tx, bench, &known.around, (&me.person, Some(&me.role))).await?;
    let decision = Decision {
        by: &me.person,
        day: tx.now.day,
        asked: &asked,
        opened_by: opened.as_deref().unwrap_or_default(),
        answered: answered.is_some(),
        due: due.as_deref().and_then(Day::parse).unwrap_or(tx.now.day),
        verdict,
        measure,
        reason,
    };
    let basis = &bench.version(tx)?.basis;
    dual::decide(&decision, (&against, basis)).map_err(Refusal::Rules)?;
    let text = "update dual_checks set verdict = $2, reason = $3, measure = $4, decided_by = $5, \
                decided_day = $6 where id = $1";
    let (reason, measure) = (reason.to_owned(), measure.to_owned());
    let day = tx.now.day.to_string();
    write!(tx, text, id.to_owned(), verdict.code(), reason, measure, me.person.clone(), day)?;
    tx.touch("dual_checks", id)?;
    dues::clear(tx, id, None).await?;
    Ok(Entry::new("dual-decided", id, json!({ "verdict": verdict.code() })))
}
