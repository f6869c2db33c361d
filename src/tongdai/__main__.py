"""`python -m tongdai`: the command line."""

from .cli import main

main()
