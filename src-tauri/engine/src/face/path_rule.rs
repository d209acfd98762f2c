//! A path rule as settings hold it, and what is wrong with one that cannot work.
//!
//! Not here: how rules are applied (`matching`), how a pattern is read (`pattern`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Pattern, SettingsError};

/// Rewrites source paths into Plex paths. Of several rules the first that fits is used.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct PathRule {
    /// Beginning of the path as the source sees it, which ends at a folder boundary; or a pattern of the whole path.
    pub from: String,
    /// Beginning of the path as Plex sees it; or the whole path, in which `$1` and `${name}` stand for groups of the
    /// pattern, `$0` for all of it, and `$$` for a dollar sign.
    pub to: String,
    /// How the left side is read. Settings of before there were patterns have none.
    #[serde(default, skip_serializing_if = "PathRuleKind::is_default")]
    #[ts(as = "Option<PathRuleKind>", optional)]
    pub kind: PathRuleKind,
}

/// How the left side of a path rule is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PathRuleKind {
    /// As the beginning of a path.
    #[default]
    Prefix,
    /// As a regular expression that fits the whole path, from its first character to its last. A separator is written
    /// `/` or `\\`, whichever the path has; letters are composed (NFC) on both sides; case says nothing where the
    /// pattern names a Windows path.
    Regex,
}

impl PathRuleKind {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl PathRule {
    /// Paths that begin with `from` begin with `to` in Plex.
    pub fn prefix(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            kind: PathRuleKind::Prefix,
        }
    }

    /// Paths that the regular expression `from` fits as a whole are `to` in Plex.
    pub fn regex(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self {
            from: from.into(),
            to: to.into(),
            kind: PathRuleKind::Regex,
        }
    }

    /// Whether it can work; `at` is its place among the rules, counted from 0.
    pub fn check(&self, at: usize) -> Result<(), SettingsError> {
        match self.kind {
            PathRuleKind::Prefix if self.from.is_empty() => Err(SettingsError {
                setting: "pathRules",
                message: "A path rule needs the beginning of a path on its left side.".to_owned(),
            }),
            PathRuleKind::Prefix => Ok(()),
            PathRuleKind::Regex => self.pattern(at).map(drop),
        }
    }

    /// Its left side as a pattern; `at` is its place among the rules, counted from 0.
    pub(crate) fn pattern(&self, at: usize) -> Result<Pattern, SettingsError> {
        Pattern::new(&self.from, &self.to).map_err(|fault| SettingsError {
            setting: "pathRules",
            message: format!("Path rule {}: {fault}", at + 1),
        })
    }
}
