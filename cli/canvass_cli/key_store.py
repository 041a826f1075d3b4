"""Where a deployment's keys are: what signs them, what recognises them, which were made, which revoked."""

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from canvass_runtime import tokens
from canvass_runtime.errors import Unauthorized
from canvass_runtime.tokens import Caller, KeyRing

from .places import Places


@dataclass(frozen=True, slots=True)
class KeyStore:
    """`public` is what services are given; `private` stays with whoever makes keys. They may be one."""

    public: Path
    private: Path
    kid: str | None = None
    """What the one pair is called; without it each has a name of its own, and the newest signs."""

    @classmethod
    def of_stack(cls, places: Places) -> "KeyStore":
        """The keys of this checkout."""
        return cls(places.keys, places.secrets)

    @classmethod
    def of_people(cls, places: Places) -> "KeyStore":
        """The pair that campaigns signs the tokens of people with, in a directory that only it is told of."""
        return cls(places.keys, places.secrets / "people", "people")

    def create(self, name: str, scopes: Iterable[str], ttl: timedelta) -> str:
        """A new key, signed with the newest pair, made now if there is none. What is kept opens nothing."""
        token = tokens.issue(self.signing(), scopes, ttl, name)
        caller = KeyRing(self.public).recognise(token)
        kept = {
            "id": caller.id,
            "name": caller.name,
            "scopes": sorted(caller.scopes),
            "expires_at": caller.expires_at,
        }
        with self._issued.open("a") as file:
            file.write(json.dumps(kept) + "\n")
        return token

    def issued(self) -> list[dict[str, Any]]:
        """Every key made here, oldest first: id, name, scopes, expires_at (seconds since 1970), revoked."""
        if not self._issued.exists():
            return []
        file = self.public / "revoked"
        revoked = set(file.read_text().split()) if file.exists() else set[str]()
        made = [json.loads(line) for line in self._issued.read_text().splitlines()]
        return [one | {"revoked": one["id"] in revoked} for one in made]

    def revoke(self, id_: str) -> bool:
        """Refuse a key from now on. False: none of that id was made here."""
        if not any(one["id"] == id_ for one in self.issued()):
            return False
        tokens.revoke(self.public, id_)
        return True

    def recognised(self, token: str) -> Caller | None:
        """Whose key this is; None when it is no longer good."""
        try:
            return KeyRing(self.public).recognise(token)
        except Unauthorized:
            return None

    @property
    def _issued(self) -> Path:
        return self.private / "issued.jsonl"

    def signing(self) -> Path:
        """The newest `<kid>.private.pem`; made now, and its public half handed out, if there is none."""
        pairs = sorted(
            self.private.glob(f"{self.kid or '*'}.private.pem"), key=lambda file: file.stat().st_mtime
        )
        if pairs:
            return pairs[-1]
        made = tokens.create_keys(self.private, self.kid)
        public = made.with_name(made.name.replace(".private.", ".public."))
        if self.public != self.private:
            shutil.move(public, self.public / public.name)
        return made
