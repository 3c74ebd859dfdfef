//! `mingbai demo`: an invented county, from agency files to the report and the open site. Built
//! without `screening` it goes as far as it can: files, import, register, site.

use std::io::IsTerminal;
use std::path::PathBuf;

use domain::problem::{Failure, Fault, Place, Problem};
use facts::Folder;

use crate::cli::Demo;
use crate::cli::register::Desk;
use crate::cli::service::{COUNTER, Serve, UNLOCK_MINUTES, UPLOAD_MB};
use crate::commands::register::reports::machine_keys;
use crate::commands::register::serve;
use crate::commands::{handed_in, import};
use crate::demo::county::Place as VillagePlace;
use crate::demo::office::reports::PASSPHRASE;
use crate::demo::office::{Filled, Wish};
use crate::demo::{self, DemoOptions};
use crate::office::{Office, law};
use crate::say;
use crate::setting::{Outcome, Setting};
use registry::Law;
use registry::actions::outbox::ON_DESK;
use registry::blobs::Blobs;
use registry::reports::Counter;
use registry::sealer::Age;

/// Villages and townships of the invented county: those of a middling real one.
const VILLAGES: usize = 297;
const TOWNSHIPS: usize = 17;
/// Marks a folder as a demo, so that `make demo` may delete it.
const MARKER: &str = "DEMO";

/// Makes the county and goes all the way.
///
/// # Errors
/// When the folder exists already, or a step fails.
pub fn run(setting: &Setting, args: &Demo) -> Outcome {
    if args.dir.exists() {
        return Err(
            Problem::new("folder-exists", Place::file(args.dir.display().to_string())).into()
        );
    }
    let fault =
        |e: std::io::Error| Fault::new("make demo folder", format!("{}: {e}", args.dir.display()));
    std::fs::create_dir_all(&args.dir).map_err(fault)?;
    std::fs::write(args.dir.join(MARKER), "").map_err(fault)?;
    let options = DemoOptions {
        people: args.people,
        payments: args.payments,
        seed: args.seed,
        villages: VILLAGES,
        townships: TOWNSHIPS,
    };
    setting.remark("ui-demo-making", &[]);
    let summary = demo::make(&args.dir, &options).map_err(|e| Fault::new("make demo county", e))?;
    let data = args.dir.join("data");
    let keys = setting.common.keys.clone();
    let folder = Folder::init(&data, keys.as_deref(), &summary.county)?;
    setting.remark("ui-demo-importing", &[]);
    let ending = import::import_paths(
        setting,
        &folder,
        &import::Choices::default(),
        &[args.dir.join("files")],
    )?;
    #[cfg(feature = "screening")]
    screen(setting, &folder, args)?;
    let desk = Desk { dir: data.clone(), database: None, day: args.day.clone() };
    let filled = fill_register(setting, &folder, &desk, &options)?;
    #[cfg(feature = "screening")]
    finish(setting, &folder, &data, &args.dir.join("report.html"))?;
    tell_sign_ins(setting, &filled)?;
    // Whoever pipes the demo waits for its end.
    let watched = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if args.no_serve || !watched {
        setting.remark("ui-demo-serve", &[("dir", &data.display().to_string())]);
        return Ok(ending);
    }
    open_site(setting, args, data)
}

/// Serves the county until it is told to stop.
fn open_site(setting: &Setting, args: &Demo, data: PathBuf) -> Outcome {
    let desk = Desk { dir: data, database: None, day: args.day.clone() };
    let args = Serve {
        desk,
        listen: args.listen,
        metrics: None,
        public_url: None,
        upload_mb: UPLOAD_MB,
        unlock_minutes: UNLOCK_MINUTES,
        codes: COUNTER.to_owned(),
    };
    serve::run(setting, &args)
}

/// Runs all models and compares what they find with the planted cases.
#[cfg(feature = "screening")]
fn screen(setting: &Setting, folder: &Folder, args: &Demo) -> Result<(), Failure> {
    use crate::commands::{evaluate, screen};
    let models = setting.models()?;
    setting.remark("ui-demo-screening", &[]);
    let all: Vec<_> = models.models.iter().collect();
    let (_, run) = screen::screen(
        setting,
        folder,
        &all,
        (&screening::run::Params::default(), false),
        &|_| (),
    )?;
    say::result(&screen::table(setting, &models, &run.models));
    say::result("");
    let (data, truth) = (args.dir.join("data"), args.dir.join("truth.csv"));
    say::result(&evaluate::table(setting, &evaluate::scores(folder, &data, &truth)?));
    Ok(())
}

