//! Arguments of the commands that work with reports and with the keys of offices. Passphrases are read
//! from standard input, so that they stand in no list of processes; so is a receipt given as `-`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::register::{Desk, Who};

#[derive(Debug, Args)]
pub struct OfficeKey {
    #[command(subcommand)]
    pub act: OfficeKeyAct,
}

#[derive(Debug, Subcommand)]
pub enum OfficeKeyAct {
    Propose,
    Enrol {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "ID")]
        person: String,
    },
    Passphrase {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "ID")]
        person: String,
    },
    New {
        #[command(flatten)]
        desk: Desk,
        office: String,
        #[arg(long, value_name = "ID", required = true)]
        holder: Vec<String>,
        #[arg(long, value_name = "ID", required = true)]
        recovery: Vec<String>,
    },
    Outside {
        #[command(flatten)]
        desk: Desk,
        county: String,
        recipient: String,
    },
    Add {
        #[command(flatten)]
        desk: Desk,
        office: String,
        #[arg(long, value_name = "ID")]
        person: String,
        #[arg(long, value_name = "ID")]
        opener: Option<String>,
    },
    Revoke {
        #[command(flatten)]
        desk: Desk,
        office: String,
        #[arg(long, value_name = "ID")]
        person: String,
    },
    Recover {
        #[command(flatten)]
        desk: Desk,
        office: String,
        #[arg(long, value_name = "ID")]
        person: String,
        #[arg(long, value_name = "ID", num_args = 2)]
        recovery: Vec<String>,
    },
    List {
        #[command(flatten)]
        desk: Desk,
    },
}

/// What routing needs.
#[derive(Debug, Clone, Args)]
pub struct About {
    #[arg(long, value_name = "CODE")]
    pub door: String,
    #[arg(long, value_name = "CODE")]
    pub place: String,
    #[arg(long, value_name = "CODE", default_value = "other")]
    pub topic: String,
    #[arg(long, value_name = "CODE")]
    pub post: Vec<String>,
    #[arg(long, value_name = "ID")]
    pub named: Vec<String>,
}

/// What somebody reports.
#[derive(Debug, Clone, Args)]
pub struct Told {
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub text: String,
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    #[arg(long, value_name = "TEXT", requires = "name")]
    pub contact: Option<String>,
    #[arg(long, value_name = "CODE", default_value = "web")]
    pub channel: String,
    #[arg(long, value_name = "ID")]
    pub person: Option<String>,
    #[arg(long, value_name = "CODE", requires = "person")]
    pub role: Option<String>,
}

/// A report, who handles it, and what he says.
#[derive(Debug, Clone, Args)]
pub struct Handling {
    #[command(flatten)]
    pub desk: Desk,
    pub number: String,
    #[command(flatten)]
    pub who: Who,
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub text: String,
}

/// A receipt.
#[derive(Debug, Clone, Args)]
pub struct Shown {
    #[command(flatten)]
    pub desk: Desk,
    pub receipt: String,
}

#[derive(Debug, Args)]
pub struct Reports {
    #[command(subcommand)]
    pub act: ReportsAct,
}

#[derive(Debug, Subcommand)]
pub enum ReportsAct {
    Offer {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        about: About,
    },
    File {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        about: About,
        #[command(flatten)]
        told: Box<Told>,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[command(flatten)]
        who: Who,
        #[arg(long)]
        late: bool,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[command(flatten)]
        who: Who,
    },
    Open {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "TEXT")]
        purpose: String,
        #[arg(long, value_name = "DIR")]
        save: Option<PathBuf>,
    },
    Accept(Handling),
    Refuse(Handling),
    Contest(Handling),
    Extend(Handling),
    Resume(Handling),
    Conclude(Handling),
    Close(Handling),
    Note(Handling),
    Pause {
        #[command(flatten)]
        handling: Handling,
        #[arg(long, value_name = "CODE")]
        ground: String,
    },
    Transfer {
        #[command(flatten)]
        handling: Handling,
        #[arg(long, value_name = "OFFICE")]
        to: String,
    },
    Settle {
        #[command(flatten)]
        handling: Handling,
        #[arg(long)]
        back: bool,
    },
    Reason {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[command(flatten)]
        who: Who,
    },
    Merge {
        #[command(flatten)]
        handling: Handling,
        #[arg(long, value_name = "NUMBER")]
        into: String,
    },
    Name {
        #[command(flatten)]
        handling: Handling,
        #[arg(long, value_name = "ID")]
        named: String,
    },
    Reply {
        #[command(flatten)]
        handling: Handling,
        #[arg(long, value_name = "CODE")]
        outcome: String,
        #[arg(long, value_name = "TEXT")]
        facts: String,
        #[arg(long, value_name = "TEXT")]
        basis: String,
    },
    Identity {
        #[command(subcommand)]
        act: IdentityAct,
    },
    Receipt {
        #[command(flatten)]
        shown: Shown,
        #[arg(long)]
        explain: bool,
    },
    Add {
        #[command(flatten)]
        shown: Shown,
        #[arg(long, value_name = "TEXT", default_value = "")]
        text: String,
        #[arg(long, value_name = "FILE")]
        attach: Vec<PathBuf>,
    },
    Rate {
        #[command(flatten)]
        shown: Shown,
        #[arg(long)]
        solved: bool,
        #[arg(long, value_name = "TEXT", default_value = "")]
        text: String,
    },
    Object {
        #[command(flatten)]
        shown: Shown,
        #[arg(long, value_name = "TEXT", default_value = "")]
        text: String,
    },
    ObjectTransfer {
        #[command(flatten)]
        shown: Shown,
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
    Forget {
        #[command(flatten)]
        shown: Shown,
        #[arg(long)]
        reason: String,
    },
    Prove {
        #[command(flatten)]
        shown: Shown,
        #[arg(short, value_name = "FILE")]
        output: PathBuf,
    },
    Totals {
        #[command(flatten)]
        desk: Desk,
    },
}

#[derive(Debug, Subcommand)]
pub enum IdentityAct {
    Ask {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "TEXT")]
        purpose: String,
    },
    Grant {
        #[command(flatten)]
        desk: Desk,
        request: String,
        #[command(flatten)]
        who: Who,
        #[arg(long)]
        days: u32,
    },
    Refuse {
        #[command(flatten)]
        desk: Desk,
        request: String,
        #[command(flatten)]
        who: Who,
    },
    Read {
        #[command(flatten)]
        desk: Desk,
        request: String,
        #[command(flatten)]
        who: Who,
    },
}
