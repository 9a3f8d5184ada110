"""The start page: everything that can be known of a session before anything runs."""

from wizard.engine.request import Preparation, Request


def prepare(request: Request) -> Preparation:
    raise NotImplementedError(request)


def with_values(preparation: Preparation, values: dict[str, str]) -> Preparation:
    raise NotImplementedError(preparation, values)
