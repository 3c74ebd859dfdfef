//! A reporter objects to a transfer on the page of his receipt; whoever sent it reads why and decides.

use crate::county::{COUNTY, block_on};
use crate::hall::{Hall, PASSPHRASE, bytes_below, holds, typed};
use crate::speak::world::Page;

const WHY: &str = "那边有人和他是同学";
const DECIDED: &str = "同意收回，仍由本单位办理";

#[test]
fn it_is_objected_to_with_the_receipt_and_decided_in_the_office() {
    block_on(async {
        let hall = Hall::new().await;
        let county = &hall.county;
        let filed = hall.file("village_cadre", &[], false).await;
        let (number, receipt) = (filed.number, filed.receipt.symbols());
        let at = |act: &str| format!("/office/reports/{number}/{act}");
        let look = async || {
            let enter = Page::first(county, "/report/receipt").await;
            enter.post(county, "/report/receipt", &[("receipt", &receipt)]).await
        };
        assert!(!look().await.has("/report/receipt/transfer"), "nothing was handed on");
        let tdi = county.sign_in("tdi").await;
        let (to, key) = (typed(&format!("CJ@{COUNTY}")), typed(PASSPHRASE));
        let handed = format!("to={to}&text={}&passphrase={key}", typed("属你处办理"));
        let done = hall.act(&tdi, &at("transfer"), &handed).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        let looked = look().await;
        assert!(
            looked.has("2026年12月1日以前，可以对这次转送提一次意见"),
            "{}",
            looked.answer.body
        );
        let form = [("receipt", receipt.as_str()), ("text", WHY)];
        let objected = looked.post(county, "/report/receipt/transfer", &form).await;
        assert_eq!(objected.answer.status.as_u16(), 200);
        assert!(objected.has("意见收到了") && !objected.has("/report/receipt/transfer"));
        let again = looked.post(county, "/report/receipt/transfer", &form).await;
        assert_eq!(again.answer.status.as_u16(), 409, "once");

        let list = county.get("/office/reports", &tdi).await.body;
        assert!(list.contains(&at("reason")) && list.contains("反映人认为") && !list.contains(WHY));
        assert!(county.get("/office", &tdi).await.body.contains(&number), "on the to-do list");
        let cj = county.sign_in("cj").await;
        assert!(!county.get("/office/reports", &cj).await.body.contains("/settlement"));
        assert_eq!(hall.act(&cj, &at("reason"), "").await.status.as_u16(), 404);
        assert_eq!(hall.act(&cj, &at("settlement"), "back=1").await.status.as_u16(), 404);
        let wrong = hall.act(&tdi, &at("reason"), "passphrase=another+passphrase").await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(!wrong.body.contains(WHY));
        let read = hall.act(&tdi, &at("reason"), &format!("passphrase={key}")).await;
        assert_eq!((read.status.as_u16(), read.header("cache-control")), (200, "no-store"));
        assert!(read.body.contains(WHY) && read.body.contains(&at("settlement")));
        let settled = format!("back=1&text={}", typed(DECIDED));
        assert_eq!(hall.act(&tdi, &at("settlement"), &settled).await.status.as_u16(), 303);
        let page = format!("/office/reports/{number}");
        assert_eq!(county.get(&page, &tdi).await.status.as_u16(), 200);
        assert_eq!(county.get(&page, &cj).await.status.as_u16(), 404);
        let told = look().await;
        assert!(told.has(DECIDED) && told.has("反映人对转送有意见"), "{}", told.answer.body);
        let all = bytes_below(county.folder.path());
        assert!(!holds(&all, WHY) && !holds(&all, DECIDED), "neither lies on the disk");
    });
}
