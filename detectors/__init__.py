"""Detectors: plain values in, verdicts and findings out. They know no topic, slot, tenant or clock."""
