"""The outcome of a run as text for a person: ratings first, then why, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from rulewright.engines.outcome import Answer, Decision, Outcome

from .branches import Branch, Explainer, few


def ratings(decision: Decision) -> tuple[list[str], list[list[str]]]:
    """The published answers as a table: a row for each entity, a column for each attribute or fixed member."""
    by_entity: dict[str, list[Answer]] = {}
    for answer in decision.answers:
        by_entity.setdefault(answer.entity, []).append(answer)
    rows: dict[str, dict[str, str]] = {}
    columns: dict[str, None] = {}
    for entity, answers in by_entity.items():
        shown = [each for each in answers if each.published]
        holder, _, member = entity.rpartition(" > ")
        for answer in shown:
            is_member = member in decision.members and bool(holder) and len(shown) == 1
            row, column = (holder, member) if is_member else (entity, answer.label)
            columns.setdefault(column)
            rows.setdefault(row, {})[column] = answer.value
    own = [column for column in columns if column not in decision.members]
    ordered = own + [column for column in columns if column not in own]
    order = {entity: index for index, entity in enumerate(by_entity)}
    table = [[_indented(row, decision), *(rows[row].get(column, "") for column in ordered)]
             for row in sorted(rows, key=lambda each: order.get(each, 0))]  # fmt: skip
    return ["", *ordered], table


def _indented(path: str, decision: Decision) -> str:
    if path == decision.root:
        return decision.entity
    steps = path.split(" > ")
    return "  " * (len(steps) - 1) + steps[-1]


def head(outcome: Outcome) -> list[str]:
    """What was decided, under which policy; what it must not be taken for."""
    decision = outcome.decision
    policy = decision.policy
    title = f"{policy.title} ({policy.id})" if policy.title else policy.id
    lines = [decision.case, f"policy: {title}, {policy.status}; {policy.chosen}; decided as at {decision.as_at}"]
    lines += [f"NOT A RATING: {reason}" for reason in decision.not_a_rating]
    return lines


def why(decision: Decision, everything: bool = False) -> list[Branch]:
    """Why the outermost entity's published answers are what they are; or, where it has none, each first one below."""
    explainer = Explainer(decision, everything)
    published = [each for each in decision.answers if each.published]
    first = [each for each in published if each.entity == decision.root] or published
    if everything:
        first = published
    return [explainer.why(each) for each in first]


def rests_on(outcome: Outcome) -> Iterator[Branch]:
    """Notes, warnings, what was withdrawn, published, supplied, assumed, missing."""
    decision = outcome.decision
    for kind, title in (("warning", "warnings"), ("note", "notes")):
        found = [each for each in decision.notices if each.kind == kind]
        if found:
            branch = Branch(title, "head")
            for notice in found:
                perhaps = "perhaps: " if notice.status == "may fire" else ""
                branch.add(f"{notice.entity}: {perhaps}{notice.text} [{notice.rule}]")
            yield branch
    judged = [each for each in decision.answers if each.judgement is not None]
    if judged:
        branch = Branch("judgements", "head")
        for answer in judged:
            assert answer.judgement is not None
            line = branch.add(f"{answer.entity} > {answer.attribute}: {answer.value}, judged by {answer.judgement.by} on "
                              f"{answer.judgement.on}: {answer.judgement.reason}")  # fmt: skip
            line.add(f"the rules gave {' or '.join(answer.judgement.rules_gave)}")
            for limit in answer.judgement.passes_limits:
                line.add(f"the judgement passes the limit {limit}")
        yield branch
    if decision.not_published:
        branch = Branch("not published", "head")
        for each in decision.not_published:
            until = f"; until then, as given under the earlier approach: {each.given_earlier}" if each.given_earlier else ""
            cited = f" - {', '.join(' '.join(filter(None, (s.document, s.section))) for s in each.sources)}" if each.sources else ""
            words = {"withdrawn": "withdrawn", "undecided": "perhaps withdrawn", "not yet": "to be withdrawn"}[each.status]
            branch.add(f"{each.entity} > {each.label}: {words} by {each.withdrawn_by}{until}{cited}")
        yield branch
    if decision.published:
        branch = Branch("published ratings", "head")
        for compared in decision.published:
            verdict = {"agrees": "agrees", "differs": f"differs: here {' or '.join(compared.outcome)}",
                       "possible": f"is among those possible: {' or '.join(compared.outcome)}"}[compared.verdict]  # fmt: skip
            branch.add(f"{compared.entity} > {compared.attribute}: {compared.published} {verdict}")
        yield branch
    if decision.supplied:
        branch = Branch("supplied from outside", "head")
        for stated in decision.supplied:
            branch.add(f"{stated.entity} > {stated.attribute}: {stated.value}")
        yield branch
    if decision.missing:
        branch = Branch("missing facts that matter", "head")
        for read in decision.missing:
            branch.add(f"{read.entity} > {read.attribute}")
        yield branch
    if decision.defaults:
        branch = Branch("defaults relied on", "head")
        for relied in decision.defaults:
            branch.add(f"{relied.attribute}: {relied.value} ({few(relied.entities, 3)})")
        yield branch
    if decision.interpretations:
        branch = Branch("interpretations relied on", "head")
        for one in decision.interpretations:
            branch.add(f"{one.id} ({one.mark or 'assumed'}): {one.assumed}")
        yield branch
    if decision.policy.rejected:
        branch = Branch("policies not chosen", "head")
        for rejected in decision.policy.rejected:
            branch.add(f"{rejected.policy}: {rejected.reason}")
        yield branch
    changed = [each for each in decision.parameters if each.set]
    if changed:
        branch = Branch("parameters set for this run", "head")
        for parameter in changed:
            branch.add(f"{parameter.name}: {parameter.value}")
        yield branch


def table_lines(columns: list[str], rows: list[list[str]]) -> list[str]:
    """A table in plain text, its columns aligned."""
    widths = [max(len(row[i]) for row in [columns, *rows]) for i in range(len(columns))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in [columns, *rows]]
