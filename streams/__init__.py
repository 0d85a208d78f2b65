"""Floorwalker's streams: what travels, how it is read, judged, replayed and told."""
