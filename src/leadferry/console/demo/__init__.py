"""The whole story of the product, told on embedded parts and invented people."""
