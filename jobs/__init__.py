"""The Flink jobs. A job file is wiring: settings, sources, query, sink. The hot path stays in the JVM."""
