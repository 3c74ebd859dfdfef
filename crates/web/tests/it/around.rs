//! What stands around reports: topics of villagers, figures, keys of people and offices.

use crate::county::{TOWNSHIP, VILLAGE, block_on, now};
use crate::hall::{Hall, PASSPHRASE, TEXT, opening, typed};

#[test]
fn topics_are_proposed_supported_chosen_and_answered_in_public() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let path = format!("/villages/{VILLAGE}/topics");
        let page = county.get(&path, "").await;
        let (visitor, token) = (page.cookie(), page.token().to_owned());
        let propose = async |title: &str| {
            let form = format!("token={token}&title={}", typed(title));
            county.post(&path, &visitor, &form).await
        };
        let number = propose("我的电话13900000000").await;
        assert_eq!(number.status.as_u16(), 422);
        assert!(number.body.contains("13900000000"), "in the form, for its writer alone");
        assert!(!county.get(&path, "").await.body.contains("13900000000"));
        assert_eq!(propose("").await.status.as_u16(), 422);
        let done = propose("路灯电费从哪里出").await;
        assert_eq!(done.status.as_u16(), 303);
        let number = done.header("location").split('#').nth(1).unwrap().to_owned();
        let support = format!("/topics/{number}/support");
        let form = format!("token={token}&place={VILLAGE}");
        let first = county.post(&support, &visitor, &form).await;
        assert_eq!(first.status.as_u16(), 303);
        let known = format!("{visitor}; {}", first.cookie());
        assert_eq!(county.post(&support, &known, &form).await.status.as_u16(), 303);
        let shown = county.get("/api/v1/topics.json", "").await;
        assert!(shown.body.contains("\"supports\":1"), "once a browser: {}", shown.body);
        let head = county.sign_in("vch").await;
        assert!(county.get("/office/topics", &head).await.body.contains("路灯电费从哪里出"));
        let act = async |act: &str, text: &str| {
            let path = format!("/office/topics/{number}/{act}");
            hall.act(&head, &path, &format!("text={}", typed(text))).await.status.as_u16()
        };
        assert_eq!(act("answer", "从经营收入列支").await, 422, "not chosen yet");
        assert_eq!(act("choice", "").await, 303);
        assert!(county.get("/office", &head).await.body.contains("路灯电费从哪里出"), "it is due");
        assert_eq!(act("answer", "打13900000000问").await, 422);
        assert_eq!(act("answer", "从经营收入列支").await, 303);
        assert!(county.get(&path, "").await.body.contains("从经营收入列支"));
        let tdi = county.sign_in("tdi").await;
        assert_eq!(county.get("/office/topics", &tdi).await.status.as_u16(), 403);
    });
}

#[test]
fn figures_show_nothing_small_and_clusters_are_for_supervisors() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        for _ in 0..3 {
            hall.file("village_cadre", &[], false).await;
        }
        let registry = &county.app.setup.registry;
        registry.count_reports(&hall.counter(), now()).await.unwrap();
        let page = county.get("/statistics", "").await;
        assert!(page.status.as_u16() == 200 && page.body.contains("—"), "{}", page.body);
        assert!(county.get("/api/v1/figures.json", "").await.body.contains("\"received\":null"));
        for _ in 0..3 {
            hall.file("village_cadre", &[], false).await;
        }
        registry.count_reports(&hall.counter(), now()).await.unwrap();
        assert!(county.get("/api/v1/figures.csv", "").await.body.contains("accusation,6,6,0"));
        for (login, status) in [("ca", 200), ("cx", 200), ("tdi", 403), ("vps", 403)] {
            let cookie = county.sign_in(login).await;
            let answer = county.get("/office/reports/clusters", &cookie).await;
            assert_eq!(answer.status.as_u16(), status, "{login}");
        }
    });
}

#[test]
fn keys_are_made_shared_and_revoked_by_forms() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        county.hire_in("TDI", "tdi2", TOWNSHIP).await;
        let new = county.sign_in("tdi2").await;
        let both = |one: &str, two: &str| format!("new={}&again={}", typed(one), typed(two));
        let differ =
            hall.act(&new, "/office/keys", &both("another long one", "another long two")).await;
        assert_eq!(differ.status.as_u16(), 422);
        assert_eq!(
            hall.act(&new, "/office/keys", &both("short", "short")).await.status.as_u16(),
            422
        );
        let made =
            hall.act(&new, "/office/keys", &both("another long one", "another long one")).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.body);
        let number = hall.file("village_cadre", &[], false).await.number;
        let open = format!("/office/reports/{number}/opening");
        let own = opening("another long one");
        assert_eq!(hall.act(&new, &open, &own).await.status.as_u16(), 422, "sealed for others");
        let tdi = county.sign_in("tdi").await;
        let page = county.get("/office/keys", &tdi).await;
        let person = page.body.split("<option value=\"").nth(1).unwrap().split('"').next().unwrap();
        let form =
            format!("office=TDI%40{TOWNSHIP}&person={person}&passphrase={}", typed(PASSPHRASE));
        assert_eq!(hall.act(&tdi, "/office/keys/holders", &form).await.status.as_u16(), 303);
        assert!(
            hall.act(&new, &open, &own).await.body.contains(TEXT),
            "history opened by a holder"
        );
        let sec = county.sign_in("sec").await;
        let office = format!("/office/office-keys/TDI@{TOWNSHIP}");
        assert_eq!(county.get(&office, &sec).await.status.as_u16(), 200);
        let form = format!("person={person}");
        let revoked = hall.act(&sec, &format!("{office}/revocation"), &form).await;
        assert_eq!(revoked.status.as_u16(), 303, "{}", revoked.body);
        assert_eq!(hall.act(&new, &open, &own).await.status.as_u16(), 422, "no more");
        assert!(hall.act(&tdi, &open, &opening(PASSPHRASE)).await.body.contains(TEXT));
        let alone = format!("office=TDI%40{TOWNSHIP}&holder={}", hall.person("TDI").await);
        let few = hall.act(&sec, "/office/office-keys", &alone).await;
        assert_eq!(few.status.as_u16(), 409, "two recovery holders at least");
    });
}
