"""The console is built when its sources have changed, and by a Node that can."""

import os

import pytest
from canvass_cli import building

ENGINES = "^20.19 || >=22.12"


@pytest.mark.parametrize(
    ("version", "does"),
    [
        ("v20.19.0", True),
        ("v20.20.2\n", True),
        ("v20.18.3", False),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.1.0", True),
        ("", False),
    ],
)
def test_a_node_suits_as_package_json_says(version, does):
    assert building.suits(version, ENGINES) is does


@pytest.fixture
def console(tmp_path, monkeypatch):
    made = tmp_path / "src" / "api" / "generated"
    built = tmp_path / "canvass_console" / "dist" / "index.html"
    for name, value in (("HOME", tmp_path), ("BUILT", built), ("_MADE", made)):
        monkeypatch.setattr(building, name, value)
    for file in (tmp_path / "package.json", tmp_path / "src" / "app.tsx", made / "x.d.ts", built):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        os.utime(file, (100, 100))
    return tmp_path


def change(file):
    os.utime(file, (200, 200))


def test_what_is_built_from_the_sources_as_they_are_is_current(console):
    assert building.is_current()


@pytest.mark.parametrize("changed", ["package.json", "src/app.tsx"])
def test_it_is_not_after_a_change(console, changed):
    change(console / changed)
    assert not building.is_current()


def test_what_the_build_itself_writes_is_no_change(console):
    change(console / "src" / "api" / "generated" / "x.d.ts")
    assert building.is_current()


def test_before_the_first_build_it_is_not(console):
    building.BUILT.unlink()
    assert not building.is_current()


def test_an_installation_without_sources_has_nothing_to_build(console, monkeypatch):
    monkeypatch.setattr(building, "HOME", console / "elsewhere")
    assert building.build() is False
