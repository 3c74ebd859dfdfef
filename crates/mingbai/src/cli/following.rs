//! Arguments of the commands about what follows in other hands: handovers, recommendations,
//! responsibility lists, rules of the office.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::register::{Desk, Who};

#[derive(Debug, Args)]
pub struct Handovers {
    #[command(subcommand)]
    pub act: HandoverAct,
}

#[derive(Debug, Subcommand)]
pub enum HandoverAct {
    Propose {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "NUMBER")]
        clue: String,
        #[arg(long, value_name = "CODE")]
        partner: String,
        #[arg(long)]
        organ: String,
        #[arg(long = "paper", value_name = "CODE")]
        papers: Vec<String>,
        #[arg(long)]
        note: String,
    },
    Approve {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        object: bool,
    },
    Receipt {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "NUMBER")]
        their_number: String,
        #[arg(long, value_name = "YYYY-MM-DD")]
        received: String,
    },
    Answer {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        note: String,
    },
    Receive {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        came: Box<Came>,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

/// A clue that another organ hands to us.
#[derive(Debug, Args)]
pub struct Came {
    #[arg(long, value_name = "CODE")]
    pub partner: String,
    #[arg(long)]
    pub organ: String,
    #[arg(long, value_name = "NUMBER")]
    pub their_number: String,
    #[arg(long = "paper", value_name = "CODE")]
    pub papers: Vec<String>,
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long, value_name = "CODE")]
    pub office: String,
    #[arg(long)]
    pub title: String,
    #[arg(long = "accused", value_name = "ID")]
    pub accused: Vec<String>,
    #[arg(long)]
    pub note: String,
}

#[derive(Debug, Args)]
pub struct Letters {
    #[command(subcommand)]
    pub act: LetterAct,
}

#[derive(Debug, Subcommand)]
pub enum LetterAct {
    Propose {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE")]
        addressee: String,
        #[arg(long, value_name = "NUMBER")]
        rectification: Option<String>,
        #[arg(long, value_name = "NUMBER")]
        finding: Option<String>,
        #[arg(long)]
        problem: String,
        #[arg(long)]
        demand: String,
    },
    Approve {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        object: bool,
    },
    Reply {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        note: String,
    },
    Judge {
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
    Follow {
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
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

#[derive(Debug, Args)]
pub struct Duties {
    #[command(subcommand)]
    pub act: DutyAct,
}

#[derive(Debug, Subcommand)]
pub enum DutyAct {
    Open {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long)]
        year: i32,
    },
    Attach {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(
            long,
            value_name = "NUMBER",
            conflicts_with = "file",
            required_unless_present = "file"
        )]
        entry: Option<String>,
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        note: String,
    },
    Judge {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, default_value = "")]
        note: String,
        #[arg(long)]
        object: bool,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

#[derive(Debug, Args)]
pub struct Regulations {
    #[command(subcommand)]
    pub act: RegulationAct,
}

#[derive(Debug, Subcommand)]
pub enum RegulationAct {
    Enter {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long, value_name = "CODE")]
        owner: String,
        #[arg(long)]
        title: String,
        #[arg(long)]
        text: String,
        #[arg(long, default_value = "")]
        basis: String,
    },
    Rewrite {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        text: String,
        #[arg(long, default_value = "")]
        basis: String,
    },
    Decide {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long)]
        object: bool,
    },
    Link {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "CODE")]
        kind: String,
        #[arg(long)]
        target: String,
    },
    Review {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        number: String,
        #[arg(long, value_name = "CODE")]
        used: String,
        #[arg(long, value_name = "CODE")]
        works: String,
        #[arg(long, value_name = "CODE")]
        outcome: String,
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
    },
}
