"""From the entries of a policy to a typed program."""
