"""Comparisons of an old backend with a new one. They read only; a difference is a finding with a cure."""

from wizard.data.compare.search import Finding, compare_status


__all__ = ["Finding", "compare_status"]
