"""`python -m rulewright.cli` is `rulewright`."""

from . import main

main()
