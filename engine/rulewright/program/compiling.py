"""From a rulebook and a policy to a program: amendments applied, names resolved, rules unrolled, layers computed."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from rulewright.language.declaring import build_vocabulary
from rulewright.language.errors import InputError, Place, Problem, Problems, nearest
from rulewright.language.lexer import Lexicon
from rulewright.language.models import ParameterModel, ReadingModel
from rulewright.language.reading import read_as
from rulewright.language.rulebook import Item, Rulebook
from rulewright.language.text import Text, key, place_of
from rulewright.language.types import FINITE, Choice, Date, Months, Number, Type, Value, YesNo, parse_date
from rulewright.language.vocabulary import Vocabulary

from .choosing import policy_dates
from .citing import check_citations, citations, cited_documents
from .conditions import read_conditions
from .digest import digest_of_meaning
from .expressions import check_collections
from .idle import idle_sets
from .interning import interned
from .layers import condition_reads, kinds_in, layers, reads
from .model import Exhaustive, Node, ParameterValues, Program
from .nodes import Compare, Condition, Joined, Kind, NodeKey, Rule
from .nouns import text_of
from .policies import Assembly, assemble, vocabulary_model
from .publishing import read_showings
from .regions import Region, meet, region, whole
from .scope import Scope, kinds_of
from .tables import Table, is_complete
from .unrolling import Draft, Unroller


def compile_policy(book: Rulebook, policy: str, reading: ReadingModel | None = None) -> Program:
    """The program of one policy. Raises `InputError` with every mistake found in what the policy uses.

    With `reading`, another reading of an interpretation is applied as an amendment on top.
    """
    return compile_assembly(book, assemble(book, policy, reading))[0]


def compile_assembly(book: Rulebook, assembly: Assembly) -> tuple[Program, Unroller]:
    """The program of the entries of a policy, and what they were unrolled into: the checks read both."""
    problems = Problems()
    vocabulary = build_vocabulary([vocabulary_model(assembly, book.shown)], problems, Place(book.shown))
    problems.stop_if_any()
    parameters = read_parameters(assembly, problems)
    _check_parameter_names(vocabulary, parameters, problems)
    lexicon = _lexicon(vocabulary, parameters)
    problems.found += check_collections(vocabulary, lexicon)
    unroller = Unroller(book, assembly, vocabulary, lexicon, {k: v.type for k, v in parameters.items()}, problems)
    unroller.unroll()
    vocabulary = unroller.vocabulary
    nodes, asks, lapsed = settle(unroller, assembly, problems)
    root = kinds_of(vocabulary, key(vocabulary.root.name))
    scope = Scope(vocabulary, lexicon, unroller.parameters, root)
    published, withdrawals = read_showings(assembly, scope, nodes, problems)
    model = assembly.policy
    since, until = policy_dates(assembly.policy, problems)
    program = Program(
        policy=str(model.policy), title=text_of(model.title or ""), status=model.status, since=since, until=until,
        chain=assembly.chain, vocabulary=vocabulary, parameters=parameters, nodes=nodes,
        notices={kind: tuple(sorted(rules, key=lambda r: r.id)) for kind, rules in sorted(unroller.notices.items(), key=_by_kind)},
        scope=read_conditions(assembly.scope, scope) if assembly.scope is not None else (),
        published=published, withdrawals=withdrawals,
        interpretations=dict(sorted(unroller.interpretations.items())), documents=cited_documents(assembly), lapsed=lapsed,
    )  # fmt: skip
    problems.stop_if_any()
    program = replace(program, asks=asks | _asked_besides(program, unroller))
    program = replace(program, idle=idle_sets(program, scope))
    return interned(replace(program, digest=digest_of_meaning(program))), unroller


def settle(unroller: Unroller, assembly: Assembly, problems: Problems) -> tuple[tuple[Node, ...], frozenset[NodeKey], tuple[str, ...]]:
    """The nodes of what was unrolled, in layers, overrides settled. Raises `InputError` with every mistake found so far."""
    check_citations(assembly, problems)
    problems.stop_if_any()
    found = _nodes(unroller, assembly, problems)
    problems.stop_if_any()
    return found


def _asked_besides(program: Program, unroller: Unroller) -> frozenset[NodeKey]:
    """The attributes that notes, warnings, the scope and withdrawals read."""
    found: set[NodeKey] = set()
    for kind, rules in program.notices.items():
        for rule in rules:
            found |= reads(rule, unroller.scope((kind,)))
    root = unroller.scope(kinds_of(program.vocabulary, key(program.vocabulary.root.name)))
    for condition in (*program.scope, *(each.once for each in program.withdrawals if each.once is not None)):
        found |= condition_reads(condition, root)
    for withdrawal in program.withdrawals:
        if withdrawal.until_then:
            found |= {NodeKey(k.entity, k.parent, k.member, withdrawal.until_then) for k in withdrawal.kinds}
    return frozenset(found)


def _by_kind(entry: tuple[Kind, object]) -> tuple[str, str, str]:
    return entry[0].entity, entry[0].parent, entry[0].member


def _lexicon(vocabulary: Vocabulary, parameters: dict[str, ParameterValues]) -> Lexicon:
    names = list(vocabulary.names())
    for parameter in parameters.values():
        names.append(parameter.name)
        if isinstance(parameter.type, Choice):
            names += parameter.type.values
    return Lexicon(names)


# -- parameters -------------------------------------------------------------------------------------------------------


def read_parameters(assembly: Assembly, problems: Problems) -> dict[str, ParameterValues]:
    """The parameters of a policy by their keys, mistakes noted."""
    found: dict[str, ParameterValues] = {}
    for item in sorted(assembly.items.values(), key=lambda each: str(each.id)):
        if item.kind == "parameter":
            if key(item.id) in found:
                first, second = sorted((found[key(item.id)].place, item.place))
                problems.add("RW401", second, f"the parameter `{item.id}` is there twice", f"first in {first}")
            try:
                found[key(item.id)] = _parameter(item, assembly)
            except InputError as error:
                problems.take(error)
    return found


def _check_parameter_names(vocabulary: Vocabulary, parameters: dict[str, ParameterValues], problems: Problems) -> None:
    """A word of the vocabulary would be read instead of a parameter of that name."""
    words = {key(each): each for each in vocabulary.names()}
    for name, parameter in parameters.items():
        if name in words:
            problems.add("RW333", parameter.place, f"the parameter `{parameter.name}` has the name of a word of the vocabulary",
                         "give it a name of its own")  # fmt: skip
        elif [token.type for token in Lexicon([parameter.name]).tokens(parameter.name)] != ["NAME"]:
            problems.add("RW208", parameter.place, f"`{parameter.name}` cannot be a name or a value: the rule language "
                         "reads it as something else", "choose another name")  # fmt: skip


def _parameter(item: Item, assembly: Assembly) -> ParameterValues:
    model = read_as(ParameterModel, item.tree, item.place.file)
    own = assembly.parameters.get(key(item.id))
    if own is None and (model.value is None) == (not model.values):
        fault = "has both `value` and `values`" if model.value is not None else "has no value"
        raise InputError(Problem(item.place, "RW333", f"the parameter `{item.id}` {fault}", "write `value`, or `values` by date"))
    if own is not None:
        written: list[tuple[int | None, Text]] = [(None, own)]
    elif model.value is not None:
        written = [(None, model.value)]
    else:
        written = sorted((_since(each), value) for each, value in (model.values or {}).items())
    first = model.value or next(iter((model.values or {}).values()), None) or own or Text()
    kind = parameter_type(first, tuple(map(str, model.one_of)) if model.one_of else None)
    values: list[tuple[int | None, Value]] = []
    for since, text in written:
        value = kind.parse(text) if kind is not None else None
        if kind is None or value is None:
            expected = f"expected {kind.expected()}" if kind else "expected a number, a length of time, a date, yes or no, or `one of`"
            raise InputError(Problem(place_of(text, item.place), "RW333", f"`{text}` is not a value of `{item.id}`", expected))
        values.append((since, value))
    assert kind is not None
    return ParameterValues(str(item.id), kind, tuple(values), text_of(model.meaning or ""), citations(item.tree.get("source")),
                           _named_interpretation(item), item.place)  # fmt: skip


def _named_interpretation(item: Item) -> str:
    written = item.tree.get("interpretation")
    return str(written.get("id", "")) if isinstance(written, dict) else str(written or "")


def _since(text: Text) -> int:
    day = parse_date(text)
    if day is None:
        raise InputError(Problem(place_of(text), "RW333", f"`{text}` is not a date",
                                 "values are named by the date since which they hold"))  # fmt: skip
    return day


def parameter_type(text: str, one_of: tuple[str, ...] | None) -> Type | None:
    """The type of a parameter, from its value as written."""
    if one_of:
        return Choice(one_of)
    for kind in (Months(), Number(True), Number(False), Date(), YesNo()):
        if kind.parse(text) is not None:
            return kind
    return None


# -- nodes ------------------------------------------------------------------------------------------------------------


def _nodes(
    unroller: Unroller, assembly: Assembly, problems: Problems
) -> tuple[tuple[Node, ...], frozenset[NodeKey], tuple[str, ...]]:
    """The derived attributes in layers, the given ones that rules ask for, and the overrides that lapsed."""
    vocabulary = unroller.vocabulary
    drafts: dict[NodeKey, list[Draft]] = {}
    for kind in kinds_in(vocabulary):
        for name, attribute in vocabulary.entities[kind.entity].attributes.items():
            if not attribute.given and not attribute.hidden:
                drafts[NodeKey(kind.entity, kind.parent, kind.member, name)] = []
    for draft in unroller.drafts:
        drafts.setdefault(draft.node, []).append(draft)
    needs, places, asks = {}, {}, set()
    for node, found in drafts.items():
        scope = unroller.scope((node.kind,))
        read = {each for draft in found for each in reads(draft.rule, scope)}
        needs[node] = {each for each in read if each in drafts}
        asks |= read - needs[node]
        places[node] = found[0].rule.place if found else Place("")
    built, lapsed = nodes_of(drafts, unroller, assembly, problems)
    try:
        layer = layers(needs, vocabulary, places)
    except InputError as error:
        problems.take(error)
        return (), frozenset(), ()
    layered = (replace(node, layer=layer[node.key]) for node in built)
    return tuple(sorted(layered, key=lambda each: (each.layer, each.key))), frozenset(asks), lapsed


def nodes_of(drafts: dict[NodeKey, list[Draft]], unroller: Unroller, assembly: Assembly,
             problems: Problems) -> tuple[list[Node], tuple[str, ...]]:  # fmt: skip
    """The derived attributes that rules were unrolled for, not yet in layers, and the overrides that lapsed."""
    lapsed = _check_targets([draft for found in drafts.values() for draft in found], assembly, problems)
    built = []
    for node, found in drafts.items():
        try:
            built.append(_node(node, found, unroller.vocabulary))
        except InputError as error:
            problems.take(error)
    return built, lapsed


def _check_targets(drafts: list[Draft], assembly: Assembly, problems: Problems) -> tuple[str, ...]:
    """Every override names a rule about the same attribute; one that names a repealed rule lapses."""
    aliases: dict[NodeKey, set[str]] = {}
    everywhere: set[str] = set()
    for draft in drafts:
        aliases.setdefault(draft.node, set()).update(draft.aliases)
        everywhere |= draft.aliases
    reached: dict[tuple[str, str], tuple[Text, bool]] = {}
    limits = {draft.rule.written for draft in drafts if draft.rule.effect == "limit"}
    limits -= {draft.rule.written for draft in drafts if draft.rule.effect != "limit"}
    for draft in drafts:
        for target in draft.targets:
            if draft.rule.effect == "value" and str(target) in (draft.rule.id, draft.rule.written):
                problems.add("RW329", place_of(target), f"`{target}` overrides itself", "name the rule that it goes before")
            if str(target) in limits:
                problems.add("RW331", place_of(target), f"`{target}` is a limit, and limits are not overridden",
                             "give the limit a condition, such as `unless:`")  # fmt: skip
            same = str(target) in aliases[draft.node]
            before = reached.get((draft.rule.written, str(target)), (target, False))
            reached[(draft.rule.written, str(target))] = (target, before[1] or same)
    gone = {name for change in assembly.changes if change.action == "repeals" for name in (*change.expanded, change.target)}
    lapsed = set()
    for (rule, name), (target, same) in reached.items():
        if same:
            continue
        if name in gone or name.partition("@")[0] in gone:
            lapsed.add(f"{rule} no longer overrides {name}")
        elif name in everywhere:
            problems.add("RW331", place_of(target), f"`{rule}` overrides `{name}`, which gives another attribute",
                         "only rules about the same attribute override one another")  # fmt: skip
        else:
            problems.add("RW330", place_of(target), f"there is no rule `{name}` to override", nearest(name, everywhere))
    return tuple(sorted(lapsed))


def _node(node: NodeKey, drafts: list[Draft], vocabulary: Vocabulary) -> Node:
    attribute = vocabulary.entities[node.entity].attributes[node.attribute]
    values = sorted((d for d in drafts if d.rule.effect == "value"), key=lambda d: d.rule.id)
    others = [d.rule for d in drafts if d.rule.effect == "otherwise"]
    if len(others) > 1:
        raise InputError(Problem(others[1].place, "RW334", f"`{others[0].id}` and `{others[1].id}` both say `otherwise` about "
                                 f"`{attribute.name}`", f"keep one; the first is in {others[0].place}"))  # fmt: skip
    above = _above(values, attribute.name)
    rules = tuple(replace(d.rule, overrides=frozenset(values[j].rule.id for j in range(len(values)) if i in above[j]))
                  for i, d in enumerate(values))  # fmt: skip
    apart = frozenset((i, j) for i, j in combinations(range(len(rules)), 2) if never_disagree(rules[i], rules[j]))
    return Node(
        node, attribute, 0, rules, above, apart, _exhaustive(rules, [d.table for d in values]),
        others[0] if others else None, tuple(sorted((d.rule for d in drafts if d.rule.effect == "limit"), key=lambda r: r.id)),
    )  # fmt: skip


def _above(drafts: list[Draft], name: str) -> tuple[frozenset[int], ...]:
    """For each rule those that defeat it. Raises `InputError` (RW329) when rules defeat one another in a circle."""
    below: list[set[int]] = []
    for draft in drafts:
        targets = {str(each) for each in draft.targets}
        below.append({i for i, other in enumerate(drafts) if other is not draft and targets & other.aliases})
    above: list[set[int]] = [set() for _ in drafts]
    for start in range(len(drafts)):
        waiting, seen = list(below[start]), set[int]()
        while waiting:
            each = waiting.pop()
            if each == start:
                circle = [drafts[i].rule.id for i in sorted(seen | {start}) if start in _reach(below, i)]
                raise InputError(Problem(drafts[start].rule.place, "RW329", f"rules about `{name}` override one another in a "
                                         f"circle: {' -> '.join([*circle, circle[0]])}",
                                         "take one of these `overrides` away"))  # fmt: skip
            if each not in seen:
                seen.add(each)
                waiting += below[each]
        for each in seen:
            above[each].add(start)
    return tuple(map(frozenset, above))


def _reach(below: list[set[int]], start: int) -> set[int]:
    seen: set[int] = set()
    waiting = list(below[start])
    while waiting:
        each = waiting.pop()
        if each not in seen:
            seen.add(each)
            waiting += below[each]
    return seen


def never_disagree(one: Rule, other: Rule) -> bool:
    """Whether two rules can never both hold and give different values, by their own words."""
    if one.value == other.value:
        return True
    for a in one.conditions:
        for b in other.conditions:
            if _exclude(a, b) or _negates(a, b) or _negates(b, a):
                return True
    return False


def _exclude(a: Condition, b: Condition) -> bool:
    """Two comparisons of one thing whose values do not meet."""
    if not (isinstance(a.body, Compare) and isinstance(b.body, Compare) and a.body.left == b.body.left):
        return False
    one, other = region(a.body), region(b.body)
    return one is not None and other is not None and not meet(one, other)


def _negates(a: Condition, b: Condition) -> bool:
    """`b` says that none of some conditions hold, and `a` is one of them."""
    return isinstance(b.body, Joined) and b.body.kind == "none of" and any(part.body == a.body for part in b.body.parts)


def _exhaustive(rules: tuple[Rule, ...], tables: list[Table | None]) -> tuple[Exhaustive, ...]:
    found: list[Exhaustive] = []
    single: dict[int, tuple[Compare, list[tuple[int, Region]]]] = {}
    for index, rule in enumerate(rules):
        body = rule.conditions[0].body if len(rule.conditions) == 1 else None
        values = region(body) if isinstance(body, Compare) else None
        if isinstance(body, Compare) and values is not None:
            for known, group in single.values():
                if known.left == body.left:
                    group.append((index, values))
                    break
            else:
                single[index] = (body, [(index, values)])
    for body, group in single.values():
        assert body.left.type is not None
        if covers([values for _, values in group], body.left.type):
            found.append(Exhaustive(frozenset(i for i, _ in group), (body.left,)))
    for table in {id(t): t for t in tables if t is not None and len(t.inputs) > 1}.values():
        if is_complete(table):
            found.append(Exhaustive(frozenset(i for i, t in enumerate(tables) if t is table), tuple(e for _, e in table.inputs)))
    return tuple(found)


def covers(regions: list[Region], kind: Type) -> bool:
    """Whether every value of a type lies in one of the regions."""
    domain = whole(kind)
    if domain is None:
        return False
    if isinstance(kind, FINITE):
        assert isinstance(domain, frozenset)
        return domain <= frozenset().union(*(r for r in regions if isinstance(r, frozenset)))
    from .regions import atoms

    return all(inside for _, inside in atoms(regions, kind))
