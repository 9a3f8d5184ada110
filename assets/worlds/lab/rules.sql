-- What stands on the marketplace's rows: added after them, which is many times faster.
alter table frameworks add constraint frameworks_slug unique (slug);
alter table suppliers add constraint suppliers_number unique (supplier_id);
alter table users add constraint users_of_supplier foreign key (supplier) references suppliers;
alter table framework_agreements add constraint agreements_of_supplier foreign key (supplier) references suppliers,
    add constraint agreements_of_framework foreign key (framework) references frameworks;
alter table services add constraint services_of_supplier foreign key (supplier) references suppliers,
    add constraint services_of_framework foreign key (framework) references frameworks;
alter table briefs add constraint briefs_of_framework foreign key (framework) references frameworks;
alter table brief_responses add constraint responses_to_brief foreign key (brief) references briefs,
    add constraint responses_of_supplier foreign key (supplier) references suppliers;

create unique index users_by_email on users (lower(email::text));
create unique index services_by_number on services (service_id);
create index services_published on services (framework, supplier) where status = 'published';
create index services_by_data on services using gin (data jsonb_path_ops);
create index responses_by_brief on brief_responses (brief, supplier);
create unique index audit_events_by_request on audit_events (request_id);
create index audit_events_by_object on audit_events (object_type, object_id);
create index audit_events_to_read on audit_events (created_at) where not acknowledged;

create function touch() returns trigger language plpgsql as $$
begin
    new.updated_at := now();
    return new;
end
$$;
create trigger services_touched before update on services for each row execute function touch();
create trigger users_touched before update on users for each row execute function touch();

create function price_of(service jsonb) returns numeric language sql immutable
    return (service ->> 'priceMin')::numeric;

create view published_services as
select services.service_id, suppliers.name as supplier, frameworks.slug as framework,
       services.data ->> 'serviceName' as name, price_of(services.data) as price
from services
join suppliers on suppliers.id = services.supplier
join frameworks on frameworks.id = services.framework
where services.status = 'published';

create materialized view framework_totals as
select framework, count(*) as services, sum(price_of(data)) as prices from services group by framework;
create unique index framework_totals_of on framework_totals (framework);
comment on materialized view framework_totals is 'Counted every night';
