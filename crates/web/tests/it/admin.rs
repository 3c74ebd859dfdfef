//! Administration over the site: places, posts, accounts with their first sign-in, the catalogues, looks.

use facts::AccessEntry;

use crate::county::{COUNTY, County, NAME, PASSWORD, TOWNSHIP, VILLAGE, block_on, now};
use crate::imports::send;
use crate::logs::logged;
use crate::villager::{county as paid, id_number, name};

/// The key behind a link on a page: `/office/users/<key>`.
fn key(body: &str, before: &str) -> String {
    let rest = body.split(before).nth(1).unwrap_or_else(|| panic!("{before}: {body}"));
    rest.split(['"', '?', '/']).next().unwrap().to_owned()
}

/// What stands behind a mark up to a tag.
fn shown(body: &str, mark: &str) -> String {
    body.split(mark).nth(1).expect(mark).split('<').next().unwrap().to_owned()
}

#[test]
fn an_account_is_made_by_one_given_rights_by_another_and_started_by_its_owner() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["SYS", "SEC", "TG"]).await;
        let (sys, sec) = (county.sign_in("sys").await, county.sign_in("sec").await);
        county.appoint(VILLAGE, "VC").await;
        let found =
            send(&county, "/office/users", "/office/users/people", &sys, "&login=vc-9&q=梁").await;
        // Of those who share the name, the one with a post in the village.
        let mut named = found.1.split("name=\"person\" value=\"").skip(1);
        let theirs = named.find(|one| one.contains("试验村"));
        let theirs = theirs.unwrap_or_else(|| panic!("{}", found.1));
        assert!(theirs.contains(NAME), "{theirs}");
        let person = theirs.split('"').next().unwrap();
        let form = format!("&login=vc-9&person={person}");
        let (status, page) = send(&county, "/office/users", "/office/users", &sys, &form).await;
        assert_eq!(status, 200, "{page}");
        let first = shown(&page, "<p class=\"code\"><b>");
        assert_eq!(first.len(), 14, "{first}");
        assert!(!county.get("/office/users", &sys).await.body.contains(&first), "shown once");
        let list = county.get("/office/users", &sec).await.body;
        let id = key(
            list.split("vc-9").next().unwrap().rsplit_once("<li>").unwrap().1,
            "/office/users/",
        );
        let one = format!("/office/users/{id}");
        let role = format!("&role=TG&place={TOWNSHIP}");
        let by_sys = send(&county, &one, &format!("{one}/roles"), &sys, &role).await;
        assert_eq!(by_sys.0, 403, "who makes accounts gives no rights: {}", by_sys.1);
        assert_eq!(send(&county, &one, &format!("{one}/roles"), &sec, &role).await.0, 303);
        let wrong = format!("&role=SYS&place={COUNTY}");
        let refused = send(&county, &one, &format!("{one}/roles"), &sec, &wrong).await;
        assert!(refused.0 == 409 && refused.1.contains("不能再有业务角色"), "{}", refused.1);
        assert!(refused.1.contains("GB/T 22239"), "with its basis: {}", refused.1);
        let (status, _) = send(&county, &one, &format!("{one}/roles/end"), &sec, &role).await;
        assert_eq!(status, 303);
        let left = county.get(&one, &sec).await.body;
        assert!(left.contains("没有角色"), "{left}");
        assert_eq!(send(&county, &one, &format!("{one}/roles"), &sec, &role).await.0, 303);
        asks_for_a_second_factor(&county, &first).await;
        // With a role of the village alone a password is enough.
        assert_eq!(send(&county, &one, &format!("{one}/roles/end"), &sec, &role).await.0, 303);
        let role = format!("&role=VC&place={VILLAGE}");
        assert_eq!(send(&county, &one, &format!("{one}/roles"), &sec, &role).await.0, 303);
        started(&county, &first).await;
        assert_eq!(send(&county, &one, &format!("{one}/closure"), &sys, "").await.0, 303);
        assert!(county.get(&one, &sec).await.body.contains("已停用"));
    });
}

