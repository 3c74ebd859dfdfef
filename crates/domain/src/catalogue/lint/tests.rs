use crate::catalogue::Catalogue;
use crate::catalogue::sample::{catalogue, files, told};
use crate::time::Day;

/// After the replacement the catalogue has problems, and all of them begin with `expect`.
fn check(table: &[(&str, &str, &str)]) {
    for (from, to, expect) in table {
        let (_, problems) = Catalogue::load(&files(from, to));
        let found = told(&problems);
        assert!(!found.is_empty(), "{from} -> {to}: nothing found");
        assert!(found.iter().all(|line| line.starts_with(expect)), "{from} -> {to}: {found:#?}");
    }
}

#[test]
fn the_sample_is_sound() {
    let catalogue = catalogue();
    assert_eq!(catalogue.powers.len(), 2);
    assert_eq!(catalogue.duties.len(), 2);
}

#[test]
fn files_and_codes() {
    check(&[
        ("trigger = \"need\"", "triggers = \"need\"", "catalogue-toml power/A01-matters.toml"),
        ("A01-matters", "matters", "catalogue-file-name power/matters.toml code"),
        ("six-step.toml", "steps.toml", "catalogue-file-name procedures/steps.toml"),
        ("decisions.toml", "list.toml", "catalogue-file-name profiles/list.toml"),
        ("2026.toml", "2027.toml", "catalogue-file-name calendars/2027.toml"),
        ("code = \"V2\"", "code = \"V20\"", "catalogue-"),
        ("C02", "X02", "catalogue-power-code power/X02-invoices.toml code"),
        ("C02", "C2", "catalogue-power-code"),
        ("C02", "A02", "catalogue-power-code"),
        ("code = \"T2\"", "code = \"T1\"", "catalogue-code-twice tiers.toml sets[0].tiers[1].code"),
        ("code = \"MB-02\"", "code = \"MB-01\"", "catalogue-"),
    ]);
}

#[test]
fn days_bases_and_tags() {
    check(&[
        ("from = \"2020-01-01\"", "from = \"2020-13-01\"", "catalogue-day power/"),
        (
            "from = \"2020-01-01\"",
            "from = \"2020-01-01\"\nuntil = \"2019-01-01\"",
            "catalogue-span power/",
        ),
        ("from = \"2020-01-01\"\np", "from = \"2014-06-01\"\np", "catalogue-not-in-force power/"),
        ("[law]", "[lore]", "catalogue-instrument"),
        ("[law]", "[law]\nsuperseded_by = \"lore\"", "catalogue-instrument instruments.toml law"),
        (
            "F\" }]\n[versions.fields]",
            "?\" }]\n[versions.fields]",
            "catalogue-confidence profiles/",
        ),
        ("promise_confidence = \"D\"", "promise_confidence = \"\"", "catalogue-confidence power/"),
        ("service.promise_confidence = \"D\"\n", "", "catalogue-confidence power/A01"),
        ("[{ instrument = \"law\", confidence = \"D\" }]", "[]", "catalogue-empty tiers.toml"),
        ("from = \"2014-05-01\"", "from = \"2026-05-01\"", "catalogue-basis-later"),
        (
            "from = \"2014-05-01\"",
            "from = \"2014-05-01\"\nuntil = \"2014-12-31\"",
            "catalogue-basis-later",
        ),
    ]);
    let twice = "pauses = []\nbasis = [{ instrument = \"law\", confidence = \"F\" }]\n\
                 [[rules.versions]]\nfrom = \"2014-06-01\"\nsense = \"at_most\"\n\
                 limit = { count = 5, unit = \"working_day\" }\n";
    check(&[(
        "pauses = [\"supplement\"]\nlocal = true\n",
        twice,
        "catalogue-version-order deadlines/own.toml rules[0].versions[1]",
    )]);
}

