//! Command-line arguments, as clap types.

mod import;
mod registry;
pub mod translated_help;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::model::Date;

pub use import::{ImportArgs, SeparatorArg};
pub use registry::{
    CheckpointArgs, DueArgs, ExportArgs, ExportCopy, ExportForm, FilterArgs, GetArgs, GetWhat,
    ListArgs, ListFormat, RegistryArgs, RegistryCommand, ShowArgs, ShowFormat, VerifyArgs,
};

/// Session records in; archival and accessible memos, proposals and summaries
/// out.
#[derive(Debug, Parser)]
#[command(
    name = "kirjuri",
    version,
    about,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  kirjuri init neuvottelut          create a new workspace with two sample records
  kirjuri build                     create all new and changed documents
  kirjuri watch                     the same, then watch for changes
  kirjuri check records/2025/*.json check records without creating documents

Exit status: 0 success; 1 some records or documents were refused, the others were
created; 2 the command line, the settings or a folder cannot be used."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Settings file [default: kirjuri.toml, if it exists]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Records folder [default: records]
    #[arg(long, global = true, value_name = "DIR")]
    pub records: Option<PathBuf>,
    /// Folder with templates that replace the built-in ones [default: templates]
    #[arg(long, global = true, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Output folder for the finished PDFs [default: output]
    #[arg(long, global = true, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Registry folder [default: registry]
    #[arg(long, global = true, value_name = "DIR")]
    pub registry: Option<PathBuf>,
    /// Also create web copies, in `web/` in the output folder
    #[arg(long, global = true)]
    pub web: bool,
    /// Language of messages [default: from the settings or the environment]
    #[arg(long, global = true, value_name = "LANG")]
    pub language: Option<UiLanguage>,
    /// Print only problems
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Log what the program does; give twice for more detail
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UiLanguage {
    Fi,
    Sv,
    En,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Create all new and changed documents, once
    Build(BuildArgs),
    /// Create documents, then watch records, templates and settings for changes
    Watch(WatchArgs),
    /// Show whether the watcher is running, and what it refuses or waits for
    Status(StatusArgs),
    /// Check all records, or only some, without creating documents
    Check(CheckArgs),
    /// Create draft session records from a spreadsheet of notes
    Import(ImportArgs),
    /// Create one document to preview, draft or final
    Render(RenderArgs),
    /// Test templates before you use them
    Templates(TemplatesArgs),
    /// Find, export and verify issued documents
    Registry(RegistryArgs),
    /// Print or write the JSON Schemas of the records
    Schema(SchemaArgs),
    /// Create a new workspace: settings, sample records, templates
    Init(InitArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    /// Typeset documents sent through a pipe; started by the program itself
    #[command(hide = true)]
    Worker(WorkerArgs),
}

#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// Memory limit, in MiB
    #[arg(long, value_name = "MIB")]
    pub memory: u64,
}

#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Confirm that today is this date, such as 2026-11-29, when the program doubts the
    /// computer's clock and assigns no register numbers
    #[arg(long, value_name = "DATE", value_parser = registry::date)]
    pub confirm_date: Option<Date>,
    /// Show what would be done and why, without doing it
    #[arg(long)]
    pub dry_run: bool,
    /// Output format of `--dry-run`
    #[arg(long, value_enum, default_value_t = PlanFormat::Text, requires = "dry_run")]
    pub format: PlanFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    Text,
    /// One JSON object with a list of actions
    Json,
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Check at regular intervals instead of waiting for events, for example on network folders
    #[arg(long)]
    pub poll: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the watcher is running without problems; 1 it is running, but
something is refused, is waiting or blocks it; 2 no watcher is running, or it has
not updated its status for three minutes."
)]
pub struct StatusArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub format: StatusFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StatusFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri check                              all records
  kirjuri check records/2025/session-*.json  only some, checked against all the others
  kirjuri check --format sarif > check.sarif for editors and other programs
  kirjuri check --as-final records/2026/a.json what is missing before it can be final
  kirjuri check --fix                        correct spaces, dashes, citations and name order")]
pub struct CheckArgs {
    /// Record files [default: all]
    pub files: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Check drafts as if they were final, to see what is still missing
    #[arg(long, conflicts_with = "fix")]
    pub as_final: bool,
    /// Apply the corrections that do not change the meaning; show them first
    #[arg(long, conflicts_with = "format")]
    pub fix: bool,
    /// Apply them without asking
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// List the rules whose severity can be set and whose findings can be accepted
    #[arg(long, conflicts_with_all = ["fix", "files", "as_final"])]
    pub list_rules: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// One JSON object with a list of problems
    Json,
    /// SARIF 2.1.0 (OASIS), for editors and code hosts
    Sarif,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri render hyte-2025-jamsa --format pdf
  kirjuri render hyte-2025-koonti --format png --to pages
  kirjuri render hyte-2025-jamsa --format typ | less")]
pub struct RenderArgs {
    /// Id of a record or name of a document
    pub id: String,
    /// Output format
    #[arg(long, value_enum, default_value_t = RenderFormat::Pdf)]
    pub format: RenderFormat,
    /// Folder for the files; by default the working folder (Typst source: standard output)
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RenderFormat {
    /// Typst source, as written by the template
    Typ,
    /// The PDF
    Pdf,
    /// An image of each page
    Png,
}

#[derive(Debug, Args)]
pub struct TemplatesArgs {
    #[command(subcommand)]
    pub command: TemplatesCommand,
}

#[derive(Debug, Subcommand)]
pub enum TemplatesCommand {
    /// Create documents from generated records in three languages and check their layout
    Check(TemplatesCheckArgs),
    /// Show how changed templates would change the documents of the records
    Diff(TemplatesDiffArgs),
    /// Print a digest of the appearance of each page of each document, for comparison
    Pages,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri templates diff new-templates            against the templates in use
  kirjuri templates diff templates --old built-in against the built-in templates")]
pub struct TemplatesDiffArgs {
    /// Folder with the changed templates
    pub new: PathBuf,
    /// Folder with the old templates, or `built-in` [default: the templates in use]
    #[arg(long, value_name = "DIR")]
    pub old: Option<PathBuf>,
    /// Folder for the page images, the text differences and `index.html`
    #[arg(long, value_name = "DIR", default_value = "templates-diff")]
    pub to: PathBuf,
}

#[derive(Debug, Args)]
pub struct TemplatesCheckArgs {
    /// Only documents whose line contains this text, such as `long-words` or `fi`
    #[arg(value_name = "TEXT")]
    pub only: Vec<String>,
    /// Keep the PDFs in this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Kind of record [default: all, as one object]
    #[arg(value_parser = ["round", "session", "proposal", "summary", "measures"])]
    pub kind: Option<String>,
    /// Write one file for each kind into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "kind")]
    pub write: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri init neuvottelut --language fi --name \"Mallilan hyvinvointialue\" \\
      --number \"MHVA-{year}-{number:5}\" --municipality \"Jyväskylä, Jämsä\"

On a terminal, the program asks for missing values; otherwise it marks them to be
filled in. Until they are filled in, no final document is created.")]
pub struct InitArgs {
    /// Folder of the new workspace; it must be empty or not exist yet
    pub dir: PathBuf,
    /// Name of the authority that issues the documents
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Format of register numbers, such as `MHVA-{year}-{number:5}`
    #[arg(long, value_name = "PATTERN")]
    pub number: Option<String>,
    /// Municipalities of the authority, separated by commas; may be repeated
    #[arg(long, visible_alias = "municipalities", value_name = "NAMES")]
    pub municipality: Vec<String>,
    /// Also write all built-in templates, so that you can change them
    #[arg(long)]
    pub all_templates: bool,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
