"""The programme: calls, applications, intake, projects, visits, obligations, closed meetings, what is kept and erased

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-22 18:50:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

PURPOSES = ['registration', 'unsubscribe', 'sign_in', 'session', 'delegation', 'ticket', 'own_pages', 'position', 'contact', 'account_invitation', 'invitation', 'room_feed', 'calendar']
MORE_PURPOSES = ['call', 'application', 'group']
AUDIENCES = [
    'concerned', 'registered', 'confirmed', 'waiting', 'requested', 'cancelled', 'attended', 'absent', 'unnamed', 'organisations_without', 'organisations_lacking',
    'contacts_without',
]
MORE_AUDIENCES = ['contacts_lacking', 'contacts_at_risk']
LAST_AUDIENCES = ['invited', 'speakers', 'saved', 'saved_without', 'organisers']
STATUSES = ['member', 'paused', 'withdrawn', 'excluded', 'merged', 'completed']
GROUPS = ['steering', 'political_contact', 'working', 'other']
NETWORKS = ['regional', 'theme']
JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
KIND = sa.String(length=32)

# By table: the columns that are new, with what those rows have that are there already.
COLUMNS = {
    'cohort_memberships': [('status', KIND, 'member'), ('reason', sa.String(length=500), '')],
    'events': [('is_closed', sa.Boolean(), sa.false())],
    'group_memberships': [('link_version', sa.Integer(), '0')],
    'groups': [('kind', KIND, 'other'), ('about', JSON, '{}')],
    'networks': [('kind', KIND, 'regional'), ('about', JSON, '{}')],
    'organisers': [('archive_email', sa.String(length=320), ''), ('ordinary_months', sa.Integer(), '24'), ('sensitive_days', sa.Integer(), '14')],
    'programmes': [('about', JSON, '{}'), ('begins_on', sa.Date(), None), ('ends_on', sa.Date(), None), ('edition', sa.Integer(), '1')],
    'mail_templates': [('call_id', sa.Integer(), None)],
    'rules': [('clauses', JSON, None)],
    'series': [('group_id', sa.Integer(), None)],
    'cohorts': [],
}
# By table: what its rows must keep to.
CHECKS = {
    'cohort_memberships': {'over_has_a_day': "status IN ('member', 'paused') OR to_on IS NOT NULL"},
    'events': {'closed': 'NOT is_closed OR by_invitation'},
    'organisers': {'ordinary_months': 'ordinary_months BETWEEN 1 AND 120', 'sensitive_days': 'sensitive_days BETWEEN 0 AND 90'},
    'programmes': {'days': 'ends_on IS NULL OR begins_on IS NULL OR ends_on >= begins_on'},
    'mail_templates': {'one_place': 'event_id IS NULL OR call_id IS NULL'},
    'cohorts': {'ceiling': 'ceiling > 0'},
}
VALUES = {
    'cohort_memberships': ('membershipstatus', 'status', STATUSES),
    'groups': ('groupkind', 'kind', GROUPS),
    'networks': ('networkkind', 'kind', NETWORKS),
}
# SQLite copies a table to change it, and the copy has no triggers.
WATCHED = ['organisers', 'programmes', 'cohorts', 'networks', 'cohort_memberships', 'group_memberships', 'events']
TRIGGER = """
CREATE TRIGGER feeds_of_{table}_{act} AFTER {act} ON {table} BEGIN
    INSERT INTO feed_versions (id, version) VALUES (1, lower(hex(randomblob(16))))
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
END"""
NEW = [
    'case_causes', 'goal_figures', 'case_changes', 'visit_times', 'visit_changes', 'project_goals',
    'project_changes', 'decision_letters', 'assessment_points', 'application_drafts', 'visits', 'projects',
    'obligation_sides', 'meeting_minutes', 'meeting_items', 'excuses', 'disqualifications', 'decisions',
    'assessments', 'application_versions', 'application_members', 'application_goals', 'application_files',
    'application_confirmations', 'application_areas', 'obligations', 'applications', 'intakes', 'intake_criteria',
    'call_recipients', 'call_nudges', 'call_files', 'assessors', 'programme_parties', 'language_form_changes',
    'calls', 'erasures',
]


def upgrade():
    _make_tables()
    for table in COLUMNS:
        _add_columns(table)
    with op.batch_alter_table('mail_templates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_templates_call_id'), ['call_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mail_templates_call_id_organiser_id'), 'calls', ['call_id', 'organiser_id'], ['id', 'organiser_id'])
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_series_group_id'), 'groups', ['group_id'], ['id'])
    with op.batch_alter_table('rules', schema=None) as batch_op:
        _list_values(batch_op, 'rules', 'audience', AUDIENCES + MORE_AUDIENCES + LAST_AUDIENCES)
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES + MORE_PURPOSES)
    _make_triggers()


def _add_columns(table):
    added = COLUMNS[table]
    if added:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, kind, value in added:
                batch_op.add_column(sa.Column(name, kind, nullable=value is None, server_default=value))
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name, kind, value in added:
            if value is not None:
                batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        if table in VALUES:
            name, column, values = VALUES[table]
            batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), f'{column} IN ({_quoted(values)})')
        for name, check in CHECKS.get(table, {}).items():
            batch_op.create_check_constraint(op.f(f'ck_{table}_{name}'), check)


def _list_values(batch_op, table, column, values):
    batch_op.drop_constraint(op.f(f'ck_{table}_{column}'), type_='check')
    batch_op.create_check_constraint(op.f(f'ck_{table}_{column}'), f'{column} IN ({_quoted(values)})')


def _quoted(values):
    return ', '.join(f"'{value}'" for value in values)


def _make_triggers():
    if op.get_bind().dialect.name == 'sqlite':
        for table in WATCHED:
            for act in ('insert', 'update', 'delete'):
                op.execute(f'DROP TRIGGER IF EXISTS feeds_of_{table}_{act}')
                op.execute(TRIGGER.format(table=table, act=act))


def downgrade():
    op.execute(f'DELETE FROM one_time_tokens WHERE purpose IN ({_quoted(MORE_PURPOSES)})')
    op.execute(f'DELETE FROM occasions WHERE rule_id IN (SELECT id FROM rules WHERE audience IN ({_quoted(MORE_AUDIENCES)}))')
    op.execute(f'DELETE FROM rules WHERE audience IN ({_quoted(MORE_AUDIENCES)})')
    op.execute('DELETE FROM mail_template_versions WHERE template_id IN (SELECT id FROM mail_templates WHERE call_id IS NOT NULL)')
    op.execute('DELETE FROM mail_templates WHERE call_id IS NOT NULL')
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES)
    with op.batch_alter_table('rules', schema=None) as batch_op:
        _list_values(batch_op, 'rules', 'audience', AUDIENCES + LAST_AUDIENCES)
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_series_group_id'), type_='foreignkey')
    with op.batch_alter_table('mail_templates', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_mail_templates_call_id_organiser_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_mail_templates_call_id'))
    for table in COLUMNS:
        _drop_columns(table)
    for table in NEW:
        op.drop_table(table)
    _make_triggers()


def _drop_columns(table):
    with op.batch_alter_table(table, schema=None) as batch_op:
        if table in VALUES:
            batch_op.drop_constraint(op.f(f'ck_{table}_{VALUES[table][0]}'), type_='check')
        for name in CHECKS.get(table, {}):
            batch_op.drop_constraint(op.f(f'ck_{table}_{name}'), type_='check')
    if COLUMNS[table]:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, _kind, _value in COLUMNS[table]:
                batch_op.drop_column(name)


def _make_tables():
    op.create_table('erasures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('time', 'person', name='erasurekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('counts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_erasures_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_erasures_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasures'))
    )
    with op.batch_alter_table('erasures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasures_at'), ['at'], unique=False)

    op.create_table('calls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('body', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'closed', 'withdrawn', name='callstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('closes_local', sa.DateTime(timezone=False), nullable=False),
    sa.Column('timezone', sa.String(length=60), nullable=False),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('case_number', sa.String(length=20), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=True),
    sa.Column('admitted_template', sa.String(length=40), nullable=True),
    sa.Column('waiting_template', sa.String(length=40), nullable=True),
    sa.Column('declined_template', sa.String(length=40), nullable=True),
    sa.Column('clauses', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_calls_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_calls_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calls')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_calls_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_calls_public_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_calls_slug'))
    )
    with op.batch_alter_table('calls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calls_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_calls_programme_id'), ['programme_id'], unique=False)

    op.create_table('language_form_changes',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('form', sa.Enum('bokmal', 'nynorsk', 'neutral', 'unknown', name='languageform', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_language_form_changes_account_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_language_form_changes_organisation_id')),
    sa.PrimaryKeyConstraint('organisation_id', 'from_on', name=op.f('pk_language_form_changes'))
    )
    op.create_table('programme_parties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('party', 'partner', name='partyrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('kind', sa.Enum('state', 'association', 'confederation', 'other', name='partykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_parties_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_parties')),
    sa.UniqueConstraint('public_id', name=op.f('uq_programme_parties_public_id'))
    )
    with op.batch_alter_table('programme_parties', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_parties_programme_id'), ['programme_id'], unique=False)

    op.create_table('assessors',
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('may_decide', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_assessors_account_id')),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_assessors_call_id')),
    sa.PrimaryKeyConstraint('call_id', 'account_id', name=op.f('pk_assessors'))
    )
    op.create_table('call_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_call_files_call_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_call_files_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_files')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_files_public_id'))
    )
    with op.batch_alter_table('call_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_files_call_id'), ['call_id'], unique=False)

    op.create_table('call_nudges',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('whom', sa.Enum('not_begun', 'begun_not_sent', name='nudged', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at_local', sa.DateTime(timezone=False), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_call_nudges_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_nudges')),
    sa.UniqueConstraint('call_id', 'whom', 'at_local', name=op.f('uq_call_nudges_call_id_whom_at_local')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_nudges_public_id'))
    )
    op.create_table('call_recipients',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('form', sa.Enum('bokmal', 'nynorsk', 'neutral', 'unknown', name='languageform', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['call_id', 'organiser_id'], ['calls.id', 'calls.organiser_id'], name=op.f('fk_call_recipients_call_id_organiser_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_call_recipients_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_recipients')),
    sa.UniqueConstraint('call_id', 'organisation_id', name=op.f('uq_call_recipients_call_id_organisation_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_recipients_public_id'))
    )
    with op.batch_alter_table('call_recipients', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_recipients_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('intake_criteria',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('help', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('most_points', sa.Integer(), nullable=False),
    sa.CheckConstraint('most_points BETWEEN 1 AND 10', name=op.f('ck_intake_criteria_most_points')),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_intake_criteria_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intake_criteria')),
    sa.UniqueConstraint('public_id', name=op.f('uq_intake_criteria_public_id'))
    )
    with op.batch_alter_table('intake_criteria', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intake_criteria_call_id'), ['call_id'], unique=False)

    op.create_table('intakes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('ceiling', sa.Integer(), nullable=False),
    sa.Column('beside', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('decides_on', sa.Date(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.CheckConstraint('beside >= 0', name=op.f('ck_intakes_beside')),
    sa.CheckConstraint('ceiling > 0', name=op.f('ck_intakes_ceiling')),
    sa.CheckConstraint('ordinal > 0', name=op.f('ck_intakes_ordinal')),
    sa.ForeignKeyConstraint(['call_id'], ['calls.id'], name=op.f('fk_intakes_call_id')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_intakes_cohort_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intakes')),
    sa.UniqueConstraint('call_id', 'ordinal', name=op.f('uq_intakes_call_id_ordinal')),
    sa.UniqueConstraint('id', 'call_id', name=op.f('uq_intakes_id_call_id'))
    )
    with op.batch_alter_table('intakes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intakes_call_id'), ['call_id'], unique=False)

    op.create_table('applications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('draft', 'sent', 'supplement', 'withdrawn', 'admitted', 'waiting', 'declined', name='applicationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('own_area', sa.String(length=200), nullable=False),
    sa.Column('way_of_working', sa.String(), nullable=False),
    sa.Column('involvement', sa.String(), nullable=False),
    sa.Column('timetable', sa.String(), nullable=False),
    sa.Column('cooperation', sa.String(), nullable=False),
    sa.Column('treated_by', sa.String(length=200), nullable=False),
    sa.Column('treated_on', sa.Date(), nullable=True),
    sa.Column('case_number', sa.String(length=20), nullable=False),
    sa.Column('supplement_by', sa.Date(), nullable=True),
    sa.Column('shortlisted_intake_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'draft' OR sent_at IS NULL", name=op.f('ck_applications_draft')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR sent_at IS NOT NULL", name=op.f('ck_applications_sent')),
    sa.ForeignKeyConstraint(['call_id', 'organiser_id'], ['calls.id', 'calls.organiser_id'], name=op.f('fk_applications_call_id_organiser_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_applications_organisation_id')),
    sa.ForeignKeyConstraint(['recipient_id'], ['call_recipients.id'], name=op.f('fk_applications_recipient_id')),
    sa.ForeignKeyConstraint(['shortlisted_intake_id', 'call_id'], ['intakes.id', 'intakes.call_id'], name=op.f('fk_applications_shortlisted_intake_id_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_applications_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_applications_public_id'))
    )
    with op.batch_alter_table('applications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_applications_case_number', ['organiser_id', 'case_number'], unique=True, postgresql_where=sa.text("case_number <> ''"), sqlite_where=sa.text("case_number <> ''"))
        batch_op.create_index('uq_applications_live', ['call_id', 'organisation_id'], unique=True, postgresql_where=sa.text("state <> 'withdrawn'"), sqlite_where=sa.text("state <> 'withdrawn'"))

    op.create_table('obligations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('series_id', sa.Integer(), nullable=True),
    sa.Column('event_type', sa.Enum('kickoff', 'learning_seminar', 'project_leaders', 'network_gathering', 'conference', 'steering_group', 'political_contact', 'meeting', name='eventtype', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('required', sa.Integer(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(series_id IS NULL) <> (event_type IS NULL)', name=op.f('ck_obligations_one_kind')),
    sa.CheckConstraint('last_on >= first_on', name=op.f('ck_obligations_days')),
    sa.CheckConstraint('required > 0', name=op.f('ck_obligations_required')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_obligations_account_id')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_obligations_cohort_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_obligations_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_obligations_programme_id')),
    sa.ForeignKeyConstraint(['series_id', 'organiser_id'], ['series.id', 'series.organiser_id'], name=op.f('fk_obligations_series_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_obligations')),
    sa.UniqueConstraint('public_id', name=op.f('uq_obligations_public_id'))
    )
    with op.batch_alter_table('obligations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_obligations_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligations_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_obligations_programme_id'), ['programme_id'], unique=False)

    op.create_table('application_areas',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('health_care', 'child_youth', 'sickness_absence', 'own', name='area', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_areas_application_id')),
    sa.PrimaryKeyConstraint('application_id', 'area', name=op.f('pk_application_areas'))
    )
    op.create_table('application_confirmations',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('politicians', 'administration', 'employees', name='confirmingside', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_confirmations_application_id')),
    sa.PrimaryKeyConstraint('application_id', 'side', name=op.f('pk_application_confirmations'))
    )
    op.create_table('application_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('attachment', 'council', 'supplement', name='filekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_files_application_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_application_files_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_files')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_files_public_id'))
    )
    with op.batch_alter_table('application_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_files_application_id'), ['application_id'], unique=False)

    op.create_table('application_goals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('area', sa.Enum('health_care', 'child_youth', 'sickness_absence', 'own', name='area', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('goal', sa.String(), nullable=False),
    sa.Column('is_measurable', sa.Boolean(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('start_value', sa.Double(), nullable=True),
    sa.Column('target_value', sa.Double(), nullable=True),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_goals_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_goals')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_goals_public_id'))
    )
    with op.batch_alter_table('application_goals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_goals_application_id'), ['application_id'], unique=False)

    op.create_table('application_members',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('is_contact', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_members_application_id')),
    sa.ForeignKeyConstraint(['invited_by_id'], ['application_members.id'], name=op.f('fk_application_members_invited_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_members')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_members_public_id'))
    )
    with op.batch_alter_table('application_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_members_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_members_email_key'), ['email_key'], unique=False)
        batch_op.create_index('uq_application_members_open', ['application_id', 'email_key'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))

    op.create_table('application_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_versions_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_versions')),
    sa.UniqueConstraint('application_id', 'number', name=op.f('uq_application_versions_application_id_number'))
    )
    op.create_table('assessments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('notes', sa.String(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_assessments_account_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_assessments_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessments')),
    sa.UniqueConstraint('application_id', 'account_id', name=op.f('uq_assessments_application_id_account_id'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('intake_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.Enum('admitted', 'waiting', 'declined', name='outcome', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('grounds', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('batch', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reversed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_decisions_account_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_decisions_application_id')),
    sa.ForeignKeyConstraint(['intake_id'], ['intakes.id'], name=op.f('fk_decisions_intake_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index('ix_decisions_admitted', ['intake_id'], unique=False, postgresql_where=sa.text("outcome = 'admitted' AND reversed_at IS NULL"), sqlite_where=sa.text("outcome = 'admitted' AND reversed_at IS NULL"))
        batch_op.create_index(batch_op.f('ix_decisions_application_id'), ['application_id'], unique=False)
        batch_op.create_index('uq_decisions_live', ['application_id'], unique=True, postgresql_where=sa.text('reversed_at IS NULL'), sqlite_where=sa.text('reversed_at IS NULL'))

    op.create_table('disqualifications',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_disqualifications_account_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_disqualifications_application_id')),
    sa.ForeignKeyConstraint(['by_account_id'], ['accounts.id'], name=op.f('fk_disqualifications_by_account_id')),
    sa.PrimaryKeyConstraint('application_id', 'account_id', name=op.f('pk_disqualifications'))
    )
    op.create_table('excuses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('asked', 'granted', 'refused', 'withdrawn', name='excusestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('why', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_excuses_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_excuses_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_excuses_organisation_id')),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_excuses_position_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_excuses')),
    sa.UniqueConstraint('public_id', name=op.f('uq_excuses_public_id'))
    )
    with op.batch_alter_table('excuses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_excuses_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_excuses_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('uq_excuses_live', ['event_id', 'organisation_id'], unique=True, postgresql_where=sa.text("state IN ('asked', 'granted')"), sqlite_where=sa.text("state IN ('asked', 'granted')"))

    op.create_table('meeting_items',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('information', 'discussion', 'decision', name='itemkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('presenter', sa.String(length=200), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_meeting_items_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_items')),
    sa.UniqueConstraint('public_id', name=op.f('uq_meeting_items_public_id'))
    )
    with op.batch_alter_table('meeting_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_items_event_id'), ['event_id'], unique=False)

    op.create_table('meeting_minutes',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'out', 'approved', name='minutesstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('present', sa.String(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_meeting_minutes_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_meeting_minutes_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_meeting_minutes'))
    )
    op.create_table('obligation_sides',
    sa.Column('obligation_id', sa.Integer(), nullable=False),
    sa.Column('side', sa.Enum('politician', 'administration', 'employee_representative', 'other', name='side', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.ForeignKeyConstraint(['obligation_id'], ['obligations.id'], name=op.f('fk_obligation_sides_obligation_id')),
    sa.PrimaryKeyConstraint('obligation_id', 'side', name=op.f('pk_obligation_sides'))
    )
    op.create_table('projects',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('area', sa.Enum('health_care', 'child_youth', 'sickness_absence', 'own', name='area', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=True),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('is_shared', sa.Boolean(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('to_on IS NULL OR from_on IS NULL OR to_on >= from_on', name=op.f('ck_projects_days')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_projects_application_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_projects_organisation_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_projects_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_projects_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_projects')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_projects_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_projects_public_id'))
    )
    with op.batch_alter_table('projects', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_projects_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_projects_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_projects_programme_id'), ['programme_id'], unique=False)

    op.create_table('visits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('adviser', 'project_worker', name='visitkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('place', sa.String(length=300), nullable=False),
    sa.Column('state', sa.Enum('asked', 'offered', 'accepted', 'declined', 'withdrawn', 'cancelled', name='visitstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('form_token', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state <> 'accepted' OR event_id IS NOT NULL", name=op.f('ck_visits_accepted_is_an_event')),
    sa.CheckConstraint("state <> 'offered' OR account_id IS NOT NULL", name=op.f('ck_visits_offered_by_somebody')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_visits_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_visits_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_visits_organisation_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_visits_organiser_id')),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_visits_position_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_visits_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visits')),
    sa.UniqueConstraint('event_id', name=op.f('uq_visits_event_id')),
    sa.UniqueConstraint('form_token', name=op.f('uq_visits_form_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_visits_public_id'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visits_position_id'), ['position_id'], unique=False)

    op.create_table('application_drafts',
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_application_drafts_application_id')),
    sa.ForeignKeyConstraint(['member_id'], ['application_members.id'], name=op.f('fk_application_drafts_member_id')),
    sa.PrimaryKeyConstraint('application_id', 'member_id', name=op.f('pk_application_drafts'))
    )
    op.create_table('assessment_points',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.CheckConstraint('points >= 0', name=op.f('ck_assessment_points_points')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], name=op.f('fk_assessment_points_assessment_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['criterion_id'], ['intake_criteria.id'], name=op.f('fk_assessment_points_criterion_id')),
    sa.PrimaryKeyConstraint('assessment_id', 'criterion_id', name=op.f('pk_assessment_points'))
    )
    op.create_table('decision_letters',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('decision_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('text', sa.String(), nullable=True),
    sa.Column('state', sa.Enum('draft', 'ready', 'sent', name='letterstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_decision_letters_sent')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_decision_letters_account_id')),
    sa.ForeignKeyConstraint(['application_id', 'organiser_id'], ['applications.id', 'applications.organiser_id'], name=op.f('fk_decision_letters_application_id_organiser_id')),
    sa.ForeignKeyConstraint(['decision_id'], ['decisions.id'], name=op.f('fk_decision_letters_decision_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision_letters')),
    sa.UniqueConstraint('decision_id', name=op.f('uq_decision_letters_decision_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_decision_letters_public_id'))
    )
    with op.batch_alter_table('decision_letters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_letters_application_id'), ['application_id'], unique=False)

    op.create_table('project_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('added', 'changed', 'shared', 'not_shared', 'goal_added', 'goal_changed', 'goal_removed', 'figures', 'moved', 'ended', name='projectact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_project_changes_account_id')),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_project_changes_position_id')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_changes_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_changes'))
    )
    with op.batch_alter_table('project_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_changes_project_id'), ['project_id'], unique=False)

    op.create_table('project_goals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('goal', sa.String(), nullable=False),
    sa.Column('unit', sa.String(length=40), nullable=False),
    sa.Column('direction', sa.Enum('down', 'up', name='direction', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('start_value', sa.Double(), nullable=True),
    sa.Column('start_on', sa.Date(), nullable=True),
    sa.Column('target_value', sa.Double(), nullable=True),
    sa.Column('target_on', sa.Date(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("target_value IS NULL OR unit <> ''", name=op.f('ck_project_goals_unit')),
    sa.CheckConstraint('(target_value IS NULL) = (target_on IS NULL)', name=op.f('ck_project_goals_target')),
    sa.ForeignKeyConstraint(['project_id'], ['projects.id'], name=op.f('fk_project_goals_project_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_goals')),
    sa.UniqueConstraint('public_id', name=op.f('uq_project_goals_public_id'))
    )
    with op.batch_alter_table('project_goals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_goals_project_id'), ['project_id'], unique=False)

    op.create_table('visit_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('asked', 'taken', 'offered', 'accepted', 'declined', 'withdrawn', 'moved', 'cancelled', name='visitact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('position_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_visit_changes_account_id')),
    sa.ForeignKeyConstraint(['position_id'], ['positions.id'], name=op.f('fk_visit_changes_position_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_changes_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_changes'))
    )
    with op.batch_alter_table('visit_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_changes_visit_id'), ['visit_id'], unique=False)

    op.create_table('visit_times',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('visit_id', sa.Integer(), nullable=False),
    sa.Column('starts_local', sa.DateTime(timezone=False), nullable=False),
    sa.Column('ends_local', sa.DateTime(timezone=False), nullable=False),
    sa.Column('timezone', sa.String(length=60), nullable=False),
    sa.Column('is_chosen', sa.Boolean(), nullable=False),
    sa.CheckConstraint('ends_local > starts_local', name=op.f('ck_visit_times_times')),
    sa.ForeignKeyConstraint(['visit_id'], ['visits.id'], name=op.f('fk_visit_times_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_times')),
    sa.UniqueConstraint('public_id', name=op.f('uq_visit_times_public_id')),
    sa.UniqueConstraint('visit_id', 'starts_local', name=op.f('uq_visit_times_visit_id_starts_local'))
    )
    with op.batch_alter_table('visit_times', schema=None) as batch_op:
        batch_op.create_index('uq_visit_times_chosen', ['visit_id'], unique=True, postgresql_where=sa.text('is_chosen'), sqlite_where=sa.text('is_chosen'))

    op.create_table('case_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('call_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('opened_call', 'closed_call', 'withdrew_call', 'called', 'nudged', 'read', 'said_no', 'begun', 'edited', 'invited_colleague', 'removed_colleague', 'asked_for_link', 'sent', 'withdrawn', 'asked_to_supplement', 'supplemented', 'assessed', 'shortlisted', 'not_shortlisted', 'disqualified', 'not_disqualified', 'decided', 'reversed', 'letter_ready', 'letter_sent', name='caseact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('recipient_id', sa.Integer(), nullable=True),
    sa.Column('nudge_id', sa.Integer(), nullable=True),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('letter_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.String(length=1000), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_case_changes_account_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications.id'], name=op.f('fk_case_changes_application_id')),
    sa.ForeignKeyConstraint(['call_id', 'organiser_id'], ['calls.id', 'calls.organiser_id'], name=op.f('fk_case_changes_call_id_organiser_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['decision_letters.id'], name=op.f('fk_case_changes_letter_id')),
    sa.ForeignKeyConstraint(['member_id'], ['application_members.id'], name=op.f('fk_case_changes_member_id')),
    sa.ForeignKeyConstraint(['nudge_id'], ['call_nudges.id'], name=op.f('fk_case_changes_nudge_id')),
    sa.ForeignKeyConstraint(['recipient_id'], ['call_recipients.id'], name=op.f('fk_case_changes_recipient_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_changes'))
    )
    with op.batch_alter_table('case_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_changes_application_id'), ['application_id'], unique=False)
        batch_op.create_index('ix_case_changes_call_id', ['call_id', 'act'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_changes_recipient_id'), ['recipient_id'], unique=False)
        batch_op.create_index('ix_case_changes_unnoticed', ['id'], unique=False, postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))

    op.create_table('goal_figures',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['goal_id'], ['project_goals.id'], name=op.f('fk_goal_figures_goal_id')),
    sa.PrimaryKeyConstraint('goal_id', 'on', name=op.f('pk_goal_figures'))
    )
    op.create_table('case_causes',
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('member_id', sa.Integer(), nullable=True),
    sa.Column('is_copy', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['change_id'], ['case_changes.id'], name=op.f('fk_case_causes_change_id')),
    sa.ForeignKeyConstraint(['member_id'], ['application_members.id'], name=op.f('fk_case_causes_member_id')),
    sa.ForeignKeyConstraint(['outbox_id', 'organiser_id'], ['outbox.id', 'outbox.organiser_id'], name=op.f('fk_case_causes_outbox_id_organiser_id')),
    sa.PrimaryKeyConstraint('outbox_id', name=op.f('pk_case_causes'))
    )
    with op.batch_alter_table('case_causes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_causes_change_id'), ['change_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_causes_member_id'), ['member_id'], unique=False)
