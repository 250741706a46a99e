"""The sections of the report, one file each: what an experiment found, in words and pictures."""
