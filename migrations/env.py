"""How alembic reaches the database: through the connection that it is handed."""

from alembic import context
from sqlalchemy import Connection

from app.models import Base

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
