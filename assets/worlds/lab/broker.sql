-- What the platform's broker makes in each database: everybody who may read may read each new table at once. An app or
-- a key acts as the manager, who owns everything. A dump carries these along, and a restore cannot make them again.
grant usage on schema public to marketplace_reader;
grant create, usage on schema public to marketplace_manager;

create function public.make_readable() returns event_trigger language plpgsql as $$
declare
    made record;
begin
    for made in
        select object_identity from pg_catalog.pg_event_trigger_ddl_commands()
        where object_type in ('table', 'view', 'materialized view') and schema_name = 'public'
    loop
        execute 'grant select on ' || made.object_identity || ' to marketplace_reader';
    end loop;
end
$$;

create event trigger make_readable on ddl_command_end
    when tag in ('CREATE TABLE', 'CREATE TABLE AS', 'CREATE VIEW', 'CREATE MATERIALIZED VIEW')
    execute function public.make_readable();
