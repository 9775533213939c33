"""From a rulebook and a policy to a program: amendments applied, names resolved, rules unrolled,
layers computed.
"""

from __future__ import annotations

from dataclasses import replace

from rulewright.amendments.chain import Assembly, assemble
from rulewright.amendments.policy_selection import policy_dates
from rulewright.ir.digest import digest_of_meaning
from rulewright.ir.interning import interned
from rulewright.ir.nodes import Kind, NodeKey
from rulewright.ir.program import Program
from rulewright.rulebook.rulebook import Rulebook
from rulewright.syntax.errors import Problems
from rulewright.syntax.models import ReadingModel
from rulewright.syntax.text import key, text_of

from .citations import cited_documents
from .conditions import read_conditions
from .context import context_of, vocabulary_of
from .dependencies import reads
from .derived_attributes import settle
from .expander import Unroller
from .judged_as_one import read_judged_as_one, refuse_overruled
from .parameters import check_parameter_names, named_interpretation, read_parameters, without_users
from .publication import read_showings
from .scope import kinds_of
from .unused_kinds import idle_sets


def compile_policy(book: Rulebook, policy: str, reading: ReadingModel | None = None) -> Program:
    """The program of one policy. Raises `InputError` with every mistake found in what the policy
    uses.

    With `reading`, another reading of an interpretation is applied as an amendment on top.
    """
    return compile_assembly(book, assemble(book, policy, reading))[0]


def compile_assembly(book: Rulebook, assembly: Assembly) -> tuple[Program, Unroller]:
    """The program of the entries of a policy, ready for the engines, and what they were unrolled
    into.
    """
    program, unroller = read_assembly(book, assembly)
    known = unroller.known
    return interned(
        replace(program, digest=digest_of_meaning(program, known.digests)), known.parts
    ), unroller


def read_assembly(book: Rulebook, assembly: Assembly) -> tuple[Program, Unroller]:
    """`compile_assembly` without the digest, equal parts not yet held once: enough to see what is
    wrong.
    """
    problems = Problems()
    vocabulary = vocabulary_of(book, assembly)
    parameters = read_parameters(assembly, problems)
    assembly = without_users(assembly, parameters)
    check_parameter_names(vocabulary, parameters, problems)
    context = context_of(book, vocabulary, parameters)
    problems.found += context.problems
    unroller = Unroller(
        book, assembly, vocabulary, context.lexicon, context.parameters, problems, context.known
    )
    unroller.unroll()
    vocabulary = unroller.vocabulary
    nodes, asks, lapsed = settle(unroller, assembly, problems)
    root = kinds_of(vocabulary, key(vocabulary.root.name))
    scope = unroller.scope(root)
    published, withdrawals = read_showings(assembly, scope, nodes, problems, context.known.shown)
    model = assembly.policy
    since, until = policy_dates(assembly.policy, problems)
    program = Program(
        policy=str(model.policy),
        title=text_of(model.title or ""),
        status=model.status,
        since=since,
        until=until,
        chain=assembly.chain,
        vocabulary=vocabulary,
        parameters=parameters,
        nodes=nodes,
        notices={
            kind: tuple(sorted(rules, key=lambda r: r.id))
            for kind, rules in sorted(unroller.notices.items(), key=_by_kind)
        },
        scope=read_conditions(assembly.scope, scope) if assembly.scope is not None else (),
        published=published,
        withdrawals=withdrawals,
        interpretations=dict(sorted(unroller.interpretations.items())),
        documents=cited_documents(assembly),
        lapsed=lapsed,
        disclaimer=assembly.disclaimer,
        judged_as_one=read_judged_as_one(assembly, scope, problems),
        interpretation=named_interpretation(model.interpretation),
    )
    refuse_overruled(program.judged_as_one, nodes, root[0].entity, problems)
    problems.stop_if_any()
    program = replace(program, asks=asks | asked_besides(program, unroller))
    return replace(program, idle=idle_sets(program, scope, context.known.counted)), unroller


def asked_besides(program: Program, unroller: Unroller) -> frozenset[NodeKey]:
    """The attributes that notes, warnings, the scope and withdrawals read."""
    found: set[NodeKey] = set()
    for kind, rules in program.notices.items():
        found |= unroller.read_by(kind, rules)
    root = unroller.scope(kinds_of(program.vocabulary, key(program.vocabulary.root.name)))
    for condition in (
        *program.scope,
        *(each.once for each in program.withdrawals if each.once is not None),
    ):
        found |= reads(condition, root)
    for withdrawal in program.withdrawals:
        if (
            withdrawal.until_then and withdrawal.once is not None
        ):  # else it holds from the first day, and nothing is shown until then
            found |= {
                NodeKey(k.entity, k.parent, k.member, withdrawal.until_then)
                for k in withdrawal.kinds
            }
    return frozenset(found)


def _by_kind(entry: tuple[Kind, object]) -> tuple[str, str, str]:
    return entry[0].entity, entry[0].parent, entry[0].member
