"""`python -m canvass_console`."""

from canvass_console.main import main

main()
