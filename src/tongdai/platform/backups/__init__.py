"""A city in one file: saved, sealed, proven, brought back. Read README.md first."""
