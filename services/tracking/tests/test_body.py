import gzip
import zlib

import pytest
from canvass_tracking.ingest.body import Gone, Room, declared_length, read_body, unpacked
from canvass_tracking.ingest.limits import Refused

LIMIT = 1000


def receiving(*chunks):
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False

    async def receive():
        return messages.pop(0)

    return receive


async def test_a_body_comes_whole_in_however_many_parts():
    assert await read_body(receiving(b"ab", b"", b"cd"), LIMIT) == b"abcd"


async def test_gzip_is_known_by_its_first_bytes():
    assert await read_body(receiving(gzip.compress(b"{}")), LIMIT) == b"{}"


async def test_a_body_longer_than_it_said_is_refused_as_soon_as_it_is():
    receive = receiving(b"x" * 600, b"x" * 600, b"never read")
    with pytest.raises(Refused) as refused:
        await read_body(receive, LIMIT)
    assert refused.value.status == 413
    assert (await receive())["body"] == b"never read"


async def test_who_has_gone_is_told_nothing():
    async def receive():
        return {"type": "http.disconnect"}

    with pytest.raises(Gone):
        await read_body(receive, LIMIT)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(gzip.compress(b"0" * LIMIT), None, id="just fits"),
        pytest.param(gzip.compress(b"0" * (LIMIT + 1)), 413, id="one byte too many"),
        pytest.param(gzip.compress(b"0" * 100_000_000), 413, id="a bomb"),
        pytest.param(gzip.compress(b"0" * 600) + gzip.compress(b"0" * 600), 413, id="a bomb in two members"),
        pytest.param(gzip.compress(b"0" * 500) + gzip.compress(b"0" * 500), None, id="two members"),
        pytest.param(gzip.compress(b"0" * 500)[:-9], 400, id="cut off"),
        pytest.param(gzip.compress(b"0" * 500) + b"behind it", 400, id="something behind it"),
        pytest.param(b"\x1f\x8b not gzip", 400, id="not gzip"),
        pytest.param(gzip.compress(b"")[:-8] + b"\0" * 8, None, id="nothing"),
        pytest.param(gzip.compress(b"abc")[:-8] + b"\0" * 8, 400, id="a wrong checksum"),
    ],
)
def test_gzip_is_never_unpacked_beyond_the_limit(body, status, monkeypatch):
    made = []
    decompressobj = zlib.decompressobj

    class Watched:
        def __init__(self, bits):
            self._inner = decompressobj(bits)

        def decompress(self, data, most):
            part = self._inner.decompress(data, most)
            made.append(len(part))
            return part

        def __getattr__(self, name):
            return getattr(self._inner, name)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    if status is None:
        assert len(unpacked(body, LIMIT)) <= LIMIT
    else:
        with pytest.raises(Refused) as refused:
            unpacked(body, LIMIT)
        assert refused.value.status == status
    assert sum(made) <= LIMIT + 1


def test_what_arrives_at_one_time_has_a_limit():
    room = Room(100)
    with room.taken(60):
        with pytest.raises(Refused) as refused, room.taken(50):
            pass
        with room.taken(40):
            pass
    assert refused.value.status == 429
    with room.taken(100):
        pass


@pytest.mark.parametrize(
    ("stated", "length"),
    [
        ({"content-length": "12"}, 12),
        ({}, 0),
        ({"content-length": "-1"}, 0),
        ({"content-length": "9" * 5000}, 0),
    ],
)
def test_what_a_sender_says_of_the_length(stated, length):
    headers = {name.encode(): value.encode() for name, value in stated.items()}
    assert declared_length(headers) == length
