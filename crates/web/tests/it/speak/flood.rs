//! A flood: everybody is heard, and it costs the more the more come.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};

use super::world::{Desk, Page, TEXT, keyed, writing};
use crate::county::{COUNTY, County, block_on};

const REPORTS: usize = 1_000;
const TEN_MINUTES_MS: i64 = 600_000;

/// Does the work that a form asks for; how much it was.
fn work(page: &Page) -> (String, u32) {
    let hidden = page.hidden("/report/send");
    let challenge = &hidden.iter().find(|(name, _)| name == "challenge").unwrap().1;
    let bits = page.answer.body.split("data-work=\"").nth(1).unwrap().split('"').next().unwrap();
    let bits: u32 = bits.parse().unwrap();
    let fits = |nonce: &u32| {
        let digest = Sha256::digest(format!("{challenge} {nonce}"));
        u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]).leading_zeros() >= bits
    };
    ((0..).find(fits).unwrap().to_string(), bits)
}

/// All behind one address of a village, within ten minutes: none is turned away.
#[test]
fn a_thousand_reports_in_ten_minutes_are_all_taken() {
    block_on(async {
        let ms = Arc::new(AtomicI64::new(0));
        let county = County::ticking(Arc::clone(&ms)).await;
        keyed(&county).await;
        let write = writing(&county, "complaint").await;
        let hidden = write.hidden("/report/send");
        let chosen = |name: &str| hidden.iter().find(|(key, _)| key == name).unwrap().1.clone();
        let (place, topic, seat) = (chosen("place"), chosen("topic"), chosen("seat"));
        let fields = [("door", "complaint"), ("place", &place), ("topic", &topic), ("seat", &seat)];
        let mut receipts = std::collections::BTreeSet::new();
        let mut asked = Vec::new();
        for at in 0..REPORTS {
            let now = TEN_MINUTES_MS * at as i64 / REPORTS as i64;
            ms.store(now, Ordering::Relaxed);
            let page = write.post(&county, "/report/write", &fields).await;
            let (nonce, bits) = work(&page);
            asked.push(bits);
            let filed = page.send(&county, &[("text", TEXT), ("work", &nonce)], &[]).await;
            receipts.insert(filed.receipt());
        }
        assert_eq!(receipts.len(), REPORTS);
        let list = Desk::of(&county).numbers(&county, "CB-AG", COUNTY).await;
        assert_eq!(list.len(), REPORTS, "every receipt stands for a report");
        assert!(asked[REPORTS - 1] > asked[0] + 3, "{} {}", asked[0], asked[REPORTS - 1]);
        ms.store(3 * TEN_MINUTES_MS, Ordering::Relaxed);
        let quiet = write.post(&county, "/report/write", &fields).await;
        assert_eq!(work(&quiet).1, asked[0], "afterwards it is easy again");
    });
}
