//! A small invented county, and the site over it.

use std::path::Path;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use domain::benefit::Benefits;
use domain::catalogue::RoleLevel;
use domain::time::Day;
use facts::insight::Insight;
use facts::intake::Intake;
use facts::own::OwnReader;
use facts::{AccessLog, Folder};
use registry::actions::notices::NewNotice;
use registry::actions::people::{self, NewPerson};
use registry::actions::places::{self, NewPlace};
use registry::actions::{accounts, notices, posts};
use registry::log::{Log, make_secret};
use registry::tx::PUBLIC;
use registry::{By, Entry, Law, Now, Registry, Tx};
use serde_json::{Map, json};
use tower::ServiceExt;
use web::{App, Counter, Route, Setup};

pub const COUNTY: &str = "990001";
pub const TOWNSHIP: &str = "990001101";
pub const VILLAGE: &str = "990001101201";
/// The next village, in the same township.
pub const OTHER: &str = "990001101202";
pub const PASSWORD: &str = "ten letters and more";
/// Somebody whose name stands in the register.
pub const NAME: &str = "梁试验";

/// The site, and where its register lies.
pub struct County {
    pub app: Arc<App>,
    router: Router,
    days: Arc<AtomicI32>,
    minutes: Arc<AtomicI32>,
    pub folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Lines that set cookies.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect()
    }

    /// `name=value` of the first cookie that is set.
    pub fn cookie(&self) -> String {
        self.cookies()[0].split(';').next().unwrap().to_owned()
    }

    /// The token of the first form on the page.
    pub fn token(&self) -> &str {
        let rest = self.body.split("name=\"token\" value=\"").nth(1).expect("a form with a token");
        rest.split('"').next().unwrap()
    }
}

/// Runs a future to its end on this thread, so that its log can be caught.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// The day of all tests, at noon.
pub fn now() -> Now {
    let day = Day::parse("2026-11-24").unwrap();
    Now { ms: i64::from(day.0) * 86_400_000 + 4 * 3_600_000, day }
}

/// Noon, some days later, and some minutes.
fn later(days: i32, minutes: i32) -> Now {
    let now = now();
    let ms = now.ms + i64::from(days) * 86_400_000 + i64::from(minutes) * 60_000;
    Now { ms, day: Day(now.day.0 + days) }
}

