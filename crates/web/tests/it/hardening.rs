//! What hostile hands try: texts that are markup, paths that lead out, files that are too large.

use axum::body::Body;
use axum::http::Request;

use crate::county::{County, VILLAGE, block_on};

const HOSTILE: &str = "<script>alert('1')</script><img src=x onerror=\"alert(2)\">&\"'>";

#[test]
fn a_hostile_text_is_only_ever_text() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish(HOSTILE, HOSTILE).await;
        let asked = encoded(HOSTILE);
        let mut shown = 0;
        for path in [
            "/".to_owned(),
            format!("/notices/{number}"),
            format!("/villages/{VILLAGE}"),
            format!("/villages/{VILLAGE}/feed"),
            format!("/search?q={asked}"),
            "/search?q=alert".to_owned(),
            format!("/places?q={asked}"),
            format!("/no-such-page/{asked}?x={asked}"),
            format!("/sign-in?back=/{asked}"),
        ] {
            let page = county.get(&path, "").await;
            for raw in ["<script>alert", "<img src=x", "onerror=\"", "'1'"] {
                assert!(!page.body.contains(raw), "{path} has {raw}:\n{}", page.body);
            }
            shown += usize::from(page.body.contains("&#60;script&#62;alert"));
        }
        assert!(shown >= 4, "{shown} pages show the text");
        let data = county.get("/api/v1/notices.json", "").await;
        assert!(data.header("content-type").starts_with("application/json"));
        assert!(data.body.contains("onerror=\\\""), "{}", data.body);
    });
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[test]
fn no_path_leads_out_of_the_site() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        std::fs::write(county.folder.path().join("secret.css"), "key").unwrap();
        for path in [
            "/assets/0/list.json",
            "/assets/0/main.css.gz",
            "/assets/0/made-from",
            "/assets/0/..%2F..%2FCargo.toml",
            "/assets/0/..%2Fbuild.mjs",
            "/assets/0/%2E%2E%2Fsrc%2Fmain.css",
            "/assets/0/%2Fetc%2Fpasswd",
            "/assets/../src/main.css",
            "/assets/..%2F0/..%2Fsrc%2Fmain.css",
            "/api/v1/..%2F..%2Fregister.db",
            "/api/v1/notices",
            "/villages/..%2F..%2Fsecret.css",
            &format!("/notices/{number}/photos/..%2Fsecret.css"),
            &format!("/notices/{number}/photos/..%2F..%2F..%2Fetc%2Fpasswd"),
        ] {
            let answer = county.get(path, "").await;
            assert_eq!(answer.status.as_u16(), 404, "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        }
    });
}

#[test]
fn a_file_over_the_limit_is_refused_and_not_kept() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let cookie = county.sign_in("vc").await;
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let send = async |bytes: usize| {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n{token}\r\n--edge\r\n\
                 Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
            );
            let mut body = head.into_bytes();
            body.resize(body.len() + bytes, b'x');
            body.extend_from_slice(b"\r\n--edge--\r\n");
            let request = Request::post("/office/matters/none/documents")
                .header("host", "mb.test")
                .header("cookie", &cookie)
                .header("content-type", "multipart/form-data; boundary=edge");
            county.send(request.body(Body::from(body)).unwrap()).await
        };
        let large = send(21 * 1024 * 1024).await;
        assert!([413, 422].contains(&large.status.as_u16()), "{}", large.status);
        assert!(!county.folder.path().join("blobs").exists(), "nothing was kept");
        // One that is small enough gets as far as the matter, which is none.
        let small = send(1024).await;
        assert_ne!(small.body, large.body);
        assert!([404, 422].contains(&small.status.as_u16()), "{}", small.status);
    });
}

#[test]
fn a_form_over_the_limit_is_refused() {
    block_on(async {
        let county = County::new(None).await;
        let door = county.get("/sign-in", "").await;
        let long = format!("token={}&password={}", door.token(), "x".repeat(21 * 1024 * 1024));
        let answer = county.post("/sign-in", &door.cookie(), &long).await;
        assert!([403, 413].contains(&answer.status.as_u16()), "{}", answer.status);
    });
}

