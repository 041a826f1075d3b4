"""Keys that callers carry."""

import hmac
import json
import stat
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from canvass_runtime.clock import TurnedClock
from canvass_runtime.errors import Unauthorized
from canvass_runtime.tokens import LEEWAY_SECONDS, KeyRing, create_keys, issue, revoke
from joserfc import jwt
from joserfc.jwk import OKPKey

DAY = timedelta(days=1)
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
GOOD = {"iss": "canvass", "aud": "canvass", "sub": "cli", "jti": "1", "iat": 0, "exp": 2**40, "scope": "a b"}


class Noon(TurnedClock):
    def now(self) -> datetime:
        return NOON + self.offset


@pytest.fixture
def private(keys_dir: Path) -> Path:
    return next(keys_dir.glob("*.private.pem"))


@pytest.fixture
def ring(keys_dir: Path) -> KeyRing:
    return KeyRing(keys_dir)


def signed(private: Path, header: dict | None = None, **claims) -> str:
    key = OKPKey.import_key(private.read_bytes())
    given = {name: value for name, value in (GOOD | claims).items() if value is not None}
    kid = private.name.removesuffix(".private.pem")
    return jwt.encode({"alg": "Ed25519", "kid": kid} | (header or {}), given, key, algorithms=["Ed25519"])


def test_a_key_is_recognised_by_everyone_who_has_the_public_one(private, ring):
    caller = ring.recognise(issue(private, ["segments:read", "segments:write"], DAY, "cli"))
    assert (caller.name, caller.scopes) == ("cli", {"segments:read", "segments:write"})
    assert ring.recognise(signed(private)).id == "1"


def test_the_private_key_is_for_its_owner_alone(private):
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_key_lives_as_long_as_it_says_and_a_minute(keys_dir, private):
    clock = Noon()
    ring, token = KeyRing(keys_dir, clock), issue(private, ["a"], DAY, "cli", now=NOON)
    clock.turn(DAY + timedelta(seconds=LEEWAY_SECONDS - 1))
    assert ring.recognise(token).name == "cli"
    clock.turn(timedelta(seconds=2))
    for ring_ in (ring, KeyRing(keys_dir, clock)):  # remembered, and never seen before
        with pytest.raises(Unauthorized):
            ring_.recognise(token)


def test_a_revoked_key_is_refused_from_then_on(keys_dir, private, ring):
    tokens = [issue(private, ["a"], DAY, "cli") for _ in range(2)]
    callers = [ring.recognise(token) for token in tokens]
    revoke(keys_dir, callers[0].id)
    with pytest.raises(Unauthorized, match="revoked"):
        ring.recognise(tokens[0])
    assert ring.recognise(tokens[1]) == callers[1]


def test_keys_rotate_without_a_restart(keys_dir, private, ring):
    old = issue(private, ["a"], DAY, "cli")
    ring.recognise(old)
    new = issue(create_keys(keys_dir), ["a"], DAY, "cli")
    assert ring.recognise(old).name == ring.recognise(new).name == "cli"
    private.with_name(private.name.replace("private", "public")).unlink()
    with pytest.raises(Unauthorized):
        ring.recognise(old)


def test_one_unreadable_file_takes_no_other_key_away(keys_dir, private, ring):
    (keys_dir / "broken.public.pem").write_text("nonsense")
    assert ring.recognise(issue(private, ["a"], DAY, "cli")).name == "cli"


def test_without_keys_nobody_is_recognised(tmp_path, private):
    with pytest.raises(Unauthorized):
        KeyRing(tmp_path / "nothing").recognise(issue(private, ["a"], DAY, "cli"))


@pytest.mark.parametrize("claims", [
    {"iss": "other"}, {"aud": "other"}, {"exp": 1}, {"exp": None}, {"jti": None}, {"scope": None},
    {"sub": None}, {"nbf": 2**40}, {"scope": 7}, {"iat": 2**40},
], ids=str)  # fmt: skip
def test_no_claim_may_be_wrong(private, ring, claims):
    with pytest.raises(Unauthorized):
        ring.recognise(signed(private, **claims))


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _part(claims: dict) -> str:
    return _encoded(json.dumps(claims).encode())


def forgeries(private: Path) -> dict[str, str]:
    """What an attacker who knows the public key would try."""
    good = signed(private)
    head, body, signature = good.split(".")
    kid = private.name.removesuffix(".private.pem")
    public = OKPKey.import_key(private.read_bytes()).as_pem(private=False)
    confused = f"{_part({'alg': 'HS256', 'kid': kid})}.{body}"
    mac = hmac.digest(public, confused.encode(), "sha256")
    stranger = OKPKey.generate_key("Ed25519")
    return {
        "another key": jwt.encode({"alg": "Ed25519", "kid": kid}, GOOD, stranger, algorithms=["Ed25519"]),
        "the public key as a secret": f"{confused}.{_encoded(mac)}",
        "none": f"{_part({'alg': 'none', 'kid': kid})}.{body}.",
        "unsigned": f"{head}.{body}.",
        "another body": f"{head}.{_part(GOOD | {'sub': 'admin'})}.{signature}",
        "unknown kid": signed(private, {"kid": "../../etc/passwd"}),
        "no kid": f"{_part({'alg': 'Ed25519'})}.{body}.{signature}",
        "five parts": f"{good}.a.b",
        "nonsense": "nonsense",
        "empty": "",
        "long": "a" * 10**6,
    }


@pytest.mark.parametrize("forgery", [
    "another key", "the public key as a secret", "none", "unsigned", "another body", "unknown kid", "no kid",
    "five parts", "nonsense", "empty", "long",
])  # fmt: skip
def test_no_forgery_is_recognised(private, ring, forgery):
    with pytest.raises(Unauthorized):
        ring.recognise(forgeries(private)[forgery])


@pytest.mark.parametrize(
    ("scopes", "header", "status"),
    [
        pytest.param(None, None, 401, id="no key"),
        pytest.param(None, "Basic dTpw", 401, id="not a bearer"),
        pytest.param(None, "Bearer nonsense", 401, id="no key of ours"),
        pytest.param(["things:write"], None, 403, id="another scope"),
        pytest.param(["things:read", "other"], None, 200, id="the scope"),
    ],
)
async def test_a_route_is_for_those_whose_key_has_its_scope(client, private, scopes, header, status):
    if scopes is not None:
        header = f"Bearer {issue(private, scopes, DAY, 'cli')}"
    response = await client.get("/me", headers={"authorization": header} if header else {})
    assert response.status_code == status
    assert ("www-authenticate" in response.headers) == (status == 401)
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"


async def test_nothing_is_asked_of_the_database_for_a_stranger(make_app, asking, web_tables, database):
    """Strangers must not be able to empty the pool."""
    asked: list[str] = []
    async with database.transaction() as tx:
        tx.driver.add_query_logger(lambda record: asked.append(record.query))
    async with asking(make_app()) as client:
        assert (await client.post("/effects", json={"id": 1})).status_code == 401
    assert asked == ["COMMIT"]
