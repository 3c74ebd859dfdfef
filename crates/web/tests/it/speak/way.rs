//! The whole way without scripts: three pages, the receipt, the answer, the review, the proof.

use domain::report::Channel;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, RgbImage};
use registry::actions::reports::open;
use registry::log::{Log, make_secret};
use registry::tx::FILINGS;

use super::world::{Desk, Page, TEXT, county, writing};
use crate::county::{County, TOWNSHIP, VILLAGE, block_on};

fn chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [name.as_slice(), &(body.len() as u32).to_le_bytes(), body].concat()
}

/// A recording with the name of its owner beside the sound.
pub fn voice() -> Vec<u8> {
    let inner = [
        chunk(b"fmt ", &[1; 16]),
        chunk(b"LIST", b"INFOIART the owner"),
        chunk(b"data", b"spoken in fear"),
    ]
    .concat();
    [b"RIFF".as_slice(), &(inner.len() as u32 + 4).to_le_bytes(), b"WAVE", &inner].concat()
}

fn photo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    encoder.set_exif_metadata(b"Exif\0\0II*\0\x08\0\0\0\0\0GPS 30.1 114.2".to_vec()).unwrap();
    let pixels = RgbImage::new(64, 48);
    encoder.write_image(&pixels, 64, 48, ExtendedColorType::Rgb8).unwrap();
    bytes
}

#[test]
fn a_report_is_made_answered_and_reviewed_without_scripts() {
    block_on(async {
        let county = county().await;
        begin_filings(&county);
        let write = writing(&county, "accusation").await;
        assert!(write.has("enctype=\"multipart/form-data\""));
        let filed = write.send(&county, &[("text", TEXT), ("identity", "none")], &[]).await;
        let receipt = filed.receipt();
        assert_eq!(receipt.len(), 21, "{receipt}");
        assert_eq!(filed.answer.body.matches("<li lang=\"zh-CN\">").count(), 11);
        let desk = Desk::of(&county);
        desk.answer(&county, "已经退回三千元").await;
        let typed = receipt.to_lowercase().replace('-', " ");
        let looked = look(&county, &typed).await;
        for text in ["已经退回三千元", "核对了账", "条例"] {
            assert!(looked.has(text), "{text}");
        }
        assert!(!looked.has(TEXT), "what was reported is not shown to whoever finds the paper");
        let fields = [("receipt", receipt.as_str()), ("solved", "no")];
        let rated = looked.post(&county, "/report/receipt/rate", &fields).await;
        assert_eq!(rated.answer.status.as_u16(), 200);
        desk.reply(&county, "再查以后全部退清").await;
        let again = look(&county, &receipt).await;
        assert!(again.has("再查以后全部退清"));
        let fields = [("receipt", receipt.as_str()), ("text", "处理不公")];
        let review = again.post(&county, "/report/receipt/review", &fields).await;
        assert_eq!(review.answer.status.as_u16(), 200, "{}", review.answer.body);
        let refused = review.post(&county, "/report/receipt/review", &fields).await;
        assert_eq!(refused.answer.status.as_u16(), 409, "once is enough");
        let added = review.post(&county, "/report/receipt/add", &fields).await;
        assert!(added.has("role=\"status\""), "{}", added.answer.body);
        proof(&county, &added, &receipt).await;
    });
}

fn begin_filings(county: &County) {
    let origin = "test.example/filings";
    let secret = make_secret(&county.app.setup.keys.join("log-filings.key"), origin).unwrap();
    Log::at(&county.app.setup.logs, FILINGS).begin(origin, &secret).unwrap();
}

async fn look(county: &County, receipt: &str) -> Page {
    let enter = Page::first(county, "/report/receipt").await;
    let looked = enter.post(county, "/report/receipt", &[("receipt", receipt)]).await;
    assert_eq!(looked.answer.status.as_u16(), 200, "{}", looked.answer.body);
    looked
}

