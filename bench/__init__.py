"""Benchmarks: ours beside what people use today. Run ``python bench/run.py``."""
