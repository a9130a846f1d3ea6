"""Faults on purpose: a seed decides what breaks and when, a crowd keeps its account, and the promises are held to it
(docs/reliability.md).

`plan.py` draws a schedule from its seed, `faults.py` lists what can happen, `machine.py` does it to an embedded stack,
`trial.py` runs one schedule from its crowd to its findings, and `promises.py` says which promise a finding breaks.
"""
