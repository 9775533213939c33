"""The list of checks, and a whole rulebook through all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from rulewright.amendments.policy_selection import PolicyDates, check_dates
from rulewright.amendments.seals import check_seal
from rulewright.compiler.memory import remembered_base
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import InputError, Place, Problem
from rulewright.syntax.text import place_of

from .changed_without_source import changed_without_source
from .cited_and_not_encoded import cited_and_not_encoded
from .compiled import Compiled
from .conditions_that_always_hold import conditions_that_always_hold
from .contradicted_interpretations import contradicted_interpretations
from .documents_not_seen import documents_not_seen
from .encoded_paragraphs import encoded_paragraphs
from .every_of_none import every_of_none
from .fates_of_paragraphs import fates_of_paragraphs
from .gaps_in_tables import gaps_in_tables
from .idle_replacements import idle_replacements
from .interpretations_read_one_way import interpretations_read_one_way
from .is_not_and_no_value import is_not_and_no_value
from .marks_of_sources import marks_of_sources
from .masked_rows import masked_rows
from .members_named_alike import members_named_alike
from .names_never_used import names_never_used
from .other_readings import other_readings
from .paragraphs_not_yet import paragraphs_not_yet
from .policies_without_seal import policies_without_seal
from .possible_conflicts import possible_conflicts
from .reasons_without_effect import reasons_without_effect
from .rows_out_of_order import rows_out_of_order
from .rules_that_never_fire import rules_that_never_fire
from .rules_without_source import rules_without_source
from .sets_left_behind import sets_left_behind
from .silently_no_value import silently_no_value
from .successors_of_what_goes_on import successors_of_what_goes_on
from .tables_left_alike import tables_left_alike
from .whether_facts_were_stated import whether_facts_were_stated
from .without_effect import without_effect

Check = Callable[[Compiled], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    gaps_in_tables,
    masked_rows,
    rules_that_never_fire,
    conditions_that_always_hold,
    names_never_used,
    every_of_none,
    is_not_and_no_value,
    rules_without_source,
    marks_of_sources,
    without_effect,
    policies_without_seal,
    other_readings,
    silently_no_value,
    possible_conflicts,
    idle_replacements,
    successors_of_what_goes_on,
    whether_facts_were_stated,
    reasons_without_effect,
    interpretations_read_one_way,
    fates_of_paragraphs,
    encoded_paragraphs,
    cited_and_not_encoded,
    paragraphs_not_yet,
    documents_not_seen,
    sets_left_behind,
    members_named_alike,
    changed_without_source,
    contradicted_interpretations,
    rows_out_of_order,
    tables_left_alike,
)
OF_TABLES = (gaps_in_tables, masked_rows)
OF_WORDING = (rules_that_never_fire, conditions_that_always_hold)
"""Checks of rules that say nothing. What an amendment leaves without effect may still have one in
the policy it amends."""


def check(book: Rulebook) -> list[Problem]:
    """Everything that is wrong or suspicious in a rulebook, in order of position.

    Every policy is compiled once; mistakes that keep one from compiling are reported, and the
    checks look at the others. What several policies share is reported once.
    """
    policies, problems = compile_all(book)
    if not book.policies:
        problems.append(
            Problem(
                Place(book.shown),
                "RW402",
                "the rulebook has no policy, so no case can be run",
                "write a file that begins with `policy:`",
            )
        )
    for each in CHECKS:
        if each in OF_WORDING:
            problems += _in_every_policy(each, policies)
        else:
            problems += (problem for policy in policies for problem in each(policy))
    return sorted(set(problems))


def new_in_tables(before: Rulebook, after: Rulebook) -> list[Problem]:
    """What an edit leaves wrong in decision tables that was not wrong before."""
    found = _in_tables(after)
    known = (
        {(each.code, each.place.file, each.message) for each in _in_tables(before)}
        if found
        else set()
    )
    new = {each for each in found if (each.code, each.place.file, each.message) not in known}
    return sorted(new)


def _in_tables(book: Rulebook) -> list[Problem]:
    policies, _ = compile_all(book)
    return [problem for policy in policies for each in OF_TABLES for problem in each(policy)]


def _in_every_policy(each: Check, policies: list[Compiled]) -> Iterator[Problem]:
    """What a check finds in every policy that has the words it speaks of."""
    found = [set(each(policy)) for policy in policies]
    for problem in set().union(*found):
        if all(
            problem in own
            for own, policy in zip(found, policies, strict=True)
            if problem.place in policy.places
        ):
            yield problem


def compile_all(book: Rulebook) -> tuple[list[Compiled], list[Problem]]:
    """The policies that compile, and the mistakes in those that do not, in the seals and in the
    dates.
    """
    policies: dict[str, Compiled] = {}
    problems: list[Problem] = []
    for name in sorted(book.policies):
        try:
            base = remembered_base(book, name)
            policies[name] = Compiled(base, policies)
            if name in book.seals:
                check_seal(book, replace(base.program, digest=base.digest))
        except InputError as error:
            problems += error.problems
    return list(policies.values()), problems + check_dates(
        [_dates(each) for each in policies.values()]
    )


def _dates(policy: Compiled) -> PolicyDates:
    program, model = policy.program, policy.assembly.policy
    return PolicyDates(
        policy.name,
        program.title,
        program.status,
        program.since,
        program.until,
        model.in_force is not None,
        place_of(model.policy),
    )
