//! The doors: of the office and of a villager's own data. Who knocks often or without knowing learns
//! nothing, keeps nobody else out, and is stopped.

use std::time::Instant;

use crate::county::{Answer, County, PASSWORD, VILLAGE, block_on};
use crate::villager;

async fn knock(county: &County, login: &str, password: &str, device: &str) -> Answer {
    let door = county.get("/sign-in", "").await;
    let form = format!("token={}&login={login}&password={password}", door.token());
    let cookies = format!("{}; {device}", door.cookie());
    county.post("/sign-in", &cookies, &form).await
}

/// What a page says, without what is another with each visitor.
fn said(answer: &Answer, login: &str) -> String {
    let body = answer.body.replace(login, "LOGIN");
    let token = answer.token().to_owned();
    format!("{} {}", answer.status, body.replace(&token, "TOKEN"))
}

#[test]
fn a_stranger_does_not_learn_who_has_an_account() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let unknown =
            said(&knock(&county, "nobody-here", "wrong-password", "").await, "nobody-here");
        for _ in 0..8 {
            let wrong = said(&knock(&county, "vc", "wrong-password", "").await, "vc");
            assert_eq!(wrong.replace("\"LOGIN\"", ""), unknown.replace("\"LOGIN\"", ""));
        }
        // By now it is locked: the right password is answered like a wrong one.
        let right = knock(&county, "vc", &PASSWORD.replace(' ', "+"), "").await;
        assert_eq!(said(&right, "vc").replace("\"LOGIN\"", ""), unknown.replace("\"LOGIN\"", ""));
    });
}

/// Passwords are hashed slowly: where one is not hashed, the answer comes many times as soon.
#[test]
fn an_unknown_name_and_a_locked_account_cost_the_same_work() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VAC"]).await;
        for _ in 0..6 {
            knock(&county, "vac", "wrong-password", "").await;
        }
        let mut quickest = Vec::new();
        for login in ["vc", "vac", "nobody-here"] {
            let mut times = Vec::new();
            for _ in 0..4 {
                let begun = Instant::now();
                knock(&county, login, "wrong-password", "").await;
                times.push(begun.elapsed());
            }
            quickest.push(times.into_iter().min().unwrap());
        }
        let (least, most) = (quickest.iter().min().unwrap(), quickest.iter().max().unwrap());
        assert!(*most < *least * 3, "{quickest:?}");
    });
}

#[test]
fn strangers_cannot_keep_a_clerk_out_of_the_device_that_he_uses() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VAC"]).await;
        let password = PASSWORD.replace(' ', "+");
        let inside = knock(&county, "vc", &password, "").await;
        assert_eq!(inside.status.as_u16(), 303);
        let device = inside.cookies().into_iter().find(|line| line.starts_with("mb_device="));
        let device = device.unwrap().split(';').next().unwrap().to_owned();
        for login in ["vc", "vac"] {
            for _ in 0..6 {
                assert_eq!(knock(&county, login, "wrong-password", "").await.status.as_u16(), 200);
            }
            assert_eq!(knock(&county, login, &password, "").await.status.as_u16(), 200, "locked");
        }
        assert_eq!(knock(&county, "vc", &password, &device).await.status.as_u16(), 303);
        // It is his device, and opens no other account; a made-up one opens nothing.
        assert_eq!(knock(&county, "vac", &password, &device).await.status.as_u16(), 200);
        let made_up = format!("mb_device={}", "ab".repeat(56));
        assert_eq!(knock(&county, "vc", &password, &made_up).await.status.as_u16(), 200);
        // Whoever has stolen the device does not get more tries than others.
        for _ in 0..6 {
            knock(&county, "vc", "wrong-password", &device).await;
        }
        assert_eq!(knock(&county, "vc", &password, &device).await.status.as_u16(), 200);
    });
}

#[test]
fn a_flood_of_sign_ins_is_turned_away_before_it_fills_the_memory() {
    block_on(async {
        let county = std::sync::Arc::new(County::new(None).await);
        let door = county.get("/sign-in", "").await;
        let form = format!("token={}&login=nobody&password=wrong-password", door.token());
        let cookie = door.cookie();
        let knocks = (0..100).map(|_| county.post("/sign-in", &cookie, &form));
        let mut knocks: Vec<_> = knocks.map(Box::pin).collect();
        let mut turned_away = 0;
        // All at once: each is begun before any is done.
        let mut open = std::future::poll_fn(|context| {
            knocks.retain_mut(|knock| match knock.as_mut().poll(context) {
                std::task::Poll::Ready(answer) => {
                    turned_away += usize::from(answer.status.as_u16() == 429);
                    false
                }
                std::task::Poll::Pending => true,
            });
            if knocks.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        });
        (&mut open).await;
        assert!((20..=40).contains(&turned_away), "{turned_away} of 100");
        assert_eq!(county.get("/sign-in", "").await.status.as_u16(), 200, "the site goes on");
    });
}

