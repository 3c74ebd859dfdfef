//! Reports through the pages of the office: who sees one, what opens it, and what nobody ever sees.

use registry::By;
use registry::actions::reports::reader;

use crate::county::{VILLAGE, block_on, now};
use crate::hall::{CONTACT, Hall, PASSPHRASE, TEXT, bytes_below, holds, opening, typed};
use crate::leaks::walked;

#[test]
fn content_opens_with_a_passphrase_for_a_while_and_lies_nowhere() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let number = hall.file("village_cadre", &[], false).await.number;
        let path = format!("/office/reports/{number}");
        let tdi = county.sign_in("tdi").await;
        assert!(county.get("/office/reports", &tdi).await.body.contains(&number));
        assert!(county.get("/office", &tdi).await.body.contains(&number), "on the to-do list");
        let page = county.get(&path, &tdi).await;
        assert_eq!(page.status.as_u16(), 200);
        assert!(!page.body.contains(TEXT));
        let open = format!("{path}/opening");
        let locked = hall.act(&tdi, &open, &opening("")).await;
        assert_eq!(locked.status.as_u16(), 422, "no key");
        let wrong = hall.act(&tdi, &open, &opening("another passphrase")).await;
        assert_eq!(wrong.status.as_u16(), 422, "a wrong passphrase");
        assert!(!wrong.body.contains(TEXT) && !wrong.body.contains("another passphrase"));
        assert!(wrong.body.contains("value=\"初核\""), "the purpose is still there");
        let right = hall.act(&tdi, &open, &opening(PASSPHRASE)).await;
        assert_eq!((right.status.as_u16(), right.header("cache-control")), (200, "no-store"));
        assert!(right.body.contains(TEXT));
        let file = right.body.split(&format!("{path}/files/")).nth(1).unwrap();
        let file = format!("{path}/files/{}", file.split('"').next().unwrap());
        let sound = county.get(&file, &tdi).await;
        assert_eq!(sound.header("content-type"), "audio/wav");
        assert_eq!(sound.header("cache-control"), "no-store");
        assert!(sound.bytes.starts_with(b"RIFF"));
        // The second time without the passphrase, until the session has locked it or is over.
        assert!(hall.act(&tdi, &open, &opening("")).await.body.contains(TEXT));
        let again = county.sign_in("tdi").await;
        assert_eq!(
            hall.act(&again, &open, &opening("")).await.status.as_u16(),
            422,
            "another session"
        );
        assert_eq!(county.get(&file, &again).await.status.as_u16(), 422);
        assert_eq!(hall.act(&tdi, "/office/keys/lock", "").await.status.as_u16(), 303);
        assert_eq!(
            hall.act(&tdi, &open, &opening("")).await.status.as_u16(),
            422,
            "locked by hand"
        );
        assert_eq!(hall.act(&tdi, &open, &opening(PASSPHRASE)).await.status.as_u16(), 200);
        county.pass_minutes(16);
        assert_eq!(
            hall.act(&tdi, &open, &opening("")).await.status.as_u16(),
            422,
            "its time is over"
        );
        let all = bytes_below(county.folder.path());
        for secret in [TEXT, "fmt spoken", PASSPHRASE, "another passphrase"] {
            assert!(!holds(&all, secret), "{secret} lies on the disk");
        }
    });
}

#[test]
fn a_report_that_names_somebody_or_his_is_no_page_for_him() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let named = hall.file("township_staff", &["TG"], false).await;
        assert!(named.office.starts_with("CX@"), "{}", named.office);
        for login in ["tdi", "tg", "cb-ca", "cg"] {
            let cookie = county.sign_in(login).await;
            for path in [
                format!("/office/reports/{}", named.number),
                format!("/office/reports/{}/files/x", named.number),
            ] {
                assert_eq!(county.get(&path, &cookie).await.status.as_u16(), 404, "{login} {path}");
            }
            let list = county.get("/office/reports?show=all", &cookie).await;
            assert!(!list.body.contains(&named.number), "{login}");
            for act in ["opening", "acceptance", "note", "transfer", "identity", "reply"] {
                let path = format!("/office/reports/{}/{act}", named.number);
                let form = format!("text=a&purpose=a&passphrase={}", typed(PASSPHRASE));
                let answer = hall.act(&cookie, &path, &form).await;
                assert_eq!(answer.status.as_u16(), 404, "{login} {act}");
            }
        }
        for login in ["vps", "sys", "sec", "aud"] {
            let cookie = county.sign_in(login).await;
            let path = format!("/office/reports/{}", named.number);
            assert_eq!(county.get(&path, &cookie).await.status.as_u16(), 403, "{login}");
        }
        let cx = county.sign_in("cx").await;
        let path = format!("/office/reports/{}", named.number);
        assert_eq!(county.get(&path, &cx).await.status.as_u16(), 200);
    });
}