#[test]
fn references_lead_somewhere() {
    check(&[
        ("owner = [\"VPS\"]", "owner = [\"QQQ\"]", "catalogue-unknown-role power/"),
        ("owner = [\"VSC\"]", "owner = [\"QQQ\"]", "catalogue-unknown-role deadlines/"),
        ("approver = \"VPS\"", "approver = \"QQQ\"", "catalogue-unknown-role deadlines/"),
        ("excludes = [\"VSC\"]", "excludes = [\"QQQ\"]", "catalogue-unknown-role roles.toml"),
        ("excludes = [\"VSC\"]", "excludes = [\"VPS\"]", "catalogue-role-excludes roles.toml"),
        ("countersign = [\"VSC\"]", "countersign = [\"X\"]", "catalogue-unknown-role tiers.toml"),
        ("roles = [\"VC\"]", "roles = [\"QQQ\"]", "catalogue-unknown-role procedures/"),
        ("role = \"VSC\"", "role = \"QQQ\"", "catalogue-unknown-role procedures/"),
        ("signers = [\"VSC\"]", "signers = [\"QQQ\"]", "catalogue-unknown-role procedures/"),
        ("actors = [\"VRM\"]", "actors = [\"QQQ\"]", "catalogue-unknown-role procedures/"),
        ("actors = [\"VRM\"]", "actors = []", "catalogue-empty procedures/"),
        ("body = \"VRM\", c", "body = \"VM\", c", "catalogue-unknown-body tiers.toml"),
        ("body = \"VRM\" }", "body = \"VM\" }", "catalogue-unknown-body"),
        ("due = \"MB-01\"", "due = \"MB-09\"", "catalogue-unknown-deadline procedures/"),
        ("due = \"MB-01\"", "due = \"MB-02\"", "catalogue-deadline-sense procedures/"),
        ("rule = \"MB-02\"", "rule = \"MB-01\"", "catalogue-deadline-sense procedures/"),
        ("disclosure = [\"V20\"]", "disclosure = [\"V9\"]", "catalogue-unknown-duty power/"),
        ("part_of = \"V2\"", "part_of = \"V9\"", "catalogue-unknown-duty disclosure/"),
        ("profile = \"decisions\"", "profile = \"d\"", "catalogue-unknown-profile disclosure/"),
        ("negative = [\"N01\"]", "negative = [\"N9\"]", "catalogue-unknown-negative power/"),
        ("procedure = \"six-step\"", "procedure = \"six\"", "catalogue-unknown-procedure power/"),
        ("codes = [\"proposal\"]", "codes = [\"paper\"]", "catalogue-unknown-term procedures/"),
        ("bring = [\"proposal\"]", "bring = [\"paper\"]", "catalogue-unknown-term power/"),
        ("stage = \"pay\"", "stage = \"paid\"", "catalogue-unknown-term procedures/"),
        ("channels = [\"board\", ", "channels = [\"wall\", ", "catalogue-unknown-term disclosure/"),
        ("pauses = [\"supplement\"]", "pauses = [\"rain\"]", "catalogue-unknown-term deadlines/"),
        ("\"new_year\"]", "\"old_year\"]", "catalogue-unknown-term calendars/"),
        ("name = \"mask\"", "nick = \"mask\"", "catalogue-unknown-term profiles/"),
    ]);
}

#[test]
fn steps_are_in_order() {
    check(&[
        ("code = \"hearing\"", "code = \"decide\"", "catalogue-"),
        ("[\"review\", \"hearing\"]", "[\"reviews\"]", "catalogue-unknown-step procedures/"),
        ("step = \"notice\"", "step = \"pay\"", "catalogue-step-stage procedures/"),
        ("step = \"notice\"", "step = \"post\"", "catalogue-unknown-step procedures/"),
        (
            "after = [\"propose\"]\noptional",
            "after = [\"hearing\"]\noptional",
            "catalogue-step-cycle procedures/six-step.toml versions[0].steps",
        ),
        ("stage = \"archive\"", "stage = \"pay\"", "catalogue-no-archive power/"),
        (
            "stage = \"disclose\"\ntitle = { zh = \"公开票据",
            "stage = \"pay\"\ntitle = { zh = \"",
            "catalogue-no-disclose power/C02",
        ),
        (
            "from = \"2020-01-01\"\nservice",
            "from = \"2020-01-01\"\nprocedure = \"six-step\"\nservice",
            "catalogue-steps-twice power/C02",
        ),
    ]);
    let cycle = files("after = [\"propose\"]\nafter_any", "after = [\"pay\"]\nafter_any");
    let (_, problems) = Catalogue::load(&cycle);
    let codes: Vec<&str> = problems.iter().map(|p| p.code).collect();
    assert_eq!(
        codes,
        [
            "catalogue-step-cycle",
            "catalogue-step-cycle",
            "catalogue-step-cycle",
            "catalogue-step-unreachable"
        ],
        "decide, notice and pay wait for each other, archive for them"
    );
}

