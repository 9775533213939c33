"""Scenarios run and held against what they expect."""
