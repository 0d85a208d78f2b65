"""The inventory: what is connected, what it may do, what it did do, and when somebody last looked at it."""
