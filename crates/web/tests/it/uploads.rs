//! Files that people of the office bring: what is taken, from whom, and what of it others see.

use image::codecs::jpeg::JpegEncoder;
use image::{ImageEncoder, RgbImage};

use crate::county::{County, OTHER, block_on};
use crate::objects::matter;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n";

/// A photo that says where it was taken.
fn photo() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new(&mut bytes);
    let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0GPS 30.1 114.2 SERIAL-4711";
    encoder.set_exif_metadata(exif.to_vec()).unwrap();
    RgbImage::new(80, 60).write_with_encoder(encoder).unwrap();
    bytes
}

/// Files that lie among the documents.
fn kept(county: &County) -> usize {
    let folders = std::fs::read_dir(county.folder.path().join("blobs"));
    let files = |folder: std::io::Result<std::fs::DirEntry>| {
        std::fs::read_dir(folder.unwrap().path()).unwrap().count()
    };
    folders.map_or(0, |folders| folders.map(files).sum())
}

#[test]
fn a_document_is_what_it_holds_and_one_at_a_time() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let cookie = county.sign_in("vc").await;
        let number = matter(&county, "vc").await;
        let path = format!("/office/matters/{number}/documents");
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let fields = [("token", token.as_str()), ("code", "proposal")];
        let refused: [(&str, &[u8]); 6] = [
            ("a.pdf", b"<html><script>alert(1)</script>"),
            ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("a.docx", b"PK\x03\x04 classes.dex"),
            ("a.jpg", b"MZ\x90\x00"),
            ("a.pdf", b""),
            ("a.txt", b"plain"),
        ];
        for (name, bytes) in refused {
            let answer = county.upload(&path, &cookie, &fields, &[(name, bytes)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{name}: {}", answer.body);
        }
        let two = county.upload(&path, &cookie, &fields, &[("a.pdf", PDF), ("b.pdf", PDF)]).await;
        assert_eq!(two.status.as_u16(), 422);
        let many: Vec<(&str, &str)> = (0..30).map(|_| ("code", "proposal")).collect();
        let many = county.upload(&path, &cookie, &many, &[("a.pdf", PDF)]).await;
        assert_eq!(many.status.as_u16(), 413);
        let long = "x".repeat(70_000);
        let long = [("token", token.as_str()), ("code", long.as_str())];
        assert_eq!(
            county.upload(&path, &cookie, &long, &[("a.pdf", PDF)]).await.status.as_u16(),
            413
        );
        let bare = county.upload(&path, &cookie, &[("code", "proposal")], &[("a.pdf", PDF)]).await;
        assert_eq!(bare.status.as_u16(), 403, "without a token");
        assert_eq!(kept(&county), 0);
        let taken =
            county.upload(&path, &cookie, &fields, &[("../../etc/passwd\u{202e}.pdf", PDF)]).await;
        assert_eq!((taken.status.as_u16(), kept(&county)), (303, 1), "{}", taken.body);
    });
}

#[test]
fn nothing_is_kept_or_drawn_for_somebody_who_may_not() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        county.hire_in("VC", "neighbour", OTHER).await;
        let (matter, notice) = (matter(&county, "vc").await, county.publish("公示", "内容").await);
        let cookie = county.sign_in("neighbour").await;
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let fields = [("token", token.as_str()), ("code", "proposal"), ("caption", "公示栏")];
        let photo = photo();
        for (path, bytes) in [
            (format!("/office/matters/{matter}/documents"), PDF),
            (format!("/office/notices/{notice}/photos"), photo.as_slice()),
            ("/office/notices/none/photos".to_owned(), photo.as_slice()),
            ("/office/matters/none/documents".to_owned(), PDF),
        ] {
            let answer = county.upload(&path, &cookie, &fields, &[("a", bytes)]).await;
            assert!([403, 404, 422].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
            assert_eq!(kept(&county), 0, "{path}");
        }
    });
}

#[test]
fn a_public_photo_tells_nothing_of_the_camera() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC"]).await;
        let number = county.publish("公示", "内容").await;
        let cookie = county.sign_in("vc").await;
        let path = format!("/office/notices/{number}/photos");
        let token = county.get("/office/account", &cookie).await.token().to_owned();
        let fields = |caption| [("token", token.as_str()), ("caption", caption)];
        let original = photo();
        for (caption, bytes) in [
            ("公示栏", b"<svg onload=alert(1)>".as_slice()),
            ("公示栏", PDF),
            ("电话13800138000", &original),
        ] {
            let answer = county.upload(&path, &cookie, &fields(caption), &[("a.jpg", bytes)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
        }
        let answer =
            county.upload(&path, &cookie, &fields("公示栏"), &[("a.jpg", &original)]).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
        let page = county.get(&format!("/notices/{number}"), "").await.body;
        let address = page.split("<img src=\"").nth(1).unwrap().split('"').next().unwrap();
        let shown = county.get(address, "").await;
        assert_eq!(shown.header("content-type"), "image/jpeg");
        let has = |bytes: &[u8], text: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        for trace in [b"GPS".as_slice(), b"SERIAL", b"Exif"] {
            assert!(has(&original, trace) && !has(&shown.bytes, trace));
        }
        // The original lies sealed, and no address leads to it.
        let folder = county.folder.path().join("blobs");
        for folder in std::fs::read_dir(folder).unwrap() {
            for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
                let (path, name) = (file.as_ref().unwrap().path(), file.unwrap().file_name());
                let bytes = std::fs::read(path).unwrap();
                assert!(!has(&bytes, b"GPS"));
                let name = name.into_string().unwrap();
                let public = address.ends_with(&name);
                let answer = county.get(&format!("/notices/{number}/photos/{name}"), "").await;
                assert_eq!(answer.status.as_u16() == 200, public, "{name}");
            }
        }
    });
}
