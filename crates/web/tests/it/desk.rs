//! The desks of the office: the queue of checks, questions before a check, the township's board and its
//! orders, matters as each officer sees them.

use axum::body::Body;
use axum::http::Request;
use domain::time::Day;
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::posts;
use registry::{By, Now};

use crate::county::{Answer, County, TOWNSHIP, VILLAGE, block_on, now};

/// A village that has been in the register since the summer, and has published nothing.
const IDLE: &str = "990001101203";

impl County {
    /// Somebody who presides over a body of the village.
    async fn chair(&self, body: &str) {
        let registry = &self.app.setup.registry;
        let known: Vec<_> = self.law().catalogue.roles.values().cloned().collect();
        let mut tx = registry.begin(By::system(), now(), "test").await.unwrap();
        let new = NewPerson { name: "陈主持".to_owned(), ..NewPerson::default() };
        let (person, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.record(entry).await.unwrap();
        let given = posts::give(&mut tx, &known, VILLAGE, body, &person, now().day).await;
        tx.commit(given.unwrap().1).await.unwrap();
    }

    /// Sends a form of a page with its token; fields as a browser writes them.
    async fn send_form(&self, page: &Answer, cookie: &str, path: &str, fields: &str) -> Answer {
        self.post(path, cookie, &format!("token={}&{fields}", page.token())).await
    }

    /// Files a paper of a matter.
    async fn paper(&self, cookie: &str, matter: &str, code: &str) {
        let token = self.get("/office/account", cookie).await.token().to_owned();
        let part = |name: &str, value: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let file = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{code}.pdf\"\r\n\r\n%PDF-{code}"
        );
        let body = format!("{}{}{file}\r\n--edge--\r\n", part("token", &token), part("code", code));
        let request = Request::post(format!("/office/matters/{matter}/documents"))
            .header("host", "mb.test")
            .header("cookie", cookie)
            .header("content-type", "multipart/form-data; boundary=edge");
        let answer = self.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 303, "{code}: {}", answer.body);
    }
}

/// Where a page leads that was sent.
fn led(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// The address in a page that begins so.
fn address<'a>(page: &'a Answer, start: &str) -> &'a str {
    let at = page.body.find(start).unwrap_or_else(|| panic!("no {start} in {}", page.body));
    page.body[at..].split('"').next().unwrap()
}