/// Places, officers, notices and matters, with both logs signed.
fn fill_register(
    setting: &Setting,
    folder: &Folder,
    desk: &Desk,
    options: &DemoOptions,
) -> Result<Filled, Failure> {
    setting.remark("ui-demo-register", &[]);
    let law = law(setting)?;
    let office = Office::open(setting, desk)?;
    let places = demo::places(options);
    let (now, key) = (office.now, office.seal_key("second-factor")?);
    let wish = Wish { villages: &places, seed: options.seed, now, key: &key };
    let filled = office.wait(demo::office::fill(&office.registry, &law, &wish))?;
    handed_in::fill(setting, folder, &office, options)?;
    fill_reports(&office, &law, (&places, options.seed))?;
    #[cfg(feature = "screening")]
    crate::commands::supervised::fill(setting, folder, &office, options)?;
    let wish = (places.as_slice(), options.seed);
    office.wait(demo::office::stepped::fill(&office.registry, &law, wish, office.now))?;
    office.wait(office.registry.write_manifests(office.now))?;
    office.checkpoint()?;
    Ok(filled)
}

/// Reports with the keys of whoever handles them. Passphrases of a demo are quick to try.
fn fill_reports(office: &Office, law: &Law, wish: (&[VillagePlace], u64)) -> Result<(), Failure> {
    let (keys, blobs, sealer) = (machine_keys(office)?, Blobs::at(&office.blobs()), Age::quick());
    let counter = Counter { law, keys: &keys, sealer: &sealer, blobs: &blobs, channels: ON_DESK };
    office.wait(demo::office::reports::fill(&office.registry, &counter, wish, office.now))?;
    Ok(())
}

/// What is in the register, and who may sign in: the last thing on the screen, so that nobody has to
/// look for it.
fn tell_sign_ins(setting: &Setting, filled: &Filled) -> Result<(), Failure> {
    let figures = [filled.villages, filled.notices, filled.matters].map(|n| n.to_string());
    let [villages, notices, matters] = figures.each_ref().map(String::as_str);
    let args = [("villages", villages), ("notices", notices), ("matters", matters)];
    say::result("");
    say::result(&setting.text.with("ui-demo-filled", &args));
    say::result("");
    say::result(&sign_ins(setting, &law(setting)?, filled));
    let secret = [("login", "sec"), ("secret", filled.secret.as_str())];
    say::result(&setting.text.with("ui-demo-second-factor", &secret));
    let passphrase = [("passphrase", PASSPHRASE)];
    say::result(&setting.text.with("ui-demo-passphrase", &passphrase));
    Ok(())
}

/// One account for each role, the village first.
fn sign_ins(setting: &Setting, law: &Law, filled: &Filled) -> String {
    let zh = setting.text.language().is_chinese();
    let role = |code: &str| law.catalogue.roles.get(code);
    let mut accounts: Vec<_> = filled.sign_ins.iter().collect();
    accounts.sort_by_key(|account| role(&account.role).map(|role| role.level));
    let row = |account: &&demo::office::SignIn| {
        let title =
            role(&account.role).map(|role| if zh { &role.title.zh } else { &role.title.en });
        let title = title.cloned().unwrap_or_default();
        vec![title, account.login.clone(), account.place.clone()]
    };
    let rows: Vec<_> = accounts.iter().map(row).collect();
    let header = ["ui-demo-role", "ui-demo-login", "ui-demo-place"].map(|k| setting.text.get(k));
    say::table(&header, &rows, &[])
}

#[cfg(feature = "screening")]
fn finish(
    setting: &Setting,
    folder: &Folder,
    data: &std::path::Path,
    page: &std::path::Path,
) -> Result<(), Failure> {
    use crate::cli::Reveal;
    use crate::commands::report;
    let hidden = Reveal { reveal: false, purpose: String::new() };
    report::write(setting, folder, data, &hidden, page)?;
    let (page, data) = (page.display().to_string(), data.display().to_string());
    say::result("");
    say::result(&setting.text.with("ui-demo-done", &[("report", &page), ("dir", &data)]));
    Ok(())
}
