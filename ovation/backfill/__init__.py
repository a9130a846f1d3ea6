"""History counted again: from Kafka while it retains a span of time, or from files of past records.

The jobs' own queries run over an input that ends (`jobs/bounded.py`), so the numbers are the same ones. They run in a
Flink of their own in a child process on this machine, not on the cluster: a file is here and not where the TaskManagers
are, no free slot is needed, and the live jobs keep theirs.
"""

from typing import Literal

Kind = Literal["reactions", "votes"]
"""What can be counted again, by the topic that it is in."""
