//! The drawing itself. Presentation attributes only: pages refuse inline styles.

use super::plan::{Arrow, Line, NODE, Plan, Sample, StepBox, WIDTH};

/// Text, lines and lanes. Text on paper, on a lane and within a node reads at 4.5:1 or better.
pub(super) const INK: &str = "#1b1f24";
pub(super) const LINE: &str = "#1f4e79";
pub(super) const LANE: &str = "#e9eef4";
pub(super) const PAPER: &str = "#ffffff";
const FONTS: &str =
    "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif";
const DASHES: &str = "6 4";

/// Draws a plan. `id` begins the names of its parts, so that a page may hold several charts.
pub(super) fn draw(plan: &Plan, id: &str, title: &str, described: &str, zh: bool) -> String {
    let (id, height) = (name(id), plan.height);
    let language = if zh { "zh-CN" } else { "en" };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" lang=\"{language}\" \
         aria-labelledby=\"{id}-title {id}-desc\" font-family=\"{FONTS}\" fill=\"{INK}\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
         <defs><marker id=\"{id}-tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" \
         markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" \
         orient=\"auto\"><path d=\"M0 0 10 5 0 10z\" fill=\"{LINE}\"/></marker></defs>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"{PAPER}\"/>\n",
        escape(title),
        escape(described),
    );
    plan.lanes.iter().enumerate().for_each(|(index, lane)| svg.push_str(&band(plan, index, lane)));
    plan.keys.iter().for_each(|(x, y, letter)| svg.push_str(&badge(*x, *y, letter)));
    plan.lines.iter().for_each(|line| svg.push_str(&text(line)));
    plan.boxes.iter().for_each(|one| svg.push_str(&step_box(one)));
    plan.arrows.iter().for_each(|one| svg.push_str(&arrow(one, &id)));
    for (index, one) in plan.boxes.iter().enumerate() {
        svg.push_str(&badge(one.node.0, one.node.1, &(index + 1).to_string()));
    }
    plan.samples.iter().for_each(|(sample, x, y)| svg.push_str(&example(*sample, *x, *y, &id)));
    svg.push_str("</svg>\n");
    svg
}

/// A lane: every second one on a tint, its letter on top.
fn band(plan: &Plan, index: usize, (x, top, letter): &(usize, usize, String)) -> String {
    let (left, width) = (x - plan.lane_width / 2, plan.lane_width);
    let height = plan.lanes_end.saturating_sub(*top);
    let fill = if index.is_multiple_of(2) { LANE } else { PAPER };
    let y = top + NODE + 4;
    format!(
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>\n\
         <text x=\"{x}\" y=\"{}\" font-size=\"16\" font-weight=\"bold\" \
         text-anchor=\"middle\">{letter}</text>\n",
        y + 5,
    )
}

/// A node with its number. Letters of lanes stand in a square: form tells them from numbers.
fn badge(x: usize, y: usize, sign: &str) -> String {
    let shape = if sign.bytes().all(|b| b.is_ascii_digit()) {
        format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{NODE}\" fill=\"{LINE}\"/>")
    } else {
        let (left, top, side) = (x - NODE, y - NODE, 2 * NODE);
        format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{side}\" height=\"{side}\" fill=\"{LINE}\"/>"
        )
    };
    format!(
        "{shape}<text x=\"{x}\" y=\"{}\" font-size=\"13\" font-weight=\"bold\" \
         text-anchor=\"middle\" fill=\"{PAPER}\">{sign}</text>\n",
        y + 5,
    )
}

fn text(line: &Line) -> String {
    let weight = if line.bold { " font-weight=\"bold\"" } else { "" };
    format!(
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"{weight}>{}</text>\n",
        line.x,
        line.y,
        line.size,
        escape(&line.text),
    )
}

fn step_box(one: &StepBox) -> String {
    let StepBox { x, y, width, height, node, .. } = one;
    let dashes =
        if one.optional { format!(" stroke-dasharray=\"{DASHES}\"") } else { String::new() };
    let mut svg = format!(
        "<path d=\"M{} {}H{x}\" stroke=\"{LINE}\" stroke-dasharray=\"2 3\"/>\n\
         <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\" \
         fill=\"{PAPER}\" stroke=\"{LINE}\" stroke-width=\"2\"{dashes}/>\n",
        node.0 + NODE,
        node.1,
    );
    one.lines.iter().for_each(|line| svg.push_str(&text(line)));
    svg
}

fn arrow(arrow: &Arrow, id: &str) -> String {
    let points: Vec<String> = arrow.points.iter().map(|(x, y)| format!("{x} {y}")).collect();
    path(&points.join(" "), arrow.any, id)
}

fn path(points: &str, any: bool, id: &str) -> String {
    let dashes = if any { format!(" stroke-dasharray=\"{DASHES}\"") } else { String::new() };
    format!(
        "<path d=\"M{points}\" fill=\"none\" stroke=\"{LINE}\" stroke-width=\"2\"{dashes} \
         marker-end=\"url(#{id}-tip)\"/>\n"
    )
}

/// What an entry of the legend shows, at the left end and middle of its line.
fn example(sample: Sample, x: usize, y: usize, id: &str) -> String {
    match sample {
        Sample::All => path(&format!("{x} {y} {} {y}", x + 50), false, id),
        Sample::Any => path(&format!("{x} {y} {} {y}", x + 50), true, id),
        Sample::Optional => format!(
            "<rect x=\"{x}\" y=\"{}\" width=\"50\" height=\"18\" rx=\"4\" fill=\"{PAPER}\" \
             stroke=\"{LINE}\" stroke-width=\"2\" stroke-dasharray=\"{DASHES}\"/>\n",
            y - 9,
        ),
        Sample::Lane => badge(x + NODE, y, "A") + &badge(x + 50 - NODE, y, "1"),
    }
}

/// A name that may stand in an attribute: letters, digits and hyphens.
fn name(raw: &str) -> String {
    let plain = raw.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    format!("flow-{}", plain.collect::<String>())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // XML knows no control characters, not even escaped.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