#[test]
fn the_sealed_queue_is_a_number_and_nothing_behind_it() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let head = hall.file("discipline_head", &[], false).await;
        let upper = hall.file("county_leader", &[], false).await;
        assert!(head.outside && upper.office.starts_with("CL1@"), "{}", upper.office);
        let cx = county.sign_in("cx").await;
        let list = county.get("/office/reports?show=all", &cx).await;
        for filed in [&head, &upper] {
            assert!(list.body.contains(&filed.number));
            assert!(!list.body.contains(&format!("href=\"/office/reports/{}\"", filed.number)));
            let page = county.get(&format!("/office/reports/{}", filed.number), &cx).await;
            assert_eq!(page.status.as_u16(), 404);
        }
        let ca = county.sign_in("ca").await;
        assert!(!county.get("/office/reports?show=all", &ca).await.body.contains(&head.number));
        let cl1 = county.sign_in("cl1").await;
        let open = format!("/office/reports/{}/opening", upper.number);
        assert!(hall.act(&cl1, &open, &opening(PASSPHRASE)).await.body.contains(TEXT));
        let over = format!("/office/reports/{}/handover", head.number);
        assert_eq!(hall.act(&cx, &over, "").await.status.as_u16(), 303, "handed to the next level");
    });
}

#[test]
fn a_report_is_handled_by_forms_and_four_eyes_look_at_an_identity() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let filed = hall.file("village_cadre", &[], true).await;
        let path = format!("/office/reports/{}", filed.number);
        let tdi = county.sign_in("tdi").await;
        let act =
            async |act: &str, form: &str| hall.act(&tdi, &format!("{path}/{act}"), form).await;
        let early = act("reply", "outcome=support&text=a&facts=b&basis=c").await;
        assert_eq!(early.status.as_u16(), 409, "not accepted yet");
        assert_eq!(act("acceptance", "text=a").await.status.as_u16(), 303);
        let partial = act("reply", &format!("outcome=support&text={}", typed("已经纠正"))).await;
        assert_eq!(partial.status.as_u16(), 409);
        assert!(partial.body.contains("已经纠正"), "what was typed is still there");
        let drafts = county.get("/office", &tdi).await;
        assert!(!drafts.body.contains("已经纠正") && !drafts.body.contains("web-draft"));
        assert_eq!(act("note", "text=").await.status.as_u16(), 422, "an empty note");
        assert_eq!(act("mark", "tag=repeated&on=1").await.status.as_u16(), 303);
        assert!(
            county.get("/office/reports?show=repeated", &tdi).await.body.contains(&filed.number)
        );
        assert_eq!(act("nothing", "").await.status.as_u16(), 404);
        // Who it was: asked for, granted by another office, read, and shown to the reporter.
        assert_eq!(
            act("identity", &format!("purpose={}", typed("当面核实"))).await.status.as_u16(),
            303
        );
        let mine = county.get("/office/reports/identities", &tdi).await;
        assert!(mine.body.contains(&filed.number) && !mine.body.contains("/decision"));
        let cl1 = county.sign_in("cl1").await;
        let theirs = county.get("/office/reports/identities", &cl1).await;
        let id = theirs.body.split("/office/reports/identities/").nth(1).unwrap();
        let id = id.split('/').next().unwrap().to_owned();
        let decision = format!("/office/reports/identities/{id}/decision");
        let grant = format!("grant=1&days=3&passphrase={}", typed(PASSPHRASE));
        let own = hall.act(&tdi, &decision, &grant).await;
        assert_eq!(own.status.as_u16(), 404, "nobody grants what he asks for");
        let long = hall.act(&cl1, &decision, &grant.replace("days=3", "days=99")).await;
        assert_eq!(long.status.as_u16(), 409);
        let look = format!("/office/reports/identities/{id}/look");
        let pass = format!("passphrase={}", typed(PASSPHRASE));
        assert_eq!(hall.act(&tdi, &look, &pass).await.status.as_u16(), 409, "not granted yet");
        assert_eq!(hall.act(&cl1, &decision, &grant).await.status.as_u16(), 303);
        assert_eq!(hall.act(&cl1, &look, &pass).await.status.as_u16(), 404, "of somebody else");
        let read = hall.act(&tdi, &look, &pass).await;
        assert!(read.status.as_u16() == 200 && read.body.contains(CONTACT));
        assert_eq!(read.header("cache-control"), "no-store");
        let db = &county.app.setup.registry.db;
        let told = reader::look(db, &hall.counter(), &filed.receipt).await.unwrap();
        assert_eq!(told.looks[0].read.len(), 1, "the reporter sees it");
        county.pass(4);
        let later = county.sign_in("tdi").await;
        assert_eq!(hall.act(&later, &look, &pass).await.status.as_u16(), 409, "its time is over");
        assert!(!holds(&bytes_below(county.folder.path()), CONTACT));
    });
}

