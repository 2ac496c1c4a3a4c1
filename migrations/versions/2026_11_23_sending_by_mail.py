"""A mail that is being sent is found by its number, among however many

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-23 05:50:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

NAME, TABLE, ARE_SENT = 'ix_outbox_sending', 'outbox', sa.text("state = 'sending'")


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ['id'], postgresql_where=ARE_SENT, sqlite_where=ARE_SENT)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, ['leased_until'], postgresql_where=ARE_SENT, sqlite_where=ARE_SENT)
