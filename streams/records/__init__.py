"""What travels: the typed records that the rest of the product exchanges."""
