"""Articles keep their identity: sessions in addresses, numbers that are shared, addresses that pages name."""
