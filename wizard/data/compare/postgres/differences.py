"""Two inventories compared. Pure: nothing is asked here."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from hashlib import sha256

from wizard.data.compare.postgres.inventory import SUBJECTS, Inventory, Name, Thing
from wizard.data.compare.postgres.naming import full_name
from wizard.data.compare.postgres.report import Counted, Difference
from wizard.data.compare.postgres.subjects import CONSTRAINTS, DEFAULT_CURE, EXTENSIONS, TABLES, Subject
from wizard.data.compare.postgres.subjects_rights import EVERYWHERE, SETTINGS


_LITERAL = re.compile(r"('(?:[^']|'')*')")
_NO_MATTER = re.compile(r'[\s()"]+|\b[a-z_]\w*\.')
_DEFINED = frozenset({"definition", "default", "partition", "partition key", "checks", "base"})
"""Facts that the server writes out anew from what it has stored; another major may write them another way."""
_SHOWN_MOST = 80


def compare_inventories(old: Inventory, new: Inventory) -> tuple[list[Difference], list[Counted], list[str]]:
    """Compare everything but rows and sequences.

    Args:
        old: Of the database that serves.
        new: Of the one that will.

    Returns:
        The differences; how many things of each subject there are; notes.
    """
    differences: list[Difference] = []
    counted: list[Counted] = []
    sides = (("old", old), ("new", new))
    notes = [f"left over in the {which} database: {what}" for which, side in sides for what in side.left_over]
    for (which, side), other in zip(sides, (new, old), strict=True):
        roles = sorted({name[1] for name in side.things.get(SETTINGS.name, {}) if _of_a_lone_role(name, other)})
        notes += [
            f"only the {which} server has the role {full_name((role,))}; its settings are left out" for role in roles
        ]
    lone = _lone(old, new)
    for subject in SUBJECTS:
        before = _comparable(subject, old, new)
        after = _comparable(subject, new, old)
        told = list(_of_subject(subject, before, after, (old.major, new.major), lone))
        found = [each for each in told if isinstance(each, Difference)]
        one_sided = 0 if subject.alone else len({*before} ^ {*after})
        both = len({each.name for each in found} - {full_name(name) for name in {*before} ^ {*after}})
        counted.append(Counted(subject.name, _many(before), _many(after), one_sided + both))
        notes += [each for each in told if isinstance(each, str)]
        differences += found
    return differences, counted, notes


def _comparable(subject: Subject, side: Inventory, other: Inventory) -> Mapping[Name, Thing]:
    """Things of one side that the other could have too: a privilege that 17 brought, a setting of a role it knows."""
    things = side.things.get(subject.name, {})
    if subject is SETTINGS:
        return {name: thing for name, thing in things.items() if not _of_a_lone_role(name, other)}
    if min(side.major, other.major) < 17 <= max(side.major, other.major):
        return {name: thing for name, thing in things.items() if not name[-1].endswith("\x01MAINTAIN")}
    return things


def _of_a_lone_role(name: Name, other: Inventory) -> bool:
    """Whether a setting is that of a role, wherever it logs in, that the other server lacks: a login of one side."""
    _, role, where, _ = name
    return where == EVERYWHERE and role not in {"", *other.roles}


def _of_subject(
    subject: Subject,
    before: Mapping[Name, Thing],
    after: Mapping[Name, Thing],
    majors: tuple[int, int],
    lone: AbstractSet[Name],
) -> Iterator[Difference | str]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        label = full_name(name)
        if subject.alone:
            yield from _validity(subject, label, old, new)
        elif old is not None and new is not None:
            yield from _of_two(subject, label, old, new, majors)
        elif not _falls_with(subject, old or new, lone):
            missing = new is None
            what = "the new database lacks it" if missing else "only the new database has it"
            yield Difference(subject.name, label, what, subject.missing if missing else subject.extra)


def _many(things: Mapping[Name, Thing]) -> int:
    return sum(int(thing.facts.get("count") or 0) if "count" in thing.facts else 1 for thing in things.values())


def _lone(old: Inventory, new: Inventory) -> AbstractSet[Name]:
    """Tables and views that one side alone has."""
    sides = ({*side.things.get("table", {}), *side.things.get("view", {})} for side in (old, new))
    return set[Name].symmetric_difference(*sides)


def _falls_with(subject: Subject, thing: Thing | None, lone: AbstractSet[Name]) -> bool:
    """Whether a thing is missing only because its table is, which is told once."""
    return subject is not TABLES and thing is not None and thing.table in lone


def _of_two(
    subject: Subject, label: str, old: Thing, new: Thing, majors: tuple[int, int]
) -> Iterator[Difference | str]:
    yield from _validity(subject, label, old, new)
    for fact in sorted({*old.facts, *new.facts} - {"valid"}):
        one, two = old.facts.get(fact), new.facts.get(fact)
        if one == two:
            continue
        if subject is EXTENSIONS and fact == "version" and majors[0] < majors[1] and _newer(one, two):
            yield f"extension {label} is newer in the new database ({one}, then {two}), as a new major often brings it"
        elif fact in _DEFINED and majors[0] != majors[1] and _bare(one) == _bare(two):
            yield (
                f"the {fact} of {subject.name} {label} differs in brackets, spaces or qualifiers only,"
                " as two majors may write it; look at it once"
            )
        else:
            cure = subject.cures.get(fact, DEFAULT_CURE)
            yield Difference(subject.name, label, _apart(subject, fact, one, two), cure)


def _validity(subject: Subject, label: str, old: Thing | None, new: Thing | None) -> Iterator[Difference | str]:
    """What is judged on each side: an index that serves no query, a constraint that was never validated."""
    was, is_ = (thing is None or thing.facts.get("valid") in {None, "true"} for thing in (old, new))
    if not is_ and (was or subject is not CONSTRAINTS):
        yield Difference(subject.name, label, "not valid in the new database", subject.cures.get("valid", DEFAULT_CURE))
    elif not is_:
        yield f"{subject.name} {label} is validated in neither database"
    elif not was:
        yield f"{subject.name} {label} is not valid in the old database"


def _apart(subject: Subject, fact: str, old: str | None, new: str | None) -> str:
    if fact in subject.shown:
        return f"{fact} {_brief(old)} in the old database, {_brief(new)} in the new one"
    if fact in _DEFINED or fact == "body":
        return f"its {fact} differs (sha256 {_hash(old)} in the old database, {_hash(new)} in the new one)"
    return f"its {fact} differs"


def _brief(value: str | None) -> str:
    text = value or "none"
    return text if len(text) <= _SHOWN_MOST else f"{text[:_SHOWN_MOST]}…"


def _hash(value: str | None) -> str:
    return sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8] if value else "none"


def _bare(text: str | None) -> str:
    """A definition without what majors write differently; what stands in quotes stays as it is."""
    return "".join(part if part.startswith("'") else _NO_MATTER.sub("", part) for part in _LITERAL.split(text or ""))


def _newer(old: str | None, new: str | None) -> bool:
    one, two = ([int(number) for number in re.findall(r"\d+", text or "")] for text in (old, new))
    return one < two
