//! What a thief, an administrator and a forger find, and what is left of a reporter who asks to be
//! forgotten.

use std::path::Path;

use domain::receipt::Receipt;
use domain::report::Form;
use journal::note::SigningKey;
use registry::actions::reports::reader;
use registry::log::Log;
use registry::reports::receipts;
use registry::sealer::{Age, Sealer, Secret};
use registry::tx::{FILINGS, INTERNAL};
use registry::{By, Difference, Registry, audit};
use sqlx::{AnyPool, Column, Row, ValueRef};

use super::world::{World, commit, failed, passphrase, voice, who};
use crate::postgres::Postgres;
use crate::support::{at, block_on};

/// Everything that must not be found in the clear.
const SECRETS: [&str; 7] =
    ["低保名额", "录音.wav", "spoken in fear", "某村民", "13900001234", "已经查实", "还有一户"];

/// All cells of all tables as bytes: `table.column`.
async fn cells(address: &str) -> Vec<(String, Vec<u8>)> {
    let url = match address.contains("://") {
        true => address.to_owned(),
        false => format!("sqlite://{address}"),
    };
    let pool = AnyPool::connect(&url).await.unwrap();
    let mut found = Vec::new();
    for table in registry::TABLES.iter().map(|table| table.name).chain([
        "entries",
        "entry_rows",
        "entry_fields",
        "filings",
        "outbox",
        "jobs",
        "sessions",
        "drafts",
    ]) {
        let text: &'static str = Box::leak(format!("select * from {table}").into_boxed_str());
        for row in sqlx::query(text).fetch_all(&pool).await.unwrap() {
            for column in row.columns() {
                let at = column.ordinal();
                if row.try_get_raw(at).unwrap().is_null() {
                    continue;
                }
                let bytes = row
                    .try_get::<Vec<u8>, _>(at)
                    .or_else(|_| row.try_get::<String, _>(at).map(String::into_bytes));
                let bytes = bytes
                    .or_else(|_| row.try_get::<i64, _>(at).map(|n| n.to_string().into_bytes()));
                found.push((format!("{table}.{}", column.name()), bytes.unwrap()));
            }
        }
    }
    pool.close().await;
    found
}

/// All files below a folder.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut folders) = (Vec::new(), vec![dir.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    found
}

fn holds(bytes: &[u8], secret: &str) -> bool {
    let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [secret.as_bytes(), &wide].iter().any(|s| bytes.windows(s.len()).any(|part| part == *s))
}

async fn answered(world: &World) -> Receipt {
    use domain::report::handling::Outcome;
    use registry::actions::reports::acts;
    use registry::reports::texts::Words;
    let form = Form { identity: Some(who()), ..voice(world) };
    let filed = world.file(form, "2026-03-03").await;
    let counter = world.counter();
    let mut tx = world.begin("d3", "TDI", "2026-03-05").await;
    let done = acts::accept(&mut tx, &counter, &filed.number, &Words::of("受理")).await.unwrap();
    tx.record(done.entry).await.unwrap();
    let words =
        Words { text: "已经查实".into(), facts: "事实".into(), basis: "依据".into() };
    let reply = (Outcome::Support, &words);
    let done = acts::reply(&mut tx, &counter, &filed.number, reply).await.unwrap();
    commit(tx, done.entry).await;
    let mut tx = world.visitor("2026-03-06").await;
    let done = reader::rate(&mut tx, &counter, &filed.receipt, (false, "还有一户")).await.unwrap();
    commit(tx, done.entry).await;
    filed.receipt
}

