//! What is written reads back as it was.

use proptest::prelude::*;

use crate::config::{ConfigFile, read, write};
use crate::face::{PathRule, SectionSettings, Settings, SourceSettings};
use crate::model::{Field, ListMode, Policy};

fn text() -> impl Strategy<Value = String> {
    // Quotes, backslashes, comments, brackets and letters of every kind, as titles and paths have them.
    "[a-zA-Zäñ日🎬 '\"\\\\#=\\[\\]{}.$,éé/-]{1,24}"
}

fn policies() -> impl Strategy<Value = std::collections::BTreeMap<Field, Policy>> {
    let policy = prop::sample::select(vec![
        Policy::KeepEdits,
        Policy::SourceIsRight,
        Policy::FillEmpty,
        Policy::Off,
    ]);
    prop::collection::btree_map(prop::sample::select(Field::ALL.to_vec()), policy, 0..6)
}

fn list_modes() -> impl Strategy<Value = std::collections::BTreeMap<Field, ListMode>> {
    let lists = Field::ALL
        .into_iter()
        .filter(|field| field.default_list_mode().is_some());
    let mode = prop::sample::select(vec![ListMode::Mirror, ListMode::Own, ListMode::Add]);
    prop::collection::btree_map(prop::sample::select(lists.collect::<Vec<_>>()), mode, 0..4)
}

prop_compose! {
    fn config()(
        sections in prop::collection::vec((text(), policies(), list_modes()), 0..4),
        rules in prop::collection::vec((text(), text(), any::<bool>()), 0..4),
        policies in policies(),
        list_modes in list_modes(),
        folder in prop::option::of(text()),
        data_dir in prop::option::of(text()),
        lock_written in any::<bool>(),
        max_concurrency in 1_u8..=64,
        is_set_up in any::<bool>(),
    ) -> ConfigFile {
        // A number makes titles differ; a pattern is made of its text's letters.
        let sections = sections.into_iter().enumerate().map(|(number, (title, policies, list_modes))| SectionSettings {
            title: format!("{title}{number}"),
            policies,
            list_modes,
        });
        let rules = rules.into_iter().map(|(from, to, is_pattern)| if is_pattern {
            PathRule::regex(regex::escape(&from), to.replace('$', ""))
        } else {
            PathRule::prefix(from, to)
        });
        ConfigFile {
            settings: Settings {
                plex_address: if is_set_up { "https://plex.test:32400/web".to_owned() } else { String::new() },
                sections: sections.collect(),
                source: SourceSettings::Nfo {
                    folder: folder.map_or(String::new(), |folder| format!("/{folder}")),
                },
                path_rules: rules.collect(),
                policies,
                list_modes,
                lock_written,
                max_concurrency,
            },
            data_dir: data_dir.map(|folder| format!("/{folder}")),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back_as_it_was(config in config()) {
        let written = write(&config);
        let reading = read(written.as_bytes(), &|_| true);
        prop_assert!(reading.is_usable(), "{:#?}\n{}", reading.mistakes, written);
        prop_assert_eq!(reading.config, config, "{}", written);
    }

    #[test]
    fn no_text_is_too_odd_to_be_read(text in "[a-z\\[\\]{}=\"'#.\\n\\t, 0-9\\\\é-]{0,80}") {
        let reading = read(text.as_bytes(), &|_| true);
        for mistake in reading.mistakes {
            prop_assert!(mistake.line >= 1 && mistake.column >= 1);
            prop_assert!(mistake.line <= text.matches('\n').count() + 1);
        }
    }
}

#[test]
fn settings_that_say_nothing_are_a_template() {
    let template = write(&ConfigFile::default());
    insta::assert_snapshot!(template);
    // Every example that it shows is right once its comment signs are taken away.
    let head = "# Settings of Syncslate";
    assert!(template.starts_with(head));
    let examples: Vec<&str> = template
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.starts_with('[') && line.ends_with(']') || is_assignment(line))
        .collect();
    let examples = examples.join("\n");
    let reading = read(examples.as_bytes(), &|_| true);
    assert_eq!(reading.mistakes, [], "{examples}");
    assert_eq!(reading.config.settings.sections.len(), 1);
}

fn is_assignment(line: &str) -> bool {
    line.split_once(" = ").is_some_and(|(key, _)| {
        key.chars().all(|c| c.is_ascii_lowercase() || c == '-') && key != "kind"
            || line == "kind = \"prefix\""
    })
}
