"""What the domain says of a case, worked out in plain Python, and the library held against it.

`words`, `facts`, `days`, `aggregation`, `scores`, `legacy` and `guidance` are the oracle: they
follow what CQC published and what was assumed about it, and import nothing from the package.
`cases` and `gaps` make cases, complete and with facts taken away. `library` asks the package;
`comparing` holds one against the other, and `shrinking` makes a difference small.

Where the domain says nothing the oracle is `Silent`: such an attribute is not compared, and the
question is counted.
"""
