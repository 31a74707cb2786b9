"""Benchmarks: figures of this machine, each beside a reference taken in the same run."""
