"""The real parts killed, restarted and flooded; afterwards it is counted that nothing is lost or doubled."""