/// Signs in for the first time; the cookie of a session that opens nothing yet.
async fn first_sign_in(county: &County, first: &str) -> String {
    let door = county.get("/sign-in", "").await;
    let form = format!("token={}&login=vc-9&password={first}", door.token());
    let led = county.post("/sign-in", &door.cookie(), &form).await;
    assert_eq!(led.header("location"), "/sign-in/start", "{}", led.body);
    let cookie = led.cookie();
    assert_eq!(county.get("/office", &cookie).await.status.as_u16(), 303, "it opens nothing");
    cookie
}

async fn asks_for_a_second_factor(county: &County, first: &str) {
    let cookie = first_sign_in(county, first).await;
    let page = county.get("/sign-in/start", &cookie).await;
    let secret = shown(&page.body, "<code>");
    assert!(page.body.contains("<svg") && secret.len() > 30, "{}", page.body);
    let again = county.get("/sign-in/start", &cookie).await;
    assert_eq!(shown(&again.body, "<code>"), secret, "the same while it is not taken up");
    let form = "&new=letters-of-mine&again=letters-of-mine&code=000000";
    let wrong = send(county, "/sign-in/start", "/sign-in/start", &cookie, form).await;
    assert!(wrong.0 == 200 && wrong.1.contains("验证码不对"), "{}", wrong.1);
    assert_eq!(county.get("/office", &cookie).await.status.as_u16(), 303, "still nothing");
}

async fn started(county: &County, first: &str) {
    const START: &str = "/sign-in/start";
    let cookie = first_sign_in(county, first).await;
    let differ = send(county, START, START, &cookie, "&new=letters-of-mine&again=letters").await;
    assert!(differ.0 == 200 && differ.1.contains("不一样"), "{}", differ.1);
    let short = send(county, START, START, &cookie, "&new=short&again=short").await;
    assert!(short.0 == 200 && short.1.contains("口令太短"), "{}", short.1);
    let token = county.get(START, &cookie).await.token().to_owned();
    let form = format!("token={token}&new=letters-of-mine&again=letters-of-mine");
    let inside = county.post(START, &cookie, &form).await;
    assert_eq!(inside.header("location"), "/office", "{}", inside.body);
    assert_eq!(county.get("/office", &inside.cookie()).await.status.as_u16(), 200);
    assert_eq!(county.get("/office", &cookie).await.status.as_u16(), 303, "no fixation");
    assert_eq!(county.get(START, &inside.cookie()).await.header("location"), "/office");
}

#[test]
fn nobody_gives_himself_rights_and_a_locked_account_is_opened_again() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["SYS", "SEC", "VC"]).await;
        let (sys, sec) = (county.sign_in("sys").await, county.sign_in("sec").await);
        let list = county.get("/office/users", &sec).await.body;
        let own = key(
            list.split("<b>sec</b>").next().unwrap().rsplit_once("<li>").unwrap().1,
            "/office/users/",
        );
        let page = format!("/office/users/{own}");
        assert!(county.get(&page, &sec).await.body.contains("您自己的账号"));
        let form = format!("&role=AUD&place={COUNTY}");
        let refused = send(&county, "/office/account", &format!("{page}/roles"), &sec, &form).await;
        assert!(refused.0 == 409 && refused.1.contains("不能给自己授权"), "{}", refused.1);
        for _ in 0..5 {
            let door = county.get("/sign-in", "").await;
            let form = format!("token={}&login=vc&password=wrong-letters", door.token());
            county.post("/sign-in", &door.cookie(), &form).await;
        }
        let village = format!("/office/users?place={TOWNSHIP}");
        let list = county.get(&village, &sys).await.body;
        assert!(list.contains("已锁定") && !list.contains("<b>sec</b>"), "{list}");
        let id = key(&list, "/office/users/");
        let one = format!("/office/users/{id}");
        assert_eq!(send(&county, &one, &format!("{one}/unlock"), &sys, "").await.0, 303);
        assert!(!county.get(&one, &sys).await.body.contains("已锁定"));
        let cookie = county.sign_in("vc").await;
        assert_eq!(send(&county, &one, &format!("{one}/sessions/end"), &sys, "").await.0, 303);
        assert_eq!(county.get("/office", &cookie).await.status.as_u16(), 303, "signed out");
        let (status, page) = send(&county, &one, &format!("{one}/password"), &sys, "").await;
        let given = shown(&page, "<p class=\"code\"><b>");
        assert!(status == 200 && given.len() == 14, "{page}");
        let door = county.get("/sign-in", "").await;
        let old =
            format!("token={}&login=vc&password={}", door.token(), PASSWORD.replace(' ', "+"));
        assert_eq!(county.post("/sign-in", &door.cookie(), &old).await.status.as_u16(), 200);
        let new = format!("token={}&login=vc&password={given}", door.token());
        let led = county.post("/sign-in", &door.cookie(), &new).await;
        assert_eq!(led.header("location"), "/sign-in/start");
        let start = county.get("/sign-in/start", &led.cookie()).await;
        assert!(!start.body.contains("<code>"), "a village role asks for no second factor");
    });
}

