"""A private PostgreSQL: its data, its password, and how it is run. Loopback TCP only."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import accounts, secret_files
from .accounts import Account
from .places import Places
from .postgres_binaries import Binaries
from .programs import Program

SUPERUSER = "postgres"

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %a ",
    "log_checkpoints": "off",
}
_FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests: much faster, and a power cut may take it all."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """The server of one stack. `home` holds its data and its superuser's password."""

    binaries: Binaries
    home: Path
    account: Account
    port: int
    durable: bool

    @classmethod
    def at_home(cls, places: Places, binaries: Binaries, port: int, *, durable: bool) -> "Postgres":
        """The server of this stack, its home made where its account can live."""
        account = accounts.for_postgres()
        home = _home(places, account)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        account.give(home)
        password = home / "password"
        secret_files.kept(password)
        account.give(password)
        if not account.reaches(binaries.path("postgres")):
            binaries = binaries.copied_to(places.apart / f"postgresql-{binaries.version}")
        return cls(binaries, home, account, port, durable)

    @property
    def url(self) -> str:
        """Where the superuser connects; no database is named."""
        return f"postgresql://{SUPERUSER}:{self._password_file.read_text().strip()}@127.0.0.1:{self.port}"

    @property
    def program(self) -> Program:
        """PostgreSQL for supervisord. INT is its fast shutdown: clients are cut off, nothing is lost."""
        settings = _SETTINGS | {"port": str(self.port)} | ({} if self.durable else _FORGETFUL)
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[str(self.binaries.path("postgres")), "-D", str(self._data), *options],
            rank=20,
            user=self.account.name,
            stop_signal="INT",
            stop_seconds=60,
            pid_directory=self.home,
        )

    def prepare(self) -> None:
        """Make the data directory the first time."""
        if (self._data / "PG_VERSION").exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)  # what an interrupted attempt has left
        made = self.account.run([self.binaries.path("initdb"), *self._initdb_options])
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")

    def ready(self) -> bool:
        """Whether it takes connections."""
        asked = [self.binaries.path("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(asked, check=False).returncode == 0

    @property
    def _data(self) -> Path:
        return self.home / "data"

    @property
    def _password_file(self) -> Path:
        """Beside the data that it opens, so that neither is found without the other."""
        return self.home / "password"

    @property
    def _initdb_options(self) -> list[str]:
        return [
            f"--pgdata={self._data}",
            f"--username={SUPERUSER}",
            f"--pwfile={self._password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]


def _home(places: Places, account: Account) -> Path:
    """Inside the checkout, unless the account cannot come there. Where data lies already, there it stays."""
    inside, apart = places.run / "postgres", places.apart / "postgres"
    if (apart / "data").exists():
        return apart
    if account.name is None or (inside / "data").exists():
        return inside
    return inside if account.enters(places.run) else apart
