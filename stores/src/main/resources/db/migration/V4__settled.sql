-- Up to which instant, epoch milliseconds, the history has every row that is settled. Each writer of a history says how far it has
-- come; what all of them have reached is kept when another run takes their place.
alter table fence_writer add column settled bigint;
alter table fence add column settled bigint;

comment on column fence.settled is 'What the writers of earlier runs had reached together; null if that is not known.';
