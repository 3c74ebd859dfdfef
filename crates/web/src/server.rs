//! Connections: how many at a time, how long somebody may take to say what he wants, and how all end.
//!
//! A browser on a slow line sends its few lines in seconds; whoever sends one letter a minute, to keep
//! a place from others, is let go.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much the site lets itself be burdened with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden {
    /// Connections at a time; more wait outside.
    pub connections: usize,
    /// How long the head of a request may take, and a connection may lie idle.
    pub head: Duration,
}

impl Default for Burden {
    fn default() -> Self {
        Self { connections: 2_000, head: Duration::from_secs(15) }
    }
}

/// Longest head, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// How long requests that are under way may take to end.
const FAREWELL: Duration = Duration::from_secs(60);
/// How long nobody is let in when the system has no more files to give.
const BREATH: Duration = Duration::from_secs(1);

/// Answers requests until `stop` comes; those under way are answered first.
///
/// # Errors
/// When the address is lost.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
    burden: Burden,
) -> std::io::Result<()> {
    let places = Arc::new(Semaphore::new(burden.connections));
    let ends = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, place) = tokio::select! {
            next = next(&listener, &places) => next,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let mut rules = http1::Builder::new();
        rules.timer(TokioTimer::new()).header_read_timeout(burden.head);
        rules.max_buf_size(LONGEST_HEAD);
        let answered = ends.watch(rules.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // Whoever hangs up in the middle is nobody's fault.
            let _hung_up = answered.await;
            drop(place);
        });
    }
    drop(listener);
    let _slow = tokio::time::timeout(FAREWELL, ends.shutdown()).await;
    Ok(())
}

/// The next who comes, when there is a place for him.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    // Nobody closes the places.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are written at once; waiting for more to send only makes them late.
                let _best_effort = stream.set_nodelay(true);
                return (stream, place);
            }
            Err(error) if is_of_the_other_side(&error) => {}
            Err(_) => tokio::time::sleep(BREATH).await,
        }
    }
}

fn is_of_the_other_side(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
