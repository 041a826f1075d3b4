"""Where everything of one checkout lives on disk. Nothing of ours is kept anywhere else, but see `apart`."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

_LONGEST_SOCKET_PATH = 96
"""A socket's path ends at 104 bytes on macOS, 108 on Linux; supervisord appends its pid while it binds."""


@dataclass(frozen=True, slots=True)
class Places:
    """The directory of one stack, and the names inside it. The test servers are a stack of their own."""

    run: Path

    @classmethod
    def of_stack(cls) -> "Places":
        """The stack that `canvass up` starts; in a container, the volume that CANVASS_RUN names."""
        return cls(Path(os.environ.get("CANVASS_RUN") or CHECKOUT / ".run"))

    @classmethod
    def of_tests(cls) -> "Places":
        """The servers that tests run against."""
        return cls(CHECKOUT / ".run" / "test")

    @property
    def log(self) -> Path:
        return self.run / "log"

    @property
    def pids(self) -> Path:
        return self.run / "pids"

    @property
    def pid_files(self) -> list[Path]:
        """Every process id recorded, PostgreSQL's in its home."""
        homes = [self.pids, self.run / "postgres", self.apart / "postgres"]
        return [file for home in homes for file in sorted(home.glob("*.pid"))]

    @property
    def secrets(self) -> Path:
        return self.run / "secrets"

    @property
    def keys(self) -> Path:
        """Public keys and the list of revoked tokens: all that a service needs to check a token."""
        return self.run / "keys"

    @property
    def handed(self) -> Path:
        """What each container of an installation is given, in a directory of its name."""
        return self.run / "handed"

    @property
    def ports(self) -> Path:
        return self.run / "ports.json"

    @property
    def environment(self) -> Path:
        return self.run / "canvass.env"

    @property
    def fingerprint(self) -> str:
        """Short, and different for every stack on this machine, so that two checkouts never meet."""
        return hashlib.sha256(str(self.run.resolve()).encode()).hexdigest()[:12]

    @property
    def apart(self) -> Path:
        """For what another OS user must reach when the checkout is closed to it, as under /root."""
        return Path("/var/lib") / f"canvass-{self.fingerprint}"

    @property
    def socket(self) -> Path:
        beside = self.run / "supervisor.sock"
        if len(str(beside).encode()) <= _LONGEST_SOCKET_PATH:
            return beside
        return Path(tempfile.gettempdir()) / f"canvass-{self.fingerprint}" / "supervisor.sock"

    def make(self) -> None:
        """Make the directories. Secrets and the control socket are closed to everybody else."""
        for directory in (self.run, self.log, self.pids, self.keys):
            directory.mkdir(parents=True, exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
