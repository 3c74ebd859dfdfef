//! What nobody may find in any public byte: numbers, cards, telephones and contacts of people, names
//! that hang no longer, what was withdrawn, what belongs to the office.

use std::collections::BTreeSet;
use std::path::Path;

use domain::catalogue::{Duty, Show, Versioned};
use domain::time::Day;
use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use registry::actions::notices::{self, NewNotice};
use registry::log::{Log, make_secret};
use registry::tx::{INTERNAL, PUBLIC};
use registry::{Entry, Now};
use serde_json::{Map, json};

use crate::county::{Answer, County, OTHER, TOWNSHIP, VILLAGE, block_on, now};
use crate::{objects, villager};

const CONTACT: &str = "13900000000";
const GONE: &str = "撤下的内容甲乙";
const CLAIM: &str = "claimed-by-the-payee";
const OVER: &str = "司马过期";
const HANGS: &str = "司马在挂";
const LISTS: [&str; 8] =
    ["notices", "matters", "places", "scoreboard", "figures", "topics", "visits", "openapi"];

/// A notice of some days ago with a name in it.
async fn named(county: &County, name: &str, days: i32, text: &str) -> String {
    let duties = &county.law().catalogue.duties;
    let checked = county.person().await;
    let mut tx = county.begin().await;
    let day = Day(now().day.0 - days);
    tx.now = Now { ms: now().ms - i64::from(days) * 86_400_000, day };
    for duty in duties.values().filter(|duty| shows_names(county, duty, day)) {
        let new = NewNotice {
            place: VILLAGE.to_owned(),
            duty: duty.code.clone(),
            from: None,
            period: day.to_string(),
            title: "名单".to_owned(),
            body: Map::from_iter([("text".to_owned(), json!(text))]),
            personal: vec![("name".to_owned(), json!([name]))],
            prepared_by: None,
            checked_by: Some(checked.clone()),
            due: None,
        };
        let Ok((number, public)) = notices::publish(&mut tx, county.law().rules(), &new).await
        else {
            continue;
        };
        let entry = Entry::new("notice-published", &number, json!({})).public(public);
        tx.commit(entry).await.unwrap();
        return number;
    }
    panic!("no duty shows names");
}

fn shows_names(county: &County, duty: &Duty, day: Day) -> bool {
    let profile = duty.on(day).and_then(|duty| county.law().catalogue.profiles.get(&duty.profile));
    let profile = profile.and_then(|profile| profile.on(day));
    profile.is_some_and(|profile| profile.fields.get("name") == Some(&Show::Show))
}

/// Everything that a county holds, and much that it must not tell.
async fn filled() -> (County, Vec<String>) {
    let county = villager::county(3).await;
    county.hire(&["VC", "VAC"]).await;
    let (over, hangs) =
        (named(&county, OVER, 700, "旧名单").await, named(&county, HANGS, 0, "新名单").await);
    let withdrawn = named(&county, HANGS, 0, GONE).await;
    let mut tx = county.begin().await;
    let correction = notices::new_text(&format!("{GONE}，改正"));
    let entry = notices::replace(&mut tx, &withdrawn, "改正", Some(&correction)).await.unwrap();
    tx.record(entry).await.unwrap();
    let entry = notices::replace(&mut tx, &withdrawn, "撤下", None).await.unwrap();
    tx.commit(entry).await.unwrap();
    let plain = county.publish("普通公示", "内容").await;
    for number in [&withdrawn, &over, &plain] {
        photographed(&county, number).await;
    }
    let matter = objects::matter(&county, "vc").await;
    for path in [format!("/notices/{plain}"), format!("/matters/{matter}")] {
        let page = county.get(&path, "").await;
        let form = format!("token={}&text=why&contact={CONTACT}", page.token());
        let asked = county.post(&format!("{path}/questions"), &page.cookie(), &form).await;
        assert_eq!(asked.status.as_u16(), 303, "{}", asked.body);
    }
    let own = villager::recognised(&county, 1).await;
    let page = county.get("/my/benefits", &own).await;
    let payment = page.body.split("name=\"payment\" value=\"").nth(1).unwrap();
    let payment = payment.split('"').next().unwrap();
    let form = format!("token={}&payment={payment}&kind=not_mine&text={CLAIM}", page.token());
    assert_eq!(county.post("/my/requests", &own, &form).await.status.as_u16(), 200);
    signed(&county).await;
    (county, vec![over, hangs, withdrawn, plain, matter])
}

