"""Twenty thousand secrets in every spelling, cut anywhere, with all that hides nothing inside them: none is read."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.secret_noise import Case, cases, readable
from wizard.execution.redact import Redactor


@pytest.mark.storm
@settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(cases())
def test_no_secret_can_be_read_in_any_spelling_through_any_noise(case: Case) -> None:
    redactor = Redactor({"key": case.secret})
    out = case.redacted(redactor)
    assert list(readable(case, out)) == [], out
    assert out == Redactor({"key": case.secret}).redact(case.printed), "the cut changes nothing"
    assert redactor.counts["key"] >= 1
