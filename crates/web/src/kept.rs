//! What is made of the register and good for a while. One request makes it anew; those that come
//! meanwhile get the last one, so that nobody waits for what is about to be there.

use std::sync::{Arc, PoisonError, RwLock};

use domain::problem::Failure;
use tokio::sync::Mutex;

/// What is older is given to nobody, in milliseconds: after a quiet night they wait for the new one.
const OLDEST_MS: i64 = 60_000;

/// A thing and what it was made at.
pub struct Kept<T> {
    last: RwLock<Option<(Made, Arc<T>)>>,
    making: Mutex<()>,
}

/// When something was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    /// Milliseconds since 1970.
    pub ms: i64,
    /// How far acts went; zero for what does not ask.
    pub acts: i64,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { last: RwLock::new(None), making: Mutex::const_new(()) }
    }
}

impl<T> Kept<T> {
    fn last(&self) -> Option<(Made, Arc<T>)> {
        self.last.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The thing, made anew when the last one is good no more.
    ///
    /// # Errors
    /// What making it ends with.
    pub async fn get(
        &self,
        now: Made,
        is_good: impl Fn(Made, &T) -> bool,
        make: impl Future<Output = Result<T, Failure>>,
    ) -> Result<Arc<T>, Failure> {
        let good = || self.last().filter(|(made, thing)| is_good(*made, thing));
        if let Some((_, thing)) = good() {
            return Ok(thing);
        }
        let last = self.last().filter(|(made, _)| now.ms - made.ms < OLDEST_MS);
        let turn = match (self.making.try_lock(), last) {
            (Ok(turn), _) => turn,
            (Err(_), Some((_, thing))) => return Ok(thing),
            (Err(_), None) => self.making.lock().await,
        };
        if let Some((_, thing)) = good() {
            return Ok(thing);
        }
        let thing = Arc::new(make.await?);
        let mut last = self.last.write().unwrap_or_else(PoisonError::into_inner);
        *last = Some((now, Arc::clone(&thing)));
        drop(last);
        drop(turn);
        Ok(thing)
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, Made};
    use std::sync::Arc;

    #[test]
    fn one_makes_it_and_the_others_get_the_last() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let kept: Arc<Kept<i64>> = Arc::new(Kept::default());
            let at = |ms: i64| Made { ms, acts: 0 };
            let get = async |ms: i64| {
                let good = |made: Made, _: &i64| ms - made.ms < 10;
                *kept.get(at(ms), good, async { Ok(ms) }).await.unwrap()
            };
            assert_eq!((get(100).await, get(109).await, get(110).await), (100, 100, 110));
            // While one makes it, another is not kept waiting.
            let turn = kept.making.try_lock().unwrap();
            assert_eq!(get(500).await, 110);
            // After a quiet night he waits.
            let night = super::OLDEST_MS + 110;
            let mut waits = std::pin::pin!(get(night));
            let asked = std::future::poll_fn(|c| std::task::Poll::Ready(waits.as_mut().poll(c)));
            assert!(asked.await.is_pending());
            drop(turn);
            assert_eq!(waits.await, night);
        });
    }
}
