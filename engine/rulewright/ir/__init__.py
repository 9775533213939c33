"""The typed program: what a rule says once names are resolved."""
