//! A PostgreSQL data directory and the command lines that make and serve it.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::{self, Account};
use crate::error::Context;
use crate::{Error, binaries, process};

/// Who may connect over the loopback address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// Anybody on this machine, as any role, without a password: for tests.
    Trust,
    /// Roles with their password; the superuser's is made once and kept in a file only its owner reads.
    Password,
}

/// How a private PostgreSQL is set up.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Committed means on disk. Off it is several times faster: a killed server loses nothing, a power cut everything.
    pub durable: bool,
    /// Connections accepted at the same time.
    pub max_connections: u16,
    /// Who may connect; decided when the data directory is made.
    pub auth: Auth,
    /// More settings of `postgresql.conf`, by name.
    pub settings: Vec<(String, String)>,
    /// Certificate and key (PEM) of a server that takes encrypted connections too.
    pub tls: Option<(PathBuf, PathBuf)>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            durable: true,
            max_connections: 300,
            auth: Auth::Password,
            settings: Vec::new(),
            tls: None,
        }
    }
}

impl PostgresOptions {
    /// Fast and open: nothing is synced to disk, nobody needs a password.
    #[must_use]
    pub fn for_tests() -> Self {
        Self {
            durable: false,
            auth: Auth::Trust,
            ..Self::default()
        }
    }
}

/// A data directory that exists, belongs to the right account, and is served by nobody in particular.
#[derive(Debug)]
pub struct Cluster {
    home: PathBuf,
    account: Option<Account>,
    programs: PathBuf,
    password: Option<String>,
    options: PostgresOptions,
}

/// Longest directory of a socket: 107 bytes are allowed for the whole path, which ends in `/.s.PGSQL.65535.lock`.
const SOCKET_PATH_MAX: usize = 87;
/// The superuser of every private PostgreSQL.
const SUPERUSER: &str = "postgres";

impl Cluster {
    /// Finds or makes the data directory under `directory` (UTF-8, locale C.UTF-8, UTC). Takes 1-3 s the first time.
    ///
    /// # Errors
    /// PostgreSQL is not installed, the directory cannot be written, or initdb fails: then with what it said.
    pub async fn prepare(directory: &Path, options: PostgresOptions) -> Result<Self, Error> {
        let directory = directory.to_path_buf();
        let made =
            tokio::task::spawn_blocking(move || Self::prepare_blocking(&directory, options)).await;
        made.map_err(|error| Error::Machine(format!("initdb: {error}")))?
    }

    fn prepare_blocking(directory: &Path, options: PostgresOptions) -> Result<Self, Error> {
        let account = Account::for_postgres()?;
        let home = account::home(directory, account)?;
        let version = fs::read_to_string(home.join("data/PG_VERSION"))
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let programs = binaries::postgres(version)?;
        let mut cluster = Self {
            home,
            account,
            programs,
            password: None,
            options,
        };
        if version.is_none() {
            cluster.init()?;
        }
        cluster.password = fs::read_to_string(cluster.password_file()).ok();
        cluster.take_certificate()?;
        process::rotate(&cluster.log());
        Ok(cluster)
    }

    /// Into `data.new` first: an initdb that was killed leaves nothing that looks like a data directory.
    fn init(&self) -> Result<(), Error> {
        let (data, new) = (self.data(), self.home.join("data.new"));
        if new.exists() {
            fs::remove_dir_all(&new).context("remove", &new)?;
        }
        let mut line =
            process::bound_to_parent(&self.programs.join("initdb"), self.account, "KILL")?;
        line.extend(["--pgdata".into(), new.clone().into_os_string()]);
        line.extend(
            [
                "--username",
                SUPERUSER,
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--lc-messages",
                "C",
            ]
            .map(Into::into),
        );
        if !self.options.durable {
            line.push("--no-sync".into());
        }
        match self.options.auth {
            Auth::Trust => line.extend(["--auth", "trust"].map(Into::into)),
            Auth::Password => {
                self.write_password()?;
                line.extend(["--auth", "scram-sha-256", "--pwfile"].map(Into::into));
                line.push(self.password_file().into_os_string());
            }
        }
        let [program, arguments @ ..] = line.as_slice() else {
            return Err(Error::Machine("initdb: empty command line".to_owned()));
        };
        let output = Command::new(program)
            .args(arguments)
            .current_dir("/")
            .output()
            .context("run", Path::new(program))?;
        if !output.status.success() {
            return Err(Error::Machine(format!(
                "initdb in {} failed ({}): {}",
                new.display(),
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            )));
        }
        fs::rename(&new, &data).context("rename", &new)
    }