/// Not today; tomorrow it shows the day and nothing else.
async fn proof(county: &County, page: &Page, receipt: &str) {
    let fields = [("receipt", receipt)];
    let early = page.post(county, "/report/receipt/proof", &fields).await;
    assert_eq!(early.answer.status.as_u16(), 422);
    county.pass(1);
    let (registry, now) = (&county.app.setup.registry, county.app.now());
    registry.write_filings(&county.law().reports[0], now).await.unwrap();
    let log = Log::at(&county.app.setup.logs, FILINGS);
    let secret =
        registry::log::read_secret(&county.app.setup.keys.join("log-filings.key")).unwrap();
    log.keep(&registry.db, &secret, now).await.unwrap();
    let proof = page.post(county, "/report/receipt/proof", &fields).await.answer;
    assert_eq!(proof.status.as_u16(), 200, "{}", proof.body);
    assert!(proof.header("content-disposition").starts_with("attachment"));
    assert_eq!(proof.header("cache-control"), "no-store");
    let bundle = journal::bundle::Bundle::parse(&proof.body).unwrap();
    let verified = journal::verify::verify(&bundle, &log.ring().unwrap()).unwrap();
    let said = format!("{verified:?} {}", proof.body);
    assert!(said.contains("2026-11-24"), "{said}");
    assert!(!said.contains(receipt) && !said.contains("accusation") && !said.contains(VILLAGE));
}

#[test]
fn files_arrive_sealed_and_without_what_the_telephone_wrote() {
    block_on(async {
        let county = county().await;
        let write = writing(&county, "accusation").await;
        let filed = write.send(&county, &[], &[&voice(), &photo()]).await;
        assert_eq!(filed.receipt().len(), 21);
        let desk = Desk::of(&county);
        let number = desk.numbers(&county, "TDI", TOWNSHIP).await.remove(0);
        let person = desk.by(&county, "TDI", TOWNSHIP).await.person.unwrap();
        let age = registry::sealer::Age::quick();
        let registry = &county.app.setup.registry;
        let unlocked = registry.unlock(&age, &person, "a passphrase for tests").await.unwrap();
        let counter = desk.counter(&county);
        let mut tx = desk.begin(&county, "TDI", TOWNSHIP).await;
        let (opened, entry) =
            open::open(&mut tx, &counter, &number, "初核", &unlocked).await.unwrap();
        tx.commit(entry).await.unwrap();
        let names: Vec<String> =
            opened.content.unwrap().attachments.iter().map(|file| file.name.clone()).collect();
        assert_eq!(names, ["1.wav", "2.jpg"], "not even the name that the telephone gave");
        for (part, kept) in opened.attachments.iter().zip([&b"spoken in fear"[..], b"JFIF"]) {
            let mut tx = desk.begin(&county, "TDI", TOWNSHIP).await;
            let at = (number.as_str(), part.as_str());
            let (bytes, entry) = open::attachment(&mut tx, &counter, at, &unlocked).await.unwrap();
            tx.commit(entry).await.unwrap();
            let has = |text: &[u8]| bytes.expose().windows(text.len()).any(|part| part == text);
            assert!(has(kept) && !has(b"the owner") && !has(b"GPS"));
        }
    });
}

