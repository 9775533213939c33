"""Policies: composed of parts, or amending one another as legislation does.

`assemble` gives the entries of one policy after all amendments. An amendment names what it changes:
a rule, table, row, principle, rule of a principle, one use of it, parameter, part, vocabulary
member or attribute, source, interpretation. Repeals come first, then what is restored, then
replacements, then additions. A pattern (`aggregation@trust.*`) stands for all it matches.
"""

from __future__ import annotations

from typing import Any

from rulewright.rulebook.rulebook import Rulebook, RulebookEntry, read_items
from rulewright.syntax.errors import InputError, Place, Problem, Problems, nearest, no_policy
from rulewright.syntax.model_reader import read_as
from rulewright.syntax.models import (
    InForceModel,
    InterpretationModel,
    MemberModel,
    PolicyModel,
    ReadingModel,
    VocabularyModel,
    WithdrawModel,
)
from rulewright.syntax.text import Map, Text, key, place_of, text_of

from .assembly import AmendedEntry, Assembly, Showing
from .entries import parameter_called, parameters_of
from .policy_selection import policy_dates
from .remaining_uses import still_used
from .repeals import repeal, restore
from .replacements import replace_all
from .sources import carry_parameter
from .transitional import Transition, go_on, keep, nothing_missing, only_repealed_goes_on, resume
from .trees import copied, merge_into
from .words import OfVocabulary

__all__ = ["AmendedEntry", "Assembly", "Showing", "assemble", "vocabulary_model"]


def assemble(
    book: Rulebook, policy: str, reading: ReadingModel | None = None, place: Place | None = None
) -> Assembly:
    """The entries of `policy`, or of `policy` under another reading, to be read only.

    Raises `InputError` (RW4xx).
    """
    chain = assemble_chain(book, policy, place)
    if reading is not None:
        return assemble_more(chain, reading, "another reading")
    known: dict[str, Assembly] = book.made.setdefault("assemblies", {})
    if policy not in known:
        known[policy] = finished(chain)
    return known[policy]


def assemble_as(book: Rulebook, model: PolicyModel) -> Assembly:
    """The entries of a policy of the rulebook, were it written as `model`, which amends the same.

    Raises `InputError`.
    """
    before = (
        None
        if model.amends is None
        else assemble_chain(book, str(model.amends), place_of(model.amends))
    )
    return finished(_amended(book, before, model))


def assemble_chain(book: Rulebook, policy: str, place: Place | None = None) -> Assembly:
    """The entries of `policy` before what goes on for a while gets its conditions: `assemble_more`
    amends them further.

    Each policy is assembled once for a rulebook, from what it amends. The entries are to be read
    only.
    """
    known: dict[str, Assembly] = book.made.setdefault("chains", {})
    above: list[PolicyModel] = []
    name: str | None = policy
    while name is not None and name not in known:
        model = book.policies.get(name)
        if model is None:
            raise no_policy(name, book.policies, book.shown, place or Place(book.shown))
        above.append(model)
        name, place = (
            (None, None) if model.amends is None else (str(model.amends), place_of(model.amends))
        )
        _refuse_circle(above, name)
    found = None if name is None else known[name]
    for model in reversed(above):
        found = known[str(model.policy)] = _amended(book, found, model)
    assert found is not None
    return found


def _refuse_circle(above: list[PolicyModel], following: str | None) -> None:
    """Raises `InputError` (RW403) where the last of these policies amends one of them."""
    names = [str(each.policy) for each in above]
    if following in names:
        circle = " -> ".join((*names, following))
        raise InputError(
            Problem(
                place_of(above[names.index(following)].policy),
                "RW403",
                f"policies amend one another in a circle: {circle}",
                "take one `amends` away, and name `parts` instead",
            )
        )


def finished(chain: Assembly) -> Assembly:
    """The entries of `assemble_chain` as they are compiled; the chain itself stays as it is.

    Raises `InputError`.
    """
    found = chain.copy() if chain.going_on else chain
    go_on(found)
    still_used(found)
    return found


