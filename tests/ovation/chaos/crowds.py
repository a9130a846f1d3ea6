from ovation.audience.plan import Plan

SMALL = Plan(
    streams=2,
    viewers=30,
    taps_per_s=100,
    seconds=14,
    voters=120,
    vote_seconds=12,
    double_vote_share=0.3,
    http_share=0.3,
    screens=4,
)
"""Enough to be wrong about, and few enough to run beside other tests."""