/// Photos are hung where the form would refuse them by now.
async fn photographed(county: &County, number: &str) {
    use registry::actions::photos::{self, NewPhoto};
    use registry::blobs::Blobs;
    let mut bytes = Vec::new();
    let shade = number.bytes().map(u32::from).sum::<u32>() as u8;
    let picture = RgbImage::from_pixel(60, 40, image::Rgb([shade, 9, 9]));
    picture.write_with_encoder(JpegEncoder::new(&mut bytes)).unwrap();
    let blobs = Blobs::at(&county.folder.path().join("blobs"));
    let new = NewPhoto {
        public_sha256: blobs.keep(&bytes).unwrap(),
        sealed_sha256: blobs.keep_sealed(&[7; 32], &bytes).unwrap(),
        taken: now().day,
        caption: "公示栏".to_owned(),
    };
    let mut tx = county.begin().await;
    let entry = photos::add(&mut tx, number, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
}

/// Both logs with all that was done.
async fn signed(county: &County) {
    let keys = county.folder.path().join("keys");
    let logs = county.folder.path().join("log");
    let internal = make_secret(&keys.join("log-internal.key"), "test.example/internal").unwrap();
    Log::at(&logs, INTERNAL).begin("test.example/internal", &internal).unwrap();
    let public = registry::log::read_secret(&keys.join("log-public.key")).unwrap();
    let db = &county.app.setup.registry.db;
    Log::at(&logs, PUBLIC).keep(db, &public, now()).await.unwrap();
    Log::at(&logs, INTERNAL).keep(db, &internal, now()).await.unwrap();
}

/// Every address that pages lead to, from a few on, and what each answers.
pub async fn walked(county: &County, from: &[String], cookie: &str) -> Vec<(String, Answer)> {
    let (mut open, mut seen) = (from.to_vec(), BTreeSet::new());
    let mut answers = Vec::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) || seen.len() > 1_500 {
            continue;
        }
        let answer = county.get(&path, cookie).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.body);
        for mark in ["href=\"", "src=\"", "action=\""] {
            for part in answer.body.split(mark).skip(1) {
                let link =
                    part.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
                let link = link.split('#').next().unwrap().to_owned();
                // The settings lead back to each page, and the door of the office is another matter.
                if link.starts_with('/') && !link.starts_with("/settings") {
                    open.push(link);
                }
            }
        }
        answers.push((path, answer));
    }
    answers
}

