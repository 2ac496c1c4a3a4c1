"""Roles and invitations of colleagues, the log, rooms and bookings, the programme, audiences and invitations, the site

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 11:55:00
"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
ROLES = ['organiser', 'administrator']
MORE_ROLES = ['owner', 'organiser', 'helper', 'door', 'reader']
PURPOSES = ['registration', 'unsubscribe', 'sign_in', 'session', 'delegation', 'ticket', 'own_pages', 'position', 'contact']
MORE_PURPOSES = ['account_invitation', 'invitation', 'room_feed']
CLAUSES = ['cohort', 'network', 'any_network', 'organisation', 'representatives']
CHANGES = ['created', 'edited', 'published', 'run_added', 'run_changed', 'run_cancelled', 'cancelled']
MORE_CHANGES = ['programme_changed', 'materials_published']
TRIGGERS = ['confirmed', 'waiting', 'promoted', 'requested', 'declined', 'cancelled', 'repeated', 'readdressed', 'offered', 'lapsed', 'moved', 'moved_from', 'changed', 'named', 'handed_over', 'given_away', 'restored', 'delegation', 'asked', 'answered', 'run_changed', 'run_cancelled']
MORE_TRIGGERS = ['programme_changed', 'materials_published', 'invited', 'invitation_nudged', 'invitation_withdrawn']
AUDIENCES = ['concerned', 'registered', 'confirmed', 'waiting', 'requested', 'cancelled', 'attended', 'absent', 'unnamed', 'organisations_without', 'organisations_lacking']
MORE_AUDIENCES = ['contacts_without', 'invited', 'speakers', 'saved', 'saved_without']
TARGETS = "(kind = 'cohort') = (cohort_id IS NOT NULL) AND (kind = 'network') = (network_id IS NOT NULL)"
OF_ORGANISATIONS = " AND (kind IN ('organisation', 'representatives')) = (organisation_id IS NOT NULL)"
ANY_NETWORK = " AND (kind = 'any_network') = (programme_id IS NOT NULL)"
IN_A_GROUP = " AND (kind = 'group') = (group_id IS NOT NULL)"
A_CAUSE = "(CASE WHEN occasion_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN registration_change_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN event_change_id IS NULL THEN 0 ELSE 1 END)"
BY_INVITATION = " + (CASE WHEN invitation_change_id IS NULL THEN 0 ELSE 1 END)"
SUBJECTS = "(CASE WHEN registration_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN person_id IS NULL THEN 0 ELSE 1 END)"
OVERLAP = "EXCLUDE USING gist (int4range(room_id, room_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
TABLES = ['stored_files', 'account_identities', 'account_invitations', 'audiences', 'contact_people', 'form_drafts', 'log_entries', 'news', 'person_words', 'site_documents', 'speakers', 'brochure_orders', 'document_versions', 'groups', 'programme_grants', 'representatives', 'rooms', 'group_memberships', 'room_layouts', 'series', 'contract_deadlines', 'event_contacts', 'event_helpers', 'event_words', 'invitation_rounds', 'mail_attachments', 'mail_copies', 'invitations', 'materials', 'room_bookings', 'session_speakers', 'invitation_changes']


def upgrade():
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f('uq_programme_sessions_id_event_id_organiser_id'), ['id', 'event_id', 'organiser_id'])
    op.create_table('stored_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.CheckConstraint('size > 0', name=op.f('ck_stored_files_size')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_files'))
    )
    op.create_table('account_identities',
    sa.Column('issuer', sa.String(length=300), nullable=False),
    sa.Column('subject', sa.String(length=255), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_account_identities_account_id')),
    sa.PrimaryKeyConstraint('issuer', 'subject', name=op.f('pk_account_identities'))
    )
    with op.batch_alter_table('account_identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_identities_account_id'), ['account_id'], unique=False)
    op.create_table('account_invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('role', sa.Enum('owner', 'organiser', 'helper', 'door', 'reader', name='memberrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('event_slug', sa.String(length=120), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("role <> 'helper' OR event_slug IS NOT NULL", name=op.f('ck_account_invitations_helper_has_event')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_account_invitations_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_account_invitations_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_invitations')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_invitations_public_id'))
    )
    with op.batch_alter_table('account_invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_invitations_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_invitations_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index('uq_account_invitations_open', ['organiser_id', 'email_key'], unique=True, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
    op.create_table('audiences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('clauses', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_audiences_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_audiences_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audiences')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_audiences_id_organiser_id')),
    sa.UniqueConstraint('organiser_id', 'name', name=op.f('uq_audiences_organiser_id_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_audiences_public_id'))
    )
    with op.batch_alter_table('audiences', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audiences_organiser_id'), ['organiser_id'], unique=False)
    op.create_table('contact_people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_contact_people_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_people')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contact_people_public_id'))
    )
    with op.batch_alter_table('contact_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_people_organiser_id'), ['organiser_id'], unique=False)
    op.create_table('form_drafts',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('form', sa.String(length=200), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('fields', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_form_drafts_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_form_drafts_organiser_id')),
    sa.PrimaryKeyConstraint('account_id', 'form', name=op.f('pk_form_drafts'))
    )
    with op.batch_alter_table('form_drafts', schema=None) as batch_op:
        batch_op.create_index('ix_form_drafts_form', ['organiser_id', 'form'], unique=False)
    op.create_table('log_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verb', sa.Enum('added', 'changed', 'removed', 'invited', 'imported', 'exported', 'merged', 'read', name='logverb', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('object', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('erase_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_log_entries_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_log_entries_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_entries'))
    )
    with op.batch_alter_table('log_entries', schema=None) as batch_op:
        batch_op.create_index('ix_log_entries_account', ['account_id', 'at'], unique=False)
        batch_op.create_index(batch_op.f('ix_log_entries_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index('ix_log_entries_object', ['organiser_id', 'object', 'key'], unique=False)
        batch_op.create_index('ix_log_entries_recent', ['organiser_id', 'at', 'id'], unique=False)
    op.create_table('news',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('text', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revised_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_news_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_news')),
    sa.UniqueConstraint('slug', name=op.f('uq_news_slug'))
    )
    with op.batch_alter_table('news', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_news_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_news_published_at'), ['published_at'], unique=False)
    op.create_table('person_words',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('word', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_person_words_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'word', name=op.f('pk_person_words'))
    )
    with op.batch_alter_table('person_words', schema=None) as batch_op:
        batch_op.create_index('ix_person_words_word', ['word'], unique=False, postgresql_ops={'word': 'text_pattern_ops'})
    op.create_table('site_documents',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.Enum('document', 'brochure', 'talk', name='documentkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('summary', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('on_paper', sa.Boolean(), nullable=False),
    sa.Column('most_copies', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revised_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('most_copies > 0', name=op.f('ck_site_documents_most_copies')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_site_documents_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_site_documents')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_site_documents_id_organiser_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_site_documents_slug'))
    )
    with op.batch_alter_table('site_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_site_documents_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_site_documents_published_at'), ['published_at'], unique=False)
    op.create_table('speakers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('affiliation', sa.String(length=200), nullable=False),
    sa.Column('about', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_speakers_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_speakers')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_speakers_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_speakers_public_id'))
    )
    with op.batch_alter_table('speakers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_speakers_organiser_id'), ['organiser_id'], unique=False)
    op.create_table('brochure_orders',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('form_token', sa.String(length=64), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('postal_address', sa.String(length=500), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('state', sa.Enum('received', 'sent', 'declined', name='orderstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.CheckConstraint('copies > 0', name=op.f('ck_brochure_orders_copies')),
    sa.ForeignKeyConstraint(['document_id', 'organiser_id'], ['site_documents.id', 'site_documents.organiser_id'], name=op.f('fk_brochure_orders_document_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_brochure_orders')),
    sa.UniqueConstraint('form_token', name=op.f('uq_brochure_orders_form_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_brochure_orders_public_id'))
    )
    with op.batch_alter_table('brochure_orders', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_brochure_orders_document_id'), ['document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_brochure_orders_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index('ix_brochure_orders_list', ['organiser_id', 'state', 'created_at', 'id'], unique=False)
    op.create_table('document_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('document_id', sa.Integer(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_document_versions_account_id')),
    sa.ForeignKeyConstraint(['document_id'], ['site_documents.id'], name=op.f('fk_document_versions_document_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_document_versions_file_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_document_versions')),
    sa.UniqueConstraint('document_id', 'language', 'number', name=op.f('uq_document_versions_document_id_language_number'))
    )
    op.create_table('groups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_groups_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_groups_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_groups')),
    sa.UniqueConstraint('slug', name=op.f('uq_groups_slug'))
    )
    with op.batch_alter_table('groups', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_groups_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_groups_programme_id'), ['programme_id'], unique=False)
    op.create_table('programme_grants',
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_programme_grants_account_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_programme_grants_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_programme_grants_programme_id')),
    sa.PrimaryKeyConstraint('programme_id', 'organiser_id', name=op.f('pk_programme_grants'))
    )
    op.create_table('representatives',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('union_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.Column('erase_on', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_representatives_days')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_representatives_organisation_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_representatives_organiser_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_representatives_person_id')),
    sa.ForeignKeyConstraint(['union_id'], ['organisations.id'], name=op.f('fk_representatives_union_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representatives')),
    sa.UniqueConstraint('person_id', 'union_id', 'organisation_id', 'from_on', name=op.f('uq_representatives_person_id_union_id_organisation_id_from_on')),
    sa.UniqueConstraint('public_id', name=op.f('uq_representatives_public_id'))
    )
    with op.batch_alter_table('representatives', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representatives_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_representatives_erase_on'), ['erase_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_representatives_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representatives_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representatives_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representatives_union_id'), ['union_id'], unique=False)
        batch_op.create_index('uq_representatives_nowhere', ['person_id', 'union_id', 'from_on'], unique=True, postgresql_where=sa.text('organisation_id IS NULL'), sqlite_where=sa.text('organisation_id IS NULL'))
    op.create_table('rooms',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('name_key', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('floor', sa.String(length=60), nullable=False),
    sa.Column('equipment', sa.String(), nullable=False),
    sa.Column('access', sa.String(), nullable=False),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_rooms_capacity')),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name=op.f('fk_rooms_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rooms')),
    sa.UniqueConstraint('public_id', name=op.f('uq_rooms_public_id')),
    sa.UniqueConstraint('venue_id', 'name_key', name=op.f('uq_rooms_venue_id_name_key'))
    )
    op.create_table('group_memberships',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_group_memberships_days')),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], name=op.f('fk_group_memberships_group_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_group_memberships_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_group_memberships_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_memberships')),
    sa.UniqueConstraint('group_id', 'person_id', 'from_on', name=op.f('uq_group_memberships_group_id_person_id_from_on')),
    sa.UniqueConstraint('public_id', name=op.f('uq_group_memberships_public_id'))
    )
    with op.batch_alter_table('group_memberships', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_memberships_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_memberships_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_memberships_person_id'), ['person_id'], unique=False)
    op.create_table('room_layouts',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('layout', sa.Enum('theatre', 'classroom', 'u_shape', 'boardroom', 'groups', 'banquet', 'standing', name='layout', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.CheckConstraint('capacity > 0', name=op.f('ck_room_layouts_capacity')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_layouts_room_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('room_id', 'layout', name=op.f('pk_room_layouts'))
    )
    op.create_table('series',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=120), nullable=False),
    sa.Column('name', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_series_cohort_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_series_organiser_id')),
    sa.ForeignKeyConstraint(['programme_id'], ['programmes.id'], name=op.f('fk_series_programme_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_series')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_series_id_organiser_id')),
    sa.UniqueConstraint('slug', name=op.f('uq_series_slug'))
    )
    with op.batch_alter_table('series', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_series_organiser_id'), ['organiser_id'], unique=False)
    op.create_table('contract_deadlines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('venue_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('rooms', 'beds', 'meals', 'other', name='deadlinekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('remind_days', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('remind_days >= 0', name=op.f('ck_contract_deadlines_remind_days')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_contract_deadlines_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_contract_deadlines_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['organiser_id'], ['organisers.id'], name=op.f('fk_contract_deadlines_organiser_id')),
    sa.ForeignKeyConstraint(['venue_id'], ['venues.id'], name=op.f('fk_contract_deadlines_venue_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_deadlines')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contract_deadlines_public_id'))
    )
    with op.batch_alter_table('contract_deadlines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contract_deadlines_event_id'), ['event_id'], unique=False)
        batch_op.create_index('ix_contract_deadlines_open', ['due_on'], unique=False, postgresql_where=sa.text('done_at IS NULL'), sqlite_where=sa.text('done_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_contract_deadlines_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_contract_deadlines_venue_id'), ['venue_id'], unique=False)
    op.create_table('event_contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('is_public', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_event_contacts_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_event_contacts_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_contacts')),
    sa.UniqueConstraint('event_id', 'account_id', name=op.f('uq_event_contacts_event_id_account_id'))
    )
    with op.batch_alter_table('event_contacts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_contacts_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_contacts_event_id'), ['event_id'], unique=False)
    op.create_table('event_helpers',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_event_helpers_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_event_helpers_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('account_id', 'event_id', name=op.f('pk_event_helpers'))
    )
    with op.batch_alter_table('event_helpers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_helpers_event_id'), ['event_id'], unique=False)
    op.create_table('event_words',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('word', sa.String(length=100), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['events.id'], name=op.f('fk_event_words_event_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', 'word', name=op.f('pk_event_words'))
    )
    with op.batch_alter_table('event_words', schema=None) as batch_op:
        batch_op.create_index('ix_event_words_word', ['word'], unique=False, postgresql_ops={'word': 'text_pattern_ops'})
    op.create_table('invitation_rounds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('audience_id', sa.Integer(), nullable=True),
    sa.Column('clauses', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('template', sa.String(length=40), nullable=False),
    sa.Column('follows', sa.Boolean(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.Column('held_until', sa.Date(), nullable=True),
    sa.Column('send_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('stopped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(held_until IS NULL) = (places IS NULL)', name=op.f('ck_invitation_rounds_held')),
    sa.CheckConstraint('places > 0', name=op.f('ck_invitation_rounds_places')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_invitation_rounds_account_id')),
    sa.ForeignKeyConstraint(['audience_id', 'organiser_id'], ['audiences.id', 'audiences.organiser_id'], name=op.f('fk_invitation_rounds_audience_id_organiser_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_invitation_rounds_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_rounds')),
    sa.UniqueConstraint('id', 'event_id', 'organiser_id', name=op.f('uq_invitation_rounds_id_event_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_invitation_rounds_public_id'))
    )
    with op.batch_alter_table('invitation_rounds', schema=None) as batch_op:
        batch_op.create_index('ix_invitation_rounds_due', ['send_at'], unique=False, postgresql_where=sa.text('sent_at IS NULL'), sqlite_where=sa.text('sent_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_invitation_rounds_event_id'), ['event_id'], unique=False)
    op.create_table('mail_attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_mail_attachments_file_id')),
    sa.ForeignKeyConstraint(['template_id'], ['mail_templates.id'], name=op.f('fk_mail_attachments_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_attachments')),
    sa.UniqueConstraint('public_id', name=op.f('uq_mail_attachments_public_id'))
    )
    with op.batch_alter_table('mail_attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_attachments_template_id'), ['template_id'], unique=False)
    op.create_table('mail_copies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('template_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.ForeignKeyConstraint(['template_id'], ['mail_templates.id'], name=op.f('fk_mail_copies_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_copies')),
    sa.UniqueConstraint('template_id', 'email_key', name=op.f('uq_mail_copies_template_id_email_key'))
    )
    op.create_table('invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('link_version', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=320), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('email_key', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('is_restricted', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('planned', 'asked', 'accepted', 'declined', 'passed_on', 'withdrawn', name='invitationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('passed_to_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=True),
    sa.Column('delegation_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('person_id IS NOT NULL OR organisation_id IS NOT NULL', name=op.f('ck_invitations_somebody')),
    sa.ForeignKeyConstraint(['delegation_id'], ['delegations.id'], name=op.f('fk_invitations_delegation_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisations.id'], name=op.f('fk_invitations_organisation_id')),
    sa.ForeignKeyConstraint(['passed_to_id'], ['invitations.id'], name=op.f('fk_invitations_passed_to_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_invitations_person_id')),
    sa.ForeignKeyConstraint(['registration_id', 'organiser_id'], ['registrations.id', 'registrations.organiser_id'], name=op.f('fk_invitations_registration_id_organiser_id')),
    sa.ForeignKeyConstraint(['round_id', 'event_id', 'organiser_id'], ['invitation_rounds.id', 'invitation_rounds.event_id', 'invitation_rounds.organiser_id'], name=op.f('fk_invitations_round_id_event_id_organiser_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitations')),
    sa.UniqueConstraint('id', 'organiser_id', name=op.f('uq_invitations_id_organiser_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_invitations_public_id'))
    )
    with op.batch_alter_table('invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitations_delegation_id'), ['delegation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_email_key'), ['email_key'], unique=False)
        batch_op.create_index('ix_invitations_list', ['event_id', 'state', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_registration_id'), ['registration_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitations_round_id'), ['round_id'], unique=False)
        batch_op.create_index('uq_invitations_organisation', ['event_id', 'organisation_id'], unique=True, postgresql_where=sa.text('person_id IS NULL'), sqlite_where=sa.text('person_id IS NULL'))
        batch_op.create_index('uq_invitations_person', ['event_id', 'person_id'], unique=True, postgresql_where=sa.text('person_id IS NOT NULL'), sqlite_where=sa.text('person_id IS NOT NULL'))
    op.create_table('materials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.Enum('slides', 'minutes', 'agenda', 'other', name='materialkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=True),
    sa.Column('access', sa.Enum('everybody', 'participants', 'group', name='materialaccess', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('(file_id IS NULL) <> (url IS NULL)', name=op.f('ck_materials_file_or_link')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_materials_account_id')),
    sa.ForeignKeyConstraint(['event_id', 'organiser_id'], ['events.id', 'events.organiser_id'], name=op.f('fk_materials_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_files.id'], name=op.f('fk_materials_file_id')),
    sa.ForeignKeyConstraint(['session_id', 'event_id', 'organiser_id'], ['programme_sessions.id', 'programme_sessions.event_id', 'programme_sessions.organiser_id'], name='fk_materials_session'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_materials')),
    sa.UniqueConstraint('public_id', name=op.f('uq_materials_public_id'))
    )
    with op.batch_alter_table('materials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_materials_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_materials_published_at'), ['published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_materials_session_id'), ['session_id'], unique=False)
    op.create_table('room_bookings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Uuid(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_room_bookings_times')),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_room_bookings_account_id')),
    sa.ForeignKeyConstraint(['room_id'], ['rooms.id'], name=op.f('fk_room_bookings_room_id')),
    sa.ForeignKeyConstraint(['run_id', 'event_id', 'organiser_id'], ['runs.id', 'runs.event_id', 'runs.organiser_id'], name=op.f('fk_room_bookings_run_id_event_id_organiser_id')),
    sa.ForeignKeyConstraint(['session_id', 'event_id', 'organiser_id'], ['programme_sessions.id', 'programme_sessions.event_id', 'programme_sessions.organiser_id'], name='fk_room_bookings_session', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room_bookings')),
    sa.UniqueConstraint('public_id', name=op.f('uq_room_bookings_public_id'))
    )
    with op.batch_alter_table('room_bookings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_bookings_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_bookings_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_index('ix_room_bookings_room', ['room_id', 'starts_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_room_bookings_run_id'), ['run_id'], unique=False)
        batch_op.create_index('uq_room_bookings_session', ['session_id'], unique=True, postgresql_where=sa.text('session_id IS NOT NULL'), sqlite_where=sa.text('session_id IS NOT NULL'))
    op.create_table('session_speakers',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('speaker_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('organiser_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['session_id', 'event_id', 'organiser_id'], ['programme_sessions.id', 'programme_sessions.event_id', 'programme_sessions.organiser_id'], name=op.f('fk_session_speakers_session_id_event_id_organiser_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['speaker_id', 'organiser_id'], ['speakers.id', 'speakers.organiser_id'], name=op.f('fk_session_speakers_speaker_id_organiser_id')),
    sa.PrimaryKeyConstraint('session_id', 'speaker_id', name=op.f('pk_session_speakers'))
    )
    with op.batch_alter_table('session_speakers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_speakers_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_session_speakers_speaker_id'), ['speaker_id'], unique=False)
    op.create_table('invitation_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('invitation_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('planned', 'asked', 'nudged', 'opened', 'accepted', 'declined', 'passed_on', 'withdrawn', name='invitationact', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.Enum('participant', 'registrar', 'organiser', 'system', name='actor', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('noticed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_invitation_changes_account_id')),
    sa.ForeignKeyConstraint(['invitation_id'], ['invitations.id'], name=op.f('fk_invitation_changes_invitation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation_changes'))
    )
    with op.batch_alter_table('invitation_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_changes_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index('ix_invitation_changes_unnoticed', ['id'], unique=False, postgresql_where=sa.text('noticed_at IS NULL'), sqlite_where=sa.text('noticed_at IS NULL'))
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE room_bookings ADD CONSTRAINT ex_room_bookings_overlap {OVERLAP}')
    _change_people_and_accounts()
    _change_venues()
    _change_events()
    _change_registrations_and_mail()
    _write_words()


def _change_people_and_accounts():
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_memberships_memberrole'), type_='check')
    op.execute("UPDATE memberships SET role = 'owner' WHERE role = 'administrator'")
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        _allow_values(batch_op, 'memberships', 'role', MORE_ROLES, name='memberrole')
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        batch_op.add_column(sa.Column('browser', sa.LargeBinary(length=32), nullable=True))
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES + MORE_PURPOSES)
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_people_merged_into_id'), 'people', ['merged_into_id'], ['id'])
    with op.batch_alter_table('networks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organiser_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_networks_organiser_id'), ['organiser_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_networks_organiser_id'), 'organisers', ['organiser_id'], ['id'])


def _change_venues():
    with op.batch_alter_table('venues', schema=None) as batch_op:
        batch_op.add_column(sa.Column('latitude', sa.Double(), nullable=True))
        batch_op.add_column(sa.Column('longitude', sa.Double(), nullable=True))
        for name, kind in VENUE_TEXTS:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=''))
        batch_op.add_column(sa.Column('edition', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('venues', schema=None) as batch_op:
        for name, kind in VENUE_TEXTS:
            batch_op.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        batch_op.alter_column('edition', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch_op.create_check_constraint(op.f('ck_venues_position'), '(latitude IS NULL) = (longitude IS NULL)')
        batch_op.create_check_constraint(op.f('ck_venues_on_earth'), 'latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180')


VENUE_TEXTS = [
    ('access', sa.String()), ('equipment', sa.String()), ('notes', sa.String()),
    ('contact_name', sa.String(length=200)), ('contact_email', sa.String(length=320)), ('contact_phone', sa.String(length=40)),
]


def _change_events():
    with op.batch_alter_table('event_clauses', schema=None) as batch_op:
        batch_op.add_column(sa.Column('group_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_event_clauses_group_id'), ['group_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_event_clauses_event_id_group_id'), ['event_id', 'group_id'])
        batch_op.create_foreign_key(batch_op.f('fk_event_clauses_group_id'), 'groups', ['group_id'], ['id'])
        _list_values(batch_op, 'event_clauses', 'kind', [*CLAUSES, 'group'], name='clausekind')
        batch_op.drop_constraint(op.f('ck_event_clauses_one_target'), type_='check')
        batch_op.create_check_constraint(op.f('ck_event_clauses_one_target'), TARGETS + ANY_NETWORK + IN_A_GROUP + OF_ORGANISATIONS)
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('series_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('by_invitation', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('edition', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.alter_column('by_invitation', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.alter_column('edition', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch_op.create_index('ix_events_series', ['series_id', 'ordinal'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_events_series_id_organiser_id'), 'series', ['series_id', 'organiser_id'], ['id', 'organiser_id'])
    with op.batch_alter_table('event_changes', schema=None) as batch_op:
        _list_values(batch_op, 'event_changes', 'kind', CHANGES + MORE_CHANGES, name='changekind')
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.add_column(sa.Column('room_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('layout', sa.String(length=32), nullable=True))
    with op.batch_alter_table('runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_runs_room_id'), ['room_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_runs_room_id'), 'rooms', ['room_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_runs_room_of_venue'), 'room_id IS NULL OR venue_id IS NOT NULL')
        _allow_values(batch_op, 'runs', 'layout', ['theatre', 'classroom', 'u_shape', 'boardroom', 'groups', 'banquet', 'standing'])
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=32), nullable=False, server_default='session'))
        batch_op.add_column(sa.Column('room_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('edition', sa.Integer(), nullable=False, server_default='1'))
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        batch_op.alter_column('kind', existing_type=sa.String(length=32), existing_nullable=False, server_default=None)
        batch_op.alter_column('edition', existing_type=sa.Integer(), existing_nullable=False, server_default=None)
        batch_op.create_index(batch_op.f('ix_programme_sessions_room_id'), ['room_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_programme_sessions_room_id'), 'rooms', ['room_id'], ['id'])
        _allow_values(batch_op, 'programme_sessions', 'kind', ['session', 'break', 'meal'], name='sessionkind')
        batch_op.create_check_constraint(op.f('ck_programme_sessions_chosen'), "kind = 'session' OR NOT chosen")


def _change_registrations_and_mail():
    with op.batch_alter_table('held_places', schema=None) as batch_op:
        batch_op.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('by_invitation', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.alter_column('organisation_id', existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table('held_places', schema=None) as batch_op:
        batch_op.alter_column('by_invitation', existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
        batch_op.create_index(batch_op.f('ix_held_places_person_id'), ['person_id'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_held_places_run_id_person_id'), ['run_id', 'person_id'])
        batch_op.create_foreign_key(batch_op.f('fk_held_places_person_id'), 'people', ['person_id'], ['id'])
        batch_op.create_check_constraint(op.f('ck_held_places_one_holder'), '(organisation_id IS NULL) <> (person_id IS NULL)')
        batch_op.create_check_constraint(op.f('ck_held_places_one_place'), 'person_id IS NULL OR places = 1')
    with op.batch_alter_table('rules', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audience_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('rules', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_rules_audience_id_organiser_id'), 'audiences', ['audience_id', 'organiser_id'], ['id', 'organiser_id'])
        _list_values(batch_op, 'rules', 'trigger', [*TRIGGERS, *MORE_TRIGGERS, 'relative', 'absolute'])
        _list_values(batch_op, 'rules', 'audience', [*AUDIENCES, *MORE_AUDIENCES, 'organisers'])
        batch_op.create_check_constraint(op.f('ck_rules_saved_audience'), "(audience IN ('saved', 'saved_without')) = (audience_id IS NOT NULL)")
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        batch_op.add_column(sa.Column('invitation_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('person_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('invitation_change_id', sa.Integer(), nullable=True))
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mail_causes_invitation_id'), ['invitation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_mail_causes_person_id'), ['person_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_mail_causes_invitation_id_organiser_id'), 'invitations', ['invitation_id', 'organiser_id'], ['id', 'organiser_id'])
        batch_op.create_foreign_key(batch_op.f('fk_mail_causes_person_id'), 'people', ['person_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_mail_causes_invitation_change_id'), 'invitation_changes', ['invitation_change_id'], ['id'])
        batch_op.drop_constraint(op.f('ck_mail_causes_one_cause'), type_='check')
        batch_op.create_check_constraint(op.f('ck_mail_causes_one_cause'), A_CAUSE + BY_INVITATION + ' <= 1')
        batch_op.drop_constraint(op.f('ck_mail_causes_one_subject'), type_='check')
        batch_op.create_check_constraint(op.f('ck_mail_causes_one_subject'), SUBJECTS + ' <= 1')


def _write_words():
    """The words that people and events are found by, of those there are."""
    connection = op.get_bind()
    people = connection.execute(sa.text('SELECT id, name_key FROM people WHERE name_key IS NOT NULL')).all()
    events = connection.execute(sa.select(sa.column('id'), sa.column('title', JSON)).select_from(sa.table('events'))).all()
    of_people = [{'person_id': row.id, 'word': word} for row in people for word in _search_words(row.name_key)]
    of_events = [{'event_id': row.id, 'word': word} for row in events for word in _search_words(' '.join(row.title.values()))]
    if of_people:
        op.bulk_insert(sa.table('person_words', sa.column('person_id'), sa.column('word')), of_people)
    if of_events:
        op.bulk_insert(sa.table('event_words', sa.column('event_id'), sa.column('word')), of_events)


LETTERS = str.maketrans({'æ': 'ae', 'ø': 'o', 'å': 'a', 'đ': 'd', 'ŋ': 'n', 'ŧ': 't', 'ß': 'ss'})


def _search_words(text):
    folded = unicodedata.normalize('NFC', text).casefold().translate(LETTERS)
    plain = ''.join(c for c in unicodedata.normalize('NFD', folded) if not unicodedata.combining(c))
    return list(dict.fromkeys(word[:100] for word in re.findall(r'\w+', plain)))


def _list_values(batch_op, table, column, values, *, name=None):
    batch_op.drop_constraint(op.f(f'ck_{table}_{name or column}'), type_='check')
    _allow_values(batch_op, table, column, values, name=name)


def _allow_values(batch_op, table, column, values, *, name=None):
    batch_op.create_check_constraint(op.f(f'ck_{table}_{name or column}'), f'{column} IN ({_quoted(values)})')


def downgrade():
    """Other roles become what they may at most have been; what speaks of groups, invitations and rooms has no place there."""
    _forget_what_is_new()
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        for name in ('one_cause', 'one_subject'):
            batch_op.drop_constraint(op.f(f'ck_mail_causes_{name}'), type_='check')
        for name in ('invitation_id_organiser_id', 'person_id', 'invitation_change_id'):
            batch_op.drop_constraint(op.f(f'fk_mail_causes_{name}'), type_='foreignkey')
        for name in ('invitation_id', 'person_id'):
            batch_op.drop_index(op.f(f'ix_mail_causes_{name}'))
    with op.batch_alter_table('mail_causes', schema=None) as batch_op:
        for name in ('invitation_change_id', 'person_id', 'invitation_id'):
            batch_op.drop_column(name)
        batch_op.create_check_constraint(op.f('ck_mail_causes_one_cause'), A_CAUSE + ' <= 1')
        batch_op.create_check_constraint(op.f('ck_mail_causes_one_subject'), 'registration_id IS NULL OR organisation_id IS NULL')
    with op.batch_alter_table('rules', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_rules_saved_audience'), type_='check')
        batch_op.drop_constraint(op.f('fk_rules_audience_id_organiser_id'), type_='foreignkey')
    with op.batch_alter_table('rules', schema=None) as batch_op:
        batch_op.drop_column('audience_id')
        _list_values(batch_op, 'rules', 'trigger', [*TRIGGERS, 'relative', 'absolute'])
        _list_values(batch_op, 'rules', 'audience', [*AUDIENCES, 'organisers'])
    with op.batch_alter_table('held_places', schema=None) as batch_op:
        for name in ('one_holder', 'one_place'):
            batch_op.drop_constraint(op.f(f'ck_held_places_{name}'), type_='check')
        batch_op.drop_constraint(op.f('fk_held_places_person_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('uq_held_places_run_id_person_id'), type_='unique')
        batch_op.drop_index(op.f('ix_held_places_person_id'))
    with op.batch_alter_table('held_places', schema=None) as batch_op:
        for name in ('by_invitation', 'person_id'):
            batch_op.drop_column(name)
        batch_op.alter_column('organisation_id', existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        for name in ('chosen', 'sessionkind'):
            batch_op.drop_constraint(op.f(f'ck_programme_sessions_{name}'), type_='check')
        batch_op.drop_constraint(op.f('fk_programme_sessions_room_id'), type_='foreignkey')
        batch_op.drop_index(op.f('ix_programme_sessions_room_id'))
    with op.batch_alter_table('runs', schema=None) as batch_op:
        for name in ('room_of_venue', 'layout'):
            batch_op.drop_constraint(op.f(f'ck_runs_{name}'), type_='check')
        batch_op.drop_constraint(op.f('fk_runs_room_id'), type_='foreignkey')
        batch_op.drop_index(op.f('ix_runs_room_id'))
    with op.batch_alter_table('runs', schema=None) as batch_op:
        for name in ('layout', 'room_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('event_changes', schema=None) as batch_op:
        _list_values(batch_op, 'event_changes', 'kind', CHANGES, name='changekind')
    with op.batch_alter_table('events', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_events_series_id_organiser_id'), type_='foreignkey')
        batch_op.drop_index('ix_events_series')
    with op.batch_alter_table('events', schema=None) as batch_op:
        for name in ('edition', 'by_invitation', 'series_id'):
            batch_op.drop_column(name)
    with op.batch_alter_table('event_clauses', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_event_clauses_one_target'), type_='check')
        batch_op.drop_constraint(op.f('fk_event_clauses_group_id'), type_='foreignkey')
        batch_op.drop_constraint(op.f('uq_event_clauses_event_id_group_id'), type_='unique')
        batch_op.drop_index(op.f('ix_event_clauses_group_id'))
    with op.batch_alter_table('event_clauses', schema=None) as batch_op:
        batch_op.drop_column('group_id')
        _list_values(batch_op, 'event_clauses', 'kind', CLAUSES, name='clausekind')
        batch_op.create_check_constraint(op.f('ck_event_clauses_one_target'), TARGETS + ANY_NETWORK + OF_ORGANISATIONS)
    with op.batch_alter_table('venues', schema=None) as batch_op:
        for name in ('position', 'on_earth'):
            batch_op.drop_constraint(op.f(f'ck_venues_{name}'), type_='check')
    with op.batch_alter_table('venues', schema=None) as batch_op:
        for name in ('edition', *(name for name, _kind in reversed(VENUE_TEXTS)), 'longitude', 'latitude'):
            batch_op.drop_column(name)
    with op.batch_alter_table('networks', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_networks_organiser_id'), type_='foreignkey')
        batch_op.drop_index(op.f('ix_networks_organiser_id'))
    with op.batch_alter_table('networks', schema=None) as batch_op:
        batch_op.drop_column('organiser_id')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('fk_people_merged_into_id'), type_='foreignkey')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_column('merged_into_id')
    with op.batch_alter_table('one_time_tokens', schema=None) as batch_op:
        _list_values(batch_op, 'one_time_tokens', 'purpose', PURPOSES)
        batch_op.drop_column('browser')
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_memberships_memberrole'), type_='check')
    op.execute("UPDATE memberships SET role = 'administrator' WHERE role = 'owner'")
    op.execute("DELETE FROM memberships WHERE role IN ('helper', 'door', 'reader')")
    with op.batch_alter_table('memberships', schema=None) as batch_op:
        _allow_values(batch_op, 'memberships', 'role', ROLES, name='memberrole')
    for name in reversed(TABLES):
        op.drop_table(name)
    with op.batch_alter_table('programme_sessions', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('uq_programme_sessions_id_event_id_organiser_id'), type_='unique')
        for name in ('edition', 'room_id', 'kind'):
            batch_op.drop_column(name)


def _forget_what_is_new():
    new_rules = "SELECT id FROM rules WHERE trigger IN (" + _quoted(MORE_TRIGGERS) + ") OR audience IN (" + _quoted(MORE_AUDIENCES) + ")"
    new_changes = "SELECT id FROM event_changes WHERE kind IN (" + _quoted(MORE_CHANGES) + ")"
    for statement in (
        'DELETE FROM mail_causes WHERE invitation_id IS NOT NULL OR person_id IS NOT NULL OR invitation_change_id IS NOT NULL',
        f'UPDATE mail_causes SET event_change_id = NULL WHERE event_change_id IN ({new_changes})',
        f'UPDATE mail_causes SET rule_id = NULL WHERE rule_id IN ({new_rules})',
        f'UPDATE mail_causes SET occasion_id = NULL WHERE occasion_id IN (SELECT id FROM occasions WHERE rule_id IN ({new_rules}))',
        f'DELETE FROM occasions WHERE rule_id IN ({new_rules})',
        f'DELETE FROM pauses WHERE rule_id IN ({new_rules})',
        f'DELETE FROM rules WHERE id IN ({new_rules})',
        f'DELETE FROM event_changes WHERE id IN ({new_changes})',
        "DELETE FROM event_clauses WHERE kind = 'group'",
        'DELETE FROM held_places WHERE person_id IS NOT NULL',
        'DELETE FROM one_time_tokens WHERE purpose IN (' + _quoted(MORE_PURPOSES) + ')',
    ):
        op.execute(statement)


def _quoted(values):
    return ', '.join(f"'{value}'" for value in values)
