"""How fast and how lean: `make bench`. Every figure with the thing measured; nothing here is a
test.

`--quick` measures fewer repetitions.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rulewright import Rules
from rulewright.compiler.compiler import compile_policy
from rulewright.decision.record import decision_bytes
from rulewright.decision.running import forward_engine
from rulewright.engines.columns import evaluate as columns
from rulewright.engines.evaluator import evaluate as evaluator
from rulewright.engines.reference import evaluate as reference
from rulewright.facts.cases import CaseText, bind_case
from rulewright.ledger import Ledger
from rulewright.rulebook.rulebook import rulebook_from_texts
from rulewright.syntax.shipped import data_folder
from rulewright.workbench import case_from, cases, parameters_at

QUESTIONS = ("safe", "effective", "caring", "responsive", "well-led")
SERVICES = (
    "Urgent and emergency care",
    "Medical care",
    "Surgery",
    "Critical care",
    "Maternity",
    "Services for children and young people",
    "End of life care",
    "Outpatients",
)
RATINGS = ("good", "requires improvement", "good", "outstanding", "good", "inadequate", "good")


def trust(number: int = 0) -> dict[str, object]:
    """A fictional acute trust with 3 locations and 24 services, its ratings varied by `number`."""
    count = number
    locations = []
    for name in ("North Hospital", "South Hospital", "West Hospital"):
        services = []
        for service in SERVICES:
            ratings = {}
            for question in QUESTIONS:
                count = (count * 31 + 7) % 10_007
                ratings[question] = RATINGS[count % len(RATINGS)]
            services.append({"name": service, "key questions": ratings})
        locations.append({"name": name, "services": services})
    facts = {
        "name": "Example Trust",
        "trust type": "acute",
        "key questions": {"well-led": "good"},
        "locations": locations,
    }
    return {
        "case": f"a fictional trust of 24 services, {number}",
        "as at": "2021-04-01",
        "trust": facts,
    }


def measured(what: str, action: Callable[[], object], times: int, unit: str = "ms") -> None:
    """Print the median and the best of some repetitions."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    scale = 1000 if unit == "ms" else 1
    print(
        f"{what:<72} median {statistics.median(took) * scale:8.1f} {unit}   best {min(took) * scale:8.1f} {unit}   n={times}"
    )


