"""What each database needs to search the terms of `register_searchentry`."""

SQLITE = (
    """CREATE VIRTUAL TABLE register_fulltext
       USING fts5(terms, content='', detail=none, columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER register_fulltext_in AFTER INSERT ON register_searchentry BEGIN
         INSERT INTO register_fulltext(rowid, terms) VALUES (new.initiative_id, new.terms);
       END""",
    """CREATE TRIGGER register_fulltext_out AFTER DELETE ON register_searchentry BEGIN
         INSERT INTO register_fulltext(register_fulltext, rowid, terms)
         VALUES ('delete', old.initiative_id, old.terms);
       END""",
    """CREATE TRIGGER register_fulltext_on AFTER UPDATE OF terms ON register_searchentry BEGIN
         INSERT INTO register_fulltext(register_fulltext, rowid, terms)
         VALUES ('delete', old.initiative_id, old.terms);
         INSERT INTO register_fulltext(rowid, terms) VALUES (new.initiative_id, new.terms);
       END""",
)
POSTGRESQL = (
    """ALTER TABLE register_searchentry ADD COLUMN lexemes tsvector
       GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED""",
    "CREATE INDEX register_searchentry_lexemes ON register_searchentry USING gin (lexemes)",
)
SQLITE_BACK = (
    "DROP TRIGGER register_fulltext_in",
    "DROP TRIGGER register_fulltext_out",
    "DROP TRIGGER register_fulltext_on",
    "DROP TABLE register_fulltext",
)
POSTGRESQL_BACK = ("ALTER TABLE register_searchentry DROP COLUMN lexemes",)


def create(apps, schema_editor):
    """Make the full-text index."""
    _run(schema_editor, SQLITE, POSTGRESQL)


def drop(apps, schema_editor):
    """Take it away."""
    _run(schema_editor, SQLITE_BACK, POSTGRESQL_BACK)


def _run(schema_editor, sqlite, postgresql):
    statements = sqlite if schema_editor.connection.vendor == "sqlite" else postgresql
    for statement in statements:
        schema_editor.execute(statement)
