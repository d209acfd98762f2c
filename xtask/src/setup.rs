//! What the machine must have, by what it is for. Debian and Ubuntu get it installed; elsewhere it is named.
//!
//! Not here: Rust, without which this does not run; Node's packages (`node`).

use std::process::{Command, Stdio};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::node;
use crate::steps::finish;

/// What the machine is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Purpose {
    /// The command line alone.
    Terminal,
    /// The tests that need no window.
    Fast,
    /// The window.
    Window,
    /// All tests.
    Test,
}

/// A thing that must be there.
struct Need {
    /// Debian's package.
    package: &'static str,
    /// What it is elsewhere.
    elsewhere: &'static str,
    /// How to tell that it is there on a system that is not Debian's.
    sign: Sign,
    purposes: &'static [Purpose],
}

enum Sign {
    Program(&'static str),
    PkgConfig(&'static str),
    Header(&'static str),
}

const NEEDS: &[Need] = &[
    need("gcc", "a C compiler", Sign::Program("cc"), ALL),
    need(
        "libc6-dev",
        "the C library's headers",
        Sign::Header("stdio.h"),
        ALL,
    ),
    need(
        "pkg-config",
        "pkg-config",
        Sign::Program("pkg-config"),
        WINDOW,
    ),
    need(
        "libwebkit2gtk-4.1-dev",
        "WebKitGTK 4.1 with headers (Fedora webkit2gtk4.1-devel, Arch webkit2gtk-4.1)",
        Sign::PkgConfig("webkit2gtk-4.1"),
        WINDOW,
    ),
    need(
        "libayatana-appindicator3-dev",
        "an appindicator library (Fedora libappindicator-gtk3-devel, Arch libayatana-appindicator)",
        Sign::PkgConfig("ayatana-appindicator3-0.1"),
        WINDOW,
    ),
    need(
        "librsvg2-dev",
        "librsvg with headers (Fedora librsvg2-devel, Arch librsvg)",
        Sign::PkgConfig("librsvg-2.0"),
        WINDOW,
    ),
    need(
        "libxdo-dev",
        "libxdo with headers (Fedora libxdo-devel, Arch xdotool)",
        Sign::Header("xdo.h"),
        WINDOW,
    ),
    need(
        "webkit2gtk-driver",
        "WebKitWebDriver (part of WebKitGTK)",
        Sign::Program("WebKitWebDriver"),
        &[Purpose::Test],
    ),
    need("xvfb", "Xvfb", Sign::Program("Xvfb"), &[Purpose::Test]),
    need(
        "dbus",
        "dbus-daemon",
        Sign::Program("dbus-daemon"),
        &[Purpose::Test],
    ),
    need(
        "python3-venv",
        "Python 3 with venv",
        Sign::Program("python3"),
        &[Purpose::Fast, Purpose::Test],
    ),
];

const ALL: &[Purpose] = &[
    Purpose::Terminal,
    Purpose::Fast,
    Purpose::Window,
    Purpose::Test,
];
const WINDOW: &[Purpose] = &[Purpose::Window, Purpose::Test];

const fn need(
    package: &'static str,
    elsewhere: &'static str,
    sign: Sign,
    purposes: &'static [Purpose],
) -> Need {
    Need {
        package,
        elsewhere,
        sign,
        purposes,
    }
}

/// Makes sure that everything for `purpose` is there, or says exactly what is not.
pub fn ensure(purpose: Purpose) -> Result<()> {
    if cfg!(target_os = "linux") {
        let wanted = NEEDS.iter().filter(|need| need.purposes.contains(&purpose));
        if is_debian() {
            let missing: Vec<_> = wanted
                .map(|need| need.package)
                .filter(|package| !is_installed(package))
                .collect();
            install(&missing)?;
        } else {
            let missing: Vec<_> = wanted
                .filter(|need| !is_there(&need.sign))
                .map(|need| format!("  - {}", need.elsewhere))
                .collect();
            if !missing.is_empty() {
                bail!(
                    "These are missing; install them with your system's packages and run this again:\n{}",
                    missing.join("\n")
                );
            }
        }
    }
    if purpose == Purpose::Terminal {
        return Ok(());
    }
    node::check()?;
    node::install()
}

fn install(missing: &[&str]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing with apt-get: {}", missing.join(" "));
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(missing);
    if !has_lists() {
        apt_get(&["update"])?;
        return apt_get(&arguments);
    }
    // Lists that are there may be older than what the servers still hold.
    apt_get(&arguments).or_else(|_| {
        apt_get(&["update"])?;
        apt_get(&arguments)
    })
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root() {
        Command::new("apt-get")
    } else if is_there(&Sign::Program("sudo")) {
        let mut command = Command::new("sudo");
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    } else {
        bail!(
            "Packages are missing, and only root may install them. Run this as root, then try again:\n  apt-get {}",
            arguments.join(" ")
        );
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    finish(command.args(arguments))
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn is_debian() -> bool {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    descends_from_debian(&release) && is_there(&Sign::Program("apt-get"))
}

fn descends_from_debian(release: &str) -> bool {
    release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
        .flat_map(|value| value.trim_matches('"').split_whitespace())
        .any(|name| matches!(name, "debian" | "ubuntu"))
}

fn has_lists() -> bool {
    std::fs::read_dir("/var/lib/apt/lists").is_ok_and(|mut files| {
        files.any(|file| {
            file.is_ok_and(|file| file.file_name().to_string_lossy().contains("_Packages"))
        })
    })
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

fn is_there(sign: &Sign) -> bool {
    match sign {
        Sign::Program(name) => std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
        }),
        Sign::PkgConfig(library) => Command::new("pkg-config")
            .args(["--exists", library])
            .status()
            .is_ok_and(|status| status.success()),
        Sign::Header(name) => ["/usr/include", "/usr/local/include"]
            .iter()
            .any(|folder| std::path::Path::new(folder).join(name).is_file()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_children_are_known() {
        for (release, expected) in [
            ("NAME=x\nID=debian\n", true),
            ("ID=ubuntu\nID_LIKE=debian\n", true),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", true),
            ("ID=fedora\n", false),
            ("ID=arch\n", false),
            ("", false),
        ] {
            assert_eq!(descends_from_debian(release), expected, "{release:?}");
        }
    }
}
