//! What the program is started with. Unknown arguments are left alone: desktops and Tauri's own helpers add some.

/// What `--help` prints.
const HELP: &str = "\
Brings metadata from .nfo files into Plex. Without arguments: opens the window, or brings the open one to the front.

Usage: syncslate [--demo] [--token-in-file]

      --demo           Try it on a library made on the fly; your own is not touched
      --token-in-file  Keep a Plex token that is entered in a file that only you can read, not in the keychain
  -h, --help           Print this
  -V, --version        Print the version

The same engine without a window: syncslate-cli --help";

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Print this and end.
    Print(&'static str),
    /// Open the window.
    Open {
        /// On the demo's library.
        demo: bool,
    },
}

impl Start {
    /// What these arguments, without the program's name, ask for.
    pub fn of(arguments: impl IntoIterator<Item = String>) -> Self {
        let mut demo = false;
        for argument in arguments {
            match argument.as_str() {
                "-h" | "--help" => return Self::Print(HELP),
                "-V" | "--version" => {
                    return Self::Print(concat!("syncslate ", env!("CARGO_PKG_VERSION")));
                }
                "--demo" => demo = true,
                _ => {}
            }
        }
        Self::Open { demo }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Start {
        Start::of(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn help_and_version_are_printed_and_open_nothing() {
        for asked in [&["--help"][..], &["-h"], &["--demo", "--help"]] {
            assert_eq!(of(asked), Start::Print(HELP), "{asked:?}");
        }
        let Start::Print(version) = of(&["--version"]) else {
            panic!("it is printed");
        };
        assert!(version.ends_with(env!("CARGO_PKG_VERSION")));
        assert_eq!(of(&["-V"]), Start::Print(version));
    }

    #[test]
    fn unknown_arguments_are_left_alone() {
        assert_eq!(of(&[]), Start::Open { demo: false });
        assert_eq!(of(&["--psn_0_1", "x"]), Start::Open { demo: false });
        assert_eq!(
            of(&["--token-in-file", "--demo", "--no-such"]),
            Start::Open { demo: true }
        );
    }
}
