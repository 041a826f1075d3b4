"""Roles and scopes: each role may do what those before it may."""

from itertools import pairwise

from canvass_runtime.scopes import ROLES, SCOPES, scopes_of


def test_each_role_may_do_what_those_before_it_may_and_more():
    for lower, higher in pairwise(ROLES):
        assert scopes_of(lower) < scopes_of(higher)


def test_an_admin_may_do_everything():
    assert scopes_of("admin") == set(SCOPES)


def test_a_viewer_changes_nothing_and_knows_nothing_of_people():
    assert all(scope.endswith(":read") for scope in scopes_of("viewer"))
    assert "people:read" not in scopes_of("publisher")


def test_only_an_admin_says_by_whom_things_are_sent():
    assert "senders:write" not in scopes_of("publisher")
