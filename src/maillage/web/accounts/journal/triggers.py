"""What the database itself refuses: to change or shorten the journal, to change a log of access.

Logs of access may be deleted once a year has passed, no sooner.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_JOURNAL: Final = "accounts_journalentry"
_ACCESS: Final = "accounts_accessentry"

_SQLITE: Final = (
    f"""CREATE TRIGGER {_JOURNAL}_no_update BEFORE UPDATE ON {_JOURNAL}
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    f"""CREATE TRIGGER {_JOURNAL}_no_delete BEFORE DELETE ON {_JOURNAL}
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    f"""CREATE TRIGGER {_ACCESS}_no_update BEFORE UPDATE ON {_ACCESS}
    BEGIN SELECT RAISE(ABORT, 'the log of access is append-only'); END""",
    f"""CREATE TRIGGER {_ACCESS}_no_delete BEFORE DELETE ON {_ACCESS}
    WHEN OLD.at > strftime('%Y-%m-%d %H:%M:%S', 'now', '-365 days')
    BEGIN SELECT RAISE(ABORT, 'the log of access is kept a year'); END""",
)
# INSERT OR REPLACE deletes without a delete trigger, unless recursive triggers are on: the number
# that is taken refuses the insertion by itself.
_SQLITE_REPLACE: Final = f"""CREATE TRIGGER {_JOURNAL}_no_replace BEFORE INSERT ON {_JOURNAL}
    WHEN EXISTS (
        SELECT 1 FROM {_JOURNAL}
        WHERE id = NEW.id OR number = NEW.number OR hash = NEW.hash
    )
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"""

_POSTGRESQL: Final = (
    """CREATE FUNCTION accounts_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the journal is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    f"""CREATE TRIGGER {_JOURNAL}_no_rewriting BEFORE UPDATE OR DELETE ON {_JOURNAL}
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_rewriting()""",
    f"""CREATE TRIGGER {_JOURNAL}_no_truncate BEFORE TRUNCATE ON {_JOURNAL}
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_rewriting()""",
    f"""CREATE TRIGGER {_ACCESS}_no_update BEFORE UPDATE ON {_ACCESS}
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_rewriting()""",
    f"""CREATE TRIGGER {_ACCESS}_no_delete BEFORE DELETE ON {_ACCESS}
    FOR EACH ROW WHEN (OLD.at > now() - interval '365 days')
    EXECUTE FUNCTION accounts_refuse_rewriting()""",
    f"""CREATE TRIGGER {_ACCESS}_no_truncate BEFORE TRUNCATE ON {_ACCESS}
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_rewriting()""",
)

_TRIGGERS: Final = {
    "sqlite": {
        _JOURNAL: ("no_update", "no_delete", "no_replace"),
        _ACCESS: ("no_update", "no_delete"),
    },
    "postgresql": {
        _JOURNAL: ("no_rewriting", "no_truncate"),
        _ACCESS: ("no_update", "no_delete", "no_truncate"),
    },
}


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Make the database refuse. Raises NotImplementedError on an engine that we do not know."""
    statements = {"sqlite": (*_SQLITE, _SQLITE_REPLACE), "postgresql": _POSTGRESQL}
    if connection.vendor not in statements:
        raise NotImplementedError(f"No triggers are written for {connection.vendor}.")
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Let the tables go: for the reverse migration, and for tests that empty their database."""
    with connection.cursor() as cursor:
        for table, names in _TRIGGERS[connection.vendor].items():
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            for name in names:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS accounts_refuse_rewriting()")
