//! Arguments of the commands that work with the register.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What every act in the register needs.
#[derive(Debug, Clone, Args)]
pub struct Desk {
    #[arg(long)]
    pub dir: PathBuf,
    #[arg(long, value_name = "ADDRESS", env = DATABASE, hide_env_values = true)]
    pub database: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub day: Option<String>,
}

/// Who acts.
#[derive(Debug, Clone, Args)]
pub struct Who {
    #[arg(long, value_name = "ID")]
    pub person: String,
    #[arg(long, value_name = "CODE")]
    pub role: String,
}

/// Where the address of the database may stand instead of in a flag.
pub const DATABASE: &str = "MINGBAI_DATABASE";

#[derive(Debug, Args)]
pub struct Place {
    #[command(subcommand)]
    pub act: PlaceAct,
}

#[derive(Debug, Subcommand)]
pub enum PlaceAct {
    Add {
        #[command(flatten)]
        desk: Desk,
        code: String,
        name: String,
        #[arg(long)]
        level: String,
        #[arg(long, value_name = "CODE")]
        parent: Option<String>,
        #[arg(long)]
        area: Option<String>,
    },
    Rename {
        #[command(flatten)]
        desk: Desk,
        place: String,
        name: String,
    },
    Area {
        #[command(flatten)]
        desk: Desk,
        place: String,
        area: Option<String>,
    },
    History {
        #[command(flatten)]
        desk: Desk,
        place: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
    },
}

#[derive(Debug, Args)]
pub struct People {
    #[command(subcommand)]
    pub act: PeopleAct,
}

#[derive(Debug, Subcommand)]
pub enum PeopleAct {
    Add {
        #[command(flatten)]
        desk: Desk,
        name: String,
        #[arg(long, value_name = "CODE")]
        village: String,
        #[arg(long, value_name = "NUMBER")]
        household: String,
        #[arg(long, value_name = "CODE")]
        native: Option<String>,
        #[arg(long, value_name = "NUMBER")]
        id: Option<String>,
    },
    Relate {
        #[command(flatten)]
        desk: Desk,
        first: String,
        tie: String,
        second: String,
    },
}

#[derive(Debug, Args)]
pub struct Post {
    #[command(subcommand)]
    pub act: PostAct,
}

#[derive(Debug, Subcommand)]
pub enum PostAct {
    Give {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[command(flatten)]
        who: Who,
    },
    End {
        #[command(flatten)]
        desk: Desk,
        post: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
}

#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    pub act: UserAct,
}

