"""Figures for Prometheus."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Histogram(
    "doorway_request_seconds",
    "Time to answer an HTTP request",
    ["method", "route", "status"],
    buckets=(0.003, 0.006, 0.012, 0.025, 0.05, 0.1, 0.25, 0.6, 1.5, 5.0),
)
TURNS = Counter("doorway_turns_total", "Messages answered", ["language", "understood"])
ERASED = Counter("doorway_erased_total", "Rows deleted by age", ["table"])
