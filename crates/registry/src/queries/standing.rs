//! Whether somebody may act: the posts that he holds, and what stands between him and the matter.

use domain::catalogue::{RoleLevel, on};
use domain::problem::{Failure, RuleViolation};
use domain::procedure::{Actor, Post};
use domain::recusal::{
    Conflict, Override, Part, Party, Policy, Relation, Relations, Subject, Verdict, conflicts,
};
use domain::supervision::joint::cooperation::HELPER;
use domain::time::Day;
use sqlx::{Any, Executor, Row};

use crate::actions::matters::{Loaded, Office, no};
use crate::actions::overrides::code;
use crate::actions::people::tie;
use crate::db::failure;
use crate::tx::Tx;

/// Who holds which post on a day, in a place and in those above it. Whoever helps there by a cooperation
/// holds the role of the area as long as it lasts.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn posts(tx: &mut Tx, path: &str, day: Day) -> Result<Vec<Post>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select s.role, s.person from posts s join places p on p.id = s.place \
                where ($1 = p.path or $1 like p.path || '/%') and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) \
                union select $3 as role, h.person from cooperation_people h \
                join cooperations c on c.id = h.cooperation join places p on p.id = c.place \
                where ($1 = p.path or $1 like p.path || '/%') and c.state = 'approved' \
                and c.from_day <= $2 and c.until_day >= $2 order by 1, 2";
    let rows = sqlx::query(text).bind(path.to_owned()).bind(day.to_string()).bind(HELPER);
    let rows = rows.fetch_all(tx.connection()).await.map_err(during)?;
    let post = |row: &sqlx::any::AnyRow| -> Result<Post, sqlx::Error> {
        Ok(Post { role: row.try_get("role")?, person: row.try_get("person")? })
    };
    rows.iter().map(post).collect::<Result<_, _>>().map_err(during)
}

/// Why an actor may not act in a matter: a post that he does not hold, or a conflict that nobody
/// has taken upon himself.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn refusals(
    tx: &mut Tx,
    office: Office<'_>,
    loaded: &Loaded,
    actor: &Actor,
    day: Day,
) -> Result<Vec<RuleViolation>, Failure> {
    let mut refusals = Vec::new();
    let held = loaded.matter.posts.iter().any(|p| p.person == actor.person && p.role == actor.role);
    if !held {
        refusals.push(no(office, loaded, "post-not-held").with("role", &actor.role));
    }
    let Some(policy) = on(office.recusal, day) else { return Ok(refusals) };
    let conflict = conflict(tx, office, policy, loaded, actor).await?;
    if conflict.verdict == Verdict::Block {
        let grounds: Vec<String> = conflict
            .reasons
            .iter()
            .filter(|reason| reason.verdict == Verdict::Block)
            .map(|reason| code(reason.ground))
            .collect();
        let basis = domain::model::Basis::line(&policy.basis);
        let refusal = RuleViolation::new("recused", basis).with("role", &actor.role);
        refusals.push(refusal.with("ground", grounds.join(", ")));
    }
    Ok(refusals)
}

async fn conflict(
    tx: &mut Tx,
    office: Office<'_>,
    policy: &Policy,
    loaded: &Loaded,
    actor: &Actor,
) -> Result<Conflict, Failure> {
    let me = self::actor(tx, policy, &actor.person).await?;
    let (subject, relations) = circumstances(tx, office, loaded, Some(&actor.role)).await?;
    let mut conflict = conflicts(policy, &me, &subject, &relations);
    for (given, approver) in overrides(tx, &loaded.id, &actor.person).await? {
        let of_approver = self::actor(tx, policy, &approver).await?;
        let of_approver = conflicts(policy, &of_approver, &subject, &relations);
        if let Ok(next) = conflict.overridden(policy, &me, &given, &of_approver) {
            conflict = next;
        }
    }
    Ok(conflict)
}

/// Whether an override may be given: the same rule that later decides whether it counts.
///
/// # Errors
/// A fault when the database cannot be read; a problem when a person is unknown.
pub async fn may_override(
    tx: &mut Tx,
    office: Office<'_>,
    loaded: &Loaded,
    person: &str,
    given: &Override,
) -> Result<Result<(), RuleViolation>, Failure> {
    let Some(policy) = on(office.recusal, given.day) else {
        return Ok(Err(no(office, loaded, "override-none")));
    };
    let me = actor(tx, policy, person).await?;
    let approver = actor(tx, policy, &given.approver).await?;
    let (subject, relations) = circumstances(tx, office, loaded, None).await?;
    let conflict = conflicts(policy, &me, &subject, &relations);
    let of_approver = conflicts(policy, &approver, &subject, &relations);
    Ok(conflict.overridden(policy, &me, given, &of_approver).map(|_| ()))
}

