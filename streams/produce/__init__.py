"""Producing: recorded or simulated events onto the topics, at any speed, with marks of event time."""
