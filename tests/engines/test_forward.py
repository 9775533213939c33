"""The forward engine: the same answers as the reference engine, by other means, and nothing left
behind.
"""

from __future__ import annotations

import ast
import gc
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rulewright.compiler.compiler import compile_policy
from rulewright.engines.evaluator import evaluate as reference
from rulewright.engines.result import MET, UNDECIDED, Trace
from rulewright.facts.cases import Case, CaseText, bind_case
from rulewright.ir.program import Program
from rulewright.ir.types import parse_date
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.errors import EngineError
from rulewright.syntax.yaml_loader import load_yaml

pytest.importorskip("durable")
from rulewright.engines import forward as package
from rulewright.engines.forward import evaluate, network, plan
from rulewright.engines.forward.network import NETWORK

HERE = Path(__file__).parent / "forward_fixture"
RATINGS = ("inadequate", "requires improvement", "good", "outstanding", "not rated")
STATES = ("broken", "worn", "sound", "new", "not seen")


def program(name: str) -> Program:
    texts = {each.name: each.read_text("utf-8") for each in sorted((HERE / name).iterdir())}
    return compile_policy(rulebook_from_texts(texts), name)


LEVELS, OPERATORS = program("levels"), program("operators")


def bound(compiled: Program, **tree: object) -> Case:
    text = yaml.safe_dump({"case": "a generated case", **tree}, sort_keys=False)
    return bind_case(CaseText(load_yaml(text, "case"), "case"), compiled.vocabulary)


def both(compiled: Program, case: Case, as_at: str = "2024-07-01") -> Trace:
    """The answer of both engines, which must be one."""
    day = parse_date(as_at)
    assert day is not None
    parameters = {name: each.at(day) for name, each in compiled.parameters.items()}
    one, other = (
        reference(compiled, case, day, parameters),
        evaluate(compiled, case, day, parameters),
    )
    for place, settled in one.settled.items():
        assert other.settled[place] == settled, place
    assert other == one
    assert list(other.settled) == list(one.settled)
    return other


# -- cases


def some(
    dice: random.Random, share: float, values: dict[str, tuple[object, ...]]
) -> dict[str, object]:
    """Some facts; the others are missing, or said to be unknown."""
    facts: dict[str, object] = {}
    for name, allowed in values.items():
        if dice.random() < share:
            facts[name] = dice.choice(allowed)
        elif dice.random() < 0.2:
            facts[name] = "unknown"
    return facts


def trust(dice: random.Random) -> dict[str, object]:
    share = dice.choice((0.3, 0.8, 1.0))

    def service(name: str) -> dict[str, object]:
        questions = {
            each: some(dice, share, {"judged rating": RATINGS, "notice": ("yes", "no")})
            for each in ("safe", "well-led")
        }
        return {
            "name": name,
            "key questions": questions,
            **some(dice, share, {"significantly small": ("yes", "no")}),
        }

    def location(name: str) -> dict[str, object]:
        return {
            "name": name,
            "services": [service(f"{name} {number}") for number in range(dice.randrange(4))],
        }

    case: dict[str, object] = {
        **some(
            dice,
            share,
            {
                "trust type": ("acute", "mental health"),
                "merged on": ("2023-01-01", "2020-05-05", "none"),
            },
        ),
        "key questions": {"well-led": some(dice, share, {"judged rating": RATINGS})},
        "locations": [location(name) for name in ("north", "south")[: dice.randrange(3)]],
        "services": [service(name) for name in ("mobile", "remote")[: dice.randrange(3)]],
    }
    return case


