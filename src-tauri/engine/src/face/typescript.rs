//! The face's words as TypeScript, so that the window cannot drift from the engine.
//!
//! Not here: writing files (`cargo xtask types` does, through the example of the same name).

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};

use ts_rs::{Config, TS, TypeVisitor};

use super::{
    Answer, Command, CommandError, Numbered, NumberedSnapshot, Question, Reply, Report, TokenState,
};
use crate::model::Field;

/// One TypeScript module that declares every type a window meets, sorted by name: the same source gives the same text.
pub fn typescript() -> String {
    // JSON numbers are doubles in a window; every 64-bit figure here (bytes, epoch milliseconds) stays below 2^53.
    let config = Config::new().with_large_int("number");
    let mut declared = Declarations {
        config: &config,
        seen: BTreeSet::new(),
        by_name: BTreeMap::new(),
    };
    declared.visit::<Command>();
    declared.visit::<Reply>();
    declared.visit::<CommandError>();
    declared.visit::<Question>();
    declared.visit::<Answer>();
    declared.visit::<NumberedSnapshot>();
    declared.visit::<Numbered>();
    declared.visit::<Report>();
    declared.visit::<TokenState>();
    declared.visit::<Field>();
    let mut text =
        String::from("// Generated from the engine by `cargo xtask types`. Do not edit.\n");
    for declaration in declared.by_name.values() {
        text.push('\n');
        for line in declaration.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
}

struct Declarations<'a> {
    config: &'a Config,
    seen: BTreeSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only types of our own have a path; strings, lists and maps are spelled out where they are used.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = T::decl(self.config);
            self.by_name
                .insert(T::ident(self.config), format!("{docs}export {declaration}"));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_used_is_declared_once() {
        let text = typescript();
        for name in ["Snapshot", "Settings", "Event", "OperationStats", "Policy"] {
            let declaration = format!("export type {name} = ");
            assert_eq!(
                text.matches(&declaration).count(),
                1,
                "{name} is declared exactly once in:\n{text}"
            );
        }
        assert!(!text.contains("bigint"), "a window reads JSON numbers");
    }
}
