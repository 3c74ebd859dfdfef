//! Several queries over one state of the facts.

use std::collections::BTreeMap;

use arrow::array::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;
use domain::benefit::Benefits;
use domain::problem::{Failure, Fault, Place, Problem};

pub use crate::ask::Reuse;
use crate::ask::{Asked, Failed, Query, few};
use crate::engine::{Bindings, Engine, complaint};
use crate::reference;
use crate::run::Source;
use crate::shelf::Shelf;
use crate::standing::Standing;
use crate::tables::{Tables, Wanted};

/// Queries, what they read, and what was kept of earlier answers.
pub struct Session<'a> {
    /// Plans and runs.
    pub(crate) engine: Engine,
    /// What there is to ask.
    pub(crate) standing: Standing<'a>,
    shelf: Option<&'a dyn Shelf>,
    queries: BTreeMap<String, Query>,
    tables: Option<Tables>,
    keep: Vec<(String, Vec<u8>)>,
}

impl<'a> Session<'a> {
    /// A session without queries yet. With a shelf, answers are taken from it and kept on it.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn new(
        source: &'a dyn Source,
        benefits: &'a Benefits,
        shelf: Option<&'a dyn Shelf>,
    ) -> Result<Self, Failure> {
        let engine = Engine::new()?;
        let standing = Standing::of(source, benefits)?;
        reference::register(&engine, benefits, &standing.dictionaries.villages, None)?;
        let (queries, keep) = (BTreeMap::new(), Vec::new());
        Ok(Self { engine, standing, shelf, queries, tables: None, keep })
    }

    /// Adds a query without parameters.
    ///
    /// # Errors
    /// A problem with what the planner says.
    pub fn add_sql(&mut self, name: &str, sql: &str) -> Result<(), Failure> {
        let refused = |error| complaint("query-refused", Place::default(), &error);
        let plan = self.engine.plan(sql).map_err(refused)?;
        let plan = self.engine.bind(plan, &Bindings::new()).map_err(refused)?;
        self.add(name, sql, plan).map_err(|failed| failed.or_problem(refused))
    }

    /// Adds a bound plan. `text` stands for all that it was made from.
    pub(crate) fn add(&mut self, name: &str, text: &str, plan: LogicalPlan) -> Result<(), Failed> {
        let query = match self.shelf {
            Some(shelf) => Query::with_parts(name, text, plan, &self.standing, shelf)?,
            None => Query::plain(plan),
        };
        self.queries.insert(name.to_owned(), query);
        Ok(())
    }

    /// Loads all that the queries read.
    ///
    /// # Errors
    /// When stored facts cannot be read.
    pub fn load(&mut self) -> Result<(), Failure> {
        let mut wanted = Wanted::default();
        for query in self.queries.values() {
            query.wants(&mut wanted).map_err(|error| Fault::new("plan query", error))?;
        }
        self.tables = Some(Tables::load(&self.standing, wanted)?);
        Ok(())
    }

    /// Answers a query that was added before everything was loaded.
    ///
    /// # Errors
    /// A problem with what the engine says.
    pub fn rows(&mut self, name: &str) -> Result<(Vec<RecordBatch>, Reuse), Failure> {
        let refused = |error| complaint("query-refused", Place::default(), &error);
        let asked = self.answer(name).map_err(refused)?;
        Ok((asked.rows, asked.reuse))
    }

    /// The physical plan of what is left of a query beside its parts, for people.
    ///
    /// # Errors
    /// A problem with what the planner says.
    pub fn explain(&self, name: &str) -> Result<String, Failure> {
        let refused = |error| complaint("query-refused", Place::default(), &error);
        let (Some(query), Some(tables)) = (self.queries.get(name), &self.tables) else {
            return Ok(String::new());
        };
        query.explain(&self.engine, tables).map_err(|error| refused(error).into())
    }

    pub(crate) fn answer(&mut self, name: &str) -> Result<Asked, DataFusionError> {
        let (Some(query), Some(tables)) = (self.queries.get(name), &self.tables) else {
            return Err(DataFusionError::Internal(format!("{name} was not added and loaded")));
        };
        let mut asked = query.answer(&self.engine, tables, few(&self.standing))?;
        self.keep.append(&mut asked.keep);
        Ok(asked)
    }

    /// Keeps what the next session need not ask again.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep(self) -> Result<(), Failure> {
        let batches: Vec<u32> = self.standing.batches.iter().map(|batch| batch.batch).collect();
        self.shelf.map_or(Ok(()), |shelf| shelf.keep(&batches, &self.keep))
    }
}

impl Failed {
    /// The failure; what the planner says becomes a problem.
    pub(crate) fn or_problem(self, problem: impl Fn(DataFusionError) -> Problem) -> Failure {
        match self {
            Self::Planner(error) => problem(error).into(),
            Self::Failure(failure) => failure,
        }
    }
}
