//! Every route with every role, compared with the matrix of rights.

use axum::http::Method;
use domain::access::{Act, Asker, Decision, Held, Matrix, Subject, View};
use locale::{Language, Text};
use web::{Right, Route};

use crate::county::{Answer, COUNTY, County, TOWNSHIP, VILLAGE, block_on};
use crate::forms::filled;
use crate::wechat;

/// How the door before a route answered.
#[derive(Debug, PartialEq, Eq)]
enum Door {
    /// Sign in first.
    Shut,
    /// Not with these roles.
    Refused,
    /// The page itself answered.
    Passed,
}

fn door(answer: &Answer, refusal: &str) -> Door {
    let to_door = answer.header("location").starts_with("/sign-in");
    match answer.status.as_u16() {
        401 => Door::Shut,
        303 if to_door => Door::Shut,
        403 if answer.body.contains(refusal) => Door::Refused,
        _ => Door::Passed,
    }
}

/// What the matrix says of somebody who holds one role in one place.
fn expected(matrix: &Matrix, right: Right, role: Option<&str>, place: &str) -> Door {
    let (acts, objects, routed): (&[Act], Vec<&str>, bool) = match (right, role) {
        (Right::Public, _) | (Right::SignedIn, Some(_)) => return Door::Passed,
        (_, None) => return Door::Shut,
        (Right::May(acts, object), Some(_)) => (acts, vec![object], false),
        (Right::Routed(acts, objects), Some(_)) => (acts, objects.to_vec(), true),
    };
    let held = Held { role: role.unwrap().to_owned(), place: place.to_owned(), ..Held::default() };
    let unit = "the office that it was routed to".to_owned();
    let held = Held { unit: Some(unit.clone()), ..held };
    let asker = Asker { held: vec![held], ..Asker::default() };
    let more_than_public = |act: &Act, object: &str| {
        let subject =
            Subject { object: object.to_owned(), place: place.to_owned(), ..Subject::default() };
        let subject = match routed {
            true => {
                Subject { unit: Some(unit.clone()), routed_to: [unit.clone()].into(), ..subject }
            }
            false => subject,
        };
        let decision = matrix.decide(&asker, *act, &subject);
        matches!(decision, Decision::Allow(view) if view != View::Public)
    };
    let may = acts.iter().any(|act| objects.iter().any(|object| more_than_public(act, object)));
    if may { Door::Passed } else { Door::Refused }
}

#[test]
fn every_route_asks_the_matrix() {
    block_on(async {
        let county = wechat::county(wechat::SAFE).await;
        let roles: Vec<_> =
            county.law().catalogue.roles.values().filter(|role| !role.body).collect();
        let codes: Vec<&str> = roles.iter().map(|role| role.code.as_str()).collect();
        county.hire(&codes).await;
        let routes = county.routes();
        let mut passed = vec![0; routes.len()];
        let mut refused = vec![0; routes.len()];
        walk(&county, &routes, None, &mut |_, _| ()).await;
        for code in &codes {
            walk(&county, &routes, Some(code), &mut |at, door| match door {
                Door::Refused => refused[at] += 1,
                Door::Passed => passed[at] += 1,
                Door::Shut => {}
            })
            .await;
        }
        for ((route, passed), refused) in routes.iter().zip(passed).zip(refused) {
            let own = route.path.starts_with("/my/");
            assert_eq!(passed > 0, !own, "{} {}: {passed}", route.method, route.path);
            let guarded = matches!(route.right, Right::May(..) | Right::Routed(..));
            assert_eq!(refused > 0, guarded, "{} {}: {refused}", route.method, route.path);
        }
    });
}

/// Tries every route as one role, or as a visitor.
async fn walk(
    county: &County,
    routes: &[Route],
    role: Option<&str>,
    note: &mut impl FnMut(usize, &Door),
) {
    let text = Text::load(Language::Chinese);
    let (refusal, level) =
        (text.get("rule-deny-no-right"), role.map(|code| county.law().catalogue.roles[code].level));
    let place = match level {
        Some(level) if level <= domain::catalogue::RoleLevel::Village => VILLAGE_PATH,
        Some(domain::catalogue::RoleLevel::Township) => TOWNSHIP_PATH,
        _ => COUNTY,
    };
    assert!(VILLAGE_PATH.ends_with(VILLAGE) && TOWNSHIP_PATH.ends_with(TOWNSHIP));
    let cookie = match role {
        Some(code) => county.sign_in(&code.to_lowercase()).await,
        None => String::new(),
    };
    for (at, route) in routes.iter().enumerate() {
        let path = filled(route.path);
        let answer = match route.method {
            Method::GET => county.get(&path, &cookie).await,
            _ => county.post(&path, &cookie, "").await,
        };
        assert!(answer.status.as_u16() < 500, "{path} as {role:?}: {}", answer.body);
        let found = door(&answer, &refusal);
        let mut expected = expected(&county.law().access, route.right, role, place);
        // A code is taken from whoever has given his password, and from nobody else.
        if (&route.method, route.path, role) == (&Method::POST, "/sign-in/code", None) {
            expected = Door::Shut;
        }
        // A first sign-in is for whoever has given his first password.
        if route.path == "/sign-in/start" && role.is_none() {
            expected = Door::Shut;
        }
        // Own pages open to who was recognised as that person; no post is a key to them.
        if route.path.starts_with("/my/") {
            expected = Door::Shut;
        }
        assert_eq!(found, expected, "{} {path} as {role:?}: {}", route.method, answer.status);
        note(at, &found);
    }
}

const TOWNSHIP_PATH: &str = "990001/990001101";
const VILLAGE_PATH: &str = "990001/990001101/990001101201";

#[test]
fn every_act_of_the_office_needs_a_right() {
    block_on(async {
        let county = wechat::county(wechat::SAFE).await;
        // Anybody may ask, sign in, look at the own data and report, and the platform of an official
        // account calls; nothing else is changed by a stranger.
        let open = ["/questions", "/sign-in", "/my", "/report", "/topics", "/channels/wechat"];
        for route in county.routes() {
            let mine = route.path.starts_with("/office") || route.path == "/sign-out";
            let public = route.right == Right::Public;
            assert_ne!(mine, public, "{} {}", route.method, route.path);
            if public && route.method == Method::POST {
                assert!(open.iter().any(|part| route.path.contains(part)), "{}", route.path);
            }
        }
    });
}