#[test]
fn nothing_is_readable_without_a_passphrase() {
    block_on(async {
        let server = Postgres::start();
        let one = tempfile::tempdir().unwrap();
        let sqlite = one.path().join("r.db").display().to_string();
        let two = tempfile::tempdir().unwrap();
        for (address, dir) in [(sqlite, one.path()), (server.database("thief"), two.path())] {
            let world = World::new(&address, dir).await;
            let receipt = answered(&world).await;
            let mut all = cells(&address).await;
            all.extend(files(dir));
            assert!(all.len() > 500, "{}", all.len());
            let receipt_forms =
                [receipt.symbols(), receipt.symbols().replace('-', ""), receipt.words().join(" ")];
            let passphrases = ["d3", "cl1", "r1"].map(passphrase);
            let secrets = SECRETS.iter().map(|s| (*s).to_owned());
            for secret in secrets.chain(receipt_forms).chain(passphrases) {
                let found: Vec<&String> = all
                    .iter()
                    .filter(|(_, bytes)| holds(bytes, &secret))
                    .map(|(at, _)| at)
                    .collect();
                assert!(found.is_empty(), "{secret} is in {found:?}");
            }
            assert!(!all.iter().any(|(_, bytes)| holds(bytes, "AGE-SECRET-KEY-")));
            // Who is meant is not in the clear either: the person's key stands beside no report.
            let named = world.id("secretary");
            let beside =
                all.iter().filter(|(at, bytes)| at.starts_with("report") && holds(bytes, &named));
            assert_eq!(beside.count(), 0);
            opens_nothing(&all, &world);
            world.registry.db.close().await;
        }
    });
}

/// A thief tries every key that he has, and common passphrases, on everything that is sealed.
fn opens_nothing(all: &[(String, Vec<u8>)], world: &World) {
    let age = Age::quick();
    let sealed: Vec<_> =
        all.iter().filter(|(_, b)| b.starts_with(b"age-encryption.org/v1")).collect();
    assert!(sealed.len() > 60, "{}", sealed.len());
    let keys = [world.keys.facts.to_vec(), world.keys.receipts.to_vec()];
    for (at, bytes) in sealed {
        for key in &keys {
            assert!(age.open(&Secret::new(key.clone()), bytes).is_err(), "{at}");
        }
        if at.ends_with("wrapped") {
            for guess in ["", "123456789012", "mingbai", "口令口令口令口令口令口令"] {
                assert!(age.unlock(guess, bytes).is_err(), "{at}");
            }
        }
    }
}

/// Somebody signs in on his telephone; then he files without giving his name.
async fn signed_in(world: &World) -> String {
    use registry::actions::accounts;
    let mut tx =
        world.registry.begin(crate::support::by("SYS"), at("2026-03-03"), "").await.unwrap();
    let person = world.id("new");
    let (id, entry) =
        accounts::add(&mut tx, "villager", Some(&person), "long enough 1").await.unwrap();
    tx.commit(entry).await.unwrap();
    let device = "Phone 192.0.2.77";
    let login = world.registry.sign_in("villager", "long enough 1", device, at("2026-03-03"));
    assert!(login.await.unwrap().is_some());
    id
}

#[test]
fn an_anonymous_report_has_no_traces() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("r.db").display().to_string();
        let world = World::new(&address, dir.path()).await;
        let account = signed_in(&world).await;
        let asker = registry::queries::accounts::asker(
            &world.registry.db,
            &account,
            world.day("2026-03-03"),
        );
        let by = By::user(&world.law.access, &account, asker.await.unwrap(), "PUB").unwrap();
        let mut hour = at("2026-03-03");
        hour.ms += 12_345_678;
        let mut tx = world.registry.begin(by, hour, "").await.unwrap();
        use domain::report::Channel;
        use registry::actions::reports::file::{self, Handed};
        let handed = Handed::Clear(voice(&world));
        let (filed, entry) =
            file::file(&mut tx, &world.counter(), Channel::Web, handed).await.unwrap();
        commit(tx, entry).await;
        let all = cells(&address).await;
        let traces =
            ["192.0.2.77", "Phone", "villager", &account, &world.id("new"), &hour.ms.to_string()];
        for trace in traces {
            let found: Vec<&String> = all
                .iter()
                .filter(|(at, bytes)| holds(bytes, trace) && may_not_hold(at))
                .map(|(at, _)| at)
                .collect();
            assert!(found.is_empty(), "{trace} is in {found:?}");
        }
        for (name, bytes) in files(&dir.path().join("blobs")) {
            assert!(traces.iter().all(|trace| !holds(&bytes, trace)), "{name}");
            let meta = std::fs::metadata(&name).unwrap().modified().unwrap();
            let ms = meta.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
            assert_eq!(i64::try_from(ms).unwrap(), at("2026-03-03").ms, "the hour of {name}");
        }
        // The entries of the filing name nobody.
        let pool = AnyPool::connect(&format!("sqlite://{address}")).await.unwrap();
        let row =
            sqlx::query("select actor, role, payload from entries where kind = 'petition-filed'");
        let row = row.fetch_one(&pool).await.unwrap();
        let payload: String = row.try_get("payload").unwrap();
        assert_eq!(row.try_get::<Option<String>, _>("actor").unwrap(), None);
        assert_eq!(row.try_get::<String, _>("role").unwrap(), "PUB");
        assert!(
            payload.contains("\"account\":null") && payload.contains("\"person\":null"),
            "{payload}"
        );
        assert!(!format!("{filed:?}").contains(&filed.receipt.symbols()));
        pool.close().await;
    });
}

