"""What a mail is about is found by the mail, whatever it is about

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-22 23:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

NAME, TABLE, COLUMNS = 'uq_mail_causes_registration', 'mail_causes', ['outbox_id', 'registration_id']
ABOUT_ONE = sa.text('registration_id IS NOT NULL')


def upgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS, unique=True)


def downgrade() -> None:
    op.drop_index(NAME, TABLE)
    op.create_index(NAME, TABLE, COLUMNS, unique=True, postgresql_where=ABOUT_ONE, sqlite_where=ABOUT_ONE)
