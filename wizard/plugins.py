"""What distributions bring along, found by a group of entry points: ours and those of others in the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points

from wizard.errors import UplevelError, UsageProblem, nearest


@dataclass(frozen=True, slots=True)
class Plugins:
    """All plugins of one kind.

    Args:
        group: The group of entry points.
        noun: What a message calls one of them.
    """

    group: str
    noun: str

    def names(self) -> list[str]:
        """The names of all that are installed; none of them is loaded for this."""
        return sorted(set(entry_points(group=self.group).names))

    def load(self, name: str) -> object:
        """What the entry point of this name refers to; no other plugin is loaded.

        Raises:
            UsageProblem: There is none of this name, there are several, or it cannot be loaded.
        """
        found = list(entry_points(group=self.group, name=name))
        if not found:
            names = self.names()
            listed = f"There are {', '.join(names)}." if names else "None is installed; install this program again."
            raise UsageProblem(f"There is no {self.noun} {name}.", f"{nearest(name, names)} {listed}".lstrip())
        if len(found) > 1:
            owners = sorted(point.dist.name if point.dist else point.value for point in found)
            raise UsageProblem(
                f"Several distributions bring a {self.noun} {name}: {', '.join(owners)}.", "Uninstall all but one."
            )
        with self.foreign_code(f"The {self.noun} {name} cannot be loaded"):
            return found[0].load()

    @contextmanager
    def foreign_code(self, failed: str) -> Iterator[None]:
        """Whatever a plugin raises becomes a sentence.

        Args:
            failed: How the sentence begins.

        Raises:
            UsageProblem: The plugin failed.
        """
        try:
            yield
        except UplevelError:
            raise
        # Code of somebody else may raise anything, and a traceback would read as a fault of uplevel.
        except Exception as problem:
            raise UsageProblem(
                f"{failed}: {type(problem).__name__}: {problem}", f"Mend or uninstall this {self.noun}."
            ) from problem
