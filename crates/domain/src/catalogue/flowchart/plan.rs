//! Where everything on a flow chart stands.
//!
//! Time runs downwards, one row for each step. At the left each role has a lane with the numbered
//! nodes of its steps, and arrows lead from node to node; beside its node each step has a box. So
//! boxes are wide enough to be read on a phone, however many roles take part, and no arrow crosses
//! one. Arrows that pass over steps run in tracks left of the lanes.

use super::measure::wrap;
use super::words::Words;
use crate::catalogue::{Power, Step, needed_before};

/// Width of the drawing in user units.
pub(super) const WIDTH: usize = 720;
/// Radius of a node.
pub(super) const NODE: usize = 12;
/// Room between a box's edge and its text.
pub(super) const PADDING: usize = 14;
const MARGIN: usize = 20;
const GAP: usize = 28;
const BIG: usize = 24;
const TITLE: usize = 19;
const TEXT: usize = 16;
/// Indent behind a dot.
const INDENT: usize = 18;
/// Rooms for lanes and tracks: the boxes need the rest.
const LANES: usize = 240;
const LANE: (usize, usize) = (26, 48);
const TRACKS: usize = 60;
const TRACK: usize = 11;
/// Room for the lanes' letters.
const HEADER: usize = 36;

/// A line of text; `y` is its baseline.
pub(super) struct Line {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) size: usize,
    pub(super) bold: bool,
    pub(super) text: String,
}

/// The box of a step.
pub(super) struct StepBox {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) optional: bool,
    pub(super) lines: Vec<Line>,
    /// The same text before it was cut into lines.
    pub(super) said: String,
    /// Middle of its node.
    pub(super) node: (usize, usize),
}

/// An arrow along points, from node to node.
pub(super) struct Arrow {
    /// One of the steps that lead there is enough.
    pub(super) any: bool,
    pub(super) points: Vec<(usize, usize)>,
}

/// What an entry of the legend shows.
#[derive(Clone, Copy)]
pub(super) enum Sample {
    All,
    Any,
    Optional,
    Lane,
}

/// A flow chart, ready to be drawn.
pub(super) struct Plan {
    pub(super) height: usize,
    /// Heading, and all text outside of boxes.
    pub(super) lines: Vec<Line>,
    /// Middle, top and letter of each lane.
    pub(super) lanes: Vec<(usize, usize, String)>,
    /// Letters beside the names of roles: middle and letter.
    pub(super) keys: Vec<(usize, usize, String)>,
    pub(super) lane_width: usize,
    pub(super) lanes_end: usize,
    pub(super) boxes: Vec<StepBox>,
    pub(super) arrows: Vec<Arrow>,
    /// Left end and middle of each entry of the legend.
    pub(super) samples: Vec<(Sample, usize, usize)>,
}

/// Height of a line of text.
pub(super) fn leading(size: usize) -> usize {
    size * 7 / 5
}

/// Writes lines one below the other.
struct Column {
    x: usize,
    y: usize,
    width: usize,
    lines: Vec<Line>,
    said: String,
}

impl Column {
    fn new(x: usize, y: usize, width: usize) -> Self {
        Self { x, y, width, lines: Vec::new(), said: String::new() }
    }

    fn write(&mut self, text: &str, size: usize, bold: bool) {
        self.said.push_str(text);
        self.said.push('\n');
        for text in wrap(text, size, self.width) {
            // The baseline lies a fifth of the size above the lower edge.
            let y = self.y + leading(size) - size * 2 / 5;
            self.lines.push(Line { x: self.x, y, size, bold, text });
            self.y += leading(size);
        }
    }

    /// Writes paragraphs that belong together, with a dot before the first.
    fn items(&mut self, paragraphs: &[String]) {
        let y = self.y + leading(TEXT) - TEXT * 2 / 5;
        let dot = "•".to_owned();
        self.lines.push(Line { x: self.x, y, size: TEXT, bold: false, text: dot });
        (self.x, self.width) = (self.x + INDENT, self.width.saturating_sub(INDENT));
        paragraphs.iter().for_each(|text| self.write(text, TEXT, false));
        (self.x, self.width) = (self.x - INDENT, self.width + INDENT);
    }
}

