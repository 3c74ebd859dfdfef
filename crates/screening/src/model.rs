//! Models: folders with a header, one SELECT, a description, and a small sample with its answer.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::ScalarValue;
use domain::benefit::Benefits;
use domain::model::{self, Header};
use domain::problem::{Place, Problem};
use sha2::{Digest, Sha256};

use crate::engine::Bindings;

/// A model with all its files.
#[derive(Debug, Clone)]
pub struct Model {
    /// What it says of itself.
    pub header: Header,
    /// Its SELECT.
    pub sql: String,
    /// Its description.
    pub readme: String,
    /// Tables of its sample: name and CSV.
    pub fixtures: Vec<(String, String)>,
    /// What it must find in the sample, as CSV.
    pub expected: Option<String>,
    /// SHA-256 of `model.sql`, in hex.
    pub digest: String,
}

/// Models by id, ascending.
#[derive(Debug, Clone, Default)]
pub struct ModelSet {
    /// The models.
    pub models: Vec<Model>,
}

impl ModelSet {
    /// Reads model folders from files given as (path relative to the models folder, text). What
    /// stands in folders that begin with `_`, and files outside of folders, are passed over.
    #[must_use]
    pub fn load(files: &[(String, String)]) -> (Self, Vec<Problem>) {
        let mut folders: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for (path, text) in files {
            if let Some((folder, file)) = path.split_once('/')
                && !folder.starts_with(['_', '.'])
            {
                folders.entry(folder).or_default().insert(file, text);
            }
        }
        let (mut set, mut problems) = (Self::default(), Vec::new());
        for (folder, files) in folders {
            match read(folder, &files) {
                Ok(model) => set.models.push(model),
                Err(found) => problems.extend(found),
            }
        }
        (set, problems)
    }
}

fn read(folder: &str, files: &BTreeMap<&str, &str>) -> Result<Model, Vec<Problem>> {
    let path = format!("{folder}/model.sql");
    let Some(text) = files.get("model.sql") else {
        return Err(vec![Problem::new("model-file-missing", Place::file(path))]);
    };
    let (header, sql) = model::parse(&path, text)?;
    if header.id != folder {
        let place = Place { column: Some("id".to_owned()), ..Place::file(path) };
        let problem = Problem::new("model-id-differs", place);
        return Err(vec![problem.with("id", &header.id).with("folder", folder)]);
    }
    let table = |file: &str| file.strip_prefix("facts/")?.strip_suffix(".csv").map(str::to_owned);
    Ok(Model {
        header,
        sql,
        readme: files.get("README.md").copied().unwrap_or_default().to_owned(),
        fixtures: files
            .iter()
            .filter_map(|(file, text)| Some((table(file)?, (*text).to_owned())))
            .collect(),
        expected: files.get("expected.csv").map(|text| (*text).to_owned()),
        digest: hex(&Sha256::digest(text.as_bytes())),
    })
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Model {
    /// A place in one of the model's files.
    #[must_use]
    pub fn place(&self, file: &str) -> Place {
        Place::file(format!("{}/{file}", self.header.id))
    }

    /// Values of the parameters: the header's defaults, or what the county has set.
    #[must_use]
    pub fn params(&self, overrides: &BTreeMap<(String, String), i64>) -> BTreeMap<String, i64> {
        let value = |name: &String, default| {
            overrides.get(&(self.header.id.clone(), name.clone())).copied().unwrap_or(default)
        };
        self.header.params.iter().map(|(n, p)| (n.clone(), value(n, p.default))).collect()
    }

    /// Values by the names under which the SQL has them: parameters, and numbers of benefits.
    #[must_use]
    pub fn bindings(
        &self,
        params: &BTreeMap<String, i64>,
        names: &BTreeSet<String>,
        benefits: &Benefits,
    ) -> Bindings {
        let param = |name: &str| params.get(name).map(|value| ScalarValue::Int64(Some(*value)));
        let benefit = |name: &str| {
            let item = benefits.items.iter().find(|item| item.code == name)?;
            Some(ScalarValue::Int32(Some(item.number())))
        };
        names
            .iter()
            .filter_map(|name| Some((name.clone(), param(name).or_else(|| benefit(name))?)))
            .collect()
    }
}
