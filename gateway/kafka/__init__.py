"""Writing to Kafka without ever blocking the event loop."""
