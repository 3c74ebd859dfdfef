//! A data folder in a temporary place, and the binary to work on it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of the program left behind.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program in English, without a terminal, as a script would.
pub fn mingbai<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Ran {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_mingbai"))
        .args(args)
        .env("LANG", "en_GB.UTF-8")
        .env_remove("LC_ALL")
        .env_remove("MINGBAI_KEYS")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("the program starts");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A temporary county: files to import and a data folder.
pub struct County {
    pub root: tempfile::TempDir,
}

impl County {
    /// An empty county with a data folder.
    pub fn new() -> Self {
        let county = Self { root: tempfile::tempdir().expect("temporary folder") };
        let ran = mingbai(&["init", county.data().to_str().expect("path")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        county
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    /// Writes a file to be imported.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let folder = self.root.path().join("files");
        std::fs::create_dir_all(&folder).expect("folder");
        let path = folder.join(name);
        std::fs::write(&path, content).expect("file");
        path
    }

    /// Runs a command on the data folder.
    pub fn run(&self, command: &str, args: &[&str]) -> Ran {
        let data = self.data();
        let mut all = vec![command, "--dir", data.to_str().expect("path")];
        all.extend(args);
        mingbai(&all)
    }

    /// Imports a file that must be taken.
    pub fn import(&self, path: &Path) -> Ran {
        let ran = self.run("import", &[path.to_str().expect("path")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran
    }
}

/// All files below a folder with their bytes, in order of their paths.
pub fn files_below(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut files, mut open) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push((path.clone(), std::fs::read(&path).expect("file")));
            }
        }
    }
    files.sort();
    files
}

/// A made-up person.
pub struct Somebody {
    pub id: &'static str,
    pub name: &'static str,
    pub card: &'static str,
}

/// People of the small stories; all numbers are synthetic.
pub const PEOPLE: [Somebody; 3] = [
    Somebody { id: "990001194910010042", name: "测甲一", card: "6299000000000000017" },
    Somebody { id: "990001200002290032", name: "测乙二", card: "6299000000000000025" },
    Somebody { id: "990001198501010031", name: "测丙三", card: "6299000000000000033" },
];

/// The payments file of the small stories: the first person is paid on after death.
pub fn payments() -> String {
    let mut csv =
        String::from("姓名,身份证号,乡镇,村,补贴项目,所属期,发放日期,金额(元),银行账号\n");
    for month in 1..=6 {
        for person in &PEOPLE {
            let (name, id, card) = (person.name, person.id, person.card);
            let month = format!("2025-{month:02}");
            let place = "柳溪镇,青石村,农村低保";
            csv.push_str(&format!("{name},{id},{place},{month},{month}-15,420.00,{card}\n"));
        }
    }
    csv
}

/// The household register of the small stories.
pub fn people() -> String {
    let mut csv = String::from("姓名,公民身份号码,乡镇,村,户号,与户主关系\n");
    for (at, person) in PEOPLE.iter().enumerate() {
        csv.push_str(&format!("{},{},柳溪镇,青石村,H{at},户主\n", person.name, person.id));
    }
    csv
}

/// The deaths file of the small stories.
pub fn deaths() -> String {
    format!("死者姓名,身份证号码,死亡日期\n{},{},2025年1月20日\n", PEOPLE[0].name, PEOPLE[0].id)
}

/// A county with the three small files imported.
pub fn small_county() -> County {
    let county = County::new();
    for (name, content) in
        [("户籍.csv", people()), ("死亡人员.csv", deaths()), ("低保发放表.csv", payments())]
    {
        county.import(&county.file(name, content));
    }
    county
}