#[test]
fn what_cannot_be_taken_is_said_and_nothing_that_was_typed_is_lost() {
    block_on(async {
        let county = county().await;
        let write = writing(&county, "complaint").await;
        for (fields, files) in [
            (vec![("text", "")], vec![]),
            (vec![("text", TEXT)], vec![&b"MZ\x90\0 a program"[..]]),
            (vec![("text", TEXT)], vec![&voice()[..40]]),
            (vec![("text", TEXT), ("identity", "named"), ("name", "某村民")], vec![]),
        ] {
            let no = write.send(&county, &fields, &files).await;
            assert_eq!(no.answer.status.as_u16(), 422, "{fields:?}");
            assert!(no.has("role=\"alert\""));
            for (_, value) in fields.iter().filter(|(name, _)| *name != "identity") {
                assert!(no.has(value), "{value}");
            }
        }
        // The same page is taken, now that it is right; and it is taken once.
        let yes = write.send(&county, &[("text", TEXT)], &[]).await;
        assert_eq!(yes.receipt().len(), 21);
        let twice = write.send(&county, &[("text", TEXT)], &[]).await;
        assert!(!twice.has("data-receipt") && twice.answer.status.as_u16() == 200);
        let desk = Desk::of(&county);
        assert_eq!(desk.numbers(&county, "CB-AG", crate::county::COUNTY).await.len(), 1);
        let nowhere = Page::first(&county, "/report").await;
        let nowhere = nowhere.post(&county, "/report/about", &[("door", "request")]).await;
        assert!(nowhere.has("role=\"alert\"") && nowhere.has("name=\"place\""));
    });
}

#[test]
fn a_name_is_kept_by_another_office_and_told_in_time() {
    block_on(async {
        let county = county().await;
        let write = writing(&county, "accusation").await;
        let fields =
            [("text", TEXT), ("identity", "named"), ("name", "某村民"), ("contact", "13900001234")];
        let filed = write.send(&county, &fields, &[]).await;
        let looked = look(&county, &filed.receipt()).await;
        assert!(!looked.has("某村民") && !looked.has("13900001234"));
        assert!(looked.has("15"), "the working days are explained");
    });
}

#[test]
fn the_screen_of_a_village_office_leaves_nothing_behind() {
    block_on(async {
        let county = county().await;
        let first = Page::first(&county, "/report?kiosk=1").await;
        assert!(
            first.has("data-elder") && first.has("data-idle=") && !first.has("<nav class=\"nav\"")
        );
        let fields = [("door", "request"), ("place", VILLAGE), ("kiosk", "1")];
        let about = first.post(&county, "/report/about", &fields).await;
        let more = [&fields[..], &[("topic", "other")]].concat();
        let write = about.post(&county, "/report/write", &more).await;
        let filed = write.send(&county, &[("text", TEXT)], &[]).await;
        assert!(!filed.has("data-print"), "no printer keeps the receipt");
        let receipt = filed.receipt();
        let end = filed.post(&county, "/report/end", &[]).await.answer;
        assert_eq!((end.status.as_u16(), end.header("location")), (303, "/report?kiosk=1"));
        assert!(end.header("clear-site-data").contains("storage"));
        assert!(
            end.cookies()[0].starts_with("mb_visitor=;") && end.cookies()[0].contains("Max-Age=0")
        );
        let desk = Desk::of(&county);
        assert_eq!(desk.numbers(&county, "TG", TOWNSHIP).await.len(), 1);
        let database = super::traces::holding(county.folder.path(), Channel::Kiosk.code());
        assert!(!database.is_empty(), "it is told how a report came in");
        let kept = super::traces::holding(county.folder.path(), &receipt);
        assert_eq!(kept, Vec::<String>::new());
    });
}

#[test]
fn a_village_has_a_code_that_leads_to_its_form() {
    block_on(async {
        let county = county().await;
        let village = county.get(&format!("/villages/{VILLAGE}"), "").await;
        assert!(village.body.contains(&format!("href=\"/report?place={VILLAGE}\"")));
        let poster = county.get(&format!("/villages/{VILLAGE}/report"), "").await;
        assert!(poster.body.contains("<svg ") && poster.body.contains("/report?place="));
        assert_eq!(county.get("/villages/0/report", "").await.status.as_u16(), 404);
        let first = county.get(&format!("/report?place={VILLAGE}"), "").await;
        assert!(first.body.contains(&format!("name=\"place\" value=\"{VILLAGE}\"")));
        assert!(!first.body.contains("<select"), "the place is chosen already");
    });
}
