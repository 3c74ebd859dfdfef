//! Stepped-up supervision over the site: from the list to the notice, duties that become stricter, and a
//! helper who sees a village as long as a cooperation lasts.

use registry::actions::places::{self, NewPlace};

use crate::county::{Answer, COUNTY, County, VILLAGE, block_on};
use crate::hall::typed;

const HERE: &str = "/office/supervision/stepped";
const NEXT: &str = "990001102";

/// Sends a form of the office with the token of the account page.
async fn act(county: &County, cookie: &str, path: &str, form: &str) -> Answer {
    let page = county.get("/office/account", cookie).await;
    let form = format!("token={}&{form}", page.token());
    county.post(path, cookie, &form).await
}

/// Sends a form that must be taken; where it leads.
async fn done(county: &County, cookie: &str, path: &str, form: &str) -> String {
    let answer = act(county, cookie, path, form).await;
    assert_eq!(answer.status.as_u16(), 303, "{path}: {}", answer.body);
    answer.header("location").to_owned()
}

/// What stands between two texts, the first time.
fn between<'a>(body: &'a str, before: &str, after: &str) -> &'a str {
    let rest = body.split(before).nth(1).unwrap_or_else(|| panic!("no {before} in {body}"));
    rest.split(after).next().unwrap()
}

async fn hired() -> County {
    let county = County::new(None).await;
    county.hire(&["CF", "CL1", "CL2", "CJ", "TDI", "VAC", "VC", "VPS"]).await;
    let mut tx = county.begin().await;
    let new = NewPlace {
        code: NEXT.to_owned(),
        parent: Some(COUNTY.to_owned()),
        level: "township".to_owned(),
        name: "邻镇".to_owned(),
        area: None,
    };
    let entry = places::add(&mut tx, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    county.hire_in("TDI", "far", NEXT).await;
    county
}

/// The list is made, changed, approved, and the village is under supervision; its page in the office.
async fn begun(county: &County) -> String {
    let (cf, cl2) = (county.sign_in("cf").await, county.sign_in("cl2").await);
    let list = done(county, &cf, &format!("{HERE}/lists"), "").await;
    assert_eq!(list, format!("{HERE}/lists/2026Q4"));
    let page = county.get(&list, &cf).await;
    assert!(page.body.contains("试验村") && page.body.contains("× 20%"), "{}", page.body);
    let change = format!("place={VILLAGE}&listed=1&reason={}", typed("来信集中"));
    let bare = format!("place={VILLAGE}&listed=1&reason=+");
    let refused = act(county, &cf, &format!("{list}/changes"), &bare).await;
    assert_eq!(refused.status.as_u16(), 409, "a reason is asked for");
    done(county, &cf, &format!("{list}/changes"), &change).await;
    assert_eq!(act(county, &cf, &format!("{list}/approval"), "").await.status.as_u16(), 403);
    done(county, &cl2, &format!("{list}/approval"), "").await;
    let form = county.get(&format!("{HERE}/new?place={VILLAGE}"), &cf).await;
    let leaders = between(&form.body, "name=\"leader\"", "</select>");
    let leader = leaders.split("value=\"").nth(2).unwrap().split('"').next().unwrap();
    let said = ["letter", "visit", "phone", "night"]
        .map(|way| format!("&way_{way}={}", typed("村口老槐树")));
    let form = format!(
        "place={VILLAGE}&leader={leader}&from=2026-11-24&until=2027-05-01&reason={}{}",
        typed("信访集中"),
        said.concat()
    );
    let own = done(county, &cf, &format!("{HERE}/villages"), &form).await;
    let number = own.rsplit('/').next().unwrap();
    let notice = format!("/stepped-up/{number}");
    assert_eq!(county.get(&notice, "").await.status.as_u16(), 404, "nothing is decided");
    let decide = format!("step=decide&agreed=1&words={}", typed("同意"));
    let own_decision = act(county, &cf, &format!("{own}/steps"), &decide).await;
    assert_eq!(own_decision.status.as_u16(), 403, "whoever proposes does not decide");
    done(county, &cl2, &format!("{own}/steps"), &decide).await;
    let public = county.get(&notice, "").await;
    assert!(public.body.contains("村口老槐树") && public.body.contains("/report?place="));
    own
}

#[test]
fn a_village_is_listed_and_its_notice_is_out() {
    block_on(async {
        let county = hired().await;
        let own = begun(&county).await;
        let number = own.rsplit('/').next().unwrap();
        let page = county.get(&format!("/villages/{VILLAGE}"), "").await;
        assert!(page.body.contains(&format!("/stepped-up/{number}")));
        let cf = county.sign_in("cf").await;
        let end = format!("step=end&words={}", typed("看过了"));
        let refused = act(&county, &cf, &format!("{own}/steps"), &end).await;
        assert_eq!(refused.status.as_u16(), 409);
        assert!(refused.body.contains("决策程序"), "what is missing is told by its title");
        // The village itself has the notice, and no page of the office about it.
        for login in ["vc", "vps", "vac"] {
            let cookie = county.sign_in(login).await;
            for path in [HERE, &own] {
                assert_eq!(county.get(path, &cookie).await.status.as_u16(), 403, "{login} {path}");
            }
        }
    });
}

#[test]
fn a_village_under_supervision_owes_every_month() {
    block_on(async {
        let county = hired().await;
        let owed = "duty=F4&amp;period=2026-12";
        county.pass(45);
        let vac = county.sign_in("vac").await;
        assert!(!county.get("/office/notices", &vac).await.body.contains(owed));
        county.pass(-45);
        begun(&county).await;
        county.pass(45);
        let vac = county.sign_in("vac").await;
        let page = county.get("/office/notices", &vac).await;
        assert!(page.body.contains(owed), "{}", page.body);
    });
}

#[test]
fn a_helper_sees_one_village_until_the_last_day() {
    block_on(async {
        let county = hired().await;
        let own = begun(&county).await;
        let number = own.rsplit('/').next().unwrap();
        let (cf, tdi) = (county.sign_in("cf").await, county.sign_in("tdi").await);
        let (far, cl2) = (county.sign_in("far").await, county.sign_in("cl2").await);
        assert_eq!(county.get(&own, &far).await.status.as_u16(), 404, "he works elsewhere");
        let page = county.get(&own, &cf).await;
        let helper = between(&page.body, "&amp;person=", "#new");
        let form = format!(
            "kind=cross&place={VILLAGE}&thing=stepped&number={number}&people={helper}\
             &from=2026-11-24&until=2026-12-03&reason={}",
            typed("人手不足")
        );
        let list = "/office/supervision/cooperations";
        done(&county, &tdi, list, &form).await;
        assert_eq!(county.get(&own, &far).await.status.as_u16(), 404, "nobody has approved it");
        let page = county.get(list, &cl2).await;
        let asked = between(&page.body, &format!("{list}/X"), "/decision").to_owned();
        done(&county, &cl2, &format!("{list}/X{asked}/decision"), "agreed=1").await;
        for (days, status) in [(0, 200), (9, 200), (1, 404), (30, 404)] {
            county.pass(days);
            let far = county.sign_in("far").await;
            let answer = county.get(&own, &far).await;
            assert_eq!(answer.status.as_u16(), status, "{days} days on: {}", answer.body);
        }
    });
}
