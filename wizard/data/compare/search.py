"""Two search backends compared by what their apps tell at `/_status`: for each alias the index behind it."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.errors import UplevelError, UsageProblem


_MOST = 1 << 63


class NotReached(UplevelError):
    """An app's status could not be had; nothing is known about its backend."""

    title = "A backend cannot be asked"
    code = UsageProblem.code


@dataclass(frozen=True, slots=True)
class Index:
    """An index as the status tells of it."""

    name: str
    documents: int
    framework: str
    mapping: str
    window: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the comparison.

    Attributes:
        alias: What is compared; an index without an alias stands under its own name.
        old: The index behind it in the old backend, or None.
        new: The same in the new one.
        differences: What differs, each with what to do; empty when nothing does.
    """

    alias: str
    old: Index | None
    new: Index | None
    differences: tuple[str, ...]


def ask(address: str, timeout: float) -> "subprocess.CompletedProcess[bytes]":
    """Have `curl` ask an address: the one that the person who asks would take, in a rehearsal the pretend one.

    Args:
        address: What is asked.
        timeout: Seconds.

    Raises:
        FileNotFoundError: There is no curl.
        subprocess.TimeoutExpired: It did not end.
    """
    return subprocess.run(
        ["curl", "-sS", "-f", "--max-time", str(int(timeout)), address],  # noqa: S607 - see above
        capture_output=True,
        check=False,
        timeout=timeout + 5,
    )


def fetch(url: str, *, timeout: float = 20.0) -> Mapping[str, Any]:
    """The status document of an app, fetched by the `curl` of the PATH, so that its proxies and certificates hold.

    Args:
        url: The app's address; `/_status` is added where it is not there.
        timeout: Seconds.

    Raises:
        NotReached: There was no answer, or one that is no status.
    """
    if not url.lower().startswith(("https://", "http://")):
        # Anything else curl would take as an option, or as a file of this machine.
        raise NotReached(f"{url[:200]} is no address of an app.", "Write it with https:// or http:// before it.")
    address = url if url.rstrip("/").endswith("/_status") else f"{url.rstrip('/')}/_status"
    try:
        done = ask(address, timeout)
    except FileNotFoundError:
        raise NotReached("There is no curl on the PATH.", "Install curl.") from None
    except subprocess.TimeoutExpired:
        raise NotReached(f"{address} did not answer in {timeout:.0f} s.", "Look at the app and its route.") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip() or f"curl ended with {done.returncode}"
        raise NotReached(f"{address} cannot be asked: {said}", "Look at the app and its route.")
    try:
        document = json.loads(done.stdout)
        indices_of(document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise NotReached(
            f"{address} answers, but not with the status of a search app.", "Is the address right?"
        ) from None
    return dict(document)


def indices_of(status: Mapping[str, Any]) -> dict[str, list[Index]]:
    """The indices of a status by alias; those without one by their own name.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: It is no status.
    """
    found: dict[str, list[Index]] = {}
    for name, about in status["es_status"].items():
        index = Index(
            name,
            _count(about["num_docs"]),
            str(about.get("mapping_generated_from_framework", "")),
            str(about.get("mapping_version", "")),
            str(about.get("max_result_window", "")),
        )
        aliases = about["aliases"] or [name]
        if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
            raise TypeError("aliases are a list of names")
        for alias in aliases:
            found.setdefault(alias, []).append(index)
    return found


def _count(told: object) -> int:
    """A number of documents.

    Raises:
        ValueError: It is none.
    """
    if isinstance(told, bool) or not isinstance(told, int | str) or not 0 <= int(told) < _MOST:
        raise ValueError("no number of documents")
    return int(told)


def compare_status(
    old: Mapping[str, Any], new: Mapping[str, Any], *, drift: int = 0, alias: str = "", index: str = ""
) -> list[Finding]:
    """Compare two status documents.

    Aliases that end in `-old` are what the alias script leaves for a way back; they are not compared.

    Args:
        old: Of the app that serves.
        new: Of the app that will.
        drift: How many documents an index may differ by, for writes since it was filled.
        alias: The only alias to compare; empty for all.
        index: The new index to compare, for an alias that does not lead to it yet.

    Returns:
        A line for each alias, in alphabetical order.
    """
    before, after = indices_of(old), indices_of(new)
    if index:
        after[alias] = [found for each in after.values() for found in each if found.name == index][:1]
    aliases = [alias] if alias else sorted(each for each in {*before, *after} if not each.endswith("-old"))
    return [_finding(each, before.get(each, []), after.get(each, []), drift) for each in aliases]


def _finding(alias: str, before: list[Index], after: list[Index], drift: int) -> Finding:
    differences = [
        f"the {which} backend has {len(found)} indices behind this alias; point it to one of them"
        for which, found in (("old", before), ("new", after))
        if len(found) > 1
    ]
    old, new = next(iter(before), None), next(iter(after), None)
    if old is None and new is None:
        differences.append("neither backend has it: is the name right?")
    elif old is None:
        differences.append("only the new backend has it: an index made by mistake, or an alias that was misspelt")
    elif new is None:
        differences.append("the new backend lacks it: create the index and point the alias to it")
    else:
        differences += _of_two(old, new, drift)
    return Finding(alias, old, new, tuple(differences))


def _of_two(old: Index, new: Index, drift: int) -> Iterator[str]:
    apart = new.documents - old.documents
    if new.documents == 0 and old.documents:
        yield "the new index is empty: run the index script again, without --create-with-mapping"
    elif abs(apart) > drift:
        way = "more" if apart > 0 else "fewer"
        cure = "run the index script again, without --create-with-mapping"
        yield f"{abs(apart)} documents {way} in the new index: {cure}"
    if old.framework != new.framework:
        yield f"the mapping is made for {new.framework or 'no framework'}, not for {old.framework}: make the index anew"
    if old.mapping != new.mapping:
        yield f"the mapping has version {new.mapping or 'none'}, not {old.mapping}: is the release the same?"
    if old.window != new.window:
        yield f"max_result_window is {new.window or 'not set'}, not {old.window}"
