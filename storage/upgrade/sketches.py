"""The migration that makes the sketches of articles from the words that the full-text index has of them.

Sketches of the older kind share no number with the new ones, so those of all articles are made anew. They are written
in the order of the table, which SQLite sorts on disk: memory does not grow with the collection.
"""

SKETCHES = """
ALTER TABLE near_waiting ADD COLUMN sketch BLOB; -- of its text of today; NULL: not made yet (crawler/text/sketches.py)
DROP TRIGGER near_insert;
DROP TRIGGER near_update;
CREATE TRIGGER near_insert AFTER INSERT ON articles BEGIN
    INSERT INTO near_waiting (article_id) VALUES (new.id);
END;
CREATE TRIGGER near_update AFTER UPDATE OF title, summary, body, published_at, first_seen_at ON articles
WHEN (old.title, old.summary, old.body, old.published_at, old.first_seen_at)
    IS NOT (new.title, new.summary, new.body, new.published_at, new.first_seen_at) BEGIN
    INSERT INTO near_waiting (article_id) VALUES (new.id) ON CONFLICT DO UPDATE SET sketch = NULL
        WHERE (old.title, old.summary, old.body) IS NOT (new.title, new.summary, new.body);
END;

-- A copy of an article whose text was corrected is asked for with every page.
CREATE INDEX confirmations_was ON confirmations(was) WHERE field = 'content_hash';

DELETE FROM near_sketches;
INSERT INTO near_sketches (value, article_id)
    SELECT n.value, a.id FROM articles a, json_each(sketch_numbers(a.title, a.summary, a.body)) n
    WHERE a.id NOT IN (SELECT article_id FROM near_waiting) ORDER BY 1, 2;
"""
