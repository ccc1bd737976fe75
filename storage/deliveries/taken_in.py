"""Which deliveries a collection took in, and whether one is missing between them."""

from typing import TYPE_CHECKING

from storage.collection import Collection

if TYPE_CHECKING:
    from storage.exports.delivery import Delivery


def is_known(collection: Collection, digest: str) -> bool:
    """Whether the delivery whose statement has this digest was taken in before."""
    return next(collection.rows("SELECT 1 FROM deliveries WHERE digest = ?", [digest]), None) is not None


def put(collection: Collection, delivery: "Delivery", *, name: str, at: str) -> None:
    """Note that a delivery was taken in, in the open batch."""
    before = delivery.previous.digest if delivery.previous else None
    collection.execute(
        "INSERT OR IGNORE INTO deliveries (digest, identifier, collection, log, previous, name, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (delivery.digest, delivery.identifier, delivery.collection, delivery.log.digest, before, name, at),
    )


def collection_name(collection: Collection) -> str:
    """Return what a collection is called: as its database; or as the collection is of which it holds a delivery and
    nothing that came later, so that what is handed on from there is still of that collection."""
    row = next(
        collection.rows(
            "SELECT d.collection FROM deliveries d JOIN run_log l ON l.digest = d.log "
            "WHERE l.number = (SELECT max(number) FROM run_log) ORDER BY d.at, d.digest LIMIT 1"
        ),
        None,
    )
    return str(row["collection"]) if row else collection.path.stem


def gap(collection: Collection, delivery: "Delivery") -> str | None:
    """Return what to say where a delivery goes on from one that was not taken in, None where none is missing."""
    before = delivery.previous
    if before is None or is_known(collection, before.digest):
        return None
    return (
        f"this delivery goes on from {before.identifier}, which was not imported here: import that, too, before or "
        "after this one"
    )