/// Plans the chart of a power.
pub(super) fn plan(power: &Power, steps: &[Step], words: &Words<'_>) -> Plan {
    let roles = lanes_of(steps);
    let links = links(steps);
    let tracks = tracks(&links);
    let track_count = tracks.iter().flatten().max().map_or(0, |track| track + 1);
    let pitch = TRACK.min(TRACKS / track_count.max(1)).max(2);
    let lane = (LANES / roles.len().max(1)).clamp(LANE.0, LANE.1);
    let left = MARGIN + track_count * pitch + if track_count > 0 { pitch } else { 0 };

    let mut page = Column::new(MARGIN, MARGIN, WIDTH - 2 * MARGIN);
    let heading = [("code", power.code.as_str()), ("title", words.of(&power.title))];
    page.write(&words.say("heading", &heading), BIG, true);
    page.write(&words.say("in_force", &[("day", &words.day.to_string())]), TEXT, false);
    page.y += 10;
    page.write(&words.say("lanes", &[]), TEXT, true);
    let keys = key(&mut page, &roles, words);
    let top = page.y + 10;
    let middle = |index: usize| left + index * lane + lane / 2;
    let lanes = (0..roles.len()).map(|index| (middle(index), top, letter(index))).collect();

    let x = left + roles.len() * lane + PADDING;
    let mut boxes: Vec<StepBox> = Vec::new();
    let mut y = top + HEADER;
    for (index, step) in steps.iter().enumerate() {
        let role = step.actors.first().map_or("", String::as_str);
        let of = roles.iter().position(|known| *known == role).unwrap_or_default();
        let area = (x, y, WIDTH - MARGIN - x);
        let number = index + 1;
        let one = step_box(area, number, step, (middle(of), &letter(of)), steps, words);
        y += one.height + GAP;
        boxes.push(one);
    }
    let lanes_end = y.saturating_sub(GAP / 2);
    page.y = y;
    let samples = legend(&mut page, words);
    let arrows = links
        .into_iter()
        .zip(tracks)
        .filter_map(|((from, to, any), track)| {
            let track = track.map(|track| MARGIN + track * pitch);
            let points = route(boxes.get(from)?.node, boxes.get(to)?.node, track, any);
            Some(Arrow { any, points })
        })
        .collect();
    let (height, lines) = (page.y + MARGIN, page.lines);
    Plan { height, lines, lanes, keys, lane_width: lane, lanes_end, boxes, arrows, samples }
}