def memory() -> float:
    """The memory that this process holds now, in MiB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    command_line(3 if quick else 10)
    library(20 if quick else 200)
    what_would_change(2 if quick else 10)
    many_cases(2_000 if quick else 10_000)
    many_programs(200 if quick else 2_000)
    ledger(200 if quick else 1_000)


def command_line(times: int) -> None:
    """Whole processes."""
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "trust.json"
        case.write_text(json.dumps(trust()))
        run = [sys.executable, "-m", "rulewright", "run", str(case)]
        started = {**os.environ, "RULEWRIGHT_CACHE": folder}

        def whole(arguments: list[str], environment: dict[str, str]) -> Callable[[], object]:
            return lambda: subprocess.run(
                arguments, env=environment, stdout=subprocess.DEVNULL, check=False
            )

        whole(run, started)()
        measured(
            "rulewright run, whole process, 3 locations and 24 services", whole(run, started), times
        )
        uncached = {**os.environ, "RULEWRIGHT_CACHE": "off"}
        measured(
            "  the same without the kept program (first run after an edit)",
            whole(run, uncached),
            times,
        )
        example = str(data_folder() / "scenarios" / "examples" / "example-trust.yaml")
        for what, words in (
            ("rulewright run, the example trust under guidance-2024-03", ["run", example]),
            ("  the same with --readings", ["run", example, "--readings"]),
            ("rulewright read guidance-2024-03, as Markdown", ["read", "guidance-2024-03"]),
            (
                "rulewright read guidance-2024-03, as HTML",
                ["read", "guidance-2024-03", "--as", "html"],
            ),
        ):
            command = [sys.executable, "-m", "rulewright", *words]
            whole(command, started)()
            measured(what, whole(command, started), times)
            measured("  without anything kept", whole(command, uncached), times)
        check = [sys.executable, "-m", "rulewright", "check"]
        measured("rulewright check, whole rulebook, whole process", whole(check, uncached), times)


def library(times: int) -> None:
    """Calls with a loaded program."""
    rules = Rules()
    text = case_from(trust())
    measured("library call, both engines, full trail", lambda: rules.run(text), times)
    answered = rules.answer(text)
    assert answered.decision
    rating = "trust > overall rating"
    measured(
        "why, of the trust's overall rating, given the answer",
        lambda: rules.why(answered, rating),
        times,
    )
    measured("  with everything", lambda: rules.why(answered, rating, everything=True), times)
    for value in ("outstanding", "good", "inadequate"):
        measured(f"why not {value}", partial(rules.why_not, answered, rating, value), times)
    other = rules.answer(case_from(trust(5)))
    measured("difference of two such trusts", lambda: rules.difference(answered, other), times)
    program = rules.program("legacy")
    case = bind_case(text, program.vocabulary, program.idle, program.judged_as_one)
    parameters, _ = parameters_at(program, 737_881, {})
    measured(
        "evaluator alone, case bound", lambda: evaluator(program, case, 737_881, parameters), times
    )
    measured(
        "reference alone, case bound", lambda: reference(program, case, 737_881, parameters), times
    )
    measured(
        "columns alone, case bound", lambda: columns(program, case, 737_881, parameters), times
    )
    forward = forward_engine()
    if forward is not None:
        measured(
            "forward alone, case bound", partial(forward, program, case, 737_881, parameters), times
        )
    start = time.perf_counter()
    for number in range(times):
        evaluator(
            program,
            bind_case(
                case_from(trust(number)), program.vocabulary, program.idle, program.judged_as_one
            ),
            737_881,
            parameters,
        )
    print(
        f"{'evaluator, such trusts a second on one core, cases read and bound':<72} {times / (time.perf_counter() - start):8.0f} a second"
    )
    for name, engine in (("evaluator", evaluator), ("columns", columns)):
        start = time.perf_counter()
        for _ in range(times):
            engine(program, case, 737_881, parameters)
        rate = times / (time.perf_counter() - start)
        print(f"{f'{name}, such trusts a second on one core':<72} {rate:8.0f} a second")


def what_would_change(times: int) -> None:
    """The smallest changes, and what settles an open value, given the answer."""
    rules = Rules()
    scenarios = data_folder() / "scenarios"
    [example], [rem] = (
        cases(scenarios / "examples" / "example-trust.yaml"),
        cases(scenarios / "real" / "2024-25" / "REM.yaml"),
    )
    one = rules.answer(example)
    measured(
        "what-if, the example trust: what loses its rating",
        lambda: rules.what_if(one, "trust rating"),
        times,
    )
    measured(
        "  what makes it outstanding (4 changes)",
        lambda: rules.what_if(one, "trust rating", to="outstanding"),
        times,
    )
    open_ = rules.answer(rem)
    measured(
        "  what settles an undetermined one, of 8 missing scores",
        lambda: rules.what_if(open_, "trust rating"),
        times,
    )
    legacy, rating = rules.answer(case_from(trust())), "trust > overall rating"
    measured(
        "what-if, 24 services: what loses the rating", lambda: rules.what_if(legacy, rating), times
    )
    for to, least in (("good", 7), ("outstanding", 12)):
        measured(f"  what makes it {to}", partial(rules.what_if, legacy, rating, to=to), times)
        measured(
            f"  the same by judged ratings alone ({least} changes)",
            partial(rules.what_if, legacy, rating, to=to, change=["judged rating"]),
            times,
        )


def many_cases(number: int) -> None:
    """Flat memory over many cases in one process."""
    rules = Rules()
    early = 0.0
    for each in range(number):
        rules.run(case_from(small(each)))
        if each == 500:
            gc.collect()
            early = memory()
    gc.collect()
    print(
        f"{f'{number:,} cases in one process, both engines: memory after 500, at the end':<72} {early:8.0f} MiB {memory():8.0f} MiB"
    )


def small(number: int) -> dict[str, object]:
    """A fictional trust of one service, its ratings varied."""
    ratings = {
        question: RATINGS[(number // 7**index) % 7] for index, question in enumerate(QUESTIONS)
    }
    service = {"name": "Community nursing", "key questions": ratings}
    facts = {
        "name": "T",
        "trust type": "community",
        "key questions": {"well-led": RATINGS[number % 7]},
        "services": [service],
    }
    return {"case": f"a small trust {number}", "as at": "2021-04-01", "trust": facts}


VOCABULARY = """
scales: {rating: {order: [bad, fair, good]}}
entities:
  thing:
    plural: things
    given: {score: {whole number: 0..10}, mark: rating}
    derived: {result: rating, other result: rating}
