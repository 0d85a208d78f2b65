"""Replay: the monitor over recorded events, with the reader and floor that also run live."""
