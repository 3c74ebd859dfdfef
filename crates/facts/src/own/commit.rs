//! Entries of many people who look at their own data, written to the access log together: all who
//! wait at one time share one write and one sync.

use std::io;
use std::path::PathBuf;
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use domain::problem::{Failure, Fault};

use crate::{access, disk};

/// What the disk said, for everybody who waits for it.
type Written = Result<(), io::ErrorKind>;

/// An entry that waits to be written.
struct Waiting {
    line: Vec<u8>,
    done: Sender<Written>,
}

/// Hands entries to the thread that writes them.
pub struct Committer {
    path: PathBuf,
    send: Option<Sender<Waiting>>,
    thread: Option<JoinHandle<()>>,
}

impl Committer {
    /// Starts the thread for a log.
    pub fn start(path: PathBuf) -> Self {
        let (send, receive) = unbounded();
        let log = path.clone();
        let thread = std::thread::spawn(move || write_all(&log, &receive));
        Self { path, send: Some(send), thread: Some(thread) }
    }

    /// Writes an entry: it is on disk when this returns.
    pub fn write(&self, line: Vec<u8>) -> Result<(), Failure> {
        let (done, written) = bounded(1);
        let ended = || Failure::from(Fault::new("write access log", "the writer has ended"));
        let send = self.send.as_ref().ok_or_else(ended)?;
        send.send(Waiting { line, done }).map_err(|_| ended())?;
        let written = written.recv().map_err(|_| ended())?;
        written.map_err(|kind| disk::failure("write access log", &self.path, &kind.into()))
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        // The thread ends when nobody can send any more.
        drop(self.send.take());
        if let Some(thread) = self.thread.take() {
            let _nothing_left_to_write = thread.join();
        }
    }
}

fn write_all(path: &std::path::Path, receive: &Receiver<Waiting>) {
    while let Ok(first) = receive.recv() {
        let waiting: Vec<Waiting> = std::iter::once(first).chain(receive.try_iter()).collect();
        let lines: Vec<u8> = waiting.iter().flat_map(|one| one.line.iter().copied()).collect();
        let written = access::append(path, &lines).map_err(|e| e.kind());
        for one in waiting {
            // Who has given up waiting needs no answer.
            let _gone = one.done.send(written);
        }
    }
}
