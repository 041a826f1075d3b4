"""Ports are chosen once, and again only when somebody else has taken one."""

import socket
from contextlib import contextmanager

from canvass_cli import ports
from canvass_cli.places import Places


@contextmanager
def somebody_on(port):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield


def test_a_second_choice_gives_the_ports_of_the_first(places):
    assert ports.choose(places, ["a", "b"]) == ports.choose(places, ["a", "b"])


def test_every_name_has_a_port_of_its_own(places):
    assert len(set(ports.choose(places, "abcdefgh").values())) == 8


def test_a_port_that_somebody_else_has_taken_is_chosen_again(places):
    first = ports.choose(places, ["a", "b"])
    with somebody_on(first["a"]):
        second = ports.choose(places, ["a", "b"])
    assert second["a"] != first["a"]
    assert second["b"] == first["b"]
    assert ports.recorded(places) == second


def test_a_port_that_we_listen_on_ourselves_is_kept(places):
    first = ports.choose(places, ["a"])
    with somebody_on(first["a"]):
        assert ports.choose(places, ["a"], ours=["a"]) == first


def test_a_record_that_cannot_be_read_is_written_anew(places):
    places.ports.write_text("[1, 2")
    assert set(ports.choose(places, ["a"])) == {"a"}
    assert ports.recorded(places)


def test_two_checkouts_begin_to_look_at_different_ports(tmp_path):
    mine, other = Places(tmp_path / "mine"), Places(tmp_path / "other")
    mine.run.mkdir()
    other.run.mkdir()
    assert not set(ports.choose(mine, "abc").values()) & set(ports.choose(other, "abc").values())
