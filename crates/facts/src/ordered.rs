//! Work that several threads share, whose results are taken in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::problem::{Failure, Fault};

/// Results that may wait to be taken.
const WAITING: usize = 2;

/// Works on items with several threads and hands each result over in the order of the items, while
/// the others are still worked on. `during` says what a fault kept from being done.
///
/// # Errors
/// The first failure of the work or of what takes its results.
pub fn each<T: Send, R: Send>(
    during: &'static str,
    items: Vec<T>,
    threads: usize,
    work: impl Fn(T) -> Result<R, Failure> + Sync,
    take: &mut dyn FnMut(R) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let count = items.len();
    let waiting: Vec<Mutex<Option<T>>> = items.into_iter().map(|i| Mutex::new(Some(i))).collect();
    let (waiting, next, work) = (&waiting, &AtomicUsize::new(0), &work);
    let (send, receive) = crossbeam_channel::bounded(WAITING);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let send = send.clone();
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = waiting.get(at) else { break };
                    let item = item.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let Some(item) = item else { break };
                    if send.send((at, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        let (mut early, mut wanted) = (BTreeMap::new(), 0);
        for (at, result) in receive {
            early.insert(at, result?);
            while let Some(result) = early.remove(&wanted) {
                take(result)?;
                wanted += 1;
            }
        }
        // A thread that came to grief leaves a gap.
        if wanted == count {
            Ok(())
        } else {
            Err(Fault::new(during, "a thread ended early").into())
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use domain::problem::Fault;

    use super::each;

    #[test]
    fn results_come_in_order_whoever_is_first() {
        let mut taken = Vec::new();
        // The first is not done before the fourth is begun.
        let both = Barrier::new(2);
        let slow_first = |item: u64| {
            if item == 0 || item == 3 {
                both.wait();
            }
            Ok(item * 2)
        };
        let done = each("count", (0..50).collect(), 3, slow_first, &mut |result| {
            taken.push(result);
            Ok(())
        });
        assert!(done.is_ok());
        assert_eq!(taken, (0..50).map(|n| n * 2).collect::<Vec<_>>());
    }

    #[test]
    fn a_failure_ends_it() {
        let work = |item: u64| match item {
            7 => Err(Fault::new("count", "seven").into()),
            item => Ok(item),
        };
        let mut taken = 0;
        let done = each("count", (0..50).collect(), 2, work, &mut |_| {
            taken += 1;
            Ok(())
        });
        assert!(done.is_err());
        assert!(taken <= 7);
        let refused =
            each("count", vec![1], 2, Ok, &mut |_: u64| Err(Fault::new("t", "no").into()));
        assert!(refused.is_err());
    }
}
