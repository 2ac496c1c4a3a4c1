"""The first tables

Revision ID: 0001
Revises: 
Create Date: 2026-11-22 04:36:34.982526
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():

    op.create_table('accounts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts')),
    sa.UniqueConstraint('email_key', name=op.f('uq_accounts_email_key'))
    )
    op.create_table('clock_offsets',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seconds', sa.Double(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_clock_offsets_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_offsets'))
    )
    op.create_table('one_time_tokens',
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('purpose', sa.Enum('registration', 'unsubscribe', 'sign_in', 'session', name='purpose', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('subject', sa.String(length=320), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_one_time_tokens'))
    )
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_tokens_subject'), ['subject'], unique=False)

    op.create_table('organisers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('timezone', sa.String(length=60), nullable=False),
    sa.CheckConstraint("language IN ('nb', 'nn', 'en')", name=op.f('ck_organisers_language')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisers')),
    sa.UniqueConstraint('slug', name=op.f('uq_organisers_slug'))
    )
    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=True),
    sa.Column('name_key', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('email_key', 'name_key', name=op.f('uq_people_email_key_name_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_people_public_id'))
    )
    op.create_table('suppressions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suppressions')),
    sa.UniqueConstraint('email_key', 'category', name=op.f('uq_suppressions_email_key_category'))
    )
    op.create_table('workers',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('host', sa.String(length=200), nullable=False),
    sa.Column('pid', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('beat_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workers'))
    )
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workers_beat_at'), ['beat_at'], unique=False)

    op.create_table('memberships',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('organiser', 'administrator', name='memberrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_memberships_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_memberships_organiser_id')),
    sa.PrimaryKeyConstraint('account_id', 'organiser_id', name=op.f('pk_memberships'))
    )
    op.create_table('organisations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('municipality', 'district', 'county', 'company', 'state_body', 'association', 'confederation', 'union', 'other', name='organisationkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('number', sa.String(length=20), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('county', sa.String(length=100), nullable=True),
    sa.Column('label', sa.String(length=320), nullable=False),
    sa.Column('sort_key', sa.String(length=320), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('postal_address', sa.String(), nullable=True),
    sa.Column('organisation_number', sa.String(length=9), nullable=True),
    sa.Column('language_form', sa.Enum('bokmal', 'nynorsk', 'neutral', 'unknown', name='languageform', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('language_form_source', sa.String(length=200), nullable=True),
    sa.Column('language_form_on', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('successor_id', sa.Integer(), nullable=True),
    sa.Column('organiser_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from', name=op.f('ck_organisations_validity')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_organisations_organiser_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['organisations.id'], name=op.f('fk_organisations_parent_id')),
    sa.ForeignKeyConstraint(['successor_id'], ['organisations.id'], name=op.f('fk_organisations_successor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisations')),
    sa.UniqueConstraint('kind', 'number', 'valid_from', name=op.f('uq_organisations_kind_number_valid_from')),
    sa.UniqueConstraint('organiser_id', name=op.f('uq_organisations_organiser_id'))
    )
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisations_number'), ['number'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisations_sort_key'), ['sort_key'], unique=False)
        batch_op.create_index('uq_organisations_label', ['kind', 'label'], unique=True, postgresql_where=sa.text('valid_to IS NULL'), sqlite_where=sa.text('valid_to IS NULL'))

    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('reason_key', sa.String(length=500), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('state', sa.Enum('queued', 'sending', 'sent', 'deferred', 'failed', 'cancelled', 'suppressed', name='mailstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('worker_id', sa.Uuid(), nullable=True),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('message_id', sa.String(length=200), nullable=False),
    sa.Column('dated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('subject', sa.String(), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('html', sa.String(), nullable=True),
    sa.Column('calendar', sa.String(), nullable=True),
    sa.Column('answer', sa.String(), nullable=True),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_outbox_attempts')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_outbox_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_outbox_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_outbox_public_id')),
    sa.UniqueConstraint('reason_key', name=op.f('uq_outbox_reason_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_email_key'), ['email_key'], unique=False)
        batch_op.create_index('ix_outbox_open', ['next_try_at'], unique=False, postgresql_where=sa.text("state IN ('queued','sending','deferred')"), sqlite_where=sa.text("state IN ('queued','sending','deferred')"))
        batch_op.create_index(batch_op.f('ix_outbox_organiser_id'), ['organiser_id'], unique=False)

    op.create_table('programmes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_programmes_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programmes')),
    sa.UniqueConstraint('slug', name=op.f('uq_programmes_slug'))
    )
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programmes_organiser_id'), ['organiser_id'], unique=False)

    op.create_table('rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('trigger', sa.Enum('confirmed', 'waiting', 'promoted', 'requested', 'declined', 'cancelled', 'repeated', 'readdressed', 'run_changed', 'run_cancelled', 'relative', name='trigger', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('anchor', sa.Enum('start', 'end', name='anchor', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('offset_units', sa.Integer(), nullable=True),
    sa.Column('unit', sa.Enum('days', 'working_days', name='unit', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('clock_time', sa.Time(), nullable=True),
    sa.Column('enabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(trigger = 'relative') = (anchor IS NOT NULL AND unit IS NOT NULL AND offset_units IS NOT NULL)", name=op.f('ck_rules_relative')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_rules_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules')),
    sa.UniqueConstraint('organiser_id', 'key', name=op.f('uq_rules_organiser_id_key'))
    )
    op.create_table('sessions',
    sa.Column('digest', sa.LargeBinary(length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sessions_account_id')),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_sessions'))
    )
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sessions_account_id'), ['account_id'], unique=False)

    op.create_table('venues',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=300), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('organiser_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_venues_capacity')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_venues_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_venues')),
    sa.UniqueConstraint('name_key', name=op.f('uq_venues_name_key')),
    sa.UniqueConstraint('slug', name=op.f('uq_venues_slug'))
    )
    with op.batch_alter_table('venues', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_venues_organiser_id'), ['organiser_id'], unique=False)

    op.create_table('cohorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('ceiling', sa.Integer(), nullable=True),
    sa.CheckConstraint('ordinal > 0', name=op.f('ck_cohorts_ordinal')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_cohorts_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('programme_id', 'ordinal', name=op.f('uq_cohorts_programme_id_ordinal')),
    sa.UniqueConstraint('slug', name=op.f('uq_cohorts_slug'))
    )
    op.create_table('events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('type', sa.Enum('kickoff', 'learning_seminar', 'project_leaders', 'network_gathering', 'conference', 'steering_group', 'political_contact', 'meeting', name='eventtype', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=True),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('description', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('status', sa.Enum('draft', 'published', 'cancelled', name='eventstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('asks_union', sa.Boolean(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=True),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revised_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('opens_on IS NULL OR closes_on IS NULL OR closes_on >= opens_on', name=op.f('ck_events_registration_days')),
    sa.CheckConstraint('ordinal IS NULL OR ordinal > 0', name=op.f('ck_events_ordinal')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_events_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_events_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_events_id_organiser_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_events_slug'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_events_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_events_status'), ['status'], unique=False)

    op.create_table('networks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_networks_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_networks')),
    sa.UniqueConstraint('slug', name=op.f('uq_networks_slug'))
    )
    with op.batch_alter_table('networks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_networks_programme_id'), ['programme_id'], unique=False)

    op.create_table('organisation_words',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('word', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_organisation_words_organisation_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('organisation_id', 'word', name=op.f('pk_organisation_words'))
    )
    with op.batch_alter_table('organisation_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_words_word'), ['word'], unique=False)

    op.create_table('cohort_memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_cohort_memberships_days')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_memberships_cohort_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_cohort_memberships_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohort_memberships')),
    sa.UniqueConstraint('organisation_id', 'cohort_id', 'from_on', name=op.f('uq_cohort_memberships_organisation_id_cohort_id_from_on'))
    )
    with op.batch_alter_table('cohort_memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cohort_memberships_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('event_clauses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('cohort', 'network', 'any_network', 'organisation', 'representatives', name='clausekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('network_id', sa.Integer(), nullable=True),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('politician', 'administration', 'employee_representative', 'project_leader', name='role', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.CheckConstraint("(kind = 'cohort') = (cohort_id IS NOT NULL) AND (kind = 'network') = (network_id IS NOT NULL) AND (kind = 'any_network') = (programme_id IS NOT NULL) AND (kind IN ('organisation', 'representatives')) = (organisation_id IS NOT NULL)", name=op.f('ck_event_clauses_one_target')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_event_clauses_cohort_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_clauses_event_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['network_id'], ['networks.id'], name=op.f('fk_event_clauses_network_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_event_clauses_organisation_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_event_clauses_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_clauses')),
    sa.UniqueConstraint('event_id', 'cohort_id', name=op.f('uq_event_clauses_event_id_cohort_id')),
    sa.UniqueConstraint('event_id', 'network_id', name=op.f('uq_event_clauses_event_id_network_id'))
    )
    with op.batch_alter_table('event_clauses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_clauses_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_clauses_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_clauses_network_id'), ['network_id'], unique=False)

    op.create_table('network_memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('network_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_network_memberships_days')),
    sa.ForeignKeyConstraint(['network_id'], ['networks.id'], name=op.f('fk_network_memberships_network_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_network_memberships_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network_memberships')),
    sa.UniqueConstraint('organisation_id', 'network_id', 'from_on', name=op.f('uq_network_memberships_organisation_id_network_id_from_on'))
    )
    with op.batch_alter_table('network_memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_network_memberships_network_id'), ['network_id'], unique=False)

    op.create_table('runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.Uuid(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'cancelled', name='runstatus', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('precision', sa.Enum('exact', 'days', 'week', 'month', 'season', 'unknown', name='precision', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('timezone', sa.String(length=60), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.Column('starts_local', sa.DateTime(timezone=False), nullable=True),
    sa.Column('ends_local', sa.DateTime(timezone=False), nullable=True),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sort_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ics', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.CheckConstraint("(precision = 'exact') = (starts_local IS NOT NULL)", name=op.f('ck_runs_exact')),
    sa.CheckConstraint("(precision = 'unknown') = (first_on IS NULL)", name=op.f('ck_runs_span')),
    sa.CheckConstraint('(first_on IS NULL) = (last_on IS NULL) AND last_on >= first_on', name=op.f('ck_runs_days')),
    sa.CheckConstraint('(starts_local IS NULL) = (ends_local IS NULL) AND (starts_local IS NULL) = (starts_at IS NULL) AND (ends_local IS NULL) = (ends_at IS NULL) AND ends_at > starts_at', name=op.f('ck_runs_times')),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_runs_capacity')),
    sa.CheckConstraint('sequence >= 0', name=op.f('ck_runs_sequence')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_runs_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name=op.f('fk_runs_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_runs')),
    sa.UniqueConstraint('id', 'event_id', 'organiser_id', name=op.f('uq_runs_id_event_id_organiser_id')),
    sa.UniqueConstraint('uid', name=op.f('uq_runs_uid'))
    )
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_runs_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_runs_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_runs_sort_at'), ['sort_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_runs_venue_id'), ['venue_id'], unique=False)

    op.create_table('sensitive_accesses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_sensitive_accesses_account_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_sensitive_accesses_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sensitive_accesses'))
    )
    with op.batch_alter_table('sensitive_accesses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sensitive_accesses_event_id'), ['event_id'], unique=False)

    op.create_table('event_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('created', 'edited', 'published', 'run_added', 'run_changed', 'run_cancelled', 'cancelled', name='changekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_event_changes_account_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_changes_event_id')),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_event_changes_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_changes'))
    )
    with op.batch_alter_table('event_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_changes_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_changes_run_id'), ['run_id'], unique=False)
        batch_op.create_index('ix_event_changes_unnoticed', ['id'], unique=False, postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))

    op.create_table('occasions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('planned', 'fired', 'missed', 'dropped', name='occasionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('fired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_occasions_rule_id')),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_occasions_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occasions')),
    sa.UniqueConstraint('rule_id', 'run_id', 'generation', name=op.f('uq_occasions_rule_id_run_id_generation'))
    )
    with op.batch_alter_table('occasions', schema=None) as batch_op:
        batch_op.create_index('ix_occasions_due', ['due_at'], unique=False, postgresql_where=sa.text("state = 'planned'"), sqlite_where=sa.text("state = 'planned'"))
        batch_op.create_index(batch_op.f('ix_occasions_run_id'), ['run_id'], unique=False)

    op.create_table('registrations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('side', sa.Enum('politician', 'administration', 'employee_representative', 'other', name='side', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('state', sa.Enum('requested', 'offered', 'waiting', 'confirmed', 'declined', 'cancelled', 'attended', 'absent', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('priority', sa.Integer(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_registrations_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_registrations_person_id')),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_registrations_run_id_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registrations')),
    sa.UniqueConstraint('form_token', name=op.f('uq_registrations_form_token')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_registrations_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_registrations_public_id'))
    )
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registrations_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_registrations_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registrations_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_registrations_person_id'), ['person_id'], unique=False)
        batch_op.create_index('ix_registrations_queue', ['run_id', 'state', 'priority', 'queued_at', 'id'], unique=False)
        batch_op.create_index('uq_registrations_live', ['run_id', 'person_id'], unique=True, postgresql_where=sa.text("state NOT IN ('cancelled', 'declined')"), sqlite_where=sa.text("state NOT IN ('cancelled', 'declined')"))

    op.create_table('registration_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('change', sa.Enum('registered', 'repeated', 'promoted', 'accepted', 'declined', 'cancelled', 'readdressed', name='change', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Enum('participant', 'organiser', 'system', name='actor', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('from_state', sa.Enum('requested', 'offered', 'waiting', 'confirmed', 'declined', 'cancelled', 'attended', 'absent', name='from_state', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('to_state', sa.Enum('requested', 'offered', 'waiting', 'confirmed', 'declined', 'cancelled', 'attended', 'absent', name='state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_registration_changes_account_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_registration_changes_registration_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_changes'))
    )
    with op.batch_alter_table('registration_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_changes_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('ix_registration_changes_unnoticed', ['id'], unique=False, postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))

    op.create_table('union_positions',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('union_id', sa.Integer(), nullable=False),
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_union_positions_registration_id')),
    sa.ForeignKeyConstraint(['union_id'], ['organisations.id'], name=op.f('fk_union_positions_union_id')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_union_positions'))
    )
    with op.batch_alter_table('union_positions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_union_positions_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_union_positions_union_id'), ['union_id'], unique=False)

    op.create_table('mail_causes',
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('occasion_id', sa.Integer(), nullable=True),
    sa.Column('registration_change_id', sa.Integer(), nullable=True),
    sa.Column('event_change_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN registration_change_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN event_change_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_mail_causes_one_cause')),
    sa.ForeignKeyConstraint(['event_change_id'], ['event_changes.id'], name=op.f('fk_mail_causes_event_change_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_mail_causes_event_id')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasions.id'], name=op.f('fk_mail_causes_occasion_id')),
    sa.ForeignKeyConstraint(['outbox_id', 'organiser_id'], ['outbox.id', 'outbox.organiser_id'], name=op.f('fk_mail_causes_outbox_id_organiser_id')),
    sa.ForeignKeyConstraint(['registration_change_id'], ['registration_changes.id'], name=op.f('fk_mail_causes_registration_change_id')),
    sa.ForeignKeyConstraint(['registration_id', 'organiser_id'], ['registrations.id', 'registrations.organiser_id'], name=op.f('fk_mail_causes_registration_id_organiser_id')),
    sa.PrimaryKeyConstraint('outbox_id', 'registration_id', name=op.f('pk_mail_causes'))
    )
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_causes_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_causes_occasion_id'), ['occasion_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_causes_registration_id'), ['registration_id'], unique=False)




def downgrade():

    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mail_causes_registration_id'))
        batch_op.drop_index(batch_op.f('ix_mail_causes_occasion_id'))
        batch_op.drop_index(batch_op.f('ix_mail_causes_event_id'))

    op.drop_table('mail_causes')
    with op.batch_alter_table('union_positions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_union_positions_union_id'))
        batch_op.drop_index(batch_op.f('ix_union_positions_erase_on'))

    op.drop_table('union_positions')
    with op.batch_alter_table('registration_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_changes_unnoticed', postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_registration_changes_registration_id'))

    op.drop_table('registration_changes')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_index('uq_registrations_live', postgresql_where=sa.text("state NOT IN ('cancelled', 'declined')"), sqlite_where=sa.text("state NOT IN ('cancelled', 'declined')"))
        batch_op.drop_index('ix_registrations_queue')
        batch_op.drop_index(batch_op.f('ix_registrations_person_id'))
        batch_op.drop_index(batch_op.f('ix_registrations_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_registrations_event_id'))
        batch_op.drop_index(batch_op.f('ix_registrations_email_key'))

    op.drop_table('registrations')
    with op.batch_alter_table('occasions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_occasions_run_id'))
        batch_op.drop_index('ix_occasions_due', postgresql_where=sa.text("state = 'planned'"), sqlite_where=sa.text("state = 'planned'"))

    op.drop_table('occasions')
    with op.batch_alter_table('event_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_event_changes_unnoticed', postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_event_changes_run_id'))
        batch_op.drop_index(batch_op.f('ix_event_changes_event_id'))

    op.drop_table('event_changes')
    with op.batch_alter_table('sensitive_accesses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sensitive_accesses_event_id'))

    op.drop_table('sensitive_accesses')
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_runs_venue_id'))
        batch_op.drop_index(batch_op.f('ix_runs_sort_at'))
        batch_op.drop_index(batch_op.f('ix_runs_organiser_id'))
        batch_op.drop_index(batch_op.f('ix_runs_event_id'))

    op.drop_table('runs')
    with op.batch_alter_table('network_memberships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_network_memberships_network_id'))

    op.drop_table('network_memberships')
    with op.batch_alter_table('event_clauses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_clauses_network_id'))
        batch_op.drop_index(batch_op.f('ix_event_clauses_event_id'))
        batch_op.drop_index(batch_op.f('ix_event_clauses_cohort_id'))

    op.drop_table('event_clauses')
    with op.batch_alter_table('cohort_memberships', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cohort_memberships_cohort_id'))

    op.drop_table('cohort_memberships')
    with op.batch_alter_table('organisation_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_words_word'))

    op.drop_table('organisation_words')
    with op.batch_alter_table('networks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_networks_programme_id'))

    op.drop_table('networks')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_events_status'))
        batch_op.drop_index(batch_op.f('ix_events_organiser_id'))

    op.drop_table('events')
    op.drop_table('cohorts')
    with op.batch_alter_table('venues', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_venues_organiser_id'))

    op.drop_table('venues')
    with op.batch_alter_table('sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sessions_account_id'))

    op.drop_table('sessions')
    op.drop_table('rules')
    with op.batch_alter_table('programmes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programmes_organiser_id'))

    op.drop_table('programmes')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_organiser_id'))
        batch_op.drop_index('ix_outbox_open', postgresql_where=sa.text("state IN ('queued','sending','deferred')"), sqlite_where=sa.text("state IN ('queued','sending','deferred')"))
        batch_op.drop_index(batch_op.f('ix_outbox_email_key'))

    op.drop_table('outbox')
    with op.batch_alter_table('organisations', schema=None) as batch_op:
        batch_op.drop_index('uq_organisations_label', postgresql_where=sa.text('valid_to IS NULL'), sqlite_where=sa.text('valid_to IS NULL'))
        batch_op.drop_index(batch_op.f('ix_organisations_sort_key'))
        batch_op.drop_index(batch_op.f('ix_organisations_number'))

    op.drop_table('organisations')
    op.drop_table('memberships')
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workers_beat_at'))

    op.drop_table('workers')
    op.drop_table('suppressions')
    op.drop_table('people')
    op.drop_table('organisers')
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_tokens_subject'))

    op.drop_table('one_time_tokens')
    op.drop_table('clock_offsets')
    op.drop_table('accounts')