#[derive(Debug, Subcommand)]
pub enum UserAct {
    Add {
        #[command(flatten)]
        desk: Desk,
        login: String,
        #[arg(long, value_name = "ID")]
        person: Option<String>,
    },
    Enrol {
        #[command(flatten)]
        desk: Desk,
        login: String,
    },
    Grant {
        #[command(flatten)]
        desk: Desk,
        login: String,
        #[arg(long, value_name = "CODE")]
        role: String,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Revoke {
        #[command(flatten)]
        desk: Desk,
        login: String,
        #[arg(long, value_name = "CODE")]
        role: String,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Password {
        #[command(flatten)]
        desk: Desk,
        login: String,
    },
    Close {
        #[command(flatten)]
        desk: Desk,
        login: String,
    },
    Unlock {
        #[command(flatten)]
        desk: Desk,
        login: String,
    },
    List {
        #[command(flatten)]
        desk: Desk,
    },
}

#[derive(Debug, Args)]
pub struct Matter {
    #[command(subcommand)]
    pub act: MatterAct,
}

#[derive(Debug, Subcommand)]
pub enum MatterAct {
    Open {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        power: String,
        #[arg(long, value_name = "CODE")]
        place: String,
        #[arg(long)]
        title: String,
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
        #[arg(long, value_name = "YUAN")]
        amount: Option<String>,
        #[arg(long)]
        names_confirmed: bool,
    },
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Show {
        #[command(flatten)]
        desk: Desk,
        number: String,
    },
    Do {
        #[command(flatten)]
        desk: Desk,
        number: String,
        step: String,
        #[command(flatten)]
        who: Who,
        #[arg(long, value_name = "YUAN")]
        amount: Option<String>,
        #[command(flatten)]
        words: Words,
    },
    Meet {
        #[command(flatten)]
        desk: Desk,
        number: String,
        step: String,
        #[command(flatten)]
        minutes: Box<Minutes>,
    },
    Check {
        #[command(flatten)]
        desk: Desk,
        number: String,
        step: String,
        #[command(flatten)]
        who: Who,
        #[arg(long)]
        object: bool,
    },
    Sign {
        #[command(flatten)]
        desk: Desk,
        number: String,
        step: String,
        #[command(flatten)]
        who: Who,
    },
    Override {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[arg(long, value_name = "ID")]
        person: String,
        #[arg(long, value_name = "CODE")]
        ground: String,
        #[arg(long, value_name = "ID")]
        approver: String,
        #[arg(long)]
        reason: String,
    },
    File {
        #[command(flatten)]
        desk: Desk,
        number: String,
        code: String,
        file: PathBuf,
    },
    Ask {
        #[command(flatten)]
        desk: Desk,
        number: String,
        text: String,
    },
    Answer {
        #[command(flatten)]
        desk: Desk,
        question: String,
        text: String,
        #[command(flatten)]
        who: Who,
        #[arg(long)]
        names_confirmed: bool,
    },
}

/// What is said of a step.
#[derive(Debug, Clone, Default, Args)]
pub struct Words {
    #[arg(long, default_value = "")]
    pub note: String,
    #[arg(long)]
    pub names_confirmed: bool,
}

/// Minutes of a meeting.
#[derive(Debug, Clone, Args)]
pub struct Minutes {
    #[arg(long, value_name = "CODE")]
    pub body: String,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub called: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub held: Option<String>,
    #[arg(long)]
    pub members: u32,
    #[arg(long)]
    pub present: u32,
    #[arg(long)]
    pub households: Option<u32>,
    #[arg(long)]
    pub households_present: Option<u32>,
    #[arg(long = "for")]
    pub votes_for: u32,
    #[arg(long, default_value_t = 0)]
    pub against: u32,
    #[arg(long, default_value_t = 0)]
    pub abstained: u32,
    #[arg(long)]
    pub head_last: bool,
    #[arg(long)]
    pub ballots: bool,
}

#[derive(Debug, Args)]
pub struct Notice {
    #[command(subcommand)]
    pub act: NoticeAct,
}

#[derive(Debug, Subcommand)]
pub enum NoticeAct {
    List {
        #[command(flatten)]
        desk: Desk,
        #[arg(long, value_name = "CODE")]
        place: String,
    },
    Correct {
        #[command(flatten)]
        desk: Desk,
        number: String,
        text: String,
        #[arg(long)]
        reason: String,
        #[arg(long)]
        names_confirmed: bool,
    },
    Withdraw {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[arg(long)]
        reason: String,
    },
    Erase {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[arg(long)]
        reason: String,
    },
}

#[derive(Debug, Args)]
pub struct Log {
    #[command(subcommand)]
    pub act: LogAct,
}

#[derive(Debug, Subcommand)]
pub enum LogAct {
    Checkpoint {
        #[command(flatten)]
        desk: Desk,
    },
    Prove {
        #[command(flatten)]
        desk: Desk,
        number: String,
        #[arg(short, value_name = "FILE")]
        output: PathBuf,
    },
    Verify {
        #[command(flatten)]
        desk: Desk,
    },
    Rotate {
        #[command(flatten)]
        desk: Desk,
    },
}

#[derive(Debug, Args)]
pub struct Verify {
    pub file: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub checkpoint: PathBuf,
    #[arg(long = "log-keys", value_name = "FILE")]
    pub log_keys: PathBuf,
}
