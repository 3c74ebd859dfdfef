//! The permission matrix, cell by cell: each right with all it needs, without each need, in
//! another place, and everything that no cell gives.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use domain::access::{Act, Asker, Decision, Held, Matrix, Need, Subject, View, covers};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};

static MATRIX: LazyLock<Matrix> = LazyLock::new(|| {
    Matrix::parse("access.toml", include_str!("../../../../catalogues/access.toml"))
        .expect("matrix")
});

type Cells = BTreeMap<String, BTreeMap<String, String>>;

fn cells() -> Cells {
    toml::from_str(include_str!("cases/access.toml")).expect("cases")
}

/// A right as a cell states it.
struct Right {
    acts: Vec<Act>,
    view: View,
    needs: Vec<Need>,
}

fn named<'a, T: Deserialize<'a>>(code: &'a str) -> T {
    T::deserialize(StrDeserializer::<Error>::new(code)).expect("a code")
}

fn rights(cell: &str) -> Vec<Right> {
    let one = |part: &str| {
        let (rest, needs) = part.trim().split_once('@').unwrap_or((part.trim(), ""));
        let (letters, view) = rest.split_once(':').unwrap_or((rest, "full"));
        let act = |letter| match letter {
            'R' => Act::Read,
            'C' => Act::Create,
            'U' => Act::Update,
            'A' => Act::Approve,
            'S' => Act::Sign,
            'P' => Act::Propose,
            other => panic!("{other} in {cell}"),
        };
        Right {
            acts: letters.chars().map(act).collect(),
            view: named(view),
            needs: needs.split(',').filter(|n| !n.is_empty()).map(named).collect(),
        }
    };
    cell.split(';').map(one).collect()
}

/// Somebody in a role, and a thing for which he meets all needs but `without`.
fn meeting(object: &str, role: &str, without: Option<Need>) -> (Asker, Subject) {
    let has = |need| without != Some(need);
    let set = |on: bool, code: &str| -> BTreeSet<String> {
        on.then(|| code.to_owned()).into_iter().collect()
    };
    let text = |on: bool, code: &str| on.then(|| code.to_owned());
    let held = Held {
        role: role.into(),
        place: "county/t1".into(),
        unit: Some("unit".into()),
        programmes: set(has(Need::Programme), "S01"),
        fields: set(has(Need::Field), "AG"),
    };
    let asker = Asker {
        person: Some("p1".into()),
        held: vec![held],
        tasks: set(has(Need::Task), "n1"),
        ..Asker::default()
    };
    let subject = Subject {
        object: object.into(),
        id: "n1".into(),
        place: "county/t1/v1".into(),
        owner: text(has(Need::OwnPerson), "p1"),
        programme: Some("S01".into()),
        field: Some("AG".into()),
        unit: text(has(Need::OwnUnit), "unit"),
        routed_to: set(has(Need::Routed), "unit"),
        named: set(!has(Need::Unnamed), "p1"),
        approved: set(has(Need::Approval), "p1"),
        code_shown: has(Need::Code),
        staff_case: has(Need::StaffCase),
        published: has(Need::Published),
    };
    (asker, subject)
}

#[test]
fn every_row_of_the_matrix_has_its_cells() {
    let rows: BTreeSet<&str> = MATRIX.objects.iter().map(|o| o.code.as_str()).collect();
    let cells = cells();
    assert_eq!(rows, cells.keys().map(String::as_str).collect());
    assert_eq!(rows.len(), 44);
}

#[test]
fn rights_are_those_of_the_matrix_and_no_others() {
    for (object, row) in cells() {
        for (column, roles) in &MATRIX.columns {
            let public = rights(row.get("PUB").map_or("", String::as_str));
            let own = row.get(column).map(|cell| rights(cell)).unwrap_or_default();
            for role in roles {
                for act in Act::ALL {
                    let (asker, subject) = meeting(&object, role, None);
                    let views = own.iter().chain(&public).filter(|r| r.acts.contains(&act));
                    let expect = views.map(|right| right.view).max();
                    let found = MATRIX.decide(&asker, act, &subject);
                    let expect = expect.map_or(Decision::Deny("deny-no-right"), Decision::Allow);
                    assert_eq!(found, expect, "{object} {role} {act:?}");
                }
            }
        }
    }
}

