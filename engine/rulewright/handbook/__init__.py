"""A policy as people read it: what the source files say, amendments applied, as a document and as
answers to questions.

`handbook` gives the data (`model`); `compose` lays it out as a document, which `markdown` and
`html` write.
"""
