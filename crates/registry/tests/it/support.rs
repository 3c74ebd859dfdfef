//! A small catalogue and a small village for the tests.

use std::path::Path;

use domain::calendar::WorkCalendar;
use domain::catalogue::Catalogue;
use domain::recusal::Policy;
use domain::time::Day;
use registry::actions::matters::Office;
use registry::{By, Now};

use crate::postgres::Postgres;

/// Runs a future to its end.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(future)
}

/// Runs the same on SQLite and on PostgreSQL; what is read of both must be equal.
pub fn alike<T: PartialEq + std::fmt::Debug>(name: &str, run: impl AsyncFn(&str, &Path) -> T) {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let sqlite = dir.path().join("register.db").display().to_string();
        let on_sqlite = run(&sqlite, dir.path()).await;
        let server = Postgres::start();
        let on_postgres = run(&server.database(name), dir.path()).await;
        assert_eq!(on_sqlite, on_postgres);
    });
}

/// A day, at noon.
pub fn at(day: &str) -> Now {
    let day = Day::parse(day).unwrap();
    Now { ms: i64::from(day.0) * 86_400_000 + 4 * 3_600_000, day }
}

/// Somebody of the office.
pub fn by(role: &str) -> By {
    By::operator(None, role)
}

/// The rules of the tests.
pub struct Rules {
    pub catalogue: Catalogue,
    pub calendar: WorkCalendar,
    pub recusal: Vec<Policy>,
}

impl Rules {
    pub fn new() -> Self {
        let files: Vec<(String, String)> = [
            ("power/E26-house.toml", include_str!("catalogue/house.toml")),
            ("bodies.toml", include_str!("catalogue/bodies.toml")),
            ("deadlines/own.toml", include_str!("catalogue/deadlines.toml")),
            ("disclosure/village.toml", include_str!("catalogue/duties.toml")),
            ("profiles/aid.toml", include_str!("catalogue/profile.toml")),
            ("roles.toml", include_str!("catalogue/roles.toml")),
        ]
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .to_vec();
        let (catalogue, problems) = Catalogue::load(&files);
        // The small catalogue names laws and labels that it does not bring along.
        let grave: Vec<_> = problems.iter().filter(|p| p.code == "catalogue-toml").collect();
        assert!(grave.is_empty(), "{grave:?}");
        let calendar = WorkCalendar::new(&catalogue.calendars);
        let recusal =
            Policy::parse("recusal.toml", include_str!("catalogue/recusal.toml")).unwrap();
        Self { catalogue, calendar, recusal }
    }

    pub fn office(&self) -> Office<'_> {
        Office {
            catalogue: &self.catalogue,
            digest: "test",
            calendar: &self.calendar,
            recusal: &self.recusal,
        }
    }
}

/// Runs a statement behind the register's back, as somebody with the database in his hands.
pub async fn meddle(address: &str, statement: &'static str) {
    use sqlx::Executor;
    let url = match address.contains("://") {
        true => address.to_owned(),
        false => format!("sqlite://{address}"),
    };
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    pool.execute(statement).await.unwrap();
    pool.close().await;
}
