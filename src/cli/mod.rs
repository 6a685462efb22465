//! The command line, as clap types only.

mod import;
mod registry;
pub mod words;

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
  kirjuri init neuvottelut          make a new workspace with two sample records
  kirjuri build                     make every document that is new or changed
  kirjuri watch                     the same, then wait for changes
  kirjuri check records/2025/*.json look for mistakes, make nothing

Exit status: 0 all well; 1 some record or document was refused, the others are
made; 2 the command line, the configuration or a folder cannot be used."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// Configuration file [default: kirjuri.toml, when there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of the records [default: records]
    #[arg(long, global = true, value_name = "DIR")]
    pub records: Option<PathBuf>,
    /// Folder of templates that replace the built-in ones [default: templates]
    #[arg(long, global = true, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// Folder of the finished PDFs [default: output]
    #[arg(long, global = true, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Folder of the registry [default: registry]
    #[arg(long, global = true, value_name = "DIR")]
    pub registry: Option<PathBuf>,
    /// Also make the copies for the web, in `web/` of the output folder
    #[arg(long, global = true)]
    pub web: bool,
    /// Language of messages [default: from the configuration or the environment]
    #[arg(long, global = true, value_name = "LANG")]
    pub language: Option<UiLanguage>,
    /// Say nothing but what is wrong
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Log what the program does; twice for more
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
    /// Make every document that is new or changed, once
    Build(BuildArgs),
    /// Make them, then wait for changes of records, templates and configuration
    Watch(WatchArgs),
    /// Tell whether the watcher is running, and what it refuses or waits for
    Status(StatusArgs),
    /// Look for mistakes in all records or in some, and make nothing
    Check(CheckArgs),
    /// Make drafts of session records from a spreadsheet of notes
    Import(ImportArgs),
    /// Make one document to look at, drafts and all
    Render(RenderArgs),
    /// Try templates out before they are taken into use
    Templates(TemplatesArgs),
    /// Find, hand over and prove what was issued
    Registry(RegistryArgs),
    /// Print or write the JSON Schemas of the records
    Schema(SchemaArgs),
    /// Make a new workspace: configuration, sample records, templates
    Init(InitArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man,
    /// Typeset what comes through a pipe; the program starts it by itself
    #[command(hide = true)]
    Worker(WorkerArgs),
}

#[derive(Debug, Args)]
pub struct WorkerArgs {
    /// Most memory, in MiB
    #[arg(long, value_name = "MIB")]
    pub memory: u64,
}

#[derive(Debug, Args)]
pub struct BuildArgs {
    /// Say that today is this day, as 2026-11-29, when the program doubts the
    /// computer's clock and gives no register numbers
    #[arg(long, value_name = "DATE", value_parser = registry::date)]
    pub confirm_date: Option<Date>,
    /// Show what would be done and why, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Form of what is shown
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
    /// Look regularly instead of waiting for events, as for network folders
    #[arg(long)]
    pub poll: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Exit status: 0 the watcher is running and all is well; 1 it is running, but
something is refused, waits or is in its way; 2 no watcher is running, or it has
given no sign of life for three minutes."
)]
pub struct StatusArgs {
    /// Form of the answer
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
  kirjuri check records/2025/session-*.json  some, against all the others
  kirjuri check --format sarif > check.sarif for editors and other programs
  kirjuri check --as-final records/2026/a.json what is missing before it can be final
  kirjuri check --fix                        correct spaces, dashes, citations and orders of names")]
pub struct CheckArgs {
    /// Record files; all when none is named
    pub files: Vec<PathBuf>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = CheckFormat::Text)]
    pub format: CheckFormat,
    /// Look at drafts as if they were final: what is missing before they can be
    #[arg(long, conflicts_with = "fix")]
    pub as_final: bool,
    /// Make the corrections that change nothing of what is said; show them first
    #[arg(long, conflicts_with = "format")]
    pub fix: bool,
    /// Make them without asking
    #[arg(long, requires = "fix")]
    pub yes: bool,
    /// List the rules that can be graded in the settings and accepted in a record
    #[arg(long, conflicts_with_all = ["fix", "files", "as_final"])]
    pub list_rules: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// For people
    Text,
    /// One JSON object with a list of problems
    Json,
    /// SARIF 2.1.0 (OASIS), as editors and code hosts take it
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
    /// What to make of it
    #[arg(long, value_enum, default_value_t = RenderFormat::Pdf)]
    pub format: RenderFormat,
    /// Folder for the files; without it the working folder (Typst source: standard output)
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RenderFormat {
    /// Typst source, as the template gives it
    Typ,
    /// The PDF
    Pdf,
    /// A picture of each page
    Png,
}

#[derive(Debug, Args)]
pub struct TemplatesArgs {
    #[command(subcommand)]
    pub command: TemplatesCommand,
}

#[derive(Debug, Subcommand)]
pub enum TemplatesCommand {
    /// Make documents of generated records in three languages and look them over
    Check(TemplatesCheckArgs),
    /// Show what a changed templates folder would do to the documents of the records
    Diff(TemplatesDiffArgs),
    /// Print a digest of how each page of each document looks, to keep and compare
    Pages,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  kirjuri templates diff new-templates            against the templates in use
  kirjuri templates diff templates --old built-in against those of the program")]
pub struct TemplatesDiffArgs {
    /// Folder of the changed templates
    pub new: PathBuf,
    /// Folder of the old ones, or `built-in` [default: the templates in use]
    #[arg(long, value_name = "DIR")]
    pub old: Option<PathBuf>,
    /// Folder for the pictures, the text differences and `index.html`
    #[arg(long, value_name = "DIR", default_value = "templates-diff")]
    pub to: PathBuf,
}

#[derive(Debug, Args)]
pub struct TemplatesCheckArgs {
    /// Only documents whose line holds this text, such as `long-words` or `fi`
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

What is left out is asked for on a terminal, and else marked as to be filled in:
until it is, no final document is made.")]
pub struct InitArgs {
    /// Folder of the new workspace; it must not hold anything yet
    pub dir: PathBuf,
    /// Name of the authority that the documents come from
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// How register numbers look, such as `MHVA-{year}-{number:5}`
    #[arg(long, value_name = "PATTERN")]
    pub number: Option<String>,
    /// Municipalities of the authority, with commas between them; may be repeated
    #[arg(long, visible_alias = "municipalities", value_name = "NAMES")]
    pub municipality: Vec<String>,
    /// Also write every built-in template, to change them
    #[arg(long)]
    pub all_templates: bool,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
