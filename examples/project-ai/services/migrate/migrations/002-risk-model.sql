-- What approvals have taught: how often a word stood in requests that people approved or rejected.
create table risk_word (
  word text primary key,
  approved bigint not null default 0,
  rejected bigint not null default 0
);

insert into policy (action, rule) values
  ('read', '{"allowBelow": 0.9, "denyAbove": 0.99}'),
  ('write', '{"allowBelow": 0.5, "denyAbove": 0.95}'),
  ('delete', '{"allowBelow": 0.1, "denyAbove": 0.9}'),
  ('*', '{"allowBelow": 0.3, "denyAbove": 0.9}');
