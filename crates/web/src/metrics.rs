//! Counters for whoever watches the machine (Prometheus), without personal data: routes, never
//! addresses.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    route: String,
    method: String,
    status: u32,
}

/// Requests by route, method and status, and how long they took.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter>,
    milliseconds: Histogram,
    drawn: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let requests = Family::default();
        let drawn = Counter::default();
        let milliseconds = Histogram::new(exponential_buckets(1.0, 2.0, 14));
        registry.register("mingbai_requests", "Requests answered", requests.clone());
        registry.register("mingbai_request_ms", "Milliseconds to answer", milliseconds.clone());
        registry.register("mingbai_pages_drawn", "Public pages not served as kept", drawn.clone());
        Self { registry, requests, milliseconds, drawn }
    }
}

impl Metrics {
    /// Counts a request that took so many milliseconds.
    pub fn count(&self, route: &str, method: &str, status: u16, ms: i64) {
        let (route, method) = (route.to_owned(), method.to_owned());
        self.requests.get_or_create(&Labels { route, method, status: status.into() }).inc();
        self.milliseconds.observe(u32::try_from(ms).unwrap_or(u32::MAX).into());
    }

    /// Counts a public page that had to be drawn.
    pub fn drawn(&self) {
        self.drawn.inc();
    }

    /// All figures in the text format of OpenMetrics.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let _written = prometheus_client::encoding::text::encode(&mut text, &self.registry);
        text
    }
}
