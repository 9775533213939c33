"""Proofs that a mutant is equal: all that the rules of one attribute can see is gone through, not
all cases.

A rule sees of a case only what comes of its conditions: met, not met, or undecided. What may come
of all conditions of an attribute together is found by going through the possible values of what
they compare, and through the numbers of items that they count. More than a case can bring may be
gone through, never less: what is the same there is the same in every case, also with facts missing.
"""