#[test]
fn a_circle_with_a_way_in_is_no_problem() {
    let (_, problems) =
        Catalogue::load(&files("[\"review\", \"hearing\"]", "[\"review\", \"notice\"]"));
    assert_eq!(problems, []);
}

#[test]
fn what_is_public() {
    check(&[
        ("phone = \"hide\"", "phone = \"own\"", "catalogue-profile-shows profiles/"),
        ("id_number = \"hide\"", "id_number = \"mask\"", "catalogue-profile-shows profiles/"),
        ("channels = [\"board\", \"web\"]", "channels = [\"web\"]", "catalogue-channel-screen"),
        ("\"month\", \"event\"", "\"week\", \"event\"", "catalogue-frequency disclosure/"),
        ("due_day = 10\n", "", "catalogue-duty-due disclosure/village.toml duties[0].versions[0]"),
        ("due_after = { count = 3, unit = \"working_day\" }\n", "", "catalogue-duty-due"),
        ("due_day = 10", "due_day = 32", "catalogue-range disclosure/"),
        ("fee_fen = 0", "fee_fen = -1", "catalogue-range power/"),
    ]);
}

#[test]
fn shares_tiers_and_calendars() {
    check(&[
        ("numerator = 2", "numerator = 0", "catalogue-share bodies.toml"),
        ("numerator = 2", "numerator = 4", "catalogue-share bodies.toml"),
        ("denominator = 2", "denominator = 1", "catalogue-share bodies.toml"),
        ("below_fen = 1000000, ", "", "catalogue-tiers tiers.toml sets[0].tiers[0].below_fen"),
        ("below_fen = 1000000", "below_fen = 0", "catalogue-tiers tiers.toml"),
        ("en = \"large\" }, ", "en = \"large\" }, below_fen = 2000000, ", "catalogue-tiers"),
        ("2026-10-08", "2026-10-32", "catalogue-day calendars/2026.toml off[2]"),
        ("2026-01-01", "2025-11-30", "catalogue-calendar-day calendars/2026.toml off[0]"),
        ("2026-10-10", "2027-02-06", "catalogue-calendar-day calendars/2026.toml make_up[0]"),
        ("2026-10-10", "2026-10-09", "catalogue-calendar-weekday calendars/"),
        ("2026-10-08", "2026-10-10", "catalogue-calendar-both calendars/"),
    ]);
    for day in ["2025-12-31", "2027-01-01"] {
        let (_, problems) = Catalogue::load(&files("2026-01-01", day));
        assert_eq!(problems, [], "{day}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let (_, problems) = Catalogue::load(&files("2015-01-01", "2015-02-30"));
    // The procedure without a readable day is in force on none, which the power is told.
    assert_eq!(told(&problems).len(), 7, "{:#?}", told(&problems));
}

#[test]
fn exclusions_hold_both_ways() {
    assert_eq!(catalogue().roles["VSC"].excludes, ["VPS"]);
}

#[test]
fn steps_are_picked_by_the_day() {
    let catalogue = catalogue();
    let day = |text| Day::parse(text).expect(text);
    let count = |code, text| catalogue.steps_of(code, day(text)).map(<[_]>::len);
    assert_eq!(count("A01", "2024-05-01"), Ok(7));
    assert_eq!(count("C02", "2024-05-01"), Ok(2));
    let problem = |code, text| count(code, text).expect_err(code).code;
    assert_eq!(problem("A01", "2019-12-31"), "catalogue-not-in-force");
    assert_eq!(problem("Z09", "2024-05-01"), "catalogue-unknown-power");
    assert!(catalogue.tiers_on(day("2014-12-31")).is_none());
    assert!(catalogue.tiers_on(day("2015-01-01")).is_some());
}

#[test]
fn canonical_bytes_are_those_of_the_files_read() {
    let bytes = catalogue().canonical();
    let mut turned = files("", "");
    turned.reverse();
    assert_eq!(Catalogue::load(&turned).0.canonical(), bytes, "order does not matter");
    let ignored = files("not read", "still not read");
    assert_eq!(Catalogue::load(&ignored).0.canonical(), bytes);
    let changed = files("# ", "#  ").into_iter().map(|(path, text)| (path, text + "\n"));
    assert_ne!(Catalogue::load(&changed.collect::<Vec<_>>()).0.canonical(), bytes);
    assert_eq!(bytes.get(..8), Some([0, 0, 0, 0, 0, 0, 0, 11].as_slice()), "bodies.toml first");
}
