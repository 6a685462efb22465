//! Command-line arguments of `registry`, as clap types.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::model::{Date, typed};

#[derive(Debug, Args)]
pub struct RegistryArgs {
    #[command(subcommand)]
    pub command: RegistryCommand,
}

#[derive(Debug, Subcommand)]
pub enum RegistryCommand {
    /// List issued documents, latest first
    List(ListArgs),
    /// Show everything known about a document: versions, digests, recipients
    Show(ShowArgs),
    /// Copy the archived PDF, record or metadata of a document into a folder
    Get(GetArgs),
    /// Create a package for a registry office or an archive
    Export(ExportArgs),
    /// List documents whose retention has ended and web copies to be removed
    Due(DueArgs),
    /// Check every file, the log and the index; exit status 1 if anything is wrong
    Verify(VerifyArgs),
    /// Sign the end of the log; store the result elsewhere for `verify`
    Checkpoint(CheckpointArgs),
    /// Rebuild the index from the files alone
    Recover,
}

#[derive(Debug, Args)]
pub struct FilterArgs {
    /// Kind of document: memo, proposal, extract, summary, plan or measures, or its
    /// name in Finnish or Swedish
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Id of the round
    #[arg(long, value_name = "ID")]
    pub round: Option<String>,
    /// Name of a municipality that the document concerns
    #[arg(long, value_name = "NAME")]
    pub municipality: Option<String>,
    /// Case number
    #[arg(long = "case", value_name = "NUMBER")]
    pub case_number: Option<String>,
    /// Part of the title
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Earliest date of the document, such as 2025-01-01 or 1.1.2025
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<Date>,
    /// Latest date of the document, such as 2025-12-31 or 31.12.2025
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub until: Option<Date>,
    /// Only versions that have not been replaced by a later one
    #[arg(long)]
    pub in_force: bool,
}

pub(super) fn date(text: &str) -> Result<Date, String> {
    let typed = typed::date(text).map(|typed| typed.value);
    typed.ok_or_else(|| "write a date as 2025-12-31 or 31.12.2025".to_owned())
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri registry list --kind memo --round hyte-2025
  kirjuri registry list --municipality Jämsä --from 2025-01-01
  kirjuri registry list --format csv --limit 0 > documents.csv")]
pub struct ListArgs {
    #[command(flatten)]
    pub filter: FilterArgs,
    /// The same as `--until`
    #[arg(long, value_name = "DATE", value_parser = date, conflicts_with = "until", hide = true)]
    pub to: Option<Date>,
    /// Output format
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub format: ListFormat,
    /// Maximum number of documents to list; 0 for all [default: 100]
    #[arg(long, value_name = "COUNT")]
    pub limit: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Table,
    /// For other programs
    Json,
    /// For spreadsheets
    Csv,
}

#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Name of a document, or a register number
    pub id: String,
    /// Output format
    #[arg(long, value_enum, default_value_t = ShowFormat::Table)]
    pub format: ShowFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// For people
    Table,
    /// For other programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri registry get hyte-2025-jamsa-muistio --version 1 --to old
  kirjuri registry get HVA-2026-00012 --what record --to old")]
pub struct GetArgs {
    /// Name of a document, or a register number
    pub id: String,
    /// Version of the document [default: the latest]
    #[arg(long = "version", value_name = "N")]
    pub version: Option<u16>,
    /// What to copy
    #[arg(long, value_enum, default_value_t = GetWhat::Pdf)]
    pub what: GetWhat,
    /// Folder for the file
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub to: PathBuf,
    /// Overwrite an existing file of the same name
    #[arg(long)]
    pub force: bool,
    /// Same as `--what web`
    #[arg(long = "web-copy", conflicts_with = "what")]
    pub web: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GetWhat {
    /// The PDF
    Pdf,
    /// The web copy
    Web,
    /// The record that it was created from, as it was then
    Record,
    /// The record and all other records that it uses
    Records,
    /// Its Typst source
    Source,
    /// Its metadata as JSON
    Metadata,
    /// Its metadata as SÄHKE2 XML
    Sahke2,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri registry export --to jamsa-2025 --municipality Jämsä --round hyte-2025
  kirjuri registry export --to siirto-2025 --form sahke2 --from 2025-01-01 --until 2025-12-31")]
pub struct ExportArgs {
    /// Folder of the package; it must not exist yet
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    #[command(flatten)]
    pub filter: FilterArgs,
    /// Format of the package
    #[arg(long, value_enum, default_value_t = ExportForm::Bagit)]
    pub form: ExportForm,
    /// Which copies to include
    #[arg(long, value_enum, default_value_t = ExportCopy::Archive)]
    pub copy: ExportCopy,
    /// Recipient, for the log [default: the municipality, or the folder]
    #[arg(long, value_name = "NAME")]
    pub recipient: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportForm {
    /// A BagIt bag, for a registry office
    Bagit,
    /// A SÄHKE2 transfer package, for an archive
    Sahke2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportCopy {
    /// The archive copy
    Archive,
    /// The web copy, if there is one
    Web,
    /// Both
    Both,
}

#[derive(Debug, Args)]
pub struct DueArgs {
    /// Date to check [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub on: Option<Date>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri registry verify                          every file, the log, the index
  kirjuri registry verify --rebuild                also rebuild every PDF
  kirjuri registry verify --checkpoint 2026.note   also against a checkpoint")]
pub struct VerifyArgs {
    /// Rebuild each PDF from its archived record and compare it
    #[arg(long)]
    pub rebuild: bool,
    /// Checkpoint that was stored elsewhere
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// Public key of the checkpoint, or a file that contains it [default: the workspace's own]
    #[arg(long, value_name = "KEY", requires = "checkpoint")]
    pub key: Option<String>,
    /// Do not record the result in the log
    #[arg(long)]
    pub no_log: bool,
}

#[derive(Debug, Args)]
pub struct CheckpointArgs {
    /// File for the checkpoint; printed if not given
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}
