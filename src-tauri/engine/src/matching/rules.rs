//! Path rules: how the source's paths become Plex's.

use super::path::{is_drive, segments};
use crate::face::PathRule;
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
struct Compiled {
    from: Vec<String>,
    /// The left side is a Windows path, where case says nothing.
    folds: bool,
    to: String,
    separator: char,
}

impl PathRules {
    /// Compiles rules in their order. Either side may end with a separator or not, and may use either separator.
    pub fn new(rules: &[PathRule]) -> Self {
        Self {
            rules: rules.iter().map(Compiled::new).collect(),
        }
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
        self.rules.iter().enumerate().find_map(|(number, rule)| {
            rule.rest(&segments).map(|rest| Mapped {
                path: rule.join(rest),
                rule: Some(number),
            })
        })
    }
}

impl Compiled {
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
