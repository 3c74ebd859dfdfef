//! How one-time codes reach people. The county chooses a channel in its settings (`mingbai serve --codes`);
//! another one is another implementation of [`CodeChannel`].

use domain::problem::Failure;

/// What became of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandedOver {
    /// The page shows it once, to be printed and given to the person who is there.
    OnPaper,
    /// It is on its way to the person; whoever asked for it does not see it.
    Sent,
}

/// A way on which a code reaches its person.
pub trait CodeChannel: Send + Sync {
    /// Name in settings and register.
    fn name(&self) -> &'static str;

    /// How long a code is good, in milliseconds.
    fn lasts_ms(&self) -> i64;

    /// Hands a code over. It is good from this moment on.
    ///
    /// # Errors
    /// When the channel cannot be reached; then the code was not handed over.
    fn hand_over(&self, code: &str) -> Result<HandedOver, Failure>;
}

/// The counter of a village station or a township's service hall: somebody looks at the ID card of the
/// person before him and gives him a slip of paper. Needs no service from outside.
#[derive(Debug, Clone, Copy)]
pub struct Counter;

impl CodeChannel for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn lasts_ms(&self) -> i64 {
        24 * 3_600_000
    }

    fn hand_over(&self, _code: &str) -> Result<HandedOver, Failure> {
        Ok(HandedOver::OnPaper)
    }
}
