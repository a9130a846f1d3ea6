"""A deployment at full load: a topic that is filled beforehand, a Flink cluster of its own, and what a run takes."""
