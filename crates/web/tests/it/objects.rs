//! Things of one village in the hands of the next: every page and act of the office is tried with the
//! number of a thing that belongs to others.

use axum::http::Method;
use registry::actions::preparations::{self, NewPreparation};
use serde_json::{Map, json};

use crate::county::{County, OTHER, VILLAGE, block_on, now};

/// Opens a matter of the village by the form; its number.
pub async fn matter(county: &County, login: &str) -> String {
    let cookie = county.sign_in(login).await;
    let page = county.get("/office/matters/new", &cookie).await;
    let form = format!(
        "token={}&power=A01&place={VILLAGE}&title=%E4%BF%AE%E8%B7%AF&amount=100",
        page.token()
    );
    let answer = county.post("/office/matters", &cookie, &form).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    answer.header("location").rsplit('/').next().unwrap().to_owned()
}

/// Prepares a notice of the village; its key.
async fn preparation(county: &County, login: &str) -> String {
    let cookie = county.sign_in(login).await;
    let page = county.get("/office/notices/new", &cookie).await;
    let form = format!(
        "token={}&place={VILLAGE}&duty=V24&period=2026-10&title=a&lines=&text=b&names=",
        page.token()
    );
    let answer = county.post("/office/notices", &cookie, &form).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    answer.header("location").rsplit('/').next().unwrap().to_owned()
}

/// Asks about a notice; the number of the question.
async fn question(county: &County, notice: &str) -> String {
    let page = county.get(&format!("/notices/{notice}"), "").await;
    let form = format!("token={}&text=why&contact=13900000000", page.token());
    let path = format!("/notices/{notice}/questions");
    let answer = county.post(&path, &page.cookie(), &form).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    let number = answer.header("location").split("asked=").nth(1).unwrap();
    number.split('#').next().unwrap().to_owned()
}

/// Fields of every form of the office.
const FIELDS: &str = "step=propose&role=VC&answer=agree&note=x&reason=x&text=x&settles=1&lines=&body=VPB\
    &held_on=2026-11-20&called_on=&should_attend=5&present=5&votes_for=5&votes_against=0&abstentions=0";

#[test]
fn the_next_village_cannot_see_or_touch_a_thing() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VAC", "VSC", "VPS", "VCH"]).await;
        for role in ["VC", "VAC", "VSC", "VPS", "VCH"] {
            county.hire_in(role, &format!("next-{}", role.to_lowercase()), OTHER).await;
        }
        let notice = county.publish("本村公示", "内容").await;
        let (matter, prepared) = (matter(&county, "vc").await, preparation(&county, "vac").await);
        let asked = question(&county, &notice).await;
        let request = request(&county).await;
        let inquiry = inquiry(&county, &prepared).await;
        let secrets = [matter.as_str(), &prepared, &asked, &request, "13900000000", "修路"];
        let mut tried = 0;
        for login in ["next-vc", "next-vac", "next-vsc", "next-vps", "next-vch"] {
            let cookie = county.sign_in(login).await;
            let token = county.get("/office/account", &cookie).await.token().to_owned();
            for route in county.routes().iter().filter(|route| route.path.starts_with("/office")) {
                let thing = match route.path {
                    path if path.contains("/matters/") => &matter,
                    path if path.contains("/prepared/") => &prepared,
                    path if path.contains("/inquiries/") => &inquiry,
                    path if path.contains("/questions/") => &asked,
                    path if path.contains("/requests/") => &request,
                    _ => &notice,
                };
                let path = route.path.replace("{number}", thing).replace("{id}", thing);
                let about_one = path != route.path;
                let answer = match route.method {
                    Method::GET => county.get(&path, &cookie).await,
                    _ if !about_one => continue,
                    _ if path.ends_with("/documents") || path.ends_with("/photos") => continue,
                    _ => county.post(&path, &cookie, &format!("token={token}&{FIELDS}")).await,
                };
                let status = answer.status.as_u16();
                if about_one {
                    assert!(
                        [403, 404].contains(&status),
                        "{login} {path}: {status} {}",
                        answer.body
                    );
                    tried += 1;
                }
                for secret in secrets.iter().filter(|_| status == 200) {
                    assert!(!answer.body.contains(secret), "{login} sees {secret} on {path}");
                }
            }
        }
        assert!(tried >= 75, "{tried}");
        unchanged(&county, &matter, &prepared, &notice).await;
    });
}

