//! The demo in its real window on a display of its own: Xvfb, a session bus, WebKitWebDriver, the app.
//!
//! Everything lives in a temporary folder and in processes started here; all of them end with the harness.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::MissedTickBehavior;

use super::films::Emulator;

/// Longer than anything here takes on a slow machine.
const PATIENCE: Duration = Duration::from_mins(3);
const A_MOMENT: Duration = Duration::from_secs(10);
/// More than a page has.
const MOST_TABS: usize = 40;
const INTERVAL: Duration = Duration::from_millis(50);

/// What says where a person's own files are; nothing here may touch them.
const HOMES: [(&str, &str); 6] = [
    ("HOME", "home"),
    ("XDG_RUNTIME_DIR", "runtime"),
    ("XDG_DATA_HOME", "data"),
    ("XDG_CONFIG_HOME", "config"),
    ("XDG_CACHE_HOME", "cache"),
    ("XDG_STATE_HOME", "state"),
];

/// The window's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// As it opens, 1080 × 720.
    Normal,
    /// As small as it goes, 820 × 560.
    Small,
}

impl Size {
    /// Part of a picture's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::Small => "-820",
        }
    }
}

/// A running demo. Dropping it ends every process.
pub struct Harness {
    client: Client,
    emulator_file: PathBuf,
    // In the order in which they must end.
    driver: Process,
    _bus: Process,
    _display: Process,
    folder: TempDir,
}

impl Harness {
    /// Starts the demo and waits for its window; `None`, with a line that says so, where no app was built.
    pub async fn start(size: Size) -> Result<Option<Self>> {
        let Some(app) = std::env::var_os("SYNCSLATE_WINDOW_BIN").map(PathBuf::from) else {
            eprintln!(
                "skipped: SYNCSLATE_WINDOW_BIN does not name the app; `cargo xtask test` builds it"
            );
            return Ok(None);
        };
        ensure!(app.is_file(), "{} is not there", app.display());
        let folder = tempfile::tempdir()?;
        for (_, below) in HOMES {
            private(&folder.path().join(below))?;
        }
        let (display, number) = start_display()?;
        let (bus, bus_address) = start_bus(folder.path()).await?;
        let port = free_port()?;
        let emulator_file = folder.path().join("emulator");
        let mut command = Command::new("WebKitWebDriver");
        at_home(&mut command, folder.path(), &number)
            .args([format!("--port={port}"), "--host=127.0.0.1".to_owned()])
            .env("DBUS_SESSION_BUS_ADDRESS", bus_address)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1")
            .env("SYNCSLATE_TEST_INIT", "1")
            .env("SYNCSLATE_TEST_EMULATOR", &emulator_file);
        let driver = Process::start(&mut command)?;
        poll("WebKitWebDriver listens", || async {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .ok()
                .map(drop)
        })
        .await?;
        let client = connect(port, &app).await?;
        let harness = Self {
            client,
            emulator_file,
            driver,
            _bus: bus,
            _display: display,
            folder,
        };
        if size == Size::Small {
            harness.client.set_window_size(820, 560).await?;
        }
        harness
            .until(
                "Sync can be pressed",
                "return document.querySelector('[data-testid=sync]:not([disabled])') !== null",
            )
            .await?;
        Ok(Some(harness))
    }

    /// Where the demo's server listens.
    pub async fn emulator(&self) -> Result<Emulator> {
        poll("the demo tells its server", || async {
            let text = std::fs::read_to_string(&self.emulator_file).ok()?;
            let (address, token) = text.trim().split_once('\n')?;
            Some(Emulator {
                address: address.to_owned(),
                token: token.to_owned(),
            })
        })
        .await
    }