#[test]
fn a_notice_is_asked_about_objected_to_mended_and_published() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VAC", "VSC", "VC", "TG"]).await;
        let (clerk, watcher) = (county.sign_in("vac").await, county.sign_in("vsc").await);
        let form = county.get("/office/notices/new", &clerk).await;
        let fields = format!(
            "draft=notice&place={VILLAGE}&duty=V01&period=2026-11&title=Rules+of+the+village&lines=&text=First+draft&names="
        );
        let prepared = led(&county.send_form(&form, &clerk, "/office/notices", &fields).await);
        // It waits in the one queue, with the day by which the committee speaks, and why that day.
        let queue = county.get("/office/checks", &watcher).await;
        assert!(queue.body.contains("Rules of the village"), "{}", queue.body);
        assert!(queue.body.contains("公示之前") && queue.body.contains("DC-04"), "{}", queue.body);
        let page = county.get(&prepared, &watcher).await;
        let asked = format!("draft={}&text=Who+wrote+it", "prepared/x/ask");
        led(&county.send_form(&page, &watcher, &format!("{prepared}/inquiries"), &asked).await);
        // The preparer finds it in his to-do, and answers it there.
        let home = county.get("/office", &clerk).await;
        assert!(home.body.contains("Who wrote it"), "{}", home.body);
        let inquiries = county.get("/office/inquiries", &clerk).await;
        let answer = address(&inquiries, "/office/inquiries/").to_owned();
        led(&county.send_form(&inquiries, &clerk, &answer, "text=The+committee+did").await);
        assert!(!county.get("/office", &clerk).await.body.contains("Who wrote it"));
        let page = county.get(&prepared, &watcher).await;
        assert!(page.body.contains("The committee did"), "{}", page.body);
        // Nobody objects without saying why; what was chosen is still chosen.
        let check = format!("{prepared}/check");
        let bare = county.send_form(&page, &watcher, &check, "answer=object&opinion=").await;
        assert_eq!(bare.status.as_u16(), 422);
        assert!(bare.body.contains("value=\"object\" checked"), "{}", bare.body);
        assert!(bare.body.contains("不同意的要写明理由"), "{}", bare.body);
        let said = "answer=object&opinion=Article+3+is+missing";
        assert_eq!(led(&county.send_form(&page, &watcher, &check, said).await), "/office/checks");
        let home = county.get("/office", &clerk).await;
        assert!(home.body.contains("监委会不同意"), "{}", home.body);
        let mend = county.get(&prepared, &clerk).await;
        assert!(mend.body.contains("Article 3 is missing"));
        let form = county.get(address(&mend, "/office/notices/new?from="), &clerk).await;
        assert!(form.body.contains("First draft"), "nothing is typed twice: {}", form.body);
        let id = prepared.rsplit('/').next().unwrap();
        let fields = fields.replace("First+draft", "With+article+3") + &format!("&from={id}");
        let again = led(&county.send_form(&form, &clerk, "/office/notices", &fields).await);
        let page = county.get(&again, &watcher).await;
        led(&county
            .send_form(&page, &watcher, &format!("{again}/check"), "answer=agree&opinion=")
            .await);
        // Whoever prepared it does not publish it: a third person does.
        assert!(!county.get(&again, &clerk).await.body.contains("/publication"));
        let third = county.sign_in("vc").await;
        let page = county.get(&again, &third).await;
        let notice =
            led(&county.send_form(&page, &third, &format!("{again}/publication"), "").await);
        assert!(county.get(&notice, "").await.body.contains("With article 3"));
        let list = county.get("/office/notices", &clerk).await;
        let named = list.body.matches("Rules of the village").count();
        assert_eq!(named, 1, "the notice, and not the first try: {}", list.body);
    });
}

/// Puts the idle village into the register, in the summer.
async fn idle_village(county: &County) {
    let day = Day::parse("2026-08-01").unwrap();
    let summer = Now { ms: i64::from(day.0) * 86_400_000, day };
    let registry = &county.app.setup.registry;
    let mut tx = registry.begin(By::system(), summer, "test").await.unwrap();
    let new = NewPlace {
        code: IDLE.to_owned(),
        parent: Some(TOWNSHIP.to_owned()),
        level: "village".to_owned(),
        name: "懒散村".to_owned(),
        area: None,
    };
    let entry = places::add(&mut tx, &new).await.unwrap();
    tx.commit(entry).await.unwrap();
}

