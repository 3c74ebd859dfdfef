//! What a browser sealed: taken as it came for exactly the offices of the route, and for no others.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::report::{Content, Identity};
use registry::actions::reports::{identity, open};
use registry::sealer::{Age, Sealer, seal_value};

use super::world::{Desk, Page, TEXT, county, writing};
use crate::county::{COUNTY, County, TOWNSHIP, block_on};
use crate::hall::{bytes_below, holds};

const NAME: &str = "周试验";
const AGE: Age = Age::quick();

/// The recipients that the page names for a part.
fn recipients(page: &Page, part: &str) -> Vec<String> {
    let list = page.answer.body.split(&format!("data-{part}=\"")).nth(1).expect("recipients");
    list.split('"').next().unwrap().split(' ').map(str::to_owned).collect()
}

/// Fields of a form, and the sealed file that goes with them.
type Part = (Vec<(String, String)>, Vec<u8>);

/// A part with a key of its own, as the script makes it.
fn part(name: &str, to: &[String], value: &impl serde::Serialize) -> Part {
    let key = AGE.new_key().unwrap();
    let mut fields = vec![(format!("{name}_key"), key.recipient.clone())];
    for one in to {
        let wrapped = STANDARD.encode(AGE.seal(&[one], key.secret.expose()).unwrap());
        fields.push((format!("{name}_wrap"), format!("{one}:{wrapped}")));
    }
    (fields, seal_value(&AGE, &[&key.recipient], value).unwrap())
}

fn said() -> Content {
    Content { text: TEXT.to_owned(), ..Content::default() }
}

async fn send(county: &County, page: &Page, parts: &[Part]) -> Page {
    let mut fields = vec![("sealed", "1")];
    for (more, _) in parts {
        fields.extend(more.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    }
    let files: Vec<&[u8]> = parts.iter().map(|(_, file)| file.as_slice()).collect();
    page.send(county, &fields, &files).await
}

#[test]
fn it_is_read_by_the_office_of_the_route_and_the_page_says_where_it_was_sealed() {
    block_on(async {
        let county = county().await;
        let page = writing(&county, "accusation").await;
        let (content, name) = (recipients(&page, "content"), recipients(&page, "identity"));
        assert_eq!((content.len(), name.len()), (2, 1), "handling, review; identity");
        let who = Identity { name: NAME.into(), contact: "村东".into(), ..Identity::default() };
        let parts = [part("content", &content, &said()), part("identity", &name, &who)];
        let filed = send(&county, &page, &parts).await;
        assert!(filed.has("是在您的设备上加密以后才提交的"), "{}", filed.answer.body);
        assert!(!filed.has("是在服务器的内存里加密"));
        assert_eq!(filed.receipt().len(), 21);
        let desk = Desk::of(&county);
        let number = desk.numbers(&county, "TDI", TOWNSHIP).await.remove(0);
        let registry = &county.app.setup.registry;
        let counter = desk.counter(&county);
        let unlock = async |role: &str, place: &str| {
            let person = desk.by(&county, role, place).await.person.unwrap();
            registry.unlock(&AGE, &person, "a passphrase for tests").await.unwrap()
        };
        let own = unlock("TDI", TOWNSHIP).await;
        let mut tx = desk.begin(&county, "TDI", TOWNSHIP).await;
        let (opened, entry) = open::open(&mut tx, &counter, &number, "初核", &own).await.unwrap();
        assert_eq!(opened.content.unwrap().text, TEXT);
        tx.record(entry).await.unwrap();
        let (request, entry) = identity::ask(&mut tx, &counter, &number, "核实").await.unwrap();
        tx.commit(entry).await.unwrap();
        let head = unlock("CL1", COUNTY).await;
        let mut tx = desk.begin(&county, "CL1", COUNTY).await;
        let granted = identity::grant(&mut tx, &counter, &request, 3, &head).await.unwrap();
        tx.commit(granted.1).await.unwrap();
        let mut tx = desk.begin(&county, "TDI", TOWNSHIP).await;
        let read = identity::read(&mut tx, &counter, &request, &own).await.unwrap().0;
        assert_eq!(read, who);
    });
}

#[test]
fn what_is_sealed_for_others_or_not_at_all_is_refused_and_told() {
    block_on(async {
        let county = county().await;
        let page = writing(&county, "accusation").await;
        let right = recipients(&page, "content");
        let other = AGE.new_key().unwrap().recipient;
        let good = part("content", &right, &said());
        let mut open = good.clone();
        open.1 = serde_json::to_vec(&said()).unwrap();
        let more = [right.clone(), vec![other.clone()]].concat();
        let swapped = vec![right[1].clone(), right[0].clone()];
        for wrong in [
            part("content", &[other.clone(), right[1].clone()], &said()),
            part("content", &more, &said()),
            part("content", &right[..1], &said()),
            part("content", &swapped, &said()),
            open,
        ] {
            let refused = send(&county, &page, &[wrong]).await;
            assert_eq!(refused.answer.status.as_u16(), 422, "{}", refused.answer.body);
            assert!(refused.has("callout bad") && refused.has("data-content"), "the form again");
        }
        for broken in [("content_wrap", "age1"), ("content_wrap", "age1x:no base 64")] {
            let fields = [("sealed", "1"), broken];
            let refused = page.send(&county, &fields, &[&good.1]).await;
            assert!(refused.answer.status.is_client_error(), "{broken:?}");
        }
        let none = page.send(&county, &[("sealed", "1")], &[]).await;
        assert!(none.answer.status.is_client_error());
        let desk = Desk::of(&county);
        assert_eq!(desk.numbers(&county, "TDI", TOWNSHIP).await, Vec::<String>::new());
        assert!(!holds(&bytes_below(county.folder.path()), TEXT));
        // The same form, sealed as the page says.
        assert_eq!(send(&county, &page, &[good]).await.receipt().len(), 21);
    });
}
