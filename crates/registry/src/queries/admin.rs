//! What administration reads: people to be chosen, posts of a place with who holds two, accounts with when
//! they were last used.

use std::collections::BTreeMap;

use domain::access::{Act, View};
use domain::problem::Failure;
use domain::time::Day;
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::access::{By, at};
use crate::db::{Db, failure};

/// People that a search shows at most.
const MOST: usize = 20;

/// Somebody to be chosen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Person {
    /// Key.
    pub id: String,
    /// Name.
    pub name: String,
    /// Code of the village where he lives or comes from.
    pub village: Option<String>,
    /// Posts that he holds: role code and place code.
    pub posts: Vec<(String, String)>,
}

/// People by a part of the name: those whom the reader may read, and those who hold a post that he may
/// read. The posts of everybody whose name is public are public, too.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn people(db: &Db, by: &By, name: &str, day: Day) -> Result<Vec<Person>, Failure> {
    let during = |error| failure("read people", error);
    // A percent sign would stand for anything.
    let plain: String = name.trim().chars().filter(|c| !['%', '_'].contains(c)).collect();
    if plain.is_empty() {
        return Ok(Vec::new());
    }
    let text = "select p.id, p.name, coalesce(p.village, p.native_village) as village, v.path, \
                s.role, s.place, l.path as post_path from people p \
                left join places v on v.id = coalesce(p.village, p.native_village) \
                left join posts s on s.person = p.id and s.from_day <= $2 \
                and (s.until_day is null or s.until_day >= $2) left join places l on l.id = s.place \
                where p.name like '%' || $1 || '%' order by p.name, p.id, s.role";
    let rows = sqlx::query(text).bind(plain).bind(day.to_string()).fetch_all(&db.read).await;
    let county = county(db).await?;
    let mut found: BTreeMap<(String, String), (Person, bool)> = BTreeMap::new();
    for row in rows.map_err(during)? {
        let (person, post, seen) = line(&row, by, &county).map_err(during)?;
        let key = (person.name.clone(), person.id.clone());
        let (known, visible) = found.entry(key).or_insert((person, false));
        known.posts.extend(post);
        *visible |= seen;
    }
    let visible = found.into_values().filter(|(_, visible)| *visible);
    Ok(visible.map(|(person, _)| person).take(MOST).collect())
}

type Line = (Person, Option<(String, String)>, bool);

fn line(row: &AnyRow, by: &By, county: &str) -> Result<Line, sqlx::Error> {
    let path: Option<String> = row.try_get("path")?;
    let post_path: Option<String> = row.try_get("post_path")?;
    let (role, place): (Option<String>, Option<String>) =
        (row.try_get("role")?, row.try_get("place")?);
    let full = |object: &str, path: &str| {
        by.may(Act::Read, &at(object, path)).is_ok_and(|view| view == View::Full)
    };
    let seen = full("person", path.as_deref().unwrap_or(county))
        || post_path.is_some_and(|path| full("post", &path));
    let person = Person {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        village: row.try_get("village")?,
        posts: Vec::new(),
    };
    Ok((person, role.zip(place), seen))
}

async fn county(db: &Db) -> Result<String, Failure> {
    let during = |error| failure("read places", error);
    let row = sqlx::query("select path from places where parent is null order by path limit 1");
    let row = row.fetch_optional(&db.read).await.map_err(during)?;
    let path = row.map(|row| row.try_get("path")).transpose().map_err(during)?;
    Ok(path.unwrap_or_default())
}

/// When each account was last signed in on, in milliseconds since 1970, by its key.
///
/// # Errors
/// The rule that says no; a fault when the database cannot be read.
pub async fn last_sign_ins(db: &Db, by: &By) -> Result<BTreeMap<String, i64>, Failure> {
    let during = |error| failure("read sessions", error);
    by.may(Act::Read, &at("user", &county(db).await?))?;
    let text = "select s.account, max(s.created_ms) as last from sessions s \
                join users u on u.id = s.account \
                where s.second_factor = 1 or u.totp_sealed is null group by s.account";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let pair = |row: &AnyRow| Ok((row.try_get("account")?, row.try_get("last")?));
    rows.iter().map(pair).collect::<Result<_, _>>().map_err(during)
}

/// Names of people behind accounts, by the key of the account.
///
/// # Errors
/// As [`last_sign_ins`].
pub async fn names(db: &Db, by: &By) -> Result<BTreeMap<String, String>, Failure> {
    let during = |error| failure("read accounts", error);
    by.may(Act::Read, &at("user", &county(db).await?))?;
    let text = "select u.id, p.name from users u join people p on p.id = u.person";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    let pair = |row: &AnyRow| Ok((row.try_get("id")?, row.try_get("name")?));
    rows.iter().map(pair).collect::<Result<_, _>>().map_err(during)
}

/// A place with the day on which it was closed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PlaceState {
    /// Official code.
    pub id: String,
    /// `county`, `township`, `village`, `group`.
    pub level: String,
    /// Name.
    pub name: String,
    /// Codes from the county down.
    pub path: String,
    /// Area (片区), where it belongs to one.
    pub area: Option<String>,
    /// Last day, if it was closed.
    pub until_day: Option<String>,
}

impl PlaceState {
    from_row!(PlaceState { id, level, name, path, area, until_day });

    /// How far below the county it lies.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.path.matches('/').count()
    }
}

/// All places, from the county down, closed ones too.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn places(db: &Db) -> Result<Vec<PlaceState>, Failure> {
    let during = |error| failure("read places", error);
    let text = "select id, level, name, path, area, until_day from places order by path";
    let rows = sqlx::query(text).fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(PlaceState::from_row).collect::<Result<_, _>>().map_err(during)
}

/// Codes of places in which one person holds both of two roles on a day.
///
/// # Errors
/// A fault when the database cannot be read.
pub async fn in_both(db: &Db, roles: [&str; 2], day: Day) -> Result<Vec<String>, Failure> {
    let during = |error| failure("read posts", error);
    let text = "select distinct a.place from posts a \
                join posts b on b.place = a.place and b.person = a.person and b.role = $2 \
                where a.role = $1 and a.from_day <= $3 and (a.until_day is null or a.until_day >= $3) \
                and b.from_day <= $3 and (b.until_day is null or b.until_day >= $3) order by a.place";
    let [first, second] = roles.map(str::to_owned);
    let rows = sqlx::query(text).bind(first).bind(second).bind(day.to_string());
    let rows = rows.fetch_all(&db.read).await.map_err(during)?;
    rows.iter().map(|row| row.try_get("place")).collect::<Result<_, _>>().map_err(during)
}
