"""The worker: readers and floors on Kafka."""
