"""What the visitors of a rehearsal's site noticed, in sentences for whoever rehearsed."""

from collections.abc import Mapping
from typing import Any


def visitor_summary(report: Mapping[str, Any]) -> str:
    """Sentences behind another; empty where nobody wrote anything.

    Args:
        report: What the lab tells: see `Visitors.report`, and `lost` beside it for the database.
    """
    told = ""
    database, sessions = report.get("postgres", {}), report.get("redis", {})
    if database.get("acknowledged"):
        told += f" The site's visitors wrote {database['acknowledged']:,} rows{_lost(database)}{_refused(database)};"
        told += f" the longest time without one was {database['longest_gap']:.1f} s."
    if sessions.get("acknowledged") or sessions.get("found"):
        out = sessions.get("logged_out", 0)
        told += f" {sessions['found']:,} sessions that were looked for were there, {out:,} gone{_refused(sessions)}."
    return told


def _lost(counts: Mapping[str, Any]) -> str:
    lost = counts.get("lost")
    if lost is None:
        return ""
    return f", {lost:,} of them lost" if lost else ", none of them lost"


def _refused(counts: Mapping[str, Any]) -> str:
    refused = sum(counts.get("refused", {}).values())
    return f"; {refused:,} requests were refused" if refused else ""