#[test]
fn the_board_shows_the_worst_first_and_an_order_is_met_by_its_notice() {
    block_on(async {
        let county = County::new(None).await;
        idle_village(&county).await;
        county.hire(&["TG", "VSC", "CF"]).await;
        for (role, login) in [("VAC", "vac"), ("VC", "vc"), ("VDI", "vdi")] {
            county.hire_in(role, login, IDLE).await;
        }
        let (town, clerk) = (county.sign_in("tg").await, county.sign_in("vac").await);
        let board = county.get("/office/board", &town).await;
        let at = |name: &str| board.body.rfind(name).unwrap_or_else(|| panic!("{}", board.body));
        assert!(at("懒散村") < at("试验村"), "{}", board.body);
        let cell = address(&board, &format!("/office/board/{IDLE}#missing")).to_owned();
        let village = county.get(cell.split('#').next().unwrap(), &town).await;
        let form = address(&village, "/office/orders/new?").replace("&amp;", "&");
        let form = form.replace("&#38;", "&");
        let page = county.get(&form, &town).await;
        assert!(page.body.contains("2026-12-01") && page.body.contains("MB-42"), "{}", page.body);
        let wanted = form.split('?').nth(1).unwrap();
        let early = county
            .send_form(
                &page,
                &town,
                "/office/orders",
                &format!("{wanted}&reason=Now&due=2026-11-01"),
            )
            .await;
        assert_eq!(early.status.as_u16(), 422);
        assert!(
            early.body.contains("日期已经过了") && early.body.contains(">Now<"),
            "{}",
            early.body
        );
        let fields = format!("{wanted}&reason=Publish+it+now&due=2026-12-01");
        assert_eq!(
            led(&county.send_form(&page, &town, "/office/orders", &fields).await),
            "/office/orders"
        );
        let twice = county.send_form(&page, &town, "/office/orders", &fields).await;
        assert_eq!(twice.status.as_u16(), 409, "{}", twice.body);
        let notice = made_up(&county, &clerk, wanted).await;
        let number = notice.rsplit('/').next().unwrap();
        let orders = county.get("/office/orders", &town).await;
        assert!(
            orders.body.contains("已补公开") && orders.body.contains(number),
            "{}",
            orders.body
        );
        // The county sees townships first; another village's committee sees nothing of this one.
        let whole = county.get("/office/board", &county.sign_in("cf").await).await;
        assert!(whole.body.contains("试验镇") && !whole.body.contains("懒散村"), "{}", whole.body);
        let other = county.sign_in("vsc").await;
        let path = format!("/office/board/{IDLE}");
        assert_eq!(county.get(&path, &other).await.status.as_u16(), 404);
    });
}

/// The village sees the order in its to-do; the link leads to the form with item and period filled in.
/// Returns the address of the notice that meets it.
async fn made_up(county: &County, clerk: &str, wanted: &str) -> String {
    let home = county.get("/office", clerk).await;
    assert!(home.body.contains("补公开") && home.body.contains("Publish it now"), "{}", home.body);
    let orders = county.get("/office/orders", clerk).await;
    let prepare = address(&orders, "/office/notices/new?").replace("&amp;", "&");
    let page = county.get(&prepare.replace("&#38;", "&"), clerk).await;
    let duty = wanted.split("duty=").nth(1).unwrap().split('&').next().unwrap();
    assert!(page.body.contains(&format!("value=\"{duty}\" selected")), "{}", page.body);
    assert!(page.body.contains("Publish it now"));
    let fields = format!("{wanted}&title=Late+but+there&lines=&text=Here&names=");
    let prepared = led(&county.send_form(&page, clerk, "/office/notices", &fields).await);
    let other = county.sign_in("vsc").await;
    assert_eq!(county.get(&prepared, &other).await.status.as_u16(), 404, "another village's");
    let watcher = county.sign_in("vdi").await;
    let page = county.get(&prepared, &watcher).await;
    led(&county.send_form(&page, &watcher, &format!("{prepared}/check"), "answer=agree").await);
    let third = county.sign_in("vc").await;
    let page = county.get(&prepared, &third).await;
    led(&county.send_form(&page, &third, &format!("{prepared}/publication"), "").await)
}

