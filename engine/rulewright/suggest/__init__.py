"""Suggestions: ready scenarios that tell a changed rule from the rule as it is, for a person to
confirm.
"""