    /// Presses what carries this test id, as soon as it can be pressed.
    pub async fn click(&self, testid: &str) -> Result<()> {
        let selector = format!("[data-testid={testid}]:not([disabled])");
        self.until(
            &format!("{testid} can be pressed"),
            &format!("return document.querySelector('{selector}') !== null"),
        )
        .await?;
        Ok(self
            .client
            .find(Locator::Css(&selector))
            .await?
            .click()
            .await?)
    }

    /// Types into the first field that carries this test id, in place of what stands there.
    pub async fn fill(&self, testid: &str, text: &str) -> Result<()> {
        let selector = format!("[data-testid={testid}]");
        self.until(
            &format!("{testid} is there"),
            &format!("return document.querySelector('{selector}') !== null"),
        )
        .await?;
        let field = self.client.find(Locator::Css(&selector)).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses keys on the keyboard, all at once, wherever the focus is.
    pub async fn press(&self, keys: &[char]) -> Result<()> {
        let down = keys.iter().map(|&value| KeyAction::Down { value });
        let up = keys.iter().rev().map(|&value| KeyAction::Up { value });
        let keyboard = KeyActions::new("keyboard".to_owned());
        let strokes = down.chain(up).fold(keyboard, KeyActions::then);
        Ok(self.client.perform_actions(strokes).await?)
    }

    /// Presses Tab until the focus is on something that carries this test id.
    pub async fn tab_to(&self, testid: &str) -> Result<()> {
        for _ in 0..MOST_TABS {
            let focused = self
                .execute("return document.activeElement.dataset.testid ?? null")
                .await?;
            if focused == testid {
                return Ok(());
            }
            self.press(&[Key::Tab.into()]).await?;
        }
        bail!("{MOST_TABS} times Tab did not lead to {testid}");
    }

    /// The folder of the demo's .nfo files.
    pub fn library(&self) -> PathBuf {
        self.folder.path().join("data/app.syncslate.demo/library")
    }

    /// The whole number that stands there.
    pub async fn figure(&self, testid: &str) -> Result<usize> {
        let selector = format!("[data-testid={testid}]");
        let text = self
            .client
            .find(Locator::Css(&selector))
            .await?
            .text()
            .await?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits
            .parse()
            .with_context(|| format!("{testid}: {text:?}"))
    }

    /// Waits until `script` returns true.
    pub async fn until(&self, what: &str, script: &str) -> Result<()> {
        let waited = poll(what, || async {
            match self.client.execute(script, Vec::new()).await {
                Ok(Value::Bool(true)) => Some(()),
                _ => None,
            }
        })
        .await;
        match waited {
            Ok(()) => Ok(()),
            // What is on the screen explains most.
            Err(error) => Err(error.context(self.screen().await)),
        }
    }

    /// What is on the screen, in words and as `artifacts/failed.png`.
    async fn screen(&self) -> String {
        let look = async {
            let words = self.execute("return document.body.innerText").await;
            let picture = self.screenshot("failed.png").await;
            format!("on the screen: {words:?}; its picture: {picture:?}")
        };
        tokio::time::timeout(A_MOMENT, look)
            .await
            .unwrap_or_else(|_| "the window does not answer".to_owned())
    }

    /// Runs a script.
    pub async fn execute(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs a script that calls `arguments[0]` with its result.
    pub async fn execute_async(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute_async(script, Vec::new()).await?)
    }

    /// What went wrong in the window so far.
    pub async fn recorded(&self) -> Result<Vec<String>> {
        let recorded = self.execute("return window.__recorded").await?;
        let recorded = recorded
            .as_array()
            .context("the app was built without the feature `test-hooks`")?;
        Ok(recorded.iter().map(Value::to_string).collect())
    }

    /// Puts a picture of the window into `artifacts/`.
    pub async fn screenshot(&self, name: impl AsRef<Path>) -> Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../artifacts")
            .join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let drawn = async {
            // A picture shows what was painted last, which can be older than the page.
            self.execute_async(
                "const drawn = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => drawn(true)))",
            )
            .await?;
            anyhow::Ok(self.client.screenshot().await?)
        };
        let picture = tokio::time::timeout(PATIENCE, drawn)
            .await
            .context("the window gave no picture of itself")??;
        Ok(std::fs::write(path, picture)?)
    }