#[test]
fn whoever_is_unknown_wrong_or_over_the_budget_is_told_the_same() {
    block_on(async {
        let county = villager::county(3).await;
        let page = county.get("/my", "").await;
        let visitor = page.cookie();
        let look = async |form: &str| {
            let work = villager::work(&county.get("/my", &visitor).await);
            county.post("/my", &visitor, &format!("{form}&{work}")).await
        };
        let form = villager::form(&page, 0);
        let wrong = [
            form.replace(&villager::id_number(0), &villager::id_number(50)),
            form.replace(&villager::name(0), &villager::name(1)),
            form.replace("last_four=0000", "last_four=0001"),
            form.replace("last_four=0000", "last_four="),
        ];
        let mut said = Vec::new();
        for form in &wrong {
            let answer = look(form).await;
            assert_eq!((answer.status.as_u16(), answer.cookies().len()), (200, 0), "{form}");
            said.push(without_challenge(&answer.body));
        }
        // Three tries about the first person were made; the budget is six an hour.
        for _ in 0..3 {
            look(&wrong[1]).await;
        }
        said.push(without_challenge(&look(&form).await.body));
        said.dedup();
        assert_eq!(said.len(), 1, "{said:?}");
        // Somebody else of the same village, behind the same address, is let in.
        assert_eq!(look(&villager::form(&page, 1)).await.status.as_u16(), 303);
    });
}

fn without_challenge(body: &str) -> String {
    let (before, rest) = body.split_once("name=\"challenge\" value=\"").unwrap();
    format!("{before}{}", rest.split_once('"').unwrap().1)
}

#[test]
fn work_is_demanded_for_each_look_of_many() {
    block_on(async {
        let county = villager::county(1).await;
        let page = county.get("/my", "").await;
        let (visitor, work) = (page.cookie(), villager::work(&page));
        let nobody = villager::form(&page, 0).replace(&villager::name(0), "somebody");
        let used = format!("{nobody}&{work}");
        let mut turned_away = 0;
        // The same work again and again is none; without work few are let in a second.
        for _ in 0..30 {
            let answer = county.post("/my", &visitor, &used).await;
            turned_away += usize::from(answer.status.as_u16() == 429);
        }
        assert!(turned_away >= 15, "{turned_away}");
    });
}

#[test]
fn own_data_are_shown_to_their_owner_alone() {
    block_on(async {
        let county = villager::county(3).await;
        let (first, second) =
            (villager::recognised(&county, 0).await, villager::recognised(&county, 1).await);
        let (one, two) =
            (county.get("/my/benefits", &first).await, county.get("/my/benefits", &second).await);
        assert!(one.body.contains("0.50") && two.body.contains("1.50"));
        assert!(!one.body.contains("1.50") && !two.body.contains(">0.50"), "each his own");
        assert_eq!(one.header("cache-control"), "no-store");
        // A payment of another is none of his.
        let key = |body: &str| {
            body.split("name=\"payment\" value=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        };
        let form = |page: &Answer, payment: &str| {
            format!("token={}&payment={payment}&kind=not_mine", page.token())
        };
        let foreign = form(&one, &key(&two.body));
        for path in ["/my/requests/new", "/my/requests"] {
            let answer = county.post(path, &first, &foreign).await;
            assert_eq!(answer.status.as_u16(), 404, "{path}: {}", answer.body);
        }
        let own = form(&one, &key(&one.body));
        assert_eq!(county.post("/my/requests", &first, &own).await.status.as_u16(), 200);
        let again = county.post("/my/requests", &first, &own).await;
        assert_eq!(again.status.as_u16(), 422, "the same again: {}", again.body);
        // No act without the token of his own page.
        let bare = own.replace(one.token(), two.token());
        assert_eq!(county.post("/my/requests", &first, &bare).await.status.as_u16(), 403);
        assert_eq!(county.post("/my/end", &first, "").await.status.as_u16(), 403);
        let end = format!("token={}", one.token());
        assert_eq!(county.post("/my/end", &first, &end).await.status.as_u16(), 303);
        assert_eq!(county.get("/my/benefits", &first).await.status.as_u16(), 401);
        assert_eq!(county.get("/my/benefits", &second).await.status.as_u16(), 200);
        assert!(!county.get(&format!("/villages/{VILLAGE}"), &second).await.body.contains("1.50"));
    });
}

#[test]
fn questions_do_not_fill_the_memory_or_the_log() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        let page = county.get(&format!("/notices/{number}"), "").await;
        let form = format!("token={}&text=why", page.token());
        // What is not there has no budget of its own.
        for at in 0..200 {
            let path = format!("/notices/{at}/questions");
            assert_eq!(county.post(&path, &page.cookie(), &form).await.status.as_u16(), 404);
        }
        assert_eq!(county.app.questions.len(), 0);
        let path = format!("/notices/{number}/questions");
        let mut taken = 0;
        for _ in 0..40 {
            let answer = county.post(&path, &page.cookie(), &form).await;
            match answer.status.as_u16() {
                303 => taken += 1,
                status => assert_eq!(status, 429),
            }
        }
        assert_eq!(taken, 30);
    });
}
