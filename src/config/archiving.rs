//! The `[registry]` settings: numbering, records management plan, transfer contact.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use crate::document::DocumentKind;
use crate::pipeline::{Class, ManagementPlan};
use crate::registry::{Numbering, Sequence};

/// The section as written; unknown keys are refused.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRegistry {
    pub folder: Option<PathBuf>,
    /// Pattern of register numbers.
    number: Option<String>,
    #[serde(default)]
    sequence: Sequence,
    /// Person responsible for the authenticity of the registered copies.
    checker: Option<String>,
    /// Whether to create web copies.
    #[serde(default)]
    web: bool,
    web_days: Option<u16>,
    /// File with the key that checkpoints are signed with.
    checkpoint_key: Option<PathBuf>,
    #[serde(default)]
    transfer: TransferSettings,
    /// Names of function classes.
    #[serde(default)]
    functions: BTreeMap<String, String>,
    #[serde(default)]
    all: Class,
    memo: Option<Class>,
    proposal: Option<Class>,
    extract: Option<Class>,
    summary: Option<Class>,
    plan: Option<Class>,
    measures: Option<Class>,
}

/// Contact details for transfers to an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferSettings {
    /// Number of the agreement with the archive.
    pub contract: Option<String>,
    pub name: Option<String>,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Resolved settings of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archiving {
    pub numbering: Numbering,
    /// The pattern of register numbers as written in the settings.
    pub pattern: String,
    pub plan: ManagementPlan,
    /// File with the key that checkpoints are signed with.
    pub checkpoint_key: PathBuf,
    pub transfer: TransferSettings,
    pub functions: BTreeMap<String, String>,
}

/// Default file of the checkpoint key.
pub const CHECKPOINT_KEY: &str = "kirjuri-checkpoint.key";

impl RawRegistry {
    /// Resolves the settings of the registry; paths are relative to `base`.
    pub fn resolve(self, file: &Path, base: &Path, web: bool) -> Result<Archiving, ConfigError> {
        let path = || file.to_owned();
        let missing = |key| ConfigError::Missing { path: path(), key };
        let pattern = self.number.ok_or_else(|| missing("number"))?;
        let checker = self.checker.filter(|checker| !checker.trim().is_empty());
        let numbering = Numbering::parse(&pattern, self.sequence)
            .map_err(|source| ConfigError::Pattern { path: path(), source })?;
        let kinds = [
            (DocumentKind::Memo, self.memo),
            (DocumentKind::Proposal, self.proposal),
            (DocumentKind::Extract, self.extract),
            (DocumentKind::Summary, self.summary),
            (DocumentKind::Plan, self.plan),
            (DocumentKind::Measures, self.measures),
        ];
        let kinds: BTreeMap<DocumentKind, Class> =
            kinds.into_iter().filter_map(|(kind, class)| Some((kind, class?))).collect();
        for class in kinds.values().chain([&self.all]) {
            let retention = class.retention.as_ref();
            if retention.is_some_and(|r| r.permanent == r.years.is_some()) {
                return Err(ConfigError::Retention { path: path() });
            }
        }
        let plan = ManagementPlan {
            all: self.all,
            kinds,
            checker: checker.ok_or_else(|| missing("checker"))?,
            web: self.web || web,
            web_days: self.web_days,
        };
        Ok(Archiving {
            numbering,
            pattern,
            plan,
            checkpoint_key: base.join(self.checkpoint_key.unwrap_or_else(|| CHECKPOINT_KEY.into())),
            transfer: self.transfer,
            functions: self.functions,
        })
    }
}
