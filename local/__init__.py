"""The embedded stack: real Kafka, Flink, Redis, ClickHouse engine and gateway on one machine, under one supervisor.

Everything here starts, watches and stops processes; what the product does is nowhere in it.
"""
