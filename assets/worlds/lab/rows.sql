-- Rows for the marketplace's tables: about as many in all as the setting lab.rows says, the same every time.
create temporary table sizes on commit drop as
select greatest(20, rows / 20) as suppliers,
       greatest(20, rows * 8 / 100) as users,
       greatest(20, rows / 5) as services,
       greatest(10, rows / 50) as briefs,
       greatest(20, rows / 10) as responses,
       greatest(20, rows / 2) as events
from (select current_setting('lab.rows')::int as rows) as asked;

insert into frameworks (slug, family, status, opens, closes)
select case when n % 2 = 0 then 'g-cloud-' || 7 + n / 2 else 'digital-outcomes-and-specialists-' || 1 + n / 2 end,
       case when n % 2 = 0 then 'g-cloud' else 'digital-outcomes-and-specialists' end,
       case when n < 10 then 'expired' else 'live' end,
       date '2016-02-01' + n * 200, date '2016-02-01' + n * 200 + 365
from generate_series(1, 12) as n;

insert into suppliers (name, registered_country, organisation_size, created_at, updated_at)
select 'Supplier ' || n || (array[' Ltd', ' LLP', ' & Söhne', ' plc'])[1 + n % 4],
       (array['gb', 'gb', 'ie', 'de', null])[1 + n % 5], (array['micro', 'small', 'medium', 'large'])[1 + n % 4],
       timestamptz '2019-01-07 09:00:00+00' + n % 1500 * interval '1 day',
       timestamptz '2023-03-01 12:30:00+00' + n % 1000 * interval '1 minute'
from sizes, generate_series(1, sizes.suppliers) as n;

insert into users (email, name, role, supplier, active, created_at, updated_at)
select 'user' || n || '@' || (array['buyer', 'supplier'])[1 + n % 2] || n % 97 || '.example', 'User ' || n,
       (array['buyer', 'supplier'])[1 + n % 2], case when n % 2 = 1 then 1 + n % sizes.suppliers end, n % 13 <> 0,
       timestamptz '2019-01-07 09:00:00+00' + n % 1500 * interval '1 day',
       timestamptz '2023-03-01 12:30:00+00' + n % 1000 * interval '1 minute'
from sizes, generate_series(1, sizes.users) as n;

insert into framework_agreements (supplier, framework, declaration, signed_at, turnover)
select n, 1 + n % 12, jsonb_build_object('status', 'complete', 'termsOfParticipation', n % 7 <> 0),
       case when n % 5 <> 0 then timestamptz '2021-06-29 10:00:00+00' + n % 900 * interval '1 hour' end, n * 1234.56
from sizes, generate_series(1, sizes.suppliers) as n;

insert into services (service_id, supplier, framework, status, data, created_at, updated_at)
select lpad((n::bigint * 7919 % 1000000007)::text, 15, '0'), 1 + n % sizes.suppliers, 1 + n % 12,
       (array['published', 'published', 'published', 'withdrawn', 'draft', 'submitted'])[1 + n % 6]::service_status,
       jsonb_build_object('serviceName', 'Service ' || n, 'lot', (array['cloud-hosting', 'cloud-software'])[1 + n % 2],
           'priceMin', n % 900 + 0.5, 'freeVersionTrialOption', n % 3 = 0, 'serviceCategories',
           jsonb_build_array('category ' || n % 40, 'category ' || n % 23)),
       timestamptz '2021-06-29 10:00:00+00' + n % 90000 * interval '1 second',
       timestamptz '2023-03-01 12:30:00+00' + n % 1000 * interval '1 minute'
from sizes, generate_series(1, sizes.services) as n;

insert into briefs (framework, data, published_at, withdrawn_at)
select 1 + n % 12, jsonb_build_object('title', 'Brief ' || n, 'location', (array['London', 'Wales', 'Off-site'])[1 + n % 3]),
       case when n % 9 <> 0 then timestamptz '2022-01-10 08:00:00+00' + n % 10000 * interval '1 hour' end,
       case when n % 50 = 1 then timestamptz '2023-03-02 08:00:00+00' end
from sizes, generate_series(1, sizes.briefs) as n;

insert into brief_responses (brief, supplier, day_rate, essential_requirements, submitted_at, award_details)
select 1 + n % sizes.briefs, 1 + n % sizes.suppliers, 300 + n % 700 + 0.99, array[true, n % 2 = 0, n % 3 = 0],
       case when n % 4 <> 0 then timestamptz '2022-02-10 08:00:00+00' + n % 10000 * interval '1 hour' end,
       case when n % 100 = 3 then jsonb_build_object('awardedContractValue', n * 10) end
from sizes, generate_series(1, sizes.responses) as n;

insert into audit_events (request_id, type, "user", object_type, object_id, data, created_at)
select md5('event ' || n), (array['update_service', 'create_user', 'update_brief', 'user_auth_success'])[1 + n % 4],
       'user' || 1 + n % sizes.users || '@example.org', (array['services', 'users', 'briefs', 'users'])[1 + n % 4],
       1 + n % sizes.briefs, jsonb_build_object('supplierId', 700001 + n % sizes.suppliers, 'attempt', n % 5),
       timestamptz '2022-01-01 00:00:00+00' + n % 30000000 * interval '1 second'
from sizes, generate_series(1, sizes.events) as n;

select lo_from_bytea(16480, convert_to(repeat('framework agreement, signed' || chr(10), 400), 'UTF8'));
comment on large object 16480 is 'The agreement that suppliers sign';
