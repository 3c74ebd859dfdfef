//! The graph of a subject: itself in the middle, whatever it is tied to left and right of it. Drawn with
//! whole numbers; everything in it stands in the list beside it too.

/// Nodes that are drawn; the list has all.
const DRAWN: usize = 20;
/// Size, and the space between two nodes above each other.
const WIDTH: i64 = 760;
const STEP: i64 = 58;
const MARGIN: i64 = 110;

/// Something that a subject is tied to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Address of its own page; none where the walk ends.
    pub address: Option<String>,
    /// What it is called here.
    pub label: String,
    /// How it is tied, in words.
    pub relation: String,
    /// Days of it.
    pub days: String,
}

/// A node as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dot {
    pub x: i64,
    pub y: i64,
    pub node: Node,
}

/// A drawn graph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    pub width: i64,
    pub height: i64,
    pub x: i64,
    pub y: i64,
    pub dots: Vec<Dot>,
}

/// Draws the first nodes, every other one on the right.
pub fn graph(nodes: &[Node]) -> Graph {
    let drawn: Vec<&Node> = nodes.iter().take(DRAWN).collect();
    let rows = i64::try_from(drawn.len().div_ceil(2)).unwrap_or(1).max(1);
    let height = rows * STEP + 30;
    let mut graph = Graph { width: WIDTH, height, x: WIDTH / 2, y: height / 2, dots: Vec::new() };
    for (at, node) in (0_i64..).zip(drawn) {
        let x = if at % 2 == 0 { MARGIN } else { WIDTH - MARGIN };
        graph.dots.push(Dot { x, y: (at / 2) * STEP + STEP / 2 + 4, node: node.clone() });
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::{DRAWN, Node, graph};

    #[test]
    fn nodes_stand_apart_and_inside_the_sheet() {
        let nodes = vec![Node::default(); DRAWN + 5];
        let graph = graph(&nodes);
        assert_eq!(graph.dots.len(), DRAWN);
        let mut places: Vec<_> = graph.dots.iter().map(|dot| (dot.x, dot.y)).collect();
        assert!(places.iter().all(|(x, y)| *x > 0 && *x < graph.width && *y + 20 < graph.height));
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), DRAWN);
    }
}
