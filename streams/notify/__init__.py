"""Delivery: what the floors found, told to people and their tools, once each.

`desk` decides, without clock or network; `agent` and `receivers` do what it decides.
"""
