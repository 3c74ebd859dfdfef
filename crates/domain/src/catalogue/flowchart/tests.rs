use proptest::prelude::*;

use super::measure::width;
use super::plan::{NODE, PADDING, Plan, WIDTH, plan};
use super::words::Words;
use super::{flowchart, svg};
use crate::catalogue::sample::catalogue;
use crate::catalogue::{Catalogue, Gate, Step};
use crate::model::Bilingual;
use crate::terms::Terms;
use crate::time::Day;

const TERMS: &str = include_str!("../../../../../catalogues/terms.toml");

fn day() -> Day {
    Day::parse("2024-05-01").expect("day")
}

/// The sample, with the sentences that are shipped.
fn sample() -> Catalogue {
    let mut catalogue = catalogue();
    let shipped = Terms::parse("terms.toml", TERMS).expect("terms");
    for (group, codes) in shipped.groups {
        catalogue.terms.groups.entry(group).or_default().extend(codes);
    }
    catalogue
}

fn planned(catalogue: &Catalogue, steps: &[Step], zh: bool) -> Plan {
    plan(&catalogue.powers["A01"], steps, &Words { catalogue, day: day(), zh })
}

/// Nothing is clipped, and nothing lies on anything else.
fn check(plan: &Plan) {
    let below = plan.boxes.iter().zip(plan.boxes.iter().skip(1));
    for (above, next) in below {
        assert!(above.y + above.height < next.y, "boxes overlap at {}", next.y);
    }
    for (index, one) in plan.boxes.iter().enumerate() {
        assert!(one.x + one.width <= WIDTH && one.y + one.height < plan.height);
        assert!(one.node.0 + NODE < one.x, "node {index} lies in a box");
        for line in &one.lines {
            let end = line.x + width(&line.text, line.size);
            assert!(line.x >= one.x + PADDING, "{}", line.text);
            assert!(end + PADDING <= one.x + one.width, "{} is too long", line.text);
            assert!(line.y >= one.y + line.size && line.y < one.y + one.height, "{}", line.text);
        }
        for (above, line) in one.lines.iter().zip(one.lines.iter().skip(1)) {
            // Only a dot stands beside its text.
            let beside = above.x + width(&above.text, above.size) <= line.x;
            let apart = above.y + line.size <= line.y || (beside && above.y == line.y);
            assert!(apart, "lines overlap: {}", line.text);
        }
    }
    let box_lines = plan.boxes.iter().flat_map(|one| &one.lines);
    assert!(plan.lines.iter().chain(box_lines).all(|line| line.size >= 13));
    for line in &plan.lines {
        assert!(line.x + width(&line.text, line.size) < WIDTH, "{}", line.text);
        assert!(line.y < plan.height);
    }
    for (x, _) in plan.arrows.iter().flat_map(|arrow| &arrow.points) {
        let first = plan.boxes.iter().map(|one| one.x).min().unwrap_or(WIDTH);
        assert!(*x < first, "an arrow runs into a box");
    }
}

