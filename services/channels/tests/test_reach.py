import asyncio
import socket
import ssl
import subprocess
from ipaddress import ip_address, ip_network

import httpcore2
import pytest
from canvass_channels.domain.model import Answer
from canvass_channels.senders.calls import Call, Caller
from canvass_channels.senders.reach import Reach, Unallowed

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip
LITERALS = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/",
    "http://[::1]/", "http://[::ffff:169.254.169.254]/", "http://localhost/", "http://localhost./",
    "http://LOCALHOST:8080/", "http://api.localhost/", "http://169.254.169.254/latest/meta-data",
    "https://10.1.2.3:8443/", "http://0/", "http://a@example.com/", "http://example.com@127.0.0.1/",
    "gopher://example.com/", "file:///etc/passwd", "http://", "https://exa mple.com:x/",
    "https://example.com/\r\nX-Evil: 1", "https://example.com/\ta", "https://b\u00fccher.example/", "http://[::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_behind_our_doors_is_called(address):
    assert not Reach().allows(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_the_internet_is_called(address):
    assert Reach().allows(ip_address(address))


def test_a_setting_allows_a_network_and_no_other():
    reach = Reach([ip_network("10.1.0.0/16"), ip_network("fd00::/8")])
    allowed = ["10.1.2.3", "::ffff:10.1.2.3", "fd00::1"]
    assert all(reach.allows(ip_address(one)) for one in allowed)
    assert not reach.allows(ip_address("10.2.0.1"))


@pytest.mark.parametrize("url", LITERALS)
def test_what_can_be_seen_of_an_url_is_refused_when_it_is_told(url):
    with pytest.raises(Unallowed):
        Reach().check_url(url)


@pytest.mark.parametrize(
    "url", ["https://example.com/hook?a=b", "http://1.1.1.1:8080/", "https://xn--bcher-kva.example"]
)
def test_other_urls_are_taken(url):
    Reach().check_url(url)


def call(url):
    return Call(url, {}, b"{}", "receiver", lambda status, _: Answer("receiver", status))


@pytest.mark.parametrize("name", ["localhost", "rebound.example"])
async def test_a_name_that_leads_behind_our_doors_is_refused_when_it_is_called(monkeypatch, receiver, name):
    async def getaddrinfo(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    caller = Caller(Reach(), 5)
    answer = await caller.send(call(f"http://{name}:{receiver.port}/"))
    assert (answer.stage, answer.code) == ("address", None)
    assert "private address" in answer.text
    assert receiver.requests == []
    await caller.close()


async def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch, receiver):
    """The name server says something else each time: it is asked once."""
    answers = iter(["127.0.0.1", "127.0.0.2"])

    async def getaddrinfo(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), receiver.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    caller = Caller(Reach([ip_network("127.0.0.1/32")]), 5)
    assert (await caller.send(call(f"http://crm.example:{receiver.port}/"))).code == 200
    assert receiver.requests[0][1]["host"] == f"crm.example:{receiver.port}"
    await caller.close()


async def test_a_name_that_nobody_knows_is_tried_again(monkeypatch):
    async def getaddrinfo(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    caller = Caller(Reach(), 5)
    answer = await caller.send(call("https://nobody.example/"))
    assert (answer.stage, answer.code) == ("session", None)
    assert "not known" in answer.text
    await caller.close()


def test_no_proxy_of_the_environment_is_asked(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    pool = Caller(Reach(), 5)._connections()
    assert type(pool) is httpcore2.AsyncConnectionPool
    assert pool._proxy is None


@pytest.fixture
def of_crm(tmp_path):
    """A certificate and its key."""
    certificate, key = tmp_path / "crm.pem", tmp_path / "crm.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=crm.example",
         "-addext", "subjectAltName=DNS:crm.example", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return certificate, key


async def test_tls_asks_for_the_name_and_trusts_nobody_else(monkeypatch, of_crm):
    """The address is ours, the certificate that of the name."""
    certificate, key = of_crm
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(certificate, key)

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]

    async def getaddrinfo(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)
    trusting = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)
    caller = Caller(Reach([ip_network("127.0.0.1/32")]), 5)
    assert (await caller.send(call(f"https://crm.example:{port}/"))).code == 200
    other = await caller.send(call(f"https://other.example:{port}/"))
    assert (other.stage, other.code) == ("session", None)
    assert "certificate" in other.text.lower()
    await caller.close()
    server.close()
