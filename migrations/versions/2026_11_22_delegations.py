"""Delegations, questions and their answers, limits of every kind, positions

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-22 08:50:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

CHANGES = ['registered', 'repeated', 'promoted', 'accepted', 'declined', 'cancelled', 'readdressed']
MORE_CHANGES = ['offered', 'lapsed', 'moved', 'changed', 'named', 'handed_over', 'restored', 'prioritised', 'attended', 'absent', 'unmarked', 'asked', 'answered']
PURPOSES = ['registration', 'unsubscribe', 'sign_in', 'session']
MORE_PURPOSES = ['delegation', 'ticket', 'own_pages', 'position', 'contact']
TRIGGERS = ['confirmed', 'waiting', 'promoted', 'requested', 'declined', 'cancelled', 'repeated', 'readdressed']
MORE_TRIGGERS = ['offered', 'lapsed', 'moved', 'moved_from', 'changed', 'named', 'handed_over', 'given_away', 'restored', 'delegation', 'asked', 'answered']
LATER_TRIGGERS = ['run_changed', 'run_cancelled', 'relative', 'absolute']
AUDIENCES = ['concerned', 'registered', 'confirmed', 'waiting', 'requested', 'cancelled', 'attended', 'absent']
LATER_AUDIENCES = ['organisations_without', 'organisations_lacking', 'organisers']
TABLES = ['positions', 'room_blocks', 'delegations', 'questions', 'quotas', 'held_places', 'programme_sessions', 'question_versions', 'run_nights', 'answers', 'change_requests', 'registration_nights', 'sensitive_answers', 'session_seats', 'answer_files']


def upgrade():
    op.create_table('positions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('contact', 'politician', 'administration', 'employee_representative', 'project_leader', 'adviser', name='positionrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_positions_days')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_positions_account_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_positions_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_positions_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_positions')),
    sa.UniqueConstraint('person_id', 'organisation_id', 'role', 'from_on', name=op.f('uq_positions_person_id_organisation_id_role_from_on')),
    sa.UniqueConstraint('public_id', name=op.f('uq_positions_public_id'))
    )
    with op.batch_alter_table('positions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_positions_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_positions_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_positions_person_id'), ['person_id'], unique=False)
    op.create_table('room_blocks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('rooms', sa.Integer(), nullable=False),
    sa.CheckConstraint('rooms >= 0', name=op.f('ck_room_blocks_rooms')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_room_blocks_organiser_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name=op.f('fk_room_blocks_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_blocks')),
    sa.UniqueConstraint('organiser_id', 'venue_id', 'on', name=op.f('uq_room_blocks_organiser_id_venue_id_on'))
    )
    with op.batch_alter_table('room_blocks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_blocks_venue_id'), ['venue_id'], unique=False)
    op.create_table('delegations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('registrar_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('waits_together', sa.Boolean(), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_delegations_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_delegations_organisation_id')),
    sa.ForeignKeyConstraint(['registrar_id'], ['people.id'], name=op.f('fk_delegations_registrar_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delegations')),
    sa.UniqueConstraint('form_token', name=op.f('uq_delegations_form_token')),
    sa.UniqueConstraint('id', 'event_id', 'organiser_id', name=op.f('uq_delegations_id_event_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_delegations_public_id'))
    )
    with op.batch_alter_table('delegations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delegations_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegations_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegations_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delegations_registrar_id'), ['registrar_id'], unique=False)
    op.create_table('questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('short_text', 'long_text', 'one_of', 'some_of', 'number', 'yes_no', 'date', 'file', name='questionkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sensitive', sa.Boolean(), nullable=False),
    sa.Column('erase_days', sa.Integer(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('NOT sensitive OR erase_days IS NOT NULL', name=op.f('ck_questions_sensitive_is_erased')),
    sa.CheckConstraint('erase_days IS NULL OR erase_days >= 0', name=op.f('ck_questions_erase_days')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_questions_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_questions')),
    sa.UniqueConstraint('event_id', 'key', name=op.f('uq_questions_event_id_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_questions_public_id'))
    )
    with op.batch_alter_table('questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_questions_event_id'), ['event_id'], unique=False)
    op.create_table('quotas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('per_organisation', sa.Boolean(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('side', sa.Enum('politician', 'administration', 'employee_representative', 'other', name='side', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('free_seats', sa.Integer(), nullable=True),
    sa.Column('most_seats', sa.Integer(), nullable=True),
    sa.CheckConstraint('NOT per_organisation OR side IS NULL', name=op.f('ck_quotas_side_together')),
    sa.CheckConstraint('cohort_id IS NULL OR side IS NULL', name=op.f('ck_quotas_one_part')),
    sa.CheckConstraint('free_seats IS NOT NULL OR most_seats IS NOT NULL', name=op.f('ck_quotas_says_something')),
    sa.CheckConstraint('free_seats IS NULL OR (per_organisation AND free_seats >= 0)', name=op.f('ck_quotas_free_seats')),
    sa.CheckConstraint('most_seats IS NULL OR most_seats >= 0', name=op.f('ck_quotas_most_seats')),
    sa.CheckConstraint('per_organisation OR cohort_id IS NOT NULL OR side IS NOT NULL', name=op.f('ck_quotas_of_something')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_quotas_cohort_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_quotas_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quotas'))
    )
    with op.batch_alter_table('quotas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quotas_event_id'), ['event_id'], unique=False)
    op.create_table('held_places',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('held_until', sa.Date(), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('places > 0', name=op.f('ck_held_places_places')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_held_places_organisation_id')),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_held_places_run_id_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_places')),
    sa.UniqueConstraint('run_id', 'organisation_id', name=op.f('uq_held_places_run_id_organisation_id'))
    )
    with op.batch_alter_table('held_places', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_held_places_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_places_held_until'), ['held_until'], unique=False)
    op.create_table('programme_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('description', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('starts_local', sa.DateTime(timezone=False), nullable=True),
    sa.Column('ends_local', sa.DateTime(timezone=False), nullable=True),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('chosen', sa.Boolean(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_programme_sessions_capacity')),
    sa.CheckConstraint('ends_local > starts_local', name=op.f('ck_programme_sessions_times')),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_programme_sessions_run_id_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_sessions')),
    sa.UniqueConstraint('public_id', name=op.f('uq_programme_sessions_public_id'))
    )
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_sessions_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_sessions_run_id'), ['run_id'], unique=False)
    op.create_table('question_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('label', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('hint', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('options', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('asks', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_question_versions_account_id')),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], name=op.f('fk_question_versions_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_versions')),
    sa.UniqueConstraint('id', 'question_id', name=op.f('uq_question_versions_id_question_id')),
    sa.UniqueConstraint('question_id', 'number', name=op.f('uq_question_versions_question_id_number'))
    )
    op.create_table('run_nights',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_run_nights_run_id_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name=op.f('fk_run_nights_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_run_nights')),
    sa.UniqueConstraint('run_id', 'on', name=op.f('uq_run_nights_run_id_on'))
    )
    with op.batch_alter_table('run_nights', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_run_nights_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_run_nights_hotel', ['venue_id', 'on'], unique=False)
    op.create_table('answers',
    sa.Column('erase_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('option', sa.String(length=40), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.CheckConstraint('(option IS NULL) <> (text IS NULL)', name=op.f('ck_answers_one_value')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_answers_registration_id')),
    sa.ForeignKeyConstraint(['version_id', 'question_id'], ['question_versions.id', 'question_versions.question_id'], name=op.f('fk_answers_version_id_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('registration_id', 'question_id', 'option', name=op.f('uq_answers_registration_id_question_id_option'))
    )
    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answers_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index('ix_answers_question', ['question_id', 'option'], unique=False)
        batch_op.create_index(batch_op.f('ix_answers_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('uq_answers_text', ['registration_id', 'question_id'], unique=True, postgresql_where=sa.text('option IS NULL'), sqlite_where=sa.text('option IS NULL'))
    op.create_table('change_requests',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Enum('cancel', 'change', 'move', 'hand_over', name='asked', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.Enum('accepted', 'declined', name='decision', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(decision IS NULL) = (decided_at IS NULL)', name=op.f('ck_change_requests_decided')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_change_requests_account_id')),
    sa.ForeignKeyConstraint(['registration_id', 'organiser_id'], ['registrations.id', 'registrations.organiser_id'], name=op.f('fk_change_requests_registration_id_organiser_id')),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_change_requests_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_requests')),
    sa.UniqueConstraint('public_id', name=op.f('uq_change_requests_public_id'))
    )
    with op.batch_alter_table('change_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_change_requests_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index('uq_change_requests_open', ['registration_id', 'asked'], unique=True, postgresql_where=sa.text('decided_at IS NULL'), sqlite_where=sa.text('decided_at IS NULL'))
    op.create_table('registration_nights',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('night_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['night_id'], ['run_nights.id'], name=op.f('fk_registration_nights_night_id')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_registration_nights_registration_id')),
    sa.PrimaryKeyConstraint('registration_id', 'night_id', name=op.f('pk_registration_nights'))
    )
    with op.batch_alter_table('registration_nights', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registration_nights_night_id'), ['night_id'], unique=False)
    op.create_table('sensitive_answers',
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('option', sa.String(length=40), nullable=True),
    sa.Column('text', sa.String(), nullable=True),
    sa.CheckConstraint('(option IS NULL) <> (text IS NULL)', name=op.f('ck_sensitive_answers_one_value')),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_sensitive_answers_registration_id')),
    sa.ForeignKeyConstraint(['version_id', 'question_id'], ['question_versions.id', 'question_versions.question_id'], name=op.f('fk_sensitive_answers_version_id_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sensitive_answers')),
    sa.UniqueConstraint('registration_id', 'question_id', 'option', name=op.f('uq_sensitive_answers_registration_id_question_id_option'))
    )
    with op.batch_alter_table('sensitive_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sensitive_answers_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index('ix_sensitive_answers_question', ['question_id', 'option'], unique=False)
        batch_op.create_index(batch_op.f('ix_sensitive_answers_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('uq_sensitive_answers_text', ['registration_id', 'question_id'], unique=True, postgresql_where=sa.text('option IS NULL'), sqlite_where=sa.text('option IS NULL'))
    op.create_table('session_seats',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['registrations.id'], name=op.f('fk_session_seats_registration_id')),
    sa.ForeignKeyConstraint(['session_id'], ['programme_sessions.id'], name=op.f('fk_session_seats_session_id')),
    sa.PrimaryKeyConstraint('registration_id', 'session_id', name=op.f('pk_session_seats'))
    )
    with op.batch_alter_table('session_seats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_seats_session_id'), ['session_id'], unique=False)
    op.create_table('answer_files',
    sa.Column('answer_id', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['answers.id'], name=op.f('fk_answer_files_answer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_answer_files'))
    )
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('asks_approval', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('names_by', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('change_by', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('cancel_by', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('hand_over_by', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('offer_hours', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('promotion_stops_hours', sa.Integer(), nullable=False, server_default='24'))
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.alter_column('asks_approval', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column('promotion_stops_hours', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_events_offer_hours'), 'offer_hours IS NULL OR offer_hours > 0')
        batch_op.create_check_constraint(op.f('ck_events_promotion_stops_hours'), 'promotion_stops_hours >= 0')
    with op.batch_alter_table('registration_changes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('act_id', sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column('from_run_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('why', sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, server_default='{}'))
    with op.batch_alter_table('registration_changes', schema=None) as batch_op:
        batch_op.alter_column('facts', existing_type=sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), existing_nullable=False, server_default=None)
        batch_op.create_foreign_key(batch_op.f('fk_registration_changes_from_run_id'), 'runs', ['from_run_id'], ['id'])
        _list_values(batch_op, 'registration_changes', 'change', CHANGES + MORE_CHANGES)
        _list_values(batch_op, 'registration_changes', 'actor', ['participant', 'registrar', 'organiser', 'system'])
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.add_column(sa.Column('second_run_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('delegation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('offered_until', sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column('person_id', existing_type=sa.Integer(), nullable=True)
        batch_op.drop_index(batch_op.f('ix_registrations_event_id'))
    op.execute("UPDATE registrations SET offered_until = created_at WHERE state = 'offered'")
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_check_constraint(op.f('ck_registrations_unnamed'), "person_id IS NOT NULL OR (name = '' AND delegation_id IS NOT NULL)")
        batch_op.create_check_constraint(op.f('ck_registrations_offered'), "(state = 'offered') = (offered_until IS NOT NULL)")
        batch_op.create_check_constraint(op.f('ck_registrations_second_run'), 'second_run_id IS NULL OR second_run_id <> run_id')
        batch_op.create_index(batch_op.f('ix_registrations_delegation_id'), ['delegation_id'], unique=False)
        batch_op.create_index('ix_registrations_list', ['event_id', 'state', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_registrations_offered', ['offered_until'], unique=False, postgresql_where=sa.text("state = 'offered'"), sqlite_where=sa.text("state = 'offered'"))
        batch_op.create_index('ix_registrations_second', ['second_run_id'], unique=False, postgresql_where=sa.text('second_run_id IS NOT NULL'), sqlite_where=sa.text('second_run_id IS NOT NULL'))
        batch_op.create_foreign_key(batch_op.f('fk_registrations_delegation_id_event_id_organiser_id'), 'delegations', ['delegation_id', 'event_id', 'organiser_id'], ['id', 'event_id', 'organiser_id'])
        batch_op.create_foreign_key('fk_registrations_second_run', 'runs', ['second_run_id', 'event_id', 'organiser_id'], ['id', 'event_id', 'organiser_id'])
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('attendance_at', sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES + MORE_PURPOSES)
    with op.batch_alter_table('rules', schema=None) as batch_op:
        _list_values(batch_op, 'rules', 'trigger', TRIGGERS + MORE_TRIGGERS + LATER_TRIGGERS)
        _list_values(batch_op, 'rules', 'anchor', ['start', 'end', 'deadline', 'naming'])
        _list_values(batch_op, 'rules', 'audience', [*AUDIENCES, 'unnamed', *LATER_AUDIENCES])


def _list_values(batch_op, table, column, values):
    listed = ', '.join(f"'{value}'" for value in values)
    batch_op.drop_constraint(op.f(f'ck_{table}_{column}'), type_='check')
    batch_op.create_check_constraint(op.f(f'ck_{table}_{column}'), f'{column} IN ({listed})')


def downgrade():
    """Seats without a name, the new kinds of changes and the rules that speak of them have no place there."""
    _forget_what_is_new()
    with op.batch_alter_table('rules', schema=None) as batch_op:
        _list_values(batch_op, 'rules', 'trigger', TRIGGERS + LATER_TRIGGERS)
        _list_values(batch_op, 'rules', 'anchor', ['start', 'end', 'deadline'])
        _list_values(batch_op, 'rules', 'audience', AUDIENCES + LATER_AUDIENCES)
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES)
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.drop_column('attendance_at')
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.drop_constraint('fk_registrations_second_run', type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_registrations_delegation_id_event_id_organiser_id'), type_='foreignkey')
        for name in ('unnamed', 'offered', 'second_run'):
            batch_op.drop_constraint(op.f(f'ck_registrations_{name}'), type_='check')
        for name in ('ix_registrations_second', 'ix_registrations_offered', 'ix_registrations_list', 'ix_registrations_delegation_id'):
            batch_op.drop_index(name)
    with op.batch_alter_table('registrations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_registrations_event_id'), ['event_id'], unique=False)
        batch_op.alter_column('person_id', existing_type=sa.Integer(), nullable=False)
        for name in ('offered_until', 'delegation_id', 'second_run_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('registration_changes', schema=None) as batch_op:
        _list_values(batch_op, 'registration_changes', 'change', CHANGES)
        _list_values(batch_op, 'registration_changes', 'actor', ['participant', 'organiser', 'system'])
        batch_op.drop_constraint(batch_op.f('fk_registration_changes_from_run_id'), type_='foreignkey')
        for name in ('facts', 'why', 'from_run_id', 'act_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('events', schema=None) as batch_op:
        for name in ('offer_hours', 'promotion_stops_hours'):
            batch_op.drop_constraint(op.f(f'ck_events_{name}'), type_='check')
        for name in ('promotion_stops_hours', 'offer_hours', 'hand_over_by', 'cancel_by', 'change_by', 'names_by', 'asks_approval'):
            batch_op.drop_column(name)
    for name in reversed(TABLES):
        op.drop_table(name)


def _forget_what_is_new():
    new_rules = "SELECT id FROM rules WHERE anchor = 'naming' OR audience = 'unnamed' OR trigger IN (" + _quoted(MORE_TRIGGERS) + ")"
    new_changes = "SELECT id FROM registration_changes WHERE change IN (" + _quoted(MORE_CHANGES) + ")"
    unnamed = 'SELECT id FROM registrations WHERE person_id IS NULL'
    for statement in (
        f'DELETE FROM mail_causes WHERE registration_id IN ({unnamed})',
        f'UPDATE mail_causes SET registration_change_id = NULL WHERE registration_change_id IN ({new_changes})',
        f'UPDATE mail_causes SET rule_id = NULL WHERE rule_id IN ({new_rules})',
        f'UPDATE mail_causes SET occasion_id = NULL WHERE occasion_id IN (SELECT id FROM occasions WHERE rule_id IN ({new_rules}))',
        f'DELETE FROM occasions WHERE rule_id IN ({new_rules})',
        f'DELETE FROM pauses WHERE rule_id IN ({new_rules})',
        f"DELETE FROM rules WHERE id IN ({new_rules})",
        f'DELETE FROM registration_changes WHERE id IN ({new_changes}) OR registration_id IN ({unnamed})',
        "UPDATE registration_changes SET actor = 'participant' WHERE actor = 'registrar'",
        *(f'DELETE FROM {table} WHERE registration_id IN ({unnamed})' for table in OF_SEATS),
        'DELETE FROM answer_files WHERE answer_id NOT IN (SELECT id FROM answers)',
        'DELETE FROM registrations WHERE person_id IS NULL',
        'DELETE FROM one_time_tokens WHERE purpose IN (' + _quoted(MORE_PURPOSES) + ')',
    ):
        op.execute(statement)


OF_SEATS = ('union_positions', 'answers', 'sensitive_answers', 'session_seats', 'registration_nights', 'change_requests')


def _quoted(values):
    return ', '.join(f"'{value}'" for value in values)
