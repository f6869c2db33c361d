"""Forms, found by their names and numbers: start at `names`."""
