//! A chart of flows in columns: how high each part is, where each ribbon begins and ends. Whole numbers
//! only; a part is as high as its share of the whole, and never too thin to be seen.

/// Size of the drawing.
const WIDTH: i64 = 960;
const HEIGHT: i64 = 460;
/// Width of a part, and the space between two of them.
const THICK: i64 = 14;
const GAP: i64 = 8;
/// Space for labels on the right.
const MARGIN: i64 = 190;

/// A part of a column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub label: String,
    /// How much.
    pub fen: i64,
}

/// What is to be drawn.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Columns from left to right.
    pub columns: Vec<Vec<Part>>,
    /// From a part of a column to one of the next.
    links: Vec<(usize, (usize, usize), i64)>,
}

/// A part as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Box {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    pub label: String,
    pub amount: String,
    /// Where its label begins.
    pub text_x: i64,
    pub text_y: i64,
    /// Class of its colour.
    pub class: String,
}

/// A ribbon as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ribbon {
    pub path: String,
    pub class: String,
    /// What it says: from, to, how much.
    pub title: String,
}

/// A drawn chart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Chart {
    pub width: i64,
    pub height: i64,
    pub thick: i64,
    pub boxes: Vec<Box>,
    pub ribbons: Vec<Ribbon>,
}

impl Sheet {
    /// Adds to a flow from a part of a column to a part of the next.
    pub fn link(&mut self, column: usize, ends: (usize, usize), fen: i64) {
        if fen <= 0 {
            return;
        }
        match self.links.iter_mut().find(|(at, between, _)| *at == column && *between == ends) {
            Some((_, _, sum)) => *sum = sum.saturating_add(fen),
            None => self.links.push((column, ends, fen)),
        }
    }

    /// Draws it.
    pub fn drawn(&self, words: impl Fn(i64) -> String) -> Chart {
        let whole = |column: &Vec<Part>| column.iter().map(|part| part.fen.max(0)).sum::<i64>();
        let most = self.columns.iter().map(whole).max().unwrap_or(0);
        if most == 0 {
            return Chart::default();
        }
        let parts = self.columns.iter().map(Vec::len).max().unwrap_or(0);
        let free = HEIGHT - GAP * i64::try_from(parts).unwrap_or(0);
        let high = |fen: i64| share(fen, most, free);
        let last = i64::try_from(self.columns.len()).unwrap_or(1).max(2) - 1;
        let mut chart = Chart { width: WIDTH, height: HEIGHT, thick: THICK, ..Chart::default() };
        let mut tops: Vec<Vec<i64>> = Vec::new();
        for (at, column) in (0_i64..).zip(&self.columns) {
            let (x, mut y) = (at * (WIDTH - MARGIN - THICK) / last, 4);
            let mut top = Vec::new();
            for (number, part) in column.iter().enumerate() {
                let height = high(part.fen).max(2);
                top.push(y);
                if part.fen > 0 {
                    chart.boxes.push(Box {
                        x,
                        y,
                        height,
                        label: part.label.clone(),
                        amount: words(part.fen),
                        text_x: x + THICK + 5,
                        text_y: y + (height / 2).max(7) + 4,
                        class: class(at, number, last),
                    });
                    y += height.max(16) + GAP;
                }
            }
            tops.push(top);
        }
        self.ribbons(&mut chart, &tops, (&high, last), words);
        chart.height = chart.boxes.iter().map(|b| b.y + b.height.max(16)).max().unwrap_or(0) + 6;
        chart
    }

    fn ribbons(
        &self,
        chart: &mut Chart,
        tops: &[Vec<i64>],
        (high, last): (&impl Fn(i64) -> i64, i64),
        words: impl Fn(i64) -> String,
    ) {
        let mut links = self.links.clone();
        links.sort_unstable();
        // How far each part is filled, on its right and on its left.
        let mut right: Vec<Vec<i64>> = tops.to_vec();
        let mut left: Vec<Vec<i64>> = tops.to_vec();
        for (column, (from, to), fen) in links {
            let height = high(fen).max(1);
            let (Some(start), Some(end)) = (
                right.get_mut(column).and_then(|tops| tops.get_mut(from)),
                left.get_mut(column + 1).and_then(|tops| tops.get_mut(to)),
            ) else {
                continue;
            };
            let at = i64::try_from(column).unwrap_or(0);
            let step = (WIDTH - MARGIN - THICK) / last;
            let (x, far) = (at * step + THICK, (at + 1) * step);
            let half = (x + far) / 2;
            let (a, b) = (*start, *end);
            let path = format!(
                "M{x} {a}C{half} {a} {half} {b} {far} {b}V{}C{half} {} {half} {} {x} {}Z",
                b + height,
                b + height,
                a + height,
                a + height
            );
            (*start, *end) = (a + height, b + height);
            let label = |column: usize, at: usize| {
                let part = self.columns.get(column).and_then(|parts| parts.get(at));
                part.map_or("", |part| part.label.as_str())
            };
            let title =
                format!("{} → {}: {}", label(column, from), label(column + 1, to), words(fen));
            let class =
                if at + 1 == last { class(at + 1, to, last) } else { class(at, from, last) };
            chart.ribbons.push(Ribbon { path, class, title });
        }
    }
}

/// The part of a height that is somebody's.
fn share(fen: i64, most: i64, free: i64) -> i64 {
    let part = i128::from(fen.max(0)) * i128::from(free) / i128::from(most.max(1));
    i64::try_from(part).unwrap_or(0)
}

/// The last column says what became of the money; those before it go through some colours.
fn class(column: i64, number: usize, last: i64) -> String {
    match (column == last, number) {
        (true, 0) => "k-paid".to_owned(),
        (true, 1) => "k-asked".to_owned(),
        (true, _) => "k-back".to_owned(),
        (false, number) => format!("k{}", number % 6),
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Sheet};

    fn part(label: &str, fen: i64) -> Part {
        Part { label: label.to_owned(), fen }
    }

    #[test]
    fn ribbons_fill_their_parts_and_nothing_is_drawn_of_nothing() {
        let mut sheet = Sheet::default();
        assert!(sheet.drawn(|fen| fen.to_string()).boxes.is_empty());
        sheet.columns = vec![
            vec![part("a", 300), part("b", 100)],
            vec![part("c", 400)],
            vec![part("paid", 390), part("asked", 10), part("back", 0)],
        ];
        sheet.link(0, (0, 0), 200);
        sheet.link(0, (0, 0), 100);
        sheet.link(0, (1, 0), 100);
        sheet.link(1, (0, 0), 390);
        sheet.link(1, (0, 1), 10);
        sheet.link(1, (0, 2), 0);
        let chart = sheet.drawn(|fen| fen.to_string());
        assert_eq!(chart.boxes.len(), 5, "what has nothing is not drawn");
        assert_eq!(chart.ribbons.len(), 4, "two flows between the same parts are one");
        assert_eq!(chart.ribbons[0].title, "a → c: 300");
        let heights: Vec<i64> = chart.boxes.iter().map(|b| b.height).collect();
        assert!((heights[0] - 3 * heights[1]).abs() <= 3, "{heights:?}");
        assert_eq!(chart.boxes[3].class, "k-paid");
    }
}