/// All files below a folder, by their names inside.
fn files(dir: &Path, inside: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{inside}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

#[test]
fn no_public_byte_tells_what_is_not_public() {
    block_on(async {
        let (county, numbers) = filled().await;
        let mut starts: Vec<String> = [
            "/",
            "/about",
            "/search?q=",
            "/scoreboard",
            "/statistics",
            "/powers",
            "/open-data",
            "/my",
            "/verify",
            "/x",
        ]
        .map(str::to_owned)
        .into();
        for list in LISTS {
            starts.extend([format!("/api/v1/{list}.json"), format!("/api/v1/{list}.csv")]);
        }
        for number in &numbers {
            starts.extend([
                format!("/notices/{number}"),
                format!("/matters/{number}"),
                format!("/notices/{number}/proof"),
                format!("/verify?notice={number}"),
                format!("/search?q={number}"),
            ]);
        }
        starts.extend([VILLAGE, OTHER].map(|code| format!("/villages/{code}/feed")));
        starts.push(format!("/scoreboard?township={TOWNSHIP}"));
        let logs = county.folder.path().join("log");
        let mut tiles = Vec::new();
        files(&logs.join("public/tile"), "/log/tile/", &mut tiles);
        assert!(tiles.len() >= 2, "{tiles:?}");
        starts.extend(tiles);
        starts.extend(["/log/checkpoint", "/log/keys"].map(str::to_owned));
        let mut secrets: Vec<String> = (0..3)
            .flat_map(|n| [villager::id_number(n), villager::card(n), villager::name(n)])
            .collect();
        secrets.extend([CONTACT, GONE, OVER, CLAIM, "vac", "VAC 9900"].map(str::to_owned));
        let mut shown = 0;
        for cookie in ["", "lang=en", "elder=1"] {
            let answers = walked(&county, &starts, cookie).await;
            shown += answers.len();
            for (path, answer) in &answers {
                for secret in &secrets {
                    let found = answer.bytes.windows(secret.len()).any(|b| b == secret.as_bytes());
                    // "vac" is a login; letters of other words are not meant.
                    let found = found && (secret != "vac" || answer.body.contains("\"vac\""));
                    assert!(!found, "{secret} on {path}:\n{}", answer.body);
                }
            }
            // The walk has been everywhere.
            let seen = |part: &str| answers.iter().any(|(path, _)| path.starts_with(part));
            for part in
                ["/townships/", "/villages/", "/powers/", "/notices/", "/assets/", "/log/tile/e"]
            {
                assert!(seen(part), "{part}");
            }
            let photo = |(path, answer): &&(String, Answer)| {
                path.contains("/photos/") && answer.status.as_u16() == 200
            };
            assert_eq!(answers.iter().filter(photo).count(), 1, "of the plain notice alone");
            // What is public is there: else the walk would prove nothing.
            assert!(answers.iter().any(|(_, answer)| answer.body.contains(HANGS)));
        }
        assert!(shown > 300, "{shown}");
    });
}

#[test]
fn a_name_is_in_the_proof_only_as_long_as_it_may_hang() {
    block_on(async {
        let (county, numbers) = filled().await;
        let proof =
            async |at: usize| county.get(&format!("/notices/{}/proof", numbers[at]), "").await;
        let (over, hangs) = (proof(0).await, proof(1).await);
        assert!(hangs.body.contains(HANGS));
        assert!(!over.body.contains(OVER) && over.status.as_u16() == 200);
        // It still proves what is left of it.
        let ring = Log::at(&county.folder.path().join("log"), PUBLIC).ring().unwrap();
        for answer in [over, hangs] {
            let bundle = journal::bundle::Bundle::parse(&answer.body).unwrap();
            assert!(journal::verify::verify(&bundle, &ring).is_ok());
        }
    });
}

#[test]
fn the_internal_log_has_no_address() {
    block_on(async {
        let (county, _) = filled().await;
        let logs = county.folder.path().join("log");
        let mut tiles = Vec::new();
        files(&logs.join("internal"), "", &mut tiles);
        let own: Vec<Vec<u8>> = tiles
            .iter()
            .map(|name| std::fs::read(logs.join("internal").join(name)).unwrap())
            .collect();
        assert!(own.len() >= 4);
        for name in &tiles {
            let tile = name.strip_prefix("tile/").unwrap_or(name);
            for path in [
                format!("/log/tile/{tile}"),
                format!("/log/tile/internal/{name}"),
                format!("/log/internal/{name}"),
                format!("/log/tile/../../internal/{name}"),
                format!("/log/tile/..%2F..%2Finternal%2F{name}"),
                format!("/log/tile/0/..%2F..%2F..%2Finternal%2F{name}"),
                format!("/log/{name}"),
            ] {
                let answer = county.get(&path, "").await;
                assert!(!own.contains(&answer.bytes), "{path}");
            }
        }
        let checkpoint = county.get("/log/checkpoint", "").await;
        assert!(checkpoint.body.starts_with("test.example/public"));
    });
}
