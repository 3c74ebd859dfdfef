//! `mingbai serve`: the public site and the office, with the worker beside them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::problem::{Failure, Fault, Place, Problem};
use facts::AccessLog;
use facts::insight::Insight;
use facts::intake::Intake;
use facts::own::OwnReader;
use registry::Now;
use tokio::net::TcpListener;
use web::{App, CodeChannel, Counter, Setup};

use crate::cli::service::Serve;
use crate::commands::register::worker;
use crate::office::{Office, law, present};
use crate::setting::{Ending, Outcome, Setting};
use crate::system;

/// How often the facts are looked at for new batches.
const REFRESH: Duration = Duration::from_secs(10);

/// Serves until it is told to stop; requests that are under way are answered first.
///
/// # Errors
/// A problem when the address cannot be had; a fault when the register cannot be read.
pub fn run(setting: &Setting, args: &Serve) -> Outcome {
    keep_log();
    let office = Office::open(setting, &args.desk)?;
    let app = App::new(setup(setting, &office, args)?)?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| worker::beside(setting, &args.desk, &stop));
        let served = office.wait(serve(setting, &app, args));
        stop.store(true, Ordering::Relaxed);
        worker.thread().unpark();
        served
    })?;
    Ok(Ending::Done)
}

fn setup(setting: &Setting, office: &Office, args: &Serve) -> Result<Setup, Failure> {
    let fixed = args.desk.day.as_ref().map(|_| office.now);
    let folder = setting.folder(&args.desk.dir)?;
    Ok(Setup {
        registry: office.registry.clone(),
        law: law(setting)?,
        clock: Arc::new(move || fixed_day(fixed, present())),
        logs: office.logs(),
        blobs: office.blobs(),
        benefits: setting.benefits()?,
        own: Some(Arc::new(OwnReader::open(&folder)?)),
        access_log: Some(Arc::new(AccessLog::new(folder.clone()))),
        insight: Some(Arc::new(Insight::new(folder.clone()))),
        screens: cfg!(feature = "screening"),
        intake: Some(Arc::new(Intake::new(folder))),
        upload_mb: args.upload_mb,
        unlock_minutes: args.unlock_minutes,
        codes: channel(&args.codes),
        keys: office.keys().to_owned(),
        public_url: args.public_url.clone(),
    })
}

/// How one-time codes reach people.
fn channel(name: &str) -> Option<Arc<dyn CodeChannel>> {
    let all: [Arc<dyn CodeChannel>; 1] = [Arc::new(Counter)];
    all.into_iter().find(|channel| channel.name() == name)
}

/// The day that was given, with the time running on: for demonstrations of another day.
fn fixed_day(fixed: Option<Now>, now: Now) -> Now {
    fixed.map_or(now, |fixed| Now { ms: fixed.ms + now.ms.rem_euclid(3_600_000), day: fixed.day })
}

async fn serve(setting: &Setting, app: &Arc<App>, args: &Serve) -> Result<(), Failure> {
    let fault = |during: &'static str| move |error: std::io::Error| Fault::new(during, error);
    let listener = listen(args.listen).await?;
    let address = listener.local_addr().map_err(fault("listen"))?;
    if let Some(address) = args.metrics {
        let (listener, watch) = (listen(address).await?, web::watch_router(Arc::clone(app)));
        let burden = web::Burden::default();
        let watched = web::serve(listener, watch, std::future::pending(), burden);
        tokio::spawn(watched);
    }
    tokio::spawn(refresh(Arc::clone(app)));
    setting.remark("ui-serve-ready", &[("address", &format!("http://{address}/"))]);
    let (site, burden) = (web::router(Arc::clone(app)), web::Burden::default());
    let stopped = web::serve(listener, site, told_to_stop(), burden).await;
    setting.remark("ui-serve-stopped", &[]);
    Ok(stopped.map_err(fault("serve"))?)
}

/// Carries out what was decided about imports, takes notice of new and withdrawn batches, and forgets
/// visitors whose time is over.
async fn refresh(app: Arc<App>) {
    loop {
        tokio::time::sleep(REFRESH).await;
        let of_visitors = Arc::clone(&app);
        let _done = tokio::task::spawn_blocking(move || of_visitors.forget()).await;
        if let Err(error) = web::settle_imports(&app).await {
            tracing::warn!(?error, "decided imports could not be carried out yet");
        }
        let Some(own) = app.setup.own.clone() else { continue };
        if let Ok(Err(failure)) = tokio::task::spawn_blocking(move || own.refresh()).await {
            tracing::warn!(?failure, "the facts could not be read anew");
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        let place = Place { column: Some("--listen".to_owned()), ..Place::default() };
        let problem = Problem::new("address-taken", place).with("address", address);
        problem.with("detail", error).into()
    })
}

/// Waits for Ctrl-C or the system's request to end.
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut end) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = end.recv() => {}
    }
}

/// One line of JSON for each fault and warning, on the error output. No line names a person.
fn keep_log() {
    let level = system::variable("MINGBAI_LOG").unwrap_or_else(|| "warn".to_owned());
    let subscriber = tracing_subscriber::fmt().json().with_env_filter(level);
    // A second server in one process keeps the log of the first.
    let _kept = subscriber.with_writer(std::io::stderr).try_init();
}