#[test]
fn a_chart_says_what_the_catalogue_says() {
    let catalogue = sample();
    let steps = catalogue.steps_of("A01", day()).expect("steps");
    for zh in [true, false] {
        let plan = planned(&catalogue, steps, zh);
        check(&plan);
        assert_eq!(plan.boxes.len(), 7);
        assert_eq!(plan.lanes.len(), 4, "VPS, VSC, VC, VRM");
        assert_eq!(plan.arrows.len(), 8);
        assert_eq!(plan.arrows.iter().filter(|arrow| arrow.any).count(), 2);
    }
    let said: String =
        planned(&catalogue, steps, true).boxes.iter().map(|one| one.said.as_str()).collect();
    for part in [
        "2 审查方案",
        "审查 · B 村务监督委员会或者村民委员会",
        "时限：5个工作日以内（经村党组织书记批准可以延长5个工作日，最多1次）",
        "3 听取意见（可以略过）（可以多次）",
        "不满10000元：村民代表会议",
        "其余：村民代表会议，由村务监督委员会会签",
        "到会：应到人员的2/3以上；同意：超过到会人员的1/2；提前3日通知",
        "“公示决议”须已公示满7日",
        "金额超出“会议表决”的决定不多于2.5%",
        "村党组织书记、村民委员会由一人兼任的，另由村务监督委员会签字",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn no_sentence_keeps_a_gap() {
    let catalogue = sample();
    for (power, zh) in [("A01", true), ("A01", false), ("C02", true), ("C02", false)] {
        let steps = catalogue.steps_of(power, day()).expect("steps");
        let svg = flowchart(&catalogue.powers[power], steps, &catalogue, day(), zh);
        assert!(!svg.contains('{'), "{svg}");
    }
}

#[test]
fn every_sentence_is_shipped() {
    let terms = Terms::parse("terms.toml", TERMS).expect("terms");
    let mut shipped: Vec<&str> = terms.groups["flowchart"].keys().map(String::as_str).collect();
    let mut used = super::FLOWCHART_WORDS.to_vec();
    shipped.sort_unstable();
    used.sort_unstable();
    assert_eq!(shipped, used);
}

#[test]
fn a_chart_is_xml_and_always_the_same() {
    let mut catalogue = sample();
    let title = Bilingual { zh: "甲<b>&\"乙'\u{7}".to_owned(), en: "A]]>&".to_owned() };
    catalogue.powers.get_mut("A01").expect("A01").title = title;
    let steps = catalogue.steps_of("A01", day()).expect("steps");
    let svg = flowchart(&catalogue.powers["A01"], steps, &catalogue, day(), true);
    assert!(svg.contains("甲&lt;b&gt;&amp;&quot;乙&#39; "));
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains("<title id=\"flow-A01-title\">") && svg.contains("<desc "));
    assert!(!svg.contains("style"), "pages refuse inline styles");
    assert_eq!(svg, flowchart(&catalogue.powers["A01"], steps, &catalogue, day(), true));
}

#[test]
fn colours_can_be_told_apart() {
    let luminance = |colour: &str| {
        let part = |at| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("hex");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    };
    for (a, b) in [
        (svg::INK, svg::PAPER),
        (svg::INK, svg::LANE),
        (svg::LINE, svg::PAPER),
        (svg::LINE, svg::LANE),
    ] {
        let (a_light, b_light) = (luminance(a), luminance(b));
        let contrast = (a_light.max(b_light) + 0.05) / (a_light.min(b_light) + 0.05);
        assert!(contrast >= 4.5, "{a} on {b}: {contrast}");
    }
}

#[test]
fn no_steps_and_unknown_codes_make_a_chart_too() {
    let catalogue = sample();
    check(&planned(&catalogue, &[], true));
    let gates = vec![
        Gate::Published { step: "none".to_owned(), rule: "none".to_owned() },
        Gate::Meeting { body: "none".to_owned() },
    ];
    let mut one = step(0, "甲".to_owned(), &[], 0, gates);
    one.due = Some("none".to_owned());
    one.actors.clear();
    check(&planned(&catalogue, &[one], true));
}

fn step(index: usize, title: String, after: &[usize], role: usize, gates: Vec<Gate>) -> Step {
    Step {
        code: format!("s{index}"),
        stage: "review".to_owned(),
        title: Bilingual { zh: title.clone(), en: title },
        actors: vec![format!("ROLE{role}"), "VSC".to_owned()],
        after: (!after.is_empty()).then(|| after.iter().map(|n| format!("s{n}")).collect()),
        after_any: Vec::new(),
        optional: index.is_multiple_of(3),
        repeats: index.is_multiple_of(2),
        due: Some("MB-01".to_owned()),
        gates,
    }
}

/// Steps with any titles, roles and order, backwards too.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = ("\\PC{0,40}", prop::collection::vec(0..20_usize, 0..4), 0..14_usize);
    prop::collection::vec(one, 0..20).prop_map(|list| {
        let step = |(index, (title, after, role)): (usize, (String, Vec<usize>, usize))| {
            let gates = vec![
                Gate::Documents { codes: vec![title.clone(), "minutes".to_owned()] },
                Gate::Meeting { body: "by_tier".to_owned() },
            ];
            step(index, title, &after, role, gates)
        };
        list.into_iter().enumerate().map(step).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_steps_nothing_overlaps(steps in steps(), zh: bool) {
        let catalogue = sample();
        check(&planned(&catalogue, &steps, zh));
        let svg = flowchart(&catalogue.powers["A01"], &steps, &catalogue, day(), zh);
        prop_assert!(svg.ends_with("</svg>\n"));
    }
}
