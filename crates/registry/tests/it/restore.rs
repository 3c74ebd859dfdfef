//! A backup of a register on PostgreSQL, put back into an empty database.

use domain::problem::Failure;
use registry::queries::lists;
use registry::{Registry, audit, backup};

use crate::postgres::Postgres;
use crate::suite::{VILLAGE, village};
use crate::support::{at, block_on};

#[test]
fn a_register_on_postgres_comes_back_as_it_was() {
    block_on(async {
        let server = Postgres::start();
        let (from, into) = (server.database("before"), server.database("after"));
        let village = village(&from).await;
        village.open(&village.villager, "2026-02-02").await;
        let db = &village.registry.db;
        let dir = tempfile::tempdir().unwrap();
        let (blobs, back) = (dir.path().join("blobs"), dir.path().join("back"));
        std::fs::create_dir(&blobs).unwrap();
        std::fs::write(blobs.join("one"), "content").unwrap();
        let kept = dir.path().join("backup");
        let made = backup::backup(db, &from, &[("blobs", blobs)], &kept).await.unwrap();
        let folders = [("blobs", back.clone())];
        let put_back = backup::restore(&kept, &into, &folders).unwrap();
        assert_eq!(put_back.digest, made.digest);
        assert_eq!(std::fs::read_to_string(back.join("one")).unwrap(), "content");
        let restored = Registry::open(&into).await.unwrap();
        assert_eq!(audit(&restored.db, &[]).await.unwrap(), []);
        let sizes = lists::sizes(&restored.db).await.unwrap();
        assert_eq!(sizes, lists::sizes(db).await.unwrap());
        let places = lists::places(&restored.db).await.unwrap();
        assert!(places.iter().any(|line| line.place == VILLAGE), "{places:?}");
        // It goes on where it stood.
        let mut tx = restored.begin(registry::By::system(), at("2026-02-03"), "").await.unwrap();
        let new =
            registry::actions::people::NewPerson { name: "庚".to_owned(), ..Default::default() };
        let (_, entry) = registry::actions::people::add(&mut tx, &new).await.unwrap();
        let next = tx.commit(entry).await.unwrap().internal;
        let of_internal = |sizes: &[(String, i64)]| {
            sizes.iter().find(|(name, _)| name == "internal").map(|(_, size)| *size).unwrap()
        };
        let internal = of_internal(&sizes);
        assert_eq!(i64::try_from(next).unwrap(), internal);
        let code = |refused: Result<_, Failure>| match refused.map(|_: backup::Backup| ()) {
            Err(Failure::Problem(problem)) => problem.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(backup::restore(&kept, &into, &[])), "database-not-empty");
        let after = lists::sizes(&restored.db).await.unwrap();
        assert_eq!(of_internal(&after), internal + 1, "untouched");
        let none = into.replace("/after?", "/none?");
        assert!(
            matches!(Registry::open(&none).await, Err(Failure::Problem(p)) if p.code == "database-unreachable")
        );
    });
}
