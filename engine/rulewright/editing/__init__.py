"""Changing a rulebook's files without losing what stands around the change: `set`, `fmt`, `new`.

Files are changed by splicing characters between marks of the parser, never by writing a tree out
again, so every comment stays where its author put it.
"""