def workshop(dice: random.Random) -> dict[str, object]:
    share = dice.choice((0.3, 0.8, 0.95, 1.0))
    days = ("2019-03-31", "2023-07-01", "2024-02-29", "2025-01-01")

    def tool(name: str) -> dict[str, object]:
        return {
            "name": name,
            **some(
                dice,
                share,
                {
                    "state": STATES,
                    "hours": ("0", "7.5", "60", "12"),
                    "spare": ("1", "none", "0.25"),
                    "checked on": (*days, "none"),
                    "in use": ("yes", "no"),
                },
            ),
        }

    def room(name: str) -> dict[str, object]:
        tools = [tool(f"{name} {number}") for number in range(dice.randrange(4))]
        return {
            "name": name,
            "tools": tools,
            "duties": some(dice, share, {"sweep": ("yes", "no"), "oil": ("yes", "no")}),
            **some(dice, share, {"locked": ("yes", "no")}),
        }

    return {
        **some(
            dice,
            share,
            {
                "kind": ("wood", "metal", "glass"),
                "size": ("0", "1", "2", "3", "5", "9"),
                "rent": ("2.5", "-3", "none"),
                "opened on": days,
                "motto": ("none", "measure twice"),
                "state": STATES,
            },
        ),
        "rooms": [room(name) for name in ("attic", "cellar", "hall")[: dice.randrange(4)]],
        "tools": [tool(name) for name in ("saw", "axe")[: dice.randrange(3)]],
    }


def outside(
    dice: random.Random, paths: dict[str, tuple[str, ...]], judged: tuple[str, ...]
) -> dict[str, object]:
    """Values from outside: some supplied, some judged."""
    supplied = {path: dice.choice(values) for path, values in paths.items() if dice.random() < 0.15}
    reasons = {"by": "an inspector", "on": "2024-06-01", "reason": "seen on the day"}
    judgements = [
        {"attribute": path, "value": dice.choice(paths[path]), **reasons}
        for path in judged
        if path not in supplied and dice.random() < 0.15
    ]
    return {"supplied": supplied, "judgements": judgements}


@pytest.mark.parametrize("seed", range(60))
def test_the_levels_of_a_trust(seed: int) -> None:
    dice = random.Random(seed)
    paths = {
        "trust > pct": ("0", "50", "none"),
        "trust > overall rating": RATINGS,
        "safe > rating": (*RATINGS, "none"),
    }
    more = outside(dice, paths, ("trust > overall rating",))
    both(LEVELS, bound(LEVELS, trust=trust(dice), **more))


@pytest.mark.each_case_traced
@pytest.mark.parametrize("seed", range(200))
def test_every_operator(seed: int) -> None:
    dice = random.Random(seed)
    more = outside(
        dice,
        {
            "workshop > total": ("0", "17.5", "none"),
            "workshop > best": STATES,
            "workshop > mean": ("3",),
            "sweep > result": STATES,
            "workshop > busy": ("yes", "none"),
            "workshop > verdict": STATES,
            "workshop > saying": ("well oiled", "none"),
        },
        ("workshop > verdict",),
    )
    both(
        OPERATORS,
        bound(OPERATORS, workshop=workshop(dice), **more),
        dice.choice(("2020-01-01", "2024-07-01")),
    )


@pytest.mark.untraced
def test_cases_reach_what_is_rare() -> None:
    """The generated cases hold conflicts, limits that may act, rules that may fire, judgements and
    supplied values.
    """
    results = []
    for seed in range(120):
        dice = random.Random(seed)
        more = outside(
            dice,
            {"workshop > verdict": STATES, "workshop > busy": ("yes",)},
            ("workshop > verdict",),
        )
        results.append(both(OPERATORS, bound(OPERATORS, workshop=workshop(dice), **more)))
    settled = [each for result in results for each in result.settled.values()]
    assert {each.origin for each in settled} == {"rules", "otherwise", "supplied", "judged"}
    assert any(each.possible.conflict and each.possible.values == () for each in settled)
    assert any(each.possible.conflict and each.possible.values != () for each in settled)
    assert any(
        limit.status == UNDECIDED and limit.lowers for each in settled for limit in each.limits
    )
    assert any(firing.defeated for each in settled for firing in each.firings)
    fired = [firing for each in settled for firing in each.firings if firing.rule == "verdict-many"]
    assert {MET, UNDECIDED} <= {
        each.status for each in fired
    }  # seven conditions: more than the network joins at once
    assert all(len(each.findings) == 7 for each in fired)
    assert any(result.notices for result in results)


# -- nothing is left behind


def a_case() -> Case:
    return bound(OPERATORS, workshop=workshop(random.Random(5)))


def test_every_session_is_closed() -> None:
    before = NETWORK.sessions
    both(OPERATORS, a_case())
    assert NETWORK.sessions > before
    assert NETWORK.open == 0


