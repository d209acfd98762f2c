//! The engine's sentences as a command line says them: it has flags where a window has settings and buttons.

use syncslate_engine::face::{Problem, ProblemAction, SettingsError};

/// Where a token may come from.
pub(crate) const GIVE_TOKEN: &str = "Set the environment variable SYNCSLATE_PLEX_TOKEN, or give --plex-token (which other users of this machine can read). A config file never holds a token.";

/// What the engine says to a window, and what stands for it here.
const INSTEAD: [(&str, &str); 6] = [
    (
        "Sign in again, or enter a new token in the settings.",
        "Give a new token: set the environment variable SYNCSLATE_PLEX_TOKEN, or give --plex-token.",
    ),
    (
        "that the address in the settings is right",
        "that the address is right (--plex-url, SYNCSLATE_PLEX_URL, or plex-url in the config file)",
    ),
    (
        "Enter that address in the settings.",
        "Enter that address: --plex-url, SYNCSLATE_PLEX_URL, or plex-url in the config file.",
    ),
    (
        "else choose the folder anew in the settings.",
        "else name another folder: --source, or source in the config file.",
    ),
    ("Raise the limit in the settings.", ""),
    (
        "Retry puts them into the next sync.",
        "The next sync tries them again.",
    ),
];

/// See the module.
pub(crate) fn on_a_command_line(message: &str) -> String {
    let mut message = message.to_owned();
    for (there, here) in INSTEAD {
        if message.contains(there) {
            message = message.replace(there, here);
        }
    }
    message
}

/// What is wrong with a setting, and where it is given.
pub(crate) fn setting_words(error: &SettingsError) -> String {
    let given_by = match error.setting {
        "plexAddress" => "--plex-url, SYNCSLATE_PLEX_URL, or plex-url in the config file",
        "sections" => "--section, or [[section]] in the config file",
        "source" => "--source, or source in the config file",
        "pathRules" => "--map and --map-regex, or [[path-rule]] in the config file",
        "maxConcurrency" => "--max-concurrency, or max-concurrency in the config file",
        _ => return format!("{error} Nothing was changed."),
    };
    format!("{error} It is given by {given_by}. Nothing was changed.")
}

/// How the command line does what a button does in the window, where that does not go without saying.
pub(super) fn hint(problem: &Problem) -> Option<&'static str> {
    let code = problem.code.as_str();
    match problem.action {
        ProblemAction::DecideLocked => Some(
            "  See them:           syncslate-cli conflicts --locked-before\n  Keep Plex's:        syncslate-cli conflicts --locked-before --all --keep-plex\n  Take your source's: syncslate-cli conflicts --locked-before --all --use-source, then sync",
        ),
        ProblemAction::OpenSettings if code == "nothing_matched" => {
            Some("  Rules that would match: syncslate-cli rules suggest")
        }
        ProblemAction::RetryFailed => Some("  See them: syncslate-cli failed"),
        ProblemAction::OpenSettings | ProblemAction::None => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use syncslate_engine::source::SourceError;
    use syncslate_plex::PlexError;

    use super::*;

    /// Turns red where the engine's words change and these do not.
    #[test]
    fn no_sentence_sends_a_command_line_to_settings_or_a_button() {
        let said = [
            PlexError::Unauthorized.to_string(),
            PlexError::Unreachable("refused".to_owned()).to_string(),
            PlexError::Redirected {
                to: "http://x".to_owned(),
            }
            .to_string(),
            SourceError::Missing(PathBuf::from("/films")).to_string(),
        ];
        for sentence in said {
            let here = on_a_command_line(&sentence);
            assert_ne!(here, sentence);
            assert!(!here.contains("settings"), "{here}");
            assert!(!here.contains("Sign in"), "{here}");
            assert!(here.contains("--"), "{here}");
        }
    }
}
