create table policy (
  id serial primary key,
  action text not null,
  rule jsonb not null,
  created_at timestamptz not null default now()
);

create table decision (
  id uuid primary key default gen_random_uuid(),
  idempotency_key text unique,
  subject text not null,
  action text not null,
  context jsonb not null,
  risk double precision not null,
  outcome text not null check (outcome in ('allowed', 'denied', 'needs-approval', 'approved', 'rejected')),
  reason text not null,
  served_by text not null,
  created_at timestamptz not null default now()
);
create index decision_newest on decision (created_at desc, id);

create table approval (
  decision_id uuid primary key references decision,
  approver text not null,
  outcome text not null check (outcome in ('approved', 'rejected')),
  comment text not null,
  created_at timestamptz not null default now()
);

create table audit (
  seq bigint primary key,
  at timestamptz not null,
  event text not null,
  payload jsonb not null,
  previous_hash text not null,
  hash text not null
);

create table work (
  id bigserial primary key,
  decision_id uuid not null references decision,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'failed')),
  attempts int not null default 0,
  created_at timestamptz not null default now(),
  done_at timestamptz
);
create index work_waiting on work (id) where state = 'waiting';
