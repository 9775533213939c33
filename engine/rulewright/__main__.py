"""`python -m rulewright` is `rulewright`."""

from .cli import main

main()