#[test]
fn each_need_is_needed() {
    for (object, row) in cells() {
        for (column, cell) in &row {
            let role = MATRIX.columns[column][0].as_str();
            for right in rights(cell) {
                for (need, act) in
                    right.needs.iter().flat_map(|n| right.acts.iter().map(move |a| (*n, *a)))
                {
                    let (asker, subject) = meeting(&object, role, Some(need));
                    let found = MATRIX.decide(&asker, act, &subject);
                    // What remains is what he has without that need, or what every visitor has.
                    let rest = rights(cell).into_iter().filter(|r| !r.needs.contains(&need));
                    let rest = rest.filter(|r| r.acts.contains(&act)).map(|r| r.view).max();
                    let (_, same) = meeting(&object, role, Some(need));
                    let visitor = Asker { held: vec![], ..asker.clone() };
                    match found {
                        Decision::Deny(reason) => assert_ne!(reason, "deny-no-right"),
                        allowed => {
                            let visitor = MATRIX.decide(&visitor, act, &same);
                            let most =
                                rest.map_or(visitor, |view| visitor.max(Decision::Allow(view)));
                            assert_eq!(allowed, most, "{object} {role} {act:?} without {need:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_post_reaches_as_far_as_its_place() {
    for object in &MATRIX.objects {
        for roles in MATRIX.columns.values() {
            let (mut asker, mut subject) = meeting(&object.code, &roles[0], None);
            subject.place = "county/t10/v1".into();
            for act in Act::ALL {
                let far = MATRIX.decide(&asker, act, &subject);
                let visitor =
                    MATRIX.decide(&Asker { held: vec![], ..asker.clone() }, act, &subject);
                assert!(far == visitor || far == Decision::Deny("deny-place"), "{}", object.code);
            }
            asker.held[0].place = String::new();
            assert!(!covers("", &subject.place));
        }
    }
    for (post, place, expect) in [
        ("county", "county/t1/v1", true),
        ("county/t1", "county/t1", true),
        ("county/t1", "county/t10", false),
        ("county/t1/v1", "county/t1", false),
    ] {
        assert_eq!(covers(post, place), expect, "{post} {place}");
    }
}

#[test]
fn whoever_is_named_sees_nothing_of_it() {
    for object in MATRIX.objects.iter().filter(|o| o.closed_to_named) {
        for role in MATRIX.columns.values().flatten() {
            let (asker, mut subject) = meeting(&object.code, role, None);
            subject.named.insert("p1".into());
            for act in Act::ALL {
                let found = MATRIX.decide(&asker, act, &subject);
                assert_eq!(found, Decision::Deny("deny-named"), "{} {role}", object.code);
            }
        }
    }
}

#[test]
fn reasons_are_the_nearest_to_a_yes() {
    let decide = |object: &str, role: &str, without, act| {
        let (asker, subject) = meeting(object, role, without);
        MATRIX.decide(&asker, act, &subject)
    };
    let read = Act::Read;
    for (object, role, without, reason) in [
        ("reporter", "TDI", Some(Need::Approval), "deny-approval"),
        ("report", "CJ", Some(Need::Routed), "deny-routed"),
        ("clue", "VAC", None, "deny-no-right"),
        ("nothing", "CL1", None, "deny-no-right"),
    ] {
        let mut found = decide(object, role, without, read);
        if object != "clue" && object != "nothing" {
            let (asker, mut subject) = meeting(object, role, without);
            (subject.owner, subject.code_shown) = (None, false);
            found = MATRIX.decide(&asker, read, &subject);
        }
        assert_eq!(found, Decision::Deny(reason), "{object} {role}");
    }
    // Administrators of the machine have no rights on business data beyond every visitor's.
    let theirs = ["user", "audit_log", "place", "post", "catalogue", "office_key", "outbox"];
    for role in ["SYS", "SEC", "AUD"] {
        for object in MATRIX.objects.iter().filter(|o| !theirs.contains(&&*o.code)) {
            for act in Act::ALL {
                let (asker, subject) = meeting(&object.code, role, None);
                let visitor = Asker { held: vec![], ..asker.clone() };
                let both = [&asker, &visitor].map(|asker| MATRIX.decide(asker, act, &subject));
                assert_eq!(both[0], both[1], "{} {role}", object.code);
            }
        }
    }
}

#[test]
fn a_wrong_matrix_is_refused() {
    for text in [
        "columns = 3",
        "objects = []\n[columns]\nX = [1]",
        "objects = [{ code = \"a\", title = { zh = \"a\", en = \"a\" }, class = 1, \
         grants = [{ to = [\"Y\"], acts = [\"read\"] }] }]\n[columns]\nX = [\"X\"]",
    ] {
        assert!(Matrix::parse("access.toml", text).is_err(), "{text}");
    }
}
