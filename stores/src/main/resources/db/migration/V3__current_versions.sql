-- Which version of a view answers where none is named, and how that changed.
create table current_version (
    view    text    primary key,
    version integer not null,
    change  bigint  not null default nextval('tidemark.change') -- grows with every change to the registry
);

-- So far it was the greatest.
insert into current_version (view, version)
select name, max(version) from definition where kind = 'FEATURE_VIEW' group by name;

create table takeover (
    number       bigint      generated always as identity primary key,
    view         text        not null,
    from_version integer     not null,
    to_version   integer     not null,
    at           timestamptz not null default now(),
    by           text        not null,
    proof        json -- what was compared before; null if somebody forced it
);

comment on table takeover is 'Certificates: each says on what grounds another version of a view became the current one.';