def assemble_more(chain: Assembly, amendment: ReadingModel, called: str) -> Assembly:
    """The entries of `assemble_chain` with an amendment on top; the chain itself stays as it is.

    Raises `InputError`.
    """
    found = chain.copy()
    _amend(found, amendment, called, Problems())
    found.policy = _dated(found.policy, amendment.in_force, found.book)
    go_on(found)
    still_used(found, chain.repealed)  # the rest is known to be unused
    return found


def _dated(policy: PolicyModel, dates: dict[Text, InForceModel], book: Rulebook) -> PolicyModel:
    """The policy with the dates that a reading gives it, if any.

    Raises `InputError` (RW402, RW411).
    """
    found, problems = policy, Problems()
    for name, own in dates.items():
        if name not in book.policies:
            raise no_policy(name, book.policies, book.shown, place_of(name))
        dated = book.policies[name].model_copy(update={"in_force": own})
        policy_dates(dated, problems)
        if name == policy.policy:
            found = policy.model_copy(update={"in_force": own})
    problems.stop_if_any()
    return found


def _amended(book: Rulebook, before: Assembly | None, model: PolicyModel) -> Assembly:
    """The entries of one policy, from those of the policy that it amends, which stay as they
    are.
    """
    name, problems = str(model.policy), Problems()
    if before is not None:
        found = before.copy()
        found.policy, found.chain = model, (name, *found.chain)
    else:
        found = Assembly(
            model, book, (name,), vocabulary=_whole_vocabulary(book), documents=dict(book.documents)
        )
    _parts(found, model, book, problems)
    transition = keep(found, model, problems)
    _amend(found, model, name, problems, transition)
    only_repealed_goes_on(found, transition.repealed_here, name, problems)
    nothing_missing(found, transition, problems)
    for word, value in model.parameters.items():
        target = parameter_called(found, word)
        if target is None:
            problems.add(
                "RW404",
                place_of(word),
                f"`{word}` is not a parameter of this policy",
                nearest(word, [str(each.id) for each in parameters_of(found)]),
            )
        else:
            before = found.standing()
            found.parameters[key(word)] = value
            carry_parameter(before, found, model, target, word)
    found.shown += [Showing(name, header) for header in model.publish]
    withdrawn = (
        model.withdraw if isinstance(model.withdraw, dict) else dict.fromkeys(model.withdraw)
    )
    found.shown += [
        Showing(name, header, how or WithdrawModel()) for header, how in withdrawn.items()
    ]
    found.judged_as_one += [(name, headers) for headers in model.judged_as_one]
    if model.scope is not None:
        found.scope = model.scope
    found.disclaimer = text_of(model.disclaimer or "") or found.disclaimer
    if isinstance(model.interpretation, InterpretationModel):
        found.interpreting = (name, *found.interpreting)
    problems.stop_if_any()
    return found


def _whole_vocabulary(book: Rulebook) -> Map:
    whole = Map()
    for tree in book.vocabulary_trees:
        for section, content in tree.items():
            if isinstance(content, dict):
                into = whole.setdefault(section, Map())
                for name, declared in content.items():
                    into[Text.at(name, place_of(name)) if name in into else name] = declared
    own: Map = copied(whole)
    return own


def _parts(found: Assembly, model: PolicyModel, book: Rulebook, problems: Problems) -> None:
    for index, part in enumerate(model.parts):
        if part in model.parts[:index]:
            problems.add(
                "RW405", place_of(part), f"the part `{part}` is named twice", "keep one of them"
            )
            continue
        _add_part(found, part, book, problems, str(model.policy), quiet=True)


