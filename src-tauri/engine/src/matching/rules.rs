//! Path rules: how the source's paths become Plex's.
//!
//! Not here: how a regular expression is read (`face::pattern`, so that settings can say what is wrong with one).

use super::path::{is_drive, normalise_path, segments};
use crate::face::{PathRule, PathRuleKind, Pattern, SettingsError};
use crate::text;

/// The path rules, ready to apply.
#[derive(Debug, Clone, Default)]
pub struct PathRules {
    rules: Vec<Compiled>,
}

/// A path as Plex should hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The path, with the separators of the rule's right side.
    pub path: String,
    /// Which rule fitted, counted from 0; `None` where there are no rules and the path stands as it is.
    pub rule: Option<usize>,
}

#[derive(Debug, Clone)]
enum Compiled {
    Prefix(Prefix),
    Regex(Pattern),
}

#[derive(Debug, Clone)]
struct Prefix {
    from: Vec<String>,
    /// The left side is a Windows path, where case says nothing.
    folds: bool,
    to: String,
    separator: char,
}

impl PathRules {
    /// Compiles rules in their order. Either side of a prefix may end with a separator or not, and may use either
    /// separator.
    pub fn new(rules: &[PathRule]) -> Result<Self, SettingsError> {
        let compiled = rules.iter().enumerate().map(|(at, rule)| match rule.kind {
            PathRuleKind::Prefix => Ok(Compiled::Prefix(Prefix::new(rule))),
            PathRuleKind::Regex => rule.pattern(at).map(Compiled::Regex),
        });
        Ok(Self {
            rules: compiled.collect::<Result<_, _>>()?,
        })
    }

    /// The path as Plex should hold it by the first rule that fits, unchanged where there are no rules; `None` where
    /// there are rules and none fits.
    pub fn apply(&self, path: &str) -> Option<Mapped> {
        if self.rules.is_empty() {
            return Some(Mapped {
                path: path.to_owned(),
                rule: None,
            });
        }
        let segments = segments(path);
        let mut normal = None;
        self.rules.iter().enumerate().find_map(|(number, rule)| {
            let path = match rule {
                Compiled::Prefix(prefix) => prefix.rest(&segments).map(|rest| prefix.join(rest)),
                Compiled::Regex(pattern) => {
                    pattern.apply(normal.get_or_insert_with(|| normalise_path(path, false)))
                }
            };
            path.map(|path| Mapped {
                path,
                rule: Some(number),
            })
        })
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none, so that every path stands as it is.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl Prefix {
    fn new(rule: &PathRule) -> Self {
        let from = segments(&rule.from);
        let folds = rule.from.contains('\\') || from.first().is_some_and(|first| is_drive(first));
        let separator = if rule.to.contains('\\') || (is_drive(&rule.to) && !rule.to.contains('/'))
        {
            '\\'
        } else {
            '/'
        };
        Self {
            from,
            folds,
            to: rule.to.trim_end_matches(['/', '\\']).to_owned(),
            separator,
        }
    }

    /// What follows the rule's left side in a path; `None` where the path does not begin with it.
    fn rest<'a>(&self, path: &'a [String]) -> Option<&'a [String]> {
        if self.from.is_empty() || path.len() < self.from.len() {
            return None;
        }
        let (head, rest) = path.split_at(self.from.len());
        let fits = head.iter().zip(&self.from).all(|(name, wanted)| {
            name == wanted || (self.folds && text::fold(name) == text::fold(wanted))
        });
        fits.then_some(rest)
    }

    fn join(&self, rest: &[String]) -> String {
        let mut path = self.to.clone();
        for name in rest {
            path.push(self.separator);
            path.push_str(name);
        }
        path
    }
}
