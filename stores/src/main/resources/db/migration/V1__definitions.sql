-- The registry: every definition that was applied, as its canonical JSON document.
-- The type json, not jsonb, because the order of some members has a meaning.
create sequence change;

create table definition (
    kind       text        not null,
    name       text        not null,
    version    integer     not null, -- of a feature view; 0 for the other kinds
    document   json        not null,
    applied_at timestamptz not null default now(),
    change     bigint      not null default nextval('tidemark.change'), -- grows with every change to the registry
    primary key (kind, name, version)
);

comment on table definition is 'Feature definitions as they were applied; a feature view''s version never changes.';