"""


def many_programs(number: int) -> None:
    """Memory over many programs, each compiled, run by both engines and dropped."""
    early = 0.0
    forward = forward_engine()
    for each in range(number):
        part = "\n".join(
            [
                f"- {{rule: low, of: thing, when: the score is less than {each % 9 + 1}, then: the result is bad}}",
                "- {rule: else, of: thing, otherwise: the result is the mark}",
                f"- {{rule: copy-{each}, of: thing, when: the result is good, then: the other result is the mark}}",
            ]
        )
        book = rulebook_from_texts(
            {
                "v.yaml": VOCABULARY,
                "part.yaml": part,
                "p.yaml": "policy: p\nstatus: proposed\nparts: [part.yaml]\n",
            }
        )
        program = compile_policy(book, "p")
        case = bind_case(
            case_from({"case": "c", "thing": {"score": each % 10, "mark": "good"}}),
            program.vocabulary,
        )
        one = evaluator(program, case, 737_881, {})
        if forward is not None and forward(program, case, 737_881, {}) != one:
            raise SystemExit("the engines disagree")
        if each == number // 10:
            gc.collect()
            early = memory()
    gc.collect()
    print(
        f"{f'{number:,} programs, one after another: memory after a tenth, at the end':<72} {early:8.0f} MiB {memory():8.0f} MiB"
    )


def ledger(number: int) -> None:
    """Decisions on record: appended one by one, each on the disk before the next; verified; made
    again.
    """
    for what, text in (
        ("1 service", case_from(small(3))),
        ("REM", cases(data_folder() / "scenarios" / "real" / "2024-25" / "REM.yaml")[0]),
    ):
        with (
            tempfile.TemporaryDirectory(dir=".") as folder,
            Ledger.open(Path(folder) / "bench.ledger") as opened,
        ):
            records(opened, Rules(), text, what, number)


def records(opened: Ledger, rules: Rules, text: CaseText, what: str, number: int) -> None:
    """The figures of one ledger of one case."""
    answered = rules.answer(text)
    # the program is stored with the first
    size = len(opened.append(answered, recorded_by="bench").decision_bytes)
    count = 2 * number + 1

    def rate(what: str, times: int, action: Callable[[], object], less: float = 0.0) -> float:
        start = time.perf_counter()
        action()
        took = time.perf_counter() - start - less
        print(f"{what:<72} {times / took:8.0f} a second")
        return took

    rate(
        f"append, each flushed to the disk ({what}, decision of {size / 1000:.0f} kB)",
        number,
        lambda: [opened.append(answered, recorded_by="bench") for _ in range(number)],
    )
    rate(
        "  the same, all in one append",
        number,
        lambda: opened.append_all([answered] * number, recorded_by="bench"),
    )
    verifying = rate("verify", count, opened.verify)
    print(f"{'  in megabytes of decisions':<72} {size * count / verifying / 1e6:8.0f} a second")
    if not all(each.same for each in opened.replay([1])):
        raise SystemExit("a decision comes out otherwise")
    rate(
        "replay, both engines (the verifying before it left out)",
        count,
        lambda: list(opened.replay()),
        verifying,
    )
    rate(
        "  run and written as a record, for comparison",
        number,
        lambda: [decision_bytes(rules.answer(text).decision) for _ in range(number)],
    )


if __name__ == "__main__":
    main()