/// Files of the catalogues that the program brings.
fn catalogues() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalogues");
    let (mut files, mut open) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "toml") {
                let inside = path.strip_prefix(&root).unwrap().display().to_string();
                files.push((inside, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn law(files: &[(String, String)]) -> Law {
    let (law, problems) = Law::new(files, None).unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    law
}

/// Begins the public log, which pages show the keys of.
fn begin_log(logs: &Path, keys: &Path) {
    let origin = "test.example/public";
    let secret = make_secret(&keys.join("log-public.key"), origin).unwrap();
    Log::at(logs, PUBLIC).begin(origin, &secret).unwrap();
}

impl County {
    /// A county with one township, two villages and nobody who can sign in.
    pub async fn new(public_url: Option<&str>) -> Self {
        Self::with(tempfile::tempdir().unwrap(), public_url, None).await
    }

    /// The same with an empty folder of facts.
    pub async fn with_facts() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let facts = Folder::init(&folder.path().join("data"), None, "试验县").unwrap();
        let own = Arc::new(OwnReader::open(&facts).unwrap());
        Self::with(folder, None, Some(own)).await
    }

    /// The same with a clock that goes as a test says, in milliseconds after noon.
    pub async fn ticking(ms: Arc<AtomicI64>) -> Self {
        Self::made(tempfile::tempdir().unwrap(), None, (None, ms)).await
    }

    /// The same in a folder, with facts that people can look themselves up in.
    pub async fn with(
        folder: tempfile::TempDir,
        public_url: Option<&str>,
        own: Option<Arc<OwnReader>>,
    ) -> Self {
        Self::made(folder, public_url, (own, Arc::default())).await
    }

    async fn made(
        folder: tempfile::TempDir,
        public_url: Option<&str>,
        (own, ms): (Option<Arc<OwnReader>>, Arc<AtomicI64>),
    ) -> Self {
        let at = |name: &str| folder.path().join(name);
        let registry = Registry::open(&at("register.db").display().to_string()).await.unwrap();
        std::fs::create_dir_all(at("keys")).unwrap();
        begin_log(&at("log"), &at("keys"));
        let files = catalogues();
        let days = Arc::new(AtomicI32::new(0));
        let minutes = Arc::new(AtomicI32::new(0));
        let passed = (Arc::clone(&days), Arc::clone(&minutes));
        let facts = Folder::open(&at("data"), None).ok();
        let setup = Setup {
            registry,
            law: law(&files),
            benefits: Benefits::load(&files).0,
            own,
            clock: Arc::new(move || {
                let now = later(passed.0.load(Ordering::Relaxed), passed.1.load(Ordering::Relaxed));
                Now { ms: now.ms + ms.load(Ordering::Relaxed), ..now }
            }),
            logs: at("log"),
            blobs: at("blobs"),
            access_log: facts.clone().map(AccessLog::new).map(Arc::new),
            insight: facts.clone().map(Insight::new).map(Arc::new),
            screens: true,
            intake: facts.map(Intake::new).map(Arc::new),
            upload_mb: 1,
            unlock_minutes: 15,
            codes: Some(Arc::new(Counter)),
            keys: at("keys"),
            public_url: public_url.map(str::to_owned),
        };
        let app = App::new(setup).unwrap();
        let county = Self { router: web::router(Arc::clone(&app)), app, days, minutes, folder };
        let mut tx = county.begin().await;
        for (code, parent, level, name) in [
            (COUNTY, None, "county", "试验县"),
            (TOWNSHIP, Some(COUNTY), "township", "试验镇"),
            (VILLAGE, Some(TOWNSHIP), "village", "试验村"),
            (OTHER, Some(TOWNSHIP), "village", "邻村"),
        ] {
            let new = NewPlace {
                code: code.to_owned(),
                parent: parent.map(str::to_owned),
                level: level.to_owned(),
                name: name.to_owned(),
                area: None,
            };
            let entry = places::add(&mut tx, &new).await.unwrap();
            tx.record(entry).await.unwrap();
        }
        tx.commit(done()).await.unwrap();
        county
    }

    pub fn law(&self) -> &Law {
        &self.app.setup.law
    }

    /// All routes of the site.
    pub fn routes(&self) -> Vec<Route> {
        web::routes(&self.app).1
    }

    pub async fn begin(&self) -> Tx {
        self.app.setup.registry.begin(By::system(), now(), "test").await.unwrap()
    }

    /// Accounts for roles, each in a place of its level; their logins are the codes in small letters.
    pub async fn hire(&self, roles: &[&str]) {
        for code in roles {
            let level = self.law().catalogue.roles[*code].level;
            let place = match level {
                RoleLevel::Public | RoleLevel::Group | RoleLevel::Village => VILLAGE,
                RoleLevel::Township => TOWNSHIP,
                _ => COUNTY,
            };
            self.hire_in(code, &code.to_lowercase(), place).await;
        }
    }

    /// An account for a role in a place, with the post of it.
    pub async fn hire_in(&self, role: &str, login: &str, place: &str) {
        let known: Vec<_> = self.law().catalogue.roles.values().cloned().collect();
        static HASH: OnceLock<accounts::Hashed> = OnceLock::new();
        let hash = HASH.get_or_init(|| accounts::hash(PASSWORD).unwrap()).clone();
        let mut tx = self.begin().await;
        let new = NewPerson { name: NAME.to_owned(), ..NewPerson::default() };
        let (person, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.record(entry).await.unwrap();
        let added = accounts::add_hashed(&mut tx, login, Some(&person), hash).await;
        tx.record(added.unwrap().1).await.unwrap();
        let granted = accounts::grant(&mut tx, &known, login, role, place, now().day).await;
        tx.record(granted.unwrap()).await.unwrap();
        let given = posts::give(&mut tx, &known, place, role, &person, now().day).await;
        tx.record(given.unwrap().1).await.unwrap();
        tx.commit(done()).await.unwrap();
    }

    /// Somebody with a post.
    pub async fn appoint(&self, place: &str, role: &str) {
        let roles: Vec<_> = self.law().catalogue.roles.values().cloned().collect();
        let person = self.person().await;
        let mut tx = self.begin().await;
        let from = now().day;
        let given = posts::give(&mut tx, &roles, place, role, &person, from).await;
        tx.commit(given.unwrap().1).await.unwrap();
    }

    /// A public notice of the village with this title and text; its number.
    pub async fn publish(&self, title: &str, text: &str) -> String {
        let mut body = Map::new();
        body.insert("text".to_owned(), json!(text));
        let duties = &self.law().catalogue.duties;
        let checked = self.person().await;
        let mut tx = self.begin().await;
        // Any duty does whose profile takes a plain text.
        for duty in duties.values() {
            let new = NewNotice {
                place: VILLAGE.to_owned(),
                duty: duty.code.clone(),
                from: None,
                period: "2026-10".to_owned(),
                title: title.to_owned(),
                body: body.clone(),
                personal: Vec::new(),
                prepared_by: None,
                checked_by: Some(checked.clone()),
                due: None,
            };
            let published = notices::publish(&mut tx, self.law().rules(), &new).await;
            let Ok((number, public)) = published else { continue };
            tx.commit(Entry::new("notice-published", &number, json!({})).public(public))
                .await
                .unwrap();
            return number;
        }
        panic!("no duty takes a plain text");
    }

    pub async fn person(&self) -> String {
        let mut tx = self.begin().await;
        let new = NewPerson { name: NAME.to_owned(), ..NewPerson::default() };
        let (person, entry) = people::add(&mut tx, &new).await.unwrap();
        tx.commit(entry).await.unwrap();
        person
    }

    /// Lets days pass.
    pub fn pass(&self, days: i32) {
        self.days.fetch_add(days, Ordering::Relaxed);
    }

    /// Lets minutes pass.
    pub fn pass_minutes(&self, minutes: i32) {
        self.minutes.fetch_add(minutes, Ordering::Relaxed);
    }

    /// Closes the database under the site.
    pub async fn break_down(&self) {
        self.app.setup.registry.db.close().await;
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, bytes: bytes.to_vec() }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        let request = Request::get(path).header("host", "mb.test").header("cookie", cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser does from a page of the site.
    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Answer {
        self.post_from(path, cookie, form, &[("sec-fetch-site", "same-origin")]).await
    }

    /// Sends a form with other headers.
    pub async fn post_from(
        &self,
        path: &str,
        cookie: &str,
        form: &str,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::post(path)
            .header("host", "mb.test")
            .header("cookie", cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Sends a form with a file as a browser does; other files may come along in the same field.
    pub async fn upload(
        &self,
        path: &str,
        cookie: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend_from_slice(part.as_bytes());
        }
        for (name, bytes) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: image/png\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--edge--\r\n");
        let request = Request::post(path)
            .header("host", "mb.test")
            .header("cookie", cookie)
            .header("content-type", "multipart/form-data; boundary=edge");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Signs somebody in by the door; his cookie.
    pub async fn sign_in(&self, login: &str) -> String {
        let door = self.get("/sign-in", "").await;
        let form =
            format!("token={}&login={login}&password={}", door.token(), PASSWORD.replace(' ', "+"));
        let answer = self.post("/sign-in", &door.cookie(), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{login}: {}", answer.body);
        answer.cookie()
    }
}

fn done() -> Entry {
    Entry::new("test-filled", COUNTY, json!({}))
}
