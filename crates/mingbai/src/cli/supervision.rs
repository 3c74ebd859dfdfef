//! Arguments of the commands of supervision: checks, clues, rectification, publication.

use clap::{Args, Subcommand};

use super::register::{Desk, Who};

#[derive(Debug, Args)]
pub struct Checks {
    #[command(subcommand)]
    pub act: CheckAct,
}

#[derive(Debug, Subcommand)]
pub enum CheckAct {
    /// Findings of the latest run enter the register.
    #[cfg(feature = "screening")]
    TakeIn {
        #[command(flatten)]
        desk: Desk,
        #[arg(long = "model", value_name = "ID")]
        only: Vec<String>,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE", default_value = "")]
        state: String,
        #[arg(long, value_name = "ID", default_value = "")]
        model: String,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
    },
    Assign {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        first: String,
        second: String,
    },
    Record {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        outcome: String,
        #[arg(long)]
        reason: String,
        #[arg(long, value_name = "CODE")]
        cause: Option<String>,
        #[arg(long = "answer", value_name = "TEXT")]
        answers: Vec<String>,
        #[arg(long, value_name = "YUAN")]
        recover: Option<String>,
        #[arg(long, value_name = "YYYY-MM-DD")]
        holds_until: Option<String>,
    },
    Confirm {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
    },
    Recover {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "YUAN")]
        amount: String,
        #[arg(long)]
        waive: bool,
        #[arg(long, default_value = "")]
        note: String,
    },
    AskLook {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "TEXT", default_value = "")]
        purpose: String,
    },
    GrantLook {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        look: String,
    },
    Look {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        look: String,
    },
    Models {
        #[command(flatten)]
        desk: Desk,
    },
    Retire {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        model: String,
        #[arg(long)]
        reason: String,
    },
    Funnel {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

#[derive(Debug, Args)]
pub struct Clues {
    #[command(subcommand)]
    pub act: ClueAct,
}

#[derive(Debug, Subcommand)]
pub enum ClueAct {
    Receive {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        source: String,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE")]
        office: String,
        #[arg(long)]
        title: String,
        #[arg(long = "accused", value_name = "ID")]
        accused: Vec<String>,
        #[arg(long = "witness", value_name = "ID")]
        witnesses: Vec<String>,
        #[arg(long = "finding", value_name = "NUMBER")]
        findings: Vec<String>,
        #[arg(long)]
        note: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE", default_value = "")]
        state: String,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
    },
    Do {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        step: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long, value_name = "CODE")]
        way: Option<String>,
        #[arg(long, value_name = "CODE")]
        outcome: Option<String>,
    },
    Extend {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        step: String,
    },
    Merge {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        into: String,
    },
    Link {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        other: String,
        #[arg(long)]
        reason: String,
    },
    Ask {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "YYYY-MM-DD")]
        on: String,
        text: String,
    },
    Trace {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
    },
    Waive {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        reason: String,
    },
    DecideWaiver {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
    },
    Answer {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        dual: String,
        text: String,
    },
    Decide {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        dual: String,
        verdict: String,
        #[arg(long, default_value = "")]
        measure: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub struct Rectify {
    #[command(subcommand)]
    pub act: RectifyAct,
}

#[derive(Debug, Subcommand)]
pub enum RectifyAct {
    Issue {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "NUMBER")]
        clue: Option<String>,
        #[arg(long, value_name = "NUMBER")]
        finding: Option<String>,
        problem: String,
    },
    Plan {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        cause: String,
        #[arg(long)]
        measure: String,
        #[arg(long, value_name = "ID")]
        owner: String,
    },
    Approve {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        note: String,
        #[arg(long)]
        object: bool,
    },
    Done {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        evidence: String,
    },
    Verify {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        note: String,
        #[arg(long)]
        object: bool,
    },
    Reopen {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        reason: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE", default_value = "")]
        state: String,
    },
}

#[derive(Debug, Args)]
pub struct Cases {
    #[command(subcommand)]
    pub act: CaseAct,
}

/// What is to be published.
#[derive(Debug, Clone, Args)]
pub struct CaseText {
    #[arg(long, value_name = "CODE")]
    pub kind: String,
    #[arg(long, value_name = "NUMBER")]
    pub clue: Option<String>,
    #[arg(long, value_name = "NUMBER")]
    pub finding: Option<String>,
    #[arg(long)]
    pub title: String,
    #[arg(long)]
    pub text: String,
    #[arg(long)]
    pub names: bool,
    #[arg(long)]
    pub wished: bool,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: String,
}

#[derive(Debug, Subcommand)]
pub enum CaseAct {
    Preview {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        case: Box<CaseText>,
    },
    Propose {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        case: Box<CaseText>,
    },
    Approve {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
    },
    Withdraw {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        reason: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
    },
}