#[test]
fn no_page_believes_what_a_visitor_says_of_the_sites_name() {
    block_on(async {
        let paths = |number: &str| {
            [
                format!("/notices/{number}"),
                format!("/villages/{VILLAGE}"),
                format!("/villages/{VILLAGE}/feed"),
                "/powers/A01".to_owned(),
                "/".to_owned(),
            ]
        };
        let asked = async |county: &County, path: &str, host: &str| {
            let request = Request::get(path)
                .header("host", host)
                .header("x-forwarded-host", "evil.test")
                .header("forwarded", "host=evil.test")
                .header("x-original-url", "/evil.test");
            county.send(request.body(Body::empty()).unwrap()).await
        };
        let known = County::new(Some("https://mb.test")).await;
        let number = known.publish("公示", "内容").await;
        for path in paths(&number) {
            let page = asked(&known, &path, "evil.test").await;
            assert!(!page.body.contains("evil.test"), "{path}");
        }
        let page = asked(&known, &format!("/notices/{number}"), "evil.test").await;
        assert!(page.body.contains("https://mb.test/notices/"));
        // Without a name of its own the site takes the one that it was asked under, if it is one.
        let unknown = County::new(None).await;
        let number = unknown.publish("公示", "内容").await;
        for path in paths(&number) {
            let page = asked(&unknown, &path, "a\"onload=alert(1) b/evil.test?").await;
            assert!(!page.body.contains("evil.test") && !page.body.contains("onload"), "{path}");
        }
    });
}

#[test]
fn lists_hold_no_formula_and_feeds_stay_readable() {
    block_on(async {
        let county = County::new(None).await;
        for title in
            ["=HYPERLINK(\"//evil.test\")", "＝1+1", " @SUM(A1)", "-1+1", "a\u{8}b\u{c}c ]]>"]
        {
            county.publish(title, "内容").await;
        }
        let list = county.get("/api/v1/notices.csv", "").await.body;
        for cell in list.lines().skip(1).flat_map(|line| line.split(',')) {
            let bare = cell.trim_matches('"').trim_start();
            assert!(!bare.starts_with(['=', '＝', '@', '+', '-']), "{cell} in\n{list}");
        }
        assert!(list.contains("'=HYPERLINK"), "{list}");
        let feed = county.get(&format!("/villages/{VILLAGE}/feed"), "").await.body;
        assert!(feed.contains("HYPERLINK") && !feed.contains(['\u{8}', '\u{c}']), "{feed}");
        assert_eq!(feed.matches("<entry>").count(), feed.matches("</entry>").count());
        assert!(!feed.contains("]]>"), "{feed}");
    });
}

#[test]
fn odd_questions_are_answered_and_are_no_faults() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        let long = "%E6%9D%91".repeat(3_000);
        for path in [
            format!("/search?q={long}"),
            format!("/places?q={long}"),
            "/search?q=%25%25%25%5F%5F!!".to_owned(),
            "/search?q=a&before=zzzz&village=%27%20or%201%3D1".to_owned(),
            "/search?q=%00".to_owned(),
            "/notices/%00".to_owned(),
            "/search?q=%FF%FE".to_owned(),
            "/notices/%FF".to_owned(),
            "/scoreboard?township=%27".to_owned(),
            "/api/v1/notices.json?version=99999999999999999999".to_owned(),
            "/api/v1/notices.json?after=%27%3Bdrop%20table%20notices".to_owned(),
            "/api/v1/matters.csv?village=%25".to_owned(),
            format!("/notices/{number}?asked=%3Cb%3E"),
            format!("/verify?notice={long}"),
            format!("/settings?lang={long}&back=/"),
        ] {
            let answer = county.get(&path, "").await;
            let status = answer.status.as_u16();
            assert!(
                [200, 303, 400, 404].contains(&status),
                "{}: {status}",
                &path[..40.min(path.len())]
            );
        }
        let all = county.get("/api/v1/notices.json", "").await.body;
        assert!(all.contains(&number), "nothing was dropped");
        let page = county.get(&format!("/notices/{number}"), "").await;
        let form = format!("token={}&text=a%00b&contact=%00", page.token());
        let path = format!("/notices/{number}/questions");
        assert_eq!(county.post(&path, &page.cookie(), &form).await.status.as_u16(), 303);
        // A form that says the same twice counts by what it said first, token included.
        let twice = format!("token=0&token={}&text=a", page.token());
        assert_eq!(county.post(&path, &page.cookie(), &twice).await.status.as_u16(), 403);
    });
}

/// The reader learns a number, and nothing of the inside.
#[test]
fn a_fault_is_answered_with_a_page_and_all_headers() {
    block_on(async {
        let county = County::new(None).await;
        let number = county.publish("公示", "内容").await;
        county.break_down().await;
        for path in [format!("/notices/{number}"), "/search?q=a".to_owned()] {
            let answer = county.get(&path, "lang=en").await;
            assert_eq!(answer.status.as_u16(), 500, "{path}");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
            assert_eq!(answer.header("cache-control"), "no-store");
            for inside in ["no such table", "sqlite", "select ", "notice_versions", "src/"] {
                assert!(!answer.body.to_lowercase().contains(inside), "{inside}: {}", answer.body);
            }
        }
    });
}