#[test]
fn places_are_added_renamed_and_closed_and_posts_given_and_ended() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["SYS", "TG"]).await;
        let (sys, town) = (county.sign_in("sys").await, county.sign_in("tg").await);
        assert_eq!(county.get("/office/places", &town).await.status.as_u16(), 403);
        let above = format!("/office/places/{TOWNSHIP}");
        for (code, status) in [("990001102299", 422), ("99000110129", 422), ("990001101299", 303)] {
            let form = format!("&code={code}&name=小村");
            let done = send(&county, &above, &format!("{above}/below"), &sys, &form).await;
            assert_eq!(done.0, status, "{code}: {}", done.1);
        }
        let small = "/office/places/990001101299";
        assert_eq!(send(&county, small, &format!("{small}/name"), &sys, "&name=大村").await.0, 303);
        let page = county.get(small, &sys).await.body;
        assert!(page.contains("大村") && page.contains("小村"), "the old name stays known");
        let area = send(&county, &above, &format!("{above}/area"), &sys, "&area=东片区").await;
        assert_eq!(area.0, 303);
        assert!(county.get("/office/places", &sys).await.body.contains("东片区"));
        county.pass(1);
        let (sys, town) = (county.sign_in("sys").await, county.sign_in("tg").await);
        let posts = "/office/posts/990001101299";
        county.appoint("990001101299", "VPS").await;
        let found = send(&county, posts, &format!("{posts}/people"), &town, "&q=梁").await.1;
        let person = key(&found, "name=\"person\" value=\"");
        assert!(!found.contains("990001199"), "no number of a person");
        for role in ["VCH", "VPS"] {
            let form = format!("&person={person}&role={role}&from=2026-11-24");
            assert_eq!(send(&county, posts, posts, &town, &form).await.0, 303, "{role}");
        }
        let wrong = format!("&person={person}&role=VSC&from=2026-11-24");
        let refused = send(&county, posts, posts, &town, &wrong).await;
        assert!(refused.0 == 409 && refused.1.contains("村务监督委员会"), "{}", refused.1);
        let other = format!("&person={person}&role=CL1&from=2026-11-24");
        assert_eq!(send(&county, posts, posts, &town, &other).await.0, 422, "not a village's");
        let page = county.get(posts, &town).await.body;
        assert!(page.contains("一肩挑"), "{page}");
        assert!(county.get("/office/posts", &town).await.body.contains("一肩挑"));
        let close = format!("{small}/closure");
        let day = "&until=2026-11-25";
        assert_eq!(send(&county, small, &close, &sys, day).await.0, 422, "posts go on");
        for _ in 0..3 {
            let page = county.get(posts, &town).await.body;
            let form = format!("&post={}{day}", key(&page, "name=\"post\" value=\""));
            assert_eq!(send(&county, posts, &format!("{posts}/end"), &town, &form).await.0, 303);
        }
        assert_eq!(send(&county, small, &close, &sys, day).await.0, 303);
        assert!(county.get("/office/places", &sys).await.body.contains("撤销"));
        assert_eq!(county.get(small, &town).await.status.as_u16(), 403);
    });
}

