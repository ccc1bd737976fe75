"""What alarms need to remember: how each site did, and the changes that still have to be sent."""
