//! What is typed survives: a refusal, a session that runs out, another sign-in, and "save draft".

use registry::actions::people::{self, NewPerson};

use crate::county::{Answer, County, PASSWORD, VILLAGE, block_on};

const SAME_ORIGIN: &[(&str, &str)] = &[("sec-fetch-site", "same-origin")];

/// The form for a new matter, with something typed into it.
fn typed(page: &Answer, amount: &str) -> String {
    format!(
        "token={}&draft=matter&power=H38&place={VILLAGE}&title=Long+typed+title&amount={amount}",
        page.token()
    )
}

#[test]
fn what_is_refused_comes_back_and_waits() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VAC"]).await;
        let cookie = county.sign_in("vc").await;
        let page = county.get("/office/matters/new", &cookie).await;
        let refused = county.post("/office/matters", &cookie, &typed(&page, "much")).await;
        assert_eq!(refused.status.as_u16(), 422);
        for wanted in
            ["Long typed title", "value=\"much\"", "aria-invalid=\"true\"", "role=\"alert\""]
        {
            assert!(refused.body.contains(wanted), "{wanted}: {}", refused.body);
        }
        // Later, elsewhere: the to-do list offers it, and the form has it.
        let home = county.get("/office", &county.sign_in("vc").await).await;
        assert!(
            home.body.contains("没有交的草稿") && home.body.contains("/office/matters/new"),
            "{}",
            home.body
        );
        let again = county.get("/office/matters/new", &cookie).await;
        assert!(again.body.contains("Long typed title") && again.body.contains("role=\"status\""));
        let other = county.get("/office/matters/new", &county.sign_in("vac").await).await;
        assert!(!other.body.contains("Long typed title"), "nobody else sees it");
        // Done, it is gone.
        let done = county.post("/office/matters", &cookie, &typed(&again, "5000")).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        assert!(!county.get("/office", &cookie).await.body.contains("没有交的草稿"));
    });
}

#[test]
fn a_draft_is_saved_by_hand_and_quietly_and_thrown_away() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let cookie = county.sign_in("vc").await;
        let page = county.get("/office/matters/new", &cookie).await;
        let saved = county.post("/office/drafts", &cookie, &typed(&page, "much")).await;
        assert_eq!((saved.status.as_u16(), saved.header("location")), (303, "/office/matters/new"));
        let quiet = [("sec-fetch-site", "same-origin"), ("x-quiet", "1")];
        let form = typed(&page, "more");
        let saved = county.post_from("/office/drafts", &cookie, &form, &quiet).await;
        assert_eq!(saved.status.as_u16(), 204);
        let again = county.get("/office/matters/new", &cookie).await;
        assert!(again.body.contains("value=\"more\""), "{}", again.body);
        let unknown = typed(&page, "1").replace("draft=matter", "draft=//evil.test");
        assert_eq!(county.post("/office/drafts", &cookie, &unknown).await.status.as_u16(), 403);
        let dropped = county.post("/office/drafts/discard", &cookie, &typed(&page, "")).await;
        assert_eq!(dropped.status.as_u16(), 303);
        let empty = county.get("/office/matters/new", &cookie).await;
        assert!(!empty.body.contains("Long typed title"), "{}", empty.body);
    });
}

#[test]
fn a_form_outlives_its_session() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let cookie = county.sign_in("vc").await;
        let page = county.get("/office/matters/new", &cookie).await;
        county.pass(1);
        // Without the token of its own session nothing is kept.
        let forged = typed(&page, "1").replace("token=", "token=0");
        assert_eq!(county.post("/office/matters", &cookie, &forged).await.status.as_u16(), 401);
        let late = county.post("/office/matters", &cookie, &typed(&page, "5000")).await;
        assert_eq!(
            (late.status.as_u16(), late.header("location")),
            (303, "/sign-in?kept=1&back=/office/matters/new")
        );
        let door = county.get("/sign-in?kept=1&back=/office/matters/new", &cookie).await;
        assert!(door.body.contains("已存为草稿"), "{}", door.body);
        let form = format!(
            "token={}&login=vc&password={}&back=/office/matters/new",
            door.token(),
            PASSWORD.replace(' ', "+")
        );
        let inside = county.post("/sign-in", &cookie, &form).await;
        assert_eq!(inside.header("location"), "/office/matters/new");
        let back = county.get("/office/matters/new", &inside.cookie()).await;
        assert!(back.body.contains("Long typed title"), "{}", back.body);
        assert!(county.get("/office/matters", &inside.cookie()).await.body.contains("还没有事项"));
    });
}

#[test]
fn a_page_of_another_sign_in_is_kept_and_nothing_is_done() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let page = county.get("/office/matters/new", &county.sign_in("vc").await).await;
        let cookie = county.sign_in("vc").await;
        // An old browser does not vouch for the page: nothing is kept.
        let old = county.post_from("/office/matters", &cookie, &typed(&page, "1"), &[]).await;
        assert_eq!(old.status.as_u16(), 403);
        assert!(!old.body.contains("Long typed title"));
        let kept =
            county.post_from("/office/matters", &cookie, &typed(&page, "1"), SAME_ORIGIN).await;
        assert_eq!(kept.status.as_u16(), 403);
        assert!(kept.body.contains("Long typed title"), "{}", kept.body);
        assert_ne!(kept.token(), page.token());
        assert!(county.get("/office/matters", &cookie).await.body.contains("还没有事项"));
        let sent = county.post("/office/matters", &cookie, &typed(&kept, "1")).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.body);
    });
}

#[test]
fn a_text_that_names_somebody_asks_back_in_the_form() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let household = Some((VILLAGE.to_owned(), "7".to_owned()));
        let new = NewPerson { name: "Wen Tested".to_owned(), household, ..NewPerson::default() };
        let mut tx = county.begin().await;
        let (_, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        let cookie = county.sign_in("vc").await;
        let page = county.get("/office/matters/new", &cookie).await;
        assert!(!page.body.contains("names_confirmed"), "asked only where a name stands");
        let form = typed(&page, "1").replace("Long+typed", "House+of+Wen+Tested");
        let asked = county.post("/office/matters", &cookie, &form).await;
        assert_eq!(asked.status.as_u16(), 422, "{}", asked.body);
        assert!(asked.body.contains("name=\"names_confirmed\""), "{}", asked.body);
        assert!(asked.body.contains("House of Wen Tested"));
        let sure = form + "&names_confirmed=1";
        let sent = county.post("/office/matters", &cookie, &sure).await;
        assert_eq!(sent.status.as_u16(), 303, "{}", sent.body);
    });
}