def test_more_sessions_than_the_library_can_hold_open() -> None:
    facts = [
        (1, network.slot(2, 1), MET),
        (1, network.slot(2, 2), UNDECIDED),
        (2, network.slot(2, 1), MET),
    ]
    for _ in range(1100):
        assert NETWORK.fire(facts) == [(1, UNDECIDED)]


def test_a_first_session_in_which_no_rule_fires_does_not_end_the_process() -> None:
    script = "from rulewright.engines.forward.network import NETWORK; assert NETWORK.fire([(1, 33, 2)]) == []"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_many_rules_are_joined_in_portions() -> None:
    before = NETWORK.sessions
    facts = [
        (rule, network.slot(3, place), MET)
        for rule in range(2000)
        for place in (1, 2, 3)
        if (rule, place) != (7, 2)
    ]
    assert sorted(NETWORK.fire(facts)) == [(rule, MET) for rule in range(2000) if rule != 7]
    assert NETWORK.sessions - before == 3


def test_a_plan_goes_with_its_program() -> None:
    compiled = program("levels")
    first = plan.plan_for(compiled)
    assert plan.plan_for(compiled) is first
    known = id(compiled)
    assert known in plan._PLANS
    del compiled
    gc.collect()
    assert known not in plan._PLANS


def test_threads_do_not_disturb_one_another() -> None:
    day = parse_date("2024-07-01")
    assert day is not None
    cases = [bound(OPERATORS, workshop=workshop(random.Random(seed))) for seed in range(8)]
    parameters = {name: each.at(day) for name, each in OPERATORS.parameters.items()}
    expected = [reference(OPERATORS, case, day, parameters) for case in cases]
    found: dict[int, Trace] = {}

    def work(number: int) -> None:
        found[number] = evaluate(OPERATORS, cases[number], day, parameters)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [found[number] for number in range(8)] == expected


# -- failures


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The library, to be broken; afterwards the network works again."""
    yield monkeypatch
    monkeypatch.undo()
    assert NETWORK.fire([(1, network.slot(1, 1), MET)]) == [(1, MET)]
    assert NETWORK.open == 0


@pytest.mark.parametrize(
    "what", ["assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state"]
)
def test_a_failure_of_the_library_is_a_refusal(what: str, library: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    library.setattr(network.rete, what, broken)
    with pytest.raises(EngineError, match="the rule network failed: MemoryError"):
        both(OPERATORS, a_case())


def test_an_interrupted_session_leaves_no_facts(library: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with library.context() as patch:
        patch.setattr(network.rete, "start_action_for_state", interrupted)
        with pytest.raises(KeyboardInterrupt):
            NETWORK.fire([(1, network.slot(2, 1), MET), (1, network.slot(2, 2), MET)])
    facts = [(1, network.slot(2, 1), UNDECIDED), (1, network.slot(2, 2), MET)]
    assert NETWORK.fire(facts) == [(1, UNDECIDED)]


def test_a_fact_that_is_not_taken_is_a_refusal(library: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="refused a condition fact"):
        NETWORK.fire([(1, network.slot(9, place), MET) for place in range(1, 10)])


# -- independence


def test_it_shares_only_the_shapes_of_results_with_the_reference() -> None:
    allowed = (
        "rulewright.syntax",
        "rulewright.ir",
        "rulewright.facts",
        "rulewright.engines.result",
    )
    for path in sorted(Path(package.__path__[0]).glob("*.py")):
        for each in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in each.names] if isinstance(each, ast.Import) else []
            if isinstance(each, ast.ImportFrom):
                assert each.level <= 1, path
                names = [] if each.level else [each.module or ""]
            assert all(
                name.startswith(allowed) for name in names if name.startswith("rulewright")
            ), path


def test_results_are_read_without_the_library() -> None:
    script = "import sys, rulewright.engines.result; assert not any(name.startswith('durable') for name in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_without_the_library_there_is_an_import_error() -> None:
    script = (
        "import sys\nsys.modules['durable'] = None\n"
        "try:\n    import rulewright.engines.forward\nexcept ImportError:\n    sys.exit(0)\nsys.exit(1)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
