"""Content: what one turn shows by its text, and what its conversation makes of that.

Every check has two halves. The first reads text: a pure function of one `Heard`, called by the reader; what
it returns (a `Score`, flags, keyed hashes) travels in the fact as a field of `Checks`. The second knows the
conversation: a pure function of `Memory` so far and the `Checks` of the next turn, called by the fold. No
text ever reaches the second half, and neither half knows a clock, a file or chance.
"""