/// Tables of accounts and people hold what they are for, and their own entries tell who made them.
fn may_not_hold(at: &str) -> bool {
    let own =
        ["users.", "sessions.", "people.", "posts.", "holder_keys.", "entry_rows.", "office_key"];
    let entries = ["entries.subject", "entries.payload", "entries.leaf"];
    !own.iter().any(|own| at.starts_with(own)) && !entries.contains(&at)
}

fn secret(name: &str) -> String {
    SigningKey::from_seed(name, &[5; 32]).unwrap().to_secret_text()
}

#[test]
fn filing_is_proved_by_the_receipt_alone_and_a_lost_report_shows() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("r.db").display().to_string();
        let world = World::new(&address, dir.path()).await;
        let rules = &world.law.reports[0];
        let log = Log::at(dir.path(), FILINGS);
        let key = secret("test/filings");
        log.begin("test/filings", &key).unwrap();
        let kept = dir.path().join("earlier.db");
        let before = world.file(voice(&world), "2026-03-03").await.receipt;
        // Nothing stands in the log before the day is over; then sixteen leaves, all alike.
        assert_eq!(world.registry.write_filings(rules, at("2026-03-03")).await.unwrap(), 0);
        copy(&address, &kept).await;
        let receipt = world.file(voice(&world), "2026-03-03").await.receipt;
        assert_eq!(world.registry.write_filings(rules, at("2026-03-06")).await.unwrap(), 48);
        assert_eq!(world.registry.write_filings(rules, at("2026-03-06")).await.unwrap(), 0);
        log.keep(&world.registry.db, &key, at("2026-03-06")).await.unwrap();
        let leaf = receipts::find(&log, &receipt).unwrap().expect("a leaf");
        let known = reader::look(&world.registry.db, &world.counter(), &receipt).await.unwrap();
        assert_eq!(known.leaf, Some(i64::try_from(leaf).unwrap()));
        let bundle = log.bundle(&world.registry.db, leaf).await.unwrap();
        let proof = receipts::prove(bundle, &receipt);
        let verified = journal::verify::verify(&proof, &log.ring().unwrap()).unwrap();
        let said = format!("{verified:?}");
        assert!(said.contains("2026-03-03"), "{said}");
        assert!(!said.contains(&receipt.symbols()) && !said.contains("accusation"), "{said}");
        // Another receipt opens nothing of it.
        let other = receipts::draw().unwrap();
        assert_eq!(receipts::find(&log, &other).unwrap(), None);
        let bundle = log.bundle(&world.registry.db, leaf).await.unwrap();
        assert!(
            journal::verify::verify(&receipts::prove(bundle, &other), &log.ring().unwrap())
                .is_err()
        );
        let mut shapes = std::collections::BTreeSet::new();
        log.audit(&mut |_, entry| {
            let text = String::from_utf8_lossy(entry).into_owned();
            let (head, tail) = text.split_once("\"commit\":\"").unwrap();
            let tail = tail.get(64..).unwrap().replace("2026-03-04", "2026-03-03");
            shapes.insert(format!("{head}{}", tail.replace("2026-03-05", "2026-03-03")));
        })
        .unwrap();
        assert_eq!(shapes.len(), 1, "all leaves look alike: {shapes:?}");
        an_earlier_database_is_shown(&world, &kept, dir.path()).await;
        let earlier = Registry::open(&kept.display().to_string()).await.unwrap();
        let counter = world.counter();
        assert!(reader::look(&earlier.db, &counter, &before).await.is_ok());
        let lost = reader::look(&earlier.db, &counter, &receipt).await.unwrap_err();
        assert_eq!(failed(lost), "receipt-none", "they say that there is none");
        assert_eq!(
            receipts::find(&log, &receipt).unwrap(),
            Some(leaf),
            "and the mirror says there was"
        );
    });
}

