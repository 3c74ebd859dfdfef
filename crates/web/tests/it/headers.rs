//! Headers and cookies of every kind of answer.

use axum::body::Body;
use axum::http::Request;

use crate::county::{Answer, County, block_on};
use crate::wechat;

const PATHS: [&str; 12] = [
    "/",
    "/no-such-page",
    "/office",
    "/sign-in",
    "/healthz",
    "/villages/1",
    "/report",
    "/report/receipt",
    "/channels/wechat",
    "/settings?lang=en&back=/",
    "/api/v1/places.json",
    "/assets/0/nothing.css",
];

/// Directives of the content policy.
fn policy(answer: &Answer) -> Vec<&str> {
    answer.header("content-security-policy").split(';').map(str::trim).collect()
}

#[test]
fn every_answer_has_the_headers_that_keep_browsers_safe() {
    block_on(async {
        let county = wechat::county(wechat::SAFE).await;
        let style = county.get("/", "").await.body;
        let style = style.split("href=\"").find(|part| part.starts_with("/assets/")).unwrap();
        let style = style.split('"').next().unwrap();
        let mut answers = vec![county.post("/sign-in", "", "login=x").await];
        answers.push(county.post("/channels/wechat", "", "<xml/>").await);
        for path in PATHS.into_iter().chain([style]) {
            answers.push(county.get(path, "").await);
        }
        let head = Request::head("/").body(Body::empty()).unwrap();
        answers.push(county.send(head).await);
        for answer in &answers {
            let policy = policy(answer);
            for directive in
                ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"]
            {
                assert!(policy.contains(&directive), "{policy:?}");
            }
            assert!(
                policy.contains(&"frame-ancestors 'none'")
                    && policy.contains(&"form-action 'self'")
            );
            assert!(!policy.iter().any(|line| line.contains("unsafe") || line.contains("http")));
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert_eq!(answer.header("referrer-policy"), "same-origin");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
            assert_eq!(answer.header("strict-transport-security"), "", "not without TLS");
            assert!(!answer.header("cache-control").is_empty());
            assert_eq!(answer.header("server"), "");
        }
    });
}

#[test]
fn behind_tls_browsers_are_told_to_stay_there() {
    block_on(async {
        let county = County::new(Some("https://mb.test")).await;
        for path in PATHS {
            let hsts = county.get(path, "").await.header("strict-transport-security").to_owned();
            assert!(hsts.starts_with("max-age=31536000"), "{path}: {hsts}");
        }
        let door = county.get("/sign-in", "").await;
        let settings = county.get("/settings?lang=en&elder=1&back=/", "").await;
        for line in door.cookies().into_iter().chain(settings.cookies()) {
            assert!(line.contains("; Secure"), "{line}");
        }
    });
}

#[test]
fn cookies_are_hidden_from_scripts_and_other_sites() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let settings = county.get("/settings?lang=en&elder=1&back=/about", "").await;
        assert_eq!((settings.status.as_u16(), settings.header("location")), (303, "/about"));
        let kept = settings.cookies();
        assert!(kept[0].starts_with("lang=en;") && kept[1].starts_with("elder=1;"), "{kept:?}");
        let door = county.get("/sign-in", "").await;
        let form = format!("token={}&login=vc&password=ten+letters+and+more", door.token());
        let inside = county.post("/sign-in", &door.cookie(), &form).await;
        assert!(inside.cookies()[0].starts_with("mb_session="));
        assert!(!inside.cookies()[0].contains("Max-Age"), "a session ends with the browser");
        for line in kept.into_iter().chain(door.cookies()).chain(inside.cookies()) {
            for wanted in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
                assert!(line.contains(wanted), "{line}");
            }
            assert!(!line.contains("Secure"), "without TLS the browser would drop it: {line}");
        }
    });
}

#[test]
fn nobody_keeps_a_personal_page() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let cookie = county.sign_in("vc").await;
        for path in [
            "/office",
            "/office/account",
            "/office/matters",
            "/sign-in",
            "/report",
            "/report/receipt",
        ] {
            let answer = county.get(path, &cookie).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    });
}
