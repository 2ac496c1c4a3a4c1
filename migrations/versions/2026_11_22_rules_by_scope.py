"""Rules by scope, pauses, organisers' own texts, what comes back

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-22 05:50:00
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

STATES = ['queued', 'sending', 'sent', 'deferred', 'failed', 'cancelled', 'suppressed']


def upgrade():
    _widen_the_old_tables()
    op.create_table('mail_rates',
    sa.Column('scope', sa.String(length=255), nullable=False),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('scope', name=op.f('pk_mail_rates'))
    )
    op.create_table('returned_mails',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('outbox_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('hard_bounce', 'soft_bounce', 'delay', 'auto_reply', 'calendar_answer', 'unknown', name='returnkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('sender', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_returned_mails_organiser_id')),
    sa.ForeignKeyConstraint(['outbox_id', 'organiser_id'], ['outbox.id', 'outbox.organiser_id'], name=op.f('fk_returned_mails_outbox_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_returned_mails')),
    sa.UniqueConstraint('key', name=op.f('uq_returned_mails_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_returned_mails_public_id'))
    )
    with op.batch_alter_table('returned_mails', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_returned_mails_outbox_id'), ['outbox_id'], unique=False)
        batch_op.create_index('ix_returned_mails_recent', ['organiser_id', 'received_at', 'id'], unique=False)
    op.create_table('mail_templates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_mail_templates_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_mail_templates_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_templates')),
    sa.UniqueConstraint('organiser_id', 'key', name=op.f('uq_mail_templates_organiser_id_key'))
    )
    with op.batch_alter_table('mail_templates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_templates_event_id'), ['event_id'], unique=False)
    op.create_table('mail_template_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('texts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_mail_template_versions_account_id')),
    sa.ForeignKeyConstraint(['template_id'], ['mail_templates.id'], name=op.f('fk_mail_template_versions_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_template_versions')),
    sa.UniqueConstraint('template_id', 'number', name=op.f('uq_mail_template_versions_template_id_number'))
    )

    _make_anew(_new_rules, _new_occasions, _new_mail_causes)
    op.execute(
        "INSERT INTO rules (id, organiser_id, key, trigger, audience, template, anchor, offset_units, unit, clock_time,"
        " late_joiners, enabled_at) SELECT id, organiser_id, key, trigger,"
        " CASE WHEN trigger = 'relative' THEN 'confirmed' ELSE 'concerned' END,"
        " template, anchor, offset_units, unit, clock_time, false, enabled_at FROM old_rules"
    )
    op.execute(
        "INSERT INTO occasions (id, rule_id, event_id, run_id, generation, due_at, state, fired_at, why)"
        " SELECT o.id, o.rule_id, r.event_id, o.run_id, o.generation, o.due_at, o.state, o.fired_at, o.why"
        " FROM old_occasions o JOIN runs r ON r.id = o.run_id"
    )
    op.execute(
        "INSERT INTO mail_causes (outbox_id, organiser_id, event_id, registration_id, rule_id, occasion_id,"
        " registration_change_id, event_change_id) SELECT c.outbox_id, c.organiser_id, c.event_id, c.registration_id,"
        " coalesce(o.rule_id, r.id), c.occasion_id, c.registration_change_id, c.event_change_id FROM old_mail_causes c"
        " JOIN outbox m ON m.id = c.outbox_id LEFT JOIN old_occasions o ON o.id = c.occasion_id"
        " LEFT JOIN old_rules r ON r.organiser_id = c.organiser_id AND r.key = m.template"
        " ORDER BY c.outbox_id, c.registration_id"
    )
    _forget_the_old()
    op.create_table('pauses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('rule_id', sa.Integer(), nullable=True),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('event_id IS NULL OR rule_id IS NULL', name=op.f('ck_pauses_one_target')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_pauses_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_pauses_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_pauses_organiser_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_pauses_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pauses'))
    )
    with op.batch_alter_table('pauses', schema=None) as batch_op:
        batch_op.create_index('uq_pauses_event', ['event_id'], unique=True, postgresql_where=sa.text('event_id IS NOT NULL'), sqlite_where=sa.text('event_id IS NOT NULL'))
        batch_op.create_index('uq_pauses_organiser', ['organiser_id'], unique=True, postgresql_where=sa.text('event_id IS NULL AND rule_id IS NULL'), sqlite_where=sa.text('event_id IS NULL AND rule_id IS NULL'))
        batch_op.create_index('uq_pauses_rule', ['rule_id'], unique=True, postgresql_where=sa.text('rule_id IS NOT NULL'), sqlite_where=sa.text('rule_id IS NOT NULL'))


def downgrade():
    """Rules of an event or a type, and mails about nothing that the first tables know, have no place there."""
    op.drop_table('pauses')
    _make_anew(_old_rules, _old_occasions, _old_mail_causes)
    op.execute(
        "INSERT INTO rules (id, organiser_id, key, trigger, template, anchor, offset_units, unit, clock_time, enabled_at)"
        " SELECT id, organiser_id, key, trigger, template, anchor, offset_units, unit, clock_time, enabled_at FROM old_rules"
        " WHERE event_id IS NULL AND event_type IS NULL AND removed_at IS NULL AND trigger <> 'absolute'"
        " AND coalesce(anchor, '') <> 'deadline' AND coalesce(unit, 'days') IN ('days', 'working_days')"
    )
    op.execute(
        "INSERT INTO occasions (id, rule_id, run_id, generation, due_at, state, fired_at, why)"
        " SELECT o.id, o.rule_id, o.run_id, o.generation, o.due_at, o.state, o.fired_at, o.why"
        " FROM old_occasions o JOIN rules r ON r.id = o.rule_id WHERE o.run_id IS NOT NULL"
    )
    op.execute(
        "INSERT INTO mail_causes (outbox_id, registration_id, organiser_id, event_id, occasion_id, registration_change_id,"
        " event_change_id) SELECT c.outbox_id, c.registration_id, c.organiser_id, c.event_id, o.id,"
        " c.registration_change_id, c.event_change_id FROM old_mail_causes c LEFT JOIN occasions o ON o.id = c.occasion_id"
        " WHERE c.registration_id IS NOT NULL AND (o.id IS NOT NULL OR c.registration_change_id IS NOT NULL"
        " OR c.event_change_id IS NOT NULL)"
    )
    _forget_the_old()
    for table in ('mail_template_versions', 'mail_templates', 'returned_mails', 'mail_rates'):
        op.drop_table(table)
    _narrow_the_tables()


def _make_anew(*makers):
    """The three tables hang together: their rows are put aside, the tables made in the new shape."""
    for name in ('rules', 'occasions', 'mail_causes'):
        op.execute(f"CREATE TABLE old_{name} AS SELECT * FROM {name}")
    for name in ('mail_causes', 'occasions', 'rules'):
        op.drop_table(name)
    for make in makers:
        make()


def _forget_the_old():
    """PostgreSQL's counters go on behind the rows that were put in with their numbers."""
    if op.get_bind().dialect.name == 'postgresql':
        for name in ('rules', 'occasions'):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce((SELECT max(id) FROM {name}), 0) + 1, false)")
    for name in ('mail_causes', 'occasions', 'rules'):
        op.drop_table(f'old_{name}')