#[test]
fn each_officer_sees_the_forms_of_his_own_part_in_a_matter() {
    block_on(async {
        let county = County::new(None).await;
        county.hire(&["VC", "VPS", "VSC", "TG", "VAC"]).await;
        county.chair("TWO").await;
        let head = county.sign_in("vc").await;
        let form = county.get("/office/matters/new", &head).await;
        let fields = format!("power=H38&place={VILLAGE}&title=Drains&amount=5000");
        let matter = led(&county.send_form(&form, &head, "/office/matters", &fields).await);
        let number = matter.rsplit('/').next().unwrap().to_owned();
        let page = county.get(&matter, &head).await;
        assert!(page.body.contains("还缺这些") && !page.body.contains("/steps\""), "{}", page.body);
        for code in ["proposal", "budget_estimate", "interest_declaration"] {
            county.paper(&head, &number, code).await;
        }
        let page = county.get(&matter, &head).await;
        let steps = format!("{matter}/steps");
        led(&county.send_form(&page, &head, &steps, "step=propose&role=VC&note=").await);
        let (town, watcher) = (county.sign_in("tg").await, county.sign_in("vsc").await);
        // The township: its own review, no meeting, no withdrawal, nobody else's step.
        county.paper(&town, &number, "township_opinion").await;
        let page = county.get(&matter, &town).await;
        assert!(
            page.body.contains("value=\"review_policy\"") && page.body.contains("/steps\""),
            "{}",
            page.body
        );
        for not_his in ["value=\"review\"", "/meetings", "/withdrawal", "/checks\""] {
            assert!(!page.body.contains(not_his), "{not_his}: {}", page.body);
        }
        let home = county.get("/office", &town).await;
        assert!(home.body.contains("Drains"), "{}", home.body);
        let board = county.get(&format!("/office/board/{VILLAGE}"), &town).await;
        let waiting = board.body.split("id=\"waiting\"").nth(1).unwrap();
        assert!(waiting.split("</section>").next().unwrap().contains("Drains"), "{}", board.body);
        led(&county.send_form(&page, &town, &steps, "step=review_policy&role=TG&note=").await);
        let wrong =
            county.send_form(&page, &town, &steps, "step=decide&role=TWO+nobody&note=").await;
        assert_eq!(wrong.status.as_u16(), 403, "the township writes no minutes: {}", wrong.body);
        // The committee reviews, with the papers at hand; each look is recorded.
        county.paper(&watcher, &number, "review_opinion").await;
        let queue = county.get("/office/checks", &watcher).await;
        assert!(queue.body.contains("Drains"), "{}", queue.body);
        let paper = address(&queue, &format!("/office/matters/{number}/documents/")).to_owned();
        let shown = county.get(&paper, &watcher).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "application/pdf"));
        assert_eq!(county.get(&paper, &county.sign_in("vac").await).await.status.as_u16(), 200);
        let page = county.get(&matter, &watcher).await;
        assert!(!page.body.contains("/meetings") && !page.body.contains("/withdrawal"));
        led(&county.send_form(&page, &watcher, &steps, "step=review&role=VSC&note=").await);
        decided(&county, &head, &matter).await;
    });
}

/// Minutes that do not add up come back as they were typed, with the sentence; what the body did is
/// written down in the name of whoever presides.
async fn decided(county: &County, head: &str, matter: &str) {
    let (number, steps) = (matter.rsplit('/').next().unwrap(), format!("{matter}/steps"));
    let page = county.get(matter, head).await;
    let minutes = "step=decide&body=TWO&called_on=2026-11-20&held_on=2026-11-24&should_attend=7&present=six\
                       &votes_for=6&votes_against=0&abstentions=0&head_spoke_last=1&ballots_recorded=1";
    let refused = county.send_form(&page, head, &format!("{matter}/meetings"), minutes).await;
    assert_eq!(refused.status.as_u16(), 422);
    assert!(
        refused.body.contains("value=\"six\"") && refused.body.contains("要填整数"),
        "{}",
        refused.body
    );
    assert!(refused.body.contains("name=\"head_spoke_last\" value=\"1\" checked"));
    let right = minutes.replace("present=six", "present=6");
    led(&county.send_form(&page, head, &format!("{matter}/meetings"), &right).await);
    // Rules speak in titles, not in codes.
    let page = county.get(matter, head).await;
    let part = page.body.split("id=\"decide\"").nth(1).unwrap();
    let lines = part.split("还缺这些").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(lines.contains("会议记录") && !lines.contains("minutes"), "{lines}");
    // What the body did is written down in the name of whoever presides.
    county.paper(head, number, "minutes").await;
    let page = county.get(matter, head).await;
    assert!(page.body.contains("主持：陈主持"), "{}", page.body);
    let chair = address(&page, "TWO 0").replace(' ', "+");
    led(&county.send_form(&page, head, &steps, &format!("step=decide&role={chair}&note=")).await);
    assert!(county.get(matter, head).await.body.contains("公开决定"));
}
