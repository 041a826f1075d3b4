"""Keys that callers carry: JWTs signed with the deployment's Ed25519 key, recognised offline."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jwt import ClaimsOption

from canvass_runtime.clock import Clock
from canvass_runtime.errors import Unauthorized

ISSUER = AUDIENCE = "canvass"
ALGORITHM = "Ed25519"
LEEWAY_SECONDS = 60
LONGEST = 4096
REMEMBERED = 1024

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking, as their key says."""

    id: str
    """The key's `jti`: what is revoked."""
    name: str
    scopes: frozenset[str]
    expires_at: int
    """Seconds since 1970."""


def create_keys(keys_dir: Path, kid: str | None = None) -> Path:
    """Make `<kid>.private.pem` (readable by its owner alone) and `<kid>.public.pem`; returns the former.

    Without `kid` it is named at random.
    """
    keys_dir.mkdir(parents=True, exist_ok=True)
    key, kid = OKPKey.generate_key("Ed25519", private=True), kid or uuid4().hex[:8]
    private = keys_dir / f"{kid}.private.pem"
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.as_pem(private=True))
    (keys_dir / f"{kid}.public.pem").write_bytes(key.as_pem(private=False))
    return private


def issue(
    private_key: Path, scopes: Iterable[str], ttl: timedelta, name: str, *, now: datetime | None = None
) -> str:
    """A token for `name`, signed with `<kid>.private.pem`. Only the CLI has that file."""
    key = OKPKey.import_key(private_key.read_bytes())
    issued = now or Clock().now()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": name,
        "jti": uuid4().hex,
        "iat": int(issued.timestamp()),
        "exp": int((issued + ttl).timestamp()),
        "scope": " ".join(sorted(set(scopes))),
    }
    header = {"alg": ALGORITHM, "kid": private_key.name.removesuffix(".private.pem")}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def revoke(keys_dir: Path, jti: str) -> None:
    """Refuse a token from now on, by its `jti`, in every process that reads this directory."""
    with (keys_dir / "revoked").open("a") as file:
        file.write(f"{jti}\n")


class KeyRing:
    """The public keys of a directory and what was revoked; both are read again when they change."""

    def __init__(self, keys_dir: Path, clock: Clock | None = None) -> None:
        self._dir = keys_dir
        self._clock = clock or Clock()  # a key's life is real time, never turned
        self._seen: tuple[int, ...] = ()
        self._keys: dict[str, OKPKey] = {}
        self._revoked: frozenset[str] = frozenset()
        self._recognised: dict[str, Caller] = {}

    def recognise(self, token: str) -> Caller:
        """Who carries this token. Raises Unauthorized, with what to do, when it is no (longer) good."""
        self._look_again()
        caller = self._recognised.get(token) or self._verify(token)
        if caller.id in self._revoked:
            raise Unauthorized("This key has been revoked. Make another with `canvass keys create`.")
        if caller.expires_at + LEEWAY_SECONDS <= self._clock.now().timestamp():
            raise Unauthorized("This key has expired. Make another with `canvass keys create`.")
        return caller

    def _verify(self, token: str) -> Caller:
        if len(token) > LONGEST:
            raise Unauthorized("This is no key of ours: it is too long.")
        try:
            claims = jwt.decode(token, self._key_of, algorithms=[ALGORITHM]).claims
            self._rules().validate(claims)
            caller = _caller(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Unauthorized("This key is not valid. Make one with `canvass keys create`.") from error
        if len(self._recognised) >= REMEMBERED:
            self._recognised.clear()
        self._recognised[token] = caller
        return caller

    def _key_of(self, signed: Any) -> OKPKey:
        kid = signed.headers().get("kid")
        if not isinstance(kid, str) or kid not in self._keys:
            raise ValueError("signed by no key of this installation")
        return self._keys[kid]

    def _rules(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss=ClaimsOption(essential=True, value=ISSUER),
            aud=ClaimsOption(essential=True, value=AUDIENCE),
            **dict.fromkeys(("sub", "jti", "exp", "iat", "scope"), ClaimsOption(essential=True)),
        )

    def _look_again(self) -> None:
        seen = (*_changed(self._dir), *_changed(self._dir / "revoked"))
        if seen == self._seen:
            return
        self._keys = dict(_public_keys(self._dir))
        self._revoked = _revoked(self._dir / "revoked")
        self._recognised.clear()
        self._seen = seen


def _caller(claims: dict[str, Any]) -> Caller:
    if not isinstance(claims["scope"], str):
        raise TypeError("scope must be a string")
    return Caller(claims["jti"], claims["sub"], frozenset(claims["scope"].split()), int(claims["exp"]))


def _changed(path: Path) -> tuple[int, int]:
    try:
        seen = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (seen.st_mtime_ns, seen.st_size)


def _public_keys(keys_dir: Path) -> Iterable[tuple[str, OKPKey]]:
    for path in sorted(keys_dir.glob("*.public.pem")):
        try:
            yield path.name.removesuffix(".public.pem"), OKPKey.import_key(path.read_bytes())
        except (ValueError, OSError, JoseError) as error:  # one bad file takes no other key away
            log.error("key_not_readable", file=path.name, exc_info=error)


def _revoked(path: Path) -> frozenset[str]:
    try:
        return frozenset(line.strip() for line in path.read_text().splitlines())
    except FileNotFoundError:
        return frozenset()