def _widen_the_old_tables():
    with op.batch_alter_table('organisers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quiet_from', sa.Time(), nullable=True))
        batch_op.add_column(sa.Column('quiet_to', sa.Time(), nullable=True))
        batch_op.add_column(sa.Column('holds_uncertain', sa.Boolean(), nullable=False, server_default=sa.false()))
    quiet = sa.table('organisers', sa.column('quiet_from', sa.Time()), sa.column('quiet_to', sa.Time()))
    op.execute(quiet.update().values(quiet_from=sa.text("'21:00:00'" if _is_postgresql() else "'21:00:00.000000'"),
                                     quiet_to=sa.text("'07:00:00'" if _is_postgresql() else "'07:00:00.000000'")))
    with op.batch_alter_table('organisers', schema=None) as batch_op:
        batch_op.alter_column('holds_uncertain', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_organisers_quiet_hours'), '(quiet_from IS NULL) = (quiet_to IS NULL)')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('priority', sa.SmallInteger(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('began_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index('ix_outbox_open')
        batch_op.drop_index(batch_op.f('ix_outbox_organiser_id'))
    op.execute("UPDATE outbox SET priority = 1 WHERE reason_key LIKE 'rule/%'")
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.alter_column('priority', existing_type=sa.SmallInteger(), existing_nullable=False, server_default=None)
        _change_states(batch_op, [*STATES, 'uncertain'])
        batch_op.create_index('ix_outbox_address', ['organiser_id', 'email_key'], unique=False, postgresql_ops={'email_key': 'text_pattern_ops'})
        batch_op.create_index('ix_outbox_due', ['priority', 'next_try_at', 'id'], unique=False, postgresql_where=sa.text("state IN ('queued','deferred','uncertain')"), sqlite_where=sa.text("state IN ('queued','deferred','uncertain')"))
        batch_op.create_index('ix_outbox_recent', ['organiser_id', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_outbox_sending', ['leased_until'], unique=False, postgresql_where=sa.text("state = 'sending'"), sqlite_where=sa.text("state = 'sending'"))
        batch_op.create_index('ix_outbox_template', ['organiser_id', 'template', 'due_at', 'id'], unique=False)
        batch_op.create_index('ix_outbox_state', ['organiser_id', 'state', 'due_at', 'id'], unique=False)
    with op.batch_alter_table('suppressions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('public_id', sa.Uuid(), nullable=True))
    suppressions = sa.table('suppressions', sa.column('id', sa.Integer()), sa.column('public_id', sa.Uuid()))
    for (number,) in op.get_bind().execute(sa.select(suppressions.c.id)).all():
        op.execute(suppressions.update().where(suppressions.c.id == number).values(public_id=uuid.uuid4()))
    with op.batch_alter_table('suppressions', schema=None) as batch_op:
        batch_op.alter_column('public_id', existing_type=sa.Uuid(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f('uq_suppressions_public_id'), ['public_id'])
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ticked_at', sa.DateTime(timezone=True), nullable=True))


def _narrow_the_tables():
    op.execute("UPDATE outbox SET state = 'deferred' WHERE state = 'uncertain'")
    with op.batch_alter_table('workers', schema=None) as batch_op:
        batch_op.drop_column('ticked_at')
    with op.batch_alter_table('suppressions', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_suppressions_public_id'), type_='unique')
        batch_op.drop_column('public_id')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        for name in ('ix_outbox_address', 'ix_outbox_due', 'ix_outbox_recent', 'ix_outbox_sending', 'ix_outbox_state', 'ix_outbox_template'):
            batch_op.drop_index(name)
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        _change_states(batch_op, STATES)
        batch_op.drop_column('began_at')
        batch_op.drop_column('priority')
        batch_op.create_index(batch_op.f('ix_outbox_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index('ix_outbox_open', ['next_try_at'], unique=False, postgresql_where=sa.text("state IN ('queued','sending','deferred')"), sqlite_where=sa.text("state IN ('queued','sending','deferred')"))
    with op.batch_alter_table('organisers', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_organisers_quiet_hours'), type_='check')
        batch_op.drop_column('holds_uncertain')
        batch_op.drop_column('quiet_to')
        batch_op.drop_column('quiet_from')


def _is_postgresql():
    return op.get_bind().dialect.name == 'postgresql'


def _change_states(batch_op, states):
    listed = ', '.join(f"'{state}'" for state in states)
    batch_op.drop_constraint(op.f('ck_outbox_mailstate'), type_='check')
    batch_op.create_check_constraint(op.f('ck_outbox_mailstate'), f'state IN ({listed})')


def _new_rules():
    op.create_table('rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_type', sa.Enum('kickoff', 'learning_seminar', 'project_leaders', 'network_gathering', 'conference', 'steering_group', 'political_contact', 'meeting', name='eventtype', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('trigger', sa.Enum('confirmed', 'waiting', 'promoted', 'requested', 'declined', 'cancelled', 'repeated', 'readdressed', 'run_changed', 'run_cancelled', 'relative', 'absolute', name='trigger', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('audience', sa.Enum('concerned', 'registered', 'confirmed', 'waiting', 'requested', 'cancelled', 'attended', 'absent', 'organisations_without', 'organisations_lacking', 'organisers', name='audience', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('anchor', sa.Enum('start', 'end', 'deadline', name='anchor', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('offset_units', sa.Integer(), nullable=True),
    sa.Column('unit', sa.Enum('minutes', 'hours', 'days', 'weeks', 'working_days', name='unit', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('clock_time', sa.Time(), nullable=True),
    sa.Column('at_local', sa.DateTime(timezone=False), nullable=True),
    sa.Column('late_joiners', sa.Boolean(), nullable=False),
    sa.Column('enabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(trigger = 'absolute') = (at_local IS NOT NULL)", name=op.f('ck_rules_absolute')),
    sa.CheckConstraint("(trigger = 'relative') = (anchor IS NOT NULL) AND (trigger = 'relative') = (unit IS NOT NULL) AND (trigger = 'relative') = (offset_units IS NOT NULL)", name=op.f('ck_rules_relative')),
    sa.CheckConstraint("(trigger IN ('relative', 'absolute')) = (audience <> 'concerned')", name=op.f('ck_rules_whom')),
    sa.CheckConstraint("trigger <> 'absolute' OR event_id IS NOT NULL", name=op.f('ck_rules_absolute_of_event')),
    sa.CheckConstraint('event_id IS NULL OR event_type IS NULL', name=op.f('ck_rules_one_scope')),
    sa.CheckConstraint('removed_at IS NULL OR enabled_at IS NULL', name=op.f('ck_rules_removed_is_off')),
    sa.CheckConstraint('run_id IS NULL OR event_id IS NOT NULL', name=op.f('ck_rules_run_of_event')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_rules_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_rules_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_rules_organiser_id')),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_rules_run_id_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rules'))
    )
    with op.batch_alter_table('rules', schema=None) as batch_op:
        batch_op.create_index('uq_rules_event', ['event_id', 'key'], unique=True, postgresql_where=sa.text('event_id IS NOT NULL AND removed_at IS NULL'), sqlite_where=sa.text('event_id IS NOT NULL AND removed_at IS NULL'))
        batch_op.create_index('uq_rules_organiser', ['organiser_id', 'key'], unique=True, postgresql_where=sa.text('event_id IS NULL AND event_type IS NULL AND removed_at IS NULL'), sqlite_where=sa.text('event_id IS NULL AND event_type IS NULL AND removed_at IS NULL'))
        batch_op.create_index('uq_rules_type', ['organiser_id', 'event_type', 'key'], unique=True, postgresql_where=sa.text('event_type IS NOT NULL AND removed_at IS NULL'), sqlite_where=sa.text('event_type IS NOT NULL AND removed_at IS NULL'))


def _new_occasions():
    op.create_table('occasions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=True),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('planned', 'fired', 'missed', 'dropped', name='occasionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('fired_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('why', sa.String(length=200), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_occasions_event_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_occasions_rule_id')),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], name=op.f('fk_occasions_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_occasions'))
    )
    with op.batch_alter_table('occasions', schema=None) as batch_op:
        batch_op.create_index('ix_occasions_due', ['due_at'], unique=False, postgresql_where=sa.text("state = 'planned'"), sqlite_where=sa.text("state = 'planned'"))
        batch_op.create_index(batch_op.f('ix_occasions_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_occasions_run_id'), ['run_id'], unique=False)
        batch_op.create_index('uq_occasions_event', ['rule_id', 'event_id', 'generation'], unique=True, postgresql_where=sa.text('run_id IS NULL'), sqlite_where=sa.text('run_id IS NULL'))
        batch_op.create_index('uq_occasions_run', ['rule_id', 'run_id', 'generation'], unique=True, postgresql_where=sa.text('run_id IS NOT NULL'), sqlite_where=sa.text('run_id IS NOT NULL'))


def _new_mail_causes():
    op.create_table('mail_causes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('rule_id', sa.Integer(), nullable=True),
    sa.Column('occasion_id', sa.Integer(), nullable=True),
    sa.Column('registration_change_id', sa.Integer(), nullable=True),
    sa.Column('event_change_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN registration_change_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN event_change_id IS NULL THEN 0 ELSE 1 END) <= 1', name=op.f('ck_mail_causes_one_cause')),
    sa.CheckConstraint('registration_id IS NULL OR organisation_id IS NULL', name=op.f('ck_mail_causes_one_subject')),
    sa.ForeignKeyConstraint(['event_change_id'], ['event_changes.id'], name=op.f('fk_mail_causes_event_change_id')),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_mail_causes_event_id')),
    sa.ForeignKeyConstraint(['occasion_id'], ['occasions.id'], name=op.f('fk_mail_causes_occasion_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_mail_causes_organisation_id')),
    sa.ForeignKeyConstraint(['outbox_id', 'organiser_id'], ['outbox.id', 'outbox.organiser_id'], name=op.f('fk_mail_causes_outbox_id_organiser_id')),
    sa.ForeignKeyConstraint(['registration_change_id'], ['registration_changes.id'], name=op.f('fk_mail_causes_registration_change_id')),
    sa.ForeignKeyConstraint(['registration_id', 'organiser_id'], ['registrations.id', 'registrations.organiser_id'], name=op.f('fk_mail_causes_registration_id_organiser_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['rules.id'], name=op.f('fk_mail_causes_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_causes'))
    )
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        batch_op.create_index('ix_mail_causes_event', ['event_id', 'outbox_id'], unique=False)
        batch_op.create_index('ix_mail_causes_occasion', ['occasion_id', 'outbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_causes_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index('ix_mail_causes_rule', ['rule_id', 'outbox_id'], unique=False)
        batch_op.create_index('uq_mail_causes_other', ['outbox_id'], unique=True, postgresql_where=sa.text('registration_id IS NULL'), sqlite_where=sa.text('registration_id IS NULL'))
        batch_op.create_index('uq_mail_causes_registration', ['outbox_id', 'registration_id'], unique=True, postgresql_where=sa.text('registration_id IS NOT NULL'), sqlite_where=sa.text('registration_id IS NOT NULL'))


def _old_rules():
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


def _old_occasions():
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


def _old_mail_causes():
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
