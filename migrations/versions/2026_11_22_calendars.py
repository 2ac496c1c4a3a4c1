"""Secret addresses of calendars, who fetched which feed when, and a stamp that the database makes anew when feeds change

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 15:40:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

PURPOSES = ['registration', 'unsubscribe', 'sign_in', 'session', 'delegation', 'ticket', 'own_pages', 'position', 'contact', 'account_invitation', 'invitation', 'room_feed']
WATCHED = ['organisers', 'organisations', 'programmes', 'cohorts', 'networks', 'cohort_memberships', 'network_memberships', 'group_memberships', 'venues', 'events', 'event_clauses', 'runs']
SQLITE = """
CREATE TRIGGER feeds_of_{table}_{act} AFTER {act} ON {table} BEGIN
    INSERT INTO feed_versions (id, version) VALUES (1, lower(hex(randomblob(16))))
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
END"""
FUNCTION = """
CREATE OR REPLACE FUNCTION feeds_have_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM feed_versions WHERE id = 1 AND xmin = pg_current_xact_id()::xid
    ) THEN
        INSERT INTO feed_versions (id, version) VALUES (1, replace(gen_random_uuid()::text, '-', ''))
        ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    END IF;
    RETURN NULL;
END $$"""
POSTGRESQL = """
CREATE CONSTRAINT TRIGGER feeds_of_{table} AFTER INSERT OR UPDATE OR DELETE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION feeds_have_changed()"""


def upgrade():
    op.create_table('feed_versions',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.String(length=32), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_feed_versions_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_versions'))
    )
    op.create_table('feed_fetches',
    sa.Column('feed', sa.String(length=200), nullable=False),
    sa.Column('client', sa.Enum('google', 'outlook_web', 'outlook', 'apple', 'thunderbird', 'other', name='client', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('feed', 'client', name=op.f('pk_feed_fetches'))
    )
    op.create_table('calendar_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('personal', 'contact', 'organiser', name='linkkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=True),
    sa.Column('position_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('organiser_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'personal') = (email_key IS NOT NULL)", name=op.f('ck_calendar_links_of_address')),
    sa.CheckConstraint("(kind = 'contact') = (position_id IS NOT NULL)", name=op.f('ck_calendar_links_of_contact')),
    sa.CheckConstraint("(kind = 'organiser') = (account_id IS NOT NULL) AND (account_id IS NULL) = (organiser_id IS NULL)", name=op.f('ck_calendar_links_of_account')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_calendar_links_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_calendar_links_organiser_id')),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_calendar_links_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_links')),
    sa.UniqueConstraint('public_id', name=op.f('uq_calendar_links_public_id'))
    )
    with op.batch_alter_table('calendar_links', schema=None) as batch_op:
        for name in ('account_id', 'email_key', 'organiser_id', 'position_id'):
            batch_op.create_index(batch_op.f(f'ix_calendar_links_{name}'), [name], unique=False)
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_purposes(batch_op, [*PURPOSES, 'calendar'])
    for statement in _triggers():
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == 'postgresql':
        for table in WATCHED:
            op.execute(f'DROP TRIGGER feeds_of_{table} ON {table}')
        op.execute('DROP FUNCTION feeds_have_changed')
    else:
        for table in WATCHED:
            for act in ('insert', 'update', 'delete'):
                op.execute(f'DROP TRIGGER feeds_of_{table}_{act}')
    op.execute("DELETE FROM one_time_tokens WHERE purpose = 'calendar'")
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_purposes(batch_op, PURPOSES)
    for name in ('calendar_links', 'feed_fetches', 'feed_versions'):
        op.drop_table(name)


def _list_purposes(batch_op, purposes):
    batch_op.drop_constraint(op.f('ck_one_time_tokens_purpose'), type_='check')
    values = ', '.join(f"'{purpose}'" for purpose in purposes)
    batch_op.create_check_constraint(op.f('ck_one_time_tokens_purpose'), f'purpose IN ({values})')


def _triggers():
    if op.get_bind().dialect.name == 'postgresql':
        return [FUNCTION, *(POSTGRESQL.format(table=table) for table in WATCHED)]
    return [SQLITE.format(table=table, act=act) for table in WATCHED for act in ('insert', 'update', 'delete')]