#[test]
fn whoever_decided_does_not_review_and_reads_no_more() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let filed = hall.file("village_cadre", &[], false).await;
        let path = format!("/office/reports/{}", filed.number);
        let tdi = county.sign_in("tdi").await;
        let answered = "outcome=explain&text=a&facts=b&basis=c";
        for (act, form) in [("acceptance", ""), ("reply", answered)] {
            let done = hall.act(&tdi, &format!("{path}/{act}"), form).await;
            assert_eq!(done.status.as_u16(), 303, "{act}");
        }
        let public = By::public(&county.law().access);
        let mut tx = hall.begin(public).await;
        let asked = reader::ask_review(&mut tx, &hall.counter(), &filed.receipt, "处理不公").await;
        tx.commit(asked.unwrap().entry).await.unwrap();
        assert_eq!(county.get(&path, &tdi).await.status.as_u16(), 404);
        let cx = county.sign_in("cx").await;
        let opened = hall.act(&cx, &format!("{path}/opening"), &opening(PASSPHRASE)).await;
        assert!(opened.body.contains(TEXT) && opened.body.contains("处理不公"));
        let done = hall.act(&cx, &format!("{path}/reply"), answered).await;
        assert_eq!(done.status.as_u16(), 303);
    });
}

#[test]
fn what_staff_writes_down_goes_by_the_same_rules() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let tg = county.sign_in("tg").await;
        let form = county.get(&format!("/office/reports/new?place={VILLAGE}"), &tg).await;
        let token = form.token().to_owned();
        let send = async |fields: &[(&str, &str)], files: &[(&str, &[u8])]| {
            let token = [("token", token.as_str()), ("place", VILLAGE)];
            let fields = [&token[..], fields].concat();
            county.upload("/office/reports", &tg, &fields, files).await
        };
        let fields = [
            ("channel", "visit"),
            ("door", "accusation"),
            ("topic", "subsidy"),
            ("post", "village_cadre"),
            ("post", "township_staff"),
            ("text", TEXT),
        ];
        let web = [("channel", "web"), ("door", "request"), ("topic", "other"), ("text", TEXT)];
        assert_eq!(
            send(&web, &[]).await.status.as_u16(),
            422,
            "nobody writes down what came by itself"
        );
        let odd = send(&fields, &[("x.exe", b"MZ")]).await;
        assert_eq!(odd.status.as_u16(), 422);
        assert!(odd.body.contains(TEXT), "what was typed is still there");
        let taken = send(&fields, &[]).await;
        assert_eq!((taken.status.as_u16(), taken.header("cache-control")), (200, "no-store"));
        let symbols = taken.body.split("<b>").nth(2).unwrap().split('<').next().unwrap();
        let receipt = domain::receipt::Receipt::parse(symbols).expect("a receipt to take along");
        let db = &county.app.setup.registry.db;
        let told = reader::look(db, &hall.counter(), &receipt).await.unwrap();
        assert_eq!(told.state, "received");
        // About the township's own staff: it is not with whoever wrote it down.
        let list = county.get("/office/reports?show=all", &tg).await;
        assert!(!list.body.contains("检举控告 J"), "{}", list.body);
        assert!(!holds(&bytes_below(county.folder.path()), TEXT));
    });
}

#[test]
fn no_public_page_tells_of_a_report() {
    block_on(async {
        let hall = Hall::new().await;
        let filed = hall.file("village_cadre", &["VPS"], true).await;
        let registry = &hall.county.app.setup.registry;
        registry.count_reports(&hall.counter(), now()).await.unwrap();
        let starts = ["/", "/statistics", "/open-data", "/api/v1/figures.json"].map(str::to_owned);
        let answers = walked(&hall.county, &starts, "").await;
        let seen = |path: &str| answers.iter().any(|(known, _)| known == path);
        assert!(seen(&format!("/villages/{VILLAGE}/topics")) && answers.len() > 20);
        for (path, answer) in &answers {
            for secret in [TEXT, CONTACT, filed.number.as_str(), "周试验"] {
                assert!(!holds(&answer.bytes, secret), "{secret} on {path}");
            }
        }
    });
}
