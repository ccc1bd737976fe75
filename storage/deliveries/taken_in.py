"""Which deliveries a collection took in, and whether one is missing between them."""

from storage.collection import Collection
from storage.exports.delivery import Delivery


def is_known(collection: Collection, digest: str) -> bool:
    """Whether the delivery whose statement has this digest was taken in before."""
    return next(collection.rows("SELECT 1 FROM deliveries WHERE digest = ?", [digest]), None) is not None


def put(collection: Collection, delivery: Delivery, *, name: str, at: str) -> None:
    """Note that a delivery was taken in, in the open batch."""
    before = delivery.previous.digest if delivery.previous else None
    collection.execute(
        "INSERT OR IGNORE INTO deliveries (digest, identifier, previous, name, at) VALUES (?, ?, ?, ?, ?)",
        (delivery.digest, delivery.identifier, before, name, at),
    )


def gap(collection: Collection, delivery: Delivery) -> str | None:
    """Return what to say where a delivery goes on from one that was not taken in, None where none is missing."""
    before = delivery.previous
    if before is None or is_known(collection, before.digest):
        return None
    return (
        f"this delivery goes on from {before.identifier}, which was not imported here: import that, too, before or "
        "after this one"
    )
