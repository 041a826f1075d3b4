"""A service as small as can be, for the tests of what services stand on."""