/// The first actors of the steps, each once.
fn lanes_of(steps: &[Step]) -> Vec<&str> {
    let mut roles: Vec<&str> = Vec::new();
    for step in steps {
        let role = step.actors.first().map_or("", String::as_str);
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    roles
}

/// `A` ... `Z`, then `A1` ...
pub(super) fn letter(index: usize) -> String {
    let letter = u8::try_from(index % 26).map_or('?', |n| char::from(b'A' + n));
    let round = index / 26;
    if round == 0 { letter.to_string() } else { format!("{letter}{round}") }
}

/// Writes which letter stands for whom. Returns the letters' middles.
fn key(page: &mut Column, roles: &[&str], words: &Words<'_>) -> Vec<(usize, usize, String)> {
    let (x, width) = (page.x, page.width);
    let indent = 2 * NODE + 8;
    page.x += indent;
    page.width -= indent;
    let mut keys = Vec::new();
    for (index, role) in roles.iter().enumerate() {
        page.y += 5;
        keys.push((x + NODE, page.y + leading(TEXT) / 2, letter(index)));
        page.write(words.role(role), TEXT, false);
    }
    page.x = x;
    page.width = width;
    keys
}

/// Writes what the signs mean. Returns where each sign is drawn.
fn legend(page: &mut Column, words: &Words<'_>) -> Vec<(Sample, usize, usize)> {
    page.write(&words.say("legend", &[]), TEXT, true);
    let x = page.x;
    page.x += 64;
    page.width -= 64;
    let entries = [
        (Sample::All, "legend_all"),
        (Sample::Any, "legend_any"),
        (Sample::Optional, "legend_optional"),
        (Sample::Lane, "legend_lane"),
    ];
    let mut samples = Vec::new();
    for (sample, code) in entries {
        page.y += 5;
        samples.push((sample, x, page.y + leading(TEXT) / 2));
        page.write(&words.say(code, &[]), TEXT, false);
    }
    samples
}

/// The box of a step in an area (left, top, width), with its lane's middle and letter.
fn step_box(
    (x, y, width): (usize, usize, usize),
    number: usize,
    step: &Step,
    (node_x, letter): (usize, &str),
    steps: &[Step],
    words: &Words<'_>,
) -> StepBox {
    let mut text = Column::new(x + PADDING, y + 8, width - 2 * PADDING);
    let marks = words.marks(step);
    text.write(&format!("{number} {}{marks}", words.of(&step.title)), TITLE, true);
    let actors = words.any_of(&step.actors);
    text.write(&format!("{} · {letter} {actors}", words.stage(&step.stage)), TEXT, false);
    if let Some(due) = words.due(step) {
        text.write(&due, TEXT, true);
    }
    for gate in &step.gates {
        text.items(&words.gate(gate, steps));
    }
    let height = text.y + 8 - y;
    let node = (node_x, y + 8 + leading(TITLE) / 2);
    let Column { lines, said, .. } = text;
    StepBox { x, y, width, height, optional: step.optional, lines, said, node }
}

/// Which step leads to which (positions), and whether one of several is enough.
fn links(steps: &[Step]) -> Vec<(usize, usize, bool)> {
    let position = |code: &str| steps.iter().position(|step| step.code == code);
    let mut links = Vec::new();
    for (to, step) in steps.iter().enumerate() {
        let all = needed_before(steps, to).into_iter().filter_map(position);
        links.extend(all.map(|from| (from, to, false)));
        let any = step.after_any.iter().filter_map(|code| position(code));
        links.extend(any.map(|from| (from, to, true)));
    }
    links
}

/// The track of each link that passes over a step or leads back: the rightmost one that is free
/// all the way. Links to the next step need none.
fn tracks(links: &[(usize, usize, bool)]) -> Vec<Option<usize>> {
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut tracks = Vec::new();
    for (from, to, _) in links {
        if *to == from + 1 {
            tracks.push(None);
            continue;
        }
        let (first, last) = (*from.min(to), *from.max(to));
        let is_free =
            |spans: &Vec<(usize, usize)>| spans.iter().all(|(a, b)| last < *a || *b < first);
        let track = taken.iter().position(is_free).unwrap_or(taken.len());
        if track == taken.len() {
            taken.push(Vec::new());
        }
        if let Some(spans) = taken.get_mut(track) {
            spans.push((first, last));
        }
        tracks.push(Some(track));
    }
    tracks
}

/// The points of an arrow between two nodes, by a track or straight down.
fn route(
    from: (usize, usize),
    to: (usize, usize),
    track: Option<usize>,
    any: bool,
) -> Vec<(usize, usize)> {
    let ((x1, y1), (x2, y2)) = (from, to);
    match track {
        // Leaving below the middle, and arriving at it or above, keeps the kinds apart.
        Some(x) => {
            let (out, into) = (y1 + 7, if any { y2 - 1 } else { y2 - 8 });
            vec![(x1 - NODE + 2, out), (x, out), (x, into), (x2 - NODE, into)]
        }
        None if x1 == x2 => vec![(x1, y1 + NODE), (x2, y2 - NODE)],
        None => {
            let turn = y2 - NODE - 18;
            vec![(x1, y1 + NODE), (x1, turn), (x2, turn), (x2, y2 - NODE)]
        }
    }
}