    fn write_password(&self) -> Result<(), Error> {
        let path = self.password_file();
        let source = Path::new("/dev/urandom");
        let mut bytes = [0_u8; 24];
        fs::File::open(source)
            .and_then(|mut file| file.read_exact(&mut bytes))
            .context("read", source)?;
        let password: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut file = fs::File::options()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .context("create", &path)?;
        std::io::Write::write_all(&mut file, password.as_bytes()).context("write", &path)?;
        if let Some(account) = self.account {
            chown(&path, Some(account.uid), Some(account.gid)).context("hand over", &path)?;
        }
        Ok(())
    }

    fn certificate(&self) -> (PathBuf, PathBuf) {
        (self.home.join("server.crt"), self.home.join("server.key"))
    }

    /// PostgreSQL takes a key only from a file of its own account that nobody else reads.
    fn take_certificate(&self) -> Result<(), Error> {
        let Some((certificate, key)) = &self.options.tls else {
            return Ok(());
        };
        let (own_certificate, own_key) = self.certificate();
        for (from, to) in [(certificate, own_certificate), (key, own_key)] {
            fs::copy(from, &to).context("copy", from)?;
            fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).context("restrict", &to)?;
            if let Some(account) = self.account {
                chown(&to, Some(account.uid), Some(account.gid)).context("hand over", &to)?;
            }
        }
        Ok(())
    }

    /// The command line that serves this directory on a port of the loopback address, and shuts down when its parent ends.
    ///
    /// # Errors
    /// setpriv is not installed.
    pub fn command_line(&self, port: u16) -> Result<Vec<OsString>, Error> {
        let mut line =
            process::bound_to_parent(&self.programs.join("postgres"), self.account, "INT")?;
        line.extend(["-D".into(), self.data().into_os_string()]);
        let mut set =
            |name: &str, value: &str| line.extend(["-c".into(), format!("{name}={value}").into()]);
        set("port", &port.to_string());
        set("listen_addresses", "127.0.0.1");
        let sockets = self.socket_directory().and_then(Path::to_str).unwrap_or("");
        set("unix_socket_directories", sockets);
        set("max_connections", &self.options.max_connections.to_string());
        set("timezone", "UTC");
        set("jit", "off");
        if !self.options.durable {
            set("fsync", "off");
            set("full_page_writes", "off");
        }
        if self.options.tls.is_some() {
            let (certificate, key) = self.certificate();
            set("ssl", "on");
            set("ssl_cert_file", &certificate.display().to_string());
            set("ssl_key_file", &key.display().to_string());
        }
        for (name, value) in &self.options.settings {
            set(name, value);
        }
        Ok(line)
    }

    /// Process id and port of the server that serves this directory and accepts connections. The file stays behind when a
    /// server is killed: compare the process id, or connect.
    #[must_use]
    pub fn ready(&self) -> Option<(u32, u16)> {
        let text = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().collect();
        let ready = lines.get(7)?.trim() == "ready";
        ready.then(|| {
            Some((
                lines.first()?.trim().parse().ok()?,
                lines.get(3)?.trim().parse().ok()?,
            ))
        })?
    }

    /// The URL of a database for a role. It carries the password when the role is the superuser and has one.
    #[must_use]
    pub fn url(&self, port: u16, database: &str, role: &str) -> String {
        match &self.password {
            Some(password) if role == SUPERUSER => {
                format!(
                    "postgres://{role}:{password}@{}:{port}/{database}",
                    self.host()
                )
            }
            _ => format!("postgres://{role}@{}:{port}/{database}", self.host()),
        }
    }

    /// Where clients on this machine connect: the socket in its directory, which costs half of what the loopback address
    /// does, or that address.
    fn host(&self) -> String {
        self.socket_directory()
            .and_then(Path::to_str)
            .map_or_else(|| "127.0.0.1".to_owned(), |path| path.replace('/', "%2F"))
    }

    /// The directory of the server's socket; none when its path is longer than the system's sockets allow, or has characters
    /// that a list of directories or a URL would need written otherwise.
    fn socket_directory(&self) -> Option<&Path> {
        let path = self.home.to_str()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        (path.len() <= SOCKET_PATH_MAX && path.chars().all(plain)).then_some(self.home.as_path())
    }

    /// [`Self::url`] of the database `postgres` for the superuser.
    #[must_use]
    pub fn admin_url(&self, port: u16) -> String {
        self.url(port, SUPERUSER, SUPERUSER)
    }

    /// The server's log.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.home.join("postgres.log")
    }

    pub(crate) fn home(&self) -> &Path {
        &self.home
    }

    /// The data directory itself.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn password_file(&self) -> PathBuf {
        self.home.join("superuser.password")
    }
}
