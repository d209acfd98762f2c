//! What a config file means, in a few lines, without names and passwords of addresses.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use syncslate_engine::config::{ConfigFile, field_name, list_mode_name, masked, policy_name};
use syncslate_engine::face::{PathRuleKind, Settings, SourceSettings};
use syncslate_engine::model::{Field, ListMode, Policy};

/// Lines for a person; what is as it is by default says so.
pub(super) fn of(config: &ConfigFile) -> String {
    let ConfigFile { settings, data_dir } = config;
    let defaults = Settings::default();
    let SourceSettings::Nfo { folder } = &settings.source;
    let titles: Vec<String> = settings
        .sections
        .iter()
        .map(|section| format!("“{}”", masked(section.title.trim())))
        .collect();
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:<12}{value}");
    };
    line(
        "From",
        or_words(folder, "--source", |folder| {
            format!(".nfo files in {}", masked(folder))
        }),
    );
    line(
        "Into",
        or_words(&titles.join(", "), "--section", str::to_owned),
    );
    line(
        "Plex",
        or_words(&settings.plex_address, "--plex-url", masked),
    );
    line(
        "Data folder",
        or_words(
            data_dir.as_deref().unwrap_or_default(),
            "--data-dir",
            masked,
        ),
    );
    if settings.path_rules.is_empty() {
        line("Paths", "are the same in Plex (default)".to_owned());
    }
    for (number, rule) in settings.path_rules.iter().enumerate() {
        let kind = match rule.kind {
            PathRuleKind::Prefix => "",
            PathRuleKind::Regex => " (regex)",
        };
        let words = format!("{} → {}{kind}", masked(&rule.from), masked(&rule.to));
        line(&format!("Path rule {}", number + 1), words);
    }
    line(
        "Locks",
        marked(
            if settings.lock_written {
                "what is written is locked"
            } else {
                "nothing is locked"
            },
            settings.lock_written == defaults.lock_written,
        ),
    );
    line(
        "Requests",
        marked(
            &format!("{} at once at most", settings.max_concurrency),
            settings.max_concurrency == defaults.max_concurrency,
        ),
    );
    line("Policies", policies(&settings.policies));
    line("Lists", list_modes(&settings.list_modes));
    for section in &settings.sections {
        let own = differing(&section.policies, policy_name);
        let lists = differing(&section.list_modes, list_mode_name);
        let both: Vec<String> = own.into_iter().chain(lists).collect();
        if !both.is_empty() {
            line(
                "",
                format!("in “{}”: {}", masked(section.title.trim()), both.join("; ")),
            );
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn or_words(value: &str, word: &str, shown: impl Fn(&str) -> String) -> String {
    if value.is_empty() {
        format!("not in this file; give {word}")
    } else {
        shown(value)
    }
}

fn marked(words: &str, is_default: bool) -> String {
    let mark = if is_default { " (default)" } else { "" };
    format!("{words}{mark}")
}

/// What holds for all fields, and each that is different.
fn policies(chosen: &BTreeMap<Field, Policy>) -> String {
    let most = policy_name(Policy::default());
    let others = Field::ALL
        .into_iter()
        .filter(|field| field.default_policy() != Policy::default() && !chosen.contains_key(field));
    let others = others.map(|field| {
        format!(
            "{}: {} (default)",
            field_name(field),
            policy_name(field.default_policy())
        )
    });
    let words: Vec<String> = differing(chosen, policy_name)
        .into_iter()
        .chain(others)
        .collect();
    format!("{most} (default), but {}", words.join("; "))
}

fn list_modes(chosen: &BTreeMap<Field, ListMode>) -> String {
    let defaults = [ListMode::Mirror, ListMode::Own, ListMode::Add].map(|mode| {
        let fields = Field::ALL
            .into_iter()
            .filter(|field| field.default_list_mode() == Some(mode) && !chosen.contains_key(field));
        let fields: Vec<String> = fields.map(field_name).collect();
        (!fields.is_empty())
            .then(|| format!("{}: {} (default)", fields.join(", "), list_mode_name(mode)))
    });
    let words: Vec<String> = differing(chosen, list_mode_name)
        .into_iter()
        .chain(defaults.into_iter().flatten())
        .collect();
    words.join("; ")
}

fn differing<T: Copy>(chosen: &BTreeMap<Field, T>, name: fn(T) -> &'static str) -> Vec<String> {
    chosen
        .iter()
        .map(|(field, choice)| format!("{}: {}", field_name(*field), name(*choice)))
        .collect()
}
