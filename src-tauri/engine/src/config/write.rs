//! From settings to a file that explains itself. What is as it is by default stands there as a comment.

use std::collections::BTreeMap;

use toml_writer::ToTomlValue as _;

use super::keys::{
    self, DATA_DIR, FROM, KIND, Key, LIST_MODES, LOCK_WRITTEN, MAX_CONCURRENCY, PATH_RULE,
    PLEX_URL, POLICIES, SECTION, SOURCE, TITLE, TO,
};
use super::{ConfigFile, names};
use crate::face::{PathRule, PathRuleKind, SectionSettings, Settings, SourceSettings};
use crate::model::{Field, ListMode, Policy};

/// The file that says this, with comments on every key.
pub fn write(config: &ConfigFile) -> String {
    let ConfigFile { settings, data_dir } = config;
    // A setting that is forgotten here does not compile.
    let Settings {
        plex_address,
        sections,
        source: SourceSettings::Nfo { folder },
        path_rules,
        policies,
        list_modes,
        lock_written,
        max_concurrency,
    } = settings;
    let defaults = Settings::default();
    let mut page = Page::default();
    page.comment(keys::HEAD);
    for key in keys::FILE {
        page.gap();
        page.comment(key.says);
        match key.name {
            PLEX_URL => page.value(key, filled(plex_address)),
            SOURCE => page.value(
                key,
                (!folder.is_empty()).then(|| quoted(&format!("nfo:{folder}"))),
            ),
            DATA_DIR => page.value(key, data_dir.as_deref().map(quoted)),
            LOCK_WRITTEN => page.value(key, differing(*lock_written, defaults.lock_written)),
            MAX_CONCURRENCY => {
                page.value(key, differing(*max_concurrency, defaults.max_concurrency));
            }
            POLICIES => {
                page.policy_words();
                page.policies("", policies);
            }
            LIST_MODES => {
                page.list_mode_words();
                page.list_modes("", list_modes);
            }
            SECTION => page.sections(sections),
            PATH_RULE => page.path_rules(path_rules),
            // A key that is read and not written would be lost: the round trip fails.
            _ => {}
        }
    }
    page.text
}

/// A value that is not as it is by default.
fn differing<T: Copy + PartialEq + ToString>(value: T, default: T) -> Option<String> {
    (value != default).then(|| value.to_string())
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| quoted(text))
}

fn quoted(text: &str) -> String {
    text.to_toml_value()
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn gap(&mut self) {
        self.line("");
    }

    fn comment(&mut self, lines: &[&str]) {
        for line in lines {
            self.line(&format!("# {line}"));
        }
    }

    /// A key's value, or as a comment what could stand there.
    fn value(&mut self, key: &Key, value: Option<String>) {
        match value {
            Some(value) => self.line(&format!("{} = {value}", key.name)),
            None => self.line(&format!("# {} = {}", key.name, key.example)),
        }
    }

    fn policy_words(&mut self) {
        for (policy, name, does) in names::POLICIES {
            let fields = names::fields(|field| field.default_policy() == policy);
            self.word(name, does, &fields);
        }
        self.fields("Fields", &names::fields(|_| true));
    }

    fn list_mode_words(&mut self) {
        for (mode, name, does) in names::LIST_MODES {
            let fields = names::fields(|field| field.default_list_mode() == Some(mode));
            self.word(name, does, &fields);
        }
    }

    /// What a word does, and for which fields it is the default.
    fn word(&mut self, name: &str, does: &str, by_default: &[String]) {
        let fields = match by_default.len() {
            0 => String::new(),
            1..10 => format!(" (default of {})", by_default.join(", ")),
            _ => " (default of most)".to_owned(),
        };
        self.line(&format!("#   {name}: {does}{fields}"));
    }

    fn fields(&mut self, title: &str, fields: &[String]) {
        let mut line = format!("# {title}:");
        for (number, field) in fields.iter().enumerate() {
            if line.len() + field.len() > 100 {
                self.line(&line);
                "#  ".clone_into(&mut line);
            }
            let comma = if number + 1 < fields.len() { "," } else { "" };
            line.extend([" ", field, comma]);
        }
        self.line(&line);
    }

    fn policies(&mut self, above: &str, policies: &BTreeMap<Field, Policy>) {
        let words = policies
            .iter()
            .map(|(field, policy)| (*field, names::policy_name(*policy)));
        self.table(
            &format!("{above}{POLICIES}"),
            words,
            "summary = \"source-is-right\"",
        );
    }

    fn list_modes(&mut self, above: &str, modes: &BTreeMap<Field, ListMode>) {
        let words = modes
            .iter()
            .map(|(field, mode)| (*field, names::list_mode_name(*mode)));
        self.table(
            &format!("{above}{LIST_MODES}"),
            words,
            "genres = \"mirror\"",
        );
    }

    fn table(
        &mut self,
        name: &str,
        words: impl ExactSizeIterator<Item = (Field, &'static str)>,
        example: &str,
    ) {
        if words.len() == 0 {
            self.line(&format!("# [{name}]"));
            self.line(&format!("# {example}"));
            return;
        }
        self.line(&format!("[{name}]"));
        for (field, word) in words {
            self.line(&format!("{} = {}", names::field_name(field), quoted(word)));
        }
    }

    fn sections(&mut self, sections: &[SectionSettings]) {
        if sections.is_empty() {
            self.example(SECTION, keys::SECTION_KEYS);
        }
        for (number, section) in sections.iter().enumerate() {
            if number > 0 {
                self.gap();
            }
            self.line(&format!("[[{SECTION}]]"));
            self.line(&format!("{TITLE} = {}", quoted(&section.title)));
            let above = format!("{SECTION}.");
            if !section.policies.is_empty() {
                self.policies(&above, &section.policies);
            }
            if !section.list_modes.is_empty() {
                self.list_modes(&above, &section.list_modes);
            }
        }
    }

    fn path_rules(&mut self, rules: &[PathRule]) {
        if rules.is_empty() {
            self.example(PATH_RULE, keys::RULE_KEYS);
        }
        for (number, rule) in rules.iter().enumerate() {
            if number > 0 {
                self.gap();
            }
            self.line(&format!("[[{PATH_RULE}]]"));
            self.line(&format!("{FROM} = {}", quoted(&rule.from)));
            self.line(&format!("{TO} = {}", quoted(&rule.to)));
            if rule.kind != PathRuleKind::default() {
                let kind = names::name_of(&names::RULE_KINDS, rule.kind);
                self.line(&format!("{KIND} = {}", quoted(kind)));
            }
        }
    }

    fn example(&mut self, table: &str, keys: &[Key]) {
        self.line(&format!("# [[{table}]]"));
        for key in keys.iter().filter(|key| !key.example.is_empty()) {
            self.line(&format!("# {} = {}", key.name, key.example));
        }
    }
}
