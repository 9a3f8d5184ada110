"""The Textual front end of uplevel. It draws session states and posts intentions; it decides nothing."""
