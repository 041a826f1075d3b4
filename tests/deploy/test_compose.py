"""compose.yaml as it is written: whole, closed to the world, and telling services only what they know."""

import re
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from canvass_schemas import catalogue

HERE = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text())
CONTAINERS = COMPOSE["services"]
SERVICES = catalogue.SERVICES
ONCE = {"secrets", "migrate", "canvass", "demo"}
CONSOLE = "console"
FOREIGN = {"postgres", "rabbitmq", "mailpit"}


def known_variables(service):
    settings = import_module(f"canvass_{service}.settings").Settings
    plain = {name for field in settings.model_fields for name in settings._names(field)}
    return plain | {f"{name}_FILE" for name in plain}


def mounts(name):
    return [one for one in CONTAINERS[name].get("volumes", []) if isinstance(one, dict)]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_of_the_catalogue_has_an_image_of_its_own(service):
    container = CONTAINERS[service]
    assert container["image"] == f"canvass-{service}"
    assert (container["build"]["dockerfile"], container["build"]["target"]) == (
        "deploy/Dockerfile",
        "service",
    )
    assert container["build"]["args"]["SERVICE"] == service


def test_nothing_runs_but_the_services_and_what_they_need():
    assert set(CONTAINERS) == {*SERVICES, CONSOLE, *ONCE, *FOREIGN}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_nothing_that_it_does_not_know(service):
    assert set(CONTAINERS[service]["environment"]) <= known_variables(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_sees_its_own_secrets_and_public_keys_and_may_change_neither(service):
    seen = {one["volume"]["subpath"]: one["read_only"] for one in mounts(service)}
    assert seen == {f"handed/{service}": True, "keys": True}


def test_the_console_has_an_image_of_its_own_knows_where_the_services_are_and_no_secret():
    container = CONTAINERS[CONSOLE]
    assert container["build"]["target"] == "console"
    addresses = {f"{name.upper()}_URL": f"http://{name}:8080" for name in SERVICES}
    assert set(container["environment"]) == {*addresses, "TRACKING_PUBLIC_URL"}
    assert addresses.items() <= container["environment"].items()
    assert not mounts(CONSOLE)


def test_what_signs_for_people_is_told_to_campaigns_alone():
    told = {name for name in SERVICES if "CAMPAIGNS_SIGNING_KEY" in CONTAINERS[name]["environment"]}
    assert told == {"campaigns"}


def test_what_links_are_signed_with_is_given_to_those_who_need_it():
    given = {name for name in SERVICES if "CANVASS_LINK_SECRET_FILE" in CONTAINERS[name]["environment"]}
    assert given == {name for name in SERVICES if "CANVASS_LINK_SECRET" in known_variables(name)}


def test_everything_is_published_on_loopback_alone_and_on_a_port_of_its_own():
    published = [port for one in CONTAINERS.values() for port in one.get("ports", [])]
    found = [re.fullmatch(r"127\.0\.0\.1:\$\{PORT_\w+:-(\d+)\}:\d+", port) for port in published]
    assert all(found)
    assert len({match[1] for match in found}) == len(published)


@pytest.mark.parametrize("name", sorted(set(CONTAINERS) - {"postgres", "rabbitmq"}))
def test_a_container_may_write_nothing_and_has_no_rights(name):
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in container["security_opt"]


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_has_a_limit_of_memory_and_is_started_again_if_it_is_to_stay(name):
    container = CONTAINERS[name]
    assert container["mem_limit"]
    assert container.get("restart") == (None if name in ONCE else "unless-stopped")


def test_secrets_are_named_by_file_and_stand_nowhere_in_it():
    for name, container in CONTAINERS.items():
        for variable in container.get("environment", {}):
            secret = re.search("PASSWORD|SECRET|TOKEN|DATABASE_URL|WRITE_KEY", variable)
            assert not secret or variable.endswith("_FILE"), (name, variable)


def test_what_the_demo_is_allowed_reaches_the_services():
    lines = (HERE / "deploy" / "demo.env").read_text().splitlines()
    allowed = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    told = {str(value) for name in SERVICES for value in CONTAINERS[name]["environment"].values()}
    assert {f"${{{variable}:-}}" for variable in allowed} <= told


def test_images_need_no_frontend_from_a_registry_and_end_without_root():
    dockerfile = (HERE / "deploy" / "Dockerfile").read_text()
    assert "syntax=" not in dockerfile
    stages = re.split(r"^FROM .* AS ", dockerfile, flags=re.MULTILINE)[1:]
    users = {stage.split()[0]: re.findall(r"^USER (.*)$", stage, flags=re.MULTILINE) for stage in stages}
    ours = {"service": ["10001:10001"], "cli": ["10001:10001"]}
    assert users == {"uv": [], "base": [], "application": [], "console": [], **ours}
    assert "FROM service AS console" in dockerfile  # so that it ends without root, too
