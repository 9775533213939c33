"""Cases without facts: the things that there are, the fewest first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.nodes import Kind
from rulewright.ir.program import Program
from rulewright.ir.types import show_date
from rulewright.ir.vocabulary import Vocabulary
from rulewright.syntax.text import Map, Seq, Text, key

Edge = tuple[str, str]  # an entity type and one that is listed below it
MOST_THINGS = 4


def skeletons(program: Program, as_at: int, types: set[str], kinds: set[Kind]) -> Iterator[Case]:
    """Cases with up to four things besides the outermost, that hold one of the kinds. types: the
    entity types that matter.
    """
    vocabulary = program.vocabulary
    edges = [
        edge
        for edge in _edges(vocabulary)
        if edge[1] in types or any(each.entity == edge[1] for each in kinds)
    ]
    shapes = [
        dict(zip(edges, counts, strict=True))
        for counts in product(range(MOST_THINGS), repeat=len(edges))
    ]
    sized = sorted(
        (_size(vocabulary, key(vocabulary.root.name), shape), sorted(shape.items()))
        for shape in shapes
    )
    seen = set()
    for size, listed in sized:
        if size > MOST_THINGS:
            return
        case = bare(program, as_at, dict(listed))
        there = {Kind.of(each) for each in case.entities}
        paths = tuple(each.path for each in case.entities)
        if paths not in seen and there & kinds:
            seen.add(paths)
            yield case


def _edges(vocabulary: Vocabulary) -> list[Edge]:
    """What is listed below what, from the outermost entity on."""
    found: list[Edge] = []
    waiting = [key(vocabulary.root.name)]
    while waiting:
        parent = waiting.pop(0)
        for child in vocabulary.entities[parent].listed_below:
            if (parent, child) not in found:
                found.append((parent, child))
                waiting.append(child)
    return found


def _size(vocabulary: Vocabulary, name: str, shape: dict[Edge, int]) -> int:
    """How many things a shape lists below one entity of a type."""
    return sum(
        shape.get((name, child), 0) * (1 + _size(vocabulary, child, shape))
        for child in vocabulary.entities[name].listed_below
    )


def bare(program: Program, as_at: int, shape: dict[Edge, int]) -> Case:
    """A case of a shape, without facts."""
    vocabulary = program.vocabulary
    root = vocabulary.root
    tree = Map(
        {
            Text("case"): Text("suggested"),
            Text("as at"): Text(show_date(as_at)),
            Text(root.name): _listed(
                vocabulary, key(root.name), shape, f"Example {root.name.capitalize()}", [0]
            ),
        }
    )
    return bind_case(CaseText(tree, "suggested"), vocabulary, program.idle)


def _listed(
    vocabulary: Vocabulary, name: str, shape: dict[Edge, int], called: str, made: list[int]
) -> Map:
    found = Map({Text("name"): Text(called)})
    for child in vocabulary.entities[name].listed_below:
        count = shape.get((name, child), 0)
        if count:
            entity = vocabulary.entities[child]
            below = Seq()
            for _ in range(count):
                made[0] += 1
                below.append(
                    _listed(vocabulary, child, shape, f"{entity.name.capitalize()} {made[0]}", made)
                )
            found[Text(entity.plural)] = below
    return found
