"""The file that supervisord reads says what we mean, whatever is in the values."""

import pytest
from canvass_cli import programs
from canvass_cli.programs import Program
from supervisor.datatypes import dict_of_key_value_pairs
from supervisor.options import UnhosedConfigParser


def rendered(places, *given):
    parser = UnhosedConfigParser()
    parser.read_string(programs.render(places, given))
    return parser


def value(parser, section, name):
    return parser.saneget(section, name, expansions={"program_name": "x"})


def test_a_command_and_its_environment_survive_percent_signs_and_blanks(places):
    program = Program("x", ["/bin/a b", "50%"], 20, {"URL": "amqp://u:p%2F@h/,a=b", "ARGS": "-k {127,0,0,1}"})
    parser = rendered(places, program)
    command = value(parser, "program:x", "command")
    assert command.endswith("'/bin/a b' 50%")
    told = dict_of_key_value_pairs(value(parser, "program:x", "environment"))
    assert told == program.environment


@pytest.mark.parametrize("bad", ['a"b', "a\nb", "a ;b", "a #b"])
def test_a_value_that_supervisord_would_misread_is_refused(places, bad):
    with pytest.raises(ValueError, match="may not hold"):
        programs.render(places, [Program("x", ["x"], 1, {"A": bad})])


def test_nothing_starts_by_itself_and_all_restarts(places):
    parser = rendered(places, Program("x", ["x"], 1))
    assert value(parser, "program:x", "autostart") == "false"
    assert value(parser, "program:x", "autorestart") == "true"


def test_what_others_need_starts_before_them_and_stops_after(places):
    parser = rendered(places, Program("needy", ["a"], 30), Program("needed", ["b"], 20))
    ranks = {name: int(value(parser, f"program:{name}", "priority")) for name in ("needy", "needed")}
    assert ranks["needed"] < ranks["needy"]


def test_no_port_is_opened_to_control_it(places):
    assert not rendered(places).has_section("inet_http_server")
