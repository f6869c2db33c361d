"""Benchmarks: ratios taken in one run, for absolute figures move with the machine."""
