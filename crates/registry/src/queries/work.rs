//! Open matters with what can be done next in each: for to-do lists, the queue of the supervision
//! committee and the township's board. Two questions to the database, however many matters there are;
//! the rest is the rules of `domain`.

use std::collections::HashMap;

use domain::problem::{Failure, Fault};
use domain::procedure::{Matter, OpenStep, Post, open_steps};
use domain::time::Day;
use sqlx::Row;
use sqlx::any::AnyRow;

use super::lists::seen;
use crate::access::By;
use crate::actions::matters::{Force, Office};
use crate::db::{Db, failure};

/// An open matter.
#[derive(Debug, Clone)]
pub struct Work {
    /// Key.
    pub id: String,
    /// Public number.
    pub number: String,
    /// Code of the power item.
    pub power: String,
    /// Village.
    pub place: String,
    /// Path of the village.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// When it was opened: its steps are those of that day.
    pub opened: Day,
    /// Codes of the steps that were done.
    pub done: Vec<String>,
    /// What can be done next, and what is missing for it.
    pub next: Vec<OpenStep>,
}

const MATTERS: &str = "select m.id, m.number, m.power, m.place, p.path, m.title, m.opened_day, m.record \
    from matters m join places p on p.id = m.place where m.state = 'open' \
    and (p.path = $1 or p.path like $1 || '/%') order by m.opened_day, m.number";

const POSTS: &str = "select s.role, s.person, p.path from posts s join places p on p.id = s.place \
    where (p.path = $1 or p.path like $1 || '/%' or $1 like p.path || '/%') and s.from_day <= $2 \
    and (s.until_day is null or s.until_day >= $2) order by s.role, s.person";

/// Open matters of a place and of those below it that the reader's posts cover, the oldest first.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn work(
    db: &Db,
    by: &By,
    office: Office<'_>,
    path: &str,
    day: Day,
) -> Result<Vec<Work>, Failure> {
    let during = |error| failure("read matters", error);
    let rows = sqlx::query(MATTERS).bind(path.to_owned()).fetch_all(&db.read).await;
    let rows = seen(by, "matter", rows.map_err(during)?).map_err(during)?;
    let posts = if rows.is_empty() { Posts::default() } else { posts(db, path, day).await? };
    let force = Force::on(office, day);
    rows.iter().map(|row| one(office, &force, &posts, row, day)).collect()
}

fn one(
    office: Office<'_>,
    force: &Force<'_>,
    posts: &Posts,
    row: &AnyRow,
    day: Day,
) -> Result<Work, Failure> {
    let during = |error| failure("read matters", error);
    let get = |column: &str| row.try_get::<String, _>(column).map_err(during);
    let opened = Day::parse(&get("opened_day")?).unwrap_or(Day(0));
    let (power, path) = (get("power")?, get("path")?);
    let mut matter: Matter =
        serde_json::from_str(&get("record")?).map_err(|e| Fault::new("read matter", e))?;
    matter.posts = posts.of(&path);
    let steps = office.catalogue.steps_of(&power, opened)?;
    Ok(Work {
        id: get("id")?,
        number: get("number")?,
        place: get("place")?,
        title: get("title")?,
        done: matter.done.iter().map(|done| done.step.clone()).collect(),
        // The basis of refusals is told with the matter itself.
        next: open_steps(steps, &force.rules(office, ""), &matter, day),
        power,
        path,
        opened,
    })
}

/// Posts by the path of their place.
#[derive(Default)]
struct Posts(HashMap<String, Vec<Post>>);

impl Posts {
    /// Those of a place and of all above it.
    fn of(&self, path: &str) -> Vec<Post> {
        let cuts = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        let above = cuts.filter_map(|cut| self.0.get(path.get(..cut)?));
        above.flatten().cloned().collect()
    }
}

async fn posts(db: &Db, path: &str, day: Day) -> Result<Posts, Failure> {
    let during = |error| failure("read posts", error);
    let rows = sqlx::query(POSTS).bind(path.to_owned()).bind(day.to_string());
    let mut posts = Posts::default();
    for row in rows.fetch_all(&db.read).await.map_err(during)? {
        let read = || -> Result<(String, Post), sqlx::Error> {
            let post = Post { role: row.try_get("role")?, person: row.try_get("person")? };
            Ok((row.try_get("path")?, post))
        };
        let (path, post) = read().map_err(during)?;
        posts.0.entry(path).or_default().push(post);
    }
    Ok(posts)
}
