"""The floor: facts in, alert changes out; a deterministic function of one log, without clock or I/O."""
