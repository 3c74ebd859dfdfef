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
