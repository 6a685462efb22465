//! Command-line arguments of `import`, as clap types.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri import --template --round hyte-2025              create hyte-2025.xlsx to fill in
  kirjuri import nostot.xlsx --round hyte-2025 --dry-run   show what would be written
  kirjuri import nostot.xlsx --round hyte-2025             write draft session records
  kirjuri import kysely.csv --round hyte-2025              the same from the export of a survey tool

A record that already exists is never overwritten: the changes that the notes would
make are shown instead.

Exit status: 0 all rows were imported; 1 some rows were not imported, or changes must be
copied by hand; 2 the spreadsheet or the round cannot be used.")]
pub struct ImportArgs {
    /// Spreadsheet with one note per row, .xlsx or .csv
    #[arg(value_name = "FILE", required_unless_present = "template", conflicts_with = "template")]
    pub file: Option<PathBuf>,
    /// Id of the round
    #[arg(long, value_name = "ID")]
    pub round: String,
    /// Sheet of the workbook [default: the first, if all others are empty]
    #[arg(long, value_name = "NAME", conflicts_with = "template")]
    pub sheet: Option<String>,
    /// Cell separator of a CSV file [default: detected]
    #[arg(long, value_name = "SEPARATOR", conflicts_with = "template")]
    pub separator: Option<SeparatorArg>,
    /// Also import rows that are hidden in the spreadsheet
    #[arg(long, conflicts_with = "template")]
    pub include_hidden: bool,
    /// Show what would be written, without writing it
    #[arg(long, conflicts_with = "template")]
    pub dry_run: bool,
    /// Create an empty spreadsheet with drop-down lists instead
    #[arg(long)]
    pub template: bool,
    /// File name of the empty spreadsheet [default: the round's id with .xlsx]
    #[arg(long, value_name = "FILE", requires = "template")]
    pub to: Option<PathBuf>,
}

/// Separator of the cells of a CSV file.
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
