"""Two PostgreSQL databases compared: an inventory of each, every row by checksums, every sequence. It reads only."""

from wizard.data.compare.postgres.comparing import Options, compare_databases
from wizard.data.compare.postgres.connection import NotCompared
from wizard.data.compare.postgres.report import ComparisonReport, Difference, TableRows
from wizard.data.compare.postgres.sides import Side, side_of


__all__ = [
    "ComparisonReport",
    "Difference",
    "NotCompared",
    "Options",
    "Side",
    "TableRows",
    "compare_databases",
    "side_of",
]
