//! The command line of `import`, as clap types only.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri import --template --round hyte-2025              write hyte-2025.xlsx, to be filled in
  kirjuri import nostot.xlsx --round hyte-2025 --dry-run   show what would come of it
  kirjuri import nostot.xlsx --round hyte-2025             write drafts of session records
  kirjuri import kysely.csv --round hyte-2025              the same from a survey tool's export

A record that is there already is never written over: what the notes would change
in it is shown.

Exit status: 0 all rows were taken; 1 some row was not, or something is left to be
taken over by hand; 2 the spreadsheet or the round cannot be used.")]
pub struct ImportArgs {
    /// Spreadsheet with one note a row, .xlsx or .csv
    #[arg(value_name = "FILE", required_unless_present = "template", conflicts_with = "template")]
    pub file: Option<PathBuf>,
    /// Id of the round
    #[arg(long, value_name = "ID")]
    pub round: String,
    /// Sheet of the workbook [default: the first, if all others are empty]
    #[arg(long, value_name = "NAME", conflicts_with = "template")]
    pub sheet: Option<String>,
    /// What separates the cells of a CSV file [default: found out]
    #[arg(long, value_name = "SEPARATOR", conflicts_with = "template")]
    pub separator: Option<SeparatorArg>,
    /// Take rows that the spreadsheet hides, too
    #[arg(long, conflicts_with = "template")]
    pub include_hidden: bool,
    /// Show what would be written, and write nothing
    #[arg(long, conflicts_with = "template")]
    pub dry_run: bool,
    /// Write an empty spreadsheet with lists to choose from, instead
    #[arg(long)]
    pub template: bool,
    /// File of the empty spreadsheet [default: the round's id with .xlsx]
    #[arg(long, value_name = "FILE", requires = "template")]
    pub to: Option<PathBuf>,
}

/// What may separate the cells of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeparatorArg {
    #[value(name = ";", alias = "semicolon")]
    Semicolon,
    #[value(name = ",", alias = "comma")]
    Comma,
    #[value(name = "tab", alias = "\t")]
    Tab,
    #[value(name = "|", alias = "bar")]
    Bar,
}
