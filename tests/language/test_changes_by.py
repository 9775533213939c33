"""Who can change a fact: the mark comes back from an archive, and is no part of what a policy
means.
"""

from __future__ import annotations

from dataclasses import replace

from rulewright.ir.archive import archive, program_from
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.program import Program
from rulewright.ir.vocabulary import CHANGES_BY
from rulewright.workbench import Rules

SHIPPED = Rules()


def unmarked(program: Program) -> Program:
    entities = {
        name: replace(
            entity,
            attributes={
                key: replace(each, changes_by="") for key, each in entity.attributes.items()
            },
        )
        for name, entity in program.vocabulary.entities.items()
    }
    return replace(program, vocabulary=replace(program.vocabulary, entities=entities))


def test_the_mark_is_no_part_of_the_meaning_and_comes_back_from_an_archive() -> None:
    program = SHIPPED.program("guidance-2024-03")
    other = unmarked(program)
    assert digest_of_meaning(other) == program.digest
    assert program_from(archive(program)) == program
    assert b"changes_by" not in archive(other), "as archives were before there was the mark"
    assert program_from(archive(other)) == other


def test_the_shipped_vocabulary_says_of_every_fact_who_can_change_it() -> None:
    for policy in SHIPPED.policies:
        for entity in SHIPPED.program(policy.id).vocabulary.entities.values():
            for attribute in entity.attributes.values():
                assert attribute.changes_by in (CHANGES_BY if attribute.given else ("",)), (
                    policy.id,
                    entity.name,
                    attribute.name,
                )
