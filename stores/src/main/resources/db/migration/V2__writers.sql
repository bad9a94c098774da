-- Who may write the rows of a view version. A run is one execution of one job; each of its writers has one row in fence_writer,
-- which every flush of that writer locks and finds unchanged, or else writes nothing.
create table fence (
    view_id text   not null, -- as in edits@1
    line    text   not null, -- live, or repair for what fills in behind the live job
    job     text   not null, -- the newest
    run     text   not null, -- its newest
    serial  bigint not null, -- of that run; never goes back, even if this table is lost, as it starts from the clock
    primary key (view_id, line)
);

create table fence_run (
    view_id text        not null,
    line    text        not null,
    job     text        not null, -- was the newest once; when another one is, it cannot become it again
    run     text        not null, -- likewise, within its job
    since   timestamptz not null default now(),
    primary key (view_id, line, job, run)
);

create table fence_writer (
    view_id text   not null,
    line    text   not null,
    member  text   not null, -- of the newest run, as in history/3
    epoch   bigint not null,
    primary key (view_id, line, member)
);

comment on table fence is 'The newest run that writes the rows of a view version.';
