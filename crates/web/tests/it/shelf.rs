//! Kept pages: each reader gets his own, and nobody what is public no more.

use axum::body::Body;
use axum::http::Request;
use registry::actions::notices;

use crate::county::{Answer, County, TOWNSHIP, VILLAGE, block_on};

async fn asked(county: &County, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    county.send(request.body(Body::empty()).unwrap()).await
}

#[test]
fn a_page_changes_with_the_act_that_changes_it() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("修路公示", "第一版内容").await;
        let path = format!("/notices/{number}");
        let said = async |path: &str| county.get(path, "").await.body;
        for _ in 0..2 {
            assert!(said(&path).await.contains("第一版内容"));
        }
        let replace = async |text: Option<&str>| {
            let mut tx = county.begin().await;
            let change = text.map(notices::new_text);
            let entry = notices::replace(&mut tx, &number, "因为", change.as_ref()).await.unwrap();
            tx.commit(entry).await.unwrap();
        };
        replace(Some("第二版内容")).await;
        assert!(said(&path).await.contains("第二版内容"));
        replace(None).await;
        for path in [path.as_str(), "/search?q=%E4%BF%AE%E8%B7%AF"] {
            let page = said(path).await;
            assert!(!page.contains("第一版内容") && !page.contains("第二版内容"), "{path}");
        }
        // An act that the public log does not have changes pages too.
        let village = format!("/villages/{VILLAGE}");
        let before = said(&village).await;
        county.hire(&["VC"]).await;
        let after = said(&village).await;
        assert!(!before.contains(crate::county::NAME) && after.contains(crate::county::NAME));
        let page = county.get(&path, "").await;
        assert_eq!(page.status.as_u16(), 200);
        let other = county.publish("又一份", "内容").await;
        assert!(said(&village).await.contains(&other));
    });
}

#[test]
fn a_page_changes_with_the_day() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        let page = async || county.get(&format!("/notices/{number}"), "lang=en").await.body;
        let left = |page: &str| page.split("days").next().unwrap_or_default().len();
        let (first, same) = (page().await, page().await);
        county.pass(1);
        let second = page().await;
        let bare = |page: &str| {
            page.split("<section class=\"card wide\" id=\"questions\"")
                .nth(1)
                .unwrap_or_default()
                .to_owned()
        };
        let days = |page: &str| bare(page).split("<form").next().unwrap().to_owned();
        assert_eq!(days(&first), days(&same));
        assert_ne!(days(&first), days(&second), "{} {}", left(&first), left(&second));
    });
}

#[test]
fn each_reader_has_a_token_of_his_own_in_the_same_page() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let number = county.publish("公示", "内容").await;
        let path = format!("/notices/{number}");
        let (one, two) = (county.get(&path, "").await, county.get(&path, "").await);
        assert_ne!(one.token(), two.token());
        assert_ne!(one.cookie(), two.cookie());
        assert_eq!(one.body.replace(one.token(), ""), two.body.replace(two.token(), ""));
        assert_eq!((one.header("cache-control"), one.header("etag")), ("no-store", ""));
        // Whoever has a cookie gets no other, and his forms are taken.
        let again = county.get(&path, &one.cookie()).await;
        assert_eq!((again.token(), again.cookies().len()), (one.token(), 0));
        for (page, cookie, status) in
            [(&one, two.cookie(), 403), (&two, two.cookie(), 303), (&one, one.cookie(), 303)]
        {
            let form = format!("token={}&text=why", page.token());
            let answer = county.post(&format!("{path}/questions"), &cookie, &form).await;
            assert_eq!(answer.status.as_u16(), status);
        }
        // Somebody of the office has the token of his session.
        let session = county.sign_in("vc").await;
        let page = county.get(&path, &session).await;
        let form = format!("token={}&text=why", page.token());
        let asked = county.post(&format!("{path}/questions"), &session, &form).await;
        assert_eq!(asked.status.as_u16(), 303);
        assert!(!county.get(&path, "").await.body.contains(page.token()));
    });
}

#[test]
fn readers_of_other_languages_sizes_and_names_of_the_site_get_theirs() {
    block_on(async {
        let county = County::new(None).await;
        let path = format!("/villages/{VILLAGE}");
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..2 {
            for headers in [
                [("host", "mb.test"), ("cookie", "")],
                [("host", "mb.test"), ("cookie", "lang=en")],
                [("host", "mb.test"), ("cookie", "elder=1")],
                [("host", "other.test"), ("cookie", "")],
            ] {
                let page = asked(&county, &path, &headers).await.body;
                assert_eq!(page.contains("other.test/villages/"), headers[0].1 == "other.test");
                seen.insert(page);
            }
        }
        assert_eq!(seen.len(), 4);
    });
}

#[test]
fn a_browser_that_has_the_page_is_told_so() {
    block_on(async {
        let county = County::new(None).await;
        for path in [format!("/townships/{TOWNSHIP}"), "/api/v1/places.csv".to_owned()] {
            let page = county.get(&path, "").await;
            let tag = page.header("etag").to_owned();
            assert!(tag.starts_with("W/\""), "{path}");
            assert!(page.header("vary").contains("cookie"), "{path}");
            let known =
                asked(&county, &path, &[("host", "mb.test"), ("if-none-match", &tag)]).await;
            assert_eq!((known.status.as_u16(), known.bytes.len()), (304, 0), "{path}");
            assert!(known.header("content-security-policy").contains("'none'"));
            assert_eq!(known.header("cache-control"), page.header("cache-control"));
            let english =
                [("host", "mb.test"), ("if-none-match", tag.as_str()), ("cookie", "lang=en")];
            let other = asked(&county, &path, &english).await;
            assert_eq!(other.status.as_u16() == 304, path.starts_with("/api"), "{path}");
            let zipped = [("host", "mb.test"), ("accept-encoding", "gzip")];
            let zipped = asked(&county, &path, &zipped).await;
            assert_eq!(zipped.header("content-encoding"), "gzip");
            let mut plain = String::new();
            let mut reader = flate2::read::GzDecoder::new(zipped.bytes.as_slice());
            std::io::Read::read_to_string(&mut reader, &mut plain).unwrap();
            assert_eq!(plain, page.body, "{path}");
            assert!(page.header("content-encoding").is_empty());
        }
    });
}

/// Else a stranger at the door, or a clerk who types, would have all pages drawn anew.
#[test]
fn what_nobody_sees_leaves_the_pages_as_they_are() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let path = format!("/villages/{VILLAGE}");
        let drawn = async || {
            county.get(&path, "").await;
            let figures = county.app.metrics.text();
            let line = figures.lines().find(|line| line.starts_with("mingbai_pages_drawn_total"));
            line.unwrap().rsplit(' ').next().unwrap().parse::<u32>().unwrap()
        };
        assert_eq!((drawn().await, drawn().await), (1, 1));
        let door = county.get("/sign-in", "").await;
        let wrong = format!("token={}&login=vc&password=wrong-password", door.token());
        county.post("/sign-in", &door.cookie(), &wrong).await;
        county.sign_in("vc").await;
        assert_eq!(drawn().await, 1);
        county.publish("公示", "内容").await;
        assert_eq!(drawn().await, 2);
    });
}
