//! One-time codes: issued at a counter in person, good once, and telling nothing to anybody else.

use crate::county::{Answer, County, block_on};
use crate::imports::{files, send};
use crate::logs::logged;
use crate::villager::{card, county as paid, id_number, name, work};

const COUNTER: &str = "/office/codes";

fn form(id: &str, name: &str) -> String {
    format!("&id_number={id}&name={name}&purpose=In+person&seen=1")
}

/// The eight digits on a slip.
fn digits(slip: &str) -> String {
    let shown =
        slip.split("code number\"><b>").nth(1).expect("a slip").split("</b>").next().unwrap();
    shown.chars().filter(char::is_ascii_digit).collect()
}

/// Name, ID number and card of a villager.
fn person(n: usize) -> [String; 3] {
    [name(n), id_number(n), card(n)]
}

/// A visitor who tries number, name and code.
async fn look_up(county: &County, id: &str, name: &str, code: &str) -> Answer {
    let page = county.get("/my", "mb_visitor=0123").await;
    let (token, work) = (page.token(), work(&page));
    let form = format!("token={token}&id_number={id}&name={name}&code={code}&{work}");
    county.post("/my", "mb_visitor=0123", &form).await
}

#[test]
fn a_code_opens_the_own_benefits_once_and_leaves_its_trace() {
    let mut shown = String::new();
    let mut code = String::new();
    let log = logged(async {
        let county = paid(8).await;
        county.hire(&["VAC"]).await;
        let clerk = county.sign_in("vac").await;
        let [name, id, card] = person(3);
        let (status, slip) = send(&county, COUNTER, COUNTER, &clerk, &form(&id, &name)).await;
        assert_eq!(status, 200, "{slip}");
        code = digits(&slip);
        assert_eq!(code.len(), 8);
        for hidden in [&name, &id, &card, "3.50", "慰问金"] {
            assert!(!slip.contains(hidden), "{hidden}: the counter sees nothing of the benefits");
        }
        let list = county.get(COUNTER, &clerk).await.body;
        assert!(list.contains("还没有用") && !list.contains(&code), "{list}");
        let opened = look_up(&county, &id, &name, &format!("{}+{}", &code[..4], &code[4..])).await;
        assert_eq!(opened.header("location"), "/my/benefits", "{}", opened.body);
        let own = county.get("/my/benefits", &opened.cookie()).await.body;
        assert!(own.contains("3.50") && own.contains("给本人发了查询码：In person"), "{own}");
        assert!(own.contains("试验村 村报账员"), "where it was issued: {own}");
        assert!(!own.contains("vac"), "not by whom");
        let again = look_up(&county, &id, &name, &code).await;
        assert_eq!(again.status.as_u16(), 200, "it is used up");
        assert!(county.get(COUNTER, &clerk).await.body.contains("已使用"));
        shown = slip + &list;
        let access = std::fs::read_to_string(county.folder.path().join("data/access.log")).unwrap();
        assert!(access.contains("\"act\":\"code\"") && access.contains("\"user\":\"vac\""));
        for path in files(county.folder.path()) {
            let bytes = std::fs::read(&path).unwrap();
            for secret in [&name, &id, &card] {
                let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!found, "somebody stands in {}", path.display());
            }
        }
    });
    let [name, id, card] = person(3);
    for secret in [name, id, card, code] {
        assert!(!log.contains(&secret), "{secret} is in the log");
    }
    assert!(!shown.contains("role=\"alert\""));
}

#[test]
fn whatever_does_not_open_looks_the_same() {
    block_on(async {
        let county = paid(8).await;
        county.hire(&["TG"]).await;
        let town = county.sign_in("tg").await;
        let ([name, id, _], [other, stranger, _]) = (person(3), person(4));
        let (_, first) = send(&county, COUNTER, COUNTER, &town, &form(&id, &name)).await;
        let (_, slip) = send(&county, COUNTER, COUNTER, &town, &form(&id, &name)).await;
        let (ended, code) = (digits(&first), digits(&slip));
        let (nobody, name_of_five) = (id_number(500), crate::villager::name(5));
        let mut answers = Vec::new();
        for (id, name, code) in [
            (id.as_str(), name.as_str(), ended.as_str()),
            (&id, &name, "00000000"),
            (&id, &other, &code),
            (&stranger, &other, &code),
            (nobody.as_str(), &name, &code),
        ] {
            let answer = look_up(&county, id, name, code).await;
            assert!(
                answer.status.as_u16() == 200 && answer.cookies().is_empty(),
                "{}",
                answer.body
            );
            assert!(answer.body.contains("没有查到"));
            // The work that the next form demands is another each time.
            let asks_work = |line: &&str| line.contains("name=\"challenge\"");
            let rest: Vec<&str> = answer.body.lines().filter(|line| !asks_work(line)).collect();
            answers.push(rest.join("\n"));
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "nothing tells them apart");
        let right = look_up(&county, &id, &name, &code).await;
        assert_eq!(right.status.as_u16(), 303, "wrong names used nothing up: {}", right.body);
        // A day later a code is over.
        let (_, slip) =
            send(&county, COUNTER, COUNTER, &town, &form(&id_number(5), &name_of_five)).await;
        county.pass(1);
        let late = look_up(&county, &id_number(5), &name_of_five, &digits(&slip)).await;
        assert!(late.status.as_u16() == 200 && late.body.contains("没有查到"), "{}", late.body);
        let town = county.sign_in("tg").await;
        assert!(county.get(COUNTER, &town).await.body.contains("已失效"));
        // Six tries an hour about one person, whatever they bring; a code over the budget stays good.
        let (_, slip) = send(&county, COUNTER, COUNTER, &town, &form(&id, &name)).await;
        for _ in 0..8 {
            look_up(&county, &id, &name, "00000000").await;
        }
        let within = look_up(&county, &id, &name, &digits(&slip)).await;
        assert_eq!(within.status.as_u16(), 200, "the budget is used up");
        assert!(county.get(COUNTER, &town).await.body.contains("还没有用"));
    });
}

#[test]
fn a_code_needs_the_card_a_purpose_and_a_person() {
    block_on(async {
        let county = paid(8).await;
        county.hire(&["VAC", "VSC"]).await;
        let (clerk, watcher) = (county.sign_in("vac").await, county.sign_in("vsc").await);
        assert_eq!(county.get(COUNTER, &watcher).await.status.as_u16(), 403);
        let [name, id, _] = person(3);
        let unseen = form(&id, &name).replace("&seen=1", "");
        let number = form(&id, &name).replace("In+person", &id);
        for (form, status) in [(unseen, 422), (number, 422), (form(&id, "欧阳某"), 200)] {
            let (found, body) = send(&county, COUNTER, COUNTER, &clerk, &form).await;
            assert_eq!(found, status, "{body}");
            assert!(body.contains("没有找到") == (status == 200) && !body.contains("code number"));
            assert!(!body.contains(&id) && !body.contains("欧阳某"), "nothing is repeated");
        }
        assert!(county.get(COUNTER, &clerk).await.body.contains("还没有发过"));
    });
}