    /// Ends the app in good order; the rest ends with the drop.
    pub async fn close(self) -> Result<()> {
        let Self {
            client,
            driver,
            folder,
            ..
        } = self;
        client.close().await?;
        drop(driver);
        folder.close()?;
        Ok(())
    }
}

/// A process of ours with its own group, which ends with it.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| {
                format!("{name} could not be started; `cargo xtask setup` installs it")
            })?;
        Ok(Self(child))
    }

    /// The first line that it prints.
    fn first_line(&mut self) -> Result<String> {
        let output = self.0.stdout.take().context("its output is ours")?;
        let mut line = String::new();
        BufReader::new(output.take(4096)).read_line(&mut line)?;
        let line = line.trim().to_owned();
        ensure!(!line.is_empty(), "a process ended before it was ready");
        Ok(line)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The group holds what it started itself, such as the app. It is ours: its number is our child's. A shell has
        // `kill` built in; as a program it is not on every machine.
        let end = format!("kill -s TERM -- -{}", self.0.id());
        let _ended = Command::new("sh").args(["-c", &end]).status();
        let _ended = self.0.wait();
    }
}

fn start_display() -> Result<(Process, String)> {
    let mut command = Command::new("Xvfb");
    command
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x900x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut display = Process::start(&mut command)?;
    let number = display.first_line()?;
    Ok((display, number))
}

/// A session bus that starts nothing by itself: no portal, no keychain, none of the machine's own helpers.
async fn start_bus(folder: &Path) -> Result<(Process, String)> {
    let socket = folder.join("bus");
    let address = format!("unix:path={}", socket.display());
    let config = folder.join("bus.conf");
    std::fs::write(
        &config,
        format!(
            "<busconfig><type>session</type><listen>{address}</listen><policy context=\"default\">\
             <allow send_destination=\"*\"/><allow receive_sender=\"*\"/><allow own=\"*\"/></policy></busconfig>"
        ),
    )?;
    let mut command = Command::new("dbus-daemon");
    command
        .args(["--nofork", "--nopidfile", "--config-file"])
        .arg(config)
        .stderr(Stdio::null());
    let bus = Process::start(&mut command)?;
    poll("the session bus listens", || async {
        std::os::unix::net::UnixStream::connect(&socket)
            .ok()
            .map(drop)
    })
    .await?;
    Ok((bus, address))
}

async fn connect(port: u16, app: &Path) -> Result<Client> {
    let options = json!({ "binary": app, "args": ["--demo"] });
    let capabilities = [("webkitgtk:browserOptions".to_owned(), options)]
        .into_iter()
        .collect();
    let mut builder = ClientBuilder::new(HttpConnector::new());
    let address = format!("http://127.0.0.1:{port}");
    let session = builder.capabilities(capabilities).connect(&address);
    tokio::time::timeout(PATIENCE, session)
        .await
        .context("the app's window did not open in time")?
        .context("the app's window did not open")
}

fn at_home<'a>(command: &'a mut Command, folder: &Path, display: &str) -> &'a mut Command {
    command
        .envs(HOMES.map(|(name, below)| (name, folder.join(below))))
        .env("DISPLAY", format!(":{display}"))
        .env_remove("WAYLAND_DISPLAY")
}

fn private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(folder)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?
        .local_addr()?
        .port())
}

/// Asks again and again until there is an answer.
async fn poll<T, F: Future<Output = Option<T>>>(
    what: &str,
    mut ask: impl FnMut() -> F,
) -> Result<T> {
    let mut again = tokio::time::interval(INTERVAL);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let answer = async {
        loop {
            again.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, answer)
        .await
        .with_context(|| format!("waited in vain until {what}"))
}
