"""Run by Alembic for every migration; the connection and its transaction belong to `database.migrate`."""

from alembic import context

from database.metadata import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
context.run_migrations()