async fn copy(address: &str, to: &Path) {
    let pool = AnyPool::connect(&format!("sqlite://{address}")).await.unwrap();
    let text: &'static str = Box::leak(format!("vacuum into '{}'", to.display()).into_boxed_str());
    sqlx::query(text).execute(&pool).await.unwrap();
    pool.close().await;
}

/// The database of an earlier day beside the logs that were signed since.
async fn an_earlier_database_is_shown(world: &World, kept: &Path, dir: &Path) {
    let internal = Log::at(dir, INTERNAL);
    let key = secret("test/internal");
    internal.begin("test/internal", &key).unwrap();
    internal.keep(&world.registry.db, &key, at("2026-03-06")).await.unwrap();
    let signed = |log: &Log| log.ring().unwrap().open(&log.checkpoint().unwrap()).unwrap();
    let both = [(INTERNAL, signed(&internal)), (FILINGS, signed(&Log::at(dir, FILINGS)))];
    assert_eq!(audit(&world.registry.db, &both).await.unwrap(), []);
    let earlier = Registry::open(&kept.display().to_string()).await.unwrap();
    let found = audit(&earlier.db, &both).await.unwrap();
    let logs: Vec<_> = found
        .iter()
        .filter_map(|d| match d {
            Difference::Log { log, .. } => Some(log.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(logs, [FILINGS, INTERNAL], "{found:?}");
    earlier.db.close().await;
}

#[test]
fn erasure_keeps_proofs() {
    block_on(async {
        let dir = tempfile::tempdir().unwrap();
        let address = dir.path().join("r.db").display().to_string();
        let world = World::new(&address, dir.path()).await;
        let internal = Log::at(dir.path(), INTERNAL);
        let key = secret("test/internal");
        internal.begin("test/internal", &key).unwrap();
        let receipt = answered(&world).await;
        let counter = world.counter();
        internal.keep(&world.registry.db, &key, at("2026-03-06")).await.unwrap();
        let before = internal.ring().unwrap().open(&internal.checkpoint().unwrap()).unwrap();
        let mut tx = world.visitor("2026-03-09").await;
        let entry = reader::forget(&mut tx, &counter, &receipt, "本人申请").await.unwrap();
        commit(tx, entry).await;
        // Rows, digests, leaves and the old root still fit.
        assert_eq!(audit(&world.registry.db, &[(INTERNAL, before)]).await.unwrap(), []);
        internal.keep(&world.registry.db, &key, at("2026-03-10")).await.unwrap();
        let (_, found) = internal.audit(&mut |_, _| {}).unwrap();
        assert!(found.is_clean(), "{found:?}");
        let pool = AnyPool::connect(&format!("sqlite://{address}")).await.unwrap();
        let text = "select idx from entries where kind = 'petition-filed'";
        let leaf: i64 = sqlx::query(text).fetch_one(&pool).await.unwrap().try_get("idx").unwrap();
        pool.close().await;
        let bundle =
            internal.bundle(&world.registry.db, u64::try_from(leaf).unwrap()).await.unwrap();
        journal::verify::verify(&bundle, &internal.ring().unwrap()).unwrap();
        // And nothing sealed is left of it.
        assert_eq!(files(&dir.path().join("blobs")), []);
        for (at, bytes) in cells(&address).await {
            let kept = at.ends_with("report_wraps.sealed") || at.starts_with("report_parts.sealed");
            assert!(!kept || bytes.is_empty(), "{at}");
        }
        let standing = reader::look(&world.registry.db, &counter, &receipt).await.unwrap();
        assert_eq!(standing.erased.as_deref(), Some("2026-03-09"));
        assert!(standing.steps.iter().all(|step| step.words.is_none()));
        let mut tx = world.visitor("2026-03-09").await;
        let twice = reader::forget(&mut tx, &counter, &receipt, "x").await.unwrap_err();
        assert_eq!(failed(twice), "already-decided");
    });
}
