"""What a run printed. `OutputLog` is the one reader of it: what of it is kept and where, whence it came, and when."""

from wizard.record.output.follower import OutputFollower, OutputPart
from wizard.record.output.output_file import OutputFile
from wizard.record.output.output_log import OutputLog, Segment


__all__ = ["OutputFile", "OutputFollower", "OutputLog", "OutputPart", "Segment"]
