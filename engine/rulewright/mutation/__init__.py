"""Mutation: would the scenarios notice a wrong edit of the rules?

Each *mutant* is the rulebook with one small change of one written rule, row, parameter or
amendment, made everywhere that the written thing was unrolled to, in every policy that has it. A
mutant that no scenario notices *survives*, unless it is proved that no case can tell it from the
rulebook.
"""