/// A question of the village's committee about a prepared notice; its key.
async fn inquiry(county: &County, prepared: &str) -> String {
    let cookie = county.sign_in("vsc").await;
    let page = county.get(&format!("/office/notices/prepared/{prepared}"), &cookie).await;
    let path = format!("/office/notices/prepared/{prepared}/inquiries");
    let form = format!("token={}&text=why", page.token());
    let answer = county.post(&path, &cookie, &form).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    let db = &county.app.setup.registry.db;
    let asked = registry::queries::inquiries::of(db, &registry::By::system(), prepared).await;
    asked.unwrap()[0].id.clone()
}

/// A villager's request about money of his own.
async fn request(county: &County) -> String {
    use registry::actions::requests::{self, NewRequest};
    let mut tx = county.begin().await;
    let new = NewRequest {
        kind: "not_received".to_owned(),
        place: VILLAGE.to_owned(),
        text: "没有收到".to_owned(),
        ..NewRequest::default()
    };
    let (number, _, entry) = requests::open(&mut tx, county.law().rules(), &new).await.unwrap();
    tx.commit(entry).await.unwrap();
    number
}

async fn unchanged(county: &County, matter: &str, prepared: &str, notice: &str) {
    use registry::queries::{preparations, public_matter, public_notice};
    let db = &county.app.setup.registry.db;
    let found = public_matter::matter(db, matter).await.unwrap().unwrap();
    assert_eq!((found.head.state.as_str(), found.done.len()), ("open", 0));
    let by = registry::By::system();
    let found = preparations::one(db, &by, prepared).await.unwrap().unwrap();
    assert_eq!(found.state, "waiting");
    let found = public_notice::notice(db, notice, now().day).await.unwrap().unwrap();
    assert_eq!(found.versions.len(), 1);
    assert!(found.questions.iter().all(|question| question.answer.is_none()));
}

/// A number of a person does not leave the office by any field that becomes public.
#[test]
fn no_field_carries_a_number_of_a_person_into_the_public() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VAC"]).await;
        let telephone = "13800138000";
        let cookie = county.sign_in("vc").await;
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let form = format!("token={token}&power=A01&place={VILLAGE}&title={telephone}&amount=");
        let opened = county.post("/office/matters", &cookie, &form).await;
        assert_eq!(opened.status.as_u16(), 422, "{}", opened.body);
        let mut tx = county.begin().await;
        for (title, text, name) in
            [(telephone, "b", "c"), ("a", telephone, "c"), ("a", "b", telephone)]
        {
            let map = |key: &str, value| Map::from_iter([(key.to_owned(), json!(value))]);
            let new = NewPreparation {
                place: VILLAGE.to_owned(),
                duty: "V24".to_owned(),
                period: "2026-10".to_owned(),
                title: title.to_owned(),
                body: map("text", text),
                personal: map("name", name),
            };
            assert!(preparations::prepare(&mut tx, &new).await.is_err(), "{title} {text} {name}");
        }
        drop(tx);
        let notice = county.publish("公示", "内容").await;
        let cookie = county.sign_in("vac").await;
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        for fields in
            ["reason=13800138000&text=b", "reason=a&text=13800138000", "reason=a&lines=13800138000"]
        {
            let path = format!("/office/notices/{notice}/correction");
            let answer = county.post(&path, &cookie, &format!("token={token}&{fields}")).await;
            assert_eq!(answer.status.as_u16(), 422, "{fields}: {}", answer.body);
        }
    });
}
