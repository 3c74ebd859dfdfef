//! Forms are taken from pages of this site only, and lead to pages of this site only.

use axum::http::Method;

use crate::county::{County, PASSWORD, block_on};

/// Headers of a form that another site sent.
const ELSEWHERE: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("origin", "https://evil.test")],
    &[("origin", "null")],
    &[("origin", "http://mb.test.evil.test")],
    &[("origin", "https://evil.test"), ("sec-fetch-site", "same-origin")],
];

#[test]
fn a_form_without_its_token_or_from_elsewhere_is_refused() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let door = county.get("/sign-in", "").await;
        let visitor = door.cookie();
        let right =
            format!("token={}&login=vc&password={}", door.token(), PASSWORD.replace(' ', "+"));
        let other = county.get("/sign-in", "").await;
        for form in
            ["login=vc&password=x", "token=&login=vc&password=x", "token=0&login=vc&password=x"]
        {
            assert_eq!(
                county.post("/sign-in", &visitor, form).await.status.as_u16(),
                403,
                "{form}"
            );
        }
        let foreign = county.post("/sign-in", &other.cookie(), &right).await;
        assert_eq!(foreign.status.as_u16(), 403, "another visitor's token");
        assert_eq!(county.post("/sign-in", "", &right).await.status.as_u16(), 403, "no cookie");
        for headers in ELSEWHERE {
            let answer = county.post_from("/sign-in", &visitor, &right, headers).await;
            assert_eq!(answer.status.as_u16(), 403, "{headers:?}");
            assert!(answer.cookies().is_empty());
        }
        // Old browsers say nothing about where a form comes from; the token is enough.
        let old = county.post_from("/sign-in", &visitor, &right, &[]).await;
        assert_eq!(old.status.as_u16(), 303);
        let own = [("origin", "http://mb.test"), ("sec-fetch-site", "same-origin")];
        assert_eq!(county.post_from("/sign-in", &visitor, &right, &own).await.status.as_u16(), 303);
    });
}

/// Every act of the site, not just the door.
#[test]
fn no_act_is_done_without_a_token() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "TG", "SYS", "SEC", "VAC", "VSC"]).await;
        let mut posts = 0;
        for login in ["vc", "tg", "sys", "sec", "vac", "vsc"] {
            let cookie = county.sign_in(login).await;
            let page = county.get("/office/account", &cookie).await;
            let token = format!("token={}", page.token());
            let other = county.sign_in("vc").await;
            let other = county.get("/office/account", &other).await;
            let foreign = format!("token={}", other.token());
            for route in county.routes().iter().filter(|route| route.method == Method::POST) {
                let path = filled(route.path);
                posts += 1;
                // Own pages ask first who was recognised.
                let no = if path.starts_with("/my/") { 401 } else { 403 };
                let bare = county.post(&path, &cookie, "").await;
                assert_eq!(bare.status.as_u16(), no, "{path} without a token: {}", bare.body);
                let theirs = county.post(&path, &cookie, &foreign).await;
                assert_eq!(theirs.status.as_u16(), no, "{path} with another session's token");
                for headers in ELSEWHERE {
                    let answer = county.post_from(&path, &cookie, &token, headers).await;
                    assert_eq!(answer.status.as_u16(), no, "{path} {headers:?}");
                }
            }
            let still = county.get("/office/account", &cookie).await;
            assert_eq!(still.status.as_u16(), 200, "nobody was signed out");
        }
        assert!(posts > 60, "{posts}");
    });
}

/// A path with something in the place of its parameters.
pub fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "none" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[test]
fn a_session_is_always_new() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let planted = "mb_session=00000000000000000000000000000000";
        let page = county.get("/sign-in", planted).await;
        let form =
            format!("token={}&login=vc&password={}", page.token(), PASSWORD.replace(' ', "+"));
        let answer = county.post("/sign-in", planted, &form).await;
        assert_eq!(answer.status.as_u16(), 303);
        assert_ne!(answer.cookie(), planted, "no fixation");
        assert_eq!(county.get("/office", planted).await.status.as_u16(), 303, "it opens nothing");
        let (one, two) = (county.sign_in("vc").await, county.sign_in("vc").await);
        assert_ne!(one, two);
        let token = county.get("/office/account", &one).await.token().to_owned();
        let out = format!("token={token}");
        assert_eq!(county.post("/sign-out", &two, &out).await.status.as_u16(), 403);
        assert_eq!(county.post("/sign-out", &one, &out).await.status.as_u16(), 303);
        assert_eq!(county.get("/office", &one).await.status.as_u16(), 303, "signed out");
        assert_eq!(county.get("/office", &two).await.status.as_u16(), 200);
    });
}

#[test]
fn nobody_is_led_to_another_site() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        for back in [
            "//evil.test",
            "https://evil.test",
            "/%5Cevil.test",
            "/%09/evil.test",
            "%09//evil.test",
            "/%0D%0ALocation:%20//evil.test",
            "javascript:alert(1)",
            "%2F%2Fevil.test",
        ] {
            let kept = county.get(&format!("/settings?lang=en&back={back}"), "").await;
            assert_eq!((kept.status.as_u16(), kept.header("location")), (303, "/"), "{back}");
            let door = county.get(&format!("/sign-in?back={back}"), "").await;
            let password = PASSWORD.replace(' ', "+");
            let form = format!("token={}&login=vc&password={password}&back={back}", door.token());
            let inside = county.post("/sign-in", &door.cookie(), &form).await;
            assert_eq!((inside.status.as_u16(), inside.header("location")), (303, "/"), "{back}");
        }
        let led = county.get("/office/matters?q=1", "").await;
        assert_eq!(led.header("location"), "/sign-in?back=/office/matters%3Fq%3D1");
    });
}
