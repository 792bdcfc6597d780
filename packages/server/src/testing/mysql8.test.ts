import { expect, test } from 'vitest'
import { mysql8Refusal } from './mysql8.ts'

test.each([
  'insert into t (a) values (?) returning a',
  'delete from t where a = ? returning a',
  'replace into t (a) values (?) returning a',
  'insert into t (a) values (?) on conflict (a) do nothing',
  'insert or ignore into t (a) values (?)',
  'create or replace table t (a int)',
  'create index if not exists i on t (a)',
  'alter table t add column if not exists a int',
  'alter table t drop column if exists a',
  'alter table t drop index if exists i',
  'create sequence s',
  'select next value for s',
  'select a from t limit 5 rows examined 10',
  'select a from t for update wait 3',
  'set statement max_statement_time = 1 for select 1',
  'create table t (a uuid)',
  'create table t (a char(36) default uuid())',
  'create table t (a int as (b + 1) persistent)',
  'begin not atomic select 1; end',
  'select a::text from t',
  'select a from t where a ilike ?',
  'select distinct on (a) a from t',
  'select a from t order by a nulls last',
  'update t set a = 1 from u where u.b = t.b',
  'select a from t select b from u',
  'select rank from t',
])('what is no MySQL 8 is refused as such: %s', (sql) => {
  expect(mysql8Refusal(sql)).toMatch(/^1:\d+ /)
})

test.each([
  ['select nextval(s)', 'nextval'],
  ['select Json_Detailed(a) from t', 'json_detailed'],
  ['insert into t (a) values (?) on duplicate key update a = value(a)', 'value'],
  ['select * from t where a in (select natural_sort_key(b) from u)', 'natural_sort_key'],
])('a function that MySQL 8 may not have is refused: %s', (sql, name) => {
  expect(mysql8Refusal(sql)).toContain(`function ${name}`)
})

test.each([
  'select "a" from "t"',
  'create table t (a int references u (b))',
  'create table t (a int, foreign key (a) references u (b), c int references u (d))',
  'select a from t order by a collate utf8mb4_uca1400_ai_ci',
])('what MySQL 8 takes for something else is refused: %s', (sql) => {
  expect(mysql8Refusal(sql)).not.toBeNull()
})

test.each([
  'select a from t where (a, b) > (?, ?) order by a limit ? for update of t skip locked',
  'insert into t (a) values (?), (?) on duplicate key update a = values(a)',
  'create table if not exists `t` (`a` bigint auto_increment primary key, foreign key (`a`) references `u` (`b`))',
  'create unique index `i` on `t` (`a`, `b` desc)',
  'with recursive x as (select 1) select row_number() over (order by a) from x',
  'select match (a) against (? in boolean mode) from t',
  "set session sql_mode = 'STRICT_ALL_TABLES' /*M!100300 , session idle_transaction_timeout = 1 */",
  "select str_to_date(?, '%Y') as year, count(*), coalesce(max(a), utc_timestamp(6)) from t;",
])('what MySQL 8 does is not refused: %s', (sql) => {
  expect(mysql8Refusal(sql)).toBeNull()
})
