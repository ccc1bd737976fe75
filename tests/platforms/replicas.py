"""All replicas of platforms."""

from tests.platforms import cities, common, enterprise, government, nukeviet, scripted, unknown

ALL = [
    replica()
    for module in (government, cities, common, nukeviet, enterprise, scripted, unknown)
    for replica in vars(module).values()
    if isinstance(replica, type) and replica.__module__ == module.__name__
]
BY_PLATFORM = {replica.platform: replica for replica in ALL}
