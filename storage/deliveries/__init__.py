"""Deliveries that a collection took in, and what each brought."""
