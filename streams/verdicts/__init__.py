"""What alerts were, as people judged them: given, proposed from, and counted."""
