//! Finding notices and matters by words of their titles.
//!
//! A database reads every title for a part of a word, and Chinese has no words to index. All titles of a
//! county are some megabytes: they lie in memory, and are read from end to end in less than a
//! millisecond.

use domain::problem::Failure;
use memchr::memmem::Finder;
use serde::Serialize;

use crate::db::{Db, failure};
use crate::public::Public;

/// How many are found at one time.
pub const PAGE: usize = 30;
/// Stands between titles, and in none.
const EDGE: char = '\n';

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// `notice` or `matter`.
    pub kind: String,
    /// Public number.
    pub number: String,
    /// Code of the village.
    pub place: String,
    /// Title.
    pub title: String,
    /// When it was published or opened.
    pub day: String,
}

impl Found {
    from_row!(Found { kind, number, place, title, day });

    /// Where it stands among all: the newest first.
    fn mark(&self) -> String {
        format!("{}{}", self.day, self.number)
    }
}

const ALL: &str = "select 'notice' as kind, n.number, n.place, v.title, v.published_day as day from notices n \
    join notice_versions v on v.notice = n.id and v.version = \
    (select max(x.version) from notice_versions x where x.notice = n.id) \
    union all select 'matter' as kind, m.number, m.place, m.title, m.opened_day as day from matters m";

/// Titles of all notices and matters, the newest first.
#[derive(Debug, Default)]
pub struct Titles {
    all: Vec<Found>,
    /// All titles in small letters, each with an edge behind it.
    text: String,
    /// Where each begins in the text.
    starts: Vec<usize>,
}

impl Titles {
    /// Reads all of them.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn read(db: &Db) -> Result<Self, Failure> {
        let during = |error| failure("read titles", error);
        let rows = sqlx::query(ALL).fetch_all(&db.read).await.map_err(during)?;
        let all = rows.iter().map(Found::from_row).collect::<Result<_, _>>().map_err(during)?;
        Ok(Self::of(all))
    }

    fn of(mut all: Vec<Found>) -> Self {
        all.sort_by_cached_key(|found| std::cmp::Reverse(found.mark()));
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(all.len()));
        for found in &all {
            starts.push(text.len());
            text.push_str(&found.title.replace(EDGE, " ").to_ascii_lowercase());
            text.push(EDGE);
        }
        Self { all, text, starts }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Notices and matters whose title holds a text, or that have it as their number; the newest thirty
    /// before a mark, which is day and number of the last one shown.
    #[must_use]
    pub fn find(&self, text: &str, place: &str, before: Option<&str>) -> Public<Vec<Found>> {
        let from = before
            .map_or(0, |mark| self.all.partition_point(|found| found.mark().as_str() >= mark));
        let fits = |found: &&Found| place.is_empty() || found.place == place;
        // A number stands in no title: it finds those that have it, a notice and a matter.
        let rest = self.all.get(from..).unwrap_or_default();
        let named: Vec<Found> = match text.contains('-') {
            true => rest.iter().filter(|one| one.number == text).filter(fits).cloned().collect(),
            false => Vec::new(),
        };
        if !named.is_empty() {
            return Public::new(named);
        }
        let found = self.holding(&text.to_ascii_lowercase(), from);
        Public::new(found.filter(fits).take(PAGE).cloned().collect())
    }

    /// Those whose title holds a text, from a place on.
    fn holding<'a>(&'a self, text: &str, from: usize) -> impl Iterator<Item = &'a Found> + use<'a> {
        let finder = Finder::new(text.as_bytes()).into_owned();
        let mut next = from;
        let none = text.contains(EDGE);
        std::iter::from_fn(move || {
            let start = *self.starts.get(next).filter(|_| !none)?;
            let rest = self.text.as_bytes().get(start..)?;
            let at = start + finder.find(rest)?;
            // The title that begins at or before the place.
            let found = self.starts.partition_point(|start| *start <= at) - 1;
            next = found + 1;
            self.all.get(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, PAGE, Titles};

    fn found(number: usize, place: &str, title: &str) -> Found {
        let (kind, day) = ("notice".to_owned(), format!("2026-01-{:02}", number % 28 + 1));
        let (number, place) = (format!("9-{number:05}"), place.to_owned());
        Found { kind, number, place, title: title.to_owned(), day }
    }

    fn numbers(titles: &Titles, text: &str, place: &str, before: Option<&str>) -> Vec<String> {
        titles.find(text, place, before).iter().map(|one| one.number.clone()).collect()
    }

    #[test]
    fn titles_are_found_by_any_part_and_the_newest_first() {
        let titles = Titles::of(vec![
            found(1, "a", "修路 ABC"),
            found(2, "b", "低保名单"),
            found(3, "a", "低保\n名单"),
            found(4, "a", "50%_!a"),
        ]);
        for (text, place, expect) in [
            ("低保", "", &["9-00003", "9-00002"][..]),
            ("低保", "b", &["9-00002"]),
            ("abc", "", &["9-00001"]),
            ("名单", "a", &["9-00003"]),
            ("%_!", "", &["9-00004"]),
            ("%", "b", &[]),
            ("单50", "", &[]),
            ("\n", "", &[]),
            ("9-00002", "", &["9-00002"]),
            ("9-00002", "a", &[]),
            ("", "a", &["9-00004", "9-00003", "9-00001"]),
            ("没有", "", &[]),
        ] {
            assert_eq!(numbers(&titles, text, place, None), expect, "{text} {place}");
        }
        assert!(numbers(&Titles::default(), "", "", None).is_empty());
    }

    #[test]
    fn pages_follow_each_other_without_a_gap() {
        let titles = Titles::of((0..100).map(|n| found(n, "a", "低保名单")).collect());
        let (mut seen, mut before) = (Vec::new(), None);
        loop {
            let page = titles.find("名单", "", before.as_deref());
            let Some(last) = page.last() else { break };
            before = Some(last.mark());
            assert!(page.len() <= PAGE);
            seen.extend(page.iter().map(Found::mark));
        }
        assert_eq!(seen.len(), 100);
        assert!(seen.windows(2).all(|two| two[0] > two[1]));
    }
}