/// Who is in a matter, and who is related to whom.
async fn circumstances(
    tx: &mut Tx,
    office: Office<'_>,
    loaded: &Loaded,
    role: Option<&str>,
) -> Result<(Subject, Relations), Failure> {
    let mut subject =
        Subject { interested: interested(tx, &loaded.id).await?, ..Subject::default() };
    if let Some(person) = &loaded.subject {
        subject.persons.push((Part::Concerned, party(tx, person).await?));
    }
    // In his own village a village officer is at home by office; who comes from above must not be.
    let level = role.and_then(|role| office.catalogue.roles.get(role)).map(|role| role.level);
    if level.is_some_and(|level| level >= RoleLevel::Township) {
        subject.village = Some(loaded.place.clone());
    }
    let relations = match &loaded.subject {
        Some(_) => relations(tx.connection()).await?,
        None => Relations::default(),
    };
    Ok((subject, relations))
}

/// Somebody who is about to act, with his superiors: whoever holds a post over one of his, today.
pub(crate) async fn actor(tx: &mut Tx, policy: &Policy, person: &str) -> Result<Party, Failure> {
    let mut party = party(tx, person).await?;
    let day = tx.now.day;
    party.superiors = superiors(tx.connection(), policy, person, day).await?;
    Ok(party)
}

/// Ids of those who hold a post over one of a person's.
pub(crate) async fn superiors<'e, E>(
    executor: E,
    policy: &Policy,
    person: &str,
    day: Day,
) -> Result<Vec<String>, Failure>
where
    E: Executor<'e, Database = Any>,
{
    let during = |error| failure("read posts", error);
    let text = "select distinct m.role, o.role as head, o.person from posts m \
                join places mp on mp.id = m.place join posts o on o.person <> m.person \
                join places op on op.id = o.place where m.person = $1 \
                and (mp.path = op.path or mp.path like op.path || '/%') \
                and m.from_day <= $2 and (m.until_day is null or m.until_day >= $2) \
                and o.from_day <= $2 and (o.until_day is null or o.until_day >= $2)";
    let rows = sqlx::query(text).bind(person.to_owned()).bind(day.to_string());
    let mut superiors = Vec::new();
    for row in rows.fetch_all(executor).await.map_err(during)? {
        let (role, head): (String, String) =
            (row.try_get("role").map_err(during)?, row.try_get("head").map_err(during)?);
        if policy.leads(&head, &role) {
            superiors.push(row.try_get("person").map_err(during)?);
        }
    }
    Ok(superiors)
}

pub(crate) async fn party(tx: &mut Tx, person: &str) -> Result<Party, Failure> {
    let during = |error| failure("read person", error);
    let text = "select household, unit, native_village from people where id = $1";
    let row = sqlx::query(text).bind(person.to_owned()).fetch_optional(tx.connection()).await;
    let row = row.map_err(during)?.ok_or_else(|| crate::actions::unknown("person", person))?;
    Ok(Party {
        person: person.to_owned(),
        household: row.try_get("household").map_err(during)?,
        unit: row.try_get("unit").map_err(during)?,
        native_village: row.try_get("native_village").map_err(during)?,
        superiors: Vec::new(),
    })
}

async fn interested(tx: &mut Tx, subject: &str) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read interests", error);
    let text = "select person from interests where subject = $1";
    let rows = sqlx::query(text).bind(subject.to_owned()).fetch_all(tx.connection()).await;
    let rows = rows.map_err(during)?;
    rows.iter().map(|row| row.try_get("person")).collect::<Result<_, _>>().map_err(during)
}

pub(crate) async fn relations<'e, E>(executor: E) -> Result<Relations, Failure>
where
    E: Executor<'e, Database = Any>,
{
    let during = |error| failure("read relations", error);
    let rows = sqlx::query("select person, other, relation from kinships");
    let rows = rows.fetch_all(executor).await.map_err(during)?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        let named: String = row.try_get("relation").map_err(during)?;
        list.push(Relation {
            first: row.try_get("person").map_err(during)?,
            second: row.try_get("other").map_err(during)?,
            tie: tie(&named)?,
        });
    }
    Ok(Relations::new(&list))
}

async fn overrides(
    tx: &mut Tx,
    matter: &str,
    person: &str,
) -> Result<Vec<(Override, String)>, Failure> {
    let during = |error| failure("read overrides", error);
    let text =
        "select ground, approver, reason, day from overrides where matter = $1 and person = $2";
    let rows = sqlx::query(text).bind(matter.to_owned()).bind(person.to_owned());
    let mut found = Vec::new();
    for row in rows.fetch_all(tx.connection()).await.map_err(during)? {
        let (ground, day): (String, String) =
            (row.try_get("ground").map_err(during)?, row.try_get("day").map_err(during)?);
        let approver: String = row.try_get("approver").map_err(during)?;
        let Ok(ground) = serde_json::from_value(serde_json::Value::String(ground)) else {
            continue;
        };
        let reason = row.try_get("reason").map_err(during)?;
        let day = Day::parse(&day).unwrap_or(Day(0));
        found.push((Override { ground, approver: approver.clone(), reason, day }, approver));
    }
    Ok(found)
}