def _add_part(
    found: Assembly,
    part: Text,
    book: Rulebook,
    problems: Problems,
    policy: str,
    quiet: bool = False,
) -> None:
    if str(part) not in book.parts:
        problems.add(
            "RW405",
            place_of(part),
            f"`{part}` is not a part of this rulebook",
            nearest(part, book.parts),
        )
        return
    for item in book.parts[str(part)]:
        _add(found, item, problems)
        if not quiet and item.kind != "topic":
            found.changes.append(AmendedEntry(policy, "adds", str(item.id)))


def _add(found: Assembly, item: RulebookEntry, problems: Problems) -> None:
    if item.kind == "vocabulary":
        merge_into(found.own_vocabulary(), item.tree)
        _not_gone(found)
    elif item.kind == "member":
        _add_member(found, item, problems)
    elif item.kind == "topic":
        pass  # a heading for readers
    elif str(item.id) in found.items:
        first = found.items[str(item.id)].place
        problems.add("RW401", item.place, f"the id `{item.id}` is there twice", f"first in {first}")
    else:
        found.items[str(item.id)] = item
        found.repealed.pop(str(item.id), None)
        found.gone = {
            name: gone for name, gone in found.gone.items() if gone.target.inside != item.id
        }


def _add_member(found: Assembly, item: RulebookEntry, problems: Problems) -> None:
    model = read_as(MemberModel, item.tree, item.place.file)
    entity = found.own_entity(model.of)
    if entity is None or not entity.get("members"):
        fixed = [
            str(name)
            for name, tree in found.vocabulary.get("entities", {}).items()
            if tree.get("members")
        ]
        problems.add(
            "RW406",
            place_of(model.of),
            f"`{model.of}` is not a fixed set of members",
            nearest(model.of, fixed),
        )
        return
    members = entity["members"]
    after = next(
        (i for i, each in enumerate(members) if model.after and key(each) == key(model.after)), None
    )
    if model.after and after is None:
        problems.add(
            "RW406",
            place_of(model.after),
            f"`{model.after}` is not a member of `{model.of}`",
            nearest(model.after, members),
        )
    members.insert(len(members) if after is None else after + 1, model.member)
    _not_gone(found)


def _not_gone(found: Assembly) -> None:
    """Words that an amendment declares anew are no longer there to be restored."""
    found.gone = {
        name: gone
        for name, gone in found.gone.items()
        if not (isinstance(gone.target, OfVocabulary) and gone.target.read(found) is not None)
    }


def _amend(
    found: Assembly,
    model: PolicyModel | ReadingModel,
    policy: str,
    problems: Problems,
    transition: Transition | None = None,
) -> None:
    stop = not problems.found
    gone = dict(found.gone)
    transition = transition or Transition()
    for target in model.repeals:
        repeal(found, target, policy, problems, transition.repealed_here)
    restore(found, model.restores, gone, policy, problems)
    resume(found, transition, problems)
    replace_all(found, model, policy, problems)
    for each in model.adds:
        try:
            _adopt(found, each, policy, problems)
        except InputError as error:
            problems.take(error)
    if stop:
        problems.stop_if_any()


def _adopt(found: Assembly, each: Any, policy: str, problems: Problems) -> None:
    if isinstance(each, Text):
        _add_part(found, each, found.book, problems, policy)
        return
    tree = each if isinstance(each, Map) else _tree_of(found, each)
    for item in read_items([tree], policy, tree.place.file):
        _add(found, item, problems)
        if item.kind != "topic":
            found.changes.append(AmendedEntry(policy, "adds", str(item.id)))


def _tree_of(found: Assembly, model: Any) -> Map:
    """The tree that an inline entry of a policy was read from."""
    from rulewright.syntax.yaml_loader import load_yaml

    file = model.place_.file
    whole = load_yaml(found.book.texts[file.removeprefix(found.book.shown + "/")], file)
    return next(
        each for each in whole["adds"] if isinstance(each, Map) and each.place == model.place_
    )


def vocabulary_model(found: Assembly, file: str) -> VocabularyModel:
    """The vocabulary of a policy, amendments applied, as a model."""
    return read_as(VocabularyModel, found.vocabulary, file)