#[test]
fn every_item_of_the_catalogues_has_its_page() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "AUD"]).await;
        let clerk = county.sign_in("vc").await;
        let mut pages = 0;
        for kind in ["power", "procedure", "duty", "profile", "deadline", "role", "body", "benefit"]
        {
            let list = county.get(&format!("/office/catalogue?kind={kind}"), &clerk).await.body;
            let mark = format!("href=\"/office/catalogue/{kind}/");
            let codes: Vec<String> = list
                .split(&mark)
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap().to_owned())
                .collect();
            assert!(!codes.is_empty(), "{kind}");
            for code in codes {
                let path = format!("/office/catalogue/{kind}/{code}");
                let page = county.get(&path, &clerk).await;
                assert_eq!(page.status.as_u16(), 200, "{path}");
                assert!(!page.body.contains("web-cat-"), "{path} has words for all: {}", page.body);
                pages += 1;
            }
        }
        assert!(pages > 280, "{pages}");
        let found = county.get("/office/catalogue?q=危房", &clerk).await.body;
        assert!(found.contains("/office/catalogue/power/E26"), "{found}");
        let power =
            county.get("/office/catalogue/power/E26", &county.sign_in("aud").await).await.body;
        for word in ["现行", "依据", "监委会"] {
            assert!(power.contains(word), "{word}: {power}");
        }
        assert_eq!(county.get("/office/catalogue/power/Z99", &clerk).await.status.as_u16(), 404);
        assert_eq!(county.get("/office/catalogue/none/E26", &clerk).await.status.as_u16(), 404);
    });
}

#[test]
fn looks_are_shown_without_whom_and_reading_them_is_a_look() {
    let log = logged(async {
        let county = paid(8).await;
        county.hire(&["AUD", "CG", "SYS"]).await;
        let folder = facts::Folder::open(&county.folder.path().join("data"), None).unwrap();
        for (at, who, user) in [(1, 3, "zhang"), (2, 4, "li")] {
            let entry = AccessEntry {
                at_ms: now().ms - at,
                user: user.to_owned(),
                office: "试验镇纪委".to_owned(),
                act: "person".to_owned(),
                purpose: "核实补贴".to_owned(),
                people: 1,
                subject: Some(folder.key_of_id(&id_number(who))),
                subjects: Vec::new(),
            };
            folder.log_access(&entry).unwrap();
        }
        let (aud, sys) = (county.sign_in("aud").await, county.sign_in("sys").await);
        const LOG: &str = "/office/access-log";
        assert_eq!(county.get(LOG, &sys).await.status.as_u16(), 403);
        let all = county.get(LOG, &aud).await.body;
        assert!(all.contains("zhang") && all.contains("li") && all.contains("核实补贴"), "{all}");
        let days = "&from=2026-11-01&until=2026-11-24";
        let id = id_number(3);
        let silent = send(&county, LOG, LOG, &aud, &format!("{days}&id_number={id}")).await;
        assert_eq!(silent.0, 422, "who asks for one person says why");
        let form = format!("{days}&id_number={id}&why=投诉");
        let one = send(&county, LOG, LOG, &aud, &form).await.1;
        assert!(one.contains("zhang") && !one.contains("<span>li"), "{one}");
        for body in [&all, &one] {
            for secret in [id_number(3), name(3), folder.key_of_id(&id).to_string()] {
                assert!(!body.contains(&secret), "{secret}");
            }
        }
        let user = send(&county, LOG, LOG, &aud, &format!("{days}&user=li")).await.1;
        assert!(user.contains("<span>li") && !user.contains("<span>zhang"), "{user}");
        let before = send(&county, LOG, LOG, &aud, "&from=2026-11-01&until=2026-11-20").await.1;
        assert!(!before.contains("zhang"), "{before}");
        let staff = county.get(LOG, &county.sign_in("cg").await).await.body;
        assert!(
            staff.contains("看查看日志") && staff.contains("投诉") && staff.contains("aud"),
            "{staff}"
        );
    });
    assert!(!log.contains(&id_number(3)), "no number is in the log");
}
