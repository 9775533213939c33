"""Commands given what strangers bring: files, folders and command lines spoiled in every way.

`make fuzz` runs many; by itself, `python -m tests.fuzz.strangers [INPUTS [SEED [PROCESSES]]]`
(without an argument as many as the environment variable RULEWRIGHT_STRANGERS says). Every input has
a number, `SEED/N`, from which it is made again:

    python -m tests.fuzz.strangers again SEED/N

Each kind of finding is kept once, made small, in `build/strangers/` (or the folder
RULEWRIGHT_FINDINGS): `finding.txt` with the command line and the seed, `work/` with the files.

An input is a folder of a gallery, or what the program itself writes (`seeds`), and a command line:
the gallery's own, or one made from the options that click knows (`recipes`, in which a new option
must be named). Files are spoiled as text (`texts`), as trees (`trees`), as workbooks (`archives`),
as ledgers (`ledgers`) and as things of the file system (`oddities`); `inputs` puts it together.
`runner` runs it in a process of its own within limits of time and memory, and `oracle` says what
must hold, `meaning` what an edit must keep. `calls` does the like with the Python interface.
"""
