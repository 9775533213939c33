"""The solver's reading of a program: one case, some of its facts open, as a formula that a SAT
solver decides.

It says the same as the reference engine, possible values and all (docs/semantics.md): for every
choice of the open facts the formula gives the very possible values that the engine would give. What
no single run can answer is asked of it: the smallest changes, and whether there are any; exact
possible values.
"""
