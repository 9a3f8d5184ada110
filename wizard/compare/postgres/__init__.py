"""Two PostgreSQL databases compared: an inventory of each, every row by checksums, every sequence. It reads only."""

from wizard.compare.postgres.comparing import Options, compare_databases
from wizard.compare.postgres.connection import NotCompared
from wizard.compare.postgres.report import Difference, Report, TableRows
from wizard.compare.postgres.sides import Side, side_of


__all__ = ["Difference", "NotCompared", "Options", "Report", "Side", "TableRows", "compare_databases", "side_of"]
