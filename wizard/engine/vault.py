"""The secrets a session holds: in memory, in this process, and nowhere else (promise 5)."""

from collections.abc import Callable, Mapping
from typing import Any

from wizard.engine.record_limits import redacted
from wizard.execution.redact import for_text


class Vault:
    """Secret values by name.

    Args:
        secrets: What is known from the start.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = dict(secrets)
        self._redact: Callable[[str], str] = for_text(self._secrets)

    def __repr__(self) -> str:
        return f"Vault({len(self._secrets)} secrets)"

    @property
    def names(self) -> frozenset[str]:
        """The names of what is held."""
        return frozenset(self._secrets)

    @property
    def secrets(self) -> Mapping[str, str]:
        """Name and value; for orders to supervisors and for `env:` and `stdin:` of a step."""
        return self._secrets

    def keep(self, name: str, value: str) -> None:
        """Hold one more secret."""
        self._secrets[name] = value
        self._redact = for_text(self._secrets)

    def redact(self, text: str) -> str:
        """The text with every known secret replaced by `[redacted:NAME]`."""
        return self._redact(text) if self._secrets else text

    def redact_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """The same through all fields of an event, the record's own words apart."""
        if not self._secrets:
            return data
        clean: dict[str, Any] = redacted(data, self._redact)
        return clean
