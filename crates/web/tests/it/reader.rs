//! Pages as readers ask for them: language and elder mode.

use crate::county::{County, block_on};

#[test]
fn pages_come_in_the_language_and_size_that_the_reader_chose() {
    block_on(async {
        let county = County::new(None).await;
        for (cookie, lang, elder) in [
            ("", "zh-CN", false),
            ("lang=en", "en", false),
            ("lang=zh-CN; elder=1", "zh-CN", true),
            ("elder=1; lang=en", "en", true),
            ("lang=xx; elder=yes", "zh-CN", false),
        ] {
            let page = county.get("/", cookie).await.body;
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{cookie}");
            assert_eq!(page.contains("data-elder"), elder, "{cookie}");
        }
    });
}

#[test]
fn a_choice_is_kept_only_when_it_is_one() {
    block_on(async {
        let county = County::new(None).await;
        let wrong = county.get("/settings?lang=de&elder=3&back=/about", "").await;
        assert_eq!((wrong.status.as_u16(), wrong.cookies().len()), (303, 0));
    });
}

#[test]
fn an_error_speaks_the_readers_language() {
    block_on(async {
        let county = County::new(None).await;
        let (zh, en) = (county.get("/x", "").await, county.get("/x", "lang=en").await);
        assert_eq!((zh.status.as_u16(), en.status.as_u16()), (404, 404));
        assert!(zh.body.contains("<html lang=\"zh-CN\"") && en.body.contains("<html lang=\"en\""));
        assert_ne!(zh.body, en.body);
    });
}
