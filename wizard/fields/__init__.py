"""What the keys of a file are made of: scalars, names, templates, command lines, patterns, parameters."""
